"""What is a customer worth over the years (客户生命周期价值)? The formula, its parts, discounting.

The source course writes CLV = (s/t) × T and does not say what the letters mean. Only one reading gives money:
*s* is the average amount of a purchase, *t* the average time between two purchases, *T* how long the customer
stays, in the same unit of time as *t*.
"""

from __future__ import annotations

import math
from typing import Any, Literal, SupportsFloat

import narwhals as nw
from narwhals.typing import IntoFrameT

from casebook.days import check_days, day_number
from casebook.errors import TableError
from casebook.exact import amount_units, check_values
from casebook.frames import give_back, refuse_gaps, start

__all__ = ["DAYS_PER", "clv_discounted", "clv_simple", "estimate_stT", "lifetime"]

#: Days in each unit of time; a month is a twelfth of a year of 365.25 days, unless you say 30-day months.
DAYS_PER = {"days": 1.0, "weeks": 7.0, "months30": 30.0, "months": 365.25 / 12, "years": 365.25}


def clv_simple(s: float, t: float, T: float, *, unit: str = "months", unit_T: str | None = None) -> float:
    """Value of a customer by the course's formula, (s/t) × T: amount, over cycle, times lifetime.

    Parameters
    ----------
    s : float
        Average amount of a purchase, in money, at least 0.
    t : float
        Average time between two purchases, above 0, in `unit`.
    T : float
        How long the customer stays, at least 0, in `unit_T`.
    unit, unit_T : {"days", "weeks", "months", "months30", "years"}
        Units of t and of T; T is converted to the unit of t. Without `unit_T` both have the same unit.

    Returns
    -------
    float, money: revenue and not profit, not discounted, without the first purchase

    Raises
    ------
    TableError
        If a number is negative or missing, t is 0, or a unit is unknown.

    Notes
    -----
    Source: the source course, which leaves the letters undefined; the reading is the only one that gives
    money. T/t purchases follow the first one.

    Examples
    --------
    1,200 RMB every three months for five years:

    >>> clv_simple(1_200, 3, 60), clv_simple(1_200, 3, 5, unit_T="years")
    (24000.0, 24000.0)
    """
    for name, given in (("s", s), ("t", t), ("T", T)):
        _number(name, given)
    if t == 0:
        raise TableError("t, the time between two purchases, must be above 0: nobody buys without pause.")
    for name, word in (("unit", unit), ("unit_T", unit_T or unit)):
        if word not in DAYS_PER:
            raise TableError(f"{name}={word!r} is no unit of time here; use one of {', '.join(DAYS_PER)}.")
    return float(s / t * (T * DAYS_PER[unit_T or unit] / DAYS_PER[unit]))


def lifetime(churn: float) -> float:
    """Expected lifetime in periods, 1 / churn, when the same share leaves in each period.

    Parameters
    ----------
    churn : float in (0, 1]
        Share of the customers who leave in a period.

    Returns
    -------
    float, in periods

    Raises
    ------
    TableError
        If churn is outside (0, 1].

    Notes
    -----
    Source: the mean of the geometric distribution (standard). Lifetimes seen so far are cut off by today and
    too short; and one rate for all customers hides that the loyal stay (sBG, lesson 04).

    Examples
    --------
    >>> lifetime(0.05)
    20.0
    """
    _number("churn", churn)
    if not 0 < churn <= 1:
        raise TableError(f"churn is the share that leaves in a period, above 0 and at most 1; got {churn:g}.")
    return 1 / churn


