"""The form of a lesson: fourteen parts in order, minutes that add up, exercises that can be checked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from casebook.course.content import PARTS
from casebook.course.lint import Cell, Page, Rule, badges, marks, text

__all__ = ["FORM", "LEVELS", "MOST_CELLS", "MOST_WORDS", "words"]

LEVELS = ("warm-up", "core", "stretch")
MOST_CELLS, MOST_WORDS = 90, 4000  #: about 60 and 2,500 are meant; beyond these a lesson is split


def words(page: Page) -> int:
    """Count the words of the prose."""
    return sum(len(re.findall(r"\w[\w'’-]*", text(cell))) for cell in page.prose())


def size(page: Page) -> Iterator[str]:
    """A lesson that grows beyond the limits is split."""
    if len(page.cells) > MOST_CELLS:
        yield f"{len(page.cells)} cells are more than {MOST_CELLS}: split the lesson"
    if words(page) > MOST_WORDS:
        yield f"{words(page):,} words are more than {MOST_WORDS:,}: split the lesson"


def parts_in_order(page: Page) -> Iterator[str]:
    """The fourteen parts stand in order, each under a heading of its level."""
    found = [marks(cell)["part"] for cell in page.cells if "part" in marks(cell)]
    if found != list(PARTS):
        missing = [part for part in PARTS if part not in found]
        yield f"the parts are {found}" + (f"; missing are {missing}" if missing else "; wrong order")
    for cell in (c for c in page.cells if "part" in marks(c)):
        hashes = "# " if marks(cell)["part"] == "question" else "## "
        if cell["cell_type"] != "markdown" or not text(cell).startswith(hashes):
            yield f"cell {cell['id']} opens a part and must start with {hashes!r}"


def minutes_agree(page: Page) -> Iterator[str]:
    """The headings state the minutes of the facts, and the exercises add up to their part."""
    stated = page.facts.minutes
    if list(stated) != list(PARTS):
        yield f"[minutes] of the lesson's facts name {list(stated)}, not the fourteen parts"
    for cell in page.cells:
        part = marks(cell).get("part")
        if part and part != "question" and not _says_minutes(cell, stated.get(part, 0)):
            yield f"cell {cell['id']}: the heading must end with '· {stated.get(part, 0)} min'"
    total = sum(marks(cell).get("minutes", 0) for cell, _ in exercises(page))
    if total != stated.get("exercises"):
        yield f"the exercises take {total} minutes, the lesson's facts say {stated.get('exercises')}"


def _says_minutes(cell: Cell, minutes: int) -> bool:
    return text(cell).split("\n")[0].rstrip().endswith(f"· {minutes} min")


def exercises(page: Page) -> list[tuple[Cell, list[Cell]]]:
    """Each exercise: its heading cell, and all its cells with the heading."""
    opens = [i for i, c in enumerate(page.cells) if {"exercise", "part"} & set(marks(c))] + [len(page.cells)]
    return [
        (page.cells[i], page.cells[i:j]) for i, j in pairwise(opens) if "exercise" in marks(page.cells[i])
    ]


def exercises_are_whole(page: Page) -> Iterator[str]:
    """Each exercise has a level, minutes, a folded hint, a place for the answer and a check of its name."""
    for head, cells in exercises(page):
        name = marks(head)["exercise"]
        code = "\n".join(text(c) for c in cells if c["cell_type"] == "code")
        prose = "\n".join(text(c) for c in cells if c["cell_type"] == "markdown")
        level, minutes = marks(head).get("level"), marks(head).get("minutes")
        if level not in LEVELS:
            yield f"exercise {name} has the level {level!r}; known are {', '.join(LEVELS)}"
        elif f"· {level} · {minutes} min" not in text(head).split("\n")[0]:
            yield f"exercise {name}: its heading must end with '· {level} · {minutes} min'"
        if not re.search(r"<details>\s*<summary>Hint", prose):
            yield f"exercise {name} has no folded hint"
        if f'check("{page.facts.number}.{name}"' not in code:
            yield f'exercise {name} has no cell check("{page.facts.number}.{name}", answer)'
        if ("# BEGIN SOLUTION" if page.is_source else "...") not in code:
            yield f"exercise {name} has no {'marked solution' if page.is_source else 'stub'}"
    used = {marks(head).get("level") for head, _ in exercises(page)}
    if not set(LEVELS) <= used:
        yield f"no exercise of level {', '.join(level for level in LEVELS if level not in used)}"


def exercises_answer_as_they_should(page: Page) -> Iterator[str]:
    """Each stored check of an exercise is a tick with the solution, and open with the stub."""
    wanted = "✓" if page.is_source else "○"
    for head, cells in exercises(page):
        for cell in (c for c in cells if c["cell_type"] == "code" and re.search(r"\bcheck\(", text(c))):
            said = "".join("".join(o.get("data", {}).get("text/plain", "")) for o in cell["outputs"])
            if not said.startswith(wanted) or any(mark in said for mark in {"✓", "○", "✗"} - {wanted}):
                yield f"exercise {marks(head)['exercise']}: the stored check is not {wanted}"


def checks_are_known(page: Page) -> Iterator[str]:
    """Every check that is asked exists, and every check of the lesson is asked."""
    asked = set(re.findall(r"\bcheck\(\s*\"([^\"]+)\"", "\n".join(text(c) for c in page.code())))
    yield from (f"the check {name!r} does not exist" for name in sorted(asked - page.checks))
    yield from (f"the check {name!r} is asked nowhere" for name in sorted(page.checks - asked))


def objectives_are_met(page: Page) -> Iterator[str]:
    """Three to five objectives, each met by checks that the notebook asks."""
    if not 3 <= len(page.facts.objectives) <= 5:
        yield f"{len(page.facts.objectives)} objectives; three to five are meant"
    code = "\n".join(text(c) for c in page.code())
    for objective in page.facts.objectives:
        missing = [e for e in objective.exercises if f'check("{page.facts.number}.{e}"' not in code]
        if missing or not objective.exercises:
            yield f"the objective {objective.can!r} is not met: {missing or 'no exercise named'}"


def items_are_taught(page: Page) -> Iterator[str]:
    """Each item of the curriculum is marked at the cell that teaches it."""
    taught = {item for cell in page.cells for item in marks(cell).get("items", ())}
    yield from (f"no cell is marked with the item {item}" for item in page.facts.items if item not in taught)
    yield from (
        f"item {item} is marked, but not on the card" for item in sorted(taught - set(page.facts.items))
    )


def guess_comes_back(page: Page) -> Iterator[str]:
    """The variable of part predict is used again where the truth is told."""
    guessed = {name for cell in page.part("predict") for name in _assigned(cell)}
    later = "\n".join(text(c) for c in page.part("really_true") if c["cell_type"] == "code")
    if not guessed:
        yield "part predict puts no guess into a variable"
    elif not any(re.search(rf"\b{re.escape(name)}\b", later) for name in guessed):
        yield f"the guess ({', '.join(sorted(guessed))}) does not come back in part really_true"


def _assigned(cell: Cell) -> set[str]:
    if cell["cell_type"] != "code":
        return set()
    tree = ast.parse(text(cell))
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def library_agrees(page: Page) -> Iterator[str]:
    """The library's result is asserted equal to the plain one."""
    if not any(re.search(r"\bassert", text(c)) for c in page.part("library") if c["cell_type"] == "code"):
        yield "part library asserts nothing"


