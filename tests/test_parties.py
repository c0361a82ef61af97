"""Who is a customer: the examples of FND-01 to FND-10 by hand, chains, blanks, ties, and refusals by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import casebook
from casebook import parties as par
from casebook.errors import TableError


@pytest.fixture
def four():
    return pd.DataFrame(
        {
            "record_id": ["r1", "r2", "r3", "r4"],
            "tax_id": ["9", "9", None, "7"],
            "phone": ["1", "2", "2", "5"],
        }
    )


# FND-01 ---------------------------------------------------------------------------------------------


def test_fnd_01_customer_prospect_anonymous_internal():
    parties = pd.DataFrame(
        {
            "party_id": ["W", "H", "X", "I"],
            "on_file": [True, True, False, True],
            "internal": [False, False, False, True],
            "channel_role": ["distributor", "end_user", "end_user", "end_user"],
        }
    )
    said = par.party_status(parties, pd.DataFrame({"customer_id": ["W", "W", "W"]}))
    assert said["status"].tolist() == ["customer", "prospect", "anonymous", "internal"]
    assert said["is_end_user"].tolist() == [False, True, True, False]
    assert said["reason"].is_unique


def test_fnd_01_an_older_order_counts_and_a_colleague_who_buys_stays_internal():
    parties = pd.DataFrame(
        {"party_id": ["A", "B", "C"], "before": [2, 0, 1], "internal": [False, False, True]}
    )
    said = par.party_status(parties, pd.DataFrame({"customer_id": []}), "before")
    assert said["status"].tolist() == ["customer", "prospect", "internal"]


def test_fnd_01_on_the_company_everybody_on_file_has_bought():
    customers, orders = casebook.load("customers"), casebook.load("orders")
    with_older = par.party_status(customers, orders, "prior_orders", party="customer_id")
    without = par.party_status(customers, orders, party="customer_id")
    assert (with_older["status"] == "customer").all()
    assert (without["status"] == "prospect").sum() == (
        ~customers["customer_id"].isin(orders["customer_id"])
    ).sum()


def test_fnd_01_a_party_that_stands_twice_is_named():
    with pytest.raises(TableError, match="party_id 'W' stands twice"):
        par.party_status(pd.DataFrame({"party_id": ["W", "W"]}), pd.DataFrame({"customer_id": []}))


# FND-02, FND-03 -------------------------------------------------------------------------------------

COLUMNS = ["respondent_id", "e1", "e2", "m1", "m2", "p1", "p2", "c1", "c2"]


def test_fnd_02_the_highest_mean_names_the_type_and_a_tie_is_mixed():
    rows = [["r1", 5, 4, 2, 2, 3, 3, 3, 3], ["r2", 2, 2, 4, 4, 4, 4, 1, 1], ["r3", 1, 1, 2, 2, 3, 3, 5, 5]]
    said = par.shopper_type(pd.DataFrame(rows, columns=COLUMNS))
    assert said["shopper_type"].tolist() == ["economic", "mixed", "convenience"]
    assert said.loc[0, ["economic", "ethical", "personalising", "convenience"]].tolist() == [4.5, 2, 3, 3]
    assert said["reason"].tolist() == ["highest mean 4.50", "2 types at 4.00", "highest mean 5.00"]
    assert par.shopper_type(pd.DataFrame(rows, columns=COLUMNS), tie="none")["shopper_type"][1] == "none"


def test_fnd_02_a_blank_answer_is_refused_by_respondent():
    rows = [["r1", 5, None, 2, 2, 3, 3, 3, 3]]
    with pytest.raises(TableError, match="r1 are blank"):
        par.shopper_type(pd.DataFrame(rows, columns=COLUMNS))


def three():
    return pd.DataFrame(
        {
            "customer_id": ["C1", "C2", "C3"],
            "nature": ["commercial", "organisational", "individual"],
            "channel_role": ["distributor", "end_user", "end_user"],
            "state": ["actual", "potential", "actual"],
            "profit": [900.0, 40.0, -30.0],
        }
    )


def test_fnd_03_the_axes_by_hand():
    said = par.classify_axes(three())
    assert said[["nature", "system", "channel_role", "state"]].agg("/".join, axis=1).tolist() == [
        "commercial/external/intermediate/actual",
        "organisational/external/final/potential",
        "individual/external/final/actual",
    ]
    assert par.classify_axes(three(), profit="profit", best_share=0.34)["quality"].tolist() == [
        "best", "ordinary", "worst",
    ]  # fmt: skip
    assert par.classify_axes(three().assign(internal=[True, False, False]))["system"][0] == "internal"


def test_fnd_03_a_loss_is_never_best_and_an_unknown_nature_is_named():
    losing = three().assign(profit=[-1.0, -2.0, -3.0])
    assert set(par.classify_axes(losing, profit="profit", best_share=0.9)["quality"]) == {"worst"}
    with pytest.raises(TableError, match="'nature' of C2 is 'church'"):
        par.classify_axes(three().assign(nature=["commercial", "church", "individual"]))
    with pytest.raises(TableError, match="best_share"):
        par.classify_axes(three(), profit="profit", best_share=20)


# FND-04, FND-05 -------------------------------------------------------------------------------------


def test_fnd_04_degrees_and_wallet_by_hand():
    pairs = pd.DataFrame({"customer": ["A", "A", "B", "B"], "supplier": ["s1", "s2", "s1", "s1"]})
    customers, suppliers = par.relation_degrees(pairs)
    assert customers.to_dict() == {"s1": 2, "s2": 1}
    assert suppliers.to_dict() == {"A": 2, "B": 1}
    assert par.share_of_wallet(30, 120) == 0.25
    column = par.share_of_wallet(pd.Series([30, 0], index=["A", "B"]), pd.Series([120, 0], index=["A", "B"]))
    assert column["A"] == 0.25
    assert np.isnan(column["B"])


@pytest.mark.parametrize(("ours", "total"), [(130, 120), (-1, 10), (0, -5)])
def test_fnd_04_more_than_the_whole_wallet_is_refused(ours, total):
    with pytest.raises(TableError, match="up to all that the customer bought"):
        par.share_of_wallet(ours, total)


@pytest.mark.parametrize(
    ("rate", "cost", "prefer"), [(0.25, 400, "retain"), (0.15, 666.67, "acquire"), (0.2, 500, "equal")]
)
def test_fnd_05_a_save_against_a_win(rate, cost, prefer):
    found, said = par.retention_vs_acquisition(500, 100, rate)
    assert found == pytest.approx(cost, abs=0.005)
    assert said == prefer


def test_fnd_05_nobody_saved_is_endlessly_dear_and_a_percentage_is_refused():
    assert par.retention_vs_acquisition(500, 100, 0) == (float("inf"), "acquire")
    with pytest.raises(TableError, match="save rate from 0 to 1"):
        par.retention_vs_acquisition(500, 100, 25)


# FND-06, FND-07, FND-08, FND-09 ----------------------------------------------------------------------


def test_fnd_06_five_steps_and_the_first_is_to_collect_information():
    assert len(par.MANAGEMENT_STEPS) == 5
    assert par.MANAGEMENT_STEPS[0] == "collect information"


def test_fnd_07_first_the_target_then_the_score():
    six = pd.DataFrame({"customer_id": range(1, 7), "score": [0.9, 0.2, 0.7, 0.4, 0.95, 0.1]})
    assert par.identify(six, six["customer_id"] <= 4, "score", 0.5) == {1, 3}
    assert par.identify(six, six["customer_id"] <= 4, "score", 0.7) == {1, 3}  # at the cut is in
    with pytest.raises(TableError, match="True or False for each row"):
        par.identify(six, six["customer_id"][:3] <= 4, "score", 0.5)
    with pytest.raises(TableError, match="'score' is missing for 2"):
        par.identify(
            six.assign(score=six["score"].where(six["score"] != 0.2)), six["customer_id"] > 0, "score", 0
        )


def sources():
    return pd.DataFrame(
        {
            "source_id": ["yearbook", "fair", "list"],
            "cost": [300, 4_000, 500],
            "records": [200, 400, 1_000],
            "valid_share": [0.5, 0.8, 0.2],
            "dup_share": [0, 0.25, 0.5],
        }
    )


def test_fnd_08_the_cost_of_a_usable_record_by_hand():
    priced = par.source_register(sources()).set_index("source_id")["cost_per_usable"]
    assert priced.round(2).to_dict() == {"yearbook": 3.0, "list": 5.0, "fair": 16.67}
    assert priced.is_monotonic_increasing


def test_fnd_08_nothing_usable_is_endlessly_dear_and_bad_shares_are_named():
    assert (
        par.source_register(sources().assign(valid_share=[0, 0.8, 0.2]))["cost_per_usable"].iloc[-1] == np.inf
    )
    with pytest.raises(TableError, match="'dup_share' of source fair must be a share"):
        par.source_register(sources().assign(dup_share=[0, 25, 0.5]))
    with pytest.raises(TableError, match="'cost' of source yearbook"):
        par.source_register(sources().assign(cost=[-1, 1, 1]))


@pytest.mark.parametrize(
    ("revenue", "least", "expected"), [(100, 0, (60, True)), (60, 0, (-60, False)), (100, 80, (60, False))]
)
def test_fnd_09_kotlers_profitable_customer(revenue, least, expected):
    assert par.kotler_profit([revenue] * 3, 120, 0, [40] * 3, min_margin=least) == expected


def test_fnd_09_a_gap_is_not_a_zero():
    with pytest.raises(TableError, match="a gap is not a zero"):
        par.kotler_profit([100, float("nan")], 120, 0, 40)


# FND-10 ---------------------------------------------------------------------------------------------


def test_fnd_10_a_chain_of_matches_is_one_customer(four):
    said = par.resolve_entities(four, keys=["tax_id", "phone"])
    assert said["entity_id"].tolist() == ["r1", "r1", "r1", "r4"]
    assert said["reason"].tolist() == ["tax_id", "tax_id, phone", "phone", "alone"]


def test_fnd_10_blanks_never_match(four):
    bare = four.assign(tax_id=None, phone=None)
    assert par.resolve_entities(bare, keys=["tax_id", "phone"])["entity_id"].nunique() == 4


def test_fnd_10_names_match_without_blanks_brackets_and_case_within_a_region(four):
    named = four.assign(name=["Li & Co", "LI & CO.", "li&co", "Li & Co"], region=["E", "E", "E", "W"])
    said = par.resolve_entities(named, keys=["norm_name+region"])
    assert said["entity_id"].tolist() == ["r1", "r1", "r1", "r4"]


def test_fnd_10_every_planted_duplicate_with_a_number_is_found_and_none_invented():
    records = casebook.load("customer_records_raw")
    said = par.resolve_entities(records)
    assert said["entity_id"].nunique() == 1_000 + 25  # what is left are the 25 slips of the pen
    assert (said["entity_id"].value_counts() == 3).sum() == 1


def test_fnd_10_slips_differ_in_one_character_only():
    pairs = par.one_letter_apart(["Mai", "Mei"], ["Mei", "Moi", "Mailin", "Mai"])
    assert pairs.to_numpy().tolist() == [["Mai", "Mei"], ["Mai", "Moi"], ["Mei", "Moi"], ["Mei", "Mai"]]
    with pytest.raises(TableError, match="A name is missing"):
        par.one_letter_apart(["Mai", None], ["Mei"])


LINKED = st.lists(st.tuples(st.sampled_from([None, *"1234"]), st.sampled_from([None, *"5678"])), max_size=14)


@given(LINKED, st.randoms())
def test_fnd_10_entities_are_the_islands_whatever_the_order(rows, chance):
    records = pd.DataFrame(rows, columns=["tax_id", "phone"]).astype(object)
    records["record_id"] = [f"r{i:02}" for i in range(len(rows))]
    said = par.resolve_entities(records, keys=["tax_id", "phone"]).set_index("record_id")["entity_id"]
    mixed = records.sample(frac=1, random_state=chance.randint(0, 99))
    pd.testing.assert_series_equal(
        par.resolve_entities(mixed, keys=["tax_id", "phone"])
        .set_index("record_id")["entity_id"]
        .sort_index(),
        said,
    )
    # islands by hand: merge sets that share a number
    islands: list[set[str]] = []
    for record, numbers in zip(records["record_id"], rows, strict=True):
        mine = {record} | {n for n in numbers if n is not None}
        touching = [i for i in islands if i & mine]
        islands = [i for i in islands if not i & mine] + [mine.union(*touching)]
    for island in islands:
        members = sorted(name for name in island if name.startswith("r"))
        assert set(said[members]) == {members[0]}


def test_a_record_that_stands_twice_and_a_missing_column_are_refused(four):
    with pytest.raises(TableError, match="record_id 'r1' stands twice"):
        par.resolve_entities(pd.concat([four, four]), keys=["phone"])
    with pytest.raises(TableError, match="no column 'fax'"):
        par.resolve_entities(four, keys=["fax"])


def test_what_is_handed_in_stays_as_it_was(four):
    before = four.copy()
    par.resolve_entities(four, keys=["tax_id", "phone"])
    table, kept = sources(), sources()
    par.source_register(table)
    par.classify_axes(three(), profit="profit")
    pd.testing.assert_frame_equal(four, before)
    pd.testing.assert_frame_equal(table, kept)


# What would have given a wrong answer without a word ---------------------------------------------------


@pytest.mark.parametrize("flag", ["no", "False", None, np.nan])
@pytest.mark.parametrize("column", ["on_file", "internal"])
def test_a_flag_that_is_neither_yes_nor_no_is_refused(column, flag):
    parties = pd.DataFrame({"party_id": ["W"], column: pd.Series([flag], dtype=object)})
    with pytest.raises(TableError, match=f"Column '{column}' holds .* in row 0"):
        par.party_status(parties, pd.DataFrame({"customer_id": ["W"]}))


def test_numbers_of_parties_and_texts_of_orders_never_meet():
    with pytest.raises(TableError, match="one holds numbers, the other text"):
        par.party_status(pd.DataFrame({"party_id": [1, 2]}), pd.DataFrame({"customer_id": ["1", "2"]}))


def test_blank_text_is_no_number_and_blanks_around_it_do_not_count(four):
    blank = four.assign(tax_id=["", "", "  ", ""], phone=["1 ", "1", "2", " 2"])
    assert par.resolve_entities(blank, ["tax_id"])["entity_id"].tolist() == ["r1", "r2", "r3", "r4"]
    assert par.resolve_entities(blank, ["phone"])["entity_id"].tolist() == ["r1", "r1", "r3", "r3"]
    with pytest.raises(TableError, match=r"write \['tax_id'\]"):
        par.resolve_entities(four, "tax_id")


def test_a_wallet_is_not_set_beside_that_of_another_customer():
    ours, total = pd.Series([10, 50], ["a", "b"]), pd.Series([100, 60], ["b", "a"])
    with pytest.raises(TableError, match="different rows"):
        par.share_of_wallet(ours, total)
    with pytest.raises(TableError, match=r"sales of b must be .* got nan of 60"):
        par.share_of_wallet(pd.Series([10, np.nan], ["a", "b"]), pd.Series([100, 60], ["a", "b"]))


def test_axes_refuse_a_missing_profit_and_a_blank_role():
    one = pd.DataFrame({"customer_id": ["C1"], "nature": "commercial", "channel_role": "retailer"})
    with pytest.raises(TableError, match="'profit' has no number in row 0"):
        par.classify_axes(one.assign(profit=np.nan), profit="profit")
    with pytest.raises(TableError, match="'channel_role' of C1 is blank"):
        par.classify_axes(one.assign(channel_role=None))


def test_an_answer_of_55_is_refused():
    marks = {column: [3] for group in par.SHOPPER_ITEMS.values() for column in group}
    with pytest.raises(TableError, match="'e1' of r1 holds 55"):
        par.shopper_type(pd.DataFrame({"respondent_id": ["r1"], **marks, "e1": [55]}))


def test_a_source_that_stands_twice_or_has_endless_records_is_refused():
    one = pd.DataFrame({"source_id": ["S"], "cost": 3, "records": 2, "valid_share": 1, "dup_share": 0})
    with pytest.raises(TableError, match="source_id 'S' stands twice"):
        par.source_register(pd.concat([one, one]))
    with pytest.raises(TableError, match="'records' of source S"):
        par.source_register(one.assign(records=np.inf))
    with pytest.raises(TableError, match="'cost' must hold numbers"):
        par.source_register(one.assign(cost="3"))
