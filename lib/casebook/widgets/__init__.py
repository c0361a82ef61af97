"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc
from casebook.widgets.composition import RangeAnswer, range_answer
from casebook.widgets.composition_explorer import explore_range, show_range
from casebook.widgets.parties import SourcesAnswer, explore_sources, sources_answer
from casebook.widgets.whale import WhaleAnswer, whale_answer
from casebook.widgets.whale_explorer import explore_whale, show_whale

__all__ = [
    "AbcAnswer",
    "RangeAnswer",
    "SourcesAnswer",
    "WhaleAnswer",
    "abc_answer",
    "explore_abc",
    "explore_range",
    "explore_sources",
    "explore_whale",
    "range_answer",
    "show_abc",
    "show_range",
    "show_whale",
    "sources_answer",
    "whale_answer",
]
