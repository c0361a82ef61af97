"""Buying without a contract: how often, and is the customer still there? The BG/NBD model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from casebook.errors import TableError
from casebook.lifetime.fitting import FittedModel, Likelihood, climb
from casebook.lifetime.histories import Rows, histories, time_ahead

__all__ = ["BetaGeoNBD"]


class BetaGeoNBD(FittedModel):
    r"""Beta-geometric / negative binomial model of repeat buying (BG/NBD).

    While alive, a customer buys at a rate of his own, λ ~ Gamma(r, alpha); after each repeat purchase
    he leaves for good with a probability of his own, p ~ Beta(a, b).

    Parameters
    ----------
    level : float in (0, 1)
        Level of the intervals.

    Attributes
    ----------
    r_, alpha_, a_, b_ : float
        The parameters; alpha in the unit of time of the table, the others without unit.
    standard_errors_ : dict of str to float
        By parameter; missing (nan) where the data do not settle it.
    loglik_ : float
        The log-likelihood reached, in the usual form of the literature.
    identified_ : bool
        Whether the data settle all four parameters.
    n_customers_ : int

    Notes
    -----
    Source: Fader, Hardie and Lee (2005). *Frequency* is the number of repeat purchases, *recency* the
    time from the first purchase to the last (the customer's age at the last purchase, and not the days
    since), *T* the time from the first purchase to the end. By this model a customer who never bought
    again is alive with certainty. Customers whose first purchase is not in the data must stay out.

    Examples
    --------
    The parameters come back from 3,000 simulated customers:

    >>> from casebook.lifetime.simulate import simulate_bgnbd
    >>> table = simulate_bgnbd(3_000, r=0.6, alpha=3.0, a=0.8, b=2.5, T=52, seed=1)
    >>> model = BetaGeoNBD().fit(table)
    >>> abs(model.r_ - 0.6) < 3 * model.standard_errors_["r"]
    True
    """

    _names = ("r", "alpha", "a", "b")
    r_: float
    alpha_: float
    a_: float
    b_: float

    def __init__(self, level: float = 0.95) -> None:
        self.level = level

    def fit(self, X: pd.DataFrame, y: Any = None) -> BetaGeoNBD:  # noqa: ARG002
        """Fit by maximum likelihood on the different rows of `X`.

        Parameters
        ----------
        X : DataFrame of shape (n_customers, at least 3)
            `frequency`, `recency`, `T`, as `rfm_summary` gives them.
        y : ignored

        Returns
        -------
        BetaGeoNBD

        Raises
        ------
        TableError
            If a column is missing or a history is impossible.

        Warns
        -----
        IdentificationWarning
            If the data do not settle the parameters.
        """
        rows = histories(X)
        likelihood = _Likelihood(rows)
        fit = climb(likelihood, _starts(rows), self._names)
        self._rows = rows
        self.n_customers_ = int(rows.n.sum())
        self._settle(fit, "Customers may all be alike, or hardly anybody left (or stayed).")
        return self

    def _likelihood_seen(self) -> Likelihood:
        return _Likelihood(self._rows)

    def p_alive(self, X: pd.DataFrame) -> pd.Series:
        """Probability that each customer has not left, at the end of the time observed (活跃概率).

        Parameters
        ----------
        X : DataFrame, as for `fit`

        Returns
        -------
        Series of shape (n_customers,), from 0 to 1, index as `X`
        """
        check_is_fitted(self)
        x, recency, T = _columns(X)
        return pd.Series(1 / (1 + self._odds_of_leaving(x, recency, T)), index=X.index, name="p_alive")

    def expected_purchases(self, t: float, X: pd.DataFrame | None = None) -> pd.Series | float:
        """Expected number of purchases in the next `t` units of time.

        Parameters
        ----------
        t : float, at least 0, in the unit of time of the table
        X : DataFrame, as for `fit`, optional
            The customers; without it, a new customer just after the first purchase.

        Returns
        -------
        Series of shape (n_customers,), or float for a new customer

        Raises
        ------
        TableError
            If t is negative or missing.
        """
        check_is_fitted(self)
        ahead = time_ahead(t)
        r, alpha, b = self.r_, self.alpha_, self.b_
        a = (
            self.a_ if abs(self.a_ - 1) > 1e-6 else 1 + 1e-6
        )  # the formula is singular at a = 1, its limit is not
        if X is None:
            rest = _tail(r, b, a + b - 1, ahead / (alpha + ahead), r * np.log(alpha / (alpha + ahead)))
            return float((a + b - 1) / (a - 1) * (1 - rest))
        x, recency, T = _columns(X)
        power = (r + x) * np.log((alpha + T) / (alpha + T + ahead))
        rest = _tail(r + x, b + x, a + b + x - 1, ahead / (alpha + T + ahead), power)
        alive = (a + b + x - 1) / (a - 1) * (1 - rest)
        return pd.Series(
            alive / (1 + self._odds_of_leaving(x, recency, T)), index=X.index, name="expected_purchases"
        )

    def probability_of(self, n: int, t: float) -> float:
        """Probability that a new customer makes exactly `n` repeat purchases within `t`.

        Parameters
        ----------
        n : int, at least 0
        t : float, at least 0

        Returns
        -------
        float from 0 to 1

        Raises
        ------
        TableError
            If n or t is out of range.
        """
        check_is_fitted(self)
        if isinstance(n, bool) or n != int(n) or n < 0:
            raise TableError(f"n must be a whole number of at least 0, got {n!r}.")
        from scipy.special import betaln
        from scipy.stats import nbinom

        r, alpha, a, b, ahead = self.r_, self.alpha_, self.a_, self.b_, time_ahead(t)
        chance = alpha / (alpha + ahead)
        bought = nbinom.pmf(n, r, chance) * np.exp(betaln(a, b + n) - betaln(a, b))
        if not n:
            return float(bought)
        left = np.exp(betaln(a + 1, b + n - 1) - betaln(a, b)) * (1 - nbinom.cdf(n - 1, r, chance))
        return float(bought + left)

    def _odds_of_leaving(self, x: np.ndarray, recency: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Odds that the customer left just after the last purchase; none without a repeat purchase."""
        u = np.log(self.a_ / np.maximum(self.b_ + x - 1, 1e-300)) + (self.r_ + x) * np.log(
            (self.alpha_ + T) / (self.alpha_ + recency)
        )
        return np.where(x > 0, np.exp(np.clip(u, None, 700)), 0.0)


