"""What a list of customers to call is worth: profit by depth, and one number for a whole ranking.

The sums follow Neslin et al. (2006) and Verbraken, Verbeke & Baesens (2013): whoever is called costs `f`; a
churner who is called accepts the incentive with probability `save`, costs `d` then and keeps its value `clv`;
a customer who would have stayed takes the incentive too. **Every ranking by risk is judged here as if a call
worked alike for all who would leave.** Where a randomised test says how it works, use `casebook.uplift`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from casebook.errors import TableError

__all__ = ["ExpectedMaximumProfit", "expected_maximum_profit", "profit_by_depth", "retention_targets"]


@dataclass(frozen=True)
class ExpectedMaximumProfit:
    """The best that a ranking can earn when the share of offers accepted is uncertain.

    Attributes
    ----------
    emp : float
        Expected maximum profit for each customer of the base, in the unit of `clv`.
    fraction : float
        Expected share of the base (0-1) that one calls to earn it.
    """

    emp: float
    fraction: float


def retention_targets(p: ArrayLike, save: float, value: ArrayLike, cost: ArrayLike) -> pd.DataFrame:
    """Say whom a call would pay for if every call saved the same share of those who would leave.

    Parameters
    ----------
    p : array-like of shape (n_customers,)
        Probability of leaving, 0-1.
    save : float
        Share of the leavers whom a call keeps, 0-1: one rate for all.
    value : array-like or float
        What keeping the customer is worth (RMB).
    cost : array-like or float
        What a call costs, with its incentive (RMB).

    Returns
    -------
    DataFrame of shape (n_customers, 5)
        `p`, `gain` = p x save x value - cost (RMB), `threshold` = cost / (save x value), the probability from
        which a call pays, `call` (True if the gain is above 0) and `reason`.

    Raises
    ------
    TableError
        If a probability is outside 0 to 1, a value is missing or not above 0, or a cost is below 0.

    Notes
    -----
    It ranks by **risk**. It is wrong where the effect differs between customers; with a randomised test use
    `uplift.uplift_targets`. Source: house rule in the manner of Neslin et al. (2006).

    Examples
    --------
    >>> retention_targets([0.3, 0.2], save=0.2, value=1000, cost=50)
         p  gain  threshold   call                                      reason
    0  0.3  10.0       0.25   True                             p is above 0.25
    1  0.2 -10.0       0.25  False  p is not above 0.25: the call costs more
    """
    risk = _probabilities(p, "p")
    if not 0 < save <= 1:
        raise TableError(f"save must be a share above 0, up to 1, got {save!r}.")
    worth, price = (np.broadcast_to(np.asarray(v, dtype=float), risk.shape) for v in (value, cost))
    if not ((worth > 0).all() and (price >= 0).all()):
        raise TableError(
            "value must be above 0 and cost 0 or more for every customer; fill in what is missing."
        )
    gain = risk * save * worth - price
    threshold = price / (save * worth)
    reason = [
        f"p is above {limit:.2f}" if good else f"p is not above {limit:.2f}: the call costs more"
        for good, limit in zip(gain > 0, threshold, strict=True)
    ]
    told = {"p": risk, "gain": gain, "threshold": threshold, "call": gain > 0, "reason": reason}
    return pd.DataFrame(told)


def profit_by_depth(
    y_true: ArrayLike, y_score: ArrayLike, *, save: float = 0.3, clv: float = 200, d: float = 10, f: float = 1
) -> pd.DataFrame:
    """Work out what calling the first of a ranking earns, for every depth.

    Parameters
    ----------
    y_true : array-like of shape (n_customers,)
        1 for those who left, 0 for the others.
    y_score : array-like of shape (n_customers,)
        High for those to be called first. Equal scores are called together: no order of rows decides.
    save : float
        Share of the called leavers who accept and stay, 0-1.
    clv, d, f : float
        Value of a customer kept, cost of the incentive, cost of a call, in one currency.

    Returns
    -------
    DataFrame of shape (1 + n_distinct_scores, 5)
        From nobody to all: `depth` (share called, 0-1), `called`, `churners` (those called who left),
        `profit` (all together) and `profit_each` (profit / all customers).

    Raises
    ------
    TableError
        If the lists differ in length, hold gaps, or one of the two outcomes never happens.

    Notes
    -----
    A called leaver brings save x (clv - d) - f, a called stayer costs d + f (Neslin et al. 2006).

    Examples
    --------
    >>> profit_by_depth([1, 0, 1, 0], [0.9, 0.6, 0.5, 0.2], save=0.3, clv=200, d=10, f=1)
       depth  called  churners  profit  profit_each
    0   0.00       0         0     0.0         0.00
    1   0.25       1         1    56.0        14.00
    2   0.50       2         1    45.0        11.25
    3   0.75       3         2   101.0        25.25
    4   1.00       4         2    90.0        22.50
    """
    _check_money(clv, d, f)
    if not 0 <= save <= 1:
        raise TableError(f"save must be a share from 0 to 1, got {save!r}.")
    found, wrong = _counts(y_true, y_score)
    called, n = found + wrong, found[-1] + wrong[-1]
    profit = found * (save * (clv - d) - f) - wrong * (d + f)
    return pd.DataFrame({
        "depth": called / n, "called": called, "churners": found, "profit": profit, "profit_each": profit / n,
    })  # fmt: skip


def expected_maximum_profit(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    alpha: float = 6,
    beta: float = 14,
    clv: float = 200,
    d: float = 10,
    f: float = 1,
) -> ExpectedMaximumProfit:
    """Judge a churn ranking by the profit of its best depth, over all rates of acceptance.

    Parameters
    ----------
    y_true, y_score, clv, d, f
        As for `profit_by_depth`.
    alpha, beta : float
        The share of called leavers who accept is Beta(alpha, beta), by default 0.3 on average.

    Returns
    -------
    ExpectedMaximumProfit
        `.emp` for each customer of the base, and `.fraction`, the share of the base to call.

    Raises
    ------
    TableError
        As `profit_by_depth`, or if alpha or beta is not above 0, or the value does not exceed the incentive.

    Notes
    -----
    The best depth always lies on the convex hull of the ROC curve. Two neighbouring corners of the hull earn
    the same at one rate of acceptance; between these rates one corner is best, and its profit is integrated
    over Beta(alpha, beta) in closed form. Nothing is drawn, so the answer is always the same (Verbraken,
    Verbeke & Baesens 2013, IEEE Transactions on Knowledge and Data Engineering 25(5)).

    Examples
    --------
    >>> y, s = [0, 1, 0, 1, 0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9]
    >>> best = expected_maximum_profit(y, s)
    >>> round(best.emp, 4), round(best.fraction, 4)
    (23.8756, 0.8744)
    """
    from scipy.stats import beta as beta_law

    _check_money(clv, d, f)
    if not (alpha > 0 and beta > 0):
        raise TableError(f"alpha and beta must be above 0, got {alpha!r} and {beta!r}.")
    if not clv > d:
        raise TableError(f"clv must exceed the incentive d, got {clv!r} and {d!r}: keeping nobody would pay.")
    found, wrong = _hull(*_counts(y_true, y_score))
    n = found[-1] + wrong[-1]
    with np.errstate(divide="ignore"):
        rates = ((d + f) * np.diff(wrong) / np.diff(found) + f) / (clv - d)  # where two corners earn the same
    ends = np.concatenate([[0.0], np.clip(rates, 0, 1), [1.0]])
    chance = np.diff(beta_law.cdf(ends, alpha, beta))
    mean = alpha / (alpha + beta) * np.diff(beta_law.cdf(ends, alpha + 1, beta))
    profit = found * ((clv - d) * mean - f * chance) - wrong * (d + f) * chance
    return ExpectedMaximumProfit(float(profit.sum() / n), float((found + wrong) @ chance / n))


def _counts(y_true: Any, y_score: Any) -> tuple[np.ndarray, np.ndarray]:
    """Leavers and stayers among those called, from nobody to all, equal scores together."""
    y, score = _outcomes(y_true), np.asarray(y_score, dtype=float)
    if score.shape != y.shape:
        raise TableError(f"y_score has {score.size} values, y_true {y.size}: one score for each customer.")
    if (bad := ~np.isfinite(score)).any():
        raise TableError(
            f"y_score: row {int(bad.argmax())} is missing; score every customer or leave it out."
        )
    order = np.argsort(-score, kind="stable")
    last = np.append(np.diff(score[order]) != 0, True)
    found = np.cumsum(y[order])[last]
    called = (np.arange(len(y)) + 1)[last]
    return np.concatenate([[0], found]), np.concatenate([[0], called - found])


def _hull(found: np.ndarray, wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The corners of the upper convex hull of the ROC curve, from (0, 0) to the end."""
    corners: list[tuple[int, int]] = []
    for y, x in zip(found.tolist(), wrong.tolist(), strict=True):
        while len(corners) > 1:
            (y0, x0), (y1, x1) = corners[-2:]
            if (y1 - y0) * (x - x0) > (y - y0) * (x1 - x0):
                break
            corners.pop()
        corners.append((y, x))
    array = np.array(corners)
    return array[:, 0], array[:, 1]


def _outcomes(y_true: Any) -> np.ndarray:
    try:
        y = np.asarray(y_true, dtype=float)
    except (TypeError, ValueError):
        y = np.array([np.nan])
    if y.ndim != 1 or not np.isin(y, (0, 1)).all():
        raise TableError("y_true must be 1 (left) or 0 (stayed) for each customer, without gaps.")
    if y.min(initial=1) == y.max(initial=0):
        raise TableError("y_true holds only one outcome: a ranking needs some who left and some who stayed.")
    whole: np.ndarray = y.astype(int)
    return whole


def _probabilities(values: Any, name: str) -> np.ndarray:
    numbers = np.atleast_1d(np.asarray(values, dtype=float))
    bad = ~((numbers >= 0) & (numbers <= 1))
    if bad.any():
        at = int(bad.argmax())
        raise TableError(f"{name}: row {at} is {numbers[at]:g}; a probability lies between 0 and 1.")
    return numbers


def _check_money(clv: float, d: float, f: float) -> None:
    if not (clv > 0 and d >= 0 and f >= 0):
        raise TableError(f"clv must be above 0, d and f 0 or more, got {clv!r}, {d!r} and {f!r}.")
