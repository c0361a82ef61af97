"""Do the lifetime models find the parameters that made the data? Hundreds of simulated companies say.

`python -m casebook.lifetime.evidence` draws companies over a wide range of true parameters, fits each, and
sets against the truth: did the fit converge, how far off is it, do the intervals hold the truth as often as
they say, and how far off is the forecast? The tables go to `tests/evidence/`.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from casebook.lifetime import bgnbd, gammagamma, pareto, sbg
from casebook.lifetime.bgnbd import BetaGeoNBD
from casebook.lifetime.fitting import EDGE, IdentificationWarning
from casebook.lifetime.gammagamma import GammaGamma
from casebook.lifetime.pareto import ParetoNBD
from casebook.lifetime.sbg import ShiftedBetaGeometric
from casebook.lifetime.simulate import simulate_bgnbd, simulate_pareto

__all__ = ["PLAN", "draw", "holds", "main", "study", "sum_up"]

#: How many companies of each model, and the fewest and most customers of one.
PLAN = {
    "BG/NBD": (200, 500, 50_000),
    "Pareto/NBD": (200, 500, 10_000),
    "gamma-gamma": (200, 500, 20_000),
    "sBG": (200, 500, 50_000),
}
SEED, LEVEL = 20_05, 0.95
_NORMAL = 1.959964


@dataclass(frozen=True)
class Trial:
    """A company: its number, model, customers, true parameters, and the time observed (weeks; renewals)."""

    number: int
    kind: str
    customers: int
    true: dict[str, float]
    span: float


def draw(kind: str, number: int, *, seed: int = SEED) -> Trial:
    """Draw the true parameters of a company, each over its whole range on the scale of logarithms.

    Parameters
    ----------
    kind : str
        A model of `PLAN`.
    number : int
        The company's; the same number gives the same company.
    seed : int

    Returns
    -------
    Trial

    Examples
    --------
    >>> sorted(draw("BG/NBD", 0).true)
    ['a', 'alpha', 'b', 'r']
    """
    rng = np.random.default_rng([seed, list(PLAN).index(kind), number])

    def between(low: float, high: float) -> float:
        return float(np.exp(rng.uniform(np.log(low), np.log(high))))

    customers, span = int(between(*PLAN[kind][1:])), between(26, 156)
    if kind == "sBG":
        return Trial(number, kind, customers, {"alpha": between(0.3, 5), "beta": between(0.5, 12)}, 8.0)
    if kind == "gamma-gamma":
        true = {"p": between(1, 12), "q": between(1.5, 10), "gamma": between(5, 500)}
        return Trial(number, kind, customers, true, span)
    r, bought = between(0.1, 4), between(0.5, 30)  # purchases in the time observed, if nobody left
    true = {"r": r, "alpha": r * span / bought}
    if kind == "BG/NBD":
        true |= {"a": between(0.2, 4), "b": between(0.5, 8)}
    else:
        true |= {"s": between(0.2, 3), "beta": between(0.2, 5) * span}
    return Trial(number, kind, customers, true, span)


def study(trial: Trial, *, seed: int = SEED, profile: bool = True) -> list[dict[str, Any]]:
    """Simulate a company, fit it, and set each parameter against the truth.

    Parameters
    ----------
    trial : Trial
    seed : int
    profile : bool
        Profile-likelihood intervals too, which take longer.

    Returns
    -------
    list of dict, one for each parameter
        model, company, customers, parameter, true, estimate, standard_error, converged, identified,
        covered (Wald on logarithms, `wald`; `profile`), forecast (relative error of the purchases, orders'
        value or survivors to come, against the true parameters), seconds.

    Examples
    --------
    >>> rows = study(draw("sBG", 3), profile=False)
    >>> [row["parameter"] for row in rows], rows[0]["converged"]
    (['alpha', 'beta'], True)
    """
    data = _simulate(trial, np.random.default_rng([seed, 1, trial.number]))
    model = _MODELS[trial.kind](level=LEVEL)
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IdentificationWarning)
        model.fit(data)
    seconds = time.perf_counter() - start
    fit, truth = model._fit, _as_if_fitted(trial)
    inside = np.abs(np.log(fit.parameters)) < EDGE - 1e-6  # the others run off to a boundary
    flat_gradient = np.abs(fit.gradient[inside]).max(initial=0.0) < 1e-5 * max(1.0, abs(fit.loglik))
    at_truth = _loglik(trial.kind, model, np.array(list(trial.true.values())))
    converged = bool(flat_gradient and fit.loglik >= at_truth)
    ends = model.intervals() if profile and model.identified_ else None
    spread = np.sqrt(np.diag(fit.covariance))
    rows = []
    for i, (name, true) in enumerate(trial.true.items()):
        off = np.log(fit.parameters[i] / true)
        rows.append({
            "model": trial.kind, "company": trial.number, "customers": trial.customers, "parameter": name,
            "true": true, "estimate": fit.parameters[i], "standard_error": fit.standard_errors[i],
            "converged": converged, "identified": model.identified_,
            "wald": bool(abs(off) <= _NORMAL * spread[i]) if model.identified_ else None,
            "profile": None if ends is None else bool(ends["low"].iloc[i] <= true <= ends["high"].iloc[i]),
            "forecast": _ahead(trial, model, data) / _ahead(trial, truth, data) - 1, "seconds": seconds,
        })  # fmt: skip
    return rows


_MODELS: dict[str, Any] = {
    "BG/NBD": BetaGeoNBD,
    "Pareto/NBD": ParetoNBD,
    "gamma-gamma": GammaGamma,
    "sBG": ShiftedBetaGeometric,
}


def _simulate(trial: Trial, rng: np.random.Generator) -> Any:
    true, n = trial.true, trial.customers
    if trial.kind == "sBG":
        leaves = rng.geometric(np.clip(rng.beta(true["alpha"], true["beta"], n), 1e-12, 1))
        return [int((leaves > t).sum()) for t in range(int(trial.span))]
    if trial.kind == "gamma-gamma":
        x = rng.geometric(0.3, n)
        nu = rng.gamma(true["q"], 1 / true["gamma"], n)
        return pd.DataFrame({"frequency": x, "monetary_value": rng.gamma(true["p"] * x) / (x * nu)})
    observed = rng.uniform(trial.span / 2, trial.span, n)
    simulate = simulate_bgnbd if trial.kind == "BG/NBD" else simulate_pareto
    return simulate(n, **true, T=observed, seed=int(rng.integers(2**31)))


def _as_if_fitted(trial: Trial) -> Any:
    truth = _MODELS[trial.kind]()
    for name, value in trial.true.items():
        setattr(truth, f"{name}_", value)
    return truth


def _loglik(kind: str, model: Any, parameters: np.ndarray) -> float:
    """The log-likelihood of the data that the model was fitted to, at other parameters."""
    likelihoods: dict[str, Callable[[], Any]] = {
        "BG/NBD": lambda: bgnbd._Likelihood(model._rows),
        "Pareto/NBD": lambda: pareto._likelihood(model._rows),
        "gamma-gamma": lambda: gammagamma._likelihood(*model._seen),
        "sBG": lambda: sbg._likelihood(*model._seen),
    }
    return float(likelihoods[kind]()(parameters)[0])


def _ahead(trial: Trial, model: Any, data: Any) -> float:
    """What the model expects of the time to come: half of the time observed once more."""
    if trial.kind == "sBG":
        return float(model.survival(1.5 * trial.span // 1))
    if trial.kind == "gamma-gamma":
        return float(pd.Series(model.expected_spend(data)).mean())
    return float(model.expected_purchases(trial.span / 2, data).sum())


def sum_up(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Sum up the companies, one row for each model and parameter.

    Parameters
    ----------
    rows : list of dict
        From `study`.

    Returns
    -------
    DataFrame of shape (n_parameters, 11)
        model, parameter, companies, converged and identified (shares); bias (median relative error) and
        `error` (the same without sign), `z` (mean of the error over the standard error, logarithms), coverage
        of the intervals (shares), and `forecast`, the median relative error without sign.

    Examples
    --------
    >>> sum_up(study(draw("sBG", 3), profile=False))["companies"].tolist()
    [1, 1]
    """
    table = pd.DataFrame(rows)
    ratio = table["estimate"] / table["true"]
    spread = table["standard_error"] / table["estimate"]
    known = table["identified"].astype(bool)
    table = table.assign(off=(ratio - 1).where(known), z=(ratio.map(np.log) / spread).where(known))
    groups = table.groupby(["model", "parameter"], sort=False)
    return pd.DataFrame(
        {
            "companies": groups.size(),
            "converged": groups["converged"].mean(),
            "identified": groups["identified"].mean(),
            "bias": groups["off"].median(),
            "error": groups["off"].agg(lambda off: off.abs().median()),
            "z": groups["z"].mean(),
            "wald": groups["wald"].agg(lambda held: held.dropna().astype(float).mean()),
            "profile": groups["profile"].agg(lambda held: held.dropna().astype(float).mean()),
            "forecast": groups["forecast"].agg(lambda off: off.abs().median()),
        }
    ).reset_index()


