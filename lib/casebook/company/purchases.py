"""What each order line really was: a new purchase, a repeat, or a replacement of an old model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.company.settings import PARAMETERS, Calendar
from casebook.company.streams import stream
from casebook.company.trade import choose_skus

__all__ = ["purchase_types"]

NEVER = 10**9


def purchase_types(
    sold: pd.DataFrame, people: pd.DataFrame, skus: pd.DataFrame, seed: int, block: int, calendar: Calendar
) -> pd.DataFrame:
    """Label the first purchase of each SKU by all that was bought before, also before the data starts.

    Any later line with the same SKU is a repeat, as everybody can see: the table leaves it out.

    Parameters
    ----------
    sold : DataFrame
        Lines of the block with `order` (row of the order, by date), `who`, `sku_row`, order_id, line_no.
    people : DataFrame
        The block's customers, with `prior_orders`.
    skus : DataFrame
        From `products`.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (n_first_lines, 3)
        The table `order_lines_truth`: 'repeat' if the SKU was in an order before the data starts, else
        'replacement' if an old model of its family was in any earlier order, else 'new'.
    """
    before = _prior_lines(people, skus, seed, block, calendar)
    both = pd.concat([before.assign(order=-1), sold[["who", "sku_row", "order"]]], ignore_index=True)
    old = skus["retired_flag"].to_numpy()[both["sku_row"]]
    family = pd.factorize(skus["family"])[0][both["sku_row"]]
    first = both.groupby(["who", "sku_row"])["order"].transform("min")
    first_old = both["order"].where(old, NEVER).groupby([both["who"], family]).transform("min")
    label = np.select(
        [first < both["order"], (first_old < both["order"]) & ~old], ["repeat", "replacement"], "new"
    )
    lines = sold[["order_id", "line_no"]].assign(purchase_type_true=label[len(before) :])
    return lines[sold.groupby(["who", "sku_row"])["order"].transform("min") == sold["order"]]


def _prior_lines(
    people: pd.DataFrame, skus: pd.DataFrame, seed: int, block: int, calendar: Calendar
) -> pd.DataFrame:
    """Draw what was bought in the orders before the data starts: `who` and `sku_row`."""
    rng, orders = stream(seed, "prior_lines", block), people["prior_orders"].to_numpy()
    count = orders + rng.poisson(PARAMETERS["order_lines"]["more_lines_poisson"] * orders)
    who = np.repeat(np.arange(len(people)), count)
    start = np.zeros(len(who), dtype="int64")
    kind = people["kind"].to_numpy()[who]
    return pd.DataFrame({"who": who, "sku_row": choose_skus(kind, start, skus, rng, calendar)})
