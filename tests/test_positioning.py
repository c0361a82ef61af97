"""Positioning: the worked examples of the curriculum, every edge of the functions, and the picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.testing.compare import compare_images

import casebook
from casebook import plots
from casebook import positioning as pos
from casebook.errors import TableError

IMAGES = Path(__file__).parent / "images"


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def brands() -> pd.DataFrame:
    return casebook.load("positioning")


# SEL-09: tiers, blur, map -------------------------------------------------------------------------


def test_sel_09_two_of_four_customers_are_off_the_high_position():
    blur = pos.positioning_blur(pd.Series([3, 3, 2, 1]), position=3)
    assert blur == (4, 0.50, 0.75)


def test_the_same_customers_are_less_far_from_the_middle_and_more_often_off():
    assert pos.positioning_blur(pd.Series([3, 3, 2, 1]), position=2) == (4, 0.75, 0.75)


def test_customers_all_on_position_are_not_blurred():
    assert pos.positioning_blur(pd.Series([2, 2]), position=2) == (2, 0.0, 0.0)


def test_the_order_of_customers_does_not_matter_and_they_are_left_alone():
    tiers = pd.Series([1, 3, 2, 3], index=list("abcd"))
    before = tiers.copy()
    assert pos.positioning_blur(tiers, 3) == pos.positioning_blur(tiers[::-1], 3)
    pd.testing.assert_series_equal(tiers, before)


@pytest.mark.parametrize("position", [0, 4, 2.5, True, "3", None])
def test_a_position_off_the_scale_is_refused(position):
    with pytest.raises(TableError, match="position must be a whole number from 1 to 3"):
        pos.positioning_blur(pd.Series([1, 2]), position)


@pytest.mark.parametrize(
    ("tiers", "says"),
    [
        ([3, 4], "tiers is 4 in row 1: a number from 1 to 3"),
        ([3, 0], "tiers is 0 in row 1"),
        ([1.0, None], "tiers is nan in row 1"),
        ([1.5, 2], "tiers is 1.5 in row 0: a whole level from 1 to 3"),
        (["low"], "tiers is 'low' in row 0"),
        ([], "tiers has no rows"),
    ],
)
def test_a_tier_that_is_none_is_refused_by_row(tiers, says):
    with pytest.raises(TableError, match=says):
        pos.positioning_blur(pd.Series(tiers, dtype=None if tiers else float), 3)


def test_a_list_is_refused_with_the_kind_that_is_needed():
    with pytest.raises(TableError, match="tiers must be a pandas Series, one value a row; got list"):
        pos.positioning_blur([1, 2], 2)


@given(st.lists(st.integers(1, 3), min_size=1, max_size=60), st.integers(1, 3))
def test_a_mean_distance_lies_between_the_share_and_twice_the_share(tiers, position):
    blur = pos.positioning_blur(pd.Series(tiers), position)
    assert 0 <= blur.off_share <= 1
    assert blur.off_share - 1e-12 <= blur.mean_distance <= 2 * blur.off_share + 1e-12
    assert blur.off_share == pytest.approx(sum(t != position for t in tiers) / len(tiers))


def test_a_weight_on_a_cut_belongs_to_the_tier_of_the_price():
    weights = pd.Series([0.0, 0.2499, 0.25, 0.4999, 0.50, 1.0], index=list("uvwxyz"), name="vt_price")
    made = pos.price_tiers(weights)
    assert made.tolist() == [3, 3, 2, 2, 1, 1]
    assert made.name == "price_tier"
    assert made.index.equals(weights.index)
    assert weights.name == "vt_price"
    assert pos.price_tiers(weights, cuts=(0.1, 0.2)).tolist() == [3, 1, 1, 1, 1, 1]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_whoever_weighs_price_more_never_has_a_higher_tier(weights):
    ordered = pd.Series(sorted(weights))
    assert pos.price_tiers(ordered).is_monotonic_decreasing


@pytest.mark.parametrize("weight", [-0.01, 1.01, math.nan, math.inf])
def test_a_weight_that_is_no_share_is_refused(weight):
    with pytest.raises(TableError, match=r"price_weight is .* in row 'Bo': a number from 0 to 1"):
        pos.price_tiers(pd.Series({"Ada": 0.5, "Bo": weight}))


@pytest.mark.parametrize("cuts", [(0.5, 0.25), (0.5, 0.5), (0, 0.5), (0.5, 1)])
def test_cuts_must_rise(cuts):
    with pytest.raises(TableError, match="cuts must be two rising shares"):
        pos.price_tiers(pd.Series([0.5]), cuts=cuts)


def test_the_map_keeps_the_cells_where_nobody_stands(brands):
    found = pos.perceptual_map(brands)
    assert found["cell"].tolist() == [f"{p}-{s}" for p in (1, 2, 3) for s in (1, 2, 3)]
    assert found["n"].sum() == len(brands) == 12
    assert found.loc[found["n"] == 0, "cell"].tolist() == ["1-3", "2-1", "2-3", "3-1"]
    names = found.set_index("cell")["brands"]
    assert names["1-2"] == "Southwest Airlines, WestJet"
    assert names["1-3"] == ""


def test_the_map_does_not_hang_on_the_order_of_rows_and_leaves_them_alone(brands):
    before = brands.copy()
    assert pos.perceptual_map(brands[::-1])["n"].tolist() == pos.perceptual_map(brands)["n"].tolist()
    pd.testing.assert_frame_equal(brands, before)


def test_the_map_takes_other_names_and_more_levels():
    own = pd.DataFrame({"firm": ["Ada"], "p": [5], "s": [4]})
    found = pos.perceptual_map(own, brand="firm", price="p", service="s", levels=5)
    assert len(found) == 25
    assert found.loc[found["n"] == 1, "cell"].tolist() == ["5-4"]


def test_a_map_that_cannot_be_drawn_is_refused(brands):
    with pytest.raises(TableError, match="Did you mean 'price_level'"):
        pos.perceptual_map(brands, price="price_levle")
    with pytest.raises(TableError, match="names 'HIS' more than once"):
        pos.perceptual_map(pd.concat([brands, brands[brands["brand"] == "HIS"]]))
    with pytest.raises(TableError, match="price_level is 4 in row 0"):
        pos.perceptual_map(brands.assign(price_level=4))
    with pytest.raises(TableError, match="Column 'brand' is missing on 12 rows"):
        pos.perceptual_map(brands.assign(brand=None))
    with pytest.raises(TableError, match="no rows"):
        pos.perceptual_map(brands.head(0))


# SEL-13: the gate ---------------------------------------------------------------------------------


def test_sel_13_the_gate_lets_rank_in_and_turns_the_unknown_away():
    six = ["royal", "high_noble", "lesser_noble", "gentry", "entrepreneur", "rich_unknown"]
    made = pos.gate(pd.DataFrame({"class": six}, index=list("abcdef")))
    assert made["offer"].tolist() == ["银灵", "银灵", "银羽", "银羽", "银影", "rejected"]
    assert made["reason"].iloc[0] == "class royal is on the list"
    assert made["reason"].iloc[-1] == "class rich_unknown is not on the list"
    assert list(made.index) == list("abcdef")


def test_the_gate_of_the_story_turns_the_two_richest_away():
    applicants = casebook.load("rr_applicants")
    before = applicants.copy()
    made = pos.gate(applicants)
    turned_away = made[made["offer"] == "rejected"]
    assert set(turned_away["name"]) == set(applicants.nlargest(2, "wealth")["name"])
    pd.testing.assert_frame_equal(applicants, before)


def test_another_gate_looks_at_another_column():
    made = pos.gate(pd.DataFrame({"tier": [3, 1]}), {3: "advice"}, by="tier", rejected="shop")
    assert made["offer"].tolist() == ["advice", "shop"]


def test_a_gate_without_rules_or_with_a_nameless_applicant_is_refused():
    with pytest.raises(TableError, match="turn everybody away"):
        pos.gate(pd.DataFrame({"class": ["royal"]}), {})
    with pytest.raises(TableError, match="There is no column 'class'"):
        pos.gate(pd.DataFrame({"rank": ["royal"]}))
    with pytest.raises(TableError, match="Column 'class' is missing on 1 row"):
        pos.gate(pd.DataFrame({"class": ["royal", None]}))
    with pytest.raises(TableError, match="'offer' has the name of one that is made here"):
        pos.gate(pd.DataFrame({"offer": ["royal"]}), by="offer")


def test_the_last_buyer_served_sets_the_price():
    assert pos.scarcity_price(1, [90, 40, 70]) == 90
    assert pos.scarcity_price(3, pd.Series([90, 40, 70])) == 40
    assert pos.scarcity_price(9, [90, 40, 70]) == 40  # more cars than people
    assert pos.scarcity_price(2, [70, 70, 10]) == 70


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.integers(1, 29))
def test_fewer_units_never_lower_the_price(willing, units):
    assert pos.scarcity_price(units, willing) >= pos.scarcity_price(units + 1, willing)


@pytest.mark.parametrize("units", [0, -1, 1.5, True, "2"])
def test_no_units_have_no_price(units):
    with pytest.raises(TableError, match="units must be a whole number of 1 or more"):
        pos.scarcity_price(units, [1])


@pytest.mark.parametrize("willing", [[], [-1], [math.nan], ["much"]])
def test_nobody_or_an_unreadable_offer_has_no_price(willing):
    with pytest.raises(TableError, match="willing"):
        pos.scarcity_price(1, willing)


# SEL-14: the size of the gap ----------------------------------------------------------------------


def test_sel_14_the_gap_of_his_pays_back_in_little_more_than_a_year():
    customers = pos.chain_ratio(3_500_000, 0.10, 0.30, 0.01)
    assert customers == pytest.approx(1050)
    income = customers * 8000
    assert income == pytest.approx(8_400_000)
    assert income < 10_000_000
    assert round(pos.payback_years(10_000_000, income), 2) == 1.19


def test_the_table_has_the_shares_of_the_example():
    market = casebook.load("travel_market")
    alone = market["travellers"] * market["individual_share"]
    assert market["travellers"].sum() == 3_500_000
    assert alone.sum() / market["travellers"].sum() == pytest.approx(0.10)
    assert alone[market["segment"] == "students"].sum() / alone.sum() == pytest.approx(0.30)


@given(st.floats(0, 1e9), st.lists(st.floats(0, 1), min_size=1, max_size=6), st.randoms())
def test_a_chain_never_grows_and_does_not_hang_on_the_order_of_its_ratios(base, ratios, random):
    found = pos.chain_ratio(base, *ratios)
    assert 0 <= found <= base
    shuffled = random.sample(ratios, len(ratios))
    assert pos.chain_ratio(base, *shuffled) == pytest.approx(found, rel=1e-9, abs=1e-200)


@pytest.mark.parametrize("ratio", [10, -0.1, math.nan, "10%", None, True])
def test_a_percentage_in_a_chain_is_refused_by_its_place(ratio):
    with pytest.raises(TableError, match=r"Ratio 2 is .*: each must be a share from 0 to 1"):
        pos.chain_ratio(100, 0.5, ratio)


def test_a_chain_needs_a_base_and_a_ratio():
    assert pos.chain_ratio(0, 0.5) == 0
    with pytest.raises(TableError, match="at least one ratio"):
        pos.chain_ratio(100)
    for base in (-1, math.inf, "100"):
        with pytest.raises(TableError, match="base must be a number of 0 or more"):
            pos.chain_ratio(base, 0.5)


def test_an_income_of_nothing_never_pays_back():
    assert pos.payback_years(0, 5) == 0
    for income in (0, -5, math.nan):
        with pytest.raises(TableError, match="never comes back"):
            pos.payback_years(100, income)
    with pytest.raises(TableError, match="capital must be"):
        pos.payback_years(-1, 5)


# SEL-08: scores to weigh --------------------------------------------------------------------------


def test_scores_run_from_the_worst_to_the_best_either_way():
    hours = pd.Series({"hotels": 2.0, "schools": 6.0, "offices": 3.0}, name="hours")
    assert pos.scale_scores(hours).to_dict() == {"hotels": 0, "schools": 100, "offices": 25}
    light = pos.scale_scores(hours, low_is_best=True)
    assert light.to_dict() == {"hotels": 100, "schools": 0, "offices": 75}
    assert light.name == "hours"
    assert hours["hotels"] == 2.0


@given(
    st.lists(st.integers(-1000, 1000), min_size=2, max_size=20).filter(lambda v: len(set(v)) > 1),
    st.integers(1, 50),
    st.integers(-50, 50),
)
def test_a_score_does_not_hang_on_the_unit(values, times, plus):
    plain, other = pd.Series(values), pd.Series(values) * times + plus
    np.testing.assert_allclose(pos.scale_scores(plain), pos.scale_scores(other), atol=1e-9)
    np.testing.assert_allclose(pos.scale_scores(plain), 100 - pos.scale_scores(plain, low_is_best=True))


@pytest.mark.parametrize(
    ("values", "says"),
    [([5, 5], "All 2 values are 5"), ([7], "All 1 values are 7"), ([1, math.nan], "row 1"), ([], "no rows")],
)
def test_values_that_cannot_be_scaled_are_refused(values, says):
    with pytest.raises(TableError, match=says):
        pos.scale_scores(pd.Series(values, dtype=float))


# The picture --------------------------------------------------------------------------------------


def title(ax: Any) -> str:
    return ax.get_title(loc="left").replace("\n", " ")


def test_every_cell_is_drawn_once_and_the_empty_ones_are_hatched(brands):
    table = pos.perceptual_map(brands)
    ax = plots.plot_perceptual_map(table)
    boxes = [bar for group in ax.containers for bar in group]
    assert len(boxes) == len(table)
    at = {(round(b.get_x() + b.get_width() / 2), round(b.get_y() + b.get_height() / 2)): b for b in boxes}
    for row in table.to_dict("records"):
        assert bool(at[row["price_level"], row["service_level"]].get_hatch()) == (row["n"] == 0)
    said = "\n".join(text.get_text() for text in ax.texts).replace("\n", " ")
    assert all(name in said for name in brands["brand"])
    assert said.count("nobody") == 4
    assert title(ax) == "4 of the 9 places on the map are empty; 6 of 12 brands crowd into one"


def test_our_own_place_is_marked(brands):
    table = pos.perceptual_map(brands)
    assert not plots.plot_perceptual_map(table).lines
    (star,) = plots.plot_perceptual_map(table, own="3-2").lines
    assert (round(star.get_xdata()[0]), round(star.get_ydata()[0])) == (3, 2)
    assert "A star marks our own place, 3-2." in plots.alt_perceptual_map(table, own="3-2")
    assert "A star" not in plots.alt_perceptual_map(table)


def test_the_words_say_who_stands_where(brands):
    said = plots.alt_perceptual_map(pos.perceptual_map(brands))
    assert "Map of 12 brands in 9 cells" in said
    assert "Price 1, service 2: Southwest Airlines, WestJet." in said
    assert said.endswith("Empty, as price-service: 1-3, 2-1, 2-3, 3-1.")


def test_a_full_map_says_so():
    full = pd.DataFrame({"brand": list("abcd"), "price_level": [1, 1, 2, 2], "service_level": [1, 2, 1, 2]})
    table = pos.perceptual_map(full, levels=2)
    assert title(plots.plot_perceptual_map(table)).startswith("No place on the map is empty")
    assert "Empty" not in plots.alt_perceptual_map(table)


@pytest.mark.parametrize("call", [plots.plot_perceptual_map, plots.alt_perceptual_map])
def test_a_wrong_map_is_refused_and_leaves_no_figure(call, brands):
    table = pos.perceptual_map(brands)
    with pytest.raises(TableError, match=r"Give the table that positioning\.perceptual_map returns"):
        call(table.drop(columns="cell"))
    with pytest.raises(TableError, match="no brand"):
        call(table.assign(n=0))
    with pytest.raises(TableError, match="own is '4-4', but the map has: 1-1, 1-2"):
        call(table, own="4-4")
    assert not plt.get_fignums()


def test_it_draws_where_it_is_told_and_leaves_its_table_alone(brands):
    table = pos.perceptual_map(brands)
    before = table.copy()
    mine = plt.figure().subplots()
    assert plots.plot_perceptual_map(table, ax=mine) is mine
    assert len(plt.get_fignums()) == 1
    pd.testing.assert_frame_equal(table, before)


def test_the_picture_looks_as_it_did(brands, tmp_path):
    """Compare with tests/images; to renew it after looking at it, delete it and run this test twice."""
    drawn, kept = tmp_path / "map.png", IMAGES / "case05_map.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        ax = plots.plot_perceptual_map(pos.perceptual_map(brands), own="3-3")
        ax.figure.savefig(drawn, dpi=60, metadata={"Software": None})
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None
