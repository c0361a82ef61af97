"""What an order of calling is worth: which prospects first, how many are found, how much margin they bring.

A *score* here is any number that is higher for those who are called first. A list may be several mornings in
one table; each is then worked through by itself. Tables of prospects stay small: pandas.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.prospect_cells import check_flags, check_numbers

__all__ = ["call_curve", "compare_orders", "gap_interval", "order_scores"]

_HEAT_ORDER = {"hot": 4, "warm": 3, "cold": 2, "unknown": 1, "overdue": 0}


def order_scores(
    table: pd.DataFrame,
    *,
    chance: str = "chance",
    margin: str = "potential_margin",
    worth: str | None = None,
    overdue: str = "keep",
) -> pd.DataFrame:
    """Turn the usual orders of calling into one score each: the highest is called first.

    Parameters
    ----------
    table : DataFrame, one row per open prospect
        With `as_of`, `created`, `expected_order_date`, `heat`, and the columns named below.
    chance : str
        Column with the probability of an order.
    margin : str
        Column with the margin that the seller thinks possible.
    worth : str, optional
        Column with the margin that such prospects really brought, if known.
    overdue : {"keep", "apart"}
        Whether prospects with an overdue date stay where they are or go below all others.

    Returns
    -------
    DataFrame of shape (n_prospects, 5 or 6), with the index of the table
        "by score", "score × guess", "hot first" (soonest first inside a label), "largest first" (by the
        guess), "oldest first", and with `worth` "score × worth". No unit: only the order counts.

    Raises
    ------
    TableError
        If a column is missing or `overdue` is another word.

    Examples
    --------
    >>> two = pd.DataFrame({"as_of": pd.to_datetime(["2024-01-01"] * 2), "heat": ["hot", "warm"],
    ...                     "created": pd.to_datetime(["2023-12-01", "2023-11-01"]),
    ...                     "expected_order_date": pd.to_datetime(["2024-01-09", "2024-03-01"]),
    ...                     "chance": [0.1, 0.4], "potential_margin": [9_000, 1_000]})
    >>> order_scores(two).rank(ascending=False).iloc[0].astype(int).to_dict()
    {'by score': 2, 'score × guess': 1, 'hot first': 1, 'largest first': 1, 'oldest first': 2}
    """
    columns = ["as_of", "created", "expected_order_date", "heat", chance, margin, *([worth] if worth else [])]
    need_pandas(table, columns)
    if overdue not in ("keep", "apart"):
        raise TableError(f"overdue must be 'keep' or 'apart', got {overdue!r}.")
    wait = (table["expected_order_date"] - table["as_of"]).dt.days.fillna(999)
    scores = pd.DataFrame(
        {
            "by score": table[chance],
            "score × guess": table[chance] * table[margin],
            "hot first": table["heat"].map(_HEAT_ORDER) * 10_000.0 - wait,
            "largest first": table[margin].astype(float),
            "oldest first": (table["as_of"] - table["created"]).dt.days.astype(float),
        }
    )
    if worth:
        scores["score × worth"] = table[chance] * table[worth]
    if overdue == "apart":
        late = table["heat"] == "overdue"
        scores = scores.mask(late, scores - 1e12)
    return scores


def call_curve(
    table: pd.DataFrame, score: pd.Series, outcome: str, values: Sequence[str] = (), *, by: str | None = None
) -> pd.DataFrame:
    """Work a list through from the top: what is found after each per cent of calls.

    Parameters
    ----------
    table : DataFrame, one row per prospect
    score : Series with the index of the table
        The highest is called first; ties keep the order of rows.
    outcome : str
        Column of yes and no: the order came.
    values : sequence of str
        Columns of money; of those who ordered they are added up.
    by : str, optional
        Column of separate lists (mornings): the same share of each is called, rounded up.

    Returns
    -------
    DataFrame of shape (101, 3 + n_values)
        `share` (0, .01, … 1 of each list), `calls`, `found` (orders), and the sum of each value.

    Raises
    ------
    TableError
        If a column is missing or has gaps, or a score is missing.

    Examples
    --------
    >>> four = pd.DataFrame({"ordered": [1, 0, 1, 0], "margin": [10, 20, 30, 40]})
    >>> curve = call_curve(four, pd.Series([4, 3, 2, 1]), "ordered", ["margin"])
    >>> curve.iloc[[0, 50, 100]].values.tolist()
    [[0.0, 0.0, 0.0, 0.0], [0.5, 2.0, 1.0, 10.0], [1.0, 4.0, 2.0, 40.0]]
    """
    ordered, place, sizes = _places(table, score, outcome, by)
    gains = {name: check_numbers(table, name) * ordered for name in values}
    percents = np.arange(101)
    # Row i of a list is called from the first per cent at which ceil(size · per cent) passes its place.
    from_percent = np.floor(place * 100 / sizes + 1e-9).astype(int) + 1

    def up_to(amounts: np.ndarray) -> np.ndarray:
        return np.cumsum(np.bincount(from_percent, weights=amounts, minlength=101)[:101])

    curve = pd.DataFrame({"share": percents / 100})
    curve["calls"] = up_to(np.ones(len(table))).round().astype("int64")
    curve["found"] = up_to(ordered.astype(float)).round().astype("int64")
    return curve.assign(**{name: up_to(gain) for name, gain in gains.items()})


def compare_orders(
    table: pd.DataFrame,
    scores: pd.DataFrame,
    outcome: str,
    values: Sequence[str] = (),
    *,
    share: float = 0.1,
    by: str | None = None,
) -> pd.DataFrame:
    """Set orders of calling side by side, at one capacity: whom do they find, and what is that worth?

    Parameters
    ----------
    table : DataFrame, one row per prospect
    scores : DataFrame with the index of the table
        One column an order, as `order_scores` makes them.
    outcome, values, by
        As in `call_curve`.
    share : float
        Share (0-1) of each list that can be called, rounded up to whole calls.

    Returns
    -------
    DataFrame, one row per order, then "at random" (its expected figures)
        `order`, `calls`, `found`, `lift` (found a call, over orders a prospect), and each value's sum.

    Raises
    ------
    TableError
        As `call_curve`, or if the share is not above 0 and at most 1.

    Notes
    -----
    It counts every order of a called prospect as if it came from the call. What a call *adds* needs a test
    with prospects who are not called.

    Examples
    --------
    >>> four = pd.DataFrame({"ordered": [1, 0, 1, 0], "margin": [10, 20, 30, 40]})
    >>> compare_orders(four, pd.DataFrame({"as it is": [4, 3, 2, 1]}), "ordered", ["margin"], share=0.25)
           order  calls  found  lift  margin
    0   as it is      1    1.0   2.0    10.0
    1  at random      1    0.5   1.0    10.0
    """
    if not 0 < share <= 1:
        raise TableError(f"share must be a share of the list, above 0 and at most 1; got {share!r}.")
    rows = []
    for name in scores.columns:
        ordered, place, sizes = _places(table, scores[name], outcome, by)
        capacity = np.ceil(sizes * share - 1e-9)
        called = place < capacity
        row = {"order": name, "calls": int(called.sum()), "found": float(ordered[called].sum())}
        rows.append(row | {v: float((check_numbers(table, v) * ordered)[called].sum()) for v in values})
    part = capacity / sizes  # the chance of being called on one's list
    blind = {"order": "at random", "calls": rows[0]["calls"], "found": float((ordered * part).sum())}
    rows.append(blind | {v: float((check_numbers(table, v) * ordered * part).sum()) for v in values})
    made = pd.DataFrame(rows)
    made.insert(3, "lift", made["found"] / made["calls"] / ordered.mean())
    return made


def gap_interval(
    table: pd.DataFrame,
    first: pd.Series,
    second: pd.Series,
    value: str,
    *,
    share: float = 0.1,
    by: str | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """Say how far chance moves the gap between two orders of calling: a 95% bootstrap interval.

    Parameters
    ----------
    table : DataFrame, one row per prospect
    first, second : Series with the index of the table
        Two scores; the highest is called first.
    value : str
        Column that is added up over those called: an outcome of yes and no, or money that is 0 without one.
    share, by
        As in `compare_orders`.
    draws : int
        How often the prospects of each list are drawn again, with replacement.
    seed : int

    Returns
    -------
    (low, high) : floats
        Of the sum by `first` less the sum by `second`, in the unit of `value`.

    Raises
    ------
    TableError
        As `call_curve`, or if `draws` is below 1.

    Notes
    -----
    Source: Efron (1979). Both orders are drawn together, so what they share does not count.

    Examples
    --------
    >>> four = pd.DataFrame({"margin": [10, 0, 30, 0]})
    >>> gap_interval(four, pd.Series([4, 1, 3, 2]), pd.Series([4, 1, 3, 2]), "margin", share=0.5)
    (0.0, 0.0)
    """
    if draws < 1 or not 0 < share <= 1:
        raise TableError(f"draws must be at least 1 and share above 0 and at most 1; got {draws}, {share}.")
    amounts = check_numbers(table.assign(**{value: table[value].astype(float)}), value)
    lists = table[by].to_numpy() if by else np.zeros(len(table))
    scores = [_complete(table, score) for score in (first, second)]
    rng, gaps = np.random.default_rng(seed), np.zeros(draws)
    for name in pd.unique(lists):
        rows = np.flatnonzero(lists == name)
        calls = int(np.ceil(len(rows) * share - 1e-9))
        for draw in range(draws):
            again = rng.choice(rows, len(rows))
            one, other = (again[np.argsort(-score[again], kind="stable")[:calls]] for score in scores)
            gaps[draw] += amounts[one].sum() - amounts[other].sum()
    low, high = np.quantile(gaps, [0.025, 0.975])
    return float(low), float(high)


def _places(
    table: pd.DataFrame, score: pd.Series, outcome: str, by: str | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who ordered; each row's place on its list, from 0; and the length of its list."""
    ordered = check_flags(table, outcome)
    need_pandas(table, [by] if by else [])
    values = _complete(table, score)
    lists = table[by].to_numpy() if by else np.zeros(len(table))
    ranked = pd.DataFrame({"list": lists, "score": -values}).sort_values("score", kind="stable")
    place = ranked.groupby("list").cumcount().sort_index().to_numpy()
    sizes = ranked.groupby("list")["score"].transform("size").sort_index().to_numpy()
    return ordered, place, sizes


def _complete(table: pd.DataFrame, score: pd.Series) -> np.ndarray:
    """The score as numbers, one for each row of the table."""
    if not score.index.equals(table.index):
        raise TableError("The score must have the index of the table: make it from the same rows.")
    values = score.to_numpy(dtype=float)
    gaps = np.isnan(values)
    if gaps.any():
        raise TableError(f"The score is missing in row {table.index[gaps].tolist()[0]!r}: fill it in first.")
    return values
