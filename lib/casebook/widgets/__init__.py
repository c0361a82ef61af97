"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc
from casebook.widgets.composition import RangeAnswer, range_answer
from casebook.widgets.composition_explorer import explore_range, show_range
from casebook.widgets.parties import SourcesAnswer, explore_sources, sources_answer
from casebook.widgets.prospecting import BudgetAnswer, budget_answer
from casebook.widgets.prospecting_explorer import explore_budget, show_budget

__all__ = [
    "AbcAnswer",
    "BudgetAnswer",
    "RangeAnswer",
    "SourcesAnswer",
    "abc_answer",
    "budget_answer",
    "explore_abc",
    "explore_budget",
    "explore_range",
    "explore_sources",
    "range_answer",
    "show_abc",
    "show_budget",
    "show_range",
    "sources_answer",
]
