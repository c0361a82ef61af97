"""Published RFM scores of five customers, with bounds printed beside them."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from casebook.composition import rfm
from casebook.references.model import Published

__all__ = ["VALUES"]

_PAGE = "README of the R package rfm 0.3.0 (rfm_data_orders at 2006-12-31, 995 customers)"
#: The printed lower bounds of the scores: days since the last order, orders, money.
_BOUNDS = {"r": (115, 181, 297, 482), "f": (4, 5, 6, 8), "m": (256, 382, 506, 666)}


def _score(days: int, orders: int, money: int) -> float:
    """Score one customer with so many orders, the last of them so many days ago, and so much money."""
    last = dt.date(2006, 12, 31) - dt.timedelta(days=days)
    table = pd.DataFrame(
        {
            "who": "x",
            "day": pd.to_datetime([last] * orders),
            "money": [money - (orders - 1)] + [1] * (orders - 1),
        }
    )
    return float(rfm(table, "who", "day", "money", as_of="2006-12-31", q=_BOUNDS)["rfm"].iloc[0])


VALUES = (
    Published("RFM score of 205 days, 6 orders, 472", "343", lambda: _score(205, 6, 472), _PAGE),
    Published("RFM score of 140 days, 3 orders, 340", "412", lambda: _score(140, 3, 340), _PAGE),
    Published("RFM score of 194 days, 4 orders, 405", "323", lambda: _score(194, 4, 405), _PAGE),
    Published("RFM score of 98 days, 7 orders, 596", "544", lambda: _score(98, 7, 596), _PAGE),
    Published("RFM score of 132 days, 5 orders, 448", "433", lambda: _score(132, 5, 448), _PAGE),
)
