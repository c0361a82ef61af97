"""The pictures of lesson 06 show their tables: points, intervals, curves, titles, words, and looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.testing.compare import compare_images

from casebook import plots
from casebook import qualification as qlf
from casebook.errors import TableError
from casebook.plots import style

IMAGES = Path(__file__).parent / "images"


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def rates() -> pd.DataFrame:
    labels = ["hot"] * 40 + ["warm"] * 60 + ["overdue"] * 50
    ordered = [1] * 9 + [0] * 31 + [1] * 15 + [0] * 45 + [0] * 50
    table = pd.DataFrame({"heat": labels, "ordered": ordered})
    return qlf.rates_by(table, "heat", "ordered", order=qlf.HEATS)


@pytest.fixture(scope="module")
def signs() -> pd.DataFrame:
    visitors = pd.DataFrame(
        {
            "bargain": [1] * 30 + [0] * 10 + [1] * 15 + [0] * 45,
            "notes": ([1] * 10 + [0] * 30) + ([1] * 16 + [0] * 44),
            "bought": [1] * 40 + [0] * 60,
        }
    )
    return qlf.signal_lr(visitors, ["bargain", "notes"], "bought")


@pytest.fixture(scope="module")
def curves() -> dict[str, pd.DataFrame]:
    """Forty prospects, ten orders; one order of calling knows more than the other."""
    table = pd.DataFrame({"ordered": [1, 0, 0, 0] * 10, "margin": np.arange(40.0)})
    scores = {"by score": table["ordered"] * 10 - np.arange(40) % 7, "oldest first": pd.Series(range(40))}
    return {
        name: qlf.call_curve(table, score.astype(float), "ordered", ["margin"])
        for name, score in scores.items()
    }


@pytest.fixture
def drawings(
    rates: pd.DataFrame, signs: pd.DataFrame, curves: dict[str, pd.DataFrame]
) -> dict[str, tuple[Callable[..., Axes], Callable[..., str], Any, dict[str, Any]]]:
    """Every picture with its words, its table and arguments."""
    return {
        "06_rates": (plots.plot_rates, plots.alt_rates, rates, {"what": "ordered later"}),
        "06_signals": (plots.plot_signals, plots.alt_signals, signs, {}),
        "06_calls": (plots.plot_calls, plots.alt_calls, curves, {"order": "by score", "share": 0.2}),
    }


NAMES = ["06_rates", "06_signals", "06_calls"]


def title(ax: Axes) -> str:
    return ax.get_title(loc="left").replace("\n", " ")


# Rates and signs ----------------------------------------------------------------------------------------


def test_the_points_are_the_rates_with_their_intervals_first_label_on_top(rates: pd.DataFrame) -> None:
    ax = plots.plot_rates(rates)
    points, _, (bars,) = ax.containers[0]
    np.testing.assert_allclose(points.get_xdata(), rates["rate"])
    ends = np.array([[low[0], high[0]] for low, high in bars.get_segments()])
    np.testing.assert_allclose(ends, rates[["low", "high"]], atol=1e-12)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["hot", "warm", "overdue"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first label stands on top
    assert [t.get_text() for t in ax.texts] == ["9 of 40", "15 of 60", "0 of 50"]


def test_the_dashed_line_is_the_rate_of_all(rates: pd.DataFrame) -> None:
    line = plots.plot_rates(rates).lines[-1]
    assert line.get_xdata()[0] == pytest.approx(24 / 150)
    assert "the share of all, 16%" in plots.alt_rates(rates)


def test_the_title_names_the_best_the_first_and_the_worst_once_each(rates: pd.DataFrame) -> None:
    said = title(plots.plot_rates(rates, what="ordered later"))
    assert said == "Ordered later: 25% of warm, 22% of hot, 0% of overdue"
    two = rates.iloc[[0, 2]].reset_index(drop=True)
    assert title(plots.plot_rates(two)) == "Ordered: 22% of hot, 0% of overdue"


def test_the_ratios_stand_on_a_ratio_scale_around_one(signs: pd.DataFrame) -> None:
    ax = plots.plot_signals(signs)
    assert ax.get_xscale() == "log"
    assert ax.get_xlim()[0] * ax.get_xlim()[1] == pytest.approx(1)
    np.testing.assert_allclose(ax.containers[0][0].get_xdata(), signs["lr"])
    assert ax.lines[-1].get_xdata()[0] == 1
    assert title(ax) == "1 of 2 signs speak for a purchase by more than chance"


def test_a_sign_without_a_finite_ratio_is_refused(signs: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="cannot be drawn: leave it out first"):
        plots.plot_signals(signs.assign(lr=[np.inf, 1.0]))
    assert not plt.get_fignums()


# Calls --------------------------------------------------------------------------------------------------


def test_each_curve_is_a_share_of_the_whole_and_the_chosen_one_is_bold(
    curves: dict[str, pd.DataFrame],
) -> None:
    ax = plots.plot_calls(curves, order="by score", share=0.2, value="margin", what="margin")
    drawn = {tuple(np.round(line.get_ydata(), 9)): line for line in ax.lines if len(line.get_xdata()) == 101}
    assert len(drawn) == 2
    widths = {}
    for name, curve in curves.items():
        line = drawn[tuple(np.round(curve["margin"] / curve["margin"].iloc[-1], 9))]
        widths[name] = line.get_linewidth()
    assert widths["by score"] > widths["oldest first"]


def test_the_mark_and_the_title_say_what_the_capacity_finds(curves: dict[str, pd.DataFrame]) -> None:
    ax = plots.plot_calls(curves, order="by score", share=0.2)
    found = curves["by score"]["found"][20] / 10
    assert found == 0.8
    assert title(ax) == "By score: the first 20% of calls find 80% of orders"
    assert ax.texts[0].get_text() == "80% of orders"
    assert "oldest first 20%" in plots.alt_calls(curves, order="by score", share=0.2)


def test_an_order_that_is_not_there_and_a_list_without_orders_are_refused(
    curves: dict[str, pd.DataFrame],
) -> None:
    with pytest.raises(TableError, match="no order 'by luck'; there are 'by score', 'oldest first'"):
        plots.plot_calls(curves, order="by luck")
    nothing = {"by score": curves["by score"].assign(found=0)}
    with pytest.raises(TableError, match="nothing to draw"):
        plots.alt_calls(nothing, order="by score")
    assert not plt.get_fignums()


def test_the_label_stays_inside_at_any_capacity(curves: dict[str, pd.DataFrame]) -> None:
    for share in (0.01, 0.3, 0.6, 0.61, 1.0):
        ax = plots.plot_calls(curves, order="by score", share=share)
        ax.figure.canvas.draw()
        box, frame = ax.texts[0].get_window_extent(), ax.figure.bbox
        assert frame.x0 <= box.x0
        assert box.x1 <= frame.x1
        plt.close(ax.figure)


# What holds for every picture ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_it_draws_where_it_is_told_and_opens_nothing(name: str, drawings: dict[str, Any]) -> None:
    plot, _, table, how = drawings[name]
    _, (mine, other) = plt.subplots(1, 2)
    before = plt.get_fignums()
    assert plot(table, ax=mine, **how) is mine
    assert plt.get_fignums() == before
    assert not other.has_data()


@pytest.mark.parametrize("name", NAMES)
def test_without_axes_it_makes_one_figure_and_spares_the_current_one(
    name: str, drawings: dict[str, Any]
) -> None:
    plot, _, table, how = drawings[name]
    older = plt.figure()
    assert plot(table, **how).figure is not older
    assert not older.axes
    assert len(plt.get_fignums()) == 2


@pytest.mark.parametrize("name", NAMES)
def test_the_words_are_whole_and_hold_numbers(name: str, drawings: dict[str, Any]) -> None:
    plot, alt, table, how = drawings[name]
    words = alt(table, **how)
    assert len(words) > 100
    assert words.endswith(".")
    number = next(part for part in title(plot(table, **how)).split() if part[0].isdigit())
    assert number in words or name == "06_signals"  # its title counts what the words list one by one


@pytest.mark.parametrize("name", ["06_rates", "06_signals"])
def test_the_table_is_left_as_it_was_and_a_missing_column_is_named(
    name: str, drawings: dict[str, Any]
) -> None:
    plot, alt, table, how = drawings[name]
    before = table.copy(deep=True)
    plot(table, **how)
    alt(table, **how)
    pd.testing.assert_frame_equal(table, before)
    for function in (plot, alt):
        with pytest.raises(TableError, match=r"has no column 'low'.*Give the table that"):
            function(table.drop(columns="low"), **how)
        with pytest.raises(TableError, match=r"nothing to draw|cannot be drawn"):
            function(table.iloc[:0], **how)


def test_labels_from_data_are_text_and_never_formulas(rates: pd.DataFrame) -> None:
    ax = plots.plot_rates(rates.assign(label=["$a$", "<b>", "c"]))
    ax.figure.canvas.draw()
    assert ax.get_yticklabels()[0].get_text() == "$a$"
    assert not ax.get_yticklabels()[0].get_parse_math()


def test_the_bold_curve_differs_from_the_others_in_lightness() -> None:
    from casebook.plots.qualification import _OTHER

    dark, light = (
        float(np.dot(to_rgb(c), [0.2126, 0.7152, 0.0722])) for c in (style.CLASS_COLORS["A"], _OTHER)
    )
    assert light - dark > 0.4


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_looks_as_it_did(name: str, drawings: dict[str, Any], tmp_path: Path) -> None:
    """Compare with tests/images; to renew one after looking at it, delete it and run this test twice."""
    plot, _, table, how = drawings[name]
    drawn, kept = tmp_path / f"{name}.png", IMAGES / f"{name}.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        plot(table, **how).figure.savefig(drawn, dpi=60, metadata={"Software": None})
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None
