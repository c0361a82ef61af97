"""One source, the students' versions: no solution, no hidden test, no key; a company each if wanted."""

from __future__ import annotations

import copy
import json
import logging
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from casebook.company.cards import card, schema
from casebook.company.settings import SEED
from casebook.company.simulate import Company, simulate
from casebook.company.store import csv_text
from casebook.company.streaming import new_folder
from casebook.contracts import TABLES
from casebook.course.cases.folder import BRIEF, KEY, NEEDED, NOTEBOOK, Case
from casebook.course.cases.roster import Student, fingerprint, seed_of
from casebook.errors import TableError

__all__ = ["RELEASE", "company_files", "leaks", "release", "secret_lines", "student_version"]

START = "START.md"  #: what a student reads first
RELEASE = "release.json"  #: what grading has to know of a release; nothing secret


def release(
    case: Case,
    out: Path,
    students: Iterable[Student] = (),
    *,
    secret: str | None = None,
    quiet: bool = True,
) -> Path:
    """Write the students' versions of a case.

    Parameters
    ----------
    case : Case
    out : Path
        A folder that is new or empty; it appears when everything is written.
    students : iterable of Student
        With a roster, each student has a folder of her own, ``students/ID/caseNN``.
    secret : str, optional
        Of the course: with it, each student has a company of her own, a sister of the sample company.
    quiet : bool
        False shows a bar of progress.

    Returns
    -------
    Path
        `out`: ``students/ID/caseNN`` (or ``all/caseNN`` without a roster), and ``release.json`` for grading.

    Raises
    ------
    TableError
        If the folder is not empty, nbgrader is missing, or a solution would leak.
    """
    students = list(students)
    if secret is not None and not students:
        raise TableError("A company for each student needs the students: name the roster with --students.")
    notebook = _json(student_version(case))
    shared = {NOTEBOOK: notebook, **_papers(case), START: _start(case)}
    found = leaks(case, shared)
    if found:
        raise TableError(f"{case.folder.name} would give away a solution, so nothing was written: {found[0]}")
    about = {
        "case": case.number,
        "title": case.title,
        "sister": secret is not None,
        "secret": fingerprint(secret) if secret is not None else None,
        "students": [{"student_id": s.student_id, "name": s.name} for s in students],
    }
    with new_folder(out) as made:
        sample = company_files(simulate(SEED), case.tables) if secret is None else {}
        for student in tqdm(students, desc=f"Case {case.number}", unit="student", disable=quiet):
            files = sample if secret is None else company_files(
                simulate(seed_of(secret, student.student_id)), case.tables
            )  # fmt: skip
            _write(made / "students" / student.student_id / case.name, shared, files)
        if not students:
            _write(made / "all" / case.name, shared, sample)
        (made / RELEASE).write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return out


def _write(folder: Path, papers: Mapping[str, str], company: Mapping[str, str]) -> None:
    for name, text in [*papers.items(), *((f"company/{name}", text) for name, text in company.items())]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _start(case: Case) -> str:
    """How a student begins."""
    needed = f", then `{NEEDED}`" if (case.folder / NEEDED).is_file() else ""
    return f"""# {case.title}

1. You need Python 3.11 to 3.13 and Casebook with its lab, `pip install 'crm-casebook[lab]'` from where your
   instructor says; or the environment of your course.
2. Read `{BRIEF}` first{needed}. Open this folder in JupyterLab (`jupyter lab`) and work in
   `{NOTEBOOK}`. Leave it here: it reads the tables in `company/`, whose columns are explained beside them.
3. A practice tells you at once what went wrong, a graded answer only what it read. Before you hand in, choose
   *Kernel, Restart and Run All*: what is graded is what a fresh run gives, a minute a cell at most.
4. Hand in `{NOTEBOOK}`, and nothing else.

The company is simulated. Yours may be your own: then your neighbour's numbers are of no use to you.
"""


def _papers(case: Case) -> dict[str, str]:
    there = [case.folder / name for name in (BRIEF, NEEDED)]
    return {path.name: path.read_text(encoding="utf-8") for path in there if path.is_file()}


