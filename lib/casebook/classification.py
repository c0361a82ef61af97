"""Rank customers by value: who are the few that bring the most, and how sure is the list?

Value classes are A, B and C (`abc_value`), from shares of the total value. They are not the credit grades
A to D of another lesson. A *share* is a fraction from 0 to 1; `cum_share` is the running share, best
customer first. Functions that run on sales lines (`customer_value`, `abc`) take pandas, Polars or DuckDB
and give the same kind back. The rest works on tables of customers or of classes, which stay small: pandas.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Any, Literal

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrameT

from casebook.errors import TableError
from casebook.exact import amount_units, check_values, product_units
from casebook.frames import give_back, need_pandas, refuse_gaps, start
from casebook.ranking import (
    HELPERS,
    RANK,
    add_up,
    check_choice,
    check_cuts,
    label,
    one_row_each,
    positive_total,
    running_units,
    shares_of,
)
from casebook.stability import draw_customers, draw_orders, units_by_customer

__all__ = [
    "ABC_STEPS",
    "CURRY",
    "CUTS",
    "SU_CHAOHUI",
    "TIER_NAMES",
    "abc",
    "abc_potential",
    "abc_summary",
    "class_stability",
    "customer_value",
    "gini",
    "lorenz",
    "tiers",
    "visit_plan",
]

#: Shares of the total value that close class A, then class B. 70/90 is as customary (both are conventions).
CUTS = (0.80, 0.95)
#: Shares of the customers in each tier, best first: Curry & Curry (2000).
CURRY = (0.01, 0.04, 0.15, 0.80)
#: The same four tiers as Su Chaohui cuts them.
SU_CHAOHUI = (0.01, 0.19, 0.30, 0.50)
TIER_NAMES = ("top", "major", "ordinary", "small")  #: 顶尖, 主要, 普通, 小客户
#: The steps of an ABC analysis (standard; the source course refers to a figure that is lost).
ABC_STEPS = ("collect", "tabulate", "sort", "cumulate", "classify", "draw", "manage")

Boundary = Literal["crossing", "inclusive"]
_CLASSES = ("A", "B", "C")
_DRAWN = ("p_A", "p_B", "p_C", "p_none", "stable")


def customer_value(
    lines: IntoFrameT,
    key: str,
    *,
    amount: str | None = None,
    qty: str | None = None,
    unit_price: str | None = None,
) -> IntoFrameT:
    """Add up sales lines to one exact value for each customer.

    Parameters
    ----------
    lines : pandas DataFrame, Polars frame or DuckDB relation, one row per sales line
    key : str
        The column that names the customer.
    amount : str, optional
        The column with the money of the line, in any currency. Returns are negative.
    qty, unit_price : str, optional
        Instead of `amount`: their product is the money of the line.

    Returns
    -------
    the same kind of table, one row per customer, sorted by `key`
        Columns `key` and ``value`` (same currency), added exactly: no order of rows changes a digit.

    Raises
    ------
    TableError
        If a column is missing or holds gaps or text, or a line has no customer.

    Examples
    --------
    In doubles, 0.1 + 0.2 - 0.3 is 5.6e-17, and a customer with nothing left would look like one with a
    balance:

    >>> lines = pd.DataFrame({"customer": ["Ada", "Ada", "Ada", "Bo"], "money": [0.1, 0.2, -0.3, 5.0]})
    >>> customer_value(lines, "customer", amount="money")
      customer  value
    0      Ada    0.0
    1       Bo    5.0
    """
    if amount is not None and (qty is not None or unit_price is not None):
        raise TableError("Name the amount column, or the quantity and the unit price, not all of them.")
    if amount is None and (qty is None or unit_price is None):
        raise TableError("Name the amount column, or both the quantity and the unit price.")
    used = [name for name in (amount, qty, unit_price) if name is not None]
    frame = start(lines, [key, *used])
    if key == "value":
        raise TableError("Column 'value' has the name of the one that is made here: rename it first.")
    for name in used:
        check_values(frame, name, key)
    refuse_gaps(frame, key, "name the customer, or leave those rows out and say how many they are")
    made = amount_units(frame, used[0]) if amount is not None else product_units(frame, used[0], used[1])
    return give_back(add_up(frame, key, *made, "value"), renumber=True)


def abc(
    table: IntoFrameT,
    value: str,
    key: str | None = None,
    *,
    cuts: tuple[float, float] = CUTS,
    boundary: Boundary = "crossing",
    on_nonpositive: Literal["refuse", "apart"] = "refuse",
) -> IntoFrameT:
    """Classify customers A, B or C by their running share of the total value (ABC 分类).

    Sort by value, best first. A customer's class depends on the running share:

    - ``crossing``: on the share of all *before* this customer. Below the first cut: A; below the second:
      B; else C. The customer who crosses a cut still belongs to the better class, so class A always
      reaches its cut.
    - ``inclusive``: on the share *with* this customer. At most the first cut: A; at most the second: B;
      else C. The one who crosses falls into the lower class; a single giant may leave class A empty.

    Parameters
    ----------
    table : pandas DataFrame, Polars frame or DuckDB relation
        One row per customer; or several, which are added up by `key` first.
    value : str
        The column to rank by: revenue, margin or profit, in any currency.
    key : str, optional
        The column that names the customer; it also settles ties (smaller name first). Without it every row
        is one customer and ties are settled by the index; a DuckDB relation has none and needs the key.
    cuts : two rising shares between 0 and 1
        Default .80 and .95, a convention: 70/90 is as customary.
    boundary : {"crossing", "inclusive"}
    on_nonpositive : {"refuse", "apart"}
        A zero or negative value has no share of a total. Refuse it, or return such customers below the
        others with an empty class and the reason.

    Returns
    -------
    the same kind of table, best customer first
        With `share` and `cum_share` (0-1, of the sum of the positive values), `abc_value` ("A", "B", "C" or
        missing) and `reason`. Other columns are kept unless rows had to be added up.

    Raises
    ------
    TableError
        If a column is missing, a value is missing or not a number, a value is zero or negative (unless
        "apart"), no value is positive, or the cuts do not rise between 0 and 1.

    Notes
    -----
    Money is added as whole numbers of its smallest unit (`casebook.exact`), and cuts are compared as
    fractions: neither the order of rows nor the unit (cents, yuan, millions) changes a class.
    Source: the source course names ABC by turnover and gives no cuts; 70/90 and 80/95 are customary. The two
    boundary rules are stated because books seldom say which they use.

    See Also
    --------
    abc_summary, class_stability, casebook.plots.plot_pareto

    Examples
    --------
    >>> six = pd.DataFrame({"customer": list("PQRSTU"), "revenue": [500, 250, 120, 70, 40, 20]})
    >>> abc(six, "revenue", "customer")[["customer", "cum_share", "abc_value"]]
      customer  cum_share abc_value
    0        P       0.50         A
    1        Q       0.75         A
    2        R       0.87         A
    3        S       0.94         B
    4        T       0.98         B
    5        U       1.00         C
    >>> "".join(abc(six, "revenue", "customer", boundary="inclusive")["abc_value"])
    'AABBCC'
    """
    cuts = check_cuts(cuts)
    check_choice("boundary", boundary, ("crossing", "inclusive"))
    check_choice("on_nonpositive", on_nonpositive, ("refuse", "apart"))
    frame, tie, added = one_row_each(table, value, key, ("share", "cum_share", "abc_value", "reason"))
    total = positive_total(frame, value, key, on_nonpositive)
    ranked = running_units(frame, tie)
    classed = ranked.with_columns(**shares_of(total), **label(total, cuts, boundary)).sort(RANK, tie)
    helpers = HELPERS & set(classed.collect_schema().names())
    return give_back(classed.drop(*helpers), renumber=added)


def abc_summary(classified: Any, value: str) -> pd.DataFrame:
    """Count and add up the classes: the small table that goes under a Pareto chart.

    Parameters
    ----------
    classified : table that `abc` returned (any kind)
    value : str
        The column that was ranked by.

    Returns
    -------
    DataFrame of shape (3, 5)
        `abc_value` A, B, C; `customers` (count), `customer_share` (0-1, of the classified), `value` (its
        sum), `value_share` (0-1). Customers set apart are not counted.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> six = pd.DataFrame({"customer": list("PQRSTU"), "revenue": [500, 250, 120, 70, 40, 20]})
    >>> abc_summary(abc(six, "revenue", "customer"), "revenue").round(2)
      abc_value  customers  customer_share  value  value_share
    0         A          3            0.50    870         0.87
    1         B          2            0.33    110         0.11
    2         C          1            0.17     20         0.02
    """
    frame = start(classified, [value, "abc_value"]).filter(~nw.col("abc_value").is_null())
    check_values(frame, value)
    units, unit = amount_units(frame, value)
    counted = (
        frame.select("abc_value", units=units)
        .group_by("abc_value")
        .agg(customers=nw.len(), units=nw.col("units").sum())
    )
    small = (counted.collect() if isinstance(counted, nw.LazyFrame) else counted).to_pandas()
    small = small.set_index("abc_value").reindex(list(_CLASSES), fill_value=0).astype("int64")
    value_sum = small["units"] if unit.integer else small["units"] / unit.per_one
    return pd.DataFrame(
        {
            "abc_value": list(_CLASSES),
            "customers": small["customers"].to_numpy(),
            "customer_share": (small["customers"] / small["customers"].sum()).to_numpy(),
            "value": value_sum.to_numpy(),
            "value_share": (small["units"] / small["units"].sum()).to_numpy(),
        }
    )


#: Value class and growth potential together (our convention: the source course gives the two steps, no rule).
_PRIORITY = {
    ("A", "high"): "A", ("A", "medium"): "A", ("A", "low"): "B",
    ("B", "high"): "A", ("B", "medium"): "B", ("B", "low"): "B",
    ("C", "high"): "B", ("C", "medium"): "C", ("C", "low"): "C",
}  # fmt: skip


def abc_potential(table: pd.DataFrame, abc: str = "abc_value", potential: str = "potential") -> pd.DataFrame:
    """Combine today's value class with growth potential (发展潜力) into a priority.

    High potential lifts a customer by one class; low potential lowers an A to B. All others keep their class.

    Parameters
    ----------
    table : DataFrame, one row per customer
    abc, potential : str
        Columns holding "A", "B", "C" and "high", "medium", "low".

    Returns
    -------
    DataFrame
        The table with `priority` ("A", "B", "C") and `reason`.

    Raises
    ------
    TableError
        If a column is missing or holds another word; the first such row is named.

    Notes
    -----
    The source course ranks by turnover first and by potential second, and gives no rule: this one is our
    convention.

    Examples
    --------
    >>> four = pd.DataFrame({"abc_value": list("BACC"), "potential": ["high", "low", "medium", "high"]})
    >>> abc_potential(four)[["priority", "reason"]]
      priority                                reason
    0        A     high potential lifts from B to A
    1        B    low potential lowers from A to B
    2        C  medium potential leaves the class
    3        B     high potential lifts from C to B
    """
    need_pandas(table, [abc, potential])
    for column, allowed in ((abc, _CLASSES), (potential, ("high", "medium", "low"))):
        odd = table[~table[column].isin(allowed)]
        if len(odd):
            raise TableError(
                f"Column {column!r} holds {odd[column].iloc[0]!r} in row {odd.index[0]!r} "
                f"(such rows: {len(odd):,}); it must be one of {', '.join(allowed)}. "
                "Leave out customers without a class first."
            )
    pairs = list(zip(table[abc], table[potential], strict=True))
    priority = [_PRIORITY[pair] for pair in pairs]
    reason = [
        f"{how} potential leaves the class"
        if now == new
        else f"{how} potential {'lifts' if new < now else 'lowers'} from {now} to {new}"
        for (now, how), new in zip(pairs, priority, strict=True)
    ]
    return table.assign(priority=priority, reason=reason)


def tiers(
    table: pd.DataFrame,
    value: str,
    key: str | None = None,
    *,
    shares: Sequence[float] = CURRY,
    names: Sequence[str] = TIER_NAMES,
) -> pd.DataFrame:
    """Cut customers into tiers by their *number*, best first (顶尖、主要、普通、小客户).

    Tiers count heads; ABC counts money. The tier of a customer never depends on how much more the next one
    brings.

    Parameters
    ----------
    table : DataFrame, one row per customer
    value : str
        Column to rank by. Zero and negative values are ranked like any other.
    key : str, optional
        Column that settles ties (smaller first); else the index does.
    shares : sequence of fractions of all customers, best tier first, adding to 1
        `CURRY` (1, 4, 15, 80 %) or `SU_CHAOHUI` (1, 19, 30, 50 %).
    names : sequence of str

    Returns
    -------
    DataFrame, best first
        The table with `tier` and `reason`.

    Raises
    ------
    TableError
        If a value is missing, or the shares do not add to 1 or do not match the names.

    Notes
    -----
    Tier ends are rounded up, cumulatively (a tiny tolerance keeps .1 + .2 from counting as more than .3).
    So the top tier has at least one customer; any other may be empty.
    Source: Curry & Curry (2000), The Customer Marketing Method; Su Chaohui 苏朝晖《客户关系管理》.
    The source course gives the four names only.

    Examples
    --------
    >>> hundred = pd.DataFrame({"revenue": range(100, 0, -1)})
    >>> tiers(hundred, "revenue")["tier"].value_counts(sort=False).to_dict()
    {'top': 1, 'major': 4, 'ordinary': 15, 'small': 80}
    """
    need_pandas(table, [value] if key is None else [value, key])
    frame = start(table, [value])
    check_values(frame, value, key)
    if key is not None:
        refuse_gaps(frame, key)
        if not table[key].is_unique:
            twice = table.loc[table[key].duplicated(), key].iloc[0]
            raise TableError(f"Column {key!r} names {twice!r} more than once: add up to one row each first.")
    parts = np.array(shares, dtype=float)
    if len(parts) != len(names) or not (parts >= 0).all() or not abs(parts.sum() - 1) < 1e-9:
        raise TableError(f"Tier shares must be {len(names)} fractions that add to 1, got {tuple(shares)}.")
    tie = table[key].to_numpy() if key is not None else table.index.to_numpy()
    order = pd.DataFrame({"value": table[value].to_numpy(), "tie": tie})
    order = order.sort_values(["value", "tie"], ascending=[False, True], kind="stable")
    ranked = table.iloc[order.index]
    ends = [math.ceil(len(table) * share - 1e-9) for share in np.cumsum(parts)]
    sizes = np.diff([0, *ends])
    tier = np.repeat(list(names), sizes)
    reason = np.repeat([f"among the first {end:,} of {len(table):,} customers" for end in ends], sizes)
    return ranked.assign(tier=tier, reason=reason)


def gini(values: Sequence[float] | pd.Series | np.ndarray) -> float:
    """Measure how unequal customers are: 0 when all bring the same, near 1 when one brings all (基尼系数).

    Population form: the mean absolute difference between two customers, over twice the mean (divisor n).

    Parameters
    ----------
    values : array of shape (n_customers,), all >= 0, not all 0

    Returns
    -------
    float from 0 to 1 - 1/n, no unit

    Raises
    ------
    TableError
        If a value is missing or negative (with losses the figure can exceed 1: draw a whale curve
        instead), or all are zero.

    Notes
    -----
    Source: Gini (1912); the form with divisor n is the one of most textbooks, n - 1 gives slightly more.

    Examples
    --------
    >>> round(gini([10, 20, 70]), 4)
    0.4
    """
    x = np.sort(_nonnegative(values))
    n = len(x)
    return float(((2 * np.arange(1, n + 1) - n - 1) * x).sum() / (n * x.sum()))


def lorenz(values: Sequence[float] | pd.Series | np.ndarray) -> pd.DataFrame:
    """Draw-ready Lorenz curve (洛伦兹曲线): the share of value of the smallest so many per cent of customers.

    Parameters
    ----------
    values : array of shape (n_customers,), all >= 0, not all 0

    Returns
    -------
    DataFrame of shape (n_customers + 1, 2)
        `customer_share` and `value_share`, both 0-1, smallest customers first, from (0, 0) to (1, 1).

    Raises
    ------
    TableError
        As `gini`.

    Examples
    --------
    >>> lorenz([10, 20, 70]).round(2)["value_share"].tolist()
    [0.0, 0.1, 0.3, 1.0]
    """
    x = np.sort(_nonnegative(values))
    running = np.concatenate([[0.0], np.cumsum(x)])
    return pd.DataFrame(
        {"customer_share": np.linspace(0, 1, len(x) + 1), "value_share": running / running[-1]}
    )


def class_stability(
    table: Any,
    value: str,
    key: str,
    *,
    cuts: tuple[float, float] = CUTS,
    boundary: Boundary = "crossing",
    B: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """How often would each customer keep its class if chance had dealt the year again? (bootstrap)

    With one row per *order*, orders are drawn with replacement, as many as there were, and customers are
    classified anew in each draw: a customer with two orders may get none, one or four. With one row per
    *customer*, customers are drawn instead: the customer's own value stays, the company it keeps changes.

    Parameters
    ----------
    table : table of orders or of customers (any kind; it is collected)
    value, key : str
        The money of the row, and the customer it belongs to.
    cuts, boundary
        As in `abc`.
    B : int
        Number of draws.
    seed : int

    Returns
    -------
    DataFrame, one row per customer with a positive total, best first
        `key`, `value`, `abc_value` (class on the data as they are), `p_A`, `p_B`, `p_C` and `p_none`
        (shares of the draws; none: no positive value in the draw), `stable` (share of draws in its own
        class; one of class C keeps it too when it drops off the list).

    Raises
    ------
    TableError
        As `abc`; or if `B` is below 1.

    Notes
    -----
    Source: Efron (1979), the bootstrap; resampling orders treats them as independent, which is kind to
    customers who order in bursts.

    Examples
    --------
    >>> orders = pd.DataFrame({"who": list("AAAABBC"), "money": [30, 30, 30, 30, 9, 9, 12]})
    >>> class_stability(orders, "money", "who", B=200)[["who", "abc_value", "stable"]].round(1)
      who abc_value  stable
    0   A         A     1.0
    1   B         B     0.6
    2   C         B     0.5
    """
    if not isinstance(B, int) or B < 1:
        raise TableError(f"B must be a whole number of draws, at least 1; got {B}.")
    cuts = check_cuts(cuts)
    now = start(
        abc(table, value, key, cuts=cuts, boundary=boundary, on_nonpositive="apart"), [key], makes=_DRAWN
    )
    ranked = (now.collect() if isinstance(now, nw.LazyFrame) else now).to_pandas().reset_index(drop=True)
    units, owner = units_by_customer(table, value, key, ranked[key])
    classed = ranked["abc_value"].notna().to_numpy()
    by_customer = len(units) == len(ranked)
    rng = np.random.default_rng(seed)
    tally = np.zeros((len(ranked), 4))
    for _ in range(B):
        if by_customer:
            codes = draw_customers(units[classed], rng, cuts, boundary)
        else:
            codes = draw_orders(units, owner, rng, cuts, boundary)[classed]
        tally[np.flatnonzero(classed), codes] += 1
    drawn = pd.DataFrame(tally / B, columns=list(_DRAWN[:4]))
    stable = drawn["p_C"] + drawn["p_none"]
    for letter in "AB":
        stable = stable.mask(ranked["abc_value"] == letter, drawn[f"p_{letter}"])
    return ranked[[key, value, "abc_value"]].join(drawn).assign(stable=stable)[classed]


def visit_plan(counts: Mapping[str, int], freq: Mapping[str, int], capacity: int) -> pd.DataFrame:
    """Spread a year's visits over the classes, in the order of `freq`; the rest get a call (差别管理).

    Parameters
    ----------
    counts : mapping of class to number of customers
    freq : mapping of class to visits a customer and year, the class that comes first first
    capacity : int
        Visits that the sales force can make in a year.

    Returns
    -------
    DataFrame, one row per class in the order of `freq`
        `abc_value`, `customers`, `visits_each`, `visits_wanted`, `visits_given`, `shortfall` (visits),
        `by_phone` (customers of the class that cannot be visited in full).

    Raises
    ------
    TableError
        If the classes of `counts` and `freq` differ, or a number is negative or not whole.

    Examples
    --------
    >>> plan = visit_plan({"A": 10, "B": 30, "C": 100}, {"A": 12, "B": 4, "C": 1}, capacity=300)
    >>> plan[["abc_value", "visits_wanted", "visits_given", "shortfall", "by_phone"]]
      abc_value  visits_wanted  visits_given  shortfall  by_phone
    0         A            120           120          0         0
    1         B            120           120          0         0
    2         C            100            60         40        40
    """
    counts, freq = dict(counts), dict(freq)
    if set(counts) != set(freq):
        raise TableError(
            f"counts speak of {', '.join(map(str, counts))}, freq of {', '.join(map(str, freq))}: "
            "name the same classes."
        )
    whole = [*counts.values(), *freq.values(), capacity]
    if not all(isinstance(n, Integral) and n >= 0 for n in whole):
        raise TableError("Numbers of customers, visits and the capacity must be whole and not negative.")
    left, rows = capacity, []
    for name, each in freq.items():
        wanted = counts[name] * each
        given = min(wanted, left)
        left -= given
        phone = math.ceil((wanted - given) / each) if wanted > given else 0
        rows.append((name, counts[name], each, wanted, given, wanted - given, phone))
    names = [
        "abc_value",
        "customers",
        "visits_each",
        "visits_wanted",
        "visits_given",
        "shortfall",
        "by_phone",
    ]
    return pd.DataFrame(rows, columns=names)


def _nonnegative(values: Any) -> np.ndarray:
    try:
        x = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        x = np.array([])
    if x.ndim != 1 or not len(x) or not np.isfinite(x).all():
        raise TableError("Values must be one finite number for each customer, without gaps.")
    if (x < 0).any():
        raise TableError(
            f"{(x < 0).sum():,} of {len(x):,} values are negative (the first is {x[x < 0][0]:,.2f}): "
            "with losses the Gini coefficient can exceed 1. Leave them out and say so, or draw a whale curve."
        )
    if not x.any():
        raise TableError("All values are zero: there is nothing to share out.")
    return x / x.max()
