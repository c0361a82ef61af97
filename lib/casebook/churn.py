"""Who has left without saying so, and what was known of a customer on the day one had to decide.

A customer without a contract never resigns. The churn label calls one lost who has been silent for longer
than `k` of the own usual gaps; a snapshot is what the tables said on one day, with that label some months
later. Why customers leave (`churn_causes`), the model (`churn_model`) and what a list earns (`profit`)
stand in files of their own, and are offered here as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import pandas as pd

from casebook.churn_causes import (
    CAUSES,
    COUNTERMEASURES,
    Countermeasure,
    churn_cause_pareto,
    countermeasure,
    relationship_action,
)
from casebook.churn_model import (
    LONG_RUN_AUC,
    OUTCOMES,
    assert_no_leakage,
    auc_ceiling,
    churn_features,
    fit_churn,
    time_split,
)
from casebook.errors import TableError
from casebook.profit import (
    ExpectedMaximumProfit,
    expected_maximum_profit,
    profit_by_depth,
    retention_targets,
)

__all__ = [
    "CAUSES",
    "COUNTERMEASURES",
    "LONG_RUN_AUC",
    "OUTCOMES",
    "Countermeasure",
    "ExpectedMaximumProfit",
    "assert_no_leakage",
    "auc_ceiling",
    "churn_cause_pareto",
    "churn_features",
    "churn_label",
    "countermeasure",
    "expected_maximum_profit",
    "fit_churn",
    "make_snapshots",
    "profit_by_depth",
    "relationship_action",
    "retention_targets",
    "time_split",
]

#: What `make_snapshots` reads of each table.
READS = {
    "customers": ("customer_id", "nature", "channel_role", "join_date", "rep_id", "source_method"),
    "orders": ("order_id", "customer_id", "date", "promised_date", "delivered_date"),
    "order_lines": ("order_id", "qty", "unit_price"),
    "complaints": ("customer_id", "date"),
    "surveys": ("customer_id", "date", "csat"),
    "competitor_offers": ("customer_id", "start_month", "end_month"),
    "sales_reps": ("rep_id", "left"),
}
SNAPSHOT = [
    "customer_id", "as_of", "days_since_last", "freq_12m", "spend_12m", "t_mean", "complaints_90d",
    "late_share_12m", "csat_last", "rep_left_6m", "offer_active", "tenure_years", "source_method",
]  # fmt: skip
Day = str | dt.date


def churn_label(
    orders: pd.DataFrame, as_of: Day, k: float = 3, min_days: int = 90, *, segment: str | None = None
) -> pd.DataFrame:
    """Call each customer lost (流失) or not: silent for more than `k` own cycles, and more than `min_days`.

    Parameters
    ----------
    orders : DataFrame
        One row per order: `customer_id` and `date`. Orders after `as_of` are not looked at.
    as_of : date or "YYYY-MM-DD"
        The day on which you look.
    k : float
        How many usual gaps of silence mean that a customer has left, more than 0.
    min_days : int
        Nobody is called lost before so many days of silence.
    segment : str, optional
        Column of `orders` that groups alike customers. One who has ordered once has no gap yet and gets the
        median gap of the segment (of everybody, without `segment`).

    Returns
    -------
    DataFrame of shape (n_customers, 6)
        By `customer_id`, those with an order by `as_of`: `orders` (count), `days_since_last`, `t_mean` (mean
        gap in days), `limit_days` = max(k x t_mean, min_days), `churned` = days_since_last > limit_days.

    Raises
    ------
    TableError
        If a column is missing, a cell is empty, a date is not a date, nobody had ordered by then, or `k` or
        `min_days` makes no sense.

    Notes
    -----
    t = (last day - first day) / (orders - 1). Buyers who come at random are silent for more than 3 mean gaps
    in e^-3 = 5% of their gaps without having left: the label is a rule, not the truth. Source: house rule;
    the source course has no definition.

    Examples
    --------
    Cycles of 30, 45 and 10 days; silent for 100, 120 and 80:

    >>> days = {"C1": [160, 130, 100], "C2": [165, 120], "C3": [100, 90, 80]}
    >>> told = [(c, pd.Timestamp("2024-12-31") - pd.Timedelta(d, "D")) for c in days for d in days[c]]
    >>> label = churn_label(pd.DataFrame(told, columns=["customer_id", "date"]), "2024-12-31")
    >>> label[["customer_id", "days_since_last", "t_mean", "limit_days", "churned"]]
      customer_id  days_since_last  t_mean  limit_days  churned
    0          C1              100    30.0        90.0     True
    1          C2              120    45.0       135.0    False
    2          C3               80    10.0        90.0    False
    """
    day = _day(as_of, "as_of")
    _check_rule(k, min_days)
    names = ["customer_id", "date", *([segment] if segment else [])]
    _check_columns(orders, names, "orders")
    seen = orders.loc[orders["date"] <= day, names]
    if seen.empty:
        raise TableError(f"orders: nobody had ordered by {day:%Y-%m-%d}; choose a later as_of.")
    each = seen.groupby("customer_id")["date"].agg(["size", "min", "max"])
    gaps = (each["max"] - each["min"]).dt.days / (each["size"] - 1).where(each["size"] > 1)
    alike = seen.groupby("customer_id")[segment].first() if segment else pd.Series("", index=each.index)
    t_mean = gaps.fillna(gaps.groupby(alike).transform("median")).fillna(gaps.median())
    silent, limit = (day - each["max"]).dt.days, (k * t_mean).fillna(0).clip(lower=min_days)
    return pd.DataFrame({
        "orders": each["size"], "days_since_last": silent, "t_mean": t_mean, "limit_days": limit,
        "churned": silent > limit,
    }).reset_index()  # fmt: skip


def make_snapshots(
    tables: Mapping[str, pd.DataFrame],
    as_of: Iterable[Day],
    *,
    last_day: Day,
    months: int = 6,
    k: float = 3,
    min_days: int = 90,
) -> pd.DataFrame:
    """Say of each business on each day what was known then, and whether it counts as lost `months` later.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        `customers`, `orders`, `order_lines`, `complaints`, `surveys`, `competitor_offers`, `sales_reps`, as
        `casebook.load` gives them. Left as they are.
    as_of : iterable of date or "YYYY-MM-DD"
        The days on which one looks.
    last_day : date or "YYYY-MM-DD"
        The last day that the tables cover. A label that needs a later day is missing.
    months : int
        How far ahead the label looks.
    k, min_days
        The rule of `churn_label`, at `as_of` and at the later day; the segment is `channel_role`.

    Returns
    -------
    DataFrame of shape (n_snapshots, 14)
        By `customer_id` and `as_of`: businesses (`nature` not individual) that had joined three months before
        or earlier and were not silent on the day. `label_6m` (its name whatever `months` is) is the label;
        the other columns come only from rows dated on or before `as_of`:
        `days_since_last`, `t_mean` (days), `freq_12m` (orders), `spend_12m` (the amounts of these orders),
        `complaints_90d`, `late_share_12m` (of the orders promised for the last twelve months; the share of
        all businesses where there was none), `csat_last` (1-5, missing without an answer), `rep_left_6m`
        (the representative at joining left in this month or the five before), `offer_active` (a rival's
        offer ran in this month), `tenure_years`, `source_method`.

    Raises
    ------
    TableError
        If a table, a column or a cell is missing, or an argument makes no sense.

    Notes
    -----
    One customer appears on many days and the labels of neighbouring days overlap: keep six months between
    the last training day and the test day, and draw customers, not rows, for an interval.

    Examples
    --------
    >>> import casebook
    >>> tables = {name: casebook.load(name) for name in READS}
    >>> seen = make_snapshots(tables, ["2024-06-30"], last_day="2024-12-31")
    >>> bool((seen["days_since_last"] <= (3 * seen["t_mean"]).clip(lower=90)).all())
    True
    """
    _check_rule(k, min_days)
    _check_tables(tables)
    if not (isinstance(months, int) and months > 0):
        raise TableError(f"months must be a whole number, 1 or more, got {months!r}.")
    days, end = sorted({_day(day, "as_of") for day in as_of}), _day(last_day, "last_day")
    if not days or days[-1] > end:
        late = f"has a day after last_day, {days[-1]:%Y-%m-%d}" if days else "names no day"
        raise TableError(f"as_of {late}; give days up to {end:%Y-%m-%d}.")
    firms, known = _numbered(tables)
    ahead = {day: _months_later(day, months) for day in days}
    label = {
        day: churn_label(known["orders"], day, k, min_days, segment="channel_role").set_index("customer_id")
        for day in {*days, *(later for later in ahead.values() if later <= end)}
    }
    parts = []
    for day, later in ahead.items():
        now = label[day].join(firms)
        now = now[~now["churned"] & (now["join_date"] <= day - pd.DateOffset(months=3))]
        seen = pd.concat([_history(now, known["orders"], day), _signals(now, known, day)], axis=1)
        lost = label[later]["churned"] if later <= end else pd.Series(dtype="boolean")
        lost = lost.reindex(now.index).astype("boolean")
        parts.append(seen.assign(customer_id=now["name"], as_of=day, label_6m=lost))
    together = pd.concat(parts, ignore_index=True)[[*SNAPSHOT, "label_6m"]]
    return together.sort_values(["customer_id", "as_of"], ignore_index=True)


def _numbered(tables: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The businesses, numbered from 0, and their rows of the other tables with this number for the name.

    Numbers group faster than texts. Orders get their amount in cents, added up exactly, and the channel role.
    """
    firms = tables["customers"].query("nature != 'individual'").rename(columns={"customer_id": "name"})
    firms = firms[["name", "channel_role", "join_date", "rep_id", "source_method"]].reset_index(drop=True)
    number = pd.Series(firms.index, index=firms["name"])
    known = {}
    for name in ("orders", "complaints", "surveys", "competitor_offers"):
        who = tables[name]["customer_id"].map(number)
        mine = tables[name].loc[who.notna(), list(READS[name])]
        known[name] = mine.assign(customer_id=who.dropna().astype("int64"))
    lines = tables["order_lines"]
    cents = (lines["unit_price"] * 100).round().astype("int64") * lines["qty"]
    orders = known["orders"]
    known["orders"] = orders.assign(
        cents=orders["order_id"].map(cents.groupby(lines["order_id"]).sum()).fillna(0).astype("int64"),
        channel_role=firms["channel_role"].to_numpy()[orders["customer_id"]],
    )
    left = firms["rep_id"].map(tables["sales_reps"].set_index("rep_id")["left"])
    return firms.assign(rep_left=left).drop(columns="channel_role"), known


