"""Pictures of what becomes of a class: moved by potential, or in doubt by chance."""

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
)
from casebook.plots.words import worth

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_abc_potential", "plot_class_stability"]

MARKERS = {"A": "o", "B": "s", "C": "^"}  #: classes differ in shape too, where they are points
TINT = "#eef1f4"  #: areas that only carry a label
_PAPER: dict[str, Any] = {"facecolor": TINT, "edgecolor": "none", "pad": 1}


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


def _tile(x: float, y: float, fill: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.48, y - 0.47), 0.96, 0.94, facecolor=fill, edgecolor=GRID)
