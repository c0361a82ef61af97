"""One source, the students' versions: no solution, no hidden test, no key; a company each if wanted."""

from __future__ import annotations

import copy
from typing import Any

from casebook.course.cases.folder import Case

__all__ = ["student_version"]

_REGIONS = ("SOLUTION", "HIDDEN TESTS")


def student_version(case: Case) -> dict[str, Any]:
    """Make the notebook that a student gets.

    Parameters
    ----------
    case : Case

    Returns
    -------
    dict
        A notebook without solutions, hidden tests, model answers and outputs.
    """
    made = copy.deepcopy(case.notebook)
    for cell in made["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code":
            cell["source"] = _without_regions(cell["source"])
            cell["outputs"], cell["execution_count"] = [], None
        elif about.get("grade") and about.get("solution"):
            cell["source"] = "YOUR ANSWER HERE"
    return made


def _without_regions(source: str) -> str:
    r"""Leave out what stands between the markers.

    >>> _without_regions("x = ...\n### BEGIN SOLUTION\nx = 3\n### END SOLUTION\nprint(x)")
    'x = ...\nprint(x)'
    """
    kept, inside = [], False
    for line in source.split("\n"):
        if any(line.strip() == f"### BEGIN {region}" for region in _REGIONS):
            inside = True
        elif any(line.strip() == f"### END {region}" for region in _REGIONS):
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)
