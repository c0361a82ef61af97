"""The card at the head of a lesson, and the map of the course, made from the lessons' facts."""

from __future__ import annotations

import os
from pathlib import Path

from casebook.course.content import Lesson, lesson, lessons, notebook_of, root
from casebook.text import Sentence

__all__ = ["card", "course_map"]

#: The parts in which the reader does something rather than reads and runs.
DOING = ("predict", "play", "exercises", "quiz")


def card(number: str) -> Sentence:
    """Return the card of a lesson: what it teaches, what it needs, how long it takes.

    Parameters
    ----------
    number : str
        The lesson: ``"09"``.

    Returns
    -------
    Sentence
        Markdown; as the last line of a cell it shows itself.

    Raises
    ------
    LookupError
        If there is no such lesson.

    Examples
    --------
    >>> print(card("09"))  # doctest: +ELLIPSIS
    **After this you can**
    <BLANKLINE>
    - ...
    """
    facts = lesson(number)
    can = "\n".join(f"- {objective.can}" for objective in facts.objectives)
    doing = sum(facts.minutes.get(part, 0) for part in DOING)
    lines = [
        f"**Minutes:** {facts.total_minutes}, of which {doing} with your own hands",
        f"**Needs:** {', '.join(_lesson_link(n) for n in facts.needs) or 'nothing'}",
        f"**Items of the curriculum:** {', '.join(facts.items)}",
        f"**Data:** {', '.join(_data_link(table) for table in facts.tables) or 'none'}",
    ]
    return Sentence(f"**After this you can**\n\n{can}\n\n" + "  \n".join(lines))


def course_map() -> Sentence:
    """Return the lessons that exist, with their questions and minutes, as a Markdown table.

    Examples
    --------
    >>> print(course_map())  # doctest: +ELLIPSIS
    | Lesson | The question | Minutes |
    |:--|:--|--:|...
    """
    rows = [_row(lesson(n)) for n in lessons() if n != "00" and notebook_of(n)]
    return Sentence("\n".join(["| Lesson | The question | Minutes |", "|:--|:--|--:|", *rows]))


def _row(facts: Lesson) -> str:
    return f"| {_lesson_link(facts.number)} | {facts.question} | {facts.total_minutes} |"


def _lesson_link(number: str) -> str:
    if number not in lessons():
        return number  # in preparation
    title = f"{number} {lesson(number).title}"
    notebook = notebook_of(number)
    return f"[{title}]({_seen_from_here(notebook)})" if notebook else title


def _data_link(table: str) -> str:
    home = root()
    page = home / "datasets" / f"{table}.md" if home else None
    return f"[{table}]({_seen_from_here(page)})" if page and page.exists() else table


def _seen_from_here(path: Path) -> str:
    """A link as the notebook's own folder sees it."""
    return Path(os.path.relpath(path, Path.cwd().resolve())).as_posix()
