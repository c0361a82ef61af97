"""What does a fee on small accounts bring, whom does it hit, and what if some of them leave?

A *fee* is a month's; a *cost* and a *spread* (share of the balance that the bank earns) are a year's. Below a
threshold means strictly below: whoever holds exactly the threshold pays nothing. The functions take small
pandas tables, or plain numbers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas, refuse_gaps, start

__all__ = [
    "MONTHS",
    "SPREAD",
    "Leaving",
    "account_fee",
    "account_results",
    "charge_accounts",
    "collectable",
    "fee_after_leaving",
    "fee_breakeven",
]

#: Months in a year: fees are stated for a month, costs for a year.
MONTHS = 12
#: What a bank earns in a year on one RMB of deposits (our convention; the source course states none).
SPREAD = 0.02

_RULE = ["bank", "tier", "threshold", "fee", "unit"]


class Leaving(NamedTuple):
    """What a fee changes in a year when some of those charged leave, in money, and the share it survives."""

    fee_income: float  #: fees of those who stay
    margin_lost: (
        float  #: what the leavers brought before the fee; below 0 if they cost more than they brought
    )
    change: float  #: fee_income less margin_lost
    tipping: float  #: share of leavers (0-1) at which change is 0; 1 if no share makes it negative
    reason: str


def account_fee(
    bank: str,
    tier: str,
    avg_balance: float,
    schedule: pd.DataFrame,
    *,
    as_of: str = "2007",
    unit: str = "RMB",
) -> float:
    """Look up what one account pays a month (小额账户管理费).

    Parameters
    ----------
    bank, tier : str
        Whose schedule, and which kind of service.
    avg_balance : float
        Mean balance of the account, in `unit`.
    schedule : DataFrame of shape (n_rules, at least 6)
        `bank`, `tier`, `as_of`, `threshold`, `fee` (a month) and `unit`, as in the table `fee_schedule`.
    as_of : str
        Which of the bank's dated schedules.
    unit : str
        In which unit the balance is. A rule in another unit is refused.

    Returns
    -------
    float
        The fee a month: 0 at the threshold or above, NaN if the rule names no fee (which is not a fee of 0).

    Raises
    ------
    TableError
        If the balance is missing or below 0, there is no such rule or more than one, or its unit differs.

    Notes
    -----
    Below is strict `<`. Source: the source course (its figures for 2007); the dates stand in `as_of`, because
    it tells two schedules of one bank.

    Examples
    --------
    >>> rules = pd.DataFrame({"bank": ["Citibank"], "tier": ["ordinary"], "as_of": ["2007"],
    ...                       "threshold": [80_000], "fee": [50], "unit": ["RMB"]})
    >>> account_fee("Citibank", "ordinary", 79_999, rules), account_fee("Citibank", "ordinary", 80_000, rules)
    (50.0, 0.0)
    """
    need_pandas(schedule, [*_RULE, "as_of"])
    _check_amount(avg_balance, "avg_balance")
    found = schedule[
        (schedule["bank"] == bank) & (schedule["tier"] == tier) & (schedule["as_of"].astype(str) == as_of)
    ]
    if len(found) != 1:
        has = "; ".join(f"{r.bank} {r.tier} {r.as_of}" for r in schedule.itertuples())
        raise TableError(
            f"{len(found) or 'No'} rule{'s' * (len(found) > 1)} for {bank} {tier} {as_of}. "
            f"The schedule has: {has}."
        )
    rule = found.iloc[0]
    if rule["unit"] != unit:
        raise TableError(
            f"The rule for {bank} {tier} {as_of} is in {rule['unit']!r}, the balance in {unit!r}: "
            "bring both into one unit first, and say at which rate."
        )
    return float(rule["fee"]) if avg_balance < rule["threshold"] else 0.0


def charge_accounts(accounts: pd.DataFrame, schedule: pd.DataFrame) -> pd.DataFrame:
    """Apply a schedule of fees to a table of accounts: who pays, how much, and why.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, at least 4)
        `account_id`, `bank`, `tier`, `avg_balance`; pandas, further columns come along.
    schedule : DataFrame
        One rule for each bank and tier: `bank`, `tier`, `threshold`, `fee` (a month), `unit`. Choose the date
        first.

    Returns
    -------
    DataFrame of shape (n_accounts, columns + 4)
        The accounts in their order, with `threshold`, `charged` (True if strictly below it), `fee_month` (0
        if not charged, NaN if charged and the rule names no fee) and `reason`.

    Raises
    ------
    TableError
        If a column is missing, a balance is missing or below 0, a bank and tier has two rules or none, or a
        rule is not in RMB.

    Notes
    -----
    The same rule as `account_fee`, for all accounts at once. Source: the source course; a missing fee is kept
    missing (our convention).

    Examples
    --------
    >>> rules = pd.DataFrame({"bank": ["HSBC"], "tier": ["ordinary"], "threshold": [100_000], "fee": [150],
    ...                       "unit": ["RMB"]})
    >>> two = pd.DataFrame({"account_id": ["a", "b"], "bank": "HSBC", "tier": "ordinary",
    ...                     "avg_balance": [99_999.99, 100_000]})
    >>> charge_accounts(two, rules)[["account_id", "charged", "fee_month"]]
      account_id  charged  fee_month
    0          a     True      150.0
    1          b    False        0.0
    """
    start(
        accounts, ["account_id", "bank", "tier", "avg_balance"], makes=("threshold", "charged", "fee_month")
    )
    _check_accounts(accounts, ["avg_balance"])
    rules = _one_rule_each(need_pandas(schedule, _RULE))
    asked = pd.MultiIndex.from_frame(accounts[["bank", "tier"]])
    without = ~asked.isin(rules.index)
    if without.any():
        bank, tier = asked[without][0]
        raise TableError(
            f"No rule for {bank} {tier} (accounts: {int(without.sum())}): "
            "add one, or leave these accounts out."
        )
    of_each = rules.reindex(asked)
    table = accounts.assign(threshold=of_each["threshold"].to_numpy(dtype=float))
    table["charged"] = table["avg_balance"] < table["threshold"]
    fee = pd.Series(of_each["fee"].to_numpy(dtype=float), index=accounts.index)
    table["fee_month"] = fee.where(table["charged"], 0.0)
    table["reason"] = [
        f"{'below' if charged else 'not below'} {threshold:,.0f}"
        + (", no fee stated" if math.isnan(paid) else "")
        for charged, threshold, paid in zip(
            table["charged"], table["threshold"], table["fee_month"], strict=True
        )
    ]
    return table


def fee_breakeven(cost_per_account: float, spread: float = SPREAD) -> float:
    """Find the balance from which an account earns what it costs (盈亏平衡余额).

    Parameters
    ----------
    cost_per_account : float
        What an account costs in a year (RMB), 0 or more.
    spread : float
        What the bank earns in a year on one RMB of balance, above 0.

    Returns
    -------
    float
        cost_per_account / spread, in RMB.

    Raises
    ------
    TableError
        If the cost is missing or below 0, or the spread is not between 0 and 1.

    Notes
    -----
    Source: standard break-even reasoning; the source course gives neither a cost nor a spread.

    Examples
    --------
    >>> fee_breakeven(5, 0.02)
    250.0
    """
    _check_amount(cost_per_account, "cost_per_account")
    _check_spread(spread)
    return cost_per_account / spread


def account_results(accounts: pd.DataFrame, *, spread: float = SPREAD) -> pd.DataFrame:
    """Work out what each account earns, costs and leaves in a year, before any fee.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, at least 2)
        `avg_balance` and `cost` (a year), in RMB; pandas, further columns come along.
    spread : float
        What the bank earns in a year on one RMB of balance.

    Returns
    -------
    DataFrame of shape (n_accounts, columns + 2)
        With `income` = spread x avg_balance and `result` = income - cost, both RMB a year.

    Raises
    ------
    TableError
        If a column or a value is missing, a value is below 0, or the spread is not between 0 and 1.

    Notes
    -----
    Source: standard; what a customer may bring later, or elsewhere in the bank, is not in it.

    Examples
    --------
    >>> account_results(pd.DataFrame({"avg_balance": [13, 1_000_000], "cost": [5.0, 5.0]}))
       avg_balance  cost    income    result
    0           13   5.0      0.26     -4.74
    1      1000000   5.0  20000.00  19995.00
    """
    start(accounts, ["avg_balance", "cost"], makes=("income", "result"))
    _check_accounts(accounts, ["avg_balance", "cost"])
    _check_spread(spread)
    income = accounts["avg_balance"] * spread
    return accounts.assign(income=income, result=income - accounts["cost"])


def collectable(avg_balance: pd.Series, fee_month: float) -> pd.Series:
    """Work out what a fee really takes out of small accounts in a year: never more than is in them.

    Parameters
    ----------
    avg_balance : Series of shape (n_accounts,)
        Balance (RMB), 0 or more.
    fee_month : float
        Fee a month (RMB), 0 or more.

    Returns
    -------
    Series of shape (n_accounts,)
        The smaller of balance and twelve fees, RMB a year.

    Raises
    ------
    TableError
        If a balance is missing or below 0, or the fee is.

    Notes
    -----
    Our convention: nobody pays in money only to pay the fee, and no account is overdrawn for it.

    Examples
    --------
    >>> collectable(pd.Series([13.0, 60.0]), fee_month=2).tolist()
    [13.0, 24.0]
    """
    _check_accounts(pd.DataFrame({"avg_balance": avg_balance}), ["avg_balance"])
    _check_amount(fee_month, "fee_month")
    return avg_balance.clip(upper=MONTHS * fee_month)


def fee_after_leaving(fee_year: float, margin_year: float, leave: float = 0.3) -> Leaving:
    """Work out what a fee changes when a share of those charged leaves, each as likely as the other.

    Parameters
    ----------
    fee_year : float
        Fees of a year of all who are charged (RMB), 0 or more.
    margin_year : float
        What they leave the bank in a year before the fee (RMB): income less cost, below 0 if they cost more.
    leave : float
        Share of those charged who leave, 0-1.

    Returns
    -------
    Leaving
        fee_income, margin_lost, change (all float, RMB a year), tipping (share) and reason.

    Raises
    ------
    TableError
        If the fee is missing or below 0, the margin is missing, or the share is not between 0 and 1.

    Notes
    -----
    change = (1 - leave) x fee - leave x margin; it is 0 at leave = fee / (fee + margin). If those with large
    balances leave first, more is lost. Source: our convention, with the 30 % of the case.

    Examples
    --------
    >>> fee_after_leaving(1_000, 500, leave=0.3)[:4]
    (700.0, 150.0, 550.0, 0.6666666666666666)
    >>> fee_after_leaving(0, -100, leave=0.3).change  # those who cost more than they bring
    30.0
    """
    _check_amount(fee_year, "fee_year")
    if not math.isfinite(margin_year):
        raise TableError(f"margin_year must be a number, got {margin_year!r}.")
    if not 0 <= leave <= 1:
        raise TableError(f"leave must be a share from 0 to 1, got {leave!r}.")
    income, lost = (1 - leave) * fee_year, leave * margin_year
    tipping = 1.0 if margin_year <= 0 else fee_year / (fee_year + margin_year)
    reason = (
        "those charged cost more than they bring: who leaves saves money"
        if margin_year < 0
        else f"the fee gains as long as fewer than {tipping:.0%} leave"
    )
    return Leaving(income, lost, income - lost, tipping, reason)


def _one_rule_each(schedule: pd.DataFrame) -> pd.DataFrame:
    twice = schedule.duplicated(["bank", "tier"])
    if twice.any():
        rule = schedule[twice].iloc[0]
        raise TableError(
            f"Two rules for {rule['bank']} {rule['tier']}: keep those of one date before you charge."
        )
    other = schedule["unit"] != "RMB"
    if other.any():
        rule = schedule[other].iloc[0]
        raise TableError(
            f"The rule for {rule['bank']} {rule['tier']} is in {rule['unit']!r}, "
            "the balances in RMB: leave it out."
        )
    return schedule.set_index(["bank", "tier"])


def _check_accounts(accounts: pd.DataFrame, columns: list[str]) -> None:
    frame = start(accounts, columns)
    for column in columns:
        refuse_gaps(frame, column)
        below = accounts[column] < 0
        if below.any():
            at = accounts.index[below][0]
            raise TableError(
                f"Column {column!r}: row {at} is {accounts[column][below].iloc[0]:g}, below 0. "
                "An overdraft is another product: leave it out."
            )


def _check_amount(value: float, name: str) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise TableError(f"{name} must be an amount from 0 on, got {value!r}.")


def _check_spread(spread: float) -> None:
    if not 0 < spread < 1:
        raise TableError(f"spread must be a share between 0 and 1, such as 0.02, got {spread!r}.")
