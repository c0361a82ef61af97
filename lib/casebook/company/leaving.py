"""Leaving: what those who left said, what was known before, and a randomised call to subscribers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit

from casebook.churn import make_snapshots
from casebook.company.settings import PARAMETERS, Calendar
from casebook.company.streams import stream

__all__ = ["churn_snapshots", "exit_interviews", "logit_of_call", "logit_without_call", "retention_test"]

HORIZON = 6  #: months that the label looks ahead
FIRST_MONTH = 11  #: the first snapshot is at the end of the first year


def exit_interviews(
    people: pd.DataFrame, left: np.ndarray, seed: int, block: int, calendar: Calendar
) -> pd.DataFrame:
    """Draw who of the businesses that left is interviewed two months later, and what it names as the cause.

    Parameters
    ----------
    people : DataFrame
        The block's customers.
    left : array of int of shape (n_customers,)
        Month of dropout; only those who left three months before the end or earlier are asked.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (n_interviews, 3)
        The columns of `exit_interviews`, by day. The cause is drawn without looking at anything.
    """
    p, rng = PARAMETERS["exit_interviews"], stream(seed, "exit_interviews", block)
    asked, day = rng.random(len(people)) < p["share"], rng.random(len(people))
    cause = rng.choice(list(p["cause"]), size=len(people), p=list(p["cause"].values()))
    who = np.flatnonzero(asked & (left < calendar.months - p["months_later"] - 1))
    month = left[who] + p["months_later"]
    length = np.diff(calendar.first_days).astype("int64")[month]
    date = calendar.first_days[month] + np.floor(day[who] * length).astype("int64") * np.timedelta64(1, "D")
    table = pd.DataFrame({
        "customer_id": people["customer_id"].to_numpy()[who], "date": date.astype("datetime64[us]"),
        "cause": cause[who],
    })  # fmt: skip
    return table.sort_values(["date", "customer_id"], kind="stable", ignore_index=True)


def churn_snapshots(
    tables: Mapping[str, pd.DataFrame], left: np.ndarray, hazard: np.ndarray, calendar: Calendar
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Build the snapshots of a block from its public tables, and set beside them what was really true.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The public tables that `make_snapshots` reads, of one block.
    left : array of int of shape (n_customers,)
        Month of dropout, row by row of `customers`.
    hazard : array of shape (n_customers, n_months)
        Probability of dropping out at each month's end.
    calendar : Calendar
        Of the company.

    Returns
    -------
    snapshots, truth : DataFrame
        The columns of `churn_snapshots` and `snapshots_truth`; both empty in a company of a single year.
    """
    days = calendar.first_days[FIRST_MONTH + 1 : calendar.months - HORIZON + 1] - np.timedelta64(1, "D")
    if not len(days):
        return _no_snapshots()
    dates = [pd.Timestamp(day) for day in days]
    seen = make_snapshots(tables, dates, last_day=calendar.as_of, months=HORIZON)
    row = pd.Series(np.arange(len(left)), index=tables["customers"]["customer_id"])
    who, month = seen["customer_id"].map(row).to_numpy(), calendar.index(seen["as_of"].to_numpy())
    gone = left[who] <= month
    truth = pd.DataFrame({
        "customer_id": seen["customer_id"], "as_of": seen["as_of"], "dropped_already": gone,
        "dropped_within_6m": ~gone & (left[who] <= month + HORIZON), "hazard": hazard[who, month],
    })  # fmt: skip
    return seen, truth


def _no_snapshots() -> tuple[pd.DataFrame, pd.DataFrame]:
    from casebook.contracts import TABLES, TRUTH

    empty = (
        table.typed(pd.DataFrame(columns=table.column_names, dtype="str"))
        for table in (TABLES["churn_snapshots"], TRUTH["snapshots_truth"])
    )
    return next(empty), next(empty)


def logit_without_call(units: pd.DataFrame) -> pd.Series:
    """Log odds of churn of a subscriber who is not called.

    >>> average = pd.DataFrame({"silence": [0.0], "csat": [0.0], "offer": [0], "auto": [0]})
    >>> logit_without_call(average).tolist()
    [-1.1]
    """
    p = PARAMETERS["retention_test"]["control"]
    return p["intercept"] + sum(p[name] * units[name] for name in ("silence", "csat", "offer", "auto"))


def logit_of_call(units: pd.DataFrame) -> pd.Series:
    """What the call adds to the log odds: it keeps most, wakes those who pay by card, and rivals' offers win.

    >>> four = pd.DataFrame({"csat": [0.0] * 4, "offer": [0, 0, 1, 1], "auto": [0, 1, 0, 1]})
    >>> logit_of_call(four).tolist()
    [-1.1, 0.5, 0.0, 0.0]
    """
    p, clip = PARAMETERS["retention_test"]["call"], PARAMETERS["retention_test"]["dissatisfied_clip"]
    reached, woken = (1 - units["offer"]) * (1 - units["auto"]), (1 - units["offer"]) * units["auto"]
    persuaded = p["persuadable"] + p["persuadable_dissatisfied"] * (-units["csat"]).clip(*clip)
    return reached * persuaded + woken * p["auto_only"] + units["offer"] * p["offer"]


def retention_test(seed: int, size: int | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw the subscribers of a randomised retention call, and the truth that no test can show.

    Parameters
    ----------
    seed : int
        Of the company.
    size : int, optional
        How many subscribers; 2,400 if not given.

    Returns
    -------
    test : DataFrame of shape (size, 8)
        The columns of `retention_test`.
    truth : DataFrame of shape (size, 3)
        `unit_id`, and the probability of churn without (`p0_true`) and with (`p1_true`) a call.
    """
    p, rng = PARAMETERS["retention_test"], stream(seed, "retention_test")
    size = p["units"] if size is None else size
    silence, csat = np.round(rng.normal(size=(2, size)), 3)
    units = pd.DataFrame({
        "unit_id": [f"U{n + 1:05d}" for n in range(size)], "silence": silence, "csat": csat,
        "offer": (rng.random(size) < p["offer_share"]).astype("int64"),
        "auto": (rng.random(size) < p["auto_share"]).astype("int64"),
        "treated": (rng.random(size) < p["treated_share"]).astype("int64"),
    })  # fmt: skip
    log_odds = logit_without_call(units)
    p0, p1 = expit(log_odds), expit(log_odds + logit_of_call(units))
    churned = rng.random(size) < np.where(units["treated"] == 1, p1, p0)
    mean, sigma = p["value_lognormal"]
    value = np.round(rng.lognormal(mean, sigma, size), 2)
    truth = pd.DataFrame({"unit_id": units["unit_id"], "p0_true": p0, "p1_true": p1})
    return units.assign(churned=churned.astype("int64"), value=value), truth
