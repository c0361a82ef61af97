"""Every number published elsewhere comes out to its printed digits, and a wrong one would be seen."""

from __future__ import annotations

import pytest

from casebook.references import Published, all_published

VALUES = all_published()


@pytest.mark.parametrize(("topic", "published"), VALUES, ids=lambda v: v if isinstance(v, str) else v.what)
def test_a_published_number_is_reproduced_to_its_printed_digits(topic, published):
    said = f"printed {published.printed} ({published.source}), ours {published.ours()}"
    assert published.agrees() is not bool(published.misprint), said


def test_each_number_has_a_name_of_its_own_and_a_source():
    assert len({(topic, published.what) for topic, published in VALUES}) == len(VALUES)
    assert all(published.source for _topic, published in VALUES)


def test_a_number_off_by_one_in_the_last_digit_is_seen():
    assert not Published("x", "37.245", lambda: 37.2461, "nobody").agrees()
