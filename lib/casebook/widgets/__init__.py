"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc
from casebook.widgets.calls import CallsAnswer, calls_answer
from casebook.widgets.calls_explorer import explore_calls, show_calls
from casebook.widgets.parties import SourcesAnswer, explore_sources, sources_answer

__all__ = [
    "AbcAnswer",
    "CallsAnswer",
    "SourcesAnswer",
    "abc_answer",
    "calls_answer",
    "explore_abc",
    "explore_calls",
    "explore_sources",
    "show_abc",
    "show_calls",
    "sources_answer",
]
