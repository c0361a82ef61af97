"""The explorer of calls: a slider for the capacity, and lists for the order, the count and overdue dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from casebook.plots import alt_calls, plot_calls
from casebook.plots.qualification import CallsPicture
from casebook.text import show_figure
from casebook.widgets.calls import ORDERS, CallsAnswer, calls_answer, calls_curves

if TYPE_CHECKING:
    from casebook.widgets.base import Explorer

__all__ = ["explore_calls", "show_calls"]

ORDER_WORDS = {
    "hot first": "hot first",
    "largest first": "largest guess first",
    "oldest first": "oldest first",
    "by score": "by score (chance of an order)",
    "score × guess": "score × guessed margin",
    "score × worth": "score × margin of such customers",
}
COUNT_WORDS = {"orders": "found", "guessed margin": "potential_margin", "margin brought": "brought"}
OVERDUE = {"left where they are": "keep", "set apart": "apart"}
MARGINS = {"left": 0.15, "right": 0.94, "bottom": 0.14, "top": 0.84}


def explore_calls(lists: pd.DataFrame, *, unit: str = "RMB") -> Explorer:
    """Open the explorer of calls: how many, in which order, and what they find.

    Parameters
    ----------
    lists : DataFrame, one row per prospect on the list of a morning
        As in `calls_answer`.
    unit : str
        Unit of the money.

    Returns
    -------
    Explorer
        A widget for a notebook. ``.answered`` is what `calls_answer` says for its controls.

    Raises
    ------
    TableError
        If a column is missing.

    See Also
    --------
    calls_answer, show_calls

    Examples
    --------
    >>> two = pd.DataFrame({"as_of": pd.to_datetime(["2024-01-01"] * 2), "heat": ["hot", "warm"],
    ...     "created": pd.to_datetime(["2023-12-01", "2023-11-01"]), "chance": [0.1, 0.4],
    ...     "expected_order_date": pd.to_datetime(["2024-01-09", "2024-03-01"]), "worth": [500, 900],
    ...     "potential_margin": [9_000, 1_000], "brought": [0, 800], "ordered_later": [False, True]})
    >>> explorer = explore_calls(two)
    >>> explorer.controls["order"].value = "by score"
    >>> explorer.answered.order
    'by score'
    """
    from matplotlib.figure import Figure

    from casebook.widgets.base import Explorer, percent_slider, picker

    known = {how: calls_curves(lists, how) for how in OVERDUE.values()}  # slow; no other control matters
    figure = Figure(figsize=(5.4, 4.3), dpi=115)
    picture = CallsPicture(figure.subplots(gridspec_kw=MARGINS), ORDERS)
    controls = {
        "share": percent_slider("Calls (% of list)", 10, 1, 100),
        "order": picker("Call in this order", {ORDER_WORDS[name]: name for name in ORDERS}),
        "count": picker("Count", COUNT_WORDS),
        "overdue": picker("Overdue dates", OVERDUE),
    }

    def answer(share: int, overdue: str, **chosen: Any) -> CallsAnswer:
        return calls_answer(
            lists, share=share / 100, overdue=overdue, unit=unit, curves=known[overdue], **chosen
        )

    def draw(said: CallsAnswer) -> None:
        picture.update(said.curves, **said.drawing)

    def tell(said: CallsAnswer) -> tuple[str, str, str]:
        return said.sentence, said.tables_html(), alt_calls(said.curves, **said.drawing)

    return Explorer(controls, answer=answer, figure=figure, draw=draw, tell=tell)


def show_calls(lists: pd.DataFrame, **chosen: Any) -> CallsAnswer:
    """Show one position of the explorer of calls as an ordinary picture and table.

    Parameters
    ----------
    lists : DataFrame, one row per prospect on the list of a morning
        As in `calls_answer`.
    **chosen
        The other arguments of `calls_answer`; the defaults are those of the explorer.

    Returns
    -------
    CallsAnswer
        As the last line of a cell it shows its sentence and table under the picture.

    Raises
    ------
    TableError
        As `calls_answer`.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> two = pd.DataFrame({"as_of": pd.to_datetime(["2024-01-01"] * 2), "heat": ["hot", "warm"],
    ...     "created": pd.to_datetime(["2023-12-01", "2023-11-01"]), "chance": [0.1, 0.4],
    ...     "expected_order_date": pd.to_datetime(["2024-01-09", "2024-03-01"]), "worth": [500, 900],
    ...     "potential_margin": [9_000, 1_000], "brought": [0, 800], "ordered_later": [False, True]})
    >>> answer = show_calls(two)  # doctest: +ELLIPSIS
    Curves of orders found against the share of the list called...
    """
    said = calls_answer(lists, **chosen)
    show_figure(plot_calls(said.curves, **said.drawing), alt_calls(said.curves, **said.drawing))
    return said
