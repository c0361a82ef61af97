"""The companion of lesson 00 comes out at the known counts of Online Retail."""

from __future__ import annotations

import json
from pathlib import Path

BOOK = Path(__file__).resolve().parents[1] / "notebooks"


def test_the_companion_of_lesson_00_comes_out_at_the_known_counts():
    cells = json.loads((BOOK / "real_data" / "00_start_here.ipynb").read_text("utf-8"))["cells"]
    outputs = [o["data"]["text/plain"] for c in cells for o in c.get("outputs", ()) if "data" in o]
    shown = "\n".join("".join(text) for text in outputs)
    for words in (
        "135,080 lines (25%) on 3,710 invoices name nobody",
        "4,372 customer numbers; 8 of them order from two countries",
        "bought in the year: 4,339.",
    ):
        assert words in shown
