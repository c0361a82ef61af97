"""Whom a call helps: the effect on each customer, learned from a test in which chance decided who was called.

Uplift (增益) is the probability of leaving without a call less that with one: customers saved per call. A
*persuadable* has much of it, a *sure thing* and a *lost cause* none, a *sleeping dog* less than none. Nobody
ever sees the uplift of one customer, who is called or not; only groups can be compared. Tables are pandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.uplift_policies import (
    PolicyComparison,
    compare_policies,
    effect_by_risk,
    numbers_of,
    uplift_at,
    uplift_by_depth,
)

__all__ = [
    "PolicyComparison", "UpliftModel", "aipw", "compare_policies", "effect_by_risk", "fit_uplift",
    "uplift_at", "uplift_by_depth", "uplift_targets",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class UpliftModel:
    """What a test taught: one model of leaving for each arm.

    Attributes
    ----------
    scores : DataFrame of shape (n_customers, 3), in the order and with the index of the test
        `m0`, `m1` (probability of leaving if not called, if called; from folds without the customer) and
        `tau` = m0 - m1.
    features : tuple of str
        As given to `fit_uplift`.
    arms : tuple of two fitted scikit-learn classifiers
        Not called, called; fitted on the whole test, for customers who were not in it.
    """

    scores: pd.DataFrame
    features: tuple[str, ...]
    arms: tuple[Any, Any]

    def predict(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Give `m0`, `m1` and `tau` of customers who were not in the test.

        Parameters
        ----------
        customers : DataFrame
            With the columns of the features.

        Returns
        -------
        DataFrame of shape (n_customers, 3)

        Raises
        ------
        TableError
            If a feature is missing.
        """
        x = _design(customers, self.features)
        m0, m1 = (arm.predict_proba(x)[:, 1] for arm in self.arms)
        return pd.DataFrame({"m0": m0, "m1": m1, "tau": m0 - m1}, index=customers.index)


def fit_uplift(
    test: pd.DataFrame,
    features: Sequence[str],
    folds: int = 5,
    seed: int = 0,
    *,
    treated: str = "treated",
    outcome: str = "churned",
    model: Any = None,
) -> UpliftModel:
    """Learn the uplift of a call with a T-learner: one model of leaving for those called, one for the others.

    Parameters
    ----------
    test : DataFrame, one row per customer
        Of a randomised test: the features, who was called, who left.
    features : sequence of str
        Columns, numbers known before the call. ``"csat*offer"`` is the product of two columns.
    folds : int
        Each customer is predicted by models that were fitted without the own fold.
    seed : int
        Deals the customers into folds.
    treated, outcome : str
        Columns of 0 and 1: called, left.
    model : scikit-learn classifier, optional
        With `predict_proba`; a copy is fitted for each arm and fold. Without it, logistic regression.

    Returns
    -------
    UpliftModel
        `.scores` and `.predict`.

    Raises
    ------
    TableError
        If a column is missing, holds gaps or other values, or an arm of a fold has only one outcome.

    Notes
    -----
    T-learner: Künzel et al. (2019), PNAS 116(10). Without folds a customer's own outcome would colour the own
    prediction, and the list would look better than it is.

    Examples
    --------
    >>> import casebook
    >>> learned = fit_uplift(casebook.load("retention_test"), ["silence", "csat", "offer", "auto"])
    >>> learned.scores.columns.tolist(), len(learned.scores)
    (['m0', 'm1', 'tau'], 2400)
    """
    from sklearn.base import clone

    need_pandas(test, [treated, outcome])
    x, called, left = _design(test, features), _flags(test[treated], treated), _flags(test[outcome], outcome)
    if not (isinstance(folds, int) and 2 <= folds <= len(test)):
        raise TableError(f"folds must be a whole number from 2 to the number of customers, got {folds!r}.")
    base = _logistic() if model is None else model
    part = np.random.default_rng(seed).permutation(len(test)) % folds
    m = np.empty((2, len(test)))
    for fold in range(folds):
        for arm in (0, 1):
            known = (part != fold) & (called == arm)
            _check_arm(left[known], arm)
            m[arm, part == fold] = clone(base).fit(x[known], left[known]).predict_proba(x[part == fold])[:, 1]
    whole = [clone(base).fit(x[called == arm], left[called == arm]) for arm in (0, 1)]
    scores = pd.DataFrame({"m0": m[0], "m1": m[1], "tau": m[0] - m[1]}, index=test.index)
    return UpliftModel(scores, tuple(features), (whole[0], whole[1]))


