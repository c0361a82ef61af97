"""The lifetime explorers: levers of what a customer may cost, and a customer who falls silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from casebook.plots import alt_alive_path, alt_value, plot_value
from casebook.plots.alive import PathPicture, ValuePicture
from casebook.text import show_figure
from casebook.widgets.lifetime import SilenceAnswer, ValueAnswer, silence_answer, value_answer

if TYPE_CHECKING:
    from casebook.widgets.base import Explorer

__all__ = ["explore_silence", "explore_value", "show_value"]

LONGEST = 60  #: months
MARGINS = {"left": 0.14, "right": 0.97, "bottom": 0.15, "top": 0.83}


def _slider(label: str, value: int, low: int, high: int, step: int = 1, hint: str = "") -> Any:
    import ipywidgets

    return ipywidgets.IntSlider(
        value, min=low, max=high, step=step, description=label, tooltip=hint or label,
        style={"description_width": "90px"}, layout={"width": "340px", "max_width": "96%"},
    )  # fmt: skip


def explore_value(
    model: Any, *, s: float, t: int, cost: int = 0, margin: int = 100, unit: str = "RMB"
) -> Explorer:
    """Open the explorer of what a customer may cost: cost, months, margin, discount and the cycle.

    Parameters
    ----------
    model : fitted BetaGeoNBD or ParetoNBD, in months
    s : float
        Mean amount of a purchase.
    t : int
        Days between two purchases, from which the slider starts.
    cost, margin : int
        From which the sliders start: cost of winning one, per cent left of an amount.
    unit : str
        Currency.

    Returns
    -------
    Explorer
        ``.answered`` is what `value_answer` says for its controls.

    Raises
    ------
    TableError
        If a number is out of its range.

    See Also
    --------
    value_answer, show_value

    Examples
    --------
    >>> from casebook.lifetime import BetaGeoNBD
    >>> model = BetaGeoNBD()
    >>> model.r_, model.alpha_, model.a_, model.b_ = 0.6, 3.0, 0.8, 2.5
    >>> explorer = explore_value(model, s=100, t=90, cost=150)
    >>> explorer.controls["months"].value = 12
    >>> explorer.answered.back
    3
    """
    from matplotlib.figure import Figure

    from casebook.widgets.base import Explorer, percent_slider

    upto = np.array([float(model.expected_purchases(m)) for m in range(LONGEST + 1)])
    figure = Figure(figsize=(5.6, 4.2), dpi=115)
    picture = ValuePicture(figure.subplots(gridspec_kw=MARGINS))
    most = max(100, 100 * round(max(2 * cost, 2 * s) / 100))
    controls = {
        "cost": _slider(f"Cost ({unit})", cost, 0, most, 50 if most > 500 else 5, "of winning one customer"),
        "months": _slider("Months", 36, 1, LONGEST, hint="how far to look"),
        "margin": percent_slider("Margin (%)", margin, 1, 100, "what is left of an amount"),
        "discount": percent_slider("Discount (%)", 10, 0, 40, "of a year; the formula knows none"),
        "t": _slider("Cycle (days)", t, 5, max(400, t), hint="between two purchases, for the formula"),
    }

    def tell(said: ValueAnswer) -> tuple[str, str, str]:
        return said.sentence, said.tables_html(), alt_value(said.table, cost=said.cost, unit=unit)

    return Explorer(
        controls,
        answer=lambda **chosen: value_answer(upto, s=s, unit=unit, **chosen),
        figure=figure,
        draw=lambda said: picture.update(said.table, cost=said.cost, unit=unit),
        tell=tell,
    )


def show_value(model: Any, **chosen: Any) -> ValueAnswer:
    """Show one position of the value explorer as an ordinary picture and table, for a page without a kernel.

    Parameters
    ----------
    model : fitted BetaGeoNBD or ParetoNBD, in months
    **chosen
        The arguments of `value_answer`.

    Returns
    -------
    ValueAnswer
        As the last line of a cell it shows its sentence and table under the picture.

    Raises
    ------
    TableError
        As `value_answer`.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> answer = show_value([0, 0.5, 0.8], s=100, t=30, cost=120, months=2)  # doctest: +ELLIPSIS
    What a new customer has brought by month, ...
    """
    said = value_answer(model, **chosen)
    show_figure(
        plot_value(said.table, cost=said.cost, unit=said.unit),
        alt_value(said.table, cost=said.cost, unit=said.unit),
    )
    return said


def explore_silence(model: Any, *, purchases: int = 10, every: int = 14, silent: int = 4) -> Explorer:
    """Open the explorer of silence: how many purchases, how often, how long ago.

    Parameters
    ----------
    model : fitted BetaGeoNBD or ParetoNBD, in months
    purchases, every, silent : int
        From which the sliders start, as in `silence_answer`.

    Returns
    -------
    Explorer

    Raises
    ------
    TableError
        As `silence_answer`.

    Examples
    --------
    >>> from casebook.lifetime import BetaGeoNBD
    >>> model = BetaGeoNBD()
    >>> model.r_, model.alpha_, model.a_, model.b_ = 0.6, 3.0, 0.8, 2.5
    >>> explorer = explore_silence(model, silent=0)
    >>> before = explorer.answered.p_alive
    >>> explorer.controls["silent"].value = 6
    >>> explorer.answered.p_alive < before
    True
    """
    from matplotlib.figure import Figure

    from casebook.widgets.base import Explorer

    figure = Figure(figsize=(5.6, 4.0), dpi=115)
    picture = PathPicture(figure.subplots(gridspec_kw={**MARGINS, "bottom": 0.1}))
    controls = {
        "purchases": _slider("Purchases", purchases, 1, 20, hint="the first included"),
        "every": _slider("One every", every, 3, 120, hint="days"),
        "silent": _slider("Silent for", silent, 0, 24, hint="months since the last purchase"),
    }

    def tell(said: SilenceAnswer) -> tuple[str, str, str]:
        return said.sentence, "", alt_alive_path(said.path)

    return Explorer(
        controls,
        answer=lambda **chosen: silence_answer(model, **chosen),
        figure=figure,
        draw=lambda said: picture.update(said.path),
        tell=tell,
    )