def _history(now: pd.DataFrame, orders: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """What the orders known on the day say of each customer in `now`."""
    start = day - pd.DateOffset(years=1)
    placed = orders[(orders["date"] > start) & (orders["date"] <= day)].groupby("customer_id")["cents"]
    due = orders[(orders["promised_date"] > start) & (orders["promised_date"] <= day)]
    came = due["delivered_date"].where(due["delivered_date"] <= day, day + pd.Timedelta(days=1))
    late = came > due["promised_date"]
    share = late.groupby(due["customer_id"]).mean().reindex(now.index)
    return pd.DataFrame({
        "days_since_last": now["days_since_last"], "t_mean": now["t_mean"],
        "freq_12m": placed.size().reindex(now.index, fill_value=0),
        "spend_12m": placed.sum().reindex(now.index, fill_value=0) / 100,
        "late_share_12m": share.fillna(late.mean()).fillna(0),
        "tenure_years": (day - now["join_date"]).dt.days / 365.25,
    })  # fmt: skip


def _signals(now: pd.DataFrame, known: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> pd.DataFrame:
    """What the other tables said by the day of each customer in `now`."""
    told, asked, offers = known["complaints"], known["surveys"], known["competitor_offers"]
    lately = told[(told["date"] > day - pd.Timedelta(days=90)) & (told["date"] <= day)]
    asked = asked[asked["date"] <= day].sort_values("date", kind="stable")
    month = day.replace(day=1)
    runs = (offers["start_month"] <= month) & (offers["end_month"] >= month)
    since = 12 * (day.year - now["rep_left"].dt.year) + day.month - now["rep_left"].dt.month
    return pd.DataFrame({
        "complaints_90d": lately.groupby("customer_id").size().reindex(now.index, fill_value=0),
        "csat_last": asked.groupby("customer_id")["csat"].last().reindex(now.index).astype("Int64"),
        "rep_left_6m": (now["rep_left"] <= day) & (since < 6),
        "offer_active": now.index.isin(offers.loc[runs, "customer_id"]),
        "source_method": now["source_method"],
    })  # fmt: skip


def _months_later(day: pd.Timestamp, months: int) -> pd.Timestamp:
    """The same day some months later; the last day of a month leads to the last day of a month."""
    return day + (pd.offsets.MonthEnd(months) if day.is_month_end else pd.DateOffset(months=months))


def _day(value: Day, name: str) -> pd.Timestamp:
    day = pd.to_datetime(value, errors="coerce")
    if not isinstance(day, pd.Timestamp):
        raise TableError(f"{name} must be a day written YYYY-MM-DD, got {value!r}.")
    return day.normalize()


def _check_rule(k: float, min_days: int) -> None:
    if not k > 0:
        raise TableError(f"k must be more than 0 cycles, got {k!r}.")
    if not min_days >= 0:
        raise TableError(f"min_days must be 0 days or more, got {min_days!r}.")


def _check_tables(tables: Mapping[str, pd.DataFrame]) -> None:
    for name, columns in READS.items():
        if name not in tables:
            raise TableError(f"make_snapshots needs the table {name}; give it under this name.")
        _check_columns(tables[name], columns, name)


def _check_columns(table: pd.DataFrame, columns: Iterable[str], name: str) -> None:
    """Every column is there; customers and the days of events are never empty, and days are days."""
    for column in columns:
        if column not in table.columns:
            raise TableError(f"{name}: no column {column}; it has {', '.join(map(str, table.columns))}.")
        if column not in ("customer_id", "date"):
            continue
        if column == "date" and not pd.api.types.is_datetime64_any_dtype(table[column]):
            raise TableError(f"{name}.date: not read as dates; turn it into dates with pd.to_datetime first.")
        empty = table[column].isna().to_numpy()
        if empty.any():
            at = int(empty.argmax()) + 1
            count = int(empty.sum())
            raise TableError(f"{name}.{column}: row {at} is empty ({count} in all); fill it or take it out.")
