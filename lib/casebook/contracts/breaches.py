"""Find every breach of a contract at once: types, missing cells, ranges, keys, references, rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from casebook.contracts.model import KIND_WORDS, Column, ContractError, Table

__all__ = ["as_typed", "find_problems", "read_column"]

#: column, rule, True for each row that breaks it, what to show of a row, remedy
Breach = tuple[str, str, np.ndarray, Callable[[int], str], str]

FLAGS = {"true": True, "false": False, "1": True, "0": False}  #: texts that read as a flag
RESULT = ["column", "rule", "rows", "example", "remedy"]


def read_column(cells: pd.Series, column: Column) -> tuple[pd.Series, np.ndarray]:
    """Read one column as its type.

    Parameters
    ----------
    cells : Series of shape (n_rows,)
        Text or typed values.
    column : Column
        Its definition.

    Returns
    -------
    values : Series of shape (n_rows,)
        The typed values, missing where a cell is missing or unreadable.
    unreadable : array of bool of shape (n_rows,)
        True where there is something that is not of this type.

    Examples
    --------
    >>> values, unreadable = read_column(pd.Series(["3", "x", None]), Column("qty", "integer", "Pieces."))
    >>> values.tolist(), unreadable.tolist()
    ([3.0, nan, nan], [False, True, False])
    """
    missing = cells.isna() | (cells.astype("str").str.strip() == "")
    values: pd.Series
    if column.kind == "text":
        return cells.astype("str").mask(missing), np.zeros(len(cells), dtype=bool)
    if column.kind == "date":
        values = pd.to_datetime(cells.mask(missing), format="%Y-%m-%d", errors="coerce").astype(
            "datetime64[us]"
        )
    elif column.kind == "flag":
        values = cells.astype("str").str.strip().str.lower().map(FLAGS).astype("boolean").mask(missing)
    else:
        values = pd.to_numeric(cells.mask(missing), errors="coerce").astype("float64")
        values = values.mask(np.isinf(values))
        if column.kind == "integer":
            values = values.mask(values % 1 != 0)
        if column.kind == "money":
            values = values.mask((values * 100 - (values * 100).round()).abs() > 1e-4)
    return values, (values.isna() & ~missing).to_numpy(dtype=bool)


def find_problems(table: Table, df: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List the breaches of `table`'s contract in `df`; see `Table.problems`."""
    rows: list[tuple[str, str, int, str, str]] = []
    values: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.name not in df.columns:
            rows.append((column.name, "present", len(df), "no such column", f"Map or add {column.name}."))
            continue
        cells = df[column.name].reset_index(drop=True)
        values[column.name], unreadable = read_column(cells, column)
        rows += _counted(_type_breach(column, cells, unreadable))
        rows += _counted(_column_breaches(column, values[column.name], unreadable))
        rows += _counted(_reference_breaches(column, values[column.name], others))
    typed = pd.DataFrame(values)
    rows += _counted(_key_breaches(table, typed))
    rows += _counted(_rule_breaches(table, typed, others))
    return pd.DataFrame(rows, columns=RESULT).astype({"rows": "int64"})


def as_typed(table: Table, df: pd.DataFrame) -> pd.DataFrame:
    """Type every column of `df` by its contract; see `Table.typed`."""
    typed: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.name not in df.columns:
            raise ContractError(
                f"{table.name}: column {column.name} is missing; it has {', '.join(df.columns)}."
            )
        values, unreadable = read_column(df[column.name], column)
        bad = unreadable if column.nullable else unreadable | values.isna().to_numpy()
        if bad.any():
            at, count = int(bad.argmax()), int(bad.sum())
            raise ContractError(
                f"{table.name}.{column.name}: row {at + 1} should hold {KIND_WORDS[column.kind]}, "
                f"not {_shown(df[column.name].iloc[at])} ({count} such row{'s' * (count != 1)})."
            )
        typed[column.name] = values.astype(pd.api.types.pandas_dtype(column.dtype))
    return pd.DataFrame(typed)


