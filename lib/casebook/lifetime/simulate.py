"""Customers drawn from the models themselves, to see whether a fit finds the parameters again."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["simulate_bgnbd", "simulate_pareto"]


def simulate_bgnbd(
    n: int, *, r: float, alpha: float, a: float, b: float, T: float | np.ndarray, seed: int
) -> pd.DataFrame:
    """Draw customers of the BG/NBD model, purchase by purchase.

    Parameters
    ----------
    n : int
        Customers.
    r, alpha, a, b : float
        The parameters.
    T : float, or array of shape (n,)
        How long each is observed after the first purchase.
    seed : int

    Returns
    -------
    DataFrame of shape (n, 3)
        `frequency`, `recency`, `T`.

    Examples
    --------
    >>> simulate_bgnbd(2, r=1, alpha=2, a=1, b=3, T=10, seed=1).columns.tolist()
    ['frequency', 'recency', 'T']
    """
    rng = np.random.default_rng(seed)
    observed = np.broadcast_to(np.asarray(T, dtype=float), (n,)).copy()
    rate = rng.gamma(r, 1 / alpha, n)
    leave = rng.beta(a, b, n)
    x, last = np.zeros(n, dtype=np.int64), np.zeros(n)
    buying, clock = np.arange(n), np.zeros(n)
    while len(buying):
        with np.errstate(divide="ignore"):
            clock[buying] += rng.exponential(1.0, len(buying)) / rate[buying]
        buying = buying[clock[buying] <= observed[buying]]
        x[buying] += 1
        last[buying] = clock[buying]
        buying = buying[rng.random(len(buying)) >= leave[buying]]
    return pd.DataFrame({"frequency": x, "recency": last, "T": observed})


def simulate_pareto(
    n: int, *, r: float, alpha: float, s: float, beta: float, T: float | np.ndarray, seed: int
) -> pd.DataFrame:
    """Draw customers of the Pareto/NBD model.

    Parameters
    ----------
    n : int
        Customers.
    r, alpha, s, beta : float
        The parameters.
    T : float, or array of shape (n,)
        How long each is observed after the first purchase.
    seed : int

    Returns
    -------
    DataFrame of shape (n, 3)
        `frequency`, `recency`, `T`.

    Examples
    --------
    >>> bool((simulate_pareto(50, r=1, alpha=2, s=1, beta=9, T=10, seed=1)["recency"] <= 10).all())
    True
    """
    rng = np.random.default_rng(seed)
    observed = np.broadcast_to(np.asarray(T, dtype=float), (n,)).copy()
    rate, leaving = rng.gamma(r, 1 / alpha, n), rng.gamma(s, 1 / beta, n)
    with np.errstate(divide="ignore"):
        life = np.minimum(rng.exponential(1.0, n) / leaving, observed)
    x = rng.poisson(rate * life)
    # The last of x points that lie at random in [0, life]: life times the x-th root of a random share.
    share = np.where(x > 0, rng.random(n) ** (1 / np.maximum(x, 1)), 0.0)
    return pd.DataFrame({"frequency": x, "recency": share * life, "T": observed})
