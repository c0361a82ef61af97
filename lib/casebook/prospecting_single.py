"""Single ways of finding: what advertising added, where referrals lead, and which addresses are stale."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.evaluation import wilson_interval
from casebook.frames import need_pandas
from casebook.prospecting_checks import check_share, check_total, plain

__all__ = ["AdEffect", "ReferralChain", "ad_effect", "lookup", "referral_chain", "staleness"]


class AdEffect(NamedTuple):
    """What advertising added: `uplift` (share), `extra` buyers, `z`, and the interval of the uplift."""

    uplift: float
    z: float
    extra: float
    low: float
    high: float


def ad_effect(test: tuple[int, int], control: tuple[int, int], *, level: float = 0.95) -> AdEffect:
    """Compare those who saw an advertisement with a group drawn by lot that did not (广告寻找法).

    Parameters
    ----------
    test, control : (buyers, people)
        Of those who saw it, and of those who by lot did not.
    level : float in (0, 1)

    Returns
    -------
    AdEffect
        Named tuple of floats: `uplift` (difference of the shares), `z` (pooled), `extra` (buyers in the test
        group that the advertisement added), `low` and `high` (interval of the uplift, Newcombe 1998).

    Raises
    ------
    TableError
        If buyers are more than people, a group is empty, or a number is below 0.

    Examples
    --------
    >>> said = ad_effect((60, 2000), (40, 2000))
    >>> round(said.uplift, 4), round(said.z, 2), round(said.extra)
    (0.01, 2.03, 20)
    """
    (a, n), (b, m) = test, control
    (low_a, low_b), (high_a, high_b) = wilson_interval([a, b], [n, m], level=level)
    p, q, both = a / n, b / m, (a + b) / (n + m)
    spread = np.sqrt(both * (1 - both) * (1 / n + 1 / m))
    low = p - q - np.sqrt((p - low_a) ** 2 + (high_b - q) ** 2)
    high = p - q + np.sqrt((high_a - p) ** 2 + (q - low_b) ** 2)
    z = float((p - q) / spread) if spread else 0.0
    return AdEffect(p - q, z, (p - q) * n, float(low), float(high))


class ReferralChain(NamedTuple):
    """New customers by generation and in all, `k` new ones per customer, and the first generation's cost."""

    k: float
    generations: tuple[float, ...]
    total: float
    cost: float
    cac: float


def referral_chain(
    seed_customers: float,
    ask_rate: float,
    conv: float,
    *,
    cost_per_ask: float = 0.0,
    generations: int | None = None,
) -> ReferralChain:
    """Follow referrals of referrals: the endless chain (介绍寻找法, 连锁介绍).

    Parameters
    ----------
    seed_customers : float
        Customers who are asked.
    ask_rate : float
        Names that each of them gives, on average.
    conv : float
        Share of those names that buy, 0 to 1.
    cost_per_ask : float
        RMB for each customer asked.
    generations : int, optional
        Stop after so many; without it the chain runs out by itself, which needs k below 1.

    Returns
    -------
    ReferralChain
        `k` = ask_rate x conv; new customers of the first `generations` (three if they run on); `total` of
        all; `cost` and `cac` (RMB) of the first generation. Floats in a named tuple.

    Raises
    ------
    TableError
        If a number is below 0, `conv` is above 1, or the chain would never end.

    Notes
    -----
    All generations together are first / (1 - k): a geometric series. That everybody refers as the first ones
    do is an assumption; the first asked are mostly the most willing.

    Examples
    --------
    >>> said = referral_chain(40, 0.5, 0.2, cost_per_ask=50)
    >>> [round(n, 2) for n in said.generations], round(said.total, 2), said.cac
    ([4.0, 0.4, 0.04], 4.44, 500.0)
    """
    for name, number in (
        ("seed_customers", seed_customers),
        ("ask_rate", ask_rate),
        ("cost_per_ask", cost_per_ask),
    ):
        check_total(name, number)
    check_share("conv", conv)
    k, first = ask_rate * conv, seed_customers * ask_rate * conv
    if generations is None and k >= 1:
        raise TableError(
            f"Each customer brings {k:.2f} others, so the chain never ends: say how many generations."
        )
    if generations is not None and generations < 1:
        raise TableError(f"generations must be 1 or more, got {generations!r}.")
    listed = tuple(first * k**at for at in range(generations or 3))
    total = sum(listed) if generations else first / (1 - k)
    cost = seed_customers * cost_per_ask
    return ReferralChain(k, listed, total, cost, cost / first if first else float("inf"))


