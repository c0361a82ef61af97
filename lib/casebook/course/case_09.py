"""Case 9, the big order on credit: whose order it is, and the checks of its small practice rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casebook import credit, receivables
from casebook import terms as trm
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Labels, Number

__all__ = ["CHECKS", "BigOrder", "big_order", "draw_sheets", "four_words"]

_FIRST_GRADE = "CBDA"  #: the case is about grade C; a company without one takes the next letter


class BigOrder(NamedTuple):
    """The order that Case 9 is about: who places it, its usual invoice of 2024, and the order, in RMB."""

    customer_id: str
    name: str
    average: float
    amount: float


def big_order(company: Mapping[str, pd.DataFrame]) -> BigOrder:
    """Find the distributor whose order is decided on, by one rule for every company.

    A distributor with a credit file of 2024 and no default, at least six invoices that fell due from December
    2023 to November 2024, and one issued since October 2024. Of these, the C-rated; where nobody is rated C,
    the B, else the D, else the A. Of these, those with at least a mean invoice of 2024 still open on
    31 December, if there are any. Of these, the one with the largest sales in 2024 (a tie goes to the smaller
    id). The order is three times its mean invoice of 2024, to the nearest 1,000 RMB.

    Parameters
    ----------
    company : mapping of str to DataFrame
        `customers`, `credit_files`, `invoices`, `payments`.

    Returns
    -------
    BigOrder

    Examples
    --------
    >>> import casebook
    >>> tables = ("customers", "credit_files", "invoices", "payments")
    >>> order = big_order({name: casebook.load(name) for name in tables})
    >>> bool(2.9 < order.amount / order.average < 3.1)
    True
    """
    customers = company["customers"].set_index("customer_id")
    files = company["credit_files"]
    of_2024 = files[(files["year"] == 2024) & ~files["defaulted_next_12m"].astype(bool)]
    roles = of_2024["customer_id"].map(customers["channel_role"])
    dealers = of_2024[roles == "distributor"]
    bills = company["invoices"]
    bills = bills[bills["customer_id"].isin(dealers["customer_id"])]
    paid = company["payments"]
    paid = paid[paid["invoice_id"].isin(bills["invoice_id"])]
    rates = credit.collection_rate(bills, paid, "2023-12-01", "2024-11-30", "2024-12-31")
    rated = dealers.merge(rates[rates["invoices"] >= 6], on="customer_id")
    rated["pay_ability"] = np.where(rated["current_ratio"] < 1, "weak", "ok")
    rated = credit.credit_grade(rated, events={"sued": "lawsuit"})
    in_2024 = bills[bills["issue_date"].dt.year == 2024].groupby("customer_id")
    rated["sales"] = rated["customer_id"].map(in_2024["amount"].sum())
    last = rated["customer_id"].map(in_2024["issue_date"].max())
    items = receivables.open_items(bills, paid, "2024-12-31")
    owes = rated["customer_id"].map(items.groupby("customer_id")["open"].sum())
    rated["light"] = ~(owes >= rated["customer_id"].map(in_2024["amount"].mean()))
    rated = rated[last >= "2024-10-01"]
    rated["place"] = rated["credit_grade"].map(_FIRST_GRADE.index)
    order = ["place", "light", "sales", "customer_id"]
    first = rated.sort_values(order, ascending=[True, True, False, True]).iloc[0]
    who = str(first["customer_id"])
    average = float(in_2024["amount"].mean()[who])
    return BigOrder(who, str(customers.loc[who, "name_en"]), average, float(round(3 * average / 1000) * 1000))


def draw_sheets(
    order: BigOrder, margin: float, break_even: float, chances: Mapping[str, float], came_back: float
) -> tuple[Any, str]:
    """Draw what credit brings more than cash first, by the chance that the order is never paid.

    Parameters
    ----------
    order : BigOrder
    margin : float
        RMB, of the order.
    break_even : float
        A share.
    chances : mapping with `low` and `high`
        Interval of a default within twelve months.
    came_back : float
        Share of old debts that came in.

    Returns
    -------
    (Axes, str)
        The picture, and its words.
    """
    from matplotlib import pyplot as plt

    low, high = float(chances["low"]), float(chances["high"])
    first, last = (_within_days(chance) for chance in (low, high))
    x = np.linspace(0, 1.15 * high, 50)
    _, ax = plt.subplots(figsize=(8.5, 4.2))
    for stake, lost, label, style in (
        (1.0, 0.6, "all of the margin at stake, 60 % lost", "C0-"),
        (0.5, 0.6, "half at stake, 60 % lost", "C1--"),
        (0.5, 1 - came_back, "half at stake, lost as in the ledger", "C3:"),
    ):
        net = stake * margin - _interest(order.amount) - x * lost * order.amount
        ax.plot(100 * x, net / 1000, style, label=label, linewidth=2)
    for a, b, grey, label in ((first, last, "0.75", "ninety days"), (low, high, "0.9", "twelve months")):
        ax.axvspan(100 * a, 100 * b, color=grey, zorder=0, label=f"PD in {label}, 95 % interval")
    ax.axhline(0, color="black", linewidth=1)
    title = (
        f"The break-even of {break_even:.1%} lies {_place(break_even, first, last)} the risk of ninety days "
        f"and {_place(break_even, low, high)} that of a year"
    )
    ax.set(xlabel="chance that the order is never paid (%)", title=title)
    ax.set_ylabel("credit less cash first (thousand RMB)")
    ax.legend(fontsize=8)
    return ax, (
        f"{title}. Three falling lines by the chance of no payment: all of the margin at stake; half; half, "
        f"and {1 - came_back:.0%} lost as in the ledger. Bands: {first:.1%} to {last:.1%} and {low:.1%} to "
        f"{high:.1%}."
    )


def four_words(
    order: BigOrder, margin: float, over: float, *, stake: float, chance: float, lost: float
) -> pd.DataFrame:
    """What each decision brings on this order: on average, at worst, and how far above the limit it goes.

    Parameters
    ----------
    order : BigOrder
    margin, over : float
        RMB; `over` is what is owed and the order, less the limit.
    stake, chance, lost : float
        Shares: of the margin that goes elsewhere if cash is asked first; of an order never paid; of it lost.

    Returns
    -------
    DataFrame of shape (4, 4)
        `decision`; `average`, `worst`, `above` (RMB). *Part* is a third on credit, the rest for money first.

    Examples
    --------
    >>> one = BigOrder("C1", "Ada", 30_000, 90_000)
    >>> four_words(one, 9_000, 60_000, stake=0.5, chance=0.05, lost=0.6)[["decision", "average"]].round()
         decision  average
    0     release   4950.0
    1        part   4650.0
    2  cash first   4500.0
    3      refuse      0.0
    """
    on_credit = margin - chance * lost * order.amount - _interest(order.amount)
    for_cash = (1 - stake) * margin
    parts = np.array([1, 1 / 3, 0, 0])
    return pd.DataFrame({
        "decision": ["release", "part", "cash first", "refuse"],
        "average": [on_credit, on_credit / 3 + for_cash * 2 / 3, for_cash, 0.0],
        "worst": -lost * order.amount * parts + 0.0,
        "above": over - (1 - parts) * order.amount,
    })  # fmt: skip


def _within_days(chance: float, days: int = 90) -> float:
    return 1 - (1 - chance) ** (days / 360)


def _interest(amount: float, days: int = 90) -> float:
    return 0.06 * days / 360 * amount


def _place(value: float, low: float, high: float) -> str:
    return "below" if value < low else "above" if value > high else "inside"


# The practice rows, as they are printed in the notebook -------------------------------------------------

_BILLS = pd.DataFrame({
    "customer_id": "Ada", "invoice_id": list("abcd"), "amount": [10_000.0, 20_000, 10_000, 30_000],
    "due_date": pd.to_datetime(["2024-10-01", "2024-10-15", "2024-11-01", "2024-12-10"]),
})  # fmt: skip
_CAME = pd.DataFrame({
    "invoice_id": list("abbc"), "amount": [10_000.0, 12_000, 8_000, 9_800],
    "discount_taken": [0.0, 0, 0, 200],
    "date": pd.to_datetime(["2024-10-28", "2024-11-01", "2024-11-20", "2024-10-10"]),
})  # fmt: skip
_THREE = pd.DataFrame({
    "collection_rate": [0.985, 0.98, 0.91], "pay_ability": ["weak", "ok", "ok"],
    "competitor_share": [0.6, 0.5, 0.55], "sued": [False, False, True],
})  # fmt: skip
_MONTHS = [60_000, 0, 90_000, 0, 120_000, 30_000]


def _in_time(*, grace: int = 30, as_of: str = "2024-12-31", came: pd.DataFrame = _CAME) -> float:
    table = credit.collection_rate(_BILLS, came, "2024-10-01", "2024-12-31", as_of, grace=grace)
    return float(table["collection_rate"].iloc[0])


def _three(table: pd.DataFrame = _THREE, *, flag: bool = True, rival: float = 0.5) -> list[str]:
    events = {"sued": "lawsuit"} if flag else None
    return list(credit.credit_grade(table, events=events, rival=rival)["credit_grade"])


def _caps_first() -> list[str]:
    """As if the caps came first and the step down for rivals after."""
    capped = _three(_THREE.assign(competitor_share=0.0))
    down = [share > 0.5 for share in _THREE["competitor_share"]]
    return [credit.GRADES[min(credit.GRADES.index(g) + d, 3)] for g, d in zip(capped, down, strict=True)]


def _strict() -> list[str]:
    """As if a rate at the cut were below it, and a share of one half above it."""
    return _three(
        _THREE.assign(collection_rate=_THREE["collection_rate"] - 0.001, competitor_share=[0.6, 0.501, 0.55])
    )


def _even(*, margin: float = 9_000, ead: float = 90_000, lgd: float = 0.6, capital: float = 1_350) -> float:
    return float(credit.breakeven_pd(margin, ead, lgd, at_stake=0.5, capital=capital))


def _limit(months: int) -> float:
    return trm.credit_limit(sum(_MONTHS) / months, 1, trm.COEFFICIENTS["C"], 0.10 * 290_000)


CHECKS = (
    Check(
        "case09.in_time",
        kind=Number(tolerance=0.00051, share=True),
        right=_in_time,
        mistakes=(
            Mistake(
                lambda: _in_time(as_of="2025-12-31"),
                "You counted an invoice whose 30 days are not over on 31 December: nobody knows yet.",
            ),
            Mistake(
                lambda: _in_time(grace=0, as_of="2024-12-01"),
                "Without grace. Up to 30 days after the due day count as in time.",
            ),
            Mistake(
                lambda: _in_time(grace=0),
                "Without grace, and so with an invoice that nobody can judge yet. It is 30 days.",
            ),
            Mistake(
                lambda: _in_time(came=_CAME.assign(discount_taken=0.0)),
                "You counted the discount as unpaid. It was taken in time: that invoice is settled in full.",
            ),
            Mistake(
                lambda: _in_time(came=_CAME.assign(date=_BILLS["due_date"].min())),
                "You counted all that ever came. Look at each payment's day against due day plus 30.",
            ),
        ),
        look="Go invoice by invoice: does it count at all, and how much of it came up to due day plus 30?",
        praise="Which invoices count, and until which day, is half of the rate.",
    ),
    Check(
        "case09.three_letters",
        kind=Labels("letters"),
        right=_three,
        mistakes=(
            Mistake(
                _caps_first, "You capped first and stepped down after. The step down for rivals comes first."
            ),
            Mistake(_strict, "Look at the edges: 98 % or more is A, and one half is not more than one half."),
            Mistake(
                lambda: _three(_THREE.assign(pay_ability="ok"), flag=False),
                "Weak ability to pay and a lawsuit leave at best C.",
            ),
        ),
        look="Three steps in their order: the rate, then the rivals, then what leaves at best C.",
        praise="Three customers, two letters, and each C for another reason. The letter hides which.",
    ),
    Check(
        "case09.one_break_even",
        kind=Number(tolerance=0.00051, share=True),
        right=_even,
        mistakes=(
            Mistake(
                lambda: _even(margin=18_000), "You took the whole margin. How much of it hangs on the credit?"
            ),
            Mistake(lambda: _even(capital=0), "The money stands out for a while: you left the interest out."),
            Mistake(lambda: _even(lgd=1), "You took the order as lost in full: here 60 % of it is."),
            Mistake(
                lambda: _even(ead=200_000),
                "You put in what it owes already. That is owed whatever you decide today.",
            ),
        ),
        look="Margin at stake less interest, over what is lost of this order if it is never paid.",
        praise="A break-even speaks of no period: bring a probability to the same horizon before comparing.",
    ),
    Check(
        "case09.ninety_days",
        kind=Number(tolerance=0.00051, share=True),
        right=lambda: _within_days(0.12),
        mistakes=(
            Mistake(lambda: 0.12, "That is the chance in twelve months. How long is the order open?"),
            Mistake(
                lambda: 0.12 / 4,
                "Nearly: a plain quarter. Four such quarters do not give back 12 %. Start from surviving.",
            ),
            Mistake(
                lambda: 0.12**0.25, "You took the root of the default. Take it of *surviving*, then go back."
            ),
            Mistake(
                lambda: 0.88**0.25, "That is the chance to survive 90 days. Its complement is asked for."
            ),
        ),
        look="To survive a year is to survive four quarters in a row.",
        praise="Same customer, same model: the horizon alone makes it a quarter.",
    ),
    Check(
        "case09.monthly",
        kind=Number(unit="RMB", tolerance=0.51),
        right=lambda: _limit(4),
        mistakes=(
            Mistake(lambda: _limit(6), "You divided by all six months. Only months with deliveries count."),
            Mistake(
                lambda: 75_000 * trm.COEFFICIENTS["C"],
                "That is the limit by sales. There is a second one, by net worth, and the smaller holds.",
            ),
            Mistake(
                lambda: 29_000 * trm.COEFFICIENTS["C"],
                "The coefficient belongs to the sales, not to the tenth of net worth.",
            ),
        ),
        look="Mean month with deliveries x 1 month x C's coefficient; beside it a tenth of net worth.",
        praise="Two limits, and the customer's own money is the tighter one.",
    ),
)
