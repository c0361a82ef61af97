"""The words of the pictures of a cash discount; see `words` for the rules."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words import require
from casebook.terms import discount_cost

__all__ = ["alt_days_earlier", "alt_take_up"]

TAKE_UP_TITLE = (
    "{fast:.0%} of the fastest payers take it, at {dear} a year; {slow:.0%} of the slowest, at {cheap}"
)
TAKE_UP_TITLE_ONE = "{fast:.0%} of these customers take it, at {dear} a year"
TAKE_UP_ALT = (
    "A falling curve: what a discount of {discount:.1%} up to day {day} costs a year, against the day on "
    "which customers usually pay. On it one circle for each band of customers, its area the share of offers "
    "that are taken: {bands}.{loan}"
)
TAKE_UP_BAND = "usual day {day:.0f}: costs {price}, {share:.0%} of {offers:,} taken"
LOAN = " A dashed line marks the cost of a loan, {rate}."
EARLIER_TITLE = (
    "Compared with others the discount costs {other} a year; compared with the takers themselves, {own}"
)
EARLIER_TITLE_ONE = "The discount costs {own} a year"
EARLIER_ALT = (
    "Points by comparison, in days by which the money comes earlier, with 95% intervals: {rows}.{truth}"
)
EARLIER_ROW = "{name}: {days:.1f} days{interval}, which is {price} a year"
EARLIER_TRUTH = " A dashed line marks the truth, {days:.1f} days."
OWN = "the takers' other invoices"


def require_bands(bands: pd.DataFrame) -> None:
    """Refuse a table that `casebook.discounts.take_up` did not make.

    >>> require_bands(pd.DataFrame({"usual_days": [23.0], "share": [0.7], "offers": [4]}))
    """
    require(bands, ["usual_days", "share", "offers"], "discounts.take_up")
    if bands.empty:
        raise TableError("The table has no bands, so there is nothing to draw.")


def _price(discount: float, day: float, usual: float) -> str:
    return percent(discount_cost(discount, day, usual)) if usual > day else "all of it for nothing"


def take_up_title(bands: pd.DataFrame, discount: float, day: int) -> str:
    """The finding: the fastest band against the slowest.

    >>> bands = pd.DataFrame({"usual_days": [23.0], "share": [0.7], "offers": [4]})
    >>> take_up_title(bands, 0.02, 10)
    '70% of these customers take it, at 57% a year'
    """
    ordered = bands.sort_values("usual_days")
    first, last = ordered.iloc[0], ordered.iloc[-1]
    dear, cheap = (_price(discount, day, row["usual_days"]) for row in (first, last))
    template = TAKE_UP_TITLE if len(bands) > 1 else TAKE_UP_TITLE_ONE
    return template.format(fast=first["share"], slow=last["share"], dear=dear, cheap=cheap)


def alt_take_up(
    bands: pd.DataFrame, *, discount: float = 0.02, day: int = 10, cost_of_money: float | None = None
) -> str:
    """Say in words what `plot_take_up` draws; the arguments are the same.

    Returns
    -------
    str
        A few sentences from which the picture could be drawn.

    Raises
    ------
    TableError
        If a column is missing or there is no band.

    Examples
    --------
    >>> bands = pd.DataFrame({"usual_days": [23.0], "share": [0.7], "offers": [416]})
    >>> alt_take_up(bands)[-49:]
    'taken: usual day 23: costs 57%, 70% of 416 taken.'
    """
    require_bands(bands)
    said = "; ".join(
        TAKE_UP_BAND.format(
            day=row["usual_days"],
            price=_price(discount, day, row["usual_days"]),
            share=row["share"],
            offers=row["offers"],
        )
        for row in bands.to_dict("records")
    )
    loan = "" if cost_of_money is None else LOAN.format(rate=percent(cost_of_money))
    return TAKE_UP_ALT.format(discount=discount, day=day, bands=said, loan=loan)


class Earlier(NamedTuple):
    """One answer: its name, days, interval if there is one, and price a year."""

    name: str
    days: float
    low: float | None
    high: float | None
    price: float


def earlier_facts(table: pd.DataFrame) -> list[Earlier]:
    """The answers, as drawn.

    >>> table = pd.DataFrame({"comparison": ["the due day"], "days": [20.0], "low": [None], "high": [None],
    ...                       "price": [0.37]})
    >>> earlier_facts(table)
    [Earlier(name='the due day', days=20.0, low=None, high=None, price=0.37)]
    """
    require(table, ["comparison", "days", "low", "high", "price"], "discounts.days_earlier")
    if table.empty:
        raise TableError("The table has no comparisons, so there is nothing to draw.")
    return [
        Earlier(
            str(row["comparison"]),
            float(row["days"]),
            None if pd.isna(row["low"]) else float(row["low"]),
            None if pd.isna(row["high"]) else float(row["high"]),
            float(row["price"]),
        )
        for row in table.to_dict("records")
    ]


def earlier_title(facts: list[Earlier]) -> str:
    """The finding: the first comparison against the takers' own invoices.

    >>> earlier_title([Earlier("the due day", 20.0, None, None, 0.372)])
    'The discount costs 37% a year'
    """
    own = next((f for f in facts if f.name == OWN), facts[-1])
    if own is facts[0]:
        return EARLIER_TITLE_ONE.format(own=percent(own.price))
    return EARLIER_TITLE.format(other=percent(facts[0].price), own=percent(own.price))


def alt_days_earlier(table: pd.DataFrame, *, truth: float | None = None) -> str:
    """Say in words what `plot_days_earlier` draws; the arguments are the same.

    Returns
    -------
    str
        A few sentences from which the picture could be drawn.

    Raises
    ------
    TableError
        If a column is missing or there are no rows.

    Examples
    --------
    >>> table = pd.DataFrame({"comparison": ["the due day"], "days": [20.0], "low": [None], "high": [None],
    ...                       "price": [0.372]})
    >>> alt_days_earlier(table)[-44:]
    'the due day: 20.0 days, which is 37% a year.'
    """
    rows = [
        EARLIER_ROW.format(
            name=f.name,
            days=f.days,
            interval="" if f.low is None else f" ({f.low:.1f} to {f.high:.1f})",
            price=percent(f.price),
        )
        for f in earlier_facts(table)
    ]
    line = "" if truth is None else EARLIER_TRUTH.format(days=truth)
    return EARLIER_ALT.format(rows="; ".join(rows), truth=line)
