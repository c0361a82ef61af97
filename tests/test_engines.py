"""pandas, Polars and DuckDB: one definition, the same numbers, the same kind back."""

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from casebook import classification as cls
from casebook import composition as com
from casebook.errors import TableError

ENGINES = {
    "polars": (pl.from_pandas, pl.DataFrame, lambda t: t.to_pandas()),
    "polars lazy": (lambda t: pl.from_pandas(t).lazy(), pl.LazyFrame, lambda t: t.collect().to_pandas()),
    "duckdb": (duckdb.from_df, duckdb.DuckDBPyRelation, lambda t: t.df()),
}


@pytest.fixture(scope="module")
def lines():
    rng = np.random.default_rng(5)
    n = 4000
    return pd.DataFrame(
        {
            "customer": [f"c{i:03}" for i in rng.integers(0, 300, n)],
            "order_id": [f"o{i:04}" for i in rng.integers(0, 1500, n)],
            "day": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 1096, n), unit="D"),
            "qty": rng.integers(-3, 20, n),
            "price": rng.integers(1, 90_000, n) / 1000,
            "money": rng.integers(-200, 90_000, n) / 100,
            "cost": rng.integers(1, 50_000, n) / 100,
        }
    )


CALLS = {
    "customer_value of amounts": lambda t: cls.customer_value(t, "customer", amount="money"),
    "customer_value of quantity and price": lambda t: cls.customer_value(
        t, "customer", qty="qty", unit_price="price"
    ),
    "abc of lines": lambda t: cls.abc(t, "money", "customer", on_nonpositive="apart"),
    "abc of customers": lambda t: cls.abc(
        cls.customer_value(t, "customer", qty="qty", unit_price="price"),
        "value",
        "customer",
        cuts=(0.7, 0.9),
        boundary="inclusive",
        on_nonpositive="apart",
    ),
    "rfm": lambda t: com.rfm(t, "customer", "day", "money", as_of="2024-12-31", order="order_id"),
    "gross_margin": lambda t: com.gross_margin(t, "money", "cost", by="customer"),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CALLS)
def test_the_same_numbers_and_the_own_kind_back(lines, engine, name):
    make, kind, to_pandas = ENGINES[engine]
    expected = CALLS[name](lines)
    answer = CALLS[name](make(lines))
    assert isinstance(answer, kind)
    found = to_pandas(answer)
    assert list(found.columns) == list(expected.columns)
    for column in expected:
        here, there = expected[column], found[column]
        assert here.isna().tolist() == there.isna().tolist(), column
        assert here.dropna().tolist() == there.dropna().tolist(), (
            column
        )  # equal to the last bit, in the same order


def test_the_summary_is_the_same_for_all(lines):
    expected = cls.abc_summary(cls.abc(lines, "money", "customer", on_nonpositive="apart"), "money")
    for make, _, _ in ENGINES.values():
        found = cls.abc_summary(cls.abc(make(lines), "money", "customer", on_nonpositive="apart"), "money")
        pd.testing.assert_frame_equal(found, expected)


def test_stability_is_the_same_for_all(lines):
    some = lines[lines["money"] > 0]
    expected = cls.class_stability(some, "money", "customer", B=20)
    for make, _, _ in ENGINES.values():
        pd.testing.assert_frame_equal(cls.class_stability(make(some), "money", "customer", B=20), expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_bad_rows_are_named_by_every_engine(lines, engine):
    make, _, _ = ENGINES[engine]
    small = make(pd.DataFrame({"who": ["Ada", "Bo"], "money": [1.0, -2.0]}))
    with pytest.raises(TableError, match=r"who=Bo money=-2.0"):
        cls.abc(small, "money", "who")
    gaps = make(pd.DataFrame({"who": ["Ada", "Bo"], "money": [1.0, None]}))
    with pytest.raises(TableError, match="missing on 1 row"):
        cls.abc(gaps, "money", "who")


def test_decimals_of_a_database_are_exact():
    relation = duckdb.sql(
        "select * from (values ('a', 0.10::decimal(18,2)), ('a', 0.20), ('b', 3.00)) t(who, money)"
    )
    assert cls.customer_value(relation, "who", amount="money").df()["value"].tolist() == [0.3, 3.0]
    frame = pl.DataFrame({"who": ["a", "a"], "money": ["0.10", "0.20"]}).cast({"money": pl.Decimal(10, 2)})
    assert cls.customer_value(frame, "who", amount="money")["value"].to_list() == [0.3]


def test_a_relation_without_key_has_no_order_to_settle_ties():
    with pytest.raises(TableError, match="name the column of the customer"):
        cls.abc(duckdb.sql("select 1.0 as money"), "money")


def test_polars_without_key_settles_ties_by_row():
    answer = cls.abc(pl.DataFrame({"who": ["b", "a", "c"], "money": [1, 1, 2]}).lazy(), "money").collect()
    assert answer["who"].to_list() == ["c", "b", "a"]


def test_pyarrow_tables_are_refused_with_the_remedy():
    """Window functions on pyarrow tables gave silently wrong results when they were tried."""
    with pytest.raises(TableError, match="pandas DataFrame, a Polars frame or a DuckDB relation"):
        cls.abc(pa.table({"money": [1.0]}), "money")
