"""The lifetime models: derivatives, parameters found again, published values, odd data, refusals in words."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from casebook.errors import TableError
from casebook.lifetime import (
    BetaGeoNBD,
    GammaGamma,
    IdentificationWarning,
    ParetoNBD,
    ShiftedBetaGeometric,
    bgnbd,
    gammagamma,
    pareto,
    sbg,
)
from casebook.lifetime.histories import histories
from casebook.lifetime.simulate import simulate_bgnbd, simulate_pareto

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]


@pytest.fixture(scope="module")
def people():
    return simulate_bgnbd(1_500, r=0.6, alpha=3.0, a=0.8, b=2.5, T=np.linspace(20, 60, 1_500), seed=3)


@pytest.fixture(scope="module")
def spenders():
    rng = np.random.default_rng(4)
    x = rng.integers(0, 9, 1_500)
    nu = rng.gamma(3.7, 1 / 15, 1_500)
    mean = np.where(x > 0, rng.gamma(6.2 * np.maximum(x, 1)) / (np.maximum(x, 1) * nu), 0.0)
    return pd.DataFrame({"frequency": x, "monetary_value": mean})


def likelihoods(people, spenders):
    again = spenders[spenders["frequency"] > 0]
    x, m = (again[name].to_numpy(dtype=float) for name in ("frequency", "monetary_value"))
    return {
        "bgnbd": (bgnbd._Likelihood(histories(people)), [0.6, 3.0, 0.8, 2.5]),
        "pareto": (pareto._likelihood(histories(people)), [0.6, 9.0, 0.7, 12.0]),
        "pareto, beta below alpha": (pareto._likelihood(histories(people)), [0.6, 9.0, 0.7, 2.0]),
        "gammagamma": (gammagamma._likelihood(x, m, np.ones(len(x))), [6.0, 4.0, 15.0]),
        "sbg": (sbg._likelihood(*sbg._counts(sbg._cohorts(HIGH_END))), [0.7, 3.8]),
    }


@pytest.mark.parametrize("name", ["bgnbd", "pareto", "pareto, beta below alpha", "gammagamma", "sbg"])
def test_gradient_and_second_derivatives_are_those_of_the_likelihood(name, people, spenders):
    likelihood, at = likelihoods(people, spenders)[name]
    point = np.array(at)
    _, gradient, second = likelihood(point)
    for i in range(len(point)):
        step = np.zeros(len(point))
        step[i] = 1e-5 * point[i]
        up, down = likelihood(point + step), likelihood(point - step)
        assert gradient[i] == pytest.approx((up[0] - down[0]) / (2 * step[i]), rel=1e-4, abs=1e-3)
        np.testing.assert_allclose(second[i], (up[1] - down[1]) / (2 * step[i]), rtol=1e-4, atol=1e-2)


def test_the_pareto_integral_is_the_hypergeometric_one():
    """Fader and Hardie's form with 2F1, at ordinary histories, alpha above and below beta."""
    from scipy.special import hyp2f1

    x, recency, T = (
        np.array(v, dtype=float) for v in ([0, 2, 7, 0], [0, 30.43, 12, 0], [38.86, 38.86, 39, 5])
    )
    for p in ([0.55, 10.6, 0.6, 11.7], [0.55, 10.6, 0.6, 4.0], [1.5, 2.0, 2.5, 30.0]):
        r, alpha, s, beta = p
        stay, gone, *_ = pareto._terms(np.array(p), x, recency, T)
        k = r + x + s
        top, gap = max(alpha, beta), abs(alpha - beta)
        third = (s + 1) if alpha >= beta else (r + x)

        def part(age, k=k, top=top, gap=gap, third=third):
            return hyp2f1(k, third, k + 1, gap / (top + age)) / (top + age) ** k

        np.testing.assert_allclose(np.exp(gone), s / k * (part(recency) - part(T)), rtol=1e-7)
        np.testing.assert_allclose(np.exp(stay), (alpha + T) ** -(r + x) * (beta + T) ** -s, rtol=1e-12)


