"""The twin of the range explorer: which products would go, by which ratio, and what would go with them?"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import pandas as pd

from casebook import composition as com
from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.plots.words_composition import signed
from casebook.text import FormattedTable, format_table

__all__ = ["RangeAnswer", "range_answer", "ratios_at"]

SENTENCE = (
    "By {word}, {names} would go. With them go {margin} {unit} of gross margin a year ({share} of all) and "
    "{stock} {unit} of stock, at list price."
)
SENTENCE_GAIN = (
    "By {word}, {names} would go. Together they lose {margin} {unit} a year; {stock} {unit} of stock, at "
    "list price, would be free."
)
SENTENCE_LESS = (
    " With {points:.0f} points less discount, and the same pieces sold, the range earns {more} {unit} more."
)


@dataclass(frozen=True, eq=False, repr=False)
class RangeAnswer:
    """What the range explorer says for one position of its controls; it shows itself in a notebook.

    Attributes
    ----------
    ratios : DataFrame, one row per product
        `composition.four_ratios` at the prices asked for.
    dropped : DataFrame, the products that would go, first to go first
        `sku`, the measure, `sales`, `gross_margin` and `stock` (money).
    lists : DataFrame, one row per measure
        `by` (in words), `names` (who would go by it) and `shared` (how many of them are also in `dropped`).
    sentence : str
        The answer in plain words.
    by, n, less_discount, keep, unit
        What was asked.
    """

    by: str
    n: int
    less_discount: float
    keep: str | None
    unit: str
    ratios: pd.DataFrame
    dropped: pd.DataFrame
    lists: pd.DataFrame
    sentence: str

    @property
    def marked(self) -> list[str]:
        """The products that would go."""
        return [str(sku) for sku in self.dropped["sku"]]

    @property
    def tables(self) -> list[FormattedTable]:
        """The products that would go, and the six lists, ready for people."""
        money, word = "{:,.0f}", com.MEASURES[self.by]
        own = {} if self.by == "sales" else {self.by: _form(self.by)}
        heads = {"gross_margin": f"gross margin ({self.unit})", "stock": f"stock ({self.unit})"}
        heads |= {"sales": f"sales ({self.unit})"} | ({} if self.by == "sales" else {self.by: word})
        dropped = format_table(
            self.dropped, {"sales": money, "gross_margin": money, "stock": money, **own}, names=heads
        )
        others = format_table(
            self.lists, names={"by": "list by", "names": "would drop", "shared": "the same"}
        )
        return [dropped, others]

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>{self.tables_html()}"

    def tables_html(self) -> str:
        """The tables as HTML, escaped."""
        return "".join(f'<div style="margin:0 0 10px">{t._repr_html_()}</div>' for t in self.tables)

    def __repr__(self) -> str:
        return "\n\n".join([self.sentence, *map(repr, self.tables)])


def range_answer(
    products: pd.DataFrame,
    *,
    by: str = "cross_ratio",
    n: int = 3,
    less_discount: float = 0.0,
    keep: str | None = None,
    ratios: pd.DataFrame | None = None,
    unit: str = "RMB",
) -> RangeAnswer:
    """Answer as the range explorer does, from plain arguments.

    Parameters
    ----------
    products : DataFrame, one row per product in range
        `sku`, `family`, the money `sales` and `cost`, and, at list price, `sold` and the average `stock`;
        `months` if some were not sold all year.
    by : str
        One of `composition.MEASURES`.
    n : int
        How many products go.
    less_discount : float
        So many points of the list price (a fraction: 0.05) are no longer given away; nobody pays more than
        the list price, and the pieces sold stay the same.
    keep : str, optional
        A family that must stay.
    ratios : DataFrame, optional
        What `ratios_at` returns for this discount; without it, it is worked out.
    unit : str
        Currency.

    Returns
    -------
    RangeAnswer

    Raises
    ------
    TableError
        If a column is missing, the measure is unknown, `less_discount` is not from 0 to 1, or fewer than
        `n` products may go.

    Examples
    --------
    >>> three = pd.DataFrame({"sku": ["P1", "P2", "P3"], "family": "tap", "sales": [400, 600, 1000],
    ...     "cost": [300, 480, 900], "sold": [440, 600, 1000], "stock": [100, 200, 125]})
    >>> print(range_answer(three, n=1).sentence)
    By cross ratio, P2 would go. With them go 120 RMB of gross margin a year (38% of all) and 200 RMB of
    stock, at list price.
    """
    if by not in com.MEASURES:
        raise TableError(f"by must be one of {', '.join(com.MEASURES)}; got {by!r}.")
    if ratios is None:
        ratios = ratios_at(products, less_discount)
    free = ratios if keep is None else ratios[ratios["family"] != keep]
    ranks = com.drop_list(free, n=n)
    gone = {name: list(ranks[ranks[name] <= n].sort_values(name)["sku"]) for name in com.MEASURES}
    columns = list(dict.fromkeys(["sku", by, "sales", "gross_margin", "stock"]))
    dropped = free.set_index("sku").loc[gone[by]].reset_index()[columns]
    lists = pd.DataFrame(
        {
            "by": list(com.MEASURES.values()),
            "names": [", ".join(map(str, names)) for names in gone.values()],
            "shared": [len(set(names) & set(gone[by])) for names in gone.values()],
        }
    )
    more = float(ratios["sales"].sum() - products["sales"].sum())
    said = _sentence(by, dropped, ratios, unit)
    if less_discount:
        said += SENTENCE_LESS.format(points=100 * less_discount, more=f"{more:,.0f}", unit=unit)
    return RangeAnswer(by, n, less_discount, keep, unit, ratios, dropped, lists, said)


def ratios_at(products: pd.DataFrame, less_discount: float = 0.0) -> pd.DataFrame:
    """Work out the four ratios with so many points of discount less; nobody pays more than the list price.

    Raises
    ------
    TableError
        If a column is missing, or `less_discount` is not from 0 to 1.

    Examples
    --------
    >>> one = pd.DataFrame({"sku": ["P1"], "family": ["tap"], "sales": [90], "cost": [60], "sold": [100],
    ...     "stock": [25]})
    >>> ratios_at(one, 0.05)["sales"].tolist()
    [95.0]
    """
    if not 0 <= less_discount <= 1:
        raise TableError(f"less_discount is a fraction of the list price from 0 to 1, got {less_discount!r}.")
    need_pandas(products, ["sku", "family", "sales", "cost", "sold", "stock"])
    most = products[["sales", "sold"]].max(axis=1)  # who paid more than the list goes on doing so
    paid = (products["sales"] + less_discount * products["sold"]).clip(upper=most)
    priced = products.assign(sales=paid.round(2) if less_discount else products["sales"])
    months: Any = "months" if "months" in products else 12
    return com.four_ratios(priced, months=months)


def _sentence(by: str, dropped: pd.DataFrame, ratios: pd.DataFrame, unit: str) -> str:
    names = [str(sku) for sku in dropped["sku"]]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    margin, whole = float(dropped["gross_margin"].sum()), float(ratios["gross_margin"].sum())
    stock = f"{dropped['stock'].sum():,.0f}"
    if margin < 0:
        return SENTENCE_GAIN.format(
            word=com.MEASURES[by], names=listed, margin=f"{-margin:,.0f}", stock=stock, unit=unit
        )
    return SENTENCE.format(
        word=com.MEASURES[by],
        names=listed,
        margin=f"{margin:,.0f}",
        share=signed(margin / whole) if whole > 0 else "–",
        stock=stock,
        unit=unit,
    )


def _form(measure: str) -> str:
    return {"margin_rate": "{:.1%}", "turnover_ratio": "{:.1f}", "cross_ratio": "{:.2f}"}.get(
        measure, "{:.4f}"
    )
