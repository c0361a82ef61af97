"""Open items, ageing, days to pay, DSO, exposure, roll rates, provisions: by hand, and on three engines."""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from casebook import provision as pro
from casebook import receivables as rec
from casebook.errors import TableError

END = pd.Timestamp("2024-12-31")
ENGINES = {
    "polars": (pl.from_pandas, pl.DataFrame, lambda t: t.to_pandas()),
    "polars lazy": (lambda t: pl.from_pandas(t).lazy(), pl.LazyFrame, lambda t: t.collect().to_pandas()),
    "duckdb": (duckdb.from_df, duckdb.DuckDBPyRelation, lambda t: t.df()),
}


def bills(*rows: tuple[str, str, int, float], net: int = 30) -> pd.DataFrame:
    """Invoices from (id, customer, days past due on the last day of 2024, amount)."""
    due = [END - pd.Timedelta(days=late) for _, _, late, _ in rows]
    return pd.DataFrame(
        {
            "invoice_id": [row[0] for row in rows],
            "customer_id": [row[1] for row in rows],
            "issue_date": [day - pd.Timedelta(days=net) for day in due],
            "due_date": due,
            "amount": [row[3] for row in rows],
        }
    )


def paid(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "invoice_id": pd.Series([row[0] for row in rows], dtype="str"),
            "date": pd.to_datetime([row[1] for row in rows]),
            "amount": pd.Series([row[2] for row in rows], dtype=float),
        }
    )


NOTHING = paid()


@pytest.fixture(scope="module")
def many() -> tuple[pd.DataFrame, pd.DataFrame]:
    """600 invoices of 40 customers with payments in one or two parts, some never paid."""
    rng = np.random.default_rng(7)
    n = 600
    issue = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 730, n), unit="D")
    invoices = pd.DataFrame(
        {
            "invoice_id": [f"I{i:04}" for i in range(n)],
            "customer_id": [f"C{i:02}" for i in rng.integers(0, 40, n)],
            "issue_date": issue,
            "due_date": issue + pd.to_timedelta(rng.choice([30, 60], n), unit="D"),
            "amount": rng.integers(100, 9_000_000, n) / 100,
        }
    )
    first = invoices.iloc[: n - 60]
    days = pd.to_timedelta(rng.integers(1, 200, len(first)), unit="D")
    part = rng.random(len(first)) < 0.2
    half = (first["amount"] / 3).round(2)
    payments = pd.DataFrame(
        {
            "invoice_id": first["invoice_id"],
            "date": first["issue_date"] + days,
            "amount": first["amount"].where(~part, half),
            "discount_taken": 0.0,
        }
    )
    rest = payments[part].assign(
        date=lambda t: t["date"] + pd.Timedelta(days=9), amount=(first["amount"] - half)[part].round(2)
    )
    payments = pd.concat([payments, rest], ignore_index=True)
    return invoices, payments[payments["date"] <= END].reset_index(drop=True)


# TRM-08 Ageing -----------------------------------------------------------------------------------------


