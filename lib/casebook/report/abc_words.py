"""The sentences of an ABC report, in one place; their numbers come from its tables."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping

import pandas as pd

from casebook import classification
from casebook.text import fill

__all__ = ["WORDS", "careful", "command", "few", "spread"]

WORDS = {
    "few": (
        "Class A is {a:,} of {n:,} customers ({a_share:.1%}): they bring {a_value:.1%} of "
        "{total:,.2f}{unit} in all."
    ),
    "spread": (
        "The best tenth ({tenth:,}) brings {tenth_value:.1%}, the smaller half {half_value:.1%}; the Gini "
        "coefficient is {gini:.4f} (0: all bring the same; near 1: one brings all)."
    ),
    "spread_small": (
        "The best customer brings {best:.1%}; with {n:,} in all, one order can change the picture."
    ),
    "careful": "Be careful: {parts}.",
    "no_balance": (
        "customers without a positive balance, listed apart: {n:,} ({zero:,} exactly zero, {below:,} below)"
    ),
    "aside": "lines set aside: {n:,} of {lines:,}",
    "aside_worth": (
        "lines set aside: {n:,} of {lines:,} (those without a customer add up to {worth:,.2f}{unit})"
    ),
    "net": "negative lines added up with the rest: {n:,}",
    "exclude": "negative lines left out, so that values are before returns: {n:,}",
    "clean": "all {lines:,} lines were used, and still one large order can lift a customer over a cut",
    "no_customer": "no customer",
    "negative": "negative amount",
    "double_minus": "qty and unit_price are both negative",
}
FEW = 20  #: below so many customers a tenth and a half say little


def few(classes: pd.DataFrame, unit: str = "") -> str:
    """Who the few are.

    >>> six = pd.DataFrame({"who": list("PQRSTU"), "value": [500, 250, 120, 70, 40, 20]})
    >>> few(classification.abc_summary(classification.abc(six, "value", "who"), "value"), "EUR")
    'Class A is 3 of 6 customers (50.0%): they bring 87.0% of 1,000.00 EUR in all.'
    """
    best = classes.iloc[0]
    return fill(
        WORDS["few"],
        a=int(best["customers"]),
        n=int(classes["customers"].sum()),
        a_share=best["customer_share"],
        a_value=best["value_share"],
        total=classes["value"].sum(),
        unit=_after(unit),
    )


def spread(values: pd.Series) -> str:
    """How unequal customers are; `values` come best first.

    >>> spread(pd.Series([70.0, 20.0, 10.0]))
    'The best customer brings 70.0%; with 3 in all, one order can change the picture.'
    """
    n, total = len(values), values.sum()
    if n < FEW:
        return fill(WORDS["spread_small"], best=values.iloc[0] / total, n=n)
    tenth, half = math.ceil(n / 10), n // 2
    return fill(
        WORDS["spread"],
        tenth=tenth,
        tenth_value=values.head(tenth).sum() / total,
        half_value=values.tail(half).sum() / total,
        gini=classification.gini(values),
    )


def careful(
    *,
    lines: int,
    aside: int,
    worth: float | None,
    no_balance: pd.Series,
    returns: tuple[str | None, int],
    unit: str,
) -> str:
    """What one must know of what the finding leaves out.

    Parameters
    ----------
    lines, aside : int
        Lines of the file, and how many of them were set aside.
    worth : float, optional
        Sum of the lines that were set aside for want of a customer, if there are any.
    no_balance : Series
        Values of the customers at or below zero.
    returns : tuple of str and int
        What was done with negative lines, and with how many.
    unit : str

    Examples
    --------
    >>> careful(lines=9, aside=2, worth=3.5, no_balance=pd.Series([0.0]), returns=("net", 1), unit="EUR")
    'Be careful: customers without a positive balance, listed apart: 1 (1 exactly zero, 0 below);
    lines set aside: 2 of 9 (those without a customer add up to 3.50 EUR); negative lines added up with
    the rest: 1.'
    """
    parts = []
    if len(no_balance):
        zero = int((no_balance == 0).sum())
        parts.append(fill(WORDS["no_balance"], n=len(no_balance), zero=zero, below=len(no_balance) - zero))
    if worth is not None:
        parts.append(fill(WORDS["aside_worth"], n=aside, lines=lines, worth=worth, unit=_after(unit)))
    elif aside:
        parts.append(fill(WORDS["aside"], n=aside, lines=lines))
    way, count = returns
    if way and count:
        parts.append(fill(WORDS[way], n=count))
    said = "; ".join(parts or [fill(WORDS["clean"], lines=lines)])
    return WORDS["careful"].format(parts=said)  # filled, so escaped already


def command(name: str, mapping: Mapping[str, str], asked: Mapping[str, str | None]) -> str:
    """The same on the command line; the folder for the results is left to whoever repeats it.

    >>> command("sales.csv", {"customer_id": "Client code"}, {"date_order": "dmy", "sheet": None})
    "casebook report abc sales.csv --map 'customer_id=Client code' --date-order dmy --out DIR"
    """
    words = ["casebook", "report", "abc", name]
    words += [part for role, column in mapping.items() for part in ("--map", f"{role}={column}")]
    given = {option: value for option, value in asked.items() if value}
    words += [part for option, value in given.items() for part in ("--" + option.replace("_", "-"), value)]
    return shlex.join([*words, "--out", "DIR"])


def _after(unit: str) -> str:
    return f" {unit}" if unit else ""
