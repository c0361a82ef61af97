"""Who is there: regions and freight, representatives, customers, and what is hidden in each customer."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from casebook.company.names import firm_names, number_codes, person_names
from casebook.company.settings import BLOCK, PARAMETERS, Calendar, days
from casebook.company.streams import stream
from casebook.contracts.words import INDUSTRIES, REGIONS, SOURCES

__all__ = [
    "customers_block",
    "freight",
    "hidden_traits",
    "kind_counts",
    "neighbours",
    "regions",
    "sales_reps",
]

KINDS = tuple(PARAMETERS["customers"]["share_of_kind"])  #: distributor, retailer, organisation, household
TERRITORIES = 12  #: a region and block
PRICE_INDEX = {"E": 1.00, "N": 0.98, "S": 0.98, "NE": 0.97, "C": 0.95, "W": 0.92}
NAMES = {
    "E": ("华东", "East"), "N": ("华北", "North"), "S": ("华南", "South"), "NE": ("东北", "Northeast"),
    "C": ("华中", "Central"), "W": ("西部", "West"),
}  # fmt: skip
LINKS = ("W-C", "C-E", "C-N", "C-S", "E-N", "E-S", "N-NE")
RATES = {1: 0.045, 2: 0.075, 3: 0.100}  #: freight as a share of the list price, by borders crossed


def neighbours() -> dict[str, list[str]]:
    """The regions next to each region.

    >>> neighbours()["NE"]
    ['N']
    """
    pairs = [link.split("-") for link in LINKS]
    return {r: [b for b in REGIONS if [r, b] in pairs or [b, r] in pairs] for r in REGIONS}


def regions() -> pd.DataFrame:
    """The six regions with their price index and neighbours.

    >>> regions()["neighbours"].tolist()[0]
    'N;S;C'
    """
    near = neighbours()
    return pd.DataFrame(
        {
            "region_id": REGIONS,
            "name_zh": [NAMES[r][0] for r in REGIONS],
            "name_en": [NAMES[r][1] for r in REGIONS],
            "price_index": [PRICE_INDEX[r] for r in REGIONS],
            "neighbours": [";".join(near[r]) for r in REGIONS],
        }
    )


def freight() -> pd.DataFrame:
    """The 30 routes, with the borders on the shortest way and the rate that follows from them.

    >>> freight().query("from_region == 'W' and to_region == 'NE'")["hops"].tolist()
    [3]
    """
    near = neighbours()
    hops: dict[tuple[str, str], int] = {}
    for start in REGIONS:
        reached, edge = {start: 0}, [start]
        while edge:
            here = edge.pop(0)
            for there in near[here]:
                if there not in reached:
                    reached[there] = reached[here] + 1
                    edge.append(there)
        hops |= {(start, end): n for end, n in reached.items()}
    routes = [(a, b, hops[a, b]) for a, b in product(REGIONS, REGIONS) if a != b]
    table = pd.DataFrame(routes, columns=["from_region", "to_region", "hops"])
    return table.assign(rate_of_list=table["hops"].map(RATES))


def sales_reps(seed: int, calendar: Calendar) -> pd.DataFrame:
    """Three representatives a region; four, in different regions, leave and hand over to a colleague."""
    rng, each = stream(seed, "sales_reps"), PARAMETERS["sales_reps"]["per_region"]
    region = np.repeat(REGIONS, each)
    hired = calendar.first_days[0] + days(rng.integers(0, 7 * 365, size=len(region)) - 3653)
    table = pd.DataFrame({
        "rep_id": [f"R{i + 1:02d}" for i in range(len(region))], "region_id": region,
        "hired": hired.astype("datetime64[us]"), "left": pd.NaT, "successor_id": None,
    })  # fmt: skip
    table = table.astype({"left": "datetime64[us]", "successor_id": "str"})
    where = rng.choice(len(REGIONS), size=len(PARAMETERS["sales_reps"]["leave_months"]), replace=False)
    for place, month in zip(where, PARAMETERS["sales_reps"]["leave_months"], strict=True):
        who, colleague = rng.choice(each, size=2, replace=False) + place * each
        table.loc[who, "left"] = calendar.first_days[calendar.month_of(month) + 1] - days(1)
        table.loc[who, "successor_id"] = table.loc[colleague, "rep_id"]
    return table


def kind_counts(size: int) -> dict[str, int]:
    """How many of `size` customers are of each kind: the shares, rounded to sum up.

    >>> kind_counts(1000), kind_counts(10)
    ({'distributor': 60, 'retailer': 260, 'organisation': 200, 'household': 480}, \
{'distributor': 1, 'retailer': 2, 'organisation': 2, 'household': 5})
    """
    ends = np.round(np.cumsum(list(PARAMETERS["customers"]["share_of_kind"].values())) * size + 1e-9).astype(
        int
    )
    return dict(zip(KINDS, np.diff(ends, prepend=0).tolist(), strict=True))


def customers_block(seed: int, block: int, size: int, reps: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Draw the customers of one block: the public columns that do not follow from their orders, and `kind`.

    Parameters
    ----------
    seed, block : int
        Of the company, and the number of the block.
    size : int
        Customers in the block, 1 to 1,000.
    reps : DataFrame
        From `sales_reps`.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (size, 19)
        In the order of joining; all of `customers` but `prior_orders` and `annual_category_spend`.
    """
    rng = stream(seed, "customers", block)
    kind = rng.permutation(np.repeat(KINDS, list(kind_counts(size).values())))
    home = kind == "household"
    join = _join_dates(home, rng, calendar)
    order = np.argsort(join, kind="stable")
    kind, home, join = kind[order], home[order], join[order]
    number = block * BLOCK + np.arange(size)
    region = _dealt_evenly(kind, rng)
    industry = np.array([rng.choice(INDUSTRIES[k]) for k in kind])
    source = rng.choice(SOURCES, size=size, p=list(PARAMETERS["customers"]["source_shares"].values()))
    zh, en = _names(seed, number, home, industry)
    phone, tax = number_codes(number, stream(seed, "names", 0))
    table = pd.DataFrame({
        "customer_id": [f"C{n + 1:06d}" for n in number], "kind": kind, "name_zh": zh, "name_en": en,
        "nature": np.select([home, kind == "organisation"], ["individual", "organisational"], "commercial"),
        "channel_role": np.where(home | (kind == "organisation"), "end_user", kind), "industry": industry,
        "region_id": region, "rep_id": _reps_at_joining(region, join, home, reps, rng),
        "join_date": join.astype("datetime64[us]"), "source_method": source,
        "acquisition_cost": _acquisition_cost(source, home, rng),
        "tax_id": pd.Series(tax, dtype="str").mask(home), "phone": phone,
    })  # fmt: skip
    return pd.concat([table, _value_types(kind, rng)], axis=1).assign(
        strategic_flag=(rng.random(size) < PARAMETERS["customers"]["strategic_share"]) & ~home,
        territory=_territories(kind, region, block, rng),
    )


