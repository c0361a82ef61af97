"""Real files that no one here wrote: the report on two, `fetch` on all (collected only where they are)."""

from __future__ import annotations

import io
import random
import zipfile

import duckdb
import pandas as pd
import polars as pl
import pytest

import casebook
from casebook import classification as cls
from casebook.public import fetching
from casebook.report import abc, read_lines

RETAIL = {"customer_id": "CustomerID", "date": "InvoiceDate", "qty": "Quantity", "unit_price": "UnitPrice"}
SUPERSTORE = {"customer_id": "Customer ID", "date": "Order Date", "amount": "Sales"}


def as_kind(engine, table):
    """The table as the engine has it."""
    if engine == "polars":
        return pl.from_pandas(table)
    return duckdb.from_df(table) if engine == "duckdb" else table


@pytest.fixture(scope="module")
def retail_file(real_data):
    return real_data / "online_retail_2011" / "online_retail_2010_2011.csv.zip"


@pytest.fixture(scope="module")
def retail_lines(retail_file):
    """The lines with a customer, read by the reader itself."""
    table = read_lines(retail_file, RETAIL).table
    return table[table["customer_id"].notna()].reset_index(drop=True)


@pytest.fixture(scope="module")
def superstore_file(real_data):
    return real_data / "superstore" / "superstore.csv"


def check_retail(report):
    assert report.classes["customers"].tolist() == [1178, 1456, 1683]
    assert round(report.classes["value"].sum(), 2) == 8_313_294.95
    assert report.no_balance["reason"].value_counts().to_dict() == {
        "value below zero": 41,
        "value exactly zero": 14,
    }
    assert report.set_aside["reason"].value_counts().to_dict() == {"no customer": 135_080}


def test_online_retail_gives_the_known_classes(retail_file):
    report = abc(retail_file, RETAIL, returns="net")
    check_retail(report)
    assert len(report.customers) == 4317


def test_online_retail_gives_the_same_whatever_the_order_of_its_lines(retail_file, tmp_path):
    with zipfile.ZipFile(retail_file) as archive:
        header, *lines = io.TextIOWrapper(
            archive.open(archive.namelist()[0]), "utf-8", newline=""
        ).readlines()
    random.Random(9).shuffle(lines)
    path = tmp_path / "shuffled.csv"
    path.write_text("".join([header, *lines]), encoding="utf-8", newline="")
    check_retail(abc(path, RETAIL, returns="net"))


@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
def test_every_engine_gives_the_same_classes_of_online_retail(engine, retail_lines):
    lines = as_kind(engine, retail_lines[["customer_id", "qty", "unit_price"]])
    values = cls.customer_value(lines, "customer_id", qty="qty", unit_price="unit_price")
    ranked = cls.abc(values, "value", "customer_id", on_nonpositive="apart")
    summary = cls.abc_summary(ranked, "value")
    assert summary["customers"].tolist() == [1178, 1456, 1683]
    assert round(summary["value"].sum(), 2) == 8_313_294.95


def test_superstore_gives_the_known_classes_and_gini(superstore_file):
    report = abc(superstore_file, SUPERSTORE)
    assert len(report.customers) == 793
    assert report.classes["customers"].tolist() == [396, 209, 188]
    assert round(cls.gini(report.customers["value"]), 4) == 0.4413
    assert report.set_aside.empty
    assert report.no_balance.empty


@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
def test_every_engine_gives_the_same_classes_of_superstore(engine, superstore_file):
    lines = as_kind(engine, read_lines(superstore_file, SUPERSTORE).table[["customer_id", "amount"]])
    ranked = cls.abc(cls.customer_value(lines, "customer_id", amount="amount"), "value", "customer_id")
    assert cls.abc_summary(ranked, "value")["customers"].tolist() == [396, 209, 188]


def test_superstore_dates_are_read_month_first_because_only_that_reads_them(superstore_file):
    lines = read_lines(superstore_file, SUPERSTORE)
    dates = lines.table["date"]
    assert (dates.min(), dates.max()) == (pd.Timestamp("2016-01-03"), pd.Timestamp("2019-12-30"))
    assert lines.reading.set_index("what")["how"]["encoding"] == "UTF-8 with a byte-order mark"


# fetch: what is known of each set from elsewhere, not from the registry -------------------------------


@pytest.fixture(scope="module")
def fetched(real_data, tmp_path_factory):
    """Fetch each set from the folder, once, with a cache of its own."""
    cache, tables = tmp_path_factory.mktemp("cache"), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASEBOOK_DATA", str(real_data))
        patch.setattr(fetching, "cache_folder", lambda: cache)
        for name in casebook.public_data()["name"]:
            tables[name] = casebook.fetch(name)
        patch.delenv("CASEBOOK_DATA")
        for name, table in tables.items():  # and again, from the cache alone
            pd.testing.assert_frame_equal(casebook.fetch(name), table)
    return tables


