"""Credit by the specification: worked examples, direction, edges, order, engines, refusals."""

from __future__ import annotations

from itertools import pairwise

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

import casebook
from casebook import credit
from casebook.errors import TableError

DAY = pd.Timestamp


def kinds(table):
    """The same table as each engine has it."""
    return {"pandas": table, "polars": pl.from_pandas(table), "lazy": pl.from_pandas(table).lazy(),
            "duckdb": duckdb.from_df(table)}  # fmt: skip


def as_pandas(answer):
    if isinstance(answer, pl.LazyFrame):
        answer = answer.collect()
    frame = (
        answer.df()
        if isinstance(answer, duckdb.DuckDBPyRelation)
        else (answer.to_pandas() if isinstance(answer, pl.DataFrame) else answer)
    )
    return frame.sort_values("customer_id", ignore_index=True)


# CRD-05 collection rate -------------------------------------------------------------------------------


@pytest.fixture
def due():
    return pd.DataFrame({
        "customer_id": ["C1"] * 3, "invoice_id": ["I1", "I2", "I3"],
        "due_date": pd.to_datetime(["2024-03-01"] * 3), "amount": [100.0, 50.0, 50.0],
    })  # fmt: skip


@pytest.fixture
def paid():
    return pd.DataFrame({
        "invoice_id": ["I1", "I2"], "amount": [100.0, 40.0],
        "date": pd.to_datetime(["2024-02-20", "2024-03-31"]),
    })  # fmt: skip


def rate(due, paid, start="2024-01-01", end="2024-06-30", as_of="2024-12-31", **options):
    return as_pandas(credit.collection_rate(due, paid, start, end, as_of, **options))


def test_crd_05_worked_example(due, paid):
    answer = rate(due, paid)
    assert answer.loc[0, ["due_amount", "paid_in_time", "collection_rate"]].tolist() == [200, 140, 0.70]
    assert answer.loc[0, "invoices"] == 3


@pytest.mark.parametrize("kind", ["pandas", "polars", "lazy", "duckdb"])
def test_crd_05_every_engine_agrees_on_the_company(kind):
    bills, came = casebook.load("invoices"), casebook.load("payments")
    period = ("2023-12-01", "2024-11-30", "2024-12-31")
    ours = rate(bills, came, *period)
    native = credit.collection_rate(kinds(bills)[kind], kinds(came)[kind], *period)
    assert isinstance(native, {"pandas": pd.DataFrame, "polars": pl.DataFrame, "lazy": pl.LazyFrame,
                               "duckdb": duckdb.DuckDBPyRelation}[kind])  # fmt: skip
    pd.testing.assert_frame_equal(as_pandas(native), ours, check_dtype=False)


def test_crd_05_equals_the_same_by_hand_on_the_company():
    """Without the library: one loop over the invoices of one customer."""
    bills, came = casebook.load("invoices"), casebook.load("payments")
    ours = rate(bills, came, "2023-12-01", "2024-11-30", "2024-12-31").set_index("customer_id")
    name = ours["invoices"].idxmax()
    total = inside = 0
    for bill in bills[bills["customer_id"] == name].itertuples():
        limit = bill.due_date + pd.Timedelta(days=30)
        if not (DAY("2023-12-01") <= bill.due_date <= DAY("2024-11-30")) or limit > DAY("2024-12-31"):
            continue
        mine = came[(came["invoice_id"] == bill.invoice_id) & (came["date"] <= limit)]
        total += bill.amount
        inside += min(bill.amount, (mine["amount"] + mine["discount_taken"]).sum())
    assert ours.loc[name, "collection_rate"] == pytest.approx(inside / total, abs=1e-12)


def test_crd_05_the_order_of_rows_changes_nothing(due, paid):
    ours = rate(due, paid)
    for seed in range(3):
        shuffled = rate(due.sample(frac=1, random_state=seed), paid.sample(frac=1, random_state=seed))
        pd.testing.assert_frame_equal(shuffled, ours)


