"""The Pareto chart: who are the few that bring most of the value? Takes the table of `classification.abc`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import (
    CLASS_COLORS,
    INK,
    MUTED,
    dress,
    finding,
    new_axes,
    percent_ticks,
    scale_of,
    ticks_up_to,
    value_ticks,
)
from casebook.plots.words import class_facts, drawn, pareto_labels, pareto_title, worth

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ParetoPicture", "plot_pareto"]

FEW = 60  #: up to this many customers each gets a bar of its own; above, the bars join into steps
HEADROOM = 1.6  #: value axis over the largest bar, so that the running share stays clear of the bars


def plot_pareto(
    classified: pd.DataFrame,
    value: str = "value",
    *,
    cuts: tuple[float, float] = (0.80, 0.95),
    boundary: str = "crossing",
    unit: str = "RMB",
    measure: str | None = None,
    ax: Axes | None = None,
    **line_kws: Any,
) -> Axes:
    """Draw customers by value, best first, with their running share and the three classes.

    Parameters
    ----------
    classified : DataFrame of shape (n_customers, n_columns)
        As `classification.abc` returns it: best first, with `cum_share` (0-1) and `abc_value`. Customers
        without a class (set apart) are not drawn; the axis label counts them.
    value : str
        Column that was classified, in `unit`.
    cuts, boundary
        What the classes were made with; they are drawn and checked against the table.
    unit : str
        Unit of `value`.
    measure : str, optional
        The word for `value` in sentences; "revenue" for a column called `value`, else the column's name.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **line_kws
        Style of the running-share line, as for `Axes.plot`.

    Returns
    -------
    Axes
        The value axis. The running share has a twin of its own, labelled "cum_share".

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If no customer has a class, or the classes were not made with these cuts and this boundary.

    See Also
    --------
    alt_pareto : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"who": ["Ada", "Bo", "Cy"], "value": [70.0, 20.0, 10.0],
    ...                       "cum_share": [0.7, 0.9, 1.0], "abc_value": ["A", "A", "B"]})
    >>> print(plot_pareto(table).get_title(loc="left"))
    2 of 3 customers (67%) bring 90% of revenue
    """
    _checked(classified, value, cuts, boundary)  # before a figure is made, so that a refusal leaves none
    picture = ParetoPicture(new_axes(ax), **line_kws)
    picture.update(classified, value, cuts=cuts, boundary=boundary, unit=unit, measure=measure)
    return picture.ax


class ParetoPicture:
    """The artists of a Pareto chart, made once; `update` gives them another table.

    An explorer moves a slider many times a second: changing the data of eleven artists is far quicker than
    drawing a new chart. The picture is the one of `plot_pareto`, because that function uses this class too.

    Parameters
    ----------
    ax : Axes
        An empty Axes; a twin for the running share is added to it.
    **line_kws
        Style of the running-share line.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> picture = ParetoPicture(Figure().subplots())
    >>> sorted(picture.bars)
    ['A', 'B', 'C']
    """

    def __init__(self, ax: Axes, **line_kws: Any) -> None:
        from matplotlib.patheffects import withStroke

        self.ax, self.share_ax = ax, ax.twinx()
        self.share_ax.set_label("cum_share")
        dress(ax, grid=None)
        dress(self.share_ax, ylabel="Running share of all value", grid=None)
        self.share_ax.set(ylim=(0, 1.12), yticks=[0, 0.2, 0.4, 0.6, 0.8, 1.0])
        self.share_ax.yaxis.set_major_formatter(percent_ticks())
        self.bars = {c: ax.stairs([0.0], [0.0, 1.0], fill=True, color=f) for c, f in CLASS_COLORS.items()}
        strip: dict[str, Any] = {
            "transform": ax.get_xaxis_transform(),
            "clip_on": False,
            "linewidth": 7,
            "zorder": 3,
        }
        self.strip = {
            c: ax.plot([0, 1], [-0.017] * 2, color=f, solid_capstyle="butt", **strip)[0]
            for c, f in CLASS_COLORS.items()
        }
        style = {
            "color": INK,
            "linewidth": 1.8,
            "path_effects": [withStroke(linewidth=3.2, foreground="white")],
        }
        (self.line,) = self.share_ax.plot([], [], **{**style, **line_kws})
        guide: dict[str, Any] = {"color": MUTED, "linewidth": 0.9, "linestyle": (0, (4, 3))}
        self.guides = [self.share_ax.plot([], [], **guide)[0] for _ in "AB"]
        self.dots = self.share_ax.plot([], [], "o", color=INK, markersize=5)[0]
        box: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
        self.labels = {
            c: self.share_ax.text(0, 0, "", fontsize=11, color=INK, bbox=box, parse_math=False) for c in "ABC"
        }
        ax.spines["bottom"].set_visible(False)
        ax.tick_params(axis="x", pad=9)

    def pin(self) -> None:
        """Fix where the axis labels stand, instead of measuring all tick labels at every drawing."""
        self.ax.xaxis.set_label_coords(0.5, -0.125)
        self.ax.yaxis.set_label_coords(-0.13, 0.45)
        self.share_ax.yaxis.set_label_coords(1.14, 0.45)

    def update(
        self,
        classified: pd.DataFrame,
        value: str = "value",
        *,
        cuts: tuple[float, float] = (0.80, 0.95),
        boundary: str = "crossing",
        unit: str = "RMB",
        measure: str | None = None,
    ) -> None:
        """Show this table; the arguments are those of `plot_pareto`."""
        table = _checked(classified, value, cuts, boundary)
        facts = class_facts(table)
        values = table[value].to_numpy(dtype=float)
        self._set_bars(values, [f.customers for f in facts])
        share = np.concatenate([[0.0], table["cum_share"].to_numpy(dtype=float)])
        self.line.set_data(np.arange(len(share)), share)
        self._set_cuts(cuts, [f.customers for f in facts], share)
        ends = [int(end) for end in np.cumsum([f.customers for f in facts])]
        self._set_labels(pareto_labels(facts), cuts, ends)
        apart = len(classified) - len(table)
        beside = f"; {apart:,} without a positive value not drawn" if apart else ""
        self.ax.set_xlabel(f"Customers, best first{beside}")
        word = worth(value, measure)
        self.ax.set_ylabel(f"{word.capitalize()} per customer ({scale_of(values[0])[1]}{unit})")
        self.share_ax.set_ylabel(f"Running share of {word}")
        finding(self.ax, pareto_title(facts, word, share[1], apart=apart > 0))

    def _set_bars(self, values: np.ndarray, counts: list[int]) -> None:
        start = 0
        for (_name, bar), strip, count in zip(self.bars.items(), self.strip.values(), counts, strict=True):
            stop = start + count
            heights, edges = values[start:stop], np.arange(start, stop + 1, dtype=float)
            if len(values) <= FEW:  # a gap of nothing after each bar
                heights = np.repeat(heights, 2) * np.tile([1.0, 0.0], count)
                edges = np.append(np.repeat(edges[:-1], 2) + np.tile([0.08, 0.92], count), stop)
            bar.set_visible(count > 0)
            if count:
                bar.set_data(heights, edges)
            strip.set_xdata([start, stop])
            start = stop
        self.ax.set(xlim=(0, len(values)), ylim=(0, HEADROOM * values[0]))
        self.ax.set_yticks(ticks_up_to(values[0]))
        self.ax.yaxis.set_major_formatter(value_ticks(values[0]))
        ranks = ticks_up_to(len(values), whole=True)
        if len(values) <= FEW:  # the number of a bar stands under its middle
            ranks = [1.0, *[rank for rank in ranks if rank > 1]]
            self.ax.set_xticks([rank - 0.5 for rank in ranks], [f"{rank:.0f}" for rank in ranks])
        else:
            self.ax.set_xticks(ranks, [f"{rank:,.0f}" for rank in ranks])

    def _set_cuts(self, cuts: tuple[float, float], counts: list[int], share: np.ndarray) -> None:
        ends = np.cumsum(counts)[:2]
        for guide, cut, end in zip(self.guides, cuts, ends, strict=True):
            guide.set_data([end, end, len(share) - 1], [0.0, cut, cut])
        self.dots.set_data(ends, share[ends])
        gap = 0.065  # of the axis: closer numbers would touch
        others = [t for t in (0.0, 0.2, 0.4, 0.6, 0.8) if min(abs(t - cut) for cut in cuts) > gap]
        own = [*(cuts[:1] if cuts[1] - cuts[0] > gap else ()), cuts[1], *((1.0,) if cuts[1] < 0.955 else ())]
        self.share_ax.set_yticks([*others, *own])

    def _set_labels(self, words: list[str], cuts: tuple[float, float], ends: list[int]) -> None:
        """Put A and B beside their cut where the line never runs: below on the right, above on the left."""
        n, share = ends[-1], np.asarray(self.line.get_ydata(), dtype=float)
        left = [end > 0.5 * n for end in ends[:2]]
        reached = [float(share[end]) for end in ends[:2]]
        at = [(max if flip else min)(*pair) for flip, *pair in zip(left, cuts, reached, strict=True)]
        if left[0] == left[1]:  # both on one side: keep a line of text between them
            at = [at[0], max(at[1], at[0] + 0.085)] if left[0] else [min(at[0], at[1] - 0.085), at[1]]
        lowest = (0.14, 0.225)  # above the label of C
        for label, text, end, y, flip, low in zip(
            self.labels.values(), words, ends, at, left, lowest, strict=False
        ):
            label.set(text=text, ha="right" if flip else "left", va="bottom" if flip else "top")
            label.set_position(
                (end + (-0.012 if flip else 0.012) * n, y + 0.02 if flip else max(y, low) - 0.02)
            )
        self.labels["C"].set(text=words[2], position=(0.99 * n, 0.05), ha="right", va="bottom")
        for label, text in zip(self.labels.values(), words, strict=True):
            label.set_visible(bool(text))


def _checked(classified: pd.DataFrame, value: str, cuts: tuple[float, float], boundary: str) -> pd.DataFrame:
    """The customers to draw, if their classes end where these cuts say; a billionth of slack for floats."""
    table = drawn(classified, value)
    share = np.concatenate([[0.0], table["cum_share"].to_numpy(dtype=float), [np.inf]])
    classes = table["abc_value"].astype(str)
    for name, cut in zip(("A", "B"), cuts, strict=True):
        end = int((classes <= name).sum())
        before, at, after = share[max(0, end - 1)], share[end], share[end + 1]
        if boundary == "crossing":
            fits = at >= cut - 1e-9 and (before < cut + 1e-9)
        else:
            fits = at <= cut + 1e-9 and after > cut - 1e-9
        if not fits:
            raise TableError(
                f"The classes in the table were not made with cuts={tuple(cuts)} and boundary={boundary!r}: "
                f"class {name} ends at {at:.1%} of the value. Give the cuts and the boundary of `abc`."
            )
    return table
