"""Put the company together: block by block who joined, what they ordered, who left, and what it brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from casebook.company.costs import cost_to_serve, solve_costs
from casebook.company.credit import credit_history
from casebook.company.dropout import NEVER, dropout_drivers, dropout_month, hazard, offers_made
from casebook.company.finding import trade_fairs
from casebook.company.further import credit_block, finding_block, finding_tables
from casebook.company.names import company_name
from casebook.company.parties import customers_block, freight, hidden_traits, regions, sales_reps
from casebook.company.products import inventory, products
from casebook.company.service import service_block, service_tables
from casebook.company.settings import BLOCK, MONTH_DAYS, PARAMETERS, SEED, Calendar
from casebook.company.side import side_tables
from casebook.company.streams import stream
from casebook.company.trade import all_orders, complaints_about, lines_of, with_delivery
from casebook.contracts import TABLES, TRUTH

__all__ = [
    "Company", "closing_tables", "fixed_tables", "names_of", "parameters_of", "service_costs", "simulate",
    "simulate_blocks",
]  # fmt: skip

SHIPPED_NAME = ("清源净水设备有限公司", "Qingyuan Water Equipment Co., Ltd.")


@dataclass(frozen=True, eq=False, repr=False)
class Company(Mapping[str, pd.DataFrame]):
    """A simulated company: a mapping of its public tables (``company["orders"]``), and what is hidden.

    Attributes
    ----------
    name_zh, name_en : str
        Fictional.
    tables, truth : dict of str to DataFrame
        Public and hidden tables, typed by their contracts.
    parameters : dict
        Seed, size, and every true parameter.
    """

    name_zh: str
    name_en: str
    tables: dict[str, pd.DataFrame]
    truth: dict[str, pd.DataFrame]
    parameters: dict[str, Any]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def __repr__(self) -> str:
        rows = ", ".join(f"{name} {len(table):,}" for name, table in self.tables.items())
        return f"{self.name_en} (simulated, seed {self.parameters['seed']}): {rows}"


def simulate(seed: int = SEED, customers: int = 1000, years: int = 3, *, solve_whale: bool = True) -> Company:
    """Simulate a company: the shipped one, or a sister with another seed.

    Parameters
    ----------
    seed : int
        The same seed always gives the same company, to the byte.
    customers : int
        How many, 100 or more. A company of 2,000 begins with the 1,000 of its smaller sister.
    years : int
        Years of data up to 2024-12-31, 1 to 20.
    solve_whale : bool
        Solve the costs to serve for Sherden's triple (as nearly as a small company allows); False leaves
        them as they are.

    Returns
    -------
    Company
        Tables, truth and parameters.

    Raises
    ------
    ValueError
        If there are too few customers, or the seed or the years make no sense.

    Examples
    --------
    >>> small = simulate(seed=7, customers=100, years=1)
    >>> len(small["customers"]), small["orders"]["date"].max() <= pd.Timestamp("2024-12-31")
    (100, True)
    """
    if customers < 100 or int(customers) != customers:
        raise ValueError(f"customers must be a whole number, 100 or more, got {customers!r}")
    if seed < 0 or int(seed) != seed:
        raise ValueError(f"seed must be a whole number, 0 or more, got {seed!r}")
    calendar = Calendar(years)
    blocks = list(simulate_blocks(seed, customers, calendar))
    joined = {name: pd.concat([b[name] for b in blocks], ignore_index=True) for name in blocks[0]}
    kept = {name: joined.pop(name) for name in [*joined] if name not in TABLES | TRUTH}
    unit, kappa = service_costs(kept["accounts"], calendar, solve_whale)
    tables = {
        **fixed_tables(seed, calendar), **joined,
        **closing_tables({**kept, "sold": joined["order_lines"]}, unit, kappa, solve_whale, seed, calendar),
        "cost_to_serve": cost_to_serve(kept["accounts"], unit, kappa),
    }  # fmt: skip
    zh, en = names_of(seed)
    return Company(
        zh, en, {name: table.typed(tables[name]) for name, table in TABLES.items()},
        {name: table.typed(tables[name]) for name, table in TRUTH.items()},
        parameters_of(seed, customers, years, solve_whale),
    )  # fmt: skip


def names_of(seed: int) -> tuple[str, str]:
    """The company's name in Chinese and in English."""
    return SHIPPED_NAME if seed == SEED else company_name(stream(seed, "company"))


def parameters_of(seed: int, customers: int, years: int, solve_whale: bool) -> dict[str, Any]:
    """What was asked for, and every true parameter: the content of truth/parameters.json."""
    asked = {"seed": seed, "n_customers": customers, "years": years, "solve_whale": solve_whale}
    return {"company": names_of(seed)[1], **asked, **PARAMETERS}


