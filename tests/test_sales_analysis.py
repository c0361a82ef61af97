"""Sales table, price and volume, mix and customer performance: worked cases, edges, engines."""

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from casebook import composition as com
from casebook.errors import TableError

ENGINES = {
    "polars": (pl.from_pandas, pl.DataFrame, lambda t: t.to_pandas()),
    "polars lazy": (lambda t: pl.from_pandas(t).lazy(), pl.LazyFrame, lambda t: t.collect().to_pandas()),
    "duckdb": (duckdb.from_df, duckdb.DuckDBPyRelation, lambda t: t.df()),
}


@pytest.fixture(scope="module")
def lines():
    rng = np.random.default_rng(8)
    n = 3000
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:02}" for i in rng.integers(0, 40, n)],
            "family": [f"f{i}" for i in rng.integers(0, 5, n)],
            "date": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 1096, n), unit="D"),
            "amount": rng.integers(-200, 90_000, n) / 100,
        }
    )


# CLS-01


def test_price_and_volume_of_one_product_add_up_to_the_change():
    """q 10 to 12, p 5 to 6: 22 = 10 by volume + 12 by price."""
    row = com.price_volume(pd.DataFrame({"q0": [10], "p0": [5], "q1": [12], "p1": [6]})).iloc[0]
    assert row[["change", "volume_effect", "price_effect"]].tolist() == [22, 10, 12]


def test_new_and_gone_products_are_all_volume():
    table = pd.DataFrame({"q0": [0, 8, 0], "p0": [None, 5, None], "q1": [7, 0, 0], "p1": [3, None, None]})
    split = com.price_volume(table)
    assert split["volume_effect"].tolist() == [21, -40, 0]
    assert split["price_effect"].tolist() == [0, 0, 0]
    assert split["change"].tolist() == [21, -40, 0]


def test_a_stale_price_of_a_new_product_makes_no_price_effect():
    table = pd.DataFrame({"q0": [0], "p0": [100.0], "q1": [2], "p1": [3.0]})
    assert com.price_volume(table)[["change", "price_effect"]].values.tolist() == [[6.0, 0.0]]


def test_parts_add_up_product_by_product_but_the_average_price_hides_the_mix():
    table = pd.DataFrame({"q0": [10, 10], "p0": [1.0, 9.0], "q1": [10, 20], "p1": [1.0, 9.0]})
    each = com.price_volume(table)
    assert each["price_effect"].sum() == 0  # no price changed
    q0, q1 = table["q0"].sum(), table["q1"].sum()
    s0, s1 = (table["q0"] * table["p0"]).sum(), (table["q1"] * table["p1"]).sum()
    firm = com.price_volume(pd.DataFrame({"q0": [q0], "p0": [s0 / q0], "q1": [q1], "p1": [s1 / q1]}))
    assert firm["price_effect"].iloc[0] > 0
    assert round(firm["change"].iloc[0], 9) == each["change"].sum() == 90


def test_a_price_that_is_missing_although_something_was_sold_is_refused():
    table = pd.DataFrame({"q0": [1, 2], "p0": [1, None], "q1": [1, 1], "p1": [1, 1]})
    with pytest.raises(TableError, match="'p0' is missing in row 1 although 'q0' is not zero"):
        com.price_volume(table)
    with pytest.raises(TableError, match="'q1' is missing on 1 row"):
        com.price_volume(table.assign(q1=[1, None], p0=1))


def test_the_sales_table_is_exact_sorted_and_adds_up_to_one():
    table = pd.DataFrame({"what": list("bacab"), "money": [0.1, 0.1, 5.0, 0.2, 0.2]})
    sales = com.sales_table(table, "what", "money")
    assert sales["what"].tolist() == ["c", "a", "b"]  # a tie is settled by name
    assert sales["sales"].tolist() == [5.0, 0.3, 0.3]
    assert sales["cum_share"].iloc[-1] == 1.0
    assert list(sales.columns) == ["what", "sales", "share", "cum_share"]


def test_growth_is_against_the_year_before_and_missing_without_one(lines):
    table = com.sales_table(lines, "family", "amount", date="date", year=2024)
    year = lines["date"].dt.year
    for _, row in table.iterrows():
        own = lines[lines["family"] == row["family"]]
        assert round(own.loc[year == 2024, "amount"].sum(), 2) == row["sales"]
        assert round(own.loc[year == 2023, "amount"].sum(), 2) == row["before"]
        assert row["growth"] == pytest.approx(row["sales"] / row["before"] - 1)
    first = com.sales_table(lines, "family", "amount", date="date", year=2022)
    assert first["growth"].isna().all()


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"date": "date"}, "Give both date and year, or neither"),
        ({"amount": 0.0}, {}, "'amount' does not add to more than zero"),
        ({"family": None}, {}, "'family' is missing on 3,000 rows"),
        ({"amount": "x"}, {}, "does not hold numbers"),
    ],
)
def test_the_sales_table_says_what_is_wrong(lines, change, options, message):
    with pytest.raises(TableError, match=message):
        com.sales_table(lines.assign(**change), "family", "amount", **options)


