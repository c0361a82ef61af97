"""How unequal are customers? Shares of the best, and profit added up from the best customer to the worst.

A profit may be negative, a share of sales may not, and that changes the arithmetic: `top_share` and
`customers_for_share` refuse losses, `whale_curve` and `sherden` are made for them. All of it works on one
value a customer, which is a small column: a pandas Series, a list or an array. Money is added exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import LARGEST, SLACK, amount_units, check_values
from casebook.frames import need_pandas, start

__all__ = [
    "Sherden",
    "customers_for_share",
    "hhi",
    "loss_by_size",
    "sherden",
    "top_share",
    "value_class",
    "whale_curve",
]

_ROUNDING = 1e-9  #: .3 of 10 customers is 3, although the computer's .3 is a little more
Values = pd.Series | Mapping[Any, float] | Sequence[float] | np.ndarray


class Sherden(NamedTuple):
    """What `sherden` measures; shares are fractions, money keeps the currency of the profits.

    Attributes
    ----------
    top_share_gross : float
        Profit of the best customers over the sum of all positive profits (0-1).
    top_share_net : float
        The same over the profit that is left; above 1 when losses are large, missing (nan) without a profit.
    destroyed_ratio : float
        Losses among the worst customers over the profit of the best: Sherden's *half* is .50.
    peak_pct : float
        The highest point of the whale curve, over the profit that is left; nan without a profit.
    peak_at : float
        The share of customers at that point (0-1).
    n, n_top, n_bottom : int
        Customers in all, among the best and among the worst.
    gross, net : float
        Sum of the positive profits, and of all profits.
    """

    top_share_gross: float
    top_share_net: float
    destroyed_ratio: float
    peak_pct: float
    peak_at: float
    n: int
    n_top: int
    n_bottom: int
    gross: float
    net: float


def whale_curve(profit: Values) -> pd.DataFrame:
    """Add up profit from the best customer to the worst: the whale curve (鲸鱼曲线).

    The curve climbs while customers earn, is flat where they neither earn nor cost, and falls along those who
    lose. How far it falls is the profit that is earned and lost again.

    Parameters
    ----------
    profit : Series of shape (n_customers,), or a mapping, list or array
        Profit after the cost of serving, in any currency; losses are negative. The index of a Series (the key
        of a mapping) names the customer.

    Returns
    -------
    DataFrame of shape (n_customers, 4), best first, indexed like `profit`
        ``rank`` (1 to n), ``profit``, ``cum_customers`` (0-1) and ``cum_profit`` (in the currency, added
        exactly). Ties stand in the order of the index.

    Raises
    ------
    TableError
        If there is no customer, a profit is missing or not a number, or a customer is named twice.

    See Also
    --------
    sherden, casebook.plots.plot_whale

    Notes
    -----
    Source: Cooper & Kaplan (1991); Kaplan & Narayanan (2001) call it the whale curve.

    Examples
    --------
    Ten customers; the best two earn 80, the last three give half of it away:

    >>> ten = [50, 30, 6, 5, 4, 3, 2, -8, -12, -20]
    >>> whale_curve(ten).iloc[[0, 6, 9]]
       rank  profit  cum_customers  cum_profit
    0     1      50            0.1          50
    6     7       2            0.7         100
    9    10     -20            1.0          60
    """
    values = _column(profit, "profit")
    units, per_one = _units(values)
    order = _best_first(values, units)
    running = np.cumsum(units[order])
    n = len(values)
    return pd.DataFrame(
        {
            "rank": np.arange(1, n + 1),
            "profit": values.to_numpy()[order],
            "cum_customers": np.arange(1, n + 1) / n,
            "cum_profit": running if per_one is None else running / per_one,
        },
        index=values.index[order],
    )


def sherden(profit: Values, top: float = 0.2, bottom: float = 0.3) -> Sherden:
    """Measure the 80/20/30 rule (80/20/30 法则): what the best earn, and how much of it the worst give away.

    Two sources give the same three numbers and differ in the last: the losses of the bottom 30% eat *half* of
    what the top 20% earn, or *part* of it. Nothing is assumed here; `destroyed_ratio` is measured. Nor does
    "80% of profit" say of which profit: both are returned.

    Parameters
    ----------
    profit : Series of shape (n_customers,), or a mapping, list or array
        As in `whale_curve`.
    top, bottom : float
        Shares of the customers (0-1) that count as best and worst; their number is rounded up.

    Returns
    -------
    Sherden
        Named numbers, see there.

    Raises
    ------
    TableError
        As `whale_curve`; if nobody earns; or if the shares are not between 0 and 1 or overlap.

    Notes
    -----
    Source: the source course; Sherden (1994), Market Ownership. Only losses count as destroyed: a customer
    among the worst who earns a little takes nothing away.

    Examples
    --------
    >>> rule = sherden([50, 30, 6, 5, 4, 3, 2, -8, -12, -20])
    >>> rule.top_share_gross, round(rule.top_share_net, 4), rule.destroyed_ratio
    (0.8, 1.3333, 0.5)
    >>> round(rule.peak_pct, 4), rule.peak_at
    (1.6667, 0.7)
    """
    for name, share in (("top", top), ("bottom", bottom)):
        _check_share(name, share)
    values = _column(profit, "profit")
    units, per_one = _units(values)
    best = units[_best_first(values, units)]
    n = len(best)
    n_top, n_bottom = _count(n, top), _count(n, bottom)
    if n_top + n_bottom > n:
        raise TableError(
            f"The best {top:g} and the worst {bottom:g} of {n} customers overlap "
            f"({n_top} + {n_bottom}): choose smaller shares."
        )
    gross, net = int(best[best > 0].sum()), int(best.sum())
    if gross <= 0:
        raise TableError("No customer has a positive profit: there is no profit to take a share of.")
    earned, lost = int(best[:n_top].sum()), -int(np.minimum(best[n - n_bottom :], 0).sum())
    running = np.cumsum(best)
    at = int(running.argmax())
    scale = per_one or 1.0
    return Sherden(
        top_share_gross=earned / gross,
        top_share_net=earned / net if net > 0 else math.nan,
        destroyed_ratio=lost / earned,
        peak_pct=int(running[at]) / net if net > 0 else math.nan,
        peak_at=(at + 1) / n,
        n=n,
        n_top=n_top,
        n_bottom=n_bottom,
        gross=gross / scale,
        net=net / scale,
    )


def top_share(x: Values, q: float = 0.2) -> float:
    """Share of the total that the best customers bring: concentration, not a law.

    Parameters
    ----------
    x : Series of shape (n_customers,), or a mapping, list or array
        Revenue, margin or profit, none below zero.
    q : float
        Share of customers (0-1); their number is rounded up.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    TableError
        If a value is missing or negative (a share of a total with losses in it is `sherden`'s business),
        the total is zero, or `q` is not between 0 and 1.

    Notes
    -----
    The source course offers a securities firm whose best 20% brought 90% as proof of 80/20. Ninety is not
    eighty: concentration is measured, firm by firm.

    Examples
    --------
    >>> top_share([90, 4, 3, 2, 1]), top_share([20, 20, 20, 20, 20])
    (0.9, 0.2)
    """
    _check_share("q", q)
    best, total = _positive_best_first(x)
    return int(best[: _count(len(best), q)].sum()) / total


def customers_for_share(x: Values, share: float = 0.8) -> int:
    """Count the customers, best first, that it takes to reach a share of the total.

    Parameters
    ----------
    x : Series of shape (n_customers,), or a mapping, list or array
        As in `top_share`.
    share : float
        Share of the total (0-1).

    Returns
    -------
    int

    Raises
    ------
    TableError
        As `top_share`.

    Examples
    --------
    >>> customers_for_share([90, 4, 3, 2, 1]), customers_for_share([20] * 5)
    (1, 4)
    """
    _check_share("share", share)
    best, total = _positive_best_first(x)
    reached = np.cumsum(best) >= share * total * (1 - _ROUNDING)
    return int(reached.argmax()) + 1


def hhi(shares: Values) -> float:
    """Sum the squared shares (Herfindahl-Hirschman index): how far a firm hangs on a few customers.

    Parameters
    ----------
    shares : Series of shape (n_customers,), or a mapping, list or array
        Shares or amounts, none below zero; they are divided by their sum.

    Returns
    -------
    float
        1/n when n customers are equal, 1 when there is only one. Its inverse is the *effective number* of
        customers: so many equal ones would be as concentrated.

    Raises
    ------
    TableError
        As `top_share`.

    Notes
    -----
    Source: Hirschman (1945), Herfindahl (1950).

    Examples
    --------
    >>> round(hhi([0.5, 0.3, 0.2]), 2), round(1 / hhi([0.5, 0.3, 0.2]), 2)
    (0.38, 2.63)
    """
    best, total = _positive_best_first(shares)
    return math.fsum((int(value) / total) ** 2 for value in best)


def value_class(profit: Values, *, large: float) -> pd.DataFrame:
    """Sort customers by what they bring: large value, small value, or a loss (优质、一般、劣质客户).

    Parameters
    ----------
    profit : Series of shape (n_customers,), or a mapping, list or array
        In any currency.
    large : float
        From this profit on a customer's value is large. The source course gives no number.

    Returns
    -------
    DataFrame of shape (n_customers, 3), in the order and with the index of `profit`
        ``profit``, ``value_class`` ("positive-large", "positive-small" or "negative") and ``reason``.
        A profit of exactly zero is small.

    Raises
    ------
    TableError
        If a profit is missing or not a number, or `large` is not above zero.

    Notes
    -----
    Source: the source course names the three; the cut is the reader's.

    Examples
    --------
    >>> value_class({"Ada": 900, "Bo": 40, "Cy": -30}, large=500)["value_class"].to_dict()
    {'Ada': 'positive-large', 'Bo': 'positive-small', 'Cy': 'negative'}
    """
    if not (math.isfinite(large) and large > 0):
        raise TableError(f"large must be a profit above zero, got {large!r}.")
    values = _column(profit, "profit")
    amounts = values.to_numpy(dtype=float)
    kinds = [amounts < 0, amounts >= large]
    return pd.DataFrame(
        {
            "profit": values,
            "value_class": np.select(kinds, ["negative", "positive-large"], "positive-small"),
            "reason": np.select(
                kinds,
                ["profit below zero", f"profit of {large:,g} or more"],
                f"profit from 0 to below {large:,g}",
            ),
        }
    )


def loss_by_size(
    accounts: pd.DataFrame, *, size: str = "revenue", profit: str = "profit", groups: int = 5
) -> pd.DataFrame:
    """Cut accounts into equal groups by size and count the losers in each: is the bottom the small fry?

    Parameters
    ----------
    accounts : DataFrame, one row per account
        pandas: the list is small.
    size, profit : str
        Columns to rank by, and to judge by; any currency. Ties in size stand in the order of the index.
    groups : int
        How many groups; the first ones are one account larger when the number does not divide.

    Returns
    -------
    DataFrame of shape (groups, 5), largest first
        ``group`` (1 is the largest), ``accounts``, ``losing`` (accounts with a profit below zero), ``loss``
        (what these lose, 0 or less) and ``size_share`` (0-1, of the whole).

    Raises
    ------
    TableError
        If a column is missing or has gaps, or there are fewer accounts than groups.

    Examples
    --------
    >>> four = pd.DataFrame({"revenue": [90, 40, 20, 10], "profit": [-8, 4, 2, -1]})
    >>> loss_by_size(four, groups=2)
       group  accounts  losing  loss  size_share
    0      1         2       1    -8      0.8125
    1      2         2       1    -1      0.1875
    """
    need_pandas(accounts, [size, profit])
    if not 1 <= groups <= len(accounts):
        raise TableError(f"groups must be from 1 to {len(accounts)}, the number of accounts; got {groups!r}.")
    sizes, gains = _column(accounts[size], size), _column(accounts[profit], profit)
    units, _ = _units(sizes)
    order = _best_first(sizes, units)
    money, per_one = _units(gains)
    rows = []
    for number, part in enumerate(np.array_split(order, groups), start=1):
        below = money[part][money[part] < 0]
        lost = int(below.sum())
        whole = int(units[part].sum()) / int(units.sum()) if units.sum() else math.nan
        rows.append((number, len(part), len(below), lost if per_one is None else lost / per_one, whole))
    return pd.DataFrame(rows, columns=["group", "accounts", "losing", "loss", "size_share"])


# Helpers ---------------------------------------------------------------------------------------------------


def _column(values: Values, name: str) -> pd.Series:
    """One number a customer, or a TableError is raised."""
    if isinstance(values, pd.DataFrame):
        raise TableError(f"One column is needed, not a table: hand in table[{name!r}].")
    column = values.copy() if isinstance(values, pd.Series) else pd.Series(values, dtype=None)
    column.name = name
    if not len(column):
        raise TableError("There is no customer: hand in at least one value.")
    if not column.index.is_unique:
        twice = column.index[column.index.duplicated()][0]
        raise TableError(f"Customer {twice!r} stands twice in the index: add up to one value each first.")
    check_values(start(column.to_frame(), [name]), name)
    if pd.api.types.is_bool_dtype(column):
        raise TableError(f"The values of {name!r} are true and false, not numbers.")
    return column


def _units(values: pd.Series) -> tuple[np.ndarray, float | None]:
    """The values as whole numbers of a small unit, and how many make one (none: already whole)."""
    if values.dtype.kind == "f":  # cents, the usual case, without asking for the smallest unit
        cents = values.to_numpy() * 100
        most = np.abs(cents).max()
        if most < LARGEST and (np.abs(cents - np.round(cents)) <= most * SLACK).all():
            return np.round(cents).astype("int64"), 100.0
    frame = start(values.to_frame(), [str(values.name)])
    units, unit = amount_units(frame, str(values.name))
    made = frame.select(u=units.cast(nw.Int64))["u"].to_numpy()
    return made, None if unit.integer else unit.per_one


def _best_first(values: pd.Series, units: np.ndarray) -> np.ndarray:
    """Positions from the best to the worst; ties in the order of the index."""
    try:
        place = np.empty(len(values), dtype="int64")
        place[values.index.argsort()] = np.arange(len(values))
    except TypeError:  # names of several kinds have no order
        place = np.arange(len(values))
    return np.lexsort((place, -units))


def _positive_best_first(x: Values) -> tuple[np.ndarray, int]:
    values = _column(x, "value")
    below = values < 0
    if below.any():
        raise TableError(
            f"{int(below.sum()):,} of {len(values):,} values are below zero (first: "
            f"{values[below].index[0]!r} {values[below].iloc[0]:,g}): a share of a total with losses in it "
            "misleads. Use sherden."
        )
    units, _ = _units(values)
    best = np.sort(units)[::-1]
    if not best.sum() > 0:
        raise TableError("The values add up to zero: there is no total to take a share of.")
    return best, int(best.sum())


def _check_share(name: str, share: float) -> None:
    if not (isinstance(share, int | float | np.floating) and 0 < share <= 1):
        raise TableError(f"{name} must be a share above 0 and up to 1, such as 0.2; got {share!r}.")


def _count(n: int, share: float) -> int:
    """That share of n customers, rounded up."""
    return math.ceil(n * share - _ROUNDING)
