"""The flow of finding the best customers (识别最佳客户的流程): from what earns money to who should buy it.

Five steps: profitable products; who buys them; which kinds of customers do; products that lose money; who
buys those, to be turned or left. Orders and lines may be pandas, Polars or DuckDB; what comes back is small:
pandas.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import check_values, product_units
from casebook.frames import need_pandas, refuse_gaps, start

__all__ = ["best_customer_flow"]

_LINES = ("order_id", "sku", "qty", "unit_price")
_UNITS = "__units"


def best_customer_flow(
    orders: Any,
    lines: Any,
    products: pd.DataFrame,
    customers: pd.DataFrame,
    *,
    group: str = "industry",
    effort_per_line: float = 0.0,
    effort_rate: float = 0.0,
    least: float = 0.0,
) -> dict[str, pd.DataFrame]:
    """Run the five steps from profitable products to the buyers who only take what loses money.

    Parameters
    ----------
    orders : table with ``order_id`` and ``customer_id`` (pandas, Polars or DuckDB)
        The orders of the period and of the customers you look at; lines of other orders are left out.
    lines : table of the same kind with ``order_id``, ``sku``, ``qty``, ``unit_price`` (RMB)
    products : DataFrame with ``sku`` and ``unit_cost`` (RMB)
    customers : DataFrame with ``customer_id`` and `group`
        The base: all customers that the good buyers are compared with.
    group : str
        Column with the kind of customer.
    effort_per_line, effort_rate : float
        What selling costs beyond the goods: RMB for each order line, and a share of sales. Default none; the
        choice between the two decides which products earn money.
    least : float
        A customer is a good buyer if more than this share of its purchases is of profitable products.
        Default 0: one profitable line is enough.

    Returns
    -------
    dict of five DataFrames
        ``step1``: every product: sales, margin, effort, profit (RMB), lines (count), ``profitable``, reason.
        ``step2``: every buyer: orders, sales (RMB, returns taken off), ``good_share`` (of its sales, 0-1;
        0 where nothing is left of them), ``good_buyer``.
        ``step3``: every kind: base and good buyers (counts), their shares, ``index`` = share among the good
        buyers over share in the base; above 1 they are found there more often.
        ``step4``: the products of step 1 that are sold without profit, worst first, with their ``buyers``.
        ``step5``: buyers of these: sales and profit of these products (RMB), ``action`` "stop" (buys nothing
        else) or "turn" (mixed: may be led to better ones), reason.

    Raises
    ------
    TableError
        If a column is missing or has gaps, a line names an unknown product, an order an unknown customer, the
        tables are of different kinds, no line is left, or an effort or `least` is out of bounds.

    Notes
    -----
    Source: the source course gives the five steps and no measures; profit as margin less effort and the index
    are our convention. A buyer may be good and mixed at once.

    Examples
    --------
    >>> orders = pd.DataFrame({"order_id": [1, 2, 3], "customer_id": ["a", "b", "c"]})
    >>> lines = pd.DataFrame({"order_id": [1, 1, 2, 2, 3], "sku": ["P1", "P2", "P1", "P3", "P3"],
    ...                       "qty": 1, "unit_price": [35.0, 30.0, 35.0, 10.0, 10.0]})
    >>> products = pd.DataFrame({"sku": ["P1", "P2", "P3"], "unit_cost": [20.0, 20.0, 17.5]})
    >>> customers = pd.DataFrame({"customer_id": list("abc"), "industry": ["hotel", "hotel", "school"]})
    >>> flow = best_customer_flow(orders, lines, products, customers)
    >>> flow["step1"][["sku", "profit"]].to_dict("list")
    {'sku': ['P1', 'P2', 'P3'], 'profit': [30.0, 10.0, -15.0]}
    >>> flow["step5"][["customer_id", "action"]]
      customer_id action
    0           b   turn
    1           c   stop
    """
    _check_numbers(effort_per_line, effort_rate, least)
    need_pandas(products, ["sku", "unit_cost"])
    check_values(start(products, ["unit_cost"]), "unit_cost", "sku")
    need_pandas(customers, ["customer_id", group])
    refuse_gaps(start(customers, [group]), group)
    for table, key in ((products, "sku"), (customers, "customer_id")):
        if not table[key].is_unique:
            twice = table.loc[table[key].duplicated(), key].iloc[0]
            raise TableError(f"Column {key!r} names {twice!r} more than once: keep one row each.")
    bought, order_counts = _bought(orders, lines)
    _known(bought, products, customers)
    cost = bought["sku"].map(products.set_index("sku")["unit_cost"]).astype(float)
    effort = bought["lines"] * effort_per_line + bought["sales"] * effort_rate
    bought = bought.assign(margin=(bought["sales"] - bought["qty"] * cost).round(6), effort=effort)
    bought["profit"] = (bought["margin"] - bought["effort"]).round(6)
    step1 = _products(bought, products)
    good = set(step1.loc[step1["profitable"], "sku"])
    step2 = _buyers(bought, good, order_counts, least)
    losing = step1[(step1["lines"] > 0) & ~step1["profitable"]]
    return {
        "step1": step1,
        "step2": step2,
        "step3": _kinds(step2, customers, group),
        "step4": _losing(losing, bought),
        "step5": _to_turn(bought, set(losing["sku"]), good),
    }


def _bought(orders: Any, lines: Any) -> tuple[pd.DataFrame, pd.Series]:
    """What each customer bought of each product, and each customer's number of orders."""
    of_orders, of_lines = start(orders, ["order_id", "customer_id"]), start(lines, list(_LINES))
    for name in ("qty", "unit_price"):
        check_values(of_lines, name, "order_id")
    for frame, name in ((of_orders, "order_id"), (of_orders, "customer_id"), (of_lines, "sku")):
        refuse_gaps(frame, name)
    if of_orders.implementation is not of_lines.implementation or type(of_orders) is not type(of_lines):
        raise TableError("Orders and lines must be tables of the same kind: both pandas, Polars or DuckDB.")
    units, unit = product_units(of_lines, "qty", "unit_price")
    lean = of_lines.select(nw.col("order_id"), nw.col("sku"), nw.col("qty"), units.alias(_UNITS))
    keys = of_orders.select(nw.col("order_id"), nw.col("customer_id"))
    joined = lean.join(keys, on="order_id", how="inner")  # type: ignore[arg-type]
    added = joined.group_by("customer_id", "sku").agg(
        nw.col(_UNITS).sum(), nw.col("qty").sum(), lines=nw.len()
    )
    counted = joined.group_by("customer_id").agg(orders=nw.col("order_id").n_unique())
    small, count = ((f.collect() if isinstance(f, nw.LazyFrame) else f).to_pandas() for f in (added, counted))
    if small.empty:
        raise TableError("No line belongs to one of the orders: do the order_id of both tables match?")
    small = small.sort_values(["customer_id", "sku"], ignore_index=True)
    sales = small[_UNITS].astype("int64") / (1 if unit.integer else unit.per_one)
    small = small.assign(
        sales=sales.astype(float), qty=small["qty"].astype(float), lines=small["lines"].astype(int)
    )
    return small.drop(columns=_UNITS), count.set_index("customer_id")["orders"].astype(int)


