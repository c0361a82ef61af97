"""Pictures of identification: the form against value, the six C's of a firm, moves between classes."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.plots import words_identification as words
from casebook.plots.style import (
    CLASS_COLORS,
    GRID,
    INK,
    MUTED,
    SIZE,
    dress,
    finding,
    new_axes,
    on,
    scale_of,
    value_ticks,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["EvaluationPicture", "plot_evaluation", "plot_migration", "plot_six_c"]

#: Fill and shape of each band: told apart in grey, and by shape.
BAND_LOOKS = {
    "too_weak": ("#bcc4cc", "v"),
    "fit": (CLASS_COLORS["A"], "o"),
    "grey": (CLASS_COLORS["B"], "s"),
    "too_strong": (CLASS_COLORS["B"], "^"),
}


def plot_evaluation(
    form: pd.DataFrame,
    value: str = "profit",
    *,
    name: str = "name",
    limits: tuple[float, float, float] = (70, 80, 85),
    unit: str = "RMB",
    ax: Axes | None = None,
) -> Axes:
    """Draw what the form says of accounts against what they are worth.

    Parameters
    ----------
    form : DataFrame, one row per account
        As `identification.evaluation_form` returns it: `score` (points) and `band`; with `value` and `name`.
    value : str
        What an account is worth, in `unit`; may be negative.
    name : str
        What the account is called.
    limits : three points
        `lo`, `hi` and `strong`, as the form was made with.
    unit : str
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or has gaps, or the table is empty.

    See Also
    --------
    alt_evaluation : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"score": [75.0, 69.8], "band": ["fit", "too_weak"], "profit": [1.0, 9.0],
    ...                       "name": ["Ada", "Bo"]})
    >>> print(plot_evaluation(table).get_title(loc="left"))
    The form leaves out Bo, 69.8 points: profit 9 RMB
    """
    words.checked_form(form, value, name)
    picture = EvaluationPicture(new_axes(ax))
    picture.update(form, value, name=name, limits=limits, unit=unit)
    return picture.ax


class EvaluationPicture:
    """The artists of the picture, made once; `update` gives them another form.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> sorted(EvaluationPicture(Figure().subplots()).points)
    ['fit', 'grey', 'too_strong', 'too_weak']
    """

    def __init__(self, ax: Axes) -> None:
        from matplotlib.patheffects import withStroke

        self.ax = ax
        dress(ax, xlabel="Score on the form (points)", grid="y")
        ax.axhline(0, color=MUTED, linewidth=0.9)
        self.points = {}
        for band, (fill, shape) in BAND_LOOKS.items():
            (self.points[band],) = ax.plot(
                [],
                [],
                shape,
                color=fill,
                markersize=5.5,
                markeredgecolor=MUTED if band == "too_weak" else "white",
                markeredgewidth=0.5,
                zorder=3,
            )
        guide: dict[str, Any] = {"color": MUTED, "linewidth": 0.9, "linestyle": (0, (4, 3))}
        self.guides = [ax.axvline(0, **guide) for _ in range(3)]
        self.labels = {
            band: ax.text(
                0, 0.985, "", transform=ax.get_xaxis_transform(), ha="center", va="top", fontsize=10,
                color=INK, linespacing=1.2, zorder=4,
            )
            for band in BAND_LOOKS
        }  # fmt: skip
        self.ring = ax.plot(
            [], [], "o", markersize=12, markerfacecolor="none", markeredgecolor=INK, zorder=4
        )[0]
        paper = [withStroke(linewidth=3, foreground="white")]
        self.note = ax.text(
            0, 0, "", fontsize=10, color=INK, path_effects=paper, zorder=5, va="center", parse_math=False
        )

    def update(
        self,
        form: pd.DataFrame,
        value: str = "profit",
        *,
        name: str = "name",
        limits: tuple[float, float, float] = (70, 80, 85),
        unit: str = "RMB",
    ) -> None:
        """Show this form; the arguments are those of `plot_evaluation`."""
        table, word = words.checked_form(form, value, name), value.replace("_", " ")
        scores, values = table["score"].to_numpy(dtype=float), table[value].to_numpy(dtype=float)
        low, high = min(float(scores.min()), limits[0]) - 1.5, max(float(scores.max()), limits[2]) + 1.5
        span = float(values.max() - values.min()) or 1.0
        self.ax.set(xlim=(low, high), ylim=(values.min() - 0.06 * span, values.max() + 0.24 * span))
        self.ax.yaxis.set_major_formatter(value_ticks(float(np.abs(values).max())))
        scale = scale_of(float(np.abs(values).max()))[1]
        self.ax.set_ylabel(f"{word.capitalize()} ({scale}{unit})")
        for band, points in self.points.items():
            mine = (table["band"] == band).to_numpy()
            points.set_data(scores[mine], values[mine])
        for guide, limit in zip(self.guides, limits, strict=True):
            guide.set_xdata([limit, limit])
        edges = [low, *limits, high]
        for at, (band, n, _share) in zip(self.labels, words.band_facts(table, value), strict=True):
            place = list(self.labels).index(at)
            left, right = edges[place], edges[place + 1]
            narrow = right - left < 0.1 * (high - low)
            text = f"{band.replace(' ', chr(10)) if narrow else band}\n{n:,}"
            self.labels[at].set(text=text, x=(left + right) / 2, visible=right - left > 0.03 * (high - low))
        out = words.left_out(table, value, name)
        self.ring.set_data([] if out is None else [out.score], [] if out is None else [out.value])
        if out is None:
            self.note.set_text("")
        else:
            flip = out.score > (low + high) / 2  # towards the middle, where there is room
            self.note.set(text=out.name, ha="right" if flip else "left")
            self.note.set_position((out.score + (-0.02 if flip else 0.02) * (high - low), out.value))
        finding(self.ax, words.evaluation_title(table, value, name, unit))


def plot_six_c(
    firm: pd.Series, others: pd.DataFrame, *, name: str = "This firm", ax: Axes | None = None
) -> Axes:
    """Draw the six C's of one firm as a radar, over the middle of all firms.

    Parameters
    ----------
    firm : Series with the six C's (points, 0-100)
    others : DataFrame with the six columns
        All firms; their medians are drawn.
    name : str
        What the firm is called.
    ax : polar Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing, there are no other firms, or the Axes is not polar.

    See Also
    --------
    alt_six_c : the same picture in words.

    Notes
    -----
    The scale starts at 40 points, or lower where a score does, so that differences can be seen. Areas in a
    radar mean nothing: read the spokes.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.identification import SIX_C
    >>> firms = pd.DataFrame([[80, 70, 60, 50, 75, 85]], columns=SIX_C)
    >>> title = plot_six_c(firms.iloc[0], firms, name="Bo").get_title(loc="left")
    >>> print(" ".join(title.split()))
    Bo: weakest in collateral, 50.0 points; strongest in continuity, 85.0
    """
    columns = words.six_columns(firm, others)
    if ax is None:
        import matplotlib.pyplot as plt

        drawn: Any = plt.subplots(
            figsize=(SIZE[0], 4.9), layout="constrained", subplot_kw={"projection": "polar"}
        )[1]
    else:
        drawn = ax
    if drawn.name != "polar":
        raise TableError("A radar needs polar Axes: plt.subplots(subplot_kw={'projection': 'polar'}).")
    angles = np.linspace(0, 2 * np.pi, len(columns), endpoint=False)
    closed = np.append(angles, angles[0])
    scores, middle = firm[columns].to_numpy(dtype=float), others[columns].median().to_numpy(dtype=float)
    floor = min(40.0, 10 * np.floor(min(scores.min(), middle.min()) / 10))
    drawn.set_theta_offset(np.pi / 2)
    drawn.set_theta_direction(-1)
    drawn.set_ylim(floor, 100)
    marks = np.arange(floor + 10, 100, 10 if floor == 40 else 20)
    drawn.set_rgrids(marks, [f"{m:.0f}" for m in marks], angle=30, color=MUTED, fontsize=9.5)
    drawn.set_xticks(angles, [f"{c}\n{s:.1f}" for c, s in zip(columns, scores, strict=True)])
    drawn.tick_params(axis="x", labelsize=10.5, labelcolor=INK, pad=12)
    drawn.grid(color=GRID)
    drawn.spines["polar"].set_color(GRID)
    dashed: dict[str, Any] = {"color": MUTED, "linewidth": 1.4, "linestyle": (0, (4, 3))}
    drawn.plot(closed, np.append(middle, middle[0]), label=f"middle of {len(others):,} firms", **dashed)
    drawn.plot(closed, np.append(scores, scores[0]), "o-", color=CLASS_COLORS["A"], linewidth=2, label=name)
    drawn.fill(closed, np.append(scores, scores[0]), color=CLASS_COLORS["A"], alpha=0.12)
    legend = drawn.legend(loc="upper left", bbox_to_anchor=(1.12, 1.02), frameon=False, fontsize=10.5)
    for text in legend.get_texts():
        text.set_parse_math(False)
    title = "\n".join(textwrap.wrap(words.six_title(firm, name, columns), 62))
    drawn.set_title(
        title, loc="left", x=-0.28, pad=22, fontsize=13, fontweight="bold", color=INK, parse_math=False
    )
    return drawn


def plot_migration(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the migration matrix, each cell with what chance alone would make of it.

    Parameters
    ----------
    table : DataFrame
        As `identification.migration_by_chance` returns it.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes
        Rows are classes before, columns after; the darker, the larger the share of the row. A frame marks a
        cell that chance makes in fewer than one shuffle of twenty.

    Raises
    ------
    TableError
        If a column is missing or the table is empty.

    See Also
    --------
    alt_migration : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.identification import migration_by_chance
    >>> orders = pd.DataFrame({"who": list("aabb"), "half": [1, 2, 1, 2], "money": [9.0, 9.0, 1.0, 1.0]})
    >>> ax = plot_migration(migration_by_chance(orders, "money", "who", "half", B=20))
    >>> ax.get_ylabel()
    'Class before'
    """
    from matplotlib.colors import LinearSegmentedColormap, to_hex
    from matplotlib.patches import Rectangle

    words.checked_migration(table)
    ax = new_axes(ax, (7.2, 4.2))
    dress(ax, xlabel="Class after", ylabel="Class before", grid=None)
    ramp = LinearSegmentedColormap.from_list("share", ["#ffffff", "#9db4c8", CLASS_COLORS["A"]])
    cells = table[table["from"] != "all"]
    rows, columns = list(dict.fromkeys(cells["from"])), list(dict.fromkeys(cells["to"]))
    for _, cell in cells.iterrows():
        x, y = columns.index(cell["to"]), len(rows) - 1 - rows.index(cell["from"])
        seen = 0.0 if np.isnan(cell["seen"]) else float(cell["seen"])
        fill = to_hex(ramp(seen))
        odd = words.is_odd(cell)
        ax.add_patch(
            Rectangle(
                (x - 0.47, y - 0.45), 0.94, 0.9, facecolor=fill, edgecolor=CLASS_COLORS["B"] if odd else GRID,
                linewidth=3 if odd else 1,
            )
        )  # fmt: skip
        ink = on(fill)
        ax.text(x, y + 0.13, f"{cell['customers']:,}", color=ink, fontsize=16, ha="center", va="center")
        note = f"{words.share(seen)}, chance {words.share(cell['by_chance'])}"
        ax.text(x, y - 0.22, note, color=ink, fontsize=10, ha="center", va="center")
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(-0.5, len(rows) - 0.5))
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows[::-1])
    ax.tick_params(labelsize=12, labelcolor=INK)
    ax.spines["bottom"].set_visible(False)
    finding(ax, words.migration_title(table))
    return ax