def test_crd_05_the_last_day_of_grace_counts_and_the_next_does_not(due, paid):
    on_time = paid.assign(date=DAY("2024-03-31"))
    assert rate(due, on_time)["collection_rate"][0] == 0.70
    assert rate(due, paid.assign(date=DAY("2024-04-01")))["collection_rate"][0] == 0
    assert rate(due, paid.assign(date=DAY("2024-04-01")), grace=31)["collection_rate"][0] == 0.70


def test_crd_05_a_longer_grace_never_lowers_a_rate():
    bills, came = casebook.load("invoices"), casebook.load("payments")
    rates = [rate(bills, came, "2023-01-01", "2023-12-31", "2024-12-31", grace=g).set_index("customer_id")
             ["collection_rate"] for g in (0, 10, 30, 90)]  # fmt: skip
    for shorter, longer in pairwise(rates):
        assert (longer >= shorter - 1e-12).all()


def test_crd_05_an_invoice_whose_grace_is_not_over_is_left_out_not_unpaid(due, paid):
    young = pd.concat([due, due.iloc[[0]].assign(invoice_id="I9", due_date=DAY("2024-12-02"), amount=1000.0)])
    late = rate(young, paid, end="2024-12-31")
    assert late["invoices"][0] == 3
    assert late["collection_rate"][0] == 0.70
    assert rate(young, paid, end="2024-12-31", as_of="2025-01-01")["invoices"][0] == 4


def test_crd_05_a_prepayment_counts_for_its_own_invoice_only(due, paid):
    more = pd.concat(
        [paid, pd.DataFrame({"invoice_id": ["I1"], "amount": [500.0], "date": [DAY("2024-02-21")]})]
    )
    assert rate(due, more)["paid_in_time"][0] == 140


def test_crd_05_a_discount_taken_in_time_is_paid_in_full(due):
    taken = pd.DataFrame({"invoice_id": ["I1"], "amount": [98.0], "discount_taken": [2.0],
                          "date": [DAY("2024-02-20")]})  # fmt: skip
    assert rate(due, taken)["paid_in_time"][0] == 100
    assert rate(due, taken.drop(columns="discount_taken"))["paid_in_time"][0] == 98


def test_crd_05_payments_after_the_day_of_looking_are_not_seen(due, paid):
    assert (
        rate(due.iloc[[0]], paid.assign(date=DAY("2024-03-30")), as_of="2024-03-31")["collection_rate"][0]
        == 1
    )
    two = due.iloc[[0]].assign(due_date=DAY("2024-03-01"))
    after = paid.assign(date=DAY("2024-04-05"))
    assert rate(two, after, as_of="2024-04-10", grace=40)["collection_rate"][0] == 1
    with pytest.raises(TableError, match=r"No invoice is due from 2024-01-01 to 2024-06-30 with its 40 days"):
        rate(two, after, as_of="2024-04-01", grace=40)


def test_crd_05_money_is_added_in_cents(due):
    thirds = pd.DataFrame({"customer_id": "C1", "invoice_id": [f"I{i}" for i in range(3)],
                           "due_date": DAY("2024-03-01"), "amount": [0.10, 0.20, 0.30]})  # fmt: skip
    came = thirds.rename(columns={"due_date": "date"})[["invoice_id", "date", "amount"]]
    assert rate(thirds, came)["due_amount"][0] == 0.6
    assert rate(thirds, came)["collection_rate"][0] == 1


def test_crd_05_leaves_its_tables_alone(due, paid):
    before = due.copy(deep=True), paid.copy(deep=True)
    rate(due, paid)
    pd.testing.assert_frame_equal(due, before[0])
    pd.testing.assert_frame_equal(paid, before[1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d, p: (d.drop(columns="due_date"), p), "no column 'due_date'"),
        (lambda d, p: (d.assign(amount=[100, -50, 50]), p), r"above zero \(invoice_id=I2 amount=-50"),
        (lambda d, p: (d.assign(invoice_id=["I1", "I1", "I3"]), p), "holds a number twice"),
        (lambda d, p: (d.assign(customer_id=["C1", None, "C1"]), p), "'customer_id' is missing on 1 row"),
        (lambda d, p: (d.assign(amount=[100, None, 50]), p), "'amount' is missing on 1 row"),
        (lambda d, p: (d, p.assign(amount=[None, 1.0])), "'amount' is missing on 1 row"),
        (lambda d, p: (d, p.assign(date=[pd.NaT, DAY("2024-01-01")])), "'date' is missing on 1 row"),
    ],
)
def test_crd_05_refuses_by_name(due, paid, change, said):
    with pytest.raises(TableError, match=said):
        rate(*change(due, paid))