def clv_discounted(
    m: float,
    r: float,
    d: float,
    *,
    timing: Literal["immediate", "deferred"] = "immediate",
    horizon: int | None = None,
) -> float:
    """Present value of a margin that recurs with a retention rate: the sum of m · rᵏ / (1 + d)ᵏ.

    Parameters
    ----------
    m : float
        Margin of a period, in money; a loss may be negative.
    r : float in [0, 1)
        Retention rate (保持率): the share of customers who stay from one period to the next.
    d : float, at least 0
        Discount rate (折现率) of a period. m, r and d are for the same period.
    timing : {"immediate", "deferred"}
        Whether the first margin comes now (k from 0) or after the first renewal (k from 1).
    horizon : int, optional
        Count only so many payments; without it, for ever.

    Returns
    -------
    float, money of today

    Raises
    ------
    TableError
        If a number is out of its range or the timing is unknown.

    Notes
    -----
    Source: Berger and Nasr (1998); closed forms m(1+d)/(1+d-r) and m·r/(1+d-r), Gupta and Lehmann (2003).

    Examples
    --------
    >>> round(clv_discounted(100, 0.8, 0.1), 2), round(clv_discounted(100, 0.8, 0.1, timing="deferred"), 2)
    (366.67, 266.67)
    """
    numbers = all(isinstance(given, SupportsFloat) for given in (m, r, d))
    if not (numbers and math.isfinite(m) and 0 <= r < 1 and d >= 0 and math.isfinite(d)):
        raise TableError(
            f"Needed are a margin m, retention 0 <= r < 1 and discount d >= 0 of one period; got {(m, r, d)}."
        )
    if timing not in ("immediate", "deferred"):
        raise TableError(f"timing must be 'immediate' or 'deferred', got {timing!r}.")
    if horizon is not None and not _is_count(horizon):
        raise TableError(f"horizon must be a whole number of payments, at least 1; got {horizon!r}.")
    step = r / (1 + d)
    first = 1.0 if timing == "immediate" else step
    return m * first * ((1 - step**horizon) if horizon else 1.0) / (1 - step)


def estimate_stT(  # noqa: N802  # the letters are the formula's
    orders: IntoFrameT,
    *,
    by: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> IntoFrameT:
    """Estimate s and t for each customer from the orders; T comes from a churn rate, see `lifetime`.

    Parameters
    ----------
    orders : pandas DataFrame, Polars frame or DuckDB relation of shape (n_orders, at least 3)
        One row an order.
    by, date, amount : str
        Columns: the customer, the day, the amount of the order in money.

    Returns
    -------
    the same kind of table, one row a customer, sorted by it
        `by`, `n` (orders), `s` (mean amount, added exactly), `t` (days between orders: last less first over
        n - 1; missing where all orders fall on one day).

    Raises
    ------
    TableError
        If a column is missing, has gaps, or holds no numbers or no dates.

    Notes
    -----
    Source: the source course is silent; the estimates are standard. A customer with one order has no cycle:
    take the median of the segment, and say for how many you did.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2024-01-01", "2024-01-31", "2024-03-31"])
    >>> three = pd.DataFrame({"customer_id": "C1", "date": days, "amount": [100, 200, 300]})
    >>> row = estimate_stT(three).iloc[0]
    >>> float(row["s"]), float(row["t"])
    (200.0, 45.0)
    >>> round(clv_simple(row["s"], row["t"], lifetime(0.05) * 30, unit="days"), 2)
    2666.67
    """
    frame = start(orders, [by, date, amount], makes=("n", "s", "t"))
    check_values(frame, amount, by)
    for column in (by, date):
        refuse_gaps(frame, column)
    check_days(frame, by, date)
    units, unit = amount_units(frame, amount)
    day = nw.col("__day")
    customers = (
        frame.with_columns(units.alias("__units"), day_number(date).alias("__day"), nw.lit(1).alias("__one"))
        .group_by(by)
        .agg(
            nw.col("__one").sum().alias("n"),
            nw.col("__units").sum(),
            day.min().alias("__first"),
            day.max().alias("__last"),
        )
        .sort(by)
    )
    span = (nw.col("__last") - nw.col("__first")).cast(nw.Float64)
    n = nw.col("n").cast(nw.Int64)
    return give_back(
        customers.select(
            nw.col(by),
            n=n,
            s=unit.money("__units").cast(nw.Float64) / n,
            t=nw.when(span > 0).then(span / (n - 1)).otherwise(None),
        ),
        renumber=True,
    )


def _is_count(given: Any) -> bool:
    whole = isinstance(given, SupportsFloat) and not isinstance(given, bool) and float(given).is_integer()
    return whole and given >= 1


def _number(name: str, given: Any) -> None:
    if not isinstance(given, SupportsFloat) or not math.isfinite(float(given)) or float(given) < 0:
        raise TableError(f"{name} must be a number of at least 0, got {given!r}.")
