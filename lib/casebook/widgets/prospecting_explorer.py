"""The budget explorer: the budget, the room, the floor, and how the budget is split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from casebook.plots import alt_budget, plot_budget
from casebook.plots.budget import BudgetPicture
from casebook.text import show_figure
from casebook.widgets.prospecting import SPLITS, BudgetAnswer, budget_answer

if TYPE_CHECKING:
    from casebook.widgets.base import Explorer

__all__ = ["explore_budget", "show_budget"]

#: Where the chart stands in its picture: fixed, since finding the best place anew costs more than drawing.
MARGINS = {"left": 0.18, "right": 0.99, "bottom": 0.14, "top": 0.86}


def explore_budget(
    methods: pd.DataFrame,
    budget: float = 240_000,
    *,
    room: float = 3.0,
    years: float = 1.0,
    least: float = 0.0,
    unit: str = "RMB",
) -> Explorer:
    """Open the budget explorer: how much, split how, and how far the methods stretch.

    Parameters
    ----------
    methods : DataFrame, one row per way of finding
        As in `budget_answer`.
    budget, room, least : float
        Where the sliders start: RMB, times the customers of a year so far, RMB for each method.
    years : float
        Time in which the cost was spent.
    unit : str
        Unit of the money.

    Returns
    -------
    Explorer
        A widget for a notebook. ``.answered`` is what `budget_answer` says for its controls.

    Raises
    ------
    TableError
        If the table lacks a column or a method has no cost or no customer.

    See Also
    --------
    budget_answer, show_budget

    Examples
    --------
    >>> two = pd.DataFrame({"method": ["referral", "fairs"], "cost": [5000, 60000], "customers": [10, 8]})
    >>> explorer = explore_budget(two, 65_000)
    >>> explorer.controls["how"].value = "cheapest"
    >>> round(explorer.answered.customers)
    30
    """
    import ipywidgets
    from matplotlib.figure import Figure

    from casebook.widgets.base import Explorer, percent_slider, picker

    budget_answer(methods, budget, room=room, years=years, least=least)  # refuses a wrong table at once
    figure = Figure(figsize=(5.8, 4.4), dpi=110)
    picture = BudgetPicture(figure.subplots(gridspec_kw=MARGINS), methods["method"].tolist())
    picture.ax.xaxis.set_label_coords(0.4, -0.095)  # instead of measuring all tick labels at every move
    top = int(max(10, round(2.5 * budget / 1000)))
    style: dict[str, Any] = {
        "style": {"description_width": "90px"},
        "layout": {"width": "340px", "max_width": "96%"},
    }
    controls = {
        "thousands": ipywidgets.IntSlider(
            round(budget / 1000), min=max(1, top // 50), max=top, description="Budget (k)",
            tooltip=f"Budget in thousand {unit}", **style,
        ),
        "percent": percent_slider(
            "Room (%)", round(100 * room), 110, 1000, "Most customers by a method, in % of a year so far"
        ),
        "floor": ipywidgets.IntSlider(
            round(least / 1000), min=0, max=max(1, top // (5 * len(methods))), description="Floor (k)",
            tooltip=f"What every method gets at least, in thousand {unit}", **style,
        ),
        "how": picker("Split", {words: name for name, words in SPLITS.items()}),
    }  # fmt: skip

    def keep(_moved: str) -> None:
        most = controls["thousands"].value // len(methods)
        controls["floor"].value = min(controls["floor"].value, most)

    def answer(thousands: int, percent: int, floor: int, how: str) -> BudgetAnswer:
        return budget_answer(
            methods, 1000 * thousands, how=how, room=percent / 100, years=years, least=1000 * floor, unit=unit
        )

    def draw(said: BudgetAnswer) -> None:
        picture.update(said.split, unit=said.unit)

    def tell(said: BudgetAnswer) -> tuple[str, str, str]:
        return said.sentence, said.tables_html(), alt_budget(said.split, unit=said.unit)

    return Explorer(controls, answer=answer, figure=figure, draw=draw, tell=tell, keep=keep)


def show_budget(methods: pd.DataFrame, budget: float = 240_000, **chosen: Any) -> BudgetAnswer:
    """Show one position of the budget explorer as an ordinary picture and table, for a page without a kernel.

    Parameters
    ----------
    methods : DataFrame, one row per way of finding
        As in `budget_answer`.
    budget : float
        RMB for the year.
    **chosen
        The other arguments of `budget_answer`.

    Returns
    -------
    BudgetAnswer
        As the last line of a cell it shows its sentence and table under the picture.

    Raises
    ------
    TableError
        As `budget_answer`.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> two = pd.DataFrame({"method": ["referral", "fairs"], "cost": [5000, 60000], "customers": [10, 8]})
    >>> answer = show_budget(two, 65_000)  # doctest: +ELLIPSIS
    2 ways of finding with a bar for next year's budget in RMB, ...
    """
    said = budget_answer(methods, budget, **chosen)
    show_figure(plot_budget(said.split, unit=said.unit), alt_budget(said.split, unit=said.unit))
    return said
