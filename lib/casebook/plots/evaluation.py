"""Pictures of a score: are its probabilities true, and how much does its order find early?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots import words_evaluation as words
from casebook.plots.style import CLASS_COLORS, INK, MUTED, dress, finding, new_axes, percent, percent_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_calibration", "plot_gains"]


def plot_calibration(
    table: pd.DataFrame,
    *,
    what: str = "the event",
    ax: Axes | None = None,
    **point_kws: Any,
) -> Axes:
    """Draw what was predicted against what happened; on the diagonal the probabilities are true.

    Parameters
    ----------
    table : DataFrame of shape (n_bins, at least 5)
        `n`, `predicted`, `observed`, `low`, `high`, as `evaluation.calibration_table` returns it.
    what : str
        The word for what happened or not, such as "default".
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **point_kws
        Style of the points, as for `Axes.errorbar`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no group.

    See Also
    --------
    alt_calibration : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.evaluation import calibration_table
    >>> ax = plot_calibration(calibration_table([0, 0, 1, 1], [0.2, 0.2, 0.8, 0.8], bins=2))
    >>> print(ax.get_title(loc="left"))
    In 2 of 2 groups the prediction lies within
    what chance allows
    """
    words.check_calibration(table)
    ax = new_axes(ax, (5.8, 4.9))
    dress(ax, xlabel=f"Predicted probability of {what}", ylabel=f"Observed share of {what}")
    top = min(1.0, 1.08 * float(max(table["high"].max(), table["predicted"].max())))
    ax.plot([0, top], [0, top], color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
    x, y = table["predicted"].to_numpy(dtype=float), table["observed"].to_numpy(dtype=float)
    reach = [y - table["low"].to_numpy(dtype=float), table["high"].to_numpy(dtype=float) - y]
    style = {"fmt": "o", "color": CLASS_COLORS["A"], "ecolor": MUTED, "elinewidth": 1.4, "markersize": 6}
    ax.errorbar(x, y, yerr=np.clip(reach, 0, None), **{**style, **point_kws})
    ax.set(xlim=(0, top), ylim=(0, top))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(percent_ticks())
    ax.text(
        0.98 * top, 0.03 * top, "dashed: prediction = truth", ha="right", color=MUTED, fontsize=10.5
    )  # fmt: skip
    finding(ax, words.CALIBRATION_TITLE.format(inside=words.inside(table), n=len(table)))
    return ax


def plot_gains(
    table: pd.DataFrame,
    *,
    what: str = "those sought",
    depth: float = 0.2,
    ax: Axes | None = None,
    **line_kws: Any,
) -> Axes:
    """Draw how many of those sought are found at each depth of the list, highest scores first.

    Parameters
    ----------
    table : DataFrame of shape (n_bins, at least 2)
        `depth` and `found` (0-1), as `evaluation.gain_table` returns it.
    what : str
        The word for those sought, in the plural: "buyers".
    depth : float
        The depth that the title speaks of, a share of the list.
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
        If a column is missing or there is no group.

    See Also
    --------
    alt_gains : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.evaluation import gain_table
    >>> ax = plot_gains(gain_table([1, 0, 0, 0, 0], [5, 4, 3, 2, 1], bins=5), what="buyers")
    >>> print(ax.get_title(loc="left"))
    The first 20% of the list holds 100% of
    buyers
    """
    words.check_gains(table)
    ax = new_axes(ax, (5.8, 4.9))
    dress(ax, xlabel="Share of the list, highest scores first", ylabel=f"Share of {what} found")
    ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
    ax.text(0.62, 0.56, words.GAINS_NOTE, rotation=40, ha="center", va="top", color=MUTED, fontsize=10.5)
    x, y = np.r_[0, table["depth"]], np.r_[0, table["found"]]
    style = {"color": CLASS_COLORS["A"], "linewidth": 2.2, "marker": "o", "markersize": 4}
    ax.plot(x, y, **{**style, **line_kws})
    at = words.found_at(table, depth)
    ax.plot([depth, depth, 0], [0, at, at], color=INK, linewidth=0.9, linestyle=(0, (1, 2)))
    ax.set(xlim=(0, 1), ylim=(0, 1.02))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(percent_ticks())
    finding(ax, words.GAINS_TITLE.format(depth=percent(depth), found=percent(at), what=what))
    return ax
