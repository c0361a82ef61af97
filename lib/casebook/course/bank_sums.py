"""A small calculator for the sums of the question bank: numbers and calls of this library, nothing else."""

from __future__ import annotations

import ast
import importlib
import math
import operator
from collections.abc import Callable
from typing import Any

from casebook.errors import TableError

__all__ = ["TOPICS", "work_out"]

#: Modules of the library that a sum may call.
TOPICS = (
    "churn_causes",
    "classification",
    "composition",
    "credit",
    "evaluation",
    "identification",
    "lifetime",
    "parties",
    "profit",
    "prospecting",
    "qualification",
    "receivables",
    "scorecard",
    "selection",
    "survival",
    "terms",
    "uplift",
)
_WORDS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "ceil": math.ceil,
    "exp": math.exp,
    "floor": math.floor,
    "len": len,
    "list": list,
    "log": math.log,
    "max": max,
    "min": min,
    "round": round,
    "set": set,
    "sqrt": math.sqrt,
    "sum": sum,
}
_TWO: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}


def work_out(sum_: str) -> float:
    """Work out a sum.

    Parameters
    ----------
    sum_ : str
        Arithmetic (``"80 / 2.5"``), a few functions (`round`, `sum`, `len`, `exp` …), a call of the library
        (``"classification.gini([10, 20, 70])"``), one column of its answer, and ``frame(a=[…])`` for a table.

    Returns
    -------
    float
        Its value.

    Raises
    ------
    TableError
        If the sum is no sum, uses something that it may not use, or does not come to a number.

    Examples
    --------
    >>> work_out("100 * (1 - 1 / 4)")
    75.0
    >>> round(work_out("classification.gini([10, 20, 70])"), 2)
    0.4
    >>> work_out("open('x')")
    Traceback (most recent call last):
    casebook.errors.TableError: the sum "open('x')" uses `open`. Use numbers, ..., or a module of the course.
    """
    try:
        tree = ast.parse(sum_, mode="eval").body
    except SyntaxError as error:
        raise TableError(f"the sum {sum_!r} cannot be read: {error.msg}. Write it as Python would.") from None
    try:
        value = float(_Reader(sum_).value(tree))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, TableError) and "the sum" in str(error):
            raise
        raise TableError(f"the sum {sum_!r} does not come to a number: {error}") from error
    if not math.isfinite(value):
        raise TableError(f"the sum {sum_!r} comes to {value}, which no student can type.")
    return value


class _Reader:
    """Walks the tree of one sum; what it does not know, it refuses."""

    def __init__(self, text: str) -> None:
        self.text = text

    def value(self, node: ast.expr) -> Any:
        """Return what a part of the sum is worth."""
        known: dict[type[ast.expr], Callable[[Any], Any]] = {
            ast.Constant: lambda n: n.value,
            ast.List: lambda n: [self.value(e) for e in n.elts],
            ast.Tuple: lambda n: tuple(self.value(e) for e in n.elts),
            ast.UnaryOp: self._sign,
            ast.BinOp: self._two,
            ast.Compare: self._compare,
            ast.Subscript: lambda n: self.value(n.value)[self.value(n.slice)],
            ast.Attribute: self._attribute,
            ast.Call: self._call,
        }
        if type(node) not in known:
            raise self._refuse(ast.unparse(node))
        return known[type(node)](node)

    def _sign(self, node: ast.UnaryOp) -> Any:
        if not isinstance(node.op, ast.USub):
            raise self._refuse(ast.unparse(node))
        return -self.value(node.operand)

    def _two(self, node: ast.BinOp) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        big = isinstance(node.op, ast.Pow) and isinstance(right, int | float) and abs(right) > 100
        if type(node.op) not in _TWO or big:
            raise self._refuse(ast.unparse(node))
        return _TWO[type(node.op)](left, right)

    def _compare(self, node: ast.Compare) -> Any:
        if len(node.ops) != 1 or type(node.ops[0]) not in _COMPARE:
            raise self._refuse(ast.unparse(node))
        return _COMPARE[type(node.ops[0])](self.value(node.left), self.value(node.comparators[0]))

    def _attribute(self, node: ast.Attribute) -> Any:
        """A named part of an answer (`chain(…).cac`): its public fields only."""
        owner = self.value(node.value)
        fields = tuple(getattr(owner, "_fields", ())) or tuple(getattr(owner, "__dataclass_fields__", ()))
        if node.attr not in fields:
            raise self._refuse(ast.unparse(node))
        return getattr(owner, node.attr)

    def _call(self, node: ast.Call) -> Any:
        function = self._function(node.func)
        if any(word.arg is None for word in node.keywords):
            raise self._refuse("**")
        named = {str(word.arg): self.value(word.value) for word in node.keywords}
        return function(*(self.value(a) for a in node.args), **named)

    def _function(self, node: ast.expr) -> Callable[..., Any]:
        if isinstance(node, ast.Name) and node.id in _WORDS:
            return _WORDS[node.id]
        if isinstance(node, ast.Name) and node.id == "frame":
            import pandas as pd

            return lambda **columns: pd.DataFrame(columns)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in TOPICS:
            topic = importlib.import_module(f"casebook.{node.value.id}")
            if node.attr in topic.__all__:
                function: Callable[..., Any] = getattr(topic, node.attr)
                return function
        raise self._refuse(ast.unparse(node))

    def _refuse(self, what: str) -> TableError:
        words = ", ".join(sorted(_WORDS))
        return TableError(
            f"the sum {self.text!r} uses `{what}`. Use numbers, {words}, frame, or a module of the course."
        )
