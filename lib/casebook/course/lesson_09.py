"""Checks of lesson 09, ABC classification. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd

import casebook
from casebook import classification as cls
from casebook.company import sales_lines
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Choice, Labels, Mapped, Names, Number

__all__ = ["CHECKS"]

# The lesson's tables, worked out as the lesson does ------------------------------------------------------

_SIX = pd.DataFrame({"account": list("PQRSTU"), "value": [500, 250, 120, 70, 40, 20]})
_THREE = [10, 20, 70]
_FOUR = pd.DataFrame({"abc_value": list("BACC"), "potential": ["high", "low", "medium", "high"]})
_FREQUENCY = {"A": 12, "B": 4, "C": 1}
_VISITS_PER_REP = 3 * 40 - 3  # that can be planned: three are kept for the trial


@cache
def _lines() -> pd.DataFrame:
    """Sales lines of the business customers in 2024."""
    sales = sales_lines()
    people = casebook.load("customers").query("nature != 'individual'")["customer_id"]
    return sales[(sales["date"].dt.year == 2024) & sales["customer_id"].isin(people)]


@cache
def _accounts() -> pd.DataFrame:
    return cls.abc(cls.customer_value(_lines(), "customer_id", amount="amount"), "value", "customer_id")


@cache
def _stability() -> pd.DataFrame:
    values = _lines().groupby(["order_id", "customer_id"], as_index=False)["amount"].sum()
    return cls.class_stability(values, "amount", "customer_id", B=1000, seed=9)


# Answers, right and wrong ---------------------------------------------------------------------------------


def _classes(boundary: Literal["crossing", "inclusive"]) -> list[str]:
    """The classes of the six accounts of part 4, best first."""
    return cls.abc(_SIX, "value", "account", boundary=boundary)["abc_value"].tolist()


def _classes_by_head() -> list[str]:
    """Cut where 80 % and 95 % of the *accounts* are reached."""
    upto = np.arange(1, len(_SIX) + 1) / len(_SIX)
    return np.select([upto <= 0.80, upto <= 0.95], ["A", "B"], "C").tolist()


def _classes_worst_first() -> list[str]:
    """Cumulate from the smallest account upwards."""
    upto = _SIX["value"][::-1].cumsum() / _SIX["value"].sum()
    return np.select([upto <= 0.80, upto <= 0.95], ["A", "B"], "C").tolist()


def _lorenz_area() -> float:
    """The area under the Lorenz curve, by trapezoids."""
    curve = cls.lorenz(_THREE)
    return float(np.trapezoid(curve["value_share"], curve["customer_share"]))


def _margin_accounts(name: str = "A", column: str = "gross_margin", **options: Any) -> int:
    """How many accounts of 2024 are in a class by a column of the cost table."""
    served = casebook.load("cost_to_serve").query("year == 2024")
    served = served[served["customer_id"].isin(_accounts()["customer_id"])]
    asked = {"cuts": (0.70, 0.90), "on_nonpositive": "apart", **options}
    return int((cls.abc(served, column, "customer_id", **asked)["abc_value"] == name).sum())


def _first_names(
    accounts: pd.DataFrame, names: tuple[str, ...] = ("top", "major"), **options: Any
) -> list[str]:
    tiered = cls.tiers(accounts, "value", "customer_id", **options)
    return tiered[tiered["tier"].isin(names)]["customer_id"].tolist()


def _south(table: pd.DataFrame) -> pd.DataFrame:
    people = casebook.load("customers").query("region_id == 'S'")["customer_id"]
    return table[table["customer_id"].isin(people)]


def _south_of_all() -> list[str]:
    """Tiers of the whole company, of which those in the South."""
    chosen = _first_names(_accounts())
    return [name for name in _south(_accounts())["customer_id"] if name in chosen]


def _often(own: str, column: str, least: float = 0.25) -> int:
    table = _stability()
    return int(((table["abc_value"] == own) & (table[column] >= least)).sum())


def _by_phone(reps_fewer: int = 2, column: str = "by_phone") -> dict[str, int]:
    """Accounts of each class that cannot be visited in full, when so many reps are missing."""
    reps = int(casebook.load("sales_reps")["left"].isna().sum()) - reps_fewer
    counts = {name: int((_accounts()["abc_value"] == name).sum()) for name in _FREQUENCY}
    plan = cls.visit_plan(counts, _FREQUENCY, reps * _VISITS_PER_REP)
    return dict(zip(plan["abc_value"], plan[column].tolist(), strict=True))


CHECKS = (
    Check(
        "09.tea_house",
        kind=Choice(("A", "B", "C")),
        right=lambda: _classes("crossing")[4],
        mistakes=(
            Mistake(
                lambda: _classes("inclusive")[4],
                "You took the running share *with* Tea House. By the crossing rule, compare the one before.",
            ),
            Mistake(
                lambda: _classes("crossing")[0],
                "The first cut was passed long before Tea House. Add up the four accounts above it.",
            ),
        ),
        look="Write the running share before Tea House on paper, and compare it with both cuts.",
        praise="It starts between the two cuts.",
    ),
    Check(
        "09.four_accounts",
        kind=Labels("priorities"),
        right=lambda: list(cls.abc_potential(_FOUR)["priority"]),
        mistakes=(
            Mistake(
                lambda: list(_FOUR["abc_value"]),
                "You left every class as it is. Which words of the potential move a class, and which way?",
            ),
            Mistake(
                lambda: ["A", "B", "C", "A"],
                "You lifted the last account by two classes. High potential lifts by one.",
            ),
            Mistake(
                lambda: ["A", "C", "C", "B"],
                "You lowered the A by two classes. Low potential lowers it by one.",
            ),
            Mistake(
                lambda: ["C", "A", "C", "C"],
                "You moved them the wrong way: high potential means that more could come.",
            ),
        ),
        look="Take one account at a time: its class, then what the word does to it.",
        praise="Only high and low move a class.",
    ),
    Check(
        "09.other_boundary",
        kind=Labels("classes"),
        right=lambda: _classes("inclusive"),
        mistakes=(
            Mistake(
                lambda: _classes("crossing"),
                "That is the crossing rule, which looks at the share *before* an account. "
                "Inclusive looks at the share with it.",
            ),
            Mistake(
                _classes_by_head,
                "You cut on the number of accounts. The cuts are shares of the total revenue: add money.",
            ),
            Mistake(
                _classes_worst_first,
                "You cumulate from the smallest account upwards. Start with the largest.",
            ),
        ),
        look="Write the running share beside each account first, and compare it with the two cuts.",
        praise="The account that crosses a cut falls into the lower class, so class A stays below its share.",
    ),
    Check(
        "09.gini_three",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: cls.gini(_THREE),
        mistakes=(
            Mistake(
                lambda: cls.gini(_THREE) * len(_THREE) / (len(_THREE) - 1),
                "You use the sample form, with the divisor n − 1. These are all customers: which divisor?",
            ),
            Mistake(
                lambda: -cls.gini(_THREE),
                "You sorted from the largest down: the curve is above the diagonal. Start with the smallest.",
            ),
            Mistake(
                _lorenz_area,
                "That is the area under the Lorenz curve. Compare it with the area under the diagonal.",
            ),
            Mistake(
                lambda: 0.5 - _lorenz_area(),
                "That is the area between the two lines. What part is it of the area under the diagonal?",
            ),
        ),
        look="Sort from the smallest up, and work through the formula one customer at a time.",
        praise="Zero would be: all customers alike.",
    ),
    Check(
        "09.margin_a",
        kind=Number(counted="accounts"),
        right=_margin_accounts,
        mistakes=(
            Mistake(
                lambda: _margin_accounts(cuts=cls.CUTS),
                "You left the cuts at 80 % and 95 %. She asks for 70 % and 90 %.",
            ),
            Mistake(
                lambda: _margin_accounts(column="profit"),
                "You ranked by profit after the cost of serving. Gross margin is another column.",
            ),
            Mistake(
                lambda: int(
                    (
                        cls.abc(
                            _accounts()[["customer_id", "value"]], "value", "customer_id", cuts=(0.7, 0.9)
                        )["abc_value"]
                        == "A"
                    ).sum()
                ),
                "You ranked by revenue. Which column of `measures` holds the gross margin?",
            ),
            Mistake(
                lambda: _margin_accounts(boundary="inclusive"),
                "Your boundary is inclusive: the account that crosses the cut is missing from class A.",
            ),
            Mistake(lambda: _margin_accounts(name="B"), "You counted class B."),
        ),
        look="Call `cls.abc` on `measures` with the column, both cuts and `on_nonpositive`; count the A's.",
        praise="Finance and sales would each defend another list. Ask what the list is for.",
    ),
    Check(
        "09.south_top",
        kind=Names("customer_id"),
        right=lambda: _first_names(_south(_accounts())),
        mistakes=(
            Mistake(
                _south_of_all,
                "You made the tiers of the whole company, then looked for the South. Filter first, then cut.",
            ),
            Mistake(
                lambda: _first_names(_south(_accounts()), shares=cls.SU_CHAOHUI),
                "You used Su Chaohui's shares. The question asks for those of Curry & Curry.",
            ),
            Mistake(
                lambda: _first_names(_south(_accounts()), ("top",)),
                "Only the top tier: *major* belongs in the list too.",
            ),
            Mistake(
                _south(_accounts()).query("abc_value == 'A'")["customer_id"].tolist,
                "Those are the class A accounts of the South. A tier counts heads, not money.",
            ),
        ),
        look="Filter the accounts to the region, call `cls.tiers`, and keep two of the four names.",
        praise="In a small region a tier of 1 % is a single name.",
    ),
    Check(
        "09.unsure_b",
        kind=Number(counted="accounts"),
        right=lambda: _often("B", "p_A"),
        mistakes=(
            Mistake(
                lambda: _often("B", "p_B"),
                "You counted how many stay in B. Which column says how often an account lands in A?",
            ),
            Mistake(
                lambda: _often("A", "p_B"),
                "You looked the other way: accounts of class A that land in B. Start from class B.",
            ),
            Mistake(
                lambda: int((_stability()["p_A"] >= 0.25).sum()),
                "You counted the accounts of all classes. Only those whose class is B are asked for.",
            ),
            Mistake(
                lambda: _often("B", "p_A", 0.75),
                "You took three quarters of the draws. A quarter is asked for.",
            ),
        ),
        look="Two conditions joined by `&`, each in brackets: the class now, and the share of draws in A.",
        praise="They may rise. Watch them, and promise nothing.",
    ),
    Check(
        "09.two_fewer",
        kind=Mapped("accounts by phone of each class"),
        right=_by_phone,
        mistakes=(
            Mistake(
                lambda: _by_phone(0), "That is the plan with all reps. Take the visits of two of them away."
            ),
            Mistake(
                lambda: _by_phone(1),
                "You took the visits of one rep away. Two are missing.",
            ),
            Mistake(
                lambda: _by_phone(column="shortfall"),
                "Those are visits, not accounts: an account of class B stands for four of them.",
            ),
            Mistake(
                lambda: _by_phone(column="visits_given"),
                "Those are the visits given. Who cannot be visited in full stands in `by_phone`.",
            ),
            Mistake(
                lambda: _by_phone(column="customers"),
                "Those are all accounts of each class. Who cannot be visited in full stands in `by_phone`.",
            ),
        ),
        look="Take the visits that two reps can plan off `capacity`; the rest of the call stays.",
        praise="Whoever sets the frequencies decides who is phoned.",
    ),
)
