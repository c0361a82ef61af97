"""The training sheets, tables 2-5 and 2-15: which cells are filled, which are blank, what belongs there.

The source course heads both tables with a firm, Yishion (以纯, garments), and their bodies are lost. The
columns here are our convention: the four questions of identification for 2-5, the plan of a survey for 2-15.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from casebook.errors import TableError

__all__ = ["LAYOUTS", "Worksheet"]

#: The columns of each sheet, and the question that each cell answers.
LAYOUTS: dict[str, dict[str, str]] = {
    "2-5": {
        "group": "Which group of customers is it?",
        "revenue source": "Where does the revenue come from?",
        "decider": "Who decides the purchase?",
        "beneficiary": "Who benefits from it?",
        "channel position": "Where in the channel is it: middleman, terminal or consumer?",
        "needs": "What does the group need?",
        "size": "How many are they?",
        "value": "What are they worth in a year?",
        "evidence": "How do you know?",
    },
    "2-15": {
        "market situation": "What is the situation of the market?",
        "topic": "What is to be found out?",
        "information needed": "Which facts would answer it?",
        "source": "Who has them?",
        "method": "How are they collected?",
        "sample": "From whom, and how many?",
        "cost": "What does it cost (RMB)?",
        "deadline": "By when?",
        "reason for the method": "Why this way and not another?",
    },
}


@dataclass(frozen=True)
class Worksheet:
    """A sheet being filled in: nothing is changed in place, each step gives a new sheet.

    Parameters
    ----------
    name : {"2-5", "2-15"}
    rows : sequence of mappings of column to text
        One for each group (2-5) or problem (2-15). A column left out is a blank cell.

    Raises
    ------
    TableError
        If the sheet or a column is unknown, or a cell is not text.

    Examples
    --------
    >>> sheet = Worksheet("2-5", [{"group": "franchise shops", "decider": "the owner"}])
    >>> sheet.completeness
    0.2222222222222222
    >>> sheet.write(0, "size", "3,000 shops").validate()["column"].tolist()[:3]
    ['revenue source', 'beneficiary', 'channel position']
    """

    name: str
    rows: Sequence[Mapping[str, str]] = ()

    def __post_init__(self) -> None:
        """Refuse an unknown sheet or column, and cells that are not text."""
        if self.name not in LAYOUTS:
            raise TableError(f"There is no sheet {self.name!r}; there are {', '.join(LAYOUTS)}.")
        for at, row in enumerate(self.rows):
            for column, cell in row.items():
                if column not in self.columns:
                    raise TableError(
                        f"Sheet {self.name} has no column {column!r} (row {at}); "
                        f"it has {', '.join(self.columns)}."
                    )
                if not isinstance(cell, str):
                    raise TableError(f"Row {at}, column {column!r}: write text, not {type(cell).__name__}.")
        kept = tuple({c: row[c].strip() for c in self.columns if row.get(c, "").strip()} for row in self.rows)
        object.__setattr__(self, "rows", kept)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the sheet, in order."""
        return tuple(LAYOUTS[self.name])

    @property
    def completeness(self) -> float:
        """The share of cells that hold something (0-1); a sheet without rows has none."""
        cells = len(self.rows) * len(self.columns)
        return sum(len(row) for row in self.rows) / cells if cells else 0.0

    def write(self, row: int, column: str, text: str) -> Worksheet:
        """Return the sheet with one cell written; the row after the last starts a new one.

        Raises a TableError if the row is further away, or the column unknown.
        """
        if not 0 <= row <= len(self.rows):
            raise TableError(f"Row {row} is not there; the next free one is {len(self.rows)}.")
        rows = [dict(r) for r in self.rows] + ([{}] if row == len(self.rows) else [])
        rows[row][column] = text
        return Worksheet(self.name, rows)

    def validate(self) -> pd.DataFrame:
        """List the blank cells: a DataFrame with `row`, `column` and the `question` that is open."""
        blanks = [
            (at, column, LAYOUTS[self.name][column])
            for at, row in enumerate(self.rows)
            for column in self.columns
            if column not in row
        ]
        return pd.DataFrame(blanks, columns=["row", "column", "question"])

    def to_frame(self) -> pd.DataFrame:
        """The sheet as a DataFrame, one row each; blank cells are empty text."""
        return pd.DataFrame(
            [{c: row.get(c, "") for c in self.columns} for row in self.rows], columns=self.columns
        )

    def to_json(self) -> str:
        """The sheet as text that can be saved."""
        return json.dumps({"sheet": self.name, "rows": list(self.rows)}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Worksheet:
        """Read back what `to_json` wrote.

        Raises a TableError if the text is not such a sheet.
        """
        try:
            said = json.loads(text)
            return cls(said["sheet"], said["rows"])
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise TableError("This is not a saved worksheet: 'sheet' and 'rows' are expected.") from error
