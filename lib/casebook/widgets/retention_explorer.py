"""The call explorer: a slider for how deep to call, one for the cost of a call, and which list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from casebook.plots import alt_uplift_by_depth, plot_uplift_by_depth
from casebook.plots.churn import UpliftPicture
from casebook.text import show_figure
from casebook.widgets.retention import RANKINGS, RetentionAnswer, calls_curve, retention_answer

if TYPE_CHECKING:
    from casebook.widgets.base import Explorer

__all__ = ["explore_retention", "show_retention"]

MEASURES = {"customers saved": "saved", "profit (RMB)": "profit"}
#: Where the chart stands in its picture: fixed, since finding the best place anew costs more than drawing.
MARGINS = {"left": 0.14, "right": 0.95, "bottom": 0.15, "top": 0.84}


def explore_retention(scored: pd.DataFrame) -> Explorer:
    """Open the call explorer: how many to call, by which list, at which cost, shown in customers or money.

    Parameters
    ----------
    scored : DataFrame, one row per customer of the test
        As in `retention_answer`.

    Returns
    -------
    Explorer
        A widget for a notebook. ``.answered`` is what `retention_answer` says for its controls.

    Raises
    ------
    TableError
        If a column is missing.

    See Also
    --------
    retention_answer, show_retention

    Examples
    --------
    >>> two = pd.DataFrame({"m0": [0.2, 0.8], "tau": [0.1, 0.0], "psi": [0.9, 0.0], "value": [500, 500],
    ...                     "offer": [0, 1], "auto": [0, 0]})
    >>> explorer = explore_retention(two)
    >>> explorer.controls["depth"].value = 50
    >>> explorer.answered.lists["called"].tolist()
    [1, 1]
    """
    import ipywidgets
    from matplotlib.figure import Figure

    from casebook.widgets.base import Explorer, percent_slider, picker

    curve = calls_curve(scored)
    figure = Figure(figsize=(5.6, 4.0), dpi=115)
    picture = UpliftPicture(figure.subplots(gridspec_kw=MARGINS))
    depth = percent_slider("Call first (%)", 30, 5, 100, "The share of subscribers that is called")
    depth.step = 5
    cost = ipywidgets.IntSlider(
        64, min=0, max=200, step=4, description="Cost (RMB)", tooltip="Of one call, with its incentive",
        style={"description_width": "90px"}, layout={"width": "340px", "max_width": "96%"},
    )  # fmt: skip
    controls = {
        "depth": depth,
        "cost": cost,
        "ranking": picker("Call", {name: name for name in reversed(RANKINGS)}),
        "measure": picker("Show", MEASURES),
    }

    def answer(depth: int, **chosen: Any) -> RetentionAnswer:
        return retention_answer(scored, depth=depth / 100, curve=curve, **chosen)

    def draw(said: RetentionAnswer) -> None:
        picture.update(said.curve, depth=said.depth, measure=said.measure)

    def tell(said: RetentionAnswer) -> tuple[str, str, str]:
        alt = alt_uplift_by_depth(said.curve, depth=said.depth, measure=said.measure)
        return said.sentence, said.tables_html(), alt

    return Explorer(controls, answer=answer, figure=figure, draw=draw, tell=tell)


def show_retention(scored: pd.DataFrame, **chosen: Any) -> RetentionAnswer:
    """Show one position of the call explorer as an ordinary picture and tables, for a page without a kernel.

    Parameters
    ----------
    scored : DataFrame, one row per customer of the test
        As in `retention_answer`.
    **chosen
        The other arguments of `retention_answer`; the defaults are those of the explorer.

    Returns
    -------
    RetentionAnswer
        As the last line of a cell it shows its sentence and tables under the picture.

    Raises
    ------
    TableError
        As `retention_answer`.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> two = pd.DataFrame({"m0": [0.2, 0.8], "tau": [0.1, 0.0], "psi": [0.9, 0.0], "value": [500, 500],
    ...                     "offer": [0, 1], "auto": [0, 0]})
    >>> answer = show_retention(two, depth=0.5)  # doctest: +ELLIPSIS
    Customers saved against the share of subscribers called, one line a ranking. ...
    """
    said = retention_answer(scored, **chosen)
    drawn: dict[str, Any] = {"depth": said.depth, "measure": said.measure}
    show_figure(plot_uplift_by_depth(said.curve, **drawn), alt_uplift_by_depth(said.curve, **drawn))
    return said
