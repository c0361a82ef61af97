"""The twin of the form's explorer: whom does the form take under other weights and other limits?"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from casebook import identification as idn
from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words_identification import BAND_WORDS
from casebook.text import FormattedTable, format_table

__all__ = ["EvaluationAnswer", "evaluation_answer", "parts_to_weights"]

FIRST = 5  #: accounts listed under the explorer; the counts are of all

SENTENCE = (
    "{fit:,} of {n:,} accounts fit and bring {share} of the {word}; "
    "{moved:,} {stand} in another band than usual."
)
LEFT_OUT = " Of those left out, {name} brings most: {value:,.0f} {unit}, at {score:.1f} points."
DEFAULTS = " {defaults:,} of those that fit defaulted within the year, of {all:,} in all."


@dataclass(frozen=True, eq=False, repr=False)
class EvaluationAnswer:
    """What the explorer says for one position of its controls; it shows itself in a notebook.

    Attributes
    ----------
    form : DataFrame, one row per account
        `identification.evaluation_form` with these weights and limits.
    bands : DataFrame of shape (4, 5)
        `band`, `accounts`, `value` (its sum), `share` (0-1), `defaults` (count; missing without the column).
    left_out : DataFrame
        Accounts outside the fit, largest value first.
    moved : int
        Accounts in another band than with the usual weights and limits.
    sentence : str
        The answer in plain words.
    weights, limits, value, unit
        What was asked.
    """

    weights: dict[str, float]
    limits: tuple[float, float, float]
    value: str
    unit: str
    form: pd.DataFrame
    bands: pd.DataFrame
    left_out: pd.DataFrame
    moved: int
    sentence: str

    @property
    def tables(self) -> list[FormattedTable]:
        """The bands, and the first accounts left out, ready for people."""
        word = self.value.replace("_", " ")
        money = f"{word} ({self.unit})"
        bands = format_table(
            self.bands.dropna(axis=1, how="all"),
            {"value": "{:,.0f}", "share": "{:.0%}"},
            names={"value": money, "share": f"share of {word}"},
        )
        if self.left_out.empty:
            return [bands]
        first = format_table(
            self.left_out[["name", "score", "band", "value"]],
            {"score": "{:.1f}", "value": "{:,.0f}"},
            names={"value": money},
            caption=f"Left out: {len(self.left_out):,}; those of the largest {word}",
            rows=FIRST,
        )
        return [bands, first]

    @property
    def drawing(self) -> dict[str, Any]:
        """How `plot_evaluation` and `alt_evaluation` are called to draw this answer."""
        return {"value": self.value, "limits": self.limits, "unit": self.unit}

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>{self.tables_html()}"

    def tables_html(self) -> str:
        """The tables as HTML, escaped."""
        return "".join(f'<div style="margin:0 0 10px">{t._repr_html_()}</div>' for t in self.tables)

    def __repr__(self) -> str:
        return "\n\n".join([self.sentence, *map(repr, self.tables)])


def parts_to_weights(parts: Mapping[str, float]) -> dict[str, float]:
    """Turn parts such as 3, 3, 2, 2 into weights that add to 1.

    Parameters
    ----------
    parts : mapping of indicator to a number from 0 up

    Returns
    -------
    dict of indicator to weight (0-1)

    Raises
    ------
    TableError
        If a part is negative or all are zero.

    Examples
    --------
    >>> parts_to_weights({"finance": 3, "cooperation": 1})
    {'finance': 0.75, 'cooperation': 0.25}
    """
    total = sum(parts.values())
    if min(parts.values()) < 0 or total <= 0:
        raise TableError("Each part must be zero or more, and one of them above zero.")
    return {name: part / total for name, part in parts.items()}


def evaluation_answer(
    accounts: pd.DataFrame,
    weights: Mapping[str, float] = idn.WEIGHTS,
    limits: tuple[float, float, float] = idn.LIMITS,
    *,
    value: str = "profit",
    compare: pd.Series | None = None,
    unit: str = "RMB",
) -> EvaluationAnswer:
    """Answer as the form's explorer does, from plain arguments.

    Parameters
    ----------
    accounts : DataFrame, one row per account
        A column of points (0-100) for each indicator, `name`, and `value`; `defaulted_next_12m` (bool) is
        counted where it is there.
    weights, limits
        As in `identification.evaluation_form`; limits are `lo`, `hi`, `strong`.
    value : str
        What an account is worth, in `unit`.
    compare : Series, optional
        Bands to compare with, in the order of rows; without it those of the usual form.
    unit : str

    Returns
    -------
    EvaluationAnswer

    Raises
    ------
    TableError
        If a column is missing or has gaps, the weights do not add to 1, or the limits do not rise.

    Examples
    --------
    >>> four = pd.DataFrame({"name": list("ABCD"), "finance": [80, 60, 90, 85], "profit": [4, 1, 3, 2],
    ...     "business_ability": [75, 65, 90, 80], "cooperation": [70, 70, 85, 80],
    ...     "channel_ability": [70, 60, 80, 85]})
    >>> print(evaluation_answer(four, limits=(70, 85, 85)).sentence)
    2 of 4 accounts fit and bring 60% of the profit; 1 stands in another band than usual.
    Of those left out, C brings most: 3 RMB, at 87.0 points.
    """
    missing = [c for c in ("name", value) if c not in accounts.columns]
    if missing:
        raise TableError(
            f"The table has no column {missing[0]!r}; it has {list(map(str, accounts.columns))}."
        )
    lo, hi, strong = limits
    form = idn.evaluation_form(accounts, weights, lo=lo, hi=hi, strong=strong)
    usual = idn.evaluation_form(accounts)["band"] if compare is None else compare
    moved = int((form["band"].to_numpy() != usual.to_numpy()).sum())
    defaults = form.get("defaulted_next_12m")
    total = float(form[value].sum())
    rows = []
    for band, words in BAND_WORDS.items():
        mine = form["band"] == band
        brought = float(form.loc[mine, value].sum())
        lost = None if defaults is None else int(defaults[mine].sum())
        rows.append((words, int(mine.sum()), brought, brought / total if total else float("nan"), lost))
    bands = pd.DataFrame(rows, columns=["band", "accounts", "value", "share", "defaults"])
    out = form[form["band"] != "fit"].sort_values([value, "name"], ascending=[False, True])
    out = out.assign(value=out[value], band=out["band"].map(BAND_WORDS)).reset_index(drop=True)
    said = _sentence(bands, out, moved, value.replace("_", " "), unit)
    return EvaluationAnswer(dict(weights), limits, value, unit, form, bands, out, moved, said)


def _sentence(bands: pd.DataFrame, out: pd.DataFrame, moved: int, word: str, unit: str) -> str:
    fit = bands.iloc[1]
    share = percent(fit["share"]) if fit["share"] > 0 else f"{fit['share']:.0%}"
    said = SENTENCE.format(
        fit=fit["accounts"],
        n=int(bands["accounts"].sum()),
        share=share,
        word=word,
        moved=moved,
        stand="stands" if moved == 1 else "stand",
    )
    if len(out):
        first = out.iloc[0]
        said += LEFT_OUT.format(name=first["name"], value=first["value"], unit=unit, score=first["score"])
    if bands["defaults"].notna().all():
        said += DEFAULTS.format(defaults=int(fit["defaults"]), all=int(bands["defaults"].sum()))
    return said
