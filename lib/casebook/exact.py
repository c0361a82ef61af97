"""Add money exactly: whole numbers of the smallest unit, so that no sum depends on the order of rows.

A computer keeps 0.1 as a binary fraction, so 0.1 + 0.2 - 0.3 is not zero, and the error depends on the
order of adding. A bookkeeper adds cents instead. So do we: `find_unit` looks for the smallest unit in
which every amount is a whole number (1, 0.1, 0.01 … 0.000001); numbers that have none (a model's
estimates, say) are taken to a binary grid fine enough that 61 bits hold their sum. Either way the sums are
whole numbers, and exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from casebook.errors import TableError
from casebook.frames import Frame, facts, is_numeric, name_rows

__all__ = ["Unit", "amount_units", "check_values", "divide", "find_unit", "number"]

#: Decimal places tried, in this order.
DECIMALS = range(7)
#: Two roundings of a double (a product, then a scaling) leave a decimal at most this far off, relatively.
SLACK = 4 * 2.0**-52
#: Above this many units a double is too coarse to tell whether it is a whole number.
LARGEST = 1e13
#: The sum of all amounts, in units, has to stay below this (signed 64-bit whole numbers end at 2**63).
CAPACITY = 2.0**62


@dataclass(frozen=True)
class Unit:
    """The smallest unit of a column: an amount is `amount * per_one` units.

    >>> Unit(per_one=100.0, whole=True)  # cents
    Unit(per_one=100.0, whole=True)
    """

    per_one: float
    whole: bool  #: every amount is a whole number of units (decimals); otherwise rounded to a binary grid

    def count(self, column: nw.Expr) -> nw.Expr:
        """The amounts of a column as whole numbers of units."""
        if self.per_one == 1.0:
            return column.round().cast(nw.Int64)
        return (column * self.per_one).round().cast(nw.Int64)

    def money(self, units: str) -> nw.Expr:
        """A column of units as amounts again: the double that is nearest to the exact amount."""
        whole = nw.col(units).cast(nw.Int64)  # DuckDB adds whole numbers to 128 bits
        return whole if self.per_one == 1 else divide(whole, self.per_one)


def divide(column: nw.Expr, number: float) -> nw.Expr:
    """Divide by a number, correctly rounded in every engine.

    Polars divides by a constant through its reciprocal (1190405 / 100 gives 11904.050000000001); a number
    that comes as a column is divided by properly.
    """
    return column / (column * 0 + number)


def find_unit(frame: Frame, column: nw.Expr, *, integer: bool = False) -> Unit:
    """The coarsest decimal unit in which every amount is whole, else a fine binary one.

    Parameters
    ----------
    frame : narwhals DataFrame or LazyFrame
    column : narwhals expression giving a double without missing values
    integer : bool
        The column holds whole numbers already.

    Raises
    ------
    TableError
        If the amounts are so large that their sum could not be kept exactly, or infinite.

    Examples
    --------
    >>> import pandas as pd
    >>> find_unit(nw.from_native(pd.DataFrame({"price": [2.55, 0.1 * 3]})), nw.col("price"))
    Unit(per_one=100.0, whole=True)
    """
    most, rows, places = _survey(frame, column, integer)
    if not math.isfinite(most):
        raise TableError("An amount is infinite: no share of it can be taken. Correct or leave out that row.")
    if places is None:
        grid = 61 - math.ceil(math.log2(most * rows)) if most else 0
        return Unit(2.0 ** max(-1000, min(grid, 1000)), whole=False)
    if most * rows * 10.0**places >= CAPACITY:
        raise TableError(
            f"Amounts up to {most:,.0f} on {rows:,} rows are too large to be added exactly. "
            "Use a larger unit (thousands)."
        )
    return Unit(10.0**places, whole=True)


def _survey(frame: Frame, column: nw.Expr, integer: bool) -> tuple[float, int, int | None]:
    """The largest amount, the number of rows, and the fewest decimal places that hold every amount."""
    if isinstance(frame, nw.DataFrame):  # rows at hand: try one number of places after the other
        x = frame.select(x=column.abs())["x"]
        found = 0 if integer else next((n for n in DECIMALS if _fits(x * 10.0**n).all()), None)
        return float(x.max() or 0), len(x), found
    tries = {} if integer else {str(n): _fits(column.abs() * 10.0**n).all() for n in DECIMALS}
    known = facts(frame, most=column.abs().max(), rows=nw.len(), **tries)  # a database: all in one question
    found = 0 if integer else next((n for n in DECIMALS if known[str(n)]), None)
    return float(known["most"] or 0), known["rows"], found


def _fits(scaled: Any) -> Any:
    """Whether scaled amounts (a series or an expression) are whole but for the rounding of doubles."""
    return ((scaled - scaled.round()).abs() <= scaled * SLACK) & (scaled < LARGEST)


def check_values(frame: Frame, column: str, key: str | None = None) -> None:
    """Refuse a column that does not hold numbers everywhere.

    Raises
    ------
    TableError
        Naming the column, the number of bad rows, the first of them and the remedy.
    """
    if not is_numeric(frame, column):
        raise TableError(
            f"Column {column!r} does not hold numbers ({frame.collect_schema()[column]}). "
            "Turn it into numbers first, for instance with pandas.to_numeric."
        )
    dtype = frame.collect_schema()[column]
    missing = nw.col(column).is_null()
    if dtype.is_float():
        missing = missing | nw.col(column).is_nan()
    count = facts(frame, n=missing.cast(nw.Int64).sum())["n"] or 0
    if count:
        where = f" ({name_rows(frame, missing, [key])})" if key else ""
        raise TableError(
            f"Column {column!r} is missing on {count:,} row{'s' if count > 1 else ''}{where}. "
            "Fill in the amounts or leave those rows out: a gap is not a zero."
        )


def amount_units(
    frame: Frame, amount: str | None, qty: str | None, unit_price: str | None
) -> tuple[nw.Expr, Unit]:
    """Give the exact amount of each row, in units: of a column, or of quantity times price.

    Raises
    ------
    TableError
        If neither an amount nor both a quantity and a price are named, or amounts are too large.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = nw.from_native(pd.DataFrame({"qty": [3], "price": [0.1]}))
    >>> units, unit = amount_units(lines, None, "qty", "price")
    >>> int(lines.select(n=units)["n"][0]), unit.per_one
    (3, 10.0)
    """
    if amount is not None:
        unit = _unit_of(frame, amount)
        return unit.count(number(frame, amount)), unit
    if qty is None or unit_price is None:
        raise TableError("Name the amount column, or both the quantity and the unit price.")
    of_qty, of_price = _unit_of(frame, qty), _unit_of(frame, unit_price)
    product = number(frame, qty) * number(frame, unit_price)
    unit = Unit(of_qty.per_one * of_price.per_one, whole=True)
    both = of_qty.whole and of_price.whole
    most = float(facts(frame, most=product.abs().max(), rows=nw.len() * 1.0)["most"] or 0)
    if both and most * unit.per_one < LARGEST:
        return of_qty.count(number(frame, qty)) * of_price.count(number(frame, unit_price)), unit
    unit = find_unit(frame, product)
    return unit.count(product), unit


def _unit_of(frame: Frame, column: str) -> Unit:
    return find_unit(frame, number(frame, column), integer=frame.collect_schema()[column].is_integer())


def number(frame: Frame, column: str) -> nw.Expr:
    """A column as it can be multiplied: whole numbers stay whole, all else becomes a double."""
    dtype = frame.collect_schema()[column]
    return nw.col(column).cast(nw.Int64 if dtype.is_integer() else nw.Float64)
