"""Dormant accounts: the four examples, every edge, lengths of sleep, and what is refused."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import casebook
from casebook import dormant_accounts as dor
from casebook.errors import TableError


def table(*rows):
    made = pd.DataFrame(rows, columns=["securities_value", "cash", "last_trade"])
    return made.assign(
        account_id=[f"S{n}" for n in range(len(made))], last_trade=pd.to_datetime(made["last_trade"])
    )


def label(*row, **options):
    return dor.dormant(table(row), **options)[["label", "reason"]].iloc[0].tolist()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((0, 100, "2004-10-08"), ["dormant", "none fails"]),
        ((0, 100.01, "2003-06-01"), ["active", "cash"]),
        ((0, 50, "2004-10-09"), ["active", "last trade"]),
        ((5, 0, "2001-01-01"), ["active", "securities"]),
    ],
)
def test_sel_11_the_four_examples(row, expected):
    assert label(*row) == expected


def test_nothing_in_it_and_a_cent_in_it():
    assert label(0, 0, "2000-01-01") == ["dormant", "none fails"]
    assert label(0.01, 0, "2000-01-01") == ["active", "securities"]


def test_every_condition_that_fails_is_named_in_a_fixed_order():
    told = dor.dormant(table((5, 500, "2007-10-08"), (0, 500, "2007-10-08"), (5, 0, "2007-01-01")))
    assert told["n_fails"].tolist() == [3, 2, 2]
    assert told["reason"].tolist() == [
        "securities + cash + last trade",
        "cash + last trade",
        "securities + last trade",
    ]


def test_the_hour_of_the_last_trade_does_not_matter():
    assert label(0, 0, "2004-10-08 14:59")[0] == "dormant"


def test_years_are_calendar_years_whatever_leap_days_lie_between():
    assert label(0, 0, "2004-02-29", as_of="2007-02-28") == ["active", "last trade"]
    assert label(0, 0, "2004-02-29", as_of="2007-03-01")[0] == "dormant"
    assert label(0, 0, "2005-02-28", as_of="2008-02-29")[0] == "dormant"
    assert label(0, 0, "2005-03-01", as_of="2008-02-29")[0] == "active"


def test_the_thresholds_can_be_moved():
    assert label(0, 150, "2005-10-08", cash_max=150, years=2)[0] == "dormant"
    assert label(0, 0, "2007-10-08", years=0)[0] == "dormant"
    assert label(0, 0, "2004-10-08", as_of=dt.date(2007, 10, 7))[0] == "active"


def test_the_company_has_its_planted_numbers():
    told = dor.dormant(casebook.load("brokerage_accounts"))
    assert (told["label"] == "dormant").sum() == 54
    one = told[told["n_fails"] == 1]["reason"].value_counts().to_dict()
    assert one == {"cash": 30, "last trade": 40, "securities": 20}


def test_the_order_of_rows_stays_and_the_input_is_left_alone():
    accounts = casebook.load("brokerage_accounts")
    before = accounts.copy(deep=True)
    told = dor.dormant(accounts)
    mixed = dor.dormant(accounts.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(mixed.sort_index(), told)
    pd.testing.assert_frame_equal(accounts, before)


def test_no_accounts_give_no_labels():
    told = dor.dormant(casebook.load("brokerage_accounts").iloc[:0])
    assert len(told) == 0
    assert {"label", "n_fails", "reason"} <= set(told.columns)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 0.01, 5]),
            st.sampled_from([0, 50, 99.99, 100, 100.01]),
            st.dates(dt.date(2000, 1, 1), dt.date(2007, 10, 8)),
        ),
        min_size=1,
        max_size=20,
    ),
    st.integers(0, 6),
    st.integers(0, 200),
)
def test_a_longer_sleep_or_a_lower_limit_never_adds_a_sleeper(rows, years, cash_max):
    accounts = table(*rows)

    def asleep(**options):
        told = dor.dormant(accounts, **options)
        assert ((told["n_fails"] == 0) == (told["label"] == "dormant")).all()
        return set(told.loc[told["label"] == "dormant", "account_id"])

    here = asleep(cash_max=cash_max, years=years)
    assert asleep(cash_max=cash_max, years=years + 1) <= here <= asleep(cash_max=cash_max + 1, years=years)


def test_two_years_today_is_three_years_a_year_from_now():
    accounts = casebook.load("brokerage_accounts")
    today, later = dor.dormant(accounts, years=2), dor.dormant(accounts, as_of="2008-10-08")
    assert today["label"].tolist() == later["label"].tolist()


def test_lengths_and_limits_in_one_table():
    told = dor.dormant_by(
        table((0, 40, "2004-01-05"), (0, 60, "2005-01-05")), years=(2, 3), cash_max=(50, 60)
    )
    assert told.to_dict("list") == {
        "years": [2, 2, 3, 3],
        "cash_max": [50, 60, 50, 60],
        "accounts": [1, 2, 1, 1],
        "cash": [40, 100, 40, 40],
    }


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cash": [float("nan")]}, "Column 'cash' is missing on 1 row"),
        ({"cash": [-2.5]}, "Column 'cash': account S0 has -2.5, below 0. A debt is no sleep"),
        ({"securities_value": [-1]}, "Column 'securities_value': account S0 has -1"),
        ({"last_trade": pd.to_datetime(["2007-10-09"])}, "1 row dated after as_of=2007-10-08"),
        ({"last_trade": ["2004-10-08"]}, "not dates: use pandas.to_datetime first"),
        ({"last_trade": pd.to_datetime([None])}, "Column 'last_trade' is missing on 1 row"),
    ],
)
def test_accounts_that_cannot_be_judged_are_named(change, says):
    with pytest.raises(TableError, match=says):
        dor.dormant(table((0, 0, "2004-10-08")).assign(**change))


def test_an_account_that_stands_twice_and_a_missing_column_are_refused():
    one = table((0, 0, "2004-10-08"))
    with pytest.raises(TableError, match="Account S0 stands twice"):
        dor.dormant(pd.concat([one, one], ignore_index=True))
    with pytest.raises(TableError, match="no column 'cash'"):
        dor.dormant(one.drop(columns="cash"))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"cash_max": -1}, "cash_max must be an amount from 0 on"),
        ({"cash_max": float("nan")}, "cash_max must be an amount"),
        ({"years": -1}, "years must be a whole number from 0 on"),
        ({"years": 2.5}, "years must be a whole number"),
        ({"years": float("nan")}, "years must be a whole number"),
        ({"as_of": "8 Oct"}, "as_of must be a day such as"),
    ],
)
def test_a_rule_that_is_none_is_refused(options, says):
    with pytest.raises(TableError, match=says):
        dor.dormant(table((0, 0, "2004-10-08")), **options)
