"""Read numbers as people write them: thousands separators, currency signs, any form of minus.

1,234 is two numbers. The rest of the column settles which, if some cell in it can be read in one way only;
otherwise the column is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from casebook.report.messages import stop
from casebook.report.parse import ASCII, NO_CUSTOMER, Parsed, as_text, look_up, where

__all__ = ["numbers"]

#: From here on a double no longer keeps every cent, whatever it is multiplied with.
TOO_LARGE = 1e13

_CURRENCY = r"(?:[¥€$£₹₩元]|RMB|CNY|USD|EUR|GBP)?"
_NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[+-])?\s*{_CURRENCY}\s*(?P<sign2>[+-])?\s*(?P<body>[\d.,][\d.,' eE+-]*?)"
    rf"\s*{_CURRENCY}\s*(?P<trail>-)?\s*(?P<close>\))?",
    re.IGNORECASE | re.ASCII,
)
_WHOLE = r"(?:[1-9]\d{{0,2}}(?:(?P<t>[{thousands} '])\d{{3}})(?:(?P=t)\d{{3}})*|\d+)"
_BODY = {
    point: re.compile(
        rf"(?:{_WHOLE.format(thousands=other)}(?:[{point}]\d*)?|[{point}]\d+)(?:[eE][+-]?\d{{1,2}})?",
        re.ASCII,
    )
    for point, other in ((".", ","), (",", "."))
}


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
    return Parsed(look_up(cells, kept, "float64"), look_up(cells, reasons, "str"), note)


def _number_readings(cell: Any) -> dict[str, float]:
    """The number of a cell under each decimal mark that can read it."""
    if isinstance(cell, (int, float, Decimal)):
        return {} if math.isnan(cell) else dict.fromkeys(".,", float(cell))
    if not isinstance(cell, str):
        return {}
    parts = _NUMBER.fullmatch(cell.translate(ASCII).strip())
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
        (first, first_line), (second, second_line) = where(cells, point), where(cells, comma)
        raise stop(
            "mixed_decimal",
            column=column,
            first=first,
            first_line=first_line,
            second=second,
            second_line=second_line,
        )
    if point is not None or comma is not None:
        settled, (shown, line) = ("." if comma is None else ","), where(cells, point or comma)
        return settled, f"{words[settled]}, settled by {shown!r} in line {line}"
    for cell, readings in found.items():
        if len(set(readings.values())) > 1:
            shown, line = where(cells, cell)
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
