"""Lessons keep their form, workbooks are what their sources make them, the rules notice each breach."""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path

import pytest

from casebook.course import lessons as making
from casebook.course.content import PARTS, Lesson, Objective
from casebook.course.lint import Page, open_page, problems

BOOK = Path(__file__).parent.parent / "notebooks"
SOURCES = sorted((BOOK / "solutions").glob("*.ipynb"))
WORKBOOKS = sorted(BOOK.glob("*.ipynb"))


# The notebooks of the course ------------------------------------------------------------------------


def test_the_core_course_is_there():
    core = {"00", "01", "03", "05", "06", "08", "09", "11", "12", "15"}
    assert {p.name[:2] for p in WORKBOOKS} >= core
    assert {p.name for p in SOURCES} == {p.name for p in WORKBOOKS}


@pytest.mark.parametrize("path", [*WORKBOOKS, *SOURCES], ids=lambda p: str(p.relative_to(BOOK)))
def test_a_notebook_keeps_the_rules(path):
    assert problems(open_page(path)) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.name)
def test_a_workbook_is_what_its_source_makes_it(source):
    assert making.differences(making.read(source), making.read(BOOK / source.name)) == []


@pytest.mark.parametrize("path", [*WORKBOOKS, *SOURCES], ids=lambda p: str(p.relative_to(BOOK)))
def test_a_notebook_is_stored_tidily(path):
    stored = making.read(path)
    assert making.tidy(stored) == stored, "make lessons stores it without traces of the run"


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda p: p.name)
def test_a_workbook_without_source_is_a_start_page(path):
    form = making.read(path)["metadata"]["casebook"]["form"]
    assert form == "start" or path.name in {s.name for s in SOURCES}


# A small lesson that keeps all rules ----------------------------------------------------------------

FACTS = Lesson(
    number="77",
    title="Late lorries",
    question="Which carriers should go?",
    minutes={part: 9 if part == "exercises" else 2 for part in PARTS},
    objectives=tuple(Objective(f"do {name}", (name,)) for name in ("first", "second", "third")),
    items=("LOR-01",),
)
CHECKS = frozenset({"77.first", "77.second", "77.third"})
PICTURE = {"output_type": "display_data", "data": {"image/png": "", "text/plain": "Bars."}}
SOLVED = "# BEGIN SOLUTION\n# STUB: answer = ...\nanswer = 1\n# END SOLUTION"


_IDS = itertools.count(0x10000000)


def _id():
    """A new id that looks like the random ones of an editor."""
    return f"{next(_IDS):x}"


def _prose(text, **marks):
    return {
        "cell_type": "markdown",
        "id": "",
        "metadata": {"casebook": marks} if marks else {},
        "source": text,
    }


def _code(text, *outputs):
    return {
        "cell_type": "code", "id": _id(), "metadata": {}, "source": text, "execution_count": 1,
        "outputs": copy.deepcopy(list(outputs)),
    }  # fmt: skip


def _said(text):
    return {"output_type": "display_data", "data": {"text/plain": text}, "metadata": {}}


def _picture(alt="Bars, the largest first."):
    return {**PICTURE, "metadata": {"image/png": {"alt": alt}}}


def _exercise(name, level):
    head = f"### Do it · {level} · 3 min\n\n<details><summary>Hint</summary>\n\nCount.\n\n</details>"
    return [
        _prose(head, exercise=name, level=level, minutes=3),
        _code(SOLVED),
        _code(f'check("77.{name}", answer)', _said("✓ Right.")),
    ]


BODIES = {
    "predict": [_code("my_guess = 3")],
    "by_hand": [_prose("Days late. <kbd>our convention</kbd>", items=["LOR-01"])],
    "library": [_code("assert plain == fancy")],
    "company": [_code("draw()", _picture())],
    "play": [_code("explore()", _said("Explorer")), _code("draw()", _picture())],
    "really_true": [_code("truth = 4\nsay('{my_guess}', my_guess=my_guess)")],
    "exercises": [
        *_exercise("first", "warm-up"),
        *_exercise("second", "core"),
        *_exercise("third", "stretch"),
    ],
    "quiz": [
        _code('quiz("77")'),
        _prose("### Key points\n\n- One.\n- Two.\n- Three.", role="key_points"),
        _code('terms("77")'),
    ],
    "own_data": [_code("mapping = {}")],
}


