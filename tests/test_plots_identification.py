"""The pictures of identification: what is drawn is the table, and title, words and drawing agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.testing.compare import compare_images

import casebook
from casebook import identification as idn
from casebook import plots
from casebook.errors import TableError
from casebook.plots.identification import BAND_LOOKS
from casebook.plots.words_identification import BAND_WORDS

IMAGES = Path(__file__).resolve().parent / "images"


@pytest.fixture(autouse=True)
def _closed():
    plt.close("all")
    yield
    plt.close("all")


def title(ax: Any) -> str:
    return " ".join(ax.get_title(loc="left").split())


@pytest.fixture(scope="module")
def form() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    table = pd.DataFrame(
        {"score": np.round(rng.normal(74, 7, 80), 1), "profit": np.round(rng.normal(2, 5, 80), 2)}
    )
    table["name"] = [f"Firm {i:02d}" for i in range(80)]
    table["profit"] *= 10_000
    return table.assign(band=idn.evaluation_band(table["score"])["band"])


@pytest.fixture(scope="module")
def moves() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    orders = pd.DataFrame({"who": rng.integers(0, 60, 500), "half": rng.integers(1, 3, 500)})
    orders["money"] = np.round(rng.lognormal(5, 1, 500), 2)
    stopped = orders[(orders["who"] > 8) | (orders["half"] == 1)]
    return idn.migration_by_chance(stopped, "money", "who", "half", B=100)


@pytest.fixture(scope="module")
def firms() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    return pd.DataFrame(np.round(rng.normal(70, 8, (50, 6)), 1), columns=list(idn.SIX_C))


@pytest.fixture
def drawings(form, moves, firms) -> dict[str, Any]:
    return {
        "03_evaluation": (lambda ax=None: plots.plot_evaluation(form, ax=ax), plots.alt_evaluation(form)),
        "03_migration": (lambda ax=None: plots.plot_migration(moves, ax=ax), plots.alt_migration(moves)),
        "03_six_c": (
            lambda ax=None: plots.plot_six_c(firms.iloc[0], firms, name="Bo", ax=ax),
            plots.alt_six_c(firms.iloc[0], firms, name="Bo"),
        ),
    }


# The form ------------------------------------------------------------------------------------------------


def test_each_band_is_drawn_with_its_own_shape_at_its_own_places(form):
    ax = plots.plot_evaluation(form)
    shapes = {
        line.get_marker(): line
        for line in ax.lines
        if line.get_marker() in "v^s" or line.get_markersize() == 5.5
    }
    assert len(shapes) == 4
    for band, (fill, shape) in BAND_LOOKS.items():
        mine = form[form["band"] == band]
        np.testing.assert_array_equal(shapes[shape].get_xdata(), mine["score"])
        np.testing.assert_array_equal(shapes[shape].get_ydata(), mine["profit"])
        assert to_rgb(shapes[shape].get_color()) == to_rgb(fill)


def test_the_title_names_the_best_account_that_is_left_out(form):
    table = form.copy()
    table.loc[table.index[0], ["score", "band", "profit", "name"]] = [69.8, "too_weak", 999_000.0, "Star $1$"]
    ax = plots.plot_evaluation(table, unit="GBP")
    assert title(ax) == "The form leaves out Star $1$, 69.8 points: profit 999,000 GBP"
    assert any(text.get_text() == "Star $1$" and not text.get_parse_math() for text in ax.texts)
    assert "that of Star $1$: 999,000 GBP at 69.8 points" in plots.alt_evaluation(table, unit="GBP")


def test_when_the_best_account_fits_the_title_says_so(form):
    table = form.copy()
    table.loc[table.index[0], ["score", "band", "profit", "name"]] = [75.0, "fit", 999_000.0, "Star"]
    assert (
        title(plots.plot_evaluation(table))
        == "The account with the largest profit, Star, fits with 75.0 points"
    )


def test_when_nobody_fits_or_everybody_does_there_is_a_title():
    one = pd.DataFrame({"score": [60.0, 62.0], "band": "too_weak", "profit": [1.0, 2.0], "name": ["a", "b"]})
    assert title(plots.plot_evaluation(one)) == "No account fits: scores run from 60.0 to 62.0 points"
    fits = one.assign(score=[75.0, 76.0], band="fit")
    assert title(plots.plot_evaluation(fits)).startswith("The account with the largest profit, b,")


def test_the_bands_are_labelled_with_their_accounts_at_these_limits(form):
    ax = plots.plot_evaluation(form, limits=(70, 80, 85))
    said = {" ".join(text.get_text().split()) for text in ax.texts}
    for band, words in BAND_WORDS.items():
        assert f"{words} {(form['band'] == band).sum()}" in said
    guides = [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == "--"]
    assert guides == [70, 80, 85]


# The six C's ---------------------------------------------------------------------------------------------


def test_the_radar_shows_the_firm_and_the_middle(firms):
    ax = plots.plot_six_c(firms.iloc[0], firms, name="Bo")
    middle, firm = (line.get_ydata() for line in ax.lines)
    np.testing.assert_array_equal(firm[:-1], firms.iloc[0])
    np.testing.assert_array_equal(middle[:-1], firms.median())
    assert firm[0] == firm[-1]
    weakest = firms.iloc[0].idxmin()
    assert title(ax).startswith(f"Bo: weakest in {weakest}, {firms.iloc[0].min():.1f} points")


def test_the_radar_makes_room_for_low_scores_and_wants_polar_axes(firms):
    low = firms.iloc[0].copy()
    low["capital"] = 13.0
    assert plots.plot_six_c(low, firms).get_ylim() == (10, 100)
    with pytest.raises(TableError, match="needs polar Axes"):
        plots.plot_six_c(low, firms, ax=plt.subplots()[1])


# The migration matrix ------------------------------------------------------------------------------------


def test_each_cell_counts_and_the_odd_ones_are_framed(moves):
    ax = plots.plot_migration(moves)
    cells = moves[moves["from"] != "all"]
    counts = [int(text.get_text()) for text in ax.texts if text.get_text().isdigit()]
    assert counts == cells["customers"].tolist()
    framed = [p.get_linewidth() > 2 for p in ax.patches if isinstance(p, Rectangle)]
    odd = (cells["seen"] < cells["low"]) | (cells["seen"] > cells["high"])
    assert framed == odd.tolist()
    assert any(framed)
    assert not all(framed)


def test_the_title_holds_seen_against_chance(moves):
    row = moves[(moves["from"] == "all") & (moves["to"] == "same class")].iloc[0]
    said = (
        f"{row['seen']:.0%} keep their class; if nobody had changed, chance would keep {row['by_chance']:.0%}"
    )
    assert title(plots.plot_migration(moves)) == said
    assert f"same class {row['seen']:.0%} ({row['by_chance']:.0%} by chance" in plots.alt_migration(moves)


# What holds for every picture ----------------------------------------------------------------------------

NAMES = ("03_evaluation", "03_migration", "03_six_c")


@pytest.mark.parametrize("name", NAMES)
def test_it_draws_where_it_is_told_and_words_are_whole(name, drawings):
    draw, alt = drawings[name]
    polar = {"projection": "polar"} if name == "03_six_c" else {}
    ax = plt.subplots(subplot_kw=polar)[1]
    before = plt.get_fignums()
    assert draw(ax=ax) is ax
    assert plt.get_fignums() == before
    assert len(alt) > 100
    assert alt.endswith(".")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda f, m, s: plots.plot_evaluation(f.iloc[:0]), "nothing to draw"),
        (lambda f, m, s: plots.plot_evaluation(f.drop(columns="band")), "no column 'band'.*evaluation_form"),
        (lambda f, m, s: plots.alt_evaluation(f.assign(profit=np.nan)), "'profit' has gaps"),
        (lambda f, m, s: plots.plot_migration(m.iloc[:0]), "nothing to draw"),
        (
            lambda f, m, s: plots.alt_migration(m.drop(columns="seen")),
            "no column 'seen'.*migration_by_chance",
        ),
        (lambda f, m, s: plots.plot_six_c(s.iloc[0], s.iloc[:0]), "nothing to draw"),
        (lambda f, m, s: plots.plot_six_c(s.iloc[0].drop("capital"), s), "no column 'capital'"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_leaves_no_figure(form, moves, firms, call, said):
    with pytest.raises(TableError, match=said):
        call(form, moves, firms)
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_looks_as_it_did(name, drawings, tmp_path):
    """Compare with tests/images; to renew one after looking at it, delete it and run this test twice."""
    drawn, kept = tmp_path / f"{name}.png", IMAGES / f"{name}.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        drawings[name][0]().figure.savefig(drawn, dpi=60, metadata={"Software": None})
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None


# The lesson's own facts ----------------------------------------------------------------------------------


def test_the_star_of_the_lesson_is_the_largest_and_best_and_misses_the_fit_by_less_than_a_point():
    """What the first lines of lesson 03 say without a number."""
    files = casebook.load("credit_files").query("year == 2024")
    scored = idn.evaluation_form(idn.form_indicators(files)).set_index("customer_id")
    served = casebook.load("cost_to_serve").query("year == 2024").set_index("customer_id")
    business = casebook.load("customers").query("nature != 'individual'")["customer_id"]
    served = served[served.index.isin(business)]
    lines = casebook.load("order_lines").merge(casebook.load("orders"), on="order_id")
    lines = lines[lines["date"].dt.year == 2024]
    revenue = (lines["qty"] * lines["unit_price"]).groupby(lines["customer_id"]).sum()
    star = served["profit"].idxmax()
    assert revenue.idxmax() == star
    assert scored.loc[star, "band"] == "too_weak"
    assert 0 < 70 - scored.loc[star, "score"] < 1
