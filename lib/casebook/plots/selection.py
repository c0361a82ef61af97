"""Pictures of a choice: losers by size of account, and how firm a weighted choice is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots import words_selection as words
from casebook.plots.style import CLASS_COLORS, INK, MUTED, dress, finding, new_axes, percent, percent_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_loss_by_size", "plot_weight_stability"]


def plot_loss_by_size(
    table: pd.DataFrame, *, size: str = "revenue", unit: str = "RMB", ax: Axes | None = None
) -> Axes:
    """Draw how many accounts earn and lose in each group by size, the largest on top.

    Parameters
    ----------
    table : DataFrame of shape (groups, 5)
        As `selection.loss_by_size` returns it.
    size : str
        The word for what the groups are ranked by.
    unit : str
        Unit of the losses.
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
    alt_loss_by_size : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> two = pd.DataFrame({"group": [1, 2], "accounts": [5, 4], "losing": [2, 1], "loss": [-9, -1],
    ...                     "size_share": [0.8, 0.2]})
    >>> print(plot_loss_by_size(two).get_title(loc="left").replace(chr(10), " "))
    2 of the 5 largest customers lose money; of the 4 smallest, 1 do
    """
    title = words.size_title(table)
    ax = new_axes(ax, (7.2, 1.6 + 0.5 * len(table)))
    dress(ax, xlabel="Accounts", grid=None)
    rows = np.arange(len(table))[::-1]
    losing = table["losing"].to_numpy(dtype=float)
    earning = table["accounts"].to_numpy(dtype=float) - losing
    ax.barh(rows, losing, height=0.72, color=CLASS_COLORS["B"], label="lose")
    ax.barh(rows, earning, left=losing, height=0.72, color=CLASS_COLORS["C"], label="earn")
    for row, fact in zip(rows, table.to_dict("records"), strict=True):
        if fact["losing"]:
            ax.text(0.6, row, f"{fact['losing']:,} lose", va="center", color="white", fontsize=10.5)
        earn, lost = f"{fact['accounts'] - fact['losing']:,} earn", words.in_words(fact["loss"], unit)
        text: dict[str, Any] = {"va": "center", "color": INK, "fontsize": 10.5, "parse_math": False}
        ax.text(fact["accounts"] - 0.6, row, earn, ha="right", **text)
        ax.text(fact["accounts"] + 1, row, lost, **text)
    names = [
        f"{'largest ' if i == 0 else 'smallest ' if i == len(table) - 1 else ''}{i + 1}: {percent(share)}"
        for i, share in enumerate(table["size_share"])
    ]
    ax.set_yticks(rows, names)
    ax.set_ylabel(f"Group and its share of {size}", color=MUTED, fontsize=11, parse_math=False)
    ax.text(table["accounts"].max() + 1, len(table) - 0.45, "they lose", color=MUTED, fontsize=10.5)
    ax.set(xlim=(0, 1.28 * table["accounts"].max()), ylim=(-0.6, len(table) - 0.1))
    finding(ax, title)
    return ax


def plot_weight_stability(stability: pd.DataFrame, *, sure: float = 0.9, ax: Axes | None = None) -> Axes:
    """Draw in what share of draws each is chosen when the weights are shaken.

    Parameters
    ----------
    stability : DataFrame of shape (n, n_columns)
        As `selection.weight_stability` returns it, best first.
    sure : float
        A chosen one below this share of draws counts as in doubt (0-1).
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing, the table is empty or nobody is chosen.

    See Also
    --------
    alt_weight_stability : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"chosen": [True, True, False], "p_chosen": [1.0, 0.6, 0.4]})
    >>> print(plot_weight_stability(table).get_title(loc="left"))
    1 of the 2 chosen stay chosen in 90% of the draws or more
    """
    facts = words.shaken_facts(stability, sure)
    ax = new_axes(ax)
    dress(ax, xlabel="Customers, best score first", ylabel="Share of draws in which it is chosen")
    rank = np.arange(1, len(stability) + 1)
    often, is_in = stability["p_chosen"].to_numpy(dtype=float), stability["chosen"].to_numpy(dtype=bool)
    for mine, marker, color in ((is_in, "o", CLASS_COLORS["A"]), (~is_in, "s", CLASS_COLORS["B"])):
        ax.plot(rank[mine], often[mine], marker, color=color, markersize=5, alpha=0.85)
    cut = facts.chosen + 0.5
    ax.plot([cut, cut], [0, 1.04], color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    ax.plot([0.5, cut], [sure, sure], color=MUTED, linewidth=0.9, linestyle=(0, (1, 2)))
    notes = (
        words.SHAKEN_NOTES[0].format(doubt=facts.chosen - facts.firm, n=facts.chosen),
        words.SHAKEN_NOTES[1].format(hope=facts.hope),
    )
    room = 0.02 * len(stability)
    left = facts.chosen > len(stability) / 2  # where the points leave space
    for y, note in zip((0.56, 0.48), notes, strict=True):
        ax.text(cut - 4 * room if left else cut + 4 * room, y, note, ha="right" if left else "left",
                fontsize=10.5, color=INK)  # fmt: skip
    ax.set(xlim=(0.5 - room, len(stability) + 0.5 + room), ylim=(-0.03, 1.08), yticks=[0, 0.25, 0.5, 0.75, 1])
    ax.yaxis.set_major_formatter(percent_ticks())
    finding(ax, words.shaken_title(facts, sure))
    return ax
