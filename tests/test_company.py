"""The sample company: coherent, honest, the same on every machine, and as many sisters as one likes."""

import json
import os
import re
import shlex
from decimal import Decimal
from functools import reduce
from io import BytesIO
from operator import add
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casebook import company as co
from casebook.company import __main__ as command
from casebook.company import evidence, parties, recovery, store, trade
from casebook.company import messy as messy_module
from casebook.company.costs import triple
from casebook.company.messy import FORMULA_NAME, PLANTED, SCRIPT_NAME, messy_lines
from casebook.company.streams import STREAMS, stream
from casebook.contracts import TABLES, TRUTH

DATASETS = Path(__file__).resolve().parents[1] / "datasets"
LAST_DAY = pd.Timestamp("2024-12-31")


@pytest.fixture(scope="module")
def shipped():
    return co.simulate()


@pytest.fixture(scope="module")
def loaded():
    return {name: co.load(name) for name in co.tables()} | {name: co.truth(name) for name in TRUTH}


# The files -----------------------------------------------------------------------------------------------


def test_the_shipped_files_are_what_the_simulator_writes_to_the_byte():
    assert command.differences(command.shipped_files(), DATASETS) == []


def test_the_check_sees_a_changed_a_missing_and_an_extra_file(tmp_path, capsys):
    files = {"a.csv": b"1\n", "b.csv": b"2\n", "truth/c.csv": b"3\n"}
    store.write_files(files, tmp_path)
    assert command.differences(files, tmp_path) == []
    (tmp_path / "a.csv").write_bytes(b"1\r\n")
    (tmp_path / "truth" / "c.csv").unlink()
    (tmp_path / "old.md").write_text("left over")
    assert command.differences(files, tmp_path) == [
        "a.csv differs",
        "truth/c.csv is missing",
        "old.md is not generated",
    ]
    assert command.main(["--check", "--folder", str(tmp_path)]) == 1
    assert "orders.csv is missing" in capsys.readouterr().out


def test_the_files_are_plain_and_small():
    assert sum(path.stat().st_size for path in DATASETS.rglob("*") if path.is_file()) < 8e6
    for name in TABLES:
        raw = (DATASETS / f"{name}.csv").read_bytes()
        assert b"\r" not in raw
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert raw.decode("utf-8").splitlines()[0].split(",") == TABLES[name].column_names


def test_the_schema_counts_the_rows_of_every_table(loaded):
    schema = json.loads((DATASETS / "schema.json").read_text(encoding="utf-8"))
    assert {name: table["rows"] for name, table in schema["tables"].items()} == {
        name: len(loaded[name]) for name in co.tables()
    }
    assert schema["company"]["fictional"] is True


@pytest.mark.parametrize("name", [*TABLES])
def test_a_data_card_explains_every_column_and_what_the_table_is_not_for(name, loaded):
    card = (DATASETS / f"{name}.md").read_text(encoding="utf-8")
    for column in TABLES[name].columns:
        row = next(line for line in card.splitlines() if re.match(rf"\| \*{{0,2}}`{column.name}`", line))
        assert column.meaning in row
        assert column.unit in row
    origin = "Simulated. Qingyuan" if TABLES[name].simulated else "Written by hand, the same in every company"
    for part in (origin, "Qingyuan Water Equipment Co., Ltd. (清源净水设备有限公司", "CC BY 4.0"):
        assert part in card
    for part in ("How it was made", "What is planted", "Limits and misuse", "Licence"):
        assert f"## {part}\n" in card
    assert f"{len(loaded[name]):,} rows" in card


