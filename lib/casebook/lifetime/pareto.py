"""Buying without a contract, leaving at any time: the Pareto/NBD model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from casebook.lifetime.fitting import FittedModel, Likelihood, climb
from casebook.lifetime.histories import Rows, histories, time_ahead

__all__ = ["ParetoNBD"]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)
DEEP = 40.0  #: on the scale of logarithms; what is lower adds nothing
_BLOCK = 250  # rows worked out at once: their nodes stay in the cache of the processor


class ParetoNBD(FittedModel):
    r"""Pareto / negative binomial model of repeat buying (Pareto/NBD).

    While alive, a customer buys at a rate of his own, λ ~ Gamma(r, alpha), and leaves at a rate of his own,
    μ ~ Gamma(s, beta), whether he has just bought or not.

    Parameters
    ----------
    level : float in (0, 1)
        Level of the intervals.

    Attributes
    ----------
    r_, alpha_, s_, beta_ : float
        The parameters; alpha and beta in the unit of time of the table.
    standard_errors_ : dict of str to float
    loglik_ : float
    identified_ : bool
    n_customers_ : int

    Notes
    -----
    Source: Schmittlein, Morrison and Colombo (1987); the likelihood as Fader and Hardie (2005) write
    it. The chance of having left during a silence is an integral; we take it by Gauss-Legendre
    quadrature in logarithms, on a scale on which the integrand is smooth, so that no history over- or
    underflows.

    Examples
    --------
    >>> from casebook.lifetime.simulate import simulate_pareto
    >>> table = simulate_pareto(3_000, r=0.6, alpha=10, s=0.6, beta=12, T=39, seed=1)
    >>> model = ParetoNBD().fit(table)
    >>> abs(model.r_ - 0.6) < 3 * model.standard_errors_["r"]
    True
    """

    _names = ("r", "alpha", "s", "beta")
    r_: float
    alpha_: float
    s_: float
    beta_: float

    def __init__(self, level: float = 0.95) -> None:
        self.level = level

    def fit(self, X: pd.DataFrame, y: Any = None) -> ParetoNBD:  # noqa: ARG002
        """Fit by maximum likelihood on the different rows of `X`.

        Parameters
        ----------
        X : DataFrame of shape (n_customers, at least 3)
            `frequency`, `recency`, `T`, as `rfm_summary` gives them.
        y : ignored

        Returns
        -------
        ParetoNBD

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
        likelihood = _likelihood(rows)
        time = float(np.average(rows.T, weights=rows.n))
        rate = max(float(np.average(rows.x, weights=rows.n)), 1e-3) / time
        starts = [
            [0.5, 0.5 / rate, 0.5, time / 2], [1.0, 1.0 / rate, 1.5, 3 * time],
            [3.0, 3.0 / rate, 0.3, time / 5], [0.1, 0.1 / rate, 1.0, time],
        ]  # fmt: skip
        fit = climb(likelihood, starts, self._names)
        self._rows = rows
        self.n_customers_ = int(rows.n.sum())
        self._settle(fit, "Customers may all be alike, or hardly anybody left.")
        return self

    def _likelihood_seen(self) -> Likelihood:
        return _likelihood(self._rows)

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
        histories(X)
        columns = [X[name].to_numpy(dtype=float) for name in ("frequency", "recency", "T")]
        parameters = np.array([self.r_, self.alpha_, self.s_, self.beta_])
        alive = np.concatenate([
            np.exp(stay - np.logaddexp(stay, gone))
            for stay, gone, *_ in _in_blocks(parameters, *columns)
        ])  # fmt: skip
        return pd.Series(alive, index=X.index, name="p_alive")

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
        if X is None:
            return float(self.r_ / self.alpha_ * self._time_alive(self.beta_, ahead, self.s_))
        x, T = (X[name].to_numpy(dtype=float) for name in ("frequency", "T"))
        alive = self.p_alive(X)
        bought = (self.r_ + x) / (self.alpha_ + T) * self._time_alive(self.beta_ + T, ahead, self.s_)
        return (alive * bought).rename("expected_purchases")

    @staticmethod
    def _time_alive(beta: Any, ahead: float, s: float) -> Any:
        """Expected time alive in the next `ahead`: beta/(s-1) · (1 - (beta/(beta+ahead))^(s-1))."""
        shrink = np.log(beta / (beta + ahead))
        power = (s - 1) * shrink
        return np.where(np.abs(power) < 1e-9, -beta * shrink, -beta * np.expm1(power) / (s - 1 + (s == 1)))


def _in_blocks(p: np.ndarray, x: np.ndarray, recency: np.ndarray, T: np.ndarray) -> Any:
    for start in range(0, len(x), _BLOCK):
        part = slice(start, start + _BLOCK)
        yield _terms(p, x[part], recency[part], T[part])


