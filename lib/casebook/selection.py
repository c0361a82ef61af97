"""Select customers: score the good, and choose the segments to serve.

Both work on a small table with one row a customer or segment (pandas). The rest of the topic stands in
modules of its own and can be called from here as well, so that a lesson needs one import: how unequal
customers are (`concentration`), the signs of a bad or a risky one (`warning_signs`), how firm a weighted
choice is (`weights`), what to do about losers (`remedies`), whom to serve within a budget (`portfolio`), and
the two sheets to fill in (`sheets`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from casebook.concentration import (
    Sherden,
    customers_for_share,
    hhi,
    loss_by_size,
    sherden,
    top_share,
    value_class,
    whale_curve,
)
from casebook.errors import TableError
from casebook.frames import need_pandas, start
from casebook.portfolio import choose_accounts, growth_decomposition, years_to_overtake
from casebook.remedies import SAVED, SERVICE_COSTS, compare_remedies
from casebook.sheets import FACTORS, PROFILE, FactorSheet, factor_sheet, profile_completeness
from casebook.warning_signs import BAD_RULES, LARGE_LIMITS, bad_flags, large_customer_risk
from casebook.weights import check_weights, scores_of, weight_stability

__all__ = [
    "BAD_RULES",
    "FACTORS",
    "GOOD_CRITERIA",
    "LARGE_LIMITS",
    "PROFILE",
    "SAVED",
    "SERVICE_COSTS",
    "FactorSheet",
    "Sherden",
    "bad_flags",
    "choose_accounts",
    "compare_remedies",
    "customers_for_share",
    "factor_sheet",
    "good_customer_score",
    "growth_decomposition",
    "hhi",
    "large_customer_risk",
    "loss_by_size",
    "profile_completeness",
    "segment_score",
    "sherden",
    "top_share",
    "value_class",
    "weight_stability",
    "whale_curve",
    "years_to_overtake",
]

#: The six criteria of a good customer (source course), in its order: buys much, and what earns; ensures
#: profit and pays; costs little to serve; is a low risk; lets us do what we are good at and teaches us;
#: co-operates.
GOOD_CRITERIA = ("buys", "pays", "light", "safe", "teaches", "cooperates")


def good_customer_score(
    customers: pd.DataFrame,
    weights: Sequence[float] | Mapping[str, float] | None = None,
    *,
    criteria: Sequence[str] = GOOD_CRITERIA,
) -> pd.DataFrame:
    """Score customers by the criteria of a good customer (好客户): a weighted mean, and the weakest point.

    Parameters
    ----------
    customers : DataFrame, one row per customer
        The criteria, each 0 (bad) to 100 (good). How to measure them is up to the firm.
    weights : sequence in the order of `criteria`, or mapping by criterion, optional
        None below zero; divided by their sum. Equal weights if none are given.
    criteria : sequence of str
        Columns to weigh. Default: the six of the source course.

    Returns
    -------
    DataFrame, in the order and with the index of `customers`
        The table with ``total`` (0-100), ``weakest`` (the criterion with the lowest score, the first of
        several) and ``weakest_score``. A mean lets one good point pay for a bad one: read both.

    Raises
    ------
    TableError
        If a criterion is missing or has gaps, a score is outside 0-100, or the weights do not fit.

    Notes
    -----
    Source: the source course has these six in one deck and four in another, without a measure for any.
    The scale and the mean are our convention.

    See Also
    --------
    weight_stability : how often a customer stays chosen when the weights are shaken.

    Examples
    --------
    >>> three = pd.DataFrame([(90, 80, 70, 80, 60, 70), (95, 30, 20, 40, 50, 35), (40, 90, 90, 80, 70, 80)],
    ...                      columns=GOOD_CRITERIA, index=["C1", "C2", "C3"])
    >>> good_customer_score(three)[["total", "weakest"]]
        total  weakest
    C1   75.0  teaches
    C2   45.0    light
    C3   75.0     buys
    """
    start(need_pandas(customers, criteria), criteria, makes=("total", "weakest", "weakest_score"))
    scores = scores_of(customers, criteria)
    outside = ~((scores >= 0) & (scores <= 100))
    if outside.any():
        row, column = (int(at[0]) for at in np.nonzero(outside))
        raise TableError(
            f"Score {scores[row, column]:g} in column {criteria[column]!r}, row {customers.index[row]!r}, is "
            "outside 0 to 100: bring every criterion to that scale first."
        )
    total = scores @ check_weights(weights, criteria)
    worst = scores.argmin(axis=1)
    return customers.assign(
        total=total.round(10),
        weakest=np.array(criteria, dtype=object)[worst],
        weakest_score=scores[np.arange(len(scores)), worst],
    )


def segment_score(
    segments: pd.DataFrame,
    weights: Sequence[float] | Mapping[str, float] = (0.4, 0.3, 0.3),
    *,
    criteria: Sequence[str] = ("profit", "potential", "trend"),
    fit: str | None = None,
    cut: float = 70.0,
) -> pd.DataFrame:
    """Score segments by attractiveness, and choose the target segments (目标客户).

    Parameters
    ----------
    segments : DataFrame, one row per segment
        The criteria and the fit, each 0-100.
    weights : sequence in the order of `criteria`, or mapping by criterion
        Divided by their sum. Default .4, .3, .3 (our convention).
    criteria : sequence of str
        Profit level, demand potential and trend, as the source course lists them.
    fit : str, optional
        Column that says how well the segment suits the firm. Without it only attractiveness counts.
    cut : float
        A target reaches it in attractiveness, and in fit if there is one.

    Returns
    -------
    DataFrame, in the order and with the index of `segments`
        The table with ``attractiveness`` (0-100), ``target`` (bool) and ``reason``.

    Raises
    ------
    TableError
        As `good_customer_score`.

    Notes
    -----
    The source course says what to look at and gives no method; the grid of attractiveness and fit is
    standard (Kotler & Keller, Marketing Management).

    Examples
    --------
    >>> three = pd.DataFrame({"profit": [80, 60, 40], "potential": [70, 90, 80], "trend": [60, 80, 50]},
    ...                      index=["hotels", "schools", "households"])
    >>> segment_score(three)[["attractiveness", "target"]]
                attractiveness  target
    hotels                71.0    True
    schools               75.0    True
    households            55.0   False
    """
    columns = [*criteria, *([] if fit is None else [fit])]
    start(need_pandas(segments, columns), columns, makes=("attractiveness", "target", "reason"))
    made = good_customer_score(segments[columns], [1] * len(columns), criteria=columns)  # checks the scale
    attractive = (scores_of(segments, criteria) @ check_weights(weights, criteria)).round(10)
    suits = np.full(len(made), True) if fit is None else segments[fit].to_numpy(dtype=float) >= cut
    wanted = attractive >= cut
    reason = np.select(
        [wanted & suits, wanted, suits if fit is not None else ~wanted],
        [f"reaches {cut:g}", f"attractive, but fit below {cut:g}", f"attractiveness below {cut:g}"],
        f"attractiveness and fit below {cut:g}",
    )
    return segments.assign(attractiveness=attractive, target=wanted & suits, reason=reason)
