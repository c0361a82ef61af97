"""What a lesson needs from one that a short course leaves out: a page of it, folded, in the card's part.

The page of lesson NN stands in ``bridge_NN.py``, in a function called ``page`` that works its numbers out.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

import casebook.course
from casebook.course.content import lesson, lessons
from casebook.text import Sentence

__all__ = ["bridge", "bridges"]


def bridges() -> list[str]:
    """Return the numbers of the lessons that have a bridge.

    >>> "04" in bridges()
    True
    """
    names = [module.name for module in pkgutil.iter_modules(casebook.course.__path__)]
    return sorted(name.removeprefix("bridge_") for name in names if name.startswith("bridge_"))


def bridge(number: str) -> Sentence:
    """Return what later lessons need of lesson `number`, folded, so that those who took it can pass on.

    Parameters
    ----------
    number : str
        The lesson that may have been left out: ``"04"``.

    Returns
    -------
    Sentence
        Markdown with one fold; as the last line of a cell it shows itself.

    Raises
    ------
    LookupError
        If there is no such bridge; the message names those that exist.

    Examples
    --------
    >>> print(bridge("04").splitlines()[0])
    <details><summary>If you skipped lesson 04, Lifetime value: what this lesson needs of it</summary>
    """
    if number not in bridges():
        raise LookupError(f"There is no bridge over lesson {number!r}; there are {', '.join(bridges())}.")
    text = import_module(f"casebook.course.bridge_{number}").page()
    name = f"{number}, {lesson(number).title}" if number in lessons() else number
    head = f"<summary>If you skipped lesson {name}: what this lesson needs of it</summary>"
    return Sentence(f"<details>{head}\n\n{text}\n\n</details>")
