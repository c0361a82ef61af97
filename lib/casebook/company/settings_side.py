"""The true parameters of the side cases: showroom, banks, broker, telephone company, survey."""

from __future__ import annotations

from typing import Any

__all__ = ["SIDE_PARAMETERS"]

#: Part of `PARAMETERS`; written to truth/parameters.json with the rest.
SIDE_PARAMETERS: dict[str, Any] = {
    "showroom": {
        "first_visit_days": 274,  # January to September
        "share_of_signal": {
            "asked_fee": 0.40, "asked_delivery": 0.30, "asked_developer": 0.25, "loan_q": 0.35,
            "bargain": 0.35, "notes": 0.30,
        },
        "more_units_binomial": (3, 0.35), "bag_cue_shares": (0.6, 0.3, 0.1), "log_budget": (13.8, 0.4),
        "return_shares": {"back_in_3": 0.20, "back_in_7": 0.22, "back_in_30": 0.20, "not_back": 0.38},
        "return_days": {"back_in_3": (1, 3), "back_in_7": (4, 7), "back_in_30": (8, 30)},
        "more_returns_poisson": 0.25, "last_purchase_day": 90,
        "logit": {
            "intercept": -1.9, "bargain": 0.9, "loan_q": 0.6, "notes": 0.4, "more_units": -0.3,
            "back_in_3": 1.0, "back_in_7": 0.5, "not_back": -0.8,
        },
    },
    "bank_accounts": {
        "accounts": 500, "below_100": 100, "median": 20_000, "sigma": 1.8, "premier": 40,
        "bank_shares": {"Citibank": 0.25, "HSBC": 0.25, "ICBC": 0.50}, "transactions": 24, "cost": 5.0,
        "small_but_busy": 12,
    },
    "brokerage_accounts": {
        "accounts": 300, "dormant": 54, "missed_by": {"cash": 30, "day": 40, "securities": 20},
    },
    "support": {
        "users": 400, "heavy": 10, "heavy_at_a_loss": 7, "heavy_unresolved": 4, "revenue_median": 80.0,
        "revenue_sigma": 0.5, "heavy_revenue": 600.0, "calls_mean": 1.6, "calls_shape": 0.5,
        "new_issue": 0.75, "resolved": 0.85, "repeats_from": 51, "more_repeats_poisson": 5,
        "most_repeats": 101, "cost": 5.0,
    },
    "bank_lobby": {
        "business": (36, 24, 18, 18, 10, 8, 6), "assets_band": (78, 30, 12), "digital_ready": 54,
        "mean_wait": 12,
    },
    "shopper_survey": {"type_counts": (70, 40, 30, 60), "own": 4.2, "other": 2.6, "sd": 0.8},
    "securities_firm": {"clients": 200, "top_share": 0.90, "total": 10_000_000},
}  # fmt: skip
