"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc
from casebook.widgets.discounts import DiscountAnswer, discount_answer
from casebook.widgets.discounts_explorer import explore_discount, show_discount

__all__ = [
    "AbcAnswer",
    "DiscountAnswer",
    "abc_answer",
    "discount_answer",
    "explore_abc",
    "explore_discount",
    "show_abc",
    "show_discount",
from casebook.widgets.parties import SourcesAnswer, explore_sources, sources_answer

__all__ = [
    "AbcAnswer",
    "SourcesAnswer",
    "abc_answer",
    "explore_abc",
    "explore_sources",
    "show_abc",
    "sources_answer",
]
