"""The explorer of lesson 04 on the sample company."""

import casebook
from casebook.company import sales_lines
from casebook.lifetime import BetaGeoNBD, rfm_summary
from casebook.widgets import explore_value

homes = casebook.load("customers").query("nature == 'individual'")["customer_id"]
lines = sales_lines()
lines = lines[lines["customer_id"].isin(homes) & (lines["date"] <= "2024-06-30")]
model = BetaGeoNBD().fit(rfm_summary(lines, "customer_id", "date", end="2024-06-30", unit="M"))
s = lines.groupby("order_id")["amount"].sum().mean()
explorer = explore_value(model, s=s, t=97, cost=2_400, margin=18)
