"""The explorer shows what its twin says, for every control, and says in words what it cannot show."""

from __future__ import annotations

import io
import re
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from casebook import classification as cls
from casebook.errors import TableError
from casebook.widgets import abc_answer, explore_abc, show_abc
from casebook.widgets.abc import usual_classes
from casebook.widgets.base import Explorer, percent_slider


@pytest.fixture(scope="module")
def measures() -> pd.DataFrame:
    """80 customers; the best by revenue are not the best by profit, and some lose money."""
    revenue = np.round(90_000 / np.arange(1, 81) ** 1.1, 2)
    margin = np.round(revenue * np.tile([0.4, 0.2, 0.3, 0.1], 20), 2)
    return pd.DataFrame(
        {
            "customer_id": [f"C{i:03d}" for i in range(80)],
            "name": [f"Firm {i} <b>& Co</b>" for i in range(80)],
            "revenue": revenue,
            "gross_margin": margin,
            "profit": np.round(margin - 300, 2),
        }
    )


def text_of(html: str) -> list[str]:
    """The cells of the tables in a piece of HTML."""
    return re.findall(r"<td[^>]*>(.*?)</td>", html)


def same(shown: Any, said: Any) -> None:
    """Assert that the explorer's answer is the twin's."""
    for table in ("classes", "moved", "classified"):
        pd.testing.assert_frame_equal(getattr(shown, table), getattr(said, table))
    assert (shown.sentence, shown.set_apart) == (said.sentence, said.set_apart)


# The twin --------------------------------------------------------------------------------------------


def test_the_twin_counts_the_classes_as_the_library_does(measures: pd.DataFrame) -> None:
    answer = abc_answer(measures, cuts=(0.7, 0.9), boundary="inclusive")
    ours = cls.abc(measures, "revenue", "customer_id", cuts=(0.7, 0.9), boundary="inclusive")
    pd.testing.assert_frame_equal(answer.classes, cls.abc_summary(ours, "revenue"))
    assert answer.classified["abc_value"].tolist() == ours["abc_value"].tolist()
    assert answer.classes["customers"].sum() == 80


def test_nobody_moves_on_the_usual_list(measures: pd.DataFrame) -> None:
    answer = abc_answer(measures)
    assert answer.moved.empty
    assert list(answer.moved.columns) == ["customer_id", "name", "from", "to", "value"]
    assert "Nobody changes class" in repr(answer)


def test_a_lower_cut_moves_exactly_the_customers_between_the_cuts() -> None:
    six = pd.DataFrame(
        {"customer_id": list("PQRSTU"), "name": list("PQRSTU"), "revenue": [500, 250, 120, 70, 40, 20]}
    )
    moved = abc_answer(six, cuts=(0.5, 0.9)).moved  # usual: A A A B B C; now: A B B B C C
    assert moved[["customer_id", "from", "to", "value"]].to_numpy().tolist() == [
        ["Q", "A", "B", 250],
        ["R", "A", "B", 120],
        ["T", "B", "C", 40],
    ]


def test_customers_without_a_positive_measure_stand_apart_and_are_listed(measures: pd.DataFrame) -> None:
    answer = abc_answer(measures, measure="profit")
    losing = set(measures.loc[measures["profit"] <= 0, "customer_id"])
    assert losing
    assert answer.set_apart == len(losing)
    assert set(answer.moved.loc[answer.moved["to"] == "apart", "customer_id"]) == losing
    lost = measures.loc[measures["profit"] <= 0, "profit"].sum()
    assert f"{len(losing)} stand apart: together they make {lost:,.0f} RMB." in answer.sentence


def test_the_order_of_rows_changes_nothing(measures: pd.DataFrame) -> None:
    shuffled = measures.sample(frac=1, random_state=3)
    for measure in ("revenue", "gross_margin", "profit"):
        same(abc_answer(shuffled, measure=measure), abc_answer(measures, measure=measure))


def test_the_list_to_compare_with_can_be_given(measures: pd.DataFrame) -> None:
    usual = usual_classes(measures)
    same(abc_answer(measures, cuts=(0.6, 0.9), compare=usual), abc_answer(measures, cuts=(0.6, 0.9)))
    all_c = usual.map(lambda _: "C")
    moved = abc_answer(measures, compare=all_c).moved
    assert set(moved["from"]) == {"C"}
    assert set(moved["to"]) == {"A", "B"}


def test_the_table_is_left_as_it_was(measures: pd.DataFrame) -> None:
    before = measures.copy(deep=True)
    abc_answer(measures, measure="profit")
    explore_abc(measures).controls["cut_a"].value = 60
    pd.testing.assert_frame_equal(measures, before)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"measure": "turnover"}, "no column 'turnover'"),
        ({"key": "account"}, "no column 'account'"),
        ({"cuts": (0.9, 0.8)}, "rise between 0 and 1"),
        ({"boundary": "exclusive"}, "boundary must be 'crossing' or 'inclusive'"),
    ],
)
def test_a_wrong_argument_is_refused_in_a_sentence(
    measures: pd.DataFrame, how: dict[str, Any], said: str
) -> None:
    with pytest.raises(TableError, match=said):
        abc_answer(measures, **how)


# The explorer ----------------------------------------------------------------------------------------


def test_at_first_the_explorer_says_what_the_twin_says(measures: pd.DataFrame) -> None:
    same(explore_abc(measures).answered, abc_answer(measures))


