"""A case as it stands in `casework/NN_slug/`: notebook, key, brief, rubric; refused when not whole."""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from casebook.course.cases.key import Graded
from casebook.errors import TableError

__all__ = ["Case", "Written", "all_cases", "casework", "find_case", "read_case", "rubric_sections"]

NOTEBOOK, KEY, BRIEF, RUBRIC, NOTES, NEEDED = (
    "case.ipynb", "key.py", "brief.md", "rubric.md", "notes.md", "what_you_need.md",
)  # fmt: skip
_FOLDER = re.compile(r"(\d\d)_[a-z0-9_]+")
_NUMBER = re.compile(r"\d{1,2}", re.ASCII)  #: never a folder that happens to be called so


@dataclass(frozen=True)
class Written:
    """A question that a person reads: its name, points, what is asked and the rubric's section."""

    name: str
    points: float
    asks: str
    rubric: str


@dataclass(frozen=True)
class Case:
    """One case, read from its folder."""

    number: str
    folder: Path
    title: str
    tables: tuple[str, ...]
    key: tuple[Graded, ...]
    notebook: dict[str, Any]

    @property
    def name(self) -> str:
        """How nbgrader and the students' folders call it: ``case09``."""
        return f"case{self.number}"

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """The questions that a person reads, in the order of the notebook."""
        rubric = rubric_sections((self.folder / RUBRIC).read_text(encoding="utf-8"))
        found, before = [], ""
        for cell in self.notebook["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            if cell["cell_type"] == "markdown" and about.get("grade") and about.get("solution"):
                name = about["grade_id"]
                found.append(Written(name, float(about["points"]), before, rubric.get(name, "")))
            elif cell["cell_type"] == "markdown":
                before = cell["source"]
        return tuple(found)

    @property
    def automatic(self) -> float:
        """Points that are given by rule."""
        return sum(asked.points for asked in self.key)


def casework() -> Path:
    """The folder `casework/` of a checkout; it need not exist."""
    return Path(__file__).resolve().parents[4] / "casework"


def all_cases() -> list[Case]:
    """Every case of the checkout, in their order."""
    folders = sorted(p for p in casework().glob("*") if _FOLDER.fullmatch(p.name))
    return [read_case(folder) for folder in folders]


def find_case(name: str | Path) -> Case:
    """Find a case by its number, or by its folder.

    Parameters
    ----------
    name : str or Path
        ``"09"``, ``"9"``, ``"09_big_order_on_credit"``, or the path of a folder.

    Returns
    -------
    Case

    Raises
    ------
    TableError
        If there is none; the message names those that exist.
    """
    wanted = str(name)
    if not _NUMBER.fullmatch(wanted) and (Path(name) / KEY).is_file():
        return read_case(Path(name))
    for folder in sorted(casework().glob("*")):
        if _FOLDER.fullmatch(folder.name) and wanted in (
            folder.name[:2],
            folder.name[:2].lstrip("0"),
            folder.name,
        ):
            return read_case(folder)
    there = ", ".join(p.name for p in sorted(casework().glob("*")) if _FOLDER.fullmatch(p.name))
    raise TableError(f"There is no case {wanted!r}. There are: {there or 'none here'}.")


def read_case(folder: Path) -> Case:
    """Read a case from its folder.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Case

    Raises
    ------
    TableError
        If a file is missing, or key, notebook and rubric do not name the same questions.
    """
    folder = folder.resolve()
    for file in (NOTEBOOK, KEY, BRIEF, RUBRIC):
        if not (folder / file).is_file():
            raise TableError(f"The case {folder.name} has no {file}.")
    found = _FOLDER.fullmatch(folder.name)
    notebook = json.loads((folder / NOTEBOOK).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    key = _module(folder / KEY)
    title = next((c["source"].partition("\n")[0].lstrip("# ") for c in notebook["cells"]), folder.name)
    case = Case(
        str(notebook["metadata"]["casebook"]["case"]) if not found else found[1],
        folder, title, tuple(key.TABLES), tuple(key.KEY), notebook,
    )  # fmt: skip
    _check(case)
    return case


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"casework_{path.parent.name}_key", path)
    if spec is None or spec.loader is None:
        raise TableError(f"{path} cannot be read as Python.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _check(case: Case) -> None:
    """Key and notebook name the same graded answers, with the same points; so do rubric and notebook."""
    marked = {
        about["grade_id"]: float(about["points"])
        for cell in case.notebook["cells"]
        if cell["cell_type"] == "code" and (about := cell["metadata"].get("nbgrader", {})).get("grade")
    }
    keyed = {asked.name: float(asked.points) for asked in case.key}
    if marked != keyed:
        differ = sorted(name for name in marked | keyed if marked.get(name) != keyed.get(name))
        raise TableError(
            f"{case.folder.name}: notebook and key differ in {', '.join(differ)}: name or points."
        )
    bare = [written.name for written in case.written if not written.rubric]
    if bare:
        raise TableError(f"{case.folder.name}: the rubric has no section '## {bare[0]} · … points'.")


def rubric_sections(text: str) -> dict[str, str]:
    r"""Cut a rubric into its sections, by the question that each heading names.

    >>> rubric_sections("# Rubric\n\n## memo · 15 points\n\nA table.\n")
    {'memo': 'A table.'}
    """
    parts = re.split(r"^## +([a-z][a-z0-9_]*) +·.*$", text, flags=re.MULTILINE)
    return {name: body.split("\n## ")[0].strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}
