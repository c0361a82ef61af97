"""Checks of lesson 06, qualifying prospects. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

import casebook
from casebook import evaluation as ev
from casebook import qualification as qlf
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Choice, Labels, Mapped, Number

__all__ = ["CHECKS"]

# The lesson's tables, worked out as the lesson does ------------------------------------------------------

_DAY = "2024-06-01"
_DAYS: list[str | None] = ["2024-06-20", "2024-07-01", "2024-07-15", "2024-09-01", "2024-09-02", None]
_EXPECTED = pd.DataFrame({"expected_order_date": pd.to_datetime(pd.Series(_DAYS))})
_GAPS = (2, 3, 7, 8, 30, 31, None)
_BAGS, _BAG_BOUGHT = [3, 2, 2, 1], [1, 0, 1, 0]
_TOUCHED = pd.DataFrame({"heat": ["hot", "warm", "cold"], "last_touch": pd.to_datetime([_DAY] * 3)})
_INCOME, _SPENT, _PRICE, _SAVED = 18_000, 13_500, 60_000, 12_000
_HAS = pd.DataFrame(
    {
        "customer_id": ["Inn", "Inn", "School"],
        "sku": ["CART-1", "UNIT-OLD", "UNIT-2"],
        "family": ["cartridge", "commercial", "commercial"],
        "retired_flag": [False, True, False],
    }
)
_BUYS = pd.DataFrame(
    {
        "customer_id": ["Inn", "Inn", "School", "Clinic"],
        "sku": ["CART-1", "UNIT-2", "UNIT-3", "CART-1"],
        "family": ["cartridge", "commercial", "commercial", "cartridge"],
    }
)
_CALLS, _LIST = 80, 420


@cache
def _closed() -> pd.DataFrame:
    return casebook.load("prospects").query("status != 'open'")


@cache
def _lists() -> pd.DataFrame:
    """The eight mornings, with chance, kind, and what such customers brought in six months."""
    mornings = pd.date_range("2022-04-01", "2024-01-01", freq="QS")
    lists = pd.concat(qlf.heat(qlf.open_on(_closed(), day), day) for day in mornings)
    known = _closed()[_closed()["created"] < "2024-01-01"]
    won = known[known["order_date"].notna()]
    worth = won["customer_id"].map(_brought()).fillna(0).groupby(won["industry"] == "household").mean()
    return lists.assign(
        chance=qlf.cross_chance(known, seed=6),
        brought=lists["customer_id"].map(_brought()).fillna(0),
        worth=(lists["industry"] == "household").map(worth),
    )


@cache
def _brought() -> pd.Series:
    """Gross margin of each won prospect in its first six months, RMB."""
    lines = casebook.load("order_lines").merge(casebook.load("products")[["sku", "unit_cost"]], on="sku")
    lines = lines.merge(casebook.load("orders")[["order_id", "customer_id", "date"]], on="order_id")
    first = _closed().dropna(subset="customer_id").set_index("customer_id")["order_date"]
    early = lines["date"] < lines["customer_id"].map(first) + pd.DateOffset(months=6)
    margin = lines["qty"] * (lines["unit_price"] - lines["unit_cost"])
    return margin[early].groupby(lines["customer_id"]).sum()


# Answers, right and wrong ---------------------------------------------------------------------------------


def _heat(hot: int = 1) -> list[str]:
    return qlf.heat(_EXPECTED, _DAY, hot=hot)["heat"].tolist()


def _open_edges() -> list[str]:
    """Whoever stands exactly at a mark falls to the cooler label."""
    near, far = pd.Timestamp("2024-07-01"), pd.Timestamp("2024-09-01")
    days = _EXPECTED["expected_order_date"]
    return np.select([days.isna(), days < near, days < far], ["unknown", "hot", "warm"], "cold").tolist()


def _bands(cuts: tuple[int, int, int] = (3, 7, 30)) -> list[str]:
    first = pd.Timestamp("2024-03-01")
    visits = [(n, first) for n in range(len(_GAPS))]
    visits += [(n, first + pd.Timedelta(days=gap)) for n, gap in enumerate(_GAPS) if gap is not None]
    table = pd.DataFrame(visits, columns=["visitor_id", "date"])
    return qlf.return_band(table, "2024-12-31", cuts=cuts)["band"].tolist()


def _dates(planned: pd.Series) -> list[str]:
    return planned.dt.strftime("%Y-%m-%d").tolist()


def _kinds(buys: pd.DataFrame = _BUYS, has: pd.DataFrame = _HAS) -> list[str]:
    return qlf.purchase_type(buys, has)["purchase_type"].tolist()


def _urgent(least: int = 6) -> float:
    ranked = qlf.priority_matrix(qlf.importance(_lists()))
    keep = ranked["priority"] >= least
    return float(ranked.loc[keep, "ordered_later"].mean())


def _created(first: str, end: str) -> pd.DataFrame:
    made = _closed()["created"]
    return _closed()[(made >= first) & (made < end)]


def _auc(learn: pd.DataFrame, test: pd.DataFrame, **how: Any) -> float:
    model = qlf.fit_conversion(learn, **how)
    return ev.auc(test["ordered_180d"], qlf.conversion_chance(model, test))


def _early() -> pd.DataFrame:
    return _created("2022-01-01", "2023-01-01")


def _later() -> pd.DataFrame:
    return _created("2023-07-01", "2024-01-01")


@cache
def _visitors() -> pd.DataFrame:
    return casebook.load("showroom_visits").query("visit_no == 1")


def _signs() -> dict[str, float]:
    table = qlf.signal_lr(_visitors(), ["bargain", "notes"], "bought")
    return dict(zip(table["signal"], table["lr"], strict=True))


def _prior() -> float:
    return float(_visitors()["bought"].mean())


def _eighty(overdue: str = "apart", share: float = _CALLS / _LIST, column: str = "found") -> dict[str, float]:
    lists = _lists()
    scores = qlf.order_scores(lists, worth="worth", overdue=overdue)
    table = qlf.compare_orders(lists, scores, "ordered_later", ["brought"], share=share, by="as_of")
    found = table.set_index("order")[column]
    return {name: float(found[name]) for name in ("hot first", "by score", "score × worth")}


def _one_man(eligible: str | None) -> str:
    one = pd.DataFrame({"money": [True], "authority": [True], "need": [True], "eligible": [False]})
    verdict: str = qlf.man(one, eligible=eligible)["verdict"].iloc[0]
    return verdict


CHECKS = (
    Check(
        "06.six_labels",
        kind=Labels("labels"),
        right=_heat,
        mistakes=(
            Mistake(
                _open_edges,
                "Two stand exactly on a mark. By our convention the edge belongs to the warmer label.",
            ),
            Mistake(
                lambda: ["cold" if label == "unknown" else label for label in _heat()],
                "You called a missing date cold. Nobody said so: it has a label of its own.",
            ),
            Mistake(
                lambda: _heat(hot=2),
                "Your first mark is two months away. Hot means within one.",
            ),
        ),
        look="Set two marks on the calendar, one month and three months after 1 June, then compare each day.",
        praise="Two stand exactly on a mark: a rule must say who gets the edge.",
    ),
    Check(
        "06.dove",
        kind=Number(tolerance=0.0006, share=True),
        right=lambda: qlf.man_prob(0.8, 0.8, 0.9),
        mistakes=(
            Mistake(
                lambda: (0.8 + 0.8 + 0.9) / 3,
                "That is the average. All three must be there *together*: which operation says 'and'?",
            ),
            Mistake(
                lambda: min(0.8, 0.8, 0.9),
                "You took the weakest of the three. The other two can fail as well.",
            ),
        ),
        look="Three chances that must all come true, each from Dove Clinic's row.",
        praise="Three good letters, and still not much more than an even chance.",
    ),
    Check(
        "06.fourth_question",
        kind=Choice(("effective", "approach", "watch", "drop", "ineligible")),
        right=lambda: _one_man("eligible"),
        mistakes=(
            Mistake(
                lambda: _one_man(None),
                "By three letters, yes. The fourth question has not been asked: may the shop buy from us?",
            ),
            Mistake(
                lambda: "drop",
                "*Drop* is for one who has none of the three. This shop has them all, and lacks another.",
            ),
        ),
        look="Read the fourth question again. Can anything make up for a no?",
        praise="A veto is not a low score: no margin makes up for it.",
    ),
    Check(
        "06.seven_gaps",
        kind=Labels("bands"),
        right=_bands,
        mistakes=(
            Mistake(
                lambda: _bands((2, 6, 29)),
                "You left the edges out: a return exactly on a mark still belongs to the better band.",
            ),
            Mistake(
                lambda: ["normal" if band == "cooling" else band for band in _bands()],
                "Between a week and a month you wrote *normal*. Our convention has a word of its own there.",
            ),
        ),
        look="Three marks: 3, 7 and 30 days. Each still belongs to the better band.",
        praise="The source course leaves the weeks between open; *cooling* is our word for them.",
    ),
    Check(
        "06.bargainer",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: qlf.naive_bayes(0.4, [3]),
        mistakes=(
            Mistake(
                lambda: qlf.naive_bayes(0.4, [3, 3]),
                "You counted the sign twice. One bargain, one ratio.",
            ),
            Mistake(
                lambda: 0.4 / 0.6 * 3,
                "Those are the odds. Turn them back into a probability: odds / (1 + odds).",
            ),
            Mistake(
                lambda: 0.4 * 3,
                "You multiplied the probability, and it left the scale. The ratio multiplies the *odds*.",
            ),
        ),
        look="Probability to odds, times the ratio, and back again.",
        praise="Odds, times the ratio, and back.",
    ),
    Check(
        "06.four_bags",
        kind=Number(tolerance=0.0006, share=True),
        right=lambda: ev.auc(_BAG_BOUGHT, _BAGS),
        mistakes=(
            Mistake(
                lambda: 3 / 4,
                "You gave the tie nothing. Two with the same bag are a draw: half a point.",
            ),
            Mistake(lambda: 4 / 4, "You gave the tie a full point. A draw is half a point."),
            Mistake(
                lambda: 1 - ev.auc(_BAG_BOUGHT, _BAGS),
                "You counted the pairs in which the *other* has the dearer bag.",
            ),
        ),
        look="Two bought, two did not: four pairs. A point if the buyer's bag is dearer, half for a draw.",
        praise="Four visitors prove nothing, of course. Now all of them.",
    ),
    Check(
        "06.next_days",
        kind=Labels("days"),
        right=lambda: _dates(qlf.next_touch(_TOUCHED)["next_touch"]),
        mistakes=(
            Mistake(
                lambda: _dates(_TOUCHED["last_touch"] + pd.to_timedelta([2, 13, 44], unit="D")),
                "You counted the day of the last touch as day 1. Day 1 is the day after it.",
            ),
            Mistake(
                lambda: _dates(_TOUCHED["last_touch"] + pd.to_timedelta([3, 14, 30], unit="D")),
                "Hot and warm are right. Cold waits longer than a month.",
            ),
        ),
        look="Add the days of the cadence to 1 June; June has 30.",
        praise="The cadence fills the days between the lists.",
    ),
    Check(
        "06.shortest_term",
        kind=Number(unit="months"),
        right=lambda: math.ceil(_PRICE / (_INCOME - _SPENT)),
        mistakes=(
            Mistake(
                lambda: math.floor(_PRICE / (_INCOME - _SPENT)),
                "With one month less the instalment is a little more than what is left. Round the other way.",
            ),
            Mistake(
                lambda: math.ceil(_PRICE / _INCOME),
                "You spread the price over the whole income. What is left of it after spending?",
            ),
            Mistake(
                lambda: math.ceil((_PRICE - _SAVED) / (_INCOME - _SPENT)),
                "You took the savings off first. By our convention the whole price is spread.",
            ),
        ),
        look="What is left each month, and how many times does it go into the price? Whole months.",
        praise="Not able today, able over time: two different prospects for the sales talk.",
    ),
    Check(
        "06.four_lines",
        kind=Labels("kinds"),
        right=_kinds,
        mistakes=(
            Mistake(
                lambda: _kinds(has=_HAS.assign(retired_flag=True)),
                "A replacement needs an *old* model of the family. The school's unit is not one.",
            ),
            Mistake(
                lambda: _kinds(has=_HAS.assign(customer_id="Clinic")),
                "You looked at what another customer has. Start from the buyer of the line.",
            ),
            Mistake(
                lambda: ["repeat" if kind == "replacement" else kind for kind in _kinds()],
                "The same family is not the same article. Which line buys exactly what is there already?",
            ),
        ),
        look="For each line: has this buyer this article? If not, an old model of the family?",
        praise="Only the list of what is installed tells a new need from an old machine.",
    ),
    Check(
        "06.urgent",
        kind=Number(tolerance=0.0016, share=True),
        right=_urgent,
        mistakes=(
            Mistake(
                lambda: _urgent(9),
                "Those have the full nine points. The question asks for six or more.",
            ),
            Mistake(
                lambda: _urgent(0),
                "Those are all prospects on the lists. Keep the ones with six points or more.",
            ),
            Mistake(
                lambda: _urgent(1),
                "Those are all with a date ahead. Keep the ones with six points or more.",
            ),
        ),
        look="`qlf.importance`, then `qlf.priority_matrix`, on `lists`; then the mean of `ordered_later`.",
        praise="Now compare it with the rate of all who have a date ahead: the matrix found next to nothing.",
    ),
    Check(
        "06.later_auc",
        kind=Number(tolerance=0.0015, share=True),
        right=lambda: _auc(_early(), _later()),
        mistakes=(
            Mistake(
                lambda: _auc(_early(), _early()),
                "You tested on the prospects that the score was fitted to. It has seen their answers.",
            ),
            Mistake(
                lambda: _auc(_created("2022-01-01", "2023-07-01"), _later()),
                "You fitted on the first half of 2023 too. On 1 July those had not had their 180 days.",
            ),
            Mistake(
                lambda: _auc(_early(), _created("2023-01-01", "2023-07-01")),
                "You tested on the first half of 2023. The question asks for the second.",
            ),
            Mistake(
                lambda: _auc(_early(), _later(), categories=[]),
                "You left out how the prospect was found. Keep the columns the function takes by itself.",
            ),
        ),
        look="Two filters on `created`, one `fit_conversion`, one `conversion_chance`, one `auc`.",
        praise="A real test leaves a gap of 180 days between what it learns from and what it is tested on.",
    ),
    Check(
        "06.two_signs",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: qlf.naive_bayes(_prior(), list(_signs().values())),
        mistakes=(
            Mistake(
                lambda: qlf.naive_bayes(_prior(), [_signs()["bargain"]]),
                "You used the bargain and left out the notes.",
            ),
            Mistake(
                lambda: qlf.naive_bayes(0.5, list(_signs().values())),
                "You started from an even chance. Start from the share of all visitors who bought.",
            ),
            Mistake(
                lambda: qlf.naive_bayes(_prior(), [sum(_signs().values())]),
                "You added the two ratios. Ratios multiply odds.",
            ),
            Mistake(
                lambda: _prior() * float(np.prod(list(_signs().values()))),
                "You multiplied the probability. The ratios multiply the *odds*.",
            ),
        ),
        look="The prior is the mean of `bought` over visitors; the two ratios stand in `signs`.",
        praise="Taken as independent. Here they are; in your showroom, test it.",
    ),
    Check(
        "06.eighty_calls",
        kind=Mapped("orders found by each order of calling"),
        right=_eighty,
        mistakes=(
            Mistake(
                lambda: _eighty(overdue="keep"),
                "Overdue dates are still among the others. Set them apart.",
            ),
            Mistake(
                lambda: _eighty(share=0.1),
                "That is a tenth of each list. With eighty calls it is a larger share.",
            ),
            Mistake(
                lambda: _eighty(column="brought"),
                "Those are RMB. The question asks for orders.",
            ),
        ),
        look="`qlf.order_scores` with `overdue`, then `qlf.compare_orders` with the new share: `found`.",
        praise="Twice the calls do not find twice the orders: the best were called already.",
    ),
)
