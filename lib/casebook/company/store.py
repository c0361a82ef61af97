"""Write a company to files that anybody can open, find the files again, and load them typed."""

from __future__ import annotations

import difflib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd

from casebook.company.simulate import Company, simulate
from casebook.contracts import TABLES, TRUTH, Column, Table

__all__ = [
    "UnknownTableError",
    "cache_folder",
    "csv_text",
    "files_of",
    "load",
    "read_table",
    "sales_lines",
    "tables",
    "truth",
    "write",
]


class UnknownTableError(KeyError):
    """No table has this name; the message says which there are."""

    def __str__(self) -> str:
        return str(self.args[0])


def tables() -> list[str]:
    """The names that `load` knows.

    >>> "orders" in tables()
    True
    """
    return list(TABLES)


def load(name: str) -> pd.DataFrame:
    """Load one table of the sample company, typed by its contract.

    The files are looked for in the folder that the environment variable CASEBOOK_HOME names (a sister company
    that you made), else in `datasets/` of the checkout. Where there are none, the company is simulated once
    and kept in the user's cache.

    Parameters
    ----------
    name : str
        One of `tables()`.

    Returns
    -------
    DataFrame
        A fresh copy: change it as you like. Columns, units and meaning stand in `datasets/<name>.md`.

    Raises
    ------
    UnknownTableError
        If there is no such table (a KeyError); the message names those that exist and the nearest one.

    Examples
    --------
    >>> load("orders")["date"].max() <= pd.Timestamp("2024-12-31")
    True
    >>> load("order_line")
    Traceback (most recent call last):
        ...
    casebook.company.store.UnknownTableError: There is no table 'order_line'; did you mean 'order_lines'? \
There are: regions, freight, sales_reps, ...
    """
    return _from(_known(name, TABLES), "")


def truth(name: str) -> pd.DataFrame:
    """Load one HIDDEN table: what was really true. For the last section of a lesson, never for an analysis.

    Parameters
    ----------
    name : str
        For instance 'customers_truth'; all stand in `datasets/truth/README.md`.

    Returns
    -------
    DataFrame
        A fresh copy; columns and meaning stand in `datasets/truth/README.md`.

    Raises
    ------
    UnknownTableError
        If there is no such hidden table.

    Examples
    --------
    >>> truth("cost_truth")["solved"].tolist()
    [True]
    """
    return _from(_known(name, TRUTH, "hidden table"), "truth")


def sales_lines() -> pd.DataFrame:
    """The lines of all orders with date, customer and amount: the usual start of a sales analysis.

    Returns
    -------
    DataFrame of shape (n_lines, 9)
        order_id, line_no, customer_id, date, sku, qty, unit_price, discount_pct, and amount (RMB) = qty x
        unit_price, exact to the cent.

    Examples
    --------
    >>> lines = sales_lines()
    >>> bool((lines["amount"] > 0).all())
    True
    """
    lines = load("order_lines").merge(load("orders")[["order_id", "customer_id", "date"]], on="order_id")
    cents = (lines["unit_price"] * 100).round().astype("int64") * lines["qty"]
    names = ["order_id", "line_no", "customer_id", "date", "sku", "qty", "unit_price", "discount_pct"]
    return lines[names].assign(amount=cents / 100)


def csv_text(table: Table, df: pd.DataFrame) -> str:
    r"""One table as CSV text: comma, line feed, ISO dates, 2 decimals for money, empty for missing.

    Parameters
    ----------
    table : Table
        The contract, which says how each column is written.
    df : DataFrame
        Typed by it.

    Returns
    -------
    str
        The same on every machine.

    Examples
    --------
    >>> columns = (Column("sku", "text", "Item."), Column("cost", "money", "What it costs.", unit="RMB"))
    >>> stock = Table("stock", "item", ("sku",), columns, made="By hand.")
    >>> csv_text(stock, pd.DataFrame({"sku": ["P1"], "cost": [2.5]}))
    'sku,cost\nP1,2.50\n'
    """
    written = pd.DataFrame({column.name: _written(df[column.name], column) for column in table.columns})
    return written.to_csv(index=False, lineterminator="\n")


