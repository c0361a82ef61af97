"""Still a customer? P(alive) by what was bought and how long ago, through a history, and after renewals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from casebook.days import as_day
from casebook.errors import TableError
from casebook.lifetime.summary import DAYS_IN

__all__ = ["alive_grid", "alive_path", "renewal_table"]


def alive_grid(
    model: Any,
    *,
    frequency: Sequence[int],
    recency: Sequence[float],
    T: float,
    t: float,
) -> pd.DataFrame:
    """P(alive) and purchases expected for every pair of repeat purchases and age at the last of them.

    Parameters
    ----------
    model : fitted BetaGeoNBD or ParetoNBD
    frequency : sequence of int, at least 1
        Repeat purchases.
    recency : sequence of float, above 0 and at most T
        Age at the last purchase, in the model's unit.
    T : float
        Age at the end of the time observed.
    t : float
        How far ahead purchases are expected.

    Returns
    -------
    DataFrame of shape (n_frequency * n_recency, 4)
        `frequency`, `recency`, `p_alive`, `expected`; sorted by both.

    Raises
    ------
    TableError
        If a pair is impossible, or a list is empty.

    Notes
    -----
    Source: Fader, Hardie and Lee (2005), iso-value curves. Of two customers with the same last purchase
    the one who bought *more* often may be worth *less*: his silence says more.

    Examples
    --------
    >>> from casebook.lifetime import BetaGeoNBD
    >>> model = BetaGeoNBD()
    >>> model.r_, model.alpha_, model.a_, model.b_ = 0.243, 4.414, 0.793, 2.426
    >>> alive_grid(model, frequency=[2, 9], recency=[20.0], T=38.86, t=39).round(2)
       frequency  recency  p_alive  expected
    0          2     20.0     0.54      0.92
    1          9     20.0     0.06      0.41
    """
    x, last = np.unique(np.asarray(frequency, dtype=float)), np.unique(np.asarray(recency, dtype=float))
    if not len(x) or not len(last):
        raise TableError("frequency and recency each need at least one value.")
    if x.min() < 1:
        raise TableError("frequency starts at 1: who never bought again has no last repeat purchase.")
    pairs = pd.DataFrame({"frequency": np.repeat(x, len(last)), "recency": np.tile(last, len(x))})
    pairs["T"] = float(T)
    made = pairs.assign(p_alive=model.p_alive(pairs), expected=model.expected_purchases(t, pairs))
    return made.drop(columns="T").astype({"frequency": int})


def alive_path(
    model: Any,
    days: Sequence[Any],
    *,
    end: str | dt.date,
    unit: str = "W",
) -> pd.DataFrame:
    """Follow P(alive) of one customer day by day, from the first purchase to the end.

    Parameters
    ----------
    model : fitted BetaGeoNBD or ParetoNBD
    days : sequence of days
        The customer's purchases, in any order; several on one day are one.
    end : day
        The last day to look at; not before the last purchase.
    unit : {"D", "W", "M", "Y"}
        The model's unit of time.

    Returns
    -------
    DataFrame of shape (n_days, 6)
        `day`, `bought` (whether on that day), `frequency`, `recency`, `T` (as known on that day), `p_alive`.

    Raises
    ------
    TableError
        If there is no purchase, one is no day or lies after the end, or the unit is unknown.

    Notes
    -----
    Each day uses only what was known then. By the BG/NBD a customer leaves, if at all, right after a
    purchase: so P(alive) drops a little at each purchase and falls during the silence after it.

    Examples
    --------
    >>> from casebook.lifetime import BetaGeoNBD
    >>> model = BetaGeoNBD()
    >>> model.r_, model.alpha_, model.a_, model.b_ = 0.243, 4.414, 0.793, 2.426
    >>> path = alive_path(model, ["2024-01-01", "2024-01-15"], end="2024-06-30")
    >>> path["p_alive"].iloc[[0, 14, -1]].round(2).tolist()
    [1.0, 0.75, 0.31]
    """
    if unit not in DAYS_IN:
        raise TableError(f"unit={unit!r} is no unit of time here; use one of {', '.join(DAYS_IN)}.")
    bought = sorted({as_day(day, "each purchase") for day in days})
    if not bought:
        raise TableError("The customer has no purchase: there is no path to follow.")
    last = as_day(end, "end")
    if bought[-1] > last:
        raise TableError(f"A purchase on {bought[-1]} lies after end={last}: leave it out or look later.")
    number = np.array([day.toordinal() for day in bought])
    every = np.arange(number[0], last.toordinal() + 1)
    frequency = np.searchsorted(number, every, side="right") - 1
    path = pd.DataFrame(
        {
            "day": pd.date_range(bought[0], last, freq="D").as_unit("us"),
            "bought": np.isin(every, number),
            "frequency": frequency,
            "recency": (number[frequency] - number[0]) / DAYS_IN[unit],
            "T": (every - number[0]) / DAYS_IN[unit],
        }
    )
    path["p_alive"] = 1.0
    if len(path) > 1:  # on the first day nothing is known yet
        path["p_alive"] = model.p_alive(path)
    return path


def renewal_table(model: Any, alive: Sequence[float], *, known: int) -> pd.DataFrame:
    """Set a cohort's survival and retention beside the sBG's, and beside one constant rate.

    Parameters
    ----------
    model : fitted ShiftedBetaGeometric
        Fitted to the first `known` renewals.
    alive : sequence of shape (n_periods + 1,)
        Customers (or percentages) left at the start and after each period.
    known : int
        Renewals that the model saw; the later ones are the holdout.

    Returns
    -------
    DataFrame of shape (n_periods, 7)
        `period`, `holdout`, `survival` (of those at the start, 0-1), `retention` (of those before),
        `survival_sbg`, `retention_sbg`, and `survival_constant`: what the mean retention of the known
        periods, the same for all, would leave.

    Raises
    ------
    TableError
        If there are fewer than two periods, a gap, a rise, a start of 0, or `known` is none of them.

    Notes
    -----
    Source: Fader and Hardie (2007). The constant rate is the geometric mean of the known periods: it ends
    where the data end, and goes wrong from there.

    Examples
    --------
    >>> from casebook.lifetime import ShiftedBetaGeometric
    >>> alive = [100, 60, 45, 38, 33]
    >>> model = ShiftedBetaGeometric().fit(alive[:3])
    >>> renewal_table(model, alive, known=2)[["survival", "survival_sbg", "survival_constant"]].round(2)
       survival  survival_sbg  survival_constant
    0      0.60          0.60               0.67
    1      0.45          0.45               0.45
    2      0.38          0.37               0.30
    3      0.33          0.32               0.20
    """
    left = np.asarray(alive, dtype=float)
    if left.ndim != 1 or len(left) < 3 or not np.isfinite(left).all() or left[0] <= 0:
        raise TableError("alive needs the number at the start, above 0, and two later ones, without gaps.")
    if (np.diff(left) > 0).any() or (left < 0).any():
        raise TableError("alive never rises and never falls below 0: who has left cannot come back here.")
    period = np.arange(1, len(left))
    if isinstance(known, bool) or known not in period:
        raise TableError(f"known must be a number of periods from 1 to {len(period)}, got {known!r}.")
    before = left[:-1]
    mean = (left[known] / left[0]) ** (1 / known)
    return pd.DataFrame(
        {
            "period": period,
            "holdout": period > known,
            "survival": left[1:] / left[0],
            "retention": np.divide(left[1:], before, out=np.full(len(before), np.nan), where=before > 0),
            "survival_sbg": model.survival(period),
            "retention_sbg": model.retention(period),
            "survival_constant": mean**period,
        }
    )
