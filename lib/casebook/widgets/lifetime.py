"""The twins of the lifetime explorers: what may a customer cost, and what does a silence mean?"""

from __future__ import annotations

import datetime as dt
import html
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.lifetime import alive_path, clv_simple
from casebook.lifetime.summary import DAYS_IN
from casebook.plots import words_lifetime as words
from casebook.plots.style import percent
from casebook.text import FormattedTable, format_table

__all__ = ["SilenceAnswer", "ValueAnswer", "silence_answer", "value_answer"]

VALUE = (
    "A new customer brings {model:,.0f} {unit} in {months} months by the model: at a cost of {cost:,.0f} "
    "{unit}, {net:+,.0f}. The formula says {formula:,.0f}."
)
SILENCE = (
    "{n} {purchases}, one every {every} days, then {silent} months of silence: still a customer with "
    "{alive}, and {expected:.2f} purchases expected in the next {ahead} months."
)


@dataclass(frozen=True, eq=False, repr=False)
class ValueAnswer:
    """What the value explorer says for one position of its controls; it shows itself in a notebook.

    Attributes
    ----------
    table : DataFrame of shape (months + 1, 3)
        `month`, `model`, `formula`: money brought so far.
    value, formula, cost : float
        At the last month: by the model, by (s/t) × T times margin; and the cost of winning one.
    back : int or None
        The first month in which the model's line has reached the cost.
    sentence : str
    unit : str
    """

    table: pd.DataFrame
    value: float
    formula: float
    cost: float
    back: int | None
    sentence: str
    unit: str

    @property
    def tables(self) -> list[FormattedTable]:
        """What has come back after 0, 6, 12, … months, ready for people."""
        last = int(self.table["month"].iloc[-1])
        picked = self.table[self.table["month"].isin([0, 6, 12, 24, 36, 48, 60, last])]
        shown = picked.assign(net=picked["model"] - self.cost)[["month", "model", "net", "formula"]]
        names = {
            "month": "after months",
            "model": f"model ({self.unit})",
            "net": "less the cost",
            "formula": f"formula ({self.unit})",
        }
        formats = {"model": "{:,.0f}", "net": "{:+,.0f}", "formula": "{:,.0f}"}
        return [format_table(shown, formats, names=names)]

    def tables_html(self) -> str:
        """The tables as HTML, escaped."""
        return "".join(table._repr_html_() for table in self.tables)

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>{self.tables_html()}"

    def __repr__(self) -> str:
        return "\n\n".join([self.sentence, *map(repr, self.tables)])


