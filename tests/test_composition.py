"""Gross margin and RFM: hand-worked and published cases."""

import datetime as dt

import pandas as pd
import pytest

from casebook import composition as com
from casebook.errors import TableError

AS_OF = dt.date(2024, 12, 31)


def orders_from(days, money=None):
    day = pd.to_datetime(AS_OF) - pd.to_timedelta(list(days), unit="D")
    return pd.DataFrame(
        {"who": [f"c{i}" for i in range(len(day))], "day": day, "money": money or [10] * len(day)}
    )


# CLS-04


def test_margin_rates_of_three_products():
    three = pd.DataFrame({"sku": ["P1", "P2", "P3"], "sales": [400, 600, 1000], "cost": [300, 480, 900]})
    assert com.gross_margin(three, "sales", "cost")["margin_rate"].tolist() == [0.25, 0.20, 0.10]


def test_lines_are_added_up_exactly_before_the_rate_is_taken():
    lines = pd.DataFrame({"sku": list("aab"), "sales": [0.1, 0.2, 4], "cost": [0.15, 0.15, 5]})
    by_sku = com.gross_margin(lines, "sales", "cost", by="sku")
    assert by_sku["gross_margin"].tolist() == [0.0, -1.0]
    assert by_sku["margin_rate"].tolist() == [0.0, -0.25]


def test_without_sales_there_is_no_rate():
    row = com.gross_margin(pd.DataFrame({"sales": [0.0], "cost": [5.0]}), "sales", "cost")
    assert row["gross_margin"].iloc[0] == -5
    assert pd.isna(row["margin_rate"].iloc[0])


def test_a_missing_cost_is_refused_and_named():
    lines = pd.DataFrame({"sku": ["a", "b"], "sales": [1.0, 2.0], "cost": [0.5, None]})
    with pytest.raises(TableError, match=r"'cost' is missing on 1 row .*sku=b"):
        com.gross_margin(lines, "sales", "cost", by="sku")


# CLS-10


def test_recency_is_scored_the_right_way_round():
    scored = com.rfm(orders_from([5, 40, 10, 90]), "who", "day", "money", as_of=AS_OF, q=2)
    assert scored["days_since_last"].tolist() == [5, 40, 10, 90]
    assert scored["r"].tolist() == [2, 1, 2, 1]


def test_customers_with_the_same_value_get_the_same_score():
    scored = com.rfm(orders_from([7] * 5 + [300] * 4), "who", "day", "money", as_of=AS_OF)
    assert scored.groupby("days_since_last")["r"].nunique().tolist() == [1, 1]
    assert scored["f"].unique().tolist() == [1]


@pytest.mark.parametrize(
    ("days", "orders", "money", "score"),
    [
        (205, 6, 472, "343"),
        (140, 3, 340, "412"),
        (194, 4, 405, "323"),
        (98, 7, 596, "544"),
        (132, 5, 448, "433"),
    ],
)
def test_the_published_example_with_its_own_bounds(days, orders, money, score):
    """Five customers printed in the README of the R package rfm (rfm_data_orders at 2006-12-31)."""
    first = [money - (orders - 1)] + [1] * (orders - 1)
    table = orders_from([days] * orders, first).assign(who="x")
    bounds = {"r": (115, 181, 297, 482), "f": (4, 5, 6, 8), "m": (256, 382, 506, 666)}
    assert com.rfm(table, "who", "day", "money", as_of=AS_OF, q=bounds)["rfm"].tolist() == [score]


def test_lines_of_one_order_count_once():
    lines = orders_from([3, 3, 9]).assign(who="x", number=["o1", "o1", "o2"])
    by_line = com.rfm(lines, "who", "day", "money", as_of=AS_OF, q=2)
    by_order = com.rfm(lines, "who", "day", "money", as_of=AS_OF, q=2, order="number")
    assert (by_line["frequency"].iloc[0], by_order["frequency"].iloc[0]) == (3, 2)


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"as_of": "2024-12-01"}, "3 rows dated after as_of=2024-12-01 .*who=c0"),
        ({"day": "2024-01-01"}, {}, "to_datetime"),
        ({}, {"q": 1}, "whole number from 2 to 9"),
        ({}, {"q": {"r": (3, 1), "f": (1,), "m": (1,)}}, r"q\['r'\] must hold"),
        ({"who": None}, {}, "'who' is missing"),
    ],
)
def test_rfm_says_what_is_wrong(change, options, message):
    table = orders_from([5, 10, 20]).assign(**change)
    with pytest.raises(TableError, match=message):
        com.rfm(table, "who", "day", "money", **{"as_of": AS_OF, **options})
