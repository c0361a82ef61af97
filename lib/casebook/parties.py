"""Who is a customer (客户)? Status, kinds, duplicates, and what it costs to know one.

Tables of parties, records and sources are small: pandas in, a new pandas table out. Only `party_status` looks
into orders, and asks nothing of them but whose they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, SupportsFloat

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.prospect_cells import check_flags, check_numbers

__all__ = [
    "MANAGEMENT_STEPS",
    "SHOPPER_ITEMS",
    "classify_axes",
    "identify",
    "kotler_profit",
    "one_letter_apart",
    "party_status",
    "relation_degrees",
    "resolve_entities",
    "retention_vs_acquisition",
    "share_of_wallet",
    "shopper_type",
    "source_register",
]

#: The five steps of customer management in the source course (客户管理的流程), in order.
MANAGEMENT_STEPS = (
    "collect information",
    "analyse",
    "exchange and feed back",
    "serve",
    "manage time",
)

#: Items of the shopper survey by type of shopper (Stone 1954).
SHOPPER_ITEMS = {
    "economic": ("e1", "e2"),
    "ethical": ("m1", "m2"),
    "personalising": ("p1", "p2"),
    "convenience": ("c1", "c2"),
}

_FINAL = {"end_user"}  # channel roles that consume what they buy


def party_status(
    parties: pd.DataFrame,
    orders: pd.DataFrame,
    prior_orders: str | None = None,
    *,
    party: str = "party_id",
    on_file: str = "on_file",
    internal: str = "internal",
    channel_role: str = "channel_role",
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Say of each party whether it is a customer, a prospect, anonymous or internal, and why.

    Parameters
    ----------
    parties : DataFrame of shape (n_parties, at least 1), one row a party
        `party`; optional `on_file` and `internal` (bool; without them all are on file and outside the
        firm) and `channel_role` (``"end_user"``, ``"distributor"``, ``"retailer"``).
    orders : DataFrame with the column `customer`, one row an order
    prior_orders : str, optional
        Column of `parties` with the number of orders older than the table of orders.
    party, on_file, internal, channel_role, customer : str
        Names of the columns.

    Returns
    -------
    DataFrame of shape (n_parties, 4), rows as in `parties`
        `party`, `status` (customer, prospect, anonymous, internal), `is_end_user` (bool), `reason`.

    Raises
    ------
    TableError
        If a needed column is missing, a party stands twice, a flag is neither yes nor no, a number of orders
        is none, or parties and orders name customers in different ways (numbers and text).

    Notes
    -----
    Source: the source course says that a customer is always on file, need not be the user, and may be
    internal. That a customer has bought at least once, and a prospect has not, is our convention.

    Examples
    --------
    >>> parties = pd.DataFrame({"party_id": ["W", "H", "X", "I"], "on_file": [True, True, False, True],
    ...     "internal": [False, False, False, True],
    ...     "channel_role": ["distributor", "end_user", "end_user", "end_user"]})
    >>> party_status(parties, pd.DataFrame({"customer_id": ["W", "W", "W"]}))["status"].tolist()
    ['customer', 'prospect', 'anonymous', 'internal']
    """
    need_pandas(parties, [party] + ([prior_orders] if prior_orders else []))
    buyers = need_pandas(orders, [customer])[customer]
    _each_once(parties, party)
    kinds = [pd.api.types.is_numeric_dtype(ids) for ids in (parties[party], buyers)]
    if len(parties) and len(buyers) and kinds[0] != kinds[1]:
        raise TableError(
            f"Columns {party!r} and {customer!r} never meet: one holds numbers, the other text. "
            "Use astype(str) on both."
        )
    bought = set(buyers)
    known = check_flags(parties, on_file) if on_file in parties else np.ones(len(parties), dtype=bool)
    ours = check_flags(parties, internal) if internal in parties else np.zeros(len(parties), dtype=bool)
    has_bought = parties[party].isin(bought).to_numpy()
    if prior_orders:
        has_bought = has_bought | (check_numbers(parties, prior_orders) > 0)
    choices = [ours, ~known, has_bought]
    role = parties[channel_role] if channel_role in parties else pd.Series("end_user", parties.index)
    return pd.DataFrame(
        {
            party: parties[party],
            "status": np.select(choices, ["internal", "anonymous", "customer"], "prospect"),
            "is_end_user": role.isin(_FINAL) & ~ours,
            "reason": np.select(
                choices,
                ["part of the firm", "no record", "has a record and bought"],
                "has a record, no order",
            ),
        }
    )


