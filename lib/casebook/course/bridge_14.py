"""Lesson 14 on one page: buying again is not loyalty, and satisfied customers leave."""

from __future__ import annotations

from casebook.text import fill

__all__ = ["page"]

_TEXT = """
**Loyalty** (客户忠诚) has two sides, and a table of orders shows one: *what customers do* (they buy
again) and *what they think* (they would rather buy from us than elsewhere). The <kbd>source course</kbd>
names seven types; four matter here. *Inertia* loyalty (惰性忠诚): buys again and does not care.
*Monopoly* (垄断忠诚): has no choice. *Price* (价格忠诚): stays for the discount. *Super-value*
(超值忠诚): would miss us. The first three leave as soon as something moves: a rival's offer, a rep who
goes, a late delivery.

| attitude (1-5) | buys again | what it is |
|---:|---:|:--|
| {high} | {often:.0%} of needs | loyal |
| {high} | {seldom:.0%} | latent (潜在忠诚): wants to, and something is in the way |
| {low} | {often:.0%} | spurious: a habit, no bond |
| {low} | {seldom:.0%} | none |

<kbd>standard: Dick and Basu 1994</kbd>

**Satisfied is not loyal.** Where customers can choose, the merely satisfied (4 of 5) leave far more often
than the very satisfied (5); where they cannot, even the dissatisfied stay, as hostages. <kbd>standard:
Jones and Sasser 1995</kbd> So a satisfaction score helps to foresee who leaves, and it will never do so
alone.
"""


def page() -> str:
    """Write the page.

    >>> page().startswith("**Loyalty**")
    True
    """
    return fill(_TEXT.strip(), high=4.5, low=2.5, often=0.8, seldom=0.2)
