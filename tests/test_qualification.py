"""Sorting prospects: every worked example of QLF-01 to QLF-11, edges, gaps, directions, errors by message."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

import casebook
from casebook import qualification as qlf
from casebook.errors import TableError
from casebook.evaluation import auc, brier

DAYS = pd.to_datetime(["2024-06-20", "2024-07-01", "2024-07-15", "2024-09-01", "2024-09-02", None])


def dated(*days: Any, column: str = "expected_order_date") -> pd.DataFrame:
    return pd.DataFrame({column: pd.to_datetime(list(days))})


# QLF-01 -------------------------------------------------------------------------------------------------


def test_qlf_01_hot_warm_cold_at_their_edges():
    labels = qlf.heat(pd.DataFrame({"expected_order_date": DAYS}), "2024-06-01")["heat"].tolist()
    assert labels == ["hot", "hot", "warm", "warm", "cold", "unknown"]


def test_the_day_itself_is_hot_and_the_day_before_is_overdue():
    labelled = qlf.heat(dated("2024-06-01", "2024-05-31"), "2024-06-01")
    assert labelled["heat"].tolist() == ["hot", "overdue"]
    assert labelled["reason"][1] == "was expected before 2024-06-01"


def test_a_month_is_a_calendar_month():
    late_january = qlf.heat(dated("2024-02-29", "2024-03-01"), "2024-01-31")["heat"].tolist()
    assert late_january == ["hot", "warm"]  # 31 January + 1 month = 29 February


def test_a_later_date_is_never_warmer():
    days = pd.date_range("2024-06-01", "2025-01-01", freq="D")
    rank = qlf.heat(pd.DataFrame({"expected_order_date": days}), "2024-06-01")["heat"].map(qlf.HEATS.index)
    assert rank.is_monotonic_increasing
    assert rank.nunique() == 3


def test_the_months_of_heat_can_be_chosen_and_must_rise():
    assert qlf.heat(dated("2024-07-15"), "2024-06-01", hot=2, warm=4)["heat"].tolist() == ["hot"]
    with pytest.raises(TableError, match="hot and warm are numbers of months that rise"):
        qlf.heat(dated("2024-07-15"), "2024-06-01", hot=3, warm=3)


def test_heat_refuses_text_for_days_and_a_day_that_is_none():
    with pytest.raises(TableError, match=r"'expected_order_date' must hold days.*to_datetime"):
        qlf.heat(pd.DataFrame({"expected_order_date": ["soon"]}), "2024-06-01")
    with pytest.raises(TableError, match="as_of must be a day such as"):
        qlf.heat(dated("2024-07-15"), "someday")
    with pytest.raises(TableError, match="Did you mean 'expected_order_date'"):
        qlf.heat(dated("2024-07-15"), "2024-06-01", date="expected_order_dat")


def test_an_empty_table_stays_empty():
    assert qlf.heat(dated(), "2024-06-01")["heat"].tolist() == []


# QLF-02 -------------------------------------------------------------------------------------------------


def test_qlf_02_importance_includes_its_lower_edges():
    table = pd.DataFrame({"potential_margin": [150_000, 100_000, 99_999.99, 30_000, 29_999, 0]})
    assert qlf.importance(table)["importance"].tolist() == [
        "highest", "highest", "higher", "higher", "ordinary", "ordinary",
    ]  # fmt: skip


def test_qlf_02_priority_ties_are_broken_by_the_earlier_date():
    two = pd.DataFrame({"who": ["warm", "hot"], "potential_margin": [150_000, 30_000]})
    two = two.assign(expected_order_date=pd.to_datetime(["2024-07-15", "2024-06-20"]))
    ranked = qlf.priority_matrix(qlf.importance(qlf.heat(two, "2024-06-01")))
    assert ranked[["who", "priority"]].to_numpy().tolist() == [["hot", 6], ["warm", 6]]
    assert ranked["reason"].tolist() == ["higher (2) × hot (3)", "highest (3) × warm (2)"]


def test_an_overdue_or_unknown_date_has_no_priority_and_goes_last():
    table = pd.DataFrame(
        {
            "importance": ["highest", "highest", "ordinary"],
            "heat": ["overdue", "unknown", "cold"],
            "expected_order_date": pd.to_datetime(["2024-01-01", None, "2024-12-01"]),
        }
    )
    assert qlf.priority_matrix(table)["priority"].tolist() == [1, 0, 0]


def test_importance_refuses_gaps_text_and_cuts_that_rise():
    gap = pd.DataFrame({"potential_margin": [1.0, None]}, index=["a", "b"])
    with pytest.raises(TableError, match=r"no number in row 'b' \(such rows: 1\)"):
        qlf.importance(gap)
    with pytest.raises(TableError, match="must hold numbers; it holds 'much'"):
        qlf.importance(pd.DataFrame({"potential_margin": ["much"]}))
    with pytest.raises(TableError, match="cuts must fall"):
        qlf.importance(pd.DataFrame({"potential_margin": [1.0]}), (30_000, 100_000))


def test_priority_refuses_a_word_that_it_does_not_know():
    table = dated("2024-06-20").assign(heat="boiling", importance="highest")
    with pytest.raises(TableError, match=r"'heat' holds 'boiling' in row 0.*one of hot, warm"):
        qlf.priority_matrix(table)


# QLF-03 -------------------------------------------------------------------------------------------------

HAS = pd.DataFrame(
    {
        "customer_id": ["Ada", "Ada", "Cy"],
        "sku": ["P1", "P9", "P2"],
        "family": ["tap", "unit", "tap"],
        "retired_flag": [False, True, False],
    }
)
BUYS = pd.DataFrame(
    {
        "customer_id": ["Bo", "Ada", "Ada", "Cy", "Ada"],
        "sku": ["P1", "P1", "P7", "P3", "P9"],
        "family": ["tap", "tap", "unit", "tap", "unit"],
        "line": [1, 2, 3, 4, 5],
    }
)
KINDS = ["new", "repeat", "replacement", "new", "repeat"]  # Cy's other tap is not an old model


def test_qlf_03_purchase_types():
    assert qlf.purchase_type(BUYS, HAS)["purchase_type"].tolist() == KINDS


def test_purchase_types_are_the_same_in_every_engine():
    polars = qlf.purchase_type(pl.from_pandas(BUYS), pl.from_pandas(HAS))
    assert polars.sort("line")["purchase_type"].to_list() == KINDS
    lazy = qlf.purchase_type(pl.from_pandas(BUYS).lazy(), pl.from_pandas(HAS).lazy())
    assert lazy.collect().sort("line")["purchase_type"].to_list() == KINDS
    duck = qlf.purchase_type(duckdb.from_df(BUYS), duckdb.from_df(HAS))
    shown = duck.df().sort_values("line")
    assert shown["purchase_type"].tolist() == KINDS
    assert shown["reason"].tolist()[2] == "has an old model of the family"


def test_articles_listed_twice_do_not_double_the_lines():
    twice = pd.concat([HAS, HAS], ignore_index=True)
    assert qlf.purchase_type(BUYS, twice)["purchase_type"].tolist() == KINDS


def test_purchase_type_refuses_two_kinds_of_table_and_gaps():
    with pytest.raises(TableError, match="Both tables must be of one kind"):
        qlf.purchase_type(BUYS, pl.from_pandas(HAS))
    with pytest.raises(TableError, match="Column 'sku' is missing on 1 row"):
        qlf.purchase_type(BUYS.assign(sku=[None, "P1", "P7", "P3", "P9"]), HAS)


# QLF-04 and QLF-06 --------------------------------------------------------------------------------------


def flags(*rows: tuple[int, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["money", "authority", "need", "eligible"])


def test_qlf_04_man_codes_and_verdicts():
    judged = qlf.man(flags((1, 1, 1, 1), (1, 0, 1, 1), (0, 0, 0, 1)))
    assert judged["man_code"].tolist() == ["MAN", "MaN", "man"]
    assert judged["verdict"].tolist() == ["effective", "approach", "drop"]
    assert judged["reason"][1] == "no authority: find the decider"


def test_each_letter_stands_for_its_own_column():
    single = qlf.man(flags((1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1)))
    assert single["man_code"].tolist() == ["Man", "mAn", "maN"]
    assert set(single["verdict"]) == {"watch"}
    assert single["reason"][0] == "no authority: find the decider; no need: show it, or wait"


def test_qlf_06_an_ineligible_man_is_vetoed():
    judged = qlf.man(flags((1, 1, 1, 0), (1, 1, 1, 1)), eligible="eligible")
    assert judged["verdict"].tolist() == ["ineligible", "effective"]
    assert judged["man_code"].tolist() == ["MAN", "MAN"]
    assert qlf.man(flags((1, 1, 1, 0)))["verdict"].tolist() == ["effective"]  # the rule of three letters


def test_qlf_04_the_product_and_not_the_average():
    assert qlf.man_prob(0.8, 0.5, 0.9) == pytest.approx(0.36)
    average = (0.8 + 0.5 + 0.9) / 3
    assert average == pytest.approx(0.733, abs=5e-4)
    columns = qlf.man_prob(pd.Series([1.0, 0.0]), pd.Series([0.5, 1.0]), pd.Series([1.0, 1.0]))
    assert columns.tolist() == [0.5, 0.0]


@pytest.mark.parametrize("bad", [1.2, -0.1, np.nan])
def test_a_probability_outside_0_to_1_is_refused(bad: float):
    with pytest.raises(TableError, match="`authority` must be a probability from 0 to 1"):
        qlf.man_prob(0.5, bad, 0.5)


def test_man_refuses_a_gap_and_names_the_row():
    gap = flags((1, 1, 1, 1), (1, 1, 1, 1)).astype("object")
    gap.loc[1, "need"] = None
    with pytest.raises(TableError, match=r"Column 'need' holds None in row 1 \(such rows: 1\)"):
        qlf.man(gap)
    with pytest.raises(TableError, match="'eligible' holds 2"):
        qlf.man(flags((1, 1, 1, 2)), eligible="eligible")


# QLF-05 -------------------------------------------------------------------------------------------------


def test_qlf_05_ability_to_pay_now_and_in_instalments():
    said = qlf.pay_ability(20_000, 14_000, 60_000, 12, savings=10_000)
    assert said == (False, True, 6_000, 5_000)


def test_edges_of_ability_are_inclusive():
    assert qlf.pay_ability(20_000, 15_000, 60_000, 12, savings=60_000)[:2] == (True, True)
    assert qlf.pay_ability(20_000, 15_001, 60_000, 12, savings=59_999)[:2] == (False, False)


def test_who_spends_more_than_comes_in_can_pay_no_instalment():
    assert qlf.pay_ability(10_000, 12_000, 1_000, 12).potential is False


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"price": -1}, "price must be an amount of 0 or more"),
        ({"income": float("nan")}, "income must be an amount"),
        ({"term": 0}, "term must be a whole number of months"),
        ({"term": 1.5}, "term must be a whole number of months"),
    ],
)
def test_odd_amounts_and_terms_are_refused(how: dict[str, Any], said: str):
    asked = {"income": 10.0, "spend": 1.0, "price": 5.0, "term": 12} | how
    with pytest.raises(TableError, match=said):
        qlf.pay_ability(**asked)


# QLF-10 -------------------------------------------------------------------------------------------------


def touched(*labels: str) -> pd.DataFrame:
    return dated(*["2024-06-01"] * len(labels), column="last_touch").assign(heat=labels)


def test_qlf_10_next_touch_by_heat():
    planned = qlf.next_touch(touched("hot", "warm", "cold"))
    assert planned["next_touch"].dt.strftime("%Y-%m-%d").tolist() == [
        "2024-06-04",
        "2024-06-15",
        "2024-07-16",
    ]


def test_no_cadence_or_no_touch_gives_no_day_but_a_reason():
    table = touched("overdue", "hot")
    table.loc[1, "last_touch"] = pd.NaT
    planned = qlf.next_touch(table)
    assert planned["next_touch"].isna().all()
    assert planned["reason"].tolist() == ["overdue: no cadence, ask for a date", "never touched: now"]


def test_another_cadence_and_one_that_makes_no_sense():
    assert qlf.next_touch(touched("hot"), {"hot": 1})["next_touch"].dt.day.tolist() == [2]
    with pytest.raises(TableError, match=r"cadence\['hot'\] must be a number of days above 0"):
        qlf.next_touch(touched("hot"), {"hot": 0})


# QLF-09 and QLF-11, the figures of the worked examples --------------------------------------------------


def test_qlf_09_auc_of_four_bags():
    assert auc([1, 0, 1, 0], [3, 2, 2, 1]) == 0.875


def test_qlf_11_brier_of_four():
    assert brier([1, 0, 1, 0], [0.8, 0.6, 0.3, 0.1]) == pytest.approx(0.225)


# All of them --------------------------------------------------------------------------------------------


def test_no_function_changes_its_table_and_the_order_of_rows_changes_no_label():
    table = casebook.load("prospects").query("status == 'open'").head(60)
    before = table.copy(deep=True)

    def all_of(t: pd.DataFrame) -> pd.DataFrame:
        labelled = qlf.importance(qlf.heat(t, "2024-12-31")).assign(last_touch=t["created"])
        return qlf.man(qlf.next_touch(qlf.priority_matrix(labelled)), eligible="eligible")

    once, shuffled = all_of(table), all_of(table.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(table, before)
    columns = ["heat", "importance", "priority", "man_code", "verdict", "next_touch"]
    pd.testing.assert_frame_equal(once[columns].sort_index(), shuffled[columns].sort_index())


def test_polars_is_refused_with_the_way_to_turn_it():
    with pytest.raises(TableError, match=r"call \.to_pandas\(\)"):
        qlf.heat(pl.DataFrame({"expected_order_date": [None]}), "2024-06-01")
