"""Is the model right? Purchases expected beside those that came, and a cohort beside its projection."""

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

__all__ = ["plot_conditional", "plot_retention", "plot_tracking"]

DASHED = (0, (5, 2))


def plot_tracking(
    table: pd.DataFrame,
    *,
    running: bool = True,
    what: str = "repeat purchases",
    ax: Axes | None = None,
    **line_kws: Any,
) -> Axes:
    """Draw repeat purchases by period, those that came and those expected; the end of calibration is marked.

    Parameters
    ----------
    table : DataFrame of shape (n_periods, 7)
        As `lifetime.tracking` returns it.
    running : bool
        Whether to draw running totals; otherwise the purchases of each period.
    what : str
        The word for what is counted.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **line_kws
        Style of the model's line, as for `Axes.plot`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no period.

    See Also
    --------
    alt_tracking : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> days = pd.to_datetime(["2024-01-07", "2024-01-14"])
    >>> table = pd.DataFrame({"period": [1, 2], "end": days, "holdout": [False, True], "actual": [9, 10],
    ...     "expected": [8.0, 9.0], "actual_running": [9, 19], "expected_running": [8.0, 17.0]})
    >>> print(plot_tracking(table).get_title(loc="left"))
    After the model's last look, it expected 9 repeat purchases and
    10 came (-10%)
    """
    words.check_tracking(table)
    ax = new_axes(ax)
    end = "_running" if running else ""
    kind = "Running total of" if running else "Number of"
    dress(ax, ylabel=f"{kind} {what}")
    days = table["end"].to_numpy()
    came, expected = (table[f"{name}{end}"].to_numpy(dtype=float) for name in ("actual", "expected"))
    top = max(float(came.max()), float(expected.max()), 1.0)
    style = {"color": CLASS_COLORS["B"], "linewidth": 2.2, "linestyle": DASHED, "label": "model"}
    ax.plot(days, came, color=CLASS_COLORS["A"], linewidth=2.2 if running else 1.4, label="came")
    ax.plot(days, expected, **{**style, **line_kws})
    ax.set_ylim(0, 1.15 * top)
    ax.set_yticks(ticks_up_to(top))
    ax.yaxis.set_major_formatter(value_ticks(top))
    _date_ticks(ax, table["end"])
    known, later = table[~table["holdout"]], table[table["holdout"]]
    if len(known) and len(later):
        cut = known["end"].iloc[-1]
        ax.axvline(cut, color=MUTED, linewidth=1.1)
        ax.annotate(
            "the model saw\nall before this line", (cut, 1.13 * top), (-6, 0), textcoords="offset points",
            ha="right", va="top", color=MUTED, fontsize=10.5,
        )  # fmt: skip
    ax.legend(loc="upper left" if running else "upper right", frameon=False, fontsize=10.5, labelcolor=INK)
    finding(ax, words.tracking_title(table, what, running=running))
    return ax


def _date_ticks(ax: Axes, ends: pd.Series) -> None:
    """Mark quarters, or half-years where the time is long, by their first day."""
    first, last = ends.iloc[0], ends.iloc[-1]
    months = 3 if (last - first).days < 700 else 6
    ticks = pd.date_range(first.to_period("M").to_timestamp(), last, freq=f"{months}MS")
    ax.set_xticks(ticks.to_numpy(), [f"{tick:%b %Y}" for tick in ticks])


def plot_conditional(
    table: pd.DataFrame, *, what: str = "purchases", ax: Axes | None = None, **point_kws: Any
) -> Axes:
    """Draw mean later purchases by repeat purchases before: those that came, those the model expected.

    Parameters
    ----------
    table : DataFrame of shape (n_groups, 6)
        As `lifetime.conditional_expectation` returns it.
    what : str
        The word for what is counted.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **point_kws
        Style of the points that came, as for `Axes.errorbar`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no group.

    See Also
    --------
    alt_conditional : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"group": ["0"], "customers": [5], "actual": [0.4], "expected": [0.5],
    ...                       "low": [0.1], "high": [0.7]})
    >>> print(plot_conditional(table).get_title(loc="left"))
    In 1 of 1 groups the model's mean lies within what chance allows
    """
    words.check_conditional(table)
    ax = new_axes(ax)
    dress(ax, xlabel="Repeat purchases before (customers)", ylabel=f"Mean {what} afterwards")
    at = np.arange(len(table))
    came = table["actual"].to_numpy(dtype=float)
    low, high = (table[name].fillna(table["actual"]).to_numpy(dtype=float) for name in ("low", "high"))
    style: dict[str, Any] = {"fmt": "o", "color": CLASS_COLORS["A"], "ecolor": MUTED, "markersize": 7}
    reach = np.clip([came - low, high - came], 0, None)
    ax.errorbar(at, came, yerr=reach, label="came, with 95 %", **{"elinewidth": 1.6, **style, **point_kws})
    ax.plot(at, table["expected"], "--s", color=CLASS_COLORS["B"], markersize=6, linewidth=1.8, label="model")
    ax.set_xticks(at, [f"{g}\n({n:,})" for g, n in zip(table["group"], table["customers"], strict=True)])
    ax.set_ylim(0, 1.08 * max(float(high.max()), float(table["expected"].max()), 0.1))
    ax.legend(loc="upper left", frameon=False, fontsize=10.5, labelcolor=INK)
    finding(ax, words.conditional_title(table))
    return ax


def plot_retention(
    table: pd.DataFrame, *, periods: str = "years", ax: Axes | None = None, **line_kws: Any
) -> Axes:
    """Draw what is left of a cohort, with the sBG's projection and that of one rate for all.

    Parameters
    ----------
    table : DataFrame of shape (n_periods, 7)
        As `lifetime.renewal_table` returns it.
    periods : str
        The word for the periods.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **line_kws
        Style of the sBG's line, as for `Axes.plot`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no period.

    See Also
    --------
    alt_retention : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> row = {"period": 1, "holdout": False, "survival": 0.6, "retention": 0.6, "survival_sbg": 0.61,
    ...        "survival_constant": 0.7}
    >>> print(plot_retention(pd.DataFrame([row])).get_title(loc="left"))
    After 1 years 60% are left; the sBG said 61%, one rate for all 70%
    """
    words.check_retention(table)
    ax = new_axes(ax)
    dress(ax, xlabel=f"Renewals ({periods})", ylabel="Share of the cohort left")
    x = np.r_[0, table["period"]]
    lines = {
        "sBG": ("survival_sbg", {"color": CLASS_COLORS["A"], "linewidth": 2.2, **line_kws}),
        "one rate for all": (
            "survival_constant",
            {"color": CLASS_COLORS["B"], "linewidth": 2.2, "linestyle": DASHED},
        ),
    }
    for label, (column, style) in lines.items():
        ax.plot(x, np.r_[1.0, table[column]], label=label, **style)
    known = int((~table["holdout"]).sum())
    seen = np.r_[1.0, table["survival"]]
    ax.plot(x[: known + 1], seen[: known + 1], "o", color=INK, markersize=7, label="seen, known")
    if known < len(table):
        ax.plot(
            x[known + 1 :], seen[known + 1 :], "o", color="white", markeredgecolor=INK, markersize=7,
            label="seen, held out",
        )  # fmt: skip
        ax.axvline(known + 0.5, color=MUTED, linewidth=1.1)
    ax.set(ylim=(0, 1.05), xticks=x)
    ax.yaxis.set_major_formatter(percent_ticks())
    ax.legend(loc="upper right", frameon=False, fontsize=10.5, labelcolor=INK)
    finding(ax, words.retention_title(table, periods))
    return ax
