"""One job of the benchmark in the environment of whoever does it; prints its answer as JSON.

`python lifetime_jobs.py WHO JOB FILE REPEATS`: WHO is casebook, by_hand, lifetimes or pymc_marketing, JOB is
fit, or summary_pandas, summary_polars, summary_duckdb. Everything is loaded and has run once on a few rows
before the clock starts, but for pymc-marketing's first fit, which compiles: its time stands in `first`.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

END = "2023-12-31"
SQL = """
WITH days AS (SELECT customer, CAST(date AS DATE) AS day, sum(amount) AS amount FROM {} GROUP BY ALL)
SELECT customer, count(*) - 1 AS frequency, (max(day) - min(day)) / 7 AS recency,
    (DATE '2023-12-31' - min(day)) / 7 AS "T",
    CASE WHEN count(*) > 1 THEN (sum(amount) - arg_min(amount, day)) / (count(*) - 1) ELSE 0 END
        AS monetary_value
FROM days GROUP BY customer ORDER BY customer
"""
Job = Callable[[], Any]


def load(path: str) -> dict[str, np.ndarray]:
    """Read the arrays."""
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}


def log_of(path: str) -> pd.DataFrame:
    """The log as a pandas table."""
    arrays = load(path)
    date = pd.Timestamp("2022-01-01") + pd.to_timedelta(arrays["day"], unit="D")
    return pd.DataFrame({"customer": arrays["customer"], "date": date, "amount": arrays["amount"]})


def summary_of(who: str, engine: str, log: pd.DataFrame) -> Job:
    """What sums up the log."""
    if who == "lifetimes":
        from lifetimes.utils import summary_data_from_transaction_data as theirs

        return lambda: theirs(
            log, "customer", "date", "amount", observation_period_end=END, freq_multiplier=7
        )
    if who == "pymc_marketing":
        from pymc_marketing.clv.utils import rfm_summary as theirs

        more = {"observation_period_end": END, "time_unit": "D", "time_scaler": 7}
        return lambda: theirs(log, "customer", "date", "amount", **more)
    table: Any = log
    if engine == "polars":
        import polars as pl

        table = pl.from_pandas(log)
    elif engine == "duckdb":
        import duckdb

        connection = duckdb.connect()
        connection.execute("CREATE TABLE log AS SELECT * FROM log")
        table = connection.table("log")
    if who == "by_hand":
        return by_hand(engine, table)
    from casebook.lifetime import rfm_summary

    if engine == "duckdb":
        return lambda: rfm_summary(table, "customer", "date", "amount", end=END).df()
    return lambda: rfm_summary(table, "customer", "date", "amount", end=END)


def by_hand(engine: str, table: Any) -> Job:
    """The same in the engine's own words, without a check and with sums of binary fractions."""
    if engine != "polars":
        import duckdb

        relation = duckdb.from_df(table) if engine == "pandas" else table
        return lambda: relation.query("log", SQL.format("log")).df()
    import datetime as dt

    import polars as pl

    again = pl.len().cast(pl.Int64) - 1
    first, last = pl.col("day").min(), pl.col("day").max()
    later = pl.col("amount").sum() - pl.col("amount").get(pl.col("day").arg_min())
    days = (
        table.lazy().group_by("customer", pl.col("date").dt.date().alias("day")).agg(pl.col("amount").sum())
    )
    made = days.group_by("customer").agg(
        frequency=again,
        recency=(last - first).dt.total_days() / 7,
        T=(pl.lit(dt.date(2023, 12, 31)) - first).dt.total_days() / 7,
        monetary_value=pl.when(again > 0).then(later / again).otherwise(0.0),
    )
    return lambda: made.sort("customer").collect()


def fit_of(who: str, people: pd.DataFrame) -> Job:
    """What fits BG/NBD and gives r, alpha, a, b."""
    if who == "lifetimes":
        from lifetimes import BetaGeoFitter

        columns = people["frequency"], people["recency"], people["T"]

        def theirs() -> list[float]:
            fitted: list[float] = BetaGeoFitter().fit(*columns).params_.tolist()
            return fitted

        return theirs
    if who == "pymc_marketing":
        from pymc_extras.prior import Prior
        from pymc_marketing import clv

        table = people.assign(customer_id=np.arange(len(people)))
        flat = {name: Prior("HalfFlat") for name in ("r", "alpha", "a", "b")}

        def by_map() -> list[float]:
            model = clv.BetaGeoModel(data=table, model_config=flat)
            model.fit(method="map", progressbar=False)
            return [float(model.fit_result[name].mean()) for name in flat]

        return by_map
    from casebook.lifetime import BetaGeoNBD

    def ours() -> list[float]:
        model = BetaGeoNBD().fit(people)
        return [model.r_, model.alpha_, model.a_, model.b_]

    return ours


def job_of(who: str, job: str, path: str, rows: int | None = None) -> Job:
    """The job, on the first rows only if asked."""
    if job == "fit":
        return fit_of(who, pd.DataFrame(load(path)).head(rows) if rows else pd.DataFrame(load(path)))
    return summary_of(who, job.removeprefix("summary_"), log_of(path).head(rows) if rows else log_of(path))


def peak_mb() -> float | None:
    """Most memory that this process has used."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def main(who: str, job: str, path: str, repeats: str) -> None:
    """Warm up, run, say."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    if who != "pymc_marketing" or job != "fit":
        job_of(who, job, path, rows=2_000)()
    run, times, answer = job_of(who, job, path), [], None
    for _ in range(int(repeats)):
        start = time.perf_counter()
        answer = run()
        times.append(time.perf_counter() - start)
    later = times[1:] if who == "pymc_marketing" and len(times) > 1 else times
    said = {"seconds": float(np.median(later)), "first": times[0], "peak_mb": peak_mb()}
    print(json.dumps({**said, "parameters": answer if job == "fit" else None}))


if __name__ == "__main__":
    main(*sys.argv[1:])
