"""The picture of a budget over ways of finding; its artists can be given another split, for the explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from casebook.plots import words_prospecting as words
from casebook.plots.prospecting import plain_labels
from casebook.plots.style import (
    CLASS_COLORS,
    INK,
    dress,
    finding,
    new_axes,
    scale_of,
    ticks_up_to,
    value_ticks,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BudgetPicture", "plot_budget"]


class BudgetPicture:
    """The artists of a budget, made once; `update` gives them another split of the same methods.

    Parameters
    ----------
    ax : Axes
        An empty Axes.
    methods : sequence of str
        Codes of the methods, the first on top.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> len(BudgetPicture(Figure().subplots(), ["fairs", "events"]).bars)
    2
    """

    def __init__(self, ax: Axes, methods: list[str]) -> None:
        self.ax, self.count = ax, len(methods)
        dress(ax, xlabel="", grid="x")
        place = np.arange(self.count)
        self.bars = ax.barh(place, np.zeros(self.count), height=0.62, color=CLASS_COLORS["A"])
        (self.before,) = ax.plot(
            np.zeros(self.count), place, "|", color=CLASS_COLORS["B"], markersize=17, markeredgewidth=3
        )
        self.labels = [ax.text(0, at, "", va="center", fontsize=10, color=INK) for at in range(self.count)]
        ax.set_ylim(self.count - 0.4, -0.6)
        ax.set_yticks(place, [words.named(name) for name in methods])
        plain_labels(ax)

    def update(self, split: pd.DataFrame, *, unit: str = "RMB") -> None:
        """Show another split, with rows in the order of the methods.

        Parameters
        ----------
        split : DataFrame
            As `prospecting.budget_split` returns it.
        unit : str
            Of the money.

        Raises
        ------
        TableError
            If a column is missing.
        """
        title = words.budget_title(split, unit)
        largest = float(max(split["budget"].max(), split["before"].max(), 1.0))
        self.before.set_xdata(split["before"].to_numpy(dtype=float))
        for bar, label, row in zip(self.bars, self.labels, split.to_dict("records"), strict=True):
            bar.set_width(row["budget"])
            label.set_text(words.budget_label(row["customers"], row["next_cost"]))
            label.set_x(max(row["budget"], row["before"]) + 0.015 * largest)
        self.ax.set_xlim(0, largest * 1.8)
        self.ax.set_xticks(ticks_up_to(largest))
        self.ax.xaxis.set_major_formatter(value_ticks(largest))
        self.ax.set_xlabel(f"Next year's budget ({scale_of(largest)[1]}{unit}); upright mark: a year so far")
        finding(self.ax, title)


def plot_budget(split: pd.DataFrame, *, unit: str = "RMB", ax: Axes | None = None) -> Axes:
    """Draw what each way of finding gets, what it got so far, and what its next customer costs.

    Parameters
    ----------
    split : DataFrame, one row per way of finding
        `method`, `before`, `budget`, `customers`, `next_cost`, as `prospecting.budget_split` returns them.
    unit : str
        Of the money.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or the table is empty.

    See Also
    --------
    alt_budget : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"method": ["fairs"], "before": [70_000.0], "budget": [10_000.0],
    ...                       "customers": [2.0], "next_cost": [9_000.0]})
    >>> plot_budget(table).get_title(loc="left")
    '10,000 RMB: about 2 customers, at 5,000 each'
    """
    words.budget_title(split, unit)
    ax = new_axes(ax, (7.2, 1.4 + 0.42 * len(split)))
    BudgetPicture(ax, split["method"].tolist()).update(split, unit=unit)
    return ax
