"""Read what a student hands in: any object at all, into plain numbers, texts, lists and tables.

Whatever cannot be read is refused with `UnreadableError`, whose text is what the student sees. It says
what came and what is expected, and never speaks of the right answer.
"""

from __future__ import annotations

import datetime as dt
import inspect
import math
from collections.abc import Iterator, KeysView, Mapping, ValuesView
from decimal import Decimal
from fractions import Fraction
from types import GeneratorType
from typing import Any

import numpy as np
import pandas as pd

from casebook.text import FormattedTable

__all__ = [
    "UnreadableError",
    "as_frame",
    "as_items",
    "as_number",
    "as_pairs",
    "as_text",
    "code",
    "describe",
    "unanswered",
]

_NUMBERS = (int, float, Decimal, Fraction, np.integer, np.floating)
_FEW = 100_000  # answers longer than this are refused before anything is done with them


class UnreadableError(ValueError):
    """The answer is not of the expected kind; the text is what the student reads."""


def code(name: object, limit: int = 30) -> str:
    r"""Quote a name that comes from a student's data, so that it can do no harm in Markdown.

    >>> code("cum_share"), code("a`b\n<c>")
    ('`cum_share`', '`ab <c>`')
    """
    text = " ".join(str(name).replace("`", "").split())
    return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`"


def unanswered(answer: Any) -> bool:
    """Tell whether the answer is still the stub: ``...``, nothing, or a container of these only.

    >>> unanswered(...), unanswered([..., ...]), unanswered({"A": ...}), unanswered(0)
    (True, True, True, False)
    """
    if answer is ... or answer is None:
        return True
    if type(answer) is str:
        return answer.strip() in {"", "...", "…"}
    if type(answer) is dict:
        return all(value is ... or value is None for value in answer.values())
    if type(answer) in (list, tuple, set):
        return len(answer) > 0 and all(value is ... or value is None for value in answer)
    return False


def describe(answer: Any) -> str:
    """Name the kind of thing in a student's words.

    >>> describe(3), describe([1]), describe(pd.Series([1])), describe(len)
    ('a number', 'a list', 'a column (Series)', 'a function: call it, with brackets')
    """
    kinds: list[tuple[Any, str]] = [
        ((bool, np.bool_), f"{bool(answer)}" if isinstance(answer, (bool, np.bool_)) else ""),
        (_NUMBERS, "a number"),
        (str, "text"),
        (list, "a list"),
        (tuple, "a tuple"),
        ((set, frozenset), "a set"),
        (Mapping, "a mapping (dict)"),
        (pd.DataFrame, "a table (DataFrame)"),
        (pd.Series, "a column (Series)"),
        (pd.Index, "an index"),
        (np.ndarray, "an array"),
        (FormattedTable, "a table made for reading: hand in the table itself"),
        ((GeneratorType, Iterator), "a generator: make a list of it first"),
        (type, "a class"),
    ]
    for classes, words in kinds:
        if isinstance(answer, classes):
            return words
    if inspect.isroutine(answer):
        return "a function: call it, with brackets"
    return f"something of type {code(type(answer).__name__)}"


def as_number(answer: Any) -> float:
    """Read one finite number; one-element columns and arrays count as their element.

    >>> as_number(Decimal("0.25")), as_number(pd.Series([3]))
    (0.25, 3.0)
    """
    if isinstance(answer, (pd.Series, np.ndarray)) and answer.size == 1:
        answer = np.asarray(answer).ravel()[0]
    if isinstance(answer, str):
        raise UnreadableError("A number is expected, you handed in text: leave the quotation marks away.")
    if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, _NUMBERS):
        raise UnreadableError(f"A number is expected, you handed in {describe(answer)}.")
    try:
        value = float(answer)
    except OverflowError:
        value = math.inf
    if math.isnan(value):
        raise UnreadableError("Your answer is nan, not a number: a missing value got into the calculation.")
    if math.isinf(value):
        raise UnreadableError("Your answer is infinite: was something divided by zero?")
    return value


def as_text(value: Any) -> str:
    """Write a label or an id in one form, whatever its type; missing becomes the empty text.

    >>> as_text(" C1 "), as_text(7.0), as_text(None), as_text(pd.Timestamp("2026-01-05"))
    ('C1', '7', '', '2026-01-05')
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, (float, np.floating, Decimal)):
        number = float(value)
        if math.isnan(number):
            return ""
        return str(int(number)) if number.is_integer() else repr(number)
    if isinstance(value, (dt.datetime, np.datetime64)):
        return pd.Timestamp(value).isoformat().removesuffix("T00:00:00")
    return str(value).strip()


def as_items(answer: Any, expected: str) -> list[str]:
    """Read a one-dimensional collection as a list of texts; sets come out sorted.

    >>> as_items(pd.Series([3, 1]), "a list of customers")
    ['3', '1']
    """
    if isinstance(answer, pd.DataFrame):
        if answer.shape[1] != 1:
            raise UnreadableError(
                f"{_capital(expected)} is expected, you handed in a table of {answer.shape[1]} columns: "
                "take the one column."
            )
        answer = answer.iloc[:, 0]
    answer = _pandas(answer)
    if isinstance(answer, (set, frozenset)):
        answer = sorted(answer, key=as_text)
    if isinstance(answer, (KeysView, ValuesView)):
        answer = list(answer)
    if isinstance(answer, str):
        raise UnreadableError(f"{_capital(expected)} is expected, you handed in one text.")
    if not isinstance(
        answer, (list, tuple, range, pd.Series, pd.Index, pd.api.extensions.ExtensionArray, np.ndarray)
    ):
        raise UnreadableError(f"{_capital(expected)} is expected, you handed in {describe(answer)}.")
    if isinstance(answer, np.ndarray) and answer.ndim != 1:
        raise UnreadableError(
            f"{_capital(expected)} is expected, you handed in an array of {answer.ndim} dimensions."
        )
    _not_too_long(answer)
    return [as_text(value) for value in answer]


def as_pairs(answer: Any, expected: str) -> dict[str, Any]:
    """Read name-value pairs from a dict, a Series (its index names) or a table of two columns.

    >>> as_pairs({"A": 3}, "a mapping"), as_pairs(pd.DataFrame({"k": ["A"], "n": [3]}), "a mapping")
    ({'A': 3}, {'A': 3})
    """
    answer = _pandas(answer)
    if isinstance(answer, pd.DataFrame):
        if answer.shape[1] == 1:
            answer = answer.iloc[:, 0]
        elif answer.shape[1] == 2:
            answer = answer.set_index(answer.columns[0]).iloc[:, 0]
        else:
            raise UnreadableError(
                f"{_capital(expected)} is expected, you handed in a table of {answer.shape[1]} columns: "
                "keep the name and the value."
            )
    if not isinstance(answer, (Mapping, pd.Series)):
        raise UnreadableError(f"{_capital(expected)} is expected, you handed in {describe(answer)}.")
    _not_too_long(answer)
    pairs = [(as_text(name), value) for name, value in answer.items()]
    if len(dict(pairs)) < len(pairs):
        raise UnreadableError(f"{_capital(expected)} is expected, but some names occur more than once.")
    return dict(pairs)


def as_frame(answer: Any, columns: tuple[str, ...], key: str | None) -> pd.DataFrame:
    """Read a table with the named columns (others are left out); the key may be its index.

    >>> as_frame(pd.DataFrame({"v": [1], "x": [2]}, index=pd.Index(["C1"], name="id")), ("v",), "id")
       id  v
    0  C1  1
    """
    answer = _pandas(answer)
    wanted = [*([key] if key else []), *columns]
    named = ", ".join(f"`{c}`" for c in wanted)
    if not isinstance(answer, pd.DataFrame):
        raise UnreadableError(
            f"A table with the columns {named} is expected, you handed in {describe(answer)}."
        )
    _not_too_long(answer)
    if not set(wanted) <= set(answer.columns) and any(n in wanted for n in answer.index.names):
        answer = answer.reset_index()
    missing = [c for c in wanted if c not in answer.columns]
    if missing:
        has = ", ".join(code(c) for c in answer.columns[:12]) or "none"
        raise UnreadableError(
            f"Your table has no column `{missing[0]}`; expected are {named}. Yours are {has}."
        )
    if not answer.columns.is_unique:
        raise UnreadableError("Two columns of your table have the same name.")
    table = answer[wanted].reset_index(drop=True)
    if key and table[key].map(as_text).duplicated().any():
        n = int(table[key].map(as_text).duplicated().sum())
        raise UnreadableError(f"One row for each `{key}` is expected; yours repeats {n} of them.")
    return table


def _pandas(answer: Any) -> Any:
    """Polars and DuckDB results become pandas; everything else stays as it is."""
    home = type(answer).__module__.split(".")[0]
    if home in {"polars", "pyarrow", "narwhals"} and hasattr(answer, "to_pandas"):
        return answer.to_pandas()
    if home == "polars" and hasattr(answer, "collect"):
        return answer.collect().to_pandas()
    if home in {"duckdb", "_duckdb"} and hasattr(answer, "df"):
        return answer.df()
    return answer


def _not_too_long(answer: Any) -> None:
    if len(answer) > _FEW:
        raise UnreadableError(f"Your answer has {len(answer):,} rows: far more than the question asks for.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
