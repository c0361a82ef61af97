"""Shake the weights: how often does a choice made by weighted scores survive weights that differ a little?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import check_values
from casebook.frames import need_pandas, start

__all__ = ["check_weights", "scores_of", "weight_stability"]


def weight_stability(
    scores: pd.DataFrame,
    weights: Sequence[float] | Mapping[str, float] | None = None,
    *,
    criteria: Sequence[str] | None = None,
    top: int | None = None,
    cut: float | None = None,
    change: float = 0.2,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Say in what share of draws each customer or segment stays chosen when the weights are shaken.

    Each draw multiplies every weight by a number of its own, uniform from 1 - `change` to 1 + `change`, and
    divides them by their sum again. Chosen are the best `top`, or all that reach `cut`.

    Parameters
    ----------
    scores : DataFrame of shape (n, n_columns), one row per customer or segment
        The index names them.
    weights : sequence in the order of `criteria`, or mapping by criterion, optional
        The weights to shake, none below zero. Equal ones if none are given.
    criteria : sequence of str, optional
        The columns to weigh; all of them by default.
    top : int, optional
        How many are chosen, best first; ties by the order of rows.
    cut : float, optional
        Or: the weighted mean from which on one is chosen. Name one of the two.
    change : float
        How far a weight may be off, as a share of itself (0-1).
    draws : int
        How many times.
    seed : int
        The same seed gives the same draws.

    Returns
    -------
    DataFrame of shape (n, 4), best first, indexed like `scores`
        ``score`` (weighted mean), ``chosen`` (bool, by the weights as given), ``p_chosen`` (0-1, share of
        draws in which it is chosen) and ``stable`` (0-1, share of draws that agree with `chosen`).

    Raises
    ------
    TableError
        If a column is missing or has gaps, the weights do not fit, or an argument makes no sense.

    Notes
    -----
    Our convention: a fifth up or down is about what two managers differ by. Shaken weights say how much the
    *weights* matter. That the scores themselves are guesses is another doubt, and often the larger.

    Examples
    --------
    >>> three = pd.DataFrame({"profit": [80, 60, 40], "potential": [70, 90, 80], "trend": [60, 80, 50]},
    ...                      index=["hotels", "schools", "households"])
    >>> weight_stability(three, (0.4, 0.3, 0.3), cut=70, draws=500, seed=1).round(2)
                score  chosen  p_chosen  stable
    schools      75.0    True      1.00    1.00
    hotels       71.0    True      0.97    0.97
    households   55.0   False      0.00    1.00
    """
    names = (
        list(scores.columns)
        if criteria is None and isinstance(scores, pd.DataFrame)
        else list(criteria or ())
    )
    values = scores_of(scores, names)
    usual = check_weights(weights, names)
    if (top is None) == (cut is None):
        raise TableError("Name either top (how many are chosen) or cut (the score from which on).")
    if top is not None and not 1 <= top <= len(values):
        raise TableError(f"top must be from 1 to {len(values)}, the number of rows; got {top!r}.")
    if not 0 <= change < 1:
        raise TableError(f"change must be a share from 0 to below 1, such as 0.2; got {change!r}.")
    if draws < 1:
        raise TableError(f"draws must be 1 or more, got {draws!r}.")
    rng = np.random.default_rng(seed)
    shaken = usual * (1 + rng.uniform(-change, change, (draws, len(names))))
    shaken /= shaken.sum(axis=1, keepdims=True)
    score = (values @ usual).round(10)  # ten digits: a tie is a tie
    chosen = _chosen(score[:, None], top, cut)[:, 0]
    often = _chosen((values @ shaken.T).round(10), top, cut).mean(axis=1)
    made = pd.DataFrame(
        {"score": score, "chosen": chosen, "p_chosen": often, "stable": np.where(chosen, often, 1 - often)},
        index=scores.index,
    )
    return made.iloc[np.argsort(-score, kind="stable")]


def scores_of(table: pd.DataFrame, criteria: Sequence[str]) -> np.ndarray:
    """Return the criteria as numbers, or refuse a gap.

    Parameters
    ----------
    table : DataFrame, one row per customer or segment
    criteria : sequence of str
        The columns to take, at least one.

    Returns
    -------
    array of shape (n_rows, n_criteria)

    Raises
    ------
    TableError
        If a column is missing, holds gaps or text, or no criterion is named.

    Examples
    --------
    >>> scores_of(pd.DataFrame({"a": [1], "b": [2]}), ["b", "a"]).tolist()
    [[2.0, 1.0]]
    """
    need_pandas(table, criteria)
    if not len(criteria):
        raise TableError("Name at least one criterion.")
    for column in criteria:
        check_values(start(table, [column]), column)
    return table[list(criteria)].to_numpy(dtype=float)


def check_weights(
    weights: Sequence[float] | Mapping[str, float] | None, criteria: Sequence[str]
) -> np.ndarray:
    """Return weights that add to 1, in the order of the criteria.

    Parameters
    ----------
    weights : sequence in the order of `criteria`, mapping by criterion, or None
        None below zero; equal ones if there are none.
    criteria : sequence of str

    Returns
    -------
    array of shape (n_criteria,) of float

    Raises
    ------
    TableError
        If the weights do not match the criteria, one is below zero, or all are zero.

    Examples
    --------
    >>> check_weights({"a": 3, "b": 1}, ["a", "b"]).tolist(), check_weights(None, ["a", "b"]).tolist()
    ([0.75, 0.25], [0.5, 0.5])
    """
    if weights is None:
        weights = [1.0] * len(criteria)
    if isinstance(weights, Mapping):
        if set(weights) != set(criteria):
            raise TableError(
                f"The weights name {', '.join(weights)}; the criteria are {', '.join(criteria)}."
            )
        weights = [weights[name] for name in criteria]
    given = np.array(list(weights), dtype=float)
    if given.shape != (len(criteria),):
        raise TableError(
            f"{len(criteria)} weights are needed, one for each of {', '.join(criteria)}; got {len(given)}."
        )
    if not (np.isfinite(given).all() and (given >= 0).all() and given.sum() > 0):
        raise TableError(f"Weights must be 0 or more, and not all 0; got {[float(w) for w in given]}.")
    return given / given.sum()


def _chosen(score: np.ndarray, top: int | None, cut: float | None) -> np.ndarray:
    """Which rows are chosen, in each column of scores."""
    if cut is not None:
        return score >= cut
    rank = np.argsort(np.argsort(-score, axis=0, kind="stable"), axis=0, kind="stable")
    return rank < (top or 0)
