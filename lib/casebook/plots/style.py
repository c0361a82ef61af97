"""One plain look for every picture: few colours, dark text, no frame, the finding as the title.

The class colours are told apart by lightness first and by hue second, so that they survive a grey printer and
a colour-blind reader; each picture labels its classes directly as well. Nothing here shows or saves a figure:
`new_axes` makes one only when the caller brings none.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.ticker import Formatter

__all__ = ["CLASS_COLORS", "GRID", "INK", "MUTED", "SIZE", "dress", "finding", "new_axes", "on", "percent"]
__all__ += ["percent_ticks", "scale_of", "ticks_up_to", "tier_colors", "value_ticks"]

#: Fill of each class: dark blue, mid orange, light grey (CIE lightness about 19, 49 and 79 of 100).
CLASS_COLORS = {"A": "#0e3054", "B": "#b35c10", "C": "#bcc4cc"}
INK = "#1f2429"  #: text and curves
MUTED = "#59636e"  #: axis text and lesser lines (contrast 6:1 on white)
GRID = "#dfe3e7"  #: lines that only guide the eye
SIZE = (7.2, 4.3)  #: inches; text stays readable when a phone shows it at half the size

_STEPS = ((1e9, "billion "), (1e6, "million "), (1e4, "thousand "))


def new_axes(ax: Axes | None, size: tuple[float, float] = SIZE) -> Axes:
    """Return `ax`, or the Axes of a new figure when there is none; never draw on an older figure.

    >>> import matplotlib; matplotlib.use("agg")
    >>> mine = new_axes(None)
    >>> new_axes(mine) is mine
    True
    >>> from matplotlib import pyplot as plt; plt.close(mine.figure)
    """
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt  # late, so that importing casebook stays light

    return plt.subplots(figsize=size, layout="constrained")[1]


def dress(ax: Axes, *, xlabel: str = "", ylabel: str = "", grid: str | None = "y") -> None:
    """Take away the frame, soften the ticks, name the axes.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> dress(ax, xlabel="Customers", ylabel="Revenue (RMB)")
    >>> ax.get_ylabel(), ax.spines["top"].get_visible()
    ('Revenue (RMB)', False)
    """
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(MUTED)
    ax.tick_params(length=0, labelsize=10.5, labelcolor=MUTED, pad=5)
    ax.set_axisbelow(True)
    if grid is not None:
        ax.grid(axis=grid, color=GRID, linewidth=0.8)  # type: ignore[arg-type]
    # A unit such as $ is text, not the start of a formula.
    ax.set_xlabel(xlabel, color=MUTED, fontsize=11, labelpad=6, parse_math=False)
    ax.set_ylabel(ylabel, color=MUTED, fontsize=11, labelpad=6, parse_math=False)


def finding(ax: Axes, text: str) -> None:
    """Write what the picture found above it, left-aligned, broken into lines that fit.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(4, 3)).subplots()
    >>> finding(ax, "36 of 394 customers (9%) bring 80% of revenue")
    >>> print(ax.get_title(loc="left"))
    36 of 394 customers (9%) bring
    80% of revenue
    """
    inches = ax.get_position().width * ax.get_figure(root=True).get_figwidth()  # type: ignore[union-attr]
    lines = textwrap.wrap(text, max(20, int(inches * 9.2)))  # about 9 bold letters an inch at 13 points
    words: dict[str, Any] = {"fontsize": 13, "fontweight": "bold", "color": INK, "parse_math": False}
    ax.set_title(
        "\n".join(lines), loc="left", y=1.0, pad=12, **words
    )  # with y given, no search for a free place


def percent(share: float) -> str:
    """Write a share (0-1) as a whole percentage, with a decimal only where rounding would mislead.

    >>> percent(0.0914), percent(0.0042), percent(0.9971), percent(0.00002), percent(1.0)
    ('9%', '0.4%', '99.7%', 'under 0.1%', '100%')
    """
    if 0 < share < 0.001:
        return "under 0.1%"
    if 0.999 < share < 1 and 1 - share > 1e-12:
        return "over 99.9%"
    return f"{share:.1%}" if 0 < share < 0.01 or 0.99 < share < 1 - 1e-12 else f"{share:.0%}"


def scale_of(largest: float) -> tuple[float, str]:
    """Say which power of ten keeps the ticks short, and the word for it.

    >>> scale_of(2_500_000), scale_of(800)
    ((1000000.0, 'million '), (1.0, ''))
    """
    for limit, word in _STEPS:
        if largest >= limit:
            return (1e3 if word == "thousand " else limit), word
    return 1.0, ""


def ticks_up_to(largest: float, *, whole: bool = False) -> list[float]:
    """Choose a few round ticks from 0 to `largest`, none above it.

    >>> ticks_up_to(1100), ticks_up_to(2, whole=True)
    ([0.0, 250.0, 500.0, 750.0, 1000.0], [0.0, 1.0, 2.0])
    """
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(6 if whole else 5, integer=whole, steps=[1, 2, 2.5, 3, 5, 10]).tick_values(0, largest)
    return [float(tick) for tick in found if 0 <= tick <= largest * (1 + 1e-9)]


def value_ticks(largest: float) -> Formatter:
    """Format ticks in the scale of `scale_of`, with thousands separators.

    >>> value_ticks(2_500_000)(1_500_000), value_ticks(800)(750)
    ('1.5', '750')
    """
    from matplotlib.ticker import FuncFormatter

    scale, _ = scale_of(largest)
    return FuncFormatter(lambda value, _position: f"{value / scale:,.10g}")


def percent_ticks() -> Formatter:
    """Format ticks from 0 to 1 as percentages.

    >>> percent_ticks()(0.8, None)
    '80%'
    """
    from matplotlib.ticker import FuncFormatter

    return FuncFormatter(lambda share, _position: f"{share:.0%}")


def tier_colors(count: int) -> list[str]:
    """Return `count` fills from dark to light, for ordered groups that are not A, B and C.

    >>> len(set(tier_colors(4)))
    4
    """
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    ramp = LinearSegmentedColormap.from_list("tiers", [CLASS_COLORS["A"], "#6f93b3", "#ccd5dd"])
    return [to_hex(ramp(i / max(1, count - 1))) for i in range(count)]


def on(fill: str) -> str:
    """Return the text colour that can be read on a fill: white on dark, ink on light.

    >>> on(CLASS_COLORS["A"]), on(CLASS_COLORS["C"]) == INK
    ('white', True)
    """
    from matplotlib.colors import to_rgb

    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in to_rgb(fill))
    return "white" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.25 else INK
