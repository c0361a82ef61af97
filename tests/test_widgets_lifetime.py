"""The explorers of lesson 04: each is its twin, and each twin is the library."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from casebook import lifetime as life
from casebook.errors import TableError
from casebook.widgets import (
    ValueAnswer,
    explore_silence,
    explore_value,
    show_value,
    silence_answer,
    value_answer,
)


@pytest.fixture(scope="module")
def model():
    made = life.BetaGeoNBD()
    made.r_, made.alpha_, made.a_, made.b_ = 0.6, 3.0, 0.8, 2.5
    return made


def test_the_value_is_that_of_clv_and_of_the_formula(model):
    """CLV-01, CLV-03: the twin adds the first purchase to `clv`, and takes the margin off the formula."""
    answer = value_answer(model, s=2_000, t=97, cost=900, months=36, margin=20, discount=10)
    new = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [1e-9]})
    ahead = life.clv(new, transactions=model, spend=2_000, horizon=36, discount=0.1, margin=0.2, unit="M")
    assert answer.value == pytest.approx(0.2 * 2_000 + ahead["clv"][0], rel=1e-6)
    assert answer.formula == pytest.approx(0.2 * life.clv_simple(2_000, 97, 3, unit="days", unit_T="years"))
    assert answer.table["month"].tolist() == list(range(37))
    assert answer.table["model"].is_monotonic_increasing
    first = answer.table.loc[answer.table["model"] >= 900, "month"].iloc[0]
    assert answer.back == first


def test_a_discount_lowers_the_model_and_leaves_the_formula(model):
    plain, later = (value_answer(model, s=100, t=30, months=24, discount=d) for d in (0, 20))
    assert later.value < plain.value
    assert later.formula == plain.formula
    assert plain.value == pytest.approx(100 * (1 + model.expected_purchases(24)))


def test_a_cost_that_never_comes_back(model):
    answer = value_answer(model, s=100, t=30, cost=10_000, months=12)
    assert answer.back is None
    assert "not back" not in answer.sentence
    assert f"{answer.value - 10_000:,.0f}" in answer.sentence


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"months": 0}, "months must be"),
        ({"months": 2.5}, "months must be"),
        ({"cost": -1}, "at least 0"),
        ({"discount": -5}, "at least 0"),
        ({"margin": np.nan}, "percentage"),
        ({"t": 0}, "above 0"),
        ({"months": 4}, "has 3 months"),
    ],
)
def test_the_value_twin_refuses_in_words(asked, words):
    with pytest.raises(TableError, match=words):
        value_answer([0, 0.5, 0.8], **{"s": 100, "t": 30, "months": 2, **asked})


def test_the_value_explorer_says_what_its_twin_says(model):
    explorer = explore_value(model, s=2_000, t=97, cost=900, margin=20)
    for name, value in (("months", 12), ("margin", 50), ("discount", 0), ("t", 40), ("cost", 1_500)):
        explorer.controls[name].value = value
        chosen = {key: control.value for key, control in explorer.controls.items()}
        twin = value_answer(model, s=2_000, **chosen)
        assert isinstance(explorer.answered, ValueAnswer)
        pd.testing.assert_frame_equal(explorer.answered.table, twin.table)
        assert explorer.sentence == twin.sentence
    assert explorer.picture.value[1:4] == b"PNG"
    assert "A level line marks the cost of winning one, 1,500" in explorer.words.value


def test_a_unit_from_a_reader_is_escaped(model):
    explorer = explore_value(model, s=100, t=30, unit="<script>")
    assert "<script>" not in explorer.words.value
    assert "<script>" not in explorer.answered._repr_html_()


def test_show_value_prints_the_picture_in_words(model, capsys):
    said = show_value(model, s=100, t=30, cost=120, months=12)
    assert "What a new customer has brought by month" in capsys.readouterr().out
    assert repr(said).startswith("A new customer brings")
    assert "after months" in repr(said)


def test_silence_is_the_model_at_the_end_of_the_path(model):
    """CLV-05: a frequent buyer's silence says more than a rare one's."""
    answer = silence_answer(model, purchases=10, every=14, silent=4)
    last = answer.path.tail(1)[["frequency", "recency", "T"]]
    assert answer.path["bought"].sum() == 10
    assert answer.p_alive == pytest.approx(float(model.p_alive(last).iloc[0]))
    assert answer.expected == pytest.approx(float(model.expected_purchases(6, last).iloc[0]))
    rare = silence_answer(model, purchases=10, every=100, silent=4)
    assert answer.p_alive < 0.3 < rare.p_alive
    assert repr(answer) == answer.sentence


def test_who_bought_once_is_alive_however_long_the_silence(model):
    answer = silence_answer(model, purchases=1, silent=24)
    assert answer.p_alive == 1
    assert answer.sentence.startswith("1 purchase,")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"purchases": 0}, "purchases must be"),
        ({"every": 0}, "every must be"),
        ({"silent": -1}, "silent must be"),
        ({"silent": 1.5}, "silent must be"),
        ({"ahead": -1}, "length of time"),
    ],
)
def test_the_silence_twin_refuses_in_words(asked, words, model):
    with pytest.raises(TableError, match=words):
        silence_answer(model, **asked)


def test_the_silence_explorer_says_what_its_twin_says(model):
    explorer = explore_silence(model)
    for name, value in (("purchases", 3), ("every", 90), ("silent", 12)):
        before = explorer.picture.value
        explorer.controls[name].value = value
        chosen = {key: control.value for key, control in explorer.controls.items()}
        assert explorer.sentence == silence_answer(model, **chosen).sentence
        assert explorer.picture.value != before
