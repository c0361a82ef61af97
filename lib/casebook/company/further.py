"""What follows from a block's customers and orders: credit, and how customers are found."""

from __future__ import annotations

import pandas as pd

from casebook.company.credit import credit_files
from casebook.company.finding import (
    campaigns,
    dealer_candidates,
    fair_takings,
    first_year_margin,
    info_sources,
    with_fairs,
)  # fmt: skip
from casebook.company.prospects import prospects, touches
from casebook.company.purchases import purchase_types
from casebook.company.receivables import contracts, invoices, payments
from casebook.company.records import raw_records
from casebook.company.settings import Calendar

__all__ = ["credit_block", "finding_block", "finding_tables"]

Tables = dict[str, pd.DataFrame]


def credit_block(
    people: pd.DataFrame, placed: pd.DataFrame, sold: pd.DataFrame, files: pd.DataFrame, seed: int,
    block: int, calendar: Calendar,
) -> Tables:  # fmt: skip
    """Invoices, payments, credit files and contracts of one block; none changes another table.

    Parameters
    ----------
    people : DataFrame
        The block's customers, public and hidden columns.
    placed, sold : DataFrame
        Its orders and lines.
    files : DataFrame
        From `credit_history`.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    dict of str to DataFrame
        By name of the table.
    """
    bills = invoices(placed, sold)
    return {
        "invoices": bills, "payments": payments(bills, people, files, seed, block, calendar),
        "credit_files": credit_files(files, people, seed, block), "credit_truth": files,
        "contracts": contracts(people, seed, block),
    }  # fmt: skip


def finding_block(
    people: pd.DataFrame, placed: pd.DataFrame, sold: pd.DataFrame, skus: pd.DataFrame, seed: int, block: int,
    calendar: Calendar,
) -> Tables:  # fmt: skip
    """Records, prospects, touches and purchase types of one block, and what its prospects from fairs brought.

    Parameters
    ----------
    people : DataFrame
        The block's customers, public and hidden columns, with `prior_orders`.
    placed, sold : DataFrame
        Its orders and lines.
    skus : DataFrame
        From `products`.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    dict of str to DataFrame
        By name of the table; `fair_takings` is no table but what `trade_fairs` needs in the end.
    """
    found = prospects(people, seed, block, calendar)
    margin = first_year_margin(found["customer_id"], placed, sold, skus, people)
    found = with_fairs(found, margin, calendar)
    lines = sold.assign(who=placed["who"].loc[sold["order"]].to_numpy())
    return {
        "customer_records_raw": raw_records(people, seed, block), "prospects": found,
        "prospects_truth": found, "prospect_touches": touches(found, seed, block, calendar),
        "order_lines_truth": purchase_types(lines, people, skus, seed, block, calendar),
        "fair_takings": fair_takings(found, margin),
    }  # fmt: skip


def finding_tables(seed: int, calendar: Calendar) -> Tables:
    """The tables of finding customers that do not grow with the company."""
    return {
        "campaigns": campaigns(seed, calendar), "info_sources": info_sources(),
        "dealer_candidates": dealer_candidates(seed),
    }  # fmt: skip