def value_answer(
    purchases: Any,
    *,
    s: float,
    t: float,
    cost: float = 0,
    months: int = 36,
    margin: float = 100,
    discount: float = 0,
    unit: str = "RMB",
) -> ValueAnswer:
    """Answer as the value explorer does: a new customer by month, by a model and by the formula.

    Parameters
    ----------
    purchases : fitted BetaGeoNBD or ParetoNBD in months, or array of shape (at least months + 1,)
        Repeat purchases expected of a new customer by month 0, 1, 2, … (an explorer works them out once).
    s : float
        Mean amount of a purchase, in `unit`.
    t : float
        Days between two purchases, for the formula.
    cost : float
        What it costs to win one customer.
    months : int, at least 1
        How far to look.
    margin : float
        What is left of an amount, in per cent; 100 gives revenue.
    discount : float
        Discount of a year, in per cent. The formula knows none.
    unit : str

    Returns
    -------
    ValueAnswer

    Raises
    ------
    TableError
        If a number is out of its range or `purchases` is too short.

    Notes
    -----
    By the model: margin · s · (1 + the discounted repeat purchases), the first purchase included. By the
    formula: margin · s / t · T, which leaves the first purchase out.

    Examples
    --------
    >>> answer = value_answer([0, 0.5, 0.8], s=100, t=30.4375, cost=120, months=2, margin=50)
    >>> answer.table
       month  model  formula
    0      0   50.0      0.0
    1      1   75.0     50.0
    2      2   90.0    100.0
    >>> print(answer.sentence)
    A new customer brings 90 RMB in 2 months by the model: at a cost of 120 RMB, -30. The formula says 100.
    """
    if isinstance(months, bool) or months != int(months) or months < 1:
        raise TableError(f"months must be a whole number of at least 1, got {months!r}.")
    if not (cost >= 0 and discount >= 0 and np.isfinite([cost, discount, margin]).all()):
        raise TableError("cost and discount must be at least 0, and margin a percentage.")
    month = np.arange(int(months) + 1)
    if hasattr(purchases, "expected_purchases"):
        upto = np.array([float(purchases.expected_purchases(m)) for m in month])
    else:
        upto = np.asarray(purchases, dtype=float)[: len(month)]
    if len(upto) < len(month):
        raise TableError(f"purchases has {len(upto)} months, and {months} are asked for.")
    later = np.diff(upto, prepend=0.0) / (1 + discount / 100) ** (month / 12)
    kept = margin / 100
    formula = [kept * clv_simple(s, t, float(m), unit="days", unit_T="months") for m in month]
    table = pd.DataFrame({"month": month, "model": kept * s * (1 + later.cumsum()), "formula": formula})
    value, last = float(table["model"].iloc[-1]), float(table["formula"].iloc[-1])
    said = VALUE.format(model=value, unit=unit, months=months, cost=cost, net=value - cost, formula=last)
    return ValueAnswer(table, value, last, float(cost), words.month_back(table, cost), said, unit)


@dataclass(frozen=True, eq=False, repr=False)
class SilenceAnswer:
    """What the silence explorer says: `path` day by day, `p_alive` and `expected` at its end, `sentence`."""

    path: pd.DataFrame
    p_alive: float
    expected: float
    sentence: str

    def __repr__(self) -> str:
        return self.sentence


def silence_answer(
    model: Any, *, purchases: int = 5, every: int = 30, silent: int = 6, ahead: int = 6
) -> SilenceAnswer:
    """Answer as the silence explorer does: a customer who bought like a clock, and stopped.

    Parameters
    ----------
    model : fitted BetaGeoNBD or ParetoNBD, in months
    purchases : int, at least 1
        How many, the first included.
    every : int, at least 1
        Days from one to the next.
    silent : int, at least 0
        Months since the last.
    ahead : int, at least 0
        Months for which purchases are expected.

    Returns
    -------
    SilenceAnswer

    Raises
    ------
    TableError
        If a number is out of its range.

    Examples
    --------
    >>> from casebook.lifetime import BetaGeoNBD
    >>> model = BetaGeoNBD()
    >>> model.r_, model.alpha_, model.a_, model.b_ = 0.6, 3.0, 0.8, 2.5
    >>> silence_answer(model, purchases=10, every=20, silent=6)
    10 purchases, one every 20 days, then 6 months of silence: still a customer with 9%, and 0.29 purchases \
expected in the next 6 months.
    """
    for name, given, least in (("purchases", purchases, 1), ("every", every, 1), ("silent", silent, 0)):
        if isinstance(given, bool) or given != int(given) or given < least:
            raise TableError(f"{name} must be a whole number of at least {least}, got {given!r}.")
    first = dt.date(2022, 1, 1)
    days = [first + dt.timedelta(days=int(every) * k) for k in range(int(purchases))]
    end = days[-1] + dt.timedelta(days=round(silent * DAYS_IN["M"]))
    path = alive_path(model, days, end=max(end, days[-1] + dt.timedelta(days=1)), unit="M")
    last = path.tail(1)[["frequency", "recency", "T"]]
    alive, expected = float(path["p_alive"].iloc[-1]), float(model.expected_purchases(ahead, last).iloc[0])
    said = SILENCE.format(
        n=purchases, purchases="purchase" if purchases == 1 else "purchases", every=every, silent=silent,
        alive=percent(alive), expected=expected, ahead=ahead,
    )  # fmt: skip
    return SilenceAnswer(path, alive, expected, said)
