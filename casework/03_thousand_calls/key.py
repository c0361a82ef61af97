"""Key of case 3, a thousand calls. Everything is worked out from the company that is handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from casebook.call_burden import call_burden, mark_repeats, solved_notes
from casebook.course.cases import Graded, Slip
from casebook.course.kinds import Mapped, Names, Number, Table

TABLES = ("support_users", "support_calls")

Company = Mapping[str, pd.DataFrame]
WAYS = ["repair", "reprice", "dismiss"]
VISIT, NOTICE, TARIFF, LEAVE = 300, 200, 150, 1 / 3
MENDED = {True: 17 / 20, False: 6 / 20}  # by whether the trouble was noted unsolved
SAVED, LEFT = 0.60, 0.40


# What the case is about ------------------------------------------------------------------------------------


def _burden(company: Company, **rule: Any) -> pd.DataFrame:
    return call_burden(company["support_calls"], company["support_users"], **rule)


def _calls(company: Company) -> pd.DataFrame:
    return mark_repeats(company["support_calls"]).sort_values("call_id", ignore_index=True)


def _heavy(company: Company) -> list[str]:
    table = _burden(company)
    return table.loc[table["heavy_months"] >= 6, "user_id"].tolist()


def _flagged(company: Company) -> list[str]:
    table = _burden(company)
    return table.loc[table["flag"], "user_id"].tolist()


def _solved_part(company: Company) -> pd.Series:
    """Share of the repeat calls of each flagged user that were noted as solved."""
    calls = _calls(company)
    rows = calls[calls["repeat"] & calls["user_id"].isin(_flagged(company))]
    return rows.groupby("user_id")["resolved"].mean()


def _unsolved(company: Company) -> list[str]:
    part = _solved_part(company)
    return part.index[part < 0.5].tolist()


# Question 1 ------------------------------------------------------------------------------------------------


def _means_of_active_months(company: Company) -> pd.DataFrame:
    table, calls = company["support_users"], company["support_calls"].groupby("user_id")
    months = table["user_id"].map(calls["month"].nunique())
    number, cost = table["user_id"].map(calls.size()), table["user_id"].map(calls["cost"].sum())
    net = table["revenue_pm"] - (cost / months).fillna(0)
    return table.assign(calls_pm=(number / months).fillna(0), net_margin=net)


def _whole_year(company: Company) -> pd.DataFrame:
    table = _burden(company)
    return table.assign(calls_pm=12 * table["calls_pm"], net_margin=12 * table["net_margin"])


def _year_against_month(company: Company) -> pd.DataFrame:
    table = _burden(company)
    return table.assign(net_margin=table["revenue_pm"] - 12 * table["cost_pm"])


def _losing(company: Company, left: float = LEFT, months: int = 1) -> int:
    table = _burden(company)
    return int((left * table["revenue_pm"] < months * table["cost_pm"] - 1e-9).sum())


# Questions 2 and 3 -----------------------------------------------------------------------------------------


def _share_of(company: Company, rows: Callable[[pd.DataFrame], pd.Series]) -> float:
    return float(rows(_calls(company)).mean())


def _issues_repeated(company: Company) -> float:
    counts = company["support_calls"].groupby(["user_id", "issue_id"]).size()
    return float((counts > 1).mean())


def _top(company: Company, column: str = "repeat", users: int = 10) -> float:
    calls = _calls(company)
    counts = calls.loc[calls[column] if column else slice(None), "user_id"].value_counts()
    return float(counts.nlargest(users).sum() / counts.sum())


def _top_of_all_calls(company: Company) -> float:
    calls = _calls(company)
    repeats = calls.loc[calls["repeat"], "user_id"].value_counts()
    return float(repeats.nlargest(10).sum() / len(calls))


# Question 4 ------------------------------------------------------------------------------------------------


def _others(company: Company) -> list[str]:
    """The flagged users whose trouble was noted as solved."""
    part = _solved_part(company)
    return part.index[part >= 0.5].tolist()


def _broken(
    company: Company, mark: str = "again", users: Callable[[Company], list[str]] | None = _flagged
) -> int:
    calls = _calls(company)
    mine = calls["user_id"].isin(users(company)) if users else True
    return int((mine & calls["resolved"] & calls[mark]).sum())


def _solved_ticks(company: Company) -> int:
    calls = _calls(company)
    return int((calls["user_id"].isin(_flagged(company)) & calls["resolved"]).sum())


def _after(company: Company, without: Callable[[Company], list[str]] | None = _heavy) -> dict[str, float]:
    calls = company["support_calls"]
    if without:
        calls = calls[~calls["user_id"].isin(without(company))]
    return solved_notes(calls).set_index("noted")["again_share"].to_dict()


def _before(company: Company) -> dict[str, float]:
    """The share that were repeat calls themselves, by note."""
    calls = _calls(company)
    calls = calls[~calls["user_id"].isin(_heavy(company))]
    shares = calls.groupby("resolved")["repeat"].mean()
    return {"solved": shares[True], "unsolved": shares[False]}


def _crossed(company: Company) -> dict[str, float]:
    right = _after(company)
    return {"solved": right["unsolved"], "unsolved": right["solved"]}


def _bill(
    company: Company, users: Callable[[Company], list[str]] | None = None, any_earlier: bool = False
) -> float:
    calls = _calls(company)
    notes = calls.assign(open=~calls["resolved"]).groupby(["user_id", "issue_id"])["open"]
    before = notes.cummax() if any_earlier else notes.shift()
    late = (before & calls["repeat"]) if any_earlier else before.eq(True)
    if users:
        late &= calls["user_id"].isin(users(company))
    return float(calls.loc[late, "cost"].sum())


def _bill_of(company: Company, rows: Callable[[pd.DataFrame], pd.Series]) -> float:
    calls = _calls(company)
    return float(calls.loc[rows(calls), "cost"].sum())


# Question 5 ------------------------------------------------------------------------------------------------


def _gains(
    company: Company,
    saved: float = 1.0,
    *,
    mended: Mapping[bool, float] = MENDED,
    base: str = "repeat_cost",
    once: float = 1.0,
    months: int = 12,
    revenue_saved: float = 1.0,
) -> pd.DataFrame:
    calls, table = _calls(company), company["support_users"]
    table = table[table["user_id"].isin(_flagged(company))].set_index("user_id")
    costs = calls.groupby("user_id")["cost"].sum()[table.index]
    repeats = calls[calls["repeat"]].groupby("user_id")["cost"].sum()[table.index]
    chance = pd.Series(table.index.isin(_unsolved(company)), table.index).map(mended)
    pays = months * revenue_saved * table["revenue_pm"]
    ends = {"repeat_cost": repeats, "cost": costs}[base]
    table["repair"] = chance * saved * ends - once * VISIT
    table["reprice"] = (1 - LEAVE) * (12 * TARIFF - pays) + LEAVE * (saved * costs - pays)
    table["dismiss"] = saved * costs - pays - once * NOTICE
    return table.assign(cost=costs, repeat_cost=repeats).reset_index()


def _even(company: Company, visit: float = VISIT, base: str = "repeat_cost", **how: Any) -> dict[str, float]:
    table = _gains(company, **how)
    return dict(zip(table["user_id"], (table["dismiss"] + visit) / table[base], strict=True))


def _even_with_nothing(company: Company) -> dict[str, float]:
    table = _gains(company)
    return dict(zip(table["user_id"], VISIT / table["repeat_cost"], strict=True))


def _best(company: Company, ways: list[str] | None = None, **how: Any) -> dict[str, str]:
    return _gains(company, **how).set_index("user_id")[ways or WAYS].idxmax(axis=1).to_dict()


def _totals(company: Company, saved: float = SAVED, **how: Any) -> dict[str, float]:
    return _gains(company, saved, **how)[WAYS].sum().to_dict()


def _everything_at_sixty(company: Company) -> dict[str, float]:
    return {way: SAVED * gain for way, gain in _totals(company, 1.0).items()}


KEY = (
    Graded(
        "burden",
        Table(("calls_pm", "net_margin"), key="user_id", what="users", tolerance=0.0051),
        8,
        _burden,
        (
            Slip(_whole_year, "These are sums of the year. Both columns are asked for as a month's mean.", 4),
            Slip(
                _means_of_active_months,
                "You divided by the months in which the user called. Months without a call count too.",
                4,
            ),
            Slip(
                _year_against_month,
                "You set a year of calls against one month's payment. Bring both to the same time.",
                2,
            ),
            Slip(
                lambda company: _burden(company, cost_per_call=5.0),
                "You used one price for every call. The table holds what each call did cost.",
                4,
            ),
        ),
        "Add up the calls and their cost by user, put in zeros for those who never called, divide by twelve.",
    ),
    Graded(
        "losing_40",
        Number(counted="users"),
        4,
        _losing,
        (
            Slip(
                lambda company: _losing(company, 1.0),
                "You let the whole revenue pay for calls. Only a part of it is left for them.",
                1,
            ),
            Slip(
                lambda company: _losing(company, LEFT, 12),
                "You set a year of calls against one month's payment.",
                1,
            ),
        ),
        "Multiply the revenue, not the margin; then compare it with the cost of calls, user by user.",
    ),
    Graded(
        "repeat_share",
        Number(tolerance=0.00051, share=True),
        4,
        lambda company: _share_of(company, lambda calls: calls["repeat"]),
        (
            Slip(
                lambda company: _share_of(company, lambda c: c.duplicated(["user_id", "issue_id", "month"])),
                "You began anew each month. An issue stays old, whenever it was first called about.",
                2,
            ),
            Slip(
                lambda company: _share_of(company, lambda c: c["repeat"] | c["again"]),
                "You counted the first calls of issues that were called about again. A first call is no "
                "repeat.",
                1,
            ),
            Slip(
                _issues_repeated,
                "That is the share of *issues* called about more than once. The question counts calls.",
                1,
            ),
        ),
        "`duplicated` on user and issue marks each row that had one like it above.",
    ),
    Graded(
        "flagged",
        Names("users"),
        5,
        _flagged,
        (
            Slip(
                _heavy,
                "You left out the margin: some of yours call as often, and still bring money.",
                2,
            ),
            Slip(
                lambda company: sorted(set(_heavy(company)) - set(_flagged(company))),
                "These are the heavy callers who are *not* at a loss. Look at the sign of the margin.",
            ),
            Slip(
                lambda company: _burden(company).query("heavy_months < 6")["user_id"].tolist(),
                "You turned the rule round: these are the users with too few heavy months.",
            ),
        ),
        "Count repeat calls by user and month, then the months at the limit or above it, then look at the "
        "margin.",
    ),
    Graded(
        "top_share",
        Number(tolerance=0.00051, share=True),
        4,
        _top,
        (
            Slip(
                lambda company: _top(company, ""),
                "You counted all calls, above and below the line. The question is about repeat calls.",
                2,
            ),
            Slip(
                _top_of_all_calls,
                "The repeat calls of the ten, yes; but you divide by all calls. Divide by all repeat calls.",
                2,
            ),
            Slip(
                lambda company: _top(company, users=len(_flagged(company))),
                "You took the flagged users. The question takes the ten with the most repeat calls, flagged "
                "or not.",
                1,
            ),
        ),
        "Repeat calls by user, the ten largest, over the sum of all.",
    ),
    Graded(
        "noted_unsolved",
        Names("users"),
        3,
        _unsolved,
        (
            Slip(_others, "These are the ones whose repeat calls were noted as *solved*.", 1),
            Slip(
                _flagged,
                "These are all who are flagged. Everybody has a few unsolved calls; more than half are asked "
                "for.",
            ),
        ),
        "Flagged users only, repeat calls only; the mean of `resolved` by user.",
    ),
    Graded(
        "broken",
        Number(counted="calls"),
        4,
        _broken,
        (
            Slip(
                lambda company: _broken(company, "repeat"),
                "These are solved ticks *on* repeat calls. A tick is broken by a call that comes *after* it.",
                2,
            ),
            Slip(
                _solved_ticks,
                "These are all solved ticks of the flagged users. Which of them did a later call contradict?",
                1,
            ),
            Slip(
                lambda company: _broken(company, users=None),
                "You counted all users. The question is about the flagged ones.",
                2,
            ),
            Slip(
                lambda company: _broken(company, users=_heavy),
                "You counted all heavy callers. Those who still bring money are not flagged.",
                2,
            ),
        ),
        "For each solved tick: is there a later row of this user about this issue?",
    ),
    Graded(
        "again_after",
        Mapped("shares by note", tolerance=0.00051),
        4,
        _after,
        (
            Slip(
                lambda company: _after(company, None),
                "The heavy callers are still in it, and drown everybody else.",
                2,
            ),
            Slip(
                lambda company: _after(company, _flagged),
                "You left out the flagged users only. Some heavy callers are not flagged.",
                2,
            ),
            Slip(
                _before,
                "You looked back: these are the shares that *were* repeat calls. What came afterwards?",
                1,
            ),
            Slip(_crossed, "The right shares, with the two notes exchanged.", 2),
        ),
        "Leave the heavy callers out, mark each call that is followed by another about its issue, and take "
        "the mean by tick.",
    ),
    Graded(
        "our_bill",
        Number(unit="RMB", tolerance=0.51),
        4,
        _bill,
        (
            Slip(
                lambda company: _bill_of(company, lambda c: ~c["resolved"]),
                "That is what the calls with an unsolved tick cost. The bill is what came *after* them.",
                1,
            ),
            Slip(
                lambda company: _bill(company, _flagged),
                "You took the flagged users only. Others called again after an unsolved tick, too.",
                2,
            ),
            Slip(
                lambda company: _bill_of(company, lambda c: c["repeat"] & ~c["resolved"]),
                "You took repeat calls that were themselves unsolved. Look at the tick of the call before.",
                1,
            ),
            Slip(
                lambda company: _bill(company, any_earlier=True),
                "You counted calls after *any* unsolved tick about the issue, or their own. Only the call "
                "just before counts.",
                2,
            ),
        ),
        "In the order of `call_id`, put beside each call the tick of the previous one of the same user and "
        "issue.",
    ),
    Graded(
        "gains",
        Table(("repair", "reprice", "dismiss"), key="user_id", what="users", tolerance=0.51),
        8,
        _gains,
        (
            Slip(
                lambda company: _gains(company, mended={True: 17 / 20, False: 17 / 20}),
                "You gave every visit the better chance. The trial knows two kinds of homes.",
                4,
            ),
            Slip(
                lambda company: _gains(company, mended={True: 6 / 20, False: 17 / 20}),
                "The two chances have changed places: visits worked more often where trouble was *unsolved*.",
                4,
            ),
            Slip(
                lambda company: _gains(company, base="cost"),
                "A visit that works ends the repeat calls. You let it end all calls.",
                4,
            ),
            Slip(
                lambda company: _gains(company, once=0),
                "You left out what is paid once: the visit, and the costs of a notice.",
                4,
            ),
            Slip(
                lambda company: _gains(company, months=1),
                "You took one month's payment against a year of calls.",
                2,
            ),
        ),
        "For each user and way write down: what is saved, what is given up, what is paid once.",
    ),
    Graded(
        "break_even",
        Mapped("shares by user", tolerance=0.0051),
        5,
        _even,
        (
            Slip(
                lambda company: _even(company, visit=0),
                "You left out what the visit costs, whether it works or not.",
                2,
            ),
            Slip(
                lambda company: _even(company, base="cost"),
                "A visit ends the repeat calls only: what does it save if it works?",
                2,
            ),
            Slip(
                _even_with_nothing,
                "There a visit pays for itself. Compare it with dismissal, not with doing nothing.",
                2,
            ),
            Slip(
                lambda company: _even(company, months=1),
                "You took one month's payment against a year of calls.",
                1,
            ),
        ),
        "Set the gain of a visit, with p for the chance, equal to the gain of dismissal, and solve for p.",
    ),
    Graded(
        "best",
        Mapped("ways by user"),
        3,
        _best,
        (
            Slip(
                lambda company: _best(company, mended={True: 17 / 20, False: 17 / 20}),
                "You gave every visit the better chance. The trial knows two kinds of homes.",
                1,
            ),
            Slip(
                lambda company: _best(company, ["repair", "dismiss"]),
                "You compared two ways. There are three.",
                1,
            ),
            Slip(
                lambda company: _best(company, ["reprice", "dismiss"]),
                "You left out the visit.",
                1,
            ),
        ),
        "The column with the largest gain, row by row.",
    ),
    Graded(
        "at_sixty",
        Mapped("amounts by way", tolerance=0.51),
        4,
        _totals,
        (
            Slip(
                lambda company: _totals(company, 1.0),
                "These are the gains if all costs of calls are saved. Now only a part of them is.",
                1,
            ),
            Slip(
                _everything_at_sixty,
                "You cut the whole gain. Revenue is lost in full, and what is paid once is paid in full.",
                2,
            ),
            Slip(
                lambda company: _totals(company, 1 - SAVED),
                "You used the part that is *not* saved.",
                2,
            ),
        ),
        "Put the saved part in front of every cost of calls, and nowhere else; then add up the users.",
    ),
)
