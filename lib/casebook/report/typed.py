"""Read Excel and Parquet: cells that know whether they are numbers, dates or text."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from casebook.report.cells import HEADER_WITHIN, Cells, header_line, need_columns, progress
from casebook.report.messages import CannotRead, listed, nearest, printable, stop

__all__ = ["read_excel", "read_parquet"]


def read_excel(path: Path, mapping: Mapping[str, str], sheet: str | None) -> Cells:
    """Bring the mapped cells of one sheet.

    Parameters
    ----------
    path : Path
    mapping : mapping of role to column
    sheet : str, optional
        Otherwise the only sheet whose top rows hold the columns.

    Returns
    -------
    Cells
        Numbers and dates typed as in the sheet; `line` is the row number that Excel shows.

    Raises
    ------
    CannotRead
        If openpyxl is missing, the file is damaged, a column is missing, or several sheets have the columns.

    Examples
    --------
    >>> import tempfile, openpyxl
    >>> book = openpyxl.Workbook()
    >>> for row in [["Client", "Net"], ["007", 1.5]]:
    ...     book.active.append(row)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     book.save(Path(folder, "sales.xlsx"))
    ...     read_excel(Path(folder, "sales.xlsx"), {"customer_id": "Client", "amount": "Net"}, None).table
       line customer_id amount ragged
    0     2         007    1.5
    """
    try:
        import openpyxl
    except ImportError as error:
        raise stop("no_extra", kind="Excel files", package="openpyxl", extra="excel") from error
    try:
        with path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles that openpyxl does not keep, which we do not need
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            name, line, names = _find_sheet(book, path.name, list(mapping.values()), sheet)
            take = [names.index(column) for column in mapping.values()]
            rows, blank = _collect_sheet(book[name], line, take, path.name)
    except CannotRead:
        raise
    except Exception as error:  # openpyxl meets a damaged file with errors of many kinds
        raise stop("broken", file=path.name, why=printable(str(error))) from error
    if not rows:
        raise stop("no_lines", file=path.name)
    notes = [("sheet", name), ("kind", "Excel: numbers and dates as the sheet holds them")]
    if line > 1:
        notes.append(("header", f"row {line}; what stands above it is not read"))
    if blank:
        notes.append(("blank lines", f"{blank:,} passed over"))
    return Cells(pd.DataFrame(rows, columns=["line", *mapping, "ragged"], dtype=object), notes)


def read_parquet(path: Path, mapping: Mapping[str, str]) -> Cells:
    """Bring the mapped columns of a Parquet file.

    Parameters
    ----------
    path : Path
    mapping : mapping of role to column

    Returns
    -------
    Cells
        Typed as in the file; `line` counts its rows from 1.

    Raises
    ------
    CannotRead
        If pyarrow is missing, the file is damaged, or a column is missing or there twice.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pd.DataFrame({"who": ["Ada"], "net": [1.5]}).to_parquet(Path(folder, "sales.parquet"))
    ...     read_parquet(Path(folder, "sales.parquet"), {"customer_id": "who", "amount": "net"}).table
       line customer_id amount ragged
    0     1         Ada    1.5
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise stop("no_extra", kind="Parquet files", package="pyarrow", extra="engines") from error
    columns: dict[str, list[Any]] = {role: [] for role in mapping}
    try:
        with parquet.ParquetFile(path) as file:
            need_columns(file.schema_arrow.names, list(mapping.values()), path.name)
            with progress(f"Reading {path.name}", file.metadata.num_rows, " rows") as bar:
                for batch in file.iter_batches(columns=list(mapping.values())):
                    for role, column in mapping.items():
                        columns[role] += [_plain(cell) for cell in batch[column].to_pylist()]
                    bar.update(batch.num_rows)
    except (pyarrow.ArrowException, OSError) as error:
        raise stop("broken", file=path.name, why=printable(str(error)[:200])) from error
    table = pd.DataFrame(columns, dtype=object)
    if table.empty:
        raise stop("no_lines", file=path.name)
    table.insert(0, "line", range(1, len(table) + 1))
    return Cells(table.assign(ragged=""), [("kind", "Parquet: numbers and dates as the file holds them")])


def _find_sheet(book: Any, file: str, columns: list[str], given: str | None) -> tuple[str, int, list[str]]:
    """The sheet, the row of its header, and the names in it."""
    sheets = [sheet.title for sheet in book.worksheets]
    if given is not None and given not in sheets:
        raise stop("no_sheet", file=file, sheet=given, hint=nearest(given, sheets), sheets=listed(sheets))
    tried = sheets if given is None else [given]
    tops = {name: list(_top_rows(book[name])) for name in tried}
    found = {name: hit for name, top in tops.items() if (hit := header_line(top, columns)) is not None}
    if len(found) > 1:
        raise stop("which_sheet", file=file, n=len(found), sheets=listed(list(found)))
    if not found:
        widest = max(
            (names for top in tops.values() for _, names in top), key=lambda n: sum(map(bool, n)), default=[]
        )
        if not any(widest):
            raise stop("empty", file=file)
        need_columns(widest, columns, file)
    ((name, (line, names)),) = found.items()
    need_columns(names, columns, file)
    return name, line, names


def _top_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # some programs write a wrong size, and rows would be lost without a word
    for number, row in enumerate(islice(sheet.iter_rows(values_only=True), HEADER_WITHIN), 1):
        yield number, ["" if cell is None else str(cell).strip() for cell in row]


def _collect_sheet(sheet: Any, header: int, take: list[int], file: str) -> tuple[list[tuple[Any, ...]], int]:
    sheet.reset_dimensions()
    rows, blank = [], 0
    with progress(f"Reading {file}", None, " rows") as bar:
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            bar.update()
            if number <= header:
                continue
            cells = [_plain(cell) for cell in row]
            if all(isinstance(cell, str) and not cell.strip() for cell in cells):
                blank += 1
                continue
            rows.append((number, *(cells[i] if i < len(cells) else "" for i in take), ""))
    return rows, blank


def _plain(cell: Any) -> Any:
    """A gap becomes empty text; a truth value or a list becomes its words, which are then no number."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, (bool, list, dict)):
        return str(cell).upper()
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return cell
