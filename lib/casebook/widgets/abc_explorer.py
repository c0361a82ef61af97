"""The ABC explorer: sliders for the cuts, and lists for the boundary rule and the measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from casebook import classification as cls
from casebook.plots import alt_pareto, plot_pareto
from casebook.plots.pareto import ParetoPicture
from casebook.text import show_figure
from casebook.widgets.abc import MEASURES, AbcAnswer, abc_answer, usual_classes

if TYPE_CHECKING:
    from casebook.widgets.base import Explorer

__all__ = ["explore_abc", "show_abc"]

BOUNDARIES = {"keeps the better class": "crossing", "falls into the next class": "inclusive"}
#: Where the chart stands in its picture: fixed, since finding the best place anew costs more than drawing.
MARGINS = {"left": 0.14, "right": 0.85, "bottom": 0.16, "top": 0.85}


def explore_abc(measures: pd.DataFrame, key: str = "customer_id", *, unit: str = "RMB") -> Explorer:
    """Open the ABC explorer: two cuts, the boundary rule and the measure, with chart and tables.

    Parameters
    ----------
    measures : DataFrame, one row per customer
        As in `abc_answer`; only the measures that it has can be chosen.
    key : str
        Column that names the customer.
    unit : str
        Unit of the measures.

    Returns
    -------
    Explorer
        A widget for a notebook. ``.answered`` is what `abc_answer` says for its controls.

    Raises
    ------
    TableError
        If the table lacks the key or all measures, or no customer has positive revenue.

    See Also
    --------
    abc_answer, show_abc

    Examples
    --------
    >>> three = pd.DataFrame({"customer_id": ["Ada", "Bo", "Cy"], "name": ["Ada", "Bo", "Cy"],
    ...                       "revenue": [90, 8, 2]})
    >>> explorer = explore_abc(three)
    >>> explorer.controls["cut_a"].value = 95
    >>> explorer.controls["cut_b"].value  # cut B always stays above cut A
    96
    """
    from matplotlib.figure import Figure

    from casebook.widgets.base import Explorer, percent_slider, picker

    usual = usual_classes(measures, key)
    figure = Figure(figsize=(5.6, 4.0), dpi=115)
    picture = ParetoPicture(figure.subplots(gridspec_kw=MARGINS))
    picture.pin()
    a, b = (round(100 * cut) for cut in cls.CUTS)
    controls = {
        "cut_a": percent_slider("A up to (%)", a, 5, 98),
        "cut_b": percent_slider("B up to (%)", b, 6, 99),
        "boundary": picker("Who crosses a cut", BOUNDARIES),
        "measure": picker("Rank by", {w: m for m, w in MEASURES.items() if m in measures.columns}),
    }

    def keep(moved: str) -> None:
        low, high = controls["cut_a"], controls["cut_b"]
        if moved == "cut_b":
            low.value = min(low.value, high.value - 1)
        else:
            high.value = max(high.value, low.value + 1)

    def answer(cut_a: int, cut_b: int, **chosen: Any) -> AbcAnswer:
        cuts = (cut_a / 100, cut_b / 100)
        return abc_answer(measures, key, cuts=cuts, compare=usual, unit=unit, **chosen)

    def draw(said: AbcAnswer) -> None:
        picture.update(said.classified, said.measure, **said.drawing)

    def tell(said: AbcAnswer) -> tuple[str, str, str]:
        return said.sentence, said.tables_html(), alt_pareto(said.classified, said.measure, **said.drawing)

    return Explorer(controls, answer=answer, figure=figure, draw=draw, tell=tell, keep=keep)


def show_abc(measures: pd.DataFrame, key: str = "customer_id", **chosen: Any) -> AbcAnswer:
    """Show one position of the ABC explorer as an ordinary picture and tables, for a page without a kernel.

    Parameters
    ----------
    measures : DataFrame, one row per customer
        As in `abc_answer`.
    key : str
        Column that names the customer.
    **chosen
        The other arguments of `abc_answer`; the defaults are those of the explorer.

    Returns
    -------
    AbcAnswer
        As the last line of a cell it shows its sentence and tables under the picture.

    Raises
    ------
    TableError
        As `abc_answer`.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> three = pd.DataFrame({"customer_id": ["Ada", "Bo", "Cy"], "name": ["Ada", "Bo", "Cy"],
    ...                       "revenue": [90, 8, 2]})
    >>> answer = show_abc(three)  # doctest: +ELLIPSIS
    Pareto chart of 3 customers, best first. ...
    """
    said = abc_answer(measures, key, **chosen)
    chart = plot_pareto(said.classified, said.measure, **said.drawing)
    show_figure(chart, alt_pareto(said.classified, said.measure, **said.drawing))
    return said
