"""Pictures of finding prospects: the drawn data are the table's, title and words say the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.testing.compare import compare_images

from casebook import plots
from casebook import prospecting as pro
from casebook.errors import TableError
from casebook.evaluation import wilson_interval
from casebook.plots.budget import BudgetPicture

IMAGES = Path(__file__).parent / "images"


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def methods() -> pd.DataFrame:
    runs = pd.DataFrame(
        {"method": ["own_records", "referral", "fairs", "events"], "cost": [7000, 9000, 170_000, 45_000],
         "customers": [18, 21, 19, 28]}
    )  # fmt: skip
    return pro.method_economics(runs)


@pytest.fixture(scope="module")
def rates() -> pd.DataFrame:
    gone, n = np.array([12, 22, 5]), np.array([52, 49, 22])
    table = pd.DataFrame({"method": ["referral", "own_records", "events"], "n": n, "rate": gone / n})
    table["low"], table["high"] = wilson_interval(gone, n)
    return table


@pytest.fixture(scope="module")
def fairs() -> pd.DataFrame:
    return pd.DataFrame(
        {"fair_id": ["F1", "F2", "F3"], "won": [6, 3, 4], "roi": [-0.4, 0.6, -0.004],
         "roi_without_best": [-0.64, -0.43, -0.56]}
    )  # fmt: skip


@pytest.fixture
def drawings(methods, rates, fairs) -> dict[str, tuple[Any, Any, pd.DataFrame, dict[str, Any]]]:
    split = pro.budget_split(methods, 90_000, years=2, least=2000)
    said = {"overall": 0.35, "word": "went silent"}
    return {
        "cac": (plots.plot_cac, plots.alt_cac, methods, {}),
        "rates": (plots.plot_method_rates, plots.alt_method_rates, rates, said),
        "fairs": (plots.plot_fairs, plots.alt_fairs, fairs, {}),
        "budget": (plots.plot_budget, plots.alt_budget, split, {}),
    }


NAMES = ["cac", "rates", "fairs", "budget"]


def title(ax: Axes) -> str:
    return ax.get_title(loc="left").replace("\n", " ")


def rows(ax: Axes) -> list[str]:
    """What stands beside the axis, from the top down."""
    return [label.get_text() for label in ax.get_yticklabels()]


def segments(ax: Axes) -> np.ndarray:
    """The ends of the horizontal lines."""
    return np.array([segment[:, 0] for segment in ax.collections[0].get_segments()])


# Each picture -----------------------------------------------------------------------------------------


def test_the_points_and_lines_of_the_costs_are_the_table_cheapest_on_top(methods) -> None:
    ax = plots.plot_cac(methods.iloc[::-1])
    np.testing.assert_allclose(ax.lines[0].get_xdata(), methods["cac"])
    np.testing.assert_allclose(segments(ax), methods[["low", "high"]])
    assert rows(ax) == ["own records", "referral", "events", "fairs"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first row is on top
    assert ax.get_xscale() == "log"
    low, high = ax.get_xlim()
    assert low < methods["low"].min()
    assert high > methods["high"].max()


def test_the_title_of_the_costs_counts_the_intervals_that_reach_into_the_next(methods) -> None:
    said = title(plots.plot_cac(methods))
    assert said.startswith("A customer costs 389 RMB by own records and 8,947 by fairs")
    overlap = sum(methods["low"][i + 1] <= methods["high"][i] for i in range(3))
    assert 0 < overlap < 3
    assert f"{overlap} of 3 intervals reach into the next" in said
    assert "next" not in title(plots.plot_cac(methods.head(1)))


def test_a_method_without_customers_is_not_drawn_and_one_without_end_is(methods) -> None:
    none = pro.method_economics(pd.DataFrame({"method": ["a", "b"], "cost": [100, 300], "customers": [0, 3]}))
    ax = plots.plot_cac(none)
    assert rows(ax) == ["b"]
    with pytest.raises(TableError, match="No method has a customer and a cost"):
        plots.plot_cac(none.tail(1))
    endless = plots.alt_cac(methods.assign(high=np.inf))
    assert endless.count("to without end") == len(methods)
    assert np.isfinite(plots.plot_cac(methods.assign(high=np.inf)).get_xlim()).all()


def test_the_shares_stand_with_the_lowest_on_top_and_against_the_overall_share(rates) -> None:
    ax = plots.plot_method_rates(rates, 0.35, word="went silent")
    ordered = rates.sort_values("rate")
    assert rows(ax) == ["events (22)", "referral (52)", "own records (49)"]
    overall, points = ax.lines[0], ax.lines[1]
    assert list(overall.get_xdata()) == [0.35, 0.35]
    np.testing.assert_allclose(points.get_xdata(), ordered["rate"])
    np.testing.assert_allclose(segments(ax), ordered[["low", "high"]])


@pytest.mark.parametrize(("overall", "inside"), [(0.35, 3), (0.60, 0), (0.20, 2)])
def test_the_title_of_the_shares_counts_the_intervals_that_hold_the_overall_one(
    rates, overall, inside
) -> None:
    held = ((rates["low"] <= overall) & (overall <= rates["high"])).sum()
    assert held == inside
    said = title(plots.plot_method_rates(rates, overall, word="went silent"))
    assert said.startswith("Went silent: from 23% (events) to 45% (own records)")
    assert f"{inside} of 3 intervals hold {overall:.0%}" in said


def test_the_fairs_have_a_point_with_and_one_without_their_best_customer(fairs) -> None:
    ax = plots.plot_fairs(fairs)
    ordered = fairs.sort_values("roi", ascending=False)
    zero, full, bare = ax.lines
    assert list(zero.get_xdata()) == [0, 0]
    np.testing.assert_allclose(full.get_xdata(), ordered["roi"])
    np.testing.assert_allclose(bare.get_xdata(), ordered["roi_without_best"])
    assert full.get_marker() != bare.get_marker()
    assert rows(ax) == ["F2 (3 won)", "F3 (4 won)", "F1 (6 won)"]
    assert title(ax) == "1 of 3 fairs earned back the cost; without its best customer, none would have"
    assert "2 would have" in title(plots.plot_fairs(fairs.assign(roi_without_best=[0.1, 0.2, 0.0])))


def test_a_return_of_nearly_nothing_has_no_minus_in_words(fairs) -> None:
    assert "F3: +0%, without the best of 4 -56%" in plots.alt_fairs(fairs)


def test_the_bars_are_the_budget_and_the_marks_the_years_so_far(drawings) -> None:
    plot, alt, split, _ = drawings["budget"]
    ax = plot(split)
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], split["budget"])
    np.testing.assert_allclose(ax.lines[0].get_xdata(), split["before"])
    assert len(ax.texts) == len(split)
    for text, customers, cost in zip(ax.texts, split["customers"], split["next_cost"], strict=True):
        assert text.get_text().startswith(f"≈ {customers:.0f} customer")
        assert text.get_text().endswith(f"{cost:,.0f}")
    assert title(ax).startswith("90,000 RMB: about")
    assert "In all 90,000" in alt(split)


def test_labels_of_the_budget_stay_inside_the_picture(drawings) -> None:
    split = drawings["budget"][2]
    for table in (
        split,
        split.assign(before=split["before"] * 10),
        split.assign(budget=split["budget"] * 30),
    ):
        ax = plots.plot_budget(table)
        ax.figure.canvas.draw()
        frame = ax.figure.bbox
        boxes = [text.get_window_extent() for text in ax.texts]
        assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 for box in boxes)
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_a_budget_picture_shows_the_last_split_whatever_came_before(drawings) -> None:
    split = drawings["budget"][2]
    ax = plt.subplots()[1]
    picture = BudgetPicture(ax, split["method"].tolist())
    picture.update(split.assign(budget=1.0, customers=0.0))
    picture.update(split)
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], split["budget"])
    assert title(ax) == title(plots.plot_budget(split))


# What holds for every picture -------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_it_draws_where_it_is_told_and_opens_nothing(name: str, drawings: dict[str, Any]) -> None:
    plot, _, table, how = drawings[name]
    _, (mine, other) = plt.subplots(1, 2)
    before = plt.get_fignums()
    assert plot(table, ax=mine, **how) is mine
    assert plt.get_fignums() == before
    assert not other.has_data()


@pytest.mark.parametrize("name", NAMES)
def test_without_axes_it_makes_one_figure_and_leaves_the_table(name: str, drawings: dict[str, Any]) -> None:
    plot, alt, table, how = drawings[name]
    older, before = plt.figure(), table.copy(deep=True)
    assert plot(table, **how).figure is not older
    assert not older.axes
    alt(table, **how)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(name: str, drawings: dict[str, Any]) -> None:
    plot, alt, table, how = drawings[name]
    for function in (plot, alt):
        with pytest.raises(TableError, match="nothing to draw"):
            function(table.iloc[:0], **how)
        with pytest.raises(TableError, match="The table has no column"):
            function(table.drop(columns=table.columns[-1 if name != "budget" else 0]), **how)
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", NAMES)
def test_the_words_name_every_row_with_its_number(name: str, drawings: dict[str, Any]) -> None:
    _, alt, table, how = drawings[name]
    words = alt(table, **how).lower()
    column = "fair_id" if name == "fairs" else "method"
    assert all(str(row).replace("_", " ").lower() in words for row in table[column])
    assert words.startswith(f"{len(table)} ")
    assert words.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_names_are_text_and_never_formulas(name: str, drawings: dict[str, Any]) -> None:
    plot, _, table, how = drawings[name]
    column = "fair_id" if name == "fairs" else "method"
    ax = plot(table.assign(**{column: [f"$x_{i}$" for i in range(len(table))]}), **how)
    ax.figure.canvas.draw()
    texts = [t for t in ax.figure.findobj(plt.Text) if "$" in t.get_text()]
    assert texts
    assert not any(t.get_parse_math() for t in texts)


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_looks_as_it_did(name: str, drawings: dict[str, Any], tmp_path: Path) -> None:
    """Compare with tests/images; to renew one after looking at it, delete it and run this test twice."""
    plot, _, table, how = drawings[name]
    drawn, kept = tmp_path / f"{name}.png", IMAGES / f"05_{name}.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        plot(table, **how).figure.savefig(drawn, dpi=60, metadata={"Software": None})
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None
