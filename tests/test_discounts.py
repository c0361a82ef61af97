"""Who takes a discount, and by how many days it hastens the money: by hand, and on a planted company."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import casebook
from casebook import discounts as dis
from casebook import receivables as rec
from casebook.company import truth
from casebook.errors import TableError
from casebook.terms import discount_cost

OFFER = "2/10 n/30"


def bill(customer: str, terms: str, days: int, took: bool = False, settled: bool = True) -> tuple:
    return customer, terms, settled, days, took


def followed(*rows: tuple) -> pd.DataFrame:
    names = ["customer_id", "discount_terms", "settled", "days", "took_discount"]
    return pd.DataFrame(rows, columns=names)


@pytest.fixture(scope="module")
def planted() -> pd.DataFrame:
    """Fast customers pay on day 28, and take three offers in four (day 8); slow ones pay on day 80."""
    rng = np.random.default_rng(3)
    rows = []
    for c in range(60):
        fast = c % 2 == 0
        for i in range(40):
            offer = rng.random() < 0.5
            took = fast and offer and i % 4 > 0
            days = 8 if took else (28 if fast else 80) + int(rng.integers(-3, 4))
            rows.append(bill(f"C{c:02}", OFFER if offer else "n/30", days, took))
    return followed(*rows)


def test_the_usual_day_is_the_mean_without_the_offer_and_needs_a_few_invoices():
    table = followed(
        *[bill("Ada", "n/30", day) for day in (20, 24, 28, 32)],
        bill("Ada", OFFER, 9, True),
        bill("Ada", "n/60", 90),
        *[bill("Bo", "n/30", 50) for _ in range(3)],
        bill("Bo", "n/30", 180, settled=False),
    )
    assert dis.usual_days(table).to_numpy().tolist() == [["Ada", 26.0, 4]]
    assert dis.usual_days(table, least=3)["customer_id"].tolist() == ["Ada", "Bo"]
    with pytest.raises(TableError, match=r"No settled invoice has the terms 'n/45'; known: \['2/10 n/30'"):
        dis.usual_days(table, without="n/45")


def test_the_bands_count_offers_and_price_them_by_the_usual_day(planted):
    usual = dis.usual_days(planted)
    table = dis.take_up(planted, usual)
    offers = planted[planted["discount_terms"] == OFFER]
    assert table["offers"].sum() == len(offers)
    assert table["taken"].sum() == offers["took_discount"].sum()
    assert table["share"].iloc[-1] == 0
    assert table["share"].iloc[0] == pytest.approx(0.75, abs=0.05)
    for row in table.itertuples():
        assert row.price == pytest.approx(discount_cost(0.02, 10, row.usual_days))
    assert table["price"].is_monotonic_decreasing


def test_a_day_at_the_edge_belongs_to_the_lower_band_and_day_ten_has_no_price():
    table = followed(bill("Ada", OFFER, 9, True), bill("Bo", OFFER, 9, True))
    usual = pd.DataFrame({"customer_id": ["Ada", "Bo"], "usual_days": [25.0, 10.0]})
    said = dis.take_up(table, usual)
    assert said["band"].tolist() == ["to 25"]
    early = dis.take_up(table, usual, bands=(10, 25))
    assert early["band"].tolist() == ["to 10", "10 to 25"]
    assert np.isinf(early["price"].iloc[0])
    for bands in ((25, 25), (30, 25), ()):
        with pytest.raises(TableError, match="bands must be rising days"):
            dis.take_up(table, usual, bands=bands)
    with pytest.raises(TableError, match="No invoice with terms '3/10 n/30'"):
        dis.take_up(table, usual, offer="3/10 n/30")


def test_five_answers_by_hand():
    table = followed(
        bill("Ada", OFFER, 10, True),
        bill("Ada", "n/30", 30),
        bill("Bo", OFFER, 60),
        bill("Bo", "n/30", 60),
        bill("Cy", "n/30", 180, settled=False),  # not settled: left out
    )
    said = dis.days_earlier(table, draws=5)
    assert said["comparison"].tolist() == list(dis.COMPARISONS)
    # 60-10, 45-10, 30-10, 30-10, (45-35)/(1/2)
    assert said["days"].tolist() == [50, 35, 20, 20, 20]
    assert said["price"].tolist() == pytest.approx([0.02 / 0.98 * 365 / d for d in (50, 35, 20, 20, 20)])
    assert said[["low", "high"]].isna().all(axis=1).tolist() == [False, False, True, False, False]


def test_only_the_last_two_find_what_was_planted(planted):
    said = dis.days_earlier(planted, draws=300).set_index("comparison")
    inside = (said["low"] <= 20) & (said["high"] >= 20)
    assert inside[["the takers' other invoices", "the offer by lot"]].all()
    assert not inside[["those who let it go", "all invoices without it"]].any()
    width = said["high"] - said["low"]
    assert width["the offer by lot"] > 3 * width["the takers' other invoices"]
    assert (said["price_low"].dropna() <= said["price"].dropna().loc[said["price_low"].dropna().index]).all()


def test_the_answers_do_not_depend_on_the_order_of_rows_and_leave_the_table_alone(planted):
    before = planted.copy()
    first = dis.days_earlier(planted, draws=50)
    again = dis.days_earlier(planted.sample(frac=1, random_state=1), draws=50)
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_frame_equal(planted, before)


def test_nobody_took_it():
    table = followed(bill("Ada", OFFER, 10), bill("Ada", "n/30", 30))
    with pytest.raises(TableError, match="Nobody took the discount of '2/10 n/30'"):
        dis.days_earlier(table)
    with pytest.raises(TableError, match="draws be positive"):
        dis.days_earlier(table, draws=0)


def test_the_sample_company_holds_what_was_planted_in_it():
    """Curriculum 3.7: the good payers take it, by true grade .71/.35/.05/0."""
    invoices, payments = casebook.load("invoices"), casebook.load("payments")
    table = rec.days_to_pay(invoices, payments, "2024-12-31", horizon=180)
    grade = truth("customers_truth").set_index("customer_id")["grade_true"]
    offers = table[table["discount_terms"] == OFFER]
    share = offers.groupby(offers["customer_id"].map(grade))["took_discount"].mean()
    for name, planted_share, tolerance in (("A", 0.71, 0.065), ("B", 0.35, 0.072), ("C", 0.05, 0.036)):
        assert share[name] == pytest.approx(planted_share, abs=tolerance)
    assert share["D"] == 0
    said = dis.take_up(table, dis.usual_days(table))
    assert said["share"].is_monotonic_decreasing
    assert said["price"].is_monotonic_decreasing
