"""Key of Case 9, the big order on credit: everything is worked out from the company handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from casebook import collection as col
from casebook import credit
from casebook import receivables as rec
from casebook import terms as trm
from casebook.course.case_09 import BigOrder, big_order
from casebook.course.cases.key import Graded, Slip
from casebook.course.kinds import Mapped, Names, Number
from casebook.errors import TableError

TABLES = ("customers", "invoices", "payments", "credit_files", "contracts", "cost_to_serve")

FIVE = ("character", "capacity", "capital", "collateral", "condition")
AS_OF, STAKE, LOST, INTEREST, DAYS = "2024-12-31", 0.5, 0.6, 0.06, 90
Company = Mapping[str, pd.DataFrame]


class Desk:
    """A company's tables, read once, and what many answers share."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.tables = {name: company[name] for name in TABLES}
        self._rated: dict[tuple[int, bool], pd.DataFrame] = {}

    @cached_property
    def order(self) -> BigOrder:
        return big_order(self.tables)

    def rated(self, year: int, caps: bool) -> pd.DataFrame:
        """The files of a year, graded by what fell due in twelve months, one month left to pay."""
        if (year, caps) not in self._rated:
            rates = credit.collection_rate(
                self.tables["invoices"], self.tables["payments"],
                f"{year - 2}-12-01", f"{year - 1}-11-30", f"{year - 1}-12-31",
            )  # fmt: skip
            files = self.tables["credit_files"]
            table = files[files["year"] == year].merge(rates, on="customer_id", how="left")
            table["pay_ability"] = np.where((table["current_ratio"] < 1) & caps, "weak", "ok")
            table = table if caps else table.assign(competitor_share=0.0)
            events = {"sued": "lawsuit"} if caps else None
            self._rated[year, caps] = credit.credit_grade(table, events=events)
        return self._rated[year, caps]


_LAST: list[Desk] = []


def desk(company: Company) -> Desk:
    """The desk of this company; the last one is kept, so that its tables are read and rated once."""
    if not _LAST or _LAST[0].company is not company:
        new = Desk(company)
        if _LAST and all(new.tables[name].equals(_LAST[0].tables[name]) for name in TABLES):
            _LAST[0].company = company
        else:
            _LAST[:] = [new]
    return _LAST[0]


# Grade --------------------------------------------------------------------------------------------------


def own_file(c: Company) -> pd.DataFrame:
    files = desk(c).tables["credit_files"]
    return files[(files["year"] == 2024) & (files["customer_id"] == desk(c).order.customer_id)]


def five(c: Company, **other: Any) -> float:
    return float(credit.five_c(own_file(c), **other)["five_c"].iloc[0])


def own_bills(c: Company) -> pd.DataFrame:
    return desk(c).tables["invoices"][desk(c).tables["invoices"]["customer_id"] == desk(c).order.customer_id]


def own_payments(c: Company) -> pd.DataFrame:
    paid = desk(c).tables["payments"]
    return paid[paid["invoice_id"].isin(own_bills(c)["invoice_id"])]


