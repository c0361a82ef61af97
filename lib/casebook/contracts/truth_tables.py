"""Contracts of the hidden tables: what was really true. No lesson reads them before its last section."""

from __future__ import annotations

from casebook.contracts.model import Column, Table
from casebook.contracts.words import day

__all__ = ["TRUTH_TABLES"]

CUSTOMERS_TRUTH = Table(
    name="customers_truth",
    grain="customer",
    key=("customer_id",),
    columns=(
        Column("customer_id", "text", "Number of the customer.", refers_to="customers.customer_id"),
        Column("credit_quality", "number", "q, standard normal; missing for "
               "households.", nullable=True, decimals=6),
        Column("grade_true", "text", "Credit grade by q.", allowed=("A", "B", "C", "D"), nullable=True),
        Column("satisfaction", "number", "s, normal with sd .8, on no survey's scale.", decimals=6),
        Column("order_rate", "number", "lambda.", unit="orders a month", low=0, decimals=6),
        day("dropout_month", "First day of the month at whose end (households: in which) the customer "
            "dropped out; missing for those who had not by the last day.", nullable=True),
        Column("burden", "number", "b, multiplies the costs of service; 0 for most.", low=0, decimals=6),
        Column("wallet", "number", "True share of wallet.", unit="share", low=0, high=1, decimals=6),
        Column("p_drop", "number", "Probability of dropping out after each repeat order; households only.",
               unit="share", low=0, high=1, nullable=True, decimals=6),
    ),
    made="Drawn first; everything that a customer does follows from it.",
)  # fmt: skip

CREDIT_TRUTH = Table(
    name="credit_truth",
    grain="business customer and year of its credit file",
    key=("customer_id", "year"),
    columns=(
        Column("customer_id", "text", "The customer.", refers_to="customers.customer_id"),
        Column("year", "integer", "Calendar year."),
        Column("debt_score", "number", "z: standard score of log(other debts / net worth).", decimals=6),
        Column("pd_true", "number", "Probability of default in the year.", unit="share", low=0, high=1,
               decimals=6),
        day("default_date", "Day of the default; missing where there was none.", nullable=True),
    ),
    made="One row for each business that had joined, was alive on 1 January and had not defaulted before.",
)  # fmt: skip

ORDER_LINES_TRUTH = Table(
    name="order_lines_truth",
    grain="line with an SKU that the customer had not ordered before in the data",
    key=("order_id", "line_no"),
    columns=(
        Column("order_id", "text", "The order.", refers_to="orders.order_id"),
        Column("line_no", "integer", "Number of the line in its order."),
        Column("purchase_type_true", "text", "What the purchase was.",
               allowed=("new", "repeat", "replacement")),
    ),
    made="'repeat' if the SKU was in an order before the data starts, which no public table holds, else "
         "'replacement' if an old model of its family was in any earlier order, else 'new'. Every other line "
         "is a repeat, as `order_lines` shows; it has no row here.",
)  # fmt: skip

PROSPECTS_TRUTH = Table(
    name="prospects_truth",
    grain="prospect",
    key=("prospect_id",),
    columns=(
        Column("prospect_id", "text", "Number of the prospect.", refers_to="prospects.prospect_id"),
        Column("heat_true", "text", "How warm the prospect is.", allowed=("hot", "warm", "cold")),
        Column("days", "integer", "Days from creation to the order, if there is one.", unit="days", low=1,
               high=180),
        Column("p_order", "number", "Probability of an order within 180 days.", unit="share", low=0, high=1,
               decimals=6),
    ),
    made="Warmth says only how soon an order comes, not whether one does. Days are exponential with mean 20, "
         "60 or 150, none beyond 180.",
)  # fmt: skip

COST_TRUTH = Table(
    name="cost_truth",
    grain="company",
    key=("solved",),
    columns=(
        Column("solved", "flag", "F and kappa were solved for Sherden's triple."),
        Column("account_cost_unit", "money", "F.", unit="RMB a year"),
        Column("kappa", "number", "kappa.", decimals=9),
    ),
    made="See cost_to_serve.",
)  # fmt: skip

TRUTH_TABLES = (CUSTOMERS_TRUTH, CREDIT_TRUTH, ORDER_LINES_TRUTH, PROSPECTS_TRUTH, COST_TRUTH)
