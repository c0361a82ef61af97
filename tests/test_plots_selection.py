"""The whale curve, losers by size and shaken weights: what is drawn is what the tables say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.testing.compare import compare_images

from casebook import plots
from casebook import selection as sel
from casebook.errors import TableError
from casebook.plots import style
from casebook.plots.whale import BEST, WORST, WhalePicture

IMAGES = Path(__file__).parent / "images"
TEN = [50, 30, 6, 5, 4, 3, 2, -8, -12, -20]
NAMES = ["whale", "whale_before", "whales", "loss_by_size", "weights"]


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    """300 accounts, the largest first; some of every size lose."""
    rank = np.arange(1, 301)
    revenue = np.round(900_000 / rank**0.9, 2)
    profit = np.round(revenue * np.tile([0.12, 0.1, -0.08], 100) - 300, 2)
    return pd.DataFrame({"revenue": revenue, "profit": profit}, index=[f"C{i:03d}" for i in rank])


@pytest.fixture(scope="module")
def shaken() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    scores = pd.DataFrame(rng.uniform(0, 100, (120, 6)), columns=list("abcdef"))
    return sel.weight_stability(scores, top=30, draws=200, seed=3)


@pytest.fixture
def drawings(many: pd.DataFrame, shaken: pd.DataFrame) -> dict[str, Any]:
    """Every picture with its words, a table and arguments."""
    curve = sel.whale_curve(many["profit"])
    better = sel.whale_curve(many["profit"].clip(lower=-500))
    both = {"Ada": curve, "Bo": better}
    return {
        "whale": (plots.plot_whale, plots.alt_whale, curve, {}),
        "whale_before": (
            plots.plot_whale,
            plots.alt_whale,
            better,
            {"before": curve, "top": 0.1, "unit": "$"},
        ),
        "whales": (plots.plot_whales, plots.alt_whales, both, {}),
        "loss_by_size": (plots.plot_loss_by_size, plots.alt_loss_by_size, sel.loss_by_size(many), {}),
        "weights": (plots.plot_weight_stability, plots.alt_weight_stability, shaken, {}),
    }


def title(ax: Any) -> str:
    return ax.get_title(loc="left").replace("\n", " ")


def test_the_whale_starts_at_nothing_and_ends_at_the_profit() -> None:
    curve = sel.whale_curve(TEN)
    ax = plots.plot_whale(curve, unit="thousand RMB")
    line = max(ax.lines, key=lambda drawn: len(drawn.get_xdata()))
    np.testing.assert_array_equal(line.get_ydata(), [0, *curve["cum_profit"]])
    np.testing.assert_allclose(line.get_xdata(), [0, *curve["cum_customers"]])
    assert title(ax) == "3 of 10 customers lose 40 of the 100 thousand RMB that the others earn"
    said = [text.get_text() for text in ax.texts]
    assert said == ["best 20%: 80", "worst 30%: -40", "peak 100", "left 60"]


def test_the_bands_are_as_wide_as_the_best_and_the_worst() -> None:
    ax = plots.plot_whale(sel.whale_curve(TEN), top=0.3, bottom=0.2)
    best, worst = ax.patches[:2]
    assert (best.get_x(), best.get_width()) == (0, 0.3)
    assert worst.get_x() == pytest.approx(0.8)
    assert worst.get_width() == pytest.approx(0.2)
    assert worst.get_hatch()  # told apart without colour
    assert best.get_facecolor()[:3] == to_rgb(BEST)
    assert worst.get_facecolor()[:3] == to_rgb(WORST)


def test_without_losers_the_title_says_so() -> None:
    ax = plots.plot_whale(sel.whale_curve([5, 3, 2, 1]), unit="RMB")
    assert title(ax) == "Nobody loses: 4 customers earn 11 RMB"
    assert "the worst 30% earn 3 RMB" in plots.alt_whale(sel.whale_curve([5, 3, 2, 1]))


def test_a_firm_that_ends_below_zero_is_drawn_whole() -> None:
    ax = plots.plot_whale(sel.whale_curve([10, -4, -16]))
    assert ax.get_ylim()[0] < -10
    assert ax.get_yticks().min() < 0


def test_a_picture_that_wandered_is_the_picture_drawn_at_once(many: pd.DataFrame) -> None:
    from casebook.widgets.base import to_png

    curve, other = sel.whale_curve(many["profit"]), sel.whale_curve(TEN)
    straight = WhalePicture(plt.figure().subplots())
    straight.update(curve, top=0.25)
    wandering = WhalePicture(plt.figure().subplots())
    for table, how in ((other, {"unit": "$"}), (curve, {"before": other}), (curve, {"top": 0.25})):
        wandering.update(table, **how)
    assert to_png(straight.ax.figure) == to_png(wandering.ax.figure)


def test_each_firm_is_drawn_as_a_share_of_its_own_profit(drawings: dict[str, Any]) -> None:
    plot, alt, both, _ = drawings["whales"]
    ax = plot(both)
    lines = [line for line in ax.lines if len(line.get_xdata()) > 2]
    assert [line.get_label() for line in lines] == ["Ada", "Bo"]
    for line, curve in zip(lines, both.values(), strict=True):
        assert line.get_ydata()[-1] == pytest.approx(1)
        np.testing.assert_allclose(line.get_ydata()[1:], curve["cum_profit"] / curve["cum_profit"].iloc[-1])
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert "2 whale curves, each" in alt(both)
    with pytest.raises(TableError, match="Cy has no profit left"):
        plot({"Cy": sel.whale_curve([1, 1, -4])})
    with pytest.raises(TableError, match="no curve"):
        plot({})


def test_bars_count_every_account_once(drawings: dict[str, Any]) -> None:
    plot, _, table, _ = drawings["loss_by_size"]
    ax = plot(table)
    lose, earn = ax.containers
    assert [bar.get_width() for bar in lose] == table["losing"].tolist()
    assert [a.get_width() + b.get_width() for a, b in zip(lose, earn, strict=True)] == table[
        "accounts"
    ].tolist()
    assert [bar.get_y() for bar in lose] == sorted(
        (bar.get_y() for bar in lose), reverse=True
    )  # largest on top
    assert title(ax).startswith(f"{table['losing'][0]} of the 60 largest customers lose money")


def test_the_points_are_the_shares_of_draws(shaken: pd.DataFrame) -> None:
    ax = plots.plot_weight_stability(shaken, sure=0.8)
    chosen, others = (line for line in ax.lines if line.get_linestyle() == "None")
    np.testing.assert_array_equal(chosen.get_ydata(), shaken.loc[shaken["chosen"], "p_chosen"])
    np.testing.assert_array_equal(others.get_ydata(), shaken.loc[~shaken["chosen"], "p_chosen"])
    assert chosen.get_marker() != others.get_marker()
    firm = (shaken.loc[shaken["chosen"], "p_chosen"] >= 0.8).sum()
    assert title(ax) == f"{firm} of the 30 chosen stay chosen in 80% of the draws or more"
    with pytest.raises(TableError, match="Nobody is chosen"):
        plots.plot_weight_stability(shaken.assign(chosen=False))


@pytest.mark.parametrize("name", NAMES)
def test_it_draws_where_it_is_told_and_leaves_its_table_alone(name: str, drawings: dict[str, Any]) -> None:
    plot, _, table, how = drawings[name]
    before = {k: v.copy() for k, v in table.items()} if isinstance(table, dict) else table.copy(deep=True)
    mine = plt.figure().subplots()
    figures = plt.get_fignums()
    assert plot(table, ax=mine, **how) is mine
    assert plt.get_fignums() == figures
    if isinstance(table, dict):
        for key, kept in before.items():
            pd.testing.assert_frame_equal(table[key], kept)
    else:
        pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "whales"])
def test_a_wrong_table_is_refused_and_leaves_no_figure(name: str, drawings: dict[str, Any]) -> None:
    plot, alt, table, how = drawings[name]
    needed = {"loss_by_size": "size_share", "weights": "p_chosen"} | dict.fromkeys(NAMES[:2], "cum_profit")
    for call in (plot, alt):
        with pytest.raises(TableError, match="nothing to draw"):
            call(table.head(0), **how)
        with pytest.raises(TableError, match="Give the table that selection"):
            call(table.drop(columns=needed[name]), **how)
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", NAMES)
def test_the_title_fits_and_its_numbers_stand_in_the_words(name: str, drawings: dict[str, Any]) -> None:
    import re

    plot, alt, table, how = drawings[name]
    ax = plot(table, **how)
    numbers = set(re.findall(r"\d[\d,.]*\d|\d", title(ax)))
    said = alt(table, **how)
    assert all(number in said for number in numbers), (numbers, said)
    figure = ax.figure
    figure.canvas.draw()
    box = ax.title if ax.get_title() else ax._left_title
    assert box.get_window_extent().x1 <= figure.bbox.x1 + 1


def test_fills_differ_in_lightness() -> None:
    def lightness(colour: str) -> float:
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    assert abs(lightness(style.CLASS_COLORS["B"]) - lightness(style.CLASS_COLORS["C"])) > 0.3  # lose, earn
    assert abs(lightness(style.CLASS_COLORS["A"]) - lightness(style.CLASS_COLORS["B"])) > 0.1


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_looks_as_it_did(name: str, drawings: dict[str, Any], tmp_path: Path) -> None:
    """Compare with tests/images; to renew one after looking at it, delete it and run this test twice."""
    plot, _, table, how = drawings[name]
    drawn, kept = tmp_path / f"{name}.png", IMAGES / f"01_{name}.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        plot(table, **how).figure.savefig(drawn, dpi=60, metadata={"Software": None})
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None
