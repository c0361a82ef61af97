"""From someone's file to a table with our names and types: map, read, check, and say what is wrong where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypedDict

import pandas as pd

from casebook.report.cells import progress
from casebook.report.dates import DATE_ORDERS, dates
from casebook.report.messages import CannotRead, nearest, stop
from casebook.report.numbers import numbers
from casebook.report.parse import Parsed, customers
from casebook.report.read import read_cells

__all__ = ["ROLES", "How", "Lines", "check_mapping", "parse_mapping", "read_lines"]


class Role(NamedTuple):
    """What a column of someone's file can be for us."""

    kind: str
    meaning: str


#: Every column that a report can ask for.
ROLES = {
    "customer_id": Role("customer", "who bought"),
    "date": Role("date", "the day of the sale"),
    "qty": Role("number", "pieces; negative for a return"),
    "unit_price": Role("number", "money for one piece"),
    "amount": Role("number", "money of the line; negative for a return"),
}


class How(TypedDict, total=False):
    """How to read a file where it does not say so itself; each is left out if the file settles it."""

    date_order: str | None  #: "dmy", "mdy" or "ymd"
    decimal: str | None  #: "." or ","
    delimiter: str | None  #: one character, or "tab"
    encoding: str | None  #: for instance "gb18030" or "cp1252"
    sheet: str | None  #: of an Excel file


@dataclass(frozen=True)
class Lines:
    """The lines of a file under our names.

    >>> nothing = pd.DataFrame()
    >>> Lines(nothing, nothing, pd.Series([False]), pd.Series(["date is blank"]), nothing).unreadable.tolist()
    ['date is blank']
    """

    table: (
        pd.DataFrame
    )  #: one row per line, index `line`; one column per role, typed; missing where unreadable
    cells: pd.DataFrame  #: the same cells as they stand
    ragged: (
        pd.Series
    )  #: whether the line has another number of cells than the header, so that none can be trusted
    unreadable: pd.Series  #: what cannot be read in the line, or ""
    reading: pd.DataFrame  #: `what` and `how`: what was settled while reading


def check_mapping(mapping: Mapping[str, str], needed: Sequence[str] = ()) -> None:
    """Refuse a mapping that names an unknown role, no column, or one column twice, or lacks a role.

    Parameters
    ----------
    mapping : mapping of role to column
    needed : sequence of roles

    Raises
    ------
    CannotRead

    Examples
    --------
    >>> check_mapping({"custmer_id": "Client"})
    Traceback (most recent call last):
    casebook.report.messages.CannotRead: There is no field 'custmer_id' to map. Did you mean 'customer_id'?
    There are: customer_id, date, qty, unit_price, amount.
    """
    for role, column in mapping.items():
        if role not in ROLES:
            raise stop("no_role", role=role, hint=nearest(role, list(ROLES)), roles=", ".join(ROLES))
        if not column:
            raise stop("no_column_named", role=role)
        roles = [name for name, other in mapping.items() if other == column]
        if len(roles) > 1:
            raise stop("column_twice", column=column, roles=" and ".join(roles))
    for role in needed:
        if role not in mapping:
            raise stop("not_mapped", role=role)


def parse_mapping(texts: Sequence[str]) -> dict[str, str]:
    """Turn ``role=column`` texts, as on the command line, into a mapping.

    Parameters
    ----------
    texts : sequence of str
        The column may hold an equals sign itself.

    Returns
    -------
    dict of role to column

    Raises
    ------
    CannotRead
        If there is no equals sign, or a role comes twice.

    Examples
    --------
    >>> parse_mapping(["customer_id=Client code", "amount=Net"])
    {'customer_id': 'Client code', 'amount': 'Net'}
    """
    mapping: dict[str, str] = {}
    for text in texts:
        role, equals, column = (part.strip() for part in text.partition("="))
        if not equals:
            raise stop("bad_map", text=text)
        if role in mapping:
            raise stop("role_twice", role=role, columns=f"{mapping[role]!r} and {column!r}")
        mapping[role] = column
    return mapping


