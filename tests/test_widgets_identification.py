"""The form's explorer shows what its twin says, and the twin says what the library says."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from casebook import identification as idn
from casebook.errors import TableError
from casebook.widgets import evaluation_answer, explore_evaluation, fill_in, show_evaluation
from casebook.widgets.identification import parts_to_weights

NAMES = list(idn.WEIGHTS)


@pytest.fixture(scope="module")
def accounts() -> pd.DataFrame:
    """120 accounts; indicators differ, and profit has nothing to do with them."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame(np.round(np.clip(rng.normal(72, 9, (120, 4)), 0, 100), 1), columns=NAMES)
    return table.assign(
        name=[f"Firm {i} <b>& Co</b>" for i in range(120)],
        profit=np.round(rng.normal(20_000, 60_000, 120), 2),
        defaulted_next_12m=np.arange(120) % 11 == 0,
    )


def same(shown: Any, said: Any) -> None:
    """Assert that the explorer's answer is the twin's."""
    for table in ("form", "bands", "left_out"):
        pd.testing.assert_frame_equal(getattr(shown, table), getattr(said, table))
    assert (shown.sentence, shown.moved) == (said.sentence, said.moved)


# The twin --------------------------------------------------------------------------------------------


def test_the_twin_bands_as_the_library_does(accounts: pd.DataFrame) -> None:
    weights = {"finance": 0.4, "business_ability": 0.2, "cooperation": 0.3, "channel_ability": 0.1}
    said = evaluation_answer(accounts, weights, (65, 78, 90))
    ours = idn.evaluation_form(accounts, weights, lo=65, hi=78, strong=90)
    pd.testing.assert_frame_equal(said.form, ours)
    counts = ours["band"].value_counts()
    assert said.bands["accounts"].tolist() == [counts.get(band, 0) for band in idn.BANDS]
    fit = ours[ours["band"] == "fit"]
    assert said.bands.loc[1, "value"] == pytest.approx(fit["profit"].sum())
    assert said.bands.loc[1, "defaults"] == fit["defaulted_next_12m"].sum()
    assert said.bands["share"].sum() == pytest.approx(1)
    assert said.moved == (ours["band"] != idn.evaluation_form(accounts)["band"]).sum()


def test_the_usual_form_moves_nobody(accounts: pd.DataFrame) -> None:
    said = evaluation_answer(accounts)
    assert said.moved == 0
    assert said.sentence.count("0 stand in another band") == 1


def test_those_left_out_stand_by_value_and_the_first_is_named(accounts: pd.DataFrame) -> None:
    said = evaluation_answer(accounts)
    outside = said.form[said.form["band"] != "fit"]
    assert said.left_out["value"].tolist() == sorted(outside["profit"], reverse=True)
    best = outside.loc[outside["profit"].idxmax()]
    assert (
        f"{best['name']} brings most: {best['profit']:,.0f} RMB, at {best['score']:.1f} points"
        in said.sentence
    )


def test_without_limits_nobody_is_left_out(accounts: pd.DataFrame) -> None:
    said = evaluation_answer(accounts, limits=(0, 100, 100))
    assert said.left_out.empty
    assert "left out" not in said.sentence
    assert len(said.tables) == 1


def test_defaults_are_counted_where_they_are_known(accounts: pd.DataFrame) -> None:
    assert "defaulted within the year, of 11 in all" in evaluation_answer(accounts).sentence
    unknown = evaluation_answer(accounts.drop(columns="defaulted_next_12m"))
    assert "defaulted" not in unknown.sentence
    assert "defaults" not in repr(unknown)


def test_the_order_of_rows_changes_nothing_and_the_table_is_left_alone(accounts: pd.DataFrame) -> None:
    before = accounts.copy(deep=True)
    a, b = evaluation_answer(accounts), evaluation_answer(accounts.sample(frac=1, random_state=5))
    pd.testing.assert_frame_equal(a.bands, b.bands)
    pd.testing.assert_frame_equal(a.left_out, b.left_out)
    assert a.sentence == b.sentence
    explore_evaluation(accounts).controls["lo"].value = 60
    pd.testing.assert_frame_equal(accounts, before)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"value": "worth"}, "no column 'worth'"),
        ({"limits": (80, 70, 85)}, "limits must rise"),
        ({"weights": {"finance": 0.5}}, "add to 1"),
        ({"weights": {"money": 1.0}}, "no column 'money'"),
    ],
)
def test_a_wrong_argument_is_refused_in_a_sentence(accounts: pd.DataFrame, how: dict, said: str) -> None:
    with pytest.raises(TableError, match=said):
        evaluation_answer(accounts, **how)


def test_parts_become_weights() -> None:
    assert parts_to_weights({"a": 3, "b": 1}) == {"a": 0.75, "b": 0.25}
    for bad in ({"a": 0, "b": 0}, {"a": 3, "b": -1}):
        with pytest.raises(TableError, match="zero or more"):
            parts_to_weights(bad)


# The explorer ----------------------------------------------------------------------------------------


def test_at_first_the_explorer_says_what_the_twin_says(accounts: pd.DataFrame) -> None:
    same(explore_evaluation(accounts).answered, evaluation_answer(accounts))


