"""The words of the pictures of potential and of stability; see `words` for the rules."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from casebook.plots.style import percent
from casebook.plots.words import customers, refuse_empty, require, worth

__all__ = ["alt_abc_potential", "alt_class_stability"]

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
    refuse_empty(table)
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
    "Points for {n:,} {customers}, best first: the share of draws, 0 to 100%, in which each keeps its class; "
    "{doubt:,} are below {sure}. {classes} Dashed lines mark the cuts at {cuts} between the classes."
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
    refuse_empty(stability)
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
        doubt=sum(doubt.values()),
        sure=percent(sure),
        n=n,
        customers=customers(n),
        classes=" ".join(said),
        cuts=" and ".join(percent(cut) for cut in cuts),
    )
