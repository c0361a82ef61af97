"""How fast companies are made, and in how much memory: `python -m casebook.company.bench`.

Each size is simulated and written to Parquet, block by block, in a process of its own, so that the peak of
one does not hide that of another. `--thousand` adds the company of a million customers.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

__all__ = ["main", "measure", "peak_mb"]

SIZES = (1, 10, 100)  #: times the shipped company's 1,000 customers


def peak_mb() -> float:
    """The most memory that this process has held, in MB; missing (nan) where the system does not tell.

    >>> peak_mb() > 10 or sys.platform == "win32"
    True
    """
    if sys.platform == "win32":
        return float("nan")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def measure(customers: int, seed: int = 1) -> dict[str, float]:
    """Make one company in this process and throw it away.

    Parameters
    ----------
    customers : int
        100 or more.
    seed : int
        Of the company.

    Returns
    -------
    dict of str to float
        customers, rows (of all tables, public and hidden), seconds, rows_per_second, peak_mb (of the
        process), disk_mb.
    """
    from casebook.company.streaming import write_parquet

    with tempfile.TemporaryDirectory() as place:
        start = time.perf_counter()
        company = write_parquet(Path(place) / "company", seed, customers)
        seconds = time.perf_counter() - start
        disk = sum(path.stat().st_size for path in Path(place).rglob("*.parquet"))
    rows = sum(map(len, [*company.values(), *company.truth.values()]))
    return {
        "customers": customers, "rows": rows, "seconds": seconds, "rows_per_second": rows / seconds,
        "peak_mb": peak_mb(), "disk_mb": disk / 1e6,
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Measure each size in a process of its own and print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m casebook.company.bench", description=__doc__)
    parser.add_argument("--thousand", action="store_true", help="also a million customers (takes long)")
    parser.add_argument("--customers", type=int, help="only this size, in this process, as one line of CSV")
    asked = parser.parse_args(arguments)
    if asked.customers:
        print(",".join(f"{value:.3f}" for value in measure(asked.customers).values()))
        return 0
    names = ["customers", "rows", "seconds", "rows_per_second", "peak_mb", "disk_mb"]
    lines = []
    for size in (*SIZES, *((1000,) if asked.thousand else ())):
        command = [sys.executable, "-m", "casebook.company.bench", "--customers", str(1000 * size)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            return 1
        lines.append([float(cell) for cell in done.stdout.split(",")])
    table = pd.DataFrame(lines, columns=names)
    print("Companies simulated and written to Parquet, each in a process of its own")
    print(table.to_string(index=False, formatters=dict.fromkeys(names, "{:,.1f}".format)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
