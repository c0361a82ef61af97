"""Choosing a distributor: the hand-worked examples, edges, ties, order of rows, refusals, and the picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.testing.compare import compare_images

import casebook
from casebook import distributors as dst
from casebook import plots
from casebook.contracts.words import CRITERIA
from casebook.errors import TableError

IMAGES = Path(__file__).parent / "images"
WEIGHTS = {"distribution": 0.5, "service": 0.3, "finance": 0.2}


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture
def gates() -> pd.DataFrame:
    """The three candidates of DST-02."""
    return pd.DataFrame(
        {
            "candidate_id": ["D1", "D2", "D3"],
            "character": [75, 90, 60],
            "management": [80, 85, 60],
            "finance": [65, 55, 60],
        }
    )


@pytest.fixture
def three() -> pd.DataFrame:
    """The three candidates of DST-03."""
    return pd.DataFrame(
        {
            "candidate_id": ["D1", "D2", "D3"],
            "distribution": [80, 90, 70],
            "service": [70, 60, 90],
            "finance": [90, 50, 80],
        }
    )


# Profile ------------------------------------------------------------------------------------------------


def test_dst_01_eleven_criteria_pass_and_ten_name_the_one_that_is_missing():
    eleven = dict.fromkeys(dst.DEALER_CRITERIA, 70)
    assert len(eleven) == 11
    assert dst.candidate_profile(eleven)["criterion"].tolist() == list(dst.DEALER_CRITERIA)
    ten = {name: 70 for name in eleven if name != "social_relations"}
    with pytest.raises(TableError, match="1 of the 11 criteria is missing: social_relations"):
        dst.candidate_profile(ten)


def test_the_criteria_are_those_of_the_table_of_candidates():
    assert tuple(dst.DEALER_CRITERIA) == CRITERIA


def test_a_profile_stands_beside_the_mean_of_all_candidates(three):
    profile = dst.candidate_profile(three, list(WEIGHTS))
    mine = profile.query("candidate_id == 'D2'").set_index("criterion")
    assert mine["mean"].round(2).to_dict() == {"distribution": 80, "service": 73.33, "finance": 73.33}
    assert mine["above"].round(2).to_dict() == {"distribution": 10, "service": -13.33, "finance": -23.33}
    assert profile.groupby("criterion")["above"].sum().abs().max() < 1e-9


# Gates --------------------------------------------------------------------------------------------------


def test_dst_02_who_misses_one_gate_fails_and_exactly_sixty_passes(gates):
    made = dst.gate_dealers(gates)
    assert made["gate"].tolist() == ["pass", "fail", "pass"]
    assert made.loc[1, "reason"] == "finance 55 below 60"


def test_every_gate_missed_is_named_with_its_score(gates):
    low = gates.assign(character=[75, 59.9, 60])
    assert dst.gate_dealers(low).loc[1, "reason"] == "character 59.9 below 60; finance 55 below 60"


def test_the_gates_are_the_users_to_choose(gates):
    assert dst.gate_dealers(gates, {"finance": 50})["gate"].tolist() == ["pass"] * 3
    assert dst.gate_dealers(gates, {"character": 61})["gate"].tolist() == ["pass", "pass", "fail"]


@pytest.mark.parametrize(
    ("least", "says"),
    [({}, "Name each gate"), ({"finance": 101}, "'finance' must be from 0 to 100"),
     ({"finance": math.nan}, "'finance' must be from 0"), ({"finances": 60}, "Did you mean 'finance'")],
)  # fmt: skip
def test_a_gate_that_makes_no_sense_is_refused(gates, least, says):
    with pytest.raises(TableError, match=says):
        dst.gate_dealers(gates, least)


# Totals -------------------------------------------------------------------------------------------------


def test_dst_03_totals_and_ranks(three):
    made = dst.score_dealers(three, WEIGHTS).set_index("candidate_id")
    assert made["total"].to_dict() == {"D1": 79, "D3": 78, "D2": 73}
    assert made["rank"].tolist() == [1, 2, 3]


def test_dst_03_other_weights_turn_the_choice(three):
    made = dst.score_dealers(three, {"distribution": 0.4, "service": 0.4, "finance": 0.2})
    assert dict(zip(made["candidate_id"], made["total"], strict=True)) == {"D3": 80, "D1": 78, "D2": 70}


def test_equal_totals_stand_by_name(three):
    same = three.assign(distribution=70, service=70, finance=70).iloc[::-1]
    assert dst.score_dealers(same, WEIGHTS)["candidate_id"].tolist() == ["D1", "D2", "D3"]
    tenths = pd.DataFrame(
        {"candidate_id": ["b", "a"], "x": [70.0, 70.0], "y": [70.0, 70.0], "z": [70.0, 70.0]}
    )
    thirds = dst.score_dealers(tenths, {"x": 0.1, "y": 0.2, "z": 0.7})
    assert thirds["candidate_id"].tolist() == ["a", "b"]
    assert set(thirds["total"]) == {70.0}  # not 70.00000000000001


def test_a_criterion_without_weight_counts_nothing(three):
    alone = dst.score_dealers(three, {"distribution": 1.0, "service": 0.0})
    assert alone["total"].tolist() == [90, 80, 70]


@pytest.mark.parametrize(
    ("weights", "says"),
    [({"distribution": 50, "service": 50}, "add to 1"), ({"distribution": 0.5}, "they add to 0.5"),
     ([0.5, 0.5], "needed by indicator"), ({"price": 1.0}, "no column 'price'")],
)  # fmt: skip
def test_weights_that_do_not_fit_are_refused(three, weights, says):
    with pytest.raises(TableError, match=says):
        dst.score_dealers(three, weights)


# The weight that turns the choice -----------------------------------------------------------------------


def test_at_the_flip_weight_both_totals_are_equal_and_the_others_keep_their_proportions(three):
    flip = dst.flip_weight(three, "D1", "D3", "distribution", weights=WEIGHTS)
    assert flip == pytest.approx(4 / 9)  # others .6 and .4: 10 w = 8 (1 - w)
    rest = 1 - flip
    moved = {"distribution": flip, "service": rest * 0.6, "finance": rest * 0.4}
    totals = dst.score_dealers(three, moved).set_index("candidate_id")["total"]
    assert totals["D1"] == pytest.approx(totals["D3"])
    assert dst.flip_weight(three, "D3", "D1", "distribution", weights=WEIGHTS) == flip


def test_no_weight_turns_a_choice_between_one_who_is_better_everywhere_and_one_who_is_not(three):
    better = three.assign(distribution=[80, 60, 70], service=[70, 60, 65], finance=[90, 50, 80])
    for factor in WEIGHTS:
        assert math.isnan(dst.flip_weight(better, "D1", "D3", factor, weights=WEIGHTS))


def test_two_alike_never_change_places(three):
    same = three.assign(distribution=70, service=70, finance=70)
    assert math.isnan(dst.flip_weight(same, "D1", "D2", "service", weights=WEIGHTS))


def test_who_lead_by_as_much_on_the_factor_as_elsewhere_cannot_be_caught(three):
    level = three.assign(distribution=[80, 90, 70], service=[80, 90, 70], finance=[80, 90, 70])
    assert math.isnan(dst.flip_weight(level, "D1", "D3", "finance", weights=WEIGHTS))


@pytest.mark.parametrize(
    ("a", "b", "factor", "weights", "says"),
    [("D1", "D9", "service", WEIGHTS, "no candidate 'D9'"), ("D1", "D1", "service", WEIGHTS, "named twice"),
     ("D1", "D3", "price", WEIGHTS, "no indicator 'price'"),
     ("D1", "D3", "service", {"service": 1.0, "finance": 0.0}, "all the weight")],
)  # fmt: skip
def test_a_flip_that_makes_no_sense_is_refused(three, a, b, factor, weights, says):
    with pytest.raises(TableError, match=says):
        dst.flip_weight(three, a, b, factor, weights=weights)


SCORE = st.integers(0, 100)


@given(st.lists(st.tuples(SCORE, SCORE, SCORE), min_size=2, max_size=2), st.tuples(*[st.integers(1, 9)] * 3))
def test_between_zero_and_the_flip_one_leads_and_beyond_it_the_other(scores, parts):
    table = pd.DataFrame(scores, columns=["x", "y", "z"]).assign(candidate_id=["a", "b"])
    weights = {name: part / sum(parts) for name, part in zip("xyz", parts, strict=True)}
    flip = dst.flip_weight(table, "a", "b", "x", weights=weights)

    def lead(w):
        others = {n: weights[n] * (1 - w) / (1 - weights["x"]) for n in "yz"}
        given = {"x": w, **others}
        row = table.set_index("candidate_id")[list("xyz")] @ pd.Series(given)
        return row["a"] - row["b"]

    if math.isnan(flip):  # never a change of sign
        assert lead(0.0) * lead(1.0) >= -1e-6
    else:
        assert abs(lead(flip)) < 1e-5
        assert lead(0.0) * lead(1.0) <= 1e-6


@given(st.lists(st.tuples(SCORE, SCORE, SCORE), min_size=1, max_size=8), st.randoms())
def test_no_total_and_no_rank_depends_on_the_order_of_rows(scores, chance):
    table = pd.DataFrame(scores, columns=list(WEIGHTS))
    table["candidate_id"] = [f"D{i}" for i in range(len(table))]
    order = list(range(len(table)))
    chance.shuffle(order)
    columns = ["candidate_id", "total", "rank"]
    usual, shuffled = (dst.score_dealers(t, WEIGHTS)[columns] for t in (table, table.iloc[order]))
    pd.testing.assert_frame_equal(usual.reset_index(drop=True), shuffled.reset_index(drop=True))
    assert usual["total"].is_monotonic_decreasing


# What every function keeps ------------------------------------------------------------------------------

CALLS = {
    "profile": lambda t: dst.candidate_profile(t, list(WEIGHTS)),
    "gate": lambda t: dst.gate_dealers(t, {"finance": 60}),
    "score": lambda t: dst.score_dealers(t, WEIGHTS),
    "flip": lambda t: dst.flip_weight(t, "D1", "D3", "service", weights=WEIGHTS),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_the_table_is_left_alone_and_a_bad_one_is_refused_by_name(three, call):
    before = three.copy()
    call(three)
    pd.testing.assert_frame_equal(three, before)
    gap = three.astype({"finance": float})
    gap.loc[1, "finance"] = np.nan
    bad = {
        "'finance' is missing on 1 row": gap,
        "'finance' is outside 0 to 100 points": three.assign(finance=[90, 500, 80]),
        "'finance' does not hold numbers": three.assign(finance=["90", "good", "80"]),
        "Candidate 'D1' has two rows": three.assign(candidate_id=["D1", "D1", "D3"]),
        "'candidate_id' is missing": three.assign(candidate_id=["D1", None, "D3"]),
        "no rows": three.iloc[:0],
    }
    for says, table in bad.items():
        with pytest.raises(TableError, match=says):
            call(table)
    with pytest.raises(TableError, match="finance"):
        call(three.drop(columns="finance"))


def test_the_whole_company_is_scored_and_ranked():
    table = casebook.load("dealer_candidates")
    made = dst.score_dealers(table, dict.fromkeys(dst.DEALER_CRITERIA, 1 / 11))
    np.testing.assert_allclose(made["total"], table[list(CRITERIA)].mean(axis=1)[made.index])
    assert made["rank"].tolist() == list(range(1, 31))


# The picture --------------------------------------------------------------------------------------------


@pytest.fixture
def two() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fourteen candidates under two sets of weights."""
    rng = np.random.default_rng(2)
    table = pd.DataFrame(rng.integers(40, 100, (14, 3)), columns=list(WEIGHTS))
    table["candidate_id"] = [f"D{i + 1:02d}" for i in range(14)]
    other = {"distribution": 0.1, "service": 0.1, "finance": 0.8}
    return dst.score_dealers(table, WEIGHTS), dst.score_dealers(table, other)


