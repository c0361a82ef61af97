"""Pictures of credit: defaults by grade, weights of evidence, where credit stops paying, grades seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots.style import (
    CLASS_COLORS,
    GRID,
    INK,
    MUTED,
    dress,
    finding,
    new_axes,
    on,
    percent_ticks,
    tier_colors,
)
from casebook.plots.words_credit import line_table, line_title, rates_title, seen_table, seen_title, woe_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "GRADE_STYLE",
    "CreditLine",
    "plot_credit_line",
    "plot_default_rates",
    "plot_grades_seen",
    "plot_woe",
]

#: Marker and fill of each grade: told apart by shape and by lightness, so also in grey.
GRADE_STYLE = {
    "A": ("o", "#ccd5dd"),
    "B": ("s", "#6f93b3"),
    "C": ("^", CLASS_COLORS["B"]),
    "D": ("X", CLASS_COLORS["A"]),
}


def plot_default_rates(rates: pd.DataFrame, *, word: str = "Grade", ax: Axes | None = None) -> Axes:
    """Draw the share of defaults of each group with its interval.

    Parameters
    ----------
    rates : DataFrame
        From `credit.default_rates`: `group`, `n`, `defaults`, `rate`, `low`, `high` (0-1).
    word : str
        What a group is, for the axis.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no group.

    See Also
    --------
    alt_default_rates : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> rates = pd.DataFrame({"group": ["A", "D"], "n": [4, 2], "defaults": [1, 1], "rate": [0.25, 0.5],
    ...                       "low": [0.05, 0.09], "high": [0.7, 0.91]})
    >>> plot_default_rates(rates).get_xlabel()
    'Grade'
    """
    title = rates_title(rates)
    ax = new_axes(ax)
    at = np.arange(len(rates))
    rate, low, high = (rates[c].to_numpy(dtype=float) for c in ("rate", "low", "high"))
    ax.vlines(at, low, high, color=MUTED, linewidth=2.2, zorder=2)
    ax.plot(at, rate, "o", color=CLASS_COLORS["A"], markersize=9, zorder=3)
    for x, share, row in zip(at, rate, rates.itertuples(), strict=True):
        ax.annotate(
            f"{row.defaults} of {row.n}", (x, share), xytext=(10, 0), textcoords="offset points", va="center",
            fontsize=11, color=INK,
        )  # fmt: skip
    dress(ax, xlabel=word, ylabel="Share that defaulted in the year")
    ax.set(xticks=at, xlim=(-0.4, len(rates) - 0.2), ylim=(0, max(float(high.max()) * 1.08, 0.02)))
    ax.set_xticklabels([str(g) for g in rates["group"]], fontsize=12, color=INK)
    ax.yaxis.set_major_formatter(percent_ticks())
    finding(ax, title)
    return ax


def plot_woe(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the weight of evidence of each bin of one variable.

    Parameters
    ----------
    table : DataFrame
        From `scorecard.woe_table`.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no bin.

    See Also
    --------
    alt_woe : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"variable": "sued", "bin": ["no", "yes"], "n": [9, 3], "bad": [1, 2],
    ...                       "woe": [0.5, -0.5], "iv": [0.1, 0.2]})
    >>> len(plot_woe(table).patches)
    2
    """
    title = woe_title(table)
    ax = new_axes(ax)
    at, woe = np.arange(len(table)), table["woe"].to_numpy(dtype=float)
    fills = [CLASS_COLORS["A"] if w >= 0 else CLASS_COLORS["B"] for w in woe]
    ax.bar(at, woe, width=0.62, color=fills)
    ax.axhline(0, color=INK, linewidth=1)
    room = 0.05 * max(float(np.ptp(np.append(woe, 0.0))), 0.1)
    for x, w, row in zip(at.tolist(), woe.tolist(), table.itertuples(), strict=True):
        ax.text(
            x, w + (room if w >= 0 else -room), f"{row.bad} of {row.n} bad", ha="center",
            va="bottom" if w >= 0 else "top", fontsize=10.5, color=INK,
        )  # fmt: skip
    dress(ax, xlabel=str(table["variable"].iloc[0]).replace("_", " "), ylabel="Weight of evidence (up: good)")
    ax.set(xticks=at, ylim=(min(0.0, woe.min()) - 4 * room, max(0.0, woe.max()) + 4 * room))
    ax.set_xticklabels(list(table["bin"]), color=INK)
    finding(ax, title)
    return ax