@pytest.mark.parametrize(
    ("control", "value", "how"),
    [
        ("finance", 10, {"weights": parts_to_weights(dict(zip(NAMES, (10, 3, 2, 2), strict=True)))}),
        ("cooperation", 0, {"weights": parts_to_weights(dict(zip(NAMES, (3, 3, 0, 2), strict=True)))}),
        ("lo", 60, {"limits": (60, 80, 85)}),
        ("hi", 77, {"limits": (70, 77, 85)}),
        ("strong", 99, {"limits": (70, 80, 99)}),
    ],
)
def test_moving_a_control_shows_what_the_twin_says(
    accounts: pd.DataFrame, control: str, value: int, how: dict[str, Any]
) -> None:
    explorer = explore_evaluation(accounts)
    words, picture = explorer.words.value, explorer.picture.value
    explorer.controls[control].value = value
    said = evaluation_answer(accounts, **how)
    same(explorer.answered, said)
    assert explorer.words.value != words
    assert explorer.picture.value != picture
    for count in said.bands["accounts"]:
        assert f">{count}</td>" in explorer.words.value


def test_the_limits_always_rise(accounts: pd.DataFrame) -> None:
    explorer = explore_evaluation(accounts)
    lo, hi, strong = (explorer.controls[name] for name in ("lo", "hi", "strong"))
    lo.value = 90
    assert (lo.value, hi.value, strong.value) == (90, 90, 90)
    strong.value = 75
    assert (lo.value, hi.value, strong.value) == (75, 75, 75)
    hi.value = 60
    assert (lo.value, hi.value, strong.value) == (60, 60, 75)
    same(explorer.answered, evaluation_answer(accounts, limits=(60, 60, 75)))


def test_without_any_weight_the_explorer_says_so_and_recovers(accounts: pd.DataFrame) -> None:
    explorer = explore_evaluation(accounts)
    for name in NAMES:
        explorer.controls[name].value = 0
    assert explorer.answered is None
    assert "one of them above zero" in explorer.words.value
    assert explorer.picture.value == b""
    explorer.controls["finance"].value = 5
    assert explorer.answered.weights["finance"] == 1.0


def test_the_picture_depends_on_the_controls_and_not_on_the_way_there(accounts: pd.DataFrame) -> None:
    straight, wandering = explore_evaluation(accounts), explore_evaluation(accounts)
    for name, value in [("lo", 45), ("hi", 97), ("strong", 99), ("finance", 9), ("finance", 3)]:
        wandering.controls[name].value = value
    for name, value in [("lo", 68), ("hi", 80), ("strong", 85)]:
        wandering.controls[name].value = value
    straight.controls["lo"].value = 68
    assert wandering.picture.value == straight.picture.value
    assert wandering.words.value == straight.words.value


def test_names_from_data_are_escaped(accounts: pd.DataFrame) -> None:
    explorer = explore_evaluation(accounts)
    assert "&lt;b&gt;&amp; Co" in explorer.words.value
    assert "<b>" not in explorer.words.value
    assert "<b>" not in evaluation_answer(accounts)._repr_html_()


def test_the_picture_is_a_picture_and_is_there_in_words(accounts: pd.DataFrame) -> None:
    explorer = explore_evaluation(accounts)
    assert Image.open(io.BytesIO(explorer.picture.value)).format == "PNG"
    assert "Points for 120 accounts" in explorer.words.value


def test_a_move_is_answered_while_the_slider_is_dragged(accounts: pd.DataFrame) -> None:
    explorer = explore_evaluation(accounts)
    waits = []
    for value in range(60, 75):
        begun = time.process_time()
        explorer.controls["lo"].value = value
        waits.append(time.process_time() - begun)
    assert min(waits) < 0.1


def test_the_static_default_shows_the_picture_and_returns_the_answer(accounts, capsys) -> None:
    said = show_evaluation(accounts, limits=(65, 80, 85))
    assert "Lines at 65, 80 and 85 points" in capsys.readouterr().out
    same(said, evaluation_answer(accounts, limits=(65, 80, 85)))


# The training sheet as a form ------------------------------------------------------------------------


def test_the_form_holds_the_sheet_and_writing_changes_only_the_form() -> None:
    sheet = idn.Worksheet("2-5", [{"group": "schools"}, {}])
    form = fill_in(sheet)
    assert form.sheet == idn.Worksheet("2-5", [{"group": "schools"}, {}])
    assert len(form.boxes) == 18
    assert "1 of 18 cells filled (6%)" in form.words.value
    form.boxes[1, "size"].value = "  "
    assert form.sheet.completeness == pytest.approx(1 / 18)
    form.boxes[1, "size"].value = "28 <b>"
    assert form.sheet.to_frame().loc[1, "size"] == "28 <b>"
    assert "2 of 18 cells filled" in form.words.value
    assert sheet.completeness == pytest.approx(1 / 18)


def test_a_full_form_says_so() -> None:
    form = fill_in(idn.Worksheet("2-15", [{}]))
    for box in form.boxes.values():
        assert box.placeholder.endswith("?")
        box.value = "known"
    assert "Every cell is filled." in form.words.value
    assert idn.Worksheet.from_json(form.sheet.to_json()).completeness == 1
