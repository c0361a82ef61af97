"""The twin of the credit explorer: who pays first, when we know what a refusal costs?"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from casebook.credit import credit_decision
from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.plots.words_credit import line_table
from casebook.text import FormattedTable, format_table

__all__ = ["RULES", "CreditAnswer", "credit_answer"]

#: Who pays first under each rule, as a sentence calls it.
RULES = {
    "customer": "whose PD is above their own break-even",
    "D": "in grade D",
    "C": "in grades C and D",
    "nobody": "nobody",
}
Rule = Literal["customer", "D", "C", "nobody"]
FIRST = 6  #: customers listed under the explorer; the count is of all

SENTENCE = (
    "Cash first from {out:,} of {n:,} customers ({rule}): credit to the others brings {net:,.0f} {unit} a "
    "year. Those refused would have brought {lost:,.0f} {unit}."
)
SENTENCE_NOBODY = "Credit for all {n:,} customers brings {net:,.0f} {unit} a year."
LISTED = "Cash first: {count:,} customers; the {first} that credit would cost most"


@dataclass(frozen=True, eq=False, repr=False)
class CreditAnswer:
    """What the credit explorer says for one position of its controls; it shows itself in a notebook.

    Attributes
    ----------
    book : DataFrame, one row per customer
        `credit.credit_decision` of the book; `decision` follows the rule.
    grades : DataFrame, one row per grade
        `grade`, `customers`, `cash_first` (counts), `expected_loss`, `net` (RMB a year, of the whole
        grade) and `stake_needed` (0-1): the share of the trade that must be at stake to break even.
    refused : DataFrame
        Those who pay first, worst `net` first.
    net, lost : float
        RMB a year: what credit brings under the rule; what those refused would have brought.
    sentence : str
    rule, at_stake, lgd, unit
        What was asked.
    """

    rule: Rule
    at_stake: float
    lgd: float
    unit: str
    book: pd.DataFrame
    grades: pd.DataFrame
    refused: pd.DataFrame
    net: float
    lost: float
    sentence: str

    @property
    def tables(self) -> list[FormattedTable]:
        """The grades and the first of those who pay first, ready for people."""
        money = {"expected_loss": "{:,.0f}", "net": "{:,.0f}"}
        grades = format_table(
            self.grades,
            {**money, "stake_needed": "{:.0%}"},
            names={
                "cash_first": "cash first",
                "expected_loss": f"expected loss ({self.unit})",
                "net": f"net of credit to all ({self.unit})",
                "stake_needed": "pays above a stake of",
            },
        )
        if self.refused.empty:
            return [grades]
        shown = [c for c in ("customer_id", "credit_grade", "pd", "breakeven_pd", "net") if c in self.refused]
        caption = LISTED.format(count=len(self.refused), first=min(FIRST, len(self.refused)))
        listed = format_table(
            self.refused[shown],
            {"pd": "{:.1%}", "breakeven_pd": "{:.1%}", "net": "{:,.0f}"},
            names={
                "credit_grade": "grade",
                "pd": "PD",
                "breakeven_pd": "break-even",
                "net": f"net ({self.unit})",
            },
            caption=caption,
            rows=FIRST,
        )
        return [grades, listed]

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>{self.tables_html()}"

    def tables_html(self) -> str:
        """The tables as HTML, escaped."""
        return "".join(f'<div style="margin:0 0 10px">{t._repr_html_()}</div>' for t in self.tables)

    def __repr__(self) -> str:
        return "\n\n".join([self.sentence, *map(repr, self.tables)])


def credit_answer(
    book: pd.DataFrame,
    *,
    rule: Rule = "customer",
    at_stake: float = 0.5,
    lgd: float = 0.6,
    interest: float = 0.08,
    unit: str = "RMB",
) -> CreditAnswer:
    """Answer as the credit explorer does, from plain arguments.

    Parameters
    ----------
    book : pandas DataFrame, one row per customer
        `credit_grade`, `pd`, `margin`, `open`, `ead` as in `credit.credit_decision`; `customer_id` is listed.
    rule : {"customer", "D", "C", "nobody"}
        Who pays first: those above their own break-even, grade D, grades C and D, nobody.
    at_stake, lgd, interest
        As in `credit.credit_decision`.
    unit : str
        Currency, for headings.

    Returns
    -------
    CreditAnswer

    Raises
    ------
    TableError
        If the rule is unknown, a column is missing or a number is out of its range.

    Examples
    --------
    >>> book = pd.DataFrame({"customer_id": ["Ada", "Bo"], "credit_grade": ["A", "D"], "pd": [0.02, 0.2],
    ...                      "margin": [10_000, 10_000], "open": [1e4, 1e4], "ead": [5e4, 5e4]})
    >>> print(credit_answer(book).sentence)
    Cash first from 1 of 2 customers (whose PD is above their own break-even): credit to the others brings
    3,600 RMB a year. Those refused would have brought -1,800 RMB.
    """
    if rule not in RULES:
        raise TableError(f"rule must be one of {', '.join(RULES)}; got {rule!r}.")
    need_pandas(book, ["credit_grade"])
    keep = [
        c
        for c in book.columns
        if c not in {"expected_loss", "capital", "net", "breakeven_pd", "decision", "reason"}
    ]
    judged = credit_decision(book[keep], at_stake=at_stake, lgd=lgd, interest=interest)
    if rule != "customer":
        first = judged["credit_grade"] >= (rule if rule in "CD" else "E")
        judged = judged.assign(decision=first.map({True: "cash first", False: "credit"}))
    out = judged["decision"] == "cash first"
    refused = judged[out].sort_values("net", kind="stable")
    net, lost = float(judged.loc[~out, "net"].sum()), float(refused["net"].sum())
    template = SENTENCE if len(refused) else SENTENCE_NOBODY
    said = template.format(out=len(refused), n=len(judged), rule=RULES[rule], net=net, lost=lost, unit=unit)
    return CreditAnswer(rule, at_stake, lgd, unit, judged, _grades(judged), refused, net, lost, said)


def _grades(judged: pd.DataFrame) -> pd.DataFrame:
    """Money by grade: what the whole grade brings, and the stake at which it breaks even."""
    counts = line_table(judged)
    money = judged.groupby("credit_grade")[["margin", "expected_loss", "capital", "net"]].sum()
    cost = money["expected_loss"] + money["capital"]
    stake = (cost / money["margin"]).where(money["margin"] > 0, 1.0).clip(0, 1)
    return pd.DataFrame({
        "grade": counts["grade"], "customers": counts["n"], "cash_first": counts["out"],
        "expected_loss": money["expected_loss"].to_numpy(), "net": money["net"].to_numpy(),
        "stake_needed": stake.to_numpy(),
    })  # fmt: skip
