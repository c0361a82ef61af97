"""Days of tables that grow: read one, check a column of them, count them alike in every engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import pandas as pd

from casebook.errors import TableError
from casebook.frames import Frame, facts, name_rows

__all__ = ["as_day", "check_days", "day_number"]


def as_day(as_of: Any, name: str = "as_of") -> dt.date:
    """Read a day from a date, a time stamp (its hour is ignored) or text such as ``"2024-12-31"``.

    Raises
    ------
    TableError
        If it is none of these.

    Examples
    --------
    >>> as_day("2024-12-31"), as_day(pd.Timestamp("2024-12-31 17:00"))
    (datetime.date(2024, 12, 31), datetime.date(2024, 12, 31))
    """
    if isinstance(as_of, dt.datetime):
        return as_of.date()
    if isinstance(as_of, dt.date):
        return as_of
    try:
        return dt.date.fromisoformat(as_of)
    except (TypeError, ValueError):
        raise TableError(f"{name} must be a day such as '2024-12-31', got {as_of!r}.") from None


def check_days(
    frame: Frame, key: str | None, date: str, as_of: dt.date | None = None, *, name: str = "as_of"
) -> None:
    """See that a column holds local days, none of them after `as_of`; the hour of a time stamp is ignored.

    `name` is what the caller's argument is called in the message.

    Raises
    ------
    TableError
        If the column holds no dates or has a time zone, or a day lies after `as_of`; rows are named by `key`.

    Examples
    --------
    >>> late = pd.DataFrame({"who": ["Ada"], "day": [pd.Timestamp("2025-01-02")]})
    >>> check_days(nw.from_native(late), "who", "day", dt.date(2024, 12, 31))
    Traceback (most recent call last):
    casebook.errors.TableError: 1 row dated after as_of=2024-12-31 (who=Ada day=2025-01-02 00:00:00): leave
    them out or look later.
    """
    dtype, native = frame.collect_schema()[date], frame.to_native()
    zoned = isinstance(native, pd.DataFrame) and isinstance(native[date].dtype, pd.DatetimeTZDtype)
    if zoned or (isinstance(dtype, nw.Datetime) and dtype.time_zone):
        raise TableError(
            f"Column {date!r} has a time zone, so its days are not settled: turn it into local time first "
            "(in pandas with .dt.tz_localize(None))."
        )
    if dtype not in (nw.Date, nw.Datetime):
        raise TableError(f"Column {date!r} holds {dtype}, not dates: use pandas.to_datetime first.")
    if as_of is None:
        return
    late = day_number(date) > as_of.toordinal()
    count = facts(frame, n=late.cast(nw.Int64).sum())["n"]
    if count:
        named = name_rows(frame, late, key, date)
        raise TableError(
            f"{count:,} row{'s' if count > 1 else ''} dated after {name}={as_of} ({named}): "
            "leave them out or look later."
        )


def day_number(date: str) -> nw.Expr:
    """Days since year 1, as `datetime.date.toordinal` counts them: the same arithmetic in every engine.

    >>> frame = nw.from_native(pd.DataFrame({"day": [pd.Timestamp("2024-12-31 17:00")]}))
    >>> int(frame.select(n=day_number("day"))["n"][0]) == dt.date(2024, 12, 31).toordinal()
    True
    """
    year = nw.col(date).dt.year().cast(nw.Int64) - 1
    leap_days = year // 4 - year // 100 + year // 400
    return year * 365 + leap_days + nw.col(date).dt.ordinal_day().cast(nw.Int64)
