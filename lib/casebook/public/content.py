"""Is this the right data? Type every cell, write the table in one fixed way, compare rows, totals, hash."""

from __future__ import annotations

import hashlib

import pandas as pd

from casebook.contracts import Column
from casebook.contracts.breaches import read_column
from casebook.contracts.model import KIND_WORDS
from casebook.public.model import Source, WrongDataError

__all__ = ["canonical", "checksum", "typed", "verify"]


def typed(source: Source, cells: pd.DataFrame) -> pd.DataFrame:
    """Give each column its type, so that the same data is the same table whatever file it came from.

    Parameters
    ----------
    source : Source
        What the columns are.
    cells : DataFrame of text
        At least the columns of `source`; an empty cell is missing.

    Returns
    -------
    DataFrame of shape (n_rows, len(source.columns))
        Texts without blanks at their ends, whole numbers as int64, other numbers rounded to the decimals that
        the source has, dates as datetime64.

    Raises
    ------
    WrongDataError
        If a cell cannot be read as its type.

    Examples
    --------
    >>> from casebook.public.others import CDNOW
    >>> row = dict(master_id="00004", sample_id="0001", date="19970101", cds="2", dollars="29.33")
    >>> typed(CDNOW, pd.DataFrame([row]))["date"].dt.year.tolist()
    [1997]
    """
    found = {}
    for column in source.columns:
        values, unreadable = _values(source, column, cells[column.name])
        bad = unreadable if column.nullable else unreadable | values.isna()
        if bad.any():
            at = int(bad.to_numpy().argmax())
            raise WrongDataError(
                f"row {at + 1:,} of its column {column.name} holds {cells[column.name].iloc[at]!r}, "
                f"not {'a date' if column.kind == 'date' else KIND_WORDS[column.kind]}"
            )
        found[column.name] = values.astype(pd.api.types.pandas_dtype(column.dtype))
    return pd.DataFrame(found)


def _values(source: Source, column: Column, cells: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The typed cells of one column, and where something stands that is not of its type."""
    cells = cells.astype("str").str.strip()
    cells = cells.mask(cells == "")
    if column.kind == "text":  # a spreadsheet may have turned the code 17850 into the number 17850.0
        return cells.str.replace(r"^(\d+)\.0$", r"\1", regex=True), pd.Series(False, index=cells.index)
    if column.kind == "date":
        values = pd.to_datetime(cells, format="ISO8601", errors="coerce")
        values = values.fillna(pd.to_datetime(cells, format=source.dates, errors="coerce"))
        values = values.dt.round("min") if source.clock else values.dt.normalize()
        return values, values.isna() & cells.notna()
    values, unreadable = read_column(cells, column)
    if column.kind != "integer":
        values = values.round(column.decimals)
    return values, pd.Series(unreadable, index=cells.index)


def canonical(source: Source, table: pd.DataFrame) -> bytes:
    r"""Write a typed table as CSV in one fixed way: UTF-8, commas, line feeds, ISO dates, fixed decimals.

    Parameters
    ----------
    source : Source
        How each column is written.
    table : DataFrame
        From `typed`.

    Returns
    -------
    bytes
        The same for the same data, from whatever file, on every machine.

    Examples
    --------
    >>> from casebook.public.others import CDNOW
    >>> row = dict(master_id="00004", sample_id="0001", date="19970101", cds="2.0", dollars="29.3")
    >>> canonical(CDNOW, typed(CDNOW, pd.DataFrame([row]))).splitlines()[1]
    b'00004,0001,1997-01-01,2,29.30'
    """
    written = {}
    for column in source.columns:
        present = table[column.name].dropna()
        if column.kind == "date":
            text = present.dt.strftime("%Y-%m-%d %H:%M" if source.clock else "%Y-%m-%d")
        elif column.kind in ("number", "money"):
            text = present.add(0.0).map(f"{{:.{column.decimals}f}}".format)
        else:
            text = present.astype("str")
        written[column.name] = text.astype("str").reindex(table.index)
    return pd.DataFrame(written).to_csv(index=False, lineterminator="\n").encode("utf-8")


def checksum(content: bytes) -> str:
    """The SHA-256 of a canonical text, in hexadecimal.

    >>> checksum(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()


def verify(source: Source, table: pd.DataFrame, content: bytes) -> None:
    """Do nothing if the table is the data that the course knows.

    Parameters
    ----------
    source : Source
        What is known of it.
    table : DataFrame
        From `typed`.
    content : bytes
        The same table, from `canonical`.

    Raises
    ------
    WrongDataError
        If it is not; the message says what differs: rows, known totals, or single cells.
    """
    if checksum(content) == source.sha256:
        return
    found = [f"{len(table):,} rows instead of {source.rows:,}"] if len(table) != source.rows else []
    for fact in source.facts:
        got = fact.of(table)
        if got != fact.value:
            found.append(f"{fact.says}: {got:,} instead of {fact.value:,}")
    raise WrongDataError(
        "; ".join(found)
        or f"rows and totals agree, but single cells or their order differ (content hash "
        f"{checksum(content)[:8]} instead of {source.sha256[:8]})"
    )
