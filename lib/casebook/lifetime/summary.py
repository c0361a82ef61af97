"""From a log of purchases to what the lifetime models read: frequency, recency, T and monetary value."""

from __future__ import annotations

import datetime as dt
from importlib.util import find_spec
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.days import as_day, check_days, day_number
from casebook.errors import TableError
from casebook.exact import Unit, check_values, find_unit, number
from casebook.frames import Frame, facts, refuse_gaps, start

__all__ = ["DAYS_IN", "rfm_summary"]

#: Days in the unit of time of a summary: days, weeks, months (a twelfth of a year), years.
DAYS_IN = {"D": 1.0, "W": 7.0, "M": 365.25 / 12, "Y": 365.25}

_MAKES = ("frequency", "recency", "t", "monetary_value")
_C, _D, _U = "__customer", "__day", "__units"


def rfm_summary(
    table: Any,
    customer: str,
    date: str,
    amount: str | None = None,
    *,
    end: str | dt.date | None = None,
    unit: str = "W",
) -> Any:
    """Sum up each customer's purchases for a lifetime model, in the definitions that all of them share.

    Parameters
    ----------
    table : pandas DataFrame, Polars frame or DuckDB relation of shape (n_lines, at least 2)
        Purchases, one row each; several rows of a day are one purchase, their amounts added up exactly.
    customer, date, amount : str
        Columns. Without `amount` the summary has no monetary value.
    end : day, optional
        The last day observed; without it, the last day in the table. Later rows are refused.
    unit : {"D", "W", "M", "Y"}
        Unit of time of recency and T.

    Returns
    -------
    the same kind of table, one row a customer, sorted by it
        `customer`; `frequency`, days with a purchase after the first one; `recency`, from the first
        purchase to the last (the customer's age at the last purchase, **not** the days since); `T`, from
        the first purchase to the end; `monetary_value`, mean of the day totals without the first day, 0
        without a repeat purchase.

    Raises
    ------
    TableError
        If a column is missing, has gaps, or holds no dates or no numbers; a row lies after the end; the
        unit is unknown.

    Notes
    -----
    Source: Fader, Hardie and Lee (2005) for the three numbers of time, Fader and Hardie (2013) for the
    value; so do lifetimes, pymc-marketing and the R packages. RFM scoring (`composition.rfm`) uses two of
    the words for other things. A pandas table goes through DuckDB where that is installed (the extra
    ``engines``): the same numbers, sooner.

    Examples
    --------
    >>> days = pd.to_datetime(["2017-06-11", "2017-06-24", "2017-07-08", "2017-07-24"]).repeat(2)
    >>> log = pd.DataFrame({"who": "A", "day": days, "money": 75.0})
    >>> rfm_summary(log, "who", "day", "money", end="2017-12-31", unit="D")
      who  frequency  recency      T  monetary_value
    0   A          3     43.0  203.0           150.0
    """
    if unit not in DAYS_IN:
        raise TableError(f"unit={unit!r} is no unit of time here; use one of {', '.join(DAYS_IN)}.")
    given = _through_duckdb(table)
    frame = start(given, [customer, date, *([amount] if amount else [])], makes=_MAKES)
    day = _checked(frame, customer, date, amount, as_day(end, "end") if end is not None else None)
    money = find_unit(frame, amount) if amount else None
    columns = {_C: nw.col(customer), _D: nw.col(date)}
    if amount and money:
        columns[_U] = money.count(number(frame, amount))
    eager = isinstance(frame, nw.DataFrame)
    lines = (frame.lazy() if frame.implementation.is_polars() else frame).select(**columns)
    native: Any = lines.to_native()
    made: Any
    if isinstance(native, pd.DataFrame):
        made = _in_pandas(lines, day, unit, money)
    elif frame.implementation.is_polars():
        made = _in_polars(native, day, unit, money)
        made = made.collect() if eager else made
    else:
        made = _in_duckdb(native, day, unit, money)
    if given is not table:
        made = made.df()
    return nw.from_native(made).rename({_C: customer}).to_native()