def test_crd_05_refuses_arguments_by_name(due, paid):
    with pytest.raises(TableError, match=r"ends \(2023-01-01\) before it starts"):
        rate(due, paid, end="2023-01-01")
    with pytest.raises(TableError, match="grace must be a whole number of days"):
        rate(due, paid, grace=-1)
    with pytest.raises(TableError, match="as_of must be a date"):
        rate(due, paid, as_of="soon")
    with pytest.raises(TableError, match="start_date must be a date"):
        rate(due, paid, start=None)


# CRD-01 when to survey ---------------------------------------------------------------------------------


def ledger():
    """C1: a jump; C2: slower; C3: stable; C4: new."""
    orders = pd.DataFrame({
        "customer_id": ["C1", "C1", "C1", "C2", "C2", "C3", "C3", "C4"],
        "date": pd.to_datetime(["2024-01-05", "2024-05-02", "2024-12-01", "2024-03-01", "2024-11-30",
                                "2024-03-01", "2024-11-30", "2024-12-20"]),
        "amount": [2e4, 2e4, 6e4, 5e3, 5e3, 5e3, 6e3, 9e9],
    })  # fmt: skip
    payments = pd.DataFrame({
        "customer_id": ["C2", "C2", "C3", "C3"],
        "date": pd.to_datetime(["2024-04-30", "2024-12-20", "2024-04-30", "2024-12-20"]),
        "days_late": [5, 20, 5, 6],
    })  # fmt: skip
    return orders, payments


@pytest.mark.parametrize("kind", ["pandas", "polars", "lazy", "duckdb"])
def test_crd_01_worked_examples_in_every_engine(kind):
    orders, payments = (kinds(t)[kind] for t in ledger())
    answer = as_pandas(credit.survey_triggers(orders, payments, "2024-12-31"))
    assert answer["survey"].tolist() == [True, True, False, True]
    assert answer["large_order"].tolist() == [True, False, False, False]
    assert answer["slower"].tolist() == [False, True, False, False]
    assert answer["first_order"].tolist() == [False, False, False, True]
    assert answer["reason"].tolist() == [
        "an order of 2.5 times the usual or more", "pays later than before by 10 days or more",
        "nothing unusual", "ordered for the first time",
    ]  # fmt: skip


def test_crd_01_the_edges_count_and_both_reasons_are_named():
    orders, payments = ledger()
    both = payments.assign(customer_id="C1")
    answer = credit.survey_triggers(orders, both, "2024-12-31", jump=3, slower=8)
    assert answer.loc[0, "reason"] == (
        "an order of 3 times the usual or more; pays later than before by 8 days or more"
    )
    strict = credit.survey_triggers(orders, both, "2024-12-31", jump=3.01, slower=8.01)
    assert not strict.loc[0, "survey"]


def test_crd_01_what_comes_after_the_day_is_not_seen():
    orders, payments = ledger()
    assert len(credit.survey_triggers(orders, payments, "2024-12-10")) == 3
    with pytest.raises(TableError, match="no order up to 2020-01-01"):
        credit.survey_triggers(orders, payments, "2020-01-01")


def test_crd_01_refuses_by_name():
    orders, payments = ledger()
    with pytest.raises(TableError, match="jump must be above zero"):
        credit.survey_triggers(orders, payments, "2024-12-31", jump=0)
    with pytest.raises(TableError, match="no column 'days_late'"):
        credit.survey_triggers(orders, payments.drop(columns="days_late"), "2024-12-31")


# CRD-02 five contents, CRD-03 form -----------------------------------------------------------------------


FILE = pd.DataFrame(
    {"character": [80], "capacity": [70], "capital": [60], "collateral": [50], "condition": [60]}
)


def test_crd_02_worked_example():
    answer = credit.five_c(FILE)
    assert answer["five_c"].tolist() == [67.5]
    assert answer["reason"].tolist() == ["capital costs 8.0 points"]


