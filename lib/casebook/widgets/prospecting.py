"""The twin of the budget explorer: what would another budget, another split, another guess of room bring?"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casebook import prospecting as pro
from casebook.errors import TableError
from casebook.text import FormattedTable, format_table

__all__ = ["SPLITS", "BudgetAnswer", "budget_answer"]

#: How the budget is split, and how a sentence calls it.
SPLITS = {
    "best": "where the next customer costs least",
    "past": "as in the years so far",
    "equal": "in equal parts",
    "cheapest": "all to the cheapest method",
}

SENTENCE = (
    "{budget:,.0f} {unit} split {how}: about {customers:,.0f} customers, at {average} {unit} each. "
    "One more would cost {next}."
)
NEXT_RANGE, NEXT_SAME = (
    "from {least} to {most} {unit}, depending on the method",
    "{least} {unit} by any method",
)
COMPARED = " Split as in the years so far it would be about {past:,.0f}."


@dataclass(frozen=True, eq=False, repr=False)
class BudgetAnswer:
    """What the budget explorer says for one position of its controls; it shows itself in a notebook.

    Attributes
    ----------
    split : DataFrame, one row per way of finding
        As `prospecting.budget_split`: `method`, `before`, `budget`, `customers`, `average`, `next_cost`.
    customers : float
        Expected in the year.
    past : float
        Expected with the same budget split as in the years so far.
    sentence : str
        The answer in plain words.
    how, room, unit
        What was asked.
    """

    how: str
    room: float
    unit: str
    split: pd.DataFrame
    customers: float
    past: float
    sentence: str

    @property
    def table(self) -> FormattedTable:
        """The split, ready for people."""
        money, columns = "{:,.0f}", ["method", "before", "budget", "customers", "average", "next_cost"]
        heads = {"before": f"a year so far ({self.unit})", "budget": f"next year ({self.unit})",
                 "average": "average cost", "next_cost": "next one costs"}  # fmt: skip
        shown = self.split[columns].assign(method=self.split["method"].str.replace("_", " "))
        formats = {
            "before": money,
            "budget": money,
            "customers": "{:.1f}",
            "average": money,
            "next_cost": money,
        }
        return format_table(shown, formats, names=heads)

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>{self.tables_html()}"

    def tables_html(self) -> str:
        """The table as HTML, escaped."""
        return f'<div style="margin:0 0 10px">{self.table._repr_html_()}</div>'

    def __repr__(self) -> str:
        return f"{self.sentence}\n\n{self.table!r}"


def budget_answer(
    methods: pd.DataFrame,
    budget: float = 240_000,
    *,
    how: str = "best",
    room: float = 3.0,
    years: float = 1.0,
    least: float = 0.0,
    worth: Mapping[str, float] | None = None,
    unit: str = "RMB",
) -> BudgetAnswer:
    """Answer as the budget explorer does, from plain arguments.

    Parameters
    ----------
    methods : DataFrame, one row per way of finding
        `method`, `cost` (RMB), `customers`, as `prospecting.method_economics` returns them.
    budget : float
        RMB for the year.
    how : {"best", "past", "equal", "cheapest"}
        How it is split; "best" is `prospecting.budget_split`.
    room, years, least, worth
        As in `prospecting.budget_split`; `least` and `worth` matter for "best" only.
    unit : str
        Unit of the money, for headings.

    Returns
    -------
    BudgetAnswer

    Raises
    ------
    TableError
        As `prospecting.budget_split`, or if `how` is none of the four.

    Examples
    --------
    >>> two = pd.DataFrame({"method": ["referral", "fairs"], "cost": [5000, 60000], "customers": [10, 8]})
    >>> print(budget_answer(two, 65_000, how="cheapest").sentence)  # doctest: +NORMALIZE_WHITESPACE
    65,000 RMB split all to the cheapest method: about 30 customers, at 2,178 RMB each. One more would cost
    from 6,166 to 79,998 RMB, depending on the method. Split as in the years so far it would be about 18.
    """
    if how not in SPLITS:
        raise TableError(f"how must be one of {', '.join(map(repr, SPLITS))}, got {how!r}.")
    best = pro.budget_split(methods, budget, room=room, years=years, least=least, worth=worth)
    cost = methods["cost"].to_numpy(dtype=float)
    past = cost / cost.sum() * budget
    cheapest = np.zeros(len(methods))
    cheapest[int(np.argmin(cost / methods["customers"].to_numpy(dtype=float)))] = budget
    spend = {"past": past, "equal": np.full(len(methods), budget / len(methods)), "cheapest": cheapest}.get(
        how
    )
    split = best if spend is None else pro.split_outcome(methods, spend, room=room, years=years)
    expected, so_far = (
        float(s["customers"].sum()) for s in (split, pro.split_outcome(methods, past, room=room, years=years))
    )
    first, last = (f"{value:,.0f}" for value in (split["next_cost"].min(), split["next_cost"].max()))
    following = (NEXT_SAME if first == last else NEXT_RANGE).format(least=first, most=last, unit=unit)
    said = SENTENCE.format(
        budget=budget,
        unit=unit,
        how=SPLITS[how],
        customers=expected,
        average=_money(budget, expected),
        next=following,
    )
    said += "" if how == "past" else COMPARED.format(past=so_far)
    return BudgetAnswer(how, room, unit, split, expected, so_far, said)


def _money(budget: float, customers: float) -> str:
    return f"{budget / customers:,.0f}" if customers > 0 else "no"
