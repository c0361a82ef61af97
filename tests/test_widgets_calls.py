"""The explorer of calls shows what its twin says for every control, and the twin what the library says."""

from __future__ import annotations

import re
import time
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from casebook import calling as cal
from casebook import qualification as qlf
from casebook.errors import TableError
from casebook.widgets import calls_answer, explore_calls, show_calls
from casebook.widgets.calls import COUNTS, ORDERS


@pytest.fixture(scope="module")
def lists() -> pd.DataFrame:
    """Three mornings of sixty prospects; large guesses are no better than small ones."""
    rng = np.random.default_rng(6)
    n = 180
    morning = pd.to_datetime(np.repeat(["2023-07-01", "2023-10-01", "2024-01-01"], n // 3))
    chance = np.round(rng.beta(1, 4, n), 3)
    table = pd.DataFrame(
        {
            "prospect_id": [f"L{i:03d}" for i in range(n)],
            "as_of": morning,
            "created": morning - pd.to_timedelta(rng.integers(1, 90, n), unit="D"),
            "expected_order_date": morning + pd.to_timedelta(rng.integers(-60, 120, n), unit="D"),
            "chance": chance,
            "potential_margin": np.round(rng.lognormal(10, 1, n)),
            "worth": rng.choice([1_000.0, 30_000.0], n),
            "ordered_later": rng.random(n) < chance,
        }
    )
    labelled = pd.concat(qlf.heat(part, day) for day, part in table.groupby("as_of"))
    return labelled.assign(brought=labelled["worth"].where(labelled["ordered_later"], 0.0))


def same(shown: Any, said: Any) -> None:
    pd.testing.assert_frame_equal(shown.table, said.table)
    for name in ORDERS:
        pd.testing.assert_frame_equal(shown.curves[name], said.curves[name])
    assert (shown.sentence, shown.drawing) == (said.sentence, said.drawing)


# The twin -----------------------------------------------------------------------------------------------


def test_the_twin_says_what_the_library_says(lists: pd.DataFrame) -> None:
    answer = calls_answer(lists, share=0.25, order="by score", overdue="apart")
    scores = cal.order_scores(lists, worth="worth", overdue="apart")[list(ORDERS)]
    ours = cal.compare_orders(
        lists, scores, "ordered_later", ["potential_margin", "brought"], share=0.25, by="as_of"
    )
    pd.testing.assert_frame_equal(answer.table, ours)
    row = ours.set_index("order").loc["by score"]
    assert f"find {row['found']:.0f} of {lists['ordered_later'].sum()} orders" in answer.sentence
    assert f"{row['brought']:,.0f} RMB" in answer.sentence


def test_the_curves_and_the_table_agree_at_the_capacity(lists: pd.DataFrame) -> None:
    answer = calls_answer(lists, share=0.3)
    for name in ORDERS:
        row = answer.table.set_index("order").loc[name]
        at = answer.curves[name].iloc[30]
        assert (at["calls"], at["found"]) == (row["calls"], row["found"])
        assert at["brought"] == pytest.approx(row["brought"])


def test_all_calls_find_all_in_any_order(lists: pd.DataFrame) -> None:
    table = calls_answer(lists, share=1.0).table
    assert table["found"].tolist() == pytest.approx([lists["ordered_later"].sum()] * 7)
    assert table["lift"].tolist() == pytest.approx([1.0] * 7)


def test_curves_worked_out_before_change_nothing(lists: pd.DataFrame) -> None:
    said = calls_answer(lists, share=0.2)
    same(calls_answer(lists, share=0.2, curves=said.curves), said)


def test_the_order_of_rows_changes_nothing_when_no_score_is_tied(lists: pd.DataFrame) -> None:
    untied = lists.assign(chance=lists["chance"] + np.arange(len(lists)) * 1e-7)
    shuffled = untied.sample(frac=1, random_state=3)
    one, other = (calls_answer(t, order="by score").table.set_index("order") for t in (untied, shuffled))
    pd.testing.assert_series_equal(one.loc["by score"], other.loc["by score"])


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"order": "by luck"}, "order must be one of 'hot first'"),
        ({"count": "visits"}, "count must be one of 'found'"),
        ({"overdue": "drop"}, "overdue must be 'keep' or 'apart'"),
        ({"share": 0.0}, "share must be a share of the list"),
    ],
)
def test_a_wrong_argument_is_refused_in_a_sentence(
    lists: pd.DataFrame, how: dict[str, Any], said: str
) -> None:
    with pytest.raises(TableError, match=said):
        calls_answer(lists, **how)


