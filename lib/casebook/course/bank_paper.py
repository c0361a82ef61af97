"""Questions as a paper to print, and its key apart: two Markdown texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from casebook.course.bank import Question

__all__ = ["paper"]

_LETTERS = "ABCDEFGHIJ"
_ASK = {
    "single": "One answer.",
    "multiple": "One answer or more. A wrong one costs as much as a right one brings; never below zero.",
    "truefalse": "True or false?",
    "numeric": "A number, and how you got it.",
    "matching": "Write the letter of the answer. An answer may stay unused.",
    "short": "Answer in your own words.",
}


def paper(questions: Iterable[Question], *, title: str = "Questions") -> tuple[str, str]:
    """Write a paper, and the key for those who mark it.

    Parameters
    ----------
    questions : iterable of Question
        In the order in which they shall stand.
    title : str

    Returns
    -------
    paper, key : tuple of str
        Two Markdown texts. The paper holds nothing of the answers.

    Examples
    --------
    >>> from casebook.course.bank import load
    >>> sheet, key = paper([q for q in load(lessons=["09"]) if q.id == "09-03"], title="A short test")
    >>> print(sheet)
    # A short test
    <BLANKLINE>
    1 question, 1 point, 1 minute. Name: ______________________
    <BLANKLINE>
    ## 1 · 1 point
    <BLANKLINE>
    A customer in class A by revenue is in class A by margin. *True or false?*
    <BLANKLINE>
    ☐ true  ☐ false
    <BLANKLINE>
    """
    asked = list(questions)
    total = ", ".join(
        _many(n, what)
        for n, what in (
            (len(asked), "question"),
            (sum(q.points for q in asked), "point"),
            (sum(q.minutes for q in asked), "minute"),
        )
    )
    sheet = [f"# {title}\n", f"{total}. Name: ______________________\n"]
    key = [f"# {title}: key\n", f"{total}. For those who mark; not for the class.\n"]
    for number, question in enumerate(asked, 1):
        points = _many(question.points, "point")
        sheet += [
            f"## {number} · {points}\n",
            f"{question.text.strip()} *{_ASK[question.kind]}*\n",
            *_room(question),
        ]
        key += [
            f"## {number} · {question.id} · {question.item} · {question.level} · {points}\n",
            *_answer(question),
        ]
    return "\n".join(sheet), "\n".join(key)


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _choice_of(question: Question) -> list[str]:
    """The right-hand side of a matching question, sorted, so that its order tells nothing."""
    return sorted({right for _, right in question.pairs} | set(question.extra))


def _room(question: Question) -> list[str]:
    """Where the answer is written."""
    if question.options:
        return ["\n".join(_lettered(option.text for option in question.options)) + "\n"]
    if question.kind == "matching":
        left = "\n".join(f"- ___ {left}" for left, _ in question.pairs)
        return [f"{left}\n", "\n".join(_lettered(_choice_of(question))) + "\n"]
    if question.kind == "truefalse":
        return ["☐ true  ☐ false\n"]
    lines = 2 if question.kind == "numeric" else max(6, question.minutes)
    end = [f"Answer: ____________ {question.unit}".rstrip() + "\n"] if question.kind == "numeric" else []
    return ["\n".join(["\\_" * 60 + "  "] * lines) + "\n", *end]


def _answer(question: Question) -> list[str]:
    if question.options:
        rows = zip(_LETTERS, question.options, strict=False)
        return ["\n".join(f"- {letter}) {'✓' if o.right else '✗'} {o.because}" for letter, o in rows) + "\n"]
    if question.kind == "matching":
        letter = dict(zip(_choice_of(question), _LETTERS, strict=False))
        pairs = "\n".join(f"- {left}: {letter[right]} ({right})" for left, right in question.pairs)
        return [f"{pairs}\n", f"{question.because}\n"]
    if question.kind == "truefalse":
        return [
            f"**{'true' if question.answer else 'false'}.** {question.because}\n",
            f"Else: {question.mistake}\n",
        ]
    if question.kind == "numeric":
        exact = (
            f"**{question.answer:,} {question.unit}".rstrip()
            + f"** (± {question.tolerance:g}). {question.worked}\n"
        )
        slips = [f"- {slip.answer:,}: {slip.because}" for slip in question.slips]
        return [exact, *(["\n".join(slips) + "\n"] if slips else [])]
    return [f"{question.model}\n", "\n".join(f"- {hint}" for hint in question.hints) + "\n"]


def _lettered(texts: Iterable[str] | Sequence[str]) -> list[str]:
    return [f"- {letter}) {text}" for letter, text in zip(_LETTERS, texts, strict=False)]
