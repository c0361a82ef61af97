"""The course's formula of lifetime value, its estimates and discounting, by hand (CLV-01, CLV-02, CLV-03)."""

from __future__ import annotations

import duckdb
import pandas as pd
import polars as pl
import pytest

from casebook import lifetime as clv
from casebook.errors import TableError


@pytest.fixture
def orders():
    days = ["2024-01-01", "2024-01-31", "2024-03-31", "2024-05-05", "2024-02-01", "2024-02-01"]
    return pd.DataFrame(
        {
            "customer_id": ["C1", "C1", "C1", "C2", "C3", "C3"],
            "date": pd.to_datetime(days),
            "amount": [100.0, 200.0, 300.0, 50.0, 0.1, 0.2],
        }
    )


def test_clv_01_by_hand():
    assert clv.clv_simple(1_200, 3, 60) == 24_000
    assert clv.clv_simple(200, 1, 24) == 4_800


def test_clv_01_years_and_months_are_never_mixed_silently():
    assert clv.clv_simple(1_200, 3, 5, unit="months", unit_T="years") == pytest.approx(24_000)
    with pytest.raises(TableError, match="'decades' is no unit of time"):
        clv.clv_simple(1, 1, 1, unit_T="decades")


@pytest.mark.parametrize(
    ("s", "t", "T", "words"),
    [(1, 0, 1, "above 0"), (1, -1, 1, "t must be"), (-1, 1, 1, "s must be"), (1, 1, float("nan"), "T must")],
)
def test_clv_01_refuses_what_has_no_meaning(s, t, T, words):
    with pytest.raises(TableError, match=words):
        clv.clv_simple(s, t, T)


def test_clv_02_by_hand(orders):
    table = clv.estimate_stT(orders).set_index("customer_id")
    assert table.loc["C1", ["n", "s", "t"]].tolist() == [3, 200, 45]
    assert clv.lifetime(0.05) == 20
    assert clv.clv_simple(200, 45, 600, unit="days") == pytest.approx(2_666.67, abs=0.005)


def test_clv_02_one_day_has_no_cycle_and_money_is_added_exactly(orders):
    table = clv.estimate_stT(orders).set_index("customer_id")
    assert table.loc[["C2", "C3"], "t"].isna().all()
    assert table.loc["C3", "s"] == 0.15


@pytest.mark.parametrize("make", [pl.from_pandas, lambda t: pl.from_pandas(t).lazy(), duckdb.from_df])
def test_clv_02_the_same_in_every_engine(orders, make):
    found = clv.estimate_stT(make(orders))
    found = found.collect() if isinstance(found, pl.LazyFrame) else found
    found = found.df() if isinstance(found, duckdb.DuckDBPyRelation) else found.to_pandas()
    expected = clv.estimate_stT(orders)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_clv_02_leaves_the_orders_alone_and_ignores_their_order(orders):
    before = orders.copy()
    table = clv.estimate_stT(orders)
    pd.testing.assert_frame_equal(orders, before)
    pd.testing.assert_frame_equal(clv.estimate_stT(orders.iloc[::-1]), table)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": None}, "is missing on 6 rows"),
        ({"date": "yesterday"}, "not dates"),
    ],
)
def test_clv_02_refuses_bad_columns_by_name(orders, change, words):
    with pytest.raises(TableError, match=words):
        clv.estimate_stT(orders.assign(**change).astype({"amount": float}))


@pytest.mark.parametrize("churn", [0, -0.1, 1.2, float("nan"), "5%"])
def test_churn_is_a_share(churn):
    with pytest.raises(TableError, match="churn"):
        clv.lifetime(churn)


def test_clv_03_by_hand():
    assert clv.clv_discounted(100, 0.8, 0.1) == pytest.approx(366.67, abs=0.005)
    assert clv.clv_discounted(100, 0.8, 0.1, timing="deferred") == pytest.approx(266.67, abs=0.005)
    assert clv.clv_discounted(100, 0.8, 0.1, horizon=3) == pytest.approx(225.62, abs=0.005)
    assert clv.clv_discounted(100, 0.8, 0) == pytest.approx(500)


def test_clv_03_a_long_horizon_comes_to_the_endless_sum():
    for timing in ("immediate", "deferred"):
        assert clv.clv_discounted(100, 0.8, 0.1, timing=timing, horizon=200) == pytest.approx(
            clv.clv_discounted(100, 0.8, 0.1, timing=timing)
        )


@pytest.mark.parametrize("bad", [{"r": 1}, {"r": -0.1}, {"d": -0.1}, {"timing": "soon"}, {"horizon": 0}])
def test_clv_03_refuses_what_has_no_meaning(bad):
    with pytest.raises(TableError):
        clv.clv_discounted(**{"m": 100, "r": 0.8, "d": 0.1, **bad})
