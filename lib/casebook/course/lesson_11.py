"""Checks of lesson 11, credit survey and rating. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

import casebook
from casebook import credit
from casebook import scorecard as sc
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Choice, Mapped, Number

__all__ = ["CHECKS"]

# The lesson's tables, worked out as the lesson does ------------------------------------------------------

_REED = pd.DataFrame({"collection_rate": [0.95], "pay_ability": ["ok"], "competitor_share": [0.6]})
_RETAILER = pd.DataFrame({"X1": [0.10], "X2": [0.05], "X3": [0.02], "X4": [0.60], "X5": [0.90]})
_XU = (0.5, 0.2, 0.1, 0.1, 0.1)
_BREAKS = {"mean_score": [60, 65, 70, 75], "debts_to_worth": [0.25]}


def _evidence(files: pd.DataFrame) -> pd.DataFrame:
    """The four variables of the card."""
    six = ["character", "capacity", "capital", "collateral", "condition", "continuity"]
    return pd.DataFrame({
        "mean_score": files[six].mean(axis=1), "sued": files["sued"],
        "rivals_above_half": files["competitor_share"] > 0.5,
        "debts_to_worth": files["other_debts"] / files["net_worth"],
    })  # fmt: skip


@cache
def _book() -> pd.DataFrame:
    """The book on 31 December 2024 with grades and PD."""
    files, invoices = casebook.load("credit_files"), casebook.load("invoices")
    paid = casebook.load("payments")
    card = sc.Scorecard(_BREAKS, smoothing=0.5).fit(_evidence(files), files["defaulted_next_12m"].astype(int))
    settled = (paid["amount"] + paid["discount_taken"]).groupby(paid["invoice_id"]).sum()
    left = invoices["amount"] - invoices["invoice_id"].map(settled).fillna(0)
    year = invoices[invoices["issue_date"] > "2023-12-31"].groupby("customer_id")["amount"]
    book = year.mean().rename("usual_order").reset_index()
    book["open"] = book["customer_id"].map(left.groupby(invoices["customer_id"]).sum()).clip(lower=0).round(2)
    book["ead"] = book["open"] + book["usual_order"]
    costs = casebook.load("cost_to_serve").query("year == 2024").set_index("customer_id")
    book["margin"] = book["customer_id"].map(costs["gross_margin"] - costs["sales_cost"]).fillna(0)
    failed = files[files["defaulted_next_12m"]]["customer_id"]
    book = book[~book["customer_id"].isin(failed)].merge(files[files["year"] == 2024], on="customer_id")
    rates = credit.collection_rate(invoices, paid, "2023-12-01", "2024-11-30", "2024-12-31")
    book = book.merge(rates, on="customer_id", how="left")
    book["pay_ability"] = np.where(book["current_ratio"] < 1, "weak", "ok")
    book = credit.credit_grade(book, events={"sued": "lawsuit"}).drop(columns="reason")
    return book.assign(pd=card.predict_proba(_evidence(book))[:, 1])


# Answers, right and wrong ---------------------------------------------------------------------------------


def _pay_first(at_stake: float = 0.2, decision: str = "cash first") -> dict[str, int]:
    judged = credit.credit_decision(_book(), at_stake=at_stake)
    counted = (judged["decision"] == decision).groupby(judged["credit_grade"]).sum()
    return {str(grade): int(n) for grade, n in counted.items()}


def _sued() -> tuple[pd.Series, pd.Series]:
    """Goods and bads by sued or not."""
    files = casebook.load("credit_files")
    counts = pd.crosstab(files["sued"], files["defaulted_next_12m"])
    return counts[False], counts[True]


def _woe(numerator: pd.Series, denominator: pd.Series) -> float:
    a, b = numerator / numerator.sum(), denominator / denominator.sum()
    return float(np.log(a[True] / b[True]))


def _low_scores(w: tuple[float, ...] = _XU, year: int | None = 2024, below: bool = True) -> int:
    files = casebook.load("credit_files")
    scored = credit.five_c(files if year is None else files[files["year"] == year], w=w)["five_c"]
    return int((scored < 60).sum() if below else (scored >= 60).sum())


@cache
def _surveys(jump: float, column: str = "survey") -> int:
    invoices = casebook.load("invoices")
    ordered = invoices.rename(columns={"issue_date": "date"})[["customer_id", "date", "amount"]]
    paid = casebook.load("payments").merge(
        invoices[["invoice_id", "customer_id", "due_date"]], on="invoice_id"
    )
    paid["days_late"] = (paid["date"] - paid["due_date"]).dt.days
    return int(credit.survey_triggers(ordered, paid, "2024-12-31", jump=jump)[column].sum())


def _form(empty: tuple[str, ...]) -> float:
    return credit.form_filled(dict.fromkeys(credit.FORM_FIELDS, "seen") | dict.fromkeys(empty, "")).share


CHECKS = (
    Check(
        "11.reed_hospital",
        kind=Choice(("A", "B", "C", "D")),
        right=lambda: credit.credit_grade(_REED)["credit_grade"].iloc[0],
        mistakes=(
            Mistake(
                lambda: credit.credit_grade(_REED, rival=1.0)["credit_grade"].iloc[0],
                "You stopped after the collection rate. What do the rivals hold of its purchases?",
            ),
            Mistake(
                lambda: credit.credit_grade(_REED.assign(collection_rate=0.98), rival=1.0)[
                    "credit_grade"
                ].iloc[0],
                "Read the collection rate against the cuts again: it is below the first.",
            ),
            Mistake(
                lambda: credit.credit_grade(_REED.assign(collection_rate=0.75))["credit_grade"].iloc[0],
                "You went down too far. The rivals cost one grade, and nothing else is against it.",
            ),
        ),
        look="Take the steps in their order: rate, rivals, ability to pay. Write the letter after each.",
        praise="One step down for the rivals, and no cap.",
    ),
    Check(
        "11.zone",
        kind=Choice(("distress", "grey", "safe")),
        right=lambda: credit.altman_z_prime(_RETAILER)["zone"].iloc[0],
        mistakes=(
            Mistake(
                lambda: credit.altman_z(_RETAILER)["zone"].iloc[0],
                "That is the zone by the Z of 1968, for listed firms. Z′ has other weights and other cuts.",
            ),
            Mistake(
                lambda: credit.altman_z_prime(_RETAILER * 10)["zone"].iloc[0],
                "A sum as large as that has a decimal point in the wrong place. Add the five again.",
            ),
        ),
        look="Five products: each ratio times its weight. Add them, then compare with both cuts.",
        praise="Grey means: ask further.",
    ),
    Check(
        "11.form",
        kind=Number(share=True, tolerance=0.0005),
        right=lambda: _form(("bank reference", "stock")),
        mistakes=(
            Mistake(
                lambda: _form(("bank reference", "stock", "lawsuits")),
                "You counted the lawsuits as blank. Is 'none' an answer?",
            ),
            Mistake(
                lambda: 1 - _form(("bank reference", "stock")),
                "That is the share of the blanks. Which share is filled in?",
            ),
        ),
        look="Count the fields of `credit.FORM_FIELDS`, and those that hold an answer.",
        praise="A zero is an answer; a gap is not.",
    ),
    Check(
        "11.loss",
        kind=Number(unit="RMB", tolerance=0.5),
        right=lambda: credit.expected_loss(0.04, 250_000, 0.6),
        mistakes=(
            Mistake(
                lambda: credit.expected_loss(0.04, 180_000, 0.6),
                "You counted only what is owed. The order on its way is exposed too.",
            ),
            Mistake(
                lambda: credit.expected_loss(0.04, 250_000, 1.0),
                "You lost all of it. Part of a default comes back: which share is lost?",
            ),
            Mistake(
                lambda: credit.expected_loss(0.04, 250_000, 0.4),
                "You multiplied by the share that comes back. Which share is lost?",
            ),
            Mistake(
                lambda: 0.6 * 250_000,
                "That is the loss if it happens. How likely is it?",
            ),
        ),
        look="Three factors: how likely, how much is exposed, which share of that is lost.",
        praise="Small and certain to be paid, in an average year.",
    ),
    Check(
        "11.woe_sued",
        kind=Number(tolerance=0.0051),
        right=lambda: _woe(*_sued()),
        mistakes=(
            Mistake(
                lambda: _woe(*_sued()[::-1]),
                "The other sign: you took bads over goods. In this lesson above zero means good.",
            ),
            Mistake(
                lambda: float(np.log(_sued()[0][True] / _sued()[1][True])),
                "That is the logarithm of counts. Divide each count by its column's total first.",
            ),
            Mistake(
                lambda: float(_sued()[0][True] / _sued()[0].sum() / (_sued()[1][True] / _sued()[1].sum())),
                "That is the ratio of the shares. The weight is its logarithm.",
            ),
        ),
        look="Two shares: the sued among all goods, the sued among all bads. One ratio, one logarithm.",
        praise="Being sued speaks for bad, and now you can say how loudly.",
    ),
    Check(
        "11.score_five",
        kind=Number(unit="points", tolerance=0.51),
        right=lambda: sc.scorecard(0.05, base=500, odds=20, pdo=40),
        mistakes=(
            Mistake(
                lambda: sc.scorecard(0.05, base=600, odds=30, pdo=20),
                "You used the scale of this lesson. The other firm has its own three numbers.",
            ),
            Mistake(
                lambda: 500 + 40 / np.log(2) * np.log(0.05 / 0.95 / 20),
                "Your odds are bad : good. The scale counts good : bad, so that safe customers score high.",
            ),
            Mistake(
                lambda: 500.0,
                "A PD of 5 % is not odds of 20 : 1. How many goods stand against five bads in a hundred?",
            ),
        ),
        look="Odds = (1 − PD) / PD. Compare with 20 by a logarithm to the base 2, and times 40.",
        praise="A little below 20 : 1, so a little below 500.",
    ),
    Check(
        "11.five_weights",
        kind=Number(counted="files"),
        right=_low_scores,
        mistakes=(
            Mistake(
                lambda: _low_scores(credit.WEIGHTS),
                "Those are the weights of the lesson. Xu Bo has others: the argument is `w`.",
            ),
            Mistake(
                lambda: _low_scores(year=None),
                "You counted the files of all years. Which year was asked?",
            ),
            Mistake(
                lambda: _low_scores(below=False),
                "You counted those at 60 or above.",
            ),
        ),
        look="Filter the files to 2024, call `credit.five_c` with `w`, and count below 60.",
        praise="Other weights, other files below the line. Write the weights beside the score.",
    ),
    Check(
        "11.surveys",
        kind=Number(counted="customers"),
        right=lambda: _surveys(3.0),
        mistakes=(
            Mistake(
                lambda: _surveys(2.5),
                "You left `jump` at its default. The question asks for three times the usual.",
            ),
            Mistake(
                lambda: _surveys(3.0, "large_order"),
                "You counted the large orders only. First orders and slower payments call for a survey too.",
            ),
            Mistake(
                lambda: _surveys(3.0, "slower"),
                "You counted the slower payers only.",
            ),
        ),
        look="Call `credit.survey_triggers` with both tables, the day and `jump`; add up `survey`.",
        praise="The ledger shows three of the occasions; the newspaper and the rep must bring the others.",
    ),
    Check(
        "11.stake_fifth",
        kind=Mapped("the number of customers who pay first, by grade"),
        right=_pay_first,
        mistakes=(
            Mistake(
                lambda: _pay_first(0.5),
                "That is the list at one half. A fifth of the trade is at stake now.",
            ),
            Mistake(
                lambda: _pay_first(0.8),
                "You took the four fifths that stayed. At stake is what leaves.",
            ),
            Mistake(
                lambda: _pay_first(0.2, "credit"),
                "Those are the customers who keep their credit.",
            ),
        ),
        look="Call `credit.credit_decision` on `today` with `at_stake`, and count 'cash first' by grade.",
        praise="Less at stake, more cash first: the trial moves the line, not the letters.",
    ),
)