def test_trm_08_the_example():
    four = bills(("a", "Ada", 0, 10), ("b", "Ada", 15, 20), ("c", "Bo", 45, 30), ("d", "Bo", 100, 40))
    table = rec.aging(four, NOTHING, "2024-12-31")
    assert table["bucket"].tolist() == ["current", "1-30", "31-60", "61-90", ">90"]
    assert table["open"].tolist() == [10, 20, 30, 0, 40]
    assert table["invoices"].tolist() == [1, 1, 1, 0, 1]
    assert table["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("late", "bucket"),
    [(-5, "current"), (0, "current"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
     (90, "61-90"), (91, ">90")],
)  # fmt: skip
def test_trm_08_both_ends_belong_to_a_bucket(late, bucket):
    item = rec.open_items(bills(("a", "Ada", late, 10)), NOTHING, "2024-12-31").iloc[0]
    assert (item["bucket"], item["days_past_due"]) == (bucket, late)


def test_own_edges_make_own_buckets():
    assert rec.bucket_names((0, 15, 360)) == ["current", "1-15", "16-360", ">360"]
    table = rec.aging(bills(("a", "Ada", 16, 10)), NOTHING, END, edges=(0, 15, 360))
    assert table["open"].tolist() == [0, 0, 10, 0]
    for edges in ((1, 30), (0, 30, 30), (0, 60, 30), (), (0, 1.5)):
        with pytest.raises(TableError, match="edges must be whole days that rise from 0"):
            rec.bucket_names(edges)


def test_what_was_deducted_counts_as_paid_and_later_days_are_not_known():
    bill = bills(("a", "Ada", 0, 100.0))
    came = paid(("a", "2024-12-05", 98.0)).assign(discount_taken=2.0)
    assert rec.open_items(bill, came, END).empty
    assert rec.open_items(bill, came, "2024-12-04")["open"].tolist() == [100.0]
    assert rec.open_items(bill, came, "2024-11-30").empty  # not issued yet
    assert rec.open_items(bill, came.drop(columns="discount_taken"), END)["open"].tolist() == [2.0]


def test_money_is_exact_and_overpaid_is_not_open():
    bill = bills(("a", "Ada", 10, 0.3), ("b", "Ada", 10, 1.0))
    came = paid(
        ("a", "2024-12-10", 0.1), ("a", "2024-12-11", 0.2), ("b", "2024-12-11", 5.0), ("z", "2024-12-11", 9.0)
    )
    assert rec.open_items(bill, came, END).empty  # in doubles 0.3 - 0.1 - 0.2 is not zero


def test_an_empty_ageing_has_zeros():
    table = rec.aging(bills(("a", "Ada", 0, 10)), paid(("a", "2024-12-20", 10)), END)
    assert table["open"].tolist() == [0] * 5
    assert table["share"].tolist() == [0] * 5


def test_the_order_of_rows_does_not_matter_and_nothing_is_changed(many):
    invoices, payments = many
    copies = invoices.copy(), payments.copy()
    first = rec.aging(invoices, payments, END)
    again = rec.aging(invoices.sample(frac=1, random_state=1), payments.sample(frac=1, random_state=2), END)
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_frame_equal(invoices, copies[0])
    pd.testing.assert_frame_equal(payments, copies[1])
    items = rec.open_items(invoices, payments, END)
    assert items["open"].sum() == pytest.approx(first["open"].sum())
    by_hand = invoices["amount"].sum() - payments["amount"].sum()
    assert first["open"].sum() == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda t: t.drop(columns="due_date"), "There is no column 'due_date'"),
        (lambda t: t.assign(amount=[1.0, None]), "Column 'amount' is missing on 1 row .*a gap is not a zero"),
        (
            lambda t: t.assign(amount=[1.0, -2.0]),
            r"negative on 1 row \(invoice_id=b amount=-2.0\): take a credit",
        ),
        (lambda t: t.assign(invoice_id="a"), "names 1 invoices again: one row for each invoice"),
        (lambda t: t.assign(due_date="soon"), "Column 'due_date' holds String, not dates"),
        (lambda t: t.assign(due_date=t["due_date"].dt.tz_localize("UTC")), "has a time zone"),
        (
            lambda t: t.assign(customer_id=["Ada", None]),
            "Column 'customer_id' is missing .*name the customer",
        ),
        (lambda t: t.assign(open=1), None),
    ],
)
def test_spoilt_invoices_are_refused_by_name(spoil, message):
    two = bills(("a", "Ada", 0, 10.0), ("b", "Bo", 0, 20.0))
    if message is None:  # a further column does no harm
        assert rec.aging(spoil(two), NOTHING, END)["open"].sum() == 30
        return
    with pytest.raises(TableError, match=message):
        rec.aging(spoil(two), NOTHING, END)


def test_mixed_kinds_and_bad_days_are_refused():
    two = bills(("a", "Ada", 0, 10.0))
    with pytest.raises(TableError, match="must be of one kind"):
        rec.aging(two, pl.from_pandas(paid(("a", "2024-12-01", 1.0))), END)
    with pytest.raises(TableError, match="as_of must be a day such as '2024-12-31', got 'tomorrow'"):
        rec.aging(two, NOTHING, "tomorrow")
    assert rec.aging(two, NOTHING, dt.date(2024, 12, 31)).equals(rec.aging(two, NOTHING, END))


# Days to pay -------------------------------------------------------------------------------------------


