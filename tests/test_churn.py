"""The churn label is the rule by hand; a snapshot knows nothing that happened later."""

import pandas as pd
import pytest

import casebook
from casebook.churn import READS, churn_label, make_snapshots
from casebook.errors import TableError

DAY = pd.Timestamp("2024-12-31")


def orders_of(**days_ago):
    """Orders by customer, each so many days before the day on which one looks."""
    rows = [(name, DAY - pd.Timedelta(days=d)) for name, ago in days_ago.items() for d in ago]
    return pd.DataFrame(rows, columns=["customer_id", "date"])


@pytest.fixture(scope="module")
def tables():
    return {name: casebook.load(name) for name in READS}


# The label -----------------------------------------------------------------------------------------------


def test_the_label_matches_the_three_cases_worked_by_hand():
    label = churn_label(orders_of(C1=[160, 130, 100], C2=[165, 120], C3=[100, 90, 80]), DAY)
    assert label["t_mean"].tolist() == [30, 45, 10]
    assert label["limit_days"].tolist() == [90, 135, 90]
    assert label["churned"].tolist() == [True, False, False]


def test_silence_of_exactly_the_limit_is_not_yet_churn():
    label = churn_label(orders_of(at=[120, 90], over=[121, 91]), DAY).set_index("customer_id")
    assert label["limit_days"].tolist() == [90, 90]
    assert label["churned"].to_dict() == {"at": False, "over": True}


def test_a_single_order_gets_the_median_gap_of_its_segment():
    orders = orders_of(A=[90, 50], B=[80, 20], C=[200, 100], one=[170], two=[170])
    orders["role"] = orders["customer_id"].map({"C": "slow", "one": "slow"}).fillna("quick")
    label = churn_label(orders, DAY, segment="role").set_index("customer_id")
    assert label["t_mean"].to_dict() == {"A": 40, "B": 60, "C": 100, "one": 100, "two": 50}
    assert label["churned"].to_dict() == {"A": False, "B": False, "C": False, "one": False, "two": True}
    assert churn_label(orders, DAY).set_index("customer_id").loc["one", "t_mean"] == 60


def test_where_nobody_ordered_twice_only_the_least_silence_counts():
    label = churn_label(orders_of(a=[91], b=[90]), DAY)
    assert label["t_mean"].isna().all()
    assert label["churned"].tolist() == [True, False]


def test_orders_after_the_day_are_not_looked_at():
    orders = orders_of(a=[300, 250, 0], b=[10])
    early = churn_label(orders, DAY - pd.Timedelta(days=20))
    assert early["customer_id"].tolist() == ["a"]
    assert early.loc[0, ["orders", "days_since_last", "t_mean"]].tolist() == [2, 230, 50]