def company_files(company: Company, tables: Iterable[str]) -> dict[str, str]:
    """Give the files of a student's company: the tables of the case with their columns explained, no truth.

    Parameters
    ----------
    company : Company
    tables : iterable of str

    Returns
    -------
    dict of str to str
        Text by file name; the seed stands in none of them.

    Examples
    --------
    >>> sorted(company_files(simulate(7, customers=100, years=1), ["bank_accounts"]))
    ['bank_accounts.csv', 'bank_accounts.md', 'schema.json']
    """
    wanted = list(tables)
    about = json.loads(schema(company))
    about.pop("seed", None)
    about["tables"] = {name: about["tables"][name] for name in wanted}
    files = {f"{name}.csv": csv_text(TABLES[name], company[name]) for name in wanted}
    files |= {f"{name}.md": card(TABLES[name], company, told=False) for name in wanted}
    return files | {"schema.json": json.dumps(about, indent=1, ensure_ascii=False) + "\n"}


def student_version(case: Case) -> dict[str, Any]:
    """Make the notebook that a student gets, by nbgrader's own steps.

    Parameters
    ----------
    case : Case

    Returns
    -------
    dict
        A notebook without solutions, hidden tests, model answers and outputs.

    Raises
    ------
    TableError
        If nbgrader is not installed, or refuses how a cell is marked.
    """
    try:
        from nbgrader import preprocessors as steps
    except ImportError:
        raise TableError(
            "Releasing a case needs nbgrader. Remedy: pip install 'crm-casebook[instructor]'."
        ) from None
    import nbformat
    from traitlets.config import Config

    config = Config()
    config.ClearSolutions.code_stub = {"python": "# your code here"}
    made = nbformat.from_dict(copy.deepcopy(case.notebook))
    made["metadata"].setdefault("kernelspec", {})["language"] = "python"
    resources: dict[str, Any] = {}
    for step in (
        steps.CheckCellMetadata, steps.LockCells, steps.ClearSolutions, steps.ClearOutput,
        steps.ClearHiddenTests, steps.ComputeChecksums, steps.CheckCellMetadata,
    ):  # fmt: skip
        ready = step(config=config)
        ready.log.setLevel(logging.ERROR)
        try:
            made, resources = ready(made, resources)
        except Exception as error:  # of nbgrader, about a cell that is not marked as it must be
            raise TableError(f"{case.folder.name} cannot be released: {error}") from None
    plain: dict[str, Any] = json.loads(nbformat.writes(made))
    for cell in plain["cells"]:
        cell["source"] = "".join(cell["source"])
    return plain


def _json(notebook: Mapping[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def secret_lines(case: Case) -> set[str]:
    """Find the lines that no student may see: solutions, hidden tests, model answers, the key.

    Parameters
    ----------
    case : Case

    Returns
    -------
    set of str
        Without those that are too short to say anything, or stand in the open part of the source as well.
    """
    secret: set[str] = set()
    opened: set[str] = set()
    inside = False
    for cell in case.notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        model = cell["cell_type"] == "markdown" and about.get("grade") and about.get("solution")
        for line in cell["source"].splitlines():
            if re.match(r"\s*### (BEGIN|END) (SOLUTION|HIDDEN TESTS)", line):
                inside = "BEGIN" in line
            else:
                (secret if inside or model else opened).add(line.strip())
    secret |= {line.strip() for line in (case.folder / KEY).read_text(encoding="utf-8").splitlines()}
    return {line for line in secret - opened if len(line) > 16 and not line.startswith(("import ", "from "))}


def leaks(case: Case, files: Mapping[str, str]) -> list[str]:
    """Search what goes to students for anything that is secret.

    Parameters
    ----------
    case : Case
    files : mapping of str to str
        Their text by name.

    Returns
    -------
    list of str
        One sentence a find.
    """
    secret = secret_lines(case)
    marks = re.compile(r"BEGIN SOLUTION|HIDDEN TESTS|\bmark\(|casework_|class Slip")
    found = []
    for name, text in files.items():
        shown = _texts(text) if name.endswith(".ipynb") else text
        lines = {line.strip() for line in shown.splitlines()}
        found += [f"{name} holds {line!r}" for line in sorted(secret & lines)]
        found += [f"{name} holds {mark.group()!r}" for mark in marks.finditer(shown)]
        if name.endswith(".ipynb") and any(cell.get("outputs") for cell in json.loads(text)["cells"]):
            found.append(f"{name} holds outputs")
    return found


def _texts(notebook: str) -> str:
    """Every text of a notebook, metadata and all, one a line."""

    def walk(node: Any) -> Iterable[str]:
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            for key, value in node.items():
                yield str(key)
                yield from walk(value)
        elif isinstance(node, list):
            for value in node:
                yield from walk(value)

    return "\n".join(walk(json.loads(notebook)))
