"""Contracts of the tables of credit: invoices, payments, credit files, and the contracts customers sign."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casebook.contracts.model import Column, Rule, Table
from casebook.contracts.words import TERMS, day

__all__ = ["CREDIT_TABLES"]

Others = Mapping[str, pd.DataFrame]
NET_DAYS = {"n/30": 30, "2/10 n/30": 30, "n/60": 60}
CLAUSES = (
    "Subject: kind, brand, specification, quantity, price.", "Quality.",
    "Delivery: time, place, transport, cost.", "Rights: level, territory, products, years.",
    "Settlement: cash, cheque, instalments.", "Dealer policy: rebate, prize, promotion, people.",
    "Orders and returns.", "Breach and disputes.", "Time, place and taking effect.",
    "The parties: names, addresses, representatives, account, bank, tax number.",
)  # fmt: skip


def _looked_up(table: pd.DataFrame, key: str, other: pd.DataFrame, column: str) -> pd.Series:
    """The value of `column` in `other` for each row of `table`, by `key`."""
    return table[key].map(other.set_index(key)[column])


def _cents(values: pd.Series) -> pd.Series:
    return (values * 100).round()


def _not_the_lines(bills: pd.DataFrame, others: Others) -> pd.Series:
    lines = others["order_lines"]
    cents = (_cents(lines["unit_price"]) * lines["qty"]).groupby(lines["order_id"]).sum()
    return bills["order_id"].map(cents) != _cents(bills["amount"])


def _not_the_order(bills: pd.DataFrame, others: Others) -> pd.Series:
    names = {"customer_id": "customer_id", "issue_date": "date", "discount_terms": "terms"}
    wrong = [
        bills[mine] != _looked_up(bills, "order_id", others["orders"], its) for mine, its in names.items()
    ]
    return wrong[0] | wrong[1] | wrong[2]


def _wrong_due_date(bills: pd.DataFrame, _: Others) -> pd.Series:
    net = pd.to_timedelta(bills["discount_terms"].map(NET_DAYS), unit="D")
    return bills["due_date"] != bills["issue_date"] + net


def _paid_before_issue(paid: pd.DataFrame, others: Others) -> pd.Series:
    return paid["date"] < _looked_up(paid, "invoice_id", others["invoices"], "issue_date")


def _paid_too_much(paid: pd.DataFrame, others: Others) -> pd.Series:
    cents = _cents(paid["amount"]) + _cents(paid["discount_taken"])
    total = cents.groupby(paid["invoice_id"]).transform("sum")
    return total > _cents(_looked_up(paid, "invoice_id", others["invoices"], "amount")) + 1


def _discount_too_late(paid: pd.DataFrame, others: Others) -> pd.Series:
    issued = _looked_up(paid, "invoice_id", others["invoices"], "issue_date")
    terms = _looked_up(paid, "invoice_id", others["invoices"], "discount_terms")
    in_time = (paid["date"] <= issued + pd.Timedelta(days=10)) & (terms == "2/10 n/30")
    return (paid["discount_taken"] > 0) & ~in_time


def _file_before_joining(files: pd.DataFrame, others: Others) -> pd.Series:
    return files["file_date"] < _looked_up(files, "customer_id", others["customers"], "join_date")


def _not_the_territory(signed: pd.DataFrame, others: Others) -> pd.Series:
    return signed["territory"] != _looked_up(signed, "customer_id", others["customers"], "territory")


def _score(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, unit="points", low=0, high=100, decimals=1)


def _ratio(name: str, meaning: str, low: float | None = None) -> Column:
    return Column(name, "number", meaning, unit="ratio", low=low, decimals=4)


INVOICES = Table(
    name="invoices",
    grain="invoice",
    key=("invoice_id",),
    columns=(
        Column("invoice_id", "text", "Number of the invoice; its digits are those of the order."),
        Column("order_id", "text", "The order.", refers_to="orders.order_id", unique=True),
        Column("customer_id", "text", "Who owes it.", refers_to="customers.customer_id"),
        day("issue_date", "Day of issue: the day of the order."),
        day("due_date", "Last day to pay without delay; may lie after the last day.", planned=True),
        Column("amount", "money", "What is owed: the lines of the order, exact to the cent.", unit="RMB",
               low=0),
        Column("discount_terms", "text", "Terms of payment: '2/10 n/30' gives 2% off up to day 10.",
               allowed=TERMS[:3]),
    ),
    made="One for each order of a business on credit, issued on the day of the order and due 30 or 60 days "
         "later. Households pay in the shop; a business that has defaulted gets no credit any more.",
    planted="A quarter offers 2/10 n/30; see payments for who takes it.",
    limits="No tax, no freight, no credit notes.",
    lessons=("11", "12"),
    rules=(
        Rule("due after the days of its terms", ("issue_date", "due_date", "discount_terms"), _wrong_due_date,
             "Recompute due_date."),
        Rule("customer, day and terms of its order", ("order_id", "customer_id", "issue_date",
             "discount_terms"), _not_the_order, "Copy them from the order.", needs=("orders",)),
        Rule("amount = the lines of its order", ("order_id", "amount"), _not_the_lines, "Recompute amount.",
             needs=("order_lines",)),
    ),
)  # fmt: skip

PAYMENTS = Table(
    name="payments",
    grain="payment",
    key=("payment_id",),
    columns=(
        Column("payment_id", "text", "Number of the payment, in the order of dates."),
        Column("invoice_id", "text", "What it pays for.", refers_to="invoices.invoice_id"),
        day("date", "Day on which the money came."),
        Column("amount", "money", "What came.", unit="RMB", low=0),
        Column("method", "text", "How it was paid.", allowed=("transfer", "draft", "cheque")),
        Column("discount_taken", "money", "What was deducted for paying early; 0 for most.", unit="RMB",
               low=0),
    ),
    made="Days from issue to payment are lognormal (sigma .45) with mean 25, 34, 45 or 95 by the "
         "customer's true credit grade, 15 more on n/60. On 2/10 n/30 a share of .70, .35, .05 or 0 takes "
         "the discount and pays on day 7 to 10. One in ten of the other invoices is paid in two halves, "
         "the first 1 to 15 days before the day drawn. From the day of a default on nothing is paid any "
         "more.",
    planted="The discount is taken by the good payers, who would have paid soon anyway. The grade that "
            "payments show is not always the true one.",
    limits="Each payment names its invoice; in reality sums have to be allotted. No customer pays late in "
           "one season and early in another: do not look for a trend.",
    lessons=("11", "12"),
    rules=(
        Rule("not before the invoice", ("invoice_id", "date"), _paid_before_issue, "Correct the date.",
             needs=("invoices",)),
        Rule("paid and deducted: no more than the invoice", ("invoice_id", "amount", "discount_taken"),
             _paid_too_much, "Allot the surplus to another invoice.", needs=("invoices",)),
        Rule("discount only in time, on 2/10 n/30", ("invoice_id", "date", "discount_taken"),
             _discount_too_late, "Take the discount back.", needs=("invoices",)),
    ),
)  # fmt: skip

CREDIT_FILES = Table(
    name="credit_files",
    grain="business customer and year",
    key=("customer_id", "year"),
    columns=(
        Column("customer_id", "text", "The customer.", refers_to="customers.customer_id"),
        Column("year", "integer", "Calendar year that follows.", low=2000, high=2024),
        day("file_date", "Day of the file: 1 January of the year."),
        _score("character", "Willingness and reputation to honour debts."),
        _score("capacity", "Ability to run the business and to repay."),
        _score("capital", "Own funds."),
        _score("collateral", "What could be pledged."),
        _score("condition", "State of its trade and surroundings."),
        _score("continuity", "Outlook for staying in business."),
        Column("other_debts", "money", "What it owes to others.", unit="RMB", low=0),
        Column("sued", "flag", "Was sued over a debt in the year before."),
        Column("competitor_share", "number", "Share of its purchases that goes to rivals.", unit="share",
               low=0, high=1, decimals=3),
        Column("net_worth", "money", "Assets less debts.", unit="RMB", low=0),
        _ratio("current_ratio", "Current assets over current debts.", 0),
        _ratio("X1", "Working capital over total assets."),
        _ratio("X2", "Retained earnings over total assets."),
        _ratio("X3", "Earnings before interest and tax over total assets."),
        _ratio("X4", "Book value of equity over total debts.", 0),
        _ratio("X5", "Sales over total assets.", 0),
        Column("defaulted_next_12m", "flag", "Defaulted in the year. Known only after it: an outcome, never "
               "an input."),
    ),
    made="A file on 1 January of each year for each business that had joined, had not dropped out and had "
         "not defaulted before. Each score is 70 + 9 x loading x hidden quality + noise (sd 6), loadings "
         ".9, .8, .7, .5, .6, .7; the ratios of Altman's Z' follow the same quality; debts, lawsuits and "
         "the rivals' share do not.",
    planted="Default depends on the hidden quality, on being sued, on a rivals' share above one half, and "
            "a little on debts over net worth. About one file in twelve defaults.",
    limits="Some 70 defaults: fit at most four predictors. The six scores share one factor, so their "
           "single coefficients mean nothing. Net worth and ratios of two years of one customer are drawn "
           "anew: do not read a trend into them. X1 to X5 and net worth are not from one balance sheet.",
    lessons=("03", "11", "12"),
    rules=(
        Rule("on 1 January of its year", ("year", "file_date"),
             lambda t, _: (t["file_date"].dt.year != t["year"]) | (t["file_date"].dt.day_of_year != 1),
             "Correct file_date."),
        Rule("not before the customer joined", ("customer_id", "file_date"), _file_before_joining,
             "Take the file out.", needs=("customers",)),
    ),
)  # fmt: skip

CONTRACTS = Table(
    name="contracts",
    grain="business customer",
    key=("contract_id",),
    columns=(
        Column("contract_id", "text", "Number of the contract; its digits are those of the customer."),
        Column("customer_id", "text", "Who signed.", refers_to="customers.customer_id", unique=True),
        day("signed", "Day of signing: the day of joining."),
        Column("territory", "text", "The customer's sales territory."),
        *(Column(f"clause_{number}", "flag", f"The clause is there. {meaning}")
          for number, meaning in enumerate(CLAUSES, start=1)),
        Column("arbitration", "flag", "Disputes go to arbitration; needs clause 8."),
        Column("limit", "money", "Credit limit written into the contract.", unit="RMB", low=0),
    ),
    made="One for each business. With probability .12 a clause is missing, in three of ten such contracts "
         "two; 7 and 8 are eight and seven times as likely as another. Arbitration is agreed in .42 of "
         "those with clause 8, which makes .40 of all. The limit is lognormal around a median by kind of "
         "customer, in whole thousands.",
    planted="The gaps, most of them at clauses 7 (orders and returns) and 8 (breach and disputes).",
    limits="The limits follow habit, not risk: no grade is behind them. Nothing is renewed or changed.",
    lessons=("12", "16"),
    rules=(
        Rule("arbitration only with clause 8", ("clause_8", "arbitration"),
             lambda t, _: t["arbitration"] & ~t["clause_8"], "Correct the flags."),
        Rule("the territory of the customer", ("customer_id", "territory"), _not_the_territory,
             "Copy it from customers.", needs=("customers",)),
    ),
)  # fmt: skip

CREDIT_TABLES = (INVOICES, PAYMENTS, CREDIT_FILES, CONTRACTS)
