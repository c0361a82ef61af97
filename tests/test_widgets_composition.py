"""The range explorer shows what its twin says, for every control, and refuses in words."""

from __future__ import annotations

import io
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from PIL import Image

from casebook import composition as com
from casebook.errors import TableError
from casebook.widgets import explore_range, range_answer, show_range


@pytest.fixture(scope="module")
def products() -> pd.DataFrame:
    """Nine products of three families; T1 sells fast at a loss, hoses are small."""
    return pd.DataFrame(
        {
            "sku": ["P1", "P2", "P3", "T1", "T2", "T3", "H1", "H2", "<b>H3</b>"],
            "family": ["pump"] * 3 + ["tap"] * 3 + ["hose"] * 3,
            "sales": [4000, 3800, 4200, 900, 1000, 950, 60, 70, 80],
            "cost": [3000, 2900, 3100, 1000, 600, 580, 58, 66, 75],
            "sold": [4400, 4200, 4600, 950, 1100, 1050, 66, 75, 88],
            "stock": [1000, 900, 950, 80, 85, 90, 30, 30, 30],
        }
    )


def same(shown: Any, said: Any) -> None:
    for table in ("ratios", "dropped", "lists"):
        pd.testing.assert_frame_equal(getattr(shown, table), getattr(said, table))
    assert shown.sentence == said.sentence


# The twin --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", com.MEASURES)
def test_the_twin_drops_whom_the_library_ranks_last(products: pd.DataFrame, by: str) -> None:
    answer = range_answer(products, by=by, n=4)
    ratios = com.four_ratios(products)
    expected = ratios.sort_values([by, "sku"]).head(4)["sku"].tolist()
    assert answer.marked == expected
    row = answer.lists[answer.lists["by"] == com.MEASURES[by]].iloc[0]
    assert row["names"] == ", ".join(expected)
    assert row["shared"] == 4


def test_the_sentence_adds_up_what_would_go(products: pd.DataFrame) -> None:
    answer = range_answer(products, by="sales", n=2)
    assert answer.sentence == (
        "By sales, H1 and H2 would go. With them go 6 RMB of gross margin a year (0.2% of all) and 60 RMB of "
        "stock, at list price."
    )
    assert range_answer(products, n=1, unit="$").sentence == (
        "By cross ratio, T1 would go. Together they lose 100 $ a year; 80 $ of stock, at list price, "
        "would be free."
    )


def test_a_family_that_must_stay_is_on_no_list(products: pd.DataFrame) -> None:
    answer = range_answer(products, by="sales", n=3, keep="hose")
    assert answer.marked == ["T1", "T3", "T2"]
    assert not any("H" in names for names in answer.lists["names"])
    assert len(answer.ratios) == 9  # but still counts in the shares


def test_less_discount_raises_the_price_to_the_list_and_no_further(products: pd.DataFrame) -> None:
    five = range_answer(products, less_discount=0.05)
    paid = five.ratios.set_index("sku")["sales"]
    assert paid["P1"] == 4000 + 0.05 * 4400
    assert paid["T1"] == 900 + 0.05 * 950
    full = range_answer(products, less_discount=1.0).ratios
    assert full["sales"].tolist() == products["sold"].tolist()
    assert "5 points less discount" in five.sentence
    dear = products.assign(sales=products["sold"] * 2)  # sold above the list already: left alone
    assert range_answer(dear, less_discount=0.1).ratios["sales"].tolist() == dear["sales"].tolist()


def test_months_stretch_the_turnover(products: pd.DataFrame) -> None:
    half = range_answer(products.assign(months=[6] + [12] * 8)).ratios
    whole = range_answer(products).ratios
    assert half["turnover_ratio"].iloc[0] == 2 * whole["turnover_ratio"].iloc[0]
    assert half["turnover_ratio"].iloc[1:].tolist() == whole["turnover_ratio"].iloc[1:].tolist()


def test_the_order_of_rows_changes_no_list_and_the_table_stays(products: pd.DataFrame) -> None:
    before = products.copy(deep=True)
    shuffled = range_answer(products.sample(frac=1, random_state=2), by="contribution_cross")
    assert shuffled.marked == range_answer(products, by="contribution_cross").marked
    explore_range(products).controls["less_discount"].value = 5
    pd.testing.assert_frame_equal(products, before)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"by": "profit"}, "by must be one of sales, margin_rate"),
        ({"n": 10}, "n must be a whole number from 1 to 9"),
        ({"n": 7, "keep": "hose"}, "n must be a whole number from 1 to 6"),
        ({"less_discount": 5}, "less_discount is a fraction of the list price from 0 to 1, got 5"),
    ],
)
def test_a_wrong_argument_is_refused_in_a_sentence(
    products: pd.DataFrame, how: dict[str, Any], said: str
) -> None:
    with pytest.raises(TableError, match=said):
        range_answer(products, **how)


def test_what_comes_from_data_is_escaped(products: pd.DataFrame) -> None:
    answer = range_answer(products, by="sales", n=3)
    assert "<b>H3" not in answer._repr_html_()
    assert "&lt;b&gt;H3" in answer._repr_html_()


# The explorer ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moves", "how"),
    [
        ({}, {}),
        ({"by": "sales"}, {"by": "sales"}),
        ({"n": 1}, {"n": 1}),
        ({"less_discount": 12}, {"less_discount": 0.12}),
        ({"keep": "hose", "by": "contribution_margin"}, {"keep": "hose", "by": "contribution_margin"}),
    ],
)
def test_a_moved_explorer_says_what_the_twin_says(products, moves, how) -> None:
    explorer = explore_range(products, keep="hose")
    for name, value in moves.items():
        explorer.controls[name].value = value
    said = range_answer(products, **how)
    same(explorer.answered, said)
    assert 'role="status"' in explorer.words.value
    assert Image.open(io.BytesIO(explorer.picture.value)).size == (667, 483)


def test_the_picture_changes_and_comes_back(products: pd.DataFrame) -> None:
    explorer = explore_range(products)
    first = explorer.picture.value
    explorer.controls["by"].value = "sales"
    second = explorer.picture.value
    explorer.controls["by"].value = "cross_ratio"
    assert first == explorer.picture.value != second


def test_the_explorer_draws_what_the_plot_draws(products: pd.DataFrame) -> None:
    from casebook import plots

    explorer = explore_range(products)
    explorer.controls["less_discount"].value = 8
    ax = explorer._figure.axes[0]
    said = explorer.answered
    drawn = plots.plot_cross(said.ratios, group="family", marked=said.marked)
    for ours, theirs in zip(ax.lines, drawn.lines, strict=True):
        assert ours.get_xydata().tolist() == theirs.get_xydata().tolist()
    assert [t.get_text() for t in ax.texts] == [t.get_text() for t in drawn.texts]
    plt.close("all")


def test_an_explorer_without_a_family_to_keep_has_no_such_choice(products: pd.DataFrame) -> None:
    assert set(explore_range(products).controls) == {"by", "n", "less_discount"}
    with pytest.raises(TableError, match="No product is of family 'pipe'"):
        explore_range(products, keep="pipe")
    with pytest.raises(TableError, match="no column 'sold'"):
        explore_range(products.drop(columns="sold"))


def test_the_static_default_is_the_first_position(products: pd.DataFrame, capsys) -> None:
    said = show_range(products)
    same(said, explore_range(products).answered)
    assert "Scatter of 9 products" in capsys.readouterr().out
    assert said.sentence in repr(said)
    plt.close("all")
