"""What every notebook must keep to: ``python -m casebook.course.lint [NN …]`` says what is missing.

Rules look at stored notebooks as they are; nothing is run. Each rule is a function that yields one sentence
for each breach. The rules on the form of a lesson stand in `casebook.course.lint_lesson`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from casebook.course.content import Lesson, lesson, root

__all__ = ["GENERAL", "Page", "badges", "main", "open_page", "problems"]

Cell = dict[str, Any]
Rule = Callable[["Page"], Iterator[str]]


@dataclass(frozen=True)
class Page:
    """A stored notebook, the facts of its lesson, and the names of the lesson's checks."""

    path: Path
    notebook: dict[str, Any]
    facts: Lesson
    checks: frozenset[str] = field(default_factory=frozenset)

    @property
    def cells(self) -> list[Cell]:
        """All cells, in order."""
        cells: list[Cell] = self.notebook["cells"]
        return cells

    @property
    def is_source(self) -> bool:
        """Whether this is the notebook with the solutions."""
        return self.path.parent.name == "solutions"

    def code(self) -> list[Cell]:
        """The code cells, in order."""
        return [cell for cell in self.cells if cell["cell_type"] == "code"]

    def prose(self) -> list[Cell]:
        """The markdown cells, in order."""
        return [cell for cell in self.cells if cell["cell_type"] == "markdown"]

    def part(self, name: str) -> list[Cell]:
        """The cells of one part, its heading first."""
        found: list[Cell] = []
        now = ""
        for cell in self.cells:
            now = marks(cell).get("part", now)
            if now == name:
                found.append(cell)
        return found


def marks(cell: Cell) -> dict[str, Any]:
    """What a cell's metadata say of its place in the lesson."""
    said: dict[str, Any] = cell["metadata"].get("casebook", {})
    return said


