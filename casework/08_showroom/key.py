"""Key of case 8: who came to the showroom? Everything is worked out from the company handed in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from casebook import qualification as qlf
from casebook.course.cases.key import Graded, Slip
from casebook.course.kinds import Labels, Mapped, Names, Number
from casebook.evaluation import auc, brier

__all__ = ["KEY", "TABLES"]

Tables = Mapping[str, pd.DataFrame]

TABLES = ("showroom_visits",)

_TODAY, _YEAR_END = pd.Timestamp("2024-09-30"), pd.Timestamp("2024-12-31")
_RIPE = _TODAY - pd.Timedelta(days=90)
_BANDS = ("hot", "normal", "cooling", "watch")
_SIGNS = ("bargain", "loan_q", "notes", "asked_fee", "asked_delivery", "asked_developer")
_SCORED = ("bargain", "loan_q", "notes")
_CALLS, _REHEARSAL = 20, 60


# The people, as seen on a day ------------------------------------------------------------------------------


def _people(company: Tables, day: pd.Timestamp) -> pd.DataFrame:
    """One row a visitor with its band, from the visits up to a day."""
    visits = company["showroom_visits"]
    seen = visits[visits["date"] <= day]
    return seen[seen["visit_no"] == 1].merge(qlf.return_band(seen, day), on="visitor_id")


def _ripe(company: Tables) -> pd.DataFrame:
    people = _people(company, _TODAY)
    return people[people["first_visit"] <= _RIPE]


def _later(company: Tables) -> pd.DataFrame:
    people = _people(company, _YEAR_END)
    return people[people["first_visit"] > _RIPE]


# 1 Return bands --------------------------------------------------------------------------------------------


def _counts(people: pd.DataFrame) -> dict[str, int]:
    return {band: int((people["band"] == band).sum()) for band in _BANDS}


def _too_early_as_watch(company: Tables) -> dict[str, int]:
    people = _people(company, _TODAY)
    return _counts(people.assign(band=people["band"].fillna("watch")))


def _strict_bands(company: Tables) -> dict[str, int]:
    """Edges given to the worse band."""
    people = _people(company, _TODAY)
    days, known = people["days_to_return"], people["band"].notna()
    bands = np.select([days < 3, days < 7, days < 30], _BANDS[:3], "watch")
    return _counts(people.assign(band=pd.Series(bands, index=people.index).where(known)))


def _back_by_seven(company: Tables, *, curve: bool = True) -> float:
    visits = company["showroom_visits"]
    seen = visits[visits["date"] <= _TODAY]
    if curve:
        return float(qlf.return_curve(seen, _TODAY).set_index("day")["back"][7])
    return float((qlf.return_band(seen, _TODAY)["days_to_return"] <= 7).mean())


def _back_of_returners(company: Tables) -> float:
    days = _people(company, _TODAY)["days_to_return"].dropna()
    return float((days <= 7).mean())


def _rates(people: pd.DataFrame, outcome: str = "bought") -> dict[str, float]:
    return {band: float(people.loc[people["band"] == band, outcome].mean()) for band in _BANDS}


def _rates_unripe(company: Tables) -> dict[str, float]:
    """Everybody with a band; who has not bought yet counts as no."""
    people = _people(company, _TODAY)
    return _rates(people.assign(yet=people["purchase_date"] <= _TODAY), "yet")


def _band_of_buyers(company: Tables) -> dict[str, float]:
    """The share of bands among buyers, in place of the share of buyers in bands."""
    people = _ripe(company)
    buyers = people[people["bought"]]
    return {band: float((buyers["band"] == band).mean()) for band in _BANDS}


# 2 Likelihood ratios ---------------------------------------------------------------------------------------


def _signs(people: pd.DataFrame) -> pd.DataFrame:
    return qlf.signal_lr(people, list(_SIGNS), "bought").set_index("signal")


def _ratios(people: pd.DataFrame) -> dict[str, float]:
    return {str(name): float(lr) for name, lr in _signs(people)["lr"].items()}


def _ratios_by_visit(company: Tables) -> dict[str, float]:
    visits = company["showroom_visits"]
    first = visits[visits["visit_no"] == 1].set_index("visitor_id")["date"]
    return _ratios(visits[visits["visitor_id"].map(first) <= _RIPE])


def _rate_ratios(company: Tables) -> dict[str, float]:
    """Share of buyers with the sign over share of buyers without it."""
    people = _ripe(company)
    bought = people["bought"]
    return {s: float(bought[people[s]].mean() / bought[~people[s]].mean()) for s in _SIGNS}


def _sure(company: Tables, column: str = "low") -> list[str]:
    return ["yes" if value > 1 else "no" for value in _signs(_ripe(company))[column]]


def _learn(people: pd.DataFrame) -> tuple[float, dict[str, float], pd.DataFrame]:
    """Prior, ratio of each band, ratios of each sign."""
    buyers, others = people[people["bought"]], people[~people["bought"]]
    bands = {b: float((buyers["band"] == b).mean() / (others["band"] == b).mean()) for b in _BANDS}
    return float(people["bought"].mean()), bands, _signs(people)


def _one(company: Tables, *, absent: bool = True, prior: float | None = None) -> float:
    """Hot, bargained, no question about a loan, notes."""
    share, bands, signs = _learn(_ripe(company))
    ratios = [bands["hot"], signs["lr"]["bargain"], signs["lr"]["notes"]]
    if absent:
        ratios.append(signs["lr_absent"]["loan_q"])
    return qlf.naive_bayes(share if prior is None else prior, ratios)


def _one_without_odds(company: Tables) -> float:
    share, bands, signs = _learn(_ripe(company))
    loan = signs["lr_absent"]["loan_q"]
    return float(share * bands["hot"] * signs["lr"]["bargain"] * signs["lr"]["notes"] * loan)


# 3 The list of today, 4 looking back -----------------------------------------------------------------------


def _chance(people: pd.DataFrame, learned: pd.DataFrame) -> pd.Series:
    prior, bands, signs = _learn(learned)
    odds = people["band"].map(bands) * prior / (1 - prior)
    for sign in _SCORED:
        odds = odds * np.where(people[sign], signs["lr"][sign], signs["lr_absent"][sign])
    return (odds / (1 + odds)).round(6)


def _best(people: pd.DataFrame, by: str, n: int) -> pd.DataFrame:
    return people.sort_values([by, "visitor_id"], ascending=[False, True], kind="stable").head(n)


def _candidates(company: Tables, *, without_buyers: bool = True) -> pd.DataFrame:
    people = _people(company, _TODAY)
    people = people[people["first_visit"].between(pd.Timestamp("2024-08-01"), pd.Timestamp("2024-08-31"))]
    return people[~(people["purchase_date"] <= _TODAY)] if without_buyers else people


def _call(company: Tables, learned: pd.DataFrame | None = None, *, without_buyers: bool = True) -> list[str]:
    people = _candidates(company, without_buyers=without_buyers)
    known = _ripe(company) if learned is None else learned
    scored = people.assign(chance=_chance(people, known))
    return [str(name) for name in _best(scored, "chance", _CALLS)["visitor_id"]]


def _call_by_bag(company: Tables) -> list[str]:
    return [str(name) for name in _best(_candidates(company), "bag_cue", _CALLS)["visitor_id"]]


def _promised(company: Tables, people: pd.DataFrame) -> dict[str, float]:
    chance = _chance(people, _ripe(company))
    return {"promised": float(chance.sum()), "came": float(people["bought"].sum())}


def _briers(company: Tables, *, learned: bool = True) -> dict[str, float]:
    people = _later(company)
    share = float((_ripe(company) if learned else people)["bought"].mean())
    return {
        "score": brier(people["bought"], _chance(people, _ripe(company))),
        "share": brier(people["bought"], np.full(len(people), share)),
    }


def _gaps(company: Tables) -> dict[str, float]:
    """Mean gap without the square."""
    people, known = _later(company), _ripe(company)
    bought = people["bought"].astype(float)
    chance = _chance(people, known)
    return {
        "score": float((bought - chance).abs().mean()),
        "share": float((bought - known["bought"].mean()).abs().mean()),
    }


# 5 The bag -------------------------------------------------------------------------------------------------


def _bag(company: Tables, ties: float = 0.5) -> float:
    people = _people(company, _YEAR_END)
    buyers = people.loc[people["bought"], "bag_cue"].to_numpy()
    others = people.loc[~people["bought"], "bag_cue"].to_numpy()
    more = (buyers[:, None] > others[None, :]).mean()
    return float(more + ties * (buyers[:, None] == others[None, :]).mean())


def _bag_right(company: Tables) -> float:
    people = _people(company, _YEAR_END)
    return auc(people["bought"], people["bag_cue"])


def _found(company: Tables, *, cheap_first: bool = False) -> dict[str, int]:
    people = _later(company)
    people = people.assign(
        chance=_chance(people, _ripe(company)), bag=people["bag_cue"] * (-1 if cheap_first else 1)
    )
    return {
        "score": int(_best(people, "chance", _REHEARSAL)["bought"].sum()),
        "bag": int(_best(people, "bag", _REHEARSAL)["bought"].sum()),
    }


def _found_shares(company: Tables) -> dict[str, float]:
    return {name: n / _REHEARSAL for name, n in _found(company).items()}


KEY = (
    Graded(
        "bands",
        Mapped("numbers of visitors"),
        6,
        lambda company: _counts(_people(company, _TODAY)),
        (
            Slip(
                _too_early_as_watch,
                "You count as *watch* everybody who is not back. Of whom can that be said on 30 September, "
                "and of whom not yet?",
                2,
            ),
            Slip(
                lambda company: _counts(_people(company, _YEAR_END)),
                "This is the file of the year's end. On 30 September the later visits have not happened.",
                2,
            ),
            Slip(_strict_bands, "You give the edges to the worse band. Read the definition of the bands.", 3),
        ),
        "One row a visitor: first visit, first return, and how long we have watched.",
    ),
    Graded(
        "back_by_day7",
        Number(tolerance=0.0005, share=True),
        7,
        _back_by_seven,
        (
            Slip(
                lambda company: _back_by_seven(company, curve=False),
                "Who came last week is counted as somebody who stays away. How does a curve treat visitors "
                "who were watched for a few days only?",
                3,
            ),
            Slip(
                _back_of_returners,
                "You divide by those who came back. The question is asked of all visitors.",
            ),
        ),
        "On each day: who was still waiting and still watched, and who of them came?",
    ),
    Graded(
        "band_rates",
        Mapped("shares that bought", tolerance=0.0005),
        7,
        lambda company: _rates(_ripe(company)),
        (
            Slip(
                _rates_unripe,
                "You count visitors whose 90 days are not over, and take *not yet* for *no*. Whose outcome "
                "is known on 30 September?",
                2,
            ),
            Slip(
                lambda company: _rates(_people(company, _YEAR_END)),
                "You use outcomes that nobody could know on 30 September. Which first visits have had "
                "their 90 days by then?",
                2,
            ),
            Slip(
                _band_of_buyers,
                "You found which bands the buyers come from. Asked is the other way round: of a band, how "
                "many bought?",
            ),
        ),
        "First the visitors whose outcome is known, then a share for each band.",
    ),
    Graded(
        "ratios",
        Mapped("likelihood ratios", tolerance=0.005),
        7,
        lambda company: _ratios(_ripe(company)),
        (
            Slip(
                _ratios_by_visit,
                "You count visits. Who came three times counts three times: use one row a visitor.",
                3,
            ),
            Slip(
                _rate_ratios,
                "You compare shares of buyers with and without the sign. A likelihood ratio goes the other "
                "way: how frequent is the sign in buyers, and in the others?",
                2,
            ),
            Slip(
                lambda company: _ratios(_people(company, _YEAR_END)),
                "You learn from outcomes that are known only at the year's end.",
                3,
            ),
        ),
        "Two shares for each sign, one over the other.",
    ),
    Graded(
        "sure_signs",
        Labels("signs"),
        6,
        _sure,
        (
            Slip(
                lambda company: _sure(company, "lr"),
                "A ratio above 1 is not sure yet. Look at the lower end of its interval.",
                1,
            ),
            Slip(
                lambda company: _sure(company, "high"),
                "You look at the upper end. What has to lie above 1, if the whole interval has to?",
            ),
        ),
        "For each sign: does the whole 95% interval lie above 1?",
    ),
    Graded(
        "one_visitor",
        Number(tolerance=0.0005, share=True),
        7,
        _one,
        (
            Slip(
                lambda company: _one(company, absent=False),
                "You leave out what the visitor did not ask. That a sign is missing has a ratio too.",
                4,
            ),
            Slip(
                lambda company: _one(company, prior=0.5),
                "You start from even odds. Where does a visitor start of whom nothing is known?",
                2,
            ),
            Slip(
                _one_without_odds,
                "You multiply a probability by ratios. They multiply odds: p / (1 − p), and back.",
                2,
            ),
        ),
        "Prior odds, times the ratio of the band, times one ratio for each of the three signs.",
    ),
    Graded(
        "call_today",
        Names("visitors", ordered=True),
        5,
        _call,
        (
            Slip(
                lambda company: _call(company, without_buyers=False),
                "Somebody on your list has bought already. Who is left to be called on 30 September?",
                2,
            ),
            Slip(
                lambda company: _call(company, _people(company, _YEAR_END)),
                "Your ratios come from the whole file. On 30 September most of these outcomes are not known.",
                2,
            ),
            Slip(_call_by_bag, "That is the list of the bag. Asked is the list of the score."),
        ),
        "Candidates, chance to six decimals, best first, ties by the smaller number.",
    ),
    Graded(
        "promised_came",
        Mapped("numbers of purchases", tolerance=0.05),
        6,
        lambda company: _promised(company, _later(company)),
        (
            Slip(
                lambda company: _promised(company, _people(company, _YEAR_END)),
                "You test the score on visitors from whom it learned as well. Keep to those of after 2 July.",
                2,
            ),
            Slip(
                lambda company: _promised(company, _ripe(company)),
                "You test the score on the very visitors from whom it learned.",
                1,
            ),
        ),
        "The sum of the chances of the later visitors, and the number who bought.",
    ),
    Graded(
        "brier_scores",
        Mapped("Brier scores", tolerance=0.00005),
        6,
        _briers,
        (
            Slip(
                lambda company: _briers(company, learned=False),
                "Your constant is the share of the later visitors: nobody knew it on 30 September.",
                3,
            ),
            Slip(_gaps, "You take the mean gap. The Brier score takes the mean of its square.", 2),
        ),
        "The mean squared gap between what was said and what came, 1 or 0; once for each forecast.",
    ),
    Graded(
        "bag_auc",
        Number(tolerance=0.0005, share=True),
        4,
        _bag_right,
        (
            Slip(
                lambda company: _bag(company, 0),
                "You count ties as lost. With three kinds of bag most pairs are near a tie: what does a tie "
                "count?",
                1,
            ),
            Slip(lambda company: _bag(company, 1), "You count ties as won. What does a tie count?", 1),
        ),
        "All pairs of a buyer and another visitor; a tie counts one half.",
    ),
    Graded(
        "buyers_found",
        Mapped("numbers of buyers"),
        4,
        _found,
        (
            Slip(_found_shares, "You hand in shares. Asked is how many buyers each list finds.", 2),
            Slip(
                lambda company: _found(company, cheap_first=True),
                "Your list by the bag begins with the cheap ones.",
                2,
            ),
        ),
        "Two lists of sixty, each in its order, and the buyers on them.",
    ),
)
