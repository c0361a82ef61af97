"""Checks of lesson 03, customer identification. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

from functools import cache

import pandas as pd

import casebook
from casebook import identification as idn
from casebook.company import sales_lines
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Choice, Mapped, Number

__all__ = ["CHECKS"]

# The lesson's tables, worked out as the lesson does ------------------------------------------------------

_DUNE = {"finance": 85, "business_ability": 80, "cooperation": 80, "channel_ability": 85}
_WILLOW = {"enterprise": 40, "salesperson": 95, "market": 50}
_SIX = dict(zip(idn.SIX_C, (80, 70, 60, 50, 75, 85), strict=True))
_WAS = pd.Series(list("AAAABBBBB"), index=list("abcdefghi"))
_IS = pd.Series(list("ABBBABB"), index=list("abcdefg"))
_CELLS, _FILLED, _BLANKS_WITH_SPACES = 18, 15, 1


@cache
def _firms() -> pd.DataFrame:
    people = idn.who_table(casebook.load("customers"))
    return people[people["nature"] != "individual"]


@cache
def _form(year: int = 2024) -> pd.DataFrame:
    files = casebook.load("credit_files")
    return idn.evaluation_form(idn.form_indicators(files[files["year"] == year]))


@cache
def _accounts() -> pd.DataFrame:
    """The accounts of the lesson with their value in points, as `valued` makes it."""
    table = _form().merge(
        casebook.load("customers")[["customer_id", "annual_category_spend"]], on="customer_id"
    )
    lines = sales_lines()
    sold = lines[lines["date"].dt.year == 2024].groupby("customer_id")
    served = casebook.load("cost_to_serve").query("year == 2024").set_index("customer_id")["profit"]
    table["revenue"] = table["customer_id"].map(sold["amount"].sum()).fillna(0)
    table["profit"] = table["customer_id"].map(served).fillna(0)
    table["last_order"] = table["customer_id"].map(sold["date"].max())
    room = (table["annual_category_spend"] - table["revenue"]).clip(lower=0)
    points = {"enterprise": table["profit"], "salesperson": table["revenue"], "market": room}
    return idn.value_eval(table.assign(**{name: 100 * of.rank(pct=True) for name, of in points.items()}))


# Answers, right and wrong ---------------------------------------------------------------------------------


def _dune(lo: float = 70, hi: float = 80, strong: float = 85) -> str:
    return str(idn.evaluation_form(pd.DataFrame([_DUNE]), lo=lo, hi=hi, strong=strong)["band"].iloc[0])


def _revenue_where(differs: bool) -> float:
    lines = sales_lines()
    year = lines[(lines["date"].dt.year == 2024) & lines["customer_id"].isin(_firms()["customer_id"])]
    split = idn.revenue_by(year, _firms(), "decider_differs")
    return float(split.loc[split["decider_differs"] == differs, "share"].iloc[0])


def _row(name: str = "B", *, turned: bool = False, stayed_only: bool = False) -> dict[str, float]:
    counts = idn.migration(_WAS, _IS).counts
    if stayed_only:
        counts = counts.assign(lost=0)
    if turned:  # who is in the class now, by where they came from
        column = pd.Series(counts[name], dtype=float)
        return {str(k): n / column.sum() for k, n in column.items()} | {"lost": 0.0}
    row = pd.Series(counts.loc[name], dtype=float)
    return {str(k): n / row.sum() for k, n in row.items()}


def _lobby(how: str = "right") -> dict[str, int]:
    visitors = casebook.load("bank_lobby")
    routed = idn.triage(visitors)
    if how == "business":  # VIP by what they came for
        asked = visitors["business"].map({"wealth": "500k_or_more"}).fillna("under_50k")
        routed = idn.triage(visitors.assign(assets_band=asked))
    if how == "machine_first":
        alone = visitors["digital_ready"] & visitors["business"].isin(
            ["cash_withdrawal", "deposit", "transfer"]
        )
        routed = routed.assign(route=routed["route"].mask(alone, "self_service"))
    if how == "ready":  # whoever is ready, whatever the business
        routed = idn.triage(visitors, machine=visitors["business"].unique().tolist())
    if how == "unready":  # whatever the readiness
        routed = idn.triage(visitors.assign(digital_ready=True))
    return {name: int((routed["route"] == name).sum()) for name in ("vip", "self_service", "counter")}


def _movers(name: str = "business_ability", by: float = 0.2, *, plain: bool = False) -> int:
    """How many accounts change band; `plain`: the others get equal weights instead of keeping proportions."""
    weights = idn.moved_weights(idn.WEIGHTS, name, by)
    if plain:
        weights = {k: (w if k == name else (1 - weights[name]) / 3) for k, w in weights.items()}
    return int((idn.evaluation_form(_form(), weights)["band"] != _form()["band"]).sum())


def _chosen(
    bands: tuple[str, ...] = idn.BANDS, order: str = "value_total", *, all_may: bool = False
) -> float:
    """The profit of 2024 of the thirty accounts that are chosen among these bands."""
    table = _accounts()
    may = (table["last_order"] >= "2024-10-01") & ~table["defaulted_next_12m"] & (table["profit"] > 0)
    table = table[(may | all_may) & table["band"].isin(bands)]
    best = table.sort_values([order, "customer_id"], ascending=[False, True]).head(30)
    return float(best["profit"].sum())


CHECKS = (
    Check(
        "03.dune_band",
        kind=Choice(idn.BANDS),
        right=_dune,
        mistakes=(
            Mistake(
                lambda: _dune(hi=85),
                "You let the fit run up to 85. Where does the course end it, and what did it leave open?",
            ),
            Mistake(
                lambda: _dune(strong=80),
                "Above 80 is not yet above 85. What do we call the stretch between?",
            ),
            Mistake(
                lambda: _dune(lo=84, hi=86, strong=87),
                "That would be a score below 70. Add up the four products again.",
            ),
        ),
        look="Work out the score, then read the limits one by one, from the lowest up.",
        praise="The stretch that the course leaves open: negotiate first.",
    ),
    Check(
        "03.decider_share",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: _revenue_where(True),
        mistakes=(
            Mistake(
                lambda: float(_firms()["decider_differs"].mean()),
                "You took the share of the accounts. The question asks for the share of their revenue.",
            ),
            Mistake(
                lambda: _revenue_where(False),
                "That is the revenue of accounts where whoever pays decides. The others are asked for.",
            ),
        ),
        look="Call `idn.revenue_by` with the lines of business customers, the table `who`, and the flag.",
        praise="Many accounts, little money: the large ones are run by their owners.",
    ),
    Check(
        "03.hotel_index",
        kind=Number(tolerance=0.0051),
        right=lambda: (2 / 2) / (4 / 10),
        mistakes=(
            Mistake(
                lambda: (4 / 10) / (2 / 2),
                "You divided the wrong way round: the share among good buyers belongs on top.",
            ),
            Mistake(
                lambda: 2 / 4,
                "That is the share of hotels that are good buyers. The index compares two shares of hotels.",
            ),
            Mistake(
                lambda: 2 / 2 - 4 / 10,
                "You took the difference of the two shares. An index is one divided by the other.",
            ),
            Mistake(
                lambda: 2 / 2,
                "That is the share of hotels among good buyers. It still has to be held against the base.",
            ),
        ),
        look="First the share of hotels among the good buyers, then the share of hotels among all customers.",
        praise="Above 1: found among good buyers more often than in the base.",
    ),
    Check(
        "03.willow_gap",
        kind=Number(unit="points"),
        right=lambda: float(_WILLOW["salesperson"] - _WILLOW["enterprise"]),
        mistakes=(
            Mistake(
                lambda: float(_WILLOW["enterprise"] - _WILLOW["salesperson"]),
                "The right size, the wrong way round: the gap is the salesperson's value less the firm's.",
            ),
            Mistake(
                lambda: float(idn.value_eval(pd.DataFrame([_WILLOW]))["value_total"].iloc[0]),
                "That is the weighted total. The gap uses two of the three numbers, and no weights.",
            ),
            Mistake(
                lambda: float(_WILLOW["salesperson"] - _WILLOW["market"]),
                "You subtracted the value to the market. Whose value is it held against?",
            ),
        ),
        look="Which of the three belongs to the salesperson, and which to the enterprise?",
        praise="Its rep loves it; the firm has no reason to.",
    ),
    Check(
        "03.six_total",
        kind=Number(unit="points", tolerance=0.051),
        right=lambda: float(idn.six_c_total(pd.DataFrame([_SIX])).iloc[0]),
        mistakes=(
            Mistake(
                lambda: sum(list(_SIX.values())[:5]) / 5,
                "You left continuity out: those are the five contents of a credit survey. There are six C's.",
            ),
            Mistake(
                lambda: float(sum(_SIX.values())),
                "That is the sum of the points. Six that count alike have a mean.",
            ),
            Mistake(
                lambda: float(pd.Series(_SIX).median()),
                "That is the median, the middle of the six. The total is their mean.",
            ),
        ),
        look="Add six numbers, divide by six.",
        praise="And the weakest of the six tells more than the total does.",
    ),
    Check(
        "03.sheet_share",
        kind=Number(tolerance=0.0051, share=True),
        right=lambda: _FILLED / _CELLS,
        mistakes=(
            Mistake(
                lambda: (_FILLED + _BLANKS_WITH_SPACES) / _CELLS,
                "You counted a cell that holds nothing but spaces.",
            ),
            Mistake(
                lambda: (_FILLED - 2) / (_CELLS - 2),
                "You left the names of the groups out: the first column is a cell of the sheet, too.",
            ),
            Mistake(
                lambda: (_CELLS - _FILLED) / _CELLS,
                "That is the share that is still blank. What is filled is asked for.",
            ),
        ),
        look="Two groups of nine cells each; count those that hold words.",
        praise="The blanks are the plan for the next visit.",
    ),
    Check(
        "03.row_b",
        kind=Mapped("the shares of row B", tolerance=0.0051),
        right=_row,
        mistakes=(
            Mistake(
                lambda: _row(turned=True),
                "You took those who are in B now, and asked where they came from. A row starts from before.",
            ),
            Mistake(
                lambda: _row("A"),
                "That is the row of class A.",
            ),
            Mistake(
                idn.migration(_WAS, _IS).counts.loc["B"].to_dict,
                "Those are counts. A row of shares adds to 1.",
            ),
            Mistake(
                lambda: _row(stayed_only=True),
                "You left out those who are gone. Whoever is lost was in the row, too.",
            ),
        ),
        look="Name those who were in B, one by one, and where each of them is now.",
        praise="Each row adds to 1, the lost among it.",
    ),
    Check(
        "03.lobby",
        kind=Mapped("visitors of each route"),
        right=_lobby,
        mistakes=(
            Mistake(
                lambda: _lobby("business"),
                "You sent whoever asks for wealth management to the VIP room. The rule looks at the assets.",
            ),
            Mistake(
                lambda: _lobby("machine_first"),
                "You looked at the machine first, so VIPs who draw cash stand at it. The assets come first.",
            ),
            Mistake(
                lambda: _lobby("ready"),
                "Being ready is not enough: no machine grants a loan. Which business goes there?",
            ),
            Mistake(
                lambda: _lobby("unready"),
                "You forgot the readiness: not everybody who wants cash can use the machine.",
            ),
        ),
        look="Three questions in this order: the assets, the readiness with the business, all others.",
        praise="Who matters for the counter is decided before anybody speaks.",
    ),
    Check(
        "03.half_ability",
        kind=Number(counted="accounts"),
        right=_movers,
        mistakes=(
            Mistake(
                lambda: _movers(by=0.1),
                "You moved the weight by a tenth. From 0.3 to one half is more than that.",
            ),
            Mistake(
                lambda: _movers(plain=True),
                "You gave the other three equal weights. They keep their proportions to each other.",
            ),
            Mistake(
                lambda: _movers("finance"),
                "You moved the weight of finance.",
            ),
            Mistake(
                lambda: len(_form()) - _movers(),
                "You counted those that stay in their band.",
            ),
        ),
        look="Make the weights first, and see that they add to 1; then compare two columns of bands.",
        praise="Still fewer than another reading would move.",
    ),
    Check(
        "03.strict_price",
        kind=Number(unit="RMB", tolerance=1.0),
        right=lambda: _chosen() - _chosen(("fit",)),
        mistakes=(
            Mistake(
                lambda: _chosen(("fit",)),
                "That is the profit of the strict list. How much less is it than that of `chosen`?",
            ),
            Mistake(
                lambda: _chosen(("fit",)) - _chosen(),
                "The right size, the wrong way round: how much *less* is asked for.",
            ),
            Mistake(
                lambda: _chosen() - _chosen(("fit", "grey", "too_strong")),
                "You left out only the weak. The director wants those who fit, so not the grey ones either.",
            ),
            Mistake(
                lambda: _chosen() - _chosen(("fit",), "revenue", all_may=True),
                "You used the form's own list, by revenue. Only the band changes; call `choose`.",
            ),
        ),
        look="Filter `accounts` by band, hand that to `choose`, and subtract the sums of `profit`.",
        praise="That is what the director pays for the word *fit*.",
    ),
)
