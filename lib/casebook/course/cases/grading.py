"""Grade a folder of submissions: run each in the locked room, mark its answers out here, write the pages."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

import casebook
from casebook.company.settings import SEED
from casebook.company.simulate import Company, simulate
from casebook.course.cases.answers import NotPlainError, unpack
from casebook.course.cases.folder import KEY, NOTEBOOK, Case, casework, find_case
from casebook.course.cases.key import FreshTables, Marked, WorkedOut, work_out
from casebook.course.cases.release import RELEASE, company_files
from casebook.course.cases.roster import Student, check_id, fingerprint, read_roster, seed_of
from casebook.course.cases.sandbox import Room, ended_by_machine
from casebook.course.cases.submission import Submission, find_submission
from casebook.errors import TableError

__all__ = ["Result", "Session", "grade", "grades_table", "open_session", "read_results"]


@dataclass(frozen=True)
class Session:
    """What is graded: the case, its class, the secret where each student has a company of her own."""

    case: Case
    students: tuple[Student, ...]
    secret: str | None = None

    def seed(self, student_id: str) -> int:
        """The seed of a student's company."""
        return SEED if self.secret is None else seed_of(self.secret, student_id)


@dataclass
class Result:
    """What a submission earned by rule, and what a person has to read.

    `status` is "graded", or says in words what went wrong; `marks` hold one entry an answer, `answers` what
    was handed in, shortened; `written` the texts, `code` the answers' cells; `failed` the errors by cell.
    """

    student_id: str
    name: str
    status: str
    marks: list[Marked] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    digest: str = ""

    @property
    def problem(self) -> bool:
        """Whether nothing could be opened: no cell was run, no text was found."""
        return not (self.written or self.answers)

    @property
    def points(self) -> float:
        """Points earned by rule."""
        return sum(mark.points for mark in self.marks)


def open_session(
    submissions: Path, *, case: str | None = None, students: Path | None = None, secret: str | None = None
) -> Session:
    """Find out what is graded: from `release.json` beside or above the submissions, or as told.

    Parameters
    ----------
    submissions : Path
        A folder.
    case : str, optional
        Its number, where there is no `release.json`.
    students : Path, optional
        The roster, where there is no `release.json`.
    secret : str, optional
        Of the course, where the release gave each student a company.

    Returns
    -------
    Session

    Raises
    ------
    TableError
        If something is missing, or the secret is another than that of the release.
    """
    if not submissions.is_dir():
        raise TableError(f"There is no folder {submissions} with submissions.")
    found = next(
        (f / RELEASE for f in (submissions.absolute().parent, submissions) if (f / RELEASE).is_file()), None
    )
    about = _released(found) if found else {}
    number = case or about.get("case")
    if not number:
        raise TableError(
            f"Which case is it? Put {RELEASE} of the release beside the submissions, or say --case."
        )
    roster = tuple(read_roster(students)) if students else about.get("students", ())
    if not roster:
        raise TableError("Who is in the class? Name the roster with --students.")
    if about.get("sister") and secret is None:
        raise TableError(
            "Each student of this release has a company of her own: grading needs the course's secret, in "
            "CASEBOOK_SECRET or in the file that --secret-file names."
        )
    if about.get("sister") and secret is not None and fingerprint(secret) != about["secret"]:
        raise TableError(
            "This is not the secret with which the case was released: every company would be another."
        )
    return Session(find_case(number), roster, secret if about.get("sister", secret is not None) else None)


