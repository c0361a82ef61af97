"""What a picture shows is what its table says: data, titles, units, colours, words, and its looks."""

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
from matplotlib.patches import Rectangle
from matplotlib.testing.compare import compare_images

from casebook import classification as cls
from casebook import plots
from casebook.errors import TableError
from casebook.plots import style

IMAGES = Path(__file__).parent / "images"
SIX = [500.0, 250.0, 120.0, 70.0, 40.0, 20.0]  # running share .50 .75 .87 .94 .98 1


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


def customers(values: list[float] | np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": [f"C{i:04d}" for i in range(len(values))], "value": values})


def classified(values: list[float] | np.ndarray, **how: Any) -> pd.DataFrame:
    return cls.abc(customers(values), "value", "customer_id", **how)


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    """400 customers whose values fall off as in a real list, without any randomness."""
    return classified(np.round(90_000 / np.arange(1, 401) ** 1.1, 2))


@pytest.fixture(scope="module")
def stability() -> pd.DataFrame:
    rank = np.arange(60)
    distance = np.minimum(abs(rank - 15.5), abs(rank - 39.5))
    return pd.DataFrame(
        {
            "customer_id": [f"C{i:02d}" for i in rank],
            "abc_value": ["A"] * 16 + ["B"] * 24 + ["C"] * 20,
            "stable": np.minimum(1.0, 0.5 + 0.08 * distance),
        }
    )


@pytest.fixture(scope="module")
def potential() -> pd.DataFrame:
    table = classified(np.round(9_000 / np.arange(1, 91) ** 1.1, 2))
    return cls.abc_potential(table.assign(potential=["low", "medium", "high", "medium", "low"] * 18))


@pytest.fixture(scope="module")
def tiered(many: pd.DataFrame) -> pd.DataFrame:
    return cls.tiers(many[["customer_id", "value"]], "value", "customer_id")


@pytest.fixture
def drawings(
    many: pd.DataFrame, stability: pd.DataFrame, potential: pd.DataFrame, tiered: pd.DataFrame
) -> dict[str, tuple[Callable[..., Axes], Callable[..., str], pd.DataFrame, dict[str, Any]]]:
    """Every picture with its words, a table and arguments."""
    curve = cls.lorenz(many["value"])
    return {
        "pareto": (plots.plot_pareto, plots.alt_pareto, many, {}),
        "pareto_six": (plots.plot_pareto, plots.alt_pareto, classified(SIX), {"unit": "$"}),
        "lorenz": (plots.plot_lorenz, plots.alt_lorenz, curve, {}),
        "potential": (plots.plot_abc_potential, plots.alt_abc_potential, potential, {"value": "value"}),
        "stability": (plots.plot_class_stability, plots.alt_class_stability, stability, {}),
        "tiers": (plots.plot_tiers, plots.alt_tiers, tiered, {}),
    }


NAMES = ["pareto", "pareto_six", "lorenz", "potential", "stability", "tiers"]


def title(ax: Axes) -> str:
    return ax.get_title(loc="left").replace("\n", " ")


def twin(ax: Axes) -> Axes:
    return next(other for other in ax.figure.axes if other.get_label() == "cum_share")


def bars(ax: Axes) -> list[np.ndarray]:
    """The heights of the visible classes, best first, without the gaps between bars."""
    steps = [patch for patch in ax.patches if hasattr(patch, "get_data") and patch.get_visible()]
    return [values[values > 0] for values in (np.asarray(step.get_data().values) for step in steps)]


# Pareto ----------------------------------------------------------------------------------------------


def test_the_pareto_bars_are_the_values_by_class(many: pd.DataFrame) -> None:
    drawn = bars(plots.plot_pareto(many))
    for heights, name in zip(drawn, "ABC", strict=True):
        np.testing.assert_array_equal(heights, many.loc[many["abc_value"] == name, "value"])


def test_the_pareto_line_is_the_running_share_from_zero(many: pd.DataFrame) -> None:
    line = twin(plots.plot_pareto(many)).lines[0]
    np.testing.assert_array_equal(line.get_xdata(), np.arange(401))
    np.testing.assert_array_equal(line.get_ydata(), [0, *many["cum_share"]])


def test_six_customers_get_one_bar_each_in_the_colour_of_their_class() -> None:
    ax = plots.plot_pareto(classified(SIX))
    assert [list(heights) for heights in bars(ax)] == [[500, 250, 120], [70, 40], [20]]
    colours = [p.get_facecolor()[:3] for p in ax.patches if hasattr(p, "get_data")]
    assert colours == [to_rgb(style.CLASS_COLORS[name]) for name in "ABC"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["1", "2", "3", "4", "5", "6"]


def test_the_pareto_title_counts_the_best_and_what_they_bring() -> None:
    assert title(plots.plot_pareto(classified(SIX))) == "3 of 6 customers (50%) bring 87% of revenue"
    inclusive = classified(SIX, boundary="inclusive")
    said = title(plots.plot_pareto(inclusive, boundary="inclusive", measure="gross margin"))
    assert said == "2 of 6 customers (33%) bring 75% of gross margin"


def test_the_cuts_are_drawn_where_the_classes_end_and_labelled_with_their_customers() -> None:
    ax = plots.plot_pareto(classified(SIX))
    share = twin(ax)
    ends = {tuple(line.get_xdata()[:2]): line.get_ydata()[1] for line in share.lines[1:3]}
    assert ends == {(3, 3): 0.80, (5, 5): 0.95}
    words = [text.get_text() for text in share.texts]
    assert words == ["A: 3 customers, 87%", "B: next 2, 11%", "C: other 1, 2%"]


def test_labels_stay_inside_the_picture_wherever_the_cuts_lie() -> None:
    shapes = {"steep": 1 / np.arange(1, 301) ** 1.6, "flat": np.linspace(2, 1, 300), "equal": np.ones(300)}
    for values in shapes.values():
        for cuts in [(0.05, 0.06), (0.2, 0.5), (0.5, 0.53), (0.8, 0.83), (0.8, 0.95), (0.98, 0.99)]:
            ax = plots.plot_pareto(classified(np.round(values * 1e5), cuts=cuts), cuts=cuts)
            ax.figure.canvas.draw()
            frame = ax.figure.bbox
            seen = [t.get_window_extent() for t in twin(ax).texts if t.get_visible()]
            assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 and box.y1 <= frame.y1 for box in seen)
            assert not any(a.overlaps(b) for i, a in enumerate(seen) for b in seen[:i]), cuts
            plt.close(ax.figure)


def test_customers_set_apart_are_counted_and_not_drawn() -> None:
    table = classified([*SIX, 0.0, -5.0], on_nonpositive="apart")
    ax = plots.plot_pareto(table)
    assert sum(len(heights) for heights in bars(ax)) == 6
    assert ax.get_xlabel() == "Customers, best first; 2 without a positive value not drawn"
    assert "2 customers without a positive value not drawn" in plots.alt_pareto(table)


def test_other_cuts_than_those_of_the_table_are_refused() -> None:
    with pytest.raises(TableError, match=r"not made with cuts=\(0.7, 0.9\).*class A ends at 87"):
        plots.plot_pareto(classified(SIX), cuts=(0.7, 0.9))
    with pytest.raises(TableError, match="boundary='inclusive'"):
        plots.plot_pareto(classified(SIX), boundary="inclusive")


@pytest.mark.parametrize("boundary", ["crossing", "inclusive"])
@pytest.mark.parametrize("values", [[5.0], [1.0, 1.0], [99.0, 1.0], [1.0] * 20, [0.1] * 10, SIX])
def test_the_cuts_of_the_table_are_never_refused(values: list[float], boundary: str) -> None:
    for cuts in [(0.8, 0.95), (0.5, 0.75), (0.1, 0.2), (0.98, 0.99)]:
        plots.plot_pareto(classified(values, cuts=cuts, boundary=boundary), cuts=cuts, boundary=boundary)
        plt.close("all")


def test_a_giant_may_leave_class_a_empty_and_the_title_says_so() -> None:
    table = classified([99.0, 1.0], boundary="inclusive")
    ax = plots.plot_pareto(table, boundary="inclusive")
    assert title(ax) == "No customer is in class A: the first alone brings 99% of revenue"


def test_one_customer_can_be_drawn() -> None:
    ax = plots.plot_pareto(classified([5.0]))
    assert title(ax) == "1 of 1 customer (100%) brings 100% of revenue"


def test_large_values_are_scaled_and_the_axis_names_the_scale() -> None:
    ax = plots.plot_pareto(classified([2_500_000.0, 400_000.0]))
    assert ax.get_ylabel() == "Revenue per customer (million RMB)"
    assert "2.5" in [t.get_text() for t in ax.get_yticklabels()]
    assert ax.get_ylim()[1] > 2_500_000  # the data stay in RMB


def test_the_style_of_the_line_can_be_chosen(many: pd.DataFrame) -> None:
    line = twin(plots.plot_pareto(many, color="red", linewidth=5)).lines[0]
    assert (line.get_color(), line.get_linewidth()) == ("red", 5)


# Lorenz, potential, stability, tiers ------------------------------------------------------------------


def test_the_lorenz_line_is_the_curve_and_the_gini_is_the_librarys(many: pd.DataFrame) -> None:
    curve = cls.lorenz(many["value"])
    ax = plots.plot_lorenz(curve)
    np.testing.assert_array_equal(ax.lines[1].get_xdata(), curve["customer_share"])
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), curve["value_share"])
    gini = f"Gini {cls.gini(many['value']):.2f}"
    assert gini in title(ax)
    assert gini in title(plots.plot_lorenz(curve, cls.gini(many["value"])))
    assert f"coefficient {cls.gini(many['value']):.2f}" in plots.alt_lorenz(curve)


