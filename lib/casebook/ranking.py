"""The steps behind `classification.abc`: one row each, a positive total, a running sum, a letter and why.

All of them are narwhals expressions on whole units of money, the same for pandas, Polars and DuckDB.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import Unit, amount_units, check_values, divide, number
from casebook.frames import Frame, facts, is_ordered, name_rows, refuse_gaps, start

__all__ = [
    "HELPERS",
    "RANK",
    "UNITS",
    "add_up",
    "check_choice",
    "check_cuts",
    "label",
    "one_row_each",
    "positive_total",
    "running_units",
    "shares_of",
]

UNITS = "__units"  #: helper column: the value in units
RANK = "__rank"  #: helper column: what the result is sorted by
_ROW, _SIGN, _CUM = "__row", "__sign", "__cum"
HELPERS = frozenset({_ROW, _SIGN, UNITS, RANK, _CUM})


def check_cuts(cuts: Sequence[float]) -> tuple[float, float]:
    """Two shares that rise between 0 and 1, or a TableError is raised."""
    try:
        a, b = (float(cut) for cut in cuts)
    except (TypeError, ValueError):
        a, b = math.nan, math.nan
    if not 0 < a < b < 1:
        raise TableError(
            f"Cuts must be two shares that rise between 0 and 1, such as (0.80, 0.95); got {cuts}."
        )
    return a, b


def check_choice(name: str, given: Any, allowed: tuple[str, ...]) -> None:
    """One of the words allowed, or a TableError is raised."""
    if given not in allowed:
        raise TableError(f"{name} must be {' or '.join(map(repr, allowed))}, got {given!r}.")


def add_up(frame: Frame, key: str, units: nw.Expr, unit: Unit, value: str) -> Frame:
    """One row a key, sorted by it, with the exact sum."""
    added = frame.select(nw.col(key), units.alias(UNITS)).group_by(key).agg(nw.col(UNITS).sum())
    return added.sort(key).select(nw.col(key), unit.money(UNITS).alias(value))


def one_row_each(
    table: Any, value: str, key: str | None, makes: Sequence[str] = ()
) -> tuple[Frame, str, bool]:
    """Give the table one row per customer, with its value in units.

    Returns the frame, the column that settles ties, and whether rows had to be added up. Raises a
    TableError if the table cannot be used.
    """
    frame = start(table, [value] if key is None else [value, key], makes=(*makes, *HELPERS))
    check_values(frame, value, key)
    added = False
    if key is None:
        if not is_ordered(frame):
            raise TableError(
                "A DuckDB relation has no order of rows: name the column of the customer as key."
            )
        frame = _with_row_number(table)
    else:
        refuse_gaps(frame, key, "name the customer, or leave those rows out and say how many they are")
        known = facts(frame, rows=nw.len(), keys=nw.col(key).n_unique())
        added = known["keys"] < known["rows"]
        if added:
            units, unit = amount_units(frame, value)
            frame = add_up(frame, key, units, unit, value)
    units, unit = amount_units(frame, value)
    sign = units if unit.whole else number(frame, value)  # the noise of doubles is no balance
    return frame.with_columns(units.alias(UNITS), sign.alias(_SIGN)), _ROW if key is None else key, added


def _with_row_number(table: Any) -> Frame:
    if isinstance(table, pd.DataFrame):
        order = np.empty(len(table), dtype="int64")
        order[table.index.argsort()] = np.arange(len(table))
        return nw.from_native(table.assign(**{_ROW: order}))
    return nw.from_native(table.with_row_index(_ROW))


def positive_total(frame: Frame, value: str, key: str | None, on_nonpositive: str) -> int:
    """The sum of the positive values in units; raises a TableError at others unless they stand apart."""
    positive = nw.col(_SIGN) > 0
    known = facts(
        frame,
        rows=nw.len(),
        bad=(~positive).cast(nw.Int64).sum(),
        total=nw.when(positive).then(nw.col(UNITS)).otherwise(0).sum(),
    )
    if known["bad"] and on_nonpositive == "refuse":
        named = name_rows(frame, ~positive, key, value)
        raise TableError(
            f"Column {value!r} is zero or negative on {known['bad']:,} of {known['rows']:,} rows ({named}): "
            "they have no share of a total. Say on_nonpositive='apart' to list them below the classes."
        )
    if known["bad"] == known["rows"]:
        raise TableError(f"No value in column {value!r} is positive: there is nothing to classify.")
    return int(known["total"])


def running_units(frame: Frame, tie: str) -> Frame:
    """Rank best first and add up as you go; what is not positive comes last and adds nothing."""
    positive = nw.when(nw.col(_SIGN) > 0).then(nw.col(UNITS)).otherwise(0)
    return frame.with_columns((-nw.col(_SIGN)).alias(RANK)).with_columns(
        positive.cum_sum().over(order_by=[RANK, tie]).cast(nw.Int64).alias(_CUM)
    )


def shares_of(total: int) -> dict[str, nw.Expr]:
    """The columns `share` and `cum_share`; missing for what is not positive."""
    return {
        name: nw.when(nw.col(_SIGN) > 0)
        .then(divide(nw.col(units).cast(nw.Float64), float(total)))
        .otherwise(None)
        for name, units in (("share", UNITS), ("cum_share", _CUM))
    }


def label(total: int, cuts: tuple[float, float], boundary: str) -> dict[str, nw.Expr]:
    """Class and reason; cuts become whole numbers of units, so the comparison is exact."""
    end_a, end_b = (Fraction(str(cut)) * total for cut in cuts)
    a, b = (f"{cut * 100:.4g}%" for cut in cuts)
    if boundary == "crossing":  # the share before this customer is below the cut
        before = nw.col(_CUM) - nw.col(UNITS)
        in_a, in_b = before < math.ceil(end_a), before < math.ceil(end_b)
        why = (f"starts below {a} of the total", f"starts from {a} to below {b}", f"starts at {b} or above")
    else:  # the share with this customer is at most the cut
        in_a, in_b = nw.col(_CUM) <= math.floor(end_a), nw.col(_CUM) <= math.floor(end_b)
        why = (f"ends at {a} of the total or below", f"ends above {a}, up to {b}", f"ends above {b}")
    negative, positive = nw.col(_SIGN) < 0, nw.col(_SIGN) > 0
    return {
        "abc_value": _first_true((~positive, None), (in_a, "A"), (in_b, "B"), (None, "C")),
        "reason": _first_true(
            (negative, "value below zero"),
            (~positive, "value exactly zero"),
            (in_a, why[0]),
            (in_b, why[1]),
            (None, why[2]),
        ),
    }


def _first_true(*cases: tuple[nw.Expr | None, str | None]) -> nw.Expr:
    """The word of the first condition that holds; the last case has no condition."""
    answer: nw.Expr = nw.lit(cases[-1][1])
    for condition, word in reversed(cases[:-1]):
        answer = nw.when(cast("nw.Expr", condition)).then(nw.lit(word, nw.String)).otherwise(answer)
    return answer
