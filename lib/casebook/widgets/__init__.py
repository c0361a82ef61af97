"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc
from casebook.widgets.credit import CreditAnswer, credit_answer
from casebook.widgets.credit_explorer import explore_credit, show_credit
from casebook.widgets.parties import SourcesAnswer, explore_sources, sources_answer

__all__ = [
    "AbcAnswer",
    "CreditAnswer",
    "SourcesAnswer",
    "abc_answer",
    "credit_answer",
    "explore_abc",
    "explore_credit",
    "explore_sources",
    "show_abc",
    "show_credit",
    "sources_answer",
]