def test_the_front_page_leads_to_every_card():
    page = (DATASETS / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\((\w+)\.md\)", page)) == {*TABLES, "messy_sales_export", "PUBLIC"}


# Integrity -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*TABLES, *TRUTH])
def test_a_table_keeps_its_contract_with_all_others(name, loaded):
    (TABLES | TRUTH)[name].require(loaded[name], loaded)


@pytest.mark.parametrize("name", [*TABLES])
def test_a_table_is_typed_and_holds_the_columns_of_its_contract(name, loaded):
    assert loaded[name].dtypes.astype("str").to_dict() == {c.name: c.dtype for c in TABLES[name].columns}


def test_nothing_that_happened_is_dated_after_the_last_day(loaded):
    planned = {
        ("orders", "promised_date"),
        ("competitor_offers", "end_month"),
        ("invoices", "due_date"),
        ("prospects", "expected_order_date"),
    }
    seen = set()
    for name, table in loaded.items():
        for column in table.select_dtypes("datetime").columns:
            seen.add((name, column))
            if (name, column) not in planned:
                assert not (table[column] > LAST_DAY).any(), f"{name}.{column}"
    assert planned < seen


def test_nobody_orders_after_dropping_out_and_some_had_dropped_out(loaded):
    left = loaded["customers_truth"].set_index("customer_id")["dropout_month"].dropna()
    assert len(left) > 100
    last = loaded["orders"].groupby("customer_id")["date"].max().reindex(left.index).dropna()
    assert (last.dt.to_period("M") <= left[last.index].dt.to_period("M")).all()


def test_no_hidden_value_stands_in_a_public_column(loaded):
    hidden = loaded["customers_truth"].select_dtypes("number")
    public = loaded["customers"].select_dtypes("number")
    varied = [column for column in public if public[column].nunique() > 2]
    for trait in hidden:
        for column in set(varied) - (
            {"prior_orders"} if trait == "p_drop" else set()
        ):  # households have none
            alike = hidden[trait].corr(public[column], method="spearman")
            assert abs(alike) < 0.95, f"{trait} shows in {column}"


def test_public_tables_do_not_come_from_the_folder_of_the_truth():
    assert not set(TABLES) & set(TRUTH)
    for name in TRUTH:
        assert not (DATASETS / f"{name}.csv").exists()
        with pytest.raises(co.UnknownTableError):
            co.load(name)


# What is planted -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [20240101, 101, 102])
def test_counts_and_planted_facts_lie_within_the_tolerances_of_the_specification(seed, shipped):
    sister = shipped if seed == shipped.parameters["seed"] else co.simulate(seed)
    table = evidence.compare([evidence.measure(sister)]).set_index("quantity")
    assert len(table) == len(evidence.EXPECTED)
    outside = table[table["within"] == 0]
    assert outside.empty, outside.to_string()


def test_the_evidence_on_record_is_that_of_the_shipped_company(shipped):
    record = pd.read_csv(Path(__file__).parent / "evidence" / "company_counts.csv")
    now = evidence.compare([evidence.measure(shipped)])
    assert record["quantity"].tolist() == now["quantity"].tolist()
    np.testing.assert_allclose(record["shipped"], now["shipped"], atol=1e-4)
    assert (record["within"] >= 19).all()


def test_what_moves_dropout_and_default_is_found_again_and_a_wrong_driver_is_not():
    big = co.simulate(5, customers=3000, solve_whale=False)
    found = recovery.recover(big)
    assert (found["z"].abs() < 4).all(), found.to_string()
    assert (found["p"] > 1e-4).all()
    trials = recovery.trials_of_dropout(big)
    names = [name for name in trials if name != "left"]
    shuffled = trials["satisfaction"].sample(frac=1, random_state=1).to_numpy()
    beta, covariance = recovery.fit_logistic(
        trials.assign(satisfaction=shuffled)[names].to_numpy(dtype=float),
        trials["left"].to_numpy(dtype=float),
    )
    at = 1 + names.index("satisfaction")
    assert abs(beta[at] - -1.3) > 4 * np.sqrt(covariance[at, at])


def test_every_family_has_one_old_model_below_cost_and_one_that_was_launched(loaded):
    products = loaded["products"]
    margin = (products["list_price"] - products["unit_cost"]) / products["list_price"]
    assert margin[products["retired_flag"]].round(3).tolist() == [-0.05] * 4
    at_list = margin[~products["retired_flag"]].groupby(products["family"]).agg(["min", "max"]).round(3)
    expected = {"household": 0.30, "commercial": 0.25, "cartridge": 0.45, "accessory": 0.15}
    assert at_list["min"].to_dict() == at_list["max"].to_dict() == expected
    assert products.loc[products["retired_flag"], "family"].is_unique
    launched = products[products["launch_date"] >= "2022-01-01"]
    assert sorted(launched["launch_date"].dt.strftime("%Y-%m-%d")) == [
        "2022-07-01",
        "2023-01-01",
        "2023-07-01",
        "2024-01-01",
    ]
    assert launched["family"].is_unique
    assert products["retired_date"].dropna().unique().tolist() == [pd.Timestamp("2024-06-30")]
    assert products["retired_date"].notna().sum() == 2


def test_stock_is_carried_from_month_to_month(loaded):
    stock = loaded["inventory_monthly"]
    assert len(stock) == 792
    before = stock.groupby("sku")["close_units"].shift()
    assert (before.isna() | (before == stock["open_units"])).all()


def test_the_price_paid_is_the_list_price_of_the_region_less_the_discount(loaded):
    lines = loaded["order_lines"].merge(loaded["orders"]).merge(loaded["products"], on="sku")
    index = lines["region_shipped"].map(loaded["regions"].set_index("region_id")["price_index"])
    paid = lines["list_price"] * index * (1 - lines["discount_pct"])
    assert (lines["unit_price"] - paid).abs().max() <= 0.005 + 1e-9


def test_the_amount_of_a_sales_line_is_exact_to_the_cent():
    lines = co.sales_lines()
    assert len(lines) == len(co.load("order_lines"))
    for row in lines.sample(300, random_state=1).itertuples():
        assert Decimal(repr(row.amount)) == row.qty * Decimal(repr(row.unit_price))


def test_who_is_there_is_as_documented(loaded):
    customers, reps = loaded["customers"], loaded["sales_reps"]
    kinds = customers.groupby(["nature", "channel_role"]).size().to_dict()
    assert kinds == {
        ("commercial", "distributor"): 60,
        ("commercial", "retailer"): 260,
        ("organisational", "end_user"): 200,
        ("individual", "end_user"): 480,
    }
    dealers = customers[customers["channel_role"] == "distributor"]
    assert dealers["region_id"].value_counts().tolist() == [10] * 6
    assert dealers["territory"].is_unique
    assert customers["territory"].nunique() == 72
    assert customers["phone"].str.startswith("000-").all()
    assert reps["region_id"].value_counts().tolist() == [3] * 6
    left = reps.dropna(subset="left").sort_values("left")
    assert left["left"].dt.strftime("%Y-%m-%d").tolist() == [
        "2022-09-30",
        "2023-03-31",
        "2023-09-30",
        "2024-02-29",
    ]
    assert left["region_id"].is_unique
    regions = reps.set_index("rep_id")["region_id"]
    assert regions[left["successor_id"]].tolist() == left["region_id"].tolist()


def test_a_representative_was_there_when_the_customer_joined(loaded):
    people = (
        loaded["customers"].dropna(subset="rep_id").merge(loaded["sales_reps"], on=["rep_id", "region_id"])
    )
    assert len(people) == 520
    assert (people["hired"] < people["join_date"]).all()
    assert (people["left"].isna() | (people["left"] > people["join_date"])).all()


# Sisters -------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_company_and_another_seed_another():
    first, again, other = (co.simulate(seed, customers=150, years=1) for seed in (3, 3, 4))
    assert store.files_of(first) == store.files_of(again)
    assert first.name_en == again.name_en != other.name_en
    assert not first["orders"].equals(other["orders"])


def test_without_solving_the_triple_fails_and_nothing_but_the_costs_changes(shipped):
    plain = co.simulate(solve_whale=False)
    for name in set(TABLES) - {"cost_to_serve"}:
        pd.testing.assert_frame_equal(plain[name], shipped[name])
    home = set(plain["customers"].query("industry == 'household'")["customer_id"])
    last = plain["cost_to_serve"].query("year == 2024")
    top, destroyed = triple(last.loc[~last["customer_id"].isin(home), "profit"].to_numpy())
    assert abs(top - 0.76) < 0.03
    assert destroyed < 0.1


def test_more_customers_leave_the_first_thousand_as_they_were(shipped):
    bigger = co.simulate(customers=1200)
    assert len(bigger["customers"]) == 1200
    per_customer = set(TABLES) - {"inventory_monthly", "cost_to_serve", "trade_fairs"}
    for name in per_customer:
        pd.testing.assert_frame_equal(bigger[name].head(len(shipped[name])), shipped[name])
    traits = shipped.truth["customers_truth"]
    pd.testing.assert_frame_equal(bigger.truth["customers_truth"].head(1000), traits)
    everything = bigger.tables | bigger.truth
    for name, table in (TABLES | TRUTH).items():
        table.require(everything[name], everything)


def test_a_stream_of_its_own_lets_one_column_change_and_nothing_else(shipped, monkeypatch):
    def other_terms(seed, name, block=0):
        return stream(seed + 1 if name == "order_terms" else seed, name, block)

    monkeypatch.setattr(trade, "stream", other_terms)
    changed = co.simulate()
    assert (changed["orders"]["terms"] != shipped["orders"]["terms"]).mean() > 0.3
    pd.testing.assert_frame_equal(
        changed["orders"].drop(columns="terms"), shipped["orders"].drop(columns="terms")
    )
    for name in set(TABLES) - {"orders", "invoices", "payments"}:  # bills follow the terms
        pd.testing.assert_frame_equal(changed[name], shipped[name])


def test_stream_numbers_are_never_given_twice_and_differ_by_block():
    assert len(set(STREAMS.values())) == len(STREAMS)
    draws = {stream(1, name, block).random() for name in STREAMS for block in range(5)}
    assert len(draws) == 5 * len(STREAMS)
    with pytest.raises(KeyError, match="no random stream 'weather'"):
        stream(1, "weather")


@pytest.mark.parametrize("years", [1, 2, 5])
def test_a_company_of_other_years_keeps_its_contracts_and_its_last_day(years):
    other = co.simulate(11, customers=400, years=years)
    everything = other.tables | other.truth
    for name, table in (TABLES | TRUTH).items():
        table.require(everything[name], everything)
    assert other["orders"]["date"].min() >= pd.Timestamp(2025 - years, 1, 1)
    assert other["orders"]["date"].max() > LAST_DAY - pd.DateOffset(months=1)
    assert other["products"]["retired_date"].notna().sum() == 2
    assert other["sales_reps"]["left"].notna().sum() == 4
    assert other["sales_reps"]["hired"].max() < other["customers"]["join_date"].min()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"customers": 99}, "customers must be a whole number, 100 or more, got 99"),
        ({"customers": 150.5}, "customers must be a whole number"),
        ({"seed": -1}, "seed must be a whole number, 0 or more, got -1"),
        ({"years": 0}, "years must be a whole number from 1 to 20, got 0"),
        ({"years": 2.5}, "years must be a whole number from 1 to 20"),
    ],
)
def test_a_company_that_makes_no_sense_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        co.simulate(**arguments)


