"""Make a sister company: another name, other numbers, the same planted patterns; one for each student."""

from __future__ import annotations

from pathlib import Path

from casebook.company.simulate import Company, simulate
from casebook.company.store import files_of, write_files
from casebook.company.streaming import new_folder, write_parquet
from casebook.errors import TableError

__all__ = ["CSV_LIMIT", "make_sister"]

CSV_LIMIT = 5_000  #: customers; a larger company is written to Parquet
MOST = 10_000_000  #: customers: the numbers of telephones and firms last for so many


def make_sister(
    seed: int, out: str | Path, customers: int = 1000, years: int = 3, *, quiet: bool = True
) -> Company:
    """Write a complete company to a folder: CSV up to 5,000 customers, else Parquet, block by block.

    Parameters
    ----------
    seed : int
        0 or more; each seed is another company, always the same to the byte.
    out : str or Path
        A folder that is new or empty. It appears only when every file is complete.
    customers : int
        100 to 10,000,000.
    years : int
        Years of data up to 2024-12-31, 1 to 20.
    quiet : bool
        False shows a bar of progress where it takes long.

    Returns
    -------
    Company
        With its tables; of a company written to Parquet only their lengths.

    Raises
    ------
    TableError
        If an argument makes no sense, pyarrow is needed and missing, or the folder cannot be written; the
        message is one sentence.

    Examples
    --------
    >>> make_sister(7, "sister", customers=20)
    Traceback (most recent call last):
    casebook.errors.TableError: customers must be a whole number from 100 to 10,000,000, not 20.
    """
    for name, value, low, high in (
        ("seed", seed, 0, 2**63 - 1), ("customers", customers, 100, MOST), ("years", years, 1, 20),
    ):  # fmt: skip
        if not isinstance(value, int) or not low <= value <= high:
            limits = f"from {low:,} to {high:,}" if name != "seed" else "of 0 or more, below 2 to the 63rd"
            raise TableError(f"{name} must be a whole number {limits}, not {value}.")
    try:
        if customers > CSV_LIMIT:
            return write_parquet(Path(out), seed, customers, years, quiet=quiet)
        with new_folder(Path(out)) as made:
            company = simulate(seed, customers, years)
            write_files(files_of(company), made)
        return company
    except OSError as error:
        why = error.strerror or str(error)
        raise TableError(f"{out} cannot be written: {why[:1].lower()}{why[1:]}; nothing was kept.") from error
