"""The explorer of lesson 00: what a usable record costs when lists are worse than their sellers say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.parties import source_register
from casebook.plots import words_parties as words
from casebook.plots.parties import SourcesPicture
from casebook.text import format_table
from casebook.widgets.base import Explorer, percent_slider

__all__ = ["SourcesAnswer", "explore_sources", "sources_answer"]

SENTENCE = (
    "To get {need:,} usable records, buy {names}: {usable:,.0f} usable for {cost:,.0f} RMB, {each} RMB each."
)
SHORT = "All sources together hold {usable:,.0f} usable records, fewer than the {need:,} that you need."


@dataclass(frozen=True)
class SourcesAnswer:
    """What the explorer says: `priced` all sources, `bought` those chosen, `sentence` the decision."""

    priced: pd.DataFrame
    bought: tuple[str, ...]
    need: int
    cost: float
    usable: float
    sentence: str

    def __repr__(self) -> str:
        return self.sentence


def sources_answer(
    sources: pd.DataFrame, *, fewer_valid: int = 0, more_duplicates: int = 0, need: int = 2000
) -> SourcesAnswer:
    """Price the sources with lists worse than promised, and buy the cheapest until the need is met.

    Parameters
    ----------
    sources : DataFrame of shape (n_sources, at least 6)
        As for `parties.source_register`, and `kind`, the name of the source.
    fewer_valid, more_duplicates : int from 0 to 100
        Percentage points by which validity is lower, and by which duplicates are more, than stated.
    need : int, at least 1
        How many usable records are needed. Sources are bought whole, cheapest record first: a rule that
        is easy to defend, and not always the cheapest bill.

    Returns
    -------
    SourcesAnswer

    Raises
    ------
    TableError
        If a column is missing or an argument is out of its range.

    Examples
    --------
    >>> two = pd.DataFrame({"source_id": ["S1", "S2"], "kind": ["yearbook", "fair"], "cost": [300, 4000],
    ...     "records": [200, 400], "valid_share": [0.5, 0.8], "dup_share": [0.0, 0.25]})
    >>> sources_answer(two, need=90)
    To get 90 usable records, buy yearbook: 100 usable for 300 RMB, 3.00 RMB each.
    """
    need_pandas(sources, ["kind", "valid_share", "dup_share"])
    if not len(sources):
        raise TableError("The table of sources has no rows: there is nothing to buy.")
    if sources["kind"].isna().any():
        raise TableError(f"Column 'kind' is missing in row {sources.index[sources['kind'].isna()][0]!r}.")
    if not (0 <= fewer_valid <= 100 and 0 <= more_duplicates <= 100 and need >= 1):
        raise TableError(
            f"Points must be from 0 to 100 and need at least 1; got {(fewer_valid, more_duplicates, need)}."
        )
    worse = sources.assign(
        valid_share=(sources["valid_share"] - fewer_valid / 100).clip(lower=0).round(6),
        dup_share=(sources["dup_share"] + more_duplicates / 100).clip(upper=1).round(6),
    )
    priced = source_register(worse)
    before = priced["usable"].cumsum().shift(fill_value=0.0)
    chosen = priced[(before < need) & (priced["usable"] > 0)]
    cost, usable = float(chosen["cost"].sum()), float(chosen["usable"].sum())
    if usable < need:
        sentence = SHORT.format(usable=usable, need=need)
    else:
        each = words.cost_words(cost / usable)
        names = _listed(list(chosen["kind"]))
        sentence = SENTENCE.format(need=need, names=names, usable=usable, cost=cost, each=each)
    return SourcesAnswer(priced, tuple(chosen["source_id"]), need, cost, usable, sentence)


def explore_sources(sources: pd.DataFrame) -> Explorer:
    """Make the explorer: sliders for validity, duplicates and need over `sources_answer`.

    Parameters
    ----------
    sources : DataFrame, as for `sources_answer`

    Returns
    -------
    Explorer

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> import casebook
    >>> explore_sources(casebook.load("info_sources")).answered.need
    2000
    """
    import ipywidgets
    from matplotlib.figure import Figure

    need_pandas(sources, ["source_id", "kind", "cost", "records", "valid_share", "dup_share"])
    figure = Figure(figsize=(5.9, 4.7), dpi=110)
    figure.subplots_adjust(left=0.36, right=0.98, top=0.86, bottom=0.13)
    picture = SourcesPicture(figure.subplots(), len(sources))
    controls: dict[str, Any] = {
        "fewer_valid": percent_slider("Fewer valid", 0, 0, 60, "points below what the seller says"),
        "more_duplicates": percent_slider("More double", 0, 0, 60, "points above what is stated"),
        "need": ipywidgets.IntSlider(
            2000, min=100, max=8000, step=100, description="You need", tooltip="usable records",
            style={"description_width": "90px"}, layout={"width": "340px", "max_width": "96%"},
        ),
    }  # fmt: skip
    return Explorer(
        controls,
        answer=lambda **values: sources_answer(sources, **values),
        figure=figure,
        draw=lambda said: picture.update(said.priced, said.bought),
        tell=_tell,
    )


def _tell(said: SourcesAnswer) -> tuple[str, str, str]:
    shown = said.priced[said.priced["source_id"].isin(said.bought)]
    table = format_table(
        shown[["kind", "cost", "usable", "cost_per_usable"]],
        {"cost": "{:,.0f}", "usable": "{:,.0f}", "cost_per_usable": "{:,.2f}"},
        names={"kind": "buy", "cost": "RMB", "cost_per_usable": "RMB each"},
    )
    alt = words.alt_sources(said.priced, bought=said.bought, need=said.need)
    return said.sentence, table._repr_html_(), alt


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
