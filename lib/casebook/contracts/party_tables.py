"""Contracts of the tables that say who and where: regions, freight, sales_reps, customers."""

from __future__ import annotations

from casebook.contracts.model import Column, Rule, Table
from casebook.contracts.words import (
    ALL_LESSONS,
    INDUSTRIES,
    NATURES,
    REGIONS,
    ROLES,
    SOURCES,
    day,
)  # fmt: skip

__all__ = ["PARTY_TABLES"]


def _weight(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, unit="share", low=0, high=1, decimals=3)


REGIONS_TABLE = Table(
    name="regions",
    grain="sales region",
    key=("region_id",),
    columns=(
        Column("region_id", "text", "Short code of the region.", allowed=REGIONS),
        Column("name_zh", "text", "Name in Chinese."),
        Column("name_en", "text", "Name in English."),
        Column("price_index", "number", "List price in this region, as a share of the list price in East.",
               unit="share", low=0.5, high=1.5),
        Column("neighbours", "text", "Codes of the regions next to it, separated by semicolons."),
    ),
    made="Fixed by hand; the same in every company.",
    planted="Prices differ by region by up to 8%, which makes some shipments across regions pay (see "
            "freight).",
    limits="Six stylised regions; not a map of China.",
    lessons=("08", "16"),
)  # fmt: skip

FREIGHT = Table(
    name="freight",
    grain="route from one region to another",
    key=("from_region", "to_region"),
    columns=(
        Column("from_region", "text", "Where the goods start.", refers_to="regions.region_id"),
        Column("to_region", "text", "Where the goods go.", refers_to="regions.region_id"),
        Column("hops", "integer", "Borders to cross on the shortest way.", unit="borders", low=1, high=3),
        Column("rate_of_list", "number", "Freight as a share of the list price in East.", unit="share",
               low=0, high=1, decimals=3),
    ),
    made="Hops are counted on the neighbours of `regions`; the rate is .045, .075 or .100 for 1, 2 or 3 "
         "hops.",
    planted="Buying in one region and selling in another pays on exactly two routes, West to East and "
            "Central to East, by half a per cent of the list price each.",
    limits="Rates are stylised; real freight depends on weight and volume.",
    lessons=("16",),
    rules=(
        Rule("the two ends differ", ("from_region", "to_region"),
             lambda t, _: t["from_region"] == t["to_region"], "Take the row out."),
    ),
)  # fmt: skip

SALES_REPS = Table(
    name="sales_reps",
    grain="sales representative",
    key=("rep_id",),
    columns=(
        Column("rep_id", "text", "Number of the representative."),
        Column("region_id", "text", "Region served.", refers_to="regions.region_id"),
        day("hired", "First day at the company."),
        day("left", "Last day at the company; missing for those who are still there.", nullable=True),
        Column("successor_id", "text", "Who took over the customers; missing for those who are still there.",
               nullable=True, refers_to="sales_reps.rep_id"),
    ),
    made="Three a region, hired three to ten years before the data starts. Four, each in another region, "
         "leave (in three years of data: at the end of 2022-09, 2023-03, 2023-09 and 2024-02); a colleague "
         "of the same region takes over.",
    planted="In the six months after a representative leaves, the customers are likelier to leave too.",
    limits="No names: a representative is a number, and nobody real.",
    lessons=("15",),
    rules=(
        Rule("left after hired", ("hired", "left"), lambda t, _: t["left"] <= t["hired"], "Correct the "
        "dates."),
        Rule("a successor for each who left, and only then", ("left", "successor_id"),
             lambda t, _: t["left"].isna() != t["successor_id"].isna(), "Fill or empty successor_id."),
    ),
)  # fmt: skip

CUSTOMERS = Table(
    name="customers",
    grain="customer",
    key=("customer_id",),
    columns=(
        Column("customer_id", "text", "Number of the customer, in the order of joining."),
        Column("name_zh", "text", "Name in Chinese, from syllable lists."),
        Column("name_en", "text", "Name in Latin letters, from the same syllables."),
        Column("nature", "text", "Commercial buys to resell, organisational for its own use, "
               "individual for the home.", allowed=NATURES),
        Column("channel_role", "text", "Place in the channel.", allowed=ROLES),
        Column("industry", "text", "Line of business; 'household' for homes.",
               allowed=tuple(name for names in INDUSTRIES.values() for name in names)),
        Column("region_id", "text", "Region where the customer sits.", refers_to="regions.region_id"),
        Column("rep_id", "text", "Representative at joining (who serves now: follow successor_id); missing "
               "for households.", nullable=True, refers_to="sales_reps.rep_id"),
        day("join_date", "Day of the first contract or purchase."),
        Column("prior_orders", "integer", "Orders before the data starts.", unit="orders", low=0),
        Column("source_method", "text", "How the customer was found: one of the nine ways.", allowed=SOURCES),
        Column("acquisition_cost", "money", "What it cost to win the customer.", unit="RMB", low=0),
        Column("annual_category_spend", "money", "What the customer spends a year on such goods, with all "
               "suppliers, as the sales office estimates it.", unit="RMB a year", low=0),
        Column("tax_id", "text", "Tax number, 18 digits; fictional; missing for households.", nullable=True,
               unique=True),
        Column("phone", "text", "Telephone; the prefix 000 cannot be dialled.", unique=True),
        _weight("vt_price", "Weight of price in the choice of supplier."),
        _weight("vt_advice", "Weight of advice and service."),
        _weight("vt_integration", "Weight of working closely together."),
        Column("strategic_flag", "flag", "Marked as strategic by the board."),
        Column("territory", "text", "Sales territory; missing for households.", nullable=True),
    ),
    made="In each 1,000: 60 distributors, 260 retailers, 200 organisations, 480 households, dealt evenly to "
         "the six regions. Businesses joined on any day of the three years before the data starts up to six "
         "months before the last day; households from the first day of the data. The spend is the customer's "
         "own yearly sales (over the time from its first to its last order in the data, at least one year) "
         "divided by a hidden share of wallet; customers without an order in the data get the median of "
         "their kind. The acquisition cost is lognormal around a mean that depends on the way of finding.",
    planted="Customers found by referral stay longer, those found by advertising or universal search leave "
            "sooner, those found at fairs buy 1.2 times as much. 72 territories, one distributor each, so "
            "two in each region have none. A handful of customers have orders only before the data starts.",
    limits="In a good year our sales to a customer may exceed its average yearly spend. Names are made of "
           "syllables; any likeness to a real firm or person is chance.",
    lessons=ALL_LESSONS,
    rules=(
        Rule("the three weights sum to 1", ("vt_price", "vt_advice", "vt_integration"),
             lambda t, _: (t["vt_price"] + t["vt_advice"] + t["vt_integration"] - 1).abs() > 1e-6,
             "Scale the weights."),
        Rule("households, and only they, have no representative", ("industry", "rep_id"),
             lambda t, _: (t["industry"] == "household") != t["rep_id"].isna(), "Fill or empty rep_id."),
        Rule("households, and only they, have no territory", ("industry", "territory"),
             lambda t, _: (t["industry"] == "household") != t["territory"].isna(), "Fill or empty "
             "territory."),
    ),
)  # fmt: skip

PARTY_TABLES = (REGIONS_TABLE, FREIGHT, SALES_REPS, CUSTOMERS)  #: in the order of generation
