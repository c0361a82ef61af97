"""The four ratios, managerial classes and data quality: hand-worked cases, edges, errors by message."""

import pandas as pd
import pytest

from casebook import composition as com
from casebook.errors import TableError


@pytest.fixture
def three():
    """The worked example of CLS-04 to CLS-07: sales, cost, and stock at selling price."""
    return pd.DataFrame(
        {
            "sku": ["P1", "P2", "P3"],
            "sales": [400, 600, 1000],
            "cost": [300, 480, 900],
            "stock": [100, 200, 125],
        }
    )


@pytest.fixture
def ratios(three):
    return com.four_ratios(three, sold="sales")


# CLS-04


def test_margin_rates_of_three_products():
    three = pd.DataFrame({"sku": ["P1", "P2", "P3"], "sales": [400, 600, 1000], "cost": [300, 480, 900]})
    assert com.gross_margin(three, "sales", "cost")["margin_rate"].tolist() == [0.25, 0.20, 0.10]


def test_lines_are_added_up_exactly_before_the_rate_is_taken():
    lines = pd.DataFrame({"sku": list("aab"), "sales": [0.1, 0.2, 4], "cost": [0.15, 0.15, 5]})
    by_sku = com.gross_margin(lines, "sales", "cost", by="sku")
    assert by_sku["gross_margin"].tolist() == [0.0, -1.0]
    assert by_sku["margin_rate"].tolist() == [0.0, -0.25]


def test_without_sales_there_is_no_rate():
    row = com.gross_margin(pd.DataFrame({"sales": [0.0], "cost": [5.0]}), "sales", "cost")
    assert row["gross_margin"].iloc[0] == -5
    assert pd.isna(row["margin_rate"].iloc[0])


def test_a_missing_cost_is_refused_and_named():
    lines = pd.DataFrame({"sku": ["a", "b"], "sales": [1.0, 2.0], "cost": [0.5, None]})
    with pytest.raises(TableError, match=r"'cost' is missing on 1 row .*sku=b"):
        com.gross_margin(lines, "sales", "cost", by="sku")


def test_gross_margin_leaves_the_table_as_it_was(three):
    before = three.copy(deep=True)
    com.gross_margin(three, "sales", "cost")
    com.four_ratios(three, sold="sales")
    pd.testing.assert_frame_equal(three, before)


# CLS-05


def test_turnover_of_three_products(three):
    assert com.turnover(three, "sales")["turnover_ratio"].tolist() == [4, 3, 8]


def test_average_stock_is_the_mean_of_opening_and_closing_over_the_months():
    stock = pd.DataFrame({"sku": ["b", "a", "a"], "open_units": [10, 80, 120], "close_units": [20, 120, 60]})
    table = com.average_stock(stock)
    assert table.to_numpy().tolist() == [["a", 95.0, 2], ["b", 15.0, 1]]


def test_half_a_year_is_stretched_to_a_whole_one(three):
    half = com.turnover(three, "sales", months=6)["turnover_ratio"]
    assert half.tolist() == [8, 6, 16]
    by_column = com.turnover(three.assign(months=[6, 12, 3]), "sales", months="months")["turnover_ratio"]
    assert by_column.tolist() == [8, 3, 32]


def test_more_stock_never_means_a_higher_turnover(three):
    more = com.turnover(three.assign(stock=three["stock"] + 1), "sales")["turnover_ratio"]
    assert (more < com.turnover(three, "sales")["turnover_ratio"]).all()


def test_without_stock_there_is_no_turnover_and_no_cross_ratio(three):
    table = com.four_ratios(three.assign(stock=[0, 200, 125]), sold="sales")
    assert pd.isna(table["turnover_ratio"].iloc[0])
    assert pd.isna(table["cross_ratio"].iloc[0])
    assert table["cross_ratio"].iloc[1:].round(10).tolist() == [0.6, 0.8]


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({"stock": [1, -2, 3]}, {}, r"'stock' is negative on 1 row \(row 1\): a stock cannot be below zero"),
        ({"stock": [1, None, 3]}, {}, "'stock' is missing on 1 row"),
        ({"sales": ["a", "b", "c"]}, {}, "'sales' does not hold numbers"),
        ({}, {"months": 0}, "Months must be above zero"),
        ({"m": [6, 0, 6]}, {"months": "m"}, "Months must be above zero .row 1"),
        ({}, {"basis": "list"}, "basis must be 'retail', 'cost' or 'units', got 'list'"),
        ({}, {"stock": "stok"}, "no column 'stok'. Did you mean 'stock'"),
    ],
)
def test_turnover_says_what_is_wrong(three, change, options, message):
    with pytest.raises(TableError, match=message):
        com.turnover(three.assign(**change), "sales", **options)


