"""The words of the perceptual map; see `words` for the rules."""

from __future__ import annotations

import pandas as pd

from casebook.errors import TableError
from casebook.plots.words import require

__all__ = ["alt_perceptual_map"]

MAP_TITLE = "{empty} of the {cells} places on the map {are} empty; {most} of {n} brands crowd into one"
MAP_TITLE_FULL = "No place on the map is empty; {most} of {n} brands crowd into one"
MAP_ALT = (
    "Map of {n:,} {brands} in {cells} cells, price from low (left) to high (right), service from low "
    "(bottom) to high (top). {rows}{empty}{drawn}"
)
MAP_ROW = "Price {price}, service {service}: {brands}."
MAP_EMPTY = " Empty, as price-service: {cells}."
MAP_MARK = " A star marks our own place, {cell}."


def map_facts(table: pd.DataFrame, own: str | None) -> tuple[int, int, list[str]]:
    """Levels, brands and empty cells of a table of `perceptual_map`; refuse another, and an unknown place.

    >>> table = pd.DataFrame({"price_level": [1], "service_level": [1], "cell": ["1-1"], "n": [2],
    ...                       "brands": ["Ada, Bo"]})
    >>> map_facts(table, None)
    (1, 2, [])
    """
    maker = "positioning.perceptual_map"
    require(table, ["price_level", "service_level", "cell", "n", "brands"], maker)
    brands = int(table["n"].sum()) if len(table) else 0
    if brands == 0:
        raise TableError("The map has no brand, so there is nothing to draw.")
    if own is not None and own not in set(table["cell"]):
        raise TableError(f"own is {own!r}, but the map has: {', '.join(table['cell'])}.")
    return int(table["price_level"].max()), brands, table.loc[table["n"] == 0, "cell"].tolist()


def map_title(table: pd.DataFrame, empty: list[str]) -> str:
    """What the map found.

    >>> map_title(pd.DataFrame({"n": [2, 0, 1, 1]}), ["1-2"])
    '1 of the 4 places on the map is empty; 2 of 4 brands crowd into one'
    """
    most, n = int(table["n"].max()), int(table["n"].sum())
    if not empty:
        return MAP_TITLE_FULL.format(most=most, n=n)
    return MAP_TITLE.format(
        empty=len(empty), cells=len(table), are="is" if len(empty) == 1 else "are", most=most, n=n
    )


def alt_perceptual_map(table: pd.DataFrame, *, own: str | None = None) -> str:
    """Say in words what `plot_perceptual_map` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_perceptual_map`.

    Examples
    --------
    >>> from casebook.positioning import perceptual_map
    >>> two = pd.DataFrame({"brand": ["Ada", "Bo"], "price_level": [1, 2], "service_level": [1, 2]})
    >>> alt_perceptual_map(perceptual_map(two, levels=2))[-83:]
    'Price 1, service 1: Ada. Price 2, service 2: Bo. Empty, as price-service: 1-2, 2-1.'
    """
    _, n, empty = map_facts(table, own)
    rows = [
        MAP_ROW.format(price=row["price_level"], service=row["service_level"], brands=row["brands"])
        for row in table[table["n"] > 0].to_dict("records")
    ]
    return MAP_ALT.format(
        n=n,
        brands="brand" if n == 1 else "brands",
        cells=len(table),
        rows=" ".join(rows),
        empty=MAP_EMPTY.format(cells=", ".join(empty)) if empty else "",
        drawn=MAP_MARK.format(cell=own) if own is not None else "",
    )