# Fits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_bgnbd_finds_its_parameters_again(seed):
    true = {"r": 0.6, "alpha": 3.0, "a": 0.8, "b": 2.5}
    model = BetaGeoNBD().fit(simulate_bgnbd(4_000, **true, T=52, seed=seed))
    for name, value in true.items():
        assert abs(getattr(model, f"{name}_") - value) < 4 * model.standard_errors_[name]


@pytest.mark.parametrize("seed", range(3))
def test_pareto_finds_its_parameters_again(seed):
    true = {"r": 0.6, "alpha": 10.0, "s": 0.7, "beta": 12.0}
    model = ParetoNBD().fit(simulate_pareto(4_000, **true, T=52, seed=seed))
    for name, value in true.items():
        assert abs(getattr(model, f"{name}_") - value) < 4 * model.standard_errors_[name]


def test_a_wrong_model_would_be_seen():
    """Leaving made twice as likely moves a or b by more than the errors allow: the test above can fail."""
    model = BetaGeoNBD().fit(simulate_bgnbd(4_000, r=0.6, alpha=3.0, a=1.6, b=2.5, T=52, seed=1))
    assert abs(model.a_ / model.b_ - 0.8 / 2.5) > 4 * model.standard_errors_["a"] / model.b_


def test_gamma_gamma_drops_those_without_repeats_and_says_how_many(spenders):
    model = GammaGamma().fit(spenders)
    assert model.n_dropped_ == (spenders["frequency"] == 0).sum()
    assert model.n_customers_ + model.n_dropped_ == len(spenders)
    assert abs(model.q_ - 3.7) < 4 * model.standard_errors_["q"]
    expected = model.expected_spend(spenders)
    assert expected[spenders["frequency"] == 0].nunique() == 1
    assert expected[spenders["frequency"] == 0].iloc[0] == pytest.approx(model.expected_spend())


def test_equal_rows_with_counts_give_the_same_fit_in_any_order(people):
    model = BetaGeoNBD().fit(people)
    shuffled = BetaGeoNBD().fit(people.sample(frac=1, random_state=1))
    twice = BetaGeoNBD().fit(pd.concat([people, people]))
    assert shuffled.r_ == model.r_
    assert twice.r_ == pytest.approx(model.r_, rel=1e-6)
    assert twice.loglik_ == pytest.approx(2 * model.loglik_)
    assert twice.standard_errors_["r"] == pytest.approx(model.standard_errors_["r"] / np.sqrt(2), rel=1e-4)


def test_another_unit_of_time_changes_nothing_but_the_unit(people):
    days = people.assign(recency=people["recency"] * 7, T=people["T"] * 7)
    for kind, scaled in ((BetaGeoNBD, ("alpha_",)), (ParetoNBD, ("alpha_", "beta_"))):
        weekly, daily = kind().fit(people), kind().fit(days)
        for name in scaled:
            assert getattr(daily, name) == pytest.approx(7 * getattr(weekly, name), rel=1e-4)
        assert daily.r_ == pytest.approx(weekly.r_, rel=1e-4)
        np.testing.assert_allclose(daily.p_alive(days), weekly.p_alive(people), atol=1e-5)
        np.testing.assert_allclose(
            daily.expected_purchases(70, days), weekly.expected_purchases(10, people), rtol=1e-4, atol=1e-6
        )


def test_intervals_hold_the_estimate_and_are_wider_to_the_long_side(people):
    table = BetaGeoNBD().fit(people).intervals()
    assert (table["low"] < table["estimate"]).all()
    assert (table["estimate"] < table["high"]).all()
    b = table.loc["b"]
    assert b["high"] - b["estimate"] > b["estimate"] - b["low"]
    wide = BetaGeoNBD(level=0.99).fit(people).intervals()
    assert (wide["high"] > table["high"]).all()


# What the models say ----------------------------------------------------------------------------------


def test_clv_05_by_hand():
    model = BetaGeoNBD()
    model.r_, model.alpha_, model.a_, model.b_ = 0.243, 4.414, 0.793, 2.426
    table = pd.DataFrame({"frequency": [2, 0], "recency": [30.43, 0], "T": [38.86, 38.86]})
    assert model.p_alive(table).round(4).tolist() == [0.7266, 1.0]
    assert model.expected_purchases(39, table)[0] == pytest.approx(1.226, abs=0.0005)
    assert model.expected_purchases(32) == pytest.approx(1.045, abs=0.0015)


