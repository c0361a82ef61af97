"""How good is a score? Does it rank the right people first, are its probabilities true, what is chance?

A *score* is any number that is higher for those in whom the event is likelier: a buyer, a default, a customer
who leaves. `y_true` says in whom it happened: 1 or True, else 0 or False. Rows with equal scores count as a
draw among themselves, so no figure here depends on the order of rows. For arrays and columns in memory.
"""

from __future__ import annotations

from typing import Any, SupportsFloat

import numpy as np
import pandas as pd

from casebook.errors import TableError

__all__ = [
    "auc",
    "auc_interval",
    "brier",
    "calibration_line",
    "calibration_table",
    "gain_table",
    "ks",
    "lift_at",
    "wilson_interval",
]

_BLOCK = 2_000_000  # cells of a block of bootstrap draws, so that memory stays flat


def auc(y_true: Any, score: Any) -> float:
    """Measure how well a score ranks: the chance that a random 1 stands above a random 0 (曲线下面积).

    Parameters
    ----------
    y_true : array of shape (n,), 0 or 1, both present
    score : array of shape (n,), any numbers; a tie counts one half

    Returns
    -------
    float from 0 to 1, no unit
        1 puts every 1 above every 0, 0.5 is a coin, below 0.5 the score points the wrong way.

    Raises
    ------
    TableError
        If lengths differ, a cell is missing, `y_true` holds other values than 0 and 1, or only one of them;
        or if both are pandas columns of the same rows in different orders.

    Notes
    -----
    Source: Hanley and McNeil (1982): the area under the ROC curve is the Mann-Whitney statistic over the
    number of pairs. The Gini coefficient of a scorecard is 2 · AUC - 1.

    Examples
    --------
    Of the four pairs of a 1 and a 0, three are in the right order:

    >>> auc([0, 1, 0, 1], [0.1, 0.4, 0.5, 0.8])
    0.75
    """
    ones, zeros = _by_score(*_read(y_true, score))
    return float(_area(ones, zeros))


