"""One picture for each group of tables: what it holds at a glance; `python -m casebook.company.pictures`.

The pictures stand in `datasets/images/`, their words (which the data cards quote) follow from the tables. A
picture carries the checksum of the tables that it shows, so that a test sees when it has become old.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from casebook.contracts import TABLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "BLUE",
    "GREY",
    "ORANGE",
    "Picture",
    "bars",
    "card_part",
    "checksum",
    "draw_png",
    "dress",
    "pictures",
]

BLUE, ORANGE, GREY, INK = "#0e3054", "#b35c10", "#bcc4cc", "#1f2429"
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Picture:
    """Two panels about one group of tables.

    `draw` fills both; `words` says the same for those who cannot see it, with the numbers of these tables.
    """

    name: str
    tables: tuple[str, ...]
    shown: tuple[str, ...]
    draw: Callable[[Tables, Axes, Axes], None]
    words: Callable[[Tables], str]


def dress(ax: Axes, title: str, xlabel: str = "", ylabel: str = "") -> None:
    """Give a panel its title and labels, and take its frame away."""
    ax.set_title(title, loc="left", fontsize=10.5, color=INK)
    ax.set_xlabel(xlabel, fontsize=9.5)
    ax.set_ylabel(ylabel, fontsize=9.5)
    ax.tick_params(labelsize=9, length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)


def bars(ax: Axes, values: pd.Series, form: str = "{:,.0f}", color: str = BLUE) -> None:
    """Draw one lying bar a row, the first on top, each with its number."""
    ax.barh([str(name).replace("_", " ") for name in values.index], values.to_numpy(), color=color)
    for place, value in enumerate(values):
        ax.text(value, place, " " + form.format(value), va="center", fontsize=9, color=INK)
    ax.invert_yaxis()
    ax.margins(x=0.18)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)


def pictures() -> list[Picture]:
    """Every picture, in the order of the tables."""
    from casebook.company.pictures_of_groups import PICTURES

    return PICTURES


def checksum(tables: Tables, picture: Picture) -> str:
    """Of the rows that a picture shows: the same on every machine.

    >>> from casebook.company.store import load
    >>> len(checksum({name: load(name) for name in pictures()[0].shown}, pictures()[0]))
    16
    """
    from casebook.company.store import csv_text

    sums = "".join(csv_text(TABLES[name], tables[name]) for name in picture.shown)
    return hashlib.sha256(sums.encode()).hexdigest()[:16]


def draw_png(tables: Tables, picture: Picture) -> bytes:
    """Draw one picture as PNG of few colours; its text field `Tables` holds the checksum.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        At least those that the picture shows.
    picture : Picture
        One of `pictures()`.

    Returns
    -------
    bytes
        10 to 30 kB.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    figure = Figure(figsize=(9, 3.1), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2, gridspec_kw={"wspace": 0.08})
    picture.draw(tables, left, right)
    held = io.BytesIO()
    figure.savefig(held, dpi=160)
    told = PngInfo()
    told.add_text("Tables", checksum(tables, picture))
    small = io.BytesIO()
    Image.open(held).convert("RGB").quantize(48, dither=Image.Dither.NONE).save(
        small, "PNG", optimize=True, pnginfo=told
    )
    return small.getvalue()


def card_part(tables: Tables) -> dict[str, str]:
    """What the data card of each table says of its group's picture, as Markdown.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Every public table.

    Returns
    -------
    dict of str to str
        By name of the table.
    """
    return {
        name: f"\n## Picture of the group\n\n![{picture.words(tables)}](images/{picture.name}.png)\n"
        for picture in pictures()
        for name in picture.tables
    }


def main() -> int:
    """Draw every picture into `datasets/images/`; returns the exit code."""
    from casebook.company.simulate import simulate
    from casebook.company.store import checkout_datasets, write_files

    company = simulate()
    files = {f"images/{picture.name}.png": draw_png(company, picture) for picture in pictures()}
    write_files(files, checkout_datasets())
    print("\n".join(f"{name}: {len(content) / 1000:.0f} kB" for name, content in files.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
