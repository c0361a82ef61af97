"""Checks that say what kind of mistake an answer is, and keep the answer to themselves.

A check is data: a name, a function that works out the right answer, the kind of thing expected, and the
mistakes that students are known to make, each as a function that makes it. Checks of lesson 09 stand in
`casebook.course.lesson_09`, in a tuple called ``CHECKS``; the module is read when its first check is asked.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

import casebook.course
from casebook.course.kinds import Kind
from casebook.course.reading import UnreadableError, code, unanswered
from casebook.text import _display

__all__ = ["Check", "Mistake", "Verdict", "all_checks", "check", "find_check", "judge"]


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make: how to make it, and what to say to whoever made it.

    `makes` returns what such a student would hand in. `says` names the kind of mistake and where to look;
    it never holds the right answer.
    """

    makes: Callable[[], Any]
    says: str


@dataclass(frozen=True)
class Check:
    """One question that a notebook asks.

    Parameters
    ----------
    name : str
        Lesson and exercise: ``"09.gini_three"``.
    kind : Kind
        What is expected: `Number`, `Choice`, `Names`, `Labels`, `Mapped` or `Table`.
    right : callable
        Works out the right answer from the data, with the library. Nothing is stored.
    mistakes : tuple of Mistake
        Those foreseen, in the order in which they are looked for.
    look : str
        Where to look when the answer is wrong in a way that was not foreseen.
    praise : str
        One sentence after the tick, with what to take along.
    """

    name: str
    kind: Kind
    right: Callable[[], Any]
    mistakes: tuple[Mistake, ...] = ()
    look: str = ""
    praise: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a check found: `state` is "right", "wrong", "open" (not answered) or "unknown" (no such check)."""

    state: str
    says: str

    @property
    def ok(self) -> bool:
        """Whether the answer is right."""
        return self.state == "right"

    def __repr__(self) -> str:
        return f"{_MARKS[self.state]} {self.says}"

    def _repr_markdown_(self) -> str:
        return f"**{_MARKS[self.state]}** {self.says}"


_MARKS = {"right": "✓", "wrong": "✗", "open": "○", "unknown": "?"}


def check(name: str, answer: Any = ...) -> None:
    """Show whether an answer is right, or else which kind of mistake it is.

    Parameters
    ----------
    name : str
        The name of the check, as it stands in the lesson: ``"09.gini_three"``.
    answer : object
        What you found. Left out or ``...`` counts as not answered yet.

    See Also
    --------
    judge : the same, returned and not shown.

    Examples
    --------
    >>> check("09.gini_three", ...)
    ○ Not answered yet: put your answer in place of the three dots, then run this cell again.
    """
    _display(judge(name, answer))


def judge(name: str, answer: Any = ...) -> Verdict:
    """Return what `check` would show. Never raises because of an answer.

    >>> judge("09.gini_three", "0.4").says
    'A number is expected, you handed in text: leave the quotation marks away.'
    """
    found = find_check(name)
    if found is None:
        return Verdict("unknown", _no_such_check(name))
    right, mistakes = _worked_out(found)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return _judge(found, answer, right, mistakes)
        except Exception:  # an answer may be any object at all, with any defect
            return Verdict(
                "wrong", f"Your answer could not be read. It is of type {code(type(answer).__name__)}."
            )


def _judge(asked: Check, answer: Any, right: Any, mistakes: list[tuple[Any, str]]) -> Verdict:
    if unanswered(answer):
        return Verdict(
            "open",
            "Not answered yet: put your answer in place of the three dots, then run this cell again.",
        )
    try:
        given = asked.kind.read(answer)
    except UnreadableError as refused:
        return Verdict("wrong", str(refused))
    gap = asked.kind.gap(given, right)
    if not gap:
        return Verdict("right", f"Right. {asked.praise}".strip())
    for wrong, says in mistakes:
        if not asked.kind.gap(given, wrong):
            return Verdict("wrong", says)
    return Verdict("wrong", f"{gap} {asked.look}".strip())


@functools.cache
def _worked_out(asked: Check) -> tuple[Any, list[tuple[Any, str]]]:
    """The right answer and the foreseen wrong ones, worked out once a session."""
    read = asked.kind.read
    return read(asked.right()), [(read(mistake.makes()), mistake.says) for mistake in asked.mistakes]


def find_check(name: str) -> Check | None:
    """Return the check of that name, or None."""
    lesson = str(name).partition(".")[0]
    return next((c for c in _lesson_checks(lesson) if c.name == name), None)


def all_checks() -> list[Check]:
    """Return every check of every lesson, in the order of lessons.

    >>> "09.gini_three" in {c.name for c in all_checks()}
    True
    """
    return [c for lesson in _lessons_with_checks() for c in _lesson_checks(lesson)]


def _lessons_with_checks() -> list[str]:
    """Numbers of lessons, ``09``, and of cases, ``case09``, that have a module of checks."""
    names = (module.name for module in pkgutil.iter_modules(casebook.course.__path__))
    found = (re.fullmatch(r"lesson_(\w+)|case_(\d\d)", name) for name in names)
    return sorted(match[1] or f"case{match[2]}" for match in found if match)


def _lesson_checks(lesson: str) -> tuple[Check, ...]:
    if lesson not in _lessons_with_checks():
        return ()
    module = f"case_{lesson[4:]}" if lesson.startswith("case") else f"lesson_{lesson}"
    checks: tuple[Check, ...] = importlib.import_module(f"casebook.course.{module}").CHECKS
    return checks


def _no_such_check(name: object) -> str:
    near = get_close_matches(str(name), [c.name for c in all_checks()], n=1, cutoff=0.0)
    return (
        f"There is no check called {code(name)}; the nearest is {code(near[0])}."
        if near
        else "There are no checks."
    )
