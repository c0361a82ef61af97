"""Who may pay later? Survey, rate A to D, cap, and say what each grade may have: the rules of credit.

A *credit grade* A-D speaks of paying; a value class A-C speaks of buying. The columns are called
`credit_grade` and `abc_value`, and one customer may well be an A in one and a D in the other.
Rules on small tables stand here (pandas only). `collection_rate` and `survey_triggers`, on tables that grow,
stand in `credit_payments`; probabilities and money in `credit_risk`; both can be reached from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casebook.credit_payments import collection_rate, survey_triggers
from casebook.credit_risk import (
    PREDICTORS,
    altman_z,
    altman_z_prime,
    breakeven_pd,
    credit_decision,
    credit_net,
    default_rates,
    expected_loss,
    fit_pd,
    pd_features,
)
from casebook.days import as_day, check_days
from casebook.errors import TableError
from casebook.exact import check_values
from casebook.frames import need_pandas, refuse_gaps, start

__all__ = [
    "CAPS",
    "COEFFICIENTS",
    "CUTS",
    "FIVE_AND_SIX",
    "FORM_FIELDS",
    "GRADES",
    "PREDICTORS",
    "WEIGHTS",
    "FormAnswer",
    "Policy",
    "altman_z",
    "altman_z_prime",
    "apply_caps",
    "breakeven_pd",
    "collection_rate",
    "credit_decision",
    "credit_grade",
    "credit_net",
    "default_rates",
    "expected_loss",
    "fit_pd",
    "five_c",
    "form_filled",
    "pd_features",
    "policy",
    "rating_stale",
    "survey_triggers",
]

GRADES = "ABCD"  #: best first
CUTS = (0.98, 0.90, 0.75)  #: collection rates from which a customer is A, B, C; our convention
WEIGHTS = (0.30, 0.25, 0.20, 0.10, 0.15)  #: character, capacity, capital, collateral, situation; ours
COEFFICIENTS = {"A": 1.0, "B": 0.8, "C": 0.4, "D": 0.0}  #: share of the usual limit; our convention

#: The worst thing that may be said of a customer, and the best grade left to it (our convention).
CAPS = {
    "lawsuit": "C",
    "bounced cheque": "C",
    "stock theft": "C",
    "channel violation": "C",
    "unstable owners": "C",
}

#: Fields of a credit survey form, ours: the source course has the heading only.
FORM_FIELDS = (
    "registered name", "tax id", "address", "years in business",
    "owners", "managers",
    "bank", "bank reference",
    "sales last year", "main customers",
    "stock", "premises",
    "debts to banks", "debts to suppliers", "pledges and guarantees",
    "payment record with us", "payment record with others", "lawsuits",
    "reason for the survey", "opinion of the surveyor",
)  # fmt: skip

#: The five contents of the source course beside the six C's, and the column that holds the score.
FIVE_AND_SIX = pd.DataFrame(
    [
        ("品格", "character", "Character", "character", "the same"),
        ("能力", "capacity", "Capacity", "capacity", "the same"),
        ("资本", "capital", "Capital", "capital", "the same"),
        ("担保品", "collateral", "Collateral", "collateral", "the same"),
        ("企业情况", "company situation", "Condition", "condition", "the firm's state; in 6C the economy's"),
        ("–", "–", "Continuity", "continuity", "in 6C only"),
    ],
    columns=["content_zh", "five_contents", "six_c", "column", "remark"],
)


class Policy(NamedTuple):
    """What a grade may have: the action, the share of the usual limit (0-1), and why."""

    action: str
    coefficient: float
    reason: str


class FormAnswer(NamedTuple):
    """How far a survey form is filled in."""

    filled: int
    fields: int
    share: float
    missing: tuple[str, ...]


def five_c(
    files: pd.DataFrame,
    w: Sequence[float] = WEIGHTS,
    *,
    columns: Sequence[str] = ("character", "capacity", "capital", "collateral", "condition"),
) -> pd.DataFrame:
    """Weigh the five contents of a credit survey into one score (品格、能力、资本、担保品、企业情况).

    Parameters
    ----------
    files : pandas DataFrame
        One row per customer (and year); each content scored 0-100.
    w : sequence of float
        One weight for each column, none negative, adding to 1. Our convention: .30 .25 .20 .10 .15.
    columns : sequence of str
        The five columns. The fifth is the *company's* situation; 6C reads the same word, condition, as the
        state of the economy, and adds continuity (see `FIVE_AND_SIX`).

    Returns
    -------
    DataFrame, rows as given
        With `five_c` (0-100), `weakest` (the column that costs most points) and `reason`.

    Raises
    ------
    TableError
        If a score is missing or outside 0-100, or the weights do not fit.

    Examples
    --------
    >>> file = pd.DataFrame({"character": [80], "capacity": [70], "capital": [60], "collateral": [50],
    ...                      "condition": [60]})
    >>> five_c(file)[["five_c", "weakest"]]
       five_c  weakest
    0    67.5  capital
    """
    try:
        weights, names = np.atleast_1d(np.asarray(w, dtype=float)), list(columns)
    except (TypeError, ValueError):
        raise TableError(f"Weights must be numbers, one for each column; got {w!r}.") from None
    if len(weights) != len(names) or not (weights >= 0).all() or abs(weights.sum() - 1) > 1e-9:
        raise TableError(f"Weights must be {len(names)} numbers >= 0 that add to 1, got {w!r}.")
    need_pandas(files, names)
    frame = start(files, names, makes=("five_c", "weakest"))
    for name in names:
        check_values(frame, name)
        _inside(files, name, 100)
    scores = files[names].to_numpy(dtype=float)
    lost = (100 - scores) * weights
    weakest = np.array(names, dtype=object)[lost.argmax(axis=1)]
    most = lost.max(axis=1)
    reason = [f"{name} costs {points:.1f} points" for name, points in zip(weakest, most, strict=True)]
    return files.assign(five_c=np.round(scores @ weights, 10), weakest=weakest, reason=reason)


def form_filled(answers: Mapping[str, Any], *, fields: Sequence[str] = FORM_FIELDS) -> FormAnswer:
    """How much of a credit survey form is filled in? (信用调查表).

    Parameters
    ----------
    answers : mapping of field to answer
        Empty text, None and NaN count as not filled in; zero and False are answers.
    fields : sequence of str
        The fields of the form.

    Returns
    -------
    FormAnswer
        `filled` and `fields` (counts), `share` (float, 0-1), and the names that are `missing`, in form order.

    Raises
    ------
    TableError
        If an answer belongs to no field.

    Examples
    --------
    >>> form = dict.fromkeys(FORM_FIELDS, "seen") | {"bank reference": "", "lawsuits": None}
    >>> form_filled(form).share, form_filled(form).missing
    (0.9, ('bank reference', 'lawsuits'))
    """
    if not isinstance(answers, Mapping) or not len(fields):
        raise TableError("A form needs fields, and answers as a dict of field and answer.")
    unknown = [name for name in answers if name not in fields]
    if unknown:
        raise TableError(f"The form has no field {unknown[0]!r}; it has {', '.join(fields)}.")
    missing = tuple(name for name in fields if _empty(answers.get(name)))
    filled = len(fields) - len(missing)
    return FormAnswer(filled, len(fields), filled / len(fields), missing)


def apply_caps(grade: str, events: Sequence[str], *, caps: Mapping[str, str] = CAPS) -> str:
    """Cap a grade by what else is known: nobody who is being sued is better than C (信用评价参考条件).

    Parameters
    ----------
    grade : {"A", "B", "C", "D"}
    events : sequence of str
        What happened; may be empty.
    caps : mapping of event to the best grade that it leaves
        Our convention; the source course has the heading only.

    Returns
    -------
    str
        The grade, or the lowest cap if that is worse. A cap never lifts. (For a whole table: `credit_grade`.)

    Raises
    ------
    TableError
        If grade or event is unknown.

    Examples
    --------
    >>> apply_caps("A", ["lawsuit"]), apply_caps("D", ["lawsuit"]), apply_caps("B", [])
    ('C', 'D', 'B')
    """
    _known(grade)
    if isinstance(events, str):
        raise TableError(f"events is a list, such as [{events!r}].")
    unknown = [event for event in events if event not in caps]
    if unknown:
        raise TableError(f"No cap is known for {unknown[0]!r}; known are {', '.join(caps)}.")
    return max([grade, *(_known(caps[event]) for event in events)])


def credit_grade(
    table: pd.DataFrame,
    *,
    cuts: tuple[float, float, float] = CUTS,
    rival: float = 0.5,
    weak_cap: str = "C",
    unrated: str = "C",
    events: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Rate customers A to D by collection rate, ability to pay and rival brands (信用评价).

    In this order: a grade by the collection rate; one grade down, at most to D, if rivals have more than
    `rival` of what the customer buys; at best `weak_cap` if its ability to pay is weak; then the caps of
    events. Capping first and stepping down after would give another grade.

    Parameters
    ----------
    table : pandas DataFrame
        `collection_rate` (0-1, may be missing: nothing fell due yet), `pay_ability` ("ok" or "weak"),
        `competitor_share` (0-1), and the flag columns of `events`. One row per customer.
    cuts : three falling rates
        From which a customer is A, B, C. Our convention: the source course gives none.
    rival : float
        Above this share of rivals the grade falls by one.
    weak_cap : str
        The best grade left to those whose ability to pay is weak.
    unrated : str
        The grade to start from where nothing has fallen due.
    events : mapping of flag column to event of `CAPS`, optional
        Such as ``{"sued": "lawsuit"}``.

    Returns
    -------
    DataFrame, rows as given
        With `credit_grade` and `reason`: every step that made it.

    Raises
    ------
    TableError
        If a column is missing, a rate or share is no number from 0 to 1, an ability or event is unknown, a
        flag is neither true nor false, or the cuts do not fall.

    Notes
    -----
    Source: the source course names the four grades and the three bases; cuts and order are ours.

    Examples
    --------
    >>> two = pd.DataFrame({"collection_rate": [0.99, 0.95], "pay_ability": ["weak", "ok"],
    ...                     "competitor_share": [0.6, 0.2]})
    >>> credit_grade(two)[["credit_grade", "reason"]].values.tolist()
    [['C', 'collects 99%: A; rivals above 50%: B; weak ability to pay: C'], ['B', 'collects 95%: B']]
    """
    flags = dict(events or {})
    need_pandas(table, ["collection_rate", "pay_ability", "competitor_share", *flags])
    start(table, ["collection_rate"], makes=("credit_grade", "reason"))
    if (
        isinstance(cuts, str)
        or len(cuts) != 3
        or any(isinstance(c, str) for c in cuts)
        or not 1 >= cuts[0] > cuts[1] > cuts[2] >= 0
    ):
        raise TableError(f"cuts must be three falling rates from 1 to 0, got {tuple(cuts)}.")
    if not 0 <= rival <= 1:
        raise TableError(f"rival is a share from 0 to 1, such as 0.5; got {rival!r}.")
    rates = _inside(table, "collection_rate", 1, gaps=True)
    shares = _inside(table, "competitor_share", 1)
    odd = ~table["pay_ability"].isin(["ok", "weak"])
    if odd.any():
        raise TableError(f"pay_ability is 'ok' or 'weak'; {_first(table, 'pay_ability', odd)}.")
    for flag, event in flags.items():
        apply_caps("A", [event])
        odd = ~table[flag].isin([True, False])
        if odd.any():
            raise TableError(f"{flag!r} must be true or false; {_first(table, flag, odd)}; a gap is no 'no'.")
    _known(weak_cap), _known(unrated)
    rows = zip(
        rates, table["pay_ability"], shares, *(table[flag].astype(bool) for flag in flags), strict=True
    )
    made = [
        _rate(row[0], row[1], row[2], [e for e, on in zip(flags.values(), row[3:], strict=True) if on],
              cuts, rival, weak_cap, unrated)
        for row in rows
    ]  # fmt: skip
    return table.assign(credit_grade=[g for g, _ in made], reason=[r for _, r in made])


