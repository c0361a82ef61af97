"""Decide on what terms to sell: the cash discount, the credit period, the limit, the next order.

A *discount* is a share (0.02 is 2 %), days are counted from the day of issue, rates are a year's. All
functions take plain numbers; `credit_limit` also takes columns. What customers owe and when they pay is
counted in `casebook.receivables`.
"""

from __future__ import annotations

import math
import re
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError

__all__ = [
    "COEFFICIENTS",
    "DiscountDecision",
    "PeriodDecision",
    "Release",
    "Terms",
    "amount_due",
    "credit_limit",
    "discount_cost",
    "discount_decision",
    "parse_terms",
    "period_decision",
    "release_order",
]

#: How far a credit grade stretches a limit (our convention; published policies differ).
COEFFICIENTS = {"A": 1.0, "B": 0.8, "C": 0.4, "D": 0.0}

_NET = re.compile(r"(?:n|net)\s*/?\s*(\d+)")
_BOTH = re.compile(r"(\d+(?:\.\d+)?)\s*%?\s*/\s*(\d+)\s*,?\s+(?:n|net)\s*/?\s*(\d+)")


class Terms(NamedTuple):
    """Terms of payment: `discount` (share) up to `discount_days`, all of it up to `net_days`."""

    discount: float
    discount_days: int
    net_days: int


class DiscountDecision(NamedTuple):
    """What a discount brings: all in money of one period but `price` (a year's rate) and the words."""

    given: float  #: what was deducted
    freed: float  #: what customers owe less, on average over a year, if these are a year's invoices
    worth: float  #: what that money is worth at the cost of money
    net: float  #: worth less given
    price: float  #: rate a year that is paid for the money
    break_even: float  #: the discount (share) at which worth and given are equal
    decision: str  #: "keep" or "stop"
    reason: str


class PeriodDecision(NamedTuple):
    """What another credit period changes in a year, in money, and what follows."""

    contribution: float  #: sales less variable cost
    carrying: float  #: cost of the money tied up in receivables
    bad_debt: float
    net: float  #: contribution less the two others
    decision: str  #: "accept" or "reject"
    reason: str


class Release(NamedTuple):
    """Whether an order may go out: "release" or "hold", and by how much it is over the limit."""

    decision: str
    exposure: float  #: receivables, undelivered orders and this order
    over: float  #: money above the limit, 0 if within
    reason: str


def parse_terms(text: str) -> Terms:
    """Read terms of payment (信用条件) as they stand on an invoice.

    Parameters
    ----------
    text : str
        Such as "2/10 n/30" (2 % off up to day 10, all of it up to day 30) or "n/60".

    Returns
    -------
    Terms
        discount (float, share), discount_days and net_days (days from issue); without a discount the first
        two are 0.

    Raises
    ------
    TableError
        If the text is no such terms, the discount is not below 100 %, or its days do not come before the net
        day.

    Notes
    -----
    Source: the source course says that terms are a period and a cash discount; the notation is standard.

    Examples
    --------
    >>> parse_terms("2/10 n/30")
    Terms(discount=0.02, discount_days=10, net_days=30)
    >>> parse_terms("n/60")
    Terms(discount=0.0, discount_days=0, net_days=60)
    """
    words = text.strip().lower() if isinstance(text, str) else ""
    if found := _NET.fullmatch(words):
        return Terms(0.0, 0, int(found[1]))
    if not (found := _BOTH.fullmatch(words)):
        raise TableError(f"{text!r} is not understood as terms: write '2/10 n/30' or 'n/30'.")
    read = Terms(float(found[1]) / 100, int(found[2]), int(found[3]))
    if read.discount >= 1 or read.discount_days >= read.net_days:
        raise TableError(
            f"{text!r}: the discount must be below 100 % and its last day before the day when all is due."
        )
    return read


def amount_due(amount: float, terms: Terms | str, day: int) -> float:
    """What an invoice costs the customer who pays on a day.

    Parameters
    ----------
    amount : float
        The invoice, in money.
    terms : Terms or str
        As `parse_terms` reads them.
    day : int
        Days from issue, 0 on the day of issue.

    Returns
    -------
    float
        Money, to the cent. The last day of the discount still has it.

    Raises
    ------
    TableError
        If the amount or the day is negative, or the terms cannot be read.

    Examples
    --------
    >>> amount_due(10_000, "2/10 n/30", 10), amount_due(10_000, "2/10 n/30", 11)
    (9800.0, 10000.0)
    """
    _not_negative(amount=amount, day=day)
    known = terms if isinstance(terms, Terms) else parse_terms(terms)
    off = known.discount if known.discount and day <= known.discount_days else 0.0
    return round(amount * (1 - off), 2)


