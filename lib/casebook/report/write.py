"""Write the files of a report: all of them or none, and nothing in them that a spreadsheet would run."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from casebook.report.messages import stop

__all__ = ["check_out", "csv_text", "spreadsheet_safe", "write_all"]

_PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def spreadsheet_safe(text: str) -> str:
    r"""Put an apostrophe before what a spreadsheet would take for a formula; plain numbers stay.

    >>> spreadsheet_safe('=HYPERLINK("x")'), spreadsheet_safe("-3.5"), spreadsheet_safe("-3+cmd")
    ('\'=HYPERLINK("x")', '-3.5', "'-3+cmd")
    """
    return (
        f"'{text}"
        if text.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
        and not _PLAIN_NUMBER.fullmatch(text)
        else text
    )


def csv_text(table: pd.DataFrame) -> str:
    r"""A table as CSV: comma, decimal point, dates ISO, text made safe for spreadsheets.

    >>> csv_text(pd.DataFrame({"who": ["@Ada"], "value": [-1.5]}))
    "who,value\n'@Ada,-1.5\n"
    """
    texts = table.select_dtypes(exclude=["number", "datetime"]).columns
    safe = {column: table[column].map(spreadsheet_safe, na_action="ignore") for column in texts}
    return table.assign(**safe).to_csv(index=False, lineterminator="\n")


def check_out(out: Path, names: list[str], source: Path) -> None:
    """See, before any work is done, that the files can be written to the folder.

    Parameters
    ----------
    out : Path
        The folder; it need not exist.
    names : list of str
        Of the files.
    source : Path
        The file that is read, which must not be written over.

    Raises
    ------
    CannotRead
        If it is no folder, cannot be written to, or a result would replace the source.

    Examples
    --------
    >>> check_out(Path(__file__), ["abc.csv"], Path("sales.csv"))
    Traceback (most recent call last):
    casebook.report.messages.CannotRead: ... is a file, not a folder: name another folder with --out.
    """
    there = next(folder for folder in [out, *out.absolute().parents] if folder.exists())
    if not there.is_dir():
        raise stop("out_is_file", out=there)
    if not os.access(there, os.W_OK | os.X_OK):
        raise stop("out_not_writable", out=out, why="no right to write there")
    for name in names:
        if (out / name).is_dir():
            raise stop("out_not_writable", out=out, why=f"{name} is a folder there")
        if (out / name).exists() and source.exists() and (out / name).samefile(source):
            raise stop("out_is_input", file=source.name)


def write_all(out: Path, files: Mapping[str, str]) -> list[Path]:
    r"""Write the files to a temporary folder beside their place, then move them there together.

    Parameters
    ----------
    out : Path
        The folder; made if need be. Other files in it are left alone.
    files : mapping of name to text
        CSV with other than ASCII letters begins with a byte-order mark, so that spreadsheets read it as
        UTF-8.

    Returns
    -------
    list of Path

    Raises
    ------
    CannotRead
        If something cannot be written; then everything is as it was before.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_all(Path(folder, "new"), {"abc.csv": "who,value\n"})]
    ['abc.csv']
    """
    made = [folder for folder in [out, *out.parents] if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".casebook-", dir=out) as temporary:
            new, old = Path(temporary, "new"), Path(temporary, "old")
            new.mkdir()
            old.mkdir()
            for name, text in files.items():
                mark = "utf-8-sig" if name.endswith(".csv") and not text.isascii() else "utf-8"
                (new / name).write_text(text, encoding=mark, newline="\n")
            _exchange(out, list(files), new, old)
    except BaseException as error:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            raise stop("out_not_writable", out=out, why=error.strerror or error) from error
        raise
    return [out / name for name in files]


def _exchange(out: Path, names: list[str], new: Path, old: Path) -> None:
    """Move the new files in; if one cannot be replaced (open elsewhere, say), bring the old ones back."""
    moved: list[str] = []
    try:
        for name in names:
            moved.append(name)
            if (out / name).exists():
                (out / name).replace(old / name)
            (new / name).replace(out / name)
    except BaseException:
        for name in moved:
            if (old / name).exists():
                (old / name).replace(out / name)
            elif not (new / name).exists():
                (out / name).unlink(missing_ok=True)
        raise
