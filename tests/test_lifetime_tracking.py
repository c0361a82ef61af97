"""What a lifetime model expected against what came: by period, by customer, by silence, by renewal."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from casebook.errors import TableError
from casebook.lifetime import (
    BetaGeoNBD,
    ParetoNBD,
    ShiftedBetaGeometric,
    alive_grid,
    alive_path,
    conditional_expectation,
    renewal_table,
    tracking,
)


@pytest.fixture(scope="module")
def model():
    made = BetaGeoNBD()
    made.r_, made.alpha_, made.a_, made.b_ = 0.243, 4.414, 0.793, 2.426
    return made


@pytest.fixture
def log():
    rows = [("A", "2024-01-01"), ("A", "2024-01-09"), ("A", "2024-01-09"), ("B", "2024-01-03"),
            ("B", "2024-02-20"), ("C", "2024-02-10"), ("C", "2024-02-12")]  # fmt: skip
    table = pd.DataFrame(rows, columns=["who", "when"])
    return table.assign(when=pd.to_datetime(table["when"]))


# Tracking -----------------------------------------------------------------------------------------------


def test_tracking_counts_repeat_days_and_adds_the_expectation_by_age(model, log):
    """CLV-05: by hand, two customers known at the calibration's end, weeks from the first of January."""
    made = tracking(model, log, "who", "when", calibration_end="2024-01-31", end="2024-02-25")
    assert made["actual"].tolist() == [0, 1, 0, 0, 0, 0, 0, 1]  # a day twice is one; C came too late
    assert made["holdout"].tolist() == [False] * 4 + [True] * 4
    assert made["end"].iloc[[0, -1]].dt.strftime("%m-%d").tolist() == ["01-07", "02-25"]
    for i, day in enumerate(made["end"]):
        ages = [(day - pd.Timestamp(f"2024-01-0{first}")).days / 7 for first in (1, 3)]
        assert made["expected_running"][i] == pytest.approx(sum(map(model.expected_purchases, ages)))
    np.testing.assert_allclose(made["expected"].cumsum(), made["expected_running"])
    assert made["actual_running"].tolist() == made["actual"].cumsum().tolist()


def test_tracking_by_calendar_months_in_another_unit(model, log):
    made = tracking(
        model, log, "who", "when", calibration_end="2024-01-31", end="2024-03-15", unit="D", step="M"
    )
    assert made["end"].dt.strftime("%m-%d").tolist() == ["01-31", "02-29"]  # March is not complete
    assert made["expected_running"][0] == pytest.approx(
        model.expected_purchases(30) + model.expected_purchases(28)
    )
    assert made["actual"].tolist() == [1, 1]


def test_tracking_is_the_same_in_every_engine_and_order_and_leaves_its_input_alone(model, log):
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    before = log.copy()
    usual = tracking(model, log, "who", "when", calibration_end="2024-02-15")
    mixed = log.sample(frac=1, random_state=3)
    for table in (mixed, polars.from_pandas(mixed), polars.from_pandas(mixed).lazy(), duckdb.from_df(mixed)):
        other = tracking(model, table, "who", "when", calibration_end="2024-02-15")
        pd.testing.assert_frame_equal(usual, other)
    pd.testing.assert_frame_equal(log, before)


def test_tracking_meets_the_truth_it_was_simulated_from():
    """Customers drawn purchase by purchase, in whole days; the true parameters track them to the end."""
    rng = np.random.default_rng(8)
    n, end = 4_000, 420
    rate, leave = rng.gamma(0.6, 1 / 12.0, n), rng.beta(0.8, 2.5, n)
    rows, who, now = [], np.arange(n), rng.integers(0, 90, n).astype(float)
    while len(who):
        rows.append(pd.DataFrame({"who": who, "day": now[who]}))
        gone = (rng.random(len(who)) < leave[who]) & (len(rows) > 1)
        who = who[~gone]
        now[who] += rng.exponential(1.0, len(who)) / rate[who] * 7
        who = who[now[who] < end]
    log = pd.concat(rows)
    log["when"] = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.floor(log["day"]), "D")
    true = BetaGeoNBD()
    true.r_, true.alpha_, true.a_, true.b_ = 0.6, 12.0, 0.8, 2.5
    made = tracking(true, log, "who", "when", calibration_end="2023-09-30", end="2024-02-24")
    late = made[made["holdout"]]
    ratio = late["expected_running"] / late["actual_running"]
    assert ratio.between(0.95, 1.05).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": "H"}, "no unit of time"),
        ({"step": "Q"}, "no period here"),
        ({"calibration_end": "2023-12-31"}, "must lie between"),
        ({"calibration_end": "2024-05-01"}, "must lie between"),
        ({"calibration_end": "soon"}, "must be a day"),
        ({"end": "2024-02-01"}, "after as_of=2024-02-01"),
        ({"step": "M", "end": None, "calibration_end": "2024-01-02"}, None),
    ],
)
def test_tracking_refuses_in_words(change, words, model, log):
    asked = {"calibration_end": "2024-01-31", **change}
    if words is None:
        short = log[log["when"] < "2024-01-09"]
        with pytest.raises(TableError, match="No period is complete"):
            tracking(model, short, "who", "when", **asked)
        return
    with pytest.raises(TableError, match=words):
        tracking(model, log, "who", "when", **asked)


