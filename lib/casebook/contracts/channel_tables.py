"""Contracts of the channel: rivals and their scores, scans of serial numbers, promotions to dealers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casebook.contracts.model import Column, Rule, Table
from casebook.contracts.words import day

__all__ = ["CHANNEL_TABLES", "CHANNEL_TRUTH", "FACTORS", "RIVAL_TABLES", "SCORE_SOURCES"]

#: What parties are compared on, with its weight; neighbours in pairs of one weight.
FACTORS = {
    "product_quality": 0.12, "price": 0.12, "service_speed": 0.10, "expertise": 0.10,
    "channel_coverage": 0.10, "delivery": 0.10, "brand": 0.08, "after_sale": 0.08,
    "product_range": 0.06, "payment_terms": 0.06, "technology": 0.04, "relations": 0.04,
}  # fmt: skip
SCORE_SOURCES = ("customers", "representatives", "published", "test_purchase")


def _unknown_party(scores: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> pd.Series:
    return (scores["party"] != "us") & ~scores["party"].isin(others["competitors"]["competitor_id"])


def _other_territory(scans: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> pd.Series:
    home = others["customers"].set_index("customer_id")["territory"]
    return scans["sold_territory"] != scans["dealer_id"].map(home)


def _no_distributor(table: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> pd.Series:
    role = others["customers"].set_index("customer_id")["channel_role"]
    return table["dealer_id"].map(role) != "distributor"


COMPETITORS = Table(
    name="competitors",
    grain="rival",
    key=("competitor_id",),
    columns=(
        Column("competitor_id", "text", "Number of the rival."),
        Column("name_zh", "text", "Name in Chinese, from syllable lists."),
        Column("name_en", "text", "Name in Latin letters, from the same syllables."),
    ),
    made="Five, with names from the syllables that name sister companies.",
    limits="Any likeness to a real firm is chance.",
    lessons=("10",),
)  # fmt: skip

COMPETITOR_SCORES = Table(
    name="competitor_scores",
    grain="party's score on a factor",
    key=("party", "factor"),
    columns=(
        Column("party", "text", "'us', or the number of a rival."),
        Column("factor", "text", "What is compared.", allowed=tuple(FACTORS)),
        Column("weight", "number", "Weight of the factor, the same for every party; the twelve sum to 1.",
               unit="share", low=0, high=1),
        Column("score", "integer", "How good the party is at it.", unit="points", low=0, high=100),
        Column("source", "text", "Where the score comes from.", allowed=SCORE_SOURCES),
    ),
    made="Our twelve scores are drawn between 60 and 80. A rival's are ours plus its gap, moved by up to 10 "
         "points either way within pairs of factors of the same weight.",
    planted="The weighted totals of the rivals are ours +10, +2, -2, -8 and -12, in some order: one "
            "stronger, two equal, two catching up (at a margin of 5 points).",
    limits="The totals hold for these weights. Judge the source of a score before the score.",
    lessons=("10",),
    rules=(
        Rule("a known party", ("party",), _unknown_party, "Add it to competitors or correct the cell.",
             needs=("competitors",)),
    ),
)  # fmt: skip

SCANS = Table(
    name="scans",
    grain="scan of a serial number in a shop",
    key=("scan_id",),
    columns=(
        Column("scan_id", "text", "Number of the scan, in the order of days."),
        Column("serial", "text", "Serial number on the packing.", unique=True),
        Column("sku", "text", "Item scanned.", refers_to="products.sku"),
        Column("dealer_id", "text", "Distributor to whom the piece was sold.",
               refers_to="customers.customer_id"),
        Column("sold_territory", "text", "Territory of that distributor."),
        Column("scanned_territory", "text", "Territory in which it was scanned; its letters are the region."),
        day("date", "Day of the scan."),
        Column("retail_price", "money", "Price on the shelf. The list price there is products.list_price x "
               "regions.price_index.", unit="RMB", low=0),
    ),
    made="100 a distributor, between joining and leaving, of household models sold all the time. 3% of the "
         "scans lie in another territory of the same region or a region next to it, at the list price or up "
         "to 5% above, as at home.",
    planted="In each 1,000 customers, three distributors sell 30%, 25% and 20% into territories that have a "
            "distributor, 10 to 14% below the list price there (malicious). Two sell 20% into territories "
            "without one in regions that do not border on theirs, at the list price (benign).",
    limits="A base rate taken from all dealers contains the guilty. A scan elsewhere accuses nobody by "
           "itself. Scans are not linked to orders.",
    lessons=("16",),
    rules=(
        Rule("sold in the territory of the dealer", ("dealer_id", "sold_territory"), _other_territory,
             "Correct sold_territory.", needs=("customers",)),
        Rule("the dealer is a distributor", ("dealer_id",), _no_distributor, "Correct dealer_id.",
             needs=("customers",)),
    ),
)  # fmt: skip

PROMOTIONS = Table(
    name="promotions",
    grain="promotion to a distributor",
    key=("promo_id",),
    columns=(
        Column("promo_id", "text", "Number of the promotion, in the order of months."),
        Column("dealer_id", "text", "Distributor.", refers_to="customers.customer_id"),
        day("month", "First day of the month of the promotion."),
        Column("base", "integer", "What the distributor usually takes in a month.", unit="pieces", low=0),
        Column("during", "integer", "What it took in that month.", unit="pieces", low=0),
        Column("after", "integer", "What it took in the next month.", unit="pieces", low=0),
        Column("cost", "money", "What the promotion cost.", unit="RMB", low=0),
    ),
    made="20 in each 1,000 customers, to distributors who take at least 30 pieces a month. The base is the "
         "distributor's own mean month, with noise of 10%; the cost is 40 to 160 RMB for each piece of it.",
    planted="The month brings .6 more (sd .1); .4 of that is missing in the next month.",
    limits="Made apart from `orders`, which do not show the promotions: do not look for the lift there.",
    lessons=("07", "16"),
    rules=(
        Rule("the dealer is a distributor", ("dealer_id",), _no_distributor, "Correct dealer_id.",
             needs=("customers",)),
    ),
)  # fmt: skip

SCANS_TRUTH = Table(
    name="scans_truth",
    grain="scan",
    key=("scan_id",),
    columns=(
        Column("scan_id", "text", "Number of the scan.", refers_to="scans.scan_id"),
        Column("kind_true", "text", "Why it was made there: home, natural spill, benign or malicious "
               "diversion.", allowed=("home", "natural", "benign", "malicious")),
    ),
    made="See scans.",
)  # fmt: skip

RIVAL_TABLES = (COMPETITORS, COMPETITOR_SCORES)
CHANNEL_TABLES = (SCANS, PROMOTIONS)
CHANNEL_TRUTH = (SCANS_TRUTH,)
