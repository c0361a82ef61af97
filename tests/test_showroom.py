"""Visitors: bands of return at their edges, who cannot be judged yet, likelihood ratios, naive Bayes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import casebook
from casebook import showroom as shw
from casebook.errors import TableError

AS_OF = "2024-12-31"
GAPS = (2, 3, 7, 8, 30, 31, None)


def visits(*gaps: int | None, first: str = "2024-03-01") -> pd.DataFrame:
    rows = []
    for n, gap in enumerate(gaps):
        rows.append((f"V{n}", pd.Timestamp(first)))
        if gap is not None:
            rows.append((f"V{n}", pd.Timestamp(first) + pd.Timedelta(days=gap)))
    return pd.DataFrame(rows, columns=["visitor_id", "date"])


def test_qlf_07_return_bands_at_their_edges():
    bands = shw.return_band(visits(*GAPS), AS_OF)["band"].tolist()
    assert bands == ["hot", "hot", "normal", "cooling", "cooling", "watch", "watch"]


def test_the_reason_tells_a_late_return_from_none():
    reasons = shw.return_band(visits(31, None), AS_OF)["reason"].tolist()
    assert reasons == ["back after more than 30 days", "not back within 30 days"]


def test_who_was_seen_for_less_than_a_month_is_not_yet_judged():
    table = shw.return_band(visits(None, 2, first="2024-12-15"), AS_OF)
    assert table["band"].isna().tolist() == [True, False]
    assert table["reason"][0] == "not back, and seen for less than 30 days"
    assert shw.return_band(visits(None, first="2024-12-01"), AS_OF)["band"].tolist() == ["watch"]  # day 30


def test_only_the_first_return_counts_and_the_order_of_rows_does_not():
    table = pd.concat([visits(5), visits(2).iloc[1:]])  # back on day 2 and again on day 5
    for some in (table, table.sample(frac=1, random_state=1)):
        assert shw.return_band(some, AS_OF)["days_to_return"].tolist() == [2]


def test_a_second_visit_on_the_same_day_is_a_return_after_no_day():
    assert shw.return_band(visits(0), AS_OF)[["days_to_return", "band"]].to_numpy().tolist() == [[0, "hot"]]


def test_the_table_of_visits_is_left_as_it_was():
    table = visits(*GAPS)
    before = table.copy(deep=True)
    shw.return_band(table, AS_OF)
    shw.return_curve(table, AS_OF)
    pd.testing.assert_frame_equal(table, before)


def test_visits_that_cannot_be_are_refused():
    with pytest.raises(TableError, match=r"1 visits lie after 2024-03-20 \(the first of 'V5'\)"):
        shw.return_band(visits(2, 3, 7, 8, 15, 31), "2024-03-20")
    with pytest.raises(TableError, match="Column 'date' has gaps"):
        shw.return_band(visits(2).assign(date=[pd.NaT, pd.Timestamp("2024-03-01")]), AS_OF)
    with pytest.raises(TableError, match="'date' must hold days"):
        shw.return_band(visits(2).assign(date="Monday"), AS_OF)
    with pytest.raises(TableError, match="three rising numbers of days"):
        shw.return_band(visits(2), AS_OF, cuts=(7, 3, 30))


def test_the_curve_of_returns_counts_who_is_back():
    curve = shw.return_curve(visits(2, 3, 30, None), AS_OF)
    assert curve.loc[[0, 1, 2, 3, 29, 30], "back"].tolist() == [0, 0, 0.25, 0.5, 0.5, 0.75]
    assert curve["waiting"][0] == 4


def test_a_visitor_seen_for_a_few_days_counts_for_those_days_only():
    table = pd.concat(
        [visits(5, 8), visits(None, first="2024-12-29").assign(visitor_id="late")], ignore_index=True
    )
    curve = shw.return_curve(table, AS_OF, days=8)
    assert curve["waiting"].tolist() == [3, 3, 3, 2, 2, 2, 1, 1, 1]
    assert curve["back"][8] == 1.0  # 1 - (1 - 1/2)(1 - 1): the late one left the count on day 2


def test_without_late_visitors_the_curve_is_the_plain_share():
    table = casebook.load("showroom_visits")
    people = shw.return_band(table, AS_OF)
    assert (people["followed_days"] >= 30).all()
    curve = shw.return_curve(table, AS_OF)
    for day in (3, 7, 30):
        assert curve["back"][day] == pytest.approx((people["days_to_return"] <= day).mean())


# QLF-08 -------------------------------------------------------------------------------------------------


def bargainers() -> pd.DataFrame:
    return pd.DataFrame({"bargain": [1] * 30 + [0] * 10 + [1] * 15 + [0] * 45, "bought": [1] * 40 + [0] * 60})


def test_qlf_08_likelihood_ratio_of_bargaining():
    row = shw.signal_lr(bargainers(), ["bargain"], "bought").iloc[0]
    assert (row["in_buyers"], row["in_others"], row["lr"]) == (0.75, 0.25, 3.0)
    assert row["lr_absent"] == pytest.approx(1 / 3)
    assert np.log(row["high"] / row["lr"]) == pytest.approx(np.log(row["lr"] / row["low"]))
    assert row["low"] == pytest.approx(1.868, abs=1e-3)  # 3 · exp(−1.96 · √(1/30 − 1/40 + 1/15 − 1/60))


def test_a_wider_interval_for_a_higher_level():
    narrow, wide = (shw.signal_lr(bargainers(), ["bargain"], "bought", level=x).iloc[0] for x in (0.8, 0.99))
    assert wide["low"] < narrow["low"] < narrow["high"] < wide["high"]


def test_qlf_08_prior_odds_times_the_ratio():
    assert shw.naive_bayes(0.4, [3]) == pytest.approx(2 / 3)
    assert shw.naive_bayes(0.4, []) == pytest.approx(0.4)


def test_qlf_08_the_same_sign_twice_is_counted_twice():
    assert shw.naive_bayes(0.4, [3, 3]) == pytest.approx(0.857, abs=5e-4)


def test_a_ratio_of_one_says_nothing_and_of_nought_excludes():
    assert shw.naive_bayes(0.3, [1]) == pytest.approx(0.3)
    assert shw.naive_bayes(0.3, [0, 5]) == 0.0
    assert shw.naive_bayes(0.3, [np.inf]) == 1.0


def test_a_sign_seen_in_nobody_or_in_buyers_only_has_no_interval():
    table = bargainers().assign(never=0, only=[1] * 5 + [0] * 95)
    rows = shw.signal_lr(table, ["never", "only"], "bought").set_index("signal")
    assert np.isnan(rows.loc["never", "lr"])
    assert rows.loc["only", "lr"] == np.inf
    assert rows[["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: shw.signal_lr(bargainers().assign(bought=1), ["bargain"], "bought"), "same of everybody"),
        (lambda: shw.signal_lr(bargainers(), ["bargian"], "bought"), "Did you mean 'bargain'"),
        (lambda: shw.naive_bayes(1.0, [3]), "strictly between 0 and 1"),
        (lambda: shw.naive_bayes(0.4, [-1]), "a number of 0 or more"),
    ],
)
def test_what_makes_no_sense_is_refused(call: Any, said: str):
    with pytest.raises(TableError, match=said):
        call()
