"""Tables that are not as one hopes: each is read right or refused in one sentence, alike in every engine."""

import datetime as dt
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import classification as cls
from casebook import composition as com
from casebook.errors import TableError

ENGINES = {
    "pandas": lambda t: t,
    "polars": pl.from_pandas,
    "lazy": lambda t: pl.from_pandas(t).lazy(),
    "duckdb": duckdb.from_df,
}


def as_pandas(table):
    if isinstance(table, pl.LazyFrame):
        table = table.collect()
    return (
        table.df()
        if isinstance(table, duckdb.DuckDBPyRelation)
        else getattr(table, "to_pandas", lambda: table)()
    )


def dated(table, **more):
    return table.assign(d=pd.Timestamp(2024, 1, 1), **more)


def letters(table, value="v", key="k", **options):
    ranked = cls.abc(table, value, key, **options)
    return dict(zip(ranked[key], ranked["abc_value"], strict=True))


# Exact money


@settings(max_examples=40)
@given(
    st.integers(0, 4),
    st.integers(0, 5),
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(1, 9999), st.integers(1, 99_999)),
        min_size=1,
        max_size=40,
    ),
)
def test_a_sale_and_its_return_leave_exactly_nothing(places_qty, places_price, lines):
    """Every line stands twice, once returned: the sum is zero, not nearly."""
    table = pd.DataFrame(lines, columns=["who", "qty", "price"])
    table["qty"] = table["qty"] / 10**places_qty
    table["price"] = table["price"] / 10**places_price
    both = pd.concat([table, table.assign(qty=-table["qty"])]).sample(frac=1, random_state=1)
    assert (cls.customer_value(both, "who", qty="qty", unit_price="price")["value"] == 0).all()


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(-9999, 9999), st.integers(1, 10**6)), min_size=1, max_size=40))
def test_products_add_up_as_decimals_do(lines):
    exact = sum(Decimal(q) / 1000 * Decimal(p) / 10_000 for q, p in lines)
    table = pd.DataFrame(
        {"who": "a", "qty": [q / 1000 for q, _ in lines], "price": [p / 10_000 for _, p in lines]}
    )
    assert cls.customer_value(table, "who", qty="qty", unit_price="price")["value"].tolist() == [float(exact)]


@pytest.mark.parametrize("engine", ENGINES)
def test_many_small_products_do_not_overflow(engine):
    n = 200_000
    table = pd.DataFrame({"who": ["a"] * n, "qty": [1.000001] * n, "price": [9.000001] * n})
    total = as_pandas(cls.customer_value(ENGINES[engine](table), "who", qty="qty", unit_price="price"))[
        "value"
    ][0]
    assert total == pytest.approx(n * 9.00001, rel=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_whole_numbers_that_do_not_fit_are_refused(engine):
    products = ENGINES[engine](pd.DataFrame({"who": ["a", "b"], "qty": [2**32, 5], "price": [2**32, 5]}))
    with pytest.raises(TableError, match="'qty x price' are too large to be added exactly"):
        cls.customer_value(products, "who", qty="qty", unit_price="price")
    amounts = ENGINES[engine](pd.DataFrame({"who": ["a"] * 4, "v": [2**61] * 4}))
    with pytest.raises(TableError, match="'v' are too large to be added exactly"):
        cls.customer_value(amounts, "who", amount="v")


def test_the_unit_of_money_does_not_change_a_class_at_an_exact_cut():
    amounts = [400000.40, 400000.40, 150000.15, 30000.03, 20000.02]
    expected = dict(zip("abcde", "AABCC", strict=True))
    for per in (1, 1000, 1_000_000):
        exact = [float(Decimal(str(v)) / per) for v in amounts]
        assert letters(pd.DataFrame({"k": list("abcde"), "v": exact})) == expected
    assert letters(pd.DataFrame({"k": list("abcde"), "v": [Decimal(str(v)) for v in amounts]})) == expected


def test_single_precision_is_read_as_the_decimals_it_was_meant_for():
    table = pd.DataFrame({"k": list("abcde"), "v": np.array([4, 4, 1.5, 0.3, 0.2], "float32")})
    assert letters(table) == dict(zip("abcde", "AABCC", strict=True))
    lines = pd.DataFrame({"k": ["a"] * 3, "v": np.array([0.1, 0.2, -0.3], "float32")})
    assert cls.customer_value(lines, "k", amount="v")["value"].tolist() == [0.0]


def test_the_noise_of_doubles_is_neither_a_balance_nor_a_rank():
    table = pd.DataFrame({"k": ["rest", "big"], "v": [0.1 + 0.2 - 0.3, 5.0]})
    with pytest.raises(TableError, match="zero or negative on 1 of 2 rows"):
        cls.abc(table, "v", "k")
    tied = pd.DataFrame({"k": ["a", "b"], "v": [0.3, 0.1 + 0.2]})
    assert letters(tied, cuts=(0.4, 0.9)) == {"a": "A", "b": "B"}


def test_a_margin_of_columns_with_other_decimals_is_right():
    table = pd.DataFrame({"s": [1000.5, 900, 800], "c": [91 / 3, 20.1, 10]})
    for make in ENGINES.values():
        margin = as_pandas(com.gross_margin(make(table), "s", "c"))
        assert margin["gross_margin"].tolist() == pytest.approx([1000.5 - 91 / 3, 879.9, 790.0])
    huge = com.gross_margin(pd.DataFrame({"s": [10**14] * 3, "c": [1e-6] * 3}), "s", "c")
    assert huge["gross_margin"].tolist() == pytest.approx([1e14] * 3)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 5), st.floats(-1e6, 1e6)), min_size=1, max_size=30))
