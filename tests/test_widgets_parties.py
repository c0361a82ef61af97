"""The explorer of sources: its twin buys the cheapest usable records, the widget says what the twin says."""

from __future__ import annotations

import pandas as pd
import pytest

import casebook
from casebook.errors import TableError
from casebook.parties import source_register
from casebook.widgets import explore_sources, sources_answer


@pytest.fixture(scope="module")
def sources():
    return casebook.load("info_sources")


def test_as_sold_the_twin_prices_as_the_library_does(sources):
    said = sources_answer(sources, need=2_000)
    pd.testing.assert_frame_equal(said.priced, source_register(sources), check_dtype=False)
    bought = said.priced[said.priced["source_id"].isin(said.bought)]
    assert said.usable == pytest.approx(bought["usable"].sum())
    assert said.usable >= 2_000
    assert said.cost == bought["cost"].sum()
    dropped = bought.iloc[:-1]["usable"].sum()
    assert dropped < 2_000  # without the last one it would be too few
    assert list(said.bought) == said.priced["source_id"].tolist()[: len(said.bought)]


def test_worse_lists_are_dearer_and_more_of_them_are_needed(sources):
    as_sold, worse = sources_answer(sources), sources_answer(sources, fewer_valid=25, more_duplicates=10)
    before, after = (a.priced.set_index("source_id")["cost_per_usable"] for a in (as_sold, worse))
    assert (after >= before.loc[after.index]).all()
    assert worse.cost > as_sold.cost


def test_a_need_that_nothing_meets_is_said(sources):
    said = sources_answer(sources, fewer_valid=100, need=10)
    assert said.bought == ()
    assert said.sentence.startswith("All sources together hold 0 usable records, fewer than the 10")


@pytest.mark.parametrize("bad", [{"fewer_valid": -1}, {"more_duplicates": 101}, {"need": 0}])
def test_arguments_out_of_range_are_refused(sources, bad):
    with pytest.raises(TableError, match="Points must be from 0 to 100"):
        sources_answer(sources, **bad)


def test_moving_a_slider_shows_what_the_twin_says_and_escapes_names(sources):
    explorer = explore_sources(sources.assign(kind=["<b>" + kind for kind in sources["kind"]]))
    first = explorer.picture.value
    explorer.controls["fewer_valid"].value = 30
    explorer.controls["need"].value = 4_000
    assert (
        explorer.sentence
        == sources_answer(sources.assign(kind="<b>" + sources["kind"]), fewer_valid=30, need=4_000).sentence
    )
    assert explorer.picture.value != first
    assert "<b>own" not in explorer.words.value
    assert "&lt;b&gt;own" in explorer.words.value


def test_lists_of_which_nothing_is_usable_are_drawn_too(sources):
    explorer = explore_sources(sources)
    explorer.controls["fewer_valid"].value = 60
    explorer.controls["more_duplicates"].value = 60
    assert explorer.answered is not None, explorer.sentence
