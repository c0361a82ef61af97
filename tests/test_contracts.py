"""The contract of a table finds every breach at once, names the first row, and leaves the table alone."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.company import load, tables, truth
from casebook.contracts import TABLES, TRUTH, Column, ContractError, Rule, Table

STOCK = Table(
    "stock",
    "item and day",
    ("sku", "day"),
    (
        Column("sku", "text", "Item."),
        Column("day", "date", "Day of the count.", low="2024-01-01", high="2024-12-31"),
        Column("qty", "integer", "Pieces.", unit="pieces", low=0),
        Column("price", "money", "List price.", unit="RMB", low=0, high=1000),
        Column("state", "text", "Condition.", allowed=("new", "old")),
        Column("checked", "flag", "Seen by two.", nullable=True),
        Column("shelf", "text", "Where.", nullable=True, refers_to="shelves.shelf"),
        Column("label", "text", "Printed number.", unique=True),
    ),
    made="By hand.",
    rules=(
        Rule(
            "old stock has a low price",
            ("state", "price"),
            lambda t, _: (t["state"] == "old") & (t["price"] > 100),
            "Mark it down.",
        ),
    ),
)
SHELVES = pd.DataFrame({"shelf": ["S1", "S2"]})


@pytest.fixture
def clean():
    return pd.DataFrame(
        {
            "sku": ["P1", "P2", "P3", "P4"],
            "day": pd.to_datetime(["2024-01-05"] * 4),
            "qty": [3, 0, 7, 2],
            "price": [10.25, 999.99, 0.0, 5.5],
            "state": ["old", "new", "new", "old"],
            "checked": pd.array([True, None, False, True], dtype="boolean"),
            "shelf": ["S1", None, "S2", "S1"],
            "label": ["a", "b", "c", "d"],
        }
    )


def breach(table, others=None):
    """The only breach of a table, as (column, rule, rows, example)."""
    found = STOCK.problems(table, others)
    assert len(found) == 1, found.to_string()
    return tuple(found.loc[0, ["column", "rule", "rows", "example"]])


def test_a_clean_table_has_no_problems(clean):
    assert STOCK.problems(clean, {"shelves": SHELVES}).empty
    STOCK.require(clean, {"shelves": SHELVES})


def test_the_same_table_as_text_has_no_problems_either(clean):
    as_text = clean.astype("str").assign(day="2024-01-05", checked=["true", None, "false", "1"])
    assert STOCK.problems(as_text, {"shelves": SHELVES}).empty


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("sku", None, ("sku", "not missing", 1, "row 3: missing")),
        ("sku", "  ", ("sku", "not missing", 1, "row 3: missing")),
        ("qty", -2, ("qty", "at least 0 pieces", 1, "row 3: -2")),
        ("qty", "2.5", ("qty", "is a whole number", 1, "row 3: 2.5")),
        ("qty", "many", ("qty", "is a whole number", 1, "row 3: many")),
        ("price", 1000.5, ("price", "at most 1000 RMB", 1, "row 3: 1000.5")),
        ("price", "1.005", ("price", "is an amount with at most 2 decimals", 1, "row 3: 1.005")),
        ("price", "inf", ("price", "is an amount with at most 2 decimals", 1, "row 3: inf")),
        ("price", "1,50", ("price", "is an amount with at most 2 decimals", 1, "row 3: 1,50")),
        ("day", "2025-01-01", ("day", "at most 2024-12-31", 1, "row 3: 2025-01-01")),
        ("day", "31/12/2024", ("day", "is a date written YYYY-MM-DD", 1, "row 3: 31/12/2024")),
        ("day", "2024-02-30", ("day", "is a date written YYYY-MM-DD", 1, "row 3: 2024-02-30")),
        ("state", "used", ("state", "one of new, old", 1, "row 3: used")),
        ("checked", "perhaps", ("checked", "is true or false", 1, "row 3: perhaps")),
        ("shelf", "S9", ("shelf", "known in shelves.shelf", 1, "row 3: S9")),
        ("label", "a", ("label", "no value twice", 1, "row 3: a")),
    ],
)
def test_each_kind_of_breach_is_named_with_its_first_row(clean, column, value, expected):
    broken = clean.astype({column: object})
    broken.loc[2, column] = value
    if column == "day":
        broken["day"] = broken["day"].map(lambda d: d if isinstance(d, str) else d.strftime("%Y-%m-%d"))
    assert breach(broken, {"shelves": SHELVES}) == expected


def test_a_key_that_occurs_twice_is_named(clean):
    assert breach(clean.assign(sku=["P1", "P2", "P1", "P4"])) == (
        "sku+day",
        "one row each",
        1,
        "row 3: sku=P1, day=2024-01-05",
    )


def test_a_rule_over_two_columns_shows_both(clean):
    found = STOCK.problems(clean.assign(price=[100.5, 1, 1, 200]))
    assert found.loc[0, "example"] == "row 1: state=old, price=100.5"
    assert found.loc[0, "rows"] == 2
    assert found.loc[0, "remedy"] == "Mark it down."


def test_a_missing_column_is_one_breach_and_the_rest_is_still_checked(clean):
    found = STOCK.problems(clean.drop(columns="price").assign(qty=-1))
    assert found["column"].tolist() == ["qty", "price"]
    assert found["rule"].tolist() == ["at least 0 pieces", "present"]
    assert found["remedy"].tolist()[1] == "Map or add price."


def test_every_breach_is_listed_at_once_and_require_says_them_all(clean):
    broken = clean.assign(qty=[-1, -2, 0, 0], state="used", label="x")
    found = STOCK.problems(broken)
    assert dict(zip(found["column"], found["rows"], strict=True)) == {"qty": 2, "state": 4, "label": 3}
    with pytest.raises(ContractError) as refused:
        STOCK.require(broken)
    text = str(refused.value)
    assert text.startswith("stock: 3 breaches of its contract.")
    for part in ("qty: at least 0 pieces; 2 rows, first row 1: -1.", "state:", "label:"):
        assert part in text


def test_references_are_looked_at_only_when_the_other_table_is_given(clean):
    broken = clean.assign(shelf="S9")
    assert STOCK.problems(broken).empty
    assert STOCK.problems(broken, {"shelves": SHELVES})["rows"].tolist() == [4]


def test_an_empty_table_keeps_every_contract(clean):
    assert STOCK.problems(clean.head(0), {"shelves": SHELVES}).empty


def test_looking_for_problems_leaves_the_table_as_it_is(clean):
    broken = clean.assign(qty=["x", "1", "2", "3"]).set_index(pd.Index([5, 5, 6, 7]))
    before = broken.copy(deep=True)
    STOCK.problems(broken, {"shelves": SHELVES})
    pd.testing.assert_frame_equal(broken, before)


@given(st.sets(st.integers(0, 49), min_size=1), st.sampled_from(["qty", "price", "state", "sku"]))
def test_as_many_rows_are_reported_as_were_broken_and_the_first_is_the_first(rows, column):
    table = pd.DataFrame(
        {
            "sku": [f"P{n}" for n in range(50)],
            "day": "2024-05-01",
            "qty": 1,
            "price": 2.0,
            "state": "new",
            "checked": None,
            "shelf": None,
            "label": [f"L{n}" for n in range(50)],
        }
    ).astype({column: object})
    table.loc[sorted(rows), column] = {"qty": -1, "price": "?", "state": "gone", "sku": None}[column]
    found = STOCK.problems(table)
    assert found["rows"].tolist() == [len(rows)]
    assert found["example"].tolist()[0].startswith(f"row {min(rows) + 1}:")


def test_text_becomes_typed_in_the_order_of_the_contract(clean):
    text = clean.astype("str").assign(
        day="2024-01-05", checked=["true", None, "false", "1"], sku="007", extra=1
    )
    typed = STOCK.typed(text[list(text.columns[::-1])])
    assert {name: str(kind) for name, kind in typed.dtypes.items()} == {
        "sku": "str",
        "day": "datetime64[us]",
        "qty": "int64",
        "price": "float64",
        "state": "str",
        "checked": "boolean",
        "shelf": "str",
        "label": "str",
    }
    assert typed["sku"].tolist() == ["007"] * 4
    assert typed["checked"].isna().tolist() == [False, True, False, False]


def test_a_cell_that_cannot_be_typed_stops_with_its_row(clean):
    with pytest.raises(
        ContractError, match=r"stock\.qty: row 2 should hold a whole number, not six \(1 such row\)"
    ):
        STOCK.typed(clean.assign(qty=["1", "six", "3", "4"]))
    with pytest.raises(ContractError, match=r"stock\.sku: row 1 should hold text, not missing"):
        STOCK.typed(clean.assign(sku=[None, "a", "b", "c"]))
    with pytest.raises(ContractError, match="stock: column qty is missing"):
        STOCK.typed(clean.drop(columns="qty"))


def test_a_contract_knows_its_columns():
    assert STOCK.column("qty").unit == "pieces"
    with pytest.raises(KeyError, match="stock has no column 'weight'; it has sku, day"):
        STOCK.column("weight")


# The company's contracts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [*TABLES.values(), *TRUTH.values()], ids=lambda table: table.name)
def test_a_contract_is_complete_and_refers_to_what_exists(table):
    assert set(table.key) <= set(table.column_names)
    assert len(set(table.column_names)) == len(table.columns)
    assert table.made.endswith(".")
    for column in table.columns:
        assert column.meaning.endswith("."), column.name
        if column.kind == "money":
            assert column.unit.startswith("RMB"), column.name
        if column.refers_to:
            other, _, key = column.refers_to.partition(".")
            assert TABLES[other].key == (key,)
    for rule in table.rules:
        assert set(rule.columns) <= set(table.column_names)
        assert set(rule.needs) <= {*TABLES, *TRUTH}


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_public_table_says_what_is_planted_its_limits_and_its_lessons(table):
    assert table.planted.endswith(".")
    assert table.limits.endswith(".")
    assert table.lessons


def test_no_public_column_bears_the_name_of_a_hidden_one():
    keys = {key for table in TRUTH.values() for key in table.key}
    hidden = {name for table in TRUTH.values() for name in table.column_names} - keys
    for table in TABLES.values():
        assert not hidden & set(table.column_names), table.name


@pytest.fixture(scope="module")
def company():
    return {name: load(name) for name in tables()} | {name: truth(name) for name in TRUTH}


DAY = dt.timedelta(days=1)


def before_joining(t, c):
    t.loc[5, "date"] = c["customers"].set_index("customer_id")["join_date"][t.loc[5, "customer_id"]] - DAY
    t.loc[5, ["promised_date", "delivered_date"]] = t.loc[5, "date"] + 7 * DAY


def after_dropout(t, c):
    gone = c["customers_truth"].dropna(subset="dropout_month").iloc[0]
    t.loc[5, "customer_id"] = gone["customer_id"]
    t.loc[5, ["date", "promised_date", "delivered_date"]] = pd.Timestamp("2024-12-31")


def never_delivered(t, _):
    t.loc[5, "delivered_date"] = pd.NaT


def after_the_last_day(t, _):
    t.loc[5, ["date", "promised_date", "delivered_date"]] = pd.Timestamp("2025-01-01")


def retired_sku(t, c):
    last = c["orders"]["order_id"].iloc[-1]
    t.loc[t["order_id"] == last, "sku"] = c["products"].dropna(subset="retired_date")["sku"].iloc[0]


def unknown_order(t, _):
    t.loc[5, "order_id"] = "O99999999"


def other_customer(t, _):
    t.loc[5, "customer_id"] = next(c for c in t["customer_id"] if c != t.loc[5, "customer_id"])


def one_cent_more(t, _):
    t.loc[5, "profit"] += 0.01


def household_with_rep(t, _):
    t.loc[t["industry"] == "household", "rep_id"] = "R01"


def weights_of_two(t, _):
    t.loc[5, "vt_price"] = t.loc[5, "vt_price"] + 0.001


@pytest.mark.parametrize(
    ("name", "spoil", "rule"),
    [
        ("orders", before_joining, "not before the customer joined"),
        ("orders", after_dropout, "not after the customer dropped out"),
        ("orders", never_delivered, "open orders, and only they, have no delivery day"),
        ("orders", after_the_last_day, "at most 2024-12-31"),
        ("order_lines", retired_sku, "ordered while in range"),
        ("order_lines", unknown_order, "known in orders.order_id"),
        ("complaints", other_customer, "by the customer of the order"),
        ("cost_to_serve", one_cent_more, "profit = gross_margin less the six costs"),
        ("customers", household_with_rep, "households, and only they, have no representative"),
        ("customers", weights_of_two, "the three weights sum to 1"),
    ],
)
def test_a_planted_fault_in_the_company_is_found(company, name, spoil, rule):
    broken = company[name].copy()
    spoil(broken, company)
    assert rule in TABLES[name].problems(broken, company)["rule"].tolist()
