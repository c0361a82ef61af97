"""Key of case 7: next year's prospecting budget. Everything is worked out from the company handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from casebook import lifetime as life
from casebook import prospecting as pro
from casebook import qualification as qlf
from casebook.course.cases.key import Graded, Slip
from casebook.course.kinds import Mapped, Names, Number, Table

__all__ = ["KEY", "TABLES"]

Tables = Mapping[str, pd.DataFrame]

TABLES = (
    "campaigns", "trade_fairs", "prospects", "customers", "orders", "order_lines", "products",
)  # fmt: skip

_BUDGET, _YEARS, _ROOM, _DISCOUNT, _VISITS = 600_000, 2.5, 3, 0.10, 800
_BEGIN, _SILENT, _END = (pd.Timestamp(day) for day in ("2022-01-01", "2024-07-01", "2024-12-31"))
_MORNING = "2025-01-02"
_GROUPS = {
    "referral": "referral",
    "advertising": "advertising and universal",
    "universal": "advertising and universal",
    "fairs": "fairs",
}


def _numbers(column: pd.Series) -> dict[str, float]:
    return {str(name): float(value) for name, value in column.items()}


# 1 What a customer costs -----------------------------------------------------------------------------------


def _methods(company: Tables, level: float = 0.95) -> pd.DataFrame:
    return pro.method_economics(company["campaigns"], level=level)


def _cac(company: Tables) -> dict[str, float]:
    return _numbers(_methods(company).set_index("method")["cac"])


def _cac_over(company: Tables, step: str) -> dict[str, float]:
    methods = _methods(company).set_index("method")
    return _numbers(methods["cost"] / methods[step])


def _mean_of_campaigns(company: Tables) -> dict[str, float]:
    runs = company["campaigns"]
    runs = runs[runs["customers"] > 0]
    return _numbers((runs["cost"] / runs["customers"]).groupby(runs["method"]).mean())


def _normal_range(company: Tables) -> pd.DataFrame:
    methods = _methods(company)
    n, reach = methods["customers"], 1.959964 * np.sqrt(methods["customers"])
    return methods.assign(low=methods["cost"] / (n + reach), high=methods["cost"] / (n - reach))


def _fair_costs(company: Tables, *, all_kinds: bool = False, booth: bool = False, met: bool = False) -> Any:
    fairs, found, people = company["trade_fairs"], company["prospects"], company["customers"]
    here = found[found["fair_id"].notna()]
    won = len(here) if met else int(here["customer_id"].notna().sum())
    cost = fairs["booth_cost"] if booth else fairs["booth_cost"] + fairs["travel_cost"]
    mine = people[people["source_method"] == "fairs"]
    mine = mine if all_kinds else mine[mine["nature"] != "individual"]
    return {
        "campaigns": _cac(company)["fairs"],
        "trade_fairs": float(cost.sum() / won),
        "customers": float(mine["acquisition_cost"].mean()),
    }


# 2 What a customer is worth --------------------------------------------------------------------------------


def _firms(company: Tables, *, homes: bool = False) -> pd.DataFrame:
    """Customers with an order: group, whether lost, and the years in which they could be lost."""
    people = company["customers"]
    people = people if homes else people[people["nature"] != "individual"]
    last = people["customer_id"].map(company["orders"].groupby("customer_id")["date"].max())
    people = people.assign(last=last, group=people["source_method"].map(_GROUPS).fillna("other five"))
    people = people[people["last"].notna()]
    lost = people["last"] < _SILENT
    until = people["last"].where(lost, _END)
    begin = people["join_date"].clip(lower=_BEGIN)
    days = (until - begin).dt.days
    return people.assign(lost=lost, years=days / 365.25, begin=begin, until=until)


def _loss(firms: pd.DataFrame) -> dict[str, float]:
    by_group = firms.groupby("group")[["lost", "years"]].sum()
    return _numbers(by_group["lost"] / by_group["years"])


def _loss_by_head(company: Tables) -> dict[str, float]:
    return _numbers(_firms(company).groupby("group")["lost"].mean().astype(float))


def _loss_to_the_end(company: Tables) -> dict[str, float]:
    """The lost ones are watched to the end as well."""
    firms = _firms(company)
    return _loss(firms.assign(years=(_END - firms["begin"]).dt.days / 365.25))


def _loss_since_joining(company: Tables) -> dict[str, float]:
    """With the years before the data, in which nobody could be seen to leave."""
    firms = _firms(company)
    return _loss(firms.assign(years=(firms["until"] - firms["join_date"]).dt.days / 365.25))


def _first_year(company: Tables) -> pd.DataFrame:
    """First-year margin of the firms that joined in 2022 and 2023."""
    firms = _firms(company)
    new = firms[firms["join_date"].between(_BEGIN, pd.Timestamp("2023-12-31"))]
    starts = new[["customer_id", "group", "join_date"]]
    return pro.early_margin(_lines(company), starts, months=12, start_date="join_date")


def _lines(company: Tables) -> pd.DataFrame:
    lines = company["order_lines"].merge(
        company["orders"][["order_id", "customer_id", "date"]], on="order_id"
    )
    lines = lines.merge(company["products"][["sku", "unit_cost"]], on="sku")
    return lines.assign(margin=(lines["qty"] * (lines["unit_price"] - lines["unit_cost"])).round(2))


def _margin_z(company: Tables, *, ddof: int = 1, of_mean: bool = True, rest: bool = False) -> float:
    first = _first_year(company)
    other = first["group"] == "other five" if rest else first["group"] != "fairs"
    fair, others = first.loc[first["group"] == "fairs", "margin"], first.loc[other, "margin"]
    parts = [column.var(ddof=ddof) / (len(column) if of_mean else 1) for column in (fair, others)]
    return float((fair.mean() - others.mean()) / np.sqrt(sum(parts)))


def _clv(company: Tables, *, timing: str = "immediate", loss: dict[str, float] | None = None) -> Any:
    margin = float(_first_year(company)["margin"].mean())
    rates = _loss(_firms(company)) if loss is None else loss
    worth = {}
    for group, rate in rates.items():
        worth[group] = life.clv_discounted(margin, 1 - rate, _DISCOUNT, timing=timing)  # type: ignore[arg-type]
    return worth


def _clv_own_margin(company: Tables) -> dict[str, float]:
    margins = _first_year(company).groupby("group")["margin"].mean()
    rates = _loss(_firms(company))
    return {g: life.clv_discounted(float(margins[g]), 1 - rate, _DISCOUNT) for g, rate in rates.items()}


def _clv_undiscounted(company: Tables) -> dict[str, float]:
    margin = float(_first_year(company)["margin"].mean())
    return {group: margin / rate for group, rate in _loss(_firms(company)).items()}


# 3 How sure ------------------------------------------------------------------------------------------------


def _loss_z(company: Tables) -> float:
    by_group = _firms(company).groupby("group")[["lost", "years"]].sum()
    ads, referral = by_group.loc["advertising and universal"], by_group.loc["referral"]
    ratio = (ads["lost"] / ads["years"]) / (referral["lost"] / referral["years"])
    return float(np.log(ratio) / np.sqrt(1 / ads["lost"] + 1 / referral["lost"]))


def _loss_z_by_head(company: Tables) -> float:
    """Two shares compared, as if everybody had been watched for as long."""
    lost = _firms(company).groupby("group")["lost"].agg(["sum", "size", "mean"]).astype(float)
    ads, referral = lost.loc["advertising and universal"], lost.loc["referral"]
    pooled = (ads["sum"] + referral["sum"]) / (ads["size"] + referral["size"])
    error = np.sqrt(pooled * (1 - pooled) * (1 / ads["size"] + 1 / referral["size"]))
    return float((ads["mean"] - referral["mean"]) / error)


def _loss_z_without_log(company: Tables) -> float:
    by_group = _firms(company).groupby("group")[["lost", "years"]].sum()
    ads, referral = by_group.loc["advertising and universal"], by_group.loc["referral"]
    ratio = (ads["lost"] / ads["years"]) / (referral["lost"] / referral["years"])
    return float((ratio - 1) / np.sqrt(1 / ads["lost"] + 1 / referral["lost"]))


def _clv_range(company: Tables, *, level: float = 0.95, swapped: bool = False) -> pd.DataFrame:
    by_group = _firms(company).groupby("group")[["lost", "years"]].sum()
    short, long = pro.cac_interval(by_group["years"], by_group["lost"], level=level)  # years a loss
    low, high = (
        _clv(company, loss=dict(zip(by_group.index, 1 / years, strict=True))) for years in (short, long)
    )
    low, high = (high, low) if swapped else (low, high)
    return pd.DataFrame({"group": list(low), "low": list(low.values()), "high": list(high.values())})


# 4 The mix -------------------------------------------------------------------------------------------------


def _worth(company: Tables) -> dict[str, float]:
    """The worth of a customer by method."""
    by_group = _clv(company)
    return {m: by_group[_GROUPS.get(m, "other five")] for m in _methods(company)["method"]}


def _split(company: Tables, budget: float = _BUDGET, **options: Any) -> pd.DataFrame:
    asked = {"room": _ROOM, "years": _YEARS, **options}
    return pro.budget_split(_methods(company), budget, **asked)


def _budgets(split: pd.DataFrame) -> dict[str, float]:
    return _numbers(split.set_index("method")["budget"])


def _as_so_far(company: Tables) -> dict[str, float]:
    cost = _methods(company).set_index("method")["cost"]
    return _numbers(cost / cost.sum() * _BUDGET)


def _visits(company: Tables, budget: float = _BUDGET, step: str = "qualified") -> float:
    methods = _methods(company)
    each = (methods[step] / methods["customers"]).to_numpy()
    return float((_split(company, budget)["customers"].to_numpy() * each).sum())


def _visits_by_average(company: Tables) -> float:
    """One ratio for all methods."""
    methods = _methods(company)
    return float(_split(company)["customers"].sum() * methods["qualified"].sum() / methods["customers"].sum())


def _largest(company: Tables, step: str = "qualified") -> int:
    """The largest budget, in steps of 10,000, that the visits allow."""
    budget = 10_000
    while _visits(company, budget + 10_000, step) <= _VISITS:
        budget += 10_000
    return budget


def _largest_in_proportion(company: Tables) -> float:
    """As if visits grew with the budget in proportion."""
    return float(np.floor(_BUDGET * _VISITS / _visits(company) / 10_000) * 10_000)


def _price(company: Tables, *, unit: float = 100, money: bool = False) -> dict[str, float]:
    worth, alike, weighed = _worth(company), _split(company), _split(company, worth=_worth(company))
    each = alike["method"].map(worth)
    lost = alike["customers"].sum() - weighed["customers"].sum()
    gained = ((weighed["customers"] - alike["customers"]) * each).sum()
    whole, value = alike["customers"].sum(), (weighed["customers"] * each).sum()
    if money:
        return {"if alike": float(lost), "if as seen": float(gained)}
    return {"if alike": float(unit * lost / whole), "if as seen": float(unit * gained / value)}


# 5 Fairs and calls -----------------------------------------------------------------------------------------


def _returns(company: Tables, *, months: int = 12, booth: bool = False, ratio: bool = False) -> pd.DataFrame:
    fairs = company["trade_fairs"]
    fairs = fairs.assign(travel_cost=0.0) if booth else fairs
    made = pro.fair_roi(fairs, company["prospects"], _lines(company), months=months)
    return made.assign(roi=made["roi"] + ratio, roi_without_best=made["roi_without_best"] + ratio)


def _call(company: Tables, *, veto: bool = True, mean: bool = False, overdue: bool = False) -> list[str]:
    found = company["prospects"]
    desk = qlf.man(qlf.heat(found[found["status"] == "open"], _MORNING))
    desk = desk[desk["heat"].isin(["hot", "overdue"] if overdue else ["hot"])]
    desk = desk[desk["eligible"]] if veto else desk
    chances = desk[["p_money", "p_auth", "p_need"]]
    desk = desk.assign(
        whole=desk["man_code"] == "MAN",
        chance=(chances.mean(axis=1) if mean else chances.prod(axis=1)).round(6),
    )
    ranked = desk.sort_values(
        ["whole", "chance", "prospect_id"], ascending=[False, False, True], kind="stable"
    )
    return [str(name) for name in ranked["prospect_id"].head(30)]


def _call_by_margin(company: Tables) -> list[str]:
    """The largest first."""
    found = company["prospects"]
    desk = qlf.heat(found[found["status"] == "open"], _MORNING)
    desk = desk[(desk["heat"] == "hot") & desk["eligible"]]
    return [str(n) for n in desk.sort_values("potential_margin", ascending=False)["prospect_id"].head(30)]


KEY = (
    Graded(
        "cac",
        Mapped("costs per customer", tolerance=0.5),
        7,
        _cac,
        (
            Slip(
                _mean_of_campaigns,
                "You take the mean of the campaigns' own costs per customer: every unlucky campaign pulls "
                "it up. Add up first, then divide.",
                3,
            ),
            Slip(
                lambda company: _cac_over(company, "qualified"),
                "You divide by the qualified. They have been visited; who has become a customer?",
                1,
            ),
            Slip(
                lambda company: _cac_over(company, "leads"), "You divide by leads: a lead has not bought.", 1
            ),
        ),
        "All costs of a method over all its customers.",
    ),
    Graded(
        "cac_range",
        Table(("low", "high"), key="method", what="methods", tolerance=0.5),
        7,
        _methods,
        (
            Slip(
                _normal_range,
                "You use n ± 1.96 √n. With so few customers the exact limits of a Poisson count are asked.",
                4,
            ),
            Slip(lambda company: _methods(company, 0.9), "Your interval holds 90 per cent. Asked are 95.", 4),
        ),
        "The cost is known; the number of customers is what chance deals.",
    ),
    Graded(
        "fair_costs",
        Mapped("costs per customer", tolerance=0.5),
        6,
        _fair_costs,
        (
            Slip(
                lambda company: _fair_costs(company, all_kinds=True),
                "In the customer file you count homes as well. Asked are business customers.",
                4,
            ),
            Slip(
                lambda company: _fair_costs(company, booth=True),
                "A fair costs more than its stand. What else does its table hold?",
                4,
            ),
            Slip(
                lambda company: _fair_costs(company, met=True),
                "You divide the cost of the fairs by everybody who was met there. Who has become a customer?",
                3,
            ),
        ),
        "Three tables, three totals, each over the customers that belong to it.",
    ),
    Graded(
        "loss_rates",
        Mapped("losses a year", tolerance=0.0005),
        8,
        lambda company: _loss(_firms(company)),
        (
            Slip(
                _loss_by_head,
                "You divide by firms. They were watched for different times: divide by their years.",
                3,
            ),
            Slip(
                _loss_to_the_end,
                "Your lost firms are watched to the last day. When could they no longer be lost?",
                4,
            ),
            Slip(
                _loss_since_joining,
                "You count years before 2022. Nobody could be seen to leave then: who had left is not in "
                "the data.",
                4,
            ),
            Slip(
                lambda company: _loss(_firms(company, homes=True)),
                "Households are among your customers. Asked are business customers.",
                3,
            ),
        ),
        "For each firm: from when, until when, lost or not. Then two sums for each group.",
    ),
    Graded(
        "margin_z",
        Number(tolerance=0.005),
        5,
        _margin_z,
        (
            Slip(lambda company: _margin_z(company, ddof=0), "Take the variance with n − 1.", 4),
            Slip(
                lambda company: _margin_z(company, of_mean=False),
                "That is the spread of firms. How far does a *mean* of so many firms move by chance?",
                2,
            ),
            Slip(
                lambda company: _margin_z(company, rest=True),
                "You compare with the other five ways only. Asked are all firms not found at fairs.",
                3,
            ),
        ),
        "Two means, the variance of each over its number of firms, added, and the root.",
    ),
    Graded(
        "clv",
        Mapped("lifetime values", tolerance=50),
        7,
        _clv,
        (
            Slip(
                lambda company: _clv(company, timing="deferred"),
                "Your first margin comes after the first renewal. In the formula asked for it comes at once.",
                4,
            ),
            Slip(
                _clv_own_margin,
                "You use a margin of its own for each group. Read again which margin is asked for, and why.",
                3,
            ),
            Slip(_clv_undiscounted, "Later money is worth less: the discount is missing.", 3),
        ),
        "m (1 + d) / (1 + d − r), with r = 1 − the loss rate of the group.",
    ),
    Graded(
        "loss_z",
        Number(tolerance=0.005),
        3,
        _loss_z,
        (
            Slip(
                _loss_z_by_head,
                "You compare shares of firms. They were watched for different times: compare rates.",
                1,
            ),
            Slip(
                _loss_z_without_log,
                "The error belongs to the logarithm of the ratio: take the logarithm above the line, too.",
                1,
            ),
            Slip(
                lambda company: -_loss_z(company), "The other way round: advertising and universal on top.", 2
            ),
        ),
        "The logarithm of the ratio of two rates, over the root of 1/lost + 1/lost.",
    ),
    Graded(
        "clv_range",
        Table(("low", "high"), key="group", what="groups", tolerance=50),
        2,
        _clv_range,
        (
            Slip(
                lambda company: _clv_range(company, swapped=True),
                "Low and high have changed places. Who is lost more often, is worth less.",
                1,
            ),
            Slip(
                lambda company: _clv_range(company, level=0.9),
                "Your interval holds 90 per cent. Asked are 95.",
                1,
            ),
        ),
        "First the limits of the number lost, then of the loss rate, then of the value.",
    ),
    Graded(
        "split_alike",
        Mapped("budgets", tolerance=50),
        2,
        lambda company: _budgets(_split(company)),
        (
            Slip(
                lambda company: _budgets(_split(company, years=1)),
                "You take the costs of thirty months for those of one year.",
                1,
            ),
            Slip(_as_so_far, "You scale up the old split. Where does the next customer cost least?"),
        ),
        "budget_split with the budget, the room and the years of the text.",
    ),
    Graded(
        "last_customer",
        Number(unit="RMB", tolerance=5),
        2,
        lambda company: float(_split(company)["next_cost"].iloc[0]),
        (
            Slip(
                lambda company: float(_BUDGET / _split(company)["customers"].sum()),
                "That is the average customer. What does one more cost, when all this has been spent?",
            ),
            Slip(
                lambda company: float(_split(company, years=1)["next_cost"].iloc[0]),
                "You take the costs of thirty months for those of one year.",
                1,
            ),
        ),
        "The same for every method: that is how the budget was split.",
    ),
    Graded(
        "visits",
        Number(unit="visits", tolerance=0.5),
        2,
        _visits,
        (
            Slip(
                _visits_by_average,
                "You use one number of visits for all. By a fair it takes many more than by referral.",
                1,
            ),
            Slip(
                lambda company: _visits(company, step="leads"),
                "You count leads. Only the qualified are visited.",
                1,
            ),
        ),
        "Expected customers of each method, times its qualified for each customer so far.",
    ),
    Graded(
        "largest_budget",
        Number(unit="RMB", tolerance=0.5),
        2,
        _largest,
        (
            Slip(
                _largest_in_proportion,
                "Visits do not grow with the budget in proportion: split each smaller budget anew.",
                1,
            ),
            Slip(
                lambda company: _largest(company, "leads"),
                "You count leads. Only the qualified are visited.",
                1,
            ),
        ),
        "For each step: a new split, its customers, its visits.",
    ),
    Graded(
        "price",
        Mapped("losses in per cent", tolerance=0.0005),
        2,
        _price,
        (
            Slip(lambda company: _price(company, unit=1), "These are shares. Asked are per cent.", 1),
            Slip(
                lambda company: _price(company, money=True),
                "These are customers and RMB. Asked is the part of what the better split would bring.",
                1,
            ),
        ),
        "Two splits, judged twice: once with all customers alike, once with the values as seen.",
    ),
    Graded(
        "fair_returns",
        Table(("roi", "roi_without_best"), key="fair_id", what="fairs", tolerance=0.005),
        5,
        _returns,
        (
            Slip(lambda company: _returns(company, months=24), "You count two years. Asked is one.", 3),
            Slip(
                lambda company: _returns(company, booth=True),
                "A fair costs more than its stand. What else does its table hold?",
                2,
            ),
            Slip(
                lambda company: _returns(company, ratio=True),
                "That is margin over cost. A return takes the cost off first.",
                2,
            ),
        ),
        "(margin − cost) / cost, with the margin of the first twelve months; then without the best customer.",
    ),
    Graded(
        "call_list",
        Names("prospects", ordered=True),
        5,
        _call,
        (
            Slip(
                lambda company: _call(company, veto=False),
                "Somebody on your list may not buy from us. That is a veto.",
                2,
            ),
            Slip(
                lambda company: _call(company, mean=True),
                "You order by the average of the three guesses. Money, authority *and* need: what does *and* "
                "ask for?",
                2,
            ),
            Slip(
                lambda company: _call(company, overdue=True),
                "Days that have passed are on your list as hot. What do we call such a prospect?",
                1,
            ),
            Slip(_call_by_margin, "You order by the sellers' guess of the margin. Read the rule again."),
        ),
        "Open, hot on 2 January 2025, eligible; MAN first; then the product to six decimals; then the id.",
    ),
)