def hidden_traits(customers: pd.DataFrame, seed: int, block: int) -> pd.DataFrame:
    """Draw what nobody sees: credit quality, satisfaction, order rate, burden, wallet, dropout tendency."""
    p, rng, size = PARAMETERS, stream(seed, "customers_truth", block), len(customers)
    kind = customers["kind"].to_numpy()
    home = kind == "household"
    quality = rng.normal(size=size)
    cuts = p["customers"]["grade_cuts"]
    grade = np.select([quality > cuts["A"], quality > cuts["B"], quality > cuts["C"]], ["A", "B", "C"], "D")
    satisfaction = rng.normal(0, p["customers"]["satisfaction_sd"], size)
    shape, bgnbd = p["orders"]["rate_shape"], p["orders"]["household_bgnbd"]
    mean = np.array([p["orders"]["rate_mean"].get(k, 0.0) for k in kind])
    rate = np.where(
        home, rng.gamma(bgnbd["r"], 1 / bgnbd["alpha_months"], size), rng.gamma(shape, mean / shape)
    )
    ours, others = p["customers"]["wallet_beta"]
    wallet, p_drop = rng.beta(ours, others, size), rng.beta(bgnbd["a"], bgnbd["b"], size)
    return pd.DataFrame({
        "customer_id": customers["customer_id"], "credit_quality": np.where(home, np.nan, quality),
        "grade_true": pd.Series(grade, dtype="str").mask(home), "satisfaction": satisfaction,
        "order_rate": rate, "burden": _burden(kind, rng), "wallet": wallet,
        "p_drop": np.where(home, p_drop, np.nan),
    })  # fmt: skip


