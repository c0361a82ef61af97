"""The whale explorer shows what its twin says, and the twin says what the library measures."""

from __future__ import annotations

import io
import re
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from casebook import selection as sel
from casebook.errors import TableError
from casebook.widgets import explore_whale, show_whale, whale_answer


@pytest.fixture(scope="module")
def costs() -> pd.DataFrame:
    """60 accounts, to the cent; every fourth gets more service than its margin."""
    rank = np.arange(1, 61)
    margin = np.round(90_000 / rank, 2)
    service = np.where(rank % 4 == 0, np.round(1.2 * margin / 4, 2), 0.0)
    table = pd.DataFrame(
        {
            "gross_margin": margin,
            "sales_cost": np.round(0.25 * margin, 2),
            "account_cost": 300.0,
            **dict.fromkeys(sel.SERVICE_COSTS, service),
        },
        index=pd.Index([f"C{i:02d}" for i in rank], name="customer_id"),
    )
    return table.assign(profit=(2 * table["gross_margin"] - table.sum(axis=1)).round(2))


def same(shown: Any, said: Any) -> None:
    """Assert that the explorer's answer is the twin's."""
    for table in ("curve", "before", "remedies"):
        pd.testing.assert_frame_equal(getattr(shown, table), getattr(said, table))
    assert (shown.sentence, shown.treated, shown.now, shown.then) == (
        said.sentence, said.treated, said.now, said.then,
    )  # fmt: skip


# The twin --------------------------------------------------------------------------------------------


def test_the_twin_measures_as_the_library_does(costs: pd.DataFrame) -> None:
    answer = whale_answer(costs, top=0.25, bottom=0.2)
    assert answer.now == answer.then == sel.sherden(costs["profit"], 0.25, 0.2)
    pd.testing.assert_frame_equal(answer.curve, sel.whale_curve(costs["profit"]))
    worst = answer.curve.index[-12:]
    losers = pd.Series(costs.index.isin(worst), index=costs.index) & (costs["profit"] < 0)
    pd.testing.assert_frame_equal(answer.remedies, sel.compare_remedies(costs, losers))
    assert answer.treated == losers.sum() > 0


@pytest.mark.parametrize("remedy", ["strike off", "change terms"])
def test_the_curve_after_a_remedy_ends_at_its_profit(costs: pd.DataFrame, remedy: Any) -> None:
    answer = whale_answer(costs, remedy=remedy, charged=0.7)
    wanted = answer.remedies.set_index("remedy")["profit"][remedy]
    assert answer.curve["cum_profit"].iloc[-1] == pytest.approx(wanted, abs=0.01 * len(costs))
    assert answer.then == sel.sherden(answer.curve["profit"])
    assert answer.before["cum_profit"].iloc[-1] == pytest.approx(costs["profit"].sum())


def test_who_is_struck_off_leaves_salaries_behind(costs: pd.DataFrame) -> None:
    answer = whale_answer(costs, remedy="strike off", bottom=0.1)
    gone = answer.before.index[-6:]
    left = -(costs["sales_cost"] + costs["account_cost"])
    losing = [name for name in gone if costs["profit"][name] < 0]
    pd.testing.assert_series_equal(
        answer.curve["profit"][losing].sort_index(), left[losing].sort_index(), check_names=False
    )


def test_the_sentence_holds_the_numbers(costs: pd.DataFrame) -> None:
    answer = whale_answer(costs, remedy="change terms", charged=0.4)
    assert f"{answer.now.top_share_gross:.0%} of all that is earned" in answer.sentence
    assert f"{answer.now.destroyed_ratio:.0%} of what the best earn" in answer.sentence
    assert f"Charging the {answer.treated} losers among them for 40% of the service" in answer.sentence
    poor = costs.assign(profit=costs["profit"] - 20_000)
    assert "no profit is left" in whale_answer(poor).sentence


