"""The words of the pictures of customer selection; see `words` for the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from casebook.concentration import Sherden, sherden
from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words import customers, number, refuse_empty, require

__all__ = ["alt_loss_by_size", "alt_weight_stability", "alt_whale", "alt_whales", "in_words"]

# Whale curve --------------------------------------------------------------------------------------

WHALE_TITLE = "{losing:,} of {n:,} customers lose {lost} of the {gross} that the others earn"
WHALE_TITLE_NO_LOSS = "Nobody loses: {n:,} customers earn {gross}"
WHALE_NOTES = ("best {share}: {money}", "worst {share}: {money}", "peak {money}", "left {money}")
WHALE_ALT = (
    "Whale curve of {n:,} {customers}, best first: profit added up in {unit} against the share of customers. "
    "It runs through {points}. It peaks at {peak} after {at} of customers and ends at {net}: {losing:,} "
    "lose {lost}. The best {top} earn {earned}; the worst {bottom} {lose}.{before}"
)
WHALE_BEFORE = " A dashed line, for comparison, peaks at {peak} and ends at {net}."


class WhaleFacts(NamedTuple):
    """What a whale curve shows: how many lose and how much, the two bands, the rule measured on it."""

    losing: int
    lost: float
    earned: float
    bottom: float  #: sum of the profits of the worst; negative if they lose
    rule: Sherden


def whale_facts(curve: pd.DataFrame, top: float, bottom: float) -> WhaleFacts:
    """Read a table of `whale_curve`.

    >>> curve = pd.DataFrame({"rank": [1, 2], "profit": [9, -1], "cum_customers": [0.5, 1.0],
    ...                       "cum_profit": [9, 8]})
    >>> whale_facts(curve, 0.5, 0.5)[:4]
    (1, 1, 9, -1)
    """
    require(curve, ["profit", "cum_customers", "cum_profit"], "selection.whale_curve")
    refuse_empty(curve)
    rule = sherden(curve["profit"], top, bottom)
    running = curve["cum_profit"].tolist()
    return WhaleFacts(
        losing=int((curve["profit"] < 0).sum()),
        lost=max(running) - running[-1],
        earned=running[rule.n_top - 1],
        bottom=running[-1] - running[rule.n - rule.n_bottom - 1],
        rule=rule,
    )


def in_words(money: float, unit: str = "") -> str:
    """Write an amount of money as one says it.

    >>> in_words(11_370_311, "RMB"), in_words(-5_685_155), in_words(28_500, "RMB"), in_words(0)
    ('11.4 million RMB', '-5.7 million', '28,500 RMB', '0')
    """
    size = abs(money)
    for limit, word in ((1e9, "billion"), (1e6, "million")):
        if size >= limit:
            return f"{money / limit:.1f} {word} {unit}".strip()
    return f"{number(money)} {unit}".strip()


def whale_title(facts: WhaleFacts, unit: str) -> str:
    """What the curve found.

    >>> curve = pd.DataFrame({"profit": [9, -1], "cum_customers": [0.5, 1.0], "cum_profit": [9, 8]})
    >>> whale_title(whale_facts(curve, 0.5, 0.5), "RMB")
    '1 of 2 customers loses 1 of the 9 RMB that the others earn'
    """
    gross = in_words(facts.rule.gross, unit)
    if not facts.losing:
        return WHALE_TITLE_NO_LOSS.format(n=facts.rule.n, gross=gross)
    title = WHALE_TITLE.format(losing=facts.losing, n=facts.rule.n, lost=in_words(facts.lost), gross=gross)
    return title.replace("customers lose", "customers loses") if facts.losing == 1 else title


def alt_whale(
    curve: pd.DataFrame,
    *,
    top: float = 0.2,
    bottom: float = 0.3,
    before: pd.DataFrame | None = None,
    unit: str = "RMB",
) -> str:
    """Say in words what `plot_whale` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_whale`.

    Examples
    --------
    >>> from casebook.selection import whale_curve
    >>> alt_whale(whale_curve([50, 30, 6, 5, 4, 3, 2, -8, -12, -20]))[-52:]
    'The best 20% earn 80 RMB; the worst 30% lose 40 RMB.'
    """
    facts = whale_facts(curve, top, bottom)
    running, at = curve["cum_profit"].to_numpy(dtype=float), curve["cum_customers"].to_numpy(dtype=float)
    marks = (0.1, 0.2, 0.5, 0.8)
    points = ", ".join(
        f"{in_words(float(np.interp(mark, [0.0, *at], [0.0, *running])), unit)} at {percent(mark)}"
        for mark in marks
    )
    old = ""
    if before is not None:
        earlier = before["cum_profit"].to_numpy(dtype=float)
        old = WHALE_BEFORE.format(
            peak=in_words(float(earlier.max()), unit), net=in_words(float(earlier[-1]), unit)
        )
    verb = "lose" if facts.bottom < 0 else "earn"
    return WHALE_ALT.format(
        n=facts.rule.n,
        customers=customers(facts.rule.n),
        unit=unit,
        points=points,
        peak=in_words(float(running.max()), unit),
        at=percent(facts.rule.peak_at),
        net=in_words(float(running[-1]), unit),
        losing=facts.losing,
        lost=in_words(facts.lost, unit),
        top=percent(top),
        bottom=percent(bottom),
        earned=in_words(facts.earned, unit),
        lose=f"{verb} {in_words(abs(facts.bottom), unit)}",
        before=old,
    )


# Several firms --------------------------------------------------------------------------------------

WHALES_TITLE = "{most} peaks at {peak} of its profit, {least} at {little}"
WHALES_TITLE_ONE = "{most} peaks at {peak} of its profit"
WHALES_ALT = (
    "{n} whale {curves}, each as a share of its own profit, against the share of customers, best first. "
    "The end is 100%. {rows}"
)
WHALES_ROW = "{name}: {at_top} after the best 20%, peak {peak} at {at} of customers."


def whales_facts(curves: Mapping[str, pd.DataFrame]) -> dict[str, Sherden]:
    """Measure each curve; refuse one without a profit left.

    >>> curve = pd.DataFrame({"profit": [9, -1], "cum_customers": [0.5, 1.0], "cum_profit": [9, 8]})
    >>> whales_facts({"Ada": curve})["Ada"].peak_pct
    1.125
    """
    if not curves:
        raise TableError("There is no curve to draw: hand in a mapping of names to tables of whale_curve.")
    found = {}
    for name, curve in curves.items():
        require(curve, ["profit", "cum_customers", "cum_profit"], "selection.whale_curve")
        refuse_empty(curve)
        found[name] = sherden(curve["profit"])
        if not found[name].net > 0:
            raise TableError(f"{name} has no profit left: its curve has no share of it.")
    return found


def whales_title(facts: Mapping[str, Sherden]) -> str:
    """The firm that earns and loses most again, and the one that does least.

    >>> ten, two = sherden([50, 30, 6, 5, 4, 3, 2, -8, -12, -20]), sherden([9, 1, 1, 1, 1])
    >>> whales_title({"Ada": two, "Bo": ten})
    'Bo peaks at 167% of its profit, Ada at 100%'
    """
    ranked = sorted(facts, key=lambda name: -facts[name].peak_pct)
    most, least = facts[ranked[0]], facts[ranked[-1]]
    template = WHALES_TITLE if len(facts) > 1 else WHALES_TITLE_ONE
    return template.format(
        most=ranked[0],
        peak=percent(most.peak_pct),
        least=ranked[-1],
        little=percent(least.peak_pct),
    )


def alt_whales(curves: Mapping[str, pd.DataFrame]) -> str:
    """Say in words what `plot_whales` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_whales`.

    Examples
    --------
    >>> from casebook.selection import whale_curve
    >>> alt_whales({"Bo": whale_curve([50, 30, 6, 5, 4, 3, 2, -8, -12, -20])})[-59:]
    'Bo: 133% after the best 20%, peak 167% at 70% of customers.'
    """
    facts = whales_facts(curves)
    rows = " ".join(
        WHALES_ROW.format(
            name=name,
            at_top=percent(rule.top_share_net),
            peak=percent(rule.peak_pct),
            at=percent(rule.peak_at),
        )
        for name, rule in facts.items()
    )
    return WHALES_ALT.format(n=len(facts), curves="curve" if len(facts) == 1 else "curves", rows=rows)


# Losers by size ---------------------------------------------------------------------------------------

SIZE_TITLE = "{losing:,} of the {n:,} largest {customers} lose money; of the {last:,} smallest, {small:,} do"
SIZE_ALT = (
    "Bars of {n:,} {customers} in {groups} equal groups by {size}, largest first, split into those that earn "
    "and those that lose. {rows}"
)
SIZE_ROW = (
    "Group {group}, {accounts:,} with {share} of {size}: {earning:,} earn, {losing:,} lose {lost} in all."
)


def size_title(table: pd.DataFrame) -> str:
    """Whether the losers are the small.

    >>> two = pd.DataFrame({"group": [1, 2], "accounts": [5, 4], "losing": [2, 1], "loss": [-9, -1],
    ...                     "size_share": [0.8, 0.2]})
    >>> size_title(two)
    '2 of the 5 largest customers lose money; of the 4 smallest, 1 do'
    """
    require(table, ["group", "accounts", "losing", "loss", "size_share"], "selection.loss_by_size")
    refuse_empty(table)
    first, *_, last = [*table.head(1).to_dict("records"), *table.tail(1).to_dict("records")]
    return SIZE_TITLE.format(
        losing=first["losing"],
        n=first["accounts"],
        customers=customers(int(first["accounts"])),
        small=last["losing"],
        last=last["accounts"],
    )


def alt_loss_by_size(table: pd.DataFrame, *, size: str = "revenue", unit: str = "RMB") -> str:
    """Say in words what `plot_loss_by_size` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_loss_by_size`.

    Examples
    --------
    >>> two = pd.DataFrame({"group": [1, 2], "accounts": [5, 4], "losing": [2, 1], "loss": [-9, -1],
    ...                     "size_share": [0.8, 0.2]})
    >>> alt_loss_by_size(two)[-60:]
    'Group 2, 4 with 20% of revenue: 3 earn, 1 lose 1 RMB in all.'
    """
    size_title(table)  # sees that the table is right
    rows = " ".join(
        SIZE_ROW.format(
            group=row["group"],
            accounts=row["accounts"],
            share=percent(row["size_share"]),
            size=size,
            earning=row["accounts"] - row["losing"],
            losing=row["losing"],
            lost=in_words(-row["loss"] + 0, unit),
        )
        for row in table.to_dict("records")
    )
    n = int(table["accounts"].sum())
    return SIZE_ALT.format(n=n, customers=customers(n), groups=len(table), size=size, rows=rows)


# Weights that shake -----------------------------------------------------------------------------------

SHAKEN_TITLE = "{firm:,} of the {chosen:,} chosen stay chosen in {sure} of the draws or more"
SHAKEN_NOTES = ("chosen: {doubt:,} of {n:,} in doubt", "not chosen: {hope:,} get in now and then")
SHAKEN_ALT = (
    "Points for {n:,} {customers}, best score first: the share of draws, 0 to 100%, in which each is chosen "
    "when the weights are shaken. {chosen:,} are chosen by the weights as given; {firm:,} of them in {sure} "
    "of the draws or more, the least sure in {least}. Of the others, {hope:,} are chosen in some draw, the "
    "likeliest in {most}."
)


class ShakenFacts(NamedTuple):
    """How many are chosen, and firmly; how many of the others get in; the least sure, the likeliest (0-1)."""

    chosen: int
    firm: int
    hope: int
    least: float
    most: float


def shaken_facts(stability: pd.DataFrame, sure: float) -> ShakenFacts:
    """Count a table of `weight_stability`.

    >>> shaken_facts(pd.DataFrame({"chosen": [True, True, False], "p_chosen": [1.0, 0.6, 0.4]}), 0.9)
    ShakenFacts(chosen=2, firm=1, hope=1, least=0.6, most=0.4)
    """
    require(stability, ["chosen", "p_chosen"], "selection.weight_stability")
    refuse_empty(stability)
    often, is_in = stability["p_chosen"].to_numpy(dtype=float), stability["chosen"].to_numpy(dtype=bool)
    if not is_in.any():
        raise TableError("Nobody is chosen: there is no choice whose firmness could be drawn.")
    others = often[~is_in]
    return ShakenFacts(
        int(is_in.sum()),
        int((often[is_in] >= sure).sum()),
        int((others > 0).sum()),
        float(often[is_in].min()),
        float(others.max()) if len(others) else 0.0,
    )


def shaken_title(facts: ShakenFacts, sure: float) -> str:
    """How firm the choice is.

    >>> shaken_title(ShakenFacts(2, 1, 1, 0.6, 0.4), 0.9)
    '1 of the 2 chosen stay chosen in 90% of the draws or more'
    """
    return SHAKEN_TITLE.format(firm=facts.firm, chosen=facts.chosen, sure=percent(sure))


def alt_weight_stability(stability: pd.DataFrame, *, sure: float = 0.9) -> str:
    """Say in words what `plot_weight_stability` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_weight_stability`.

    Examples
    --------
    >>> table = pd.DataFrame({"chosen": [True, True, False], "p_chosen": [1.0, 0.6, 0.4]})
    >>> alt_weight_stability(table)[-63:]
    'Of the others, 1 are chosen in some draw, the likeliest in 40%.'
    """
    facts = shaken_facts(stability, sure)
    return SHAKEN_ALT.format(
        n=len(stability),
        customers=customers(len(stability)),
        chosen=facts.chosen,
        firm=facts.firm,
        sure=percent(sure),
        least=percent(facts.least),
        hope=facts.hope,
        most=percent(facts.most),
    )
