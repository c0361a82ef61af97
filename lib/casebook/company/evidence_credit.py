"""Counts and planted facts of credit: who pays when, who defaults, and which grade the payments show."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from casebook.company.simulate import Company

__all__ = ["EXPECTED_CREDIT", "collection_rates", "credit_facts"]

GRADES = ("A", "B", "C", "D")
Bands = dict[str, tuple[float, float]]  #: expected value and tolerance of each quantity


def _by_grade(name: str, values: tuple[float, ...], near: tuple[float, ...]) -> Bands:
    return {f"{name} {g}": (value, band) for g, value, band in zip(GRADES, values, near, strict=True)}


#: Expected value and tolerance (four standard deviations between companies) of each quantity.
EXPECTED_CREDIT: Bands = {
    "payments": (11250, 2650),
    "invoices unpaid through default": (181, 109), "invoices open at the end": (335, 135),
    **_by_grade("collection rate, true grade", (0.987, 0.937, 0.809, 0.228), (0.010, 0.020, 0.037, 0.064)),
    **_by_grade("2/10 n/30 paid by day 10, grade", (0.71, 0.35, 0.05, 0.0), (0.065, 0.072, 0.036, 0.01)),
    # wider than for all invoices: of those of the last year the slow payers are not known yet
    **_by_grade("mean days to pay, grade", (25, 34, 45, 95), (1.4, 1.5, 2.9, 7.5)),
    "grade seen equals true": (0.60, 0.13), "grade seen within one": (0.95, 0.06),
    **_by_grade("share of grade seen", (0.52, 0.16, 0.18, 0.13), (0.12, 0.09, 0.11, 0.09)),
    "contracts that lack a clause": (0.12, 0.05), "clauses 7 and 8 are missing most": (1, 0),
    "arbitration agreed": (0.40, 0.09),
    "AUC of the true risk": (0.795, 0.10), "correlation of Z' with quality": (0.76, 0.06),
    "Z' in distress": (0.085, 0.04), "Z' safe": (0.174, 0.055), "Z' median": (2.14, 0.12),
}  # fmt: skip


def credit_facts(company: Company) -> dict[str, float]:
    """Measure every quantity of `EXPECTED_CREDIT`.

    Parameters
    ----------
    company : Company
        From `simulate`.

    Returns
    -------
    dict of str to float
    """
    bills = _bills(company)
    return _unpaid(company, bills) | _speed(bills) | _grades(bills) | _contracts(company) | _altman(company)


def _bills(company: Company) -> pd.DataFrame:
    """Each invoice with the true grade, the day of its last payment, and what was settled in time."""
    hidden, paid = company.truth["customers_truth"], company["payments"]
    bills = company["invoices"].merge(hidden[["customer_id", "grade_true"]], on="customer_id")
    paid = paid.merge(bills[["invoice_id", "due_date"]], on="invoice_id")
    paid = paid.assign(settled=paid["amount"] + paid["discount_taken"])
    in_time = paid[paid["date"] <= paid["due_date"] + pd.Timedelta(days=30)]
    by = paid.groupby("invoice_id")
    return bills.assign(
        settled=bills["invoice_id"].map(by["settled"].sum()).fillna(0),
        in_time=bills["invoice_id"].map(in_time.groupby("invoice_id")["settled"].sum()).fillna(0),
        paid_on=bills["invoice_id"].map(by["date"].max()),
        taken=bills["invoice_id"].map(by["discount_taken"].sum()).fillna(0) > 0,
    )


def collection_rates(bills: pd.DataFrame, by: str) -> pd.Series:
    """Share of the amounts due that was settled within 30 days after the due day.

    Parameters
    ----------
    bills : DataFrame
        `amount`, `in_time` (RMB settled within the grace) and the column to group by; all due days lie at
        least 30 days before the last day.
    by : str
        Column to group by.

    Returns
    -------
    Series
        One rate for each group.

    Examples
    --------
    >>> due = pd.DataFrame({"who": ["a"] * 3, "amount": [100, 50, 50], "in_time": [100, 40, 0]})
    >>> collection_rates(due, "who")
    who
    a    0.7
    dtype: float64
    """
    capped = bills.assign(in_time=bills[["amount", "in_time"]].min(axis=1))
    total = capped.groupby(by)[["amount", "in_time"]].sum()
    return total["in_time"] / total["amount"]


def _unpaid(company: Company, bills: pd.DataFrame) -> dict[str, float]:
    defaults = company.truth["credit_truth"].dropna(subset="default_date")
    unpaid = bills["settled"] < bills["amount"] - 0.005
    failed = bills["customer_id"].isin(defaults["customer_id"])
    return {
        "payments": len(company["payments"]),
        "invoices unpaid through default": (unpaid & failed).sum(),
        "invoices open at the end": (unpaid & ~failed).sum(),
    }


def _speed(bills: pd.DataFrame) -> dict[str, float]:
    """Collection rate, discounts and days to pay by true grade."""
    old = bills[bills["due_date"] + pd.Timedelta(days=30) <= pd.Timestamp("2024-12-31")]
    days = (bills["paid_on"] - bills["issue_date"]).dt.days
    offered = bills[bills["discount_terms"] == "2/10 n/30"]
    by_ten = (days <= 10)[offered.index].groupby(offered["grade_true"]).mean()
    # of the invoices of 2022 and 2023: of the later ones only the quick payers are known
    plain = (bills["discount_terms"] != "n/60") & ~bills["taken"] & (bills["issue_date"] < "2024-01-01")
    mean = days[plain].groupby(bills["grade_true"]).mean()
    tables = {"collection rate, true grade": collection_rates(old, "grade_true"),
              "2/10 n/30 paid by day 10, grade": by_ten, "mean days to pay, grade": mean}  # fmt: skip
    return {f"{name} {g}": table[g] for name, table in tables.items() for g in GRADES}


def _grades(bills: pd.DataFrame) -> dict[str, float]:
    """The grade by collection rate of the invoices due in the year up to the last but one month."""
    due = bills[bills["due_date"].between("2023-12-01", "2024-11-30")]
    many = due.groupby("customer_id")["invoice_id"].transform("count") >= 6
    rate = collection_rates(due[many], "customer_id")
    true = due.groupby("customer_id")["grade_true"].first()[rate.index].map(GRADES.index)
    seen = (3 - np.searchsorted([0.75, 0.90, 0.98], rate.to_numpy() + 1e-12, side="right")).astype(int)
    apart = np.abs(seen - true.to_numpy())
    return {
        "grade seen equals true": (apart == 0).mean(), "grade seen within one": (apart <= 1).mean(),
        **{f"share of grade seen {g}": (seen == k).mean() for k, g in enumerate(GRADES)},
    }  # fmt: skip


def _contracts(company: Company) -> dict[str, float]:
    signed = company["contracts"]
    gaps = ~signed[[f"clause_{number}" for number in range(1, 11)]]
    return {
        "contracts that lack a clause": gaps.any(axis=1).mean(),
        "clauses 7 and 8 are missing most": set(gaps.sum().nlargest(2).index) == {"clause_7", "clause_8"},
        "arbitration agreed": signed["arbitration"].mean(),
    }


def _altman(company: Company) -> dict[str, float]:
    """How well the truth tells who defaults; Altman's Z' for private firms (Altman 1983)."""
    weights = {"X1": 0.717, "X2": 0.847, "X3": 3.107, "X4": 0.420, "X5": 0.998}
    z = company["credit_files"][[*weights]] @ pd.Series(weights)
    files, hidden = company["credit_files"], company.truth["customers_truth"].set_index("customer_id")
    risk = company.truth["credit_truth"]["pd_true"]
    return {
        "AUC of the true risk": roc_auc_score(files["defaulted_next_12m"], risk),
        "correlation of Z' with quality": z.corr(files["customer_id"].map(hidden["credit_quality"])),
        "Z' in distress": (z < 1.23).mean(), "Z' safe": (z > 2.90).mean(), "Z' median": z.median(),
    }  # fmt: skip
