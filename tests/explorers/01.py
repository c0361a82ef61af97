"""The whale explorer of lesson 01, on the business accounts of 2024."""

import casebook
from casebook.widgets import explore_whale

business = casebook.load("customers").query("nature != 'individual'")["customer_id"]
served = casebook.load("cost_to_serve").query("year == 2024")
explorer = explore_whale(served[served["customer_id"].isin(business)].set_index("customer_id"))
