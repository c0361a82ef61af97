"""From a roster to a graded class: release, the locked room, marks from outside, gradebook, report."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from case_evidence import attack_all, grade_class, strangers
from hostile import HOSTILE, notebook
from hypothesis import given
from hypothesis import strategies as st
from lab_driver import running_lab

from casebook.cli import main
from casebook.course.cases import sandbox
from casebook.course.cases.answers import NotPlainError, pack, unpack
from casebook.course.cases.classroom import alike, mistakes, questions
from casebook.course.cases.desk import CaseCompany
from casebook.course.cases.feedback import feedback_page, shown
from casebook.course.cases.folder import all_cases, find_case
from casebook.course.cases.grading import (
    Result,
    Session,
    check_out,
    grade,
    grades_table,
    only_one,
    open_session,
    read_results,
    write_file,
)
from casebook.course.cases.key import FreshTables, Graded, Marked, Slip, work_out
from casebook.course.cases.release import release
from casebook.course.cases.roster import Student, fingerprint, read_roster, seed_of
from casebook.course.cases.sandbox import Limits, open_room
from casebook.course.cases.submission import find_submission
from casebook.course.kinds import Mapped, Names, Number, Table
from casebook.errors import TableError

CASE = find_case("01")  # the quickest; `make evidence` grades them all
PATIENT = Limits(seconds=240, cell_seconds=120)  # other tests run beside


# The roster ---------------------------------------------------------------------------------------------


def test_a_roster_is_read_with_its_names(tmp_path):
    (tmp_path / "roster.csv").write_text("\ufeffstudent_id,name\ns1,李 伟\ns2, Ann  B \n", encoding="utf-8")
    assert read_roster(tmp_path / "roster.csv") == [Student("s1", "李 伟"), Student("s2", "Ann B")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,name\ns1,A\n", "has no column student_id"),
        ("", "has no column name and no student_id"),
        ("student_id,name\ns1,A\nS1,B\n", "Lines 2 and 3 of roster.csv have the same id 'S1'"),
        ("student_id,name\n../s1,A\n", "Line 2 of roster.csv has the id '../s1'"),
        ("student_id,name\ns\uff11,A\n", "Line 2"),
        ("student_id,name\n,A\n", "Line 2"),
        ("student_id,name\n.hidden,A\n", "Line 2"),
        ("student_id,name\nCON,A\n", "Line 2 of roster.csv has the id 'CON', which cannot"),
        ("student_id,name\nnul.txt,A\n", "which cannot be a folder's name"),
        ("student_id,name\ns1.,A\n", "which cannot be a folder's name"),
        ("student_id,name\n", "lists nobody"),
        (f"student_id,name\ns1,{'x' * 200_000}\n", "is no CSV"),
    ],
)
def test_a_roster_that_cannot_be_used_says_which_line(tmp_path, text, says):
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=re.escape(says)):
        read_roster(tmp_path / "roster.csv")


def test_a_missing_roster_and_one_that_is_no_text_are_refused(tmp_path):
    (tmp_path / "roster.csv").write_bytes(b"\xff\xfe\x00")
    for path in ("roster.csv", "none.csv"):
        with pytest.raises(TableError, match=r"cannot be read|There is no roster"):
            read_roster(tmp_path / path)


def test_each_student_has_a_seed_that_hangs_on_the_secret():
    seeds = {seed_of(secret, f"s{i}") for secret in ("one secret", "two secrets") for i in range(200)}
    assert len(seeds) == 400
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert fingerprint("one secret") != fingerprint("two secrets")
    with pytest.raises(TableError, match="8 signs"):
        seed_of("short", "s1")


# Answers as plain data ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (3, Number()),
        (np.float64(0.25), Number()),
        (np.array(7), Number()),
        (pd.Series([2.5]), Number()),
        (["C1", "C2"], Names()),
        ({"C1", "C2"}, Names()),
        (pd.Index(["C1", "C2"]), Names()),
        (pd.Series(["C1", "C2"], index=[7, 9]), Names()),
        ({"A": 1, "B": 2.5}, Mapped()),
        (pd.Series({"A": 1, "B": 2}), Mapped()),
        (pd.DataFrame({"who": ["A", "B"], "n": [1, 2]}), Mapped()),
        (pd.DataFrame({"n": [1, 2]}, index=pd.Index(["A", "B"], name="who")), Table(("n",), key="who")),
        (pd.DataFrame({"who": ["A"], "day": [pd.Timestamp("2024-05-01")]}), Table(("day",), key="who")),
        (pd.DataFrame({"who": ["A", "B"], "n": [1.5, None]}), Table(("n",), key="who")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_answer_reads_the_same_on_both_sides(answer, kind):
    there, here = kind.read(answer), kind.read(unpack(pack(answer)))
    assert kind.gap(here, there) == ""


@pytest.mark.parametrize("answer", [..., None, [...], {"A": ...}])
def test_a_stub_stays_open(answer):
    assert unpack(pack(answer)) is ...


@pytest.mark.parametrize("answer", [len, object(), (x for x in "ab"), np.zeros((2, 2)), 10**400, 3 + 4j])
def test_what_is_no_answer_is_packed_all_the_same_and_earns_nothing(answer):
    asked = work_out(Graded("x", Number(), 5, lambda _: 1.0), {})
    assert asked.mark(unpack(pack(answer))).points == 0


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["is", "value", "values", "index", "rows", "columns", "day", "float", "x"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(_JSON, st.sampled_from(["one", "list", "column", "mapping", "table", "other", "open", "x"]))
def test_a_forged_line_is_an_answer_or_is_refused(packed, kind):
    if isinstance(packed, dict):
        packed["is"] = kind
    for kind_of in (Number(), Names(), Mapped(), Table(("x",), key="x")):
        right = _RIGHT[type(kind_of)]
        asked = work_out(Graded("x", kind_of, 5, lambda _, right=right: right), {})
        try:
            answer = unpack(json.dumps(packed))
        except NotPlainError:
            return
        assert asked.mark(answer).points == 0


_RIGHT = {
    Number: 123456.789,
    Names: ["unlikely one", "unlikely two"],
    Mapped: {"unlikely": 123456.789},
    Table: pd.DataFrame({"x": ["unlikely"]}),
}


@pytest.mark.parametrize(
    "packed",
    [
        {"is": "one", "value": {"day": "1" * 3_000_000}},
        {"is": "list", "values": [{"day": "5 Jan 2020 3pm"}] * 50_000},
        {"is": "one", "value": {"day": ["2020-01-01"]}},
        {"is": "table", "columns": ["a"] * 700_000, "rows": []},
        {"is": "table", "columns": [], "rows": [[]] * 700_000},
    ],
    ids=["a long day", "many odd days", "no day", "too many columns", "too many rows"],
)
def test_a_forged_answer_that_would_cost_hours_earns_nothing(packed):
    """Without bounds this would not come to an end; a test that hangs says where (faulthandler)."""
    line = json.dumps(packed)
    asked = work_out(Graded("x", Table(("x",), key="x"), 5, lambda _: _RIGHT[Table]), {})
    with contextlib.suppress(NotPlainError):
        assert asked.mark(unpack(line)).points == 0


def test_a_flood_of_lines_is_read_past():
    for flood in (b"\n" * 4_000_000, b"1\n" * 2_000_000, b"{\n" * 2_000_000):
        assert sandbox._read(flood).state == "stopped before its end"


def test_half_a_letter_can_be_written_to_a_file():
    packed = '{"is": "table", "columns": ["\\ud800"], "rows": [["\\udfff"]]}'
    assert unpack(packed).to_dict("list") == {"?": ["?"]}
    read = sandbox._read(b'{"failed": "\\ud800", "error": "\\ud800"}')
    assert read.failed == {"?": "?"}


@pytest.mark.parametrize("line", ["", "[", "nan", '"x"', "[]", '{"is": "list", "values": {}}', "1" * 5000])
def test_a_line_that_is_no_json_of_ours_is_refused(line):
    with pytest.raises(NotPlainError):
        unpack(line)


def test_a_mark_is_the_right_answers_then_a_mistakes_then_nothing():
    half = Slip(lambda _: 5.0, "Half of it.", points=2)
    asked = work_out(Graded("x", Number(unit="RMB"), 6, lambda _: 10.0, (half,), look="Look there."), {})
    got = [(m.points, m.state) for m in map(asked.mark, (10, 5, 7, ..., "10", None, float("nan")))]
    assert got == [
        (6, "right"),
        (2, "slip"),
        (0, "wrong"),
        (0, "open"),
        (0, "wrong"),
        (0, "open"),
        (0, "wrong"),
    ]
    assert asked.mark(7).says.endswith("Look there.")


def test_who_goes_on_rightly_from_a_wrong_number_loses_its_points_once():
    doubled = Graded("y", Number(), 4, lambda _: 20.0, follows=lambda _, own: 2 * own["x"])
    ready = work_out(doubled, {})
    tries = ((20, {}), (14, {"x": 7.0}), (14, {}), (14, {"z": 7.0}))
    assert [ready.mark(y, own).points for y, own in tries] == [4, 4, 0, 0]
    assert ready.mark(14, {"x": 7.0}).says == "Right for your own earlier answers, one of which is off."


def test_the_model_case_carries_a_wrong_margin_forward():
    """In case 09 a margin before selling costs one point, and the sums that follow from it none."""
    case, company = find_case("09"), CaseCompany(None)
    tables = FreshTables(company, case.tables)
    key = {asked.name: work_out(asked, tables) for asked in case.key}
    own = {"margin": key["margin"].wrong[0][0], "usual_days": 50.0, "limit": 1_000.0}
    for name in ("xu_bo", "lin_yao", "break_even", "over", "sixty"):
        carried = key[name].asked.follows(tables, own)
        assert key[name].mark(carried).state != "right"
        assert key[name].mark(carried, own).points == key[name].asked.points
    # and from right answers the right ones follow
    right = {name: ready.right for name, ready in key.items()}
    for name in ("xu_bo", "lin_yao", "break_even", "over", "sixty"):
        assert not key[name].asked.kind.gap(key[name].asked.follows(tables, right), key[name].right)


@pytest.mark.parametrize(
    ("right", "given", "carried"),
    [
        (100.0, 150.0, True),
        (100.0, -20.0, True),
        (100.0, 1e300, False),  # beside it nothing else counts
        (100.0, 0.0, False),
        ({"a": 100.0, "b": 0.0}, {"a": 0.0, "b": 30.0}, True),
        ({"a": 100.0, "b": 0.0}, {"a": 1e300, "b": 0.0}, False),
        ({"a": 100.0, "c": "B"}, {"a": float("nan"), "c": "A"}, False),
        ({"a": 100.0, "c": "B"}, {"a": 90.0, "c": "A"}, True),
    ],
)
def test_later_answers_build_only_on_a_wrong_one_of_the_right_size(right, given, carried):
    kind = Mapped() if isinstance(right, dict) else Number()
    assert work_out(Graded("x", kind, 5, lambda _: right), {}).carries(given) is carried


# What is handed in --------------------------------------------------------------------------------------


def put(folder, text="", name="case.ipynb"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or notebook(["x = 1"], "My view.", ["memo"]), encoding="utf-8")
    return path


def test_a_submission_is_found_in_its_folder_or_beside_the_others(tmp_path):
    put(tmp_path / "s1" / "case09")
    put(tmp_path / "s1" / "case09" / ".ipynb_checkpoints", name="case-checkpoint.ipynb")
    put(tmp_path / "s1", name="notes/other.ipynb")
    put(tmp_path, name="s2.ipynb")
    for student in ("s1", "s2"):
        found = find_submission(tmp_path, student)
        assert (found.problem, found.written) == ("", {"memo": "My view."})
        assert [cell["source"] for cell in found.cells] == ["x = 1"]
    assert find_submission(tmp_path, "s3").problem == "Nothing was handed in."


def test_half_letters_and_odd_names_of_cells_stop_nobody(tmp_path):
    cells = [
        {"cell_type": "code", "id": "\ud800", "source": "x = '\ud800'"},
        {"cell_type": "code", "id": [[[[]]]], "source": ["y", "\ud800"]},
        {
            "cell_type": "markdown",
            "source": "a \ud83d",
            "metadata": {"nbgrader": {"grade_id": "memo", "solution": 1}},
        },
    ]
    put(tmp_path / "s1", json.dumps({"cells": cells}))
    found = find_submission(tmp_path, "s1")
    assert found.cells == [{"id": "?", "source": "x = '?'"}, {"id": "number 2", "source": "y?"}]
    assert found.written == {"memo": "a ?"}


def test_a_submission_that_breaks_its_reader_is_a_problem_of_its_own(tmp_path, monkeypatch):
    put(tmp_path / "s1")
    monkeypatch.setattr("casebook.course.cases.submission._taken_apart", lambda *_: 1 / 0)
    assert find_submission(tmp_path, "s1").problem == "What was handed in cannot be read: ZeroDivisionError."


def test_two_notebooks_are_not_guessed_between(tmp_path):
    put(tmp_path / "s1", name="a.ipynb")
    put(tmp_path / "s1", name="b.ipynb")
    assert find_submission(tmp_path, "s1").problem == "2 notebooks were handed in: keep one."


def test_the_words_of_the_form_are_no_answer(tmp_path):
    put(tmp_path / "s1", notebook([], "YOUR ANSWER HERE", ["memo"]))
    assert find_submission(tmp_path, "s1").written == {"memo": ""}


@pytest.mark.parametrize("hostile", [h for h in HOSTILE if h.make], ids=lambda h: h.name)
def test_what_is_no_notebook_is_refused_in_a_sentence(tmp_path, hostile):
    (tmp_path / "s1").mkdir()
    hostile.make(tmp_path / "s1")
    found = find_submission(tmp_path, "s1")
    assert found.problem or not any(cell["source"].strip() for cell in found.cells)


# The locked room ----------------------------------------------------------------------------------------


def run(room, tmp_path, *code, names=("x",)):
    company = tmp_path / "company"
    company.mkdir(exist_ok=True)
    (company / "schema.json").write_text('{"company": {"name_en": "A", "name_zh": "B"}}')
    cells = [{"id": f"c{i}", "source": source} for i, source in enumerate(code)]
    return room.run(cells, names, company)


def test_a_cell_that_fails_stops_no_other_and_is_told(tmp_path):
    outcome = run(
        open_room(limits=PATIENT),
        tmp_path,
        "x = 1",
        "1 / 0",
        "x += 1\nhand_in = print\nhand_in('x', x)",
        "x = 9",
    )
    assert outcome.state == "done"
    assert unpack(outcome.answers["x"]) == 2  # as it was when it was handed in
    assert outcome.failed == {"c1": "ZeroDivisionError: division by zero"}


def test_the_room_shows_the_company_and_nothing_else(tmp_path):
    outcome = run(
        open_room(limits=PATIENT), tmp_path,
        "import os\nx = [str(os.getuid()), *sorted(os.listdir('company')), *sorted(os.environ)]",
        "y = [name for name in os.listdir('/') if name in ('home', 'var', 'tmp', 'mnt')]",
        names=("x", "y"),
    )  # fmt: skip
    user, *rest = unpack(outcome.answers["x"])
    assert int(user) >= 61_000
    assert rest[0] == "schema.json"
    assert not [name for name in rest if "SECRET" in name or "CASEBOOK" in name]
    assert str(Path.cwd()) not in str(outcome.answers)


def test_what_is_private_is_empty_in_the_room_wherever_it_lies(tmp_path, monkeypatch):
    """A checkout inside a folder that Python needs: /usr/src, or an environment around it."""
    top = tmp_path / "prefix"
    for path in ("casework/09/key.py", "lib/module.py", "graded/s1.json", "secret.txt", "graded/env/own.py"):
        put(top, "canary", name=path)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    needed = [*sandbox._needed(), str(top), str(top / "graded" / "env")]
    monkeypatch.setattr(sandbox, "_needed", lambda: needed)
    hidden = (top / "casework", top / "graded", top / "secret.txt", top / "none")
    look = f"import os\nx = [f for _, _, files in os.walk({str(top)!r}) for f in files]\n"
    read = f"try: y = open({str(top / 'secret.txt')!r}).read()\nexcept OSError: y = 'refused'"
    write = f"try: z = open({str(top / 'graded' / 'x')!r}, 'w').write('x')\nexcept OSError: z = 'refused'"
    outcome = run(
        open_room(limits=PATIENT, hidden=hidden), tmp_path, look + read, write, names=("x", "y", "z")
    )
    assert sorted(unpack(outcome.answers["x"])) == ["module.py", "own.py", "secret.txt"]
    assert unpack(outcome.answers["y"]) in ("", "refused")
    assert unpack(outcome.answers["z"]) == "refused"


def test_of_a_prefix_only_the_usual_parts_are_shown():
    shown = sandbox._needed()
    assert not {"/usr", sys.prefix, sys.base_prefix} & set(shown)
    assert not [path for path in shown if Path(path) in (CASE.folder, *CASE.folder.parents)]


@pytest.mark.parametrize("trusted", [True, False])
def test_a_process_left_behind_holds_up_nobody(tmp_path, trusted):
    drip = next(hostile for hostile in HOSTILE if hostile.name == "hangs on")
    room = open_room(trusted=trusted, limits=Limits(seconds=60, cell_seconds=30))
    outcome = run(room, tmp_path, "x = 1", *drip.code)
    assert outcome.state == "done"
    assert outcome.seconds < 60
    assert not strangers()


@pytest.mark.parametrize("limits", [Limits(seconds=0), Limits(seconds=float("nan")), Limits(memory_mb=-1)])
def test_limits_that_no_submission_can_keep_are_refused(limits):
    with pytest.raises(TableError, match="a second or more"):
        open_room(limits=limits)


def test_without_bubblewrap_grading_refuses_unless_trusted(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    with pytest.raises(TableError, match=r"apt install bubblewrap.*--trusted"):
        open_room()
    assert open_room(trusted=True).trusted


def test_a_room_that_the_machine_forbids_is_refused_too(monkeypatch):
    monkeypatch.setattr(sandbox, "_bubblewrap", lambda *_: ["sh", "-c", "echo not allowed >&2; exit 1", "--"])
    with pytest.raises(TableError, match=r"may not make one here \(not allowed\)"):
        open_room()


def test_trusted_runs_without_the_room_and_with_limits(tmp_path):
    room = open_room(trusted=True, limits=Limits(seconds=60, cell_seconds=20))
    outcome = run(room, tmp_path, "import os\nx = os.path.isfile('company/schema.json')")
    assert unpack(outcome.answers["x"]) is True
    assert run(room, tmp_path, "import os; os._exit(3)").state == "stopped before its end"


QUICK = (
    "reads hidden tests", "reads the environment", "patches the check", "forges the answers",
    "evil objects", "exits the kernel", "writes outside", "breaks out", "opens sockets",
    "script in pages", "terminal escapes", "formulas", "kills others", "link to the key", "zip bomb",
    "fork bomb", "memory bomb", "flood of lines", "costly days", "half a letter", "hangs on",
)  # fmt: skip


def test_hostile_submissions_gain_nothing_and_leave_no_trace(tmp_path):
    """Some of them; `make evidence` grades all and writes the table."""
    wanted = [hostile for hostile in HOSTILE if hostile.name in QUICK]
    assert len(wanted) == len(QUICK)
    table, live = attack_all(
        CASE, wanted, open_room(limits=Limits(seconds=120, cell_seconds=40)), work=tmp_path
    )
    assert table[~table["ok"]].to_dict("records") == []
    assert live == []


def test_the_stored_table_tells_of_every_hostile_submission():
    table = pd.read_csv(Path(__file__).parent / "evidence" / "hostile_submissions.csv")
    assert list(table["submission"]) == [hostile.name for hostile in HOSTILE]
    assert len(table) >= 25
    assert table["ok"].all()


# A class ------------------------------------------------------------------------------------------------


def test_a_class_solved_blank_and_with_a_mistake_each_earns_what_is_expected(tmp_path):
    """Three of each, a company each; `make evidence` grades thirty of each."""
    rows = pd.DataFrame(grade_class(CASE, 3, open_room(limits=PATIENT), work=tmp_path))
    assert rows[~rows["ok"]].to_dict("records") == []
    assert rows.groupby("kind")["points"].max().to_dict()["solved"] == CASE.automatic


def test_the_stored_classes_earned_what_was_expected():
    table = pd.read_csv(Path(__file__).parent / "evidence" / "cases_graded.csv", dtype={"case": str})
    assert sorted(table["case"].unique()) == [case.number for case in all_cases()]
    assert (table["as_expected"] == table["students"]).all()
    assert table["students"].max() == 30


def commands_of_the_kit():
    """The commands that casework/README.md tells an instructor, in their order."""
    text = (Path(__file__).parents[1] / "casework" / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:bash|sh|console)\n(.*?)```", text, flags=re.DOTALL)
    return [line for block in blocks for line in block.replace("\\\n", " ").splitlines() if line.strip()]


def test_a_cold_reader_grades_a_class_of_three_by_the_commands_of_the_kit(tmp_path):
    """Each command of casework/README.md as it stands, in one folder, with the real program."""
    lines = commands_of_the_kit()
    assert any("casebook case release" in line for line in lines)
    (tmp_path / "casework").symlink_to(Path(__file__).parents[1] / "casework")  # the folder of the project
    script = "\n".join(
        [
            "set -euo pipefail",
            *(line for line in lines if not re.match(r"\s*(sudo |git |cd |make |source |jupyter )", line)),
        ]
    )
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=1200,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    graded = next(tmp_path.rglob("grades.csv"))
    grades = pd.read_csv(graded)
    assert len(grades) == 3
    assert (graded.parent / "report.html").is_file()
    assert len(list((graded.parent / "feedback").glob("*.html"))) == 3


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Two students of the sample company: one with the model answer, one with nothing."""
    home = tmp_path_factory.mktemp("class")
    (home / "roster.csv").write_text("student_id,name\ns1,Ann\ns2,=cmd|x\ns3,Cy\n")
    assert (
        main(
            [
                "case",
                "release",
                CASE.number,
                "--students",
                str(home / "roster.csv"),
                "--out",
                str(home / "out"),
            ]
        )
        == 0
    )
    put(home / "out" / "submitted" / "s1", json.dumps(CASE.notebook))
    put(home / "out" / "submitted" / "s2", (home / "out/students/s2" / CASE.name / "case.ipynb").read_text())
    assert grade_again(home) == 0
    return home / "out"