def auc_interval(
    y_true: Any,
    score: Any,
    *,
    groups: Any = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int,
) -> tuple[float, float]:
    """Say how far the AUC may be off by chance: a percentile bootstrap interval.

    Parameters
    ----------
    y_true, score : arrays of shape (n,), as for `auc`
    groups : array of shape (n,), optional
        Who a row belongs to. Several rows of one customer are no independent news: whole groups are drawn.
    draws : int
        How often the rows (or groups) are drawn again, with replacement.
    level : float in (0, 1)
    seed : int

    Returns
    -------
    (low, high) : floats from 0 to 1

    Raises
    ------
    TableError
        As `auc`, if `draws` or `level` make no sense, or if no draw holds both a 1 and a 0.

    Notes
    -----
    Source: Efron (1979); drawing groups, the cluster bootstrap. Draws without a 1 or without a 0 have no AUC
    and are left out.

    Examples
    --------
    >>> y, s = [0, 1] * 50, [0.2, 0.6, 0.4, 0.5] * 25
    >>> low, high = auc_interval(y, s, seed=1)
    >>> low <= auc(y, s) <= high
    True
    """
    y, s = _read(y_true, score)
    _share(level, "level")
    _whole(draws, "draws")
    named = np.arange(len(y)) if groups is None else np.asarray(groups)
    if named.shape != y.shape or pd.isna(named).any():
        raise TableError("`groups` must name one group for each row, without gaps.")
    member = pd.factorize(named)[0]
    order = np.argsort(s, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(s[order]) != 0])
    size, rng = int(member.max()) + 1, np.random.default_rng(seed)
    found: list[np.ndarray] = []
    for block in _blocks(draws, len(y)):
        times = rng.multinomial(size, np.full(size, 1 / size), size=block)[:, member[order]]
        ones = np.add.reduceat(times * y[order], starts, axis=1)
        zeros = np.add.reduceat(times * (1 - y[order]), starts, axis=1)
        kept = (ones.sum(axis=1) > 0) & (zeros.sum(axis=1) > 0)
        found.append(_area(ones[kept], zeros[kept]))
    areas = np.concatenate(found)
    if not len(areas):
        raise TableError(f"None of {draws:,} draws held both a 1 and a 0: there are too few rows or groups.")
    low, high = np.quantile(areas, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def ks(y_true: Any, score: Any) -> float:
    """Measure the widest gap between the two groups: the Kolmogorov-Smirnov statistic (KS 值).

    Parameters
    ----------
    y_true, score : arrays of shape (n,), as for `auc`

    Returns
    -------
    float from 0 to 1, no unit
        The largest difference between the share of ones and the share of zeros above a score.

    Raises
    ------
    TableError
        As `auc`.

    Examples
    --------
    Above 0.3 stand both ones and one of the two zeros:

    >>> ks([0, 1, 0, 1], [0.1, 0.4, 0.5, 0.8])
    0.5
    """
    ones, zeros = _by_score(*_read(y_true, score))
    return float(np.abs(np.cumsum(ones) / ones.sum() - np.cumsum(zeros) / zeros.sum()).max())


def brier(y_true: Any, p: Any) -> float:
    """Measure how far probabilities are from what happened: the mean squared difference (Brier 得分).

    Parameters
    ----------
    y_true : array of shape (n,), 0 or 1
    p : array of shape (n,), probabilities from 0 to 1

    Returns
    -------
    float from 0 to 1, no unit; small is good, and always saying the base rate b gives b · (1 - b)

    Raises
    ------
    TableError
        As `auc`, or if a probability is outside 0 to 1. Here one kind of outcome is enough.

    Notes
    -----
    Source: Brier (1950), for two outcomes.

    Examples
    --------
    >>> round(brier([1, 0], [0.8, 0.4]), 2)
    0.1
    """
    y, chance = _read(y_true, p, both=False, chance=True)
    return float(np.mean((chance - y) ** 2))


def calibration_table(y_true: Any, p: Any, *, bins: int = 10) -> pd.DataFrame:
    """Set what was predicted beside what happened, in groups of about equal size (校准表).

    Parameters
    ----------
    y_true : array of shape (n,), 0 or 1
    p : array of shape (n,), probabilities from 0 to 1
    bins : int
        How many groups; equal probabilities stay together, so there may be fewer.

    Returns
    -------
    DataFrame of shape (at most bins, 6), lowest predictions first
        `bin` (1, 2, …), `n`, `predicted` (mean of p), `observed` (share of ones), `low`, `high` (95% Wilson
        interval of the observed share).

    Raises
    ------
    TableError
        As `brier`, or if `bins` is not a whole number of at least 1.

    Examples
    --------
    >>> calibration_table([0, 0, 1, 0, 1, 1], [0.1, 0.1, 0.2, 0.7, 0.8, 0.9], bins=2).round(2).iloc[:, :4]
       bin  n  predicted  observed
    0    1  3       0.13      0.33
    1    2  3       0.80      0.67
    """
    y, chance = _read(y_true, p, both=False, chance=True)
    edges = np.quantile(chance, np.arange(1, _whole(bins)) / bins, method="inverted_cdf")
    table = pd.DataFrame({"bin": np.searchsorted(np.unique(edges), chance, side="left"), "y": y, "p": chance})
    shown = table.groupby("bin").agg(n=("y", "size"), predicted=("p", "mean"), observed=("y", "mean"))
    ones = table.groupby("bin")["y"].sum()
    low, high = wilson_interval(ones.to_numpy(), shown["n"].to_numpy())
    shown = shown.assign(low=low, high=high).reset_index()
    return shown.assign(bin=np.arange(1, len(shown) + 1))


def calibration_line(y_true: Any, p: Any) -> tuple[float, float]:
    """Fit the recalibration line, log-odds of what happened = intercept + slope · log-odds predicted.

    Parameters
    ----------
    y_true : array of shape (n,), 0 or 1, both present
    p : array of shape (n,), probabilities strictly between 0 and 1

    Returns
    -------
    (intercept, slope) : floats
        (0, 1) is perfect. A slope below 1: the predictions are too extreme, as after overfitting.

    Raises
    ------
    TableError
        As `auc`, if a probability is 0 or 1, all are equal, or a cut of `p` tells all ones from all zeros:
        then no line is best.

    Notes
    -----
    Source: Cox (1958), logistic recalibration; fitted by maximum likelihood, without a penalty.

    Examples
    --------
    Predictions that are twice too far from even odds, on the scale of log-odds:

    >>> y = [1] * 3 + [0] * 1 + [1] * 1 + [0] * 3
    >>> intercept, slope = calibration_line(y, [0.9] * 4 + [0.1] * 4)
    >>> abs(round(intercept, 2)), round(slope, 2)
    (0.0, 0.5)
    """
    y, chance = _read(y_true, p, chance=True)
    if ((chance == 0) | (chance == 1)).any() or not np.ptp(chance):
        raise TableError("`p` must lie strictly between 0 and 1 and hold at least two different values.")
    ones, zeros = chance[y == 1], chance[y == 0]
    if ones.min() >= zeros.max() or zeros.min() >= ones.max():
        raise TableError(
            "`p` tells all ones from all zeros, so a steeper line is always better and none is best: more "
            "rows are needed."
        )
    from sklearn.linear_model import LogisticRegression  # late: few readers of this module need it

    odds = np.log(chance / (1 - chance)).reshape(-1, 1)
    line = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10).fit(odds, y)
    return float(line.intercept_[0]), float(line.coef_[0, 0])


