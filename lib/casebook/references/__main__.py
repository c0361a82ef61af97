"""``python -m casebook.references`` writes tests/evidence/published_numbers.csv: reference, ours, source.

Numbers that need a public data set are part of it where CASEBOOK_DATA names a folder that holds them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from casebook.references.model import references_table


def main() -> int:
    """Write the table; exit code 1 if a number disagrees."""
    real = bool(os.environ.get("CASEBOOK_DATA"))
    table = references_table(real=real)
    folder = Path(__file__).resolve().parents[3] / "tests" / "evidence"
    table.to_csv(folder / "published_numbers.csv", index=False, lineterminator="\n")
    print(table.to_string(index=False))
    said = table["agrees"].value_counts().to_dict()
    print(f"Of {len(table)} numbers: {said} (yes: equal to the printed digits).")
    return 0 if "no" not in said else 1


if __name__ == "__main__":
    sys.exit(main())