def test_kinds_of_customers_add_up_at_any_size():
    for size in range(1, 1001, 37):
        assert sum(parties.kind_counts(size).values()) == size


def test_a_company_is_a_mapping_of_its_public_tables(shipped):
    assert [*shipped] == co.tables()
    assert len(shipped) == len(TABLES)
    assert "orders" in shipped
    assert "customers_truth" not in shipped
    assert repr(shipped).startswith(
        "Qingyuan Water Equipment Co., Ltd. (simulated, seed 20240101): regions 6,"
    )


# Loading and writing -------------------------------------------------------------------------------------


def test_every_table_comes_as_a_copy_of_its_own():
    first = co.load("regions")
    first.loc[0, "price_index"] = 99
    assert co.load("regions").loc[0, "price_index"] == 1


@pytest.mark.parametrize(
    ("load", "name", "sentence"),
    [
        (co.load, "nonsense", "There is no table 'nonsense'. There are: regions, freight, "),
        (co.load, "costumers", "There is no table 'costumers'; did you mean 'customers'? There are: "),
        (co.load, "customers_truth", "There is no table 'customers_truth'; did you mean 'customers'?"),
        (co.load, None, "There is no table None."),
        (co.truth, "orders", "There is no hidden table 'orders'. There are: customers_truth, "),
    ],
)
def test_an_unknown_table_is_refused_in_a_plain_sentence(load, name, sentence):
    with pytest.raises(KeyError) as refused:
        load(name)
    assert str(refused.value).startswith(sentence)


