"""The quiz of a lesson: radio buttons that explain each choice, and a folded list where nothing can run."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

from casebook.course.content import QuizItem, QuizOption, lesson

__all__ = ["Quiz", "quiz"]

_LETTERS = "abcdefgh"


def quiz(number: str) -> Quiz:
    """Return the quiz of a lesson; as the last line of a cell it shows itself.

    Parameters
    ----------
    number : str
        The lesson: ``"09"``.

    Returns
    -------
    Quiz
        In a running notebook: radio buttons, with an explanation at each choice. On a page without a kernel:
        the questions, with the answers and explanations folded below each.

    Raises
    ------
    LookupError
        If there is no such lesson.

    Examples
    --------
    >>> print(quiz("09"))  # doctest: +ELLIPSIS
    1. ...
       a) ...
    """
    return Quiz(lesson(number).quiz)


class Quiz:
    """Questions with one right answer each."""

    def __init__(self, items: tuple[QuizItem, ...]) -> None:
        self.items = items

    def __repr__(self) -> str:
        lines = []
        for number, item in enumerate(self.items, 1):
            lines.append(f"{number}. {item.question}")
            lines += [f"   {letter}) {o.text}" for letter, o in zip(_LETTERS, item.options, strict=False)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return "\n".join(_static(number, item) for number, item in enumerate(self.items, 1))

    def widget(self) -> Any:
        """Return the questions as a box of radio buttons (an `ipywidgets.VBox`)."""
        from ipywidgets import Layout, VBox

        rows = [_live(number, item) for number, item in enumerate(self.items, 1)]
        return VBox(rows, layout=Layout(max_width="46em"))

    def _repr_mimebundle_(self, **_kwargs: Any) -> dict[str, Any]:
        """A notebook takes the widget if it can run one, else the HTML, else the text."""
        live: dict[str, Any] = self.widget()._repr_mimebundle_()
        return {**live, "text/html": self._repr_html_(), "text/plain": repr(self)}


def explain(option: QuizOption) -> str:
    """Say whether an option is right, and why, as HTML.

    >>> explain(QuizOption("All", "It is `A` < B.", right=False))
    '<b>✗ Not this.</b> It is <code>A</code> &lt; B.'
    """
    verdict = "✓ Right." if option.right else "✗ Not this."
    return f"<b>{verdict}</b> {_inline(option.because)}"


def _live(number: int, item: QuizItem) -> Any:
    """One question: its text, its radio buttons, and the place for the explanation."""
    from ipywidgets import HTML, Layout, RadioButtons, VBox

    question = HTML(_line(f"<b>{number}.</b> {_inline(item.question)}"))
    buttons = RadioButtons(
        options=[(option.text.replace("`", ""), i) for i, option in enumerate(item.options)],
        index=None,
        layout=Layout(width="auto"),
    )
    said = HTML(_line("", role="status"))

    def tell(change: dict[str, Any]) -> None:
        if change["new"] is not None:
            said.value = _line(explain(item.options[change["new"]]), role="status")

    buttons.observe(tell, names="index")
    return VBox([question, buttons, said], layout=Layout(margin="0 0 1em 0"))


def _line(text: str, **attributes: str) -> str:
    """A line of HTML. With role="status" a screen reader says it when it changes."""
    named = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<div style="line-height: 1.5"{named}>{text}</div>'


def _static(number: int, item: QuizItem) -> str:
    return (
        f"<p><b>{number}.</b> {_inline(item.question)}</p>\n"
        f"{_lettered(_inline(option.text) for option in item.options)}\n"
        '<details style="margin-bottom: 1em">'
        f"<summary>Answers to question {number}, each explained</summary>\n"
        f"{_lettered(explain(option) for option in item.options)}</details>"
    )


def _lettered(texts: Iterable[str]) -> str:
    lines = (f"<li>{letter}) {text}</li>" for letter, text in zip(_LETTERS, texts, strict=False))
    return f'<ul style="list-style-type: none">{"".join(lines)}</ul>'


def _inline(text: str) -> str:
    """Escape a text; words between backticks become code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