def _join_dates(home: np.ndarray, rng: np.random.Generator, calendar: Calendar) -> np.ndarray:
    """Uniform from three years before the start (households: from the start) to six months before the end."""
    first = np.datetime64((calendar.start - pd.DateOffset(years=3)).date())
    start = np.datetime64(calendar.start.date())
    last = calendar.first_days[-7] - days(1)
    low = np.where(home, start, first)
    return low + days(np.floor(rng.random(len(home)) * ((last - low).astype("int64") + 1)))


def _dealt_evenly(kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Give each kind of customer to the regions like cards, so that the shares are equal."""
    region = np.empty(len(kind), dtype="<U2")
    for one in KINDS:
        mine = np.flatnonzero(kind == one)
        first = rng.integers(len(REGIONS))
        hands = np.array(REGIONS)[(np.arange(len(mine)) + first) % len(REGIONS)]
        region[mine] = rng.permutation(hands)
    return region


def _names(
    seed: int, number: np.ndarray, home: np.ndarray, industry: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Firms get a firm's name, households a person's; the same rule over all blocks, so that few repeat."""
    firms = firm_names(number, np.where(home, "hotel", industry), stream(seed, "names", 1))
    people = person_names(number, stream(seed, "names", 2))
    return np.where(home, people[0], firms[0]), np.where(home, people[1], firms[1])


def _reps_at_joining(
    region: np.ndarray, join: np.ndarray, home: np.ndarray, reps: pd.DataFrame, rng: np.random.Generator
) -> pd.Series:
    """One of the region's representatives who is there on the day, each as likely as the others."""
    left = reps["left"].to_numpy().astype("datetime64[D]")
    there = (reps["region_id"].to_numpy() == region[:, None]) & (np.isnat(left) | (left > join[:, None]))
    wanted = np.floor(rng.random(len(region)) * there.sum(axis=1)).astype("int64") + 1
    chosen = (there.cumsum(axis=1) >= wanted[:, None]).argmax(axis=1)
    return reps["rep_id"].iloc[chosen].reset_index(drop=True).mask(home)


def _acquisition_cost(source: np.ndarray, home: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    p = PARAMETERS["customers"]
    mean = np.array([p["acquisition_cost_mean"][s] for s in source], dtype=float)
    mean = np.where(home, mean * p["acquisition_cost_household_factor"], mean)
    sigma = p["acquisition_cost_sigma"]
    return np.round(mean * np.exp(rng.normal(-(sigma**2) / 2, sigma, len(source))), 2)


def _value_types(kind: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Weights of price, advice and integration, in thousandths that sum to one."""
    alpha = np.array([PARAMETERS["customers"]["value_type_dirichlet"][k] for k in kind], dtype=float)
    parts = rng.standard_gamma(alpha)
    price, advice = np.floor(1000 * parts[:, :2] / parts.sum(axis=1, keepdims=True)).astype(int).T
    table = {"vt_price": price, "vt_advice": advice, "vt_integration": 1000 - price - advice}
    return pd.DataFrame(table) / 1000


def _territories(kind: np.ndarray, region: np.ndarray, block: int, rng: np.random.Generator) -> pd.Series:
    """One territory for each distributor of a region, none twice; the others sit in any of the region's."""
    number = rng.integers(TERRITORIES, size=len(kind))
    for where in REGIONS:
        mine = np.flatnonzero((kind == "distributor") & (region == where))
        number[mine] = rng.permutation(TERRITORIES)[: len(mine)]
    names = [f"{r}{block * TERRITORIES + n + 1:02d}" for r, n in zip(region, number, strict=True)]
    return pd.Series(names, dtype="str").mask(kind == "household")


def _burden(kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Zero but for 28% of the accounts of each kind of business."""
    p, burden = PARAMETERS["cost_to_serve"], np.zeros(len(kind))
    low, high = p["burden_range"]
    for one in KINDS[:3]:
        mine = rng.permutation(np.flatnonzero(kind == one))
        heavy = mine[: round(p["burden_share"] * len(mine))]
        burden[heavy] = rng.uniform(low, high, size=len(heavy))
    return burden
