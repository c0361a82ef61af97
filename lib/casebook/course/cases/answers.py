"""Answers as plain data: what leaves a student's process, and what is read of it outside.

`pack` runs beside the student's code, `unpack` in the instructor's process. Between them there is nothing
but numbers, texts, lists and tables of these, in JSON: nothing is unpickled, and a forged answer is an answer
like any other.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from typing import Any

import numpy as np
import pandas as pd

from casebook.course.reading import describe, unanswered

__all__ = ["MOST_CELLS", "NotPlainError", "clean", "pack", "unpack"]

MOST_CELLS, MOST_TEXT, MOST_COLUMNS = 200_000, 2_000, 1_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?([+-]\d\d:\d\d)?)?", re.ASCII)


class NotPlainError(ValueError):
    """What came is not an answer in the agreed form."""


def pack(answer: Any) -> str:
    """Write an answer as one line of JSON.

    Parameters
    ----------
    answer : object
        Whatever the student's variable holds.

    Returns
    -------
    str
        What is no number, text, list, mapping or table is described in words instead.

    Examples
    --------
    >>> unpack(pack(pd.Series([0.5, 0.25], index=["A", "B"]))).to_dict()
    {'A': 0.5, 'B': 0.25}
    >>> pack(...)
    '{"is": "open"}'
    """
    return json.dumps(_packed(answer), ensure_ascii=True)


def _packed(answer: Any) -> dict[str, Any]:
    if unanswered(answer):
        return {"is": "open"}
    answer = _as_pandas(answer)
    if _is_scalar(answer):
        return {"is": "one", "value": _scalar(answer)}
    if isinstance(answer, pd.DataFrame):
        if answer.size > MOST_CELLS or answer.shape[1] > MOST_COLUMNS:
            return {
                "is": "other",
                "value": f"a table with {answer.size:,} cells in {answer.shape[1]:,} columns",
            }
        if not isinstance(answer.index, pd.RangeIndex):
            answer = answer.reset_index(names=_free_name(answer))
        rows = [[_scalar(cell) for cell in row] for row in answer.itertuples(index=False, name=None)]
        return {"is": "table", "columns": [str(c) for c in answer.columns], "rows": rows}
    if isinstance(answer, pd.Series) and len(answer) <= MOST_CELLS:
        return {
            "is": "column",
            "index": list(map(_scalar, answer.index)),
            "values": list(map(_scalar, answer)),
        }
    if isinstance(answer, dict) and len(answer) <= MOST_CELLS:
        return {
            "is": "mapping",
            "index": list(map(_scalar, answer)),
            "values": list(map(_scalar, answer.values())),
        }
    if isinstance(answer, (list, tuple, set, frozenset, np.ndarray, pd.Index)) and len(answer) <= MOST_CELLS:
        return {"is": "list", "values": [_scalar(value) for value in answer]}
    return {"is": "other", "value": describe(answer)[:200]}


def _as_pandas(answer: Any) -> Any:
    """Tables of other engines as pandas."""
    for way in ("to_pandas", "df"):
        turn = getattr(answer, way, None)
        if callable(turn) and not isinstance(answer, (pd.DataFrame, pd.Series, type)):
            return turn()
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        return answer.item()
    return answer


def _free_name(table: pd.DataFrame) -> Any:
    names = [str(name) if name is not None else "index" for name in table.index.names]
    taken = set(map(str, table.columns))
    return [name if name not in taken else f"{name}_index" for name in names]


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, bool, int, float, complex, dt.date, np.generic)) or (
        type(value).__name__ in {"Decimal", "Fraction"}
    )


def _scalar(value: Any) -> Any:
    """One cell: a number, a text, a truth value, a day; all else as text."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is ... or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, str)):
        return value if isinstance(value, bool) else value[:MOST_TEXT]
    if isinstance(value, int):
        return value if abs(value) < 2**63 else float(min(max(value, -(10**300)), 10**300))
    if type(value).__name__ in {"Decimal", "Fraction"}:
        value = float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, dt.date):
        return {"day": pd.Timestamp(value).isoformat()}
    return str(value)[:MOST_TEXT]


def unpack(line: str) -> Any:
    """Read an answer that `pack` wrote, or that somebody forged.

    Parameters
    ----------
    line : str

    Returns
    -------
    object
        A number, text, list, dict, Series or DataFrame; ``...`` if not answered.

    Raises
    ------
    NotPlainError
        If it is anything else.

    Examples
    --------
    >>> unpack('{"is": "list", "values": ["C1", "C2"]}')
    ['C1', 'C2']
    >>> unpack('{"is": "code"}')
    Traceback (most recent call last):
    casebook.course.cases.answers.NotPlainError: Not an answer: 'code'.
    """
    try:
        packed = json.loads(line)
        return _unpacked(packed)
    except NotPlainError:
        raise
    except Exception as error:  # of JSON or pandas, about what somebody forged
        raise NotPlainError(f"Not an answer: {type(error).__name__}.") from None


def _unpacked(packed: dict[str, Any]) -> Any:
    kind = packed["is"]
    if kind == "open":
        return ...
    if kind == "one":
        return _cell(packed["value"])
    if kind == "other":
        return Unreadable(clean(str(packed["value"])[:200]))
    if kind == "list":
        return _cells(packed["values"])
    if kind in ("column", "mapping"):
        index, values = _cells(packed["index"]), _cells(packed["values"])
        if len(index) != len(values):
            raise NotPlainError("Not an answer: names and values differ in number.")
        return pd.Series(values, index=index) if kind == "column" else dict(zip(index, values, strict=True))
    if kind == "table":
        if len(packed["columns"]) > MOST_COLUMNS or len(packed["rows"]) > MOST_CELLS:
            return Unreadable("a table that is too large")
        columns = [clean(str(column)[:MOST_TEXT]) for column in packed["columns"]]
        rows = [_cells(row) for row in packed["rows"]]
        return pd.DataFrame(rows, columns=columns)
    raise NotPlainError(f"Not an answer: {str(kind)[:30]!r}.")


def _cells(values: Any) -> list[Any]:
    if not isinstance(values, list) or len(values) > MOST_CELLS:
        raise NotPlainError("Not an answer: a list is expected.")
    return [_cell(value) for value in values]


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"day"} and isinstance(value["day"], str) and _DAY.fullmatch(value["day"]):
            return pd.Timestamp(value["day"])
        if set(value) == {"float"} and value["float"] in ("nan", "inf", "-inf"):
            return float(value["float"])
        raise NotPlainError("Not an answer: a cell holds a mapping.")
    if isinstance(value, list):
        raise NotPlainError("Not an answer: a cell holds a list.")
    return clean(value[:MOST_TEXT]) if isinstance(value, str) else value


def clean(text: str) -> str:
    r"""Replace what is half a letter only: JSON can hold it, and no file can.

    >>> clean("a\ud800b")
    'a?b'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


class Unreadable:
    """Stands for something that was no plain data; every kind refuses it."""

    def __init__(self, what: str) -> None:
        self.what = what
