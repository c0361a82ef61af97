"""Calibration and gains: the drawn data are the table's, title and words say the same."""

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
from casebook.evaluation import calibration_table, gain_table

IMAGES = Path(__file__).parent / "images"


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def scored() -> tuple[np.ndarray, np.ndarray]:
    """200 cases in 10 groups; the share of ones rises a little more slowly than the probability."""
    p = np.repeat(np.linspace(0.05, 0.95, 10), 20)
    y = (np.tile(np.arange(20), 10) < np.repeat(np.linspace(2, 17, 10), 20)).astype(int)
    return y, p


@pytest.fixture
def drawings(scored):
    y, p = scored
    return {
        "calibration": (plots.plot_calibration, plots.alt_calibration, calibration_table(y, p)),
        "gains": (plots.plot_gains, plots.alt_gains, gain_table(y, p)),
    }


NAMES = ["calibration", "gains"]


def test_the_points_of_the_calibration_are_predicted_and_observed(drawings):
    plot, alt, table = drawings["calibration"]
    ax = plot(table, what="default")
    points, *_ = ax.containers[0].lines
    np.testing.assert_allclose(points.get_xdata(), table["predicted"])
    np.testing.assert_allclose(points.get_ydata(), table["observed"])
    ends = np.array([segment[:, 1] for segment in ax.containers[0].lines[2][0].get_segments()])
    np.testing.assert_allclose(ends, table[["low", "high"]])
    held = int(((table["low"] <= table["predicted"]) & (table["predicted"] <= table["high"])).sum())
    assert f"{held} of {len(table)} groups" in ax.get_title(loc="left").replace("\n", " ")
    assert f"{held} of {len(table)} groups" in alt(table)
    assert ax.get_xlabel() == "Predicted probability of default"


def test_the_gains_curve_starts_at_zero_and_the_title_reads_it_at_the_depth(drawings):
    plot, alt, table = drawings["gains"]
    ax = plot(table, what="buyers", depth=0.3)
    curve = ax.lines[1]
    np.testing.assert_allclose(curve.get_xdata(), [0, *table["depth"]])
    np.testing.assert_allclose(curve.get_ydata(), [0, *table["found"]])
    said = f"{table['found'].iloc[2]:.0%}"
    assert f"The first 30% of the list holds {said} of buyers" in ax.get_title(loc="left").replace("\n", " ")
    assert f"{said} found at 30%" in alt(table, what="buyers", depth=0.3)


@pytest.mark.parametrize("name", NAMES)
def test_it_draws_where_it_is_told_and_refuses_what_it_cannot_draw(name, drawings):
    plot, alt, table = drawings[name]
    mine = plt.subplots()[1]
    assert plot(table, ax=mine) is mine
    before = len(plt.get_fignums())
    for function in (plot, alt):
        with pytest.raises(TableError, match="nothing to draw"):
            function(table.iloc[:0])
        with pytest.raises(TableError, match=r"has no column .*evaluation\."):
            function(pd.DataFrame({"n": [1]}))
    assert len(plt.get_fignums()) == before


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_looks_as_it_did(name, drawings, tmp_path):
    """Compare with tests/images; to renew one after looking at it, delete it and run this test twice."""
    plot, _, table = drawings[name]
    drawn, kept = tmp_path / f"{name}.png", IMAGES / f"{name}.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        plot(table).figure.savefig(drawn, dpi=60, metadata={"Software": None})
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None
