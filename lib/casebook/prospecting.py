"""Find prospects: what does a customer cost by each way of finding, and how sure are we of that?

A *lead* is a contact; a *prospect* has need, money and the say, and has not bought; a *customer* has bought.
CAC (获取成本) is what was spent on a way of finding over the customers that it brought: an average, never
the cost of the next one. All tables here are small: pandas only. What a fair returned, what a market could
buy, and how to split a budget stand in modules of their own and are reached from here too.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.frames import need_pandas
from casebook.prospecting_budget import budget_split, budget_stability, compare_splits, split_outcome
from casebook.prospecting_checks import check_counts, check_flags
from casebook.prospecting_cost import (
    Chain,
    cac_bootstrap,
    cac_interval,
    cac_ranks,
    chain,
    method_economics,
)
from casebook.prospecting_fairs import FAIR_POINTS, early_margin, fair_roi
from casebook.prospecting_market import SEGMENT_STEPS, common_needs, funnel, measure_segments
from casebook.prospecting_methods import NINE_METHODS, PIPELINE_STEPS, PROSPECT_STAGES
from casebook.prospecting_single import (
    AdEffect,
    ReferralChain,
    ad_effect,
    lookup,
    referral_chain,
    staleness,
)

__all__ = [
    "FAIR_POINTS",
    "NINE_METHODS",
    "PIPELINE_STEPS",
    "PROSPECT_STAGES",
    "SEGMENT_STEPS",
    "AdEffect",
    "Chain",
    "ReferralChain",
    "ad_effect",
    "budget_split",
    "budget_stability",
    "cac_bootstrap",
    "cac_interval",
    "cac_ranks",
    "chain",
    "common_needs",
    "compare_splits",
    "early_margin",
    "fair_roi",
    "funnel",
    "is_prospect",
    "lookup",
    "measure_segments",
    "method_economics",
    "prospect_pipeline",
    "referral_chain",
    "split_outcome",
    "staleness",
]


def is_prospect(
    table: pd.DataFrame,
    *,
    need: str = "need",
    money: str = "money",
    authority: str = "authority",
    orders: str = "orders",
) -> pd.DataFrame:
    """Tell leads, prospects and customers apart (潜在客户).

    Parameters
    ----------
    table : DataFrame, one row per contact
    need, money, authority : str
        Columns of flags: 1 or True where the contact needs such goods, can pay, and may decide.
    orders : str
        Column with the number of orders so far.

    Returns
    -------
    DataFrame
        The table with `is_prospect` (bool), `kind` ("lead", "prospect", "customer") and `reason`.

    Raises
    ------
    TableError
        If a column is missing, a flag is not 0 or 1, or a number of orders is missing or below 0.

    Notes
    -----
    Source: the source course: in the target market, with need, ability and authority to buy, not yet bought.

    Examples
    --------
    >>> three = pd.DataFrame({"need": [1, 1, 1], "money": [1, 1, 1], "authority": [1, 0, 1],
    ...                       "orders": [0, 0, 2]})
    >>> is_prospect(three)[["is_prospect", "kind", "reason"]]
       is_prospect      kind             reason
    0         True  prospect    all three, no order
    1        False      lead   lacks: authority
    2        False  customer  has ordered before
    """
    need_pandas(table, [need, money, authority, orders])
    flags = [check_flags(table, column) for column in (need, money, authority)]
    bought = check_counts(table, orders) > 0
    able = flags[0] & flags[1] & flags[2]
    words = ("need", "money", "authority")
    lacks = [
        ", ".join(w for w, has in zip(words, row, strict=True) if not has) for row in zip(*flags, strict=True)
    ]
    kind = np.select([bought, able], ["customer", "prospect"], "lead")
    reason = np.select(
        [bought, able], ["has ordered before", "all three, no order"], [f"lacks: {what}" for what in lacks]
    )
    return table.assign(is_prospect=able & ~bought, kind=kind.astype(object), reason=reason.astype(object))


def prospect_pipeline(
    table: pd.DataFrame,
    *,
    targeted: str = "targeted",
    orders: str = "orders",
    satisfied: str = "satisfied",
) -> pd.DataFrame:
    """Say how far each contact has come: lead, prospect, target, actual or satisfied customer.

    Parameters
    ----------
    table : DataFrame, one row per contact
        With the flags `need`, `money`, `authority`.
    targeted, satisfied : str
        Columns of flags: somebody has planned to approach this prospect; the customer said it is content.
    orders : str
        Column with the number of orders so far.

    Returns
    -------
    DataFrame
        The table with `stage` (one of `PROSPECT_STAGES`) and `reason`.

    Raises
    ------
    TableError
        If a column is missing or a flag is not 0 or 1.

    Notes
    -----
    The source course has the heading only; the five stages are customary, the rule is our convention.

    Examples
    --------
    >>> two = pd.DataFrame({"need": [1, 1], "money": [1, 1], "authority": [1, 1], "targeted": [1, 1],
    ...                     "orders": [0, 3], "satisfied": [0, 0]})
    >>> prospect_pipeline(two)["stage"].tolist()
    ['target', 'actual']
    """
    need_pandas(table, [targeted, orders, satisfied])
    known = is_prospect(table, orders=orders)
    aimed, happy = check_flags(table, targeted), check_flags(table, satisfied)
    bought = (known["kind"] == "customer").to_numpy()
    able = known["is_prospect"].to_numpy()
    cases = [bought & happy, bought, able & aimed, able]
    stage = np.select(cases, ["satisfied", "actual", "target", "prospect"], "lead")
    said = ["has ordered and is content", "has ordered", "a prospect with a plan", "all three, no order"]
    reason = np.select(cases, said, known["reason"].to_numpy(dtype=str))
    return table.assign(stage=stage.astype(object), reason=reason.astype(object))
