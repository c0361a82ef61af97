"""The words of the pictures of lesson 06: rates by label, buying signals, orders of calling."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.plots.style import percent
from casebook.plots.words import require

__all__ = ["alt_calls", "alt_rates", "alt_signals", "calls_title", "rates_title", "share_at", "signals_title"]

RATES_ALT = (
    "Points with 95% intervals, one row a label: the share that {what}. {points} A dashed line marks the "
    "share of all, {all}."
)
RATES_COLUMNS = ("label", "n", "positives", "rate", "low", "high")
RATES_POINT = "{label}: {rate} ({positives:,} of {n:,}; {low} to {high})."
SIGNALS_TITLE = "{sure} of {n} signs speak for a purchase by more than chance"
SIGNALS_ALT = (
    "Points with 95% intervals on a ratio scale, one row a sign: how many times as frequent it is in buyers "
    "as in others. {points} A dashed line marks 1: the sign says nothing."
)
SIGNALS_POINT = "{signal}: {lr:.2f} ({low:.2f} to {high:.2f})."
CALLS_TITLE = "{order}: the first {share} of calls find {found} of {what}"
CALLS_ALT = (
    "Curves of {what} found against the share of the list called, one for each order of calling. "
    "{order}, drawn bold: {points}. At {share} of calls the others find: {others}. "
    "A dashed diagonal shows calls at random."
)


def check_rates(table: pd.DataFrame) -> None:
    """Refuse a table that `lead_scoring.rates_by` did not make; raises TableError."""
    require(table, list(RATES_COLUMNS), "lead_scoring.rates_by")
    if table.empty:
        raise TableError("The table has no label, so there is nothing to draw.")


def rates_title(table: pd.DataFrame, what: str) -> str:
    """The finding: the highest rate, that of the first label, the lowest.

    >>> rates_title(pd.DataFrame({"label": ["hot", "cold"], "rate": [0.2, 0.3]}), "ordered later")
    'Ordered later: 30% of cold, 20% of hot'
    """
    rates = table.set_index("label")["rate"]
    named = dict.fromkeys([rates.idxmax(), rates.index[0], rates.idxmin()])
    parts = ", ".join(f"{percent(rates[label])} of {label}" for label in named)
    return f"{what[:1].upper()}{what[1:]}: {parts}"


def alt_rates(table: pd.DataFrame, *, what: str = "ordered") -> str:
    """Say in words what `plot_rates` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_rates`.

    Examples
    --------
    >>> table = pd.DataFrame({"label": ["hot"], "n": [4], "positives": [1], "rate": [0.25],
    ...                       "low": [0.05], "high": [0.7]})
    >>> print(alt_rates(table)[:101])
    Points with 95% intervals, one row a label: the share that ordered. hot: 25% (1 of 4; 5% to 70%). A d
    """
    check_rates(table)
    rows = zip(*(table[name].tolist() for name in RATES_COLUMNS), strict=True)
    points = " ".join(
        RATES_POINT.format(
            label=label, rate=percent(rate), positives=count, n=n, low=percent(low), high=percent(high)
        )
        for label, n, count, rate, low, high in rows
    )
    return RATES_ALT.format(what=what, points=points, all=percent(of_all(table)))


def of_all(table: pd.DataFrame) -> float:
    """The rate of all rows of a table of rates together.

    >>> of_all(pd.DataFrame({"n": [3, 1], "positives": [1, 1]}))
    0.5
    """
    return float(table["positives"].sum() / table["n"].sum())


def check_signals(table: pd.DataFrame) -> None:
    """Refuse a table that `showroom.signal_lr` did not make, or one without a ratio; raises TableError."""
    require(table, ["signal", "lr", "low", "high"], "showroom.signal_lr")
    if not np.isfinite(table[["lr", "low", "high"]].to_numpy(dtype=float)).all() or table.empty:
        raise TableError("A sign without a finite ratio and interval cannot be drawn: leave it out first.")


def signals_title(table: pd.DataFrame) -> str:
    """How many ratios have an interval that lies above 1.

    >>> signals_title(pd.DataFrame({"low": [1.2, 0.8]}))
    '1 of 2 signs speak for a purchase by more than chance'
    """
    return SIGNALS_TITLE.format(sure=int((table["low"] > 1).sum()), n=len(table))


def alt_signals(table: pd.DataFrame) -> str:
    """Say in words what `plot_signals` draws.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_signals`.

    Examples
    --------
    >>> table = pd.DataFrame({"signal": ["bargain"], "lr": [1.6], "low": [1.35], "high": [1.91]})
    >>> print(alt_signals(table)[117:146])
    bargain: 1.60 (1.35 to 1.91).
    """
    check_signals(table)
    rows = zip(*(table[name].tolist() for name in ("signal", "lr", "low", "high")), strict=True)
    points = " ".join(
        SIGNALS_POINT.format(signal=signal, lr=lr, low=low, high=high) for signal, lr, low, high in rows
    )
    return SIGNALS_ALT.format(points=points)


def check_calls(curves: Mapping[str, pd.DataFrame], order: str, value: str) -> None:
    """Refuse curves that `calling.call_curve` did not make, or an order that is not there."""
    if order not in curves:
        raise TableError(f"There is no order {order!r}; there are {', '.join(map(repr, curves))}.")
    for curve in curves.values():
        require(curve, ["share", value], "calling.call_curve")
        if not curve[value].iloc[-1] > 0:
            raise TableError(f"Nothing of {value!r} is found on the whole list, so there is nothing to draw.")


def share_at(curve: pd.DataFrame, value: str, share: float) -> float:
    """Which part of the whole is found at a share of the list.

    >>> share_at(pd.DataFrame({"share": [0.0, 0.5, 1.0], "found": [0, 3, 4]}), "found", 0.5)
    0.75
    """
    row = int((curve["share"] - share).abs().argmin())
    return float(curve[value].iloc[row] / curve[value].iloc[-1])


def calls_title(curves: Mapping[str, pd.DataFrame], order: str, share: float, value: str, what: str) -> str:
    """The finding of the picture of calls.

    >>> curve = pd.DataFrame({"share": [0.0, 0.5, 1.0], "found": [0, 3, 4]})
    >>> calls_title({"by score": curve}, "by score", 0.5, "found", "orders")
    'By score: the first 50% of calls find 75% of orders'
    """
    found = percent(share_at(curves[order], value, share))
    name = order[:1].upper() + order[1:]
    return CALLS_TITLE.format(order=name, share=percent(share), found=found, what=what)


def alt_calls(
    curves: Mapping[str, pd.DataFrame],
    *,
    order: str,
    share: float = 0.1,
    value: str = "found",
    what: str = "orders",
) -> str:
    """Say in words what `plot_calls` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_calls`.

    Examples
    --------
    >>> curve = pd.DataFrame({"share": [0.0, 0.5, 1.0], "found": [0, 3, 4]})
    >>> print(alt_calls({"by score": curve}, order="by score", share=0.5)[:71])
    Curves of orders found against the share of the list called, one for ea
    """
    check_calls(curves, order, value)
    depths = sorted({0.05, 0.1, 0.2, 0.5, share})
    points = ", ".join(f"{percent(share_at(curves[order], value, d))} at {percent(d)}" for d in depths)
    others = ", ".join(
        f"{name} {percent(share_at(curve, value, share))}" for name, curve in curves.items() if name != order
    )
    return CALLS_ALT.format(
        what=what,
        order=order[:1].upper() + order[1:],
        points=points,
        share=percent(share),
        others=others or "none",
    )