def grade_again(home):
    return main(
        [
            "case",
            "grade",
            str(home / "out" / "submitted"),
            "--out",
            str(home / "out" / "graded"),
            "--seconds",
            "600",
        ]
    )


def test_grades_name_every_student_and_are_safe_in_a_spreadsheet(graded):
    text = (graded / "graded" / "grades.csv").read_text()
    table = pd.read_csv(graded / "graded" / "grades.csv")
    assert list(table["student_id"]) == ["s1", "s2", "s3"]
    assert list(table["automatic"]) == [CASE.automatic, 0, 0]
    assert list(table["status"]) == ["graded", "graded", "Nothing was handed in."]
    assert "'=cmd|x" in text
    assert pd.isna(table["total"].iloc[0])  # nobody has read it yet
    assert table["total"].iloc[1] == 0


def test_what_is_graded_is_not_run_again_and_a_new_submission_is(graded, capsys):
    before = {p.name: p.stat().st_mtime_ns for p in (graded / "graded" / "results").iterdir()}
    changed = graded / "submitted" / "s2" / "case.ipynb"
    changed.write_text(changed.read_text().replace('"nbformat": 4', '"nbformat":  4'))
    assert grade_again(graded.parent) == 0
    after = {p.name: p.stat().st_mtime_ns for p in (graded / "graded" / "results").iterdir()}
    assert [name for name in after if after[name] != before[name]] == ["s2.json"]


