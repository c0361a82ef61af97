"""Identify customers (客户识别): which groups they are, what a firm is like, what it is worth and to whom.

The four questions (`revenue_by`, `who_table`), the six C's (`six_c`), the value to the firm, its salesperson
and its market (`value_eval`), the type of value a customer looks for (`value_type`), and the bank lobby
(`triage`) stand here. The weighted form, the flow of the best customers, the migration matrix and the
training sheets have files of their own; all are reached as ``identification.…``. Only `revenue_by`,
`best_customer_flow` and `migration_by_chance` meet tables that grow; the rest is pandas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from casebook.best_customers import best_customer_flow
from casebook.classification import customer_value
from casebook.errors import TableError
from casebook.evaluation_form import (
    BANDS,
    INDICATORS,
    LIMITS,
    WEIGHTS,
    band_stability,
    check_points,
    check_weights,
    evaluation_band,
    evaluation_form,
    form_indicators,
    moved_weights,
    reading_noise,
    weight_moves,
)
from casebook.frames import need_pandas, refuse_gaps, start
from casebook.moving_picture import Migration, migration, migration_by_chance
from casebook.worksheets import LAYOUTS, Worksheet

__all__ = [
    "BANDS",
    "INDICATORS",
    "LAYOUTS",
    "LIMITS",
    "SIX_C",
    "VALUE_TYPES",
    "WEIGHTS",
    "WHO",
    "Migration",
    "Worksheet",
    "band_stability",
    "best_customer_flow",
    "evaluation_band",
    "evaluation_form",
    "form_indicators",
    "migration",
    "migration_by_chance",
    "moved_weights",
    "reading_noise",
    "revenue_by",
    "six_c",
    "six_c_total",
    "triage",
    "value_eval",
    "value_type",
    "weight_moves",
    "who_table",
]

#: The six C's: 品德, 能力, 资本, 抵押物品, 经济状况, 连续性. The first five are also the contents of credit.
SIX_C = ("character", "capacity", "capital", "collateral", "condition", "continuity")

#: Who pays, who decides and who benefits, by line of business (our convention; ask before you trust it).
WHO: dict[str, tuple[str, str, str]] = {
    "water_equipment": ("owner", "owner", "the shops it supplies"),
    "building_materials": ("owner", "owner", "the shops it supplies"),
    "appliances": ("owner", "owner", "the shops it supplies"),
    "appliance_store": ("owner", "owner", "owner"),
    "home_improvement": ("owner", "owner", "owner"),
    "online_shop": ("owner", "owner", "owner"),
    "supermarket": ("head office", "category buyer", "head office"),
    "hotel": ("hotel group", "engineering manager", "guests"),
    "school": ("education bureau", "logistics office", "pupils"),
    "hospital": ("finance department", "equipment committee", "patients"),
    "office": ("company", "administration manager", "staff"),
    "restaurant": ("owner", "owner", "guests"),
    "household": ("household", "household", "household"),
}
_POSITION = {"distributor": "middleman", "retailer": "terminal", "end_user": "consumer"}

#: Column of the weight, and the type of customer whose largest weight it is (standard: Rackham 1999).
VALUE_TYPES = {"vt_price": "intrinsic", "vt_advice": "extrinsic", "vt_integration": "strategic"}
_MACHINE = ("cash_withdrawal", "deposit", "transfer")  #: business that a machine or a telephone can do


def revenue_by(
    orders: Any,
    customers: pd.DataFrame,
    by: str = "channel_role",
    *,
    value: str = "amount",
    key: str = "customer_id",
) -> pd.DataFrame:
    """First question: where does the revenue come from?

    Parameters
    ----------
    orders : table of orders or lines (pandas, Polars or DuckDB)
        With `key` and `value`; returns are negative.
    customers : DataFrame, one row per customer
        With `key` and `by`.
    by : str
        Column of the group: channel role, industry, region.
    value : str
        Money, in any currency.
    key : str
        The customer.

    Returns
    -------
    DataFrame, one row per group that bought, largest first
        `by`, `customers` (count of buyers), `value` (exact sum), `share` (0-1).

    Raises
    ------
    TableError
        If a column is missing or has gaps, a buyer is not in `customers`, or nothing was sold in all.

    Notes
    -----
    Source: the source course asks it first, and says of distribution: start from the retailers, who drive
    the chain.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": list("abc"), "amount": [60, 30, 10]})
    >>> roles = ["retailer", "distributor", "end_user"]
    >>> people = pd.DataFrame({"customer_id": list("abc"), "channel_role": roles})
    >>> revenue_by(orders, people)["share"].tolist()
    [0.6, 0.3, 0.1]
    """
    need_pandas(customers, [key, by])
    refuse_gaps(start(customers, [by]), by)
    if not customers[key].is_unique:
        twice = customers.loc[customers[key].duplicated(), key].iloc[0]
        raise TableError(f"Column {key!r} names {twice!r} more than once: keep one row each.")
    added: Any = start(customer_value(orders, key, amount=value), [key, "value"])
    each = (added.collect() if hasattr(added, "collect") else added).to_pandas()
    group = each[key].map(customers.set_index(key)[by])
    strange = each.loc[group.isna(), key]
    if len(strange):
        raise TableError(
            f"{key} {strange.iloc[0]!r} has orders but is not in the table of customers "
            f"(such: {len(strange):,}): add them, or leave their orders out."
        )
    each = each.assign(**{by: group})
    table = customer_value(each[[by, "value"]].rename(columns={"value": "money"}), by, amount="money")
    total = table["value"].sum()
    if not total > 0:
        raise TableError(f"The sum of {value!r} is not positive: there is no revenue to share out.")
    table.insert(1, "customers", table[by].map(each[by].value_counts()).astype(int))
    table = table.assign(share=table["value"] / total)
    return table.sort_values(["value", by], ascending=[False, True], ignore_index=True)


def who_table(customers: pd.DataFrame, who: Mapping[str, tuple[str, str, str]] = WHO) -> pd.DataFrame:
    """The other three questions: who decides, who benefits, where in the channel is the customer?

    Parameters
    ----------
    customers : DataFrame with ``industry`` and ``channel_role``
    who : mapping of industry to (payer, decider, beneficiary)
        Default `WHO`, a starting point that a visit corrects.

    Returns
    -------
    DataFrame
        The table with `payer`, `decider`, `beneficiary`, `position` (middleman, terminal, consumer), the flag
        `decider_differs` (from the payer) and `reason`.

    Raises
    ------
    TableError
        If a column is missing or an industry or a channel role is unknown.

    Notes
    -----
    Source: the source course asks the four questions; who stands for what in which trade is our convention.

    Examples
    --------
    >>> one = pd.DataFrame({"industry": ["hotel"], "channel_role": ["end_user"]})
    >>> who_table(one)[["payer", "decider", "beneficiary", "decider_differs"]]
             payer              decider beneficiary  decider_differs
    0  hotel group  engineering manager      guests             True
    """
    need_pandas(customers, ["industry", "channel_role"])
    for column, known in (("industry", who), ("channel_role", _POSITION)):
        odd = customers[~customers[column].isin(list(known))]
        if len(odd):
            raise TableError(
                f"Column {column!r} holds {odd[column].iloc[0]!r} in row {odd.index[0]} "
                f"(such rows: {len(odd):,}); known are {', '.join(known)}."
            )
    answers = {
        name: customers["industry"].map({trade: names[at] for trade, names in who.items()})
        for at, name in enumerate(("payer", "decider", "beneficiary"))
    }
    differs = answers["payer"] != answers["decider"]
    reason = np.where(
        differs, answers["decider"] + " decides, " + answers["payer"] + " pays", "who pays decides"
    )
    position = customers["channel_role"].map(_POSITION)
    return customers.assign(**answers, position=position, decider_differs=differs, reason=reason)


def six_c_total(files: pd.DataFrame, weights: Mapping[str, float] | None = None) -> pd.Series:
    """The weighted mean of the six C's, one number of 0 to 100 points for each firm.

    Parameters
    ----------
    files : DataFrame with the six columns of `SIX_C` (points, 0-100)
    weights : mapping of C to weight, adding to 1
        Default: all alike.

    Returns
    -------
    Series of shape (n_firms,)

    Raises
    ------
    TableError
        If a column is missing, a score is missing or outside 0 to 100, or the weights do not name the six
        C's or do not add to 1.

    Examples
    --------
    >>> six_c_total(pd.DataFrame([[80, 70, 60, 50, 75, 85]], columns=SIX_C)).tolist()
    [70.0]
    """
    equal = dict.fromkeys(SIX_C, 1 / len(SIX_C))
    used = equal if weights is None else check_weights(weights)
    if set(used) != set(SIX_C):
        raise TableError(f"The weights must name the six C's: {', '.join(SIX_C)}.")
    check_points(files, list(SIX_C))
    total = sum((files[name] * used[name] for name in SIX_C), pd.Series(0.0, files.index))
    return total.round(9).rename("six_c_total")


def six_c(
    files: pd.DataFrame, weights: Mapping[str, float] | None = None, *, red_flag: float = 60
) -> pd.DataFrame:
    """Describe firms by the six C's (6C 描述分析): the scores, the weakest, and those that are a warning.

    Parameters
    ----------
    files : DataFrame with the six columns of `SIX_C` (points, 0-100)
    weights : mapping, optional
        As in `six_c_total`.
    red_flag : float
        Points: a score below is a warning (our convention).

    Returns
    -------
    DataFrame
        The table with `six_c_total` (points), `weakest` (the C; ties: the first in order), `red_flags`
        (count) and `reason`.

    Raises
    ------
    TableError
        As `six_c_total`.

    Notes
    -----
    The source course names the six C's without contents. Five of them return as the five contents of a
    credit survey, on the same columns; continuity is the sixth.

    Examples
    --------
    >>> firm = pd.DataFrame([[80, 70, 60, 50, 75, 85]], columns=SIX_C)
    >>> six_c(firm)[["six_c_total", "weakest", "red_flags"]]
       six_c_total     weakest  red_flags
    0         70.0  collateral          1
    """
    total = six_c_total(files, weights)
    scores = files[list(SIX_C)]
    weakest = scores.idxmin(axis=1)
    lowest = scores.min(axis=1)
    reason = [f"{name} is lowest, {low:g} points" for name, low in zip(weakest, lowest, strict=True)]
    flags = (scores < red_flag).sum(axis=1)
    return files.assign(six_c_total=total, weakest=weakest, red_flags=flags, reason=reason)


def value_eval(
    table: pd.DataFrame,
    w: Sequence[float] = (0.5, 0.2, 0.3),
    *,
    columns: tuple[str, str, str] = ("enterprise", "salesperson", "market"),
    wide: float = 30,
) -> pd.DataFrame:
    """Evaluate a customer's value (价值评价) to the firm, to its salesperson and to the market.

    Parameters
    ----------
    table : DataFrame, one row per customer
        Three columns of points (0-100).
    w : three weights that add to 1
        In the order of `columns`. Default .5, .2, .3: our convention.
    columns : three str
        Value to the enterprise (profit, market share), to the salesperson (sales results), to the market
        (development, competition, change of demand).
    wide : float
        Points: from such a gap on, the reason says who is fonder of the customer (our convention).

    Returns
    -------
    DataFrame
        The table with `value_total` (points), `agency_gap` (salesperson less enterprise) and `reason`.

    Raises
    ------
    TableError
        If a column is missing, a score is missing or outside 0 to 100, or the weights do not add to 1.

    Notes
    -----
    The source course names the three values. The gap between the second and the first is the agency problem:
    whoever is paid by sales has reason to love a customer that earns the firm nothing.

    Examples
    --------
    >>> two = pd.DataFrame({"enterprise": [80, 40], "salesperson": [40, 95], "market": [70, 50]})
    >>> value_eval(two)[["value_total", "agency_gap", "reason"]]
       value_total  agency_gap                                reason
    0         69.0         -40    worth more to the firm than to its rep
    1         54.0          55    worth more to its rep than to the firm
    """
    if len(columns) != 3 or len(w) != 3:
        raise TableError("Three columns and three weights are needed: enterprise, salesperson, market.")
    weights = check_weights(dict(zip(columns, w, strict=True)))
    check_points(table, list(columns))
    total = sum(
        (table[name] * weight for name, weight in weights.items()), pd.Series(0.0, table.index)
    ).round(9)
    gap = table[columns[1]] - table[columns[0]]
    reason = np.select(
        [gap >= wide, gap <= -wide],
        ["worth more to its rep than to the firm", "worth more to the firm than to its rep"],
        "both see it alike",
    )
    return table.assign(value_total=total, agency_gap=gap, reason=reason)


def value_type(table: pd.DataFrame, types: Mapping[str, str] = VALUE_TYPES) -> pd.DataFrame:
    """Say where a customer sees value: in the product, in advice, or in working together.

    Parameters
    ----------
    table : DataFrame, one row per customer
        The three weights of `types`, shares that add to 1 (to two decimals).
    types : mapping of column to type
        Default: price, intrinsic; advice, extrinsic; integration, strategic.

    Returns
    -------
    DataFrame
        The table with `value_type`, `lead` (share: how far the largest weight is above the next) and
        `reason`. A tie goes to the first in the order of `types`, and has a lead of 0.

    Raises
    ------
    TableError
        If a column is missing or has gaps, a weight is outside 0 to 1, or the weights do not add to 1.

    Notes
    -----
    The source course gives the three names only. Contents: Rackham & De Vincentis (1999), Rethinking the
    Sales Force.

    Examples
    --------
    >>> three = pd.DataFrame([[.7, .2, .1], [.3, .5, .2], [.1, .3, .6]], columns=list(VALUE_TYPES))
    >>> value_type(three)["value_type"].tolist()
    ['intrinsic', 'extrinsic', 'strategic']
    """
    columns = list(types)
    need_pandas(table, columns)
    weights = table[columns].apply(pd.to_numeric, errors="coerce")
    total = weights.sum(axis=1)
    odd = weights.isna().any(axis=1) | (weights < 0).any(axis=1) | ((total - 1).abs() > 0.0051)
    if odd.any():
        raise TableError(
            f"The weights {', '.join(columns)} must be shares that add to 1; row {odd.index[odd][0]} has "
            f"{', '.join(map(str, table.loc[odd, columns].iloc[0]))} (such rows: {int(odd.sum()):,})."
        )
    ranked = np.sort(weights.to_numpy(), axis=1)
    lead = (ranked[:, -1] - ranked[:, -2]).round(9)
    names = weights.idxmax(axis=1)
    reason = [
        f"{name} weighs most, by {by:.2f}" if by else f"{name}: a tie"
        for name, by in zip(names, lead, strict=True)
    ]
    return table.assign(value_type=names.map(types), lead=lead, reason=reason)


def triage(
    visitors: pd.DataFrame, *, machine: Sequence[str] = _MACHINE, vip_band: str = "500k_or_more"
) -> pd.DataFrame:
    """Say where the lobby manager of a bank (大堂经理) sends a visitor: machine, counter or VIP room.

    Parameters
    ----------
    visitors : DataFrame with ``business``, ``assets_band`` and ``digital_ready`` (bool)
    machine : sequence of str
        Business that a machine or a telephone can do.
    vip_band : str
        The band of assets that goes to the VIP room.

    Returns
    -------
    DataFrame
        The table with `route` ("vip", "self_service" or "counter") and `reason`.

    Raises
    ------
    TableError
        If a column is missing or has gaps, or `digital_ready` is not true or false.

    Notes
    -----
    The source course tells the case as a question, without facts: these rules are our convention. Assets are
    looked at first, then readiness and business.

    Examples
    --------
    >>> three = pd.DataFrame({"business": ["cash_withdrawal", "passbook", "wealth"],
    ...     "assets_band": ["under_50k", "under_50k", "500k_or_more"], "digital_ready": [True, False, False]})
    >>> triage(three)["route"].tolist()
    ['self_service', 'counter', 'vip']
    """
    need_pandas(visitors, ["business", "assets_band", "digital_ready"])
    for column in ("business", "assets_band", "digital_ready"):
        refuse_gaps(start(visitors, [column]), column)
    if not pd.api.types.is_bool_dtype(visitors["digital_ready"]):
        raise TableError("Column 'digital_ready' must be true or false: turn it into bool first.")
    vip = visitors["assets_band"] == vip_band
    alone = visitors["digital_ready"] & visitors["business"].isin(list(machine))
    route = np.select([vip, alone], ["vip", "self_service"], "counter")
    reason = np.select(
        [vip, alone, visitors["digital_ready"]],
        [f"assets {vip_band}", "ready for the machine", "no machine does this business"],
        "not ready for the machine",
    )
    return visitors.assign(route=route, reason=reason)
