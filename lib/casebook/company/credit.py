"""Who defaults, and when; and what the credit file of each business shows on the first day of a year."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from casebook.company.settings import PARAMETERS, Calendar
from casebook.company.streams import stream

__all__ = ["credit_files", "credit_history"]


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


def credit_files(history: pd.DataFrame, people: pd.DataFrame, seed: int, block: int) -> pd.DataFrame:
    """What the office can see of each business on 1 January: scores, debts, ratios, and what came of it.

    Parameters
    ----------
    history : DataFrame
        From `credit_history`: who has a file in which year, and what drives its risk.
    people : DataFrame
        The block's customers; the hidden credit quality moves every score.
    seed, block : int
        Of the company, and the number of the block.

    Returns
    -------
    DataFrame of shape (n_files, 19)
        The table `credit_files`.
    """
    p, rng, size = PARAMETERS["credit_files"], stream(seed, "credit_files", block), len(history)
    who = history["who"].to_numpy()
    quality, kind = people["credit_quality"].to_numpy()[who], people["kind"].iloc[who]
    mean, slope, sd = p["score_mean"], p["score_slope"], p["score_sd"]
    scores = {
        name: np.clip(mean + slope * loading * quality + rng.normal(0, sd, size), 0, 100).round(1)
        for name, loading in p["loadings"].items()
    }
    median = kind.map(p["net_worth_median"]).to_numpy(dtype=float)
    worth = np.round(median * np.exp(rng.normal(0, p["net_worth_sigma"], size)), 2)
    level, spread = p["log_debt_ratio"]
    share = history["competitor_share"].to_numpy()
    years = history["year"].astype("str")
    return pd.DataFrame({
        "customer_id": history["customer_id"], "year": history["year"],
        "file_date": pd.to_datetime(years + "-01-01"), **scores,
        "other_debts": np.round(worth * np.exp(level + spread * history["debt_score"].to_numpy()), 2),
        "sued": history["sued"],
        # three decimals, but never rounded to the other side of one half
        "competitor_share": np.where(share > 0.5, np.maximum(share.round(3), 0.501), share.round(3)),
        "net_worth": worth, **_ratios(quality, rng),
        "defaulted_next_12m": history["default_date"].notna(),
    })  # fmt: skip


def _ratios(quality: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The current ratio and the five ratios of Altman's Z' for private firms, all moved by quality."""
    p, size = PARAMETERS["credit_files"], len(quality)

    def drawn(level: float, slope: float, sd: float) -> np.ndarray:
        return np.asarray(level + slope * quality + rng.normal(0, sd, size))

    return {
        "current_ratio": np.exp(drawn(*p["log_current_ratio"])).round(4),
        **{name: drawn(*numbers).round(4) for name, numbers in p["ratios"].items()},
        **{name: np.exp(drawn(*numbers)).round(4) for name, numbers in p["log_ratios"].items()},
    }
