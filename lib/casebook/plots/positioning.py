"""The perceptual map: who stands where by price and service, and where nobody does."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from casebook.plots import words_positioning as words
from casebook.plots.style import CLASS_COLORS, GRID, INK, MUTED, dress, finding, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_perceptual_map"]


def plot_perceptual_map(table: pd.DataFrame, *, own: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw brands in the cells of price and service; a cell where nobody stands is hatched.

    Parameters
    ----------
    table : DataFrame of shape (levels x levels, 5)
        As `positioning.perceptual_map` returns it.
    own : str, optional
        The cell to mark with a star as our own place, such as ``"3-3"``.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing, the map has no brand, or `own` is no cell of it.

    See Also
    --------
    alt_perceptual_map : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.positioning import perceptual_map
    >>> two = pd.DataFrame({"brand": ["Ada", "Bo"], "price_level": [1, 2], "service_level": [1, 2]})
    >>> print(plot_perceptual_map(perceptual_map(two, levels=2)).get_title(loc="left").replace(chr(10), " "))
    2 of the 4 places on the map are empty; 1 of 2 brands crowd into one
    """
    levels, _, empty = words.map_facts(table, own)
    ax = new_axes(ax, (7.2, 5.0))
    dress(ax, xlabel="Price level, low to high", ylabel="Service level, low to high", grid=None)
    for row in table.to_dict("records"):
        x, y = row["price_level"], row["service_level"]
        taken = row["n"] > 0
        ax.bar(
            x, 0.92, width=0.92, bottom=y - 0.46, color=GRID if taken else "white",
            edgecolor=GRID if taken else CLASS_COLORS["C"], hatch=None if taken else "//", linewidth=0.8,
        )  # fmt: skip
        text = "\n".join(textwrap.fill(name, 24) for name in row["brands"].split(", ")) if taken else "nobody"
        ax.text(x, y, text, ha="center", va="center", fontsize=9 if row["n"] > 4 else 10,
                color=INK if taken else MUTED,
                bbox=None if taken else {"facecolor": "white", "edgecolor": "none", "pad": 2},
                parse_math=False)  # fmt: skip
        if row["cell"] == own:
            ax.plot(x + 0.34, y + 0.33, "*", color=CLASS_COLORS["B"], markersize=13)
    ax.set(xlim=(0.5, levels + 0.5), ylim=(0.5, levels + 0.5))
    ax.set_xticks(range(1, levels + 1))
    ax.set_yticks(range(1, levels + 1))
    finding(ax, words.map_title(table, empty))
    return ax
