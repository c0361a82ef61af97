"""Case 02, for the instructor: the graded answers, worked out from the company, and the usual mistakes."""

from __future__ import annotations

import pandas as pd

from casebook.course.cases import Graded
from casebook.course.cases.key import Slip
from casebook.course.kinds import Mapped, Names, Number

TABLES = ("brokerage_accounts",)

AS_OF, CASH_MAX, YEARS, LETTER = pd.Timestamp("2007-10-08"), 100, 3, 20
LENGTHS, LIMITS = (2, 3, 4), (50, 100, 200, 500)


def edge(years=YEARS):
    return AS_OF - pd.DateOffset(years=years)


def conditions(company, cash_max=CASH_MAX, years=YEARS):
    """Whether each of the three conditions holds, in the order of accounts."""
    table = company["brokerage_accounts"]
    return table, {
        "securities": table["securities_value"] == 0,
        "cash": table["cash"] <= cash_max,
        "last trade": table["last_trade"] <= edge(years),
    }


def asleep(company, cash_max=CASH_MAX, years=YEARS):
    table, holds = conditions(company, cash_max, years)
    return table[holds["securities"] & holds["cash"] & holds["last trade"]]


def asleep_if_cash_below(company):
    found = asleep(company)
    return found[found["cash"] < CASH_MAX]


def asleep_if_longer(company, years=YEARS):
    found = asleep(company, years=years)
    return found[found["last_trade"] < edge(years)]


def asleep_by_total(company):
    table, holds = conditions(company)
    return table[(table["securities_value"] + table["cash"] <= CASH_MAX) & holds["last trade"]]


def asleep_without(company, left_out, years=YEARS, cash_max=CASH_MAX):
    """Two conditions instead of three."""
    table, holds = conditions(company, cash_max, years)
    first, second = (holds[name] for name in holds if name != left_out)
    return table[first & second]


def asleep_by_any(company):
    table, holds = conditions(company)
    return table[holds["securities"] | holds["cash"] | holds["last trade"]]


def ids(table):
    return table["account_id"].tolist()


def near(company, most=1, cash_strict=False):
    """The account and its first failing condition, where at most so many fail."""
    table, holds = conditions(company)
    if cash_strict:
        holds["cash"] = table["cash"] < CASH_MAX
    failing = pd.DataFrame({name: ~held for name, held in holds.items()})
    chosen = failing.sum(axis=1).between(1, most)
    first = failing[chosen].idxmax(axis=1)
    return dict(zip(table.loc[chosen, "account_id"], first, strict=True))


def near_idle_only(company):
    """Only those that are idle, as if an account could not miss by the day."""
    return {name: why for name, why in near(company).items() if why != "last trade"}


def by_years(company, count=lambda company, years: len(asleep(company, years=years))):
    return {years: count(company, years) for years in LENGTHS}


def by_cash(company, count=lambda company, limit: len(asleep(company, cash_max=limit))):
    return {limit: count(company, limit) for limit in LIMITS}


def on_the_edge(company):
    found = asleep(company)
    return found[found["last_trade"] == edge()]


def a_day_short(company):
    awake = asleep_without(company, "last trade")
    return awake[awake["last_trade"] == edge() + pd.Timedelta(days=1)]


def warned(company):
    soon = asleep(company, years=2)
    return soon[soon["last_trade"] > edge()]


def warned_by_day_only(company):
    table = company["brokerage_accounts"]
    return table[(table["last_trade"] > edge()) & (table["last_trade"] <= edge(2))]


def forgotten(company):
    """Idle for three years or more, and not dormant."""
    table, holds = conditions(company)
    return table[holds["last trade"] & ~(holds["securities"] & holds["cash"])]


def worth(table):
    return float(table["securities_value"].sum() + table["cash"].sum())


_CASH = "You left out an account with exactly 100 of cash. *At most* includes the limit."
_DAY = "You left out those that last traded exactly three years before. By our reading, that is long enough."
_TOTAL = "You compared securities and cash together with the limit. Securities must be zero, to the cent."

