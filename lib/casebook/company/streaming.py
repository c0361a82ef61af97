"""Write a company of any size to Parquet, one block of 1,000 customers at a time: it is never held whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas as pd
from tqdm import tqdm

from casebook.company.costs import cost_to_serve
from casebook.company.settings import BLOCK, Calendar
from casebook.company.simulate import (
    Company,
    closing_tables,
    fixed_tables,
    names_of,
    parameters_of,
    service_costs,
    simulate_blocks,
)
from casebook.company.store import papers_of
from casebook.contracts import TABLES, TRUTH, Table
from casebook.errors import TableError

__all__ = ["new_folder", "write_parquet"]

GROUP_ROWS = 20_000  #: a row group is written when it has so many: few groups keep the files' own lists short
ACCOUNTS = "accounts"  #: of all customers, kept beside the tables until the costs to serve are solved


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to fill; it takes the place of `folder` when all went well, else nothing is left of it.

    Raises
    ------
    TableError
        If `folder` is a file or has something in it.
    """
    if folder.exists() and not folder.is_dir():
        raise TableError(f"{folder} is a file; name a folder that is new or empty.")
    if folder.is_dir() and any(folder.iterdir()):
        raise TableError(f"{folder} is not empty; name a folder that is new or empty.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield made
        made.chmod(0o755)
        if folder.is_dir():
            folder.rmdir()
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


class _Files:
    """The Parquet files of a folder, each open for one more block."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.rows = folder, dict.fromkeys([*TABLES, *TRUTH], 0)
        self._writers: dict[str, Any] = {}
        self._pending: dict[str, list[Any]] = {}

    def add(self, name: str, df: pd.DataFrame, table: Table | None = None) -> None:
        """Append rows to the file `name`, typed by the table's contract if there is one."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        typed = df if table is None else table.typed(df)
        known = self._writers[name].schema if name in self._writers else None
        rows = pa.Table.from_pandas(typed, schema=known, preserve_index=False)
        if known is None:
            self._writers[name] = pq.ParquetWriter(self.folder / f"{name}.parquet", rows.schema)
        waiting = self._pending.setdefault(name, [])
        waiting.append(rows)
        if sum(map(len, waiting)) >= GROUP_ROWS:
            self._write(name)
        if table is not None:
            self.rows[table.name] += len(typed)

    def _write(self, name: str) -> None:
        """Write what waits as one row group."""
        import pyarrow as pa

        if waiting := self._pending.pop(name, []):
            self._writers[name].write_table(pa.concat_tables(waiting).combine_chunks())

    def __enter__(self) -> _Files:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, writer in self._writers.items():
            if error is None:
                self._write(name)
            writer.close()


def write_parquet(
    folder: str | Path, seed: int, customers: int, years: int = 3, *, solve_whale: bool = True,
    quiet: bool = True,
) -> Company:  # fmt: skip
    """Simulate a company block by block and write each block at once; memory does not grow with customers.

    Parameters
    ----------
    folder : str or Path
        New or empty; it appears only when every file is complete.
    seed, customers, years, solve_whale
        As for `simulate`; the rows are the same.
    quiet : bool
        False shows a bar of the blocks done, on standard error.

    Returns
    -------
    Company
        Names, parameters, and for each table its number of rows as an empty frame of that length: the rows
        themselves are in the files.

    Raises
    ------
    TableError
        If the package pyarrow is missing, or `folder` cannot be used.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise TableError(
            "A company of this size is written to Parquet, which needs pyarrow: "
            "pip install 'crm-casebook[engines]', or ask for fewer customers."
        ) from error
    calendar, tables = Calendar(years), TABLES | TRUTH
    with new_folder(Path(folder)) as made:
        (made / "truth").mkdir()
        with _Files(made) as files:
            kept = _write_blocks(files, seed, customers, calendar, quiet)
            unit, kappa = service_costs(kept[ACCOUNTS], calendar, solve_whale)
            last = closing_tables(kept, unit, kappa, solve_whale, seed, calendar)
            for name, df in (fixed_tables(seed, calendar) | last).items():
                files.add(_place(name), df, tables[name])
        with _Files(made) as costs:
            for accounts in _parts(made / f"{ACCOUNTS}.parquet"):
                costs.add("cost_to_serve", cost_to_serve(accounts, unit, kappa), TABLES["cost_to_serve"])
        (made / f"{ACCOUNTS}.parquet").unlink()
        rows = files.rows | {"cost_to_serve": costs.rows["cost_to_serve"]}
        company = _counted(rows, parameters_of(seed, customers, years, solve_whale))
        for path, content in papers_of(company, "parquet").items():
            (made / path).write_bytes(content)
    return company


def _place(name: str) -> str:
    return f"truth/{name}" if name in TRUTH else name


def _write_blocks(
    files: _Files, seed: int, customers: int, calendar: Calendar, quiet: bool
) -> dict[str, pd.DataFrame]:
    """Write every block, and keep of each only what the closing tables need; see `_needed_later`."""
    kept: dict[str, list[pd.DataFrame]] = {}
    total = -(-customers // BLOCK)
    blocks = simulate_blocks(seed, customers, calendar)
    for block in tqdm(blocks, total=total, unit="block", desc="customers by the thousand", disable=quiet):
        for name, df in block.items():
            table = (TABLES | TRUTH).get(name)
            if table or name == ACCOUNTS:
                files.add(_place(name), df, table)
        for name, df in _needed_later(block, calendar).items():
            kept.setdefault(name, []).append(df)
    return {name: pd.concat(parts, ignore_index=True) for name, parts in kept.items()}


def _needed_later(block: dict[str, pd.DataFrame], calendar: Calendar) -> dict[str, pd.DataFrame]:
    """Of one block: sums by SKU, the margins that the costs are solved on, and whatever is no table."""
    accounts = block[ACCOUNTS]
    last = accounts[(accounts["year"] == calendar.as_of.year) & (accounts["weight"] > 0)]
    sold = block["order_lines"].groupby("sku")["qty"].sum().reset_index()
    others = {name: df for name, df in block.items() if name not in TABLES | TRUTH}
    return {**others, "sold": sold, ACCOUNTS: last.drop(columns="customer_id")}


def _parts(path: Path) -> Iterator[pd.DataFrame]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number).to_pandas()


def _counted(rows: dict[str, int], parameters: dict[str, Any]) -> Company:
    """A company of which only the numbers of rows are known."""
    empty = {name: pd.DataFrame(index=pd.RangeIndex(count)) for name, count in rows.items()}
    zh, en = names_of(parameters["seed"])
    return Company(
        zh, en, {name: empty[name] for name in TABLES}, {name: empty[name] for name in TRUTH}, parameters
    )