def classify_axes(
    customers: pd.DataFrame,
    *,
    state: str = "state",
    profit: str | None = None,
    best_share: float = 0.2,
) -> pd.DataFrame:
    """Place each party on the axes by which the source course sorts customers (客户类型划分).

    Parameters
    ----------
    customers : DataFrame of shape (n_customers, at least 3)
        `customer_id`, `nature` (individual, commercial, organisational), `channel_role`; optional `internal`
        (bool) and the column `state` (actual or potential; without it all are actual).
    state : str
        Name of the column with the state of the transaction.
    profit : str, optional
        Column of profit in money; with it comes the fifth axis, quality.
    best_share : float in (0, 1)
        The share of customers, most profitable first, that counts as best.

    Returns
    -------
    DataFrame of shape (n_customers, 5 or 6), rows as in `customers`
        `customer_id`, `nature`, `system` (internal, external), `channel_role` (intermediate, final), `state`
        (actual, potential) and, with `profit`, `quality` (best, ordinary, worst = loses money).

    Raises
    ------
    TableError
        If a column is missing, a nature is unknown, `internal` is neither yes nor no, a role is blank,
        or a profit is no number.

    Notes
    -----
    Source: the source course names the axes. Commercial buys to resell or to produce, organisational is a
    government, school or hospital that buys for its own use (standard: Kotler and Keller). Best and worst by
    profit are our convention.

    Examples
    --------
    >>> three = pd.DataFrame({"customer_id": ["C1", "C2", "C3"],
    ...     "nature": ["commercial", "organisational", "individual"],
    ...     "channel_role": ["distributor", "end_user", "end_user"],
    ...     "state": ["actual", "potential", "actual"]})
    >>> classify_axes(three)[["nature", "channel_role", "state"]].agg("/".join, axis=1).tolist()
    ['commercial/intermediate/actual', 'organisational/final/potential', 'individual/final/actual']
    """
    columns = ["customer_id", "nature", "channel_role"] + ([profit] if profit else [])
    need_pandas(customers, columns)
    odd = customers[~customers["nature"].isin(["individual", "commercial", "organisational"])]
    if len(odd):
        first = odd.iloc[0]
        raise TableError(
            f"Column 'nature' of {first['customer_id']} is {first['nature']!r}: "
            "use individual, commercial or organisational."
        )
    blank = customers["channel_role"].isna()
    if blank.any():
        raise TableError(
            f"Column 'channel_role' of {customers.loc[blank, 'customer_id'].iloc[0]} is blank: "
            "write end_user for whoever uses up what they buy."
        )
    inside = check_flags(customers, "internal") if "internal" in customers else False
    axes = pd.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "nature": customers["nature"],
            "system": np.where(inside, "internal", "external"),
            "channel_role": np.where(customers["channel_role"].isin(_FINAL), "final", "intermediate"),
            "state": customers.get(state, "actual"),
        }
    )
    if profit is None:
        return axes
    if not 0 < best_share < 1:
        raise TableError(f"best_share is a share of the customers between 0 and 1, got {best_share!r}.")
    earned = pd.Series(check_numbers(customers, profit), customers.index)
    first_ones = earned.rank(ascending=False, method="min") <= best_share * len(customers)
    best = first_ones & (earned > 0)
    return axes.assign(quality=np.select([earned < 0, best], ["worst", "best"], "ordinary"))


