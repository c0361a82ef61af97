"""The words of the pictures of credit: titles that state the finding, and alternative texts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words import refuse_empty, require

__all__ = ["alt_credit_line", "alt_default_rates", "alt_grades_seen", "alt_woe", "line_table", "line_title"]
__all__ += ["rates_title", "seen_table", "seen_title", "woe_title"]

RATES_TITLE = (
    "From {first} to {last} the share of defaults goes from {low} to {high}; "
    "{bad} of {all} defaults are outside {last}"
)
RATES_ALT = "Shares of defaults by group, with 95% intervals. {rows}"
RATES_ROW = "{group}: {defaults} of {n} defaulted, {rate}, interval {low} to {high}."
WOE_TITLE = "{variable}: from {worst} to {best} the odds of paying rise {times:.1f} times (IV {iv:.2f})"
WOE_ALT = (
    "Bars of the weight of evidence of {variable}, above zero for good. {rows} Information value {iv:.2f}."
)
WOE_ROW = "{bin}: {n} rows, {bad} bad, weight {woe:+.2f}."
LINE_TITLE = "Cash first from {out} of {n} customers: {by}"
LINE_NONE = "Credit for all of the {n} customers"
LINE_ALT = (
    "Points for {n} customers: probability of default against the one at which credit stops paying, "
    "both from {least} to 100% on logarithmic scales, marked by grade; a diagonal line where both are equal. "
    "{rows}"
)
LINE_ROW = "Grade {grade}: {n} customers, {out} pay first; middle probability {pd}."
SEEN_TITLE = "The grade seen is the true one for {same} of {n} ({share}), and off by one or none for {near}"
SEEN_ALT = "Grid of the grade seen (rows) against the true grade (columns), counts. {rows}"


def rates_title(rates: pd.DataFrame) -> str:
    """The finding of `plot_default_rates`.

    >>> rates_title(pd.DataFrame({"group": ["A", "D"], "n": [4, 2], "defaults": [1, 1],
    ...                           "rate": [0.25, 0.5], "low": [0.05, 0.09], "high": [0.7, 0.91]}))
    'From A to D the share of defaults goes from 25% to 50%; 1 of 2 defaults are outside D'
    """
    require(rates, ["group", "n", "defaults", "rate", "low", "high"], "credit.default_rates")
    refuse_empty(rates)
    first, last = rates.iloc[0], rates.iloc[-1]
    everyone = int(rates["defaults"].sum())
    return RATES_TITLE.format(
        first=first["group"], last=last["group"], low=percent(first["rate"]), high=percent(last["rate"]),
        bad=everyone - int(last["defaults"]), all=everyone,
    )  # fmt: skip


def alt_default_rates(rates: pd.DataFrame) -> str:
    """Say in words what `plot_default_rates` draws.

    >>> alt_default_rates(pd.DataFrame({"group": ["A"], "n": [4], "defaults": [1], "rate": [0.25],
    ...                                 "low": [0.05], "high": [0.7]}))
    'Shares of defaults by group, with 95% intervals. A: 1 of 4 defaulted, 25%, interval 5% to 70%.'
    """
    rates_title(rates)
    shown = {c: rates[c].map(percent) for c in ("rate", "low", "high")}
    rows = [RATES_ROW.format_map(row) for row in rates.assign(**shown).to_dict("records")]
    return RATES_ALT.format(rows=" ".join(rows))


def woe_title(table: pd.DataFrame) -> str:
    """The finding of `plot_woe`.

    >>> woe_title(pd.DataFrame({"variable": "sued", "bin": ["no", "yes"], "n": [9, 3], "bad": [1, 2],
    ...                         "woe": [0.5, -0.5], "iv": [0.1, 0.2]}))
    'sued: from yes to no the odds of paying rise 2.7 times (IV 0.30)'
    """
    require(table, ["variable", "bin", "n", "bad", "woe", "iv"], "scorecard.woe_table")
    refuse_empty(table)
    woe = table["woe"].to_numpy(dtype=float)
    worst, best = table.iloc[int(woe.argmin())], table.iloc[int(woe.argmax())]
    times = float(np.exp(best["woe"] - worst["woe"]))
    return WOE_TITLE.format(
        variable=_plain(table["variable"].iloc[0]), worst=worst["bin"], best=best["bin"], times=times,
        iv=table["iv"].sum(),
    )  # fmt: skip


def alt_woe(table: pd.DataFrame) -> str:
    """Say in words what `plot_woe` draws.

    >>> alt_woe(pd.DataFrame({"variable": "sued", "bin": ["yes"], "n": [3], "bad": [2], "woe": [-0.5],
    ...                       "iv": [0.2]}))
    'Bars of the weight of evidence of sued, above zero for good. yes: 3 rows, 2 bad, weight -0.50.
    Information value 0.20.'
    """
    woe_title(table)
    rows = [WOE_ROW.format(bin=r.bin, n=r.n, bad=r.bad, woe=r.woe) for r in table.itertuples()]
    return WOE_ALT.format(
        variable=_plain(table["variable"].iloc[0]), rows=" ".join(rows), iv=table["iv"].sum()
    )


def line_table(book: pd.DataFrame) -> pd.DataFrame:
    """Count by grade who pays first; refuses a table without a decision.

    >>> line_table(pd.DataFrame({"credit_grade": ["A", "D"], "pd": [0.1, 0.2], "breakeven_pd": [0.2, 0.1],
    ...                          "decision": ["credit", "cash first"]}))
      grade  n  out   pd
    0     A  1    0  0.1
    1     D  1    1  0.2
    """
    require(book, ["credit_grade", "pd", "breakeven_pd", "decision"], "credit.credit_decision")
    refuse_empty(book)
    table = book.assign(out=(book["decision"] == "cash first").astype(int)).groupby("credit_grade")
    found = table.agg(n=("out", "size"), out=("out", "sum"), pd=("pd", "median")).reset_index()
    return found.rename(columns={"credit_grade": "grade"})


def line_title(book: pd.DataFrame) -> str:
    """The finding of `plot_credit_line`.

    >>> line_title(pd.DataFrame({"credit_grade": ["A", "D"], "pd": [0.1, 0.2], "breakeven_pd": [0.2, 0.1],
    ...                          "decision": ["credit", "cash first"]}))
    'Cash first from 1 of 2 customers: 1 D'
    """
    table = line_table(book)
    out, n = int(table["out"].sum()), int(table["n"].sum())
    if not out:
        return LINE_NONE.format(n=n)
    by = ", ".join(f"{row['out']} {row['grade']}" for row in table.to_dict("records") if row["out"])
    return LINE_TITLE.format(out=out, n=n, by=by)


def alt_credit_line(book: pd.DataFrame, *, least: float = 0.005) -> str:
    """Say in words what `plot_credit_line` draws.

    >>> alt_credit_line(pd.DataFrame({"credit_grade": ["A"], "pd": [0.1], "breakeven_pd": [0.2],
    ...                               "decision": ["credit"]}))[-69:]
    'are equal. Grade A: 1 customers, 0 pay first; middle probability 10%.'
    """
    table = line_table(book)
    rows = [LINE_ROW.format_map(row) for row in table.assign(pd=table["pd"].map(percent)).to_dict("records")]
    return LINE_ALT.format(n=len(book), least=percent(least), rows=" ".join(rows))


def seen_table(seen: pd.Series, true: pd.Series) -> pd.DataFrame:
    """Count customers by grade seen (rows) and true grade (columns), all four in both.

    >>> seen_table(pd.Series(["A", "B"]), pd.Series(["A", "D"])).loc["B", "D"]
    np.int64(1)
    """
    if len(seen) != len(true):
        raise TableError(f"{len(seen):,} grades seen, but {len(true):,} true ones.")
    if not len(seen):
        raise TableError("There are no grades, so there is nothing to draw.")
    grades = list("ABCD")
    odd = sorted((set(seen) | set(true)) - set(grades), key=str)
    if odd:
        raise TableError(f"A grade is one of A, B, C, D; got {odd[0]!r}.")
    counts = pd.crosstab(pd.Series(seen.to_numpy(), name="seen"), pd.Series(true.to_numpy(), name="true"))
    return counts.reindex(index=grades, columns=grades, fill_value=0)


def seen_title(counts: pd.DataFrame) -> str:
    """The finding of `plot_grades_seen`.

    >>> seen_title(seen_table(pd.Series(["A", "B"]), pd.Series(["A", "D"])))
    'The grade seen is the true one for 1 of 2 (50%), and off by one or none for 50%'
    """
    cells = counts.to_numpy()
    rows, columns = np.indices(cells.shape)
    n, same = int(cells.sum()), int(np.trace(cells))
    near = cells[np.abs(rows - columns) <= 1].sum() / n
    return SEEN_TITLE.format(same=same, n=n, share=percent(same / n), near=percent(float(near)))


def alt_grades_seen(seen: pd.Series, true: pd.Series) -> str:
    """Say in words what `plot_grades_seen` draws.

    >>> alt_grades_seen(pd.Series(["A", "B"]), pd.Series(["A", "D"]))[:98]
    'Grid of the grade seen (rows) against the true grade (columns), counts. Seen A: 1 truly A, 0 truly'
    """
    counts = seen_table(seen, true)
    rows = [
        f"Seen {grade}: " + ", ".join(f"{n} truly {t}" for t, n in row.items()) + "."
        for grade, row in counts.iterrows()
    ]
    return SEEN_ALT.format(rows=" ".join(rows))


def _plain(name: str) -> str:
    return str(name).replace("_", " ")