def test_clv_06_by_hand():
    model = ShiftedBetaGeometric()
    model.alpha_, model.beta_ = 1.0, 2.0
    assert [model.retention(1), model.retention(2)] == pytest.approx([2 / 3, 3 / 4])
    assert [model.survival(1), model.survival(2)] == pytest.approx([2 / 3, 1 / 2])
    assert model.retention(1) ** 2 == pytest.approx(0.444, abs=0.0005)


def test_clv_07_by_hand():
    model = GammaGamma()
    model.p_, model.q_, model.gamma_ = 6.25, 3.74, 15.44
    table = pd.DataFrame({"frequency": [2, 0], "monetary_value": [22.35, 0.0]})
    assert model.expected_spend(table).round(2).tolist() == [24.66, 35.22]


def test_expected_purchases_add_up_and_start_at_zero(people):
    for kind in (BetaGeoNBD, ParetoNBD):
        model = kind().fit(people)
        assert model.expected_purchases(0) == pytest.approx(0, abs=1e-9)
        np.testing.assert_allclose(model.expected_purchases(0, people), 0, atol=1e-9)
        ten, twenty = model.expected_purchases(10, people), model.expected_purchases(20, people)
        assert (twenty > ten).all()
        assert (twenty < 2 * ten + 1e-9).all()  # some leave on the way


def test_the_probabilities_of_a_new_customer_add_to_one_and_to_the_mean(people):
    model = BetaGeoNBD().fit(people)
    chances = np.array([model.probability_of(n, 10) for n in range(200)])
    assert chances.sum() == pytest.approx(1, abs=1e-6)
    assert chances @ np.arange(200) == pytest.approx(model.expected_purchases(10), rel=1e-4)


def test_silence_makes_it_likelier_that_a_customer_has_left():
    for kind in (BetaGeoNBD, ParetoNBD):
        model = kind().fit(simulate_bgnbd(2_000, r=0.6, alpha=3.0, a=0.8, b=2.5, T=52, seed=1))
        silent = pd.DataFrame({"frequency": 5, "recency": 20.0, "T": [20.0, 25, 30, 40, 60, 100]})
        assert model.p_alive(silent).is_monotonic_decreasing


def test_a_equal_to_one_is_no_gap_in_the_expectation():
    values = []
    for a in (1 - 1e-4, 1.0, 1 + 1e-4):
        model = BetaGeoNBD()
        model.r_, model.alpha_, model.a_, model.b_ = 0.5, 4.0, a, 2.5
        values.append(model.expected_purchases(30))
    assert values[1] == pytest.approx((values[0] + values[2]) / 2, rel=1e-4)
    model = ParetoNBD()
    model.r_, model.alpha_, model.s_, model.beta_ = 0.5, 4.0, 1.0, 9.0
    near = ParetoNBD()
    near.r_, near.alpha_, near.s_, near.beta_ = 0.5, 4.0, 1 + 1e-7, 9.0
    assert model.expected_purchases(30) == pytest.approx(near.expected_purchases(30), rel=1e-6)


HEAVY = pd.DataFrame(
    {
        "frequency": [221, 254, 161, 204],
        "recency": [103.42857, 97.14286, 94.71429, 98.57143],
        "T": [103.57143, 97.28571, 98.0, 99.42857],
    }
)


def test_heavy_buyers_stay_finite():
    model = ParetoNBD()
    model.r_, model.alpha_, model.s_, model.beta_ = 0.5143, 2.8845, 0.2856, 14.1087
    other = BetaGeoNBD()
    other.r_, other.alpha_, other.a_, other.b_ = 0.243, 4.414, 0.793, 2.426
    for each in (model, other):
        for answer in (each.p_alive(HEAVY), each.expected_purchases(52, HEAVY)):
            assert np.isfinite(answer).all()
        assert each.p_alive(HEAVY).between(0, 1).all()
        assert (each.expected_purchases(52, HEAVY) < 52 * 4).all()


