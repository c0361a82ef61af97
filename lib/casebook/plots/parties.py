"""Pictures of lesson 00: how many customers by definition, the cost of a record, the steps of the work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.parties import MANAGEMENT_STEPS
from casebook.plots import words_parties as words
from casebook.plots.style import CLASS_COLORS, INK, MUTED, dress, finding, new_axes, on, tier_colors

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["SourcesPicture", "lesson_map", "plot_counts", "plot_sources"]


def plot_counts(counts: pd.DataFrame, *, ax: Axes | None = None, **bar_kws: Any) -> Axes:
    """Draw how many customers there are under each definition, the widest on top.

    Parameters
    ----------
    counts : DataFrame of shape (n_definitions, 2)
        `definition` (text) and `count` (whole number), in the order in which they are drawn.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **bar_kws
        Style of the bars, as for `Axes.barh`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no row.

    See Also
    --------
    alt_counts : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> ax = plot_counts(pd.DataFrame({"definition": ["on file", "bought"], "count": [5, 3]}))
    >>> [int(bar.get_width()) for bar in ax.patches]
    [5, 3]
    """
    words.check_counts(counts)
    ax = _room_for_names(ax, (7.2, 0.62 * len(counts) + 1.1), 0.33, 0.72, 0.04)
    dress(ax, grid=None)
    y, fills = np.arange(len(counts)), tier_colors(max(2, len(counts)))[::-1]
    bars = ax.barh(y, counts["count"], **{"color": fills[: len(counts)], "height": 0.72, **bar_kws})
    ax.bar_label(bars, labels=[f"{n:,}" for n in counts["count"]], padding=6, color=INK, fontsize=11.5)
    ax.set_yticks(y, counts["definition"], color=INK)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.set(ylim=(len(counts) - 0.4, -0.6), xlim=(0, 1.14 * float(counts["count"].max())))
    title = words.COUNTS_TITLE.format(least=counts["count"].min(), most=counts["count"].max())
    finding(ax, title)
    return ax


class SourcesPicture:
    """The bars of `plot_sources`, which an explorer changes in place.

    Attributes
    ----------
    ax : Axes
    """

    def __init__(self, ax: Axes, count: int) -> None:
        self.ax = ax
        from matplotlib.ticker import NullLocator

        dress(ax, xlabel="RMB for a usable record, logarithmic", grid="x")
        y = np.arange(count)
        self.points = ax.scatter(np.ones(count), y, s=70, zorder=3)
        self.labels = [ax.text(1, float(i), "", va="center", color=INK, fontsize=10) for i in y]
        ax.set_yticks(y, [""] * count, color=INK)
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter("{x:,.10g}")
        ax.xaxis.set_minor_locator(NullLocator())
        ax.set_ylim(count - 0.4, -0.6)

    def update(self, priced: pd.DataFrame, bought: tuple[str, ...] = ()) -> None:
        """Show another table of the same sources."""
        costs = priced["cost_per_usable"].replace(float("inf"), np.nan)
        paid = costs[costs > 0] if (costs > 0).any() else pd.Series([1.0])  # all free, or none usable
        low, high = float(paid.min()) / 1.8, float(paid.max()) * 40
        marked = priced["source_id"].isin(bought) if bought else pd.Series(True, priced.index)
        self.points.set_offsets(np.column_stack([costs.clip(lower=low), np.arange(len(priced))]))
        self.points.set_color([CLASS_COLORS["A"] if dark else CLASS_COLORS["C"] for dark in marked])
        for label, cost, usable in zip(self.labels, costs, priced["usable"], strict=True):
            known = not np.isnan(cost)
            label.set_x(max(cost, low) * 1.25 if known else low * 1.25)
            cost_said = words.cost_words(cost) if known else "nothing usable"
            label.set_text(f"{cost_said}  ({usable:,.0f} usable)")
        self.ax.set_yticklabels(list(priced["kind"]))
        self.ax.set_xlim(low, high)
        finding(self.ax, words.sources_title(priced))


def _room_for_names(
    ax: Axes | None, size: tuple[float, float], left: float, top: float, bottom: float
) -> Axes:
    """A new figure with room at the left for long names, where there is none yet."""
    if ax is None:
        import matplotlib.pyplot as plt

        room = {"left": left, "right": 0.98, "top": top, "bottom": bottom}
        ax = plt.subplots(figsize=size, gridspec_kw=room)[1]
    return ax


def plot_sources(
    priced: pd.DataFrame,
    *,
    bought: tuple[str, ...] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw what a usable record costs by source, cheapest on top.

    Parameters
    ----------
    priced : DataFrame of shape (n_sources, at least 4)
        `source_id`, `kind`, `usable`, `cost_per_usable`, as `parties.source_register` returns it.
    bought : tuple of str
        The `source_id` of those that are bought: drawn dark, the others light; without it all are dark.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no source.

    See Also
    --------
    alt_sources : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> two = pd.DataFrame({"source_id": ["S1", "S2"], "kind": ["list", "fair"], "usable": [100, 240],
    ...                     "cost_per_usable": [5.0, 16.67]})
    >>> print(plot_sources(two).get_title(loc="left"))
    A usable record costs from 5.00 to 16.67 RMB, 3 times as
    much
    """
    words.check_sources(priced)
    ax = _room_for_names(ax, (7.2, 0.34 * len(priced) + 1.6), 0.30, 0.83, 0.15)
    SourcesPicture(ax, len(priced)).update(priced, bought)
    return ax


def lesson_map(active_step: int | None = None, *, ax: Axes | None = None) -> Axes:
    r"""Draw the five steps of customer management as a flow, one of them marked.

    Parameters
    ----------
    active_step : int, optional
        The step to mark, from 1 to 5.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If there is no such step.

    Notes
    -----
    The steps are those of the source course, which gives their names only: `parties.MANAGEMENT_STEPS`.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> [text.get_text() for text in lesson_map(1).texts][:2]
    ['1\ncollect\ninformation', '2\nanalyse']
    """
    if active_step is not None and active_step not in range(1, len(MANAGEMENT_STEPS) + 1):
        raise TableError(f"There are steps 1 to {len(MANAGEMENT_STEPS)}, got {active_step!r}.")
    ax = new_axes(ax, (7.6, 1.5))
    for i, step in enumerate(MANAGEMENT_STEPS):
        fill = CLASS_COLORS["A"] if i + 1 == active_step else CLASS_COLORS["C"]
        box = {"boxstyle": "round,pad=0.45", "facecolor": fill, "edgecolor": "none"}
        text = f"{i + 1}\n" + step.replace(" ", "\n", 1)
        ax.text(i, 0, text, ha="center", va="center", color=on(fill), fontsize=11, bbox=box, linespacing=1.25)
        if i:
            ax.text(i - 0.5, 0, "→", ha="center", va="center", color=MUTED, fontsize=15)
    ax.set(xlim=(-0.55, len(MANAGEMENT_STEPS) - 0.45), ylim=(-1, 1))
    ax.axis("off")
    return ax
