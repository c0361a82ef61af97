"""Lifetime value from two models: the identity without a discount, discounting by hand, sources (CLV-04)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from casebook.errors import TableError
from casebook.lifetime import BetaGeoNBD, GammaGamma, ParetoNBD, clv, source_equity
from casebook.lifetime.simulate import simulate_bgnbd


@pytest.fixture(scope="module")
def people():
    table = simulate_bgnbd(400, r=0.6, alpha=3.0, a=0.8, b=2.5, T=52, seed=3)
    rng = np.random.default_rng(1)
    return table.assign(monetary_value=np.where(table["frequency"] > 0, rng.gamma(4, 10, 400), 0.0))


@pytest.fixture(scope="module")
def buying(people):
    return BetaGeoNBD().fit(people)


ARGUMENTS = {"horizon": 26, "discount": 0.0, "margin": 0.3}


@pytest.mark.parametrize("kind", [BetaGeoNBD, ParetoNBD])
def test_without_a_discount_it_is_margin_times_purchases_times_spend(people, kind):
    model = kind().fit(people)
    spend = GammaGamma().fit(people)
    table = clv(people, transactions=model, spend=spend, **ARGUMENTS)
    pd.testing.assert_series_equal(
        table["expected_purchases"], model.expected_purchases(26, people), check_names=False
    )
    pd.testing.assert_series_equal(table["expected_spend"], spend.expected_spend(people), check_names=False)
    np.testing.assert_allclose(
        table["clv"], 0.3 * table["expected_purchases"] * table["expected_spend"], rtol=1e-12
    )
    pd.testing.assert_series_equal(table["p_alive"], model.p_alive(people), check_names=False)


def test_two_steps_by_hand(people, buying):
    table = clv(people, transactions=buying, spend=10, horizon=2, discount=0.21, margin=1, unit="Y", step=1)
    one, two = (buying.expected_purchases(t, people) for t in (1, 2))
    by_hand = 10 * (one / 1.21 + (two - one) / 1.21**2)
    np.testing.assert_allclose(table["clv"], by_hand, rtol=1e-6)


def test_the_yearly_rate_is_converted_to_the_unit(people, buying):
    weekly = clv(people, transactions=buying, spend=10, horizon=52, discount=0.1, margin=1, unit="W")
    none = clv(people, transactions=buying, spend=10, horizon=52, discount=0.0, margin=1, unit="W")
    ratio = (weekly["clv"] / none["clv"]).iloc[0]
    assert 1 / 1.1 < ratio < 1  # discounted by less than a whole year
    wrong = clv(people, transactions=buying, spend=10, horizon=52, discount=0.1, margin=1, unit="Y")
    assert wrong["clv"].iloc[0] < 0.5 * weekly["clv"].iloc[0]


def test_a_last_part_of_a_step_counts_and_a_longer_horizon_is_worth_more(people, buying):
    worth = [
        clv(people, transactions=buying, spend=10, horizon=h, discount=0.1, margin=1, step=4)["clv"].sum()
        for h in (4, 6, 8, 52)
    ]
    assert worth == sorted(worth)
    assert len(set(worth)) == 4


def test_rows_keep_their_order_and_index_and_the_input_its_values(people, buying):
    shuffled = people.sample(frac=1, random_state=2)
    before = shuffled.copy()
    table = clv(shuffled, transactions=buying, spend=10, **ARGUMENTS)
    assert table.index.equals(shuffled.index)
    same = clv(people, transactions=buying, spend=10, **ARGUMENTS)
    pd.testing.assert_frame_equal(table.sort_index(), same)
    pd.testing.assert_frame_equal(shuffled, before)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"horizon": 0}, "horizon must be"),
        ({"discount": -0.1}, "discount must be a yearly rate"),
        ({"margin": float("nan")}, "margin must be"),
        ({"step": 0}, "step must be"),
        ({"unit": "fortnights"}, "no unit of time"),
        ({"spend": -1}, "amount above 0"),
        ({"spend": pd.Series([1.0, 2.0])}, "index of the summary"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(people, buying, change, words):
    with pytest.raises(TableError, match=words):
        clv(people, **{"transactions": buying, "spend": 10, **ARGUMENTS, **change})


def test_clv_04_by_hand():
    customers = pd.DataFrame({"source": ["referral", "fair", "ads"], "clv": [1_500, 9_000, 1_200]})
    campaigns = pd.DataFrame(
        {"source": ["referral", "fair", "ads"], "cost": [500, 7_500, 1_500], "customers": [1, 1, 1]}
    )
    table = source_equity(customers, "clv", campaigns).set_index("source")
    assert table["net"].to_dict() == {"fair": 1_500, "referral": 1_000, "ads": -300}
    assert table["ratio"].round(1).to_dict() == {"fair": 1.2, "referral": 3.0, "ads": 0.8}
    assert table["se"].isna().all()  # one customer tells nothing of the spread


def test_campaigns_of_a_source_add_up_and_one_that_won_nobody_has_no_cac():
    customers = pd.DataFrame({"source": ["a", "a", "b"], "clv": [10.0, 30.0, 5.0]})
    campaigns = pd.DataFrame({"source": ["a", "a", "b"], "cost": [10, 30, 7], "customers": [1, 3, 0]})
    table = source_equity(customers, "clv", campaigns).set_index("source")
    assert table.loc["a", ["cac", "clv", "net"]].tolist() == [10, 20, 10]
    assert table.loc["a", "se"] == pytest.approx(10.0)
    assert np.isnan(table.loc["b", "cac"])


def test_sources_that_do_not_meet_and_gaps_are_refused():
    customers = pd.DataFrame({"source": ["a", "x"], "clv": [10.0, 30.0]})
    campaigns = pd.DataFrame({"source": ["a"], "cost": [10], "customers": [1]})
    with pytest.raises(TableError, match="Customers come from 'x'"):
        source_equity(customers, "clv", campaigns)
    with pytest.raises(TableError, match="'clv' is missing in row 1"):
        source_equity(customers.assign(clv=[1.0, None]), "clv", campaigns)
