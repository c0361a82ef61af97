"""What visitors to a showroom show: do they come back, and which signs speak for a purchase?

A visit or a call back counts alike as a *return* (回笼). A *likelihood ratio* says how much more often a sign
is seen in buyers than in others. One row per visit or per visitor; such tables stay small: pandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from casebook.days import as_day
from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.prospect_cells import check_flags, check_levels

__all__ = ["RETURN_CUTS", "naive_bayes", "return_band", "return_curve", "signal_lr"]

#: Days from the first visit to the first return: up to the first hot, the second normal, the third cooling.
RETURN_CUTS = (3, 7, 30)


def return_band(
    visits: pd.DataFrame,
    as_of: str | pd.Timestamp,
    *,
    key: str = "visitor_id",
    date: str = "date",
    cuts: tuple[int, int, int] = RETURN_CUTS,
) -> pd.DataFrame:
    """Say of each visitor how soon the first return came (回笼周期).

    Parameters
    ----------
    visits : DataFrame, one row per visit
    as_of : date or "YYYY-MM-DD"
        The day on which you look; later visits are refused.
    key, date : str
        Columns with the visitor and the day of the visit.
    cuts : three rising numbers of days
        Up to the first: hot; the second: normal; the third: cooling; later or never: watch.

    Returns
    -------
    DataFrame, one row per visitor, sorted by `key`
        `key`, `first_visit`, `days_to_return` (missing without a return), `followed_days` (from the first
        visit to `as_of`), `band` and `reason`. Without a return, `band` is missing until the last cut has
        passed: nobody can be said to have stayed away before.

    Raises
    ------
    TableError
        If a column is missing or has gaps, a visit lies after `as_of`, or the cuts do not rise.

    Notes
    -----
    Source: the source course calls 3 days best, about a week usual, a month the limit; between a week and a
    month it says nothing, so *cooling* is our convention.

    Examples
    --------
    >>> visits = pd.DataFrame({"visitor_id": ["Ada", "Ada", "Bo"],
    ...                        "date": pd.to_datetime(["2024-03-01", "2024-03-04", "2024-03-01"])})
    >>> return_band(visits, "2024-06-01")[["visitor_id", "days_to_return", "band"]].values.tolist()
    [['Ada', 3.0, 'hot'], ['Bo', nan, 'watch']]
    """
    people = _first_return(visits, pd.Timestamp(as_day(as_of, "as_of")), key, date)
    if not 0 < cuts[0] < cuts[1] < cuts[2]:
        raise TableError(f"cuts must be three rising numbers of days, such as (3, 7, 30); got {tuple(cuts)}.")
    days, early = people["days_to_return"], people["followed_days"] < cuts[2]
    cases = [days <= cuts[0], days <= cuts[1], days <= cuts[2], days.notna(), early]
    words = ["hot", "normal", "cooling", "watch", "too early"]
    reasons = [
        *(f"back within {cut} days" for cut in cuts),
        f"back after more than {cuts[2]} days",
        f"not back, and seen for less than {cuts[2]} days",
    ]
    band = pd.Series(np.select(cases, words, "watch"), index=people.index)
    reason = np.select(cases, reasons, f"not back within {cuts[2]} days")
    return people.assign(band=band.where(band != "too early"), reason=reason)


def return_curve(
    visits: pd.DataFrame,
    as_of: str | pd.Timestamp,
    *,
    key: str = "visitor_id",
    date: str = "date",
    days: int = 30,
) -> pd.DataFrame:
    """Estimate which share of visitors is back by each day, by Kaplan and Meier.

    Parameters
    ----------
    visits, as_of, key, date
        As in `return_band`. A visitor seen for a few days only counts for those days.
    days : int
        The last day of the curve.

    Returns
    -------
    DataFrame of shape (days + 1, 4)
        `day`, `waiting` (visitors seen until that day and not back before it), `returned` (on that day),
        `back` (share that is back by then, 0-1).

    Raises
    ------
    TableError
        As `return_band`.

    Notes
    -----
    Source: Kaplan and Meier (1958).

    Examples
    --------
    >>> visits = pd.DataFrame({"visitor_id": ["Ada", "Ada", "Bo"],
    ...                        "date": pd.to_datetime(["2024-03-01", "2024-03-03", "2024-03-01"])})
    >>> return_curve(visits, "2024-06-01", days=2)["back"].tolist()
    [0.0, 0.0, 0.5]
    """
    people = _first_return(visits, pd.Timestamp(as_day(as_of, "as_of")), key, date)
    seen = people["days_to_return"].fillna(people["followed_days"]).to_numpy()
    came = people["days_to_return"].notna().to_numpy()
    day = np.arange(days + 1)
    waiting = (seen[:, None] >= day).sum(axis=0)
    returned = ((seen[:, None] == day) & came[:, None]).sum(axis=0)
    stayed = np.cumprod(1 - returned / np.maximum(waiting, 1))
    return pd.DataFrame({"day": day, "waiting": waiting, "returned": returned, "back": 1 - stayed})


def signal_lr(
    visitors: pd.DataFrame, signals: Sequence[str], outcome: str, *, level: float = 0.95
) -> pd.DataFrame:
    """Estimate for each buying signal (购买讯息) its likelihood ratio: how much likelier is it in buyers?

    Parameters
    ----------
    visitors : DataFrame, one row per visitor
    signals : sequence of str
        Columns of yes and no.
    outcome : str
        Column of yes and no: bought.
    level : float
        Of the interval.

    Returns
    -------
    DataFrame of shape (n_signals, 7), in the order of `signals`
        `signal`, `in_buyers` and `in_others` (shares that show it), `lr` (the first over the second), `low`
        and `high` (its interval), `lr_absent` (ratio when the sign is missing). Where a cell is empty the
        ratio is 0 or infinite and has no interval.

    Raises
    ------
    TableError
        If a column is missing or holds anything but yes and no, or nobody (or everybody) bought.

    Notes
    -----
    Source: the source course lists signs without weights; ratio and interval (normal on the logarithm) are
    those of diagnostic tests, Simel, Samsa and Matchar (1991).

    Examples
    --------
    30 of 40 buyers bargained, and 15 of 60 others:

    >>> bargain = [1] * 30 + [0] * 10 + [1] * 15 + [0] * 45
    >>> visitors = pd.DataFrame({"bargain": bargain, "bought": [1] * 40 + [0] * 60})
    >>> signal_lr(visitors, ["bargain"], "bought").round(2)[["signal", "lr", "low", "high", "lr_absent"]]
        signal   lr   low  high  lr_absent
    0  bargain  3.0  1.87  4.82       0.33
    """
    bought = check_flags(visitors, outcome)
    n1, n0 = int(bought.sum()), int((~bought).sum())
    if not n1 or not n0:
        raise TableError(f"Column {outcome!r} says the same of everybody: buyers and others are both needed.")
    z = NormalDist().inv_cdf(0.5 + level / 2)
    rows = []
    for name in signals:
        seen = check_flags(visitors, name)
        a, b = int((seen & bought).sum()), int((seen & ~bought).sum())
        p1, p0 = a / n1, b / n0
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = float(np.divide(p1, p0))
            absent = float(np.divide(1 - p1, 1 - p0))
        reach = z * np.sqrt(1 / a - 1 / n1 + 1 / b - 1 / n0) if a and b else np.nan
        rows.append((name, p1, p0, ratio, ratio * np.exp(-reach), ratio * np.exp(reach), absent))
    names = ["signal", "in_buyers", "in_others", "lr", "low", "high", "lr_absent"]
    return pd.DataFrame(rows, columns=names)


def naive_bayes(prior: float, lrs: Sequence[float] | np.ndarray) -> float:
    """Turn a prior probability and some likelihood ratios into a probability, as if they were independent.

    Parameters
    ----------
    prior : float strictly between 0 and 1
        Probability before any sign was seen.
    lrs : sequence of float, each 0 or more
        One ratio for each sign seen.

    Returns
    -------
    float from 0 to 1

    Raises
    ------
    TableError
        If the prior is not between 0 and 1, or a ratio is negative or missing.

    Notes
    -----
    Odds times ratio times ratio: Bayes' rule. Signs that go together are counted twice.

    Examples
    --------
    >>> round(naive_bayes(0.4, [3]), 3), round(naive_bayes(0.4, [3, 3]), 3)
    (0.667, 0.857)
    """
    check_levels(prior, "prior")
    if not 0 < prior < 1:
        raise TableError(f"`prior` must lie strictly between 0 and 1, got {prior}.")
    ratios = np.asarray(lrs, dtype=float)
    if not (ratios >= 0).all():
        raise TableError(f"Each likelihood ratio must be a number of 0 or more, got {list(lrs)}.")
    odds = prior / (1 - prior) * float(np.prod(ratios))
    return float(odds / (1 + odds)) if np.isfinite(odds) else 1.0


def _first_return(visits: Any, day: pd.Timestamp, key: str, date: str) -> pd.DataFrame:
    """One row a visitor: first visit, days to the first return, days seen."""
    need_pandas(visits, [key, date])
    for column in (key, date):
        if visits[column].isna().any():
            raise TableError(f"Column {column!r} has gaps: fill them in or leave those rows out.")
    if not pd.api.types.is_datetime64_any_dtype(visits[date]):
        raise TableError(f"Column {date!r} must hold days: turn it with pd.to_datetime first.")
    late = visits[visits[date] > day]
    if len(late):
        raise TableError(
            f"{len(late):,} visits lie after {day:%Y-%m-%d} (the first of {late[key].tolist()[0]!r}): "
            "leave them out, or look on a later day."
        )
    ordered = visits.sort_values([key, date], kind="stable")
    nth = ordered.groupby(key).cumcount()
    first = ordered[nth == 0].set_index(key)[date]
    second = ordered[nth == 1].set_index(key)[date].reindex(first.index)
    return pd.DataFrame(
        {
            "first_visit": first,
            "days_to_return": (second - first).dt.days.astype("float64"),
            "followed_days": (day - first).dt.days,
        }
    ).reset_index()
