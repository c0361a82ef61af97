"""The credit explorer shows what its twin says, and the twin says what the library says."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from casebook import credit
from casebook.errors import TableError
from casebook.widgets import credit_answer, explore_credit, show_credit


@pytest.fixture(scope="module")
def book():
    """300 customers; some names try to be HTML."""
    rng = np.random.default_rng(5)
    table = pd.DataFrame({
        "customer_id": [f"C{i:03d} <b>& Co</b>" for i in range(300)],
        "credit_grade": rng.choice(list("ABCD"), 300), "pd": np.clip(rng.lognormal(-2.8, 1, 300), 0, 0.9),
        "margin": rng.lognormal(9.5, 1, 300) - 2000, "open": rng.lognormal(9, 1, 300),
    })  # fmt: skip
    return table.assign(ead=table["open"] * 2)


def test_the_twin_is_the_library(book):
    answer = credit_answer(book, at_stake=0.4, lgd=0.7)
    judged = credit.credit_decision(book, at_stake=0.4, lgd=0.7)
    pd.testing.assert_frame_equal(answer.book, judged)
    out = judged["decision"] == "cash first"
    assert answer.net == pytest.approx(judged.loc[~out, "net"].sum())
    assert answer.lost == pytest.approx(judged.loc[out, "net"].sum())
    assert answer.refused["net"].is_monotonic_increasing
    assert f"{out.sum():,} of 300" in answer.sentence


def test_no_rule_beats_the_customer_rule(book):
    nets = {rule: credit_answer(book, rule=rule).net for rule in ("customer", "D", "C", "nobody")}
    assert nets["customer"] == max(nets.values())


def test_the_rules_refuse_whom_they_name(book):
    assert set(credit_answer(book, rule="D").refused["credit_grade"]) == {"D"}
    assert set(credit_answer(book, rule="C").refused["credit_grade"]) == {"C", "D"}
    nobody = credit_answer(book, rule="nobody")
    assert nobody.refused.empty
    assert len(nobody.tables) == 1
    assert nobody.sentence.startswith("Credit for all 300 customers brings")


def test_at_the_stake_needed_a_grade_breaks_even(book):
    grades = credit_answer(book).grades
    for row in grades.itertuples():
        at = credit_answer(book, at_stake=row.stake_needed).grades.set_index("grade")
        assert at.loc[row.grade, "net"] == pytest.approx(0, abs=1e-6)


def test_an_answer_can_be_asked_again_of_its_own_book(book):
    again = credit_answer(credit_answer(book).book, at_stake=0.3)
    assert again.net == pytest.approx(credit_answer(book, at_stake=0.3).net)


def test_the_twin_refuses_by_name_and_leaves_the_book_alone(book):
    before = book.copy(deep=True)
    with pytest.raises(TableError, match="rule must be one of customer, D, C, nobody; got 'E'"):
        credit_answer(book, rule="E")
    with pytest.raises(TableError, match="no column 'pd'"):
        credit_answer(book.drop(columns="pd"))
    credit_answer(book)
    pd.testing.assert_frame_equal(book, before)


def test_the_explorer_says_what_its_twin_says_for_every_control(book):
    explorer = explore_credit(book)
    assert explorer.sentence == credit_answer(book).sentence
    for name, value, asked in [
        ("at_stake", 20, {"at_stake": 0.2}), ("lgd", 90, {"at_stake": 0.2, "lgd": 0.9}),
        ("rule", "C", {"at_stake": 0.2, "lgd": 0.9, "rule": "C"}),
    ]:  # fmt: skip
        picture = explorer.picture.value
        explorer.controls[name].value = value
        assert explorer.sentence == credit_answer(book, **asked).sentence
        assert explorer.picture.value != picture
        assert explorer.picture.value[1:4] == b"PNG"


def test_what_comes_from_data_is_escaped(book):
    explorer = explore_credit(book)
    assert "<b>&" not in explorer.words.value
    assert "&lt;b&gt;&amp; Co" in explorer.words.value
    assert "&lt;b&gt;" in credit_answer(book)._repr_html_()


def test_a_bad_book_is_refused_before_anything_is_drawn(book):
    with pytest.raises(TableError, match="no column 'credit_grade'"):
        explore_credit(book.drop(columns="credit_grade"))


def test_a_move_is_quick(book):
    explorer = explore_credit(book)
    times = []
    for at in range(30, 50):
        began = time.perf_counter()
        explorer.controls["at_stake"].value = at
        times.append(time.perf_counter() - began)
    assert np.median(times) < 0.4, "100 ms on a quiet core"


def test_the_static_default_shows_picture_and_words(book, capsys):
    answer = show_credit(book, rule="D")
    assert "Points for 300 customers" in capsys.readouterr().out
    assert "Cash first:" in repr(answer)
