"""Sentences, tables and pictures as people see them: right numbers, nothing that data could slip in."""

import numpy as np
import pandas as pd
import pytest

from casebook import text
from casebook.text import fill, format_table, say


def markdown_of(monkeypatch, template, **values):
    shown = []
    monkeypatch.setattr(text, "_display", shown.append)
    say(template, **values)
    return shown[0]


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "*bold*", "`code`", "a\n# b", "$x$", "A & B"],
)
def test_a_name_from_data_is_shown_as_it_is(monkeypatch, name):
    sentence = markdown_of(monkeypatch, "**{name}** leads with {n:,}.", name=name, n=1234)
    assert str(sentence) == f"**{name}** leads with 1,234."
    shown = sentence._repr_markdown_()
    assert shown.startswith("**")
    assert shown.endswith("** leads with 1,234.")
    inside = shown.removeprefix("**").removesuffix("** leads with 1,234.")
    assert "<" not in inside
    assert "\n" not in inside
    for sign in "*[]()`$#":
        assert inside.count(sign) == inside.count("\\" + sign) == name.count(sign)


def test_lists_and_objects_from_data_are_escaped_too():
    class Sly:
        def __str__(self):
            return "<b>sly</b>"

        def __format__(self, spec):
            return str(self)

    assert "<" not in fill("{a} {b}", a=["<i>"], b=Sly())


@pytest.mark.parametrize(
    ("value", "spec", "shown"),
    [
        (1234.0, None, "1,234"),
        (1234.5, None, "1,234.50"),
        (-0.001, "{:,.0f}", "0"),
        (-0.0, None, "0"),
        (-12.0, "{:,.0f}", "-12"),
        (0.256, "{:.0%}", "26%"),
        (None, "{:.0%}", "–"),
        (float("nan"), None, "–"),
        (np.True_, None, "True"),
        (np.int64(5000), None, "5,000"),
        (pd.Timestamp("2024-12-31"), None, "2024-12-31"),
        ("text", "{:,.0f}", "text"),
        (["a"], None, "['a']"),
    ],
)
def test_cells_are_as_people_write_them(value, spec, shown):
    table = pd.DataFrame({"x": pd.Series([value], dtype=object)})
    assert format_table(table, {"x": spec} if spec else None).cells.iloc[0, 0] == shown


def test_tables_escape_names_and_keep_columns_of_the_same_heading():
    table = pd.DataFrame([["<b>", 1, 2]], columns=["who", 1, "1"])
    shown = format_table(table, names={1: "n", "1": "n"})
    assert "<b>" not in shown._repr_html_()
    assert list(shown.cells.columns) == ["who", "n", "n"]
    with pytest.raises(KeyError, match="no column 'x'"):
        format_table(table, {"x": "{}"})
