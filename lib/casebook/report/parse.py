"""Turn cells into customers, numbers and dates, each with the reason where that is not possible.

A cell that can be read in two ways is settled by the rest of its column, if some cell there leaves one way
only; otherwise the column is refused. Typed cells (Excel, Parquet) need no settling.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from casebook.report.messages import stop

__all__ = ["DATE_ORDERS", "NO_CUSTOMER", "Parsed", "as_text", "customers", "dates", "numbers"]

#: Text that stands for a missing customer, written just so (a customer may well be called Null).
NO_CUSTOMER = frozenset({"", "nan", "NaN", "NAN", "null", "NULL", "None", "NA", "N/A", "#N/A", "<NA>"})
DATE_ORDERS = ("dmy", "mdy", "ymd")
#: From here on a double no longer keeps every cent, whatever it is multiplied with.
TOO_LARGE = 1e13
YEARS = range(1900, 2101)  #: other years are taken for typing errors

_ASCII = str.maketrans(
    "０１２３４５６７８９，．－＋（）￥−–’\u00a0\u2007\u2009\u202f\u3000", "0123456789,.-+()¥--'     "
)
_CURRENCY = r"(?:[¥€$£₹₩元]|RMB|CNY|USD|EUR|GBP)?"
_NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[+-])?\s*{_CURRENCY}\s*(?P<sign2>[+-])?\s*(?P<body>[\d.,][\d.,' eE+-]*?)"
    rf"\s*{_CURRENCY}\s*(?P<trail>-)?\s*(?P<close>\))?",
    re.IGNORECASE,
)
_WHOLE = r"(?:[1-9]\d{{0,2}}(?:(?P<t>[{thousands} '])\d{{3}})(?:(?P=t)\d{{3}})*|\d+)"
_BODY = {
    point: re.compile(
        rf"(?:{_WHOLE.format(thousands=other)}(?:[{point}]\d*)?|[{point}]\d+)(?:[eE][+-]?\d{{1,2}})?"
    )
    for point, other in ((".", ","), (",", "."))
}
_TIME = (
    r"(?:(?:\s*T\s*|,?\s+)(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_DAYS = tuple(
    re.compile(day + _TIME, re.IGNORECASE)
    for day in (
        r"(?P<a>\d{1,4})(?P<sep>[-/.])\s?(?P<b>\d{1,2}|[a-z]{3,9})(?P=sep)\s?(?P<c>\d{1,4})",
        r"(?P<a>\d{1,2})\.?\s(?P<b>[a-z]{3,9})\.?,?\s(?P<c>\d{4})",
        r"(?P<b>[a-z]{3,9})\.?\s(?P<a>\d{1,2}),?\s(?P<c>\d{4})",
        r"(?P<a>\d{4})\s?年\s?(?P<b>\d{1,2})\s?月\s?(?P<c>\d{1,2})\s?日?",
        r"(?P<a>\d{4})(?P<b>\d{2})(?P<c>\d{2})",
    )
)
_MONTH_NAMES = ["January", "February", "March", "April", "May", "June", "July", "August", "September"]
_MONTH_NAMES += ["October", "November", "December"]
_FROM_FLOAT = re.compile(r"[1-9]\d*\.0")
_SPOILED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Parsed:
    """A column that was read: its values, what is wrong where, and how it was read.

    >>> Parsed(pd.Series([1.5]), pd.Series([""]), "decimal point").note
    'decimal point'
    """

    values: pd.Series  #: missing where unreadable
    problems: pd.Series  #: the reason, or ""
    note: str


def as_text(cell: Any) -> str:
    """A cell as people would write it: 17850.0 from a spreadsheet is 17850, a date is ISO.

    >>> as_text(17850.0), as_text("007"), as_text(dt.datetime(2024, 3, 5))
    ('17850', '007', '2024-03-05')
    """
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(cell)


def customers(cells: pd.Series) -> Parsed:
    """Read names of customers: kept as written, without the blanks around them.

    Parameters
    ----------
    cells : Series of text or typed cells, indexed by line

    Returns
    -------
    Parsed
        Values are text, missing where the cell is one of `NO_CUSTOMER`. An id such as 17850.0 (a whole
        number that passed through a program as a decimal) is 17850, provided that no id of the column has
        true decimals. An id such as 1.78E+04 (a number that a spreadsheet has shortened, so that customers
        may run together) is a problem.

    Examples
    --------
    >>> customers(pd.Series(["007", " 17850.0", "nan", "1.78E+04"], index=[2, 3, 4, 5])).values.tolist()
    ['007', '17850', nan, '1.78E+04']
    """
    texts = {cell: as_text(cell).strip() for cell in cells.unique()}
    decimals = any(re.fullmatch(r"\d+\.\d*[1-9]\d*", text) for text in texts.values())
    cut = {cell for cell, text in texts.items() if not decimals and _FROM_FLOAT.fullmatch(text)}
    names = {
        cell: None if text in NO_CUSTOMER else text[:-2] if cell in cut else text
        for cell, text in texts.items()
    }
    spoiled = {
        cell: "a number shortened by a spreadsheet" for cell, t in texts.items() if _SPOILED.fullmatch(t)
    }
    note = "as written" + ("; ids such as 17850.0 are read as 17850" if cut else "")
    return Parsed(cells.map(names).astype("str"), cells.map(lambda cell: spoiled.get(cell, "")), note)


def numbers(cells: pd.Series, column: str, decimal: str | None = None) -> Parsed:
    """Read numbers with thousands separators, currency signs and any form of minus.

    Parameters
    ----------
    cells : Series of text or typed cells, indexed by line
    column : str
        Its name in the file, for the messages.
    decimal : {".", ","}, optional
        Otherwise settled by a cell that can be read with one of them only.

    Returns
    -------
    Parsed
        Values are doubles; text, percentages, gaps, infinite and very large numbers are problems.

    Raises
    ------
    CannotRead
        If the decimal mark cannot be settled: some cell reads as two numbers, and none tells which.

    Examples
    --------
    >>> cells = pd.Series(["€ 1.234", "(12,5)", "7-", "12 %"], index=[2, 3, 4, 5])
    >>> numbers(cells, "Net").values.tolist()
    [1234.0, -12.5, -7.0, nan]
    >>> numbers(cells[:1], "Net")
    Traceback (most recent call last):
    casebook.report.messages.CannotRead: The numbers in column 'Net' can be read in two ways, such as '€
    1.234' (line 2), which is 1.234 with a decimal point and 1234 with a decimal comma: say --decimal . or
    --decimal ,
    """
    found = {cell: _number_readings(cell) for cell in cells.unique()}
    mark, note = _settle_decimal(
        cells, column, {c: r for c, r in found.items() if isinstance(c, str)}, decimal
    )
    values = {cell: readings.get(mark) for cell, readings in found.items()}
    reasons = {cell: _why_no_number(cell, value) for cell, value in values.items()}
    kept = {cell: value if not reasons[cell] else None for cell, value in values.items()}
    return Parsed(cells.map(kept).astype("float64"), cells.map(reasons), note)


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
        2069.
        Days that do not exist and years outside 1900 to 2100 are problems.

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
    return Parsed(pd.to_datetime(cells.map(values)), cells.map(reasons), note)


# Numbers --------------------------------------------------------------------------------------------------


def _number_readings(cell: Any) -> dict[str, float]:
    """The number of a cell under each decimal mark that can read it."""
    if isinstance(cell, (int, float, Decimal)):
        return {} if math.isnan(cell) else dict.fromkeys(".,", float(cell))
    if not isinstance(cell, str):
        return {}
    parts = _NUMBER.fullmatch(cell.translate(_ASCII).strip())
    if parts is None or bool(parts["open"]) != bool(parts["close"]):
        return {}
    signs = [mark for mark in (parts["open"], parts["sign"], parts["sign2"], parts["trail"]) if mark]
    if len(signs) > 1:
        return {}
    factor = -1.0 if signs and signs[0] != "+" else 1.0
    readings = {mark: _body(parts["body"], mark) for mark in ".,"}
    return {mark: factor * number + 0.0 for mark, number in readings.items() if number is not None}


def _body(text: str, point: str) -> float | None:
    if not _BODY[point].fullmatch(text):
        return None
    thousands = "," if point == "." else "."
    return float(re.sub(rf"[{thousands} ']", "", text).replace(point, "."))


def _settle_decimal(
    cells: pd.Series, column: str, found: Mapping[str, dict[str, float]], given: str | None
) -> tuple[str, str]:
    """The decimal mark of a column, and how it was settled."""
    words = {".": "decimal point", ",": "decimal comma"}
    if given is not None:
        return given, f"{words[given]}, as told"
    only = {mark: next((c for c, r in found.items() if set(r) == {mark}), None) for mark in ".,"}
    point, comma = only["."], only[","]
    if point is not None and comma is not None:
        (first, first_line), (second, second_line) = _where(cells, point), _where(cells, comma)
        raise stop(
            "mixed_decimal",
            column=column,
            first=first,
            first_line=first_line,
            second=second,
            second_line=second_line,
        )
    if point is not None or comma is not None:
        settled, (shown, line) = ("." if comma is None else ","), _where(cells, point or comma)
        return settled, f"{words[settled]}, settled by {shown!r} in line {line:,}"
    for cell, readings in found.items():
        if len(set(readings.values())) > 1:
            shown, line = _where(cells, cell)
            texts = {mark: f"{number:.15g}" for mark, number in readings.items()}
            raise stop(
                "which_decimal",
                column=column,
                text=shown,
                line=line,
                as_point=texts["."],
                as_comma=texts[","],
            )
    return ".", "whole numbers" if found else "numbers as typed"


def _why_no_number(cell: Any, value: float | None) -> str:
    text = as_text(cell).strip()
    if value is not None:
        return "" if abs(value) < TOO_LARGE else "too large a number"
    if not text or text in NO_CUSTOMER:
        return "blank" if not text else "not a number"
    return "a percentage" if text.endswith(("%", "％")) else "not a number"


# Dates ----------------------------------------------------------------------------------------------------


def _date_readings(cell: Any) -> dict[str, dt.datetime]:
    """The date of a cell under each order that can read it."""
    if isinstance(cell, dt.datetime):
        return (
            {}
            if pd.isna(cell) or cell.year not in YEARS
            else dict.fromkeys(DATE_ORDERS, cell.replace(tzinfo=None))
        )
    if isinstance(cell, dt.date):
        cell = cell.isoformat()
    if isinstance(cell, (int, float)):
        cell = as_text(cell)
    if not isinstance(cell, str):
        return {}
    parts = next((m for day in _DAYS if (m := day.fullmatch(cell.translate(_ASCII).strip()))), None)
    if parts is None or (time := _time(parts)) is None:
        return {}
    found = {order: _day(parts["a"], parts["b"], parts["c"], order) for order in _orders(parts)}
    readings = {order: dt.datetime.combine(day, time) for order, day in found.items() if day is not None}
    neutral = parts["b"].isalpha() and 4 in (
        len(parts["a"]),
        len(parts["c"]),
    )  # 5 March 2024 is one day in any order
    return dict.fromkeys(DATE_ORDERS, *readings.values()) if neutral and readings else readings


def _orders(parts: re.Match[str]) -> tuple[str, ...]:
    first, last = len(parts["a"]), len(parts["c"])
    if first == 4 and last <= 2:
        return ("ymd",)
    if first > 2 or last in (1, 3):
        return ()
    if parts["b"].isalpha():
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
            shown, line = _where(cells, cell)
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


def _mixture(cells: pd.Series, column: str, found: Mapping[Any, dict[str, dt.datetime]]) -> Exception:
    """The error for two dates that no order reads both."""
    kinds: dict[frozenset[str], Any] = {}
    for cell, readings in found.items():
        kinds.setdefault(frozenset(readings), cell)
    one, other = min(itertools.combinations(kinds, 2), key=lambda pair: len(pair[0] & pair[1]))
    (first, first_line), (second, second_line) = _where(cells, kinds[one]), _where(cells, kinds[other])
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


def _where(cells: pd.Series, cell: Any) -> tuple[str, int]:
    """A cell as text, and the first line in which it stands."""
    return as_text(cell), int(cells.index[cells == cell][0])
