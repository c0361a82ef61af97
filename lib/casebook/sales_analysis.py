"""Read a year of sales: what grew, by price or by volume, what customers buy, and how they do with us.

`sales_table` and `mix` run on sales lines: pandas, Polars or DuckDB in, the same kind back. `price_volume`
works on a small table, and `customer_performance` returns one: pandas.
"""

from __future__ import annotations

from numbers import Integral
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrameT

from casebook.errors import TableError
from casebook.exact import amount_units, check_values, divide
from casebook.frames import Frame, facts, give_back, need_pandas, refuse_gaps, start

__all__ = ["customer_performance", "mix", "price_volume", "sales_table"]

_U, _NOW, _BEFORE = "__units", "__now", "__before"  # helper columns


def sales_table(
    lines: IntoFrameT, by: str, amount: str, *, date: str | None = None, year: int | None = None
) -> IntoFrameT:
    """Add up sales by product, family, region or customer, largest first, with shares and growth.

    Parameters
    ----------
    lines : pandas DataFrame, Polars frame or DuckDB relation
        One row per sales line.
    by : str
        Column to add up by.
    amount : str
        Column with the money of the line.
    date, year : str and int, optional
        Column with the day of the line, and the year to report: sales of that year, beside the year before.
        Without them all lines count, and there is no growth.

    Returns
    -------
    the same kind of table, one row per value of `by`, largest sales first (ties: `by`)
        `by`, `sales` (exact), `share` and `cum_share` (0-1); with a year also `before` (sales of the year
        before) and `growth` (fraction; missing where nothing was sold before).

    Raises
    ------
    TableError
        If a column is missing or has gaps, only one of date and year is given, or sales do not add to more
        than zero.

    Notes
    -----
    Source: the source course names the analysis of sales by money and by quantity; the table is standard.

    Examples
    --------
    >>> lines = pd.DataFrame({"family": ["a", "b", "a"], "money": [30, 60, 10],
    ...                       "day": pd.to_datetime(["2024-01-05", "2024-02-01", "2023-03-01"])})
    >>> sales_table(lines, "family", "money", date="day", year=2024)[["family", "sales", "before", "growth"]]
      family  sales  before  growth
    0      b     60       0     NaN
    1      a     30      10     2.0
    """
    if (date is None) != (year is None):
        raise TableError("Give both date and year, or neither.")
    frame = start(lines, [by, amount] + ([date] if date else []), makes=(_U, _NOW, _BEFORE))
    check_values(frame, amount, by)
    for column in (by, *((date,) if date else ())):
        refuse_gaps(frame, column)
    if date is not None:
        _check_year(frame, date, year)
    units, unit = amount_units(frame, amount)
    frame = frame.with_columns(units.alias(_U))
    of_now, of_before = nw.col(_U), nw.lit(0)
    if date is not None and year is not None:
        in_year = nw.col(date).dt.year().cast(nw.Int64)
        of_now = nw.when(in_year == year).then(nw.col(_U)).otherwise(0)
        of_before = nw.when(in_year == year - 1).then(nw.col(_U)).otherwise(0)
    frame = frame.with_columns(of_now.alias(_NOW), of_before.alias(_BEFORE))
    added = frame.group_by(by).agg(nw.col(_NOW).sum(), nw.col(_BEFORE).sum())
    added = added.filter((nw.col(_NOW) != 0) | (nw.col(_BEFORE) != 0))
    whole = _total(added, _NOW, amount)
    ranked = added.with_columns((-nw.col(_NOW)).cast(nw.Int64).alias(_U))
    running = nw.col(_NOW).cum_sum().over(order_by=[_U, by]).cast(nw.Int64)
    columns = {
        "sales": unit.money(_NOW),
        "share": _part(nw.col(_NOW), whole),
        "cum_share": _part(running, whole),
    }
    if date:
        grown = nw.when(nw.col(_BEFORE) > 0).then(_over(nw.col(_NOW) - nw.col(_BEFORE), nw.col(_BEFORE)))
        columns |= {"before": unit.money(_BEFORE), "growth": grown.otherwise(None)}
    made = ranked.with_columns(**columns).sort([_U, by])
    return give_back(made.select(by, *columns), renumber=True)


