"""Finding prospects: the hand-worked cases of the curriculum, and what must always hold."""

from __future__ import annotations

import itertools

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casebook
from casebook import prospecting as pro
from casebook.errors import TableError

METHODS = pd.DataFrame(
    {"method": ["own", "referral", "fairs"], "cost": [7000, 10_000, 170_000], "customers": [18, 21, 19]}
)


def engine(kind, table):
    """The table as the engine has it."""
    made = {"polars": pl.from_pandas, "lazy": lambda t: pl.from_pandas(t).lazy(), "duckdb": duckdb.from_df}
    return made[kind](table) if kind in made else table


# PRO-01, PRO-08: who is a prospect --------------------------------------------------------------------


def test_pro_01_need_money_and_authority_without_an_order_make_a_prospect():
    table = pd.DataFrame({"need": [1, 1, 1], "money": [1, 1, 1], "authority": [1, 0, 1], "orders": [0, 0, 2]})
    told = pro.is_prospect(table)
    assert told["is_prospect"].tolist() == [True, False, False]
    assert told["kind"].tolist() == ["prospect", "lead", "customer"]
    assert told["reason"].tolist()[1] == "lacks: authority"
    assert list(table.columns) == ["need", "money", "authority", "orders"]


def test_pro_01_each_of_the_three_is_needed_and_named_when_it_lacks():
    rows = list(itertools.product([0, 1], repeat=3))
    table = pd.DataFrame(rows, columns=["need", "money", "authority"]).assign(orders=0)
    told = pro.is_prospect(table)
    assert told["is_prospect"].tolist() == [row == (1, 1, 1) for row in rows]
    assert told["reason"][0] == "lacks: need, money, authority"


def test_pro_01_a_customer_stays_one_whatever_the_flags_say():
    table = pd.DataFrame({"need": [0], "money": [0], "authority": [0], "orders": [1]})
    assert pro.is_prospect(table)["kind"].tolist() == ["customer"]


@pytest.mark.parametrize(("column", "cell"), [("need", 2), ("money", None), ("authority", 0.5)])
def test_pro_01_a_flag_that_is_none_is_named_with_its_row(column, cell):
    table = pd.DataFrame(
        {"need": [1, 1], "money": [1, 1], "authority": [1, 1], "orders": [0, 0]}, index=[7, 8]
    )
    table[column] = pd.Series([1, cell], index=[7, 8], dtype=object)
    with pytest.raises(TableError, match=rf"Column '{column}' holds .* in row 8; a flag is 0 or 1"):
        pro.is_prospect(table)


def test_pro_08_there_are_six_steps_and_the_stages_are_in_order():
    assert len(pro.PIPELINE_STEPS) == 6
    assert pro.PROSPECT_STAGES == ("lead", "prospect", "target", "actual", "satisfied")
    flags = {"need": 1, "money": 1, "authority": 1}
    rows = [
        {**flags, "authority": 0, "targeted": 1, "orders": 0, "satisfied": 0},  # a plan makes no prospect
        {**flags, "targeted": 0, "orders": 0, "satisfied": 0},
        {**flags, "targeted": 1, "orders": 0, "satisfied": 0},
        {**flags, "targeted": 0, "orders": 1, "satisfied": 0},
        {**flags, "targeted": 1, "orders": 4, "satisfied": 1},
    ]
    assert tuple(pro.prospect_pipeline(pd.DataFrame(rows))["stage"]) == pro.PROSPECT_STAGES


def test_pro_08_content_without_an_order_is_not_a_satisfied_customer():
    row = {"need": 0, "money": 1, "authority": 1, "targeted": 0, "orders": 0, "satisfied": 1}
    assert pro.prospect_pipeline(pd.DataFrame([row]))["stage"].tolist() == ["lead"]


# PRO-02, PRO-07: the nine methods ----------------------------------------------------------------------


def test_pro_02_there_are_nine_methods_and_four_come_from_the_source_course():
    assert len(pro.NINE_METHODS) == 9
    assert (pro.NINE_METHODS["origin"] == "source course").sum() == 4
    assert (pro.NINE_METHODS["origin"] == "standard").sum() == 5
    assert pro.NINE_METHODS.notna().all(axis=None)
    assert set(pro.NINE_METHODS["method"]) == set(casebook.load("campaigns")["method"])
    assert pro.NINE_METHODS["method"].tolist()[:4] == ["universal", "advertising", "referral", "documents"]


def test_pro_07_a_commission_of_two_per_cent_is_the_cost_of_the_customer():
    assert pro.chain(0.02 * 50_000, 1, 1.0).cac == 1_000


# PRO-03: chains and costs -----------------------------------------------------------------------------


