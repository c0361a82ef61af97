"""The whale curve: profit added up from the best customer to the worst. Takes the table of `whale_curve`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots import words_selection as words
from casebook.plots.style import (
    CLASS_COLORS,
    GRID,
    INK,
    MUTED,
    dress,
    finding,
    new_axes,
    percent,
    percent_ticks,
    scale_of,
    value_ticks,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["WhalePicture", "plot_whale", "plot_whales"]

BEST, WORST = "#d3deea", "#f3dcc4"  #: bands behind the best and the worst (a light blue, a light orange)
_PAPER: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.5}
_LINES = ("-", (0, (5, 2)), (0, (1, 1.4)), (0, (6, 2, 1, 2)))


def plot_whale(
    curve: pd.DataFrame,
    *,
    top: float = 0.2,
    bottom: float = 0.3,
    before: pd.DataFrame | None = None,
    unit: str = "RMB",
    ax: Axes | None = None,
    **line_kws: Any,
) -> Axes:
    """Draw how profit rises along those who earn and falls along those who lose.

    Parameters
    ----------
    curve : DataFrame of shape (n_customers, n_columns)
        As `selection.whale_curve` returns it.
    top, bottom : float
        Shares of customers (0-1) to shade as best and worst.
    before : DataFrame, optional
        Another curve to compare with, drawn dashed.
    unit : str
        Unit of the profits.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **line_kws
        Style of the curve, as for `Axes.plot`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing, the table is empty, nobody earns or the shares overlap.

    See Also
    --------
    alt_whale : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.selection import whale_curve
    >>> print(plot_whale(whale_curve([50, 30, 6, 5, 4, 3, 2, -8, -12, -20])).get_title(loc="left"))
    3 of 10 customers lose 40 of the 100 RMB that the others earn
    """
    words.whale_facts(curve, top, bottom)  # before a figure is made, so that a refusal leaves none
    picture = WhalePicture(new_axes(ax), **line_kws)
    picture.update(curve, top=top, bottom=bottom, before=before, unit=unit)
    return picture.ax


class WhalePicture:
    """The artists of a whale curve, made once; `update` gives them another curve.

    Parameters
    ----------
    ax : Axes
        An empty Axes.
    **line_kws
        Style of the curve.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> picture = WhalePicture(Figure().subplots())
    >>> len(picture.notes)
    4
    """

    def __init__(self, ax: Axes, **line_kws: Any) -> None:
        self.ax = ax
        dress(ax, xlabel="Share of customers, best first", grid=None)
        self.bands = (
            ax.axvspan(0, 0, color=BEST, zorder=0, linewidth=0),
            ax.axvspan(0, 0, facecolor=WORST, edgecolor="white", hatch="///", zorder=0, linewidth=0),
        )
        guide: dict[str, Any] = {"color": MUTED, "linewidth": 0.9, "linestyle": (0, (4, 3))}
        self.before = ax.plot([], [], color=MUTED, linewidth=1.4, linestyle=(0, (3, 2)))[0]
        self.zero = ax.plot([0, 1], [0, 0], color=GRID, linewidth=1.0, zorder=1)[0]
        self.guides = [ax.plot([], [], **guide)[0] for _ in range(2)]
        self.line = ax.plot([], [], **{"color": CLASS_COLORS["A"], "linewidth": 2.4, **line_kws})[0]
        self.dots = ax.plot([], [], "o", color=CLASS_COLORS["A"], markersize=5.5, clip_on=False, zorder=4)[0]
        text: dict[str, Any] = {"fontsize": 10.5, "color": INK, "bbox": _PAPER, "parse_math": False}
        self.notes = [ax.text(0, 0, "", **text) for _ in words.WHALE_NOTES]
        ax.set(xlim=(0, 1.0), xticks=[0, 0.2, 0.4, 0.6, 0.8, 1.0])
        ax.xaxis.set_major_formatter(percent_ticks())
        ax.spines["bottom"].set_visible(False)

    def pin(self) -> None:
        """Fix where the axis labels stand, instead of measuring all tick labels at every drawing."""
        self.ax.xaxis.set_label_coords(0.5, -0.1)
        self.ax.yaxis.set_label_coords(-0.11, 0.5)

    def update(
        self,
        curve: pd.DataFrame,
        *,
        top: float = 0.2,
        bottom: float = 0.3,
        before: pd.DataFrame | None = None,
        unit: str = "RMB",
    ) -> None:
        """Show this curve; the arguments are those of `plot_whale`."""
        facts = words.whale_facts(curve, top, bottom)
        x, y = _from_zero(curve)
        rule = facts.rule
        self.bands[0].set_bounds(0, 0, rule.n_top / rule.n, 1)
        self.bands[1].set_bounds(1 - rule.n_bottom / rule.n, 0, rule.n_bottom / rule.n, 1)
        self.line.set_data(x, y)
        old = _from_zero(before) if before is not None else (np.array([]), np.array([]))
        self.before.set_data(*old)
        peak, at, end = float(y.max()), rule.peak_at, float(y[-1])
        self.guides[0].set_data([at, 1], [peak, peak])
        self.guides[1].set_data([0.55, 1], [end, end])
        self.guides[1].set_visible(facts.losing > 0)
        self.dots.set_data([rule.n_top / rule.n, at, 1], [facts.earned, peak, end])
        highest = max(peak, float(old[1].max()) if len(old[1]) else 0.0)
        lowest = min(0.0, float(y.min()), float(old[1].min()) if len(old[1]) else 0.0)
        self._set_scale(lowest, highest, unit)
        self._set_notes(facts, (top, bottom), peak, end, highest - lowest)
        finding(self.ax, words.whale_title(facts, unit))

    def _set_scale(self, lowest: float, highest: float, unit: str) -> None:
        from matplotlib.ticker import MaxNLocator

        room = highest - lowest
        self.ax.set_ylim(lowest - (0.02 if lowest < 0 else 0) * room, highest + 0.16 * room)
        ticks = MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]).tick_values(lowest, highest)
        self.ax.set_yticks([tick for tick in ticks if lowest <= tick <= highest])
        self.ax.yaxis.set_major_formatter(value_ticks(highest))
        self.ax.set_ylabel(f"Profit added up ({scale_of(highest)[1]}{unit})")

    def _set_notes(
        self, facts: words.WhaleFacts, shares: tuple[float, float], peak: float, end: float, room: float
    ) -> None:
        rule = facts.rule
        money = (facts.earned, facts.bottom, peak, end)
        template = words.WHALE_NOTES
        said = [
            template[0].format(share=percent(shares[0]), money=words.in_words(money[0])),
            template[1].format(share=percent(shares[1]), money=words.in_words(money[1])),
            template[2].format(money=words.in_words(peak)),
            template[3].format(money=words.in_words(end)),
        ]
        floor = self.ax.get_ylim()[0] + 0.04 * room
        places = (
            (min(rule.n_top / rule.n, 0.5) + 0.02, facts.earned - 0.035 * room, "left", "top"),
            (0.985, floor, "right", "bottom"),
            (min(max(rule.peak_at, 0.12), 0.88), peak + 0.03 * room, "center", "bottom"),
            (0.985, end - 0.03 * room, "right", "top"),
        )
        for note, text, (x, y, ha, va) in zip(self.notes, said, places, strict=True):
            note.set(text=text, position=(x, y), ha=ha, va=va)
        self.notes[3].set_visible(facts.losing > 0 and end - 0.1 * room > floor + 0.08 * room)


def plot_whales(curves: Mapping[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw the whale curves of several firms, each as a share of its own profit.

    Parameters
    ----------
    curves : mapping of the firm's name to a table of `selection.whale_curve`
        Up to four.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If there is no curve, a column is missing, or a firm has no profit left.

    See Also
    --------
    alt_whales : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.selection import whale_curve
    >>> ax = plot_whales({"Bo": whale_curve([50, 30, 6, 5, 4, 3, 2, -8, -12, -20])})
    >>> print(ax.get_title(loc="left"))
    Bo peaks at 167% of its profit
    """
    facts = words.whales_facts(curves)
    ax = new_axes(ax)
    dress(ax, xlabel="Share of customers, best first", ylabel="Share of its own profit")
    shades = (CLASS_COLORS["A"], CLASS_COLORS["B"], MUTED, INK)
    heights = []
    highest = max(facts, key=lambda name: facts[name].peak_pct)
    for (name, curve), color, dash in zip(curves.items(), shades, _LINES, strict=False):
        x, y = _from_zero(curve)
        ax.plot(x, y / facts[name].net, color=color, linewidth=2.3, linestyle=dash, label=name)
        heights.append(facts[name].peak_pct)
        middle, top = float(np.interp(0.5, x, y)) / facts[name].net, name == highest
        ax.text(
            0.5, middle + (0.025 if top else -0.035) * facts[highest].peak_pct, name, fontsize=11, color=INK,
            ha="right" if top else "left", va="bottom" if top else "top", bbox=_PAPER, parse_math=False,
        )  # fmt: skip
        ax.plot([facts[name].peak_at], [facts[name].peak_pct], "o", color=color, markersize=5.5)
    ax.plot([0, 1], [1, 1], color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    low = min(0.0, *(float(curve["cum_profit"].min()) / facts[name].net for name, curve in curves.items()))
    ax.set(xlim=(0, 1), ylim=(low, 1.16 * max(heights)), xticks=[0, 0.2, 0.4, 0.6, 0.8, 1.0])
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(percent_ticks())
    finding(ax, words.whales_title(facts))
    return ax


def _from_zero(curve: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    x = np.concatenate([[0.0], curve["cum_customers"].to_numpy(dtype=float)])
    return x, np.concatenate([[0.0], curve["cum_profit"].to_numpy(dtype=float)])
