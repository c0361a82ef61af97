"""Prospects: who might buy, who does within 180 days, and what was said to them before.

A prospect is won or lost by a draw from its true probability. Only then is a won one linked to a customer who
joined at that time and was found in the same way, so the conversion model stays exactly true.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from scipy.special import expit

from casebook.company.finding import campaigns
from casebook.company.settings import BLOCK, PARAMETERS, Calendar
from casebook.company.streams import stream

__all__ = ["conversion_chance", "prospects", "touches"]

DAY = np.timedelta64(1, "D")
STAGES = ("contacted", "visited", "quoted", "negotiated")


def conversion_chance(drawn: pd.DataFrame) -> np.ndarray:
    """True probability of an order within 180 days.

    Parameters
    ----------
    drawn : DataFrame of shape (n_prospects, …)
        Flags `need`, `money`, `authority`, `eligible`, and `source_method`.

    Returns
    -------
    array of shape (n_prospects,)

    Examples
    --------
    >>> best = {"need": True, "money": True, "authority": True, "eligible": True, "source_method": "referral"}
    >>> conversion_chance(pd.DataFrame([best])).round(4).tolist()
    [0.5987]
    """
    p, source = PARAMETERS["prospects"]["conversion"], drawn["source_method"]
    return expit(
        p["intercept"]
        + p["need"] * drawn["need"]
        + p["money"] * drawn["money"]
        + p["authority"] * drawn["authority"]
        + p["referral"] * (source == "referral")
        + p["universal"] * (source == "universal")
        + p["fair"] * (source == "fairs")
        + p["ineligible"] * ~drawn["eligible"]
    ).to_numpy()


def prospects(people: pd.DataFrame, seed: int, block: int, calendar: Calendar) -> pd.DataFrame:
    """Draw the prospects of one block: closed ones, and open ones of the last three months.

    Closed ones are from all months but the last six, so that the outcome is known. An open one has not
    ordered by the last day: who would have is left out and another drawn.

    Parameters
    ----------
    people : DataFrame
        The block's customers.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame
        The columns of `prospects` (but `fair_id`) and of `prospects_truth`, by day of creation.
    """
    p, rng = PARAMETERS["prospects"], stream(seed, "prospects", block)
    closed, still_open = (round(p[f"{what}_per_customer"] * len(people)) for what in ("closed", "open"))
    table = _traits(np.arange(closed + 2 * still_open) < closed, rng)
    table = table.assign(p_order=conversion_chance(table), created=_created(table["closed"], rng, calendar))
    ordered = rng.random(len(table)) < table["p_order"].to_numpy()
    waiting = ~table["closed"] & ~(ordered & (table["created"] + table["days"] * DAY <= calendar.as_of))
    kept = table["closed"] | (waiting & (waiting.cumsum() <= still_open))
    table = _linked(table[kept].reset_index(drop=True), ordered[:closed], people, rng, calendar)
    table = table.sort_values("created", kind="stable", ignore_index=True)
    table = table.assign(prospect_id=[f"L{block * 10_000 + n + 1:07d}" for n in range(len(table))])
    return _with_campaign(_with_outcome(table, rng), seed, calendar)


def _traits(closed: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """What a prospect brings: flags, warmth, days until an order would come, the guesses of the seller."""
    p, size = PARAMETERS["prospects"], len(closed)
    shares = PARAMETERS["customers"]["source_shares"]
    level, spread = p["log_margin"]
    heat = rng.choice(list(p["heat"]), size=size, p=list(p["heat"].values()))
    mean = pd.Series(heat).map(p["mean_days"]).to_numpy(dtype=float)
    within = -np.expm1(-p["within_days"] / mean)  # so that no day lies beyond the 180th
    table = pd.DataFrame({
        "source_method": rng.choice(list(shares), size=size, p=list(shares.values())), "closed": closed,
        "heat_true": heat, "days": np.ceil(-mean * np.log1p(-rng.random(size) * within)).astype("int64"),
        "potential_margin": np.round(np.exp(level + spread * rng.normal(size=size)), 2),
        **{flag: rng.random(size) < p[flag] for flag in ("need", "money", "authority", "eligible")},
    })  # fmt: skip
    table["days"] = table["days"].clip(1, p["within_days"])
    for name, flag in (("p_need", "need"), ("p_money", "money"), ("p_auth", "authority")):
        guess = np.where(table[flag], p["guess"][1], p["guess"][0]) + rng.normal(0, p["guess_sd"], size)
        table[name] = np.clip(guess, *p["guess_range"]).round(2)
    return table


def _created(closed: pd.Series, rng: np.random.Generator, calendar: Calendar) -> np.ndarray:
    """Any day up to six months before the end, or (open ones) of the last three months."""
    first = np.where(closed, calendar.first_days[0], calendar.first_days[-4])
    end = np.where(closed, calendar.first_days[-7], calendar.first_days[-1])
    days = np.floor(rng.random(len(closed)) * (end - first).astype("int64")).astype("int64")
    return (first + days * DAY).astype("datetime64[us]")


def _linked(
    table: pd.DataFrame,
    ordered: np.ndarray,
    people: pd.DataFrame,
    rng: np.random.Generator,
    calendar: Calendar,
) -> pd.DataFrame:
    """Give each a region and line of business; those who ordered are a customer who joined just then.

    Everybody takes region and line of business of some newcomer found in the same way (at fairs mostly a
    business), so that neither tells who will order. Who ordered *is* such a newcomer, nobody twice, if
    possible of the same sort, home or business. Should none be left (in a very small company), it is lost.
    """
    join, start = people["join_date"].to_numpy().astype("datetime64[D]"), calendar.first_days[0]
    home, source = (people["kind"] == "household").to_numpy(), people["source_method"].to_numpy()
    like = _newcomers_alike(table["source_method"].to_numpy(), source, home, join >= start, rng)
    customer, free, draw = np.full(len(table), -1), join >= start, rng.random(len(table))
    wanted, days = table["source_method"].to_numpy(), table["days"].to_numpy()
    for row in np.flatnonzero(ordered):  # the closed prospects stand first
        fit = free & (join - days[row] * DAY >= start) & (source == wanted[row])
        same = fit & (home == home[like[row]])
        pool = np.flatnonzero(same if same.any() else fit)
        if len(pool):
            like[row] = customer[row] = pool[int(draw[row] * len(pool))]
            free[like[row]] = False
    won = customer >= 0
    order_date = np.where(won, join[customer], np.datetime64("NaT", "D"))
    created = np.where(won, order_date - table["days"].to_numpy() * DAY, table["created"].to_numpy())
    return table.assign(
        won=won, created=created.astype("datetime64[us]"), order_date=order_date.astype("datetime64[us]"),
        customer_id=people["customer_id"].iloc[customer].reset_index(drop=True).mask(~won),
        **{name: people[name].to_numpy()[like] for name in ("region_id", "industry", "kind")},
    )  # fmt: skip


def _newcomers_alike(
    wanted: np.ndarray, source: np.ndarray, home: np.ndarray, new: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """For each prospect the row of a newcomer found in the same way, each as likely; at fairs a firm."""
    at_fairs = 1 - PARAMETERS["prospects"]["business_at_fairs"]
    at_home = rng.random(len(wanted)) < np.where(wanted == "fairs", at_fairs, home[new].mean())
    draw, like = rng.random(len(wanted)), np.empty(len(wanted), dtype="int64")
    for one, flag in product(np.unique(wanted), (True, False)):
        rows, alike = (wanted == one) & (at_home == flag), new & (home == flag)
        pools = (np.flatnonzero(pool) for pool in (alike & (source == one), alike, new))
        pool = next(found for found in pools if len(found))
        like[rows] = pool[np.floor(draw[rows] * len(pool)).astype("int64")]
    return like


def _with_outcome(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    missing = rng.random(len(table)) < PARAMETERS["prospects"]["date_missing"]
    expected = table["created"] + pd.to_timedelta(table["days"], unit="D")
    return table.assign(
        expected_order_date=expected.mask(missing),
        status=np.select([table["won"], table["closed"]], ["won", "lost"], "open"),
        ordered_180d=table["won"].astype("boolean").mask(~table["closed"]),
    )


def _with_campaign(table: pd.DataFrame, seed: int, calendar: Calendar) -> pd.DataFrame:
    """Name the campaign that ran last for this way of finding when the prospect was created."""
    runs = campaigns(seed, calendar).rename(columns={"method": "source_method", "month": "created"})
    runs = runs.sort_values("created", kind="stable")[["campaign_id", "source_method", "created"]]
    return pd.merge_asof(table, runs, on="created", by="source_method")


def touches(table: pd.DataFrame, seed: int, block: int, calendar: Calendar) -> pd.DataFrame:
    """Draw when and how each prospect was spoken to, up to the order, the 180th day or the last day.

    Parameters
    ----------
    table : DataFrame
        From `prospects`.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (n_touches, 6)
        The table `prospect_touches`, by date; the stage of a prospect never goes back.
    """
    p, rng = PARAMETERS["touches"], stream(seed, "prospect_touches", block)
    count = rng.poisson(p["mean"], len(table))
    who = np.repeat(np.arange(len(table)), count)
    closes = table["created"] + pd.Timedelta(days=PARAMETERS["prospects"]["within_days"])
    end = table["order_date"].fillna(closes.where(closes < calendar.as_of, calendar.as_of))
    length = (end - table["created"]).dt.days.to_numpy() + 1
    offset = np.floor(rng.random(len(who)) * length[who]).astype("int64")
    offset = offset[np.lexsort((offset, who))]  # the days of each prospect in order
    moves = (rng.random(len(who)) < p["moves_on"]).astype("int64").cumsum()
    first = np.cumsum(count) - count
    stage = np.minimum(moves - moves[first[who]], len(STAGES) - 1) if len(who) else moves
    made = pd.DataFrame({
        "prospect_id": table["prospect_id"].to_numpy()[who],
        "date": table["created"].to_numpy()[who] + offset * DAY,
        "channel": rng.choice(list(p["channel"]), size=len(who), p=list(p["channel"].values())),
        "stage": np.array(STAGES)[stage],
        "notes_code": rng.choice(list(p["notes"]), size=len(who), p=list(p["notes"].values())),
    }).sort_values(["date", "prospect_id"], kind="stable", ignore_index=True)  # fmt: skip
    return made.assign(touch_id=[f"H{block * 10 * BLOCK + n + 1:07d}" for n in range(len(made))])
