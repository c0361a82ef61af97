"""Whole classes and hostile submissions, graded by the project's own commands; tables for tests/evidence/.

`python tests/support/case_evidence.py` releases a case to 30 students with a company each, and grades 30
submissions of the model answer, 30 blank ones and 30 with one typical mistake; the other cases three of
each. Then it grades every hostile submission. Writes cases_graded.csv and hostile_submissions.csv; exit code
1 where something is not as expected. `make test` does it with three students and some of the hostile.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from hostile import CANARY, HOSTILE, notebook

from casebook.company.simulate import simulate
from casebook.course.cases.classroom import class_report
from casebook.course.cases.feedback import write_pages
from casebook.course.cases.folder import NOTEBOOK, all_cases
from casebook.course.cases.gradebook import write_gradebook
from casebook.course.cases.grading import Session, grade, grades_table
from casebook.course.cases.key import FreshTables, work_out
from casebook.course.cases.release import release
from casebook.course.cases.roster import Student, seed_of
from casebook.course.cases.sandbox import Limits, open_room
from casebook.report.write import csv_text

SECRET = "a secret of the evidence, canary"
TABLES = Path(__file__).resolve().parents[1] / "evidence"


# A class ------------------------------------------------------------------------------------------------


def literal(value):
    """Python that makes an answer again."""
    if isinstance(value, pd.DataFrame):
        return f"__import__('pandas').DataFrame({plain(value.to_dict('list'))!r})"
    if isinstance(value, pd.Series):
        return f"__import__('pandas').Series({plain(value.to_dict())!r})"
    return repr(plain(value))


def plain(value):
    """The same in numbers, texts, lists and dicts."""
    if isinstance(value, dict):
        return {plain(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, np.ndarray, pd.Index)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, pd.Timestamp):
        return str(value)
    return value


def with_mistake(case, company, which):
    """The model answer with one answer replaced by a typical mistake; and what is expected of it."""
    tables = FreshTables(company, case.tables)
    slips = [(asked, slip) for asked in case.key for slip in asked.slips]
    for turn in range(len(slips)):
        asked, slip = slips[(which + turn) % len(slips)]
        wrong, ready = slip.makes(tables), work_out(asked, tables)
        expected = ready.mark(wrong)
        if expected.says == slip.says:  # not hidden by the right answer in this company
            break
    made = copy.deepcopy(case.notebook)
    ids = [c["metadata"].get("nbgrader", {}).get("grade_id") for c in made["cells"]]
    at = ids.index(asked.name)
    # Only what is handed in is wrong: what is worked out of it later stays right.
    wrongly = [f"kept_right = {asked.name}\n{asked.name} = {literal(wrong)}", f"{asked.name} = kept_right"]
    before, after = ({"cell_type": "code", "id": f"mistake-{i}", "metadata": {}, "outputs": [],
                      "execution_count": None, "source": text} for i, text in enumerate(wrongly))  # fmt: skip
    made["cells"][at : at + 1] = [before, made["cells"][at], after]
    return made, asked.name, expected


def grade_class(case, students, room, *, work):
    """Release to a class and grade it solved, blank, and with one mistake each; a row a student."""
    people = [Student(f"s{i:03d}", f"Student {i}") for i in range(1, students + 1)]
    out = work / case.name
    release(case, out, people, secret=SECRET)
    rows = []
    for kind in ("solved", "blank", "mistake"):
        handed, expected = out / kind, {}
        for i, person in enumerate(people):
            folder = handed / person.student_id
            folder.mkdir(parents=True)
            if kind == "blank":
                shutil.copy(out / "students" / person.student_id / case.name / NOTEBOOK, folder)
                continue
            made = case.notebook
            if kind == "mistake":
                company = simulate(seed_of(SECRET, person.student_id))
                made, name, mark = with_mistake(case, company, 7 * i)
                expected[person.student_id] = (name, mark)
            (folder / NOTEBOOK).write_text(json.dumps(made), encoding="utf-8")
        started = time.perf_counter()
        results = grade(Session(case, tuple(people), SECRET), handed, out / f"graded_{kind}", room)
        seconds = (time.perf_counter() - started) / len(people)
        for result in results:
            want, seen = case.automatic if kind == "solved" else 0.0, ""
            right = True
            if kind == "mistake":
                name, mark = expected[result.student_id]
                want = case.automatic - mark.of + mark.points
                got = next(m for m in result.marks if m.name == name)
                right, seen = got.says == mark.says, name
            rows.append({
                "case": case.number, "kind": kind, "student": result.student_id, "status": result.status,
                "points": result.points, "expected": want, "question": seen,
                "ok": result.status == "graded" and abs(result.points - want) < 1e-9 and right,
                "seconds": round(seconds, 1),
            })  # fmt: skip
    return rows


# Hostile ------------------------------------------------------------------------------------------------


def snapshot(*folders):
    """Every file below, with its size and contents' digest."""
    found = {}
    for folder in folders:
        for home, _, files in os.walk(folder):
            for name in files:
                path = Path(home) / name
                if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
                    found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def strangers():
    """Processes of the users that the room gives to submissions, and any that carries a canary."""
    import psutil

    found = []
    for process in psutil.process_iter(["pid", "uids", "cmdline"]):
        uids, line = process.info["uids"], " ".join(process.info["cmdline"] or ())
        if (uids and 61_000 <= uids.real < 65_000) or "canary-daemon" in line or "runner.py" in line:
            found += [] if of_others(process) else [line[:80]]
    return found


