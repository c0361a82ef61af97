"""The signs of a bad customer, and the risks of a large one. They ask for a look by a person, no more."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import check_values
from casebook.frames import need_pandas, refuse_gaps, start

__all__ = ["BAD_RULES", "LARGE_LIMITS", "bad_flags", "large_customer_risk"]

#: From where on each of the five signs of a bad customer counts (our convention; the source has no numbers).
BAD_RULES: Mapping[str, float] = MappingProxyType(
    {
        "misfit_share": 0.30,  # share of its orders that ask for what we do badly
        "off_strategy_share": 0.30,  # share of its spending on what we want to leave
        "small_spend": 0.25,  # of the mean spending; below it, and at a loss, an account buys too little
        "tickets_per_10k": 2.0,  # service tickets for 10,000 of spending
        "csat_at_most": 2.0,  # last answer on 1 to 5 …
        "after_resolved": 2.0,  # … after so many resolved complaints
    }
)
_FLAGS = ("misfit", "off_strategy", "buys_little", "demanding", "never_satisfied")

#: From where on each of the four risks of a large customer counts as high (our convention).
LARGE_LIMITS: Mapping[str, float] = MappingProxyType(
    {"financial": 0.05, "profit": 0.15, "management": 0.05, "churn": 0.005}
)


def bad_flags(
    customers: pd.DataFrame,
    tickets: pd.DataFrame,
    surveys: pd.DataFrame,
    complaints: pd.DataFrame,
    *,
    key: str = "customer_id",
    rules: Mapping[str, float] = BAD_RULES,
    review_at: int = 3,
) -> pd.DataFrame:
    """Raise the five flags of a bad customer (坏客户), and say who should be looked at by a person.

    Parameters
    ----------
    customers : DataFrame, one row per customer
        `key`, `spend` (money, 10,000 of which is the yardstick), `profit` (same currency), `misfit_share`
        (0-1, of its orders, asking for what we do badly) and `off_strategy_share` (0-1, of its spending).
    tickets : DataFrame, one row per call to the service desk
        `key`.
    surveys : DataFrame, one row per answer
        `key`, `date`, `csat` (1 to 5).
    complaints : DataFrame, one row per complaint
        `key`, `closed` (date; missing while it is open, and open ones do not count).
    key : str
        Column that names the customer.
    rules : mapping
        Any of `BAD_RULES` may be changed.
    review_at : int
        From so many flags on the verdict is "review".

    Returns
    -------
    DataFrame, in the order and with the index of `customers`
        `key`, five columns of bool (``misfit, off_strategy, buys_little, demanding, never_satisfied``),
        ``n_flags``, ``verdict`` ("review" or "keep") and ``reason``, the flags in words. Review is for a
        person to do: nothing here dismisses anybody.

    Raises
    ------
    TableError
        If a column is missing or has gaps, a customer stands twice, or a rule is unknown.

    Notes
    -----
    Source: the five signs are the source course's; every number is our convention. *Buys little*: spends
    less than `small_spend` of the mean and loses money. *Never satisfied*: the last answer, given after the
    complaint number `after_resolved` was closed, is `csat_at_most` or less. Su Chaohui adds bad debts and
    lawsuits, which belong to the credit lessons here.

    Examples
    --------
    >>> customers = pd.DataFrame({"customer_id": ["K1", "K2"], "spend": [900.0, 90_000.0],
    ...                           "profit": [-80.0, 5_000.0], "misfit_share": [0.5, 0.0],
    ...                           "off_strategy_share": [0.0, 0.4]})
    >>> tickets = pd.DataFrame({"customer_id": ["K1", "K1", "K2"]})
    >>> surveys = pd.DataFrame({"customer_id": ["K2"], "date": pd.to_datetime(["2024-06-30"]), "csat": [2]})
    >>> complaints = pd.DataFrame({"customer_id": ["K2"], "closed": pd.to_datetime(["2024-02-01"])})
    >>> bad_flags(customers, tickets, surveys, complaints)[["customer_id", "n_flags", "verdict", "reason"]]
      customer_id  n_flags verdict                           reason
    0          K1        3  review  misfit, buys little, demanding
    1          K2        1    keep                     off strategy
    """
    limit = _rules(rules, BAD_RULES)
    numbers = ["spend", "profit", "misfit_share", "off_strategy_share"]
    need_pandas(customers, [key, *numbers])
    for column in numbers:
        check_values(start(customers, [key, column]), column, key)
    _one_row_each(customers, key)
    need_pandas(tickets, [key])
    need_pandas(surveys, [key, "date", "csat"])
    need_pandas(complaints, [key, "closed"])
    who, spend = customers[key], customers["spend"].to_numpy(dtype=float)
    calls = who.map(tickets[key].value_counts()).fillna(0).to_numpy(dtype=float)
    flags = {
        "misfit": customers["misfit_share"].to_numpy() >= limit["misfit_share"],
        "off_strategy": customers["off_strategy_share"].to_numpy() >= limit["off_strategy_share"],
        "buys_little": (spend < limit["small_spend"] * spend.mean()) & (customers["profit"].to_numpy() < 0),
        "demanding": (calls > 0) & (calls * 10_000 >= limit["tickets_per_10k"] * spend),
        "never_satisfied": who.isin(_never_satisfied(surveys, complaints, key, limit)).to_numpy(),
    }
    made = pd.DataFrame({key: who, **flags}, index=customers.index)
    count = made[list(_FLAGS)].sum(axis=1)
    words = [
        ", ".join(name.replace("_", " ") for name in _FLAGS if row[name]) or "no flag"
        for row in made[list(_FLAGS)].to_dict("records")
    ]
    return made.assign(
        n_flags=count.to_numpy(), verdict=np.where(count >= review_at, "review", "keep"), reason=words
    )


def large_customer_risk(
    accounts: pd.DataFrame,
    *,
    key: str = "customer_id",
    limits: Mapping[str, float] = LARGE_LIMITS,
) -> pd.DataFrame:
    """Score the four risks of a large customer: large is not ideal (大客户不等于理想客户).

    Parameters
    ----------
    accounts : DataFrame, one row per account of the whole firm
        `key`, `revenue`, `list_value` (the same sales at list price), `overdue` and `receivable` (money owed
        after its due date, and in all), `hours` (of service) and `p_leave` (chance of leaving within a
        year, 0-1). Money in one currency.
    key : str
        Column that names the account.
    limits : mapping
        From where on each score is high; any of `LARGE_LIMITS` may be changed.

    Returns
    -------
    DataFrame, in the order and with the index of `accounts`
        `key`, the scores (0-1) ``financial`` (overdue, of all receivables), ``profit`` (price given up:
        1 - revenue / list value), ``management`` (of all service hours) and ``churn`` (share of revenue times
        chance of leaving), ``revenue_at_risk`` (revenue times that chance), ``risky`` (bool) and ``reason``.

    Raises
    ------
    TableError
        If a column is missing, has gaps or is negative, a chance is above 1, an account stands twice, or a
        limit is unknown.

    Notes
    -----
    The source course names the four risks; the measures and limits are our convention. A score is 0 where its
    total is 0 (nobody owes anything).

    Examples
    --------
    >>> three = pd.DataFrame({"customer_id": ["A", "B", "C"], "revenue": [500.0, 300.0, 200.0],
    ...     "list_value": [600.0, 300.0, 200.0], "overdue": [0.0, 4.0, 0.0], "receivable": [60.0, 30.0, 10.0],
    ...     "hours": [3.0, 1.0, 96.0], "p_leave": [0.005, 0.0, 0.0]})
    >>> large_customer_risk(three)[["customer_id", "revenue_at_risk", "risky", "reason"]]
      customer_id  revenue_at_risk  risky                              reason
    0           A              2.5   True      profit 16.7% (high from 15.0%)
    1           B              0.0  False                     no risk is high
    2           C              0.0   True  management 96.0% (high from 5.0%)
    """
    limit = _rules(limits, LARGE_LIMITS)
    numbers = ["revenue", "list_value", "overdue", "receivable", "hours", "p_leave"]
    need_pandas(accounts, [key, *numbers])
    _one_row_each(accounts, key)
    for column in numbers:
        check_values(start(accounts, [key, column]), column, key)
        bad = accounts[(accounts[column] < 0) | ((accounts[column] > 1) & (column == "p_leave"))]
        if len(bad):
            raise TableError(
                f"Column {column!r} is {bad[column].iloc[0]:g} for {key}={bad[key].iloc[0]}: it must be "
                + ("from 0 to 1." if column == "p_leave" else "0 or more.")
            )
    revenue = accounts["revenue"]
    scores = pd.DataFrame(
        {
            "financial": _part(accounts["overdue"], accounts["receivable"].sum()),
            "profit": 1 - _part(revenue, accounts["list_value"]).where(accounts["list_value"] > 0, 1.0),
            "management": _part(accounts["hours"], accounts["hours"].sum()),
            "churn": _part(revenue, revenue.sum()) * accounts["p_leave"],
        }
    )
    high = scores >= pd.Series(limit)
    reason = [
        "; ".join(f"{name} {row[name]:.1%} (high from {limit[name]:.1%})" for name in limit if is_high[name])
        for row, is_high in zip(scores.to_dict("records"), high.to_dict("records"), strict=True)
    ]
    return scores.assign(
        revenue_at_risk=revenue * accounts["p_leave"],
        risky=high.any(axis=1),
        reason=[text or "no risk is high" for text in reason],
    ).pipe(lambda made: pd.concat([accounts[[key]], made], axis=1))


# Helpers ---------------------------------------------------------------------------------------------------


def _rules(given: Mapping[str, float], usual: Mapping[str, float]) -> dict[str, float]:
    """The usual limits with the given ones in their place; an unknown name raises a TableError."""
    odd = [name for name in given if name not in usual]
    if odd:
        raise TableError(f"There is no rule {odd[0]!r}; the rules are {', '.join(usual)}.")
    return {**usual, **given}


def _one_row_each(table: pd.DataFrame, key: str) -> None:
    refuse_gaps(start(table, [key]), key, "name the customer, or leave those rows out")
    if not table[key].is_unique:
        twice = table.loc[table[key].duplicated(), key].iloc[0]
        raise TableError(f"Column {key!r} names {twice!r} more than once: make one row each first.")


def _never_satisfied(
    surveys: pd.DataFrame, complaints: pd.DataFrame, key: str, limit: Mapping[str, float]
) -> pd.Index:
    """Customers whose last answer is low although enough complaints had been closed by then."""
    closed = complaints.dropna(subset=["closed"]).sort_values("closed", kind="stable")
    nth = closed[closed.groupby(key).cumcount() + 1 == max(1, int(limit["after_resolved"]))]
    since = nth.set_index(key)["closed"]
    last = surveys.sort_values("date", kind="stable").drop_duplicates(key, keep="last").set_index(key)
    late = last.join(since, how="inner")
    low = late[(late["csat"] <= limit["csat_at_most"]) & (late["date"] > late["closed"])]
    return low.index


def _part(amount: pd.Series, total: Any) -> pd.Series:
    """Share of a total; 0 where the total is 0."""
    whole = pd.Series(total, index=amount.index, dtype=float)
    return (amount / whole.where(whole > 0)).fillna(0.0).astype(float)