def test_pro_03_a_thousand_contacts_make_two_customers_at_4_000():
    assert pro.chain(8, 1000, 0.40, 0.05, 0.10) == pro.Chain(2.0, 8000, 4000.0, (1000, 400.0, 20.0, 2.0))


def test_pro_03_the_number_of_contacts_does_not_change_the_cost_of_a_customer():
    few, many = (pro.chain(12, n, 0.4, 0.05, 0.1) for n in (100, 100_000))
    assert few.cac == pytest.approx(many.cac) == pytest.approx(6_000)


def test_pro_03_without_customers_the_cost_of_one_has_no_end():
    assert pro.chain(8, 1000, 0.4, 0.0).cac == float("inf")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pro.chain(8, 1000), "at least one rate"),
        (lambda: pro.chain(8, 1000, 40), "write 5% as 0.05"),
        (lambda: pro.chain(8, 1000, float("nan")), "share from 0 to 1"),
        (lambda: pro.chain(-8, 1000, 0.4), "cost_per_contact must be 0 or more"),
        (lambda: pro.chain(8, -1, 0.4), "n must be 0 or more"),
    ],
)
def test_pro_03_a_wrong_chain_is_refused(call, says):
    with pytest.raises(TableError, match=says):
        call()


def test_the_interval_of_a_count_is_the_published_one():
    """Garwood (1936): a count of 20 fits means from 12.217 to 30.888, one of 0 from 0 to 3.689."""
    low, high = pro.cac_interval([1.0, 1.0], [20, 0])
    assert (1 / high).round(3).tolist() == [12.217, 0.0]
    assert (1 / low).round(3).tolist() == [30.888, 3.689]
    assert high[1] == np.inf


@given(st.floats(1, 1e7), st.integers(1, 500))
@settings(max_examples=60, deadline=None)
def test_the_interval_holds_the_cost_and_narrows_with_customers(cost, customers):
    low, high = pro.cac_interval(cost, customers)
    assert low < cost / customers < high
    wide = pro.cac_interval(cost, customers, level=0.99)
    assert wide[0] < low
    assert wide[1] > high
    more = pro.cac_interval(4 * cost, 4 * customers)
    assert more[1] / more[0] < high / low


@pytest.mark.parametrize(
    ("args", "says"),
    [((-1, 2), "without gaps"), ((1, 2.5), "whole numbers"), ((np.nan, 2), "without gaps")],
)
def test_the_interval_refuses_what_is_no_count(args, says):
    with pytest.raises(TableError, match=says):
        pro.cac_interval(*args)
    with pytest.raises(TableError, match="between 0 and 1"):
        pro.cac_interval(1, 2, level=95)


def test_pro_02_costs_are_summed_before_they_are_divided():
    runs = pd.DataFrame({"method": ["fairs"] * 2, "cost": [10_000, 10_000], "customers": [9, 1]})
    told = pro.method_economics(runs).iloc[0]
    assert told["cac"] == 2_000  # and not the mean of 1,111 and 10,000
    assert (told["campaigns"], told["cost"], told["customers"]) == (2, 20_000, 10)


def test_pro_02_the_methods_of_the_company_come_out_as_in_plain_pandas():
    campaigns = casebook.load("campaigns")
    told = pro.method_economics(campaigns)
    plain = campaigns.groupby("method")[["cost", "customers"]].sum()
    plain = (plain["cost"] / plain["customers"]).sort_values()
    assert told["method"].tolist() == plain.index.tolist()
    np.testing.assert_allclose(told["cac"], plain)
    assert told["customers"].sum() == campaigns["customers"].sum()
    assert (
        told[["contacts", "reached", "leads", "qualified", "customers"]].diff(axis=1).iloc[:, 1:] <= 0
    ).all(axis=None)


