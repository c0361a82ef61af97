"""The words of the lifetime pictures: titles that state the finding, and alternative texts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.plots.style import percent
from casebook.plots.words import refuse_empty, require

__all__ = [
    "alt_alive_grid",
    "alt_alive_path",
    "alt_conditional",
    "alt_retention",
    "alt_tracking",
    "alt_value",
]

# Tracking -------------------------------------------------------------------------------------------------

TRACK_TITLE = "After the model's last look, it expected {expected:,.0f} {what} and {actual:,.0f} came ({off})"
TRACK_TITLE_NONE = "The model expects {expected:,.0f} {what} where {actual:,.0f} came ({off})"
TRACK_TITLE_EACH = "A period after the model's last look: {expected:,.0f} {what} expected, {actual:,.0f} came"
TRACK_ALT = (
    "{kind} of {what} by period, {n} periods to {end:%Y-%m-%d}: what came, solid, and what the model "
    "expected, dashed. {points} {mark}"
)
TRACK_POINT = "Period {period}: {actual:,.0f} came, {expected:,.0f} expected."
TRACK_MARK = "A line marks the end of what the model saw, period {period}; {later}."
TRACK_LATER = "after it {actual:,.0f} came and {expected:,.0f} were expected"

_TRACK = ["period", "end", "holdout", "actual", "expected", "actual_running", "expected_running"]


def check_tracking(table: pd.DataFrame) -> None:
    """Refuse a table that `lifetime.tracking` did not make; raises TableError."""
    require(table, _TRACK, "lifetime.tracking")
    refuse_empty(table)


def off_by(expected: float, actual: float) -> str:
    """Say how far an expectation is off, in per cent of what came.

    >>> off_by(90, 100), off_by(3, 0)
    ('-10%', 'of none')
    """
    return f"{expected / actual - 1:+.0%}" if actual else "of none"


def tracking_title(table: pd.DataFrame, what: str, *, running: bool = True) -> str:
    """State how the model did where it had not looked, or, without a holdout, where it had.

    >>> table = pd.DataFrame({"holdout": [False, True], "actual": [9, 10], "expected": [8.0, 9.0]})
    >>> tracking_title(table, "purchases")
    "After the model's last look, it expected 9 purchases and 10 came (-10%)"
    """
    later = table[table["holdout"]]
    if len(later) and not running:
        expected, actual = float(later["expected"].mean()), float(later["actual"].mean())
        return TRACK_TITLE_EACH.format(expected=expected, actual=actual, what=what)
    part, words = (later, TRACK_TITLE) if len(later) else (table, TRACK_TITLE_NONE)
    expected, actual = float(part["expected"].sum()), float(part["actual"].sum())
    return words.format(expected=expected, actual=actual, what=what, off=off_by(expected, actual))


def alt_tracking(table: pd.DataFrame, *, running: bool = True, what: str = "repeat purchases") -> str:
    """Say in words what `plot_tracking` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_tracking`.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-07", "2024-01-14"])
    >>> table = pd.DataFrame({"period": [1, 2], "end": days, "holdout": [False, True], "actual": [9, 10],
    ...     "expected": [8.0, 9.0], "actual_running": [9, 19], "expected_running": [8.0, 17.0]})
    >>> "after it 10 came and 9 were expected" in alt_tracking(table)
    True
    """
    check_tracking(table)
    end = "_running" if running else ""
    picked = table.iloc[np.unique(np.linspace(0, len(table) - 1, 6).round().astype(int))]
    points = " ".join(
        TRACK_POINT.format(period=row["period"], actual=row[f"actual{end}"], expected=row[f"expected{end}"])
        for row in picked.to_dict("records")
    )
    known, later = table[~table["holdout"]], table[table["holdout"]]
    mark = ""
    if len(later) and len(known):
        said = TRACK_LATER.format(actual=later["actual"].sum(), expected=later["expected"].sum())
        mark = TRACK_MARK.format(period=known["period"].iloc[-1], later=said)
    kind = "Running totals" if running else "Counts"
    return TRACK_ALT.format(
        kind=kind, what=what, n=len(table), end=table["end"].iloc[-1], points=points, mark=mark
    ).strip()


# Conditional expectation ----------------------------------------------------------------------------------

COND_TITLE = "In {inside} of {n} groups the model's mean lies within what chance allows"
COND_ALT = (
    "Mean later purchases by repeat purchases before, for {rows:,} customers in {n} groups: what came, with "
    "a 95% interval, and what the model expected. {points}"
)
COND_POINT = "{group} before ({customers:,} customers): {actual:.2f} came, {expected:.2f} expected."

_COND = ["group", "customers", "actual", "expected", "low", "high"]


def check_conditional(table: pd.DataFrame) -> None:
    """Refuse a table that `lifetime.conditional_expectation` did not make; raises TableError."""
    require(table, _COND, "lifetime.conditional_expectation")
    refuse_empty(table)


def conditional_title(table: pd.DataFrame) -> str:
    """Count the groups whose interval holds the model's mean, among those that have an interval.

    >>> table = pd.DataFrame({"expected": [1.0, 9.0], "low": [0.5, 1.0], "high": [1.5, 3.0]})
    >>> conditional_title(table)
    "In 1 of 2 groups the model's mean lies within what chance allows"
    """
    wide = table.dropna(subset=["low", "high"])
    inside = int(((wide["low"] <= wide["expected"]) & (wide["expected"] <= wide["high"])).sum())
    return COND_TITLE.format(inside=inside, n=len(wide))


def alt_conditional(table: pd.DataFrame, *, what: str = "purchases") -> str:  # noqa: ARG001
    """Say in words what `plot_conditional` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_conditional`.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["0"], "customers": [5], "actual": [0.4], "expected": [0.5],
    ...                       "low": [0.1], "high": [0.7]})
    >>> "0 before (5 customers): 0.40 came, 0.50 expected." in alt_conditional(table)
    True
    """
    check_conditional(table)
    rows = ({str(name): value for name, value in row.items()} for row in table[_COND[:4]].to_dict("records"))
    points = " ".join(COND_POINT.format(**row) for row in rows)
    return COND_ALT.format(rows=int(table["customers"].sum()), n=len(table), points=points)


# P(alive) by frequency and recency ------------------------------------------------------------------------

GRID_TITLE_ALIVE = (
    "Last bought {ago:,.0f} {units} ago: alive with {few} after {x:,} repeat {purchases}, {many} after {y:,}"
)
GRID_TITLE_EXPECTED = (
    "Last bought {ago:,.0f} {units} ago: {few} purchases ahead after {x:,} repeat {purchases}, "
    "{many} after {y:,}"
)
GRID_ALT = (
    "Map of {word} by number of repeat purchases (across, {x0:,} to {x1:,}) and age at the last of them "
    "(upwards, {y0:,.1f} to {y1:,.1f} {units}); dark is high, and lines join equal values. {points}"
)
GRID_POINT = "{frequency:,} {purchases}, the last at {recency:,.1f}: {value}."
GRID_WORDS = {"p_alive": "the probability that the customer is still there", "expected": "purchases expected"}


def check_grid(table: pd.DataFrame, value: str) -> None:
    """Refuse a table that `lifetime.alive_grid` did not make; raises TableError."""
    require(table, ["frequency", "recency", value], "lifetime.alive_grid")
    refuse_empty(table)


def grid_value(value: str, number: float) -> str:
    """Write a cell of the map: a share as a percentage, purchases with one decimal.

    >>> grid_value("p_alive", 0.734), grid_value("expected", 1.26)
    ('73%', '1.3')
    """
    return percent(number) if value == "p_alive" else f"{number:.1f}"


def grid_title(table: pd.DataFrame, value: str, T: float, units: str) -> str:
    """Compare few purchases with many, at the same silence: a third of the way up.

    >>> table = pd.DataFrame({"frequency": [2, 9], "recency": [20.0] * 2, "p_alive": [0.54, 0.06]})
    >>> grid_title(table, "p_alive", 38.9, "weeks")
    'Last bought 19 weeks ago: alive with 54% after 2 repeat purchases, 6% after 9'
    """
    levels = np.sort(table["recency"].unique())
    row = table[table["recency"] == levels[len(levels) // 2]].sort_values("frequency")
    few, many = row.iloc[0], row.iloc[-1]
    words = GRID_TITLE_ALIVE if value == "p_alive" else GRID_TITLE_EXPECTED
    return words.format(
        ago=T - few["recency"], units=units, x=int(few["frequency"]), y=int(many["frequency"]),
        few=grid_value(value, few[value]), many=grid_value(value, many[value]),
        purchases="purchase" if few["frequency"] == 1 else "purchases",
    )  # fmt: skip


def alt_alive_grid(
    table: pd.DataFrame,
    *,
    value: str = "p_alive",
    T: float,  # noqa: ARG001
    units: str = "weeks",
) -> str:
    """Say in words what `plot_alive_grid` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_alive_grid`.

    Examples
    --------
    >>> table = pd.DataFrame({"frequency": [2, 9], "recency": [20.0] * 2, "p_alive": [0.54, 0.06]})
    >>> "9 purchases, the last at 20.0: 6%." in alt_alive_grid(table, T=38.9)
    True
    """
    check_grid(table, value)
    x, y = (np.sort(table[name].unique()) for name in ("frequency", "recency"))
    points = []
    for level in y[np.unique([0, len(y) // 2, len(y) - 1])]:
        for number in x[np.unique([0, len(x) // 2, len(x) - 1])]:
            cell = table[(table["frequency"] == number) & (table["recency"] == level)]
            if len(cell):
                shown = grid_value(value, float(cell[value].iloc[0]))
                word = "purchase" if number == 1 else "purchases"
                points.append(
                    GRID_POINT.format(frequency=int(number), purchases=word, recency=level, value=shown)
                )
    return GRID_ALT.format(
        word=GRID_WORDS[value], x0=int(x[0]), x1=int(x[-1]), y0=y[0], y1=y[-1], units=units,
        points=" ".join(points),
    )  # fmt: skip


# P(alive) along one history -------------------------------------------------------------------------------

PATH_TITLE = "{n:,} {purchases}, then {silent:,} days of silence: {alive} likely still a customer"
PATH_ALT = (
    "P(alive) of one customer, day by day from {first:%Y-%m-%d} to {last:%Y-%m-%d}. Ticks at the foot mark "
    "{n:,} purchases, the last on {bought:%Y-%m-%d}. {points}{low}"
)
PATH_POINT = "On {day:%Y-%m-%d}: {alive}."
PATH_LOW = " Lowest, on {day:%Y-%m-%d}: {alive}."

_PATH = ["day", "bought", "p_alive"]


def check_path(table: pd.DataFrame) -> None:
    """Refuse a table that `lifetime.alive_path` did not make; raises TableError."""
    require(table, _PATH, "lifetime.alive_path")
    refuse_empty(table)


def path_title(table: pd.DataFrame) -> str:
    """State the silence at the end and what it means.

    >>> days = pd.to_datetime(["2024-01-01", "2024-01-02"])
    >>> path_title(pd.DataFrame({"day": days, "bought": [True, False], "p_alive": [1.0, 0.8]}))
    '1 purchase, then 1 days of silence: 80% likely still a customer'
    """
    bought = table.loc[table["bought"], "day"]
    silent = (table["day"].iloc[-1] - bought.iloc[-1]).days
    return PATH_TITLE.format(
        n=len(bought), purchases="purchase" if len(bought) == 1 else "purchases", silent=silent,
        alive=percent(float(table["p_alive"].iloc[-1])),
    )  # fmt: skip


def alt_alive_path(table: pd.DataFrame) -> str:
    """Say in words what `plot_alive_path` draws.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_alive_path`.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-01", "2024-01-02"])
    >>> table = pd.DataFrame({"day": days, "bought": [True, False], "p_alive": [1.0, 0.8]})
    >>> "On 2024-01-02: 80%." in alt_alive_path(table)
    True
    """
    check_path(table)
    bought = table.loc[table["bought"], "day"]
    at = np.unique(np.linspace(0, len(table) - 1, 5).round().astype(int))
    points = " ".join(
        PATH_POINT.format(day=row["day"], alive=percent(row["p_alive"]))
        for row in table.iloc[list(at)].to_dict("records")
    )
    lowest = table.iloc[int(np.argmin(table["p_alive"]))]
    low = ""
    if lowest["day"] not in set(table["day"].iloc[at]):
        low = PATH_LOW.format(day=lowest["day"], alive=percent(float(lowest["p_alive"])))
    return PATH_ALT.format(
        first=table["day"].iloc[0], last=table["day"].iloc[-1], n=len(bought), bought=bought.iloc[-1],
        points=points, low=low,
    )  # fmt: skip


# Retention ------------------------------------------------------------------------------------------------

RET_TITLE = "After {n} {periods} {seen} are left; the sBG said {sbg}, one rate for all {constant}"
RET_ALT = (
    "Share of a cohort left after each of {n} {periods}, {known} of them known to the models: points what "
    "was seen, a solid line the sBG, a dashed line one rate for all. {points}"
)
RET_POINT = "After {period}: {seen} left, sBG {sbg}, one rate {constant}; {kept} of those before stayed."

_RET = ["period", "holdout", "survival", "retention", "survival_sbg", "survival_constant"]


def check_retention(table: pd.DataFrame) -> None:
    """Refuse a table that `lifetime.renewal_table` did not make; raises TableError."""
    require(table, _RET, "lifetime.renewal_table")
    refuse_empty(table)


def retention_title(table: pd.DataFrame, periods: str) -> str:
    """State the last period: seen, by the sBG, by one rate.

    >>> row = {"period": 12, "survival": 0.394, "survival_sbg": 0.378, "survival_constant": 0.296}
    >>> retention_title(pd.DataFrame([row]), "years")
    'After 12 years 39% are left; the sBG said 38%, one rate for all 30%'
    """
    last = table.iloc[-1]
    return RET_TITLE.format(
        n=int(last["period"]), periods=periods, seen=percent(last["survival"]),
        sbg=percent(last["survival_sbg"]), constant=percent(last["survival_constant"]),
    )  # fmt: skip


def alt_retention(table: pd.DataFrame, *, periods: str = "years") -> str:
    """Say in words what `plot_retention` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_retention`.

    Examples
    --------
    >>> row = {"period": 1, "holdout": False, "survival": 0.6, "retention": 0.6, "survival_sbg": 0.61,
    ...        "survival_constant": 0.7}
    >>> "After 1: 60% left, sBG 61%, one rate 70%" in alt_retention(pd.DataFrame([row]))
    True
    """
    check_retention(table)
    at = np.unique([0, len(table) // 2, int((~table["holdout"]).sum()) - 1, len(table) - 1])
    points = " ".join(
        RET_POINT.format(
            period=int(row["period"]), seen=percent(row["survival"]), sbg=percent(row["survival_sbg"]),
            constant=percent(row["survival_constant"]), kept=percent(row["retention"]),
        )
        for row in table.iloc[at].to_dict("records")
    )  # fmt: skip
    known = int((~table["holdout"]).sum())
    return RET_ALT.format(n=len(table), periods=periods, known=known, points=points)


# Value by month -------------------------------------------------------------------------------------------

VALUE_TITLE_BACK = (
    "A cost of {cost:,.0f} {unit} is back in month {month}; after {end} months, {net:+,.0f} {unit}"
)
VALUE_TITLE_NEVER = "A cost of {cost:,.0f} {unit} is not back within {end} months: {net:+,.0f} {unit}"
VALUE_ALT = (
    "What a new customer has brought by month, in {unit}: by the model {points}. "
    "The formula's line runs to {formula:,.0f} after {end} months{cut}. A level line marks the cost of "
    "winning one, {cost:,.0f}. {back}"
)
VALUE_CUT = ", off the picture"

_VALUE = ["month", "model", "formula"]


def check_value(table: pd.DataFrame) -> None:
    """Refuse a table that the value explorer did not make; raises TableError."""
    require(table, _VALUE, "widgets.value_answer")
    refuse_empty(table)


def month_back(table: pd.DataFrame, cost: float) -> int | None:
    """The first month in which the model's line has reached the cost.

    >>> table = pd.DataFrame({"month": [0, 1], "model": [10.0, 30.0]})
    >>> month_back(table, 20), month_back(table, 40)
    (1, None)
    """
    reached = table.loc[table["model"] >= cost, "month"]
    return int(reached.iloc[0]) if len(reached) else None


def value_title(table: pd.DataFrame, cost: float, unit: str) -> str:
    """State when the cost is back, and what is left at the end.

    >>> table = pd.DataFrame({"month": [0, 1], "model": [10.0, 30.0]})
    >>> value_title(table, 20, "RMB"), value_title(table, 40, "RMB")
    ('A cost of 20 RMB is back in month 1; after 1 months, +10 RMB', \
'A cost of 40 RMB is not back within 1 months: -10 RMB')
    """
    month, last = month_back(table, cost), table.iloc[-1]
    words = VALUE_TITLE_NEVER if month is None else VALUE_TITLE_BACK
    return words.format(cost=cost, unit=unit, month=month, end=int(last["month"]), net=last["model"] - cost)


def alt_value(table: pd.DataFrame, *, cost: float, unit: str = "RMB", top: float | None = None) -> str:
    """Say in words what `plot_value` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_value`.

    Examples
    --------
    >>> table = pd.DataFrame({"month": [0, 1], "model": [10.0, 30.0], "formula": [0.0, 90.0]})
    >>> "10 after 0, 30 after 1" in alt_value(table, cost=20)
    True
    """
    check_value(table)
    at = np.unique(np.linspace(0, len(table) - 1, 5).round().astype(int))
    points = ", ".join(
        f"{row['model']:,.0f} after {row['month']:.0f}" for row in table.iloc[at].to_dict("records")
    )
    last = float(table["formula"].iloc[-1])
    return VALUE_ALT.format(
        unit=unit, points=points, formula=last, end=int(table["month"].iloc[-1]), cost=cost,
        cut=VALUE_CUT if top is not None and last > top else "", back=value_title(table, cost, unit),
    )  # fmt: skip
