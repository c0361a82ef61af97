"""What the functions of `casebook.parties` refuse: a gap, a text, an odd word, a number out of bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from casebook.errors import TableError

__all__ = ["known_words", "money", "numbers", "true_or_false"]


def numbers(
    table: pd.DataFrame, column: str, key: str, low: float = -np.inf, high: float = np.inf, what: str = ""
) -> pd.Series:
    """The column as finite numbers from `low` to `high`.

    Parameters
    ----------
    table : DataFrame
        The table, one row a party.
    column : str
        The column to look at.
    key : str
        The column that names the row in an error.
    low, high : float
        Bounds, both allowed.
    what : str
        What a cell must be, in words for the error.

    Returns
    -------
    Series of float

    Raises
    ------
    TableError
        If a cell is missing, text, infinite or out of bounds: with the column, whose cell it is and what it
        must be.

    Examples
    --------
    >>> numbers(pd.DataFrame({"who": ["Ada"], "cost": ["x"]}), "cost", "who", low=0)
    Traceback (most recent call last):
    casebook.errors.TableError: Column 'cost' of Ada is 'x'; it must be a number of at least 0: correct it or
    leave that row out.
    """
    made = pd.to_numeric(table[column], errors="coerce").astype(float)
    bad = ~(np.isfinite(made) & made.between(low, high)) | table[column].map(
        lambda cell: isinstance(cell, str)
    )
    if bad.any():
        first = table[bad].iloc[0]
        if pd.isna(first[column]):
            raise TableError(
                f"Column {column!r} is missing for {first[key]}: fill it in or leave that row out."
            )
        least = f" of at least {low:g}" if np.isfinite(low) else ""
        must = what or f"a number{least}"
        raise TableError(
            f"Column {column!r} of {first[key]} is {_plain(first[column])!r}; it must be {must}: "
            "correct it or leave that row out."
        )
    return made


def true_or_false(table: pd.DataFrame, column: str, key: str, default: bool) -> pd.Series:
    """The column as bool; where the table has none, `default` for every row.

    Parameters
    ----------
    table : DataFrame
        The table, one row a party.
    column : str
        The column to look at.
    key : str
        The column that names the row in an error.
    default : bool
        The value of every row where the table has no such column.

    Returns
    -------
    Series of bool

    Raises
    ------
    TableError
        If a cell is missing or is not True or False. The text "False" is not False.

    Examples
    --------
    >>> true_or_false(pd.DataFrame({"who": ["Ada"], "on_file": ["no"]}), "on_file", "who", True)
    Traceback (most recent call last):
    casebook.errors.TableError: Column 'on_file' of Ada is 'no': turn it into True and False, without gaps.
    """
    if column not in table:
        return pd.Series(default, table.index)
    bad = ~table[column].map(lambda cell: isinstance(cell, bool | np.bool_)).astype(bool)
    if bad.any():
        first = table[bad].iloc[0]
        raise TableError(
            f"Column {column!r} of {first[key]} is {_plain(first[column])!r}: "
            "turn it into True and False, without gaps."
        )
    return table[column].astype(bool)


def known_words(table: pd.DataFrame, column: str, key: str, words: Sequence[str]) -> None:
    """See that the column holds nothing but these words.

    Parameters
    ----------
    table : DataFrame
        The table, one row a party.
    column : str
        The column to look at.
    key : str
        The column that names the row in an error.
    words : sequence of str
        The words that may stand there.

    Returns
    -------
    None

    Raises
    ------
    TableError
        With the first word that is none of them, and whose it is.

    Examples
    --------
    >>> one = pd.DataFrame({"who": ["Ada"], "state": ["sold"]})
    >>> known_words(one, "state", "who", ["actual", "potential"])
    Traceback (most recent call last):
    casebook.errors.TableError: Column 'state' of Ada is 'sold': use actual or potential.
    """
    odd = table[~table[column].isin(list(words))]
    if len(odd):
        first = odd.iloc[0]
        use = ", ".join(words[:-1]) + f" or {words[-1]}"
        raise TableError(f"Column {column!r} of {first[key]} is {_plain(first[column])!r}: use {use}.")


def money(name: str, given: Any, least: float = -np.inf) -> np.ndarray:
    """One amount, or a sequence of amounts, as finite numbers of at least `least`.

    Parameters
    ----------
    name : str
        What it is, for the error.
    given : float or sequence of floats
        Money.
    least : float
        The smallest amount allowed.

    Returns
    -------
    array of float

    Raises
    ------
    TableError
        If one is missing, text, infinite or below `least`.

    Examples
    --------
    >>> money("attract", -5, least=0)
    Traceback (most recent call last):
    casebook.errors.TableError: attract must be a number of at least 0, without gaps; got -5. Fill it in: a
    gap is not a zero.
    """
    try:
        made = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        made = np.array([np.nan])
    text = any(isinstance(cell, str) for cell in np.asarray(given, dtype=object).ravel())
    if text or not (np.isfinite(made).all() and (made >= least).all()):
        at_least = f" of at least {least:g}" if np.isfinite(least) else ""
        raise TableError(
            f"{name} must be a number{at_least}, without gaps; got {given!r}. "
            "Fill it in: a gap is not a zero."
        )
    return made


def _plain(cell: Any) -> Any:
    """A number as Python writes it: 25, not np.int64(25)."""
    return cell.item() if isinstance(cell, np.generic) else cell