def gain_table(y_true: Any, score: Any, *, bins: int = 10) -> pd.DataFrame:
    """Count how many of those sought are found when one starts with the highest scores (增益表).

    Parameters
    ----------
    y_true, score : arrays of shape (n,), as for `auc`
    bins : int
        How many groups of equal size; 10 gives deciles, the highest scores first.

    Returns
    -------
    DataFrame of shape (bins, 7)
        `bin` (1 = highest scores), `n`, `positives`, `rate` (positives / n), `lift` (rate over the rate of
        all), `depth` (share of all rows so far), `found` (share of all positives so far). Ties are shared out
        evenly, so `positives` may have decimals.

    Raises
    ------
    TableError
        As `auc`, or if there are more bins than rows.

    Examples
    --------
    >>> gain_table([1, 1, 0, 1, 0, 0, 0, 0], [8, 7, 6, 5, 4, 3, 2, 1], bins=4).round(2)
       bin  n  positives  rate  lift  depth  found
    0    1  2        2.0   1.0  2.67   0.25   0.67
    1    2  2        1.0   0.5  1.33   0.50   1.00
    2    3  2        0.0   0.0  0.00   0.75   1.00
    3    4  2        0.0   0.0  0.00   1.00   1.00
    """
    y, s = _read(y_true, score)
    if _whole(bins) > len(y):
        raise TableError(f"{bins} bins need at least as many rows; there are {len(y)}.")
    edges = np.round(len(y) * np.arange(bins + 1) / bins)
    found = _found(y, s, edges)
    n, positives = np.diff(edges).astype(int), np.diff(found)
    return pd.DataFrame(
        {
            "bin": np.arange(1, bins + 1),
            "n": n,
            "positives": positives,
            "rate": positives / n,
            "lift": positives / n / y.mean(),
            "depth": edges[1:] / len(y),
            "found": found[1:] / y.sum(),
        }
    )


def lift_at(y_true: Any, score: Any, *, depth: float = 0.1) -> float:
    """Say how much richer the top of the list is than the whole: the lift at a depth (提升度).

    Parameters
    ----------
    y_true, score : arrays of shape (n,), as for `auc`
    depth : float in (0, 1]
        The share of the list that is looked at, highest scores first; ties are shared out evenly.

    Returns
    -------
    float, no unit; 1 is no better than drawing names, 1 / (rate of all) the best possible

    Raises
    ------
    TableError
        As `auc`, or if `depth` is outside (0, 1].

    Notes
    -----
    Source: Neslin et al. (2006), top-decile lift.

    Examples
    --------
    >>> lift_at([1, 1, 0, 0, 0, 0, 1, 0, 0, 0], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], depth=0.2)
    3.3333333333333335
    """
    y, s = _read(y_true, score)
    if not isinstance(depth, SupportsFloat) or not 0 < float(depth) <= 1:
        raise TableError(f"`depth` is a share of the list, above 0 and at most 1; got {depth!r}.")
    found = _found(y, s, np.array([depth * len(y)]))[0]
    return float(found / (depth * len(y)) / y.mean())


