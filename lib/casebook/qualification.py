"""Sort prospects before anybody calls them: how soon, how large, with what right, and how likely?

A *prospect* has not bought yet. This module holds the rules that a salesperson applies from a card: heat,
importance, MAN and eligibility, ability to pay, kind of purchase, next touch. What is learned from closed
prospects (the lead score) stands in `casebook.lead_scoring`, orders of calling in `casebook.calling`, what
visitors show in `casebook.showroom`; all their names can be used from here too. Tables of prospects and
visitors stay small: pandas. `purchase_type` runs on order lines: pandas, Polars or DuckDB. A column `reason`
is renewed by each function that makes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrameT

from casebook.calling import call_curve, compare_orders, gap_interval, order_scores
from casebook.days import as_day
from casebook.errors import TableError
from casebook.frames import give_back, need_pandas, refuse_gaps, start
from casebook.lead_scoring import (
    CATEGORIES,
    FLAGS,
    KNOWN_LATER,
    conversion_chance,
    conversion_weights,
    cross_chance,
    fit_conversion,
    mature,
    open_on,
    rates_by,
)
from casebook.prospect_cells import check_flags, check_levels, check_numbers, check_words
from casebook.showroom import naive_bayes, return_band, return_curve, signal_lr

__all__ = [
    "CADENCE",
    "CATEGORIES",
    "FLAGS",
    "HEATS",
    "IMPORTANCE_CUTS",
    "KNOWN_LATER",
    "PayAbility",
    "call_curve",
    "compare_orders",
    "conversion_chance",
    "conversion_weights",
    "cross_chance",
    "fit_conversion",
    "gap_interval",
    "heat",
    "importance",
    "man",
    "man_prob",
    "mature",
    "naive_bayes",
    "next_touch",
    "open_on",
    "order_scores",
    "pay_ability",
    "priority_matrix",
    "purchase_type",
    "rates_by",
    "return_band",
    "return_curve",
    "signal_lr",
]

#: Labels of `heat`, soonest first; the last two say that the date tells nothing of the future.
HEATS = ("hot", "warm", "cold", "unknown", "overdue")
#: Margins (RMB a year) from which a prospect is of highest, then of higher importance (our convention).
IMPORTANCE_CUTS = (100_000.0, 30_000.0)
#: Days from one touch to the next, by heat (our convention).
CADENCE: Mapping[str, int] = {"hot": 3, "warm": 14, "cold": 45}

_HEAT_POINTS = {"hot": 3, "warm": 2, "cold": 1, "unknown": 0, "overdue": 0}
_IMPORTANCE_POINTS = {"highest": 3, "higher": 2, "ordinary": 1}
_LACKS = {
    "money": "no money: look for a plan of payment",
    "authority": "no authority: find the decider",
    "need": "no need: show it, or wait",
}
_VERDICTS = ("drop", "watch", "approach", "effective")  # by the number of capital letters


def heat(
    prospects: pd.DataFrame,
    as_of: str | pd.Timestamp,
    *,
    date: str = "expected_order_date",
    hot: int = 1,
    warm: int = 3,
) -> pd.DataFrame:
    """Label prospects hot, warm or cold by the day on which they expect to order (热客、暖客、冷客).

    Parameters
    ----------
    prospects : DataFrame, one row per prospect
    as_of : date or "YYYY-MM-DD"
        The day on which you look. Both edges belong to the warmer label.
    date : str
        Column with the expected day; it may be missing.
    hot, warm : int
        Calendar months, not 30 days.

    Returns
    -------
    DataFrame
        The table with `heat` (one of `HEATS`) and `reason`. No date is ``unknown``, not cold; a day before
        `as_of` is ``overdue``.

    Raises
    ------
    TableError
        If a column is missing or holds no dates, or the months do not rise from 1.

    Notes
    -----
    Source: the source course says within one month, within three, after three; edges, calendar months and
    the two labels for a date that is missing or past are our convention.

    Examples
    --------
    >>> days = ["2024-06-20", "2024-07-01", "2024-07-15", "2024-09-01", "2024-09-02", None]
    >>> six = pd.DataFrame({"expected_order_date": pd.to_datetime(days)})
    >>> heat(six, "2024-06-01")["heat"].tolist()
    ['hot', 'hot', 'warm', 'warm', 'cold', 'unknown']
    """
    need_pandas(prospects, [date])
    day, expected = pd.Timestamp(as_day(as_of, "as_of")), _dates(prospects, date)
    if not 0 < hot < warm:
        raise TableError(
            f"hot and warm are numbers of months that rise from 1, such as 1 and 3; got {hot}, {warm}."
        )
    near, far = day + pd.DateOffset(months=hot), day + pd.DateOffset(months=warm)
    cases = [expected.isna(), expected < day, expected <= near, expected <= far]
    words = ["unknown", "overdue", "hot", "warm"]
    reasons = [
        "no date: ask for one",
        f"was expected before {day:%Y-%m-%d}",
        f"expected by {near:%Y-%m-%d}",
        f"expected by {far:%Y-%m-%d}",
    ]
    return prospects.assign(
        heat=np.select(cases, words, "cold"),
        reason=np.select(cases, reasons, f"expected after {far:%Y-%m-%d}"),
    )


def importance(
    prospects: pd.DataFrame,
    cuts: tuple[float, float] = IMPORTANCE_CUTS,
    *,
    margin: str = "potential_margin",
) -> pd.DataFrame:
    """Label prospects of highest, higher or ordinary importance by the margin they promise (重要程度).

    Parameters
    ----------
    prospects : DataFrame, one row per prospect
    cuts : two falling amounts, same unit as `margin`
        At the first or above: highest; at the second or above: higher.
    margin : str
        Column with the margin a year that the seller thinks possible.

    Returns
    -------
    DataFrame
        The table with `importance` and `reason`.

    Raises
    ------
    TableError
        If a column is missing, holds gaps or text, or the cuts do not fall.

    Notes
    -----
    Source: the source course gives three names and no criterion; the cuts are our convention.

    Examples
    --------
    >>> three = pd.DataFrame({"potential_margin": [150_000, 30_000, 29_999]})
    >>> importance(three)["importance"].tolist()
    ['highest', 'higher', 'ordinary']
    """
    amounts = check_numbers(prospects, margin)
    high, low = (float(cut) for cut in cuts)
    if not high > low:
        raise TableError(
            f"cuts must fall, the higher amount first, such as (100000, 30000); got {tuple(cuts)}."
        )
    return prospects.assign(
        importance=np.select([amounts >= high, amounts >= low], ["highest", "higher"], "ordinary"),
        reason=np.select(
            [amounts >= high, amounts >= low],
            [f"{margin} of {high:,.0f} or more", f"{margin} from {low:,.0f} to below {high:,.0f}"],
            f"{margin} below {low:,.0f}",
        ),
    )


def priority_matrix(prospects: pd.DataFrame, *, date: str = "expected_order_date") -> pd.DataFrame:
    """Rank prospects by importance times heat, 3, 2 and 1 points each.

    Parameters
    ----------
    prospects : DataFrame, one row per prospect
        With `heat` and `importance`, as the two functions of these names give them.
    date : str
        Column that breaks ties: the earlier day first, missing days last; then the order of rows.

    Returns
    -------
    DataFrame, most urgent first
        The table with `priority` (9 to 1; 0 for an unknown or overdue date) and `reason`.

    Raises
    ------
    TableError
        If a column is missing or holds another word.

    Notes
    -----
    Source: our convention. It multiplies two labels; whether they say who will order is another question.

    Examples
    --------
    >>> two = pd.DataFrame({"who": ["Ada", "Bo"], "importance": ["highest", "higher"],
    ...                     "heat": ["warm", "hot"],
    ...                     "expected_order_date": pd.to_datetime(["2024-08-01", "2024-06-20"])})
    >>> priority_matrix(two)[["who", "priority"]].values.tolist()
    [['Bo', 6], ['Ada', 6]]
    """
    need_pandas(prospects, [date])
    check_words(prospects, "heat", HEATS)
    check_words(prospects, "importance", tuple(_IMPORTANCE_POINTS))
    a, b = prospects["importance"].map(_IMPORTANCE_POINTS), prospects["heat"].map(_HEAT_POINTS)
    ranked = prospects.assign(
        priority=(a * b).astype("int64"),
        reason=[
            f"{i} ({x}) × {h} ({y})"
            for i, x, h, y in zip(prospects["importance"], a, prospects["heat"], b, strict=True)
        ],
    )
    soonest = ranked.assign(__day=_dates(ranked, date)).sort_values("__day", kind="stable")
    return soonest.sort_values("priority", ascending=False, kind="stable").drop(columns="__day")


def man(
    prospects: pd.DataFrame,
    *,
    money: str = "money",
    authority: str = "authority",
    need: str = "need",
    eligible: str | None = None,
) -> pd.DataFrame:
    """Apply the MAN rule: money, authority, need, and as a fourth question eligibility (MAN 法则).

    A capital letter says that it is there, a small one that it is missing. All three: effective. Two:
    approach, and the reason says what to do. One: watch. None: drop.

    Parameters
    ----------
    prospects : DataFrame, one row per prospect
    money, authority, need : str
        Columns of yes and no (or 1 and 0), without gaps.
    eligible : str, optional
        Column of yes and no: may buy by licence, contract and territory. A no is a veto (MAN + E).

    Returns
    -------
    DataFrame
        The table with `man_code` (such as "MaN"), `verdict` ("effective", "approach", "watch", "drop",
        "ineligible") and `reason`.

    Raises
    ------
    TableError
        If a column is missing, has gaps or holds anything but yes and no.

    Notes
    -----
    Source: the source course asks for all three *together* and then puts four questions; the veto, and the
    word *watch* for a single letter, are our convention.

    Examples
    --------
    >>> three = pd.DataFrame({"money": [1, 1, 0], "authority": [1, 0, 0], "need": [1, 1, 0]})
    >>> man(three)[["man_code", "verdict", "reason"]]
      man_code    verdict                          reason
    0      MAN  effective       money, authority and need
    1      MaN   approach  no authority: find the decider
    2      man       drop         none of the three: stop
    """
    has = {"money": money, "authority": authority, "need": need}
    flags = {name: check_flags(prospects, column) for name, column in has.items()}
    may = None if eligible is None else check_flags(prospects, eligible)
    codes, verdicts, reasons = [], [], []
    for row in range(len(prospects)):
        here = {name: bool(flag[row]) for name, flag in flags.items()}
        codes.append("".join(name[0].upper() if yes else name[0] for name, yes in here.items()))
        missing = [_LACKS[name] for name, yes in here.items() if not yes]
        if may is not None and not may[row]:
            verdicts.append("ineligible")
            reasons.append("may not buy from us: a veto, whatever else is true")
        else:
            verdicts.append(_VERDICTS[sum(here.values())])
            whole = {0: "money, authority and need", 3: "none of the three: stop"}
            reasons.append(whole.get(len(missing), "; ".join(missing)))
    return prospects.assign(man_code=codes, verdict=verdicts, reason=reasons)


def man_prob(money: Any, authority: Any, need: Any) -> Any:
    """Multiply the probabilities of money, authority and need: all three are wanted together.

    Parameters
    ----------
    money, authority, need : floats or columns of equal length, each from 0 to 1

    Returns
    -------
    float or Series
        The product, from 0 to 1: the chance that all three are there, if they do not depend on each other.

    Raises
    ------
    TableError
        If a number is missing or outside 0 to 1.

    Notes
    -----
    Source: our convention, from the "and" of the source course. An average would let two strong letters
    hide a missing third.

    Examples
    --------
    >>> round(man_prob(0.8, 0.5, 0.9), 2), round((0.8 + 0.5 + 0.9) / 3, 3)
    (0.36, 0.733)
    """
    for name, given in (("money", money), ("authority", authority), ("need", need)):
        check_levels(given, name)
    return money * authority * need


class PayAbility(NamedTuple):
    """What `pay_ability` says: can pay now, can pay by instalments, and the two amounts it compared."""

    existing: bool
    potential: bool
    spare: float
    instalment: float


def pay_ability(income: float, spend: float, price: float, term: int, *, savings: float = 0.0) -> PayAbility:
    """Judge purchasing power: is the price there today, and could it be paid month by month (购买力)?

    Parameters
    ----------
    income, spend : float
        RMB a month.
    price, savings : float
        RMB.
    term : int
        Months over which the whole price may be spread.

    Returns
    -------
    PayAbility
        `existing` (savings cover the price), `potential` (the instalment fits what is left of the income),
        `spare` and `instalment` (floats, RMB a month).

    Raises
    ------
    TableError
        If an amount is negative or the term is not a whole number of months.

    Notes
    -----
    Source: the source course names existing and potential ability; the two comparisons are our convention,
    without interest.

    Examples
    --------
    >>> pay_ability(20_000, 14_000, 60_000, 12, savings=10_000)
    PayAbility(existing=False, potential=True, spare=6000, instalment=5000.0)
    """
    amounts = {"income": income, "spend": spend, "price": price, "savings": savings}
    for name, amount in amounts.items():
        if not amount >= 0:
            raise TableError(f"{name} must be an amount of 0 or more, got {amount!r}.")
    if not isinstance(term, int) or term < 1:
        raise TableError(f"term must be a whole number of months, at least 1; got {term!r}.")
    spare, instalment = income - spend, price / term
    return PayAbility(savings >= price, spare >= instalment, spare, instalment)


def next_touch(
    prospects: pd.DataFrame,
    cadence: Mapping[str, int] = CADENCE,
    *,
    last: str = "last_touch",
) -> pd.DataFrame:
    """Say when each prospect should hear from us again, by its heat (跟进计划).

    Parameters
    ----------
    prospects : DataFrame, one row per prospect
        With `heat`.
    cadence : mapping of heat to days
    last : str
        Column with the day of the last touch; it may be missing.

    Returns
    -------
    DataFrame
        The table with `next_touch` (a day, missing where there is no last touch or no cadence) and `reason`.

    Raises
    ------
    TableError
        If a column is missing or holds another kind of thing, or a cadence is not a number of days.

    Notes
    -----
    Source: the source course asks for visits by grade of intent; 3, 14 and 45 days are our convention.

    Examples
    --------
    >>> last = pd.to_datetime(["2024-06-01"] * 3)
    >>> three = pd.DataFrame({"heat": ["hot", "warm", "cold"], "last_touch": last})
    >>> next_touch(three)["next_touch"].dt.strftime("%m-%d").tolist()
    ['06-04', '06-15', '07-16']
    """
    check_words(prospects, "heat", HEATS)
    touched = _dates(prospects, last)
    for name, wait in cadence.items():
        if not wait > 0:
            raise TableError(f"cadence[{name!r}] must be a number of days above 0, got {wait!r}.")
    days, reason = prospects["heat"].map(dict(cadence)), []
    for label, wait, never in zip(prospects["heat"], days, touched.isna(), strict=True):
        known = f"{label}: no cadence, ask for a date" if pd.isna(wait) else f"{label}: every {wait:.0f} days"
        reason.append("never touched: now" if never else known)
    return prospects.assign(next_touch=touched + pd.to_timedelta(days, unit="D"), reason=reason)


def purchase_type(
    lines: IntoFrameT,
    installed: IntoFrameT,
    *,
    key: str = "customer_id",
    sku: str = "sku",
    family: str = "family",
    retired: str = "retired_flag",
) -> IntoFrameT:
    """Label order lines new, repeat or replacement, by what the customer has already (新购、重购、更新购买).

    Parameters
    ----------
    lines : pandas DataFrame, Polars frame or DuckDB relation, one row per order line
        With `key`, `sku` and `family`.
    installed : the same kind of table, one row per article that a customer has
        With `key`, `sku`, `family` and `retired`.
    key, sku, family, retired : str
        Columns with the customer, the article, its family, and yes where it is an old model.

    Returns
    -------
    the same kind of table
        The lines with `purchase_type` and `reason`. The same article again: repeat. Another article, and the
        customer has an old model of the family: replacement. Else: new. A DuckDB relation has no order.

    Raises
    ------
    TableError
        If a column is missing or has gaps, or the two tables are of different kinds.

    Notes
    -----
    Source: the source course names the three kinds; they are near the buy classes of Robinson, Faris and
    Wind (1967), not the same. That an old model must be there for a replacement is our convention.

    Examples
    --------
    >>> has = pd.DataFrame({"customer_id": ["Ada"] * 2, "sku": ["P1", "P9"], "family": ["tap", "unit"],
    ...                     "retired_flag": [False, True]})
    >>> buys = pd.DataFrame({"customer_id": ["Bo", "Ada", "Ada"], "sku": ["P1", "P1", "P7"],
    ...                      "family": ["tap", "tap", "unit"]})
    >>> purchase_type(buys, has)["purchase_type"].tolist()
    ['new', 'repeat', 'replacement']
    """
    frame = start(lines, [key, sku, family], makes=("purchase_type", "reason"))
    there = start(installed, [key, sku, family, retired])
    for one, columns in ((frame, (key, sku, family)), (there, (key, sku, family, retired))):
        for column in columns:
            refuse_gaps(one, column)
    if frame.implementation != there.implementation or type(frame) is not type(there):
        raise TableError("Both tables must be of one kind: two pandas, two Polars, or two DuckDB tables.")
    same = there.select(key, sku).unique().with_columns(__same=nw.lit(True))
    old = there.filter(nw.col(retired).cast(nw.Boolean)).select(key, family).unique()
    both = frame.join(same, on=[key, sku], how="left").join(  # type: ignore[arg-type]
        old.with_columns(__old=nw.lit(True)),  # type: ignore[arg-type]
        on=[key, family],
        how="left",
    )

    def choose(repeat: str, replacement: str, new: str) -> nw.Expr:
        inner = nw.when(~nw.col("__old").is_null()).then(nw.lit(replacement)).otherwise(nw.lit(new))
        return nw.when(~nw.col("__same").is_null()).then(nw.lit(repeat)).otherwise(inner)

    labelled = both.with_columns(
        purchase_type=choose("repeat", "replacement", "new"),
        reason=choose(
            "has this article", "has an old model of the family", "has neither it nor an old model"
        ),
    )
    return give_back(labelled.drop("__same", "__old"), renumber=True)


def _dates(table: pd.DataFrame, column: str) -> pd.Series:
    need_pandas(table, [column])
    if not pd.api.types.is_datetime64_any_dtype(table[column]):
        raise TableError(f"Column {column!r} must hold days: turn it with pd.to_datetime first.")
    return table[column]
