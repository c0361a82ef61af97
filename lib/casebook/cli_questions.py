"""The command `casebook questions`: the question bank as a file for a learning platform or as a paper."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from casebook.errors import TableError

__all__ = ["add_questions"]

_ABOUT = """Take questions out of the bank, for instructors.

Format gift: one text file for Moodle and most other platforms, with a category for each lesson and use, and
feedback for each answer. Format markdown: a paper to print, and beside it its key: exam.md and exam_key.md.
The sums of every numeric question are worked out anew before anything is written."""
_EXAMPLE = """examples:
  casebook questions --format gift --out abc.gift --lesson 09
  casebook questions --format markdown --out exam.md --use exam --minutes 60 --seed 7"""


def add_questions(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to those of `casebook`."""
    questions = commands.add_parser(
        "questions",
        help="take quiz and exam questions out of the bank",
        description=_ABOUT,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    questions.add_argument("--format", choices=("gift", "markdown"), required=True)
    questions.add_argument("--out", metavar="FILE", required=True, help="a file that does not exist yet")
    questions.add_argument(
        "--lesson", metavar="NN", action="append", default=[], help="of this lesson; may be repeated"
    )
    questions.add_argument("--use", metavar="quiz|exam", help="only for this use")
    questions.add_argument("--seed", metavar="N", type=int, help="deal questions and options by this seed")
    questions.add_argument(
        "--minutes", metavar="M", type=int, help="deal as many as fit; 1 as seed if none is given"
    )
    questions.add_argument("--title", metavar="TEXT", default="Questions", help="of the paper")
    questions.add_argument("--from", metavar="DIR", dest="source", help="a bank of your own")
    questions.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from casebook.course import bank
    from casebook.course.bank_gift import gift
    from casebook.course.bank_paper import paper

    out = Path(arguments.out)
    chosen = bank.load(
        Path(arguments.source) if arguments.source else None, lessons=arguments.lesson, use=arguments.use
    )
    for question in chosen:
        bank.prove(question)
    if arguments.seed is not None or arguments.minutes is not None:
        seed = 1 if arguments.seed is None else arguments.seed
        chosen = bank.shuffled(chosen, seed, minutes=arguments.minutes)
    if not chosen:
        raise TableError("No question fits. Ask for more minutes, or for another lesson or use.")
    if arguments.format == "gift":
        texts = {out: gift(chosen)}
    else:
        sheet, key = paper(chosen, title=arguments.title)
        texts = {out: sheet, out.with_name(f"{out.stem}_key{out.suffix}"): key}
    _write(texts)
    print(f"{len(chosen)} questions, {sum(q.minutes for q in chosen)} minutes.")
    print("Written: " + ", ".join(str(file) for file in texts))
    return 0


def _write(texts: dict[Path, str]) -> None:
    """Write all files or none."""
    for file in texts:
        if file.exists():
            raise TableError(f"{file} exists. Name another file, or move it away first.")
        if not file.parent.is_dir():
            raise TableError(f"There is no folder {file.parent}. Make it first.")
    for file, text in texts.items():
        file.write_text(text, "utf-8", newline="\n")
