"""What a list earns: by hand, by depth, over uncertain rates of acceptance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta as beta_law

from casebook import churn
from casebook.errors import TableError
from casebook.profit import expected_maximum_profit, profit_by_depth, retention_targets

TEN = ([1, 1, 0, 1, 0, 1, 0, 0, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1])


def test_chn_06_one_call_by_hand():
    said = retention_targets([0.3, 0.25, 0.2], save=0.2, value=1000, cost=50)
    assert said["gain"].tolist() == pytest.approx([10, 0, -10])
    assert said["threshold"].tolist() == pytest.approx([0.25] * 3)
    assert said["call"].tolist() == [True, False, False]  # a call that earns nothing is not made
    assert said["reason"].str.contains("costs more").tolist() == [False, True, True]


def test_each_customer_may_have_a_value_and_a_cost_of_its_own():
    said = retention_targets([0.3, 0.3], save=0.2, value=[1000, 500], cost=[50, 20])
    assert said["gain"].tolist() == pytest.approx([10, 10])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"p": [0.2, 1.2]}, "p: row 1 is 1.2; a probability"),
        ({"p": [np.nan]}, "p: row 0 is nan"),
        ({"save": 0}, "save must be a share above 0, up to 1, got 0"),
        ({"value": [0.0]}, "value must be above 0"),
        ({"cost": -1}, "cost 0 or more"),
    ],
)
def test_targets_that_make_no_sense_are_refused(change, sentence):
    with pytest.raises(TableError, match=sentence):
        retention_targets(**{"p": [0.3], "save": 0.2, "value": 1000.0, "cost": 50.0} | change)


def test_profit_by_depth_adds_56_for_a_leaver_and_takes_11_for_a_stayer():
    table = profit_by_depth([1, 0, 1, 0], [0.9, 0.6, 0.5, 0.2])
    assert table["profit"].tolist() == pytest.approx([0, 56, 45, 101, 90])
    assert table["called"].tolist() == [0, 1, 2, 3, 4]
    assert table["depth"].iloc[-1] == 1


def test_equal_scores_are_called_together_whatever_the_order_of_rows():
    y, score = [1, 0, 0, 1], [0.5, 0.5, 0.5, 0.1]
    table = profit_by_depth(y, score)
    assert table["called"].tolist() == [0, 3, 4]
    pd.testing.assert_frame_equal(table, profit_by_depth(y[::-1], score[::-1]))


def test_a_better_ranking_never_earns_less_at_its_best():
    perfect = [1 - at / 10 for at in range(10)]
    y = [1] * 4 + [0] * 6
    best = expected_maximum_profit(y, perfect).emp
    assert best == pytest.approx((4 * 0.3 * 190 - 4 * 1) / 10, rel=1e-4)  # all leavers, nobody else
    assert best > expected_maximum_profit(*TEN).emp > expected_maximum_profit(y, perfect[::-1]).emp


@pytest.mark.parametrize("money", [{}, {"clv": 100, "d": 30, "f": 5}, {"alpha": 2, "beta": 3, "clv": 50}])
def test_the_closed_form_is_the_integral_of_the_best_depth(money):
    """Integrate by brute force: at each rate of acceptance the best of all depths, hull or no hull."""
    alpha, beta = money.get("alpha", 6), money.get("beta", 14)
    rest = {name: value for name, value in money.items() if name not in ("alpha", "beta")}

    def best(rate):
        table = profit_by_depth(*TEN, save=rate, **rest)
        row = table.loc[table["profit_each"].idxmax()]
        return row["profit_each"], row["depth"]

    grid = np.linspace(0, 1, 401)
    weight = np.diff(beta_law.cdf(grid, alpha, beta))
    found = np.array([best(rate) for rate in (grid[:-1] + grid[1:]) / 2])
    ours = expected_maximum_profit(*TEN, **money)
    assert ours.emp == pytest.approx(weight @ found[:, 0], abs=2e-3)
    assert ours.fraction == pytest.approx(weight @ found[:, 1], abs=5e-3)


def test_ties_in_the_score_and_a_ranking_the_wrong_way_round_are_no_trouble():
    assert expected_maximum_profit([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5]).fraction <= 1
    wrong = expected_maximum_profit([0, 0, 1], [0.9, 0.8, 0.1])
    assert np.isfinite([wrong.emp, wrong.fraction]).all()
    with np.errstate(all="raise"):
        expected_maximum_profit([1, 1, 0, 0], [4, 3, 2, 1])  # a horizontal end of the hull: no warning


def test_the_result_cannot_be_changed_and_churn_offers_it():
    result = churn.expected_maximum_profit(*TEN)
    with pytest.raises(AttributeError):
        result.emp = 1
    assert churn.profit_by_depth is profit_by_depth


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"y_true": [1, 0, 2]}, "y_true must be 1 .left. or 0"),
        ({"y_true": [1, 1, 1]}, "only one outcome"),
        ({"y_true": ["yes", "no", "no"]}, "y_true must be 1"),
        ({"y_score": [0.1, 0.2]}, "y_score has 2 values, y_true 3"),
        ({"y_score": [0.1, np.nan, 0.3]}, "y_score: row 1 is missing"),
        ({"clv": 0}, "clv must be above 0"),
        ({"alpha": 0}, "alpha and beta must be above 0"),
        ({"clv": 10, "d": 10}, "clv must exceed the incentive"),
    ],
)
def test_profits_that_make_no_sense_are_refused(change, sentence):
    with pytest.raises(TableError, match=sentence):
        expected_maximum_profit(**{"y_true": [1, 0, 0], "y_score": [0.9, 0.5, 0.1]} | change)


def test_a_save_rate_outside_0_and_1_is_refused():
    with pytest.raises(TableError, match="save must be a share from 0 to 1, got 30"):
        profit_by_depth([1, 0], [1, 0], save=30)