@pytest.fixture
def source():
    """A solutions notebook of fourteen parts, as a dictionary."""
    cells = []
    for part in PARTS:
        title = "# Which carriers?" if part == "question" else f"## {part} · {FACTS.minutes[part]} min"
        cells += [_prose(title, part=part), *copy.deepcopy(BODIES.get(part, []))]
    notebook = {"cells": cells, "metadata": {"casebook": {"lesson": "77", "form": "lesson"}}}
    return making.tidy(notebook)


@pytest.fixture
def solved(source, tmp_path):
    """The notebook as the rules see it."""
    folder = tmp_path / "notebooks" / "solutions"
    folder.mkdir(parents=True)
    return Page(folder / "77_lorries.ipynb", source, FACTS, CHECKS)


def test_the_small_lesson_keeps_all_rules(solved):
    assert problems(solved) == []


def test_its_workbook_keeps_them_too(solved):
    made = making.workbook(solved.notebook)
    for cell in made["cells"]:
        cell["outputs"] = {
            "company-02": [_picture()],
            "play-03": [_picture()],
        }.get(cell["id"], [_said("○ Not answered yet.")] if "check(" in cell["source"] else [])
    assert problems(Page(solved.path.parent.parent / solved.path.name, made, FACTS, CHECKS)) == []


def _cell(page, name):
    return next(c for c in page.cells if c["id"] == name)


def _write(name, text):
    return lambda page: _cell(page, name).update(source=text)


def _mark(name, **marks):
    return lambda page: _cell(page, name)["metadata"].update(casebook=marks)


def _show(name, *outputs):
    return lambda page: _cell(page, name).update(outputs=list(outputs))


def _drop(name):
    return lambda page: page.cells.remove(_cell(page, name))


def _swap(one, other):
    def change(page):
        i, j = page.cells.index(_cell(page, one)), page.cells.index(_cell(page, other))
        page.cells[i], page.cells[j] = page.cells[j], page.cells[i]

    return change


STDERR = {"output_type": "stream", "name": "stderr", "text": "Warning"}
ERROR = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
TABLE = {"output_type": "display_data", "data": {"text/html": '<table class="dataframe">'}, "metadata": {}}
BREACHES = {
    "no form": (lambda page: page.notebook["metadata"].clear(), "say no form"),
    "address": (_show("library-02", _said("<thing object at 0x7f00dead>")), "a memory address"),
    "figure repr": (_show("library-02", _said("<Figure size 640x480 with 1 Axes>")), "an object's repr"),
    "widget repr": (_show("play-02", _said("VBox(children=())")), "an object's repr"),
    "timestamp": (_show("library-02", _said("2026-11-22 13:33:01")), "a timestamp"),
    "raw table": (_show("library-02", TABLE), "an unformatted table"),
    "raw column": (_show("library-02", _said("0 1\ndtype: int64")), "an unformatted table"),
    "machine path": (_show("library-02", _said("/home/ada/x.csv")), "a path of one machine"),
    "warning": (_show("library-02", STDERR), "an error or a warning"),
    "error": (_show("library-02", ERROR), "an error or a warning"),
    "no alt": (_show("company-02", _picture(" ")), "without alternative text"),
    "no alt in prose": (_write("by-hand-02", "![](x.png) <kbd>our convention</kbd>"), "without alternative"),
    "network": (_write("library-02", 'assert read("https://example.org")'), "network address"),
    "dead link": (_write("decide-01", "## decide · 2 min\n[x](nowhere.ipynb)"), "nowhere.ipynb, which"),
    "odd badge": (_write("by-hand-02", "<kbd>well known</kbd>"), "the badge 'well known'"),
    "badge without year": (_write("by-hand-02", "<kbd>standard: Curry</kbd>"), "'standard: Curry'"),
    "no badge": (_write("by-hand-02", "Days late."), "no rule has a badge"),
    "early truth": (_write("library-02", "assert truth"), "uses the truth"),
    "missing part": (_drop("decide-01"), "missing are ['decide']"),
    "parts swapped": (_swap("decide-01", "plain-pandas-01"), "wrong order"),
    "wrong heading level": (_write("decide-01", "### decide · 2 min"), "must start with '## '"),
    "wrong minutes": (_write("decide-01", "## decide · 3 min"), "must end with '· 2 min'"),
    "too many words": (_write("by-hand-02", "word " * 4100), "more than 4,000"),
    "too many cells": (lambda page: page.cells.extend([_prose("x")] * 80), "more than 90"),
    "odd level": (_mark("exercises-02", exercise="first", level="easy", minutes=3), "the level 'easy'"),
    "minutes not summed": (_mark("exercises-02", exercise="first", minutes=4), "take 10 minutes"),
    "no hint": (_write("exercises-02", "### Do it · warm-up · 3 min"), "no folded hint"),
    "no check": (_drop("exercises-04"), "no cell check("),
    "no solution": (_write("exercises-03", "answer = 1"), "no marked solution"),
    "level unused": (_mark("exercises-08", exercise="third", level="core"), "of level stretch"),
    "failing solution": (_show("exercises-04", _said("✗ Too large.")), "the stored check is not ✓"),
    "unknown check": (_write("library-02", 'assert check("77.nothing", 1)'), "'77.nothing' does not exist"),
    "item unmarked": (_mark("by-hand-02"), "no cell is marked with the item LOR-01"),
    "item unknown": (_mark("by-hand-02", items=["LOR-01", "LOR-09"]), "LOR-09 is marked, but not"),
    "no guess": (_write("predict-02", "print(3)"), "puts no guess"),
    "guess forgotten": (_write("really-true-02", "truth = 4"), "does not come back"),
    "no assertion": (_write("library-02", "fancy()"), "asserts nothing"),
    "no picture": (_show("company-02"), "part company has no picture"),
    "no static default": (_show("play-03"), "no picture below the explorer"),
    "no quiz": (_drop("quiz-02"), 'no cell quiz("77")'),
    "no terms": (_drop("quiz-04"), 'no cell terms("77")'),
    "no key points": (_drop("quiz-03"), "one cell of key points"),
    "no own data": (_drop("own-data-02"), "own_data runs nothing"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "words"), BREACHES.values(), ids=BREACHES.keys())
