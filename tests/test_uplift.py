"""Whom a call helps: the groups by hand, AIPW, two lists compared, and the truth found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import casebook
from casebook import uplift
from casebook.company import truth
from casebook.company.evidence_service import uplift_against_risk
from casebook.errors import TableError

FEATURES = ["silence", "csat", "offer", "auto", "csat*offer", "csat*auto"]
GROUPS = {"persuadable": (100, 0.10, 0.30), "sleeping dog": (50, 0.30, 0.20), "lost cause": (50, 0.70, 0.70)}


@pytest.fixture(scope="module")
def trial() -> pd.DataFrame:
    return casebook.load("retention_test")


@pytest.fixture(scope="module")
def learned(trial):
    return uplift.fit_uplift(trial, FEATURES, folds=5, seed=15)


@pytest.fixture(scope="module")
def psi(trial, learned):
    return uplift.aipw(trial["churned"], trial["treated"], learned.scores["m0"], learned.scores["m1"])


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """The three groups of the lesson, person by person: called and not called, left and stayed."""
    rows = []
    for name, (n, called, alone) in GROUPS.items():
        for w, share in ((1, called), (0, alone)):
            left = round(n * share)
            rows += [(name, w, 1)] * left + [(name, w, 0)] * (n - left)
    table = pd.DataFrame(rows, columns=["group", "w", "y"])
    m1, m0 = ({g: v[i] for g, v in GROUPS.items()} for i in (1, 2))
    return table.assign(m0=table["group"].map(m0), m1=table["group"].map(m1))


def test_chn_09_the_mean_of_psi_in_each_group_is_its_uplift(people):
    psi = pd.Series(uplift.aipw(people["y"], people["w"], people["m0"], people["m1"]))
    found = psi.groupby(people["group"]).mean()
    assert found["persuadable"] == pytest.approx(0.20)
    assert found["sleeping dog"] == pytest.approx(-0.10)
    assert found["lost cause"] == pytest.approx(0)


def test_chn_09_a_wrong_model_leaves_the_groups_unbiased_as_half_of_each_was_called(people):
    psi = pd.Series(uplift.aipw(people["y"], people["w"], [0.5] * len(people), [0.9] * len(people)))
    assert psi.groupby(people["group"]).mean()["persuadable"] == pytest.approx(0.20)


def test_chn_09_which_groups_a_call_pays_for():
    said = uplift.uplift_targets([0.20, -0.10, 0.0], 500, c_contact=40, p_accept=0.8, c_incentive=30)
    assert said["cost"].tolist() == pytest.approx([64] * 3)
    assert said["gain"].tolist() == pytest.approx([36, -114, -64])
    assert said["call"].tolist() == [True, False, False]
    assert said["reason"].str.contains("leave$").tolist() == [False, True, False]


def test_chn_09_fifty_calls_by_risk_save_nobody_and_by_uplift_ten(people):
    psi = uplift.aipw(people["y"], people["w"], people["m0"], people["m1"])
    by_risk = uplift.uplift_at(people["m0"], psi, depth=100 / len(people))  # both arms: 100 lost causes
    by_uplift = uplift.uplift_at(people["m0"] - people["m1"], psi, depth=200 / len(people))
    assert 50 * by_risk == pytest.approx(0)
    assert 50 * by_uplift == pytest.approx(10)


def test_chn_09_aipw_by_hand():
    psi = uplift.aipw([0, 1], [1, 0], [0.30, 0.30], [0.12, 0.12], e=0.5)
    assert psi.tolist() == pytest.approx([0.42, 1.58])


def test_aipw_weighs_by_the_share_called():
    psi = uplift.aipw([0, 1], [1, 0], [0.30, 0.30], [0.12, 0.12], e=0.2)
    assert psi.tolist() == pytest.approx([0.18 + 0.12 / 0.2, 0.18 + 0.70 / 0.8])


def test_chn_06_gain_with_a_test_by_hand():
    said = uplift.uplift_targets([0.10, 0.05], 1000, c_contact=30, p_accept=0.6, c_incentive=80)
    assert said["gain"].tolist() == pytest.approx([22, -28])


def test_of_equal_scores_the_earlier_row_is_called_and_the_number_is_rounded_down():
    assert uplift.uplift_at([1, 1, 1, 1], [4.0, 2.0, 0.0, 0.0], depth=0.5) == 3
    assert uplift.uplift_at([3, 2, 1], [4.0, 2.0, 0.0], depth=0.5) == 4  # one of three
    assert uplift.uplift_at([3, 2, 1], [4.0, 2.0, 0.0], depth=0.01) == 4  # at least one
    assert uplift.uplift_at([1, 2, 3], [4.0, 2.0, 0.0], depth=1) == 2


def test_a_depth_that_floats_cannot_hold_still_calls_whole_customers():
    psi = np.r_[np.ones(3), np.zeros(7)]
    assert uplift.uplift_at(-np.arange(10), psi, depth=0.3) == 1
    assert uplift.uplift_at(-np.arange(100), np.r_[np.ones(29), np.zeros(71)], depth=0.29) == 1


def test_the_difference_of_two_lists_is_the_difference_of_their_uplifts(trial, learned, psi):
    a, b = learned.scores["tau"], learned.scores["m0"]
    said = uplift.compare_policies(a, b, psi, depth=0.3)
    assert said.difference == pytest.approx(uplift.uplift_at(a, psi, 0.3) - uplift.uplift_at(b, psi, 0.3))
    other = uplift.compare_policies(b, a, psi, depth=0.3)
    assert (other.difference, other.z) == pytest.approx((-said.difference, -said.z))
    assert said.z == pytest.approx(said.difference / said.se)


def test_the_standard_error_is_that_of_a_bootstrap(learned, psi):
    a, b = learned.scores["tau"].to_numpy(), learned.scores["m0"].to_numpy()
    said, n = uplift.compare_policies(a, b, psi, depth=0.3), len(psi)
    lists = [np.isin(np.arange(n), np.argsort(-s, kind="stable")[: int(0.3 * n)]) for s in (a, b)]
    each = psi * (lists[0].astype(float) - lists[1]) * n / lists[0].sum()
    draws = np.random.default_rng(1).integers(0, n, (400, n))
    assert each[draws].mean(axis=1).std() == pytest.approx(said.se, rel=0.12)


def test_calling_by_uplift_saves_more_than_by_risk_beyond_chance(learned, psi):
    said = uplift.compare_policies(learned.scores["tau"], learned.scores["m0"], psi, depth=0.3)
    assert said.z > 1.645
    assert 0.20 < uplift.uplift_at(learned.scores["tau"], psi, 0.3) < 0.26
    assert 0.03 < uplift.uplift_at(learned.scores["m0"], psi, 0.3) < 0.12


def test_the_evidence_of_the_company_and_the_lesson_say_the_same(trial):
    by_uplift, by_risk, z = uplift_against_risk(trial)
    learned = uplift.fit_uplift(trial, FEATURES)
    psi = uplift.aipw(trial["churned"], trial["treated"], learned.scores["m0"], learned.scores["m1"])
    said = uplift.compare_policies(learned.scores["tau"], learned.scores["m0"], psi, 0.3)
    assert (by_uplift - by_risk, z) == pytest.approx((said.difference, said.z))


def test_the_predicted_uplift_is_near_the_true_one_and_the_sleeping_dogs_are_found(trial, learned):
    hidden = truth("retention_truth")
    true = (hidden["p0_true"] - hidden["p1_true"]).to_numpy()
    assert np.corrcoef(learned.scores["tau"], true)[0, 1] > 0.8
    card_only = (trial["auto"] == 1) & (trial["offer"] == 0)
    assert (learned.scores["tau"][card_only] < 0).mean() > 0.9


def test_nobody_is_predicted_by_a_model_that_saw_them(trial):
    """Turn one outcome round: the customer's own predictions stay, others' move."""
    turned = trial.copy()
    turned.loc[7, "churned"] = 1 - turned.loc[7, "churned"]
    one, two = (uplift.fit_uplift(t, FEATURES, seed=3).scores for t in (trial, turned))
    assert one.loc[7].tolist() == pytest.approx(two.loc[7].tolist(), abs=1e-12)
    assert (one["tau"] - two["tau"]).abs().max() > 1e-6


def test_the_seed_deals_the_folds_and_the_input_stays(trial):
    before = trial.copy()
    one, again, other = (uplift.fit_uplift(trial, ["csat"], seed=s).scores for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    assert not one.equals(other)
    pd.testing.assert_frame_equal(trial, before)


def test_the_index_of_the_test_is_kept_and_new_customers_are_predicted(trial, learned):
    shifted = trial.set_axis(range(1000, 3400))
    assert uplift.fit_uplift(shifted, ["csat"]).scores.index.tolist()[:2] == [1000, 1001]
    new = trial.head(3).drop(columns=["treated", "churned"]).set_axis(list("abc"))
    said = learned.predict(new)
    assert said.index.tolist() == list("abc")
    assert said["tau"].tolist() == pytest.approx((said["m0"] - said["m1"]).tolist())


def test_another_model_can_be_used(trial):
    from sklearn.tree import DecisionTreeClassifier

    shallow = DecisionTreeClassifier(max_depth=3, random_state=0)
    scores = uplift.fit_uplift(trial, FEATURES[:4], model=shallow).scores
    assert scores["m0"].nunique() < 50


def test_by_depth_all_lists_end_at_the_same_place_and_the_money_adds_up(trial, learned, psi):
    lists = {"a": learned.scores["tau"], "b": learned.scores["m0"]}
    table = uplift.uplift_by_depth(lists, psi, value=trial["value"], cost=64)
    ends = table[table["depth"] == 1].set_index("ranking")
    assert ends.loc["a", "saved"] == pytest.approx(ends.loc["b", "saved"])
    assert ends.loc["a", "profit"] == pytest.approx((psi * trial["value"]).sum() - 64 * len(trial))
    at = table[(table["ranking"] == "a") & (table["depth"] == 0.3)].iloc[0]
    assert at["called"] == 720
    assert at["per_call"] == pytest.approx(uplift.uplift_at(lists["a"], psi, 0.3))
    assert at["low"] < at["saved"] < at["high"]
    assert "profit" not in uplift.uplift_by_depth(lists, psi)


def test_groups_by_risk_are_of_equal_size_and_in_order(learned, psi):
    table = uplift.effect_by_risk(learned.scores["m0"], psi, bins=10)
    assert table["n"].tolist() == [240] * 10
    assert table["risk"].is_monotonic_increasing
    assert (table["effect"] * table["n"]).sum() == pytest.approx(psi.sum())
    assert table["effect"].idxmax() in (5, 6, 7)
    assert table["effect"].iloc[-1] < 0.06


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda t: uplift.fit_uplift(t, []), "features names no column"),
        (lambda t: uplift.fit_uplift(t, ["mood"]), "There is no column 'mood'"),
        (lambda t: uplift.fit_uplift(t.drop(columns="treated"), ["csat"]), "There is no column 'treated'"),
        (lambda t: uplift.fit_uplift(t.assign(csat=None), ["csat"]), "csat: row 0 is not a number"),
        (lambda t: uplift.fit_uplift(t.assign(treated=2), ["csat"]), "treated: row 0 is neither 0 nor 1"),
        (lambda t: uplift.fit_uplift(t.assign(churned=0), ["csat"]), "a fold has only one outcome"),
        (lambda t: uplift.fit_uplift(t, ["csat"], folds=1), "folds must be a whole number from 2"),
        (lambda t: uplift.aipw([0, 1], [1, 0], [0.3], [0.1]), "one value each for every customer"),
        (lambda t: uplift.aipw([0, 3], [1, 0], [0.3] * 2, [0.1] * 2), "y: row 1 is neither 0 nor 1"),
        (lambda t: uplift.aipw([0, 1], [1, 0], [0.3] * 2, [0.1, 1.1]), "m1: row 1 is 1.1"),
        (lambda t: uplift.aipw([0, 1], [1, 0], [0.3] * 2, [0.1] * 2, e=1), "e, the share called, must be"),
        (lambda t: uplift.uplift_at([1, 2], [0.1]), "score has 2 values for 1 customers"),
        (lambda t: uplift.uplift_at([1, np.nan], [0.1, 0.2]), "score: row 1 is missing"),
        (lambda t: uplift.uplift_at([1, 2], [0.1, 0.2], depth=30), "depth must be a share above 0, up to 1"),
        (lambda t: uplift.compare_policies([2, 1], [4, 3], [0.1, 0.2], 0.5), "choose the same customers"),
        (lambda t: uplift.effect_by_risk([0.1, 0.2], [0.1, 0.2], bins=2), "two customers or more in each"),
        (lambda t: uplift.uplift_targets([1.5], 100, 1, 0.5, 1), "tau is a difference of two probabilities"),
        (lambda t: uplift.uplift_targets([0.1], 0, 1, 0.5, 1), "value must be above 0"),
        (lambda t: uplift.uplift_targets([0.1], 100, -1, 0.5, 1), "c_contact and c_incentive must be 0"),
    ],
)
def test_what_makes_no_sense_is_refused(trial, call, sentence):
    with pytest.raises(TableError, match=sentence):
        call(trial)
