"""What a lesson needs from one that a short course leaves out: a page of it, folded, in the card's part."""

from __future__ import annotations

from collections.abc import Callable

from casebook.course.content import lesson, lessons
from casebook.text import Sentence

__all__ = ["BRIDGES", "bridge"]

#: The lesson that is bridged, and the function that writes its page, numbers worked out by the library.
BRIDGES: dict[str, Callable[[], str]] = {}


def bridge(number: str) -> Sentence:
    """Return what later lessons need of lesson `number`, folded, so that those who took it can pass on.

    Parameters
    ----------
    number : str
        The lesson that may have been left out: ``"08"``.

    Returns
    -------
    Sentence
        Markdown with one fold; as the last line of a cell it shows itself.
    """
    title = f"{number} {lesson(number).title}" if number in lessons() else number
    text = BRIDGES[number]() if number in BRIDGES else ""
    head = f"<summary>If you skipped lesson {title}: what this one needs of it</summary>"
    return Sentence(f"<details>{head}\n\n{text}\n\n</details>")
