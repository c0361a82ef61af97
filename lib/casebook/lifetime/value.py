"""What a customer is worth from now on: purchases to come, times their value, times margin, discounted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.lifetime.gammagamma import GammaGamma
from casebook.lifetime.summary import DAYS_IN
from casebook.prospect_cells import check_numbers

__all__ = ["clv", "source_equity"]

_DAYS_A_YEAR = 365.25


def clv(
    summary: pd.DataFrame,
    *,
    transactions: Any,
    spend: Any,
    horizon: float,
    discount: float,
    margin: float,
    unit: str = "W",
    step: float = 1,
) -> pd.DataFrame:
    """Residual lifetime value of each customer: what is still to come, and not what has been.

    Parameters
    ----------
    summary : DataFrame of shape (n_customers, at least 3)
        As `rfm_summary` gives it; `monetary_value` too where `spend` is a model.
    transactions : fitted BetaGeoNBD or ParetoNBD
        Says how many purchases are to come.
    spend : fitted GammaGamma, number, or Series of shape (n_customers,)
        Value of a purchase, in money.
    horizon : float, above 0
        How far to look, in the unit of `T`.
    discount : float, at least 0
        Discount rate of a **year**, whatever the unit; 0.1 for 10 %.
    margin : float, at most 1
        Share of the value that is left after the cost of the goods; 1 gives revenue, a loss is negative.
    unit : {"D", "W", "M", "Y"}
        The unit of time of the summary; it converts the discount.
    step : float, above 0, at most `horizon`
        Purchases are discounted at the end of periods of this length, in the unit of `T`.

    Returns
    -------
    DataFrame of shape (n_customers, 4), index as `summary`
        `p_alive`, `expected_purchases` (within the horizon, not discounted), `expected_spend` (money) and
        `clv` (money of today). Without a discount, clv = margin · expected_purchases · expected_spend.

    Raises
    ------
    TableError
        If a number is out of its range, the unit is unknown, a Series does not fit the summary, or
        `transactions` is no model of purchases.

    Notes
    -----
    Source: Fader, Hardie and Lee (2005a), RFM and CLV. The first purchase, and all those already made,
    are not in it. Frequency and value of purchases are taken to be independent.

    Examples
    --------
    >>> from casebook.lifetime import BetaGeoNBD
    >>> model = BetaGeoNBD()
    >>> model.r_, model.alpha_, model.a_, model.b_ = 0.243, 4.414, 0.793, 2.426
    >>> one = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]})
    >>> clv(one, transactions=model, spend=20, horizon=39, discount=0.1, margin=0.5).round(2).iloc[0].tolist()
    [0.73, 1.23, 20.0, 11.85]
    """
    _check(horizon, discount, margin, unit, step)
    need_pandas(summary, ["frequency", "recency", "T"])
    if not hasattr(transactions, "expected_purchases"):
        raise TableError(
            f"transactions must be a fitted BetaGeoNBD or ParetoNBD, got {type(transactions).__name__}."
        )
    each = _spend(summary, spend)
    # Customers with the same history have the same future: work each history out once.
    history = ["frequency", "recency", "T"]
    different = summary[history].drop_duplicates()
    times = [*np.arange(step, horizon, step), horizon]
    per_step = (1 + discount) ** (DAYS_IN[unit] * step / _DAYS_A_YEAR)
    until, discounted = np.zeros(len(different)), np.zeros(len(different))
    for k, time in enumerate(times, 1):
        upto = transactions.expected_purchases(time, different).to_numpy(dtype=float)
        discounted += (upto - until) / per_step**k
        until = upto
    alive = transactions.p_alive(different).to_numpy(dtype=float)
    future = different.assign(p_alive=alive, expected_purchases=until, discounted=discounted)
    found = summary[history].merge(future, on=history, how="left", sort=False).set_axis(summary.index)
    return pd.DataFrame(
        {
            "p_alive": found["p_alive"],
            "expected_purchases": found["expected_purchases"],
            "expected_spend": each,
            "clv": margin * found["discounted"] * each,
        }
    )


def source_equity(
    customers: pd.DataFrame,
    clv: str,
    campaigns: pd.DataFrame,
    *,
    source: str = "source",
    cost: str = "cost",
    won: str = "customers",
) -> pd.DataFrame:
    """Set lifetime value against the cost of acquisition, source by source (获取成本).

    Parameters
    ----------
    customers : DataFrame of shape (n_customers, at least 2)
        `source`, and the column `clv`: lifetime value of each customer since acquisition, money.
    clv : str
        Name of that column.
    campaigns : DataFrame of shape (n_campaigns, at least 3)
        `source`, `cost` (money spent) and `won` (customers won).
    source, cost, won : str
        Names of the columns.

    Returns
    -------
    DataFrame of shape (n_sources, 7), best net value first, ties by source
        `source`, `customers` (with a value), `cac` (cost of a customer won; missing where nobody was
        won), `clv` (mean), `se` (standard error of that mean), `net` (clv - cac) and `ratio` (clv / cac).

    Raises
    ------
    TableError
        If a column is missing, has gaps or no numbers, a cost or a number won is negative, or a source of
        customers has no campaign.

    Notes
    -----
    Source: customer equity, Blattberg and Deighton (1996); the source course says only that the wrong
    customers cost more. The value is a mean over few customers: look at `se` before you rank.

    Examples
    --------
    >>> customers = pd.DataFrame({"source": ["referral", "ads", "ads"], "clv": [1_500, 1_000, 1_400]})
    >>> campaigns = pd.DataFrame({"source": ["referral", "ads"], "cost": [5_000, 15_000]})
    >>> campaigns["customers"] = 10
    >>> source_equity(customers, "clv", campaigns)[["source", "cac", "clv", "net", "ratio"]]
         source     cac     clv     net  ratio
    0  referral   500.0  1500.0  1000.0    3.0
    1       ads  1500.0  1200.0  -300.0    0.8
    """
    need_pandas(customers, [source, clv])
    need_pandas(campaigns, [source, cost, won])
    for table, columns in ((customers, [source, clv]), (campaigns, [source, cost, won])):
        for column in columns:
            if table[column].isna().any():
                row = table.index[table[column].isna()][0]
                raise TableError(f"Column {column!r} is missing in row {row!r}: fill it in or leave it out.")
    check_numbers(customers, clv)
    for column in (cost, won):
        values = check_numbers(campaigns, column)
        if (values < 0).any():
            row = campaigns.index[values < 0][0]
            raise TableError(f"Column {column!r} is negative in row {row!r}: correct it or leave it out.")
    spent = campaigns.groupby(source)[[cost, won]].sum()
    lost = sorted(set(customers[source]) - set(spent.index), key=str)
    if lost:
        raise TableError(f"Customers come from {lost[0]!r}, and no campaign has that {source}.")
    worth = customers.groupby(source)[clv].agg(["size", "mean", "std"])
    table = spent.join(worth, how="inner")
    cac = (table[cost] / table[won]).where(table[won] > 0)
    made = pd.DataFrame(
        {
            "customers": table["size"],
            "cac": cac,
            "clv": table["mean"],
            "se": table["std"] / np.sqrt(table["size"]),
            "net": table["mean"] - cac,
            "ratio": table["mean"] / cac,
        }
    ).reset_index(names=source)
    return made.sort_values(["net", source], ascending=[False, True], kind="stable", ignore_index=True)


def _check(horizon: float, discount: float, margin: float, unit: str, step: float) -> None:
    if unit not in DAYS_IN:
        raise TableError(f"unit={unit!r} is no unit of time here; use one of {', '.join(DAYS_IN)}.")
    rules: tuple[tuple[str, Any, Callable[[Any], bool], str], ...] = (
        ("horizon", horizon, lambda x: x > 0, "a length of time above 0, in the unit of T"),
        ("discount", discount, lambda x: x >= 0, "a yearly rate of at least 0, such as 0.1"),
        ("margin", margin, lambda x: x <= 1, "a share of the value of a purchase, such as 0.4"),
        ("step", step, lambda x: 0 < x <= horizon, "a length of time above 0, at most the horizon"),
    )
    for name, given, holds, what in rules:
        number = isinstance(given, (int, float, np.number)) and not isinstance(given, bool)
        if not number or not np.isfinite(given) or not holds(given):
            raise TableError(f"{name} must be {what}; got {given!r}.")


def _spend(summary: pd.DataFrame, spend: Any) -> pd.Series:
    if isinstance(spend, GammaGamma):
        return pd.Series(spend.expected_spend(summary))
    if isinstance(spend, pd.Series):
        if not spend.index.equals(summary.index) or spend.isna().any():
            raise TableError("spend must have a value for each customer, with the index of the summary.")
        values = check_numbers(spend.rename("spend").to_frame(), "spend")
        if (values < 0).any():
            at = int(np.flatnonzero(values < 0)[0])
            raise TableError(
                f"spend of {spend.index[at]!r} is {values[at]:g}: a purchase is worth 0 or more; deduct its "
                "cost by margin."
            )
        return spend.astype(float)
    amount = isinstance(spend, (int, float, np.number)) and not isinstance(spend, bool)
    if not amount or not spend > 0 or not np.isfinite(spend):
        raise TableError(f"spend must be a fitted GammaGamma, a Series, or an amount above 0; got {spend!r}.")
    return pd.Series(float(spend), index=summary.index)
