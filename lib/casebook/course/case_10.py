"""Practice of case 10, stop the leak. All on the small rows that the notebook prints; nothing is graded."""

from __future__ import annotations

import pandas as pd

from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Mapped, Names, Number

__all__ = ["CHECKS"]

# The rows that the notebook prints -----------------------------------------------------------------------

_FIVE = pd.DataFrame(
    {"customer": ["Ash", "Birch", "Cedar", "Dogwood", "Elm"], "cycle": [20, 70, 15, 40, 50],
     "silent": [95, 200, 60, 130, 190]}
)  # fmt: skip
_SCANS = pd.DataFrame(
    {"scan": ["n1", "n2", "n3", "n4", "n5", "n6"], "sold_in": ["E01", "E01", "E01", "E01", "E01", "E01"],
     "scanned_in": ["E01", "E02", "S03", "W09", "C05", "N04"],
     "has_dealer": [True, True, True, False, True, True],
     "list_price": [2000.0, 2000.0, 1960.0, 1840.0, 1900.0, 1960.0],
     "price": [1750.0, 2040.0, 1720.0, 1600.0, 1860.0, 1700.0]}
)  # fmt: skip
_SIX = pd.DataFrame(
    {"subscriber": ["u1", "u2", "u3", "u4", "u5", "u6"], "m0": [0.80, 0.30, 0.20, 0.45, 0.70, 0.15],
     "m1": [0.80, 0.10, 0.30, 0.15, 0.66, 0.12], "psi": [1.20, -1.50, 0.10, 0.85, -0.20, 1.90]}
)  # fmt: skip


def _lost(*, k: float = 3, least: float = 90, days: int = 184) -> dict[str, int]:
    rule = _FIVE["silent"] > (k * _FIVE["cycle"]).clip(lower=least)
    none = _FIVE["silent"] >= days
    return {"rule": int(rule.sum()), "no_order": int(none.sum()), "both": int((rule & none).sum())}


def _cut(*, served: bool = True, cheap: float = 0.95, outside: bool = True) -> list[str]:
    chosen = _SCANS["price"] < cheap * _SCANS["list_price"]
    if outside:
        chosen &= _SCANS["scanned_in"] != _SCANS["sold_in"]
    if served:
        chosen &= _SCANS["has_dealer"]
    return _SCANS.loc[chosen, "scan"].tolist()


def _two(score: pd.Series) -> list[str]:
    return _SIX.loc[score.nlargest(2).index, "subscriber"].tolist()


CHECKS = (
    Check(
        "case10.five_quiet",
        kind=Mapped("the number of customers by each label"),
        right=_lost,
        mistakes=(
            Mistake(
                lambda: _lost(least=0),
                "You left out the 90 days: nobody is lost before them, however fast the own cycle.",
            ),
            Mistake(
                lambda: _lost(k=0),
                "You called everybody lost after 90 days of silence. A slow buyer gets three cycles.",
            ),
            Mistake(
                lambda: _lost(days=91),
                "Your second label waits three months. It should wait six: July to December, 184 days.",
            ),
            Mistake(
                lambda: _lost() | {"both": 4},
                "The third counts those lost by one label or the other. Both at once are asked for.",
            ),
        ),
        look="The rule: three cycles or 90 days, whichever is more. No order: 184 days of silence or more.",
        praise="Two rules, two lists. Neither is the truth.",
    ),
    Check(
        "case10.may_train",
        kind=Names("month ends"),
        right=lambda: ["2023-08-31", "2023-12-31"],
        mistakes=(
            Mistake(
                lambda: ["2023-08-31", "2023-12-31", "2024-01-31", "2024-05-31"],
                "All of these lie before the test day, but when was the label of each known?",
            ),
            Mistake(
                lambda: ["2023-08-31"],
                "You are stricter than needed: the label of December was complete on the test day itself.",
            ),
            Mistake(
                lambda: ["2023-08-31", "2023-12-31", "2024-01-31"],
                "Count six months on from January: is that before or after the test day?",
            ),
        ),
        look="Add six months to each. On or before 30 June 2024, its label was known on that day.",
        praise="The five months between are left out, though they are the newest.",
    ),
    Check(
        "case10.known_in_june",
        kind=Names("columns"),
        right=lambda: ["late_share_12m", "offer_active", "tenure_years"],
        mistakes=(
            Mistake(
                lambda: ["late_share_12m", "offer_active", "tenure_years", "complaints_closed"],
                "When a complaint of June was closed is known later: the column is read off today's table.",
            ),
            Mistake(
                lambda: ["late_share_12m", "offer_active", "tenure_years", "orders_2024"],
                "Orders of 2024 hold half a year that had not come yet, and whoever left has fewer of them.",
            ),
            Mistake(
                lambda: ["late_share_12m", "offer_active", "tenure_years", "has_interview"],
                "Only those who left are interviewed: that column is nearly the answer.",
            ),
            Mistake(
                lambda: ["complaints_closed", "has_interview", "orders_2024"],
                "Those are the three that must stay out. Which remain?",
            ),
        ),
        look="Ask of each: was it complete on 30 June 2024? And does everybody have it, lost or not?",
        praise="A table without dates cannot be asked this, so bring the dates along.",
    ),
    Check(
        "case10.two_calls",
        kind=Names("subscribers"),
        right=lambda: _two(_SIX["m0"] - _SIX["m1"]),
        mistakes=(
            Mistake(
                lambda: _two(_SIX["m0"]),
                "Those two are the likeliest to leave. What does a call change for them?",
            ),
            Mistake(
                lambda: _two(_SIX["psi"]),
                "You ranked by psi. It holds what happened afterwards, and one psi says nothing by itself.",
            ),
            Mistake(
                lambda: _two(_SIX["m1"] - _SIX["m0"]),
                "The sign is turned: one of these two is likelier to leave after a call.",
            ),
        ),
        look="For each: chance of leaving without a call, less the chance with one. Take the two largest.",
        praise="The riskiest two of the six were not among them.",
    ),
    Check(
        "case10.cut_scans",
        kind=Names("scans"),
        right=_cut,
        mistakes=(
            Mistake(
                lambda: _cut(served=False),
                "One of yours lies in a territory without a dealer: nobody is undercut there.",
            ),
            Mistake(
                lambda: _cut(cheap=1.0),
                "One of yours is only a little below list. The limit is 95% of the list price there.",
            ),
            Mistake(
                lambda: _cut(outside=False),
                "One of yours was sold and scanned in the same territory. A dealer may cut prices at home.",
            ),
            Mistake(
                lambda: _cut(cheap=9.0),
                "You did not look at the price: every piece outside and in a served territory is there.",
            ),
        ),
        look="Three conditions at once: outside, a dealer there, price below 0.95 of the list price there.",
        praise="The same piece at the same price undercuts nobody where no dealer sits.",
    ),
    Check(
        "case10.more_than_usual",
        kind=Number(unit="losses", tolerance=0.051),
        right=lambda: 80 * (20 / 80 - 40 / 400),
        mistakes=(
            Mistake(lambda: 20.0, "That is every loss among the 80. Some would have left anyway."),
            Mistake(lambda: 0.15, "That is the difference of the two rates. How many customers is it?"),
            Mistake(
                lambda: 80 * (20 / 80 - 60 / 480),
                "You compared with all 480, the 80 among them. Compare with the others.",
            ),
        ),
        look="Rate of the 80, less the rate of the 400; times 80.",
        praise="Beyond what the others lose. That the exposure caused it is another step.",
    ),
)
