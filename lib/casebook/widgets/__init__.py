"""One explorer a decision: a twin that answers from plain arguments, and controls that show its answer."""

from casebook.widgets.abc import AbcAnswer, abc_answer
from casebook.widgets.abc_explorer import explore_abc, show_abc

__all__ = ["AbcAnswer", "abc_answer", "explore_abc", "show_abc"]
