"""Checks of case 08, who came to the showroom: on small printed rows, never on what is graded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook import qualification as qlf
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Labels, Mapped, Number

__all__ = ["CHECKS"]

# First visits, and days until the first return, of six visitors; looked at on 1 June 2024
_FIRST = pd.to_datetime(["2024-04-02", "2024-04-10", "2024-04-20", "2024-05-02", "2024-05-20", "2024-05-29"])
_BACK = (3.0, 8.0, np.nan, np.nan, np.nan, 2.0)
_DAY = pd.Timestamp("2024-06-01")

# Days watched, and day of the return, of seven others, A to G
_WATCHED = (60, 60, 60, 60, 2, 2, 60)
_RETURNED = (1.0, 3.0, 20.0, np.nan, np.nan, 2.0, np.nan)

_PRIOR, _HOT, _NO_LOAN = 0.2, 2.0, 0.75
_BAGS, _BOUGHT = (3, 2, 1, 1, 2), (True, True, False, True, False)


def _visits() -> pd.DataFrame:
    """The six as a table of visits."""
    rows = [(f"P{n}", day) for n, day in enumerate(_FIRST)]
    rows += [
        (f"P{n}", _FIRST[n] + pd.Timedelta(days=days)) for n, days in enumerate(_BACK) if not np.isnan(days)
    ]
    return pd.DataFrame(rows, columns=["visitor_id", "date"])


def _bands(*, early: str = "none") -> list[str]:
    """The six bands; who was watched for too short a time gets `early`."""
    return [str(band) for band in qlf.return_band(_visits(), _DAY)["band"].fillna(early)]


def _strict() -> list[str]:
    """With the edges in the worse band, and the visitor of exactly thirty days too early."""
    edge = {0: "normal", 3: "none"}
    return [edge.get(n, band) for n, band in enumerate(_bands())]


def _back_by(day: int) -> float:
    """By Kaplan and Meier."""
    waiting = 1.0
    seen = [w if np.isnan(r) else r for w, r in zip(_WATCHED, _RETURNED, strict=True)]
    for now in range(1, day + 1):
        there = sum(s >= now for s in seen)
        waiting *= 1 - sum(r == now for r in _RETURNED) / there
    return 1 - waiting


def _plain(least: int = 0) -> float:
    """Back by day 3, over all who were watched for so many days at least."""
    kept = [r for w, r in zip(_WATCHED, _RETURNED, strict=True) if w >= least]
    return sum(r <= 3 for r in kept) / len(kept)


def _two_ratios(sign: tuple[float, float] = (24 / 40, 24 / 80)) -> dict[str, float]:
    buyers, others = sign
    return {"seen": buyers / others, "not seen": (1 - buyers) / (1 - others)}


def _pairs(tie: float = 0.5) -> float:
    buyers = [bag for bag, yes in zip(_BAGS, _BOUGHT, strict=True) if yes]
    others = [bag for bag, yes in zip(_BAGS, _BOUGHT, strict=True) if not yes]
    won = [(b > o) + tie * (b == o) for b in buyers for o in others]
    return float(sum(won) / len(won))


CHECKS = (
    Check(
        "case08.bands_today",
        Labels("bands"),
        _bands,
        (
            Mistake(
                lambda: _bands(early="watch"),
                "Somebody is called *watch* who may still come. How long must one be watched before that "
                "can be said?",
            ),
            Mistake(_strict, "An edge belongs to the better band, and thirty days of watching are enough."),
        ),
        "For each: is there a return, after how many days? If not: how long have we watched?",
        "Staying away is something that only time can show.",
    ),
    Check(
        "case08.curve_day3",
        Number(tolerance=0.0005, share=True),
        lambda: _back_by(3),
        (
            Mistake(
                _plain,
                "E was watched for two days only. You count E as waiting on day 3, where nobody knows.",
            ),
            Mistake(
                lambda: _plain(3),
                "You leave out whoever was watched for two days. What they did on day 1 and 2 is known.",
            ),
            Mistake(
                lambda: 1 - _back_by(3), "That is the share still waiting. Asked is the share that is back."
            ),
        ),
        "Day by day: how many were still waiting and still watched, and how many of them came? Multiply the "
        "shares that went on waiting.",
        "Everybody counts for as long as we have watched.",
    ),
    Check(
        "case08.two_ratios",
        Mapped("two likelihood ratios", tolerance=0.005),
        _two_ratios,
        (
            Mistake(
                lambda: {"seen": 2.0, "not seen": 0.5},
                "The ratio of a missing sign is not one over the other. Work out who does *not* show it.",
            ),
            Mistake(
                lambda: _two_ratios((24 / 48, 16 / 72)),
                "You divided by those who show the sign, and by those who do not. Here the buyers are one "
                "group, and the others the other.",
            ),
        ),
        "Of 40 buyers how many show it, of 80 others how many; then the same for those who do not.",
        "A sign that is missing speaks as well, only more softly.",
    ),
    Check(
        "case08.two_signs",
        Number(tolerance=0.0005, share=True),
        lambda: qlf.naive_bayes(_PRIOR, [_HOT, _NO_LOAN]),
        (
            Mistake(lambda: _PRIOR * _HOT * _NO_LOAN, "Ratios multiply odds, not probabilities."),
            Mistake(lambda: _PRIOR / (1 - _PRIOR) * _HOT * _NO_LOAN, "These are odds. Turn them back."),
            Mistake(
                lambda: qlf.naive_bayes(_PRIOR, [_HOT]),
                "The question that was not asked has a ratio too: use it.",
            ),
        ),
        "Odds are p / (1 − p). Multiply, then p = odds / (1 + odds).",
        "One strong sign and one missing one: a little above where we started.",
    ),
    Check(
        "case08.five_bags",
        Number(tolerance=0.0005, share=True),
        _pairs,
        (
            Mistake(lambda: _pairs(0), "You count a tie as lost. It counts one half."),
            Mistake(lambda: _pairs(1), "You count a tie as won. It counts one half."),
        ),
        "Three buyers and two others make six pairs.",
        "Five visitors prove nothing, of course.",
    ),
)
