"""Still a customer, and worth what? Maps of P(alive), one history, and the value of a new customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots import words_lifetime as words
from casebook.plots.style import (
    CLASS_COLORS,
    INK,
    MUTED,
    dress,
    finding,
    new_axes,
    percent_ticks,
    ticks_up_to,
    value_ticks,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PathPicture", "ValuePicture", "plot_alive_grid", "plot_alive_path", "plot_value"]


def plot_alive_grid(
    table: pd.DataFrame,
    *,
    value: str = "p_alive",
    T: float,
    units: str = "weeks",
    ax: Axes | None = None,
    **map_kws: Any,
) -> Axes:
    """Draw P(alive), or purchases expected, over repeat purchases and age at the last of them.

    Parameters
    ----------
    table : DataFrame of shape (n_frequency * n_recency, 4)
        As `lifetime.alive_grid` returns it.
    value : {"p_alive", "expected"}
        What is drawn; lines join equal values (iso-value curves).
    T : float
        Age at the end, in `units`; the title counts the silence from there.
    units : str
        The unit of recency.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **map_kws
        Style of the map, as for `Axes.pcolormesh`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no row.

    See Also
    --------
    alt_alive_grid : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"frequency": [2, 2, 9, 9], "recency": [20.0, 30.0] * 2,
    ...                       "p_alive": [0.54, 0.72, 0.06, 0.6]})
    >>> print(plot_alive_grid(table, T=38.9).get_title(loc="left"))
    Last bought 9 weeks ago: alive with 72% after 2
    repeat purchases, 60% after 9
    """
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patheffects import withStroke

    words.check_grid(table, value)
    ax = new_axes(ax, (6.4, 4.7))
    dress(ax, xlabel="Repeat purchases", ylabel=f"Age at the last purchase ({units})", grid=None)
    wide = table.pivot(index="recency", columns="frequency", values=value)
    x, y, z = wide.columns.to_numpy(dtype=float), wide.index.to_numpy(), wide.to_numpy()
    ramp = LinearSegmentedColormap.from_list("alive", ["#f4f6f8", "#6f93b3", CLASS_COLORS["A"]])
    top = 1.0 if value == "p_alive" else float(np.nanmax(z))
    style: dict[str, Any] = {"cmap": ramp, "vmin": 0, "vmax": top, "shading": "nearest"}
    mesh = ax.pcolormesh(x, y, z, **{**style, **map_kws})
    bar = ax.figure.colorbar(mesh, ax=ax, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=10.5, labelcolor=MUTED)
    if value == "p_alive":
        bar.ax.yaxis.set_major_formatter(percent_ticks())
    if min(z.shape) > 2:
        levels = np.linspace(0.1, 0.9, 5) if value == "p_alive" else np.array(ticks_up_to(top))[1:]
        # Its lines start inside the map and are labelled, so that the map can be read in grey.
        curves = ax.contour(x, y, z, levels=levels, colors=[CLASS_COLORS["B"]], linewidths=1.5)
        named = ax.clabel(
            curves,
            fontsize=10.5,
            colors=[INK],
            fmt=lambda v: words.grid_value(value, float(v)),
        )
        for label in named:
            label.set_path_effects([withStroke(linewidth=3, foreground="white")])
    finding(ax, words.grid_title(table, value, T, units))
    return ax


def plot_alive_path(table: pd.DataFrame, *, ax: Axes | None = None, **line_kws: Any) -> Axes:
    """Draw P(alive) of one customer from the first purchase to the end, purchases marked at the foot.

    Parameters
    ----------
    table : DataFrame of shape (n_days, at least 3)
        As `lifetime.alive_path` returns it.
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
        If a column is missing or there is no day.

    See Also
    --------
    alt_alive_path : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> days = pd.to_datetime(["2024-01-01", "2024-01-02"])
    >>> table = pd.DataFrame({"day": days, "bought": [True, False], "p_alive": [1.0, 0.8]})
    >>> print(plot_alive_path(table).get_title(loc="left"))
    1 purchase, then 1 days of silence: 80% likely still a customer
    """
    words.check_path(table)
    picture = PathPicture(new_axes(ax), **line_kws)
    picture.update(table)
    return picture.ax


class PathPicture:
    """The artists of a history with P(alive), made once; `update` gives them another history.

    Parameters
    ----------
    ax : Axes
    **line_kws
        Style of the curve.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> len(PathPicture(Figure().subplots()).ax.lines)
    2
    """

    def __init__(self, ax: Axes, **line_kws: Any) -> None:
        self.ax = ax
        dress(ax, ylabel="Probability of still being a customer")
        style: dict[str, Any] = {"color": CLASS_COLORS["A"], "linewidth": 2.2}
        (self.line,) = ax.plot([], [], **{**style, **line_kws})
        (self.ticks,) = ax.plot(
            [], [], "|", color=CLASS_COLORS["B"], markersize=16, markeredgewidth=2, clip_on=False
        )
        self.note = ax.text(
            0.01, 0.07, "each tick: a purchase", color=MUTED, fontsize=10.5, transform=ax.transAxes
        )
        ax.set_ylim(0, 1.06)
        ax.yaxis.set_major_formatter(percent_ticks())

    def update(self, table: pd.DataFrame) -> None:
        """Show this history; the table is that of `plot_alive_path`."""
        words.check_path(table)
        days = table["day"].to_numpy()
        bought = table.loc[table["bought"], "day"].to_numpy()
        self.line.set_data(days, table["p_alive"].to_numpy(dtype=float))
        self.ticks.set_data(bought, np.full(len(bought), 0.02))
        room = np.timedelta64(max(1, (table["day"].iloc[-1] - table["day"].iloc[0]).days // 50), "D")
        self.ax.set_xlim(days[0] - room, days[-1] + room)
        first, last = table["day"].iloc[0], table["day"].iloc[-1]
        span = (last - first).days
        if span < 60:
            ticks = pd.date_range(first, last, periods=2)
            self.ax.set_xticks(ticks.to_numpy(), [f"{tick:%Y-%m-%d}" for tick in ticks])
        else:
            months = 1 if span < 240 else 3 if span < 700 else 6
            ticks = pd.date_range(first.to_period("M").to_timestamp(), last, freq=f"{months}MS")
            ticks = ticks[ticks >= first]
            self.ax.set_xticks(ticks.to_numpy(), [f"{tick:%b %Y}" for tick in ticks])
        finding(self.ax, words.path_title(table))


def plot_value(
    table: pd.DataFrame,
    *,
    cost: float,
    unit: str = "RMB",
    top: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what a new customer has brought by month, by the model and by the formula, against its cost.

    Parameters
    ----------
    table : DataFrame of shape (n_months + 1, 3)
        `month`, `model`, `formula` (money so far), as `widgets.value_answer` makes it.
    cost : float
        What it costs to win one, in `unit`.
    unit : str
    top : float, optional
        Upper end of the axis; without it, both lines fit.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no month.

    See Also
    --------
    alt_value : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"month": [0, 1], "model": [10.0, 30.0], "formula": [0.0, 90.0]})
    >>> print(plot_value(table, cost=20).get_title(loc="left"))
    A cost of 20 RMB is back in month 1; after 1 months, +10 RMB
    """
    words.check_value(table)
    picture = ValuePicture(new_axes(ax))
    picture.update(table, cost=cost, unit=unit, top=top)
    return picture.ax


