"""The moving picture: who changes class from one period to the next, and how much of that is chance.

A migration matrix counts customers by their class before and after. Classes move even when nobody has
changed, because a period is one deal of the cards: `migration_by_chance` says how much they would.
`migration` works on one label a customer, which stays small: pandas. `migration_by_chance` takes orders of
any kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import amount_units, check_values
from casebook.frames import need_pandas, refuse_gaps, start
from casebook.ranking import check_cuts

__all__ = ["LOST", "NEW", "Migration", "migration", "migration_by_chance"]

LOST, NEW = (
    "lost",
    "new",
)  #: where those go who have no class after; where those come from who had none before
_CLASSES = ("A", "B", "C")
_WAYS = ("same class", "up", "down", LOST)


class Migration(NamedTuple):
    """What `migration` returns.

    Attributes
    ----------
    counts : DataFrame
        Customers, a row for each class before (and `new`), a column for each class after (and `lost`).
    row_probs : DataFrame
        The same as shares of the row (0-1).
    """

    counts: pd.DataFrame
    row_probs: pd.DataFrame


def migration(prev: pd.Series, curr: pd.Series, *, classes: Sequence[str] | None = None) -> Migration:
    """Count the moves between classes: the migration matrix (转移矩阵).

    Parameters
    ----------
    prev, curr : Series of labels, indexed by customer
        Class before and after. Who is in `prev` only is lost; who is in `curr` only is new.
    classes : sequence of str, optional
        The classes in the order of rows and columns; else sorted.

    Returns
    -------
    Migration
        `counts` and `row_probs`, two DataFrames. A row without customers has missing shares.

    Raises
    ------
    TableError
        If a customer stands twice in one Series, a label is missing, is called "lost" or "new", or is none of
        the classes.

    Notes
    -----
    Read as the transition matrix of a Markov chain, it assumes that tomorrow depends on today's class only.
    Source: the source course asks for a moving picture of the customers; the matrix is standard.

    Examples
    --------
    >>> before = pd.Series({"a": "A", "b": "A", "c": "B", "d": "B", "e": "B"})
    >>> after = pd.Series({"a": "A", "b": "B", "c": "B", "e": "A"})
    >>> moved = migration(before, after)
    >>> moved.counts
          A  B  lost
    from
    A     1  1     0
    B     1  1     1
    >>> moved.row_probs.round(3).loc["B"].tolist()
    [0.333, 0.333, 0.333]
    """
    for name, labels in (("prev", prev), ("curr", curr)):
        _check_labels(name, labels)
    seen = sorted({*prev.unique(), *curr.unique()}, key=str)
    order = seen if classes is None else list(classes)
    strange = [label for label in seen if label not in order]
    if strange:
        raise TableError(f"Class {strange[0]!r} is none of the classes {', '.join(map(str, order))}.")
    both = pd.DataFrame({"from": prev, "to": curr}, dtype=object)
    both = both.assign(**{"from": both["from"].fillna(NEW), "to": both["to"].fillna(LOST)})
    counts = pd.crosstab(both["from"], both["to"])
    rows = [*order, *([NEW] if NEW in counts.index else [])]
    counts = counts.reindex(index=rows, columns=[*order, LOST], fill_value=0)
    counts.index.name, counts.columns.name = "from", None
    totals = counts.sum(axis=1)
    return Migration(counts, counts.div(totals.where(totals > 0), axis=0))


def migration_by_chance(
    orders: Any,
    value: str,
    key: str,
    period: str,
    *,
    cuts: tuple[float, float] = (0.80, 0.95),
    B: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Hold the moves between value classes A, B, C against those that chance alone would make.

    Suppose that no customer changed: then it is chance which of its orders fell into which of the two
    periods. So the periods of all orders are shuffled, `B` times; each time both periods are classified anew
    and the moves are counted. What was seen, and what shuffling makes, stand side by side.

    Parameters
    ----------
    orders : table of orders (pandas, Polars or DuckDB; it is collected), one row per order
        Of customers who were customers before the first period began: others are new in the second for a
        reason that has nothing to do with chance.
    value, key, period : str
        The money of the order, its customer, and the period: two different values, the earlier sorts first.
    cuts : two rising shares
        As in `classification.abc`; the rule is crossing.
    B : int
        Number of shuffles.
    seed : int

    Returns
    -------
    DataFrame of shape (16, 7)
        `from`, `to`, `customers` (count seen), `seen`, `by_chance`, `low`, `high`: shares (0-1) of those who
        had the class before; `by_chance` is the mean of the shuffles, `low` and `high` hold 95 % of them.
        Twelve rows for A, B, C to A, B, C, lost; four for all: same class, up, down, lost.

    Raises
    ------
    TableError
        If a column is missing or has gaps, there are not two periods, `B` is below 1, or nobody bought in one
        of them.

    Notes
    -----
    A permutation test of the hypothesis that each customer's orders are spread over both periods alike. A
    customer whose net value in a period is not positive has no class in it. Our convention: the source course
    has no test.

    Examples
    --------
    Two who order alike in both halves, and one who stopped:

    >>> half = [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 1, 1]
    >>> orders = pd.DataFrame({"who": list("aaaabbbbcccc"), "half": half, "money": 10.0})
    >>> table = migration_by_chance(orders, "money", "who", "half", B=200)
    >>> table[table["from"] == "all"].round(2)[["to", "customers", "seen", "by_chance"]]
                to  customers  seen  by_chance
    12  same class          2  0.67       0.80
    13          up          0  0.00       0.06
    14        down          0  0.00       0.00
    15        lost          1  0.33       0.13
    """
    if isinstance(B, bool) or not isinstance(B, int) or B < 1:
        raise TableError(f"B must be a whole number of shuffles, at least 1; got {B}.")
    limits = np.array(check_cuts(cuts))
    units, owner, second, n = _collected(orders, value, key, period)
    rng = np.random.default_rng(seed)
    seen = _moves(units, owner, second, n, limits)
    drawn = np.array([_moves(units, owner, rng.permutation(second), n, limits) for _ in range(B)])
    names = [(a, b) for a in _CLASSES for b in (*_CLASSES, LOST)] + [("all", way) for way in _WAYS]
    shares, chance = _shares(seen[None, :])[0], _shares(drawn)
    expected, low, high = np.array([_summary(column) for column in chance.T]).T
    made = pd.DataFrame(names, columns=["from", "to"])
    made["customers"] = np.concatenate([seen, _ways(seen[None, :])[0]]).astype(int)
    return made.assign(seen=shares, by_chance=expected, low=low, high=high)