def test_fetch_finds_every_public_set_under_its_local_name(fetched):
    rows = {name: len(table) for name, table in fetched.items()}
    assert rows == {
        "online_retail": 541_909,
        "bank_marketing": 45_211,
        "german_credit": 1_000,
        "wholesale": 440,
        "cdnow": 6_919,
        "telco_churn": 7_043,
        "receivables": 2_466,
        "superstore": 9_994,
        "lead_scoring": 9_240,
    }
    for table in fetched.values():
        assert {"citation", "licence", "kind", "page"} == set(table.attrs)


def test_fetched_online_retail_is_as_published(fetched):
    lines = fetched["online_retail"]
    assert (lines["InvoiceDate"].min(), lines["InvoiceDate"].max()) == (
        pd.Timestamp("2010-12-01 08:26"),
        pd.Timestamp("2011-12-09 12:50"),
    )
    assert lines["InvoiceNo"].str[0].value_counts().to_dict() == {"5": 532_618, "C": 9_288, "A": 3}
    assert lines.isna().sum()[lambda n: n > 0].to_dict() == {"Description": 1_454, "CustomerID": 135_080}
    assert lines["CustomerID"].dropna().str.fullmatch(r"\d{5}").all()
    assert lines["Country"].nunique() == 38


def test_fetched_bank_and_credit_have_the_published_shares(fetched):
    bank, credit = fetched["bank_marketing"], fetched["german_credit"]
    assert round((bank["y"] == "yes").mean(), 4) == 0.1170
    assert bank["month"].tolist()[0] == "may"
    assert bank["month"].tolist()[-1] == "nov"  # in the order of the calls, May 2008 to November 2010
    assert credit["credit_risk"].value_counts().to_dict() == {1: 700, 2: 300}
    assert credit.iloc[0, :5].tolist() == ["A11", 6, "A34", "A43", 1169]


def test_fetched_wholesale_and_samples_have_the_known_counts(fetched):
    assert fetched["wholesale"]["Channel"].value_counts().to_dict() == {1: 298, 2: 142}
    telco, receivables, store = (fetched[n] for n in ("telco_churn", "receivables", "superstore"))
    assert round((telco["Churn"] == "Yes").mean(), 4) == 0.2654
    assert (telco.loc[telco["TotalCharges"].isna(), "tenure"] == 0).all()
    assert round((receivables["DaysLate"] > 0).mean(), 3) == 0.356
    assert ((receivables["DueDate"] - receivables["InvoiceDate"]).dt.days == 30).all()
    assert (
        (receivables["SettledDate"] - receivables["InvoiceDate"]).dt.days == receivables["DaysToSettle"]
    ).all()
    assert (store["Order Date"].min(), store["Order Date"].max()) == (
        pd.Timestamp("2016-01-03"),
        pd.Timestamp("2019-12-30"),
    )
    assert store["Postal Code"].isna().sum() == 11


def test_fetched_leads_have_the_known_counts(fetched):
    leads = fetched["lead_scoring"]
    assert leads.shape == (9_240, 37)
    assert round(leads["Converted"].mean(), 4) == 0.3854
    assert leads["Lead Origin"].value_counts().to_dict() == {
        "Landing Page Submission": 4_886,
        "API": 3_580,
        "Lead Add Form": 718,
        "Lead Import": 55,
        "Quick Add Form": 1,
    }
    assert (leads["Lead Profile"] == "Select").sum() == 4_146
    assert leads["Lead Profile"].isna().sum() == 2_709
    assert leads["TotalVisits"].isna().sum() == 137
    assert leads["Prospect ID"].is_unique


def test_fetched_cdnow_has_as_many_without_a_repeat_purchase_as_published(fetched):
    early = fetched["cdnow"].query("date <= '1997-09-30'")  # weeks 1 to 39
    days = early.groupby("sample_id")["date"].nunique()
    assert (len(days), (days == 1).sum()) == (2_357, 1_411)


def test_fetch_and_the_report_read_online_retail_alike(fetched, retail_lines):
    known = fetched["online_retail"].dropna(subset="CustomerID")
    ours = cls.customer_value(known, "CustomerID", qty="Quantity", unit_price="UnitPrice")
    theirs = cls.customer_value(retail_lines, "customer_id", qty="qty", unit_price="unit_price")
    assert ours["value"].tolist() == theirs["value"].tolist()
