"""The Superstore file, read without the library, gives the figures of the companion of lesson 08."""

from __future__ import annotations

import csv


def test_the_figures_are_those_of_a_plain_sum(real_data):
    """The same from the file itself, without the library."""
    given = kept = deep = 0.0
    with next((real_data / "superstore").glob("*.csv")).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            sales, discount, profit = (float(row[c]) for c in ("Sales", "Discount", "Profit"))
            given += sales / (1 - discount) - sales
            kept += profit
            deep += profit if discount > 0.20 else 0.0
    assert (round(given), round(kept), round(deep)) == (566_734, 286_397, -135_376)