def test_the_lorenz_title_says_what_the_best_fifth_brings() -> None:
    ax = plots.plot_lorenz(cls.lorenz([1, 1, 1, 1, 6]))
    assert title(ax) == "The best fifth of customers brings 60% of revenue (Gini 0.40)"


def test_the_grid_counts_every_customer_once_and_marks_who_moves(potential: pd.DataFrame) -> None:
    ax = plots.plot_abc_potential(potential)
    words = [text.get_text() for text in ax.texts]
    assert sum(int(count) for count in words[0::2]) == len(potential)
    lifted = ((potential["abc_value"] != "A") & (potential["potential"] == "high")).sum()
    lowered = ((potential["abc_value"] == "A") & (potential["potential"] == "low")).sum()
    assert title(ax).endswith(f": {lifted} up, {lowered} down")
    assert min(lifted, lowered) > 0
    assert [w for w in words[1::2] if "↑" in w] == ["priority A ↑", "priority B ↑"]
    assert [w for w in words[1::2] if "↓" in w] == ["priority B ↓"]


def test_the_grid_is_coloured_by_the_priority_in_the_table() -> None:
    table = pd.DataFrame({"abc_value": ["C"], "potential": ["low"], "priority": ["A"]})  # another rule
    ax = plots.plot_abc_potential(table)
    filled = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_facecolor()[:3] != (1, 1, 1)]
    assert [p.get_facecolor()[:3] for p in filled] == [to_rgb(style.CLASS_COLORS["A"])]


