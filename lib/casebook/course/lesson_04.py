"""Checks of lesson 04, lifetime value. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

import casebook
from casebook import lifetime as life
from casebook.company import sales_lines
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Mapped, Number

__all__ = ["CHECKS"]

CUT, END = "2024-06-30", "2024-12-31"

# The lesson's tables, worked out as the lesson does ------------------------------------------------------


@cache
def _homes() -> pd.DataFrame:
    homes: pd.DataFrame = casebook.load("customers").query("nature == 'individual'")
    return homes


@cache
def _orders() -> pd.DataFrame:
    """Orders of the households, with their amounts."""
    lines = sales_lines()
    lines = lines[lines["customer_id"].isin(_homes()["customer_id"])]
    return pd.DataFrame(lines.groupby(["order_id", "customer_id", "date"], as_index=False)["amount"].sum())


@cache
def _summary(end: str = CUT) -> pd.DataFrame:
    seen = _orders()[_orders()["date"] <= end]
    return life.rfm_summary(seen, "customer_id", "date", "amount", end=end, unit="M")


@cache
def _model(end: str = CUT) -> life.BetaGeoNBD:
    return life.BetaGeoNBD().fit(_summary(end))


@cache
def _kept() -> float:
    """What is left of an RMB of sales, after goods and selling."""
    served = casebook.load("cost_to_serve")
    served = served[served["customer_id"].isin(_homes()["customer_id"])]
    return float(served["profit"].sum() / _orders()["amount"].sum())


def _worth(months: float = 24, *, discount: float = 0.20, margin: float | None = None) -> float:
    """What a new household brings, its first purchase included."""
    kept = _kept() if margin is None else margin
    amount = float(_orders().query("date <= @CUT")["amount"].mean())
    new = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [1e-6]})
    ahead = life.clv(
        new, transactions=_model(), spend=amount, horizon=months, discount=discount, margin=kept, unit="M"
    )
    return float(kept * amount + ahead["clv"].iloc[0])


def _first_purchase() -> float:
    return float(_kept() * _orders().query("date <= @CUT")["amount"].mean())


# Answers, right and wrong ---------------------------------------------------------------------------------


def _ahead(end: str = END, months: float = 6) -> float:
    return float(pd.Series(_model(end).expected_purchases(months, _summary(end))).sum())


def _all_new() -> float:
    """The expectation of a new customer, for every household."""
    return float(len(_homes()) * float(_model(END).expected_purchases(6)))  # type: ignore[arg-type]


def _own_pace() -> float:
    summary = _summary(END)
    return float((summary["frequency"] / summary["T"] * 6).sum())


def _old_model() -> float:
    return float(pd.Series(_model(CUT).expected_purchases(6, _summary(END))).sum())


def _gone(least: float = 0.0, below: float = 0.2) -> int:
    alive = _model().p_alive(_summary())
    return int(((alive >= least) & (alive < below)).sum())


def _silent() -> int:
    """Households silent for most of their time, whoever they are."""
    summary = _summary()
    return int((summary["recency"] < 0.2 * summary["T"]).sum())


def _next(x: float = 2, m: float = 22.35) -> float:
    model = life.GammaGamma()
    model.p_, model.q_, model.gamma_ = 6.25, 3.74, 15.44
    one = pd.DataFrame({"frequency": [x], "monetary_value": [m]})
    return float(pd.Series(model.expected_spend(one)).iloc[0])


def _renewals(alpha: float = 1, beta: float = 2) -> Any:
    model = life.ShiftedBetaGeometric()
    model.alpha_, model.beta_ = float(alpha), float(beta)
    return model


_COST = {"referral": 500, "fair": 7_500, "ads": 1_500}
_VALUE = {"referral": 1_500, "fair": 9_000, "ads": 1_200}


def _ways() -> dict[str, float]:
    customers = pd.DataFrame({"source": list(_VALUE), "clv": list(_VALUE.values())})
    campaigns = pd.DataFrame({"source": list(_COST), "cost": list(_COST.values()), "customers": 1})
    made = life.source_equity(customers, "clv", campaigns)
    return dict(zip(made["source"], made["net"], strict=True))


CHECKS = (
    Check(
        "04.two_years",
        kind=Number(unit="RMB", tolerance=0.5),
        right=lambda: life.clv_simple(200, 1, 2, unit="months", unit_T="years"),
        mistakes=(
            Mistake(
                lambda: 200 / 1 * 2,
                "You divided years by months: the cycle is in months, the stay in years. Convert one.",
            ),
            Mistake(
                lambda: 200 * 25.0,
                "You counted the first purchase too. T/t counts the purchases after the first one.",
            ),
            Mistake(
                lambda: 200 / 1 * 2 * 365.25,
                "You turned the stay into days, and left the cycle in months.",
            ),
        ),
        look="Bring both times to months, then amount over cycle, times stay.",
        praise="Two units of time in one formula are the commonest mistake with it.",
    ),
    Check(
        "04.deferred",
        kind=Number(unit="RMB", tolerance=0.5),
        right=lambda: life.clv_discounted(250, 0.7, 0.12, timing="deferred"),
        mistakes=(
            Mistake(
                lambda: life.clv_discounted(250, 0.7, 0.12),
                "You took the first margin as received now. Here it comes after the first renewal.",
            ),
            Mistake(
                lambda: life.clv_discounted(250, 0.7, 0, timing="deferred"),
                "You left the discount out.",
            ),
            Mistake(
                lambda: life.clv_discounted(250, 0.3, 0.12, timing="deferred"),
                "You took the share that leaves for the share that stays.",
            ),
            Mistake(lambda: 250 / (1 + 0.12 - 0.7), "The margin is not multiplied by the share that renews."),
        ),
        look="m · r / (1 + d − r), with r the share that stays.",
        praise="When the first margin comes makes a difference of one margin.",
    ),
    Check(
        "04.renewals",
        kind=Number(tolerance=0.005, share=True),
        right=lambda: _renewals().survival(2),
        mistakes=(
            Mistake(
                lambda: _renewals().retention(1) ** 2,
                "You used the first rate twice. Those who are left after it are more loyal on average.",
            ),
            Mistake(
                lambda: _renewals().retention(2),
                "That is the share of those still there who renew. Which share of all was still there?",
            ),
            Mistake(
                lambda: _renewals().survival(1),
                "That is what is left after the first renewal. There is one more.",
            ),
            Mistake(
                lambda: _renewals(2, 1).survival(2),
                "You exchanged α and β: with your answer most members leave at once.",
            ),
        ),
        look="Work out both rates from the formula, and multiply them.",
        praise="One constant rate would leave fewer. Nobody changed; the weak left first.",
    ),
    Check(
        "04.gone",
        kind=Number(counted="households"),
        right=_gone,
        mistakes=(
            Mistake(
                lambda: len(_summary()) - _gone(),
                "You counted those above. Below 20 % is asked for.",
            ),
            Mistake(
                lambda: _gone(below=0.02),
                "You cut at 2 %. 20 % is 0.20.",
            ),
            Mistake(
                lambda: _gone(below=0.8),
                "You cut at 80 %: those are the ones that are not nearly sure to be there.",
            ),
            Mistake(
                _silent,
                "You compared recency with T. Silence alone does not tell: ask the model for P(alive).",
            ),
        ),
        look="`model.p_alive(summary)` gives one number a household; count those below 0.20.",
        praise="Write to them once: most will not answer, and a few are worth it.",
    ),
    Check(
        "04.next_six",
        kind=Number(unit="purchases", tolerance=2.0),
        right=_ahead,
        mistakes=(
            Mistake(
                lambda: _ahead(CUT),
                "That is the forecast made in June. Sum up all orders to the end of December first.",
            ),
            Mistake(
                _old_model,
                "The summary is new and the model is the old one. Fit it again.",
            ),
            Mistake(
                _all_new,
                "You gave every household the expectation of a new one. Hand the summary to the model.",
            ),
            Mistake(
                _own_pace,
                "You let everybody go on at the pace so far, as if nobody had left. Ask the model.",
            ),
            Mistake(
                lambda: _ahead(months=12),
                "You looked a year ahead. Six months are asked for.",
            ),
            Mistake(
                lambda: float(pd.Series(_model(END).p_alive(_summary(END))).sum()),
                "You added up P(alive): that is a number of households still there, not of purchases.",
            ),
        ),
        look='`rfm_summary(orders, …, end=END, unit="M")`, fit, `expected_purchases(6, …)`, sum.',
        praise="Half a year on, compare it with what came.",
    ),
    Check(
        "04.next_order",
        kind=Number(tolerance=0.02),
        right=_next,
        mistakes=(
            Mistake(
                lambda: 22.35,
                "That is the customer's own mean. Two orders are few: the model leans to the mean of all.",
            ),
            Mistake(
                lambda: 6.25 * 15.44 / (3.74 - 1),
                "That is the mean of all, for a customer without a return. This one has two.",
            ),
            Mistake(
                lambda: 6.25 * (15.44 + 22.35) / (6.25 * 2 + 3.74 - 1),
                "The mean is not multiplied by the number of returns: m · x is what both cost together.",
            ),
            Mistake(
                lambda: _next(3),
                "You counted three returns: the first purchase is not one.",
            ),
            Mistake(
                lambda: 6.25 * (15.44 + 22.35 * 2) / (6.25 * 2 + 3.74),
                "The 1 under the line is missing: p · x + q − 1.",
            ),
        ),
        look="p (γ + m · x) over (p · x + q − 1): both brackets first.",
        praise="It lies between the customer's own mean and that of all.",
    ),
    Check(
        "04.three_ways",
        kind=Mapped("the net value of each way", tolerance=0.5),
        right=_ways,
        mistakes=(
            Mistake(
                lambda: {way: _VALUE[way] / _COST[way] for way in _COST},
                "Those are ratios. What is left, in RMB?",
            ),
            Mistake(
                lambda: {way: _COST[way] - _VALUE[way] for way in _COST},
                "You took value off cost: the signs are turned round.",
            ),
            Mistake(
                lambda: {way: max(net, 0.0) for way, net in _ways().items()},
                "You cut the loss off. A way that loses money has a net value below zero.",
            ),
            Mistake(lambda: dict(_VALUE), "Those are the values. Take the cost off."),
        ),
        look="Value less cost, one way at a time; a loss keeps its sign.",
        praise="The best ratio and the best net value are two different ways here.",
    ),
    Check(
        "04.stricter",
        kind=Number(unit="RMB", tolerance=2.0),
        right=_worth,
        mistakes=(
            Mistake(lambda: _worth(36), "You looked three years ahead. This board gives two."),
            Mistake(
                lambda: _worth(discount=0.10), "You kept the discount of 10 %. This board asks for 20 %."
            ),
            Mistake(
                lambda: _worth(2),
                "You looked two months ahead: the model counts in months.",
            ),
            Mistake(
                lambda: _worth(margin=1.0),
                "Those are sales. What is left after goods and selling?",
            ),
            Mistake(
                lambda: _worth() - _first_purchase(),
                "The first purchase is missing: it earns, too.",
            ),
        ),
        look="`worth` of the lesson has both levers: months, and the discount of a year.",
        praise="The first year carries most of it, so patience buys less than one thinks.",
    ),
)