def read_lines(file: str | Path, mapping: Mapping[str, str], how: How | None = None) -> Lines:
    r"""Read and check every mapped column of every line, needed or not.

    Parameters
    ----------
    file : path
        CSV, zipped CSV, Excel or Parquet.
    mapping : mapping of role to column
        See `ROLES`.
    how : How, optional
        What the file does not settle itself.

    Returns
    -------
    Lines

    Raises
    ------
    CannotRead
        If the file or the mapping cannot be used, or a column can be read in more than one way.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "sales.csv")
    ...     _ = path.write_text("Client;Day;Net\n007;25/12/2024;1,5\n008;31/2/2024;n/a\n", encoding="utf-8")
    ...     lines = read_lines(path, {"customer_id": "Client", "date": "Day", "amount": "Net"})
    >>> lines.table
         customer_id       date  amount
    line
    2            007 2024-12-25     1.5
    3            008        NaT     NaN
    >>> lines.unreadable[3]
    'date is not a date; amount is not a number'
    """
    how = how or {}
    check_mapping(mapping)
    _check_how(how)
    mapping = {role: column.strip() for role, column in mapping.items()}
    opened = read_cells(
        file,
        mapping,
        delimiter=how.get("delimiter"),
        encoding=how.get("encoding"),
        sheet=how.get("sheet"),
    )
    raw = opened.table.set_index("line")
    parsed = _parse(raw, mapping, how)
    unreadable = raw["ragged"].astype("str")
    for role, column in parsed.items():
        unreadable = _add_reasons(unreadable, role, column.problems)
    notes = opened.notes + [(mapping[role], f"{role}: {column.note}") for role, column in parsed.items()]
    return Lines(
        pd.DataFrame({role: column.values for role, column in parsed.items()}, index=raw.index),
        raw.drop(columns="ragged"),
        raw["ragged"] != "",
        unreadable,
        pd.DataFrame(notes, columns=["what", "how"]),
    )


def _check_how(how: How) -> None:
    known = list(How.__annotations__)
    for name in how:
        if name not in known:
            raise stop("no_option", option=name, hint=nearest(name, known), options=", ".join(known))
    for name, allowed in (("date_order", DATE_ORDERS), ("decimal", (".", ","))):
        given = how.get(name)
        if given is not None and given not in allowed:
            option = "--" + name.replace("_", "-")
            raise stop("bad_choice", option=option, allowed=" or ".join(allowed), given=given)


def _parse(raw: pd.DataFrame, mapping: Mapping[str, str], how: How) -> dict[str, Parsed]:
    """Every column by the kind of its role; the columns that cannot be settled are named together."""
    parsed, unsettled = {}, []
    sound = raw[raw["ragged"] == ""]  # cells that may have moved do not settle anything
    for role, column in progress("Checking columns", len(mapping), " columns", over=mapping.items()):
        cells, kind = sound[role], ROLES[role].kind
        try:
            if kind == "customer":
                parsed[role] = customers(cells)
            elif kind == "date":
                parsed[role] = dates(cells, column, how.get("date_order"))
            else:
                parsed[role] = numbers(cells, column, how.get("decimal"))
        except CannotRead as error:
            unsettled.append(error)
    if len(unsettled) == 1:
        raise unsettled[0]
    if unsettled:
        raise CannotRead(" Also: ".join(error.sentence for error in unsettled))
    return parsed


def _add_reasons(unreadable: pd.Series, role: str, problems: pd.Series) -> pd.Series:
    bad = problems[problems != ""]
    joined = unreadable[bad.index].where(unreadable[bad.index] == "", unreadable[bad.index] + "; ")
    added = unreadable.copy()
    added[bad.index] = joined + f"{role} is " + bad
    return added
