"""The credit explorer: what is at stake, what a default costs, and by which rule customers pay first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from casebook.plots import alt_credit_line, plot_credit_line
from casebook.plots.credit import CreditLine
from casebook.text import show_figure
from casebook.widgets.credit import CreditAnswer, credit_answer

if TYPE_CHECKING:
    from casebook.widgets.base import Explorer

__all__ = ["explore_credit", "show_credit"]

CHOICES = {"PD above own break-even": "customer", "grade D": "D", "grades C and D": "C", "nobody": "nobody"}
#: Where the chart stands in its picture: fixed, since finding the best place anew costs more than drawing.
MARGINS = {"left": 0.13, "right": 0.97, "bottom": 0.14, "top": 0.87}


def explore_credit(book: pd.DataFrame, *, interest: float = 0.08, unit: str = "RMB") -> Explorer:
    """Open the credit explorer: the share of trade at stake, the loss given default, the rule.

    Parameters
    ----------
    book : DataFrame, one row per customer
        As in `credit_answer`.
    interest : float
        As in `credit_answer`.
    unit : str
        Currency.

    Returns
    -------
    Explorer
        A widget for a notebook. ``.answered`` is what `credit_answer` says for its controls.

    Raises
    ------
    TableError
        As `credit_answer`.

    See Also
    --------
    credit_answer, show_credit

    Examples
    --------
    >>> book = pd.DataFrame({"customer_id": ["Ada", "Bo"], "credit_grade": ["A", "D"], "pd": [0.02, 0.2],
    ...                      "margin": [10_000, 10_000], "open": [1e4, 1e4], "ead": [5e4, 5e4]})
    >>> explorer = explore_credit(book)
    >>> explorer.controls["at_stake"].value = 90
    >>> len(explorer.answered.refused)
    0
    """
    from matplotlib.figure import Figure

    from casebook.widgets.base import Explorer, percent_slider, picker

    credit_answer(book, interest=interest, unit=unit)  # refuses a bad table before anything is drawn
    figure = Figure(figsize=(5.6, 4.3), dpi=115)
    picture = CreditLine(figure.subplots(gridspec_kw=MARGINS))
    picture.ax.xaxis.set_label_coords(0.5, -0.1)
    picture.ax.yaxis.set_label_coords(-0.115, 0.5)
    controls = {
        "at_stake": percent_slider(
            "At stake (%)", 50, 0, 100, "Share of the trade lost if cash is asked first"
        ),
        "lgd": percent_slider("LGD (%)", 60, 1, 100, "Share of the exposure that a default costs"),
        "rule": picker("Cash first", CHOICES),
    }

    def answer(at_stake: int, lgd: int, rule: Any) -> CreditAnswer:
        return credit_answer(
            book, rule=rule, at_stake=at_stake / 100, lgd=lgd / 100, interest=interest, unit=unit
        )

    def draw(said: CreditAnswer) -> None:
        picture.update(said.book)

    def tell(said: CreditAnswer) -> tuple[str, str, str]:
        return said.sentence, said.tables_html(), alt_credit_line(said.book)

    return Explorer(controls, answer=answer, figure=figure, draw=draw, tell=tell)


def show_credit(book: pd.DataFrame, **chosen: Any) -> CreditAnswer:
    """Show one position of the credit explorer as a picture and tables, for a page without a kernel.

    Parameters
    ----------
    book : DataFrame, one row per customer
        As in `credit_answer`.
    **chosen
        The other arguments of `credit_answer`; the defaults are those of the explorer.

    Returns
    -------
    CreditAnswer
        As the last line of a cell it shows its sentence and tables under the picture.

    Raises
    ------
    TableError
        As `credit_answer`.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> book = pd.DataFrame({"customer_id": ["Ada", "Bo"], "credit_grade": ["A", "D"], "pd": [0.02, 0.2],
    ...                      "margin": [10_000, 10_000], "open": [1e4, 1e4], "ead": [5e4, 5e4]})
    >>> answer = show_credit(book)
    Points for 2 customers: ...
    """
    said = credit_answer(book, **chosen)
    show_figure(plot_credit_line(said.book), alt_credit_line(said.book))
    return said
