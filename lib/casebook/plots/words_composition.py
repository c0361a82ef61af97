"""The words of the pictures of composition: titles that state the finding, and alternative texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words import require

__all__ = [
    "CrossFacts",
    "alt_cross",
    "alt_drop_lists",
    "alt_margin_steps",
    "alt_mix",
    "cross_facts",
    "cross_title",
    "drop_title",
    "mix_title",
    "steps_title",
]

CROSS_TITLE = "{best} earns {high:.1f} {unit} a year on each {unit} of stock, {worst} {low:.1f}"
CROSS_TITLE_LOSS = (
    "{best} earns {high:.1f} {unit} a year on each {unit} of stock; {worst} sells {speed:.0f} times a year "
    "and loses {loss:.1f}"
)
CROSS_ALT = (
    "Scatter of {n} products: gross margin rate ({bottom} to {top}) against turnover ({slow:.1f} to "
    "{fast:.1f} times a year). Dashed curves join products with the same cross ratio. {groups}{marked}"
)
CROSS_GROUP = "{name}: {n} products, margin {low} to {high}, turnover {slow:.1f} to {fast:.1f}."
CROSS_MARKED = " Ringed: {names}."
DROP_TITLE = "Of {names} products named, {everywhere} on all {n} lists"
DROP_ALT = (
    "Grid of {n} products by {m} lists; a dark square: among the {length} that the list would drop first. "
    "{lists}"
)
DROP_ONE = "By {word}: {names}."
STEPS_TITLE = "From list to invoice, {group} falls from {at_list} to {paid}"
STEPS_ALT = "Two points a group, the gross margin rate at list price and at the price paid. {groups}"
STEPS_ONE = "{group}: {at_list} at list, {paid} paid."
MIX_TITLE = "{key}: {product} is {share} of purchases, {index:.1f} times the firm's share"
MIX_ALT = "Stacked bars: of what the purchases are made. {groups}"


class CrossFacts(NamedTuple):
    """The best and the worst product by cross ratio, and how fast the worst one sells."""

    best: str
    high: float
    worst: str
    low: float
    speed: float


def cross_facts(table: pd.DataFrame, key: str = "sku") -> CrossFacts:
    """Find the best and the worst product by cross ratio (ties: the first by name).

    >>> two = pd.DataFrame({"sku": ["P1", "P2"], "margin_rate": [.2, .1], "turnover_ratio": [4, 3],
    ...                     "cross_ratio": [.8, .3]})
    >>> cross_facts(two).worst
    'P2'
    """
    require(table, [key, "margin_rate", "turnover_ratio", "cross_ratio"], "composition.four_ratios")
    known = table.dropna(subset=["margin_rate", "turnover_ratio", "cross_ratio"])
    if known.empty:
        raise TableError("No product has a cross ratio, so there is nothing to draw. Is there no stock?")
    ranked = known.sort_values(["cross_ratio", key], kind="stable")
    worst, best = ranked.iloc[0], ranked.sort_values(["cross_ratio", key], ascending=[False, True]).iloc[0]
    return CrossFacts(
        str(best[key]),
        float(best["cross_ratio"]),
        str(worst[key]),
        float(worst["cross_ratio"]),
        float(worst["turnover_ratio"]),
    )


def cross_title(facts: CrossFacts, unit: str = "RMB") -> str:
    """The finding of the scatter.

    >>> cross_title(CrossFacts("P1", 0.8, "P2", 0.3, 3.0))
    'P1 earns 0.8 RMB a year on each RMB of stock, P2 0.3'
    """
    if facts.low < 0:
        return CROSS_TITLE_LOSS.format(
            best=facts.best, high=facts.high, unit=unit, worst=facts.worst, speed=facts.speed, loss=-facts.low
        )
    return CROSS_TITLE.format(best=facts.best, high=facts.high, unit=unit, worst=facts.worst, low=facts.low)


def alt_cross(
    table: pd.DataFrame,
    key: str = "sku",
    *,
    group: str | None = None,
    marked: list[str] | tuple[str, ...] = (),
    unit: str = "RMB",
) -> str:
    """Say in words what `plot_cross` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_cross`.

    Examples
    --------
    >>> two = pd.DataFrame({"sku": ["P1", "P2"], "margin_rate": [.2, .1], "turnover_ratio": [4, 3],
    ...                     "cross_ratio": [.8, .3]})
    >>> print(alt_cross(two)[:74])
    P1 earns 0.8 RMB a year on each RMB of stock, P2 0.3. Scatter of 2 product
    """
    facts = cross_facts(table, key)
    known = table.dropna(subset=["margin_rate", "turnover_ratio", "cross_ratio"])
    parts = []
    for name, part in known.groupby(group, sort=False) if group else ():
        margin, speed = part["margin_rate"], part["turnover_ratio"]
        parts.append(
            CROSS_GROUP.format(
                name=name,
                n=len(part),
                low=signed(margin.min()),
                high=signed(margin.max()),
                slow=speed.min(),
                fast=speed.max(),
            )
        )
    margin, speed = known["margin_rate"], known["turnover_ratio"]
    said = CROSS_ALT.format(
        n=len(known),
        bottom=signed(margin.min()),
        top=signed(margin.max()),
        slow=speed.min(),
        fast=speed.max(),
        groups=" ".join(parts),
        marked=CROSS_MARKED.format(names=", ".join(marked)) if len(marked) else "",
    )
    return f"{cross_title(facts, unit)}. {said}".strip()


def signed(share: float) -> str:
    """Write a share that may be negative as a percentage.

    >>> signed(-0.195), signed(0.37)
    ('−20%', '37%')
    """
    return f"−{percent(-share)}" if share < 0 else percent(share)


def _on(ranks: pd.DataFrame, measure: str, key: str, n: int) -> list[str]:
    return [str(name) for name in ranks[ranks[measure] <= n].sort_values(measure)[key]]


def drop_title(ranks: pd.DataFrame, measures: Mapping[str, str], key: str, n: int) -> str:
    """The finding of the grid of lists.

    >>> two = pd.DataFrame({"sku": ["P1", "P2"], "sales": [1, 2], "cross_ratio": [2, 1]})
    >>> drop_title(two, {"sales": "sales", "cross_ratio": "cross ratio"}, "sku", 1)
    'Of 2 products named, none stands on all 2 lists'
    """
    named = {name for measure in measures for name in _on(ranks, measure, key, n)}
    everywhere = sum(all(ranks.loc[i, m] <= n for m in measures) for i in ranks.index)
    stand = {0: "none stands", 1: "1 stands"}.get(everywhere, f"{everywhere} stand")
    return DROP_TITLE.format(n=len(measures), names=len(named), everywhere=stand)


def alt_drop_lists(ranks: pd.DataFrame, measures: Mapping[str, str], key: str = "sku", *, n: int = 3) -> str:
    """Say in words what `plot_drop_lists` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> two = pd.DataFrame({"sku": ["P1", "P2"], "sales": [1, 2]})
    >>> print(alt_drop_lists(two, {"sales": "sales"}, n=1)[-14:])
    By sales: P1.
    """
    require(ranks, [key, *measures], "composition.drop_list")
    lists = " ".join(
        DROP_ONE.format(word=word, names=", ".join(_on(ranks, measure, key, n)))
        for measure, word in measures.items()
    )
    shown = ranks[(ranks[list(measures)] <= n).any(axis=1)]
    return DROP_ALT.format(n=len(shown), m=len(measures), length=n, lists=lists)


def steps_title(table: pd.DataFrame, group: str) -> str:
    """The finding of the steps: who keeps the least of a positive margin at list.

    >>> two = pd.DataFrame({"family": ["a", "b"], "at_list": [.3, .15], "paid": [.2, .03]})
    >>> steps_title(two, "family")
    'From list to invoice, b falls from 15% to 3%'
    """
    earning = table[table["at_list"] > 0]
    least = (earning if len(earning) else table).assign(kept=lambda t: t["paid"] / t["at_list"])
    row = least.sort_values(["kept", group], kind="stable").iloc[0]
    return STEPS_TITLE.format(group=row[group], paid=signed(row["paid"]), at_list=signed(row["at_list"]))


def alt_margin_steps(table: pd.DataFrame, group: str = "family") -> str:
    """Say in words what `plot_margin_steps` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> one = pd.DataFrame({"family": ["a"], "at_list": [.3], "paid": [.2]})
    >>> print(alt_margin_steps(one)[-25:])
    a: 30% at list, 20% paid.
    """
    require(table, [group, "at_list", "paid"], "the lesson")
    if table.empty:
        raise TableError("The table has no groups, so there is nothing to draw.")
    groups = " ".join(
        STEPS_ONE.format(group=row[group], at_list=signed(row["at_list"]), paid=signed(row["paid"]))
        for _, row in table.iterrows()
    )
    return STEPS_ALT.format(groups=groups)


def mix_title(table: pd.DataFrame, key: str, product: str) -> str:
    """The finding of the stacked bars: the largest index among parts of a tenth or more.

    >>> two = pd.DataFrame({"who": ["Ada", "Bo"], "what": ["P1", "P1"], "share": [.4, .1], "index": [2., .5]})
    >>> mix_title(two, "who", "what")
    "Ada: P1 is 40% of purchases, 2.0 times the firm's share"
    """
    large = table[table["share"] >= 0.10]
    row = (large if len(large) else table).sort_values(["index", key], ascending=[False, True]).iloc[0]
    return MIX_TITLE.format(
        key=row[key], product=row[product], share=percent(row["share"]), index=row["index"]
    )


def alt_mix(table: pd.DataFrame, key: str, product: str) -> str:
    """Say in words what `plot_mix` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> one = pd.DataFrame({"who": ["Ada"], "what": ["P1"], "share": [1.0], "index": [1.0]})
    >>> print(alt_mix(one, "who", "what"))
    Stacked bars: of what the purchases are made. Ada: P1 100%.
    """
    require(table, [key, product, "share", "index"], "composition.mix")
    if table.empty:
        raise TableError("The table has no customers, so there is nothing to draw.")
    said = []
    for name, part in table.groupby(key, sort=False):
        shares = ", ".join(f"{p} {percent(s)}" for p, s in zip(part[product], part["share"], strict=True))
        said.append(f"{name}: {shares}.")
    return MIX_ALT.format(groups=" ".join(said))
