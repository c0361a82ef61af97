"""Open someone's file: find its kind, and bring the mapped cells of every line as they stand.

Nothing is turned into a number or a date here (see `casebook.report.parse`). A file is recognised by its
first bytes, not by its name. Text, plain or zipped, is read by `casebook.report.textfile`, Excel and
Parquet by `casebook.report.typed`.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from casebook.report import textfile, typed
from casebook.report.cells import Cells
from casebook.report.messages import listed, nearest, printable, stop

__all__ = ["read_cells"]

_OLD_EXCEL, _GZIP, _PARQUET, _ZIP = b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1", (b"PK\x03\x04", b"PK\x05\x06")
#: What belongs to which kind of file.
_OPTIONS = {"text": {"delimiter", "encoding"}, "an Excel file": {"sheet"}, "a Parquet file": set[str]()}
_NOT_TEXT = (".xlsx", ".xls", ".parquet", ".zip", ".gz", ".pdf")


def read_cells(
    file: str | Path,
    mapping: Mapping[str, str],
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Cells:
    r"""Bring the mapped columns of a file, cell by cell, as they stand.

    Parameters
    ----------
    file : path
        CSV (any delimiter), a zip file that holds one CSV, Excel (.xlsx) or Parquet.
    mapping : mapping of role to column
        For instance ``{"customer_id": "Client code", "amount": "Net"}``.
    delimiter, encoding : str, optional
        For text. Otherwise the delimiter is the one with which the header holds the columns, and the
        encoding the one of the byte-order mark, or UTF-8.
    sheet : str, optional
        For Excel. Otherwise the only sheet that has the columns.

    Returns
    -------
    Cells
        ``.table``: one row per line that is not blank, with `line` (its number in the file), one column per
        role, and `ragged` (what is wrong with the number of cells, or ""). ``.notes``: how the file was read.

    Raises
    ------
    CannotRead
        If the file cannot be opened or read, a column is missing, or more than one reading is possible.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "sales.csv")
    ...     _ = path.write_text("Client;Net\n007;1,50\n", encoding="utf-8")
    ...     read_cells(path, {"customer_id": "Client", "amount": "Net"}).table
       line customer_id amount ragged
    0     2         007   1,50
    """
    path = Path(file)
    kind, member = _kind(path)
    said = {"delimiter": delimiter, "encoding": encoding, "sheet": sheet}
    for option in [name for name, value in said.items() if value is not None and name not in _OPTIONS[kind]]:
        wanted = next(name for name, options in _OPTIONS.items() if option in options)
        raise stop("foreign_option", option=f"--{option}", wanted=wanted, file=path.name, kind=kind)
    try:
        if kind == "an Excel file":
            return typed.read_excel(path, mapping, sheet)
        if kind == "a Parquet file":
            return typed.read_parquet(path, mapping)
        return textfile.read_text(textfile.Source(path, member), mapping, delimiter, encoding)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise stop("broken", file=path.name, why=printable(str(error))) from error


def _kind(path: Path) -> tuple[str, str | None]:
    """What the file is, and for a zip file the name of the text in it."""
    head = _first_bytes(path)
    if head.startswith(_OLD_EXCEL):
        raise stop("old_excel", file=path.name)
    if head.startswith(_GZIP):
        raise stop("gzip", file=path.name)
    if head.startswith(_PARQUET):
        return "a Parquet file", None
    if not head.startswith(_ZIP):
        return "text", None
    if not zipfile.is_zipfile(path):
        raise stop("broken", file=path.name, why="its list of contents is missing")
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" in archive.namelist():
            return "an Excel file", None
        return "text", _only_member(archive, path.name)


def _first_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise stop("a_folder", file=path.name)
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
    except FileNotFoundError as error:
        there = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise stop("no_file", file=path.name, hint=nearest(path.name, there)) from error
    except (OSError, ValueError) as error:
        raise stop("not_allowed", file=path.name, why=getattr(error, "strerror", error)) from error
    if not head:
        raise stop("empty", file=path.name)
    return head


def _only_member(archive: zipfile.ZipFile, file: str) -> str:
    """The one file in a zip; what a Mac adds of its own does not count."""
    members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
    if not members:
        raise stop("zip_none", file=file)
    names = [m.filename for m in members]
    if len(members) > 1:
        raise stop("zip_many", file=file, n=len(names), names=listed(names, 5))
    if members[0].flag_bits & 1:
        raise stop("zip_locked", file=file)
    if names[0].lower().endswith(_NOT_TEXT):
        raise stop("zip_inside", file=file, names=names[0])
    if not members[0].file_size:
        raise stop("empty", file=f"{names[0]} in {file}")
    return names[0]