def _collected(
    orders: Any, value: str, key: str, period: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Money in units, the customer's position, whether in the second period; in an order of their own."""
    frame = start(orders, [value, key, period])
    check_values(frame, value, key)
    for column in (key, period):
        refuse_gaps(frame, column)
    units, _ = amount_units(frame, value)
    lean = frame.select(nw.col(key), nw.col(period), units.alias("__units"))
    rows = (lean.collect() if isinstance(lean, nw.LazyFrame) else lean).to_pandas()
    times = sorted(rows[period].unique())
    if len(times) != 2:
        raise TableError(f"Column {period!r} must hold two periods; it holds {len(times)}.")
    customers = pd.Index(sorted(rows[key].unique()))
    owner, amount = customers.get_indexer(pd.Index(rows[key])), rows["__units"].to_numpy(dtype=float)
    second = (rows[period] == times[1]).to_numpy()
    order = np.lexsort((second, amount, owner))
    for at, name in ((False, times[0]), (True, times[1])):
        if not (np.bincount(owner[second == at], amount[second == at]) > 0).any():
            raise TableError(f"In {period} {name} nobody has a positive value: there is nothing to classify.")
    return amount[order], owner[order], second[order], len(customers)


def _codes(totals: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """0, 1, 2 for A, B, C by the crossing rule; 3 for who has no positive total."""
    order = np.argsort(-totals, kind="stable")
    best_first = np.clip(totals[order], 0, None)
    before = np.cumsum(best_first) - best_first
    codes = np.empty(len(totals), dtype=int)
    codes[order] = np.searchsorted(cuts * best_first.sum(), before, side="right")
    return np.where(totals > 0, codes, 3)


def _moves(units: np.ndarray, owner: np.ndarray, second: np.ndarray, n: int, cuts: np.ndarray) -> np.ndarray:
    """Count the twelve moves from A, B, C to A, B, C, lost."""
    prev = _codes(np.bincount(owner, units * ~second, minlength=n), cuts)
    curr = _codes(np.bincount(owner, units * second, minlength=n), cuts)
    return np.bincount(prev * 4 + curr, minlength=16)[:12].astype(float)


def _ways(counts: np.ndarray) -> np.ndarray:
    """Same class, up, down, lost: sums over the twelve moves, a row for each draw."""
    cells = counts.reshape(-1, 3, 4)
    inner = cells[:, :, :3]
    same = np.trace(inner, axis1=1, axis2=2)
    up = np.tril(inner, -1).sum(axis=(1, 2))
    down = np.triu(inner, 1).sum(axis=(1, 2))
    return np.column_stack([same, up, down, cells[:, :, 3].sum(axis=1)])


def _shares(counts: np.ndarray) -> np.ndarray:
    """The twelve moves as shares of their row, and the four ways as shares of all."""
    cells = counts.reshape(-1, 3, 4)
    with np.errstate(invalid="ignore", divide="ignore"):
        rows = (cells / cells.sum(axis=2, keepdims=True)).reshape(-1, 12)
        ways = _ways(counts) / cells.sum(axis=(1, 2))[:, None]
    return np.hstack([rows, ways])


def _summary(drawn: np.ndarray) -> tuple[float, float, float]:
    """Mean and middle 95 % of the shuffles in which somebody had the class before."""
    there = drawn[np.isfinite(drawn)]
    if not len(there):
        return np.nan, np.nan, np.nan
    low, high = np.quantile(there, [0.025, 0.975])
    return float(there.mean()), float(low), float(high)


def _check_labels(name: str, labels: Any) -> None:
    if not isinstance(labels, pd.Series):
        raise TableError(f"{name} must be a pandas Series of classes, with the customers as its index.")
    need_pandas(labels.to_frame("label"), ["label"])
    if not labels.index.is_unique:
        twice = labels.index[labels.index.duplicated()][0]
        raise TableError(f"Customer {twice} stands twice in {name}: give each customer one class.")
    gaps = labels[labels.isna()]
    if len(gaps):
        raise TableError(
            f"{name} has no class for {len(gaps):,} customers (the first is {gaps.index[0]}): leave them "
            "out, then they count as lost or new."
        )
    taken = labels[labels.isin([LOST, NEW])]
    if len(taken):
        raise TableError(f"{name} has a class called {taken.iloc[0]!r}, which has a meaning here: rename it.")
