"""Try a case's key on sister companies: ``python -m casebook.course.cases.trial FOLDER --seeds 1-12``.

Says where the key fails, a mistake cannot be told from the right answer or from another mistake, and which
answers are the same in every company. No output is good.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from casebook.company.simulate import simulate
from casebook.course.cases.folder import Case, read_case
from casebook.course.cases.key import FreshTables, WorkedOut, work_out

__all__ = ["main", "try_key"]


def try_key(case: Case, companies: Iterable[tuple[int, Mapping[str, pd.DataFrame]]]) -> list[str]:
    """Work out the key on each company and say what is wrong with it.

    Parameters
    ----------
    case : Case
    companies : iterable of (seed, company)

    Returns
    -------
    list of str
        One sentence a defect; empty if there is none.
    """
    said: list[str] = []
    seen: dict[str, list[WorkedOut]] = {asked.name: [] for asked in case.key}
    hidden: Counter[tuple[str, str]] = Counter()
    number = 0
    for seed, company in companies:
        number += 1
        tables = FreshTables(company, case.tables)  # a table that is not named is not there
        for asked in case.key:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    ready = work_out(asked, tables)
            except Exception as error:  # anything may be wrong with a key
                said.append(f"{asked.name}, seed {seed}: {type(error).__name__}: {error}")
                continue
            seen[asked.name].append(ready)
            for wrong, slip in ready.wrong:
                marked = ready.mark(wrong)
                if marked.says != slip.says:
                    hidden[asked.name, slip.says] += 1
            if ready.mark(ready.right).points != asked.points:
                said.append(f"{asked.name}, seed {seed}: the right answer does not earn its points")
    for (name, says), times in hidden.items():
        if times > max(1, number / 3):
            said.append(
                f"{name}: in {times} of {number} companies this mistake cannot be told: {says[:60]!r}"
            )
    return said + _same(seen)


def _same(seen: dict[str, list[WorkedOut]]) -> list[str]:
    """Answers that do not differ between companies though they should; and too many that never do."""
    said = []
    for name, all_ready in seen.items():
        if len(all_ready) < 2:
            continue
        asked, first = all_ready[0].asked, all_ready[0].right
        alike = sum(not asked.kind.gap(first, other.right) for other in all_ready[1:])
        if asked.same_everywhere and alike < len(all_ready) - 1:
            said.append(f"{name}: said to be the same everywhere, but it differs")
        if not asked.same_everywhere and alike > (len(all_ready) - 1) / 2:
            said.append(f"{name}: the answer is the same in {alike + 1} of {len(all_ready)} companies")
    fixed = sum(all_ready[0].asked.same_everywhere for all_ready in seen.values() if all_ready)
    if fixed > len(seen) / 3:
        said.append(f"{fixed} of {len(seen)} answers are the same in every company: at most a third may be")
    return said


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit code is 1 if there is something to say."""
    parser = argparse.ArgumentParser(prog="python -m casebook.course.cases.trial", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", default="1-4", help="first and last seed: 1-12")
    asked = parser.parse_args(arguments)
    first, _, last = asked.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    said = try_key(read_case(asked.folder), ((seed, simulate(seed)) for seed in seeds))
    print("\n".join(said), end="\n" if said else "")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
