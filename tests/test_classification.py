"""ABC, tiers, concentration, stability and visits: hand-worked cases, and what must always hold."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import classification as cls
from casebook.errors import TableError

#: Amounts of money with two decimals, none zero.
cents = st.lists(st.integers(1, 10**9), min_size=1, max_size=40)


@pytest.fixture
def six():
    return pd.DataFrame({"customer": list("PQRSTU"), "revenue": [500, 250, 120, 70, 40, 20]})


def classes(table, value="revenue", key="customer", **options):
    ranked = cls.abc(table, value, key, **options)
    return dict(zip(ranked[key], ranked["abc_value"], strict=True))


# ABC-01


def test_the_customer_who_crosses_a_cut_keeps_the_better_class(six):
    ranked = cls.abc(six, "revenue")
    assert ranked["cum_share"].tolist() == [0.5, 0.75, 0.87, 0.94, 0.98, 1.0]
    assert ranked["abc_value"].tolist() == list("AAABBC")


def test_inclusive_sends_the_crossing_customer_down(six):
    assert cls.abc(six, "revenue", boundary="inclusive")["abc_value"].tolist() == list("AABBCC")


def test_70_90_is_as_easy_to_ask_for(six):
    assert cls.abc(six, "revenue", cuts=(0.7, 0.9))["abc_value"].tolist() == list("AABBCC")


@pytest.mark.parametrize(("boundary", "expected"), [("crossing", "ABC"), ("inclusive", "ABC")])
def test_a_running_share_exactly_at_the_cut_is_decided_exactly(boundary, expected):
    table = pd.DataFrame({"customer": list("xyz"), "revenue": [0.8, 0.15, 0.05]})
    assert "".join(cls.abc(table, "revenue", boundary=boundary)["abc_value"]) == expected


def test_a_single_giant_is_a_when_crossing_and_leaves_a_empty_when_inclusive():
    table = pd.DataFrame({"customer": ["giant", "dwarf"], "revenue": [99, 1]})
    assert classes(table) == {"giant": "A", "dwarf": "C"}
    assert classes(table, boundary="inclusive") == {"giant": "C", "dwarf": "C"}


def test_ties_are_settled_by_name_whatever_the_order_of_rows():
    table = pd.DataFrame({"customer": list("dcba"), "revenue": [25, 25, 25, 25]})
    expected = {"a": "A", "b": "A", "c": "A", "d": "A"}
    assert classes(table, cuts=(0.8, 0.95)) == expected
    assert classes(table, cuts=(0.5, 0.75)) == {"a": "A", "b": "A", "c": "B", "d": "C"}
    assert classes(table.iloc[::-1], cuts=(0.5, 0.75)) == {"a": "A", "b": "A", "c": "B", "d": "C"}


def test_the_other_columns_come_along_and_the_input_is_left_alone(six):
    before = six.copy(deep=True)
    ranked = cls.abc(six.assign(city="Hangzhou").sample(frac=1, random_state=3), "revenue", "customer")
    assert list(ranked.columns) == [
        "customer",
        "revenue",
        "city",
        "share",
        "cum_share",
        "abc_value",
        "reason",
    ]
    assert ranked["customer"].tolist() == list("PQRSTU")
    pd.testing.assert_frame_equal(six, before)


def test_rows_of_the_same_customer_are_added_up_first():
    lines = pd.DataFrame({"customer": list("xyxz"), "money": [10.10, 70.0, 9.90, 10.0]})
    ranked = cls.abc(lines, "money", "customer")
    assert ranked["customer"].tolist() == ["y", "x", "z"]
    assert ranked["money"].tolist() == [70.0, 20.0, 10.0]


def test_the_reason_says_which_side_of_which_cut(six):
    reasons = cls.abc(six, "revenue").drop_duplicates("abc_value")["reason"].tolist()
    assert reasons == [
        "starts below 80% of the total",
        "starts from 80% to below 95%",
        "starts at 95% or above",
    ]


# Zero, negative and missing values


def test_a_customer_without_value_is_refused_by_name(six):
    table = pd.concat([six, pd.DataFrame({"customer": ["V", "W"], "revenue": [0, -3]})])
    with pytest.raises(TableError, match=r"2 of 8 rows .*customer=V revenue=0.*on_nonpositive='apart'"):
        cls.abc(table, "revenue", "customer")


def test_apart_lists_them_below_without_class_and_says_why(six):
    table = pd.concat([pd.DataFrame({"customer": ["V", "W"], "revenue": [-3, 0]}), six])
    ranked = cls.abc(table, "revenue", "customer", on_nonpositive="apart")
    assert ranked["customer"].tolist() == [*"PQRSTU", "W", "V"]
    assert ranked["abc_value"].tolist()[:6] == list("AAABBC")
    assert ranked["abc_value"].isna().tolist() == [False] * 6 + [True] * 2
    assert ranked["share"].isna().tolist() == [False] * 6 + [True] * 2
    assert ranked["reason"].tolist()[6:] == ["value exactly zero", "value below zero"]
    assert ranked["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize("gap", [None, float("nan"), pd.NA])
def test_a_missing_value_is_refused_even_apart(six, gap):
    table = six.astype({"revenue": "Float64"})
    table.loc[2, "revenue"] = gap
    with pytest.raises(TableError, match=r"missing on 1 row .*customer=R"):
        cls.abc(table, "revenue", "customer", on_nonpositive="apart")


def test_nothing_positive_is_an_error(six):
    with pytest.raises(TableError, match="No value in column 'revenue' is positive"):
        cls.abc(six.assign(revenue=0), "revenue", on_nonpositive="apart")


@pytest.mark.parametrize("cuts", [(0.95, 0.80), (0.0, 0.9), (0.8, 1.0), (0.8,), (0.8, 0.8)])
def test_cuts_that_do_not_rise_are_named(six, cuts):
    with pytest.raises(TableError, match="rise between 0 and 1"):
        cls.abc(six, "revenue", cuts=cuts)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: cls.abc(t, "revenu"), "Did you mean 'revenue'"),
        (lambda t: cls.abc(t, "customer"), "does not hold numbers"),
        (lambda t: cls.abc(t, "revenue", boundary="below"), "boundary must be 'crossing' or 'inclusive'"),
        (lambda t: cls.abc(t, "revenue", on_nonpositive="drop"), "on_nonpositive must be"),
        (lambda _: cls.abc([1, 2], "revenue"), "list cannot be used"),
        (lambda t: cls.abc(t.assign(revenue=float("inf")), "revenue"), "infinite"),
        (lambda t: cls.abc(t.assign(revenue=2**62), "revenue"), "too large to be added exactly"),
        (
            lambda t: cls.abc(t.assign(customer=None), "revenue", "customer"),
            "'customer' is missing on 6 rows",
        ),
        (lambda t: cls.customer_value(t, "customer"), "Name the amount column"),
        (lambda t: cls.customer_value(t, "customer", amount="revenue", qty="revenue"), "not all of them"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(six, call, message):
    with pytest.raises(TableError, match=message):
        call(six)


# Money is added exactly


def test_a_balance_of_exactly_zero_is_zero_in_any_order():
    lines = pd.DataFrame(
        {"customer": ["Ada"] * 3 + ["Bo"], "qty": [1, 2, -1, 1], "price": [0.1, 0.1, 0.3, 5.0]}
    )
    for seed in range(5):
        shuffled = lines.sample(frac=1, random_state=seed)
        value = cls.customer_value(shuffled, "customer", qty="qty", unit_price="price")
        assert value["value"].tolist() == [0.0, 5.0]


def test_decimals_are_taken_as_they_are():
    table = pd.DataFrame(
        {"customer": ["a", "b", "a"], "money": [Decimal("0.10"), Decimal("3"), Decimal("0.20")]}
    )
    assert cls.customer_value(table, "customer", amount="money")["value"].tolist() == [0.3, 3.0]


def test_quantities_and_prices_with_decimals_multiply_exactly():
    table = pd.DataFrame({"customer": ["a", "a"], "kg": [0.125, 2.5], "price": [3.333, 0.07]})
    total = cls.customer_value(table, "customer", qty="kg", unit_price="price")["value"].iloc[0]
    assert total == float(Decimal("0.125") * Decimal("3.333") + Decimal("2.5") * Decimal("0.07"))


@given(cents, st.randoms(use_true_random=False), st.sampled_from(["crossing", "inclusive"]))
def test_the_order_of_rows_never_changes_a_class(values, random, boundary):
    table = pd.DataFrame(
        {"customer": [f"c{i:03}" for i in range(len(values))], "revenue": np.array(values) / 100}
    )
    shuffled = table.sample(frac=1, random_state=random.randrange(2**31))
    assert classes(table, boundary=boundary) == classes(shuffled, boundary=boundary)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(-(10**7), 10**7)), min_size=1, max_size=60),
    st.randoms(use_true_random=False),
)
def test_the_order_of_lines_never_changes_a_sum(lines, random):
    table = pd.DataFrame(lines, columns=["customer", "cents"]).assign(money=lambda t: t["cents"] / 100)
    shuffled = table.sample(frac=1, random_state=random.randrange(2**31))
    exact = (table.groupby("customer")["cents"].sum() / 100).tolist()
    assert cls.customer_value(table, "customer", amount="money")["value"].tolist() == exact
    assert cls.customer_value(shuffled, "customer", amount="money")["value"].tolist() == exact


@given(cents, st.sampled_from([0.001, 0.01, 0.07, 7, 1000, 2**20, 1 / 3]))
def test_the_scale_of_values_never_changes_a_class(values, scale):
    table = pd.DataFrame({"customer": [f"c{i:03}" for i in range(len(values))], "revenue": values})
    scaled = table.assign(revenue=table["revenue"] * scale)
    # a third has no last decimal: whoever sits within rounding of a cut may fall on either side
    at_a_cut = any(abs(s - c) < 1e-12 for s in cls.abc(table, "revenue")["cum_share"] for c in (0.8, 0.95))
    if scale != 1 / 3 or not at_a_cut:
        assert classes(table) == classes(scaled)


@given(cents, st.tuples(st.floats(0.05, 0.6), st.floats(0.61, 0.97)))
def test_shares_sum_to_one_and_the_classes_bracket_the_cuts(values, cuts):
    table = pd.DataFrame({"customer": range(len(values)), "revenue": values})
    crossing = cls.abc(table, "revenue", "customer", cuts=cuts)
    assert crossing["share"].sum() == pytest.approx(1, abs=1e-12)
    assert crossing["cum_share"].iloc[-1] == 1
    for cut, better in zip(cuts, ("A", "AB"), strict=True):
        inside = crossing[crossing["abc_value"].isin(list(better))]
        assert inside["share"].sum() >= cut - 1e-12
        assert inside["share"].sum() - inside["share"].iloc[-1] < cut + 1e-12
        below = cls.abc(table, "revenue", "customer", cuts=cuts, boundary="inclusive")
        assert below[below["abc_value"].isin(list(better))]["share"].sum() <= cut + 1e-12


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_estimates_with_any_digits_can_be_classified_whatever_their_order(values, random):
    table = pd.DataFrame({"customer": [f"c{i:03}" for i in range(len(values))], "revenue": values})
    shuffled = table.sample(frac=1, random_state=random.randrange(2**31))
    assert classes(table) == classes(shuffled)
    assert set(classes(table).values()) <= {"A", "B", "C"}


# The table under the chart


def test_the_summary_counts_and_adds_up(six):
    summary = cls.abc_summary(cls.abc(six, "revenue"), "revenue")
    assert summary["customers"].tolist() == [3, 2, 1]
    assert summary["value"].tolist() == [870, 110, 20]
    assert summary["value_share"].round(4).tolist() == [0.87, 0.11, 0.02]


def test_an_empty_class_stands_in_the_summary_with_zero(six):
    giant = cls.abc(six.head(1), "revenue", boundary="inclusive")
    assert cls.abc_summary(giant, "revenue")["customers"].tolist() == [0, 0, 1]


# ABC-02 to ABC-06


def test_high_potential_lifts_a_class_and_low_lowers_a_to_b():
    table = pd.DataFrame(
        [
            ("B", "high"),
            ("A", "low"),
            ("C", "medium"),
            ("C", "high"),
            ("A", "high"),
            ("B", "low"),
            ("C", "low"),
        ],
        columns=["abc_value", "potential"],
    )
    assert cls.abc_potential(table)["priority"].tolist() == list("ABCBABC")


@pytest.mark.parametrize(("column", "word"), [("abc_value", "D"), ("potential", "huge"), ("potential", None)])
def test_another_word_in_the_matrix_is_named_with_its_row(column, word):
    table = pd.DataFrame({"abc_value": ["A", "B"], "potential": ["high", "low"]}, index=["Ada", "Bo"])
    table.loc["Bo", column] = word
    with pytest.raises(TableError, match="row 'Bo'"):
        cls.abc_potential(table)


@pytest.mark.parametrize(
    ("n", "shares", "sizes"),
    [
        (100, cls.CURRY, [1, 4, 15, 80]),
        (100, cls.SU_CHAOHUI, [1, 19, 30, 50]),
        (20, cls.CURRY, [1, 0, 3, 16]),
        (100, (0.1, 0.2, 0.3, 0.4), [10, 20, 30, 40]),
        (1, cls.CURRY, [1, 0, 0, 0]),
    ],
)
def test_tiers_count_heads_and_round_up_cumulatively(n, shares, sizes):
    table = pd.DataFrame({"customer": range(n), "revenue": np.arange(n, 0, -1) - 3.0})
    tier = cls.tiers(table.sample(frac=1, random_state=1), "revenue", "customer", shares=shares)["tier"]
    assert [int((tier == name).sum()) for name in cls.TIER_NAMES] == sizes
    assert tier.tolist() == sorted(tier, key=cls.TIER_NAMES.index)


def test_tier_shares_that_do_not_add_to_one_are_refused(six):
    with pytest.raises(TableError, match="add to 1"):
        cls.tiers(six, "revenue", shares=(0.1, 0.2, 0.3, 0.3))


def test_there_are_seven_steps():
    assert len(cls.ABC_STEPS) == 7


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((10, 20, 70), 0.4),
        ((1, 2, 3), 0.2222),
        ((1.5, 1.5, 3), 0.1667),
        ((1, 2, 2, 3), 0.1875),
        ((1, 2, 3, 4), 0.25),
        ((0, 0, 0, 1), 0.75),
        ((5, 5, 5), 0.0),
        ([100] * 50 + [200] * 25 + [300] * 100 + [400] * 25, 0.2125),
        ([100] * 50 + [200] * 25 + [300] * 75 + [400] * 25, 0.23529),
    ],
)
def test_gini_equals_published_figures(values, expected):
    assert cls.gini(values) == pytest.approx(expected, abs=5e-5)


def test_the_lorenz_curve_goes_through_the_published_points():
    curve = cls.lorenz([100] * 50 + [200] * 25 + [300] * 100 + [400] * 25).set_index("customer_share")
    for at, share in ((0, 0), (0.25, 0.10), (0.375, 0.20), (0.875, 0.80), (1, 1)):
        assert curve.loc[at, "value_share"] == pytest.approx(share)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=50).filter(any))
def test_gini_is_twice_the_area_between_the_curve_and_the_diagonal(values):
    curve = cls.lorenz(values)
    area = np.trapezoid(curve["value_share"], curve["customer_share"])
    assert cls.gini(values) == pytest.approx(1 - 2 * area, abs=1e-9)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, -2], "whale curve"),
        ([0, 0], "All values are zero"),
        ([1, None], "without gaps"),
        ([], "without gaps"),
    ],
)
def test_gini_refuses_what_it_cannot_measure(values, message):
    with pytest.raises(TableError, match=message):
        cls.gini(values)


def test_stability_is_certain_for_a_giant_and_the_same_for_the_same_seed():
    orders = pd.DataFrame({"who": ["giant"] * 50 + ["b", "c"], "money": [100.0] * 50 + [60.0, 40.0]})
    once, again = (cls.class_stability(orders, "money", "who", B=50, seed=s) for s in (7, 7))
    pd.testing.assert_frame_equal(once, again)
    giant = once.iloc[0]
    assert (giant["who"], giant["abc_value"], giant["stable"]) == ("giant", "A", 1.0)
    assert not once.equals(cls.class_stability(orders, "money", "who", B=50, seed=8))


def test_the_shares_of_the_draws_sum_to_one_and_an_order_may_be_missed():
    orders = pd.DataFrame({"who": list("aabbc"), "money": [5.0, 5.0, 4.0, 4.0, 2.0]})
    result = cls.class_stability(orders, "money", "who", B=4000, seed=1)
    assert result[["p_A", "p_B", "p_C", "p_none"]].sum(axis=1).tolist() == pytest.approx([1, 1, 1])
    missed = (4 / 5) ** 5  # c has one of five orders
    assert result.set_index("who").loc["c", "p_none"] == pytest.approx(
        missed, abs=4 * (missed * (1 - missed) / 4000) ** 0.5
    )


def test_one_row_a_customer_means_that_customers_are_drawn():
    table = pd.DataFrame({"who": range(40), "money": np.linspace(100, 1, 40)})
    result = cls.class_stability(table, "money", "who", B=300)
    assert (result["p_none"] == 0).all()
    assert result["stable"].iloc[0] == 1.0
    at_the_cut = result.index[result["abc_value"] == "A"].max()
    assert 0.2 < result.loc[at_the_cut, "stable"] < 0.95


def test_customers_without_balance_are_not_in_the_stability_table():
    orders = pd.DataFrame({"who": list("aabbc"), "money": [5.0, 5.0, 4.0, -4.0, 2.0]})
    assert cls.class_stability(orders, "money", "who", B=10)["who"].tolist() == ["a", "c"]


def test_visits_go_to_the_best_class_first_and_the_rest_to_the_phone():
    plan = cls.visit_plan({"A": 10, "B": 30, "C": 100}, {"A": 12, "B": 4, "C": 1}, 300)
    assert plan["visits_wanted"].sum() == 340
    assert plan["visits_given"].tolist() == [120, 120, 60]
    assert plan["shortfall"].tolist() == [0, 0, 40]
    assert plan["by_phone"].tolist() == [0, 0, 40]


@given(st.tuples(*[st.integers(0, 500)] * 3), st.tuples(*[st.integers(0, 24)] * 3), st.integers(0, 5000))
@settings(max_examples=60)
def test_a_visit_plan_never_gives_more_than_there_is(counts, freq, capacity):
    plan = cls.visit_plan(
        dict(zip("ABC", counts, strict=True)), dict(zip("ABC", freq, strict=True)), capacity
    )
    assert plan["visits_given"].sum() == min(capacity, plan["visits_wanted"].sum())
    assert (plan["by_phone"] <= plan["customers"]).all()
    assert (plan["visits_wanted"] - plan["visits_given"] == plan["shortfall"]).all()


def test_a_visit_plan_for_other_classes_is_refused():
    with pytest.raises(TableError, match="same classes"):
        cls.visit_plan({"A": 1}, {"B": 1}, 3)
    with pytest.raises(TableError, match="negative"):
        cls.visit_plan({"A": -1}, {"A": 1}, 3)
