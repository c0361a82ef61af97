"""Key of case 4, the 80/20/30 firm. Everything is worked out from the company that is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from casebook import selection as sel
from casebook.course.cases import Graded, Slip
from casebook.course.kinds import Mapped, Names, Number, Table

TABLES = (
    "securities_firm",
    "cost_to_serve",
    "customers",
    "orders",
    "order_lines",
    "products",
    "tickets",
    "surveys",
    "complaints",
)

Company = Mapping[str, pd.DataFrame]
YEARS = (2022, 2023, 2024)
SERVICE = list(sel.SERVICE_COSTS)
#: The part of each cost that is saved within a year when an account goes.
SHEET = {
    "sales_cost": 0.20,
    "account_cost": 0.00,
    "rush_freight": 1.00,
    "free_installation": 0.60,
    "trade_promotion": 1.00,
    "returns_cost": 1.00,
}
CHARGED, MOST, THIRTY = 0.5, 0.15, 30


# What the case is about ------------------------------------------------------------------------------------


def _broker(company: Company) -> pd.Series:
    return company["securities_firm"].set_index("client_id")["profit"]


def _served(company: Company, *, households: bool = False) -> pd.DataFrame:
    customers, served = company["customers"], company["cost_to_serve"]
    if households:
        return served
    business = customers.loc[customers["nature"] != "individual", "customer_id"]
    return served[served["customer_id"].isin(business)]


def _accounts(company: Company, year: int = 2024, **how: Any) -> pd.DataFrame:
    served = _served(company, **how)
    return served[served["year"] == year].set_index("customer_id")


def _worst(company: Company, share: float = 0.3) -> list[str]:
    profit = _accounts(company)["profit"]
    return sel.whale_curve(profit).index[-sel.sherden(profit, bottom=share).n_bottom :].tolist()


def _contribution(company: Company, sheet: Mapping[str, float] = SHEET) -> pd.Series:
    accounts = _accounts(company)
    return accounts["gross_margin"] - sum(accounts[name] * part for name, part in sheet.items())


def _thirty(company: Company) -> list[str]:
    return sel.whale_curve(_accounts(company)["profit"]).index[-THIRTY:].tolist()


def _lines(company: Company) -> pd.DataFrame:
    """Order lines of the business accounts in 2024."""
    orders, lines = company["orders"], company["order_lines"]
    orders = orders[(orders["date"].dt.year == 2024) & orders["customer_id"].isin(_accounts(company).index)]
    lines = lines.merge(orders[["order_id", "customer_id"]], on="order_id")
    return lines.assign(amount=(lines["qty"] * lines["unit_price"]).round(2))


def _revenue(company: Company) -> pd.Series:
    return _lines(company).groupby("customer_id")["amount"].sum()[_accounts(company).index]


# Questions 1 to 3 ------------------------------------------------------------------------------------------


def _peak(company: Company, **how: Any) -> dict[str, float]:
    curve = sel.whale_curve(_accounts(company, **how)["profit"])
    top = curve.loc[curve["cum_profit"].idxmax()]
    return {"profit": float(top["cum_profit"]), "accounts": float(top["rank"])}


def _end(company: Company) -> dict[str, float]:
    curve = sel.whale_curve(_accounts(company)["profit"])
    return {"profit": float(curve["cum_profit"].iloc[-1]), "accounts": float(len(curve))}


def _peak_share(company: Company) -> dict[str, float]:
    return {**_peak(company), "accounts": sel.sherden(_accounts(company)["profit"]).peak_at}


def _shares(company: Company, top: float = 0.2, *, year: int = 2024, swap: bool = False) -> dict[str, float]:
    rule = sel.sherden(_accounts(company, year)["profit"], top=top)
    gross, net = rule.top_share_gross, rule.top_share_net
    broker = sel.top_share(_broker(company), top)
    return {"broker": broker, "gross": net if swap else gross, "net": gross if swap else net}


def _shares_with_households(company: Company) -> dict[str, float]:
    rule = sel.sherden(_accounts(company, households=True)["profit"])
    return {
        "broker": sel.top_share(_broker(company)),
        "gross": rule.top_share_gross,
        "net": rule.top_share_net,
    }


def _destroyed(company: Company, bottom: float = 0.3, **how: Any) -> dict[int, float]:
    return {
        year: sel.sherden(_accounts(company, year, **how)["profit"], bottom=bottom).destroyed_ratio
        for year in YEARS
    }


def _destroyed_of(company: Company, of: str) -> dict[int, float]:
    """The same losses over another denominator."""
    made = {}
    for year in YEARS:
        rule = sel.sherden(_accounts(company, year)["profit"])
        made[year] = rule.destroyed_ratio * rule.top_share_gross * rule.gross / getattr(rule, of)
    return made


# Question 4 ------------------------------------------------------------------------------------------------


def _on_paper(company: Company) -> float:
    return -float(_accounts(company).loc[_worst(company), "profit"].sum())


def _all_losers(company: Company) -> float:
    return -float(_accounts(company)["profit"].clip(upper=0).sum())


def _in_truth(company: Company, sheet: Mapping[str, float] = SHEET) -> float:
    return -float(_contribution(company, sheet)[_worst(company)].sum())


def _saved_only(company: Company) -> float:
    worst = _accounts(company).loc[_worst(company)]
    return float(sum((worst[name] * part).sum() for name, part in SHEET.items()))


def _worth_keeping(company: Company, sheet: Mapping[str, float] = SHEET) -> list[str]:
    worth = _contribution(company, sheet)
    return [account for account in _worst(company) if worth[account] > 0]


def _positive_margin(company: Company) -> list[str]:
    margin = _accounts(company)["gross_margin"]
    return [account for account in _worst(company) if margin[account] > 0]


def _not_worth_it(company: Company) -> list[str]:
    return sorted(set(_worst(company)) - set(_worth_keeping(company)))


def _best_drop(company: Company, sheet: Mapping[str, float] = SHEET) -> float:
    return -float(_contribution(company, sheet)[_worst(company)].clip(upper=0).sum())


def _new_losers(
    company: Company, by: str | None = "account_cost", part: str = "not saved", *, new: bool = True
) -> int:
    accounts = _accounts(company)
    worst = _worst(company)
    parts = {
        "not saved": {name: 1 - part for name, part in SHEET.items()},
        "overhead": {"account_cost": 1.0, "sales_cost": 1.0},
        "saved": SHEET,
    }[part]
    left = sum((accounts.loc[worst, name] * share).sum() for name, share in parts.items())
    rest = accounts.drop(worst)
    key = rest[by] if by else pd.Series(1.0, rest.index)
    after = rest["profit"] - left * key / key.sum()
    return int(((after < 0) & ((rest["profit"] >= 0) | (not new))).sum())


# Question 5 ------------------------------------------------------------------------------------------------


def _flags(company: Company, among: list[str] | None = None) -> pd.DataFrame:
    accounts, lines = _accounts(company), _lines(company)
    products, complaints, tickets = company["products"], company["complaints"], company["tickets"]
    spend = _revenue(company)
    old = lines["sku"].isin(products.loc[products["retired_flag"], "sku"])
    off = lines[old].groupby("customer_id")["amount"].sum() / spend
    just = complaints[complaints["valid"] & (complaints["date"] >= "2024-01-01")]
    number = lines.groupby("customer_id")["order_id"].nunique()
    misfit = just.groupby("customer_id")["order_id"].nunique() / number
    evidence = pd.DataFrame(
        {
            "spend": spend,
            "profit": accounts["profit"],
            "misfit_share": misfit.reindex(accounts.index).fillna(0),
            "off_strategy_share": off.reindex(accounts.index).fillna(0),
        }
    ).rename_axis("customer_id")
    evidence = (evidence.loc[among] if among else evidence).reset_index()
    asked = tickets[tickets["opened"].dt.year == 2024]
    return sel.bad_flags(evidence, asked, company["surveys"], complaints)


def _signs(company: Company, who: list[str] | None = None) -> pd.DataFrame:
    flags = _flags(company)
    return flags[flags["customer_id"].isin(who or _thirty(company))]


def _loss_by_signs(company: Company, least: int = 0, most: int = 0, *, heads: bool = False) -> float:
    signs = _flags(company).set_index("customer_id")["n_flags"]
    loss = -_accounts(company)["profit"].clip(upper=0)
    loss = (loss > 0).astype(float) if heads else loss
    return float(loss[signs.between(least, most)].sum() / loss.sum())


def _unseen_of_thirty(company: Company) -> float:
    signs = _flags(company).set_index("customer_id")["n_flags"]
    loss = -_accounts(company).loc[_thirty(company), "profit"]
    return float(loss[signs[loss.index] == 0].sum() / loss.sum())


# Question 6 ------------------------------------------------------------------------------------------------


def _action(
    company: Company,
    *,
    charged: float = CHARGED,
    most: float = MOST,
    sheet: Mapping[str, float] = SHEET,
    worth: str = "contribution",
) -> pd.DataFrame:
    accounts = _accounts(company)
    own = _contribution(company, sheet) if worth == "contribution" else accounts["profit"]
    bill = charged * accounts[SERVICE].sum(axis=1)
    fix = (own + bill >= 0) & (bill <= most * _revenue(company))
    made = pd.DataFrame({"action": np.select([own >= 0, fix], ["keep", "fix"], "drop")}, accounts.index)
    return made.loc[_thirty(company)].rename_axis("customer_id").reset_index()


def _again(company: Company, year: int = 2023, *, who: str = "thirty") -> float:
    """Losses of a year of those who are at the bottom in 2024, as a positive number."""
    before = _accounts(company, year)["profit"]
    named = _thirty(company) if who == "thirty" else _worst(company)
    return -float(before.reindex(named).clip(upper=0).sum())


LESSON = dict(sel.SAVED)
UPSIDE_DOWN = {name: 1 - part for name, part in SHEET.items()}

KEY = (
    Graded(
        "clients80",
        Number(counted="clients"),
        3,
        lambda company: sel.customers_for_share(_broker(company), 0.8),
        (
            Slip(
                lambda company: sel.customers_for_share(_broker(company), 0.9),
                "These are a fifth of the clients, and bring 90 % of the profit. Which part is asked for?",
                1,
            ),
            Slip(
                lambda company: sel.customers_for_share(_broker(company), 0.8) - 1,
                "One short: with these, 80 % is not quite reached.",
                2,
            ),
        ),
        "Sort the broker's clients, add up from the best, and count until 80 % of the whole is reached.",
    ),
    Graded(
        "peak",
        Mapped("figures of the top", tolerance=0.51),
        4,
        _peak,
        (
            Slip(_end, "That is the *end* of the curve: what is left. Where is it highest?", 1),
            Slip(
                lambda company: _peak(company, year=2023),
                "That is the curve of 2023. The question asks for 2024.",
                2,
            ),
            Slip(
                lambda company: _peak(company, households=True),
                "The households are in it. The case is about business accounts.",
                2,
            ),
            Slip(
                _peak_share,
                "The height is right; for the place the *number* of accounts is asked, not their share.",
                3,
            ),
        ),
        "The curve's highest value, and the rank of the row in which it stands.",
    ),
    Graded(
        "top_shares",
        Mapped("shares by denominator", tolerance=0.00051),
        5,
        _shares,
        (
            Slip(
                lambda company: _shares(company, swap=True),
                "Gross and net have changed places: gross is of all that is earned, net of what is left.",
                3,
            ),
            Slip(
                lambda company: _shares(company, 0.3),
                "You took the best 30 %. Thirty belongs to the worst; the best are 20 %.",
                2,
            ),
            Slip(
                lambda company: _shares(company, year=2023),
                "Qingyuan's figures are those of 2023.",
                2,
            ),
            Slip(
                _shares_with_households,
                "The households are in it. The case is about business accounts.",
                2,
            ),
        ),
        "Best 20 %, rounded up; over the sum of positive profits for gross, over the sum of all for net.",
    ),
    Graded(
        "destroyed",
        Mapped("ratios by year", tolerance=0.00051),
        5,
        _destroyed,
        (
            Slip(
                lambda company: _destroyed_of(company, "gross"),
                "You divide by all that is earned. The losses are set against the profit of the best 20 %.",
                2,
            ),
            Slip(
                lambda company: _destroyed_of(company, "net"),
                "You divide by what is left. The losses are set against the profit of the best 20 %.",
                2,
            ),
            Slip(
                lambda company: _destroyed(company, 0.2),
                "You took the worst 20 %. Which part of the accounts are the worst?",
                2,
            ),
            Slip(
                lambda company: _destroyed(company, households=True),
                "The households are in it. The case is about business accounts.",
                2,
            ),
        ),
        "For each year apart: rank the accounts of that year, losses of the worst 30 %, profit of the best "
        "20 %.",
    ),
    Graded(
        "on_paper",
        Number(unit="RMB", tolerance=0.51),
        4,
        _on_paper,
        (
            Slip(
                _all_losers,
                "You dropped all who lose. The proposal is to drop the worst 30 %.",
                2,
            ),
            Slip(
                lambda company: float(_accounts(company).loc[_worst(company), "gross_margin"].sum()),
                "That is their margin. On paper the margin goes, and so do all costs: what remains?",
                1,
            ),
            Slip(
                lambda company: (
                    -float(
                        _accounts(company).loc[_worst(company, 0.2), "profit"].sum(),
                    )
                ),
                "You dropped the worst 20 %.",
                1,
            ),
        ),
        "On her sum only the profits of the accounts dropped matter. Add them up, and mind the sign.",
    ),
    Graded(
        "in_truth",
        Number(unit="RMB", tolerance=0.51),
        6,
        _in_truth,
        (
            Slip(
                _on_paper,
                "You let every cost go. The sheet says which part of each does.",
                1,
            ),
            Slip(
                lambda company: _in_truth(company, LESSON),
                "You used the parts of lesson 01. In this case the controller's sheet holds.",
                3,
            ),
            Slip(
                _saved_only,
                "You counted what is saved and forgot that the margin goes, too.",
                2,
            ),
            Slip(
                lambda company: _in_truth(company, UPSIDE_DOWN),
                "You used the parts that are *not* saved.",
                2,
            ),
            Slip(
                lambda company: -_in_truth(company),
                "The right size with the wrong sign: do you gain or lose when they go?",
                3,
            ),
        ),
        "Costs of the worst 30 % times the part saved, added up, less their gross margin.",
    ),
    Graded(
        "worth_keeping",
        Names("accounts"),
        5,
        _worth_keeping,
        (
            Slip(
                _not_worth_it,
                "These are the others: those without which the firm is *not* poorer.",
                1,
            ),
            Slip(
                _positive_margin,
                "You looked at the gross margin. Take the avoidable costs off first.",
                1,
            ),
            Slip(
                lambda company: _worth_keeping(company, LESSON),
                "You used the parts of lesson 01. In this case the controller's sheet holds.",
                3,
            ),
            Slip(
                lambda company: [a for a, worth in _contribution(company).items() if worth > 0],
                "You named accounts outside the worst 30 %, too.",
                2,
            ),
        ),
        "Contribution, account by account; then those among the worst 30 % for which it is above zero.",
    ),
    Graded(
        "best_drop",
        Number(unit="RMB", tolerance=0.51),
        4,
        _best_drop,
        (
            Slip(
                _in_truth,
                "That is the sum over all of the worst 30 %. Only some of them go now.",
                1,
            ),
            Slip(
                lambda company: _best_drop(company, LESSON),
                "You used the parts of lesson 01. In this case the controller's sheet holds.",
                2,
            ),
            Slip(
                lambda company: (
                    -float(
                        _accounts(company).loc[_not_worth_it(company), "profit"].sum(),
                    )
                ),
                "The right accounts, but you let all their costs go. Use the contribution.",
                2,
            ),
        ),
        "Add up the contributions that are below zero; without them profit rises by that much.",
    ),
    Graded(
        "new_losers",
        Number(counted="accounts"),
        6,
        _new_losers,
        (
            Slip(
                lambda company: _new_losers(company, new=False),
                "You counted those who were at a loss already. Who had a profit of zero or more before?",
                3,
            ),
            Slip(
                lambda company: _new_losers(company, by=None),
                "You laid the same amount on each account. The key is the account cost.",
                3,
            ),
            Slip(
                lambda company: _new_losers(company, by="gross_margin"),
                "You used the gross margin as the key. The key is the account cost.",
                3,
            ),
            Slip(
                lambda company: _new_losers(company, part="saved"),
                "You laid on the others what *is* saved. What is not?",
                2,
            ),
        ),
        "First the sum that is not saved; then each remaining account's part of it; then profit before "
        "and after.",
    ),
    Graded(
        "signs",
        Table(("n_flags",), key="customer_id", what="accounts"),
        6,
        _signs,
        (
            Slip(
                lambda company: _flags(company, _thirty(company)),
                "You raised the signs among the thirty alone. 'Buys little' is measured against the mean of "
                "*all* accounts.",
                3,
            ),
            Slip(
                _flags,
                "These are all accounts. Keep the rows of the thirty.",
                3,
            ),
            Slip(
                lambda company: _signs(
                    company,
                    _revenue(company).sort_values(kind="stable").index[:THIRTY].tolist(),
                ),
                "These are the thirty with the lowest *revenue*. The thirty have the lowest profit.",
                1,
            ),
        ),
        "`bad_flags` on all accounts, then the rows of the thirty with the lowest profit in 2024.",
    ),
    Graded(
        "unseen",
        Number(tolerance=0.00051, share=True),
        4,
        _loss_by_signs,
        (
            Slip(
                lambda company: _loss_by_signs(company, heads=True),
                "You counted heads. The question asks for the money they lost.",
                2,
            ),
            Slip(
                lambda company: _loss_by_signs(company, 1, 5),
                "That is the part of those *with* a sign.",
                2,
            ),
            Slip(
                _unseen_of_thirty,
                "You looked at the thirty. The question is about all accounts that lost money.",
                2,
            ),
            Slip(
                lambda company: _loss_by_signs(company, 0, 2),
                "These are the losses of all without a verdict 'review'. One or two signs are signs, too.",
                2,
            ),
        ),
        "Losses of the accounts with `n_flags` of zero, over the losses of all.",
    ),
    Graded(
        "action",
        Table(("action",), key="customer_id", what="accounts"),
        7,
        _action,
        (
            Slip(
                lambda company: _action(company, most=9.9),
                "You did not ask whether the bill is more than the account will bear.",
                3,
            ),
            Slip(
                lambda company: _action(company, charged=1.0),
                "You charged the whole service. New terms charge half of it.",
                3,
            ),
            Slip(
                lambda company: _action(company, worth="profit"),
                "You judged by the profit after all costs. The rule looks at the contribution.",
                2,
            ),
        ),
        "Three columns first: contribution, half of the four service costs, revenue. Then the rule, from the "
        "top.",
    ),
    Graded(
        "again",
        Number(unit="RMB", tolerance=0.51),
        3,
        _again,
        (
            Slip(
                lambda company: _again(company, 2022),
                "That is 2022. The question asks for the year before 2024.",
                1,
            ),
            Slip(
                lambda company: _again(company, 2024),
                "That is what they lose in 2024. What was it in the year before?",
                1,
            ),
            Slip(
                lambda company: _again(company, who="worst"),
                "You looked at the worst 30 %. The question is about the thirty.",
                1,
            ),
            Slip(
                lambda company: -_again(company),
                "The right size; a loss is asked for as a positive number.",
                2,
            ),
        ),
        "Look the thirty up among the rows of 2023, and add up the negative profits.",
    ),
)
