"""Fees on small accounts: the worked examples, the edge, what leaving costs, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import casebook
from casebook import small_accounts as fees
from casebook.errors import TableError

money = st.floats(0, 1e7, allow_nan=False).map(lambda x: round(x, 2))


@pytest.fixture
def schedule():
    return casebook.load("fee_schedule")


@pytest.fixture
def in_2007(schedule):
    """The dated rules, and the plan of ICBC, which names no fee."""
    return schedule[(schedule["as_of"] == "2007") | (schedule["bank"] == "ICBC")]


def accounts(*rows):
    table = pd.DataFrame(rows, columns=["bank", "tier", "avg_balance"])
    return table.assign(account_id=[f"B{n}" for n in range(len(table))])


# One account ----------------------------------------------------------


@pytest.mark.parametrize(
    ("bank", "tier", "balance", "fee"),
    [
        ("Citibank", "ordinary", 79_999, 50),
        ("Citibank", "ordinary", 80_000, 0),
        ("HSBC", "ordinary", 99_999, 150),
        ("HSBC", "premier", 499_999, 300),
        ("HSBC", "premier", 500_000, 0),
        ("Citibank", "ordinary", 0, 50),
    ],
)
def test_sel_10_the_fees_of_2007(schedule, bank, tier, balance, fee):
    assert fees.account_fee(bank, tier, balance, schedule) == fee


def test_sel_10_a_fee_that_nobody_stated_is_missing_and_not_zero(schedule):
    assert math.isnan(fees.account_fee("ICBC", "ordinary", 99.99, schedule, as_of="before 2007"))
    assert fees.account_fee("ICBC", "ordinary", 100, schedule, as_of="before 2007") == 0


def test_a_rule_in_another_unit_is_refused_and_can_be_asked_for(schedule):
    with pytest.raises(TableError, match="'as stated', the balance in 'RMB': bring both into one unit"):
        fees.account_fee("Citibank", "ordinary", 4_999, schedule, as_of="before 2007")
    dated = {"as_of": "before 2007", "unit": "as stated"}
    assert fees.account_fee("Citibank", "ordinary", 4_999, schedule, **dated) == 6
    assert fees.account_fee("Citibank", "ordinary", 5_000, schedule, **dated) == 0


def test_a_rule_that_does_not_exist_is_named_with_those_that_do(schedule):
    with pytest.raises(TableError, match=r"No rule for ICBC premier 2007\. The schedule has: Citibank ord"):
        fees.account_fee("ICBC", "premier", 10, schedule)
    twice = pd.concat([schedule, schedule])
    with pytest.raises(TableError, match="2 rules for HSBC premier 2007"):
        fees.account_fee("HSBC", "premier", 10, twice)


@pytest.mark.parametrize("balance", [-0.01, float("nan"), float("inf")])
def test_a_balance_that_is_none_is_refused(schedule, balance):
    with pytest.raises(TableError, match="avg_balance must be an amount from 0 on"):
        fees.account_fee("HSBC", "premier", balance, schedule)


# A table of accounts ----------------------------------------------------------


def test_a_cent_decides_and_the_reason_says_so(in_2007):
    table = fees.charge_accounts(
        accounts(
            ("Citibank", "ordinary", 79_999.99), ("Citibank", "ordinary", 80_000), ("ICBC", "ordinary", 13)
        ),
        in_2007,
    )
    assert table["charged"].tolist() == [True, False, True]
    assert table["fee_month"].tolist()[:2] == [50, 0]
    assert table["reason"].tolist() == ["below 80,000", "not below 80,000", "below 100, no fee stated"]


@given(st.lists(money, min_size=1, max_size=30))
def test_the_table_says_of_each_account_what_the_single_call_says(balances):
    schedule = casebook.load("fee_schedule")
    kept = schedule[schedule["as_of"] == "2007"]
    for bank, tier in (("Citibank", "ordinary"), ("HSBC", "ordinary"), ("HSBC", "premier")):
        table = fees.charge_accounts(accounts(*[(bank, tier, b) for b in balances]), kept)
        alone = [fees.account_fee(bank, tier, b, schedule) for b in balances]
        assert table["fee_month"].tolist() == alone


def test_the_order_of_rows_stays_and_the_input_is_left_alone(in_2007):
    given_accounts = casebook.load("bank_accounts")
    before, rules = given_accounts.copy(deep=True), in_2007.copy(deep=True)
    table = fees.charge_accounts(given_accounts, in_2007)
    shuffled = fees.charge_accounts(given_accounts.sample(frac=1, random_state=4), in_2007)
    assert table["account_id"].tolist() == before["account_id"].tolist()
    pd.testing.assert_frame_equal(shuffled.sort_index(), table)
    pd.testing.assert_frame_equal(given_accounts, before)
    pd.testing.assert_frame_equal(in_2007, rules)


def test_the_planted_pairs_at_the_edge_are_told_apart(in_2007):
    table = fees.charge_accounts(casebook.load("bank_accounts"), in_2007)
    for edge in (80_000, 100_000, 500_000):
        mine = table[table["threshold"] == edge].set_index("avg_balance")["charged"]
        assert mine[edge - 0.01]
        assert not mine[edge]


def test_no_accounts_give_no_fees(in_2007):
    empty = casebook.load("bank_accounts").iloc[:0]
    assert len(fees.charge_accounts(empty, in_2007)) == 0


def test_what_a_schedule_must_not_be(schedule, in_2007):
    one = accounts(("Citibank", "ordinary", 5))
    with pytest.raises(TableError, match="Two rules for Citibank ordinary: keep those of one date"):
        fees.charge_accounts(one, schedule)
    with pytest.raises(TableError, match="Citibank ordinary is in 'as stated', the balances in RMB"):
        fees.charge_accounts(one, schedule[schedule["as_of"] == "before 2007"])
    with pytest.raises(TableError, match=r"No rule for ICBC premier \(accounts: 1\)"):
        fees.charge_accounts(accounts(("ICBC", "premier", 5)), in_2007)


def test_what_accounts_must_not_be(in_2007):
    with pytest.raises(TableError, match="no column 'tier'"):
        fees.charge_accounts(accounts(("HSBC", "premier", 5)).drop(columns="tier"), in_2007)
    with pytest.raises(TableError, match="'avg_balance' is missing on 1 row"):
        fees.charge_accounts(accounts(("HSBC", "premier", np.nan)), in_2007)
    with pytest.raises(TableError, match=r"'avg_balance': row 0 is -3, below 0\. An overdraft is another"):
        fees.charge_accounts(accounts(("HSBC", "premier", -3)), in_2007)


# Break-even and results ----------------------------------------------------------


def test_sel_10_the_break_even_balance():
    assert fees.fee_breakeven(5, 0.02) == 250
    assert fees.fee_breakeven(0, 0.02) == 0


def test_sel_10_an_account_of_thirteen_loses_4_74():
    told = fees.account_results(pd.DataFrame({"avg_balance": [13], "cost": [5]}), spread=0.02)
    assert told["income"].iloc[0] == pytest.approx(0.26)
    assert told["result"].iloc[0] == pytest.approx(-4.74)
    assert 20e6 * 13 == 260e6  # all deposits of the twenty million


@given(st.floats(0.01, 1e4), st.floats(0.001, 0.5))
def test_at_the_break_even_balance_an_account_leaves_nothing(cost, spread):
    balance = fees.fee_breakeven(cost, spread)
    told = fees.account_results(pd.DataFrame({"avg_balance": [balance], "cost": [cost]}), spread=spread)
    assert told["result"].iloc[0] == pytest.approx(0, abs=1e-9 * cost)


@pytest.mark.parametrize("spread", [0, 1, 2, -0.02, float("nan")])
def test_a_spread_is_a_share(spread):
    with pytest.raises(TableError, match=r"spread must be a share between 0 and 1, such as 0\.02"):
        fees.fee_breakeven(5, spread)


def test_a_cost_below_zero_is_refused():
    with pytest.raises(TableError, match="cost_per_account must be an amount"):
        fees.fee_breakeven(-1)
    with pytest.raises(TableError, match="'cost': row 0 is -1, below 0"):
        fees.account_results(pd.DataFrame({"avg_balance": [1.0], "cost": [-1.0]}))


# What is collected, and who leaves ----------------------------------------------------------


def test_a_fee_takes_no_more_than_there_is():
    assert fees.collectable(pd.Series([0, 13, 24, 60.0]), 2).tolist() == [0, 13, 24, 24]
    with pytest.raises(TableError, match="'avg_balance': row 0 is -1"):
        fees.collectable(pd.Series([-1.0]), 2)
    with pytest.raises(TableError, match="fee_month must be an amount"):
        fees.collectable(pd.Series([1.0]), float("nan"))


def test_leaving_costs_the_margin_of_those_who_leave():
    told = fees.fee_after_leaving(6_000, 2_500, leave=0.3)
    assert told[:3] == pytest.approx((4_200, 750, 3_450))
    assert told.tipping == pytest.approx(6_000 / 8_500)
    assert told.reason == "the fee gains as long as fewer than 71% leave"


def test_who_costs_more_than_he_brings_may_leave():
    told = fees.fee_after_leaving(100, -400, leave=0.5)
    assert told.change == pytest.approx(250)
    assert told.tipping == 1
    assert "saves money" in told.reason


def test_without_fee_and_margin_nothing_changes():
    assert fees.fee_after_leaving(0, 0).change == 0


@given(money, st.floats(-1e6, 1e6, allow_nan=False), st.floats(0, 1), st.floats(0, 1))
def test_more_leavers_never_help_where_accounts_bring_something(fee, margin, one, other):
    fewer, more = (fees.fee_after_leaving(fee, abs(margin), leave) for leave in sorted((one, other)))
    assert more.change <= fewer.change + 1e-6
    at = fees.fee_after_leaving(fee, abs(margin), fewer.tipping)
    assert at.change == pytest.approx(0, abs=1e-6 * (fee + abs(margin) + 1))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ((-1, 0), "fee_year must be an amount"),
        ((1, float("nan")), "margin_year must be a number"),
        ((1, 1, 30), "leave must be a share from 0 to 1, got 30"),
    ],
)
def test_what_leaving_refuses(call, says):
    with pytest.raises(TableError, match=says):
        fees.fee_after_leaving(*call)
