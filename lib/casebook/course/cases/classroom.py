"""The class's picture: which questions were hard, which told students apart, which mistakes were common.

And which pairs of submissions are too alike: the same wrong number, which on different companies nobody
should find, and on the same company few should find by chance.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from casebook.course.cases.feedback import _page, shown
from casebook.course.cases.folder import Case
from casebook.course.cases.grading import Result, write_file
from casebook.report.write import csv_text

__all__ = ["alike", "class_report", "mistakes", "questions"]


def questions(results: list[Result]) -> pd.DataFrame:
    """Sum up each question that is marked by rule.

    Parameters
    ----------
    results : list of Result

    Returns
    -------
    DataFrame of shape (n_questions, 7)
        `question`; `of`, its points; `difficulty`, the mean share of its points that was earned (a hard
        question has a low one); `discrimination`, the correlation of its points with the points of all other
        questions (below .2: it does not tell students apart; negative: look at the key); `right`, `wrong` and
        `open`, numbers of students.

    Notes
    -----
    Source: classical test theory; the corrected item-total correlation (Ebel and Frisbie 1991 read .2 to .29
    as marginal, .4 and more as very good).
    """
    marks = pd.DataFrame(
        [{"student": r.student_id, "question": m.name, "points": m.points, "of": m.of, "state": m.state}
         for r in results for m in r.marks],
        columns=["student", "question", "points", "of", "state"],
    )  # fmt: skip
    total = marks.groupby("student")["points"].sum()
    rows = []
    for name, part in marks.groupby("question", sort=False):
        points = part.set_index("student")["points"]
        rest = total.reindex(points.index) - points
        rows.append(
            {
                "question": name,
                "of": part["of"].iloc[0],
                "difficulty": float((part["points"] / part["of"]).mean()),
                "discrimination": _correlation(points.to_numpy(float), rest.to_numpy(float)),
                "right": int((part["state"] == "right").sum()),
                "wrong": int(part["state"].isin(["slip", "wrong"]).sum()),
                "open": int((part["state"] == "open").sum()),
            }
        )
    columns = ["question", "of", "difficulty", "discrimination", "right", "wrong", "open"]
    return pd.DataFrame(rows, columns=columns)


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Pearson's; missing where one of them does not vary."""
    if len(one) < 3 or not one.std() or not other.std():
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def mistakes(results: list[Result]) -> pd.DataFrame:
    """Count the mistakes that the key foresees, the most common first.

    Parameters
    ----------
    results : list of Result

    Returns
    -------
    DataFrame
        `question`, `mistake` (the diagnosis), `students`.
    """
    counted = Counter((m.name, m.says) for r in results for m in r.marks if m.state == "slip")
    rows = [{"question": q, "mistake": says, "students": n} for (q, says), n in counted.most_common()]
    return pd.DataFrame(rows, columns=["question", "mistake", "students"])


def alike(results: list[Result], *, least: int = 2) -> pd.DataFrame:
    """Find pairs of students with the same wrong answers.

    Parameters
    ----------
    results : list of Result
    least : int
        Fewest wrong answers that a pair shares. Mistakes that the key foresees do not count: many make them.

    Returns
    -------
    DataFrame
        `one`, `other`, `shared` (wrong answers with the same value), `questions`; the most alike first. A
        pair is a reason to ask, never a proof.
    """
    handed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for result in results:
        for mark in result.marks:
            answer = result.answers.get(mark.name, "")
            if mark.state == "wrong" and answer:
                handed[mark.name, answer].append(result.student_id)
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (question, _), students in handed.items():
        if len(students) <= max(
            3, len(results) // 10
        ):  # what many hand in is a mistake that we did not foresee
            for pair in combinations(sorted(students), 2):
                pairs[pair].append(question)
    rows = [
        {"one": one, "other": other, "shared": len(shared), "questions": ", ".join(shared)}
        for (one, other), shared in pairs.items()
        if len(shared) >= least
    ]
    table = pd.DataFrame(rows, columns=["one", "other", "shared", "questions"])
    return table.sort_values(["shared", "one", "other"], ascending=[False, True, True], ignore_index=True)


