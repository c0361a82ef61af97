"""The words of the Lorenz curve and of the pyramid of tiers; see `words` for the rules."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words import customers, refuse_empty, require, worth

__all__ = ["alt_lorenz", "alt_tiers"]

# Lorenz curve -------------------------------------------------------------------------------------

LORENZ_TITLE = "The best fifth of customers brings {share} of {measure} (Gini {gini:.2f})"
LORENZ_NOTE = "the smaller 80%\nbring {share} of {measure}"
LORENZ_ALT = (
    "Lorenz curve of {n:,} {customers}, smallest first: share of {measure} against share of customers. "
    "It runs below the diagonal of equal customers, through {points}. Gini coefficient {gini:.2f}."
)


class LorenzFacts(NamedTuple):
    """What the smaller four fifths bring (0-1), and the Gini coefficient."""

    at_80: float
    gini: float


def lorenz_facts(curve: pd.DataFrame, gini: float | None = None) -> LorenzFacts:
    """Read the curve at four fifths of customers, and measure its area if no Gini is given.

    >>> lorenz_facts(pd.DataFrame({"customer_share": [0, 1], "value_share": [0, 1]}))
    LorenzFacts(at_80=0.8, gini=0.0)
    """
    require(curve, ["customer_share", "value_share"], "classification.lorenz")
    if len(curve) < 2:
        raise TableError("The Lorenz curve needs at least one customer; this one has none.")
    x, y = curve["customer_share"].to_numpy(dtype=float), curve["value_share"].to_numpy(dtype=float)
    area = 1 - 2 * float(np.trapezoid(y, x)) if gini is None else gini
    return LorenzFacts(float(np.interp(0.8, x, y)), area)


def alt_lorenz(curve: pd.DataFrame, gini: float | None = None, *, measure: str = "revenue") -> str:
    """Say in words what `plot_lorenz` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_lorenz`.

    Examples
    --------
    >>> print(alt_lorenz(pd.DataFrame({"customer_share": [0, 0.5, 1], "value_share": [0, 0.2, 1]}))[-70:])
     customers, 84% of revenue at 90% of customers. Gini coefficient 0.30.
    """
    facts = lorenz_facts(curve, gini)
    at = np.interp(np.array([0.2, 0.5, 0.8, 0.9]), curve["customer_share"], curve["value_share"])
    pairs = zip(("20%", "50%", "80%", "90%"), at, strict=True)
    points = ", ".join(f"{percent(float(y))} of {measure} at {x} of customers" for x, y in pairs)
    return LORENZ_ALT.format(
        n=len(curve) - 1, customers=customers(len(curve) - 1), measure=measure, points=points, gini=facts.gini
    )


# Tiers --------------------------------------------------------------------------------------------

TIERS_TITLE = "The {name} tier, {count:,} of {n:,} {customers} ({part}), brings {share} of {word}"
TIERS_ALT = (
    "Pyramid of {tiers} tiers, best on top; bars to the left are shares of customers, "
    "bars to the right shares of {word}. {rows}"
)
TIERS_ROW = "{name}: {count:,} {customers} ({part}), {share} of {word}."


class TierFacts(NamedTuple):
    """A tier: its customers, their share of all customers and of all value (0-1)."""

    name: str
    customers: int
    part: float
    share: float


def tier_facts(tiered: pd.DataFrame, value: str, tier: str) -> list[TierFacts]:
    """Count and add up the tiers in the order in which they appear, which is best first.

    >>> tier_facts(pd.DataFrame({"value": [3.0, 1.0], "tier": ["top", "small"]}), "value", "tier")[0]
    TierFacts(name='top', customers=1, part=0.5, share=0.75)
    """
    require(tiered, [value, tier], "classification.tiers")
    refuse_empty(tiered)
    total = float(tiered[value].sum())
    if not total > 0:
        raise TableError(f"The values in {value!r} add up to {total:,.0f}; shares need a positive total.")
    groups = tiered.groupby(tier, sort=False, observed=True)[value]
    return [
        TierFacts(str(name), len(rows), len(rows) / len(tiered), float(rows.sum()) / total)
        for name, rows in groups
    ]


def tiers_title(facts: list[TierFacts], word: str) -> str:
    """What the best tier brings.

    >>> tiers_title([TierFacts("top", 1, 0.5, 0.75), TierFacts("small", 1, 0.5, 0.25)], "revenue")
    'The top tier, 1 of 2 customers (50%), brings 75% of revenue'
    """
    best, n = facts[0], sum(f.customers for f in facts)
    return TIERS_TITLE.format(
        name=best.name,
        count=best.customers,
        n=n,
        customers=customers(n),
        part=percent(best.part),
        share=percent(best.share),
        word=word,
    )


def alt_tiers(
    tiered: pd.DataFrame, value: str = "value", tier: str = "tier", *, measure: str | None = None
) -> str:
    """Say in words what `plot_tiers` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_tiers`.

    Examples
    --------
    >>> alt_tiers(pd.DataFrame({"value": [3.0, 1.0], "tier": ["top", "small"]}))[-40:]
    'small: 1 customer (50%), 25% of revenue.'
    """
    facts, word = tier_facts(tiered, value, tier), worth(value, measure)
    rows = " ".join(
        TIERS_ROW.format(
            name=f.name,
            count=f.customers,
            customers=customers(f.customers),
            part=percent(f.part),
            share=percent(f.share),
            word=word,
        )
        for f in facts
    )
    return TIERS_ALT.format(tiers=len(facts), word=word, rows=rows)
