"""The budget explorer shows what its twin says, for every control."""

from __future__ import annotations

import io
import time
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from PIL import Image

from casebook import prospecting as pro
from casebook.errors import TableError
from casebook.plots import alt_budget
from casebook.widgets import budget_answer, explore_budget, show_budget
from casebook.widgets.prospecting import SPLITS

METHODS = pd.DataFrame(
    {"method": ["own_records", "<b>referral</b>", "fairs"], "cost": [7000, 10_000, 170_000],
     "customers": [18, 21, 19]}
)  # fmt: skip
AT = {"budget": 30_000, "room": 3.0, "years": 2.0, "least": 3000}


def same(shown: Any, said: Any) -> None:
    """Assert that the explorer's answer is the twin's."""
    pd.testing.assert_frame_equal(shown.split, said.split)
    assert (shown.sentence, shown.customers, shown.past) == (said.sentence, said.customers, said.past)


# The twin --------------------------------------------------------------------------------------------


def test_the_best_split_is_the_librarys() -> None:
    said = budget_answer(METHODS, **AT)
    pd.testing.assert_frame_equal(said.split, pro.budget_split(METHODS, **AT))
    assert said.customers == pytest.approx(said.split["customers"].sum())


@pytest.mark.parametrize("how", SPLITS)
def test_every_split_spends_the_budget_and_none_beats_the_best(how: str) -> None:
    said = budget_answer(METHODS, how=how, **{**AT, "least": 0})
    best = budget_answer(METHODS, **{**AT, "least": 0})
    assert said.split["budget"].sum() == pytest.approx(30_000)
    assert said.customers <= best.customers + 1e-9
    assert f"{said.customers:,.0f} customers" in said.sentence
    assert SPLITS[how] in said.sentence
    assert ("so far it would be" in said.sentence) == (how != "past")


def test_the_three_other_splits_are_what_they_are_called() -> None:
    splits = {how: budget_answer(METHODS, how=how, **AT).split["budget"] for how in SPLITS}
    assert splits["equal"].tolist() == [10_000] * 3
    assert splits["cheapest"].tolist() == [30_000, 0, 0]
    assert (splits["past"] / splits["past"].sum()).tolist() == pytest.approx(
        (METHODS["cost"] / METHODS["cost"].sum()).tolist()
    )
    past = budget_answer(METHODS, how="past", **AT)
    assert past.past == pytest.approx(past.customers)


def test_worth_moves_the_best_split() -> None:
    worth = {"own_records": 1.0, "<b>referral</b>": 1.0, "fairs": 40.0}
    plain, weighed = budget_answer(METHODS, **AT), budget_answer(METHODS, worth=worth, **AT)
    assert weighed.split["budget"][2] > plain.split["budget"][2] + 5_000


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"how": "worst"}, "how must be one of 'best', 'past'"),
        ({"room": 1.0}, "room must lie above 1"),
        ({"least": 40_000}, "exceeds the budget"),
    ],
)
def test_a_wrong_argument_is_refused_in_a_sentence(how: dict[str, Any], says: str) -> None:
    with pytest.raises(TableError, match=says):
        budget_answer(METHODS, **{**AT, **how})


def test_the_table_is_left_as_it_was_and_names_are_escaped() -> None:
    before = METHODS.copy(deep=True)
    said = budget_answer(METHODS, **AT)
    explore_budget(METHODS, **AT)
    pd.testing.assert_frame_equal(METHODS, before)
    assert "<b>referral" not in said._repr_html_()
    assert "&lt;b&gt;referral" in said._repr_html_()
    assert "<b>referral</b>" in repr(said)


def test_the_sentence_says_when_the_next_customer_costs_the_same_everywhere() -> None:
    assert "RMB by any method." in budget_answer(METHODS, **{**AT, "budget": 90_000}).sentence
    assert "depending on the method." in budget_answer(METHODS, **AT).sentence


# The explorer ----------------------------------------------------------------------------------------


def test_at_first_the_explorer_says_what_the_twin_says() -> None:
    same(explore_budget(METHODS, **AT).answered, budget_answer(METHODS, **AT))


@pytest.mark.parametrize(
    ("control", "value", "how"),
    [
        ("thousands", 40, {"budget": 40_000}),
        ("percent", 150, {"room": 1.5}),
        ("floor", 5, {"least": 5_000}),
        ("how", "past", {"how": "past"}),
        ("how", "equal", {"how": "equal"}),
        ("how", "cheapest", {"how": "cheapest"}),
    ],
)
def test_moving_a_control_shows_what_the_twin_says(control: str, value: Any, how: dict[str, Any]) -> None:
    explorer = explore_budget(METHODS, **AT)
    words, picture = explorer.words.value, explorer.picture.value
    explorer.controls[control].value = value
    said = budget_answer(METHODS, **{**AT, **how})
    same(explorer.answered, said)
    assert said.sentence in explorer.words.value
    for amount in said.split["budget"]:
        assert f">{amount:,.0f}<" in explorer.words.value
    assert "<b>referral" not in explorer.words.value
    assert explorer.words.value != words
    assert explorer.picture.value != picture


def test_the_picture_depends_on_the_controls_and_not_on_the_way_there() -> None:
    straight, wandering = explore_budget(METHODS, **AT), explore_budget(METHODS, **AT)
    for how, thousands in [("cheapest", 70), ("past", 20), ("best", 60)]:
        wandering.controls["how"].value = how
        wandering.controls["thousands"].value = thousands
    wandering.controls["floor"].value = 3
    straight.controls["thousands"].value = 60
    assert wandering.picture.value == straight.picture.value
    assert wandering.words.value == straight.words.value
    assert Image.open(io.BytesIO(straight.picture.value)).format == "PNG"


def test_the_floor_never_asks_for_more_than_the_budget() -> None:
    explorer = explore_budget(METHODS, **AT)
    explorer.controls["floor"].value = explorer.controls["floor"].max
    explorer.controls["thousands"].value = explorer.controls["thousands"].min
    assert explorer.answered is not None
    assert 3 * explorer.controls["floor"].value <= explorer.controls["thousands"].value
    for control in ("percent", "thousands"):
        for value in (explorer.controls[control].min, explorer.controls[control].max):
            explorer.controls[control].value = value
            assert explorer.answered is not None, explorer.sentence


def test_it_opens_no_figure_and_a_wrong_table_is_refused_at_once() -> None:
    before = plt.get_fignums()
    explore_budget(METHODS, **AT).controls["percent"].value = 200
    assert plt.get_fignums() == before
    with pytest.raises(TableError, match="has no customers so far"):
        explore_budget(METHODS.assign(customers=[0, 1, 1]), **AT)


def test_a_move_takes_little_time() -> None:
    explorer = explore_budget(METHODS, **AT)
    took = []
    for percent in range(200, 208):
        start = time.process_time()  # not the clock: others share the machine
        explorer.controls["percent"].value = percent
        took.append(time.process_time() - start)
    assert min(took) < 0.15


def test_the_static_default_is_the_same_answer_with_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    said = show_budget(METHODS, **AT)
    same(said, budget_answer(METHODS, **AT))
    assert alt_budget(said.split) in capsys.readouterr().out
    plt.close("all")
