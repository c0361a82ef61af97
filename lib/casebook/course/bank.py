"""The question bank: quiz and exam questions of each lesson, read from ``casework/questions/NN.toml``.

A file starts with ``lesson = "09"``; a lesson that is not written yet adds its ``title`` and its ``items``.
Then stand the questions:

* all kinds: ``id`` (``"09-03"``), ``item`` (of the curriculum: ``"ABC-02"``), ``kind``, ``level``
  (``recall``, ``apply``, ``judge``), ``minutes``, ``use`` (``quiz``, ``exam``), ``tags``, and ``text``: the
  question; words between backticks become code, between asterisks emphasis.
* ``single``, ``multiple``: ``options``, a list of ``{ text, because, right = true }``.
* ``truefalse``: ``answer``, ``because``, and ``mistake``: what to tell who chose the other.
* ``numeric``: ``answer``, ``tolerance``, ``unit``, ``worked``, and ``check``: the sum that comes to the
  answer (`bank_sums.work_out`); ``slips``, a list of ``{ check, answer, because }``: what mistakes come to.
* ``matching``: ``pairs``, a list of ``[left, right]``; ``extra``, answers that fit nothing; ``because``.
* ``short``: ``model``, an answer that earns all points; ``hints``: what earns how many, ``"an edge (2)"``.

A question counts a point a minute; a short answer counts the points of its hints.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from casebook.course.bank_sums import work_out
from casebook.course.content import lesson, lessons, root
from casebook.errors import TableError

__all__ = ["KINDS", "LEVELS", "USES", "Option", "Question", "Slip", "folder", "load", "prove", "shuffled"]

KINDS = ("single", "multiple", "truefalse", "numeric", "matching", "short")
LEVELS = ("recall", "apply", "judge")
USES = ("quiz", "exam")

#: What a question of each kind needs beside what all need, and what it may have.
_NEEDS = {
    "single": ("options",),
    "multiple": ("options",),
    "truefalse": ("answer", "because", "mistake"),
    "numeric": ("answer", "tolerance", "check", "worked"),
    "matching": ("pairs", "because"),
    "short": ("model", "hints"),
}
_MAY = {"numeric": ("unit", "slips"), "matching": ("extra",)}
_ALL = ("id", "item", "kind", "level", "minutes", "use", "text")


@dataclass(frozen=True)
class Option:
    """One answer to choose, and why it is right or wrong."""

    text: str
    because: str
    right: bool = False


@dataclass(frozen=True)
class Slip:
    """A number that a known mistake gives, and what to tell who makes it."""

    answer: float
    check: str
    because: str


@dataclass(frozen=True)
class Question:
    """One question of the bank; the fields of other kinds are empty."""

    lesson: str
    topic: str
    id: str
    item: str
    kind: str
    level: str
    minutes: int
    use: str
    text: str
    tags: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    answer: float | bool | None = None
    tolerance: float = 0
    unit: str = ""
    check: str = ""
    worked: str = ""
    slips: tuple[Slip, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    extra: tuple[str, ...] = ()
    because: str = ""
    mistake: str = ""
    model: str = ""
    hints: tuple[str, ...] = ()
    where: str = field(default="", compare=False)

    @cached_property
    def points(self) -> int:
        """The points of the hints; for all other kinds a point a minute."""
        return sum(_points(hint) for hint in self.hints) or self.minutes


def load(
    where: Path | None = None, *, lessons: Collection[str] = (), use: str | None = None
) -> tuple[Question, ...]:
    """Read the questions.

    Parameters
    ----------
    where : pathlib.Path, optional
        A folder with ``NN.toml`` files; the course's own, ``casework/questions``, if not given.
    lessons : collection of str, optional
        Only these lessons: ``["09", "11"]``. All if empty.
    use : {"quiz", "exam"}, optional
        Only questions for this use.

    Returns
    -------
    tuple of Question
        In the order of lessons, then of the file.

    Raises
    ------
    TableError
        If a file or question is not as described above; the message names file, question and remedy.

    Examples
    --------
    >>> first = load(lessons=["09"])[0]
    >>> first.id, first.item, first.kind
    ('09-01', 'ABC-01', 'numeric')
    """
    place = where or folder()
    files = sorted(place.glob("*.toml"))
    there = [file.stem for file in files]
    missing = sorted(set(lessons) - set(there))
    if missing or not files:
        wanted = f"lesson {missing[0]}" if missing else "any lesson"
        raise TableError(f"{place} has no questions of {wanted}. There are: {', '.join(there) or 'none'}.")
    if use is not None and use not in USES:
        raise TableError(f"There are no questions for the use {use!r}. Choose one of: {', '.join(USES)}.")
    found = [q for file in files if not lessons or file.stem in lessons for q in _read(file)]
    _no_twins(found)
    return tuple(q for q in found if use in (None, q.use))


def prove(question: Question) -> None:
    """Work the sums of a numeric question out anew, and compare them with what is written.

    Raises
    ------
    TableError
        If a sum does not come to the number beside it.

    Examples
    --------
    >>> for question in load(lessons=["09"]):
    ...     prove(question)
    """
    sums: list[Question | Slip] = [question, *question.slips] if question.kind == "numeric" else []
    for written in sums:
        try:
            value = work_out(written.check)
        except TableError as error:
            raise _wrong(question, f"{error}") from error
        if written.answer is None or abs(value - written.answer) > 1e-9 * max(1, abs(value)):
            raise _wrong(
                question, f"{written.check} comes to {value!r}, not to {written.answer}. Correct one of them."
            )


def shuffled(questions: Iterable[Question], seed: int, *, minutes: int | None = None) -> tuple[Question, ...]:
    """Deal questions, and the options of each, in another order; the same seed deals the same.

    Parameters
    ----------
    questions : iterable of Question
    seed : int
    minutes : int, optional
        Deal until the next question would pass these minutes, each item once before any twice.

    Examples
    --------
    >>> paper = shuffled(load(use="exam"), 7, minutes=60)
    >>> 50 <= sum(q.minutes for q in paper) <= 60
    True
    """
    draw = random.Random(seed)
    dealt = [
        replace(q, options=tuple(draw.sample(q.options, len(q.options)))) if q.options else q
        for q in questions
    ]
    draw.shuffle(dealt)
    if minutes is None:
        return tuple(dealt)
    times: Counter[str] = Counter()
    turns = []
    for question in dealt:
        turns.append((times[question.item], question))
        times[question.item] += 1
    taken: list[Question] = []
    for _, question in sorted(turns, key=lambda turn: turn[0]):
        if sum(q.minutes for q in taken) + question.minutes <= minutes:
            taken.append(question)
    return tuple(taken)


def folder() -> Path:
    """Return the folder of the course's own questions.

    Raises
    ------
    TableError
        If the course's folder is not around us.
    """
    home = root()
    place = home / "casework/questions" if home else Path("casework/questions")
    if not place.is_dir():
        raise TableError(
            f"There is no folder {place}. Go to the course's folder, or name another with --from."
        )
    return place


def _read(file: Path) -> list[Question]:
    try:
        facts = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TableError(f"{file} cannot be read: {error}.") from None
    number = facts.get("lesson")
    if number != file.stem:
        raise TableError(f'{file} is of lesson {number!r}. Write lesson = "{file.stem}" in its first line.')
    if number in lessons():
        topic, items = lesson(number).title, lesson(number).items
    else:
        topic, items = facts.get("title", ""), tuple(facts.get("items", ()))
    if not topic or not items:
        raise TableError(f"{file}: there is no lesson {number!r} yet. Give its title and its items.")
    return [_question(q, number, topic, items, file) for q in facts.get("question", [])]


def _question(facts: dict[str, Any], number: str, topic: str, items: Sequence[str], file: Path) -> Question:
    name = f"{file}, question {facts.get('id', '(without id)')}"
    _check_fields(facts, name)
    known: dict[str, Any] = {
        "options": lambda rows: tuple(Option(**row) for row in rows),
        "slips": lambda rows: tuple(Slip(**row) for row in rows),
        "pairs": lambda rows: tuple((left, right) for left, right in rows),
        "extra": tuple,
        "hints": tuple,
        "tags": tuple,
    }
    try:
        made = {key: known[key](value) if key in known else value for key, value in facts.items()}
    except (TypeError, ValueError) as error:
        raise TableError(
            f"{name}: {error}. Options have text, because and right; slips answer, check and because; "
            "pairs two texts."
        ) from None
    question = Question(lesson=number, topic=topic, where=name, **made)
    _check_values(question, items)
    {"single": _check_options, "multiple": _check_options, "numeric": _check_numeric}.get(
        question.kind, _check_rest
    )(question)
    return question


def _check_fields(facts: dict[str, Any], name: str) -> None:
    kind = facts.get("kind")
    if kind not in KINDS:
        raise TableError(f"{name} has the kind {kind!r}. Choose one of: {', '.join(KINDS)}.")
    missing = [key for key in (*_ALL, *_NEEDS[kind]) if facts.get(key) in (None, "", [])]
    if missing:
        raise TableError(f"{name} has no {missing[0]}. A {kind} question needs it.")
    over = sorted(set(facts) - {*_ALL, "tags", *_NEEDS[kind], *_MAY.get(kind, ())})
    if over:
        raise TableError(f"{name} has {over[0]}, which a {kind} question does not use. Take it out.")


def _check_values(question: Question, items: Sequence[str]) -> None:
    if not re.fullmatch(rf"{question.lesson}-\d\d", question.id):
        raise _wrong(question, f"Its id must be {question.lesson}- and two digits.")
    if question.item not in items:
        raise _wrong(question, f"The lesson has no item {question.item}. It has: {', '.join(items)}.")
    for value, allowed, what in ((question.level, LEVELS, "level"), (question.use, USES, "use")):
        if value not in allowed:
            raise _wrong(question, f"There is no {what} {value!r}. Choose one of: {', '.join(allowed)}.")
    if not isinstance(question.minutes, int) or not 1 <= question.minutes <= 30:
        raise _wrong(question, "Minutes are a whole number from 1 to 30.")


def _check_options(question: Question) -> None:
    right = sum(option.right for option in question.options)
    if question.kind == "single" and right != 1:
        raise _wrong(question, f"{right} options are right. Mark exactly one with right = true.")
    if not 0 < right <= 5 or not 0 < len(question.options) - right <= 5:
        raise _wrong(question, "It needs one to five right options and one to five wrong ones.")
    if any(not option.text.strip() or not option.because.strip() for option in question.options):
        raise _wrong(question, "An option has no text or no reason. Give both.")
    if len({option.text for option in question.options}) < len(question.options):
        raise _wrong(question, "Two options say the same. Change one.")


def _check_numeric(question: Question) -> None:
    if isinstance(question.answer, bool) or not isinstance(question.answer, int | float):
        raise _wrong(question, "Its answer is no number.")
    if question.tolerance < 0:
        raise _wrong(question, "Its tolerance is below zero.")
    numbers = [float(question.answer), *(slip.answer for slip in question.slips)]
    pairs = [(a, b) for i, a in enumerate(numbers) for b in numbers[i + 1 :]]
    near = [(a, b) for a, b in pairs if abs(a - b) <= 2 * question.tolerance]
    if near:
        raise _wrong(
            question, f"{near[0][0]:g} and {near[0][1]:g} cannot be told apart. Change numbers or tolerance."
        )


def _check_rest(question: Question) -> None:
    if question.kind == "truefalse" and not isinstance(question.answer, bool):
        raise _wrong(question, "Its answer is true or false.")
    if question.kind == "matching":
        texts = [text for pair in question.pairs for text in pair] + list(question.extra)
        if len(question.pairs) < 3 or any("->" in text for text in texts):
            raise _wrong(question, "It needs three pairs or more, and no text with '->' in it.")
        if len({left for left, _ in question.pairs}) < len(question.pairs):
            raise _wrong(question, "Two pairs ask the same. Change one.")
    if question.kind == "short" and not all(_points(hint) for hint in question.hints):
        raise _wrong(question, 'Each hint ends with its points in brackets: "names the edge (2)".')


def _points(hint: str) -> int:
    found = re.search(r"\((\d+)\)$", hint)
    return int(found[1]) if found else 0


def _no_twins(questions: Sequence[Question]) -> None:
    seen: dict[str, Question] = {}
    for question in questions:
        for sign in (question.id, question.text.casefold().strip()):
            if sign in seen:
                raise _wrong(question, f"{seen[sign].where} has the same id or text. Change one.")
            seen[sign] = question


def _wrong(question: Question, why: str) -> TableError:
    return TableError(f"{question.where or question.id}: {why}")