HISTORY = st.tuples(st.integers(0, 400), st.floats(0.001, 1), st.floats(0.1, 2_000))


@settings(max_examples=60)
@given(st.lists(HISTORY, min_size=1, max_size=8))
def test_no_history_breaks_a_prediction(rows):
    table = pd.DataFrame(rows, columns=["frequency", "share", "T"])
    table["recency"] = np.where(table["frequency"] > 0, table["share"] * table["T"], 0.0)
    for kind, values in (
        (BetaGeoNBD, {"r_": 0.243, "alpha_": 4.414, "a_": 0.793, "b_": 2.426}),
        (ParetoNBD, {"r_": 0.553, "alpha_": 10.578, "s_": 0.606, "beta_": 11.669}),
    ):
        model = kind()
        for name, value in values.items():
            setattr(model, name, value)
        assert model.p_alive(table).between(0, 1).all()
        bought = model.expected_purchases(30, table)
        assert np.isfinite(bought).all()
        assert (bought >= -1e-9).all()


# Renewal --------------------------------------------------------------------------------------------


def test_numbers_and_percentages_give_the_same_sbg():
    numbers = ShiftedBetaGeometric().fit(HIGH_END)
    shares = ShiftedBetaGeometric().fit([n / 10 for n in HIGH_END])
    assert shares.alpha_ == pytest.approx(numbers.alpha_, rel=1e-5)
    assert shares.beta_ == pytest.approx(numbers.beta_, rel=1e-5)


def test_several_cohorts_share_one_model_and_may_be_shorter():
    one = ShiftedBetaGeometric().fit(HIGH_END)
    both = ShiftedBetaGeometric().fit([HIGH_END, HIGH_END[:4]])
    table = pd.DataFrame({"2020": HIGH_END, "2024": [*HIGH_END[:4], *[np.nan] * 4]})
    assert ShiftedBetaGeometric().fit(table).alpha_ == both.alpha_
    assert both.loglik_ < one.loglik_
    assert both.alpha_ != one.alpha_


def test_retention_rises_though_nobody_changes():
    model = ShiftedBetaGeometric().fit(HIGH_END)
    rates = model.retention(np.arange(1, 13))
    assert (np.diff(rates) > 0).all()
    np.testing.assert_allclose(np.cumprod(rates), model.survival(np.arange(1, 13)))


def test_payments_are_the_sum_that_they_stand_for():
    model = ShiftedBetaGeometric().fit(HIGH_END)
    t = np.arange(4_000)
    assert model.expected_payments(0.1) == pytest.approx((model.survival(t) / 1.1**t).sum(), rel=1e-6)
    later = (model.survival(t[3:]) / 1.1 ** (t[3:] - 3)).sum() / model.survival(2)
    assert model.expected_payments(0.1, renewals=3) == pytest.approx(later, rel=1e-6)
    with pytest.raises(TableError, match="no end here"):
        model.expected_payments(0)


# Data that settle nothing -----------------------------------------------------------------------------


def test_customers_who_are_all_alike_are_said_to_be_so():
    rng = np.random.default_rng(8)
    x = rng.poisson(8, 400)
    table = pd.DataFrame({"frequency": x, "recency": np.where(x > 0, 39.0, 0.0), "T": 40.0})
    for kind in (BetaGeoNBD, ParetoNBD):
        with pytest.warns(IdentificationWarning, match="do not settle"):
            model = kind().fit(table)
        assert not model.identified_
        assert np.isnan(list(model.standard_errors_.values())).any()
        assert np.isfinite(model.loglik_)
        assert np.isfinite(model.expected_purchases(10, table)).all()
        assert model.expected_purchases(40) == pytest.approx(8, rel=0.15)


def test_nobody_left_and_everybody_left_are_said_to_be_so():
    with pytest.warns(IdentificationWarning, match="do not settle"):
        stayed = ShiftedBetaGeometric().fit([100, 100, 100])
    assert stayed.survival(2) == pytest.approx(1, abs=0.01)
    with pytest.warns(IdentificationWarning, match="do not settle"):
        ShiftedBetaGeometric().fit([1024, 512, 256, 128, 64])  # everybody the same: 1/2 each time


