"""The companion of lesson 01 comes out at the figures known of its two data sets."""

from __future__ import annotations

from pathlib import Path

from casebook.course import lessons as making

PAGE = Path(__file__).resolve().parents[1] / "notebooks" / "real_data" / "01_customer_selection.ipynb"


def shown() -> str:
    """Everything that the companion stores as text, without the signs of bold type."""
    cells = making.read(PAGE)["cells"]
    texts = [o["data"]["text/plain"] for c in cells for o in c.get("outputs", ()) if "data" in o]
    return "\n".join("".join(text) for text in texts).replace("**", "")


def test_the_wholesaler_is_the_published_one():
    said = shown()
    assert "440 clients, 14,619,500 monetary units a year on six kinds of goods. Licence CC BY 4.0." in said
    assert "doi:10.24432/C5030X" in said
    rows = [line.split() for line in said.splitlines()]
    assert ["Horeca", "298"] in [row[:2] for row in rows]
    assert ["retail", "142"] in [row[:2] for row in rows]


def test_a_fifth_of_its_clients_brings_far_less_than_four_fifths():
    said = shown()
    assert "A fifth of the clients brings 43%, not four fifths. To reach 80 % takes 252 of them, 57%." in said


def test_the_second_segment_is_a_toss_of_a_coin():
    assert "are a toss of a coin: 49% to 51%" in shown()


def test_the_shop_has_the_known_profit_and_its_losers_do_not_come_back():
    said = shown()
    assert "793 customers over four years." in said
    assert "ends at 286,397 $: 155 lose 71,224 $." in said  # 286,397.02 is the known total
    assert "31% come back." in said
    assert "Without these lines 27 customers of 792 would have lost, not 155" in said


def test_no_client_is_shown_alone():
    """Aggregates and pictures only: no identifier of a customer stands in an output."""
    import re

    assert not re.search(r"\b[A-Z]{2}-\d{5}\b", shown())
