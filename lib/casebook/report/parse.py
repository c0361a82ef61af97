"""Turn cells into what they mean: shared by `numbers` and `dates`, and the reading of customers.

Every reader gives the values, and the reason where there is none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

__all__ = ["ASCII", "NO_CUSTOMER", "Parsed", "as_text", "customers", "look_up", "where"]

#: Text that stands for a missing customer, written just so (a customer may well be called Null).
NO_CUSTOMER = frozenset({"", "nan", "NaN", "NAN", "null", "NULL", "None", "NA", "N/A", "#N/A", "<NA>"})

#: Wide digits, signs and blanks of Chinese and typeset text as the plain ones.
ASCII = str.maketrans(
    "０１２３４５６７８９，．－＋（）￥−–’\u00a0\u2007\u2009\u202f\u3000", "0123456789,.-+()¥--'     "
)
_FROM_FLOAT = re.compile(r"[1-9]\d*\.0", re.ASCII)
_SPOILED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE | re.ASCII)


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


def look_up(cells: pd.Series, found: Mapping[Any, Any], dtype: str) -> pd.Series:
    """What was found for each different cell, set down for every cell.

    >>> look_up(pd.Series(["a", "b", "a"]), {"a": 1.0, "b": None}, "float64").tolist()
    [1.0, nan, 1.0]
    """
    return pd.Series([found[cell] for cell in cells], index=cells.index, dtype=dtype)


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
    short = {
        cell: "a number shortened by a spreadsheet" if _SPOILED.fullmatch(text) else ""
        for cell, text in texts.items()
    }
    note = "as written" + ("; ids such as 17850.0 are read as 17850" if cut else "")
    return Parsed(look_up(cells, names, "str"), look_up(cells, short, "str"), note)


def where(cells: pd.Series, cell: Any) -> tuple[str, int]:
    """A cell as text, and the first line in which it stands.

    >>> where(pd.Series(["1", "2", "2"], index=[2, 3, 4]), "2")
    ('2', 3)
    """
    return as_text(cell), int(cells.index[cells == cell][0])