def of_others(process):
    """Whether somebody else, who is alive, grades on this machine and waits for it."""
    import psutil

    try:
        graders = [p.pid for p in process.parents() if p.pid != 1 and p.name() not in ("bwrap", "setpriv")]
    except psutil.Error:
        return False
    return bool(graders) and os.getpid() not in graders


def attack_all(case, wanted, room, *, work):
    """Grade hostile submissions between two honest ones, and look after each for any trace of it."""
    handed, out, home = work / "submitted", work / "graded", work / "instructor"
    names = [asked.name for asked in case.key]
    people = [Student(f"h{i:02d}", f"=1+{i} <script>alert({i})</script>") for i in range(len(wanted))]
    honest = [Student("a-honest", "First"), Student("z-honest", "Last")]
    for path in (home, *(handed / person.student_id for person in (*people, *honest))):
        path.mkdir(parents=True)
    for person in honest:
        (handed / person.student_id / NOTEBOOK).write_text(json.dumps(case.notebook), encoding="utf-8")
    (home / f"{CANARY}.txt").write_text(CANARY)
    os.environ["CASEBOOK_SECRET"] = f"SECRET {CANARY}"
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.01)
    for person, hostile in zip(people, wanted, strict=True):
        put(handed / person.student_id, hostile, case, names, listener.getsockname()[1])
    guarded = [home, handed, case.folder, Path(__file__).resolve().parents[2] / "lib" / "casebook"]
    before, rows = snapshot(*guarded), []
    results = grade(Session(case, tuple(honest[:1])), handed, out, room)
    for person, hostile in zip(people, wanted, strict=True):
        (bad,) = grade(Session(case, (person,)), handed, out, room)
        traces = [path for path, digest in (before.items() ^ snapshot(*guarded).items())]
        traces += [p for top in ("/tmp", "/dev/shm") for p in Path(top).glob("*canary*")] + strangers()
        if called(listener):
            traces.append("a connection came in")
        said = "; ".join([bad.status, *list(bad.failed.values())[:2]])
        said = "ran to its end, found and changed nothing" if said == "graded" else said
        rows.append({
            "submission": hostile.name, "tries": hostile.tries, "what happened": readable(said)[:160],
            "points": bad.points, "traces": "; ".join(map(str, traces))[:200],
        })  # fmt: skip
        results.append(bad)
    listener.close()
    results += grade(Session(case, tuple(honest[1:])), handed, out, room)
    write_pages(case, results, out)
    write_gradebook(case, results, out)
    (out / "grades.csv").write_text(csv_text(grades_table(case, results)), encoding="utf-8")
    class_report(case, results, out)
    table = pd.DataFrame(rows)
    table["ok"] = (table["points"] == 0) & (table["traces"] == "")
    unharmed = results[0].points == results[-1].points == case.automatic
    return table, leftovers(out) + ([] if unharmed else ["an honest submission lost points"])


