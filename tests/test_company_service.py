"""Answers, complaints, tickets, scans, leaving: coherent with the rest and with what is planted in them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casebook import company as co
from casebook.company import aftersale, channel, leaving, voice
from casebook.company.evidence_service import (
    EXPECTED_SERVICE,
    recover_retention,
    service_facts,
    uplift_against_risk,
    wrong_service_formulas,
)
from casebook.company.streams import stream
from casebook.contracts import TABLES, TRUTH

MINE = (
    "competitors", "competitor_scores", "surveys", "kano_answers", "complaint_log", "tickets", "scans",
    "promotions", "exit_interviews", "churn_snapshots", "retention_test",
)  # fmt: skip
HIDDEN = ("kano_truth", "scans_truth", "snapshots_truth", "retention_truth")
LAST_DAY = pd.Timestamp("2024-12-31")


@pytest.fixture(scope="module")
def loaded():
    return {name: co.load(name) for name in co.tables()} | {name: co.truth(name) for name in TRUTH}


@pytest.fixture(scope="module")
def small():
    return co.simulate(17, customers=300, years=2, solve_whale=False)


def breaks(name, change, tables):
    """The rules that a table breaks after a change of its first rows."""
    return set(TABLES[name].problems(change(tables[name].copy()), tables)["rule"])


# Coherence -----------------------------------------------------------------------------------------------


def test_fixed_counts_are_exact(loaded):
    exact = {"competitors": 5, "competitor_scores": 72, "kano_answers": 600, "scans": 6000, "promotions": 20,
             "retention_test": 2400, "kano_truth": 10, "retention_truth": 2400}  # fmt: skip
    assert {name: len(loaded[name]) for name in exact} == exact


def test_every_finished_complaint_ends_in_its_log_on_the_day_it_was_closed(loaded):
    told = loaded["complaints"].set_index("complaint_id")
    last = loaded["complaint_log"].groupby("complaint_id").agg(date=("date", "max"), seq=("seq", "max"))
    closed = told["closed"].dropna()
    assert (last.loc[closed.index, "date"] == closed).all()
    steps = loaded["complaint_log"].groupby("complaint_id")["step"].agg(set)
    replied = told.index[~told["valid"] & told["closed"].notna()]
    assert all(steps[name] == {0, 1, 2} for name in replied)
    assert len(replied) > 50
    for name in told.index[told["valid"] & told["closed"].notna()]:
        assert steps[name] >= {1, 2, 3, 4, 5, 7, 8}
    assert (loaded["complaint_log"].groupby("complaint_id")["seq"].max() ==
            loaded["complaint_log"].groupby("complaint_id").size()).all()  # fmt: skip


def test_only_customers_who_ordered_in_the_half_year_answer_on_its_last_day(loaded):
    surveys, orders = loaded["surveys"], loaded["orders"]
    assert sorted(surveys["date"].dt.strftime("%m-%d").unique()) == ["06-30", "12-31"]
    assert surveys["date"].nunique() == 6
    asked = {(c, d.year, d.month > 6) for c, d in zip(orders["customer_id"], orders["date"], strict=True)}
    said = [(c, d.year, d.month > 6) for c, d in zip(surveys["customer_id"], surveys["date"], strict=True)]
    assert len(set(said)) == len(said)
    assert set(said) <= asked
    assert len(said) / len(asked) == pytest.approx(0.45, abs=0.03)


def test_tickets_follow_a_delivery_and_burden_accounts_call_twice_as_often(loaded):
    tickets, orders = loaded["tickets"], loaded["orders"]
    first = orders.groupby("customer_id")["delivered_date"].min()
    assert (tickets["opened"] > tickets["customer_id"].map(first)).all()
    heavy = loaded["customers_truth"].set_index("customer_id")["burden"] > 0
    calls = tickets["customer_id"].map(heavy).value_counts() / orders["customer_id"].map(heavy).value_counts()
    assert calls[True] / calls[False] == pytest.approx(2, abs=0.25)
    region = loaded["customers"].set_index("customer_id")["region_id"]
    assert (tickets.groupby("engineer")["customer_id"].apply(lambda c: c.map(region).nunique()) == 1).all()


def test_scans_of_a_dealer_lie_between_joining_and_leaving(loaded):
    scans = loaded["scans"]
    joined = scans["dealer_id"].map(loaded["customers"].set_index("customer_id")["join_date"])
    left = scans["dealer_id"].map(loaded["customers_truth"].set_index("customer_id")["dropout_month"])
    assert (scans["date"] >= joined).all()
    assert not (scans["date"] >= left + pd.offsets.MonthBegin(1)).any()
    assert left.notna().any()
    assert (scans["dealer_id"].value_counts() == 100).all()


def test_what_makes_a_scan_natural_benign_or_malicious_can_be_seen_in_public(loaded):
    scans = loaded["scans"].merge(loaded["scans_truth"])
    regions = loaded["regions"].set_index("region_id")
    there = scans["scanned_territory"].str.rstrip("0123456789")
    here = scans["sold_territory"].str.rstrip("0123456789")
    near = [b == a or b in regions.loc[a, "neighbours"].split(";") for a, b in zip(here, there, strict=True)]
    dealers = loaded["customers"].query("channel_role == 'distributor'")["territory"]
    served = scans["scanned_territory"].isin(dealers)
    listed = scans["sku"].map(loaded["products"].set_index("sku")["list_price"])
    ratio = scans["retail_price"] / (listed * there.map(regions["price_index"]))
    near, kind = pd.Series(near), scans["kind_true"]
    assert ((scans["sold_territory"] == scans["scanned_territory"]) == (kind == "home")).all()
    assert near[kind == "natural"].all()
    assert not near[kind == "benign"].any()
    assert not served[kind == "benign"].any()
    assert served[kind == "malicious"].all()
    assert ratio[kind == "malicious"].between(0.8599, 0.9).all()
    assert ratio[kind == "benign"].between(0.9999, 1.0001).all()
    assert ratio[kind.isin(["home", "natural"])].between(0.9999, 1.0501).all()


def test_exit_interviews_are_held_in_the_second_month_after_leaving(loaded):
    asked = loaded["exit_interviews"].merge(loaded["customers_truth"])
    assert asked["dropout_month"].notna().all()
    months = asked["date"].dt.to_period("M").astype("int64") - asked["dropout_month"].dt.to_period(
        "M"
    ).astype("int64")
    assert (months == 2).all()
    assert asked["dropout_month"].max() < pd.Timestamp("2024-10-01")


def test_the_truth_of_the_snapshots_is_that_of_the_customers(loaded):
    seen = loaded["snapshots_truth"].merge(loaded["customers_truth"])
    pd.testing.assert_frame_equal(
        loaded["snapshots_truth"][["customer_id", "as_of"]],
        loaded["churn_snapshots"][["customer_id", "as_of"]],
    )
    end = seen["dropout_month"] + pd.offsets.MonthEnd(0)
    assert ((end <= seen["as_of"]) == seen["dropped_already"]).all()
    within = (end > seen["as_of"]) & (end <= seen["as_of"] + pd.offsets.MonthEnd(6))
    assert (within == seen["dropped_within_6m"]).all()
    assert seen["hazard"].between(0, 1, inclusive="neither").all()


def test_the_hidden_hazard_ranks_those_who_leave_as_well_as_the_ceiling_says(loaded):
    alive = loaded["snapshots_truth"].query("~dropped_already")
    ranks, left = alive["hazard"].rank(), alive["dropped_within_6m"]
    auc = (ranks[left].sum() - left.sum() * (left.sum() + 1) / 2) / (left.sum() * (~left).sum())
    assert auc == pytest.approx(0.77, abs=0.12)


def test_no_hidden_column_stands_in_a_public_table():
    keys = {"customer_id", "as_of", "scan_id", "unit_id", "feature"}
    hidden = {column.name for name in HIDDEN for column in TRUTH[name].columns} - keys
    for name in MINE:
        assert not hidden & set(TABLES[name].column_names), name


def test_a_contract_says_what_is_wrong_in_a_changed_table(loaded):
    assert "perceived is csat" in breaks("surveys", lambda t: t.assign(perceived=6 - t["csat"]), loaded)
    assert "only who knows the firm praises it" in breaks(
        "surveys", lambda t: t.assign(knows=False, praises=True), loaded
    )
    assert "no step before the one in front of it" in breaks(
        "complaint_log", lambda t: t.assign(date=t["date"].iloc[::-1].to_numpy()), loaded
    )
    assert "sold in the territory of the dealer" in breaks(
        "scans", lambda t: t.assign(sold_territory="E99"), loaded
    )
    assert "the dealer is a distributor" in breaks(
        "promotions", lambda t: t.assign(dealer_id="C000000"), loaded
    )
    assert "two months after leaving" in breaks(
        "exit_interviews", lambda t: t.assign(date=t["date"] - pd.DateOffset(months=3)), loaded
    )
    assert "not silent on the day" in breaks(
        "churn_snapshots", lambda t: t.assign(days_since_last=5000), loaded
    )
    assert "a known party" in breaks("competitor_scores", lambda t: t.assign(party="V9"), loaded)
    assert "hours when closed, and only then" in breaks("tickets", lambda t: t.assign(hours=np.nan), loaded)


# What is planted -----------------------------------------------------------------------------------------


def test_counts_and_planted_facts_of_the_shipped_company_lie_within_their_tolerances():
    found = service_facts(co.simulate())
    assert set(found) == set(EXPECTED_SERVICE)
    outside = {
        name: found[name]
        for name, (value, tolerance) in EXPECTED_SERVICE.items()
        if abs(found[name] - value) > tolerance + 1e-9
    }
    assert outside == {}


def test_the_record_of_sisters_keeps_the_tolerances_and_the_power_of_the_test():
    record = pd.read_csv(Path(__file__).parent / "evidence" / "company_counts.csv").set_index("quantity")
    assert (record.loc[list(EXPECTED_SERVICE), "within"] >= 19).all()
    assert record.loc["uplift saves more than risk (z > 1.645)", "within"] >= 19


def test_price_is_called_important_but_service_moves_satisfaction(loaded):
    surveys = loaded["surveys"]
    assert surveys["importance_3"].mean() > surveys["importance_4"].mean() + 0.4
    moves = surveys[[f"performance_{n}" for n in range(1, 6)]].corrwith(surveys["csat"])
    assert moves["performance_4"] > moves["performance_3"] + 0.15


def test_a_late_delivery_or_a_complaint_lowers_the_marks_of_its_half_year(loaded):
    surveys, told = loaded["surveys"], loaded["complaints"]
    half = told["date"].dt.year * 2 + (told["date"].dt.month > 6)
    seen = set(zip(told["customer_id"], half, strict=True))
    mine = surveys["date"].dt.year * 2 + (surveys["date"].dt.month > 6)
    complained = [pair in seen for pair in zip(surveys["customer_id"], mine, strict=True)]
    marks = surveys.groupby(complained)["csat"].mean()
    assert marks[True] < marks[False] - 0.2


def test_the_weighted_totals_of_the_rivals_are_exactly_as_far_from_ours_as_planted(loaded):
    scores = loaded["competitor_scores"]
    total = (scores["weight"] * scores["score"]).groupby(scores["party"]).sum()
    assert sorted((total.drop("us") - total["us"]).round(9)) == [-12, -8, -2, 2, 10]
    assert scores.groupby("party")["weight"].sum().round(9).eq(1).all()


def test_the_effect_of_the_call_by_group_is_the_one_of_the_specification():
    test, truth = leaving.retention_test(1, 200_000)
    both = test.merge(truth)
    by_group = both.groupby(["offer", "auto"])[["p0_true", "p1_true"]].mean()
    expected = {
        (0, 0): (0.273, 0.109),
        (0, 1): (0.180, 0.257),
        (1, 0): (0.708, 0.708),
        (1, 1): (0.589, 0.589),
    }
    for group, pair in expected.items():
        assert by_group.loc[group].tolist() == pytest.approx(pair, abs=0.004)
    effect = (both["p0_true"] - both["p1_true"]).groupby(pd.qcut(both["p0_true"], 10, labels=False)).mean()
    assert effect.idxmax() in (6, 7)
    assert effect[9] < 0.03
    assert (both["p0_true"] - both["p1_true"]).mean() == pytest.approx(0.069, abs=0.002)


def test_calling_by_uplift_saves_more_than_calling_by_risk(loaded):
    by_uplift, by_risk, z = uplift_against_risk(loaded["retention_test"])
    assert z > 1.645
    assert by_uplift == pytest.approx(0.220, abs=0.08)
    assert by_risk == pytest.approx(0.078, abs=0.08)


def test_without_any_effect_the_two_lists_are_told_apart_only_by_chance():
    sizes = []
    for seed in range(40):
        test, _ = leaving.retention_test(seed)
        rng = np.random.default_rng(seed)
        sizes.append(uplift_against_risk(test.assign(treated=rng.permutation(test["treated"])))[2] > 1.645)
    assert np.mean(sizes) < 0.2


# Recovery ------------------------------------------------------------------------------------------------


def test_what_moves_the_churn_of_subscribers_is_found_again_and_one_effect_for_all_is_not():
    found = recover_retention(7)
    assert len(found) == 9
    assert (found["z"].abs() < 4).all(), found.to_string()
    assert (found["p"] > 1e-4).all()
    wrong = wrong_service_formulas(co.simulate(5, customers=3000, solve_whale=False))
    assert wrong.groupby("model")["p"].max().lt(1e-4).all()
    assert wrong["model"].nunique() == 2


# Sisters -------------------------------------------------------------------------------------------------


def test_a_small_company_keeps_its_contracts(small):
    everything = small.tables | small.truth
    for name in MINE:
        TABLES[name].require(everything[name], everything)
    for name in HIDDEN:
        TRUTH[name].require(everything[name], everything)
    assert len(everything["churn_snapshots"]) > 100


def test_a_company_of_one_year_has_no_snapshots_but_the_right_columns():
    young = co.simulate(4, customers=100, years=1)
    for table, contract in (
        (young["churn_snapshots"], TABLES["churn_snapshots"]),
        (young.truth["snapshots_truth"], TRUTH["snapshots_truth"]),
    ):
        assert table.empty
        assert table.dtypes.astype("str").to_dict() == {c.name: c.dtype for c in contract.columns}


def test_another_sister_has_other_categories_dealers_and_rivals():
    assert not voice.kano_answers(1)[1].equals(voice.kano_answers(2)[1])
    first, second = channel.competitors(1), channel.competitors(2)
    assert first[0]["name_en"].tolist() != second[0]["name_en"].tolist()
    assert not leaving.retention_test(1)[0].equals(leaving.retention_test(2)[0])


@pytest.mark.parametrize(
    ("module", "changed", "same"),
    [
        (voice, "surveys", ["tickets", "scans", "exit_interviews", "complaint_log", "orders"]),
        (channel, "scans", ["surveys", "tickets", "promotions", "churn_snapshots"]),
        (leaving, "exit_interviews", ["surveys", "retention_test", "churn_snapshots"]),
        (aftersale, "tickets", ["surveys", "complaint_log", "complaints"]),
    ],
)
def test_each_table_has_a_stream_of_its_own(module, changed, same, small, monkeypatch):
    def other(seed, name, block=0):
        return stream(seed + 1 if name == changed else seed, name, block)

    monkeypatch.setattr(module, "stream", other)
    again = co.simulate(17, customers=300, years=2, solve_whale=False)
    assert not again[changed].equals(small[changed])
    for name in same:
        pd.testing.assert_frame_equal(again[name], small[name])


def test_the_mode_of_the_answers_finds_the_category_and_ties_go_to_must_be():
    pairs = [("must-be", "dislike"), ("like", "dislike"), ("like", "neutral"), ("neutral", "neutral")]
    pairs += [("dislike", "like"), ("like", "like")]
    table = [voice.KANO_TABLE[voice.KANO_ANSWERS.index(a), voice.KANO_ANSWERS.index(b)] for a, b in pairs]
    assert table == ["M", "O", "A", "I", "R", "Q"]
    votes = [pairs[0]] * 4 + [pairs[1]] * 4 + [pairs[2]] * 2
    answers = pd.DataFrame(votes, columns=["functional", "dysfunctional"]).assign(feature="pump")
    assert voice.kano_categories(answers)["category"].tolist() == ["M"]
