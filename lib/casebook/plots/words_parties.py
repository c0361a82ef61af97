"""The words of the pictures of lesson 00: how many customers, what a record costs; see `words`."""

from __future__ import annotations

import pandas as pd

from casebook.plots.words import number, refuse_empty, require

__all__ = ["alt_counts", "alt_lesson_map", "alt_sources"]

COUNTS_TITLE = "How many customers? From {least:,} to {most:,}, by what one calls a customer"
COUNTS_ALT = "Bars, one below the other, of the number of customers by definition. {rows}"
COUNTS_ROW = "{definition}: {count:,}."

SOURCES_TITLE = "A usable record costs from {least} to {most} RMB, {times} times as much"
SOURCES_ALT = (
    "Points: the cost of a usable record by source, cheapest on top, on a logarithmic scale. {rows}{bought}"
)
SOURCES_ROW = "{kind}: {cost} RMB for each of {usable} usable records."
SOURCES_BOUGHT = " Dark: {names}, bought to reach {need:,} usable records."

MAP_ALT = "Five boxes in a row, joined by arrows: {steps}.{active}"


def alt_counts(counts: pd.DataFrame) -> str:
    """Say in words what `plot_counts` draws.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_counts`.

    Examples
    --------
    >>> alt_counts(pd.DataFrame({"definition": ["on file", "bought"], "count": [5, 3]}))[-22:]
    'on file: 5. bought: 3.'
    """
    check_counts(counts)
    pairs = zip(counts["definition"], counts["count"], strict=True)
    rows = " ".join(COUNTS_ROW.format(definition=name, count=count) for name, count in pairs)
    return COUNTS_ALT.format(rows=rows)


def check_counts(counts: pd.DataFrame) -> None:
    """Refuse a table without definitions and counts; raises TableError."""
    require(counts, ["definition", "count"], "your own list of definitions")
    refuse_empty(counts)


def alt_sources(priced: pd.DataFrame, *, bought: tuple[str, ...] = (), need: int | None = None) -> str:
    """Say in words what `plot_sources` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_sources`.

    Examples
    --------
    >>> one = pd.DataFrame({"source_id": ["S1"], "kind": ["fair"], "usable": [240.0]})
    >>> one["cost_per_usable"] = 16.67
    >>> alt_sources(one)[-48:]
    ' fair: 16.67 RMB for each of 240 usable records.'
    """
    check_sources(priced)
    rows = " ".join(
        SOURCES_ROW.format(
            kind=row["kind"], cost=cost_words(row["cost_per_usable"]), usable=number(row["usable"])
        )
        for row in priced.to_dict("records")
    )
    names = priced.loc[priced["source_id"].isin(bought), "kind"]
    said = SOURCES_BOUGHT.format(names=", ".join(names), need=need) if len(names) and need else ""
    return SOURCES_ALT.format(rows=rows, bought=said)


def check_sources(priced: pd.DataFrame) -> None:
    """Refuse a table that `parties.source_register` did not make; raises TableError."""
    require(priced, ["source_id", "kind", "usable", "cost_per_usable"], "parties.source_register")
    refuse_empty(priced)


def cost_words(cost: float) -> str:
    """A cost per record with as many digits as it needs.

    >>> cost_words(0.204), cost_words(16.667), cost_words(float("inf"))
    ('0.20', '16.67', 'endless')
    """
    return "endless" if cost == float("inf") else f"{cost:,.2f}"


def sources_title(priced: pd.DataFrame) -> str:
    """The finding of the sources' picture.

    >>> sources_title(pd.DataFrame({"cost_per_usable": [2.0, 8.0]}))
    'A usable record costs from 2.00 to 8.00 RMB, 4 times as much'
    """
    known = priced["cost_per_usable"][priced["cost_per_usable"] < float("inf")]
    least, most = float(known.min()), float(known.max())
    times = number(round(most / least)) if least > 0 else "endlessly many"
    return SOURCES_TITLE.format(least=cost_words(least), most=cost_words(most), times=times)


def alt_lesson_map(active_step: int | None = None) -> str:
    """Say in words what `lesson_map` draws.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `lesson_map`.

    Examples
    --------
    >>> alt_lesson_map(1)[-55:]
    ' 5 manage time. Step 1, collect information, is marked.'
    """
    from casebook.parties import MANAGEMENT_STEPS as STEPS

    steps = ", ".join(f"{i} {step}" for i, step in enumerate(STEPS, 1))
    active = f" Step {active_step}, {STEPS[active_step - 1]}, is marked." if active_step else ""
    return MAP_ALT.format(steps=steps, active=active)
