"""What every kind of file gives: the mapped cells as they stand; and what all readers share."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from tqdm import tqdm

from casebook.report.messages import listed, nearest, stop

__all__ = ["HEADER_WITHIN", "Cells", "header_line", "need_columns", "progress"]

#: The header is looked for among so many lines at the top; exports often begin with a title.
HEADER_WITHIN = 20


@dataclass(frozen=True)
class Cells:
    """The mapped cells of a file as they stand, and how the file was read.

    >>> Cells(pd.DataFrame({"line": [2], "amount": ["1,50"], "ragged": [""]}), [("encoding", "UTF-8")]).notes
    [('encoding', 'UTF-8')]
    """

    table: pd.DataFrame  #: `line`, one column per role, `ragged`
    notes: list[tuple[str, str]]  #: what was settled, and how


def progress(what: str, total: int | None, unit: str, over: Iterable[Any] | None = None) -> tqdm:
    """A bar on stderr for what takes longer than two seconds; in a log it moves every two seconds.

    >>> progress("sales.csv", total=10, unit="B").total
    10
    """
    pause = 0.2 if sys.stderr.isatty() else 2.0
    return tqdm(
        over,
        desc=what,
        total=total,
        unit=unit,
        unit_scale=total is None or total > 10_000,
        file=sys.stderr,
        delay=2,
        mininterval=pause,
        leave=False,
    )


def header_line(
    rows: Iterable[tuple[int, list[str]]], columns: Sequence[str]
) -> tuple[int, list[str]] | None:
    """The first row that holds all the columns.

    >>> header_line([(1, ["Sales 2024"]), (3, ["who", "net"])], ["net"])
    (3, ['who', 'net'])
    """
    return next(((line, names) for line, names in rows if set(columns) <= set(names)), None)


def need_columns(names: Sequence[str], columns: Sequence[str], file: str) -> None:
    """Refuse a header without one of the columns, or with one of them twice.

    >>> need_columns(["Client", "Net"], ["client"], "sales.csv")
    Traceback (most recent call last):
    casebook.report.messages.CannotRead: sales.csv has no column 'client'. Did you mean 'Client'? It has:
    Client, Net.
    """
    for column in columns:
        if column not in names:
            shown = listed([name[:60] for name in names if name]) or "no names in its first line"
            hint = nearest(column, [name for name in names if name])
            raise stop("no_column", file=file, column=column, hint=hint, columns=shown)
        if names.count(column) > 1:
            raise stop("twice_in_header", file=file, column=column, n=names.count(column))
