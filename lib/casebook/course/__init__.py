"""What a lesson is made of besides its words: checks, quiz, terms, card and the map of the course."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.course.bridges import bridge
    from casebook.course.cards import card, course_map
    from casebook.course.checks import check
    from casebook.course.glossary import terms
    from casebook.course.quizzes import quiz

__all__ = ["bridge", "card", "check", "course_map", "quiz", "terms"]

_HOMES = {
    "bridge": "bridges",
    "card": "cards",
    "check": "checks",
    "course_map": "cards",
    "quiz": "quizzes",
    "terms": "glossary",
}


def __getattr__(name: str) -> Any:
    """Import each name when it is first asked for, so that `import casebook` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"casebook.course has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"casebook.course.{_HOMES[name]}"), name)