def shopper_type(
    df: pd.DataFrame,
    items: Mapping[str, Sequence[str]] = SHOPPER_ITEMS,
    *,
    key: str = "respondent_id",
    tie: str = "mixed",
) -> pd.DataFrame:
    """Call each shopper by the group of items with the highest mean (购物者类型).

    Parameters
    ----------
    df : DataFrame of shape (n_respondents, items and key), answers from 1 to 5
    items : mapping of type to its columns
    key : str
        Column that names the respondent.
    tie : str
        The label where two types have the same highest mean.

    Returns
    -------
    DataFrame of shape (n_respondents, n_types + 3)
        `key`, the mean of each type, `shopper_type`, `reason`.

    Raises
    ------
    TableError
        If a column is missing, an answer is blank or no mark from 1 to 5, or a respondent stands twice.

    Notes
    -----
    Source: Stone (1954); the source course has the names only. The highest mean is our convention.

    Examples
    --------
    >>> two = pd.DataFrame([["r1", 5, 4, 2, 2, 3, 3, 3, 3], ["r2", 2, 2, 4, 4, 4, 4, 1, 1]],
    ...     columns=["respondent_id", "e1", "e2", "m1", "m2", "p1", "p2", "c1", "c2"])
    >>> shopper_type(two)["shopper_type"].tolist()
    ['economic', 'mixed']
    """
    columns = [column for group in items.values() for column in group]
    need_pandas(df, [key, *columns])
    blank = df[columns].isna().any(axis=1)
    if blank.any():
        raise TableError(f"Answers of {df.loc[blank, key].iloc[0]} are blank: leave out who did not answer.")
    _each_once(df, key)
    for column in columns:
        marks = check_numbers(df, column)
        if ((marks < 1) | (marks > 5)).any():
            at = int(np.flatnonzero((marks < 1) | (marks > 5))[0])
            raise TableError(
                f"Column {column!r} of {df[key].iloc[at]} holds {marks[at]:g}: answers go from 1 to 5."
            )
    means = pd.DataFrame({name: df[list(group)].mean(axis=1) for name, group in items.items()})
    highest = means.max(axis=1)
    tops = np.isclose(means, highest.to_numpy()[:, None]).sum(axis=1)
    label = means.idxmax(axis=1).where(tops == 1, tie)
    reason = [
        f"highest mean {top:.2f}" if n == 1 else f"{n} types at {top:.2f}"
        for top, n in zip(highest, tops, strict=True)
    ]
    return means.assign(shopper_type=label, reason=reason).set_axis(df.index).pipe(_with_key, df[key])


def relation_degrees(
    pairs: pd.DataFrame, *, customer: str = "customer", supplier: str = "supplier"
) -> tuple[pd.Series, pd.Series]:
    """Count how many customers each supplier has, and how many suppliers each customer has (多对多).

    Parameters
    ----------
    pairs : DataFrame with the two columns, one row for each relation; one that stands twice counts once
    customer, supplier : str
        Names of the columns.

    Returns
    -------
    (Series, Series)
        Customers by supplier, suppliers by customer: whole numbers, in the order of the names.

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    Source: the source course, features of the customer-supplier relation: both sides have several partners.

    Examples
    --------
    >>> pairs = pd.DataFrame({"customer": ["A", "A", "B"], "supplier": ["s1", "s2", "s1"]})
    >>> customers, suppliers = relation_degrees(pairs)
    >>> customers.to_dict(), suppliers.to_dict()
    ({'s1': 2, 's2': 1}, {'A': 2, 'B': 1})
    """
    need_pandas(pairs, [customer, supplier])
    once = pairs[[customer, supplier]].drop_duplicates()
    return (
        once.groupby(supplier)[customer].size().rename("customers"),
        once.groupby(customer)[supplier].size().rename("suppliers"),
    )


def share_of_wallet(our_sales: Any, total_purchases: Any) -> Any:
    """Share of what a customer buys in our category that is bought from us (钱包份额).

    Parameters
    ----------
    our_sales, total_purchases : numbers, or columns of shape (n_customers,), money of the same period

    Returns
    -------
    float, or Series of shape (n_customers,), from 0 to 1; missing where total purchases are zero

    Raises
    ------
    TableError
        If an amount is negative, missing or no number, we sold more than was bought, or the two columns
        have different rows.

    Notes
    -----
    Standard; total purchases are usually an estimate, and the share is no better than it.

    Examples
    --------
    >>> share_of_wallet(30, 120)
    0.25
    """
    both = isinstance(our_sales, pd.Series) and isinstance(total_purchases, pd.Series)
    if both and not our_sales.index.equals(total_purchases.index):
        raise TableError(
            "The two columns have different rows: take both from one table, customer by customer."
        )
    try:
        ours, total = np.broadcast_arrays(
            np.asarray(our_sales, dtype=float), np.asarray(total_purchases, dtype=float)
        )
    except (TypeError, ValueError):
        raise TableError("Both must be numbers, one for each customer, without gaps.") from None
    good = (ours >= 0) & np.isfinite(total) & (ours <= total * (1 + 1e-9))  # a gap compares as False
    if not good.all():
        at = int(np.flatnonzero(~good)[0])
        where = f" of {our_sales.index[at]}" if isinstance(our_sales, pd.Series) else ""
        raise TableError(
            f"Our sales{where} must be from 0 up to all that the customer bought in the same period; got "
            f"{ours.ravel()[at]:g} of {total.ravel()[at]:g}."
        )
    share = np.divide(ours, total, out=np.full(ours.shape, np.nan), where=total > 0)
    if isinstance(our_sales, pd.Series):
        return pd.Series(share, our_sales.index, name="share_of_wallet")
    return share if share.ndim else float(share)


