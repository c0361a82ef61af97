"""Who leaves, and when: a monthly hazard that complaints, late deliveries, rivals and departures push up."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from casebook.company.settings import PARAMETERS, Calendar, days
from casebook.company.streams import stream

__all__ = ["NEVER", "dropout_drivers", "dropout_month", "hazard", "offers_made"]

NEVER = 10**6  #: month of dropout of those who stay


def _by_month(who: np.ndarray, month: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Count events by customer and month; months outside the data are left out."""
    seen = (month >= 0) & (month < shape[1])
    flat = np.bincount(who[seen] * shape[1] + month[seen], minlength=shape[0] * shape[1])
    return flat.reshape(shape)


def _over_last(counts: np.ndarray, months: int) -> np.ndarray:
    """Add up this month and those before it, `months` in all.

    >>> _over_last(np.array([[1, 0, 2, 0]]), 2).tolist()
    [[1, 1, 2, 2]]
    """
    total = counts.cumsum(axis=1)
    total[:, months:] -= total[:, :-months].copy()
    return total


def offers_made(people: pd.DataFrame, seed: int, block: int, calendar: Calendar) -> np.ndarray:
    """Whether a rival's offer starts, by customer and month: array of bool; never to households."""
    rng = stream(seed, "competitor_offers", block)
    start = rng.random((len(people), calendar.months)) < PARAMETERS["offers"]["per_month"]
    return start & _with_us(people, calendar)


def _with_us(people: pd.DataFrame, calendar: Calendar) -> np.ndarray:
    """Whether a business has joined by the end of each month."""
    joined = calendar.index(people["join_date"].to_numpy())[:, None] <= np.arange(calendar.months)
    return joined & (people["kind"] != "household").to_numpy()[:, None]


def dropout_drivers(
    people: pd.DataFrame,
    orders: pd.DataFrame,
    complaints: pd.DataFrame,
    offers: np.ndarray,
    reps: pd.DataFrame,
    calendar: Calendar,
) -> dict[str, np.ndarray]:
    """What moves the hazard, each as an array of shape (n_customers, n_months), known at the month's end.

    Parameters
    ----------
    people, orders, complaints : DataFrame
        Of one block, from `trade`.
    offers : array of bool
        From `offers_made`.
    reps : DataFrame
        From `sales_reps`.
    calendar : Calendar
        Of the company.

    Returns
    -------
    dict of str to array
        complaints_90d (this month and two before), late_share_12m (of the orders promised in twelve months;
        .12 where there were none), offer_active, rep_left_6m, log_tenure = ln(1 + years since joining), and
        satisfaction, referral, advertising_or_universal, which do not change.
    """
    p, shape = PARAMETERS["dropout"], (len(people), calendar.months)
    told = _by_month(complaints["who"].to_numpy(), calendar.index(complaints["date"].to_numpy()), shape)
    who, due = orders["who"].to_numpy(), calendar.index(orders["promised_date"].to_numpy())
    promised = _over_last(_by_month(who, due, shape), 12)
    late = _over_last(_by_month(who[orders["late"]], due[orders["late"]], shape), 12)
    share = np.where(promised > 0, late / np.maximum(promised, 1), p["late_share_without_orders"])
    ends = (calendar.first_days[1:] - days(1)).astype("datetime64[D]")
    years = (ends - people["join_date"].to_numpy().astype("datetime64[D]")[:, None]).astype("int64") / 365.25
    source, ones = people["source_method"].to_numpy()[:, None], np.ones((1, calendar.months))
    return {
        "complaints_90d": _over_last(told, 3),
        "late_share_12m": share,
        "satisfaction": people["satisfaction"].to_numpy()[:, None] * ones,
        "offer_active": (_over_last(offers.astype("int64"), PARAMETERS["offers"]["months"]) > 0).astype(
            "int64"
        ),
        "rep_left_6m": _rep_left(people, reps, calendar),
        "log_tenure": np.log1p(np.maximum(years, 0)),
        "referral": (source == "referral") * ones,
        "advertising_or_universal": np.isin(source, ["advertising", "universal"]) * ones,
    }


def _rep_left(people: pd.DataFrame, reps: pd.DataFrame, calendar: Calendar) -> np.ndarray:
    """1 at the end of the month in which the representative at joining left, and of the next five."""
    left = people["rep_id"].map(reps.set_index("rep_id")["left"]).to_numpy().astype("datetime64[D]")
    month = np.where(
        np.isnat(left), -NEVER, calendar.index(np.where(np.isnat(left), calendar.first_days[0], left))
    )
    since = np.arange(calendar.months) - month[:, None]
    return ((since >= 0) & (since < 6)).astype("int64")


def hazard(drivers: dict[str, np.ndarray]) -> np.ndarray:
    """Probability of dropping out at the end of each month, for one who is still there.

    >>> calm = {name: np.zeros((1, 1)) for name in PARAMETERS["dropout"]}
    >>> hazard(calm).round(4).tolist()
    [[0.0041]]
    """
    p = PARAMETERS["dropout"]
    names = [name for name in p if name not in ("intercept", "late_share_without_orders")]
    return expit(p["intercept"] + sum(p[name] * drivers[name] for name in names))


def dropout_month(
    people: pd.DataFrame, drivers: dict[str, np.ndarray], seed: int, block: int, calendar: Calendar
) -> np.ndarray:
    """The month at whose end each business drops out, counted from 0; `NEVER` for those who stay.

    Everybody is alive at the start of the data and on the day of joining.
    """
    draw = stream(seed, "dropout", block).random((len(people), calendar.months))
    leaves = (draw < hazard(drivers)) & _with_us(people, calendar)
    return np.where(leaves.any(axis=1), leaves.argmax(axis=1), NEVER)
