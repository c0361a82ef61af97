"""The weighted evaluation form (评价表): one score for a firm, its band, and how firm that band is.

A form holds indicators from 0 to 100 points and weights that add to 1. The score is their weighted sum. The
source course takes firms of 70 to 80, refuses those below as too weak and those above 85 as too strong; what
lies between 80 and 85 it leaves open, and here it is called grey. All tables here stay small: pandas.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import check_values
from casebook.frames import name_rows, need_pandas, refuse_gaps, start

__all__ = [
    "BANDS",
    "INDICATORS",
    "LIMITS",
    "WEIGHTS",
    "band_stability",
    "evaluation_band",
    "evaluation_form",
    "form_indicators",
    "reading_noise",
    "weight_moves",
]

#: Weights of the four indicators that the source course names (it gives no weights: our convention).
WEIGHTS = {"finance": 0.3, "business_ability": 0.3, "cooperation": 0.2, "channel_ability": 0.2}
#: Which scores of a credit file stand for each indicator, as their mean (our convention).
INDICATORS = {
    "finance": ("capital", "collateral"),
    "business_ability": ("capacity",),
    "cooperation": ("character",),
    "channel_ability": ("condition", "continuity"),
}
#: Points: lowest and highest score that fit, and the score above which a firm is too strong (source course).
LIMITS = (70.0, 80.0, 85.0)
BANDS = ("too_weak", "fit", "grey", "too_strong")

_DIGITS = 9  #: scores are compared after rounding to so many decimals: 0.3 * 70 + … is 70.00000000000001


def form_indicators(
    files: pd.DataFrame, indicators: Mapping[str, Sequence[str]] = INDICATORS
) -> pd.DataFrame:
    """Work the indicators of the form out of the scores of a credit file.

    Parameters
    ----------
    files : DataFrame, one row per firm (and year)
        Scores of 0 to 100 points.
    indicators : mapping of indicator to the scores that stand for it
        An indicator is the plain mean of its scores. Default: `INDICATORS`, our convention.

    Returns
    -------
    DataFrame
        The table with one column more for each indicator (points, 0-100).

    Raises
    ------
    TableError
        If a score is missing, not a number, or outside 0 to 100.

    Examples
    --------
    >>> firm = pd.DataFrame({"character": [85.0], "capacity": [80.0], "capital": [80.0], "collateral": [86.0],
    ...                      "condition": [68.0], "continuity": [78.0]})
    >>> form_indicators(firm)[list(WEIGHTS)]
       finance  business_ability  cooperation  channel_ability
    0     83.0              80.0         85.0             73.0
    """
    scores = list(dict.fromkeys(score for of in indicators.values() for score in of))
    check_points(files, scores)
    return files.assign(**{name: files[list(of)].mean(axis=1) for name, of in indicators.items()})


def evaluation_band(
    score: pd.Series | Sequence[float] | np.ndarray,
    lo: float = LIMITS[0],
    hi: float = LIMITS[1],
    strong: float = LIMITS[2],
) -> pd.DataFrame:
    """Put scores into the bands of the form: too weak, fit, grey, too strong.

    Both ends of the fit belong to it; `strong` itself is not above `strong`, so it is grey.

    Parameters
    ----------
    score : array of shape (n_firms,), points from 0 to 100
    lo, hi, strong : float
        Points. Below `lo`: too weak. From `lo` to `hi`: fit. Above `hi`, up to `strong`: grey. Above
        `strong`: too strong.

    Returns
    -------
    DataFrame of shape (n_firms, 3)
        `score`, `band` and `reason`; the index of a Series is kept.

    Raises
    ------
    TableError
        If a score is missing, not a number or outside 0 to 100, or the limits do not rise.

    Notes
    -----
    Source: the source course prefers a composite of 70-80, calls firms below too weak, and firms above 85 too
    strong to be managed. It leaves 80-85 undefined; "grey: negotiate" is our convention, and so are the
    inclusive ends.

    Examples
    --------
    >>> evaluation_band([74.5, 63.5, 87.0, 82.5])[["score", "band"]]
       score        band
    0   74.5         fit
    1   63.5    too_weak
    2   87.0  too_strong
    3   82.5        grey
    >>> evaluation_band([70, 80, 85, 85.01])["band"].tolist()
    ['fit', 'fit', 'grey', 'too_strong']
    """
    lo, hi, strong = _check_limits(lo, hi, strong)
    try:
        made = pd.Series(score, name="score", dtype=float)
    except (TypeError, ValueError):
        raise TableError("Scores must be numbers, one for each firm, without gaps.") from None
    table = made.to_frame()
    check_points(table, ["score"])
    points = made.round(_DIGITS)
    low, mid, top = (f"{limit:g}" for limit in (lo, hi, strong))
    cases = [points < lo, points <= hi, points <= strong]
    reasons = [f"below {low}", f"from {low} to {mid}", f"above {mid}, up to {top}: negotiate"]
    return table.assign(
        band=np.select(cases, BANDS[:3], BANDS[3]), reason=np.select(cases, reasons, f"above {top}")
    )


def evaluation_form(
    table: pd.DataFrame,
    weights: Mapping[str, float] = WEIGHTS,
    *,
    lo: float = LIMITS[0],
    hi: float = LIMITS[1],
    strong: float = LIMITS[2],
) -> pd.DataFrame:
    """Fill in the form for each firm: the weighted score, its band, and why.

    Parameters
    ----------
    table : DataFrame, one row per firm
        A column of points (0-100) for each indicator.
    weights : mapping of indicator to weight
        Fractions that add to 1.
    lo, hi, strong
        As in `evaluation_band`.

    Returns
    -------
    DataFrame
        The table with `score` (points), `band` and `reason`.

    Raises
    ------
    TableError
        If a column is missing, a score is missing or outside 0 to 100, the weights do not add to 1, or the
        limits do not rise.

    See Also
    --------
    band_stability, weight_moves, casebook.plots.plot_evaluation

    Examples
    --------
    >>> firms = pd.DataFrame({"firm": list("ABCD"), "finance": [80, 60, 90, 85],
    ...     "business_ability": [75, 65, 90, 80], "cooperation": [70, 70, 85, 80],
    ...     "channel_ability": [70, 60, 80, 85]})
    >>> evaluation_form(firms)[["firm", "score", "band"]]
      firm  score        band
    0    A   74.5         fit
    1    B   63.5    too_weak
    2    C   87.0  too_strong
    3    D   82.5        grey
    """
    weights = check_weights(weights)
    check_points(table, list(weights))
    banded = evaluation_band(_score(table, weights), lo, hi, strong)
    return table.assign(score=banded["score"], band=banded["band"], reason=banded["reason"])


def reading_noise(
    readings: pd.DataFrame, column: str = "score", key: str = "customer_id", time: str = "year"
) -> pd.DataFrame:
    """Estimate by how many points a score differs when the same firm is read again.

    Two readings of one firm differ because the reading is rough, and because the firm has changed. If the
    firm changed, readings that lie further apart in time differ more. So the table has one row for each
    distance in time: where the differences do not grow with it, they are noise.

    Parameters
    ----------
    readings : DataFrame, one row per firm and time
    column : str
        The score (points).
    key, time : str
        The firm, and the whole number of the reading (a year).

    Returns
    -------
    DataFrame, one row per distance in time
        `apart` (in units of `time`), `pairs` (count), `changed` (mean difference, points), `difference` (root
        of the mean squared difference, points), `noise` (points: the difference over the root of two, the
        spread of one reading if nothing changed).

    Raises
    ------
    TableError
        If a column is missing or has gaps, a firm has two readings of one time, or none has two at all.

    Examples
    --------
    >>> twice = pd.DataFrame({"customer_id": list("aabb"), "year": [1, 2, 1, 2], "score": [70, 74, 80, 77]})
    >>> reading_noise(twice).round(2)
       apart  pairs  changed  difference  noise
    0      1      2      0.5        3.54    2.5
    """
    need_pandas(readings, [column, key, time])
    frame = start(readings, [column])
    check_values(frame, column, key)
    for name in (key, time):
        refuse_gaps(start(readings, [name]), name)
    twice = readings.duplicated([key, time])
    if twice.any():
        bad = readings[twice].iloc[0]
        raise TableError(
            f"{key}={bad[key]} has two rows for {time}={bad[time]}: keep one reading of each time."
        )
    pairs = readings.merge(readings, on=key, suffixes=("_1", "_2"))
    pairs = pairs[pairs[f"{time}_1"] < pairs[f"{time}_2"]]
    if pairs.empty:
        raise TableError(f"No {key} has two readings: noise shows only where somebody is read again.")
    apart = (pairs[f"{time}_2"] - pairs[f"{time}_1"]).rename("apart")
    gap = (pairs[f"{column}_2"] - pairs[f"{column}_1"]).astype(float)
    by = gap.groupby(apart)
    made = pd.DataFrame(
        {"pairs": by.size(), "changed": by.mean(), "difference": np.sqrt((gap**2).groupby(apart).mean())}
    )
    return made.assign(noise=made["difference"] / math.sqrt(2)).reset_index()


def band_stability(
    form: pd.DataFrame,
    noise: float,
    *,
    lo: float = LIMITS[0],
    hi: float = LIMITS[1],
    strong: float = LIMITS[2],
) -> pd.DataFrame:
    """How probable is each band, when a score is only known to so many points?

    Parameters
    ----------
    form : DataFrame, one row per firm
        With `score`, as `evaluation_form` returns it; its bands are made again with these limits.
    noise : float
        Points: the standard deviation of one reading. See `reading_noise`.
    lo, hi, strong
        As in `evaluation_band`.

    Returns
    -------
    DataFrame
        The table with `band`, `p_too_weak`, `p_fit`, `p_grey`, `p_too_strong` (shares, 0-1, adding to 1) and
        `stable`, the share of its own band.

    Raises
    ------
    TableError
        If the noise is not above zero, or as `evaluation_band`.

    Notes
    -----
    The firm's true score is taken as normal around the one that was read, with this spread. That leaves out
    what one knows of other firms: a very high reading is a little more often luck than a middling one.

    Examples
    --------
    >>> firms = pd.DataFrame({"firm": ["sure", "by a hair"], "score": [75.0, 69.8]})
    >>> band_stability(firms, noise=2.5)[["firm", "band", "p_fit", "stable"]].round(2)
            firm      band  p_fit  stable
    0       sure       fit   0.95    0.95
    1  by a hair  too_weak   0.47    0.53
    """
    if not (isinstance(noise, (int, float, np.number)) and math.isfinite(noise) and noise > 0):
        raise TableError(f"The noise of a reading must be a number of points above zero, got {noise!r}.")
    from scipy.special import ndtr

    need_pandas(form, ["score"])
    banded = evaluation_band(form["score"], lo, hi, strong)
    below = ndtr((np.array([[lo], [hi], [strong]]) - banded["score"].to_numpy()) / noise)
    parts = np.diff(np.vstack([np.zeros(len(form)), below, np.ones(len(form))]), axis=0)
    own = banded["band"].map(BANDS.index).to_numpy(dtype=int)
    chances = {f"p_{band}": part for band, part in zip(BANDS, parts, strict=True)}
    return form.assign(band=banded["band"], **chances, stable=parts[own, np.arange(len(form))])


def weight_moves(
    table: pd.DataFrame,
    weights: Mapping[str, float] = WEIGHTS,
    *,
    shift: float = 0.1,
    lo: float = LIMITS[0],
    hi: float = LIMITS[1],
    strong: float = LIMITS[2],
) -> pd.DataFrame:
    """Count who changes band when one weight is raised or lowered and the others make room in proportion.

    Parameters
    ----------
    table : DataFrame, one row per firm, with a column of points for each indicator
    weights : mapping of indicator to weight, adding to 1
    shift : float
        By how much a weight is moved, up and down (0.1: from .3 to .4, and to .2).
    lo, hi, strong
        As in `evaluation_band`.

    Returns
    -------
    DataFrame, two rows per indicator
        `indicator`, `weight` (the new one), `change` (count of firms in another band), `share` (of all, 0-1).

    Raises
    ------
    TableError
        If a moved weight would leave 0 to 1, or as `evaluation_form`.

    Examples
    --------
    >>> two = pd.DataFrame({"money": [80.0, 72.0], "skill": [59.0, 72.0]})
    >>> weight_moves(two, {"money": 0.5, "skill": 0.5})
      indicator  weight  change  share
    0     money     0.6       1    0.5
    1     money     0.4       0    0.0
    2     skill     0.6       0    0.0
    3     skill     0.4       1    0.5
    """
    weights = check_weights(weights)
    limits = {"lo": lo, "hi": hi, "strong": strong}
    usual = evaluation_form(table, weights, **limits)["band"]
    rows = []
    for name in weights:
        for by in (shift, -shift):
            other = moved_weights(weights, name, by)
            change = int((evaluation_form(table, other, **limits)["band"] != usual).sum())
            rows.append((name, other[name], change, change / len(table)))
    return pd.DataFrame(rows, columns=["indicator", "weight", "change", "share"])


def moved_weights(weights: Mapping[str, float], name: str, by: float) -> dict[str, float]:
    """Move one weight; the others keep their proportions and the sum stays 1.

    Parameters
    ----------
    weights : mapping of indicator to weight, adding to 1
    name : str
        The indicator whose weight is moved.
    by : float
        How far: 0.2 moves a weight of .3 to .5.

    Returns
    -------
    dict of indicator to weight (float, 0-1)

    Raises
    ------
    TableError
        If there is no such indicator, the weight would leave 0 to 1, or no other weight can make room.

    Examples
    --------
    >>> moved_weights({"a": 0.5, "b": 0.3, "c": 0.2}, "a", 0.1)
    {'a': 0.6, 'b': 0.24, 'c': 0.16}
    """
    if name not in weights:
        raise TableError(f"There is no indicator {name!r}; the form has {', '.join(map(str, weights))}.")
    new, rest = weights[name] + by, 1 - weights[name]
    if not 0 <= new <= 1 or rest <= 0:
        raise TableError(f"The weight of {name!r} is {weights[name]:g}; moved by {by:g} it leaves 0 to 1.")
    return {k: round(new if k == name else w * (1 - new) / rest, 12) for k, w in weights.items()}


def _score(table: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    return sum((table[name] * weight for name, weight in weights.items()), pd.Series(0.0, table.index)).round(
        _DIGITS
    )


def check_weights(weights: Mapping[str, float]) -> dict[str, float]:
    """Fractions that add to 1, or a TableError is raised."""
    given = dict(weights)
    values = list(given.values())
    fine = all(isinstance(w, (int, float, np.number)) and 0 <= w <= 1 for w in values)
    if not fine or not values or abs(sum(values) - 1) > 1e-9:
        total = f" (they add to {sum(values):g})" if fine and values else ""
        raise TableError(
            f"Weights must be fractions from 0 to 1 that add to 1{total}: {given}. Divide each by their sum."
        )
    return given


def _check_limits(lo: float, hi: float, strong: float) -> tuple[float, float, float]:
    limits: tuple[Any, ...] = (lo, hi, strong)
    fine = all(isinstance(x, (int, float, np.number)) and math.isfinite(x) for x in limits)
    if not fine or not 0 <= lo <= hi <= strong <= 100:
        raise TableError(
            f"The limits must rise from 0 to 100: lo <= hi <= strong; got lo={lo}, hi={hi}, strong={strong}."
        )
    return float(lo), float(hi), float(strong)


def check_points(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Scores of 0 to 100 points everywhere, or a TableError that names column and row."""
    need_pandas(table, list(columns))
    if table.empty:
        raise TableError("The table has no rows: there is nobody to evaluate.")
    for column in columns:
        cells = table[column]
        if pd.api.types.is_float_dtype(cells) and bool(cells.between(0, 100).all()):
            continue  # all is well, and an explorer asks many times a second
        frame = start(table, [column])
        check_values(frame, column)
        outside = (nw.col(column) < 0) | (nw.col(column) > 100)
        count = int(((table[column] < 0) | (table[column] > 100)).sum())
        if count:
            raise TableError(
                f"Column {column!r} is outside 0 to 100 points on {count:,} row{'s' if count > 1 else ''} "
                f"({name_rows(frame, outside, None, column)}): correct those scores, or rescale the column."
            )
