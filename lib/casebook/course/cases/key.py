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
    follows : callable, optional
        Where an answer builds on earlier ones: takes the company's tables and those of the student's earlier
        answers that are not right, by name, and returns what is right for these. Who goes on rightly from a
        wrong number loses its points once.
    """

    name: str
    kind: Kind
    points: float
    right: Callable[[Tables], Any]
    slips: tuple[Slip, ...] = ()
    look: str = ""
    same_everywhere: bool = False
    follows: Callable[[Tables, Mapping[str, Any]], Any] | None = None


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
    company: Tables

    def mark(self, answer: Any, own: Mapping[str, Any] | None = None) -> Marked:
        """Mark an answer; it may be any object at all, and never raises.

        Parameters
        ----------
        answer : object
        own : mapping, optional
            The student's earlier answers that are not right, as the kinds read them, by name.

        Returns
        -------
        Marked
        """
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                points, state, says = self._judge(answer, own or {})
            except Exception:  # whatever came, it earns nothing and stops nobody
                points, state, says = 0.0, "wrong", f"A {code(type(answer).__name__)} could not be read."
        return Marked(self.asked.name, points, self.asked.points, state, says)

    def _judge(self, answer: Any, own: Mapping[str, Any]) -> tuple[float, str, str]:
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
        if own and self._follows(given, own):
            return self.asked.points, "right", "Right for your own earlier answers, one of which is off."
        for wrong, slip in self.wrong:
            if not kind.gap(given, wrong):
                return slip.points, "slip", slip.says
        return 0.0, "wrong", f"{gap} {self.asked.look}".strip()

    def carries(self, given: Any) -> bool:
        """Whether later answers may build on this one, though it is not right.

        Parameters
        ----------
        given : object
            As the kind reads it.

        Returns
        -------
        bool
            True for a mistake that the key foresees. Else numbers have to be of the right size: beside 1e300
            nothing else counts, and what follows from it takes no work.
        """
        if any(not self.asked.kind.gap(given, wrong) for wrong, _ in self.wrong):
            return True
        if isinstance(given, dict):
            sizes = [abs(float(v)) for v in self.right.values() if isinstance(v, (int, float, np.number))]
            most = 10 * max(sizes, default=0.0)
            return all(
                isinstance(v, str) or (v is not None and abs(float(v)) <= most) for v in given.values()
            )
        if isinstance(given, float):
            return bool(abs(self.right) <= 10 * abs(given) and abs(given) <= 10 * abs(self.right))
        return not isinstance(given, pd.DataFrame)

    def _follows(self, given: Any, own: Mapping[str, Any]) -> bool:
        """Whether an answer is right for earlier ones that are not."""
        if self.asked.follows is None:
            return False
        try:
            carried = self.asked.kind.read(self.asked.follows(self.company, own))
        except Exception:  # of an odd earlier answer nothing follows
            return False
        return not self.asked.kind.gap(given, carried)


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
    return WorkedOut(asked, read(asked.right(company)), wrong, company)