def test_pro_02_the_order_of_rows_changes_nothing_and_the_input_is_left_alone():
    campaigns = casebook.load("campaigns")
    before = campaigns.copy(deep=True)
    shuffled = pro.method_economics(campaigns.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(shuffled, pro.method_economics(campaigns))
    pd.testing.assert_frame_equal(campaigns, before)
    pd.testing.assert_frame_equal(
        pro.cac_bootstrap(campaigns.sample(frac=1, random_state=3), draws=50, seed=5),
        pro.cac_bootstrap(campaigns, draws=50, seed=5),
    )


def test_pro_02_net_value_is_lifetime_value_less_cost():
    """The numbers of CLV-04: referral +1,000, fair +1,500, advertising -300."""
    runs = pd.DataFrame(
        {"method": ["referral", "fairs", "ads"], "cost": [2000, 60_000, 6000], "customers": [4, 8, 4]}
    )
    told = pro.method_economics(runs, clv={"referral": 1500, "fairs": 9000, "ads": 1200}).set_index("method")
    assert told["net_clv"].to_dict() == {"referral": 1000, "fairs": 1500, "ads": -300}
    assert pro.method_economics(runs, clv=2000)["net_clv"].tolist() == [1500, 500, -5500]


def test_pro_02_a_method_without_customers_comes_last_without_an_end():
    runs = pd.DataFrame({"method": ["events", "fairs"], "cost": [500, 60_000], "customers": [0, 8]})
    told = pro.method_economics(runs)
    assert told["method"].tolist() == ["fairs", "events"]
    assert told["cac"].tolist()[1] == np.inf
    assert told["high"].tolist()[1] == np.inf
    assert told["low"].tolist()[1] == pytest.approx(500 / 3.689, rel=1e-3)


def test_pro_02_ties_are_settled_by_name():
    runs = pd.DataFrame({"method": list("cab"), "cost": [100] * 3, "customers": [1] * 3})
    assert pro.method_economics(runs)["method"].tolist() == list("abc")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cost": ["3,200", "5"]}, "Column 'cost' holds '3,200' in row 0; a number from 0"),
        ({"cost": [-1, 5]}, "Column 'cost' holds -1 in row 0"),
        ({"customers": [1, None]}, "Column 'customers' holds nan in row 1; a whole number"),
        ({"customers": [1, 1.5]}, "Column 'customers' holds 1.5 in row 1; a whole number"),
        ({"method": ["ads", None]}, "Column 'method' is missing in row 1"),
        ({"qualified": [1, 1]}, "Row 1 has customers=4 of qualified=1: a step cannot exceed"),
    ],
)
def test_pro_02_a_wrong_campaign_is_named(change, says):
    runs = pd.DataFrame({"method": ["ads", "ads"], "cost": [100, 200], "customers": [1, 4]}).assign(**change)
    with pytest.raises(TableError, match=says):
        pro.method_economics(runs)


def test_pro_02_a_missing_column_and_a_missing_worth_are_named():
    runs = pd.DataFrame({"method": ["ads"], "cost": [100], "custommers": [1]})
    with pytest.raises(TableError, match=r"no column 'customers'\. Did you mean 'custommers'"):
        pro.method_economics(runs)
    with pytest.raises(TableError, match="clv has no number for 'ads'"):
        pro.method_economics(runs.rename(columns={"custommers": "customers"}), clv={"fairs": 1})


def test_the_bootstrap_of_campaigns_that_agree_is_too_narrow():
    runs = pd.DataFrame({"method": "own", "cost": [1600, 1700, 1900, 1900], "customers": [4, 5, 5, 4]})
    drawn, exact = pro.cac_bootstrap(runs, seed=1).iloc[0], pro.method_economics(runs).iloc[0]
    assert drawn["cac"] == exact["cac"]
    assert exact["low"] < drawn["low"] <= drawn["cac"] <= drawn["high"] < exact["high"]
    alike = pd.DataFrame({"method": "own", "cost": [100] * 4, "customers": [5] * 4})
    assert pro.cac_bootstrap(alike, seed=1)[["low", "high"]].to_numpy().tolist() == [[20, 20]]


def test_the_bootstrap_takes_a_seed_and_at_least_one_draw():
    runs = casebook.load("campaigns")
    same, other = (pro.cac_bootstrap(runs, draws=40, seed=s) for s in (1, 2))
    pd.testing.assert_frame_equal(same, pro.cac_bootstrap(runs, draws=40, seed=1))
    assert not same.equals(other)
    with pytest.raises(TableError, match="draws must be 1 or more"):
        pro.cac_bootstrap(runs, draws=0, seed=1)


def test_the_poisson_interval_covers_as_promised_and_the_bootstrap_does_not():
    rng, true, held = np.random.default_rng(8), 500.0, {"exact": 0, "drawn": 0}
    for seed in range(300):
        runs = pd.DataFrame({"method": "m", "cost": [2500.0] * 4, "customers": rng.poisson(5, 4)})
        exact, drawn = (
            pro.method_economics(runs).iloc[0],
            pro.cac_bootstrap(runs, draws=300, seed=seed).iloc[0],
        )
        held["exact"] += exact["low"] <= true <= exact["high"]
        held["drawn"] += drawn["low"] <= true <= drawn["high"]
    assert 0.93 <= held["exact"] / 300 <= 1.0
    assert held["drawn"] / 300 < 0.90


def test_ranks_are_firm_where_costs_lie_far_apart():
    ranks = pro.cac_ranks(METHODS, seed=5)
    assert ranks["method"].tolist() == ["own", "referral", "fairs"]
    assert ranks.iloc[2][["rank", "low", "high"]].tolist() == [3, 3, 3]
    assert ranks.loc[0, ["low", "high"]].tolist() == [1, 2]
    assert 0.5 < ranks["below_next"][0] < ranks["below_next"][1] == 1.0
    assert np.isnan(ranks["below_next"][2])
    with pytest.raises(TableError, match="One method and one draw"):
        pro.cac_ranks(METHODS.iloc[:0], seed=5)


