"""Find and read what a student handed in, without running, following or unpacking anything."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casebook.course.cases.answers import clean
from casebook.course.cases.folder import NOTEBOOK

__all__ = ["BLANK", "Submission", "find_submission"]

BLANK = "YOUR ANSWER HERE"  #: what stands in a written answer's cell before anybody wrote
MOST_BYTES, MOST_CELLS, MOST_FILES = 10 * 2**20, 1_000, 2_000
MOST_TEXT = 50_000  #: signs of one written answer


@dataclass
class Submission:
    """A student's notebook, taken apart.

    `cells` hold `id` and `source` of its code; `written` the texts, `code` the cells of the answers, by
    question; `problem` says in words why it cannot be marked, if so; `digest` tells two submissions apart.
    """

    student_id: str
    problem: str = ""
    cells: list[dict[str, str]] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)
    digest: str = ""


def find_submission(folder: Path, student_id: str) -> Submission:
    """Read the notebook of one student: ``FOLDER/ID/…/case.ipynb``, or ``FOLDER/ID.ipynb``.

    Parameters
    ----------
    folder : Path
        With the submissions of the class.
    student_id : str

    Returns
    -------
    Submission
        With a `problem` where there is no notebook, several, or none that can be read; it never raises
        because of what was handed in.
    """
    try:
        return _found(folder, student_id)
    except Exception as error:  # whatever was handed in, it stops nobody else
        return Submission(student_id, f"What was handed in cannot be read: {type(error).__name__}.")


def _found(folder: Path, student_id: str) -> Submission:
    found = _notebooks(folder, student_id)
    if len(found) > 1:
        named = [path for path in found if path.name == NOTEBOOK]
        if len(named) != 1:
            return Submission(student_id, f"{len(found)} notebooks were handed in: keep one.")
        found = named
    if not found:
        return Submission(student_id, "Nothing was handed in.")
    try:
        raw = _read(found[0])
        return _taken_apart(student_id, raw)
    except _RefusedError as refused:
        return Submission(student_id, str(refused))


class _RefusedError(ValueError):
    """A submission that is not even opened; the text says why."""


def _notebooks(folder: Path, student_id: str) -> list[Path]:
    """Notebooks of one student; links are not followed, and copies that Jupyter made are passed over."""
    found, seen = [], 0
    alone = folder / f"{student_id}.ipynb"
    if os.path.lexists(alone):
        found.append(alone)
    own = folder / student_id
    if own.is_symlink():
        return [own]
    for home, folders, files in os.walk(own, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        seen += len(files) + len(folders)
        found += [Path(home) / name for name in sorted(files) if name.endswith(".ipynb")]
        if seen > MOST_FILES:
            break
    return found


def _read(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        raise _RefusedError("The notebook is a link or cannot be opened: it was not followed.") from None
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise _RefusedError("What was handed in is no file: it was not opened.")
        if about.st_size > MOST_BYTES:
            size = about.st_size / 2**20
            raise _RefusedError(
                f"The notebook has {size:,.0f} MB, more than {MOST_BYTES // 2**20}: clear its outputs."
            )
        return file.read(MOST_BYTES + 1)


def _taken_apart(student_id: str, raw: bytes) -> Submission:
    try:
        cells = json.loads(raw)["cells"]
        if not isinstance(cells, list) or len(cells) > MOST_CELLS:
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError, UnicodeDecodeError):
        raise _RefusedError("The file is no notebook: it could not be read as one.") from None
    made = Submission(student_id, digest=hashlib.sha256(raw).hexdigest())
    for number, cell in enumerate(cells):
        if not isinstance(cell, dict):
            continue
        source = _source(cell.get("source"))
        if cell.get("cell_type") == "code":
            own = cell.get("id")
            name = _named(cell) or (clean(own[:64]) if isinstance(own, str) else f"number {number + 1}")
            made.cells.append({"id": name.removeprefix("answer-").removeprefix("given-"), "source": source})
            if name.startswith("answer-"):
                made.code[name.removeprefix("answer-")] = source[:MOST_TEXT]
        elif cell.get("cell_type") == "markdown" and (name := _question(cell)):
            made.written[name] = "" if source.strip() == BLANK else source.strip()[:MOST_TEXT]
    return made


def _source(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return clean(source) if isinstance(source, str) else ""


def _question(cell: dict[str, Any]) -> str:
    """The name of the written question that a cell answers; the empty text if it answers none."""
    return _named(cell) if _about(cell).get("solution") else ""


def _named(cell: dict[str, Any]) -> str:
    """What nbgrader calls a cell; the empty text if it does not know it."""
    name = _about(cell).get("grade_id")
    return clean(name[:100]) if isinstance(name, str) else ""


def _about(cell: dict[str, Any]) -> dict[str, Any]:
    about = cell.get("metadata")
    about = about.get("nbgrader") if isinstance(about, dict) else None
    return about if isinstance(about, dict) else {}
