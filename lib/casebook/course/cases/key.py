"""A graded answer: how it is worked out from a company, what it is worth, and which mistakes are known."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from casebook.course.kinds import Kind
from casebook.course.reading import UnreadableError, code, unanswered

__all__ = ["FreshTables", "Graded", "Marked", "Slip", "WorkedOut", "work_out"]

Tables = Mapping[str, pd.DataFrame]


class FreshTables(Mapping[str, pd.DataFrame]):
    """Some tables of a company; each time that one is asked for, it is a copy of its own.

    >>> company = FreshTables({"orders": pd.DataFrame({"n": [1]}), "other": pd.DataFrame()}, ["orders"])
    >>> company["orders"] is company["orders"], list(company)
    (False, ['orders'])
    """

    def __init__(self, company: Tables, names: Sequence[str]) -> None:
        self._company, self._names = company, tuple(names)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(f"{name!r} is not among the TABLES of the case: {', '.join(self._names)}")
        return self._company[name].copy()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Slip:
    """A typical mistake in a graded answer.

    Parameters
    ----------
    makes : callable
        Takes the company's tables, returns what a student hands in who makes this mistake.
    says : str
        The diagnosis: what kind of mistake, and where to look; never the answer.
    points : float
        What the answer still earns.
    """

    makes: Callable[[Tables], Any]
    says: str
    points: float = 0.0


@dataclass(frozen=True)
class Graded:
    """One answer of a case that is marked by rule.

    Parameters
    ----------
    name : str
        Also the variable's name in the notebook, and the id of the cell that marks it.
    kind : Kind
        What is expected: `Number`, `Choice`, `Names`, `Labels`, `Mapped` or `Table`.
    points : float
    right : callable
        Takes the company's tables, returns the right answer. Nothing is stored.
    slips : tuple of Slip
        Typical mistakes, in the order in which they are looked for.
    look : str
        Where to look when the mistake is none of these.
    same_everywhere : bool
        Whether the answer is the same in every company, because the data are.
    """

    name: str
    kind: Kind
    points: float
    right: Callable[[Tables], Any]
    slips: tuple[Slip, ...] = ()
    look: str = ""
    same_everywhere: bool = False


@dataclass(frozen=True)
class Marked:
    """What an answer earned: `state` is "right", "slip", "wrong" or "open"; `says` is the diagnosis."""

    name: str
    points: float
    of: float
    state: str
    says: str


@dataclass(frozen=True)
class WorkedOut:
    """A graded answer with its right answer and mistakes worked out for one company."""

    asked: Graded
    right: Any
    wrong: tuple[tuple[Any, Slip], ...]

    def mark(self, answer: Any) -> Marked:
        """Mark an answer; it may be any object at all, and never raises.

        Parameters
        ----------
        answer : object

        Returns
        -------
        Marked
        """
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                points, state, says = self._judge(answer)
            except Exception:  # whatever came, it earns nothing and stops nobody
                points, state, says = 0.0, "wrong", f"A {code(type(answer).__name__)} could not be read."
        return Marked(self.asked.name, points, self.asked.points, state, says)

    def _judge(self, answer: Any) -> tuple[float, str, str]:
        kind = self.asked.kind
        if unanswered(answer):
            return 0.0, "open", "Not answered."
        try:
            given = kind.read(answer)
        except UnreadableError as refused:
            return 0.0, "wrong", str(refused)
        gap = kind.gap(given, self.right)
        if not gap:
            return self.asked.points, "right", "Right."
        for wrong, slip in self.wrong:
            if not kind.gap(given, wrong):
                return slip.points, "slip", slip.says
        return 0.0, "wrong", f"{gap} {self.asked.look}".strip()


def work_out(asked: Graded, company: Tables) -> WorkedOut:
    """Work out the right answer and the foreseen wrong ones for one company.

    Parameters
    ----------
    asked : Graded
    company : mapping of str to DataFrame
        Its tables.

    Returns
    -------
    WorkedOut

    Examples
    --------
    >>> from casebook.course.kinds import Number
    >>> half = Slip(lambda tables: len(tables["orders"]) / 2, "Only half of them.", points=1)
    >>> asked = Graded("orders", Number(), 4, lambda tables: len(tables["orders"]), (half,))
    >>> ready = work_out(asked, {"orders": pd.DataFrame({"order_id": [1, 2, 3, 4]})})
    >>> ready.mark(4).points, ready.mark(2).says, ready.mark(7).state
    (4, 'Only half of them.', 'wrong')
    """
    read = asked.kind.read
    wrong = tuple((read(slip.makes(company)), slip) for slip in asked.slips)
    return WorkedOut(asked, read(asked.right(company)), wrong)