class ValuePicture:
    """The artists of `plot_value`, made once; `update` gives them another table.

    Parameters
    ----------
    ax : Axes

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> len(ValuePicture(Figure().subplots()).ax.lines)
    4
    """

    def __init__(self, ax: Axes) -> None:
        self.ax = ax
        dress(ax, xlabel="Months after the first purchase", ylabel="Brought so far")
        (self.formula,) = ax.plot(
            [], [], color=CLASS_COLORS["B"], linewidth=2.2, linestyle=(0, (5, 2)), label="the formula"
        )
        (self.model,) = ax.plot([], [], color=CLASS_COLORS["A"], linewidth=2.4, label="the model")
        (self.cost,) = ax.plot([], [], color=INK, linewidth=1.2, label="cost of winning one")
        (self.back,) = ax.plot([], [], "o", color=INK, markersize=7)
        ax.legend(loc="upper left", frameon=False, fontsize=10.5, labelcolor=INK)

    def update(
        self, table: pd.DataFrame, *, cost: float, unit: str = "RMB", top: float | None = None
    ) -> None:
        """Show this table; the arguments are those of `plot_value`."""
        words.check_value(table)
        month = table["month"].to_numpy(dtype=float)
        self.model.set_data(month, table["model"].to_numpy(dtype=float))
        self.formula.set_data(month, table["formula"].to_numpy(dtype=float))
        self.cost.set_data([0, month[-1]], [cost, cost])
        reached = words.month_back(table, cost)
        self.back.set_data([] if reached is None else [reached], [] if reached is None else [cost])
        most = top or float(max(table["model"].max(), table["formula"].max(), cost))
        self.ax.set(xlim=(0, max(float(month[-1]), 1.0)), ylim=(0, 1.3 * most))
        self.ax.set_xticks(ticks_up_to(max(float(month[-1]), 1.0), whole=True))
        self.ax.set_yticks(ticks_up_to(1.2 * most))
        self.ax.yaxis.set_major_formatter(value_ticks(most))
        self.ax.set_ylabel(f"Brought so far ({_scale(most)}{unit})")
        finding(self.ax, words.value_title(table, cost, unit))


def _scale(most: float) -> str:
    from casebook.plots.style import scale_of

    return scale_of(most)[1]
