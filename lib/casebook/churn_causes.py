"""Why customers say they leave, what may be done about it, and when to end a relation oneself.

The source course names seven causes of churn and twelve measures in three groups, without explanation. Which
measure answers which cause, and the rule for ending a relation, are house rules. Small tables: pandas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas

__all__ = [
    "CAUSES", "COUNTERMEASURES", "Countermeasure", "churn_cause_pareto", "countermeasure",
    "relationship_action",
]  # fmt: skip

#: The seven causes, as the table `exit_interviews` writes them, in words.
CAUSES = {
    "unstable_quality": "unstable quality",
    "no_innovation": "lack of innovation",
    "poor_service": "poor service",
    "weak_market_control": "weak market control",
    "staff_left": "staff leave and take customers along",
    "rival_offer": "a rival's offer",
    "short_term_behaviour": "short-term behaviour",
}
#: Twelve measures in three groups: 3 + 5 + 4.
COUNTERMEASURES = {
    "total quality": ("product quality", "service quality", "lower the customer's cost"),
    "faster response": (
        "listen", "analyse", "market control", "complaints and suggestions", "prediction system",
    ),
    "communication": ("long-term meaning", "vision", "frequent contact", "emotional bond"),
}  # fmt: skip
_ANSWERS = {
    "unstable_quality": ("total quality", "product quality"),
    "no_innovation": ("faster response", "listen"),
    "poor_service": ("total quality", "service quality"),
    "weak_market_control": ("faster response", "market control"),
    "staff_left": ("communication", "frequent contact"),
    "rival_offer": ("faster response", "prediction system"),
    "short_term_behaviour": ("communication", "long-term meaning"),
}
_ACTIONS: Mapping[tuple[bool, str, str], tuple[str, str]] = {
    (True, "high", "low"): ("invest", "it earns, and can earn more"),
    (True, "high", "high"): ("repair", "it earns and can earn more, but it is dear to serve: mend why"),
    (True, "low", "low"): ("keep", "it earns and asks for little"),
    (True, "low", "high"): ("reprice", "it earns, but is dear to serve: let the price say so"),
    (False, "high", "low"): ("develop", "it does not earn yet, and can"),
    (False, "high", "high"): ("repair", "it could earn if serving it were mended first"),
    (False, "low", "low"): (
        "self-service",
        "it does not earn, and little can be saved: serve it without people",
    ),
    (False, "low", "high"): (
        "reprice, then end",
        "it does not earn and is dear to serve: a fair price, or goodbye",
    ),
}


class Countermeasure(NamedTuple):
    """The group of measures and the measure that answer a cause."""

    group: str
    measure: str


def churn_cause_pareto(interviews: pd.DataFrame, cause: str = "cause") -> pd.DataFrame:
    """Count the causes that leavers name, the most frequent first, with their running share.

    Parameters
    ----------
    interviews : DataFrame, one row per interview
    cause : str
        Column of the cause named.

    Returns
    -------
    DataFrame of shape (n_causes, 4)
        `cause`, `count` (interviews), `share` and `cum_share` (0-1); ties by name.

    Raises
    ------
    TableError
        If the column is missing, empty, or a cell of it is.

    Notes
    -----
    It counts what people say. Nobody who stayed was asked, so it compares with nobody and proves no cause
    (Keaveney 1995 asked leavers, too). Source of the seven causes: the source course.

    Examples
    --------
    >>> said = ["quality"] * 3 + ["service"] * 2 + ["rival"]
    >>> churn_cause_pareto(pd.DataFrame({"cause": said})).round(2)
         cause  count  share  cum_share
    0  quality      3   0.50       0.50
    1  service      2   0.33       0.83
    2    rival      1   0.17       1.00
    """
    told = need_pandas(interviews, [cause])[cause]
    if told.empty or told.isna().any():
        raise TableError(
            f"{cause}: {int(told.isna().sum()) or 'all'} of the answers missing; leave those rows out."
        )
    counts = told.groupby(told).size().rename("count").rename_axis("cause").reset_index()
    counts = counts.sort_values(["count", "cause"], ascending=[False, True], ignore_index=True)
    counts["cause"] = counts["cause"].astype(str)
    return counts.assign(share=counts["count"] / len(told), cum_share=counts["count"].cumsum() / len(told))


def countermeasure(cause: str) -> Countermeasure:
    """Name the measure that answers a cause of churn.

    Parameters
    ----------
    cause : str
        One of `CAUSES`.

    Returns
    -------
    Countermeasure
        The group and the measure, both from the table `COUNTERMEASURES`.

    Raises
    ------
    TableError
        If the cause is not one of the seven.

    Notes
    -----
    The measures are the source course's; which one answers which cause is a house rule.

    Examples
    --------
    >>> countermeasure("staff_left").group, countermeasure("weak_market_control").measure
    ('communication', 'market control')
    """
    if cause not in _ANSWERS:
        raise TableError(f"{cause!r} is not one of the seven causes: {', '.join(CAUSES)}.")
    return Countermeasure(*_ANSWERS[cause])


def relationship_action(
    customers: pd.DataFrame, value: str = "value", potential: str = "potential", burden: str = "burden"
) -> pd.DataFrame:
    """Say what to do with each relation: invest, keep, develop, repair, reprice, serve by machine, or end it.

    Parameters
    ----------
    customers : DataFrame, one row per customer
        Its index stays.
    value : str
        Column of what the customer earns us (RMB); zero counts as not earning.
    potential, burden : str
        Columns of "high" or "low": what it could earn, and how dear it is to serve.

    Returns
    -------
    DataFrame
        The table with `action` and `reason`.

    Raises
    ------
    TableError
        If a column is missing, a value is, or a word is neither "high" nor "low".

    Notes
    -----
    Ending comes last, after repair, a fair price and self-service. The source course says that identification
    decides whom to win, to keep and to end with; the order is a house rule.

    Examples
    --------
    >>> three = pd.DataFrame({"value": [-5, 5, -5], "potential": ["low", "high", "high"],
    ...                       "burden": ["high", "low", "low"]})
    >>> relationship_action(three)["action"].tolist()
    ['reprice, then end', 'invest', 'develop']
    """
    table = need_pandas(customers, [value, potential, burden])
    earned = pd.to_numeric(table[value], errors="coerce")
    if (bad := earned.isna().to_numpy()).any():
        raise TableError(f"{value}: row {table.index[int(bad.argmax())]} is not a number; fill it in.")
    for column in (potential, burden):
        if (odd := ~table[column].isin(["high", "low"]).to_numpy()).any():
            at = int(np.argmax(odd))
            raise TableError(
                f"{column}: row {table.index[at]} is {table[column].iloc[at]!r}; write 'high' or 'low'."
            )
    pairs = [
        _ACTIONS[bool(v > 0), str(p), str(b)]
        for v, p, b in zip(earned, table[potential], table[burden], strict=True)
    ]
    return table.assign(action=[a for a, _ in pairs], reason=[r for _, r in pairs])
