"""Practice of case 3, a thousand calls: definitions tried on the rows that its notebook prints."""

from __future__ import annotations

import pandas as pd

from casebook.call_burden import mark_repeats
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Names, Number

__all__ = ["CHECKS"]

#: Ten calls of two users in two months, as the notebook prints them.
_TEN = pd.DataFrame(
    [
        ("K01", "Ma", 3, "Ma-1", True),
        ("K02", "Ma", 3, "Ma-1", True),
        ("K03", "Ma", 3, "Ma-2", False),
        ("K04", "Qi", 3, "Qi-1", True),
        ("K05", "Ma", 3, "Ma-1", False),
        ("K06", "Qi", 4, "Qi-1", False),
        ("K07", "Qi", 4, "Qi-2", True),
        ("K08", "Ma", 4, "Ma-1", True),
        ("K09", "Qi", 4, "Qi-3", True),
        ("K10", "Qi", 4, "Qi-1", True),
    ],
    columns=["call_id", "user_id", "month", "issue_id", "resolved"],
)
#: Five users: months with repeat calls, so many in each of them, net margin a month.
_FIVE = pd.DataFrame(
    [("Ai", 6, 50, -1), ("Bao", 5, 90, -200), ("Cen", 8, 60, 40), ("Dou", 12, 49, -150), ("E", 7, 55, -30)],
    columns=["user", "months", "repeats", "margin"],
)
_PAYS, _CALLS, _REPEATS = 100, 2400, 2000  # a month; a year; a year
_VISIT, _NOTICE = 300, 200


def _ids(rows: pd.Series) -> list[str]:
    return _TEN.loc[rows, "call_id"].tolist()


def _marked() -> pd.DataFrame:
    return mark_repeats(_TEN)


def _flagged(repeats: int = 50, months: int = 6, margin: float = 0) -> list[str]:
    heavy = (_FIVE["repeats"] >= repeats) & (_FIVE["months"] >= months)
    return _FIVE.loc[heavy & (_FIVE["margin"] < margin), "user"].tolist()


def _even(pays: float = 12 * _PAYS, base: float = _REPEATS, visit: float = _VISIT) -> float:
    """Chance of success at which a visit brings as much as giving notice."""
    return (_CALLS - pays - _NOTICE + visit) / base


CHECKS = (
    Check(
        "case03.ten_calls",
        kind=Names("calls"),
        right=lambda: _ids(_marked()["repeat"]),
        mistakes=(
            Mistake(
                lambda: _ids(_TEN.duplicated(["issue_id", "month"])),
                "You began anew in April. An issue is old in whichever month it was first called about.",
            ),
            Mistake(
                lambda: _ids(_TEN.duplicated("issue_id", keep=False)),
                "You counted first calls too. When somebody calls for the first time about an issue, nothing "
                "is repeated yet.",
            ),
            Mistake(
                lambda: _ids(_marked()["again"]),
                "These are the calls that were *followed* by another. A repeat call *follows* one.",
            ),
            Mistake(
                lambda: _ids(_TEN["issue_id"].eq(_TEN["issue_id"].shift())),
                "You looked at the row above only. Other calls may lie between two about the same issue.",
            ),
        ),
        look="Go down the rows with a finger: does any row above name the same issue?",
        praise="The first call about an issue is never a repeat, and a new month wipes nothing out.",
    ),
    Check(
        "case03.five_users",
        kind=Names("users"),
        right=_flagged,
        mistakes=(
            Mistake(
                lambda: _flagged(repeats=51),
                "You took *more than* 50. The rule says 50 or more: the limit itself counts.",
            ),
            Mistake(
                lambda: _flagged(months=5),
                "One of yours was heavy in too few months. How many does the rule ask for?",
            ),
            Mistake(
                lambda: _flagged(margin=10**6),
                "You left out the margin. Who calls a lot and still brings money is not flagged.",
            ),
            Mistake(
                lambda: _flagged(repeats=49),
                "One of yours stays just under the number of repeat calls, every month of the year.",
            ),
            Mistake(
                lambda: _flagged(repeats=0, months=0),
                "These are all who cost more than they pay. The rule asks for many repeat calls as well.",
            ),
        ),
        look="Three conditions, all of them: repeat calls, number of months, margin.",
        praise="One of them stands on the limit of two conditions, and one cent would change that.",
    ),
    Check(
        "case03.broken_notes",
        kind=Names("calls"),
        right=lambda: _ids(_marked()["again"] & _TEN["resolved"]),
        mistakes=(
            Mistake(
                lambda: _ids(_marked()["repeat"] & _TEN["resolved"]),
                "These are repeat calls that ended with 'solved'. The broken tick is the one *before* "
                "another call.",
            ),
            Mistake(
                lambda: _ids(_marked()["again"]),
                "One of these was noted as unsolved. That note was honest.",
            ),
            Mistake(
                lambda: _ids(_TEN["resolved"]),
                "Not everyone called again. Which of these notes did a later call contradict?",
            ),
            Mistake(
                lambda: _ids(_TEN["resolved"] & _TEN.duplicated(["issue_id", "month"], keep="last")),
                "You looked within the month only. A call in April may contradict a note of March.",
            ),
        ),
        look="Take each 'True', and look *down* the rows for the same issue.",
        praise="'Solved' is what the agent wrote. Whether it was, the next call says.",
    ),
    Check(
        "case03.one_visit",
        kind=Number(tolerance=0.0051, share=True),
        right=_even,
        mistakes=(
            Mistake(
                lambda: _even(pays=_PAYS),
                "You set one month's payment against a year of calls.",
            ),
            Mistake(
                lambda: _even(base=_CALLS),
                "A visit ends the repeat calls only. First calls about other things go on.",
            ),
            Mistake(
                lambda: _even(visit=0),
                "The visit costs money too, whether it succeeds or not.",
            ),
            Mistake(
                lambda: _VISIT / _REPEATS,
                "There a visit pays for itself. The question is where it brings as much as giving notice.",
            ),
        ),
        look="Write down what each way brings in a year, with p for the chance, and set the two equal.",
        praise="Above this chance the technician is the better business; below it, the letter.",
    ),
)
