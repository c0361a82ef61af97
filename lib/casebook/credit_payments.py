"""Payments as evidence: who paid in time, and whose behaviour calls for a new credit survey?

These two functions run on tables that grow (invoices, payments, orders): pandas, Polars, DuckDB.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from casebook.days import check_days, day_number
from casebook.errors import TableError
from casebook.exact import check_values, divide
from casebook.frames import Frame, facts, give_back, name_rows, refuse_gaps, start
from casebook.ledger import one_kind, refuse_negative

__all__ = ["collection_rate", "survey_triggers"]

_RATE = ("due_amount", "paid_in_time", "collection_rate", "invoices")
LARGEST = 1e13  #: RMB; above it cents are lost in a double
_WATCH = ("first_order", "large_order", "slower", "survey", "reason")


def collection_rate(
    invoices: Any,
    payments: Any,
    start_date: Any,
    end_date: Any,
    as_of: Any,
    *,
    grace: int = 30,
    key: str = "customer_id",
) -> Any:
    """Of what fell due in a period, what share came in time? (回款率, collection rate).

    Over the invoices **due** from `start_date` to `end_date`: the sum of min(amount, paid by due date plus
    grace) over the sum of amount. An invoice whose grace has not ended by `as_of` is left out: nobody knows
    yet. A payment counts for its own invoice only, and a discount taken in time counts as paid in full.

    Parameters
    ----------
    invoices : pandas DataFrame, Polars frame or DuckDB relation
        `key`, `invoice_id`, `due_date` (dates) and `amount` (RMB, above zero), one row an invoice.
    payments : the same kind of table
        `invoice_id`, `date`, `amount` (RMB) and, if there is one, `discount_taken` (RMB).
    start_date, end_date, as_of : dates, or text such as "2024-12-31"
        First and last due day, and the day of looking back; payments after it are not looked at.
    grace : int
        Days after the due day that still count as in time. Our convention: 30.
    key : str
        The column that names the customer.

    Returns
    -------
    the same kind of table, one row per customer with an invoice that counts, by customer
        `key`, `invoices` (a count), `due_amount`, `paid_in_time` (RMB) and `collection_rate` (0-1). A DuckDB
        relation comes without an order.

    Raises
    ------
    TableError
        If a column or a value is missing, an amount due is not above zero, a payment is negative, a column
        holds no dates or no numbers, an invoice number occurs twice, the tables are of two kinds, the dates
        run backwards, the grace is negative, or no invoice counts.

    Notes
    -----
    Source: the source course names the rate only; definition and grace are ours.

    Examples
    --------
    >>> due = pd.DataFrame({"customer_id": "C1", "invoice_id": ["I1", "I2", "I3"],
    ...                     "due_date": pd.to_datetime(["2024-03-01"] * 3), "amount": [100.0, 50.0, 50.0]})
    >>> paid = pd.DataFrame({"invoice_id": ["I1", "I2"], "amount": [100.0, 40.0],
    ...                      "date": pd.to_datetime(["2024-02-20", "2024-03-31"])})
    >>> collection_rate(due, paid, "2024-01-01", "2024-06-30", "2024-12-31")
      customer_id  invoices  due_amount  paid_in_time  collection_rate
    0          C1         3       200.0         140.0              0.7
    """
    first, last, seen = (_day(d, n) for d, n in _named(start_date, end_date, as_of))
    if last < first:
        raise TableError(f"The period ends ({last:%Y-%m-%d}) before it starts ({first:%Y-%m-%d}).")
    if isinstance(grace, bool) or not isinstance(grace, int) or grace < 0:
        raise TableError(f"grace must be a whole number of days, 0 or more; got {grace!r}.")
    bills = start(invoices, [key, "invoice_id", "due_date", "amount"], makes=_RATE)
    for column in (key, "invoice_id", "due_date"):
        refuse_gaps(bills, column)
    check_days(bills, None, "due_date")
    _countable(bills, "amount")
    if facts(bills, n=(nw.col("amount") <= 0).cast(nw.Int64).sum())["n"]:
        rows = name_rows(bills, nw.col("amount") <= 0, "invoice_id", "amount")
        raise TableError(f"Amounts due must be above zero ({rows}): set credit notes apart first.")
    count = facts(bills, n=nw.len(), u=nw.col("invoice_id").n_unique())
    if count["n"] > count["u"]:
        raise TableError("Column 'invoice_id' holds a number twice: one row for each invoice is needed.")
    falls = day_number("due_date")
    due: Any = bills.filter(
        (falls >= first.toordinal()) & (falls <= last.toordinal()) & (falls + grace <= seen.toordinal())
    ).with_columns((falls + grace).alias("__limit"))
    if not facts(due, n=nw.len())["n"]:
        raise TableError(
            f"No invoice is due from {first:%Y-%m-%d} to {last:%Y-%m-%d} with its {grace} days of grace "
            f"over by {seen:%Y-%m-%d}: choose an earlier period or a later day."
        )
    one = due.join(_settled(payments, due, seen), on="invoice_id", how="left").with_columns(
        _cents("amount").alias("__due"),
        nw.min_horizontal(nw.col("__paid").fill_null(0), _cents("amount")).alias("__in"),
        nw.lit(1).alias("__one"),
    )
    sums = one.group_by(key).agg(
        nw.col("__one").sum().alias("invoices"), nw.col("__due").sum(), nw.col("__in").sum()
    )
    table = sums.select(
        nw.col(key),
        nw.col("invoices").cast(nw.Int64),
        divide(_float("__due"), 100.0).alias("due_amount"),
        divide(_float("__in"), 100.0).alias("paid_in_time"),
        (_float("__in") / _float("__due")).alias("collection_rate"),
    )
    return give_back(table.sort(key), renumber=True)


def _cents(column: str) -> nw.Expr:
    """Money in whole cents, so that no rate depends on the order of adding."""
    return (nw.col(column) * 100).round().cast(nw.Int64)


def _countable(frame: Any, column: str, *, gaps: bool = False) -> None:
    """Refuse what cannot be counted in cents: text, gaps (unless allowed), the infinite and the huge."""
    check_values(frame.filter(~nw.col(column).is_null()) if gaps else frame, column, "invoice_id")
    huge = nw.col(column).abs() > LARGEST
    if facts(frame, n=huge.cast(nw.Int64).sum())["n"]:
        rows = name_rows(frame, huge, "invoice_id", column)
        raise TableError(f"Column {column!r} is too large to be counted in cents ({rows}): correct it.")


def _float(column: str) -> nw.Expr:
    return nw.col(column).cast(nw.Int64).cast(nw.Float64)  # DuckDB adds whole numbers to 128 bits


def _settled(payments: Any, due: Any, seen: Any) -> Any:
    """What came in time for each invoice, in cents, discounts counted as paid."""
    frame: Any = start(payments, ["invoice_id", "date", "amount"])
    one_kind(due, frame, "invoice_id")
    for column in ("invoice_id", "date"):
        refuse_gaps(frame, column)
    check_days(frame, None, "date")
    _countable(frame, "amount")
    refuse_negative(frame, "amount")
    paid = _cents("amount")
    if "discount_taken" in frame.collect_schema().names():
        start(frame.to_native(), ["discount_taken"])
        _countable(frame, "discount_taken", gaps=True)
        refuse_negative(frame, "discount_taken")
        paid = paid + (nw.col("discount_taken").fill_null(0) * 100).round().cast(nw.Int64)
    inside = frame.join(due.select("invoice_id", "__limit"), on="invoice_id", how="inner").filter(
        (day_number("date") <= nw.col("__limit")) & (day_number("date") <= seen.toordinal())
    )
    sums = inside.with_columns(paid.alias("__paid")).group_by("invoice_id").agg(nw.col("__paid").sum())
    return sums.with_columns(nw.col("__paid").cast(nw.Int64))


def survey_triggers(
    orders: Any,
    payments: Any,
    as_of: Any,
    *,
    jump: float = 2.5,
    slower: float = 10.0,
    window: int = 90,
    key: str = "customer_id",
) -> Any:
    """Whose last three months call for a new credit survey? (信用调查的时机).

    Three of the usual occasions show in the books: a first order, an order far above the customer's usual,
    and payments that come later than before. (Others do not: a change of owner or address, a lawsuit.)

    Parameters
    ----------
    orders : pandas DataFrame, Polars frame or DuckDB relation
        `key`, `date`, `amount` (RMB), one row an order.
    payments : the same kind of table
        `key`, `date`, `days_late` (days after the due day, negative when early), one row a payment.
    as_of : date
        Rows after it are not looked at.
    jump : float
        How many times the mean of the earlier orders counts as large.
    slower : float
        By how many days the mean delay must have risen over that of the earlier payments.
    window : int
        Days up to `as_of` that count as recent; all before is what was usual.
    key : str
        The column that names the customer.

    Returns
    -------
    the same kind of table, one row per customer with an order up to `as_of`, by customer
        `key`; `first_order`, `large_order`, `slower`, `survey` (true or false); `reason` (text).

    Raises
    ------
    TableError
        If a column or value is missing, an argument is not positive, or there is no order up to `as_of`.

    Notes
    -----
    Source: the source course has the heading only; the occasions are those of credit textbooks, the
    thresholds ours.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["C1"] * 3 + ["C2"] * 2, "amount": [2e4, 2e4, 6e4, 5e3, 5e3],
    ...     "date": pd.to_datetime(["2024-01-05", "2024-05-02", "2024-12-01", "2024-03-01", "2024-11-30"])})
    >>> paid = pd.DataFrame({"customer_id": ["C2", "C2"], "days_late": [5, 20],
    ...                      "date": pd.to_datetime(["2024-04-30", "2024-12-20"])})
    >>> survey_triggers(orders, paid, "2024-12-31")[["customer_id", "survey", "reason"]]
      customer_id  survey                                       reason
    0          C1    True      an order of 2.5 times the usual or more
    1          C2    True  pays later than before by 10 days or more
    """
    day = _day(as_of, "as_of")
    for name, value in (("jump", jump), ("slower", slower), ("window", window)):
        if isinstance(value, (str, bool)) or not 0 < value < float("inf"):
            raise TableError(f"{name} must be above zero; got {value!r}.")
    if window != int(window):
        raise TableError(f"window must be a whole number of days; got {window!r}.")
    since = day.toordinal() - int(window)
    bought = _up_to(orders, key, "amount", day)
    refuse_negative(bought, "amount", key, "set returns and credit notes apart first")
    paid = _up_to(payments, key, "days_late", day)
    one_kind(bought, paid, key, "Orders and payments")
    if not facts(bought, n=nw.len())["n"]:
        raise TableError(f"There is no order up to {day:%Y-%m-%d}.")
    sales: Any = (
        _then_and_now(bought, "amount", since)
        .group_by(key)
        .agg(nw.col("__now").max().alias("__top"), nw.col("__then").mean().alias("__usual"))
    )
    delay: Any = (
        _then_and_now(paid, "days_late", since)
        .group_by(key)
        .agg(nw.col("__now").mean(), nw.col("__then").mean())
    )
    large = ((nw.col("__top") >= nw.col("__usual") * jump) & (nw.col("__top") > 0)).fill_null(False)
    behind = (nw.col("__now") - nw.col("__then") >= slower).fill_null(False)
    table = sales.join(delay, on=key, how="left").with_columns(
        nw.col("__usual").is_null().alias("first_order"), large.alias("large_order"), behind.alias("slower")
    )
    words = {
        "first_order": "ordered for the first time",
        "large_order": f"an order of {jump:g} times the usual or more",
        "slower": f"pays later than before by {slower:g} days or more",
    }
    said = [nw.when(nw.col(c)).then(nw.lit(w)).otherwise(nw.lit(None)) for c, w in words.items()]
    table = table.with_columns(
        nw.any_horizontal(*words, ignore_nulls=False).alias("survey"),
        nw.concat_str(*said, separator="; ", ignore_nulls=True).alias("reason"),
    )
    none = nw.when(nw.col("survey")).then(nw.col("reason")).otherwise(nw.lit("nothing unusual"))
    table = table.with_columns(none.alias("reason")).select(key, *words, "survey", "reason")
    return give_back(table.sort(key), renumber=True)


def _up_to(table: Any, key: str, value: str, day: Any) -> Frame:
    frame = start(table, [key, "date", value], makes=_WATCH)
    for column in (key, "date"):
        refuse_gaps(frame, column)
    check_days(frame, None, "date")
    check_values(frame, value, key)
    endless = nw.col(value).cast(nw.Float64).abs() == float("inf")
    if facts(frame, n=endless.cast(nw.Int64).sum())["n"]:
        raise TableError(
            f"Column {value!r} is infinite ({name_rows(frame, endless, key, value)}): correct it."
        )
    return frame.filter(day_number("date") <= day.toordinal())


def _then_and_now(frame: Frame, value: str, since: int) -> Frame:
    """The value in two columns: of the recent rows, and of all before."""
    recent = day_number("date") > since
    amount = nw.col(value).cast(nw.Float64)
    return frame.with_columns(
        nw.when(recent).then(amount).alias("__now"), nw.when(~recent).then(amount).alias("__then")
    )


def _named(start_date: Any, end_date: Any, as_of: Any) -> list[tuple[Any, str]]:
    return [(start_date, "start_date"), (end_date, "end_date"), (as_of, "as_of")]


def _day(value: Any, name: str) -> Any:
    """A date as the engines compare it."""
    try:
        if pd.isna(value):
            raise ValueError
        return pd.Timestamp(value).to_pydatetime()
    except (TypeError, ValueError):
        raise TableError(f"{name} must be a date, such as '2024-12-31'; got {value!r}.") from None
