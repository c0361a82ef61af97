"""One random stream for each table and block of 1,000 customers, so that adding one never changes another."""

from __future__ import annotations

import numpy as np

__all__ = ["STREAMS", "stream"]

#: Fixed numbers, for ever: a new table takes the next free number, none is ever given twice.
STREAMS = {
    "company": 0, "sales_reps": 1, "products": 2, "inventory_monthly": 3, "customers": 4,
    "customers_truth": 5, "orders": 6, "household_orders": 7, "order_terms": 8, "delivery": 9,
    "order_lines": 10, "complaints": 11, "complaint_log": 12, "competitor_offers": 13, "dropout": 14,
    "credit_drivers": 15, "default": 16, "cost_to_serve": 17, "messy_export": 18, "names": 19,
    "prior_orders": 20,
    "payments": 21, "credit_files": 22, "contracts": 23, "customer_records_raw": 24, "prospects": 25,
    "prospect_touches": 26, "campaigns": 27, "trade_fairs": 28, "dealer_candidates": 29, "prior_lines": 30,
    "surveys": 40, "kano_answers": 41, "tickets": 42, "scans": 43, "promotions": 44, "competitors": 45,
    "exit_interviews": 46, "retention_test": 47,
    "bank_accounts": 60, "brokerage_accounts": 61, "support_users": 62, "support_calls": 63,
    "showroom_visits": 64, "bank_lobby": 65, "shopper_survey": 66, "securities_firm": 67,
}  # fmt: skip


def stream(seed: int, name: str, block: int = 0) -> np.random.Generator:
    """The random generator of one table and one block of customers.

    Parameters
    ----------
    seed : int
        Of the company, 0 or more.
    name : str
        One of `STREAMS`.
    block : int
        Number of the block of 1,000 customers; 0 for tables that have no blocks.

    Returns
    -------
    numpy.random.Generator
        A PCG64 generator; the same arguments always give the same numbers.

    Raises
    ------
    KeyError
        If no stream has this name.

    Examples
    --------
    >>> first = stream(7, "orders").integers(100, size=3).tolist()
    >>> first == stream(7, "orders").integers(100, size=3).tolist()
    True
    >>> first == stream(7, "orders", block=1).integers(100, size=3).tolist()
    False
    """
    if name not in STREAMS:
        raise KeyError(f"no random stream {name!r}; give it the next free number in STREAMS")
    source = np.random.SeedSequence(seed, spawn_key=(STREAMS[name], block))
    return np.random.Generator(np.random.PCG64(source))