def test_the_points_of_stability_are_the_table(stability: pd.DataFrame) -> None:
    ax = plots.plot_class_stability(stability)
    points = {line.get_label(): line for line in ax.lines if line.get_label() in "ABC"}
    for name, line in points.items():
        mine = stability[stability["abc_value"] == name]
        np.testing.assert_array_equal(line.get_ydata(), mine["stable"])
        np.testing.assert_array_equal(line.get_xdata(), mine.index + 1)
    assert len({line.get_marker() for line in points.values()}) == 3
    low = int((stability["stable"] < 0.9).sum())
    assert title(ax) == f"{low} of 60 customers keep their class in fewer than 90% of the draws"


def test_the_share_that_counts_as_sure_can_be_chosen(stability: pd.DataFrame) -> None:
    ax = plots.plot_class_stability(stability, sure=0.4)
    assert title(ax) == "Every customer keeps its class in at least 40% of the draws"


def test_the_tiers_show_customers_to_the_left_and_value_to_the_right(tiered: pd.DataFrame) -> None:
    ax = plots.plot_tiers(tiered)
    widths = np.array([p.get_width() for p in ax.patches])
    np.testing.assert_allclose(-widths[0::2], [0.01, 0.04, 0.15, 0.80])
    share = tiered.groupby("tier", sort=False)["value"].sum() / tiered["value"].sum()
    np.testing.assert_allclose(widths[1::2], share)
    assert title(ax) == f"The top tier, 4 of 400 customers (1%), brings {share['top']:.0%} of revenue"


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
def test_without_axes_it_makes_one_figure_and_spares_the_current_one(
    name: str, drawings: dict[str, Any]
) -> None:
    plot, _, table, how = drawings[name]
    older = plt.figure()
    ax = plot(table, **how)
    assert ax.figure is not older
    assert not older.axes
    assert len(plt.get_fignums()) == 2


