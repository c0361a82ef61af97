"""Pages of a graded case: one for each student, one for each written question with its rubric beside it.

Everything that a student wrote, and every name, is escaped: a page is shown in the instructor's browser.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path

from casebook.course.cases.folder import Case, Written
from casebook.course.cases.grading import Result, write_file
from casebook.course.cases.key import Marked

__all__ = ["feedback_page", "reading_page", "shown", "write_pages"]

_STYLE = """
body{font:16px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;max-width:62rem;margin:2rem auto;
  padding:0 1rem;color:#1a1a1a}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse}
td,th{border:1px solid #bbb;padding:.35rem .6rem;text-align:left;vertical-align:top}
td.n{text-align:right;white-space:nowrap}
.text{white-space:pre-wrap;overflow-wrap:anywhere;background:#f6f6f3;padding:.7rem 1rem;
  border-left:4px solid #777}
.beside{display:grid;grid-template-columns:1fr 1fr;gap:1rem;align-items:start}
.quiet{color:#555;font-size:.9rem}
@media(max-width:50rem){.beside{grid-template-columns:1fr}}
"""
_SIGNS = {"right": "✓", "slip": "✗", "wrong": "✗", "open": "○"}


Given = Mapping[tuple[str, str], float]
Said = Mapping[tuple[str, str], str]


def write_pages(
    case: Case, results: list[Result], out: Path, given: Given | None = None, said: Said | None = None
) -> None:
    """Write `feedback/ID.html` for each student and `to_read/QUESTION.html` for each written question.

    Parameters
    ----------
    case : Case
    results : list of Result
    out : Path
    given, said : mappings, optional
        A reader's points and comments, by student and question.
    """
    for result in results:
        page = feedback_page(case, result, given or {}, said or {})
        write_file(out / "feedback" / f"{result.student_id}.html", page)
    for question in case.written:
        write_file(out / "to_read" / f"{question.name}.html", reading_page(case, question, results))


def feedback_page(case: Case, result: Result, given: Given, said: Said) -> str:
    """Give a student's page: each answer with its points and diagnosis, each text with points and rubric.

    Parameters
    ----------
    case : Case
    result : Result
    given, said : mappings
        A reader's points and comments, by student and question.

    Returns
    -------
    str
        HTML.
    """
    who = result.student_id
    marks = [replace(m, points=given.get((who, m.name), m.points)) for m in result.marks]
    ruled, read = sum(mark.points for mark in marks), _read_points(case, result, given)
    earned = f"<strong>{ruled:g} of {case.automatic:g} points by rule</strong>"
    if read is not None:
        of = case.automatic + sum(question.points for question in case.written)
        earned = f"<strong>{ruled + read:g} of {of:g} points</strong>, {ruled:g} of them by rule"
    parts = [
        f"<p>{shown(result.name or who)} · {earned} · {shown(result.status)}</p>",
        _answers(result, marks),
    ]
    asked = {mark.name for mark in marks}
    broken = {cell: error for cell, error in result.failed.items() if not (cell in asked and _follows(error))}
    if broken:
        failed = "".join(f"<li>the cell {shown(cell)}: {shown(error)}</li>" for cell, error in broken.items())
        parts.append(f"<h2>Cells that stopped with an error</h2><ul>{failed}</ul>")
    for question in case.written:
        points = given.get((who, question.name))
        known = "read by a person" if points is None else f"{points:g} given"
        parts.append(_written(question, result.written.get(question.name, ""), known))
        if said.get((who, question.name)):
            parts.append(f"<p><strong>Comment:</strong> {shown(said[who, question.name])}</p>")
    return _page(f"Feedback · {case.title}", parts)


def reading_page(case: Case, question: Written, results: Iterable[Result]) -> str:
    """Give a reader's page: all answers to one written question, and the rubric beside each of them.

    Parameters
    ----------
    case : Case
    question : Written
    results : iterable of Result

    Returns
    -------
    str
        HTML; blank answers are only counted.
    """
    answered: list[Result] = []
    blank: list[Result] = []
    for result in results:
        (answered if result.written.get(question.name) else blank).append(result)
    parts = [f"<div>{_markdown(question.asks)}</div>"]
    parts += [
        f"<h2>{shown(r.name or r.student_id)} <span class='quiet'>{shown(r.student_id)}, "
        f"{len(r.written[question.name].split()):,} words, {r.points:g} points by rule</span></h2>"
        f"<div class='beside'><div class='text'>{shown(r.written[question.name])}</div>"
        f"<div>{_markdown(question.rubric)}</div></div>"
        f"<details><summary>The figures of {shown(r.student_id)}</summary>{_answers(r, r.marks)}</details>"
        for r in answered
    ]
    names = ", ".join(shown(r.student_id) for r in blank)
    parts.append(f"<p class='quiet'>Blank: {len(blank)}{f' ({names})' if blank else ''}.</p>")
    return _page(f"{question.name}, {question.points:g} points · {case.title}", parts)


def _follows(error: str) -> bool:
    """Whether an error only says that something before it failed."""
    return error.startswith("NameError")


def _read_points(case: Case, result: Result, given: Given) -> float | None:
    """Points for the texts; none while one of them is unread."""
    points = [
        given.get((result.student_id, q.name), None if result.written.get(q.name) else 0.0)
        for q in case.written
    ]
    known = [value for value in points if value is not None]
    return sum(known) if len(known) == len(points) else None


def _answers(result: Result, marks: Iterable[Marked]) -> str:
    """The answers with what was handed in, their points and the diagnosis."""
    rows = "".join(
        f"<tr><td>{_SIGNS.get(mark.state, '✗')}</td><td>{shown(mark.name)}</td>"
        f"<td>{shown(_brief(result.answers.get(mark.name, '')))}</td>"
        f"<td class='n'>{mark.points:g} of {mark.of:g}</td><td>{shown(_seen(mark, result))}</td></tr>"
        for mark in marks
    )
    head = "<tr><th></th><th>answer</th><th>handed in</th><th>points</th><th>what we saw</th></tr>"
    return f"<table>{head}{rows}</table>"


def _brief(text: str, most: int = 120) -> str:
    return text if len(text) <= most else f"{text[:most]} …"


def _seen(mark: Marked, result: Result) -> str:
    """The diagnosis; where nothing came because the cell stopped, that."""
    failed = result.failed.get(mark.name, "")
    if mark.state == "open" and failed and mark.name in result.code and not _follows(failed):
        return f"Its cell stopped: {failed}"
    return mark.says


def _written(question: Written, text: str, who: str) -> str:
    given = f"<div class='text'>{shown(text)}</div>" if text else "<p>Blank.</p>"
    return (
        f"<h2>{shown(question.name)} · {question.points:g} points, {who}</h2>"
        f"<div class='beside'>{given}<div>{_markdown(question.rubric)}</div></div>"
    )


def _page(title: str, parts: list[str]) -> str:
    """A page without any script, which a browser is told not to run either."""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<meta name='viewport' content='width=device-width'><title>{shown(title)}</title>"
        f"<style>{_STYLE}</style></head><body><h1>{shown(title)}</h1>{''.join(parts)}</body></html>\n"
    )


def shown(text: str) -> str:
    r"""Escape a text for a page, and show what would be invisible or turn the writing round.

    >>> shown("<b>a\u202eb\x1b[31m")
    '&lt;b&gt;a␣b␣[31m'
    """
    seen = "".join(
        "␣" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") and c not in "\n\t" else c for c in text
    )
    return escape(seen)


def _markdown(text: str) -> str:
    """A text of ours as HTML; of raw HTML in it nothing stays."""
    import mistune

    made = mistune.create_markdown(escape=True, plugins=["table"])(re.sub(r"</?kbd>", "`", text))
    return str(made)