def wilson_interval(successes: Any, n: Any, *, level: float = 0.95) -> tuple[Any, Any]:
    """Give the interval of a share from `successes` in `n` trials; good for small n and near 0 or 1.

    Parameters
    ----------
    successes : whole number, or array of shape (k,)
    n : whole number, or array of shape (k,), at least 1
    level : float in (0, 1)

    Returns
    -------
    (low, high) : floats, or arrays of shape (k,), from 0 to 1

    Raises
    ------
    TableError
        If successes are below 0 or above n, n is below 1, there are not as many of one as of the other, or
        `level` is outside (0, 1).

    Notes
    -----
    Source: Wilson (1927).

    Examples
    --------
    Two of ten, and none of ten (whose low end is 0, and whose high end is far from it):

    >>> low, high = wilson_interval([2, 0], [10, 10])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.057, 0.0], [0.51, 0.278])
    """
    from scipy.stats import norm

    try:
        k, of = np.broadcast_arrays(np.asarray(successes, dtype=float), np.asarray(n, dtype=float))
    except (TypeError, ValueError):
        raise TableError("`successes` and `n` must be numbers, as many of one as of the other.") from None
    if not ((of >= 1) & (k >= 0) & (k <= of) & np.isfinite(of)).all():  # a gap compares as False
        raise TableError("Each share needs n of at least 1 and successes from 0 to n, without gaps.")
    _share(level, "level")
    z = float(norm.ppf((1 + level) / 2))
    middle = (k + z**2 / 2) / (of + z**2)
    half = z / (of + z**2) * np.sqrt(k * (of - k) / of + z**2 / 4)
    low, high = np.clip(middle - half, 0, None), np.clip(middle + half, None, 1)
    low, high = np.where(k == 0, 0.0, low), np.where(k == of, 1.0, high)
    return (low, high) if low.ndim else (float(low), float(high))


# Steps ----------------------------------------------------------------------------------------------------


def _read(
    y_true: Any, score: Any, *, both: bool = True, chance: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Both columns as floats, checked."""
    y, s = _floats(y_true, "y_true"), _floats(score, "p" if chance else "score")
    if isinstance(y_true, pd.Series) and isinstance(score, pd.Series):
        here, there = y_true.index, score.index
        if (
            not here.equals(there)
            and len(here) == len(there)
            and here.sort_values().equals(there.sort_values())
        ):
            raise TableError(
                "`y_true` and the score hold the same rows in different orders: sort them alike."
            )
    if len(y) != len(s):
        raise TableError(f"`y_true` has {len(y):,} rows, the score {len(s):,}: give one score for each row.")
    if odd := sorted(set(np.unique(y)) - {0.0, 1.0}):
        raise TableError(f"`y_true` must hold 1 (it happened) and 0 (it did not); it holds {odd[0]:g}.")
    if both and (not y.any() or y.all()):
        raise TableError(
            f"All {len(y):,} rows have the same outcome, {y[0]:g}: there is nothing to tell apart."
        )
    if chance and ((s < 0) | (s > 1)).any():
        worst = s[(s < 0) | (s > 1)][0]
        raise TableError(f"`p` must be probabilities from 0 to 1; the first that is none is {worst:g}.")
    return y, s


def _floats(values: Any, name: str) -> np.ndarray:
    try:
        column = np.asarray(values, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise TableError(f"`{name}` must be numbers, one for each row, without gaps.") from None
    if column.ndim != 1 or not len(column):
        raise TableError(f"`{name}` must be one column of at least one number.")
    if not np.isfinite(column).all():
        row = int(np.flatnonzero(~np.isfinite(column))[0])
        raise TableError(f"`{name}` has no finite number in row {row}: fill it in or leave the row out.")
    return column


def _whole(number: int, name: str = "bins") -> int:
    if isinstance(number, bool) or not isinstance(number, (int, np.integer)) or number < 1:
        raise TableError(f"`{name}` must be a whole number of at least 1, got {number!r}.")
    return int(number)


def _share(number: float, name: str) -> None:
    if not isinstance(number, SupportsFloat) or not 0 < float(number) < 1:
        raise TableError(f"`{name}` is a probability between 0 and 1, such as 0.95; got {number!r}.")


def _by_score(y: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many ones and zeros stand at each different score, lowest first."""
    _, at = np.unique(s, return_inverse=True)
    return np.bincount(at, weights=y), np.bincount(at, weights=1 - y)


def _area(ones: np.ndarray, zeros: np.ndarray) -> np.ndarray:
    """The share of pairs in the right order, ties one half; along the last axis."""
    below = np.cumsum(zeros, axis=-1) - zeros / 2
    pairs = ones.sum(axis=-1, dtype=float) * zeros.sum(axis=-1)
    return np.asarray((ones * below).sum(axis=-1) / pairs)


def _found(y: np.ndarray, s: np.ndarray, depths: np.ndarray) -> np.ndarray:
    """Ones among the first so many rows, highest scores first; between ties the line is straight."""
    ones, zeros = _by_score(y, s)
    rows = np.r_[0, np.cumsum((ones + zeros)[::-1])]
    return np.interp(depths, rows, np.r_[0, np.cumsum(ones[::-1])])


def _blocks(draws: int, rows: int) -> list[int]:
    size = max(1, _BLOCK // max(1, rows))
    return [min(size, draws - start) for start in range(0, draws, size)]
