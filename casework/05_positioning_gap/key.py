"""Key of case 5, positioning and the gap. Every answer is worked out from the company handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from casebook import positioning as pos
from casebook.course.cases.key import Graded, Slip
from casebook.course.kinds import Mapped, Names, Number
from casebook.selection import segment_score

TABLES = (
    "positioning",
    "travel_market",
    "rr_applicants",
    "customers",
    "orders",
    "order_lines",
    "cost_to_serve",
    "tickets",
)

Company = Mapping[str, pd.DataFrame]

LAST: dict[str, Any] = {}  # the company looked at last, and its accounts

POSITION, BUDGET, WON = 3, 150_000, 0.10
CAPITAL, REACHED, MARGIN = 10_000_000, 0.01, 8_000
NATURES = ["commercial", "individual", "organisational"]
OTHER_PLACES = ("second", "third", "fourth", "last")


# The market maps and the travel market, the same in every company ------------------------------------------


def cells(company: Company, *, empty: bool = True, swapped: bool = False) -> list[str]:
    """Cells of the map, empty or taken; or with the two levels exchanged."""
    axes = {"price": "service_level", "service": "price_level"} if swapped else {}
    found = pos.perceptual_map(company["positioning"], **axes)
    return found.loc[(found["n"] == 0) == empty, "cell"].tolist()


def alone(company: Company) -> pd.Series:
    """Travellers who go alone, by segment."""
    market = company["travel_market"].set_index("segment")
    return market["travellers"] * market["individual_share"]


def his_payback(customers: float) -> float:
    """Years until the capital is back, with so many customers."""
    return pos.payback_years(CAPITAL, customers * MARGIN)


def refused(company: Company) -> pd.DataFrame:
    """The applicants whom the gate turns away."""
    let_in = pos.gate(company["rr_applicants"])
    return let_in[let_in["offer"] == "rejected"]


# Qingyuan's customers -----------------------------------------------------------------------------------


def accounts(company: Company) -> pd.DataFrame:
    """One row a customer: what it is, its tier, and by year its sales, profit, margin and hours."""
    if LAST.get("company") is not company:  # one answer asks for it many times
        LAST.update(company=company, accounts=accounts_of(company))
    return LAST["accounts"].copy()


def accounts_of(company: Company) -> pd.DataFrame:
    """What `accounts` gives, worked out."""
    made = company["customers"].set_index("customer_id")
    made["tier"] = pos.price_tiers(made["vt_price"])
    lines = company["order_lines"].merge(
        company["orders"][["order_id", "customer_id", "date"]], on="order_id"
    )
    lines["amount"] = ((lines["unit_price"] * 100).round() * lines["qty"]) / 100
    sales = lines.groupby(["customer_id", lines["date"].dt.year])["amount"].sum()
    tickets = company["tickets"]
    hours = tickets.groupby(["customer_id", tickets["opened"].dt.year])["hours"].sum()
    served = company["cost_to_serve"].set_index(["customer_id", "year"])
    for year in (2022, 2023, 2024):
        made[f"sales_{year}"] = of_year(sales, year).reindex(made.index, fill_value=0.0)
        made[f"hours_{year}"] = of_year(hours, year).reindex(made.index, fill_value=0.0)
        made[f"profit_{year}"] = of_year(served["profit"], year)
        made[f"margin_{year}"] = of_year(served["gross_margin"], year)
    return made


def of_year(values: pd.Series, year: int) -> pd.Series:
    """The values of one year, by customer."""
    return values[values.index.get_level_values(1) == year].droplevel(1)


def unserved_of(people: pd.DataFrame, year: int = 2024) -> pd.Series:
    """What each customer spends elsewhere, zero at least."""
    return (people["annual_category_spend"] - people[f"sales_{year}"]).clip(lower=0)


def segments(company: Company, year: int = 2024, *, before: int | None = None) -> pd.DataFrame:
    """One row a kind of organisation: what is measured of it."""
    firms = accounts(company).query("nature == 'organisational'")
    by = firms.assign(unserved=unserved_of(firms, year)).groupby("industry")
    made = pd.DataFrame(
        {
            "sales": by[f"sales_{year}"].sum(),
            "earlier": by[f"sales_{before or year - 1}"].sum(),
            "profit_sum": by[f"profit_{year}"].sum(),
            "profit": by[f"profit_{year}"].mean(),
            "margin": by[f"margin_{year}"].sum(),
            "unserved": by["unserved"].sum(),
            "hours": by[f"hours_{year}"].sum(),
            "customers": by.size(),
            "on_position": by["tier"].agg(lambda tier: (tier == POSITION).mean()),
        }
    )
    made["growth"] = made["sales"] / made["earlier"] - 1
    made["load"] = made["hours"] / made["sales"] * 10_000
    return made


def attractive(
    company: Company,
    year: int = 2024,
    *,
    weights: tuple[float, float, float] = (0.4, 0.3, 0.3),
    profit: str = "profit",
    growth: str = "growth",
    before: int | None = None,
) -> pd.Series:
    """Attractiveness of the five kinds in one year, or one of its misreadings."""
    found = segments(company, year, before=before).assign(more=lambda t: t["sales"] - t["earlier"])
    scores = pd.DataFrame(
        {
            "profit": pos.scale_scores(found[profit]),
            "potential": pos.scale_scores(found["unserved"]),
            "trend": pos.scale_scores(found[growth]),
        }
    )
    return segment_score(scores, weights)["attractiveness"]


def fit_of(company: Company, *, low_is_best: bool = True, per: str = "sales") -> pd.Series:
    """Fit of the five kinds: on position, and light on the engineers."""
    found = segments(company)
    light = pos.scale_scores(found["hours"] / found[per], low_is_best=low_is_best)
    return (pos.scale_scores(found["on_position"]) + light) / 2


def weaker(company: Company, rule: str = "min") -> pd.Series:
    """Of each kind the weaker of its two scores, or another way to join them."""
    both = pd.DataFrame({"attractive": attractive(company), "fit": fit_of(company)})
    return both.agg(rule, axis=1)


def niche(company: Company, place: int = 0) -> str:
    """The kind whose weaker score is the highest, or the one in another place."""
    return str(weaker(company).sort_values(ascending=False, kind="stable").index[place])


def income(company: Company, *, on_position: bool = True, rate: str = "margin", place: int = 0) -> float:
    """The chain ratio for the first kind, for another one, or with a link left out."""
    row = segments(company).loc[niche(company, place)]
    ratios = [WON] + ([row["on_position"]] if on_position else [])
    earned = 1.0 if rate == "none" else row[rate] / row["sales"]
    return float(row["unserved"]) * float(pd.Series(ratios).prod()) * float(earned)


def niches(company: Company, *, all_tiers: bool = False, place: int = 0) -> dict[str, pd.DataFrame]:
    """The customers of the two niches."""
    firms = accounts(company).query("nature == 'organisational'")
    firms = firms.assign(unserved=unserved_of(firms))
    chosen = firms if all_tiers else firms[firms["tier"] == POSITION]
    return {"industry": chosen[chosen["industry"] == niche(company, place)], "advice": chosen}


def needed(
    company: Company, *, all_tiers: bool = False, rate: str = "margin_2024", place: int = 0
) -> dict[str, float]:
    """The share to win so that the margin covers the budget, for both niches."""
    found = {}
    for name, people in niches(company, all_tiers=all_tiers, place=place).items():
        earned = 1.0 if rate == "none" else people[rate].sum() / people["sales_2024"].sum()
        found[name] = float(BUDGET / (people["unserved"].sum() * earned))
    return found


def off_by_nature(company: Company, position: int = POSITION) -> dict[str, float]:
    """Share of customers off the position, within each nature."""
    people = accounts(company)
    return {
        n: pos.positioning_blur(people.loc[people["nature"] == n, "tier"], position).off_share
        for n in NATURES
    }


def unserved_by_industry(company: Company, rule: str = "each") -> dict[str, float]:
    """Unserved spend of the five kinds."""
    firms = accounts(company).query("nature == 'organisational'")
    if rule == "active":
        firms = firms[firms["sales_2024"] > 0]
    rest = {
        "each": unserved_of(firms),
        "active": unserved_of(firms),
        "net": firms["annual_category_spend"] - firms["sales_2024"],
        "spend": firms["annual_category_spend"],
    }[rule]
    return rest.groupby(firms["industry"]).sum().to_dict()


def off_sales(company: Company) -> float:
    """Share of the sales of 2024 with customers off the position."""
    people = accounts(company)
    off = people["tier"] != POSITION
    return float(people.loc[off, "sales_2024"].sum() / people["sales_2024"].sum())


def tier_counts(company: Company, *, nature: str | None = None, turned: bool = False) -> dict[int, int]:
    """Customers in each tier."""
    people = accounts(company)
    tiers = people["tier"] if nature is None else people.loc[people["nature"] != nature, "tier"]
    counts = (4 - tiers if turned else tiers).value_counts()
    return {tier: int(counts.get(tier, 0)) for tier in (1, 2, 3)}


def terciles(company: Company) -> dict[int, int]:
    """Customers in three groups of one size: a misreading."""
    ranked = company["customers"]["vt_price"].rank(method="first")
    return pd.qcut(ranked, 3, labels=[3, 2, 1]).astype(int).value_counts().to_dict()


KEY = (
    Graded(
        "empty_cells",
        Names("cells"),
        points=3,
        right=cells,
        slips=(
            Slip(
                lambda company: cells(company, empty=False),
                "Those are the places where somebody stands. The empty ones are asked for.",
                points=1,
            ),
            Slip(
                lambda company: cells(company, swapped=True),
                "Your cells have service first. Which of the two levels comes first in the name of a cell?",
                points=2,
            ),
        ),
        look="Nine places, price first. Cross out each place where a brand stands.",
        same_everywhere=True,
    ),
    Graded(
        "individual_share",
        Number(tolerance=0.0005, share=True),
        points=3,
        right=lambda company: float(alone(company).sum() / company["travel_market"]["travellers"].sum()),
        slips=(
            Slip(
                lambda company: float(company["travel_market"]["individual_share"].mean()),
                "You averaged the shares of segments of very different size. Count people, then divide.",
                points=1,
            ),
            Slip(
                lambda company: float(alone(company)["students"] / alone(company).sum()),
                "That is the share of students among those who travel alone. The whole market is asked for.",
            ),
            Slip(
                lambda company: float(
                    alone(company)["students"] / company["travel_market"]["travellers"].sum()
                ),
                "You counted the students only. Those of all segments who travel alone are asked for.",
                points=1,
            ),
        ),
        look="Travellers times the share that goes alone, segment by segment. Add up, divide by all.",
        same_everywhere=True,
    ),
    Graded(
        "his_payback",
        Number(unit="years", tolerance=0.005),
        points=4,
        right=lambda company: his_payback(alone(company)["students"] * REACHED),
        slips=(
            Slip(
                lambda company: 1 / his_payback(alone(company)["students"] * REACHED),
                "Upside down: that is the part of the capital that comes back in one year.",
                points=2,
            ),
            Slip(
                lambda company: his_payback(
                    company["travel_market"].set_index("segment")["travellers"]["students"] * REACHED
                ),
                "You took all students. Those in groups buy from the big agencies: which are his?",
                points=1,
            ),
            Slip(
                lambda company: his_payback(alone(company).sum() * REACHED),
                "You took everybody who travels alone. He went for one segment of them.",
                points=1,
            ),
            Slip(
                lambda company: his_payback(alone(company)["students"]),
                "You gave him every student who travels alone. Which share does he win?",
                points=1,
            ),
        ),
        look="A chain: travellers, those alone, the students, those won. Then margin, then the capital.",
        same_everywhere=True,
    ),
    Graded(
        "tiers",
        Mapped("numbers of customers, one for each tier"),
        points=4,
        right=tier_counts,
        slips=(
            Slip(
                lambda company: tier_counts(company, turned=True),
                "Tiers 1 and 3 are exchanged: in tier 1 are those for whom price weighs most.",
                points=2,
            ),
            Slip(
                lambda company: tier_counts(company, nature="individual"),
                "The households are missing: all customers are asked for.",
                points=2,
            ),
            Slip(
                terciles,
                "You cut the customers into three groups of one size. The cuts are weights, not ranks.",
            ),
            Slip(
                lambda company: {t: n / len(company["customers"]) for t, n in tier_counts(company).items()},
                "Those are shares. Numbers of customers are asked for.",
                points=3,
            ),
        ),
        look="Two cuts on the weight of price, each edge where the text puts it. Then count.",
    ),
    Graded(
        "off_position",
        Mapped("shares, one for each nature", tolerance=0.0005),
        points=8,
        right=off_by_nature,
        slips=(
            Slip(
                lambda company: {n: 1 - share for n, share in off_by_nature(company).items()},
                "Those are the shares that are *on* the position. The blur counts the others.",
                points=4,
            ),
            Slip(
                lambda company: off_by_nature(company, position=2),
                "You measured from tier 2. Where does Shen Rui want the firm to stand?",
                points=3,
            ),
            Slip(
                lambda company: (
                    accounts(company).groupby("nature")["tier"].agg(lambda tier: (tier == 1).mean()).to_dict()
                ),
                "You counted tier 1 only. Tier 2 is off the position as well.",
                points=3,
            ),
        ),
        look="Within each nature: the customers whose tier is not the position, over all of that nature.",
    ),
    Graded(
        "gate_wealth",
        Number(tolerance=0.0005, share=True),
        points=2,
        right=lambda company: float(
            refused(company)["wealth"].sum() / company["rr_applicants"]["wealth"].sum()
        ),
        slips=(
            Slip(
                lambda company: len(refused(company)) / len(company["rr_applicants"]),
                "That is their share of the heads. Their share of the wealth is asked for.",
                points=1,
            ),
            Slip(
                lambda company: float(
                    1 - refused(company)["wealth"].sum() / company["rr_applicants"]["wealth"].sum()
                ),
                "That is the wealth which the gate lets in.",
                points=1,
            ),
        ),
        look="Whom does the gate turn away? Add up their wealth, divide by that of all twelve.",
        same_everywhere=True,
    ),
    Graded(
        "turned_away",
        Number(tolerance=0.0005, share=True),
        points=4,
        right=off_sales,
        slips=(
            Slip(
                lambda company: float((accounts(company)["tier"] != POSITION).mean()),
                "That is a share of heads. The share of the sales that go with them is asked for.",
                points=2,
            ),
            Slip(
                lambda company: 1 - off_sales(company),
                "That is what the gate would keep. What it turns away is asked for.",
                points=2,
            ),
        ),
        look="Sales of 2024 of all customers who are not in tier 3, over the sales of 2024 of all.",
    ),
    Graded(
        "unserved",
        Mapped("amounts in RMB, one for each kind", tolerance=500),
        points=8,
        right=unserved_by_industry,
        slips=(
            Slip(
                lambda company: unserved_by_industry(company, "net"),
                "Some customers bought more than their estimated spend; their minus eats others' gaps. "
                "Take zero for them, customer by customer.",
                points=4,
            ),
            Slip(
                lambda company: unserved_by_industry(company, "spend"),
                "That is all they spend. What we sell them already is no gap.",
                points=2,
            ),
            Slip(
                lambda company: unserved_by_industry(company, "active"),
                "You left out those who bought nothing in 2024. Their whole spend goes elsewhere.",
                points=4,
            ),
        ),
        look="For each organisation: spend less sales of 2024, zero where that is below zero. Then add up.",
    ),
    Graded(
        "attractiveness",
        Mapped("scores, one for each kind", tolerance=0.05),
        points=6,
        right=lambda company: attractive(company).to_dict(),
        slips=(
            Slip(
                lambda company: attractive(company, weights=(1, 1, 1)).to_dict(),
                "You weighed the three scores alike. Which weights does the text give?",
                points=3,
            ),
            Slip(
                lambda company: attractive(company, profit="profit_sum").to_dict(),
                "You took the profit of the whole segment. It is asked for an account that ordered in 2024.",
                points=3,
            ),
            Slip(
                lambda company: attractive(company, growth="more").to_dict(),
                "Your trend is in RMB, so the large segment wins it. A growth rate is asked for.",
                points=3,
            ),
        ),
        look="Three measures, each brought to 0-100 among the five, then weighed. Which one differs?",
    ),
    Graded(
        "fit",
        Mapped("scores, one for each kind", tolerance=0.05),
        points=5,
        right=lambda company: fit_of(company).to_dict(),
        slips=(
            Slip(
                lambda company: fit_of(company, low_is_best=False).to_dict(),
                "The segment with the most hours gets your best score. Our engineers are scarce.",
                points=2,
            ),
            Slip(
                lambda company: pos.scale_scores(segments(company)["on_position"]).to_dict(),
                "You scored the position only. The engineers' hours are the other half of fit.",
                points=2,
            ),
            Slip(
                lambda company: fit_of(company, per="customers").to_dict(),
                "Your hours are for a customer. They are asked for RMB 10,000 of sales.",
                points=3,
            ),
        ),
        look="Two measures, each brought to 0-100, one of them with few as best. Then their mean.",
    ),
    Graded(
        "weaker_score",
        Mapped("scores, one for each kind", tolerance=0.05),
        points=4,
        right=lambda company: weaker(company).to_dict(),
        slips=(
            Slip(
                lambda company: attractive(company).to_dict(),
                "That is attractiveness alone. A target must fit us too.",
                points=1,
            ),
            Slip(
                lambda company: fit_of(company).to_dict(),
                "That is fit alone. A target must be attractive too.",
                points=1,
            ),
            Slip(
                lambda company: weaker(company, "mean").to_dict(),
                "That is the mean, in which a good score pays for a bad one. Take the lower of the two.",
                points=2,
            ),
            Slip(
                lambda company: weaker(company, "max").to_dict(),
                "That is the stronger of the two. Who would fall below a cut first?",
                points=2,
            ),
        ),
        look="Of each kind the lower of its two scores, attractiveness and fit.",
    ),
    Graded(
        "attractiveness_2023",
        Mapped("scores, one for each kind", tolerance=0.05),
        points=4,
        right=lambda company: attractive(company, 2023).to_dict(),
        slips=(
            Slip(
                lambda company: attractive(company).to_dict(),
                "Those are the scores of 2024. Move every year back by one.",
            ),
            Slip(
                lambda company: segment_score(
                    pd.DataFrame(
                        {
                            "profit": pos.scale_scores(segments(company, 2023)["profit"]),
                            "potential": pos.scale_scores(segments(company, 2023)["unserved"]),
                            "trend": pos.scale_scores(segments(company)["growth"]),
                        }
                    )
                )["attractiveness"].to_dict(),
                "Your trend still runs into 2024, which nobody knew then. Compare 2023 with the year before.",
                points=2,
            ),
            Slip(
                lambda company: segment_score(
                    pd.DataFrame(
                        {
                            "profit": pos.scale_scores(segments(company, 2023)["profit"]),
                            "potential": pos.scale_scores(segments(company)["unserved"]),
                            "trend": pos.scale_scores(segments(company, 2023)["growth"]),
                        }
                    )
                )["attractiveness"].to_dict(),
                "Your gap still takes off the sales of 2024. Which sales were known a year earlier?",
                points=2,
            ),
        ),
        look="The same three measures, every year moved back by one, scaled anew. The spend has no year.",
    ),
    Graded(
        "niche_income",
        Number(unit="RMB a year", tolerance=50),
        points=6,
        right=income,
        slips=(
            Slip(
                lambda company: income(company, on_position=False),
                "You win from all of them. How many come for what we want to stand for?",
                points=3,
            ),
            Slip(
                lambda company: income(company, rate="none"),
                "Those are sales. What is earned is the gross margin on them.",
                points=3,
            ),
            Slip(
                lambda company: income(company, rate="profit_sum"),
                "You used profit after the cost of serving. The chain asks for the gross margin rate.",
                points=3,
            ),
            *(
                Slip(
                    lambda company, place=place: income(company, place=place),
                    f"The chain is right, but for the kind that comes {at} by its weaker score.",
                    points=4,
                )
                for place, at in enumerate(OTHER_PLACES, start=1)
            ),
        ),
        look="A chain of four: unserved spend, share on position, share won, margin rate. Round at the end.",
    ),
    Graded(
        "share_needed",
        Mapped("shares, one for each niche", tolerance=0.0005),
        points=4,
        right=needed,
        slips=(
            Slip(
                lambda company: needed(company, all_tiers=True),
                "You counted the customers of every tier. Both niches hold tier 3 only.",
                points=2,
            ),
            Slip(
                lambda company: needed(company, rate="none"),
                "You cover the budget with sales. It has to come out of the gross margin.",
                points=2,
            ),
            *(
                Slip(
                    lambda company, place=place: needed(company, place=place),
                    f"Right, but for `industry` you took the kind that comes {at} by its weaker score.",
                    points=3,
                )
                for place, at in enumerate(OTHER_PLACES, start=1)
            ),
        ),
        look="Budget over (unserved spend of the niche's own customers, times their gross margin rate).",
    ),
)
