"""`python -m casebook.company` writes `datasets/` again; with --check it only compares the bytes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from casebook.company.messy import messy_bytes, messy_card, messy_lines
from casebook.company.pictures import card_part
from casebook.company.simulate import simulate
from casebook.company.store import checkout_datasets, files_of, write_files
from casebook.public.page import public_page

__all__ = ["differences", "main", "shipped_files"]

#: What the front page says besides, of the file that is not the company's own.
MESSY_LINE = (
    "\n[`messy_sales_export.csv`](messy_sales_export.md) comes from another fictional firm: an untidy "
    "export, to practise on before you read your own.\n"
    "\nReal data of real firms stays with its publishers: [PUBLIC.md](PUBLIC.md) says which sets "
    "`casebook.fetch` gets for you.\n"
)


def shipped_files() -> dict[str, bytes]:
    """Every generated file of `datasets/`, by path: the company, a sister's messy export, and public data."""
    company, lines = simulate(), messy_lines()
    files = files_of(company)
    files["README.md"] += MESSY_LINE.encode()
    for name, words in card_part(company).items():
        files[f"{name}.md"] += words.encode()
    return files | {
        "messy_sales_export.csv": messy_bytes(lines),
        "messy_sales_export.md": messy_card(lines).encode(),
        "PUBLIC.md": public_page().encode(),
    }


def differences(files: dict[str, bytes], folder: Path) -> list[str]:
    """Name the files in `folder` that differ from `files`, are missing, or should not be there.

    >>> differences({"orders.csv": b"order_id"}, Path("no such folder"))
    ['orders.csv is missing']
    """
    found = []
    for path, content in files.items():
        there = folder / path
        if not there.is_file():
            found.append(f"{path} is missing")
        elif there.read_bytes() != content:
            found.append(f"{path} differs")
    extra = {
        p.relative_to(folder).as_posix() for p in folder.rglob("*.*") if p.suffix in {".csv", ".md", ".json"}
    }
    return found + [f"{path} is not generated" for path in sorted(extra - set(files))]


def main(arguments: list[str] | None = None) -> int:
    """Write or check the shipped files; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m casebook.company", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a byte differs")
    parser.add_argument("--folder", type=Path, default=checkout_datasets(), help="where the files are")
    asked = parser.parse_args(arguments)
    files = shipped_files()
    if not asked.check:
        write_files(files, asked.folder)
        size = sum(map(len, files.values())) / 1e6
        print(f"{len(files)} files written to {asked.folder.name}/, {size:.1f} MB.")
        return 0
    found = differences(files, asked.folder)
    print("\n".join(found) if found else f"{len(files)} files agree to the byte.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
