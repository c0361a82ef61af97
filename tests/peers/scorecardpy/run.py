"""Weigh evidence and scale points with scorecardpy, on a table that stands beside and on German credit.

Writes results.json beside itself. German credit is read from CASEBOOK_DATA (a folder that holds
german_credit/german.data); without it that part keeps its last results.
"""

import contextlib
import io
import json
import os
import warnings
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).resolve().parent
BREAKS = {
    "score": [60, 70, 80],
    "trade": ["hotel%,%school", "retail", "builder"],
    "years": ["missing", 5, 12],
}
GERMAN = {"status": ["A11%,%A12", "A13", "A14"], "duration": [8, 16, 34, 44]}
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


def bins(sc, table, breaks, target):
    """The table of each variable on the given breaks, as rows of plain numbers."""
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()):
        found = sc.woebin(table[[*breaks, target]], y=target, breaks_list=breaks, positive="1")
    found = {name: found[name] for name in breaks}  # it works through a set, so their order is chance
    keep = {"bin": str, "good": int, "bad": int, "woe": float, "bin_iv": float}
    rows = {
        name: [
            {c: kind(v) for (c, kind), v in zip(keep.items(), row, strict=True)}
            for row in part[list(keep)].to_numpy()
        ]
        for name, part in found.items()
    }
    return found, rows


def points(sc, table, found, target):
    """Its card for a regression without a penalty: 600 points at bad : good = 1 : 19, 50 to double."""
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()):
        woe = sc.woebin_ply(table, found)
    names = [f"{name}_woe" for name in found]
    model = LogisticRegression(C=1e6, tol=1e-10, max_iter=5000).fit(woe[names], woe[target])
    card = sc.scorecard(found, model, names, points0=600, odds0=1 / 19, pdo=50, digits=6)
    return {
        "coefficients": dict(zip(found, model.coef_[0].tolist(), strict=True)),
        "intercept": float(model.intercept_[0]),
        "base": float(card["basepoints"]["points"].iloc[0]),
        "points": {name: [float(v) for v in card[name]["points"]] for name in found},
    }


def main():
    """Run it and write results.json."""
    import scorecardpy as sc

    path = HERE / "results.json"
    last = json.loads(path.read_text("utf-8")) if path.exists() else {}
    small = pd.read_csv(HERE.parent / "small_credit.csv")
    found, rows = bins(sc, small, BREAKS, "bad")
    result = {"peer": "scorecardpy", "version": version("scorecardpy"), "sign": "ln(bad share / good share)"}
    result["small"] = {"bins": rows, "card": points(sc, small, found, "bad")}
    german = Path(os.environ.get("CASEBOOK_DATA", ".")) / "german_credit" / "german.data"
    if german.exists():
        table = pd.read_csv(german, sep=r"\s+", names=NAMES)
        table["bad"] = (table["credit_risk"] == 2).astype(int)
        _, rows = bins(sc, table, GERMAN, "bad")
        raw = sc.iv(table.drop(columns="credit_risk"), y="bad", positive="1")
        raw = {row["variable"]: float(row["info_value"]) for row in raw.to_dict("records")}
        result["german"] = {"bins": rows, "iv_raw_levels": raw}
    else:
        result["german"] = last.get("german")
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
