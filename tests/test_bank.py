"""The question bank: every sum comes to its answer, every core item is asked, every export reads back."""

from __future__ import annotations

import difflib
import html
import importlib
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from casebook.cli import main
from casebook.course import bank
from casebook.course.bank import Option, Question, load, prove, shuffled
from casebook.course.bank_gift import gift, plain, to_html
from casebook.course.bank_paper import paper
from casebook.course.bank_sums import TOPICS, work_out
from casebook.course.content import lesson, lessons
from casebook.errors import TableError

QUESTIONS = load()

#: Items that the curriculum teaches by a checklist or a case: a question is welcome, none is owed.
CHECKLISTS = {"FND-06", "SEL-15", "SEL-16"}


# The questions themselves ----------------------------------------------------------------------------


def test_each_lesson_that_can_be_taught_has_questions():
    counts = Counter(q.lesson for q in QUESTIONS)
    taught = set(lessons())
    assert taught - set(counts) == set(), "a lesson without questions"
    assert min(counts[n] for n in taught) >= 12
    assert len(QUESTIONS) >= 130


def test_each_core_item_is_asked():
    asked = {q.item for q in QUESTIONS}
    owed = {item for number in lessons() for item in lesson(number).items} - CHECKLISTS - {"PRO-07", "PRO-08"}
    missing = sorted(owed - asked - {"CRD-03"})
    assert missing == [], "add a question on each"


def test_each_lesson_has_all_levels_and_both_uses():
    for number in lessons():
        mine = [q for q in QUESTIONS if q.lesson == number]
        assert {q.use for q in mine} == {"quiz", "exam"}, number
        assert sum(q.level == "judge" for q in mine) >= 4, number
        assert any(q.kind == "short" for q in mine), number
    assert sum(q.level == "recall" for q in QUESTIONS) < 0.1 * len(QUESTIONS), "understanding, not vocabulary"


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.kind == "numeric"], ids=lambda q: q.id)
def test_each_number_is_worked_out(question: Question):
    prove(question)


def test_a_wrong_sum_is_found():
    good = next(q for q in QUESTIONS if q.id == "09-08")
    bad = bank.replace(good, answer=0.4)
    with pytest.raises(TableError, match=r"09-08: .*comes to 0\.33, not to 0\.4"):
        prove(bad)


def test_no_question_repeats_a_quiz():
    known = [item.question for number in lessons() for item in lesson(number).quiz]
    for question in QUESTIONS:
        near = difflib.get_close_matches(question.text, known, n=1, cutoff=0.75)
        assert not near, f"{question.id} repeats a lesson's quiz: {near}"


def test_where_the_right_option_stands_tells_nothing():
    places = Counter(
        next(i for i, o in enumerate(q.options) if o.right) for q in QUESTIONS if q.kind == "single"
    )
    assert min(places[i] for i in range(3)) >= 0.2 * places.total()


def test_the_right_option_is_not_simply_the_longest():
    longest = sum(max(q.options, key=lambda o: len(o.text)).right for q in QUESTIONS if q.kind == "single")
    assert longest < 0.6 * sum(q.kind == "single" for q in QUESTIONS)


# Sums -----------------------------------------------------------------------------------------------


def test_every_topic_of_a_sum_exists():
    for topic in TOPICS:
        assert importlib.import_module(f"casebook.{topic}").__all__


@pytest.mark.parametrize(
    "sum_",
    [
        "__import__('os').getcwd()",
        "().__class__",
        "frame(a=[1]).to_csv('x')",
        "classification.np.array",
        "classification.__dict__",
        "classification.nw.read_csv('x')",
        "[x for x in [1]]",
        "(lambda: 1)()",
        "2 ** 1000",
        "round(**{'a': 1})",
        "open('x')",
    ],
)
def test_a_sum_cannot_reach_out(sum_: str):
    with pytest.raises(TableError, match="the sum"):
        work_out(sum_)


@pytest.mark.parametrize(
    ("sum_", "says"),
    [("1 +", "cannot be read"), ("1 / 0", "does not come to a number"), ("exp(9) - log(0)", "number")],
)
def test_a_sum_that_fails_says_so(sum_: str, says: str):
    with pytest.raises(TableError, match=says):
        work_out(sum_)


