"""The companion of lesson 04 comes out at the figures that were published, or worked out another way."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook.course import lessons as making

BOOK = Path(__file__).resolve().parents[1] / "notebooks" / "real_data" / "04_lifetime_value.ipynb"


def shown() -> str:
    cells = making.read(BOOK)["cells"]
    return "\n".join(o["data"]["text/plain"] for c in cells for o in c.get("outputs", ()) if "data" in o)


@pytest.mark.parametrize(
    "words",
    [
        "6,919 purchases of 2,357 customers, 1997-01-01 to 1998-06-30.",
        "the log-likelihood is -9,582.4, as printed",
        "60% of the customers never bought again",
        "1,882 repeat purchases came, 1,667 were expected (-11%)",
        "0 before (1,411 customers): 0.24 came, 0.23 expected.",
        "*p* = 6.25, *q* = 3.74, *γ* = 15.44",
    ],
)
def test_the_companion_says_the_known_figures(words):
    assert words in shown()


def test_the_four_parameters_are_those_in_print():
    """Fader, Hardie and Lee 2005: r .243, alpha 4.414, a .793, b 2.426."""
    rows = [line.split() for line in shown().splitlines()]
    found = {row[0]: (row[1], row[2]) for row in rows if len(row) == 5 and row[0] in ("r", "alpha", "a", "b")}
    assert found == {
        name: (value, value)
        for name, value in {"r": "0.243", "alpha": "4.414", "a": "0.793", "b": "2.426"}.items()
    }