def pictures_where_due(page: Page) -> Iterator[str]:
    """The whole company has a picture; below the explorer stands a static default with one."""
    for part, first in (("company", 0), ("play", 1)):
        code = [c for c in page.part(part) if c["cell_type"] == "code"]
        if not any("image/png" in o.get("data", {}) for c in code[first:] for o in c["outputs"]):
            yield f"part {part} has no picture" + (" below the explorer" if first else "")


def ending_is_whole(page: Page) -> Iterator[str]:
    """The quiz part asks the quiz, names the key points and the terms; the last part runs something."""
    cells = page.part("quiz")
    code = "\n".join(text(c) for c in cells if c["cell_type"] == "code")
    for call in ("quiz", "terms"):
        if f'{call}("{page.facts.number}")' not in code:
            yield f'part quiz has no cell {call}("{page.facts.number}")'
    points = [text(c) for c in cells if marks(c).get("role") == "key_points"]
    if len(points) != 1 or not 3 <= len(re.findall(r"^- ", points[0], re.M)) <= 7:
        yield "part quiz needs one cell of key points (role key_points) with three to seven lines"
    if not any(c["cell_type"] == "code" for c in page.part("own_data")):
        yield "part own_data runs nothing"


def rules_have_badges(page: Page) -> Iterator[str]:
    """A lesson says of its rules where they come from."""
    if not any(badges(text(cell)) for cell in page.prose()):
        yield "no rule has a badge"


FORM: tuple[Rule, ...] = (
    size,
    parts_in_order,
    minutes_agree,
    exercises_are_whole,
    exercises_answer_as_they_should,
    checks_are_known,
    objectives_are_met,
    items_are_taught,
    guess_comes_back,
    library_agrees,
    pictures_where_due,
    ending_is_whole,
    rules_have_badges,
)
