"""The range explorer: the ratio, the number of products, the discount, and the family that must stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from casebook import composition as com
from casebook.errors import TableError
from casebook.plots import alt_cross, plot_cross
from casebook.plots.composition import CrossPicture
from casebook.text import show_figure
from casebook.widgets.composition import RangeAnswer, range_answer, ratios_at

if TYPE_CHECKING:
    from casebook.widgets.base import Explorer

__all__ = ["explore_range", "show_range"]

MARGINS = {"left": 0.13, "right": 0.97, "bottom": 0.15, "top": 0.85}  #: fixed, so that drawing is quick
MOST = 6  #: products that can go at once
ALL = "all products"


def explore_range(products: pd.DataFrame, *, keep: str | None = None, unit: str = "RMB") -> Explorer:
    """Open the range explorer: which products would each ratio drop, and what would go with them?

    Parameters
    ----------
    products : DataFrame, one row per product in range
        As in `range_answer`.
    keep : str, optional
        A family that may be spared: then a choice between all products and all but these.
    unit : str
        Currency.

    Returns
    -------
    Explorer
        A widget for a notebook. ``.answered`` is what `range_answer` says for its controls.

    Raises
    ------
    TableError
        If a column is missing, or the family is not in the table.

    See Also
    --------
    range_answer, show_range

    Examples
    --------
    >>> three = pd.DataFrame({"sku": ["P1", "P2", "P3"], "family": "tap", "sales": [400, 600, 1000],
    ...     "cost": [300, 480, 900], "sold": [440, 600, 1000], "stock": [100, 200, 125]})
    >>> explorer = explore_range(three)
    >>> explorer.controls["by"].value = "contribution_cross"
    >>> explorer.answered.marked[0]
    'P2'
    """
    from matplotlib.figure import Figure

    from casebook.widgets.base import Explorer, percent_slider, picker

    range_answer(products, n=1)  # refuses what cannot be used, before anything is made
    families = list(dict.fromkeys(products["family"]))
    if keep is not None and keep not in families:
        raise TableError(f"No product is of family {keep!r}; there are {', '.join(map(repr, families))}.")
    figure = Figure(figsize=(5.8, 4.2), dpi=115)
    picture = CrossPicture(figure.subplots(gridspec_kw=MARGINS), families)
    picture.pin()
    free = len(products) if keep is None else int((products["family"] != keep).sum())
    most = max(1, min(MOST, free))
    controls: dict[str, Any] = {
        "by": picker("Rank by", {word: name for name, word in com.MEASURES.items()}),
        "n": percent_slider("Drop so many", min(3, most), 1, most),
        "less_discount": percent_slider("Discount less (points)", 0, 0, 15),
    }
    controls["by"].value = "cross_ratio"
    if keep is not None:
        controls["keep"] = picker("May go", {ALL: None, f"all but {keep}": keep})

    known: dict[int, pd.DataFrame] = {}  # ratios by points of discount: worked out once each

    def answer(n: int, less_discount: int, **chosen: Any) -> RangeAnswer:
        less = less_discount / 100
        if less_discount not in known:
            known[less_discount] = ratios_at(products, less)
        how: dict[str, Any] = {"n": n, "less_discount": less, "ratios": known[less_discount], "unit": unit}
        return range_answer(products, **how, **chosen)

    def draw(said: RangeAnswer) -> None:
        picture.update(said.ratios, group="family", marked=said.marked, unit=unit)

    def tell(said: RangeAnswer) -> tuple[str, str, str]:
        words = alt_cross(said.ratios, group="family", marked=said.marked, unit=unit)
        return said.sentence, said.tables_html(), words

    return Explorer(controls, answer=answer, figure=figure, draw=draw, tell=tell)


def show_range(products: pd.DataFrame, **chosen: Any) -> RangeAnswer:
    """Show one position of the range explorer as an ordinary picture and tables, for a page without a kernel.

    Parameters
    ----------
    products : DataFrame, one row per product in range
        As in `range_answer`.
    **chosen
        The other arguments of `range_answer`; the defaults are those of the explorer.

    Returns
    -------
    RangeAnswer
        As the last line of a cell it shows its sentence and tables under the picture.

    Raises
    ------
    TableError
        As `range_answer`.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> three = pd.DataFrame({"sku": ["P1", "P2", "P3"], "family": "tap", "sales": [400, 600, 1000],
    ...     "cost": [300, 480, 900], "sold": [440, 600, 1000], "stock": [100, 200, 125]})
    >>> answer = show_range(three, n=1)  # doctest: +ELLIPSIS
    P1 earns 1.1 RMB a year on each RMB of stock, P2 0.6. ...
    """
    said = range_answer(products, **chosen)
    how: dict[str, Any] = {"group": "family", "marked": said.marked, "unit": said.unit}
    show_figure(plot_cross(said.ratios, **how), alt_cross(said.ratios, **how))
    return said
