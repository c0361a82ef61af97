"""The words of the pictures of leaving; see `words` for the rules."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words import customers, number, refuse_empty, require
from casebook.survival import survival_at

__all__ = ["alt_effect_by_risk", "alt_profit_by_depth", "alt_survival", "alt_uplift_by_depth"]

SURVIVAL_TITLE = "After {at:g} {unit} {share} are still here"
SURVIVAL_TITLE_OTHER = "; {name} it would seem {share}"
SURVIVAL_ALT = (
    "Survival curves: share of customers still here against the time since joining, in {unit}. {curves} "
    "A grey band is the interval of the first."
)
SURVIVAL_CURVE = "{name}: {points}."
PROFIT_TITLE = "Calling the first {depth} ({called:,} {customers}) earns most: {profit} {unit}"
PROFIT_TITLE_NONE = "No depth of this list earns anything"
PROFIT_ALT = "Profit in {unit} against the share of customers called, first of the list. {curves}"
PROFIT_CURVE = "{name}: best at {depth}, {profit}; all called, {end}."
UPLIFT_TITLE = {
    "saved": "Of {called:,} called, the list {first} saves {a}, {rest}",
    "profit": "{called:,} calls {first} bring {a} {unit}, {rest}",
}
UPLIFT_ALT = (
    "{measure} against the share of subscribers called, one line a ranking. {curves} "
    "A dotted line marks {depth}."
)
UPLIFT_CURVE = "{name}: {points}."
EFFECT_TITLE = "100 calls to group {best} save {most:.0f}, to the riskiest {last:.0f}"
EFFECT_ALT = (
    "Points with 95% intervals: customers saved per 100 calls in {n} groups of equal size by risk of "
    "leaving, the least at risk first. {points}"
)
EFFECT_POINT = "Group {bin}, risk {risk}: {effect:.0f} ({low:.0f} to {high:.0f})."


def check_curves(curves: Mapping[str, pd.DataFrame], columns: list[str], maker: str) -> None:
    """Refuse no curve, more than three, or a table that another function made; raises TableError."""
    if not 1 <= len(curves) <= 3:
        raise TableError(f"One to three curves can be told apart, got {len(curves)}.")
    for curve in curves.values():
        require(curve, columns, maker)
        refuse_empty(curve)


def survival_title(curves: Mapping[str, pd.DataFrame], at: float, unit: str) -> str:
    """The finding: the share still here by the first curve, and what the second would say.

    >>> one = pd.DataFrame({"time": [0.0, 2.0], "survival": [1.0, 0.4]})
    >>> survival_title({"late joiners apart": one}, 3, "years")
    'After 3 years 40% are still here'
    """
    shares = {name: percent(float(survival_at(curve, [at])[0])) for name, curve in curves.items()}
    (_, first), *others = shares.items()
    said = SURVIVAL_TITLE.format(at=at, unit=unit, share=first)
    return said + (SURVIVAL_TITLE_OTHER.format(name=others[0][0], share=others[0][1]) if others else "")


def alt_survival(curves: Mapping[str, pd.DataFrame], *, at: float = 5, unit: str = "years") -> str:
    """Say in words what `plot_survival` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_survival`.

    Examples
    --------
    >>> from casebook.survival import kaplan_meier
    >>> print(alt_survival({"all": kaplan_meier([2, 3, 4, 5], [1, 0, 1, 0])}, at=4)[-71:])
    75% at 2, 75% at 3, 38% at 4. A grey band is the interval of the first.
    """
    check_curves(curves, ["time", "survival", "low", "high"], "survival.kaplan_meier")
    times = [at * part for part in (0.25, 0.5, 0.75, 1)]
    told = [
        SURVIVAL_CURVE.format(
            name=name,
            points=", ".join(
                f"{percent(float(s))} at {t:g}" for t, s in zip(times, survival_at(curve, times), strict=True)
            ),
        )
        for name, curve in curves.items()
    ]
    return SURVIVAL_ALT.format(unit=unit, curves=" ".join(told))


def best_row(curve: pd.DataFrame) -> pd.Series:
    """The row of the highest profit; of equal ones the shallowest.

    >>> float(best_row(pd.DataFrame({"depth": [0.0, 0.5, 1.0], "profit": [0, 7, 7]}))["depth"])
    0.5
    """
    return curve.iloc[int(curve["profit"].to_numpy().argmax())]


def profit_title(curves: Mapping[str, pd.DataFrame], unit: str) -> str:
    """The finding of profit curves: the best depth of the first.

    >>> profit_title({"m": pd.DataFrame({"depth": [0.0], "called": [0], "profit": [0.0]})}, "RMB")
    'No depth of this list earns anything'
    """
    best = best_row(next(iter(curves.values())))
    if not best["profit"] > 0:
        return PROFIT_TITLE_NONE
    called = int(best["called"])
    return PROFIT_TITLE.format(
        depth=percent(best["depth"]), called=called, customers=customers(called),
        profit=number(best["profit"]), unit=unit,
    )  # fmt: skip


def alt_profit_by_depth(curves: Mapping[str, pd.DataFrame], *, unit: str = "RMB") -> str:
    """Say in words what `plot_profit_by_depth` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_profit_by_depth`.

    Examples
    --------
    >>> from casebook.profit import profit_by_depth
    >>> print(alt_profit_by_depth({"model": profit_by_depth([1, 0, 1, 0], [0.9, 0.6, 0.5, 0.2])})[-40:])
    model: best at 75%, 101; all called, 90.
    """
    check_curves(curves, ["depth", "called", "profit"], "profit.profit_by_depth")
    told = []
    for name, curve in curves.items():
        best, end = best_row(curve), float(curve["profit"].iloc[-1])
        told.append(
            PROFIT_CURVE.format(
                name=name, depth=percent(best["depth"]), profit=number(best["profit"]), end=number(end)
            )
        )
    return PROFIT_ALT.format(unit=unit, curves=" ".join(told))


def check_uplift(curve: pd.DataFrame, depth: float, measure: str) -> None:
    """Refuse a table that `uplift_by_depth` did not make, or a depth that it lacks; raises TableError."""
    if measure not in UPLIFT_TITLE:
        raise TableError(f"measure must be 'saved' or 'profit', got {measure!r}.")
    needs = ["ranking", "depth", "called", "saved", "low", "high", *({measure} - {"saved"})]
    require(curve, needs, "uplift.uplift_by_depth")
    refuse_empty(curve)
    if not np.isclose(curve["depth"], depth).any():
        raise TableError(f"The table has no depth {depth:g}; it has {', '.join(map(str, _depths(curve)))}.")
    if curve["ranking"].nunique() > 3:
        raise TableError(f"One to three rankings can be told apart, got {curve['ranking'].nunique()}.")


def uplift_title(curve: pd.DataFrame, depth: float, measure: str, unit: str) -> str:
    """The finding of uplift curves: what each list brings at the depth.

    >>> table = pd.DataFrame({"ranking": ["by uplift", "by risk"], "depth": 0.5, "called": 10,
    ...                       "saved": [4.2, 1.4]})
    >>> uplift_title(table, 0.5, "saved", "RMB")
    'Of 10 called, the list by uplift saves 4, by risk 1'
    """
    here = curve[np.isclose(curve["depth"], depth)]
    said = [_whole(value) for value in here[measure]]
    names = here["ranking"].tolist()
    return UPLIFT_TITLE[measure].format(
        called=int(here["called"].iloc[0]), first=names[0], a=said[0], unit=unit,
        rest=", ".join(f"{n} {s}" for n, s in zip(names[1:], said[1:], strict=True)),
    ).rstrip(", ")  # fmt: skip


def alt_uplift_by_depth(
    curve: pd.DataFrame, *, depth: float = 0.3, measure: str = "saved", unit: str = "RMB"
) -> str:
    """Say in words what `plot_uplift_by_depth` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_uplift_by_depth`.

    Examples
    --------
    >>> from casebook.uplift import uplift_by_depth
    >>> curve = uplift_by_depth({"by uplift": [2, 1]}, [1.0, 0.0], depths=[0.5, 1.0])
    >>> print(alt_uplift_by_depth(curve, depth=0.5)[-56:])
    by uplift: 1 at 50%, 1 at 100%. A dotted line marks 50%.
    """
    check_uplift(curve, depth, measure)
    depths = _depths(curve)
    asked = sorted({min(depths, key=lambda have: abs(have - want)) for want in (0.1, depth, 0.5, 0.75, 1.0)})
    told = []
    for name, mine in curve.groupby("ranking", sort=False):
        picked = mine[mine["depth"].isin(asked)]
        points = [f"{_whole(row[measure])} at {percent(row['depth'])}" for row in picked.to_dict("records")]
        told.append(UPLIFT_CURVE.format(name=name, points=", ".join(points)))
    word = "Customers saved" if measure == "saved" else f"Profit in {unit}"
    return UPLIFT_ALT.format(measure=word, curves=" ".join(told), depth=percent(depth))


def _depths(curve: pd.DataFrame) -> list[float]:
    return [float(depth) for depth in dict.fromkeys(curve["depth"])]


def _whole(value: float) -> str:
    """A whole number with thousands separators, and no minus before zero.

    >>> _whole(-0.2), _whole(12345.6)
    ('0', '12,346')
    """
    return f"{round(value) + 0:,}"


def check_effect(table: pd.DataFrame) -> None:
    """Refuse a table that `uplift.effect_by_risk` did not make; raises TableError."""
    require(table, ["bin", "risk", "effect", "low", "high"], "uplift.effect_by_risk")
    refuse_empty(table)


def effect_title(table: pd.DataFrame) -> str:
    """The finding: which group gains most from a call, and what the riskiest gain.

    >>> effect_title(pd.DataFrame({"bin": [1, 2], "effect": [0.2, -0.05]}))
    '100 calls to group 1 save 20, to the riskiest -5'
    """
    best = int(table["effect"].to_numpy().argmax())
    most = 100 * float(table["effect"].iloc[best])
    last = round(100 * float(table["effect"].iloc[-1])) + 0
    return EFFECT_TITLE.format(best=int(table["bin"].iloc[best]), most=most, last=last)


def alt_effect_by_risk(table: pd.DataFrame) -> str:
    """Say in words what `plot_effect_by_risk` draws; the argument is the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_effect_by_risk`.

    Examples
    --------
    >>> from casebook.uplift import effect_by_risk
    >>> print(alt_effect_by_risk(effect_by_risk([0.1, 0.2, 0.3, 0.4], [0.0, 0.2, 0.1, 0.1], bins=2))[-33:])
    Group 2, risk 35%: 10 (10 to 10).
    """
    check_effect(table)
    points = [
        EFFECT_POINT.format(
            bin=int(row["bin"]), risk=percent(row["risk"]),
            **{name: round(100 * row[name]) + 0 for name in ("effect", "low", "high")},
        )
        for row in table.to_dict("records")
    ]  # fmt: skip
    return EFFECT_ALT.format(n=len(table), points=" ".join(points))
