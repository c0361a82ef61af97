"""Maximum likelihood for the lifetime models: unique rows with counts, parameters on a logarithmic scale.

A model hands in one function of its parameters that gives the log-likelihood, its gradient and its matrix of
second derivatives. Here they are turned to logarithms of the parameters, climbed by a trust-region
Newton method from a few starts, and the top is looked at: is it a top at all, or a ridge that runs on
for ever?
"""

from __future__ import annotations

import math
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from casebook.errors import TableError
from casebook.frames import need_pandas

__all__ = ["Fit", "FittedModel", "IdentificationWarning", "climb", "profile_interval", "unique_rows"]

Derivatives = tuple[float, np.ndarray, np.ndarray]
Likelihood = Callable[[np.ndarray], Derivatives]

#: How far a logarithm of a parameter may run before we call it boundless, and where we stop it.
FAR, EDGE = 10.0, 14.0
#: A direction along which the log-likelihood bends less than this (per unit of logarithm) is flat.
FLAT = 1e-2


class IdentificationWarning(UserWarning):
    """The data do not settle a parameter; the message says which, and what can be used all the same."""


@dataclass(frozen=True)
class Fit:
    """The top that was found.

    `parameters` and `loglik`; `covariance` of the *logarithms* of the parameters (nan where nothing settles
    them); `flat` names parameters that the data do not settle; `steps` counts evaluations.
    """

    parameters: np.ndarray
    loglik: float
    covariance: np.ndarray
    flat: tuple[str, ...] = ()
    steps: int = 0
    gradient: np.ndarray = field(default_factory=lambda: np.array([]))

    @property
    def standard_errors(self) -> np.ndarray:
        """Standard errors of the parameters, by the delta method."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.parameters * np.sqrt(np.diag(self.covariance)))


class FittedModel(BaseEstimator, ABC):
    """What the four models share: how a fit becomes attributes, and intervals of the parameters."""

    level: float
    _names: ClassVar[tuple[str, ...]]  #: of the parameters
    _fit: Fit

    @abstractmethod
    def _likelihood_seen(self) -> Likelihood:
        """The log-likelihood of the data that the model was fitted to."""

    def _settle(self, fit: Fit, meaning: str) -> None:
        """Keep the top as attributes, and warn where it is none."""
        self._fit = fit
        for name, value in zip(self._names, fit.parameters.tolist(), strict=True):
            setattr(self, f"{name}_", value)
        self.loglik_, self.identified_ = fit.loglik, not fit.flat
        self.standard_errors_ = dict(zip(self._names, fit.standard_errors.tolist(), strict=True))
        warn_if_flat(fit, meaning)

    def intervals(self) -> pd.DataFrame:
        """Give profile-likelihood intervals of the parameters.

        Returns
        -------
        DataFrame of shape (n_parameters, 4)
            Index: parameter; `estimate`, `standard_error`, `low`, `high` at the level of the model.
        """
        check_is_fitted(self)
        likelihood, fit = self._likelihood_seen(), self._fit
        ends = [profile_interval(likelihood, fit, i, level=self.level) for i in range(len(self._names))]
        low, high = zip(*ends, strict=True)
        table = {"estimate": fit.parameters, "standard_error": fit.standard_errors, "low": low, "high": high}
        return pd.DataFrame(table, index=pd.Index(self._names, name="parameter"))


def unique_rows(table: pd.DataFrame, columns: Sequence[str]) -> tuple[list[np.ndarray], np.ndarray]:
    """Collapse equal rows: the columns of the different ones as floats, and how often each stands there.

    Raises
    ------
    TableError
        If a column is missing, or holds a gap, text, or a negative number; the first bad row is named.

    Examples
    --------
    >>> table = pd.DataFrame({"frequency": [0, 2, 0], "T": [5.0, 7.0, 5.0]})
    >>> rows, counts = unique_rows(table, ["frequency", "T"])
    >>> [column.tolist() for column in rows], counts.tolist()
    ([[0.0, 2.0], [5.0, 7.0]], [2, 1])
    """
    need_pandas(table, columns)
    if not len(table):
        raise TableError("The table has no rows: there is nothing to fit.")
    arrays = []
    for column in columns:
        try:
            values = table[column].to_numpy(dtype=float)
        except (TypeError, ValueError):
            raise TableError(
                f"Column {column!r} does not hold numbers: turn it into numbers first."
            ) from None
        bad = ~(np.isfinite(values) & (values >= 0))
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            raise TableError(
                f"Column {column!r} must hold numbers of at least 0, without gaps; "
                f"row {table.index[row]!r} has {values[row]:g}."
            )
        arrays.append(values)
    order = np.lexsort(arrays[::-1])
    ordered = [values[order] for values in arrays]
    new = np.zeros(len(order), dtype=bool)
    new[0] = True
    for values in ordered:
        new[1:] |= values[1:] != values[:-1]
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, len(order)))
    return [values[starts] for values in ordered], counts


def climb(
    likelihood: Likelihood,
    starts: Sequence[Sequence[float]],
    names: Sequence[str],
) -> Fit:
    """Find the parameters (all above 0) with the highest log-likelihood.

    Parameters
    ----------
    likelihood : callable
        Takes the parameters; returns the log-likelihood, its gradient, and its second derivatives.
    starts : sequence of parameter vectors
        Where to begin; a later one is used when an earlier one does not lead to a top.
    names : sequence of str
        The parameters' names, for the message.

    Returns
    -------
    Fit

    Raises
    ------
    TableError
        If no start leads anywhere (which a finite likelihood never does).

    Warns
    -----
    IdentificationWarning
        If the top is a ridge: some parameters run on without end, or bend the likelihood nowhere.

    Examples
    --------
    An exponential waiting time, four seen with a mean of 2: the rate is 1/2.

    >>> def loglik(p):
    ...     rate, n, total = p[0], 4, 8.0
    ...     return n * np.log(rate) - rate * total, np.array([n / rate - total]), np.array([[-n / rate**2]])
    >>> found = climb(loglik, [[1.0]], ["rate"])
    >>> found.parameters.round(6).tolist(), found.standard_errors.round(3).tolist()
    ([0.5], [0.25])
    """
    best: tuple[np.ndarray, Derivatives] | None = None
    calls = 0
    for start in starts:
        with np.errstate(all="ignore"):
            top, found, steps = _ascend(partial(_in_logs, likelihood), np.log(np.asarray(start, dtype=float)))
        calls += steps
        value = found[0]
        if np.isfinite(value) and (best is None or value > best[1][0] + 1e-9 * abs(value)):
            best = (top, found)
        if best is not None and _is_top(best[1]):
            break
    if best is None:
        raise TableError("The likelihood is finite nowhere that we began: look for odd values.")
    return _look_at(*best, names, calls)


def _ascend(
    at: Callable[[np.ndarray], Derivatives], logs: np.ndarray, most: int = 200
) -> tuple[np.ndarray, Derivatives, int]:
    """Climb by Newton steps, turned uphill where the surface bends the wrong way, cut until they climb."""
    found = at(logs)
    steps = 1
    while steps < most and np.isfinite(found[0]):
        value = found[0]
        step = _uphill(logs, found[1], found[2])
        tried = at(logs + step)
        steps += 1
        while not tried[0] >= value and np.abs(step).max(initial=0.0) > 1e-9:
            step = step / 4
            tried = at(logs + step)
            steps += 1
        if not tried[0] >= value:
            break
        logs, found = logs + step, tried
        if tried[0] - value <= 1e-12 * abs(tried[0]) and np.abs(step).max(initial=0.0) < 1e-6:
            break
    return logs, found, steps


def _uphill(logs: np.ndarray, gradient: np.ndarray, second: np.ndarray) -> np.ndarray:
    """A Newton step of at most 2 within the edges; what stands at an edge and wants beyond it stays there."""
    if not math.isfinite(gradient.sum() + second.sum()):
        gradient, second = np.nan_to_num(gradient), np.nan_to_num(second)
    free, at_edge = np.ones(len(logs), dtype=bool), np.abs(logs) > EDGE - 1e-9
    while True:
        bend, axes = np.linalg.eigh(-second[free][:, free])
        step = np.zeros(len(logs))
        step[free] = axes @ ((axes.T @ gradient[free]) / np.maximum(np.abs(bend), 1e-4))
        beyond = free & at_edge & (step * logs > 0)
        if not beyond.any():
            break
        free &= ~beyond
    step *= min(1.0, 2.0 / max(float(np.abs(step).max(initial=0.0)), 1e-300))
    over = np.abs(logs + step) > EDGE
    room = EDGE - np.sign(step[over]) * logs[over]
    return np.asarray(step * (room / np.abs(step[over])).min(initial=1.0))


def _in_logs(likelihood: Likelihood, logs: np.ndarray) -> Derivatives:
    """Derivatives by the logarithms of the parameters, from those by the parameters."""
    p = np.exp(np.minimum(np.maximum(logs, -60), 60))
    value, gradient, second = likelihood(p)
    second = second * p * p[:, None]
    second.flat[:: len(p) + 1] += p * gradient
    return value, p * gradient, second


def _is_top(found: Derivatives) -> bool:
    """Whether it is a top on every side, and not the shoulder of a ridge."""
    value, gradient, second = found
    flat = np.abs(gradient).max() < 1e-5 * max(1.0, abs(value))
    return bool(flat and np.linalg.eigvalsh(-second).min() > FLAT)


def _look_at(logs: np.ndarray, found: Derivatives, names: Sequence[str], calls: int) -> Fit:
    """Say whether the top is one, and how sharp."""
    value, gradient, second = found
    bend, axes = np.linalg.eigh(-second)
    far = np.abs(logs) > FAR
    weak = np.abs(axes[:, bend < FLAT]).max(axis=1, initial=0.0) > 0.3
    flat = tuple(name for name, odd in zip(names, far | weak, strict=True) if odd)
    covariance = np.full_like(second, np.nan)
    if not flat and bend.min() > 0:
        covariance = np.linalg.inv(-second)
    return Fit(np.exp(logs), float(value), covariance, flat, calls, gradient)


def warn_if_flat(fit: Fit, meaning: str) -> None:
    """Warn in words when the data do not settle the parameters."""
    if fit.flat:
        many = len(fit.flat) > 1
        warnings.warn(
            f"The data do not settle {' and '.join(fit.flat)}: the likelihood is flat there, or rises "
            f"towards a boundary. {meaning} The parameter{'s' if many else ''} and standard errors mean "
            "nothing; predictions within the time observed can be used.",
            IdentificationWarning,
            stacklevel=4,  # who called `fit`
        )


def profile_interval(
    likelihood: Likelihood, fit: Fit, which: int, *, level: float = 0.95
) -> tuple[float, float]:
    """Find how far a parameter can move before the best log-likelihood falls too low.

    Parameters
    ----------
    likelihood : callable, as for `climb`
    fit : Fit
        The top.
    which : int
        The parameter's place.
    level : float in (0, 1)

    Returns
    -------
    (low, high) : floats; 0 or infinity where the likelihood never falls low enough

    Raises
    ------
    TableError
        If the level is no probability.

    Notes
    -----
    Profile likelihood (Cox and Oakes 1984): the other parameters are fitted again at each value. The ends
    are found to one part in ten thousand.

    Examples
    --------
    >>> def loglik(p):
    ...     rate, n, total = p[0], 4, 8.0
    ...     return n * np.log(rate) - rate * total, np.array([n / rate - total]), np.array([[-n / rate**2]])
    >>> low, high = profile_interval(loglik, climb(loglik, [[1.0]], ["rate"]), 0)
    >>> round(low, 3), round(high, 3)
    (0.155, 1.162)
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2

    if not 0 < level < 1:
        raise TableError(f"`level` is a probability between 0 and 1, such as 0.95; got {level!r}.")
    drop, top = chi2.ppf(level, 1) / 2, np.log(fit.parameters)
    guess = np.sqrt(fit.covariance[which, which]) if np.isfinite(fit.covariance).all() else 0.5
    ends = []
    for side in (-1.0, 1.0):
        others = np.delete(top, which)

        def short(distance: float, side: float = side) -> float:
            nonlocal others
            value, others = _best_others(likelihood, top[which] + side * distance, which, others)
            return fit.loglik - value - drop

        reach = 2.2 * guess
        while short(reach) < 0 and reach < 15:
            reach *= 1.7
        if reach >= 15:
            ends.append(0.0 if side < 0 else np.inf)
            continue
        others = np.delete(top, which)
        distance = brentq(short, 0.0, reach, xtol=1e-4)
        ends.append(float(np.exp(top[which] + side * distance)))
    return ends[0], ends[1]


def _best_others(
    likelihood: Likelihood, fixed: float, which: int, start: np.ndarray
) -> tuple[float, np.ndarray]:
    """The highest log-likelihood with one logarithm held fast, by damped Newton steps."""
    logs = start.copy()
    if not len(logs):
        return _in_logs(likelihood, np.array([fixed]))[0], logs

    def at(free: np.ndarray) -> Derivatives:
        value, gradient, second = _in_logs(likelihood, np.insert(free, which, fixed))
        keep = np.delete(np.arange(len(free) + 1), which)
        return value, gradient[keep], second[np.ix_(keep, keep)]

    with np.errstate(all="ignore"):
        top, found, _ = _ascend(at, logs, most=120)
    return float(found[0]), top
