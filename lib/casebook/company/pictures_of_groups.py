"""What each group's picture shows: the company's own tables, then the side cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from casebook.company.evidence_side import days_to_return
from casebook.company.pictures import BLUE, GREY, ORANGE, Picture, Tables, bars, dress
from casebook.company.pictures_of_service import SERVICE_PICTURES
from casebook.contracts.credit_tables import CREDIT_TABLES
from casebook.contracts.finance_tables import FINANCE_TABLES
from casebook.contracts.finding_tables import FINDING_TABLES
from casebook.contracts.party_tables import PARTY_TABLES
from casebook.contracts.side_tables import SIDE_TABLES
from casebook.contracts.trade_tables import TRADE_TABLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casebook.contracts import Table

__all__ = ["PICTURES"]


def _names(tables: tuple[Table, ...]) -> tuple[str, ...]:
    """The names of a group's tables."""
    return tuple(table.name for table in tables)


# Who is there ------------------------------------------------------------------------------------------


def _kinds(t: Tables) -> pd.Series:
    people = t["customers"]
    kind = np.select(
        [people["nature"] == "individual", people["nature"] == "organisational"],
        ["households", "organisations"], people["channel_role"] + "s",
    )  # fmt: skip
    return pd.Series(kind).value_counts()[["distributors", "retailers", "organisations", "households"]]


def _draw_parties(t: Tables, left: Axes, right: Axes) -> None:
    bars(left, _kinds(t))
    dress(left, "Customers by kind")
    home = t["customers"]["nature"] == "individual"
    days = [t["customers"].loc[one, "join_date"] for one in (~home, home)]
    right.hist(days, bins=22, stacked=True, color=[BLUE, ORANGE], label=["businesses", "households"])
    right.legend(frameon=False, fontsize=9, loc="upper left")
    dress(right, "When they joined", ylabel="customers a quarter")


def _say_parties(t: Tables) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in _kinds(t).items())
    return (
        f"Left: {kinds}. Right: customers joining by quarter; businesses from 2019 on, households from 2022 "
        "on, both until the middle of 2024."
    )


# What is sold ------------------------------------------------------------------------------------------


def _sales(t: Tables) -> pd.DataFrame:
    """Sales by month and family, in million RMB."""
    lines = t["order_lines"].merge(t["orders"][["order_id", "date"]]).merge(t["products"][["sku", "family"]])
    amount = lines["qty"] * lines["unit_price"] / 1e6
    return amount.groupby([lines["date"].dt.to_period("M").dt.start_time, lines["family"]]).sum().unstack()


def _profit(t: Tables) -> pd.Series:
    """Profit of the businesses of the last year added up, best first, in million RMB."""
    costs = t["cost_to_serve"].merge(t["customers"][["customer_id", "nature"]])
    last = costs[(costs["year"] == costs["year"].max()) & (costs["nature"] != "individual")]
    return last["profit"].sort_values(ascending=False, ignore_index=True).cumsum() / 1e6


def _draw_trade(t: Tables, left: Axes, right: Axes) -> None:
    sales = _sales(t)
    for family, color in zip(
        ["household", "commercial", "cartridge"], [BLUE, ORANGE, "#6b7785"], strict=True
    ):
        left.plot(sales.index, sales[family], color=color, linewidth=1.6, label=family)
    left.set_ylim(0, 1.2 * sales.max().max())
    years = [month for month in sales.index if month.month == 1]
    left.set_xticks(years, [str(month.year) for month in years])
    left.legend(frameon=False, fontsize=9, ncols=3, loc="upper left")
    dress(left, "Sales by month and family", ylabel="million RMB")
    total = _profit(t)
    right.plot(100 * (total.index + 1) / len(total), total, color=BLUE, linewidth=1.8)
    right.axhline(total.iloc[-1], color=GREY, linewidth=1)
    dress(right, "Profit of businesses added up, last year", "best customers, % of all", "million RMB")


def _say_trade(t: Tables) -> str:
    total, sales = _profit(t), _sales(t).mean()
    return (
        f"Left: sales a month by family, on average {sales['household']:.1f} million RMB of household "
        f"purifiers, {sales['commercial']:.1f} of commercial units and {sales['cartridge']:.1f} of "
        f"cartridges. Right: the profit of {len(total)} businesses in the last year added up from the best "
        f"on: it peaks at {total.max():.1f} million RMB and ends at {total.iloc[-1]:.1f}."
    )


# Credit ------------------------------------------------------------------------------------------------


def _days_to_pay(t: Tables) -> pd.Series:
    paid = t["payments"].merge(t["invoices"][["invoice_id", "issue_date"]])
    return (paid["date"] - paid["issue_date"]).dt.days


def _draw_credit(t: Tables, left: Axes, right: Axes) -> None:
    left.hist(_days_to_pay(t).clip(upper=150), bins=50, color=BLUE)
    dress(left, "Days from invoice to payment", "days (150 and more in the last bar)", "payments")
    files = t["credit_files"]
    bins = np.arange(30, 101, 5).tolist()
    for bad, color, label in ((False, BLUE, "paid on"), (True, ORANGE, "defaulted")):
        score = files.loc[files["defaulted_next_12m"] == bad, "character"]
        right.hist(
            score,
            bins=bins,
            weights=np.full(len(score), 100 / len(score)),
            color=color,
            alpha=0.7,
            label=label,
        )
    right.legend(frameon=False, fontsize=9, loc="upper left")
    dress(right, "Character score and the year that followed", "points", "% of files")


