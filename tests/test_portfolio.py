"""Choosing within a budget, growth taken apart, and what to do about losers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from casebook import selection as sel
from casebook.errors import TableError

FOUR = pd.DataFrame({"customer_id": list("ABCD"), "profit": [60, 40, 36, 10], "hours": [6, 5, 4, 1]})
SERVED = pd.DataFrame(
    {
        "gross_margin": [100.0, 100.0, 40.0, -10.0],
        "sales_cost": [25.0, 25.0, 10.0, 0.0],
        "account_cost": [10.0, 10.0, 10.0, 10.0],
        "rush_freight": [0.0, 30.0, 0.0, 0.0],
        "free_installation": [0.0, 25.0, 0.0, 0.0],
        "trade_promotion": [0.0, 30.0, 0.0, 0.0],
        "returns_cost": [0.0, 15.0, 0.0, 0.0],
        "profit": [65.0, -35.0, 20.0, -20.0],
    },
    index=list("ABCD"),
)
LOSERS = SERVED["profit"] < 0


def names(chosen: pd.DataFrame, column: str) -> list[str]:
    return chosen.loc[chosen[column], "customer_id"].tolist()


# SEL-18 ----------------------------------------------------------------------------------------------


def test_sel_18_the_best_set_is_worth_96_and_the_greedy_one_70():
    chosen = sel.choose_accounts(FOUR, 10)
    assert names(chosen, "optimal") == ["A", "C"]
    assert chosen.loc[chosen["optimal"], "profit"].sum() == 96
    assert names(chosen, "greedy") == ["A", "D"]
    assert chosen.loc[chosen["greedy"], "profit"].sum() == 70
    assert chosen["reason"].tolist() == [
        "in both choices",
        "others are worth more in the same hours",
        "in the best set only",
        "in the greedy choice only",
    ]


def test_the_best_set_is_the_best_of_all_sets():
    rng = np.random.default_rng(18)
    for _ in range(40):
        n = 9
        table = pd.DataFrame(
            {
                "customer_id": [f"C{i}" for i in range(n)],
                "profit": rng.integers(-200, 900, n) / 100,
                "hours": rng.integers(0, 8, n),
            }
        )
        budget = int(rng.integers(0, 30))
        best = 0.0
        for size in range(n + 1):
            for rows in combinations(range(n), size):
                some = table.iloc[list(rows)]
                if some["hours"].sum() <= budget:
                    best = max(best, some["profit"].sum())
        chosen = sel.choose_accounts(table, budget)
        assert chosen.loc[chosen["optimal"], "profit"].sum() == pytest.approx(best)
        for column in ("optimal", "greedy"):
            assert chosen.loc[chosen[column], "hours"].sum() <= budget
        greedy = chosen.loc[chosen["greedy"], "profit"].sum()
        assert greedy <= best + 1e-9


def test_the_order_of_rows_changes_nothing():
    alike = pd.DataFrame({"customer_id": list("ABCDEF"), "profit": [5.0] * 6, "hours": [2] * 6})
    chosen = sel.choose_accounts(alike, 6).set_index("customer_id")
    turned = sel.choose_accounts(alike[::-1], 6).set_index("customer_id")
    pd.testing.assert_frame_equal(turned.sort_index(), chosen)
    assert chosen["optimal"].sum() == 3
    assert names(sel.choose_accounts(alike, 6), "greedy") == ["A", "B", "C"]


def test_the_table_keeps_its_index_and_its_rows():
    before = FOUR.copy(deep=True)
    odd = FOUR.set_axis([7, 3, 5, 1])
    assert sel.choose_accounts(odd, 10).index.tolist() == [7, 3, 5, 1]
    pd.testing.assert_frame_equal(FOUR, before)


def test_losers_and_giants_are_never_chosen_and_free_accounts_always():
    table = pd.DataFrame({"customer_id": list("ABCD"), "profit": [-5, 0, 9, 1], "hours": [0, 0, 11, 0]})
    chosen = sel.choose_accounts(table, 10)
    assert names(chosen, "optimal") == names(chosen, "greedy") == ["D"]
    assert chosen["reason"].tolist()[:3] == [
        "worth nothing",
        "worth nothing",
        "needs more than the whole budget",
    ]


def test_hours_are_rounded_up_to_the_step_so_that_a_choice_fits():
    table = FOUR.assign(hours=[6.2, 5.0, 4.0, 0.5])
    assert names(sel.choose_accounts(table, 10), "optimal") == ["B", "C", "D"]
    assert names(sel.choose_accounts(table, 10.2, step=0.1), "optimal") == ["A", "C"]
    assert names(sel.choose_accounts(table, 0), "optimal") == []


@pytest.mark.parametrize(
    ("table", "budget", "how", "said"),
    [
        (FOUR, -1, {}, "The budget must be hours, 0 or more"),
        (FOUR, float("inf"), {}, "The budget must be hours"),
        (FOUR, 10, {"step": 0}, "step must be hours above zero"),
        (FOUR, 10, {"value": "margin"}, "no column 'margin'"),
        (FOUR.assign(hours=[1, 2, -3, 4]), 10, {}, "below zero for customer_id=C"),
        (FOUR.assign(hours=[1, 2, None, 4]), 10, {}, "'hours' is missing on 1 row .customer_id=C"),
        (FOUR.assign(customer_id=list("ABBD")), 10, {}, "names 'B' more than once"),
        (FOUR.assign(greedy=1), 10, {"value": "greedy"}, "has the name of one that is made here"),
        (FOUR, 1e9, {}, "use a step above 1"),
    ],
)
def test_a_choice_refuses_what_makes_no_sense(table, budget, how, said):
    with pytest.raises(TableError, match=said):
        sel.choose_accounts(table, budget, **how)


# SEL-17 ----------------------------------------------------------------------------------------------


def test_sel_17_growth_is_taken_apart_and_adds_up():
    parts = sel.growth_decomposition({"A": 100, "B": 80, "C": 50}, {"A": 120, "B": 80, "D": 40})
    assert dict(zip(parts["part"], parts["change"], strict=True)) == {
        "expansion": 20, "contraction": 0, "acquisition": 40, "diversification": 0, "lost": -50,
    }  # fmt: skip
    assert parts["change"].sum() == 10
    assert parts["customers"].tolist() == [1, 0, 1, 0, 1]


def test_a_new_customer_of_a_new_kind_is_diversification():
    kinds = {"A": "hotel", "B": "hotel", "D": "school", "E": "hotel"}
    parts = sel.growth_decomposition({"A": 10, "B": 5}, {"A": 8, "D": 4, "E": 3}, kinds=kinds)
    assert parts.set_index("part")["change"].to_dict() == {
        "expansion": 0, "contraction": -2, "acquisition": 3, "diversification": 4, "lost": -5,
    }  # fmt: skip
    with pytest.raises(TableError, match="Customer 'E' has no kind"):
        sel.growth_decomposition({"A": 10}, {"E": 3}, kinds={"A": "hotel"})


def test_a_zero_is_as_good_as_a_missing_customer_and_cents_add_up_exactly():
    parts = sel.growth_decomposition({"A": 0.1, "B": 0.0}, {"A": 0.3, "C": 0.0, "B": 0.2})
    assert parts.set_index("part")["change"].to_dict() == {
        "expansion": 0.2, "contraction": 0.0, "acquisition": 0.2, "diversification": 0.0, "lost": 0.0,
    }  # fmt: skip
    assert parts["customers"].tolist() == [1, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("prev", "said"),
    [
        ({"A": -1}, "prev is below zero for 'A'"),
        ({}, "prev holds no customer"),
        ({"A": None}, "does not hold numbers|missing"),
        (pd.Series([1, 2], index=["A", "A"]), "'A' stands twice in prev"),
    ],
)
def test_growth_refuses_what_it_cannot_compare(prev, said):
    with pytest.raises(TableError, match=said):
        sel.growth_decomposition(prev, {"A": 1})


# Remedies ----------------------------------------------------------------------------------------------


def test_on_paper_the_whole_loss_goes_and_in_truth_the_saved_costs_less_the_margin():
    made = sel.compare_remedies(SERVED, LOSERS, charged=0.5).set_index("remedy")
    assert made["change"].to_dict() == {
        "keep": 0.0,
        "strike off, on paper": 55.0,
        "strike off": 10.0,  # 100 of service costs saved, 90 of margin gone, salaries stay
        "change terms": 50.0,
    }
    assert made["profit"]["keep"] == 30.0
    assert made["accounts"].tolist() == [0, 2, 2, 2]


def test_when_every_cost_goes_paper_and_truth_agree():
    everything = dict.fromkeys(sel.SAVED, 1.0)
    made = sel.compare_remedies(SERVED, LOSERS, saved=everything).set_index("remedy")
    assert made["change"]["strike off"] == made["change"]["strike off, on paper"] == 55.0


def test_when_all_leave_new_terms_are_as_good_as_striking_off():
    made = sel.compare_remedies(SERVED, LOSERS, leaving=1).set_index("remedy")
    assert made["change"]["change terms"] == made["change"]["strike off"]
    half = sel.compare_remedies(SERVED, LOSERS, leaving=0.5).set_index("remedy")
    assert half["change"]["change terms"] == (50 + 10) / 2


def test_remedies_leave_the_table_alone_and_refuse_nonsense():
    before = SERVED.copy(deep=True)
    sel.compare_remedies(SERVED, LOSERS)
    pd.testing.assert_frame_equal(SERVED, before)
    for how, said in [
        ({"charged": 1.5}, "charged must be a share"),
        ({"leaving": -0.1}, "leaving must be a share"),
        ({"saved": {"sales_cost": 2}, "service": []}, "saved.*must be a share"),
        ({"service": ["postage"]}, "'postage' has no share in saved"),
    ]:
        with pytest.raises(TableError, match=said):
            sel.compare_remedies(SERVED, LOSERS, **how)
    with pytest.raises(TableError, match="true and false"):
        sel.compare_remedies(SERVED, LOSERS.astype(int))
    with pytest.raises(TableError, match="no column 'returns_cost'"):
        sel.compare_remedies(SERVED.drop(columns="returns_cost"), LOSERS)
