"""Contracts of the side cases: other firms, each for one question. None refers to the company."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casebook.contracts.model import Column, Rule, Table
from casebook.contracts.words import day

__all__ = ["GATE_CLASSES", "SHOPPER_TYPES", "SIDE_TABLES", "SIDE_TRUTH"]

SHOPPER_TYPES = ("economic", "ethical", "personalising", "convenience")
GATE_CLASSES = ("royal", "high_noble", "lesser_noble", "gentry", "entrepreneur", "rich_unknown")
#: signals of a showroom visitor that move the purchase, and those that do not
SHOWROOM_DRIVERS = ("bargain", "loan_q", "notes")
SHOWROOM_IDLE = ("asked_fee", "asked_delivery", "asked_developer")
ITEMS = {"e": "price", "m": "duty to local firms", "p": "being known in person", "c": "least effort"}


def _flag(name: str, meaning: str) -> Column:
    return Column(name, "flag", meaning)


def _level(name: str, meaning: str, high: int = 5) -> Column:
    return Column(name, "integer", meaning, unit=f"1 to {high}", low=1, high=high)


SUPPORT_USERS = Table(
    name="support_users",
    grain="user of a telephone company",
    key=("user_id",),
    columns=(
        Column("user_id", "text", "Number of the user."),
        Column("revenue_pm", "money", "What the user pays a month.", unit="RMB a month", low=0),
    ),
    made="Lognormal with median 80 and sigma .5.",
    planted="Ten call about the same trouble more than 50 times a month in six months or more; seven of them "
            "cost more than they pay (80 a month), three pay 600 a month and still bring a profit.",
    limits="One year of a firm that does not exist.",
    lessons=("01c",),
)  # fmt: skip

SUPPORT_CALLS = Table(
    name="support_calls",
    grain="call to the help line",
    key=("call_id",),
    columns=(
        Column("call_id", "text", "Number of the call, in the order of months and users."),
        Column("user_id", "text", "Who called.", refers_to="support_users.user_id"),
        day("month", "First day of the month of the call."),
        Column("issue_id", "text", "What it was about; a second call with the same issue is a repeat."),
        _flag("resolved", "The agent noted it as solved."),
        Column("cost", "money", "What the call cost.", unit="RMB", low=0),
    ),
    made="Calls a month are negative binomial with mean 1.6 and shape .5 for each user; a call is about a "
         "new issue with probability .75, else about the user's last one; noted as solved with probability "
         ".85; its cost is about 5.",
    planted="In six or seven months each heavy user calls 51 times or more about one issue, once 101 times. "
            "Four of the ten are noted as unsolved at every such call: there the fault may be the firm's.",
    limits="'Noted as solved' is what the agent wrote, not what the user found.",
    lessons=("01c",),
)  # fmt: skip

RR_APPLICANTS = Table(
    name="rr_applicants",
    grain="person who would like to buy the car",
    key=("name",),
    columns=(
        Column("name", "text", "Invented name."),
        Column("class", "text", "Standing, as the gate of the story sees it.", allowed=GATE_CLASSES),
        Column("wealth", "number", "Fortune.", unit="million GBP", low=0, decimals=1),
    ),
    made="Written by hand, two of each of the six classes of the story.",
    planted="The richest two are the ones whom the gate turns away.",
    limits="For a story about scarcity that is partly legend. Nobody in it exists.",
    lessons=("01c",),
    simulated=False,
)  # fmt: skip

TRAVEL_MARKET = Table(
    name="travel_market",
    grain="segment of travellers abroad",
    key=("segment",),
    columns=(
        Column("segment", "text", "Who travels."),
        Column("travellers", "integer", "Travellers a year.", unit="people a year", low=0),
        Column("individual_share", "number", "Share that travels alone, not in a group.", unit="share", low=0,
               high=1),
        Column("price", "integer", "What such a trip usually costs.", unit="JPY", low=0),
    ),
    made="Written by hand: Japan about 1980, stylised.",
    planted="The total is 3.5 million, in the middle of the three to four million of the source course; one "
            "traveller in ten goes alone, and three of ten of these are students.",
    limits="Fictional but for the total.",
    lessons=("01c",),
    simulated=False,
)  # fmt: skip

POSITIONING = Table(
    name="positioning",
    grain="brand or kind of firm",
    key=("brand",),
    columns=(
        Column("brand", "text", "As the source course names it."),
        _level("price_level", "1 low, 2 middle, 3 high: as the source course places it.", 3),
        _level("service_level", "1 low, 2 middle, 3 high: our reading, for the second axis of a map.", 3),
        Column("industry", "text", "Where it competes.",
               allowed=("airlines", "cars", "travel", "audio", "hotels")),
    ),
    made="Written by hand from the examples of the source course; the levels are ranks, not measurements.",
    planted="Nothing.",
    limits="'Zebra' is no marque of that market; it is quoted as it stands. Ranks of another time: say "
           "nothing about these firms with them.",
    lessons=("01c",),
    simulated=False,
)  # fmt: skip


def _differs(columns: list[str]) -> Rule:
    def broken(t: pd.DataFrame, _: Mapping[str, pd.DataFrame]) -> pd.Series:
        first = t.groupby("visitor_id")[columns].transform("first")
        return ((first != t[columns]) & (first.notna() | t[columns].notna())).any(axis=1)

    return Rule("what is said of the visitor is the same on every visit", ("visitor_id", *columns), broken,
                "Say the same on every row of the visitor.")  # fmt: skip


OF_VISITOR = [*SHOWROOM_IDLE, *SHOWROOM_DRIVERS, "n_units", "bag_cue", "budget_declared", "bought",
              "purchase_date"]  # fmt: skip

SHOWROOM_VISITS = Table(
    name="showroom_visits",
    grain="visit to the showroom of a housing estate",
    key=("visitor_id", "visit_no"),
    columns=(
        Column("visitor_id", "text", "Number of the visitor."),
        Column("visit_no", "integer", "1 for the first visit.", low=1),
        day("date", "Day of the visit, or of a call that counts as one."),
        _flag("asked_fee", "Asked about the management fee."),
        _flag("asked_delivery", "Asked when the flat is handed over."),
        _flag("asked_developer", "Asked about the developer."),
        _flag("loan_q", "Asked about a loan."),
        _flag("bargain", "Bargained."),
        _flag("notes", "Took notes."),
        Column("n_units", "integer", "Flats still in the choice.", unit="flats", low=1, high=4),
        _level("bag_cue", "How costly the bag looked to the salesperson.", 3),
        Column("budget_declared", "money", "Budget that the visitor named.", unit="RMB", low=0),
        _flag("bought", "Bought within 90 days of the first visit."),
        day("purchase_date", "Day of the purchase; missing where there was none.", nullable=True),
    ),
    made="First visits from January to September of the last year. The first return comes within 3 days "
         "(.20), on day 4 to 7 (.22), on day 8 to 30 (.20) or not at all (.38); who returns makes 1 + "
         "Poisson(.25) returns, all within 30 days. The signals are noted once and stand on each row of the "
         "visitor. The chance of buying is logistic in them and in the day of the first return.",
    planted="Bargaining, questions about a loan, notes and an early return raise the chance; a wide choice "
            "and no return lower it. The bag, the budget and the three other questions have no effect at "
            "all. Nobody buys before day 31: a simplification that keeps a landmark at day 30 clean.",
    limits="One row is a visit: count visitors by visit_no = 1. Judging people by their bag is what the case "
           "argues against.",
    lessons=("06",),
    rules=(
        _differs(OF_VISITOR),
        Rule("bought, and only then, with a day of purchase", ("bought", "purchase_date"),
             lambda t, _: t["bought"] != t["purchase_date"].notna(), "Correct bought or purchase_date."),
        Rule("visits in the order of their numbers", ("visitor_id", "visit_no", "date"),
             lambda t, _: t.sort_values(["visitor_id", "visit_no"]).groupby("visitor_id")["date"].diff()
             .reindex(t.index) < pd.Timedelta(0), "Correct the dates."),
        Rule("no purchase before day 31", ("visitor_id", "date", "purchase_date"),
             lambda t, _: t["purchase_date"] - t.groupby("visitor_id")["date"].transform("min")
             < pd.Timedelta(days=31), "Correct purchase_date."),
    ),
)  # fmt: skip

SHOPPER_SURVEY = Table(
    name="shopper_survey",
    grain="person asked",
    key=("respondent_id",),
    columns=(
        Column("respondent_id", "text", "Number of the person."),
        *(_level(f"{letter}{i}", f"Agrees with statement {i} of 2 on {what}; 5 is fully.")
          for letter, what in ITEMS.items() for i in (1, 2)),
    ),
    made="Every person is of one of four types; the two statements of the own type are normal around 4.2, "
         "the others around 2.6, sd .8, rounded to 1 to 5.",
    planted="70 economic, 40 ethical, 30 personalising and 60 convenience shoppers. The highest mean finds "
            "most of them; some tie.",
    limits="Two statements a type are few; a real scale needs more and a test of its reliability.",
    lessons=("00",),
)  # fmt: skip

SHOWROOM_TRUTH = Table(
    name="showroom_truth",
    grain="visitor to the showroom",
    key=("visitor_id",),
    columns=(
        Column("visitor_id", "text", "Number of the visitor."),
        Column("p_buy", "number", "Probability of buying, known at day 30.", unit="share", low=0, high=1,
               decimals=6),
    ),
    made="Logistic in the signals and the day of the first return; see parameters.json, `showroom`.",
)  # fmt: skip

SHOPPER_TRUTH = Table(
    name="shopper_truth",
    grain="person asked in the shopper survey",
    key=("respondent_id",),
    columns=(
        Column("respondent_id", "text", "Number of the person.", refers_to="shopper_survey.respondent_id"),
        Column("type", "text", "The type that moved the answers.", allowed=SHOPPER_TYPES),
    ),
    made="70, 40, 30 and 60 of the four types, in random order.",
)  # fmt: skip

SIDE_TABLES = (
    SUPPORT_USERS, SUPPORT_CALLS, RR_APPLICANTS, TRAVEL_MARKET, POSITIONING, SHOWROOM_VISITS, SHOPPER_SURVEY,
)  # fmt: skip
SIDE_TRUTH = (SHOWROOM_TRUTH, SHOPPER_TRUTH)
