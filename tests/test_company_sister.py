"""Sister companies: one for each student, complete or not there, and a million customers in little memory."""

import json
import os
import subprocess
import sys

import pandas as pd
import pytest

from casebook import company as co
from casebook.cli import main
from casebook.company import sister, store, streaming
from casebook.company.sister import make_sister
from casebook.contracts import TABLES, TRUTH
from casebook.errors import TableError


def run(text, *more):
    return main([*text.split(), *map(str, more)])


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}


# A company as CSV ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sisters") / "mine"
    assert run("company --seed 42 --customers 150 --years 2 --out", folder) == 0
    return folder


def test_the_command_writes_a_complete_company_of_another_name_and_other_numbers(made):
    files = files_in(made)
    assert set(files) == set(store.files_of(co.simulate(3, customers=100, years=1)))
    schema = json.loads(files["schema.json"])
    assert schema["seed"] == 42
    assert schema["company"]["fictional"] is True
    assert schema["company"]["name_en"] not in (
        co.simulate(43, 100, 1).name_en,
        "Qingyuan Water Equipment Co., Ltd.",
    )
    assert schema["company"]["name_zh"].encode() in files["customers.md"]
    assert "Qingyuan" not in files["README.md"].decode()


def test_the_same_seed_gives_the_same_bytes(made, tmp_path):
    make_sister(42, tmp_path / "again", 150, 2)
    assert files_in(tmp_path / "again") == files_in(made)


def test_with_its_folder_named_load_reads_the_sister_and_every_contract_holds(made, monkeypatch):
    shipped = co.load("orders")
    monkeypatch.setenv("CASEBOOK_HOME", str(made))
    tables = {name: co.load(name) for name in TABLES} | {name: co.truth(name) for name in TRUTH}
    assert len(tables["customers"]) == 150
    assert not tables["orders"].equals(shipped)
    assert tables["orders"]["date"].min() >= pd.Timestamp("2023-01-01")
    for name, table in (TABLES | TRUTH).items():
        table.require(tables[name], tables)


def test_the_command_says_whose_company_it_is_and_how_large(tmp_path, capsys):
    assert run("company --seed 5 --customers 100 --years 1 --out", tmp_path / "s") == 0
    said = capsys.readouterr().out
    name = co.simulate(5, 100, 1)
    rows = sum(len(table) for table in name.values())
    assert said.startswith(f"{name.name_en} ({name.name_zh}): {len(TABLES)} tables, {rows:,} rows.\n")


# What is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--seed -1", "seed must be a whole number of 0 or more"),
        ("--seed 1 --customers 99", "customers must be a whole number from 100 to 10,000,000, not 99."),
        ("--seed 1 --customers 10000001", "customers must be a whole number from 100 to 10,000,000"),
        ("--seed 1 --years 0", "years must be a whole number from 1 to 20, not 0."),
        ("--seed 1 --years 21", "years must be a whole number from 1 to 20, not 21."),
    ],
)
def test_a_bad_argument_is_refused_in_one_sentence_and_nothing_is_written(words, sentence, tmp_path, capsys):
    assert run(f"company {words} --out", tmp_path / "s") == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ["--seed x --out s", "--seed 1.5 --out s", "--seed 1", "--out s"])
def test_an_argument_that_is_no_number_or_missing_is_refused_in_one_sentence(words, capsys):
    with pytest.raises(SystemExit) as ended:
        run(f"company {words}")
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_folder_that_holds_something_or_is_a_file_is_left_alone(tmp_path, capsys):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.txt").write_text("mine")
    (tmp_path / "taken").write_text("x")
    for place, why in (("work", "is not empty"), ("taken", "is a file")):
        assert run("company --seed 1 --customers 100 --years 1 --out", tmp_path / place) == 2
        assert f"{why}; name a folder that is new or empty." in capsys.readouterr().err
    assert (tmp_path / "work" / "thesis.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken", "work"]


def test_an_empty_folder_is_filled(tmp_path):
    make_sister(1, tmp_path / "s", 100, 1)
    (tmp_path / "t").mkdir()
    make_sister(1, tmp_path / "t", 100, 1)
    assert files_in(tmp_path / "s") == files_in(tmp_path / "t")


@pytest.mark.parametrize("limit", [5_000, 50])
def test_when_the_disk_is_full_one_sentence_says_so_and_nothing_is_left(limit, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sister, "CSV_LIMIT", limit)  # once as CSV, once as Parquet
    monkeypatch.setattr(sister, "files_of", full)
    monkeypatch.setattr(streaming, "papers_of", full)
    with pytest.raises(TableError, match=r"cannot be written: no space left on device; nothing was kept\.$"):
        make_sister(1, tmp_path / "s", 100, 1)
    assert list(tmp_path.iterdir()) == []


# Larger companies ----------------------------------------------------------------------------------------


def test_written_block_by_block_a_company_holds_the_same_rows_as_at_once(tmp_path, monkeypatch):
    whole = co.simulate(6, customers=2100, years=1)
    counted = streaming.write_parquet(tmp_path / "big", 6, 2100, 1)
    assert {name: len(table) for name, table in counted.items()} == {n: len(t) for n, t in whole.items()}
    for name, table in (TABLES | TRUTH).items():
        place = tmp_path / "big" / ("truth" if name in TRUTH else "") / f"{name}.parquet"
        expected = whole.truth[name] if name in TRUTH else whole[name]
        pd.testing.assert_frame_equal(table.typed(pd.read_parquet(place)), expected)
    monkeypatch.setenv("CASEBOOK_HOME", str(tmp_path / "big"))
    pd.testing.assert_frame_equal(co.load("orders"), whole["orders"])
    papers = {path for path in store.files_of(whole) if not path.endswith(".csv")}
    assert {p for p in files_in(tmp_path / "big") if not p.endswith(".parquet")} == papers
    assert "The files are Parquet" in (tmp_path / "big" / "README.md").read_text(encoding="utf-8")


def test_a_large_company_comes_as_parquet_with_a_bar_of_its_blocks(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sister, "CSV_LIMIT", 1_000)
    make_sister(6, tmp_path / "big", 1_100, 1, quiet=False)
    assert "2/2" in capsys.readouterr().err
    assert not list((tmp_path / "big").rglob("*.csv"))
    assert not (tmp_path / "big" / "accounts.parquet").exists()


def test_without_pyarrow_one_sentence_names_the_extra(tmp_path):
    code = (
        "import sys; sys.modules['pyarrow'] = None; sys.modules['pyarrow.parquet'] = None\n"
        "from casebook.cli import main\n"
        f"sys.exit(main(['company', '--seed', '1', '--customers', '6000', '--out', {str(tmp_path / 's')!r}]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ
    )
    assert ended.returncode == 2, ended.stderr
    assert "needs pyarrow: pip install 'crm-casebook[engines]'" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
