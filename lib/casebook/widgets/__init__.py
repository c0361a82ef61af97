"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc
from casebook.widgets.parties import SourcesAnswer, explore_sources, sources_answer
from casebook.widgets.prospecting import BudgetAnswer, budget_answer
from casebook.widgets.prospecting_explorer import explore_budget, show_budget

__all__ = [
    "AbcAnswer",
    "BudgetAnswer",
    "SourcesAnswer",
    "abc_answer",
    "budget_answer",
    "explore_abc",
    "explore_budget",
    "explore_sources",
    "show_abc",
    "show_budget",
    "sources_answer",
]
