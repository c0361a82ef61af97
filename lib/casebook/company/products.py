"""What is sold: the 24 products, and the stock that is kept of each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.company.settings import PARAMETERS, Calendar, days
from casebook.company.streams import stream

__all__ = ["inventory", "months_in_range", "products"]

LETTERS = {"household": "H", "commercial": "M", "cartridge": "F", "accessory": "A"}
NAMES = {
    "household": ("家用净水器", "Household purifier"), "commercial": ("商用净水机", "Commercial unit"),
    "cartridge": ("滤芯", "Filter cartridge"), "accessory": ("配件", "Accessory"),
}  # fmt: skip


def products(seed: int, calendar: Calendar) -> pd.DataFrame:
    """Draw the products: prices, costs, one old model and one launch a family, two old models retired.

    Parameters
    ----------
    seed : int
        Of the company.
    calendar : Calendar
        Says when launches and retirements fall.

    Returns
    -------
    DataFrame of shape (24, 10)
        The table `products`; a family's first SKU is its old model, its last is launched in the data.
    """
    p, rng = PARAMETERS["products"], stream(seed, "products")
    family = np.repeat(list(p["count"]), list(p["count"].values()))
    place = np.concatenate([np.arange(n) for n in p["count"].values()])
    size, newest = len(family), np.array([p["count"][f] - 1 for f in family])
    price = np.array([p["price"][f] for f in family]) * np.exp(rng.normal(0, p["price_sigma"], size))
    price = np.round(price)  # whole RMB on the list
    margin = np.where(place == 0, p["margin_old"], [p["margin"][f] for f in family])
    before = np.datetime64(calendar.start.date()) - days(rng.integers(200, 1500, size=size))
    before = np.where(
        place == 0, np.datetime64(calendar.start.date()) - days(rng.integers(1500, 3000, size=size)), before
    )
    launch_days = calendar.first_days[[calendar.month_of(m) for m in p["launch_months"]]]
    launch = before.copy()
    launch[place == newest] = rng.permutation(launch_days)
    retired = np.full(size, np.datetime64("NaT", "D"), dtype="datetime64[D]")
    gone = rng.choice(np.flatnonzero(place == 0), size=2, replace=False)
    retired[gone] = calendar.first_days[calendar.month_of(p["retired_month"] + 1)] - days(1)
    return pd.DataFrame({
        "sku": [f"{LETTERS[f]}{k + 1:02d}" for f, k in zip(family, place, strict=True)],
        "name_zh": [f"{NAMES[f][0]}{k + 1:02d}型" for f, k in zip(family, place, strict=True)],
        "name_en": [f"{NAMES[f][1]} {k + 1:02d}" for f, k in zip(family, place, strict=True)],
        "family": family, "list_price": price, "unit_cost": np.round(price * (1 - margin), 2),
        "launch_date": launch.astype("datetime64[us]"), "retired_date": retired.astype("datetime64[us]"),
        "retired_flag": place == 0, "in_range": np.isnat(retired),
    })  # fmt: skip


def months_in_range(table: pd.DataFrame, calendar: Calendar) -> np.ndarray:
    """Whether each SKU can be ordered in each month: array of bool of shape (n_skus, n_months)."""
    month = np.arange(calendar.months)
    launched = calendar.index(table["launch_date"].to_numpy())[:, None] <= month
    last = table["retired_date"].fillna(calendar.as_of).to_numpy()
    return launched & (month <= calendar.index(last)[:, None])


def inventory(table: pd.DataFrame, units_sold: pd.Series, seed: int, calendar: Calendar) -> pd.DataFrame:
    """Stock at the start and end of each month in which a SKU is in range.

    Parameters
    ----------
    table : DataFrame
        From `products`.
    units_sold : Series indexed by sku
        Pieces ordered over the whole of the data.
    seed : int
        Of the company.
    calendar : Calendar
        Its months.

    Returns
    -------
    DataFrame of shape (n_rows, 4)
        The table `inventory_monthly`: 792 rows in a company of three years.
    """
    p, rng = PARAMETERS["products"], stream(seed, "inventory_monthly")
    on = months_in_range(table, calendar)
    demand = table["sku"].map(units_sold).fillna(0).to_numpy(dtype=float) / on.sum(axis=1)
    target = demand * np.array([p["stock_months"][f] for f in table["family"]])
    noise = rng.uniform(-p["stock_noise"], p["stock_noise"], size=(len(table), calendar.months + 1))
    level = np.round(target[:, None] * (1 + noise)).astype(
        "int64"
    )  # at the start of each month and at the end
    sku, month = np.nonzero(on)
    return pd.DataFrame({
        "sku": table["sku"].to_numpy()[sku], "month": calendar.first_days[month].astype("datetime64[us]"),
        "open_units": level[sku, month], "close_units": level[sku, month + 1],
    })  # fmt: skip
