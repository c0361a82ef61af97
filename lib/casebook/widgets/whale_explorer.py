"""The whale explorer: sliders for the best and the worst, and what to do with the losers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from casebook.plots import alt_whale, plot_whale
from casebook.plots.whale import WhalePicture
from casebook.text import show_figure
from casebook.widgets.whale import REMEDIES, WhaleAnswer, whale_answer

if TYPE_CHECKING:
    from casebook.widgets.base import Explorer

__all__ = ["explore_whale", "show_whale"]

#: Where the chart stands in its picture: fixed, since finding the best place anew costs more than drawing.
MARGINS = {"left": 0.13, "right": 0.96, "bottom": 0.14, "top": 0.84}


def explore_whale(costs: pd.DataFrame, *, unit: str = "RMB") -> Explorer:
    """Open the whale explorer: shares of best and worst, the remedy and how much is charged.

    Parameters
    ----------
    costs : DataFrame, one row per account
        As in `whale_answer`.
    unit : str
        Unit of the money.

    Returns
    -------
    Explorer
        A widget for a notebook. ``.answered`` is what `whale_answer` says for its controls.

    Raises
    ------
    TableError
        If the table lacks a column or nobody earns.

    See Also
    --------
    whale_answer, show_whale

    Examples
    --------
    >>> three = pd.DataFrame({"gross_margin": [100.0, 60.0, 40.0], "sales_cost": [25.0, 15.0, 10.0],
    ...     "account_cost": [5.0, 5.0, 5.0], "rush_freight": [0.0, 0.0, 60.0], "free_installation": 0.0,
    ...     "trade_promotion": 0.0, "returns_cost": 0.0, "profit": [70.0, 40.0, -35.0]})
    >>> explorer = explore_whale(three)
    >>> explorer.controls["remedy"].value = "strike off"
    >>> explorer.answered.remedies["change"].tolist()
    [0.0, 35.0, 20.0, 30.0]
    """
    from matplotlib.figure import Figure

    from casebook.widgets.base import Explorer, percent_slider, picker

    whale_answer(costs, unit=unit)  # refuses a table that the controls could never explain
    figure = Figure(figsize=(5.6, 4.0), dpi=115)
    picture = WhalePicture(figure.subplots(gridspec_kw=MARGINS))
    picture.pin()
    controls = {
        "top": percent_slider("Best (%)", 20, 1, 60, "Share of the accounts that count as best"),
        "bottom": percent_slider("Worst (%)", 30, 1, 40, "Share of the accounts that count as worst"),
        "remedy": picker("With losers", REMEDIES, "What is done with the losers among the worst"),
        "charged": percent_slider("Charged (%)", 50, 0, 100, "Share of the service they pay for"),
    }

    def answer(top: int, bottom: int, remedy: Any, charged: int) -> WhaleAnswer:
        return whale_answer(
            costs, top=top / 100, bottom=bottom / 100, remedy=remedy, charged=charged / 100, unit=unit
        )

    def draw(said: WhaleAnswer) -> None:
        picture.update(said.curve, **said.drawing)

    def tell(said: WhaleAnswer) -> tuple[str, str, str]:
        return said.sentence, said.tables_html(), alt_whale(said.curve, **said.drawing)

    return Explorer(controls, answer=answer, figure=figure, draw=draw, tell=tell)


def show_whale(costs: pd.DataFrame, **chosen: Any) -> WhaleAnswer:
    """Show one position of the whale explorer as an ordinary picture and tables, for a page without a kernel.

    Parameters
    ----------
    costs : DataFrame, one row per account
        As in `whale_answer`.
    **chosen
        The other arguments of `whale_answer`; the defaults are those of the explorer.

    Returns
    -------
    WhaleAnswer
        As the last line of a cell it shows its sentence and tables under the picture.

    Raises
    ------
    TableError
        As `whale_answer`.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> three = pd.DataFrame({"gross_margin": [100.0, 60.0, 40.0], "sales_cost": [25.0, 15.0, 10.0],
    ...     "account_cost": [5.0, 5.0, 5.0], "rush_freight": [0.0, 0.0, 60.0], "free_installation": 0.0,
    ...     "trade_promotion": 0.0, "returns_cost": 0.0, "profit": [70.0, 40.0, -35.0]})
    >>> answer = show_whale(three)  # doctest: +ELLIPSIS
    Whale curve of 3 customers, best first: ...
    """
    said = whale_answer(costs, **chosen)
    show_figure(plot_whale(said.curve, **said.drawing), alt_whale(said.curve, **said.drawing))
    return said
