"""One definition for pandas, Polars and DuckDB: open a table, ask it a few facts, name its bad rows.

A function that runs on sales lines opens its table with `start`, works on it with narwhals expressions,
and gives its own kind back with `.to_native()`. Nothing of a lazy table (Polars LazyFrame, DuckDB
relation) is collected but the few numbers that `facts` asks for and the rows that an error names.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

import narwhals as nw

from casebook.errors import TableError

__all__ = ["Frame", "facts", "is_numeric", "is_ordered", "name_rows", "start"]

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]


def start(table: Any, columns: Sequence[str]) -> Frame:
    """Open a pandas, Polars or DuckDB table and see that it has the columns.

    Parameters
    ----------
    table : pandas DataFrame, Polars DataFrame or LazyFrame, or DuckDB relation
    columns : sequence of str
        The columns that the caller needs.

    Returns
    -------
    narwhals DataFrame or LazyFrame

    Raises
    ------
    TableError
        If it is another kind of table, or a column is missing (the nearest name is suggested).

    Examples
    --------
    >>> import pandas as pd
    >>> start(pd.DataFrame({"revenue": [1]}), ["revenu"])
    Traceback (most recent call last):
    casebook.errors.TableError: There is no column 'revenu'. Did you mean 'revenue'? The table has: revenue.
    """
    try:
        frame = nw.from_native(table)
    except TypeError:
        frame = None
    if frame is None or frame.implementation.is_pyarrow():
        raise TableError(
            f"A {type(table).__name__} cannot be used here. "
            "Hand in a pandas DataFrame, a Polars frame or a DuckDB relation."
        )
    names = frame.collect_schema().names()
    for column in columns:
        if column not in names:
            near = difflib.get_close_matches(str(column), names, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise TableError(
                f"There is no column {column!r}.{hint} The table has: {', '.join(map(str, names))}."
            )
    return frame


def facts(frame: Frame, **asked: nw.Expr) -> dict[str, Any]:
    """The values of a few aggregates, as plain Python numbers.

    >>> import pandas as pd
    >>> facts(nw.from_native(pd.DataFrame({"x": [1, 2]})), total=nw.col("x").sum(), rows=nw.len())
    {'total': 3, 'rows': 2}
    """
    answer = frame.select(**asked)
    collected = answer.collect() if isinstance(answer, nw.LazyFrame) else answer
    return {name: nw.to_py_scalar(collected[name][0]) for name in asked}


def name_rows(frame: Frame, bad: nw.Expr, columns: Sequence[str], most: int = 3) -> str:
    """The first rows that break a rule, in words for an error message.

    >>> import pandas as pd
    >>> frame = nw.from_native(pd.DataFrame({"who": ["Ada", "Bo"], "x": [1, -2]}))
    >>> name_rows(frame, nw.col("x") < 0, ["who", "x"])
    'who=Bo x=-2'
    """
    found = frame.filter(bad).select(*columns).sort(columns[0]).head(most + 1)
    rows = (found.collect() if isinstance(found, nw.LazyFrame) else found).rows(named=True)
    named = ["; ".join(" ".join(f"{k}={v}" for k, v in row.items()) for row in rows[:most])]
    return named[0] + ("; …" if len(rows) > most else "")


def is_ordered(frame: Frame) -> bool:
    """Whether the rows have an order of their own (a DuckDB relation has none)."""
    return not (isinstance(frame, nw.LazyFrame) and not frame.implementation.is_polars())


def is_numeric(frame: Frame, column: str) -> bool:
    """Whether a column holds numbers (pandas columns of `decimal.Decimal` objects count)."""
    dtype = frame.collect_schema()[column]
    if dtype == nw.Object:  # pandas keeps decimals as objects
        native = frame.to_native()[column].dropna()
        return bool(native.map(lambda cell: type(cell).__name__ in {"Decimal", "int", "float"}).all())
    return dtype.is_numeric()