def test_estimates_add_up_alike_in_every_engine(lines):
    table = pd.DataFrame(lines, columns=["who", "v"])
    expected = cls.customer_value(table, "who", amount="v")["value"].tolist()
    for make in ENGINES.values():
        assert as_pandas(cls.customer_value(make(table), "who", amount="v"))["value"].tolist() == expected


def test_the_type_of_a_sum_follows_the_type_of_the_column():
    assert (
        cls.customer_value(pd.DataFrame({"k": ["a"], "v": [1.0]}), "k", amount="v")["value"].dtype
        == "float64"
    )
    assert cls.customer_value(pd.DataFrame({"k": ["a"], "v": [1]}), "k", amount="v")["value"].dtype == "int64"
    unsigned = pd.DataFrame({"k": ["a", "b"], "v": np.array([2**63, 5], "uint64")})
    assert letters(unsigned) == {"a": "A", "b": "C"}


# Order and names


def test_lines_in_another_order_give_the_same_table_to_the_index():
    lines = pd.DataFrame({"k": list("wxyz"), "v": [10] * 4})
    once, again = (cls.customer_value(t, "k", amount="v") for t in (lines, lines[::-1]))
    pd.testing.assert_frame_equal(once, again)
    pd.testing.assert_frame_equal(
        cls.abc(once, "value", cuts=(0.5, 0.8)), cls.abc(again, "value", cuts=(0.5, 0.8))
    )


def test_new_names_for_customers_change_no_stability():
    values = [80, 10, 6, 4]
    by_name = [
        cls.class_stability(pd.DataFrame({"k": list(names), "v": values}), "v", "k", B=300)["stable"].tolist()
        for names in ("abcd", "zyxw")
    ]
    assert by_name[0] == by_name[1]
    assert by_name[0][0] == 1.0


