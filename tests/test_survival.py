"""Survival curves: worked by hand, with those who came late, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from casebook.errors import TableError
from casebook.survival import kaplan_meier, log_rank, survival_at

FOUR = ([2, 3, 4, 5], [1, 0, 1, 0])


def test_chn_04_four_customers_by_hand():
    curve = kaplan_meier(*FOUR)
    assert survival_at(curve, [2, 4]).tolist() == [0.75, 0.375]
    assert curve["at_risk"].tolist() == [4, 4, 2]


def test_chn_04_with_entry_the_last_two_are_not_at_risk_before_three():
    curve = kaplan_meier(*FOUR, entry=[0, 0, 3, 3])
    assert survival_at(curve, [2, 4]).tolist() == [0.50, 0.25]
    assert curve["at_risk"].tolist() == [2, 2, 2]


def test_leaving_out_the_entry_never_lowers_the_curve():
    """Those who came late swell the early risk sets, so the curve without entry flatters."""
    rng = np.random.default_rng(1)
    stay, entry = rng.exponential(5, 400), rng.uniform(0, 3, 400)
    seen = stay > entry
    until, left = np.minimum(stay, 8)[seen], (stay < 8)[seen]
    times = [0.5, 1, 2, 4, 8]
    late, naive = (survival_at(kaplan_meier(until, left, e), times) for e in (entry[seen], None))
    assert (naive > late).all()
    assert np.abs(late - np.exp(-np.array(times) / 5)).max() < 0.08  # and the right one finds the truth
    assert np.abs(naive - np.exp(-np.array(times) / 5)).max() > 0.12


def test_a_customer_who_enters_at_a_departure_is_not_at_risk_of_it():
    curve = kaplan_meier([2, 2, 5], [1, 0, 1], entry=[0, 0, 2])
    assert curve.set_index("time")["at_risk"].to_dict() == {0: 2, 2: 2, 5: 1}


def test_who_is_censored_at_a_departure_is_still_at_risk_of_it():
    assert kaplan_meier([2, 2], [1, 0])["survival"].tolist() == [1, 0.5]


def test_departures_on_one_day_count_together():
    assert kaplan_meier([1, 1, 2, 3], [1, 1, 0, 1])["survival"].tolist() == [1, 0.5, 0]


def test_the_curve_falls_within_its_interval_and_the_interval_within_0_and_1():
    curve = kaplan_meier([1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 1])
    assert (curve["low"] <= curve["survival"]).all()
    assert (curve["survival"] <= curve["high"]).all()
    assert curve[["low", "high"]].stack().between(0, 1).all()
    assert curve["survival"].is_monotonic_decreasing
    wide, narrow = (kaplan_meier(*FOUR, level=level) for level in (0.99, 0.5))
    assert (wide["low"][1:] < narrow["low"][1:]).all()


def test_the_order_of_rows_changes_nothing_and_the_input_stays():
    table = pd.DataFrame(
        {"t": [2.0, 3.0, 4.0, 5.0], "e": [True, False, True, False], "s": [0.0, 0.0, 3.0, 3.0]}
    )
    before = table.copy()
    one = kaplan_meier(table["t"], table["e"], table["s"])
    turned = table[::-1]
    pd.testing.assert_frame_equal(one, kaplan_meier(turned["t"], turned["e"], turned["s"]))
    pd.testing.assert_frame_equal(table, before)


def test_between_departures_and_after_the_last_the_curve_is_level():
    curve = kaplan_meier(*FOUR)
    assert survival_at(curve, [0, 1.99, 2, 3.99, 4, 99]).tolist() == [1, 1, 0.75, 0.75, 0.375, 0.375]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([1, 2], [1]), "events has 1 values, durations 2"),
        (([1, 2], [1, 2]), "events must be true or false"),
        (([1, np.nan], [1, 0]), "durations: row 1 is nan; give a time of 0 or more"),
        (([1, -2], [1, 0]), "durations: row 1 is -2"),
        (([1, 2], [1, 0], [0, 2]), "Row 1: first seen at 2, last at 2"),
        (([1, 2], [0, 0]), "Nobody leaves"),
        ((["soon"], [1]), "durations must be numbers"),
        (([], []), "durations must be a list with one value"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, sentence):
    with pytest.raises(TableError, match=sentence):
        kaplan_meier(*arguments)


def test_a_level_outside_0_and_1_and_a_negative_time_are_refused():
    with pytest.raises(TableError, match=r"level must be between 0 and 1, got 95"):
        kaplan_meier(*FOUR, level=95)
    with pytest.raises(TableError, match="times must be 0 or more"):
        survival_at(kaplan_meier(*FOUR), [-1])
    with pytest.raises(TableError, match="no column 'time'"):
        survival_at(pd.DataFrame({"survival": [1.0]}), [1])


def test_log_rank_of_two_groups_by_hand():
    """Of a and b, a leaves at 1 and b at 2: expected of a 1/2 at time 1, nothing at time 2; variance 1/4."""
    test = log_rank([1, 2], [1, 1], ["a", "b"])
    assert (test.statistic, test.df) == (pytest.approx((1 - 0.5) ** 2 / 0.25), 1)


def test_log_rank_sees_a_difference_and_its_absence():
    early, late = [1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]
    groups = ["a"] * 6 + ["b"] * 6
    assert log_rank(early + late, [1] * 12, groups).p < 0.01
    assert log_rank(early + early, [1] * 12, groups).statistic == pytest.approx(0)


def test_log_rank_counts_late_entrants_only_from_their_entry():
    """By hand: with entry at 2 for b, nobody of b is at risk when a loses one at 1."""
    days, left, groups = [1, 3, 4, 5], [1, 1, 1, 1], ["a", "a", "b", "b"]
    late = log_rank(days, left, groups, [0, 0, 2, 2])
    assert late.statistic == pytest.approx((1 - 1 / 3) ** 2 / (1 / 3 * 2 / 3))
    assert late.statistic < log_rank(days, left, groups).statistic
    with pytest.raises(TableError, match="two groups or more"):
        log_rank(days, left, ["a"] * 4)
    with pytest.raises(TableError, match="never at risk beside another"):
        log_rank(days, left, groups, [0, 0, 3, 3])