def put(folder, hostile, case, names, port):
    """Hand in a hostile submission."""
    if hostile.make:
        hostile.make(folder)
        return
    written = [question.name for question in case.written]
    text = notebook(
        [f"NAMES = {names!r}; PORT = {port}", *hostile.code], hostile.written, written, hostile.more
    )
    (folder / NOTEBOOK).write_text(text, encoding="utf-8")


def called(listener):
    """Whether somebody connected to the host."""
    try:
        listener.accept()
    except TimeoutError:
        return False
    return True


def leftovers(out):
    """Anything live in what the instructor opens: scripts, handlers, escapes, formulas, the canary."""
    found = []
    for path in out.rglob("*"):
        if path.suffix in {".html", ".csv", ".ipynb"} and path.is_file():
            text = path.read_text(encoding="utf-8")
            page = path.suffix == ".html"
            live = ("<script", "<img", "href=") if page else ()
            found += [f"{path.name}: {mark}" for mark in (*live, "\x1b", "\x07", CANARY) if mark in text]
        if path.suffix == ".ipynb" and "autograded" in path.parts:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            lines = [line for c in cells if c["metadata"].get("nbgrader", {}).get("solution")
                     and c["cell_type"] == "markdown" for line in c["source"].splitlines()]  # fmt: skip
            found += [
                f"{path.name}: {line[:40]}" for line in lines if "<" in line and not line.startswith("    ")
            ]
    return found


def readable(text):
    """Control characters shown, so that the table itself is harmless."""
    return "".join(c if c.isprintable() else "?" for c in str(text))


# The command --------------------------------------------------------------------------------------------


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--only", choices=["class", "hostile"])
    parser.add_argument("--folder", type=Path, default=TABLES)
    asked = parser.parse_args(arguments)
    good = True
    with tempfile.TemporaryDirectory() as name:
        work, cases = Path(name), all_cases()
        if asked.only != "hostile":
            rows = []
            for case in cases:
                many = asked.students if case is first(cases) else 3
                rows += grade_class(case, many, open_room(), work=work)
                print(f"{case.folder.name}: {many} students", flush=True)
            table = pd.DataFrame(rows)
            print(table.groupby(["case", "kind"])[["ok", "seconds"]].mean().to_string())
            print(table[~table["ok"]].to_string() if not table["ok"].all() else "All as expected.")
            good &= bool(table["ok"].all())
            sums = table.drop(columns="seconds").groupby(["case", "kind"], sort=False).agg(
                students=("student", "size"), as_expected=("ok", "sum"),
                least=("points", "min"), most=("points", "max"),
            )  # fmt: skip
            sums.reset_index().to_csv(asked.folder / "cases_graded.csv", index=False, lineterminator="\n")
        if asked.only != "class":
            room = open_room(limits=Limits(seconds=12, cell_seconds=5))
            table, live = attack_all(first(cases), HOSTILE, room, work=work)
            print(table.to_string(), "\n".join(live), sep="\n")
            good &= bool(table["ok"].all()) and not live
            table.to_csv(asked.folder / "hostile_submissions.csv", index=False, lineterminator="\n")
    return 0 if good else 1


def first(cases):
    """The case that is graded with a whole class: the quickest."""
    return cases[0]


if __name__ == "__main__":
    sys.exit(main())
