"""Is a model of repeat buying right? What it expected against what came, by week and by customer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.days import as_day, check_days
from casebook.errors import TableError
from casebook.frames import need_pandas, refuse_gaps, start
from casebook.lifetime.summary import DAYS_IN

__all__ = ["conditional_expectation", "tracking"]


def tracking(
    model: Any,
    log: Any,
    customer: str,
    date: str,
    *,
    calibration_end: str | dt.date,
    end: str | dt.date | None = None,
    unit: str = "W",
    step: str | None = None,
) -> pd.DataFrame:
    """Repeat purchases by period, those that came beside those that the model expected.

    Parameters
    ----------
    model : fitted BetaGeoNBD or ParetoNBD
        Only its expectation for a new customer is asked, never what a customer did later.
    log : pandas DataFrame, Polars frame or DuckDB relation of shape (n_lines, at least 2)
        Purchases, one row each; several rows of a customer on one day are one purchase.
    customer, date : str
        Columns.
    calibration_end : day
        The last day that the model saw. Customers whose first purchase is later are left out.
    end : day, optional
        The last day observed; without it, the last day in the table. Later rows are refused.
    unit : {"D", "W", "M", "Y"}
        The model's unit of time, as in `rfm_summary`.
    step : {"W", "M"}, optional
        Length of a period: weeks from the first day of the log, or calendar months. Without it, months
        where the unit is months, weeks otherwise. What is left at the end is no period.

    Returns
    -------
    DataFrame of shape (n_periods, 7)
        `period` (from 1), `end` (its last day), `holdout` (whether it ends after the calibration),
        `actual`, `expected`, `actual_running`, `expected_running`: repeat purchases of all customers.

    Raises
    ------
    TableError
        If a column is missing, has gaps or holds no dates; a row lies after the end; a unit or a step is
        unknown; the calibration ends before the first purchase or after the end; no period is complete.

    Notes
    -----
    Source: Fader, Hardie and Lee (2005), the tracking plot. For a customer who first bought on day f, the
    model expects E[X(d - f)] repeat purchases up to day d; we add them over the customers.

    Examples
    --------
    >>> from casebook.lifetime import BetaGeoNBD
    >>> model = BetaGeoNBD()
    >>> model.r_, model.alpha_, model.a_, model.b_ = 0.243, 4.414, 0.793, 2.426
    >>> days = pd.to_datetime(["2024-01-01", "2024-01-09", "2024-01-22", "2024-01-28"])
    >>> log = pd.DataFrame({"who": ["A", "A", "B", "B"], "day": days})
    >>> tracking(model, log, "who", "day", calibration_end="2024-01-22")[["period", "holdout", "actual"]]
       period  holdout  actual
    0       1    False       0
    1       2    False       1
    2       3    False       0
    3       4     True       1
    """
    step = step or ("M" if unit == "M" else "W")
    if unit not in DAYS_IN:
        raise TableError(f"unit={unit!r} is no unit of time here; use one of {', '.join(DAYS_IN)}.")
    if step not in ("W", "M"):
        raise TableError(f"step={step!r} is no period here; use 'W' for weeks or 'M' for calendar months.")
    known = as_day(calibration_end, "calibration_end")
    days = _purchase_days(log, customer, date, as_day(end, "end") if end is not None else None)
    last = as_day(end, "end") if end is not None else days["day"].max().date()
    begin = days["day"].min()
    if not begin.date() <= known <= last:
        raise TableError(
            f"calibration_end={known} must lie between the first purchase ({begin:%Y-%m-%d}) and the end "
            f"({last})."
        )
    days = days[days["first"] <= pd.Timestamp(known)]
    ends = _period_ends(begin, pd.Timestamp(last), step)
    again = days[days["day"] > days["first"]]
    running = [int(again.loc[again["day"] <= day, "purchases"].sum()) for day in ends]
    joined = days[days["day"] == days["first"]]
    firsts, heads = joined["first"].to_numpy(), joined["purchases"].to_numpy()
    expected = _expected_running(model, firsts, heads, ends.to_numpy(), DAYS_IN[unit])
    return pd.DataFrame(
        {
            "period": np.arange(1, len(ends) + 1),
            "end": ends,
            "holdout": ends > pd.Timestamp(known),
            "actual": np.diff(running, prepend=0),
            "expected": np.diff(expected, prepend=0.0),
            "actual_running": running,
            "expected_running": expected,
        }
    )


def _purchase_days(log: Any, customer: str, date: str, end: dt.date | None) -> pd.DataFrame:
    """How many customers with a first day bought on a day: `first`, `day`, `purchases`; a small table."""
    frame = start(log, [customer, date])
    for column in (customer, date):
        refuse_gaps(frame, column)
    check_days(frame, customer, date, end)
    bought = frame.select(nw.col(customer).alias("who"), nw.col(date).cast(nw.Date).alias("day")).unique()
    first: Any = bought.group_by("who").agg(nw.col("day").min().alias("first"))
    both = bought.join(first, on="who").group_by("first", "day").agg(nw.len().alias("purchases"))
    small = both.collect() if isinstance(both, nw.LazyFrame) else both
    rows = small.rows()
    if not rows:
        raise TableError("The table has no rows: there is nothing to track.")
    table = pd.DataFrame(rows, columns=pd.Index(["first", "day", "purchases"]))
    for name in ("first", "day"):
        table[name] = pd.to_datetime(table[name]).dt.as_unit("us")
    return table.sort_values(["first", "day"], ignore_index=True)


def _period_ends(begin: pd.Timestamp, last: pd.Timestamp, step: str) -> pd.DatetimeIndex:
    if step == "M":
        ends = pd.date_range(begin, last, freq="ME")
    else:
        ends = pd.date_range(begin + pd.Timedelta(days=6), last, freq="7D")
    if not len(ends):
        raise TableError("No period is complete between the first purchase and the end: look later.")
    return ends.as_unit("us")


def _expected_running(
    model: Any, firsts: np.ndarray, heads: np.ndarray, ends: np.ndarray, day_units: float
) -> np.ndarray:
    """Expected repeat purchases up to each end; the model is asked once for each age in days."""
    ages = (ends[:, None] - firsts[None, :]).astype("timedelta64[D]").astype(int)
    asked, at = np.unique(np.clip(ages, 0, None), return_inverse=True)
    each = np.array([float(model.expected_purchases(age / day_units)) for age in asked])
    return np.asarray((each[at].reshape(ages.shape) * heads).sum(axis=1))


def conditional_expectation(
    table: pd.DataFrame, seen: str, expected: str, *, by: str = "frequency", most: int = 7
) -> pd.DataFrame:
    """Compare purchases expected with purchases seen later, by what a customer had done before.

    Parameters
    ----------
    table : DataFrame of shape (n_customers, at least 3)
        A small table (pandas), one row a customer.
    seen, expected : str
        Columns: purchases in the holdout, and what the model expected for this customer.
    by : str
        Column of whole numbers: repeat purchases in the calibration.
    most : int, at least 1
        Customers with so many or more are one group.

    Returns
    -------
    DataFrame of shape (n_groups, 6)
        `group` ("0", "1", … "7+"), `customers`, `actual` and `expected` (means), `low`, `high` (95 % interval
        of the actual mean, by its standard error; missing for a single customer).

    Raises
    ------
    TableError
        If a column is missing or has gaps, `by` holds other than whole numbers from 0, or there is no row.

    Notes
    -----
    Source: Fader, Hardie and Lee (2005), conditional expectations. The interval is ours.

    Examples
    --------
    >>> four = pd.DataFrame({"frequency": [0, 0, 1, 9], "later": [0, 1, 2, 4], "model": [0.4, 0.4, 1.5, 5]})
    >>> conditional_expectation(four, "later", "model", most=2)[["group", "customers", "actual", "expected"]]
      group  customers  actual  expected
    0     0          2     0.5       0.4
    1     1          1     2.0       1.5
    2    2+          1     4.0       5.0
    """
    need_pandas(table, [by, seen, expected])
    if isinstance(most, bool) or most != int(most) or most < 1:
        raise TableError(f"most must be a whole number of at least 1, got {most!r}.")
    if table.empty:
        raise TableError("The table has no customers: there is nothing to compare.")
    for column in (by, seen, expected):
        values = pd.to_numeric(table[column], errors="coerce")
        if values.isna().any():
            raise TableError(f"Column {column!r} has gaps or text, first in row {values.isna().idxmax()!r}.")
    number = table[by].astype(float)
    if ((number < 0) | (number != np.floor(number))).any():
        raise TableError(f"Column {by!r} must hold whole numbers of repeat purchases, from 0.")
    grouped = table.groupby(number.clip(upper=most).astype(int))
    later = grouped[seen]
    mean = later.mean()
    wide: pd.Series = 1.959964 * later.std(ddof=1) / np.sqrt(later.size())
    labels = [f"{g}+" if g == most and number.max() > most else str(g) for g in mean.index]
    return pd.DataFrame(
        {
            "group": labels,
            "customers": later.size().to_numpy(),
            "actual": mean.to_numpy(dtype=float),
            "expected": grouped[expected].mean().to_numpy(dtype=float),
            "low": (mean - wide).clip(lower=0).to_numpy(),
            "high": (mean + wide).to_numpy(),
        }
    )
