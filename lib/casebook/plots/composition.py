"""Pictures of a range: the cross-ratio scatter, rival lists, what a discount leaves, what buyers buy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots import words_composition as words
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
from casebook.plots.words import require

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CrossPicture", "plot_cross", "plot_drop_lists", "plot_margin_steps", "plot_mix"]

#: Marker and fill of each group of products, in the order in which they come: shape and lightness differ.
LOOKS = (("o", "#0e3054"), ("s", "#b35c10"), ("^", "#6f93b3"), ("D", "#bcc4cc"), ("v", "#59636e"))
CURVES = (0.25, 1.0, 2.0, 4.0)  #: cross ratios of the dashed curves
RING = "#a01c1c"  #: of products that are marked; the ring is a shape, the colour only helps


def plot_cross(
    table: pd.DataFrame,
    key: str = "sku",
    *,
    group: str | None = None,
    marked: Sequence[str] = (),
    unit: str = "RMB",
    ax: Axes | None = None,
) -> Axes:
    """Draw each product by its turnover and its margin, with curves of equal cross ratio.

    Parameters
    ----------
    table : DataFrame, one row per product
        As `composition.four_ratios` returns it. Products without a ratio are not drawn.
    key : str
        Column that names the product.
    group : str, optional
        Column of the family: up to five get a marker of their own.
    marked : sequence of str
        Products to ring and to name.
    unit : str
        Currency.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or no product has a cross ratio.

    See Also
    --------
    alt_cross : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> two = pd.DataFrame({"sku": ["P1", "P2"], "margin_rate": [.2, .1], "turnover_ratio": [4, 3],
    ...                     "cross_ratio": [.8, .3]})
    >>> print(plot_cross(two).get_title(loc="left"))
    P1 earns 0.8 RMB a year on each RMB of stock, P2 0.3
    """
    words.cross_facts(table, key)  # before a figure is made, so that a refusal leaves none
    names = list(dict.fromkeys(table[group])) if group else []
    picture = CrossPicture(new_axes(ax), names)
    picture.update(table, key, group=group, marked=marked, unit=unit)
    return picture.ax


class CrossPicture:
    """The artists of the cross-ratio scatter, made once; `update` gives them another table.

    Parameters
    ----------
    ax : Axes
        An empty Axes.
    groups : sequence of str
        The families that will be drawn, in order; none: all products look alike.
    most : int
        How many products may be marked at once.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> sorted(CrossPicture(Figure().subplots(), ["tap", "hose"]).dots)
    ['hose', 'tap']
    """

    def __init__(self, ax: Axes, groups: Sequence[str] = (), most: int = 12) -> None:
        self.ax = ax
        dress(ax, xlabel="Turnover ratio (times a year)", ylabel="Gross margin rate", grid=None)
        ax.yaxis.set_major_formatter(percent_ticks())
        self.loss = ax.axhspan(-1, 0, color="#f3ece6", zorder=0)
        ax.axhline(0, color=MUTED, linewidth=0.9)
        thin: dict[str, Any] = {"color": MUTED, "linewidth": 0.9, "linestyle": (0, (4, 3)), "zorder": 1}
        self.curves = [ax.plot([], [], **thin)[0] for _ in CURVES]
        small: dict[str, Any] = {"fontsize": 9.5, "color": MUTED, "ha": "right", "va": "bottom"}
        self.curve_names = [ax.text(0, 0, f"{c:g}", **small) for c in CURVES]
        self.dots = {}
        for name, (marker, fill) in zip(groups or ("products",), LOOKS * 9, strict=False):
            style: dict[str, Any] = {"markersize": 8, "markeredgecolor": INK, "markeredgewidth": 0.7}
            self.dots[name] = ax.plot([], [], marker, color=fill, label=str(name), zorder=3, **style)[0]
        (self.rings,) = ax.plot(
            [], [], "o", markersize=15, markerfacecolor="none", markeredgecolor=RING, markeredgewidth=1.8
        )
        bold: dict[str, Any] = {"fontsize": 10.5, "color": INK, "parse_math": False, "zorder": 4}
        self.names = [ax.text(0, 0, "", **bold) for _ in range(most)]
        self.note = ax.text(0.99, 0.02, "below this line: a loss", fontsize=9.5, color=MUTED, ha="right")
        self.note.set(transform=ax.get_yaxis_transform(), va="top")
        if groups:
            box: dict[str, Any] = {"edgecolor": "none", "framealpha": 0.9, "fontsize": 10.5}
            box |= {"handletextpad": 0.2, "borderpad": 0.1}
            self.legend = ax.legend(
                handles=list(self.dots.values()), loc="upper left", ncols=2, columnspacing=1.2, **box
            )

    def pin(self) -> None:
        """Fix where the axis labels stand, instead of measuring all tick labels at every drawing."""
        self.ax.xaxis.set_label_coords(0.5, -0.11)
        self.ax.yaxis.set_label_coords(-0.11, 0.5)

    def update(
        self,
        table: pd.DataFrame,
        key: str = "sku",
        *,
        group: str | None = None,
        marked: Sequence[str] = (),
        unit: str = "RMB",
    ) -> None:
        """Show this table; the arguments are those of `plot_cross`."""
        facts = words.cross_facts(table, key)
        known = table.dropna(subset=["margin_rate", "turnover_ratio", "cross_ratio"])
        for name, dots in self.dots.items():
            own = known[known[group] == name] if group else known
            dots.set_data(own["turnover_ratio"], own["margin_rate"])
        right = 1.12 * max(1.0, float(known["turnover_ratio"].max()))
        low, high = float(known["margin_rate"].min()), float(known["margin_rate"].max())
        bottom, top = min(-0.04, low * 1.3), max(0.1, high) * 1.42
        self.ax.set(xlim=(0, right), ylim=(bottom, top))
        self._set_curves(right, top)
        chosen = known[known[key].astype(str).isin([str(m) for m in marked])].sort_values(key)
        self.rings.set_data(chosen["turnover_ratio"], chosen["margin_rate"])
        self._set_names(chosen, key, right, top - bottom)
        self.note.set(y=-0.004, visible=bool(low < 0))
        finding(self.ax, words.cross_title(facts, unit))

    def _set_curves(self, right: float, top: float) -> None:
        for curve, name, ratio in zip(self.curves, self.curve_names, CURVES, strict=True):
            x = np.linspace(min(right, max(0.2, ratio / top)), right, 80)
            curve.set_data(x, ratio / x)
            seen = ratio / right < top * 0.98
            name.set(position=(right * 0.995, ratio / right), visible=seen)

    def _set_names(self, chosen: pd.DataFrame, key: str, right: float, height: float) -> None:
        """Name the marked products beside their rings; those that lie close go one under the other."""
        placed: list[tuple[float, float]] = []
        for text in self.names:
            text.set_text("")
        for text, (_, row) in zip(self.names, chosen.iterrows(), strict=False):
            x, y = float(row["turnover_ratio"]) + 0.024 * right, float(row["margin_rate"])
            while any(abs(x - a) < 0.09 * right and abs(y - b) < 0.055 * height for a, b in placed):
                y += 0.055 * height
            placed.append((x, y))
            text.set(position=(x, y), text=str(row[key]), va="center")


def plot_drop_lists(
    ranks: pd.DataFrame,
    measures: Mapping[str, str],
    key: str = "sku",
    *,
    n: int = 3,
    ax: Axes | None = None,
) -> Axes:
    """Draw which products each measure would drop first: one row a product, one column a list.

    Parameters
    ----------
    ranks : DataFrame, one row per product
        As `composition.drop_list` returns it; products on no list are not drawn.
    measures : mapping of column to word
        The lists, from left to right.
    key : str
        Column that names the product.
    n : int
        Length of a list.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes
        A dark square with the rank where a product is on the list, a pale one with its rank elsewhere.

    Raises
    ------
    TableError
        If a column is missing.

    See Also
    --------
    alt_drop_lists : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> two = pd.DataFrame({"sku": ["P1", "P2"], "sales": [1, 2], "cross_ratio": [2, 1]})
    >>> ax = plot_drop_lists(two, {"sales": "sales", "cross_ratio": "cross ratio"}, n=1)
    >>> [tick.get_text() for tick in ax.get_yticklabels()]
    ['P1', 'P2']
    """
    require(ranks, [key, *measures], "composition.drop_list")
    shown = ranks[(ranks[list(measures)] <= n).any(axis=1)].reset_index(drop=True)
    ax = new_axes(ax, (7.2, 1.7 + 0.42 * len(shown)))
    dress(ax, grid=None)
    dark, pale = CLASS_COLORS["A"], "#eef0f2"
    for row, (_, product) in enumerate(shown.iterrows()):
        for column, measure in enumerate(measures):
            rank = int(product[measure])
            fill = dark if rank <= n else pale
            ax.fill(
                [column - 0.46, column + 0.46, column + 0.46, column - 0.46],
                [row - 0.44, row - 0.44, row + 0.44, row + 0.44],
                color=fill,
                linewidth=0,
            )
            ax.text(
                column,
                row,
                f"{rank}",
                ha="center",
                va="center",
                fontsize=10.5,
                color=on(fill) if rank <= n else MUTED,
            )
    ax.set_xticks(range(len(measures)), [word.replace(" (", "\n(") for word in measures.values()])
    ax.set_yticks(range(len(shown)), [str(name) for name in shown[key]])
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", labelsize=9.5)
    ax.set(xlim=(-0.55, len(measures) - 0.45), ylim=(len(shown) - 0.5, -0.5))
    ax.spines["bottom"].set_visible(False)
    finding(ax, words.drop_title(shown, measures, key, n))
    ax.set_title(
        ax.get_title(loc="left"), loc="left", y=1.0, pad=42, fontsize=13, fontweight="bold", color=INK
    )
    return ax


def plot_margin_steps(table: pd.DataFrame, group: str = "family", *, ax: Axes | None = None) -> Axes:
    """Draw what a discount leaves: the margin rate at list price and at the price paid.

    Parameters
    ----------
    table : DataFrame, one row per group
        `group`, `at_list` and `paid` (gross margin rates, fractions; may be negative).
    group : str
        Column that names the group.
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
    alt_margin_steps : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> two = pd.DataFrame({"family": ["a", "b"], "at_list": [.3, .15], "paid": [.2, .03]})
    >>> print(plot_margin_steps(two).get_title(loc="left"))
    From list to invoice, b falls from 15% to 3%
    """
    words.alt_margin_steps(table, group)  # refuses what cannot be drawn, before a figure is made
    ax = new_axes(ax, (7.2, 1.5 + 0.5 * len(table)))
    dress(ax, xlabel="Gross margin rate", grid="x")
    ax.xaxis.set_major_formatter(percent_ticks())
    rows = np.arange(len(table))[::-1]
    at_list, paid = table["at_list"].to_numpy(float), table["paid"].to_numpy(float)
    ax.hlines(rows, paid, at_list, color=GRID, linewidth=5, zorder=1)
    ax.axvline(0, color=MUTED, linewidth=0.9, zorder=0)
    edge: dict[str, Any] = {"markeredgecolor": INK, "markersize": 9, "zorder": 3}
    ax.plot(at_list, rows, "o", color=CLASS_COLORS["C"], label="at list price", **edge)
    ax.plot(paid, rows, "o", color=CLASS_COLORS["A"], label="at the price paid", **edge)
    span = max(at_list.max(), 0) - min(paid.min(), 0)
    for row, low, high in zip(rows, paid, at_list, strict=True):
        ax.text(low - 0.02 * span, row, words.signed(low), ha="right", va="center", fontsize=10.5, color=INK)
        ax.text(high + 0.02 * span, row, words.signed(high), va="center", fontsize=10.5, color=MUTED)
    ax.set_yticks(rows, [str(name) for name in table[group]])
    ax.set(xlim=(min(paid.min(), 0) - 0.13 * span, max(at_list.max(), 0) + 0.13 * span))
    ax.set_ylim(-0.6, len(table) + 0.45)  # room for the legend above the first row
    ax.legend(loc="upper right", frameon=False, fontsize=10.5)
    finding(ax, words.steps_title(table, group))
    return ax


def plot_mix(table: pd.DataFrame, key: str, product: str, *, ax: Axes | None = None) -> Axes:
    """Draw of what customers' purchases are made, one bar a customer or kind, stacked by product.

    Parameters
    ----------
    table : DataFrame, one row per customer and product
        As `composition.mix` returns it.
    key, product : str
        Columns of the customer and of the product.
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
    alt_mix : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> two = pd.DataFrame({"who": ["Ada", "Ada"], "what": ["P1", "P2"], "share": [.4, .6],
    ...                     "index": [2., .75]})
    >>> print(plot_mix(two, "who", "what").get_title(loc="left"))
    Ada: P1 is 40% of purchases, 2.0 times the firm's share
    """
    words.alt_mix(table, key, product)
    people, products = list(dict.fromkeys(table[key])), sorted(set(table[product]))
    ax = new_axes(ax, (7.2, 1.9 + 0.5 * len(people)))
    dress(ax, xlabel="Share of purchases", grid=None)
    ax.xaxis.set_major_formatter(percent_ticks())
    wide = table.pivot_table(index=key, columns=product, values="share", aggfunc="sum").reindex(people)
    left, rows = np.zeros(len(people)), np.arange(len(people))[::-1]
    for name, fill in zip(products, tier_colors(len(products)), strict=True):
        part = wide[name].fillna(0).to_numpy(float)
        ax.barh(rows, part, left=left, color=fill, height=0.7, edgecolor="white", label=str(name))
        for row, start, share in zip(rows, left, part, strict=True):
            if share >= 0.06:
                ax.text(
                    start + share / 2,
                    row,
                    percent(share),
                    ha="center",
                    va="center",
                    fontsize=10,
                    color=on(fill),
                )
        left = left + part
    ax.set_yticks(rows, [str(name) for name in people])
    ax.set(xlim=(0, 1), ylim=(-0.6, len(people) - 0.4))
    ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.45, -0.24 if len(people) > 3 else -0.4),
        ncols=len(products),
        frameon=False,
        fontsize=10.5,
        handlelength=1.2,
    )
    finding(ax, words.mix_title(table, key, product))
    return ax
