"""Counts and planted facts of finding customers: prospects, fairs, campaigns, records, dealers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.metrics import roc_auc_score

from casebook.company.settings import PARAMETERS, Calendar
from casebook.company.simulate import Company

__all__ = ["EXPECTED_FINDING", "entities", "fair_returns", "finding_facts"]

#: Expected value and tolerance (four standard deviations between companies) of each quantity.
EXPECTED_FINDING: dict[str, tuple[float, float]] = {
    "closed prospects won": (191, 52), "conversion rate": (0.177, 0.048),
    "AUC of the true conversion": (0.77, 0.08),
    "open and overdue": (182, 36), "open and hot": (85, 32), "open and warm": (83, 31),
    "open and cold": (37, 25), "open without a date": (33, 23), "hot with MAN": (15, 14),
    "touches": (6000, 310),
    "closed prospects from fairs": (130, 43), "fairs that pay (.3 to .7)": (2, 0),
    "fairs within .1 of nothing": (4, 0), "fairs that lose (-.3 to -.7)": (2, 0),
    "campaign steps more than 4 se off their rate": (0, 0),
    "customers in the raw records, up to the misspelt": (1025, 0),
    "later sales: z of distribution": (0, 3), "later sales: z of finance": (0, 3),
}  # fmt: skip


def finding_facts(company: Company) -> dict[str, float]:
    """Measure every quantity of `EXPECTED_FINDING`.

    Parameters
    ----------
    company : Company
        From `simulate`, of 1,000 customers.

    Returns
    -------
    dict of str to float
    """
    roi = fair_returns(company)
    return _prospects(company) | {
        "fairs that pay (.3 to .7)": roi.between(0.3, 0.7).sum(),
        "fairs within .1 of nothing": roi.between(-0.1, 0.1).sum(),
        "fairs that lose (-.3 to -.7)": roi.between(-0.7, -0.3).sum(),
        "campaign steps more than 4 se off their rate": _steps_off(company),
        "customers in the raw records, up to the misspelt": entities(company["customer_records_raw"]),
        **_later_sales(company),
    }  # fmt: skip


def _prospects(company: Company) -> dict[str, float]:
    found, as_of = company["prospects"], Calendar().as_of
    closed, still_open = found[found["status"] != "open"], found[found["status"] == "open"]
    due = still_open["expected_order_date"]
    hot = due.between(as_of, as_of + pd.DateOffset(months=1))
    warm = (due > as_of + pd.DateOffset(months=1)) & (due <= as_of + pd.DateOffset(months=3))
    chance = company.truth["prospects_truth"]["p_order"]
    man = still_open[["need", "money", "authority"]].all(axis=1)
    return {
        "closed prospects won": closed["ordered_180d"].sum(),
        "conversion rate": closed["ordered_180d"].mean(),
        "AUC of the true conversion": roc_auc_score(closed["status"] == "won", chance[closed.index]),
        "open and overdue": (due < as_of).sum(), "open and hot": hot.sum(), "open and warm": warm.sum(),
        "open and cold": (due > as_of + pd.DateOffset(months=3)).sum(),
        "open without a date": due.isna().sum(),
        "hot with MAN": (hot & man).sum(), "touches": len(company["prospect_touches"]),
        "closed prospects from fairs": closed["fair_id"].notna().sum(),
    }  # fmt: skip


def fair_returns(company: Company) -> pd.Series:
    """Return on the cost of each fair, from the public tables alone.

    Parameters
    ----------
    company : Company
        From `simulate`.

    Returns
    -------
    Series
        By fair: (margin of the won customers' first twelve months - cost) / cost.
    """
    won = company["prospects"].dropna(subset=["fair_id", "customer_id"])[["fair_id", "customer_id"]]
    orders = (
        company["orders"]
        .merge(won, on="customer_id")
        .merge(company["customers"][["customer_id", "join_date"]])
    )
    early = orders[orders["date"] < orders["join_date"] + pd.DateOffset(years=1)]
    lines = company["order_lines"].merge(early[["order_id", "fair_id"]], on="order_id")
    lines = lines.merge(company["products"][["sku", "unit_cost"]], on="sku")
    margin = (lines["qty"] * (lines["unit_price"] - lines["unit_cost"])).groupby(lines["fair_id"]).sum()
    fairs = company["trade_fairs"].set_index("fair_id")
    cost = fairs["booth_cost"] + fairs["travel_cost"]
    return margin.reindex(cost.index).fillna(0) / cost - 1


def _steps_off(company: Company) -> int:
    """How many of nine methods x three steps lie more than four standard errors off their true rate."""
    total = company["campaigns"].groupby("method")[["contacts", "reached", "qualified", "customers"]].sum()
    rate = np.array([PARAMETERS["campaigns"]["chain"][method] for method in total.index])
    base, went_on = total.to_numpy(dtype=float)[:, :3], total.to_numpy(dtype=float)[:, 1:]
    return int((np.abs(went_on - base * rate) > 4 * np.sqrt(base * rate * (1 - rate))).sum())


def entities(records: pd.DataFrame) -> int:
    """Count customers by joining records with the same tax number, telephone, or name and region.

    >>> entities(pd.DataFrame({"tax_id": ["9", "9", None, "7"], "phone": ["1", "2", "2", "5"],
    ...                        "name": ["a", "b", "c", "d"], "region": ["E", "E", "E", "E"]}))
    2
    """
    rows, ends = np.arange(len(records)), []
    for key in (["tax_id"], ["phone"], ["name", "region"]):
        known = records[key].notna().all(axis=1)
        first = records[known].reset_index().groupby(key)["index"].transform("min")
        ends.append((rows[known], first.to_numpy()))
    a, b = np.concatenate(ends, axis=1)
    return int(
        connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(len(rows),) * 2), directed=False)[0]
    )


def _later_sales(company: Company) -> dict[str, float]:
    """How many standard errors the two weights lie from the truth, in a regression on both."""
    table, truth = company["dealer_candidates"], PARAMETERS["dealer_candidates"]["later_sales"]
    x = np.column_stack([np.ones(len(table)), table[["distribution", "finance"]]])
    beta, squares = np.linalg.lstsq(x, table["later_sales"])[:2]
    se = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * squares[0] / (len(table) - 3))
    z = (beta - list(truth.values())) / se
    return {"later sales: z of distribution": z[1], "later sales: z of finance": z[2]}
