"""Fit lifetimes to `../lifetime_log.csv` and write `results.json`; runs in an environment of its own."""

from __future__ import annotations

import json
from pathlib import Path

import lifetimes
import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter
from lifetimes.utils import summary_data_from_transaction_data

HERE = Path(__file__).resolve().parent
EVERY, AHEAD = 45, 26.0  # every 45th customer, 26 weeks


def loglik(fitter, *columns) -> float:
    """The log-likelihood at the fitted parameters, in the unit of the table and without penalty."""
    values, ones = fitter.params_.to_numpy(), np.ones(len(columns[0]))
    usual = not isinstance(fitter, ParetoNBDFitter)  # which takes no logarithms, and gives a sum, no mean
    at = np.log(values) if usual else values
    found = fitter._negative_log_likelihood(at, *map(np.asarray, columns), weights=ones, penalizer_coef=0.0)
    return -float(found) * (len(ones) if usual else 1)


def main() -> None:
    """Sum up, fit the three models, predict, write."""
    log = pd.read_csv(HERE.parent / "lifetime_log.csv", parse_dates=["date"])
    table = summary_data_from_transaction_data(
        log, "customer", "date", "amount", observation_period_end="2024-12-31", freq="D", freq_multiplier=7
    )
    seen = table["frequency"], table["recency"], table["T"]
    some = table.iloc[::EVERY]
    of_some = some["frequency"], some["recency"], some["T"]
    bgnbd, pareto = BetaGeoFitter().fit(*seen), ParetoNBDFitter().fit(*seen)
    again = table[table["frequency"] > 0]
    spend = GammaGammaFitter().fit(again["frequency"], again["monetary_value"])
    worth = spend.customer_lifetime_value(
        bgnbd, *of_some, some["monetary_value"], time=12, discount_rate=0.01, freq="W"
    )
    expected = spend.conditional_expected_average_profit(some["frequency"], some["monetary_value"])
    results = {
        "versions": {"lifetimes": lifetimes.__version__, "numpy": np.__version__, "pandas": pd.__version__},
        "customers": some.index.tolist(),
        "summary": {name: some[name].tolist() for name in some.columns},
        "totals": {name: float(table[name].sum()) for name in table.columns},
        "spend": {
            "parameters": dict(zip(("p", "q", "gamma"), map(float, spend.params_), strict=True)),
            "loglik": loglik(spend, again["frequency"], again["monetary_value"]),
            "expected_spend": expected.tolist(),
        },
        "clv_12_periods_of_4.345_weeks": worth.tolist(),
    }
    for name, model in (("bgnbd", bgnbd), ("pareto", pareto)):
        alive = model.conditional_probability_alive(*of_some)
        ahead = model.conditional_expected_number_of_purchases_up_to_time(AHEAD, *of_some)
        results[name] = {
            "parameters": {key: float(value) for key, value in model.params_.items()},
            "loglik": loglik(model, *seen),
            "p_alive": np.asarray(alive).tolist(),
            "expected_purchases_26": np.asarray(ahead).tolist(),
            "expected_purchases_of_a_new_customer_26": float(
                model.expected_number_of_purchases_up_to_time(AHEAD)
            ),
        }
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
