"""Practice checks of case 01, the bank that charges the poor: on small printed rows, never on a company."""

from __future__ import annotations

import pandas as pd

from casebook import small_accounts as fees
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Labels, Number
from casebook.portfolio import years_to_overtake

__all__ = ["CHECKS"]

# The rows that the notebook prints ------------------------------------------------------------------------

_RULES = pd.DataFrame({
    "bank": ["Citibank", "HSBC", "HSBC"], "tier": ["ordinary", "ordinary", "premier"],
    "threshold": [80_000, 100_000, 500_000], "fee": [50, 150, 300], "unit": "RMB",
})  # fmt: skip
_SIX = pd.DataFrame({
    "account_id": list("abcdef"),
    "bank": ["Citibank", "Citibank", "HSBC", "HSBC", "HSBC", "HSBC"],
    "tier": ["ordinary", "ordinary", "ordinary", "ordinary", "premier", "premier"],
    "avg_balance": [79_999, 80_000, 99_999, 100_000, 499_999, 500_000],
})  # fmt: skip
_TINY = pd.Series([5.0, 24.0, 60.0, 99.0])
_FEE, _MARGIN, _CHARGED = 600, 250, 10  # ten accounts alike: fee and margin of a year


def _pays(below: pd.Series) -> list[str]:
    return ["pays" if yes else "free" for yes in below]


def _by_one_rule_for_hsbc() -> list[str]:
    limit = _SIX["bank"].map({"Citibank": 80_000, "HSBC": 100_000})
    return _pays(_SIX["avg_balance"] < limit)


CHECKS = (
    Check(
        "case01.edge",
        kind=Labels("labels"),
        right=lambda: _pays(fees.charge_accounts(_SIX, _RULES)["charged"]),
        mistakes=(
            Mistake(
                lambda: _pays(_SIX["avg_balance"] <= fees.charge_accounts(_SIX, _RULES)["threshold"]),
                "You charge those who hold exactly the threshold. The fee is for balances *below* it.",
            ),
            Mistake(
                _by_one_rule_for_hsbc,
                "You applied the ordinary rule of HSBC to its premier accounts. Which threshold is theirs?",
            ),
            Mistake(
                lambda: _pays(~fees.charge_accounts(_SIX, _RULES)["charged"]),
                "You turned it round: whoever has less than the threshold pays.",
            ),
        ),
        look="Write the threshold of bank and tier beside each balance, then compare.",
        praise="One yuan apart, and one of the two pays.",
    ),
    Check(
        "case01.thirteen",
        kind=Number(unit="RMB a year", tolerance=0.005),
        right=lambda: 13 * 0.02 - 5,
        mistakes=(
            Mistake(
                lambda: 13 * 0.02,
                "That is what the account earns. What does it cost, and what is left?",
            ),
            Mistake(
                lambda: 13 - 5,
                "The deposit belongs to the customer; the bank only earns the spread on it.",
            ),
            Mistake(
                lambda: 13 * 0.02 / 12 - 5,
                "You took a month's income and a year's cost. The spread is a year's, too.",
            ),
        ),
        look="Income of a year (spread times balance) less cost of a year. A loss has a minus.",
        praise="Twenty million of these make a real sum; each one is less than a bus ride a month.",
    ),
    Check(
        "case01.ten_leave",
        kind=Number(unit="RMB a year", tolerance=0.5),
        right=lambda: fees.fee_after_leaving(_CHARGED * _FEE, _CHARGED * _MARGIN, 0.3).change,
        mistakes=(
            Mistake(
                lambda: 0.7 * _CHARGED * _FEE,
                "You counted the fees of those who stay. What did the leavers bring before there was a fee?",
            ),
            Mistake(
                lambda: 0.7 * _CHARGED * (_FEE + _MARGIN),
                "That is what the bank has afterwards. What *changes*? Take off what it had.",
            ),
            Mistake(
                lambda: _CHARGED * _FEE - 0.3 * _CHARGED * _MARGIN,
                "The leavers pay no fee either. Count the fees of those who stay.",
            ),
            Mistake(
                lambda: 0.3 * _CHARGED * (_FEE - _MARGIN),
                "Seven stay and three leave: you let three pay the fee.",
            ),
        ),
        look="Two amounts: what seven accounts pay, and what three accounts no longer bring.",
        praise="A fee is paid by those who stay; the price of it is what the others took along.",
    ),
    Check(
        "case01.capped",
        kind=Number(unit="RMB a year", tolerance=0.5),
        right=lambda: float(fees.collectable(_TINY, 2).sum()),
        mistakes=(
            Mistake(
                lambda: 24.0 * len(_TINY),
                "You took 24 from each. Can it be taken from an account that holds less?",
            ),
            Mistake(
                lambda: 2.0 * len(_TINY),
                "That is one month. The fee is for each of twelve.",
            ),
            Mistake(
                lambda: 24.0 * int((_TINY > 24).sum()),
                "You left out those that cannot pay in full. They pay what they have.",
            ),
        ),
        look="For each account: the smaller of its balance and twelve fees. Then add up.",
        praise="A fee on paper and a fee collected are two numbers.",
    ),
    Check(
        "case01.years",
        kind=Number(counted="years"),
        right=lambda: years_to_overtake(3_000, 0.5, 30_000, 0),
        mistakes=(
            Mistake(
                lambda: 18,
                "You added half of the *first* balance each year. Each year grows on the one before.",
            ),
            Mistake(
                lambda: 5,
                "After so many years it is still below: round up, it has to be more.",
            ),
        ),
        look="Multiply by 1.5 year after year, and count until it is above 30,000.",
        praise="Only if it grows like this; a table with one balance an account cannot tell.",
    ),
)
