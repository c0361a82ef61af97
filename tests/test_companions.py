"""Companions: a lesson's question asked of real data, stored as run, by the rules of every notebook."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casebook.course import lessons as making
from casebook.course.lint import GENERAL, open_page
from casebook.public.fetching import SOURCES

BOOK = Path(__file__).resolve().parents[1] / "notebooks"
COMPANIONS = sorted((BOOK / "real_data").glob("*.ipynb"))

each = pytest.mark.parametrize("path", COMPANIONS, ids=lambda p: p.name)


def outputs(path: Path) -> str:
    """Everything that a companion stores as text."""
    cells = making.read(path)["cells"]
    return "\n".join(o["data"]["text/plain"] for c in cells for o in c.get("outputs", ()) if "data" in o)


def test_the_companion_of_lesson_09_is_there():
    assert "09_abc_classification.ipynb" in {path.name for path in COMPANIONS}


@each
def test_a_companion_keeps_the_general_rules(path):
    page = open_page(path)
    assert [line for rule in GENERAL for line in rule(page)] == []


@each
def test_a_companion_is_stored_tidily_and_says_what_it_is(path):
    stored = making.read(path)
    assert making.tidy(stored) == stored
    assert stored["metadata"]["casebook"] == {"lesson": path.name[:2], "form": "companion"}


@each
def test_a_companion_has_a_lesson_and_cites_its_data(path):
    assert (BOOK / path.name).exists()
    prose = "\n".join(c["source"] for c in making.read(path)["cells"] if c["cell_type"] == "markdown")
    assert f"(../{path.name})" in prose
    assert "(../../datasets/PUBLIC.md)" in prose
    code = "\n".join(c["source"] for c in making.read(path)["cells"] if c["cell_type"] == "code")
    cited = [SOURCES[name].citation for name in re.findall(r"fetch\(\s*\"(\w+)\"", code)]
    assert cited
    shown = outputs(path).replace("\n", " ")
    assert any(citation[:40] in shown for citation in cited), cited


def test_the_companion_of_lesson_09_comes_out_at_the_known_counts():
    shown = outputs(BOOK / "real_data" / "09_abc_classification.ipynb")
    assert "4,317 customers are classified. 55 stand apart: 41 below zero, 14 exactly zero." in shown
    lines = [line.split()[:2] for line in shown.splitlines()]
    assert [line for line in lines if line[:1] in (["A"], ["B"], ["C"])] == [
        ["A", "1,178"],
        ["B", "1,456"],
        ["C", "1,683"],
    ]