def test_the_rules_notice_each_breach(solved, change, words):
    change(solved)
    assert any(words in line for line in problems(solved)), problems(solved)


def test_facts_that_do_not_fit_are_noticed(source, solved):
    few = Lesson(
        "77", "", "", dict.fromkeys(PARTS, 2), objectives=(Objective("fly", ("wings",)),), items=("X",)
    )
    said = " ".join(problems(Page(solved.path, source, few, CHECKS | {"77.orphan"})))
    for words in (
        "1 objectives",
        "'fly' is not met",
        "item X",
        "'77.orphan' is asked nowhere",
        "must end with",
    ):
        assert words in said


def test_a_solution_in_a_workbook_is_noticed(solved):
    beside = Page(solved.path.parent.parent / solved.path.name, solved.notebook, FACTS, CHECKS)
    said = problems(beside)
    assert "cell exercises-03 holds a solution in the workbook" in said
    assert "exercise first: the stored check is not ○" in said


# Making a workbook ----------------------------------------------------------------------------------


def test_the_workbook_has_stubs_in_place_of_solutions(source):
    made = making.workbook(source)
    stub = next(c for c in made["cells"] if c["id"] == "exercises-03")
    assert stub["source"] == "answer = ..."
    assert len(made["cells"]) == len(source["cells"])


def test_solution_cells_stay_in_the_source(source):
    source["cells"][1]["metadata"]["tags"] = ["solution"]
    made = making.workbook(source)
    assert len(made["cells"]) == len(source["cells"]) - 1
    assert "solution" not in json.dumps([c["metadata"] for c in made["cells"]])


def test_stubs_keep_their_indentation_and_the_lines_around():
    inside = ["# BEGIN SOLUTION", "# STUB: x = ...", "# STUB: y = ...", "x = 1", "# END SOLUTION", "return x"]
    code = "\n    ".join(["def f():", *inside])
    assert making._stubbed(code, "c") == "def f():\n    x = ...\n    y = ...\n    return x"


