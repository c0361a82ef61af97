"""Every stop of the own-data reader: one plain sentence that says what is wrong, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from casebook.errors import TableError

__all__ = ["FIRST_ROWS", "STOPS", "CannotRead", "listed", "nearest", "printable", "stop"]

#: So many of the offending lines are shown below the sentence.
FIRST_ROWS = 5

#: The sentences, by name; `stop` fills them.
STOPS = {
    # the file
    "no_file": "There is no file {file}.{hint}",
    "a_folder": "{file} is a folder: name the file in it.",
    "not_allowed": "{file} cannot be opened ({why}): ask for the right to read it.",
    "empty": "{file} is empty.",
    "no_lines": "{file} has a header but no line below it.",
    "old_excel": "{file} is an old or a locked Excel file: open it, and save it as .xlsx without a password.",
    "gzip": "{file} is packed with gzip: unpack it first.",
    "zip_many": "{file} holds {n} files ({names}): unpack it and name the one that you mean.",
    "zip_none": "{file} is a zip file with nothing in it.",
    "zip_locked": "{file} is locked with a password: unpack it first.",
    "zip_inside": "{file} holds {names}, which is not text: unpack it and name that file.",
    "broken": "{file} is damaged ({why}): get a new copy.",
    "no_extra": (
        "Reading {kind} needs {package}, which is not installed: pip install 'crm-casebook[{extra}]'."
    ),
    "foreign_option": "{option} says how to read {wanted}, and {file} is {kind}: leave {option} out.",
    # text
    "nul": (
        "{file} holds NUL bytes (line {line}), so it is no plain text: save it as CSV in UTF-8, or say "
        "--encoding utf-16-le if it is Unicode text."
    ),
    "not_utf8": "{file} is not UTF-8 (line {line}): say which encoding it has with --encoding{candidates}.",
    "not_encoding": (
        "{file} is not {encoding} (line {line}): say another --encoding, or leave it out for UTF-8."
    ),
    "unknown_encoding": (
        "There is no encoding {encoding!r}: say --encoding utf-8, gb18030, big5 or cp1252, for instance."
    ),
    "bad_delimiter": "The delimiter {delimiter!r} is not one character: say --delimiter ',' or ';' or tab.",
    "which_delimiter": (
        "The columns are found in {file} with {found} as delimiter: say which with --delimiter."
    ),
    "quotes": (
        "{file} has a quoted cell that does not end well (line {line}): correct the quotation marks there."
    ),
    # columns
    "no_column": "{file} has no column {column!r}.{hint} It has: {columns}.",
    "twice_in_header": (
        "The column {column!r} stands {n} times in the header of {file}: give each a name of its own."
    ),
    "which_sheet": "{file} has the columns on {n} sheets ({sheets}): say which with --sheet.",
    "no_sheet": "{file} has no sheet {sheet!r}.{hint} It has: {sheets}.",
    "no_role": "There is no field {role!r} to map.{hint} There are: {roles}.",
    "role_twice": "{role} is mapped twice ({columns}): keep one.",
    "column_twice": "The column {column!r} is mapped to {roles}: one column can be one of them.",
    "no_column_named": "{role} is mapped to nothing: write --map {role}=COLUMN.",
    "bad_map": "{text!r} is not a mapping: write --map customer_id=COLUMN.",
    "not_mapped": "{role} is not mapped: say which column holds it with --map {role}=COLUMN.",
    "no_amount": (
        "No column with money is mapped: say --map amount=COLUMN, or --map qty=COLUMN and --map "
        "unit_price=COLUMN."
    ),
    "both_amounts": (
        "Both amount and qty with unit_price are mapped: leave out one way, so that it is clear which counts."
    ),
    "no_option": "There is no option {option!r}.{hint} There are: {options}.",
    "bad_choice": "{option} must be {allowed}, not {given!r}.",
    # cells
    "which_order": (
        "The dates in column {column!r} can be read in more than one order, such as {text!r} (line {line}), "
        "which is {readings}: say --date-order {orders}."
    ),
    "mixed_order": (
        "No single order reads all dates in column {column!r} ({first!r} in line {first_line}, {second!r} in "
        "line {second_line}): correct the file, or say --date-order, and the others count as unreadable."
    ),
    "which_decimal": (
        "The numbers in column {column!r} can be read in two ways, such as {text!r} (line {line}), which is "
        "{as_point} with a decimal point and {as_comma} with a decimal comma: say --decimal . or --decimal ,"
    ),
    "mixed_decimal": (
        "Column {column!r} has both decimal points and decimal commas ({first!r} in line {first_line}, "
        "{second!r} in line {second_line}): correct the file, or say --decimal . or --decimal , and the "
        "others count as unreadable."
    ),
    "unreadable": (
        "{n} of {lines} lines of {file} cannot be read ({reasons}): correct them, or say --set-aside "
        "unreadable to leave them out"
    ),
    "negative": (
        "{n} of {lines} lines of {file} have a negative amount: say --returns net to add them up with the "
        "rest, or --returns exclude to leave them out"
    ),
    "nothing_left": (
        "None of the {lines} lines of {file} can be used ({reasons}): there is nothing to classify."
    ),
    "all_nonpositive": (
        "None of the {n} customers in {file} has a value above zero: there is nothing to classify. Are the "
        "signs of the amounts right?"
    ),
    # results
    "out_is_file": "{out} is a file, not a folder: name another folder with --out.",
    "out_not_writable": "Nothing can be written to {out} ({why}): name another folder with --out.",
    "out_is_input": "The results would be written over {file}: name another folder with --out.",
}


class CannotRead(TableError):  # noqa: N818 - reads as the sentence that it carries
    """A file, a mapping or an option that cannot be used.

    Attributes
    ----------
    sentence : str
        What is wrong, where, and what to do.
    rows : tuple of str
        The first offending lines, if there are any.

    Examples
    --------
    >>> print(CannotRead("2 lines cannot be read.", ["line 3: price 'n/a'"]))
    2 lines cannot be read.
      line 3: price 'n/a'
    """

    def __init__(self, sentence: str, rows: Iterable[str] = ()) -> None:
        self.sentence, self.rows = sentence, tuple(rows)
        super().__init__("\n  ".join([sentence, *self.rows]))


def stop(name: str, rows: Iterable[str] = (), **values: Any) -> CannotRead:
    """Make the error from its sentence; counts get thousands separators, line numbers none.

    >>> stop("empty", file="sales.csv").sentence
    'sales.csv is empty.'
    """
    counts = {key for key, value in values.items() if isinstance(value, int) and not key.endswith("line")}
    shown = {key: f"{value:,}" if key in counts else value for key, value in values.items()}
    return CannotRead(STOPS[name].format(**shown), rows)


def nearest(given: str, known: Sequence[str]) -> str:
    """A suggestion for a name that does not exist, or nothing.

    >>> nearest("custmer", ["customer", "date"])
    " Did you mean 'customer'?"
    >>> nearest("weather", ["customer", "date"])
    ''
    """
    by_lower = {name.lower(): name for name in reversed(known)}
    found = difflib.get_close_matches(given.lower(), list(by_lower), n=1)
    return f" Did you mean {by_lower[found[0]]!r}?" if found else ""


def printable(text: str) -> str:
    r"""Text from a file as a terminal may show it: on one line, without control characters.

    >>> printable("a\tb\x1b[31m")
    'a?b?[31m'
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def listed(names: Sequence[str], most: int = 30) -> str:
    """Names in a row, not endlessly.

    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    rest = len(names) - most
    return printable(", ".join(names[:most])) + (f" and {rest} more" if rest > 0 else "")