@pytest.fixture
def no_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "checkout_datasets", lambda: tmp_path / "nowhere")
    monkeypatch.delenv("CASEBOOK_HOME", raising=False)
    return monkeypatch


def test_tables_are_found_in_the_folder_that_the_environment_names(no_checkout, tmp_path):
    sister = co.simulate(8, customers=120, years=1)
    co.write(sister, tmp_path / "sister")
    no_checkout.setenv("CASEBOOK_HOME", str(tmp_path / "sister"))
    for name in co.tables():
        pd.testing.assert_frame_equal(co.load(name), sister[name])
    traits = ["customer_id", "grade_true", "dropout_month"]
    hidden = sister.truth["customers_truth"]
    pd.testing.assert_frame_equal(co.truth("customers_truth")[traits], hidden[traits])


def test_a_named_folder_without_a_company_is_refused(no_checkout, tmp_path):
    no_checkout.setenv("CASEBOOK_HOME", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"CASEBOOK_HOME names .* but there is no schema\.json"):
        co.load("orders")


def test_where_there_are_no_files_the_company_is_simulated_once_into_the_cache(no_checkout, tmp_path):
    made = []
    no_checkout.setattr(store, "simulate", lambda: made.append(1) or co.simulate(9, customers=100, years=1))
    no_checkout.setattr(store, "cache_folder", lambda: tmp_path / "cache")
    assert len(co.load("customers")) == 100
    assert len(co.load("sales_reps")) == 18
    assert made == [1]