def class_report(case: Case, results: list[Result], out: Path) -> list[str]:
    """Write `report.html`, `questions.csv`, `mistakes.csv` and `alike.csv`, and sum up in sentences.

    Parameters
    ----------
    case : Case
    results : list of Result
    out : Path

    Returns
    -------
    list of str
    """
    handed = [result for result in results if result.digest and result.status != "Nothing was handed in."]
    tables = {"questions": questions(results), "mistakes": mistakes(results), "alike": alike(results)}
    points = np.array([result.points for result in handed]) if handed else np.zeros(1)
    low, middle, high = np.quantile(points, [0.25, 0.5, 0.75])
    spread = f"the middle half has {low:g} to {high:g}"
    sentences = [
        f"{len(handed)} of {len(results)} students handed in.",
        f"The median is {middle:g} of {case.automatic:g} points by rule; {spread}.",
        *_notable(tables["questions"], tables["mistakes"]),
        _pairs(len(tables["alike"])),
    ]
    for name, table in tables.items():
        write_file(out / f"{name}.csv", csv_text(table))
    parts = [f"<p>{shown(sentence)}</p>" for sentence in sentences]
    parts.append(f"<h2>Points by rule</h2>{_bars(points, case.automatic)}")
    titles = {
        "questions": "Questions: difficulty is the mean share of the points, discrimination the correlation "
        "with the other questions",
        "mistakes": "Most common mistakes",
        "alike": "Pairs with the same wrong answers",
    }
    parts += [f"<h2>{titles[name]}</h2>{_table(table)}" for name, table in tables.items()]
    odd = [r for r in results if r.status != "graded"]
    if odd:
        lines = "".join(f"<li>{shown(r.student_id)}: {shown(r.status)}</li>" for r in odd)
        parts.append(f"<h2>Not graded to the end</h2><ul>{lines}</ul>")
    write_file(out / "report.html", _page(f"The class · {case.title}", parts))
    return sentences


def _pairs(number: int) -> str:
    if not number:
        return "No two submissions share two wrong answers that the key does not foresee."
    some = "1 pair of submissions shares" if number == 1 else f"{number} pairs of submissions share"
    return f"{some} two wrong answers or more: a reason to ask."


def _notable(asked: pd.DataFrame, made: pd.DataFrame) -> list[str]:
    said = []
    if len(asked):
        hard = asked.iloc[int(asked["difficulty"].argmin())]
        said.append(f"Hardest: {hard['question']}, {hard['difficulty']:.0%} of its points.")
        weak = asked[asked["discrimination"] < 0]
        if len(weak):
            said.append(
                f"Look at the key of {', '.join(weak['question'])}: who did well elsewhere did worse there."
            )
    if len(made):
        first = made.iloc[0]
        who = "1 student" if first["students"] == 1 else f"{first['students']} students"
        said.append(f"Most common mistake, {who}, in {first['question']}: {first['mistake']}")
    return said


def _bars(points: np.ndarray, most: float) -> str:
    """Counts by tenths of the points, as bars of text: they need no script and print in grey."""
    counts, edges = np.histogram(points, bins=10, range=(0, most))
    rows = "".join(
        f"<tr><td class='n'>{low:g} to {high:g}</td><td class='n'>{n}</td><td>{'█' * int(n)}</td></tr>"
        for n, low, high in zip(counts, edges, edges[1:], strict=False)
    )
    return f"<table><tr><th>points</th><th>students</th><th></th></tr>{rows}</table>"


def _table(table: pd.DataFrame) -> str:
    if table.empty:
        return "<p>None.</p>"
    head = "".join(f"<th>{shown(str(column))}</th>" for column in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>"
        for row in table.itertuples(index=False, name=None)
    )
    return f"<table><tr>{head}</tr>{rows}</table>"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "–" if np.isnan(value) else f"{value:.2f}"
    return shown(str(value))
