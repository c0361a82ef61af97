"""Checks of lesson 05, finding prospects. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any

import pandas as pd

import casebook
from casebook import prospecting as pro
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Labels, Mapped, Names, Number

__all__ = ["CHECKS"]

# The lesson's tables, worked out as the lesson does ------------------------------------------------------

_FIVE = pd.DataFrame(
    {
        "contact": list("ABCDE"),
        "need": [1, 1, 1, 1, 1],
        "money": [1, 1, 1, 0, 1],
        "authority": [1, 0, 1, 1, 1],
        "targeted": [0, 1, 1, 0, 1],
        "orders": [0, 0, 0, 2, 4],
        "satisfied": [0, 0, 0, 0, 1],
    }
)
_DIRECTORY = pd.DataFrame(
    {
        "name": [
            "Lotus Inn",
            "West Lake Mill",
            "Osmanthus Hotel",
            "Longjing Lodge",
            "Bund Hotel",
            "Tide Hotel",
        ],
        "kind": ["hotel", "factory", "hotel", "hotel", "hotel", "hotel"],
        "city": ["Hangzhou", "Hangzhou", "Hangzhou", "Hangzhou", "Shanghai", "Hangzhou"],
        "date": ["2024-06", "2024-05", "2023-01", "2021-05", "2024-07", "2022-12"],
    }
)
_NEEDS = ["taste", "price", "service", "safety"]
_SCHOOLS = pd.DataFrame(
    {
        "taste": [1] * 19 + [0],
        "price": [1] * 10 + [0] * 10,
        "service": [1, 1, 1] + [0] * 12 + [1] * 5,
        "safety": [1] * 17 + [0, 0, 1],
        "willing": [1, 0] * 8 + [1, 1, 0, 1],
        "units": [1, 2, 1, 1] * 4 + [2, 3, 1, 4],
    }
)
_YEARS = 27 / 12  # January 2022 to March 2024


@cache
def _campaigns() -> pd.DataFrame:
    return casebook.load("campaigns")


@cache
def _methods() -> pd.DataFrame:
    return pro.method_economics(_campaigns())


@cache
def _fairs(months: int) -> pd.DataFrame:
    lines = casebook.load("order_lines").merge(casebook.load("orders"), on="order_id")
    lines = lines.merge(casebook.load("products")[["sku", "unit_cost"]], on="sku")
    lines["margin"] = (lines["qty"] * (lines["unit_price"] - lines["unit_cost"])).round(2)
    return pro.fair_roi(casebook.load("trade_fairs"), casebook.load("prospects"), lines, months=months)


# Answers, right and wrong ---------------------------------------------------------------------------------


def _carpet(over: str = "customers") -> float:
    row = _campaigns().query("campaign_id == 'M05'")
    return float((row["cost"] / row[over]).iloc[0])


def _paying(months: int, column: str) -> int:
    """How many fairs have a return above zero."""
    return int((_fairs(months)[column] > 0).sum())


def _fresh(filters: dict[Hashable, Any] | None = None, *, stale: bool = False, months: int = 24) -> list[str]:
    wanted: dict[Hashable, Any] = {"kind": "hotel", "city": "Hangzhou"} if filters is None else filters
    hotels = pro.lookup(_DIRECTORY, wanted)
    aged = pro.staleness(hotels, "2024-12-31", max_months=months)
    return [str(name) for name in aged.loc[aged["stale"] == stale, "name"]]


def _segment(name: str = "service", column: str = "potential", **options: Any) -> float:
    asked = {"firms": 200, "price": 3000, **options}
    table = pro.measure_segments(_SCHOOLS, _NEEDS, **asked)
    return float(table.loc[table["segment"] == name, column].iloc[0])


def _with_service() -> float:
    """The potential of all segments that need service."""
    table = pro.measure_segments(_SCHOOLS, _NEEDS, firms=200, price=3000)
    return float(table.loc[table["segment"].str.contains("service"), "potential"].sum())


def _all_willing() -> float:
    """As if every school of the segment would buy."""
    return _segment() / _segment(column="willing")


def _budget(budget: float = 150_000, *, column: str = "budget", **options: Any) -> dict[str, float]:
    asked = {"room": 2, "years": _YEARS, "least": 4000, **options}
    split = pro.budget_split(_methods(), budget, **asked)
    return {str(k): float(v) for k, v in split.set_index("method")[column].items()}


def _past() -> dict[str, float]:
    cost = _methods().set_index("method")["cost"]
    return {str(k): float(v) for k, v in (cost / cost.sum() * 150_000).items()}


CHECKS = (
    Check(
        "05.carpet_cac",
        kind=Number(unit="RMB", tolerance=1.0),
        right=_carpet,
        mistakes=(
            Mistake(lambda: _carpet("qualified"), "That is the cost of a qualified lead. Who bought?"),
            Mistake(
                lambda: _carpet("leads"), "That is the cost of a lead: an address is not a customer yet."
            ),
            Mistake(
                lambda: _carpet("reached"), "You divided by all who were reached. Most of them did not buy."
            ),
            Mistake(
                lambda: 1 / _carpet(), "You turned it round: customers for each RMB. The cost stands on top."
            ),
        ),
        look="One division: the campaign's whole cost, and the last column of its row.",
        praise="Those who said no are paid for by those who said yes.",
    ),
    Check(
        "05.ad_added",
        kind=Number(unit="RMB", tolerance=0.5),
        right=lambda: 6000 / pro.ad_effect((60, 2000), (40, 2000)).extra,
        mistakes=(
            Mistake(
                lambda: 6000 / 60, "You divided by all buyers of the test group. Some would have come anyway."
            ),
            Mistake(
                lambda: 6000 / 40, "Those are the buyers without the advertisement: it did not bring them."
            ),
            Mistake(
                lambda: 6000 / (60 + 40), "You added both groups. One of them never saw the advertisement."
            ),
        ),
        look="How many more bought in the first group than in one of the same size that saw nothing?",
        praise="By the cost of all its buyers the advertisement would look three times as cheap.",
    ),
    Check(
        "05.five_contacts",
        kind=Labels("stages"),
        right=pro.prospect_pipeline(_FIVE)["stage"].tolist,
        mistakes=(
            Mistake(
                lambda: ["prospect", "target", "target", "actual", "satisfied"],
                "You made one a target who is no prospect yet: read its three flags. A plan makes none.",
            ),
            Mistake(
                lambda: ["prospect", "lead", "target", "lead", "satisfied"],
                "You looked at the flags first. Whoever has ordered is a customer, whatever the flags say.",
            ),
            Mistake(
                lambda: ["prospect", "lead", "prospect", "actual", "satisfied"],
                "You left out the stage between prospect and customer: which column says that a plan exists?",
            ),
            Mistake(
                lambda: ["prospect", "lead", "target", "actual", "actual"],
                "You left out the last stage: one of the customers has said something.",
            ),
        ),
        look="Go from the right: satisfied and ordered, ordered, planned, all three flags, the rest.",
        praise="A flag is an opinion; an order is a fact, and it comes first.",
    ),
    Check(
        "05.hotel_carpet",
        kind=Number(unit="RMB", tolerance=0.5),
        right=lambda: pro.chain(12, 2400, 0.40, 0.05, 0.10).cac,
        mistakes=(
            Mistake(
                lambda: pro.chain(12, 960, 0.05, 0.10).cac,
                "You paid only for those who were reached. Where nobody opens, the walk is still paid.",
            ),
            Mistake(
                lambda: pro.chain(12, 2400, 0.40, 0.05).cac,
                "You stopped at those worth a visit. One more rate stands between them and a purchase.",
            ),
            Mistake(
                lambda: pro.chain(12, 2400, 0.40, 0.10).cac,
                "You left out the share that is worth a visit.",
            ),
            Mistake(
                lambda: 12 * 2400.0, "That is the cost of the whole search. How many customers does it bring?"
            ),
            Mistake(
                lambda: pro.chain(12, 2400, 0.40, 0.05, 0.10).customers,
                "That is the number of customers. What does each of them cost?",
            ),
        ),
        look="Customers first: multiply the three rates. Then the whole cost over that number.",
        praise="The number of hotels does not matter: twice the district is twice the cost and customers.",
    ),
    Check(
        "05.referral_total",
        kind=Number(tolerance=0.05),
        right=lambda: pro.referral_chain(60, 0.8, 0.25).total,
        mistakes=(
            Mistake(
                lambda: pro.referral_chain(60, 0.8, 0.25).generations[0],
                "That is the first generation. The new customers are asked in their turn.",
            ),
            Mistake(
                lambda: pro.referral_chain(60, 0.8, 0.25, generations=2).total,
                "You stopped after two generations. The chain goes on; use first / (1 − k).",
            ),
            Mistake(
                lambda: 60 / (1 - 0.8 * 0.25),
                "You counted the 60 who were there before. Only new customers are asked for.",
            ),
            Mistake(
                lambda: 60 * 0.8 / (1 - 0.8),
                "You counted names, not customers: only a quarter of the names buy, in each generation.",
            ),
        ),
        look="k is names given times the share that buys. The first generation is 60 · k.",
        praise="At this k the endless chain adds a quarter to its first generation, and no more.",
    ),
    Check(
        "05.fresh_hotels",
        kind=Names("hotels"),
        right=_fresh,
        mistakes=(
            Mistake(
                lambda: _fresh(stale=True),
                "Those are the stale ones. The others are asked for: turn it round.",
            ),
            Mistake(
                lambda: _fresh({"kind": "hotel"}),
                "One of them is not in Hangzhou: the city belongs in the filter.",
            ),
            Mistake(
                lambda: _fresh({"city": "Hangzhou"}),
                "One of them is no hotel: the kind belongs in the filter.",
            ),
            Mistake(lambda: _fresh(months=12), "You allowed 12 months. How many does the question allow?"),
            Mistake(
                lambda: _fresh(months=60), "You kept entries that are too old: how many months are allowed?"
            ),
        ),
        look="Two filters, then the age of each entry on the last day of 2024.",
        praise="And the ones you dropped may still exist: their entry is old, not the hotel.",
    ),
    Check(
        "05.patient_fairs",
        kind=Number(counted="fairs"),
        right=lambda: _paying(24, "roi_without_best"),
        mistakes=(
            Mistake(
                lambda: _paying(24, "roi"),
                "You left the best customers in. Which column takes them out?",
            ),
            Mistake(
                lambda: _paying(12, "roi"),
                "That is one year with the best customers in: both are asked otherwise.",
            ),
            Mistake(
                lambda: _paying(12, "roi_without_best"),
                "You counted twelve months. She gives a fair two years.",
            ),
        ),
        look="`months=24`, then count where the return without the best customer is above zero.",
        praise="Patience helps a fair as long as its best customer is counted.",
    ),
    Check(
        "05.service_schools",
        kind=Number(unit="RMB", tolerance=1.0),
        right=_segment,
        mistakes=(
            Mistake(
                _with_service,
                "You added a segment that worries about the price as well. Its name is service alone.",
            ),
            Mistake(lambda: _segment("price"), "That is the segment that needs a low price and no service."),
            Mistake(
                lambda: _segment(firms=20),
                "You measured the twenty that were asked. The market has more schools.",
            ),
            Mistake(
                _all_willing,
                "You counted every school of the segment. Only some of those asked would buy.",
            ),
            Mistake(
                lambda: _segment("service + safety", share_common=0.95),
                "You kept a need that nearly all have. Four fifths make it common.",
            ),
        ),
        look="Call `measure_segments`, and read the row whose name is one word.",
        praise="Twenty schools: look at `low` and `high` before you build a plan on it.",
    ),
    Check(
        "05.cut_budget",
        kind=Mapped("the budget of each method", tolerance=50.0),
        right=_budget,
        mistakes=(
            Mistake(lambda: _budget(240_000), "That is the budget before the cut."),
            Mistake(lambda: _budget(room=3), "You kept the room of 3. The head of sales believes in less."),
            Mistake(lambda: _budget(least=0), "You dropped the floor. It stays, or we stop learning."),
            Mistake(
                lambda: _budget(years=1.0), "`years` is missing: the cost was spent in more than one year."
            ),
            Mistake(
                _past,
                "That is the split of the years so far, made smaller. Where is the next customer cheapest?",
            ),
            Mistake(
                lambda: _budget(column="customers"),
                "Those are customers. The column with the money is asked for.",
            ),
        ),
        look="`pro.budget_split(methods, …)` with `room`, `years` and `least`; then the column `budget`.",
        praise="The two floors stay whole, so the seven other methods pay for the cut together.",
    ),
)
