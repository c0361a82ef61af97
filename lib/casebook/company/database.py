"""The sample company as a DuckDB database, for people who think in SQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from casebook.company.store import home
from casebook.contracts import TABLES, Column, Table
from casebook.errors import TableError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["database"]

#: The SQL type of each kind of column: amounts are exact.
SQL_TYPES = {
    "text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "money": "DECIMAL(18, 2)", "date": "DATE",
    "flag": "BOOLEAN",
}  # fmt: skip


def database(folder: str | Path | None = None) -> DuckDBPyConnection:
    """Open the sample company, or a sister, as a database: every public table is a typed view.

    Amounts are DECIMAL, so sums of money are exact. Keys and meanings stand in two more views, `tables` and
    `columns`, and as comments on the views. Nothing is copied: a view reads its file when it is asked. The
    hidden truth is not there.

    Parameters
    ----------
    folder : str or Path, optional
        Of a sister company, from ``casebook company``; the tables that `casebook.load` reads if not given.

    Returns
    -------
    duckdb.DuckDBPyConnection
        In memory: what you create in it is gone when it is closed.

    Raises
    ------
    TableError
        If the package duckdb is missing, or the folder holds no company.

    Examples
    --------
    >>> import casebook
    >>> db = casebook.database()
    >>> db.sql("SELECT nature, count(*) FROM customers GROUP BY nature ORDER BY nature").fetchall()
    [('commercial', 320), ('individual', 480), ('organisational', 200)]
    >>> db.sql("SELECT grain, key FROM tables WHERE table_name = 'order_lines'").fetchall()
    [('line of an order', ['order_id', 'line_no'])]
    >>> db.sql("SELECT refers_to FROM columns WHERE table_name = 'orders' AND position = 2").fetchall()
    [('customers.customer_id',)]
    """
    try:
        import duckdb
    except ImportError as error:
        raise TableError("casebook.database() needs duckdb: pip install 'crm-casebook[engines]'.") from error
    place = home() if folder is None else Path(folder)
    files = {name: _file(place, name) for name in TABLES}
    connection = duckdb.connect()
    for name, table in TABLES.items():
        connection.execute(_view(table, files[name]))
        connection.execute(f"COMMENT ON VIEW {name} IS {_text(_about(table))}")
        for column in table.columns:
            connection.execute(f"COMMENT ON COLUMN {name}.{_name(column.name)} IS {_text(_meaning(column))}")
    connection.execute(_catalogue())
    return connection


def _file(folder: Path, name: str) -> Path:
    for ending in ("csv", "parquet"):
        if (folder / f"{name}.{ending}").is_file():
            return folder / f"{name}.{ending}"
    raise TableError(f"{folder} holds no {name}.csv or {name}.parquet; name the folder of a whole company.")


def _text(value: str) -> str:
    """A text as SQL writes it.

    >>> _text("firm's")
    "'firm''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _view(table: Table, file: Path) -> str:
    """The statement that makes a view of one file, each column of its type, an empty cell missing."""
    if file.suffix == ".parquet":
        cells = ", ".join(
            f"CAST({_name(c.name)} AS {SQL_TYPES[c.kind]}) AS {_name(c.name)}" for c in table.columns
        )
        return f"CREATE VIEW {table.name} AS SELECT {cells} FROM read_parquet({_text(file.as_posix())})"
    types = ", ".join(f"{_text(c.name)}: {_text(SQL_TYPES[c.kind])}" for c in table.columns)
    return (
        f"CREATE VIEW {table.name} AS SELECT * FROM read_csv({_text(file.as_posix())}, header = true, "
        f"delim = ',', quote = '\"', nullstr = '', auto_detect = false, columns = {{{types}}})"
    )


def _about(table: Table) -> str:
    return f"One row is one {table.grain}. Key: {', '.join(table.key)}."


def _meaning(column: Column) -> str:
    """The meaning of a column, with its unit and what it refers to.

    >>> _meaning(Column("qty", "integer", "How many.", unit="pieces"))
    'How many. Unit: pieces.'
    """
    unit = f" Unit: {column.unit}." if column.unit else ""
    return column.meaning + unit + (f" Refers to {column.refers_to}." if column.refers_to else "")


def _catalogue() -> str:
    """The statements that make the views `tables` and `columns` from the contract."""
    tables, columns = [], []
    for t in TABLES.values():
        key = f"[{', '.join(map(_text, t.key))}]"
        tables.append(f"({_text(t.name)}, {_text(t.grain)}, {key}, {_text(t.made)}, {_text(t.limits)})")
        for place, c in enumerate(t.columns, start=1):
            refers = _text(c.refers_to) if c.refers_to else "NULL"
            told = ", ".join(map(_text, (c.unit, c.meaning)))
            columns.append(
                f"({_text(t.name)}, {place}, {_text(c.name)}, {_text(SQL_TYPES[c.kind])}, {c.name in t.key}, "
                f"{refers}, {told})"
            )
    return (
        f"CREATE VIEW tables AS SELECT * FROM (VALUES {', '.join(tables)}) "
        "AS t(table_name, grain, key, made, limits);"
        f"CREATE VIEW columns AS SELECT * FROM (VALUES {', '.join(columns)}) "
        "AS c(table_name, position, column_name, type, in_key, refers_to, unit, meaning)"
    )
