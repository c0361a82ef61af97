"""Credit on German credit: two peers and published figures (collected only where the real data is)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import casebook
from casebook import evaluation as ev
from casebook import scorecard as sc
from casebook.references.credit import VALUES_REAL, german_folds

PEERS = Path(__file__).parent / "peers"
BREAKS = {"status": [["A11", "A12"], ["A13"], ["A14"]], "duration": [8, 16, 34, 44]}
ORDER = {"scorecardpy": {"status": [0, 1, 2]}, "optbinning": {"status": [2, 1, 0]}}


@pytest.fixture(scope="module")
def german():
    return casebook.fetch("german_credit")


@pytest.mark.parametrize("published", VALUES_REAL, ids=lambda p: p.what)
def test_a_published_figure_is_reproduced(published):
    assert published.agrees(), f"{published.what}: {published.ours()}, printed {published.printed}"


def test_the_plain_regression_is_where_others_find_it(german):
    """Elsewhere AUC .7817, Gini .5635, KS .4381 by this recipe; its coding of the levels is not stated.

    We find .7855, .5709 and .4486; other codings range from .777 to .792, so the third decimal is theirs.
    """
    bad = (german["credit_risk"] == 2).astype(int)
    assert ev.auc(bad, german_folds()) == pytest.approx(0.7817, abs=0.01)
    assert ev.ks(bad, german_folds()) == pytest.approx(0.4381, abs=0.02)


@pytest.mark.parametrize("peer", ORDER)
@pytest.mark.parametrize("name", BREAKS)
def test_weights_equal_those_of_a_peer(peer, name, german):
    bad = (german["credit_risk"] == 2).astype(int)
    sign = "bad" if peer == "scorecardpy" else "good"
    ours = sc.woe_table(german[name], bad, breaks=BREAKS[name], sign=sign)
    ours = ours.iloc[ORDER[peer].get(name, list(range(len(ours))))]
    theirs = pd.DataFrame(
        json.loads((PEERS / peer / "results.json").read_text("utf-8"))["german"]["bins"][name]
    )
    assert ours[["good", "bad"]].to_numpy().tolist() == theirs[["good", "bad"]].to_numpy().tolist()
    np.testing.assert_allclose(ours["woe"], theirs["woe"], atol=1e-10)
    np.testing.assert_allclose(ours["iv"], theirs["bin_iv"], atol=1e-10)


def test_twenty_variables_are_weighed_within_a_second(german):
    """The peers take tens of seconds; counting is enough."""
    import time

    bad = (german["credit_risk"] == 2).astype(int)
    began = time.perf_counter()
    sc.WeightsOfEvidence(smoothing=0.5).fit(german.drop(columns="credit_risk"), bad)
    assert time.perf_counter() - began < 5
