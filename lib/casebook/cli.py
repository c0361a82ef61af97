"""The command `casebook`: each subcommand is one call of the library, and each stop one sentence on "
"stderr.
"""

from __future__ import annotations

import argparse
import html
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from casebook import __version__
from casebook.cli_case import add_case
from casebook.cli_questions import add_questions
from casebook.errors import TableError

__all__ = ["main"]

_EXAMPLE = """example:
  casebook report abc sales.csv --map customer_id=Client --map date=Day --map qty=Pieces \\
      --map unit_price=Price --returns net --out results
"""
_ABC = """Classify the customers of a sales file A, B or C by what they bring.

FILE is CSV (any delimiter), a zip file with one CSV, Excel (.xlsx) or Parquet: one row per sales line.
Writes abc.csv, no_balance.csv, set_aside.csv and report.html to the folder that --out names, all or none.
Lines without a customer are set aside and counted. What can be read in two ways is never guessed: the
command stops with one sentence that says how to go on, and exit code 2."""
_COMPANY = """Make a sister of the sample company: another name, other numbers, the same planted patterns.

Writes every table with its data card, schema.json, and the hidden truth apart: CSV up to 5,000 customers,
Parquet for more, thousand by thousand, so that a million fit in little memory. The same seed always gives the
same company. To work with it, let the environment variable CASEBOOK_HOME name the folder."""


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message[:1].lower()}{message[1:]}; see {self.prog} --help.\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; those of the process if not given.

    Returns
    -------
    int
        0 when done, 2 when something has to be said differently or put right, 130 when interrupted.

    Examples
    --------
    >>> main("report abc none.csv --map customer_id=Client --map amount=Net --out results".split())
    2
    """
    for stream in (sys.stdout, sys.stderr):  # an old terminal may lack a letter of someone's column
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except TableError as error:
        print(f"casebook: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("casebook: interrupted; nothing was written.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="casebook",
        description="Know your customers: run the methods of the course on your own tables.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"casebook {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    report = commands.add_parser(
        "report",
        help="analyse a file of your own and write the results",
        description="Analyse a file of your own and write the results.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    reports = report.add_subparsers(title="reports", metavar="REPORT", required=True)
    _add_abc(reports)
    _add_company(commands)
    add_case(commands)
    add_questions(commands)
    return parser


def _add_abc(reports: argparse._SubParsersAction[_Parser]) -> None:
    abc = reports.add_parser(
        "abc",
        help="who are the few that bring the most?",
        description=_ABC,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    abc.add_argument("file", metavar="FILE", help="the sales lines")
    abc.add_argument(
        "--map",
        metavar="FIELD=COLUMN",
        action="append",
        default=[],
        help="which column holds customer_id; amount, or qty and unit_price; and date, if you like",
    )
    abc.add_argument("--out", metavar="DIR", required=True, help="folder for the results")
    abc.add_argument(
        "--returns", metavar="net|exclude", help="add negative amounts up with the rest, or leave them out"
    )
    abc.add_argument("--set-aside", metavar="unreadable", help="leave out lines that cannot be read")
    abc.add_argument("--unit", metavar="TEXT", default="", help="the currency, for people: EUR")
    how = abc.add_argument_group("where the file can be read in two ways")
    how.add_argument("--date-order", metavar="dmy|mdy|ymd", help="what 3/4/2024 means")
    how.add_argument("--decimal", metavar=".|,", help="what 1,234 means")
    how.add_argument("--delimiter", metavar="CHARACTER", help="between two cells; tab for a tabulator")
    how.add_argument("--encoding", metavar="NAME", help="of the text, if not UTF-8: gb18030, cp1252 …")
    how.add_argument("--sheet", metavar="NAME", help="of an Excel file")
    abc.set_defaults(run=_run_abc)


def _add_company(commands: argparse._SubParsersAction[_Parser]) -> None:
    company = commands.add_parser(
        "company",
        help="make a company of your own to practise on",
        description=_COMPANY,
        epilog="example:\n  casebook company --seed 42 --out my_company",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    company.add_argument("--seed", metavar="N", type=int, required=True, help="a whole number, 0 or more")
    company.add_argument("--out", metavar="DIR", required=True, help="a folder that is new or empty")
    company.add_argument("--customers", metavar="K", type=int, default=1000, help="1,000 if not given")
    company.add_argument(
        "--years", metavar="Y", type=int, default=3, help="of data up to 2024-12-31; 3 if not given"
    )
    company.set_defaults(run=_run_company)


def _run_company(arguments: argparse.Namespace) -> int:
    from casebook.company.sister import make_sister  # late, so that --help is quick

    sister = make_sister(
        arguments.seed, arguments.out, arguments.customers, arguments.years, quiet=not sys.stderr.isatty()
    )
    rows = sum(len(table) for table in sister.values())
    print(f"{sister.name_en} ({sister.name_zh}): {len(sister)} tables, {rows:,} rows.")
    print(f"Written: {arguments.out}")
    return 0


def _run_abc(arguments: argparse.Namespace) -> int:
    from casebook import report  # late, so that --help is quick
    from casebook.report.write import check_out

    out = Path(arguments.out)
    mapping = report.parse_mapping(arguments.map)
    check_out(out, list(report.FILES), Path(arguments.file))
    result = report.abc(
        arguments.file,
        mapping,
        returns=arguments.returns,
        set_aside=arguments.set_aside,
        unit=arguments.unit,
        date_order=arguments.date_order,
        decimal=arguments.decimal,
        delimiter=arguments.delimiter,
        encoding=arguments.encoding,
        sheet=arguments.sheet,
    )
    files = result.write(out)
    print("\n".join(html.unescape(sentence) for sentence in result.sentences))
    print("Written: " + ", ".join(str(path) for path in files))
    return 0


if __name__ == "__main__":
    sys.exit(main())
