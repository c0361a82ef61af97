"""Find a data file under any of its names, look into zips, and read its cells as text."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from casebook.public.model import Source, WrongDataError

__all__ = ["find_file", "read_cells"]

_BROKEN = (zipfile.BadZipFile, zlib.error)  #: what a damaged zip, or workbook, is answered with


def find_file(folder: Path, names: Sequence[str]) -> Path | None:
    """Look for a file in a folder and in the folders directly inside it.

    Parameters
    ----------
    folder : Path
        Where to look.
    names : sequence of str
        Names that will do, the best first; case, blanks, plus signs and underscores do not count.

    Returns
    -------
    Path or None
        The first that is there.

    Examples
    --------
    >>> find_file(Path("no such folder"), ["bank-full.csv"])
    """
    below = sorted(path for path in folder.glob("*") if path.is_dir())
    files = [path for place in [folder, *below] for path in sorted(place.glob("*")) if path.is_file()]
    for name in names:
        for path in files:
            if _plain(path.name) == _plain(name):
                return path
    return None


def _plain(name: str) -> str:
    """The name of a file without folders and without what differs from copy to copy.

    >>> _plain("data/Online Retail.xlsx"), _plain("online+retail.xlsx")
    ('online_retail.xlsx', 'online_retail.xlsx')
    """
    return re.sub(r"[^a-z0-9.]+", "_", name.replace("\\", "/").rpartition("/")[2].lower())


def read_cells(source: Source, path: Path) -> pd.DataFrame:
    """Read the cells of a data file as text: CSV, another separated text, Excel, or any of them in a zip.

    Parameters
    ----------
    source : Source
        Which file to look for in a zip, and which columns to expect.
    path : Path
        The file.

    Returns
    -------
    DataFrame of str
        At least the columns of `source`; an empty text is a missing cell.

    Raises
    ------
    WrongDataError
        If the file cannot be read, or a column is not there.
    ModuleNotFoundError
        If it is an Excel file and the extra for it is not installed; the message names it.
    """
    try:
        name, content = next(_unpacked(path.name, path.read_bytes(), source.files))
    except (*_BROKEN, RuntimeError, StopIteration):  # a zip with a password is a RuntimeError
        raise WrongDataError(f"it is no readable zip with a file {source.files[0]!r} in it") from None
    if name.lower().endswith((".xlsx", ".xlsm")):
        return _with_columns(source, _excel(name, content))
    return _separated(source, content)


def _unpacked(name: str, content: bytes, wanted: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Follow zips, and zips in zips, to the files that have a wanted name."""
    if not name.lower().endswith(".zip"):
        yield name, content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.namelist()
        known = [m for m in members if _plain(m) in map(_plain, wanted)]
        for member in (*known, *(m for m in members if m.lower().endswith(".zip") and m not in known)):
            yield from _unpacked(member, archive.read(member), wanted)


def _separated(source: Source, content: bytes) -> pd.DataFrame:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    reason: WrongDataError | None = None
    for separator in dict.fromkeys((source.separator, ",", ";", "\t")):
        try:
            return _with_columns(source, _text_table(text, separator, header=source.header))
        except WrongDataError as error:  # the publisher's own separator has the word
            reason = reason or error
    raise reason or WrongDataError("it is empty")


def _text_table(text: str, separator: str, *, header: bool) -> pd.DataFrame:
    first = 0 if header else None
    try:
        return pd.read_csv(io.StringIO(text), sep=separator, header=first, dtype="str", keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        raise WrongDataError("it is not a table of columns and rows") from None


def _excel(name: str, content: bytes) -> pd.DataFrame:
    try:
        from openpyxl import load_workbook
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            f"Reading {name} needs the extra 'excel': pip install 'crm-casebook[excel]'"
        ) from None
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        header, *rows = book.worksheets[0].iter_rows(values_only=True)
    except (*_BROKEN, KeyError, ValueError, SyntaxError):  # what openpyxl says of other files
        raise WrongDataError("it is not an Excel workbook with a table in it") from None
    return pd.DataFrame([map(_cell, row) for row in rows], columns=list(map(_cell, header)), dtype="str")


def _cell(value: Any) -> str:
    """The text of an Excel cell, as a CSV file would have it.

    >>> [_cell(v) for v in (None, 17850, 2.55, datetime.datetime(2010, 12, 1, 8, 26))]
    ['', '17850', '2.55', '2010-12-01T08:26:00']
    """
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime.datetime) else str(value)


def _with_columns(source: Source, cells: pd.DataFrame) -> pd.DataFrame:
    """The columns of the source, by name or, where the file has no header, by place."""
    names = source.column_names
    if not source.header:
        if cells.shape[1] != len(names):
            raise WrongDataError(f"it has {cells.shape[1]} columns instead of {len(names)}")
        has_names = cells.iloc[0].tolist() == names  # somebody added a header
        return cells.iloc[int(has_names) :].set_axis(names, axis=1).reset_index(drop=True)
    cells = cells.rename(columns=lambda name: str(name).strip())
    missing = [name for name in names if name not in cells.columns]
    if missing:
        raise WrongDataError(f"it has no column {missing[0]!r} ({len(missing)} of {len(names)} are missing)")
    return cells[names]
