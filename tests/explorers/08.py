"""The explorer of lesson 08 on the sample company."""

import casebook
from casebook import composition as com
from casebook.company import sales_lines
from casebook.widgets import explore_range

products = casebook.load("products")
inventory = casebook.load("inventory_monthly")
lines = sales_lines()
lines = lines[lines["date"].dt.year == 2024].merge(products[["sku", "list_price", "unit_cost"]], on="sku")
lines = lines.assign(
    sales=lines["amount"],
    cost=(lines["qty"] * lines["unit_cost"]).round(2),
    sold=lines["qty"] * lines["list_price"],
)
stock = com.average_stock(inventory[inventory["month"].dt.year == 2024])
table = lines.groupby("sku", as_index=False)[["sales", "cost", "sold"]].sum()
table = table.merge(stock, on="sku").merge(products[products["in_range"]], on="sku")
table["stock"] = table["avg_stock"] * table["list_price"]
explorer = explore_range(
    table[["sku", "family", "sales", "cost", "sold", "stock", "months"]], keep="accessory"
)
