"""Pictures of concentration: the Lorenz curve, and the pyramid of tiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots import words_concentration as words
from casebook.plots.style import (
    CLASS_COLORS,
    GRID,
    INK,
    MUTED,
    dress,
    finding,
    new_axes,
    percent,
    percent_ticks,
    tier_colors,
)
from casebook.plots.words import worth

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_lorenz", "plot_tiers"]


def plot_lorenz(
    curve: pd.DataFrame,
    gini: float | None = None,
    *,
    measure: str = "revenue",
    ax: Axes | None = None,
    **line_kws: Any,
) -> Axes:
    """Draw how unequally value is spread: the further the curve sags, the fewer bring the most.

    Parameters
    ----------
    curve : DataFrame of shape (n_customers + 1, 2)
        `customer_share` and `value_share` (0-1), smallest first, as `classification.lorenz` returns it.
    gini : float, optional
        The Gini coefficient to print; without it the area of the curve is measured.
    measure : str
        The word for the value.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **line_kws
        Style of the curve, as for `Axes.plot`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or the curve has no customer.

    See Also
    --------
    alt_lorenz : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> curve = pd.DataFrame({"customer_share": [0, 0.5, 1], "value_share": [0, 0.2, 1]})
    >>> print(plot_lorenz(curve).get_title(loc="left"))
    The best fifth of customers brings 32% of
    revenue (Gini 0.30)
    """
    facts = words.lorenz_facts(curve, gini)
    ax = new_axes(ax, (5.8, 4.9))
    x, y = curve["customer_share"].to_numpy(dtype=float), curve["value_share"].to_numpy(dtype=float)
    dress(ax, xlabel="Share of customers, smallest first", ylabel=f"Share of {measure}")
    ax.fill_between(x, x, y, color=GRID, linewidth=0)
    ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
    ax.plot(x, y, **{"color": CLASS_COLORS["A"], "linewidth": 2.2, **line_kws})
    ax.plot([0.8], [facts.at_80], "o", color=CLASS_COLORS["A"], markersize=6)
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(percent_ticks())
    ax.text(0.40, 0.43, "if all brought the same", rotation=45, color=MUTED, fontsize=10.5, ha="center")
    note = words.LORENZ_NOTE.format(share=percent(facts.at_80), measure=measure)
    ax.text(
        0.77, facts.at_80 + 0.01, note, ha="right", va="bottom", color=INK, fontsize=10.5, parse_math=False
    )
    finding(ax, words.LORENZ_TITLE.format(share=percent(1 - facts.at_80), measure=measure, gini=facts.gini))
    return ax


def plot_tiers(
    tiered: pd.DataFrame,
    value: str = "value",
    tier: str = "tier",
    *,
    measure: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the pyramid of tiers: on the left how many they are, on the right what they bring.

    Parameters
    ----------
    tiered : DataFrame of shape (n_customers, n_columns)
        As `classification.tiers` returns it, best first. A tier without customers is not drawn.
    value, tier : str
        Columns with the value and the name of the tier.
    measure : str, optional
        The word for `value`; as in `plot_pareto`.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes
        Two bars a tier: share of customers to the left (negative widths), share of value to the right.

    Raises
    ------
    TableError
        If a column is missing, the table is empty or the values do not add to a positive total.

    See Also
    --------
    alt_tiers : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"value": [70.0, 20.0, 10.0], "tier": ["top", "small", "small"]})
    >>> print(plot_tiers(table).get_title(loc="left"))
    The top tier, 1 of 3 customers (33%), brings 70% of revenue
    """
    facts, word = words.tier_facts(tiered, value, tier), worth(value, measure)
    ax = new_axes(ax, (7.2, 1.5 + 0.6 * len(facts)))
    dress(ax, grid=None)
    rows = np.arange(len(facts))[::-1]
    gap, colors = 0.22, tier_colors(len(facts))
    for row, fact, color in zip(rows, facts, colors, strict=True):
        edge: dict[str, Any] = {"edgecolor": MUTED, "linewidth": 0.6, "height": 0.72, "color": color}
        ax.barh(row, -fact.part, left=-gap, **edge)
        ax.barh(row, max(0.0, fact.share), left=gap, **edge)
        ax.text(0, row, fact.name, ha="center", va="center", fontsize=11.5, color=INK, parse_math=False)
        counted = f"{fact.customers:,} ({percent(fact.part)})"
        ax.text(-gap - fact.part - 0.02, row, counted, ha="right", va="center", fontsize=11, color=INK)
        ax.text(
            gap + max(0.0, fact.share) + 0.02, row, percent(fact.share), va="center", fontsize=11, color=INK
        )
    heads: dict[str, Any] = {"y": len(facts) - 0.4, "fontsize": 11, "color": MUTED, "va": "bottom"}
    ax.text(-gap, s="share of customers", ha="right", **heads)
    ax.text(gap, s=f"share of {word}", ha="left", parse_math=False, **heads)
    left, right = max(f.part for f in facts) + 0.3, max(f.share for f in facts) + 0.16
    ax.set(xlim=(-gap - left, gap + max(right, 0.4)), ylim=(-0.5, len(facts)), xticks=[], yticks=[])
    ax.spines["bottom"].set_visible(False)
    finding(ax, words.tiers_title(facts, word))
    return ax
