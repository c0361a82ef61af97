"""Pictures of finding prospects: cost per customer, shares by method, returns of fairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots import words_prospecting as words
from casebook.plots.style import CLASS_COLORS, INK, MUTED, dress, finding, new_axes, percent, percent_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_cac", "plot_fairs", "plot_method_rates"]

_DARK, _WARM = CLASS_COLORS["A"], CLASS_COLORS["B"]
_ROW = 0.42  #: inches of height for each row


def plain_labels(ax: Axes) -> None:
    """Write the names beside the axis as text, never as formulas.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> _ = ax.set_yticks([0], ["$x$"])
    >>> plain_labels(ax)
    >>> ax.get_yticklabels()[0].get_parse_math()
    False
    """
    for tick in ax.yaxis.get_major_ticks():
        for label in (tick.label1, tick.label2):
            label.set_parse_math(False)


def _rows(ax: Axes | None, names: list[str], width: float = 7.2) -> Axes:
    """Axes with one named row each, the first on top."""
    ax = new_axes(ax, (width, 1.5 + _ROW * len(names)))
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_yticks(range(len(names)), names)
    plain_labels(ax)
    return ax


def plot_cac(methods: pd.DataFrame, *, unit: str = "RMB", ax: Axes | None = None, **point_kws: Any) -> Axes:
    """Draw what a customer costs by each way of finding, with its interval, on a scale of powers of ten.

    Parameters
    ----------
    methods : DataFrame, one row per way of finding
        `method`, `customers`, `cac`, `low`, `high`, as `prospecting.method_economics` returns them. A method
        without customers is not drawn.
    unit : str
        Of the money.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **point_kws
        Style of the points, as for `Axes.plot`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing, or no method has a customer and a cost.

    See Also
    --------
    alt_cac : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"method": ["referral", "fairs"], "customers": [4, 8], "cac": [500.0, 7500.0],
    ...                       "low": [195.0, 3806.0], "high": [1835.0, 17372.0]})
    >>> print(plot_cac(table).get_title(loc="left"))
    A customer costs 500 RMB by referral and 7,500 by fairs; 0 of 1
    intervals reach into the next
    """
    table = words.cac_order(methods)
    ax = _rows(ax, [words.named(name) for name in table["method"]])
    dress(ax, xlabel=f"Cost per customer ({unit}), with 95% interval", grid="x")
    place = np.arange(len(table))
    high = np.where(np.isfinite(table["high"]), table["high"], table["cac"] * 100)
    ax.set_xscale("log")
    ax.hlines(place, np.maximum(table["low"], table["cac"] / 100), high, color=MUTED, linewidth=2.2)
    ax.plot(
        table["cac"], place, **{"marker": "o", "linestyle": "", "color": _DARK, "markersize": 8, **point_kws}
    )
    for at, row in zip(place, table.to_dict("records"), strict=True):
        ax.text(row["cac"], at - 0.2, f"{row['cac']:,.0f}", ha="center", va="bottom", fontsize=10, color=INK)
    low, top = float(np.nanmin(table["low"].where(table["low"] > 0, table["cac"]))), float(np.max(high))
    ax.set_xlim(low / 1.5, top * 1.5)
    ticks = [v for p in range(-2, 13) for v in (1 * 10.0**p, 3 * 10.0**p) if low / 1.5 <= v <= top * 1.5]
    ax.set_xticks(ticks, [f"{v:,.10g}" for v in ticks])
    ax.minorticks_off()
    finding(ax, words.cac_title(methods, unit))
    return ax


def plot_method_rates(
    rates: pd.DataFrame, overall: float, *, word: str, ax: Axes | None = None, **point_kws: Any
) -> Axes:
    """Draw a share for each way of finding, with its interval, against the overall share.

    Parameters
    ----------
    rates : DataFrame, one row per way of finding
        `method`, `n` (customers), `rate`, `low`, `high` (0-1).
    overall : float
        The share of all together (0-1).
    word : str
        What the share is of: "went silent".
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **point_kws
        Style of the points, as for `Axes.plot`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or the table is empty.

    See Also
    --------
    alt_method_rates : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"method": ["fairs"], "n": [10], "rate": [0.2], "low": [0.06], "high": [0.51]})
    >>> ax = plot_method_rates(table, 0.3, word="went silent")
    >>> ax.get_xlabel()
    'Share that went silent, with 95% interval'
    """
    table = words.rates_order(rates)
    ax = _rows(ax, [f"{words.named(r['method'])} ({r['n']:,})" for r in table.to_dict("records")])
    dress(ax, xlabel=f"Share that {word}, with 95% interval", grid="x")
    place = np.arange(len(table))
    ax.axvline(overall, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
    ax.hlines(place, table["low"], table["high"], color=MUTED, linewidth=2.2)
    style: dict[str, Any] = {"marker": "o", "linestyle": "", "color": _DARK, "markersize": 8, **point_kws}
    ax.plot(table["rate"], place, **style)
    for at, row in zip(place, table.to_dict("records"), strict=True):
        ax.text(row["rate"], at - 0.2, percent(row["rate"]), ha="center", va="bottom", fontsize=10, color=INK)
    ax.set_xlim(0, min(1.0, float(table["high"].max()) * 1.08))
    ax.xaxis.set_major_formatter(percent_ticks())
    finding(ax, words.rates_title(rates, overall, word))
    return ax


def plot_fairs(fairs: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the return of each fair, and what is left of it without the fair's best customer.

    Parameters
    ----------
    fairs : DataFrame, one row per fair
        `fair_id`, `won`, `roi`, `roi_without_best`, as `prospecting.fair_roi` returns them.
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
    alt_fairs : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"fair_id": ["F1"], "won": [3], "roi": [0.6], "roi_without_best": [-0.4]})
    >>> print(plot_fairs(table).get_title(loc="left"))
    1 of 1 fairs earned back the cost; without its best customer,
    none would have
    """
    table = words.fairs_order(fairs)
    ax = _rows(ax, [f"{row['fair_id']} ({row['won']} won)" for row in table.to_dict("records")])
    dress(ax, xlabel="Return: (first-year margin − cost) / cost", grid="x")
    place = np.arange(len(table))
    ax.axvline(0, color=INK, linewidth=1)
    ax.hlines(place, table["roi_without_best"], table["roi"], color=MUTED, linewidth=2.2)
    ax.plot(table["roi"], place, "o", color=_DARK, markersize=9, label="all its customers")
    ax.plot(table["roi_without_best"], place, "D", color="white", markeredgecolor=_WARM, markeredgewidth=1.8,
            markersize=7.5, label="without its best one")  # fmt: skip
    ends = [*table["roi"], *table["roi_without_best"], 0.0]
    room = 0.08 * (max(ends) - min(ends) + 0.2)
    ax.set_xlim(min(ends) - room, max(ends) + room)
    ax.xaxis.set_major_formatter(percent_ticks())
    ax.legend(loc="lower right", frameon=False, fontsize=10.5, handletextpad=0.3)
    finding(ax, words.fairs_title(fairs))
    return ax
