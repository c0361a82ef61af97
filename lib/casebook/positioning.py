"""Find a place in a market: the map, the blur around a position, the gap and its size, the gate.

Small tables (pandas), one row a brand, a customer or an applicant. Levels are ranks from 1 (low) to 3 (high):
they order, and measure nothing. The size of a gap and the gate stand in `positioning_gap` and can be called
from here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas, refuse_gaps, start
from casebook.positioning_gap import (
    ROLLS_ROYCE,
    chain_ratio,
    gate,
    numbers_of,
    payback_years,
    scale_scores,
    scarcity_price,
)
from casebook.prospecting_checks import plain

__all__ = [
    "ROLLS_ROYCE",
    "Blur",
    "chain_ratio",
    "gate",
    "payback_years",
    "perceptual_map",
    "positioning_blur",
    "price_tiers",
    "scale_scores",
    "scarcity_price",
]


class Blur(NamedTuple):
    """How far customers lie from a position; `off_share` is 0-1, `mean_distance` counts levels."""

    n: int
    off_share: float
    mean_distance: float


def price_tiers(price_weight: pd.Series, *, cuts: tuple[float, float] = (0.25, 0.50)) -> pd.Series:
    """Say what each customer comes for: the price (tier 1), both (2), or advice and service (3).

    Parameters
    ----------
    price_weight : Series of shape (n_customers,)
        Weight of price in the choice of supplier, a share (0-1).
    cuts : two rising shares in (0, 1)
        Below the first: tier 3. From the first to below the second: 2. From the second on: 1.

    Returns
    -------
    Series of int, named "price_tier", with the index of `price_weight`

    Raises
    ------
    TableError
        If a weight is missing, no number or outside 0 to 1, or the cuts do not rise.

    Notes
    -----
    The source course speaks of price-sensitive customers and gives no cut; both cuts are our convention.

    Examples
    --------
    >>> price_tiers(pd.Series({"Ada": 0.50, "Bo": 0.49, "Cy": 0.25, "Di": 0.10})).to_dict()
    {'Ada': 1, 'Bo': 2, 'Cy': 2, 'Di': 3}
    """
    low, high = cuts
    if not 0 < low < high < 1:
        raise TableError(f"cuts must be two rising shares between 0 and 1; got {cuts!r}.")
    weights = numbers_of(price_weight, "price_weight", low=0, high=1)
    tiers = np.select([weights >= high, weights >= low], [1, 2], 3)
    return pd.Series(tiers, index=price_weight.index, name="price_tier", dtype="int64")


def positioning_blur(tiers: pd.Series, position: int, *, levels: int = 3) -> Blur:
    """Measure how blurred a position is: customers who came for another one (定位模糊).

    Parameters
    ----------
    tiers : Series of shape (n_customers,)
        The tier of each customer, a whole number from 1 to `levels`.
    position : int
        Where the firm wants to stand, on the same scale.
    levels : int
        The highest level.

    Returns
    -------
    Blur
        `n` customers, `off_share` (0-1, those of another tier) and `mean_distance` (levels; a float).

    Raises
    ------
    TableError
        If nobody is there, or a tier or the position is no whole number from 1 to `levels`.

    Notes
    -----
    That mixed customers blur an image stands in the source course, without a measure; share and distance
    are our convention. The share asks how many are off, the distance also how far.

    Examples
    --------
    >>> positioning_blur(pd.Series([3, 3, 2, 1]), position=3)
    Blur(n=4, off_share=0.5, mean_distance=0.75)
    """
    if isinstance(position, bool) or position not in range(1, levels + 1):
        raise TableError(f"position must be a whole number from 1 to {levels}; got {position!r}.")
    away = np.abs(_levels(tiers, "tiers", levels) - int(position))
    return Blur(len(away), float((away > 0).mean()), float(away.mean()))


def perceptual_map(
    brands: pd.DataFrame,
    *,
    brand: str = "brand",
    price: str = "price_level",
    service: str = "service_level",
    levels: int = 3,
) -> pd.DataFrame:
    """Lay brands out by price and service, and keep the cells where nobody stands (感知图).

    Parameters
    ----------
    brands : DataFrame, one row per brand
    brand, price, service : str
        Columns: the name, and two levels, whole numbers from 1 (low) to `levels` (high).
    levels : int
        The highest level.

    Returns
    -------
    DataFrame of shape (levels x levels, 5), by price, then service
        `price_level`, `service_level`, `cell` ("price-service", such as "1-3"), `n`, `brands` (names in the
        order of rows, joined by ", "; empty where nobody stands).

    Raises
    ------
    TableError
        If a column is missing, a brand stands twice, there is none, or a level is not on the scale.

    Notes
    -----
    The map of price and service is standard (Kotler & Keller, Marketing Management). An empty cell is a
    question: is it a gap in the market, or is there no market in the gap?

    Examples
    --------
    >>> two = pd.DataFrame({"brand": ["Ada", "Bo"], "price_level": [1, 2], "service_level": [1, 2]})
    >>> found = perceptual_map(two, levels=2)
    >>> found.loc[found["n"] == 0, "cell"].tolist()
    ['1-2', '2-1']
    """
    frame = start(need_pandas(brands, [brand, price, service]), [brand, price, service])
    refuse_gaps(frame, brand)
    if brands[brand].duplicated().any():
        twice = brands.loc[brands[brand].duplicated(), brand].iloc[0]
        raise TableError(f"Column {brand!r} names {twice!r} more than once: one row for each brand.")
    at = pd.DataFrame(
        {
            "price_level": _levels(brands[price], price, levels),
            "service_level": _levels(brands[service], service, levels),
            "brands": brands[brand].astype(str).to_numpy(),
        }
    )
    grid = pd.MultiIndex.from_product([range(1, levels + 1)] * 2, names=["price_level", "service_level"])
    by_cell = at.groupby(["price_level", "service_level"])["brands"]
    made = pd.DataFrame(
        {
            "n": by_cell.size().reindex(grid, fill_value=0),
            "brands": by_cell.agg(", ".join).reindex(grid, fill_value=""),
        }
    ).reset_index()
    made.insert(
        2, "cell", [f"{p}-{s}" for p, s in zip(made["price_level"], made["service_level"], strict=True)]
    )
    return made


def _levels(values: Any, name: str, levels: int) -> np.ndarray:
    numbers = numbers_of(values, name, low=1, high=levels)
    part = numbers != np.round(numbers)
    if part.any():
        row = int(np.flatnonzero(part)[0])
        raise TableError(
            f"{name} is {plain(values.iloc[row])!r} in row {plain(values.index[row])!r}: "
            f"a whole level from 1 to {levels} is needed."
        )
    return numbers.astype(int)
