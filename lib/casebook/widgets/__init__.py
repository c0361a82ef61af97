"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc
from casebook.widgets.composition import RangeAnswer, range_answer
from casebook.widgets.composition_explorer import explore_range, show_range
from casebook.widgets.discounts import DiscountAnswer, discount_answer
from casebook.widgets.discounts_explorer import explore_discount, show_discount
from casebook.widgets.parties import SourcesAnswer, explore_sources, sources_answer

__all__ = [
    "AbcAnswer",
    "DiscountAnswer",
    "RangeAnswer",
    "SourcesAnswer",
    "abc_answer",
    "discount_answer",
    "explore_abc",
    "explore_discount",
    "explore_range",
    "explore_sources",
    "range_answer",
    "show_abc",
    "show_discount",
    "show_range",
    "sources_answer",
]
