"""Contracts of the tables that say what was sold, delivered, complained about and earned."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casebook.contracts.model import Column, Rule, Table
from casebook.contracts.words import (
    FAMILIES,
    REGIONS,
    SCOPES,
    STATUSES,
    TERMS,
    day,
)  # fmt: skip

__all__ = ["TRADE_TABLES"]

Others = Mapping[str, pd.DataFrame]
COSTS = ["sales_cost", "account_cost", "rush_freight", "free_installation", "trade_promotion", "returns_cost"]


def _looked_up(table: pd.DataFrame, key: str, other: pd.DataFrame, column: str) -> pd.Series:
    """The value of `column` in `other` for each row of `table`, by `key`."""
    return table[key].map(other.set_index(key)[column])


def _before_joining(orders: pd.DataFrame, others: Others) -> pd.Series:
    return orders["date"] < _looked_up(orders, "customer_id", others["customers"], "join_date")


def _after_dropout(orders: pd.DataFrame, others: Others) -> pd.Series:
    left = _looked_up(orders, "customer_id", others["customers_truth"], "dropout_month")
    return orders["date"] >= left + pd.offsets.MonthBegin(1)


def _out_of_range(lines: pd.DataFrame, others: Others) -> pd.Series:
    date = _looked_up(lines, "order_id", others["orders"], "date")
    launched = _looked_up(lines, "sku", others["products"], "launch_date")
    retired = _looked_up(lines, "sku", others["products"], "retired_date")
    return (date < launched) | (date > retired)


def _other_customer(complaints: pd.DataFrame, others: Others) -> pd.Series:
    return complaints["customer_id"] != _looked_up(complaints, "order_id", others["orders"], "customer_id")


def _before_order(complaints: pd.DataFrame, others: Others) -> pd.Series:
    return complaints["date"] < _looked_up(complaints, "order_id", others["orders"], "date")


def _cents(table: pd.DataFrame, column: str) -> pd.Series:
    return (table[column] * 100).round()


PRODUCTS = Table(
    name="products",
    grain="stock-keeping unit (SKU)",
    key=("sku",),
    columns=(
        Column("sku", "text", "Item number; its letter is the family."),
        Column("name_zh", "text", "Name in Chinese."),
        Column("name_en", "text", "Name in English."),
        Column("family", "text", "Product family.", allowed=FAMILIES),
        Column("list_price", "money", "List price in East.", unit="RMB", low=0),
        Column("unit_cost", "money", "What one piece costs us.", unit="RMB", low=0),
        day("launch_date", "First day on which it could be ordered."),
        day("retired_date", "Last day on which it could be ordered; missing while it is "
            "sold.", nullable=True),
        Column("retired_flag", "flag", "The old model of its family, marked for retirement."),
        Column("in_range", "flag", "Can be ordered on the last day."),
    ),
    made="8 household, 5 commercial, 7 cartridges, 4 accessories; list price lognormal (sigma .2) around "
         "1,800, 6,000, 180 and 120 RMB; unit cost from the family's margin at list, .30, .25, .45, .15. "
         "Four SKUs are launched during the data, one a family; two old models are retired after five "
         "sixths of the time.",
    planted="One old model a family sells below cost (margin at list -.05), and its lines are complained "
            "about.",
    limits="Costs do not change over time.",
    lessons=("03", "08", "09"),
    rules=(
        Rule("retired after its launch", ("launch_date", "retired_date"),
             lambda t, _: t["retired_date"] <= t["launch_date"], "Correct the dates."),
        Rule("in range unless retired", ("in_range", "retired_date"),
             lambda t, _: t["in_range"] == t["retired_date"].notna(), "Correct in_range."),
    ),
)  # fmt: skip

INVENTORY = Table(
    name="inventory_monthly",
    grain="SKU and month in which it was in range",
    key=("sku", "month"),
    columns=(
        Column("sku", "text", "Item number.", refers_to="products.sku"),
        day("month", "First day of the month."),
        Column("open_units", "integer", "Stock at the start of the month.", unit="pieces", low=0),
        Column("close_units", "integer", "Stock at the end of the month.", unit="pieces", low=0),
    ),
    made="Stock is 1.5, 2.4, 1.0 or 4.0 months of the SKU's mean demand by family (household, commercial, "
         "cartridge, accessory), with noise of up to 10%; each month opens with what the last one closed "
         "with.",
    planted="Turnover of about 8, 5, 12 and 3 times a year by family, on one basis (units, or both at list).",
    limits="In units: value sales and stock on the same basis before dividing one by the other. Stock does "
           "not follow the single month's sales, so it is no ledger: opening + purchases - sales does not "
           "close.",
    lessons=("08",),
)  # fmt: skip

ORDERS = Table(
    name="orders",
    grain="order",
    key=("order_id",),
    columns=(
        Column("order_id", "text", "Number of the order, in the order of dates."),
        Column("customer_id", "text", "Who ordered.", refers_to="customers.customer_id"),
        day("date", "Day of the order."),
        Column("region_shipped", "text", "Region to which it was shipped: the customer's "
               "own.", allowed=REGIONS,
               refers_to="regions.region_id"),
        Column("terms", "text", "Terms of payment; households, and businesses after a default, pay cash.",
               allowed=TERMS),
        Column("status", "text", "'delivered', or 'open' when it was not delivered by the last day.",
               allowed=STATUSES),
        day("promised_date", "Delivery day that was promised: 7 days after the order; may lie after the last "
            "day.", planned=True),
        day("delivered_date", "Day of delivery; missing while the order is open.", nullable=True),
    ),
    made="Businesses order at random at a rate of their own (gamma, shape 2, mean 2.4, 1.0 or .5 orders a "
         "month for a distributor, retailer or organisation) until they drop out, and on the day they join; "
         "households buy on the day they join and then as in the BG/NBD model. Terms are drawn for each "
         "order: n/30 .55, 2/10 n/30 .25, n/60 .20. A late order comes 1 + Poisson(4) days after the "
         "promise, others 0 to 2 days before it.",
    planted="12% of orders are late; in Northeast 30% from the last year on. No order after a customer "
            "dropped out (when that was is hidden). Some businesses pay cash only after a default.",
    limits="No season, no trend, no weekends: do not look for them. No cancelled orders, no returns (the "
           "messy export has them).",
    lessons=("00", "03", "04", "08", "09", "15"),
    rules=(
        Rule("open orders, and only they, have no delivery day", ("status", "delivered_date"),
             lambda t, _: (t["status"] == "open") != t["delivered_date"].isna(), "Correct status."),
        Rule("promised and delivered after the order", ("date", "promised_date", "delivered_date"),
             lambda t, _: (t["promised_date"] < t["date"]) | (t["delivered_date"] < t["date"]),
             "Correct the dates."),
        Rule("not before the customer joined", ("customer_id", "date"), _before_joining,
             "Correct the date or join_date.", needs=("customers",)),
        Rule("not after the customer dropped out", ("customer_id", "date"), _after_dropout,
             "Correct the date or dropout_month.", needs=("customers_truth",)),
    ),
)  # fmt: skip

ORDER_LINES = Table(
    name="order_lines",
    grain="line of an order",
    key=("order_id", "line_no"),
    columns=(
        Column("order_id", "text", "The order.", refers_to="orders.order_id"),
        Column("line_no", "integer", "Number of the line in its order, from 1.", low=1),
        Column("sku", "text", "What was ordered.", refers_to="products.sku"),
        Column("qty", "integer", "How many.", unit="pieces", low=1),
        Column("unit_price", "money", "What was paid for one piece, after discount. The line's amount is "
               "qty x unit_price, exact to the cent.", unit="RMB", low=0.01),
        Column("discount_pct", "number", "Discount on the list price in the region, as a fraction (.118 is "
               "11.8%).", unit="share", low=0, high=0.4, decimals=3),
    ),
    made="1 + Poisson(1.4) lines an order; the family by kind of customer, the SKU uniform among those in "
         "range; quantity lognormal (sigma .6) with mu 3.4, 2.2, 1.2 or 0 for distributors, retailers, "
         "organisations and households, at least 1. unit_price = list_price x price_index x (1 - "
         "discount_pct), rounded to the cent; the discount is normal around 12% (distributors) or 7% "
         "(retailers), others none.",
    planted="A discount of 12% turns the margins at list of .30, .25, .45 and .15 into .205, .148, .375 and "
            ".034. Customers found at fairs order 1.2 times the quantity.",
    limits="An order may name one SKU on two lines. Prices do not react to quantity.",
    lessons=("03", "08", "09", "10"),
    rules=(
        Rule("ordered while in range", ("order_id", "sku"), _out_of_range, "Correct the SKU or the date.",
             needs=("orders", "products")),
    ),
)  # fmt: skip

COST_TO_SERVE = Table(
    name="cost_to_serve",
    grain="customer and year with at least one order",
    key=("customer_id", "year"),
    columns=(
        Column("customer_id", "text", "The customer.", refers_to="customers.customer_id"),
        Column("year", "integer", "Calendar year.", low=2000, high=2024),
        Column("gross_margin", "money", "Sales less unit cost of what was sold.", unit="RMB"),
        Column("sales_cost", "money", "Selling: a quarter of the gross margin.", unit="RMB", low=0),
        Column("account_cost", "money", "Keeping the account, whatever it buys.", unit="RMB", low=0),
        Column("rush_freight", "money", "Urgent deliveries.", unit="RMB", low=0),
        Column("free_installation", "money", "Installation not charged.", unit="RMB", low=0),
        Column("trade_promotion", "money", "Promotion paid for the customer.", unit="RMB", low=0),
        Column("returns_cost", "money", "Goods taken back.", unit="RMB", low=0),
        Column("profit", "money", "gross_margin less the six costs, exact to the cent.", unit="RMB"),
    ),
    made="sales_cost = .25 of a positive gross margin; account_cost = F x 3, 1 or .6 for distributors, "
         "retailers and organisations; the other four share kappa x b of a positive gross margin (.30, .25, "
         ".30, .15), where b is zero but for 28% of the accounts of each kind. Households bear sales_cost "
         "only.",
    planted="F and kappa are SOLVED so that among businesses with an order in the last year the top 20% "
            "earn .80 of the gross profit and the bottom 30% destroy .50 of what the top earn: Sherden's "
            "triple is planted here, not found (unless the company was made with solve_whale=False).",
    limits="Never present 80/20/30 from this table as a discovery.",
    lessons=("01", "09", "10"),
    rules=(
        Rule("profit = gross_margin less the six costs", ("gross_margin", *COSTS, "profit"),
             lambda t, _: _cents(t, "gross_margin") - sum(_cents(t, c) for c in COSTS) != _cents(t, "profit"),
             "Recompute profit."),
    ),
)  # fmt: skip

COMPETITOR_OFFERS = Table(
    name="competitor_offers",
    grain="rival's offer to a customer",
    key=("customer_id", "start_month"),
    columns=(
        Column("customer_id", "text", "Who got the offer.", refers_to="customers.customer_id"),
        day("start_month", "First day of the month in which it began."),
        day("end_month", "First day of the month in which it ends: the sixth; may lie after the last day.",
            planned=True),
    ),
    made="To each business in each month until it drops out with probability .05/6; an offer lasts six "
         "months, and two may overlap.",
    planted="While an offer runs, the customer is likelier to leave.",
    limits="Only offers that the representative heard of would be known in reality; here all are.",
    lessons=("15",),
    rules=(
        Rule("ends in the sixth month", ("start_month", "end_month"),
             lambda t, _: t["start_month"] + pd.DateOffset(months=5) != t["end_month"], "Correct the "
             "months."),
    ),
)  # fmt: skip

COMPLAINTS = Table(
    name="complaints",
    grain="complaint",
    key=("complaint_id",),
    columns=(
        Column("complaint_id", "text", "Number of the complaint, in the order of dates."),
        Column("customer_id", "text", "Who complained.", refers_to="customers.customer_id"),
        Column("order_id", "text", "About which order.", refers_to="orders.order_id"),
        day("date", "Day of the complaint, 1 to 14 days after delivery."),
        Column("scope", "text", "What it is about.", allowed=SCOPES),
        Column("valid", "flag", "Found to be justified."),
        Column("department", "text", "Who has to act.",
               allowed=("production", "sales", "logistics", "service")),
        Column("handled_well", "flag", "The customer was content with the answer."),
        day("closed", "Day on which it was closed; missing while it is open.", nullable=True),
    ),
    made="An order brings one with probability .045, and each of its lines on an old model one more with "
         ".09; scope .40, .20, .25, .15; valid .9; handled well .7. Closed after the eight steps of the "
         "procedure (three when it is not valid), each with an exponential number of days.",
    planted="Old models bring complaints; complaints of the last three months make a business likelier to "
            "leave.",
    limits="Scope does not depend on what went wrong with the order. Households' complaints change nothing.",
    lessons=("13", "15"),
    rules=(
        Rule("closed on or after its day", ("date", "closed"), lambda t, _: t["closed"] < t["date"],
             "Correct the dates."),
        Rule("by the customer of the order", ("customer_id", "order_id"), _other_customer, "Correct "
        "customer_id.",
             needs=("orders",)),
        Rule("after its order", ("order_id", "date"), _before_order, "Correct the date.", needs=("orders",)),
    ),
)  # fmt: skip

TRADE_TABLES = (PRODUCTS, INVENTORY, ORDERS, ORDER_LINES, COST_TO_SERVE, COMPETITOR_OFFERS, COMPLAINTS)