def test_writing_replaces_its_own_files_and_leaves_others_alone(tmp_path):
    store.write_files({"a.csv": b"old", "truth/b.csv": b"old"}, tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    store.write_files({"a.csv": b"new", "truth/b.csv": b"new"}, tmp_path)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "truth" / "b.csv").read_bytes() == b"new"
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "notes.txt", "truth"]


def test_a_write_that_fails_leaves_the_folder_as_it_was(tmp_path, monkeypatch):
    folder = tmp_path / "company"
    store.write_files({"a.csv": b"old", "b.csv": b"old"}, folder)
    write_bytes = Path.write_bytes

    def full_disk(path, content):
        if path.name == "b.csv":
            raise OSError("no space left")
        return write_bytes(path, content)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="no space left"):
        store.write_files({"a.csv": b"new", "b.csv": b"new"}, folder)
    assert [(folder / name).read_bytes() for name in ("a.csv", "b.csv")] == [b"old", b"old"]
    assert [path.name for path in tmp_path.iterdir()] == ["company"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "taken").write_text("x")
    with pytest.raises(NotADirectoryError, match="is a file; name a folder"):
        store.write_files({"a.csv": b""}, tmp_path / "taken")


def test_a_file_that_was_written_again_is_read_again(no_checkout, tmp_path):
    no_checkout.setenv("CASEBOOK_HOME", str(tmp_path / "home"))
    for seed in (8, 9):
        sister = co.write(co.simulate(seed, customers=100, years=1), tmp_path / "home")
        os.utime(sister / "orders.csv", ns=(seed, seed))  # two writes may fall into one tick of the clock
        assert len(co.load("orders")) == len((sister / "orders.csv").read_text().splitlines()) - 1


# The messy export ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def messy():
    raw = (DATASETS / "messy_sales_export.csv").read_bytes()
    return pd.read_csv(BytesIO(raw), sep=";", dtype="str", keep_default_na=False, encoding="utf-8-sig")


def test_the_export_is_written_as_windows_programs_write():
    raw = (DATASETS / "messy_sales_export.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfInvoice no;Invoice date;Client code;")
    assert raw.count(b"\r\n") == raw.count(b"\n")


