"""Find the models of default and conversion again, on a company so large that a wrong formula shows.

Blocks are simulated one after another and only the columns that are fitted are kept of each.
"""

from __future__ import annotations

import pandas as pd

from casebook.company.recovery import beside_truth
from casebook.company.settings import BLOCK, PARAMETERS, Calendar
from casebook.company.simulate import simulate_blocks

__all__ = ["fit_default_and_conversion", "fit_wrong_formulas", "trials_of_default_and_conversion"]

CREDIT = {k: v for k, v in PARAMETERS["credit"].items() if k not in ("sued_share", "competitor_share_sd")}
CONVERSION = PARAMETERS["prospects"]["conversion"]


def trials_of_default_and_conversion(seed: int, folds: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row for each credit file and for each closed prospect of a company `folds` times the usual size.

    Parameters
    ----------
    seed : int
        Of the company.
    folds : int
        Blocks of 1,000 customers.

    Returns
    -------
    files : DataFrame of shape (n_files, 6)
        The true drivers of default (hidden quality), the mean score that stands for quality in the files
        (put on its scale), and `defaulted`.
    closed : DataFrame of shape (n_closed, 9)
        The true drivers of conversion, the seller's guess of need (put on the scale of the flag), and
        `ordered`.
    """
    blocks = simulate_blocks(seed, folds * BLOCK, Calendar())
    both = [(_files(block), _closed(block)) for block in blocks]
    files, closed = (pd.concat(parts, ignore_index=True) for parts in zip(*both, strict=True))
    return files, closed


def _files(block: dict[str, pd.DataFrame]) -> pd.DataFrame:
    table, truth, p = block["credit_files"], block["credit_truth"], PARAMETERS["credit_files"]
    quality = table["customer_id"].map(block["customers_truth"].set_index("customer_id")["credit_quality"])
    loading = p["score_slope"] * sum(p["loadings"].values()) / len(p["loadings"])
    return pd.DataFrame({
        "credit_quality": quality, "sued": table["sued"],
        "competitor_share_over_half": table["competitor_share"] > 0.5, "debt_score": truth["debt_score"],
        "mean_score": (table[[*p["loadings"]]].mean(axis=1) - p["score_mean"]) / loading,
        "defaulted": table["defaulted_next_12m"],
    })  # fmt: skip


def _closed(block: dict[str, pd.DataFrame]) -> pd.DataFrame:
    found = block["prospects"].query("status != 'open'")
    low, high = PARAMETERS["prospects"]["guess"]
    return pd.DataFrame({
        **{flag: found[flag] for flag in ("need", "money", "authority")},
        "referral": found["source_method"] == "referral", "universal": found["source_method"] == "universal",
        "fair": found["source_method"] == "fairs", "ineligible": ~found["eligible"],
        "guessed_need": (found["p_need"] - low) / (high - low),
        "ordered": found["ordered_180d"].astype("bool"),
    })  # fmt: skip


def fit_default_and_conversion(files: pd.DataFrame, closed: pd.DataFrame) -> pd.DataFrame:
    """Fit both models on their true drivers and set the coefficients beside the truth.

    Parameters
    ----------
    files, closed : DataFrame
        From `trials_of_default_and_conversion`.

    Returns
    -------
    DataFrame of shape (13, 8)
        As from `recovery.recover`.
    """
    return pd.concat([
        beside_truth("default", CREDIT, files, files["defaulted"]),
        beside_truth("conversion", CONVERSION, closed, closed["ordered"]),
    ], ignore_index=True)  # fmt: skip


def fit_wrong_formulas(files: pd.DataFrame, closed: pd.DataFrame) -> pd.DataFrame:
    """Fit both models with what people see in place of what acts; the truth must not be found.

    Parameters
    ----------
    files, closed : DataFrame
        From `trials_of_default_and_conversion`.

    Returns
    -------
    DataFrame of shape (13, 8)
        As from `recovery.recover`; the joint p of each model says how surely the formula is wrong.
    """
    seen = files.assign(credit_quality=files["mean_score"])
    guessed = closed.assign(need=closed["guessed_need"])
    return pd.concat([
        beside_truth("default by mean score", CREDIT, seen, files["defaulted"]),
        beside_truth("conversion by guessed need", CONVERSION, guessed, closed["ordered"]),
    ], ignore_index=True)  # fmt: skip