def _columns(X: pd.DataFrame) -> list[np.ndarray]:
    histories(X)  # the checks
    return [X[name].to_numpy(dtype=float) for name in ("frequency", "recency", "T")]


def _tail(first: Any, second: Any, third: Any, z: Any, log_power: Any) -> np.ndarray:
    """exp(log_power) · 2F1(first, second; third; z) for 0 ≤ z < 1, stable for heavy buyers.

    Euler's transformation 2F1(f, s; t; z) = (1-z)^(t-f-s) · 2F1(t-f, t-s; t; z) keeps the series from
    overflowing where f and s are large. Where f is much larger than t (customers nearly alike) the plain
    series is the stable one: all its terms are positive, and z is then small.
    """
    from scipy.special import hyp2f1

    first, second, third, z, log_power = np.broadcast_arrays(first, second, third, z, log_power)
    with np.errstate(all="ignore"):
        turned = np.exp(log_power + (third - first - second) * np.log1p(-z))
        turned = turned * hyp2f1(third - first, third - second, third, z)
        plain = np.exp(log_power) * hyp2f1(first, second, third, z)
    return np.where((first - third > 20) & np.isfinite(plain) | ~np.isfinite(turned), plain, turned)


def _starts(rows: Rows) -> list[list[float]]:
    """The middle of what is seen, then wider guesses."""
    time = float(np.average(rows.T, weights=rows.n))
    rate = max(float(np.average(rows.x, weights=rows.n)), 1e-3) / max(time, 1e-12)
    return [[0.5, 0.5 / rate, 1.0, 2.5], [2.0, 2.0 / rate, 0.5, 5.0], [0.1, 0.1 / rate, 2.0, 2.0],
            [10.0, 10.0 / rate, 0.1, 2.0]]  # fmt: skip


