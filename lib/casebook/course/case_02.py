"""Practice checks of case 02, sleeping accounts. They are on small printed rows, never on a company."""

from __future__ import annotations

import pandas as pd

from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Choice, Labels, Names
from casebook.dormant_accounts import CONDITIONS, dormant

__all__ = ["CHECKS"]

# The rows that the notebook prints ------------------------------------------------------------------------

_EIGHT = pd.DataFrame({
    "account_id": list("abcdefgh"),
    "securities_value": [0, 0, 0, 5, 0, 1_200, 0, 0.01],
    "cash": [100, 100.01, 50, 0, 0, 3_000, 800, 20],
    "last_trade": pd.to_datetime([
        "2004-10-08", "2003-05-12", "2004-10-09", "2001-03-01", "2004-10-08", "2007-09-28", "2006-02-14",
        "2002-07-01",
    ]),
})  # fmt: skip
_VISITORS = pd.DataFrame({
    "visitor": ["An", "Bian", "Cui", "Dai", "E"],
    "id_document": [True, True, False, True, True],
    "securities_card": [True, False, True, True, False],
    "cash": [0.40, 88.00, 61.20, 100.00, 3.10],
    "paid_fee": [False, True, True, False, False],
})  # fmt: skip


def _labels() -> list[str]:
    return [str(label) for label in dormant(_EIGHT)["label"]]


def _reasons() -> list[str]:
    return [str(reason) for reason in dormant(_EIGHT)["reason"]]


def _by(empty: pd.Series, poor: pd.Series, idle: pd.Series, *, every: bool = True) -> list[str]:
    asleep = empty & poor & idle if every else empty | poor | idle
    return asleep.map({True: "dormant", False: "active"}).tolist()


_EMPTY, _POOR = _EIGHT["securities_value"] == 0, _EIGHT["cash"] <= 100
_IDLE = _EIGHT["last_trade"] <= pd.Timestamp("2004-10-08")


def _first_only() -> list[str]:
    """Stop at the first condition that fails."""
    return [reason.split(" + ")[0] for reason in _reasons()]


def _turned_round() -> list[str]:
    """Name the conditions that hold."""
    fails = [set(reason.split(" + ")) for reason in _reasons()]
    return [" + ".join(c for c in CONDITIONS if c not in row) or "none fails" for row in fails]


def _visitors(rows: pd.Series) -> list[str]:
    return _VISITORS.loc[rows, "visitor"].tolist()


CHECKS = (
    Check(
        "case02.eight",
        kind=Labels("labels"),
        right=_labels,
        mistakes=(
            Mistake(
                lambda: _by(_EMPTY, _EIGHT["cash"] < 100, _IDLE),
                "One account holds exactly the limit of cash. *At most* 100 includes 100.",
            ),
            Mistake(
                lambda: _by(_EMPTY, _POOR, _EIGHT["last_trade"] < pd.Timestamp("2004-10-08")),
                "Whoever last traded exactly three years before is dormant, by our reading.",
            ),
            Mistake(
                lambda: _by(_EMPTY, _POOR, _IDLE, every=False),
                "You call an account dormant when one condition holds. All three must.",
            ),
            Mistake(
                lambda: _by(_EIGHT["securities_value"] < 1, _POOR, _IDLE),
                "One account holds securities worth a cent. Zero means nothing at all.",
            ),
            Mistake(
                lambda: _by(_EMPTY | True, _POOR, _IDLE),
                "You looked at cash and day, and forgot the securities.",
            ),
            Mistake(
                lambda: _by(_EMPTY, _POOR, _EIGHT["last_trade"] <= pd.Timestamp("2004-10-09")),
                "One account is a day short of three years. Count back from 8 October 2007.",
            ),
        ),
        look="Write three ticks or crosses beside each row: securities, cash, last trade.",
        praise="Three ticks, no less.",
    ),
    Check(
        "case02.reasons",
        kind=Labels("reasons"),
        right=_reasons,
        mistakes=(
            Mistake(
                _first_only,
                "You stopped at the first condition that fails. Name all of them, joined by ' + '.",
            ),
            Mistake(
                _turned_round,
                "You named the conditions that hold. What keeps an account awake is a condition that fails.",
            ),
        ),
        look="The crosses of each row, in the order of the rule; without a cross it says 'none fails'.",
        praise="An account with one cross is one step from sleep; with three it is nowhere near.",
    ),
    Check(
        "case02.falls_asleep",
        kind=Choice(("2007-10-08", "2007-10-09", "2007-10-10")),
        right=lambda: str((_EIGHT["last_trade"][2] + pd.DateOffset(years=3)).date()),
        mistakes=(
            Mistake(
                lambda: "2007-10-08",
                "On that day it is not quite three years yet. Add three calendar years to the last trade.",
            ),
            Mistake(
                lambda: "2007-10-10",
                "That would be *more* than three years. By our reading exactly three are enough.",
            ),
        ),
        look="Add three calendar years to the day of the last trade.",
        praise="Nobody did anything that day: an account falls asleep because a calendar turns.",
    ),
    Check(
        "case02.counter",
        kind=Names("visitors"),
        right=lambda: _visitors(_VISITORS["id_document"] & _VISITORS["securities_card"]),
        mistakes=(
            Mistake(
                lambda: _visitors(_VISITORS["id_document"]),
                "The identity document alone is not enough. Which second paper does the rule ask for?",
            ),
            Mistake(
                lambda: _visitors(_VISITORS["securities_card"]),
                "The card alone is not enough: anybody may have found it.",
            ),
            Mistake(
                lambda: _visitors(_VISITORS["id_document"] | _VISITORS["securities_card"]),
                "One of two papers is not enough. The rule says *and*.",
            ),
            Mistake(
                lambda: _visitors(_VISITORS["paid_fee"]),
                "You asked for a fee. Waking an account is free.",
            ),
        ),
        look="Two papers, both of them; nothing else matters.",
        praise="What it holds, and who paid, does not matter. What do you tell those who were sent home?",
    ),
)
