"""What is an order worth? The gamma-gamma model of spend."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from casebook.errors import TableError
from casebook.lifetime.fitting import FittedModel, Likelihood, climb, unique_rows

__all__ = ["GammaGamma"]


class GammaGamma(FittedModel):
    r"""Gamma-gamma model of the value of an order.

    The orders of a customer vary around a mean of his own: each ~ Gamma(p, ν), ν ~ Gamma(q, gamma). The
    fewer his orders, the nearer the expected value is to that of everybody.

    Parameters
    ----------
    level : float in (0, 1)
        Level of the intervals.

    Attributes
    ----------
    p_, q_, gamma_ : float
        The parameters; gamma in money.
    standard_errors_ : dict of str to float
    loglik_ : float
    identified_ : bool
    n_customers_, n_dropped_ : int
        Customers fitted, and those left out because they have no repeat purchase.

    Notes
    -----
    Source: Fader and Hardie (2013), note 025. *Frequency* counts repeat purchases and *monetary_value*
    is the mean of their amounts, without the first purchase. The model takes the value of orders to
    have nothing to do with their number: look at the correlation first.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> nu = rng.gamma(4.0, 1 / 15, 4_000)
    >>> x = rng.integers(1, 9, 4_000)
    >>> table = pd.DataFrame({"frequency": x, "monetary_value": rng.gamma(6.0 * x) / (x * nu)})
    >>> model = GammaGamma().fit(table)
    >>> abs(model.q_ - 4) < 3 * model.standard_errors_["q"]
    True
    """

    _names = ("p", "q", "gamma")
    p_: float
    q_: float
    gamma_: float

    def __init__(self, level: float = 0.95) -> None:
        self.level = level

    def fit(self, X: pd.DataFrame, y: Any = None) -> GammaGamma:  # noqa: ARG002
        """Fit by maximum likelihood to the customers with a repeat purchase.

        Parameters
        ----------
        X : DataFrame of shape (n_customers, at least 2)
            `frequency` and `monetary_value` (money, above 0 where there is a repeat purchase).
        y : ignored

        Returns
        -------
        GammaGamma

        Raises
        ------
        TableError
            If a column is missing, nobody has a repeat purchase, or an amount is not above 0.

        Warns
        -----
        IdentificationWarning
            If the data do not settle the parameters.
        """
        again = _again(X)
        (x, m), n = unique_rows(again, ["frequency", "monetary_value"])
        likelihood = _likelihood(x, m, n.astype(float))
        middle = float(np.average(m, weights=n))
        starts = [
            [2.0, 3.0, middle],
            [6.0, 4.0, middle / 2],
            [1.0, 10.0, 5 * middle],
            [20.0, 2.0, middle / 5],
        ]
        fit = climb(likelihood, starts, self._names)
        self._seen = (x, m, n.astype(float))
        self.n_customers_, self.n_dropped_ = len(again), len(X) - len(again)
        self._settle(fit, "Orders may all be alike, or customers may.")
        return self

    def _likelihood_seen(self) -> Likelihood:
        return _likelihood(*self._seen)

    def expected_spend(self, X: pd.DataFrame | None = None) -> pd.Series | float:
        """Expected value of an order of each customer.

        Parameters
        ----------
        X : DataFrame, as for `fit`, optional
            Customers; one without a repeat purchase gets the mean of all. Without it, a new customer.

        Returns
        -------
        Series of shape (n_customers,), or float for a new customer; money

        Raises
        ------
        TableError
            If the mean of the model is endless (q at most 1).
        """
        check_is_fitted(self)
        if X is None:
            return float(self._mean(np.array([0.0]), np.array([0.0]))[0])
        _again(X)
        x = X["frequency"].to_numpy(dtype=float)
        m = np.where(x > 0, X["monetary_value"].to_numpy(dtype=float), 0.0)
        return pd.Series(self._mean(x, m), index=X.index, name="expected_spend")

    def _mean(self, x: np.ndarray, m: np.ndarray) -> np.ndarray:
        below = self.p_ * x + self.q_ - 1
        if (below <= 0).any():
            raise TableError(
                f"With q = {self.q_:.3g} the mean order of a customer without repeat purchases is endless: "
                "the spread between customers is too wide for this model."
            )
        return np.asarray(self.p_ * (self.gamma_ + m * x) / below)


def _again(X: pd.DataFrame) -> pd.DataFrame:
    """The customers with a repeat purchase, their amounts checked."""
    from casebook.frames import need_pandas

    need_pandas(X, ["frequency", "monetary_value"])
    again = X[X["frequency"] > 0]
    if not len(again):
        raise TableError("Nobody has a repeat purchase: the value of an order cannot be fitted.")
    poor = ~(again["monetary_value"] > 0)
    if poor.any():
        row = again.index[poor.to_numpy()][0]
        raise TableError(
            "monetary_value must be above 0 for customers with repeat purchases; "
            f"{int(poor.sum()):,} are not, the first in row {row!r}. Net returns first, or leave them out."
        )
    return again


def _likelihood(x: np.ndarray, m: np.ndarray, n: np.ndarray) -> Any:
    """The log-likelihood of the mean of x orders, with its derivatives by p, q, gamma."""
    from scipy.special import gammaln, polygamma, psi

    log_m, log_x, spent = np.log(m), np.log(x), m * x
    n_all = n.sum()
    values, at = np.unique(x, return_inverse=True)
    by_value = np.bincount(at, weights=n)

    def likelihood(parameters: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        p, q, gamma = parameters
        v = values
        log_all, over = np.log(gamma + spent), 1 / (gamma + spent)
        k = p * x + q
        value = (
            by_value @ (gammaln(p * v + q) - gammaln(p * v)) - n_all * gammaln(q) + n_all * q * np.log(gamma)
        )
        value += n @ ((p * x - 1) * log_m + p * x * log_x - k * log_all)
        both = psi(p * v + q)
        gradient = np.array([
            by_value @ (v * (both - psi(p * v))) + n @ (x * (log_m + log_x - log_all)),
            by_value @ both - n_all * psi(q) + n_all * np.log(gamma) - n @ log_all,
            n_all * q / gamma - n @ (k * over),
        ])  # fmt: skip
        bend = polygamma(1, p * v + q)
        second = np.empty((3, 3))
        second[0, 0] = by_value @ (v**2 * (bend - polygamma(1, p * v)))
        second[0, 1] = second[1, 0] = by_value @ (v * bend)
        second[0, 2] = second[2, 0] = -(n @ (x * over))
        second[1, 1] = by_value @ bend - n_all * polygamma(1, q)
        second[1, 2] = second[2, 1] = n_all / gamma - n @ over
        second[2, 2] = -n_all * q / gamma**2 + n @ (k * over**2)
        return float(value), gradient, second

    return likelihood
