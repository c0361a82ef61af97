"""The gap in a market and who is let in: its size, what it pays back, a gate, what scarcity is worth.

Part of `positioning`, which has these names too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas, refuse_gaps, start
from casebook.prospecting_checks import plain

__all__ = ["ROLLS_ROYCE", "chain_ratio", "gate", "payback_years", "scale_scores", "scarcity_price"]

#: The gate of the Rolls-Royce story (source course): standing, and the car that goes with it.
ROLLS_ROYCE = {
    "royal": "银灵",
    "high_noble": "银灵",
    "lesser_noble": "银羽",
    "gentry": "银羽",
    "entrepreneur": "银影",
}


def chain_ratio(base: float, *ratios: float) -> float:
    """Size a market by a chain of shares: base x share x share … (连锁比率法).

    Parameters
    ----------
    base : float
        What the chain starts from, in its unit (people, RMB), 0 or more.
    *ratios : float
        Each the share of what is left before it (0-1).

    Returns
    -------
    float, in the unit of `base`

    Raises
    ------
    TableError
        If the base is below 0 or missing, no ratio is given, or one is outside 0 to 1.

    Notes
    -----
    Chain ratio is standard (Kotler & Keller, Marketing Management). Each share must be a share *of what the
    one before left*: the students among those who travel alone, not among all. One guess too high anywhere
    makes the end as much too high.

    Examples
    --------
    >>> round(chain_ratio(3_500_000, 0.10, 0.30, 0.01))
    1050
    """
    if not _is_number(base) or base < 0:
        raise TableError(f"base must be a number of 0 or more; got {base!r}.")
    if not ratios:
        raise TableError("chain_ratio needs at least one ratio, such as the share that travels alone.")
    for place, ratio in enumerate(ratios, start=1):
        if not _is_number(ratio) or not 0 <= ratio <= 1:
            raise TableError(
                f"Ratio {place} is {ratio!r}: each must be a share from 0 to 1 of what is left before it."
            )
    return float(base) * math.prod(float(ratio) for ratio in ratios)


def payback_years(capital: float, income: float) -> float:
    """Say in how many years an income brings the capital back, without interest.

    Parameters
    ----------
    capital : float
        What is put in, 0 or more.
    income : float
        What comes back a year, in the same currency, above 0.

    Returns
    -------
    float, years

    Raises
    ------
    TableError
        If the capital is below 0 or the income not above 0: then it never comes back.

    Examples
    --------
    >>> round(payback_years(10_000_000, 1050 * 8000), 2)
    1.19
    """
    if not _is_number(capital) or capital < 0:
        raise TableError(f"capital must be a number of 0 or more; got {capital!r}.")
    if not _is_number(income) or income <= 0:
        raise TableError(f"income must be above 0 a year, else the capital never comes back; got {income!r}.")
    return float(capital) / float(income)


def gate(
    applicants: pd.DataFrame,
    rules: Mapping[Any, str] | None = None,
    *,
    by: str = "class",
    rejected: str = "rejected",
) -> pd.DataFrame:
    """Let applicants through a gate by what they are, and turn away whoever is not on the list.

    Parameters
    ----------
    applicants : DataFrame, one row per applicant
    rules : mapping, optional
        What each value of `by` is offered. Default: `ROLLS_ROYCE`, the story of the source course.
    by : str
        Column that the gate looks at.
    rejected : str
        The label of those turned away.

    Returns
    -------
    DataFrame, in the order and with the index of `applicants`
        The table with `offer` and `reason`.

    Raises
    ------
    TableError
        If the column is missing or has gaps, or there is no rule.

    Notes
    -----
    Source: the source course tells it of Rolls-Royce; partly legend. Nothing here says that a gate is right.

    Examples
    --------
    >>> three = pd.DataFrame({"class": ["royal", "gentry", "rich_unknown"]})
    >>> gate(three)["offer"].tolist()
    ['银灵', '银羽', 'rejected']
    """
    rules = ROLLS_ROYCE if rules is None else rules
    if not rules:
        raise TableError("The gate has no rule, so it would turn everybody away: name who is let in.")
    refuse_gaps(start(need_pandas(applicants, [by]), [by], makes=("offer", "reason")), by)
    known = applicants[by].isin(list(rules)).to_numpy(dtype=bool)
    offer = [
        rules[value] if let_in else rejected for value, let_in in zip(applicants[by], known, strict=True)
    ]
    reason = [
        f"{by} {value} is on the list" if let_in else f"{by} {value} is not on the list"
        for value, let_in in zip(applicants[by], known, strict=True)
    ]
    return applicants.assign(offer=offer, reason=reason)


def scarcity_price(units: int, willing: Sequence[float] | pd.Series) -> float:
    """Say at which one price so many units are just sold out: what scarcity is worth, as a toy.

    Parameters
    ----------
    units : int
        How many are made, 1 or more.
    willing : sequence or Series of float
        The most that each would pay for one, 0 or more.

    Returns
    -------
    float
        What the last buyer served would pay; with more units than people, the lowest of all.

    Raises
    ------
    TableError
        If nothing is made, nobody would buy, or an amount is missing or below 0.

    Notes
    -----
    Our convention: one price for all, one unit each. Fewer units never lower the price.

    Examples
    --------
    >>> scarcity_price(2, [90, 40, 70, 10]), scarcity_price(4, [90, 40, 70, 10])
    (70.0, 10.0)
    """
    if isinstance(units, bool) or not isinstance(units, int | np.integer) or units < 1:
        raise TableError(f"units must be a whole number of 1 or more; got {units!r}.")
    amounts = np.sort(numbers_of(pd.Series(willing), "willing", low=0, high=math.inf))[::-1]
    return float(amounts[min(int(units), len(amounts)) - 1])


def scale_scores(values: pd.Series, *, low_is_best: bool = False) -> pd.Series:
    """Bring a measure to a scale from 0 (worst of those compared) to 100 (best).

    Parameters
    ----------
    values : Series of shape (n,)
        One value for each segment, or whatever is compared; two of them must differ.
    low_is_best : bool
        True for costs, hours and the like.

    Returns
    -------
    Series of float, with the index and name of `values`

    Raises
    ------
    TableError
        If a value is missing or no number, or all are alike.

    Notes
    -----
    Our convention, 100 x (value - lowest) / (highest - lowest). The scale is relative: the worst gets 0 even
    if it is good, and one segment more or less moves every score.

    Examples
    --------
    >>> scale_scores(pd.Series({"hotels": 2.0, "schools": 6.0, "offices": 3.0})).to_dict()
    {'hotels': 0.0, 'schools': 100.0, 'offices': 25.0}
    """
    numbers = numbers_of(values, "values", low=-math.inf, high=math.inf)
    low, high = numbers.min(), numbers.max()
    if not high > low:
        raise TableError(f"All {len(numbers)} values are {low:g}: there is no worst and no best to scale by.")
    share = (high - numbers if low_is_best else numbers - low) / (high - low)
    return pd.Series(100 * share, index=values.index, name=values.name)


def _is_number(value: object) -> bool:
    return (
        isinstance(value, int | float | np.number)
        and not isinstance(value, bool)
        and math.isfinite(float(value))
    )


def numbers_of(values: Any, name: str, *, low: float, high: float) -> np.ndarray:
    """The values as numbers; refuse what is missing, infinite or outside the limits, by row.

    >>> numbers_of(pd.Series([1, 2]), "tiers", low=1, high=3)
    array([1., 2.])
    """
    if not isinstance(values, pd.Series):
        raise TableError(f"{name} must be a pandas Series, one value a row; got {type(values).__name__}.")
    if values.empty:
        raise TableError(f"{name} has no rows: there is nothing to measure.")
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=math.nan)
    bad = ~(np.isfinite(numbers) & (numbers >= low) & (numbers <= high))
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        limits = "" if math.isinf(low) else f" from {low:g}" + ("" if math.isinf(high) else f" to {high:g}")
        raise TableError(
            f"{name} is {plain(values.iloc[row])!r} in row {plain(values.index[row])!r}: "
            f"a number{limits} is needed."
        )
    return numbers