def aipw(y: ArrayLike, w: ArrayLike, m0: ArrayLike, m1: ArrayLike, e: float = 0.5) -> np.ndarray:
    """Give each customer a score whose mean over any group is that group's uplift, without bias.

    Parameters
    ----------
    y, w : array-like of shape (n_customers,)
        1 for left, 1 for called; else 0.
    m0, m1 : array-like of shape (n_customers,)
        Predicted probability of leaving, not called and called, from models that did not see the customer.
    e : float
        The share that chance called, known by design, between 0 and 1.

    Returns
    -------
    ndarray of shape (n_customers,)
        psi = m0 - m1 + (1 - w)(y - m0) / (1 - e) - w (y - m1) / e: customers saved per call.

    Raises
    ------
    TableError
        If the lists differ in length, y or w is not 0 or 1, or a probability or e is not between 0 and 1.

    Notes
    -----
    Augmented inverse probability weighting (Robins, Rotnitzky & Zhao 1994). Poor predictions make it noisier,
    never biased, because chance decided who was called. One psi alone says nothing: it is a term of a mean.

    Examples
    --------
    Called and stayed; not called and left:

    >>> aipw([0, 1], [1, 0], [0.30, 0.30], [0.12, 0.12]).round(2).tolist()
    [0.42, 1.58]
    """
    left, called = _flags(y, "y"), _flags(w, "w")
    p0, p1 = (np.asarray(v, dtype=float) for v in (m0, m1))
    if not 0 < e < 1:
        raise TableError(f"e, the share called, must be between 0 and 1, got {e!r}.")
    if not left.shape == called.shape == p0.shape == p1.shape:
        raise TableError("y, w, m0 and m1 must have one value each for every customer.")
    for name, p in (("m0", p0), ("m1", p1)):
        if (bad := ~((p >= 0) & (p <= 1))).any():
            at = int(bad.argmax())
            raise TableError(f"{name}: row {at} is {p[at]:g}; a probability lies between 0 and 1.")
    psi: np.ndarray = p0 - p1 + (1 - called) * (left - p0) / (1 - e) - called * (left - p1) / e
    return psi


def uplift_targets(
    tau: ArrayLike, value: ArrayLike, c_contact: float, p_accept: ArrayLike, c_incentive: float
) -> pd.DataFrame:
    """Say whom a call pays for: gain = tau x value - (cost of the call + chance of acceptance x incentive).

    Parameters
    ----------
    tau : array-like of shape (n_customers,)
        Uplift: customers saved per call, -1 to 1.
    value : array-like or float
        What keeping the customer is worth (RMB).
    c_contact, c_incentive : float
        Cost of a call and of the incentive (RMB).
    p_accept : array-like or float
        Share of the called who take the incentive, 0-1: those who would have stayed take it too.

    Returns
    -------
    DataFrame of shape (n_customers, 5)
        `tau`, `cost`, `gain` (RMB), `call` (True if the gain is above 0) and `reason`.

    Raises
    ------
    TableError
        If a value is missing or outside its range.

    Examples
    --------
    >>> uplift_targets([0.10, 0.05, -0.10], 1000, c_contact=30, p_accept=0.6, c_incentive=80)
        tau  cost   gain   call                                 reason
    0  0.10  78.0   22.0   True             it saves more than it costs
    1  0.05  78.0  -28.0  False             it costs more than it saves
    2 -0.10  78.0 -178.0  False  it would drive the customer away: leave
    """
    effect = numbers_of(tau, "tau")
    if not (np.abs(effect) <= 1).all():
        raise TableError("tau is a difference of two probabilities: from -1 to 1.")
    worth, taken = (np.broadcast_to(np.asarray(v, dtype=float), effect.shape) for v in (value, p_accept))
    if not ((worth > 0).all() and (taken >= 0).all() and (taken <= 1).all()):
        raise TableError("value must be above 0 and p_accept a share from 0 to 1, for every customer.")
    if not (c_contact >= 0 and c_incentive >= 0):
        raise TableError(f"c_contact and c_incentive must be 0 or more, got {c_contact!r}, {c_incentive!r}.")
    cost = c_contact + taken * c_incentive
    gain = effect * worth - cost
    less = np.where(effect < 0, "it would drive the customer away: leave", "it costs more than it saves")
    reason = np.where(gain > 0, "it saves more than it costs", less)
    told = {"tau": effect, "cost": cost, "gain": gain, "call": gain > 0, "reason": reason}
    return pd.DataFrame(told)


def _design(table: pd.DataFrame, features: Sequence[str]) -> np.ndarray:
    if not features:
        raise TableError("features names no column: give those that were known before the call.")
    names = [name.split("*") for name in features]
    need_pandas(table, list(dict.fromkeys(n for pair in names for n in pair)))
    columns = []
    for pair in names:
        product = np.ones(len(table))
        for name in pair:
            numbers = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
            if (bad := ~np.isfinite(numbers)).any():
                at = int(bad.argmax())
                raise TableError(f"{name}: row {at} is not a number; fill it in or leave the customer out.")
            product = product * numbers
        columns.append(product)
    return np.column_stack(columns)


def _logistic() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=1e6, max_iter=1000, tol=1e-8))


def _check_arm(left: np.ndarray, arm: int) -> None:
    if len(left) == 0 or left.min() == left.max():
        who = "called" if arm else "not called"
        raise TableError(f"Among those {who} a fold has only one outcome: use fewer folds or a larger test.")


def _flags(values: Any, name: str) -> np.ndarray:
    try:
        flags = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        flags = np.array([np.nan])
    if flags.ndim != 1 or (bad := ~np.isin(flags, (0, 1))).any():
        at = int(bad.argmax()) if flags.ndim == 1 else 0
        raise TableError(f"{name}: row {at} is neither 0 nor 1; write 1 for yes and 0 for no.")
    whole: np.ndarray = flags.astype(int)
    return whole
