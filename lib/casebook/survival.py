"""How long customers stay, with those who are still here, and with those who were here before the data began.

`kaplan_meier` counts at each departure who could have been seen to leave. A customer who joined before the
data begin is seen from then on only (delayed entry, left truncation): earlier departures of the same kind are
in no table, so such a customer must not count as having been at risk before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from casebook.errors import TableError

__all__ = ["LogRank", "kaplan_meier", "log_rank", "survival_at"]


class LogRank(NamedTuple):
    """Whether groups leave at different rates: the statistic, its degrees of freedom, and p."""

    statistic: float
    df: int
    p: float


def kaplan_meier(
    durations: ArrayLike, events: ArrayLike, entry: ArrayLike | None = None, *, level: float = 0.95
) -> pd.DataFrame:
    """Estimate the share of customers still here after each length of time.

    Parameters
    ----------
    durations : array-like of shape (n_customers,)
        Time from joining to leaving, or to the last day seen, in one unit (days or years); more than `entry`.
    events : array-like of bool of shape (n_customers,)
        True where the customer left at `durations`, False where it was still here (censored).
    entry : array-like of shape (n_customers,), optional
        Time from joining to the first day seen; 0 for everybody without it. A customer counts as at risk at
        time t if entry < t <= duration.
    level : float
        Of the interval, 0 to 1.

    Returns
    -------
    DataFrame of shape (1 + n_distinct_departure_times, 6)
        `time` (0 first), `at_risk` and `events` (customers), `survival` (0-1), `low`, `high` (0-1).

    Raises
    ------
    TableError
        If a value is missing or negative, an event is not true or false, nobody leaves, or somebody is first
        seen after the own last day.

    Notes
    -----
    S(t) is the product of 1 - departures / at risk over all departure times up to t (Kaplan & Meier 1958),
    its variance Greenwood's; the interval is made on the scale log(-log S), so that it stays within 0 and 1.
    With delayed entry few may be at risk at first: one departure of one customer at risk would make S zero.

    See Also
    --------
    survival_at : read the curve at given times.

    Examples
    --------
    Four customers, who leave after 2, are still here after 3, leave after 4, are still here after 5:

    >>> kaplan_meier([2, 3, 4, 5], [1, 0, 1, 0])[["time", "at_risk", "events", "survival"]]
       time  at_risk  events  survival
    0   0.0        4       0     1.000
    1   2.0        4       1     0.750
    2   4.0        2       1     0.375

    The last two were first seen after 3. At time 2 nobody would have known of them, had they left:

    >>> kaplan_meier([2, 3, 4, 5], [1, 0, 1, 0], entry=[0, 0, 3, 3])["survival"].tolist()
    [1.0, 0.5, 0.25]
    """
    from scipy.stats import norm

    until, left, since = _read(durations, events, entry)
    if not 0 < level < 1:
        raise TableError(f"level must be between 0 and 1, got {level!r}.")
    if not left.any():
        raise TableError("Nobody leaves, so there is nothing to estimate: every event is False.")
    times, gone = np.unique(until[left], return_counts=True)
    at_risk = _at_risk(times, until, since)
    survival = np.cumprod(1 - gone / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.cumsum(gone / (at_risk * (at_risk - gone)))
        width = norm.ppf(0.5 + level / 2) * np.sqrt(spread) / np.log(survival)
        low, high = survival ** np.exp(-width), survival ** np.exp(width)
    low, high = (np.where(survival > 0, bound, 0.0) for bound in (low, high))
    start = int((since == 0).sum())
    return pd.DataFrame({
        "time": [0.0, *times], "at_risk": [start, *at_risk], "events": [0, *gone],
        "survival": [1.0, *survival], "low": [1.0, *low], "high": [1.0, *high],
    })  # fmt: skip


def survival_at(curve: pd.DataFrame, times: ArrayLike) -> np.ndarray:
    """Read a survival curve at given times; between two departures it stays level.

    Parameters
    ----------
    curve : DataFrame
        As `kaplan_meier` returns it.
    times : array-like of shape (n_times,)
        In the unit of the curve; past its last departure the last value holds.

    Returns
    -------
    ndarray of shape (n_times,)
        The shares still here, 0 to 1.

    Raises
    ------
    TableError
        If a time is negative or the table is not a curve.

    Examples
    --------
    >>> survival_at(kaplan_meier([2, 3, 4, 5], [1, 0, 1, 0]), [1.9, 2, 100]).tolist()
    [1.0, 0.75, 0.375]
    """
    for column in ("time", "survival"):
        if column not in curve.columns:
            raise TableError(f"The curve has no column {column!r}: give the table that kaplan_meier returns.")
    asked = np.atleast_1d(np.asarray(times, dtype=float))
    if not (asked >= 0).all():
        raise TableError("times must be 0 or more.")
    place = np.searchsorted(curve["time"].to_numpy(), asked, side="right") - 1
    result: np.ndarray = curve["survival"].to_numpy()[place]
    return result


def log_rank(
    durations: ArrayLike, events: ArrayLike, groups: ArrayLike, entry: ArrayLike | None = None
) -> LogRank:
    """Test whether groups of customers leave at the same rate.

    Parameters
    ----------
    durations, events, entry
        As for `kaplan_meier`.
    groups : array-like of shape (n_customers,)
        The group of each customer; two or more.

    Returns
    -------
    LogRank
        `statistic` (chi-square), `df` (groups less one), `p`.

    Raises
    ------
    TableError
        As `kaplan_meier`, or if there is only one group, or groups are never at risk at the same time.

    Notes
    -----
    At each departure time the departures of a group are held against those expected if all at risk were alike
    (Mantel 1966; the source course only says that one should respond faster).

    Examples
    --------
    >>> test = log_rank([1, 2, 3, 4, 6, 7, 8, 9], [1] * 8, list("aaaabbbb"))
    >>> test.df, round(test.statistic, 3), round(test.p, 4)
    (1, 7.344, 0.0067)
    """
    from scipy.stats import chi2

    until, left, since = _read(durations, events, entry)
    names, group = np.unique(np.asarray(groups), return_inverse=True)
    if len(group) != len(until) or len(names) < 2:
        raise TableError("groups must name the group of each customer, and two groups or more.")
    times, gone = np.unique(until[left], return_counts=True)
    all_risk = _at_risk(times, until, since)
    risk = np.array([_at_risk(times, until[group == g], since[group == g]) for g in range(len(names))])
    seen = np.array([[np.sum(left & (group == g) & (until == t)) for t in times] for g in range(len(names))])
    share = risk / all_risk
    gap = (seen - gone * share).sum(axis=1)[:-1]
    spread = gone * (all_risk - gone) / np.maximum(all_risk - 1, 1)
    cover = (np.einsum("gt,ht,t->gh", -share, share, spread) + np.diag((share * spread).sum(axis=1)))[
        :-1, :-1
    ]
    try:
        statistic = float(gap @ np.linalg.solve(cover, gap))
    except np.linalg.LinAlgError:
        raise TableError("Some group is never at risk beside another: nothing can be compared.") from None
    return LogRank(statistic, len(names) - 1, float(chi2.sf(statistic, len(names) - 1)))


def _at_risk(times: np.ndarray, until: np.ndarray, since: np.ndarray) -> np.ndarray:
    """How many at each time had been seen before it and not yet left: entry < time <= duration."""
    entered = np.searchsorted(np.sort(since), times, side="left")
    ended = np.searchsorted(np.sort(until), times, side="left")
    count: np.ndarray = entered - ended
    return count


def _read(durations: Any, events: Any, entry: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    until = _numbers(durations, "durations")
    since = np.zeros(len(until)) if entry is None else _numbers(entry, "entry")
    left = _numbers(events, "events")
    for name, values in (("events", left), ("entry", since)):
        if len(values) != len(until):
            raise TableError(
                f"{name} has {len(values)} values, durations {len(until)}: one for each customer."
            )
    if not np.isin(left, (0, 1)).all():
        raise TableError("events must be true or false for each customer: who left, and who was still here.")
    if (bad := since >= until).any():
        at = int(bad.argmax())
        raise TableError(
            f"Row {at}: first seen at {since[at]:g}, last at {until[at]:g}. Leave out whoever was never "
            "seen, or count from the day of joining in both."
        )
    return until, left.astype(bool), since


def _numbers(values: Any, name: str) -> np.ndarray:
    try:
        numbers = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise TableError(f"{name} must be numbers; turn dates into days since joining first.") from None
    if numbers.ndim != 1 or not len(numbers):
        raise TableError(f"{name} must be a list with one value for each customer.")
    if (bad := ~(np.isfinite(numbers) & (numbers >= 0))).any():
        at = int(bad.argmax())
        raise TableError(f"{name}: row {at} is {numbers[at]:g}; give a time of 0 or more for each customer.")
    return numbers
