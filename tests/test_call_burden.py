"""Calls for help and what they cost: the worked example of the curriculum, and every edge of the rule."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casebook
from casebook.call_burden import call_burden, mark_repeats, solved_notes
from casebook.errors import TableError


def calls_of(plan, cost=5.0):
    """Calls of a plan {(user, issue, month): how many}, numbered in the order of the plan."""
    rows = [at for at, times in plan.items() for _ in range(times)]
    table = pd.DataFrame(rows, columns=["user_id", "issue_id", "month"])
    return table.assign(call_id=np.arange(1, len(table) + 1), cost=cost, resolved=True)


def users_of(**revenue):
    return pd.DataFrame({"user_id": list(revenue), "revenue_pm": [float(v) for v in revenue.values()]})


YEAR = range(1, 13)
THREE = calls_of({(who, "line", m): n for m in YEAR for who, n in {"u1": 100, "u2": 10, "u3": 100}.items()})
PAY = users_of(u1=80, u2=80, u3=600)


# SEL-12 --------------------------------------------------------------------------------------------------


def test_sel_12_heavy_at_a_loss_is_flagged_light_and_profitable_are_kept():
    made = call_burden(THREE, PAY, cost_per_call=5)
    assert made["net_margin"].tolist() == [-420.0, 30.0, 100.0]
    assert made["flag"].tolist() == [True, False, False]
    assert made["calls_pm"].tolist() == [100.0, 10.0, 100.0]


def test_sel_12_a_flag_offers_a_repair_first_and_says_why():
    reason = call_burden(THREE, PAY)["reason"].tolist()
    assert reason == [
        "12 heavy months and -420.00 a month: offer a repair first",
        "0 heavy months",
        "12 heavy months, but 100.00 a month",
    ]


def test_a_loss_without_heavy_months_is_no_flag():
    made = call_burden(calls_of({("u1", "line", m): 20 for m in YEAR}), users_of(u1=80))
    assert made["net_margin"].tolist() == [-20.0]
    assert made["reason"].tolist() == ["-20.00 a month, but 0 heavy months"]


# What is a repeat call? ----------------------------------------------------------------------------------


def test_the_first_call_about_an_issue_is_no_repeat_and_the_last_is_not_called_about_again():
    made = mark_repeats(calls_of({("u1", "line", 1): 3, ("u1", "bill", 1): 1, ("u1", "line", 2): 1}))
    assert made["repeat"].tolist() == [False, True, True, False, True]
    assert made["again"].tolist() == [True, True, True, False, False]


def test_a_call_in_a_later_month_about_an_old_issue_is_a_repeat():
    made = call_burden(calls_of({("u1", "line", 1): 1, ("u1", "line", 9): 1}), users_of(u1=80))
    assert made["repeat_share"].tolist() == [0.5]


def test_the_same_issue_of_two_users_is_two_issues():
    assert not mark_repeats(calls_of({("u1", "line", 1): 1, ("u2", "line", 1): 1}))["repeat"].any()


def test_the_order_is_that_of_the_calls_not_of_the_rows():
    calls = calls_of({("u1", "line", 1): 2, ("u2", "bill", 1): 2}).iloc[::-1]
    made = mark_repeats(calls)
    assert made.index.equals(calls.index)
    assert made.sort_values("call_id")["repeat"].tolist() == [False, True, False, True]


# Edges of the rule ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("calls_a_month", "flagged"), [(50, False), (51, True)])
def test_fifty_repeat_calls_make_a_heavy_month_and_the_first_call_is_none(calls_a_month, flagged):
    plan = {("u1", f"issue {m}", m): calls_a_month for m in range(1, 7)}
    made = call_burden(calls_of(plan), users_of(u1=80))
    assert made["heavy_months"].tolist() == [6 if flagged else 0]
    assert made["flag"].tolist() == [flagged]


@pytest.mark.parametrize(("heavy", "flagged"), [(5, False), (6, True)])
def test_six_heavy_months_count_five_do_not(heavy, flagged):
    plan = {("u1", "line", m): 80 for m in range(1, heavy + 1)}
    assert call_burden(calls_of(plan), users_of(u1=80))["flag"].tolist() == [flagged]


def test_two_issues_of_a_month_are_added_up():
    plan = {("u1", issue, m): 26 for m in YEAR for issue in ("line", "bill")}
    assert call_burden(calls_of(plan), users_of(u1=80))["heavy_months"].tolist() == [12]


def test_a_margin_of_exactly_nothing_is_no_loss_even_in_tenths():
    plan = {("u1", "line", m): 60 for m in YEAR}
    made = call_burden(calls_of(plan, cost=0.1), users_of(u1=6))
    assert made["net_margin"].tolist() == [0.0]
    assert made["flag"].tolist() == [False]


def test_every_threshold_can_be_moved():
    calls = calls_of({("u1", "line", m): 10 for m in (1, 2)})
    made = call_burden(
        calls, users_of(u1=80), months=2, repeats_from=9, months_from=2, margin_below=31, cost_per_call=5
    )
    assert made[["net_margin", "flag"]].values.tolist() == [[30.0, True]]
    assert not call_burden(calls, users_of(u1=80), months=2, repeats_from=9, months_from=2)["flag"].any()


def test_months_without_a_call_count_in_the_mean():
    made = call_burden(calls_of({("u1", "line", 1): 12}), users_of(u1=80))
    assert made[["calls_pm", "cost_pm", "net_margin"]].values.tolist() == [[1.0, 5.0, 75.0]]


def test_a_user_without_a_call_stays_in_the_table():
    made = call_burden(calls_of({("u1", "line", 1): 1}), users_of(u0=80, u1=80))
    assert made["calls_pm"].tolist() == [0.0, 1 / 12]
    assert math.isnan(made["repeat_share"][0])
    assert made.loc[0, "net_margin"] == 80.0


def test_nobody_called_at_all():
    made = call_burden(THREE.iloc[:0], PAY)
    assert made["net_margin"].tolist() == [80.0, 80.0, 600.0]
    assert not made["flag"].any()


def test_tables_are_left_as_they_were():
    calls, users = THREE.copy(), PAY.copy()
    call_burden(calls, users)
    solved_notes(calls)
    pd.testing.assert_frame_equal(calls, THREE)
    pd.testing.assert_frame_equal(users, PAY)


def test_the_order_of_users_and_their_index_are_kept():
    users = PAY.iloc[::-1].set_axis(["a", "b", "c"])
    made = call_burden(THREE.sample(frac=1, random_state=1), users)
    assert made.index.tolist() == ["a", "b", "c"]
    assert made["net_margin"].tolist() == [100.0, 30.0, -420.0]


# Notes of agents -----------------------------------------------------------------------------------------


def test_notes_are_set_against_what_users_did():
    calls = calls_of({("u1", "line", 1): 3, ("u2", "bill", 1): 2}).assign(
        resolved=[True, False, True, True, False]
    )
    made = solved_notes(calls)
    assert made["noted"].tolist() == ["solved", "unsolved"]
    assert made[["calls", "again"]].values.tolist() == [[3, 2], [2, 1]]
    assert made["again_share"].tolist() == [2 / 3, 0.5]


def test_a_kind_of_note_that_nobody_wrote_has_no_share():
    assert solved_notes(THREE)["again_share"].isna().tolist() == [False, True]


# Errors --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"calls": THREE.drop(columns="month")}, "There is no column 'month'"),
        ({"calls": THREE.assign(month=np.arange(len(THREE)))}, "different months, more than months=12"),
        ({"calls": THREE.assign(call_id=1)}, "Column 'call_id' holds 1 twice"),
        ({"calls": THREE.assign(issue_id=None)}, "Column 'issue_id' is missing"),
        ({"calls": THREE.assign(cost=-1.0)}, "Column 'cost' is -1 for call_id=1"),
        ({"calls": THREE.assign(cost=math.nan)}, "Column 'cost' is missing"),
        ({"users": PAY.iloc[:2]}, r"User 'u3' calls but is not in users \(1,200 such calls\)"),
        ({"users": PAY.assign(user_id="u1")}, "Column 'user_id' names 'u1' more than once"),
        ({"users": PAY.assign(revenue_pm=-1.0)}, "Column 'revenue_pm' is -1 for user_id=u1"),
        ({"months_from": 13}, "months_from is 13, but there are only 12 months"),
        ({"repeats_from": 0}, "repeats_from must be a whole number of 1 or more, got 0"),
        ({"months": 12.0}, "months must be a whole number"),
        ({"cost_per_call": -1}, "cost_per_call must be money of 0 or more"),
        ({"margin_below": math.nan}, "margin_below must be an amount of money"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_what_cannot_be_used_is_refused_in_words(change, says):
    given_ = {"calls": THREE, "users": PAY, **change}
    with pytest.raises(TableError, match=says):
        call_burden(given_.pop("calls"), given_.pop("users"), **given_)


def test_a_note_is_true_or_false():
    with pytest.raises(TableError, match="Column 'resolved' must be true or false"):
        solved_notes(THREE.assign(resolved="yes"))


def test_a_name_that_is_made_here_is_refused():
    with pytest.raises(TableError, match="'repeat' has the name of one that is made here"):
        mark_repeats(THREE.rename(columns={"issue_id": "repeat"}), issue="repeat")


# The whole ----------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(1, 12)), min_size=1),
    st.randoms(use_true_random=False),
)
def test_repeats_are_calls_less_issues_and_rows_may_come_in_any_order(rows, random):
    calls = pd.DataFrame(sorted(rows, key=lambda row: row[2]), columns=["user_id", "issue_id", "month"])
    calls = calls.assign(call_id=np.arange(len(calls)), cost=0.1)
    users = users_of(a=1, b=2)
    marked = mark_repeats(calls)
    issues = len(calls[["user_id", "issue_id"]].drop_duplicates())
    assert marked["repeat"].sum() == marked["again"].sum() == len(calls) - issues
    mixed = calls.iloc[random.sample(range(len(calls)), len(calls))]
    pd.testing.assert_frame_equal(call_burden(calls, users), call_burden(mixed, users))


def test_the_telephone_company_has_ten_heavy_callers_and_seven_at_a_loss():
    made = call_burden(casebook.load("support_calls"), casebook.load("support_users"))
    assert (made["heavy_months"] >= 6).sum() == 10
    assert made["flag"].sum() == 7
    assert made.loc[(made["heavy_months"] >= 6) & ~made["flag"], "revenue_pm"].tolist() == [600.0] * 3