class _Likelihood:
    """The log-likelihood with two derivatives; special functions are worked out once for each number x."""

    def __init__(self, rows: Rows) -> None:
        self.x, self.T, self.n, self.again = rows.x, rows.T, rows.n, rows.x > 0
        self.values, at = np.unique(rows.x, return_inverse=True)
        self.weight = np.bincount(at, weights=rows.n)  # customers with each number of repeat purchases
        self.at, self.recency = at[self.again], rows.recency[self.again]
        self.some = self.values > 0
        self.x_again, self.n_again = rows.x[self.again], rows.n[self.again]
        self.all = float(rows.n.sum())

    def __call__(self, p: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Work out value, gradient and second derivatives at r, alpha, a, b."""
        from scipy.special import gammaln

        r, alpha, a, b = p
        log_T, over_T = np.log(alpha + self.T), 1 / (alpha + self.T)
        below = np.where(self.some, b + self.values - 1, 1.0)
        power = r + self.x_again
        gap = log_T[self.again] - np.log(alpha + self.recency)  # the silence, on the scale of logarithms
        u = np.log(a / below)[self.at] + power * gap
        soft = np.logaddexp(0, u)
        fixed = gammaln(r + self.values) - gammaln(r) + r * np.log(alpha)
        fixed = fixed + np.where(self.some, _betaln_ratio(a, b, self.values), 0.0)
        counted = self.n_again
        value = self.weight @ fixed - self.n @ ((r + self.x) * log_T) + counted @ soft
        w = np.exp(u - soft)  # probability of having left, of those who came back
        lean = power * (over_T[self.again] - 1 / (alpha + self.recency))
        known = (power, gap, lean, below, log_T, over_T, counted * w, counted * w * (1 - w))
        return float(value), self._gradient(p, *known), self._second(p, *known)

    def _gradient(self, p: np.ndarray, *known: np.ndarray) -> np.ndarray:
        from scipy.special import psi

        (r, alpha, a, b), (_, gap, lean, below, log_T, over_T, nw, _) = p, known
        both = np.where(self.some, psi(a + b + self.values) - psi(a + b), 0.0)
        stay = np.where(self.some, psi(b + self.values) - psi(b), 0.0)
        return np.array(
            [
                self.weight @ (psi(r + self.values) - psi(r) + np.log(alpha)) - self.n @ log_T + nw @ gap,
                self.all * r / alpha - self.n @ ((r + self.x) * over_T) + nw @ lean,
                nw.sum() / a - self.weight @ both,
                self.weight @ (stay - both) - self._by_x(nw) @ (1 / below),
            ]
        )

    def _second(self, p: np.ndarray, *known: np.ndarray) -> np.ndarray:
        from scipy.special import zeta  # the trigamma function is ζ(2, x)

        (r, alpha, a, b), (power, gap, lean, below, _, over_T, nw, nw2) = p, known
        slopes = np.stack([gap, lean, np.full_like(gap, 1 / a), -1 / below[self.at]])  # of u
        second = (slopes * nw2) @ slopes.T
        both = np.where(self.some, zeta(2, a + b) - zeta(2, a + b + self.values), 0.0)
        stay = np.where(self.some, zeta(2, b + self.values) - zeta(2, b), 0.0)
        cross = self.all / alpha - self.n @ over_T + nw @ (lean / power)
        bend_a, bend_T = 1 / (alpha + self.recency) ** 2, over_T[self.again] ** 2
        second[0, 0] += self.weight @ (zeta(2, r + self.values) - zeta(2, r))
        second[[0, 1], [1, 0]] += cross
        second[1, 1] += self.n @ ((r + self.x) * over_T**2) - self.all * r / alpha**2
        second[1, 1] += nw @ (power * (bend_a - bend_T))
        second[2, 2] += self.weight @ both - nw.sum() / a**2
        second[[2, 3], [3, 2]] += self.weight @ both
        second[3, 3] += self.weight @ (stay + both) + self._by_x(nw) @ (1 / below**2)
        return np.asarray(second)

    def _by_x(self, values: np.ndarray) -> np.ndarray:
        """Add up over the customers with each number of repeat purchases."""
        return np.bincount(self.at, weights=values, minlength=len(self.values))


def _betaln_ratio(a: float, b: float, x: np.ndarray) -> np.ndarray:
    """Ln B(a, b + x) - ln B(a, b)."""
    from scipy.special import gammaln

    return np.asarray(gammaln(b + x) - gammaln(b) - gammaln(a + b + x) + gammaln(a + b))