def fixed_tables(seed: int, calendar: Calendar) -> dict[str, pd.DataFrame]:
    """The tables that know no customer: places, people of the firm, products, and the side cases."""
    return {
        "regions": regions(), "freight": freight(), "sales_reps": sales_reps(seed, calendar),
        "products": products(seed, calendar), **finding_tables(seed, calendar), **service_tables(seed),
        **side_tables(seed),
    }  # fmt: skip


def closing_tables(
    kept: Mapping[str, pd.DataFrame], unit: float, kappa: float, solve_whale: bool, seed: int,
    calendar: Calendar,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """The tables that follow from sums over all blocks: stock from `sold` (sku, qty), fairs from takings."""
    sold = kept["sold"].groupby("sku")["qty"].sum()
    solved = {"solved": [solve_whale], "account_cost_unit": [unit], "kappa": [kappa]}
    return {
        "inventory_monthly": inventory(products(seed, calendar), sold, seed, calendar),
        "trade_fairs": trade_fairs(kept["fair_takings"], seed, calendar),
        "cost_truth": pd.DataFrame(solved),
    }


def simulate_blocks(seed: int, customers: int, calendar: Calendar) -> Iterator[dict[str, pd.DataFrame]]:
    """Yield the tables of each block of 1,000 customers, one after another; none depends on another block.

    Besides the public and hidden tables that grow with the customers, a block holds `accounts`: margin by
    customer and year, from which the costs to serve follow once the whole company is known; and
    `fair_takings`, from which the costs of the trade fairs follow.
    """
    reps, skus = sales_reps(seed, calendar), products(seed, calendar)
    for block in range(-(-customers // BLOCK)):
        size = min(BLOCK, customers - block * BLOCK)
        public = customers_block(seed, block, size, reps, calendar)
        hidden = hidden_traits(public, seed, block)
        people = public.merge(hidden, on="customer_id", validate="one_to_one")
        yield _block(people, reps, skus, seed, block, calendar)


def _block(
    people: pd.DataFrame, reps: pd.DataFrame, skus: pd.DataFrame, seed: int, block: int, calendar: Calendar
) -> dict[str, pd.DataFrame]:
    """Everything that one block of customers does."""
    index = regions().set_index("region_id")["price_index"]
    orders, lost = all_orders(people, seed, block, calendar)
    orders = with_delivery(orders, people, seed, block, calendar)
    lines = lines_of(orders, people, skus, index, seed, block, calendar)
    complaints = complaints_about(orders, lines, seed, block)
    offers = offers_made(people, seed, block, calendar)
    drivers = dropout_drivers(people, orders, complaints, offers, reps, calendar)
    left = dropout_month(people, drivers, seed, block, calendar)
    kept = calendar.index(orders["date"].to_numpy()) <= left[orders["who"]]
    files = credit_history(people, orders[kept], left, seed, block, calendar)
    public = _public_orders(orders, kept, people, files, block, calendar)
    sold = _public_lines(lines, kept, public, skus)
    dropped = np.where(left == NEVER, lost.astype("datetime64[M]"), _month_or_nat(left, calendar))
    customers = _with_spend(people, public, sold, seed, block, calendar)
    hidden = people.assign(dropout_month=dropped.astype("datetime64[us]"))
    made = {
        "customers": customers, "orders": public.reset_index(drop=True), "order_lines": sold,
        "complaints": _public_complaints(complaints, public, people, block, calendar),
        "competitor_offers": _public_offers(offers, left, people, calendar),
        "customers_truth": hidden, "accounts": _accounts(sold, public, people, skus),
        **credit_block(people, public, sold, files, seed, block, calendar),
        **finding_block(customers, public, sold, skus, seed, block, calendar),
    }  # fmt: skip
    leaving = (left, hazard(drivers), len(complaints))
    return made | service_block(people, made, skus, reps, leaving, (seed, block, calendar))


def _month_or_nat(month: np.ndarray, calendar: Calendar) -> np.ndarray:
    inside = np.where(month == NEVER, 0, month)
    first = calendar.first_days[inside].astype("datetime64[M]")
    return np.where(month == NEVER, np.datetime64("NaT", "M"), first)


def _public_orders(
    orders: pd.DataFrame, kept: np.ndarray, people: pd.DataFrame, files: pd.DataFrame, block: int,
    calendar: Calendar,
) -> pd.DataFrame:  # fmt: skip
    """The orders that were placed, numbered by date; cash after a default; open if not delivered in time."""
    placed = orders[kept]
    default = files.dropna(subset="default_date").set_index("who")["default_date"]
    cash = placed["who"].map(default).lt(placed["date"]).to_numpy(dtype=bool)
    is_open = (placed["delivered"] > calendar.as_of).to_numpy()
    return placed.assign(
        order_id=[f"O{block * 100_000 + n + 1:08d}" for n in range(len(placed))],
        customer_id=people["customer_id"].to_numpy()[placed["who"]],
        terms=np.where(cash, "cash", placed["terms"]),
        status=np.where(is_open, "open", "delivered"),
        delivered_date=placed["delivered"].mask(is_open),
    )


def _public_lines(
    lines: pd.DataFrame, kept: np.ndarray, placed: pd.DataFrame, skus: pd.DataFrame
) -> pd.DataFrame:
    """The lines of the orders that were placed, with the names of order and product."""
    mine = lines[kept[lines["order"]]].reset_index(drop=True)
    return mine.assign(
        order_id=placed["order_id"].loc[mine["order"]].to_numpy(), sku=skus["sku"].to_numpy()[mine["sku_row"]]
    )


def _public_complaints(
    complaints: pd.DataFrame, placed: pd.DataFrame, people: pd.DataFrame, block: int, calendar: Calendar
) -> pd.DataFrame:
    """Complaints about orders that were placed, made by the last day; open if not closed by then."""
    seen = complaints["order"].isin(placed.index) & (complaints["date"] <= calendar.as_of)
    mine = complaints[seen].sort_values(["date", "order"], kind="stable", ignore_index=True)
    return mine.assign(
        complaint_id=[f"K{block * 10_000 + n + 1:07d}" for n in range(len(mine))],
        customer_id=people["customer_id"].to_numpy()[mine["who"]],
        order_id=placed["order_id"].loc[mine["order"]].to_numpy(),
        closed=mine["closed"].mask(mine["closed"] > calendar.as_of),
    )


def _public_offers(
    offers: np.ndarray, left: np.ndarray, people: pd.DataFrame, calendar: Calendar
) -> pd.DataFrame:
    """Offers to customers who were still there in the month."""
    who, month = np.nonzero(offers & (np.arange(calendar.months) <= left[:, None]))
    start = calendar.first_days[month].astype("datetime64[M]")
    end = start + np.timedelta64(PARAMETERS["offers"]["months"] - 1, "M")
    return pd.DataFrame({
        "customer_id": people["customer_id"].to_numpy()[who],
        "start_month": start.astype("datetime64[us]"), "end_month": end.astype("datetime64[us]"),
    })  # fmt: skip


def _with_spend(
    people: pd.DataFrame, placed: pd.DataFrame, sold: pd.DataFrame, seed: int, block: int, calendar: Calendar
) -> pd.DataFrame:
    """Add what follows from the orders: the yearly category spend; and the orders before the data starts."""
    cents = (sold["unit_price"] * 100).round().astype("int64") * sold["qty"]
    customer = placed.set_index("order_id")["customer_id"].loc[sold["order_id"]].to_numpy()
    sales = people["customer_id"].map(cents.groupby(customer).sum()) / 100
    date = placed.groupby("customer_id")["date"]
    days = (date.max() - date.min()).dt.days + 1
    yearly = sales / (people["customer_id"].map(days) / 365.25).clip(lower=1)
    spend = yearly / people["wallet"]
    spend = spend.fillna(spend.groupby(people["kind"]).transform("median")).fillna(spend.median())
    start = np.datetime64(calendar.start.date())
    before = (start - people["join_date"].to_numpy().astype("datetime64[D]")).astype("int64") / MONTH_DAYS
    earlier = 1 + stream(seed, "prior_orders", block).poisson(people["order_rate"] * np.maximum(before, 0))
    return people.assign(annual_category_spend=spend.round(2), prior_orders=np.where(before > 0, earlier, 0))


def _accounts(
    sold: pd.DataFrame, placed: pd.DataFrame, people: pd.DataFrame, skus: pd.DataFrame
) -> pd.DataFrame:
    """Gross margin in cents by customer and year, with the weight and burden of the customer."""
    order = placed.set_index("order_id")
    price = (sold["unit_price"] * 100).round().astype("int64")
    cost = (skus["unit_cost"] * 100).round().astype("int64").to_numpy()[sold["sku_row"]]
    margin = pd.DataFrame({
        "customer_id": order["customer_id"].loc[sold["order_id"]].to_numpy(),
        "year": order["date"].dt.year.loc[sold["order_id"]].to_numpy(),
        "margin_cents": (price - cost) * sold["qty"],
    })  # fmt: skip
    table = margin.groupby(["customer_id", "year"], as_index=False)["margin_cents"].sum()
    traits = people.set_index("customer_id").loc[table["customer_id"]]
    weight = traits["kind"].map(PARAMETERS["cost_to_serve"]["account_weight"])
    return table.assign(weight=weight.to_numpy(), burden=traits["burden"].to_numpy())


def service_costs(accounts: pd.DataFrame, calendar: Calendar, solve_whale: bool) -> tuple[float, float]:
    """F and kappa: solved on the businesses with an order in the last year, or as they stand."""
    if not solve_whale:
        unsolved = PARAMETERS["cost_to_serve"]["unsolved"]
        return unsolved["account_cost_unit"], unsolved["kappa"]
    last = accounts[(accounts["year"] == calendar.as_of.year) & (accounts["weight"] > 0)]
    return solve_costs(
        last["margin_cents"].to_numpy() / 100, last["weight"].to_numpy(), last["burden"].to_numpy()
    )
