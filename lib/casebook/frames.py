"""One definition for pandas, Polars and DuckDB: open a table, ask it a few facts, name its bad rows.

A function that runs on sales lines opens its table with `start`, works on it with narwhals expressions, and
gives its own kind back with `give_back`. Nothing of a lazy table (Polars LazyFrame, DuckDB relation) is
collected but the few numbers that `facts` asks for and the rows that an error names.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from casebook.errors import TableError

__all__ = ["Frame", "facts", "give_back", "is_ordered", "name_rows", "need_pandas", "refuse_gaps", "start"]

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]


def start(table: Any, columns: Sequence[Any], *, makes: Sequence[str] = ()) -> Frame:
    """Open a pandas, Polars or DuckDB table and see that it has the columns.

    Parameters
    ----------
    table : pandas DataFrame, Polars DataFrame or LazyFrame, or DuckDB relation
    columns : sequence of str
        The columns that the caller needs.
    makes : sequence of str
        The columns that the caller makes: none of those needed may have such a name.

    Returns
    -------
    narwhals DataFrame or LazyFrame

    Raises
    ------
    TableError
        If it is another kind of table, a column is missing (the nearest name is suggested), stands twice,
        mixes text and numbers, or has the name of one that will be made.

    Examples
    --------
    >>> start(pd.DataFrame({"revenue": [1]}), ["revenu"])
    Traceback (most recent call last):
    casebook.errors.TableError: There is no column 'revenu'. Did you mean 'revenue'? The table has: revenue.
    """
    frame = _open(table)
    names = frame.collect_schema().names()
    for column in columns:
        if column not in names:
            near = difflib.get_close_matches(str(column), list(map(str, names)), n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            has = ", ".join(map(str, names))
            raise TableError(f"There is no column {column!r}.{hint} The table has: {has}.")
        if str(column).lower() in makes:
            raise TableError(f"Column {column!r} has the name of one that is made here: rename it first.")
        if isinstance(table, pd.DataFrame) and table[column].dtype == object:
            kinds = {_kind(cell) for cell in table[column].dropna().unique()}
            if len(kinds) > 1:
                raise TableError(
                    f"Column {column!r} holds {' and '.join(sorted(kinds))}: use astype(str) first."
                )
    if len(set(columns)) < len(columns):
        raise TableError(f"A column is named for two things: {', '.join(map(str, columns))}.")
    return frame


def _open(table: Any) -> Frame:
    if isinstance(table, pd.DataFrame):
        if table.columns.nlevels > 1:
            raise TableError("The table has several rows of column names: give each column one name.")
        if not table.columns.is_unique:
            twice = table.columns[table.columns.duplicated()][0]
            raise TableError(f"Two columns are called {twice!r}: rename one.")
    try:
        frame = nw.from_native(table)
    except TypeError:
        frame = None
    if frame is None or frame.implementation.is_pyarrow():
        raise TableError(
            f"A {type(table).__name__} cannot be used here. "
            "Hand in a pandas DataFrame, a Polars frame or a DuckDB relation."
        )
    return frame


def _kind(cell: Any) -> str:
    return "text" if isinstance(cell, str) else "numbers" if hasattr(cell, "__float__") else "other things"


def need_pandas(table: Any, columns: Sequence[str]) -> pd.DataFrame:
    """See that a small table is pandas and has the columns.

    Raises
    ------
    TableError
        If it is of another kind (with the way to turn it), or a column is missing.

    Examples
    --------
    >>> need_pandas(pd.DataFrame({"revenue": [1]}), ["revenue"]).shape
    (1, 1)
    """
    start(table, columns)
    if not isinstance(table, pd.DataFrame):
        raise TableError(
            "A pandas table is needed here: call .to_pandas() on a Polars frame, .df() on a relation."
        )
    return table


def facts(frame: Frame, **asked: nw.Expr) -> dict[str, Any]:
    """The values of a few aggregates, as plain Python numbers.

    >>> facts(nw.from_native(pd.DataFrame({"x": [1, 2]})), total=nw.col("x").sum(), rows=nw.len())
    {'total': 3, 'rows': 2}
    """
    answer = frame.select(**asked)
    collected = answer.collect() if isinstance(answer, nw.LazyFrame) else answer
    return {name: nw.to_py_scalar(collected[name][0]) for name in asked}


def name_rows(frame: Frame, bad: nw.Expr, key: str | None, column: str, most: int = 3) -> str:
    """The first rows that break a rule, in words for an error message: by key, else by index.

    >>> frame = nw.from_native(pd.DataFrame({"who": ["Ada", "Bo"], "x": [1, -2]}))
    >>> name_rows(frame, nw.col("x") < 0, "who", "x"), name_rows(frame, nw.col("x") < 0, None, "x")
    ('who=Bo x=-2', 'row 1 x=-2')
    """
    found = frame.filter(bad)
    native = found.to_native()
    if key is None and isinstance(native, pd.DataFrame):
        cells = native[column].head(most + 1)
        rows = [f"row {at} {column}={cell}" for at, cell in cells.items()]
    else:
        named = [
            nw.col(str(name)) for name in ([] if key is None else [key]) + ([column] if column != key else [])
        ]
        small = found.select(*named).sort(key if key is not None else column).head(most + 1)
        listed = (small.collect() if isinstance(small, nw.LazyFrame) else small).rows(named=True)
        rows = [" ".join(f"{name}={cell}" for name, cell in row.items()) for row in listed]
    return "; ".join(rows[:most]) + ("; …" if len(rows) > most else "")


def refuse_gaps(frame: Frame, column: str, remedy: str = "fill them in or leave those rows out") -> None:
    """Refuse a column in which a key or a date is missing.

    Raises
    ------
    TableError
        With the number of rows and the remedy.

    Examples
    --------
    >>> refuse_gaps(nw.from_native(pd.DataFrame({"who": ["Ada", None]})), "who")
    Traceback (most recent call last):
    casebook.errors.TableError: Column 'who' is missing on 1 row (row 1 who=nan): fill them in or leave those
    rows out.
    """
    missing = nw.col(column).is_null()
    if frame.collect_schema()[column].is_float():
        missing = missing | nw.col(column).is_nan()
    count = facts(frame, n=missing.cast(nw.Int64).sum())["n"] or 0
    if count:
        rows = name_rows(frame, missing, None, column) if is_pandas(frame) else ""
        raise TableError(
            f"Column {column!r} is missing on {count:,} row{'s' if count > 1 else ''}"
            f"{f' ({rows})' if rows else ''}: {remedy}."
        )


def is_pandas(frame: Frame) -> bool:
    """Whether the table is a pandas one."""
    return frame.implementation.is_pandas()


def is_ordered(frame: Frame) -> bool:
    """Whether the rows have an order of their own (a DuckDB relation has none)."""
    return not (isinstance(frame, nw.LazyFrame) and not frame.implementation.is_polars())


def give_back(frame: Frame, *, renumber: bool = False) -> Any:
    """The table in its own kind; `renumber` gives a pandas table that was added up the index 0, 1, 2 …"""
    native = frame.to_native()
    return native.reset_index(drop=True) if renumber and isinstance(native, pd.DataFrame) else native
