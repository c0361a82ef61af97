"""nbgrader's gradebook and folders: our marks go in, a reader's points come back.

nbgrader's formgrader shows written answers for marking, its generate_feedback makes pages with a reader's
comments. Its autograder is never used: it would run a submission as the instructor. So there is no folder
`submitted/`, and what stands in `autograded/` has no outputs and no HTML of a student's.
"""

from __future__ import annotations

import copy
import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from casebook.course.cases.folder import NOTEBOOK, Case
from casebook.course.cases.grading import Result, write_file
from casebook.course.cases.release import student_version
from casebook.course.cases.submission import BLANK
from casebook.errors import TableError

__all__ = ["comments", "manual_points", "write_gradebook"]

_BOOK = Path(NOTEBOOK).stem


@contextmanager
def _open(out: Path) -> Iterator[Any]:
    try:
        from nbgrader.api import Gradebook
    except ImportError:
        raise TableError(
            "Grading a case needs nbgrader. Remedy: pip install 'crm-casebook[instructor]'."
        ) from None
    from sqlalchemy.exc import SQLAlchemyError

    path = out.resolve() / "gradebook.db"
    try:
        with warnings.catch_warnings(), _scripts_on_path():
            warnings.simplefilter("ignore")  # of its database, about itself
            with Gradebook(f"sqlite:///{path}") as book:
                yield book
    except SQLAlchemyError as error:
        why = str(error).splitlines()[0]
        raise TableError(
            f"nbgrader's {path} cannot be used ({why}). Remedy: close formgrader; if it is damaged, move it "
            "away, and what a reader gave with it."
        ) from None


@contextmanager
def _scripts_on_path() -> Iterator[None]:
    """Let `alembic`, which nbgrader starts by its name, be found where no environment is activated."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def write_gradebook(case: Case, results: list[Result], out: Path) -> None:
    """Write marks, students and questions to `gradebook.db`, and the notebooks that formgrader shows.

    Parameters
    ----------
    case : Case
    results : list of Result
    out : Path
        Becomes nbgrader's course folder; points and comments of a reader that stand there are kept,
        but for points on a text that changed since: these go into the comment.

    Raises
    ------
    TableError
        If nbgrader is not installed.
    """
    _write(out / "source" / case.name / NOTEBOOK, case.notebook)
    write_file(
        out / "nbgrader_config.py",
        "# Formgrader shows what `casebook case grade` marked. Do not use its Autograde: it would run\n"
        "# submissions as you, and it finds none here.\n"
        "c = get_config()  # noqa: F821\n"
        f'c.CourseDirectory.course_id = "{case.name}"\n',
    )
    blank = student_version(case)
    with _open(out) as book:
        _define(book, case)
        for result in results:
            book.update_or_create_student(result.student_id, first_name="", last_name=result.name)
            if not result.digest or result.status == "Nothing was handed in.":
                continue
            book.update_or_create_submission(case.name, result.student_id)
            path = out / "autograded" / result.student_id / case.name / NOTEBOOK
            made = _shown(blank, result)
            before, now = _texts(path), {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell["source"]
                                         for cell in made["cells"]}  # fmt: skip
            _mark(book, case, result, {name for name in before if before[name] != now.get(name)})
            _write(path, made)
        book.db.commit()


def _define(book: Any, case: Case) -> None:
    """Tell the gradebook what the case asks, cell by cell."""
    book.update_or_create_assignment(case.name)
    book.update_or_create_notebook(_BOOK, case.name)
    for cell in case.notebook["cells"]:
        about = cell["metadata"].get("nbgrader")
        if not about:
            continue
        name, kind = about["grade_id"], cell["cell_type"]
        if about["grade"]:
            book.update_or_create_grade_cell(
                name, _BOOK, case.name, max_score=float(about["points"]), cell_type=kind
            )
        if about["solution"]:
            book.update_or_create_solution_cell(name, _BOOK, case.name)
        book.update_or_create_source_cell(
            name, _BOOK, case.name, cell_type=kind, source=cell["source"], locked=about["locked"]
        )


def _texts(path: Path) -> dict[str, str]:
    """The cells that a reader saw, by name."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return {cell["metadata"]["nbgrader"]["grade_id"]: cell["source"]
                for cell in cells if "nbgrader" in cell["metadata"]}  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _mark(book: Any, case: Case, result: Result, changed: set[str]) -> None:
    for mark in result.marks:
        grade = book.find_grade(mark.name, _BOOK, case.name, result.student_id)
        if grade.auto_score != mark.points:
            grade.manual_score = None  # what a reader put right was another answer, or another key
        grade.auto_score, grade.needs_manual_grade = mark.points, False
    for question in case.written:
        grade = book.find_grade(question.name, _BOOK, case.name, result.student_id)
        if question.name in changed and grade.manual_score is not None:
            comment = book.find_comment(question.name, _BOOK, case.name, result.student_id)
            was = f"The text changed after {grade.manual_score:g} points were given."
            comment.manual_comment = f"{comment.manual_comment or ''}\n{was}".strip()
            grade.manual_score = None
        if not result.written.get(question.name):
            grade.auto_score, grade.needs_manual_grade = 0.0, False
        elif grade.manual_score is None:
            grade.auto_score, grade.needs_manual_grade = None, True


