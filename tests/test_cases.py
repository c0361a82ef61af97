"""Every case keeps its form: key and notebook agree, the key holds on sister companies, nothing leaks."""

from __future__ import annotations

import ast
import json
import re

import pytest

from casebook.company.simulate import simulate
from casebook.course import kinds
from casebook.course.cases.desk import CaseCompany
from casebook.course.cases.folder import all_cases, casework
from casebook.course.cases.key import FreshTables, work_out
from casebook.course.cases.release import leaks, secret_lines, student_version
from casebook.course.cases.trial import try_key
from casebook.course.checks import all_checks
from casebook.course.content import lesson

CASES = all_cases()
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder.name)


@pytest.fixture(scope="module")
def sisters():
    return [(seed, simulate(seed)) for seed in (1, 2)]


def words(text):
    return len(re.findall(r"[\w'’-]+", text))


def cells(case, cell_type, **about):
    return [
        cell
        for cell in case.notebook["cells"]
        if cell["cell_type"] == cell_type and about.items() <= cell["metadata"].get("nbgrader", {}).items()
    ]


@every_case
def test_a_brief_has_two_pages_and_the_instructor_has_notes(case):
    assert 500 <= words((case.folder / "brief.md").read_text(encoding="utf-8")) <= 1000
    notes = (case.folder / "notes.md").read_text(encoding="utf-8")
    assert words(notes) > 250
    needed = case.folder / "what_you_need.md"
    assert not needed.exists() or words(needed.read_text(encoding="utf-8")) <= 600


@every_case
def test_the_points_add_up_to_a_hundred_in_notebook_and_rubric(case):
    written = sum(question.points for question in case.written)
    assert case.automatic + written == 100
    assert 40 <= case.automatic <= 70
    assert 8 <= len(case.key) <= 16
    assert 2 <= len(case.written) <= 5
    rubric = (case.folder / "rubric.md").read_text(encoding="utf-8").split("\n## ")[0]
    rows = [line.strip().strip("|").split("|") for line in rubric.splitlines() if line.startswith("|")]
    points = [float(row[1]) for row in rows if re.fullmatch(r"\s*\d+(\.\d+)?\s*", row[1])]
    names = set(re.findall(r"`([a-z0-9_]+)`", rubric))
    assert sum(points) in (100, 200)  # with a row of the sum, or without
    assert {asked.name for asked in case.key} | {q.name for q in case.written} <= names


@every_case
def test_a_rubric_describes_the_levels_of_each_written_answer(case):
    for question in case.written:
        rows = [line for line in question.rubric.splitlines() if line.startswith("|")]
        assert len(rows) >= 6, question.name  # head, rule, four levels
        assert "lso accept" in question.rubric, question.name


@every_case
def test_the_key_holds_on_sister_companies(case, sisters):
    assert try_key(case, sisters) == []


@every_case
def test_a_wrong_number_of_one_company_is_wrong_on_another_and_so_is_a_right_one(case, sisters):
    """What a student copies from a neighbour earns nothing, but where the data are the same for all."""
    shipped = CaseCompany(None)
    here = FreshTables(shipped, case.tables)
    sister = FreshTables(sisters[0][1], case.tables)
    copied = lost = 0
    for asked in case.key:
        ours, theirs = work_out(asked, here), work_out(asked, sister)
        if not asked.same_everywhere:
            copied += 1
            lost += theirs.mark(ours.right).state != "right"
    assert lost >= 0.75 * copied


@every_case
def test_each_mistake_has_words_of_its_own_and_earns_less_than_the_right_answer(case):
    for asked in case.key:
        says = [slip.says for slip in asked.slips]
        assert says, f"{asked.name} foresees no mistake"
        assert len(set(says)) == len(says)
        assert all(0 <= slip.points < asked.points for slip in asked.slips)
        assert asked.look


@every_case
def test_the_stored_source_earns_every_point(case):
    for cell in cells(case, "code", grade=True):
        assert any("✓" in str(output) for output in cell["outputs"]), cell["id"]