def text(cell: Cell) -> str:
    """A cell's source as one text."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def open_page(path: Path) -> Page:
    """Read a stored notebook, its facts and the names of its checks."""
    from casebook.course.checks import all_checks

    notebook = json.loads(path.read_text("utf-8"))
    number = notebook["metadata"].get("casebook", {}).get("lesson", path.name[:2])
    names = frozenset(c.name for c in all_checks() if c.name.startswith(f"{number}."))
    return Page(path, notebook, lesson(number), names)


def problems(page: Page) -> list[str]:
    """Return one sentence for each breach of a rule; an empty list means all is well.

    The start page and companions keep to the general rules; a lesson (``"form": "lesson"``) also to its
    fourteen parts.
    """
    from casebook.course.lint_lesson import FORM

    form = page.notebook["metadata"].get("casebook", {}).get("form")
    if form not in ("lesson", "start", "companion"):
        return ['the notebook\'s metadata say no form: {"casebook": {"lesson": "09", "form": "lesson"}}']
    rules = (*GENERAL, *FORM) if form == "lesson" else GENERAL
    return [line for rule in rules for line in rule(page)]


# General rules --------------------------------------------------------------------------------------

#: What no reader should see in an output, and what it is.
_ODDITIES = {
    r"0x[0-9a-f]{6,}|<[\w.]+( object)? at ": "a memory address",
    r"<Axes|<Figure size|\[<matplotlib|[VH]Box\(|Slider\(|<built-in|<function|<class '": "an object's repr",
    r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d": "a timestamp",
    r"class=\"dataframe\"|\bdtype: ": "an unformatted table; use show(table, formats)",
    r"(?<![\w./])/(home|root|tmp|work|Users|opt|usr)/\w": "a path of one machine",
    r"Traceback \(most recent": "a traceback",
}


def readable_outputs(page: Page) -> Iterator[str]:
    """No repr, address, timestamp, unformatted table, machine path, warning or error in a stored output."""
    for cell in page.code():
        for output in cell["outputs"]:
            if output["output_type"] == "error" or output.get("name") == "stderr":
                yield f"cell {cell['id']} stores an error or a warning"
                continue
            data = {k: v for k, v in output.get("data", {}).items() if k.startswith("text/")}
            shown = "\n".join("".join(v) for v in [*data.values(), output.get("text", "")])
            found = [what for odd, what in _ODDITIES.items() if re.search(odd, shown)]
            yield from (f"cell {cell['id']} shows {what}" for what in found)


def pictures_have_words(page: Page) -> Iterator[str]:
    """Every figure and every picture in the prose has alternative text."""
    for cell in page.code():
        for output in cell["outputs"]:
            for kind in ("image/png", "image/jpeg", "image/svg+xml"):
                alt = output.get("metadata", {}).get(kind, {}).get("alt", "")
                if kind in output.get("data", {}) and not alt.strip():
                    yield f"cell {cell['id']} has a figure without alternative text; use show_figure"
    for cell in page.prose():
        if re.search(r"!\[\s*\]\(|<img(?![^>]*\balt=\"[^\"]+\")", text(cell)):
            yield f"cell {cell['id']} has a picture without alternative text"


def no_network(page: Page) -> Iterator[str]:
    """No code reads from the network: no address in a code cell."""
    for cell in page.code():
        if re.search(r"https?://|\burlopen\b|\brequests\.", text(cell)):
            yield f"cell {cell['id']} names a network address in code; lessons run without a network"


def links_resolve(page: Page) -> Iterator[str]:
    """Every relative link leads to a file that exists, and every anchor to a heading."""
    for cell in page.prose():
        for target in re.findall(r"\]\(([^)\s]+)\)|\b(?:src|href)=\"([^\"]+)\"", text(cell)):
            link = urlsplit("".join(target))
            if link.scheme:
                continue
            to = (page.path.parent / unquote(link.path)).resolve() if link.path else page.path.resolve()
            if not to.exists():
                yield f"cell {cell['id']} links to {link.path}, which does not exist"
            elif link.fragment and to.suffix == ".ipynb" and unquote(link.fragment) not in _anchors(to):
                yield f"cell {cell['id']} links to #{link.fragment}, no heading of {to.name}"


def _anchors(path: Path) -> set[str]:
    """The headings of a notebook as JupyterLab writes them in a link."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    prose = "\n".join(text(cell) for cell in cells if cell["cell_type"] == "markdown")
    return {heading.strip().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", prose, re.M)}


_BADGE = re.compile(r"source course|our convention|standard: \S.*\b(1[5-9]|20)\d\d")
_KEYS = re.compile(r"(Shift|Enter|Ctrl|Alt|Cmd|Esc|Tab|Space|Home|End|[A-Z0-9←→↑↓.]|F\d+)( ?\+ ?\S+)?")


def badges(prose: str) -> list[str]:
    """Return the badges of a text.

    >>> badges("Cut at 80 %. <kbd>our convention</kbd> Press <kbd>Shift</kbd>.")
    ['our convention']
    """
    return [inside for inside in re.findall(r"<kbd>(.*?)</kbd>", prose) if not _KEYS.fullmatch(inside)]


def badges_are_known(page: Page) -> Iterator[str]:
    """Only the three badges are used, in their fixed form."""
    for cell in page.prose():
        for badge in badges(text(cell)):
            if not _BADGE.fullmatch(badge):
                yield (
                    f"cell {cell['id']} has the badge {badge!r}; known are 'source course', "
                    "'our convention' and 'standard: Author Year'"
                )


def truth_stays_hidden(page: Page) -> Iterator[str]:
    """The simulator's truth is read in the part that reveals it, and nowhere else."""
    revealed = {cell["id"] for cell in page.part("really_true")}
    for cell in page.code():
        if cell["id"] not in revealed and re.search(r"\btruth\b", text(cell)):
            yield f"cell {cell['id']} uses the truth before part really_true"


def no_solution_in_workbook(page: Page) -> Iterator[str]:
    """Solutions stand in the source only, and the source has no stub of its own."""
    for cell in page.cells:
        solved = "SOLUTION" in text(cell) or "solution" in cell["metadata"].get("tags", [])
        if solved and not page.is_source:
            yield f"cell {cell['id']} holds a solution in the workbook"


GENERAL: tuple[Rule, ...] = (
    readable_outputs,
    pictures_have_words,
    no_network,
    links_resolve,
    badges_are_known,
    truth_stays_hidden,
    no_solution_in_workbook,
)


def main(wanted: list[str] | None = None) -> int:
    """Print the breaches of the notebooks named by two digits (all if none), words and cells counted."""
    from casebook.course.lint_lesson import words

    wanted = sys.argv[1:] if wanted is None else wanted
    home = root()
    if home is None:
        print("lint: no folder notebooks/solutions here or above", file=sys.stderr)
        return 2
    book = home / "notebooks"
    paths = [*sorted(book.glob("*.ipynb")), *sorted((book / "solutions").glob("*.ipynb"))]
    failed = False
    for path in (p for p in paths if not wanted or p.name[:2] in wanted):
        page = open_page(path)
        found = problems(page)
        failed = failed or bool(found)
        print(
            f"{path.relative_to(book)}: {len(page.cells)} cells, {words(page):,} words, {len(found)} problems"
        )
        print("".join(f"  {line}\n" for line in found), end="")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
