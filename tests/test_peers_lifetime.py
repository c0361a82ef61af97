"""Our models of lifetime beside lifetimes and pymc-marketing on the same log; each in its own environment.

`python bootstrap.py peers` runs them again; what they found stands in `tests/peers/*/results.json`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casebook.lifetime import BetaGeoNBD, GammaGamma, ParetoNBD, clv, rfm_summary

PEERS = Path(__file__).with_name("peers")
KINDS = {"bgnbd": BetaGeoNBD, "pareto": ParetoNBD}


def results(peer):
    return json.loads((PEERS / peer / "results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["lifetimes", "pymc_marketing"])
def peer(request):
    return results(request.param)


@pytest.fixture(scope="module")
def table():
    log = pd.read_csv(PEERS / "lifetime_log.csv", parse_dates=["date"])
    return rfm_summary(log, "customer", "date", "amount", end="2024-12-31").set_index("customer")


@pytest.fixture(scope="module")
def fitted(table):
    return {name: kind().fit(table) for name, kind in {**KINDS, "spend": GammaGamma}.items()}


def test_versions_are_those_that_are_pinned(peer):
    pins = {}
    for path in PEERS.glob("*/requirements.txt"):
        pins[path.parent.name] = dict(line.split("==") for line in path.read_text().split())
    mine = pins["lifetimes" if "lifetimes" in peer["versions"] else "pymc_marketing"]
    assert {name: mine[name] for name in peer["versions"]} == peer["versions"]


def test_the_summary_is_the_same(table, peer):
    for name, values in peer["summary"].items():
        np.testing.assert_allclose(table.loc[peer["customers"], name], values, rtol=1e-12, atol=1e-12)
        assert table[name].sum() == pytest.approx(peer["totals"][name], rel=1e-12)


@pytest.mark.parametrize("name", ["bgnbd", "pareto", "spend"])
def test_the_parameters_are_the_same(fitted, peer, name):
    ours = fitted[name]
    for parameter, value in peer[name]["parameters"].items():
        assert getattr(ours, f"{parameter}_") == pytest.approx(value, rel=1e-4), parameter


@pytest.mark.parametrize("name", ["bgnbd", "pareto", "spend"])
def test_our_likelihood_is_that_of_lifetimes_and_no_lower(fitted, name):
    theirs = results("lifetimes")[name]["loglik"]  # pymc-marketing does not give it
    assert fitted[name].loglik_ == pytest.approx(theirs, abs=1e-3)
    assert fitted[name].loglik_ >= theirs - 1e-7


@pytest.mark.parametrize("name", ["bgnbd", "pareto"])
def test_the_predictions_are_the_same(table, fitted, peer, name):
    some = table.loc[peer["customers"]]
    np.testing.assert_allclose(fitted[name].p_alive(some), peer[name]["p_alive"], rtol=1e-4)
    ahead = fitted[name].expected_purchases(26, some)
    np.testing.assert_allclose(ahead, peer[name]["expected_purchases_26"], rtol=1e-4)
    new = peer[name].get("expected_purchases_of_a_new_customer_26")
    if new is not None:
        assert fitted[name].expected_purchases(26) == pytest.approx(new, rel=1e-4)


def test_the_value_of_an_order_is_the_same(table, fitted, peer):
    who = peer["spend"].get("customers", peer["customers"])
    expected = fitted["spend"].expected_spend(table.loc[who])
    np.testing.assert_allclose(expected, peer["spend"]["expected_spend"], rtol=1e-4)


def test_lifetime_value_is_that_of_lifetimes(table, fitted):
    """Twelve periods of 4.345 weeks, one per cent each."""
    theirs = results("lifetimes")
    some = table.loc[theirs["customers"]]
    models = {"transactions": fitted["bgnbd"], "spend": fitted["spend"]}
    yearly = 1.01 ** (365.25 / (7 * 4.345)) - 1
    ours = clv(some, **models, horizon=12 * 4.345, step=4.345, discount=yearly, margin=1.0)["clv"]
    np.testing.assert_allclose(ours, theirs["clv_12_periods_of_4.345_weeks"], rtol=1e-4)


def test_the_usual_priors_of_pymc_marketing_move_the_maximum(fitted):
    """By default its MAP is no maximum likelihood: with flat priors it is ours, with its own it is not."""
    usual = results("pymc_marketing")["bgnbd"]["with_its_own_priors"]
    assert abs(usual["b"] / fitted["bgnbd"].b_ - 1) > 0.03