def test_days_to_pay_with_and_without_a_horizon():
    three = bills(("a", "Ada", 300, 100.0), ("b", "Ada", 300, 100.0), ("c", "Ada", 0, 100.0))
    issued = three["issue_date"][0]
    came = paid(
        ("a", str((issued + pd.Timedelta(days=8)).date()), 98.0),
        ("b", str((issued + pd.Timedelta(days=20)).date()), 50.0),
        ("b", str((issued + pd.Timedelta(days=200)).date()), 50.0),
    ).assign(discount_taken=[2.0, 0.0, 0.0])
    all_of_them = rec.days_to_pay(three, came, END).set_index("invoice_id")
    assert all_of_them["settled"].tolist() == [True, True, False]
    assert all_of_them["days"].iloc[:2].tolist() == [8, 200]
    assert pd.isna(all_of_them.loc["c", "days"])
    assert all_of_them["took_discount"].tolist() == [True, False, False]
    assert all_of_them["discount"].tolist() == [2, 0, 0]
    followed = rec.days_to_pay(three, came, END, horizon=180)
    assert followed["invoice_id"].tolist() == ["a", "b"]  # c is too young to be followed
    assert followed["days"].tolist() == [8, 180]
    with pytest.raises(TableError, match="horizon must be a whole number of days from 1 on, got 0"):
        rec.days_to_pay(three, came, END, horizon=0)


def test_leaving_the_unpaid_out_makes_customers_look_fast(many):
    invoices, payments = many
    paid_only = rec.days_to_pay(invoices, payments, END)["days"].mean()
    assert paid_only < rec.days_to_pay(invoices, payments, END, horizon=180)["days"].mean()


# DSO ---------------------------------------------------------------------------------------------------


def test_trm_08_dso_example():
    assert rec.dso(70, 420, 360) == 60


def test_counting_back_takes_the_newest_month_first():
    months, days = [70_000, 80_000, 100_000], [30, 30, 30]
    assert rec.dso(212_000, months, days, method="count_back") == pytest.approx(30 + 30 + 30 * 32 / 70)
    assert rec.dso(100_000, months, days, method="count_back") == 30
    assert rec.dso(0, months, days, method="count_back") == 0
    assert rec.dso(50_000, [10, 0, 50_000], days, method="count_back") == 30
    assert rec.dso(50_005, [10, 0, 50_000], days, method="count_back") == 75


def test_the_simple_dso_moves_with_sales_and_counting_back_does_not():
    """Customers take 45 days in both years; in the second sales double each month."""
    days = [30, 30, 30]
    steady, growing = [100, 100, 100], [50, 100, 200]
    owes = {"steady": 100 + 50, "growing": 200 + 50}  # the newest month and half of the one before
    back = {rec.dso(owes["steady"], steady, days, method="count_back"),
            rec.dso(owes["growing"], growing, days, method="count_back")}  # fmt: skip
    assert back == {45.0}
    assert rec.dso(owes["growing"], growing, days) > rec.dso(owes["steady"], steady, days) == 45


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((500, [100, 100], [30, 30]), "The 2 months explain 200 of 500: give earlier ones too"),
        ((1, [100, 100], [30]), "sales of 2 months and days of 1"),
        ((1, [0, 0], [30, 30]), "sales in all and days must be positive"),
        ((-1, [100], [30]), "must not be negative"),
    ],
)
def test_dso_refuses(given, message):
    with pytest.raises(TableError, match=message):
        rec.dso(*given, method="count_back")
    with pytest.raises(TableError, match="method must be 'simple' or 'count_back'"):
        rec.dso(1, 1, 1, method="best")


def test_dso_by_month_agrees_with_open_items(many):
    invoices, payments = many
    table = rec.dso_by_month(invoices, payments, end="2024-12-15", months=6)
    assert table["month"].iloc[-1] == END
    for row in table.itertuples():
        assert row.receivables == pytest.approx(rec.open_items(invoices, payments, row.month)["open"].sum())
        month = invoices["issue_date"].dt.to_period("M") == row.month.to_period("M")
        assert row.sales == pytest.approx(invoices.loc[month, "amount"].sum())
    last = table.tail(3)
    days = last["month"].dt.days_in_month
    assert last["simple"].iloc[-1] == pytest.approx(
        rec.dso(last["receivables"].iloc[-1], last["sales"].tolist(), days.tolist())
    )
    with pytest.raises(TableError, match="months and window must be positive"):
        rec.dso_by_month(invoices, payments, end=END, months=0)


def test_before_the_first_invoice_there_is_no_dso(many):
    early = rec.dso_by_month(*many, end="2023-02-28", months=3)
    assert early["simple"].isna().all()


# Exposure ----------------------------------------------------------------------------------------------