def test_a_stricter_rule_never_labels_more(tables):
    orders = tables["orders"]
    counts = [churn_label(orders, DAY, k=k)["churned"].sum() for k in (1, 2, 3, 5)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_the_label_leaves_its_input_alone():
    orders = orders_of(a=[30, 10])
    before = orders.copy()
    churn_label(orders, DAY)
    pd.testing.assert_frame_equal(orders, before)


@pytest.mark.parametrize(
    ("change", "arguments", "sentence"),
    [
        (lambda t: t.drop(columns="date"), {}, "orders: no column date; it has customer_id"),
        (lambda t: t.assign(date="2024-01-01"), {}, "orders.date: not read as dates"),
        (lambda t: t.assign(date=[pd.NaT, DAY]), {}, "orders.date: row 1 is empty"),
        (lambda t: t.assign(customer_id=["a", None]), {}, "orders.customer_id: row 2 is empty"),
        (lambda t: t, {"as_of": "2001-01-01"}, "nobody had ordered by 2001-01-01"),
        (lambda t: t, {"as_of": "yesterday, about"}, "as_of must be a day written YYYY-MM-DD"),
        (lambda t: t, {"k": 0}, "k must be more than 0 cycles, got 0"),
        (lambda t: t, {"min_days": -1}, "min_days must be 0 days or more, got -1"),
        (lambda t: t, {"segment": "role"}, "orders: no column role"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(change, arguments, sentence):
    with pytest.raises(TableError, match=sentence):
        churn_label(change(orders_of(a=[30, 10])), **{"as_of": DAY} | arguments)


# Snapshots -----------------------------------------------------------------------------------------------


def test_the_snapshots_of_the_shipped_tables_are_the_shipped_snapshots(tables):
    days = [*pd.date_range("2022-12-31", "2024-06-30", freq="ME")]
    made = make_snapshots(tables, days, last_day=DAY)
    shipped = casebook.load("churn_snapshots")
    decimals = {"t_mean": 1, "late_share_12m": 3, "tenure_years": 2}
    rounded = made.assign(**{name: made[name].round(digits) for name, digits in decimals.items()})
    pd.testing.assert_frame_equal(rounded, shipped, check_dtype=False, rtol=1e-9)


def test_nothing_that_happens_later_changes_what_was_known(tables):
    """The proof against leakage: take away every row after the day, and the columns stay as they are."""
    day = pd.Timestamp("2023-06-30")
    past = dict(tables)
    for name, column in (("orders", "date"), ("complaints", "date"), ("surveys", "date")):
        past[name] = tables[name][tables[name][column] <= day]
    past["orders"] = past["orders"].assign(
        delivered_date=past["orders"]["delivered_date"].where(past["orders"]["delivered_date"] <= day)
    )
    past["competitor_offers"] = tables["competitor_offers"][tables["competitor_offers"]["start_month"] <= day]
    reps = tables["sales_reps"]
    past["sales_reps"] = reps.assign(left=reps["left"].where(reps["left"] <= day))
    whole, known = make_snapshots(tables, [day], last_day=DAY), make_snapshots(past, [day], last_day=day)
    pd.testing.assert_frame_equal(whole.drop(columns="label_6m"), known.drop(columns="label_6m"))
    assert known["label_6m"].isna().all()
    assert whole["label_6m"].notna().all()
    assert len(whole) > 200


def test_the_label_is_the_rule_on_the_later_day(tables):
    seen = make_snapshots(tables, ["2024-06-30"], last_day=DAY).set_index("customer_id")
    firms = tables["customers"].query("nature != 'individual'").set_index("customer_id")["channel_role"]
    orders = tables["orders"].assign(role=tables["orders"]["customer_id"].map(firms)).dropna(subset="role")
    later = churn_label(orders, DAY, segment="role").set_index("customer_id")["churned"]
    assert (seen["label_6m"].astype(bool) == later[seen.index]).all()
    assert 0 < seen["label_6m"].mean() < 0.5


def test_a_customer_is_looked_up_by_hand(tables):
    row = make_snapshots(tables, ["2024-03-31"], last_day=DAY).iloc[3]
    day, mine = pd.Timestamp("2024-03-31"), tables["orders"].query("customer_id == @row.customer_id")
    past = mine[mine["date"] <= day]
    year = past[past["date"] > "2023-03-31"]
    assert row["days_since_last"] == (day - past["date"].max()).days
    assert row["freq_12m"] == len(year)
    lines = tables["order_lines"][tables["order_lines"]["order_id"].isin(year["order_id"])]
    assert row["spend_12m"] == pytest.approx((lines["qty"] * lines["unit_price"]).sum())
    due = mine[(mine["promised_date"] > "2023-03-31") & (mine["promised_date"] <= day)]
    late = ~(due["delivered_date"] <= due["promised_date"])
    assert row["late_share_12m"] == pytest.approx(late.mean())
    assert row["t_mean"] == pytest.approx((past["date"].max() - past["date"].min()).days / (len(past) - 1))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"as_of": []}, "as_of names no day"),
        (
            {"as_of": ["2024-06-30", "2025-01-31"]},
            "as_of has a day after last_day, 2025-01-31; give days up to",
        ),
        ({"months": 0}, "months must be a whole number, 1 or more, got 0"),
        ({"last_day": "soon"}, "last_day must be a day written YYYY-MM-DD"),
        ({"k": -1}, "k must be more than 0"),
    ],
)
def test_snapshots_that_make_no_sense_are_refused(tables, arguments, sentence):
    with pytest.raises(TableError, match=sentence):
        make_snapshots(tables, **{"as_of": ["2024-06-30"], "last_day": DAY} | arguments)


def test_a_missing_table_is_named(tables):
    with pytest.raises(TableError, match="make_snapshots needs the table surveys"):
        make_snapshots({n: t for n, t in tables.items() if n != "surveys"}, ["2024-06-30"], last_day=DAY)
