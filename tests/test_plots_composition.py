"""The pictures of a range show what their tables say: data, titles, words, refusals, and their looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.testing.compare import compare_images

from casebook import composition as com
from casebook import plots
from casebook.errors import TableError
from casebook.plots.composition import LOOKS

IMAGES = Path(__file__).parent / "images"
MEASURES = {"sales": "sales", "cross_ratio": "cross ratio", "contribution_cross": "contribution (cross)"}


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def ratios() -> pd.DataFrame:
    """Eight products of three families; T4 sells fast and loses, H2 lies without stock."""
    table = pd.DataFrame(
        {
            "sku": ["P1", "P2", "P3", "T1", "T2", "T4", "H1", "H2"],
            "family": ["pump"] * 3 + ["tap"] * 3 + ["hose"] * 2,
            "sales": [400, 380, 420, 900, 1000, 800, 60, 20],
            "cost": [300, 290, 315, 600, 680, 900, 58, 19],
            "stock": [100, 90, 95, 80, 85, 70, 30, 0],
        }
    )
    return com.four_ratios(table, sold="sales")


@pytest.fixture(scope="module")
def ranks(ratios: pd.DataFrame) -> pd.DataFrame:
    return com.drop_list(ratios.dropna(subset="cross_ratio"), measures=MEASURES, n=2)


@pytest.fixture(scope="module")
def steps() -> pd.DataFrame:
    return pd.DataFrame(
        {"family": ["pump", "hose", "old"], "at_list": [0.30, 0.15, -0.05], "paid": [0.2, 0.03, -0.19]}
    )


@pytest.fixture(scope="module")
def mixed() -> pd.DataFrame:
    lines = pd.DataFrame(
        {
            "who": ["shop", "shop", "home", "home", "hotel"],
            "what": ["pump", "tap", "pump", "tap", "pump"],
            "money": [40, 60, 10, 250, 80],
        }
    )
    return com.mix(lines, "who", "what", "money")


def title(ax: Axes) -> str:
    return ax.get_title(loc="left").replace("\n", " ")


def test_each_product_stands_at_its_turnover_and_margin(ratios: pd.DataFrame) -> None:
    ax = plots.plot_cross(ratios, group="family", marked=["T4"])
    drawn = {
        line.get_label(): line.get_xydata()
        for line in ax.lines
        if line.get_label() in {"pump", "tap", "hose"}
    }
    known = ratios.dropna(subset="cross_ratio")
    for name, own in known.groupby("family"):
        np.testing.assert_array_equal(drawn[name], own[["turnover_ratio", "margin_rate"]].to_numpy())
    assert sum(len(points) for points in drawn.values()) == 7  # H2 has no stock


def test_families_differ_in_shape_and_in_grey() -> None:
    from matplotlib.colors import to_rgb

    assert len({marker for marker, _ in LOOKS}) == len(LOOKS)
    light = sorted(np.dot(to_rgb(fill), [0.2126, 0.7152, 0.0722]) for _, fill in LOOKS[:4])
    assert min(np.diff(light)) > 0.1


def test_a_curve_joins_points_with_one_cross_ratio(ratios: pd.DataFrame) -> None:
    ax = plots.plot_cross(ratios)
    dashed = [
        line.get_xydata() for line in ax.lines if line.get_linestyle() == "--" and len(line.get_xdata()) > 9
    ]
    assert len(dashed) == 4
    for curve, ratio in zip(dashed, (0.25, 1.0, 2.0, 4.0), strict=True):
        np.testing.assert_allclose(curve[:, 0] * curve[:, 1], ratio)


def test_the_marked_products_are_ringed_and_named(ratios: pd.DataFrame) -> None:
    ax = plots.plot_cross(ratios, marked=["T4", "P1"])
    assert {text.get_text() for text in ax.texts} >= {"T4", "P1"}
    rings = next(line for line in ax.lines if line.get_markersize() == 15)
    assert len(rings.get_xdata()) == 2


def test_the_title_says_that_speed_multiplies_a_loss(ratios: pd.DataFrame) -> None:
    assert title(plots.plot_cross(ratios)) == (
        "T2 earns 3.8 RMB a year on each RMB of stock; T4 sells 11 times a year and loses 1.4"
    )
    earning = ratios[ratios["sku"] != "T4"]
    assert title(plots.plot_cross(earning, unit="$")) == "T2 earns 3.8 $ a year on each $ of stock, H1 0.1"


def test_a_square_is_dark_where_a_product_is_on_the_list(ranks: pd.DataFrame) -> None:
    ax = plots.plot_drop_lists(ranks, MEASURES, n=2)
    shown = ranks[(ranks[list(MEASURES)] <= 2).any(axis=1)]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == shown["sku"].tolist()
    numbers = [int(text.get_text()) for text in ax.texts]
    assert numbers == shown[list(MEASURES)].to_numpy().ravel().tolist()
    dark = [patch.get_facecolor()[0] < 0.3 for patch in ax.patches]
    assert dark == [rank <= 2 for rank in numbers]


def test_the_title_of_the_lists_counts_who_stands_on_all(ranks: pd.DataFrame) -> None:
    assert (
        title(plots.plot_drop_lists(ranks, MEASURES, n=2)) == "Of 3 products named, 1 stands on all 3 lists"
    )
    first = {"sales": "sales", "cross_ratio": "cross ratio"}
    assert (
        title(plots.plot_drop_lists(ranks, first, n=1)) == "Of 2 products named, none stands on all 2 lists"
    )


def test_the_steps_join_the_two_rates_of_each_group(steps: pd.DataFrame) -> None:
    ax = plots.plot_margin_steps(steps)
    at_list, paid = (line.get_xdata() for line in ax.lines if line.get_marker() == "o")
    np.testing.assert_array_equal(at_list, steps["at_list"])
    np.testing.assert_array_equal(paid, steps["paid"])
    assert title(ax) == "From list to invoice, hose falls from 15% to 3%"


def test_the_bars_of_a_mix_add_up_to_the_whole(mixed: pd.DataFrame) -> None:
    ax = plots.plot_mix(mixed, "who", "what")
    ends: dict[float, float] = {}
    for bar in ax.patches:
        row = round(bar.get_y() + bar.get_height() / 2, 6)
        ends[row] = ends.get(row, 0) + bar.get_width()
    assert [round(end, 9) for end in ends.values()] == [1, 1, 1]
    assert title(ax) == "hotel: pump is 100% of purchases, 3.4 times the firm's share"


def test_the_words_name_what_the_pictures_show(ratios, ranks, steps, mixed) -> None:
    said = plots.alt_cross(ratios, group="family", marked=["T4"])
    assert "Scatter of 7 products" in said
    assert "tap: 3 products, margin −12% to 33%, turnover 11.2 to 11.8." in said
    assert said.endswith("Ringed: T4.")
    assert "By cross ratio: T4, H1." in plots.alt_drop_lists(ranks, MEASURES, n=2)
    assert "old: −5% at list, −19% paid." in plots.alt_margin_steps(steps)
    assert "shop: pump 40%, tap 60%." in plots.alt_mix(mixed, "who", "what")


def test_a_table_that_cannot_be_drawn_is_refused_and_leaves_no_figure(ratios, steps, mixed) -> None:
    for call, message in (
        (lambda: plots.plot_cross(ratios.drop(columns="cross_ratio")), "no column 'cross_ratio'"),
        (lambda: plots.plot_cross(ratios[ratios["sku"] == "H2"]), "No product has a cross ratio"),
        (lambda: plots.plot_drop_lists(ratios[["sku"]], MEASURES), "no column 'sales'"),
        (lambda: plots.plot_margin_steps(steps.head(0)), "no groups"),
        (lambda: plots.plot_mix(mixed.head(0), "who", "what"), "no customers"),
    ):
        with pytest.raises(TableError, match=message):
            call()
    assert plt.get_fignums() == []


def test_the_pictures_take_an_axes_and_leave_the_table(ratios: pd.DataFrame) -> None:
    ax, before = plt.figure().subplots(), ratios.copy(deep=True)
    assert plots.plot_cross(ratios, ax=ax) is ax
    pd.testing.assert_frame_equal(ratios, before)
    assert len(plt.get_fignums()) == 1


def draw(
    name: str, ratios: pd.DataFrame, ranks: pd.DataFrame, steps: pd.DataFrame, mixed: pd.DataFrame
) -> Axes:
    return {
        "cross": lambda: plots.plot_cross(ratios, group="family", marked=["T4", "H1"]),
        "drop_lists": lambda: plots.plot_drop_lists(ranks, MEASURES, n=2),
        "margin_steps": lambda: plots.plot_margin_steps(steps),
        "mix": lambda: plots.plot_mix(mixed, "who", "what"),
    }[name]()


@pytest.mark.parametrize("name", ["cross", "drop_lists", "margin_steps", "mix"])
def test_looks_as_before(name, ratios, ranks, steps, mixed, tmp_path) -> None:
    kept, drawn = IMAGES / f"08_{name}.png", tmp_path / f"08_{name}.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        figure = draw(name, ratios, ranks, steps, mixed).figure
        figure.savefig(drawn, dpi=60, metadata={"Software": None})
    assert compare_images(str(kept), str(drawn), tol=2) is None
