"""Split a budget over ways of finding: the average cost of a customer is not the cost of the next one.

Every way of finding wears out: own records hold only so many names. One curve says how, with one number
that somebody has to guess, the *room*: how many times as many customers as in a year so far a method could
bring at the very most. Spending b a year then brings ceiling x (1 - exp(-b / scale)) customers, and the
curve passes through what was seen. All tables are small: pandas only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.prospecting_checks import check_counts, check_level, check_total

__all__ = ["budget_split", "budget_stability", "compare_splits", "split_outcome"]


class _Curves(NamedTuple):
    """Ceiling (customers a year) and scale (RMB) of each method; arrays of shape (..., n_methods)."""

    ceiling: np.ndarray
    scale: np.ndarray

    def customers(self, spend: np.ndarray) -> np.ndarray:
        return np.asarray(-self.ceiling * np.expm1(-spend / self.scale))

    def next_cost(self, spend: np.ndarray) -> np.ndarray:
        return np.asarray(self.scale / self.ceiling * np.exp(spend / self.scale))


def _curves(cost: np.ndarray, customers: np.ndarray, years: float, room: float) -> _Curves:
    """The curve of each method, through its cost and customers a year."""
    return _Curves(room * customers / years, cost / years / -np.log1p(-1 / room))


def _checked(
    methods: pd.DataFrame, budget: float, room: float, years: float, least: float
) -> tuple[np.ndarray, np.ndarray]:
    """Cost and customers of each method, or a TableError."""
    need_pandas(methods, ["method", "cost", "customers"])
    cost = check_counts(methods, "cost", whole=False)
    customers = check_counts(methods, "customers", whole=False)  # a mean may be a fraction
    if methods["method"].duplicated().any():
        twice = methods.loc[methods["method"].duplicated(), "method"].iloc[0]
        raise TableError(f"Column 'method' names {twice!r} more than once: add up to one row each first.")
    for name, values in (("cost", cost), ("customers", customers)):
        if (values == 0).any():
            first = methods["method"].iloc[int(np.flatnonzero(values == 0)[0])]
            raise TableError(f"Method {first!r} has no {name} so far, so it has no curve: leave it out.")
    for name, number in (("budget", budget), ("years", years), ("least", least)):
        check_total(name, number)
    if not (1 < room <= 1000):
        raise TableError(
            f"room must lie above 1 and up to 1000 (times the customers of a year so far), got {room!r}."
        )
    if not years > 0:
        raise TableError("years must be above 0: in how many years was the cost spent?")
    if least * len(methods) > budget:
        raise TableError(
            f"At least {least:,.0f} for each of {len(methods)} methods exceeds the budget, {budget:,.0f}."
        )
    return cost, customers


def _solve(curves: _Curves, worth: np.ndarray, budget: float, least: float) -> np.ndarray:
    """The split at which the next customer's worth costs the same everywhere; rows are separate problems."""
    first = curves.scale / (curves.ceiling * worth)  # price of the first unit of worth
    low = np.log(first.min(axis=-1, keepdims=True)) - 1e-9
    high = np.log(first.max(axis=-1, keepdims=True)) + budget / curves.scale.min(axis=-1, keepdims=True)

    def spend(price: np.ndarray) -> np.ndarray:
        return np.asarray(np.maximum(least, curves.scale * (price - np.log(first))))

    for _ in range(80):
        middle = (low + high) / 2
        over = spend(middle).sum(axis=-1, keepdims=True) > budget
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    split = spend(low)
    return np.asarray(split * (budget / np.maximum(split.sum(axis=-1, keepdims=True), 1e-300)))


def _worth(worth: Mapping[str, float] | None, names: pd.Series) -> np.ndarray:
    if worth is None:
        return np.ones(len(names))
    values = names.map(dict(worth)).to_numpy(dtype=float)
    if not (np.isfinite(values) & (values > 0)).all():
        first = names[~(np.isfinite(values) & (values > 0))].iloc[0]
        raise TableError(
            f"worth needs a positive number for {first!r}: a method without one cannot be weighed."
        )
    return values


