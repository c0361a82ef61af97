"""Pictures of leaving: the drawn data are the table's, title and words say the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.testing.compare import compare_images

from casebook import plots
from casebook.errors import TableError
from casebook.profit import profit_by_depth
from casebook.survival import kaplan_meier
from casebook.uplift import effect_by_risk, uplift_by_depth

IMAGES = Path(__file__).parent / "images"


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def drawings():
    """Each picture's function, its words, and a table that needs no random numbers."""
    days = np.arange(1, 41) / 5
    left, entry = np.arange(40) % 3 == 0, np.where(np.arange(40) % 2, np.minimum(days / 2, 2), 0)
    curves = {
        "late joiners apart": kaplan_meier(days, left, entry),
        "all from the start": kaplan_meier(days, left),
    }
    y = (np.arange(60) % 4 == 0).astype(int)
    lists = {
        "model": profit_by_depth(y, y + np.arange(60) / 30),
        "any order": profit_by_depth(y, np.arange(60)),
    }
    score = np.linspace(1, 0, 100)
    psi = np.where(np.arange(100) < 40, 0.3, -0.1)
    value = np.full(100, 500.0)
    rankings = {"by uplift": score, "by risk": np.abs(score - 0.5)}
    return {
        "survival": (plots.plot_survival, plots.alt_survival, curves),
        "profit_by_depth": (plots.plot_profit_by_depth, plots.alt_profit_by_depth, lists),
        "uplift_by_depth": (
            plots.plot_uplift_by_depth,
            plots.alt_uplift_by_depth,
            uplift_by_depth(rankings, psi, value=value, cost=64),
        ),
        "effect_by_risk": (
            plots.plot_effect_by_risk,
            plots.alt_effect_by_risk,
            effect_by_risk(1 - score, psi, bins=5),
        ),
    }


NAMES = ["survival", "profit_by_depth", "uplift_by_depth", "effect_by_risk"]


def title(ax) -> str:
    return ax.get_title(loc="left").replace("\n", " ")


def test_the_survival_lines_are_the_curves_and_the_title_reads_both(drawings):
    plot, alt, curves = drawings["survival"]
    ax = plot(curves, at=5)
    for line, curve in zip(ax.lines, curves.values(), strict=False):
        np.testing.assert_allclose(line.get_xdata()[:-1], curve["time"])
        np.testing.assert_allclose(line.get_ydata()[:-1], curve["survival"])
    late, naive = (c[c["time"] <= 5]["survival"].iloc[-1] for c in curves.values())
    assert (
        title(ax) == f"After 5 years {late:.0%} are still here; all from the start it would seem {naive:.0%}"
    )
    assert "late joiners apart: " in alt(curves, at=5)
    assert f"{late:.0%} at 5." in alt(curves, at=5)


def test_the_profit_lines_are_the_tables_and_the_best_depth_is_marked(drawings):
    plot, alt, lists = drawings["profit_by_depth"]
    ax = plot(lists, unit="EUR")
    for line, table in zip(ax.lines[1:], lists.values(), strict=False):
        np.testing.assert_allclose(line.get_xdata(), table["depth"])
        np.testing.assert_allclose(line.get_ydata(), table["profit"])
    best = lists["model"].loc[lists["model"]["profit"].idxmax()]
    (dot,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (best["depth"], best["profit"])
    assert f"({best['called']:.0f} customers) earns most: {best['profit']:,.0f} EUR" in title(ax)
    assert f"model: best at {best['depth']:.0%}" in alt(lists, unit="EUR")


def test_a_list_that_never_earns_says_so():
    poor = {"list": profit_by_depth([0, 0, 0, 1], [4, 3, 2, 1], clv=20)}
    assert title(plots.plot_profit_by_depth(poor)) == "No depth of this list earns anything"


@pytest.mark.parametrize("measure", ["saved", "profit"])
def test_the_uplift_lines_are_the_table_and_the_title_reads_the_depth(drawings, measure):
    plot, alt, table = drawings["uplift_by_depth"]
    ax = plot(table, depth=0.3, measure=measure)
    lines = [line for line in ax.lines if len(line.get_xdata()) > 2]
    assert len(lines) == 2
    for line, (_, mine) in zip(lines, table.groupby("ranking", sort=False), strict=True):
        np.testing.assert_allclose(line.get_xdata(), [0, *mine["depth"]])
        np.testing.assert_allclose(line.get_ydata(), [0, *mine[measure]])
    here = table[np.isclose(table["depth"], 0.3)].set_index("ranking")[measure]
    said = [f"{round(here[name]) + 0:,}" for name in ("by uplift", "by risk")]
    expected = {
        "saved": f"Of 30 called, the list by uplift saves {said[0]}, by risk {said[1]}",
        "profit": f"30 calls by uplift bring {said[0]} RMB, by risk {said[1]}",
    }
    assert title(ax) == expected[measure]
    assert f"{said[0]} at 30%" in alt(table, depth=0.3, measure=measure)
    low, high = ax.get_ylim()
    assert low < min(0, table[measure].min())
    assert high > table[measure].max()


def test_the_points_of_the_effect_are_per_hundred_calls(drawings):
    plot, alt, table = drawings["effect_by_risk"]
    ax = plot(table)
    points, *_ = ax.containers[0].lines
    assert list(points.get_xdata()) == table["bin"].tolist()
    assert list(points.get_ydata()) == pytest.approx((100 * table["effect"]).tolist())
    assert title(ax) == "100 calls to group 1 save 30, to the riskiest -10"
    assert "Group 5, risk" in alt(table)


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_looks_as_it_did(drawings, name, tmp_path):
    plot, _, table = drawings[name]
    drawn, kept = tmp_path / f"15_{name}.png", IMAGES / f"15_{name}.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        plot(table).figure.savefig(drawn, dpi=60, metadata={"Software": None})
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None


@pytest.mark.parametrize("name", NAMES)
def test_axes_that_are_given_are_used_and_none_is_left_over(drawings, name):
    plot, _, table = drawings[name]
    mine = plt.figure().subplots()
    assert plot(table, ax=mine) is mine
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_table_of_another_function_is_refused_before_a_figure_is_made(drawings, name):
    plot, alt, _ = drawings[name]
    other = pd.DataFrame({"x": [1]})
    wrong = {"a": other} if name in ("survival", "profit_by_depth") else other
    for function in (plot, alt):
        with pytest.raises(TableError, match="has no column"):
            function(wrong)
    assert not plt.get_fignums()


def test_too_many_lines_a_depth_that_is_not_there_and_another_measure_are_refused(drawings):
    plot, _, curves = drawings["survival"]
    with pytest.raises(TableError, match="One to three curves can be told apart, got 4"):
        plot(dict(zip("abcd", [*curves.values()] * 2, strict=True)))
    plot, _, table = drawings["uplift_by_depth"]
    with pytest.raises(TableError, match=r"The table has no depth 0\.33"):
        plot(table, depth=0.33)
    with pytest.raises(TableError, match="measure must be 'saved' or 'profit', got 'hope'"):
        plot(table, measure="hope")
