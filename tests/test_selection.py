"""Selecting customers: the worked examples of the curriculum, and every edge of the functions behind them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import casebook
from casebook import selection as sel
from casebook.errors import TableError

TEN = [50, 30, 6, 5, 4, 3, 2, -8, -12, -20]
SEGMENTS = pd.DataFrame(
    {"profit": [80, 60, 40], "potential": [70, 90, 80], "trend": [60, 80, 50]},
    index=["hotels", "schools", "households"],
)
SIX = pd.DataFrame(
    [(90, 80, 70, 80, 60, 70), (95, 30, 20, 40, 50, 35), (40, 90, 90, 80, 70, 80)],
    columns=sel.GOOD_CRITERIA,
    index=["C1", "C2", "C3"],
)


@pytest.fixture(scope="module")
def profit_2024() -> pd.Series:
    """Profit of the business accounts with an order in 2024."""
    business = casebook.load("customers").query("nature != 'individual'")["customer_id"]
    served = casebook.load("cost_to_serve").query("year == 2024").set_index("customer_id")["profit"]
    return served[served.index.isin(business)]


# SEL-01 ----------------------------------------------------------------------------------------------


def test_sel_01_three_profits_fall_into_three_classes():
    made = sel.value_class([900, 40, -30], large=500)
    assert made["value_class"].tolist() == ["positive-large", "positive-small", "negative"]
    assert made["reason"].tolist() == [
        "profit of 500 or more",
        "profit from 0 to below 500",
        "profit below zero",
    ]


def test_the_cut_itself_is_large_and_zero_is_small():
    assert sel.value_class([500, 499.99, 0, -0.01], large=500)["value_class"].tolist() == [
        "positive-large",
        "positive-small",
        "positive-small",
        "negative",
    ]


@pytest.mark.parametrize("large", [0, -5, math.inf, math.nan])
def test_a_large_profit_is_above_zero(large):
    with pytest.raises(TableError, match="large must be a profit above zero"):
        sel.value_class([1], large=large)


# SEL-02 ----------------------------------------------------------------------------------------------


def test_sel_02_ten_customers_are_sherdens_rule():
    rule = sel.sherden(TEN)
    assert rule.top_share_gross == 0.80
    assert rule.top_share_net == pytest.approx(4 / 3, abs=1e-12)
    assert rule.destroyed_ratio == 0.50
    assert rule.peak_pct == pytest.approx(1.6667, abs=5e-5)
    assert rule.peak_at == 0.70
    assert (rule.n, rule.n_top, rule.n_bottom, rule.gross, rule.net) == (10, 2, 3, 100, 60)


def test_the_whale_curve_climbs_to_its_peak_and_ends_at_the_profit():
    curve = sel.whale_curve(TEN)
    assert curve["cum_profit"].tolist() == [50, 80, 86, 91, 95, 98, 100, 92, 80, 60]
    assert curve["rank"].tolist() == list(range(1, 11))
    assert curve["cum_customers"].tolist() == pytest.approx([i / 10 for i in range(1, 11)])


def test_the_order_of_rows_changes_nothing_and_ties_stand_by_name():
    by_name = pd.Series({"b": 5.0, "a": 5.0, "c": 0.1, "d": -0.3, "e": 0.2})
    curve = sel.whale_curve(by_name)
    assert curve.index.tolist() == ["a", "b", "e", "c", "d"]
    assert curve["cum_profit"].iloc[-1] == 10.0  # exact: 0.1 + 0.2 - 0.3 leaves nothing
    pd.testing.assert_frame_equal(sel.whale_curve(by_name.sample(frac=1, random_state=1)), curve)


def test_a_profit_is_left_as_it_was():
    mine = pd.Series(TEN, name="mine")
    before = mine.copy()
    sel.whale_curve(mine)
    sel.sherden(mine)
    pd.testing.assert_series_equal(mine, before)


def test_the_worst_who_earn_destroy_nothing():
    rule = sel.sherden([10, 5, 1, 1])
    assert rule.destroyed_ratio == 0
    assert (rule.peak_pct, rule.peak_at) == (1.0, 1.0)


def test_without_a_profit_left_the_net_shares_are_missing():
    rule = sel.sherden([10, -4, -6])
    assert math.isnan(rule.top_share_net)
    assert math.isnan(rule.peak_pct)
    assert rule.destroyed_ratio == 0.6


@pytest.mark.parametrize(
    ("profit", "how", "said"),
    [
        ([], {}, "There is no customer"),
        ([-1, -2], {}, "No customer has a positive profit"),
        ([0, 0], {}, "No customer has a positive profit"),
        ([1, None], {}, "is missing on 1 row"),
        (["1", "2"], {}, "does not hold numbers"),
        ([True, False], {}, "not hold numbers|true and false"),
        (pd.DataFrame({"profit": [1]}), {}, "One column is needed"),
        (pd.Series([1, 2], index=["a", "a"]), {}, "'a' stands twice"),
        (TEN, {"top": 0.8, "bottom": 0.3}, "overlap"),
        (TEN, {"top": 20}, "top must be a share"),
        (TEN, {"bottom": 0}, "bottom must be a share"),
        (TEN, {"top": "0.2"}, "top must be a share"),
    ],
)
def test_sherden_refuses_what_makes_no_sense(profit, how, said):
    with pytest.raises(TableError, match=said):
        sel.sherden(profit, **how)


def test_sel_02_the_triple_is_planted_in_the_sample_company(profit_2024):
    rule = sel.sherden(profit_2024)
    assert rule.top_share_gross == pytest.approx(0.80, abs=0.02)
    assert rule.destroyed_ratio == pytest.approx(0.50, abs=0.005)
    assert rule.top_share_net > 1.2


def test_sel_02_the_triple_fails_in_a_sister_whose_costs_were_not_solved():
    from casebook.company import simulate

    sister = simulate(2025, solve_whale=False)
    business = sister["customers"].query("nature != 'individual'")["customer_id"]
    served = sister["cost_to_serve"].query("year == 2024")
    rule = sel.sherden(served[served["customer_id"].isin(business)]["profit"])
    assert rule.top_share_gross < 0.78
    assert rule.destroyed_ratio < 0.10


# SEL-03 ----------------------------------------------------------------------------------------------


def test_sel_03_one_of_five_brings_ninety_per_cent():
    assert sel.top_share([90, 4, 3, 2, 1]) == 0.90
    assert sel.customers_for_share([90, 4, 3, 2, 1]) == 1
    assert sel.top_share([20] * 5) == 0.20
    assert sel.customers_for_share([20] * 5) == 4


def test_sel_03_the_securities_firm_is_at_ninety():
    assert sel.top_share(casebook.load("securities_firm")["profit"]) == pytest.approx(0.90, abs=1e-9)


def test_the_number_of_the_best_is_rounded_up():
    assert sel.top_share([6, 3, 1], 0.2) == 0.6  # .6 of a customer is one
    assert sel.top_share(range(1, 11), 0.3) == pytest.approx(27 / 55)  # the computer's .3 of 10 is 3
    assert sel.top_share([1, 2], 1.0) == 1.0


def test_a_share_that_is_reached_exactly_is_reached():
    assert sel.customers_for_share([0.1] * 10, 0.8) == 8
    assert sel.customers_for_share([5, 3, 2], 0.5) == 1


@pytest.mark.parametrize("call", [sel.top_share, sel.customers_for_share, sel.hhi])
def test_a_loss_has_no_share_of_a_total(call):
    with pytest.raises(TableError, match=r"1 of 3 values are below zero \(first: 2 -1\).*Use sherden"):
        call([5, 2, -1])
    with pytest.raises(TableError, match="add up to zero"):
        call([0, 0])


# SEL-04 ----------------------------------------------------------------------------------------------


def test_sel_04_a_small_good_customer_ties_with_the_large_one():
    made = sel.good_customer_score(SIX)
    assert made["total"].tolist() == [75.0, 45.0, 75.0]
    assert made["weakest"].tolist() == ["teaches", "light", "buys"]
    assert made["weakest_score"].tolist() == [60, 20, 40]


def test_weights_count_and_need_not_add_to_one():
    doubled = sel.good_customer_score(SIX, [2, 0, 0, 0, 0, 0])
    assert doubled["total"].tolist() == [90, 95, 40]
    named = dict.fromkeys(sel.GOOD_CRITERIA, 0) | {"buys": 1}
    assert sel.good_customer_score(SIX, named)["total"].tolist() == [90, 95, 40]


@pytest.mark.parametrize(
    ("table", "weights", "said"),
    [
        (SIX.drop(columns="safe"), None, "no column 'safe'"),
        (SIX.assign(safe=[1, None, 2]), None, "'safe' is missing on 1 row"),
        (SIX.assign(light=[1, 2, 101]), None, "Score 101 in column 'light', row 'C3'"),
        (SIX.assign(light=[1, -2, 0]), None, "Score -2 in column 'light', row 'C2'"),
        (SIX, [1, 2], "6 weights are needed"),
        (SIX, [1, 1, 1, 1, 1, -1], "Weights must be 0 or more"),
        (SIX, [0] * 6, "Weights must be 0 or more"),
        (SIX, {"buys": 1}, "The weights name buys"),
        (SIX.assign(total=1), None, None),
    ],
)
def test_a_score_refuses_what_it_cannot_weigh(table, weights, said):
    if said is None:  # another column of that name is overwritten only if it is no criterion
        assert sel.good_customer_score(table, weights)["total"].tolist() == [75.0, 45.0, 75.0]
        return
    with pytest.raises(TableError, match=said):
        sel.good_customer_score(table, weights)


# SEL-05 ----------------------------------------------------------------------------------------------


@pytest.fixture
def signs():
    """Three customers whose flags are (0,0,1,1,1), (1,0,0,0,0) and (1,1,1,1,1)."""
    day = pd.Timestamp
    customers = pd.DataFrame(
        {
            "customer_id": ["K1", "K2", "K3"],
            "spend": [1_000.0, 97_000.0, 2_000.0],
            "profit": [-50.0, 9_000.0, -900.0],
            "misfit_share": [0.1, 0.3, 0.9],
            "off_strategy_share": [0.0, 0.29, 0.3],
        }
    )
    tickets = pd.DataFrame({"customer_id": ["K1", *["K2"] * 5, "K3", "K3"]})
    surveys = pd.DataFrame(
        {
            "customer_id": ["K1", "K1", "K2", "K3"],
            "date": [day("2023-12-31"), day("2024-06-30"), day("2024-06-30"), day("2024-06-30")],
            "csat": [5, 2, 1, 1],
        }
    )
    complaints = pd.DataFrame(
        {
            "customer_id": ["K1", "K1", "K2", "K2", "K3", "K3"],
            "closed": [day("2024-01-05"), day("2024-03-01"), day("2024-01-05"), pd.NaT,
                       day("2024-01-05"), day("2024-02-01")],
        }
    )  # fmt: skip
    return customers, tickets, surveys, complaints


def test_sel_05_three_flags_ask_for_a_review_and_dismiss_nobody(signs):
    made = sel.bad_flags(*signs)
    flags = made[["misfit", "off_strategy", "buys_little", "demanding", "never_satisfied"]].astype(int)
    assert flags.values.tolist() == [[0, 0, 1, 1, 1], [1, 0, 0, 0, 0], [1, 1, 1, 1, 1]]
    assert made["n_flags"].tolist() == [3, 1, 5]
    assert made["verdict"].tolist() == ["review", "keep", "review"]
    assert made["reason"][1] == "misfit"
    assert set(made["verdict"]) <= {"review", "keep"}


def test_an_answer_before_the_second_complaint_was_closed_proves_nothing(signs):
    customers, tickets, surveys, complaints = signs
    early = surveys.assign(date=surveys["date"] - pd.DateOffset(months=5))
    assert not sel.bad_flags(customers, tickets, early, complaints)["never_satisfied"].any()


def test_only_the_last_answer_counts(signs):
    customers, tickets, surveys, complaints = signs
    happy = pd.DataFrame({"customer_id": ["K3"], "date": [pd.Timestamp("2024-12-31")], "csat": [4]})
    made = sel.bad_flags(customers, tickets, pd.concat([happy, surveys]), complaints)
    assert made["never_satisfied"].tolist() == [True, False, False]


def test_a_rule_can_be_changed_and_an_unknown_one_is_named(signs):
    assert sel.bad_flags(*signs, rules={"misfit_share": 0.95})["misfit"].sum() == 0
    assert sel.bad_flags(*signs, review_at=1)["verdict"].tolist() == ["review"] * 3
    with pytest.raises(TableError, match="There is no rule 'misfits'; the rules are misfit_share"):
        sel.bad_flags(*signs, rules={"misfits": 0.5})


def test_flags_do_not_hang_on_the_order_of_rows_and_leave_the_tables_alone(signs):
    kept = [table.copy(deep=True) for table in signs]
    turned = sel.bad_flags(*[table[::-1] for table in signs])
    pd.testing.assert_frame_equal(turned[::-1], sel.bad_flags(*signs))
    for table, before in zip(signs, kept, strict=True):
        pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("customer_id", ["K1", "K1", "K3"], "names 'K1' more than once"),
        ("spend", [1, None, 3], "'spend' is missing on 1 row .customer_id=K2"),
        ("customer_id", ["K1", None, "K3"], "'customer_id' is missing"),
    ],
)
def test_a_gap_or_a_double_is_named(signs, column, value, said):
    customers, *others = signs
    with pytest.raises(TableError, match=said):
        sel.bad_flags(customers.assign(**{column: value}), *others)


# SEL-06 ----------------------------------------------------------------------------------------------


def test_sel_06_three_shares_make_an_effective_number():
    assert sel.hhi([0.5, 0.3, 0.2]) == pytest.approx(0.38, abs=1e-12)
    assert 1 / sel.hhi([0.5, 0.3, 0.2]) == pytest.approx(2.63, abs=0.005)
    assert sel.hhi([500, 300, 200]) == pytest.approx(0.38, abs=1e-12)
    assert sel.hhi([7]) == 1.0
    assert sel.hhi([3] * 8) == pytest.approx(1 / 8)


def large(**changed) -> pd.DataFrame:
    table = {
        "customer_id": ["A", "B", "C"],
        "revenue": [500_000.0, 300_000.0, 200_000.0],
        "list_value": [500_000.0, 375_000.0, 200_000.0],
        "overdue": [0.0, 0.0, 20_000.0],
        "receivable": [100_000.0, 80_000.0, 20_000.0],
        "hours": [0.0, 1.0, 30.0],
        "p_leave": [0.1, 0.0, 0.0],
    }
    return pd.DataFrame({**table, **changed})


def test_sel_06_the_four_risks_have_four_totals():
    made = sel.large_customer_risk(large())
    assert made["revenue_at_risk"].tolist() == [50_000, 0, 0]  # half of 1,000 thousand, one in ten
    assert made["churn"].tolist() == pytest.approx([0.05, 0, 0])
    assert made["profit"].tolist() == pytest.approx([0, 0.2, 0])
    assert made["financial"].tolist() == pytest.approx([0, 0, 0.1])
    assert made["management"].tolist() == pytest.approx([0, 1 / 31, 30 / 31])
    assert made["risky"].tolist() == [True, True, True]
    assert made["reason"][2] == "financial 10.0% (high from 5.0%); management 96.8% (high from 5.0%)"


def test_a_risk_is_high_from_its_limit_on():
    calm = dict.fromkeys(("financial", "profit", "management", "churn"), 1.0)
    assert not sel.large_customer_risk(large(), limits=calm)["risky"].any()
    assert sel.large_customer_risk(large(), limits={**calm, "financial": 0.1})["risky"].tolist() == [
        False,
        False,
        True,
    ]


def test_where_nobody_owes_and_nobody_calls_there_is_no_risk():
    made = sel.large_customer_risk(large(overdue=[0.0] * 3, receivable=[0.0] * 3, hours=[0.0] * 3))
    assert made[["financial", "management"]].to_numpy().sum() == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"p_leave": [0.1, 1.2, 0]}, "'p_leave' is 1.2 for customer_id=B: it must be from 0 to 1"),
        ({"hours": [0, 0, -1]}, "'hours' is -1 for customer_id=C: it must be 0 or more"),
        ({"customer_id": ["A", "A", "C"]}, "names 'A' more than once"),
        ({"revenue": [1, np.nan, 2]}, "'revenue' is missing on 1 row"),
    ],
)
def test_a_risk_refuses_impossible_numbers(changed, said):
    with pytest.raises(TableError, match=said):
        sel.large_customer_risk(large(**changed))


# SEL-07 ----------------------------------------------------------------------------------------------


def test_sel_07_a_small_customer_overtakes_in_the_second_year():
    assert sel.years_to_overtake(45, 0.5, 98, -0.02) == 2


@pytest.mark.parametrize(
    ("numbers", "years"),
    [
        ((100, 0.0, 100, 0.0), None),  # never *larger*
        ((101, -0.5, 100, 0.5), 0),
        ((50, 0.0, 100, -0.5), 2),  # equal after one year
        ((50, 1.0, 100, 0.0), 2),
        ((50, 0.1, 100, 0.1), None),
        ((50, 0.1, 100, 0.2), None),
        ((1, 0.01, 1000, 0.0), 695),
    ],
)
def test_equal_is_not_larger_and_never_is_no_number(numbers, years):
    assert sel.years_to_overtake(*numbers) == years


def test_growth_of_a_hundred_per_cent_down_is_refused():
    with pytest.raises(TableError, match="g_large must be a growth above -1"):
        sel.years_to_overtake(1, 0.1, 2, -1)
    with pytest.raises(TableError, match="small must be sales above zero"):
        sel.years_to_overtake(0, 0.1, 2, 0)


# SEL-08 ----------------------------------------------------------------------------------------------


def test_sel_08_hotels_and_schools_reach_the_cut():
    made = sel.segment_score(SEGMENTS)
    assert made["attractiveness"].tolist() == [71.0, 75.0, 55.0]
    assert made["target"].tolist() == [True, True, False]
    assert made["reason"].tolist() == ["reaches 70", "reaches 70", "attractiveness below 70"]


def test_an_attractive_segment_that_does_not_suit_us_is_no_target():
    made = sel.segment_score(SEGMENTS.assign(suits=[69, 70, 90]), fit="suits")
    assert made["target"].tolist() == [False, True, False]
    assert made["reason"].tolist() == [
        "attractive, but fit below 70",
        "reaches 70",
        "attractiveness below 70",
    ]
    poor = sel.segment_score(SEGMENTS.assign(suits=10), fit="suits", cut=72)["reason"]
    assert poor.tolist()[0] == "attractiveness and fit below 72"


def test_a_segment_scored_beyond_a_hundred_is_refused():
    with pytest.raises(TableError, match="Score 120 in column 'trend'"):
        sel.segment_score(SEGMENTS.assign(trend=[1, 2, 120]))


# Weights that shake -----------------------------------------------------------------------------------


def test_a_segment_near_the_cut_wavers_and_the_others_do_not():
    made = sel.weight_stability(SEGMENTS, (0.4, 0.3, 0.3), cut=70, seed=1)
    assert made.index.tolist() == ["schools", "hotels", "households"]
    assert made["p_chosen"]["schools"] == 1
    assert 0.9 < made["p_chosen"]["hotels"] < 1
    assert made["p_chosen"]["households"] == 0
    assert made["stable"]["households"] == 1


def test_weights_that_do_not_move_change_nothing():
    made = sel.weight_stability(SEGMENTS, (0.4, 0.3, 0.3), cut=70, change=0, draws=3)
    assert made["stable"].tolist() == [1, 1, 1]
    assert made["score"].tolist() == [75, 71, 55]


def test_the_best_two_are_two_in_every_draw():
    scores = pd.DataFrame(np.random.default_rng(4).uniform(0, 100, (30, 4)), columns=list("abcd"))
    made = sel.weight_stability(scores, top=7, draws=200, seed=2)
    assert made["p_chosen"].sum() == pytest.approx(7)
    assert made["chosen"].sum() == 7
    assert made["chosen"].tolist() == [True] * 7 + [False] * 23
    np.testing.assert_array_equal(
        made["p_chosen"], sel.weight_stability(scores, top=7, draws=200, seed=2)["p_chosen"]
    )


def test_one_criterion_leaves_nothing_to_shake():
    made = sel.weight_stability(SEGMENTS, [1], criteria=["trend"], top=1)
    assert made["stable"].tolist() == [1, 1, 1]
    assert made.index[0] == "schools"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({}, "Name either top"),
        ({"top": 1, "cut": 3}, "Name either top"),
        ({"top": 4}, "top must be from 1 to 3"),
        ({"cut": 70, "change": 1}, "change must be a share from 0 to below 1"),
        ({"cut": 70, "draws": 0}, "draws must be 1 or more"),
        ({"cut": 70, "weights": [1, 1]}, "3 weights are needed"),
    ],
)
def test_stability_refuses_what_makes_no_sense(how, said):
    with pytest.raises(TableError, match=said):
        sel.weight_stability(SEGMENTS, **how)


# SEL-15 and SEL-16 -------------------------------------------------------------------------------------


def test_sel_15_five_of_seven_factors_are_filled():
    notes = dict.fromkeys(sel.FACTORS, "known")
    notes["competitors"], notes["cost and resources"] = " ", ""
    sheet = sel.factor_sheet(notes)
    assert sheet.completeness == pytest.approx(0.714, abs=0.0005)
    assert sheet.missing == ["competitors", "cost and resources"]
    assert sheet.table["factor"].tolist() == list(sel.FACTORS)
    assert sheet.table["weight"].sum() == pytest.approx(1)


def test_an_unknown_factor_is_named_with_the_seven():
    with pytest.raises(TableError, match="'weather' is not one of the seven factors: nature of the product"):
        sel.factor_sheet({"weather": "wet"})
    with pytest.raises(TableError, match="Weights must be 0 or more"):
        sel.factor_sheet({}, weights={"competitors": -1})
    assert sel.factor_sheet({}).completeness == 0


def test_sel_16_two_of_four_fields_are_half_a_profile():
    people = pd.DataFrame(
        {
            "nature": ["retailer", "consumer"],
            "place": ["Hangzhou", "Ningbo"],
            "size": [120, None],
            "trade": [" ", None],
            "age": [None, 41], "occupation": [None, "nurse"], "class": [None, "x"], "hobbies": [None, "tea"],
        }
    )  # fmt: skip
    made = sel.profile_completeness(people)
    assert made["filled"].tolist() == [0.5, 1.0]
    assert made["missing"].tolist() == ["strength, trade", ""]


def test_a_kind_without_a_checklist_is_named():
    with pytest.raises(TableError, match="holds 'bank' in row 1"):
        sel.profile_completeness(pd.DataFrame({"nature": ["dealer", "bank"]}))
    own = sel.profile_completeness(pd.DataFrame({"nature": ["bank"]}), checklist={"bank": ["branches"]})
    assert own["filled"].tolist() == [0.0]


# Who the losers are -------------------------------------------------------------------------------------


def test_the_largest_group_comes_first_and_losers_are_counted():
    accounts = pd.DataFrame(
        {"revenue": [10, 90, 20, 40, 40], "profit": [-1.5, -8.25, 0, 4, -2]}, index=list("eabdc")
    )
    made = sel.loss_by_size(accounts, groups=2)
    assert made["accounts"].tolist() == [3, 2]
    assert made["losing"].tolist() == [2, 1]  # a profit of zero is no loss
    assert made["loss"].tolist() == [-10.25, -1.5]
    assert made["size_share"].tolist() == [0.85, 0.15]
    pd.testing.assert_frame_equal(sel.loss_by_size(accounts[::-1], groups=2), made)
    with pytest.raises(TableError, match="groups must be from 1 to 5"):
        sel.loss_by_size(accounts, groups=6)
