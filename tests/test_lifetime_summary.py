"""From a log of purchases to frequency, recency, T and monetary value: by hand, in every engine, odd logs."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from casebook.errors import TableError
from casebook.exact import find_unit
from casebook.frames import start
from casebook.lifetime import rfm_summary, summary

KINDS = ["pandas", "pandas without DuckDB", "polars", "polars lazy", "duckdb", "pandas through DuckDB"]


def summed(kind, log, *columns, monkeypatch=None, **options):
    """Sum up the log as this kind of table, and give the answer as pandas."""
    if kind.startswith("pandas"):
        if kind == "pandas through DuckDB":
            pytest.importorskip("duckdb")
            log = pd.concat([log] * (20_001 // len(log) + 1), ignore_index=True) if len(log) < 20_001 else log
        if kind == "pandas without DuckDB":
            monkeypatch.setattr(summary, "find_spec", lambda name: None)
        return rfm_summary(log, *columns, **options)
    if kind.startswith("polars"):
        polars = pytest.importorskip("polars")
        frame = polars.from_pandas(log)
        made = rfm_summary(frame.lazy() if kind == "polars lazy" else frame, *columns, **options)
        return (made.collect() if kind == "polars lazy" else made).to_pandas()
    duckdb = pytest.importorskip("duckdb")
    return rfm_summary(duckdb.from_df(log), *columns, **options).df()


def many(n=60_000, seed=7):
    """Draw a log with several lines a day, customers of one day only, and cents."""
    rng = np.random.default_rng(seed)
    who = rng.integers(0, 4_000, n)
    day = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 500, n) * (who % 7 > 0), unit="D")
    hours = pd.to_timedelta(rng.integers(0, 86_400, n), unit="s")
    money = rng.integers(-500, 20_000, n) / 100
    return pd.DataFrame({"who": who, "day": day + hours, "money": money})


# By hand -------------------------------------------------------------------------------------------

DAYS = pd.to_datetime(["2017-06-11", "2017-06-24", "2017-07-08", "2017-07-24"]).repeat(2)
HAND = pd.DataFrame({"who": "A", "day": DAYS, "money": 75.0})


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_the_case_by_hand(kind, monkeypatch):
    """Two rows of 75 on each of four days: lifetimes' issue 184."""
    table = summed(kind, HAND, "who", "day", "money", monkeypatch=monkeypatch, end="2017-12-31", unit="D")
    assert table.columns.tolist() == ["who", "frequency", "recency", "T", "monetary_value"]
    assert table.iloc[0].tolist() == ["A", 3, 43.0, 203.0, 150.0]


def test_rows_of_a_day_are_one_purchase_and_the_first_day_is_not_in_the_value():
    log = pd.DataFrame(
        {
            "who": ["A", "A", "A", "A"],
            "day": pd.to_datetime(
                ["2024-01-01 09:00", "2024-01-01 18:00", "2024-01-11 00:00", "2024-01-21 23:59"]
            ),
            "money": [1_000.0, 1_000.0, 10.0, 20.5],
        }
    )
    row = rfm_summary(log, "who", "day", "money", end="2024-01-31", unit="D").iloc[0]
    assert row[["frequency", "recency", "T", "monetary_value"]].tolist() == [2, 20.0, 30.0, 15.25]


def test_one_purchase_has_no_recency_and_no_value():
    log = pd.DataFrame({"who": ["A"], "day": pd.to_datetime(["2024-01-01"]), "money": [9.0]})
    row = rfm_summary(log, "who", "day", "money", end="2024-01-15").iloc[0]
    assert row[["frequency", "recency", "T", "monetary_value"]].tolist() == [0, 0.0, 2.0, 0.0]


@pytest.mark.parametrize(("unit", "days"), [("D", 1), ("W", 7), ("M", 365.25 / 12), ("Y", 365.25)])
def test_the_unit_divides_the_days(unit, days):
    row = rfm_summary(HAND, "who", "day", end="2017-12-31", unit=unit).iloc[0]
    assert [row["recency"], row["T"]] == [43 / days, 203 / days]
    assert "monetary_value" not in row


def test_without_an_end_the_last_day_of_the_table_is_the_end():
    log = pd.concat([HAND, HAND.iloc[:1].assign(who="B", day=pd.Timestamp("2017-08-01 23:59"))])
    table = rfm_summary(log, "who", "day", unit="D")
    assert table["T"].tolist() == [51.0, 0.0]


# Every engine ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["D", "W", "M"])
@pytest.mark.parametrize("kind", KINDS[1:])
def test_engines_agree_to_the_last_digit(kind, unit, monkeypatch):
    log = many()
    found = summed(kind, log, "who", "day", "money", monkeypatch=monkeypatch, unit=unit)
    days = log.assign(day=log["day"].dt.normalize(), money=(log["money"] * 100).round().astype(int))
    days = days.groupby(["who", "day"], as_index=False)["money"].sum()
    plain = days.groupby("who").agg(
        n=("day", "size"), first=("day", "min"), last=("day", "max"), total=("money", "sum")
    )
    plain["at_first"] = days.groupby("who")["money"].first()
    again, span = plain["n"] - 1, summary.DAYS_IN[unit]
    assert found["who"].tolist() == plain.index.tolist()
    np.testing.assert_array_equal(found["frequency"], again)
    np.testing.assert_array_equal(found["recency"], (plain["last"] - plain["first"]).dt.days / span)
    np.testing.assert_array_equal(found["T"], (days["day"].max() - plain["first"]).dt.days / span)
    later = ((plain["total"] - plain["at_first"]) / 100 / again.where(again > 0)).fillna(0.0)
    np.testing.assert_array_equal(found["monetary_value"], later)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_the_order_of_rows_changes_nothing(kind, monkeypatch):
    log = many().assign(money=lambda t: t["money"] * 10 + 0.1)
    one = summed(kind, log, "who", "day", "money", monkeypatch=monkeypatch)
    other = summed(kind, log.sample(frac=1, random_state=3), "who", "day", "money", monkeypatch=monkeypatch)
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_cents_add_up_exactly():
    log = pd.DataFrame({"who": "A", "day": pd.to_datetime(["2024-01-01", "2024-01-02"]).repeat([1, 3])})
    log["money"] = [5.0, 0.1, 0.2, -0.3]
    assert rfm_summary(log, "who", "day", "money")["monetary_value"][0] == 0.0


