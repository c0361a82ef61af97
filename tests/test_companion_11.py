"""The companion of lesson 11 on German credit stores the figures that are known."""

from __future__ import annotations

import re
from pathlib import Path

from casebook.course import lessons as making

STORED = Path(__file__).resolve().parents[1] / "notebooks" / "real_data" / "11_credit_management.ipynb"


def shown():
    """Everything that the companion stores as text."""
    cells = making.read(STORED)["cells"]
    return "\n".join(o["data"]["text/plain"] for c in cells for o in c.get("outputs", ()) if "data" in o)


def test_the_counts_and_the_weight_by_hand_are_the_published_ones():
    text = shown()
    assert "1,000 credits, 300 of them bad" in text
    assert "ln( (348 / 700) / (46 / 300) ) = +1.1763" in text


def test_the_honest_auc_passes_and_the_leak_is_seen():
    ways = "bins inside the folds|bins made before the folds|on its own data"
    found = re.findall(rf"^ *({ways}) +([\d. ]+)$", shown(), re.M)
    rows = {name: [float(number) for number in numbers.split()] for name, numbers in found}
    honest, low, high = rows["bins inside the folds"][:3]
    assert honest >= 0.77
    assert low < honest < high
    assert rows["bins made before the folds"][0] > honest + 0.02
    assert rows["on its own data"][0] > rows["bins made before the folds"][0]


def test_the_personal_columns_buy_nothing_and_are_off_the_card():
    text = shown()
    price = float(re.search(r"they buy ([\d.]+) \(from", text)[1])
    assert abs(price) < 0.01
    reasons = text[text.index("what costs most points") :]
    assert not re.search(r"personal_status|foreign_worker|age [<≥]", reasons)


def test_no_single_credit_is_stored_but_scores_and_reasons():
    assert "credit_risk" not in shown()
