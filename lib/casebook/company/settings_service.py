"""The true parameters of what follows a sale: answers, complaints, tickets, scans, leaving, the call."""

from __future__ import annotations

from typing import Any

__all__ = ["SERVICE_PARAMETERS"]

#: Part of `PARAMETERS`; written to truth/parameters.json with the rest.
SERVICE_PARAMETERS: dict[str, Any] = {
    "surveys": {
        "answer_rate": 0.45, "late": -0.5, "complaint": -0.4, "noise_sd": 0.6,
        "csat_cuts": (-1.8, -1.1, -0.4, 0.5),
        "expected": (3.8, 0.6),
        "layers": {"base": 3.6, "slope": 0.7, "sd": 0.7},
        "performance": {"base": 3.4, "slopes": (0.7, 0.5, 0.2, 0.6, 0.3), "sd": 0.7},
        "importance": {"means": (4.5, 4.0, 4.3, 3.6, 3.0), "sd": 0.6},
        "knows": 0.9, "praises": (0.8, 1.2), "asks_by_name": (-0.6, 0.8), "would_return": (0.8, 1.0),
        "main_reason": {"price": 0.25, "points": 0.15, "location": 0.25, "none": 0.35},
        "alternatives_poisson": 3,
        "choose_minutes": {"base": 20, "slope": -5, "sd": 5, "least": 1},
        "price_sensitivity": {"base": 3, "slope": -0.6, "sd": 0.8},
        "tolerance": {"base": 3, "slope": 0.6, "sd": 0.8},
    },
    "kano_answers": {"respondents": 60, "categories": {"M": 3, "O": 3, "A": 2, "I": 2}, "noise": 0.2},
    "complaint_log": {"swap": 0.05},
    "tickets": {
        "per_order": 0.18, "burden_factor": 2, "after_delivery_days": (1, 30), "within_24_hours": 0.72,
        "kind": {"installation": 0.25, "repair": 0.25, "cartridge_change": 0.35, "advice": 0.15},
        "mobile": {"installation": 1.0, "repair": 0.7, "cartridge_change": 0.9, "advice": 0.1},
        "technical": {"installation": 1.0, "repair": 1.0, "cartridge_change": 0.3, "advice": 0.3},
        "paid": {"installation": 0.0, "repair": 0.5, "cartridge_change": 0.6, "advice": 0.0},
        "fee": (40, 240), "engineers_per_region": 2,
    },
    "scans": {
        "per_dealer": 100, "spill": 0.03, "malicious": (0.30, 0.25, 0.20), "benign": (0.20, 0.20),
        "honest_price": (1.0, 1.05), "malicious_price": (0.86, 0.90),
    },
    "promotions": {
        "per_block": 20, "base_noise": 0.10, "least_base": 30, "lift": (0.6, 0.1), "pull_forward": 0.4,
        "cost_per_base_unit": (40, 160),
    },
    "competitors": {
        "gaps": (10, 2, -2, -8, -12), "our_scores": (60, 80), "spread": 10,
    },
    "exit_interviews": {
        "share": 0.70, "months_later": 2,
        "cause": {
            "unstable_quality": 0.30, "no_innovation": 0.05, "poor_service": 0.25,
            "weak_market_control": 0.10, "staff_left": 0.10, "rival_offer": 0.15,
            "short_term_behaviour": 0.05,
        },
    },
    "retention_test": {
        "units": 2400, "offer_share": 0.25, "auto_share": 0.30, "treated_share": 0.50,
        "value_lognormal": (6.2, 0.4),
        "control": {"intercept": -1.1, "silence": 0.6, "csat": -0.5, "offer": 2.1, "auto": -0.6},
        "call": {"persuadable": -1.1, "persuadable_dissatisfied": -0.6, "auto_only": 0.5, "offer": 0.0},
        "dissatisfied_clip": (-1, 2),
    },
}  # fmt: skip