def test_each_line_runs_from_one_rank_to_the_other(two):
    one, other = two
    ax = plots.plot_two_weightings(one, other, names=("ours", "theirs"))
    after = other.set_index("candidate_id")["rank"]
    drawn = [line.get_ydata().tolist() for line in ax.lines]
    assert drawn == [[rank, after[who]] for who, rank in zip(one["candidate_id"], one["rank"], strict=True)]
    said = {text.get_text() for text in ax.texts}
    assert {f"{w}  {t:.1f}" for w, t in zip(one["candidate_id"], one["total"], strict=True)} <= said
    assert {"ours", "theirs"} <= said


def test_title_and_words_say_who_leads_and_how_many_move_far(two):
    one, other = two
    title = plots.plot_two_weightings(one, other, names=("ours", "theirs")).get_title(loc="left")
    alt = plots.alt_two_weightings(one, other, names=("ours", "theirs"))
    moved = (one.set_index("candidate_id")["rank"] - other.set_index("candidate_id")["rank"]).abs()
    first, second = one["candidate_id"].iloc[0], other["candidate_id"].iloc[0]
    assert first != second
    assert title.replace("\n", " ").startswith(f"{first} leads under ours, {second} under theirs;")
    for text in (title.replace("\n", " "), alt):
        assert f"{(moved >= 3).sum()} of 14 move 3 places or more" in text
    assert f"that of {moved.idxmax()}" in alt
    assert ", ".join(other["candidate_id"]) in alt


