"""The companion of lesson 12 comes out at figures that were counted apart, from the file itself."""

from __future__ import annotations

from pathlib import Path

from casebook.course import lessons as making

PAGE = Path(__file__).resolve().parents[1] / "notebooks" / "real_data" / "12_terms_and_receivables.ipynb"


def outputs() -> str:
    cells = making.read(PAGE)["cells"]
    shown = [o["data"]["text/plain"] for c in cells for o in c.get("outputs", ()) if "data" in o]
    return "\n".join(" ".join(text.split()) for text in shown)


def test_the_companion_of_lesson_12_comes_out_at_the_known_figures():
    shown = outputs()
    for said in (
        "2,466 invoices of 100 customers",
        "current: 4,284 in 72 invoices, 84%; 1-30: 836 in 12 invoices, 16%",
        "disputed 74 23.3 37.4 14.1 0.5",
        "electronic 91 29.0 22.5 -6.5 0.4",
        "The bill: -6.4 days. The passing of time: 0.00 days a month",
        "36% of all invoices are late",
    ):
        assert said in shown


def test_the_companion_says_that_its_data_are_a_sample_and_draws_no_loss_rate_from_them():
    prose = "\n".join(c["source"] for c in making.read(PAGE)["cells"] if c["cell_type"] == "markdown")
    assert "vendor sample, probably generated" in prose
    assert "zero by construction" in outputs()
