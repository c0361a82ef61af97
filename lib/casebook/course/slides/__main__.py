"""``make slides``: the decks of all lessons, or of those named."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from casebook.course.slides.pages import CDN, build, find_reveal
from casebook.course.slides.plan import plan, planned
from casebook.errors import TableError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Build decks; returns 0, or 2 when something has to be put right."""
    parser = argparse.ArgumentParser(prog="make slides", description=__doc__)
    parser.add_argument("lessons", nargs="*", metavar="NN", help="all that have a plan, if none is named")
    parser.add_argument("--out", default="build/slides", help="a folder; build/slides if not given")
    parser.add_argument("--reveal", type=Path, help="a copy of reveal.js: the folder with dist in it")
    wanted = parser.parse_args(argv)
    try:
        reveal = find_reveal(wanted.reveal)
        for number in wanted.lessons or planned():
            page = build(number, Path(wanted.out), reveal=reveal)
            print(f"{page}: {len(plan(number).slides)} slides, {plan(number).minutes} minutes")
    except TableError as error:
        print(f"slides: {error}", file=sys.stderr)
        return 2
    if reveal is None:
        print(f"These slides load reveal.js from {CDN}: without a network they stay blank.")
    print("Open one in a browser. S opens the speaker's view, F fills the screen; ?print-pdf prints.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
