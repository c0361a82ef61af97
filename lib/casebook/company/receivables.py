"""Invoices, who pays them when, and the contracts that businesses signed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.company.settings import PARAMETERS, Calendar
from casebook.company.streams import stream

__all__ = ["contracts", "invoices", "payments"]

DAY = np.timedelta64(1, "D")
CLAUSES = tuple(f"clause_{number}" for number in range(1, 11))


def invoices(placed: pd.DataFrame, sold: pd.DataFrame) -> pd.DataFrame:
    """One invoice for each order on credit, issued on its day; nothing is drawn.

    Parameters
    ----------
    placed : DataFrame
        Orders with `order_id`, `customer_id`, `who`, `date` and `terms`.
    sold : DataFrame
        Lines with `order_id`, `qty` and `unit_price` (RMB, two decimals).

    Returns
    -------
    DataFrame of shape (n_invoices, 8)
        The table `invoices`, and `who` (row of the customer); the amount is exact to the cent.

    Examples
    --------
    >>> placed = pd.DataFrame({"order_id": ["O1", "O2"], "customer_id": ["C1", "C2"], "who": [0, 1],
    ...                        "date": pd.to_datetime(["2024-03-01"] * 2), "terms": ["n/60", "cash"]})
    >>> sold = pd.DataFrame({"order_id": ["O1", "O1", "O2"], "qty": [3, 1, 1], "unit_price": [0.1, 5, 9]})
    >>> invoices(placed, sold)[["invoice_id", "due_date", "amount"]].astype("str").values.tolist()
    [['I1', '2024-04-30', '5.3']]
    """
    cents = ((sold["unit_price"] * 100).round().astype("int64") * sold["qty"]).groupby(sold["order_id"]).sum()
    credit = placed[placed["terms"] != "cash"].reset_index(drop=True)
    net = credit["terms"].map(PARAMETERS["payment"]["net_days"]).astype("int64")
    return pd.DataFrame({
        "invoice_id": "I" + credit["order_id"].str[1:], "order_id": credit["order_id"],
        "customer_id": credit["customer_id"], "issue_date": credit["date"],
        "due_date": credit["date"] + pd.to_timedelta(net, unit="D"),
        "amount": cents.loc[credit["order_id"]].to_numpy() / 100, "discount_terms": credit["terms"],
        "who": credit["who"],
    })  # fmt: skip


def payments(
    bills: pd.DataFrame, people: pd.DataFrame, files: pd.DataFrame, seed: int, block: int, calendar: Calendar
) -> pd.DataFrame:
    """Draw when each invoice is paid: in one go, with discount, or in two halves; never after a default.

    Parameters
    ----------
    bills : DataFrame
        From `invoices`.
    people : DataFrame
        The block's customers; `grade_true` says how they pay.
    files : DataFrame
        From `credit_history`: `who` and `default_date`.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (n_payments, 6)
        The table `payments`, by date: what was paid from the day of issue on, before a default and up to the
        last day.
    """
    p, rng, size = PARAMETERS["payment"], stream(seed, "payments", block), len(bills)
    grade = people["grade_true"].iloc[bills["who"]]
    offered = (bills["discount_terms"] == "2/10 n/30").to_numpy()
    taker = offered & (rng.random(size) < grade.map(p["taker"]).to_numpy())
    days = np.where(taker, _discount_days(rng, size), _plain_days(bills, grade, rng))
    halved = ~taker & (rng.random(size) < p["halved"])
    first, last = p["first_half_days_before"]
    ahead = rng.integers(first, last + 1, size=size)
    method = rng.choice(list(p["method"]), size=size, p=list(p["method"].values()))
    cents = (bills["amount"] * 100).round().astype("int64").to_numpy()
    off = np.where(taker, np.round(p["discount"] * cents).astype("int64"), 0)
    half = np.where(halved, cents // 2, 0)
    whole = bills[["invoice_id", "who", "issue_date"]].assign(method=method)
    rest = whole.assign(days=days, cents=cents - off - half, off=off)
    before = whole.assign(days=np.maximum(days - ahead, 1), cents=half, off=0)[halved]
    return _numbered(pd.concat([before, rest], ignore_index=True), files, block, calendar)


def _discount_days(rng: np.random.Generator, size: int) -> np.ndarray:
    first, last = PARAMETERS["payment"]["taker_days"]
    return rng.integers(first, last + 1, size=size)


def _plain_days(bills: pd.DataFrame, grade: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """Days from issue to payment of those who take no discount: lognormal, longer on n/60."""
    p = PARAMETERS["payment"]
    mu = np.log(grade.map(p["mean_days"]).to_numpy(dtype=float)) - p["sigma"] ** 2 / 2
    more = np.where(bills["discount_terms"] == "n/60", p["more_days_on_n60"], 0)
    return np.maximum(np.round(rng.lognormal(mu, p["sigma"]) + more), 1).astype("int64")


def _numbered(parts: pd.DataFrame, files: pd.DataFrame, block: int, calendar: Calendar) -> pd.DataFrame:
    """Take out what a default or the last day prevented; number the rest by date."""
    parts = parts.assign(date=parts["issue_date"] + pd.to_timedelta(parts["days"], unit="D"))
    default = files.dropna(subset="default_date").set_index("who")["default_date"]
    prevented = parts["date"].ge(parts["who"].map(default)) | (parts["date"] > calendar.as_of)
    paid = parts[~prevented].sort_values(["date", "invoice_id"], kind="stable", ignore_index=True)
    return pd.DataFrame({
        "payment_id": [f"P{block * 200_000 + n + 1:08d}" for n in range(len(paid))],
        "invoice_id": paid["invoice_id"], "date": paid["date"], "amount": paid["cents"] / 100,
        "method": paid["method"], "discount_taken": paid["off"] / 100,
    })  # fmt: skip


def contracts(people: pd.DataFrame, seed: int, block: int) -> pd.DataFrame:
    """One contract for each business, signed on the day of joining; some lack a clause or two.

    Parameters
    ----------
    people : DataFrame
        The block's customers.
    seed, block : int
        Of the company, and the number of the block.

    Returns
    -------
    DataFrame of shape (n_businesses, 16)
        The table `contracts`.
    """
    p, rng = PARAMETERS["contracts"], stream(seed, "contracts", block)
    firms = people[people["kind"] != "household"].reset_index(drop=True)
    size, weight = len(firms), np.array(p["clause_weights"], dtype=float)
    # the clauses with the smallest waiting times are left out first, each in proportion to its weight
    place = (rng.exponential(size=(size, len(weight))) / weight).argsort(axis=1).argsort(axis=1)
    left_out = (rng.random(size) < p["gap"]) * (1 + (rng.random(size) < p["second_gap"]))
    there = pd.DataFrame(place >= left_out[:, None], columns=list(CLAUSES))
    median = firms["kind"].map(p["limit_median"]).to_numpy(dtype=float)
    limit = np.ceil(median * np.exp(rng.normal(0, p["limit_sigma"], size)) / 1000) * 1000
    number = firms["customer_id"].str[1:]
    return pd.DataFrame({
        "contract_id": "A" + number, "customer_id": firms["customer_id"], "signed": firms["join_date"],
        "territory": firms["territory"], **there,
        "arbitration": (rng.random(size) < p["arbitration"]) & there["clause_8"], "limit": limit,
    })  # fmt: skip