KEY = (
    Graded(
        "asleep",
        Names("accounts"),
        points=12,
        right=lambda c: ids(asleep(c)),
        slips=(
            Slip(lambda c: ids(asleep_if_cash_below(c)), _CASH, points=7),
            Slip(lambda c: ids(asleep_if_longer(c)), _DAY, points=7),
            Slip(lambda c: ids(asleep_by_total(c)), _TOTAL, points=6),
            Slip(
                lambda c: ids(asleep_without(c, "securities")),
                "You forgot the securities: an account with shares in it is not dormant.",
                points=2,
            ),
            Slip(
                lambda c: ids(asleep_by_any(c)),
                "You joined the conditions by *or*. An account is dormant if all three hold.",
            ),
        ),
        look="Three conditions joined by &; the day is three calendar years before 8 October 2007.",
    ),
    Graded(
        "asleep_cash",
        Number(unit="RMB", tolerance=0.006),
        points=6,
        right=lambda c: float(asleep(c)["cash"].sum()),
        slips=(
            Slip(
                lambda c: float(asleep_if_longer(c)["cash"].sum()),  # the same sum if 100 is too much cash
                "An account on an edge is missing: exactly 100 of cash, or exactly three years, is dormant.",
                points=3,
            ),
            Slip(
                lambda c: float(asleep(c)["cash"].mean()),
                "That is the mean of one account. All together are asked for.",
                points=2,
            ),
            Slip(
                lambda c: float(asleep_without(c, "cash")["cash"].sum()),
                "There is too much cash in some of your accounts: the rule allows 100 each.",
                points=1,
            ),
        ),
        look="The sum of `cash` of the accounts in your list.",
    ),
    Graded(
        "near_misses",
        Mapped("accounts with the condition that fails"),
        points=12,
        right=near,
        slips=(
            Slip(
                lambda c: near(c, most=3),
                "You named the first failing condition of every account. Keep those where only one fails.",
                points=3,
            ),
            Slip(
                near_idle_only,
                "Those are the idle ones. An account may also miss by the day alone.",
                points=5,
            ),
            Slip(
                lambda c: near(c, cash_strict=True),
                "For you, exactly 100 of cash is too much. *At most* includes the limit.",
                points=6,
            ),
        ),
        look="Count the failing conditions of each account, keep those with one, and name it.",
    ),
    Graded(
        "by_years",
        Mapped("counts of accounts"),
        points=7,
        right=by_years,
        slips=(
            Slip(
                lambda c: by_years(c, lambda c, years: len(asleep_if_longer(c, years))),
                _DAY.replace("three years", "so many years"),
                points=4,
            ),
            Slip(
                lambda c: by_years(
                    c, lambda c, years: int((c["brokerage_accounts"]["last_trade"] <= edge(years)).sum())
                ),
                "You counted by the day alone. The two other conditions still hold.",
                points=2,
            ),
            Slip(
                lambda c: by_years(c, lambda c, years: len(asleep_without(c, "cash", years))),
                "You forgot the limit of cash.",
                points=2,
            ),
        ),
        look="The rule of question 1 with another number of years, three times.",
    ),
    Graded(
        "by_cash",
        Mapped("counts of accounts"),
        points=6,
        right=by_cash,
        slips=(
            Slip(
                lambda c: by_cash(c, lambda c, limit: len(asleep_without(c, "securities", cash_max=limit))),
                "You forgot the securities.",
                points=1,
            ),
            Slip(
                lambda c: by_cash(c, lambda c, limit: len(asleep_without(c, "last trade", cash_max=limit))),
                "You forgot the day of the last trade.",
                points=1,
            ),
            Slip(
                lambda c: by_cash(c, lambda c, limit: int((asleep(c, cash_max=limit)["cash"] < limit).sum())),
                "You left out accounts that hold exactly the limit. *At most* includes it.",
                points=3,
            ),
        ),
        look="The rule of question 1 with another limit, four times; three years each time.",
    ),
    Graded(
        "on_the_edge",
        Names("accounts"),
        points=7,
        right=lambda c: ids(on_the_edge(c)),
        slips=(
            Slip(
                lambda c: ids(c["brokerage_accounts"][c["brokerage_accounts"]["last_trade"] == edge()]),
                "All of these last traded on that day, but the label of one does not hang on it: why?",
                points=4,
            ),
            Slip(
                lambda c: ids(a_day_short(c)),
                "Those are a day short of three years: awake by both readings.",
                points=2,
            ),
        ),
        look="Make the list twice, once with <= and once with < for the day, and compare.",
    ),
    Graded(
        "warn",
        Names("accounts"),
        points=6,
        right=lambda c: ids(warned(c)),
        slips=(
            Slip(
                lambda c: ids(asleep(c, years=2)),
                "Those that are dormant already are among them. Who falls asleep *from now on*?",
                points=3,
            ),
            Slip(
                lambda c: ids(warned_by_day_only(c)),
                "You looked at the day alone. With shares, or with more than 100 of cash, none falls asleep.",
                points=2,
            ),
        ),
        look="Apply the rule as of 8 October 2008, and take away those that are dormant today.",
    ),
    Graded(
        "dear_letters",
        Number(counted="accounts"),
        points=4,
        right=lambda c: int((asleep(c)["cash"] < LETTER).sum()),
        slips=(
            Slip(
                lambda c: int((asleep(c)["cash"] >= LETTER).sum()),
                "Those hold as much as a letter costs, or more. The others are asked for.",
                points=2,
            ),
            Slip(
                lambda c: int((c["brokerage_accounts"]["cash"] < LETTER).sum()),
                "You counted all accounts. Only the dormant ones get this letter.",
                points=1,
            ),
        ),
        look="Of the dormant accounts: how many hold less cash than one letter costs?",
    ),
    Graded(
        "forgotten",
        Number(unit="RMB", tolerance=0.6),
        points=5,
        right=lambda c: worth(forgotten(c)),
        slips=(
            Slip(
                lambda c: float(forgotten(c)["securities_value"].sum()),
                "You added up the securities. The cash is the owners' too.",
                points=3,
            ),
            Slip(
                lambda c: float(forgotten(c)["cash"].sum()),
                "You added up the cash. The securities are the owners' too.",
                points=2,
            ),
            Slip(
                lambda c: worth(forgotten(c)) + worth(asleep(c)),
                "The dormant ones are among them. Those that the rule does *not* touch are asked for.",
                points=3,
            ),
            Slip(
                lambda c: worth(c["brokerage_accounts"]) - worth(asleep(c)),
                "Those are all accounts that are not dormant. Keep those without a trade for three years.",
                points=1,
            ),
        ),
        look="Idle by the day, yet not dormant: securities and cash together.",
    ),
)
