"""A bridge holds on one page what a later lesson needs of a lesson left out."""

from __future__ import annotations

import re

import pytest

from casebook.course import bridge
from casebook.course.bridges import bridges


@pytest.mark.parametrize("number", bridges())
def test_a_bridge_is_one_fold_with_badges_and_one_page_long(number):
    text = bridge(number)
    assert text.startswith("<details><summary>If you skipped lesson " + number)
    assert text.endswith("</details>")
    assert text.count("<details>") == 1
    assert re.search(r"</summary>\n\n", text), "Markdown inside a fold needs a blank line before it"
    assert len(re.findall(r"[\w'’-]*\w", re.sub(r"<[^>]*>", "", text))) <= 270
    assert "<kbd>" in text


def test_a_bridge_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(LookupError, match=r"'77'; there are .*04"):
        bridge("77")


def test_the_bridge_over_lifetime_value_works_its_numbers_out():
    text = " ".join(bridge("04").split())
    for words in (
        "24,000 RMB",
        "s = 200 RMB and t = 45 days",
        "20 months",
        "366.67",
        "266.67",
        "+1,000",
        "-300",
    ):
        assert words in text