def grade_card(
    c: Company, first: str = "2023-12-01", last: str = "2024-11-30", *, grace: int = 30,
    as_of: str = AS_OF, paid_on: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The collection rate, and the letter after each of the four steps."""
    paid = own_payments(c).assign(date=pd.Timestamp(paid_on)) if paid_on else own_payments(c)
    rate = credit.collection_rate(own_bills(c), paid, first, last, as_of, grace=grace)["collection_rate"]
    file = own_file(c).iloc[0]
    known = {"collection_rate": float(rate.iloc[0]), "pay_ability": "ok", "competitor_share": 0.0}
    known["sued"] = False
    letters, found = [], {"competitor_share": float(file["competitor_share"])}
    found |= {"pay_ability": "weak" if file["current_ratio"] < 1 else "ok", "sued": bool(file["sued"])}
    for step in (None, "competitor_share", "pay_ability", "sued"):
        known |= {step: found[step]} if step else {}
        table = credit.credit_grade(pd.DataFrame([known]), events={"sued": "lawsuit"})
        letters.append(str(table["credit_grade"].iloc[0]))
    return {
        "rate": known["collection_rate"],
        **dict(zip(("collection", "rivals", "ability", "events"), letters, strict=True)),
    }


def a_year_ago(c: Company) -> dict[str, Any]:
    """The rating of a year ago; a customer who had no invoice due then gives nothing to rate."""
    try:
        return grade_card(c, "2022-12-01", "2023-11-30", as_of="2023-12-31")
    except TableError:
        return {"rate": 0.0} | dict.fromkeys(("collection", "rivals", "ability", "events"), "C")


# Loss against margin ------------------------------------------------------------------------------------


def pd_grade(
    c: Company, years: tuple[int, ...] = (2023, 2024), *, caps: bool = True, pool: str = "grade"
) -> dict[str, float]:
    """Rate of default among the files with the customer's letter, with Wilson's interval."""
    files = pd.concat([desk(c).rated(year, caps) for year in years])
    letter = grade_card(c)["events"]
    if pool == "invoiced":
        files = files[files["collection_rate"].notna()]
    if pool == "all":
        letter, files = "all", files.assign(credit_grade="all")
    table = credit.default_rates(files["credit_grade"], files["defaulted_next_12m"].astype(int))
    row = table.set_index("group").loc[letter]
    return {name: float(row[name]) for name in ("rate", "low", "high")}


def plain_interval(c: Company) -> dict[str, float]:
    files = pd.concat([desk(c).rated(year, True) for year in (2023, 2024)])
    y = files.loc[files["credit_grade"] == grade_card(c)["events"], "defaulted_next_12m"].astype(int)
    rate = float(y.mean())
    half = 1.96 * (rate * (1 - rate) / len(y)) ** 0.5
    return {"rate": rate, "low": rate - half, "high": rate + half}


def margin(c: Company, *columns: str, whole: bool = False) -> float:
    """Gross margin of 2024 less the columns named, over the year's invoices, times the order."""
    order, bills = desk(c).order, own_bills(c)
    costs = desk(c).tables["cost_to_serve"]
    row = costs[(costs["year"] == 2024) & (costs["customer_id"] == order.customer_id)].iloc[0]
    left = float(row["gross_margin"] - sum(row[name] for name in columns))
    sales = float(bills.loc[bills["issue_date"].dt.year == 2024, "amount"].sum())
    return left if whole else order.amount * left / sales


def after_selling(c: Company) -> float:
    return margin(c, "sales_cost")


def all_costs(c: Company) -> float:
    names = ("sales_cost", "account_cost", "rush_freight", "free_installation", "trade_promotion")
    return margin(c, *names, "returns_cost")


def aged(c: Company, as_of: str = AS_OF, *, since: str = "due_date") -> dict[str, float]:
    bills = own_bills(c).assign(due_date=lambda table: table[since])
    table = rec.aging(bills, own_payments(c), as_of)
    return dict(zip(table["bucket"], table["open"], strict=True))


def owed(c: Company) -> float:
    return sum(aged(c).values())


def in_days(chance: float, days: int = DAYS) -> float:
    return 1 - (1 - chance) ** (days / 360)


def interest(order: BigOrder, rate: float = INTEREST) -> float:
    return rate * DAYS / 360 * order.amount


def xu_bo(c: Company, *, stake: float = STAKE, only_order: bool = False, rate: float = INTEREST) -> float:
    order = desk(c).order
    ead = order.amount + (0 if only_order else owed(c))
    loss = credit.expected_loss(pd_grade(c)["rate"], ead, LOST)
    return float(stake * after_selling(c) - loss - interest(order, rate))


def lin_yao(
    c: Company, *, stake: float = 1.0, chance: Callable[[float], float] = in_days, rate: float = INTEREST,
    also_owed: bool = False,
) -> float:  # fmt: skip
    order = desk(c).order
    ead = order.amount + (owed(c) if also_owed else 0)
    loss = credit.expected_loss(chance(pd_grade(c)["rate"]), ead, LOST)
    return float(stake * after_selling(c) - loss - interest(order, rate))


def break_even(
    c: Company, *, stake: float = STAKE, lost: float = LOST, only_order: bool = True, rate: float = INTEREST
) -> float:
    order = desk(c).order
    ead = order.amount + (0 if only_order else owed(c))
    capital = interest(order, rate)
    return float(credit.breakeven_pd(after_selling(c), ead, lost, at_stake=stake, capital=capital))


# Limit --------------------------------------------------------------------------------------------------


def limit(
    c: Company, months: float = 1, coefficient: float | None = None, *, mean_of: str = "month"
) -> float:
    bills = own_bills(c)
    bills = bills[bills["issue_date"].dt.year == 2024]
    by_month = bills.groupby(bills["issue_date"].dt.to_period("M"))["amount"].sum()
    mean = float(by_month.mean() if mean_of == "month" else bills["amount"].mean())
    if coefficient is None:
        coefficient = trm.COEFFICIENTS[grade_card(c)["events"]]
    return trm.credit_limit(mean, months, coefficient, 0.10 * float(own_file(c)["net_worth"].iloc[0]))


def own_contract(c: Company) -> pd.Series:
    return desk(c).tables["contracts"].set_index("customer_id").loc[desk(c).order.customer_id]


def over(c: Company) -> float:
    return owed(c) + desk(c).order.amount - limit(c)


# Terms --------------------------------------------------------------------------------------------------


def usual_days(c: Company, *, terms: tuple[str, ...] = ("n/30",), horizon: int | None = 180) -> float:
    followed = rec.days_to_pay(own_bills(c), own_payments(c), AS_OF, horizon=horizon)
    mine = followed[followed["discount_terms"].isin(terms) & followed["settled"]]
    return float(mine["days"].mean())


def sixty(c: Company, **other: Any) -> float:
    bills = own_bills(c)
    now = float(bills.loc[bills["issue_date"].dt.year == 2024, "amount"].sum())
    asked: dict[str, Any] = {
        "sales": (now, 1.10 * now), "days": (usual_days(c), usual_days(c) + 15), "bad_debt": (0.01, 0.015),
        "variable_cost": 1 - after_selling(c) / desk(c).order.amount, "cost_of_money": INTEREST,
    }  # fmt: skip
    return trm.period_decision(**{**asked, **other}).net


def sixty_added_only(c: Company) -> float:
    """As if bad debts rose on the added sales only."""
    bills = own_bills(c)
    now = float(bills.loc[bills["issue_date"].dt.year == 2024, "amount"].sum())
    said = trm.period_decision(
        (now, 1.10 * now), (usual_days(c), usual_days(c) + 15), (0.01, 0.015),
        variable_cost=1 - after_selling(c) / desk(c).order.amount, cost_of_money=INTEREST,
    )  # fmt: skip
    return said.contribution - said.carrying - 0.015 * 0.10 * now


# Contract and collection --------------------------------------------------------------------------------


def mend(c: Company, clauses: range = range(1, 11), *, role: str = "distributor") -> list[str]:
    roles = (
        desk(c)
        .tables["contracts"]["customer_id"]
        .map(desk(c).tables["customers"].set_index("customer_id")["channel_role"])
    )
    contracts = desk(c).tables["contracts"][roles == role] if role else desk(c).tables["contracts"]
    lacks = ~contracts[[f"clause_{n}" for n in clauses]].astype(bool).all(axis=1)
    return sorted(contracts.loc[lacks, "customer_id"])


def no_arbitration(c: Company) -> list[str]:
    roles = (
        desk(c)
        .tables["contracts"]["customer_id"]
        .map(desk(c).tables["customers"].set_index("customer_id")["channel_role"])
    )
    return sorted(
        desk(c)
        .tables["contracts"]
        .loc[
            (roles == "distributor") & ~desk(c).tables["contracts"]["arbitration"].astype(bool), "customer_id"
        ]
    )


def recovery(c: Company, *, claim: float | None = None, rate: float = INTEREST) -> float:
    return col.collection_choice(
        owed(c) + desk(c).order.amount if claim is None else claim,
        arbitration_clause=bool(own_contract(c)["arbitration"]), rate=rate, years_overdue=0.25,
    ).value  # fmt: skip


def dearest_chance(c: Company) -> float:
    """As if the route with the best chance brought its money at once and for nothing."""
    return 0.75 * (owed(c) + desk(c).order.amount)


def came_back(c: Company, late: int = 90, *, by: str = "money") -> float:
    then = rec.open_items(desk(c).tables["invoices"], desk(c).tables["payments"], "2023-12-31")
    then = then[then["days_past_due"] > late]
    now = rec.open_items(desk(c).tables["invoices"], desk(c).tables["payments"], AS_OF).set_index(
        "invoice_id"
    )["open"]
    still = then["invoice_id"].map(now).fillna(0)
    return float((still == 0).mean() if by == "invoices" else 1 - still.sum() / then["open"].sum())


# Carried forward: what is right for a student's own earlier answers ---------------------------------------


def sums_from(c: Company, own: Mapping[str, Any], whose: str) -> float:
    """Either sheet with the student's own margin and PD."""
    order, left = desk(c).order, own.get("margin", after_selling(c))
    rate = float(own.get("pd_grade", pd_grade(c))["rate"])
    if whose == "xu_bo":
        return STAKE * left - rate * LOST * (order.amount + owed(c)) - interest(order)
    return left - in_days(rate) * LOST * order.amount - interest(order)


def break_even_from(c: Company, own: Mapping[str, Any]) -> float:
    left, order = own.get("margin", after_selling(c)), desk(c).order
    return float(credit.breakeven_pd(left, order.amount, LOST, at_stake=STAKE, capital=interest(order)))


def over_from(c: Company, own: Mapping[str, Any]) -> float:
    open_now = sum(own["ageing"].values()) if "ageing" in own else owed(c)
    return float(open_now + desk(c).order.amount - own.get("limit", limit(c)))


def sixty_from(c: Company, own: Mapping[str, Any]) -> float:
    days = own.get("usual_days", usual_days(c))
    left = own.get("margin", after_selling(c))
    return sixty(c, days=(days, days + 15), variable_cost=1 - left / desk(c).order.amount)


KEY = (
    Graded(
        "five",
        Number(unit="points", tolerance=0.0501),
        points=3,
        right=five,
        slips=(
            Slip(
                lambda c: float(own_file(c)[list(FIVE)]
                                .mean(axis=1).iloc[0]),
                "You took the plain mean. The five contents have weights: .30, .25, .20, .10, .15.",
                points=1,
            ),
            Slip(
                lambda c: float(own_file(c)[[*FIVE, "continuity"]].mean(axis=1).iloc[0]),
                "That is the mean of six scores. Continuity belongs to 6C, not to the five contents.",
            ),
            Slip(
                lambda c: five(c, columns=("character", "capacity", "capital", "collateral", "continuity")),
                "The fifth content is the state of the firm, in `condition`; you took `continuity`.",
                points=1,
            ),
        ),
        look="Five columns of the file of 2024, each times its weight, in the order of the question.",
    ),
    Graded(
        "grade_card",
        Mapped("the rate and the four letters", tolerance=0.000501),
        points=7,
        right=grade_card,
        slips=(
            Slip(
                lambda c: grade_card(c, grace=0),
                "Without grace. Up to 30 days after the due day counts as in time; compare practice 1.",
                points=2,
            ),
            Slip(
                lambda c: grade_card(c, "2024-01-01", "2024-12-31"),
                "You took the invoices due in the calendar year. The twelve months start one month earlier.",
                points=4,
            ),
            Slip(
                lambda c: grade_card(c, as_of="2025-12-31", last="2024-12-31"),
                "An invoice of December whose 30 days are not over got into the rate: nobody knows yet.",
                points=2,
            ),
            Slip(
                a_year_ago,
                "That is the rating of a year ago. Which invoices fell due in the last twelve months?",
                points=3,
            ),
            Slip(
                lambda c: grade_card(c, paid_on="2022-01-01"),
                "You counted all that ever came, however late. In time is up to due day plus 30.",
            ),
        ),
        look="First the rate: which invoices count, paid until when? Then one step at a time, in order.",
    ),
    Graded(
        "pd_grade",
        Mapped("rate, low and high", tolerance=0.000501),
        points=4,
        right=pd_grade,
        slips=(
            Slip(
                lambda c: pd_grade(c, (2024,)),
                "One year of files only. The question takes those of 2023 and of 2024 together.",
                points=2,
            ),
            Slip(
                lambda c: pd_grade(c, pool="invoiced"),
                "You left out the files without an invoice that fell due. By the rule they start at C.",
                points=2,
            ),
            Slip(
                lambda c: pd_grade(c, caps=False),
                "You graded by the collection rate alone. The letter comes after all four steps.",
                points=1,
            ),
            Slip(
                lambda c: pd_grade(c, pool="all"),
                "That is the rate over all letters. Which files have your customer's letter?",
            ),
            Slip(
                plain_interval,
                "The rate is right, but the interval is rate ± 1.96 standard errors: Wilson's is asked for.",
                points=2,
            ),
        ),
        look="Grade each file by what was known on its eve, keep your customer's letter, count defaults.",
    ),
    Graded(
        "margin",
        Number(unit="RMB", tolerance=50.1),
        points=3,
        right=after_selling,
        slips=(
            Slip(margin, "That is before the cost of selling. What is left after *both*?", points=1),
            Slip(
                all_costs,
                "You took off every cost to serve. The question follows lesson 11: goods and selling only. "
                "Keep your figure: it is an argument for the memo.",
                points=1.5,
            ),
            Slip(
                lambda c: margin(c, "sales_cost", whole=True),
                "That is the margin of a whole year. The order is a part of a year's sales.",
            ),
        ),
        look="What a year's trade leaves, over what was invoiced in that year, times the order.",
    ),
    Graded(
        "xu_bo",
        Number(unit="RMB", tolerance=50.1),
        points=3,
        right=xu_bo,
        follows=lambda c, own: sums_from(c, own, "xu_bo"),
        slips=(
            Slip(lambda c: xu_bo(c, stake=1.0), "Xu Bo counts only the margin that credit earns.", points=1),
            Slip(
                lambda c: xu_bo(c, only_order=True),
                "Xu Bo's exposure is all that would be open on the day, not the order alone.",
                points=1,
            ),
            Slip(lambda c: xu_bo(c, rate=0.0), "The interest on the order is missing.", points=1.5),
            Slip(
                lambda c: xu_bo(c, rate=0.08),
                "You took 8 %, as lesson 11 does. The case names one rate and keeps to it.",
                points=1.5,
            ),
        ),
        look="Margin at stake, less PD × exposure × share lost, less interest: each as Xu Bo counts it.",
    ),
    Graded(
        "lin_yao",
        Number(unit="RMB", tolerance=50.1),
        points=3,
        right=lin_yao,
        follows=lambda c, own: sums_from(c, own, "lin_yao"),
        slips=(
            Slip(
                lambda c: lin_yao(c, chance=lambda p: p),
                "You took the chance of twelve months. Lin Yao counts the days for which the order is open.",
                points=1,
            ),
            Slip(
                lambda c: lin_yao(c, chance=lambda p: p * DAYS / 360),
                "A plain quarter of the PD: nearly. Compare practice 4: survive four quarters in a row.",
                points=1.5,
            ),
            Slip(lambda c: lin_yao(c, stake=STAKE), "Lin Yao counts the whole margin.", points=1),
            Slip(
                lambda c: lin_yao(c, also_owed=True),
                "What is owed already is owed whatever she decides: her exposure is the order.",
                points=1,
            ),
            Slip(lambda c: lin_yao(c, rate=0.0), "The interest on the order is missing.", points=1.5),
        ),
        look="Margin, less chance in 90 days × order × share lost, less interest: each as Lin Yao counts it.",
    ),
    Graded(
        "break_even",
        Number(tolerance=0.000501, share=True),
        points=3,
        right=break_even,
        follows=break_even_from,
        slips=(
            Slip(lambda c: break_even(c, stake=1.0), "The whole margin? Half of it is at stake.", points=1),
            Slip(lambda c: break_even(c, rate=0.0), "You left the interest out.", points=1.5),
            Slip(lambda c: break_even(c, lost=1.0), "Here 60 % of what is not paid is lost.", points=1),
            Slip(
                lambda c: break_even(c, only_order=False),
                "You divided by all that would be open. The order alone hangs on this decision.",
                points=1,
            ),
        ),
        look="The chance at which margin at stake, interest and loss on this order add up to nothing.",
    ),
    Graded(
        "ageing",
        Mapped("the open balance in each bucket", tolerance=0.51),
        points=4,
        right=aged,
        slips=(
            Slip(
                lambda c: aged(c, since="issue_date"),
                "You counted days from the issue. Ageing counts them from the due date.",
                points=1,
            ),
            Slip(
                lambda c: aged(c) | {"current": 0.0},
                "You left out what is not due yet. It is owed all the same: the bucket `current`.",
                points=1,
            ),
            Slip(
                lambda c: {bucket: open_ / (owed(c) or 1) for bucket, open_ in aged(c).items()},
                "Those are shares of what is owed. The question asks for RMB.",
                points=2,
            ),
        ),
        look="All its invoices, less what came by 31 December, by days past due; all five buckets.",
    ),
    Graded(
        "limit",
        Number(unit="RMB", tolerance=50.1),
        points=6,
        right=limit,
        slips=(
            Slip(
                lambda c: limit(c, coefficient=1.0),
                "You left the coefficient out, or took another letter's: see the end of `grade_card`.",
                points=2,
            ),
            Slip(
                lambda c: limit(c, mean_of="invoice"),
                "You took the mean *invoice*. The rule starts from the mean *month* with deliveries.",
                points=2,
            ),
            Slip(
                lambda c: float(own_contract(c)["limit"]),
                "That is the limit written in the contract. Work out the one by the rule.",
            ),
        ),
        look="Mean month of 2024 with deliveries × one month × coefficient; beside it a tenth of net worth.",
    ),
    Graded(
        "over",
        Number(unit="RMB", tolerance=50.1),
        points=5,
        right=over,
        follows=over_from,
        slips=(
            Slip(
                lambda c: desk(c).order.amount - limit(c),
                "You compared the order alone with the limit. Exposure also holds what is owed already.",
                points=1,
            ),
            Slip(
                lambda c: owed(c) + desk(c).order.amount,
                "That is the exposure. By how much is it above the limit?",
                points=2,
            ),
            Slip(
                lambda c: owed(c) + desk(c).order.amount - float(own_contract(c)["limit"]),
                "That is against the limit in the contract. The question asks for the limit by the rule.",
                points=2,
            ),
            Slip(
                lambda c: owed(c) - limit(c),
                "That is how far it is from its limit today. What if this order goes out?",
                points=2,
            ),
        ),
        look="What it owes, plus this order, less your limit.",
    ),
    Graded(
        "usual_days",
        Number(unit="days", tolerance=0.0501),
        points=4,
        right=usual_days,
        slips=(
            Slip(
                lambda c: usual_days(c, terms=("n/30", "n/60", "2/10 n/30")),
                "All its invoices. Those on n/60 come later, those with a discount sooner: take n/30 only.",
                points=1,
            ),
            Slip(
                lambda c: usual_days(c) - 30,
                "You counted from the due date. Days to pay run from the issue.",
                points=2,
            ),
            Slip(
                lambda c: usual_days(c, horizon=None),
                "You took the young invoices too: of those only the fast are paid. Follow each for 180 days.",
                points=2,
            ),
        ),
        look="Its n/30 invoices, each followed for 180 days, those settled, mean days from the issue.",
    ),
    Graded(
        "sixty",
        Number(unit="RMB a year", tolerance=50.1),
        points=5,
        right=sixty,
        follows=sixty_from,
        slips=(
            Slip(
                lambda c: sixty(c, existing="price"),
                "You counted the money that stands out at its price. The case counts it at variable cost.",
                points=3,
            ),
            Slip(lambda c: sixty(c, basis=365), "A year of 365 days. The case uses 360.", points=3),
            Slip(
                lambda c: sixty(c, days=(30, 60)),
                "You took the days on the invoice. This customer does not pay on the day that is printed.",
                points=2,
            ),
            Slip(
                sixty_added_only,
                "You let bad debts rise on the added sales only. The new rate holds for the old ones too.",
                points=2,
            ),
            Slip(
                lambda c: sixty(c, variable_cost=1 - margin(c) / desk(c).order.amount),
                "You left the cost of selling out of the variable cost.",
                points=2,
            ),
        ),
        look="Three pairs, now and then: sales, days, bad debt, in the order of `trm.period_decision`.",
    ),
    Graded(
        "mend",
        Names("distributors"),
        points=4,
        right=mend,
        slips=(
            Slip(
                lambda c: mend(c, role=""),
                "You listed all customers. The question asks for the distributors.",
                points=2,
            ),
            Slip(
                no_arbitration,
                "Those lack arbitration. Arbitration is not one of the ten clauses.",
            ),
            Slip(
                lambda c: sorted(set(mend(c, role="")) - set(mend(c))),
                "Those are the others: everybody but the distributors.",
            ),
        ),
        look="`col.contract_check`, on the distributors' contracts: which are not complete?",
    ),
    Graded(
        "recovery",
        Number(unit="RMB", tolerance=50.1),
        points=5,
        right=recovery,
        slips=(
            Slip(
                lambda c: recovery(c, rate=0.12),
                "You let waiting cost 12 %, the library's default. The case has one rate.",
                points=3,
            ),
            Slip(
                lambda c: recovery(c, claim=desk(c).order.amount),
                "You pursue the order alone. A customer who fails leaves everything open.",
                points=2,
            ),
            Slip(
                dearest_chance,
                "Chance times claim: you left out how long it takes and what it costs.",
                points=2,
            ),
            Slip(
                lambda c: 0.5 * (owed(c) + desk(c).order.amount) - 2_000,
                "That is what our own staff would bring. Compare all the routes that are open.",
                points=1,
            ),
        ),
        look="Claim: all that would be open. `col.collection_choice` with the contract's arbitration.",
    ),
    Graded(
        "came_back",
        Number(tolerance=0.000501, share=True),
        points=6,
        right=came_back,
        slips=(
            Slip(
                lambda c: 1 - came_back(c),
                "That is the share that did not come.",
                points=3,
            ),
            Slip(
                lambda c: came_back(c, -10_000),
                "You took all that was open. The question asks for what was more than 90 days late.",
                points=1,
            ),
            Slip(
                lambda c: came_back(c, by="invoices"),
                "You counted invoices. The question asks for money: large debts are not like small ones.",
                points=3,
            ),
            Slip(
                lambda c: came_back(c, 180),
                "More than 180 days late: the question says 90.",
                points=3,
            ),
        ),
        look="The open items of 31 December 2023 that were late enough; then the same invoices a year on.",
    ),
)  # fmt: skip
