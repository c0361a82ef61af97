"""Fit pymc-marketing to `../lifetime_log.csv` by MAP and write `results.json`; in an environment of its own.

Twice: with its priors, as a user has them by default, and with flat ones, where MAP is maximum likelihood.
"""

from __future__ import annotations

import json
import logging
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pymc
import pymc_marketing
from pymc_extras.prior import Prior
from pymc_marketing import clv

HERE = Path(__file__).resolve().parent
EVERY, AHEAD = 45, 26.0  # every 45th customer, 26 weeks
BGNBD, PARETO, SPEND = ("r", "alpha", "a", "b"), ("r", "alpha", "s", "beta"), ("p", "q", "v")


def best(model, names: tuple[str, ...]) -> dict[str, float]:
    """The parameters at the maximum."""
    return {name: float(model.fit_result[name].mean()) for name in names}


def fitted(kind, table: pd.DataFrame, names: tuple[str, ...], *, flat: bool):
    """Fit by MAP, with flat priors or the usual ones."""
    config = {name: Prior("HalfFlat") for name in names} if flat else None
    model = kind(data=table, model_config=config) if config else kind(data=table)
    model.fit(method="map", progressbar=False)
    return model


def per_customer(values) -> list[float]:
    """One number for each customer."""
    return np.asarray(values.mean(("chain", "draw")), dtype=float).ravel().tolist()


def main() -> None:
    """Sum up, fit the models, predict, write."""
    log = pd.read_csv(HERE.parent / "lifetime_log.csv", parse_dates=["date"])
    table = clv.utils.rfm_summary(
        log, "customer", "date", "amount", observation_period_end="2024-12-31", time_unit="D", time_scaler=7
    )
    some = table.iloc[::EVERY]
    shown = ["frequency", "recency", "T", "monetary_value"]
    versions = {"pymc-marketing": pymc_marketing.__version__, "pymc": pymc.__version__}
    results = {
        "versions": {**versions, "numpy": np.__version__, "pandas": pd.__version__},
        "customers": some["customer_id"].tolist(),
        "summary": {name: some[name].astype(float).tolist() for name in shown},
        "totals": {name: float(table[name].sum()) for name in shown},
    }
    for name, kind, names in (("bgnbd", clv.BetaGeoModel, BGNBD), ("pareto", clv.ParetoNBDModel, PARETO)):
        model = fitted(kind, table, names, flat=True)
        results[name] = {
            "parameters": best(model, names),
            "with_its_own_priors": best(fitted(kind, table, names, flat=False), names),
            "p_alive": per_customer(model.expected_probability_alive(some)),
            "expected_purchases_26": per_customer(model.expected_purchases(some, future_t=AHEAD)),
        }
    again = table[table["frequency"] > 0]
    spend = fitted(clv.GammaGammaModel, again, SPEND, flat=True)
    known = some[some["frequency"] > 0]
    results["spend"] = {
        "parameters": dict(zip(("p", "q", "gamma"), best(spend, SPEND).values(), strict=True)),
        "customers": known["customer_id"].tolist(),
        "expected_spend": per_customer(spend.expected_customer_spend(known)),
    }
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    main()
