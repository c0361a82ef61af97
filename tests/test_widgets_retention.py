"""The call explorer shows what its twin says, for every control."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from casebook import uplift
from casebook.errors import TableError
from casebook.widgets import explore_retention, retention_answer, show_retention
from casebook.widgets.retention import calls_curve


@pytest.fixture(scope="module")
def scored() -> pd.DataFrame:
    """200 customers: the riskiest have an offer and gain nothing, the next gain most, some have a card."""
    at = np.arange(200)
    offer, auto = (at < 60).astype(int), (at % 4 == 3).astype(int)
    tau = np.where(offer, 0.0, np.where(auto, -0.08, 0.30 - at / 1000))
    return pd.DataFrame(
        {"m0": 0.9 - at / 250, "tau": tau, "psi": tau + 0.2 * (-1.0) ** (at // 2), "value": 400 + at * 1.0,
         "offer": offer, "auto": auto}
    )  # fmt: skip


def same(shown, said) -> None:
    """Assert that the explorer's answer is the twin's."""
    for table in ("curve", "lists", "groups"):
        pd.testing.assert_frame_equal(getattr(shown, table), getattr(said, table))
    assert (shown.sentence, shown.depth, shown.ranking) == (said.sentence, said.depth, said.ranking)


# The twin --------------------------------------------------------------------------------------------


def test_the_twin_counts_as_the_library_does(scored):
    said = retention_answer(scored, depth=0.2, ranking="by uplift", cost=50)
    chosen = said.lists.iloc[0]
    assert (chosen["ranking"], chosen["called"]) == ("by uplift", 40)
    assert chosen["saved"] == pytest.approx(40 * uplift.uplift_at(scored["tau"], scored["psi"], 0.2))
    first = scored.sort_values("tau", ascending=False, kind="stable").head(40)
    assert chosen["profit"] == pytest.approx((first["psi"] * first["value"]).sum() - 40 * 50)


def test_who_is_on_the_list_adds_up(scored):
    said = retention_answer(scored, depth=0.3, ranking="by risk")
    assert said.groups["customers"].sum() == 60
    assert said.groups["share"].sum() == pytest.approx(1)
    assert said.groups.set_index("group")["customers"].to_dict() == {
        "neither offer nor card": 0, "card on file": 0, "rival's offer": 45, "offer and card": 15,
    }  # fmt: skip


def test_a_dearer_call_earns_less_and_saves_as_many(scored):
    cheap, dear = (retention_answer(scored, cost=cost).lists for cost in (10, 100))
    assert (cheap["profit"] - dear["profit"]).tolist() == pytest.approx((90 * cheap["called"]).tolist())
    assert cheap["saved"].tolist() == dear["saved"].tolist()


def test_the_sentence_says_earn_or_lose_and_fits_the_page_without_a_kernel(scored):
    said = retention_answer(scored, ranking="by risk", cost=200)
    assert "60 calls by risk save" in said.sentence
    assert "and lose" in said.sentence
    assert "earn" in retention_answer(scored, ranking="by uplift", cost=0).sentence
    assert len(f"Explorer: {said.sentence}") <= 110  # more would be cut off


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ranking": "by name"}, "ranking must be one of by uplift, by risk, got 'by name'"),
        ({"depth": 0.33}, "depth must be a step of 5%"),
        ({"cost": -1}, "cost must be 0 RMB or more, got -1"),
    ],
)
def test_what_makes_no_sense_is_refused(scored, change, sentence):
    with pytest.raises(TableError, match=sentence):
        retention_answer(scored, **change)
    with pytest.raises(TableError, match="There is no column 'psi'"):
        retention_answer(scored.drop(columns="psi"))


def test_the_tables_of_an_answer_are_escaped(scored):
    html = retention_answer(scored).tables_html()
    assert "rival&#x27;s offer" in html
    assert "profit (RMB)" in html


def test_the_input_is_left_alone(scored):
    before = scored.copy()
    retention_answer(scored)
    explore_retention(scored)
    pd.testing.assert_frame_equal(scored, before)


# The explorer ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("control", "value", "asked"),
    [
        ("depth", 50, {"depth": 0.5}),
        ("cost", 120, {"cost": 120}),
        ("ranking", "by uplift", {"ranking": "by uplift"}),
        ("measure", "profit", {"measure": "profit"}),
    ],
)
def test_moving_a_control_says_what_the_twin_says(scored, control, value, asked):
    explorer = explore_retention(scored)
    same(explorer.answered, retention_answer(scored))
    before = explorer.picture.value
    explorer.controls[control].value = value
    same(explorer.answered, retention_answer(scored, **asked))
    assert explorer.sentence == retention_answer(scored, **asked).sentence
    assert explorer.picture.value != before or control in ("cost", "ranking")
    assert Image.open(io.BytesIO(explorer.picture.value)).width > 500


def test_no_figure_is_opened_and_the_artists_are_kept(scored):
    explorer = explore_retention(scored)
    axes = explorer._figure.axes[0]
    artists = len(axes.get_children())
    for depth in (5, 55, 100):
        explorer.controls["depth"].value = depth
    assert len(axes.get_children()) == artists
    assert not plt.get_fignums()


def test_every_depth_of_the_slider_is_answered(scored):
    explorer = explore_retention(scored)
    for depth in range(5, 101, 5):
        explorer.controls["depth"].value = depth
        assert explorer.answered is not None, explorer.sentence
        assert explorer.answered.lists["called"].tolist() == [2 * depth] * 2


def test_the_static_default_is_the_twin_of_the_explorer(scored):
    same(show_retention(scored), explore_retention(scored).answered)


def test_the_curve_can_be_handed_in(scored):
    same(retention_answer(scored, curve=calls_curve(scored), cost=30), retention_answer(scored, cost=30))
