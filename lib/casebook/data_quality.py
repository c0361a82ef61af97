"""How good are the records? Completeness, uniqueness and validity, before anything is built."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas

__all__ = ["dq_report"]


def dq_report(
    table: pd.DataFrame, valid: Mapping[str, str | Callable[[Any], bool]] | None = None
) -> pd.DataFrame:
    r"""Score the quality of each column: is it filled in, is it told apart, can it be right?

    Parameters
    ----------
    table : DataFrame, one row per record
        Blank text counts as missing.
    valid : mapping of column to rule, optional
        A regular expression that the whole cell must match, or a function from cell to bool. Columns without
        a rule have no validity.

    Returns
    -------
    DataFrame, one row per column, in their order
        `column`, `rows` (count), `missing` (count), `completeness` (filled / rows), `uniqueness` (different
        values / filled), `validity` (cells that keep the rule / filled). Shares are 0-1, missing where
        nothing is filled in or no rule was given.

    Raises
    ------
    TableError
        If the table has no rows, or a rule speaks of a column that is not there.

    Notes
    -----
    A low uniqueness is a fault in a key (tax number, phone) and none in a region. The source course lists
    what a customer information system does and gives no measure; these three are our convention.

    Examples
    --------
    >>> phones = pd.DataFrame({"phone": ["00012345678", "00087654321", "00012345678", None]})
    >>> dq_report(phones, {"phone": r"\d{11}"}).round(3)
      column  rows  missing  completeness  uniqueness  validity
    0  phone     4        1          0.75       0.667       1.0
    """
    rules = dict(valid or {})
    need_pandas(table, list(rules) or list(table.columns)[:1])
    if table.empty:
        raise TableError("The table has no rows: there is nothing to judge.")
    rows = []
    for column in table.columns:
        cells = table[column]
        texts = cells.astype("string").str.strip()
        filled = cells[texts.notna() & (texts != "")]
        share = len(filled) / len(cells)
        different = filled.nunique() / len(filled) if len(filled) else None
        right = _kept(filled, rules[column]) if column in rules and len(filled) else None
        rows.append((column, len(cells), len(cells) - len(filled), share, different, right))
    names = ["column", "rows", "missing", "completeness", "uniqueness", "validity"]
    made = pd.DataFrame(rows, columns=names)
    return made.astype({"completeness": float, "uniqueness": float, "validity": float})


def _kept(filled: pd.Series, rule: str | Callable[[Any], bool]) -> float:
    if callable(rule):
        return float(filled.map(lambda cell: bool(rule(cell))).mean())
    try:
        re.compile(rule)
    except re.error as stop:
        raise TableError(f"The rule {rule!r} is no regular expression ({stop}): correct it.") from None
    texts = filled.astype("string")
    if pd.api.types.is_float_dtype(filled):  # a gap turns whole numbers into 13800000000.0: take off the .0
        texts = texts.str.replace(r"\.0$", "", regex=True)
    return float(texts.str.fullmatch(rule).fillna(False).mean())
