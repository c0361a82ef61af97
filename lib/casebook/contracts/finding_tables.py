"""Contracts of the tables of finding customers: records, prospects, touches, campaigns, fairs, dealers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casebook.contracts.model import Column, Rule, Table
from casebook.contracts.words import CRITERIA, INDUSTRIES, SOURCES, day

__all__ = ["FINDING_TABLES"]

Others = Mapping[str, pd.DataFrame]
STAGES = ("contacted", "visited", "quoted", "negotiated")


def _looked_up(table: pd.DataFrame, key: str, other: pd.DataFrame, column: str) -> pd.Series:
    """The value of `column` in `other` for each row of `table`, by `key`."""
    return table[key].map(other.set_index(key)[column])


def _not_the_customer(found: pd.DataFrame, others: Others) -> pd.Series:
    names = {"source_method": "source_method", "region_id": "region_id", "industry": "industry",
             "order_date": "join_date"}  # fmt: skip
    wrong = [
        found[mine] != _looked_up(found, "customer_id", others["customers"], its)
        for mine, its in names.items()
    ]
    return found["customer_id"].notna() & (wrong[0] | wrong[1] | wrong[2] | wrong[3])


def _wrong_end(found: pd.DataFrame, _: Others) -> pd.Series:
    won = found["status"] == "won"
    days = (found["order_date"] - found["created"]).dt.days
    known = found["ordered_180d"].isna() == (found["status"] == "open")
    same = (found["ordered_180d"].fillna(False) == won) & (found["customer_id"].notna() == won)
    return ~known | ~same | (found["order_date"].notna() != won) | (won & ~days.between(0, 180))


def _campaign_of_another_kind(found: pd.DataFrame, others: Others) -> pd.Series:
    runs = others["campaigns"].set_index("campaign_id")
    method, month = (found["campaign_id"].map(runs[column]) for column in ("method", "month"))
    wrong = (method != found["source_method"]) | (month > found["created"])
    return found["campaign_id"].notna() & wrong


def _before_the_fair(found: pd.DataFrame, others: Others) -> pd.Series:
    opened = _looked_up(found, "fair_id", others["trade_fairs"], "date")
    return found["fair_id"].notna() & ((found["source_method"] != "fairs") | (opened > found["created"]))


def _outside_its_time(spoken: pd.DataFrame, others: Others) -> pd.Series:
    found = others["prospects"]
    created, ended = (_looked_up(spoken, "prospect_id", found, c) for c in ("created", "order_date"))
    return (spoken["date"] < created) | (spoken["date"] > ended)


def _stage_goes_back(spoken: pd.DataFrame, _: Others) -> pd.Series:
    table = pd.DataFrame({"who": spoken["prospect_id"], "day": spoken["date"]})
    table["rank"] = spoken["stage"].map({name: number for number, name in enumerate(STAGES)})
    days = table.groupby(["who", "day"])["rank"].agg(["min", "max"])
    before = days["max"].groupby("who").cummax().groupby("who").shift()
    back = (days["min"] < before).rename("back").reset_index()
    return table.merge(back, on=["who", "day"], how="left")["back"].fillna(False)


def _share(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, unit="share", low=0, high=1)


def _count(name: str, meaning: str) -> Column:
    return Column(name, "integer", meaning, unit="people or firms", low=0)


RECORDS = Table(
    name="customer_records_raw",
    grain="record of a customer in one office",
    key=("record_id",),
    columns=(
        Column("record_id", "text", "Number of the record."),
        Column("name", "text", "Name as it was written down, in Chinese or in Latin letters."),
        Column("tax_id", "text", "Tax number; missing where the office does not need it.", nullable=True),
        Column("phone", "text", "Telephone; may be missing.", nullable=True),
        Column("region", "text", "Region.", refers_to="regions.region_id"),
        Column("source", "text", "Office that wrote it.",
               allowed=("accounting", "sales", "service", "web_shop")),
    ),
    made="One record of each customer as in `customers`, and for each 1,000 customers 100 more from "
         "another office, all mixed.",
    planted="Of 100 duplicates 42 share the tax number (name in Latin letters, another telephone or none), "
            "33 share the telephone (no tax number, name in another form), 25 share nothing but a misspelt "
            "name. For one customer three records hang together only by way of the middle one: the first "
            "two by tax number, the last two by telephone.",
    limits="There is no customer_id here, on purpose. Matching on names alone would join different firms "
           "in reality.",
    lessons=("00",),
)  # fmt: skip

PROSPECTS = Table(
    name="prospects",
    grain="prospect",
    key=("prospect_id",),
    columns=(
        Column("prospect_id", "text", "Number of the prospect, in the order of creation."),
        Column("source_method", "text", "How the prospect was found.", allowed=SOURCES),
        Column("campaign_id", "text", "Campaign that ran last for this way of finding; missing before the "
               "first one.", nullable=True, refers_to="campaigns.campaign_id"),
        Column("fair_id", "text", "Fair at which a closed prospect was met; missing for the others, also "
               "for the open ones of this autumn's fairs.", nullable=True, refers_to="trade_fairs.fair_id"),
        Column("region_id", "text", "Region.", refers_to="regions.region_id"),
        Column("industry", "text", "Line of business; 'household' for homes.",
               allowed=tuple(name for names in INDUSTRIES.values() for name in names)),
        day("created", "Day on which the prospect was written down."),
        day("expected_order_date", "Day on which an order is expected; may lie after the last day.",
            nullable=True, planned=True),
        Column("potential_margin", "money", "Gross margin that the seller thinks possible.",
               unit="RMB a year", low=0),
        Column("need", "flag", "Needs such goods."),
        Column("money", "flag", "Can pay for them."),
        Column("authority", "flag", "The contact can decide."),
        Column("eligible", "flag", "May buy: licence and territory are in order."),
        _share("p_need", "The seller's guess of the probability of need."),
        _share("p_money", "The seller's guess of the probability of money."),
        _share("p_auth", "The seller's guess of the probability of authority."),
        Column("status", "text", "'open' until an order or 180 days.", allowed=("won", "lost", "open")),
        Column("ordered_180d", "flag", "Ordered within 180 days; missing while open.", nullable=True),
        day("order_date", "Day of the first order; only of those who ordered.", nullable=True),
        Column("customer_id", "text", "The customer that the prospect became.", nullable=True, unique=True,
               refers_to="customers.customer_id"),
    ),
    made="For each 1,000 customers 1,080 closed prospects of all months but the last six, and 420 open "
         "ones of the last three, who have not ordered by the last day. Flags are drawn with .6, .6, .5, "
         ".9; an order within 180 days from a logistic model; the days to it from how warm the prospect "
         "is. Who orders is a customer who joined that day and was found in the same way; region and line "
         "of business of the others are those of some such customer. The seller's guess follows the flag, "
         "not the outcome.",
    planted="Conversion depends on need, money, authority, eligibility, on referral (more), universal "
            "search (less) and fairs (a little more). An ineligible one may still buy, though rarely.",
    limits="Fit on closed prospects only: an open one has not failed. expected_order_date is the true day "
           "of those who order: a better forecast than any seller makes. potential_margin is drawn apart "
           "and says nothing of what a customer brings. Most prospects are households, at fairs firms.",
    lessons=("05", "06", "07"),
    rules=(
        Rule("won, and only then, with an order within 180 days and a customer",
             ("status", "created", "ordered_180d", "order_date", "customer_id"), _wrong_end,
             "Correct status or dates."),
        Rule("not expected before its creation", ("created", "expected_order_date"),
             lambda t, _: t["expected_order_date"] < t["created"], "Correct the dates."),
        Rule("source, region, industry and joining day of its customer",
             ("customer_id", "source_method", "region_id", "industry", "order_date"), _not_the_customer,
             "Copy them from customers.", needs=("customers",)),
        Rule("campaign of the same way of finding, begun before", ("campaign_id", "source_method", "created"),
             _campaign_of_another_kind, "Correct campaign_id.", needs=("campaigns",)),
        Rule("only prospects from fairs, not before the fair", ("fair_id", "source_method", "created"),
             _before_the_fair, "Correct fair_id.", needs=("trade_fairs",)),
    ),
)  # fmt: skip

TOUCHES = Table(
    name="prospect_touches",
    grain="contact with a prospect",
    key=("touch_id",),
    columns=(
        Column("touch_id", "text", "Number of the contact, in the order of dates."),
        Column("prospect_id", "text", "With whom.", refers_to="prospects.prospect_id"),
        day("date", "Day of the contact."),
        Column("channel", "text", "By which way.", allowed=("phone", "visit", "message", "email")),
        Column("stage", "text", "How far the talks had come.", allowed=STAGES),
        Column("notes_code", "text", "What the talk was about.",
               allowed=("none", "price", "technical", "delivery", "decider", "later")),
    ),
    made="Poisson(4) contacts a prospect, uniform between its creation and its order (or the 180th day, or "
         "the last day). Each contact after the first moves one stage on with probability .5.",
    planted="The stage of a prospect never goes back.",
    limits="Contacts do not cause orders here, and the stage does not say who will order. Counting "
           "contacts after the outcome would be a leak: those who order are spoken to in a shorter time.",
    lessons=("06", "07"),
    rules=(
        Rule("between its creation and its order", ("prospect_id", "date"), _outside_its_time,
             "Correct the date.", needs=("prospects",)),
        Rule("the stage never goes back", ("prospect_id", "date", "stage"), _stage_goes_back,
             "Correct the stage."),
    ),
)  # fmt: skip

CAMPAIGNS = Table(
    name="campaigns",
    grain="campaign",
    key=("campaign_id",),
    columns=(
        Column("campaign_id", "text", "Number of the campaign, in the order of months."),
        Column("method", "text", "Way of finding.", allowed=SOURCES),
        day("month", "First day of its month."),
        Column("cost", "money", "What it cost.", unit="RMB", low=0),
        _count("contacts", "Addressed."),
        _count("reached", "Reached, or (advertising) answered."),
        _count("leads", "Left an address."),
        _count("qualified", "Found to be worth a visit."),
        _count("customers", "Became customers."),
    ),
    made="Each of the nine ways four times, once in each quarter of the time. Its chain (reached of "
         "contacts, qualified of reached, customers of qualified) is universal .40 .05 .10, advertising "
         ".005 .20 .20, referral .50 .60 .33, documents .30 .10 .15, assistants .25 .30 .20, own records "
         ".60 .20 .30, fairs .20 .25 .08, consultants .15 .50 .25, events .20 .15 .12; leads lie half-way "
         "between reached and qualified. The cost is such that a customer costs on average what "
         "`customers` says of that way.",
    planted="The nine chains, which differ in cost per customer from 400 to 7,500.",
    limits="About five customers a campaign: the rates of a single one mean little. The counts come from "
           "the chain; they do not add up from `prospects`, and do not grow with the company.",
    lessons=("04", "05"),
    rules=(
        Rule("each step is part of the one before", ("contacts", "reached", "leads", "qualified",
             "customers"), lambda t, _: (t["reached"] > t["contacts"]) | (t["leads"] > t["reached"])
             | (t["qualified"] > t["leads"]) | (t["customers"] > t["qualified"]), "Correct the counts."),
    ),
)  # fmt: skip

TRADE_FAIRS = Table(
    name="trade_fairs",
    grain="trade fair",
    key=("fair_id",),
    columns=(
        Column("fair_id", "text", "Number of the fair, in the order of dates."),
        Column("name", "text", "Name; fictional."),
        day("date", "First day."),
        Column("city", "text", "Where."),
        Column("booth_cost", "money", "Stand, material, staff.", unit="RMB", low=0),
        Column("travel_cost", "money", "Travel and hotels.", unit="RMB", low=0),
        _count("target_visitors", "Visitors whom we wanted to see."),
        _count("booth_visitors", "Came to the stand."),
        _count("contacts", "Talked to us."),
    ),
    made="Eight fairs at equal distances. The closed prospects from fairs are spread over them. A fair's "
         "cost is set AFTERWARDS, from the gross margin of the first twelve months (as far as the data "
         "goes) of the customers it brought.",
    planted="Return on cost +.6 and +.4 for two fairs, within .1 of nothing for four, -.4 and -.6 for two.",
    limits="The costs are made to fit, so some are too small for a real fair: never use them as a budget. "
           "Three or four customers a fair: one large one decides.",
    lessons=("05",),
    rules=(
        Rule("contacts of visitors of those wanted", ("target_visitors", "booth_visitors", "contacts"),
             lambda t, _: (t["contacts"] > t["booth_visitors"]) | (t["booth_visitors"] >
             t["target_visitors"]), "Correct the counts."),
    ),
)  # fmt: skip

INFO_SOURCES = Table(
    name="info_sources",
    grain="source of customer addresses",
    key=("source_id",),
    columns=(
        Column("source_id", "text", "Number of the source."),
        Column("kind", "text", "What it is."),
        Column("cost", "money", "What the records cost.", unit="RMB", low=0),
        Column("records", "integer", "How many.", unit="records", low=1),
        _share("valid_share", "Share that is still right."),
        _share("dup_share", "Share that is there twice or known already."),
    ),
    made="Written by hand; the same in every company.",
    planted="A usable record costs 3.00 from the yearbook, 16.67 from the trade fair, 5.00 from the "
            "telephone list.",
    limits="Invented figures; a source is never worth the same to two firms.",
    lessons=("00",),
)  # fmt: skip

DEALER_CANDIDATES = Table(
    name="dealer_candidates",
    grain="firm that would like to be a distributor",
    key=("candidate_id",),
    columns=(
        Column("candidate_id", "text", "Number of the candidate."),
        Column("region_id", "text", "Region.", refers_to="regions.region_id"),
        *(Column(name, "number", f"Score for {name.replace('_', ' ')}.", unit="points", low=0, high=100,
                 decimals=1) for name in (*CRITERIA, "character", "management")),
        Column("later_sales", "number", "Index of its sales three years later; known only then.",
               unit="points", low=0, decimals=1),
    ),
    made="Scores are normal (mean 70, sd 12), clipped to 30-100, each drawn apart. later_sales = 50 + .5 x "
         "distribution + .3 x finance + noise (sd 8).",
    planted="Only distribution and finance say what a dealer sells later; the other eleven scores do not.",
    limits="Thirty candidates: with thirteen scores a regression finds something by chance. No score "
           "stands for family or private life.",
    lessons=("02",),
)  # fmt: skip

FINDING_TABLES = (
    RECORDS, PROSPECTS, TOUCHES, CAMPAIGNS, TRADE_FAIRS, INFO_SOURCES, DEALER_CANDIDATES,
)  # fmt: skip
