"""The words of the pictures on finding prospects; see `words` for the rules."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words import require

__all__ = ["alt_budget", "alt_cac", "alt_fairs", "alt_method_rates", "budget_title", "named"]

CAC_TITLE = "A customer costs {low:,.0f} {unit} by {first} and {high:,.0f} by {last}{between}"
CAC_BETWEEN = "; {n} of {pairs} intervals reach into the next"
CAC_ALT = (
    "{n} ways of finding, cheapest on top, with the cost per customer in {unit} on a scale of powers of ten: "
    "a point, and a line for the interval. {each}."
)
CAC_EACH = "{name}: {cac}, from {low} to {high} ({customers:,} customers)"

RATES_TITLE = (
    "{word}: from {low} ({first}) to {high} ({last}); {inside} of {n} intervals hold {overall}, the overall"
)
RATES_ALT = (
    "{n} ways of finding, lowest share on top: a point for the share that {word}, a line for its interval. "
    "A dashed line marks the overall {overall}. {each}."
)
RATES_EACH = "{name}: {rate}, from {low} to {high} ({n:,} {of})"

FAIRS_TITLE = "{pays} of {n} fairs earned back the cost; without its best customer, {bare}"
FAIRS_ALT = (
    "{n} fairs, best return on top: a point for the return on cost, and a hollow one for the return without "
    "the fair's best customer, joined by a line. A vertical line marks 0, where margin equals cost. {each}."
)
FAIRS_EACH = "{name}: {roi:+.0%}, without the best of {won} {roi_bare:+.0%}"

BUDGET_TITLE = "{budget:,.0f} {unit}: about {customers:,.0f} customers, at {average:,.0f} each"
BUDGET_LABEL = "≈ {customers:.0f} {word}; next: {next_cost}"
BUDGET_ALT = (
    "{n} ways of finding with a bar for next year's budget in {unit}, and a mark for a year so far. {each}. "
    "In all {budget:,.0f}, for about {customers:,.0f} customers."
)
BUDGET_EACH = "{name}: {budget:,.0f} (so far {before:,.0f}), about {customers:.0f} customers"


def named(method: str) -> str:
    """A method's code as a reader sees it.

    >>> named("own_records")
    'own records'
    """
    return str(method).replace("_", " ")


def drawable(table: pd.DataFrame, columns: list[str], maker: str) -> None:
    """Refuse a table that lacks a column or has no rows.

    >>> drawable(pd.DataFrame({"a": [1]}), ["a"], "prospecting.method_economics")
    """
    require(table, columns, maker)
    if table.empty:
        raise TableError("The table has no rows, so there is nothing to draw.")


def amount(value: float) -> str:
    """Money in a sentence; without customers there is no end.

    >>> amount(1234.6), amount(float("inf"))
    ('1,235', 'without end')
    """
    return f"{value:,.0f}" if np.isfinite(value) else "without end"


# Cost per customer --------------------------------------------------------------------------------------


def cac_order(methods: pd.DataFrame) -> pd.DataFrame:
    """The methods that have a cost per customer, cheapest first; refuses a table without any.

    >>> table = pd.DataFrame({"method": ["b", "a"], "customers": 1, "cac": [2.0, 1.0], "low": 1, "high": 9})
    >>> cac_order(table)["method"].tolist()
    ['a', 'b']
    """
    drawable(methods, ["method", "customers", "cac", "low", "high"], "prospecting.method_economics")
    known = methods[np.isfinite(methods["cac"].to_numpy(dtype=float)) & (methods["cac"] > 0)]
    if known.empty:
        raise TableError("No method has a customer and a cost, so there is nothing to draw.")
    return known.sort_values(["cac", "method"], kind="stable", ignore_index=True)


def cac_title(methods: pd.DataFrame, unit: str) -> str:
    """The finding of the picture of costs per customer."""
    table = cac_order(methods)
    rows = list(table.to_dict("records"))
    overlap = sum(bool(b["low"] <= a["high"]) for a, b in pairwise(rows))
    between = CAC_BETWEEN.format(n=overlap, pairs=len(rows) - 1) if len(rows) > 1 else ""
    first, last = rows[0], rows[-1]
    return CAC_TITLE.format(
        low=first["cac"], unit=unit, first=named(first["method"]), high=last["cac"],
        last=named(last["method"]), between=between,
    )  # fmt: skip


def alt_cac(methods: pd.DataFrame, *, unit: str = "RMB") -> str:
    """Say in words what `plot_cac` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_cac`.

    Examples
    --------
    >>> table = pd.DataFrame({"method": ["fairs"], "customers": [8], "cac": [7500.0], "low": [3806.0],
    ...                       "high": [17372.0]})
    >>> print(alt_cac(table)[-50:])
    Fairs: 7,500, from 3,806 to 17,372 (8 customers).
    """
    table = cac_order(methods)
    each = "; ".join(
        CAC_EACH.format(
            name=named(row["method"]),
            cac=amount(row["cac"]),
            low=amount(row["low"]),
            high=amount(row["high"]),
            customers=row["customers"],
        )
        for row in table.to_dict("records")
    )
    return CAC_ALT.format(n=len(table), unit=unit, each=each[0].upper() + each[1:])


# Shares by method ---------------------------------------------------------------------------------------


def rates_title(rates: pd.DataFrame, overall: float, word: str) -> str:
    """The finding of the picture of shares."""
    table = rates_order(rates)
    inside = int(((table["low"] <= overall) & (overall <= table["high"])).sum())
    first, last = table.iloc[0], table.iloc[-1]
    return RATES_TITLE.format(
        word=word[0].upper() + word[1:], low=percent(first["rate"]), first=named(first["method"]),
        high=percent(last["rate"]), last=named(last["method"]), inside=inside, n=len(table),
        overall=percent(overall),
    )  # fmt: skip


def rates_order(rates: pd.DataFrame) -> pd.DataFrame:
    """The methods by share, lowest first."""
    drawable(rates, ["method", "n", "rate", "low", "high"], "the lesson, with evaluation.wilson_interval,")
    return rates.sort_values(["rate", "method"], kind="stable", ignore_index=True)


def alt_method_rates(rates: pd.DataFrame, overall: float, *, word: str, of: str = "customers") -> str:
    """Say in words what `plot_method_rates` draws; `of` says what `n` counts, the rest is the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_method_rates`.

    Examples
    --------
    >>> table = pd.DataFrame({"method": ["fairs"], "n": [10], "rate": [0.2], "low": [0.06], "high": [0.51]})
    >>> print(alt_method_rates(table, 0.3, word="went silent")[-42:])
    Fairs: 20%, from 6% to 51% (10 customers).
    """
    table = rates_order(rates)
    each = "; ".join(
        RATES_EACH.format(
            name=named(row["method"]),
            rate=percent(row["rate"]),
            low=percent(row["low"]),
            high=percent(row["high"]),
            n=row["n"],
            of=of,
        )
        for row in table.to_dict("records")
    )
    return RATES_ALT.format(
        n=len(table), word=word, overall=percent(overall), each=each[0].upper() + each[1:]
    )


# Fairs --------------------------------------------------------------------------------------------------


def fairs_order(fairs: pd.DataFrame) -> pd.DataFrame:
    """The fairs, best return first."""
    drawable(fairs, ["fair_id", "won", "roi", "roi_without_best"], "prospecting.fair_roi")
    return fairs.sort_values(["roi", "fair_id"], ascending=[False, True], kind="stable", ignore_index=True)


def fairs_title(fairs: pd.DataFrame) -> str:
    """The finding of the picture of fairs."""
    table = fairs_order(fairs)
    pays, bare = int((table["roi"] > 0).sum()), int((table["roi_without_best"] > 0).sum())
    return FAIRS_TITLE.format(
        pays=pays, n=len(table), bare="none would have" if bare == 0 else f"{bare} would have"
    )


def alt_fairs(fairs: pd.DataFrame) -> str:
    """Say in words what `plot_fairs` draws; the argument is the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_fairs`.

    Examples
    --------
    >>> table = pd.DataFrame({"fair_id": ["F1"], "won": [3], "roi": [0.6], "roi_without_best": [-0.4]})
    >>> print(alt_fairs(table)[-37:])
    F1: +60%, without the best of 3 -40%.
    """
    table = fairs_order(fairs)
    each = "; ".join(
        FAIRS_EACH.format(
            name=row["fair_id"],
            roi=round(row["roi"], 2) + 0.0,  # no minus before a zero
            won=row["won"],
            roi_bare=round(row["roi_without_best"], 2) + 0.0,
        )
        for row in table.to_dict("records")
    )
    return FAIRS_ALT.format(n=len(table), each=each)


# Budget -------------------------------------------------------------------------------------------------


def budget_title(split: pd.DataFrame, unit: str) -> str:
    """The finding of the picture of a budget."""
    drawable(split, ["method", "before", "budget", "customers", "next_cost"], "prospecting.budget_split")
    budget, customers = float(split["budget"].sum()), float(split["customers"].sum())
    average = budget / customers if customers else float("inf")
    return BUDGET_TITLE.format(budget=budget, unit=unit, customers=customers, average=average)


def budget_label(customers: float, next_cost: float) -> str:
    """The words beside a bar.

    >>> budget_label(22.4, 3963.1)
    '≈ 22 customers; next: 3,963'
    """
    return BUDGET_LABEL.format(
        customers=customers,
        word="customer" if round(customers) == 1 else "customers",
        next_cost=amount(next_cost),
    )


def alt_budget(split: pd.DataFrame, *, unit: str = "RMB") -> str:
    """Say in words what `plot_budget` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_budget`.

    Examples
    --------
    >>> table = pd.DataFrame({"method": ["fairs"], "before": [70_000.0], "budget": [10_000.0],
    ...                       "customers": [1.0], "next_cost": [9_000.0]})
    >>> print(alt_budget(table)[-39:])
    . In all 10,000, for about 1 customers.
    """
    budget_title(split, unit)
    each = "; ".join(
        BUDGET_EACH.format(
            name=named(row["method"]), budget=row["budget"], before=row["before"], customers=row["customers"]
        )
        for row in split.to_dict("records")
    )
    return BUDGET_ALT.format(
        n=len(split), unit=unit, each=each[0].upper() + each[1:], budget=split["budget"].sum(),
        customers=split["customers"].sum(),
    )  # fmt: skip
