"""Open invoices and payments together: checked, in one kind of table, their money in one exact unit.

The part that the functions of `casebook.receivables` share; pandas, Polars and DuckDB alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import narwhals as nw
import pandas as pd

from casebook.days import check_days, day_number
from casebook.errors import TableError
from casebook.exact import Unit, check_values, find_unit
from casebook.frames import Frame, facts, name_rows, refuse_gaps, start

__all__ = ["bucket_names"]  # the rest is for the modules beside it

#: Last day past due of each bucket but the last, which has no end: current, 1-30, 31-60, 61-90, over 90.
EDGES = (0, 30, 60, 90)
INVOICE = ["invoice_id", "customer_id", "issue_date", "due_date", "amount"]
UNITS, PAID, LEFT = "__units", "__paid", "__left"  # helper columns


def bucket_names(edges: Sequence[int] = EDGES) -> list[str]:
    """Name the buckets of an ageing table.

    Parameters
    ----------
    edges : rising whole numbers, the first 0
        Last day past due of each bucket; both ends belong to it.

    Returns
    -------
    list of str
        One more name than edges.

    Raises
    ------
    TableError
        If the edges do not rise from 0.

    Examples
    --------
    >>> bucket_names()
    ['current', '1-30', '31-60', '61-90', '>90']
    """
    whole = [int(e) for e in edges if isinstance(e, (int, float))]
    if whole != list(edges) or whole[:1] != [0] or whole != sorted(set(whole)):
        raise TableError(f"edges must be whole days that rise from 0, such as {EDGES}; got {tuple(edges)}.")
    between = [f"{a + 1}-{b}" for a, b in pairwise(whole)]
    return ["current", *between, f">{whole[-1]}"]


def open_ledger(invoices: Any, payments: Any, makes: Sequence[str] = ()) -> tuple[Any, Any, Unit]:
    """Both tables, checked, with their money in one common unit."""
    billed: Any = start(
        invoices, INVOICE, makes=("open", "days_past_due", "bucket", "owed", "overdue", *makes)
    )
    paid: Any = start(payments, ["invoice_id", "date", "amount"])
    one_kind(billed, paid, "invoice_id")
    for frame, dates in ((billed, ["issue_date", "due_date"]), (paid, ["date"])):
        refuse_gaps(frame, "invoice_id")
        for column in dates:
            refuse_gaps(frame, column)
            check_days(frame, None, column)
        check_values(frame, "amount", "invoice_id")
        refuse_negative(frame, "amount")
    refuse_gaps(billed, "customer_id", "name the customer, or leave those rows out and say how many they are")
    _refuse_twice(billed)
    off = nw.lit(0.0)
    if "discount_taken" in paid.collect_schema().names():
        check_values(paid, "discount_taken", "invoice_id")
        refuse_negative(paid, "discount_taken")
        off = nw.col("discount_taken").cast(nw.Float64)
    money = nw.col("amount").cast(nw.Float64)
    paid = paid.select("invoice_id", "date", __money=money, __taken=off, __day=day_number("date"))
    parts = [billed.select(x=money), paid.select(x=nw.col("__money")), paid.select(x=nw.col("__taken"))]
    unit = find_unit(nw.concat(parts), "x")
    paid = paid.with_columns(
        __units=unit.count(nw.col("__money")) + unit.count(nw.col("__taken")),
        __off=unit.count(nw.col("__taken")),
    )
    days = {"__issued": day_number("issue_date"), "__due": day_number("due_date")}
    return billed.with_columns(__units=unit.count(money), **days), paid, unit


def left_open(invoices: Any, payments: Any, as_of: dt.date, makes: Sequence[str] = ()) -> tuple[Any, Unit]:
    """The invoices issued up to a day, with what is left, the last payment's day and what was deducted."""
    billed, paid, unit = open_ledger(invoices, payments, makes)
    return left_on(billed, paid, as_of), unit


def left_on(billed: Any, paid: Any, as_of: dt.date) -> Any:
    """The same of tables that `open_ledger` has checked."""
    came = (
        paid.filter(nw.col("__day") <= as_of.toordinal())
        .group_by("invoice_id")
        .agg(nw.col(UNITS).sum().alias(PAID), nw.col("__day").max().alias("__last"), nw.col("__off").sum())
    )
    known = billed.filter(nw.col("__issued") <= as_of.toordinal())
    return known.join(came, on="invoice_id", how="left").with_columns(
        __left=(nw.col(UNITS) - nw.col(PAID).fill_null(0)).cast(nw.Int64),
        __off=nw.col("__off").fill_null(0).cast(nw.Int64),
    )


def bucket_of(late: nw.Expr, edges: Sequence[int]) -> nw.Expr:
    """The name of the bucket for days past due."""
    names = bucket_names(edges)
    named = nw.lit(names[-1])
    for edge, name in zip(reversed(list(edges)), reversed(names[:-1]), strict=True):
        named = nw.when(late <= edge).then(nw.lit(name)).otherwise(named)
    return named


def by_month(frame: Frame, date: str, units: str) -> pd.Series:
    """Units by month, as the number of the month since 1970 (pandas counts periods so)."""
    month = (nw.col(date).dt.year().cast(nw.Int64) - 1970) * 12 + nw.col(date).dt.month().cast(nw.Int64) - 1
    added = frame.with_columns(__month=month).group_by("__month").agg(nw.col(units).sum())
    return to_pandas(added).set_index("__month")[units]


def to_pandas(frame: Frame) -> pd.DataFrame:
    """Collect a small table."""
    return (frame.collect() if isinstance(frame, nw.LazyFrame) else frame).to_pandas()


def one_kind(one: Any, other: Any, key: str, names: str = "Invoices and payments") -> None:
    """Refuse two tables of different engines, or whose keys can never meet: numbers here, text there."""
    if one.implementation is not other.implementation or type(one) is not type(other):
        raise TableError(f"{names} must be of one kind: both pandas, both Polars, or both DuckDB.")
    numeric = [frame.collect_schema()[key].is_numeric() for frame in (one, other)]
    if numeric[0] is not numeric[1]:
        here, there = ("numbers" if is_number else "text" for is_number in numeric)
        raise TableError(
            f"Column {key!r} holds {here} in one table and {there} in the other, so nothing would match: "
            "make both text, in pandas with astype(str)."
        )


def refuse_negative(
    frame: Frame,
    column: str,
    key: str | None = "invoice_id",
    remedy: str = "take a credit note off its own invoice first",
) -> None:
    """Refuse negative money, naming the rows."""
    bad = nw.col(column) < 0
    count = facts(frame, n=bad.cast(nw.Int64).sum())["n"] or 0
    if count:
        raise TableError(
            f"Column {column!r} is negative on {count:,} row{'s' if count > 1 else ''} "
            f"({name_rows(frame, bad, key, column)}): {remedy}."
        )


def _refuse_twice(frame: Frame) -> None:
    known = facts(frame, rows=nw.len(), names=nw.col("invoice_id").n_unique())
    if known["rows"] > known["names"]:
        raise TableError(
            f"Column 'invoice_id' names {known['rows'] - known['names']:,} invoices again: "
            "one row for each invoice is needed."
        )