# Files ----------------------------------------------------------------------------------------------

GOOD = """
[[question]]
id = "09-01"
item = "ABC-01"
kind = "single"
level = "apply"
minutes = 1
use = "quiz"
text = "Which?"
options = [{ text = "a", because = "b", right = true }, { text = "c", because = "d" }]
"""
NUMERIC = GOOD.replace('"single"', '"numeric"').split("options")[0]
FAULTS = {
    "kind": (GOOD.replace("single", "riddle"), r"09-01 has the kind 'riddle'. Choose one of: single"),
    "item": (GOOD.replace("ABC-01", "ABC-99"), "no item ABC-99. It has: ABC-01"),
    "level": (GOOD.replace("apply", "guess"), "no level 'guess'"),
    "use": (GOOD.replace('"quiz"', '"fun"'), "no use 'fun'"),
    "minutes": (GOOD.replace("minutes = 1", "minutes = 99"), "from 1 to 30"),
    "id": (GOOD.replace("09-01", "9-1"), "two digits"),
    "no right": (GOOD.replace(", right = true", ""), "0 options are right. Mark exactly one"),
    "no reason": (GOOD.replace('because = "d"', 'because = ""'), "no reason. Give both"),
    "same option": (GOOD.replace('"c"', '"a"'), "Two options say the same"),
    "no options": (GOOD.split("options", maxsplit=1)[0], "has no options. A single question needs it"),
    "foreign": (GOOD + 'model = "x"\n', "has model, which a single question does not use"),
    "odd option": (GOOD.replace("because = ", "why = ", 1), "Options have text, because and right"),
    "twins": (GOOD + GOOD, "same id or text"),
    "near slips": (
        NUMERIC + 'answer = 5\ntolerance = 1\ncheck = "5"\nworked = "w"\n'
        'slips = [{ check = "6", answer = 6, because = "b" }]\n',
        "5 and 6 cannot be told apart",
    ),
    "hint": (
        GOOD.replace("single", "short").split("options")[0] + 'model = "m"\nhints = ["h"]\n',
        "in brackets",
    ),
    "matching": (
        GOOD.replace("single", "matching").split("options")[0] + 'pairs = [["a", "b"]]\nbecause = "x"\n',
        "three pairs",
    ),
    "toml": ("[[question]", "cannot be read"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_file_question_and_remedy(fault: str, tmp_path: Path):
    text, says = FAULTS[fault]
    (tmp_path / "09.toml").write_text(f'lesson = "09"\n{text}', "utf-8")
    with pytest.raises(TableError, match=says) as caught:
        load(tmp_path)
    assert "09.toml" in str(caught.value)


def test_a_file_of_another_lesson_and_an_unknown_lesson(tmp_path: Path):
    (tmp_path / "13.toml").write_text('lesson = "09"\n', "utf-8")
    with pytest.raises(TableError, match='Write lesson = "13"'):
        load(tmp_path)
    (tmp_path / "13.toml").write_text('lesson = "13x"\n'.replace("x", ""), "utf-8")
    if "13" not in lessons():
        with pytest.raises(TableError, match="Give its title and its items"):
            load(tmp_path)
    with pytest.raises(TableError, match="no questions of lesson 77"):
        load(tmp_path, lessons=["77"])


# GIFT -----------------------------------------------------------------------------------------------
# A strict reader of the part of GIFT that we write, after Moodle's own order: comments, name, text, answers.

TOKEN = re.compile(r"\\(.)", re.DOTALL)


def unescape(text: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[~=#{}:]", text), f"unescaped sign in {text!r}"
    return TOKEN.sub(r"\1", text)


def split(text: str, signs: str) -> list[str]:
    """Cut before each of the signs, unless a backslash stands before it."""
    parts = [""]
    for token in re.findall(r"\\.|.", text, re.DOTALL):
        if token in signs:
            parts.append("")
        parts[-1] += token
    return [part for part in parts if part.strip()]


def read_gift(text: str) -> list[dict[str, Any]]:
    found, category = [], ""
    for block in re.split(r"\n\n+", text.strip()):
        if block.startswith("$CATEGORY: "):
            category = block.removeprefix("$CATEGORY: ").strip()
            continue
        comment, body = block.split("\n", 1)
        assert comment.startswith("// ")
        head = re.fullmatch(r"::(.*?)(?<!\\)::\[html\](.*?)(?<!\\)\{(.*)\}", body.strip(), re.DOTALL)
        assert head, body
        name, question, answers = head.groups()
        answers, _, general = answers.partition("####")
        found.append(
            {
                "category": category,
                "id": re.search(r"\[id:(.*?)\]", comment)[1],
                "tags": re.findall(r"\[tag:(.*?)\]", comment),
                "name": unescape(name),
                "text": unescape(question),
                "general": unescape(general.strip()),
                **read_answers(answers.strip()),
            }
        )
    return found


def read_answers(text: str) -> dict[str, Any]:
    if not text:
        return {"kind": "short"}
    if text.startswith(("TRUE", "FALSE")):
        answer, wrong, right = (part.strip() for part in split(text, "#"))
        return {
            "kind": "truefalse",
            "answer": answer == "TRUE",
            "wrong": unescape(wrong[1:]),
            "right": unescape(right[1:]),
        }
    if text.startswith("#"):
        rows = [
            re.fullmatch(r"=%(\d+)%(-?[\d.]+):([\d.]+)#(.*)", row.strip(), re.DOTALL)
            for row in split(text[1:], "=")
        ]
        return {
            "kind": "numeric",
            "rows": [(int(r[1]), float(r[2]), float(r[3]), unescape(r[4])) for r in rows],
        }
    if " -> " in text:
        rows = [row.strip()[1:].split(" -> ") for row in split(text, "=")]
        return {"kind": "matching", "rows": [(unescape(left), unescape(right)) for left, right in rows]}
    rows = []
    for row in split(text, "=~"):
        answer, because = split(row.strip(), "#")
        share = re.match(r"~%(-?[\d.]+)%", answer)
        sign = answer[0] if not share else ""
        rows.append(
            (
                float(share[1]) if share else sign,
                unescape(answer[share.end() if share else 1 :]),
                unescape(because[1:]),
            )
        )
    return {"kind": "multiple" if isinstance(rows[0][0], float) else "single", "rows": rows}


def expected(q: Question) -> dict[str, Any]:
    """What a reader must find of a question."""
    general = {"numeric": q.worked, "matching": q.because, "short": "\n".join((q.model, *q.hints))}
    kinds: dict[str, dict[str, Any]] = {
        "truefalse": {"answer": q.answer, "wrong": to_html(q.mistake), "right": to_html(q.because)},
        "numeric": {
            "rows": [(100, q.answer, q.tolerance, to_html(q.worked))]
            + [(0, s.answer, q.tolerance, to_html(s.because)) for s in q.slips]
        },
        "matching": {
            "rows": [(to_html(a), plain(b)) for a, b in q.pairs] + [("", plain(extra)) for extra in q.extra]
        },
        "single": {
            "rows": [("=" if o.right else "~", to_html(o.text), to_html(o.because)) for o in q.options]
        },
    }
    return {
        "category": f"$course$/top/Casebook/{q.lesson} {q.topic}/{q.use}",
        "id": q.id,
        "tags": [q.item, q.level, *q.tags],
        "name": f"{q.id} {q.item}",
        "text": to_html(q.text),
        "general": to_html(general.get(q.kind, "")),
        "kind": q.kind,
        **kinds.get(q.kind, {}),
    }


def test_every_question_reads_back_equal():
    back = {found["id"]: found for found in read_gift(gift(QUESTIONS))}
    assert len(back) == len(QUESTIONS)
    for question in QUESTIONS:
        found = back[question.id]
        if question.kind == "multiple":
            rows = found.pop("rows")
            assert [(share > 0, text, because) for share, text, because in rows] == [
                (o.right, to_html(o.text), to_html(o.because)) for o in question.options
            ]
            assert sum(share for share, *_ in rows if share > 0) == pytest.approx(100, abs=1e-3)
            assert sum(share for share, *_ in rows if share < 0) == pytest.approx(-100, abs=1e-3)
        assert found == expected(question)


NASTY = r"a ~ b = c # d {e} 50:50 \n ::x:: <b> & `code` // //  ####  客户 = 顾客 %100% -> \\ end\ "


@pytest.mark.parametrize("kind", ["single", "truefalse", "short"])
def test_the_signs_of_the_format_survive(kind: str):
    question = Question(
        "09", "A/B: {x}", "09-01", "ABC-01", kind, "apply", 1, "quiz", f"{NASTY}\nsecond line",
        options=(Option(NASTY, NASTY, right=True), Option(f"{NASTY}!", "b")), answer=True,
        because=NASTY, mistake=NASTY, model=NASTY, hints=("x (1)",),
    )  # fmt: skip
    found = read_gift(gift([question]))[0]
    wanted = expected(question)
    assert found.pop("category") == "$course$/top/Casebook/09 A//B: {x}/quiz"
    assert found == {k: v for k, v in wanted.items() if k != "category"}
    assert html.unescape(re.sub(r"</?code>", "`", found["text"].split("<br>")[0])) == NASTY.strip()


def test_no_blank_line_and_no_comment_within_a_question():
    for block in gift(QUESTIONS).split("\n\n"):
        lines = block.strip().split("\n")
        assert all(line.strip() for line in lines)
        assert not any(line.lstrip().startswith("//") for line in lines[1:])


# Papers, deals and the command ---------------------------------------------------------------------


def test_a_paper_holds_no_answer():
    sheet, key = paper(QUESTIONS, title="All")
    for question in QUESTIONS:
        for secret in (
            question.worked,
            question.model,
            question.because,
            *(o.because for o in question.options),
        ):
            assert not secret or secret not in sheet, question.id
        assert question.text.strip() in sheet
        assert question.id in key
    assert "✓" not in sheet


def test_the_order_of_matching_answers_tells_nothing():
    question = next(q for q in QUESTIONS if q.id == "12-13")
    sheet, key = paper([question])
    rights = re.findall(r"^- [A-J]\) (.*)$", sheet, re.MULTILINE)
    assert rights == sorted(rights)
    assert "- due in 40 days: D (current)" in key


def test_a_deal_is_the_same_for_the_same_seed_and_fits_the_minutes():
    first, again, other = (shuffled(QUESTIONS, seed, minutes=60) for seed in (3, 3, 4))
    assert first == again != other
    assert 55 <= sum(q.minutes for q in first) <= 60
    assert max(Counter(q.item for q in first).values()) == 1
    assert {o.text for q in shuffled(QUESTIONS, 3) for o in q.options} == {
        o.text for q in QUESTIONS for o in q.options
    }


def test_the_command_writes_gift_and_papers(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "abc.gift"
    assert main(["questions", "--format", "gift", "--out", str(out), "--lesson", "09", "--use", "exam"]) == 0
    found = read_gift(out.read_text("utf-8"))
    assert {q["category"] for q in found} == {"$course$/top/Casebook/09 ABC classification/exam"}
    assert "客户" in gift(QUESTIONS)
    exam = tmp_path / "exam.md"
    assert (
        main(["questions", "--format", "markdown", "--out", str(exam), "--minutes", "30", "--title", "May"])
        == 0
    )
    assert exam.read_text("utf-8").startswith("# May\n")
    assert (tmp_path / "exam_key.md").read_text("utf-8").startswith("# May: key\n")
    assert "Written:" in capsys.readouterr().out
    assert main(["questions", "--format", "gift", "--out", str(out)]) == 2
    assert "exists. Name another file" in capsys.readouterr().err


def test_the_command_stops_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for extra, says in (
        (["--lesson", "99"], "no questions of lesson 99"),
        (["--use", "homework"], "Choose one of: quiz, exam"),
        (["--minutes", "0"], "No question fits"),
        (["--from", str(tmp_path)], "has no questions"),
    ):
        assert main(["questions", "--format", "gift", "--out", str(tmp_path / "q.gift"), *extra]) == 2
        assert says in capsys.readouterr().err
    assert not list(tmp_path.glob("*.gift"))
