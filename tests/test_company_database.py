"""The company for people who think in SQL: typed views, exact money, keys that can be read."""

import sys
from decimal import Decimal

import pandas as pd
import pytest

import casebook
from casebook import company as co
from casebook.company import streaming
from casebook.contracts import TABLES, TRUTH
from casebook.errors import TableError


@pytest.fixture(scope="module")
def db():
    with casebook.database() as connection:
        yield connection


def asked(db, query):
    return db.sql(query).fetchall()


def test_every_public_table_is_a_view_and_no_hidden_one(db):
    views = {name for (name,) in asked(db, "SELECT view_name FROM duckdb_views() WHERE NOT internal")}
    assert views == {*TABLES, "tables", "columns"}
    assert not views & set(TRUTH)


@pytest.mark.parametrize("name", [*TABLES])
def test_a_view_holds_what_load_gives(db, name):
    seen = TABLES[name].typed(db.sql(f"SELECT * FROM {name}").df())
    pd.testing.assert_frame_equal(seen, casebook.load(name))


def test_types_are_those_of_the_contract_and_money_is_exact(db):
    kinds = {
        "money": "DECIMAL(18,2)",
        "date": "DATE",
        "flag": "BOOLEAN",
        "integer": "BIGINT",
        "text": "VARCHAR",
    }
    for name, table in TABLES.items():
        types = {row[0]: row[1] for row in asked(db, f"DESCRIBE {name}")}
        assert types == {c.name: kinds.get(c.kind, "DOUBLE") for c in table.columns}
    (total,) = asked(db, "SELECT sum(qty * unit_price) FROM order_lines")[0]
    lines = co.sales_lines()
    assert total == sum(map(Decimal, lines["amount"].map("{:.2f}".format)))


def test_keys_references_and_meanings_can_be_read_in_sql(db):
    told = {row[0]: row[1:] for row in asked(db, "SELECT table_name, grain, key FROM tables")}
    assert told == {name: (table.grain, list(table.key)) for name, table in TABLES.items()}
    columns = asked(db, "SELECT table_name, column_name, in_key, refers_to, meaning FROM columns")
    assert columns == [
        (name, c.name, c.name in t.key, c.refers_to or None, c.meaning)
        for name, t in TABLES.items()
        for c in t.columns
    ]
    query = "SELECT comment FROM duckdb_columns() WHERE table_name = 'orders' AND column_name = 'customer_id'"
    assert asked(db, query) == [("Who ordered. Refers to customers.customer_id.",)]
    (note,) = asked(db, "SELECT comment FROM duckdb_views() WHERE view_name = 'order_lines'")[0]
    assert note == "One row is one line of an order. Key: order_id, line_no."


def test_the_keys_that_are_documented_hold(db):
    for name, key in asked(db, "SELECT table_name, key FROM tables"):
        columns = ", ".join(f'"{column}"' for column in key)
        assert asked(db, f"SELECT count(*) = count(DISTINCT ({columns})) FROM {name}") == [(True,)], name


def test_a_sister_opens_by_its_folder_as_csv_or_parquet_even_with_an_awkward_name(tmp_path):
    small = co.simulate(8, customers=100, years=1)
    co.write(small, tmp_path / "it's mine; -- really")
    streaming.write_parquet(tmp_path / "pq", 8, 100, 1)
    for folder in ("it's mine; -- really", "pq"):
        db = casebook.database(tmp_path / folder)
        assert asked(db, "SELECT count(*) FROM orders") == [(len(small["orders"]),)]
        seen = TABLES["orders"].typed(db.sql("SELECT * FROM orders").df())
        pd.testing.assert_frame_equal(seen, small["orders"])


def test_a_folder_without_a_company_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(
        TableError, match=r"holds no regions\.csv or regions\.parquet; name the folder of a whole"
    ):
        casebook.database(tmp_path)


def test_without_duckdb_one_sentence_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(
        TableError, match=r"^casebook\.database\(\) needs duckdb: pip install 'crm-casebook\[engines\]'"
    ):
        casebook.database()