def retention_vs_acquisition(cac: float, contact_cost: float, save_rate: float) -> tuple[float, str]:
    """Compare what a saved customer costs with what a new one costs.

    Parameters
    ----------
    cac : float, money
        Cost of winning one customer (获取成本).
    contact_cost : float, money
        Cost of one contact that tries to keep a customer.
    save_rate : float in [0, 1]
        Share of those contacted who stay *because of it*.

    Returns
    -------
    (cost_per_save, prefer) : float in money (infinite if nobody is saved), and "retain", "acquire" or "equal"

    Raises
    ------
    TableError
        If a cost is negative or the rate is no share.

    Notes
    -----
    The source course says that keeping beats winning and gives no ratio; the popular five to one is not
    in it.

    Examples
    --------
    >>> retention_vs_acquisition(500, 100, 0.25)
    (400.0, 'retain')
    """
    numbers = all(isinstance(given, SupportsFloat) for given in (cac, contact_cost, save_rate))
    if not (numbers and cac >= 0 and contact_cost >= 0 and 0 <= save_rate <= 1):
        raise TableError(
            f"Costs must be at least 0 and the save rate from 0 to 1; got {(cac, contact_cost, save_rate)}."
        )
    cost = contact_cost / save_rate if save_rate else float("inf")
    return cost, "equal" if cost == cac else "retain" if cost < cac else "acquire"


def kotler_profit(
    revenue_stream: float | Sequence[float],
    attract: float,
    sell: float | Sequence[float],
    serve: float | Sequence[float],
    min_margin: float = 0,
) -> tuple[float, bool]:
    """Kotler's profitable customer (有利益的客户): does revenue over time exceed the costs by enough?

    Parameters
    ----------
    revenue_stream, sell, serve : float or sequence of floats, money
        Revenue, and the cost of selling to and serving the customer; a sequence is one number a period.
    attract : float, money
        Cost of winning the customer, once.
    min_margin : float, money
        The acceptable amount by which revenue must exceed all costs.

    Returns
    -------
    (profit, ok) : float in money (not discounted), and whether profit is above 0 and reaches min_margin

    Raises
    ------
    TableError
        If a number is missing or none.

    Notes
    -----
    Source: Kotler and Keller, Marketing Management, in the source course. What is acceptable is not
    said there.

    Examples
    --------
    >>> kotler_profit([100] * 3, 120, 0, [40] * 3)
    (60.0, True)
    >>> kotler_profit([100] * 3, 120, 0, [40] * 3, min_margin=80)
    (60.0, False)
    """
    try:
        revenue, won, *spent = (
            float(np.sum(np.asarray(given, dtype=float))) for given in (revenue_stream, attract, sell, serve)
        )
    except (TypeError, ValueError):
        raise TableError("Revenue and costs must be numbers, or lists with one number a period.") from None
    costs = won + sum(spent)
    if not np.isfinite(revenue - costs):
        raise TableError("A revenue or a cost is missing: fill it in, a gap is not a zero.")
    profit = revenue - costs
    return profit, profit > 0 and profit >= min_margin


