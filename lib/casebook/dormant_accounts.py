"""Which brokerage accounts are dormant, and which condition keeps the others awake?

The three-part rule of the China Securities Depository and Clearing Corporation (中国证券登记结算), as the
source course tells it: no securities, hardly any cash, no trade for years. All three must hold.
"""

from __future__ import annotations

import datetime as dt
from numbers import Integral
from typing import Any

import pandas as pd

from casebook.days import as_day, check_days
from casebook.errors import TableError
from casebook.frames import need_pandas, refuse_gaps, start

__all__ = ["CONDITIONS", "dormant", "dormant_by"]

#: The three conditions, in the order in which reasons name them.
CONDITIONS = ("securities", "cash", "last trade")

_COLUMNS = ["account_id", "securities_value", "cash", "last_trade"]


def dormant(
    accounts: pd.DataFrame, as_of: Any = "2007-10-08", cash_max: float = 100, years: int = 3
) -> pd.DataFrame:
    """Label each account dormant (休眠账户) or active, with the conditions that it fails.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, at least 4)
        `account_id`, `securities_value` and `cash` (RMB), `last_trade` (day); pandas, others come along.
    as_of : day or str
        The day of the look.
    cash_max : float
        The most cash (RMB) that a dormant account may hold; exactly so much still is dormant.
    years : int
        Calendar years without a trade; exactly so many are enough.

    Returns
    -------
    DataFrame of shape (n_accounts, columns + 3)
        The accounts in their order, with `label` ("dormant" or "active"), `n_fails` (0-3) and `reason`: the
        conditions that fail, joined by " + " (see `CONDITIONS`), or "none fails" if dormant.

    Raises
    ------
    TableError
        If a column or value is missing, an amount is below 0, an account stands twice, a trade is later than
        `as_of`, `cash_max` is below 0 or `years` no whole number from 0 on.

    Notes
    -----
    Dormant if securities = 0 and cash <= cash_max and last_trade <= as_of - years. The source course says
    "more than 3 years" (3年以上), which in Chinese usage mostly includes 3; that it does here is our
    convention. Years are calendar years, so no leap day shifts the edge; from 29 February one counts back to
    28 February.

    Examples
    --------
    >>> four = pd.DataFrame({"account_id": list("abcd"), "securities_value": [0, 0, 0, 5],
    ...                      "cash": [100, 100.01, 50, 0], "last_trade": pd.to_datetime(
    ...                      ["2004-10-08", "2003-01-01", "2004-10-09", "2001-01-01"])})
    >>> dormant(four)[["account_id", "label", "reason"]]
      account_id    label      reason
    0          a  dormant  none fails
    1          b   active        cash
    2          c   active  last trade
    3          d   active  securities
    """
    day = as_day(as_of)
    _check_rule(cash_max, years)
    _check_accounts(accounts, day)
    edge = pd.Timestamp(day) - pd.DateOffset(years=years)
    fails = pd.DataFrame({
        "securities": accounts["securities_value"] > 0,
        "cash": accounts["cash"] > cash_max,
        "last trade": accounts["last_trade"].dt.normalize() > edge,
    })  # fmt: skip
    reason = [
        " + ".join(name for name, failed in zip(CONDITIONS, row, strict=True) if failed) or "none fails"
        for row in fails.itertuples(index=False)
    ]
    n_fails = fails.sum(axis=1).astype(int)
    label = n_fails.eq(0).map({True: "dormant", False: "active"})
    return accounts.assign(
        label=label, n_fails=n_fails, reason=pd.Series(reason, accounts.index, dtype=object)
    )


def dormant_by(
    accounts: pd.DataFrame,
    *,
    as_of: Any = "2007-10-08",
    years: tuple[int, ...] = (2, 3, 4),
    cash_max: tuple[float, ...] = (100,),
) -> pd.DataFrame:
    """Count the dormant accounts for several lengths of sleep and several limits of cash.

    Parameters
    ----------
    accounts, as_of
        As for `dormant`.
    years : tuple of int
        Lengths of sleep to try.
    cash_max : tuple of float
        Limits of cash (RMB) to try.

    Returns
    -------
    DataFrame of shape (n_years x n_limits, 4)
        `years`, `cash_max`, `accounts` (how many are dormant) and `cash` (what they hold together, RMB).

    Raises
    ------
    TableError
        As `dormant`.

    Notes
    -----
    A longer sleep or a lower limit never makes more accounts dormant. Source: our convention.

    Examples
    --------
    >>> two = pd.DataFrame({"account_id": ["a", "b"], "securities_value": [0, 0], "cash": [40, 60],
    ...                     "last_trade": pd.to_datetime(["2004-01-05", "2005-01-05"])})
    >>> dormant_by(two, years=(2, 3))
       years  cash_max  accounts  cash
    0      2       100         2   100
    1      3       100         1    40
    """
    rows = []
    for length in years:
        for limit in cash_max:
            table = dormant(accounts, as_of, limit, length)
            asleep = table["label"] == "dormant"
            told = {"years": length, "cash_max": limit, "accounts": int(asleep.sum())}
            rows.append(told | {"cash": table.loc[asleep, "cash"].sum()})
    return pd.DataFrame(rows, columns=["years", "cash_max", "accounts", "cash"])


def _check_rule(cash_max: float, years: int) -> None:
    if not cash_max >= 0:
        raise TableError(f"cash_max must be an amount from 0 on, got {cash_max!r}.")
    if isinstance(years, bool) or not isinstance(years, Integral) or years < 0:
        raise TableError(f"years must be a whole number from 0 on, got {years!r}.")


def _check_accounts(accounts: pd.DataFrame, day: dt.date) -> None:
    frame = start(need_pandas(accounts, _COLUMNS), _COLUMNS, makes=("label", "n_fails", "reason"))
    for column in _COLUMNS:
        refuse_gaps(frame, column)
    for column in ("securities_value", "cash"):
        below = accounts[column] < 0
        if below.any():
            row = accounts[below].iloc[0]
            raise TableError(
                f"Column {column!r}: account {row['account_id']} has {row[column]:g}, below 0. "
                "A debt is no sleep: settle it or leave the account out."
            )
    twice = accounts["account_id"].duplicated()
    if twice.any():
        name = accounts.loc[twice, "account_id"].iloc[0]
        raise TableError(f"Account {name} stands twice: keep one row for each account.")
    check_days(frame, "account_id", "last_trade", day)