@pytest.mark.parametrize(
    ("control", "value", "how"),
    [
        ("cut_a", 60, {"cuts": (0.60, 0.95)}),
        ("cut_b", 99, {"cuts": (0.80, 0.99)}),
        ("boundary", "inclusive", {"boundary": "inclusive"}),
        ("measure", "gross_margin", {"measure": "gross_margin"}),
        ("measure", "profit", {"measure": "profit"}),
    ],
)
def test_moving_a_control_shows_what_the_twin_says(
    measures: pd.DataFrame, control: str, value: Any, how: dict[str, Any]
) -> None:
    explorer = explore_abc(measures)
    words, picture = explorer.words.value, explorer.picture.value
    explorer.controls[control].value = value
    said = abc_answer(measures, **how)
    same(explorer.answered, said)
    assert said.sentence in explorer.words.value
    for row in said.classes.itertuples():
        assert f"{row.customers:,}" in text_of(explorer.words.value)
        assert f"{row.value:,.0f}" in text_of(explorer.words.value)
    listed = [cell for cell in text_of(explorer.words.value) if cell.startswith("C0")]
    assert listed == said.moved["customer_id"].head(10).tolist()
    assert explorer.words.value != words
    assert explorer.picture.value != picture


def test_the_picture_depends_on_the_controls_and_not_on_the_way_there(measures: pd.DataFrame) -> None:
    straight, wandering = explore_abc(measures), explore_abc(measures)
    for measure, cut in [("profit", 20), ("gross_margin", 97), ("revenue", 70)]:
        wandering.controls["measure"].value = measure
        wandering.controls["cut_a"].value = cut
    wandering.controls["cut_b"].value = 95
    straight.controls["cut_a"].value = 70
    assert wandering.picture.value == straight.picture.value
    assert wandering.words.value == straight.words.value


def test_the_picture_is_a_picture_of_the_answer(measures: pd.DataFrame) -> None:
    explorer = explore_abc(measures)
    picture = Image.open(io.BytesIO(explorer.picture.value))
    assert picture.format == "PNG"
    colours = {colour for _, colour in picture.convert("RGB").getcolors(1_000_000)}
    assert {(14, 48, 84), (179, 92, 16), (188, 196, 204)} <= colours  # A, B and C


def test_cut_b_always_stays_above_cut_a(measures: pd.DataFrame) -> None:
    explorer = explore_abc(measures)
    a, b = explorer.controls["cut_a"], explorer.controls["cut_b"]
    a.value = 98
    assert (a.value, b.value) == (98, 99)
    b.value = 40
    assert (a.value, b.value) == (39, 40)
    same(explorer.answered, abc_answer(measures, cuts=(0.39, 0.40)))
    a.value, b.value = a.min, b.min
    assert a.value < b.value


def test_what_the_twin_refuses_is_said_and_the_old_picture_goes(measures: pd.DataFrame) -> None:
    explorer = explore_abc(measures.assign(profit=-1.0))
    explorer.controls["measure"].value = "profit"
    assert "No value in column" in explorer.words.value
    assert explorer.answered is None
    assert explorer.picture.value == b""
    assert "<td" not in explorer.words.value
    explorer.controls["measure"].value = "revenue"
    same(explorer.answered, abc_answer(measures.assign(profit=-1.0)))
    assert explorer.picture.value


def test_a_failure_that_nobody_foresaw_is_said_too() -> None:
    def broken(share: int) -> float:
        return 1 / (share - 51)

    explorer = Explorer(
        {"share": percent_slider("Share (%)", 50, 1, 99)},
        answer=broken,
        figure=Figure(figsize=(1, 1)),
        draw=lambda _answer: None,
        tell=lambda answer: (str(answer), "", "A picture."),
    )
    explorer.controls["share"].value = 51
    assert "This failed: ZeroDivisionError" in explorer.words.value


def test_names_from_data_are_escaped(measures: pd.DataFrame) -> None:
    explorer = explore_abc(measures)
    explorer.controls["measure"].value = "profit"
    assert "&lt;b&gt;&amp; Co" in explorer.words.value
    assert "<b>" not in explorer.words.value
    assert "<b>" not in abc_answer(measures, measure="profit")._repr_html_()


def test_the_picture_is_also_there_in_words(measures: pd.DataFrame) -> None:
    assert "Pareto chart of 80 customers, best first" in explore_abc(measures).words.value


def test_only_measures_that_the_table_has_can_be_chosen(measures: pd.DataFrame) -> None:
    explorer = explore_abc(measures.drop(columns=["profit", "name"]))
    assert [value for _, value in explorer.controls["measure"].options] == ["revenue", "gross_margin"]
    explorer.controls["measure"].value = "gross_margin"
    assert explorer.answered is not None


def test_the_explorer_opens_no_figure_and_prints_as_one_line(measures: pd.DataFrame) -> None:
    plt.close("all")
    explorer = explore_abc(measures)
    assert not plt.get_fignums()
    assert repr(explorer) == f"Explorer: {abc_answer(measures).sentence}"


def test_every_control_has_a_label(measures: pd.DataFrame) -> None:
    assert all(control.description for control in explore_abc(measures).controls.values())


def test_the_static_picture_and_tables_are_the_twins(
    measures: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = show_abc(measures, measure="profit")
    assert not plt.get_fignums()
    assert "Pareto chart" in capsys.readouterr().out  # the alternative text stands for the picture
    said = abc_answer(measures, measure="profit")
    same(answer, said)
    assert repr(answer) == repr(said)
