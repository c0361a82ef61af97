"""Who defaults, and when. The credit files come with a later table; cash terms after a default show today."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from casebook.company.settings import PARAMETERS, Calendar
from casebook.company.streams import stream

__all__ = ["credit_history"]


def credit_history(
    people: pd.DataFrame,
    orders: pd.DataFrame,
    left_month: np.ndarray,
    seed: int,
    block: int,
    calendar: Calendar,
) -> pd.DataFrame:
    """The true risk of each business in each year, and the day of its default.

    Parameters
    ----------
    people : DataFrame
        The block's customers, public and hidden columns.
    orders : DataFrame
        `who` and `date` of the orders that were placed (those after dropout taken away).
    left_month : array of int of shape (n_customers,)
        Month of dropout from `dropout_month`.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (n_files, 8)
        `who` and the columns of `credit_truth`: one row for each business that had joined, was alive on
        1 January and had not defaulted before. The default falls on the day of one of the year's orders, each
        as likely as the others (1 July for those without one).
    """
    drawn, dates = stream(seed, "credit_drivers", block), stream(seed, "default", block)
    join, business = people["join_date"].to_numpy(), (people["kind"] != "household").to_numpy()
    defaulted = np.zeros(len(people), dtype=bool)
    files = []
    for number in range(calendar.years):
        new_year = calendar.first_days[12 * number]
        there = business & (join <= new_year) & (left_month >= 12 * number) & ~defaulted
        year = _drivers(people, drawn)
        fails = there & (dates.random(len(people)) < year["pd_true"].to_numpy())
        day = _default_days(
            orders, calendar.first_days[12 * number : 12 * number + 13 : 6], len(people), dates
        )
        year = year.assign(
            who=np.arange(len(people)), year=int(str(new_year)[:4]),
            default_date=np.where(fails, day, np.datetime64("NaT", "D")).astype("datetime64[us]"),
        )  # fmt: skip
        files.append(year[there])
        defaulted |= fails
    return pd.concat(files, ignore_index=True)


def _drivers(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One year's draw of what a credit file shows, for everybody, and the probability of default."""
    p, size = PARAMETERS["credit"], len(people)
    sued = rng.random(size) < p["sued_share"]
    share = np.clip(1 - people["wallet"].to_numpy() + rng.normal(0, p["competitor_share_sd"], size), 0, 1)
    debt = rng.normal(size=size)
    logit = (
        p["intercept"]
        + p["credit_quality"] * people["credit_quality"].to_numpy()
        + p["sued"] * sued
        + p["competitor_share_over_half"] * (share > 0.5)
        + p["debt_score"] * debt
    )
    return pd.DataFrame({
        "customer_id": people["customer_id"].to_numpy(), "sued": sued, "competitor_share": share,
        "debt_score": debt, "pd_true": expit(logit),
    })  # fmt: skip


def _default_days(
    orders: pd.DataFrame, halves: np.ndarray, size: int, rng: np.random.Generator
) -> np.ndarray:
    """The day of one of the year's orders for each customer, 1 July where there is none."""
    new_year, july, next_year = halves
    draw = rng.random(size)
    date = orders["date"].to_numpy().astype("datetime64[D]")
    mine = orders.assign(date=date)[(date >= new_year) & (date < next_year)].sort_values("who", kind="stable")
    count = np.bincount(mine["who"], minlength=size)
    chosen = np.cumsum(count) - count + np.floor(draw * count).astype("int64")
    days = np.append(mine["date"].to_numpy().astype("datetime64[D]"), july)
    return np.where(count > 0, days[np.where(count > 0, chosen, -1)], july)
