"""Choose with limited means: which accounts get the hours, where growth came from, who overtakes whom.

Tables of accounts are small: pandas. Money is in any one currency, hours are whole steps of an hour.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import amount_units, check_values, find_unit, number
from casebook.frames import need_pandas, refuse_gaps, start

__all__ = [
    "STRATEGIES",
    "choose_accounts",
    "growth_decomposition",
    "years_to_overtake",
]

#: The strategies of the source course (names only), and the part of growth that each works on (our mapping).
STRATEGIES: Mapping[str, str] = MappingProxyType(
    {
        "expansion": "expansion: more from those we have",
        "contraction": "loyalty: less is lost",
        "acquisition": "acquisition: more of the same kind",
        "diversification": "diversification: a new kind",
        "lost": "loyalty: less is lost",
    }
)
MOST_CELLS = 200_000_000  #: accounts times steps of the budget: a fifth of a gigabyte


def choose_accounts(
    accounts: pd.DataFrame,
    budget: float,
    *,
    key: str = "customer_id",
    value: str = "profit",
    hours: str = "hours",
    step: float = 1.0,
) -> pd.DataFrame:
    """Choose the accounts that are worth most within a budget of hours: exactly, and by the greedy rule.

    The exact choice is the best of all sets that fit (a 0/1 knapsack, solved by dynamic programming). The
    greedy rule takes accounts by value an hour, best first, and skips whatever no longer fits.

    Parameters
    ----------
    accounts : DataFrame, one row per account
        pandas: the list is small.
    budget : float
        Hours in all, 0 or more.
    key : str
        Column that names the account; it settles ties.
    value, hours : str
        What an account is worth (any currency) and what it takes (hours, 0 or more). Accounts worth nothing
        or less are never chosen.
    step : float
        Hours are counted in such steps, each account's rounded *up*, so that a choice always fits.

    Returns
    -------
    DataFrame, in the order and with the index of `accounts`
        The table with ``optimal`` and ``greedy`` (bool) and ``reason``.

    Raises
    ------
    TableError
        If a column is missing or has gaps, an account stands twice, hours are negative, the budget or the
        step makes no sense, or the sum would be too large (then a coarser step helps).

    Notes
    -----
    Source: the source course says that people, money and time are limited; the sum is standard (Dantzig
    1957, for the greedy rule; Bellman 1957, for dynamic programming). Of several best sets one is returned,
    the same for every order of rows.

    Examples
    --------
    >>> four = pd.DataFrame({"customer_id": list("ABCD"), "profit": [60, 40, 36, 10], "hours": [6, 5, 4, 1]})
    >>> chosen = choose_accounts(four, budget=10)
    >>> chosen.loc[chosen["optimal"], "customer_id"].tolist(), chosen.loc[chosen["optimal"], "profit"].sum()
    (['A', 'C'], np.int64(96))
    >>> chosen.loc[chosen["greedy"], "customer_id"].tolist(), chosen.loc[chosen["greedy"], "profit"].sum()
    (['A', 'D'], np.int64(70))
    """
    _check_accounts(accounts, [key, value, hours], key)
    if not (math.isfinite(budget) and budget >= 0):
        raise TableError(f"The budget must be hours, 0 or more; got {budget!r}.")
    if not (math.isfinite(step) and step > 0):
        raise TableError(f"step must be hours above zero, such as 0.5; got {step!r}.")
    below = accounts[accounts[hours] < 0]
    if len(below):
        raise TableError(f"Column {hours!r} is below zero for {key}={below[key].iloc[0]}: correct it first.")
    order = accounts[key].argsort(kind="stable").to_numpy()
    worth = _units(accounts, value)[order]
    takes = np.ceil(accounts[hours].to_numpy(dtype=float)[order] / step - 1e-9).astype("int64")
    room = math.floor(budget / step + 1e-9)
    if len(worth) * (room + 1) > MOST_CELLS:
        raise TableError(
            f"{len(worth):,} accounts times {room:,} steps are too many: use a step above {step:g}."
        )
    possible = (worth > 0) & (takes <= room)
    chosen = {}
    for name, rule in (("optimal", _exact), ("greedy", _greedy)):
        flags = np.zeros(len(worth), dtype=bool)
        flags[np.flatnonzero(possible)[rule(worth[possible], takes[possible], room)]] = True
        chosen[name] = _back(flags, order)
    reason = np.select(
        [
            accounts[value].to_numpy() <= 0,
            ~_back(possible, order),
            chosen["optimal"] & chosen["greedy"],
            chosen["optimal"],
            chosen["greedy"],
        ],
        [
            "worth nothing",
            "needs more than the whole budget",
            "in both choices",
            "in the best set only",
            "in the greedy choice only",
        ],
        "others are worth more in the same hours",
    )
    return accounts.assign(**chosen, reason=reason)


def growth_decomposition(
    prev: pd.Series | Mapping[Any, float],
    curr: pd.Series | Mapping[Any, float],
    *,
    kinds: pd.Series | Mapping[Any, str] | None = None,
) -> pd.DataFrame:
    """Split the change of sales into what old customers added or dropped, who came and who went.

    Parameters
    ----------
    prev, curr : Series indexed by customer, or a mapping
        Sales of each customer in two periods, in one currency, 0 or more. Who bought nothing may be missing.
    kinds : Series indexed by customer, or a mapping, optional
        The kind of each customer. A new customer of a kind that bought nothing before counts as
        diversification; without `kinds` all new ones count as acquisition.

    Returns
    -------
    DataFrame of shape (5, 4)
        ``part`` (expansion, contraction, acquisition, diversification, lost), ``strategy`` (the customer
        strategy that works on it), ``customers`` and ``change``. The changes add up to the total change.

    Raises
    ------
    TableError
        If an amount is missing, negative or not a number, a customer stands twice, or has no kind.

    Notes
    -----
    The source course names five strategies (loyalty, expansion, acquisition, diversification and combinations
    of them) and no more. The arithmetic is standard growth accounting; the mapping is our convention.

    Examples
    --------
    >>> parts = growth_decomposition({"A": 100, "B": 80, "C": 50}, {"A": 120, "B": 80, "D": 40})
    >>> dict(zip(parts["part"], parts["change"].tolist()))
    {'expansion': 20, 'contraction': 0, 'acquisition': 40, 'diversification': 0, 'lost': -50}
    """
    before, after = _sales(prev, "prev"), _sales(curr, "curr")
    everybody = before.index.union(after.index)
    both = pd.DataFrame({"prev": before, "curr": after}).reindex(everybody).fillna(0)
    if before.dtype.kind == after.dtype.kind == "i":
        both = both.astype("int64")
    had, has = both["prev"] > 0, both["curr"] > 0
    fresh = ~had & has
    new_kind = pd.Series(False, index=both.index)
    if kinds is not None:
        kind = pd.Series(kinds).reindex(both.index)
        gaps = kind[kind.isna() & (had | has)]
        if len(gaps):
            raise TableError(
                f"Customer {gaps.index[0]!r} has no kind ({len(gaps):,} such): name it in kinds."
            )
        new_kind = fresh & ~kind.isin(kind[had].unique())
    change = pd.Series(_units(both, "curr", "prev")[0] - _units(both, "curr", "prev")[1], index=both.index)
    parts = {
        "expansion": had & has & (change > 0),
        "contraction": had & has & (change < 0),
        "acquisition": fresh & ~new_kind,
        "diversification": new_kind,
        "lost": had & ~has,
    }
    per_one = _per_one(both, "curr", "prev")
    sums = [int(change[rows].sum()) for rows in parts.values()]
    return pd.DataFrame(
        {
            "part": list(parts),
            "strategy": [STRATEGIES[part] for part in parts],
            "customers": [int(rows.sum()) for rows in parts.values()],
            "change": sums if per_one is None else [s / per_one for s in sums],
        }
    )


def years_to_overtake(small: float, g_small: float, large: float, g_large: float) -> int | None:
    """Count the years until a small customer is larger than a large one, if both grow as stated.

    Parameters
    ----------
    small, large : float
        Sales of the two today, in one currency, above zero.
    g_small, g_large : float
        Growth a year: .5 is 50% more, -.02 is 2% less; above -1.

    Returns
    -------
    int or None
        Whole years, 0 if it is larger already, None if it never is. (No table: two numbers each.)

    Raises
    ------
    TableError
        If a size is not above zero, or a growth not above -1.

    Notes
    -----
    Source: the source course says that ideal customers began small. Constant growth is the simplest
    projection, and the most hopeful: the fastest growers of one year seldom are those of the next.

    Examples
    --------
    >>> years_to_overtake(45, 0.5, 98, -0.02)  # 67.5 < 96.04, then 101.25 > 94.12
    2
    """
    for name, size in (("small", small), ("large", large)):
        if not (math.isfinite(size) and size > 0):
            raise TableError(f"{name} must be sales above zero, got {size!r}.")
    for name, growth in (("g_small", g_small), ("g_large", g_large)):
        if not (math.isfinite(growth) and growth > -1):
            raise TableError(f"{name} must be a growth above -1, such as 0.5 for 50%; got {growth!r}.")
    if small > large:
        return 0
    pull = math.log1p(g_small) - math.log1p(g_large)
    if pull <= 0:
        return None
    gap = math.log(large) - math.log(small)
    return max(1, math.floor(gap / pull + 1e-12) + 1)


# Helpers ---------------------------------------------------------------------------------------------------


def _exact(worth: np.ndarray, takes: np.ndarray, room: int) -> list[int]:
    """Positions of the best set, by dynamic programming over the hours used."""
    best = np.zeros(room + 1, dtype="int64")
    taken = np.zeros((len(worth), room + 1), dtype=bool)
    for i, (gain, need) in enumerate(zip(worth.tolist(), takes.tolist(), strict=True)):
        with_it = best[: room + 1 - need] + gain
        better = with_it > best[need:]
        taken[i, need:] = better
        best[need:] = np.where(better, with_it, best[need:])
    picked, left = [], room
    for i in range(len(worth) - 1, -1, -1):
        if taken[i, left]:
            picked.append(i)
            left -= int(takes[i])
    return picked


def _greedy(worth: np.ndarray, takes: np.ndarray, room: int) -> list[int]:
    """Positions by value an hour, best first, skipping what no longer fits."""
    ratio = np.divide(worth, takes, out=np.full(len(worth), np.inf), where=takes > 0)
    picked, left = [], room
    for i in np.argsort(-ratio, kind="stable"):
        if takes[i] <= left:
            picked.append(int(i))
            left -= int(takes[i])
    return picked


def _back(flags: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Flags of sorted rows, in the order the rows came in."""
    made = np.empty_like(flags)
    made[order] = flags
    return made


