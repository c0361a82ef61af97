"""What a check may ask for: a number, a choice, names, labels, a mapping or a table.

Each kind can do two things. `read` turns an answer into a plain form, or refuses it with a sentence. `gap`
says in words how one plain form differs from the right one, without telling the right one; no gap is the
empty text.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from casebook.course.differences import compare_cells, differ, missing_extra, some
from casebook.course.reading import (
    UnreadableError,
    as_frame,
    as_items,
    as_number,
    as_pairs,
    as_text,
    describe,
)

__all__ = ["Choice", "Kind", "Labels", "Mapped", "Names", "Number", "Table"]


class Kind(Protocol):
    """What the engine needs of a kind."""

    def read(self, answer: Any) -> Any:
        """Return the plain form of an answer, or raise `UnreadableError`."""

    def gap(self, given: Any, right: Any) -> str:
        """Say how two plain forms differ; the empty text if they do not."""


@dataclass(frozen=True)
class Number:
    """One number.

    Parameters
    ----------
    unit : str
        Its unit in words, for the messages: ``"RMB"``, ``"customers"``. A share has none.
    tolerance : float
        How far a right answer may be off, in the same unit: half a digit of the rounding that is allowed.
    share : bool
        Whether a share between 0 and 1 is expected, so that a percentage gets its own message.
    counted : str
        What is counted, if the number is a count: ``"accounts"``.

    Examples
    --------
    >>> share = Number(tolerance=0.005, share=True)
    >>> share.gap(share.read(0.8), 0.8), share.gap(80.0, 0.8)[:40]
    ('', 'The right figure, but as a percentage: a')
    """

    unit: str = ""
    tolerance: float = 0.0
    share: bool = False
    counted: str = ""

    def read(self, answer: Any) -> float:
        """Read a finite number."""
        return as_number(answer)

    def gap(self, given: float, right: float) -> str:
        """Percentage, sign, factor of ten, a little off, or simply too large or too small."""
        if self._equal(given, right):
            return ""
        if self.counted and given != round(given):
            return f"A number of {self.counted} is a whole number; yours is a fraction. Did you take a share?"
        if self.share and self._equal(given / 100, right):
            return "The right figure, but as a percentage: a share between 0 and 1 is expected."
        if self.share and not -1 <= given <= 1:
            return "A share between 0 and 1 is expected, yours lies outside. Is it a percentage or a count?"
        if self._equal(-given, right):
            return "The right size with the wrong sign."
        for power in (10, 100, 1000, 10_000, 1_000_000):
            if self._equal(given / power, right) or self._equal(given * power, right):
                return f"Off by a factor of {power:,}: which unit is asked for{self._asked()}?"
        way = "large" if given > right else "small"
        if self.counted:
            return f"Too {'many' if given > right else 'few'} {self.counted}."
        if abs(given - right) <= 0.02 * abs(right):
            return f"Close, but too {way} by more than rounding explains."
        return f"Too {way}, by more than rounding explains."

    def _equal(self, given: float, right: float) -> bool:
        return math.isclose(given, right, rel_tol=1e-9, abs_tol=self.tolerance * (1 + 1e-9) + 1e-12)

    def _asked(self) -> str:
        return f" ({self.unit})" if self.unit else ""


@dataclass(frozen=True)
class Choice:
    """One of a few words; upper and lower case do not matter.

    >>> rule = Choice(("crossing", "inclusive"))
    >>> rule.gap(rule.read("Crossing"), "crossing"), rule.gap("inclusive", "crossing")
    ('', 'One of the possible answers, but not the right one.')
    """

    options: tuple[str, ...]

    def read(self, answer: Any) -> str:
        """Read one of the options."""
        if isinstance(answer, (list, tuple, set, frozenset)) and len(answer) == 1:
            answer = next(iter(answer))
        if not isinstance(answer, (str, int, np.integer)) or isinstance(answer, bool):
            raise UnreadableError(f"{self._expected()}; you handed in {describe(answer)}.")
        known = {option.casefold(): option for option in self.options}
        text = as_text(answer).casefold()
        if text not in known:
            raise UnreadableError(f"{self._expected()}; yours is none of them.")
        return known[text]

    def gap(self, given: str, right: str) -> str:
        """Only that it is not the right one."""
        return "" if given == right else "One of the possible answers, but not the right one."

    def _expected(self) -> str:
        return "One of " + ", ".join(f"'{option}'" for option in self.options) + " is expected"


@dataclass(frozen=True)
class Names:
    """A collection of different ids or names: as a set, or in order with ``ordered=True``.

    >>> two = Names("customers", ordered=True)
    >>> two.gap(two.read(["C2", "C1"]), ["C1", "C2"])
    'The right customers in the wrong order.'
    """

    what: str = "names"
    ordered: bool = False

    def read(self, answer: Any) -> list[str]:
        """Read a list of different names."""
        names = as_items(answer, f"a list of {self.what}")
        if not names:
            raise UnreadableError(f"Your list is empty. Did the filter find any of the {self.what}?")
        twice = [name for name, n in Counter(names).items() if n > 1]
        if twice:
            raise UnreadableError(
                f"Each of the {self.what} is expected once; you name {len(twice)} of them again."
            )
        return names

    def gap(self, given: list[str], right: list[str]) -> str:
        """Those missing, those too many, then the order."""
        missing, extra = len(set(right) - set(given)), len(set(given) - set(right))
        if missing or extra:
            return missing_extra(missing, extra, self.what, len(set(given) & set(right)))
        if self.ordered and given != right:
            return f"The right {self.what} in the wrong order."
        return ""


@dataclass(frozen=True)
class Labels:
    """One label for each row, in the order of the rows; a text such as ``"A A B"`` is read letter by letter.

    >>> classes = Labels("classes")
    >>> classes.gap(classes.read("A A B"), ["A", "B", "B"])
    'The right length, but one of the classes differs.'
    """

    what: str = "labels"

    def read(self, answer: Any) -> list[str]:
        """Read one label a row."""
        if isinstance(answer, str):
            words = answer.replace(",", " ").split()
            answer = list(words[0]) if len(words) == 1 else words
        return [text.upper() for text in as_items(answer, f"a list of {self.what}, one a row")]

    def gap(self, given: list[str], right: list[str]) -> str:
        """Length first, then the number of rows that differ."""
        right = [text.upper() for text in right]
        if len(given) != len(right):
            size = "many" if len(given) > len(right) else "few"
            return f"Too {size} {self.what}: one for each row is expected."
        wrong = sum(a != b for a, b in zip(given, right, strict=True))
        return f"The right length, but {some(wrong)} of the {self.what} {differ(wrong)}." if wrong else ""


@dataclass(frozen=True)
class Mapped:
    """A value for each name: a dict, a Series with the names as index, or a table of two columns.

    >>> counts = Mapped("the number of customers in each class")
    >>> counts.gap(counts.read({"A": 3, "B": 1}), {"A": 3, "B": 2})
    'The right names, but one value differs.'
    """

    what: str = "a value for each name"
    tolerance: float = 0.0

    def read(self, answer: Any) -> dict[str, Any]:
        """Read names and values."""
        return as_pairs(answer, f"a mapping with {self.what}")

    def gap(self, given: dict[str, Any], right: dict[str, Any]) -> str:
        """Names first, then values."""
        missing, extra = len(set(right) - set(given)), len(set(given) - set(right))
        if missing == len(right):
            return "None of the names is as expected: what should stand in the index, or as keys?"
        if missing or extra:
            return missing_extra(missing, extra, "names", len(set(given) & set(right)))
        names = list(right)
        wrong, percent = compare_cells([given[n] for n in names], [right[n] for n in names], self.tolerance)
        if percent:
            return "The right values, but as percentages: shares between 0 and 1 are expected."
        return (
            f"The right names, but {some(wrong)} value{'s' * (wrong > 1)} {differ(wrong)}." if wrong else ""
        )


@dataclass(frozen=True)
class Table:
    """A table with named columns; further columns do not matter, nor the order of rows unless ``ordered``.

    Parameters
    ----------
    columns : tuple of str
        The columns that are compared.
    key : str, optional
        The column that identifies a row; it may also be the index. Without it, rows are compared by position.
    what : str
        What a row is, in the plural: ``"customers"``.
    ordered : bool
        Whether the order of rows matters.
    tolerance : float
        How far a number may be off, in its unit.

    Examples
    --------
    >>> kind = Table(("abc_value",), key="customer_id", what="customers")
    >>> right = kind.read(pd.DataFrame({"customer_id": [1, 2], "abc_value": ["A", "B"]}))
    >>> kind.gap(right.assign(abc_value=["A", "C"]), right)
    'The right customers, but `abc_value` differs in one row.'
    """

    columns: tuple[str, ...]
    key: str | None = None
    what: str = "rows"
    ordered: bool = False
    tolerance: float = 1e-6

    def read(self, answer: Any) -> pd.DataFrame:
        """Read the named columns."""
        return as_frame(answer, self.columns, self.key)

    def gap(self, given: pd.DataFrame, right: pd.DataFrame) -> str:
        """Rows first, then each column, then the order of rows."""
        ours, theirs = self._names(right), self._names(given)
        missing, extra = len(set(ours) - set(theirs)), len(set(theirs) - set(ours))
        if missing or extra:
            return missing_extra(missing, extra, self.what, len(set(ours) & set(theirs)))
        place = {name: i for i, name in enumerate(theirs)}
        aligned = given.iloc[[place[name] for name in ours]]
        for column in self.columns:
            wrong, percent = compare_cells(list(aligned[column]), list(right[column]), self.tolerance)
            if percent:
                return f"`{column}` is right, but in per cent: shares between 0 and 1 are expected."
            if wrong:
                return (
                    f"The right {self.what}, but `{column}` differs in {some(wrong)} row{'s' * (wrong > 1)}."
                )
        if self.ordered and ours != theirs:
            return f"The right {self.what} and values, in the wrong order."
        return ""

    def _names(self, table: pd.DataFrame) -> list[str]:
        return [as_text(v) for v in table[self.key]] if self.key else [str(i) for i in range(len(table))]
