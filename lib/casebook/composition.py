"""What products and customers are made of: margin, stock turnover, cross ratio, contribution; sales and RFM.

Four ratios say what a product does with the money that lies in it. *Gross margin rate*: what is left of each
RMB of sales. *Turnover ratio* (stock turnover): how often the stock is sold in a year; turnover in the sense
of sales is another thing. *Cross ratio*: the product of the two, margin for each RMB of stock. *Contribution
ratio*: a product's part in the whole, by one of two rival definitions.

`gross_margin` runs on sales lines: pandas, Polars or DuckDB in, the same kind back. The other ratios work on
a small table, one row per product: pandas. What else belongs to an analysis of composition stands in modules
of its own and can be had from here: sales and mix (`sales_analysis`), lists of products to drop
(`range_review`), managerial classes (`managerial`), data quality (`data_quality`), RFM (`rfm`).
"""

from __future__ import annotations

from numbers import Real
from typing import Literal

import narwhals as nw
import pandas as pd
from narwhals.typing import IntoFrameT

from casebook.data_quality import dq_report
from casebook.errors import TableError
from casebook.exact import check_values, find_unit, number
from casebook.frames import give_back, need_pandas, refuse_gaps, start
from casebook.managerial import managerial_class
from casebook.range_review import MEASURES, drop_list, drop_stability
from casebook.rfm import rfm, rfm_groups
from casebook.sales_analysis import customer_performance, mix, price_volume, sales_table

__all__ = [
    "MEASURES",
    "average_stock",
    "contribution_ratio",
    "cross_ratio",
    "customer_performance",
    "dq_report",
    "drop_list",
    "drop_stability",
    "four_ratios",
    "gross_margin",
    "managerial_class",
    "mix",
    "price_volume",
    "rfm",
    "rfm_groups",
    "sales_table",
    "turnover",
]

_S, _C = "__sales", "__cost"  # helper columns

#: What a stock and the sales that emptied it are valued at; both at the same.
Basis = Literal["retail", "cost", "units"]


def gross_margin(table: IntoFrameT, sales: str, cost: str, by: str | None = None) -> IntoFrameT:
    """Gross margin (毛利) in money and as a rate of sales (销售毛利率): (sales - cost) / sales.

    Parameters
    ----------
    table : pandas DataFrame, Polars frame or DuckDB relation
        Sales lines, or one row per product or customer.
    sales, cost : str
        Columns in the same currency. Cost is the cost of the goods sold, not of serving the customer.
    by : str, optional
        Add up by this column first (product, customer), exactly.

    Returns
    -------
    the same kind of table
        Without `by`: the table with `gross_margin` (currency) and `margin_rate` (fraction of sales). With
        `by`: one row each, sorted by it, with `by`, `sales`, `cost` and these two. The rate is missing
        where sales are zero.

    Raises
    ------
    TableError
        If a column is missing, or holds gaps or text.

    Notes
    -----
    Source: the source course names the ratio; the formula is standard. A rate on sales is not a mark-up on
    cost: 25 % of sales is 33 % of cost.

    Examples
    --------
    >>> import pandas as pd
    >>> three = pd.DataFrame({"sku": ["P1", "P2", "P3"], "sales": [400, 600, 1000], "cost": [300, 480, 900]})
    >>> gross_margin(three, "sales", "cost")[["sku", "gross_margin", "margin_rate"]]
      sku  gross_margin  margin_rate
    0  P1           100         0.25
    1  P2           120         0.20
    2  P3           100         0.10
    """
    makes = ("gross_margin", "margin_rate")
    frame = start(table, [sales, cost] if by is None else [sales, cost, by], makes=makes)
    for column in (sales, cost):
        check_values(frame, column, by)
    if by is not None:
        refuse_gaps(frame, by)
    unit = find_unit(frame, sales, cost)
    in_units = [unit.count(number(frame, column)).alias(name) for column, name in ((sales, _S), (cost, _C))]
    frame = frame.with_columns(*in_units)
    if by is not None:
        added = frame.group_by(by).agg(nw.col(_S).sum(), nw.col(_C).sum()).sort(by)
        frame = added.with_columns(unit.money(_S).alias(sales), unit.money(_C).alias(cost))
    sold, margin = nw.col(_S).cast(nw.Int64), (nw.col(_S) - nw.col(_C)).cast(nw.Int64)
    rate = nw.when(sold != 0).then(margin / sold).otherwise(None)
    frame = frame.with_columns(margin_rate=rate, **{_C: margin}).with_columns(gross_margin=unit.money(_C))
    names = [name for name in frame.collect_schema().names() if name not in {*makes, _S, _C}]
    return give_back(frame.select(*[nw.col(name) for name in names], *makes), renumber=by is not None)


