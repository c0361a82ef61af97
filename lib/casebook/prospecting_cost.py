"""What does a customer cost by each way of finding? Chains of rates, sums over campaigns, and intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.prospecting_checks import check_counts, check_level, check_share, check_total, plain

__all__ = ["Chain", "cac_bootstrap", "cac_interval", "cac_ranks", "chain", "method_economics"]

_STEPS = ("contacts", "reached", "leads", "qualified")


class Chain(NamedTuple):
    """What a chain of rates comes to; `steps` are the numbers after each rate, contacts first."""

    customers: float
    cost: float
    cac: float
    steps: tuple[float, ...]


def chain(cost_per_contact: float, n: float, *rates: float) -> Chain:
    """Follow `n` contacts through a chain of rates to customers and their cost (普遍寻找法, and any other).

    Parameters
    ----------
    cost_per_contact : float
        RMB for each contact, whether reached or not.
    n : float
        Number of contacts.
    *rates : float
        Share that passes each step, from 0 to 1: reached, qualified, bought …

    Returns
    -------
    Chain
        `customers` (a mean, so it may be a fraction), `cost` (RMB), `cac` (RMB a customer; infinite without
        customers) and `steps`, as a named tuple of floats.

    Raises
    ------
    TableError
        If there is no rate, a rate lies outside 0 to 1, or a number is below 0.

    Examples
    --------
    A carpet search of 1,000 addresses at 8 RMB; 40% reached, 5% of them qualified, 10% of those buy:

    >>> chain(8, 1000, 0.40, 0.05, 0.10)
    Chain(customers=2.0, cost=8000, cac=4000.0, steps=(1000, 400.0, 20.0, 2.0))
    """
    if not rates:
        raise TableError("chain needs at least one rate, such as the share of contacts that is reached.")
    for name, number in (("cost_per_contact", cost_per_contact), ("n", n)):
        check_total(name, number)
    steps = [n]
    for rate in rates:
        check_share("each rate", rate)
        steps.append(round(steps[-1] * rate, 10))
    cost = cost_per_contact * n
    return Chain(steps[-1], cost, cost / steps[-1] if steps[-1] else float("inf"), tuple(steps))


def cac_interval(cost: Any, customers: Any, *, level: float = 0.95) -> tuple[Any, Any]:
    """Give the interval of the cost per customer when `cost` brought `customers`.

    Parameters
    ----------
    cost : float, or array of shape (k,)
        RMB spent; taken as known.
    customers : whole number, or array of shape (k,)
        Customers won, a count that chance deals (Poisson).
    level : float in (0, 1)

    Returns
    -------
    (low, high) : floats, or arrays of shape (k,)
        RMB a customer. Without customers `high` is infinite.

    Raises
    ------
    TableError
        If a cost or a count is missing or below 0, or `level` is outside (0, 1).

    Notes
    -----
    Exact for a Poisson count (Garwood 1936): the count's limits are quantiles of chi-square, and cost over
    them gives the limits of the cost per customer. It needs no more than the two sums, and so works with
    one campaign; what differs between campaigns beyond chance is not in it.

    Examples
    --------
    >>> low, high = cac_interval(10_000, 20)
    >>> round(low), round(high)
    (324, 819)
    """
    from scipy.stats import chi2

    check_level(level)
    spent, won = np.asarray(cost, dtype=float), np.asarray(customers, dtype=float)
    if not ((spent >= 0) & np.isfinite(spent)).all() or not ((won >= 0) & (won == np.round(won))).all():
        raise TableError("cost must be 0 or more and customers whole numbers from 0, without gaps.")
    tail = (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        fewest = np.where(won > 0, chi2.ppf(tail, 2 * won) / 2, 0.0)
        high = np.where(fewest > 0, spent / fewest, np.inf)
    low = spent / (chi2.ppf(1 - tail, 2 * (won + 1)) / 2)
    return (low, high) if low.ndim else (float(low), float(high))


def method_economics(
    campaigns: pd.DataFrame,
    *,
    by: str = "method",
    cost: str = "cost",
    customers: str = "customers",
    level: float = 0.95,
    clv: Mapping[str, float] | float | None = None,
) -> pd.DataFrame:
    """Add up campaigns by way of finding, and work out what a customer costs, with its interval.

    Parameters
    ----------
    campaigns : DataFrame, one row per campaign
        Of the steps `contacts`, `reached`, `leads`, `qualified`, those that it has are added up as well.
    by, cost, customers : str
        Columns: the way of finding, RMB spent, customers won.
    level : float in (0, 1)
        Of the interval; see `cac_interval`.
    clv : number or mapping of method to number, optional
        RMB that a customer brings over its life.

    Returns
    -------
    DataFrame, one row per way of finding, cheapest customer first
        `by`, `campaigns`, `cost`, the steps, `customers`, `cac`, `low`, `high` (RMB a customer), and with
        `clv` also `clv` and `net_clv` (clv - cac).

    Raises
    ------
    TableError
        If a column is missing, a cost or count is missing or negative, a step is larger than the one before,
        or `clv` leaves out a method.

    Notes
    -----
    The cost per customer is the sum of costs over the sum of customers, not the mean of the campaigns' own
    costs per customer: that mean is pulled up by every campaign that was unlucky.

    See Also
    --------
    cac_interval, cac_bootstrap, casebook.plots.plot_cac

    Examples
    --------
    >>> two = pd.DataFrame({"method": ["referral", "fairs"], "cost": [2000, 60000], "customers": [4, 8]})
    >>> clv = {"referral": 1500, "fairs": 9000}
    >>> method_economics(two, clv=clv)[["method", "cac", "high", "net_clv"]].round(0)
         method     cac     high  net_clv
    0  referral   500.0   1835.0   1000.0
    1     fairs  7500.0  17372.0   1500.0
    """
    steps = [step for step in _STEPS if step in campaigns.columns]
    _check_campaigns(campaigns, by, cost, [*steps, customers])
    grouped = campaigns.groupby(by, sort=True)
    table = grouped[[cost, *steps, customers]].sum().reset_index()
    table.insert(1, "campaigns", grouped.size().to_numpy())
    low, high = cac_interval(table[cost], table[customers], level=level)
    with np.errstate(divide="ignore"):
        each = np.where(table[customers] > 0, table[cost] / table[customers].replace(0, np.nan), np.inf)
    table = table.assign(cac=each, low=low, high=high)
    if clv is not None:
        table["clv"] = _of_each(clv, table[by])
        table["net_clv"] = table["clv"] - table["cac"]
    return table.sort_values(["cac", by], kind="stable", ignore_index=True)


def _check_campaigns(campaigns: pd.DataFrame, by: str, cost: str, steps: Sequence[str]) -> None:
    """Refuse gaps, negative numbers, and a step that is larger than the one before."""
    need_pandas(campaigns, [by, cost, *steps])
    if campaigns[by].isna().any():
        row = campaigns.index[campaigns[by].isna()][0]
        raise TableError(
            f"Column {by!r} is missing in row {plain(row)!r}: name the way of finding, or leave the row out."
        )
    check_counts(campaigns, cost, whole=False)
    counts = {step: check_counts(campaigns, step) for step in steps}
    for before, after in pairwise(steps):
        odd = np.flatnonzero(counts[after] > counts[before])
        if len(odd):
            row, n, of = campaigns.index[odd[0]], counts[after][odd[0]], counts[before][odd[0]]
            raise TableError(
                f"Row {plain(row)!r} has {after}={n:,.0f} of {before}={of:,.0f}: a step cannot exceed "
                "the one before. Correct the counts."
            )


def _of_each(given: Mapping[str, float] | float, names: pd.Series) -> pd.Series:
    """One number for each name, from one number for all or from a mapping."""
    if not isinstance(given, Mapping) and not isinstance(given, pd.Series):
        return pd.Series(given, index=names.index)
    values = names.map(dict(given))
    if values.isna().any():
        raise TableError(
            f"clv has no number for {names[values.isna()].iloc[0]!r}: give one for each way of finding."
        )
    return values


def cac_bootstrap(
    campaigns: pd.DataFrame,
    *,
    by: str = "method",
    cost: str = "cost",
    customers: str = "customers",
    draws: int = 2000,
    level: float = 0.95,
    seed: int,
) -> pd.DataFrame:
    """Give intervals of the cost per customer by drawing each method's campaigns again (bootstrap).

    Parameters
    ----------
    campaigns : DataFrame, one row per campaign
    by, cost, customers : str
        As in `method_economics`.
    draws : int
        How often.
    level : float in (0, 1)
    seed : int

    Returns
    -------
    DataFrame, one row per way of finding, sorted by name
        `by`, `campaigns`, `cac`, `low`, `high` (RMB a customer; infinite where a draw has no customer).

    Raises
    ------
    TableError
        As `method_economics`, or if `draws` is below 1.

    Notes
    -----
    Source: Efron (1979). With a handful of campaigns it is too narrow: four give only 35 different draws, and
    four that happen to agree give hardly any spread. Prefer `cac_interval` there.

    Examples
    --------
    >>> four = pd.DataFrame({"method": ["own records"] * 4, "cost": [1600, 1700, 1900, 1900],
    ...                      "customers": [4, 5, 5, 4]})
    >>> cac_bootstrap(four, seed=5).round(0).to_dict("records")
    [{'method': 'own records', 'campaigns': 4, 'cac': 394.0, 'low': 353.0, 'high': 447.0}]
    """
    _check_campaigns(campaigns, by, cost, [customers])
    check_level(level)
    if draws < 1:
        raise TableError(f"draws must be 1 or more, got {draws!r}.")
    rng, rows = np.random.default_rng(seed), []
    for name, runs in campaigns.sort_values([by, cost, customers], kind="stable").groupby(by, sort=True):
        again = rng.integers(0, len(runs), (draws, len(runs)))
        spent = runs[cost].to_numpy(dtype=float)[again].sum(axis=1)
        won = runs[customers].to_numpy(dtype=float)[again].sum(axis=1)
        each = np.where(won > 0, spent / np.where(won > 0, won, 1), np.inf)
        ends = np.quantile(each, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
        whole = runs[customers].sum()
        rows.append((name, len(runs), runs[cost].sum() / whole if whole else np.inf, *ends))
    return pd.DataFrame(rows, columns=[by, "campaigns", "cac", "low", "high"])


def cac_ranks(
    methods: pd.DataFrame, *, by: str = "method", draws: int = 2000, level: float = 0.9, seed: int
) -> pd.DataFrame:
    """Deal the customers again and rank the methods by cost each time: how firm is each place?

    Parameters
    ----------
    methods : DataFrame, one row per way of finding
        `by`, `cost` (RMB), `customers`, as `method_economics` returns them.
    by : str
        Column with the way of finding.
    draws : int
        How often.
    level : float in (0, 1)
        Share of the draws between `low` and `high`.
    seed : int

    Returns
    -------
    DataFrame, cheapest first
        `by`, `cac` (RMB), `rank` (1 is the cheapest), `low`, `high` (ranks), `below_next`: share of the draws
        in which it costs less than the next in the list (missing for the last).

    Raises
    ------
    TableError
        If a column is missing, a number is missing or negative, or `draws` is below 1.

    Notes
    -----
    A count of n customers could as well have been another; each draw takes a Gamma(n + 1/2) in its place, the
    Jeffreys posterior of a Poisson mean.

    Examples
    --------
    >>> three = pd.DataFrame({"method": ["a", "b", "c"], "cost": [400, 500, 9000], "customers": [20, 20, 20]})
    >>> cac_ranks(three, seed=5)[["method", "rank", "low", "high"]].to_numpy().tolist()
    [['a', 1, 1, 2], ['b', 2, 1, 2], ['c', 3, 3, 3]]
    """
    need_pandas(methods, [by, "cost", "customers"])
    cost, won = check_counts(methods, "cost", whole=False), check_counts(methods, "customers")
    check_level(level)
    if draws < 1 or methods.empty:
        raise TableError(f"One method and one draw are needed at least, got {len(methods)} and {draws!r}.")
    each = np.where(won > 0, cost / np.where(won > 0, won, 1), np.inf)
    order = np.lexsort((methods[by].astype(str).to_numpy(), each))
    rate = np.random.default_rng(seed).gamma(won + 0.5, size=(draws, len(won)))[:, order]
    dealt = cost[order] / rate
    ranks = dealt.argsort(axis=1).argsort(axis=1) + 1
    ends = np.quantile(ranks, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf").astype(int)
    below = np.append((dealt[:, :-1] < dealt[:, 1:]).mean(axis=0), np.nan)
    return pd.DataFrame(
        {
            by: methods[by].to_numpy()[order],
            "cac": each[order],
            "rank": np.arange(1, len(won) + 1),
            "low": ends[0],
            "high": ends[1],
            "below_next": below,
        }
    )
