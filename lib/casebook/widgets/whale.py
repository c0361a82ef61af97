"""The twin of the whale explorer: what the best earn, what the worst destroy, what a remedy would bring."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from casebook.concentration import Sherden, sherden, whale_curve
from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.plots.style import percent
from casebook.plots.words_selection import in_words
from casebook.remedies import SAVED, SERVICE_COSTS, compare_remedies
from casebook.text import FormattedTable, format_table

__all__ = ["REMEDIES", "WhaleAnswer", "whale_answer"]

#: What can be done with the losers among the worst accounts: what is read, and what is meant.
REMEDIES = {"nothing": "keep", "strike them off": "strike off", "charge for service": "change terms"}

SENTENCE = (
    "The best {top} earn {gross} of all that is earned, or {net} of what is left. "
    "The losses of the worst {bottom} come to {destroyed} of what the best earn."
)
SENTENCE_NO_NET = (
    "The best {top} earn {gross} of all that is earned, and no profit is left. "
    "The losses of the worst {bottom} come to {destroyed} of what the best earn."
)
REMEDY = {
    "keep": "",
    "strike off": " Striking off {losers} changes profit by {change}; on paper it was {paper}.",
    "change terms": " Charging {losers} for {charged} of the service changes profit by {change}.",
}


@dataclass(frozen=True, eq=False, repr=False)
class WhaleAnswer:
    """What the whale explorer says for one position of its controls; it shows itself in a notebook.

    Attributes
    ----------
    curve, before : DataFrame
        `selection.whale_curve` after the remedy, and as things are.
    now, then : Sherden
        The rule measured as things are, and after the remedy.
    remedies : DataFrame of shape (4, 5)
        `selection.compare_remedies` for the losers among the worst.
    treated : int
        How many those are.
    sentence : str
        The answer in plain words.
    top, bottom, remedy, charged, unit
        What was asked.
    """

    top: float
    bottom: float
    remedy: Literal["keep", "strike off", "change terms"]
    charged: float
    unit: str
    curve: pd.DataFrame
    before: pd.DataFrame
    now: Sherden
    then: Sherden
    remedies: pd.DataFrame
    treated: int
    sentence: str

    @property
    def tables(self) -> list[FormattedTable]:
        """The rule before and after, and the remedies side by side, ready for people."""
        measures = {
            f"best {percent(self.top)}, of what is earned": "top_share_gross",
            f"best {percent(self.top)}, of what is left": "top_share_net",
            f"destroyed by the worst {percent(self.bottom)}": "destroyed_ratio",
            "peak, of what is left": "peak_pct",
        }
        rule = pd.DataFrame(
            {
                "measure": list(measures),
                "now": [getattr(self.now, name) for name in measures.values()],
                "then": [getattr(self.then, name) for name in measures.values()],
            }
        )
        columns = ["now"] if self.remedy == "keep" else ["now", "then"]
        first = format_table(rule[["measure", *columns]], dict.fromkeys(columns, "{:.0%}"))
        money = {"profit": "{:,.0f}", "change": "{:+,.0f}"}
        heads = {"profit": f"profit ({self.unit})", "change": f"change ({self.unit})"}
        caption = f"What to do with the {self.treated:,} losers among the worst {percent(self.bottom)}"
        second = self.remedies[["remedy", "profit", "change"]]
        return [first, format_table(second, money, names=heads, caption=caption)]

    @property
    def drawing(self) -> dict[str, Any]:
        """How `plot_whale` and `alt_whale` are called to draw this answer."""
        before = None if self.remedy == "keep" else self.before
        return {"top": self.top, "bottom": self.bottom, "before": before, "unit": self.unit}

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>{self.tables_html()}"

    def tables_html(self) -> str:
        """The tables as HTML, escaped."""
        return "".join(f'<div style="margin:0 0 10px">{table._repr_html_()}</div>' for table in self.tables)

    def __repr__(self) -> str:
        return "\n\n".join([self.sentence, *map(repr, self.tables)])


def whale_answer(
    costs: pd.DataFrame,
    *,
    top: float = 0.2,
    bottom: float = 0.3,
    remedy: Literal["keep", "strike off", "change terms"] = "keep",
    charged: float = 0.5,
    unit: str = "RMB",
) -> WhaleAnswer:
    """Answer as the whale explorer does, from plain arguments.

    Parameters
    ----------
    costs : DataFrame, one row per account
        A cost table as `selection.compare_remedies` takes it: `gross_margin`, the six costs, `profit`.
    top, bottom : float
        Shares of the accounts (0-1) that count as best and worst.
    remedy : {"keep", "strike off", "change terms"}
        What is done with the losers among the worst. An account that is struck off leaves behind the costs
        that are not saved (see `selection.SAVED`).
    charged : float
        Share of the service costs that they pay under changed terms (0-1).
    unit : str
        Unit of the money, for headings.

    Returns
    -------
    WhaleAnswer

    Raises
    ------
    TableError
        If a column is missing, nobody earns, the shares overlap, or the remedy is unknown.

    Examples
    --------
    >>> three = pd.DataFrame({"gross_margin": [100.0, 60.0, 40.0], "sales_cost": [25.0, 15.0, 10.0],
    ...     "account_cost": [5.0, 5.0, 5.0], "rush_freight": [0.0, 0.0, 60.0], "free_installation": 0.0,
    ...     "trade_promotion": 0.0, "returns_cost": 0.0, "profit": [70.0, 40.0, -35.0]})
    >>> print(whale_answer(three, bottom=1/3, remedy="strike off").sentence)
    The best 20% earn 64% of all that is earned, or 93% of what is left. The losses of the worst 33%
    come to 50% of what the best earn. Striking off the one loser among them changes profit by +20 RMB;
    on paper it was +35 RMB.
    """
    if remedy not in REMEDIES.values():
        raise TableError(f"The remedy must be one of {', '.join(REMEDIES.values())}; got {remedy!r}.")
    need_pandas(costs, ["gross_margin", "profit", *SAVED])
    profit = costs["profit"]
    now, before = sherden(profit, top, bottom), whale_curve(profit)
    worst = before.index[now.n - now.n_bottom :]
    losers = pd.Series(profit.index.isin(worst), index=profit.index) & (profit < 0)
    remedies = compare_remedies(costs, losers, charged=charged)
    after = profit
    if remedy == "strike off":
        left = sum((1 - share) * costs[name] for name, share in SAVED.items())
        after = profit.where(~losers, -left)
    elif remedy == "change terms":
        after = profit.where(~losers, profit + charged * costs[list(SERVICE_COSTS)].sum(axis=1))
    same = remedy == "keep"
    after = after if same else pd.Series(np.round(after, 2), index=profit.index)  # to the cent
    curve, then = (before, now) if same else (whale_curve(after), sherden(after, top, bottom))
    said = _sentence(now, top, bottom, remedy, charged, remedies, int(losers.sum()), unit)
    return WhaleAnswer(
        top, bottom, remedy, charged, unit, curve, before, now, then, remedies, int(losers.sum()), said
    )


def _sentence(
    now: Sherden,
    top: float,
    bottom: float,
    remedy: str,
    charged: float,
    remedies: pd.DataFrame,
    treated: int,
    unit: str,
) -> str:
    template = SENTENCE if now.net > 0 else SENTENCE_NO_NET
    said = template.format(
        top=percent(top),
        bottom=percent(bottom),
        gross=percent(now.top_share_gross),
        net=percent(now.top_share_net) if now.net > 0 else "",
        destroyed=percent(now.destroyed_ratio),
    )
    change = remedies.set_index("remedy")["change"]
    return said + REMEDY[remedy].format(
        losers="the one loser among them" if treated == 1 else f"the {treated:,} losers among them",
        charged=percent(charged),
        change=_signed(change[remedy], unit),
        paper=_signed(change["strike off, on paper"], unit),
    )


def _signed(money: float, unit: str) -> str:
    return ("+" if money > 0 else "") + in_words(float(money), unit)