def test_a_negative_stock_at_the_end_of_a_month_is_named():
    stock = pd.DataFrame({"sku": ["a", "b"], "open_units": [1, 2], "close_units": [2, -1]})
    with pytest.raises(TableError, match=r"'close_units' is negative on 1 row \(sku=b\)"):
        com.average_stock(stock)


# CLS-06


def test_cross_ratio_of_three_products(ratios):
    assert ratios["cross_ratio"].round(10).tolist() == [1.0, 0.6, 0.8]
    assert ratios.loc[ratios["cross_ratio"].idxmax(), "sku"] == "P1"


def test_at_cost_the_cross_ratio_is_gross_margin_over_stock_at_cost(three):
    at_cost = three.assign(stock=[75.0, 160.0, 112.5])  # the same stock, valued at cost
    table = com.gross_margin(at_cost, "sales", "cost")
    table = com.cross_ratio(com.turnover(table, "cost", basis="cost"))
    gmroi = table["gross_margin"] / at_cost["stock"]
    assert table["cross_ratio"].round(10).tolist() == gmroi.round(10).tolist()


def test_a_loss_sold_faster_is_a_larger_loss():
    table = com.cross_ratio(pd.DataFrame({"margin_rate": [-0.1, -0.1], "turnover_ratio": [2.0, 12.0]}))
    assert table["cross_ratio"].round(10).tolist() == [-0.2, -1.2]


def test_two_bases_in_one_ratio_are_refused(three):
    table = com.turnover(com.gross_margin(three, "sales", "cost"), "cost", basis="cost")
    with pytest.raises(TableError, match="worked out at 'cost', not at 'retail': one basis"):
        com.cross_ratio(table, basis="retail")
    with pytest.raises(TableError, match="'cost', 'retail': one basis for all"):
        com.cross_ratio(table.assign(basis=["cost", "retail", "cost"]))


# CLS-07


def test_both_contribution_ratios_of_three_products(ratios):
    """(i) .20, .18, .40 with total .78; (ii) .05, .06, .05 with total .16, the margin of the firm."""
    assert ratios["contribution_cross"].round(10).tolist() == [0.20, 0.18, 0.40]
    assert ratios["contribution_margin"].round(10).tolist() == [0.05, 0.06, 0.05]
    for definition, total in (("cross", 0.78), ("margin", 0.16)):
        table = com.contribution_ratio(ratios, definition=definition, key="sku", total=True)
        assert table["sku"].tolist() == ["P1", "P2", "P3", "total"]
        assert round(table["contribution_ratio"].iloc[-1], 10) == total
        assert table["sales"].iloc[-1] == 2000
        assert round(table["sales_share"].iloc[-1], 10) == 1
    assert 320 / 2000 == 0.16


def test_the_best_by_cross_ratio_is_not_the_best_by_contribution(ratios):
    best = [ratios.loc[ratios[c].idxmax(), "sku"] for c in ("cross_ratio", "contribution_cross")]
    assert best == ["P1", "P3"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"definition": "share"}, "definition must be 'cross' or 'margin', got 'share'"),
        ({"total": True}, "A total row needs a name"),
        ({"sales": "zero"}, "'zero' adds to 0.00: without sales there are no shares"),
    ],
)
def test_contribution_says_what_is_wrong(ratios, options, message):
    with pytest.raises(TableError, match=message):
        com.contribution_ratio(ratios.assign(zero=0), **options)