def test_a_page_of_feedback_and_one_for_the_reader(graded):
    page = (graded / "graded" / "feedback" / "s1.html").read_text()
    assert f"{CASE.automatic:g} of {CASE.automatic:g} points by rule" in page
    for question in CASE.written:
        reading = (graded / "graded" / "to_read" / f"{question.name}.html").read_text()
        assert "Blank: 2" in reading
        assert "<table>" in reading


def test_a_readers_points_of_nbgraders_gradebook_come_into_the_grades(graded):
    from casebook.course.cases.gradebook import _open

    with _open(graded / "graded") as book:
        for question in CASE.written:
            grade = book.find_grade(question.name, "case", CASE.name, "s1")
            assert grade.needs_manual_grade
            grade.manual_score = question.points - 1
        comment = book.find_comment(CASE.written[0].name, "case", CASE.name, "s1")
        comment.manual_comment = "Name <b>whom</b> it hurts."
        book.db.commit()
    assert grade_again(graded.parent) == 0
    first_row = pd.read_csv(graded / "graded" / "grades.csv").iloc[0]
    assert first_row["total"] == 100 - len(CASE.written)
    page = (graded / "graded" / "feedback" / "s1.html").read_text()
    assert f"{100 - len(CASE.written)} of 100 points" in page
    assert "Name &lt;b&gt;whom&lt;/b&gt; it hurts." in page