def test_tracking_refuses_gaps_text_and_emptiness(model, log):
    for table, words in (
        (log.assign(when=log["when"].where(log["who"] != "B")), "is missing on 2 rows"),
        (log.assign(when=log["when"].astype(str)), "not dates"),
        (log.iloc[:0], "no rows"),
        (log.drop(columns="who"), "no column 'who'"),
    ):
        with pytest.raises(TableError, match=words):
            tracking(model, table, "who", "when", calibration_end="2024-01-31")


# Conditional expectation --------------------------------------------------------------------------------


def test_groups_by_frequency_with_means_and_an_interval():
    table = pd.DataFrame({"frequency": [0, 0, 1, 9, 12], "later": [0, 2, 3, 4, 8], "model": [1, 1, 2, 5, 7]})
    before = table.copy()
    made = conditional_expectation(table, "later", "model", most=7)
    assert made["group"].tolist() == ["0", "1", "7+"]
    assert made["customers"].tolist() == [2, 1, 2]
    assert made["actual"].tolist() == [1, 3, 6]
    assert made["expected"].tolist() == [1, 2, 6]
    assert made["low"].fillna(-1).round(2).tolist() == [0, -1, 2.08]
    assert made["high"].fillna(-1).round(2).tolist() == [2.96, -1, 9.92]
    pd.testing.assert_frame_equal(table, before)
    mixed = conditional_expectation(table.sample(frac=1, random_state=1), "later", "model")
    pd.testing.assert_frame_equal(made, mixed)


def test_the_last_group_has_a_plus_only_if_somebody_has_more():
    table = pd.DataFrame({"frequency": [6, 7], "later": [0, 1], "model": [0, 1]})
    assert conditional_expectation(table, "later", "model")["group"].tolist() == ["6", "7"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"frequency": [0.5, 1]}, "whole numbers"),
        ({"frequency": [-1, 1]}, "whole numbers"),
        ({"later": [None, 1]}, "'later' has gaps"),
        ({"model": ["much", "1"]}, "'model' has gaps or text"),
    ],
)
def test_conditional_expectation_refuses_in_words(change, words):
    table = pd.DataFrame({"frequency": [0, 1], "later": [0, 1], "model": [0.1, 1.0], **change})
    with pytest.raises(TableError, match=words):
        conditional_expectation(table, "later", "model")
    good = pd.DataFrame({"frequency": [0], "later": [0], "model": [0.1]})
    with pytest.raises(TableError, match="no customers"):
        conditional_expectation(good.iloc[:0], "later", "model")
    with pytest.raises(TableError, match="most must be"):
        conditional_expectation(good, "later", "model", most=0)


# Grid and path ------------------------------------------------------------------------------------------


def test_the_grid_is_the_model_at_each_pair_and_who_bought_more_may_be_worth_less(model):
    """CLV-05: x = 2, t_x = 30.43, T = 38.86 → P(alive) .7266 and E[Y(39)] = 1.226."""
    grid = alive_grid(model, frequency=[9, 2], recency=[30.43, 10.0], T=38.86, t=39)
    assert grid[["frequency", "recency"]].to_numpy().tolist() == [
        [2, 10.0],
        [2, 30.43],
        [9, 10.0],
        [9, 30.43],
    ]
    assert grid.loc[1, ["p_alive", "expected"]].round(4).tolist() == pytest.approx([0.7266, 1.226])
    long_silent = grid[grid["recency"] == 10.0]
    assert long_silent["p_alive"].is_monotonic_decreasing
    assert long_silent["expected"].iloc[1] < long_silent["expected"].iloc[0]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"frequency": [0, 2]}, "starts at 1"),
        ({"frequency": []}, "at least one"),
        ({"recency": [50.0]}, "cannot be longer than T"),
        ({"recency": [0.0]}, "above 0"),
        ({"t": -1}, "length of time"),
    ],
)
def test_the_grid_refuses_impossible_pairs(asked, words, model):
    with pytest.raises(TableError, match=words):
        alive_grid(model, **{"frequency": [2], "recency": [10.0], "T": 38.86, "t": 39, **asked})