def test_four_ratios_keep_the_order_of_rows_and_the_other_columns(three):
    table = com.four_ratios(three.iloc[::-1].assign(note="x"), sold="sales")
    assert table["sku"].tolist() == ["P3", "P2", "P1"]
    assert table["note"].tolist() == ["x"] * 3


def test_a_product_in_two_rows_is_refused_by_name(three):
    with pytest.raises(TableError, match="names 'P1' more than once"):
        com.four_ratios(pd.concat([three, three.head(1)]), sold="sales")


# Lists of products to drop


def test_the_lists_count_the_worst_by_each_measure(ratios):
    ranks = com.drop_list(ratios, n=1).set_index("sku")
    assert ranks.loc["P1", "sales"] == 1
    assert ranks.loc["P2", "cross_ratio"] == 1
    assert ranks.loc["P2", "contribution_cross"] == 1
    assert ranks.loc["P2", "turnover_ratio"] == 1
    assert ranks["lists"].to_dict() == {"P2": 3, "P1": 2, "P3": 1}
    assert ranks.index.tolist() == ["P2", "P1", "P3"]


def test_ties_of_a_list_are_settled_by_name_whatever_the_order_of_rows():
    tied = pd.DataFrame({"sku": ["b", "a", "c"], "sales": [5, 5, 5]})
    for table in (tied, tied.iloc[::-1]):
        assert com.drop_list(table, n=1).set_index("sku")["sales"].to_dict() == {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"n": 4}, "n must be a whole number from 1 to 3"),
        ({}, {"n": True}, "n must be a whole number"),
        ({"sku": ["a", "a", "b"]}, {}, "names 'a' more than once"),
        ({"cross_ratio": [1, None, 2]}, {}, "'cross_ratio' is missing on 1 row"),
        ({}, {"measures": {"profit": "profit"}}, "no column 'profit'"),
        ({}, {"measures": {}}, "none of the measures"),
    ],
)
def test_drop_list_says_what_is_wrong(ratios, change, options, message):
    with pytest.raises(TableError, match=message):
        com.drop_list(ratios.assign(**change), **options)


@pytest.fixture
def dealt():
    """Forty orders of three products: P1 always loses and sells fast, P2 and P3 are nearly alike."""
    rows = []
    for i in range(40):
        rows += [
            (f"o{i}", "P1", 10, 12),
            (f"o{i}", "P2", 30 + i % 5, 24),
            (f"o{i}", "P3", 30 + i // 8 + (i > 35), 24),
        ]
    lines = pd.DataFrame(rows, columns=["order_id", "sku", "sales", "cost"])
    stock = pd.DataFrame({"sku": ["P1", "P2", "P3"], "stock": [10, 100, 100]})
    return lines.assign(sold=lines["sales"]), stock


def test_a_product_that_always_loses_is_on_the_list_in_every_draw(dealt):
    table = com.drop_stability(*dealt, n=1, B=50).set_index("sku")
    assert table.loc["P1", "cross_ratio"] == 1.0
    assert table.loc["P1", "turnover_ratio"] == 0.0
    assert table.loc["P2", "turnover_ratio"] + table.loc["P3", "turnover_ratio"] == 1.0
    assert 0 < table.loc["P3", "turnover_ratio"] < table.loc["P2", "turnover_ratio"]


def test_the_draws_hang_on_the_seed_alone(dealt):
    lines, stock = dealt
    first = com.drop_stability(lines, stock, B=20, seed=1, n=1)
    pd.testing.assert_frame_equal(first, com.drop_stability(lines, stock, B=20, seed=1, n=1))
    assert not first.equals(com.drop_stability(lines, stock, B=20, seed=2, n=1))


def test_half_a_year_of_stock_counts_half(dealt):
    lines, stock = dealt
    slow = com.drop_stability(lines, stock.assign(months=[12, 12, 1]), n=1, B=30).set_index("sku")
    assert slow.loc["P3", "turnover_ratio"] == 0.0  # a twelfth of the time: twelve times as fast


def test_lines_of_other_products_count_in_the_total_alone(dealt):
    lines, stock = dealt
    other = lines.head(40).assign(sku="X", sales=1e6, cost=0, sold=1e6)
    alone = com.drop_stability(lines, stock, n=1, B=30)
    beside = com.drop_stability(pd.concat([lines, other]), stock, n=1, B=30)
    pd.testing.assert_frame_equal(alone, beside)


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"B": 0}, "B must be a whole number of draws"),
        ({}, {"n": 0}, "n must be a whole number from 1 to 3"),
        ({"sku": ["P1", "P2", "P9"]}, {}, "No line of product 'P9'"),
    ],
)
def test_drop_stability_says_what_is_wrong(dealt, change, options, message):
    lines, stock = dealt
    with pytest.raises(TableError, match=message):
        com.drop_stability(lines, stock.assign(**change), **options)