def test_crd_02_a_better_score_never_lowers_the_total():
    for column in FILE:
        assert credit.five_c(FILE.assign(**{column: FILE[column] + 5}))["five_c"][0] > 67.5


def test_crd_02_refuses_by_name_and_leaves_the_table_alone():
    before = FILE.copy(deep=True)
    with pytest.raises(TableError, match="'capital' must lie from 0 to 100; row 0 holds 101"):
        credit.five_c(FILE.assign(capital=101))
    with pytest.raises(TableError, match="'capital' is missing"):
        credit.five_c(FILE.assign(capital=np.nan))
    with pytest.raises(TableError, match="5 numbers >= 0 that add to 1"):
        credit.five_c(FILE, w=(0.5, 0.5))
    with pytest.raises(TableError, match="pandas table"):
        credit.five_c(pl.from_pandas(FILE))
    pd.testing.assert_frame_equal(FILE, before)


def test_crd_02_the_mapping_names_the_conflict():
    table = credit.FIVE_AND_SIX
    assert table["six_c"].tolist() == [
        "Character",
        "Capacity",
        "Capital",
        "Collateral",
        "Condition",
        "Continuity",
    ]
    assert set(table["column"]) <= set(casebook.load("credit_files").columns)


def test_crd_03_worked_example():
    form = dict.fromkeys(credit.FORM_FIELDS, "seen")
    assert len(credit.FORM_FIELDS) == 20
    answer = credit.form_filled(form | {"bank": " ", "stock": None})
    assert (answer.filled, answer.share, answer.missing) == (18, 0.90, ("bank", "stock"))
    assert credit.form_filled(form | {"lawsuits": 0, "stock": False}).share == 1
    assert credit.form_filled({}).share == 0
    assert credit.form_filled({"bank": float("nan")}).share == 0
    with pytest.raises(TableError, match="no field 'colour'"):
        credit.form_filled({"colour": "red"})


# CRD-04 grades, CRD-06 caps, CRD-07 policy, CRD-08 points to note ------------------------------------------


@pytest.mark.parametrize(
    ("rate", "ability", "share", "grade"),
    [
        (1.0, "ok", 0.2, "A"), (0.98, "weak", 0.1, "C"), (0.95, "ok", 0.6, "C"), (0.74, "ok", 0.0, "D"),
        (0.90, "ok", 0.5, "B"), (0.99, "weak", 0.6, "C"), (0.75, "ok", 0.0, "C"), (0.70, "weak", 0.9, "D"),
        (0.9799, "ok", 0.0, "B"), (np.nan, "ok", 0.1, "C"), (np.nan, "ok", 0.6, "D"),
    ],
)  # fmt: skip
def test_crd_04_worked_examples_and_edges(rate, ability, share, grade):
    row = pd.DataFrame({"collection_rate": [rate], "pay_ability": [ability], "competitor_share": [share]})
    assert credit.credit_grade(row)["credit_grade"].tolist() == [grade]


@pytest.fixture
def customers():
    rng = np.random.default_rng(4)
    return pd.DataFrame({
        "collection_rate": rng.uniform(0.6, 1, 200), "pay_ability": rng.choice(["ok", "weak"], 200),
        "competitor_share": rng.uniform(0, 1, 200), "sued": rng.random(200) < 0.2,
    })  # fmt: skip


def test_crd_04_better_evidence_never_lowers_a_grade(customers):
    now = credit.credit_grade(customers)["credit_grade"]
    better = [
        customers.assign(collection_rate=1.0), customers.assign(pay_ability="ok"),
        customers.assign(competitor_share=0.0),
    ]  # fmt: skip
    for table in better:
        assert (credit.credit_grade(table)["credit_grade"] <= now).all()
    assert (credit.credit_grade(customers, events={"sued": "lawsuit"})["credit_grade"] >= now).all()


def test_crd_04_capping_first_would_give_another_grade():
    """0.99, weak, 0.6: A, down to B, cap C; capping first gives C, then D."""
    row = pd.DataFrame({"collection_rate": [0.99], "pay_ability": ["weak"], "competitor_share": [0.6]})
    assert credit.credit_grade(row)["reason"].tolist() == [
        "collects 99%: A; rivals above 50%: B; weak ability to pay: C"
    ]


