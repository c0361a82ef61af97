"""What a table is: its columns, their types and units, its key, its rules. One definition serves all.

The simulator writes tables by these definitions, `casebook.load` types them, the data cards are printed from
them, and the same checks run on a reader's own table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

__all__ = ["Column", "ContractError", "Kind", "Rule", "Table"]

Kind = Literal["text", "integer", "number", "money", "date", "flag"]

#: What people read for each kind of column.
KIND_WORDS = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "money": "an amount with at most 2 decimals",
    "date": "a date written YYYY-MM-DD",
    "flag": "true or false",
}


class ContractError(ValueError):
    """A table breaks its contract; the message lists every breach."""


@dataclass(frozen=True)
class Column:
    """One column: what it holds, in which unit, and what may stand in it.

    `low` and `high` are inclusive. `refers_to` names the column that must hold each value, for instance
    ``"customers.customer_id"``. `decimals` is how many digits a number is stored with.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    low: float | str | None = None
    high: float | str | None = None
    allowed: tuple[str, ...] = ()
    nullable: bool = False
    unique: bool = False
    refers_to: str = ""
    decimals: int = 2

    @property
    def dtype(self) -> str:
        """The pandas type that `casebook.load` gives this column.

        >>> Column("qty", "integer", "Pieces.").dtype, Column("closed", "date", "Day.").dtype
        ('int64', 'datetime64[us]')
        """
        plain = {"text": "str", "number": "float64", "money": "float64", "date": "datetime64[us]"}
        if self.kind in plain:
            return plain[self.kind]
        if self.kind == "integer":
            return "Int64" if self.nullable else "int64"
        return "boolean" if self.nullable else "bool"


@dataclass(frozen=True)
class Rule:
    """A condition over several columns, or over several tables.

    `broken` takes the typed table and the other tables and returns True for each row that breaks the rule; it
    runs only when every column in `columns` is there and every table in `needs` was given.
    """

    says: str
    columns: tuple[str, ...]
    broken: Callable[[pd.DataFrame, Mapping[str, pd.DataFrame]], pd.Series]
    remedy: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """The contract of one table.

    Attributes
    ----------
    name : str
        As in ``casebook.load(name)``.
    grain : str
        What one row is, in words.
    key : tuple of str
        The columns that together name a row.
    columns : tuple of Column
        In the order of the file.
    made, planted, limits : str
        How the rows are generated, what was put there on purpose, and what the table must not be used for.
    lessons : tuple of str
        Numbers of the lessons that use it.
    rules : tuple of Rule
        Conditions over more than one column.
    simulated : bool
        False for the few tables that are written by hand; their cards say so.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    made: str
    planted: str = "Nothing."
    limits: str = ""
    lessons: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    simulated: bool = True

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in the order of the file."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """Return one column's definition.

        Raises
        ------
        KeyError
            If the table has no such column; the message lists those that it has.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name!r}; it has {', '.join(self.column_names)}")

    def problems(self, df: pd.DataFrame, others: Mapping[str, pd.DataFrame] | None = None) -> pd.DataFrame:
        """Every breach of the contract at once; an empty table means that all is well.

        Parameters
        ----------
        df : DataFrame of shape (n_rows, n_columns)
            The table to look at. Text that reads as the right type is accepted. Left as it is.
        others : mapping of str to DataFrame, optional
            The tables that this one refers to, by name. References and rules whose table is not given are not
            looked at.

        Returns
        -------
        DataFrame
            One row a breach: `column`, `rule`, `rows` (how many), `example` (the first one; rows are counted
            from 1, without the heading), `remedy`.

        Examples
        --------
        >>> columns = (Column("sku", "text", "Item."), Column("qty", "integer", "Pieces.", low=0))
        >>> stock = Table("stock", "item", ("sku",), columns, made="By hand.")
        >>> found = stock.problems(pd.DataFrame({"sku": ["P1", "P1"], "qty": [4, -2]}))
        >>> found[["rule", "rows", "example"]].to_dict("split")["data"]
        [['at least 0', 1, 'row 2: -2'], ['one row each', 1, 'row 2: sku=P1']]
        """
        from casebook.contracts.breaches import find_problems

        return find_problems(self, df, others or {})

    def require(self, df: pd.DataFrame, others: Mapping[str, pd.DataFrame] | None = None) -> None:
        """Do nothing if the table keeps its contract, else raise with every breach in the message.

        Parameters
        ----------
        df, others
            As for `problems`.

        Raises
        ------
        ContractError
            If there is any breach: one line each, with the column, the rule, the first row and the remedy.

        Examples
        --------
        >>> stock = Table("stock", "item", ("sku",), (Column("sku", "text", "Item."),), made="By hand.")
        >>> stock.require(pd.DataFrame({"sku": ["P1", None]}))
        Traceback (most recent call last):
            ...
        casebook.contracts.model.ContractError: stock: 1 breach of its contract.
        - sku: not missing; 1 row, first row 2: missing. Fill sku or take the row out.
        """
        found = self.problems(df, others)
        if found.empty:
            return
        lines = [
            f"- {r.column}: {r.rule}; {r.rows} row{'s' * (r.rows != 1)}, first {r.example}. {r.remedy}"
            for r in found.itertuples(index=False)
        ]
        count = f"{len(found)} breach{'es' * (len(found) != 1)}"
        raise ContractError("\n".join([f"{self.name}: {count} of its contract.", *lines]))

    def typed(self, df: pd.DataFrame) -> pd.DataFrame:
        """Give each column its type and the table its order of columns, as a new table.

        Parameters
        ----------
        df : DataFrame of shape (n_rows, n_columns)
            Columns of the contract, as text or already typed; other columns are left out.

        Returns
        -------
        DataFrame of shape (n_rows, len(columns))
            Texts as pandas strings, whole numbers as int64 (Int64 where cells may be missing), dates as
            datetime64, amounts and numbers as float64, flags as bool.

        Raises
        ------
        ContractError
            If a column is missing, or a cell cannot be read as its type.

        Examples
        --------
        >>> columns = (Column("sku", "text", "Item."), Column("seen", "date", "Last count."))
        >>> stock = Table("stock", "item", ("sku",), columns, made="By hand.")
        >>> stock.typed(pd.DataFrame({"seen": ["2024-12-31"], "sku": ["007"]})).dtypes.astype(str).to_dict()
        {'sku': 'str', 'seen': 'datetime64[us]'}
        """
        from casebook.contracts.breaches import as_typed

        return as_typed(self, df)