def discount_cost(d: float, n1: float, n2: float, basis: int = 365, compound: bool = False) -> float:
    """The yearly rate at which a cash discount (现金折扣) pays for money: d / (1 - d) x basis / (n2 - n1).

    Whoever lets the discount go keeps the money until day `n2` instead of day `n1` and pays `d / (1 - d)` for
    it. The same rate is what the seller pays to have the money earlier, **if** the customer would otherwise
    pay on day `n2`.

    Parameters
    ----------
    d : float
        The discount, a share: 0.02 for 2 %.
    n1, n2 : float
        The last day of the discount, and the day on which the customer pays otherwise.
    basis : int
        Days in a year: 365 or 360.
    compound : bool
        False: the simple (nominal) rate. True: the effective one, (1 + d / (1 - d)) ** (basis / days) - 1.

    Returns
    -------
    float
        A rate a year: 0.37 is 37 %.

    Raises
    ------
    TableError
        If `d` is not between 0 and 1, `n2` is not after `n1`, or the basis is not positive.

    Notes
    -----
    Source: standard, for instance Brigham & Houston, chapter on working capital. Books that print 36.7 % and
    37.2 % for 2/10 n/30 both mean the simple rate, with 360 and 365 days.

    Examples
    --------
    >>> [round(discount_cost(0.02, 10, 30, basis), 4) for basis in (360, 365)]
    [0.3673, 0.3724]
    >>> round(discount_cost(0.02, 10, 30, compound=True), 4)
    0.4459
    """
    _numbers(d=d, n1=n1, n2=n2, basis=basis)
    if not 0 <= d < 1:
        raise TableError(f"d must be a share from 0 to below 1 (0.02 is 2 %), got {d}.")
    if not n2 > n1:
        raise TableError(f"n2 must come after n1: the day without the discount is {n2}, with it {n1}.")
    if basis <= 0:
        raise TableError(f"basis must be 365 or 360 days, got {basis}.")
    once, times = d / (1 - d), basis / (n2 - n1)
    try:
        return (1 + once) ** times - 1 if compound else once * times
    except OverflowError:
        return math.inf


def discount_decision(
    taken: float, discount: float, days_earlier: float, *, cost_of_money: float, basis: int = 365
) -> DiscountDecision:
    """Should we keep offering the discount? What it costs, and what the earlier money is worth.

    Parameters
    ----------
    taken : float
        The invoices of a year on which the discount is taken, in money, before the discount.
    discount : float
        Share, 0.02 for 2 %.
    days_earlier : float
        By how many days the takers pay sooner than they **would have**: an estimate, and the crux.
    cost_of_money : float
        What the firm pays for a loan, a rate a year.
    basis : int
        Days in a year.

    Returns
    -------
    DiscountDecision
        `given`, `freed`, `worth`, `net` (money), `price` (float, rate a year; infinite if nobody pays
        earlier), `break_even` (share), `decision` ("keep" if net is not negative, else "stop"), `reason`.

    Raises
    ------
    TableError
        If money or rates are negative, or the discount is no share.

    Notes
    -----
    Orders are taken as given: whether somebody buys less without the discount, no invoice can tell.

    Examples
    --------
    >>> said = discount_decision(1_000_000, 0.02, 20, cost_of_money=0.06)
    >>> said.given, round(said.worth), said.decision, round(said.price, 3)
    (20000.0, 3222, 'stop', 0.372)
    """
    _not_negative(taken=taken)
    _numbers(discount=discount, days_earlier=days_earlier, basis=basis)
    _year(cost_of_money, basis)
    if not 0 < discount < 1:
        raise TableError(f"discount must be a share between 0 and 1 (0.02 is 2 %), got {discount}.")
    given = taken * discount
    freed = (taken - given) * days_earlier / basis
    worth = freed * cost_of_money
    price = discount_cost(discount, 0, days_earlier, basis) if days_earlier > 0 else math.inf
    earned = max(cost_of_money * days_earlier / basis, 0.0)
    keep = worth >= given
    paid = "for nothing" if math.isinf(price) else f"at {price:.1%} a year"
    reason = f"money is bought {paid}; a loan costs {cost_of_money:.1%}"
    return DiscountDecision(
        given, freed, worth, worth - given, price, earned / (1 + earned), "keep" if keep else "stop", reason
    )