def _rate(
    rate: float, ability: str, share: float, events: list[str],
    cuts: tuple[float, ...], rival: float, weak_cap: str, unrated: str,
) -> tuple[str, str]:  # fmt: skip
    if pd.isna(rate):
        grade, said = unrated, [f"nothing fell due: {unrated}"]
    else:
        grade = GRADES[sum(rate < cut - 1e-12 for cut in cuts)]
        said = [f"collects {_percent(rate)}: {grade}"]
    if share > rival and grade != "D":
        grade = GRADES[GRADES.index(grade) + 1]
        said.append(f"rivals above {rival:.0%}: {grade}")
    if ability == "weak" and grade < weak_cap:
        grade = weak_cap
        said.append(f"weak ability to pay: {grade}")
    for event in events:
        if apply_caps(grade, [event]) != grade:
            grade = apply_caps(grade, [event])
            said.append(f"{event}: {grade}")
    return grade, "; ".join(said)


def _percent(rate: float) -> str:
    """A rate that is not rounded over a cut: 97.96% stays below 98%."""
    return f"{np.floor(rate * 1000 + 1e-9) / 10:.1f}%".replace(".0%", "%")


def policy(grade: str, *, cash: bool = False, coefficients: Mapping[str, float] = COEFFICIENTS) -> Policy:
    """What a grade may have: ship, up to a limit, or cash first (利用信用等级控制货款).

    Parameters
    ----------
    grade : {"A", "B", "C", "D"}
    cash : bool
        Whether the order is paid before it is shipped.
    coefficients : mapping of grade to share of the usual limit (0-1)
        Our convention: 1.0, .8, .4, 0.

    Returns
    -------
    Policy
        `action` ("ship", "ship within limit", "stop"), `coefficient` (float, 0-1), `reason`.

    Raises
    ------
    TableError
        If the grade is unknown.

    Examples
    --------
    >>> policy("A").action, policy("D").action, policy("D", cash=True).action
    ('ship', 'stop', 'ship')
    """
    if _known(grade) not in coefficients:
        raise TableError(f"coefficients has no entry for grade {grade}: give one for each of A, B, C, D.")
    share = float(coefficients[grade])
    if cash:
        return Policy("ship", share, "paid before it is shipped: no credit is given")
    if share <= 0:
        return Policy("stop", share, f"grade {grade}: cash first")
    if grade == "A":
        return Policy("ship", share, "grade A: the usual limit, handled with ease")
    if grade == "C":
        return Policy("ship within limit", share, f"grade C: a small limit ({share:.0%}), a short period")
    return Policy("ship within limit", share, f"grade {grade}: up to {share:.0%} of the usual limit")


