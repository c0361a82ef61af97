"""RFM: the right way round, ties, published cases, and what stands in each group."""

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


def test_equal_customers_score_alike_whatever_the_order_of_rows():
    table = orders_from([7] * 6 + [20, 300, 300, 400])
    scored = com.rfm(table, "who", "day", "money", as_of=AS_OF)
    shuffled = com.rfm(table.sample(frac=1, random_state=4), "who", "day", "money", as_of=AS_OF)
    pd.testing.assert_frame_equal(scored, shuffled)


def test_rfm_leaves_the_orders_as_they_were():
    table = orders_from([5, 40, 10, 90])
    before = table.copy(deep=True)
    com.rfm(table, "who", "day", "money", as_of=AS_OF, q=2)
    pd.testing.assert_frame_equal(table, before)


def test_the_groups_hold_all_customers_and_their_values_do_not_overlap():
    scored = com.rfm(orders_from(range(0, 300, 7)), "who", "day", "money", as_of=AS_OF)
    groups = com.rfm_groups(scored)
    assert len(groups) == 15
    for name in "rfm":
        own = groups[groups["score_of"] == name]
        assert own["customers"].sum() == len(scored)
    r = groups[groups["score_of"] == "r"].sort_values("score", ascending=False)
    assert r["lowest"].is_monotonic_increasing  # few days, high score
    assert (r["lowest"].to_numpy()[1:] > r["highest"].to_numpy()[:-1]).all()


def test_an_empty_score_stands_out():
    groups = com.rfm_groups(com.rfm(orders_from([1] * 4), "who", "day", "money", as_of=AS_OF, q=3), best=3)
    assert groups[groups["customers"] == 0]["score_of"].value_counts().to_dict() == {"r": 2, "f": 2, "m": 2}
    assert groups.loc[groups["customers"] == 0, "lowest"].isna().all()


def test_groups_of_fewer_scores_than_there_are_are_refused():
    scored = com.rfm(orders_from([5, 40, 10, 90]), "who", "day", "money", as_of=AS_OF, q=2)
    with pytest.raises(TableError, match="holds a score above 1: give the `q` of `rfm`"):
        com.rfm_groups(scored, best=1)
    with pytest.raises(TableError, match="no column 'r'"):
        com.rfm_groups(scored.drop(columns="r"))
