"""The churn model in order of time, leaks refused, causes, measures and endings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import casebook
from casebook import churn, evaluation
from casebook.company import truth
from casebook.errors import TableError


@pytest.fixture(scope="module")
def snapshots() -> pd.DataFrame:
    return casebook.load("churn_snapshots")


@pytest.fixture(scope="module")
def split(snapshots):
    return churn.time_split(snapshots, train_until="2023-12-31", test_on="2024-06-30")


# Label -----------------------------------------------------------------------------------------------


def test_chn_01_the_label_is_half_right(snapshots):
    """Of those labelled .55 ± .16 have truly left, of those who left it finds .60 ± .15 (data card)."""
    seen = snapshots.merge(truth("snapshots_truth"), on=["customer_id", "as_of"])
    left = seen["dropped_already"] | seen["dropped_within_6m"]
    assert left[seen["label_6m"]].mean() == pytest.approx(0.55, abs=0.16)
    assert seen["label_6m"][left].mean() == pytest.approx(0.60, abs=0.15)


# Split and model -------------------------------------------------------------------------------------


def test_chn_05_probability_of_a_small_model_by_hand():
    from casebook.course.lesson_15 import CHECKS

    check = next(c for c in CHECKS if c.name == "15.logit_p")
    assert check.right() == pytest.approx(0.4256, abs=5e-5)


def test_chn_05_auc_and_lift_of_four_by_hand():
    y, score = [1, 0, 1, 0], [0.9, 0.6, 0.5, 0.2]
    assert evaluation.auc(y, score) == 0.75
    assert evaluation.lift_at(y, score, depth=0.25) == 2


def test_the_split_leaves_the_months_out_whose_labels_run_into_the_test(split):
    train, test = split
    assert train["as_of"].max() == pd.Timestamp("2023-12-31")
    assert test["as_of"].unique().tolist() == [pd.Timestamp("2024-06-30")]
    assert (len(train), len(test)) == (3830, 351)


@pytest.mark.parametrize("day", ["2024-01-31", "2024-05-31"])
def test_a_training_day_whose_label_is_not_known_yet_is_refused(snapshots, day):
    with pytest.raises(
        TableError, match=r"known on 2024-\d\d-\d\d, after the test day.*Train until 2023-12-31"
    ):
        churn.time_split(snapshots, train_until=day, test_on="2024-06-30")


def test_a_day_without_rows_and_open_labels_are_refused(snapshots):
    with pytest.raises(TableError, match="test_on: the snapshots have no row there"):
        churn.time_split(snapshots, train_until="2023-12-31", test_on="2024-07-15")
    with pytest.raises(TableError, match="train_until: the snapshots have no row"):
        churn.time_split(snapshots, train_until="2021-12-31", test_on="2024-06-30")
    still = snapshots.assign(label_6m=snapshots["label_6m"].astype("boolean").where(snapshots.index > 0))
    with pytest.raises(TableError, match="train_until: 1 labels are still open"):
        churn.time_split(still, train_until="2023-12-31", test_on="2024-06-30")


def test_the_model_ranks_out_of_time_as_well_as_it_can(split):
    train, test = split
    risk = churn.fit_churn(train).predict_proba(test)[:, 1]
    auc = evaluation.auc(test["label_6m"], risk)
    assert abs(auc - churn.LONG_RUN_AUC["label_6m"]) < 3 * 0.055
    low, high = evaluation.auc_interval(test["label_6m"], risk, groups=test["customer_id"], seed=15)
    assert low < auc < high


def test_more_silence_never_lowers_the_risk_and_more_satisfaction_never_raises_it(split):
    train, test = split
    model = churn.fit_churn(train)
    longer = test.assign(days_since_last=test["days_since_last"] + 30)
    happier = test.assign(csat_last=5)
    risk, silent, happy = (model.predict_proba(t)[:, 1] for t in (test, longer, happier))
    assert (silent >= risk).all()
    answered = test["csat_last"].notna().to_numpy()
    assert (happy <= risk + 1e-12)[answered].all()


def test_trees_can_be_fitted_with_settings_and_a_seed(split):
    train, test = split
    small = {"n_estimators": 20, "max_depth": 2, "subsample": 0.5}
    one, two, other = (
        churn.fit_churn(train, kind="boosting", seed=s, **small).predict_proba(test)[:, 1] for s in (1, 1, 2)
    )
    assert (one == two).all()
    assert (one != other).any()


def test_the_label_and_other_columns_are_no_features(snapshots):
    head = snapshots.head(20)
    made = churn.churn_features(head)
    assert made.shape == (20, 14)
    turned = head.assign(label_6m=~head["label_6m"], customer_id="x")
    pd.testing.assert_frame_equal(made, churn.churn_features(turned))
    assert made.notna().all(axis=None)
    assert set(churn.OUTCOMES).isdisjoint(made.columns)


def test_what_cannot_be_fitted_is_refused(split):
    train, _ = split
    with pytest.raises(TableError, match="label_6m: it must be known for each row, and true for some"):
        churn.fit_churn(train[train["label_6m"]])
    with pytest.raises(TableError, match="kind must be 'logistic' or 'boosting', got 'magic'"):
        churn.fit_churn(train, kind="magic")
    with pytest.raises(TableError, match="There is no column 't_mean'"):
        churn.fit_churn(train.drop(columns="t_mean"))


def test_the_ceiling_uses_only_those_who_had_not_left_already():
    hidden = truth("snapshots_truth")
    assert churn.auc_ceiling(hidden) == pytest.approx(churn.LONG_RUN_AUC["dropped_within_6m"], abs=4 * 0.03)
    alive = hidden[~hidden["dropped_already"]]
    assert churn.auc_ceiling(hidden) == evaluation.auc(alive["dropped_within_6m"], alive["hazard"])
    told = pd.DataFrame({"left": [0, 1, 1], "p": [0.1, 0.2, 0.3]})
    assert churn.auc_ceiling(told, outcome="left", probability="p") == 1


# Leakage ---------------------------------------------------------------------------------------------


def test_chn_07_an_event_of_2_july_is_refused_on_30_june():
    events = pd.DataFrame({"date": pd.to_datetime(["2024-06-30", "2024-07-02"])})
    churn.assert_no_leakage(events.head(1), "2024-06-30")  # the day itself is known
    with pytest.raises(TableError, match=r"date: row 1 is of 2024-07-02, after 2024-06-30.*\(1 in all\)"):
        churn.assert_no_leakage(events, "2024-06-30")


def test_each_row_may_have_a_day_of_its_own_and_a_missing_date_has_not_come():
    days = pd.to_datetime(["2024-03-31", "2024-06-30"])
    table = pd.DataFrame({"as_of": days, "closed": [pd.NaT, pd.Timestamp("2024-06-30")]})
    churn.assert_no_leakage(table, "as_of")
    with pytest.raises(TableError, match="closed: row 1 is of 2024-06-30, after 2024-06-29"):
        churn.assert_no_leakage(table.assign(as_of=days - pd.Timedelta(days=1)), "as_of")


@pytest.mark.parametrize("column", ["label_6m", "hazard", "dropped_already", "grade_true"])
def test_outcomes_and_truths_are_no_features(column):
    table = pd.DataFrame({"date": pd.to_datetime(["2024-06-01"]), column: [1]})
    with pytest.raises(TableError, match=f"{column}: this is the outcome"):
        churn.assert_no_leakage(table, "2024-06-30")


def test_an_undated_file_is_refused_and_the_snapshots_pass(snapshots):
    with pytest.raises(TableError, match="No column holds dates"):
        churn.assert_no_leakage(pd.DataFrame({"grade": ["A"]}), "2024-06-30")
    churn.assert_no_leakage(snapshots.drop(columns="label_6m"), "as_of")


def test_rows_at_random_flatter_the_model(snapshots, split):
    """The leak that the lesson commits: neighbours in time on both sides."""
    train, test = split
    pick = np.random.default_rng(15).random(len(snapshots)) < 0.8
    honest = churn.fit_churn(train, kind="boosting")
    leaky = churn.fit_churn(snapshots[pick], kind="boosting")
    seen, real = (
        evaluation.auc(t["label_6m"], m.predict_proba(t)[:, 1])
        for t, m in ((snapshots[~pick], leaky), (test, honest))
    )
    assert seen > real + 0.1


# Causes, measures, endings ---------------------------------------------------------------------------


def test_chn_02_seven_causes_by_hand():
    counts = dict(zip(churn.CAUSES, (30, 5, 25, 10, 10, 15, 5), strict=True))
    said = pd.DataFrame({"cause": [cause for cause, n in counts.items() for _ in range(n)]})
    table = churn.churn_cause_pareto(said)
    assert table["cause"].tolist()[:3] == ["unstable_quality", "poor_service", "rival_offer"]
    assert table["cum_share"].tolist()[1:3] == pytest.approx([0.55, 0.70])
    assert table["cause"].tolist()[3:] == [
        "staff_left",
        "weak_market_control",
        "no_innovation",
        "short_term_behaviour",
    ]
    assert table["cum_share"].iloc[-1] == 1


def test_interviews_without_answers_are_refused():
    with pytest.raises(TableError, match="cause: 1 of the answers missing"):
        churn.churn_cause_pareto(pd.DataFrame({"cause": ["quality", None]}))
    with pytest.raises(TableError, match="cause: all of the answers missing"):
        churn.churn_cause_pareto(pd.DataFrame({"cause": []}))


def test_chn_03_each_cause_has_a_measure_of_the_three_groups():
    assert [len(measures) for measures in churn.COUNTERMEASURES.values()] == [3, 5, 4]
    for cause in churn.CAUSES:
        group, measure = churn.countermeasure(cause)
        assert measure in churn.COUNTERMEASURES[group]
    assert churn.countermeasure("staff_left").group == "communication"
    assert churn.countermeasure("weak_market_control").measure == "market control"
    with pytest.raises(TableError, match="'weather' is not one of the seven causes"):
        churn.countermeasure("weather")


def test_chn_08_three_relations_by_hand():
    three = pd.DataFrame(
        {"value": [-1, 1, -1], "potential": ["low", "high", "high"], "burden": ["high", "low", "low"]}
    )
    before = three.copy()
    said = churn.relationship_action(three)
    assert said["action"].tolist() == ["reprice, then end", "invest", "develop"]
    assert said["reason"].str.len().min() > 10
    pd.testing.assert_frame_equal(three, before)


def test_ending_is_only_for_those_who_neither_earn_nor_can_and_are_dear():
    words = ["high", "low"]
    every = pd.DataFrame(
        [(v, p, b) for v in (1.0, 0.0, -1.0) for p in words for b in words],
        columns=["value", "potential", "burden"],
    )
    said = churn.relationship_action(every)
    ended = said[said["action"].str.contains("end")]
    assert ended[["potential", "burden"]].drop_duplicates().to_numpy().tolist() == [["low", "high"]]
    assert ended["value"].tolist() == [0, -1]  # zero does not earn
    assert said["action"].nunique() == 7


def test_relations_that_make_no_sense_are_refused():
    good = pd.DataFrame({"value": [1.0], "potential": ["high"], "burden": ["low"]}, index=["C9"])
    with pytest.raises(TableError, match="burden: row C9 is 'some'; write 'high' or 'low'"):
        churn.relationship_action(good.assign(burden="some"))
    with pytest.raises(TableError, match="value: row C9 is not a number"):
        churn.relationship_action(good.assign(value=np.nan))
    with pytest.raises(TableError, match="There is no column 'potential'"):
        churn.relationship_action(good.drop(columns="potential"))
