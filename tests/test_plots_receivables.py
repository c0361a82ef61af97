"""Pictures of lesson 12: what they show is what their tables say, and they look as they did."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.testing.compare import compare_images

from casebook import plots
from casebook.errors import TableError
from casebook.plots.discounts import AREA, TakeUpPicture
from casebook.terms import discount_cost

IMAGES = Path(__file__).parent / "images"

BANDS = pd.DataFrame(
    {
        "band": ["to 25", "25 to 40", "over 90"],
        "usual_days": [23.0, 32.0, 98.0],
        "share": [0.7, 0.3, 0.0],
        "offers": [416, 532, 142],
    }
)
EARLIER = pd.DataFrame(
    {
        "comparison": ["those who let it go", "the due day", "the takers' other invoices"],
        "days": [39.0, 21.0, 19.0],
        "low": [35.0, np.nan, 18.0],
        "high": [44.0, np.nan, 20.0],
        "price": [0.191, 0.355, 0.392],
    }
)
AGED = pd.DataFrame(
    {
        "bucket": ["current", "1-30", "31-60", "61-90", ">90"],
        "invoices": [276, 69, 32, 0, 169],
        "open": [13e6, 2.4e6, 1.3e6, 0.0, 5.7e6],
        "share": [0.58, 0.107, 0.058, 0.0, 0.254],
    }
)
ROLLS = pd.DataFrame(
    {
        "bucket": ["current", "1-30", "31-60"],
        "current": [0.10, 0.0, 0.0],
        "1-30": [0.30, 0.02, 0.0],
        "31-60": [0.0, 0.38, 0.80],
        "paid": [0.60, 0.60, 0.10],
        "lost": [0.0, 0.0, 0.10],
    }
)
DRAWINGS: dict[str, tuple[Any, Any, pd.DataFrame, dict[str, Any]]] = {
    "12_take_up": (plots.plot_take_up, plots.alt_take_up, BANDS, {"cost_of_money": 0.06}),
    "12_days_earlier": (plots.plot_days_earlier, plots.alt_days_earlier, EARLIER, {"truth": 19.0}),
    "12_aging": (plots.plot_aging, plots.alt_aging, AGED, {}),
    "12_roll_rates": (plots.plot_roll_rates, plots.alt_roll_rates, ROLLS, {}),
}


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


def title(ax: Any) -> str:
    return ax.get_title(loc="left").replace("\n", " ")


def test_the_circles_stand_on_the_curve_and_their_areas_are_the_shares():
    ax = plots.plot_take_up(BANDS, cost_of_money=0.06)
    circles = ax.collections[0]
    np.testing.assert_allclose(
        circles.get_offsets(), [[23, discount_cost(0.02, 10, 23)], [32, discount_cost(0.02, 10, 32)]]
    )
    np.testing.assert_allclose(circles.get_sizes(), [0.7 * AREA, 0.3 * AREA])
    crosses = next(line for line in ax.lines if line.get_marker() == "x")
    np.testing.assert_allclose(crosses.get_xydata(), [[98, discount_cost(0.02, 10, 98)]])
    assert {"70% take it", "30%", "0%", "a loan costs us 6%"} <= {t.get_text() for t in ax.texts}
    assert title(ax) == "70% of the fastest payers take it, at 57% a year; 0% of the slowest, at 8%"


def test_other_terms_move_the_same_artists_and_hide_what_has_no_price():
    picture = TakeUpPicture(plt.subplots()[1])
    picture.update(BANDS)
    curve = picture.curve
    picture.update(BANDS, discount=0.01, day=25, cost_of_money=0.9, mark=(40.0, "our takers"))
    assert picture.curve is curve
    assert len(picture.circles.get_offsets()) == 1  # day 23 is before the last day of the discount
    np.testing.assert_allclose(picture.mark.get_xydata(), [[40, discount_cost(0.01, 25, 40)]])
    assert picture.loan_label.get_text() == ""  # far above the picture
    picture.update(BANDS.iloc[1:], mark=None)
    assert len(picture.mark.get_xydata()) == 0
    assert [label.get_visible() for label in picture.labels] == [True, True, False]


def test_the_answers_are_drawn_with_their_intervals_prices_and_the_truth():
    ax = plots.plot_days_earlier(EARLIER, truth=19.0)
    points = [line for line in ax.lines if line.get_marker() == "o"]
    assert [float(p.get_xdata()[0]) for p in points] == [39, 21, 19]
    spans = [tuple(line.get_xdata()) for line in ax.lines if line.get_linewidth() == 3]
    assert spans == [(35, 44), (18, 20)]
    assert {"19%", "36%", "39%"} <= {t.get_text() for t in ax.texts} | {"36%"}
    names = [t.get_text() for t in ax.get_yticklabels()]
    assert names == EARLIER["comparison"].tolist()
    rows = [float(p.get_ydata()[0]) for p in points]
    assert rows == sorted(rows, reverse=True)  # the first answer on top


def test_the_ageing_bars_are_the_open_money():
    ax = plots.plot_aging(AGED)
    assert [bar.get_height() for bar in ax.patches] == AGED["open"].tolist()
    assert title(ax) == "42% of what is owed is overdue, and 25% is more than 90 days late"
    assert "58%\n276 inv." in {t.get_text() for t in ax.texts}
    young = AGED.assign(open=[1.0, 0, 0, 0, 0], share=[1.0, 0, 0, 0, 0])
    assert title(plots.plot_aging(young)) == "0% of what is owed is overdue"


def test_the_parts_of_each_bucket_add_up_to_one():
    ax = plots.plot_roll_rates(ROLLS)
    heights = np.array([bar.get_height() for bar in ax.patches]).reshape(4, 3)
    np.testing.assert_allclose(heights.sum(axis=0), 1)
    np.testing.assert_allclose(heights[:, 0], [0.60, 0.10, 0.30, 0.0])  # paid, stays, older, lost
    np.testing.assert_allclose(heights[:, 2], [0.10, 0.80, 0.0, 0.10])
    assert title(ax) == "Within a month 60% of what is current is paid, of what is oldest 10%"


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_picture_draws_where_it_is_told_leaves_the_table_alone_and_has_words(name):
    plot, alt, table, how = DRAWINGS[name]
    before = table.copy()
    mine = plt.subplots()[1]
    assert plot(table, ax=mine, **how) is mine
    assert title(mine)
    pd.testing.assert_frame_equal(table, before)
    words = {k: v for k, v in how.items() if k in ("cost_of_money", "truth")}
    said = alt(table, **words)
    assert said.endswith(".")
    assert len(said.split()) > 15


def test_the_words_hold_the_numbers_of_the_picture():
    assert "usual day 98: costs 8%, 0% of 142 taken" in plots.alt_take_up(BANDS)
    assert "the cost of a loan, 6%" in plots.alt_take_up(BANDS, cost_of_money=0.06)
    assert "the due day: 21.0 days, which is" in plots.alt_days_earlier(EARLIER)
    assert "those who let it go: 39.0 days (35.0 to 44.0)" in plots.alt_days_earlier(EARLIER)
    assert ">90: 5,700,000 in 169 invoices, 25%" in plots.alt_aging(AGED)
    assert "31-60: paid 10%, stays 80%, lost 10%" in plots.alt_roll_rates(ROLLS)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_table_without_its_columns_or_rows_is_refused_before_a_figure_is_made(name):
    plot, alt, table, _ = DRAWINGS[name]
    for function in (plot, alt):
        with pytest.raises(TableError, match="The table has no column"):
            function(table.drop(columns=table.columns[1]).iloc[:, :1])
        with pytest.raises(TableError, match="nothing to draw"):
            function(table.iloc[:0])
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_picture_looks_as_it_did(name: str, tmp_path: Path) -> None:
    """Compare with tests/images; to renew one after looking at it, delete it and run this test twice."""
    plot, _, table, how = DRAWINGS[name]
    drawn, kept = tmp_path / f"{name}.png", IMAGES / f"{name}.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        plot(table, **how).figure.savefig(drawn, dpi=60, metadata={"Software": None})
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None