def _say_credit(t: Tables) -> str:
    days, bad = _days_to_pay(t), t["credit_files"]["defaulted_next_12m"]
    return (
        f"Left: days from invoice to payment, {days.median():.0f} in the middle, with a long tail. Right: "
        f"the character score of {len(bad)} credit files; the {bad.sum()} that were followed by a default "
        "lie lower."
    )


# Finding customers -------------------------------------------------------------------------------------


def _won(t: Tables) -> pd.Series:
    closed = t["prospects"].dropna(subset="ordered_180d")
    rate = closed["ordered_180d"].astype("float64").groupby(closed["source_method"]).mean()
    return 100 * rate.sort_values(ascending=False)


def _cost_each(t: Tables) -> pd.Series:
    total = t["campaigns"].groupby("method")[["cost", "customers"]].sum()
    return (total["cost"] / total["customers"].clip(lower=1)).sort_values()


def _draw_finding(t: Tables, left: Axes, right: Axes) -> None:
    bars(left, _won(t), "{:.0f}%")
    dress(left, "Closed prospects won, by source")
    bars(right, _cost_each(t), color=ORANGE)
    dress(right, "Campaign cost for each customer won, RMB")


def _say_finding(t: Tables) -> str:
    won, cost = _won(t), _cost_each(t)
    return (
        f"Left: the share of closed prospects that ordered, from {won.iloc[0]:.0f}% ({won.index[0]}) down to "
        f"{won.iloc[-1]:.0f}% ({won.index[-1]}). Right: what a customer cost by campaign, from "
        f"{cost.iloc[0]:,.0f} RMB ({cost.index[0]}) to {cost.iloc[-1]:,.0f} RMB ({cost.index[-1]})."
    ).replace("_", " ")


# Side cases --------------------------------------------------------------------------------------------


def _best_fifth(t: Tables) -> pd.Series:
    profit = t["securities_firm"]["profit"].sort_values(ascending=False, ignore_index=True)
    return 100 * profit.cumsum() / profit.sum()


def _draw_finance(t: Tables, left: Axes, right: Axes) -> None:
    balance = t["bank_accounts"]["avg_balance"].clip(lower=1)
    left.hist(balance, bins=np.geomspace(1, 2e7, 44).tolist(), color=BLUE)
    left.axvline(100, color=ORANGE, linewidth=1.4)
    left.text(115, 0.98, "100 RMB", transform=left.get_xaxis_transform(), va="top", fontsize=9, color=ORANGE)
    left.set_xscale("log")
    dress(left, "Balances of 500 bank accounts", "RMB, each step ten times the last", "accounts")
    share = _best_fifth(t)
    right.plot(100 * (share.index + 1) / len(share), share, color=BLUE, linewidth=1.8)
    right.plot([0, 20, 20], [90, 90, 0], color=ORANGE, linewidth=1.2)
    right.set_ylim(0, 103)
    dress(right, "A securities firm: profit by its best clients", "% of clients", "% of profit")


def _say_finance(t: Tables) -> str:
    small = (t["bank_accounts"]["avg_balance"] < 100).sum()
    return (
        f"Left: balances of 500 bank accounts from cents to millions, {small} of them below 100 RMB. Right: "
        f"the best 20% of a securities firm's clients bring {_best_fifth(t).iloc[39]:.0f}% of its profit."
    )


def _bought_by_return(t: Tables) -> pd.Series:
    visits = t["showroom_visits"]
    people = visits[visits["visit_no"] == 1]
    band = pd.cut(pd.Series(days_to_return(visits)).fillna(99), [0, 3, 7, 30, 99],
                  labels=["back in 3 days", "in 4 to 7", "in 8 to 30", "not back"])  # fmt: skip
    return 100 * people["bought"].reset_index(drop=True).groupby(band, observed=True).mean()


def _calls(t: Tables) -> pd.Series:
    return t["support_calls"]["user_id"].value_counts().reset_index(drop=True)


def _draw_side(t: Tables, left: Axes, right: Axes) -> None:
    calls = _calls(t)
    left.plot(calls.index + 1, calls, color=BLUE, linewidth=1.8)
    left.axvline(10.5, color=ORANGE, linewidth=1.2)
    left.set_xscale("log")
    dress(left, "Calls for help in a year, by user", "user, most calls first (each step ten times)", "calls")
    bars(right, _bought_by_return(t), "{:.0f}%", ORANGE)
    dress(right, "Showroom visitors who bought, by first return")


def _say_side(t: Tables) -> str:
    calls, bought = _calls(t), _bought_by_return(t)
    return (
        f"Left: ten users of a telephone company call {calls.iloc[9]} to {calls.iloc[0]} times a year, the "
        f"next one {calls.iloc[10]} times. Right: of the showroom visitors who come back within 3 days "
        f"{bought.iloc[0]:.0f}% buy, of those who never do {bought.iloc[3]:.0f}%."
    )


PICTURES = [
    Picture("parties", _names(PARTY_TABLES), ("customers",), _draw_parties, _say_parties),
    Picture("trade", _names(TRADE_TABLES), ("customers", "products", "orders", "order_lines",
            "cost_to_serve"),
            _draw_trade, _say_trade),
    Picture("credit", _names(CREDIT_TABLES), ("invoices", "payments", "credit_files"), _draw_credit,
            _say_credit),
    Picture("finding", _names(FINDING_TABLES), ("prospects", "campaigns"), _draw_finding, _say_finding),
    *SERVICE_PICTURES,
    Picture("finance", _names(FINANCE_TABLES), ("bank_accounts", "securities_firm"), _draw_finance,
            _say_finance),
    Picture("side", _names(SIDE_TABLES), ("support_calls", "showroom_visits"), _draw_side, _say_side),
]  # fmt: skip