def price_volume(
    table: pd.DataFrame, q0: str = "q0", p0: str = "p0", q1: str = "q1", p1: str = "p1"
) -> pd.DataFrame:
    """Split the change of sales between two periods into volume and price (量价分析).

    Volume: the change of the quantity, at the *old* price. Price: the change of the price, on the *new*
    quantity. The two add up to the change, without a rest.

    Parameters
    ----------
    table : DataFrame, one row per product
    q0, p0 : str
        Columns: quantity and price of the earlier period. A price may be missing where nothing was sold.
    q1, p1 : str
        The same of the later period.

    Returns
    -------
    DataFrame
        The table with `change`, `volume_effect` and `price_effect` (all in the currency of the prices). A
        product that is new or gone has no price effect: all of its change is volume.

    Raises
    ------
    TableError
        If a column is missing, or a quantity is missing, or a price is missing although something was sold.

    Notes
    -----
    Made for one product at a time. On totals with an *average* price, what customers buy (the mix) passes
    for price. Source: the source course names the analysis; the split is standard.

    Examples
    --------
    >>> one = pd.DataFrame({"q0": [10], "p0": [5], "q1": [12], "p1": [6]})
    >>> price_volume(one)[["change", "volume_effect", "price_effect"]].values.tolist()
    [[22.0, 10.0, 12.0]]
    """
    need_pandas(table, [q0, p0, q1, p1])
    for quantity, price in ((q0, p0), (q1, p1)):
        check_values(start(table, [quantity]), quantity)
        odd = table[table[price].isna() & (table[quantity] != 0)]
        if len(odd):
            raise TableError(
                f"Column {price!r} is missing in row {odd.index[0]!r} although {quantity!r} is not zero: "
                "give the price at which it was sold."
            )
        known = pd.to_numeric(table[price], errors="coerce")
        bad = table[(known.isna() & table[price].notna()) | (known < 0) | (known == np.inf)]
        if len(bad):
            raise TableError(
                f"Column {price!r} holds {bad[price].tolist()[0]!r} in row {bad.index.tolist()[0]!r}; "
                "a price is a number from 0: correct it or leave the row out."
            )
    old, new = table[p0].astype(float), table[p1].astype(float)
    old, new = old.fillna(new).fillna(0.0), new.fillna(old).fillna(0.0)  # new or gone: one price for both
    old = old.mask(table[q0] == 0, new)
    new = new.mask(table[q1] == 0, old)
    volume = (table[q1] - table[q0]) * old
    price_part = (new - old) * table[q1]
    return table.assign(change=volume + price_part, volume_effect=volume, price_effect=price_part)


def mix(lines: IntoFrameT, key: str, product: str, amount: str) -> IntoFrameT:
    """What each customer's purchases are made of (销售构成), beside the firm's: share and index.

    Parameters
    ----------
    lines : pandas DataFrame, Polars frame or DuckDB relation
        One row per sales line.
    key, product, amount : str
        Columns: the customer (or a group of customers), the product (or its family), the money.

    Returns
    -------
    the same kind of table, one row per customer and product that it bought, sorted by both
        `key`, `product`, `sales` (exact), `share` (of the customer's purchases, 0-1), `company_share` (of
        all sales) and `index` (share over company share; 1 is as all others). Shares are missing where a
        customer's purchases do not add to more than zero.

    Raises
    ------
    TableError
        If a column is missing or has gaps, or sales do not add to more than zero.

    Notes
    -----
    A product that a customer never bought has no row. Small customers have wild indices: look at the money
    too. Source: the source course names the composition of sales by product; the index is standard.

    Examples
    --------
    >>> lines = pd.DataFrame({"who": ["Ada", "Ada", "Bo", "Bo"], "what": ["P1", "P2", "P1", "P2"],
    ...                       "money": [40, 60, 40, 260]})
    >>> mix(lines, "who", "what", "money").head(2)
       who what  sales  share  company_share  index
    0  Ada   P1     40    0.4            0.2   2.00
    1  Ada   P2     60    0.6            0.8   0.75
    """
    frame = start(lines, [key, product, amount], makes=(_U, _NOW, _BEFORE))
    check_values(frame, amount, key)
    for column in (key, product):
        refuse_gaps(frame, column)
    units, unit = amount_units(frame, amount)
    added = frame.with_columns(units.alias(_U)).group_by(key, product).agg(nw.col(_U).sum())
    added = added.with_columns(nw.col(_U).cast(nw.Int64))
    whole = _total(added, _U, amount)
    added = added.with_columns(
        nw.col(_U).sum().over(key).cast(nw.Int64).alias(_NOW),
        nw.col(_U).sum().over(product).cast(nw.Int64).alias(_BEFORE),
    )
    own = nw.when(nw.col(_NOW) > 0).then(_over(nw.col(_U), nw.col(_NOW))).otherwise(None)
    columns = {"sales": unit.money(_U), "share": own, "company_share": _part(nw.col(_BEFORE), whole)}
    made = added.with_columns(**columns)
    relative = nw.when(nw.col("company_share") > 0).then(nw.col("share") / nw.col("company_share"))
    made = made.with_columns(index=relative.otherwise(None)).sort([key, product])
    return give_back(made.select(key, product, *columns, "index"), renumber=True)


