"""The side cases: every edge is where its card says, and the showroom's model can be found again."""

import numpy as np
import pandas as pd
import pytest

from casebook import company as co
from casebook.company import evidence_side
from casebook.company.settings import PARAMETERS
from casebook.company.showroom import showroom, showroom_drivers
from casebook.company.side import side_tables
from casebook.contracts import TABLES, TRUTH
from casebook.contracts.finance_tables import FINANCE_TABLES
from casebook.contracts.side_tables import GATE_CLASSES, SIDE_TABLES, SIDE_TRUTH

NAMES = [table.name for table in (*FINANCE_TABLES, *SIDE_TABLES)]
HIDDEN = [table.name for table in SIDE_TRUTH]
WRITTEN = ["fee_schedule", "rr_applicants", "travel_market", "positioning"]
SIZES = {
    "bank_accounts": 500, "fee_schedule": 5, "brokerage_accounts": 300, "support_users": 400,
    "rr_applicants": 12, "travel_market": 8, "positioning": 12, "bank_lobby": 120, "shopper_survey": 200,
    "securities_firm": 200, "showroom_truth": 800, "shopper_truth": 200,
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded():
    return {name: co.load(name) for name in NAMES} | {name: co.truth(name) for name in HIDDEN}


def typed(seed):
    return {name: (TABLES | TRUTH)[name].typed(table) for name, table in side_tables(seed).items()}


def test_every_side_table_is_public_or_hidden_and_has_the_size_of_the_specification(loaded):
    assert set(side_tables(3)) == {*NAMES, *HIDDEN}
    assert {name: len(loaded[name]) for name in SIZES} == SIZES
    assert loaded["showroom_visits"]["visitor_id"].nunique() == 800


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sister_has_other_numbers_the_same_hand_written_tables_and_keeps_every_contract(seed, loaded):
    sister = typed(seed)
    for name, table in sister.items():
        (TABLES | TRUTH)[name].require(table, sister)
        assert table.equals(loaded[name]) == (name in WRITTEN), name


@pytest.mark.parametrize("seed", [20240101, *range(1, 21)])
def test_what_is_planted_lies_within_its_tolerance(seed):
    tables = typed(seed)
    sister = co.Company("", "", tables, tables, {})
    found = evidence_side.measure_side(sister)
    assert list(found) == list(evidence_side.EXPECTED_SIDE)
    for name, (expected, tolerance) in evidence_side.EXPECTED_SIDE.items():
        assert abs(found[name] - expected) <= tolerance + 1e-9, f"{name} is {found[name]}"


# The bank and the broker ---------------------------------------------------------------------------------


def test_a_fifth_of_the_accounts_is_small_and_each_fee_has_an_account_on_either_side_of_its_edge(loaded):
    accounts, fees = loaded["bank_accounts"], loaded["fee_schedule"]
    assert (accounts["avg_balance"] < 100).mean() == 0.20
    for rule in fees[fees["as_of"] == "2007"].itertuples():
        mine = accounts[(accounts["bank"] == rule.bank) & (accounts["tier"] == rule.tier)]
        assert (mine["avg_balance"] == rule.threshold - 0.01).sum() == 1, rule
        assert (mine["avg_balance"] == rule.threshold).sum() == 1, rule


def test_twelve_small_accounts_are_busy_and_the_cost_does_not_follow_the_balance(loaded):
    accounts = loaded["bank_accounts"]
    small = accounts["avg_balance"].between(100, 5_000)
    assert (small & (accounts["txns"] >= 120)).sum() == 12
    assert abs(accounts["cost"].corr(accounts["avg_balance"], method="spearman")) < 0.15
    assert abs(accounts["cost"].mean() - 5) < 0.25


def test_the_fees_are_those_of_the_source_course(loaded):
    fees = loaded["fee_schedule"].set_index(["bank", "tier", "as_of"])
    assert fees.loc[("Citibank", "ordinary", "2007"), ["threshold", "fee", "unit"]].tolist() == [
        80e3,
        50,
        "RMB",
    ]
    assert fees.loc[("HSBC", "ordinary", "2007"), ["threshold", "fee"]].tolist() == [100_000, 150]
    assert fees.loc[("HSBC", "premier", "2007"), ["threshold", "fee"]].tolist() == [500_000, 300]
    older = fees.loc[("Citibank", "ordinary", "before 2007")]
    assert older.tolist() == [5_000, 6, "as stated"]
    assert np.isnan(fees.loc[("ICBC", "ordinary", "before 2007"), "fee"])


def test_the_accounts_that_miss_dormancy_by_one_condition_are_as_many_as_the_card_says(loaded):
    broker = loaded["brokerage_accounts"]
    empty, poor = broker["securities_value"] == 0, broker["cash"] <= 100
    asleep = [
        int((empty & poor & (broker["last_trade"] <= pd.Timestamp(2007 - years, 10, 8))).sum())
        for years in (2, 3, 4)
    ]
    assert asleep[0] > asleep[1] == 54 > asleep[2] > 10
    quiet = broker["last_trade"] <= "2004-10-08"
    counts = [
        (empty & poor & quiet),
        (empty & ~poor & quiet),
        (empty & poor & ~quiet),
        (~empty & poor & quiet),
    ]
    assert [int(one.sum()) for one in counts] == [54, 30, 40, 20]


def test_the_eight_edges_of_dormancy_are_there(loaded):
    rows = set(
        loaded["brokerage_accounts"][["securities_value", "cash", "last_trade"]].itertuples(index=False)
    )
    day = {name: pd.Timestamp(name) for name in ("2004-10-08", "2004-10-09", "2004-10-07")}
    for edge in (
        (0, 100, day["2004-10-08"]), (0, 0, day["2004-10-08"]), (0, 99.99, day["2004-10-07"]),
        (0, 100.01, day["2004-10-08"]), (0, 0, day["2004-10-09"]), (0, 100, day["2004-10-09"]),
    ):  # fmt: skip
        assert edge in rows, edge
    assert (loaded["brokerage_accounts"]["securities_value"] == 0.01).sum() == 1


# The telephone company -----------------------------------------------------------------------------------


def test_heavy_callers_call_over_fifty_times_about_one_issue_and_four_are_never_helped(loaded):
    calls = loaded["support_calls"]
    monthly = calls.groupby(["user_id", "issue_id", "month"]).size()
    heavy = monthly[monthly > 50].reset_index()
    assert heavy.groupby("user_id").size().between(6, 7).all()
    assert heavy["user_id"].nunique() == heavy["issue_id"].nunique() == 10
    assert monthly.max() > 100
    solved = (
        calls[calls["issue_id"].isin(heavy["issue_id"])].groupby("user_id")["resolved"].agg(["min", "max"])
    )
    assert (solved["min"] == solved["max"]).all()
    assert (~solved["max"]).sum() == 4
    assert calls["month"].nunique() == 12


def test_an_issue_belongs_to_one_user(loaded):
    assert (loaded["support_calls"].groupby("issue_id")["user_id"].nunique() == 1).all()


# Stories -------------------------------------------------------------------------------------------------


def test_the_hand_written_tables_say_what_their_cards_claim(loaded):
    market, people = loaded["travel_market"], loaded["rr_applicants"]
    alone = market["travellers"] * market["individual_share"]
    assert market["travellers"].sum() == 3_500_000
    assert round(alone.sum()) == 350_000
    assert round(alone[market["segment"] == "students"].item()) == 105_000
    assert people["class"].value_counts().to_dict() == dict.fromkeys(GATE_CLASSES, 2)
    assert set(people.nlargest(2, "wealth")["class"]) == {"rich_unknown"}
    levels = loaded["positioning"].set_index("brand")["price_level"]
    assert levels[["Lincoln", "Chevrolet", "Zebra", "Lufthansa", "WestJet"]].tolist() == [3, 2, 1, 3, 1]


def test_who_is_in_the_lobby_and_what_the_best_clients_bring_is_exact(loaded):
    lobby, profit = loaded["bank_lobby"], loaded["securities_firm"]["profit"].sort_values(ascending=False)
    assert (lobby["assets_band"] == "500k_or_more").sum() == 12
    cents = (profit * 100).round().astype("int64")
    assert 10 * cents.head(40).sum() == pytest.approx(9 * cents.sum(), abs=10)
    assert (profit > 0).all()
    assert loaded["shopper_truth"]["type"].value_counts().tolist() == [70, 60, 40, 30]


# The showroom --------------------------------------------------------------------------------------------


def test_the_model_of_the_showroom_is_found_again_and_a_wrong_one_is_not():
    found = evidence_side.recover_showroom(11)
    assert found["n"].tolist() == [32_000] * 8
    assert (found["z"].abs() < 4).all(), found.to_string()
    assert (found["p"] > 1e-4).all()
    visits, _ = showroom(11, 32_000)
    people, days = (
        visits[visits["visit_no"] == 1].reset_index(drop=True),
        evidence_side.days_to_return(visits),
    )
    wrong = showroom_drivers(people.assign(notes=people["asked_fee"]), days)
    truth = PARAMETERS["showroom"]["logit"]
    missed = evidence_side.beside_truth("showroom", truth, wrong, people["bought"]).set_index("coefficient")
    assert abs(missed.loc["notes", "z"]) > 4
    assert (missed["p"] < 1e-4).all()


def test_what_should_not_matter_in_the_showroom_does_not():
    visits, _ = showroom(12, 32_000)
    people = visits[visits["visit_no"] == 1].reset_index(drop=True)
    x = showroom_drivers(people, evidence_side.days_to_return(visits)).assign(
        **{name: people[name].astype(float) for name in ("asked_fee", "asked_delivery", "asked_developer")},
        bag=people["bag_cue"].astype(float), budget=np.log(people["budget_declared"]) - 13.8,
    )  # fmt: skip
    truth = PARAMETERS["showroom"]["logit"] | dict.fromkeys(x.columns[7:], 0.0)
    found = evidence_side.beside_truth("showroom", truth, x, people["bought"])
    assert (found["z"].abs() < 4).all(), found.to_string()


def test_nobody_buys_before_the_landmark_and_every_visit_lies_before_it(loaded):
    visits = loaded["showroom_visits"]
    first = visits.groupby("visitor_id")["date"].transform("min")
    assert ((visits["date"] - first).dt.days <= 30).all()
    waited = (visits["purchase_date"] - first).dt.days.dropna()
    assert waited.between(31, 90).all()
    assert first.between("2024-01-01", "2024-09-30").all()
