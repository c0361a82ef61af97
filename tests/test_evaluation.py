"""How good a score is: by hand, against scikit-learn, whatever the order of rows, and refused by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve

from casebook import evaluation as ev
from casebook.errors import TableError

HAND = [0, 1, 0, 1], [0.1, 0.4, 0.5, 0.8]
SCORED = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=60).filter(
    lambda rows: len({y for y, _ in rows}) == 2
)


def columns(rows):
    return np.array([y for y, _ in rows], dtype=int), np.array([s for _, s in rows], dtype=float)


@pytest.fixture(scope="module")
def drawn():
    """2,000 customers whose true probabilities are known."""
    rng = np.random.default_rng(3)
    p = rng.beta(1, 4, 2_000)
    return (rng.random(2_000) < p).astype(int), p


# Ranking -------------------------------------------------------------------------------------------


def test_auc_is_the_share_of_pairs_in_the_right_order():
    assert ev.auc(*HAND) == 0.75  # (.4, .1) (.8, .1) (.8, .5) right, (.4, .5) wrong


def test_a_tie_counts_one_half():
    assert ev.auc([0, 1], [0.3, 0.3]) == 0.5
    assert ev.auc([0, 1, 1], [0.3, 0.3, 0.9]) == 0.75


def test_a_score_turned_round_gives_the_rest():
    assert ev.auc(HAND[0], -np.array(HAND[1])) == 0.25


@given(SCORED)
def test_auc_and_ks_are_those_of_scikit_learn(rows):
    y, s = columns(rows)
    assert ev.auc(y, s) == pytest.approx(roc_auc_score(y, s), abs=1e-12)
    false, true, _ = roc_curve(y, s)
    assert ev.ks(y, s) == pytest.approx(abs(true - false).max(), abs=1e-12)


@given(SCORED, st.integers(1, 5), st.randoms())
def test_no_figure_depends_on_the_order_of_rows(rows, bins, chance):
    y, s = columns(rows)
    order = list(range(len(y)))
    chance.shuffle(order)
    bins = min(bins, len(y))
    pd.testing.assert_frame_equal(
        ev.gain_table(y, s, bins=bins), ev.gain_table(y[order], s[order], bins=bins)
    )
    assert ev.lift_at(y, s, depth=0.3) == ev.lift_at(y[order], s[order], depth=0.3)


def test_the_interval_holds_the_auc_and_narrows_with_more_rows(drawn):
    y, p = drawn
    low, high = ev.auc_interval(y, p, seed=1)
    assert low < ev.auc(y, p) < high
    few_low, few_high = ev.auc_interval(y[:200], p[:200], seed=1)
    assert few_high - few_low > 2 * (high - low)
    assert ev.auc_interval(y, p, seed=1) == (low, high)
    assert ev.auc_interval(y, p, seed=2) != (low, high)


def test_rows_of_one_customer_are_no_independent_news(drawn):
    y, p = drawn
    twice = np.tile(y[:200], 9), np.tile(p[:200], 9)
    one = ev.auc_interval(y[:200], p[:200], seed=1)
    naive = ev.auc_interval(*twice, seed=1)
    clustered = ev.auc_interval(*twice, groups=np.tile(np.arange(200), 9), seed=1)
    assert naive[1] - naive[0] < 0.5 * (one[1] - one[0])
    assert clustered == pytest.approx(one, abs=0.01)


def test_the_interval_covers_the_true_auc_about_as_often_as_it_says():
    rng, truth = np.random.default_rng(5), 0.5  # scores drawn without looking at y
    hits = 0
    for trial in range(100):
        y = rng.integers(0, 2, 120)
        low, high = ev.auc_interval(y, rng.random(120), draws=300, seed=trial)
        hits += low <= truth <= high
    assert 88 <= hits <= 100


# Lists ----------------------------------------------------------------------------------------------


def test_the_gain_table_by_hand():
    table = ev.gain_table([1, 1, 0, 1, 0, 0, 0, 0], [8, 7, 6, 5, 4, 3, 2, 1], bins=4)
    assert table["positives"].tolist() == [2, 1, 0, 0]
    assert table["lift"].round(4).tolist() == [2.6667, 1.3333, 0, 0]
    assert table["found"].round(4).tolist() == [0.6667, 1, 1, 1]
    assert table["depth"].tolist() == [0.25, 0.5, 0.75, 1]


def test_ties_are_shared_out_evenly_between_groups():
    table = ev.gain_table([1, 0, 0, 0], [5, 5, 5, 5], bins=2)
    assert table["positives"].tolist() == [0.5, 0.5]
    assert table["lift"].tolist() == [1, 1]


@given(SCORED)
def test_all_is_found_at_full_depth_and_no_lift_is_above_the_best_possible(rows):
    y, s = columns(rows)
    table = ev.gain_table(y, s, bins=min(10, len(y)))
    assert table["found"].iloc[-1] == pytest.approx(1)
    assert table["n"].sum() == len(y)
    assert table["lift"].max() <= 1 / y.mean() + 1e-9
    assert ev.lift_at(y, s, depth=1) == pytest.approx(1)


# Probabilities --------------------------------------------------------------------------------------


def test_brier_by_hand_and_as_scikit_learn_has_it(drawn):
    assert ev.brier([1, 0], [0.8, 0.4]) == pytest.approx((0.04 + 0.16) / 2)
    assert ev.brier(*drawn) == pytest.approx(brier_score_loss(*drawn))


def test_true_probabilities_are_calibrated_and_twisted_ones_are_not(drawn):
    y, p = drawn
    table = ev.calibration_table(y, p)
    assert ((table["low"] <= table["predicted"]) & (table["predicted"] <= table["high"])).mean() >= 0.8
    assert ev.calibration_line(y, p) == pytest.approx((0, 1), abs=0.15)
    far = 1 / (1 + ((1 - p) / p) ** 2)  # twice as far from even odds
    assert ev.calibration_line(y, far)[1] == pytest.approx(0.5, abs=0.08)


def test_equal_probabilities_share_a_group():
    table = ev.calibration_table([0, 1, 0, 1, 1], [0.2, 0.2, 0.2, 0.2, 0.9], bins=4)
    assert table[["bin", "n", "observed"]].to_numpy().tolist() == [[1, 4, 0.5], [2, 1, 1.0]]


def test_wilsons_interval_is_scipys_for_each_share():
    k, n = np.array([0, 2, 10, 57]), np.array([10, 10, 10, 80])
    low, high = ev.wilson_interval(k, n)
    for i in range(4):
        exact = binomtest(int(k[i]), int(n[i])).proportion_ci(method="wilson")
        assert (low[i], high[i]) == pytest.approx((exact.low, exact.high), abs=1e-12)
    assert ev.wilson_interval(2, 10) == (low[1], high[1])


# Refusals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [ev.auc, ev.ks, ev.gain_table, ev.lift_at, ev.brier])
@pytest.mark.parametrize(
    ("y", "s", "words"),
    [
        ([0, 1], [0.1], "2 rows, the score 1"),
        ([0, 2], [0.1, 0.2], "it holds 2"),
        ([0, 1], [0.1, None], "no finite number in row 1"),
        ([0, None], [0.1, 0.2], "`y_true` has no finite number in row 1"),
        (["no", "yes"], [0.1, 0.2], "`y_true` must be numbers"),
        ([], [], "at least one number"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_words(function, y, s, words):
    with pytest.raises(TableError, match=words):
        function(y, s)


@pytest.mark.parametrize("function", [ev.auc, ev.ks, ev.gain_table, ev.lift_at, ev.calibration_line])
def test_one_outcome_only_is_refused(function):
    with pytest.raises(TableError, match="nothing to tell apart"):
        function([1, 1], [0.1, 0.2])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ev.brier([0, 1], [0.1, 1.2]), "probabilities from 0 to 1; the first that is none is 1.2"),
        (lambda: ev.calibration_line([0, 1], [0.0, 0.5]), "strictly between"),
        (lambda: ev.calibration_line([0, 1], [0.5, 0.5]), "two different values"),
        (lambda: ev.lift_at(*HAND, depth=0), "above 0 and at most 1"),
        (lambda: ev.gain_table(*HAND, bins=5), "at least as many rows; there are 4"),
        (lambda: ev.gain_table(*HAND, bins=0), "whole number"),
        (lambda: ev.auc_interval(*HAND, level=1, seed=1), "`level`"),
        (lambda: ev.auc_interval(*HAND, groups=[1, 2], seed=1), "one group for each row"),
        (lambda: ev.wilson_interval(3, 2), "from 0 to n"),
        (lambda: ev.wilson_interval([1, np.nan], [2, 2]), "without gaps"),
        (lambda: ev.wilson_interval(1, 2, level=95), "`level`"),
        (lambda: ev.wilson_interval([1, 2], [3, 3, 3]), "as many of one as of the other"),
        (lambda: ev.calibration_line([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]), "none is best"),
        (lambda: ev.auc_interval([0, 1], [1, 2], draws=1, seed=3), "None of 1 draws"),
        (lambda: ev.auc_interval(*HAND, draws=1.5, seed=1), "`draws` must be a whole number"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(call, words):
    with pytest.raises(TableError, match=words):
        call()


def test_what_is_handed_in_stays_as_it_was(drawn):
    y, p = pd.Series(drawn[0]), pd.Series(drawn[1])
    before = y.copy(), p.copy()
    ev.auc_interval(y, p, draws=5, seed=1)
    ev.calibration_table(y, p)
    ev.gain_table(y, p)
    pd.testing.assert_series_equal(y, before[0])
    pd.testing.assert_series_equal(p, before[1])


def test_the_same_rows_in_different_orders_are_refused_and_not_paired_by_place():
    happened = pd.Series([0, 1, 0, 1], list("abcd"))
    score = pd.Series([0.1, 0.4, 0.5, 0.8], list("abcd"))
    assert ev.auc(happened, score) == 0.75
    with pytest.raises(TableError, match="different orders"):
        ev.auc(happened, score.iloc[::-1])
