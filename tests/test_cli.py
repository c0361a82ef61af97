"""The command `casebook`, as it is typed: exit codes, one sentence on stderr, nothing half-written."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from casebook import cli
from casebook.report import FILES

COMMAND = Path(sys.executable).with_name("casebook")
NET = ["--map", "customer_id=who", "--map", "amount=net"]


def run(*arguments, cwd=None) -> subprocess.CompletedProcess:
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def sales(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text("who,net,day\nAda,70,25/12/2024\nBo,30,3/4/2024\nCy,-1,3/4/2024\n", encoding="utf-8")
    return path


def test_a_report_is_written_and_its_finding_printed(sales, tmp_path):
    done = run(
        "report", "abc", sales, *NET, "--map", "date=day", "--returns", "net", "--out", tmp_path / "out"
    )
    assert done.returncode == 0
    assert done.stderr == ""
    finding = "Class A is 2 of 2 customers (100.0%): they bring 100.0% of 100.00 in all.\n"
    assert done.stdout.startswith(finding)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)


def test_a_stop_is_a_sentence_with_the_first_lines_and_exit_code_2(sales, tmp_path):
    done = run("report", "abc", sales, *NET, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert done.stdout == ""
    sentence, row = done.stderr.splitlines()
    assert sentence == (
        "casebook: 1 of 3 lines of sales.csv have a negative amount: say --returns net to add them up with "
        "the rest, or --returns exclude to leave them out."
    )
    assert row == "  line 4, customer_id='Cy' amount='-1': negative amount"
    assert not (tmp_path / "out").exists()


def test_the_module_runs_as_the_command_does(sales, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "casebook.cli", "report", "abc", sales, *NET, "--out", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "negative amount" in done.stderr


STOPS = {
    "no command": ([], "the following arguments are required: COMMAND"),
    "an unknown command": (["reprot"], "invalid choice: 'reprot'"),
    "an unknown report": (["report", "abd"], "invalid choice: 'abd'"),
    "an unknown option": (["report", "abc", "FILE", *NET, "--out", "OUT", "--colour", "red"], "--colour red"),
    "a shortened option": (["report", "abc", "FILE", *NET, "--out", "OUT", "--ret", "net"], "--ret net"),
    "no folder": (["report", "abc", "FILE", *NET], "the following arguments are required: --out"),
    "no file": (["report", "abc", *NET, "--out", "OUT"], "the following arguments are required: FILE"),
    "a file that is not there": (
        ["report", "abc", "nil.csv", *NET, "--out", "OUT"],
        "There is no file nil.csv",
    ),
    "no equals sign": (["report", "abc", "FILE", "--map", "who", "--out", "OUT"], "'who' is not a mapping"),
    "a role twice": (
        ["report", "abc", "FILE", *NET, "--map", "amount=day", "--out", "OUT"],
        "amount is mapped twice ('net' and 'day')",
    ),
    "no mapping": (["report", "abc", "FILE", "--out", "OUT"], "customer_id is not mapped"),
    "another way with returns": (
        ["report", "abc", "FILE", *NET, "--returns", "no", "--out", "OUT"],
        "net or exclude",
    ),
    "an unknown order": (
        ["report", "abc", "FILE", *NET, "--date-order", "dym", "--out", "OUT"],
        "dmy or mdy or ymd",
    ),
    "a folder that is a file": (["report", "abc", "FILE", *NET, "--out", "FILE"], "is a file, not a folder"),
    "a folder in a file": (["report", "abc", "FILE", *NET, "--out", "FILE/out"], "is a file, not a folder"),
}


@pytest.mark.parametrize(("arguments", "said"), STOPS.values(), ids=STOPS)
def test_every_stop_is_one_sentence_and_writes_nothing(arguments, said, sales, tmp_path, capsys):
    before = sorted(tmp_path.iterdir())
    words = {"FILE": str(sales), "OUT": str(tmp_path / "out"), "FILE/out": str(sales / "out")}
    try:
        code = cli.main([words.get(word, word) for word in arguments])
    except SystemExit as stopped:
        code = stopped.code
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert err.startswith("casebook")
    assert sorted(tmp_path.iterdir()) == before


def test_the_results_are_not_written_over_the_file_that_is_read(tmp_path, capsys):
    (tmp_path / "abc.csv").write_text("who,net\nAda,7\n")
    assert cli.main(["report", "abc", str(tmp_path / "abc.csv"), *NET, "--out", str(tmp_path)]) == 2
    assert "written over abc.csv" in capsys.readouterr().err
    assert (tmp_path / "abc.csv").read_text() == "who,net\nAda,7\n"


def test_old_results_stay_when_a_later_run_stops(sales, tmp_path, capsys):
    out = tmp_path / "out"
    assert cli.main(["report", "abc", str(sales), *NET, "--returns", "net", "--out", str(out)]) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert cli.main(["report", "abc", str(sales), *NET, "--out", str(out)]) == 2
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert "negative" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["report"], ["report", "abc"]])
def test_every_help_ends_with_an_example(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main([*command, "--help"])
    assert stopped.value.code == 0
    last = capsys.readouterr().out.rstrip().split("\n\n")[-1]
    assert last.startswith("example:\n  casebook report abc ")


def test_the_example_of_the_help_runs(tmp_path, capsys, monkeypatch):
    with pytest.raises(SystemExit):
        cli.main(["report", "abc", "--help"])
    example = capsys.readouterr().out.split("example:")[1].replace("\\\n", " ").split()
    monkeypatch.chdir(tmp_path)
    Path("sales.csv").write_text("Client,Day,Pieces,Price\nAda,2024-03-05,2,1.50\nBo,2024-03-06,-1,1.50\n")
    assert example[0] == "casebook"
    assert cli.main(example[1:]) == 0
    assert sorted(path.name for path in Path("results").iterdir()) == sorted(FILES)


def test_every_option_is_explained(capsys):
    with pytest.raises(SystemExit):
        cli.main(["report", "abc", "--help"])
    shown = capsys.readouterr().out
    for option in (
        "map",
        "out",
        "returns",
        "set-aside",
        "unit",
        "date-order",
        "decimal",
        "delimiter",
        "encoding",
        "sheet",
    ):
        assert f"--{option} " in shown


def test_an_interruption_leaves_nothing_behind(sales, tmp_path, capsys, monkeypatch):
    def stopped(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("casebook.report.abc_report.abc_page", stopped)
    assert (
        cli.main(["report", "abc", str(sales), *NET, "--returns", "net", "--out", str(tmp_path / "out")])
        == 130
    )
    assert "nothing was written" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("package", "head", "extra"), [("openpyxl", None, "excel"), ("pyarrow", b"PAR1", "engines")]
)
def test_a_missing_extra_is_named(package, head, extra, tmp_path, capsys, monkeypatch):
    path = tmp_path / "sales.bin"
    if head is None:
        with zipfile.ZipFile(path, "w") as book:
            book.writestr("xl/workbook.xml", "")
    else:
        path.write_bytes(head)
    monkeypatch.setitem(sys.modules, package, None)
    assert cli.main(["report", "abc", str(path), *NET, "--out", str(tmp_path / "out")]) == 2
    assert (
        f"needs {package}, which is not installed: pip install 'crm-casebook[{extra}]'"
        in capsys.readouterr().err
    )


def test_a_long_file_shows_how_far_it_is_and_a_short_one_does_not(sales, tmp_path, capsys, monkeypatch):
    arguments = ["report", "abc", str(sales), *NET, "--returns", "net", "--out", str(tmp_path / "out")]
    assert cli.main(arguments) == 0
    assert capsys.readouterr().err == ""
    start = time.time()
    monkeypatch.setattr("tqdm.std.time", lambda: start + 60 * next(minutes))
    minutes = itertools.count()
    assert cli.main(arguments) == 0
    assert "Reading sales.csv" in capsys.readouterr().err
