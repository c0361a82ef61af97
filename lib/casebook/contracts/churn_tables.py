"""Contracts of leaving: exit interviews, snapshots with a churn label, and a randomised call."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casebook.contracts.model import Column, Rule, Table
from casebook.contracts.words import SOURCES, day

__all__ = ["CAUSES", "CHURN_TABLES", "CHURN_TRUTH"]

#: The seven causes of churn, in the order of the course.
CAUSES = (
    "unstable_quality", "no_innovation", "poor_service", "weak_market_control", "staff_left", "rival_offer",
    "short_term_behaviour",
)  # fmt: skip


def _before_leaving(interviews: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> pd.Series:
    left = others["customers_truth"].set_index("customer_id")["dropout_month"]
    gone = interviews["customer_id"].map(left)
    return gone.isna() | (interviews["date"] < gone + pd.DateOffset(months=2))


def _before_joining(snapshots: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> pd.Series:
    joined = snapshots["customer_id"].map(others["customers"].set_index("customer_id")["join_date"])
    return joined > snapshots["as_of"] - pd.DateOffset(months=3)


def _zero_or_one(name: str, meaning: str) -> Column:
    return Column(name, "integer", meaning, unit="0 no, 1 yes", low=0, high=1)


EXIT_INTERVIEWS = Table(
    name="exit_interviews",
    grain="business that left and was asked why",
    key=("customer_id",),
    columns=(
        Column("customer_id", "text", "Who left.", refers_to="customers.customer_id"),
        day("date", "Day of the interview, in the second month after leaving."),
        Column("cause", "text", "The cause that was named, one of seven.", allowed=CAUSES),
    ),
    made="70% of the businesses that left up to three months before the last day are asked. The cause is "
         "drawn by fixed shares, .30, .05, .25, .10, .10, .15, .05 in the order of the seven.",
    planted="What people say is not what moved them: the cause named depends on nothing, neither on a "
            "representative who left nor on a rival's offer nor on complaints.",
    limits="Only those who left are asked, so it compares them with nobody. Never take it for the causes of "
           "leaving.",
    lessons=("15",),
    rules=(
        Rule("two months after leaving", ("customer_id", "date"), _before_leaving, "Correct the date.",
             needs=("customers_truth",)),
    ),
)  # fmt: skip

SNAPSHOTS = Table(
    name="churn_snapshots",
    grain="business on a month's last day, as it was known then",
    key=("customer_id", "as_of"),
    columns=(
        Column("customer_id", "text", "The business.", refers_to="customers.customer_id"),
        day("as_of", "The day on which one looks: a month's last."),
        Column("days_since_last", "integer", "Since the last order.", unit="days", low=0),
        Column("freq_12m", "integer", "Orders of the last twelve months.", unit="orders", low=0),
        Column("spend_12m", "money", "What they amounted to.", unit="RMB", low=0),
        Column("t_mean", "number", "Mean gap between orders; the median of the channel role after a single "
               "order.", unit="days", low=0, decimals=1),
        Column("complaints_90d", "integer", "Complaints of the last 90 days.", unit="complaints", low=0),
        Column("late_share_12m", "number", "Late among the orders promised for the last twelve months; that "
               "of all businesses where there was none.", unit="share", low=0, high=1, decimals=3),
        Column("csat_last", "integer", "Satisfaction in the last survey answered; missing without one.",
               unit="1 very dissatisfied to 5 very satisfied", low=1, high=5, nullable=True),
        Column("rep_left_6m", "flag", "The representative at joining left in this month or the five before."),
        Column("offer_active", "flag", "A rival's offer ran in this month."),
        Column("tenure_years", "number", "Since joining.", unit="years", low=0),
        Column("source_method", "text", "How the customer was found.", allowed=SOURCES),
        Column("label_6m", "flag", "Counts as lost six months later: silent for more than 3 own gaps, and "
               "more than 90 days."),
    ),
    made="`casebook.churn.make_snapshots` on the public tables: businesses that had joined three months "
         "before and were not silent on the day; the months' ends from the end of the first year to six "
         "months before the last day.",
    planted="The label is half right: some .55 of those labelled have truly left by then, and it finds some "
            ".60 of those who have.",
    limits="One business appears many times and the labels of neighbouring days overlap: train up to "
           "2023-12-31, test on 2024-06-30, and draw businesses, not rows. The label is a rule about "
           "silence.",
    lessons=("15",),
    rules=(
        Rule("joined three months before", ("customer_id", "as_of"), _before_joining, "Take the row out.",
             needs=("customers",)),
        Rule("not silent on the day", ("days_since_last", "t_mean"),
             lambda t, _: t["days_since_last"] > (3 * t["t_mean"] + 0.15).clip(lower=90), "Take the row "
                                                                                          "out."),
    ),
)  # fmt: skip

RETENTION_TEST = Table(
    name="retention_test",
    grain="subscriber of the automatic cartridge delivery",
    key=("unit_id",),
    columns=(
        Column("unit_id", "text", "Number of the subscriber; no customer of the other tables."),
        Column("silence", "number", "How long since the last contact, as a standard score.", decimals=3),
        Column("csat", "number", "Satisfaction, as a standard score (not the marks of surveys).", decimals=3),
        _zero_or_one("offer", "Has an offer of a rival."),
        _zero_or_one("auto", "A card is on file: the next parcel is charged without any action."),
        _zero_or_one("treated", "Was called; decided by lot."),
        _zero_or_one("churned", "Ended the subscription within the test."),
        Column("value", "money", "What keeping the subscriber is worth.", unit="RMB", low=0),
    ),
    made="2,400 subscribers. A coin decides who is called. Log odds of churn without a call: -1.1 + .6 "
         "silence - .5 csat + 2.1 offer - .6 auto. The call adds -(1.1 + .6 dissatisfaction, clipped to -1 "
         "and 2) where there is neither offer nor card, +.5 where there is only a card, and nothing where "
         "there is an offer.",
    planted="The riskiest are not those whom a call helps: rivals' offers have won them (lost causes). Those "
            "with a card on file wake up when called (sleeping dogs). By decile of risk the seventh and "
            "eighth gain most.",
    limits="The effect is large so that a class-size test shows it; a realistic one needs about 12,000. The "
           "effect on one subscriber is never seen, only differences between groups.",
    lessons=("15",),
)  # fmt: skip

SNAPSHOTS_TRUTH = Table(
    name="snapshots_truth",
    grain="row of churn_snapshots",
    key=("customer_id", "as_of"),
    columns=(
        Column("customer_id", "text", "The business.", refers_to="customers.customer_id"),
        day("as_of", "The day."),
        Column("dropped_already", "flag", "Had left by that day, unseen."),
        Column("dropped_within_6m", "flag", "Left in the six months after it."),
        Column("hazard", "number", "Probability of leaving at that month's end, from what drove it then.",
               unit="share", low=0, high=1, decimals=6),
    ),
    made="From the hidden month of dropout.",
)  # fmt: skip

RETENTION_TRUTH = Table(
    name="retention_truth",
    grain="subscriber",
    key=("unit_id",),
    columns=(
        Column("unit_id", "text", "Number of the subscriber.", refers_to="retention_test.unit_id"),
        Column("p0_true", "number", "Probability of churn without a "
                               "call.", unit="share", low=0, high=1, decimals=6),
        Column("p1_true", "number", "Probability of churn with a call.", unit="share", low=0, high=1,
               decimals=6),
    ),
    made="See retention_test.",
)  # fmt: skip

CHURN_TABLES = (EXIT_INTERVIEWS, SNAPSHOTS, RETENTION_TEST)
CHURN_TRUTH = (SNAPSHOTS_TRUTH, RETENTION_TRUTH)
