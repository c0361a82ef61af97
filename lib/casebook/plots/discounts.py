"""Pictures of a cash discount: who takes it at what price, and by how many days it hastens the money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots.style import CLASS_COLORS, INK, MUTED, dress, finding, new_axes, percent, percent_ticks
from casebook.plots.words_discounts import (
    earlier_facts,
    earlier_title,
    require_bands,
    take_up_title,
)
from casebook.terms import discount_cost

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["TakeUpPicture", "plot_days_earlier", "plot_take_up"]

AREA = 900  #: points squared of the circle of a band that takes every offer


def plot_take_up(
    bands: pd.DataFrame,
    *,
    discount: float = 0.02,
    day: int = 10,
    cost_of_money: float | None = None,
    ax: Axes | None = None,
    **line_kws: Any,
) -> Axes:
    """Draw what a discount costs against the day on which customers usually pay, and who takes it.

    Parameters
    ----------
    bands : DataFrame
        As `casebook.discounts.take_up` returns it: `usual_days`, `share` (0-1) and `offers`.
    discount, day : float, int
        Of the terms: the curve is discount_cost(discount, day, usual day).
    cost_of_money : float, optional
        What a loan costs, a rate a year, drawn as a line.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **line_kws
        Style of the curve.

    Returns
    -------
    Axes
        The area of a circle is the share of offers that a band takes; a cross: none.

    Raises
    ------
    TableError
        If a column is missing or there is no band.

    See Also
    --------
    alt_take_up : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> bands = pd.DataFrame({"band": ["to 25", "over 90"], "usual_days": [23.0, 98.0], "share": [0.7, 0.0],
    ...                       "offers": [416, 142]})
    >>> print(plot_take_up(bands).get_title(loc="left"))
    70% of the fastest payers take it, at 57% a year; 0% of the slowest, at 8%
    """
    require_bands(bands)
    picture = TakeUpPicture(new_axes(ax), **line_kws)
    picture.update(bands, discount=discount, day=day, cost_of_money=cost_of_money)
    return picture.ax


class TakeUpPicture:
    """The artists of `plot_take_up`, made once; `update` gives them other terms.

    Parameters
    ----------
    ax : Axes
        An empty Axes.
    **line_kws
        Style of the curve.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> TakeUpPicture(Figure().subplots()).loan.get_visible()
    True
    """

    def __init__(self, ax: Axes, **line_kws: Any) -> None:
        self.ax = ax
        dress(ax, xlabel="Day on which customers usually pay", ylabel="What the discount costs us (a year)")
        (self.curve,) = ax.plot([], [], **{"color": MUTED, "linewidth": 1.6, "zorder": 2, **line_kws})
        (self.loan,) = ax.plot([], [], color=INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
        self.loan_label = ax.text(0, 0, "", fontsize=10.5, color=INK, ha="left", va="bottom")
        self.circles = ax.scatter([], [], s=[], color=CLASS_COLORS["A"], zorder=3)
        (self.crosses,) = ax.plot([], [], "x", color=CLASS_COLORS["A"], markersize=9, mew=2.2, zorder=3)
        (self.mark,) = ax.plot([], [], "D", color=CLASS_COLORS["B"], markersize=9, mec="white", zorder=4)
        self.mark_label = ax.text(0, 0, "", fontsize=10.5, color=INK, va="bottom", ha="left", zorder=5)
        self.labels: list[Any] = []
        ax.yaxis.set_major_formatter(percent_ticks())

    def pin(self) -> None:
        """Fix where the axis labels stand, instead of measuring all tick labels at every drawing."""
        self.ax.xaxis.set_label_coords(0.5, -0.11)
        self.ax.yaxis.set_label_coords(-0.115, 0.45)

    def update(
        self,
        bands: pd.DataFrame,
        *,
        discount: float = 0.02,
        day: int = 10,
        cost_of_money: float | None = None,
        mark: tuple[float, str] | None = None,
    ) -> None:
        """Show these terms; `mark` is one more day on the curve, with its words."""
        require_bands(bands)
        days = bands["usual_days"].to_numpy(dtype=float)
        share = bands["share"].to_numpy(dtype=float)
        seen = days > day + 2
        right = max(110.0, 1.1 * days.max())
        x = np.linspace(day + 4, right, 200)
        prices = np.array([discount_cost(discount, day, d) if d > day else np.nan for d in days])
        top = 1.3 * max(0.10, np.nanmax(np.where(seen, prices, np.nan), initial=0.0))
        self.curve.set_data(x, [discount_cost(discount, day, d) for d in x])
        taken = seen & (share > 0)
        self.circles.set_offsets(np.column_stack([days[taken], prices[taken]]))
        self.circles.set_sizes(AREA * share[taken])
        self.crosses.set_data(days[seen & ~taken], prices[seen & ~taken])
        self._write(days, prices, share, seen)
        rate = cost_of_money if cost_of_money is not None else np.nan
        self.loan.set_data([0, right], [rate, rate])
        shown = cost_of_money is not None and cost_of_money < 0.95 * top
        self.loan_label.set(
            text=f"a loan costs us {percent(cost_of_money or 0)}" if shown else "",
            position=(1.5, (rate if shown else 0) + 0.008 * top),
        )
        self._mark(mark if mark is not None and mark[0] > day else None, discount, day, top)
        self.ax.set(xlim=(0, right), ylim=(0, top))
        finding(self.ax, take_up_title(bands, discount, day))

    def _mark(self, mark: tuple[float, str] | None, discount: float, day: int, top: float) -> None:
        at = [] if mark is None else [(mark[0], discount_cost(discount, day, mark[0]))]
        self.mark.set_data(np.array([x for x, _ in at]), np.array([y for _, y in at]))
        self.mark_label.set(text="" if mark is None else mark[1])
        for x, y in at:
            self.mark_label.set_position((x + 2, y + 0.03 * top))

    def _write(self, days: np.ndarray, prices: np.ndarray, share: np.ndarray, seen: np.ndarray) -> None:
        words: dict[str, Any] = {"fontsize": 10.5, "color": INK, "va": "bottom", "ha": "left"}
        while len(self.labels) < len(days):
            self.labels.append(self.ax.annotate("", (0, 0), (0, 0), textcoords="offset points", **words))
        for i, label in enumerate(self.labels):
            label.set_visible(i < len(days) and bool(seen[i]))
            if label.get_visible():
                aside = 3 + 0.75 * (AREA * share[i] / np.pi) ** 0.5  # points, clear of the circle
                label.set(text=f"{share[i]:.0%}{'' if i else ' take it'}", position=(aside, aside))
                label.xy = (days[i], prices[i])


def plot_days_earlier(
    table: pd.DataFrame, *, truth: float | None = None, ax: Axes | None = None, **point_kws: Any
) -> Axes:
    """Draw the answers of `casebook.discounts.days_earlier`, each with its interval and its price.

    Parameters
    ----------
    table : DataFrame
        As `days_earlier` returns it.
    truth : float, optional
        The true number of days, drawn as a line.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **point_kws
        Style of the points.

    Returns
    -------
    Axes
        Days on the horizontal axis, one row a comparison, the price beside it.

    Raises
    ------
    TableError
        If a column is missing or there are no rows.

    See Also
    --------
    alt_days_earlier : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"comparison": ["those who let it go", "the takers' other invoices"],
    ...                       "days": [38.0, 19.0], "low": [35.0, 18.0], "high": [42.0, 20.0],
    ...                       "price": [0.196, 0.392]})
    >>> print(plot_days_earlier(table).get_title(loc="left"))
    Compared with others the discount costs 20% a year; compared with the takers themselves, 39%
    """
    facts = earlier_facts(table)
    ax = new_axes(ax, (7.2, 3.6))
    rows = range(len(facts))[::-1]
    dress(ax, xlabel="Days by which the money comes earlier", grid="x")
    style = {"color": CLASS_COLORS["A"], "markersize": 8, "zorder": 3, **point_kws}
    for row, fact in zip(rows, facts, strict=True):
        if fact.low is not None and fact.high is not None:
            ax.plot(
                [fact.low, fact.high], [row, row], color=MUTED, linewidth=3, solid_capstyle="butt", zorder=2
            )
        ax.plot([fact.days], [row], "o", **style)
        ax.text(
            1.02,
            row,
            percent(fact.price),
            transform=ax.get_yaxis_transform(),
            va="center",
            fontsize=11,
            color=INK,
        )
    ax.text(1.02, len(facts) - 0.4, "a year", transform=ax.get_yaxis_transform(), fontsize=10.5, color=MUTED)
    if truth is not None:
        ax.axvline(truth, color=INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
    ax.set_yticks(list(rows), [fact.name for fact in facts])
    ax.tick_params(axis="y", labelcolor=INK)
    most = max(fact.high if fact.high is not None else fact.days for fact in facts)
    ax.set(xlim=(0, 1.08 * most), ylim=(-0.6, len(facts) - 0.2))
    finding(ax, earlier_title(facts))
    return ax