# PRO-04, PRO-05, PRO-06: single methods ----------------------------------------------------------------


def test_pro_04_the_chain_of_an_advertisement():
    told = pro.chain(6000 / 20_000, 20_000, 0.005, 0.04)
    assert (told.steps[1], told.customers, told.cac) == (100, 4, 1500)


def test_pro_04_the_holdout_tells_what_the_advertisement_added():
    told = pro.ad_effect((60, 2000), (40, 2000))
    assert told.uplift == pytest.approx(0.01)
    assert told.extra == pytest.approx(20)
    assert told.z == pytest.approx(0.01 / np.sqrt(0.025 * 0.975 * 2 / 2000))
    assert round(told.z, 2) == 2.03
    assert 0 < told.low < told.uplift < told.high


def test_pro_04_newcombes_interval_is_the_published_one():
    """Newcombe (1998), example (a) of method 10: 56/70 - 48/80 from 0.0524 to 0.3339."""
    told = pro.ad_effect((56, 70), (48, 80))
    assert (round(told.low, 4), round(told.high, 4)) == (0.0524, 0.3339)


def test_pro_04_direction_and_edges():
    assert pro.ad_effect((40, 2000), (60, 2000)).uplift == pytest.approx(-0.01)
    assert pro.ad_effect((40, 2000), (60, 2000)).z < 0
    assert pro.ad_effect((0, 10), (0, 10)).z == 0
    for wrong in [((5, 0), (1, 2)), ((3, 2), (1, 2)), ((1, 2), (-1, 2))]:
        with pytest.raises(TableError, match="at least 1"):
            pro.ad_effect(*wrong)


def test_pro_05_forty_customers_start_a_chain():
    told = pro.referral_chain(40, 0.5, 0.2, cost_per_ask=50)
    assert told.k == pytest.approx(0.1)
    assert told.generations == pytest.approx((4, 0.4, 0.04))
    assert told.total == pytest.approx(4.444, abs=1e-3)
    assert (told.cost, told.cac) == (2000, pytest.approx(500))


def test_pro_05_generations_add_up_to_the_total():
    told = pro.referral_chain(60, 0.8, 0.25, generations=60)
    assert len(told.generations) == 60
    assert told.total == pytest.approx(sum(told.generations))
    assert told.total == pytest.approx(pro.referral_chain(60, 0.8, 0.25).total)
    growing = pro.referral_chain(10, 4, 0.5, generations=3)
    assert growing.generations == pytest.approx((20, 40, 80))


@pytest.mark.parametrize(
    ("args", "how", "says"),
    [
        ((10, 4, 0.5), {}, "2.00 others, so the chain never ends"),
        ((10, 4, 1.5), {}, "conv must be a share"),
        ((-1, 4, 0.1), {}, "seed_customers must be 0 or more"),
        ((10, 4, 0.1), {"generations": 0}, "generations must be 1 or more"),
    ],
)
def test_pro_05_a_wrong_chain_is_refused(args, how, says):
    with pytest.raises(TableError, match=says):
        pro.referral_chain(*args, **how)


def test_pro_06_entries_of_23_months_are_fresh_and_older_ones_stale():
    table = pd.DataFrame({"date": ["2024-06", "2023-01", "2021-05"]}, index=[3, 5, 7])
    told = pro.staleness(table, "2024-12-31")
    assert told["stale"].tolist() == [False, False, True]
    assert told["months_old"].tolist() == [6, 23, 43]
    assert told.index.tolist() == [3, 5, 7]


def test_pro_06_exactly_so_many_months_is_still_fresh():
    told = pro.staleness(pd.DataFrame({"date": ["2022-12-31", "2022-12-30"]}), "2024-12-31")
    assert told["stale"].tolist() == [False, True]
    assert told["months_old"].tolist() == [24, 24]
    assert pro.staleness(told, "2024-12-31", max_months=23)["stale"].all()


@pytest.mark.parametrize("cell", [None, "soon", "2025-01-01"])
def test_pro_06_a_day_that_is_none_is_named(cell):
    with pytest.raises(TableError, match="in row 1, no day up to 2024-12-31"):
        pro.staleness(pd.DataFrame({"date": ["2024-01-01", cell]}), "2024-12-31")


def test_pro_06_every_filter_must_pass_and_a_gap_never_does():
    book = pd.DataFrame(
        {"city": ["W", "W", "X", None], "rooms": [80, 0, 90, 99], "kind": ["inn", "inn", "spa", "inn"]}
    )
    assert pro.lookup(book, {"city": "W", "rooms": lambda n: n >= 50}).index.tolist() == [0]
    assert pro.lookup(book, {"city": ["W", "X"]}).index.tolist() == [0, 1, 2]
    assert pro.lookup(book, {"city": lambda c: c != "W"}).index.tolist() == [2]  # not the missing one
    assert pro.lookup(book, {"city": "Z"}).empty
    with pytest.raises(TableError, match="no column 'town'"):
        pro.lookup(book, {"town": "W"})
    with pytest.raises(TableError, match="at least one filter"):
        pro.lookup(book, {})


