"""Weigh evidence and scale points with optbinning, on a table that stands beside and on German credit.

Writes results.json beside itself. German credit is read from CASEBOOK_DATA (a folder that holds
german_credit/german.data); without it that part keeps its last results.
"""

import json
import os
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).resolve().parent
BREAKS = {"score": [60, 70, 80], "trade": [["hotel", "school"], ["retail"], ["builder"]], "years": [5, 12]}
GERMAN = {"status": [["A11", "A12"], ["A13"], ["A14"]], "duration": [8, 16, 34, 44]}
NAMES = [
    "status",
    "duration",
    "credit_history",
    "purpose",
    "amount",
    "savings",
    "employment_duration",
    "installment_rate",
    "personal_status_sex",
    "other_debtors",
    "present_residence",
    "property",
    "age",
    "other_installment_plans",
    "housing",
    "number_credits",
    "job",
    "people_liable",
    "telephone",
    "foreign_worker",
    "credit_risk",
]


def bins(table, breaks, target):
    """The table of each variable on the given breaks, as rows of plain numbers."""
    from optbinning import OptimalBinning

    rows = {}
    for name, cuts in breaks.items():
        text = not pd.api.types.is_numeric_dtype(table[name])
        splits = np.array(cuts, dtype=object) if text else np.array(cuts, dtype=float)
        if text:
            splits = np.empty(len(cuts), dtype=object)
            splits[:] = [np.array(group, dtype=object) for group in cuts]
        binned = OptimalBinning(
            name, dtype="categorical" if text else "numerical", user_splits=splits,
            user_splits_fixed=[True] * len(splits),
        )  # fmt: skip
        values = table[name].to_numpy(dtype=object if text else float)
        binned.fit(values, table[target].to_numpy())
        made = binned.binning_table.build()
        made = made[(made.index != "Totals") & (made["Count"] > 0)]
        rows[name] = [
            {
                "bin": str(row["Bin"]), "good": int(row["Non-event"]), "bad": int(row["Event"]),
                "woe": float(row["WoE"]), "bin_iv": float(row["IV"]),
            }
            for row in made.to_dict("records")
        ]  # fmt: skip
    return rows


def card(table, breaks, target):
    """Its scorecard for a regression without a penalty: 600 points at good : bad = 30, 20 to double."""
    from optbinning import BinningProcess, Scorecard

    fixed = {}
    for name, cuts in breaks.items():
        text = not pd.api.types.is_numeric_dtype(table[name])
        splits = np.array(cuts, dtype=float) if not text else np.empty(len(cuts), dtype=object)
        if text:
            splits[:] = [np.array(group, dtype=object) for group in cuts]
        fixed[name] = {
            "user_splits": splits, "user_splits_fixed": [True] * len(splits),
            "dtype": "categorical" if text else "numerical",
        }  # fmt: skip
    process = BinningProcess(list(breaks), binning_fit_params=fixed)
    scored = Scorecard(
        binning_process=process,
        estimator=LogisticRegression(C=1e6, tol=1e-10, max_iter=5000),
        scaling_method="pdo_odds",
        scaling_method_params={"pdo": 20, "odds": 30, "scorecard_points": 600},
        intercept_based=False,
    )
    # without this a missing value counts as no evidence (0), whatever its bin says
    scored.fit(table[list(breaks)], table[target], metric_missing="empirical")
    made = scored.table(style="detailed")
    made = made[made["Count"] > 0]
    return {
        "intercept": float(scored.estimator_.intercept_[0]),
        "coefficients": dict(zip(breaks, scored.estimator_.coef_[0].tolist(), strict=True)),
        "points": {n: [float(p) for p in made.loc[made["Variable"] == n, "Points"]] for n in breaks},
        "bins": {n: [str(p) for p in made.loc[made["Variable"] == n, "Bin"]] for n in breaks},
        "scores": [float(s) for s in scored.score(table[list(breaks)])[:10]],
    }


def main():
    """Run it and write results.json."""
    path = HERE / "results.json"
    last = json.loads(path.read_text("utf-8")) if path.exists() else {}
    small = pd.read_csv(HERE.parent / "small_credit.csv")
    result = {"peer": "optbinning", "version": version("optbinning"), "sign": "ln(good share / bad share)"}
    result["small"] = {"bins": bins(small, BREAKS, "bad"), "card": card(small, BREAKS, "bad")}
    german = Path(os.environ.get("CASEBOOK_DATA", ".")) / "german_credit" / "german.data"
    if german.exists():
        table = pd.read_csv(german, sep=r"\s+", names=NAMES)
        table["bad"] = (table["credit_risk"] == 2).astype(int)
        result["german"] = {"bins": bins(table, GERMAN, "bad")}
    else:
        result["german"] = last.get("german")
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
