"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc
from casebook.widgets.composition import RangeAnswer, range_answer
from casebook.widgets.composition_explorer import explore_range, show_range
from casebook.widgets.lifetime import SilenceAnswer, ValueAnswer, silence_answer, value_answer
from casebook.widgets.lifetime_explorer import explore_silence, explore_value, show_value
from casebook.widgets.parties import SourcesAnswer, explore_sources, sources_answer

__all__ = [
    "AbcAnswer",
    "RangeAnswer",
    "SilenceAnswer",
    "SourcesAnswer",
    "ValueAnswer",
    "abc_answer",
    "explore_abc",
    "explore_range",
    "explore_silence",
    "explore_sources",
    "explore_value",
    "range_answer",
    "show_abc",
    "show_range",
    "show_value",
    "silence_answer",
    "sources_answer",
    "value_answer",
]