@pytest.mark.parametrize(
    "code",
    [
        "# BEGIN SOLUTION\nx = 1\n# END SOLUTION",
        "# BEGIN SOLUTION\n# STUB: x = ...\nx = 1",
        "x = 1\n# END SOLUTION",
        "# BEGIN SOLUTION\n# STUB: x = ...\n# BEGIN SOLUTION\n# END SOLUTION",
    ],
)
def test_a_badly_marked_solution_names_its_cell(code):
    with pytest.raises(ValueError, match="cell exercises-03"):
        making._stubbed(code, "exercises-03")


@pytest.mark.parametrize(
    ("seen_from_solutions", "seen_from_notebooks"),
    [
        ("[a](../../datasets/orders.md)", "[a](../datasets/orders.md)"),
        ("[a](../00_start_here.ipynb#Badges)", "[a](00_start_here.ipynb#Badges)"),
        ("[a](09_abc.ipynb)", "[a](solutions/09_abc.ipynb)"),
        ("![p](../images/p.png)", "![p](images/p.png)"),
        ('<img src="../images/p.png" alt="p">', '<img src="images/p.png" alt="p">'),
        ("[a](#Card)", "[a](#Card)"),
        ("[a](https://example.org/../x)", "[a](https://example.org/../x)"),
    ],
)
def test_links_are_rewritten_for_the_workbook(source, seen_from_solutions, seen_from_notebooks):
    source["cells"][0]["source"] = seen_from_solutions
    assert making.workbook(source)["cells"][0]["source"] == seen_from_notebooks


def test_a_changed_workbook_is_noticed(source):
    stored = making.tidy(making.workbook(source))
    assert making.differences(source, stored) == []
    stored["cells"][5]["source"] += "\nprint(1)"
    assert making.differences(source, stored) == [f"cell {stored['cells'][5]['id']} differs"]
    del stored["cells"][5]
    assert "cells come from the source" in making.differences(source, stored)[0]


@pytest.fixture
def small_course(tmp_path, monkeypatch):
    """A folder with one lesson of three cells, and the working directory in it."""
    cells = [_prose("# T", part="question"), _code(SOLVED), _code("print(answer)\nprint(2)")]
    folder = tmp_path / "notebooks" / "solutions"
    folder.mkdir(parents=True)
    (folder / "77_x.ipynb").write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path / "notebooks"


def test_the_command_runs_and_stores_both_the_same_each_time(small_course, capsys):
    both = [small_course / "77_x.ipynb", small_course / "solutions" / "77_x.ipynb"]
    assert making.main(["77"]) == 0
    first = [path.read_bytes() for path in both]
    assert making.main(["77"]) == 0
    assert [path.read_bytes() for path in both] == first
    said = [making.read(path)["cells"][2]["outputs"][0]["text"] for path in both]
    assert said == ["Ellipsis\n2\n", "1\n2\n"]
    assert making.main(["--check"]) == 0
    both[0].write_text(both[0].read_text("utf-8").replace("answer = ...", "answer = 0"), encoding="utf-8")
    assert making.main(["--check"]) == 1
    assert "77_x.ipynb: cell question-02 differs; make lessons renews it" in capsys.readouterr().out


def test_the_start_page_is_renewed_with_every_lesson(small_course):
    page = {"cells": [_code("print(3)")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    start = small_course / "00_start.ipynb"
    start.write_text(json.dumps(page), encoding="utf-8")
    assert making.main(["77"]) == 0
    assert making.read(start)["cells"][0]["outputs"][0]["text"] == "3\n"


def test_a_failing_cell_is_named_and_nothing_is_written(small_course, capsys):
    source = small_course / "solutions" / "77_x.ipynb"
    source.write_text(source.read_text("utf-8").replace("answer = 1", "answer = 1 / 0"), encoding="utf-8")
    before = source.read_bytes()
    assert making.main([]) == 1
    said = capsys.readouterr().err
    assert "cell question-02 fails with ZeroDivisionError: division by zero" in said
    assert "Traceback" not in said
    assert source.read_bytes() == before
    assert not (small_course / "77_x.ipynb").exists()


def test_an_unknown_lesson_is_refused_in_a_sentence(small_course, capsys):
    assert making.main(["42"]) == 2
    assert "no lesson '42'" in capsys.readouterr().err


def test_without_the_lab_extra_the_command_names_it(small_course, monkeypatch, capsys):
    monkeypatch.setattr(making, "find_spec", lambda _name: None)
    assert making.main(["--check"]) == 2
    assert "the extra 'lab'" in capsys.readouterr().err