def test_the_order_of_rows_changes_nothing_and_the_table_is_left_alone(costs: pd.DataFrame) -> None:
    before = costs.copy(deep=True)
    same(whale_answer(costs.sample(frac=1, random_state=2)), whale_answer(costs))
    explore_whale(costs).controls["remedy"].value = "strike off"
    pd.testing.assert_frame_equal(costs, before)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"remedy": "sack"}, "The remedy must be one of keep, strike off, change terms"),
        ({"top": 0.8, "bottom": 0.4}, "overlap"),
        ({"charged": 2}, "charged must be a share"),
    ],
)
def test_a_wrong_argument_is_refused_in_a_sentence(
    costs: pd.DataFrame, how: dict[str, Any], said: str
) -> None:
    with pytest.raises(TableError, match=said):
        whale_answer(costs, **how)


# The explorer ----------------------------------------------------------------------------------------


def test_at_first_the_explorer_says_what_the_twin_says(costs: pd.DataFrame) -> None:
    explorer = explore_whale(costs)
    same(explorer.answered, whale_answer(costs))
    assert repr(explorer) == f"Explorer: {whale_answer(costs).sentence}"
    assert not plt.get_fignums()
    assert all(control.description for control in explorer.controls.values())


@pytest.mark.parametrize(
    ("control", "value", "how"),
    [
        ("top", 35, {"top": 0.35}),
        ("bottom", 10, {"bottom": 0.1}),
        ("remedy", "strike off", {"remedy": "strike off"}),
        ("charged", 80, {"charged": 0.8}),
    ],
)
def test_moving_a_control_shows_what_the_twin_says(
    costs: pd.DataFrame, control: str, value: Any, how: dict[str, Any]
) -> None:
    explorer = explore_whale(costs)
    words, picture = explorer.words.value, explorer.picture.value
    explorer.controls[control].value = value
    said = whale_answer(costs, **how)
    same(explorer.answered, said)
    assert said.sentence in explorer.words.value
    cells = re.findall(r"<td[^>]*>(.*?)</td>", explorer.words.value)
    for row in said.remedies.itertuples():
        assert f"{row.profit:,.0f}" in cells
    assert explorer.words.value != words
    assert (explorer.picture.value != picture) == (control != "charged")  # nothing is charged yet


def test_the_picture_depends_on_the_controls_and_not_on_the_way_there(costs: pd.DataFrame) -> None:
    straight, wandering = explore_whale(costs), explore_whale(costs)
    for control, value in (("remedy", "strike off"), ("top", 55), ("charged", 0), ("remedy", "keep")):
        wandering.controls[control].value = value
    wandering.controls["charged"].value = 50
    wandering.controls["top"].value = straight.controls["top"].value = 30
    assert wandering.picture.value == straight.picture.value
    assert wandering.words.value == straight.words.value


def test_the_picture_is_a_picture_and_is_there_in_words(costs: pd.DataFrame) -> None:
    explorer = explore_whale(costs)
    assert Image.open(io.BytesIO(explorer.picture.value)).format == "PNG"
    assert "Whale curve of 60 customers, best first" in explorer.words.value


def test_no_position_of_the_sliders_is_refused(costs: pd.DataFrame) -> None:
    explorer = explore_whale(costs)
    for top, bottom in ((1, 1), (60, 40), (1, 40), (60, 1)):
        explorer.controls["top"].value, explorer.controls["bottom"].value = top, bottom
        assert explorer.answered is not None, explorer.sentence


def test_a_unit_is_escaped(costs: pd.DataFrame) -> None:
    explorer = explore_whale(costs, unit="<b>RMB")
    explorer.controls["remedy"].value = "strike off"
    assert "<b>" not in explorer.words.value
    assert "&lt;b&gt;RMB" in explorer.words.value


def test_the_static_picture_and_tables_are_the_twins(
    costs: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = show_whale(costs, remedy="strike off")
    assert not plt.get_fignums()
    assert "Whale curve" in capsys.readouterr().out  # the alternative text stands for the picture
    said = whale_answer(costs, remedy="strike off")
    same(answer, said)
    assert repr(answer) == repr(said)
    assert answer._repr_html_() == said._repr_html_()
