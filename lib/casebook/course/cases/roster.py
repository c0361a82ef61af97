"""Who is in the class, and which company each of them has."""

from __future__ import annotations

import csv
import hashlib
import hmac
import re
from dataclasses import dataclass
from pathlib import Path

from casebook.errors import TableError

__all__ = ["Student", "check_id", "fingerprint", "read_roster", "seed_of"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  #: no file names in Windows
_SHORTEST = 8


@dataclass(frozen=True)
class Student:
    """One line of the roster."""

    student_id: str
    name: str


def read_roster(path: str | Path) -> list[Student]:
    """Read `roster.csv`: columns `student_id` and `name`, one line a student.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    list of Student
        In the order of the file.

    Raises
    ------
    TableError
        If the file cannot be read, a column is missing, an id stands twice, or could not be a folder's name
        (letters, digits, ``_ . -``, 40 at most); the message names the line.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise TableError(f"There is no roster {path}.") from None
    except UnicodeDecodeError:
        raise TableError(
            f"The roster {path} cannot be read: it is no UTF-8 text. In Excel, save it as 'CSV UTF-8'."
        ) from None
    except OSError as error:
        raise TableError(f"The roster {path} cannot be read: {error.strerror}.") from None
    try:
        reader = csv.DictReader(text.splitlines())
        lines = list(reader)
    except csv.Error as error:
        raise TableError(f"The roster {path.name} is no CSV: {error}.") from None
    missing = {"student_id", "name"} - set(reader.fieldnames or ())
    if missing:
        raise TableError(
            f"The roster {path.name} has no column {' and no '.join(sorted(missing))}: its first line must "
            "be student_id,name, with a line for each student below."
            + (" It seems to be separated by ';': use commas." if ";" in text.partition("\n")[0] else "")
        )
    students: list[Student] = []
    taken: dict[str, int] = {}
    for number, line in enumerate(lines, start=2):
        student = (line["student_id"] or "").strip()
        check_id(student, f"Line {number} of {path.name}")
        if student.lower() in taken:
            raise TableError(
                f"Lines {taken[student.lower()]} and {number} of {path.name} have the same id {student!r}."
            )
        taken[student.lower()] = number
        students.append(Student(student, " ".join((line["name"] or "").split())[:100]))
    if not students:
        raise TableError(f"The roster {path.name} lists nobody: it needs a line for each student.")
    return students


def check_id(student: str, where: str) -> None:
    """Refuse an id that cannot be a folder's name on every system.

    Parameters
    ----------
    student : str
    where : str
        It stands, for the message.

    Raises
    ------
    TableError
    """
    if not _ID.fullmatch(student):
        raise TableError(
            f"{where} has the id {student!r}: an id becomes a folder, so it takes "
            "Latin letters, digits, '_', '.' and '-', begins with a letter or digit, 40 signs at most."
        )
    if _DEVICE.fullmatch(student) or student.endswith((".", ".ipynb", ".html")):
        raise TableError(f"{where} has the id {student!r}, which cannot be a folder's name on every system.")


def seed_of(secret: str, student_id: str) -> int:
    """Derive the seed of a student's company: the same for all cases, unknown without the secret.

    Parameters
    ----------
    secret : str
        Of the course.
    student_id : str

    Returns
    -------
    int, below 2 to the 63rd

    Raises
    ------
    TableError
        If the secret is shorter than eight signs.

    Examples
    --------
    >>> mine, again, yours = (seed_of("correct horse", student) for student in ("s1", "s1", "s2"))
    >>> mine == again, mine == yours
    (True, False)
    """
    return int.from_bytes(_digest(secret, f"company of {student_id}")[:8], "big") >> 1


def fingerprint(secret: str) -> str:
    """Give a mark by which a secret is known again, and from which it cannot be found.

    >>> len(fingerprint("correct horse"))
    16
    """
    return _digest(secret, "fingerprint").hex()[:16]


def _digest(secret: str, message: str) -> bytes:
    if len(secret) < _SHORTEST:
        raise TableError(f"The secret of the course needs {_SHORTEST} signs or more.")
    return hmac.new(
        secret.encode("utf-8", "surrogateescape"), f"casebook: {message}".encode(), hashlib.sha256
    ).digest()