# PRO-09: fairs ----------------------------------------------------------------------------------------


@pytest.fixture
def fair():
    """The fair of the curriculum: 60,000 spent, 100 qualified, 8 bought 12,000 each."""
    fairs = pd.DataFrame(
        {"fair_id": ["F1"], "booth_cost": [45_000], "travel_cost": [15_000], "target_visitors": [2000],
         "booth_visitors": [400], "contacts": [400]}
    )  # fmt: skip
    buyers = [f"C{i}" for i in range(8)]
    met = pd.DataFrame({"fair_id": "F1", "customer_id": buyers + [None] * 92})
    met["order_date"] = pd.to_datetime(["2023-03-01"] * 8 + [None] * 92)
    orders = pd.DataFrame({"customer_id": buyers * 2, "margin": [9_000.0] * 8 + [3_000.0] * 8})
    orders["date"] = pd.to_datetime(["2023-03-01"] * 8 + ["2024-02-29"] * 8)
    return fairs, met, orders


def test_pro_09_the_fair_of_the_curriculum_returns_60_per_cent(fair):
    told = pro.fair_roi(*fair).iloc[0]
    assert (told["attraction"], told["contact"], told["conversion"]) == (0.20, 1.00, 0.25)
    assert (told["cost"], told["qualified"], told["won"], told["margin"]) == (60_000, 100, 8, 96_000)
    assert told["roi"] == pytest.approx(0.60)
    assert told["cost_per_lead"] == 600
    assert told["best"] == 12_000
    assert told["roi_without_best"] == pytest.approx((84_000 - 60_000) / 60_000)


def test_pro_09_the_window_ends_where_it_says(fair):
    fairs, met, orders = fair
    orders.loc[8:, "date"] = pd.Timestamp("2024-03-01")  # twelve months later to the day: no longer inside
    assert pro.fair_roi(fairs, met, orders)["margin"].tolist() == [72_000]
    assert pro.fair_roi(fairs, met, orders, months=13)["margin"].tolist() == [96_000]
    early = orders.assign(date=pd.Timestamp("2023-02-28"))  # before the first order: not due to the fair
    assert pro.fair_roi(fairs, met, early)["margin"].tolist() == [0]


def test_pro_09_a_fair_that_won_nobody_lost_all_of_its_cost(fair):
    fairs, met, orders = fair
    other = pd.concat([fairs, fairs.assign(fair_id="F2")], ignore_index=True)
    told = pro.fair_roi(other, met, orders)
    assert told["fair_id"].tolist() == ["F1", "F2"]
    assert told["roi"].tolist() == [pytest.approx(0.6), -1.0]
    assert told["roi_without_best"].tolist()[1] == -1.0


def test_pro_09_the_planted_fairs_are_found():
    """Two good, four even, two bad (specification of the sample company)."""
    lines = casebook.load("order_lines").merge(casebook.load("orders"), on="order_id")
    lines = lines.merge(casebook.load("products")[["sku", "unit_cost"]], on="sku")
    lines["margin"] = (lines["qty"] * (lines["unit_price"] - lines["unit_cost"])).round(2)
    roi = pro.fair_roi(casebook.load("trade_fairs"), casebook.load("prospects"), lines)["roi"]
    assert roi.between(0.3, 0.7).sum() == 2
    assert roi.between(-0.1, 0.1).sum() == 4
    assert roi.between(-0.7, -0.3).sum() == 2


@pytest.mark.parametrize("kind", ["pandas", "polars", "lazy", "duckdb"])
def test_pro_09_every_engine_gives_the_same(fair, kind):
    fairs, met, orders = fair
    orders = orders.assign(margin=orders["margin"] + np.arange(16) / 10)
    pd.testing.assert_frame_equal(
        pro.fair_roi(fairs, met, engine(kind, orders)), pro.fair_roi(fairs, met, orders)
    )


@pytest.mark.parametrize("kind", ["pandas", "polars", "duckdb"])
def test_margins_are_added_exactly_in_any_order(kind):
    orders = pd.DataFrame(
        {"customer_id": "Ada", "date": pd.Timestamp("2023-01-05"), "margin": [0.1, 0.2, -0.3]}
    )
    starts = pd.DataFrame({"customer_id": ["Ada", "Bo"], "start": pd.Timestamp("2023-01-01")})
    for rows in (orders, orders.iloc[[2, 0, 1]].reset_index(drop=True)):
        assert pro.early_margin(engine(kind, rows), starts)["margin"].tolist() == [0.0, 0.0]


