"""The words of the pictures: titles that state the finding, and alternative texts, all in one place.

Each function takes the table that the picture takes and computes its sentence from it. A title says what was
found; an alternative text says enough that a reader who cannot see the picture could draw it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import percent

__all__ = ["ClassFacts", "alt_pareto", "class_facts", "drawn", "pareto_labels", "pareto_title", "worth"]

PARETO_TITLE = "{a:,} of {n:,} {customers} ({part}) {bring} {share} of {word}"
PARETO_TITLE_APART = "{a:,} of {n:,} {customers} with positive {word} ({part}) {bring} {share} of it"
PARETO_TITLE_NO_A = "No customer is in class A: the first alone brings {share} of {word}"
PARETO_LABELS = ("A: {n:,} {customers}, {share}", "B: next {n:,}, {share}", "C: other {n:,}, {share}")
PARETO_ALT = (
    "Pareto chart of {n:,} {customers}, best first. Bars of {word} in {unit} fall from {first} over "
    "{middle} in the middle to {last}. A line shows the running share: {line}. "
    "Dashed lines mark the cuts at {cut_a} and {cut_b} ({rule}). {classes}{apart}"
)
PARETO_CLASS = "Class {name}: {n:,} {customers}, {share} of {word}."
RULES = {
    "crossing": "the customer who crosses a cut keeps the better class",
    "inclusive": "the customer who crosses a cut falls into the next class",
}


class ClassFacts(NamedTuple):
    """How many customers a class holds, and which share (0-1) of the value they bring."""

    name: str
    customers: int
    share: float


def drawn(classified: pd.DataFrame, value: str) -> pd.DataFrame:
    """The customers that have a class; refuses a table that `classification.abc` did not make.

    >>> table = pd.DataFrame({"value": [3.0, -1.0], "cum_share": [1.0, None], "abc_value": ["A", None]})
    >>> drawn(table, "value")
       value  cum_share abc_value
    0    3.0        1.0         A
    """
    require(classified, [value, "cum_share", "abc_value"], "classification.abc")
    table = classified[classified["abc_value"].notna()]
    if table.empty:
        raise TableError(
            "No customer has a class, so there is nothing to draw. Is every value zero or negative?"
        )
    return table


def require(table: pd.DataFrame, columns: list[str], maker: str) -> None:
    """Refuse a table that lacks a column.

    >>> require(pd.DataFrame({"a": [1]}), ["a"], "classification.abc")
    """
    missing = [c for c in columns if c not in table.columns]
    if missing:
        raise TableError(
            f"The table has no column {missing[0]!r}; it has {list(map(str, table.columns))}. "
            f"Give the table that {maker} returns."
        )


def refuse_empty(table: pd.DataFrame) -> None:
    """Refuse a table without rows.

    >>> refuse_empty(pd.DataFrame({"a": [1]}))
    """
    if table.empty:
        raise TableError("The table has no customers, so there is nothing to draw.")


def worth(value: str, measure: str | None) -> str:
    """The word for a column of values in a sentence.

    >>> worth("value", None), worth("gross_margin", None), worth("value", "profit")
    ('revenue', 'gross margin', 'profit')
    """
    return measure or ("revenue" if value == "value" else value.replace("_", " "))


def class_facts(table: pd.DataFrame) -> list[ClassFacts]:
    """Count the customers of A, B and C, and take each class's share of value from the running share.

    >>> class_facts(pd.DataFrame({"cum_share": [0.8, 1.0], "abc_value": ["A", "B"]}))[0]
    ClassFacts(name='A', customers=1, share=0.8)
    """
    share = np.concatenate([[0.0], table["cum_share"].to_numpy(dtype=float)])
    classes = table["abc_value"].to_numpy(dtype=object)
    counts = [int((classes == name).sum()) for name in "ABC"]
    ends = np.cumsum([0, *counts])
    parts = np.diff(share[ends])
    return [ClassFacts(n, c, float(p)) for n, c, p in zip("ABC", counts, parts, strict=True)]


def pareto_title(facts: list[ClassFacts], word: str, first: float, *, apart: bool = False) -> str:
    """The finding of a Pareto chart; `first` is the share (0-1) of the best customer.

    With customers set `apart`, the shares are of what the others bring, and the title says so.

    >>> facts = [ClassFacts("A", 1, 0.8), ClassFacts("B", 4, 0.2), ClassFacts("C", 0, 0.0)]
    >>> pareto_title(facts, "revenue", 0.8)
    '1 of 5 customers (20%) brings 80% of revenue'
    """
    n, best = sum(f.customers for f in facts), facts[0]
    if best.customers == 0:
        return PARETO_TITLE_NO_A.format(share=percent(first), word=word)
    bring = "brings" if best.customers == 1 else "bring"
    return (PARETO_TITLE_APART if apart else PARETO_TITLE).format(
        a=best.customers,
        n=n,
        customers=customers(n),
        part=percent(best.customers / n),
        bring=bring,
        share=percent(best.share),
        word=word,
    )


def pareto_labels(facts: list[ClassFacts]) -> list[str]:
    """One direct label a class; empty for a class without customers.

    >>> pareto_labels([ClassFacts("A", 1, 0.8), ClassFacts("B", 4, 0.2), ClassFacts("C", 0, 0.0)])
    ['A: 1 customer, 80%', 'B: next 4, 20%', '']
    """
    return [
        label.format(n=f.customers, customers=customers(f.customers), share=percent(f.share))
        if f.customers
        else ""
        for label, f in zip(PARETO_LABELS, facts, strict=True)
    ]


def customers(count: int) -> str:
    """One customer, two customers.

    >>> customers(1), customers(0)
    ('customer', 'customers')
    """
    return "customer" if count == 1 else "customers"


def number(amount: float) -> str:
    """Write an amount with thousands separators and no false digits.

    >>> number(12345.6), number(2.5)
    ('12,346', '2.5')
    """
    return f"{amount:,.0f}" if abs(amount) >= 100 else f"{amount:,.4g}"


def alt_pareto(
    classified: pd.DataFrame,
    value: str = "value",
    *,
    cuts: tuple[float, float] = (0.80, 0.95),
    boundary: str = "crossing",
    unit: str = "RMB",
    measure: str | None = None,
) -> str:
    """Say in words what `plot_pareto` draws; the arguments are the same.

    Returns
    -------
    str
        A few sentences from which the chart could be drawn.

    Raises
    ------
    TableError
        If a column is missing or no customer has a class.

    Examples
    --------
    >>> table = pd.DataFrame({"who": ["Ada", "Bo", "Cy"], "value": [70.0, 20.0, 10.0],
    ...                       "cum_share": [0.7, 0.9, 1.0], "abc_value": ["A", "A", "B"]})
    >>> print(alt_pareto(table)[:102])
    Pareto chart of 3 customers, best first. Bars of revenue in RMB fall from 70 over 20 in the middle to
    """
    table = drawn(classified, value)
    facts, word, n = class_facts(table), worth(value, measure), len(table)
    values, share = table[value].to_numpy(dtype=float), table["cum_share"].to_numpy(dtype=float)
    apart = len(classified) - n
    classes = " ".join(
        PARETO_CLASS.format(
            name=f.name, n=f.customers, customers=customers(f.customers), share=percent(f.share), word=word
        )
        for f in facts
    )
    beside = f" {apart:,} {customers(apart)} without a positive value not drawn." if apart else ""
    return PARETO_ALT.format(
        n=n,
        customers=customers(n),
        word=word,
        unit=unit,
        first=number(values[0]),
        middle=number(values[n // 2]),
        last=number(values[-1]),
        line=_points(share),
        cut_a=percent(cuts[0]),
        cut_b=percent(cuts[1]),
        rule=RULES[boundary],
        classes=classes,
        apart=beside,
    )


def _points(share: np.ndarray) -> str:
    """A running share at the first customer and at each tenth, fifth and half of all customers."""
    n = len(share)
    ranks = sorted({1, *(max(1, round(n * part)) for part in (0.05, 0.1, 0.2, 0.5)), n})
    return ", ".join(f"{percent(share[rank - 1])} after {rank:,}" for rank in ranks)
