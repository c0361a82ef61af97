"""The one check of the start page, to show what a check says."""

from __future__ import annotations

from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Number

__all__ = ["CHECKS"]

_THREE = (250, 150, 100)

CHECKS = (
    Check(
        "00.first_share",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: _THREE[0] / sum(_THREE),
        mistakes=(
            Mistake(
                lambda: _THREE[0] / sum(_THREE[1:]),
                "You divided by the other two. A share is a part of the whole, the first included.",
            ),
            Mistake(
                lambda: 1 / len(_THREE), "That is the share of customers. Their purchases are asked for."
            ),
        ),
        look="Divide what the first one bought by what all three bought.",
        praise="A share is a fraction between 0 and 1.",
    ),
)