def test_draws_without_any_value_are_counted_as_such():
    table = pd.DataFrame({"k": list("aabbc"), "v": [2.0, -1, 3, -2.5, -1]})
    result = cls.class_stability(table, "v", "k", B=200)
    assert result["k"].tolist() == ["a", "b"]
    assert result[["p_A", "p_B", "p_C", "p_none"]].sum(axis=1).tolist() == pytest.approx([1, 1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: cls.abc(t.rename(columns={"v": "share"}), "share", "k"), "'share' has the name of one"),
        (lambda t: cls.abc(t.rename(columns={"k": "reason"}), "v", "reason"), "'reason' has the name of one"),
        (lambda t: cls.customer_value(t.assign(value=t["k"]), "value", amount="v"), "rename it first"),
        (lambda t: com.rfm(dated(t), "k", "d", "v", as_of="no day"), "as_of must be a day"),
        (lambda t: com.rfm(dated(t, m=t["k"]), "m", "d", "v", as_of="2024-01-01"), "rename it first"),
        (lambda t: cls.abc(t, "v", "v"), "named for two things"),
        (lambda t: cls.abc(t.set_axis(["k", "k"], axis=1), "k"), "Two columns are called 'k'"),
        (lambda t: cls.abc(pd.concat({"x": t}, axis=1), "v"), "several rows of column names"),
        (lambda t: cls.abc(t.iloc[:0], "v", "k"), "no rows"),
        (lambda t: cls.customer_value(t.iloc[:0], "k", amount="v"), "no rows"),
        (lambda t: cls.abc(t.assign(k=["a", 1, "b"]), "v", "k"), "numbers and text"),
        (lambda t: cls.abc(t, "v", "k", cuts=0.8), "Cuts must be two shares"),
        (lambda t: cls.abc(t, "v", "k", cuts=("a", "b")), "Cuts must be two shares"),
        (lambda t: cls.abc(t.assign(v=[1.0, float("inf"), 2.0]), "v", "k"), "'v' holds an infinite amount"),
        (lambda t: cls.abc(t.assign(v=[1.0, -2.0, 3.0]), "v"), r"\(row 1 v=-2.0\)"),
        (lambda t: cls.abc(t.assign(v=[1.0, None, 3.0]), "v"), r"missing on 1 row \(row 1 v=nan\)"),
        (lambda t: cls.abc(t.assign(k=["a", None, "c"]), "v", "k"), r"'k' is missing on 1 row \(row 1"),
        (lambda t: cls.tiers(t.assign(k=["a", None, "c"]), "v", "k"), "'k' is missing on 1 row"),
        (lambda t: cls.tiers(t.assign(k=["a", "b", "a"]), "v", "k"), "names 'a' more than once"),
        (lambda t: cls.tiers(t, "v", shares=(float("nan"), 0.2, 0.3, 0.5)), "add to 1"),
        (lambda t: cls.tiers(pl.from_pandas(t), "v"), r"call \.to_pandas\(\)"),
        (lambda t: cls.abc_potential(pl.DataFrame({"abc_value": ["A"], "potential": ["low"]})), "to_pandas"),
        (lambda t: cls.class_stability(t, "v", "k", B=1.5), "whole number of draws"),
        (lambda _: cls.gini(["a"]), "finite number"),
        (lambda _: cls.gini([1, float("inf")]), "finite number"),
        (lambda t: cls.visit_plan({"A": 1.5}, {"A": 2}, 3), "must be whole"),
        (lambda t: cls.visit_plan({1: 1}, {"A": 2}, 3), "counts speak of 1, freq of A"),
        (lambda t: com.rfm(dated(t), "k", "d", "v", as_of=None), "as_of must be a day"),
        (
            lambda t: com.rfm(dated(t, o=["x", None, "y"]), "k", "d", "v",
                              as_of="2024-01-01", order="o"),
            "'o' is missing",
        ),
    ],
)  # fmt: skip
def test_each_is_refused_in_one_sentence(call, message):
    with pytest.raises(TableError, match=message) as caught:
        call(pd.DataFrame({"k": ["a", "b", "c"], "v": [3.0, 2.0, 1.0]}))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("engine", ["polars", "lazy", "duckdb"])
def test_a_key_that_is_not_a_number_is_no_customer(engine):
    table = pl.DataFrame({"k": [1.0, float("nan")], "v": [1.0, 2.0]})
    relation = duckdb.sql("select 1.0::double as k, 1.0::double as v union all select 'nan'::double, 2.0")
    frame = {"polars": table, "lazy": table.lazy(), "duckdb": relation}[engine]
    with pytest.raises(TableError, match="'k' is missing on 1 row"):
        cls.abc(frame, "v", "k")


def test_a_column_may_be_called_zero():
    assert letters(pd.DataFrame([["a", 2], ["b", 1]]), 1, 0) == {"a": "A", "b": "A"}


def test_a_classified_table_can_be_classified_again():
    once = cls.abc(pd.DataFrame({"k": list("abc"), "v": [3.0, 2.0, 1.0]}), "v", "k")
    again = cls.abc(once, "v", "k", cuts=(0.4, 0.6))
    assert again["abc_value"].tolist() == ["A", "B", "C"]
    assert list(again.columns) == list(once.columns)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_days_of_a_time_zone_are_not_guessed(zone):
    day = pd.Series(pd.to_datetime(["2024-06-30 00:30"])).dt.tz_localize(zone)
    with pytest.raises(TableError, match="has a time zone"):
        com.rfm(pd.DataFrame({"k": ["a"], "d": day, "v": [1.0]}), "k", "d", "v", as_of="2024-07-02")


def test_the_hour_of_a_time_stamp_does_not_count():
    table = pd.DataFrame({"k": ["a"], "d": [pd.Timestamp("2024-06-30 23:59")], "v": [1.0]})
    for as_of in ("2024-07-02", dt.date(2024, 7, 2), dt.datetime(2024, 7, 2, 8)):
        assert com.rfm(table, "k", "d", "v", as_of=as_of, q=2)["days_since_last"].tolist() == [2]


def test_visits_go_in_the_order_of_the_frequencies():
    plan = cls.visit_plan({"C": 100, "B": 30, "A": 10}, {"A": 12, "B": 4, "C": 1}, 300)
    assert plan["abc_value"].tolist() == ["A", "B", "C"]
    assert plan["by_phone"].tolist() == [0, 0, 40]
    counts = pd.Series(["C"] * 100 + ["B"] * 30 + ["A"] * 10).value_counts()
    pd.testing.assert_frame_equal(cls.visit_plan(counts, {"A": 12, "B": 4, "C": 1}, 300), plan)