def customer_performance(
    lines: Any,
    customers: pd.DataFrame,
    *,
    year: int,
    key: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
    spend: str = "annual_category_spend",
) -> pd.DataFrame:
    """How each customer does with us (交易业绩分析): sales, its part in ours, ours in its purchases, growth.

    Parameters
    ----------
    lines : pandas DataFrame, Polars frame or DuckDB relation
        One row per sales line, of the year and the year before.
    customers : pandas DataFrame
        One row per customer, with what it spends in all.
    year : int
        The year to report.
    key, date, amount : str
        Columns of the lines: the customer, the day, the money.
    spend : str
        Column of `customers`: what the customer spends a year on such goods, with all suppliers.

    Returns
    -------
    pandas DataFrame, one row per customer that bought in the year or the one before, largest first
        `key`, `sales`, `share` (of our sales), `before`, `growth` (fraction, missing without sales before),
        `spend` and `wallet` (sales over spend; missing where the spend is unknown or zero).

    Raises
    ------
    TableError
        As `sales_table`; or if a customer stands in two rows of `customers`.

    Notes
    -----
    Source: the source course names the analysis; the columns are standard. Spend is an estimate: a wallet
    above 1 says that it is too low, or that the year was a good one.

    Examples
    --------
    >>> lines = pd.DataFrame({"customer_id": ["Ada", "Ada", "Bo"], "amount": [24, 30, 170],
    ...                       "date": pd.to_datetime(["2023-05-01", "2024-05-01", "2024-06-01"])})
    >>> spends = pd.DataFrame({"customer_id": ["Ada", "Bo"], "annual_category_spend": [120, 170]})
    >>> ada = customer_performance(lines, spends, year=2024).set_index("customer_id").loc["Ada"]
    >>> ada[["share", "wallet", "growth"]].tolist()
    [0.15, 0.25, 0.25]
    """
    need_pandas(customers, [key, spend])
    check_spend = pd.to_numeric(customers[spend], errors="coerce")
    odd = customers[
        (check_spend.isna() & customers[spend].notna()) | (check_spend < 0) | (check_spend == np.inf)
    ]
    if len(odd):
        raise TableError(
            f"Column {spend!r} holds {odd[spend].tolist()[0]!r} for {odd[key].tolist()[0]!r}; a spend "
            "is a number from 0, or empty where it is unknown."
        )
    if customers[key].duplicated().any():
        twice = customers.loc[customers[key].duplicated(), key].iloc[0]
        raise TableError(f"Column {key!r} names {twice!r} more than once: one row per customer, please.")
    table = _as_pandas(sales_table(lines, key, amount, date=date, year=year))
    whole = pd.Series(check_spend.to_numpy(), index=customers[key])
    spends = table[key].map(whole)
    if len(customers) and len(table) and not table[key].isin(customers[key]).any():
        raise TableError(
            f"No {key!r} of the lines (such as {table[key].iloc[0]!r}) stands in the customers: "
            "write the ids alike in both tables."
        )
    made = table[[key, "sales", "share", "before", "growth"]]
    return made.assign(spend=spends, wallet=made["sales"] / spends.where(spends > 0))


def _check_year(frame: Frame, date: str, year: Any) -> None:
    """Refuse what are no dates, what is no year, and a year of which there is no line."""
    dtype = frame.collect_schema()[date]
    if dtype not in (nw.Date, nw.Datetime):
        raise TableError(f"Column {date!r} holds {dtype}, not dates: use pandas.to_datetime first.")
    if isinstance(year, bool) or not isinstance(year, Integral):
        raise TableError(f"year must be a whole number such as 2024, got {year!r}.")
    of_year = (nw.col(date).dt.year().cast(nw.Int64) == int(year)).cast(nw.Int64).sum()
    if not facts(frame, n=of_year)["n"]:
        raise TableError(f"No line is dated {year}: choose a year that column {date!r} holds.")


def _over(top: nw.Expr, bottom: nw.Expr) -> nw.Expr:
    """One column of whole units over another, as doubles: the same in every engine."""
    return top.cast(nw.Float64) / bottom.cast(nw.Float64)


def _part(units: nw.Expr, whole: int) -> nw.Expr:
    return divide(units.cast(nw.Float64), float(whole))


def _total(frame: Frame, units: str, amount: str) -> int:
    known = facts(frame, total=nw.col(units).sum())["total"]
    if not known or known <= 0:
        raise TableError(f"Column {amount!r} does not add to more than zero: there is nothing to share out.")
    return int(known)


def _as_pandas(table: Any) -> pd.DataFrame:
    frame = nw.from_native(table)
    collected = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return collected.to_pandas().reset_index(drop=True)
