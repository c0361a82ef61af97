"""Contracts of what customers say and what service they get: surveys, Kano, complaint steps, tickets."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casebook.contracts.model import Column, Rule, Table
from casebook.contracts.words import day

__all__ = ["ASPECTS", "KANO_ANSWERS", "KANO_FEATURES", "LAYERS", "VOICE_TABLES", "VOICE_TRUTH"]

#: What importance_1..5 and performance_1..5 are about.
ASPECTS = ("product quality", "delivery", "price", "service", "information")
LAYERS = ("idea", "behaviour", "visual", "material", "spiritual", "social")
KANO_ANSWERS = ("like", "must-be", "neutral", "live-with", "dislike")
KANO_FEATURES = (
    "filter alarm", "leak sensor", "quiet pump", "tool-free filter change", "water quality display",
    "24-hour installation", "spare filters in stock", "yearly water test", "choice of colour",
    "voice control",
)  # fmt: skip
KINDS = ("installation", "repair", "cartridge_change", "advice")
REASONS = ("price", "points", "location", "none")


def _mark(name: str, meaning: str) -> Column:
    return Column(name, "integer", meaning, unit="mark, 5 is best", low=1, high=5)


def _by_day(steps: pd.DataFrame, _: Mapping[str, pd.DataFrame]) -> pd.Series:
    ordered = steps.sort_values(["complaint_id", "seq"])
    again = ordered["complaint_id"] == ordered["complaint_id"].shift()
    return (again & (ordered["date"] < ordered["date"].shift())).reindex(steps.index)


def _before_complaint(steps: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> pd.Series:
    told = others["complaints"].set_index("complaint_id")["date"]
    return steps["date"] < steps["complaint_id"].map(told)


SURVEYS = Table(
    name="surveys",
    grain="customer's answer to a half-yearly survey",
    key=("survey_id",),
    columns=(
        Column("survey_id", "text", "Number of the answer, in the order of days."),
        Column("customer_id", "text", "Who answered.", refers_to="customers.customer_id"),
        day("date", "Day of the survey: the last of a half-year in which the customer had ordered."),
        Column("knows", "flag", "Says that it knows the firm well."),
        Column("praises", "flag", "Speaks well of the firm to others; only those who know it are asked."),
        Column("asks_by_name", "flag", "Asks for the brand by name and takes no substitute."),
        Column("would_return", "flag", "Would buy again."),
        _mark("expected", "What was expected before buying."),
        _mark("perceived", "What was got; the same answer as csat."),
        Column("csat", "integer", "Satisfaction on the whole.", unit="1 very dissatisfied to 5 very "
                                                                     "satisfied",
               low=1, high=5),
        _mark("idea", "Content with what the firm stands for (mind identity)."),
        _mark("behaviour", "Content with how its people act (behaviour identity)."),
        _mark("visual", "Content with how it presents itself (visual identity)."),
        _mark("material", "Content with the product itself (material layer)."),
        _mark("spiritual", "Content with how it feels to be its customer (spiritual layer)."),
        _mark("social", "Content with what it does for society (social layer)."),
        *(Column(f"importance_{n + 1}", "integer", f"How much {what} matters, as stated.",
                 unit="1 not at all to 5 very much", low=1, high=5) for n, what in enumerate(ASPECTS)),
        *(_mark(f"performance_{n + 1}", f"How good {what} was.") for n, what in enumerate(ASPECTS)),
        _mark("attitude", "Attitude to the firm."),
        Column("main_reason", "text", "Why it buys here, in the customer's words, coded.", allowed=REASONS),
        Column("alternatives", "integer", "Other suppliers that could serve it.", unit="suppliers", low=0),
        Column("choose_minutes", "integer", "Time taken to choose at the last order.", unit="minutes", low=1),
        Column("price_sensitivity", "integer", "How much a higher price would put it off.",
               unit="1 little to 5 much", low=1, high=5),
        Column("tolerance", "integer", "How far it would forgive a fault.", unit="1 little to 5 much",
               low=1, high=5),
    ),
    made="Every customer that had ordered in a half-year is asked on its last day; .45 answer. All marks of "
         "one answer come from one mood: the hidden satisfaction, less .5 if a delivery promised in the "
         "half-year was late, less .4 if there was a complaint in it, plus noise (sd .6). csat is the mood "
         "cut at -1.8, -1.1, -.4 and .5.",
    planted="Price is stated to be important (4.3 on average, service 3.6), but how service performs moves "
            "satisfaction (slope .6), how price performs hardly does (.2). Late deliveries and complaints "
            "lower the marks of their half-year.",
    limits="Who answers does not depend on the mood, which in reality it does. main_reason and alternatives "
           "are drawn at random. Those who stopped ordering are not asked. The scores share one cause, so "
           "their single coefficients in one regression mean little.",
    lessons=("13", "14", "15"),
    rules=(
        Rule("only who knows the firm praises "
             "it", ("knows", "praises"), lambda t, _: t["praises"] > t["knows"],
             "Correct praises."),
        Rule("perceived is csat", ("perceived", "csat"), lambda t, _: t["perceived"] != t["csat"],
             "Correct perceived."),
    ),
)  # fmt: skip

KANO = Table(
    name="kano_answers",
    grain="respondent's pair of answers about a feature",
    key=("respondent", "feature"),
    columns=(
        Column("respondent", "text", "Number of the respondent; no customer of the other tables."),
        Column("feature", "text", "Feature of a purifier or of its service.", allowed=KANO_FEATURES),
        Column("functional", "text", "How it would feel if the purifier had this.", allowed=KANO_ANSWERS),
        Column("dysfunctional", "text", "How it would feel if the purifier did not.", allowed=KANO_ANSWERS),
    ),
    made="60 respondents, 10 features. Each feature has a true category (3 must-be, 3 one-dimensional, 2 "
         "attractive, 2 indifferent); .80 of the pairs are drawn from the cells of that category, .20 from "
         "all 25 cells.",
    planted="The most frequent category of a feature is its true one, through the noise.",
    limits="Which feature falls into which category is drawn by lot, not found in any market.",
    lessons=("13",),
)  # fmt: skip

COMPLAINT_LOG = Table(
    name="complaint_log",
    grain="step done for a complaint",
    key=("complaint_id", "seq"),
    columns=(
        Column("complaint_id", "text", "The complaint.", refers_to="complaints.complaint_id"),
        Column("seq", "integer", "Place in time: 1 is what was done first.", low=1, high=8),
        Column("step", "integer", "Step of the procedure: 1 record, 2 judge, 3 name the department, 4 "
               "analyse the cause, 5 propose, 6 submit to the manager, 7 carry out, 8 review; 0 the "
               "courteous reply that ends a complaint which is not valid.", low=0, high=8),
        day("date", "Day on which the step was done."),
    ),
    made="A valid complaint takes the eight steps, each exponential around 1, 1, 1, 3, 2, 1, 5 and 3 days; "
         "one that is not valid takes steps 1 and 2 and the reply. Steps after the last day are not there.",
    planted="8% of the valid complaints skip step 6; in 5% two neighbouring steps from the third on are "
            "swapped. The last step closes the complaint.",
    limits="Who skips and swaps is chance: no department is worse than another.",
    lessons=("13",),
    rules=(
        Rule("no step before the one in front of it", ("complaint_id", "seq", "date"), _by_day,
             "Correct seq or date."),
        Rule("not before its complaint", ("complaint_id", "date"), _before_complaint, "Correct the date.",
             needs=("complaints",)),
    ),
)  # fmt: skip

TICKETS = Table(
    name="tickets",
    grain="call to the service desk",
    key=("ticket_id",),
    columns=(
        Column("ticket_id", "text", "Number of the ticket, in the order of days."),
        Column("customer_id", "text", "Who called.", refers_to="customers.customer_id"),
        Column("kind", "text", "What was asked for.", allowed=KINDS),
        day("opened", "Day of the call, 1 to 30 days after a delivery."),
        day("closed", "Day on which it was done; missing while it is open.", nullable=True),
        Column("place", "text", "'mobile' when an engineer goes out, 'fixed' at the desk.",
               allowed=("fixed", "mobile")),
        Column("fee", "money", "What the customer pays; 0 is free.", unit="RMB", low=0),
        Column("technical", "flag", "Needed a technician."),
        Column("hours", "number", "From the call until it was done; missing while it is open.", unit="hours",
               low=0, decimals=1, nullable=True),
        Column("engineer", "text", "Who did it: two engineers a region."),
    ),
    made="An order brings a ticket with probability .18, .36 from the accounts whose service is a burden. "
         "The hours are exponential, .72 of them at most 24.",
    planted="The accounts that are costly to serve (see cost_to_serve) call twice as often; .72 are closed "
            "within 24 hours.",
    limits="No engineer is quicker than another, and satisfaction does not depend on the hours. Tickets do "
           "not enter the costs of cost_to_serve one by one.",
    lessons=("01", "17"),
    rules=(
        Rule("closed on or after its day", ("opened", "closed"), lambda t, _: t["closed"] < t["opened"],
             "Correct the dates."),
        Rule("hours when closed, and only then", ("closed", "hours"),
             lambda t, _: t["closed"].isna() != t["hours"].isna(), "Fill or empty hours."),
    ),
)  # fmt: skip

KANO_TRUTH = Table(
    name="kano_truth",
    grain="feature",
    key=("feature",),
    columns=(
        Column("feature", "text", "Feature.", allowed=KANO_FEATURES),
        Column("category_true", "text", "M must-be, O one-dimensional, A attractive, I indifferent.",
               allowed=("M", "O", "A", "I")),
    ),
    made="Drawn by lot: 3 M, 3 O, 2 A, 2 I.",
)  # fmt: skip

VOICE_TABLES = (SURVEYS, KANO, COMPLAINT_LOG, TICKETS)
VOICE_TRUTH = (KANO_TRUTH,)