def period_decision(
    sales: tuple[float, float],
    days: tuple[float, float],
    bad_debt: tuple[float, float],
    *,
    variable_cost: float,
    cost_of_money: float,
    basis: int = 360,
    existing: Literal["variable_cost", "price"] = "variable_cost",
) -> PeriodDecision:
    """Should we give more (or less) time to pay (信用期限)? Each pair is (now, then).

    Parameters
    ----------
    sales : pair of float
        A year's credit sales, in money.
    days : pair of float
        Days until customers pay.
    bad_debt : pair of float
        Share of sales that is never paid.
    variable_cost : float
        Share of the price that the goods cost.
    cost_of_money : float
        Rate a year.
    basis : int
        Days in a year: 360 is customary here.
    existing : {"variable_cost", "price"}
        How the money tied up is counted: all receivables at variable cost, or existing sales at their price
        and only added ones at variable cost. Books differ.

    Returns
    -------
    PeriodDecision
        The changes in `contribution`, `carrying`, `bad_debt` and `net` (float, money a year), `decision`
        ("accept" if net is positive, else "reject") and `reason`.

    Raises
    ------
    TableError
        If a number is missing or negative, a pair is no pair, a share is above 1, or `existing` another word.

    Notes
    -----
    The source course has the name only; incremental analysis is standard (Brealey, Myers & Allen).

    Examples
    --------
    >>> longer = period_decision((360_000, 420_000), (30, 60), (0.01, 0.02), variable_cost=0.8,
    ...                          cost_of_money=0.10)
    >>> [round(x) for x in longer[:4]], longer.decision
    ([12000, 3200, 4800, 4000], 'accept')
    """
    for name, pair in {"sales": sales, "days": days, "bad_debt": bad_debt}.items():
        if isinstance(pair, str) or np.shape(pair) != (2,):
            raise TableError(f"{name} is a pair, (now, then); got {pair!r}.")
        _numbers(**{f"{name}, now": pair[0], f"{name}, then": pair[1]})
    _year(cost_of_money, basis)
    _not_negative(
        sales=min(sales), days=min(days), bad_debt=min(bad_debt), variable_cost=variable_cost,
        cost_of_money=cost_of_money,
    )  # fmt: skip
    if max(*bad_debt, variable_cost) > 1:
        raise TableError("bad_debt and variable_cost are shares: 0.02 is 2 %.")
    if existing not in ("variable_cost", "price"):
        raise TableError(f"existing must be 'variable_cost' or 'price', got {existing!r}.")
    rate = variable_cost if existing == "variable_cost" else 1.0
    before = sales[0] * rate * days[0] / basis
    after = (sales[0] * rate + (sales[1] - sales[0]) * variable_cost) * days[1] / basis
    contribution = (sales[1] - sales[0]) * (1 - variable_cost)
    carrying = (after - before) * cost_of_money
    lost = sales[1] * bad_debt[1] - sales[0] * bad_debt[0]
    net = contribution - carrying - lost
    reason = f"{contribution:+,.0f} contribution, {carrying:+,.0f} for money, {lost:+,.0f} bad debt"
    return PeriodDecision(contribution, carrying, lost, net, "accept" if net > 0 else "reject", reason)


