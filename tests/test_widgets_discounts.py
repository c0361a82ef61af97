"""The discount explorer says what its twin says, and the twin says what the library says."""

from __future__ import annotations

import re
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from casebook.discounts import COMPARISONS
from casebook.errors import TableError
from casebook.terms import discount_cost, discount_decision
from casebook.widgets import discount_answer, explore_discount, show_discount

BANDS = pd.DataFrame(
    {
        "band": ["to 25", "25 to 40", "over <90>"],
        "customers": [61, 87, 19],
        "offers": [416, 532, 142],
        "taken": [293, 166, 0],
        "share": [0.70, 0.31, 0.0],
        "usual_days": [23.0, 34.0, 98.0],
        "price": [0.57, 0.31, 0.08],
    }
)
EARLIER = pd.DataFrame({"comparison": COMPARISONS, "days": [39.0, 31.0, 20.0, 19.0, 16.5]})
TAKEN = 15_000_000.0


def test_the_twin_prices_as_the_library_does():
    said = discount_answer(BANDS, EARLIER, TAKEN, discount=0.02, cost_of_money=0.06)
    assert said.decision == discount_decision(TAKEN, 0.02, 19.0, cost_of_money=0.06)
    assert said.bands["price"].tolist() == [discount_cost(0.02, 10, d) for d in (23, 34, 98)]
    assert said.sentence.startswith("Stop it: 2.0% up to day 10 costs us 39% a year, a loan 6%.")


def test_the_comparison_decides():
    for comparison, decision in ((COMPARISONS[0], "keep"), (COMPARISONS[3], "stop")):
        said = discount_answer(BANDS, EARLIER, TAKEN, cost_of_money=0.20, comparison=comparison)
        assert said.decision.decision == decision
        assert comparison in said.sentence


def test_a_later_last_day_makes_the_money_later_until_nobody_pays_earlier():
    assert discount_answer(BANDS, EARLIER, TAKEN, day=15).days_earlier == 14
    none = discount_answer(BANDS, EARLIER, TAKEN, day=25, comparison=COMPARISONS[4])
    assert none.days_earlier == pytest.approx(1.5)
    late = discount_answer(BANDS, EARLIER.assign(days=9.0), TAKEN, day=25)
    assert (late.days_earlier, late.decision.decision) == (0, "stop")
    assert "nobody pays earlier" in late.sentence
    assert np.isinf(late.bands["price"].iloc[0])
    assert "all for nothing" in repr(late.table)


def test_the_tables_are_left_alone_and_the_unknown_is_refused():
    before = BANDS.copy()
    discount_answer(BANDS, EARLIER, TAKEN, discount=0.03)
    pd.testing.assert_frame_equal(BANDS, before)
    with pytest.raises(TableError, match="comparison must be one of"):
        discount_answer(BANDS, EARLIER, TAKEN, comparison="luck")
    with pytest.raises(TableError, match="There is no column 'usual_days'"):
        discount_answer(BANDS.drop(columns="usual_days"), EARLIER, TAKEN)


def test_the_explorer_says_what_the_twin_says_for_every_control():
    explorer = explore_discount(BANDS, EARLIER, TAKEN)
    moves = {"tenths": 10, "day": 15, "rate": 45, "comparison": COMPARISONS[0]}
    for name, value in moves.items():
        explorer.controls[name].value = value
        at = {k: c.value for k, c in explorer.controls.items()}
        said = discount_answer(
            BANDS,
            EARLIER,
            TAKEN,
            discount=at["tenths"] / 1000,
            day=at["day"],
            cost_of_money=at["rate"] / 100,
            comparison=at["comparison"],
        )
        assert explorer.sentence == said.sentence
        pd.testing.assert_frame_equal(explorer.answered.bands, said.bands)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", explorer.words.value)
    assert "over &lt;90&gt;" in cells
    assert "<90>" not in explorer.words.value
    assert "A falling curve" in explorer.words.value  # the picture in words


def test_a_move_is_quick_and_leaves_no_figure_open():
    explorer = explore_discount(BANDS, EARLIER, TAKEN)
    explorer.controls["rate"].value = 7
    times = []  # of this process: the machine may be busy with others
    for value in range(8, 18):
        start = time.process_time()
        explorer.controls["rate"].value = value
        times.append(time.process_time() - start)
    assert min(times) < 0.1
    assert not plt.get_fignums()


def test_the_static_default_is_a_picture_and_the_twins_words(capsys):
    said = show_discount(BANDS, EARLIER, TAKEN, cost_of_money=0.20)
    assert "A falling curve" in capsys.readouterr().out
    assert said.sentence in repr(said)
    assert "&lt;90&gt;" in said._repr_html_()