def lookup(
    directory: pd.DataFrame,
    filters: Mapping[Hashable, Any | Sequence[Any] | Callable[[pd.Series], pd.Series]],
) -> pd.DataFrame:
    """Match and filter a directory (资料查阅法): the rows that pass every filter.

    Parameters
    ----------
    directory : DataFrame, one row per entry
    filters : mapping of column to value, list of values, or function
        A function takes the column and returns True where the row may stay. A missing value never passes.

    Returns
    -------
    DataFrame
        The rows that pass, in their order, with their index.

    Raises
    ------
    TableError
        If a column is missing, or no filter is given.

    Examples
    --------
    >>> book = pd.DataFrame({"firm": ["Inn", "Mill", "Spa"], "city": ["Wuhan", "Wuhan", "Xi'an"],
    ...                      "rooms": [80, 0, 20]})
    >>> lookup(book, {"city": "Wuhan", "rooms": lambda rooms: rooms >= 50})["firm"].tolist()
    ['Inn']
    """
    if not filters:
        raise TableError("lookup needs at least one filter: a directory as a whole is a carpet search.")
    need_pandas(directory, [str(column) for column in filters])
    keep = pd.Series(True, index=directory.index)
    for column, wanted in filters.items():
        values = directory[column]
        if callable(wanted):
            passes = wanted(values)
        elif isinstance(wanted, (list, tuple, set, frozenset)):
            passes = values.isin(list(wanted))
        else:
            passes = values == wanted
        keep &= pd.Series(passes, index=directory.index).fillna(False).astype(bool) & values.notna()
    return directory[keep]


def staleness(table: pd.DataFrame, as_of: str, *, max_months: int = 24, date: str = "date") -> pd.DataFrame:
    """Mark the entries of a directory that are too old to be trusted.

    Parameters
    ----------
    table : DataFrame, one row per entry
    as_of : "YYYY-MM-DD"
        The day on which you look.
    max_months : int
        An entry is stale when it is more than so many calendar months old.
    date : str
        Column with the day on which the entry was last right: dates, or text such as "2024-06".

    Returns
    -------
    DataFrame
        The table with `months_old` (whole calendar months), `stale` (bool) and `reason`.

    Raises
    ------
    TableError
        If the column is missing, a day is missing or unreadable or lies after `as_of`.

    Notes
    -----
    The source course names no weakness of this method; that directories age is customary knowledge, and 24
    months are our convention.

    Examples
    --------
    >>> three = pd.DataFrame({"date": ["2024-06", "2023-01", "2021-05"]})
    >>> staleness(three, "2024-12-31")[["months_old", "stale"]].to_numpy().tolist()
    [[6, False], [23, False], [43, True]]
    """
    need_pandas(table, [date])
    day, days = pd.Timestamp(as_of), pd.to_datetime(table[date], errors="coerce")
    odd = days.isna() | (days > day)
    if odd.any():
        row = odd[odd].index[0]
        raise TableError(
            f"Column {date!r} holds {table[date].loc[row]!r} in row {plain(row)!r}, no day up to {as_of}: "
            "correct it or leave the row out."
        )
    months = (day.year - days.dt.year) * 12 + day.month - days.dt.month - (days.dt.day > day.day).astype(int)
    stale = days + pd.DateOffset(months=max_months) < day
    reason = [
        f"{m} months old, {'over' if s else 'within'} {max_months}"
        for m, s in zip(months, stale, strict=True)
    ]
    return table.assign(months_old=months.astype("int64"), stale=stale, reason=reason)
