"""The companion of lesson 15 comes out at the known figures of the Telco sample."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casebook.course import lessons as making

PATH = Path(__file__).resolve().parents[1] / "notebooks" / "real_data" / "15_churn_prediction.ipynb"


@pytest.fixture(scope="module")
def shown() -> str:
    cells = making.read(PATH)["cells"]
    return "\n".join(o["data"]["text/plain"] for c in cells for o in c.get("outputs", ()) if "data" in o)


def test_counts_and_contracts_are_those_of_the_set(shown):
    assert "7,043 customers, 1,869 of them left (26.5%)" in shown
    kinds = (("Month-to-month", "3,875", "43%"), ("One year", "1,473", "11%"), ("Two year", "1,695", "3%"))
    for name, count, rate in kinds:
        assert re.search(rf"{name} +{count} +{rate} ", shown), name


def test_the_auc_is_at_least_84_with_its_interval_and_the_slope_is_near_one(shown):
    auc, low, high = map(
        float, re.search(r"AUC (0\.\d+) \(95 % interval (0\.\d+) to (0\.\d+)\)", shown).groups()
    )
    assert auc == 0.845
    assert 0.83 < low < 0.84 < auc < high < 0.86
    slope = float(re.search(r"Calibration slope (\d\.\d+)", shown)[1])
    assert 0.9 < slope < 1.1


def test_the_expected_maximum_profit_is_the_published_one(shown):
    assert "Expected maximum profit: 10.309 for each customer, calling 51.8% of them" in shown


def test_it_says_that_nobody_observed_these_customers_and_that_the_label_is_odd(shown):
    prose = "\n".join(c["source"] for c in making.read(PATH)["cells"] if c["cell_type"] == "markdown")
    assert "It is **not real**" in prose
    assert "vendor sample" in shown
    assert "2% of new customers are here after six months, not 88%" in shown
