"""Checks of lesson 15, churn prediction. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import pandas as pd

import casebook
from casebook import churn, evaluation, survival, uplift
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Labels, Mapped, Names, Number

__all__ = ["CHECKS"]

# The lesson's tables, worked out as the lesson does ------------------------------------------------------

_DILL = pd.DataFrame({"customer_id": "Dill Canteen", "date": pd.to_datetime(["2024-05-15", "2024-07-14"])})
_FOUR = ([2, 3, 4, 5], [1, 0, 1, 0], [0, 0, 3, 3])
_GROUPS = {"neither": (10 / 100, 30 / 100), "card": (15 / 50, 10 / 50), "offer": (35 / 50, 35 / 50)}
_TWO = ("subscriber 1", "subscriber 2")
_CAUSES = [30, 5, 25, 10, 10, 15, 5]
_THREE = pd.DataFrame(
    {"value": [-1, 1, -1], "potential": ["low", "high", "high"], "burden": ["high", "low", "low"]}
)
_FEATURES = ["silence", "csat", "offer", "auto", "csat*offer", "csat*auto"]


def _dill(**rule: Any) -> float:
    return float(churn.churn_label(_DILL, "2024-12-31", **rule)["limit_days"].iloc[0])


def _still_here(*, entry: bool) -> float:
    durations, events, since = _FOUR
    curve = survival.kaplan_meier(durations, events, since if entry else None)
    return float(survival.survival_at(curve, 4)[0])


def _saved(group: str, calls: int = 50) -> float:
    called, alone = _GROUPS[group]
    return round(calls * (alone - called), 9)


def _probability(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _pair(m0: float = 0.30, m1: float = 0.12, e: float = 0.5) -> dict[str, float]:
    """The two scores of the exercise: called and stayed; not called and left."""
    return dict(zip(_TWO, uplift.aipw([0, 1], [1, 0], [m0] * 2, [m1] * 2, e).tolist(), strict=True))


def _pair_without_model() -> dict[str, float]:
    return {who: score - (0.30 - 0.12) for who, score in _pair().items()}


def _cause_share(first: int, *, ranked: bool = True) -> float:
    told = [f"cause {at}" for at, count in enumerate(_CAUSES) for _ in range(count)]
    table = churn.churn_cause_pareto(pd.DataFrame({"cause": told}))
    return float(table["cum_share"].iloc[first - 1]) if ranked else sum(_CAUSES[:first]) / sum(_CAUSES)


def _actions(table: pd.DataFrame) -> list[str]:
    return list(churn.relationship_action(table)["action"])


@cache
def _trial() -> pd.DataFrame:
    trial = casebook.load("retention_test")
    return trial.join(uplift.fit_uplift(trial, _FEATURES, folds=5, seed=15).scores)


def _pays(incentive: float = 90, accept: float = 0.8, contact: float = 40, score: str = "tau") -> int:
    trial = _trial()
    return int(uplift.uplift_targets(trial[score], trial["value"], contact, accept, incentive)["call"].sum())


CHECKS = (
    Check(
        "15.dill_limit",
        kind=Number(unit="days"),
        right=_dill,
        mistakes=(
            Mistake(
                lambda: _dill(k=1), "You took the least silence. Is three times the own cycle more than that?"
            ),
            Mistake(lambda: _dill(k=1, min_days=0), "That is one cycle. The rule waits for three of them."),
            Mistake(
                lambda: 170.0, "That is how long the canteen has been silent. When would the rule speak?"
            ),
        ),
        look="One gap is the cycle. Three times that, or 90, whichever is more.",
        praise="Silent for 170 days, and still not lost: a slow buyer gets time.",
    ),
    Check(
        "15.entry_four",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: _still_here(entry=True),
        mistakes=(
            Mistake(
                lambda: _still_here(entry=False),
                "You counted all four as at risk from the start. Who was in sight at year 2?",
            ),
            Mistake(
                lambda: 0.5,
                "That is one of the two factors. Two customers left: multiply what stayed both times.",
            ),
            Mistake(
                lambda: 0.75,
                "That is the first factor with everybody at risk, or the share lost. Who was seen at year 2?",
            ),
        ),
        look="At each departure: who could have been seen to leave? Multiply the shares that stayed.",
        praise="Without delayed entry it would have looked half as large again.",
    ),
    Check(
        "15.saved_by",
        kind=Mapped("customers saved"),
        right=lambda: {"risk": _saved("offer"), "uplift": _saved("neither")},
        mistakes=(
            Mistake(
                lambda: {"risk": _saved("neither"), "uplift": _saved("offer")},
                "The two are the wrong way round: who leaves most often when not called?",
            ),
            Mistake(
                lambda: {"risk": 50 * 35 / 50, "uplift": 50 * 30 / 100},
                "You counted who would leave. Saved are those who leave without a call and stay with one.",
            ),
            Mistake(
                lambda: {"risk": _saved("offer"), "uplift": _saved("card")},
                "For uplift you took the group with a card on file. Which way does a call move it?",
            ),
            Mistake(
                lambda: {"risk": _saved("offer"), "uplift": _saved("neither", 100)},
                "You called the whole group. There are 50 calls.",
            ),
        ),
        look="For each group: share leaving without a call, less share leaving with one. Then 50 times that.",
        praise="The likeliest to leave are the ones whom the call does not move.",
    ),
    Check(
        "15.allowed",
        kind=Names("columns"),
        right=lambda: ["complaints_90d", "rep_left_6m"],
        mistakes=(
            Mistake(
                lambda: ["complaints_90d", "rep_left_6m", "credit_grade"],
                "The grade uses payments of the whole year, half of which comes after 30 June.",
            ),
            Mistake(
                lambda: ["complaints_90d", "rep_left_6m", "december_csat"],
                "A mark of December was not known in June. And only those who still buy are asked at all.",
            ),
            Mistake(
                lambda: ["complaints_90d", "rep_left_6m", "exit_cause"],
                "Whoever has a cause in the exit interview has left: the column is the answer.",
            ),
            Mistake(
                lambda: ["december_csat", "exit_cause", "credit_grade"],
                "Those are the three that must stay out. Which remain?",
            ),
        ),
        look="Ask of each column on which day it was complete, and who has a value in it.",
        praise="Both were complete on the day, for everybody.",
    ),
    Check(
        "15.top_three",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: _cause_share(3),
        mistakes=(
            Mistake(
                lambda: _cause_share(3, ranked=False),
                "You took the first three of the text. Sort by how often they were named.",
            ),
            Mistake(lambda: _cause_share(2), "Those are the first two. Three are asked for."),
            Mistake(lambda: _cause_share(4), "Those are the first four. Three are asked for."),
        ),
        look="Most frequent first; add three counts and divide by all.",
        praise="It ranks what people say, no more.",
    ),
    Check(
        "15.logit_p",
        kind=Number(tolerance=0.00051, share=True),
        right=lambda: _probability(-2 + 0.02 * 60 + 0.5),
        mistakes=(
            Mistake(
                lambda: _probability(-(-2 + 0.02 * 60 + 0.5)),
                "The sign of z is turned: that is the probability of staying.",
            ),
            Mistake(
                lambda: _probability(-2 + 0.02 * 60),
                "The complaint is missing from z. It adds its weight once.",
            ),
            Mistake(lambda: -2 + 0.02 * 60 + 0.5, "That is z. Turn it into a probability."),
            Mistake(
                lambda: math.exp(-2 + 0.02 * 60 + 0.5),
                "That is e to the power of z: the odds. A probability is odds / (1 + odds).",
            ),
        ),
        look="First z, with three terms. Then 1 / (1 + e to the power of −z).",
        praise="Below one half, because z is below zero.",
    ),
    Check(
        "15.auc_four",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: evaluation.auc([1, 0, 1, 0], [0.9, 0.6, 0.5, 0.2]),
        mistakes=(
            Mistake(
                lambda: 1 - evaluation.auc([1, 0, 1, 0], [0.9, 0.6, 0.5, 0.2]),
                "You counted the pairs in the wrong order. In how many does the lost one stand higher?",
            ),
            Mistake(
                lambda: 0.5,
                "Half of the four are lost, but the AUC is a share of pairs: one lost, one not.",
            ),
            Mistake(lambda: 1.0, "One pair is in the wrong order: look at the second customer."),
        ),
        look="Write the four pairs down: first and second, first and fourth, and so on; check each.",
        praise="One pair of four is in the wrong order.",
    ),
    Check(
        "15.aipw_two",
        kind=Mapped("the scores", tolerance=0.0051),
        right=_pair,
        mistakes=(
            Mistake(
                lambda: dict(zip(_TWO, (0.18 - 0.12 / 0.5, 0.18 + 0.70 / 0.5), strict=True)),
                "The first has a sign turned: minus, of 0 less a positive number.",
            ),
            Mistake(
                lambda: dict(zip(_TWO, (0.18 + 0.12, 0.18 + 0.70), strict=True)),
                "You did not divide by the share of the coin: each half stands for the whole.",
            ),
            Mistake(
                _pair_without_model,
                "The predicted uplift, the first two terms, is missing from both.",
            ),
            Mistake(
                lambda: dict.fromkeys(_TWO, 0.30 - 0.12),
                "That is the predicted uplift alone. What happened has to correct it.",
            ),
        ),
        look="One subscriber at a time: put in w, y, and leave out the term that is multiplied by zero.",
        praise="One score says nothing about one subscriber. Only their mean over a group does.",
    ),
    Check(
        "15.relations_three",
        kind=Labels("actions"),
        right=lambda: _actions(_THREE),
        mistakes=(
            Mistake(
                lambda: _actions(_THREE.assign(burden=["low", "high", "high"])),
                "You swapped the burden: dear to serve is a high burden.",
            ),
            Mistake(
                lambda: _actions(_THREE.assign(value=[1, -1, 1])),
                "You turned the value: a loss is a value below zero.",
            ),
            Mistake(
                lambda: _actions(_THREE.assign(potential=["high", "low", "low"])),
                "You swapped the potential: who can grow has a high one.",
            ),
            Mistake(
                lambda: _actions(_THREE.iloc[::-1]),
                "The right actions in the wrong order: begin with the one who is dear to serve.",
            ),
        ),
        look="Three rows, in the order of the text; then read the column `action`.",
        praise="Ending comes last, after a fair price was asked.",
    ),
    Check(
        "15.dearer",
        kind=Number(counted="subscribers"),
        right=_pays,
        mistakes=(
            Mistake(lambda: _pays(incentive=30), "That is with the old gift of 30 RMB."),
            Mistake(lambda: _pays(accept=1.0), "You gave the gift to everybody. Eight in ten take it."),
            Mistake(
                lambda: _pays(contact=0), "The call itself is missing from the cost: it stays as it was."
            ),
            Mistake(
                lambda: _pays(score="m0"),
                "You used the risk. What a call changes stands in another column.",
            ),
            Mistake(lambda: len(_trial()) - _pays(), "Those are the ones for whom a call does not pay."),
        ),
        look="Call `uplift.uplift_targets` with `tau`, `value`, 40, 0.8 and the new gift, and add up `call`.",
        praise="A gift for everybody who picks up is paid to many who would have stayed.",
    ),
)
