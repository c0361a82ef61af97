"""Who came to the showroom of a housing estate, who came back, and who bought: a side case of lesson 06."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from casebook.company.settings import PARAMETERS
from casebook.company.streams import stream
from casebook.contracts.words import LAST_DAY

__all__ = ["showroom", "showroom_drivers"]

VISITORS = 800  #: in every company
WATCH = 30  #: days in which a visitor comes back, or does not: purchases lie after them


def showroom(seed: int, visitors: int = VISITORS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw the visits, and what was really the chance of each visitor.

    Parameters
    ----------
    seed : int
        Of the company.
    visitors : int
        How many; the shipped table has 800.

    Returns
    -------
    visits, truth : DataFrame
        The tables `showroom_visits` and `showroom_truth`.

    Examples
    --------
    >>> visits, truth = showroom(7, visitors=50)
    >>> visits["visitor_id"].nunique(), len(truth)
    (50, 50)
    """
    p, rng = PARAMETERS["showroom"], stream(seed, "showroom_visits")
    people = _signals(visitors, rng)
    first = np.datetime64(f"{LAST_DAY[:4]}-01-01") + np.sort(
        rng.integers(p["first_visit_days"], size=visitors)
    )
    band = rng.choice(len(p["return_shares"]), size=visitors, p=list(p["return_shares"].values()))
    low, high = np.array([*p["return_days"].values(), (0, 0)]).T
    back = rng.integers(low[band], high[band] + 1)
    chance = expit(_logit(people, back))
    bought = rng.random(visitors) < chance
    bought_on = first + rng.integers(WATCH + 1, p["last_purchase_day"] + 1, size=visitors)
    people = people.assign(
        bought=bought, purchase_date=pd.Series(bought_on.astype("datetime64[us]")).where(bought)
    )
    who, days = _visit_days(back, rng)
    visits = people.loc[who].reset_index(drop=True)
    number = pd.Series(who).groupby(who).cumcount() + 1
    visits = visits.assign(visit_no=number, date=(first[who] + days).astype("datetime64[us]"))
    return visits, pd.DataFrame({"visitor_id": people["visitor_id"], "p_buy": chance})


def _signals(visitors: int, rng: np.random.Generator) -> pd.DataFrame:
    """What the salesperson noted of each visitor, independently of each other."""
    p = PARAMETERS["showroom"]
    flags = {name: rng.random(visitors) < share for name, share in p["share_of_signal"].items()}
    mean, sigma = p["log_budget"]
    return pd.DataFrame({
        "visitor_id": [f"V{n + 1:05d}" for n in range(visitors)], **flags,
        "n_units": 1 + rng.binomial(p["more_units_binomial"][0], p["more_units_binomial"][1], visitors),
        "bag_cue": 1 + rng.choice(len(p["bag_cue_shares"]), size=visitors, p=p["bag_cue_shares"]),
        "budget_declared": np.round(rng.lognormal(mean, sigma, visitors), -3),
    })  # fmt: skip


def showroom_drivers(people: pd.DataFrame, days_to_return: np.ndarray) -> pd.DataFrame:
    """What moves the purchase, as it enters the logit.

    Parameters
    ----------
    people : DataFrame of shape (n_visitors, …)
        bargain, loan_q, notes, n_units: one row a visitor.
    days_to_return : array of shape (n_visitors,)
        From the first visit to the first return; 0 (or missing) for those who did not come back.

    Returns
    -------
    DataFrame of shape (n_visitors, 7)
        bargain, loan_q, notes, more_units, back_in_3, back_in_7, not_back.

    Examples
    --------
    >>> one = pd.DataFrame({"bargain": [True], "loan_q": [False], "notes": [True], "n_units": [3]})
    >>> showroom_drivers(one, np.array([5])).values.tolist()
    [[1.0, 0.0, 1.0, 2.0, 0.0, 1.0, 0.0]]
    """
    days = np.nan_to_num(np.asarray(days_to_return, dtype=float))
    moved = people[["bargain", "loan_q", "notes"]].assign(
        more_units=people["n_units"] - 1, back_in_3=(days >= 1) & (days <= 3),
        back_in_7=(days > 3) & (days <= 7), not_back=days == 0,
    )  # fmt: skip
    return moved.astype("float64")


def _logit(people: pd.DataFrame, days_to_return: np.ndarray) -> np.ndarray:
    weights = PARAMETERS["showroom"]["logit"]
    moved = showroom_drivers(people, days_to_return)
    names = [name for name in weights if name != "intercept"]
    return weights["intercept"] + sum(weights[name] * moved[name].to_numpy() for name in names)


def _visit_days(back: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The row of the visitor and the day after the first visit, of every visit, in order."""
    again = np.flatnonzero(back > 0)
    more = np.repeat(again, rng.poisson(PARAMETERS["showroom"]["more_returns_poisson"], len(again)))
    later = back[more] + rng.integers(0, WATCH - back[more] + 1)
    who = np.concatenate([np.arange(len(back)), again, more])
    days = np.concatenate([np.zeros(len(back), dtype="int64"), back[again], later])
    order = np.lexsort((days, who))
    return who[order], days[order]
