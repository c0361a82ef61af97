"""Checks of lesson 00, who is a customer. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

from functools import cache

import pandas as pd

import casebook
from casebook import parties
from casebook.company import sales_lines
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Labels, Names, Number

__all__ = ["CHECKS"]

_THREE = (250, 150, 100)
_SIX = pd.DataFrame(
    {
        "record_id": ["r1", "r2", "r3", "r4", "r5", "r6"],
        "tax_id": ["9", "9", None, "7", None, None],
        "phone": ["1", "2", "2", "5", "5", None],
    }
)
_SHOPPERS = pd.DataFrame(
    [["r1", 5, 4, 2, 2, 3, 3, 3, 3], ["r2", 2, 2, 4, 4, 4, 4, 1, 1], ["r3", 1, 1, 2, 2, 3, 3, 5, 5]],
    columns=["respondent_id", "e1", "e2", "m1", "m2", "p1", "p2", "c1", "c2"],
)
_REGISTER: dict[str, float] = {"cost": 600, "records": 3_000, "valid": 0.30, "double": 0.02}
_CALL, _LEAST, _A_YEAR = 400, 50_000, 2_000


def _customers_of_six(*keys: str) -> int:
    return int(parties.resolve_entities(_SIX, keys)["entity_id"].nunique())


def _kinds(tie: str = "mixed") -> list[str]:
    return parties.shopper_type(_SHOPPERS, tie=tie)["shopper_type"].tolist()


def _register(*, valid: float | None = None, double: float = _REGISTER["double"]) -> float:
    share = _REGISTER["valid"] if valid is None else valid
    return _REGISTER["cost"] / (_REGISTER["records"] * share * (1 - double))


def _acquisition(business: bool = True, middle: str = "mean") -> float:
    people = casebook.load("customers")
    chosen = people[people["nature"] != "individual"] if business else people
    return float(chosen["acquisition_cost"].agg(middle))


@cache
def _wallets(role: str = "distributor") -> pd.Series:
    """Share of wallet in 2024 of those who bought in it."""
    sales = sales_lines()
    sold = sales[sales["date"].dt.year == 2024].groupby("customer_id")["amount"].sum()
    people = casebook.load("customers").set_index("customer_id")
    chosen = people[people["channel_role"] == role]
    return (sold / chosen["annual_category_spend"]).dropna()


def _three_years() -> int:
    """All three years' sales over one year's spend."""
    sold = sales_lines().groupby("customer_id")["amount"].sum()
    people = casebook.load("customers").query("channel_role == 'distributor'").set_index("customer_id")
    return int(((sold / people["annual_category_spend"]).dropna() < 0.5).sum())


def _hotels(regions: tuple[str, ...] = ("E", "S"), least: float = _LEAST) -> list[str]:
    people = casebook.load("customers")
    market = (people["industry"] == "hotel") & people["region_id"].isin(regions)
    return sorted(parties.identify(people, market, "annual_category_spend", least))


@cache
def _recent() -> pd.DataFrame:
    """Customers who joined since 2022: profit so far, less the cost of winning, and years since joining."""
    people = casebook.load("customers")
    since = people[people["join_date"] >= "2022-01-01"]
    profit = casebook.load("cost_to_serve").groupby("customer_id")["profit"].sum()
    so_far = since["customer_id"].map(profit).fillna(0)
    years = (pd.Timestamp("2024-12-31") - since["join_date"]).dt.days / 365
    return pd.DataFrame({"so_far": so_far, "won_for": since["acquisition_cost"], "years": years})


def _acceptable(*, winning: bool = True, years: str = "real") -> int:
    table = _recent()
    left = table["so_far"] - (table["won_for"] if winning else 0)
    span = table["years"] if years == "real" else {"one": 1, "three": 3}[years]
    return int((left >= _A_YEAR * span).sum())


CHECKS = (
    Check(
        "00.first_share",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: _THREE[0] / sum(_THREE),
        mistakes=(
            Mistake(
                lambda: _THREE[0] / sum(_THREE[1:]),
                "You divided by the other two. A share is a part of the whole, the first included.",
            ),
            Mistake(
                lambda: 1 / len(_THREE), "That is the share of customers. Their purchases are asked for."
            ),
        ),
        look="Divide what the first one bought by what all three bought.",
        praise="A share is a fraction between 0 and 1.",
    ),
    Check(
        "00.six_records",
        kind=Number(),
        right=lambda: _customers_of_six("tax_id", "phone"),
        mistakes=(
            Mistake(
                lambda: _customers_of_six("tax_id"),
                "You joined by tax number only. Which records share a telephone?",
            ),
            Mistake(
                lambda: _customers_of_six("phone"),
                "You joined by telephone only. Which records share a tax number?",
            ),
            Mistake(
                lambda: _customers_of_six("tax_id", "phone") - 1,
                "You joined one too many. Does r6 have a number that it could share?",
            ),
            Mistake(lambda: len(_SIX), "That is the number of records. Which of them are the same customer?"),
        ),
        look="Draw six dots, and a line for each number that two records share; count the islands.",
        praise="Two islands of several records, and one that nothing reaches.",
    ),
    Check(
        "00.shoppers",
        kind=Labels("kinds"),
        right=_kinds,
        mistakes=(
            Mistake(
                lambda: _kinds("ethical"),
                "Look at the second shopper again: is only one of the four means the highest?",
            ),
            Mistake(
                lambda: _kinds("personalising"),
                "Look at the second shopper again: another kind has the same mean as the one you chose.",
            ),
        ),
        look="Take the mean of each pair of answers, then the highest of the four.",
        praise="A tie is an answer too: this shopper has two reasons.",
    ),
    Check(
        "00.register",
        kind=Number(unit="RMB", tolerance=0.0051),
        right=_register,
        mistakes=(
            Mistake(lambda: _register(valid=0.60), "You took the seller's share of valid entries."),
            Mistake(
                lambda: _register(double=0),
                "You counted the double ones as usable. You have them already.",
            ),
            Mistake(
                lambda: _REGISTER["cost"] / _REGISTER["records"],
                "That is the price of an entry. How many of the entries can you use?",
            ),
            Mistake(
                lambda: 1 / _register(),
                "That is how many usable records you get for one RMB. Turn it round.",
            ),
        ),
        look="Usable records are valid and not double; divide the price by them.",
        praise="Half as valid, twice as dear.",
    ),
    Check(
        "00.save_rate",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: _CALL / _acquisition(),
        mistakes=(
            Mistake(
                lambda: _CALL / _acquisition(business=False),
                "You averaged over households too. The call goes to business customers.",
            ),
            Mistake(
                lambda: _CALL / _acquisition(middle="median"),
                "You took the median. On average over many customers, costs add up: take the mean.",
            ),
            Mistake(
                lambda: _acquisition() / _CALL,
                "Turned round: that many calls cost as much as winning one customer.",
            ),
        ),
        look="At the rate sought, the cost of a call over the save rate is the cost of winning one.",
        praise="Below it, winning is cheaper: keep, but not at any price.",
    ),
    Check(
        "00.wallets",
        kind=Number(),
        right=lambda: int((_wallets() < 0.5).sum()),
        mistakes=(
            Mistake(
                lambda: int((_wallets() >= 0.5).sum()),
                "You counted those who bought half or more from us. The others are asked for.",
            ),
            Mistake(
                lambda: int((_wallets("retailer") < 0.5).sum()),
                "You counted retailers. Which `channel_role` is asked for?",
            ),
            Mistake(
                _three_years,
                "You set the sales of three years against the spend of one. Filter the year first.",
            ),
        ),
        look="Sales of 2024 by customer, over the yearly category spend of the same customer.",
        praise="They buy the rest from somebody else: that is where growth is, and where risk is.",
    ),
    Check(
        "00.identified",
        kind=Names("hotels"),
        right=_hotels,
        mistakes=(
            Mistake(lambda: _hotels(least=0), "You took the whole target market. Who in it matters?"),
            Mistake(
                lambda: _hotels(regions=("C", "E", "N", "NE", "S", "W")),
                "You went by the spend alone. The target market is two regions.",
            ),
            Mistake(lambda: _hotels(regions=("E",)), "You took the East only; the South is target too."),
            Mistake(lambda: _hotels(regions=("S",)), "You took the South only; the East is target too."),
        ),
        look="First the mask of the target market, then the cut on the spend.",
        praise="The spend is on the category, wherever they buy: some of these buy little from us yet.",
    ),
    Check(
        "00.acceptable",
        kind=Number(),
        right=_acceptable,
        mistakes=(
            Mistake(
                lambda: _acceptable(winning=False),
                "You left out what it cost to win them. The column `after_winning` has it taken off.",
            ),
            Mistake(
                lambda: _acceptable(years="one"),
                "You asked for one year's amount, whatever the years. Multiply it by each customer's years.",
            ),
            Mistake(
                lambda: _acceptable(years="three"),
                "You asked for three years of everybody. Each customer has years of its own.",
            ),
        ),
        look="What is left after the cost of winning, against the amount a year times the years.",
        praise="Raise the amount, and the rule says more about when they joined than about what they are.",
    ),
)