def holds(table: pd.DataFrame) -> pd.Series:
    """Whether the profile intervals hold the truth as often as they say, but for chance.

    Parameters
    ----------
    table : DataFrame
        From `sum_up`.

    Returns
    -------
    Series of bool
        Whether the coverage lies where that of so many companies lies in 998 of 1,000 studies.

    Examples
    --------
    >>> table = pd.DataFrame({"companies": [200, 200], "identified": [1.0, 1.0], "profile": [0.94, 0.88]})
    >>> holds(table).tolist()
    [True, False]
    """
    from scipy.stats import binom

    known = (table["companies"] * table["identified"]).round()
    low, high = binom.ppf(0.001, known, LEVEL) / known, binom.ppf(0.999, known, LEVEL) / known
    return table["profile"].between(low - 1e-3, high + 1e-3)


def main(arguments: list[str] | None = None, say: Callable[[str], object] = print) -> int:
    """Study all companies, write tables; exit code 1 where a fit did not converge or intervals are off."""
    parser = argparse.ArgumentParser(prog="python -m casebook.lifetime.evidence", description=__doc__)
    root = Path(__file__).resolve().parents[3]
    parser.add_argument("--folder", type=Path, default=root / "tests" / "evidence")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    trials = [draw(kind, number) for kind, (n, *_) in PLAN.items() for number in range(n)]
    with ProcessPoolExecutor(asked.processes) as pool:
        rows = [row for found in pool.map(study, trials) for row in found]
    return _report(rows, asked.folder, say)


def _report(rows: list[dict[str, Any]], folder: Path, say: Callable[[str], object]) -> int:
    table, each = sum_up(rows), pd.DataFrame(rows)
    seconds = each.groupby("model", sort=False)["seconds"].agg(["median", "max"])
    each = each.drop(columns="seconds")  # which are never the same twice
    for name, made in (("lifetime_recovery", table), ("lifetime_recovery_companies", each)):
        made.round(4).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    say(table.round(3).to_string(index=False))
    say("Seconds of a fit:\n" + seconds.round(3).to_string())
    good = bool((table["converged"] == 1).all() and holds(table).all())
    say("All within their tolerances." if good else "Something lies outside its tolerance.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
