"""The words of the pictures of concentration, potential, stability and tiers; see `words` for the rules."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words import customers, require, worth

__all__ = ["alt_abc_potential", "alt_class_stability", "alt_lorenz", "alt_tiers"]


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


# Class and potential ------------------------------------------------------------------------------

POTENTIALS = ("low", "medium", "high")
POTENTIAL_TITLE = "Potential moves {moved:,} of {n:,} {customers}: {up:,} up, {down:,} down"
POTENTIAL_ALT = (
    "Grid of value class today against growth potential for {n:,} {customers}; colour is the priority. "
    "{cells}"
)
POTENTIAL_CELL = "{now} with {potential} potential: {count}{share}, priority {priority}."


class Cell(NamedTuple):
    """One cell of the grid: its customers, their share of value (0-1) and where they go."""

    now: str
    potential: str
    priority: str
    customers: int
    share: float | None

    def label(self, word: str) -> str:
        """What stands under the count: the priority, an arrow for who moves, the share of value."""
        if not self.customers:
            return ""
        arrow = "" if self.priority == self.now else " ↑" if self.priority < self.now else " ↓"
        money = "" if self.share is None else f"\n{percent(self.share)} of {word}"
        return f"priority {self.priority}{arrow}{money}"


def potential_cells(table: pd.DataFrame, abc: str, potential: str, value: str | None) -> list[Cell]:
    """Count the nine cells; the priority is read from the table, never decided here.

    >>> table = pd.DataFrame({"abc_value": ["A"], "potential": ["low"], "priority": ["B"]})
    >>> [c for c in potential_cells(table, "abc_value", "potential", None) if c.customers]
    [Cell(now='A', potential='low', priority='B', customers=1, share=None)]
    """
    require(
        table,
        [abc, potential, "priority", *([] if value is None else [value])],
        "classification.abc_potential",
    )
    _refuse_empty(table)
    found = dict(iter(table.groupby([abc, potential], observed=True)))
    total = 0.0 if value is None else float(table[value].sum())
    cells = []
    for now in "ABC":
        for how in POTENTIALS:
            rows = found.get((now, how), table.iloc[:0])
            share = None if value is None else float(rows[value].sum()) / total
            cells.append(
                Cell(now, how, str(rows["priority"].iloc[0]) if len(rows) else now, len(rows), share)
            )
    return cells


def potential_title(table: pd.DataFrame, abc: str) -> str:
    """How many customers get another priority than their class.

    >>> potential_title(pd.DataFrame({"abc_value": ["A", "B"], "priority": ["B", "B"]}), "abc_value")
    'Potential moves 1 of 2 customers: 0 up, 1 down'
    """
    now, then = table[abc].astype(str), table["priority"].astype(str)
    up, down, n = int((then < now).sum()), int((then > now).sum()), len(table)
    return POTENTIAL_TITLE.format(moved=up + down, n=n, customers=customers(n), up=up, down=down)


def alt_abc_potential(
    table: pd.DataFrame, abc: str = "abc_value", potential: str = "potential", *, value: str | None = None
) -> str:
    """Say in words what `plot_abc_potential` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_abc_potential`.

    Examples
    --------
    >>> table = pd.DataFrame({"abc_value": ["A"], "potential": ["low"], "priority": ["B"]})
    >>> alt_abc_potential(table)[-45:]
    'A with low potential: 1 customer, priority B.'
    """
    word = worth(value or "value", None)
    cells = " ".join(
        POTENTIAL_CELL.format(
            now=c.now,
            potential=c.potential,
            priority=c.priority,
            count=f"{c.customers:,} {customers(c.customers)}",
            share="" if c.share is None else f" ({percent(c.share)} of {word})",
        )
        for c in potential_cells(table, abc, potential, value)
        if c.customers
    )
    return POTENTIAL_ALT.format(n=len(table), customers=customers(len(table)), cells=cells)


# Stability of classes -----------------------------------------------------------------------------

STABILITY_TITLE = "{doubt:,} of {n:,} {customers} {keep} class in fewer than {sure} of the draws"
STABILITY_TITLE_NONE = "Every customer keeps its class in at least {sure} of the draws"
STABILITY_NOTE = "{name}: {doubt:,} of {n:,} in doubt"
STABILITY_ALT = (
    "Points for {n:,} {customers}, best first: the share of draws, 0 to 100%, in which each keeps its class. "
    "{classes} Dashed lines mark the cuts at {cuts} between the classes."
)
STABILITY_CLASS = (
    "Class {name}, ranks {first:,} to {last:,}: from {low} (rank {at:,}) to {high}, {doubt:,} below {sure}."
)


def in_doubt(stability: pd.DataFrame, sure: float) -> dict[str, int]:
    """Count, class by class, the customers that keep their class in fewer than `sure` of the draws.

    >>> in_doubt(pd.DataFrame({"abc_value": ["A", "B"], "stable": [1.0, 0.6]}), 0.9)
    {'A': 0, 'B': 1, 'C': 0}
    """
    require(stability, ["abc_value", "stable"], "classification.class_stability")
    _refuse_empty(stability)
    low = stability["stable"] < sure
    return {name: int((low & (stability["abc_value"] == name)).sum()) for name in "ABC"}


def stability_title(doubt: dict[str, int], n: int, sure: float) -> str:
    """How many customers are in doubt.

    >>> stability_title({"A": 0, "B": 0, "C": 0}, 3, 0.9)
    'Every customer keeps its class in at least 90% of the draws'
    """
    count = sum(doubt.values())
    keep = "keeps its" if count == 1 else "keep their"
    title = STABILITY_TITLE if count else STABILITY_TITLE_NONE
    return title.format(doubt=count, n=n, customers=customers(n), keep=keep, sure=percent(sure))


def alt_class_stability(
    stability: pd.DataFrame, cuts: tuple[float, float] = (0.80, 0.95), *, sure: float = 0.9
) -> str:
    """Say in words what `plot_class_stability` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_class_stability`.

    Examples
    --------
    >>> table = pd.DataFrame({"abc_value": ["A", "B"], "stable": [1.0, 0.6]})
    >>> "Class B, ranks 2 to 2: from 60% (rank 2) to 60%, 1 below 90%." in alt_class_stability(table)
    True
    """
    doubt, said, last = in_doubt(stability, sure), [], 0
    for name in "ABC":
        mine = stability.loc[stability["abc_value"] == name, "stable"]
        if len(mine):
            first, last = last + 1, last + len(mine)
            said.append(
                STABILITY_CLASS.format(
                    name=name,
                    first=first,
                    last=last,
                    low=percent(mine.min()),
                    at=first + int(np.argmin(mine.to_numpy())),
                    high=percent(mine.max()),
                    doubt=doubt[name],
                    sure=percent(sure),
                )
            )
    n = len(stability)
    return STABILITY_ALT.format(
        n=n, customers=customers(n), classes=" ".join(said), cuts=" and ".join(percent(cut) for cut in cuts)
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
    _refuse_empty(tiered)
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


def _refuse_empty(table: pd.DataFrame) -> None:
    if table.empty:
        raise TableError("The table has no customers, so there is nothing to draw.")