def _shown(value: Any) -> str:
    if pd.isna(value):
        return "missing"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _row(table: pd.DataFrame, at: int) -> str:
    return ", ".join(f"{name}={_shown(table[name].iloc[at])}" for name in table)


def _counted(breaches: Iterable[Breach]) -> list[tuple[str, str, int, str, str]]:
    """Keep the breaches that occur: how many rows, and the first one."""
    found = []
    for name, rule, bad, show, remedy in breaches:
        if bad.any():
            at = int(bad.argmax())
            found.append((name, rule, int(bad.sum()), f"row {at + 1}: {show(at)}", remedy))
    return found


def _type_breach(column: Column, cells: pd.Series, unreadable: np.ndarray) -> Iterator[Breach]:
    rule = f"is {KIND_WORDS[column.kind]}"
    yield column.name, rule, unreadable, lambda at: _shown(cells.iloc[at]), "Correct the cell."


def _column_breaches(column: Column, values: pd.Series, unreadable: np.ndarray) -> Iterator[Breach]:
    name, missing = column.name, values.isna().to_numpy(dtype=bool)

    def show(at: int) -> str:
        return _shown(values.iloc[at])

    if not column.nullable:
        yield name, "not missing", missing & ~unreadable, show, f"Fill {name} or take the row out."
    if column.low is not None:
        bad = (values < _bound(column, column.low)).fillna(False).to_numpy(dtype=bool)
        yield name, f"at least {_with_unit(column.low, column)}", bad, show, "Correct the cell."
    if column.high is not None:
        bad = (values > _bound(column, column.high)).fillna(False).to_numpy(dtype=bool)
        yield name, f"at most {_with_unit(column.high, column)}", bad, show, "Correct the cell."
    if column.allowed:
        bad = ~values.isin(column.allowed).to_numpy() & ~missing
        yield name, f"one of {', '.join(column.allowed)}", bad, show, "Use one of the allowed values."
    if column.unique:
        bad = values.duplicated().to_numpy() & ~missing
        yield name, "no value twice", bad, show, "Keep one row for each value."


def _reference_breaches(
    column: Column, values: pd.Series, others: Mapping[str, pd.DataFrame]
) -> Iterator[Breach]:
    table, _, key = column.refers_to.partition(".")
    if table in others:
        bad = ~values.isin(others[table][key]).to_numpy() & values.notna().to_numpy()
        remedy = f"Add it to {table} or correct the cell."
        yield column.name, f"known in {column.refers_to}", bad, lambda at: _shown(values.iloc[at]), remedy


def _key_breaches(table: Table, values: pd.DataFrame) -> Iterator[Breach]:
    if set(table.key) <= set(values):
        keys = values[list(table.key)]
        bad = (keys.duplicated() & keys.notna().all(axis=1)).to_numpy()
        remedy = f"Keep one row for each {table.grain}."
        yield "+".join(table.key), "one row each", bad, lambda at: _row(keys, at), remedy


def _rule_breaches(
    table: Table, values: pd.DataFrame, others: Mapping[str, pd.DataFrame]
) -> Iterator[Breach]:
    for rule in table.rules:
        if set(rule.columns) <= set(values) and set(rule.needs) <= set(others):
            seen = values[list(rule.columns)]
            bad = rule.broken(values, others).fillna(False).to_numpy(dtype=bool)
            yield "+".join(rule.columns), rule.says, bad, partial(_row, seen), rule.remedy


def _bound(column: Column, value: float | str) -> Any:
    return pd.Timestamp(value) if column.kind == "date" else float(value)


def _with_unit(value: float | str, column: Column) -> str:
    text = value if isinstance(value, str) else f"{value:g}"
    return f"{text} {column.unit}" if column.unit and column.unit != "share" else text
