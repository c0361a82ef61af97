"""The key of case 6: each answer is worked out from the company handed in; nothing is stored."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from casebook import distributors as dst
from casebook.collection import CLAUSES, contract_check
from casebook.course.cases import Graded, Slip
from casebook.course.kinds import Mapped, Names, Number, Table
from casebook.evaluation_form import evaluation_band
from casebook.weights import weight_stability

TABLES = ("dealer_candidates", "contracts")

Tables = Mapping[str, pd.DataFrame]
Weights = Mapping[str, float]

# The two sheets of the brief, in the order of the eleven criteria.
LIN = dict(
    zip(dst.DEALER_CRITERIA, (0.15, 0.10, 0.03, 0.12, 0.08, 0.05, 0.07, 0.25, 0.08, 0.05, 0.02), strict=True)
)
GAO = dict(
    zip(dst.DEALER_CRITERIA, (0.05, 0.15, 0.10, 0.08, 0.05, 0.30, 0.05, 0.10, 0.05, 0.05, 0.02), strict=True)
)
EQUAL = dict.fromkeys(LIN, 1 / len(LIN))
SCORES = [*LIN, "character", "management"]
BANDS = ("too_weak", "fit", "grey", "too_strong")
NAME = "candidate_id"


def everybody(company: Tables) -> pd.DataFrame:
    return company["dealer_candidates"].sort_values(NAME, ignore_index=True)


def gated(company: Tables) -> pd.DataFrame:
    return dst.gate_dealers(everybody(company)).query("gate == 'pass'")


# 1 Gates -------------------------------------------------------------------------------------------------


def names_where(company: Tables, rule: Any) -> list[str]:
    table = everybody(company)
    return table.loc[rule(table[list(dst.GATES)]), NAME].tolist()


def below(company: Tables) -> pd.DataFrame:
    return everybody(company)[list(dst.GATES)] < 60


def first_gate_only(company: Tables) -> dict[str, int]:
    """Whoever has failed one gate is not looked at again."""
    low = below(company)
    first = low.cumsum(axis=1).eq(1) & low
    return first.sum().to_dict()


# 2, 3 Weights and ranking --------------------------------------------------------------------------------


def top(table: pd.DataFrame, weights: Weights, count: int) -> pd.DataFrame:
    return dst.score_dealers(table, weights)[[NAME, "total"]].head(count)


def names(table: pd.DataFrame, weights: Weights, count: int = 3) -> list[str]:
    return top(table, weights, count)[NAME].tolist()


# 4 Flip weights ------------------------------------------------------------------------------------------


def flips(table: pd.DataFrame, weights: Weights = LIN) -> dict[str, float]:
    a, b = names(table, weights, 2)
    found = {c: dst.flip_weight(table, a, b, c, weights=weights) for c in weights}
    return {c: w for c, w in found.items() if not math.isnan(w)}


def flips_alone(table: pd.DataFrame) -> dict[str, float]:
    """One weight is moved and the others stay as they are, so that they no longer add to 1."""
    a, b = names(table, LIN, 2)
    scores = table.set_index(NAME)[list(LIN)]
    apart = scores.loc[a] - scores.loc[b]
    ahead = float(apart @ pd.Series(LIN))
    found = {c: LIN[c] - ahead / d for c, d in apart.items() if d}
    return {c: w for c, w in found.items() if 0 <= w <= 1} or {"none": 0.0}


def changes(table: pd.DataFrame) -> dict[str, float]:
    return {c: w - LIN[c] for c, w in flips(table).items()}


def nearest(table: pd.DataFrame) -> str:
    moved = changes(table)
    return min(moved, key=lambda c: abs(moved[c]))


def furthest(table: pd.DataFrame) -> str:
    moved = changes(table)
    return max(moved, key=lambda c: abs(moved[c]))


def smallest(table: pd.DataFrame) -> str:
    found = flips(table)
    return min(found, key=lambda c: found[c])


def p_first(table: pd.DataFrame, change: float = 0.5) -> float:
    made = weight_stability(table, LIN, criteria=list(LIN), top=1, change=change, draws=1000, seed=6)
    return float(made["p_chosen"].iloc[0])


# 5 Band --------------------------------------------------------------------------------------------------


def band(table: pd.DataFrame, weights: Weights = LIN) -> pd.Series:
    total = dst.score_dealers(table, weights).set_index(NAME)["total"].sort_index()
    return evaluation_band(total)["band"]


def count_bands(table: pd.DataFrame, weights: Weights = LIN) -> dict[str, int]:
    return band(table, weights).value_counts().reindex(list(BANDS), fill_value=0).to_dict()


# 6 Contract ----------------------------------------------------------------------------------------------


def gaps(company: Tables) -> pd.Series:
    contracts = company["contracts"]
    return (~contracts[[f"clause_{n}" for n in CLAUSES]]).sum()


def only_gap(company: Tables) -> dict[str, int]:
    missing = contract_check(company["contracts"])["missing"]
    return {f"clause_{n}": int(sum(m == [n] for m in missing)) for n in CLAUSES}


# 7 Three years later -------------------------------------------------------------------------------------


def interval(table: pd.DataFrame, weights: Weights = LIN, free: int = 3) -> dict[str, float]:
    total = (table[list(weights)] * pd.Series(weights)).sum(axis=1)
    r = float(total.corr(table["later_sales"]))
    z, reach = math.atanh(r), 1.96 / math.sqrt(len(table) - free)
    return {"r": r, "low": math.tanh(z - reach), "high": math.tanh(z + reach)}


def straight_interval(table: pd.DataFrame) -> dict[str, float]:
    """Without Fisher's transformation: r plus and minus 1.96 over the root of n - 3."""
    r, reach = interval(table)["r"], 1.96 / math.sqrt(len(table) - 3)
    return {"r": r, "low": r - reach, "high": r + reach}


