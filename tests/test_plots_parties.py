"""Pictures of lesson 00: drawn data, words, refusals, looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.testing.compare import compare_images

from casebook import parties, plots
from casebook.errors import TableError

IMAGES = Path(__file__).parent / "images"


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture
def counts():
    return pd.DataFrame({"definition": ["on file", "bought"], "count": [1_100, 644]})


@pytest.fixture
def priced():
    table = pd.DataFrame(
        {
            "source_id": ["S1", "S2", "S3"],
            "kind": ["yearbook", "fair", "old list"],
            "cost": [300, 4_000, 500],
            "records": [200, 400, 1_000],
            "valid_share": [0.5, 0.8, 0.0],
            "dup_share": [0, 0.25, 0.5],
        }
    )
    return parties.source_register(table)


def title(ax):
    return ax.get_title(loc="left").replace("\n", " ")


def test_counts_are_bars_and_the_title_spans_them(counts):
    ax = plots.plot_counts(counts)
    assert [bar.get_width() for bar in ax.patches] == [1_100, 644]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["on file", "bought"]
    assert title(ax) == "How many customers? From 644 to 1,100, by what one calls a customer"
    assert plots.alt_counts(counts).endswith("on file: 1,100. bought: 644.")


def test_sources_are_points_at_their_cost_and_the_useless_one_says_so(priced):
    ax = plots.plot_sources(priced, bought=("S1",))
    points = ax.collections[0]
    np.testing.assert_allclose(points.get_offsets()[:2, 0], [3, 4_000 / 240])
    dark, light = points.get_facecolors()[:2]
    assert dark.sum() < light.sum()
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["3.00  (100 usable)", "16.67  (240 usable)", "nothing usable  (0 usable)"]
    assert title(ax) == "A usable record costs from 3.00 to 16.67 RMB, 6 times as much"
    said = plots.alt_sources(priced, bought=("S1",), need=90)
    assert "fair: 16.67 RMB for each of 240" in said
    assert said.endswith("Dark: yearbook, bought to reach 90 usable records.")


def test_the_map_marks_the_step_and_refuses_a_sixth():
    ax = plots.lesson_map(2)
    boxes = [text for text in ax.texts if text.get_bbox_patch() is not None]
    assert [box.get_text().replace("\n", " ") for box in boxes] == [
        f"{i} {step}" for i, step in enumerate(parties.MANAGEMENT_STEPS, 1)
    ]
    fills = [box.get_bbox_patch().get_facecolor() for box in boxes]
    assert fills.count(fills[1]) == 1
    assert "Step 2, analyse, is marked" in plots.alt_lesson_map(2)
    with pytest.raises(TableError, match="steps 1 to 5"):
        plots.lesson_map(6)


@pytest.mark.parametrize("name", ["counts", "sources"])
def test_an_empty_table_or_a_missing_column_is_refused(name, counts, priced):
    plot, alt, table = {
        "counts": (plots.plot_counts, plots.alt_counts, counts),
        "sources": (plots.plot_sources, plots.alt_sources, priced),
    }[name]
    mine = plt.subplots()[1]
    assert plot(table, ax=mine) is mine
    for function in (plot, alt):
        with pytest.raises(TableError, match="nothing to draw"):
            function(table.iloc[:0])
        with pytest.raises(TableError, match="has no column"):
            function(table.iloc[:, :1])
    assert plt.get_fignums() == [mine.figure.number]


@pytest.mark.parametrize("name", ["00_counts", "00_sources", "00_map"])
def test_the_picture_looks_as_it_did(name, counts, priced, tmp_path):
    """Compare with tests/images; to renew one after looking at it, delete it and run this test twice."""
    draw = {
        "00_counts": lambda: plots.plot_counts(counts),
        "00_sources": lambda: plots.plot_sources(priced),
        "00_map": lambda: plots.lesson_map(1),
    }[name]
    drawn, kept = tmp_path / f"{name}.png", IMAGES / f"{name}.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        draw().figure.savefig(drawn, dpi=60, metadata={"Software": None})
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None
