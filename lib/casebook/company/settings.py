"""The true parameters of the simulated company, and its calendar: what was really true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from casebook.company.settings_credit import CREDIT_PARAMETERS
from casebook.company.settings_service import SERVICE_PARAMETERS
from casebook.company.settings_side import SIDE_PARAMETERS
from casebook.contracts.words import LAST_DAY, SOURCES

__all__ = ["BLOCK", "PARAMETERS", "SEED", "Calendar", "days"]

SEED = 20240101  #: of the shipped company
BLOCK = 1000  #: customers that share one set of random streams
MONTH_DAYS = 30.44  #: a month in the household buying model

#: Every number of the true process; written to truth/parameters.json.
PARAMETERS: dict[str, Any] = {
    "customers": {
        "share_of_kind": {"distributor": 0.06, "retailer": 0.26, "organisation": 0.20, "household": 0.48},
        "source_shares": dict(
            zip(SOURCES, (0.20, 0.20, 0.12, 0.10, 0.06, 0.10, 0.12, 0.04, 0.06), strict=True)
        ),
        "value_type_dirichlet": {
            "distributor": (2, 2, 4), "retailer": (5, 2, 1), "organisation": (2, 4, 1),
            "household": (4, 2, 1),
        },
        "wallet_beta": (5, 3),
        "strategic_share": 0.05,
        "satisfaction_sd": 0.8,
        "grade_cuts": {"A": 0.385, "B": -0.524, "C": -1.282},
        "acquisition_cost_mean": dict(
            zip(SOURCES, (2000, 1500, 500, 900, 1200, 400, 7500, 4000, 2500), strict=True)
        ),
        "acquisition_cost_sigma": 0.4,
        "acquisition_cost_household_factor": 0.1,
    },
    "products": {
        "count": {"household": 8, "commercial": 5, "cartridge": 7, "accessory": 4},
        "price": {"household": 1800, "commercial": 6000, "cartridge": 180, "accessory": 120},
        "price_sigma": 0.2,
        "margin": {"household": 0.30, "commercial": 0.25, "cartridge": 0.45, "accessory": 0.15},
        "margin_old": -0.05,
        "launch_months": (6, 12, 18, 24),
        "retired_month": 29,
        "stock_months": {"household": 1.5, "commercial": 2.4, "cartridge": 1.0, "accessory": 4.0},
        "stock_noise": 0.10,
    },
    "orders": {
        "rate_shape": 2,
        "rate_mean": {"distributor": 2.4, "retailer": 1.0, "organisation": 0.5},
        "household_bgnbd": {"r": 0.6, "alpha_months": 3.0, "a": 0.8, "b": 2.5, "month_days": MONTH_DAYS},
        "terms": {"n/30": 0.55, "2/10 n/30": 0.25, "n/60": 0.20},
        "promised_days": 7,
        "late": 0.12,
        "late_drift": {"region": "NE", "from_month": 24, "late": 0.30},
        "late_days_poisson": 4,
    },
    "order_lines": {
        "more_lines_poisson": 1.4,
        "family_mix": {
            "distributor": (0.40, 0.10, 0.40, 0.10), "retailer": (0.40, 0.03, 0.45, 0.12),
            "organisation": (0.20, 0.35, 0.40, 0.05), "household": (0.35, 0.0, 0.55, 0.10),
        },
        "log_qty": {"distributor": 3.4, "retailer": 2.2, "organisation": 1.2, "household": 0.0},
        "log_qty_sigma": 0.6,
        "fair_factor": 1.2,
        "discount": {"distributor": (0.12, 0.03), "retailer": (0.07, 0.02)},
        "discount_max": 0.30,
    },
    "complaints": {
        "per_order": 0.045, "per_old_line": 0.09, "after_delivery_days": (1, 14),
        "scope": {"quality": 0.40, "contract": 0.20, "transport": 0.25, "service": 0.15},
        "department": {
            "quality": "production", "contract": "sales", "transport": "logistics", "service": "service",
        },
        "valid": 0.9, "handled_well": 0.7, "step_days": (1, 1, 1, 3, 2, 1, 5, 3), "skip_step_6": 0.08,
    },
    "sales_reps": {"per_region": 3, "leave_months": (8, 14, 20, 25)},
    "offers": {"per_month": 0.05 / 6, "months": 6},
    "dropout": {
        "intercept": -5.5, "complaints_90d": 0.9, "late_share_12m": 4.0, "satisfaction": -1.3,
        "offer_active": 1.6, "rep_left_6m": 1.8, "log_tenure": -0.5, "referral": -0.4,
        "advertising_or_universal": 0.3, "late_share_without_orders": 0.12,
    },
    "credit": {
        "intercept": -3.2, "credit_quality": -1.1, "sued": 0.8, "competitor_share_over_half": 0.9,
        "debt_score": 0.25, "sued_share": 0.10, "competitor_share_sd": 0.05,
    },
    "cost_to_serve": {
        "sales_cost": 0.25,
        "account_weight": {"distributor": 3.0, "retailer": 1.0, "organisation": 0.6, "household": 0.0},
        "burden_share": 0.28, "burden_range": (0.6, 1.4),
        "split": {
            "rush_freight": 0.30, "free_installation": 0.25, "trade_promotion": 0.30, "returns_cost": 0.15,
        },
        "top_share_gross": 0.80, "destroyed_ratio": 0.50,
        "unsolved": {"account_cost_unit": 6800.0, "kappa": 0.5},
    },
    **CREDIT_PARAMETERS,
    **SERVICE_PARAMETERS,
    **SIDE_PARAMETERS,
}  # fmt: skip


def days(count: int | np.ndarray) -> np.ndarray:
    """So many days, to be added to dates (numpy wants the unit said).

    >>> np.datetime64("2024-02-28") + days(2)
    np.datetime64('2024-03-01')
    """
    return np.asarray(count).astype("timedelta64[D]")


@dataclass(frozen=True)
class Calendar:
    """The months of the company's data; the last day is always the same, the first depends on `years`.

    Months are counted from 0. Moments that are planted at a month of the three-year company lie at the same
    share of a longer or shorter one.

    >>> Calendar(3).start.date().isoformat(), Calendar(3).months, Calendar(1).month_of(24)
    ('2022-01-01', 36, 8)
    """

    years: int = 3

    def __post_init__(self) -> None:
        if not (isinstance(self.years, int) and 1 <= self.years <= 20):
            raise ValueError(f"years must be a whole number from 1 to 20, got {self.years!r}")

    @property
    def as_of(self) -> pd.Timestamp:
        """The last day of the data."""
        return pd.Timestamp(LAST_DAY)

    @property
    def start(self) -> pd.Timestamp:
        """The first day of the data."""
        return pd.Timestamp(year=self.as_of.year - self.years + 1, month=1, day=1)

    @property
    def months(self) -> int:
        """How many months the data has."""
        return 12 * self.years

    @property
    def first_days(self) -> np.ndarray:
        """The first day of each month, and of the one after the last."""
        first = np.datetime64(self.start.strftime("%Y-%m"), "M")
        return (first + np.arange(self.months + 1).astype("timedelta64[M]")).astype("datetime64[D]")

    def month_of(self, month_of_three_years: int) -> int:
        """The month that lies at the same share of this calendar as the given one of 36."""
        return month_of_three_years * self.years // 3

    def index(self, days: np.ndarray) -> np.ndarray:
        """The month (from 0) in which each day lies; negative before the start."""
        first = np.datetime64(self.start.strftime("%Y-%m"), "M")
        return (days.astype("datetime64[M]") - first).astype("int64")
