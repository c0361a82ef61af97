"""How two answers differ, in words that do not tell the right one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from casebook.course.reading import UnreadableError, as_number, as_text

__all__ = ["compare_cells", "differ", "missing_extra", "some"]


def compare_cells(given: list[Any], right: list[Any], tolerance: float) -> tuple[int, bool]:
    """Count the cells that differ; and tell whether all would agree if divided by 100."""
    wrong = sum(not _same(a, b, tolerance) for a, b in zip(given, right, strict=True))
    shares = all(isinstance(b, (float, np.floating)) and 0 <= b <= 1 for b in right)
    percent = bool(
        wrong
        and shares
        and all(_same(_hundredth(a), b, tolerance) for a, b in zip(given, right, strict=True))
    )
    return wrong, percent


def _same(given: Any, right: Any, tolerance: float) -> bool:
    try:
        a, b = as_number(given), as_number(right)
    except UnreadableError:
        return as_text(given) == as_text(right)
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=tolerance * (1 + 1e-9) + 1e-12)


def _hundredth(value: Any) -> Any:
    try:
        return as_number(value) / 100
    except UnreadableError:
        return value


def missing_extra(missing: int, extra: int, what: str, common: int) -> str:
    """Say that some are missing or too many; how many are missing stays untold.

    >>> missing_extra(0, 1, "customers", common=3)
    'All the right customers are there, and one too many.'
    """
    if not common:
        return f"None of these {what} is among the right ones."
    if not extra:
        return f"All of yours are right, but {what} are missing."
    if not missing:
        return f"All the right {what} are there, and {some(extra)} too many."
    do = "does" if extra == 1 else "do"
    return f"Some {what} are right, some are missing, and {some(extra)} {do} not belong."


def some(n: int) -> str:
    """Write a count as a word reads: ``one``, ``1,234``."""
    return "one" if n == 1 else f"{n:,}"


def differ(n: int) -> str:
    """Write the verb for so many."""
    return "differs" if n == 1 else "differ"