def test_nobody_came_back():
    table = pd.DataFrame({"frequency": 0, "recency": 0.0, "T": [10.0, 20, 30]})
    with pytest.warns(IdentificationWarning, match="do not settle"):
        model = BetaGeoNBD().fit(table)
    assert (model.p_alive(table) == 1).all()
    assert model.expected_purchases(10) < 0.1


# Refusals --------------------------------------------------------------------------------------------

GOOD = {"frequency": [0, 2], "recency": [0.0, 30.0], "T": [39.0, 39.0]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"frequency": [0, 2.5]}, "whole number of repeat purchases"),
        ({"recency": [0.0, 40.0]}, "cannot be longer than T"),
        ({"recency": [0.0, 0.0]}, "recency above 0"),
        ({"recency": [5.0, 30.0]}, "not the days since"),
        ({"T": [0.0, 0.0], "recency": [0.0, 0.0], "frequency": [0, 0]}, "nobody was observed"),
        ({"T": [39.0, np.nan]}, r"row 1 has nan"),
        ({"T": [39.0, -1]}, r"'T' must hold numbers of at least 0.*row 1 has -1"),
        ({"T": ["a", "b"]}, "does not hold numbers"),
    ],
)
@pytest.mark.parametrize("kind", [BetaGeoNBD, ParetoNBD])
def test_impossible_histories_are_refused_in_words(kind, change, words):
    with pytest.raises(TableError, match=words):
        kind().fit(pd.DataFrame({**GOOD, **change}))


@pytest.mark.parametrize("kind", [BetaGeoNBD, ParetoNBD])
def test_a_missing_column_no_rows_and_a_negative_time_are_refused(kind, people):
    with pytest.raises(TableError, match="no column 'T'"):
        kind().fit(people[["frequency", "recency"]])
    with pytest.raises(TableError, match="no rows"):
        kind().fit(people.iloc[:0])
    model = kind().fit(people)
    for t in (-1, float("nan"), "soon"):
        with pytest.raises(TableError, match="length of time"):
            model.expected_purchases(t)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"frequency": [0, 0], "monetary_value": [0.0, 0.0]}, "Nobody has a repeat purchase"),
        ({"frequency": [1, 2], "monetary_value": [5.0, -1.0]}, "1 are not, the first in row 1"),
        ({"frequency": [1, 2], "monetary_value": [5.0, np.nan]}, "above 0"),
    ],
)
def test_spend_that_cannot_be_is_refused(table, words):
    with pytest.raises(TableError, match=words):
        GammaGamma().fit(pd.DataFrame(table))


@pytest.mark.parametrize(
    ("cohort", "words"),
    [
        ([100, 80, 90], "rises in period 2"),
        ([0, 0, 0], "above 0"),
        ([100], "at least one later"),
        ([100, 80], "at least two"),
        ([100, np.nan, 60], "without gaps"),
    ],
)
def test_cohorts_that_cannot_be_are_refused(cohort, words):
    with pytest.raises(TableError, match=words):
        ShiftedBetaGeometric().fit(cohort)


def test_periods_are_whole_numbers():
    model = ShiftedBetaGeometric().fit(HIGH_END)
    for bad in (-1, 1.5, np.nan):
        with pytest.raises(TableError, match="whole numbers"):
            model.survival(bad)
    with pytest.raises(TableError, match="at least 1"):
        model.retention(0)


@pytest.mark.parametrize("kind", [BetaGeoNBD, ParetoNBD, GammaGamma, ShiftedBetaGeometric])
def test_they_follow_the_estimators_interface(kind):
    assert clone(kind(level=0.9)).get_params() == {"level": 0.9}
    from sklearn.exceptions import NotFittedError

    with pytest.raises(NotFittedError):
        kind().intervals()


def test_nothing_handed_in_is_changed_and_no_fit_warns_without_cause(people, spenders):
    before, spent = people.copy(), spenders.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        BetaGeoNBD().fit(people).p_alive(people)
        ParetoNBD().fit(people).expected_purchases(5, people)
        GammaGamma().fit(spenders).expected_spend(spenders)
    pd.testing.assert_frame_equal(people, before)
    pd.testing.assert_frame_equal(spenders, spent)
