"""What the contract says, and how to get the money when it does not come: ten clauses, four routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.frames import need_pandas

__all__ = ["CLAUSES", "ROUTES", "Collection", "Route", "collection_choice", "contract_check"]

#: The ten clauses of a sales contract, as the source course lists them.
CLAUSES = {
    1: "subject: kind, brand, specification, quantity, price",
    2: "quality",
    3: "delivery: time, place, transport, cost",
    4: "rights: level, territory, products, years",
    5: "settlement: cash, cheque, instalments",
    6: "dealer policy: rebate, prize, promotion, people",
    7: "orders and returns",
    8: "breach and disputes",
    9: "time, place and taking effect",
    10: "the parties: names, addresses, representatives, account, bank, tax number",
}


class Route(NamedTuple):
    """One way to collect: chance of success, share kept by the collector, fixed cost, months it takes."""

    p: float
    fee: float
    cost: float
    months: float


#: Four ways to collect a debt (追账), in the order of the source course. Its list has no numbers: these are
#: invented for planning. Replace them by your own.
ROUTES = {
    "own": Route(0.50, 0.0, 2_000, 0),
    "agency": Route(0.60, 0.20, 0, 0),
    "arbitration": Route(0.70, 0.0, 8_000, 6),
    "litigation": Route(0.75, 0.0, 15_000, 12),
}
_IN_COURT = ("arbitration", "litigation")


class Collection(NamedTuple):
    """The route chosen for a claim, what it should bring today, why, and all routes as a table."""

    route: str
    value: float
    reason: str
    table: pd.DataFrame


def contract_check(contracts: pd.DataFrame | Mapping[str, Any]) -> pd.DataFrame:
    """Which of the ten clauses (合同管理) does each contract lack?

    Parameters
    ----------
    contracts : DataFrame, one row per contract, or a mapping for a single one
        Columns clause_1 to clause_10, true where the clause is there. Other columns are kept. Contracts are
        few: pandas only.

    Returns
    -------
    DataFrame of shape (n_contracts, n_columns + 3)
        With `missing` (list of clause numbers, rising), `complete` (bool) and `reason` (text).

    Raises
    ------
    TableError
        If a clause's column is missing, or holds gaps or other things than true and false.

    Notes
    -----
    Source: the source course lists the ten clauses. It has none on arbitration; that belongs to clause 8.

    Examples
    --------
    >>> eight = {f"clause_{i}": i not in (7, 8) for i in range(1, 11)}
    >>> contract_check(eight)[["missing", "reason"]].iloc[0].tolist()
    [[7, 8], 'no clause 7 (orders and returns), 8 (breach and disputes)']
    """
    table = pd.DataFrame([contracts]) if isinstance(contracts, Mapping) else contracts
    columns = {number: f"clause_{number}" for number in CLAUSES}
    table = need_pandas(table, list(columns.values()))
    for column in columns.values():
        odd = ~table[column].isin([True, False])
        if odd.any():
            at = int(odd.to_numpy().argmax())
            row, cell = table.index[at], table[column].iloc[at]
            raise TableError(
                f"Column {column!r} must be true or false, row {row} has {cell!r}: "
                "read the contract again, a gap is not a no."
            )
    missing = [
        [n for n, there in zip(columns, row, strict=True) if not there]
        for row in table[list(columns.values())].to_numpy()
    ]
    reasons = [
        "no clause " + ", ".join(f"{n} ({CLAUSES[n].split(':')[0]})" for n in gaps)
        if gaps
        else "all ten clauses"
        for gaps in missing
    ]
    return table.assign(
        missing=pd.Series(missing, index=table.index, dtype=object),
        complete=[not gaps for gaps in missing],
        reason=reasons,
    )


def collection_choice(
    claim: float,
    *,
    routes: Mapping[str, Route] = ROUTES,
    arbitration_clause: bool = True,
    rate: float = 0.12,
    years_overdue: float = 0.0,
    limitation: float = 3.0,
) -> Collection:
    """Choose the way to collect: p x claim x (1 - fee) / (1 + rate x years) - cost, the largest wins.

    Parameters
    ----------
    claim : float
        The debt, in money.
    routes : mapping of name to Route
        In the order in which they are tried; a tie goes to the earlier one.
    arbitration_clause : bool
        Arbitration needs an agreement in the contract.
    rate : float
        What waiting costs, a rate a year (simple).
    years_overdue : float
        Years since the debt was due (or since it was last acknowledged or claimed in writing).
    limitation : float
        From so many years on the debtor may refuse in arbitration and in court.

    Returns
    -------
    Collection
        `route` ("write off" if none is open or each costs more than it brings), `value` (float, money today),
        `reason`, and `table`: DataFrame of shape (n_routes, 4): `route`, `open` (bool), `value`, `reason`.

    Raises
    ------
    TableError
        If the claim or a rate is negative, or a chance or fee is no share.

    Notes
    -----
    Source: the source course names the four routes and no criteria; net present recovery is standard.
    Limitation of three years: PRC Civil Code, article 188.

    Examples
    --------
    >>> said = collection_choice(100_000)
    >>> said.route, round(said.value, 2)
    ('arbitration', 58037.74)
    >>> collection_choice(100_000, arbitration_clause=False).route
    'litigation'
    """
    if not isinstance(arbitration_clause, (bool, np.bool_)):
        raise TableError(f"arbitration_clause must be True or False, got {arbitration_clause!r}.")
    given = (claim, rate, years_overdue, limitation)
    if not all(isinstance(x, (int, float, np.number)) and 0 <= x < np.inf for x in given):
        raise TableError(
            "claim and rate must not be negative, years_overdue and limitation neither, and all be numbers; "
            f"got {claim!r}, {rate!r}, {years_overdue!r} and {limitation!r}."
        )
    if not routes:
        raise TableError("routes is empty: give at least one way to collect.")
    for name, route in routes.items():
        if not isinstance(route, Route) or not (
            0 <= route.p <= 1 and 0 <= route.fee <= 1 and route.cost >= 0 and route.months >= 0
        ):
            raise TableError(
                f"Route {name!r}: p and fee are shares, cost and months not negative; got {route}."
            )
    rows = []
    for name, route in routes.items():
        why = ""
        if name == "arbitration" and not arbitration_clause:
            why = "no arbitration clause"
        elif name in _IN_COURT and years_overdue >= limitation:
            why = f"barred after {limitation:g} years"
        value = route.p * claim * (1 - route.fee) / (1 + rate * route.months / 12) - route.cost
        rows.append((name, not why, round(value, 2), why or "possible"))
    table = pd.DataFrame(rows, columns=["route", "open", "value", "reason"])
    possible = table[table["open"]].sort_values("value", ascending=False, kind="stable")
    if possible.empty:
        return Collection("write off", 0.0, "no route is open", table)
    best = possible.iloc[0]
    if best["value"] <= 0:
        return Collection("write off", 0.0, "every route costs more than it brings", table)
    shut = ", ".join(f"{r.route}: {r.reason}" for r in table[~table["open"]].itertuples())
    reason = "brings most today" + (f" ({shut})" if shut else "")
    return Collection(str(best["route"]), float(best["value"]), reason, table)