def average_stock(
    inventory: pd.DataFrame, key: str = "sku", opening: str = "open_units", closing: str = "close_units"
) -> pd.DataFrame:
    """Average stock (平均库存) of each product: the mean over its months of (opening + closing) / 2.

    Parameters
    ----------
    inventory : DataFrame, one row per product and month
    key : str
        Column of the product.
    opening, closing : str
        Columns: pieces (or money) at the start and at the end of the month.

    Returns
    -------
    DataFrame, one row per product, sorted by `key`
        `key`, `avg_stock` (in the unit of the columns) and `months` (how many rows it was in stock for).

    Raises
    ------
    TableError
        If a column is missing, has gaps, or a stock is negative (the first such row is named).

    Notes
    -----
    A product that was in range for half a year has six months, not twelve: hand `months` on to `turnover`.

    Examples
    --------
    >>> two = pd.DataFrame({"sku": ["P1", "P1"], "open_units": [80, 120], "close_units": [120, 80]})
    >>> average_stock(two)
      sku  avg_stock  months
    0  P1      100.0       2
    """
    need_pandas(inventory, [key, opening, closing])
    _numbers(inventory, [opening, closing], key, floor=True)
    refuse_gaps(start(inventory, [key]), key)
    middle = (inventory[opening] + inventory[closing]) / 2
    by_product = middle.groupby(inventory[key], sort=True)
    return by_product.agg(avg_stock="mean", months="size").reset_index()


def turnover(
    table: pd.DataFrame,
    sold: str = "sold",
    stock: str = "stock",
    *,
    months: str | float = 12,
    basis: Basis = "retail",
) -> pd.DataFrame:
    """Turnover ratio (商品周转率): how often the average stock is sold in a year.

    Parameters
    ----------
    table : DataFrame, one row per product
    sold, stock : str
        Columns: what was sold and what lay in stock on average, **both valued alike** (see `basis`).
    months : str or float
        How many months the sales cover: a number, or the column that holds it.
    basis : {"retail", "cost", "units"}
        How both were valued: at the list price, at cost, or counted in pieces. It is written beside the
        ratio, and `cross_ratio` reads it.

    Returns
    -------
    DataFrame
        The table with `turnover_ratio` (times a year; missing where there was no stock) and `basis`.

    Raises
    ------
    TableError
        If a column is missing or has gaps, a stock is negative, months are not above zero, or the basis is
        unknown.

    Notes
    -----
    Source: the source course names the ratio; the formula is standard. Sales *after* a discount over a stock
    at *list* prices would understate the speed by as much as the discount.

    Examples
    --------
    >>> three = pd.DataFrame({"sku": ["P1", "P2", "P3"], "sold": [400, 600, 1000], "stock": [100, 200, 125]})
    >>> turnover(three)["turnover_ratio"].tolist()
    [4.0, 3.0, 8.0]
    """
    need_pandas(table, [sold, stock] + ([months] if isinstance(months, str) else []))
    if basis not in ("retail", "cost", "units"):
        raise TableError(f"basis must be 'retail', 'cost' or 'units', got {basis!r}.")
    _numbers(table, [sold, stock], floor=stock)
    if isinstance(months, str):
        _numbers(table, [months])
    elif isinstance(months, bool) or not isinstance(months, Real):
        raise TableError(f"months must be a number, or the column that holds it; got {months!r}.")
    span = table[months] if isinstance(months, str) else pd.Series(float(months), index=table.index)
    none = ~((span > 0) & (span < float("inf")))
    if none.any():
        row = span.index[none].tolist()[0]
        raise TableError(f"Months must be above zero (row {row!r} has none).")
    lay = table[stock].where(table[stock] > 0)
    return table.assign(turnover_ratio=table[sold] / lay * (12 / span), basis=basis)


