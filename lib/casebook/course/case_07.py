"""Checks of case 07, the prospecting budget: on small printed rows, never on what is graded."""

from __future__ import annotations

import math

import pandas as pd

from casebook import qualification as qlf
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Names, Number
from casebook.lifetime import clv_discounted

__all__ = ["CHECKS"]

_COSTS, _WON = (10_000, 12_000), (2, 8)

_JOINED = pd.to_datetime(["2021-01-01", "2023-01-01", "2022-07-01", "2022-01-01"])
_LAST = pd.to_datetime(["2023-01-01", "2024-11-20", "2024-06-30", "2024-07-01"])
_BEGIN, _SILENT, _END = (pd.Timestamp(day) for day in ("2022-01-01", "2024-07-01", "2024-12-31"))

_MARGIN, _LOSS, _DISCOUNT = 20_000, 0.15, 0.10
_CEILING, _SCALE, _SPENT = 30, 20_000, 20_000

_SIX = pd.DataFrame(
    {
        "prospect": ["P1", "P2", "P3", "P4", "P5", "P6"],
        "expected_order_date": pd.to_datetime(
            ["2025-01-20", "2025-02-02", "2025-01-01", "2025-01-10", "2025-01-05", "2025-02-03"]
        ),
        "money": [True, True, True, True, True, True],
        "authority": [True, True, True, True, False, True],
        "need": [True, False, True, True, True, True],
        "eligible": [True, True, True, False, True, True],
        "p_money": [0.8, 0.9, 0.9, 0.9, 0.7, 0.9],
        "p_auth": [0.8, 0.9, 0.9, 0.9, 0.3, 0.9],
        "p_need": [0.9, 0.2, 0.9, 0.9, 0.8, 0.9],
    }
)


def _loss(*, truncate: bool = True, stop: bool = True, edge: bool = False) -> float:
    """Losses a year of the four firms."""
    lost = years = 0.0
    for joined, last in zip(_JOINED, _LAST, strict=True):
        gone = last <= _SILENT if edge else last < _SILENT
        begin = max(joined, _BEGIN) if truncate else joined
        until = last if gone and stop else _END
        lost, years = lost + gone, years + (until - begin).days / 365.25
    return lost / years


def _calls(*, veto: bool = True, mean: bool = False, words: tuple[str, ...] = ("hot",)) -> list[str]:
    desk = qlf.man(qlf.heat(_SIX, "2025-01-02"))
    desk = desk[desk["heat"].isin(words) & (desk["eligible"] | (not veto))]
    guesses = desk[["p_money", "p_auth", "p_need"]]
    desk = desk.assign(
        whole=desk["man_code"] == "MAN", chance=guesses.mean(axis=1) if mean else guesses.prod(axis=1)
    )
    ranked = desk.sort_values(["whole", "chance", "prospect"], ascending=[False, False, True], kind="stable")
    return [str(name) for name in ranked["prospect"]]


CHECKS = (
    Check(
        "case07.two_runs",
        Number(unit="RMB", tolerance=0.5),
        lambda: sum(_COSTS) / sum(_WON),
        (
            Mistake(
                lambda: sum(c / w for c, w in zip(_COSTS, _WON, strict=True)) / 2,
                "You take the mean of two ratios. The unlucky campaign weighs as much as the other, though "
                "it brought far fewer. Add up first.",
            ),
            Mistake(lambda: sum(_COSTS) / 2, "You divide by campaigns: how many customers came?"),
        ),
        "All costs over all customers.",
        "One unlucky campaign no longer decides.",
    ),
    Check(
        "case07.four_firms",
        Number(tolerance=0.0005, share=True),
        _loss,
        (
            Mistake(
                lambda: 2 / 4,
                "You divide by firms. They were watched for different times: divide by the years.",
            ),
            Mistake(
                lambda: _loss(truncate=False),
                "You count a year before 2022 for the first firm. Could it have been seen to leave then?",
            ),
            Mistake(
                lambda: _loss(stop=False),
                "You watch the lost ones to the end of 2024. When did they stop being ours?",
            ),
            Mistake(
                lambda: _loss(edge=True),
                "One firm ordered on 1 July 2024. *Before* that day means: not on it.",
            ),
        ),
        "For each firm: from when, until when, lost or not. Two sums, one division.",
        "Years at risk, and not heads.",
    ),
    Check(
        "case07.one_value",
        Number(unit="RMB", tolerance=0.5),
        lambda: clv_discounted(_MARGIN, 1 - _LOSS, _DISCOUNT),
        (
            Mistake(
                lambda: clv_discounted(_MARGIN, 1 - _LOSS, _DISCOUNT, timing="deferred"),
                "Your first margin comes in a year. Here it comes at once.",
            ),
            Mistake(
                lambda: clv_discounted(_MARGIN, _LOSS, _DISCOUNT),
                "You take the share that leaves for the share that stays.",
            ),
            Mistake(
                lambda: _MARGIN / _LOSS, "That is without a discount: money in six years counts in full."
            ),
        ),
        "m (1 + d) / (1 + d − r). What is r, if 0.15 leave in a year?",
        "Between four and five yearly margins: that is what staying is worth.",
    ),
    Check(
        "case07.next_one",
        Number(unit="RMB", tolerance=0.5),
        lambda: _SCALE / _CEILING * math.exp(_SPENT / _SCALE),
        (
            Mistake(
                lambda: _SPENT / (_CEILING * (1 - math.exp(-_SPENT / _SCALE))),
                "That is the average customer so far. What does one *more* cost?",
            ),
            Mistake(
                lambda: _SCALE / _CEILING, "That was the price of the first one, before anything was spent."
            ),
        ),
        "How steep is the curve where we stand? One over that.",
        "Nearly twice the average: an average is not the price of the next one.",
    ),
    Check(
        "case07.three_calls",
        Names("prospects", ordered=True),
        _calls,
        (
            Mistake(
                lambda: _calls(mean=True),
                "You order by the average of three guesses. *And* asks for the product.",
            ),
            Mistake(lambda: _calls(veto=False), "One of yours may not buy from us: a veto."),
            Mistake(lambda: _calls(words=("hot", "overdue")), "The day of one has passed: that is not hot."),
            Mistake(
                lambda: _calls(words=("hot", "warm")),
                "One of yours expects to order after the month is over.",
            ),
        ),
        "Who is hot on 2 January, edges included? Who may buy? Then the order.",
        "Six cards, three calls.",
    ),
)