def test_the_flaws_of_the_export_are_as_many_as_its_card_says(messy):
    assert 300 <= len(messy) <= 600
    codes = messy["Client code"]
    blank = codes == ""
    price = pd.to_numeric(messy["Net price"].str.replace(".", "").str.replace(",", ""), errors="coerce")
    day = pd.to_datetime(messy["Invoice date"], format="%d/%m/%Y", errors="coerce")
    cents = price * pd.to_numeric(messy["Pieces"])
    balance = cents[~blank & day.notna()].groupby(codes).sum()
    counted = {
        "lines without a client code": blank.sum() - 1,
        "total lines at the end": (messy["Article"] == "Total").sum(),
        "returns (negative pieces)": messy["Pieces"].str.startswith("-").sum(),
        "prices that say n/a": (messy["Net price"] == "n/a").sum(),
        "dates that do not exist (31/02/2024)": (messy["Invoice date"] == "31/02/2024").sum(),
        "clients whose balance is exactly zero": (balance == 0).sum(),
        "clients whose balance is below zero": (balance < 0).sum(),
        "clients whose name is a spreadsheet formula": codes[messy["客户名称"] == FORMULA_NAME].nunique(),
        "clients whose name is a script": codes[messy["客户名称"] == SCRIPT_NAME].nunique(),
    }
    assert counted == PLANTED
    assert price.isna().sum() == day.isna().sum() == 2  # the planted one, and the total line
    card = (DATASETS / "messy_sales_export.md").read_text(encoding="utf-8")
    for name, count in PLANTED.items():
        assert f"| {name} | {count} |" in card


def test_the_dates_of_the_export_read_in_one_order_only_and_its_codes_have_leading_zeros(messy):
    first = messy["Invoice date"].str[:2].replace("", "0").astype(int)
    second = messy["Invoice date"].str[3:5].replace("", "0").astype(int)
    assert (first > 12).sum() > 50
    assert first.between(1, 12).sum() > 50
    assert second.max() <= 12
    codes = messy.loc[messy["Client code"] != "", "Client code"]
    assert codes.str.fullmatch(r"\d{5}").all()
    assert codes.str.startswith("0").all()


def test_in_floats_the_zero_balance_of_the_export_is_not_zero(messy):
    mine = messy[messy["Client code"] == "00019"]
    price = mine["Net price"].str.replace(",", ".").astype(float)
    # one after the other, as a spreadsheet does: sum() of newer Pythons carries the lost digits along
    assert reduce(add, mine["Pieces"].astype(int) * price) != 0


def test_the_command_on_the_card_of_the_export_works(tmp_path, monkeypatch):
    from casebook.cli import main

    card = (DATASETS / "messy_sales_export.md").read_text(encoding="utf-8")
    words = shlex.split(re.search(r"```\n(casebook .*?)\n```", card, re.DOTALL)[1].replace("\\\n", " "))
    monkeypatch.chdir(DATASETS.parent)
    words[words.index("--out") + 1] = str(tmp_path / "out")
    assert not main(words[1:])
    classes = pd.read_csv(tmp_path / "out" / "abc.csv", dtype="str")
    without = pd.read_csv(tmp_path / "out" / "no_balance.csv", dtype="str")
    assert classes["abc_value"].isin(["A", "B", "C"]).all()
    assert sorted(without["customer_id"]) == ["00019", "00038"]


def test_the_path_of_the_export_leads_to_it_and_where_it_is_not_shipped_it_is_made(tmp_path, monkeypatch):
    assert co.messy_export() == DATASETS / "messy_sales_export.csv"
    monkeypatch.setattr(messy_module, "checkout_datasets", lambda: tmp_path / "nowhere")
    monkeypatch.setattr(messy_module, "cache_folder", lambda: tmp_path / "cache")
    made = co.messy_export()
    assert made.parent == tmp_path / "cache"
    assert made.read_bytes() == (DATASETS / "messy_sales_export.csv").read_bytes()


def test_an_export_of_another_seed_has_the_same_flaws():
    other = messy_lines(12)
    assert (other["Client code"] == "").sum() == PLANTED["lines without a client code"] + 1
    assert other["Pieces"].str.startswith("-").sum() == PLANTED["returns (negative pieces)"]
    assert not other.equals(messy_lines())
