"""Choose a distributor (经销商): three gates, eleven criteria, weights, and the weight that turns the choice.

The source course asks three things of a candidate first (character, management ability, finance), then scores
eleven points by their importance to the channel, adds them up and takes the highest: the scoring method
(评分法). It gives neither a scale nor weights. Here every score runs from 0 to 100 points, weights are
fractions that add to 1, and both are the user's to choose and to defend. Candidates are few: pandas only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.evaluation_form import check_points, check_weights, moved_weights
from casebook.frames import need_pandas, refuse_gaps, start
from casebook.weights import scores_of

__all__ = ["DEALER_CRITERIA", "GATES", "candidate_profile", "flip_weight", "gate_dealers", "score_dealers"]

#: The eleven points of choosing a dealer (选择经销商的要点), in the order of the source course.
DEALER_CRITERIA = {
    "market_range": "market range: does its market cover ours?",
    "reputation": "reputation among its customers and in the trade",
    "history": "history: years in the trade, and how they went",
    "cooperation": "willingness to co-operate",
    "products": "products handled: do they go with ours, or against them?",
    "finance": "financial position",
    "location": "advantage of location",
    "distribution": "distribution capability: outlets, lorries, people",
    "service": "service capability: fitting, repair, advice",
    "price": "price: does it hold to a sound price?",
    "social_relations": "social and public relations",
}
#: Points that a candidate must reach before it is scored at all (three gates: source course; 60: ours).
GATES = {"character": 60.0, "management": 60.0, "finance": 60.0}

_DIGITS = 9  #: totals are compared after rounding to so many decimals, so that a tie is a tie


def candidate_profile(
    df: pd.DataFrame | Mapping[str, Any],
    criteria: Sequence[str] = tuple(DEALER_CRITERIA),
    *,
    key: str = "candidate_id",
) -> pd.DataFrame:
    """Lay each candidate's scores beside the mean of all candidates: what stands out, and what does not?

    Parameters
    ----------
    df : DataFrame, one row per candidate, or a mapping of criterion to score for a single one
        Scores of 0 to 100 points. A mapping needs no `key`.
    criteria : sequence of str
        The scores that make the profile; the eleven of `DEALER_CRITERIA` by default.
    key : str
        The column that names the candidate.

    Returns
    -------
    DataFrame of shape (n_candidates x n_criteria, 5)
        `key`, `criterion`, `score`, `mean` (of all candidates) and `above` (score less mean), all in points;
        candidates in their order, criteria in the order given.

    Raises
    ------
    TableError
        If a criterion is missing (all that are missing are listed), a score is a gap, text or outside 0 to
        100, or a candidate has two rows.

    Notes
    -----
    Source: the eleven points stand in the source course; the scale of 0 to 100 is our convention.

    Examples
    --------
    >>> two = pd.DataFrame({"candidate_id": ["D1", "D2"], "service": [80, 60], "price": [70, 70]})
    >>> candidate_profile(two, ["service", "price"])
      candidate_id criterion  score  mean  above
    0           D1   service   80.0  70.0   10.0
    1           D1     price   70.0  70.0    0.0
    2           D2   service   60.0  70.0  -10.0
    3           D2     price   70.0  70.0    0.0
    """
    single = isinstance(df, Mapping)
    table = pd.DataFrame([{key: "candidate", **df}]) if isinstance(df, Mapping) else df
    if not single:
        need_pandas(table, [])
    names = list(criteria)
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise TableError(
            f"{len(missing)} of the {len(names)} criteria {'is' if len(missing) == 1 else 'are'} missing: "
            f"{', '.join(missing)}. Score every criterion, or name those you use in `criteria`."
        )
    _check_candidates(table, names, key)
    wide = table.set_index(key)[names].astype(float)
    mean = wide.mean().to_numpy()
    return pd.DataFrame(
        {
            key: np.repeat(wide.index, len(names)),
            "criterion": np.tile(names, len(wide)),
            "score": wide.to_numpy().ravel(),
            "mean": np.tile(mean, len(wide)),
            "above": (wide.to_numpy() - mean).ravel(),
        }
    )


def gate_dealers(
    df: pd.DataFrame, min_scores: Mapping[str, float] = GATES, *, key: str = "candidate_id"
) -> pd.DataFrame:
    """Let through whoever reaches every gate; no other strength makes up for one that is missed.

    Parameters
    ----------
    df : DataFrame, one row per candidate
        With `key` and a column of points (0-100) for each gate.
    min_scores : mapping of column to points
        What a candidate must reach in each; who has exactly so many points passes.
    key : str
        The column that names the candidate.

    Returns
    -------
    DataFrame
        The table, in its order, with `gate` ("pass" or "fail") and `reason`, which names every gate missed.

    Raises
    ------
    TableError
        If no gate is given, a least score is not from 0 to 100, a column is missing, a score is a gap, text
        or outside 0 to 100, or a candidate has two rows.

    Notes
    -----
    Source: the source course calls character and family situation, management ability and financial ability
    decisive. Sixty points each are our convention. "Family situation" is read as who owns the firm and who
    will follow: private life is nobody's score.

    Examples
    --------
    >>> three = pd.DataFrame({"candidate_id": ["D1", "D2", "D3"], "character": [75, 90, 60],
    ...                       "management": [80, 85, 60], "finance": [65, 55, 60]})
    >>> gate_dealers(three)[["candidate_id", "gate", "reason"]]
      candidate_id  gate               reason
    0           D1  pass    reaches all gates
    1           D2  fail  finance 55 below 60
    2           D3  pass    reaches all gates
    """
    if not isinstance(min_scores, Mapping) or not min_scores:
        raise TableError(f"Name each gate and its least score, such as {GATES}; got {min_scores!r}.")
    for name, least in min_scores.items():
        if not (isinstance(least, (int, float, np.number)) and 0 <= least <= 100):
            raise TableError(f"The gate of {name!r} must be from 0 to 100 points, got {least!r}.")
    _check_candidates(df, list(min_scores), key)
    missed = [
        "; ".join(
            f"{name} {score:g} below {least:g}"
            for (name, least), score in zip(min_scores.items(), row, strict=True)
            if score < least
        )
        for row in df[list(min_scores)].itertuples(index=False)
    ]
    return df.assign(
        gate=["fail" if why else "pass" for why in missed],
        reason=[why or "reaches all gates" for why in missed],
    )


def score_dealers(
    df: pd.DataFrame, weights: Mapping[str, float], *, key: str = "candidate_id"
) -> pd.DataFrame:
    """Add up each candidate's weighted scores, and rank them.

    Parameters
    ----------
    df : DataFrame, one row per candidate
        With `key` and a column of points (0-100) for each criterion that has a weight.
    weights : mapping of criterion to weight
        Fractions that add to 1, by importance to building the channel.
    key : str
        The column that names the candidate.

    Returns
    -------
    DataFrame, best first
        The table with `total` (points, 0-100) and `rank` (1 is best). Equal totals stand by name, rising.

    Raises
    ------
    TableError
        If the weights do not add to 1, a column is missing, a score is a gap, text or outside 0 to 100, or a
        candidate has two rows.

    See Also
    --------
    flip_weight, casebook.weights.weight_stability, casebook.plots.plot_two_weightings

    Notes
    -----
    Source: the scoring method (评分法) of the source course, which gives no weights: score each capability,
    weigh it, add up, take the highest.

    Examples
    --------
    >>> three = pd.DataFrame({"candidate_id": ["D1", "D2", "D3"], "distribution": [80, 90, 70],
    ...                       "service": [70, 60, 90], "finance": [90, 50, 80]})
    >>> score_dealers(three, {"distribution": 0.5, "service": 0.3, "finance": 0.2})[
    ...     ["candidate_id", "total", "rank"]]
      candidate_id  total  rank
    0           D1   79.0     1
    2           D3   78.0     2
    1           D2   73.0     3

    Weights a little different, another choice:

    >>> score_dealers(three, {"distribution": 0.4, "service": 0.4, "finance": 0.2})["candidate_id"].tolist()
    ['D3', 'D1', 'D2']
    """
    given = check_weights(weights)
    _check_candidates(df, list(given), key)
    total = scores_of(df, list(given)) @ np.array(list(given.values()), dtype=float)
    ranked = df.assign(total=total.round(_DIGITS)).sort_values(key, kind="stable")
    ranked = ranked.sort_values("total", ascending=False, kind="stable")
    return ranked.assign(rank=np.arange(1, len(ranked) + 1))


def flip_weight(
    df: pd.DataFrame,
    a: str,
    b: str,
    factor: str,
    *,
    weights: Mapping[str, float],
    key: str = "candidate_id",
) -> float:
    """At which weight of one criterion do two candidates change places?

    The other weights give way, or take up what is left, in proportion, so that all still add to 1.

    Parameters
    ----------
    df : DataFrame, one row per candidate
        With `key` and a column of points (0-100) for each criterion that has a weight.
    a, b : str
        The two candidates, in either order.
    factor : str
        The criterion whose weight is moved.
    weights : mapping of criterion to weight
        Fractions that add to 1: where the move starts.
    key : str
        The column that names the candidate.

    Returns
    -------
    float
        The weight of `factor` (0-1) at which both totals are equal; `nan` if no weight from 0 to 1 makes them
        so, or if they are equal at every weight.

    Raises
    ------
    TableError
        If a candidate is not in the table or both are the same, there is no such criterion, its weight is 1
        (no other weight could take its place), or as `score_dealers`.

    Notes
    -----
    With d the lead of `a` on the criterion, and r its lead on all others by their own proportions, the lead
    at weight w is w d + (1 - w) r. It is zero at w = r / (r - d).

    Examples
    --------
    >>> three = pd.DataFrame({"candidate_id": ["D1", "D2", "D3"], "distribution": [80, 90, 70],
    ...                       "service": [70, 60, 90], "finance": [90, 50, 80]})
    >>> weights = {"distribution": 0.5, "service": 0.3, "finance": 0.2}
    >>> round(flip_weight(three, "D1", "D3", "distribution", weights=weights), 3)
    0.444
    >>> flip_weight(three, "D1", "D2", "finance", weights={**weights, "distribution": 0.3, "service": 0.5})
    nan
    """
    given = check_weights(weights)
    _check_candidates(df, list(given), key)
    absent = [name for name in (a, b) if name not in set(df[key])]
    if absent or a == b:
        why = f"There is no candidate {absent[0]!r}" if absent else f"{a!r} is named twice"
        raise TableError(f"{why}: name two candidates of column {key!r}.")
    if factor in given and given[factor] == 1:
        raise TableError(f"{factor!r} has all the weight: no other weight could take up what it gives.")
    others = moved_weights(given, factor, -given.get(factor, 0))
    scores = dict(zip(df[key], scores_of(df, list(given)), strict=True))
    lead = dict(zip(given, (scores[a] - scores[b]).tolist(), strict=True))
    on_factor, on_others = lead[factor], sum(lead[name] * w for name, w in others.items())
    if abs(on_others - on_factor) < 10**-_DIGITS:
        return float("nan")
    flip = round(on_others / (on_others - on_factor), _DIGITS)
    return flip if 0 <= flip <= 1 else float("nan")


def _check_candidates(df: pd.DataFrame, columns: list[str], key: str) -> None:
    """Points in every column and one row a candidate, or a TableError that says where not."""
    need_pandas(df, [key, *columns])
    refuse_gaps(start(df, [key]), key)
    twice = df[key].duplicated()
    if twice.any():
        raise TableError(f"Candidate {df.loc[twice, key].iloc[0]!r} has two rows: keep one of them.")
    check_points(df, columns)
