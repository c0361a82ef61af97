"""Orders of calling: who is called first, what is found, how sure the gap between two orders is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from casebook import calling as cal
from casebook import qualification as qlf
from casebook.errors import TableError

FOUR = pd.DataFrame(
    {"ordered": [1, 0, 1, 0], "margin": [10.0, 20.0, 30.0, 40.0], "morning": ["a", "a", "b", "b"]},
    index=[7, 5, 3, 1],
)


def score(*values: float) -> pd.Series:
    return pd.Series(list(values), index=FOUR.index)


def test_the_highest_score_is_called_first_and_only_buyers_bring_a_margin():
    curve = cal.call_curve(FOUR, score(1, 2, 3, 4), "ordered", ["margin"])
    quarter = curve.iloc[[25, 50, 75, 100]]
    assert quarter["calls"].tolist() == [1, 2, 3, 4]
    assert quarter["found"].tolist() == [0, 1, 1, 2]
    assert quarter["margin"].tolist() == [0, 30, 30, 40]


def test_each_morning_has_its_own_calls_rounded_up():
    curve = cal.call_curve(FOUR, score(4, 3, 2, 1), "ordered", by="morning")
    assert curve.iloc[1]["calls"] == 2  # one of each two
    assert curve.iloc[1]["found"] == 2


def test_ties_keep_the_order_of_rows():
    assert cal.call_curve(FOUR, score(0, 0, 0, 0), "ordered")["found"].iloc[[25, 50, 75, 100]].tolist() == [
        1, 1, 2, 2,
    ]  # fmt: skip


def test_nothing_is_lost_along_the_curve():
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"ordered": rng.random(200) < 0.3, "margin": rng.random(200)})
    curve = cal.call_curve(table, pd.Series(rng.random(200)), "ordered", ["margin"])
    assert curve.diff().iloc[1:].min().min() >= 0
    assert curve["found"].iloc[-1] == table["ordered"].sum()
    assert curve["margin"].iloc[-1] == pytest.approx(table.loc[table["ordered"], "margin"].sum())


def test_orders_are_compared_at_one_capacity_with_chance_as_the_last_row():
    scores = pd.DataFrame({"good": score(4, 1, 3, 2), "bad": score(1, 4, 2, 3)})
    made = cal.compare_orders(FOUR, scores, "ordered", ["margin"], share=0.5)
    assert made["order"].tolist() == ["good", "bad", "at random"]
    assert made["found"].tolist() == [2, 0, 1]
    assert made["lift"].tolist() == [2, 0, 1]
    assert made["margin"].tolist() == [40, 0, 20]


def test_the_expected_row_is_the_mean_of_many_draws():
    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {"ordered": rng.random(90) < 0.3, "margin": rng.random(90), "morning": [0] * 30 + [1] * 60}
    )
    drawn = [
        cal.call_curve(table, pd.Series(rng.random(90)), "ordered", by="morning")["found"][20]
        for _ in range(300)
    ]
    blind = cal.compare_orders(
        table, pd.DataFrame({"x": table["margin"]}), "ordered", share=0.2, by="morning"
    )
    assert blind["found"].iloc[-1] == pytest.approx(np.mean(drawn), abs=0.3)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: cal.call_curve(FOUR, pd.Series([1, 2, 3, 4]), "ordered"), "index of the table"),
        (lambda: cal.call_curve(FOUR, score(1, np.nan, 3, 4), "ordered"), "score is missing in row 5"),
        (lambda: cal.call_curve(FOUR, score(1, 2, 3, 4), "margin"), "must be yes or no"),
        (lambda: cal.compare_orders(FOUR, score(1, 2, 3, 4).to_frame("x"), "ordered", share=0), "share must"),
    ],
)
def test_odd_questions_are_refused(call: Any, said: str):
    with pytest.raises(TableError, match=said):
        call()


@pytest.fixture
def desk() -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "as_of": pd.Timestamp("2024-01-01"),
            "created": pd.to_datetime(["2023-10-10", "2023-11-11", "2023-12-12", "2023-12-01"]),
            "expected_order_date": pd.to_datetime(["2023-12-30", "2024-01-20", "2024-01-10", None]),
            "chance": [0.9, 0.1, 0.2, 0.3],
            "potential_margin": [1.0, 90.0, 10.0, 10.0],
            "worth": [1.0, 1.0, 100.0, 1.0],
        }
    )
    return qlf.heat(table, "2024-01-01")


def test_the_usual_orders(desk: pd.DataFrame):
    first = {
        name: column.sort_values(ascending=False).index.tolist()
        for name, column in cal.order_scores(desk, worth="worth").items()
    }
    assert first == {
        "by score": [0, 3, 2, 1],
        "score × guess": [1, 3, 2, 0],
        "hot first": [2, 1, 3, 0],
        "largest first": [1, 2, 3, 0],
        "oldest first": [0, 1, 3, 2],
        "score × worth": [2, 0, 3, 1],
    }


def test_overdue_prospects_can_be_set_below_all_others(desk: pd.DataFrame):
    apart = cal.order_scores(desk, overdue="apart")
    assert (apart.idxmin() == 0).all()
    with pytest.raises(TableError, match="overdue must be 'keep' or 'apart'"):
        cal.order_scores(desk, overdue="drop")


def test_an_order_set_beside_itself_has_no_gap_and_a_better_one_has_one():
    rng = np.random.default_rng(4)
    ordered = rng.random(300) < 0.2
    table = pd.DataFrame({"ordered": ordered, "morning": np.arange(300) % 3})
    good = pd.Series(ordered + rng.normal(0, 0.3, 300))
    blind = pd.Series(rng.random(300))
    how: dict[str, Any] = {"by": "morning", "draws": 200, "seed": 1}
    assert cal.gap_interval(table, good, good, "ordered", **how) == (0.0, 0.0)
    low, high = cal.gap_interval(table, good, blind, "ordered", **how)
    assert 0 < low < high < 30
    assert cal.gap_interval(table, blind, good, "ordered", **how) == pytest.approx((-high, -low))
    with pytest.raises(TableError, match="draws must be at least 1"):
        cal.gap_interval(table, good, blind, "ordered", draws=0)
