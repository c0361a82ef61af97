"""The companion of lesson 08 comes out at figures that were worked out another way."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook.course import lessons as making

BOOK = Path(__file__).resolve().parents[1] / "notebooks" / "real_data" / "08_composition.ipynb"


def shown() -> str:
    cells = making.read(BOOK)["cells"]
    return "\n".join(o["data"]["text/plain"] for c in cells for o in c.get("outputs", ()) if "data" in o)


@pytest.mark.parametrize(
    "words",
    [
        "9,994 lines of 5,009 orders, 2016 to 2019",
        "3 of 17 groups lose money: Bookcases, Supplies, Tables.",
        "The firm gave 566,734 USD away and kept 286,397",
        "1,393 lines, 14% of all, were sold at more than 20 % off.",
        "97% of them lost money, 135,376 USD in all.",
        "In 21 states nobody ever got a discount",
        "sold at up to 20 % off they earned 20,598 USD",
    ],
)
def test_the_companion_says_the_known_figures(words):
    assert words in shown()


def test_the_table_of_losers_has_the_known_amounts():
    rows = [line.split() for line in shown().splitlines()]
    found = {
        row[0]: row[3]
        for row in rows
        if row and row[0] in ("Tables", "Bookcases", "Supplies") and len(row) == 7
    }
    assert found == {"Tables": "-17,725", "Bookcases": "-3,473", "Supplies": "-1,189"}


def test_the_figures_are_those_of_a_plain_sum(real_data):
    """The same from the file itself, without the library."""
    import csv

    given = kept = deep = 0.0
    with next((real_data / "superstore").glob("*.csv")).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            sales, discount, profit = (float(row[c]) for c in ("Sales", "Discount", "Profit"))
            given += sales / (1 - discount) - sales
            kept += profit
            deep += profit if discount > 0.20 else 0.0
    assert (round(given), round(kept), round(deep)) == (566_734, 286_397, -135_376)
