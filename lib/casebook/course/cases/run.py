"""Run a case's source notebook and store it: ``python -m casebook.course.cases.run FOLDER [--student FILE]``.

The source is run on the sample company, in its own folder, and stored the same bytes each time. An answer of
the solution that does not earn its full points stops it. ``--student`` writes the student's version too.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from casebook.course import lessons
from casebook.course.cases.folder import NOTEBOOK, read_case
from casebook.errors import TableError

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit code is 1 if something fails."""
    parser = argparse.ArgumentParser(prog="python -m casebook.course.cases.run", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--student", type=Path, metavar="FILE", help="write the student's version here")
    asked = parser.parse_args(arguments)
    try:
        for folder in asked.folder:
            _store(folder)
            if asked.student:
                from casebook.course.cases.release import student_version

                lessons.write(student_version(read_case(folder)), asked.student)
    except (TableError, RuntimeError) as error:
        print(f"cases: {error} Nothing was written.", file=sys.stderr)
        return 1
    return 0


def _store(folder: Path) -> None:
    case = read_case(folder)
    path = folder / NOTEBOOK
    ran = lessons.run(lessons.tidy(lessons.read(path)), folder.resolve())
    short = [
        cell["id"]
        for cell in ran["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade") and cell["cell_type"] == "code"
        and not any("✓" in str(output) for output in cell["outputs"])
    ]  # fmt: skip
    if short:
        raise TableError(f"{case.folder.name}: the solution does not earn full points in {', '.join(short)}.")
    lessons.write(ran, path)
    written = sum(question.points for question in case.written)
    print(f"{folder.name}: {len(ran['cells'])} cells, {case.automatic:g} points by rule, {written:g} read")


if __name__ == "__main__":
    sys.exit(main())
