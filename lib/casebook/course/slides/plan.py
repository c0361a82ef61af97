"""The plan of a deck: which cells of a lesson become which slide, with notes for the speaker.

``content/slides/NN.toml`` holds a list of slides. The lesson's notebook stays as it is: the plan names its
cells by their ids, so that workbook and slides cannot disagree; a marker in a cell would not tell how long
to speak.

* ``title``; ``minutes``; ``notes``: what to say and ask.
* ``cells``: ids. Of a text the paragraphs without its heading; of code its stored outputs, or, where it has
  none, its comments (the guesses before a lesson). ``"hand:1"`` takes the first paragraph or output only,
  ``"hand:2-3"`` the second and third.
* ``then``: ids of cells that appear with the next click.
* ``quiz = 2``: the lesson's second quiz question; its answers appear with the next click.
* ``code = true``: show the code as well, where it teaches.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from casebook.course.content import lesson
from casebook.errors import TableError

__all__ = ["Plan", "Slide", "parse_pick", "plan", "planned"]


@dataclass(frozen=True)
class Slide:
    """One slide: a title, what stands on it, what appears later, and what to say."""

    title: str
    minutes: int
    notes: str
    cells: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    quiz: int = 0
    code: bool = False


@dataclass(frozen=True)
class Plan:
    """The deck of one lesson."""

    lesson: str
    slides: tuple[Slide, ...]

    @property
    def minutes(self) -> int:
        """How long the deck takes."""
        return sum(slide.minutes for slide in self.slides)


def planned() -> list[str]:
    """Return the lessons that have a plan.

    >>> "09" in planned()
    True
    """
    place = files("casebook.course").joinpath("content/slides")
    return sorted(
        entry.name.removesuffix(".toml") for entry in place.iterdir() if entry.name.endswith(".toml")
    )


@cache
def plan(number: str) -> Plan:
    """Read the plan of a lesson's deck.

    Parameters
    ----------
    number : str
        The lesson: ``"09"``.

    Raises
    ------
    TableError
        If there is no plan, or a slide of it is wrong; the message names the slide.

    Examples
    --------
    >>> plan("09").minutes
    45
    """
    if number not in planned():
        raise TableError(f"There are no slides of lesson {number!r}. There are: {', '.join(planned())}.")
    text = files("casebook.course").joinpath(f"content/slides/{number}.toml").read_text("utf-8")
    slides = []
    for place, facts in enumerate(tomllib.loads(text)["slide"], 1):
        name = f"Slide {place} of lesson {number}"
        for key in ("cells", "then"):
            facts[key] = tuple(facts.get(key, ()))
        try:
            slide = Slide(**facts)
        except TypeError as error:
            raise TableError(
                f"{name}: {error}. It takes title, minutes, notes, cells, then, quiz and code."
            ) from None
        if not slide.cells and not slide.quiz:
            raise TableError(f"{name} shows nothing. Give it cells, or a quiz question.")
        if slide.quiz > len(lesson(number).quiz):
            raise TableError(f"{name}: the lesson has {len(lesson(number).quiz)} quiz questions.")
        slides.append(slide)
    return Plan(number, tuple(slides))


def parse_pick(pick: str) -> tuple[str, slice]:
    """Read the name of a cell and the part of it that is wanted.

    >>> parse_pick("hand:2-3")
    ('hand', slice(1, 3, None))
    >>> parse_pick("hand")
    ('hand', slice(None, None, None))
    """
    found = re.fullmatch(r"([^:]+)(?::(\d+)(?:-(\d+))?)?", pick)
    if not found:
        raise TableError(f"{pick!r} names no cell. Write an id, or an id and paragraphs: hand:2-3.")
    cell, first, last = found.groups()
    return cell, slice(int(first) - 1, int(last or first)) if first else slice(None)