def test_crd_04_a_rate_just_below_a_cut_is_not_rounded_over_it():
    row = pd.DataFrame({"collection_rate": [0.97999], "pay_ability": ["ok"], "competitor_share": [0.0]})
    assert credit.credit_grade(row)["reason"].tolist() == ["collects 97.9%: B"]


def test_crd_04_the_table_is_left_alone_and_keeps_its_rows(customers):
    before, odd = customers.copy(deep=True), customers.sample(frac=1, random_state=1)
    graded = credit.credit_grade(odd, events={"sued": "lawsuit"})
    assert graded.index.tolist() == odd.index.tolist()
    ours = credit.credit_grade(customers, events={"sued": "lawsuit"})["credit_grade"]
    pd.testing.assert_series_equal(graded["credit_grade"].sort_index(), ours)
    pd.testing.assert_frame_equal(customers, before)


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        ({"collection_rate": 98.0}, {}, "'collection_rate' must lie from 0 to 1; row 0 holds 98"),
        ({"competitor_share": np.nan}, {}, "'competitor_share' must lie from 0 to 1"),
        ({"pay_ability": "good"}, {}, "pay_ability is 'ok' or 'weak'; row 0 holds 'good'"),
        ({}, {"cuts": (0.9, 0.98, 0.75)}, "three falling rates"),
        ({}, {"unrated": "E"}, "one of A, B, C, D; got 'E'"),
        ({}, {"events": {"sued": "rumour"}}, "No cap is known for 'rumour'"),
    ],
)
def test_crd_04_refuses_by_name(customers, change, options, said):
    with pytest.raises(TableError, match=said):
        credit.credit_grade(customers.assign(**change), **options)


@pytest.mark.parametrize("grade", list("ABCD"))
@pytest.mark.parametrize("event", list(credit.CAPS))
def test_crd_06_a_cap_never_lifts(grade, event):
    """CRD-06: A + lawsuit is C, D + lawsuit stays D."""
    assert credit.apply_caps(grade, [event]) == max(grade, "C")
    assert credit.apply_caps(grade, []) == grade
    assert credit.apply_caps(grade, [event], caps={event: "D"}) == "D"


def test_crd_06_refuses_what_it_does_not_know():
    with pytest.raises(TableError, match="known are lawsuit, bounced cheque"):
        credit.apply_caps("A", ["rumour"])
    with pytest.raises(TableError, match="one of A, B, C, D; got 'AB'"):
        credit.apply_caps("AB", [])


def test_crd_07_worked_examples():
    """A ships; D with cash ships, without it stops."""
    assert credit.policy("A").action == "ship"
    assert credit.policy("D", cash=True).action == "ship"
    assert credit.policy("D").action == "stop"
    assert [credit.policy(g).coefficient for g in "ABCD"] == [1.0, 0.8, 0.4, 0.0]
    assert credit.policy("B").action == credit.policy("C").action == "ship within limit"
    assert credit.policy("C", coefficients={"C": 0.0}).action == "stop"
    with pytest.raises(TableError, match="one of A, B, C, D"):
        credit.policy("E")


def test_crd_08_worked_example():
    """89 and 90 days are still good, 91 is stale."""
    day = DAY("2024-12-31")
    rated = pd.DataFrame({"rated_on": [day - pd.Timedelta(days=n) for n in (89, 90, 91)]})
    assert credit.rating_stale(rated, as_of=day)["stale"].tolist() == [False, False, True]
    assert credit.rating_stale(rated, 89, as_of=day)["stale"].tolist() == [False, True, True]
    with pytest.raises(TableError, match="rated after 2024-01-01"):
        credit.rating_stale(rated, as_of="2024-01-01")
    with pytest.raises(TableError, match="'rated_on' is missing on 1 row"):
        credit.rating_stale(pd.DataFrame({"rated_on": [pd.NaT]}), as_of=day)


# CRD-09 Altman, CRD-10 probability and money ----------------------------------------------------------------


RATIOS = pd.DataFrame({"X1": [0.2], "X2": [0.1], "X3": [0.1], "X4": [0.5], "X5": [1.2]})


