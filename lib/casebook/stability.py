"""The draws behind `classification.class_stability`: deal orders (or customers) again, classify anew."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.exact import amount_units
from casebook.frames import start

__all__ = ["draw_customers", "draw_orders", "units_by_customer"]

_UNITS = "__units"
NONE = 3  #: code of a customer without a positive value in the draw; 0, 1, 2 are A, B, C


def units_by_customer(
    table: Any, value: str, key: str, customers: pd.Series
) -> tuple[np.ndarray, np.ndarray]:
    """Each row's money in units and the position of its customer, in an order that no shuffling changes."""
    frame = start(table, [value, key])
    units, _ = amount_units(frame, value)
    lean = frame.select(nw.col(key), units.alias(_UNITS))
    rows = (lean.collect() if isinstance(lean, nw.LazyFrame) else lean).to_pandas()
    owner = pd.Index(customers).get_indexer(pd.Index(rows[key]))
    amounts = rows[_UNITS].to_numpy()
    order = np.lexsort((amounts, owner))
    return amounts[order], owner[order]


def draw_orders(
    units: np.ndarray,
    owner: np.ndarray,
    rng: np.random.Generator,
    cuts: tuple[float, float],
    boundary: str,
) -> np.ndarray:
    """Class codes of all customers when as many orders are drawn, with replacement, as there are."""
    times = rng.multinomial(len(units), np.full(len(units), 1 / len(units)))
    totals = np.bincount(owner, units * times)
    order = np.argsort(-totals, kind="stable")
    best_first = np.clip(totals[order], 0, None)
    running = np.cumsum(best_first)
    share = (running - best_first if boundary == "crossing" else running) / (running[-1] or 1)
    codes = np.empty(len(totals), dtype=int)
    codes[order] = _codes(share, cuts, boundary)
    return np.where(totals > 0, codes, NONE)


def draw_customers(
    units: np.ndarray, rng: np.random.Generator, cuts: tuple[float, float], boundary: str
) -> np.ndarray:
    """Class codes that customers of these values (best first) have in the company of those drawn."""
    times = rng.multinomial(len(units), np.full(len(units), 1 / len(units)))
    drawn = units * times
    before, total = np.cumsum(drawn) - drawn, drawn.sum()
    missed = units * (times == 0)  # a customer that was not drawn joins the company it is compared with
    share = before / total if boundary == "crossing" else (before + units) / (total + missed)
    return _codes(share, cuts, boundary)


def _codes(share: np.ndarray, cuts: tuple[float, float], boundary: str) -> np.ndarray:
    return np.searchsorted(cuts, share, side="right" if boundary == "crossing" else "left")
