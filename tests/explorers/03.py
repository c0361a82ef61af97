"""The explorer of lesson 03 on the sample company."""

import casebook
from casebook import identification as idn
from casebook.widgets import explore_evaluation

files = idn.form_indicators(casebook.load("credit_files").query("year == 2024"))
served = casebook.load("cost_to_serve").query("year == 2024")[["customer_id", "profit"]]
names = casebook.load("customers")[["customer_id", "name_en"]].rename(columns={"name_en": "name"})
accounts = files.merge(names, on="customer_id").merge(served, on="customer_id", how="left")
explorer = explore_evaluation(accounts.fillna({"profit": 0.0}))
