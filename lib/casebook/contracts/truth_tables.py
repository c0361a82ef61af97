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
        Column("sued", "flag", "Drawn with probability .10."),
        Column("competitor_share", "number", "1 - wallet + noise, clipped to 0-1.", unit="share",
               low=0, high=1, decimals=6),
        Column("debt_score", "number", "z: standard score of log(other debts / net worth).", decimals=6),
        Column("pd_true", "number", "Probability of default in the year.", unit="share", low=0, high=1,
               decimals=6),
        day("default_date", "Day of the default; missing where there was none.", nullable=True),
    ),
    made="One row for each business that had joined, was alive on 1 January and had not defaulted before.",
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

TRUTH_TABLES = (CUSTOMERS_TRUTH, CREDIT_TRUTH, COST_TRUTH)
