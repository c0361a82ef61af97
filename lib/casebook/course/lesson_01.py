"""Checks of lesson 01, customer selection. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

import casebook
from casebook import selection as sel
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Mapped, Number

__all__ = ["CHECKS"]

# The lesson's tables, worked out as the lesson does ------------------------------------------------------

_TEN = [50, 30, 6, 5, 4, 3, 2, -8, -12, -20]
_C3 = [40, 90, 90, 80, 70, 80]
_BLANK = ("competitors", "marketing strategy")  # the factors that the sales office left empty
_OFFICE = [factor for factor in sel.FACTORS if factor not in _BLANK]
_CARE, _VISIT, _CALL = 8, 6, 1  # hours a year of an account with priority


@cache
def _business() -> pd.DataFrame:
    customers = casebook.load("customers")
    return customers[customers["nature"] != "individual"].set_index("customer_id")


@cache
def _served() -> pd.DataFrame:
    served = casebook.load("cost_to_serve")
    return served[served["customer_id"].isin(_business().index)]


@cache
def _accounts() -> pd.DataFrame:
    """The cost to serve of the business accounts in 2024."""
    return _served().query("year == 2024").set_index("customer_id")


@cache
def _revenue() -> pd.DataFrame:
    """Revenue by business customer and year."""
    orders = casebook.load("orders")
    orders = orders[orders["customer_id"].isin(_business().index)]
    lines = casebook.load("order_lines").merge(orders[["order_id", "customer_id", "date"]], on="order_id")
    lines["amount"] = (lines["qty"] * lines["unit_price"]).round(2)
    return lines.groupby(["customer_id", lines["date"].dt.year])["amount"].sum().round(2).unstack()


@cache
def _known() -> pd.DataFrame:
    """The accounts as they were at the end of 2023: revenue, profit of the year, hours."""
    tickets = casebook.load("tickets")
    tickets = tickets[tickets["opened"].dt.year == 2023]
    work = tickets["place"].map({"mobile": _VISIT, "fixed": _CALL}).groupby(tickets["customer_id"]).sum()
    table = _served().query("year == 2023").set_index("customer_id")[["profit"]]
    table = table.rename(columns={"profit": "last_year"})
    table["revenue"] = _revenue()[2023]
    table["hours"] = work.reindex(table.index).fillna(0) + _CARE
    return table.reset_index()


@cache
def _losers() -> pd.Series:
    """Who loses money among the worst 30 % of 2024."""
    profit = _accounts()["profit"]
    worst = sel.whale_curve(profit).index[-sel.sherden(profit).n_bottom :]
    return pd.Series(profit.index.isin(worst), index=profit.index) & (profit < 0)


# Answers, right and wrong ---------------------------------------------------------------------------------


def _clients(share: float = 0.8) -> int:
    return sel.customers_for_share(casebook.load("securities_firm")["profit"], share)


def _sheets(natures: tuple[str, ...] = ("dealer",), factors: float | None = None) -> dict[str, float]:
    business, files = _business(), casebook.load("credit_files").groupby("customer_id").last()
    profile = pd.DataFrame(
        {
            "nature": business["channel_role"].map({"distributor": "dealer", "retailer": "retailer"}),
            "place": business["region_id"],
            "trade": business["industry"],
            "finance": files["net_worth"],
            "credit": files["character"],
        }
    ).dropna(subset=["nature"])
    known = sel.profile_completeness(profile)
    filled = sel.factor_sheet(dict.fromkeys(_OFFICE, "known")).completeness if factors is None else factors
    return {
        "factors": filled,
        "dealers": float(known.loc[known["nature"].isin(natures), "filled"].mean()),
    }


def _part(part: str = "lost", years: tuple[int, int] = (2022, 2023), column: str = "change") -> float:
    revenue = _revenue()
    parts = sel.growth_decomposition(revenue[years[0]].dropna(), revenue[years[1]].dropna())
    return abs(float(parts.loc[parts["part"] == part, column].sum()))


def _rule(*roles: str) -> sel.Sherden:
    role = _business()["channel_role"]
    accounts = _accounts()
    return sel.sherden(accounts.loc[role[accounts.index].isin(roles or set(role)), "profit"])


def _differ(
    budget: float = 1800, value: str = "last_year", more: str = "optimal", less: str | None = "greedy"
) -> int:
    choice = sel.choose_accounts(_known(), budget, value=value)
    return int((choice[more] & ~choice[less]).sum() if less else choice[more].sum())


def _least_charge(remedy: str = "strike off", **how: Any) -> float:
    change = sel.compare_remedies(_accounts(), _losers(), charged=1.0, **how).set_index("remedy")["change"]
    return float(change[remedy] / change["change terms"])


def _margin_over_service() -> float:
    table = _accounts()[_losers()]
    return float(table["gross_margin"].sum() / table[list(sel.SERVICE_COSTS)].to_numpy().sum())


CHECKS = (
    Check(
        "01.destroyed",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: sel.sherden(_TEN).destroyed_ratio,
        mistakes=(
            Mistake(
                lambda: 40 / sel.sherden(_TEN).gross,
                "You divide by all that is earned. The losses are set against the profit of the *best 20 %*.",
            ),
            Mistake(
                lambda: 40 / sel.sherden(_TEN).net,
                "You divide by what is left. The losses are set against the profit of the *best 20 %*.",
            ),
            Mistake(
                lambda: 20 / sel.sherden(_TEN, top=0.2).gross / 0.8,
                "You took the last account only. How many accounts are 30 % of ten?",
            ),
        ),
        look="Add up the losses of the last three; divide by the profit of the first two.",
        praise="Sherden's own number, and no accident: these ten were made to show it.",
    ),
    Check(
        "01.clients",
        kind=Number(counted="clients"),
        right=_clients,
        mistakes=(
            Mistake(
                lambda: _clients(0.9),
                "These are the clients who bring 90 %. The question asks for 80 % of the profit.",
            ),
            Mistake(
                lambda: round(0.8 * len(casebook.load("securities_firm"))),
                "You took 80 % of the clients. Add up profit, best client first, until 80 % is reached.",
            ),
            Mistake(
                lambda: _clients(0.2),
                "These are the clients who bring a fifth of the profit. The two numbers changed places.",
            ),
        ),
        look="`sel.customers_for_share(firm, share)`: the share is one of the profit, from 0 to 1.",
        praise="Half as many as the proverb would have it.",
    ),
    Check(
        "01.good_total",
        kind=Number(tolerance=0.051),
        right=lambda: sum(_C3) / len(_C3),
        mistakes=(
            Mistake(
                lambda: sum(_C3),
                "That is the sum. The total is a mean, on the scale of its criteria.",
            ),
            Mistake(
                lambda: sum(_C3[1:]) / 5,
                "You left out what it buys. Small spending counts too, as one of six.",
            ),
            Mistake(
                lambda: sorted(_C3)[3],
                "That is a middle score. The total is the mean of all six.",
            ),
        ),
        look="Add up the six scores of C3, and divide by their number.",
        praise="It ties with C1, which buys far more: small can be good.",
    ),
    Check(
        "01.overtake",
        kind=Number(unit="years"),
        right=lambda: sel.years_to_overtake(45, 0.10, 98, -0.02),
        mistakes=(
            Mistake(
                lambda: sel.years_to_overtake(45, 0.10, 98, 0.0),
                "You let the large one stand still, or you added the same amount each year. Both accounts "
                "change by a *share* of what they are, year after year.",
            ),
            Mistake(
                lambda: sel.years_to_overtake(45, 0.10, 98, 0.02),
                "You let the large one grow. Shrinking by 2 % is a growth below zero.",
            ),
            Mistake(
                lambda: (sel.years_to_overtake(45, 0.10, 98, -0.02) or 0) - 1,
                "One year too early: then the small one is still the smaller.",
            ),
            Mistake(
                lambda: sel.years_to_overtake(45, 0.50, 98, -0.02),
                "That is the example of the text, with 50 %. Here the small one grows by 10 %.",
            ),
        ),
        look="`sel.years_to_overtake(small, g_small, large, g_large)`, with one growth below zero.",
        praise="And that is if it goes on like that, which few do.",
    ),
    Check(
        "01.two_sheets",
        kind=Mapped("the filled part of each sheet", tolerance=0.0051),
        right=_sheets,
        mistakes=(
            Mistake(
                lambda: _sheets(factors=1.0),
                "You count a blank as an entry: a factor with a space in it says nothing.",
            ),
            Mistake(
                lambda: _sheets(factors=6 / 7),
                "One of the two empty factors holds a space. That is no entry either.",
            ),
            Mistake(
                lambda: _sheets(("dealer", "retailer")),
                "You took the mean over all customers. Only the dealers are asked for.",
            ),
            Mistake(
                lambda: _sheets(("retailer",)),
                "That is the mean over the retailers. Filter for `nature` dealer.",
            ),
        ),
        look="`completeness` for the first; for the second the mean of `filled`, rows of one nature.",
        praise="What one does not know of a customer is seldom missed until it is needed.",
    ),
    Check(
        "01.lost_2023",
        kind=Number(unit="RMB", tolerance=0.51),
        right=_part,
        mistakes=(
            Mistake(
                lambda: _part("contraction"),
                "That is what those who stayed bought less. Who *stopped* stands in another part.",
            ),
            Mistake(
                lambda: _part(years=(2023, 2024)),
                "These are the years 2023 and 2024. The question asks for the year before.",
            ),
            Mistake(
                lambda: _part(years=(2023, 2022)),
                "The two years changed places: these are the ones who came.",
            ),
            Mistake(
                lambda: _part("lost", column="customers"),
                "That is how many stopped. Which column holds the money?",
            ),
        ),
        look="`sel.growth_decomposition(earlier, later)`, the row `lost`, the column `change`.",
        praise="Loyalty is the strategy that works on this number.",
    ),
    Check(
        "01.retail_destroyed",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: _rule("retailer").destroyed_ratio,
        mistakes=(
            Mistake(
                lambda: _rule().destroyed_ratio,
                "That is the ratio of all business accounts. Filter by `channel_role` first.",
            ),
            Mistake(
                lambda: _rule("distributor").destroyed_ratio,
                "These are the distributors. Which role is asked for?",
            ),
            Mistake(
                lambda: _rule("retailer").top_share_gross,
                "That is what the best fifth earns. Which number says what the worst destroy?",
            ),
            Mistake(
                lambda: _rule("retailer", "end_user").destroyed_ratio,
                "Organisations are still in it. Keep the retailers only.",
            ),
        ),
        look="`sel.sherden` on the profits of the accounts whose `channel_role` is retailer.",
        praise="The half was set for the whole. In a part of it, nobody set anything.",
    ),
    Check(
        "01.tight_budget",
        kind=Number(counted="accounts"),
        right=_differ,
        mistakes=(
            Mistake(
                lambda: _differ(less=None),
                "That is how many the exact choice takes in all. Leave out those that both take.",
            ),
            Mistake(
                lambda: _differ(more="greedy", less=None),
                "That is how many the greedy choice takes. Who is in the exact one and *not* in it?",
            ),
            Mistake(
                lambda: _differ(value="revenue"),
                "You chose by revenue. The value is the profit of last year.",
            ),
        ),
        look="Two columns: `optimal`, and not `greedy` (a tilde turns true into false). Count with `.sum()`.",
        praise="So few names, so small a difference: the sum is not where the error is.",
    ),
    Check(
        "01.least_charge",
        kind=Number(tolerance=0.0051, share=True),
        right=_least_charge,
        mistakes=(
            Mistake(
                lambda: _least_charge("strike off, on paper"),
                "You compare with the sum on paper. What does striking off bring in truth?",
            ),
            Mistake(
                _margin_over_service,
                "That is the margin as a part of the service costs. It is what is *not* won by striking off.",
            ),
            Mistake(
                lambda: _least_charge() / 2,
                "You halved it: charge the full cost first, and see what part of that is enough.",
            ),
            Mistake(
                lambda: 1 / _least_charge(),
                "Turned upside down: a share of the service costs is below 1.",
            ),
        ),
        look="Call `sel.compare_remedies` with `charged=1.0`, and divide one change by the other.",
        praise="Less than half: there is room to bargain, and room for those who refuse.",
    ),
)
