"""The discount explorer: sliders for the discount, its last day and the cost of money, and the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from casebook.discounts import COMPARISONS
from casebook.plots.discounts import TakeUpPicture, plot_take_up
from casebook.plots.words_discounts import alt_take_up
from casebook.text import show_figure
from casebook.widgets.discounts import DiscountAnswer, discount_answer

if TYPE_CHECKING:
    from casebook.widgets.base import Explorer

__all__ = ["explore_discount", "show_discount"]

#: Where the chart stands in its picture: fixed, since finding the best place anew costs more than drawing.
MARGINS = {"left": 0.14, "right": 0.97, "bottom": 0.15, "top": 0.84}


def explore_discount(
    bands: pd.DataFrame, earlier: pd.DataFrame, taken: float, *, unit: str = "RMB"
) -> Explorer:
    """Open the discount explorer: the terms, the cost of money, and what the takers are compared with.

    Parameters
    ----------
    bands, earlier, taken
        As in `discount_answer`.
    unit : str
        Of the money.

    Returns
    -------
    Explorer
        A widget for a notebook. ``.answered`` is what `discount_answer` says for its controls.

    Raises
    ------
    TableError
        If a table lacks a column.

    See Also
    --------
    discount_answer, show_discount

    Examples
    --------
    >>> bands = pd.DataFrame({"band": ["to 25"], "offers": [4], "share": [0.75], "usual_days": [23.0]})
    >>> earlier = pd.DataFrame({"comparison": ["the due day"], "days": [20.0]})
    >>> explorer = explore_discount(bands, earlier, 1_000_000)
    >>> explorer.controls["tenths"].value = 10
    >>> explorer.answered.discount
    0.01
    """
    from matplotlib.figure import Figure

    from casebook.widgets.base import Explorer, percent_slider, picker

    figure = Figure(figsize=(5.6, 4.0), dpi=115)
    picture = TakeUpPicture(figure.subplots(gridspec_kw=MARGINS))
    picture.pin()
    offered = [name for name in COMPARISONS if name in set(earlier["comparison"])]
    controls = {
        "tenths": percent_slider("Discount (‰)", 20, 1, 60, "Discount in thousandths: 20 is 2 %"),
        "day": percent_slider("Last day of it", 10, 3, 25),
        "rate": percent_slider("A loan costs (%)", 6, 1, 60),
        "comparison": picker("Compared with", {name: name for name in offered}),
    }
    controls["comparison"].value = COMPARISONS[3] if COMPARISONS[3] in offered else offered[0]

    def answer(tenths: int, day: int, rate: int, comparison: str) -> DiscountAnswer:
        asked: dict[str, Any] = {"discount": tenths / 1000, "day": day, "cost_of_money": rate / 100}
        return discount_answer(bands, earlier, taken, comparison=comparison, unit=unit, **asked)

    def draw(said: DiscountAnswer) -> None:
        mark = None
        if said.days_earlier > 0:
            mark = (said.day + said.days_earlier, "our takers")
        picture.update(said.bands, **said.drawing, mark=mark)

    def tell(said: DiscountAnswer) -> tuple[str, str, str]:
        return said.sentence, said.tables_html(), alt_take_up(said.bands, **said.drawing)

    return Explorer(controls, answer=answer, figure=figure, draw=draw, tell=tell)


def show_discount(bands: pd.DataFrame, earlier: pd.DataFrame, taken: float, **chosen: Any) -> DiscountAnswer:
    """Show one position of the discount explorer as an ordinary picture, for a page without a kernel.

    Parameters
    ----------
    bands, earlier, taken
        As in `discount_answer`.
    **chosen
        The other arguments of `discount_answer`; the defaults are those of the explorer.

    Returns
    -------
    DiscountAnswer
        As the last line of a cell it shows its sentence and table under the picture.

    Raises
    ------
    TableError
        As `discount_answer`.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> bands = pd.DataFrame({"band": ["to 25"], "offers": [4], "share": [0.75], "usual_days": [23.0]})
    >>> earlier = pd.DataFrame({"comparison": ["the due day"], "days": [20.0]})
    >>> answer = show_discount(bands, earlier, 1_000_000, comparison="the due day")  # doctest: +ELLIPSIS
    A falling curve: ...
    """
    said = discount_answer(bands, earlier, taken, **chosen)
    chart = plot_take_up(said.bands, **said.drawing)
    show_figure(chart, alt_take_up(said.bands, **said.drawing))
    return said