def test_two_weightings_that_agree_say_so(two):
    one, _ = two
    title = plots.plot_two_weightings(one, one).get_title(loc="left").replace("\n", " ")
    assert "leads under both sets of weights; 0 of 14" in title
    assert "Nobody moves." in plots.alt_two_weightings(one, one)


def test_the_picture_draws_where_it_is_told_and_refuses_what_does_not_fit(two):
    one, other = two
    mine = plt.subplots()[1]
    assert plots.plot_two_weightings(one, other, ax=mine) is mine
    for function in (plots.plot_two_weightings, plots.alt_two_weightings):
        with pytest.raises(TableError, match="nothing to draw"):
            function(one.iloc[:0], other)
        with pytest.raises(TableError, match="stands in one only"):
            function(one.iloc[1:], other)
        with pytest.raises(TableError, match=r"no column 'rank'.*distributors\.score_dealers"):
            function(one.drop(columns="rank"), other)


def test_the_picture_looks_as_it_did(two, tmp_path):
    """Compare with tests/images; to renew one after looking at it, delete it and run this test twice."""
    drawn, kept = tmp_path / "drawn.png", IMAGES / "02_two_weightings.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        plots.plot_two_weightings(*two, names=("ours", "theirs")).figure.savefig(
            drawn, dpi=60, metadata={"Software": None}
        )
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None
