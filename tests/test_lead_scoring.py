"""The lead score: what may be known on a day, what it learns, what an order of calling finds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import casebook
from casebook import lead_scoring as led
from casebook.errors import TableError
from casebook.evaluation import auc, calibration_line, lift_at


@pytest.fixture(scope="module")
def closed() -> pd.DataFrame:
    return casebook.load("prospects").query("status != 'open'")


@pytest.fixture(scope="module")
def early(closed: pd.DataFrame) -> pd.DataFrame:
    return closed[closed["created"] < "2023-07-01"]


# What may be known on a day ---------------------------------------------------------------------------


def test_a_prospect_is_mature_on_its_180th_day():
    days = pd.DataFrame({"created": pd.to_datetime(["2024-01-02", "2024-01-03"])})
    assert led.mature(days, "2024-06-30")["created"].dt.day.tolist() == [2]
    assert len(led.mature(days, "2024-06-30", days=179)) == 2
    with pytest.raises(TableError, match="days must be a number of days of at least 1"):
        led.mature(days, "2024-06-30", days=0)


def morning(created: list[str], ordered: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame({"created": pd.to_datetime(created), "order_date": pd.to_datetime(ordered)})


def test_the_list_of_a_morning_has_no_later_prospects_no_old_ones_and_no_buyers():
    table = morning(
        ["2023-03-31", "2023-04-01", "2023-06-30", "2023-07-01", "2023-05-05", "2023-05-05"],
        [None, None, "2023-07-01", None, "2023-06-30", "2023-10-01"],
    )
    here = led.open_on(table, "2023-07-01")
    assert here.index.tolist() == [1, 2, 5]
    assert here["ordered_later"].tolist() == [False, True, True]
    assert len(led.open_on(table, "2023-07-01", months=4)) == 4
    with pytest.raises(TableError, match="months must be at least 1"):
        led.open_on(table, "2023-07-01", months=0)


def test_the_open_prospects_of_today_are_the_list_of_the_next_morning():
    table = casebook.load("prospects")
    today = led.open_on(table, "2025-01-01")
    assert set(today["prospect_id"]) == set(table.query("status == 'open'")["prospect_id"])


# QLF-11: the score ------------------------------------------------------------------------------------


def test_qlf_11_the_fit_is_the_one_of_scikit_learn(early: pd.DataFrame):
    from sklearn.linear_model import LogisticRegression

    plain = pd.get_dummies(early[["need", "money", "authority", "eligible", "source_method"]]).astype(float)
    theirs = LogisticRegression(max_iter=1000).fit(plain, early["ordered_180d"].astype(bool))
    ours = led.conversion_chance(led.fit_conversion(early), early)
    np.testing.assert_allclose(ours, theirs.predict_proba(plain)[:, 1], atol=2e-4)


def test_qlf_11_the_chances_add_up_to_the_orders(early: pd.DataFrame):
    chance = led.conversion_chance(led.fit_conversion(early), early)
    assert chance.sum() == pytest.approx(early["ordered_180d"].sum(), abs=0.5)
    assert chance.between(0, 1).all()
    _intercept, slope = calibration_line(early["ordered_180d"], chance)
    assert 0.95 < slope < 1.2  # the penalty makes it a little too timid


def test_prospects_with_the_same_facts_have_exactly_the_same_chance(early: pd.DataFrame):
    facts = [*led.FLAGS, *led.CATEGORIES]
    chance = led.conversion_chance(led.fit_conversion(early), early)
    assert chance.groupby([early[name] for name in facts]).nunique().max() == 1


def test_each_flag_raises_the_chance(early: pd.DataFrame):
    model = led.fit_conversion(early)
    weights = led.conversion_weights(model).set_index("feature")["weight"]
    assert (weights[list(led.FLAGS)] > 0.4).all()
    one = early.head(1)
    for flag in led.FLAGS:
        without, with_it = (
            led.conversion_chance(model, one.assign(**{flag: x})).item() for x in (False, True)
        )
        assert with_it > without


def test_out_of_time_the_score_ranks_near_its_ceiling(closed: pd.DataFrame, early: pd.DataFrame):
    late = closed[closed["created"] >= "2023-07-01"]
    chance = led.conversion_chance(led.fit_conversion(early), late)
    assert 0.70 < auc(late["ordered_180d"], chance) < 0.77 + 0.08
    assert lift_at(late["ordered_180d"], chance) > 1.8


def test_the_order_of_rows_changes_no_chance_and_the_table_is_left_as_it_was(early: pd.DataFrame):
    before = early.copy(deep=True)
    one = led.conversion_chance(led.fit_conversion(early), early)
    other = led.conversion_chance(led.fit_conversion(early.sample(frac=1, random_state=2)), early)
    np.testing.assert_allclose(one, other, atol=1e-4)
    pd.testing.assert_frame_equal(early, before)


def test_the_unit_of_a_number_changes_no_chance(early: pd.DataFrame):
    rmb = led.conversion_chance(led.fit_conversion(early, numbers=["potential_margin"]), early)
    cents = early.assign(potential_margin=early["potential_margin"] * 100)
    np.testing.assert_allclose(
        led.conversion_chance(led.fit_conversion(cents, numbers=["potential_margin"]), cents), rmb, atol=1e-4
    )


def test_a_source_never_seen_gets_no_weight_of_its_own(early: pd.DataFrame):
    model = led.fit_conversion(early)
    strange = led.conversion_chance(model, early.head(1).assign(source_method="pigeon post"))
    assert 0 < strange.item() < 1


@pytest.mark.parametrize("column", led.KNOWN_LATER)
def test_a_column_known_later_is_refused_by_name(early: pd.DataFrame, column: str):
    with pytest.raises(TableError, match=f"Column '{column}' is known only after the outcome"):
        led.fit_conversion(early, categories=[column])


def test_the_trap_can_be_opened_on_purpose(early: pd.DataFrame):
    leaky = early.assign(customer_id=early["customer_id"].notna())
    model = led.fit_conversion(leaky, flags=["customer_id"], categories=[], allow_leaks=True)
    assert auc(leaky["ordered_180d"], led.conversion_chance(model, leaky)) == 1.0


def test_open_prospects_gaps_and_a_single_outcome_are_refused(closed: pd.DataFrame):
    with pytest.raises(TableError, match=r"'ordered_180d' holds <NA>.*fill it in first"):
        led.fit_conversion(casebook.load("prospects"))
    with pytest.raises(TableError, match=r"'source_method' is missing in row 0 \(such rows: 1,080\)"):
        led.fit_conversion(closed.assign(source_method=None))
    with pytest.raises(TableError, match="same of everybody"):
        led.fit_conversion(closed[~closed["ordered_180d"].astype(bool)])
    with pytest.raises(TableError, match="There is no column 'need'"):
        led.conversion_chance(led.fit_conversion(closed), closed.drop(columns="need"))


def test_nobody_gets_no_chance(closed: pd.DataFrame):
    assert led.conversion_chance(led.fit_conversion(closed), closed.iloc[:0]).tolist() == []


# Out of fold, and rates ---------------------------------------------------------------------------------


def test_out_of_fold_nobody_is_scored_by_a_model_that_saw_him(early: pd.DataFrame):
    lucky = early.assign(number=np.arange(len(early)).astype(str))
    inside = led.conversion_chance(led.fit_conversion(lucky, categories=["number"], C=100.0), lucky)
    outside = led.cross_chance(lucky, categories=["number"], C=100.0)
    assert auc(early["ordered_180d"], inside) > 0.99
    assert auc(early["ordered_180d"], outside) < 0.82
    assert outside.index.equals(early.index)
    assert outside.notna().all()


def test_folds_are_drawn_by_the_seed_alone(early: pd.DataFrame):
    pd.testing.assert_series_equal(led.cross_chance(early, seed=6), led.cross_chance(early, seed=6))
    with pytest.raises(TableError, match="folds must be a whole number from 2"):
        led.cross_chance(early, folds=1)


def test_rates_by_label_in_the_order_asked_for():
    table = pd.DataFrame({"heat": ["cold", "hot", "hot", None], "ordered": [0, 1, 0, 1]})
    made = led.rates_by(table, "heat", "ordered", order=["hot", "warm", "cold"])
    assert made[["label", "n", "positives", "rate"]].to_numpy().tolist() == [
        ["hot", 2, 1, 0.5], ["cold", 1, 0, 0.0],
    ]  # fmt: skip
    assert (made["low"] <= made["rate"]).all()
    assert (made["rate"] <= made["high"]).all()