def budget_split(
    methods: pd.DataFrame,
    budget: float,
    *,
    room: float = 3.0,
    years: float = 1.0,
    least: float = 0.0,
    worth: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Split next year's budget so that the next customer costs the same wherever it comes from.

    Parameters
    ----------
    methods : DataFrame, one row per way of finding
        `method`, `cost` (RMB), `customers`, as `prospecting.method_economics` returns them.
    budget : float
        RMB for the year.
    room : float
        Ceiling of every method: so many times its customers of a year so far. Near 1 a method is worn out; at
        large values the average cost goes on for ever.
    years : float
        Time in which `cost` was spent.
    least : float
        RMB that every method gets in any case, to go on learning about it.
    worth : mapping of method to RMB, optional
        What one customer of each is worth; without it all customers count alike.

    Returns
    -------
    DataFrame, in the order of `methods`
        `method`, `before` (RMB a year so far), `budget` (RMB), `customers` (expected in the year), `average`
        (RMB a customer), `next_cost` (RMB for one more), `reason`.

    Raises
    ------
    TableError
        If a column is missing, a method has no cost or no customer, a name stands twice, the floors exceed
        the budget, or `room` is not above 1.

    Notes
    -----
    Our convention: a modified exponential curve with the same room for each method. Where methods differ in
    room (own records surely have less than advertising), give each its own by splitting the call.

    See Also
    --------
    budget_stability, compare_splits, casebook.plots.plot_budget

    Examples
    --------
    >>> two = pd.DataFrame({"method": ["referral", "fairs"], "cost": [5000, 60000], "customers": [10, 8]})
    >>> budget_split(two, 65_000)[["method", "budget", "customers", "next_cost"]].round(0)
         method   budget  customers  next_cost
    0  referral  35826.0       28.0     7509.0
    1     fairs  29174.0        4.0     7509.0
    """
    cost, seen = _checked(methods, budget, room, years, least)
    spend = _solve(_curves(cost, seen, years, room), _worth(worth, methods["method"]), budget, least)
    reason = [
        "until its next customer costs as much as elsewhere"
        if s > least * (1 + 1e-9) and s > 0
        else "only the floor: its next customer costs more than elsewhere"
        if least
        else "nothing: its first customer costs more than the next one elsewhere"
        for s in spend
    ]
    return split_outcome(methods, spend, room=room, years=years).assign(reason=reason)


def split_outcome(
    methods: pd.DataFrame, spend: Any, *, room: float = 3.0, years: float = 1.0
) -> pd.DataFrame:
    """Say what a given split of the budget would bring by each way of finding.

    Parameters
    ----------
    methods, room, years
        As in `budget_split`.
    spend : Series by method, mapping of method to RMB, or sequence in the order of `methods`

    Returns
    -------
    DataFrame, in the order of `methods`
        `method`, `before`, `budget`, `customers`, `average`, `next_cost`, as in `budget_split`.

    Raises
    ------
    TableError
        As `budget_split`, or if `spend` leaves out a method or holds a negative amount.

    Examples
    --------
    >>> two = pd.DataFrame({"method": ["referral", "fairs"], "cost": [5000, 60000], "customers": [10, 8]})
    >>> split_outcome(two, {"referral": 10_000, "fairs": 0})["customers"].round(1).tolist()
    [16.7, 0.0]
    """
    cost, seen = _checked(methods, 0, room, years, 0)
    curves, given = _curves(cost, seen, years, room), _spend(methods["method"], spend, "spend")
    got = curves.customers(given)
    return pd.DataFrame(
        {
            "method": methods["method"].to_numpy(),
            "before": cost / years,
            "budget": given,
            "customers": got,
            "average": np.where(got > 0, given / np.where(got > 0, got, 1), np.nan),
            "next_cost": curves.next_cost(given),
        }
    )


def _draws(cost: np.ndarray, seen: np.ndarray, years: float, room: float, draws: int, seed: int) -> _Curves:
    """Curves for what the counts could as well have been (Gamma, the Jeffreys posterior of Poisson)."""
    if draws < 1:
        raise TableError(f"draws must be 1 or more, got {draws!r}.")
    rate = np.random.default_rng(seed).gamma(seen + 0.5, size=(draws, len(seen)))
    return _curves(cost, rate, years, room)


def budget_stability(
    methods: pd.DataFrame,
    budget: float,
    *,
    room: float = 3.0,
    years: float = 1.0,
    least: float = 0.0,
    draws: int = 1000,
    level: float = 0.8,
    seed: int,
) -> pd.DataFrame:
    """Deal the customers again many times, split each time anew, and see how firm each method's budget is.

    Parameters
    ----------
    methods, budget, room, years, least
        As in `budget_split`.
    draws : int
        How often.
    level : float in (0, 1)
        Share of the draws between `low` and `high`.
    seed : int

    Returns
    -------
    DataFrame, in the order of `methods`
        `method`, `budget` (RMB, of the split as seen), `low`, `high` (RMB), `funded` (share of the draws in
        which it gets more than the floor).

    Raises
    ------
    TableError
        As `budget_split`.

    Examples
    --------
    >>> two = pd.DataFrame({"method": ["referral", "fairs"], "cost": [5000, 60000], "customers": [10, 8]})
    >>> budget_stability(two, 20_000, seed=5)["funded"].tolist()[0]
    1.0
    """
    check_level(level)
    cost, seen = _checked(methods, budget, room, years, least)
    ones = np.ones(len(seen))
    dealt = _solve(_draws(cost, seen, years, room, draws, seed), ones, budget, least)
    low, high = np.quantile(dealt, [(1 - level) / 2, (1 + level) / 2], axis=0)
    planned = _solve(_curves(cost, seen, years, room), ones, budget, least)
    funded = (dealt > least * (1 + 1e-6) + 1e-6).mean(axis=0)
    return pd.DataFrame(
        {
            "method": methods["method"].to_numpy(),
            "budget": planned,
            "low": low,
            "high": high,
            "funded": funded,
        }
    )


def compare_splits(
    methods: pd.DataFrame,
    splits: Mapping[str, Any],
    *,
    room: float = 3.0,
    years: float = 1.0,
    draws: int = 1000,
    level: float = 0.95,
    seed: int,
) -> pd.DataFrame:
    """Say how many customers each of several splits would bring in a year, and how sure that is.

    Parameters
    ----------
    methods : DataFrame
        As in `budget_split`.
    splits : mapping of name to RMB by method
        Each a Series by method, a dict, or a sequence in the order of `methods`. The first is compared with.
    room, years : float
        As in `budget_split`.
    draws, level, seed
        As in `budget_stability`; all splits meet the same draws.

    Returns
    -------
    DataFrame, one row per split
        `split`, `budget` (RMB), `customers`, `low`, `high` (expected customers, with the interval of the
        mean, not of a single year), `average` (RMB a customer), `more` (share of the draws in
        which it brings more than the first).

    Raises
    ------
    TableError
        As `budget_split`, or if a split leaves out a method or holds a negative amount.

    Examples
    --------
    >>> two = pd.DataFrame({"method": ["referral", "fairs"], "cost": [5000, 60000], "customers": [10, 8]})
    >>> splits = {"as before": [5000, 60000], "other": [20000, 45000]}
    >>> compare_splits(two, splits, seed=5)["customers"].round(1).tolist()
    [18.0, 30.4]
    """
    check_level(level)
    cost, seen = _checked(methods, 0, room, years, 0)
    as_seen, dealt = _curves(cost, seen, years, room), _draws(cost, seen, years, room, draws, seed)
    rows, base = [], None
    for name, given in splits.items():
        spend = _spend(methods["method"], given, name)
        again = dealt.customers(spend).sum(axis=-1)
        base = again if base is None else base
        total, ends = as_seen.customers(spend).sum(), np.quantile(again, [(1 - level) / 2, (1 + level) / 2])
        average = spend.sum() / total if total else np.inf
        rows.append((name, spend.sum(), total, *ends, average, (again > base).mean()))
    return pd.DataFrame(rows, columns=["split", "budget", "customers", "low", "high", "average", "more"])


def _spend(names: pd.Series, given: Any, split: str) -> np.ndarray:
    """RMB by method, in the order of the methods."""
    if isinstance(given, (Mapping, pd.Series)):
        spend = names.map(dict(given)).to_numpy(dtype=float)
    else:
        spend = np.asarray(given, dtype=float)
    if spend.shape != (len(names),) or not (np.isfinite(spend) & (spend >= 0)).all():
        raise TableError(f"Split {split!r} needs an amount from 0 for each of the {len(names)} methods.")
    return spend