def cross_ratio(
    table: pd.DataFrame,
    margin: str = "margin_rate",
    turnover: str = "turnover_ratio",
    *,
    basis: Basis | None = None,
) -> pd.DataFrame:
    """Cross ratio (交叉比率): margin rate x turnover ratio, the margin a year on each RMB of stock.

    Parameters
    ----------
    table : DataFrame, one row per product
    margin : str
        Column with the gross margin as a fraction of sales.
    turnover : str
        Column with the turnover ratio (times a year).
    basis : {"retail", "cost", "units"}, optional
        How the turnover was valued; without it, the column `basis`, or "retail". At cost, the margin is
        taken on cost too, and the ratio is the GMROI: gross margin over stock at cost.

    Returns
    -------
    DataFrame
        The table with `cross_ratio` (RMB of gross margin a year for each RMB of stock).

    Raises
    ------
    TableError
        If a column is missing, or `basis` is not the one that the table states.

    Notes
    -----
    Source: the source course names the ratio; the formula is the usual one of Chinese retail texts. With a
    negative margin the ratio is no order of merit any more: the slower a loss sells, the less bad it looks.

    Examples
    --------
    >>> three = pd.DataFrame({"margin_rate": [.25, .20, .10], "turnover_ratio": [4, 3, 8]})
    >>> cross_ratio(three)["cross_ratio"].round(2).tolist()
    [1.0, 0.6, 0.8]
    """
    need_pandas(table, [margin, turnover])
    stated = set(table["basis"].unique()) if "basis" in table else set()
    if len(stated) > 1 or (stated and basis is not None and stated != {basis}):
        raise TableError(
            f"The turnover was worked out at {', '.join(map(repr, sorted(stated)))}"
            f"{f', not at {basis!r}' if basis else ''}: one basis for all products, please."
        )
    used = basis or (stated.pop() if stated else "retail")
    if used not in ("retail", "cost", "units"):
        raise TableError(f"basis must be 'retail', 'cost' or 'units', got {used!r}.")
    for column in (margin, turnover):
        if not pd.api.types.is_numeric_dtype(table[column]) and table[column].notna().any():
            raise TableError(f"Column {column!r} does not hold numbers: use pandas.to_numeric first.")
    rate = table[margin]
    if used == "cost":  # a margin on cost for a stock at cost
        rate = rate / (1 - rate).where(rate != 1)
    return table.assign(cross_ratio=rate * table[turnover])


def contribution_ratio(
    table: pd.DataFrame,
    sales: str = "sales",
    *,
    definition: Literal["cross", "margin"] = "cross",
    key: str | None = None,
    total: bool = False,
) -> pd.DataFrame:
    """Contribution ratio (贡献比率): how much a product adds to the whole, by one of two rival definitions.

    Parameters
    ----------
    table : DataFrame, one row per product
        With `cross_ratio` or `margin_rate`, whichever the definition takes.
    sales : str
        Column with the sales; their total is above zero.
    definition : {"cross", "margin"}
        "cross": cross ratio x share of sales (Chinese texts on customer management). "margin": margin rate x
        share of sales (supermarket practice); these add up to the margin rate of the whole.
    key : str, optional
        Column that names the product; needed for the total row.
    total : bool
        Add a last row, called "total", with the sums.

    Returns
    -------
    DataFrame
        The table with `sales_share` (0-1) and `contribution_ratio` (no unit).

    Raises
    ------
    TableError
        If a column is missing, the definition is unknown, or sales do not add to more than zero.

    Notes
    -----
    Source: the source course gives the name; both definitions circulate, so the one used has to be said.

    Examples
    --------
    >>> three = pd.DataFrame({"sku": ["P1", "P2", "P3"], "sales": [400, 600, 1000],
    ...                       "margin_rate": [.25, .2, .1], "cross_ratio": [1, .6, .8]})
    >>> contribution_ratio(three)["contribution_ratio"].round(2).tolist()
    [0.2, 0.18, 0.4]
    >>> by_margin = contribution_ratio(three, definition="margin", key="sku", total=True)
    >>> by_margin[["sku", "contribution_ratio"]].round(2).tail(1).values.tolist()
    [['total', 0.16]]
    """
    takes = {"cross": "cross_ratio", "margin": "margin_rate"}
    if definition not in takes:
        raise TableError(f"definition must be 'cross' or 'margin', got {definition!r}.")
    if total and key is None:
        raise TableError("A total row needs a name: say in which column (key) the products are named.")
    need_pandas(table, [sales, takes[definition], *([key] if key else [])])
    _numbers(table, [sales], key)
    ratio = table[takes[definition]]
    if not pd.api.types.is_numeric_dtype(ratio) and ratio.notna().any():
        raise TableError(f"Column {takes[definition]!r} does not hold numbers: use pandas.to_numeric first.")
    whole = table[sales].sum()
    if not whole > 0:
        raise TableError(f"Column {sales!r} adds to {whole:,.2f}: without sales there are no shares of them.")
    share = table[sales] / whole
    made = table.assign(sales_share=share, contribution_ratio=table[takes[definition]] * share)
    if not total:
        return made
    sums = made[[sales, "sales_share", "contribution_ratio"]].sum()
    return pd.concat([made, pd.DataFrame([{key: "total", **sums}])], ignore_index=True)


