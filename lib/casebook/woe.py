"""Weights of evidence: how much does each bin of a variable speak for good or for bad? (证据权重).

WoE of a bin = ln(its share of all goods / its share of all bads). Above zero the bin speaks for good. Many
programs print ln(bad / good) instead: the same number with the other sign (``sign="bad"``).
IV, the information value, adds (share of goods - share of bads) x WoE over the bins; it has no sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd

from casebook.errors import TableError

__all__ = ["MISSING", "OTHER", "bin_labels", "bin_of", "propose_breaks", "woe_table"]

Sign = Literal["good", "bad"]
Breaks = Sequence[Any]

MISSING = "missing"  #: the bin of those without a value
OTHER = "other"  #: text that no bin names


def woe_table(
    values: pd.Series,
    bad: Any,
    *,
    breaks: Breaks | None = None,
    special: Sequence[Any] = (),
    smoothing: float = 0.0,
    sign: Sign = "good",
) -> pd.DataFrame:
    """Count goods and bads in each bin of one variable, and weigh the evidence.

    Parameters
    ----------
    values : Series of shape (n_rows,)
        Numbers, text or flags; its name is that of the variable.
    bad : array of shape (n_rows,), 0 or 1
        1: bad (defaulted).
    breaks : sequence, optional
        For numbers: rising cuts; a bin holds its lower cut, not its upper. For text: groups of levels, such
        as ``[["a", "b"], ["c"]]``. Without it every level is a bin; numbers need breaks.
    special : sequence
        Values that mean something else than their size (-1: not asked): each gets a bin of its own.
    smoothing : float
        Rows added to the goods and to the bads of each bin. 0 is the textbook's WoE; it does not exist for a
        bin without a good or a bad one.
    sign : {"good", "bad"}
        ln(good share / bad share), or the reverse.

    Returns
    -------
    DataFrame, one row per bin that has rows: numbers rising, then specials, then missing
        `variable`, `bin`, `n`, `good`, `bad` (counts); `share`, `good_share`, `bad_share`, `bad_rate` (0-1);
        `woe`, `iv` (no unit).

    Raises
    ------
    TableError
        If lengths differ, an outcome is not 0 or 1, all are alike, breaks do not rise or do not fit the kind
        of variable, or a bin has no good or no bad and `smoothing` is 0.

    Notes
    -----
    Source: Siddiqi (2006), Credit Risk Scorecards. Missing values have a bin of their own: that somebody
    has no history is evidence too.

    Examples
    --------
    >>> age = pd.Series([20, 25, 30, 40, 50, None, None], name="age")
    >>> table = woe_table(age, [1, 0, 1, 0, 0, 1, 0], breaks=[30], smoothing=0.5)
    >>> table[["bin", "good", "bad", "bad_rate", "woe"]].round(2)
           bin  good  bad  bad_rate   woe
    0     < 30     1    1      0.50 -0.20
    1     ≥ 30     2    1      0.33  0.31
    2  missing     1    1      0.50 -0.20
    """
    y = outcomes(bad, len(values))
    if not np.isfinite(smoothing) or smoothing < 0:
        raise TableError(f"smoothing must be 0 or more rows; got {smoothing!r}.")
    if sign not in {"good", "bad"}:
        raise TableError(f"sign must be 'good' or 'bad', got {sign!r}.")
    codes, labels = bin_of(values, breaks, special)
    n = np.bincount(codes, minlength=len(labels))
    bads = np.bincount(codes, weights=y, minlength=len(labels)).astype(int)
    there = n > 0
    n, bads, names = n[there], bads[there], [b for b, here in zip(labels, there, strict=True) if here]
    goods = n - bads
    if smoothing == 0 and ((goods == 0) | (bads == 0)).any():
        at = int(np.argmax((goods == 0) | (bads == 0)))
        none = "bad" if bads[at] == 0 else "good"
        raise TableError(
            f"Bin {names[at]!r} of {values.name!r} has no {none} row among {n[at]:,}, so its weight of "
            "evidence is infinite: join it with a neighbour, or give smoothing=0.5."
        )
    good_share = (goods + smoothing) / (goods + smoothing).sum()
    bad_share = (bads + smoothing) / (bads + smoothing).sum()
    woe = np.log(good_share / bad_share)
    return pd.DataFrame({
        "variable": str(values.name), "bin": names, "n": n, "good": goods, "bad": bads, "share": n / n.sum(),
        "good_share": good_share, "bad_share": bad_share, "bad_rate": bads / n,
        "woe": woe if sign == "good" else -woe, "iv": (good_share - bad_share) * woe,
    })  # fmt: skip


def outcomes(bad: Any, rows: int) -> np.ndarray:
    """The outcomes as 0 and 1; refuses what is neither.

    >>> outcomes([True, False], 2).tolist()
    [1, 0]
    """
    y = np.asarray(bad)
    if len(y) != rows:
        raise TableError(f"{rows:,} values, but {len(y):,} outcomes.")
    if pd.isna(y).any() or not np.isin(y, [0, 1]).all():
        raise TableError("Outcomes must be 0 (good) or 1 (bad) on every row.")
    y = y.astype(int)
    if len(set(y.tolist())) < 2:
        raise TableError("All outcomes are alike: there is no evidence to weigh.")
    return y


def bin_labels(breaks: Breaks, *, numeric: bool) -> list[str]:
    """Name the bins of some breaks.

    Parameters
    ----------
    breaks : sequence
        As in `woe_table`.
    numeric : bool
        Whether they cut numbers (else: groups of levels).

    Returns
    -------
    list of str, one for each bin

    Examples
    --------
    Numbers first, then groups, as in the table that `woe_table` returns.

    >>> bin_labels([60, 70.5], numeric=True), bin_labels([["a", "b"], ["c"]], numeric=False)
    (['< 60', '60 to < 70.5', '≥ 70.5'], ['a or b', 'c'])
    """
    if not numeric:
        return [" or ".join(map(_word, _group(group))) for group in breaks]
    cuts = [f"{cut:g}" for cut in breaks]
    if not cuts:
        return ["any value"]
    between = [f"{a} to < {b}" for a, b in pairwise(cuts)]
    return [f"< {cuts[0]}", *between, f"≥ {cuts[-1]}"]


def bin_of(
    values: pd.Series, breaks: Breaks | None, special: Sequence[Any] = ()
) -> tuple[np.ndarray, list[str]]:
    """Say for each row in which bin it lies.

    Parameters
    ----------
    values : Series of shape (n_rows,)
    breaks, special
        As in `woe_table`.

    Returns
    -------
    codes : array of shape (n_rows,)
        Places in `labels`. Text that no group names falls into the bin "other".
    labels : list of str

    Raises
    ------
    TableError
        If numbers have no breaks, breaks do not rise, or a level stands in two groups.

    Examples
    --------
    >>> codes, labels = bin_of(pd.Series([1.0, 5.0, -1.0, None], name="x"), [3], special=[-1])
    >>> [labels[code] for code in codes]
    ['< 3', '≥ 3', 'special: -1', 'missing']
    """
    numeric = is_number(values)
    if breaks is None:
        if numeric:
            raise TableError(
                f"{values.name!r} holds numbers: give breaks, such as [60, 70], or propose_breaks."
            )
        breaks = [[level] for level in sorted(values.dropna().unique(), key=str) if level not in special]
    labels = bin_labels(breaks, numeric=numeric)
    regular = len(labels)
    labels = [*labels, *([] if numeric else [OTHER]), *(f"special: {_word(v)}" for v in special), MISSING]
    codes = _cut(values, breaks) if numeric else _match(values, breaks, regular)
    for at, value in enumerate(special):
        codes = np.where(
            (values == value).to_numpy(dtype=bool, na_value=False), regular + (not numeric) + at, codes
        )
    return np.where(values.isna().to_numpy(), len(labels) - 1, codes), labels


def _cut(values: pd.Series, breaks: Breaks) -> np.ndarray:
    cuts = np.asarray(breaks, dtype=float)
    if np.isnan(cuts).any() or (np.diff(cuts) <= 0).any():
        raise TableError(f"Breaks of {values.name!r} must rise; got {list(breaks)}.")
    return np.searchsorted(cuts, values.to_numpy(dtype=float, na_value=np.nan), side="right")


def _match(values: pd.Series, breaks: Breaks, other: int) -> np.ndarray:
    place: dict[Any, int] = {}
    for at, group in enumerate(breaks):
        for level in _group(group):
            if level in place:
                raise TableError(f"Level {level!r} of {values.name!r} stands in two groups.")
            place[level] = at
    return values.map(place).fillna(other).to_numpy(dtype=int)


def _group(group: Any) -> list[Any]:
    return [group] if isinstance(group, (str, bool, np.bool_)) else list(group)


def _word(level: Any) -> str:
    return {True: "yes", False: "no"}[bool(level)] if isinstance(level, (bool, np.bool_)) else str(level)


def is_number(values: pd.Series) -> bool:
    """Whether a column holds numbers (flags do not count: they are two levels).

    >>> is_number(pd.Series([1.5])), is_number(pd.Series([True])), is_number(pd.Series(["a"]))
    (True, False, False)
    """
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def propose_breaks(
    values: pd.Series, bad: Any, *, bins: int = 5, least: float = 0.05, special: Sequence[Any] = ()
) -> list[Any]:
    """Propose bins from the data: for numbers a small tree, for text levels joined by their bad rate.

    These bins have seen the outcomes. On the rows they were made from they look better than they are: make
    them inside each fold of a cross-validation, never before it.

    Parameters
    ----------
    values : Series
    bad : array, 0 or 1
    bins : int
        At most so many bins, specials and missing not counted.
    least : float
        The smallest share (0-1) of the rows that a bin of numbers, or a group of levels, may hold.
    special : sequence
        Values that have bins of their own.

    Returns
    -------
    list
        Breaks as `woe_table` takes them.

    Raises
    ------
    TableError
        If `bins` is below 2 or `least` is not between 0 and one half.

    Notes
    -----
    Numbers: scikit-learn's DecisionTreeClassifier with `bins` leaves. Text: levels in the order of their bad
    rates, neighbours joined until each group is large enough.

    Examples
    --------
    >>> propose_breaks(pd.Series([1.0, 2, 3, 4, 5, 6], name="x"), [1, 1, 1, 0, 0, 0], bins=2)
    [3.5]
    >>> level = pd.Series(["a", "b", "b", "c", "c", "c"], name="level")
    >>> propose_breaks(level, [1, 1, 0, 0, 0, 1], least=0.3)
    [['c'], ['b', 'a']]
    """
    if bins < 2 or not 0 <= least <= 0.5:
        raise TableError(f"bins must be 2 or more and least from 0 to .5; got {bins} and {least}.")
    y = outcomes(bad, len(values))
    known = (values.notna() & ~values.isin(list(special))).to_numpy()
    x, y = values[known], y[known]
    if is_number(values):
        from sklearn.tree import DecisionTreeClassifier

        tree = DecisionTreeClassifier(
            max_leaf_nodes=bins, min_samples_leaf=max(1, int(np.ceil(least * len(values)))), random_state=0
        ).fit(x.to_numpy(dtype=float).reshape(-1, 1), y)
        return sorted(float(t) for t in tree.tree_.threshold[tree.tree_.feature >= 0])
    return _joined(x, y, bins, least * len(values))


def _joined(x: pd.Series, y: np.ndarray, bins: int, least: float) -> list[list[Any]]:
    """Levels by rising bad rate, neighbours joined: first the small ones, then the most alike."""
    count = pd.DataFrame({"level": x.to_numpy(), "bad": y}).groupby("level")["bad"].agg(["size", "sum"])
    count["rate"] = count["sum"] / count["size"]
    count = count.sort_values("rate", kind="stable")
    groups = [
        ([level], int(n), int(b))
        for level, n, b in zip(count.index, count["size"], count["sum"], strict=True)
    ]
    while len(groups) > 1:
        sizes = [n for _, n, _ in groups]
        small = int(np.argmin(sizes))
        gaps = [abs(b2 / n2 - b1 / n1) for (_, n1, b1), (_, n2, b2) in pairwise(groups)]
        if sizes[small] < least:
            beside = [g for g in (small - 1, small) if 0 <= g < len(gaps)]
            at = min(beside, key=lambda g: gaps[g])
        elif len(groups) > bins:
            at = int(np.argmin(gaps))
        else:
            break
        (a, n1, b1), (b, n2, b2) = groups[at], groups[at + 1]
        groups[at : at + 2] = [([*a, *b], n1 + n2, b1 + b2)]
    return [levels for levels, _, _ in groups]