def _written(values: pd.Series, column: Column) -> pd.Series:
    present = values.dropna()
    if column.kind == "date":
        text = present.dt.strftime("%Y-%m-%d")
    elif column.kind == "flag":
        text = present.astype(bool).map({True: "true", False: "false"})
    elif column.kind == "integer":
        text = present.astype("int64").astype("str")
    elif column.kind == "text":
        text = present
    else:
        digits = 2 if column.kind == "money" else column.decimals
        text = present.round(digits).add(0.0).map(f"{{:.{digits}f}}".format)
    return text.astype("str").reindex(values.index)


def files_of(company: Company) -> dict[str, bytes]:
    """Every file of a company by its path in the folder: tables, truth, cards and schema.

    Parameters
    ----------
    company : Company
        From `simulate`.

    Returns
    -------
    dict of str to bytes
        UTF-8 text with line feeds.
    """
    text = {f"{name}.csv": csv_text(table, company.tables[name]) for name, table in TABLES.items()}
    text |= {f"truth/{name}.csv": csv_text(table, company.truth[name]) for name, table in TRUTH.items()}
    return {path: content.encode("utf-8") for path, content in text.items()} | papers_of(company)


def papers_of(company: Company, form: str = "csv") -> dict[str, bytes]:
    """What is written about the tables: cards, front pages, schema, parameters; `form` is csv or parquet."""
    from casebook.company.cards import card, front_page, schema, truth_page

    text = {f"{name}.md": card(table, company) for name, table in TABLES.items()}
    text |= {
        "truth/parameters.json": json.dumps(company.parameters, indent=1, ensure_ascii=False) + "\n",
        "schema.json": schema(company),
        "README.md": front_page(company, form),
        "truth/README.md": truth_page(company),
    }
    return {path: content.encode("utf-8") for path, content in text.items()}


def write(company: Company, folder: str | Path) -> Path:
    """Write a company's files. All are made beside the folder first and moved in only when they are complete.

    Parameters
    ----------
    company : Company
        From `simulate`.
    folder : str or Path
        Made if it does not exist. Files of the same name are replaced, others are left alone.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    NotADirectoryError
        If there is a file where the folder should be.
    """
    return write_files(files_of(company), Path(folder))


def write_files(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write all files to a folder beside `folder` first, then move them in."""
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is a file; name a folder to write the company to")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as made:
        for path, content in files.items():
            new = Path(made) / path
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(content)
        for path in files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(made) / path).replace(folder / path)
    return folder


def checkout_datasets() -> Path:
    """The folder `datasets/` of a checkout; it need not exist."""
    return Path(__file__).resolve().parents[3] / "datasets"


def home() -> Path:
    """Where the files of the sample company are; simulates them into the cache if they are nowhere."""
    named = os.environ.get("CASEBOOK_HOME")
    folder = Path(named) if named else checkout_datasets()
    if (folder / "schema.json").is_file():
        return folder
    if named:
        raise FileNotFoundError(
            f"CASEBOOK_HOME names {named}, but there is no schema.json; write a company there"
        )
    from casebook import __version__

    folder = cache_folder() / f"company-{__version__}"
    return folder if (folder / "schema.json").is_file() else write(simulate(), folder)


def cache_folder() -> Path:
    """The user's cache folder for this library, by the custom of the system."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "casebook"


def _known(name: str, known: Mapping[str, Table], what: str = "table") -> Table:
    if name in known:
        return known[name]
    near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.65)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    raise UnknownTableError(f"There is no {what} {name!r}{hint} There are: {', '.join(known)}.")


def _from(table: Table, folder: str) -> pd.DataFrame:
    """A copy of the typed table; its file is read again only when it has changed."""
    return _read_from(home() / folder, table)


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """Read one table of the company in a folder, typed by its contract.

    Parameters
    ----------
    folder : Path
    name : str
        One of `tables()`.

    Returns
    -------
    DataFrame
        A fresh copy.

    Raises
    ------
    UnknownTableError
        If there is no such table.
    """
    return _read_from(folder, _known(name, TABLES))


def _read_from(folder: Path, table: Table) -> pd.DataFrame:
    path = folder / f"{table.name}.csv"
    if not path.is_file() and path.with_suffix(".parquet").is_file():
        path = path.with_suffix(".parquet")
    return _read(path, table, path.stat().st_mtime_ns).copy()


@lru_cache(maxsize=32)
def _read(path: Path, table: Table, _changed: int) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return table.typed(pd.read_parquet(path))
    text = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8")
    return table.typed(text)