def manual_points(case: Case, out: Path) -> dict[tuple[str, str], float]:
    """Read the points that a reader gave in formgrader: to a text, or in place of a mark by rule.

    Parameters
    ----------
    case : Case
    out : Path

    Returns
    -------
    dict of (student_id, question) to float
        Empty where there is no gradebook yet.
    """
    names = [*(asked.name for asked in case.key), *(question.name for question in case.written)]
    return {
        (student, name): float(grade.manual_score)
        for book, student in _handed_in(case, out)
        for name in names
        if (grade := book.find_grade(name, _BOOK, case.name, student)).manual_score is not None
    }


def comments(case: Case, out: Path) -> dict[tuple[str, str], str]:
    """Read a reader's comments on the texts, as formgrader kept them.

    Parameters
    ----------
    case : Case
    out : Path

    Returns
    -------
    dict of (student_id, question) to str
    """
    return {
        (student, question.name): str(comment.manual_comment)
        for book, student in _handed_in(case, out)
        for question in case.written
        if (comment := book.find_comment(question.name, _BOOK, case.name, student)).manual_comment
    }


def _handed_in(case: Case, out: Path) -> Iterator[tuple[Any, str]]:
    """The open gradebook with each student who handed in; nobody where there is no gradebook yet."""
    if not (out / "gradebook.db").is_file():
        return
    with _open(out) as book:
        if any(assignment.name == case.name for assignment in book.assignments):
            for submission in book.assignment_submissions(case.name):
                yield book, submission.student.id


def _shown(blank: dict[str, Any], result: Result) -> dict[str, Any]:
    """Our own notebook with a student's written answers as plain text, and the diagnosis of each mark."""
    made = copy.deepcopy(blank)
    marks = {mark.name: mark for mark in result.marks}
    for cell in made["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name in result.written:
            cell["source"] = _plain(result.written[name]) or BLANK
        elif name.removeprefix("answer-") in result.code:
            cell["source"] = _as_comment(result.code[name.removeprefix("answer-")])
        elif name in marks and cell["cell_type"] == "code":
            mark = marks[name]
            text = f"{mark.points:g} of {mark.of:g} points. {mark.says}\n"
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
    return made


def _as_comment(code: str) -> str:
    """A student's code to be read, and not to be run by mistake."""
    return "\n".join(["# (the student's code, as comments)", *(f"# {line}" for line in code.splitlines())])


def _plain(text: str) -> str:
    """A text as it stands, in a Markdown cell: indented as code, so that nothing in it is HTML or a link."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def _write(path: Path, notebook: dict[str, Any]) -> None:
    write_file(path, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
