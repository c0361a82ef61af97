"""What the functions on prospects ask of a column: yes or no, a number, a probability, a word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas

__all__ = ["check_flags", "check_levels", "check_numbers", "check_words"]


def check_flags(table: pd.DataFrame, column: str) -> np.ndarray:
    """Read a column of yes and no.

    Parameters
    ----------
    table : DataFrame
    column : str
        Holds True and False, or 1 and 0, without gaps.

    Returns
    -------
    bool array of shape (n_rows,)

    Raises
    ------
    TableError
        If the column is missing or holds anything else; the first such row is named.

    Examples
    --------
    >>> check_flags(pd.DataFrame({"need": [1, 0]}), "need").tolist()
    [True, False]
    """
    need_pandas(table, [column])
    cells = table[column]
    odd = ~cells.isin([True, False])  # 1 and 0 are the same to pandas
    if odd.any():
        raise TableError(
            f"Column {column!r} holds {cells[odd].tolist()[0]!r} in row {cells.index[odd].tolist()[0]!r} "
            f"(such rows: {odd.sum():,}); it must be yes or no (True, False, 1 or 0): fill it in first."
        )
    return cells.astype("bool").to_numpy()


def check_numbers(table: pd.DataFrame, column: str) -> np.ndarray:
    """Read a column of finite numbers.

    Parameters
    ----------
    table : DataFrame
    column : str
        Holds numbers, without gaps.

    Returns
    -------
    float array of shape (n_rows,)

    Raises
    ------
    TableError
        If the column is missing, holds text or a gap; the first such row is named.

    Examples
    --------
    >>> check_numbers(pd.DataFrame({"margin": [1, 2.5]}), "margin").tolist()
    [1.0, 2.5]
    """
    need_pandas(table, [column])
    cells = table[column]
    if not pd.api.types.is_numeric_dtype(cells):
        holds = f"; it holds {cells.tolist()[0]!r}" if len(cells) else ""
        raise TableError(f"Column {column!r} must hold numbers{holds}.")
    values = cells.to_numpy(dtype=float, na_value=np.nan)
    odd = ~np.isfinite(values)
    if odd.any():
        raise TableError(
            f"Column {column!r} has no number in row {cells.index[odd].tolist()[0]!r} "
            f"(such rows: {odd.sum():,}): fill it in or leave those rows out."
        )
    return values


def check_levels(given: Any, name: str) -> None:
    """See that a probability, or each of a column, lies from 0 to 1.

    Parameters
    ----------
    given : float, or array of shape (n,)
    name : str
        How the message calls it.

    Returns
    -------
    None

    Raises
    ------
    TableError
        If one is missing or outside 0 to 1.

    Examples
    --------
    >>> check_levels(1.2, "money")
    Traceback (most recent call last):
    casebook.errors.TableError: `money` must be a probability from 0 to 1 without gaps; it holds 1.2.
    """
    values = np.atleast_1d(np.asarray(given, dtype=float))
    odd = ~((values >= 0) & (values <= 1))
    if odd.any():
        raise TableError(
            f"`{name}` must be a probability from 0 to 1 without gaps; it holds {values[odd][0]}."
        )


def check_words(table: pd.DataFrame, column: str, allowed: Sequence[str]) -> None:
    """See that a column holds only known words.

    Parameters
    ----------
    table : DataFrame
    column : str
    allowed : sequence of str

    Returns
    -------
    None

    Raises
    ------
    TableError
        If the column is missing or holds another word; the first such row is named.

    Examples
    --------
    >>> check_words(pd.DataFrame({"heat": ["hot"]}), "heat", ("hot", "warm"))
    """
    need_pandas(table, [column])
    odd = table[~table[column].isin(list(allowed))]
    if len(odd):
        raise TableError(
            f"Column {column!r} holds {odd[column].tolist()[0]!r} in row {odd.index.tolist()[0]!r} "
            f"(such rows: {len(odd):,}); it must be one of {', '.join(allowed)}."
        )