def test_pro_09_shuffled_rows_and_untouched_input(fair):
    before = [table.copy(deep=True) for table in fair]
    shuffled = [table.sample(frac=1, random_state=1) for table in fair]
    pd.testing.assert_frame_equal(pro.fair_roi(*shuffled), pro.fair_roi(*fair))
    for table, was in zip(fair, before, strict=True):
        pd.testing.assert_frame_equal(table, was)


def test_pro_09_what_cannot_be_is_named(fair):
    fairs, met, orders = fair
    with pytest.raises(TableError, match="Fair 'F1' costs nothing"):
        pro.fair_roi(fairs.assign(booth_cost=0, travel_cost=0), met, orders)
    with pytest.raises(TableError, match="'fair_id' names 'F1' more than once"):
        pro.fair_roi(pd.concat([fairs, fairs]), met, orders)
    with pytest.raises(TableError, match="names the fair 'F9', which is not in the list"):
        pro.fair_roi(fairs, met.assign(fair_id="F9"), orders)
    with pytest.raises(TableError, match="no column 'margin'"):
        pro.fair_roi(fairs, met, orders.drop(columns="margin"))
    with pytest.raises(TableError, match="months must be 1 or more"):
        pro.fair_roi(fairs, met, orders, months=0)
    with pytest.raises(TableError, match="names 'C0' more than once"):
        pro.fair_roi(fairs, pd.concat([met, met.head(1)]), orders)
    with pytest.raises(TableError, match="'order_date' is missing in row 0"):
        pro.fair_roi(fairs, met.assign(order_date=pd.NaT), orders)
    with pytest.raises(TableError, match="Column 'date' is missing on 1 row"):
        pro.fair_roi(fairs, met, orders.assign(date=orders["date"].where(orders.index > 0)))


# PRO-10: segments -------------------------------------------------------------------------------------


def test_pro_10_needs_that_four_fifths_have_drop_out():
    have = {"taste": 95, "price": 50, "service": 40, "safety": 90, "edge": 80}
    answers = pd.DataFrame({need: [1] * n + [0] * (100 - n) for need, n in have.items()})
    told = pro.common_needs(answers, list(have)).set_index("need")
    assert told["kept"].to_dict() == {
        "taste": False, "price": True, "service": True, "safety": False, "edge": False,
    }  # fmt: skip
    assert pro.common_needs(answers, list(have), share_common=0.81).set_index("need")["kept"]["edge"]
    assert len(pro.SEGMENT_STEPS) == 7


def test_pro_10_two_hundred_schools_could_buy_for_720_000():
    asked = pd.DataFrame({"service": [1] * 10, "willing": [1] * 6 + [0] * 4, "units": 2})
    told = pro.measure_segments(asked, ["service"], firms=200, price=3000)
    assert told["potential"].tolist() == [pytest.approx(720_000)]  # the common need makes no segment
    assert told["segment"].tolist() == ["none of these"]
    assert told["low"][0] < 720_000 < told["high"][0]


def test_pro_10_segments_add_up_to_the_market():
    rng = np.random.default_rng(4)
    asked = pd.DataFrame(rng.integers(0, 2, (60, 3)), columns=["a", "b", "willing"])
    asked["units"] = rng.integers(1, 5, 60)
    told = pro.measure_segments(asked, ["a", "b"], firms=900, price=10)
    assert told["asked"].sum() == 60
    assert told["firms"].sum() == pytest.approx(900)
    assert told["potential"].sum() == pytest.approx(900 / 60 * (asked["willing"] * asked["units"]).sum() * 10)
    assert set(told["segment"]) == {"a", "b", "a + b", "none of these"}
    assert told["potential"].is_monotonic_decreasing
    shuffled = asked.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(pro.measure_segments(shuffled, ["a", "b"], firms=900, price=10), told)


def test_pro_10_a_segment_in_which_nobody_would_buy_has_no_potential_and_no_error():
    asked = pd.DataFrame({"a": [1, 0], "willing": [0, 1], "units": [3, 2]})
    told = pro.measure_segments(asked, ["a"], firms=10, price=5).set_index("segment")
    assert told.loc["a", ["potential", "units"]].tolist() == [0, 0]
    assert told.loc["none of these", "potential"] == 50


@pytest.mark.parametrize(
    ("change", "how", "says"),
    [
        ({"a": [1, 3]}, {}, "Column 'a' holds 3"),
        ({"willing": [1, None]}, {}, "Column 'willing' holds"),
        ({"units": [1, -1]}, {}, "Column 'units' holds -1"),
        ({}, {"firms": -1}, "firms must be 0 or more"),
        ({}, {"share_common": 80}, "share_common must be a share"),
    ],
)
def test_pro_10_wrong_answers_are_named(change, how, says):
    asked = pd.DataFrame({"a": [1, 0], "willing": [0, 1], "units": [3, 2]}).assign(**change)
    with pytest.raises(TableError, match=says):
        pro.measure_segments(asked, ["a"], **{"firms": 10, "price": 5, **how})
    with pytest.raises(TableError, match="Nobody was asked"):
        pro.common_needs(asked.iloc[:0], ["a"])


