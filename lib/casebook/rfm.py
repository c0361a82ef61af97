"""Score customers by how recently, how often and for how much they bought: RFM.

In RFM, recency is the number of days since the last purchase (`days_since_last`: small is good) and frequency
counts all orders. Lifetime models use the same two words for other quantities; they get other names there.
`rfm` runs on orders or lines: pandas, Polars or DuckDB in, the same kind back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Any

import narwhals as nw
import pandas as pd
from narwhals.typing import IntoFrameT

from casebook.days import as_day, check_days, day_number
from casebook.errors import TableError
from casebook.exact import amount_units, check_values, number
from casebook.frames import Frame, facts, give_back, need_pandas, refuse_gaps, start

__all__ = ["rfm", "rfm_groups"]

_S = "__sales"  # helper column


def rfm(
    orders: IntoFrameT,
    key: str,
    date: str,
    amount: str,
    *,
    as_of: str | dt.date,
    q: int | Mapping[str, Sequence[float]] = 5,
    order: str | None = None,
) -> IntoFrameT:
    """Score customers by how recently, how often and for how much they bought (RFM).

    Parameters
    ----------
    orders : pandas DataFrame, Polars frame or DuckDB relation
        One row per order; or one per line, when `order` names the column of the order.
    key, date, amount : str
        Columns: the customer, the day of the order, its money.
    as_of : date or "YYYY-MM-DD"
        The day on which you look. Never today's date by itself: the same data must give the same answer.
    q : int from 2 to 9, or mapping
        Number of scores (5: quintiles); or your own bounds, lowest first, as
        ``{"r": (115, 181, 297, 482), "f": …, "m": …}``: a customer *at* a bound belongs to the upper group.
    order : str, optional
        Column whose different values are counted as orders.

    Returns
    -------
    the same kind of table, one row per customer, sorted by `key`
        `days_since_last` (days), `frequency` (orders), `monetary` (sum, exact), the scores `r`, `f`, `m`
        (1 worst to `q` best) and `rfm` (text such as "543").

    Raises
    ------
    TableError
        If a column is missing or has gaps, an order is dated after `as_of`, or `q` makes no groups.

    Notes
    -----
    Groups are cut at values, not at ranks: customers with the same value get the same score, and groups
    need not be equally large. A customer scores above a quantile only if its value is *greater*.
    Source: Hughes (1994), Strategic Database Marketing, cuts quintiles by rank; ties make that depend on
    the order of rows, so we cut by value (our convention). The source course does not have RFM.

    Examples
    --------
    >>> import pandas as pd
    >>> four = pd.DataFrame({"who": list("abcd"), "day": pd.to_datetime("2024-12-31") - pd.to_timedelta(
    ...     [5, 40, 10, 90], unit="D"), "money": [10, 20, 30, 40]})
    >>> rfm(four, "who", "day", "money", as_of="2024-12-31", q=2)[["who", "days_since_last", "r", "m", "rfm"]]
      who  days_since_last  r  m  rfm
    0   a                5  2  1  211
    1   b               40  1  1  111
    2   c               10  2  2  212
    3   d               90  1  2  112
    """
    needed = [key, date, amount] + ([order] if order else [])
    frame = start(orders, needed, makes=("days_since_last", "frequency", "monetary", "r", "f", "m", "rfm"))
    check_values(frame, amount, key)
    for column in {key, date, order or key}:
        refuse_gaps(frame, column)
    day = as_day(as_of)
    check_days(frame, key, date, day)
    units, unit = amount_units(frame, amount)
    count = nw.col(order).n_unique() if order else nw.col("__one").sum()
    customers = (
        frame.with_columns(units.alias(_S), day_number(date).alias("__day"), nw.lit(1).alias("__one"))
        .group_by(key)
        .agg(nw.col("__day").max(), count.alias("frequency"), nw.col(_S).sum())
        .sort(key)
        .select(
            nw.col(key),
            days_since_last=(day.toordinal() - nw.col("__day")).cast(nw.Int64),
            frequency=nw.col("frequency").cast(nw.Int64),
            monetary=unit.money(_S),
        )
    )
    columns = {"r": "days_since_last", "f": "frequency", "m": "monetary"}
    bounds = {name: _bounds(customers, column, name, q) for name, column in columns.items()}
    best = len(bounds["r"]) + 1 if isinstance(q, Mapping) else q
    scores = {name: _score(columns[name], bounds[name], best if name == "r" else None) for name in columns}
    scored = customers.with_columns(**scores)
    text = nw.concat_str([nw.col(name).cast(nw.String) for name in columns])
    return give_back(scored.with_columns(rfm=text), renumber=True)


def rfm_groups(scored: pd.DataFrame, best: int = 5) -> pd.DataFrame:
    """Say which values each RFM score holds, and how many customers: the empty scores stand out.

    Parameters
    ----------
    scored : pandas DataFrame, one row per customer
        As `rfm` returns it (turn a Polars frame or a relation into pandas first).
    best : int
        The best score that could occur: the `q` of `rfm`, or the number of its bounds plus one.

    Returns
    -------
    DataFrame of shape (3 x best, 5), one row per score of r, f and m
        `score_of` ("r", "f", "m"), `score`, `customers` (count), `lowest` and `highest` (days, orders, money;
        missing where nobody has the score).

    Raises
    ------
    TableError
        If a column is missing, or a score lies above `best`.

    Notes
    -----
    Many customers with the same value leave scores empty: that is the data's answer, not a fault.

    Examples
    --------
    >>> three = pd.DataFrame({"who": list("abc"), "money": [1, 2, 2]})
    >>> three["day"] = pd.Timestamp("2024-12-01")
    >>> groups = rfm_groups(rfm(three, "who", "day", "money", as_of="2024-12-31", q=2), best=2)
    >>> groups[groups["score_of"] == "m"]  # the median is 2, and nobody is above it
      score_of  score  customers  lowest  highest
    4        m      1          3     1.0      2.0
    5        m      2          0     NaN      NaN
    """
    columns = {"r": "days_since_last", "f": "frequency", "m": "monetary"}
    need_pandas(scored, [*columns, *columns.values()])
    rows = []
    for name, column in columns.items():
        if (scored[name] > best).any():
            raise TableError(f"Column {name!r} holds a score above {best}: give the `q` of `rfm` as `best`.")
        for score in range(1, best + 1):
            held = scored.loc[scored[name] == score, column]
            rows.append((name, score, len(held), held.min(), held.max()))
    table = pd.DataFrame(rows, columns=["score_of", "score", "customers", "lowest", "highest"])
    return table.astype({"lowest": "float64", "highest": "float64"})


def _bounds(customers: Frame, column: str, name: str, q: Any) -> list[float]:
    """Rising bounds between scores; a value at a bound belongs to the upper group."""
    if isinstance(q, Mapping):
        try:
            own = [float(bound) for bound in q[name]]
        except (KeyError, TypeError, ValueError):
            own = []
        if not own or own != sorted(set(own)) or len(own) > 8:
            raise TableError(f"q[{name!r}] must hold 1 to 8 rising bounds, got {q.get(name)}.")
        return own
    if isinstance(q, bool) or not isinstance(q, Integral) or not 2 <= int(q) <= 9:
        raise TableError(f"q must be a whole number from 2 to 9, or a mapping of bounds; got {q!r}.")
    q = int(q)
    x = number(customers, column).cast(nw.Float64)
    quantiles = facts(customers, **{f"q{i}": x.quantile(i / q, "linear") for i in range(1, q)})
    above = {
        at: nw.when(x > value).then(x).otherwise(None).min() for at, value in quantiles.items()
    }  # the smallest value that lies above each quantile
    found = facts(customers, **above)
    return [float("inf") if pd.isna(v) else float(v) for v in found.values()]


def _score(column: str, bounds: list[float], best: int | None) -> nw.Expr:
    """1 + the number of bounds reached; with `best`, small is good and the count is turned round."""
    reached = nw.lit(0)
    for bound in bounds:
        if bound != float("inf"):
            reached = reached + (nw.col(column) >= bound).cast(nw.Int64)
    return (best - reached if best else reached + 1).cast(nw.Int64)
