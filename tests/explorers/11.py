"""The explorer of lesson 11 on the sample company."""

import pandas as pd

import casebook
from casebook import credit
from casebook.widgets import explore_credit

files, invoices = casebook.load("credit_files"), casebook.load("invoices")
payments, costs = casebook.load("payments"), casebook.load("cost_to_serve")
features = credit.pd_features(files)
model = credit.fit_pd(features, files["defaulted_next_12m"])
settled = (payments["amount"] + payments["discount_taken"]).groupby(payments["invoice_id"]).sum()
left = (
    (invoices["amount"] - invoices["invoice_id"].map(settled).fillna(0))
    .groupby(invoices["customer_id"])
    .sum()
)
book = files[(files["year"] == 2024) & ~files["defaulted_next_12m"]]
year = invoices[invoices["issue_date"] >= "2024-01-01"].groupby("customer_id")["amount"].mean()
book = book[book["customer_id"].isin(year.index)]
rates = credit.collection_rate(invoices, payments, "2023-12-01", "2024-11-30", "2024-12-31")
book = book.merge(rates, on="customer_id", how="left").assign(pay_ability="ok")
book = credit.credit_grade(book, events={"sued": "lawsuit"}).drop(columns="reason")
book["pd"] = model.predict_proba(credit.pd_features(book))[:, 1]
book["open"] = book["customer_id"].map(left).clip(lower=0)
book["ead"] = book["open"] + book["customer_id"].map(year)
costs = costs[costs["year"] == 2024].set_index("customer_id")
book["margin"] = book["customer_id"].map(costs["gross_margin"] - costs["sales_cost"]).fillna(0)
explorer = explore_credit(pd.DataFrame(book[["customer_id", "credit_grade", "pd", "margin", "open", "ead"]]))