def test_exposure_is_what_was_known_that_day():
    two = bills(("a", "Ada", 100, 100.0), ("b", "Ada", 20, 50.0), ("c", "Bo", 0, 7.0), ("d", "Ada", 20, 1.0))
    day_of_b = two["issue_date"][1]
    came = paid(("a", str(day_of_b.date()), 30.0), ("a", str((day_of_b + pd.Timedelta(days=1)).date()), 70.0))
    table = rec.exposure_before(two, came).set_index("invoice_id")
    assert table["owed"].to_dict() == {"a": 0, "b": 70, "c": 0, "d": 70}  # d is of the same day as b
    assert table.loc["b", "overdue"] == 50
    assert table["overdue"].drop(["b", "d"]).tolist() == [0, 0]


def test_exposure_agrees_with_open_items_of_the_day_before(many):
    invoices, payments = many
    table = rec.exposure_before(invoices, payments)
    for row in table.sample(12, random_state=3).itertuples():
        known = rec.open_items(invoices[invoices["issue_date"] < row.issue_date], payments, row.issue_date)
        own = known[known["customer_id"] == row.customer_id]
        assert row.owed == pytest.approx(own["open"].sum())
        assert row.overdue == max([0, *own["days_past_due"]])


# Roll rates and provisions -----------------------------------------------------------------------------


def test_a_balance_rolls_is_paid_in_part_and_is_lost():
    bill = bills(("a", "Ada", 305, 100.0))  # due 1 March
    came = paid(("a", "2024-03-20", 40.0))
    moves = pro.balance_moves(bill, came, start="2024-02-01", end="2024-08-01", edges=(0, 30, 60))
    assert moves[["from", "to", "amount"]].to_numpy().tolist() == [
        ["current", "1-30", 60.0],
        ["current", "paid", 40.0],
        ["1-30", "31-60", 60.0],
        ["31-60", "lost", 60.0],
    ]
    assert moves["month"].dt.strftime("%m-%d").tolist() == ["02-29", "02-29", "03-31", "04-30"]


def test_roll_rates_of_a_chain_by_hand():
    moves = pd.DataFrame(
        {
            "customer_id": ["Ada", "Ada", "Bo", "Bo", "Bo"],
            "from": ["current", "current", "1-30", "1-30", "1-30"],
            "to": ["paid", "1-30", "paid", "lost", "1-30"],
            "amount": [75.0, 25.0, 50.0, 10.0, 40.0],
        }
    )
    rates = pro.roll_rates(moves, edges=(0, 30)).set_index("bucket")
    assert rates.loc["1-30"].to_dict() == {"current": 0, "1-30": 0.4, "paid": 0.5, "lost": pytest.approx(0.1)}
    lost = pro.loss_rates(rates.reset_index())
    assert lost["1-30"] == pytest.approx(0.1 / 0.6)  # 0.1 + 0.4 x the same again
    assert lost["current"] == pytest.approx(0.25 * 0.1 / 0.6)
    by_count = pro.roll_rates(moves, edges=(0, 30), weight="count").set_index("bucket")
    assert by_count.loc["current", "paid"] == 0.5


def test_rates_of_a_row_sum_to_one_and_moves_add_up_to_the_balances(many):
    invoices, payments = many
    moves = pro.balance_moves(invoices, payments, start="2023-06-30", end="2024-12-31")
    rates = pro.roll_rates(moves)
    assert rates.drop(columns="bucket").sum(axis=1).tolist() == pytest.approx([1] * 5)
    at = moves[moves["month"] == "2024-06-30"]["amount"].sum()
    aged = rec.aging(invoices, payments, "2024-06-30", edges=pro.EDGES)
    assert at == pytest.approx(aged["open"].iloc[:-1].sum())
    older = pro.loss_rates(rates)
    assert older.is_monotonic_increasing  # the older, the worse


def test_a_chain_that_cannot_be_solved_is_refused():
    never = pd.DataFrame({"customer_id": ["Ada"], "from": ["current"], "to": ["paid"], "amount": [1.0]})
    with pytest.raises(TableError, match=r"No balance was ever seen in \['1-30'\]: take fewer edges"):
        pro.loss_rates(pro.roll_rates(never, edges=(0, 30)))
    stuck = pd.concat([never, never.assign(**{"from": "1-30", "to": "1-30"})])
    with pytest.raises(TableError, match="never paid and never lost"):
        pro.loss_rates(pro.roll_rates(stuck, edges=(0, 30)))
    with pytest.raises(TableError, match="Column 'from' has '61-90', which the edges do not make"):
        pro.roll_rates(never.assign(**{"from": "61-90"}), edges=(0, 30))
    with pytest.raises(TableError, match="weight must be 'amount' or 'count'"):
        pro.roll_rates(never, edges=(0, 30), weight="money")
    with pytest.raises(TableError, match="edges need at least two days"):
        pro.balance_moves(bills(("a", "Ada", 0, 1.0)), NOTHING, start="2024-01-01", end=END, edges=(0,))
    with pytest.raises(TableError, match="there is no whole month"):
        pro.balance_moves(bills(("a", "Ada", 0, 1.0)), NOTHING, start="2024-12-01", end=END)


