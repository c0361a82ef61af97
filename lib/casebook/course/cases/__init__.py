"""Cases: what a student's notebook uses (`open_case`, `hand_in`), and the instructor's release and grading.

The parts in the order in which they depend on each other: `key` (a graded answer and its typical mistakes),
`folder` (a case as it stands in `casework/`), `desk` (what a notebook calls), `answers` (answers as plain
data), `release`, `sandbox` and `runner` (a submission in a locked room), `grading`, `feedback`, `gradebook`,
`classroom` (the class's picture).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.course.cases.desk import hand_in, mark, open_case
    from casebook.course.cases.key import Graded, Slip

__all__ = ["Graded", "Slip", "hand_in", "mark", "open_case"]

_HOMES = {"Graded": "key", "Slip": "key", "hand_in": "desk", "mark": "desk", "open_case": "desk"}


def __getattr__(name: str) -> Any:
    """Import each name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"casebook.course.cases has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"casebook.course.cases.{_HOMES[name]}"), name)
