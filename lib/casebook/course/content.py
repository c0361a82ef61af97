"""The facts of each lesson stand in one file, ``content/NN.toml``; card, quiz, terms and map use it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

__all__ = [
    "PARTS",
    "Lesson",
    "Objective",
    "QuizItem",
    "QuizOption",
    "lesson",
    "lessons",
    "notebook_of",
    "root",
]

#: The parts of a lesson, in order: the name in a heading cell's metadata, and what the part is for.
PARTS = {
    "question": "Question: title, one business question with its stakes, the shape of the answer",
    "card": "Card: what you can do afterwards, needs, minutes, items, data",
    "predict": "Predict: a guess, put into a variable",
    "by_hand": "By hand: five to ten rows, the formula, one row worked, one left to the reader",
    "plain_pandas": "In plain pandas: about ten lines, no library",
    "library": "With the library: one call, asserted equal",
    "company": "The whole company: the full data, one picture",
    "play": "Play: the explorer, and below it the static default",
    "mislead": "What could mislead you",
    "decide": "Decide and report: three sentences to a named role, and the table",
    "really_true": "What was really true: the simulator's truth, the prediction compared",
    "exercises": "Exercises: warm-up, core, stretch",
    "quiz": "Quiz, key points, terms",
    "own_data": "Your own data: one mapping cell and one call",
}


@dataclass(frozen=True)
class Objective:
    """What a student can do afterwards, and the exercises that show it."""

    can: str
    exercises: tuple[str, ...]


@dataclass(frozen=True)
class QuizOption:
    """One possible answer, and why it is right or wrong."""

    text: str
    because: str
    right: bool


@dataclass(frozen=True)
class QuizItem:
    """One question of the quiz."""

    question: str
    options: tuple[QuizOption, ...]


@dataclass(frozen=True)
class Lesson:
    """What ``content/NN.toml`` says of a lesson; `minutes` maps each part to its minutes."""

    number: str
    title: str
    question: str
    minutes: dict[str, int]
    objectives: tuple[Objective, ...] = ()
    needs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    quiz: tuple[QuizItem, ...] = ()

    @property
    def total_minutes(self) -> int:
        """The sum over the parts."""
        return sum(self.minutes.values())


def lessons() -> list[str]:
    """Return the numbers of the lessons that have facts, in order.

    >>> "09" in lessons()
    True
    """
    names = (entry.name for entry in files("casebook.course").joinpath("content").iterdir())
    return sorted(
        name.removesuffix(".toml") for name in names if name[:2].isdigit() and name.endswith(".toml")
    )


@cache
def lesson(number: str) -> Lesson:
    """Read the facts of one lesson.

    Parameters
    ----------
    number : str
        Two digits: ``"09"``.

    Raises
    ------
    LookupError
        If there is no such lesson; the message names those that exist.

    Examples
    --------
    >>> lesson("09").title
    'ABC classification'
    """
    if number not in lessons():
        raise LookupError(f"There is no lesson {number!r}. Those that exist: {', '.join(lessons())}.")
    facts = tomllib.loads(files("casebook.course").joinpath(f"content/{number}.toml").read_text("utf-8"))
    many: dict[str, Any] = {
        name: tuple(facts.pop(name, ())) for name in ("needs", "items", "tables", "terms")
    }
    objectives = tuple(Objective(o["can"], tuple(o["exercises"])) for o in facts.pop("objectives", ()))
    quiz = tuple(
        QuizItem(item["question"], tuple(QuizOption(**{"right": False, **o}) for o in item["options"]))
        for item in facts.pop("quiz", ())
    )
    return Lesson(number=number, objectives=objectives, quiz=quiz, **many, **facts)


def root(start: Path | None = None) -> Path | None:
    """Find the course's folder, from here upwards; None if we are not within it."""
    here = (start or Path.cwd()).resolve()
    return next((p for p in (here, *here.parents) if (p / "notebooks/solutions").is_dir()), None)


def notebook_of(number: str) -> Path | None:
    """Return the workbook of a lesson, or None where it does not exist."""
    home = root()
    found = sorted((home / "notebooks").glob(f"{number}_*.ipynb")) if home else []
    return found[0] if found else None
