"""Pictures of lesson 04: drawn data, words, refusals, looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.testing.compare import compare_images

from casebook import lifetime as life
from casebook import plots
from casebook.errors import TableError

IMAGES = Path(__file__).parent / "images"


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def tables():
    """One table a picture, all from a model with known parameters."""
    model = life.BetaGeoNBD()
    model.r_, model.alpha_, model.a_, model.b_ = 0.6, 3.0, 0.8, 2.5
    rng = np.random.default_rng(4)
    first = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 90, 60), "D")
    again = first + pd.to_timedelta(rng.integers(5, 270, 60), "D")
    log = pd.DataFrame({"who": [*range(60)] * 2, "when": [*first, *again]})
    high_end = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]
    sbg = life.ShiftedBetaGeometric()
    sbg.alpha_, sbg.beta_ = 0.668, 3.806
    return {
        "tracking": life.tracking(
            model, log, "who", "when", calibration_end="2023-09-30", end="2023-12-31", unit="M"
        ),
        "conditional": pd.DataFrame(
            {
                "group": ["0", "1", "2+"],
                "customers": [184, 133, 1],
                "actual": [0.27, 0.41, 2.0],
                "expected": [0.32, 0.32, 2.5],
                "low": [0.19, 0.35, np.nan],
                "high": [0.35, 0.59, np.nan],
            }
        ),
        "grid": life.alive_grid(model, frequency=range(1, 13), recency=np.arange(1.0, 24.1), T=24, t=6),
        "path": life.alive_path(
            model, ["2023-01-01", "2023-02-01", "2023-02-20", "2023-03-15"], end="2023-12-31", unit="M"
        ),
        "retention": life.renewal_table(sbg, high_end, known=7),
        "value": pd.DataFrame(
            {"month": range(37), "model": 400 + 180 * np.sqrt(range(37)), "formula": 127.5 * np.arange(37)}
        ),
    }


MAKE = {
    "tracking": (plots.plot_tracking, plots.alt_tracking, {}),
    "conditional": (plots.plot_conditional, plots.alt_conditional, {}),
    "grid": (plots.plot_alive_grid, plots.alt_alive_grid, {"T": 24, "units": "months"}),
    "path": (plots.plot_alive_path, plots.alt_alive_path, {}),
    "retention": (plots.plot_retention, plots.alt_retention, {}),
    "value": (plots.plot_value, plots.alt_value, {"cost": 700}),
}


def title(ax):
    return ax.get_title(loc="left").replace("\n", " ")


def test_tracking_draws_both_lines_and_marks_the_end_of_calibration(tables):
    table = tables["tracking"]
    for running, end in ((True, "_running"), (False, "")):
        ax = plots.plot_tracking(table, running=running)
        came, model, cut = ax.lines
        np.testing.assert_array_equal(came.get_ydata(), table[f"actual{end}"])
        np.testing.assert_allclose(model.get_ydata(), table[f"expected{end}"])
        known = table.loc[~table["holdout"], "end"].iloc[-1]
        assert pd.Timestamp(cut.get_xdata()[0]) == known
    held = table[table["holdout"]]
    each = f"{held['expected'].mean():.0f} repeat purchases expected, {held['actual'].mean():.0f} came"
    assert title(ax) == f"A period after the model's last look: {each}"
    ax = plots.plot_tracking(table)
    assert f"and {held['actual'].sum():,} came" in title(ax)
    assert "Counts of" in plots.alt_tracking(table, running=False)
    assert f"period {int((~table['holdout']).sum())}; after it {held['actual'].sum()} came" in (
        plots.alt_tracking(table)
    )


def test_tracking_without_a_holdout_says_so_and_has_no_mark(tables):
    known = tables["tracking"].query("not holdout")
    ax = plots.plot_tracking(known)
    assert len(ax.lines) == 2
    assert title(ax).startswith("The model expects")
    assert "A line marks" not in plots.alt_tracking(known)


def test_conditional_draws_means_and_counts_the_groups_with_an_interval(tables):
    table = tables["conditional"]
    ax = plots.plot_conditional(table)
    came, model = ax.containers[0].lines[0], ax.lines[-1]
    np.testing.assert_allclose(came.get_ydata(), table["actual"])
    np.testing.assert_allclose(model.get_ydata(), table["expected"])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0\n(184)", "1\n(133)", "2+\n(1)"]
    assert title(ax) == "In 1 of 2 groups the model's mean lies within what chance allows"
    assert "for 318 customers in 3 groups" in plots.alt_conditional(table)


def test_the_grid_is_the_table_turned_and_its_title_compares_at_one_silence(tables):
    table = tables["grid"]
    ax = plots.plot_alive_grid(table, T=24, units="months")
    mesh = ax.collections[0]
    wide = table.pivot(index="recency", columns="frequency", values="p_alive")
    np.testing.assert_allclose(mesh.get_array(), wide.to_numpy())
    few, many = (float(wide.loc[13.0, x]) for x in (1, 12))
    assert title(ax) == (
        f"Last bought 11 months ago: alive with {few:.0%} after 1 repeat purchase, {many:.0%} after 12"
    )
    expected = plots.plot_alive_grid(table, value="expected", T=24, units="months")
    assert "purchases ahead" in title(expected)
    assert plots.alt_alive_grid(table, value="expected", T=24).startswith("Map of purchases expected")


def test_the_path_marks_each_purchase(tables):
    table = tables["path"]
    ax = plots.plot_alive_path(table)
    curve, ticks = ax.lines
    np.testing.assert_allclose(curve.get_ydata(), table["p_alive"])
    assert len(ticks.get_xdata()) == 4
    assert title(ax).startswith("4 purchases, then 291 days of silence:")
    assert "4 purchases, the last on 2023-03-15" in plots.alt_alive_path(table)
    short = table.iloc[:20]
    assert len(plots.plot_alive_path(short).get_xticks()) == 2


def test_retention_draws_known_and_held_out_points_apart(tables):
    table = tables["retention"]
    ax = plots.plot_retention(table)
    sbg, one, known, held, cut = ax.lines
    np.testing.assert_allclose(sbg.get_ydata()[1:], table["survival_sbg"])
    np.testing.assert_allclose(one.get_ydata()[1:], table["survival_constant"])
    assert (len(known.get_xdata()), len(held.get_xdata())) == (8, 5)
    assert cut.get_xdata()[0] == 7.5
    assert title(ax) == "After 12 years 39% are left; the sBG said 38%, one rate for all 30%"
    assert "12 years, 7 of them known" in plots.alt_retention(table)


def test_value_marks_the_month_in_which_the_cost_is_back(tables):
    table = tables["value"]
    ax = plots.plot_value(table, cost=700)
    formula, model, cost, back = ax.lines
    np.testing.assert_allclose(model.get_ydata(), table["model"])
    np.testing.assert_allclose(formula.get_ydata(), table["formula"])
    assert set(cost.get_ydata()) == {700}
    assert back.get_xdata()[0] == 3
    assert title(ax) == "A cost of 700 RMB is back in month 3; after 36 months, +780 RMB"
    never = plots.plot_value(table, cost=9_000, unit="USD")
    assert title(never) == "A cost of 9,000 USD is not back within 36 months: -7,520 USD"
    assert len(never.lines[-1].get_xdata()) == 0
    assert "off the picture" in plots.alt_value(table, cost=700, top=1_000)


@pytest.mark.parametrize("name", MAKE)
def test_an_empty_table_or_a_missing_column_is_refused(name, tables):
    plot, alt, asked = MAKE[name]
    mine = plt.subplots()[1]
    before = tables[name].copy()
    assert plot(tables[name], ax=mine, **asked) is mine
    pd.testing.assert_frame_equal(before, tables[name])
    for function in (plot, alt):
        with pytest.raises(TableError, match="nothing to draw"):
            function(tables[name].iloc[:0], **asked)
        with pytest.raises(TableError, match="has no column"):
            function(tables[name].iloc[:, :1], **asked)
    assert plt.get_fignums() == [mine.figure.number]


@pytest.mark.parametrize("name", MAKE)
def test_the_picture_looks_as_it_did(name, tables, tmp_path):
    """Compare with tests/images; to renew one after looking at it, delete it and run this test twice."""
    plot, _, asked = MAKE[name]
    drawn, kept = tmp_path / f"04_{name}.png", IMAGES / f"04_{name}.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        plot(tables[name], **asked).figure.savefig(drawn, dpi=60, metadata={"Software": None})
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None
