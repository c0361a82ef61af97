"""Four managerial classes of customers: who buys once, who is key, who could grow, who is regular?"""

from __future__ import annotations

import math

import pandas as pd

from casebook.errors import TableError
from casebook.exact import check_values
from casebook.frames import need_pandas, start

__all__ = ["managerial_class"]


def managerial_class(
    table: pd.DataFrame,
    *,
    max_temporary: int = 1,
    top: float = 0.10,
    min_growth: float = 0.20,
    max_wallet: float = 0.5,
) -> pd.DataFrame:
    """Sort customers into temporary, key, potential and regular (临时、关键、潜力、常规客户).

    The rules are asked in this order, and the first that fits decides.

    Parameters
    ----------
    table : DataFrame, one row per customer
        With `orders_12m` (orders in the last twelve months), `margin` (gross margin, currency), `growth` (of
        sales against the year before, fraction) and `wallet` (our share of what the customer buys, 0-1).
        Growth and wallet may be missing.
    max_temporary : int
        With so many orders or fewer a customer is temporary.
    top : float
        Share of all customers, best margin first, that are key; rounded up, ties at the end come in, and a
        customer without a positive margin never does.
    min_growth, max_wallet : float
        Potential: growth of at least, and a wallet share below.

    Returns
    -------
    DataFrame, in the order of the rows
        The table with `managerial_class` ("temporary", "key", "potential", "regular") and `reason`.

    Raises
    ------
    TableError
        If a column is missing, or orders or margin have gaps, or a threshold is out of range.

    Notes
    -----
    Source: the source course gives the four names only; the wording of the classes is standard (a regular
    customer buys on price, a potential one seeks the relation, a key one brings the most, a temporary one
    comes once), the rule is our convention.

    Examples
    --------
    >>> four = pd.DataFrame({"orders_12m": [1, 40, 9, 12], "margin": [5, 900, 60, 80],
    ...                      "growth": [None, 0.0, 0.30, 0.0], "wallet": [0.1, 0.6, 0.3, 0.3]})
    >>> managerial_class(four)["managerial_class"].tolist()
    ['temporary', 'key', 'potential', 'regular']
    """
    need_pandas(table, ["orders_12m", "margin", "growth", "wallet"])
    for column in ("orders_12m", "margin"):
        check_values(start(table, [column]), column)
    for column in ("growth", "wallet"):
        odd = pd.to_numeric(table[column], errors="coerce").isna() & table[column].notna()
        if odd.any():
            row, cell = table.index[odd].tolist()[0], table[column][odd].tolist()[0]
            raise TableError(
                f"Column {column!r} holds {cell!r} in row {row!r}: a fraction such as 0.2, or empty."
            )
    below = table["orders_12m"] < 0
    if below.any():
        row = table.index[below].tolist()[0]
        raise TableError(f"Column 'orders_12m' is negative in row {row!r}: count the orders again.")
    if not 0 < top < 1:
        raise TableError(f"top must be a share between 0 and 1, got {top!r}.")
    best = math.ceil(top * len(table) - 1e-9)
    place = table["margin"].rank(method="min", ascending=False)
    grown = pd.to_numeric(table["growth"])
    ours = pd.to_numeric(table["wallet"])
    few = table["orders_12m"] <= max_temporary
    key = (place <= best) & (table["margin"] > 0)
    room = (grown >= min_growth) & (ours < max_wallet)  # a gap is neither
    names = pd.Series("regular", index=table.index)
    names = names.mask(room, "potential").mask(key, "key").mask(few, "temporary")
    reasons = {
        "temporary": f"{max_temporary} order{'s' if max_temporary != 1 else ''} or fewer in twelve months",
        "key": f"among the first {best:,} of {len(table):,} by margin",
        "potential": f"growth of {min_growth:.0%} or more, and less than {max_wallet:.0%} of its purchases",
        "regular": "none of the other three",
    }
    return table.assign(managerial_class=names, reason=names.map(reasons))
