"""What happens after a sale: the steps of a complaint, and the tickets of the service desk."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.company.settings import PARAMETERS, Calendar
from casebook.company.streams import stream
from casebook.contracts.words import REGIONS

__all__ = ["complaint_log", "procedure", "tickets"]

DAY = np.timedelta64(1, "D")
REPLY = 0  #: the step that ends a complaint that is not valid
SKIPPED = 6


def procedure(count: int, seed: int, block: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw how each complaint goes through the eight steps.

    Parameters
    ----------
    count : int
        Complaints drawn in the block.
    seed, block : int
        Of the company, and the number of the block.

    Returns
    -------
    days : array of float of shape (count, 8)
        Days from the complaint to the end of the first, second, … step that is done.
    steps : array of int of shape (count, 8)
        Which step that is: 1 to 8 in order, but for two neighbours that are swapped; -6 for a step 6 that is
        skipped.
    """
    p, log = PARAMETERS["complaints"], stream(seed, "complaint_log", block)
    took = log.exponential(p["step_days"], size=(count, len(p["step_days"])))
    skipped = log.random(count) < p["skip_step_6"]
    took[skipped, SKIPPED - 1] = 0
    steps = np.tile(np.arange(1, 9), (count, 1))
    swapped = np.flatnonzero(log.random(count) < PARAMETERS["complaint_log"]["swap"])
    first = log.integers(2, 7, size=count)[swapped]  # steps 3 and 4, … up to 7 and 8
    steps[swapped, first], steps[swapped, first + 1] = first + 2, first + 1
    steps[skipped[:, None] & (steps == SKIPPED)] = -SKIPPED
    return took.cumsum(axis=1), steps


def complaint_log(told: pd.DataFrame, drawn: int, seed: int, block: int, calendar: Calendar) -> pd.DataFrame:
    """Write down the steps of each complaint that were done by the last day.

    Parameters
    ----------
    told : DataFrame
        The public complaints, with `row`, their place among the complaints drawn.
    drawn : int
        How many complaints were drawn in the block, placed or not.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (n_steps, 4)
        The columns of `complaint_log`, by complaint and day.
    """
    days, steps = (part[told["row"].to_numpy()] for part in procedure(drawn, seed, block))
    valid = told["valid"].to_numpy()[:, None]
    steps = np.where(valid, steps, np.array([1, 2, REPLY, -1, -1, -1, -1, -1]))
    date = told["date"].to_numpy().astype("datetime64[D]")[:, None] + np.floor(days).astype("int64") * DAY
    done = (steps >= REPLY) & (date <= np.datetime64(calendar.as_of.date()))
    which, place = np.nonzero(done)
    return pd.DataFrame({
        "complaint_id": told["complaint_id"].to_numpy()[which], "seq": done.cumsum(axis=1)[which, place],
        "step": steps[which, place], "date": date[which, place].astype("datetime64[us]"),
    })  # fmt: skip


def tickets(
    orders: pd.DataFrame, people: pd.DataFrame, seed: int, block: int, calendar: Calendar
) -> pd.DataFrame:
    """Draw the calls to the service desk after delivery, twice as many from the accounts that are a burden.

    Parameters
    ----------
    orders : DataFrame
        What was placed: `who`, `delivered` (a day), in the order of dates.
    people : DataFrame
        The block's customers, public and hidden columns.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (n_tickets, 10)
        The columns of `tickets`, by day of opening.
    """
    p, rng = PARAMETERS["tickets"], stream(seed, "tickets", block)
    heavy = people["burden"].to_numpy()[orders["who"]] > 0
    calls = rng.random(len(orders)) < p["per_order"] * np.where(heavy, p["burden_factor"], 1)
    who = orders["who"].to_numpy()[calls]
    first, last = p["after_delivery_days"]
    opened = orders["delivered"].to_numpy().astype("datetime64[D]")[calls]
    opened = opened + rng.integers(first, last + 1, size=len(who)) * DAY
    hours = np.round(np.maximum(rng.exponential(-24 / np.log(1 - p["within_24_hours"]), len(who)), 0.1), 1)
    closed = opened + np.floor((rng.integers(8, 18, size=len(who)) + hours) / 24).astype("int64") * DAY
    number = people["region_id"].map({r: i for i, r in enumerate(REGIONS)}).to_numpy()[who]
    each = p["engineers_per_region"]
    engineer = number * each + rng.integers(each, size=len(who)) + 1
    table = pd.DataFrame({
        "customer_id": people["customer_id"].to_numpy()[who], "opened": opened.astype("datetime64[us]"),
        "closed": closed.astype("datetime64[us]"), "hours": hours, **_service(len(who), rng),
        "engineer": [f"E{n:02d}" for n in engineer],
    })  # fmt: skip
    table = table[table["opened"] <= calendar.as_of].sort_values("opened", kind="stable", ignore_index=True)
    still_open = table["closed"] > calendar.as_of
    return table.assign(
        ticket_id=[f"T{block * 100_000 + n + 1:08d}" for n in range(len(table))],
        closed=table["closed"].mask(still_open), hours=table["hours"].mask(still_open),
    )  # fmt: skip


def _service(size: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """What the call is about, where it is answered, whether it needs a technician, and what it costs."""
    p = PARAMETERS["tickets"]
    kind = rng.choice(list(p["kind"]), size=size, p=list(p["kind"].values()))
    mobile, technical, paid = (
        rng.random(size) < np.array([p[name][k] for k in kind], dtype=float)
        for name in ("mobile", "technical", "paid")
    )
    low, high = p["fee"]
    fee = np.round(rng.uniform(low, high, size), 0)
    return {
        "kind": kind, "place": np.where(mobile, "mobile", "fixed"), "fee": np.where(paid, fee, 0.0),
        "technical": technical,
    }  # fmt: skip
