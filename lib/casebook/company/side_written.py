"""Side-case tables written by hand: figures of the source course, and two stylised stories."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.contracts.side_tables import GATE_CLASSES

__all__ = ["written_tables"]

#: bank, tier, as of, threshold, fee a month, unit
FEES = (
    ("Citibank", "ordinary", "before 2007", 5_000, 6, "as stated"),
    ("Citibank", "ordinary", "2007", 80_000, 50, "RMB"),
    ("HSBC", "ordinary", "2007", 100_000, 150, "RMB"),
    ("HSBC", "premier", "2007", 500_000, 300, "RMB"),
    ("ICBC", "ordinary", "before 2007", 100, np.nan, "RMB"),
)
#: two of each class, in the order of the classes, with their fortune in million GBP
APPLICANTS = (
    ("Prince Aurelian of Vell", 45), ("Princess Odile of Marrow", 60), ("The Duke of Harrowmere", 38),
    ("The Countess of Elsing", 24), ("Baron Thorley", 6), ("Lady Winnow", 4.5),
    ("Mr Peregrine Oakhanger", 2.2), ("Miss Cordelia Strake", 3.1), ("Mr Silas Brandling, shipping", 52),
    ("Mrs Hester Cole, cotton", 33), ("A gentleman who left no card", 210), ("Mr X of no known address", 95),
)  # fmt: skip
#: segment, travellers a year, share that goes alone, usual price of the trip in JPY
TRAVELLERS = (
    ("company tours", 900_000, 0.02, 250_000),
    ("package sightseeing", 850_000, 0.02, 320_000),
    ("honeymoons", 400_000, 0.05, 480_000),
    ("farm and trade associations", 450_000, 0.01, 300_000),
    ("pensioners", 250_000, 0.05, 350_000),
    ("business travellers", 350_000, 0.40, 550_000),
    ("students", 150_000, 0.70, 160_000),
    ("visits to family", 150_000, 0.22, 220_000),
)
#: brand, level of price, level of service, industry
BRANDS = (
    ("Lincoln", 3, 3, "cars"), ("Chevrolet", 2, 2, "cars"), ("Zebra", 1, 1, "cars"),
    ("Rolls-Royce", 3, 3, "cars"),
    ("Singapore Airlines", 3, 3, "airlines"), ("Lufthansa", 3, 3, "airlines"),
    ("Southwest Airlines", 1, 2, "airlines"), ("WestJet", 1, 2, "airlines"),
    ("large travel agencies", 3, 3, "travel"), ("HIS", 1, 1, "travel"),
    ("hi-fi maker", 3, 2, "audio"), ("five-star hotel", 3, 3, "hotels"),
)  # fmt: skip


def written_tables() -> dict[str, pd.DataFrame]:
    """The four tables that are the same in every company.

    Returns
    -------
    dict of str to DataFrame
        fee_schedule, rr_applicants, travel_market, positioning.

    Examples
    --------
    >>> market = written_tables()["travel_market"]
    >>> int(market["travellers"].sum())
    3500000
    """
    people = pd.DataFrame(APPLICANTS, columns=["name", "wealth"])
    people.insert(1, "class", np.repeat(GATE_CLASSES, 2))
    return {
        "fee_schedule": pd.DataFrame(FEES, columns=["bank", "tier", "as_of", "threshold", "fee", "unit"]),
        "rr_applicants": people,
        "travel_market": pd.DataFrame(
            TRAVELLERS, columns=["segment", "travellers", "individual_share", "price"]
        ),
        "positioning": pd.DataFrame(BRANDS, columns=["brand", "price_level", "service_level", "industry"]),
    }
