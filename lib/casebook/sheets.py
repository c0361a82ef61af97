"""The two sheets of customer selection: what shapes our choice, and what we should know of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas

__all__ = ["FACTORS", "PROFILE", "FactorSheet", "factor_sheet", "profile_completeness"]

#: Seven factors that shape the choice of customers, in the order of the source course.
FACTORS = (
    "nature of the product",
    "target market",
    "competitors",
    "environment and staff",
    "channel strategy",
    "marketing strategy",
    "cost and resources",
)

#: What to know of a customer, by its nature (source course).
PROFILE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "consumer": ("age", "place", "occupation", "class", "hobbies"),
        "retailer": ("place", "strength", "size", "trade"),
        "dealer": ("finance", "product_range", "credit", "staff_quality"),
    }
)


@dataclass(frozen=True, eq=False)
class FactorSheet:
    """A filled-in sheet of selection factors.

    Attributes
    ----------
    table : DataFrame of shape (7, 4)
        ``factor``, ``situation`` (text, empty where nobody wrote), ``weight`` (0-1) and ``filled``.
    completeness : float
        Share of the factors that are filled in (0-1).
    missing : list of str
        The others, in the order of the source course.
    """

    table: pd.DataFrame
    completeness: float
    missing: list[str]


def factor_sheet(situation: Mapping[str, str], weights: Mapping[str, float] | None = None) -> FactorSheet:
    """Lay out the seven factors that shape the choice of customers, and say which nobody thought of.

    Parameters
    ----------
    situation : mapping of factor to text
        The firm's situation in a few words; see `FACTORS` for the names. Blank text is not filled in.
    weights : mapping of factor to number, optional
        How much each counts, none below zero; divided by their sum. Equal if none are given.

    Returns
    -------
    FactorSheet
        With a small table of seven rows.

    Raises
    ------
    TableError
        If a factor is unknown, or a weight is below zero.

    Examples
    --------
    >>> sheet = factor_sheet({name: "seen to" for name in FACTORS[:5]})
    >>> round(sheet.completeness, 3), sheet.missing
    (0.714, ['marketing strategy', 'cost and resources'])
    """
    for given in (situation, weights or {}):
        odd = [name for name in given if name not in FACTORS]
        if odd:
            raise TableError(f"{odd[0]!r} is not one of the seven factors: {', '.join(FACTORS)}.")
    wanted = {name: 1.0 if weights is None else float(weights.get(name, 0.0)) for name in FACTORS}
    total = sum(wanted.values())
    if min(wanted.values()) < 0 or not total > 0:
        raise TableError(f"Weights must be 0 or more, and not all 0; got {wanted}.")
    text = [str(situation.get(name) or "").strip() for name in FACTORS]
    filled = [bool(words) for words in text]
    table = pd.DataFrame(
        {
            "factor": FACTORS,
            "situation": text,
            "weight": [weight / total for weight in wanted.values()],
            "filled": filled,
        }
    )
    missing = [name for name, is_filled in zip(FACTORS, filled, strict=True) if not is_filled]
    return FactorSheet(table, sum(filled) / len(FACTORS), missing)


def profile_completeness(
    customers: pd.DataFrame,
    nature: str = "nature",
    *,
    checklist: Mapping[str, Sequence[str]] = PROFILE,
) -> pd.DataFrame:
    """Say how much of what one should know of a customer is known, by the kind of customer.

    Parameters
    ----------
    customers : DataFrame, one row per customer
        pandas. A field that is missing, blank, or has no column is not filled.
    nature : str
        Column with the kind; each must be in `checklist`.
    checklist : mapping of kind to fields
        Default: the lists of the source course for consumers, retailers and dealers.

    Returns
    -------
    DataFrame of shape (n_customers, 3), in the order and with the index of `customers`
        ``nature``, ``filled`` (0-1) and ``missing`` (text, the fields still to find out).

    Raises
    ------
    TableError
        If the column is missing or holds another kind.

    Examples
    --------
    >>> two = pd.DataFrame({"nature": ["retailer", "consumer"], "place": ["Hangzhou", "Ningbo"],
    ...                     "size": [120, None], "age": [None, 41], "occupation": [None, "nurse"],
    ...                     "class": [None, "middle"], "hobbies": [None, "tea"]})
    >>> profile_completeness(two)
         nature  filled          missing
    0  retailer     0.5  strength, trade
    1  consumer     1.0
    """
    need_pandas(customers, [nature])
    odd = customers[~customers[nature].isin(list(checklist))]
    if len(odd):
        raise TableError(
            f"Column {nature!r} holds {odd[nature].iloc[0]!r} in row {odd.index[0]!r} "
            f"(such rows: {len(odd):,}); the checklist knows {', '.join(checklist)}."
        )
    rows = customers.to_dict("records")
    missing = [[f for f in checklist[row[nature]] if _blank(row.get(f))] for row in rows]
    share = [1 - len(gaps) / len(checklist[row[nature]]) for gaps, row in zip(missing, rows, strict=True)]
    return pd.DataFrame(
        {
            "nature": customers[nature],
            "filled": np.array(share, dtype=float),
            "missing": [", ".join(gaps) for gaps in missing],
        },
        index=customers.index,
    )


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip()) or bool(pd.isna(cell))