@pytest.mark.parametrize("amount", [[3, 4, 5], [0.125, 1 / 3, 2.0], [1e11, 0.01, 7.0]])
def test_whole_numbers_fractions_and_large_amounts(amount):
    log = pd.DataFrame({"who": "A", "day": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03"])})
    log["money"] = amount
    plain = rfm_summary(log, "who", "day", "money")
    assert plain["monetary_value"][0] == pytest.approx((amount[1] + amount[2]) / 2, rel=1e-6)
    for kind in ("polars", "duckdb"):
        pd.testing.assert_frame_equal(summed(kind, log, "who", "day", "money"), plain, check_dtype=False)


@pytest.mark.parametrize("amounts", [[1e307, 5.0], [0.0, 0.0], [0.1, 2.55], [1e-7, 0.5], [1 / 3, 2.0]])
def test_the_unit_of_money_is_the_same_in_every_engine(amounts):
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    log = pd.DataFrame({"money": amounts})
    kinds = (log, polars.from_pandas(log), polars.from_pandas(log).lazy(), duckdb.from_df(log))
    assert len({find_unit(start(table, ["money"]), "money") for table in kinds}) == 1


def test_a_relation_stays_lazy_and_a_lazy_frame_too():
    duckdb, polars = pytest.importorskip("duckdb"), pytest.importorskip("polars")
    relation = rfm_summary(duckdb.from_df(HAND), "who", "day", "money")
    assert isinstance(relation, duckdb.DuckDBPyRelation)
    assert isinstance(rfm_summary(polars.from_pandas(HAND).lazy(), "who", "day"), polars.LazyFrame)
    assert isinstance(rfm_summary(polars.from_pandas(HAND), "who", "day"), polars.DataFrame)


def test_nothing_handed_in_is_changed():
    log = many(30_000)
    before = log.copy()
    rfm_summary(log, "who", "day", "money")
    pd.testing.assert_frame_equal(log, before)


@pytest.mark.parametrize("kind", KINDS)
def test_dates_without_hours_do_too(kind, monkeypatch):
    log = HAND.assign(day=[day.date() for day in HAND["day"]])
    if kind.startswith("pandas"):
        with pytest.raises(TableError, match="not dates: use pandas"):
            summed(kind, log, "who", "day", "money", monkeypatch=monkeypatch)
        return
    table = summed(kind, log, "who", "day", "money", monkeypatch=monkeypatch, end=dt.date(2017, 12, 31))
    assert table["T"][0] == 203 / 7


# Refusals --------------------------------------------------------------------------------------------


def changed(**cells):
    """The log by hand with other cells in row 3."""
    log = HAND.copy()
    for column, cell in cells.items():
        log.loc[3, column] = cell
    return log


@pytest.mark.parametrize("kind", ["pandas", "polars", "duckdb"])
@pytest.mark.parametrize(
    ("log", "words"),
    [
        (changed(money=np.nan), "'money' is missing on 1 row.*a gap is not a zero"),
        (changed(money=np.inf), "'money' holds an infinite amount"),
        (changed(day=pd.NaT), "'day' is missing on 1 row"),
        (changed(who=None), "'who' is missing on 1 row"),
        (HAND.iloc[:0], "no rows"),
        (HAND.assign(day=HAND["day"].dt.strftime("%d.%m.%Y")), "not dates: use pandas.to_datetime first"),
        (HAND.assign(money="75"), "'money' does not hold numbers"),
        (changed(day=pd.Timestamp("2018-01-01")), r"1 row dated after end=2017-12-31 \(who=A day=2018-01-01"),
        (HAND.drop(columns="money"), "no column 'money'"),
        (HAND.rename(columns={"money": "mony"}), "no column 'money'.*Did you mean 'mony'"),
    ],
    ids=["gap", "infinite", "no day", "nobody", "empty", "text days", "text", "late", "missing", "misspelt"],
)
def test_a_log_that_cannot_be_is_refused_by_column_row_and_remedy(kind, log, words):
    with pytest.raises(TableError, match=words):
        summed(kind, log, "who", "day", "money", end="2017-12-31")


def test_a_log_without_rows_is_refused_without_an_end_too():
    with pytest.raises(TableError, match="no rows"):
        rfm_summary(HAND.iloc[:0], "who", "day", "money")


def test_a_time_zone_an_unknown_unit_and_an_unreadable_end_are_refused():
    with pytest.raises(TableError, match="time zone"):
        rfm_summary(HAND.assign(day=HAND["day"].dt.tz_localize("UTC")), "who", "day")
    with pytest.raises(TableError, match="unit='week' is no unit of time here; use one of D, W, M, Y"):
        rfm_summary(HAND, "who", "day", unit="week")
    with pytest.raises(TableError, match="end must be a day"):
        rfm_summary(HAND, "who", "day", end="end of May")
    with pytest.raises(TableError, match="name of one that is made here"):
        rfm_summary(HAND.rename(columns={"who": "frequency"}), "frequency", "day")
    with pytest.raises(TableError, match="A list cannot be used here"):
        rfm_summary([1, 2], "who", "day")