def test_crd_09_worked_example():
    answer = credit.altman_z_prime(RATIOS)
    assert answer["z"].tolist() == [1.9464]
    assert answer["zone"].tolist() == ["grey"]


def test_crd_09_edges_are_grey_and_every_ratio_helps():
    x5 = np.array([1.229, 1.23, 2.90, 2.901]) / 0.998
    at = credit.altman_z_prime(pd.DataFrame({"X1": [0.0] * 4, "X2": 0.0, "X3": 0.0, "X4": 0.0, "X5": x5}))
    assert at["zone"].tolist() == ["distress", "grey", "grey", "safe"]
    for ratio in RATIOS:
        assert credit.altman_z_prime(RATIOS.assign(**{ratio: RATIOS[ratio] + 1}))["z"][0] > 1.9464
        assert (
            credit.altman_z(RATIOS.assign(**{ratio: RATIOS[ratio] + 1}))["z"][0]
            > credit.altman_z(RATIOS)["z"][0]
        )


def test_crd_09_refuses_by_name():
    with pytest.raises(TableError, match="'X3' is missing on 1 row"):
        credit.altman_z(RATIOS.assign(X3=np.nan))
    with pytest.raises(TableError, match="Five coefficients"):
        credit.altman_z(RATIOS, coefficients=(1.0, 2.0))
    with pytest.raises(TableError, match="cuts must rise"):
        credit.altman_z_prime(RATIOS, cuts=(2.9, 1.23))


def test_crd_10_expected_loss():
    assert credit.expected_loss(0.02, 100_000, 0.6) == pytest.approx(1200)
    assert credit.expected_loss(pd.Series([0.0, 1.0]), 100.0, 0.5).tolist() == [0, 50]
    for arguments, said in [((1.2, 1, 1), "PD must be a number from 0 to 1; got 1.2"),
                            ((0.1, -1, 1), "EAD must be a number 0 or more; got -1"),
                            ((0.1, 1, np.nan), "LGD must be a number from 0 to 1; got nan")]:  # fmt: skip
        with pytest.raises(TableError, match=said):
            credit.expected_loss(*arguments)


def test_crd_10_credit_brings_nothing_at_the_break_even_and_less_above():
    margin, ead, lgd, stake, capital = 10_000, 80_000, 0.6, 0.5, 900
    at = credit.breakeven_pd(margin, ead, lgd, at_stake=stake, capital=capital)
    assert credit.credit_net(margin, at, ead, lgd, at_stake=stake, capital=capital) == pytest.approx(0)
    assert credit.credit_net(margin, at + 0.01, ead, lgd, at_stake=stake, capital=capital) < 0
    assert credit.breakeven_pd(-10, ead) == 0
    assert credit.breakeven_pd(1e9, ead) == 1
    assert isinstance(credit.breakeven_pd(-10, ead), float)
    with pytest.raises(TableError, match="EAD must be a number"):
        credit.breakeven_pd(10, 0)


@pytest.fixture
def book():
    return pd.DataFrame({"pd": [0.02, 0.20, 0.01], "margin": [1e4, 1e4, -5.0], "open": [1e4, 1e4, 0.0],
                         "ead": [5e4, 5e4, 1e3]})  # fmt: skip


def test_the_decision_is_the_sign_of_the_net(book):
    answer = credit.credit_decision(book)
    assert answer["decision"].tolist() == ["credit", "cash first", "cash first"]
    assert (answer["net"] < 0).tolist() == [False, True, True]
    np.testing.assert_allclose(
        answer["net"], 0.5 * book["margin"] - 0.6 * book["pd"] * book["ead"] - 0.08 * book["open"]
    )
    assert answer["reason"].tolist() == [
        "PD 2.0% up to the break-even of 14.0%", "PD 20.0% above the break-even of 14.0%",
        "the margin at stake does not even cover the interest",
    ]  # fmt: skip


def test_more_at_stake_never_takes_credit_away_where_there_is_margin(book):
    good = book[book["margin"] > 0]
    before = np.zeros(len(good), dtype=bool)
    for stake in np.linspace(0, 1, 21):
        now = (credit.credit_decision(good, at_stake=stake)["decision"] == "credit").to_numpy()
        assert (now >= before).all()
        before = now


