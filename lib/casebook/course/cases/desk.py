"""What a case's notebook calls: the company's tables, handing in an answer, and (in the source) its mark."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from casebook.company.store import home, load, read_table
from casebook.contracts import TABLES
from casebook.course.cases.key import WorkedOut, work_out
from casebook.course.kinds import Kind
from casebook.course.reading import UnreadableError, describe, unanswered
from casebook.errors import TableError
from casebook.text import Sentence, _display, say

__all__ = ["CaseCompany", "hand_in", "mark", "open_case"]

SAMPLE = "Qingyuan Water Equipment Co., Ltd."
COMPANY = "company"  #: the folder beside a student's notebook


class CaseCompany(Mapping[str, pd.DataFrame]):
    """The tables of a case by name: ``company["orders"]`` is a fresh, typed copy each time."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        schema = json.loads(((folder or home()) / "schema.json").read_text(encoding="utf-8"))
        self.name, self.name_zh = schema["company"]["name_en"], schema["company"]["name_zh"]

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in TABLES or (self._folder and not (self._folder / f"{name}.csv").is_file()):
            raise TableError(f"This case has no table {name!r}. It has: {', '.join(self)}.")
        return read_table(self._folder, name) if self._folder else load(name)

    def __iter__(self) -> Iterator[str]:
        return (n for n in TABLES if not self._folder or (self._folder / f"{n}.csv").is_file())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"{self.name} ({self.name_zh}), simulated: {', '.join(self)}"


def open_case(case: str) -> CaseCompany:
    """Open the company of a case: the folder `company` beside the notebook, else the sample company.

    Parameters
    ----------
    case : str
        The number, ``"09"``.

    Returns
    -------
    CaseCompany
        A mapping of its tables.

    Examples
    --------
    >>> company = open_case("01")
    Case 01. Your tables are those of Qingyuan Water Equipment Co., Ltd., simulated like everybody's.
    >>> company["bank_accounts"].shape
    (500, 6)
    """
    beside = Path(COMPANY)
    company = CaseCompany(beside.resolve() if (beside / "schema.json").is_file() else None)
    words = "Case {case}. Your tables are those of {name}, simulated like everybody's."
    if company.name != SAMPLE:
        words += " Where a text says Qingyuan, it is this firm."
    say(words, case=case, name=company.name)
    return company


def hand_in(name: str, answer: Any, kind: Kind) -> None:
    """Say what is handed in, or why it cannot be read; not whether it is right.

    Parameters
    ----------
    name : str
        Of the question.
    answer : object
        What you found. The dots of the stub count as not answered yet.
    kind : Kind
        What is expected.

    Examples
    --------
    >>> from casebook.course.kinds import Mapped, Names, Number
    >>> hand_in("break_even", 312.5, Number(unit="RMB"))
    Handed in as break_even: 312.5 RMB.
    >>> hand_in("break_even", "312.5", Number(unit="RMB"))
    ✗ break_even: A number is expected, you handed in text: leave the quotation marks away.
    >>> hand_in("to_keep", ["A1", "A2"], Names("accounts"))
    Handed in as to_keep: 2 accounts.
    >>> hand_in("by_class", {"A": 3, "B": 12}, Mapped("accounts by class"))
    Handed in as by_class: accounts by class: A 3, B 12.
    """
    if unanswered(answer):
        _display(Sentence(f"○ {name}: not answered yet."))
        return
    try:
        read = kind.read(answer)
    except UnreadableError as refused:
        _display(Sentence(f"✗ {name}: {refused}"))
        return
    say("Handed in as {name}: {what}.", name=name, what=_in_words(read, kind))


def _in_words(read: Any, kind: Kind) -> str:
    if isinstance(read, float):
        unit = getattr(kind, "unit", "") or getattr(kind, "counted", "")
        return f"{read:.10g} {unit}".strip()
    if isinstance(read, str):
        return read
    what = getattr(kind, "what", "") or describe(read)
    if isinstance(read, dict) and len(read) <= 8:
        pairs = (
            f"{name} {value:.10g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in read.items()
        )
        return f"{what}: {', '.join(pairs)}"
    if isinstance(read, pd.DataFrame):
        columns = ", ".join(getattr(kind, "columns", ()))
        return f"{len(read)} {what} with {columns}"
    return f"{len(read)} {what}"


def mark(name: str, answer: Any) -> None:
    """Show what an answer earns. Only where the key lies beside the notebook: in the source of a case.

    Parameters
    ----------
    name : str
        Of the question.
    answer : object

    Raises
    ------
    TableError
        If there is no key here, or no such question.
    """
    marked = _worked_out(str(Path.cwd()), name).mark(answer)
    sign = {"right": "✓", "open": "○"}.get(marked.state, "✗")
    _display(Sentence(f"{sign} {marked.points:g} of {marked.of:g} points. {marked.says}"))


@cache
def _worked_out(folder: str, name: str) -> WorkedOut:
    from casebook.course.cases.folder import find_case

    case = find_case(folder)
    for asked in case.key:
        if asked.name == name:
            beside = Path(folder) / COMPANY
            return work_out(asked, CaseCompany(beside if beside.is_dir() else None))
    raise TableError(f"The key of {case.folder.name} has no answer {name!r}.")
