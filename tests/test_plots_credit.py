"""The pictures of credit show their tables: points, bars, counts, titles, words, and as before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.testing.compare import compare_images

from casebook import credit, plots
from casebook import scorecard as sc
from casebook.errors import TableError
from casebook.plots.credit import GRADE_STYLE

IMAGES = Path(__file__).parent / "images"


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def title(ax):
    return ax.get_title(loc="left").replace("\n", " ")


@pytest.fixture(scope="module")
def tables() -> dict[str, Any]:
    rng = np.random.default_rng(11)
    grade = pd.Series(rng.choice(list("ABCD"), 200, p=[0.4, 0.2, 0.25, 0.15]))
    bad = rng.random(200) < grade.map({"A": 0.03, "B": 0.08, "C": 0.12, "D": 0.25})
    score = pd.Series(rng.normal(70, 8, 200), name="mean_score")
    book = credit.credit_decision(
        pd.DataFrame({
            "credit_grade": grade, "pd": np.clip(rng.lognormal(-2.8, 0.9, 200), 0, 0.9),
            "margin": rng.lognormal(9.5, 1, 200) - 3000, "open": rng.lognormal(9, 1, 200),
        }).assign(ead=lambda t: t["open"] * 2)
    )  # fmt: skip
    true = pd.Series(np.where(rng.random(200) < 0.6, grade, rng.choice(list("ABCD"), 200)))
    return {
        "rates": credit.default_rates(grade, bad), "book": book, "grade": grade, "true": true,
        "woe": sc.woe_table(score, bad, breaks=[60, 68, 76], smoothing=0.5),
    }  # fmt: skip


DRAW = {
    "11_default_rates": lambda t, **k: plots.plot_default_rates(t["rates"], **k),
    "11_woe": lambda t, **k: plots.plot_woe(t["woe"], **k),
    "11_credit_line": lambda t, **k: plots.plot_credit_line(t["book"], **k),
    "11_grades_seen": lambda t, **k: plots.plot_grades_seen(t["grade"], t["true"], **k),
}
SAY = {
    "11_default_rates": lambda t: plots.alt_default_rates(t["rates"]),
    "11_woe": lambda t: plots.alt_woe(t["woe"]),
    "11_credit_line": lambda t: plots.alt_credit_line(t["book"]),
    "11_grades_seen": lambda t: plots.alt_grades_seen(t["grade"], t["true"]),
}


def test_the_points_are_the_rates_and_the_lines_their_intervals(tables):
    ax, rates = plots.plot_default_rates(tables["rates"]), tables["rates"]
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), rates["rate"])
    segments = ax.collections[0].get_segments()
    np.testing.assert_allclose([(s[0][1], s[1][1]) for s in segments], rates[["low", "high"]])
    assert [t.get_text() for t in ax.texts] == [f"{r.defaults} of {r.n}" for r in rates.itertuples()]
    assert str(rates["defaults"].iloc[:-1].sum()) in title(ax)


def test_the_bars_are_the_weights_and_good_differs_from_bad_in_lightness(tables):
    ax, table = plots.plot_woe(tables["woe"]), tables["woe"]
    np.testing.assert_allclose([p.get_height() for p in ax.patches], table["woe"])
    fills = {p.get_facecolor() for p, w in zip(ax.patches, table["woe"], strict=True) if w < 0}
    assert fills.isdisjoint(
        {p.get_facecolor() for p, w in zip(ax.patches, table["woe"], strict=True) if w > 0}
    )
    times = np.exp(table["woe"].max() - table["woe"].min())
    assert f"{times:.1f} times" in title(ax)
    assert f"IV {table['iv'].sum():.2f}" in title(ax)


def test_every_customer_is_one_point_of_its_grade_and_cash_first_lies_above_the_line(tables):
    ax, book = plots.plot_credit_line(tables["book"]), tables["book"]
    drawn = {line.get_label(): line for line in ax.lines if line.get_label().startswith("grade")}
    for grade in "ABCD":
        mine = book[book["credit_grade"] == grade]
        x, y = drawn[f"grade {grade}"].get_data()
        np.testing.assert_allclose(x, mine["breakeven_pd"].clip(0.005, 1))
        np.testing.assert_allclose(y, mine["pd"].clip(0.005, 1))
        inside = mine["breakeven_pd"].gt(0.005) & mine["pd"].gt(0.005)
        np.testing.assert_array_equal((y > x)[inside], mine.loc[inside, "decision"] == "cash first")
    out = (book["decision"] == "cash first").sum()
    assert title(ax).startswith(f"Cash first from {out} of 200 customers: ")


def test_grades_are_told_apart_by_shape_and_by_lightness():
    from matplotlib.colors import to_rgb

    markers = [m for m, _ in GRADE_STYLE.values()]
    levels = [float(np.dot(to_rgb(f), [0.2126, 0.7152, 0.0722])) for _, f in GRADE_STYLE.values()]
    assert len(set(markers)) == 4
    assert levels == sorted(levels, reverse=True)
    assert min(-np.diff(levels)) > 0.08


def test_the_grid_counts_every_customer_once(tables):
    ax = plots.plot_grades_seen(tables["grade"], tables["true"])
    counts = np.array([int(t.get_text().replace(",", "")) for t in ax.texts]).reshape(4, 4)
    assert counts.sum() == 200
    seen = pd.crosstab(tables["grade"], tables["true"])
    np.testing.assert_array_equal(counts, seen)
    assert f"{np.trace(counts)} of 200" in title(ax)


def test_nobody_pays_first_has_its_own_title(tables):
    book = tables["book"].assign(decision="credit")
    assert title(plots.plot_credit_line(book)) == "Credit for all of the 200 customers"


@pytest.mark.parametrize("name", DRAW)
def test_it_draws_where_it_is_told_and_opens_nothing(name, tables):
    _, (mine, other) = plt.subplots(1, 2)
    before = plt.get_fignums()
    assert DRAW[name](tables, ax=mine) is mine
    assert plt.get_fignums() == before
    assert not other.has_data()


@pytest.mark.parametrize("name", DRAW)
def test_the_tables_are_left_alone_and_the_words_hold_the_numbers(name, tables):
    before = {k: t.copy(deep=True) for k, t in tables.items()}
    DRAW[name](tables)
    words = SAY[name](tables)
    assert words.endswith(".")
    assert len(words) > 100
    for k, table in tables.items():
        (
            pd.testing.assert_frame_equal
            if isinstance(table, pd.DataFrame)
            else pd.testing.assert_series_equal
        )(table, before[k])


def test_every_number_of_a_table_is_in_its_words(tables):
    words = plots.alt_default_rates(tables["rates"])
    assert all(f"{r.group}: {r.defaults} of {r.n} defaulted" in words for r in tables["rates"].itertuples())
    words = plots.alt_woe(tables["woe"])
    assert all(
        f"{r.bin}: {r.n} rows, {r.bad} bad, weight {r.woe:+.2f}." in words for r in tables["woe"].itertuples()
    )


def test_wrong_tables_are_refused_in_a_sentence(tables):
    with pytest.raises(TableError, match=r"no column 'group'.*credit\.default_rates"):
        plots.plot_default_rates(tables["woe"])
    with pytest.raises(TableError, match=r"no column 'variable'.*scorecard\.woe_table"):
        plots.plot_woe(tables["rates"])
    with pytest.raises(TableError, match=r"no column 'credit_grade'.*credit\.credit_decision"):
        plots.plot_credit_line(tables["rates"])
    with pytest.raises(TableError, match="nothing to draw"):
        plots.plot_credit_line(tables["book"].iloc[:0])
    with pytest.raises(TableError, match="1 grades seen, but 2 true ones"):
        plots.plot_grades_seen(pd.Series(["A"]), pd.Series(["A", "B"]))
    with pytest.raises(TableError, match="one of A, B, C, D; got 'E'"):
        plots.plot_grades_seen(pd.Series(["A"]), pd.Series(["E"]))
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", DRAW)
def test_the_picture_looks_as_it_did(name, tables, tmp_path):
    """Compare with tests/images; to renew one after looking at it, delete it and run this test twice."""
    drawn, kept = tmp_path / f"{name}.png", IMAGES / f"{name}.png"
    with plt.rc_context({"font.family": "DejaVu Sans", "savefig.bbox": None}):
        DRAW[name](tables).figure.savefig(drawn, dpi=60, metadata={"Software": None})
    if not kept.exists():
        kept.write_bytes(drawn.read_bytes())
        pytest.fail(f"{kept.name} did not exist; it is written now: look at it, then run again.")
    assert compare_images(str(kept), str(drawn), tol=2) is None
