"""A picture of a weighted choice: the same scores under two sets of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from casebook.plots import words_distributors as words
from casebook.plots.style import CLASS_COLORS, INK, MUTED, dress, finding, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_two_weightings"]


def plot_two_weightings(
    one: pd.DataFrame,
    other: pd.DataFrame,
    *,
    names: tuple[str, str] = ("the first weights", "the second weights"),
    key: str = "candidate_id",
    ax: Axes | None = None,
    **line_kws: Any,
) -> Axes:
    """Draw how candidates change places when the weights change; the leaders are dark, the others grey.

    Parameters
    ----------
    one, other : DataFrame, one row per candidate
        The same candidates under two sets of weights, each as `distributors.score_dealers` returns it.
    names : tuple of two str
        What the two sets of weights are called.
    key : str
        The column that names the candidate.
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
        If a column is missing, a table is empty, or the tables hold different candidates.

    See Also
    --------
    alt_two_weightings : the same picture in words.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> one = pd.DataFrame({"candidate_id": ["D1", "D3"], "total": [79.0, 78.0], "rank": [1, 2]})
    >>> other = pd.DataFrame({"candidate_id": ["D3", "D1"], "total": [80.0, 78.0], "rank": [1, 2]})
    >>> ax = plot_two_weightings(one, other, names=("sales", "finance"))
    >>> print(ax.get_title(loc="left").replace(chr(10), " "))
    D1 leads under sales, D3 under finance; 0 of 2 move 3 places or more
    """
    facts = words.weighting_facts(one, other, key)
    ax = new_axes(ax, (7.2, 1.8 + 0.24 * len(facts.both)))
    dress(ax, grid=None)
    looks = {facts.second: (CLASS_COLORS["B"], 2.4), facts.first: (CLASS_COLORS["A"], 2.8)}
    for row in facts.both.to_dict("records"):
        who = str(row[key])
        color, width = looks.get(who, (CLASS_COLORS["C"], 1.3))
        style = {"color": color, "linewidth": width, "marker": "o", "markersize": 4 + width / 2}
        style["zorder"] = 3 if who in looks else 2
        ax.plot([0, 1], [row["rank_one"], row["rank_other"]], **{**style, **line_kws})
        text: dict[str, Any] = {"va": "center", "fontsize": 10.5, "parse_math": False}
        text |= {"color": INK, "fontweight": "bold"} if who in looks else {"color": MUTED}
        ax.text(-0.04, row["rank_one"], f"{who}  {row['total_one']:.1f}", ha="right", **text)
        ax.text(1.04, row["rank_other"], f"{row['total_other']:.1f}  {who}", ha="left", **text)
    for x, name in enumerate(names):
        ax.text(x, 0.1, name, ha="center", color=INK, fontsize=11, parse_math=False)
    ax.set(xlim=(-0.35, 1.35), ylim=(len(facts.both) + 0.6, -0.3), xticks=[], yticks=[])
    ax.spines["bottom"].set_visible(False)
    finding(ax, words.weighting_title(facts, names))
    return ax
