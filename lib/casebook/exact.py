"""Add money exactly: whole numbers of the smallest unit, so that no sum depends on the order of rows.

A computer keeps 0.1 as a binary fraction, so 0.1 + 0.2 - 0.3 is not zero, and the error depends on the
order of adding. A bookkeeper adds cents instead. So do we: `find_unit` looks for the smallest unit in which
every amount is a whole number (1, 0.1, 0.01 … down to twelve decimals). Numbers that have none (a model's
estimates, say) are cut to a binary grid fine enough that 61 bits hold their sum: their sums do not depend
on the order either.

Limits: a double tells cents apart up to 1e12; what is smaller than 1e-15 of the largest amount is the noise
of doubles and counts as zero; a sum of whole units must stay below 2**62. Beyond that the
binary grid is used (for decimals) or the table is refused (for whole numbers).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd  # noqa: F401 - the examples use it

from casebook.errors import TableError
from casebook.frames import Frame, facts, is_pandas, name_rows

__all__ = ["Unit", "amount_units", "check_values", "divide", "find_unit", "number", "product_units"]

#: Decimal places tried, in this order.
DECIMALS = range(13)
#: Those that are looked at first, all at once.
FIRST = range(3)
#: Two roundings of a double (a product, then a scaling) leave a decimal at most so far off, relatively.
SLACK = 4 * 2.0**-52
#: Above so many units a double is too coarse to tell whether it is a whole number.
LARGEST = 1e14
#: The same two for columns of 32 bits.
SLACK_32, LARGEST_32 = 4 * 2.0**-23, 1e6
#: The sum of all amounts, in units, has to stay below this (signed 64-bit whole numbers end at 2**63).
CAPACITY = 2.0**62
_TOO_WIDE = (nw.UInt64, nw.UInt128, nw.Int128)  # whole numbers that 64 signed bits may not hold


@dataclass(frozen=True)
class Unit:
    """The smallest unit of a column: an amount is `amount * per_one` units.

    >>> Unit(per_one=100.0, whole=True)  # cents
    Unit(per_one=100.0, whole=True, integer=False)
    """

    per_one: float
    whole: bool  #: every amount is a whole number of units (decimals); otherwise cut to a binary grid
    integer: bool = False  #: the column held whole numbers already, and stays so

    def count(self, column: nw.Expr) -> nw.Expr:
        """The amounts of a column as whole numbers of units."""
        if self.integer:
            return column
        scaled = column * self.per_one
        if self.whole:
            return scaled.round().cast(nw.Int64)
        return nw.when(scaled < 0).then(scaled.ceil()).otherwise(scaled.floor()).cast(nw.Int64)

    def money(self, units: str) -> nw.Expr:
        """A column of units as amounts again: the double that is nearest to the exact amount."""
        added = nw.col(units).cast(nw.Int64)  # DuckDB adds whole numbers to 128 bits
        return added if self.integer else divide(added.cast(nw.Float64), self.per_one)


def divide(column: nw.Expr, by: float) -> nw.Expr:
    """Divide by a number, correctly rounded in every engine.

    Polars divides by a constant through its reciprocal (1190405 / 100 gives 11904.050000000001); a number
    that comes as a column is divided by properly.
    """
    return column / (column * 0 + by)


class _Survey(NamedTuple):
    """What `find_unit` has to know of a column."""

    rows: int
    most: float  #: the largest amount, without sign
    total: float  #: the sum of the amounts, without sign
    places: int | None  #: the fewest decimal places that hold every amount


def find_unit(frame: Frame, *columns: str) -> Unit:
    """The coarsest decimal unit in which every amount of the columns is whole, else a fine binary one.

    Parameters
    ----------
    frame : narwhals DataFrame or LazyFrame
    *columns : str
        Columns without gaps; several are counted in one common unit, and their difference fits too.

    Raises
    ------
    TableError
        If a column is empty, an amount is infinite, or whole numbers are too large to be added exactly.

    Examples
    --------
    >>> find_unit(nw.from_native(pd.DataFrame({"price": [2.55, 0.1 * 3]})), "price")
    Unit(per_one=100.0, whole=True, integer=False)
    """
    surveys = [_survey(frame, number(frame, name), _precision(frame, name), name) for name in columns]
    whole = [_is_integer(frame, name) for name in columns]
    known = [s._replace(places=0) if is_whole else s for s, is_whole in zip(surveys, whole, strict=True)]
    return _choose(known, all(whole), ", ".join(map(repr, columns)))


def _choose(surveys: Sequence[_Survey], integer: bool, what: str) -> Unit:
    total = sum(survey.total for survey in surveys)
    places = [survey.places for survey in surveys]
    if all(n is not None for n in places):
        per_one = 10.0 ** max(n for n in places if n is not None)
        if total * per_one < CAPACITY:
            return Unit(per_one, whole=True, integer=integer)
    if integer:
        raise TableError(f"The numbers in {what} are too large to be added exactly: use thousands.")
    bits = [math.log2(s.most) + math.log2(s.rows) for s in surveys if s.most]
    grid = 60 - math.ceil(max(bits)) if bits else 0
    return Unit(2.0 ** max(-1000, min(grid, 1000)), whole=False)


def _survey(frame: Frame, column: nw.Expr, precision: tuple[float, float], name: str) -> _Survey:
    """Look once through a column, and again only where two decimals do not hold its amounts."""
    x = column.cast(nw.Float64).abs()
    first = {} if is_pandas(frame) else {str(n): _off(x * 10.0**n).max() for n in FIRST}
    known = facts(frame, rows=nw.len(), most=column.abs().max(), total=x.sum(), **first)
    if not known["rows"]:
        raise TableError("The table has no rows: there is nothing to add up.")
    most = float(known["most"])
    if not math.isfinite(most):
        raise TableError(f"Column {name!r} holds an infinite amount: correct or leave out that row.")
    slack, largest = precision

    def fits(n: int, off: float) -> bool:
        return bool(off <= most * 10.0**n * slack)

    tries = [n for n in DECIMALS if most * 10.0**n < largest]
    places: int | None = None
    if isinstance(frame, nw.DataFrame) and not first:  # pandas: one number of places after the other
        numbers = frame.select(x=x)["x"]
        places = next((n for n in tries if fits(n, float(_off(numbers * 10.0**n).max()))), None)
    else:
        places = next((n for n in tries if n in FIRST and fits(n, known[str(n)])), None)
        later = [n for n in tries if n not in FIRST]
        if places is None and later:
            answers = facts(frame, **{str(n): _off(x * 10.0**n).max() for n in later})
            places = next((n for n in later if fits(n, answers[str(n)])), None)
    return _Survey(known["rows"], most, float(known["total"]), places)


def _off(scaled: Any) -> Any:
    """How far scaled amounts (a series or an expression) are from whole numbers."""
    return (scaled - (scaled + 0.5).floor()).abs()


def amount_units(frame: Frame, column: str) -> tuple[nw.Expr, Unit]:
    """Give the exact amounts of a column, in units, and the unit.

    Raises a TableError as `find_unit` does.

    >>> lines = nw.from_native(pd.DataFrame({"money": [0.1, 0.25]}))
    >>> units, unit = amount_units(lines, "money")
    >>> lines.select(n=units)["n"].to_list(), unit.per_one
    ([10, 25], 100.0)
    """
    unit = find_unit(frame, column)
    return unit.count(number(frame, column)), unit


def product_units(frame: Frame, qty: str, unit_price: str) -> tuple[nw.Expr, Unit]:
    """Give the exact product of two columns, in units, and the unit.

    Raises a TableError as `find_unit` does.

    >>> lines = nw.from_native(pd.DataFrame({"qty": [3], "price": [0.1]}))
    >>> units, unit = product_units(lines, "qty", "price")
    >>> int(lines.select(n=units)["n"][0]), unit.per_one
    (3, 10.0)
    """
    of_qty, of_price = find_unit(frame, qty), find_unit(frame, unit_price)
    product = number(frame, qty).cast(nw.Float64) * number(frame, unit_price).cast(nw.Float64)
    unit = Unit(of_qty.per_one * of_price.per_one, whole=True, integer=of_qty.integer and of_price.integer)
    total = float(facts(frame, total=product.abs().sum())["total"])
    if of_qty.whole and of_price.whole and total * unit.per_one < CAPACITY:
        return of_qty.count(number(frame, qty)) * of_price.count(number(frame, unit_price)), unit
    name = f"{qty} x {unit_price}"
    unit = _choose([_survey(frame, product, (SLACK, LARGEST), name)], unit.integer, repr(name))
    return unit.count(product), unit


def check_values(frame: Frame, column: str, key: str | None = None) -> None:
    """Refuse a column that does not hold numbers everywhere.

    Raises
    ------
    TableError
        Naming the column, the number of bad rows, the first of them and the remedy.

    Examples
    --------
    >>> frame = nw.from_native(pd.DataFrame({"who": ["Ada", "Bo"], "x": [1.0, None]}))
    >>> check_values(frame, "x", "who")
    Traceback (most recent call last):
    casebook.errors.TableError: Column 'x' is missing on 1 row (who=Bo x=nan): fill in the amounts or leave
    those rows out; a gap is not a zero.
    """
    if not _is_numeric(frame, column):
        raise TableError(
            f"Column {column!r} does not hold numbers ({frame.collect_schema()[column]}). "
            "Turn it into numbers first, for instance with pandas.to_numeric."
        )
    missing = nw.col(column).is_null()
    if frame.collect_schema()[column].is_float():
        missing = missing | nw.col(column).is_nan()
    count = facts(frame, n=missing.cast(nw.Int64).sum())["n"] or 0
    if count:
        raise TableError(
            f"Column {column!r} is missing on {count:,} row{'s' if count > 1 else ''} "
            f"({name_rows(frame, missing, key, column)}): "
            "fill in the amounts or leave those rows out; a gap is not a zero."
        )


def number(frame: Frame, column: str) -> nw.Expr:
    """A column as it can be multiplied: whole numbers stay whole, all else becomes a double."""
    return nw.col(column).cast(nw.Int64 if _is_integer(frame, column) else nw.Float64)


def _is_integer(frame: Frame, column: str) -> bool:
    dtype = frame.collect_schema()[column]
    return dtype.is_integer() and dtype not in _TOO_WIDE


def _precision(frame: Frame, column: str) -> tuple[float, float]:
    return (SLACK_32, LARGEST_32) if frame.collect_schema()[column] == nw.Float32 else (SLACK, LARGEST)


def _is_numeric(frame: Frame, column: str) -> bool:
    dtype = frame.collect_schema()[column]
    if dtype == nw.Object and is_pandas(frame):  # pandas keeps decimals as objects
        cells = frame.to_native()[column].dropna()
        return bool(cells.map(lambda cell: type(cell).__name__ in {"Decimal", "int", "float"}).all())
    return bool(dtype.is_numeric())
