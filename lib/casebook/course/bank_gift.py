"""Questions in Moodle's GIFT format, the plain text that most learning platforms read.

Texts are HTML (``[html]``), with the seven signs that GIFT reads (``~ = # { } :`` and the backslash) escaped.
Each question is a block without blank lines; a comment in it carries its id number and its tags, which Moodle
reads too.
A short answer becomes an essay; the model answer and the hints stand in its general feedback.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from casebook.course.bank import Question

__all__ = ["gift", "plain", "to_html"]

_RESERVED = re.compile(r"([\\~=#{}:])")


def gift(questions: Iterable[Question]) -> str:
    """Write questions as GIFT.

    Parameters
    ----------
    questions : iterable of Question
        Each lesson and use becomes a category; within it the order is kept.

    Returns
    -------
    str
        The text of the file; write it as UTF-8.

    Examples
    --------
    >>> from casebook.course.bank import load
    >>> print(gift([q for q in load(lessons=["09"]) if q.id == "09-03"]).expandtabs(2))
    $CATEGORY: $course$/top/Casebook/09 ABC classification/quiz
    <BLANKLINE>
    // [id:09-03] [tag:ABC-01] [tag:judge] [tag:ABC] [tag:measure]
    ::09-03 ABC-01::[html]A customer in class A by revenue is in class A by margin.{FALSE
      #Revenue and margin rank alike only if all pay the same margin.
      #High discounts and dear service make large customers small. Say by ... whenever you use it.
    }
    <BLANKLINE>
    """
    blocks, last = [], ""
    for question in sorted(questions, key=lambda q: (q.lesson, q.use)):
        category = f"$course$/top/Casebook/{_path(question.lesson, question.topic)}/{question.use}"
        if category != last:
            blocks.append(f"$CATEGORY: {category}\n")
            last = category
        blocks.append(_block(question))
    return "\n".join(blocks)


def to_html(text: str) -> str:
    """Turn a text of the bank into HTML: backticks are code, asterisks emphasis, line ends breaks.

    >>> to_html("`a` < *b*")
    '<code>a</code> &lt; <em>b</em>'
    """
    safe = html.escape(text.strip(), quote=False)
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    safe = re.sub(r"\*([^*\s](?:[^*\n]*[^*\s])?)\*", r"<em>\1</em>", safe)
    return re.sub(r"\s*\n\s*", "<br>", safe)


def plain(text: str) -> str:
    """Take the marks of a text away, where only letters are allowed.

    >>> plain("`a` and *b*")
    'a and b'
    """
    return " ".join(re.sub(r"[`*]", "", text).split())


def _path(lesson: str, topic: str) -> str:
    """A slash within a name is doubled; or it would open a category of its own."""
    return f"{lesson} {topic}".replace("/", "//")


def _escape(text: str) -> str:
    return _RESERVED.sub(r"\\\1", text)


def _html(text: str) -> str:
    return _escape(to_html(text))


def _block(question: Question) -> str:
    tags = " ".join(f"[tag:{plain(tag)}]" for tag in (question.item, question.level, *question.tags))
    head = f"::{_escape(f'{question.id} {question.item}')}::[html]{_html(question.text)}"
    body = {
        "single": _choices,
        "multiple": _choices,
        "truefalse": _true_false,
        "numeric": _numeric,
        "matching": _matching,
        "short": _essay,
    }[question.kind](question)
    return f"// [id:{question.id}] {tags}\n{head}{{{body}}}\n"


def _choices(question: Question) -> str:
    right = sum(option.right for option in question.options)
    lines = []
    for option in question.options:
        if question.kind == "single":
            sign = "=" if option.right else "~"
        else:
            share = 100 / right if option.right else -100 / (len(question.options) - right)
            sign = f"~%{share:.5f}".rstrip("0").rstrip(".") + "%"
        lines.append(f"\n\t{sign}{_html(option.text)}#{_html(option.because)}")
    return "".join(lines) + "\n"


def _true_false(question: Question) -> str:
    answer = "TRUE" if question.answer else "FALSE"
    return f"{answer}\n\t#{_html(question.mistake)}\n\t#{_html(question.because)}\n"


def _numeric(question: Question) -> str:
    lines = [f"\n\t=%100%{question.answer!r}:{question.tolerance!r}#{_html(question.worked)}"]
    lines += [
        f"\n\t=%0%{slip.answer!r}:{question.tolerance!r}#{_html(slip.because)}" for slip in question.slips
    ]
    return "#" + "".join(lines) + f"\n\t####{_html(question.worked)}\n"


def _matching(question: Question) -> str:
    rows = [(_html(left), right) for left, right in question.pairs] + [
        ("", extra) for extra in question.extra
    ]
    lines = [f"\n\t={left} -> {_escape(plain(right))}" for left, right in rows]
    return "".join(lines) + f"\n\t####{_html(question.because)}\n"


def _essay(question: Question) -> str:
    whole = "\n".join((question.model, *question.hints))
    return f"\n\t####{_html(whole)}\n"
