"""How much of what is owed will never come? Roll rates between ageing buckets, and a provision from them.

An invoice that is not paid grows older: from one month's end to the next its balance is *paid*, or it *rolls*
into an older bucket. The shares that do are the roll rates; taken as a Markov chain that ends in *paid* or
*lost*, they say how much of each bucket is lost in the end. That, bucket by bucket, is a provision matrix.

The last bucket is *lost* by convention: whatever is older than the last edge. All these tables are small
and pandas; `balance_moves` also takes the growing tables in Polars or DuckDB.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.days import as_day
from casebook.errors import TableError
from casebook.exact import Unit, check_values
from casebook.frames import need_pandas, refuse_gaps
from casebook.frames import start as open_table
from casebook.ledger import (
    LEFT,
    bucket_names,
    bucket_of,
    left_on,
    open_ledger,
    refuse_negative,
    to_pandas,
)

__all__ = ["EDGES", "balance_moves", "loss_rates", "provision_matrix", "roll_rates"]

#: Ageing with an end: what is more than 360 days past due counts as lost (our convention).
EDGES = (0, 30, 60, 90, 360)
PAID, LOST = "paid", "lost"
_MOVE = ["customer_id", "from", "to", "amount"]


def balance_moves(
    invoices: Any,
    payments: Any,
    *,
    start: str | dt.date,
    end: str | dt.date,
    edges: Sequence[int] = EDGES,
) -> pd.DataFrame:
    """Follow every open balance from one month's end to the next.

    Parameters
    ----------
    invoices, payments : pandas DataFrame, Polars frame or DuckDB relation
        As in `casebook.receivables`.
    start, end : date or "YYYY-MM-DD"
        The first and the last month end that are looked at; any day of the month will do.
    edges : rising whole numbers
        As in `casebook.receivables.bucket_names`; whatever is older than the last edge is lost, and is not
        followed any further.

    Returns
    -------
    DataFrame, one row per open invoice, month and part of its balance
        `month` (the end at which it starts), `invoice_id`, `customer_id`, `from` (bucket), `to` (bucket,
        "paid" or "lost") and `amount` (money). An invoice paid in part has two rows.

    Raises
    ------
    TableError
        If the months do not follow each other, there are fewer than two edges, or as `open_items`.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> invoices = pd.DataFrame({"invoice_id": ["I1"], "customer_id": "Ada",
    ...                          "issue_date": day(["2024-01-01"]), "due_date": day(["2024-01-31"]),
    ...                          "amount": [100.0]})
    >>> payments = pd.DataFrame({"invoice_id": ["I1"], "date": day(["2024-02-10"]), "amount": [40.0]})
    >>> moves = balance_moves(invoices, payments, start="2024-01-31", end="2024-03-31")
    >>> moves[["month", "from", "to", "amount"]]
           month     from     to  amount
    0 2024-01-31  current   1-30    60.0
    1 2024-01-31  current   paid    40.0
    2 2024-02-29     1-30  31-60    60.0
    """
    if len(edges) < 2:
        raise TableError(
            f"edges need at least two days, the last is when a debt is lost; got {tuple(edges)}."
        )
    last = bucket_names(edges)[-1]
    months = pd.period_range(as_day(start, "start"), as_day(end, "end"), freq="M")
    if len(months) < 2:
        raise TableError(f"From start={start} to end={end} there is no whole month: give an earlier start.")
    ends = [month.to_timestamp(how="end").normalize() for month in months]
    billed, paid, unit = open_ledger(invoices, payments)
    seen = [_balances(left_on(billed, paid, end.date()), unit, end, edges) for end in ends]
    moves = [
        _moved(now[now["bucket"] != last], later, last).assign(month=end)
        for end, now, later in zip(ends, seen, seen[1:], strict=False)
    ]
    table = pd.concat(moves, ignore_index=True)
    order = ["month", "invoice_id", "to"]
    return table[["month", "invoice_id", *_MOVE]].sort_values(order, ignore_index=True)


def roll_rates(moves: pd.DataFrame, *, edges: Sequence[int] = EDGES, weight: str = "amount") -> pd.DataFrame:
    """The share of each bucket's balance that is in each bucket, paid or lost a month later.

    Parameters
    ----------
    moves : DataFrame
        As `balance_moves` returns it, with the same `edges`.
    edges : rising whole numbers
    weight : {"amount", "count"}
        Shares of the money, or of the rows (each invoice counts the same).

    Returns
    -------
    DataFrame of shape (n_buckets, n_buckets + 3)
        `bucket`, one column for each bucket, "paid" and "lost" (0-1, a row sums to 1); missing for a bucket
        that nothing was ever in.

    Raises
    ------
    TableError
        If a column is missing, a bucket is unknown, or `weight` another word.

    Notes
    -----
    A chain forgets: of an invoice in a bucket it does not ask how it came there, nor whose it is.

    Examples
    --------
    >>> moves = pd.DataFrame({"customer_id": "Ada", "from": ["current", "current", "1-30", "1-30"],
    ...                       "to": ["paid", "1-30", "paid", "lost"], "amount": [75.0, 25.0, 20.0, 5.0]})
    >>> roll_rates(moves, edges=(0, 30))
        bucket  current  1-30  paid  lost
    0  current      0.0  0.25  0.75   0.0
    1     1-30      0.0  0.00  0.80   0.2
    """
    names, states = _states(edges)
    if weight not in ("amount", "count"):
        raise TableError(f"weight must be 'amount' or 'count', got {weight!r}.")
    table = _checked(moves, names, states)
    weights = table["amount"] if weight == "amount" else pd.Series(1.0, index=table.index)
    counts = _counts(table, weights.to_numpy(dtype=float), names, states, np.zeros(len(table), dtype=int), 1)
    return pd.DataFrame(_shares(counts[0]), columns=states).assign(bucket=names)[["bucket", *states]]


def loss_rates(rates: pd.DataFrame) -> pd.Series:
    """Which share of each bucket is lost in the end, if balances go on to roll like this?

    Parameters
    ----------
    rates : DataFrame
        As `roll_rates` returns it.

    Returns
    -------
    Series of shape (n_buckets,)
        By bucket, the probability (0-1) that a yuan ends in "lost": the solution of loss = Q loss + lost,
        with Q the rates between buckets (an absorbing Markov chain).

    Raises
    ------
    TableError
        If a bucket has no rates, or balances in some bucket never end.

    Notes
    -----
    Source: roll rates are the trade's; the chain is Cyert, Davidson & Thompson (1962).

    Examples
    --------
    >>> rates = pd.DataFrame({"bucket": ["current", "1-30"], "current": [0.0, 0.0], "1-30": [0.25, 0.0],
    ...                       "paid": [0.75, 0.8], "lost": [0.0, 0.2]})
    >>> loss_rates(rates).to_dict()
    {'current': 0.05, '1-30': 0.2}
    """
    names = list(need_pandas(rates, ["bucket", PAID, LOST])["bucket"])
    empty = rates.loc[rates[[*names, PAID, LOST]].isna().any(axis=1), "bucket"]
    if len(empty):
        raise TableError(f"No balance was ever seen in {list(empty)}: take fewer edges or a longer time.")
    lost = _lost(rates[[*names, PAID, LOST]].to_numpy(dtype=float)[None])[0]
    if not np.isfinite(lost).all():
        raise TableError("Some balance is never paid and never lost: take a longer time or an earlier end.")
    return pd.Series(lost, index=pd.Index(names, name="bucket"), name="loss_rate")


def provision_matrix(
    aged: pd.DataFrame,
    moves: pd.DataFrame,
    *,
    edges: Sequence[int] = EDGES,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 12,
    by: str = "customer_id",
) -> pd.DataFrame:
    """How much to set aside: each bucket's balance times its loss rate, with an interval.

    Parameters
    ----------
    aged : DataFrame
        As `casebook.receivables.aging` returns it, with the same `edges`.
    moves : DataFrame
        As `balance_moves` returns it, with the same `edges`: the past from which the rates come.
    edges : rising whole numbers
    draws : int
        Bootstrap draws for the interval.
    level : float
        Of the interval, 0 to 1.
    seed : int
        Of the draws.
    by : {"customer_id", "invoice_id"}
        What is drawn, with replacement. Invoices of one customer fail together, so draw customers;
        invoices give an interval that is too narrow.

    Returns
    -------
    DataFrame of shape (n_buckets + 2, 6)
        `bucket` (the last is "total"), `open` (money), `loss_rate` (0-1), `provision`, `low`, `high` (money).
        The lost bucket has the rate 1. The interval is that of the rates: which of today's debtors will
        fail, is not in it.

    Raises
    ------
    TableError
        If the buckets of the tables differ, or as `loss_rates`.

    Notes
    -----
    A provision matrix is the simplified approach of IFRS 9 (paragraph B5.5.35). The standard also asks for a
    look ahead, which rates from the past do not have.

    Examples
    --------
    >>> moves = pd.DataFrame({"customer_id": ["Ada", "Ada", "Bo", "Bo"],
    ...                       "from": ["current", "current", "1-30", "1-30"],
    ...                       "to": ["paid", "1-30", "paid", "lost"], "amount": [75.0, 25.0, 20.0, 5.0]})
    >>> aged = pd.DataFrame({"bucket": ["current", "1-30", ">30"], "open": [1000.0, 100.0, 10.0]})
    >>> table = provision_matrix(aged, moves, edges=(0, 30), draws=1)
    >>> table[["bucket", "open", "loss_rate", "provision"]].round(3)
        bucket    open  loss_rate  provision
    0  current  1000.0      0.050       50.0
    1     1-30   100.0      0.200       20.0
    2      >30    10.0      1.000       10.0
    3    total  1110.0      0.072       80.0
    """
    names, states = _states(edges)
    owed = need_pandas(aged, ["bucket", "open"])
    every = bucket_names(edges)
    if list(owed["bucket"]) != every:
        raise TableError(f"The ageing has the buckets {list(owed['bucket'])}, the edges make {every}.")
    _money(owed, "open")
    if isinstance(level, str) or isinstance(draws, str) or not 0 < level < 1 or draws < 1:
        raise TableError(f"level must lie between 0 and 1 and draws be positive, got {level} and {draws}.")
    table = _checked(moves, names, states, by)
    rate = np.append(loss_rates(roll_rates(table, edges=edges)).to_numpy(), 1.0)
    balance = owed["open"].to_numpy(dtype=float)
    drawn = balance * np.column_stack([_drawn(table, names, states, by, draws, seed), np.ones(draws)])
    drawn = np.column_stack([drawn, drawn.sum(axis=1)])
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    provision = balance * rate
    total = provision.sum() / balance.sum() if balance.sum() else 0.0
    return pd.DataFrame(
        {
            "bucket": [*every, "total"],
            "open": [*balance, balance.sum()],
            "loss_rate": [*rate, total],
            "provision": [*provision, provision.sum()],
            "low": low,
            "high": high,
        }
    )


def _balances(known: Any, unit: Unit, end: pd.Timestamp, edges: Sequence[int]) -> pd.DataFrame:
    """What is open at a month's end, with its bucket."""
    late = end.toordinal() - nw.col("__due")
    opened = known.filter(nw.col(LEFT) > 0)
    return to_pandas(
        opened.select("invoice_id", "customer_id", open=unit.money(LEFT), bucket=bucket_of(late, edges))
    )


