"""True parameters of credit and of finding customers; `settings.PARAMETERS` takes them in."""

from __future__ import annotations

from typing import Any

__all__ = ["CREDIT_PARAMETERS"]

#: Every number behind invoices, payments, credit files, contracts, records, prospects, campaigns and fairs.
CREDIT_PARAMETERS: dict[str, Any] = {
    "payment": {
        "net_days": {"n/30": 30, "2/10 n/30": 30, "n/60": 60},
        "mean_days": {"A": 25, "B": 34, "C": 45, "D": 95}, "sigma": 0.45, "more_days_on_n60": 15,
        "taker": {"A": 0.70, "B": 0.35, "C": 0.05, "D": 0.0}, "taker_days": (7, 10), "discount": 0.02,
        "halved": 0.10, "first_half_days_before": (1, 15),
        "method": {"transfer": 0.7, "draft": 0.2, "cheque": 0.1},
    },
    "credit_files": {
        "score_mean": 70, "score_slope": 9, "score_sd": 6,
        "loadings": {
            "character": 0.9, "capacity": 0.8, "capital": 0.7, "collateral": 0.5, "condition": 0.6,
            "continuity": 0.7,
        },
        "net_worth_median": {"distributor": 3e6, "retailer": 0.5e6, "organisation": 8e6},
        "net_worth_sigma": 0.8,
        "log_debt_ratio": (-1, 0.8),
        "log_current_ratio": (0.4, 0.15, 0.3),
        "ratios": {"X1": (0.15, 0.10, 0.12), "X2": (0.12, 0.08, 0.12), "X3": (0.08, 0.05, 0.05)},
        "log_ratios": {"X4": (-0.2, 0.4, 0.4), "X5": (0.25, 0.1, 0.3)},
    },
    "contracts": {
        "gap": 0.12, "second_gap": 0.30, "clause_weights": (1, 1, 1, 1, 1, 1, 8, 7, 1, 1),
        "arbitration": 0.42,  # of those with clause 8, which makes .40 of all
        "limit_median": {"distributor": 400_000, "retailer": 60_000, "organisation": 25_000},
        "limit_sigma": 0.5,
    },
    "records": {"same_tax_id": 0.042, "same_phone": 0.033, "typo": 0.025},
    "prospects": {
        "closed_per_customer": 1.08, "open_per_customer": 0.42, "within_days": 180,
        "need": 0.6, "money": 0.6, "authority": 0.5, "eligible": 0.9, "business_at_fairs": 0.75,
        "conversion": {
            "intercept": -4.0, "need": 1.5, "money": 1.2, "authority": 1.1, "referral": 0.6,
            "universal": -0.5, "fair": 0.3, "ineligible": -0.9,
        },
        "heat": {"hot": 0.25, "warm": 0.35, "cold": 0.40},
        "mean_days": {"hot": 20, "warm": 60, "cold": 150}, "date_missing": 0.08,
        "guess": (0.25, 0.8), "guess_sd": 0.1, "guess_range": (0.05, 0.95),
        "log_margin": (10.5, 1.0),
    },
    "touches": {
        "mean": 4, "moves_on": 0.5,
        "channel": {"phone": 0.40, "visit": 0.25, "message": 0.20, "email": 0.15},
        "notes": {"none": 0.30, "price": 0.25, "technical": 0.15, "delivery": 0.10, "decider": 0.10,
                  "later": 0.10},
    },
    "campaigns": {
        "times": 4, "customers_wanted": 5, "size_range": (0.8, 1.25), "cost_sigma": 0.1,
        "chain": {
            "universal": (0.40, 0.05, 0.10), "advertising": (0.005, 0.20, 0.20),
            "referral": (0.50, 0.60, 0.33), "documents": (0.30, 0.10, 0.15),
            "assistants": (0.25, 0.30, 0.20), "own_records": (0.60, 0.20, 0.30), "fairs": (0.20, 0.25, 0.08),
            "consultants": (0.15, 0.50, 0.25), "events": (0.20, 0.15, 0.12),
        },
    },
    "trade_fairs": {
        "roi": (0.6, 0.4, 0.0, 0.0, 0.0, 0.0, -0.4, -0.6), "even_within": 0.09, "booth_share": 0.7,
        "least_cost": 3000.0, "contacts_per_prospect": (4, 8), "contact_share": (0.4, 0.8),
        "attraction": (0.15, 0.25),
    },
    "dealer_candidates": {
        "count": 30, "criterion": (70, 12), "criterion_range": (30, 100),
        "later_sales": {"intercept": 50, "distribution": 0.5, "finance": 0.3}, "later_sales_sd": 8,
    },
}  # fmt: skip