def _known(bought: pd.DataFrame, products: pd.DataFrame, customers: pd.DataFrame) -> None:
    for column, table, name in (("sku", products, "products"), ("customer_id", customers, "customers")):
        strange = bought.loc[~bought[column].isin(table[column]), column]
        if len(strange):
            raise TableError(
                f"{column} {strange.iloc[0]!r} is bought but is not in the table of {name} "
                f"(such: {strange.nunique():,}): add it, or leave its orders out."
            )


def _products(bought: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    columns = ["sales", "margin", "effort", "profit", "lines"]
    added = bought.groupby("sku")[columns].sum().round(6)
    table = products[["sku"]].merge(added.reset_index(), on="sku", how="left")
    table = table.fillna(dict.fromkeys(columns, 0)).astype({"lines": int})
    sold = table["lines"] > 0
    reason = np.select(
        [~sold, table["profit"] > 0],
        ["not sold in the period", "earns after effort"],
        "no profit after effort",
    )
    return table.assign(profitable=sold & (table["profit"] > 0), reason=reason)


def _buyers(bought: pd.DataFrame, good: set[str], orders: pd.Series, least: float) -> pd.DataFrame:
    in_good = bought["sales"].where(bought["sku"].isin(good), 0.0)
    by = bought.assign(in_good=in_good).groupby("customer_id")[["sales", "in_good"]].sum()
    share = (by["in_good"] / by["sales"].where(by["sales"] > 0)).fillna(0.0).clip(0, 1)
    made = pd.DataFrame({"orders": orders.reindex(by.index), "sales": by["sales"], "good_share": share})
    return made.assign(good_buyer=share > least).reset_index()


def _kinds(buyers: pd.DataFrame, customers: pd.DataFrame, group: str) -> pd.DataFrame:
    kind = customers.set_index("customer_id")[group]
    base = kind.value_counts()
    good = (
        buyers.loc[buyers["good_buyer"], "customer_id"]
        .map(kind)
        .value_counts()
        .reindex(base.index, fill_value=0)
    )
    table = pd.DataFrame({"base": base, "good_buyers": good}).rename_axis(group)
    table["share_of_base"] = table["base"] / table["base"].sum()
    table["share_of_good"] = table["good_buyers"] / max(1, table["good_buyers"].sum())
    table["index"] = table["share_of_good"] / table["share_of_base"]
    return table.reset_index().sort_values(["index", group], ascending=[False, True], ignore_index=True)


def _losing(losing: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    buyers = bought.groupby("sku")["customer_id"].nunique()
    return losing.assign(buyers=losing["sku"].map(buyers).astype(int)).sort_values(
        ["profit", "sku"], ignore_index=True
    )


def _to_turn(bought: pd.DataFrame, losing: set[str], good: set[str]) -> pd.DataFrame:
    mine = bought[bought["sku"].isin(losing)].groupby("customer_id")[["sales", "profit"]].sum().round(6)
    better = set(bought.loc[bought["sku"].isin(good), "customer_id"])
    only = ~mine.index.isin(list(better))
    mine = mine.assign(
        action=np.where(only, "stop", "turn"),
        reason=np.where(only, "buys only what earns nothing", "buys this beside profitable products"),
    )
    return mine.rename(columns={"sales": "losing_sales", "profit": "losing_profit"}).reset_index()


def _check_numbers(effort_per_line: float, effort_rate: float, least: float) -> None:
    if not (effort_per_line >= 0 and 0 <= effort_rate < 1 and 0 <= least < 1):
        raise TableError(
            "effort_per_line must be RMB from 0 up, effort_rate and least shares from 0 to below 1; got "
            f"{effort_per_line}, {effort_rate}, {least}."
        )
