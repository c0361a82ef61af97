"""Pictures of what is owed: ageing, and what becomes of each bucket within a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots.style import (
    CLASS_COLORS,
    INK,
    dress,
    finding,
    new_axes,
    on,
    percent,
    percent_ticks,
    scale_of,
    tier_colors,
    value_ticks,
)
from casebook.plots.words_receivables import PARTS, aging_title, checked_aging, roll_parts, roll_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_aging", "plot_roll_rates"]


def plot_aging(aged: pd.DataFrame, *, unit: str = "RMB", ax: Axes | None = None, **bar_kws: Any) -> Axes:
    """Draw what is open by days past due.

    Parameters
    ----------
    aged : DataFrame
        As `casebook.receivables.aging` returns it.
    unit : str
        Of the money.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **bar_kws
        Style of the bars.

    Returns
    -------
    Axes
        One bar a bucket, with its share and its number of invoices.

    Raises
    ------
    TableError
        If a column is missing or nothing is open.

    See Also
    --------
    alt_aging : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> aged = pd.DataFrame({"bucket": ["current", "1-30"], "invoices": [3, 1], "open": [75.0, 25.0],
    ...                      "share": [0.75, 0.25]})
    >>> print(plot_aging(aged).get_title(loc="left"))
    25% of what is owed is overdue
    """
    table = checked_aging(aged)
    ax = new_axes(ax)
    heights = table["open"].to_numpy(dtype=float)
    colors = [CLASS_COLORS["C"], *tier_colors(max(len(table) - 1, 1))[::-1]]
    bars = ax.bar(range(len(table)), heights, **{"color": colors, "width": 0.72, **bar_kws})
    dress(ax, xlabel="Days past due", ylabel=f"Open ({scale_of(heights.max())[1]}{unit})", grid="y")
    for bar, row in zip(bars, table.to_dict("records"), strict=True):
        count = f"{percent(row['share'])}\n{row['invoices']:,} inv."
        ax.annotate(
            count, (bar.get_x() + bar.get_width() / 2, bar.get_height()), (0, 4), textcoords="offset points",
            ha="center", va="bottom", fontsize=10.5, color=INK,
        )  # fmt: skip
    ax.set_xticks(range(len(table)), [str(name) for name in table["bucket"]])
    ax.set_ylim(0, 1.22 * heights.max())
    ax.yaxis.set_major_formatter(value_ticks(heights.max()))
    finding(ax, aging_title(table))
    return ax


def plot_roll_rates(rates: pd.DataFrame, *, ax: Axes | None = None, **bar_kws: Any) -> Axes:
    """Draw what becomes of each bucket within a month: paid, still there, older, lost.

    Parameters
    ----------
    rates : DataFrame
        As `casebook.provision.roll_rates` returns it.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **bar_kws
        Style of the bars.

    Returns
    -------
    Axes
        One stacked bar a bucket.

    Raises
    ------
    TableError
        If a column is missing, or no bucket has rates.

    See Also
    --------
    alt_roll_rates : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> rates = pd.DataFrame({"bucket": ["current", "1-30"], "current": [0.1, 0.0], "1-30": [0.3, 0.4],
    ...                       "paid": [0.6, 0.5], "lost": [0.0, 0.1]})
    >>> print(plot_roll_rates(rates).get_title(loc="left"))
    Within a month 60% of what is current is paid, of what is oldest 50%
    """
    parts = roll_parts(rates)
    ax = new_axes(ax)
    fills = dict(zip(PARTS, ("#bcc4cc", "#8aa3bb", "#b35c10", "#0e3054"), strict=True))
    dress(
        ax,
        xlabel="Bucket at the month's end (days past due)",
        ylabel="Share of its balance a month later",
        grid=None,
    )
    bottom = np.zeros(len(parts))
    for name, fill in fills.items():
        heights = parts[name].to_numpy(dtype=float)
        ax.bar(
            range(len(parts)),
            heights,
            bottom=bottom,
            **{"color": fill, "width": 0.72, "label": name, **bar_kws},
        )
        for at, (height, low) in enumerate(zip(heights, bottom, strict=True)):
            if height >= 0.055:
                ax.text(
                    at,
                    low + height / 2,
                    f"{name} {height:.0%}",
                    ha="center",
                    va="center",
                    fontsize=9.5,
                    color=on(fill),
                )
        bottom = bottom + heights
    ax.set_xticks(range(len(parts)), list(parts.index))
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(percent_ticks())
    finding(ax, roll_title(parts))
    return ax