# PRO-11: the lead value chain -------------------------------------------------------------------------


@pytest.fixture
def leads():
    """100 leads, 60 valid, 15 converted, 12 retained."""
    ids = [f"C{i}" for i in range(15)]
    return pd.DataFrame(
        {"prospect_id": [f"L{i}" for i in range(100)], "need": [1] * 60 + [0] * 40, "eligible": 1,
         "status": ["won"] * 15 + ["lost"] * 85, "customer_id": ids + [None] * 85}
    )  # fmt: skip


def test_pro_11_the_chain_of_the_curriculum(leads):
    told = pro.funnel(leads, retained=[f"C{i}" for i in range(12)]).set_index("stage")
    assert told["n"].to_dict() == {"found": 100, "valid": 60, "converted": 15, "retained": 12}
    assert told["of_previous"].tolist()[1:] == [0.60, 0.25, 0.80]
    assert told["of_all"]["retained"] == 0.12
    assert told["of_previous"].isna().tolist() == [True, False, False, False]
    assert ((told["low"] < told["of_previous"]) & (told["of_previous"] < told["high"])).tolist()[1:] == [
        True
    ] * 3


def test_pro_11_a_buyer_whom_the_filter_turned_away_is_not_in_the_chain(leads):
    odd = leads.assign(status=["lost"] * 99 + ["won"])  # the last one has no need
    assert pro.funnel(odd).set_index("stage")["n"].to_dict() == {"found": 100, "valid": 60, "converted": 0}


@pytest.mark.parametrize("kind", ["pandas", "polars", "lazy", "duckdb"])
def test_pro_11_those_never_spoken_to_are_lost_at_that_stage(leads, kind):
    touches = pd.DataFrame({"prospect_id": [f"L{i}" for i in range(10)] * 3})
    told = pro.funnel(leads, engine(kind, touches)).set_index("stage")
    assert told["n"].to_dict() == {"found": 100, "spoken to": 10, "valid": 10, "converted": 10}


def test_pro_11_an_empty_stage_gives_no_share_of_it(leads):
    told = pro.funnel(leads.assign(need=0), retained=[]).set_index("stage")
    assert told["n"].tolist() == [100, 0, 0, 0]
    assert told["of_previous"].isna().tolist() == [True, False, True, True]
    with pytest.raises(TableError, match="no lead in the table"):
        pro.funnel(leads.iloc[:0])
    with pytest.raises(TableError, match="a flag is 0 or 1"):
        pro.funnel(leads.assign(need=2))


# The budget -------------------------------------------------------------------------------------------


def test_the_curve_passes_through_what_was_seen_and_ends_at_the_room():
    seen = pro.split_outcome(METHODS, METHODS["cost"].to_numpy(), room=3)
    np.testing.assert_allclose(seen["customers"], METHODS["customers"])
    far = pro.split_outcome(METHODS, METHODS["cost"].to_numpy() * 1000, room=3)
    np.testing.assert_allclose(far["customers"], 3 * METHODS["customers"])
    half = pro.split_outcome(METHODS, METHODS["cost"].to_numpy() / 2, room=3, years=2)
    np.testing.assert_allclose(half["customers"], METHODS["customers"] / 2)


def test_with_endless_room_the_next_customer_costs_the_average():
    told = pro.split_outcome(METHODS, METHODS["cost"].to_numpy(), room=1000)
    np.testing.assert_allclose(told["next_cost"], METHODS["cost"] / METHODS["customers"], rtol=2e-3)
    worn = pro.split_outcome(METHODS, METHODS["cost"].to_numpy(), room=1.5)
    assert (worn["next_cost"] > 1.5 * METHODS["cost"] / METHODS["customers"]).all()


