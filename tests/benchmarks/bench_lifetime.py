"""The lifetime models against `lifetimes` and `pymc-marketing`, and the summary against SQL written by hand.

`python tests/benchmarks/bench_lifetime.py` prints seconds, ratios and the log-likelihood that each fit
reached; `--full` adds 10 million lines and 10 million customers. Run it on a quiet machine. The peers run in
the environments that `python bootstrap.py peers` makes; one that is not there is left out, and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lifetime_data import write_log, write_people

from casebook.lifetime.bgnbd import _Likelihood
from casebook.lifetime.histories import histories

ROOT = Path(__file__).resolve().parents[2]
JOBS = Path(__file__).with_name("lifetime_jobs.py")
PEERS = ("lifetimes", "pymc_marketing")
#: The most customers that each peer fits here: beyond it takes minutes.
MOST = {"lifetimes": 1_000_000, "pymc_marketing": 100_000}


def python_of(who: str) -> Path | None:
    """The Python of a peer's environment, where there is one."""
    if who not in PEERS:
        return Path(sys.executable)
    folder = Path(os.environ.get("CASEBOOK_PEERS", ROOT / ".peers")) / who
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    return python if python.is_file() else None


def do(who: str, job: str, path: Path, repeats: int) -> dict[str, Any] | None:
    """Run one job in its environment; nothing where there is none."""
    python = python_of(who)
    if python is None:
        return None
    command = [str(python), str(JOBS), who, job, str(path), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(who))
    if done.returncode:
        print(f"    {who}: failed. {done.stderr.strip().splitlines()[-1]}", flush=True)
        return None
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def environment(who: str) -> dict[str, str]:
    """Our own path is none of a peer's business."""
    drop = "PYTHONPATH" if who in PEERS else ""
    return {name: value for name, value in os.environ.items() if name != drop}


def show_summaries(folder: Path, lines: int, repeats: int) -> None:
    """Time what sums up a log, and print ratios."""
    path = folder / "log.npz"
    write_log(path, lines)
    print(f"Summary of {lines:,} lines, {lines // 20:,} customers (median of {repeats})", flush=True)
    for engine in ("duckdb", "pandas", "polars"):
        ours, hand = (do(who, f"summary_{engine}", path, repeats) for who in ("casebook", "by_hand"))
        if ours and hand:
            ratio = ours["seconds"] / hand["seconds"]
            words = "in SQL" if engine != "polars" else "in Polars"
            print(
                f"    {engine:8} ours {ours['seconds']:6.2f} s, by hand {words} {hand['seconds']:6.2f} s: "
                f"{ratio:.2f} times; peak {ours['peak_mb'] or 0:,.0f} MB",
                flush=True,
            )
    for who in PEERS:
        theirs, ours = do(who, "summary_pandas", path, 1), do("casebook", "summary_pandas", path, 1)
        if theirs and ours:
            faster = theirs["seconds"] / ours["seconds"]
            print(f"    {who}: {theirs['seconds']:.2f} s, ours {faster:.1f} times as fast", flush=True)


def show_fits(folder: Path, customers: int, repeats: int) -> None:
    """Time the fits, and print what each reached."""
    path = folder / "people.npz"
    write_people(path, customers)
    ours = do("casebook", "fit", path, repeats)
    if not ours:
        return
    print(f"BG/NBD of {customers:,} customers", flush=True)
    with np.load(path) as arrays:
        likelihood = _Likelihood(histories(pd.DataFrame({name: arrays[name] for name in arrays.files})))
    reached = likelihood(np.array(ours["parameters"]))[0]
    print(
        f"    casebook: {ours['seconds']:.4g} s, log-likelihood {reached:.4f}, "
        f"peak {ours['peak_mb'] or 0:,.0f} MB",
        flush=True,
    )
    for who in PEERS:
        if customers > MOST[who]:
            print(f"    {who}: not run on more than {MOST[who]:,} customers", flush=True)
            continue
        theirs = do(who, "fit", path, 1 if customers > 200_000 else 3)
        if theirs:
            lower = reached - likelihood(np.array(theirs["parameters"]))[0]
            first = f" (the first time {theirs['first']:.3g} s)" if who == "pymc_marketing" else ""
            print(
                f"    {who}: {theirs['seconds']:.4g} s{first}, log-likelihood lower by {lower:.2g}; "
                f"ours {theirs['seconds'] / ours['seconds']:.0f} times as fast",
                flush=True,
            )


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="10 million lines and 10 million customers too")
    full = parser.parse_known_args()[0].full
    for who in PEERS:
        if python_of(who) is None:
            print(f"{who} is left out: it is not installed. Remedy: python bootstrap.py peers")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for lines, repeats in [(1_000_000, 7), *([(10_000_000, 3)] if full else [])]:
            show_summaries(folder, lines, repeats)
        for customers, repeats in [(2_357, 21), (100_000, 5), (1_000_000, 3), *([(10_000_000, 1)] * full)]:
            show_fits(folder, customers, repeats)


if __name__ == "__main__":
    main()