def strongest(table: pd.DataFrame, *, first: bool = True) -> list[str]:
    r = table[SCORES].corrwith(table["later_sales"]).abs()
    return r.sort_values(ascending=not first).index[:3].tolist()


def place(table: pd.DataFrame, who: str, *, best_first: bool = True) -> int:
    sales = table.set_index(NAME)["later_sales"]
    return int(1 + (sales > sales[who] if best_first else sales < sales[who]).sum())


def forecast(known: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
    design = np.column_stack([np.ones(len(known)), known[SCORES]])
    fitted = np.linalg.lstsq(design, known["later_sales"].to_numpy(), rcond=None)[0]
    return np.column_stack([np.ones(len(asked)), asked[SCORES]]) @ fitted


def r_squared(sales: pd.Series, said: np.ndarray) -> float:
    return float(1 - ((sales - said) ** 2).sum() / ((sales - sales.mean()) ** 2).sum())


def left_out(table: pd.DataFrame) -> np.ndarray:
    return np.array([forecast(table.drop(i), table.loc[[i]])[0] for i in table.index])


def learned(table: pd.DataFrame) -> dict[str, float]:
    sales = table["later_sales"]
    return {"fitted": r_squared(sales, forecast(table, table)), "left_out": r_squared(sales, left_out(table))}


KEY = (
    Graded(
        "passed",
        Names("candidates"),
        points=5,
        right=lambda company: gated(company)[NAME].tolist(),
        slips=(
            Slip(
                lambda company: names_where(company, lambda g: g.mean(axis=1) >= 60),
                "You let the three scores make up for each other. A gate is not a mean: each is asked alone.",
            ),
            Slip(
                lambda company: names_where(company, lambda g: (g >= 60).any(axis=1)),
                "You let in whoever reaches one gate. How many of the three have to be reached?",
            ),
            Slip(
                lambda company: names_where(company, lambda g: (g.iloc[:, :2] >= 60).all(axis=1)),
                "Character and management are asked; one gate is forgotten. It stands among the eleven "
                "criteria as well.",
                points=2,
            ),
        ),
        look="Who reaches at least 60 points in each of the three scores that the rule names?",
    ),
    Graded(
        "failed_by",
        Mapped("the number of candidates below each gate"),
        points=3,
        right=lambda company: below(company).sum().to_dict(),
        slips=(
            Slip(
                first_gate_only,
                "You count each candidate once, at the first gate it misses. Who misses two counts at both.",
                points=1.5,
            ),
            Slip(
                lambda company: below(company)[below(company).sum(axis=1) == 1].sum().to_dict(),
                "You count those who miss this gate and no other. Who misses two counts at both.",
                points=1.5,
            ),
            Slip(
                lambda company: (~below(company)).sum().to_dict(),
                "You count those who reach the gate. The question asks for the others.",
                points=1,
            ),
        ),
        look="For each gate alone: how many of all candidates have fewer than 60 points?",
    ),
    Graded(
        "lin_top",
        Table(("total",), key=NAME, what="candidates", ordered=True, tolerance=0.05),
        points=5,
        right=lambda company: top(gated(company), LIN, 5),
        slips=(
            Slip(
                lambda company: top(everybody(company), LIN, 5),
                "You ranked everybody. Whom do the gates leave?",
                points=2,
            ),
            Slip(
                lambda company: top(gated(company), EQUAL, 5),
                "That is the plain mean of the eleven scores: each criterion has a weight of its own.",
            ),
            Slip(
                lambda company: top(gated(company), GAO, 5),
                "The right work with the other sheet: whose weights are asked for?",
                points=3,
            ),
        ),
        look="Weigh each of the eleven scores, add up, sort from the highest, take five of those who passed.",
    ),
    Graded(
        "gao_top",
        Names("candidates", ordered=True),
        points=3,
        right=lambda company: names(gated(company), GAO),
        slips=(
            Slip(
                lambda company: names(gated(company), LIN),
                "The right work with the other sheet: whose weights are asked for?",
                points=1,
            ),
            Slip(
                lambda company: names(gated(company), EQUAL),
                "That is the order by the plain mean: use the weights of the sheet.",
            ),
            Slip(
                lambda company: names(gated(company), GAO)[::-1],
                "The right three, the lowest total first. The best stands first.",
                points=2,
            ),
            Slip(
                lambda company: names(everybody(company), GAO),
                "You ranked everybody. Whom do the gates leave?",
                points=2,
            ),
        ),
        look="As for the first sheet, with the other weights; three names, the best first.",
    ),
    Graded(
        "flips",
        Mapped("the flip weight of each criterion", tolerance=0.005),
        points=5,
        right=lambda company: flips(gated(company)),
        slips=(
            Slip(
                lambda company: flips_alone(gated(company)),
                "You moved one weight and left the others as they were: they no longer add to 1. The others "
                "have to make room in proportion.",
                points=2,
            ),
            Slip(
                lambda company: changes(gated(company)),
                "You handed in by how much each weight has to move. The question asks for the weight itself.",
                points=3,
            ),
            Slip(
                lambda company: flips(gated(company), GAO),
                "That is the first and the second of the other sheet, and its weights.",
                points=2,
            ),
        ),
        look="For each criterion: at which weight from 0 to 1 do the first and the second of her list tie?",
    ),
    Graded(
        "nearest",
        Names("criteria"),
        points=2,
        right=lambda company: [nearest(gated(company))],
        slips=(
            Slip(
                lambda company: [furthest(gated(company))],
                "That weight has to move furthest. Which has the shortest way?",
            ),
            Slip(
                lambda company: [smallest(gated(company))],
                "That is the smallest flip weight. How far each weight moves also hangs on where it is now.",
                points=0.5,
            ),
        ),
        look="Compare each flip weight with the weight on the sheet, up or down, in the same unit.",
    ),
    Graded(
        "p_first",
        Number(tolerance=0.03, share=True),
        points=3,
        right=lambda company: p_first(gated(company)),
        slips=(
            Slip(
                lambda company: p_first(gated(company), 0.2),
                "That is for weights that are a fifth off. The question asks for a half.",
                points=1.5,
            ),
            Slip(
                lambda company: 1 - p_first(gated(company)),
                "That is the share of draws in which somebody else is first.",
                points=1.5,
            ),
        ),
        look="With the recipe of the question: in what share of draws does the first stay first?",
    ),
    Graded(
        "bands",
        Mapped("the number of candidates in each band"),
        points=4,
        right=lambda company: count_bands(gated(company)),
        slips=(
            Slip(
                lambda company: count_bands(everybody(company)),
                "You put everybody into a band. Whom do the gates leave?",
                points=2,
            ),
            Slip(
                lambda company: count_bands(gated(company), GAO),
                "The right work with the other sheet: whose totals are asked for?",
                points=2,
            ),
        ),
        look="Four names, zero where there is nobody. Where do exactly 70, 80 and 85 belong?",
    ),
    Graded(
        "band_moves",
        Number(counted="candidates"),
        points=3,
        right=lambda company: int((band(gated(company), LIN) != band(gated(company), GAO)).sum()),
        slips=(
            Slip(
                lambda company: int((band(everybody(company), LIN) != band(everybody(company), GAO)).sum()),
                "You compare the bands of everybody. Whom do the gates leave?",
                points=1,
            ),
            Slip(
                lambda company: int((band(gated(company), LIN) == band(gated(company), GAO)).sum()),
                "You count those who stay in their band. The question asks for the others.",
                points=1,
            ),
        ),
        look="For each candidate that passed: is its band the same under both sheets?",
    ),
    Graded(
        "gaps",
        Mapped("the number of contracts that lack each clause"),
        points=4,
        right=lambda company: gaps(company).to_dict(),
        slips=(
            Slip(
                lambda company: (len(company["contracts"]) - gaps(company)).to_dict(),
                "You count the contracts that have the clause. The question asks for the others.",
                points=2,
            ),
            Slip(
                only_gap,
                "You count contracts that lack this clause and no other. Who lacks two counts at both.",
                points=2,
            ),
        ),
        look="A clause is there where its column is true. In how many contracts is each of the ten not?",
    ),
    Graded(
        "lin_r",
        Mapped("the correlation and its interval", tolerance=0.005),
        points=3,
        right=lambda company: interval(everybody(company)),
        slips=(
            Slip(
                lambda company: interval(gated(company)),
                "You took those who passed the gates. The index is known for all thirty.",
                points=1.5,
            ),
            Slip(
                lambda company: straight_interval(everybody(company)),
                "The correlation is right; its interval is laid off on r itself: turn r into z first.",
                points=1.5,
            ),
            Slip(
                lambda company: interval(everybody(company), GAO),
                "The right work with the other sheet: whose totals are asked for?",
                points=1.5,
            ),
            Slip(
                lambda company: interval(everybody(company), free=0),
                "The correlation is right; the spread of z is one over the root of n less something.",
                points=2,
            ),
        ),
        look="Her totals of all thirty against the index: r, then z = atanh(r), both ends back by tanh.",
    ),
    Graded(
        "strongest",
        Names("scores", ordered=True),
        points=2,
        right=lambda company: strongest(everybody(company)),
        slips=(
            Slip(
                lambda company: strongest(gated(company)),
                "You took those who passed the gates. The index is known for all thirty.",
                points=1,
            ),
            Slip(
                lambda company: strongest(everybody(company), first=False),
                "These three go least with the index: you ranked from the weakest.",
            ),
        ),
        look="Correlate each of the thirteen scores with the index; rank by size, without the sign.",
    ),
    Graded(
        "place",
        Number(counted="places"),
        points=2,
        right=lambda company: place(gated(company), names(gated(company), LIN, 1)[0]),
        slips=(
            Slip(
                lambda company: place(gated(company), names(gated(company), LIN, 1)[0]) - 1,
                "That is how many sold more. Place 1 is the place of the one whom nobody passed.",
                points=1,
            ),
            Slip(
                lambda company: place(gated(company), names(gated(company), LIN, 1)[0], best_first=False),
                "You count from the lowest sales. Place 1 sold most.",
                points=0.5,
            ),
        ),
        look="Among those who passed: how many sold more than the first of her list? Plus one.",
    ),
    Graded(
        "learned",
        Mapped("the two shares explained", tolerance=0.005),
        points=2,
        right=lambda company: learned(everybody(company)),
        slips=(
            Slip(
                lambda company: (
                    learned(everybody(company)) | {"left_out": learned(everybody(company))["fitted"]}
                ),
                "Both come from a fit on all thirty. For the second, the candidate that is forecast must not "
                "be among those who are learned from.",
                points=0.5,
            ),
            Slip(
                lambda company: (
                    learned(everybody(company))
                    | {
                        "left_out": float(
                            np.corrcoef(everybody(company)["later_sales"], left_out(everybody(company)))[0, 1]
                            ** 2
                        )
                    }
                ),
                "The second is a squared correlation: it forgives any error of level and size, and never "
                "falls below zero. Use `r_squared`.",
                points=1,
            ),
            Slip(
                lambda company: learned(gated(company)),
                "You took those who passed the gates. The index is known for all thirty.",
                points=0.5,
            ),
        ),
        look="Forecast each candidate from the other 29, then compare the thirty forecasts with the index.",
    ),
)