def _check_accounts(accounts: pd.DataFrame, columns: Sequence[str], key: str) -> None:
    need_pandas(accounts, columns)
    frame = start(accounts, columns, makes=("optimal", "greedy", "reason"))
    refuse_gaps(frame, key, "name the account, or leave those rows out")
    for column in columns:
        if column != key:
            check_values(frame, column, key)
    if not accounts[key].is_unique:
        twice = accounts.loc[accounts[key].duplicated(), key].iloc[0]
        raise TableError(f"Column {key!r} names {twice!r} more than once: add up to one row each first.")


def _sales(sales: pd.Series | Mapping[Any, float], name: str) -> pd.Series:
    column = pd.Series(sales, dtype=None).rename(name)
    if not len(column):
        raise TableError(f"{name} holds no customer.")
    if not column.index.is_unique:
        twice = column.index[column.index.duplicated()][0]
        raise TableError(f"Customer {twice!r} stands twice in {name}: add up to one amount each first.")
    check_values(start(column.to_frame(), [name]), name)
    below = column[column < 0]
    if len(below):
        raise TableError(
            f"{name} is below zero for {below.index[0]!r}: net returns against a year's sales first, "
            "or leave the customer out."
        )
    return column


def _units(table: pd.DataFrame, *columns: str) -> Any:
    """Columns as whole numbers of one common unit (one array for one column)."""
    frame = start(table, columns)
    if len(columns) == 1:
        units, _ = amount_units(frame, columns[0])
        return frame.select(u=units.cast(nw.Int64))["u"].to_numpy()
    unit = find_unit(frame, *columns)
    return [frame.select(u=unit.count(number(frame, c)).cast(nw.Int64))["u"].to_numpy() for c in columns]


def _per_one(table: pd.DataFrame, *columns: str) -> float | None:
    unit = find_unit(start(table, columns), *columns)
    return None if unit.integer else unit.per_one
