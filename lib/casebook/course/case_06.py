"""Practice of case 6, one distributor: small printed rows, no company's data, nothing that is graded."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from casebook import distributors as dst
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Labels, Mapped, Names, Number
from casebook.evaluation_form import evaluation_band

__all__ = ["CHECKS"]

_GATES = pd.DataFrame(
    {
        "candidate_id": ["P1", "P2", "P3", "P4"],
        "character": [75.0, 90.0, 60.0, 59.0],
        "management": [80.0, 85.0, 60.0, 95.0],
        "finance": [65.0, 55.0, 60.0, 58.0],
    }
)
_SCORES = pd.DataFrame(
    {
        "candidate_id": ["P1", "P2", "P3"],
        "distribution": [80.0, 90.0, 70.0],
        "service": [70.0, 60.0, 90.0],
        "finance": [90.0, 50.0, 80.0],
    }
)
_WEIGHTS = {"distribution": 0.5, "service": 0.3, "finance": 0.2}
_TOTALS = (69.9, 70.0, 80.0, 80.1, 85.0, 85.1)
_R, _N = 0.4, 30


def _passed(rule: Any) -> list[str]:
    scores = _GATES[list(dst.GATES)]
    return _GATES.loc[rule(scores), "candidate_id"].tolist()


def _totals(weights: dict[str, float]) -> dict[str, float]:
    scores = _SCORES.set_index("candidate_id")[list(weights)]
    return {str(name): float(total) for name, total in (scores @ pd.Series(weights)).items()}


def _bands(**limits: float) -> list[str]:
    bands: list[str] = evaluation_band(_TOTALS, **limits)["band"].tolist()
    return bands


def _flip() -> float:
    return dst.flip_weight(_SCORES, "P1", "P3", "distribution", weights=_WEIGHTS)


def _high(r: float, n: int) -> float:
    return math.tanh(math.atanh(r) + 1.96 / math.sqrt(n))


CHECKS = (
    Check(
        "case06.through",
        kind=Names("candidates"),
        right=lambda: _passed(lambda s: (s >= 60).all(axis=1)),
        mistakes=(
            Mistake(
                lambda: _passed(lambda s: (s > 60).all(axis=1)),
                "You ask for more than 60. A gate lets through whoever reaches it.",
            ),
            Mistake(
                lambda: _passed(lambda s: s.mean(axis=1) >= 60),
                "You let a strong score make up for a weak one. At a gate each score is asked alone.",
            ),
            Mistake(
                lambda: _passed(lambda s: (s >= 60).sum(axis=1) >= 2),
                "You are content with two gates of three. How many have to be reached?",
            ),
        ),
        look="Go row by row: is any of the three scores below 60?",
        praise="A gate knows no averages: nobody buys back a weak character with a large lorry park.",
    ),
    Check(
        "case06.points",
        kind=Mapped("the total of each candidate", tolerance=0.05),
        right=lambda: _totals(_WEIGHTS),
        mistakes=(
            Mistake(
                lambda: _totals(dict.fromkeys(_WEIGHTS, 1 / 3)),
                "That is the plain mean: each score has a weight of its own.",
            ),
            Mistake(
                lambda: _totals(dict.fromkeys(_WEIGHTS, 1.0)),
                "You added the scores up without weighing them.",
            ),
            Mistake(
                lambda: _totals(dict(zip(_WEIGHTS, (0.2, 0.3, 0.5), strict=True))),
                "Two weights have changed places: which is that of distribution?",
            ),
        ),
        look="Multiply each score by the weight above it, and add up along the row.",
        praise="One point lies between the first two. The next question is how much that point can bear.",
    ),
    Check(
        "case06.tie",
        kind=Number(tolerance=0.005, share=True),
        right=_flip,
        mistakes=(
            Mistake(
                lambda: 0.4,
                "You left the two other weights as they were, and the three no longer add to 1. The others "
                "make room in proportion: as .3 to .2, so .6 and .4 of what is left.",
            ),
            Mistake(
                lambda: 0.5 - _flip(),
                "That is how far the weight moves. Where does it arrive?",
            ),
        ),
        look="Write both totals with weight w for distribution and 1 - w for the rest; set them equal.",
        praise="A few hundredths are enough. Would two managers agree on a weight to a few hundredths?",
    ),
    Check(
        "case06.edges",
        kind=Labels("bands"),
        right=_bands,
        mistakes=(
            Mistake(
                lambda: _bands(hi=79.99),
                "One edge is on the wrong side: exactly 80 still fits.",
            ),
            Mistake(
                lambda: _bands(lo=70.01),
                "One edge is on the wrong side: exactly 70 fits already.",
            ),
            Mistake(
                lambda: _bands(strong=84.99),
                "One edge is on the wrong side: the source course refuses those *above* 85.",
            ),
            Mistake(
                lambda: _bands(hi=85.0),
                "You call fit what the source course leaves open, between 80 and 85. Here that "
                "has a name of its own.",
            ),
        ),
        look="Below 70 too weak; 70 to 80 fit; above 80, up to 85 grey; above 85 too strong.",
        praise="A tenth of a point turns 'fit' into 'grey'. Keep that in mind for the written part.",
    ),
    Check(
        "case06.upper_end",
        kind=Number(tolerance=0.005),
        right=lambda: _high(_R, _N - 3),
        mistakes=(
            Mistake(
                lambda: _R + 1.96 / math.sqrt(_N - 3),
                "You laid the interval off on r itself. Turn r into z, add there, and turn back by tanh.",
            ),
            Mistake(
                lambda: math.atanh(_R) + 1.96 / math.sqrt(_N - 3),
                "That is the upper end of z: turn it back into a correlation.",
            ),
            Mistake(
                lambda: math.tanh(math.atanh(_R) + 1 / math.sqrt(_N - 3)),
                "You went one standard error up. How many make 95%?",
            ),
        ),
        look="z = atanh(r); add 1.96 over the root of n - 3; then tanh.",
        praise="Thirty rows, and a middling correlation may well be a strong one, or nearly none.",
    ),
)
