"""Find every breach of a contract at once: types, missing cells, ranges, keys, references, rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from casebook.contracts.model import KIND_WORDS, Column, ContractError, Table

__all__ = ["as_typed", "find_problems", "read_column"]

#: column, rule, True for each row that breaks it, the values to show, remedy
Breach = tuple[str, str, np.ndarray, pd.Series, str]

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
    if column.kind == "text":
        return cells.astype("str").mask(missing), np.zeros(len(cells), dtype=bool)
    if column.kind == "date":
        values = pd.to_datetime(cells.mask(missing), format="%Y-%m-%d", errors="coerce").astype(column.dtype)
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
        rows += _counted(
            [(column.name, f"is {KIND_WORDS[column.kind]}", unreadable, cells, "Correct the cell.")]
        )
        rows += _counted(_column_breaches(column, values[column.name], cells, unreadable))
        rows += _counted(_reference_breaches(column, values[column.name], others))
    rows += _counted(_key_breaches(table, values))
    rows += _counted(_rule_breaches(table, pd.DataFrame(values), others))
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
            at = int(bad.argmax())
            raise ContractError(
                f"{table.name}.{column.name}: row {at + 1} holds {_shown(df[column.name].iloc[at])}, which is not "
                f"{KIND_WORDS[column.kind]} ({int(bad.sum())} such row{'s' * (bad.sum() != 1)})."
            )
        typed[column.name] = values.astype(column.dtype)
    return pd.DataFrame(typed)


def _shown(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return "missing"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return str(value)


def _counted(breaches: Iterator[Breach] | list[Breach]) -> list[tuple[str, str, int, str, str]]:
    """Keep the breaches that occur: how many rows, and the first one."""
    found = []
    for name, rule, bad, shown, remedy in breaches:
        if bad.any():
            at = int(bad.argmax())
            found.append((name, rule, int(bad.sum()), f"row {at + 1}: {_shown(shown.iloc[at])}", remedy))
    return found


def _column_breaches(
    column: Column, values: pd.Series, cells: pd.Series, unreadable: np.ndarray
) -> Iterator[Breach]:
    name, missing = column.name, values.isna().to_numpy(dtype=bool)
    if not column.nullable:
        yield name, "not missing", missing & ~unreadable, values, f"Fill {name} or take the row out."
    if column.low is not None:
        bad = (values < _bound(column, column.low)).fillna(False).to_numpy(dtype=bool)
        yield name, f"at least {_with_unit(column.low, column)}", bad, cells, "Correct the cell."
    if column.high is not None:
        bad = (values > _bound(column, column.high)).fillna(False).to_numpy(dtype=bool)
        yield name, f"at most {_with_unit(column.high, column)}", bad, cells, "Correct the cell."
    if column.allowed:
        bad = ~values.isin(column.allowed).to_numpy() & ~missing
        yield name, f"one of {', '.join(column.allowed)}", bad, cells, "Use one of the allowed values."
    if column.unique:
        bad = values.duplicated().to_numpy() & ~missing
        yield name, "no value twice", bad, cells, "Keep one row for each value."


def _reference_breaches(
    column: Column, values: pd.Series, others: Mapping[str, pd.DataFrame]
) -> Iterator[Breach]:
    table, _, key = column.refers_to.partition(".")
    if table in others:
        known = set(others[table][key].dropna().astype("str"))
        bad = ~values.astype("str").isin(known).to_numpy() & values.notna().to_numpy()
        yield (
            column.name,
            f"known in {column.refers_to}",
            bad,
            values,
            f"Add it to {table} or correct the cell.",
        )


def _key_breaches(table: Table, values: dict[str, pd.Series]) -> Iterator[Breach]:
    if set(table.key) <= set(values):
        keys = pd.DataFrame({name: values[name] for name in table.key})
        shown = keys.astype("str").agg(" ".join, axis=1) if len(keys) else pd.Series(dtype="str")
        bad = keys.duplicated().to_numpy() & keys.notna().all(axis=1).to_numpy()
        yield "+".join(table.key), "one row each", bad, shown, f"Keep one row for each {table.grain}."


def _rule_breaches(table: Table, typed: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> Iterator[Breach]:
    for rule in table.rules:
        if set(rule.columns) <= set(typed.columns) and set(rule.needs) <= set(others):
            bad = rule.broken(typed, others).fillna(False).to_numpy(dtype=bool)
            shown = [
                ", ".join(f"{c}={_shown(v)}" for c, v in zip(rule.columns, row, strict=True))
                for row in typed.loc[bad, list(rule.columns)].head(1).itertuples(index=False)
            ]
            first = pd.Series(shown * len(typed), dtype="str")
            yield "+".join(rule.columns), rule.says, bad, first, rule.remedy


def _bound(column: Column, value: float | str) -> float | pd.Timestamp:
    return pd.Timestamp(value) if column.kind == "date" else float(value)


def _with_unit(value: float | str, column: Column) -> str:
    text = value if isinstance(value, str) else f"{value:g}"
    return f"{text} {column.unit}" if column.unit and column.unit != "share" else text
