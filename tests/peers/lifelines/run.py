"""Kaplan-Meier and log-rank by lifelines: a table of four, and the businesses of the sample company.

Run in an environment with requirements.txt; writes results.json beside this file. Departures are those of the
truth tables: the last day of the month in which a business dropped out; days are counted from joining.
"""

import json
from pathlib import Path

import lifelines
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test

HERE = Path(__file__).parent
DATASETS = HERE.parents[2] / "datasets"
LAST_DAY, FIRST_DAY = pd.Timestamp("2024-12-31"), pd.Timestamp("2022-01-01")
YEARS = (1, 2, 3, 4, 5)


def businesses():
    """Days to leaving or to the last day, whether it left, days unseen, and the channel role."""
    customers = pd.read_csv(DATASETS / "customers.csv", parse_dates=["join_date"])
    truth = pd.read_csv(DATASETS / "truth/customers_truth.csv", parse_dates=["dropout_month"])
    both = customers[customers["nature"] != "individual"].merge(truth, on="customer_id")
    left = both["dropout_month"].notna()
    end = (both["dropout_month"] + pd.offsets.MonthEnd(0)).fillna(LAST_DAY)
    table = pd.DataFrame(
        {
            "days": (end - both["join_date"]).dt.days,
            "left": left,
            "entry": (FIRST_DAY - both["join_date"]).dt.days.clip(lower=0),
            "role": both["channel_role"],
        }
    )
    return table[table["days"] > table["entry"]]


def curve(days, left, entry, times):
    """Survival at some times, with the interval of the last of them."""
    fitted = KaplanMeierFitter().fit(days, left, entry=entry)
    ends = fitted.confidence_interval_survival_function_
    last = ends[ends.index <= times[-1]].iloc[-1]
    return {
        "times": list(times),
        "survival": [float(v) for v in fitted.survival_function_at_times(list(times))],
        "low": float(last.iloc[0]),
        "high": float(last.iloc[1]),
    }


def main():
    """Run all and write the results."""
    four = ([2, 3, 4, 5], [1, 0, 1, 0])
    firms = businesses()
    days = [round(365.25 * year) for year in YEARS]
    roles = multivariate_logrank_test(firms["days"], firms["role"], firms["left"])
    results = {
        "peer": "lifelines",
        "version": lifelines.__version__,
        "four": curve(*four, None, (1.9, 2, 3.5, 4)),
        "four with entry": curve(*four, [0, 0, 3, 3], (1.9, 2, 3.5, 4)),
        "businesses": {
            "customers": len(firms),
            "left": int(firms["left"].sum()),
            "with entry": curve(firms["days"], firms["left"], firms["entry"], days),
            "without": curve(firms["days"], firms["left"], None, days),
            "log-rank of channel roles": {
                "statistic": float(roles.test_statistic),
                "p": float(roles.p_value),
            },
        },
    }
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