@given(st.floats(1e3, 1e6), st.floats(1.05, 50), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_best_split_spends_all_and_no_other_split_brings_more(budget, room, seed):
    best = pro.budget_split(METHODS, budget, room=room)
    assert best["budget"].sum() == pytest.approx(budget)
    funded = best[best["budget"] > 1e-6 * budget]
    assert funded["next_cost"].max() == pytest.approx(funded["next_cost"].min(), rel=1e-6)
    other = np.random.default_rng(seed).dirichlet([1, 1, 1]) * budget
    told = pro.split_outcome(METHODS, other, room=room)
    assert told["customers"].sum() <= best["customers"].sum() * (1 + 1e-9)


def test_the_floor_is_kept_and_the_reason_says_so():
    bare = pro.budget_split(METHODS, 20_000)
    assert bare.set_index("method")["budget"]["fairs"] == 0
    assert bare["reason"].tolist()[2].startswith("nothing: its first customer")
    kept = pro.budget_split(METHODS, 20_000, least=2_000)
    assert kept["budget"].tolist()[2] == pytest.approx(2_000)
    assert kept["reason"].tolist()[2].startswith("only the floor")
    assert kept["budget"].sum() == pytest.approx(20_000)
    assert kept["reason"].tolist()[0].startswith("until its next customer")


def test_worth_draws_money_to_the_customers_that_are_worth_more():
    plain = pro.budget_split(METHODS, 60_000)["budget"]
    weighed = pro.budget_split(METHODS, 60_000, worth={"own": 1, "referral": 1, "fairs": 30})["budget"]
    assert weighed[2] > plain[2] + 10_000
    alike = pro.budget_split(METHODS, 60_000, worth=dict.fromkeys(METHODS["method"], 5.0))["budget"]
    np.testing.assert_allclose(alike, plain)
    with pytest.raises(TableError, match="positive number for 'fairs'"):
        pro.budget_split(METHODS, 60_000, worth={"own": 1, "referral": 1})


def test_the_split_does_not_hang_on_the_order_of_the_methods():
    table = METHODS.iloc[::-1]
    ours = pro.budget_split(METHODS, 60_000, least=500).set_index("method")["budget"]
    theirs = pro.budget_split(table, 60_000, least=500).set_index("method")["budget"]
    np.testing.assert_allclose(theirs[ours.index], ours)
    assert theirs.index.tolist() == ["fairs", "referral", "own"]


def test_stability_is_narrow_where_the_counts_are_large():
    few = pro.budget_stability(METHODS, 60_000, seed=5)
    many = METHODS.assign(cost=METHODS["cost"] * 100, customers=METHODS["customers"] * 100)
    firm = pro.budget_stability(many, 60_000, years=100, seed=5)
    np.testing.assert_allclose(firm["budget"], few["budget"])
    assert (firm["high"] - firm["low"] <= 0.2 * (few["high"] - few["low"])).all()
    assert ((few["low"] <= few["budget"]) & (few["budget"] <= few["high"])).all()
    assert few["funded"].between(0, 1).all()
    pd.testing.assert_frame_equal(few, pro.budget_stability(METHODS, 60_000, seed=5))


def test_splits_are_compared_with_the_first_on_the_same_draws():
    best = pro.budget_split(METHODS, 60_000).set_index("method")["budget"]
    told = pro.compare_splits(METHODS, {"first": [20_000] * 3, "same": [20_000] * 3, "best": best}, seed=5)
    assert told["more"].tolist()[:2] == [0.0, 0.0]
    assert told["more"].tolist()[2] > 0.95
    assert told["customers"][2] > told["customers"][0] == told["customers"][1]
    assert ((told["low"] < told["customers"]) & (told["customers"] < told["high"])).all()
    assert told["budget"].tolist() == pytest.approx([60_000] * 3)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"room": 1}, "room must lie above 1"),
        ({"room": float("nan")}, "room must lie above 1"),
        ({"years": 0}, "years must be above 0"),
        ({"least": 9_000}, "methods exceeds the budget"),
        ({"budget": -1}, "budget must be 0 or more"),
        ({"methods": METHODS.assign(customers=[0, 1, 1])}, "Method 'own' has no customers so far"),
        ({"methods": METHODS.assign(cost=[1, 0, 1])}, "Method 'referral' has no cost so far"),
        ({"methods": METHODS.assign(method=["a", "b", "a"])}, "names 'a' more than once"),
        ({"methods": METHODS.drop(columns="cost")}, "no column 'cost'"),
    ],
)
def test_a_wrong_budget_is_refused(how, says):
    asked = {"methods": METHODS, "budget": 20_000, **how}
    with pytest.raises(TableError, match=says):
        pro.budget_split(asked.pop("methods"), asked.pop("budget"), **asked)


def test_a_split_that_leaves_out_a_method_is_refused():
    for wrong in ({"own": 1, "referral": 2}, [1, 2], [1, 2, -3]):
        with pytest.raises(TableError, match="needs an amount from 0 for each of the 3 methods"):
            pro.compare_splits(METHODS, {"wrong": wrong}, seed=5)
    with pytest.raises(TableError, match="draws must be 1 or more"):
        pro.budget_stability(METHODS, 100, draws=0, seed=5)


def test_a_polars_table_of_methods_is_answered_with_the_way_to_turn_it():
    with pytest.raises(TableError, match=r"call .to_pandas\(\)"):
        pro.budget_split(pl.from_pandas(METHODS), 100)
