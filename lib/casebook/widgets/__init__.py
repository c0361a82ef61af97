"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc
from casebook.widgets.discounts import DiscountAnswer, discount_answer
from casebook.widgets.discounts_explorer import explore_discount, show_discount
from casebook.widgets.parties import SourcesAnswer, explore_sources, sources_answer

__all__ = [
    "AbcAnswer",
    "DiscountAnswer",
    "SourcesAnswer",
    "abc_answer",
    "discount_answer",
    "explore_abc",
    "explore_discount",
    "explore_sources",
    "show_abc",
    "show_discount",
    "sources_answer",
]