def test_the_path_knows_on_each_day_only_what_was_known(model):
    days = ["2024-03-01", "2024-01-01", "2024-01-15", "2024-01-15"]
    path = alive_path(model, days, end="2024-06-30")
    assert len(path) == 182
    assert path["bought"].sum() == 3
    assert path["frequency"].iloc[[0, 13, 14, 59, 60, 181]].tolist() == [0, 0, 1, 1, 2, 2]
    cut = alive_path(model, days[1:], end="2024-02-29")
    pd.testing.assert_frame_equal(path.iloc[: len(cut)], cut)
    assert (path["p_alive"].iloc[:14] == 1).all()  # nobody leaves before the first repeat purchase
    silence = path["p_alive"].iloc[60:]
    assert silence.is_monotonic_decreasing
    end = pd.DataFrame({"frequency": [2], "recency": [60 / 7], "T": [181 / 7]})
    assert path["p_alive"].iloc[-1] == pytest.approx(model.p_alive(end)[0])


def test_the_path_of_a_single_day_and_of_another_model(model):
    assert alive_path(model, ["2024-01-01"], end="2024-01-01")["p_alive"].tolist() == [1.0]
    pareto = ParetoNBD()
    pareto.r_, pareto.alpha_, pareto.s_, pareto.beta_ = 0.553, 10.578, 0.606, 11.669
    path = alive_path(pareto, ["2024-01-01"], end="2024-09-30")
    assert path["p_alive"].iloc[-1] < 0.5 < path["p_alive"].iloc[1]


@pytest.mark.parametrize(
    ("days", "asked", "words"),
    [
        ([], {}, "no purchase"),
        (["2024-13-01"], {}, "must be a day"),
        (["2024-12-01"], {}, "lies after end"),
        (["2024-01-01"], {"unit": "H"}, "no unit"),
    ],
)
def test_the_path_refuses_in_words(days, asked, words, model):
    with pytest.raises(TableError, match=words):
        alive_path(model, days, end="2024-06-30", **asked)


# Renewals -----------------------------------------------------------------------------------------------


def test_renewals_ex_of_the_curriculum():
    """CLV-06: α = 1, β = 2: r₁ = .667, r₂ = 3/4, S(2) = .50; a constant .667 would give .444."""
    model = ShiftedBetaGeometric()
    model.alpha_, model.beta_ = 1.0, 2.0
    made = renewal_table(model, [300, 200, 150], known=1)
    assert made["retention_sbg"].round(4).tolist() == [0.6667, 0.75]
    assert made["survival_sbg"].round(4).tolist() == [0.6667, 0.5]
    assert made["survival_constant"].round(4).tolist() == [0.6667, 0.4444]
    assert made["survival"].tolist() == pytest.approx([2 / 3, 0.5])
    assert made["retention"].tolist() == pytest.approx([2 / 3, 0.75])
    assert made["holdout"].tolist() == [False, True]


def test_the_sbg_meets_five_held_out_years_and_a_constant_rate_does_not():
    """Fader and Hardie 2007, High End: seven years known, survival of year 12 seen 39.4 %, sBG 37.8 %."""
    alive = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]
    model = ShiftedBetaGeometric().fit(alive[:8])
    made = renewal_table(model, alive, known=7)
    later = made[made["holdout"]]
    assert (later["survival_sbg"] - later["survival"]).abs().max() < 0.02
    assert later["survival_constant"].iloc[-1] < 0.30
    assert made["retention_sbg"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("alive", "known", "words"),
    [
        ([100, 50], 1, "two later ones"),
        ([0, 0, 0], 1, "above 0"),
        ([100, None, 20], 1, "without gaps"),
        ([100, 50, 60], 1, "never rises"),
        ([100, 50, -1], 1, "never rises"),
        ([100, 50, 20], 0, "known must"),
        ([100, 50, 20], 3, "known must"),
        ([100, 50, 20], True, "known must"),
    ],
)
def test_renewals_refuse_in_words(alive, known, words):
    model = ShiftedBetaGeometric()
    model.alpha_, model.beta_ = 1.0, 2.0
    with pytest.raises(TableError, match=words):
        renewal_table(model, alive, known=known)
    dead = renewal_table(model, [10, 0, 0], known=1)
    assert np.isnan(dead["retention"][1])  # of nobody, nobody stays
