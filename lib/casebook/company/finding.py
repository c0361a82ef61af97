"""Campaigns, trade fairs, sources of addresses, dealer candidates: one table each for the whole company."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.company.settings import MONTH_DAYS, PARAMETERS, Calendar
from casebook.company.streams import stream
from casebook.contracts.words import CRITERIA, REGIONS, SOURCES

__all__ = [
    "campaigns", "dealer_candidates", "fair_days", "fair_takings", "first_year_margin", "info_sources",
    "trade_fairs", "with_fairs",
]  # fmt: skip

CITIES = ("Shanghai", "Guangzhou", "Wuhan", "Beijing", "Chengdu", "Shenyang", "Hangzhou", "Xi'an")
#: kind, cost, records, share valid, share of duplicates; the first three are the worked example of the course
INFO_SOURCES = (
    ("yearbook", 300, 200, 0.50, 0.00), ("trade fair", 4000, 400, 0.80, 0.25),
    ("telephone list", 500, 1000, 0.20, 0.50), ("own accounts", 200, 1000, 0.98, 0.05),
    ("own sales records", 350, 1200, 0.90, 0.20), ("service records", 400, 800, 0.85, 0.30),
    ("government register", 600, 3000, 0.60, 0.02), ("trade association", 1500, 500, 0.85, 0.10),
    ("friends and partners", 250, 60, 0.95, 0.15), ("internet directory", 800, 5000, 0.30, 0.40),
    ("newspapers and magazines", 900, 300, 0.55, 0.20), ("research firm", 12000, 600, 0.95, 0.05),
)  # fmt: skip


def campaigns(seed: int, calendar: Calendar) -> pd.DataFrame:
    """Four campaigns for each way of finding, one in each quarter of the time; counts follow its chain.

    Parameters
    ----------
    seed : int
        Of the company.
    calendar : Calendar
        Of the company; the last six months have no campaign.

    Returns
    -------
    DataFrame of shape (36, 9)
        The table `campaigns`. From contacts to reached, to qualified, to customers each step is binomial with
        the rate of the method; leads are the middle of the second step.

    Examples
    --------
    >>> campaigns(7, Calendar(3)).groupby("method").size().unique().tolist()
    [4]
    """
    p, rng = PARAMETERS["campaigns"], stream(seed, "campaigns")
    method = np.tile(SOURCES, p["times"])
    quarter = (calendar.months - 6) / p["times"]
    run = np.repeat(np.arange(p["times"]), len(SOURCES))
    month = np.floor((run + rng.random(len(method))) * quarter).astype("int64")
    rates = np.array([p["chain"][one] for one in method])
    chance = rates.prod(axis=1)
    low, high = p["size_range"]
    contacts = np.round(p["customers_wanted"] / chance * rng.uniform(low, high, len(method))).astype("int64")
    reached = rng.binomial(contacts, rates[:, 0])
    leads = rng.binomial(reached, np.sqrt(rates[:, 1]))
    qualified = rng.binomial(leads, np.sqrt(rates[:, 1]))
    mean = pd.Series(method).map(PARAMETERS["customers"]["acquisition_cost_mean"]).to_numpy() * chance
    cost = np.round(mean * contacts * np.exp(rng.normal(0, p["cost_sigma"], len(method))), 2)
    table = pd.DataFrame({
        "method": method, "month": calendar.first_days[month].astype("datetime64[us]"), "cost": cost,
        "contacts": contacts, "reached": reached, "leads": leads, "qualified": qualified,
        "customers": rng.binomial(qualified, rates[:, 2]),
    }).sort_values(["month", "method"], kind="stable", ignore_index=True)  # fmt: skip
    table.insert(0, "campaign_id", [f"M{n + 1:02d}" for n in range(len(table))])
    return table


def fair_days(calendar: Calendar) -> np.ndarray:
    """The first days of the eight fairs: from two months before the data to fifteen before its end.

    >>> fair_days(Calendar(3)).astype("str").tolist()[:2]
    ['2021-11-01', '2022-02-09']
    """
    month = np.linspace(-2, max(calendar.months - 15, 0), len(PARAMETERS["trade_fairs"]["roi"]))
    return calendar.first_days[0] + np.round(month * MONTH_DAYS).astype("int64")


def first_year_margin(
    who: pd.Series, placed: pd.DataFrame, sold: pd.DataFrame, skus: pd.DataFrame, people: pd.DataFrame
) -> pd.Series:
    """Gross margin in cents of the first twelve months of each customer in `who`, as far as the data goes.

    Parameters
    ----------
    who : Series
        customer_id; missing ones are left out.
    placed, sold : DataFrame
        Orders and lines of the block.
    skus : DataFrame
        From `products`.
    people : DataFrame
        The block's customers.

    Returns
    -------
    Series of int
        By customer_id.
    """
    mine = people[people["customer_id"].isin(who.dropna())].set_index("customer_id")["join_date"]
    until = placed["customer_id"].map(mine + pd.DateOffset(years=1))
    early = placed[placed["date"] < until].set_index("order_id")["customer_id"]
    lines = sold[sold["order_id"].isin(early.index)]
    cost = (skus["unit_cost"] * 100).round().astype("int64").to_numpy()[lines["sku_row"]]
    cents = ((lines["unit_price"] * 100).round().astype("int64") - cost) * lines["qty"]
    return cents.groupby(lines["order_id"].map(early)).sum().reindex(mine.index).fillna(0).astype("int64")


def with_fairs(found: pd.DataFrame, margin: pd.Series, calendar: Calendar) -> pd.DataFrame:
    """Spread the closed prospects from fairs over the fairs, none before its fair opened.

    Parameters
    ----------
    found : DataFrame
        From `prospects.prospects`.
    margin : Series
        From `first_year_margin`. Customers that bring a loss are put down to the fair that brings most, so
        that each fair has something to set its cost by.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame
        With `fair_id`, missing for prospects from elsewhere and for open ones.
    """
    days, created = fair_days(calendar), found["created"].to_numpy().astype("datetime64[D]")
    open_fairs = np.searchsorted(days, created, side="right")  # how many had opened by then
    number, brought = np.full(len(found), -1), np.zeros(len(days))
    mine, worth = (found["source_method"] == "fairs") & found["closed"], found["customer_id"].map(margin)
    business = found["kind"] != "household"
    for group in (mine & (worth > 0) & business, mine & (worth > 0) & ~business, mine & ~found["won"]):
        rows = np.flatnonzero(group)  # by day of creation: the first eighth to the first fair, and so on
        dealt = np.arange(len(rows)) * len(days) // max(len(rows), 1)
        number[rows] = np.minimum(dealt, open_fairs[rows] - 1)
        np.add.at(brought, number[rows], worth.fillna(0).to_numpy()[rows])
    losses = worth.to_numpy()
    for row in np.flatnonzero(mine & (worth <= 0)):
        number[row] = brought[: open_fairs[row]].argmax()
        brought[number[row]] += losses[row]
    return found.assign(fair_id=pd.Series([f"F{n + 1}" for n in number], dtype="str").mask(number < 0))


def fair_takings(found: pd.DataFrame, margin: pd.Series) -> pd.DataFrame:
    """What each fair brought in one block: prospects, and the margin of the won ones' first twelve months.

    Parameters
    ----------
    found : DataFrame
        From `with_fairs`.
    margin : Series
        From `first_year_margin`.

    Returns
    -------
    DataFrame of shape (n_fairs, 3)
        fair_id, prospects, margin_cents (both int).
    """
    ids = [f"F{n + 1}" for n in range(len(PARAMETERS["trade_fairs"]["roi"]))]
    cents = found["customer_id"].map(margin).fillna(0).groupby(found["fair_id"]).sum()
    return pd.DataFrame({
        "fair_id": ids,
        "prospects": found["fair_id"].value_counts().reindex(ids).fillna(0).astype("int64").to_numpy(),
        "margin_cents": cents.reindex(ids).fillna(0).astype("int64").to_numpy(),
    })  # fmt: skip


def trade_fairs(takings: pd.DataFrame, seed: int, calendar: Calendar) -> pd.DataFrame:
    """The eight fairs, their costs set from what they brought so that two are good, four even, two bad.

    Parameters
    ----------
    takings : DataFrame
        From `fair_takings`, of all blocks.
    seed : int
        Of the company.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (8, 9)
        The table `trade_fairs`. A fair that brought no margin costs a fixed sum: its return is what it is.
    """
    p, rng = PARAMETERS["trade_fairs"], stream(seed, "trade_fairs")
    total = takings.groupby("fair_id")[["prospects", "margin_cents"]].sum()
    size, days = len(total), fair_days(calendar)
    roi = rng.permutation(p["roi"])
    roi = roi + (roi == 0) * rng.uniform(-p["even_within"], p["even_within"], size)
    cost = np.round(total["margin_cents"].to_numpy() / (1 + roi)) / 100
    cost = np.where(cost > 0, cost, p["least_cost"])
    booth = np.round(p["booth_share"] * cost, 2)
    more, share, drawn = (
        rng.uniform(p[step][0], p[step][1], size)
        for step in ("contacts_per_prospect", "contact_share", "attraction")
    )
    contacts = np.ceil(more * np.maximum(total["prospects"].to_numpy(), 1))
    visitors = np.ceil(contacts / share)
    years = days.astype("datetime64[Y]").astype("str")
    names = [f"Clear Water Fair {city} {year}" for city, year in zip(CITIES, years, strict=True)]
    return pd.DataFrame({
        "fair_id": total.index, "name": names, "date": days.astype("datetime64[us]"), "city": CITIES,
        "booth_cost": booth, "travel_cost": np.round(cost - booth, 2),
        "target_visitors": np.ceil(visitors / drawn).astype("int64"),
        "booth_visitors": visitors.astype("int64"), "contacts": contacts.astype("int64"),
    })  # fmt: skip


def info_sources() -> pd.DataFrame:
    """Twelve places where addresses come from, written by hand; the first three are the worked example.

    >>> info_sources().head(1)[["kind", "cost", "records"]].values.tolist()
    [['yearbook', 300.0, 200]]
    """
    table = pd.DataFrame(INFO_SOURCES, columns=["kind", "cost", "records", "valid_share", "dup_share"])
    table.insert(0, "source_id", [f"S{n + 1:02d}" for n in range(len(table))])
    return table.astype({"cost": "float64"})


def dealer_candidates(seed: int) -> pd.DataFrame:
    """Thirty firms that would like to be distributors, scored; two of the scores say what they sold later.

    Parameters
    ----------
    seed : int
        Of the company.

    Returns
    -------
    DataFrame of shape (30, 16)
        The table `dealer_candidates`.

    Examples
    --------
    >>> dealer_candidates(7)["region_id"].value_counts().unique().tolist()
    [5]
    """
    p, rng = PARAMETERS["dealer_candidates"], stream(seed, "dealer_candidates")
    (mean, sd), (low, high) = p["criterion"], p["criterion_range"]
    scores = np.clip(rng.normal(mean, sd, (p["count"], len(CRITERIA) + 2)), low, high)
    table = pd.DataFrame(np.round(scores, 1), columns=[*CRITERIA, "character", "management"])
    weights = p["later_sales"]
    later = weights["intercept"] + rng.normal(0, p["later_sales_sd"], p["count"])
    later = later + sum(weights[name] * table[name] for name in ("distribution", "finance"))
    return table.assign(
        candidate_id=[f"D{n + 1:02d}" for n in range(p["count"])],
        region_id=np.tile(REGIONS, p["count"] // len(REGIONS)), later_sales=later.round(1),
    )  # fmt: skip
