"""What each customer costs to serve, solved (or not) so that few customers earn what many destroy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.company.settings import PARAMETERS

__all__ = ["cost_to_serve", "profit_of", "solve_costs", "triple"]

COSTS = PARAMETERS["cost_to_serve"]


def triple(profit: np.ndarray, top: float = 0.2, bottom: float = 0.3) -> tuple[float, float]:
    """Sherden's two shares: what the best 20% earn, and how much of it the worst 30% destroy.

    Parameters
    ----------
    profit : array of shape (n_accounts,)
        RMB, losses negative.
    top, bottom : float
        Shares of the accounts; the number of accounts is rounded up.

    Returns
    -------
    top_share_gross, destroyed_ratio : float
        Profit of the top over all positive profit; losses among the bottom over the profit of the top.

    Examples
    --------
    >>> triple(np.array([50, 30, 6, 5, 4, 3, 2, -8, -12, -20]))
    (0.8, 0.5)
    """
    best = np.sort(profit)[::-1]
    first, last = (int(np.ceil(len(best) * share - 1e-9)) for share in (top, bottom))
    earned = best[:first].sum()
    return float(earned / best[best > 0].sum()), float(-np.minimum(best[-last:], 0).sum() / earned)


def profit_of(
    margin: np.ndarray, weight: np.ndarray, burden: np.ndarray, account_cost_unit: float, kappa: float
) -> np.ndarray:
    """Profit of each account before rounding: margin less selling, account and service costs (RMB).

    >>> profit_of(np.array([1000.0]), np.array([1.0]), np.array([1.0]), 100, 0.5).tolist()
    [150.0]
    """
    positive = np.maximum(margin, 0)
    return margin - COSTS["sales_cost"] * positive - account_cost_unit * weight - kappa * burden * positive


def _kappa_for(margin: np.ndarray, weight: np.ndarray, burden: np.ndarray, unit: float) -> float:
    """By bisection, the kappa at which the bottom destroys the wanted part of what the top earns."""
    low, high = 0.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        destroyed = triple(profit_of(margin, weight, burden, unit, middle))[1]
        low, high = (middle, high) if destroyed < COSTS["destroyed_ratio"] else (low, middle)
    return (low + high) / 2


def solve_costs(margin: np.ndarray, weight: np.ndarray, burden: np.ndarray) -> tuple[float, float]:
    """Find F and kappa that give Sherden's triple in the last year.

    For each F of a grid kappa is solved by bisection; the F whose top share is nearest to .80 is taken, then
    searched more finely around it. Both are rounded, so that a profit never hangs on the last bit of a float.

    Parameters
    ----------
    margin, weight, burden : array of shape (n_accounts,)
        Of the businesses with an order in the last year.

    Returns
    -------
    account_cost_unit, kappa : float
        F in RMB a year, rounded to the cent, and kappa, rounded to 9 digits.
    """

    def miss(unit: float) -> float:
        kappa = _kappa_for(margin, weight, burden, unit)
        top, destroyed = triple(profit_of(margin, weight, burden, unit, kappa))
        return abs(top - COSTS["top_share_gross"]) + 10 * max(
            0.0, abs(destroyed - COSTS["destroyed_ratio"]) - 0.005
        )

    step, best = 1000.0, 0.0
    grid = np.arange(0, 40_001, step)
    while step >= 1:
        best = float(min(grid, key=miss))
        step /= 10
        grid = np.maximum(best + step * np.arange(-10, 11), 0)
    return round(best, 2), round(_kappa_for(margin, weight, burden, best), 9)


def cost_to_serve(accounts: pd.DataFrame, account_cost_unit: float, kappa: float) -> pd.DataFrame:
    """Split the costs of each customer and year, each rounded to the cent; profit is what is left, exactly.

    Parameters
    ----------
    accounts : DataFrame of shape (n_rows, 5)
        customer_id, year, margin_cents (int), weight, burden.
    account_cost_unit : float
        F, RMB a year.
    kappa : float
        Multiplies the burden.

    Returns
    -------
    DataFrame of shape (n_rows, 10)
        The table `cost_to_serve`.

    Examples
    --------
    >>> one = pd.DataFrame({"customer_id": ["C1"], "year": [2024], "margin_cents": [100_000], "weight": [1.0],
    ...                     "burden": [1.0]})
    >>> cost_to_serve(one, 100, 0.5)[["account_cost", "rush_freight", "profit"]].values.tolist()
    [[100.0, 150.0, 150.0]]
    """
    positive = np.maximum(accounts["margin_cents"].to_numpy(), 0)
    service = kappa * accounts["burden"].to_numpy() * positive
    cents = {
        "sales_cost": COSTS["sales_cost"] * positive,
        "account_cost": 100 * account_cost_unit * accounts["weight"].to_numpy(),
        **{name: share * service for name, share in COSTS["split"].items()},
    }
    whole = {name: np.round(values).astype("int64") for name, values in cents.items()}
    profit = accounts["margin_cents"].to_numpy() - sum(whole.values())
    money = {"gross_margin": accounts["margin_cents"].to_numpy(), **whole, "profit": profit}
    return accounts[["customer_id", "year"]].assign(**{name: values / 100 for name, values in money.items()})
