"""Practice of case 4, the 80/20/30 firm: definitions tried on the rows that its notebook prints."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casebook import selection as sel
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Labels, Names, Number

__all__ = ["CHECKS"]

_FIVE = [60, 30, 10, -20, -30]
#: One account, and which part of each cost is saved within a year when it goes, as the notebook prints them.
_MARGIN = 1000
_COSTS = {
    "sales_cost": (250, 0.2),
    "account_cost": (600, 0.0),
    "rush_freight": (200, 1.0),
    "free_installation": (100, 0.6),
    "trade_promotion": (300, 1.0),
    "returns_cost": (50, 1.0),
}
_LEFT_OVER = 900  # costs that stay when others are dropped
_REST = {"P": (500, 300), "Q": (160, 100), "R": (250, 200)}  # profit, account cost
_RULE = pd.DataFrame(
    [("A", 0, 400, 9000), ("B", -200, 500, 2000), ("C", -400, 700, 9000), ("D", -100, 600, 1500),
     ("E", -150, 300, 1000)],
    columns=["account", "contribution", "service", "revenue"],
)  # fmt: skip


def _goes(saved: Mapping[str, float] | None = None, margin: float = _MARGIN) -> float:
    """Change of the firm's profit when the account goes."""
    parts = saved or {name: part for name, (_, part) in _COSTS.items()}
    return sum(parts[name] * cost for name, (cost, _) in _COSTS.items()) - margin


def _all_saved() -> dict[str, float]:
    return dict.fromkeys(_COSTS, 1.0)


def _losers(shares: Mapping[str, float]) -> list[str]:
    whole = sum(shares.values())
    return [who for who, (profit, _) in _REST.items() if profit < _LEFT_OVER * shares[who] / whole]


def _actions(part: float = 0.5, most: float = 0.15, *, edges: bool = True) -> list[str]:
    made = []
    for row in _RULE.to_dict("records"):
        bill = part * row["service"] / row["revenue"]
        enough = row["contribution"] + part * row["service"]
        if row["contribution"] > 0 or (edges and row["contribution"] == 0):
            made.append("keep")
        elif (enough > 0 or (edges and enough == 0)) and (bill < most or (edges and bill == most)):
            made.append("fix")
        else:
            made.append("drop")
    return made


CHECKS = (
    Check(
        "case04.of_what_is_left",
        kind=Number(tolerance=0.0051),
        right=lambda: sel.sherden(_FIVE, bottom=0.4).top_share_net,
        mistakes=(
            Mistake(
                lambda: sel.sherden(_FIVE, bottom=0.4).top_share_gross,
                "That is the share of all that is *earned*: the losses are not taken off yet.",
            ),
            Mistake(
                lambda: (_FIVE[0] + _FIVE[1]) / sum(_FIVE),
                "You took two accounts. How many are the best fifth of five?",
            ),
            Mistake(
                lambda: 60 / sum(abs(x) for x in _FIVE),
                "You added the losses to the profits. A loss is taken off.",
            ),
        ),
        look="First what is left when the losses are taken off; then what the best one brings of it.",
        praise="More than all of it. A share of what is left has no upper limit.",
    ),
    Check(
        "case04.if_it_goes",
        kind=Number(unit="RMB", tolerance=0.51),
        right=_goes,
        mistakes=(
            Mistake(
                lambda: _goes(_all_saved()),
                "You let every cost go with the account. Which part of each does?",
            ),
            Mistake(
                lambda: _goes(margin=0),
                "You counted what is saved, and forgot that the margin goes, too.",
            ),
            Mistake(
                lambda: _goes({**_all_saved(), "sales_cost": 0, "account_cost": 0}),
                "You let all of the service costs go. The fitters of the free installation are employed: "
                "look at their part.",
            ),
            Mistake(
                lambda: -_goes(),
                "The right size with the wrong sign: is the firm richer or poorer without it?",
            ),
        ),
        look="For each cost, cost times the part that is saved; add up; take off the margin.",
        praise="It loses on paper, and the firm is poorer without it.",
    ),
    Check(
        "case04.who_is_next",
        kind=Names("accounts"),
        right=lambda: _losers({who: cost for who, (_, cost) in _REST.items()}),
        mistakes=(
            Mistake(
                lambda: _losers(dict.fromkeys(_REST, 1.0)),
                "You gave each account the same. The key is the account cost that each bears already.",
            ),
            Mistake(
                lambda: list(_REST),
                "Not all of them turn. Work out each one's part, and take it off its profit.",
            ),
            Mistake(
                lambda: ["Q", "P"],
                "Check the part of the largest: it bears most, and can bear it.",
            ),
        ),
        look="Each one's part of the 900 is its account cost over the sum of the three.",
        praise="It earned money until somebody else was dropped.",
    ),
    Check(
        "case04.five_actions",
        kind=Labels("actions"),
        right=_actions,
        mistakes=(
            Mistake(
                lambda: _actions(edges=False),
                "Someone stands exactly on a limit: zero counts as enough, and 15 % is not too much.",
            ),
            Mistake(
                lambda: _actions(most=9.9),
                "You did not ask whether the bill is too high for the account's purchases.",
            ),
            Mistake(
                lambda: _actions(part=1.0),
                "You charged the whole service. New terms charge half of it.",
            ),
            Mistake(
                lambda: ["keep" if c >= 0 else "drop" for c in _RULE["contribution"]],
                "You skipped the middle way: what if the account pays half of its service?",
            ),
        ),
        look="Contribution first. If it is below zero, add half of the service; then compare that half with "
        "the revenue.",
        praise="Two were dropped, for two different reasons.",
    ),
)
