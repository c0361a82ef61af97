"""How large are the parts of a market, and where do leads get lost? Segments in seven steps, the funnel."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.evaluation import wilson_interval
from casebook.frames import need_pandas, start
from casebook.prospecting_checks import check_counts, check_flags, check_share, check_total

__all__ = ["SEGMENT_STEPS", "common_needs", "funnel", "measure_segments"]

#: The seven steps of measuring prospects (测量潜在客户流程); McCarthy's segmentation, made concrete.
SEGMENT_STEPS = (
    "choose the market range", "analyse basic needs", "analyse differing needs", "remove common needs",
    "name the markets", "confirm each market's features", "measure each market's potential",
)  # fmt: skip


def common_needs(answers: pd.DataFrame, needs: Sequence[str], *, share_common: float = 0.8) -> pd.DataFrame:
    """Say which needs tell firms apart, and which nearly all of them have (steps 2 to 4).

    Parameters
    ----------
    answers : DataFrame, one row per firm asked
    needs : sequence of str
        Columns of flags: 1 where the firm has the need.
    share_common : float
        A need that at least this share has is common, and drops out.

    Returns
    -------
    DataFrame, one row per need, in their order
        `need`, `share` (0-1), `kept` (bool), `reason`.

    Raises
    ------
    TableError
        If a column is missing, a flag is not 0 or 1, nobody was asked, or the share is outside 0 to 1.

    Examples
    --------
    >>> ten = pd.DataFrame({"safety": [1] * 9 + [0], "price": [1] * 5 + [0] * 5})
    >>> common_needs(ten, ["safety", "price"])[["need", "share", "kept"]]
         need  share   kept
    0  safety    0.9  False
    1   price    0.5   True
    """
    need_pandas(answers, list(needs))
    check_share("share_common", share_common)
    if answers.empty or not needs:
        raise TableError("Nobody was asked, or no need is named: there is nothing to measure.")
    share = np.array([check_flags(answers, need).mean() for need in needs])
    kept = share < share_common - 1e-12
    reason = [
        f"{s:.0%} have it: {'it tells firms apart' if k else f'common from {share_common:.0%}'}"
        for s, k in zip(share, kept, strict=True)
    ]
    return pd.DataFrame({"need": list(needs), "share": share, "kept": kept, "reason": reason})


def measure_segments(
    answers: pd.DataFrame,
    needs: Sequence[str],
    *,
    firms: float,
    price: float,
    willing: str = "willing",
    units: str = "units",
    share_common: float = 0.8,
    level: float = 0.95,
) -> pd.DataFrame:
    """Split a market by the needs that differ, and measure what each part could buy (steps 4 to 7).

    Parameters
    ----------
    answers : DataFrame, one row per firm asked
        Firms drawn by lot from the market; else the shares mean nothing.
    needs : sequence of str
        Columns of flags.
    firms : float
        Firms in the whole market.
    price : float
        RMB a unit.
    willing, units : str
        Columns: a flag, would buy; and the units that it would buy.
    share_common : float
        As in `common_needs`.
    level : float in (0, 1)
        Of the interval.

    Returns
    -------
    DataFrame, one row per segment, largest potential first
        `segment` (its needs that differ, or "none of these"), `asked`, `share` (of those asked), `firms`
        (share x market), `willing` (share within), `units` (mean of the willing), `potential` = firms x
        willing x units x price (RMB), `low`, `high`: potential with the Wilson limits of the share of the
        market that is in the segment and willing.

    Raises
    ------
    TableError
        As `common_needs`; or if a number is missing or below 0.

    Notes
    -----
    Source: the seven steps stand in the source course without numbers; dropping common needs at 80% is our
    convention. A potential is what could be bought from anybody, not a forecast of our sales.

    Examples
    --------
    >>> ten = pd.DataFrame({"taste": 1, "price": [1] * 5 + [0] * 5, "willing": [1] * 3 + [0] * 2 + [1] * 3 +
    ...                     [0] * 2, "units": 2})
    >>> measure_segments(ten, ["taste", "price"], firms=200, price=3000)[["segment", "firms", "potential"]]
             segment  firms  potential
    0  none of these  100.0   360000.0
    1          price  100.0   360000.0
    """
    kept = common_needs(answers, needs, share_common=share_common)
    need_pandas(answers, [willing, units])
    for name, number in (("firms", firms), ("price", price)):
        check_total(name, number)
    would, want = check_flags(answers, willing), check_counts(answers, units, whole=False)
    tells = kept.loc[kept["kept"], "need"].tolist()
    flags = np.array([check_flags(answers, need) for need in tells]).reshape(len(tells), len(answers))
    names = [
        " + ".join(n for n, has in zip(tells, row, strict=True) if has) or "none of these" for row in flags.T
    ]
    table = pd.DataFrame({"segment": names, "would": would, "units": np.where(would, want, 0.0)})
    added = table.groupby("segment").agg(
        asked=("would", "size"), would=("would", "sum"), units=("units", "sum")
    )
    asked, buyers = added["asked"], added["would"]
    mean = (added["units"] / buyers.where(buyers > 0)).fillna(0.0)
    low, high = wilson_interval(buyers.to_numpy(), np.full(len(added), len(answers)), level=level)
    worth = firms * mean * price
    return (
        pd.DataFrame(
            {
                "asked": asked,
                "share": asked / len(answers),
                "firms": firms * asked / len(answers),
                "willing": buyers / asked,
                "units": mean,
                "potential": worth * buyers / len(answers),
                "low": worth * low,
                "high": worth * high,
            }
        )
        .reset_index()
        .sort_values(["potential", "segment"], ascending=[False, True], kind="stable", ignore_index=True)
    )


def funnel(
    prospects: pd.DataFrame,
    touches: Any = None,
    *,
    retained: Collection[Any] | None = None,
    valid: Sequence[str] = ("need", "eligible"),
    won: str = "won",
    level: float = 0.95,
) -> pd.DataFrame:
    """Follow leads through source, filter, conversion and after-sales: how many are left, how many were lost.

    Parameters
    ----------
    prospects : DataFrame, one row per lead
        With `prospect_id`, `status`, `customer_id`, and the flags of `valid`.
    touches : pandas DataFrame, Polars frame or DuckDB relation, optional
        With `prospect_id`: who was spoken to at all.
    retained : collection of customer ids, optional
        Customers who are still with us.
    valid : sequence of str
        Flags that a lead needs to pass the filter.
    won : str
        The word in `status` for those who bought.
    level : float in (0, 1)
        Of the interval.

    Returns
    -------
    DataFrame, one row per stage
        `stage` ("found", "spoken to", "valid", "converted", "retained"), `n`, `of_previous`, `low`, `high`
        (share of the stage before, with its Wilson interval; missing for the first), `of_all`.

    Raises
    ------
    TableError
        If a column is missing, a flag is not 0 or 1, or there is no lead.

    Notes
    -----
    A lead counts at a stage only if it passed all stages before: a buyer whom the filter would have turned
    away is not in the chain. Count those apart; they say what the filter costs.
    The source course has the chain in words; the ratios are customary.

    Examples
    --------
    >>> leads = pd.DataFrame({"prospect_id": range(4), "need": [1, 1, 1, 0], "eligible": 1,
    ...                       "status": ["won", "won", "lost", "lost"],
    ...                       "customer_id": ["Ada", "Bo", None, None]})
    >>> funnel(leads, retained=["Ada"])[["stage", "n", "of_all"]]
           stage  n  of_all
    0      found  4    1.00
    1      valid  3    0.75
    2  converted  2    0.50
    3   retained  1    0.25
    """
    need_pandas(prospects, ["prospect_id", "status", "customer_id", *valid])
    if prospects.empty:
        raise TableError("There is no lead in the table, so there is nothing to follow.")
    passes = {"found": np.ones(len(prospects), dtype=bool)}
    if touches is not None:
        spoken = start(touches, ["prospect_id"]).select(nw.col("prospect_id")).unique()
        known = (spoken.collect() if isinstance(spoken, nw.LazyFrame) else spoken)["prospect_id"].to_list()
        passes["spoken to"] = prospects["prospect_id"].isin(known).to_numpy()
    passes["valid"] = np.logical_and.reduce([passes["found"], *(check_flags(prospects, c) for c in valid)])
    passes["converted"] = (prospects["status"] == won).to_numpy()
    if retained is not None:
        passes["retained"] = prospects["customer_id"].isin(list(retained)).to_numpy()
    left = np.logical_and.accumulate(list(passes.values()), axis=0).sum(axis=1)
    before = np.concatenate([[left[0]], left[:-1]])
    low, high = wilson_interval(left, np.maximum(before, 1), level=level)
    first = np.arange(len(left)) == 0
    empty = first | (before == 0)
    share = left / np.maximum(before, 1)
    return pd.DataFrame(
        {
            "stage": list(passes),
            "n": left,
            "of_previous": np.where(empty, np.nan, share),
            "low": np.where(empty, np.nan, low),
            "high": np.where(empty, np.nan, high),
            "of_all": left / len(prospects),
        }
    )
