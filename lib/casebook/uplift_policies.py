"""What a ranking is worth in a randomised test: customers saved per call, by depth, against another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from casebook.errors import TableError

__all__ = [
    "PolicyComparison", "compare_policies", "effect_by_risk", "uplift_at", "uplift_by_depth",
]  # fmt: skip

DEPTHS = tuple(round(0.05 * step, 2) for step in range(1, 21))  #: depths of a curve: 5% to 100%


class PolicyComparison(NamedTuple):
    """Two lists of equal length: customers saved per call by the first less the second; its error; z."""

    difference: float
    se: float
    z: float


def uplift_at(score: ArrayLike, psi: ArrayLike, depth: float = 0.3) -> float:
    """Estimate the customers saved per call, when the first of a ranking are called.

    Parameters
    ----------
    score : array-like of shape (n_customers,)
        High for those to be called first; of equal scores the earlier rows.
    psi : array-like of shape (n_customers,)
        From `aipw`.
    depth : float
        Share of the customers that is called, above 0, up to 1; their number is rounded down, at least one.

    Returns
    -------
    float
        Mean of psi over those called.

    Raises
    ------
    TableError
        If the lists differ in length or hold gaps, or depth makes no sense.

    Examples
    --------
    >>> uplift_at([3, 2, 1, 0], [1.0, 0.5, 0.0, -0.5], depth=0.5)
    0.75
    """
    gain = numbers_of(psi, "psi")
    return float(gain[_first(score, len(gain), depth)].mean())


def compare_policies(
    score_a: ArrayLike, score_b: ArrayLike, psi: ArrayLike, depth: float = 0.3
) -> PolicyComparison:
    """Compare two rankings of the same customers, called to the same depth.

    Parameters
    ----------
    score_a, score_b : array-like of shape (n_customers,)
        High for those to be called first.
    psi : array-like of shape (n_customers,)
        From `aipw`.
    depth : float
        Share of the customers that is called.

    Returns
    -------
    PolicyComparison
        `difference` in customers saved per call (a less b), its standard error `se`, and `z` = difference
        / se; z above 1.645 is beyond chance, one-sided at 5%.

    Raises
    ------
    TableError
        As `uplift_at`, or if both rankings choose the same customers.

    Notes
    -----
    Customers on both lists cancel out, so the standard error is that of psi x (on a - on b) over all.

    Examples
    --------
    >>> said = compare_policies([3, 2, 1, 0], [0, 1, 2, 3], [1.0, 0.5, 0.0, -0.5], depth=0.5)
    >>> said.difference, round(said.z, 2)
    (1.0, 2.45)
    """
    gain = numbers_of(psi, "psi")
    lists = np.zeros((2, len(gain)))
    for chosen, score in zip(lists, (score_a, score_b), strict=True):
        chosen[_first(score, len(gain), depth)] = 1
    if (lists[0] == lists[1]).all():
        raise TableError(
            "Both rankings choose the same customers at this depth: there is nothing to compare."
        )
    each = gain * (lists[0] - lists[1]) * len(gain) / lists[0].sum()
    se = float(each.std(ddof=1) / np.sqrt(len(each)))
    return PolicyComparison(float(each.mean()), se, float(each.mean() / se))


def uplift_by_depth(
    rankings: Mapping[str, ArrayLike],
    psi: ArrayLike,
    *,
    depths: Sequence[float] = DEPTHS,
    level: float = 0.95,
    value: ArrayLike | None = None,
    cost: float = 0,
) -> pd.DataFrame:
    """Follow several rankings down: customers saved by calling the first 5%, 10%, … of each.

    Parameters
    ----------
    rankings : mapping of str to array-like of shape (n_customers,)
        The score of each ranking, by its name.
    psi : array-like of shape (n_customers,)
        From `aipw`.
    depths : sequence of float
        Shares of the customers, above 0, up to 1.
    level : float
        Of the interval.
    value : array-like of shape (n_customers,), optional
        What keeping each customer is worth (RMB).
    cost : float
        What a call costs with its incentive (RMB).

    Returns
    -------
    DataFrame of shape (n_rankings x n_depths, 7 or 8)
        `ranking`, `depth`, `called`, `per_call` (customers saved per call), `saved` = per_call x called, and
        `low`, `high` of `saved`. With `value`, also `profit` (RMB): the worth of those saved less the calls.

    Raises
    ------
    TableError
        As `uplift_at`, or if the values are not one for each customer.

    Examples
    --------
    >>> uplift_by_depth({"by tau": [2, 1]}, [1.0, 0.0], depths=[0.5, 1.0])[["called", "per_call", "saved"]]
       called  per_call  saved
    0       1       1.0    1.0
    1       2       0.5    1.0
    """
    from scipy.stats import norm

    gain, z, rows = numbers_of(psi, "psi"), norm.ppf(0.5 + level / 2), []
    worth = None if value is None else numbers_of(value, "value", len(gain))
    for name, score in rankings.items():
        for depth in depths:
            first = _first(score, len(gain), depth)
            each = np.zeros(len(gain))
            each[first] = gain[first]
            half = z * float(each.std()) * np.sqrt(len(gain))
            saved, called = float(each.sum()), len(first)
            profit = () if worth is None else (float(each @ worth) - cost * called,)
            rows.append((name, depth, called, saved / called, saved, saved - half, saved + half, *profit))
    columns = ["ranking", "depth", "called", "per_call", "saved", "low", "high"]
    return pd.DataFrame(rows, columns=columns if worth is None else [*columns, "profit"])


def effect_by_risk(risk: ArrayLike, psi: ArrayLike, *, bins: int = 10, level: float = 0.95) -> pd.DataFrame:
    """Cut the customers by risk into equal groups and estimate what a call does in each.

    Parameters
    ----------
    risk : array-like of shape (n_customers,)
        Probability of leaving without a call.
    psi : array-like of shape (n_customers,)
        From `aipw`.
    bins : int
        Groups of about equal size, the least risky first.
    level : float
        Of the interval.

    Returns
    -------
    DataFrame of shape (bins, 6)
        `bin` (1 is least at risk), `n`, `risk` (mean), `effect` (customers saved per call), `low`, `high`.

    Raises
    ------
    TableError
        If the lists differ in length or hold gaps, or a group would have fewer than two customers.

    Examples
    --------
    >>> effect_by_risk([0.1, 0.2, 0.3, 0.4], [0.0, 0.0, 1.0, 0.0], bins=2)[["bin", "n", "effect"]]
       bin  n  effect
    0    1  2     0.0
    1    2  2     0.5
    """
    from scipy.stats import norm

    gain = numbers_of(psi, "psi")
    p = numbers_of(risk, "risk", len(gain))
    if not (isinstance(bins, int) and 1 <= bins <= len(gain) // 2):
        raise TableError(f"bins must be a whole number with two customers or more in each, got {bins!r}.")
    group = np.empty(len(gain), dtype=int)
    group[np.argsort(p, kind="stable")] = np.arange(len(gain)) * bins // len(gain)
    grouped = pd.DataFrame({"risk": p, "psi": gain}).groupby(group)
    effect, n = grouped["psi"].mean(), grouped.size()
    half = norm.ppf(0.5 + level / 2) * grouped["psi"].std() / np.sqrt(n)
    return pd.DataFrame({
        "bin": np.arange(bins) + 1, "n": n, "risk": grouped["risk"].mean(), "effect": effect,
        "low": effect - half, "high": effect + half,
    })  # fmt: skip


def numbers_of(values: Any, name: str, length: int | None = None) -> np.ndarray:
    """Read one number for each customer, or say which is missing.

    >>> numbers_of([1, 2], "score").tolist()
    [1.0, 2.0]
    """
    numbers = np.atleast_1d(np.asarray(values, dtype=float))
    if length is not None and len(numbers) != length:
        raise TableError(f"{name} has {len(numbers)} values for {length} customers: one for each is needed.")
    if (bad := ~np.isfinite(numbers)).any():
        raise TableError(f"{name}: row {int(bad.argmax())} is missing; fill it in or leave the customer out.")
    return numbers


def _first(score: Any, n: int, depth: float) -> np.ndarray:
    if not 0 < depth <= 1:
        raise TableError(f"depth must be a share above 0, up to 1, got {depth!r}.")
    order: np.ndarray = np.argsort(-numbers_of(score, "score", n), kind="stable")
    return order[: max(1, int(depth * n + 1e-9))]
