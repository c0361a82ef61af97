"""Lesson 13 on one page: satisfaction, the complaint rate, and what a complaint handled well is worth."""

from __future__ import annotations

from casebook.text import fill

__all__ = ["page"]

_TEXT = """
**Satisfaction** (客户满意) is what a customer feels after comparing what came with what was expected; so
a better product with a larger promise may satisfy less. <kbd>standard: Oliver 1980</kbd> We ask for 1 to
5 and report the **CSAT** (满意度), the share of answers of at least 4, beside the mean: the answers
{answers} give {csat:.0%} and a mean of {mean:.1f}. Only some customers answer, and not at random.

**The complaint rate** (抱怨率) is the share of customers with a complaint, {complained} of {customers} =
{rate:.0%}. It counts those who speak. If one in {in_n} unhappy customers complains, {recorded} complaints
stand for {unhappy}. That figure is an illustration, not a law: measure your own. <kbd>standard: TARP
1986</kbd>

**Service recovery** (服务补救) is what happens after the complaint. A complaint answered quickly and well
can leave a customer more attached than before, and one that is brushed off loses them. <kbd>standard:
Hart, Heskett and Sasser 1990</kbd> So a complaint is at once a sign of danger and a customer who still
talks to you; whether customers who complain leave more often is a question for data, and the one that
this lesson puts to them.
"""


def page() -> str:
    """Write the page, its numbers worked out here.

    >>> "give 60% and a mean of 3.2" in " ".join(page().split())
    True
    """
    answers = [5, 4, 4, 2, 1]
    recorded, share_that_speaks = 10, 0.05
    return fill(
        _TEXT.strip(),
        answers=", ".join(map(str, answers)),
        csat=sum(answer >= 4 for answer in answers) / len(answers),
        mean=sum(answers) / len(answers),
        complained=2, customers=10, rate=2 / 10,
        in_n=round(1 / share_that_speaks), recorded=recorded, unhappy=round(recorded / share_that_speaks),
    )  # fmt: skip