def _moved(now: pd.DataFrame, later: pd.DataFrame, last: str) -> pd.DataFrame:
    """Both parts of each balance: what was paid within the month, and where the rest is."""
    both = now.merge(
        later[["invoice_id", "open", "bucket"]], on="invoice_id", how="left", suffixes=("", "_to")
    )
    left = both["open_to"].fillna(0.0)
    who = both[["invoice_id", "customer_id"]].assign(**{"from": both["bucket"]})
    paid = who.assign(to=PAID, amount=(both["open"] - left).round(9))
    rest = who.assign(to=both["bucket_to"].replace(last, LOST), amount=left)
    parts = pd.concat([paid, rest])
    return parts[parts["amount"] > 0]


def _states(edges: Sequence[int]) -> tuple[list[str], list[str]]:
    names = bucket_names(edges)[:-1]
    return names, [*names, PAID, LOST]


def _checked(
    moves: pd.DataFrame, names: list[str], states: list[str], by: str = "customer_id"
) -> pd.DataFrame:
    table = need_pandas(moves, list(dict.fromkeys([by, "from", "to", "amount"])))
    for column, allowed in (("from", names), ("to", states)):
        odd = table.loc[~table[column].isin(allowed), column]
        if len(odd):
            raise TableError(
                f"Column {column!r} has {odd.iloc[0]!r}, which the edges do not make ({', '.join(allowed)}): "
                "use the edges of balance_moves."
            )
    if table.empty:
        raise TableError("There are no moves: no balance was open at a month's end. Take a longer time.")
    refuse_gaps(open_table(table, [by]), by)
    _money(table, "amount")
    return table