def _checked(frame: Frame, customer: str, date: str, amount: str | None, end: dt.date | None) -> int:
    """Look once at everything that could be wrong, closer only where something is; the end's day number."""
    missing = [nw.col(name).is_null() for name in (customer, date)]
    if amount:
        column = nw.col(amount)
        missing.append(column.is_null())
        if frame.collect_schema()[amount].is_float():
            missing.append(column.is_nan())
    plain = frame.collect_schema()[date] in (nw.Date, nw.Datetime)
    asked = {f"gaps{i}": gap.cast(nw.Int64).sum() for i, gap in enumerate(missing)}
    known = facts(frame, **asked, last=nw.col(date).max()) if plain else {"gaps0": 1, "last": None}
    known["last"] = None if pd.isna(known["last"]) else known["last"]  # pandas has a NaT for no rows
    if any(value for name, value in known.items() if name != "last") or known["last"] is None:
        refuse_gaps(frame, customer)
        refuse_gaps(frame, date)
        if amount:
            check_values(frame, amount, customer)
        if plain and known["last"] is None:
            raise TableError("The table has no rows: there is nothing to sum up.")
    if amount and not frame.collect_schema()[amount].is_numeric():
        check_values(frame, amount, customer)
    late = plain and end is not None and known["last"] is not None and as_day(known["last"]) > end
    if late or not plain or _zoned(frame, date):
        check_days(frame, customer, date, end, name="end")
    return (end or as_day(known["last"])).toordinal()


def _zoned(frame: Frame, date: str) -> bool:
    return getattr(frame.collect_schema()[date], "time_zone", None) is not None


def _through_duckdb(table: Any) -> Any:
    """A pandas table as a DuckDB relation, where that is installed and the columns are of plain types."""
    if not isinstance(table, pd.DataFrame) or not table.columns.is_unique or len(table) <= 20_000:
        return table
    if not find_spec("duckdb") or any(dtype.name == "object" for dtype in table.dtypes):
        return table
    import duckdb

    return duckdb.from_df(table)


def _in_pandas(lines: Frame, end: int, unit: str, money: Unit | None) -> pd.DataFrame:
    numbered = lines.with_columns(day_number(_D).alias(_D)).to_native()
    days = numbered.groupby([_C, _D], sort=True, as_index=False)[[_U] if money else []].sum()
    starts = np.flatnonzero(~days[_C].duplicated())
    ends = np.append(starts[1:], len(days)) - 1
    day, frequency = days[_D].to_numpy(), ends - starts
    made = (
        days.loc[starts, [_C]]
        .reset_index(drop=True)
        .assign(
            frequency=frequency,
            recency=(day[ends] - day[starts]) / DAYS_IN[unit],
            T=(end - day[starts]) / DAYS_IN[unit],
        )
    )
    if money:
        units = days[_U].to_numpy()
        later = (np.add.reduceat(units, starts) - units[starts]).astype(float) / money.per_one
        made["monetary_value"] = np.where(frequency > 0, later / np.maximum(frequency, 1), 0.0)
    return made


def _in_polars(lines: Any, end: int, unit: str, money: Unit | None) -> Any:
    import polars as pl

    day = pl.col(_D).cast(pl.Date).to_physical().alias(_D)  # days since 1970
    days = lines.with_columns(day).group_by(_C, _D).agg(*([pl.col(_U).sum()] if money else []))
    asked = [pl.len().alias("n"), pl.col(_D).min().alias("first"), pl.col(_D).max().alias("last")]
    if money:
        asked += [pl.col(_U).sum(), pl.col(_U).get(pl.col(_D).arg_min()).alias("at_first")]
    again, one = pl.col("n").cast(pl.Int64) - 1, 0 * pl.col("n") + 1
    span = DAYS_IN[unit] * one  # as a column: Polars turns a constant into its reciprocal
    made = {
        "frequency": again,
        "recency": (pl.col("last") - pl.col("first")) / span,
        "T": (end - _EPOCH - pl.col("first")) / span,
    }
    if money:
        mean = (pl.col(_U) - pl.col("at_first")).cast(pl.Float64) / (money.per_one * one) / again
        made["monetary_value"] = pl.when(again > 0).then(mean).otherwise(0.0)
    return days.group_by(_C).agg(*asked).select(_C, **made).sort(_C)


def _in_duckdb(lines: Any, end: int, unit: str, money: Unit | None) -> Any:
    span = f"{DAYS_IN[unit]!r}::DOUBLE"
    units = f", CAST(sum({_U}) AS BIGINT) AS u" if money else ""  # not 128 bits, which are slow
    mean = ""
    if money:
        later = f"CAST(sum(u) - arg_min(u, day) AS DOUBLE) / {money.per_one!r}::DOUBLE / (count(*) - 1)"
        mean = f", CASE WHEN count(*) > 1 THEN {later} ELSE 0.0 END AS monetary_value"
    return lines.query(
        "lines",
        f"""
        WITH days AS (
            SELECT {_C} AS c, CAST({_D} AS DATE) AS day{units} FROM lines GROUP BY ALL
        )
        SELECT c AS {_C}, count(*) - 1 AS frequency, (max(day) - min(day)) / {span} AS recency,
            (DATE '{dt.date.fromordinal(end)}' - min(day)) / {span} AS "T"{mean}
        FROM days GROUP BY c ORDER BY c
        """,
    )


_EPOCH = dt.date(1970, 1, 1).toordinal()
