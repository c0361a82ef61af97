"""Terms, limits, orders, contracts and collection: the worked examples, edges, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from casebook import collection as col
from casebook import terms
from casebook.errors import TableError

# TRM-01 Credit terms -----------------------------------------------------------------------------------


def test_trm_01_the_example():
    assert terms.parse_terms("2/10 n/30") == (0.02, 10, 30)
    assert terms.amount_due(10_000, "2/10 n/30", 10) == 9_800
    assert terms.amount_due(10_000, "2/10 n/30", 11) == 10_000


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("n/60", (0, 0, 60)),
        (" N/30 ", (0, 0, 30)),
        ("net 45", (0, 0, 45)),
        ("1.5/10, net 30", (0.015, 10, 30)),
        ("3%/7 n/30", (0.03, 7, 30)),
    ],
)
def test_trm_01_other_ways_of_writing(text, read):
    assert terms.parse_terms(text) == pytest.approx(read)


@pytest.mark.parametrize("text", ["2/10", "cash", "", "2-10 n/30", "2/10n/30x", None, 30])
def test_what_is_no_terms_is_refused(text):
    with pytest.raises(TableError, match="not understood as terms: write '2/10 n/30'"):
        terms.parse_terms(text)


@pytest.mark.parametrize("text", ["2/30 n/30", "2/40 n/30", "100/10 n/30"])
def test_terms_that_cannot_be_are_refused(text):
    with pytest.raises(TableError, match="discount must be below 100 % and its last day before"):
        terms.parse_terms(text)


def test_without_a_discount_day_zero_is_no_bargain():
    assert terms.amount_due(10_000, "n/30", 0) == 10_000
    assert terms.amount_due(33.35, "2/10 n/30", 3) == 32.68
    with pytest.raises(TableError, match="day must be a number from 0 on, got -1"):
        terms.amount_due(100, "n/30", -1)


# TRM-02 Credit period ----------------------------------------------------------------------------------

LONGER = {"variable_cost": 0.8, "cost_of_money": 0.10}


def test_trm_02_the_example():
    said = terms.period_decision((360_000, 420_000), (30, 60), (0.01, 0.02), **LONGER)
    assert said[:4] == pytest.approx((12_000, 3_200, 4_800, 4_000))
    assert said.decision == "accept"
    assert said.reason == "+12,000 contribution, +3,200 for money, +4,800 bad debt"


def test_trm_02_existing_sales_at_their_price_tie_up_more():
    said = terms.period_decision((360_000, 420_000), (30, 60), (0.01, 0.02), existing="price", **LONGER)
    assert said.carrying == pytest.approx(((360_000 * 60 + 60_000 * 60 * 0.8 - 360_000 * 30) / 360) * 0.1)
    assert said.net == pytest.approx(12_000 - 3_800 - 4_800)


def test_longer_without_more_sales_is_never_accepted():
    said = terms.period_decision((100, 100), (30, 60), (0.01, 0.01), **LONGER)
    assert said.contribution == 0
    assert said.net < 0
    assert said.decision == "reject"
    nothing = terms.period_decision((100, 100), (30, 30), (0.01, 0.01), **LONGER)
    assert (nothing.net, nothing.decision) == (0, "reject")


def test_a_shorter_period_frees_money():
    said = terms.period_decision((420_000, 360_000), (60, 30), (0.02, 0.01), **LONGER)
    assert said.net == pytest.approx(-4_000)
    assert said.carrying < 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bad_debt": (1, 2)}, "are shares: 0.02 is 2 %"),
        ({"sales": (-1, 2)}, "sales must be a number from 0 on, got -1"),
        ({"existing": "cost"}, "existing must be 'variable_cost' or 'price', got 'cost'"),
    ],
)
def test_period_decision_refuses(change, message):
    given = {"sales": (1, 2), "days": (30, 60), "bad_debt": (0, 0), **LONGER, **change}
    with pytest.raises(TableError, match=message):
        terms.period_decision(**given)


# TRM-03 Cash discount ----------------------------------------------------------------------------------


def test_trm_03_the_example():
    assert terms.discount_cost(0.02, 10, 30) == pytest.approx(0.3724, abs=5e-5)
    assert terms.discount_cost(0.02, 10, 30, 360) == pytest.approx(0.3673, abs=5e-5)
    assert terms.discount_cost(0.02, 10, 30, compound=True) == pytest.approx(0.4459, abs=5e-5)


def test_the_later_the_customer_would_have_paid_the_cheaper_the_discount():
    prices = [terms.discount_cost(0.02, 10, day) for day in (20, 30, 60, 90)]
    assert prices == sorted(prices, reverse=True)
    assert terms.discount_cost(0, 10, 30) == 0
    assert terms.discount_cost(0.02, 10, 30, compound=True) > terms.discount_cost(0.02, 10, 30)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((2, 10, 30), r"d must be a share from 0 to below 1 \(0.02 is 2 %\), got 2"),
        ((0.02, 30, 30), "n2 must come after n1: the day without the discount is 30, with it 30"),
        ((0.02, 10, 30, 0), "basis must be 365 or 360 days, got 0"),
    ],
)
def test_discount_cost_refuses(given, message):
    with pytest.raises(TableError, match=message):
        terms.discount_cost(*given)


def test_the_discount_is_kept_exactly_from_its_price_on():
    price = terms.discount_cost(0.02, 10, 30)
    for rate, decision in ((price * 0.999, "stop"), (price * 1.001, "keep")):
        assert terms.discount_decision(1_000, 0.02, 20, cost_of_money=rate).decision == decision
    said = terms.discount_decision(1_000, 0.02, 20, cost_of_money=0.06)
    assert said.given == 20
    assert said.freed == pytest.approx(980 * 20 / 365)
    assert said.net == pytest.approx(said.worth - said.given)
    at_even = terms.discount_decision(1_000, said.break_even, 20, cost_of_money=0.06)
    assert at_even.net == pytest.approx(0, abs=1e-9)


def test_a_discount_that_hastens_nobody_is_given_for_nothing():
    said = terms.discount_decision(1_000, 0.02, 0, cost_of_money=0.06)
    assert (said.decision, said.price, said.worth) == ("stop", np.inf, 0)
    assert "for nothing" in said.reason
    later = terms.discount_decision(1_000, 0.02, -5, cost_of_money=0.06)
    assert later.net < said.net
    with pytest.raises(TableError, match="discount must be a share between 0 and 1"):
        terms.discount_decision(1_000, 2, 20, cost_of_money=0.06)


# TRM-04 Credit limit -----------------------------------------------------------------------------------


def test_trm_04_the_example():
    assert terms.credit_limit(50_000, 2, 0.8) == 80_000
    assert terms.credit_limit(50_000, 2, 0.8, 0.10 * 600_000) == 60_000
    assert terms.credit_limit(50_000, 2, terms.COEFFICIENTS["D"]) == 0


def test_limits_of_columns_keep_their_index_and_a_missing_cap_does_not_bind():
    given = pd.Series([50_000.0, 10_000.0, 0.0], index=["Ada", "Bo", "Cy"])
    cap = pd.Series([60_000.0, None, 5.0], index=given.index)
    before = given.copy()
    limits = terms.credit_limit(given, 2, pd.Series([0.8, 1.0, 1.0], index=given.index), cap)
    assert limits.to_dict() == {"Ada": 60_000, "Bo": 20_000, "Cy": 0}
    pd.testing.assert_series_equal(given, before)


def test_credit_limit_refuses_gaps_and_negative_numbers():
    with pytest.raises(TableError, match="avg_monthly must be a number from 0 on at Bo, got nan"):
        terms.credit_limit(pd.Series({"Ada": 1.0, "Bo": None}), 1, 1)
    with pytest.raises(TableError, match=r"coef must be a number from 0 on, got -0\.5"):
        terms.credit_limit(1.0, 1, -0.5)
    with pytest.raises(TableError, match="net_worth_cap must not be negative"):
        terms.credit_limit(1.0, 1, 1, -1)


# TRM-05 Exposure ---------------------------------------------------------------------------------------


def test_trm_05_the_example():
    held = terms.release_order(65_000, 0, 20_000, 80_000)
    assert (held.decision, held.over, held.exposure) == ("hold", 5_000, 85_000)
    assert terms.release_order(65_000, 0, 15_000, 80_000).decision == "release"


def test_undelivered_orders_count_and_overdue_holds_whatever_the_limit():
    assert terms.release_order(50_000, 15_001, 15_000, 80_000).over == 1
    assert terms.release_order(0, 0, 1, 80_000, overdue=30).decision == "release"
    late = terms.release_order(0, 0, 1, 80_000, overdue=31)
    assert (late.decision, late.reason) == ("hold", "an invoice is 31 days overdue")
    both = terms.release_order(80_000, 0, 1, 80_000, overdue=31)
    assert both.reason == "1 over the limit of 80,000 and an invoice is 31 days overdue"
    assert terms.release_order(0, 0, 1, 80_000, overdue=31, max_overdue=60).decision == "release"
    with pytest.raises(TableError, match="order must be a number from 0 on, got -1"):
        terms.release_order(0, 0, -1, 80_000)


# TRM-06 Contract ---------------------------------------------------------------------------------------


def contract(*missing: int) -> dict[str, bool]:
    return {f"clause_{i}": i not in missing for i in range(1, 11)}


def test_trm_06_the_example():
    checked = col.contract_check(contract(8, 7))
    assert checked["missing"].iloc[0] == [7, 8]
    assert not checked["complete"].iloc[0]


def test_many_contracts_keep_their_rows_and_columns():
    table = pd.DataFrame([contract(), contract(10)], index=[5, 9]).assign(customer_id=["Ada", "Bo"])
    before = table.copy()
    checked = col.contract_check(table)
    assert checked["missing"].to_dict() == {5: [], 9: [10]}
    assert checked["reason"].tolist() == ["all ten clauses", "no clause 10 (the parties)"]
    assert checked["customer_id"].tolist() == ["Ada", "Bo"]
    pd.testing.assert_frame_equal(table, before)


def test_a_gap_is_not_a_no():
    table = pd.DataFrame([contract()]).astype(object)
    table.loc[0, "clause_3"] = None
    with pytest.raises(TableError, match="Column 'clause_3' must be true or false, row 0 has None"):
        col.contract_check(table)
    with pytest.raises(TableError, match="There is no column 'clause_10'"):
        col.contract_check(table.drop(columns="clause_10"))


# TRM-07 Collection -------------------------------------------------------------------------------------


def test_trm_07_the_example():
    said = col.collection_choice(100_000)
    assert said.table.set_index("route")["value"].to_dict() == {
        "own": 48_000,
        "agency": 48_000,
        "arbitration": 58_037.74,
        "litigation": 51_964.29,
    }
    assert said.route == "arbitration"
    assert col.collection_choice(100_000, arbitration_clause=False).route == "litigation"


def test_trm_07_own_and_agency_alone_tie_and_the_earlier_is_chosen():
    two = {name: col.ROUTES[name] for name in ("own", "agency")}
    assert col.collection_choice(100_000, routes=two).route == "own"
    assert col.collection_choice(100_000, routes=dict(reversed(two.items()))).route == "agency"


def test_after_three_years_neither_arbitration_nor_court_is_open():
    late = col.collection_choice(100_000, years_overdue=3.0)
    assert late.route == "own"
    assert late.table.query("not open")["reason"].tolist() == ["barred after 3 years"] * 2
    assert "arbitration: barred after 3 years" in late.reason
    assert col.collection_choice(100_000, years_overdue=2.99).route == "arbitration"


def test_a_debt_too_small_for_every_route_is_written_off():
    said = col.collection_choice(0)
    assert (said.route, said.value) == ("write off", 0)
    with pytest.raises(TableError, match="claim and rate must not be negative"):
        col.collection_choice(-1)
    with pytest.raises(TableError, match="Route 'own': p and fee are shares"):
        col.collection_choice(1, routes={"own": col.Route(50, 0, 0, 0)})
