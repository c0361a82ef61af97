"""The words of the pictures of what is owed; see `words` for the rules."""

from __future__ import annotations

import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words import number, require

__all__ = ["alt_aging", "alt_roll_rates"]

AGING_TITLE = "{late} of what is owed is overdue{oldest}"
AGING_OLDEST = ", and {part} is more than {days} days late"
AGING_ALT = "Bars of open receivables in {unit} by days past due: {bars}."
AGING_BAR = "{bucket}: {open} in {invoices:,} invoices, {share}"
ROLL_TITLE = "Within a month {first} of what is current is paid, of what is oldest {last}"
ROLL_ALT = "Stacked bars, one a bucket: what becomes of its balance within a month. {bars}."
ROLL_BAR = "{bucket}: {parts}"
#: What may become of a balance, from the bottom of a bar.
PARTS = ("paid", "stays", "older", "lost")


def checked_aging(aged: pd.DataFrame) -> pd.DataFrame:
    """Refuse a table that `casebook.receivables.aging` did not make, or in which nothing is open.

    >>> table = pd.DataFrame({"bucket": ["current"], "invoices": [1], "open": [5.0], "share": [1.0]})
    >>> len(checked_aging(table))
    1
    """
    require(aged, ["bucket", "invoices", "open", "share"], "receivables.aging")
    if not aged["open"].sum() > 0:
        raise TableError("Nothing is open on that day, so there is nothing to draw.")
    return aged


def aging_title(aged: pd.DataFrame) -> str:
    """The finding: how much is overdue, and how much belongs to the oldest bucket.

    >>> table = pd.DataFrame({"bucket": ["current", "1-30", ">30"], "share": [0.5, 0.3, 0.2]})
    >>> aging_title(table)
    '50% of what is owed is overdue, and 20% is more than 30 days late'
    """
    late = aged.loc[aged["bucket"] != "current", "share"].sum()
    last = aged.iloc[-1]
    old = str(last["bucket"]).startswith(">") and last["share"] > 0
    oldest = AGING_OLDEST.format(part=percent(last["share"]), days=str(last["bucket"])[1:]) if old else ""
    return AGING_TITLE.format(late=percent(late), oldest=oldest)


def alt_aging(aged: pd.DataFrame, *, unit: str = "RMB") -> str:
    """Say in words what `plot_aging` draws; the arguments are the same.

    Returns
    -------
    str
        A sentence from which the picture could be drawn.

    Raises
    ------
    TableError
        If a column is missing or nothing is open.

    Examples
    --------
    >>> table = pd.DataFrame({"bucket": ["current"], "invoices": [1], "open": [500.0], "share": [1.0]})
    >>> alt_aging(table)
    'Bars of open receivables in RMB by days past due: current: 500 in 1 invoices, 100%.'
    """
    bars = "; ".join(
        AGING_BAR.format(
            bucket=row["bucket"],
            open=number(row["open"]),
            invoices=row["invoices"],
            share=percent(row["share"]),
        )
        for row in checked_aging(aged).to_dict("records")
    )
    return AGING_ALT.format(unit=unit, bars=bars)


def roll_parts(rates: pd.DataFrame) -> pd.DataFrame:
    """The four parts of each bucket's balance a month later, by bucket.

    >>> rates = pd.DataFrame({"bucket": ["current", "1-30"], "current": [0.1, 0.0], "1-30": [0.3, 0.4],
    ...                       "paid": [0.6, 0.5], "lost": [0.0, 0.1]})
    >>> roll_parts(rates).loc["current"].round(2).tolist()
    [0.6, 0.1, 0.3, 0.0]
    """
    require(rates, ["bucket", "paid", "lost"], "provision.roll_rates")
    known = rates.dropna()
    if known.empty:
        raise TableError("No bucket has rates, so there is nothing to draw.")
    rows = {}
    for row in known.to_dict("records"):
        stays = float(row[row["bucket"]])
        moved = sum(float(row[name]) for name in known["bucket"]) - stays
        rows[row["bucket"]] = (float(row["paid"]), stays, moved, float(row["lost"]))
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(PARTS))


def roll_title(parts: pd.DataFrame) -> str:
    """The finding: how fast the youngest bucket is paid, and the oldest.

    >>> roll_title(pd.DataFrame({"paid": [0.6, 0.01]}))
    'Within a month 60% of what is current is paid, of what is oldest 1%'
    """
    return ROLL_TITLE.format(first=percent(parts["paid"].iloc[0]), last=percent(parts["paid"].iloc[-1]))


def alt_roll_rates(rates: pd.DataFrame) -> str:
    """Say in words what `plot_roll_rates` draws; the argument is the same.

    Returns
    -------
    str
        Sentences from which the picture could be drawn.

    Raises
    ------
    TableError
        If a column is missing, or no bucket has rates.

    Examples
    --------
    >>> rates = pd.DataFrame({"bucket": ["current"], "current": [0.4], "paid": [0.5], "lost": [0.1]})
    >>> alt_roll_rates(rates)[-55:]
    'within a month. current: paid 50%, stays 40%, lost 10%.'
    """
    bars = "; ".join(
        ROLL_BAR.format(
            bucket=bucket,
            parts=", ".join(f"{name} {percent(row[name])}" for name in PARTS if round(row[name], 4) > 0),
        )
        for bucket, row in roll_parts(rates).iterrows()
    )
    return ROLL_ALT.format(bars=bars)
