"""Lesson 12: the discount explorer on the sample company."""

import casebook
from casebook import discounts as dis
from casebook import receivables as rec
from casebook.widgets import explore_discount

invoices = casebook.load("invoices")
followed = rec.days_to_pay(invoices, casebook.load("payments"), "2024-12-31", horizon=180)
bands = dis.take_up(followed, dis.usual_days(followed))
taken = rec.days_to_pay(
    invoices[invoices["issue_date"] >= "2024-01-01"], casebook.load("payments"), "2024-12-31"
)
explorer = explore_discount(
    bands, dis.days_earlier(followed), float(taken.loc[taken["took_discount"], "amount"].sum())
)
