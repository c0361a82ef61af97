"""What did a trade fair return? Costs, prospects met, and the first-year margin of those who bought.

`early_margin` and `fair_roi` take the orders as pandas, Polars or DuckDB table; the fairs and the prospects
are small: pandas. Margins are added exactly. Return on cost counts margin, not profit, and only as far as
the window goes: with another window it is another number.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import amount_units, check_values
from casebook.frames import Frame, need_pandas, refuse_gaps, start
from casebook.prospecting_checks import check_counts, plain

__all__ = ["FAIR_POINTS", "early_margin", "fair_roi"]

#: The seven points of taking part in a fair (参加会展), as the source course lists them.
FAIR_POINTS = (
    "fix the objectives", "choose the fair", "carry out the plan", "evaluate and control", "booth",
    "booth operation", "advertising and PR",
)  # fmt: skip

_UNITS = "__units"


def early_margin(
    orders: Any,
    starts: pd.DataFrame,
    *,
    months: int = 12,
    customer: str = "customer_id",
    date: str = "date",
    margin: str = "margin",
    start_date: str = "start",
) -> pd.DataFrame:
    """Add up what each customer brought in its first months.

    Parameters
    ----------
    orders : pandas DataFrame, Polars frame or DuckDB relation
        One row per order or line: customer, day, margin (RMB; negative ones count).
    starts : DataFrame, one row per customer
        The customer, and the day from which its months count.
    months : int
        Calendar months; the day that many months later is no longer counted.
    customer, date, margin, start_date : str
        Column names; `start_date` is the one in `starts`.

    Returns
    -------
    DataFrame of shape (n_customers, n_columns + 1)
        `starts` with `margin` (RMB; 0 for a customer without orders in its window).

    Raises
    ------
    TableError
        If a column is missing or has gaps, a customer stands twice in `starts`, or `months` is below 1.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["Ada", "Ada"], "margin": [5.0, 9.0],
    ...                        "date": pd.to_datetime(["2023-03-01", "2024-03-01"])})
    >>> early_margin(orders, pd.DataFrame({"customer_id": ["Ada"], "start": pd.to_datetime(["2023-03-01"])}))
      customer_id      start  margin
    0         Ada 2023-03-01     5.0
    """
    need_pandas(starts, [customer, start_date])
    frame = start(orders, [customer, date, margin])
    check_values(frame, margin, customer)
    refuse_gaps(frame, date)
    for column in (customer, start_date):
        if starts[column].isna().any():
            row = starts.index[starts[column].isna()][0]
            raise TableError(
                f"Column {column!r} is missing in row {plain(row)!r} of the starts: leave that row out."
            )
    if starts[customer].duplicated().any():
        twice = starts.loc[starts[customer].duplicated(), customer].iloc[0]
        raise TableError(f"Column {customer!r} of the starts names {twice!r} more than once: keep one start.")
    if months < 1:
        raise TableError(f"months must be 1 or more, got {months!r}.")
    units, per_one = _daily(frame, starts[customer].tolist(), customer, date, margin)
    first = units[customer].map(starts.set_index(customer)[start_date])
    inside = (units[date] >= first) & (units[date] < first + pd.DateOffset(months=months))
    added = units[inside].groupby(customer)[_UNITS].sum()
    return starts.assign(margin=starts[customer].map(added).fillna(0).to_numpy() / per_one)


def _daily(
    frame: Frame, customers: list[Any], customer: str, date: str, margin: str
) -> tuple[pd.DataFrame, float]:
    """Units of money by customer and day, of these customers only; those of one day are added exactly."""
    units, unit = amount_units(frame, margin)
    mine = frame.filter(nw.col(customer).is_in(customers))
    lean = mine.select(nw.col(customer), nw.col(date), units.alias(_UNITS))
    added = lean.group_by(customer, date).agg(nw.col(_UNITS).sum()).sort(customer, date)
    table = (added.collect() if isinstance(added, nw.LazyFrame) else added).to_pandas()
    table[date] = pd.to_datetime(table[date])
    table[_UNITS] = table[_UNITS].astype("int64")
    return table, float(unit.per_one)


def fair_roi(fairs: pd.DataFrame, prospects: pd.DataFrame, orders: Any, *, months: int = 12) -> pd.DataFrame:
    """Work out what each fair returned on its cost, and what would be left without its best customer.

    Parameters
    ----------
    fairs : DataFrame, one row per fair
        `fair_id`, `booth_cost`, `travel_cost` (RMB), `target_visitors`, `booth_visitors`, `contacts`.
    prospects : DataFrame, one row per prospect
        `fair_id` (missing for those met elsewhere), `customer_id` (missing for those who did not buy),
        `order_date` (day of the first order).
    orders : pandas DataFrame, Polars frame or DuckDB relation
        `customer_id`, `date`, `margin` (RMB).
    months : int
        Calendar months of margin that count, from the first order.

    Returns
    -------
    DataFrame, one row per fair, in the order of `fairs`
        `fair_id`, `cost` (RMB), `qualified` (prospects met), `won`, `attraction` (booth visitors of target
        visitors), `contact` (contacts of booth visitors), `conversion` (qualified of contacts),
        `cost_per_lead` (RMB a qualified prospect), `margin` (RMB), `roi` = (margin - cost) / cost, `best`
        (RMB, margin of the best customer) and `roi_without_best`.

    Raises
    ------
    TableError
        If a column is missing, a number is missing or negative, a fair costs nothing or stands twice, or a
        prospect names a fair that is not listed.

    Notes
    -----
    The first three ratios are the stages of Gopalakrishna & Lilien (1995). The source course has seven points
    (`FAIR_POINTS`) and no numbers.

    See Also
    --------
    early_margin, casebook.plots.plot_fairs

    Examples
    --------
    >>> fairs = pd.DataFrame({"fair_id": ["F1"], "booth_cost": [50_000], "travel_cost": [10_000],
    ...                       "target_visitors": [2000], "booth_visitors": [400], "contacts": [400]})
    >>> met = pd.DataFrame({"fair_id": ["F1"] * 4, "customer_id": ["Ada", "Bo", None, None],
    ...                     "order_date": pd.to_datetime(["2023-03-01", "2023-04-01", None, None])})
    >>> orders = pd.DataFrame({"customer_id": ["Ada", "Bo"], "margin": [90_000.0, 6_000.0],
    ...                        "date": pd.to_datetime(["2023-03-01", "2023-04-01"])})
    >>> fair_roi(fairs, met, orders)[["won", "roi", "roi_without_best"]]
       won  roi  roi_without_best
    0    2  0.6              -0.9
    """
    cost = _fair_cost(fairs)
    need_pandas(prospects, ["fair_id", "customer_id", "order_date"])
    met = prospects[prospects["fair_id"].notna()]
    unknown = ~met["fair_id"].isin(fairs["fair_id"])
    if unknown.any():
        raise TableError(
            f"Row {plain(met.index[unknown][0])!r} names the fair {met['fair_id'][unknown].iloc[0]!r}, "
            "which is not in the list of fairs: add it there, or leave the row out."
        )
    won = met[met["customer_id"].notna()]
    brought = early_margin(orders, won, months=months, start_date="order_date").groupby("fair_id")["margin"]
    name = fairs["fair_id"]
    table = pd.DataFrame(
        {
            "fair_id": name.to_numpy(),
            "cost": cost,
            "qualified": name.map(met.groupby("fair_id").size()).fillna(0).astype("int64").to_numpy(),
            "won": name.map(won.groupby("fair_id").size()).fillna(0).astype("int64").to_numpy(),
            "margin": name.map(brought.sum()).fillna(0.0).to_numpy(),
            "best": name.map(brought.max()).fillna(0.0).to_numpy(),
        }
    )
    counts = {c: check_counts(fairs, c) for c in ("target_visitors", "booth_visitors", "contacts")}
    with np.errstate(divide="ignore", invalid="ignore"):
        return table.assign(
            attraction=counts["booth_visitors"] / counts["target_visitors"],
            contact=counts["contacts"] / counts["booth_visitors"],
            conversion=table["qualified"] / counts["contacts"],
            cost_per_lead=cost / table["qualified"].to_numpy(),
            roi=table["margin"] / cost - 1,
            roi_without_best=(table["margin"] - table["best"]) / cost - 1,
        )


def _fair_cost(fairs: pd.DataFrame) -> np.ndarray:
    """What each fair cost; refuses gaps, fairs without a cost, and a fair that stands twice."""
    need_pandas(
        fairs, ["fair_id", "booth_cost", "travel_cost", "target_visitors", "booth_visitors", "contacts"]
    )
    cost = check_counts(fairs, "booth_cost", whole=False) + check_counts(fairs, "travel_cost", whole=False)
    if (cost == 0).any():
        free = fairs["fair_id"].iloc[int(np.flatnonzero(cost == 0)[0])]
        raise TableError(f"Fair {free!r} costs nothing, so it has no return on cost: enter what it cost.")
    if fairs["fair_id"].duplicated().any():
        twice = fairs.loc[fairs["fair_id"].duplicated(), "fair_id"].iloc[0]
        raise TableError(f"Column 'fair_id' names {twice!r} more than once: one row for each fair.")
    return cost
