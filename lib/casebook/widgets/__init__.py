"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc
from casebook.widgets.calls import CallsAnswer, calls_answer
from casebook.widgets.calls_explorer import explore_calls, show_calls
from casebook.widgets.composition import RangeAnswer, range_answer
from casebook.widgets.composition_explorer import explore_range, show_range
from casebook.widgets.parties import SourcesAnswer, explore_sources, sources_answer

__all__ = [
    "AbcAnswer",
    "CallsAnswer",
    "RangeAnswer",
    "SourcesAnswer",
    "abc_answer",
    "calls_answer",
    "explore_abc",
    "explore_calls",
    "explore_range",
    "explore_sources",
    "range_answer",
    "show_abc",
    "show_calls",
    "show_range",
    "sources_answer",
]