def _terms(p: np.ndarray, x: np.ndarray, recency: np.ndarray, T: np.ndarray) -> Any:
    """Logarithms of the two terms of the likelihood, still there and gone, and what their derivatives need.

    gone = s · ∫ (alpha + τ)^-(r+x) · (beta + τ)^-(s+1) dτ from recency to T. On the scale v = ln(m + τ),
    with m the smaller of alpha and beta, the logarithm of the integrand is smooth and bends one way only;
    we stop where it has fallen so far that the rest adds nothing.
    """
    r, alpha, s, beta = p
    base = min(alpha, beta)
    low, reach = np.log(base + recency), np.log((base + T) / (base + recency))

    def height(v: np.ndarray, rx: np.ndarray) -> np.ndarray:
        tau = np.exp(v) - base
        return -rx * np.log(alpha + tau) - (s + 1) * np.log(beta + tau) + v

    reach = _until_it_is_low(lambda far: height(low + far, r + x), reach)
    half = reach / 2
    v = low[:, None] + half[:, None] * (1 + _NODES)
    tau = np.clip(np.exp(v) - base, recency[:, None], T[:, None])
    log_a, log_b = np.log(alpha + tau), np.log(beta + tau)
    log_f = -(r + x)[:, None] * log_a - (s + 1) * log_b + v
    with np.errstate(divide="ignore"):
        pieces = log_f + np.log(half)[:, None] + np.log(_WEIGHTS)
    top = pieces.max(axis=1)
    safe = np.where(np.isfinite(top), top, 0.0)
    share = np.exp(pieces - safe[:, None])
    total = share.sum(axis=1)
    with np.errstate(divide="ignore"):
        gone = np.log(s) + safe + np.log(total)
    stay = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
    share = np.divide(share, total[:, None], out=np.zeros_like(share), where=total[:, None] > 0)
    return stay, gone, share, tau, log_a, log_b


def _until_it_is_low(height: Any, reach: np.ndarray) -> np.ndarray:
    """Cut the range where the integrand has fallen by DEEP; the fall grows with v, so halving finds it."""
    start = height(np.zeros_like(reach))
    inside, outside = np.zeros_like(reach), reach
    for _ in range(12):
        middle = (inside + outside) / 2
        low = start - height(middle) > DEEP
        inside, outside = np.where(low, inside, middle), np.where(low, middle, outside)
    return np.where(start - height(reach) > DEEP, outside, reach)


def _likelihood(rows: Rows) -> Any:
    """The log-likelihood, its gradient and second derivatives, all under the integral sign."""
    from scipy.special import gammaln, polygamma, psi

    values, at = np.unique(rows.x, return_inverse=True)
    weight = np.bincount(at, weights=rows.n)
    n_all = rows.n.sum()

    def likelihood(p: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        r, alpha, s, beta = p
        value = weight @ (gammaln(r + values) - gammaln(r)) + n_all * (r * np.log(alpha) + s * np.log(beta))
        gradient = np.array([
            weight @ (psi(r + values) - psi(r)) + n_all * np.log(alpha), n_all * r / alpha,
            n_all * np.log(beta), n_all * s / beta,
        ])  # fmt: skip
        second = np.zeros((4, 4))
        second[0, 0] = weight @ (polygamma(1, r + values) - polygamma(1, r))
        second[0, 1] = n_all / alpha
        second[1, 1] = -n_all * r / alpha**2
        second[2, 3] = n_all / beta
        second[3, 3] = -n_all * s / beta**2
        for start in range(0, len(rows.x), _BLOCK):
            part = slice(start, start + _BLOCK)
            found = _block(p, rows.x[part], rows.recency[part], rows.T[part], rows.n[part])
            value, gradient, second = value + found[0], gradient + found[1], second + found[2]
        return float(value), gradient, np.triu(second) + np.triu(second, 1).T

    return likelihood


def _block(
    p: np.ndarray, x: np.ndarray, recency: np.ndarray, T: np.ndarray, n: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """What a block of rows adds: ln(stay + gone), its slope and its bend (upper triangle)."""
    r, alpha, s, beta = p
    stay, gone, share, tau, log_a, log_b = _terms(p, x, recency, T)
    both = np.logaddexp(stay, gone)
    w = np.exp(gone - both)[:, None]  # probability of having left
    rx = (r + x)[:, None]
    over_a, over_b = 1 / (alpha + tau), 1 / (beta + tau)
    # Slopes of the logarithm of the integrand by r, alpha, s, beta at each node, then at T for who stays.
    nodes = [-log_a, -rx * over_a, 1 / s - log_b, -(s + 1) * over_b]
    end_a, end_b = 1 / (alpha + T)[:, None], 1 / (beta + T)[:, None]
    ends = [-np.log(alpha + T)[:, None], -rx * end_a, -np.log(beta + T)[:, None], -s * end_b]
    bends = {(0, 1): -over_a, (1, 1): rx * over_a**2, (2, 2): -1 / s**2 + 0 * tau, (2, 3): -over_b,
             (3, 3): (s + 1) * over_b**2}  # fmt: skip
    end_bends = {(0, 1): -end_a, (1, 1): rx * end_a**2, (2, 3): -end_b, (3, 3): s * end_b**2}
    mean = [(share * f).sum(axis=1, keepdims=True) for f in nodes]
    slope = [w * m + (1 - w) * e for m, e in zip(mean, ends, strict=True)]
    gradient = np.array([float(n @ f[:, 0]) for f in slope])
    second = np.zeros((4, 4))
    for i in range(4):
        for j in range(i, 4):
            inside = (share * (nodes[i] * nodes[j] + bends.get((i, j), 0.0))).sum(axis=1, keepdims=True)
            outside = ends[i] * ends[j] + end_bends.get((i, j), 0.0)
            second[i, j] = float(n @ (w * inside + (1 - w) * outside - slope[i] * slope[j])[:, 0])
    return float(n @ both), gradient, second
