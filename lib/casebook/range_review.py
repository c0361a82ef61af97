"""Review a range of products: which would each ratio drop, and how sure is the list?

Six measures can make such a list, and they need not agree. `drop_list` sets the lists side by side;
`drop_stability` deals the orders of the year again and counts how often each product is on them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import check_values
from casebook.frames import need_pandas, refuse_gaps, start

__all__ = ["MEASURES", "drop_list", "drop_stability"]

#: Columns that products can be judged by, and how a sentence calls them; the smallest is dropped first.
MEASURES = {
    "sales": "sales",
    "margin_rate": "margin rate",
    "turnover_ratio": "turnover",
    "cross_ratio": "cross ratio",
    "contribution_cross": "contribution (cross)",
    "contribution_margin": "contribution (margin)",
}


def drop_list(
    table: pd.DataFrame, key: str = "sku", *, measures: Mapping[str, str] | None = None, n: int = 3
) -> pd.DataFrame:
    """Rank products from the worst by each measure, and count on how many of the lists each one stands.

    Parameters
    ----------
    table : DataFrame, one row per product
    key : str
        Column that names the product; it settles ties (smaller first).
    measures : mapping of column to word, optional
        What to judge by, smallest first; without it, those of `MEASURES` that the table has.
    n : int
        Length of a list.

    Returns
    -------
    DataFrame, one row per product, those on most lists first (ties: mean rank, then `key`)
        `key`, the rank by each measure (1 would be dropped first) under the measure's column name, and
        `lists` (on how many lists it is among the first `n`).

    Raises
    ------
    TableError
        If a column is missing or has gaps, a product stands twice, or `n` is not a whole number from 1 to
        the number of products.

    Notes
    -----
    A list says who is last, not what is lost: the six lists have no money in them.

    Examples
    --------
    >>> three = pd.DataFrame({"sku": ["P1", "P2", "P3"], "sales": [400, 600, 1000],
    ...                       "cross_ratio": [1, .6, .8]})
    >>> drop_list(three, n=1)
      sku  sales  cross_ratio  lists
    0  P2      2            1      1
    1  P1      1            3      1
    2  P3      3            2      0
    """
    named = list(measures if measures is not None else [m for m in MEASURES if m in table])
    need_pandas(table, [key, *named])
    if not named:
        raise TableError(f"The table has none of the measures {', '.join(MEASURES)}.")
    _check_products(table, key, n)
    for column in named:
        if not pd.api.types.is_numeric_dtype(table[column]) or table[column].isna().any():
            check_values(start(table, [column]), column, key)
    ordered = table.sort_values(key, kind="stable")
    ranks = {name: ordered[name].rank(method="first").astype("int64") for name in named}
    made = ordered[[key]].assign(**ranks)
    made["lists"] = (made[named] <= n).sum(axis=1)
    made["__mean"] = made[named].mean(axis=1)
    made = made.sort_values(["lists", "__mean", key], ascending=[False, True, True], kind="stable")
    return made.drop(columns="__mean").reset_index(drop=True)


def drop_stability(
    lines: pd.DataFrame,
    stock: pd.DataFrame,
    *,
    key: str = "sku",
    order: str = "order_id",
    n: int = 3,
    B: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """How often would each product be on each list if chance had dealt the orders of the year again?

    Orders are drawn with replacement, as many as there were, and all lines of an order travel together. The
    stock stays as it was.

    Parameters
    ----------
    lines : DataFrame, one row per sales line
        With `key`, `order`, and the money `sales`, `cost` and `sold` (at list price) of the line.
    stock : DataFrame, one row per product that may be dropped
        With `key`, `stock` (average stock at list price) and, if some were not in range all year, `months`.
        Lines of other products count in the total sales only.
    key, order : str
        Columns of the product and of the order.
    n : int
        Length of a list.
    B : int
        Number of draws.
    seed : int

    Returns
    -------
    DataFrame, one row per product of `stock`, in its order
        `key`, and for each of `MEASURES` the share of draws (0-1) in which the product is on that list.

    Raises
    ------
    TableError
        If a column is missing or has gaps, a product stands twice in `stock` or has no line, or `n` or `B`
        is out of range.

    Notes
    -----
    Source: Efron (1979), the bootstrap; orders are taken as independent.

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": list("abcd") * 3, "sku": ["P1"] * 4 + ["P2"] * 4 + ["P3"] * 4,
    ...                       "sales": [9] * 4 + [9, 9, 9, 10] + [50] * 4, "cost": [8] * 8 + [20] * 4})
    >>> stock = pd.DataFrame({"sku": ["P1", "P2", "P3"], "stock": [10, 10, 10]})
    >>> drop_stability(lines.assign(sold=lines["sales"]), stock, n=1)[["sku", "sales"]].round(1)
      sku  sales
    0  P1    1.0
    1  P2    0.0
    2  P3    0.0
    """
    money = ["sales", "cost", "sold"]
    need_pandas(lines, [key, order, *money])
    need_pandas(stock, [key, "stock"])
    _check_products(stock, key, n)
    for column in money:
        check_values(start(lines, [column]), column, order)
    for column in (key, order):
        refuse_gaps(start(lines, [column]), column)
    for column in ("stock", *(["months"] if "months" in stock else [])):
        check_values(start(stock, [column]), column, key)
        low = stock[(stock[column] < 0) | ((stock[column] == 0) & (column == "months"))]
        if len(low):
            raise TableError(
                f"Column {column!r} holds {low[column].tolist()[0]!r} for {low[key].tolist()[0]!r}; "
                "a stock is 0 or more and its months are above 0: count again."
            )
    if isinstance(B, bool) or not isinstance(B, int) or B < 1:
        raise TableError(f"B must be a whole number of draws, at least 1; got {B}.")
    unsold = sorted(set(stock[key]) - set(lines[key]))
    if unsold:
        raise TableError(f"No line of product {unsold[0]!r} (such products: {len(unsold)}): leave it out.")
    at = {name: place for place, name in enumerate(stock[key])}
    product = lines[key].map(at).fillna(len(at)).astype("int64").to_numpy()  # all others in one
    who = pd.factorize(lines[order], sort=True)[0]
    months = stock["months"].to_numpy(float) if "months" in stock else np.full(len(at), 12.0)
    lay = stock["stock"].to_numpy(float) * months / 12
    tie = np.argsort(np.argsort(stock[key].to_numpy(), kind="stable"), kind="stable")
    amounts = [lines[column].to_numpy(float) for column in money]
    rng, orders = np.random.default_rng(seed), int(who.max()) + 1
    tally = np.zeros((len(MEASURES), len(at)))
    for _ in range(B):
        times = np.bincount(rng.integers(0, orders, orders), minlength=orders)[who]
        sums = [np.bincount(product, weights=times * x, minlength=len(at) + 1) for x in amounts]
        for place, values in enumerate(_measured(sums[0], sums[1], sums[2], lay)):
            tally[place, np.lexsort((tie, values))[:n]] += 1
    return stock[[key]].reset_index(drop=True).assign(**dict(zip(MEASURES, tally / B, strict=True)))


def _measured(sales: np.ndarray, cost: np.ndarray, sold: np.ndarray, lay: np.ndarray) -> list[np.ndarray]:
    """Work out the six measures of one draw, in the order of MEASURES; no sales or no stock: last in line."""
    share = sales[:-1] / sales.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = (sales[:-1] - cost[:-1]) / sales[:-1]
        speed = sold[:-1] / lay
    values = [sales[:-1], margin, speed, margin * speed, margin * speed * share, margin * share]
    return [np.nan_to_num(v, nan=np.inf) for v in values]


def _check_products(table: pd.DataFrame, key: str, n: int) -> None:
    refuse_gaps(start(table, [key]), key)
    if not table[key].is_unique:
        twice = table.loc[table[key].duplicated(), key].iloc[0]
        raise TableError(f"Column {key!r} names {twice!r} more than once: add up to one row each first.")
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= len(table):
        raise TableError(f"n must be a whole number from 1 to {len(table)}, the number of products; got {n}.")