# CLS-08


def test_four_customers_fall_into_the_four_managerial_classes():
    """1 order: temporary; top decile: key; +30 % and wallet .3: potential; flat: regular."""
    four = pd.DataFrame(
        {
            "orders_12m": [1, 40, 9, 12],
            "margin": [5, 900, 60, 80],
            "growth": [None, 0.0, 0.30, 0.0],
            "wallet": [0.1, 0.6, 0.3, 0.3],
        }
    )
    table = com.managerial_class(four)
    assert table["managerial_class"].tolist() == ["temporary", "key", "potential", "regular"]
    assert table["reason"].iloc[0] == "1 order or fewer in twelve months"
    assert list(table.columns[:4]) == list(four.columns)


def customers_of(n=20, **columns):
    base = {"orders_12m": 5, "margin": range(n, 0, -1), "growth": 0.0, "wallet": 0.9}
    return pd.DataFrame({**base, **columns}, index=range(n))


def test_temporary_is_asked_before_key_and_key_before_potential():
    table = customers_of(growth=0.5, wallet=0.1)
    table.loc[0, "orders_12m"] = 1
    classes = com.managerial_class(table)["managerial_class"].tolist()
    assert classes[:3] == ["temporary", "key", "potential"]  # a tenth of twenty: the first two by margin


def test_the_edges_of_growth_and_wallet():
    table = customers_of(4, margin=[9, 1, 1, 1], growth=[0, 0.20, 0.1999, 0.20], wallet=[0, 0.4999, 0.1, 0.5])
    assert com.managerial_class(table)["managerial_class"].tolist() == [
        "key", "potential", "regular", "regular",
    ]  # fmt: skip


def test_ties_at_the_end_of_the_key_customers_come_in_and_losses_never():
    table = customers_of(10, margin=[7, 7, 7, 1, 1, 1, 1, 1, 1, 1])
    assert (com.managerial_class(table)["managerial_class"] == "key").sum() == 3
    assert (com.managerial_class(customers_of(10, margin=-1))["managerial_class"] == "key").sum() == 0


def test_gaps_in_growth_and_wallet_are_no_potential_and_gaps_in_margin_are_refused():
    table = customers_of(4, growth=[0.5, None, 0.5, 0.5], wallet=[0.1, 0.1, None, 0.1])
    classes = com.managerial_class(table, top=0.01)["managerial_class"].tolist()
    assert classes == ["key", "regular", "regular", "potential"]
    with pytest.raises(TableError, match="'margin' is missing on 1 row"):
        com.managerial_class(customers_of(2, margin=[1, None]))
    with pytest.raises(TableError, match="top must be a share between 0 and 1, got 1"):
        com.managerial_class(table, top=1)


# CLS-09


def test_four_phones_are_three_quarters_complete_and_two_thirds_unique():
    phones = pd.DataFrame({"phone": ["00012345678", "00087654321", "00012345678", None]})
    row = com.dq_report(phones, {"phone": r"\d{11}"}).iloc[0]
    assert (row["completeness"], round(row["uniqueness"], 3), row["validity"]) == (0.75, 0.667, 1.0)