def plot_credit_line(book: pd.DataFrame, *, least: float = 0.005, ax: Axes | None = None) -> Axes:
    """Draw each customer's PD against the one at which credit stops paying, marked by grade.

    Parameters
    ----------
    book : DataFrame, one row per customer
        From `credit.credit_decision`, with `credit_grade`.
    least : float
        Probabilities below this (0-1) are drawn at it: the axes are logarithmic.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no customer.

    See Also
    --------
    alt_credit_line : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> book = pd.DataFrame({"credit_grade": ["A", "D"], "pd": [0.1, 0.2], "breakeven_pd": [0.2, 0.1],
    ...                      "decision": ["credit", "cash first"]})
    >>> print(plot_credit_line(book).get_title(loc="left"))
    Cash first from 1 of 2 customers: 1 D
    """
    line_table(book)
    picture = CreditLine(new_axes(ax, (7.2, 5.0)), least=least)
    picture.update(book)
    return picture.ax


class CreditLine:
    """The artists of `plot_credit_line`, made once; `update` gives them another table.

    Parameters
    ----------
    ax : Axes
        An empty Axes.
    least : float
        As in `plot_credit_line`.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> sorted(CreditLine(Figure().subplots()).points)
    ['A', 'B', 'C', 'D']
    """

    def __init__(self, ax: Axes, *, least: float = 0.005) -> None:
        from matplotlib.ticker import NullFormatter

        self.ax, self.least = ax, least
        ax.set(xscale="log", yscale="log", xlim=(least * 0.9, 1.1), ylim=(least * 0.9, 1.1))
        dress(ax, xlabel="Probability of default at which credit stops paying", grid="both")
        ax.set_ylabel("Probability of default (PD)", color=MUTED, fontsize=11, labelpad=6)
        ends = [least * 0.9, 1.1]
        ax.fill_between(ends, ends, [1.1, 1.1], color=GRID, alpha=0.55, zorder=0)
        ax.plot(ends, ends, color=INK, linewidth=1.4, zorder=1)
        ticks = [t for t in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if t >= least]
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_minor_formatter(NullFormatter())
            axis.set_ticks(ticks)
            axis.set_ticks([], minor=True)
            axis.set_major_formatter(lambda share, _at: f"{share:.1%}".replace(".0%", "%"))
        style: dict[str, Any] = {
            "linestyle": "",
            "markeredgecolor": INK,
            "markeredgewidth": 0.6,
            "alpha": 0.9,
        }
        self.points = {
            g: ax.plot(
                [], [], marker=m, color=f, markersize=7 if m != "X" else 8, label=f"grade {g}", **style
            )[0]
            for g, (m, f) in GRADE_STYLE.items()
        }
        ax.text(0.02, 0.97, "cash first", transform=ax.transAxes, va="top", fontsize=12, color=INK)
        ax.text(0.985, 0.86, "credit", transform=ax.transAxes, ha="right", fontsize=12, color=INK)
        ax.legend(
            loc="lower center", ncol=4, fontsize=10, frameon=False, columnspacing=1.2, handletextpad=0.1
        )

    def update(self, book: pd.DataFrame) -> None:
        """Show this table; it is the one of `plot_credit_line`."""
        title = line_title(book)
        x, y = (np.clip(book[c].to_numpy(dtype=float), self.least, 1.0) for c in ("breakeven_pd", "pd"))
        for grade, points in self.points.items():
            mine = (book["credit_grade"] == grade).to_numpy()
            points.set_data(x[mine], y[mine])
        finding(self.ax, title)


def plot_grades_seen(seen: pd.Series, true: pd.Series, *, ax: Axes | None = None) -> Axes:
    """Draw how many customers of each grade seen have which true grade.

    Parameters
    ----------
    seen, true : Series of shape (n_customers,)
        Grades "A" to "D", in the same order of customers.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If lengths differ, there is none, or a grade is unknown.

    See Also
    --------
    alt_grades_seen : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> plot_grades_seen(pd.Series(["A", "B"]), pd.Series(["A", "D"])).get_xlabel()
    'True grade'
    """
    counts = seen_table(seen, true)
    ax = new_axes(ax, (6.0, 4.4))
    shade = tier_colors(5)[::-1]
    share = counts.to_numpy() / max(1, counts.to_numpy().max())
    from matplotlib.patches import Rectangle

    for (row, column), n in np.ndenumerate(counts.to_numpy()):
        fill = "#ffffff" if n == 0 else shade[min(4, int(share[row, column] * 5))]
        edge, width = (INK, 2.2) if row == column else (GRID, 0.8)
        corner = (column - 0.48, row - 0.48)
        ax.add_patch(Rectangle(corner, 0.96, 0.96, facecolor=fill, edgecolor=edge, linewidth=width))
        ax.text(column, row, f"{n:,}", ha="center", va="center", fontsize=13, color=on(fill))
    dress(ax, xlabel="True grade", ylabel="Grade seen", grid=None)
    ax.set(xlim=(-0.55, 3.55), ylim=(3.55, -0.55), xticks=range(4), yticks=range(4))
    ax.set_xticklabels(list("ABCD"), fontsize=12)
    ax.set_yticklabels(list("ABCD"), fontsize=12)
    ax.spines["bottom"].set_visible(False)
    finding(ax, seen_title(counts))
    return ax
