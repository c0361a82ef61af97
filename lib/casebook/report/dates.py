"""Read dates as people write them: 2024-03-05, 5/3/2024, 5 Mar 2024, 2024年3月5日, with or without a time.

3/4/2024 is two days. The rest of the column settles which, if one order reads every date in it; otherwise the
column is refused.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from casebook.report.messages import CannotRead, stop
from casebook.report.parse import ASCII, Parsed, as_text, look_up, where

__all__ = ["DATE_ORDERS", "dates"]

DATE_ORDERS = ("dmy", "mdy", "ymd")
YEARS = range(1900, 2101)  #: other years are taken for typing errors

_TIME = (
    r"(?:(?:\s*T\s*|,?\s+)(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_DAYS = tuple(
    re.compile(day + _TIME, re.IGNORECASE | re.ASCII)
    for day in (
        r"(?P<a>\d{1,4})(?P<sep>[-/.])\s?(?P<b>\d{1,2}|[a-z]{3,9})(?P=sep)\s?(?P<c>\d{1,4})",
        r"(?P<a>\d{1,2})\.?\s(?P<b>[a-z]{3,9})\.?,?\s(?P<c>\d{4})",
        r"(?P<b>[a-z]{3,9})\.?\s(?P<a>\d{1,2}),?\s(?P<c>\d{4})",
        r"(?P<a>\d{4})\s?年\s?(?P<b>\d{1,2})\s?月\s?(?P<c>\d{1,2})\s?日?",
        r"(?P<a>\d{4})(?P<b>\d{2})(?P<c>\d{2})",
    )
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?", re.ASCII)
_MONTH_NAMES = ["January", "February", "March", "April", "May", "June", "July", "August", "September"]
_MONTH_NAMES += ["October", "November", "December"]


def dates(cells: pd.Series, column: str, order: str | None = None) -> Parsed:
    """Read dates, with or without a time: 2024-03-05, 5/3/2024, 5 Mar 2024, 2024年3月5日, 20240305.

    Parameters
    ----------
    cells : Series of text or typed cells, indexed by line
    column : str
        Its name in the file, for the messages.
    order : {"dmy", "mdy", "ymd"}, optional
        Otherwise the only order that reads all dates of the column.

    Returns
    -------
    Parsed
        Values are datetimes as written (a time zone is passed over). Two-digit years 00 to 69 are 2000 to
        2069. Days that do not exist and years outside 1900 to 2100 are problems. Typed dates are days in any
        order; where text stands among them, the note says so.

    Raises
    ------
    CannotRead
        If more than one order, or no single order, reads the column.

    Examples
    --------
    >>> cells = pd.Series(["3/4/2024", "25/12/2024", "31/2/2024"], index=[2, 3, 4])
    >>> dates(cells, "Day").values.dt.strftime("%d %b").tolist()
    ['03 Apr', '25 Dec', nan]
    """
    found = {cell: _date_readings(cell) for cell in cells.unique()}
    settled, note = _settle_order(cells, column, {c: r for c, r in found.items() if r}, order)
    values = {cell: readings.get(settled) for cell, readings in found.items()}
    reasons = {cell: "" if value is not None else _why_no_date(cell, order) for cell, value in values.items()}
    days = look_up(cells, values, "datetime64[us]")
    if len({isinstance(cell, str) for cell, readings in found.items() if readings}) > 1:
        note += "; text among typed dates: a spreadsheet may have swapped day and month of the typed ones"
    if days.notna().any():
        note += f"; from {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}"
    return Parsed(days, look_up(cells, reasons, "str"), note)


def _date_readings(cell: Any) -> dict[str, dt.datetime]:
    """The date of a cell under each order that can read it."""
    if isinstance(cell, dt.date):  # a datetime is one too
        moment = cell.replace(tzinfo=None) if isinstance(cell, dt.datetime) else _midnight(cell)
        return dict.fromkeys(DATE_ORDERS, moment) if cell.year in YEARS else {}
    if isinstance(cell, (int, float)):
        cell = as_text(cell)
    if not isinstance(cell, str):
        return {}
    if _ISO.fullmatch(cell):  # most files, and many different times: the quick way
        return _iso(cell)
    parts = next((m for day in _DAYS if (m := day.fullmatch(cell.translate(ASCII).strip()))), None)
    if parts is None or (time := _time(parts)) is None:
        return {}
    a, b, c = parts["a"], parts["b"], parts["c"]
    found = {order: _day(a, b, c, order) for order in _orders(a, b, c)}
    readings = {order: dt.datetime.combine(day, time) for order, day in found.items() if day is not None}
    if readings and b.isalpha() and 4 in (len(a), len(c)):  # 5 March 2024 is one day in any order
        return dict.fromkeys(DATE_ORDERS, *readings.values())
    return readings


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def _iso(text: str) -> dict[str, dt.datetime]:
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        return {}
    return {"ymd": time} if time.year in YEARS else {}


def _orders(a: str, b: str, c: str) -> tuple[str, ...]:
    """The orders that three parts of a date can have, by their length."""
    first, last = len(a), len(c)
    if first == 4 and last <= 2:
        return ("ymd",)
    if first > 2 or last in (1, 3):
        return ()
    if b.isalpha():
        return ("dmy",) if last == 4 else ("dmy", "ymd")
    return ("dmy", "mdy") if last == 4 else DATE_ORDERS


def _day(a: str, b: str, c: str, order: str) -> dt.date | None:
    named = dict(zip(order, (a, b, c), strict=True))
    year = int(named["y"])
    if len(named["y"]) <= 2:
        year += 2000 if year < 70 else 1900
    month = _month(named["m"])
    try:
        return dt.date(year, month, int(named["d"])) if year in YEARS else None
    except ValueError:
        return None


def _month(text: str) -> int:
    """A month from its number or its English name; 0, which no date has, if it is neither."""
    if text.isdigit():
        return int(text)
    wanted = {"sept": "sep"}.get(text.lower(), text.lower())
    names = [name.lower() for name in _MONTH_NAMES]
    return next((i for i, name in enumerate(names, 1) if wanted in (name, name[:3])), 0)


def _time(parts: re.Match[str]) -> dt.time | None:
    if parts["h"] is None:
        return dt.time()
    hour = int(parts["h"])
    if parts["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * parts["half"].lower().startswith("p")
    try:
        return dt.time(hour, int(parts["mi"]), int(parts["s"] or 0))
    except ValueError:
        return None


def _settle_order(
    cells: pd.Series, column: str, found: Mapping[Any, dict[str, dt.datetime]], given: str | None
) -> tuple[str, str]:
    """The order of day, month and year in a column, and how it was settled."""
    if given is not None:
        return given, f"{given}, as told"
    alive = [order for order in DATE_ORDERS if all(order in readings for readings in found.values())]
    if not alive:
        raise _mixture(cells, column, found)
    for cell, readings in found.items():
        options = {order: readings[order] for order in alive}
        if len(set(options.values())) > 1:
            shown, line = where(cells, cell)
            days = " or ".join(
                f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}" for day in options.values()
            )
            raise stop(
                "which_order",
                column=column,
                text=shown,
                line=line,
                readings=days,
                orders=" or ".join(options),
            )
    if len(alive) == 1:
        return alive[0], f"{alive[0]}, the only order that reads every date"
    return alive[0], "the same in any order"


def _mixture(cells: pd.Series, column: str, found: Mapping[Any, dict[str, dt.datetime]]) -> CannotRead:
    """The error for two dates that no order reads both."""
    kinds: dict[frozenset[str], Any] = {}
    for cell, readings in found.items():
        kinds.setdefault(frozenset(readings), cell)
    one, other = min(itertools.combinations(kinds, 2), key=lambda pair: len(pair[0] & pair[1]))
    (first, first_line), (second, second_line) = where(cells, kinds[one]), where(cells, kinds[other])
    return stop(
        "mixed_order",
        column=column,
        first=first,
        first_line=first_line,
        second=second,
        second_line=second_line,
    )


def _why_no_date(cell: Any, order: str | None) -> str:
    text = as_text(cell).strip()
    if not text:
        return "blank"
    return f"not a date in the order {order}" if order and _date_readings(cell) else "not a date"
