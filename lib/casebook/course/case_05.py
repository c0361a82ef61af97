"""Practice of case 5: the definitions on small printed rows. Nothing that is graded stands here."""

from __future__ import annotations

import pandas as pd

from casebook import positioning as pos
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Labels, Mapped, Number

__all__ = ["CHECKS"]

_WEIGHTS = pd.Series([0.62, 0.50, 0.49, 0.31, 0.25, 0.08])
_TIERS = pd.Series([1, 2, 2, 3, 3, 3])
_TRAVELLERS, _ALONE = (800, 150, 50), (0.05, 0.20, 0.80)
_SPEND, _SALES = (100, 80, 50), (60, 95, 20)
_HOURS = pd.Series({"inns": 1.5, "banks": 4.0, "clubs": 2.0})


def _tiers_above() -> list[int]:
    """The edge in the other tier: above a half is 1, above a quarter is 2."""
    return [1 if weight > 0.5 else 2 if weight > 0.25 else 3 for weight in _WEIGHTS]


def _gaps() -> list[int]:
    return [spend - sales for spend, sales in zip(_SPEND, _SALES, strict=True)]


CHECKS = (
    Check(
        "case05.tiers_six",
        kind=Labels("tiers"),
        right=lambda: pos.price_tiers(_WEIGHTS).tolist(),
        mistakes=(
            Mistake(
                _tiers_above,
                "A weight on a cut is in the wrong tier: 'at least' and 'below' say where it belongs.",
            ),
            Mistake(
                (4 - pos.price_tiers(_WEIGHTS)).tolist,
                "Tiers 1 and 3 are exchanged. In tier 1 price weighs most.",
            ),
            Mistake(
                lambda: [1, 1, 2, 2, 3, 3],
                "You cut the six into three pairs. The cuts are weights: compare each with both.",
            ),
        ),
        look="Compare each weight with .50 first, then with .25.",
        praise="The edge belongs to the tier that cares more about price.",
    ),
    Check(
        "case05.distance_six",
        kind=Number(tolerance=0.005),
        right=lambda: pos.positioning_blur(_TIERS, 3).mean_distance,
        mistakes=(
            Mistake(
                lambda: pos.positioning_blur(_TIERS, 3).off_share,
                "That is the share that is off. The distance also asks how far.",
            ),
            Mistake(
                lambda: pos.positioning_blur(_TIERS, 1).mean_distance,
                "You measured from tier 1. The position is tier 3.",
            ),
            Mistake(
                lambda: float(((_TIERS - 3) ** 2).mean()),
                "You squared the steps. Count them as they are.",
            ),
            Mistake(
                lambda: float((3 - _TIERS).sum()),
                "That is the sum of the steps. Divide by the number of customers.",
            ),
        ),
        look="Steps from each tier to tier 3, added up, over six.",
        praise="Two firms with one share off can differ in distance: a step is not a leap.",
    ),
    Check(
        "case05.alone_share",
        kind=Number(tolerance=0.0005, share=True),
        right=lambda: sum(n * share for n, share in zip(_TRAVELLERS, _ALONE, strict=True)) / sum(_TRAVELLERS),
        mistakes=(
            Mistake(
                lambda: sum(_ALONE) / 3,
                "You averaged three shares, as if the segments were of one size. Count people.",
            ),
            Mistake(
                lambda: 50 * 0.80 / sum(n * share for n, share in zip(_TRAVELLERS, _ALONE, strict=True)),
                "That is the last segment's part of those who go alone. All of these are asked for.",
            ),
        ),
        look="How many go alone in each segment? Add up, then divide by all travellers.",
        praise="The segment with the largest share gave fewer people than the one with the smallest.",
    ),
    Check(
        "case05.gap_three",
        kind=Number(unit="thousand RMB", tolerance=0.005),
        right=lambda: sum(max(gap, 0) for gap in _gaps()),
        mistakes=(
            Mistake(
                lambda: sum(_gaps()),
                "The customer who bought more than its estimate eats the gap of another. Zero for that one.",
            ),
            Mistake(
                lambda: sum(_SPEND),
                "That is all they spend. Take off what they buy from us.",
            ),
            Mistake(
                lambda: sum(abs(gap) for gap in _gaps()),
                "You counted a surplus as a gap. Where sales exceed the estimate there is no gap.",
            ),
        ),
        look="One customer at a time: spend less sales, or zero if that is below zero.",
        praise="An estimate below the sales says that the estimate is poor, not that a gap is negative.",
    ),
    Check(
        "case05.light_scores",
        kind=Mapped("scores, one a segment", tolerance=0.05),
        right=lambda: pos.scale_scores(_HOURS, low_is_best=True).to_dict(),
        mistakes=(
            Mistake(
                lambda: pos.scale_scores(_HOURS).to_dict(),
                "The segment with the most hours got your best score. Few hours are best here.",
            ),
            Mistake(
                (100 - 100 * _HOURS / _HOURS.max()).to_dict,
                "You measured from zero hours. The scale runs from the worst to the best of the three.",
            ),
            Mistake(
                (100 * _HOURS.min() / _HOURS).to_dict,
                "You divided the best by each. The scale goes by distances from the worst.",
            ),
        ),
        look="The fewest hours get 100, the most get 0; the third stands between by its distance.",
        praise="A 0 means 'worst of these', not 'bad'; one more segment would move every score.",
    ),
)
