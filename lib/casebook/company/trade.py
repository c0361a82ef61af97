"""What would be ordered, delivered and complained of if nobody ever left; `dropout` then says who did.

Every business is given all the orders that it would place up to the last day. The orders after it drops out
are taken away later. So the random draws never depend on who leaves, and the whole is a few array operations.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.company.aftersale import procedure
from casebook.company.products import months_in_range
from casebook.company.settings import PARAMETERS, Calendar
from casebook.company.streams import stream

__all__ = ["all_orders", "choose_skus", "complaints_about", "lines_of", "with_delivery"]

DAY = np.timedelta64(1, "D")


def all_orders(
    people: pd.DataFrame, seed: int, block: int, calendar: Calendar
) -> tuple[pd.DataFrame, np.ndarray]:
    """Draw the orders of a block: businesses as if they never left, households until they are lost.

    Parameters
    ----------
    people : DataFrame of shape (n_customers, …)
        Public and hidden columns of the block's customers, row by row.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    orders : DataFrame
        `who` (row of the customer) and `date`, by date; the row number names the order from here on.
    lost : array of datetime64 of shape (n_customers,)
        The day of the order after which a household dropped out; NaT for the others.
    """
    business = _business_orders(people, stream(seed, "orders", block), calendar)
    household, lost = _household_orders(people, stream(seed, "household_orders", block), calendar)
    orders = pd.concat([business, household], ignore_index=True)
    return orders.sort_values(["date", "who"], kind="stable", ignore_index=True), lost


def _business_orders(people: pd.DataFrame, rng: np.random.Generator, calendar: Calendar) -> pd.DataFrame:
    """A first order on the day of joining, if it is in the data; then Poisson in the days that are left."""
    first, length = calendar.first_days[:-1], np.diff(calendar.first_days).astype("int64")
    join = people["join_date"].to_numpy().astype("datetime64[D]")
    gone = np.clip((join[:, None] - first).astype("int64") + 1, 0, length)  # days up to joining, by month
    gone = np.where(join[:, None] < first[0], 0, gone)
    share = np.where((people["kind"] != "household").to_numpy()[:, None], 1 - gone / length, 0.0)
    count = rng.poisson(people["order_rate"].to_numpy()[:, None] * share)
    who, month = (np.repeat(axis, count.ravel()) for axis in np.indices(count.shape).reshape(2, -1))
    left = (length[month] - gone[who, month]).astype("int64")
    offset = gone[who, month] + np.floor(rng.random(len(who)) * left).astype("int64")
    new = np.flatnonzero((join >= first[0]) & (people["kind"] != "household").to_numpy())
    return pd.DataFrame(
        {"who": np.concatenate([new, who]), "date": np.concatenate([join[new], first[month] + offset * DAY])}
    )


def _household_orders(
    people: pd.DataFrame, rng: np.random.Generator, calendar: Calendar
) -> tuple[pd.DataFrame, np.ndarray]:
    """BG/NBD: exponential gaps while alive; after each repeat order the household is lost with `p_drop`."""
    at_home = np.flatnonzero(people["kind"] == "household")
    join = people["join_date"].to_numpy().astype("datetime64[D]")[at_home]
    rate, p_drop = (people[c].to_numpy()[at_home] for c in ("order_rate", "p_drop"))
    last = np.datetime64(calendar.as_of.date())
    month_days = PARAMETERS["orders"]["household_bgnbd"]["month_days"]
    who, dates, lost = [at_home], [join], np.full(len(people), np.datetime64("NaT", "D"))
    passed, alive = np.zeros(len(at_home)), np.ones(len(at_home), dtype=bool)
    while alive.any():
        passed = passed + rng.exponential(1.0, len(at_home)) / np.maximum(rate, 1e-12)
        day = join + np.floor(np.minimum(passed * month_days, 1e5)).astype("int64") * DAY
        alive &= day <= last
        who.append(at_home[alive])
        dates.append(day[alive])
        dropped = alive & (rng.random(len(at_home)) < p_drop)
        lost[at_home[dropped]] = day[dropped]
        alive &= ~dropped
    return pd.DataFrame({"who": np.concatenate(who), "date": np.concatenate(dates)}), lost


def with_delivery(
    orders: pd.DataFrame, people: pd.DataFrame, seed: int, block: int, calendar: Calendar
) -> pd.DataFrame:
    """Add the promise, the true day of delivery, whether it is late, and the terms that credit would have."""
    p, rng, terms = PARAMETERS["orders"], stream(seed, "delivery", block), stream(seed, "order_terms", block)
    size, drift = len(orders), PARAMETERS["orders"]["late_drift"]
    region = people["region_id"].to_numpy()[orders["who"]]
    date = orders["date"].to_numpy().astype("datetime64[D]")
    drifted = (region == drift["region"]) & (
        date >= calendar.first_days[calendar.month_of(drift["from_month"])]
    )
    late = rng.random(size) < np.where(drifted, drift["late"], p["late"])
    after, before = 1 + rng.poisson(p["late_days_poisson"], size), rng.integers(3, size=size)
    promised = date + p["promised_days"] * DAY
    home = people["kind"].to_numpy()[orders["who"]] == "household"
    credit = terms.choice(list(p["terms"]), size=size, p=list(p["terms"].values()))
    return orders.assign(
        region_shipped=region, terms=np.where(home, "cash", credit),
        promised_date=promised, delivered=promised + np.where(late, after, -before) * DAY, late=late,
    )  # fmt: skip


def lines_of(
    orders: pd.DataFrame, people: pd.DataFrame, skus: pd.DataFrame, index: pd.Series, seed: int, block: int,
    calendar: Calendar,
) -> pd.DataFrame:  # fmt: skip
    """Draw the lines of each order: family by kind of customer, SKU among those in range, quantity, price.

    Parameters
    ----------
    orders, people : DataFrame
        From `all_orders`, and the block's customers.
    skus : DataFrame
        From `products`.
    index : Series
        Price index by region.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (n_lines, 7)
        `order` (row of the order), line_no, sku_row (row of the product), qty, unit_price, discount_pct, old.
    """
    p, rng = PARAMETERS["order_lines"], stream(seed, "order_lines", block)
    count = 1 + rng.poisson(p["more_lines_poisson"], len(orders))
    order = np.repeat(np.arange(len(orders)), count)
    who = orders["who"].to_numpy()[order]
    kind, month = people["kind"].to_numpy()[who], calendar.index(orders["date"].to_numpy())[order]
    sku = choose_skus(kind, month, skus, rng, calendar)
    mu = np.array([p["log_qty"][k] for k in p["log_qty"]])[_codes(kind)]
    size = np.exp(rng.normal(mu, p["log_qty_sigma"]))
    fair = people["source_method"].to_numpy()[who] == "fairs"
    qty = np.maximum(1, np.round(size * np.where(fair, p["fair_factor"], 1.0))).astype("int64")
    mean, sd = np.array([p["discount"].get(k, (0.0, 0.0)) for k in p["log_qty"]]).T
    discount = np.round(np.clip(rng.normal(mean[_codes(kind)], sd[_codes(kind)]), 0, p["discount_max"]), 3)
    listed = skus["list_price"].to_numpy()[sku] * people["region_id"].map(index).to_numpy()[who]
    first = np.cumsum(count) - count
    return pd.DataFrame({
        "order": order, "line_no": np.arange(len(order)) - first[order] + 1, "sku_row": sku, "qty": qty,
        "unit_price": np.round(listed * (1 - discount), 2), "discount_pct": discount,
        "old": skus["retired_flag"].to_numpy()[sku],
    })  # fmt: skip


def _codes(kind: np.ndarray) -> np.ndarray:
    """The place of each kind in the parameter tables."""
    names = np.array(list(PARAMETERS["order_lines"]["log_qty"]))
    order = np.argsort(names)
    return order[np.searchsorted(names[order], kind)]


def choose_skus(
    kind: np.ndarray, month: np.ndarray, skus: pd.DataFrame, rng: np.random.Generator, calendar: Calendar
) -> np.ndarray:
    """Choose a family by the mix of the kind of customer, then one of its SKUs in range, each as likely."""
    mix = np.cumsum(list(PARAMETERS["order_lines"]["family_mix"].values()), axis=1)
    family = (rng.random(len(kind))[:, None] >= mix[_codes(kind), :-1]).sum(axis=1)
    draw, on, chosen = (
        rng.random(len(kind)),
        months_in_range(skus, calendar),
        np.empty(len(kind), dtype="int64"),
    )
    for number, name in enumerate(PARAMETERS["products"]["count"]):
        mine, rows = np.flatnonzero(family == number), np.flatnonzero(skus["family"] == name)
        available = on[rows].cumsum(axis=0)  # how many are in range up to each SKU, by month
        wanted = np.floor(draw[mine] * available[-1, month[mine]]).astype("int64") + 1
        chosen[mine] = rows[(available[:, month[mine]] >= wanted).argmax(axis=0)]
    return chosen


def complaints_about(orders: pd.DataFrame, lines: pd.DataFrame, seed: int, block: int) -> pd.DataFrame:
    """Draw the complaints about each order, with the day on which each would be closed.

    Parameters
    ----------
    orders, lines : DataFrame
        From `with_delivery` and `lines_of`.
    seed, block : int
        Of the company, and the number of the block.

    Returns
    -------
    DataFrame of shape (n_complaints, 9)
        `order`, `who`, date, scope, valid, department, handled_well, closed (days may lie after the last),
        and `row`, the place in the draw of the steps.
    """
    p, rng = PARAMETERS["complaints"], stream(seed, "complaints", block)
    old = np.bincount(lines["order"], weights=lines["old"], minlength=len(orders)).astype("int64")
    count = (rng.random(len(orders)) < p["per_order"]) + rng.binomial(old, p["per_old_line"])
    order = np.repeat(np.arange(len(orders)), count)
    first, last = p["after_delivery_days"]
    date = orders["delivered"].to_numpy()[order] + rng.integers(first, last + 1, size=len(order)) * DAY
    scope = rng.choice(list(p["scope"]), size=len(order), p=list(p["scope"].values()))
    valid, well = rng.random(len(order)) < p["valid"], rng.random(len(order)) < p["handled_well"]
    done = procedure(len(order), seed, block)[0]
    days = np.floor(np.where(valid, done[:, -1], done[:, 2])).astype("int64")
    return pd.DataFrame({
        "order": order, "who": orders["who"].to_numpy()[order], "date": date, "scope": scope, "valid": valid,
        "department": pd.Series(scope).map(p["department"]), "handled_well": well,
        "closed": date + days * DAY, "row": np.arange(len(order)),
    })  # fmt: skip
