"""Renewal under a contract: the shifted beta-geometric model (sBG)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from casebook.errors import TableError
from casebook.lifetime.fitting import FittedModel, Likelihood, climb

__all__ = ["ShiftedBetaGeometric"]


class ShiftedBetaGeometric(FittedModel):
    r"""Shifted beta-geometric model of renewal.

    At the end of each period a customer leaves with a probability of his own, θ ~ Beta(alpha, beta),
    always the same. The retention rate of a cohort rises all the same, because those who leave easily
    leave first.

    Parameters
    ----------
    level : float in (0, 1)
        Level of the intervals.

    Attributes
    ----------
    alpha_, beta_ : float
    standard_errors_ : dict of str to float
        They mean something only where numbers of customers, and not percentages, were fitted.
    loglik_ : float
    identified_ : bool

    Notes
    -----
    Source: Fader and Hardie (2007). S(t) = B(alpha, beta + t) / B(alpha, beta); retention
    r(t) = (beta + t - 1) / (alpha + beta + t - 1).

    Examples
    --------
    Of 1,000 customers, so many were left after each year:

    >>> model = ShiftedBetaGeometric().fit([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> round(model.alpha_, 3), round(model.beta_, 3)
    (0.668, 3.806)
    >>> model.survival([1, 12]).round(3).tolist()
    [0.851, 0.378]
    """

    _names = ("alpha", "beta")
    alpha_: float
    beta_: float

    def __init__(self, level: float = 0.95) -> None:
        self.level = level

    def fit(self, X: Any, y: Any = None) -> ShiftedBetaGeometric:  # noqa: ARG002
        """Fit to the customers left by period.

        Parameters
        ----------
        X : sequence of shape (n_periods + 1,), or several of them, or DataFrame with one column a cohort
            Customers, or percentages, alive at the start and after each period: never rising. Cohorts may
            have different lengths; in a DataFrame the periods still to come are missing.
        y : ignored

        Returns
        -------
        ShiftedBetaGeometric

        Raises
        ------
        TableError
            If a cohort rises, starts at 0, has fewer than two periods in all, or holds text.

        Warns
        -----
        IdentificationWarning
            If the data do not settle the parameters (for instance, nobody left).
        """
        lost, left = _counts(_cohorts(X))
        likelihood = _likelihood(lost, left)
        fit = climb(likelihood, [[1.0, 2.0], [0.5, 5.0], [10.0, 30.0], [100.0, 400.0]], self._names)
        self._seen = (lost, left)
        self._settle(fit, "Customers may all be alike: the retention rate is then the same in every period.")
        return self

    def _likelihood_seen(self) -> Likelihood:
        return _likelihood(*self._seen)

    def survival(self, t: Any) -> Any:
        """Share of a cohort that is left after `t` periods.

        Parameters
        ----------
        t : whole number, or array of them, at least 0

        Returns
        -------
        float, or array of the shape of t, from 0 to 1
        """
        from scipy.special import betaln

        check_is_fitted(self)
        periods = _periods(t, 0)
        share = np.exp(betaln(self.alpha_, self.beta_ + periods) - betaln(self.alpha_, self.beta_))
        return share if share.ndim else float(share)

    def retention(self, t: Any) -> Any:
        """Share of those still there before renewal `t` who renew (1 = the first renewal).

        Parameters
        ----------
        t : whole number, or array of them, at least 1

        Returns
        -------
        float, or array of the shape of t, from 0 to 1
        """
        check_is_fitted(self)
        periods = _periods(t, 1)
        rate = (self.beta_ + periods - 1) / (self.alpha_ + self.beta_ + periods - 1)
        return rate if rate.ndim else float(rate)

    def expected_payments(self, discount: float, *, renewals: int = 0) -> float:
        """Expected present value of one unit of money a period.

        Parameters
        ----------
        discount : float, at least 0
            Discount rate of a period.
        renewals : int, at least 0
            0: a new customer, first payment now (the sum of S(t) / (1 + d)^t from t = 0). n: a customer
            just before the n-th renewal, the payment at that renewal included (discounted expected
            residual lifetime).

        Returns
        -------
        float, multiples of the payment

        Raises
        ------
        TableError
            If discount is negative, or 0 where the sum has no end, or renewals is no whole number.
        """
        from scipy.special import hyp2f1

        check_is_fitted(self)
        if not (np.isfinite(discount) and discount >= 0):
            raise TableError(f"discount is a rate of at least 0 for a period, got {discount!r}.")
        n = int(_periods(renewals, 0))
        if not discount and self.alpha_ <= 1:
            raise TableError("Without a discount the sum has no end here: some customers stay for ever.")
        z = 1 / (1 + discount)
        a, b = self.alpha_, self.beta_
        if not n:
            return float(hyp2f1(1, b, a + b, z))
        return float((b + n - 1) / (a + b + n - 1) * hyp2f1(1, b + n, a + b + n, z))


def _cohorts(X: Any) -> list[np.ndarray]:
    if isinstance(X, pd.DataFrame):
        columns = [X[name].dropna().to_numpy(dtype=float) for name in X.columns]
    elif len(X) and np.ndim(X[0]):
        columns = [np.asarray(cohort, dtype=float) for cohort in X]
    else:
        columns = [np.asarray(X, dtype=float)]
    for i, alive in enumerate(columns, 1):
        if len(alive) < 2 or not np.isfinite(alive).all() or alive[0] <= 0 or (alive < 0).any():
            raise TableError(
                f"Cohort {i} needs the number at the start, above 0, and at least one later, without gaps."
            )
        if (np.diff(alive) > 0).any():
            at = int(np.flatnonzero(np.diff(alive) > 0)[0]) + 1
            raise TableError(f"Cohort {i} rises in period {at}: who has left cannot come back in this model.")
    if max(map(len, columns)) < 3:
        raise TableError("One period cannot tell how customers differ: give at least two.")
    return columns


def _counts(cohorts: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Customers lost in period 1, 2, …, and customers last seen alive after 0, 1, 2, … periods."""
    longest = max(map(len, cohorts))
    lost, left = np.zeros(longest - 1), np.zeros(longest)
    for alive in cohorts:
        lost[: len(alive) - 1] += -np.diff(alive)
        left[len(alive) - 1] += alive[-1]
    return lost, left


def _periods(t: Any, least: int) -> np.ndarray:
    periods = np.asarray(t, dtype=float)
    if not (np.isfinite(periods).all() and (periods >= least).all() and (periods == np.floor(periods)).all()):
        raise TableError(f"Periods are whole numbers of at least {least}, got {t!r}.")
    return periods


def _likelihood(lost: np.ndarray, left: np.ndarray) -> Any:
    """Sum of n(t) ln P(T = t) + n(alive) ln S(t), by alpha and beta."""
    from scipy.special import gammaln, polygamma, psi

    t, after = np.arange(1, len(lost) + 1), np.arange(len(left))
    # ln P(T = t) = ln B(a + 1, b + t - 1) - ln B(a, b), ln S(t) = ln B(a, b + t) - ln B(a, b)
    shift_a = np.concatenate([np.ones(len(lost)), np.zeros(len(left))])
    shift_b = np.concatenate([t - 1, after]).astype(float)
    n = np.concatenate([lost, left])

    def likelihood(p: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        a, b = p
        both, whole = a + shift_a + b + shift_b, a + b
        value = gammaln(a + shift_a) - gammaln(a) + gammaln(b + shift_b) - gammaln(b)
        value = value - gammaln(both) + gammaln(whole)
        common = -psi(both) + psi(whole)
        slope_a, slope_b = psi(a + shift_a) - psi(a) + common, psi(b + shift_b) - psi(b) + common
        bend = -polygamma(1, both) + polygamma(1, whole)
        bend_a = polygamma(1, a + shift_a) - polygamma(1, a) + bend
        bend_b = polygamma(1, b + shift_b) - polygamma(1, b) + bend
        second = np.array([[n @ bend_a, n @ bend], [n @ bend, n @ bend_b]])
        return float(n @ value), np.array([n @ slope_a, n @ slope_b]), second

    return likelihood