def test_the_provision_is_balance_times_rate_and_its_interval_holds_it(many):
    invoices, payments = many
    moves = pro.balance_moves(invoices, payments, start="2023-06-30", end="2024-12-31")
    aged = rec.aging(invoices, payments, END, edges=pro.EDGES)
    table = pro.provision_matrix(aged, moves, draws=300).set_index("bucket")
    lost = pro.loss_rates(pro.roll_rates(moves))
    assert table["provision"].iloc[:5].tolist() == pytest.approx(
        (aged["open"].to_numpy()[:5] * lost).tolist()
    )
    assert table.loc[">360", "loss_rate"] == 1
    assert table.loc["total", "provision"] == pytest.approx(table["provision"].iloc[:-1].sum())
    assert (table["low"] <= table["provision"] + 1e-9).all()
    assert (table["high"] >= table["provision"] - 1e-9).all()
    again = pro.provision_matrix(aged, moves.sample(frac=1, random_state=4), draws=300).set_index("bucket")
    pd.testing.assert_frame_equal(table, again)  # the order of rows does not matter


def test_invoices_of_one_customer_fail_together_so_drawing_invoices_is_too_sure():
    rows = [
        (f"I{c}{i}", f"C{c:02}", "1-30", "lost" if c < 4 else "paid", 10.0)
        for c in range(40)
        for i in range(8)
    ]
    moves = pd.DataFrame(rows, columns=["invoice_id", "customer_id", "from", "to", "amount"])
    moves = pd.concat([moves, moves.assign(**{"from": "current", "to": "1-30"})])
    aged = pd.DataFrame({"bucket": ["current", "1-30", ">30"], "open": [100.0, 100.0, 0.0]})
    widths = {}
    for by in ("customer_id", "invoice_id"):
        total = pro.provision_matrix(aged, moves, edges=(0, 30), by=by).iloc[-1]
        widths[by] = total["high"] - total["low"]
    assert widths["customer_id"] > 1.8 * widths["invoice_id"]
    with pytest.raises(TableError, match="The ageing has the buckets"):
        pro.provision_matrix(aged.iloc[:2], moves, edges=(0, 30))
    with pytest.raises(TableError, match="level must lie between 0 and 1"):
        pro.provision_matrix(aged, moves, edges=(0, 30), level=95)


# Engines -----------------------------------------------------------------------------------------------

KEPT = {
    "open_items": lambda i, p: rec.open_items(i, p, "2024-12-31"),
    "days_to_pay": lambda i, p: rec.days_to_pay(i, p, "2024-12-31"),
    "days_to_pay, followed": lambda i, p: rec.days_to_pay(i, p, "2024-12-31", horizon=180),
    "exposure_before": rec.exposure_before,
}
SMALL = {
    "aging": lambda i, p: rec.aging(i, p, "2024-12-31"),
    "dso_by_month": lambda i, p: rec.dso_by_month(i, p, end="2024-12-31", months=5),
    "balance_moves": lambda i, p: pro.balance_moves(i, p, start="2024-08-31", end="2024-12-31"),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", KEPT)
def test_the_same_numbers_and_the_own_kind_back(many, engine, name):
    make, kind, to_pandas = ENGINES[engine]
    expected = KEPT[name](*many)
    answer = KEPT[name](*(make(t) for t in many))
    assert isinstance(answer, kind)
    found = to_pandas(answer)
    assert list(found.columns) == list(expected.columns)
    for column in expected:
        here, there = expected[column], found[column]
        assert here.isna().tolist() == there.isna().tolist(), column
        assert here.dropna().tolist() == there.dropna().tolist(), column


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", SMALL)
def test_small_tables_are_pandas_and_the_same_for_all(many, engine, name):
    make, _, _ = ENGINES[engine]
    found = SMALL[name](*(make(t) for t in many))
    pd.testing.assert_frame_equal(found, SMALL[name](*many), check_dtype=False)