def test_a_missing_column_is_named(lists: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="There is no column 'worth'"):
        explore_calls(lists.drop(columns="worth"))


# The explorer -------------------------------------------------------------------------------------------


def test_at_first_the_explorer_says_what_the_twin_says(lists: pd.DataFrame) -> None:
    same(explore_calls(lists).answered, calls_answer(lists))


@pytest.mark.parametrize(
    ("control", "value", "how"),
    [
        ("share", 30, {"share": 0.30}),
        ("order", "score × guess", {"order": "score × guess"}),
        ("order", "largest first", {"order": "largest first"}),
        ("count", "brought", {"count": "brought"}),
        ("overdue", "apart", {"overdue": "apart"}),
    ],
)
def test_moving_a_control_shows_what_the_twin_says(
    lists: pd.DataFrame, control: str, value: Any, how: dict[str, Any]
) -> None:
    explorer = explore_calls(lists)
    words, picture = explorer.words.value, explorer.picture.value
    explorer.controls[control].value = value
    said = calls_answer(lists, **how)
    same(explorer.answered, said)
    assert said.sentence in re.sub(r"&#x27;", "'", explorer.words.value)
    assert explorer.words.value != words
    assert explorer.picture.value != picture


def test_every_order_and_every_count_can_be_chosen(lists: pd.DataFrame) -> None:
    explorer = explore_calls(lists)
    assert [value for _, value in explorer.controls["order"].options] == list(ORDERS)
    assert [value for _, value in explorer.controls["count"].options] == list(COUNTS)


def test_the_picture_depends_on_the_controls_and_not_on_the_way_there(lists: pd.DataFrame) -> None:
    straight, wandering = explore_calls(lists), explore_calls(lists)
    for share, order in [(90, "by score"), (5, "score × worth"), (40, "oldest first")]:
        wandering.controls["share"].value = share
        wandering.controls["order"].value = order
    straight.controls["share"].value = 40
    straight.controls["order"].value = "oldest first"
    assert wandering.picture.value == straight.picture.value
    assert wandering.words.value == straight.words.value


def test_what_cannot_be_drawn_is_said_and_the_old_picture_goes(lists: pd.DataFrame) -> None:
    explorer = explore_calls(lists.assign(brought=0.0))
    explorer.controls["count"].value = "brought"
    assert "Nothing of &#x27;brought&#x27; is found" in explorer.words.value
    assert explorer.picture.value == b""
    explorer.controls["count"].value = "found"
    assert explorer.picture.value


def test_a_move_is_quick(lists: pd.DataFrame) -> None:
    explorer = explore_calls(lists)
    took = []
    for share in range(20, 29):
        start = time.process_time()
        explorer.controls["share"].value = share
        took.append(time.process_time() - start)
    assert sorted(took)[len(took) // 2] < 0.1


def test_the_table_is_left_as_it_was_and_no_figure_stays_open(lists: pd.DataFrame) -> None:
    plt.close("all")
    before = lists.copy(deep=True)
    explore_calls(lists).controls["overdue"].value = "apart"
    assert not plt.get_fignums()
    pd.testing.assert_frame_equal(lists, before)


def test_the_static_picture_and_table_are_the_twins(
    lists: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = show_calls(lists, order="by score")
    assert not plt.get_fignums()
    assert "Curves of orders found" in capsys.readouterr().out
    same(answer, calls_answer(lists, order="by score"))
    assert "called in this order" in answer._repr_html_()
    assert repr(answer).startswith("By score, ")


def test_every_control_has_a_label_and_the_explorer_prints_as_one_line(lists: pd.DataFrame) -> None:
    explorer = explore_calls(lists)
    assert all(control.description for control in explorer.controls.values())
    assert repr(explorer) == f"Explorer: {calls_answer(lists).sentence}"
    assert "drawn bold" in explorer.words.value