# CLS-02


def test_one_customer_in_three_figures():
    """30 of our 200 is .15; 30 of its 120 is .25; 24 the year before makes .25 growth."""
    table = pd.DataFrame(
        {
            "customer_id": ["Ada", "Ada", "Bo"],
            "amount": [24, 30, 170],
            "date": pd.to_datetime(["2023-05-01", "2024-05-01", "2024-06-01"]),
        }
    )
    spends = pd.DataFrame({"customer_id": ["Ada", "Bo"], "annual_category_spend": [120, None]})
    did = com.customer_performance(table, spends, year=2024).set_index("customer_id")
    assert did.loc["Ada", ["share", "wallet", "growth"]].tolist() == [0.15, 0.25, 0.25]
    assert did["wallet"].isna().to_dict() == {"Ada": False, "Bo": True}
    assert pd.isna(did.loc["Bo", "growth"])
    with pytest.raises(TableError, match="names 'Ada' more than once"):
        com.customer_performance(table, pd.concat([spends, spends]), year=2024)


def test_a_customer_that_left_stays_in_the_table_with_nothing():
    table = pd.DataFrame(
        {
            "customer_id": ["Ada", "Bo"],
            "amount": [24, 30],
            "date": pd.to_datetime(["2023-05-01", "2024-05-01"]),
        }
    )
    spends = pd.DataFrame({"customer_id": ["Ada"], "annual_category_spend": [100]})
    did = com.customer_performance(table, spends, year=2024).set_index("customer_id")
    assert did.loc["Ada", ["sales", "growth", "wallet"]].tolist() == [0, -1, 0]


# CLS-03


def test_the_index_compares_a_customers_share_with_the_firms():
    """Customer 40/60, company 20/80: index 2.0 and .75."""
    table = pd.DataFrame(
        {"who": ["Ada", "Ada", "Bo", "Bo"], "what": ["P1", "P2", "P1", "P2"], "money": [40, 60, 40, 260]}
    )
    ada = com.mix(table, "who", "what", "money").query("who == 'Ada'")
    assert ada["share"].tolist() == [0.4, 0.6]
    assert ada["company_share"].tolist() == [0.2, 0.8]
    assert ada["index"].round(10).tolist() == [2.0, 0.75]


def test_shares_of_each_customer_add_up_and_the_firms_too(lines):
    table = com.mix(lines, "customer_id", "family", "amount")
    assert table.groupby("customer_id")["share"].sum().round(9).eq(1).all()
    assert round(table.drop_duplicates("family")["company_share"].sum(), 9) == 1
    assert table[["customer_id", "family"]].duplicated().sum() == 0


def test_a_customer_whose_returns_exceed_its_purchases_has_no_shares():
    table = pd.DataFrame({"who": ["Ada", "Ada", "Bo"], "what": ["x", "y", "x"], "money": [5, -9, 100]})
    made = com.mix(table, "who", "what", "money").set_index("who")
    assert made.loc["Ada", "share"].isna().all()
    assert made.loc["Bo", "share"] == 1


# All


CALLS = {
    "sales_table": lambda t: com.sales_table(t, "family", "amount"),
    "sales_table of a year": lambda t: com.sales_table(t, "customer_id", "amount", date="date", year=2024),
    "mix": lambda t: com.mix(t, "customer_id", "family", "amount"),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CALLS)
def test_the_same_numbers_and_the_own_kind_back(lines, engine, name):
    make, kind, to_pandas = ENGINES[engine]
    expected, answer = CALLS[name](lines), CALLS[name](make(lines))
    assert isinstance(answer, kind)
    found = to_pandas(answer)
    assert list(found.columns) == list(expected.columns)
    for column in expected:
        here, there = expected[column], found[column]
        assert here.isna().tolist() == there.isna().tolist(), column
        assert here.dropna().tolist() == there.dropna().tolist(), column


@pytest.mark.parametrize("engine", ENGINES)
def test_performance_reads_every_engine(lines, engine):
    spends = pd.DataFrame({"customer_id": sorted(set(lines["customer_id"])), "annual_category_spend": 9e4})
    expected = com.customer_performance(lines, spends, year=2023)
    pd.testing.assert_frame_equal(
        com.customer_performance(ENGINES[engine][0](lines), spends, year=2023), expected
    )


@pytest.mark.parametrize("name", CALLS)
def test_the_order_of_rows_changes_nothing_and_the_lines_stay(lines, name):
    before = lines.copy(deep=True)
    expected = CALLS[name](lines)
    pd.testing.assert_frame_equal(lines, before)
    pd.testing.assert_frame_equal(CALLS[name](lines.sample(frac=1, random_state=2)), expected)
