"""The companion of lesson 06 comes out at the known figures of the bank's file."""

from __future__ import annotations

from pathlib import Path

from casebook.course import lessons as making

PATH = Path(__file__).resolve().parents[1] / "notebooks" / "real_data" / "06_qualifying_prospects.ipynb"


def outputs() -> str:
    cells = making.read(PATH)["cells"]
    return "\n".join(o["data"]["text/plain"] for c in cells for o in c.get("outputs", ()) if "data" in o)


def test_the_file_is_bank_full():
    assert "45,211 clients, one row each; 5,289 took the deposit (11.7%)" in outputs()


def test_the_leak_is_worth_fourteen_points_of_auc():
    shown = outputs()
    assert "without duration 0.765 0.758 0.774" in shown
    assert "with duration 0.907 0.903 0.910" in shown


def test_on_later_calls_the_score_is_worse_than_on_shuffled_ones_and_promises_too_little():
    shown = outputs()
    assert "AUC 0.70 (0.69 to 0.72) instead of 0.76" in shown
    assert "12% promised, 19% came" in shown


def test_who_bought_before_buys_again():
    assert "1,511 clients of the second half had bought in an earlier campaign; 65% bought again" in outputs()
