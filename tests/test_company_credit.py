"""Invoices, payments, credit files and contracts of the sample company hang together."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from casebook import company as co
from casebook.company import recovery_many
from casebook.company.settings import PARAMETERS
from casebook.contracts import TABLES, TRUTH

RECORD = Path(__file__).parent / "evidence"


@pytest.fixture(scope="module")
def loaded():
    return {name: co.load(name) for name in co.tables()} | {name: co.truth(name) for name in TRUTH}


@pytest.fixture(scope="module")
def settled(loaded):
    """Each invoice with what was paid, what was deducted, in how many parts, and when last."""
    paid = loaded["payments"].groupby("invoice_id")
    found = paid.agg(
        amount_paid=("amount", "sum"), off=("discount_taken", "sum"), parts=("date", "size"),
        last=("date", "max"), first=("date", "min"),
    )  # fmt: skip
    bills = loaded["invoices"].merge(
        loaded["customers_truth"][["customer_id", "grade_true"]], on="customer_id"
    )
    return bills.merge(found.reset_index(), on="invoice_id", how="left")


def test_each_order_on_credit_has_one_invoice_and_no_cash_order_has_one(loaded):
    orders = loaded["orders"]
    assert set(loaded["invoices"]["order_id"]) == set(orders.loc[orders["terms"] != "cash", "order_id"])
    cash = orders[orders["terms"] == "cash"].merge(loaded["customers"], on="customer_id")
    assert (cash["industry"] == "household").sum() > 1000
    assert (cash["industry"] != "household").sum() > 200  # after a default


def test_an_invoice_is_paid_in_full_to_the_cent_or_still_owes(settled):
    left = (settled["amount"] - settled["amount_paid"].fillna(0) - settled["off"].fillna(0)).round(2)
    assert (left >= 0).all()
    paid = settled[left == 0]
    assert len(paid) > 0.9 * len(settled)
    assert set(settled.loc[(left > 0) & settled["parts"].notna(), "parts"]) <= {1.0}  # the first half came


def test_a_discount_is_two_per_cent_and_taken_from_day_seven_to_ten(settled):
    taken = settled[settled["off"] > 0]
    assert (taken["discount_terms"] == "2/10 n/30").all()
    assert ((taken["off"] - 0.02 * taken["amount"]).abs() <= 0.005 + 1e-9).all()
    assert (taken["last"] - taken["issue_date"]).dt.days.between(7, 10).all()
    assert (taken["parts"] == 1).all()
    assert set(taken["grade_true"]) == {"A", "B", "C"}


def test_one_invoice_in_ten_without_discount_is_paid_in_two_halves(settled):
    plain = settled[(settled["off"] == 0) & (settled["amount_paid"] == settled["amount"])]
    halved = plain[plain["parts"] == 2]
    assert abs(len(halved) / len(plain) - 0.10) < 0.015
    apart = (halved["last"] - halved["first"]).dt.days
    assert apart.between(0, 15).all()
    assert apart.gt(0).mean() > 0.95  # 0 only where the first would have come before the first day


def test_from_the_day_of_a_default_on_nothing_is_paid(loaded):
    default = loaded["credit_truth"].dropna(subset="default_date").set_index("customer_id")["default_date"]
    paid = loaded["payments"].merge(loaded["invoices"], on="invoice_id")
    day = paid["customer_id"].map(default)
    assert day.notna().sum() > 300
    assert (paid["date"] < day)[day.notna()].all()
    assert default.index.is_unique
    later = loaded["orders"].assign(default=loaded["orders"]["customer_id"].map(default))
    assert (later.loc[later["date"] > later["default"], "terms"] == "cash").all()


def test_a_credit_file_holds_just_what_drives_the_true_risk(loaded):
    keys = ["customer_id", "year"]
    files = loaded["credit_files"].merge(loaded["credit_truth"], on=keys, validate="one_to_one")
    assert len(files) == len(loaded["credit_files"])
    p = PARAMETERS["credit"]
    quality = files["customer_id"].map(loaded["customers_truth"].set_index("customer_id")["credit_quality"])
    debt = (np.log(files["other_debts"] / files["net_worth"]) + 1) / 0.8
    assert (debt - files["debt_score"]).abs().max() < 1e-4
    logit = (
        p["intercept"] + p["credit_quality"] * quality + p["sued"] * files["sued"]
        + p["competitor_share_over_half"] * (files["competitor_share"] > 0.5) + p["debt_score"] * debt
    )  # fmt: skip
    np.testing.assert_allclose(expit(logit), files["pd_true"], atol=1e-4)
    year = files["default_date"].dt.year
    assert (files["defaulted_next_12m"] == files["default_date"].notna()).all()
    assert (year[files["defaulted_next_12m"]] == files.loc[files["defaulted_next_12m"], "year"]).all()


def test_after_a_default_or_a_dropout_there_is_no_further_file(loaded):
    files = loaded["credit_files"]
    failed = files[files["defaulted_next_12m"]].set_index("customer_id")["year"]
    assert (files["year"] <= files["customer_id"].map(failed).fillna(9999)).all()
    left = files["customer_id"].map(loaded["customers_truth"].set_index("customer_id")["dropout_month"])
    assert (left.isna() | (left >= files["file_date"])).all()
    business = loaded["customers"].query("industry != 'household'")["customer_id"]
    assert set(files["customer_id"]) <= set(business)


def test_scores_follow_the_hidden_quality_but_do_not_give_it_away(loaded):
    files = loaded["credit_files"]
    quality = files["customer_id"].map(loaded["customers_truth"].set_index("customer_id")["credit_quality"])
    for name, loading in PARAMETERS["credit_files"]["loadings"].items():
        expected = 9 * loading / np.hypot(9 * loading, 6)
        assert abs(files[name].corr(quality) - expected) < 0.07, name
    for name in files.select_dtypes("number"):
        assert abs(files[name].corr(quality, method="spearman")) < 0.95, name


def test_every_business_has_a_contract_and_the_gaps_are_where_they_were_planted(loaded):
    signed = loaded["contracts"]
    customers = loaded["customers"].query("industry != 'household'")
    assert len(signed) == len(customers) == 520
    joined = signed["customer_id"].map(customers.set_index("customer_id")["join_date"])
    assert (signed["signed"] == joined).all()
    missing = ~signed[[f"clause_{number}" for number in range(1, 11)]]
    assert abs(missing.any(axis=1).mean() - 0.12) < 0.05
    assert set(missing.sum().nlargest(2).index) == {"clause_7", "clause_8"}
    assert set(missing.sum(axis=1)) == {0, 1, 2}
    assert (signed["limit"] % 1000 == 0).all()
    assert (signed["limit"] > 0).all()


# The contract sees it ------------------------------------------------------------------------------------

BROKEN = [
    (
        "invoices",
        "due_date",
        lambda t: t["due_date"] + pd.Timedelta(days=1),
        "due after the days of its terms",
    ),
    ("invoices", "amount", lambda t: t["amount"] + 0.01, "amount = the lines of its order"),
    ("invoices", "discount_terms", lambda t: "n/60", "customer, day and terms of its order"),
    ("payments", "date", lambda t: pd.Timestamp("2021-12-31"), "not before the invoice"),
    ("payments", "amount", lambda t: t["amount"] * 2 + 0.02, "paid and deducted: no more than the invoice"),
    ("payments", "discount_taken", lambda t: 0.01, "discount only in time, on 2/10 n/30"),
    ("payments", "date", lambda t: pd.Timestamp("2025-01-01"), "at most 2024-12-31"),
    (
        "credit_files",
        "file_date",
        lambda t: t["file_date"] + pd.Timedelta(days=1),
        "on 1 January of its year",
    ),
    ("credit_files", "character", lambda t: 100.5, "at most 100 points"),
    ("contracts", "clause_8", lambda t: False, "arbitration only with clause 8"),
    ("contracts", "territory", lambda t: "X99", "the territory of the customer"),
]


@pytest.mark.parametrize(("name", "column", "change", "rule"), BROKEN)
def test_the_contract_names_a_broken_rule(loaded, name, column, change, rule):
    table = loaded[name].copy()
    table[column] = change(table)
    found = TABLES[name].problems(table, loaded)
    assert rule in found["rule"].tolist()
    assert (found["remedy"] != "").all()


# Found again ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many():
    return recovery_many.trials_of_default_and_conversion(6, 8)


def test_the_models_of_default_and_conversion_are_found_again_on_their_true_drivers(many):
    found = recovery_many.fit_default_and_conversion(*many)
    assert set(found["model"]) == {"default", "conversion"}
    assert (found["z"].abs() < 4).all(), found.to_string()
    assert (found["p"] > 1e-4).all()


def test_a_wrong_formula_is_seen_on_forty_blocks_and_the_record_says_so():
    record = pd.read_csv(RECORD / "company_wrong_formulas.csv")
    mine = ["default by mean score", "conversion by guessed need"]
    record = record[record["model"].isin(mine)]
    assert set(record["model"]) == set(mine)
    assert record.groupby("model")["n"].first().gt(35_000).all()
    assert (record["p"] < 1e-4).all()
    assert record.groupby("model")["z"].agg(lambda z: z.abs().max()).gt(4).all()


def test_an_error_in_the_simulator_would_be_seen(many):
    files, closed = many
    swapped = closed.assign(need=closed["money"], money=closed["need"])
    turned = files.assign(debt_score=-files["debt_score"])
    found = recovery_many.fit_default_and_conversion(turned, swapped)
    assert (found.groupby("model")["p"].first() < 1e-4).all()
