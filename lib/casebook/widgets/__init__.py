"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc
from casebook.widgets.calls import CallsAnswer, calls_answer
from casebook.widgets.calls_explorer import explore_calls, show_calls
from casebook.widgets.composition import RangeAnswer, range_answer
from casebook.widgets.composition_explorer import explore_range, show_range
from casebook.widgets.credit import CreditAnswer, credit_answer
from casebook.widgets.credit_explorer import explore_credit, show_credit
from casebook.widgets.discounts import DiscountAnswer, discount_answer
from casebook.widgets.discounts_explorer import explore_discount, show_discount
from casebook.widgets.identification import EvaluationAnswer, evaluation_answer
from casebook.widgets.identification_explorer import explore_evaluation, show_evaluation
from casebook.widgets.parties import SourcesAnswer, explore_sources, sources_answer
from casebook.widgets.prospecting import BudgetAnswer, budget_answer
from casebook.widgets.prospecting_explorer import explore_budget, show_budget
from casebook.widgets.retention import RetentionAnswer, retention_answer
from casebook.widgets.retention_explorer import explore_retention, show_retention
from casebook.widgets.whale import WhaleAnswer, whale_answer
from casebook.widgets.whale_explorer import explore_whale, show_whale
from casebook.widgets.worksheet import WorksheetForm, fill_in

__all__ = [
    "AbcAnswer",
    "BudgetAnswer",
    "CallsAnswer",
    "CreditAnswer",
    "DiscountAnswer",
    "EvaluationAnswer",
    "RangeAnswer",
    "RetentionAnswer",
    "SourcesAnswer",
    "WhaleAnswer",
    "WorksheetForm",
    "abc_answer",
    "budget_answer",
    "calls_answer",
    "credit_answer",
    "discount_answer",
    "evaluation_answer",
    "explore_abc",
    "explore_budget",
    "explore_calls",
    "explore_credit",
    "explore_discount",
    "explore_evaluation",
    "explore_range",
    "explore_retention",
    "explore_sources",
    "explore_whale",
    "fill_in",
    "range_answer",
    "retention_answer",
    "show_abc",
    "show_budget",
    "show_calls",
    "show_credit",
    "show_discount",
    "show_evaluation",
    "show_range",
    "show_retention",
    "show_whale",
    "sources_answer",
    "whale_answer",
]