def four_ratios(
    table: pd.DataFrame,
    key: str = "sku",
    *,
    sales: str = "sales",
    cost: str = "cost",
    sold: str = "sold",
    stock: str = "stock",
    months: str | float = 12,
) -> pd.DataFrame:
    """Work out all four ratios of each product in one call, on the retail basis.

    Parameters
    ----------
    table : DataFrame, one row per product
    key : str
        Column that names the product.
    sales, cost : str
        Columns: what customers paid, and what the goods cost.
    sold, stock : str
        Columns: the same pieces *at list price*, and the average stock at list price. Without discounts,
        give the column of sales twice.
    months : str or float
        Months that the sales cover (number or column), as in `turnover`.

    Returns
    -------
    DataFrame, in the order of the rows
        The table with `gross_margin`, `margin_rate`, `turnover_ratio`, `basis`, `cross_ratio`,
        `sales_share`, and the contribution ratio by both definitions: `contribution_cross` and
        `contribution_margin`.

    Raises
    ------
    TableError
        As the four functions; or if a product stands in two rows.

    See Also
    --------
    gross_margin, turnover, cross_ratio, contribution_ratio

    Examples
    --------
    >>> three = pd.DataFrame({"sku": ["P1", "P2", "P3"], "sales": [400, 600, 1000], "cost": [300, 480, 900],
    ...                       "stock": [100, 200, 125]})
    >>> four_ratios(three, sold="sales")[["sku", "cross_ratio", "contribution_cross"]].round(2)
      sku  cross_ratio  contribution_cross
    0  P1          1.0                0.20
    1  P2          0.6                0.18
    2  P3          0.8                0.40
    """
    need_pandas(table, list(dict.fromkeys([key, sales, cost, sold, stock])))
    refuse_gaps(start(table, [key]), key)
    if not table[key].is_unique:
        twice = table.loc[table[key].duplicated(), key].iloc[0]
        raise TableError(f"Column {key!r} names {twice!r} more than once: add up to one row each first.")
    three = cross_ratio(turnover(gross_margin(table, sales, cost), sold, stock, months=months))
    by_cross = contribution_ratio(three, sales)
    by_margin = contribution_ratio(three, sales, definition="margin")
    return by_cross.rename(columns={"contribution_ratio": "contribution_cross"}).assign(
        contribution_margin=by_margin["contribution_ratio"]
    )


def _numbers(
    table: pd.DataFrame, columns: list[str], key: str | None = None, *, floor: bool | str = False
) -> None:
    """Refuse text, gaps, and (for the column `floor`, or all) anything below zero."""
    frame = start(table, columns)
    for column in columns:
        check_values(frame, column, key)
        below = table[table[column] < 0]
        if len(below) and floor in (True, column):
            named = f"row {below.index[0]!r}" if key is None else f"{key}={below[key].iloc[0]}"
            raise TableError(
                f"Column {column!r} is negative on {len(below):,} row{'s' if len(below) > 1 else ''} "
                f"({named}): a stock cannot be below zero; count it again."
            )