def _money(table: pd.DataFrame, column: str) -> None:
    frame = open_table(table, [column])
    check_values(frame, column)
    refuse_negative(frame, column, None, "a balance is 0 or more")
    if np.isinf(table[column].to_numpy(dtype=float)).any():
        raise TableError(f"Column {column!r} is infinite somewhere: correct it.")


def _counts(
    table: pd.DataFrame, weights: np.ndarray, names: list[str], states: list[str], owner: np.ndarray, n: int
) -> np.ndarray:
    """Sums of the weights by owner, bucket and next state: shape (n, n_buckets, n_states)."""
    at = table["from"].map({name: i for i, name in enumerate(names)}).to_numpy()
    to = table["to"].map({name: i for i, name in enumerate(states)}).to_numpy()
    size = len(names) * len(states)
    place = owner * size + at * len(states) + to
    return np.bincount(place, weights, minlength=n * size).reshape(n, len(names), len(states))


def _shares(counts: np.ndarray) -> np.ndarray:
    totals = counts.sum(axis=-1, keepdims=True)
    return np.divide(counts, totals, out=np.full_like(counts, np.nan), where=totals > 0)


def _lost(rates: np.ndarray) -> np.ndarray:
    """Solve loss = Q loss + lost for a stack of chains; a chain that never ends gives NaN."""
    n = rates.shape[1]
    ends = np.eye(n) - rates[:, :, :n]
    whole = np.isfinite(rates).all(axis=(1, 2))
    whole[whole] &= abs(np.linalg.det(ends[whole])) > 1e-12
    out = np.full(rates.shape[:2], np.nan)
    out[whole] = np.linalg.solve(ends[whole], rates[whole, :, -1:])[:, :, 0]
    return out


def _drawn(
    table: pd.DataFrame, names: list[str], states: list[str], by: str, draws: int, seed: int
) -> np.ndarray:
    """Loss rates of each bucket in each draw of the owners, with replacement."""
    table = table.sort_values([by, "from", "to", "amount"], kind="stable")
    owner, owners = pd.factorize(table[by])
    n = len(owners)
    each = _counts(table, table["amount"].to_numpy(dtype=float), names, states, owner, n).reshape(n, -1)
    rng = np.random.default_rng(seed)
    times = rng.multinomial(n, np.full(n, 1 / n), size=draws)
    return _lost(_shares((times @ each).reshape(draws, len(names), len(states))))
