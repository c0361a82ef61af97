"""The twin of the discount explorer: what would other terms cost, and would they be worth it?"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from casebook.discounts import COMPARISONS
from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.plots.style import percent
from casebook.terms import DiscountDecision, discount_cost, discount_decision
from casebook.text import FormattedTable, format_table

__all__ = ["DiscountAnswer", "discount_answer"]

SENTENCE = (
    "{decision} it: {discount:.1%} up to day {day} costs us {price} a year, a loan {rate}. "
    "It gives {given:,.0f} {unit} away, to have {taken:,.0f} {unit} {earlier:.1f} days earlier (compared "
    "with {comparison}), which is worth {worth:,.0f} {unit}. A discount worth its price would be {even:.2%}."
)
SENTENCE_NONE = (
    "Stop it: {discount:.1%} up to day {day} gives {given:,.0f} {unit} away, and compared with {comparison} "
    "nobody pays earlier."
)


@dataclass(frozen=True, eq=False, repr=False)
class DiscountAnswer:
    """What the discount explorer says for one position of its controls; it shows itself in a notebook.

    Attributes
    ----------
    bands : DataFrame, one row per band of customers
        As `casebook.discounts.take_up`, with the price under these terms.
    decision : DiscountDecision
        As `casebook.terms.discount_decision`.
    days_earlier : float
        By how many days the takers pay earlier, against the chosen comparison.
    sentence : str
        The answer in plain words.
    discount, day, cost_of_money, comparison, unit
        What was asked.
    """

    discount: float
    day: int
    cost_of_money: float
    comparison: str
    unit: str
    bands: pd.DataFrame
    decision: DiscountDecision
    days_earlier: float
    sentence: str

    @property
    def table(self) -> FormattedTable:
        """The bands, ready for people."""
        worth = np.where(self.bands["price"] <= self.cost_of_money, "yes", "no")
        shown = self.bands.assign(worth=worth)[["band", "offers", "share", "price", "worth"]]
        return format_table(
            shown.assign(price=[percent(p) if np.isfinite(p) else "all for nothing" for p in shown["price"]]),
            {"share": "{:.0%}"},
            names={
                "band": "usually pay on day",
                "share": "taken",
                "price": "costs us a year",
                "worth": "cheaper than a loan",
            },
        )

    @property
    def drawing(self) -> dict[str, Any]:
        """How `plot_take_up` and `alt_take_up` are called to draw this answer."""
        return {"discount": self.discount, "day": self.day, "cost_of_money": self.cost_of_money}

    def tables_html(self) -> str:
        """The table as HTML, escaped."""
        return f'<div style="margin:0 0 10px">{self.table._repr_html_()}</div>'

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>{self.tables_html()}"

    def __repr__(self) -> str:
        return f"{self.sentence}\n\n{self.table!r}"


def discount_answer(
    bands: pd.DataFrame,
    earlier: pd.DataFrame,
    taken: float,
    *,
    discount: float = 0.02,
    day: int = 10,
    cost_of_money: float = 0.06,
    comparison: str = COMPARISONS[3],
    unit: str = "RMB",
) -> DiscountAnswer:
    """Answer as the discount explorer does, from plain arguments.

    Parameters
    ----------
    bands : DataFrame
        As `casebook.discounts.take_up` returns it, for a discount up to day 10.
    earlier : DataFrame
        As `casebook.discounts.days_earlier` returns it, for a discount up to day 10.
    taken : float
        The invoices of a year on which the discount is taken, in money.
    discount : float
        Share, 0.02 for 2 %.
    day : int
        Its last day. A later day makes the money later by as many days.
    cost_of_money : float
        What a loan costs, a rate a year.
    comparison : str
        One of `casebook.discounts.COMPARISONS`.
    unit : str
        Of the money.

    Returns
    -------
    DiscountAnswer

    Raises
    ------
    TableError
        If a column is missing, the comparison is not in the table, or a number is out of bounds.

    Notes
    -----
    The same invoices are taken as being taken, whatever the terms. Fewer would take a smaller discount; the
    price a year of those who do is as said.

    Examples
    --------
    >>> bands = pd.DataFrame({"band": ["to 25"], "offers": [4], "share": [0.75], "usual_days": [23.0]})
    >>> earlier = pd.DataFrame({"comparison": ["the due day"], "days": [20.0]})
    >>> print(discount_answer(bands, earlier, 1_000_000, comparison="the due day").decision.decision)
    stop
    """
    need_pandas(bands, ["band", "offers", "share", "usual_days"])
    known = need_pandas(earlier, ["comparison", "days"]).set_index("comparison")["days"]
    if comparison not in known.index:
        raise TableError(f"comparison must be one of {list(known.index)}, got {comparison!r}.")
    price = [discount_cost(discount, day, usual) if usual > day else np.inf for usual in bands["usual_days"]]
    days = max(float(known[comparison]) - (day - 10), 0.0)
    said = discount_decision(taken, discount, days, cost_of_money=cost_of_money)
    template = SENTENCE if days > 0 else SENTENCE_NONE
    sentence = template.format(
        discount=discount,
        day=day,
        given=said.given,
        unit=unit,
        taken=taken,
        earlier=days,
        comparison=comparison,
        price=percent(said.price) if days > 0 else "",
        rate=percent(cost_of_money),
        worth=said.worth,
        decision=said.decision.capitalize(),
        even=said.break_even,
    )
    return DiscountAnswer(
        discount,
        day,
        cost_of_money,
        comparison,
        unit,
        bands.assign(price=price),
        said,
        max(days, 0.0),
        sentence,
    )
