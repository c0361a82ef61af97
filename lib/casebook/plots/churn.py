"""Pictures of leaving: how long customers stay, what a list earns, and whom a call helps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.plots import words_churn as words
from casebook.plots.style import (
    CLASS_COLORS,
    INK,
    MUTED,
    dress,
    finding,
    new_axes,
    percent_ticks,
    scale_of,
    value_ticks,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "UpliftPicture", "plot_effect_by_risk", "plot_profit_by_depth", "plot_survival", "plot_uplift_by_depth",
]  # fmt: skip

#: Lines are told apart by colour, by lightness and by dash.
LINES: tuple[dict[str, Any], ...] = (
    {"color": CLASS_COLORS["A"], "linestyle": "-", "linewidth": 2.2},
    {"color": CLASS_COLORS["B"], "linestyle": (0, (5, 2)), "linewidth": 2.0},
    {"color": MUTED, "linestyle": (0, (1, 1.5)), "linewidth": 1.8},
)


def plot_survival(
    curves: Mapping[str, pd.DataFrame],
    *,
    at: float = 5,
    unit: str = "years",
    ax: Axes | None = None,
    **line_kws: Any,
) -> Axes:
    """Draw survival curves: the share of customers still here against the time since they joined.

    Parameters
    ----------
    curves : mapping of str to DataFrame
        As `survival.kaplan_meier` returns them, by the words that name them, up to three; the first is the
        one to trust and is drawn with its interval.
    at : float
        The time that the title speaks of, in `unit`.
    unit : str
        Unit of the time.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **line_kws
        Style of the lines, as for `Axes.step`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If there is no curve, more than three, or a column is missing.

    See Also
    --------
    alt_survival : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.survival import kaplan_meier
    >>> ax = plot_survival({"all": kaplan_meier([2, 3, 4, 5], [1, 0, 1, 0])}, at=4)
    >>> print(ax.get_title(loc="left"))
    After 4 years 38% are still here
    """
    words.check_curves(curves, ["time", "survival", "low", "high"], "survival.kaplan_meier")
    ax = new_axes(ax)
    dress(ax, xlabel=f"Time since joining ({unit})", ylabel="Share still here")
    end = max(float(curve["time"].max()) for curve in curves.values())
    for (name, curve), style in zip(curves.items(), LINES, strict=False):
        x = np.r_[curve["time"], end]
        y = np.r_[curve["survival"], curve["survival"].iloc[-1]]
        ax.step(x, y, where="post", label=name, **{**style, **line_kws})
    trusted = next(iter(curves.values()))
    ax.fill_between(
        trusted["time"],
        trusted["low"],
        trusted["high"],
        step="post",
        color=CLASS_COLORS["C"],
        alpha=0.5,
        lw=0,
    )
    ax.axvline(at, color=MUTED, linewidth=0.9, linestyle=(0, (1, 2)))
    ax.set(xlim=(0, end), ylim=(0, 1.02))
    ax.yaxis.set_major_formatter(percent_ticks())
    if len(curves) > 1:
        ax.legend(frameon=False, fontsize=10.5, loc="best")
    finding(ax, words.survival_title(curves, at, unit))
    return ax


def plot_profit_by_depth(
    curves: Mapping[str, pd.DataFrame], *, unit: str = "RMB", ax: Axes | None = None, **line_kws: Any
) -> Axes:
    """Draw what calling the first of one or more lists earns, at every depth.

    Parameters
    ----------
    curves : mapping of str to DataFrame
        As `profit.profit_by_depth` returns them, by the words that name the lists, up to three; the best
        depth of the first is marked.
    unit : str
        Unit of the profit.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **line_kws
        Style of the lines, as for `Axes.plot`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If there is no curve, more than three, or a column is missing.

    See Also
    --------
    alt_profit_by_depth : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.profit import profit_by_depth
    >>> ax = plot_profit_by_depth({"model": profit_by_depth([1, 0, 1, 0], [0.9, 0.6, 0.5, 0.2])})
    >>> print(ax.get_title(loc="left"))
    Calling the first 75% (3 customers) earns most: 101 RMB
    """
    words.check_curves(curves, ["depth", "called", "profit"], "profit.profit_by_depth")
    ax = new_axes(ax)
    most = max(float(curve["profit"].abs().max()) for curve in curves.values())
    dress(
        ax,
        xlabel="Share of customers called, first of the list",
        ylabel=f"Profit ({scale_of(most)[1]}{unit})",
    )
    ax.axhline(0, color=INK, linewidth=0.9)
    for (name, curve), style in zip(curves.items(), LINES, strict=False):
        ax.plot(curve["depth"], curve["profit"], label=name, **{**style, **line_kws})
    best = words.best_row(next(iter(curves.values())))
    ax.plot([best["depth"]], [best["profit"]], "o", color=INK, markersize=6)
    top = max(float(curve["profit"].max()) for curve in curves.values())
    lowest = min(float(curve["profit"].min()) for curve in curves.values())
    if top > 0:  # a deep loss at the end of the list would flatten all that matters
        ax.set_ylim(max(1.1 * lowest, -1.6 * top) - 0.08 * top, 1.25 * top)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(percent_ticks())
    ax.yaxis.set_major_formatter(value_ticks(most))
    if len(curves) > 1:
        ax.legend(frameon=False, fontsize=10.5, loc="best")
    finding(ax, words.profit_title(curves, unit))
    return ax


def plot_uplift_by_depth(
    curve: pd.DataFrame,
    *,
    depth: float = 0.3,
    measure: str = "saved",
    unit: str = "RMB",
    ax: Axes | None = None,
    **line_kws: Any,
) -> Axes:
    """Draw the customers saved, or the profit, of two or three rankings against the share called.

    Parameters
    ----------
    curve : DataFrame
        As `uplift.uplift_by_depth` returns it.
    depth : float
        The share called that the title speaks of; one of the curve.
    measure : {"saved", "profit"}
        What is drawn; "profit" needs the column `profit`.
    unit : str
        Unit of the profit.
    ax : Axes, optional
        Where to draw; a new figure if none is given.
    **line_kws
        Style of the lines, as for `Axes.plot`.

    Returns
    -------
    Axes

    Raises
    ------
    TableError
        If a column is missing, or the depth is not in the table.

    See Also
    --------
    alt_uplift_by_depth : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.uplift import uplift_by_depth
    >>> curve = uplift_by_depth({"by uplift": [2, 1], "by risk": [1, 2]}, [1.0, 0.0], depths=[0.5, 1.0])
    >>> print(plot_uplift_by_depth(curve, depth=0.5).get_title(loc="left"))
    Of 1 called, the list by uplift saves 1, by risk 0
    """
    words.check_uplift(curve, depth, measure)
    picture = UpliftPicture(new_axes(ax), **line_kws)
    picture.update(curve, depth=depth, measure=measure, unit=unit)
    return picture.ax


class UpliftPicture:
    """The artists of the uplift curves, made once; `update` gives them another table.

    Parameters
    ----------
    ax : Axes
        An empty Axes.
    **line_kws
        Style of the lines.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> len(UpliftPicture(Figure().subplots()).lines)
    3
    """

    def __init__(self, ax: Axes, **line_kws: Any) -> None:
        self.ax = ax
        dress(ax, xlabel="Share of subscribers called, first of the list", ylabel="Customers saved")
        ax.axhline(0, color=INK, linewidth=0.9)
        self.lines = [ax.plot([], [], **{**style, **line_kws})[0] for style in LINES]
        self.dots = [ax.plot([], [], "o", color=style["color"], markersize=7)[0] for style in LINES]
        self.labels = [ax.text(0, 0, "", fontsize=11, color=INK, parse_math=False) for _ in LINES]
        self.whiskers = [ax.plot([], [], color=style["color"], linewidth=1.4)[0] for style in LINES]
        self.guide = ax.axvline(0, color=MUTED, linewidth=0.9, linestyle=(0, (1, 2)))
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(percent_ticks())

    def update(
        self, curve: pd.DataFrame, *, depth: float = 0.3, measure: str = "saved", unit: str = "RMB"
    ) -> None:
        """Show this table; the arguments are those of `plot_uplift_by_depth`."""
        words.check_uplift(curve, depth, measure)
        names = list(dict.fromkeys(curve["ranking"]))
        values = curve[measure].to_numpy(dtype=float)
        reach = np.r_[0, values, curve[["low", "high"]].to_numpy().ravel() if measure == "saved" else []]
        low, high = float(reach.min()), float(reach.max())
        room = 0.06 * (high - low or 1)
        self.ax.set_ylim(low - room, high + room)
        most = max(abs(low), abs(high))
        self.ax.yaxis.set_major_formatter(value_ticks(most))
        said = "Customers saved" if measure == "saved" else f"Profit ({scale_of(most)[1]}{unit})"
        self.ax.set_ylabel(said)
        self.guide.set_xdata([depth, depth])
        for at, (line, dot, bar, label) in enumerate(
            zip(self.lines, self.dots, self.whiskers, self.labels, strict=True)
        ):
            shown = at < len(names)
            for artist in (line, dot, bar, label):
                artist.set_visible(shown)
            if not shown:
                continue
            mine = curve[curve["ranking"] == names[at]]
            x, y = np.r_[0, mine["depth"]], np.r_[0, mine[measure]]
            line.set_data(x, y)
            here = mine[np.isclose(mine["depth"], depth)].iloc[0]
            dot.set_data([depth], [here[measure]])
            both = [here["low"], here["high"]] if measure == "saved" else [here[measure]] * 2
            bar.set_data([depth, depth], both)
            place = self._free(curve, names, at, measure)
            label.set_text(names[at])
            label.set_position(place[:2])
            label.set(ha="center", va=place[2])
        finding(self.ax, words.uplift_title(curve, depth, measure, unit))

    def _free(self, curve: pd.DataFrame, names: list[str], at: int, measure: str) -> tuple[float, float, str]:
        """Where a line's name touches no other: at one half, above the higher lines or below the lower."""
        spans = []
        for name in names:
            mine = curve[curve["ranking"] == name]
            near = np.interp(np.linspace(0.4, 0.6, 9), np.r_[0, mine["depth"]], np.r_[0, mine[measure]])
            spans.append((float(near.min()), float(near.mean()), float(near.max())))
        low, high = self.ax.get_ylim()
        above = len(names) == 1 or spans[at][1] > float(np.mean([span[1] for span in spans]))
        gap = 0.03 * (high - low)
        return 0.5, (spans[at][2] + gap if above else spans[at][0] - gap), "bottom" if above else "top"


