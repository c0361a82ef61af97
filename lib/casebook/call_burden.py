"""Who calls for help so often that the calls cost more than the user pays, and whose fault is that?

A *repeat call* (重复来电) is a call about an issue about which the same user has called before, in this month
or an earlier one. The first call about an issue is never one. All tables here are small: pandas.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import check_values
from casebook.frames import need_pandas, refuse_gaps, start

__all__ = ["call_burden", "mark_repeats", "solved_notes"]


def mark_repeats(
    calls: pd.DataFrame, *, key: str = "user_id", issue: str = "issue_id", order: str = "call_id"
) -> pd.DataFrame:
    """Mark the calls about an issue that was called about before, and those that are called about again.

    Parameters
    ----------
    calls : DataFrame, one row per call
        `key` (who called), `issue` (what about) and `order` (rises with time, no value twice: a number of the
        call, or a date with time).
    key, issue, order : str
        Names of the columns. The same issue of two users counts as two issues.

    Returns
    -------
    DataFrame, in the order and with the index of `calls`
        The table with two columns of bool: ``repeat`` (an earlier call of this user is about this issue) and
        ``again`` (a later one is).

    Raises
    ------
    TableError
        If a column is missing or has gaps, or two calls have the same place in the order.

    Notes
    -----
    Our convention. The source course speaks of calls 'on the same problem' and gives no definition. Who calls
    again only after the last row of the table counts as not calling again.

    Examples
    --------
    >>> calls = pd.DataFrame({"call_id": [1, 2, 3, 4], "user_id": ["Ada", "Ada", "Bo", "Ada"],
    ...                       "issue_id": ["line", "bill", "line", "line"]})
    >>> mark_repeats(calls)[["call_id", "repeat", "again"]]
       call_id  repeat  again
    0        1   False   True
    1        2   False  False
    2        3   False  False
    3        4    True  False
    """
    need_pandas(calls, [key, issue, order])
    frame = start(calls, [key, issue, order], makes=("repeat", "again"))
    for column in (key, issue, order):
        refuse_gaps(frame, column, "fill it in, or leave those calls out and say how many")
    if not calls[order].is_unique:
        twice = calls.loc[calls[order].duplicated(), order].iloc[0]
        raise TableError(f"Column {order!r} holds {twice} twice: which call came first? Number the calls.")
    place = np.argsort(calls[order].to_numpy(), kind="stable")
    sorted_calls = calls[[key, issue]].iloc[place]
    marks = {"repeat": "first", "again": "last"}
    made = {name: np.empty(len(calls), dtype=bool) for name in marks}
    for name, kept in marks.items():
        made[name][place] = sorted_calls.duplicated(keep=kept).to_numpy()  # type: ignore[arg-type]
    return calls.assign(**made)


def call_burden(
    calls: pd.DataFrame,
    users: pd.DataFrame,
    *,
    months: int = 12,
    cost_per_call: float | None = None,
    repeats_from: int = 50,
    months_from: int = 6,
    margin_below: float = 0.0,
) -> pd.DataFrame:
    """Measure what each user's calls for help cost, and flag those whose burden is heavy, lasting and a loss.

    A user is flagged if repeat calls number `repeats_from` or more in `months_from` months or more, **and**
    the net margin is below `margin_below`. A flag asks for a repair first. It dismisses nobody.

    Parameters
    ----------
    calls : DataFrame, one row per call
        `user_id`, `issue_id`, `call_id` (rises with time), `month` (one value a month, such as its first day)
        and, unless `cost_per_call` is given, `cost` (money).
    users : DataFrame, one row per user
        `user_id` and `revenue_pm` (money a month). A user without a call belongs in it too.
    months : int
        Months that the table of calls covers, also those without a call.
    cost_per_call : float, optional
        One cost for every call, in place of the column.
    repeats_from, months_from : int
        So many repeat calls make a month heavy; so many heavy months count.
    margin_below : float
        Net margin (money a month) from which on downwards a user costs too much; the limit itself does not.

    Returns
    -------
    DataFrame, in the order and with the index of `users`
        ``user_id``, ``revenue_pm``, ``calls_pm`` (calls a month), ``repeat_share`` (0-1; missing without a
        call), ``heavy_months``, ``cost_pm`` and ``net_margin`` (money a month: revenue less the cost of
        calls, both as means over all `months`), ``flag`` (bool) and ``reason``.

    Raises
    ------
    TableError
        If a column is missing or has gaps, a user stands twice or calls without being in `users`, an amount
        is below zero, there are more months than `months`, or a limit makes no sense.

    Notes
    -----
    The source course tells of a telephone company that tracked calls for a year and gave notice to about
    1,000 users; it gives no rule. The rule is our convention. Revenue less calls is not profit: the network,
    the handset and the shop are not in it.

    See Also
    --------
    solved_notes : what an agent's 'solved' is worth.

    Examples
    --------
    Three users, twelve months; a call costs 5:

    >>> n = {"u1": 100, "u2": 10, "u3": 100}
    >>> calls = pd.DataFrame([(u, "line", m) for m in range(1, 13) for u in n for _ in range(n[u])],
    ...                      columns=["user_id", "issue_id", "month"]).rename_axis("call_id").reset_index()
    >>> users = pd.DataFrame({"user_id": list(n), "revenue_pm": [80.0, 80.0, 600.0]})
    >>> call_burden(calls, users, cost_per_call=5)[["user_id", "calls_pm", "net_margin", "flag"]]
      user_id  calls_pm  net_margin   flag
    0      u1     100.0      -420.0   True
    1      u2      10.0        30.0  False
    2      u3     100.0       100.0  False
    """
    _check_limits(months, cost_per_call, repeats_from, months_from, margin_below)
    _check_tables(calls, users, months, cost_per_call)
    marked = mark_repeats(calls)
    by_user = marked.groupby("user_id")
    who = users["user_id"]
    number = who.map(by_user.size()).fillna(0).to_numpy(dtype=float)
    per_month = marked[marked["repeat"]].groupby(["user_id", "month"]).size()
    heavy = who.map((per_month >= repeats_from).groupby("user_id").sum()).fillna(0).to_numpy(dtype=int)
    repeats = who.map(by_user["repeat"].sum()).fillna(0).to_numpy(dtype=float)
    if cost_per_call is None:
        spent = who.map(by_user["cost"].agg(math.fsum)).fillna(0).to_numpy(dtype=float)
    else:
        spent = number * cost_per_call
    # a millionth of a cent is the noise of adding doubles, not a loss
    margin = np.round(users["revenue_pm"].to_numpy(dtype=float) - spent / months, 8) + 0.0
    flag = (heavy >= months_from) & (margin < margin_below)
    made = {
        "user_id": who,
        "revenue_pm": users["revenue_pm"],
        "calls_pm": number / months,
        "repeat_share": np.divide(repeats, number, out=np.full(len(who), np.nan), where=number > 0),
        "heavy_months": heavy,
        "cost_pm": spent / months,
        "net_margin": margin,
        "flag": flag,
        "reason": [
            _reason(h, m, yes, months_from, margin_below)
            for h, m, yes in zip(heavy.tolist(), margin.tolist(), flag.tolist(), strict=True)
        ],
    }
    return pd.DataFrame(made, index=users.index)


def solved_notes(
    calls: pd.DataFrame,
    *,
    key: str = "user_id",
    issue: str = "issue_id",
    order: str = "call_id",
    resolved: str = "resolved",
) -> pd.DataFrame:
    """Set what agents noted against what users did: how often is there another call about the same issue?

    Parameters
    ----------
    calls : DataFrame, one row per call
        As for `mark_repeats`, and `resolved` (bool): the agent noted the issue as solved.
    key, issue, order, resolved : str
        Names of the columns.

    Returns
    -------
    DataFrame of shape (2, 4)
        ``noted`` ("solved", "unsolved"), ``calls``, ``again`` (those followed by another call of the user
        about the issue) and ``again_share`` (0-1; missing without such a call).

    Raises
    ------
    TableError
        As `mark_repeats`, or if `resolved` is not true or false everywhere.

    Notes
    -----
    Our convention. If the notes say what happened, the share is much lower after *solved*. If the two shares
    are alike, a note is no evidence about a user.

    Examples
    --------
    >>> calls = pd.DataFrame({"call_id": [1, 2, 3], "user_id": "Ada", "issue_id": ["line", "line", "bill"],
    ...                       "resolved": [True, True, False]})
    >>> solved_notes(calls)
          noted  calls  again  again_share
    0    solved      2      1          0.5
    1  unsolved      1      0          0.0
    """
    need_pandas(calls, [resolved])
    if not pd.api.types.is_bool_dtype(calls[resolved]) or calls[resolved].isna().any():
        raise TableError(f"Column {resolved!r} must be true or false for every call.")
    marked = mark_repeats(calls, key=key, issue=issue, order=order)
    rows = []
    for noted, value in (("solved", True), ("unsolved", False)):
        again = marked.loc[marked[resolved] == value, "again"]
        rows.append((noted, len(again), int(again.sum()), float(again.mean()) if len(again) else math.nan))
    return pd.DataFrame(rows, columns=["noted", "calls", "again", "again_share"])


# Helpers ---------------------------------------------------------------------------------------------------


def _reason(heavy: int, margin: float, flag: bool, months_from: int, margin_below: float) -> str:
    if flag:
        return f"{heavy} heavy months and {margin:,.2f} a month: offer a repair first"
    if heavy >= months_from:
        return f"{heavy} heavy months, but {margin:,.2f} a month"
    loss = f"{margin:,.2f} a month, but " if margin < margin_below else ""
    return f"{loss}{heavy} heavy month{'' if heavy == 1 else 's'}"


def _check_limits(
    months: Any, cost_per_call: float | None, repeats_from: Any, months_from: Any, margin_below: float
) -> None:
    for name, given in (("months", months), ("repeats_from", repeats_from), ("months_from", months_from)):
        if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < 1:
            raise TableError(f"{name} must be a whole number of 1 or more, got {given!r}.")
    if months_from > months:
        raise TableError(f"months_from is {months_from}, but there are only {months} months.")
    if cost_per_call is not None and not (math.isfinite(cost_per_call) and cost_per_call >= 0):
        raise TableError(f"cost_per_call must be money of 0 or more, got {cost_per_call!r}.")
    if not math.isfinite(margin_below):
        raise TableError(f"margin_below must be an amount of money, got {margin_below!r}.")


def _check_tables(calls: pd.DataFrame, users: pd.DataFrame, months: int, cost_per_call: float | None) -> None:
    need_pandas(users, ["user_id", "revenue_pm"])
    need_pandas(calls, ["user_id", "issue_id", "call_id", "month"])
    refuse_gaps(start(users, ["user_id"]), "user_id", "name the user, or leave that row out")
    refuse_gaps(start(calls, ["month"]), "month", "fill it in, or leave those calls out and say how many")
    if not users["user_id"].is_unique:
        twice = users.loc[users["user_id"].duplicated(), "user_id"].iloc[0]
        raise TableError(f"Column 'user_id' names {twice!r} more than once in users: one row each.")
    _no_negative(users, "revenue_pm", "user_id")
    if cost_per_call is None:
        need_pandas(calls, ["cost"])
        _no_negative(calls, "cost", "call_id")
    unknown = calls.loc[~calls["user_id"].isin(users["user_id"]), "user_id"]
    if len(unknown):
        raise TableError(
            f"User {unknown.iloc[0]!r} calls but is not in users ({len(unknown):,} such calls): add the "
            "user, or leave those calls out."
        )
    seen = calls["month"].nunique()
    if seen > months:
        raise TableError(
            f"Column 'month' holds {seen:,} different months, more than months={months}: use one value a "
            "month, such as its first day, or raise months."
        )


def _no_negative(table: pd.DataFrame, column: str, key: str) -> None:
    check_values(start(table, [key, column]), column, key)
    bad = table[table[column] < 0]
    if len(bad):
        raise TableError(
            f"Column {column!r} is {bad[column].iloc[0]:g} for {key}={bad[key].iloc[0]}: "
            "it must be 0 or more."
        )
