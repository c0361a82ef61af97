"""Published numbers that are worked out from public data sets come out to their printed digits."""

from __future__ import annotations

import pytest

from casebook.references import all_published

PLAIN = {(topic, published.what) for topic, published in all_published()}
VALUES = [pair for pair in all_published(real=True) if (pair[0], pair[1].what) not in PLAIN]


@pytest.mark.parametrize(("topic", "published"), VALUES, ids=lambda v: v if isinstance(v, str) else v.what)
def test_a_published_number_is_reproduced_to_its_printed_digits(topic, published):
    said = f"printed {published.printed} ({published.source}), ours {published.ours()}"
    assert published.agrees() is not bool(published.misprint), said


def test_there_are_some():
    assert {topic for topic, _published in VALUES} >= {"lifetime"}