def credit_limit(avg_monthly: Any, months: Any, coef: Any, net_worth_cap: Any = None) -> Any:
    """How much may a customer owe at most (信用额度)? Sales of its credit period, times its grade's part.

    Parameters
    ----------
    avg_monthly : float or Series
        Mean sales of a month in which anything was delivered, in money.
    months : float or Series
        The credit period in months: 1 for n/30.
    coef : float or Series
        What the credit grade allows, for instance of `COEFFICIENTS`: 0 is cash first.
    net_worth_cap : float or Series, optional
        A second limit in money, for instance a tenth of the customer's net worth; the smaller one holds.
        Where it is missing, only the first counts.

    Returns
    -------
    float, or Series where columns were given
        Money.

    Raises
    ------
    TableError
        If a number is negative, infinite or missing (the cap may be missing), or the columns' indexes differ.

    Notes
    -----
    The source course has limits and grades as headings. Sales x period x coefficient is a customary form;
    one published policy has 1.5 to 3.0 for its best grade and 0 for its worst.

    Examples
    --------
    >>> credit_limit(50_000, 2, 0.8)
    80000.0
    >>> credit_limit(50_000, 2, 0.8, 60_000), credit_limit(50_000, 2, COEFFICIENTS["D"])
    (60000.0, 0.0)
    """
    for name, given in {"avg_monthly": avg_monthly, "months": months, "coef": coef}.items():
        try:
            numbers = np.asarray(given, dtype=float)
        except (TypeError, ValueError):
            raise TableError(f"{name} must be a number or a column of numbers, got {given!r}.") from None
        bad = np.flatnonzero(~((np.atleast_1d(numbers) >= 0) & np.isfinite(np.atleast_1d(numbers))))
        if len(bad):
            where = f" at {given.index[bad[0]]}" if isinstance(given, pd.Series) else ""
            raise TableError(
                f"{name} must be a number from 0 on{where}, got {np.atleast_1d(numbers)[bad[0]]}."
            )
    every = [v for v in (avg_monthly, months, coef, net_worth_cap) if np.ndim(v)]
    if any(not isinstance(v, pd.Series) or not v.index.equals(every[0].index) for v in every):
        raise TableError("Give numbers, or pandas columns that have all the same index: else rows would mix.")
    limit = avg_monthly * months * coef
    if np.ndim(net_worth_cap) and not np.ndim(limit):
        limit = pd.Series(limit, index=net_worth_cap.index)
    if net_worth_cap is not None:
        cap = np.where(pd.isna(net_worth_cap), np.inf, net_worth_cap)
        if (cap < 0).any():
            raise TableError("net_worth_cap must not be negative: who has lost all net worth gets 0.")
        limit = np.minimum(limit, cap if isinstance(limit, pd.Series) else float(cap))
    return limit if isinstance(limit, pd.Series) else float(limit)


def release_order(
    ar: float,
    open_orders: float,
    order: float,
    limit: float,
    overdue: int = 0,
    *,
    max_overdue: int = 30,
) -> Release:
    """May this order go out? Exposure (额度控制) is what is owed, plus what is on its way, plus the order.

    Parameters
    ----------
    ar, open_orders, order : float
        What the customer owes, its undelivered orders, and the new order, in money.
    limit : float
        The credit limit; an exposure *at* the limit is within it.
    overdue : int
        Days for which the oldest open invoice is overdue; 0 if none is.
    max_overdue : int
        More days than this hold the order, whatever the limit.

    Returns
    -------
    Release
        `decision` ("release" or "hold"), `exposure` and `over` (float, money), `reason`.

    Raises
    ------
    TableError
        If a number is negative.

    Notes
    -----
    Holding means: first settle, then we deliver. It is not a refusal.
    The source course has the name only; the rule is customary, the 30 days are our convention.

    Examples
    --------
    >>> release_order(65_000, 0, 20_000, 80_000)
    Release(decision='hold', exposure=85000, over=5000, reason='5,000 over the limit of 80,000')
    >>> release_order(65_000, 0, 15_000, 80_000).decision
    'release'
    """
    _not_negative(ar=ar, open_orders=open_orders, order=order, limit=limit, overdue=overdue)
    _not_negative(max_overdue=max_overdue)
    exposure = ar + open_orders + order
    over = max(round(exposure - limit, 2), 0)
    late = overdue > max_overdue
    reasons = [f"{over:,.0f} over the limit of {limit:,.0f}"] if over else []
    reasons += [f"an invoice is {overdue} days overdue"] if late else []
    within = f"within the limit of {limit:,.0f}"
    return Release(
        "hold" if reasons else "release", exposure, over, " and ".join(reasons) if reasons else within
    )


def _not_negative(**numbers: float) -> None:
    """Refuse what is negative, infinite or no number, by its name."""
    for name, value in numbers.items():
        if not _is_number(value) or value < 0:
            raise TableError(f"{name} must be a number from 0 on, got {value!r}.")


def _numbers(**numbers: Any) -> None:
    """Refuse what is infinite, missing or no number, by its name."""
    for name, value in numbers.items():
        if not _is_number(value):
            raise TableError(f"{name} must be a number, got {value!r}.")


def _year(cost_of_money: float, basis: float) -> None:
    """Refuse 6 for 6 %, and a year without days."""
    _not_negative(cost_of_money=cost_of_money)
    if cost_of_money > 1 or basis <= 0:
        raise TableError(
            f"cost_of_money is a share a year (0.06 is 6 %) and basis a number of days; "
            f"got {cost_of_money} and {basis}."
        )


def _is_number(value: Any) -> bool:
    known = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return known and bool(np.isfinite(value))
