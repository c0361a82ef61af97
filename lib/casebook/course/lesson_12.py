"""Checks of lesson 12, terms and receivables. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

import casebook
from casebook import collection as col
from casebook import receivables as rec
from casebook import terms as trm
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Labels, Mapped, Number

__all__ = ["CHECKS"]

_AS_OF = pd.Timestamp("2024-12-31")

# The exercises' tables ----------------------------------------------------------------------------------

_BILLS = pd.DataFrame(
    {
        "invoice_id": list("abcd"),
        "customer_id": "Ada",
        "issue_date": pd.to_datetime(["2024-12-01", "2024-11-01", "2024-10-31", "2024-08-31"]),
        "due_date": pd.to_datetime(["2024-12-31", "2024-12-01", "2024-11-30", "2024-09-30"]),
        "amount": [10_000, 20_000, 30_000, 40_000],
    }
)
_CAME = pd.DataFrame({"invoice_id": ["b"], "date": pd.to_datetime(["2024-12-20"]), "amount": [5_000]})
_PERIOD: dict[str, Any] = {"variable_cost": 0.8, "cost_of_money": 0.10}
_SALES, _DAYS, _BAD = (360_000, 450_000), (30, 60), (0.01, 0.03)


@cache
def _by_month() -> pd.DataFrame:
    invoices, payments = casebook.load("invoices"), casebook.load("payments")
    return rec.dso_by_month(invoices, payments, end="2024-06-30", months=6)


@cache
def _contracts() -> pd.DataFrame:
    return col.contract_check(casebook.load("contracts"))


# Answers, right and wrong -------------------------------------------------------------------------------


def _three_orders(*, max_overdue: int = 30, on_way: int = 15_000) -> list[str]:
    return [
        trm.release_order(50_000, on_way, 15_000, 80_000).decision,
        trm.release_order(500, 0, 1_000, 80_000, overdue=45, max_overdue=max_overdue).decision,
        trm.release_order(60_000, 0, 20_000, 80_000, overdue=30, max_overdue=max_overdue).decision,
    ]


def _at_the_limit_held() -> list[str]:
    """As if an exposure at the limit were over it."""
    return ["hold", "hold", "hold"]


def _aged(bills: pd.DataFrame = _BILLS, came: pd.DataFrame = _CAME) -> dict[str, float]:
    table = rec.aging(bills, came, _AS_OF)
    return dict(zip(table["bucket"], table["open"], strict=True))


def _lower_edge() -> dict[str, float]:
    """As if a bucket began with its round number: 30 days late belong to the next."""
    return _aged(_BILLS.assign(due_date=_BILLS["due_date"] - pd.Timedelta(days=1)))


def _period(**other: Any) -> trm.PeriodDecision:
    asked: dict[str, Any] = {"sales": _SALES, "days": _DAYS, "bad_debt": _BAD, **_PERIOD, **other}
    return trm.period_decision(**asked)


def _oldest_first() -> float:
    table = _by_month()
    row = table.iloc[-1]
    months, days = table["sales"].to_numpy()[::-1], table["month"].dt.days_in_month.to_numpy()[::-1]
    return rec.dso(row["receivables"], months, days, method="count_back")


def _lacking(*clauses: int) -> pd.DataFrame:
    table = _contracts()
    return pd.DataFrame({clause: ~table[f"clause_{clause}"] for clause in clauses})


def _claim(**other: Any) -> col.Collection:
    asked: dict[str, Any] = {"arbitration_clause": False, "years_overdue": 2, **other}
    return col.collection_choice(150_000, **asked)


def _compound() -> float:
    route = col.ROUTES["litigation"]
    return route.p * 150_000 / (1 + 0.12 / 12) ** route.months - route.cost


CHECKS = (
    Check(
        "12.day_60",
        kind=Number(tolerance=0.00051, share=True),
        right=lambda: trm.discount_cost(0.02, 10, 60),
        mistakes=(
            Mistake(
                lambda: 0.02 * 365 / 50,
                "You divided by 10,000. The customer keeps 9,800: 200 is a part of what?",
            ),
            Mistake(
                lambda: 0.02 / 0.98 * 365 / 60,
                "You took 60 days. From which day on does the customer keep money that was worth paying?",
            ),
            Mistake(
                lambda: trm.discount_cost(0.02, 10, 30),
                "That is the price for a customer who pays on day 30. This one pays later.",
            ),
            Mistake(
                lambda: trm.discount_cost(0.02, 10, 60, compound=True),
                "That is the effective rate. The simple one is asked for: no interest on interest.",
            ),
            Mistake(
                lambda: trm.discount_cost(0.02, 10, 60, basis=360),
                "Your year has 360 days. The question says 365.",
            ),
        ),
        look="Put both days into the formula: the last day of the discount, and the day of payment.",
        praise="The later somebody pays anyway, the less it costs to let the discount go.",
    ),
    Check(
        "12.one_limit",
        kind=Number(unit="RMB", tolerance=0.51),
        right=lambda: trm.credit_limit(50_000, 2, trm.COEFFICIENTS["B"], 60_000),
        mistakes=(
            Mistake(
                lambda: trm.credit_limit(50_000, 2, trm.COEFFICIENTS["B"]),
                "That is the limit by sales. There is a second one, and the smaller holds.",
            ),
            Mistake(
                lambda: trm.credit_limit(50_000, 1, trm.COEFFICIENTS["B"], 60_000),
                "You took one month. How long is this dealer's credit period?",
            ),
            Mistake(
                lambda: trm.credit_limit(50_000, 2, trm.COEFFICIENTS["A"]),
                "You gave grade A's coefficient, and forgot the net worth.",
            ),
        ),
        look="Sales of a month, times months, times the grade's coefficient; then a tenth of the net worth.",
        praise="Sales ask for more than the dealer's own money can bear.",
    ),
    Check(
        "12.three_orders",
        kind=Labels("decisions"),
        right=_three_orders,
        mistakes=(
            Mistake(
                _at_the_limit_held,
                "You hold an exposure that is exactly at the limit. At the limit is within it.",
            ),
            Mistake(
                lambda: _three_orders(max_overdue=60),
                "You looked at the limits only. One of the three has an old invoice.",
            ),
            Mistake(
                lambda: _three_orders(max_overdue=29),
                "You hold at 30 days. The rule says *more than* 30.",
            ),
        ),
        look="For each: add up the three parts of the exposure, compare with the limit, then the days.",
        praise="A small old debt holds an order as well as a large new one: it is a sign, not a sum.",
    ),
    Check(
        "12.how_old",
        kind=Mapped("the open money of each bucket"),
        right=_aged,
        mistakes=(
            Mistake(
                lambda: _aged(came=_CAME.assign(amount=0)),
                "You left the invoices as they were issued. What was paid in part is no longer open.",
            ),
            Mistake(
                _lower_edge,
                "Your buckets begin a day early. Both ends belong to a bucket: 30 days late is still 1-30.",
            ),
            Mistake(
                lambda: _aged(_BILLS.assign(due_date=_BILLS["issue_date"])),
                "You counted from the day of issue. Ageing counts days past due.",
            ),
        ),
        look="Write the days past due beside each invoice first, then what of it is still open.",
        praise="An invoice that is due today is still current.",
    ),
    Check(
        "12.sixty_days",
        kind=Number(unit="RMB a year", tolerance=0.51),
        right=lambda: _period().net,
        mistakes=(
            Mistake(
                lambda: _period(existing="price").net,
                "You counted the existing receivables at their price. Here all are at variable cost.",
            ),
            Mistake(
                lambda: _period(basis=365).net,
                "Your year has 365 days. The question says 360.",
            ),
            Mistake(
                lambda: _period().contribution,
                "That is the contribution alone. Take off what the money and the bad debts cost.",
            ),
            Mistake(
                lambda: _period().contribution - _period().carrying,
                "You forgot the bad debts.",
            ),
            Mistake(
                lambda: _period().contribution - _period().carrying - (_SALES[1] - _SALES[0]) * _BAD[1],
                "You took bad debts on the added sales only. The new rate holds for all sales.",
            ),
        ),
        look="Three changes: contribution up, cost of money up, bad debts up. Take both off the first.",
        praise="Most of the gain went into bad debts: the rate on the old sales counts too.",
    ),
    Check(
        "12.count_back",
        kind=Number(unit="days", tolerance=0.051),
        right=lambda: float(_by_month()["count_back"].iloc[-1]),
        mistakes=(
            Mistake(
                lambda: float(_by_month()["simple"].iloc[-1]),
                "That is the simple DSO. Which column counts back?",
            ),
            Mistake(
                lambda: float(_by_month()["count_back"].iloc[-2]),
                "That is a month too early. June is asked for.",
            ),
            Mistake(
                _oldest_first,
                "You took the oldest month off first. Begin with the newest.",
            ),
        ),
        look="Find the row whose month ends on 30 June 2024, and read the right column.",
        praise="Whole months first, then a part of the last one.",
    ),
    Check(
        "12.clause_gaps",
        kind=Number(counted="contracts"),
        right=lambda: int(_lacking(7, 8).any(axis=1).sum()),
        mistakes=(
            Mistake(
                lambda: int(_lacking(7, 8).sum().sum()),
                "You added the two counts: a contract that lacks both is in there twice.",
            ),
            Mistake(
                lambda: int(_lacking(7, 8).all(axis=1).sum()),
                "You counted those that lack both. One of the two is enough.",
            ),
            Mistake(
                lambda: int((~_contracts()["complete"]).sum()),
                "Those are all contracts with any gap. Only clauses 7 and 8 are asked for.",
            ),
            Mistake(
                lambda: int((~_lacking(7, 8).any(axis=1)).sum()),
                "You counted those that have both clauses. Turn the condition round.",
            ),
        ),
        look="Two conditions joined by `|`: clause 7 is not there, or clause 8 is not there.",
        praise="Two clauses make most of the gaps.",
    ),
    Check(
        "12.no_clause",
        kind=Number(unit="RMB", tolerance=0.51),
        right=lambda: _claim().value,
        mistakes=(
            Mistake(
                lambda: _claim(arbitration_clause=True).value,
                "You took a route that needs a clause which this contract does not have.",
            ),
            Mistake(
                lambda: _claim(years_overdue=4).value,
                "You shut the courts: after how many years may a debtor refuse?",
            ),
            Mistake(
                lambda: _claim(rate=0.0).value,
                "You forgot that money which comes in a year is worth less today.",
            ),
            Mistake(
                _compound,
                "You counted interest month by month. Our rule takes simple interest.",
            ),
        ),
        look="Four routes, one of them shut. Chance x claim x (1 - fee), less the waiting, less the cost.",
        praise="Compare with the same claim and the clause: that is what ten words are worth.",
    ),
)
