"""Our survival curves equal those of lifelines, our expected maximum profit that of empulse."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import casebook
from casebook import churn, survival
from casebook.company import truth

PEERS = Path(__file__).parent / "peers"
LIFELINES, EMPULSE = (
    json.loads((PEERS / peer / "results.json").read_text()) for peer in ("lifelines", "empulse")
)
VISIT = {"clv": 49_000, "d": 2_000, "f": 500}


@pytest.fixture(scope="module")
def businesses() -> pd.DataFrame:
    """The businesses as tests/peers/lifelines/run.py makes them, from the tables as they are loaded."""
    customers = casebook.load("customers").query("nature != 'individual'")
    both = customers.merge(truth("customers_truth"), on="customer_id")
    left = both["dropout_month"].notna()
    end = (both["dropout_month"] + pd.offsets.MonthEnd(0)).fillna(pd.Timestamp("2024-12-31"))
    entry = (pd.Timestamp("2022-01-01") - both["join_date"]).dt.days.clip(lower=0)
    days = (end - both["join_date"]).dt.days
    table = pd.DataFrame({"days": days, "left": left, "entry": entry, "role": both["channel_role"]})
    return table[table["days"] > table["entry"]]


def same_curve(curve: pd.DataFrame, theirs: dict) -> None:
    assert survival.survival_at(curve, theirs["times"]).tolist() == pytest.approx(
        theirs["survival"], abs=1e-12
    )
    last = curve[curve["time"] <= theirs["times"][-1]].iloc[-1]
    assert [last["low"], last["high"]] == pytest.approx([theirs["low"], theirs["high"]], abs=1e-12)


def test_kaplan_meier_of_four_customers_is_that_of_lifelines():
    four = ([2, 3, 4, 5], [1, 0, 1, 0])
    same_curve(survival.kaplan_meier(*four), LIFELINES["four"])
    same_curve(survival.kaplan_meier(*four, [0, 0, 3, 3]), LIFELINES["four with entry"])


def test_kaplan_meier_of_the_company_is_that_of_lifelines_with_and_without_entry(businesses):
    theirs = LIFELINES["businesses"]
    assert (len(businesses), businesses["left"].sum()) == (theirs["customers"], theirs["left"])
    days, left = businesses["days"], businesses["left"]
    same_curve(survival.kaplan_meier(days, left, businesses["entry"]), theirs["with entry"])
    same_curve(survival.kaplan_meier(days, left), theirs["without"])


def test_the_log_rank_test_of_channel_roles_is_that_of_lifelines(businesses):
    ours = survival.log_rank(businesses["days"], businesses["left"], businesses["role"])
    theirs = LIFELINES["businesses"]["log-rank of channel roles"]
    assert ours.df == 2
    assert [ours.statistic, ours.p] == pytest.approx([theirs["statistic"], theirs["p"]], rel=1e-9)


@pytest.mark.parametrize(
    ("name", "y", "score", "money"),
    [
        ("eight", [0, 1] * 4, [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9], {}),
        ("ten", [1, 1, 0, 1, 0, 1, 0, 0, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1], {}),
        (
            "ten, dearer",
            [1, 1, 0, 1, 0, 1, 0, 0, 0, 0],
            [0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1],
            {"clv": 100, "d": 30, "f": 5},
        ),
    ],
)
def test_the_expected_maximum_profit_is_that_of_empulse(name, y, score, money):
    check_profit(EMPULSE[name], y, score, money)


def test_the_expected_maximum_profit_of_the_test_day_is_that_of_empulse():
    snapshots = casebook.load("churn_snapshots")
    day = snapshots[snapshots["as_of"] == pd.Timestamp("2024-06-30")]
    theirs = EMPULSE["test day"]
    assert (len(day), day["label_6m"].sum()) == (theirs["customers"], theirs["lost"])
    check_profit(theirs, day["label_6m"], day["days_since_last"] / day["t_mean"], VISIT)


def check_profit(theirs, y, score, money):
    ours = churn.expected_maximum_profit(y, score, **money)
    assert [ours.emp, ours.fraction] == pytest.approx([theirs["emp"], theirs["fraction"]], rel=1e-9)
    most = churn.profit_by_depth(y, score, save=0.3, **money)["profit_each"].max()
    assert most == pytest.approx(theirs["mp"], rel=1e-9)
