"""Lesson 04 on one page: lifetime value, margin and discount, the cost of winning a customer, the cycle."""

from __future__ import annotations

import pandas as pd

from casebook.lifetime import clv_discounted, clv_simple, estimate_stT, lifetime
from casebook.text import fill

__all__ = ["page"]

_TEXT = """
**Lifetime value** (客户生命周期价值, CLV). The <kbd>source course</kbd> writes (s/t) × T: the average
amount of a purchase, over the average time between two purchases, times how long the customer stays.
{s:,} RMB every {t} months for {years} years: {s:,} / {t} × {T} = **{clv:,.0f} RMB**. Both times in
months: years and months in one formula are the commonest mistake.

**The purchase cycle** *t* is the last order's day less the first's, over the number of orders less one.
Orders of {amounts} RMB on days {days} make s = {mean:,.0f} RMB and t = {cycle:,.0f} days. One order has
no cycle. <kbd>our convention</kbd> How long customers stay is 1 over the share that leaves: {churn:.0%} a
month, {stay:,.0f} months.

**It is revenue, and later money is worth less.** With a margin of {m} a year, {r:.0%} of customers kept
and a discount of {d:.0%} a year, a customer whose first margin comes now is worth {now:,.2f}, and
{later:,.2f} if it comes after the first renewal. <kbd>standard: Gupta and Lehmann 2003</kbd> Say which.

**Customer acquisition cost** (获取成本, CAC) is what was spent on winning customers, over the customers
won. A way of finding them pays if lifetime value exceeds it: {won:,} RMB against {cac:,} leaves {net:+,};
{poor:,} against {dear:,} leaves {loss:+,}.
"""


def page() -> str:
    """Write the page, its numbers worked out by the library.

    >>> "24,000 RMB" in page()
    True
    """
    days = [0, 30, 90]
    orders = pd.DataFrame(
        {
            "customer_id": "C1",
            "date": pd.Timestamp("2024-01-01") + pd.to_timedelta(days, unit="D"),
            "amount": [100, 200, 300],
        }
    )
    seen = estimate_stT(orders).iloc[0]
    m, r, d = 100, 0.8, 0.1
    return fill(
        _TEXT.strip(),
        s=1_200, t=3, years=5, T=60, clv=clv_simple(1_200, 3, 60),
        amounts=_listed(orders["amount"].tolist()), days=_listed(days), mean=seen["s"], cycle=seen["t"],
        churn=0.05, stay=lifetime(0.05),
        m=m, r=r, d=d, now=clv_discounted(m, r, d), later=clv_discounted(m, r, d, timing="deferred"),
        won=1_500, cac=500, net=1_500 - 500, poor=1_200, dear=1_500, loss=1_200 - 1_500,
    )  # fmt: skip


def _listed(numbers: list[int]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
