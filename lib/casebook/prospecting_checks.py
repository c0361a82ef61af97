"""What the functions on finding prospects refuse: flags that are none, gaps in counts, odd shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from casebook.errors import TableError


def check_flags(table: pd.DataFrame, column: str) -> np.ndarray:
    """Return a column of flags as True and False, or raise a TableError that names the first odd row.

    >>> check_flags(pd.DataFrame({"need": [1, 0]}), "need").tolist()
    [True, False]
    """
    odd = ~table[column].isin([0, 1])
    if odd.any():
        row = odd[odd].index[0]
        cell, row = plain(table[column].loc[row]), plain(row)
        raise TableError(
            f"Column {column!r} holds {cell!r} in row {row!r}; a flag is 0 or 1. "
            "Fill it in or leave the row out."
        )
    return table[column].astype(bool).to_numpy()


def plain(cell: Any) -> Any:
    """A cell or the name of a row as Python writes it: -1 and not np.int64(-1).

    >>> plain(np.int64(-1)), plain("F1")
    (-1, 'F1')
    """
    return cell.item() if isinstance(cell, np.generic) else cell


def check_counts(table: pd.DataFrame, column: str, *, whole: bool = True) -> np.ndarray:
    """Return a column of numbers from 0 as floats, or raise a TableError that names the first odd row.

    >>> check_counts(pd.DataFrame({"orders": [0, 2]}), "orders").tolist()
    [0.0, 2.0]
    """
    values = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)
    good = np.isfinite(values) & (values >= 0)
    if whole:
        good &= values == np.round(values)
    if not good.all():
        at = int(np.flatnonzero(~good)[0])
        kind = "a whole number" if whole else "a number"
        cell, row = plain(table[column].iloc[at]), plain(table.index[at])
        raise TableError(
            f"Column {column!r} holds {cell!r} in row {row!r}; {kind} "
            "from 0 is needed. Correct it or leave the row out."
        )
    return values


def check_share(name: str, share: float) -> None:
    """Raise a TableError unless it is a share from 0 to 1.

    >>> check_share("conv", 0.5)
    """
    if not 0 <= share <= 1:
        raise TableError(f"{name} must be a share from 0 to 1, got {share!r}: write 5% as 0.05.")


def check_total(name: str, number: float) -> None:
    """Raise a TableError unless it is a finite number from 0.

    >>> check_total("n", 10)
    """
    if not (np.isfinite(number) and number >= 0):
        raise TableError(f"{name} must be 0 or more, got {number!r}.")


def check_level(level: float) -> None:
    """Raise a TableError unless it is a probability between 0 and 1.

    >>> check_level(0.95)
    """
    if not 0 < level < 1:
        raise TableError(f"level is a probability between 0 and 1, such as 0.95; got {level!r}.")