def _released(path: Path) -> dict[str, Any]:
    """Read `release.json`, and take nothing from it that `release` does not write."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        number, sister, mark = about["case"], about["sister"], about["secret"]
        students = tuple(Student(line["student_id"], line["name"]) for line in about["students"])
        plain = [number, *(text for s in students for text in (s.student_id, s.name))]
        if not all(isinstance(text, str) for text in plain) or not (number.isascii() and number.isdigit()):
            raise TypeError
        if not isinstance(sister, bool) or (sister and not isinstance(mark, str)):
            raise TypeError
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise TableError(f"{path} is not as `casebook case release` wrote it: take a copy of it.") from None
    for student in students:
        check_id(student.student_id, str(path))
    if len({student.student_id.lower() for student in students}) < len(students):
        raise TableError(f"{path} names a student twice.")
    return {"case": number, "sister": sister, "secret": mark, "students": students}


def grade(session: Session, submissions: Path, out: Path, room: Room, *, quiet: bool = True) -> list[Result]:
    """Grade every student of the class and write the pages; what is graded already is not run again.

    Parameters
    ----------
    session : Session
    submissions : Path
    out : Path
        `grades.csv`, `feedback/`, `to_read/`, `results/`, and the folders of nbgrader.
    room : Room
    quiet : bool
        False shows a bar of progress.

    Returns
    -------
    list of Result
        In the order of the roster.
    """
    check_out(session.case, submissions, out)
    release = submissions.absolute().parent
    private = [casework(), session.case.folder, submissions, out]
    private += [release] if (release / RELEASE).is_file() else []
    room = replace(room, hidden=(*room.hidden, *private))
    results = []
    with only_one(out):
        for folder in ("results", f"source/{session.case.name}"):
            (out / folder).mkdir(parents=True, exist_ok=True)
        bar = tqdm(session.students, desc=session.case.name, unit="submission", disable=quiet)
        for student in bar:
            bar.set_postfix_str(student.student_id)
            results.append(_grade_one(session, student, submissions, out / "results", room))
    return results


def check_out(case: Case, submissions: Path, out: Path) -> None:
    """See that a folder may take the results, before anything is run.

    Parameters
    ----------
    case : Case
    submissions, out : Path

    Raises
    ------
    TableError
        If it is a file, lies among the submissions, holds another case, or a folder `submitted` that nbgrader
        would offer to run.
    """
    if out.exists() and not out.is_dir():
        raise TableError(f"{out} is a file, not a folder: name another folder with --out.")
    inner, outer = out.resolve(), submissions.resolve()
    if inner == outer or outer in inner.parents:
        raise TableError(f"{out} lies among the submissions: name a folder beside them with --out.")
    if (out / "submitted").exists():
        raise TableError(
            f"{out} holds a folder 'submitted', which nbgrader would offer to run as you: name another "
            f"folder with --out, {out / 'graded'} say."
        )
    others = sorted(p.name for p in (out / "source").glob("*") if p.name != case.name)
    if others:
        raise TableError(f"{out} holds the results of {others[0]}: name another folder for {case.name}.")


@contextlib.contextmanager
def only_one(out: Path) -> Iterator[None]:
    """Let nobody else write to a folder of results at the same time.

    Parameters
    ----------
    out : Path

    Raises
    ------
    TableError
        If somebody does, or the folder cannot be made or written to.
    """
    try:
        import fcntl
    except ImportError:  # Windows, which has no locked room either
        yield
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / ".lock").open("w", encoding="utf-8")
    except OSError as error:
        raise TableError(f"{out} cannot be written to: {error.strerror}.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise TableError(f"Somebody else is grading into {out} just now: wait for it to end.") from None
        yield


def _grade_one(session: Session, student: Student, submissions: Path, kept: Path, room: Room) -> Result:
    """Grade a student, unless the same submission stands graded; one that breaks stops nobody."""
    submission = find_submission(submissions, student.student_id)
    path, digest = kept / f"{student.student_id}.json", _digest(session, submission)
    before = _kept(path)
    if before is not None and before.digest in (digest, _stopped(digest, room)):
        if before.name != student.name:
            before.name = student.name
            _store(path, before)
        return before
    try:
        result = _mark(session, student, submission, room)
    except TableError:
        raise
    except Exception as error:  # a defect of ours is shown, and the next student is graded
        result = Result(
            student.student_id, student.name, f"could not be graded: {type(error).__name__}: {error}"
        )
    else:
        stopped = result.status not in ("graded", submission.problem)
        result.digest = _stopped(digest, room) if stopped else digest
        if ended_by_machine(result.status):
            result.digest += ", again"
    _store(path, result)
    return result


def _stopped(digest: str, room: Room) -> str:
    """What a result hangs on that ended early: the limits too."""
    return hashlib.sha256(f"{digest}{room.limits}".encode()).hexdigest()


def _store(path: Path, result: Result) -> None:
    write_file(path, json.dumps(asdict(result), indent=1, ensure_ascii=False) + "\n")


def write_file(path: Path, text: str) -> None:
    """Write a file as a whole, or leave the one that is there.

    Parameters
    ----------
    path : Path
    text : str

    Raises
    ------
    TableError
        If it cannot be written.
    """
    beside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8", errors="replace")
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise TableError(
            f"{path} cannot be written: {error.strerror}. What stood there is as it was."
        ) from None


def _mark(session: Session, student: Student, submission: Submission, room: Room) -> Result:
    case = session.case
    result = Result(
        student.student_id, student.name, submission.problem or "graded",
        written=submission.written, code=submission.code,
    )  # fmt: skip
    if submission.problem:
        result.marks = [Marked(asked.name, 0, asked.points, "open", submission.problem) for asked in case.key]
        return result
    company = _company(session.seed(student.student_id))
    with TemporaryDirectory(prefix="casebook-company-") as folder:
        Path(folder).chmod(0o755)
        for name, text in company_files(company, case.tables).items():
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8", newline="\n")
            path.chmod(0o644)  # the room's user reads it, whatever the instructor's umask
        outcome = room.run(submission.cells, [asked.name for asked in case.key], Path(folder))
    result.seconds, result.failed = round(outcome.seconds, 1), outcome.failed
    if outcome.state != "done":
        result.status = outcome.state
    tables = FreshTables(company, case.tables)
    own: dict[str, Any] = {}
    for asked, answer in _answers(case, outcome.answers):
        ready = work_out(asked, tables)
        mark = ready.mark(answer, own)
        result.marks.append(mark)
        if mark.state in ("slip", "wrong"):
            own |= _carried(ready, answer)
        result.answers[asked.name] = _short(answer)
    return result


@lru_cache(maxsize=1)
def _company(seed: int) -> Company:
    """The last company is kept: without sisters, all students have the same."""
    return simulate(seed)


def _answers(case: Case, lines: dict[str, str]) -> Iterator[tuple[Any, Any]]:
    for asked in case.key:
        try:
            yield asked, unpack(lines[asked.name]) if asked.name in lines else ...
        except NotPlainError:
            yield asked, ...


def _carried(ready: WorkedOut, answer: Any) -> dict[str, Any]:
    """A wrong answer that later ones may build on, if it is of the kind and size that was asked for."""
    try:
        given = ready.asked.kind.read(answer)
        return {ready.asked.name: given} if ready.carries(given) else {}
    except Exception:  # nothing follows from what cannot be read
        return {}


def _short(answer: Any) -> str:
    """An answer in few signs, for pages and for the search for copies."""
    if answer is ...:
        return ""
    text = answer.to_csv(index=False) if isinstance(answer, pd.DataFrame) else None
    if isinstance(answer, pd.Series):
        text = str(answer.to_dict())
    if isinstance(answer, float):
        text = f"{answer:.8g}"
    text = str(answer) if text is None else text
    return text if len(text) <= 400 else f"{text[:360]} … {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _digest(session: Session, submission: Submission) -> str:
    """What a result hangs on: submission, case, company, library."""
    folder = session.case.folder
    parts = [
        submission.digest, submission.problem, casebook.__version__, str(session.seed(submission.student_id)),
        *(hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (KEY, NOTEBOOK)),
    ]  # fmt: skip
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _kept(path: Path) -> Result | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Result(**{**kept, "marks": [Marked(**mark) for mark in kept["marks"]]})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def read_results(folder: Path) -> list[Result]:
    """Read the results that `grade` kept in a folder, by the students' ids.

    Raises
    ------
    TableError
        If there are none.
    """
    found = [kept for path in sorted((folder / "results").glob("*.json")) if (kept := _kept(path))]
    if not found:
        raise TableError(f"There are no results in {folder}: grade the case first, with --out {folder}.")
    return found


def grades_table(
    case: Case, results: list[Result], manual: dict[tuple[str, str], float] | None = None
) -> pd.DataFrame:
    """Make the table of grades: a row a student, a column a question.

    Parameters
    ----------
    case : Case
    results : list of Result
    manual : dict, optional
        Points that a reader gave, by student and question; they stand in place of a mark by rule.

    Returns
    -------
    DataFrame
        student_id, name, status, a column for each question (missing where nobody has read it yet),
        automatic, written, total, of; total is missing while something is unread.
    """
    manual = manual or {}
    rows = []
    for result in results:
        row: dict[str, Any] = {"student_id": result.student_id, "name": result.name, "status": result.status}
        given = {} if result.problem else manual  # nothing is there to be read any more
        row |= (marks := {m.name: given.get((result.student_id, m.name), m.points) for m in result.marks})
        read = {q.name: given.get((result.student_id, q.name)) for q in case.written}
        blank = {q.name: 0.0 for q in case.written if not result.written.get(q.name)}
        read = {name: points if points is not None else blank.get(name) for name, points in read.items()}
        known = [points for points in read.values() if points is not None]
        done = len(known) == len(read)
        row |= read | {
            "automatic": sum(marks.values()), "written": sum(known) if done else None,
            "total": sum(marks.values()) + sum(known) if done else None,
            "of": case.automatic + sum(q.points for q in case.written),
        }  # fmt: skip
        rows.append(row)
    names = [asked.name for asked in case.key] + [q.name for q in case.written]
    return pd.DataFrame(
        rows, columns=["student_id", "name", "status", *names, "automatic", "written", "total", "of"]
    )