def test_a_reader_sees_a_students_own_figures_and_code_that_cannot_be_run_by_mistake(graded):
    answers = json.loads((graded / "graded" / "results" / "s1.json").read_text())["answers"]
    reading = (graded / "graded" / "to_read" / f"{CASE.written[0].name}.html").read_text()
    for name, value in answers.items():
        assert name in reading
        assert shown(value[:40]) in reading
    book = json.loads((graded / "graded" / "autograded" / "s1" / CASE.name / "case.ipynb").read_text())
    cells = {
        c["metadata"]["nbgrader"]["grade_id"]: c["source"] for c in book["cells"] if c["cell_type"] == "code"
    }
    for asked in CASE.key:
        lines = cells[f"answer-{asked.name}"].splitlines()
        assert len(lines) > 1
        assert all(line.startswith("#") for line in lines)


def test_a_student_whose_cell_stopped_is_told_so_by_the_answers_name(tmp_path):
    cell = {"cell_type": "code", "id": "c", "source": "payers = 1 / 0", "outputs": [],
            "metadata": {"nbgrader": {"grade_id": "answer-payers", "solution": True}}}  # fmt: skip
    handed, out = tmp_path / "handed", tmp_path / "out"
    put(handed / "s1", json.dumps({"cells": [cell]}))
    (only,) = grade(Session(CASE, (Student("s1", "A"),)), handed, out, open_room(limits=PATIENT))
    page = feedback_page(CASE, only, {}, {})
    assert "Its cell stopped: ZeroDivisionError: division by zero" in page
    assert "the cell payers: ZeroDivisionError" in page


