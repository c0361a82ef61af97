"""Who takes a cash discount, and by how many days does it hasten the money? The crux of its price.

A discount's price is a rate a year only once one knows on which day the customer would have paid otherwise.
No invoice says so. `days_earlier` compares the takers with four stand-ins, from the worst to the best.
The tables come from `casebook.receivables.days_to_pay` with a horizon; they are pandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import check_values
from casebook.frames import need_pandas, start
from casebook.terms import discount_cost, parse_terms

__all__ = ["BANDS", "COMPARISONS", "days_earlier", "take_up", "usual_days"]

#: Upper ends, in days from issue, of the bands of customers by their usual day of payment; the last is open.
BANDS = (25, 30, 40, 60, 90)
#: With whom the takers are compared, in words.
COMPARISONS = (
    "those who let it go",
    "all invoices without it",
    "the due day",
    "the takers' other invoices",
    "the offer by lot",
)
_NEEDED = ["customer_id", "discount_terms", "settled", "days", "took_discount"]


def usual_days(followed: pd.DataFrame, *, without: str = "n/30", least: int = 4) -> pd.DataFrame:
    """On which day does each customer usually pay, when there is no discount?

    Parameters
    ----------
    followed : DataFrame, one row per invoice
        As `casebook.receivables.days_to_pay` returns it, with the column `discount_terms`.
    without : str
        Terms without a discount, of the same length.
    least : int
        Customers with fewer such invoices are left out: one invoice says little.

    Returns
    -------
    DataFrame, one row per customer
        customer_id, `usual_days` (mean days from issue of the settled ones) and `invoices` (count).

    Raises
    ------
    TableError
        If a column is missing or no invoice has these terms.

    Examples
    --------
    >>> followed = pd.DataFrame({"customer_id": ["Ada"] * 4, "discount_terms": "n/30", "settled": True,
    ...                          "days": [20, 24, 28, 32], "took_discount": False})
    >>> usual_days(followed)
      customer_id  usual_days  invoices
    0         Ada        26.0         4
    """
    table = _settled(followed, [without])
    grouped = table.groupby("customer_id")["days"].agg(usual_days="mean", invoices="size").reset_index()
    return grouped[grouped["invoices"] >= least].reset_index(drop=True)


def take_up(
    followed: pd.DataFrame,
    usual: pd.DataFrame,
    *,
    offer: str = "2/10 n/30",
    bands: Sequence[float] = BANDS,
) -> pd.DataFrame:
    """Who takes the discount: share of offers taken, by the customer's usual day of payment.

    Parameters
    ----------
    followed : DataFrame, one row per invoice
        As in `usual_days`.
    usual : DataFrame
        As `usual_days` returns it. Offers to customers who are not in it are left out.
    offer : str
        The terms with the discount.
    bands : rising numbers
        Upper ends of the bands in days, each belonging to its band; one more band follows the last.

    Returns
    -------
    DataFrame of shape (n_bands with offers, 7)
        `band` (text), `customers`, `offers`, `taken` (counts), `share` (0-1), `usual_days` (mean over the
        offers) and `price` (rate a year that the discount costs the seller, against that day).

    Raises
    ------
    TableError
        If a column is missing, nothing was offered, or the bands do not rise.

    Examples
    --------
    >>> followed = pd.DataFrame({"customer_id": ["Ada", "Bo"], "discount_terms": "2/10 n/30", "settled": True,
    ...                          "days": [9, 100], "took_discount": [True, False]})
    >>> usual = pd.DataFrame({"customer_id": ["Ada", "Bo"], "usual_days": [22.0, 99.0]})
    >>> take_up(followed, usual)[["band", "offers", "share", "price"]].round(3)
          band  offers  share  price
    0    to 25       1    1.0  0.621
    1  over 90       1    0.0  0.084
    """
    if any(isinstance(b, str) for b in bands) or list(bands) != sorted(set(bands)) or not len(bands):
        raise TableError(f"bands must be rising days, got {tuple(bands)}.")
    terms = parse_terms(offer)
    offered = need_pandas(followed, _NEEDED).query("discount_terms == @offer")
    known = start(need_pandas(usual, ["customer_id", "usual_days"]), ["customer_id"])
    check_values(known, "usual_days", "customer_id")
    if usual["customer_id"].duplicated().any():
        twice = usual.loc[usual["customer_id"].duplicated(), "customer_id"].iloc[0]
        raise TableError(f"Customer {twice!r} stands in `usual` twice: its offers would count twice.")
    offered = offered.merge(usual[["customer_id", "usual_days"]], on="customer_id")
    if offered.empty:
        raise TableError(f"No invoice with terms {offer!r} of a customer whose usual days are known.")
    names = [f"to {bands[0]:g}", *(f"{a:g} to {b:g}" for a, b in pairwise(bands))]
    names.append(f"over {bands[-1]:g}")
    band = pd.cut(offered["usual_days"], [-np.inf, *bands, np.inf], labels=names)
    table = offered.groupby(band, observed=True).agg(
        customers=("customer_id", "nunique"),
        offers=("customer_id", "size"),
        taken=("took_discount", "sum"),
        share=("took_discount", "mean"),
        usual_days=("usual_days", "mean"),
    )
    price = [
        discount_cost(terms.discount, terms.discount_days, day) if day > terms.discount_days else np.inf
        for day in table["usual_days"]
    ]
    table = table.assign(price=price).reset_index(names="band")
    return table.assign(band=table["band"].astype(str), taken=table["taken"].astype("int64"))


def days_earlier(
    followed: pd.DataFrame,
    *,
    offer: str = "2/10 n/30",
    without: str = "n/30",
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 12,
) -> pd.DataFrame:
    """By how many days does the discount hasten the takers' money? Five answers, and the price of each.

    Parameters
    ----------
    followed : DataFrame, one row per invoice
        As in `usual_days`.
    offer, without : str
        Terms with the discount, and the same without it.
    draws : int
        Bootstrap draws of customers, with replacement.
    level : float
        Of the intervals, 0 to 1.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame of shape (5, 7)
        `comparison`, one of `COMPARISONS`; `days` earlier, with `low` and `high`; `price` (rate a year,
        simple, 365 days) with `price_low` and `price_high`. The due day has no interval.

    Raises
    ------
    TableError
        If a column is missing, terms do not occur, or nobody took the discount.

    Notes
    -----
    Each invoice counts once; those not settled are left out.

    - *those who let it go*: takers against the others with the same offer. Other customers: biased.
    - *all invoices without it*: takers against everybody's n/30. Biased the same way.
    - *the due day*: the textbook's assumption.
    - *the takers' other invoices*: each taker against the same customer's invoices without the offer.
    - *the offer by lot*: mean of all offered against mean of all not offered, over the share that took it.
      Right without any assumption on the takers, **if** chance alone decided which invoice got the offer
      (Wald's estimator); wide, since most of the offered did not take it.

    Examples
    --------
    >>> followed = pd.DataFrame({
    ...     "customer_id": ["Ada", "Ada", "Bo", "Bo"], "discount_terms": ["2/10 n/30", "n/30"] * 2,
    ...     "settled": True, "days": [10, 30, 60, 60], "took_discount": [True, False, False, False]})
    >>> days_earlier(followed, draws=1)[["comparison", "days"]]
                       comparison  days
    0         those who let it go  50.0
    1     all invoices without it  35.0
    2                 the due day  20.0
    3  the takers' other invoices  20.0
    4            the offer by lot  20.0
    """
    terms = parse_terms(offer)
    table = _settled(followed, [offer, without])
    if not 0 < level < 1 or draws < 1:
        raise TableError(f"level must lie between 0 and 1 and draws be positive, got {level} and {draws}.")
    sums = _sums(table, offer)
    if not sums["taken"].sum():
        raise TableError(f"Nobody took the discount of {offer!r}: there is nothing to compare.")
    each = sums.to_numpy(dtype=float)
    n = len(each)
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)
    point, drawn = _answers(each.sum(axis=0)[None], terms.net_days), _answers(times @ each, terms.net_days)
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    fixed = COMPARISONS.index("the due day")
    low[fixed] = high[fixed] = np.nan
    days = point[0]
    return pd.DataFrame(
        {
            "comparison": COMPARISONS,
            "days": days,
            "low": low,
            "high": high,
            "price": _price(terms.discount, days),
            "price_low": _price(terms.discount, high),
            "price_high": _price(terms.discount, low),
        }
    )


def _settled(followed: pd.DataFrame, terms: list[str]) -> pd.DataFrame:
    table = need_pandas(followed, _NEEDED)
    table = table[table["settled"]]
    for name in terms:
        if not (table["discount_terms"] == name).any():
            raise TableError(
                f"No settled invoice has the terms {name!r}; known: {sorted(set(table['discount_terms']))}."
            )
    return table[table["discount_terms"].isin(terms)]


def _sums(table: pd.DataFrame, offer: str) -> pd.DataFrame:
    """Days and counts by customer: taken, let go, not offered, and the takers' other invoices."""
    offered = table["discount_terms"] == offer
    took = offered & table["took_discount"]
    key = table["customer_id"]

    def added(rows: pd.Series, name: str) -> pd.DataFrame:
        days = table["days"].where(rows, 0.0).groupby(key).sum()
        return pd.DataFrame({f"{name}_days": days, name: rows.groupby(key).sum()})

    sums = pd.concat(
        [added(took, "taken"), added(offered & ~took, "let_go"), added(~offered, "without")], axis=1
    )
    own = (sums["without_days"] / sums["without"]).where(sums["without"] > 0)
    known = own.notna()
    sums["own_days"] = (own * sums["taken"] - sums["taken_days"]).where(known, 0.0)
    sums["own"] = sums["taken"].where(known, 0)
    return sums.sort_index()


def _answers(sums: np.ndarray, net_days: int) -> np.ndarray:
    """The five answers for each row of sums, in days."""
    with np.errstate(divide="ignore", invalid="ignore"):
        taken, let_go, without = (sums[:, i] / sums[:, i + 1] for i in (0, 2, 4))
        offers = sums[:, 1] + sums[:, 3]
        share = sums[:, 1] / offers
        by_lot = (without - (sums[:, 0] + sums[:, 2]) / offers) / share
        own = sums[:, 6] / sums[:, 7]
    return np.column_stack([let_go - taken, without - taken, net_days - taken, own, by_lot])


def _price(discount: float, days: np.ndarray) -> np.ndarray:
    return np.array([discount_cost(discount, 0, d) if d > 0 else np.inf if d <= 0 else np.nan for d in days])
