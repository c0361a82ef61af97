"""The explorer of lesson 09 on the sample company."""

import casebook
from casebook import classification as cls
from casebook.company import sales_lines
from casebook.widgets import explore_abc

customers = casebook.load("customers")
served = casebook.load("cost_to_serve").query("year == 2024")
lines = sales_lines()
lines = lines[(lines["date"].dt.year == 2024) & lines["customer_id"].isin(served["customer_id"])]
revenue = cls.customer_value(lines, "customer_id", amount="amount").rename(columns={"value": "revenue"})
measures = revenue.merge(served[["customer_id", "gross_margin", "profit"]], on="customer_id").merge(
    customers[["customer_id", "name_en"]].rename(columns={"name_en": "name"}), on="customer_id"
)
explorer = explore_abc(measures[["customer_id", "name", "revenue", "gross_margin", "profit"]])
