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
