"""Checks of lesson 09, ABC classification. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from casebook import classification as cls
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Labels, Number

__all__ = ["CHECKS"]

_SIX = pd.DataFrame({"customer": list("PQRSTU"), "value": [500, 250, 120, 70, 40, 20]})
_THREE = [10, 20, 70]


def _classes(boundary: Literal["crossing", "inclusive"] = "crossing") -> list[str]:
    """The classes of the six customers of part 4, best first."""
    return cls.abc(_SIX, "value", key="customer", boundary=boundary)["abc_value"].tolist()


def _classes_by_head() -> list[str]:
    """Cut where 80 % and 95 % of the *customers* are reached."""
    before = np.arange(len(_SIX)) / len(_SIX)
    return np.select([before < 0.80, before < 0.95], ["A", "B"], "C").tolist()


def _classes_worst_first() -> list[str]:
    """Cumulate from the smallest customer upwards."""
    rising = _SIX["value"].sort_values()
    before = (rising.cumsum() - rising) / rising.sum()
    return np.select([before < 0.80, before < 0.95], ["A", "B"], "C").tolist()


def _lorenz_area() -> float:
    """The area under the Lorenz curve, by trapezoids."""
    curve = cls.lorenz(_THREE)
    return float(np.trapezoid(curve["value_share"], curve["customer_share"]))


CHECKS = (
    Check(
        "09.hand_classes",
        kind=Labels("classes"),
        right=_classes,
        mistakes=(
            Mistake(
                lambda: _classes(boundary="inclusive"),
                "Your boundary is the other one: you put whoever crosses a cut into the lower class. "
                "Compare the cut with the share *before* the customer, not after.",
            ),
            Mistake(
                _classes_by_head,
                "You cut on the number of customers. The cuts are shares of the total value: add money.",
            ),
            Mistake(
                _classes_worst_first,
                "You cumulate from the smallest customer upwards. Start with the largest.",
            ),
        ),
        look="Write the cumulative share beside each customer first, and compare it with the two cuts.",
        praise="The customer who crosses a cut keeps the better class.",
    ),
    Check(
        "09.hand_cum_share",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: cls.abc(_SIX, "value", key="customer")["cum_share"].iloc[2],
        mistakes=(
            Mistake(
                lambda: cls.abc(_SIX, "value", key="customer")["share"].iloc[2],
                "That is the third customer's own share. Add the shares of those ranked before.",
            ),
            Mistake(
                lambda: cls.abc(_SIX, "value", key="customer")["cum_share"].iloc[1],
                "That is the share reached *before* the third customer. Add the third one too.",
            ),
            Mistake(
                lambda: 3 / len(_SIX),
                "That is the share of customers. The question asks for their share of the value.",
            ),
        ),
        look="Add the values of the three largest customers and divide by the total of all six.",
    ),
    Check(
        "09.gini_three",
        kind=Number(tolerance=0.0051),
        right=lambda: cls.gini(_THREE),
        mistakes=(
            Mistake(
                lambda: cls.gini(_THREE) * len(_THREE) / (len(_THREE) - 1),
                "You use the sample form, with the divisor n − 1. These are all customers: which divisor?",
            ),
            Mistake(
                lambda: -cls.gini(_THREE),
                "You sorted from the largest down: the curve is above the diagonal. Start with the smallest.",
            ),
            Mistake(
                _lorenz_area,
                "That is the area under the Lorenz curve. Compare it with the area under the diagonal.",
            ),
            Mistake(
                lambda: 0.5 - _lorenz_area(),
                "That is the area between the two lines. What part is it of the area under the diagonal?",
            ),
        ),
        look="Sort from the smallest up, and work through the formula one customer at a time.",
        praise="Zero would be: all customers alike.",
    ),
)
