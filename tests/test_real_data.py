"""The report on two real files that no one here wrote (collected only where they are)."""

from __future__ import annotations

import io
import random
import zipfile

import duckdb
import pandas as pd
import polars as pl
import pytest

from casebook import classification as cls
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
