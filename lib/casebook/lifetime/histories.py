"""What the purchase models read of a customer: repeat purchases, age at the last of them, age at the end."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.lifetime.fitting import unique_rows

__all__ = ["Rows", "histories", "time_ahead"]


class Rows(NamedTuple):
    """Different histories, and how many customers have each."""

    x: np.ndarray  #: repeat purchases
    recency: np.ndarray  #: from the first purchase to the last
    T: np.ndarray  #: from the first purchase to the end
    n: np.ndarray  #: customers


def histories(X: pd.DataFrame) -> Rows:
    """Collapse a summary to its different rows, and refuse impossible ones.

    Parameters
    ----------
    X : DataFrame of shape (n_customers, at least 3)
        `frequency`, `recency`, `T`.

    Returns
    -------
    Rows

    Raises
    ------
    TableError
        If a frequency is no whole number, a recency lies beyond T, a customer with repeat purchases has
        recency 0 or one without has more, or nobody was observed for any time.

    Examples
    --------
    >>> table = pd.DataFrame({"frequency": [0, 2], "recency": [0.0, 30.4], "T": [38.9, 38.9]})
    >>> histories(table).n.tolist()
    [1.0, 1.0]
    """
    (x, recency, T), n = unique_rows(X, ["frequency", "recency", "T"])
    rules = (
        (x != np.floor(x), "frequency must be a whole number of repeat purchases"),
        (recency > T * (1 + 1e-12), "recency (first to last purchase) cannot be longer than T"),
        ((x > 0) & (recency <= 0), "a customer with repeat purchases has a recency above 0"),
        ((x == 0) & (recency > 0), "a customer without a repeat purchase has recency 0, not the days since"),
    )
    for broken, rule in rules:
        if broken.any():
            i = int(np.flatnonzero(broken)[0])
            raise TableError(
                f"{int(n[broken].sum()):,} customers are impossible: {rule}; the first has "
                f"frequency {x[i]:g}, recency {recency[i]:g}, T {T[i]:g}."
            )
    if not T.any():
        raise TableError("T is 0 for everybody: nobody was observed for any time.")
    return Rows(x, recency, T, n.astype(float))


def time_ahead(t: Any) -> float:
    """Read a length of time; raises TableError if it is negative or missing.

    >>> time_ahead(39)
    39.0
    """
    try:
        ahead = float(t)
    except (TypeError, ValueError):
        ahead = math.nan
    if not (math.isfinite(ahead) and ahead >= 0):
        raise TableError(f"t must be a length of time of at least 0, got {t!r}.")
    return ahead