def test_blank_text_is_missing_and_a_rule_may_be_a_function():
    table = pd.DataFrame({"a": ["x", "  ", None, "y"], "b": [1, 2, 30, 2], "c": [None] * 4})
    report = com.dq_report(table, {"b": lambda n: n < 10, "a": "[x]", "c": "z"}).set_index("column")
    assert report["missing"].to_dict() == {"a": 2, "b": 0, "c": 4}
    assert report["validity"].to_dict()["b"] == 0.75
    assert report["validity"].to_dict()["a"] == 0.5
    assert pd.isna(report.loc["c", "validity"])
    assert pd.isna(report.loc["c", "uniqueness"])


def test_a_rule_of_no_column_and_an_empty_table_are_refused():
    with pytest.raises(TableError, match="no column 'fon'"):
        com.dq_report(pd.DataFrame({"phone": ["1"]}), {"fon": "1"})
    with pytest.raises(TableError, match="no rows"):
        com.dq_report(pd.DataFrame({"phone": []}))


# What later lessons need of this one


def test_the_bridge_over_composition_works_its_numbers_out():
    from casebook.course import bridge

    text = " ".join(bridge("08").split())
    for words in (
        "+22 = +10 volume and +12 price",
        "leave 100, a rate of 25%",
        "turns a rate of 30% into 20.5%",
        "both valued alike, is 4.",
        "get R scores of 2, 1, 2 and 1",
    ):
        assert words in text


# Tables as they come ------------------------------------------------------------------------------------

SOLD = pd.DataFrame(
    {
        "order_id": [1, 2, 3, 4], "customer_id": ["A", "A", "B", "B"], "sku": ["x", "y", "x", "y"],
        "date": pd.to_datetime(["2023-01-01", "2024-01-01", "2024-03-01", "2023-02-01"]),
        "sales": [5.0, 7.0, 9.0, 1.0], "cost": [1.0, 2.0, 3.0, 1.0], "sold": [6.0, 8.0, 10.0, 2.0],
    }
)  # fmt: skip
SPENDS = pd.DataFrame({"customer_id": ["A", "B"], "annual_category_spend": [10.0, 20.0]})
LIES = pd.DataFrame({"sku": ["x", "y"], "stock": [1.0, 2.0]})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: com.sales_table(SOLD, "sku", "sales", date="date", year=1999),
            "No line is dated 1999: choose a year",
        ),
        (lambda: com.sales_table(SOLD, "sku", "sales", date="date", year="2024"), "year must be a whole"),
        (
            lambda: com.sales_table(SOLD.assign(date="2024-01-01"), "sku", "sales", date="date", year=2024),
            "not dates: use pandas.to_datetime",
        ),
        (
            lambda: com.customer_performance(
                SOLD, SPENDS.assign(annual_category_spend=["10,000", "20"]), year=2024, amount="sales"
            ),
            "holds '10,000' for 'A'",
        ),
        (
            lambda: com.customer_performance(
                SOLD, SPENDS.assign(customer_id=["a", "b"]), year=2024, amount="sales"
            ),
            "write the ids alike",
        ),
        (lambda: com.drop_stability(SOLD, LIES.assign(stock=[-1.0, 2.0]), n=1, B=2), "holds -1.0 for 'x'"),
        (lambda: com.drop_stability(SOLD, LIES.assign(months=[0, 12]), n=1, B=2), "holds 0 for 'x'"),
        (lambda: com.turnover(LIES.assign(sold=1.0), months=float("nan")), "above zero"),
        (
            lambda: com.cross_ratio(pd.DataFrame({"margin_rate": ["a"], "turnover_ratio": [1]})),
            "'margin_rate' does not hold numbers",
        ),
        (
            lambda: com.price_volume(pd.DataFrame({"q0": [1], "p0": [-1], "q1": [1], "p1": [2]})),
            "'p0' holds -1 in row 0",
        ),
        (lambda: com.dq_report(SOLD, {"sku": "("}), "is no regular expression"),
    ],
)
def test_what_would_give_a_wrong_number_is_refused(call, message):
    with pytest.raises(TableError, match=message):
        call()


def test_a_gap_does_not_make_telephone_numbers_invalid():
    phones = pd.DataFrame({"phone": [13800000001, None, 13800000002]})
    assert com.dq_report(phones, {"phone": r"\d{11}"})["validity"].tolist() == [1.0]
