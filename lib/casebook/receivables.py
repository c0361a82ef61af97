"""Who owes what, since when, and how fast they pay: open items, ageing, days to pay, DSO, exposure.

Invoices and payments grow: these functions take pandas, Polars or DuckDB tables, both of one kind, and look
at them from a day `as_of` that the caller names. Invoices have the columns invoice_id, customer_id,
issue_date, due_date and amount; payments have invoice_id, date, amount and, if there is any, discount_taken.
What was deducted for paying early counts as paid. Payments for invoices that are not in the table are left
aside, so that a selection of invoices may be handed in with all payments. Money is added exactly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrameT

from casebook.days import as_day
from casebook.errors import TableError
from casebook.frames import give_back
from casebook.ledger import (
    EDGES,
    INVOICE,
    LEFT,
    UNITS,
    bucket_names,
    bucket_of,
    by_month,
    left_open,
    open_ledger,
    to_pandas,
)

__all__ = [
    "EDGES",
    "aging",
    "bucket_names",
    "days_to_pay",
    "dso",
    "dso_by_month",
    "exposure_before",
    "open_items",
]


def open_items(
    invoices: IntoFrameT, payments: IntoFrameT, as_of: str | dt.date, *, edges: Sequence[int] = EDGES
) -> IntoFrameT:
    """List the invoices that are not paid in full on a day: how much is open, and for how long.

    Parameters
    ----------
    invoices, payments : pandas DataFrame, Polars frame or DuckDB relation
        See the module.
    as_of : date or "YYYY-MM-DD"
        The day on which you look. Later invoices and payments are not known yet.
    edges : rising whole numbers
        See `bucket_names`.

    Returns
    -------
    the same kind of table, one row per open invoice, sorted by invoice_id
        The five columns of an invoice, `open` (money), `days_past_due` (days; 0 or less: not yet due) and
        `bucket`.

    Raises
    ------
    TableError
        If a column is missing or has gaps, an invoice stands twice, or an amount is negative.

    Notes
    -----
    An invoice is *current* up to and on its due date.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> invoices = pd.DataFrame({"invoice_id": ["I1", "I2"], "customer_id": "Ada",
    ...                          "issue_date": day("2024-11-01"), "due_date": day("2024-12-01"),
    ...                          "amount": [100.0, 50.0]})
    >>> payments = pd.DataFrame({"invoice_id": ["I1"], "date": day(["2024-11-20"]), "amount": [70.0]})
    >>> open_items(invoices, payments, "2024-12-31")[["invoice_id", "open", "days_past_due", "bucket"]]
      invoice_id  open  days_past_due bucket
    0         I1  30.0             30   1-30
    1         I2  50.0             30   1-30
    """
    known, unit = left_open(invoices, payments, as_day(as_of))
    late = (nw.lit(as_day(as_of).toordinal()) - nw.col("__due")).cast(nw.Int64)
    bucket = bucket_of(late, edges)
    listed = (
        known.filter(nw.col(LEFT) > 0)
        .with_columns(open=unit.money(LEFT), days_past_due=late, bucket=bucket)
        .select(*INVOICE, "open", "days_past_due", "bucket")
        .sort("invoice_id")
    )
    return give_back(listed, renumber=True)


def aging(
    invoices: Any, payments: Any, as_of: str | dt.date, *, edges: Sequence[int] = EDGES
) -> pd.DataFrame:
    """Age the receivables (账龄): how much is open, by days past due.

    Parameters
    ----------
    invoices, payments : pandas DataFrame, Polars frame or DuckDB relation
        See the module.
    as_of : date or "YYYY-MM-DD"
        The day on which you look.
    edges : rising whole numbers
        See `bucket_names`. By default current (0 days or less), 1-30, 31-60, 61-90 and over 90 days past
        due, both ends inclusive.

    Returns
    -------
    DataFrame of shape (n_buckets, 4)
        `bucket`, `invoices` (count), `open` (money), `share` (0-1, of all that is open). Empty buckets stay.

    Raises
    ------
    TableError
        As `open_items`.

    Notes
    -----
    Source: standard; the source course does not have it.

    Examples
    --------
    >>> day = pd.Timestamp("2024-12-31") - pd.to_timedelta([0, 15, 45, 100], unit="D")
    >>> invoices = pd.DataFrame({"invoice_id": list("abcd"), "customer_id": "Ada", "issue_date": day,
    ...                          "due_date": day, "amount": [10, 20, 30, 40]})
    >>> nothing = pd.DataFrame({"invoice_id": ["a"], "date": day[:1], "amount": [0]})
    >>> aging(invoices, nothing, "2024-12-31")
        bucket  invoices  open  share
    0  current         1  10.0    0.1
    1     1-30         1  20.0    0.2
    2    31-60         1  30.0    0.3
    3    61-90         0   0.0    0.0
    4      >90         1  40.0    0.4
    """
    known, unit = left_open(invoices, payments, as_day(as_of))
    late = (nw.lit(as_day(as_of).toordinal()) - nw.col("__due")).cast(nw.Int64)
    counted = (
        known.filter(nw.col(LEFT) > 0)
        .with_columns(bucket=bucket_of(late, edges))
        .group_by("bucket")
        .agg(invoices=nw.len(), units=nw.col(LEFT).sum())
    )
    small = to_pandas(counted).set_index("bucket").reindex(bucket_names(edges), fill_value=0)
    units = small["units"].astype("int64")
    total = int(units.sum())
    return pd.DataFrame(
        {
            "bucket": list(small.index),
            "invoices": small["invoices"].astype("int64").to_numpy(),
            "open": (units / unit.per_one).to_numpy(),
            "share": (units / total if total else units * 0.0).to_numpy(),
        }
    )


def days_to_pay(
    invoices: IntoFrameT, payments: IntoFrameT, as_of: str | dt.date, *, horizon: int | None = None
) -> IntoFrameT:
    """Count the days from the issue of each invoice to its last payment, the unpaid ones included.

    Parameters
    ----------
    invoices, payments : pandas DataFrame, Polars frame or DuckDB relation
        See the module. All columns of the invoices are kept.
    as_of : date or "YYYY-MM-DD"
        The last day that is known.
    horizon : int, optional
        Follow each invoice for so many days: leave out those issued later than that before `as_of`, and
        count those that are then still unpaid as `horizon` days. Without it unpaid invoices have no days,
        and the mean of the others is too small: the slow ones are missing from it.

    Returns
    -------
    the same kind of table, one row per invoice issued up to `as_of`, sorted by invoice_id
        With `settled` (bool: paid in full by `as_of`), `days` (days; missing where not settled, unless there
        is a horizon), `discount` (money deducted) and `took_discount` (bool).

    Raises
    ------
    TableError
        As `open_items`; or if the horizon is not a positive whole number.

    Notes
    -----
    A mean of days cut at a horizon is a restricted mean: it needs no assumption about those still unpaid.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> invoices = pd.DataFrame({"invoice_id": ["I1", "I2"], "customer_id": "Ada",
    ...                          "issue_date": day("2024-01-01"), "due_date": day("2024-01-31"),
    ...                          "amount": [100.0, 50.0]})
    >>> payments = pd.DataFrame({"invoice_id": ["I1"], "date": day(["2024-01-09"]), "amount": [98.0],
    ...                          "discount_taken": [2.0]})
    >>> followed = days_to_pay(invoices, payments, "2024-12-31", horizon=180)
    >>> followed[["invoice_id", "settled", "days", "took_discount"]]
      invoice_id  settled  days  took_discount
    0         I1     True     8           True
    1         I2    False   180          False
    """
    if horizon is not None and (isinstance(horizon, bool) or not isinstance(horizon, int) or horizon < 1):
        raise TableError(f"horizon must be a whole number of days from 1 on, got {horizon!r}.")
    as_of, makes = as_day(as_of), ("settled", "days", "discount", "took_discount")
    known, unit = left_open(invoices, payments, as_of, makes=makes)
    if horizon is not None:
        known = known.filter(nw.col("__issued") <= as_of.toordinal() - horizon)
    settled = nw.col(LEFT) <= 0
    days = nw.col("__last").fill_null(0).cast(nw.Int64) - nw.col("__issued")
    if horizon is None:
        counted = nw.when(settled).then(days.cast(nw.Float64)).otherwise(None)
    else:
        counted = nw.when(settled & (days < horizon)).then(days).otherwise(nw.lit(horizon)).cast(nw.Int64)
    made = known.with_columns(settled=settled, days=counted, discount=unit.money("__off"))
    made = made.with_columns(took_discount=nw.col("discount") > 0)
    names = [n for n in made.collect_schema().names() if not n.startswith("__") and n not in makes]
    return give_back(made.select(*names, *makes).sort("invoice_id"), renumber=True)


def dso(
    receivables: float,
    sales: float | Sequence[float] | np.ndarray,
    days: float | Sequence[float] | np.ndarray,
    *,
    method: Literal["simple", "count_back"] = "simple",
) -> float:
    """Days sales outstanding (DSO, 应收账款周转天数): how many days of credit sales are unpaid?

    Parameters
    ----------
    receivables : float
        What customers owe at the end of the period, in money.
    sales : float, or one for each month, oldest first
        **Credit** sales of the period: cash sales do not belong here.
    days : float, or one for each month
        Length of the period.
    method : {"simple", "count_back"}
        Simple: receivables / sales x days. Count-back: take the newest month's sales off the receivables,
        then the month before's, and count days; the last month counts in part. It does not move when sales
        grow or shrink.

    Returns
    -------
    float
        Days.

    Raises
    ------
    TableError
        If sales are not positive, lengths differ, or for counting back the months do not reach far enough.

    Notes
    -----
    Source: standard (credit management texts); the source course does not have it.

    Examples
    --------
    >>> dso(70, 420, 360)
    60.0
    >>> months = [70_000, 80_000, 100_000]
    >>> round(dso(212_000, months, [30, 30, 30], method="count_back"), 3), dso(212_000, months, [30, 30, 30])
    (73.714, 76.32)
    """
    sold, lengths = np.atleast_1d(np.asarray(sales, float)), np.atleast_1d(np.asarray(days, float))
    if method not in ("simple", "count_back"):
        raise TableError(f"method must be 'simple' or 'count_back', got {method!r}.")
    if len(sold) != len(lengths):
        raise TableError(f"There are sales of {len(sold)} months and days of {len(lengths)}: give one each.")
    if not receivables >= 0 or not (sold >= 0).all() or not sold.sum() > 0 or not (lengths > 0).all():
        raise TableError(
            "Receivables and sales must not be negative, sales in all and days must be positive."
        )
    if method == "simple":
        return float(receivables / sold.sum() * lengths.sum())
    left, counted = float(receivables), 0.0
    for month, length in zip(sold[::-1], lengths[::-1], strict=True):
        if left <= month:
            return counted + float(left / month * length if month else 0.0)
        left, counted = left - float(month), counted + float(length)
    raise TableError(
        f"The {len(sold)} months explain {sold.sum():,.0f} of {receivables:,.0f}: give earlier ones too."
    )


def dso_by_month(
    invoices: Any, payments: Any, *, end: str | dt.date, months: int = 12, window: int = 3
) -> pd.DataFrame:
    """DSO at each month's end, simple and counted back.

    Parameters
    ----------
    invoices, payments : pandas DataFrame, Polars frame or DuckDB relation
        See the module. They must reach far enough back: what was open before the first invoice is not known.
    end : date or "YYYY-MM-DD"
        The last month is the one that this day belongs to.
    months : int
        How many month ends.
    window : int
        Months of sales for the simple method.

    Returns
    -------
    DataFrame of shape (months, 5)
        `month` (its last day), `sales` and `receivables` (money), `simple` and `count_back` (days; missing
        while the sales known do not reach far enough).

    Raises
    ------
    TableError
        As `open_items`; or if months or window are not positive.

    Examples
    --------
    >>> issued = pd.to_datetime(["2024-10-10", "2024-11-10", "2024-12-10"])
    >>> invoices = pd.DataFrame({"invoice_id": list("abc"), "customer_id": "Ada", "issue_date": issued,
    ...                          "due_date": issued, "amount": [70, 80, 100]})
    >>> payments = pd.DataFrame({"invoice_id": ["a"], "date": issued[2:], "amount": [38]})
    >>> table = dso_by_month(invoices, payments, end="2024-12-31", months=1)
    >>> table[["sales", "receivables", "simple", "count_back"]].round(2)
       sales  receivables  simple  count_back
    0  100.0        212.0   78.02       75.17
    """
    if months < 1 or window < 1:
        raise TableError(f"months and window must be positive, got {months} and {window}.")
    last = pd.Period(as_day(end, "end"), "M")
    until = last.to_timestamp(how="end").date()
    billed, paid, unit = open_ledger(invoices, payments)
    billed = billed.filter(nw.col("__issued") <= until.toordinal())
    paid = paid.filter(nw.col("__day") <= until.toordinal())
    sold = by_month(billed, "issue_date", UNITS)
    came = by_month(paid.join(billed.select("invoice_id"), on="invoice_id"), "date", UNITS)
    first = min([last - (months - 1), *(pd.Period(ordinal=i, freq="M") for i in sold.index)])
    every, known_from = pd.period_range(first, last, freq="M"), sold.index.min()
    index = [p.ordinal for p in every]
    sold, came = (s.reindex(index, fill_value=0).astype("int64") for s in (sold, came))
    sales, owed = sold.to_numpy() / unit.per_one, (sold.cumsum() - came.cumsum()).to_numpy() / unit.per_one
    lengths = every.days_in_month.to_numpy()
    rows = []
    for at in range(len(every) - months, len(every)):
        near = slice(max(0, at - window + 1), at + 1)
        whole = every[at].ordinal - window + 1 >= known_from and sales[near].sum() > 0
        simple = dso(owed[at], sales[near], lengths[near]) if whole else np.nan
        try:
            back = dso(owed[at], sales[: at + 1], lengths[: at + 1], method="count_back")
        except TableError:
            back = np.nan
        rows.append((every[at].to_timestamp(how="end").normalize(), sales[at], owed[at], simple, back))
    return pd.DataFrame(rows, columns=["month", "sales", "receivables", "simple", "count_back"])


def exposure_before(invoices: IntoFrameT, payments: IntoFrameT) -> IntoFrameT:
    """For each invoice: what its customer owed on that day before it, and how late the oldest debt was.

    Parameters
    ----------
    invoices, payments : pandas DataFrame, Polars frame or DuckDB relation
        See the module.

    Returns
    -------
    the same kind of table, one row per invoice, sorted by invoice_id
        invoice_id, customer_id, issue_date, amount, `owed` (money of earlier days' invoices not yet paid;
        payments of the same day have come in) and `overdue` (days past due of the oldest of them, else 0).

    Raises
    ------
    TableError
        As `open_items`.

    Notes
    -----
    This is what somebody who releases orders could have known. Invoices of the same day do not count.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> invoices = pd.DataFrame({"invoice_id": ["I1", "I2"], "customer_id": "Ada",
    ...                          "issue_date": day(["2024-01-01", "2024-03-01"]),
    ...                          "due_date": day(["2024-01-31", "2024-03-31"]), "amount": [100.0, 50.0]})
    >>> payments = pd.DataFrame({"invoice_id": ["I1"], "date": day(["2024-02-01"]), "amount": [40.0]})
    >>> exposure_before(invoices, payments)[["invoice_id", "owed", "overdue"]]
      invoice_id  owed  overdue
    0         I1   0.0        0
    1         I2  60.0       30
    """
    billed, paid, unit = open_ledger(invoices, payments)
    new = billed.select("invoice_id", "customer_id", nw.col("issue_date"), "amount", __at="__issued")
    old = billed.select(
        "customer_id", __old="invoice_id", __issued="__issued", __due="__due",
        __was=nw.col(UNITS),
    )  # fmt: skip
    pairs = new.select("invoice_id", "customer_id", "__at").join(old, on="customer_id")
    pairs = pairs.filter(nw.col("__issued") < nw.col("__at"))
    came = paid.select(__old="invoice_id", __day="__day", __came=nw.col(UNITS))
    got = (
        pairs.select("invoice_id", "__old", "__at")
        .join(came, on="__old")
        .filter(nw.col("__day") <= nw.col("__at"))
        .group_by("invoice_id", "__old")
        .agg(nw.col("__came").sum())
    )
    left = pairs.join(got, on=["invoice_id", "__old"], how="left").with_columns(
        __left=(nw.col("__was") - nw.col("__came").fill_null(0)).cast(nw.Int64)
    )
    still = (
        left.filter(nw.col(LEFT) > 0).group_by("invoice_id").agg(nw.col(LEFT).sum(), nw.col("__due").min())
    )
    late = nw.col("__at") - nw.col("__due").fill_null(10**7)
    made = new.join(still, on="invoice_id", how="left").with_columns(
        __left=nw.col(LEFT).fill_null(0).cast(nw.Int64),
        overdue=nw.when(late > 0).then(late).otherwise(nw.lit(0)).cast(nw.Int64),
    )
    made = made.with_columns(owed=unit.money(LEFT))
    columns = ["invoice_id", "customer_id", "issue_date", "amount", "owed", "overdue"]
    return give_back(made.select(*columns).sort("invoice_id"), renumber=True)
