"""Prospects, campaigns, fairs, raw records and dealers of the sample company hold what is planted."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from casebook import company as co
from casebook.company import evidence_finding as evidence
from casebook.company.finding import campaigns, dealer_candidates
from casebook.company.prospects import STAGES
from casebook.company.purchases import purchase_types
from casebook.company.settings import PARAMETERS, Calendar
from casebook.contracts import TABLES, TRUTH

LAST_DAY = pd.Timestamp("2024-12-31")
NEW = (
    "invoices", "payments", "credit_files", "contracts", "customer_records_raw", "prospects",
    "prospect_touches",
)  # fmt: skip


@pytest.fixture(scope="module")
def loaded():
    return {name: co.load(name) for name in co.tables()} | {name: co.truth(name) for name in TRUTH}


@pytest.fixture(scope="module")
def shipped():
    return co.simulate()


@pytest.fixture(scope="module")
def sisters():
    return [co.simulate(seed) for seed in (31, 32, 33)]


# Raw records ---------------------------------------------------------------------------------------------


def test_the_duplicates_are_as_many_of_each_kind_as_the_card_says(loaded):
    records, people = loaded["customer_records_raw"], loaded["customers"]
    own = records["name"].isin(people["name_zh"])
    assert own.sum() == records.loc[own, "name"].nunique() == len(people) == 1000
    others = records[~own]
    known_tax, known_phone = others["tax_id"].notna(), others["phone"].notna()
    assert known_tax.sum() == others["tax_id"].isin(people["tax_id"].dropna()).sum() == 42
    assert (~known_tax & known_phone).sum() == 33
    assert (~known_tax & ~known_phone).sum() == 25


def test_a_misspelt_name_is_one_character_off_a_customer_of_the_region(loaded):
    records, people = loaded["customer_records_raw"], loaded["customers"]
    records = records[~records["name"].isin(people["name_zh"])]
    slips = records[records[["tax_id", "phone"]].isna().all(axis=1)]
    for name, region in zip(slips["name"], slips["region"], strict=True):
        alike = people.loc[
            (people["region_id"] == region) & (people["name_zh"].str.len() == len(name)), "name_zh"
        ]
        assert any(sum(x != y for x, y in zip(name, true, strict=True)) == 1 for true in alike), name


def test_joined_by_tax_number_and_telephone_a_thousand_customers_are_left_but_for_the_misspelt(loaded):
    records = loaded["customer_records_raw"]
    assert evidence.entities(records) == 1025
    assert evidence.entities(records.assign(phone=None)) == 1025 + 33
    assert evidence.entities(records.assign(tax_id=None)) == 1025 + 42
    assert evidence.entities(records.assign(tax_id=None, phone=None)) == 1100


def test_one_customer_hangs_together_only_by_way_of_the_middle_record(loaded):
    records = loaded["customer_records_raw"]
    foreign = records[records["phone"].notna() & ~records["phone"].isin(loaded["customers"]["phone"])]
    pair = foreign[foreign["phone"].duplicated(keep=False)]
    assert len(pair) == 2
    middle, last = pair[pair["tax_id"].notna()], pair[pair["tax_id"].isna()]
    first = records[
        (records["tax_id"] == middle["tax_id"].iloc[0]) & (records["phone"] != middle["phone"].iloc[0])
    ]
    assert len(first) == len(middle) == len(last) == 1
    assert len({*first["name"], *middle["name"], *last["name"]}) == 3


# Prospects -----------------------------------------------------------------------------------------------


def test_prospects_are_closed_or_open_at_the_times_that_the_card_says(loaded):
    found = loaded["prospects"]
    still_open = found["status"] == "open"
    assert (still_open.sum(), (~still_open).sum()) == (420, 1080)
    assert found.loc[still_open, "created"].between("2024-10-01", LAST_DAY).all()
    assert found.loc[~still_open, "created"].between("2022-01-01", "2024-06-30").all()
    assert found.loc[still_open, "ordered_180d"].isna().all()
    assert found["created"].is_monotonic_increasing


def test_who_ordered_is_a_customer_found_the_same_way_who_joined_that_day(loaded):
    won = (
        loaded["prospects"]
        .query("status == 'won'")
        .merge(loaded["customers"], on="customer_id", suffixes=("", "_c"))
    )
    assert len(won) > 140
    for column in ("source_method", "region_id", "industry"):
        assert (won[column] == won[f"{column}_c"]).all()
    assert (won["order_date"] == won["join_date"]).all()
    days = won.merge(loaded["prospects_truth"], on="prospect_id")
    assert ((days["order_date"] - days["created"]).dt.days == days["days"]).all()
    first = loaded["orders"].groupby("customer_id")["date"].min()
    assert (won["customer_id"].map(first) == won["order_date"]).all()


def test_neither_region_nor_line_of_business_tells_who_orders(sisters):
    many = pd.concat([sister["prospects"] for sister in sisters])
    closed = many[(many["status"] != "open") & (many["source_method"] != "fairs")]
    home = closed["industry"] == "household"
    for what in (home, closed["region_id"]):
        assert chi2_contingency(pd.crosstab(what, closed["ordered_180d"])).pvalue > 0.001


def test_the_guess_of_the_seller_follows_the_flag_and_not_the_outcome(loaded):
    closed = loaded["prospects"].query("status != 'open'")
    for guess, flag in (("p_need", "need"), ("p_money", "money"), ("p_auth", "authority")):
        means = closed.groupby([flag, "ordered_180d"])[guess].mean()
        for has, level in ((True, 0.8), (False, 0.25)):
            assert abs(means[has, True] - means[has, False]) < 0.06
            assert abs(means[has, False] - level) < 0.02


def test_open_prospects_would_not_have_ordered_by_the_last_day(sisters):
    many = pd.concat([
        sister["prospects"].merge(sister.truth["prospects_truth"], on="prospect_id")
        for sister in sisters
    ])  # fmt: skip
    still_open = many[many["status"] == "open"]
    past = still_open["created"] + pd.to_timedelta(still_open["days"], unit="D") <= LAST_DAY
    assert still_open.loc[past, "p_order"].mean() < still_open.loc[~past, "p_order"].mean() - 0.01


def test_talks_lie_between_creation_and_order_and_never_go_back(loaded):
    spoken = loaded["prospect_touches"].merge(loaded["prospects"], on="prospect_id")
    assert (spoken["date"] >= spoken["created"]).all()
    assert (spoken["date"] <= spoken["order_date"].fillna(LAST_DAY)).all()
    stages = spoken.assign(rank=spoken["stage"].map(STAGES.index)).groupby("prospect_id")["rank"]
    assert stages.first().eq(0).all()
    assert all(a <= b for ranks in stages.agg(list) for a, b in pairwise(ranks))
    assert stages.max().max() == 3


# Fairs, campaigns, sources, dealers ----------------------------------------------------------------------


def test_two_fairs_pay_four_are_even_and_two_lose(shipped):
    returns = sorted(evidence.fair_returns(shipped))
    np.testing.assert_allclose([*returns[:2], *returns[-2:]], [-0.6, -0.4, 0.4, 0.6], atol=1e-3)
    assert all(abs(value) < 0.1 for value in returns[2:6])
    closed = shipped["prospects"].query("source_method == 'fairs' and status != 'open'")
    assert closed["fair_id"].notna().all()
    assert closed["fair_id"].nunique() == 8


def test_each_way_of_finding_has_a_campaign_in_each_quarter_and_costs_what_a_customer_costs(loaded):
    table = loaded["campaigns"]
    month = (table["month"].dt.year - 2022) * 12 + table["month"].dt.month - 1
    for months in month.groupby(table["method"]).agg(list):
        assert len(months) == 4
        assert all(int(7.5 * k) <= one < 7.5 * (k + 1) for k, one in enumerate(months))
    many = pd.concat([campaigns(seed, Calendar()) for seed in range(51, 91)])
    total = many.groupby("method")[["cost", "customers"]].sum()
    ratio = total["cost"] / total["customers"]
    for method, mean in PARAMETERS["customers"]["acquisition_cost_mean"].items():
        assert abs(ratio[method] / mean - 1) < 4 / np.sqrt(total.loc[method, "customers"])


def test_a_usable_record_costs_what_the_worked_example_says(loaded):
    table = loaded["info_sources"].set_index("kind")
    usable = table["records"] * table["valid_share"] * (1 - table["dup_share"])
    cost = (table["cost"] / usable)[["yearbook", "trade fair", "telephone list"]]
    assert cost.round(2).tolist() == [3.00, 16.67, 5.00]


def test_two_of_thirteen_scores_say_what_a_dealer_sells_later():
    many = pd.concat([dealer_candidates(seed) for seed in range(61, 101)])
    scores = many.drop(columns=["candidate_id", "region_id", "later_sales"])
    design = np.column_stack([np.ones(len(scores)), scores])
    beta = np.linalg.lstsq(design, many["later_sales"])[0]
    se = 8 * np.sqrt(np.diag(np.linalg.inv(design.T @ design)))
    truth = pd.Series(0.0, index=["intercept", *scores]) + pd.Series(
        {"intercept": 50.0, "distribution": 0.5, "finance": 0.3}
    ).reindex(["intercept", *scores]).fillna(0)
    assert (np.abs(beta - truth) < 4 * se).all()
    assert len(scores.columns) == 13
    assert scores.min().min() >= 30
    assert scores.max().max() <= 100


# Purchase types ------------------------------------------------------------------------------------------


def test_a_purchase_is_new_a_repeat_or_a_replacement_of_an_old_model():
    skus = pd.DataFrame({
        "sku": ["H1", "H2", "H3", "F1", "C1", "A1"],
        "family": ["household"] * 3 + ["cartridge", "commercial", "accessory"],
        "retired_flag": [True, False, False, False, False, False], "launch_date": pd.Timestamp("2020-01-01"),
        "retired_date": pd.NaT,
    })  # fmt: skip
    people = pd.DataFrame({"kind": ["retailer"] * 2, "prior_orders": 0})
    rows = [  # order, who, sku
        (0, 0, 1), (0, 0, 3),  # nothing before: both new
        (1, 1, 1),             # another customer: new
        (2, 0, 0),             # the old model itself: new
        (3, 0, 2), (3, 0, 1),  # H3 after the old H1: a replacement; H2 again
        (4, 0, 2), (4, 0, 3),  # both again
        (5, 1, 0), (5, 1, 2),  # the old model in the same order is not before
    ]  # fmt: skip
    sold = pd.DataFrame(rows, columns=["order", "who", "sku_row"]).assign(order_id="O")
    sold["line_no"] = range(len(sold))
    found = purchase_types(sold, people, skus, 1, 0, Calendar(1)).set_index("line_no")["purchase_type_true"]
    assert found[4] == "replacement"
    assert (found.drop(4) == "new").all()
    assert found.index.tolist() == [0, 1, 2, 3, 4, 8, 9]  # the others everybody sees to be repeats


def test_what_looks_new_is_truly_a_repeat_only_where_there_were_orders_before_the_data(loaded):
    lines = loaded["order_lines"].merge(loaded["orders"]).sort_values(["date", "order_id"], kind="stable")
    opening = lines.groupby(["customer_id", "sku"])["order_id"].transform("first") == lines["order_id"]
    lines = lines[opening].merge(loaded["customers"][["customer_id", "prior_orders"]])
    lines = lines.merge(loaded["order_lines_truth"], how="left")
    assert len(lines) == len(loaded["order_lines_truth"])
    surprising = lines[lines["purchase_type_true"] == "repeat"]
    assert len(surprising) > 1000
    assert (surprising["prior_orders"] > 0).all()
    assert (lines["purchase_type_true"] == "replacement").sum() > 1000
    assert (lines["purchase_type_true"] == "new").sum() > 1000


# The contract sees it ------------------------------------------------------------------------------------

BROKEN = [
    ("prospects", "status", lambda t: "won",
     "won, and only then, with an order within 180 days and a customer"),
    ("prospects", "expected_order_date", lambda t: t["created"] - pd.Timedelta(days=1),
     "not expected before its creation"),
    ("prospects", "source_method", lambda t: "events",
     "source, region, industry and joining day of its customer"),
    ("prospects", "campaign_id", lambda t: "M36", "campaign of the same way of finding, begun before"),
    ("prospects", "fair_id", lambda t: "F8", "only prospects from fairs, not before the fair"),
    ("prospect_touches", "date", lambda t: pd.Timestamp("2021-12-31"), "between its creation and its order"),
    ("prospect_touches", "stage", lambda t: t["stage"].to_numpy()[::-1], "the stage never goes back"),
    ("campaigns", "qualified", lambda t: t["reached"] + 1, "each step is part of the one before"),
    ("trade_fairs", "contacts", lambda t: t["booth_visitors"] + 1, "contacts of visitors of those wanted"),
    ("dealer_candidates", "finance", lambda t: 101.0, "at most 100 points"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "column", "change", "rule"), BROKEN)
def test_the_contract_names_a_broken_rule(loaded, name, column, change, rule):
    table = loaded[name].copy()
    table[column] = change(table)
    found = TABLES[name].problems(table, loaded)
    assert rule in found["rule"].tolist()


@pytest.mark.parametrize(("customers", "years"), [(100, 1), (130, 2), (1100, 1)])
def test_a_company_of_any_size_has_prospects_in_proportion_and_keeps_its_contracts(customers, years):
    small = co.simulate(17, customers=customers, years=years)
    everything = small.tables | small.truth
    for name in (*NEW, "trade_fairs"):
        TABLES[name].require(small[name], everything)
    assert len(small["prospects"]) == round(1.5 * customers)
    assert abs(len(small["customer_records_raw"]) - 1.1 * customers) <= 1.5