def identify(
    customers: pd.DataFrame,
    target_mask: pd.Series,
    score: str,
    cut: float,
    *,
    key: str = "customer_id",
) -> set[Any]:
    """Find, inside the target market, those who matter: segment first, then identify (客户识别).

    Parameters
    ----------
    customers : DataFrame of shape (n_customers, at least 2)
    target_mask : Series of bool, shape (n_customers,), index as `customers`
        Who belongs to the target market.
    score, key : str
        Columns: the score, and the customer.
    cut : float
        Those with at least this score are identified.

    Returns
    -------
    set of keys

    Raises
    ------
    TableError
        If a column is missing, the mask does not fit, or a score is missing or no number.

    Notes
    -----
    Source: in the source course identification starts after the target market is fixed.

    Examples
    --------
    >>> six = pd.DataFrame({"customer_id": range(1, 7), "score": [.9, .2, .7, .4, .95, .1]})
    >>> sorted(identify(six, six["customer_id"] <= 4, "score", 0.5))
    [1, 3]
    """
    need_pandas(customers, [key, score])
    fits = isinstance(target_mask, pd.Series) and target_mask.index.equals(customers.index)
    if not fits or target_mask.dtype != bool:
        raise TableError("target_mask must hold True or False for each row of the customers, in their order.")
    if customers[score].isna().any():
        raise TableError(
            f"Column {score!r} is missing for {customers.loc[customers[score].isna(), key].iloc[0]}: "
            "score everybody in the target market, or leave those out."
        )
    return set(customers.loc[target_mask & (check_numbers(customers, score) >= cut), key])


def source_register(sources: pd.DataFrame) -> pd.DataFrame:
    """Price each source of customer information by what a usable record costs (识别客户的途径).

    Parameters
    ----------
    sources : DataFrame of shape (n_sources, at least 5)
        `source_id`, `cost` (money), `records` (number bought), `valid_share` and `dup_share` (0-1).

    Returns
    -------
    DataFrame of shape (n_sources, columns + 2), cheapest first, ties by source_id
        With `usable` = records · valid_share · (1 - dup_share) and `cost_per_usable` (money; infinite where
        nothing is usable).

    Raises
    ------
    TableError
        If a column is missing, a source stands twice, a cost or number is negative or infinite, or a share
        is none.

    Notes
    -----
    The source course lists the sources; the measure is our convention.

    Examples
    --------
    >>> two = pd.DataFrame({"source_id": ["yearbook", "fair"], "cost": [300, 4000], "records": [200, 400],
    ...     "valid_share": [0.5, 0.8], "dup_share": [0.0, 0.25]})
    >>> source_register(two)["cost_per_usable"].round(2).tolist()
    [3.0, 16.67]
    """
    need_pandas(sources, ["source_id", "cost", "records", "valid_share", "dup_share"])
    _each_once(sources, "source_id")
    largest = np.finfo(float).max
    for column, most in (("cost", largest), ("records", largest), ("valid_share", 1), ("dup_share", 1)):
        bad = ~pd.to_numeric(sources[column], errors="coerce").between(0, most)
        if not bad.any():
            check_numbers(sources, column)  # numbers written as text
        if bad.any():
            raise TableError(
                f"Column {column!r} of source {sources.loc[bad, 'source_id'].iloc[0]} must be "
                + ("a share from 0 to 1." if most == 1 else "a number of at least 0.")
            )
    usable = sources["records"] * sources["valid_share"] * (1 - sources["dup_share"])
    each = np.where(usable > 0, sources["cost"] / usable.where(usable > 0, 1), np.inf)
    priced = sources.assign(usable=usable, cost_per_usable=each)
    return priced.sort_values(["cost_per_usable", "source_id"], kind="stable", ignore_index=True)


