"""ABC analysis of someone's own sales lines: who are the few that bring the most, and what was left out?"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Unpack

import pandas as pd

from casebook import classification
from casebook.report import abc_words as words
from casebook.report.abc_words import WORDS
from casebook.report.lines import How, Lines, check_mapping, read_lines
from casebook.report.messages import FIRST_ROWS, CannotRead, stop
from casebook.report.page import abc_fragment, abc_page
from casebook.report.parse import as_text
from casebook.report.write import csv_text, write_all

__all__ = ["FILES", "AbcReport", "abc"]

#: What `AbcReport.write` writes.
FILES = ("abc.csv", "no_balance.csv", "set_aside.csv", "report.html")


@dataclass(frozen=True)
class AbcReport:
    r"""What came out of `abc`: tables, sentences, and the files to write.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "sales.csv")
    ...     _ = path.write_text("who,net\nAda,70\nBo,25\nCy,5\n,9\n", encoding="utf-8")
    ...     report = abc(path, {"customer_id": "who", "amount": "net"})
    >>> report.set_aside
       line       reason customer_id amount
    0     5  no customer                  9
    """

    file: str  #: name of the file that was read
    customers: pd.DataFrame  #: best first: customer_id, value, share, cum_share, abc_value, reason
    classes: pd.DataFrame  #: one row per class: abc_value, customers, customer_share, value, value_share
    no_balance: pd.DataFrame  #: customers at or below zero: customer_id, value, reason
    set_aside: pd.DataFrame  #: lines not used: line, reason, the mapped cells as they stood
    reading: pd.DataFrame  #: what, how: how the file was read
    sentences: tuple[str, str, str]  #: the finding
    options: str  #: what was asked for, as on the command line
    unit: str = ""  #: currency, for people

    def write(self, out: str | Path) -> list[Path]:
        """Write abc.csv, no_balance.csv, set_aside.csv and report.html, all of them or none.

        Parameters
        ----------
        out : path
            The folder; it is made if need be, and other files in it are left alone.

        Returns
        -------
        list of Path

        Raises
        ------
        CannotRead
            If something cannot be written; then everything is as it was before.

        Examples
        --------
        ``report.write("out")``
        """
        tables = (self.customers.drop(columns="reason"), self.no_balance, self.set_aside)
        texts = [*map(csv_text, tables), abc_page(self)]
        return write_all(Path(out), dict(zip(FILES, texts, strict=True)))

    def __repr__(self) -> str:
        return html.unescape(" ".join(self.sentences))

    def _repr_html_(self) -> str:
        return abc_fragment(self)


def abc(
    file: str | Path,
    mapping: Mapping[str, str],
    *,
    returns: str | None = None,
    set_aside: str | None = None,
    unit: str = "",
    **how: Unpack[How],
) -> AbcReport:
    r"""Classify the customers of a sales file A, B or C by what they bring.

    Parameters
    ----------
    file : path
        CSV (any delimiter), zipped CSV, Excel (.xlsx) or Parquet; one row per sales line, with a header.
    mapping : mapping of role to column
        ``customer_id``, and ``amount`` or ``qty`` with ``unit_price``; ``date`` if you like. All that is
        mapped is read and checked, needed or not.
    returns : {"net", "exclude"}, optional
        What to do with negative amounts: add them up with the rest, or leave those lines out. Without it
        they stop.
    set_aside : {"unreadable"}, optional
        Leave out lines that cannot be read. Without it they stop.
    unit : str, optional
        The currency, for people: "EUR".
    date_order, decimal, delimiter, encoding, sheet : str, optional
        How to read the file, where it does not settle that itself; see `casebook.report.How`.

    Returns
    -------
    AbcReport

    Raises
    ------
    CannotRead
        With one sentence that says what is wrong, where, and what to do. It names options as the command line
        does: ``--date-order dmy`` there is ``date_order="dmy"`` here.

    Notes
    -----
    Lines without a customer are set aside and counted. Money is added exactly; cuts are 80 % and 95 %, and
    the customer who crosses a cut belongs to the better class: see `casebook.classification.abc`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "sales.csv")
    ...     _ = path.write_text("who;pieces;price\nAda;7;10,00\nBo;1;25,50\nCy;1;4,50\n", encoding="utf-8")
    ...     abc(path, {"customer_id": "who", "qty": "pieces", "unit_price": "price"}).customers
      customer_id  value  share  cum_share abc_value                       reason
    0         Ada   70.0  0.700      0.700         A  starts below 80% of the total
    1          Bo   25.5  0.255      0.955         A  starts below 80% of the total
    2          Cy    4.5  0.045      1.000         C         starts at 95% or above
    """
    asked: dict[str, Any] = {"returns": returns, "set_aside": set_aside, **how}
    _check_asked(mapping, asked)
    name = Path(file).name
    lines = _refuse_double_minus(read_lines(file, mapping, how))
    negative = _negative(lines.table)
    _stop_at_problems(name, lines, negative, asked)
    aside = _reasons(lines, negative, returns)
    ranked = _classify(name, lines.table, aside)
    apart = ranked["abc_value"].isna()
    counted = negative & (aside == "") if returns == "net" else negative
    return AbcReport(
        file=name,
        customers=ranked[~apart].reset_index(drop=True),
        classes=classification.abc_summary(ranked, "value"),
        no_balance=ranked.loc[apart, ["customer_id", "value", "reason"]].reset_index(drop=True),
        set_aside=_aside_table(lines, aside),
        reading=lines.reading,
        sentences=_sentences(lines.table, aside, ranked, (returns, int(counted.sum())), unit),
        options=words.command(name, mapping, {**asked, "unit": unit}),
        unit=unit,
    )


# What is asked for, and what stops ------------------------------------------------------------------------


def _check_asked(mapping: Mapping[str, str], asked: Mapping[str, str | None]) -> None:
    check_mapping(mapping, ["customer_id"])
    if "amount" not in mapping and not {"qty", "unit_price"} <= set(mapping):
        raise stop("no_amount")
    if {"amount", "qty", "unit_price"} <= set(mapping):
        raise stop("both_amounts")
    for name, allowed in (("returns", ("net", "exclude")), ("set_aside", ("unreadable",))):
        given = asked[name]
        if given is not None and given not in allowed:
            option = "--" + name.replace("_", "-")
            raise stop("bad_choice", option=option, allowed=" or ".join(allowed), given=given)


def _refuse_double_minus(lines: Lines) -> Lines:
    """A negative quantity at a negative price would count as a sale: no one means that."""
    if "amount" in lines.table:
        return lines
    double = (lines.table["qty"] < 0) & (lines.table["unit_price"] < 0)
    said = lines.unreadable.mask(double & (lines.unreadable == ""), WORDS["double_minus"])
    return replace(lines, unreadable=said)


def _negative(table: pd.DataFrame) -> pd.Series:
    if "amount" in table:
        return table["amount"] < 0
    return (table["qty"] < 0) & (table["unit_price"] > 0) | (table["qty"] > 0) & (table["unit_price"] < 0)


def _stop_at_problems(name: str, lines: Lines, negative: pd.Series, asked: Mapping[str, str | None]) -> None:
    """Stop at what no option allows, all in one sentence, with the first lines of each kind."""
    parts: list[str] = []
    rows: list[str] = []
    bad = lines.unreadable[lines.unreadable != ""]
    if len(bad) and asked["set_aside"] is None:
        counts = bad.str.split("; ").explode().value_counts()
        more = ", …" if len(counts) > FIRST_ROWS else ""
        reasons = ", ".join(f"{n:,} x {reason}" for reason, n in counts.head(FIRST_ROWS).items()) + more
        parts.append(
            stop("unreadable", file=name, n=len(bad), lines=len(lines.table), reasons=reasons).sentence
        )
        rows += _first_lines(lines.cells, bad)
    if negative.any() and asked["returns"] is None:
        parts.append(stop("negative", file=name, n=int(negative.sum()), lines=len(lines.table)).sentence)
        rows += _first_lines(lines.cells, pd.Series(WORDS["negative"], index=negative.index[negative]))
    if parts:
        raise CannotRead("; and ".join(parts) + ".", rows)


def _first_lines(cells: pd.DataFrame, reasons: pd.Series) -> list[str]:
    """The first lines of a kind in words, each with its reason, and how many more there are."""
    rows = []
    first = reasons.head(FIRST_ROWS)
    for line, reason in zip(first.index.tolist(), first, strict=True):
        shown = " ".join(f"{role}={as_text(cell)[:40]!r}" for role, cell in cells.loc[line].items())
        rows.append(f"line {line}, {shown}: {reason}")
    rest = len(reasons) - len(rows)
    return rows + ([f"and {rest:,} more such lines"] if rest else [])


# Tables ---------------------------------------------------------------------------------------------------


def _reasons(lines: Lines, negative: pd.Series, returns: str | None) -> pd.Series:
    """Why a line is not used, all its reasons; empty for a line that is."""
    kinds: list[tuple[pd.Series, str | pd.Series]] = [
        (lines.table["customer_id"].isna() & ~lines.ragged, WORDS["no_customer"]),
        (lines.unreadable != "", lines.unreadable),
        (negative & (returns == "exclude"), WORDS["negative"]),
    ]
    reasons = pd.Series("", index=lines.table.index, dtype="str")
    for where, reason in kinds:
        said = reasons.where(reasons == "", reasons + "; ") + reason
        reasons = reasons.mask(where, said)
    return reasons


def _classify(name: str, table: pd.DataFrame, aside: pd.Series) -> pd.DataFrame:
    """The customers of the lines that are used, best first; those at or below zero last, without a class."""
    used = table[aside == ""]
    if used.empty:
        counts = ", ".join(f"{n:,} x {reason}" for reason, n in aside.value_counts().head(FIRST_ROWS).items())
        raise stop("nothing_left", file=name, lines=len(aside), reasons=counts)
    values = classification.customer_value(used, "customer_id", **_money(table))
    if not (values["value"] > 0).any():
        raise stop("all_nonpositive", file=name, n=len(values))
    return classification.abc(values, "value", "customer_id", on_nonpositive="apart")


def _money(table: pd.DataFrame) -> dict[str, str]:
    return {"amount": "amount"} if "amount" in table else {"qty": "qty", "unit_price": "unit_price"}


def _worth_without_customer(table: pd.DataFrame, aside: pd.Series) -> float | None:
    """What the lines add up to that have everything but a customer; None if there is no such line."""
    nameless = table[aside == WORDS["no_customer"]].assign(customer_id="all")
    if nameless.empty:
        return None
    return float(classification.customer_value(nameless, "customer_id", **_money(table))["value"].iloc[0])


def _sentences(
    table: pd.DataFrame, aside: pd.Series, ranked: pd.DataFrame, returns: tuple[str | None, int], unit: str
) -> tuple[str, str, str]:
    """The finding: who the few are, how unequal customers are, and what it leaves out."""
    classified = ranked["abc_value"].notna()
    careful = words.careful(
        lines=len(aside),
        aside=int((aside != "").sum()),
        worth=_worth_without_customer(table, aside),
        no_balance=ranked.loc[~classified, "value"],
        returns=returns,
        unit=unit,
    )
    few = words.few(classification.abc_summary(ranked, "value"), unit)
    return few, words.spread(ranked.loc[classified, "value"]), careful


def _aside_table(lines: Lines, aside: pd.Series) -> pd.DataFrame:
    found = aside[aside != ""]
    cells = lines.cells.loc[found.index].map(as_text)
    return pd.concat([found.rename("reason"), cells], axis=1).reset_index()