@every_case
def test_the_notebook_asks_for_the_kind_that_the_key_reads(case):
    keyed = {asked.name: asked.kind for asked in case.key}
    for cell in cells(case, "code", grade=True):
        call = ast.parse(cell["source"].splitlines()[0]).body[0].value
        assert call.func.id == "hand_in"
        name, kind = ast.literal_eval(call.args[0]), call.args[2]
        assert name == cell["metadata"]["nbgrader"]["grade_id"] == call.args[1].id
        shown = eval(ast.unparse(kind), vars(kinds).copy())  # our own notebook
        assert type(shown) is type(keyed[name])
        for field in ("options", "columns", "key", "share", "unit", "counted", "what", "ordered"):
            assert getattr(shown, field, None) == getattr(keyed[name], field, None), (name, field)


@every_case
def test_practice_is_checked_and_every_check_is_used(case):
    used = {
        name
        for cell in case.notebook["cells"]
        for name in re.findall(rf'check\("({case.name}\.\w+)"', cell["source"])
    }
    assert used == {check.name for check in all_checks() if check.name.startswith(f"{case.name}.")}
    assert 3 <= len(used) <= 8
    assert not {name.partition(".")[2] for name in used} & {asked.name for asked in case.key}


@every_case
def test_a_student_gets_no_solution_no_hidden_test_and_no_output(case):
    made = student_version(case)
    text = "\n".join(cell["source"] for cell in made["cells"])
    assert len(secret_lines(case)) > 20
    assert leaks(case, {"case.ipynb": json.dumps(made)}) == []
    assert not re.search(r"BEGIN|HIDDEN|mark\(", text)
    assert not any(cell.get("outputs") for cell in made["cells"])
    assert len(made["cells"]) == len(case.notebook["cells"])


@every_case
def test_the_search_for_leaks_finds_each_secret_line(case):
    for line in secret_lines(case):
        page = {"cells": [{"cell_type": "code", "source": f"x = 1\n{line}\n", "metadata": {}, "outputs": []}]}
        assert leaks(case, {"case.ipynb": json.dumps(page)}), line


def renderings(right):
    """How a right answer could stand in a text; short ones, which stand anywhere by chance, are left out."""
    if isinstance(right, float):
        forms = {f"{right:{comma}.{digits}f}" for comma in ("", ",") for digits in range(7)} | {
            f"{right:.10g}"
        }
        return {form for form in forms if len(re.sub(r"\D", "", form).strip("0")) >= 4}
    if isinstance(right, dict):
        return set().union(*(renderings(value) for value in right.values()))
    if isinstance(right, list) and len(right) > 1:
        return {joint.join(right) for joint in (", ", " ", "', '", '", "')}
    return set()


@every_case
def test_no_value_of_the_key_stands_in_what_a_student_gets(case):
    shipped = CaseCompany(None)
    company = FreshTables(shipped, case.tables)
    papers = [
        case.folder / name for name in ("brief.md", "what_you_need.md") if (case.folder / name).exists()
    ]
    texts = [
        json.dumps(student_version(case), ensure_ascii=False),
        *(p.read_text(encoding="utf-8") for p in papers),
    ]
    for asked in case.key:
        if asked.same_everywhere:
            continue  # worked out from numbers that the text itself gives
        for form in renderings(work_out(asked, company).right):
            found = [text for text in texts if re.search(rf"(?<![\d.,]){re.escape(form)}(?![\d])", text)]
            assert not found, (asked.name, form)


def test_the_kit_lists_every_case_and_the_lessons_minutes():
    """The plan by week and the table of cases say what exists, with the minutes of the lessons' own facts."""
    text = (casework() / "README.md").read_text(encoding="utf-8")
    for case in CASES:
        assert f"({case.folder.name}/brief.md)" in text
    for names, minutes in re.findall(r"^\| \d+ \| (\d\d [^|]*)\| (\d+) \|", text, flags=re.MULTILINE):
        numbers = re.findall(r"\b(\d\d) [A-Z]", names)
        assert sum(lesson(number).total_minutes for number in numbers) == int(minutes), names
        assert all(lesson(number).title in names for number in numbers)
    links = re.findall(r"\]\(([^)#:]+)", text)
    assert not [link for link in links if not (casework() / link).exists()]


@every_case
def test_a_title_names_its_case(case):
    assert re.match(rf"Case {int(case.number)}\. ", case.title), case.title
