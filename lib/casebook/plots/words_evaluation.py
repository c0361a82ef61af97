"""The words of the calibration and the gains picture; see `words` for the rules."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.plots.style import percent
from casebook.plots.words import refuse_empty, require

__all__ = ["alt_calibration", "alt_gains"]

CALIBRATION_TITLE = "In {inside} of {n} groups the prediction lies within what chance allows"
CALIBRATION_ALT = (
    "Calibration plot: {n} groups of {rows:,} cases in all, by predicted probability of {what}; beside each "
    "prediction the share observed, with a 95% interval. {points} In {inside} of {n} groups the interval "
    "holds the prediction."
)
CALIBRATION_POINT = "Predicted {predicted}, observed {observed} ({low} to {high})."


def inside(table: pd.DataFrame) -> int:
    """Count the groups whose interval holds the prediction.

    >>> inside(pd.DataFrame({"predicted": [0.1, 0.5], "low": [0.0, 0.6], "high": [0.2, 0.9]}))
    1
    """
    return int(((table["low"] <= table["predicted"]) & (table["predicted"] <= table["high"])).sum())


def check_calibration(table: pd.DataFrame) -> None:
    """Refuse a table that `evaluation.calibration_table` did not make; raises TableError."""
    require(table, ["n", "predicted", "observed", "low", "high"], "evaluation.calibration_table")
    refuse_empty(table)


def alt_calibration(table: pd.DataFrame, *, what: str = "the event") -> str:
    """Say in words what `plot_calibration` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_calibration`.

    Examples
    --------
    >>> from casebook.evaluation import calibration_table
    >>> table = calibration_table([0, 0, 1, 1], [0.2, 0.2, 0.8, 0.8], bins=2)
    >>> print(alt_calibration(table, what="buying")[:80])
    Calibration plot: 2 groups of 4 cases in all, by predicted probability of buying
    """
    check_calibration(table)
    columns = ["predicted", "observed", "low", "high"]
    points = " ".join(
        CALIBRATION_POINT.format(**{name: percent(row[name]) for name in columns})
        for row in table[columns].to_dict("records")
    )
    return CALIBRATION_ALT.format(
        n=len(table), rows=int(table["n"].sum()), what=what, points=points, inside=inside(table)
    )


# Gains --------------------------------------------------------------------------------------------

GAINS_TITLE = "The first {depth} of the list holds {found} of {what}"
GAINS_NOTE = "any order"
GAINS_ALT = (
    "Gains curve: share of {what} found against share of the list worked through, highest scores first. "
    "{points} A straight line shows a list in no order."
)
GAINS_POINT = "{found} found at {depth} of the list."


def found_at(table: pd.DataFrame, depth: float) -> float:
    """Read the share found at a depth off the table.

    >>> found_at(pd.DataFrame({"depth": [0.5, 1.0], "found": [0.8, 1.0]}), 0.25)
    0.4
    """
    return float(np.interp(depth, np.r_[0, table["depth"]], np.r_[0, table["found"]]))


def check_gains(table: pd.DataFrame) -> None:
    """Refuse a table that `evaluation.gain_table` did not make; raises TableError."""
    require(table, ["depth", "found"], "evaluation.gain_table")
    refuse_empty(table)


def alt_gains(table: pd.DataFrame, *, what: str = "those sought", depth: float = 0.2) -> str:
    """Say in words what `plot_gains` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_gains`.

    Examples
    --------
    >>> from casebook.evaluation import gain_table
    >>> print(alt_gains(gain_table([1, 0, 0, 0, 0], [5, 4, 3, 2, 1], bins=5), what="buyers")[-92:])
    at 20% of the list. 100% found at 50% of the list. A straight line shows a list in no order.
    """
    check_gains(table)
    at = sorted({0.1, depth, 0.5})
    points = " ".join(GAINS_POINT.format(found=percent(found_at(table, d)), depth=percent(d)) for d in at)
    return GAINS_ALT.format(what=what, points=points)