def test_points_on_a_text_that_changed_since_are_given_anew(graded):
    from casebook.course.cases.gradebook import _open, manual_points, write_gradebook

    out, first_result = graded / "graded", read_results(graded / "graded")[0]
    name, points = CASE.written[0].name, CASE.written[0].points - 1
    write_gradebook(CASE, [first_result], out)
    assert manual_points(CASE, out)["s1", name] == points  # the same text: they stay
    first_result.written[name] += " And one sentence more."
    write_gradebook(CASE, [first_result], out)
    assert ("s1", name) not in manual_points(CASE, out)
    with _open(out) as book:
        assert book.find_grade(name, "case", CASE.name, "s1").needs_manual_grade
        comment = book.find_comment(name, "case", CASE.name, "s1").manual_comment
    assert comment.endswith(f"The text changed after {points:g} points were given.")


def test_a_mark_by_rule_that_a_reader_puts_right_comes_into_the_grades(graded):
    """Until the answer or the key changes."""
    from casebook.course.cases.gradebook import _open, manual_points, write_gradebook

    out, results = graded / "graded", read_results(graded / "graded")[:1]
    mark = results[0].marks[0]
    with _open(out) as book:
        book.find_grade(mark.name, "case", CASE.name, "s1").manual_score = mark.points - 1
        book.db.commit()
    write_gradebook(CASE, results, out)
    row = grades_table(CASE, results, manual_points(CASE, out)).iloc[0]
    assert (row[mark.name], row["automatic"]) == (mark.points - 1, CASE.automatic - 1)
    results[0].marks[0] = dataclasses.replace(mark, points=mark.points - 2)
    write_gradebook(CASE, results, out)
    assert ("s1", mark.name) not in manual_points(CASE, out)


