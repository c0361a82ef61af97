"""Who matters, and how sure are we? The worked examples of IDN-01 to IDN-09, their edges, the refusals."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

import casebook
from casebook import classification as cls
from casebook import identification as idn
from casebook.errors import TableError

ENGINES = {"pandas": lambda t: t, "polars": pl.from_pandas, "lazy": lambda t: pl.from_pandas(t).lazy()}
ENGINES["duckdb"] = duckdb.from_df
each_engine = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES.keys())


# IDN-01: the four questions ---------------------------------------------------------------------------


@pytest.fixture
def three() -> tuple[pd.DataFrame, pd.DataFrame]:
    orders = pd.DataFrame({"customer_id": list("abca"), "amount": [50.0, 30.0, 10.0, 10.0]})
    people = pd.DataFrame(
        {"customer_id": list("abcz"), "channel_role": ["retailer", "distributor", "end_user", "retailer"]}
    )
    return orders, people


@each_engine
def test_idn_01_revenue_by_channel_role(three, engine):
    orders, people = three
    table = idn.revenue_by(engine(orders), people)
    assert table.to_dict("list") == {
        "channel_role": ["retailer", "distributor", "end_user"],
        "customers": [1, 1, 1],
        "value": [60.0, 30.0, 10.0],
        "share": [0.6, 0.3, 0.1],
    }


def test_idn_01_equal_groups_stand_in_the_order_of_their_names(three):
    orders, people = three
    same = orders.assign(amount=[5.0, 10.0, 10.0, 5.0])
    assert idn.revenue_by(same, people)["channel_role"].tolist() == ["distributor", "end_user", "retailer"]


def test_idn_01_a_group_is_added_exactly(three):
    _, people = three
    orders = pd.DataFrame({"customer_id": ["a", "b", "b", "b"], "amount": [5.0, 0.1, 0.2, -0.3]})
    assert idn.revenue_by(orders, people)["value"].tolist() == [5.0, 0.0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda o, p: (o, p.iloc[1:]), "'a' has orders but is not in the table of customers"),
        (lambda o, p: (o, pd.concat([p, p])), "names 'a' more than once"),
        (lambda o, p: (o, p.assign(channel_role=None)), "'channel_role' is missing on 4 rows"),
        (lambda o, p: (o.assign(amount=0.0), p), "not positive"),
        (lambda o, p: (o.drop(columns="amount"), p), "no column 'amount'"),
    ],
)
def test_idn_01_what_revenue_by_refuses(three, change, said):
    with pytest.raises(TableError, match=said):
        idn.revenue_by(*change(*three))


def test_idn_01_who_decides_in_a_hotel_is_not_who_pays():
    people = pd.DataFrame({"industry": ["hotel", "online_shop"], "channel_role": ["end_user", "retailer"]})
    table = idn.who_table(people)
    hotel = table.iloc[0]
    assert [hotel[c] for c in ("payer", "decider", "beneficiary")] == [
        "hotel group",
        "engineering manager",
        "guests",
    ]
    assert table["decider_differs"].tolist() == [True, False]
    assert table["position"].tolist() == ["consumer", "terminal"]
    assert table["reason"].tolist() == ["engineering manager decides, hotel group pays", "who pays decides"]


def test_idn_01_every_customer_of_the_company_has_an_answer():
    table = idn.who_table(casebook.load("customers"))
    assert table[["payer", "decider", "beneficiary", "position"]].notna().all(axis=None)


def test_idn_01_an_unknown_trade_is_named():
    with pytest.raises(TableError, match="'industry' holds 'casino' in row 7"):
        idn.who_table(pd.DataFrame({"industry": ["casino"], "channel_role": ["end_user"]}, index=[7]))


# IDN-02: the six C's ----------------------------------------------------------------------------------

FIRM = pd.DataFrame([[80, 70, 60, 50, 75, 85]], columns=idn.SIX_C)


def test_idn_02_equal_weights_and_the_weakest():
    table = idn.six_c(FIRM)
    assert table["six_c_total"].tolist() == [70.0]
    assert table["weakest"].tolist() == ["collateral"]
    assert table["reason"].tolist() == ["collateral is lowest, 50 points"]


def test_idn_02_a_red_flag_is_below_the_limit_and_not_at_it():
    assert idn.six_c(FIRM)["red_flags"].tolist() == [1]
    assert idn.six_c(FIRM, red_flag=50)["red_flags"].tolist() == [0]


def test_idn_02_ties_go_to_the_first_c():
    assert idn.six_c(FIRM.assign(character=50))["weakest"].tolist() == ["character"]


def test_idn_02_weights_count():
    weights = dict(zip(idn.SIX_C, (0.5, 0.5, 0, 0, 0, 0), strict=True))
    assert idn.six_c_total(FIRM, weights).tolist() == [75.0]
    with pytest.raises(TableError, match="must name the six C's"):
        idn.six_c_total(FIRM, {"character": 0.5, "capacity": 0.5})


def test_idn_02_the_company_has_the_six_columns():
    files = casebook.load("credit_files")
    table = idn.six_c(files)
    np.testing.assert_allclose(table["six_c_total"], files[list(idn.SIX_C)].mean(axis=1))


# IDN-03: value to the firm, its rep, its market -------------------------------------------------------


def test_idn_03_two_customers():
    table = pd.DataFrame({"enterprise": [80, 40], "salesperson": [40, 95], "market": [70, 50]})
    valued = idn.value_eval(table)
    assert valued["value_total"].tolist() == [69.0, 54.0]
    assert valued["agency_gap"].tolist() == [-40, 55]
    assert valued["reason"].tolist() == [
        "worth more to the firm than to its rep",
        "worth more to its rep than to the firm",
    ]


def test_idn_03_a_gap_is_wide_from_the_limit_on():
    table = pd.DataFrame({"enterprise": [50, 50], "salesperson": [80, 79], "market": [0, 0]})
    assert idn.value_eval(table)["reason"].tolist() == [
        "worth more to its rep than to the firm",
        "both see it alike",
    ]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"w": (0.5, 0.5, 0.5)}, r"add to 1 \(they add to 1.5\)"),
        ({"w": (0.5, 0.5)}, "Three columns and three weights"),
        ({"columns": ("enterprise", "rep", "market")}, "no column 'rep'"),
    ],
)
def test_idn_03_what_is_refused(how, said):
    table = pd.DataFrame({"enterprise": [80], "salesperson": [40], "market": [70]})
    with pytest.raises(TableError, match=said):
        idn.value_eval(table, **how)


# IDN-04: the form and its band ------------------------------------------------------------------------

FORM = pd.DataFrame(
    [[80, 75, 70, 70], [60, 65, 70, 60], [90, 90, 85, 80], [85, 80, 80, 85]],
    index=list("ABCD"),
    columns=list(idn.WEIGHTS),
)


def test_idn_04_four_firms():
    table = idn.evaluation_form(FORM)
    assert table["score"].tolist() == [74.5, 63.5, 87.0, 82.5]
    assert table["band"].tolist() == ["fit", "too_weak", "too_strong", "grey"]
    assert table["reason"].tolist() == [
        "from 70 to 80",
        "below 70",
        "above 85",
        "above 80, up to 85: negotiate",
    ]


def test_idn_04_the_edges():
    scores = [69.99, 70, 80, 80.01, 85, 85.01]
    assert idn.evaluation_band(scores)["band"].tolist() == [
        "too_weak", "fit", "fit", "grey", "grey", "too_strong",
    ]  # fmt: skip


@pytest.mark.parametrize(("points", "band"), [(70, "fit"), (80, "fit"), (85, "grey")])
@pytest.mark.parametrize("weights", [(0.3, 0.3, 0.2, 0.2), (0.1, 0.2, 0.3, 0.4), (0.7, 0.1, 0.1, 0.1)])
def test_idn_04_a_sum_of_weights_never_crosses_an_edge_by_rounding(points, band, weights):
    table = pd.DataFrame([[points] * 4], columns=list("abcd"))
    assert idn.evaluation_form(table, dict(zip("abcd", weights, strict=True)))["band"].tolist() == [band]


def test_idn_04_limits_are_arguments_and_may_coincide():
    band = idn.evaluation_band([60, 70, 90], lo=60, hi=85, strong=85)["band"]
    assert band.tolist() == ["fit", "fit", "too_strong"]


def test_idn_04_more_points_never_mean_a_lower_band():
    places = idn.evaluation_band(np.linspace(0, 100, 2001))["band"].map(idn.BANDS.index)
    assert places.is_monotonic_increasing
    assert set(places) == {0, 1, 2, 3}


def test_idn_04_index_and_table_are_left_as_they_were():
    before = FORM.copy(deep=True)
    assert idn.evaluation_form(FORM).index.tolist() == list("ABCD")
    idn.band_stability(idn.evaluation_form(FORM), 2.5)
    idn.weight_moves(FORM)
    pd.testing.assert_frame_equal(FORM, before)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: idn.evaluation_band([70], lo=80, hi=70), "limits must rise"),
        (
            lambda: idn.evaluation_band([101]),
            r"'score' is outside 0 to 100 points on 1 row \(row 0 score=101",
        ),
        (lambda: idn.evaluation_band([None, 70]), r"'score' is missing on 1 row \(row 0"),
        (lambda: idn.evaluation_band(["many"]), "Scores must be numbers"),
        (lambda: idn.evaluation_form(FORM, {"finance": 0.5}), r"add to 1 \(they add to 0.5\)"),
        (lambda: idn.evaluation_form(FORM, {}), "Weights must be"),
        (lambda: idn.evaluation_form(FORM.drop(columns="finance")), "no column 'finance'"),
        (lambda: idn.evaluation_form(FORM.assign(finance=[80, np.nan, 90, 85])), r"missing on 1 row \(row B"),
        (lambda: idn.evaluation_form(FORM.assign(finance="80分")), "does not hold numbers"),
        (lambda: idn.evaluation_form(FORM.iloc[:0]), "no rows"),
        (lambda: idn.evaluation_form(pl.from_pandas(FORM)), "A pandas table is needed"),
        (lambda: idn.weight_moves(FORM, shift=0.8), "leaves 0 to 1"),
        (lambda: idn.moved_weights(idn.WEIGHTS, "money", 0.1), "no indicator 'money'"),
        (lambda: idn.band_stability(idn.evaluation_form(FORM), 0), "above zero, got 0"),
        (lambda: idn.band_stability(FORM, 2), "no column 'score'"),
    ],
)
def test_idn_04_what_is_refused(call, said):
    with pytest.raises(TableError, match=said):
        call()


def test_idn_04_the_indicators_come_from_the_scores_of_a_credit_file():
    files = casebook.load("credit_files")
    table = idn.form_indicators(files)
    np.testing.assert_allclose(table["finance"], (files["capital"] + files["collateral"]) / 2)
    np.testing.assert_allclose(table["cooperation"], files["character"])


def test_idn_04_moving_a_weight_keeps_the_sum_and_the_proportions():
    moved = idn.moved_weights(idn.WEIGHTS, "finance", 0.1)
    assert moved["finance"] == pytest.approx(0.4)
    assert sum(moved.values()) == pytest.approx(1)
    assert moved["business_ability"] / moved["cooperation"] == pytest.approx(1.5)


def test_idn_04_who_moves_with_a_weight_is_counted_by_hand():
    two = pd.DataFrame({"money": [80.0, 72.0], "skill": [59.0, 72.0]})  # 69.5 and 72
    table = idn.weight_moves(two, {"money": 0.5, "skill": 0.5}).set_index(["indicator", "weight"])
    assert table.loc[("money", 0.6), "change"] == 1  # 71.6 is fit
    assert table.loc[("skill", 0.6), "change"] == 0


def test_idn_04_the_chances_of_the_bands_are_those_of_a_normal_reading():
    form = pd.DataFrame({"score": [70.0, 75.0, 50.0]})
    table = idn.band_stability(form, noise=5)
    chances = table[[f"p_{band}" for band in idn.BANDS]]
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    assert table.loc[0, "p_too_weak"] == pytest.approx(0.5)
    assert table.loc[1, "stable"] == pytest.approx(0.6826895)  # one standard deviation to either side
    assert table.loc[2, "stable"] > 0.9999
    drawn = 70 + 5 * np.random.default_rng(1).standard_normal(200_000)
    shares = idn.evaluation_band(np.clip(drawn, 0, 100))["band"].value_counts(normalize=True)
    assert shares["fit"] == pytest.approx(table.loc[0, "p_fit"], abs=0.005)


def test_idn_04_noise_of_two_readings_by_hand():
    readings = pd.DataFrame(
        {"customer_id": list("aabbcc"), "year": [1, 2, 1, 2, 1, 3], "score": [70, 74, 80, 77, 60, 60]}
    )
    table = idn.reading_noise(readings)
    assert table["apart"].tolist() == [1, 2]
    assert table["pairs"].tolist() == [2, 1]
    assert table["difference"].tolist() == pytest.approx([12.5**0.5, 0.0])
    assert table["noise"].tolist() == pytest.approx([2.5, 0.0])
    assert table["changed"].tolist() == pytest.approx([0.5, 0.0])
    pd.testing.assert_frame_equal(idn.reading_noise(readings.sample(frac=1, random_state=1)), table)


def test_idn_04_noise_and_true_change_are_told_apart():
    rng = np.random.default_rng(5)
    level, steps = rng.normal(70, 6, 4000), rng.normal(0, 4, (3, 4000)).cumsum(axis=0)
    years = [
        pd.DataFrame(
            {"customer_id": range(4000), "year": y, "score": level + steps[y] + rng.normal(0, 2, 4000)}
        )
        for y in range(3)
    ]
    moving = idn.reading_noise(pd.concat(years)).set_index("apart")["noise"]
    assert moving[2] > 1.25 * moving[1]
    still = pd.concat([y.assign(score=y["score"] - steps[i]) for i, y in enumerate(years)])
    noise = idn.reading_noise(still).set_index("apart")["noise"]
    assert noise[1] == pytest.approx(2, rel=0.05)
    assert noise[2] == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"year": [1, 1, 1, 2]}, "customer_id=a has two rows for year=1"),
        ({"customer_id": list("abcd")}, "No customer_id has two readings"),
        ({"score": [70, None, 70, 70]}, r"missing on 1 row \(customer_id=a"),
    ],
)
def test_idn_04_readings_that_cannot_be_compared(change, said):
    table = pd.DataFrame({"customer_id": list("aabb"), "year": [1, 2, 1, 2], "score": [70, 74, 80, 77]})
    with pytest.raises(TableError, match=said):
        idn.reading_noise(table.assign(**change))


# IDN-05: the flow of the best customers ---------------------------------------------------------------


@pytest.fixture
def shop() -> dict[str, pd.DataFrame]:
    """P1 earns 30, P2 earns 10, P3 loses 15; a buys P1 and P2, b buys P1 and P3, c buys P3."""
    people = [*"ab", *[f"h{i}" for i in range(2)], "c", *[f"s{i}" for i in range(5)]]
    return {
        "orders": pd.DataFrame({"order_id": [1, 2, 3, 4], "customer_id": list("abca")}),
        "lines": pd.DataFrame(
            {
                "order_id": [1, 4, 2, 2, 3],
                "sku": ["P1", "P2", "P1", "P3", "P3"],
                "qty": [1, 1, 1, 1, 1],
                "unit_price": [35.0, 30.0, 35.0, 10.0, 10.0],
            }
        ),
        "products": pd.DataFrame({"sku": ["P1", "P2", "P3", "P4"], "unit_cost": [20.0, 20.0, 17.5, 1.0]}),
        "customers": pd.DataFrame({"customer_id": people, "industry": ["hotel"] * 4 + ["school"] * 6}),
    }


@each_engine
def test_idn_05_the_flow_of_three_products(shop, engine):
    flow = idn.best_customer_flow(
        **{**shop, "orders": engine(shop["orders"]), "lines": engine(shop["lines"])}
    )
    step1 = flow["step1"].set_index("sku")
    assert step1["profit"].to_dict() == {"P1": 30.0, "P2": 10.0, "P3": -15.0, "P4": 0.0}
    assert set(step1.index[step1["profitable"]]) == {"P1", "P2"}
    assert step1.loc["P4", "reason"] == "not sold in the period"
    buyers = flow["step2"].set_index("customer_id")
    assert set(buyers.index[buyers["good_buyer"]]) == {"a", "b"}
    assert buyers["orders"].to_dict() == {"a": 2, "b": 1, "c": 1}
    assert flow["step4"]["sku"].tolist() == ["P3"]
    assert flow["step4"]["buyers"].tolist() == [2]
    action = flow["step5"].set_index("customer_id")["action"].to_dict()
    assert action == {"b": "turn", "c": "stop"}  # b is a good buyer and mixed at once


def test_idn_05_hotels_are_found_two_and_a_half_times_as_often_among_good_buyers(shop):
    kinds = idn.best_customer_flow(**shop)["step3"].set_index("industry")
    assert kinds.loc["hotel", ["base", "good_buyers"]].tolist() == [4, 2]
    assert kinds.loc["hotel", "index"] == pytest.approx(2.5)
    assert kinds.loc["school", "index"] == 0


def test_idn_05_effort_decides_who_earns(shop):
    by_line = idn.best_customer_flow(**shop, effort_per_line=11)["step1"].set_index("sku")["profitable"]
    assert by_line.to_dict() == {"P1": True, "P2": False, "P3": False, "P4": False}
    by_sales = idn.best_customer_flow(**shop, effort_rate=0.4)["step1"].set_index("sku")["profit"]
    assert by_sales.to_dict() == {"P1": 2.0, "P2": -2.0, "P3": -23.0, "P4": 0.0}


def test_idn_05_a_product_without_profit_is_not_profitable(shop):
    even = idn.best_customer_flow(**shop, effort_per_line=10)
    assert "P2" in even["step4"]["sku"].tolist()


def test_idn_05_least_asks_for_more_than_one_profitable_line(shop):
    buyers = idn.best_customer_flow(**shop, least=0.8)["step2"].set_index("customer_id")
    assert buyers.loc["b", "good_share"] == pytest.approx(35 / 45)
    assert buyers["good_buyer"].to_dict() == {"a": True, "b": False, "c": False}


def test_idn_05_rows_may_stand_in_any_order_and_nothing_is_changed(shop):
    before = {name: table.copy(deep=True) for name, table in shop.items()}
    flow = idn.best_customer_flow(**shop)
    shuffled = {name: t.sample(frac=1, random_state=2) for name, t in shop.items() if name != "products"}
    again = idn.best_customer_flow(**shuffled, products=shop["products"])
    for step, table in flow.items():
        pd.testing.assert_frame_equal(again[step], table)
    for name, table in shop.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_idn_05_returns_are_taken_off_and_make_nobody_a_buyer_of_losses_only(shop):
    back = pd.DataFrame(
        {"order_id": [2, 2], "sku": ["P1", "P3"], "qty": [-1, -1], "unit_price": [35.0, 10.0]}
    )
    flow = idn.best_customer_flow(**{**shop, "lines": pd.concat([shop["lines"], back])})
    b = flow["step2"].set_index("customer_id").loc["b"]
    assert (b["sales"], b["good_share"], b["good_buyer"]) == (0.0, 0.0, False)
    assert flow["step5"].set_index("customer_id")["action"].to_dict() == {"b": "turn", "c": "stop"}
    more = pd.DataFrame({"order_id": [2], "sku": ["P3"], "qty": [-2], "unit_price": [10.0]})
    flow = idn.best_customer_flow(**{**shop, "lines": pd.concat([shop["lines"], more])})
    assert flow["step2"]["good_share"].between(0, 1).all()


def test_idn_05_margins_add_up_to_those_of_the_company():
    customers = casebook.load("customers").query("nature != 'individual'")
    orders = casebook.load("orders")
    orders = orders[(orders["date"].dt.year == 2024) & orders["customer_id"].isin(customers["customer_id"])]
    flow = idn.best_customer_flow(orders, casebook.load("order_lines"), casebook.load("products"), customers)
    served = casebook.load("cost_to_serve").query("year == 2024")
    served = served[served["customer_id"].isin(customers["customer_id"])]
    assert flow["step1"]["margin"].sum() == pytest.approx(served["gross_margin"].sum(), abs=1)


ONE = pd.DataFrame({"sku": ["P1"], "unit_cost": [1.0]})
PERSON = pd.DataFrame({"customer_id": ["a"], "industry": ["hotel"]})
LINE = pl.DataFrame({"order_id": [1], "sku": ["P1"], "qty": [1], "unit_price": [1.0]})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"products": ONE}, "'P2' is bought but is not in the table of products"),
        ({"customers": PERSON}, "'b' is bought but is not in the table of customers"),
        ({"products": pd.concat([ONE, ONE])}, "names 'P1' more than once"),
        ({"orders": pd.DataFrame({"order_id": [99], "customer_id": ["a"]})}, "No line belongs"),
        ({"lines": LINE}, "same kind"),
        ({"effort_rate": 1.0}, "effort_per_line must be"),
        ({"group": "trade"}, "no column 'trade'"),
    ],
)  # fmt: skip
def test_idn_05_what_is_refused(shop, change, said):
    with pytest.raises(TableError, match=said):
        idn.best_customer_flow(**{**shop, **change})


# IDN-06: types of value -------------------------------------------------------------------------------


def test_idn_06_three_types():
    table = pd.DataFrame([[0.7, 0.2, 0.1], [0.3, 0.5, 0.2], [0.1, 0.3, 0.6]], columns=list(idn.VALUE_TYPES))
    typed = idn.value_type(table)
    assert typed["value_type"].tolist() == ["intrinsic", "extrinsic", "strategic"]
    assert typed["lead"].tolist() == pytest.approx([0.5, 0.2, 0.3])


def test_idn_06_a_tie_goes_to_the_first_and_says_so():
    typed = idn.value_type(pd.DataFrame([[0.4, 0.4, 0.2]], columns=list(idn.VALUE_TYPES)))
    assert typed["value_type"].tolist() == ["intrinsic"]
    assert typed["reason"].tolist() == ["vt_price: a tie"]


@pytest.mark.parametrize("row", [[0.7, 0.7, 0.1], [1.2, -0.2, 0.0], [np.nan, 0.5, 0.5], ["a", 0.5, 0.5]])
def test_idn_06_weights_that_are_no_shares_are_refused(row):
    with pytest.raises(TableError, match="shares that add to 1; row 3"):
        idn.value_type(pd.DataFrame([row], columns=list(idn.VALUE_TYPES), index=[3]))


def test_idn_06_every_customer_of_the_company_has_a_type():
    assert idn.value_type(casebook.load("customers"))["value_type"].isin(idn.VALUE_TYPES.values()).all()


# IDN-07: the moving picture ---------------------------------------------------------------------------

BEFORE = pd.Series({"v": "A", "w": "A", "x": "B", "y": "B", "z": "B"})
AFTER = pd.Series({"v": "A", "w": "B", "x": "B", "z": "A"})


def test_idn_07_five_customers():
    counts, shares = idn.migration(BEFORE, AFTER)
    assert counts.loc["A"].to_dict() == {"A": 1, "B": 1, "lost": 0}
    assert counts.loc["B"].to_dict() == {"A": 1, "B": 1, "lost": 1}
    assert shares.loc["A"].tolist() == [0.5, 0.5, 0.0]
    assert shares.loc["B"].round(3).tolist() == [0.333, 0.333, 0.333]


def test_idn_07_new_customers_have_a_row_of_their_own():
    counts, _ = idn.migration(BEFORE, pd.concat([AFTER, pd.Series({"n": "B"})]))
    assert counts.loc["new"].to_dict() == {"A": 0, "B": 1, "lost": 0}
    assert counts.to_numpy().sum() == 6


def test_idn_07_order_of_customers_and_classes():
    counts, shares = idn.migration(BEFORE.iloc[::-1], AFTER, classes=["A", "B", "C"])
    assert counts.columns.tolist() == ["A", "B", "C", "lost"]
    assert shares.loc["C"].isna().all()
    pd.testing.assert_frame_equal(counts, idn.migration(BEFORE, AFTER, classes=["A", "B", "C"]).counts)


def test_idn_07_categories_and_numbers_are_classes_too():
    plain = idn.migration(BEFORE, AFTER)
    ordered = pd.CategoricalDtype(["A", "B"], ordered=True)
    pd.testing.assert_frame_equal(
        idn.migration(BEFORE.astype(ordered), AFTER.astype(ordered)).counts, plain.counts
    )
    tiers = idn.migration(BEFORE.map({"A": 1, "B": 2}), AFTER.map({"A": 1, "B": 2})).counts
    assert tiers.to_numpy().tolist() == plain.counts.to_numpy().tolist()
    assert tiers.columns.tolist() == [1, 2, "lost"]


@pytest.mark.parametrize(
    ("prev", "said"),
    [
        (pd.Series(["A", "A"], index=["v", "v"]), "v stands twice in prev"),
        (pd.Series({"v": None}, dtype=object), "prev has no class for 1 customers"),
        (pd.Series({"v": "lost"}), "a class called 'lost'"),
        (["A"], "must be a pandas Series"),
    ],
)
def test_idn_07_what_migration_refuses(prev, said):
    with pytest.raises(TableError, match=said):
        idn.migration(prev, AFTER)
    with pytest.raises(TableError, match="'B' is none of the classes A"):
        idn.migration(BEFORE, AFTER, classes=["A"])


@pytest.fixture(scope="module")
def two_years() -> pd.DataFrame:
    """300 customers whose rate of ordering never changes; exactly 40 of them stop after the first period."""
    rng = np.random.default_rng(11)
    rate = rng.gamma(2, 3, 300)
    stops = np.arange(300) % 15 < 2
    rows = [
        (f"C{i:03d}", half, round(float(rng.lognormal(6, 0.6)), 2))
        for i in range(300)
        for half in (1, 2)
        for _ in range(rng.poisson(rate[i]) if half == 1 or not stops[i] else 0)
    ]
    return pd.DataFrame(rows, columns=["who", "half", "money"])


def test_idn_07_what_was_seen_is_what_classification_and_migration_say(two_years):
    table = idn.migration_by_chance(two_years, "money", "who", "half", B=2)
    labels = [
        cls.abc(two_years[two_years["half"] == half], "money", "who").set_index("who")["abc_value"]
        for half in (1, 2)
    ]
    counts, shares = idn.migration(*labels, classes=list("ABC"))
    for row in table[table["from"] != "all"].itertuples():
        assert row.customers == counts.loc[row[1], row.to]
        assert row.seen == pytest.approx(shares.loc[row[1], row.to])
    ways = table[table["from"] == "all"].set_index("to")["customers"]
    assert ways["same class"] == sum(counts.loc[c, c] for c in "ABC")
    assert ways["up"] == counts.loc["B", "A"] + counts.loc["C", "A"] + counts.loc["C", "B"]
    assert ways.sum() == counts.loc[list("ABC")].to_numpy().sum()


def test_idn_07_moves_by_chance_are_not_mistaken_for_change_and_leavers_are_seen(two_years):
    steady = two_years[~two_years["who"].str[1:].astype(int).mod(15).lt(2)]
    ways = idn.migration_by_chance(steady, "money", "who", "half", B=300, seed=4)
    ways = ways[ways["from"] == "all"].set_index("to")
    assert ways.loc["same class", "low"] <= ways.loc["same class", "seen"] <= ways.loc["same class", "high"]
    assert ways.loc["same class", "by_chance"] < 0.75  # nobody changed, and yet many move
    leaving = idn.migration_by_chance(two_years, "money", "who", "half", B=300, seed=4)
    leaving = leaving[leaving["from"] == "all"].set_index("to")
    assert leaving.loc["lost", "seen"] > leaving.loc["lost", "high"]


@each_engine
def test_idn_07_engines_and_orders_of_rows_agree(two_years, engine):
    table = idn.migration_by_chance(two_years, "money", "who", "half", B=20, seed=1)
    shuffled = engine(two_years.sample(frac=1, random_state=3).reset_index(drop=True))
    again = idn.migration_by_chance(shuffled, "money", "who", "half", B=20, seed=1)
    pd.testing.assert_frame_equal(again, table)


def test_idn_07_the_seed_decides_the_shuffles_and_not_what_was_seen(two_years):
    a, b = (idn.migration_by_chance(two_years, "money", "who", "half", B=20, seed=s) for s in (1, 2))
    assert a["seen"].equals(b["seen"])
    assert not a["by_chance"].equals(b["by_chance"])


@pytest.mark.parametrize(
    ("change", "how", "said"),
    [
        ({}, {"B": 0}, "B must be a whole number"),
        ({"half": 1}, {}, "must hold two periods; it holds 1"),
        ({"who": None}, {}, "'who' is missing on"),
        ({"money": -1.0}, {}, "In half 1 nobody has a positive value"),
        ({}, {"cuts": (0.9, 0.8)}, "rise between 0 and 1"),
    ],
)
def test_idn_07_what_the_chance_matrix_refuses(two_years, change, how, said):
    with pytest.raises(TableError, match=said):
        idn.migration_by_chance(two_years.assign(**change), "money", "who", "half", **{"B": 3, **how})


# IDN-08: the bank lobby -------------------------------------------------------------------------------


def test_idn_08_three_visitors():
    visitors = pd.DataFrame(
        {
            "business": ["cash_withdrawal", "passbook", "wealth", "wealth", "passbook"],
            "assets_band": ["under_50k", "under_50k", "500k_or_more", "500k_or_more", "under_50k"],
            "digital_ready": [True, False, False, True, True],
        }
    )
    routed = idn.triage(visitors)
    assert routed["route"].tolist() == ["self_service", "counter", "vip", "vip", "counter"]
    assert routed["reason"].tolist()[-1] == "no machine does this business"


def test_idn_08_the_lobby_of_the_company():
    routed = idn.triage(casebook.load("bank_lobby"))
    assert (routed["route"] == "vip").sum() == 12
    with pytest.raises(TableError, match="must be true or false"):
        idn.triage(casebook.load("bank_lobby").assign(digital_ready="yes"))


# IDN-09: the training sheets --------------------------------------------------------------------------


def test_idn_09_fifteen_of_eighteen_cells():
    full = dict.fromkeys(idn.LAYOUTS["2-5"], "known")
    partly = dict.fromkeys(list(full)[:6], "known")
    sheet = idn.Worksheet("2-5", [full, partly])
    assert sheet.completeness == pytest.approx(15 / 18)
    assert sheet.validate()[["row", "column"]].to_numpy().tolist() == [
        [1, "size"],
        [1, "value"],
        [1, "evidence"],
    ]
    assert sheet.to_frame().shape == (2, 9)


def test_idn_09_a_sheet_is_written_cell_by_cell_and_saved():
    empty = idn.Worksheet("2-15")
    assert empty.completeness == 0.0
    sheet = empty.write(0, "topic", "why hotels <leave>").write(1, "cost", "  2,000 ")
    assert empty.rows == ()
    assert sheet.to_frame().loc[1, "cost"] == "2,000"
    assert idn.Worksheet.from_json(sheet.to_json()) == sheet
    assert json.loads(sheet.to_json())["sheet"] == "2-15"
    assert len(sheet.validate()) == 16
    assert sheet.write(0, "topic", "  ").validate()["column"].tolist().count("topic") == 2


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: idn.Worksheet("2-6"), "no sheet '2-6'"),
        (lambda: idn.Worksheet("2-5", [{"colour": "red"}]), r"no column 'colour' \(row 0\)"),
        (lambda: idn.Worksheet("2-5", [{"size": 3}]), "write text, not int"),
        (lambda: idn.Worksheet("2-5").write(2, "size", "3"), "Row 2 is not there"),
        (lambda: idn.Worksheet.from_json("[]"), "not a saved worksheet"),
        (lambda: idn.Worksheet.from_json("{"), "not a saved worksheet"),
    ],
)
def test_idn_09_what_a_sheet_refuses(call, said):
    with pytest.raises(TableError, match=said):
        call()