def rating_stale(table: pd.DataFrame, days: int = 90, *, as_of: Any, rated: str = "rated_on") -> pd.DataFrame:
    """Which ratings are too old to use? (应注意的问题: rate again each quarter).

    Parameters
    ----------
    table : pandas DataFrame
        One row per rating, with its day.
    days : int
        A rating of exactly so many days is still good. Our convention: 90.
    as_of : date
        The day of asking.
    rated : str
        The column with the day of the rating.

    Returns
    -------
    DataFrame, rows as given
        With `age_days`, `stale` (true or false) and `reason`.

    Raises
    ------
    TableError
        If a day is missing, is no date or lies after `as_of`, or `as_of` is no day.

    Examples
    --------
    >>> rated = pd.DataFrame({"rated_on": pd.to_datetime(["2024-10-03", "2024-10-02", "2024-10-01"])})
    >>> rating_stale(rated, as_of="2024-12-31")[["age_days", "stale"]].values.tolist()
    [[89, False], [90, False], [91, True]]
    """
    need_pandas(table, [rated])
    frame = start(table, [rated], makes=("age_days", "stale", "reason"))
    refuse_gaps(frame, rated)
    check_days(frame, None, rated)
    if not days >= 0:
        raise TableError(f"days must be 0 or more; got {days!r}.")
    day = pd.Timestamp(as_day(as_of))
    age = (day - table[rated].dt.normalize()).dt.days
    if (age < 0).any():
        at = table.index[age < 0][0]
        raise TableError(f"Row {at} was rated after {day:%Y-%m-%d}: check the column {rated!r}.")
    reason = np.where(age > days, f"older than {days} days: rate again", f"not older than {days} days")
    return table.assign(age_days=age, stale=age > days, reason=reason)


