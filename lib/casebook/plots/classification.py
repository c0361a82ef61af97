"""Pictures of concentration, potential, stability and tiers; the Pareto chart has a file of its own.

Each function takes the table that a function of `casebook.classification` returns and returns the Axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots import words_classes as words
from casebook.plots.style import (
    CLASS_COLORS,
    GRID,
    INK,
    MUTED,
    dress,
    finding,
    new_axes,
    on,
    percent,
    percent_ticks,
    tier_colors,
)
from casebook.plots.words import worth

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_abc_potential", "plot_class_stability", "plot_lorenz", "plot_tiers"]

MARKERS = {"A": "o", "B": "s", "C": "^"}  #: classes differ in shape too, where they are points
TINT = "#eef1f4"  #: areas that only carry a label
_PAPER: dict[str, Any] = {"facecolor": TINT, "edgecolor": "none", "pad": 1}


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


def plot_abc_potential(
    table: pd.DataFrame,
    abc: str = "abc_value",
    potential: str = "potential",
    *,
    value: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw value class against growth potential: each cell counts customers and says where they go.

    Parameters
    ----------
    table : DataFrame of shape (n_customers, n_columns)
        With `priority`, as `classification.abc_potential` returns it.
    abc, potential : str
        Columns with today's class and with the potential ("high", "medium", "low").
    value : str, optional
        Column of value; each cell then names its share of all value too.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes
        Colours stand for the priority, rows for today's class: a cell that changed its class shows it.

    Raises
    ------
    TableError
        If a column is missing or the table is empty.

    See Also
    --------
    alt_abc_potential : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"abc_value": list("AB"), "potential": ["low", "high"], "priority": list("BA")})
    >>> print(plot_abc_potential(table).get_title(loc="left"))
    Potential moves 2 of 2 customers: 1 up, 1 down
    """
    cells, word = words.potential_cells(table, abc, potential, value), worth(value or "value", None)
    ax = new_axes(ax, (7.2, 4.4))
    dress(ax, xlabel="Growth potential", ylabel="Value class today", grid=None)
    for cell in cells:
        x, y = words.POTENTIALS.index(cell.potential), "CBA".index(cell.now)
        fill = CLASS_COLORS[cell.priority] if cell.customers else "white"
        ax.add_patch(_tile(x, y, fill))
        ink = on(fill) if cell.customers else MUTED
        ax.text(x, y + 0.13, f"{cell.customers:,}", color=ink, fontsize=17, ha="center", va="center")
        ax.text(
            x, y - 0.2, cell.label(word), color=ink, fontsize=10.5, ha="center", va="center", linespacing=1.3
        )
    ax.set(xlim=(-0.5, 2.5), ylim=(-0.5, 2.5))
    ax.set_xticks(range(3), words.POTENTIALS)
    ax.set_yticks(range(3), list("CBA"))
    ax.tick_params(labelsize=12, labelcolor=INK)
    ax.spines["bottom"].set_visible(False)
    finding(ax, words.potential_title(table, abc))
    return ax


def plot_class_stability(
    stability: pd.DataFrame,
    cuts: tuple[float, float] = (0.80, 0.95),
    *,
    sure: float = 0.9,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each customer keeps its class when chance deals the orders again.

    Parameters
    ----------
    stability : DataFrame of shape (n_customers, n_columns)
        As `classification.class_stability` returns it, best first: `abc_value` and `stable` (0-1).
    cuts : tuple of float
        The cuts of the classes, for the labels.
    sure : float
        A customer below this share of draws counts as in doubt.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or the table is empty.

    See Also
    --------
    alt_class_stability : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"abc_value": ["A", "B"], "stable": [1.0, 0.6]})
    >>> print(plot_class_stability(table).get_title(loc="left"))
    1 of 2 customers keeps its class in fewer than 90% of the draws
    """
    doubt = words.in_doubt(stability, sure)
    ax = new_axes(ax)
    dress(ax, xlabel="Customers, best first", ylabel="Share of draws that keep the class")
    classes, stable = stability["abc_value"].astype(str), stability["stable"].to_numpy(dtype=float)
    rank = np.arange(1, len(stability) + 1)
    ax.axhspan(0, sure, color=TINT, zorder=0)
    for name, color in CLASS_COLORS.items():
        mine = (classes == name).to_numpy()
        edge = MUTED if name == "C" else color
        ax.plot(rank[mine], stable[mine], MARKERS[name], color=color, markersize=5, markeredgecolor=edge,
                markeredgewidth=0.6, alpha=0.85, label=name)  # fmt: skip
    ends = [int((classes <= name).sum()) for name in "AB"]
    for end, cut in zip(ends, cuts, strict=True):
        if 0 < end < len(stability):
            ax.plot([end + 0.5] * 2, [0, 1.02], color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
            ax.text(end + 0.5, 1.035, f"{percent(cut)} cut", color=MUTED, fontsize=10.5, ha="center")
    middle = min(0.8, max(0.2, (ends[0] + ends[1]) / 2 / len(stability)))
    places = {"A": (0.01, 0.02, "left"), "B": (middle, 0.09, "center"), "C": (0.99, 0.02, "right")}
    for name, (x, y, side) in places.items():
        note = words.STABILITY_NOTE.format(name=name, doubt=doubt[name], n=int((classes == name).sum()))
        ax.text(x, y, note, transform=ax.transAxes, ha=side, fontsize=10.5, color=INK, bbox=_PAPER)
    margin = 0.02 * len(stability) + 0.5
    ax.set(xlim=(1 - margin, len(stability) + margin), ylim=(0, 1.1), yticks=[0, 0.25, 0.5, 0.75, 1])
    ax.yaxis.set_major_formatter(percent_ticks())
    finding(ax, words.stability_title(doubt, len(stability), sure))
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


def _tile(x: float, y: float, fill: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.48, y - 0.47), 0.96, 0.94, facecolor=fill, edgecolor=GRID)
