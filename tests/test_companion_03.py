"""The companion of lesson 03 comes out at the known figures of the online retailer."""

from __future__ import annotations

from pathlib import Path

from casebook.course import lessons as making

PATH = Path(__file__).resolve().parents[1] / "notebooks" / "real_data" / "03_customer_identification.ipynb"


def _said() -> dict[str, str]:
    cells = making.read(PATH)["cells"]
    return {
        c["id"]: "\n".join(o["data"]["text/plain"] for o in c.get("outputs", ()) if "data" in o)
        for c in cells
    }


def test_the_halves_have_the_known_customers_and_money():
    lines = [line.split() for line in _said()["cards"].splitlines()]
    assert ["1", "2,767", "7,809", "3,120,488"] in lines
    assert ["2", "3,499", "10,679", "4,837,071"] in lines
    assert "1,429 of 4,331 customers, 33%, bought on one day" in _said()["cards"]


def test_the_matrix_has_the_known_counts_and_chance_explains_the_lost():
    said = _said()["matrix"]
    for move in ("From A to A: 555", "From B to B: 289", "From C to C: 243", "From C to lost: 427"):
        assert move in said
    assert "30.5% of the first half's customers did not come back" in said


def test_the_two_lists_say_the_opposite():
    rows = {line.split("  ")[0].strip(): line for line in _said()["two-lists"].splitlines()}
    said = _said()["two-lists"]
    assert "8% climb and 49% fall or are lost" in said
    assert "32% climb and 13% fall or are lost" in said
    assert any("1,749" in row for row in rows.values())


def test_the_articles_at_a_loss_depend_on_what_is_assumed():
    assert "From 78 to 1,264 of 3,651 articles lose money" in _said()["flow"]


def test_no_customer_of_the_file_is_shown_by_number():
    import re

    assert not re.search(r"\b1[2-8]\d{3}\b(?!,)", "\n".join(_said().values()))
