"""The explorer of the evaluation form: sliders for its weights and its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from casebook import identification as idn
from casebook.plots import alt_evaluation, plot_evaluation
from casebook.plots.identification import EvaluationPicture
from casebook.text import show_figure
from casebook.widgets.identification import EvaluationAnswer, evaluation_answer, parts_to_weights

if TYPE_CHECKING:
    from casebook.widgets.base import Explorer

__all__ = ["explore_evaluation", "show_evaluation"]

LIMIT_LABELS = {"lo": "Fit from", "hi": "Fit up to", "strong": "Grey up to"}
MARGINS = {"left": 0.13, "right": 0.97, "bottom": 0.14, "top": 0.84}


def explore_evaluation(accounts: pd.DataFrame, *, value: str = "profit", unit: str = "RMB") -> Explorer:
    """Open the explorer of the form: four weights in parts of ten, three limits, picture and tables.

    Parameters
    ----------
    accounts : DataFrame, one row per account
        As in `evaluation_answer`, with the four indicators of `identification.WEIGHTS`.
    value : str
        What an account is worth.
    unit : str
        Unit of the value.

    Returns
    -------
    Explorer
        A widget for a notebook. ``.answered`` is what `evaluation_answer` says for its controls.

    Raises
    ------
    TableError
        If a column is missing or has gaps.

    See Also
    --------
    evaluation_answer, show_evaluation

    Examples
    --------
    >>> four = pd.DataFrame({"name": list("ABCD"), "finance": [80, 60, 90, 85], "profit": [4, 1, 3, 2],
    ...     "business_ability": [75, 65, 90, 80], "cooperation": [70, 70, 85, 80],
    ...     "channel_ability": [70, 60, 80, 85]})
    >>> explorer = explore_evaluation(four)
    >>> explorer.controls["lo"].value = 90
    >>> explorer.controls["hi"].value, explorer.controls["strong"].value  # the limits always rise
    (90, 90)
    """
    from matplotlib.figure import Figure

    from casebook.widgets.base import Explorer, percent_slider

    usual = idn.evaluation_form(accounts)["band"]
    figure = Figure(figsize=(5.6, 4.0), dpi=115)
    picture = EvaluationPicture(figure.subplots(gridspec_kw=MARGINS))
    parts = {
        name: percent_slider(name.replace("_", " "), round(10 * weight), 0, 10, f"Parts of {name}")
        for name, weight in idn.WEIGHTS.items()
    }
    limits = {
        name: percent_slider(label, round(limit), 40, 100, f"{label} (points)")
        for (name, label), limit in zip(LIMIT_LABELS.items(), idn.LIMITS, strict=True)
    }
    controls = {**parts, **limits}

    def keep(moved: str) -> None:
        order = list(LIMIT_LABELS)
        if moved not in order:
            return
        at, value_now = order.index(moved), limits[moved].value
        for other in order[:at]:
            limits[other].value = min(limits[other].value, value_now)
        for other in order[at + 1 :]:
            limits[other].value = max(limits[other].value, value_now)

    def answer(lo: int, hi: int, strong: int, **chosen: int) -> EvaluationAnswer:
        weights = parts_to_weights(chosen)
        return evaluation_answer(accounts, weights, (lo, hi, strong), value=value, compare=usual, unit=unit)

    def draw(said: EvaluationAnswer) -> None:
        picture.update(said.form, **said.drawing)

    def tell(said: EvaluationAnswer) -> tuple[str, str, str]:
        return said.sentence, said.tables_html(), alt_evaluation(said.form, **said.drawing)

    return Explorer(controls, answer=answer, figure=figure, draw=draw, tell=tell, keep=keep)


def show_evaluation(accounts: pd.DataFrame, **chosen: Any) -> EvaluationAnswer:
    """Show one position of the explorer as an ordinary picture and tables, for a page without a kernel.

    Parameters
    ----------
    accounts : DataFrame, one row per account
        As in `evaluation_answer`.
    **chosen
        The other arguments of `evaluation_answer`; the defaults are those of the explorer.

    Returns
    -------
    EvaluationAnswer
        As the last line of a cell it shows its sentence and tables under the picture.

    Raises
    ------
    TableError
        As `evaluation_answer`.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> four = pd.DataFrame({"name": list("ABCD"), "finance": [80, 60, 90, 85], "profit": [4, 1, 3, 2],
    ...     "business_ability": [75, 65, 90, 80], "cooperation": [70, 70, 85, 80],
    ...     "channel_ability": [70, 60, 80, 85]})
    >>> answer = show_evaluation(four)  # doctest: +ELLIPSIS
    Points for 4 accounts: ...
    """
    said = evaluation_answer(accounts, **chosen)
    show_figure(plot_evaluation(said.form, **said.drawing), alt_evaluation(said.form, **said.drawing))
    return said
