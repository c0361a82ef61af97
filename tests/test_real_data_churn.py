"""The Telco sample: known figures of a logistic benchmark (collected only where the data is)."""

from __future__ import annotations

import pytest

from casebook import evaluation
from casebook.references.churn import VALUES_REAL, telco_predictions


@pytest.mark.parametrize("published", VALUES_REAL, ids=lambda p: p.what)
def test_a_figure_of_the_telco_benchmark_is_reproduced(published):
    assert published.agrees(), f"printed {published.printed}, ours {published.ours()}"


def test_the_telco_predictions_are_of_all_customers_and_true_probabilities():
    y, p = telco_predictions()
    assert (len(y), y.sum()) == (7_043, 1_869)
    intercept, slope = evaluation.calibration_line(y, p)
    assert abs(intercept) < 0.05
    assert 0.95 < slope < 1.05
