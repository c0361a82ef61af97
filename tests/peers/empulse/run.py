"""Expected maximum profit for churn by empulse: two tables of a few rows, and the sample company's test day.

Run in an environment with requirements.txt; writes results.json beside this file. On the sample company the
score is the silence in own cycles on 30 June 2024, and the outcome the churn label of that day's snapshots.
"""

import csv
import json
from importlib.metadata import version
from pathlib import Path

from empulse.metrics import empc_score, mpc_score

HERE = Path(__file__).parent
SNAPSHOTS = HERE.parents[2] / "datasets" / "churn_snapshots.csv"
EIGHT = ([0, 1, 0, 1, 0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9])
TEN = ([1, 1, 0, 1, 0, 1, 0, 0, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1])
VISIT = {"clv": 49_000, "incentive_cost": 2_000, "contact_cost": 500}


def test_day():
    """Outcome and score of every snapshot of 30 June 2024."""
    with SNAPSHOTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["as_of"] == "2024-06-30"]
    lost = [int(row["label_6m"].lower() == "true") for row in rows]
    return lost, [float(row["days_since_last"]) / float(row["t_mean"]) for row in rows]


def measured(y, score, **money):
    """The expected maximum profit, the profit at a rate of 0.3, and the share to call."""
    return {
        "emp": float(empc_score(y, score, **money)),
        "mp": float(mpc_score(y, score, accept_rate=0.3, **money)),
        "fraction": float(empc_score.optimal_rate(y, score, **money)),
    }


def main():
    """Run all and write the results."""
    lost, silence = test_day()
    results = {
        "peer": "empulse",
        "version": version("empulse"),
        "eight": measured(*EIGHT),
        "ten": measured(*TEN),
        "ten, dearer": measured(*TEN, clv=100, incentive_cost=30, contact_cost=5),
        "test day": {"customers": len(lost), "lost": sum(lost), **measured(lost, silence, **VISIT)},
    }
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
