"""The estimators against the truth: a slice of what `casebook.lifetime.evidence` studies, and its tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casebook.lifetime import evidence
from casebook.lifetime.evidence import PLAN, draw, holds, study, sum_up
from casebook.lifetime.fitting import EDGE, climb

TABLES = Path(__file__).with_name("evidence")


@pytest.fixture(scope="module")
def slice_of():
    """Twelve companies of each model (four of Pareto/NBD), without profile intervals."""
    few = {kind: 4 if kind == "Pareto/NBD" else 12 for kind in PLAN}
    return pd.DataFrame(
        [row for kind, n in few.items() for i in range(n) for row in study(draw(kind, i), profile=False)]
    )


def test_every_fit_converges(slice_of):
    assert slice_of["converged"].all()


@pytest.mark.parametrize("kind", list(PLAN))
def test_the_truth_lies_where_the_errors_say(slice_of, kind):
    known = slice_of[(slice_of["model"] == kind) & slice_of["identified"]]
    z = np.log(known["estimate"] / known["true"]) * known["estimate"] / known["standard_error"]
    assert len(known) >= 8
    assert z.abs().max() < 4.5
    assert known["wald"].astype(float).mean() > 0.8


def test_forecasts_are_near_those_of_the_true_parameters(slice_of):
    assert slice_of["forecast"].abs().median() < 0.05
    assert (
        slice_of.loc[~slice_of["identified"], "forecast"].abs().max() < 0.25
    )  # poor parameters forecast too


def test_the_same_number_gives_the_same_company():
    one, again, other = draw("BG/NBD", 7), draw("BG/NBD", 7), draw("BG/NBD", 8)
    assert one == again != other
    first, second = (study(one, profile=False)[0]["estimate"] for _ in range(2))
    assert first == second


def test_a_wrong_likelihood_would_be_seen(monkeypatch):
    """A model that is told half the time must miss: the checks above can fail."""
    simulate = evidence._simulate

    def halved(trial, rng):
        table = simulate(trial, rng)
        return table.assign(recency=table["recency"] / 2, T=table["T"] / 2)

    monkeypatch.setattr(evidence, "_simulate", halved)
    rows = pd.DataFrame([row for i in range(4) for row in study(draw("BG/NBD", i), profile=False)])
    alpha = rows[rows["parameter"] == "alpha"]
    assert not alpha["wald"].any()
    assert sum_up(rows.to_dict("records")).set_index("parameter").loc["alpha", "bias"] == pytest.approx(
        -0.5, abs=0.15
    )


def test_the_shipped_tables_say_what_was_promised():
    table = pd.read_csv(TABLES / "lifetime_recovery.csv")
    assert dict(table.groupby("model")["companies"].first()) == {kind: n for kind, (n, *_) in PLAN.items()}
    assert (table["converged"] == 1).all()
    assert holds(table).all()


def test_the_shipped_companies_are_those_of_today():
    """One company of each model, fitted again, is the one in the table."""
    shipped = pd.read_csv(TABLES / "lifetime_recovery_companies.csv").set_index(
        ["model", "company", "parameter"]
    )
    for kind in PLAN:
        for row in study(draw(kind, 1), profile=False):
            there = shipped.loc[(kind, 1, row["parameter"])]
            assert (there["customers"], there["identified"]) == (row["customers"], row["identified"])
            if row["identified"]:  # along a ridge, where the climb ends is chance
                assert there["estimate"] == pytest.approx(row["estimate"], rel=1e-3, abs=1e-3)


def test_a_top_at_the_edge_is_climbed_along_it():
    """The best y lies beyond the edge, and the best x depends on where y stops."""

    def loglik(p):
        x, y = np.log(p)
        value = -((x - 0.1 * y) ** 2) + 0.01 * y
        by_x, by_y = -2 * (x - 0.1 * y), 0.2 * (x - 0.1 * y) + 0.01
        second = np.array([[-2 - by_x, 0.2], [0.2, -0.02 - by_y]]) / np.outer(p, p)
        return value, np.array([by_x, by_y]) / p, second

    fit = climb(loglik, [[1.0, 1.0]], ["x", "y"])
    assert np.log(fit.parameters) == pytest.approx([0.1 * EDGE, EDGE], abs=1e-6)
    assert "y" in fit.flat
