"""What happens in the channel: where the dealers' goods turn up, what promotions did, how rivals score."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.company.names import company_name
from casebook.company.parties import TERRITORIES, neighbours
from casebook.company.settings import PARAMETERS, Calendar
from casebook.company.streams import stream
from casebook.contracts.channel_tables import FACTORS, SCORE_SOURCES
from casebook.contracts.words import REGIONS

__all__ = ["competitors", "promotions", "scans"]

DAY = np.timedelta64(1, "D")


def scans(
    people: pd.DataFrame, skus: pd.DataFrame, index: pd.Series, left: np.ndarray, seed: int, block: int,
    calendar: Calendar,
) -> pd.DataFrame:  # fmt: skip
    """Draw 100 scans of each distributor's goods: most at home, a few next door, five dealers' elsewhere.

    Parameters
    ----------
    people, skus : DataFrame
        The block's customers, and the products.
    index : Series
        Price index by region.
    left : array of int of shape (n_customers,)
        Month of dropout; scans lie between joining and dropping out.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (100 x n_distributors, 9)
        The columns of `scans`, by day, and `kind_true` (hidden): home, natural, benign or malicious.
    """
    p, rng = PARAMETERS["scans"], stream(seed, "scans", block)
    dealers = people[people["kind"] == "distributor"]
    dealer = np.repeat(np.arange(len(dealers)), p["per_dealer"])
    kind, where = _destinations(dealers, dealer, rng, block)
    sold = skus[(skus["family"] == "household") & skus["in_range"] & (skus["launch_date"] < calendar.start)]
    item = rng.integers(len(sold), size=len(dealer))
    region = pd.Series(where, dtype="str").str.rstrip("0123456789")
    cents = np.round(sold["list_price"].to_numpy()[item] * region.map(index).to_numpy(dtype=float) * 100)
    low, high = dealers["join_date"].to_numpy().astype("datetime64[D]"), left[dealers.index]
    low = np.maximum(low, calendar.first_days[0])
    high = calendar.first_days[np.minimum(high + 1, calendar.months)]
    days = np.floor(rng.random(len(dealer)) * (high - low).astype("int64")[dealer]).astype("int64")
    table = pd.DataFrame({
        "serial": [f"QY{block * 100_000 + n:08d}" for n in rng.permutation(len(dealer))],
        "sku": sold["sku"].to_numpy()[item], "dealer_id": dealers["customer_id"].to_numpy()[dealer],
        "sold_territory": dealers["territory"].to_numpy()[dealer], "scanned_territory": where,
        "date": (low[dealer] + days * DAY).astype("datetime64[us]"),
        "retail_price": _prices(cents, kind, rng), "kind_true": kind,
    }).sort_values("date", kind="stable", ignore_index=True)  # fmt: skip
    return table.assign(scan_id=[f"N{block * 100_000 + n + 1:08d}" for n in range(len(table))])


def _prices(cents: np.ndarray, kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Retail price in RMB: the list price or a little more, but clearly less from a malicious diverter."""
    p, size = PARAMETERS["scans"], len(cents)
    bounds = (p["honest_price"], p["malicious_price"])
    honest, cheap = (rng.uniform(low, high, size) for low, high in bounds)
    asked = np.select(
        [kind == "malicious", kind == "benign"], [np.floor(cents * cheap), cents], np.ceil(cents * honest)
    )
    return asked / 100


def _destinations(
    dealers: pd.DataFrame, dealer: np.ndarray, rng: np.random.Generator, block: int
) -> tuple[np.ndarray, np.ndarray]:
    """The kind of each scan, and the territory in which it was made."""
    p, size = PARAMETERS["scans"], len(dealer)
    rate, name = np.zeros(len(dealers)), np.full(len(dealers), "natural", dtype="<U9")
    rates = [*p["malicious"], *p["benign"]]
    chosen = rng.permutation(len(dealers))[: len(rates)]
    rate[chosen] = rates[: len(chosen)]
    name[chosen] = (["malicious"] * len(p["malicious"]) + ["benign"] * len(p["benign"]))[: len(chosen)]
    diverted, spilled, pick = (rng.random(size) for _ in range(3))
    kind = np.select([diverted < rate[dealer], spilled < p["spill"]], [name[dealer], "natural"], "home")
    where = dealers["territory"].to_numpy(dtype=object)[dealer]
    for number, choices in enumerate(_choices(dealers, block)):
        for one, places in choices.items():
            mine = np.flatnonzero((dealer == number) & (kind == one))
            if places:
                where[mine] = np.array(places)[np.floor(pick[mine] * len(places)).astype("int64")]
            else:
                kind[mine] = "home"
    return kind, where


