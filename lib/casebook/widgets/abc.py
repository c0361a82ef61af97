"""The twin of the ABC explorer: what does the list become under other cuts, another rule, another measure?"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from casebook import classification as cls
from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.text import FormattedTable, format_table

__all__ = ["MEASURES", "AbcAnswer", "abc_answer", "usual_classes"]

#: Columns that customers can be ranked by, and how a sentence calls them.
MEASURES = {"revenue": "revenue", "gross_margin": "gross margin", "profit": "profit after cost to serve"}
FIRST = 10  #: customers listed under the explorer; the count is of all

SENTENCE = "{a:,} of {n:,} customers{positive} ({part}) {bring} {share} of {word}."
POSITIVE = " with positive {word}"
SENTENCE_NO_A = "No customer is class A: the first alone passes the cut."
SENTENCE_APART = " {apart:,} {stands} apart: {make} {lost}."
CHANGED = "{count:,} {change} class against the usual list (revenue, cuts at 80% and 95%, crossing)"
CHANGED_FIRST = "; the first {first}"
CHANGED_NONE = "Nobody changes class against the usual list (revenue, cuts at 80% and 95%, crossing)."
APART = "apart"  #: stands for the class of a customer that is set apart


@dataclass(frozen=True, eq=False, repr=False)
class AbcAnswer:
    """What the ABC explorer says for one position of its controls; it shows itself in a notebook.

    Attributes
    ----------
    classified : DataFrame, one row per customer, best first
        `classification.abc` by the measure; customers without a positive value at the end.
    classes : DataFrame of shape (3, 5)
        `classification.abc_summary`: customers and value of A, B and C.
    moved : DataFrame, one row per customer whose class differs from the usual list, largest revenue first
        The key, `name`, `from`, `to` ("A", "B", "C" or "apart") and `value` by the measure.
    set_apart : int
        Customers whose measure is zero or negative.
    sentence : str
        The answer in plain words.
    measure, cuts, boundary, unit
        What was asked.
    """

    measure: str
    cuts: tuple[float, float]
    boundary: Literal["crossing", "inclusive"]
    unit: str
    classified: pd.DataFrame
    classes: pd.DataFrame
    moved: pd.DataFrame
    set_apart: int
    sentence: str

    @property
    def tables(self) -> list[FormattedTable]:
        """The classes and the first customers that change class, ready for people."""
        money, share, word = "{:,.0f}", "{:.1%}", self.measure.replace("_", " ")
        classes = format_table(
            self.classes,
            {"value": money, "customer_share": share, "value_share": share},
            names={
                "abc_value": "class",
                "customer_share": "share",
                "value": f"{word} ({self.unit})",
                "value_share": f"share of {word}",
            },
        )
        count = len(self.moved)
        if not count:
            return [classes]
        caption = CHANGED.format(count=count, change="customer changes" if count == 1 else "customers change")
        if count > FIRST:
            caption += CHANGED_FIRST.format(first=FIRST)
        heads = {"value": f"{word} ({self.unit})", "from": "was", "to": "is"}
        return [classes, format_table(self.moved, {"value": money}, names=heads, caption=caption, rows=FIRST)]

    @property
    def drawing(self) -> dict[str, Any]:
        """How `plot_pareto` and `alt_pareto` are called to draw this answer."""
        return {"cuts": self.cuts, "boundary": self.boundary, "unit": self.unit}

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>{self.tables_html()}"

    def tables_html(self) -> str:
        """The tables as HTML, escaped."""
        nobody = "" if len(self.moved) else f"<p>{CHANGED_NONE}</p>"
        return "".join(f'<div style="margin:0 0 10px">{t._repr_html_()}</div>' for t in self.tables) + nobody

    def __repr__(self) -> str:
        nobody = [] if len(self.moved) else [CHANGED_NONE]
        return "\n\n".join([self.sentence, *map(repr, self.tables), *nobody])


def usual_classes(measures: pd.DataFrame, key: str = "customer_id", *, measure: str = "revenue") -> pd.Series:
    """Classify by revenue with cuts 80% and 95% and the crossing rule: the list to compare with.

    Returns
    -------
    Series of shape (n_customers,)
        "A", "B", "C" or "apart", by customer.

    Raises
    ------
    TableError
        If a column is missing or no customer has positive revenue.

    Examples
    --------
    >>> three = pd.DataFrame({"customer_id": ["Ada", "Bo", "Cy"], "revenue": [90, 8, 2]})
    >>> usual_classes(three).to_dict()
    {'Ada': 'A', 'Bo': 'B', 'Cy': 'C'}
    """
    twice = measures.loc[measures[key].duplicated(), key] if key in measures else measures.iloc[:0, 0]
    if len(twice):
        raise TableError(f"{key} {twice.iloc[0]!r} stands twice: add up its rows first, one row for each.")
    classified = cls.abc(measures[_columns(measures, key, measure)], measure, key, on_nonpositive="apart")
    return classified.set_index(key)["abc_value"].fillna(APART)


def abc_answer(
    measures: pd.DataFrame,
    key: str = "customer_id",
    *,
    measure: str = "revenue",
    cuts: tuple[float, float] = cls.CUTS,
    boundary: Literal["crossing", "inclusive"] = "crossing",
    compare: pd.Series | None = None,
    unit: str = "RMB",
) -> AbcAnswer:
    """Answer as the ABC explorer does, from plain arguments.

    Parameters
    ----------
    measures : DataFrame, one row per customer
        The key, `name`, and the measures: `revenue`, `gross_margin`, `profit` (any currency).
    key : str
        Column that names the customer.
    measure : {"revenue", "gross_margin", "profit"}
        Column to rank by.
    cuts, boundary
        As in `classification.abc`.
    compare : Series, optional
        Class by customer to compare with; without it `usual_classes(measures, key)`.
    unit : str
        Unit of the measure, for headings.

    Returns
    -------
    AbcAnswer

    Raises
    ------
    TableError
        If a column is missing, no value is positive, or the cuts do not rise between 0 and 1.

    Examples
    --------
    >>> three = pd.DataFrame({"customer_id": ["Ada", "Bo", "Cy"], "name": ["Ada", "Bo", "Cy"],
    ...                       "revenue": [90, 8, 2], "profit": [-5, 4, 1]})
    >>> answer = abc_answer(three, measure="profit")
    >>> print(answer.sentence)
    1 of 2 customers with positive profit after cost to serve (50%) is class A and brings 80% of it.
    1 stands apart: it makes -5 RMB.
    >>> answer.moved
      customer_id name from     to  value
    0         Ada  Ada    A  apart     -5
    1          Bo   Bo    B      A      4
    2          Cy   Cy    C      B      1
    """
    columns = _columns(measures, key, measure)
    usual = usual_classes(measures, key) if compare is None else compare
    classified = cls.abc(
        measures[columns], measure, key, cuts=cuts, boundary=boundary, on_nonpositive="apart"
    )
    classes = cls.abc_summary(classified, measure)
    now = classified["abc_value"].fillna(APART)
    both = classified.assign(**{"from": classified[key].map(usual), "to": now, "value": classified[measure]})
    said_of = [*(c for c in columns if c != measure), "from", "to", "value"]
    moved = both.loc[both["from"] != both["to"], said_of]
    if "revenue" in measures:  # those who were largest first: a fallen giant is what one must see
        size = measures.drop_duplicates(key).set_index(key)["revenue"]
        moved = moved.loc[moved[key].map(size).sort_values(ascending=False, kind="stable").index]
    moved = moved.reset_index(drop=True)
    apart = int((now == APART).sum())
    lost = float(classified.loc[now == APART, measure].sum())
    said = _sentence(classes, MEASURES.get(measure, measure), apart, f"{lost + 0:,.0f} {unit}")
    return AbcAnswer(measure, cuts, boundary, unit, classified, classes, moved, apart, said)


def _columns(measures: pd.DataFrame, key: str, measure: str) -> list[str]:
    """The columns to work on: key, name if there is one, measure."""
    for column in (key, measure):
        if column not in measures.columns:
            raise TableError(
                f"The table has no column {column!r}; it has {list(map(str, measures.columns))}. "
                f"Its measures are {', '.join(MEASURES)}; revenue is always needed."
            )
    return [key, *(c for c in ("name",) if c in measures.columns and c != key), measure]


def _sentence(classes: pd.DataFrame, word: str, apart: int, lost: str) -> str:
    best, n = classes.iloc[0], int(classes["customers"].sum())
    bring = "is class A and brings" if best["customers"] == 1 else "are class A and bring"
    template = SENTENCE if best["customers"] else SENTENCE_NO_A
    said = template.format(
        a=best["customers"],
        n=n,
        positive=POSITIVE.format(word=word) if apart else "",
        part=percent(best["customer_share"]),
        bring=bring,
        share=percent(best["value_share"]),
        word="it" if apart else word,
    )
    one = apart == 1
    stands, make = "stands" if one else "stand", "it makes" if one else "together they make"
    return said + (SENTENCE_APART.format(apart=apart, stands=stands, make=make, lost=lost) if apart else "")