def resolve_entities(
    records: pd.DataFrame,
    keys: Sequence[str] = ("tax_id", "phone", "norm_name+region"),
    *,
    record: str = "record_id",
) -> pd.DataFrame:
    """Find which records are of one customer: joined by any key, and by chains of joins (主体识别).

    Parameters
    ----------
    records : DataFrame of shape (n_records, at least the columns of the keys), one row a record
    keys : sequence of str
        Columns that name a customer. A plus joins columns to one key; ``norm_name`` is `name` without
        blanks and brackets and in lower case. A record that lacks a part of a key, or has blanks there, is
        not joined by it. Blanks around a text do not count.
    record : str
        Column that names the record.

    Returns
    -------
    DataFrame of shape (n_records, columns + 2), rows as in `records`
        `entity_id` (the first record of the entity, in the order of names) and `reason` (the keys by
        which this record meets another one; "alone" where none does).

    Raises
    ------
    TableError
        If a column is missing or a record stands twice.

    Notes
    -----
    Deterministic record linkage, the connected components of the graph of matches (standard). The
    source course says nothing on duplicates.

    Examples
    --------
    r1 and r2 share a tax number, r2 and r3 a telephone; so r1 and r3 are one customer:

    >>> four = pd.DataFrame({"record_id": ["r1", "r2", "r3", "r4"], "tax_id": ["9", "9", None, "7"],
    ...                      "phone": ["1", "2", "2", "5"]})
    >>> resolve_entities(four, keys=["tax_id", "phone"])["entity_id"].tolist()
    ['r1', 'r1', 'r1', 'r4']
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    need_pandas(records, [record])
    _each_once(records, record)
    if isinstance(keys, str):
        raise TableError(f"keys must be a list of keys: write [{keys!r}].")
    ends: list[tuple[np.ndarray, np.ndarray]] = []
    reasons = np.full(len(records), "", dtype=object)
    for key in keys:
        values = _key(records, key)
        rows = np.flatnonzero(values.notna())
        code = pd.factorize(values.iloc[rows])[0]
        if not len(code):
            continue
        first = rows[np.unique(code, return_index=True)[1]]
        ends.append((rows, first[code]))
        meets = rows[np.bincount(code)[code] > 1]
        reasons[meets] = [f"{said}, {key}" if said else key for said in reasons[meets]]
    joined = np.concatenate(ends, axis=1) if ends else np.empty((2, 0), dtype=int)
    graph = coo_array((np.ones(joined.shape[1]), tuple(joined)), shape=(len(records),) * 2)
    group = connected_components(graph, directed=False)[1]
    names = pd.Series(records[record].to_numpy()).groupby(group).transform("min")
    return records.assign(entity_id=names.to_numpy(), reason=np.where(reasons == "", "alone", reasons))


def one_letter_apart(names: Sequence[str], others: Sequence[str]) -> pd.DataFrame:
    """Pair names of the same length that differ in exactly one character (a slip of the pen).

    Parameters
    ----------
    names, others : sequences of str
        Each of `names` is compared with each of `others`; a name is no slip of itself.

    Returns
    -------
    DataFrame of shape (n_pairs, 2)
        `name` and `other`, in the order of `names`.

    Raises
    ------
    TableError
        If a name is missing.

    Notes
    -----
    A Hamming distance of 1 (standard). It finds slips, and different customers with similar names as well.

    Examples
    --------
    >>> one_letter_apart(["Mai Lin"], ["Mei Lin", "Mai Lin", "Mei Lim"]).to_dict("list")
    {'name': ['Mai Lin'], 'other': ['Mei Lin']}
    """
    if pd.isna(pd.Series([*names, *others], dtype=object)).any():
        raise TableError("A name is missing: leave those records out first.")
    pairs = [
        (name, other)
        for name in names
        for other in others
        if len(name) == len(other) and sum(a != b for a, b in zip(name, other, strict=True)) == 1
    ]
    return pd.DataFrame(pairs, columns=["name", "other"])


def _key(records: pd.DataFrame, key: str) -> pd.Series:
    """The values of one key, missing where a part is missing."""
    parts = key.split("+")
    need_pandas(records, ["name" if part == "norm_name" else part for part in parts])
    columns = [
        _plain_name(records["name"]) if part == "norm_name" else _bare(records[part]) for part in parts
    ]
    known = pd.concat([column.notna() for column in columns], axis=1).all(axis=1)
    joined = pd.Series(list(zip(*columns, strict=True)), index=records.index, dtype=object)
    return joined.where(known)


def _bare(cells: pd.Series) -> pd.Series:
    """Without the blanks around a text; what has nothing else is missing: a blank is no number."""
    if pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_datetime64_any_dtype(cells):
        return cells
    bare = cells.map(lambda cell: cell.strip() if isinstance(cell, str) else cell)
    return bare.where(bare.notna() & (bare != ""))


def _plain_name(names: pd.Series) -> pd.Series:
    bare = names.astype("string").str.replace(r"[\s()（）·.,-]", "", regex=True).str.casefold()
    return bare.where(bare != "")


def _each_once(table: pd.DataFrame, key: str) -> None:
    twice = table[key].duplicated()
    if twice.any():
        raise TableError(f"{key} {table.loc[twice, key].iloc[0]!r} stands twice: keep one row for each.")
    if table[key].isna().any():
        raise TableError(f"Column {key!r} is missing in row {int(np.flatnonzero(table[key].isna())[0])}.")


def _with_key(table: pd.DataFrame, key: pd.Series) -> pd.DataFrame:
    table.insert(0, str(key.name), key)
    return table
