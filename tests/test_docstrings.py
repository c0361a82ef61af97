"""Every public name explains itself: what goes in, what comes out, what it refuses, an example that runs."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap

import pytest

import casebook

#: Everything else at the top level is the house, not a method of the course.
HOUSE = {
    "cli",
    "cli_case",
    "cli_questions",
    "course",
    "company",
    "contracts",
    "days",
    "errors",
    "exact",
    "frames",
    "plots",
    "public",
    "references",
}
HOUSE |= {"report", "text", "widgets", "casebook", "ranking", "stability"}


def public() -> list[tuple[str, object]]:
    """What `casebook` offers: the names that its modules, and its folders as a whole, list."""
    names = ["casebook", *(m.name for m in pkgutil.iter_modules(casebook.__path__, "casebook."))]
    found = {}
    for module in map(importlib.import_module, names):
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            if inspect.isfunction(thing) or inspect.isclass(thing):
                found[thing] = f"{module.__name__.removeprefix('casebook.')}.{name}"
    return [(name, thing) for thing, name in found.items()]


PUBLIC = public()
FUNCTIONS = [(name, thing) for name, thing in PUBLIC if inspect.isfunction(thing)]
TOPIC = [(name, f) for name, f in FUNCTIONS if name.split(".")[0] not in HOUSE]


def cases(pairs):
    return pytest.mark.parametrize("function", [f for _, f in pairs], ids=[name for name, _ in pairs])


@cases(PUBLIC)
def test_a_public_name_has_a_docstring(function):
    assert len((function.__doc__ or "").split()) >= 4


@cases(FUNCTIONS)
def test_a_parameters_section_names_every_parameter(function):
    doc = inspect.getdoc(function) or ""
    section = re.search(
        r"^Parameters\n-+\n(.*?)(?=\n\n?[A-Z][A-Za-z ]+\n-{3,}|\Z)", doc, re.DOTALL | re.MULTILINE
    )
    if section:
        stated = re.findall(r"^(\*{0,2}\w+(?:, *\*{0,2}\w+)*)(?: : .*)?$", section[1], re.MULTILINE)
        names = {name.strip("* ") for line in stated for name in line.split(",")}
        taken = inspect.signature(function).parameters.values()
        open_ended = {p.name for p in taken if p.kind is p.VAR_KEYWORD}  # may be explained name by name
        assert {p.name for p in taken} - open_ended <= names
        assert open_ended or names <= {p.name for p in taken}


@cases(TOPIC)
def test_a_method_of_the_course_has_every_section_a_reader_looks_for(function):
    doc = inspect.getdoc(function) or ""
    for section in ("Parameters", "Returns", "Examples"):
        assert re.search(rf"^{section}\n-{{3,}}$", doc, re.MULTILINE), f"no section {section}"
    assert ">>>" in doc
    assert re.search(r"\b(DataFrame|Series|table|shape|float)\b", doc), "say what kind of thing comes back"


@cases(FUNCTIONS)
def test_a_function_that_raises_says_when(function):
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    own = [n for n in ast.walk(tree) if isinstance(n, ast.Raise) and n.exc is not None]
    if own:
        assert re.search(r"\b[Rr]aise[sd]?\b", inspect.getdoc(function) or "")