def test_nbgrader_makes_its_feedback_of_our_marks(graded):
    """The real program on the folder that we wrote; its autograder finds nothing to run."""
    scripts = Path(sys.executable).parent
    env = {
        **os.environ,
        "PATH": f"{scripts}:{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(graded / "none"),
    }
    for job, code in (("generate_feedback", 0), ("autograde", 1)):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", job, CASE.name], cwd=graded / "graded", capture_output=True,
            text=True,            check=False, env=env, timeout=300,
        )  # fmt: skip
        assert bool(done.returncode) == bool(code), done.stderr[-1000:]
    page = next((graded / "graded" / "feedback" / "s1" / CASE.name).glob("*.html")).read_text()
    assert "Score" in page


def test_formgrader_shows_the_class_in_a_real_lab(graded, tmp_path):
    with running_lab(graded / "graded", tmp_path) as url:
        page = f"{url}/formgrader/api/submissions/{CASE.name}"
        with urllib.request.urlopen(page, timeout=60) as answer:
            found = {row["student"]: row for row in json.load(answer)}
    assert found["s1"]["max_score"] == 100
    assert found["s1"]["autograded"]


def test_another_secret_is_refused(tmp_path):
    (tmp_path / "roster.csv").write_text("student_id,name\ns1,A\n")
    release(CASE, tmp_path / "out", [Student("s1", "A")], secret="the secret of the course")
    (tmp_path / "out" / "submitted").mkdir()
    with pytest.raises(TableError, match="needs the course's secret"):
        open_session(tmp_path / "out" / "submitted")
    with pytest.raises(TableError, match="not the secret"):
        open_session(tmp_path / "out" / "submitted", secret="another secret")
    assert (
        open_session(tmp_path / "out" / "submitted", secret="the secret of the course").case.number
        == CASE.number
    )
    everything = "".join(p.read_text() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert "the secret of the course" not in everything
    assert str(seed_of("the secret of the course", "s1")) not in everything


@pytest.mark.parametrize(
    "wrong",
    [
        "{", "[]", '{"case": "09"}', '{"case": "s1", "sister": false, "secret": null, "students": []}',
        '{"case": "09", "sister": true, "secret": null, "students": []}',
        '{"case": "09", "sister": false, "secret": null, "students": [{"student_id": "../x", "name": ""}]}',
        '{"case": "09", "sister": false, "secret": null, "students": [{"id": "x"}]}',
    ],
)  # fmt: skip
def test_a_forged_release_is_refused(tmp_path, wrong):
    (tmp_path / "release.json").write_text(wrong)
    with pytest.raises(TableError, match=r"is not as|an id becomes a folder"):
        open_session(tmp_path)


def test_a_number_is_never_a_folder_of_a_student(tmp_path, monkeypatch):
    """The instructor stands among the submissions, and a student called 09 handed in a key.py."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "09", "raise SystemExit('run as the instructor')", name="key.py")
    put(tmp_path / "77", "raise SystemExit('run as the instructor')", name="key.py")
    assert find_case("09").folder.parent.name == "casework"
    with pytest.raises(TableError, match="no case '77'"):
        find_case("77")


def test_results_go_only_where_they_harm_nothing(tmp_path):
    handed = tmp_path / "submitted"
    handed.mkdir()
    (tmp_path / "old" / "source" / "case77").mkdir(parents=True)
    (tmp_path / "file").write_text("x")
    for out, says in (
        (handed, "among the submissions"),
        (handed / "graded", "among the submissions"),
        (tmp_path, "holds a folder 'submitted'"),
        (tmp_path / "old", "holds the results of case77"),
        (tmp_path / "file", "is a file"),
    ):
        with pytest.raises(TableError, match=says):
            check_out(CASE, handed, out)
    check_out(CASE, handed, tmp_path / "new")


def test_two_graders_do_not_write_to_one_folder(tmp_path):
    with only_one(tmp_path), pytest.raises(TableError, match="Somebody else is grading"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    write_file(tmp_path / "grades.csv", "old")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(TableError, match="No space left"):
        write_file(tmp_path / "grades.csv", "new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("grades.csv", "old")]


def test_a_gradebook_that_cannot_be_read_is_told(tmp_path):
    from casebook.course.cases.gradebook import manual_points

    (tmp_path / "gradebook.db").write_text("no database, but long enough to look at" * 50)
    with pytest.raises(TableError, match="close formgrader"):
        manual_points(CASE, tmp_path)


class OddRoom:
    """Stands for a room whose runs end as told."""

    def __init__(self, state, seconds):
        self.state, self.limits, self.hidden, self.runs = state, Limits(seconds=seconds), (), 0

    def run(self, *_):
        self.runs += 1
        return sandbox.Outcome(self.state)


def test_a_run_that_was_stopped_is_tried_again_with_other_limits(tmp_path, monkeypatch):
    monkeypatch.setattr("casebook.course.cases.grading.replace", lambda room, **_: room)
    put(tmp_path / "in" / "s1")

    def runs(state, seconds, name="A"):
        room = OddRoom(state, seconds)
        (found,) = grade(Session(CASE, (Student("s1", name),)), tmp_path / "in", tmp_path / "out", room)
        assert found.name == name
        assert read_results(tmp_path / "out")[0].name == name
        return room.runs

    slow, short = "stopped after 5 seconds", sandbox._SHORT_OF_MEMORY
    assert [runs(slow, 5), runs(slow, 5), runs(slow, 9), runs(slow, 9)] == [1, 0, 1, 0]
    assert [runs(short, 10), runs(short, 10)] == [1, 1]  # the machine's fault
    assert [runs("done", 11), runs("done", 11), runs("done", 20, "B")] == [1, 0, 0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("release 77 --out OUT", "There is no case '77'"),
        ("release CASE --sister --students ROSTER --out OUT", "CASEBOOK_SECRET"),
        ("release CASE --students NONE --out OUT", "There is no roster"),
        ("release CASE --out .", "is not empty"),
        ("release CASE --out roster.csv/out", "cannot be written"),
        ("grade . --case CASE --students ROSTER --out OUT/..", "among the submissions"),
        ("grade NONE --out OUT", "no folder"),
        ("grade . --out OUT", "Which case is it?"),
        ("grade . --case CASE --out OUT", "Name the roster"),
        ("report .", "no graded case"),
    ],
)
def test_a_command_that_makes_no_sense_says_so_and_writes_nothing(words, says, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("CASEBOOK_SECRET", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roster.csv").write_text("student_id,name\ns1,A\n")
    known = {"CASE": CASE.number, "ROSTER": "roster.csv", "OUT": "out", "NONE": "none"}
    assert main(["case", *(known.get(word, word) for word in words.split())]) == 2
    assert says in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["roster.csv"]


# The class's picture ------------------------------------------------------------------------------------


def result(student, *marks, answers=None):
    made = [Marked(f"q{i}", points, 2, state, says) for i, (points, state, says) in enumerate(marks)]
    return Result(student, student, "graded", made, answers or {}, digest="x")


RIGHT, SLIP, WRONG = (2, "right", "Right."), (1, "slip", "Half of it."), (0, "wrong", "Too large.")


def test_difficulty_and_discrimination_by_hand():
    """Four students, two questions: points 2 2 1 0 and 2 2 0 0."""
    rows = [
        result("a", RIGHT, RIGHT),
        result("b", RIGHT, RIGHT),
        result("c", SLIP, WRONG),
        result("d", WRONG, WRONG),
    ]
    table = questions(rows).set_index("question")
    assert table["difficulty"].to_dict() == {"q0": pytest.approx(5 / 8), "q1": pytest.approx(0.5)}
    assert table.loc["q0", "discrimination"] == pytest.approx(3 / np.sqrt(2.75 * 4))
    assert table[["right", "wrong", "open"]].to_numpy().tolist() == [[2, 2, 0], [2, 2, 0]]
    assert mistakes(rows).to_dict("records") == [{"question": "q0", "mistake": "Half of it.", "students": 1}]


def test_pairs_with_the_same_wrong_numbers_are_found_and_common_mistakes_are_not():
    same = {"q0": "1.25", "q1": "7"}
    rows = [result("a", WRONG, WRONG, answers=same), result("b", WRONG, WRONG, answers=same),
            result("c", SLIP, SLIP, answers=same),
            result("d", WRONG, WRONG, answers={"q0": "1.25", "q1": "8"})]  # fmt: skip
    assert alike(rows).to_dict("records") == [{"one": "a", "other": "b", "shared": 2, "questions": "q0, q1"}]
    many = [result(f"s{i}", WRONG, WRONG, answers=same) for i in range(8)]
    assert alike(many).empty


def test_what_a_student_writes_is_shown_and_never_run():
    assert shown("<script>\x1b[2J\u202e&") == "&lt;script&gt;␣[2J␣&amp;"


def test_find_case_knows_numbers_names_and_folders():
    assert (
        find_case(CASE.number).folder == find_case(CASE.folder.name).folder == find_case(CASE.folder).folder
    )
