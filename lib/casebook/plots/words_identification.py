"""The words of the pictures of identification; see `words` for the rules."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words import refuse_empty, require

__all__ = ["alt_evaluation", "alt_migration", "alt_six_c"]

# The form: score against value -------------------------------------------------------------------------

BAND_WORDS = {"too_weak": "too weak", "fit": "fit", "grey": "grey", "too_strong": "too strong"}
EVALUATION_TITLE = "The form leaves out {name}, {score:.1f} points: {word} {value:,.0f} {unit}"
EVALUATION_TITLE_IN = "The account with the largest {word}, {name}, fits with {score:.1f} points"
EVALUATION_TITLE_NONE = "No account fits: scores run from {low:.1f} to {high:.1f} points"
EVALUATION_ALT = (
    "Points for {n:,} accounts: score of the form from {low:.1f} to {high:.1f} across, {word} from "
    "{least:,.0f} to {most:,.0f} {unit} up. Lines at {lo:g}, {hi:g} and {strong:g} points divide them. "
    "{bands} The largest {word} outside the fit is that of {name}: {value:,.0f} {unit} at {score:.1f} "
    "points. The cloud {slope}."
)
EVALUATION_BAND = "{band}: {n:,} accounts, {share} of all {word}."


class Left(NamedTuple):
    """The account of the largest value outside the fit."""

    name: str
    score: float
    value: float


def checked_form(form: pd.DataFrame, value: str, name: str) -> pd.DataFrame:
    """Refuse a table that `identification.evaluation_form` did not make.

    >>> table = pd.DataFrame({"score": [75.0], "band": ["fit"], "profit": [1.0], "name": ["Ada"]})
    >>> len(checked_form(table, "profit", "name"))
    1
    """
    require(form, ["score", "band", value, name], "identification.evaluation_form")
    refuse_empty(form)
    if form[value].isna().any():
        raise TableError(
            f"Column {value!r} has gaps: leave those accounts out, or write a zero where it is one."
        )
    return form


def left_out(form: pd.DataFrame, value: str, name: str) -> Left | None:
    """The account of the largest value outside the fit, if there is one.

    >>> table = pd.DataFrame({"score": [75.0, 69.8], "band": ["fit", "too_weak"], "profit": [1.0, 9.0],
    ...                       "name": ["Ada", "Bo"]})
    >>> left_out(table, "profit", "name")
    Left(name='Bo', score=69.8, value=9.0)
    """
    outside = form[form["band"] != "fit"]
    if outside.empty:
        return None
    row = outside.sort_values([value, name], ascending=[False, True]).iloc[0]
    return Left(str(row[name]), float(row["score"]), float(row[value]))


def evaluation_title(form: pd.DataFrame, value: str, name: str, unit: str) -> str:
    """Who is left out, or that the best account fits.

    >>> table = pd.DataFrame({"score": [75.0, 69.8], "band": ["fit", "too_weak"], "profit": [1.0, 9.0],
    ...                       "name": ["Ada", "Bo"]})
    >>> evaluation_title(table, "profit", "name", "RMB")
    'The form leaves out Bo, 69.8 points: profit 9 RMB'
    """
    word = value.replace("_", " ")
    fits = form[form["band"] == "fit"]
    if fits.empty:
        return EVALUATION_TITLE_NONE.format(low=form["score"].min(), high=form["score"].max())
    out = left_out(form, value, name)
    if out is None or out.value < fits[value].max():
        best = fits.sort_values([value, name], ascending=[False, True]).iloc[0]
        return EVALUATION_TITLE_IN.format(word=word, name=best[name], score=best["score"])
    return EVALUATION_TITLE.format(name=out.name, score=out.score, word=word, value=out.value, unit=unit)


def band_facts(form: pd.DataFrame, value: str) -> list[tuple[str, int, float]]:
    """Each band in words, its accounts, and its share (0-1) of the sum of the value.

    >>> band_facts(pd.DataFrame({"band": ["fit"], "profit": [2.0]}), "profit")[1]
    ('fit', 1, 1.0)
    """
    total = float(form[value].sum())
    return [
        (
            words,
            int((form["band"] == band).sum()),
            float(form.loc[form["band"] == band, value].sum()) / total if total else np.nan,
        )
        for band, words in BAND_WORDS.items()
    ]


def alt_evaluation(
    form: pd.DataFrame,
    value: str = "profit",
    *,
    name: str = "name",
    limits: tuple[float, float, float] = (70, 80, 85),
    unit: str = "RMB",
) -> str:
    """Say in words what `plot_evaluation` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_evaluation`.

    Examples
    --------
    >>> table = pd.DataFrame({"score": [75.0, 69.8], "band": ["fit", "too_weak"], "profit": [1.0, 9.0],
    ...                       "name": ["Ada", "Bo"]})
    >>> "fit: 1 accounts, 10% of all profit." in alt_evaluation(table)
    True
    """
    table, word = checked_form(form, value, name), value.replace("_", " ")
    out = left_out(table, value, name) or Left("nobody", np.nan, np.nan)
    ranks = table[["score", value]].rank()
    slope = float(ranks["score"].corr(ranks[value])) if len(table) > 2 else 0.0
    bands = " ".join(
        EVALUATION_BAND.format(
            band=band, n=n, share=percent(share) if share > 0 else f"{share:.1%}", word=word
        )
        for band, n, share in band_facts(table, value)
        if n
    )
    return EVALUATION_ALT.format(
        n=len(table), low=table["score"].min(), high=table["score"].max(), word=word, unit=unit,
        least=table[value].min(), most=table[value].max(), lo=limits[0], hi=limits[1], strong=limits[2],
        bands=bands, name=out.name, value=out.value, score=out.score,
        slope="has no slope" if abs(slope) < 0.1 else "rises" if slope > 0 else "falls",
    )  # fmt: skip


# The six C's --------------------------------------------------------------------------------------------

SIX_TITLE = "{name}: weakest in {weakest}, {low:.1f} points; strongest in {strongest}, {high:.1f}"
SIX_ALT = "Radar of the six C's, 0 to 100 points. {name}: {firm}. Middle of all {n:,} firms: {others}."


def six_title(firm: pd.Series, name: str, columns: list[str]) -> str:
    """The weakest and the strongest C of a firm.

    >>> six_title(pd.Series({"capital": 60.0, "condition": 71.0}), "Bo", ["capital", "condition"])
    'Bo: weakest in capital, 60.0 points; strongest in condition, 71.0'
    """
    scores = firm[columns].astype(float)
    return SIX_TITLE.format(
        name=name, weakest=scores.idxmin(), low=scores.min(), strongest=scores.idxmax(), high=scores.max()
    )


def alt_six_c(firm: pd.Series, others: pd.DataFrame, *, name: str = "This firm") -> str:
    """Say in words what `plot_six_c` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_six_c`.

    Examples
    --------
    >>> from casebook.identification import SIX_C
    >>> all_firms = pd.DataFrame([[80, 70, 60, 50, 75, 85]], columns=SIX_C)
    >>> alt_six_c(all_firms.iloc[0], all_firms, name="Bo")[:72]
    "Radar of the six C's, 0 to 100 points. Bo: character 80.0, capacity 70.0"
    """
    columns = six_columns(firm, others)
    middle = others[columns].median()
    return SIX_ALT.format(
        name=name,
        n=len(others),
        firm=", ".join(f"{c} {float(firm[c]):.1f}" for c in columns),
        others=", ".join(f"{c} {middle[c]:.1f}" for c in columns),
    )


def six_columns(firm: pd.Series, others: pd.DataFrame) -> list[str]:
    """The six columns, or a TableError that names the one that is missing.

    >>> six_columns(pd.Series({"capital": 60.0}), pd.DataFrame({"capital": [60.0]}))
    Traceback (most recent call last):
    casebook.errors.TableError: The table has no column 'character'; it has ['capital']. Give the table that
    a credit file returns.
    """
    from casebook.identification import SIX_C

    columns = list(SIX_C)
    for table in (firm.to_frame().T, others):
        require(table, columns, "a credit file")
    refuse_empty(others)
    return columns


# The migration matrix ------------------------------------------------------------------------------------

MIGRATION_TITLE = "{seen} keep their class; if nobody had changed, chance would keep {chance}"
MIGRATION_ALT = (
    "Grid of classes before (rows) against classes after (columns). {cells} Of all {n:,} customers: {ways} "
    "Cells outside what 95% of the shuffles make: {odd}."
)
MIGRATION_CELL = "From {a} to {b}: {count:,} customers, {seen} of the row, {chance} by chance."
MIGRATION_WAY = "{to} {seen} ({chance} by chance, {low} to {high})"
CELL_NOTE = "{count:,}\n{seen}, chance {chance}"


def checked_migration(table: pd.DataFrame) -> pd.DataFrame:
    """Refuse a table that `identification.migration_by_chance` did not make.

    >>> checked_migration(pd.DataFrame({"from": ["all"]}))
    Traceback (most recent call last):
    casebook.errors.TableError: The table has no column 'to'; it has ['from']. Give the table that
    identification.migration_by_chance returns.
    """
    columns = ["from", "to", "customers", "seen", "by_chance", "low", "high"]
    require(table, columns, "identification.migration_by_chance")
    if table.empty or "all" not in set(table["from"]):
        raise TableError("The table has no rows for all customers, so there is nothing to draw.")
    return table


def share(value: float) -> str:
    """A share as a whole percentage, or a dash where nobody was there.

    >>> share(0.475), share(float("nan"))
    ('48%', '–')
    """
    return "–" if np.isnan(value) else f"{value:.0%}"


def is_odd(row: pd.Series) -> bool:
    """Whether a move was seen more, or less, often than 95 % of the shuffles make it.

    >>> is_odd(pd.Series({"seen": 0.2, "low": 0.1, "high": 0.15}))
    True
    """
    return bool(row["seen"] < row["low"] or row["seen"] > row["high"])


def migration_title(table: pd.DataFrame) -> str:
    """How many keep their class, and how many would by chance.

    >>> row = {"from": "all", "to": "same class", "customers": 5, "seen": 0.5, "by_chance": 0.52, "low": 0.4,
    ...        "high": 0.6}
    >>> migration_title(pd.DataFrame([row]))
    '50% keep their class; if nobody had changed, chance would keep 52%'
    """
    row = table[(table["from"] == "all") & (table["to"] == "same class")].iloc[0]
    return MIGRATION_TITLE.format(seen=share(row["seen"]), chance=share(row["by_chance"]))


def alt_migration(table: pd.DataFrame) -> str:
    """Say in words what `plot_migration` draws; the argument is the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_migration`.

    Examples
    --------
    >>> from casebook.identification import migration_by_chance
    >>> orders = pd.DataFrame({"who": list("aabb"), "half": [1, 2, 1, 2], "money": [9.0, 9.0, 1.0, 1.0]})
    >>> alt_migration(migration_by_chance(orders, "money", "who", "half", B=20))[:72]
    'Grid of classes before (rows) against classes after (columns). From A to'
    """
    checked_migration(table)
    cells = table[(table["from"] != "all") & (table["customers"] > 0)]
    ways = table[table["from"] == "all"]
    odd = [f"{r['from']} to {r['to']}" for _, r in table[table["from"] != "all"].iterrows() if is_odd(r)]
    return MIGRATION_ALT.format(
        cells=" ".join(
            MIGRATION_CELL.format(
                a=r["from"],
                b=r["to"],
                count=r["customers"],
                seen=share(r["seen"]),
                chance=share(r["by_chance"]),
            )
            for _, r in cells.iterrows()
        ),
        n=int(ways["customers"].sum()),
        ways=", ".join(
            MIGRATION_WAY.format(
                to=r["to"], seen=share(r["seen"]), chance=share(r["by_chance"]), low=share(r["low"]),
                high=share(r["high"]),
            )
            for _, r in ways.iterrows()
        )
        + ".",
        odd=", ".join(odd) or "none",
    )  # fmt: skip
