"""Find the hidden models again: dropout from what drives it, household buying from its formula.

Runs on a company ten or more times larger than the shipped one, where standard errors are small enough for a
wrong formula to show.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, hyp2f1
from scipy.stats import chi2

from casebook.company.dropout import dropout_drivers
from casebook.company.settings import MONTH_DAYS, PARAMETERS, Calendar
from casebook.company.simulate import Company

__all__ = ["beside_truth", "fit_logistic", "recover", "repeat_orders", "trials_of_dropout"]


def trials_of_dropout(company: Company) -> pd.DataFrame:
    """One row for each business and month in which it could leave, with what drives it, from the tables.

    Parameters
    ----------
    company : Company
        Only its public tables, the hidden satisfaction and the hidden month of dropout are used.

    Returns
    -------
    DataFrame of shape (n_customer_months, 9)
        The drivers of `dropout_drivers`, and `left` (True in the month of dropout).
    """
    calendar, truth = Calendar(company.parameters["years"]), company.truth["customers_truth"]
    people = company["customers"].merge(truth, on="customer_id").rename(columns={"industry": "kind"})
    row = pd.Series(people.index, index=people["customer_id"])
    orders, told = company["orders"], company["complaints"]
    late = (orders["delivered_date"] > orders["promised_date"]) | orders["delivered_date"].isna()
    orders = pd.DataFrame(
        {"who": orders["customer_id"].map(row), "promised_date": orders["promised_date"], "late": late}
    )
    offers = np.zeros((len(people), calendar.months), dtype=bool)
    made = company["competitor_offers"]
    offers[made["customer_id"].map(row), calendar.index(made["start_month"].to_numpy())] = True
    complaints = pd.DataFrame({"who": told["customer_id"].map(row), "date": told["date"]})
    drivers = dropout_drivers(people, orders, complaints, offers, company["sales_reps"], calendar)
    month, gone = (
        np.arange(calendar.months),
        people["dropout_month"].fillna(pd.Timestamp("2100-01-01")).to_numpy(),
    )
    last = calendar.index(gone)[:, None]
    there = calendar.index(people["join_date"].to_numpy())[:, None] <= month
    there &= (month <= last) & (people["kind"] != "household").to_numpy()[:, None]
    return pd.DataFrame(
        {**{name: values[there] for name, values in drivers.items()}, "left": (month == last)[there]}
    )


def fit_logistic(x: np.ndarray, y: np.ndarray, steps: int = 50) -> tuple[np.ndarray, np.ndarray]:
    """Fit a logistic regression by Newton's method: coefficients (intercept first) and their covariance.

    Parameters
    ----------
    x : array of shape (n, k)
        Drivers.
    y : array of shape (n,)
        0 or 1.
    steps : int
        At most so many.

    Returns
    -------
    coefficients : array of shape (k + 1,)
    covariance : array of shape (k + 1, k + 1)

    Examples
    --------
    >>> seen, happened = np.array([[0], [0], [0], [0], [1], [1]]), np.array([0, 0, 0, 1, 0, 1])
    >>> fit_logistic(seen, happened)[0].round(4).tolist()
    [-1.0986, 1.0986]
    """
    design = np.column_stack([np.ones(len(x)), x])
    beta = np.zeros(design.shape[1])
    for _ in range(steps):
        p = expit(design @ beta)
        covariance = np.linalg.inv((design * (p * (1 - p))[:, None]).T @ design)
        step = covariance @ (design.T @ (y - p))
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            break
    return beta, covariance


def recover(company: Company) -> pd.DataFrame:
    """Fit the hidden models on the true drivers and set the coefficients beside the truth.

    Parameters
    ----------
    company : Company
        Ten times the usual size or more, so that the standard errors are small.

    Returns
    -------
    DataFrame of shape (n_coefficients, 8)
        model, coefficient, truth, estimate, se, z, and for the model n and p (joint chi-square).
    """
    months = trials_of_dropout(company)
    dropout = {k: v for k, v in PARAMETERS["dropout"].items() if k != "late_share_without_orders"}
    fit = beside_truth("dropout", dropout, months, months["left"])
    return pd.concat([fit, repeat_orders(company)], ignore_index=True)


def beside_truth(
    model: str, truth: dict[str, float], trials: pd.DataFrame, outcome: pd.Series
) -> pd.DataFrame:
    """Fit a logistic regression of `outcome` on the drivers named in `truth`, and compare; as `recover`."""
    x = trials[[name for name in truth if name != "intercept"]].to_numpy(dtype=float)
    beta, covariance = fit_logistic(x, outcome.to_numpy(dtype=float))
    miss, se = beta - np.array(list(truth.values())), np.sqrt(np.diag(covariance))
    joint = chi2.sf(miss @ np.linalg.solve(covariance, miss), len(miss))
    return pd.DataFrame({
        "model": model, "coefficient": list(truth), "truth": list(truth.values()), "estimate": beta, "se": se,
        "z": miss / se, "n": len(trials), "p": joint,
    })  # fmt: skip


def repeat_orders(company: Company) -> pd.DataFrame:
    """Set the mean number of repeat orders of a household beside what the BG/NBD model expects.

    Parameters
    ----------
    company : Company
        From `simulate`.

    Returns
    -------
    DataFrame of shape (1, 8)
        As from `recover`.

    Notes
    -----
    E[X(t)] of Fader, Hardie and Lee (2005), averaged over the months t since each household joined.
    """
    p, homes = PARAMETERS["orders"]["household_bgnbd"], company["customers"].query("industry == 'household'")
    count = company["orders"].groupby("customer_id").size().reindex(homes["customer_id"]) - 1
    months = (Calendar().as_of - homes["join_date"]).dt.days.to_numpy() + 1
    t, r, alpha, a, b = months / MONTH_DAYS, p["r"], p["alpha_months"], p["a"], p["b"]
    never = (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t))
    expected = float(((a + b - 1) / (a - 1) * (1 - never)).mean())
    se = float(count.std() / np.sqrt(len(count)))
    z = (float(count.mean()) - expected) / se
    return pd.DataFrame({
        "model": ["households"], "coefficient": ["repeat orders"], "truth": [expected],
        "estimate": [count.mean()], "se": [se], "z": [z], "n": [len(count)], "p": [chi2.sf(z**2, 1)],
    })  # fmt: skip
