"""Do the side cases hold what is planted? Their counts, and the model of the showroom found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from casebook.company.recovery import beside_truth
from casebook.company.settings import PARAMETERS
from casebook.company.showroom import showroom, showroom_drivers
from casebook.evaluation import auc

if TYPE_CHECKING:
    from casebook.company.simulate import Company

__all__ = ["EXPECTED_SIDE", "days_to_return", "measure_side", "recover_showroom"]

#: Expected value and tolerance (four standard deviations between companies) of each quantity.
EXPECTED_SIDE: dict[str, tuple[float, float]] = {
    "showroom buyers": (165, 44), "showroom visits": (1420, 95), "showroom visitors not back": (0.38, 0.07),
    "AUC of the showroom's truth": (0.73, 0.08), "AUC of the bag": (0.50, 0.08),
    "small accounts": (100, 0), "dormant accounts": (54, 0), "heavy callers": (10, 0),
    "heavy callers at a loss": (7, 0), "calls for help": (11430, 900),
    "profit from the best fifth of clients": (0.90, 1e-6), "shopper types found": (0.96, 0.05),
}  # fmt: skip


def measure_side(company: Company) -> dict[str, float]:
    """Measure every quantity of `EXPECTED_SIDE`.

    Parameters
    ----------
    company : Company
        From `simulate`; its size does not matter.

    Returns
    -------
    dict of str to float
        In the order of `EXPECTED_SIDE`.
    """
    visits, chance = company["showroom_visits"], company.truth["showroom_truth"]["p_buy"].to_numpy()
    people, back = visits[visits["visit_no"] == 1], days_to_return(visits)
    bought, profit = people["bought"].to_numpy(), np.sort(company["securities_firm"]["profit"])[::-1]
    broker, heavy = company["brokerage_accounts"], heavy_callers(company)
    asleep = (
        (broker["securities_value"] == 0) & (broker["cash"] <= 100) & (broker["last_trade"] <= "2004-10-08")
    )
    return {
        "showroom buyers": bought.sum(), "showroom visits": len(visits),
        "showroom visitors not back": np.isnan(back).mean(),
        "AUC of the showroom's truth": auc(bought, chance),
        "AUC of the bag": auc(bought, people["bag_cue"].to_numpy()),
        "small accounts": (company["bank_accounts"]["avg_balance"] < 100).sum(),
        "dormant accounts": asleep.sum(), "heavy callers": len(heavy),
        "heavy callers at a loss": (heavy["revenue"] < heavy["cost"]).sum(),
        "calls for help": len(company["support_calls"]),
        "profit from the best fifth of clients": profit[: len(profit) // 5].sum() / profit.sum(),
        "shopper types found": _types_found(company),
    }  # fmt: skip


def days_to_return(visits: pd.DataFrame) -> np.ndarray:
    """Days from the first visit to the second, by visitor; missing for those who did not come back.

    Parameters
    ----------
    visits : DataFrame
        The table `showroom_visits`.

    Returns
    -------
    array of shape (n_visitors,)
        In the order of the visitors' numbers.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-03-01", "2024-03-04", "2024-03-09"])
    >>> days_to_return(pd.DataFrame({"visitor_id": ["V1", "V1", "V2"], "visit_no": [1, 2, 1], "date": days}))
    array([ 3., nan])
    """
    day = visits[visits["visit_no"] <= 2].pivot(index="visitor_id", columns="visit_no", values="date")
    return (day[2] - day[1]).dt.days.to_numpy(dtype=float)


def heavy_callers(company: Company) -> pd.DataFrame:
    """Who called more than 50 times about known troubles in six months or more, with a year's money."""
    calls = company["support_calls"]
    repeats = calls[calls.duplicated(["user_id", "issue_id"])].groupby(["user_id", "month"]).size()
    months = (repeats > 50).groupby("user_id").sum()
    users = company["support_users"].set_index("user_id").loc[months.index[months >= 6]]
    cost = calls.groupby("user_id")["cost"].sum()
    return pd.DataFrame({"revenue": 12 * users["revenue_pm"], "cost": cost.loc[users.index]})


def _types_found(company: Company) -> float:
    """The share of shoppers whose highest mean names their type, among those who have one highest."""
    answers = company["shopper_survey"].set_index("respondent_id")
    means = np.stack([answers[[f"{letter}1", f"{letter}2"]].mean(axis=1) for letter in "empc"], axis=1)
    clear = (means == means.max(axis=1, keepdims=True)).sum(axis=1) == 1
    names = np.array(["economic", "ethical", "personalising", "convenience"])[means.argmax(axis=1)]
    true = company.truth["shopper_truth"]["type"].to_numpy()
    return float((names == true)[clear].mean())


def recover_showroom(seed: int, visitors: int = 32_000) -> pd.DataFrame:
    """Fit the model of the showroom at the landmark, on the visits alone, and set it beside the truth.

    Parameters
    ----------
    seed : int
        Of the company.
    visitors : int
        40 times the shipped table, so that a wrong formula shows.

    Returns
    -------
    DataFrame of shape (8, 8)
        As from `recovery.recover`.

    Notes
    -----
    At day 30 every return is known and nobody has bought, so all visitors count and nothing leaks.
    """
    visits, _ = showroom(seed, visitors)
    people = visits[visits["visit_no"] == 1]
    drivers = showroom_drivers(people.reset_index(drop=True), days_to_return(visits))
    return beside_truth("showroom", PARAMETERS["showroom"]["logit"], drivers, people["bought"])