def _inside(table: pd.DataFrame, name: str, top: float, *, gaps: bool = False) -> np.ndarray:
    """The numbers of a column; refuse text, what lies outside 0 to `top`, and gaps unless allowed."""
    if table[name].notna().any():
        check_values(start(table[table[name].notna()], [name]), name)
    numbers = table[name].to_numpy(dtype=float, na_value=np.nan)
    outside = ~((numbers >= 0) & (numbers <= top + 1e-9)) & ~(np.isnan(numbers) & gaps)
    if outside.any():
        raise TableError(f"Column {name!r} must lie from 0 to {top:g}; {_first(table, name, outside)}.")
    return numbers


def _first(table: pd.DataFrame, name: str, bad: Any) -> str:
    """The first bad row in words, whatever the index."""
    at = int(np.flatnonzero(bad)[0])
    cell = table[name].iloc[at]
    return (
        f"row {table.index[at]} holds {cell!r}"
        if isinstance(cell, str)
        else f"row {table.index[at]} holds {cell}"
    )


def _known(grade: Any) -> str:
    if not isinstance(grade, str) or len(grade) != 1 or grade not in GRADES:
        raise TableError(f"A credit grade is one of A, B, C, D; got {grade!r}.")
    return grade


def _empty(answer: Any) -> bool:
    if isinstance(answer, str):
        return not answer.strip()
    return answer is None or (pd.api.types.is_scalar(answer) and bool(pd.isna(answer)))
