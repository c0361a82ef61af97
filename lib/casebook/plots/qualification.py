"""Pictures of lesson 06: rates by label, likelihood ratios of signs, orders of calling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots import words_qualification as words
from casebook.plots.style import CLASS_COLORS, INK, MUTED, dress, finding, new_axes, percent, percent_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CallsPicture", "plot_calls", "plot_rates", "plot_signals"]

_GUIDE: dict[str, Any] = {"color": MUTED, "linewidth": 1, "linestyle": (0, (4, 3))}
_OTHER = "#a9b3bd"  # curves that are not the one chosen


def plot_rates(table: pd.DataFrame, *, what: str = "ordered", ax: Axes | None = None, **kws: Any) -> Axes:
    """Draw the share of an outcome under each label, with its interval and its counts.

    Parameters
    ----------
    table : DataFrame, one row per label, first label on top
        As `lead_scoring.rates_by` returns it.
    what : str
        The verb of the outcome, for title and axis: "ordered later", "bought".
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **kws
        Style of the points, as for `Axes.errorbar`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing or there is no label.

    See Also
    --------
    alt_rates : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.lead_scoring import rates_by
    >>> four = pd.DataFrame({"heat": ["hot", "hot", "cold", "cold"], "ordered": [1, 0, 0, 0]})
    >>> print(plot_rates(rates_by(four, "heat", "ordered", order=["hot", "cold"])).get_title(loc="left"))
    Ordered: 50% of hot, 0% of cold
    """
    words.check_rates(table)
    ax = new_axes(ax, (7.2, 1.5 + 0.5 * len(table)))
    _points(ax, table["label"], table["rate"], table["low"], table["high"], kws)
    right = 1.18 * float(table["high"].max())
    ax.set_xlim(0, 1.25 * right)
    for row, (count, n) in enumerate(zip(table["positives"], table["n"], strict=True)):
        ax.text(1.24 * right, row, f"{count:,} of {n:,}", ha="right", va="center", color=INK, fontsize=10.5)
    ax.axvline(words.of_all(table), **_GUIDE)
    ax.xaxis.set_major_formatter(percent_ticks())
    ax.set_xlabel(f"Share that {what}, with 95% interval (dashed: all)", color=MUTED, fontsize=11)
    finding(ax, words.rates_title(table, what))
    return ax


def plot_signals(table: pd.DataFrame, *, ax: Axes | None = None, **kws: Any) -> Axes:
    """Draw likelihood ratios of buying signs with their intervals, on a ratio scale.

    Parameters
    ----------
    table : DataFrame, one row per sign, first sign on top
        As `showroom.signal_lr` returns it.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **kws
        Style of the points, as for `Axes.errorbar`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing, or a sign has no finite ratio and interval.

    See Also
    --------
    alt_signals : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> table = pd.DataFrame({"signal": ["bargain"], "lr": [1.6], "low": [1.35], "high": [1.91]})
    >>> print(plot_signals(table).get_title(loc="left"))
    1 of 1 signs speak for a purchase by more than chance
    """
    words.check_signals(table)
    ax = new_axes(ax, (7.2, 1.5 + 0.5 * len(table)))
    _points(ax, table["signal"], table["lr"], table["low"], table["high"], kws)
    ax.set_xscale("log")
    reach = 1.12 * max(float(table["high"].max()), 1 / float(table["low"].min()), 2.0)
    ticks = [t for t in (0.1, 0.2, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 5, 10) if 1 / reach <= t <= reach]
    ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
    ax.minorticks_off()
    ax.set_xlim(1 / reach, reach)
    ax.axvline(1, **_GUIDE)
    ax.set_xlabel("Times as frequent in buyers as in others, with 95% interval", color=MUTED, fontsize=11)
    finding(ax, words.signals_title(table))
    return ax


def _points(ax: Axes, labels: Any, middle: Any, low: Any, high: Any, kws: Mapping[str, Any]) -> None:
    dress(ax, grid="x")
    at, x = np.arange(len(labels)), np.asarray(middle, dtype=float)
    reach = np.clip([x - np.asarray(low, float), np.asarray(high, float) - x], 0, None)
    style = {"fmt": "o", "color": CLASS_COLORS["A"], "ecolor": MUTED, "elinewidth": 1.6, "markersize": 7}
    ax.errorbar(x, at, xerr=reach, **{**style, **kws})
    ax.set_yticks(at, [str(label) for label in labels], parse_math=False)
    ax.tick_params(axis="y", labelcolor=INK, labelsize=11)
    ax.set_ylim(len(at) - 0.4, -0.6)


def plot_calls(
    curves: Mapping[str, pd.DataFrame],
    *,
    order: str,
    share: float = 0.1,
    value: str = "found",
    what: str = "orders",
    ax: Axes | None = None,
) -> Axes:
    """Draw what each order of calling finds, the chosen one bold, with a mark at the capacity.

    Parameters
    ----------
    curves : mapping of name to DataFrame
        As `calling.call_curve` returns it, one for each order.
    order : str
        The one to draw bold.
    share : float
        Share (0-1) of the list that can be called.
    value : str
        Column of the curves: "found" or a sum of money; drawn as a share of the whole.
    what : str
        The word for it, in the plural.
    ax : Axes, optional
        Where to draw; a new figure if none is given.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If there is no such order or column, or nothing is found on the whole list.

    See Also
    --------
    alt_calls : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> curve = pd.DataFrame({"share": [0.0, 0.5, 1.0], "found": [0, 3, 4]})
    >>> print(plot_calls({"by score": curve}, order="by score", share=0.5).get_title(loc="left"))
    By score: the first 50% of calls find 75% of
    orders
    """
    words.check_calls(curves, order, value)
    picture = CallsPicture(new_axes(ax, (6.2, 4.6)), list(curves))
    picture.update(curves, order=order, share=share, value=value, what=what)
    return picture.ax


class CallsPicture:
    """The artists of `plot_calls`, made once; `update` gives them other curves.

    Parameters
    ----------
    ax : Axes
        An empty Axes.
    names : sequence of str
        The orders of calling.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> sorted(CallsPicture(Figure().subplots(), ["by score", "hot first"]).lines)
    ['by score', 'hot first']
    """

    def __init__(self, ax: Axes, names: Sequence[str]) -> None:
        self.ax = ax
        dress(ax, xlabel="Share of the list that is called", ylabel=" ")
        ax.plot([0, 1], [0, 1], **_GUIDE)
        self.lines = {name: ax.plot([], [])[0] for name in names}
        self.mark = ax.plot([], [], color=INK, linewidth=0.9, linestyle=(0, (1, 2)))[0]
        self.dot = ax.plot([], [], "o", color=INK, markersize=6, zorder=5)[0]
        box: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
        self.label = ax.text(0, 0, "", fontsize=11, color=INK, bbox=box, parse_math=False, va="top", zorder=6)
        ax.text(0.985, 0.03, "grey: the other orders; dashed: at random", transform=ax.transAxes, ha="right",
                color=MUTED, fontsize=10)  # fmt: skip
        ax.set(xlim=(0, 1), ylim=(0, 1.02))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(percent_ticks())

    def update(
        self, curves: Mapping[str, pd.DataFrame], *, order: str, share: float, value: str, what: str
    ) -> None:
        """Show these curves; the arguments are those of `plot_calls`."""
        words.check_calls(curves, order, value)
        for name, line in self.lines.items():
            whole = curves[name][value].iloc[-1]
            line.set_data(curves[name]["share"], curves[name][value] / whole)
            bold = name == order
            line.set(color=CLASS_COLORS["A"] if bold else _OTHER, linewidth=2.6 if bold else 1.3)
            line.set_zorder(4 if bold else 2)
        at = words.share_at(curves[order], value, share)
        self.mark.set_data([share, share, 0], [0, at, at])
        self.dot.set_data([share], [at])
        late = share > 0.6
        self.label.set(text=f"{percent(at)} of {what}", ha="right" if late else "left")
        self.label.set_position((share + (-0.02 if late else 0.02), at - 0.03))
        self.ax.set_ylabel(f"Share of all {what} that is found")
        finding(self.ax, words.calls_title(curves, order, share, value, what))
