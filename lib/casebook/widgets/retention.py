"""The twin of the call explorer: whom to call, how deep, and what it brings, by risk and by uplift."""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.text import FormattedTable, format_table
from casebook.uplift import uplift_by_depth

__all__ = ["RANKINGS", "RetentionAnswer", "calls_curve", "retention_answer"]

#: The lists that can be called, and the column of the table that ranks each.
RANKINGS = {"by uplift": "tau", "by risk": "m0"}
NEEDS = ("m0", "tau", "psi", "value", "offer", "auto")
DEPTHS = tuple(round(0.05 * step, 2) for step in range(1, 21))

SENTENCE = (
    "{called:,} calls {ranking} save {saved} and {verdict}; {other} {other_saved}, and {other_verdict}."
)
EARN, LOSE = "earn {profit} RMB", "lose {profit} RMB"
WHO = "Who is on the list {ranking}"
GROUPS = {
    (0, 0): "neither offer nor card",
    (0, 1): "card on file",
    (1, 0): "rival's offer",
    (1, 1): "offer and card",
}


@dataclass(frozen=True, eq=False, repr=False)
class RetentionAnswer:
    """What the call explorer says for one position of its controls; it shows itself in a notebook.

    Attributes
    ----------
    curve : DataFrame
        `uplift.uplift_by_depth` of both rankings, with `profit` at this cost.
    lists : DataFrame of shape (2, 6)
        `ranking`, `called`, `saved`, `low`, `high`, `profit` at the chosen depth; the chosen ranking first.
    groups : DataFrame of shape (4, 3)
        Who is on the chosen list: `group`, `customers`, `share` of the list.
    sentence : str
        The answer in plain words.
    depth, ranking, cost, measure
        What was asked.
    """

    depth: float
    ranking: str
    cost: float
    measure: str
    curve: pd.DataFrame
    lists: pd.DataFrame
    groups: pd.DataFrame
    sentence: str

    @property
    def tables(self) -> list[FormattedTable]:
        """Both lists, and who is on the chosen one, ready for people."""
        whole = dict.fromkeys(("saved", "low", "high", "profit"), "{:,.0f}")
        names = {"low": "at least", "high": "at most", "profit": "profit (RMB)"}
        return [
            format_table(self.lists, whole, names=names),
            format_table(self.groups, {"share": "{:.0%}"}, caption=WHO.format(ranking=self.ranking)),
        ]

    def tables_html(self) -> str:
        """The tables as HTML, escaped."""
        return "".join(f'<div style="margin:0 0 10px">{t._repr_html_()}</div>' for t in self.tables)

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>{self.tables_html()}"

    def __repr__(self) -> str:
        return "\n\n".join([self.sentence, *map(repr, self.tables)])


def calls_curve(scored: pd.DataFrame) -> pd.DataFrame:
    """Follow both rankings down, at a call that costs nothing: all that does not change with the controls.

    Parameters
    ----------
    scored : DataFrame
        As for `retention_answer`.

    Returns
    -------
    DataFrame of shape (40, 8)
        As from `uplift.uplift_by_depth`.

    Raises
    ------
    TableError
        As `retention_answer`.

    Examples
    --------
    >>> two = pd.DataFrame({"m0": [0.2, 0.8], "tau": [0.1, 0.0], "psi": [0.2, 0.0], "value": [500, 500],
    ...                     "offer": [0, 1], "auto": [0, 0]})
    >>> calls_curve(two).shape
    (40, 8)
    """
    table = need_pandas(scored, NEEDS)
    if len(table) < 2:
        raise TableError(f"The test has {len(table)} rows; at least 2 are needed to tell news from chance.")
    rankings = {name: table[column] for name, column in RANKINGS.items()}
    return uplift_by_depth(rankings, table["psi"], depths=DEPTHS, value=table["value"])


def retention_answer(
    scored: pd.DataFrame,
    *,
    depth: float = 0.3,
    ranking: str = "by risk",
    cost: float = 64,
    measure: str = "saved",
    curve: pd.DataFrame | None = None,
) -> RetentionAnswer:
    """Answer as the call explorer does, from plain arguments.

    Parameters
    ----------
    scored : DataFrame, one row per customer of the test
        `m0` (risk if not called), `tau` (uplift), `psi` (from `uplift.aipw`), `value` (RMB), and the flags
        `offer` and `auto`.
    depth : float
        Share of the customers that is called: 0.05, 0.10, … 1.
    ranking : {"by risk", "by uplift"}
        The list that is called.
    cost : float
        RMB a call, with its incentive; 0 or more.
    measure : {"saved", "profit"}
        What the picture shows.
    curve : DataFrame, optional
        From `calls_curve`, to save the work.

    Returns
    -------
    RetentionAnswer

    Raises
    ------
    TableError
        If a column is missing, or an argument is not one of those above.

    Examples
    --------
    >>> two = pd.DataFrame({"m0": [0.2, 0.8], "tau": [0.1, 0.0], "psi": [0.9, 0.0], "value": [500, 500],
    ...                     "offer": [0, 1], "auto": [0, 0]})
    >>> retention_answer(two, depth=0.5, ranking="by uplift").lists["profit"].tolist()
    [386.0, -64.0]
    """
    table = need_pandas(scored, NEEDS)
    if ranking not in RANKINGS:
        raise TableError(f"ranking must be one of {', '.join(RANKINGS)}, got {ranking!r}.")
    if not cost >= 0:
        raise TableError(f"cost must be 0 RMB or more, got {cost!r}.")
    if not any(abs(depth - have) < 1e-9 for have in DEPTHS):
        raise TableError(f"depth must be a step of 5%, from 0.05 to 1, got {depth!r}.")
    free = calls_curve(table) if curve is None else curve
    priced = free.assign(profit=free["profit"] - cost * free["called"])
    here = priced[np.isclose(priced["depth"], depth)].set_index("ranking")
    order = [ranking, *(name for name in RANKINGS if name != ranking)]
    lists = here.loc[order, ["called", "saved", "low", "high", "profit"]].reset_index()
    called = table.iloc[np.argsort(-table[RANKINGS[ranking]].to_numpy(), kind="stable")]
    called = called.head(int(lists["called"].iloc[0]))
    counts = [int(((called["offer"] == o) & (called["auto"] == a)).sum()) for o, a in GROUPS]
    groups = pd.DataFrame(
        {"group": list(GROUPS.values()), "customers": counts, "share": np.array(counts) / len(called)}
    )
    return RetentionAnswer(depth, ranking, cost, measure, priced, lists, groups, _sentence(lists))


def _sentence(lists: pd.DataFrame) -> str:
    chosen, other = lists.to_dict("records")
    verdicts = [
        (LOSE if row["profit"] < 0 else EARN).format(profit=_whole(abs(row["profit"])))
        for row in (chosen, other)
    ]
    return SENTENCE.format(
        called=chosen["called"], ranking=chosen["ranking"],
        saved=_whole(chosen["saved"]), verdict=verdicts[0],
        other=other["ranking"], other_saved=_whole(other["saved"]), other_verdict=verdicts[1],
    )  # fmt: skip


def _whole(value: float) -> str:
    return f"{round(value) + 0:,}"