def _choices(dealers: pd.DataFrame, block: int) -> list[dict[str, list[str]]]:
    """For each dealer, the territories to which each kind of diversion may go."""
    near, taken = neighbours(), set(dealers["territory"])
    places = [(r, f"{r}{block * TERRITORIES + n + 1:02d}") for r in REGIONS for n in range(TERRITORIES)]
    found = []
    for home, own in zip(dealers["region_id"], dealers["territory"], strict=True):
        around = {home, *near[home]}
        found.append({
            "natural": [t for r, t in places if r in around and t != own],
            "malicious": [t for _, t in places if t in taken and t != own],
            "benign": [t for r, t in places if r not in around and t not in taken],
        })  # fmt: skip
    return found


def promotions(
    people: pd.DataFrame, orders: pd.DataFrame, lines: pd.DataFrame, left: np.ndarray, seed: int, block: int,
    calendar: Calendar,
) -> pd.DataFrame:  # fmt: skip
    """Draw 20 promotions to distributors: what a usual month, the promoted one and the next one brought.

    Parameters
    ----------
    people : DataFrame
        The block's customers.
    orders, lines : DataFrame
        What was placed: `order_id`, `who`; and `order_id`, `qty`.
    left : array of int of shape (n_customers,)
        Month of dropout.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (n_promotions, 7)
        The columns of `promotions`, by month; fewer than 20 in a block with hardly any distributors.
    """
    p, rng = PARAMETERS["promotions"], stream(seed, "promotions", block)
    joined = np.maximum(calendar.index(people["join_date"].to_numpy()), 0)
    last = np.minimum(left, calendar.months - 1)
    who = lines["order_id"].map(orders.set_index("order_id")["who"]).to_numpy()
    usual = np.bincount(who, weights=lines["qty"], minlength=len(people)) / (last - joined + 1)
    big = np.flatnonzero((people["kind"] == "distributor") & (usual >= p["least_base"]))
    pairs = [(one, month) for one in big for month in range(joined[one] + 1, last[one])]
    chosen = rng.permutation(len(pairs))[: p["per_block"]]
    dealer, month = np.array([pairs[n] for n in chosen], dtype="int64").reshape(-1, 2).T
    base = np.round(usual[dealer] * np.exp(rng.normal(0, p["base_noise"], len(dealer))))
    (mean, sd), (low, high) = p["lift"], p["cost_per_base_unit"]
    lift, cost = rng.normal(mean, sd, len(dealer)), rng.uniform(low, high, len(dealer))
    table = pd.DataFrame({
        "dealer_id": people["customer_id"].to_numpy()[dealer],
        "month": calendar.first_days[month].astype("datetime64[us]"), "base": base,
        "during": np.round(base * (1 + lift)), "after": np.round(base * (1 - p["pull_forward"] * lift)),
        "cost": np.round(base * cost, 2),
    }).sort_values("month", kind="stable", ignore_index=True)  # fmt: skip
    return table.assign(promo_id=[f"M{block * 100 + n + 1:05d}" for n in range(len(table))])


def competitors(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw five rivals and how they and we score on twelve factors.

    Parameters
    ----------
    seed : int
        Of the company.

    Returns
    -------
    competitors : DataFrame of shape (5, 3)
    scores : DataFrame of shape (72, 5)
        The weighted totals of the rivals lie 10 and 2 above ours and 2, 8 and 12 below, in some order.
    """
    p, rng = PARAMETERS["competitors"], stream(seed, "competitors")
    gaps = rng.permutation(p["gaps"])
    names: list[tuple[str, str]] = []
    while len(names) < len(gaps):
        name = company_name(rng)
        names += [name] if name not in names else []
    low, high = p["our_scores"]
    ours = rng.integers(low, high + 1, size=len(FACTORS))
    parties, scores = ["us", *(f"V{n + 1}" for n in range(len(gaps)))], [ours]
    for gap in gaps:  # two factors of one weight: what one gains the other loses
        spread = rng.integers(-p["spread"], p["spread"] + 1, size=len(FACTORS) // 2)
        scores.append(ours + gap + np.column_stack([spread, -spread]).ravel())
    rivals = pd.DataFrame({"competitor_id": parties[1:], "name_zh": [n[0] for n in names],
                           "name_en": [n[1] for n in names]})  # fmt: skip
    table = pd.DataFrame({
        "party": np.repeat(parties, len(FACTORS)), "factor": list(FACTORS) * len(parties),
        "weight": list(FACTORS.values()) * len(parties), "score": np.concatenate(scores),
        "source": rng.choice(SCORE_SOURCES, size=len(parties) * len(FACTORS)),
    })  # fmt: skip
    return rivals, table
