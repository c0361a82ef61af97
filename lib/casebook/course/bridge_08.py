"""Lesson 08 on one page: the sales table, the gross margin, the two turnovers, and RFM."""

from __future__ import annotations

import pandas as pd

from casebook.composition import gross_margin, price_volume, rfm, turnover
from casebook.text import fill

__all__ = ["page"]

_TEXT = """
**A sales table** adds up the lines by product or customer, largest first: sales, share, running share,
growth. A change of sales has two parts: *volume*, the change of the pieces at the old price, and
*price*, the change of the price on the new pieces. From {q0} pieces at {p0} RMB to {q1} at {p1}:
{change:+,.0f} = {volume:+,.0f} volume and {price:+,.0f} price. Split it product by product; an average
price hides what was bought.

**Gross margin** (毛利) is sales less the cost of the goods; over sales it is the **gross margin rate**
(毛利率). Sales of {sales} and a cost of {cost} leave {margin}, a rate of {rate:.0%}. Take sales as *paid*:
a discount of {discount:.0%} turns a rate of {at_list:.0%} into {paid:.1%}. It is not yet profit:
serving the customer costs money too.

**Turnover** has two meanings. In *ABC by turnover* it is sales (成交额). The **turnover ratio** (商品周转率)
says how often the stock is sold in a year: {sales} over an average stock of {stock}, both valued alike,
is {speed:.0f}.

**RFM** scores customers by days since the last purchase (few are good), number of orders, and money.
<kbd>standard: Hughes 1994</kbd> In two groups, customers who last bought {days} days ago get R scores
of {scores}. We cut at values, so that equal customers get equal scores. <kbd>our convention</kbd>
*Recency* and *frequency* mean other things in lifetime models.
"""


def page() -> str:
    """Write the page, its numbers worked out by the library.

    >>> "a rate of 25%" in page()
    True
    """
    q0, p0, q1, p1 = 10, 5, 12, 6
    parts = price_volume(pd.DataFrame({"q0": [q0], "p0": [p0], "q1": [q1], "p1": [p1]})).iloc[0]
    one = pd.DataFrame({"sales": [400], "cost": [300], "stock": [100]})
    kept = gross_margin(one, "sales", "cost").iloc[0]
    at_list, discount = 0.30, 0.12
    sold = pd.DataFrame({"sales": [1 - discount], "cost": [1 - at_list]})
    days = [5, 40, 10, 90]
    orders = pd.DataFrame(
        {"who": list("abcd"), "day": pd.Timestamp("2024-12-31") - pd.to_timedelta(days, unit="D"), "money": 1}
    )
    scores = rfm(orders, "who", "day", "money", as_of="2024-12-31", q=2)["r"].tolist()
    return fill(
        _TEXT.strip(),
        q0=q0, p0=p0, q1=q1, p1=p1, change=parts["change"], volume=parts["volume_effect"],
        price=parts["price_effect"], sales=400, cost=300, margin=int(kept["gross_margin"]),
        rate=kept["margin_rate"], at_list=at_list, discount=discount,
        paid=gross_margin(sold, "sales", "cost")["margin_rate"].iloc[0],
        stock=100, speed=turnover(one, "sales", "stock")["turnover_ratio"].iloc[0],
        days=_listed(days), scores=_listed(scores),
    )  # fmt: skip


def _listed(numbers: list[int]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
