"""`casebook case release`, `grade` and `report`: the instructor's three commands."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from casebook.errors import TableError

__all__ = ["add_case"]

_SECRET = "CASEBOOK_SECRET"
_RELEASE = """Write the students' versions of a case: no solutions, no hidden tests, no key.

With --students, each student of the roster (student_id,name) has a folder of her own; with --sister also a
company of her own, whose seed comes from her id and the course's secret (in the environment variable
CASEBOOK_SECRET, or the file that --secret-file names). The secret never reaches a student."""
_GRADE = """Grade a folder of submissions: DIR/ID/…/case.ipynb or DIR/ID.ipynb for each student.

Each submission runs in a locked room (bubblewrap): another user, no network, limits on time, memory,
processes and output. Its answers come out as plain data and are marked outside. Writes grades.csv, a page of
feedback for each student, a page with the answers to each written question, and nbgrader's gradebook.
Run it again after new submissions, or after marking in formgrader: what is graded is not run again."""


def add_case(commands: Any) -> None:
    """Add the command `case` to the command line.

    Parameters
    ----------
    commands : the subparsers of the command `casebook`

    Returns
    -------
    None
    """
    case = commands.add_parser("case", help="for instructors: release, grade and report a case")
    jobs = case.add_subparsers(title="jobs", metavar="JOB", required=True)
    _add_release(jobs)
    _add_grade(jobs)
    report = jobs.add_parser("report", help="the class's picture of a graded case", allow_abbrev=False)
    report.add_argument("dir", metavar="DIR", type=Path, help="the folder that --out of grade named")
    report.add_argument("--case", metavar="NN", required=False, help="where DIR holds several cases")
    report.set_defaults(run=_run_report)


def _add_release(jobs: Any) -> None:
    release = jobs.add_parser(
        "release", help="write the students' versions", description=_RELEASE, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  casebook case release 09 --students roster.csv --sister --out case09",
    )  # fmt: skip
    release.add_argument("case", metavar="CASE", help="its number, 09, or its folder")
    release.add_argument("--students", metavar="FILE", type=Path, help="roster.csv: student_id,name")
    release.add_argument("--sister", action="store_true", help="a company for each student")
    release.add_argument("--secret-file", metavar="FILE", type=Path, help="a file with the course's secret")
    release.add_argument("--out", metavar="DIR", type=Path, required=True, help="a folder, new or empty")
    release.set_defaults(run=_run_release)


def _add_grade(jobs: Any) -> None:
    grade = jobs.add_parser(
        "grade", help="grade a folder of submissions", description=_GRADE, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  casebook case grade case09/submitted --out case09/graded",
    )  # fmt: skip
    grade.add_argument("dir", metavar="DIR", type=Path, help="the submissions")
    grade.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for grades and pages")
    grade.add_argument("--case", metavar="NN", help="if there is no release.json beside the submissions")
    grade.add_argument("--students", metavar="FILE", type=Path, help="the roster, if not that of the release")
    grade.add_argument("--secret-file", metavar="FILE", type=Path, help="a file with the course's secret")
    grade.add_argument("--seconds", metavar="N", type=float, default=180, help="most a submission may run")
    grade.add_argument("--memory", metavar="MB", type=int, default=2000, help="most it may use")
    grade.add_argument(
        "--trusted", action="store_true", help="run without the locked room, with limits only: in a container"
    )
    grade.set_defaults(run=_run_grade)


def _secret(asked: argparse.Namespace) -> str | None:
    if asked.secret_file:
        try:
            return str(asked.secret_file.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError):
            raise TableError(f"The secret's file {asked.secret_file} cannot be read as text.") from None
    return os.environ.get(_SECRET, "").strip() or None


def _run_release(asked: argparse.Namespace) -> int:
    from casebook.course.cases.folder import find_case
    from casebook.course.cases.release import release
    from casebook.course.cases.roster import read_roster

    students = read_roster(asked.students) if asked.students else []
    secret = _secret(asked) if asked.sister else None
    if asked.sister and secret is None:
        raise TableError(
            f"A company for each student needs the course's secret: set {_SECRET}, or name a file with "
            "--secret-file. Keep it: grading needs the same one."
        )
    case = find_case(asked.case)
    try:
        release(case, asked.out, students, secret=secret, quiet=not sys.stderr.isatty())
    except OSError as error:
        raise TableError(f"{asked.out} cannot be written: {error.strerror}. Nothing was.") from None
    whom = f"{len(students)} students" if students else "all students"
    own = ", a company each" if asked.sister else ""
    print(f"{case.title}\nFor {whom}{own}; {case.automatic:g} points by rule.")
    print(f"Written: {asked.out}. Give each student her folder, and keep release.json for grading.")
    return 0


def _run_grade(asked: argparse.Namespace) -> int:
    from casebook.course.cases.feedback import write_pages
    from casebook.course.cases.gradebook import comments, manual_points, write_gradebook
    from casebook.course.cases.grading import (
        check_out,
        grade,
        grades_table,
        only_one,
        open_session,
        write_file,
    )
    from casebook.course.cases.sandbox import Limits, open_room
    from casebook.report.write import csv_text

    session = open_session(asked.dir, case=asked.case, students=asked.students, secret=_secret(asked))
    check_out(session.case, asked.dir, asked.out)
    limits = Limits(seconds=asked.seconds, memory_mb=asked.memory)
    hidden = [path for path in (asked.secret_file, asked.students) if path]
    room = open_room(trusted=asked.trusted, limits=limits, hidden=hidden)
    try:
        results = grade(session, asked.dir, asked.out, room, quiet=not sys.stderr.isatty())
    except KeyboardInterrupt:
        print(f"casebook: interrupted; what is graded stays in {asked.out}: start again.", file=sys.stderr)
        return 130
    with only_one(asked.out):
        write_gradebook(session.case, results, asked.out)
        given = manual_points(session.case, asked.out)
        table = grades_table(session.case, results, given)
        text = csv_text(table)  # with a byte-order mark where a spreadsheet needs one
        write_file(asked.out / "grades.csv", text if text.isascii() else f"\ufeff{text}")
        write_pages(session.case, results, asked.out, given, comments(session.case, asked.out))
    odd = [result for result in results if result.status != "graded"]
    print(f"{session.case.title}\n{len(results) - len(odd)} of {len(results)} graded.")
    for result in odd:
        print(f"  {result.student_id}: {''.join(c if c.isprintable() else '?' for c in result.status)}")
    for result in results:
        if result.failed:
            cells = f"{len(result.failed)} cell{'s' * (len(result.failed) > 1)}"
            print(f"  {result.student_id}: {cells} stopped with an error; the page of feedback says which.")
    unread = int(table["total"].isna().sum())
    whose = "1 student waits" if unread == 1 else f"{unread} students wait"
    print(f"Written answers: {whose} for a reader: {asked.out / 'to_read'}.")
    nobody = _of_nobody(asked.dir, {student.student_id for student in session.students})
    if nobody:
        print(f"Handed in by nobody of the roster, and not graded: {', '.join(nobody)}.")
    print(f"Written: {asked.out / 'grades.csv'}")
    return 0


def _of_nobody(folder: Path, known: set[str]) -> list[str]:
    """What lies among the submissions under no student's id: a folder misnamed, or the wrong roster."""
    names = sorted(path.name for path in folder.iterdir() if path.name != "release.json")
    odd = [name for name in names if name.removesuffix(".ipynb") not in known and not name.startswith(".")]
    shown = ["".join(c if c.isprintable() else "?" for c in name)[:60] for name in odd[:10]]
    return [*shown, f"and {len(odd) - 10} more"] if len(odd) > 10 else shown


def _run_report(asked: argparse.Namespace) -> int:
    from casebook.course.cases.classroom import class_report
    from casebook.course.cases.folder import find_case
    from casebook.course.cases.grading import read_results

    number = asked.case or next((p.name[-2:] for p in sorted((asked.dir / "source").glob("case??"))), None)
    if number is None:
        raise TableError(f"{asked.dir} holds no graded case: name the folder that --out of grade named.")
    sentences = class_report(find_case(number), read_results(asked.dir), asked.dir)
    print("\n".join(sentences))
    print(f"Written: {asked.dir / 'report.html'}")
    return 0
