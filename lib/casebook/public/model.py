"""What the course knows of one public data set: where it lives, what it holds, whom to cite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from casebook.contracts import Column

__all__ = ["Fact", "Source", "WrongDataError"]

Kind = Literal["real", "vendor sample", "teaching case"]


class WrongDataError(ValueError):
    """A file is there, but it is not the data that the course knows; the message says what differs."""


@dataclass(frozen=True)
class Fact:
    """A known count or total: `of` computes from the typed table what must be `value`."""

    says: str
    value: float
    of: Callable[[pd.DataFrame], float]


@dataclass(frozen=True)
class Source:
    """One public data set.

    Attributes
    ----------
    name, title : str
        As in ``casebook.fetch(name)``, and as people call it.
    kind : {"real", "vendor sample", "teaching case"}
        Observed at a real firm, written by a software vendor to show a product, or taught with, of a
        disguised firm.
    about, limits : str
        What it holds and how it arose; what to beware of.
    licence, citation : str
        As the publisher states them.
    page : str
        Where a person finds it.
    addresses : tuple of str
        Where a program downloads it, tried in turn; empty where a login is asked for.
    files : tuple of str
        Names under which its file is known, the publisher's own first. Case does not matter, and a blank, a
        plus and an underscore are the same. A file may lie inside a zip, or a zip inside a zip.
    grain : str
        What one row is, in words.
    columns : tuple of Column
        In the order of the file, with the source's own names.
    rows : int
        How many there are.
    facts : tuple of Fact
        What a wrong file is told that it differs in.
    sha256 : str
        Of the typed table, written as `casebook.public.content.canonical` writes it.
    separator, header : str, bool
        Of the publisher's text file; a file with commas, semicolons or tabs and a header is read as well.
    dates : str
        The publisher's way to write a date; ISO dates are always read.
    clock : bool
        Whether its dates have a time of day.
    """

    name: str
    title: str
    kind: Kind
    about: str
    licence: str
    citation: str
    page: str
    addresses: tuple[str, ...]
    files: tuple[str, ...]
    grain: str
    columns: tuple[Column, ...]
    rows: int
    facts: tuple[Fact, ...]
    sha256: str
    limits: str = ""
    separator: str = ","
    header: bool = True
    dates: str = "%m/%d/%Y"
    clock: bool = False

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in the order of the file."""
        return [column.name for column in self.columns]