def plot_effect_by_risk(table: pd.DataFrame, *, ax: Axes | None = None, **point_kws: Any) -> Axes:
    """Draw what a call does in each group of customers, the least at risk first.

    Parameters
    ----------
    table : DataFrame
        As `uplift.effect_by_risk` returns it.
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
    alt_effect_by_risk : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> from casebook.uplift import effect_by_risk
    >>> ax = plot_effect_by_risk(effect_by_risk([0.1, 0.2, 0.3, 0.4], [0.0, 0.2, 0.1, -0.1], bins=2))
    >>> print(ax.get_title(loc="left"))
    100 calls to group 1 save 10, to the riskiest 0
    """
    words.check_effect(table)
    ax = new_axes(ax)
    dress(
        ax, xlabel="Group, and its mean risk of leaving if not called", ylabel="Customers saved per 100 calls"
    )
    ax.axhline(0, color=INK, linewidth=0.9)
    y, low, high = (100 * table[name].to_numpy(dtype=float) for name in ("effect", "low", "high"))
    style = {"fmt": "o", "color": CLASS_COLORS["A"], "ecolor": MUTED, "elinewidth": 1.4, "markersize": 7}
    ax.errorbar(table["bin"], y, yerr=[y - low, high - y], **{**style, **point_kws})
    ax.set_xticks(table["bin"], [f"{b}\n{r:.0%}" for b, r in zip(table["bin"], table["risk"], strict=True)])
    finding(ax, words.effect_title(table))
    return ax
