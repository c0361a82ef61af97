"""Bad input to the functions of lessons 11 and 12: one clear sentence each, never a wrong number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from casebook import collection, credit, discounts, provision, receivables, terms
from casebook.errors import TableError

DAY = pd.to_datetime
BILLS = pd.DataFrame({
    "customer_id": ["C1", "C1", "C2"], "invoice_id": ["I1", "I2", "I3"], "amount": [100.0, 50.0, 50.0],
    "issue_date": DAY(["2024-01-01"] * 3), "due_date": DAY(["2024-03-01"] * 3),
})  # fmt: skip
PAID = pd.DataFrame({
    "invoice_id": ["I1", "I2"], "amount": [100.0, 40.0], "date": DAY(["2024-02-20", "2024-03-31"]),
})  # fmt: skip
CUSTOMERS = pd.DataFrame({
    "collection_rate": [0.99, 0.95], "pay_ability": ["weak", "ok"], "competitor_share": [0.6, 0.2],
})  # fmt: skip
BOOK = pd.DataFrame({"pd": [0.02, 0.2], "margin": [1e4, 1e4], "open": [1e4, 1e4], "ead": [5e4, 5e4]})
MOVES = pd.DataFrame({"customer_id": ["Ada", "Bo"], "from": ["current", "1-30"], "to": ["1-30", "lost"],
                      "amount": [25.0, 5.0]})  # fmt: skip
AGED = pd.DataFrame({"bucket": ["current", "1-30", ">30"], "open": [1000.0, 100.0, 10.0]})
PAIRS = {"variable_cost": 0.8, "cost_of_money": 0.1}


def rate(bills=BILLS, paid=PAID):
    return credit.collection_rate(bills, paid, "2024-01-01", "2024-06-30", "2024-12-31")


def test_the_hour_of_a_payment_does_not_make_it_late():
    late_in_the_day = PAID.assign(date=PAID["date"] + pd.Timedelta(hours=15))
    pd.testing.assert_frame_equal(rate(paid=late_in_the_day), rate())


def test_the_hour_of_an_order_does_not_hide_it():
    orders = BILLS.rename(columns={"issue_date": "date"})[["customer_id", "date", "amount"]]
    delays = pd.DataFrame({"customer_id": ["C1"], "date": DAY(["2024-01-01"]), "days_late": [0]})
    seen = credit.survey_triggers(orders.assign(date=DAY("2024-12-31 15:00")), delays, "2024-12-31")
    assert seen["first_order"].tolist() == [True, True]


def test_a_claim_without_an_open_route_is_written_off():
    only = {"arbitration": collection.ROUTES["arbitration"]}
    said = collection.collection_choice(1e5, routes=only, arbitration_clause=False)
    assert (said.route, said.value, said.reason) == ("write off", 0.0, "no route is open")


REFUSED = {
    "text as due day": (lambda: rate(BILLS.assign(due_date="2024-03-01")), "'due_date' holds"),
    "text as day of payment": (lambda: rate(paid=PAID.assign(date="2024-03-01")), "'date' holds"),
    "a time zone": (lambda: rate(BILLS.assign(due_date=BILLS["due_date"].dt.tz_localize("UTC"))), "time zone"),  # noqa: E501
    "a negative payment": (lambda: rate(paid=PAID.assign(amount=[-1.0, 4.0])), "negative on 1 row .*I1"),
    "a negative discount": (lambda: rate(paid=PAID.assign(discount_taken=[-1.0, 4.0])), "negative .*I1"),
    "an endless payment": (lambda: rate(paid=PAID.assign(amount=[np.inf, 4.0])), "too large .*I1"),
    "a huge invoice": (lambda: rate(BILLS.assign(amount=[1e18, 4.0, 4.0])), "too large .*I1"),
    "a discount in words": (lambda: rate(paid=PAID.assign(discount_taken=["a", "b"])), "not hold numbers"),
    "keys that never meet": (lambda: rate(BILLS.assign(invoice_id=[1, 2, 3])), "numbers in one .* text"),
    "two engines": (lambda: rate(pl.from_pandas(BILLS)), "of one kind"),
    "ledger, keys that never meet": (
        lambda: receivables.aging(BILLS.assign(invoice_id=[1, 2, 3]), PAID, "2024-12-31"), "numbers in one"),
    "a rate in words": (lambda: credit.credit_grade(CUSTOMERS.assign(collection_rate=["a", "b"])), "numbers"),
    "a gap in a flag": (
        lambda: credit.credit_grade(CUSTOMERS.assign(sued=[np.nan, True]), events={"sued": "lawsuit"}),
        "'sued' must be true or false; row 0"),
    "a flag in words": (
        lambda: credit.credit_grade(CUSTOMERS.assign(sued=["no", "yes"]), events={"sued": "lawsuit"}),
        "row 0 holds 'no'"),
    "an unknown event": (
        lambda: credit.credit_grade(CUSTOMERS.assign(sued=False), events={"sued": "rain"}), "No cap .* 'rain'"),  # noqa: E501
    "rivals in per cent": (lambda: credit.credit_grade(CUSTOMERS, rival=50), "share from 0 to 1"),
    "an index with doubles": (
        lambda: credit.credit_grade(CUSTOMERS.assign(collection_rate=[98.0, 0.2]).set_axis([7, 7])),
        "row 7 holds 98.0"),
    "no day of asking": (
        lambda: credit.rating_stale(pd.DataFrame({"rated_on": DAY(["2024-10-03"])}), as_of=None), "as_of"),
    "a rating day in words": (
        lambda: credit.rating_stale(pd.DataFrame({"rated_on": ["x"]}), as_of="2024-12-31"), "not dates"),
    "strangers multiplied": (
        lambda: credit.expected_loss(pd.Series([0.1]), pd.Series([5.0], index=[9])), "same index"),
    "an endless exposure": (lambda: credit.expected_loss(0.1, np.inf), "EAD must be a number"),
    "exposure below what is open": (lambda: credit.credit_decision(BOOK.assign(ead=1.0)), "'ead' holds what"),
    "a PD in per cent": (lambda: credit.credit_decision(BOOK.assign(pd=[2, 0.1])), "'pd' must lie .*row 0"),
    "an outcome that is missing": (lambda: credit.default_rates(pd.Series(["A"]), [np.nan]), "number 1 is nan"),  # noqa: E501
    "an outcome of a half": (lambda: credit.default_rates(pd.Series(["A"]), [0.7]), "number 1 is 0.7"),
    "an endless ratio": (
        lambda: credit.altman_z(pd.DataFrame({f"X{i}": [np.inf] for i in range(1, 6)})), "infinite; row 0"),
    "three outcomes": (lambda: credit.fit_pd(pd.DataFrame({"x": [1.0, 2, 3]}), [0, 1, 2]), "number 3 is 2"),
    "a period that is missing": (
        lambda: terms.period_decision((1, np.nan), (30, 60), (0.01, 0.02), **PAIRS), "sales, then"),
    "three numbers for two": (
        lambda: terms.period_decision((1, 2, 3), (30, 60), (0.01, 0.02), **PAIRS), "is a pair"),
    "a loan of 600 %": (lambda: terms.discount_decision(1e6, 0.02, 20, cost_of_money=6), "0.06 is 6 %"),
    "days that are missing": (
        lambda: terms.discount_decision(1e6, 0.02, np.nan, cost_of_money=0.06), "days_earlier"),
    "caps in another order": (
        lambda: terms.credit_limit(pd.Series([1e5, 2e5], index=["a", "b"]), 1, 1.0,
                                   pd.Series([5.0, 1e9], index=["b", "a"])), "same index"),
    "an endless debt": (lambda: terms.release_order(np.inf, 0, 1, 5), "ar must be a number"),
    "years that are missing": (lambda: collection.collection_choice(1e5, years_overdue=np.nan), "nan"),
    "a clause in words": (lambda: collection.collection_choice(1e5, arbitration_clause="no"), "True or False"),  # noqa: E501
    "no route": (lambda: collection.collection_choice(1e5, routes={}), "routes is empty"),
    "no moves": (lambda: provision.roll_rates(MOVES.iloc[:0], edges=(0, 30)), "no moves"),
    "a negative balance": (lambda: provision.roll_rates(MOVES.assign(amount=-1.0), edges=(0, 30)), "negative"),  # noqa: E501
    "a balance that is missing": (
        lambda: provision.provision_matrix(AGED.assign(open=[np.nan, 1, 1]), MOVES, edges=(0, 30)), "'open'"),
    "a customer twice": (
        lambda: discounts.take_up(
            pd.DataFrame({"customer_id": ["Ada"], "discount_terms": "2/10 n/30", "settled": True, "days": [9],
                          "took_discount": True}),
            pd.DataFrame({"customer_id": ["Ada", "Ada"], "usual_days": [22.0, 22.0]})),
        "'Ada' stands in `usual` twice"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_each_is_refused_in_one_sentence(case):
    call, said = REFUSED[case]
    with pytest.raises(TableError, match=said):
        call()
