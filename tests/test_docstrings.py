"""Every public name explains itself: what goes in, what comes out, what it refuses, an example that runs."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re

import pytest

import casebook

TOPICS = ("classification", "composition")


def modules() -> list[str]:
    """Every module of the package that says what is public in it."""
    names = [m.name for m in pkgutil.walk_packages(casebook.__path__, "casebook.")]
    return [n for n in names if not n.endswith("__main__") and hasattr(importlib.import_module(n), "__all__")]


def functions(names: list[str]) -> list[tuple[str, object]]:
    """Every public function and class that is defined in these modules."""
    found = []
    for module in map(importlib.import_module, names):
        for name in module.__all__:
            thing = getattr(module, name)
            if getattr(thing, "__module__", None) == module.__name__ and callable(thing):
                found.append((f"{module.__name__.removeprefix('casebook.')}.{name}", thing))
    return found


PUBLIC = functions(modules())
FUNCTIONS = [(name, thing) for name, thing in PUBLIC if inspect.isfunction(thing)]
TOPIC = [(name, f) for name, f in FUNCTIONS if name.split(".")[0] in TOPICS]


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
        assert names == set(inspect.signature(function).parameters)


@cases(TOPIC)
def test_a_method_of_the_course_has_every_section_a_reader_looks_for(function):
    doc = inspect.getdoc(function) or ""
    for section in ("Parameters", "Returns", "Examples"):
        assert re.search(rf"^{section}\n-{{3,}}$", doc, re.MULTILINE), f"no section {section}"
    assert ">>>" in doc
    assert re.search(r"\b(DataFrame|Series|table|shape|float)\b", doc), "say what kind of thing comes back"


@cases(TOPIC)
def test_a_method_of_the_course_names_its_source(function):
    doc = (inspect.getdoc(function) or "") + (inspect.getmodule(function).__doc__ or "")
    assert re.search(r"source course|standard:|our convention|References\n-+|Source", doc)


@cases(FUNCTIONS)
def test_a_function_that_raises_says_when(function):
    tree = ast.parse(inspect.cleandoc("if True:\n" + inspect.getsource(function)))
    own = [n for n in ast.walk(tree) if isinstance(n, ast.Raise) and n.exc is not None]
    if own:
        assert re.search(r"\b[Rr]aise[sd]?\b", inspect.getdoc(function) or "")