@pytest.mark.parametrize("name", NAMES)
def test_the_table_is_left_as_it_was(name: str, drawings: dict[str, Any]) -> None:
    plot, alt, table, how = drawings[name]
    before = table.copy(deep=True)
    plot(table, **how)
    alt(table, **how)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", NAMES)
def test_title_and_words_hold_the_same_numbers(name: str, drawings: dict[str, Any]) -> None:
    plot, alt, table, how = drawings[name]
    said, words = title(plot(table, **how)), alt(table, **how)
    assert any(digit in said for digit in "0123456789")
    assert len(words) > 100
    assert words.endswith(".")
    if name != "potential":  # its title counts moves, which the words list cell by cell
        number = said.split(" of ")[0].split()[-1] if name != "lorenz" else said.split("Gini ")[1][:4]
        assert number in words


@pytest.mark.parametrize("name", NAMES)
def test_a_table_without_customers_is_refused_in_a_sentence(name: str, drawings: dict[str, Any]) -> None:
    plot, alt, table, how = drawings[name]
    for function in (plot, alt):
        with pytest.raises(TableError, match=r"nothing to draw|has none"):
            function(table.iloc[:0], **how)
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_column_is_named_with_the_function_that_makes_it(
    name: str, drawings: dict[str, Any]
) -> None:
    plot, _, table, how = drawings[name]
    with pytest.raises(TableError, match=r"has no column .*classification\."):
        plot(table[["customer_share" if name == "lorenz" else "customer_id"]], **how)


def test_names_and_units_are_text_and_never_formulas() -> None:
    tiered = pd.DataFrame({"value": [3.0, 1.0], "tier": ["$a$", "$b$"]})
    pareto = plots.plot_pareto(classified(SIX), unit="$", measure="$x$")
    for ax in (pareto, plots.plot_tiers(tiered, measure="$x$")):
        ax.figure.canvas.draw()
        texts = [t for t in ax.figure.findobj(plt.Text) if "$" in t.get_text()]
        assert texts
        assert not any(t.get_parse_math() for t in texts)


# Seen without colour, with other eyes, and as before --------------------------------------------------


def lightness(rgb: np.ndarray) -> float:
    """CIE lightness (0-100) of linear RGB: equal steps look equal."""
    luminance = float(rgb @ [0.2126, 0.7152, 0.0722])
    return 903.3 * luminance if luminance <= 0.008856 else 116 * luminance ** (1 / 3) - 16


def linear(colour: str) -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


#: Viénot, Brettel, Mollon (1999): linear RGB as red-blind and green-blind people see it.
SEEN_BY = {
    "protan": np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]),
    "deutan": np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]),
    "everyone": np.eye(3),
}


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_classes_differ_in_lightness_for_every_pair_of_eyes(eyes: str) -> None:
    levels = [lightness(SEEN_BY[eyes] @ linear(colour)) for colour in style.CLASS_COLORS.values()]
    assert levels[0] < levels[1] < levels[2] < 85  # and the lightest still stands out from white paper
    assert min(np.diff(levels)) > 20


def test_tiers_differ_in_lightness_and_text_on_every_fill_can_be_read() -> None:
    fills = style.tier_colors(4)
    levels = [lightness(linear(colour)) for colour in fills]
    assert min(np.diff(levels)) > 12
    for fill in [*fills, *style.CLASS_COLORS.values()]:
        a, b = (float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (fill, style.on(fill)))
        assert (max(a, b) + 0.05) / (min(a, b) + 0.05) > 4.5, fill


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
