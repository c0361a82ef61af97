"""Lesson 00 on one page: who is a customer, and that one customer may have many records."""

from __future__ import annotations

import pandas as pd

from casebook.parties import party_status, resolve_entities
from casebook.text import fill

__all__ = ["page"]

_TEXT = """
**Who is a customer?** A *customer* (客户) is on file and has bought at least once. A *prospect*
(潜在客户) is on file and has not. Whoever is not on file is *anonymous*: a shopper (顾客) at the counter.
A wholesaler with three orders is a {wholesaler}, a hotel on file without an order a {hotel}, a walk-in
{walk_in}. <kbd>our convention</kbd>, from the <kbd>source course</kbd>: a customer need not be the one
who uses the product, nor be outside the firm, and is always on file.

**Five axes.** By nature: individual, commercial (buys to resell or produce), organisational (a school, a
hospital). By system: internal, external. By role in the channel: intermediate, final. By state: actual,
potential. By quality: best, worst, which is what this course is about.

**One customer, many records.** Before you count or add up, join the records of one customer: by tax
number, by telephone, and by chains of both.

| record | tax number | telephone | customer |
|:--|:--|:--|:--|
{rows}

r1 and r3 share nothing; r2 holds them together. {records} records, {customers} customers. A blank is no
number, and names that look alike are no match: they make a list for the telephone. In this lesson one row
of `customers` is one customer: somebody has done it for you.
"""


def page() -> str:
    """Write the page, its numbers worked out by the library.

    >>> "4 records, 2 customers" in " ".join(page().split())
    True
    """
    parties = pd.DataFrame({"party_id": ["wholesaler", "hotel", "walk-in"], "on_file": [True, True, False]})
    status = party_status(parties, pd.DataFrame({"customer_id": ["wholesaler"] * 3}))["status"]
    four = pd.DataFrame(
        {
            "record_id": ["r1", "r2", "r3", "r4"],
            "tax_id": ["9", "9", None, "7"],
            "phone": ["1", "2", "2", "5"],
        }
    )
    found = resolve_entities(four, keys=["tax_id", "phone"])
    rows = found[["record_id", "tax_id", "phone", "entity_id"]].fillna("–")
    return fill(
        _TEXT.strip().replace("{rows}", "\n".join("| " + " | ".join(row) + " |" for row in rows.to_numpy())),
        wholesaler=status[0], hotel=status[1], walk_in=status[2],
        records=len(found), customers=found["entity_id"].nunique(),
    )  # fmt: skip
