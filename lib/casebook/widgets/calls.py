"""The twin of the explorer of calls: what does an order of calling find, at one capacity?"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from casebook.calling import call_curve, compare_orders, order_scores
from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.plots.style import percent
from casebook.text import FormattedTable, format_table

__all__ = ["COUNTS", "ORDERS", "CallsAnswer", "calls_answer", "calls_curves"]

#: Orders of calling, as `calling.order_scores` names them.
ORDERS = ("hot first", "largest first", "oldest first", "by score", "score × guess", "score × worth")
#: What can be counted: the column, and how a sentence calls it.
COUNTS = {
    "found": "orders",
    "potential_margin": "margin the sellers guessed",
    "brought": "margin really brought",
}
OUTCOME, MORNING = "ordered_later", "as_of"

SENTENCE = (
    "{order}, {calls} ({share} of each list) {find} {found:,} of {all:,} orders, {lift:.1f} "
    "times as many as calls at random. Margin of these customers: {brought:,.0f} {unit}; the sellers had "
    "guessed {guess:,.0f}."
)


@dataclass(frozen=True, eq=False, repr=False)
class CallsAnswer:
    """What the explorer of calls says for one position of its controls; it shows itself in a notebook.

    Attributes
    ----------
    curves : mapping of order to DataFrame
        `calling.call_curve` of each.
    table : DataFrame, one row per order and one at random
        `calling.compare_orders` at the capacity.
    sentence : str
        The answer in plain words.
    order, share, count, overdue, unit
        What was asked.
    """

    order: str
    share: float
    count: str
    overdue: str
    unit: str
    curves: Mapping[str, pd.DataFrame]
    table: pd.DataFrame
    sentence: str

    @property
    def drawing(self) -> dict[str, Any]:
        """How `plot_calls` and `alt_calls` are called to draw this answer."""
        return {"order": self.order, "share": self.share, "value": self.count, "what": COUNTS[self.count]}

    @property
    def tables(self) -> list[FormattedTable]:
        """The comparison of the orders, ready for people."""
        money = "{:,.0f}"
        return [
            format_table(
                self.table,
                {"found": "{:,.0f}", "lift": "{:.1f}", "potential_margin": money, "brought": money},
                names={
                    "order": "called in this order",
                    "found": "orders found",
                    "potential_margin": f"margin guessed ({self.unit})",
                    "brought": f"really brought ({self.unit})",
                },
                caption=f"{percent(self.share)} of each list is called; overdue dates: "
                + ("left where they are" if self.overdue == "keep" else "set apart"),
            )
        ]

    def tables_html(self) -> str:
        """The table as HTML, escaped."""
        return "".join(table._repr_html_() for table in self.tables)

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>{self.tables_html()}"

    def __repr__(self) -> str:
        return "\n\n".join([self.sentence, *map(repr, self.tables)])


def calls_curves(lists: pd.DataFrame, overdue: str = "keep") -> dict[str, pd.DataFrame]:
    """Work the lists through in each order: `calling.call_curve` of all of `ORDERS`.

    Parameters
    ----------
    lists : DataFrame, one row per prospect on the list of a morning
        As in `calls_answer`.
    overdue : {"keep", "apart"}
        As in `calling.order_scores`.

    Returns
    -------
    dict of order to DataFrame

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> one = pd.DataFrame({"as_of": pd.to_datetime(["2024-01-01"]), "heat": ["hot"], "chance": [0.1],
    ...     "created": pd.to_datetime(["2023-12-01"]), "worth": [500], "potential_margin": [9_000],
    ...     "expected_order_date": pd.to_datetime(["2024-01-09"]), "brought": [0], "ordered_later": [False]})
    >>> len(calls_curves(one))
    6
    """
    scores = order_scores(lists, worth="worth", overdue=overdue)
    money = ["potential_margin", "brought"]
    return {name: call_curve(lists, scores[name], OUTCOME, money, by=MORNING) for name in ORDERS}


def calls_answer(
    lists: pd.DataFrame,
    *,
    share: float = 0.1,
    order: str = "hot first",
    count: str = "found",
    overdue: str = "keep",
    unit: str = "RMB",
    curves: Mapping[str, pd.DataFrame] | None = None,
) -> CallsAnswer:
    """Answer as the explorer of calls does, from plain arguments.

    Parameters
    ----------
    lists : DataFrame, one row per prospect on the list of a morning
        `as_of` (the morning), `created`, `expected_order_date`, `heat`, `chance` (0-1), `potential_margin`,
        `worth` and `brought` (money), `ordered_later` (yes or no).
    share : float
        Share (0-1) of each list that can be called.
    order : str
        One of `ORDERS`.
    count : str
        One of `COUNTS`, for the picture.
    overdue : {"keep", "apart"}
        As in `calling.order_scores`.
    unit : str
        Unit of the money.
    curves : mapping of order to DataFrame, optional
        `calls_curves(lists, overdue)`, if worked out before: no other argument matters for it.

    Returns
    -------
    CallsAnswer

    Raises
    ------
    TableError
        If a column is missing or an argument is none of its words.

    Examples
    --------
    >>> two = pd.DataFrame({"as_of": pd.to_datetime(["2024-01-01"] * 2), "heat": ["hot", "warm"],
    ...     "created": pd.to_datetime(["2023-12-01", "2023-11-01"]), "chance": [0.1, 0.4],
    ...     "expected_order_date": pd.to_datetime(["2024-01-09", "2024-03-01"]), "worth": [500, 900],
    ...     "potential_margin": [9_000, 1_000], "brought": [0, 800], "ordered_later": [False, True]})
    >>> print(calls_answer(two, share=0.5, order="by score").sentence)
    By score, 1 call (50% of each list) finds 1 of 1 orders, 2.0 times as many as calls at random. Margin of
    these customers: 800 RMB; the sellers had guessed 1,000.
    """
    for name, given, allowed in (("order", order, ORDERS), ("count", count, tuple(COUNTS))):
        if given not in allowed:
            raise TableError(f"{name} must be one of {', '.join(map(repr, allowed))}, got {given!r}.")
    money = ["potential_margin", "brought"]
    need_pandas(lists, [MORNING, OUTCOME, *money])
    scores = order_scores(lists, worth="worth", overdue=overdue)[list(ORDERS)]
    if curves is None:
        curves = calls_curves(lists, overdue)
    table = compare_orders(lists, scores, OUTCOME, money, share=share, by=MORNING)
    row = table[table["order"] == order].to_dict("records")[0]
    said = SENTENCE.format(
        order=order[:1].upper() + order[1:],
        calls="1 call" if row["calls"] == 1 else f"{row['calls']:,} calls",
        share=percent(share),
        find="finds" if row["calls"] == 1 else "find",
        found=int(row["found"]),
        all=int(lists[OUTCOME].sum()),
        lift=row["lift"],
        brought=row["brought"],
        guess=row["potential_margin"],
        unit=unit,
    )
    return CallsAnswer(order, share, count, overdue, unit, curves, table, said)
