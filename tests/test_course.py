"""Checks, quizzes, terms and cards do for a student what the lessons promise."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest

import casebook
from casebook.course.cards import card, course_map
from casebook.course.checks import Check, Mistake, _worked_out, all_checks, find_check, judge
from casebook.course.content import QuizItem, QuizOption, lesson, lessons
from casebook.course.glossary import Terms, glossary, terms
from casebook.course.kinds import Choice, Labels, Mapped, Names, Number, Table
from casebook.course.quizzes import Quiz, explain, quiz
from casebook.course.reading import UnreadableError
from casebook.text import format_table

CHECKS = all_checks()
MISTAKES = [(c, m) for c in CHECKS for m in c.mistakes]


def _name(value):
    return value.name if isinstance(value, Check) else value.says[:40] if isinstance(value, Mistake) else None


# Every check of every lesson ----------------------------------------------------------------------


def test_check_names_are_unique_and_say_their_lesson():
    names = [c.name for c in CHECKS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"(\d\d[a-z]?|case\d\d)\.[a-z0-9_]+", name) for name in names)


@pytest.mark.parametrize("asked", CHECKS, ids=_name)
def test_the_stub_is_not_answered(asked):
    assert judge(asked.name, ...).state == "open"


@pytest.mark.parametrize("asked", CHECKS, ids=_name)
def test_the_right_answer_passes(asked):
    assert judge(asked.name, asked.right()).ok


@pytest.mark.parametrize(("asked", "mistake"), MISTAKES, ids=_name)
def test_each_foreseen_mistake_gets_its_own_message(asked, mistake):
    verdict = judge(asked.name, mistake.makes())
    assert (verdict.state, verdict.says) == ("wrong", mistake.says)


@pytest.mark.parametrize("asked", CHECKS, ids=_name)
def test_every_check_foresees_a_mistake_and_says_where_to_look(asked):
    assert asked.mistakes
    assert asked.look
    assert len({m.says for m in asked.mistakes}) == len(asked.mistakes)


def _renderings(right):
    """The usual ways to write a right answer; single letters only where they stand as an answer."""
    if isinstance(right, (float, np.floating)):
        digits = range(5) if abs(right) >= 1 else range(1, 5)
        shown = {repr(right), f"{right:g}"} | {f"{right:{comma}.{d}f}" for d in digits for comma in ("", ",")}
        shown |= {f"{100 * right:.{d}f}{space}%" for d in range(3) for space in ("", " ")}
        return {rf"(?<![\d.,]){re.escape(s)}(?!\d|[.,]\d)" for s in shown}
    if isinstance(right, list):
        together = {re.escape(joint.join(right)) for joint in (" ", ", ", "")} if len(right) > 1 else set()
        return together | {rf"\b{re.escape(name)}\b" for name in right if any(c.isdigit() for c in name)}
    if isinstance(right, dict):
        return {rf"\b{re.escape(str(k))}\W+{re.escape(str(v))}\b" for k, v in right.items()}
    if isinstance(right, str):
        quoted = {rf"['\"`]{re.escape(right)}['\"`]"}
        return quoted | ({rf"\b{re.escape(right)}\b"} if len(right) > 1 else set())
    return set()


@pytest.mark.parametrize(
    ("right", "telling", "silent"),
    [
        (0.4, ["It is 0.4.", "Not 0.40?", "That is 40 %.", "40%"], ["0.41", "between 0 and 1", "140%"]),
        (1234.5, ["1,234.5 RMB", "1234.50"], ["12,345", "11,234.5"]),
        (18.0, ["18 accounts", "18.0"], ["180", "2018", "1.18"]),
        (["A", "A", "B"], ["A A B", "A, A, B", "AAB"], ["A customer, B too"]),
        (["C0007", "C0001"], ["Look at C0007."], ["Look at C0002."]),
        ({"A": 3, "B": 4}, ["A: 3"], ["A: 31", "class B"]),
        ("crossing", ["the crossing rule"], ["crossings"]),
        ("B", ["It is 'B'."], ["Class B is next"]),
    ],
)
def test_an_answer_is_recognised_in_a_message(right, telling, silent):
    def tells(said):
        return any(re.search(shown, said) for shown in _renderings(right))

    assert [said for said in telling if not tells(said)] == []
    assert [said for said in silent if tells(said)] == []


@pytest.mark.parametrize("asked", CHECKS, ids=_name)
def test_no_message_holds_the_right_answer(asked):
    right, _ = _worked_out(asked)
    odd = [judge(asked.name, a).says for a in HOSTILE.values()]
    if isinstance(asked.kind, Choice):
        odd = []  # its general message names all the options, the right one among them
    for said in [*(m.says for m in asked.mistakes), asked.look, *odd]:
        for shown in _renderings(right):
            assert not re.search(shown, said), f"{asked.name} tells the answer: {said}"


# Any object at all --------------------------------------------------------------------------------


class Bristly:
    """Refuses everything one may do with an object."""

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None
    __bool__ = __len__ = __float__ = __iter__ = __str__ = __repr__ = __eq__

    def __getattr__(self, name):
        raise RuntimeError(name)


class BristlyFloat(float):
    def __float__(self):
        raise RuntimeError("no")

    __eq__ = __float__
    __hash__ = None


def _endless():
    while True:
        yield 1


HOSTILE = {
    "nan": float("nan"),
    "infinity": np.inf,
    "huge whole number": 10**400,
    "complex": 1j,
    "signalling nan": Decimal("sNaN"),
    "text": "nonsense",
    "bytes": b"\xff",
    "true": True,
    "list in list": [[1], [2]],
    "empty table": pd.DataFrame(),
    "empty column": pd.Series(dtype=float),
    "long range": range(10**12),
    "long array": np.zeros(2_000_000),
    "matrix": np.eye(3),
    "objects": [object(), object()],
    "endless generator": _endless(),
    "function": len,
    "class": dict,
    "module": re,
    "bristly": Bristly(),
    "bristly float": BristlyFloat(0.3),
    "list of bristly": [Bristly()],
    "column of bristly": pd.Series([Bristly(), Bristly()], dtype=object),
    "mapping with odd keys": {(1, 2): 3, None: 4},
    "table with odd names": pd.DataFrame([[1, 2]], columns=["<script>`", "<script>`"]),
}


@pytest.mark.parametrize("asked", CHECKS, ids=_name)
def test_an_odd_answer_is_told_so_and_never_raises(asked):
    for name, answer in HOSTILE.items():
        verdict = judge(asked.name, answer)
        assert verdict.state == "wrong", name
        assert len(verdict.says) < 400, name
        assert "<script>" not in verdict.says.replace("`<script>`", ""), name
        assert "0x" not in verdict.says, name


KINDS = [Number(), Choice(("A", "B")), Names(), Labels(), Mapped(), Table(("value",), key="key")]


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: type(k).__name__)
def test_no_kind_takes_an_odd_answer_for_right(kind, answer, monkeypatch):
    right = {
        "Number": 0.5, "Choice": "A", "Names": ["C1", "C2"], "Labels": ["A", "B"], "Mapped": {"A": 1},
        "Table": pd.DataFrame({"key": ["C1"], "value": [1.0]}),
    }[type(kind).__name__]  # fmt: skip
    asked = Check("99.odd", kind, lambda: right)
    monkeypatch.setattr("casebook.course.checks.find_check", lambda _name: asked)
    assert judge("99.odd", right).ok
    assert judge("99.odd", answer).state == "wrong"


def test_an_unknown_check_names_the_nearest():
    verdict = judge("09.gini_thre", 1)
    assert verdict.state == "unknown"
    assert "`09.gini_three`" in verdict.says
    assert find_check("77.nothing") is None


# What each kind says ------------------------------------------------------------------------------


def _said(kind, answer, right):
    """What a student reads; the empty text is a tick."""
    try:
        return kind.gap(kind.read(answer), kind.read(right))
    except UnreadableError as refused:
        return str(refused)


@pytest.mark.parametrize(
    "answer", [0.8, np.float32(0.8), Decimal("0.80"), Fraction(4, 5), pd.Series([0.8]), np.array(0.8)]
)
def test_a_right_number_is_right_in_every_dress(answer):
    assert _said(Number(tolerance=1e-6, share=True), answer, 0.8) == ""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (80.0, "as a percentage"),
        (75.0, "share between 0 and 1"),
        (-0.8, "wrong sign"),
        (0.81, "Close, but too large"),
        (0.5, "Too small"),
        ("0.8", "quotation marks"),
        (True, "you handed in True"),
        ([0.8], "you handed in a list"),
        (float("nan"), "missing value"),
        (np.float64("inf"), "divided by zero"),
    ],
)
def test_a_wrong_number_is_told_how_it_differs(answer, words):
    assert words in _said(Number(tolerance=1e-6, share=True), answer, 0.8)


def test_a_tolerance_takes_rounding_and_nothing_more():
    kind = Number(unit="RMB", tolerance=0.5)
    assert _said(kind, 1235, 1234.56) == ""
    assert _said(kind, 1234, 1234.56).startswith("Close, but too small")
    assert _said(kind, 1234560, 1234.56) == "Off by a factor of 1,000: which unit is asked for (RMB)?"


def test_names_are_compared_as_a_set_or_in_order():
    right = ["C1", "C2", "C3"]
    assert _said(Names("customers"), {"C3", "C2", "C1"}, right) == ""
    assert _said(Names("customers"), pd.Index(right), right) == ""
    assert _said(Names("customers"), dict.fromkeys(right).keys(), right) == ""
    assert (
        _said(Names("customers", ordered=True), ["C2", "C1", "C3"], right)
        == "The right customers in the wrong order."
    )
    assert _said(Names("customers"), ["C1"], right) == "All of yours are right, but customers are missing."
    assert _said(Names("customers"), [*right, "C4"], right).endswith("and one too many.")
    assert _said(Names("customers"), ["X"], right) == "None of these customers is among the right ones."
    assert "you name 1 of them again" in _said(Names("customers"), [*right, "C1"], right)


def test_ids_may_come_as_whole_numbers_floats_or_text():
    assert _said(Names("customers"), np.array([2.0, 1.0]), [1, 2]) == ""
    assert _said(Names("customers"), ["1", "2"], [1, 2]) == ""


def test_labels_are_read_from_lists_categories_and_texts():
    right = ["A", "A", "B"]
    for answer in [
        "A A B",
        "aab",
        "A, A, B",
        ("A", "A", "B"),
        pd.Series(pd.Categorical(right)),
        pd.Series(right, index=[7, 8, 9]),
    ]:
        assert _said(Labels("classes"), answer, right) == ""
    assert "one of the classes differs" in _said(Labels("classes"), "A B B", right)
    assert "Too few classes" in _said(Labels("classes"), "A B", right)


def test_a_mapping_may_be_a_dict_a_series_or_a_table():
    right = {"A": 3, "B": 4}
    assert _said(Mapped(), pd.Series({"B": 4.0, "A": 3.0}), right) == ""
    assert _said(Mapped(), pd.DataFrame({"class": ["A", "B"], "n": [3, 4]}), right) == ""
    assert "None of the names" in _said(Mapped(), pd.Series([3, 4]), right)
    assert "one value differs" in _said(Mapped(), {"A": 3, "B": 5}, right)
    assert "percentages" in _said(Mapped(), {"A": 80.0, "B": 20.0}, {"A": 0.8, "B": 0.2})


@pytest.fixture
def classified():
    return pd.DataFrame(
        {"customer_id": ["C1", "C2", "C3"], "share": [0.7, 0.2, 0.1], "abc_value": ["A", "A", "B"]}
    )


KIND = Table(("share", "abc_value"), key="customer_id", what="customers", ordered=True)


def test_a_table_may_have_more_columns_another_dtype_or_its_key_in_the_index(classified):
    assert _said(KIND, classified.assign(extra=1), classified) == ""
    assert _said(KIND, classified.set_index("customer_id"), classified) == ""
    assert _said(KIND, classified.astype({"abc_value": "category"}), classified) == ""
    assert _said(KIND, classified.set_axis([5, 6, 7]), classified) == ""


def test_a_table_in_another_engine_counts_as_well(classified):
    assert _said(KIND, pl.DataFrame(classified.to_dict("list")), classified) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.iloc[::-1], "in the wrong order"),
        (lambda t: t.iloc[:2], "customers are missing"),
        (lambda t: pd.concat([t, t.tail(1)]), "repeats 1 of them"),
        (lambda t: t.assign(abc_value=["A", "B", "B"]), "`abc_value` differs in one row"),
        (lambda t: t.assign(share=t["share"] * 100), "`share` is right, but in per cent"),
        (lambda t: t.drop(columns="share"), "no column `share`"),
        (lambda t: t["share"], "you handed in a column"),
        (lambda t: t.to_dict(), "you handed in a mapping"),
        (format_table, "hand in the table itself"),
    ],
)
def test_a_wrong_table_is_told_what_differs(classified, change, words):
    before = classified.copy()
    assert words in _said(KIND, change(classified), classified)
    pd.testing.assert_frame_equal(classified, before)


# Quiz, terms, card and map -------------------------------------------------------------------------

LESSONS = [lesson(number) for number in lessons()]
TAUGHT = [facts for facts in LESSONS if facts.number != "00"]


def _number(facts):
    return facts.number


@pytest.mark.parametrize("facts", TAUGHT, ids=_number)
def test_a_quiz_has_four_questions_with_one_right_answer_each_and_every_answer_explained(facts):
    assert len(facts.quiz) == 4
    for item in facts.quiz:
        assert 3 <= len(item.options) <= 5
        assert [o.right for o in item.options].count(True) == 1
        assert (
            len({o.text for o in item.options}) == len({o.because for o in item.options}) == len(item.options)
        )
        assert all(len(o.because.split()) >= 5 for o in item.options)
        assert all(len(o.text) <= 75 for o in item.options), "a radio button's label stands on one line"


@pytest.mark.parametrize("facts", TAUGHT, ids=_number)
def test_the_right_answer_of_a_quiz_has_no_fixed_place(facts):
    assert len({[o.right for o in item.options].index(True) for item in facts.quiz}) > 1


@pytest.mark.parametrize("facts", LESSONS, ids=_number)
def test_the_facts_of_a_lesson_name_only_what_exists(facts):
    assert set(facts.needs) <= set(lessons())
    assert set(facts.terms) <= set(glossary()["english"])
    assert set(facts.tables) <= set(casebook.tables())
    assert all(minutes > 0 for minutes in facts.minutes.values())
    exercises = {e for objective in facts.objectives for e in objective.exercises}
    assert {f"{facts.number}.{e}" for e in exercises} <= {c.name for c in CHECKS}


def test_an_unknown_lesson_names_those_that_exist():
    with pytest.raises(LookupError, match=r"no lesson '77'.*00, .*09"):
        lesson("77")


HOSTILE_QUIZ = Quiz(
    (
        QuizItem(
            "Is `a` < <b>?",
            (QuizOption("<script>", "No: 1 < 2.", right=False), QuizOption("yes", "It `is`.", right=True)),
        ),
    )
)


def test_a_quiz_explains_the_chosen_answer():
    box = HOSTILE_QUIZ.widget()
    _, buttons, said = box.children[0].children
    assert buttons.value is None
    assert "✓" not in said.value
    assert "✗" not in said.value
    buttons.index = 0
    assert "<b>✗ Not this.</b> No: 1 &lt; 2." in said.value
    buttons.index = 1
    assert "<b>✓ Right.</b> It <code>is</code>." in said.value


def test_a_quiz_escapes_what_it_shows():
    page = HOSTILE_QUIZ._repr_html_()
    assert "<script>" not in page
    assert "Is <code>a</code> &lt; &lt;b&gt;?" in page
    assert "<script>" not in HOSTILE_QUIZ.widget().children[0].children[0].value


@pytest.mark.parametrize("facts", TAUGHT, ids=_number)
def test_a_page_without_a_kernel_has_the_whole_quiz_folded(facts):
    page = quiz(facts.number)._repr_html_()
    assert page.count("<details") == len(facts.quiz)
    for option in (o for item in facts.quiz for o in item.options):
        assert explain(option) in page
    assert all(item.question in repr(quiz(facts.number)) for item in facts.quiz)


def test_a_quiz_is_shown_live_with_words_that_never_change():
    first, second = quiz("09")._repr_mimebundle_(), quiz("09")._repr_mimebundle_()
    live = "application/vnd.jupyter.widget-view+json"
    assert first.pop(live) != second.pop(live)
    assert first == second
    assert set(first) == {"text/plain", "text/html"}


_KERNEL_IS_THERE = """
() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'
"""


def test_a_quiz_explains_a_click_in_a_real_browser(lab_root, lab_url, page):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "id": "quiz"}
    cell["source"] = 'from casebook.course import quiz\nquiz("09")'
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    notebook["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    (lab_root / "quiz.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    page.goto(f"{lab_url}/lab/tree/quiz.ipynb?reset")
    page.wait_for_function(_KERNEL_IS_THERE)
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
    item = lesson("09").quiz[0]
    buttons = page.locator(".widget-radio").first
    for option in (next(o for o in item.options if not o.right), next(o for o in item.options if o.right)):
        buttons.get_by_label(option.text.replace("`", ""), exact=True).check()
        said = page.get_by_role("status").filter(has_text=option.because.replace("`", ""))
        said.wait_for()
        assert ("✓ Right." in said.inner_text()) is option.right


def test_terms_stand_in_the_order_of_the_lesson_each_once():
    shown = terms("09", "customer", "customer").table["english"].tolist()
    assert shown == [*lesson("09").terms, *(["customer"] if "customer" not in lesson("09").terms else [])]


def test_terms_mark_the_chinese_as_chinese_and_escape_every_cell():
    row = {"english": "<b>", "chinese": "客户", "pinyin": "kèhù", "meaning": "1 < 2"}
    page = Terms(pd.DataFrame([row]))._repr_html_()
    assert '<td style="text-align: left; white-space: nowrap" lang="zh-Hans">客户</td>' in page
    assert "&lt;b&gt;" in page
    assert "1 &lt; 2" in page


def test_an_unknown_term_names_the_nearest():
    with pytest.raises(LookupError, match=r"no term 'Gini'; the nearest is 'Gini coefficient'"):
        terms("Gini")


def test_every_term_has_its_chinese_pinyin_and_meaning():
    table = glossary()
    assert not table.isna().any().any()
    assert table["english"].is_unique
    assert table["chinese"].is_unique
    assert table["chinese"].str.contains(r"[\u4e00-\u9fff]").all()
    assert table["pinyin"].str.contains(r"[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]").all()
    assert table["meaning"].str.fullmatch(r"[A-Z].{15,110}\.").all()


@pytest.mark.parametrize("facts", TAUGHT, ids=_number)
def test_a_card_says_all_and_adds_up_the_minutes(facts):
    shown = str(card(facts.number))
    assert f"**Minutes:** {sum(facts.minutes.values())}," in shown
    for word in [*(o.can for o in facts.objectives), *facts.items, *facts.tables]:
        assert word in shown


def test_links_of_card_and_map_lead_there_from_where_the_notebook_stands(tmp_path, monkeypatch):
    book = tmp_path / "notebooks"
    (book / "solutions").mkdir(parents=True)
    (tmp_path / "datasets").mkdir()
    for path in (book / "08_ratios.ipynb", book / "09_abc.ipynb", tmp_path / "datasets/orders.md"):
        path.write_text("{}", encoding="utf-8")
    for folder in (book, book / "solutions"):
        monkeypatch.chdir(folder)
        links = re.findall(r"\]\((.*?)\)", f"{card('09')}\n{course_map()}")
        assert len(links) == 4  # of the card: the lesson it needs, its data; of the map: two lessons
        assert all((folder / link).exists() for link in links)


def test_the_map_lists_only_lessons_that_exist(tmp_path, monkeypatch):
    (tmp_path / "notebooks/solutions").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert len(str(course_map()).splitlines()) == 2
    (tmp_path / "notebooks/09_abc.ipynb").write_text("{}", encoding="utf-8")
    facts = lesson("09")
    assert str(course_map()).splitlines()[2:] == [
        f"| [09 {facts.title}](notebooks/09_abc.ipynb) | {facts.question} | {facts.total_minutes} |"
    ]


_ASK = """
import sys, casebook.course
print([m for m in sys.modules if m == "ipywidgets" or m.startswith("casebook.course.")])
"""


def test_the_course_tools_are_imported_only_when_asked_for():
    said = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match=r"casebook\.course has no 'cards2'"):
        _ = casebook.course.cards2
