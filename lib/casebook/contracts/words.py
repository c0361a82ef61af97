"""The vocabularies that several tables share: days, roles, sources, families."""

from __future__ import annotations

from casebook.contracts.model import Column

__all__ = [
    "ALL_LESSONS",
    "CRITERIA",
    "FAMILIES",
    "INDUSTRIES",
    "LAST_DAY",
    "NATURES",
    "REGIONS",
    "ROLES",
    "SCOPES",
    "SOURCES",
    "STATUSES",
    "TERMS",
    "day",
]

LAST_DAY = "2024-12-31"  #: the company's last day: nothing that happened is dated later
REGIONS = ("E", "N", "S", "NE", "C", "W")  #: East, North, South, Northeast, Central, West
NATURES = ("individual", "commercial", "organisational")
ROLES = ("distributor", "retailer", "end_user")  #: place in the channel
FAMILIES = ("household", "commercial", "cartridge", "accessory")
TERMS = ("n/30", "2/10 n/30", "n/60", "cash")  #: net days; 2% off within 10 days; paid at once
STATUSES = ("delivered", "open")
SCOPES = ("quality", "contract", "transport", "service")
#: the nine ways of finding customers, in the order of the course
SOURCES = (
    "universal", "advertising", "referral", "documents", "assistants", "own_records", "fairs", "consultants",
    "events",
)  # fmt: skip
INDUSTRIES = {
    "distributor": ("water_equipment", "building_materials", "appliances"),
    "retailer": ("appliance_store", "home_improvement", "supermarket", "online_shop"),
    "organisation": ("hotel", "school", "hospital", "office", "restaurant"),
    "household": ("household",),
}  #: by kind of customer
#: the eleven points in choosing a dealer, in the order of the course
CRITERIA = (
    "market_range", "reputation", "history", "cooperation", "products", "finance", "location",
    "distribution", "service", "price", "social_relations",
)  # fmt: skip
ALL_LESSONS = tuple(f"{number:02d}" for number in range(19))


def day(name: str, meaning: str, *, planned: bool = False, nullable: bool = False) -> Column:
    """A date column; what happened lies on or before the last day, what is planned may lie after it."""
    return Column(name, "date", meaning, high=None if planned else LAST_DAY, nullable=nullable)