def test_the_decision_refuses_by_name(book):
    with pytest.raises(TableError, match="'ead' is missing"):
        credit.credit_decision(book.assign(ead=np.nan))
    with pytest.raises(TableError, match="at_stake must be a number from 0 to 1"):
        credit.credit_decision(book, at_stake=50)
    with pytest.raises(TableError, match=r"'open' must not be negative; row 0 holds -1.0"):
        credit.credit_decision(book.assign(open=-1.0))
    with pytest.raises(TableError, match="interest must be a number from 0 to 1"):
        credit.credit_decision(book, interest=8)


def test_default_rates_count_and_hold_their_interval():
    table = credit.default_rates(pd.Series(list("BAAB")), [1, 0, 1, 1])
    assert table["group"].tolist() == ["A", "B"]
    assert table["defaults"].tolist() == [1, 2]
    assert ((table["low"] <= table["rate"]) & (table["rate"] <= table["high"])).all()
    with pytest.raises(TableError, match="4 groups, but 1 outcomes"):
        credit.default_rates(pd.Series(list("BAAB")), [1])
    with pytest.raises(TableError, match="1 rows have no group"):
        credit.default_rates(pd.Series(["A", None]), [1, 0])


@pytest.fixture(scope="module")
def files():
    return casebook.load("credit_files")


def test_crd_10_features_and_fit_have_the_planted_signs(files):
    """Default falls with the scores, and rises with lawsuits, rivals and debts."""
    features = credit.pd_features(files)
    assert list(features) == list(credit.PREDICTORS)
    model = credit.fit_pd(features, files["defaulted_next_12m"])
    assert np.sign(model[-1].coef_[0]).tolist() == [-1, 1, 1, 1]
    p = model.predict_proba(features)[:, 1]
    assert p.mean() == pytest.approx(files["defaulted_next_12m"].mean(), abs=0.002)


def test_crd_10_a_stronger_penalty_shrinks(files):
    features, bad = credit.pd_features(files), files["defaulted_next_12m"]
    size = [np.abs(credit.fit_pd(features, bad, C=c)[-1].coef_).sum() for c in (0.001, 0.1, 10)]
    assert size == sorted(size)


def test_crd_10_five_folds_lie_within_the_band_of_the_specification(files):
    """0.77 with a standard deviation of 0.03 between companies: four of them."""
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

    from casebook.evaluation import auc

    features, bad = credit.pd_features(files), files["defaulted_next_12m"].astype(int)
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=11)
    p = cross_val_predict(credit.fit_pd(features, bad), features, bad, cv=folds, groups=files["customer_id"],
                          method="predict_proba")[:, 1]  # fmt: skip
    assert abs(auc(bad, p) - 0.77) < 4 * 0.03


def test_crd_10_refuses_by_name(files):
    with pytest.raises(TableError, match="'net_worth' must be above zero for a logarithm; row 0"):
        credit.pd_features(files.assign(net_worth=0.0))
    features = credit.pd_features(files.head(10))
    with pytest.raises(TableError, match="10 rows of features, but 3 outcomes"):
        credit.fit_pd(features, [0, 1, 0])
    with pytest.raises(TableError, match="All outcomes are alike"):
        credit.fit_pd(features, [0] * 10)
    with pytest.raises(TableError, match="'sued' has gaps"):
        credit.fit_pd(features.assign(sued=np.nan), [0, 1] * 5)


def test_the_grade_seen_matches_the_truth_within_the_band_of_the_specification():
    """Planted: the collection rate of the last year gives the true grade for .60 +- .13."""
    from casebook.company import truth

    rates = rate(
        casebook.load("invoices"), casebook.load("payments"), "2023-12-01", "2024-11-30", "2024-12-31"
    )
    rates = rates[rates["invoices"] >= 6].assign(pay_ability="ok", competitor_share=0.0)
    graded = credit.credit_grade(rates).merge(truth("customers_truth"), on="customer_id")
    assert abs((graded["credit_grade"] == graded["grade_true"]).mean() - 0.60) < 0.13
