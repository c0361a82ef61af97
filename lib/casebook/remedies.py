"""What to do about customers who lose money: nothing, let them go, or change the terms?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from casebook.errors import TableError
from casebook.exact import check_values
from casebook.frames import need_pandas, start

__all__ = ["SAVED", "SERVICE_COSTS", "compare_remedies"]

#: Costs that follow what an account asks for; terms can change them.
SERVICE_COSTS = ("rush_freight", "free_installation", "trade_promotion", "returns_cost")
#: Share of each cost that is saved within a year when an account goes (our convention): salaries of the sales
#: force and the office stay until somebody leaves, what is done for the account alone goes with it.
SAVED: Mapping[str, float] = MappingProxyType(
    {"sales_cost": 0.0, "account_cost": 0.0, **dict.fromkeys(SERVICE_COSTS, 1.0)}
)


def compare_remedies(
    costs: pd.DataFrame,
    losers: pd.Series,
    *,
    charged: float = 0.5,
    leaving: float = 0.0,
    saved: Mapping[str, float] = SAVED,
    service: Sequence[str] = SERVICE_COSTS,
) -> pd.DataFrame:
    """Set three ways to treat losing accounts beside doing nothing: on paper, let go, change terms.

    Parameters
    ----------
    costs : DataFrame, one row per account
        `gross_margin`, the cost columns named in `saved`, and `profit` = margin less all costs, in one
        currency. pandas: the list is small.
    losers : Series of bool, with the index of `costs`
        The accounts to treat.
    charged : float
        Changed terms: share of the costs in `service` that the account pays or no longer causes (0-1).
    leaving : float
        Changed terms: share of these accounts (of their money) that leaves because of it (0-1).
    saved : mapping of cost column to share
        How much of each cost the firm is rid of within the year when an account goes (0-1).
    service : sequence of str
        Which of the costs terms can change.

    Returns
    -------
    DataFrame of shape (4, 5)
        ``remedy``, ``accounts`` (treated), ``revenue_side`` (gross margin given up), ``cost_side`` (costs
        avoided, or charged to the account), ``profit`` (of the firm afterwards) and ``change``. The remedies:

        - *keep*: nothing is done.
        - *strike off, on paper*: the loss disappears, as if every cost went with the account.
        - *strike off*: the margin goes; of each cost only the saved share goes.
        - *change terms*: those who stay pay; those who leave count as struck off.

    Raises
    ------
    TableError
        If a column is missing or has gaps, `losers` does not fit the table, or a share is not from 0 to 1.

    Notes
    -----
    Our convention, after Cooper & Kaplan (1991): a cost that was *assigned* to a customer is not therefore
    *avoided* without the customer. Which costs are is a question for the accountant, hence the argument.

    Examples
    --------
    >>> one = pd.DataFrame({"gross_margin": [100.0], "sales_cost": [25.0], "rush_freight": [115.0],
    ...                     "profit": [-40.0]})
    >>> remedies = compare_remedies(one, one["profit"] < 0, saved={"sales_cost": 0, "rush_freight": 1},
    ...                             service=["rush_freight"])
    >>> remedies[["remedy", "change"]].values.tolist()
    [['keep', 0.0], ['strike off, on paper', 40.0], ['strike off', 15.0], ['change terms', 57.5]]
    """
    need_pandas(costs, ["gross_margin", "profit", *saved])
    for column in ("gross_margin", "profit", *saved):
        check_values(start(costs, [column]), column)
    odd = [name for name in service if name not in saved]
    if odd:
        raise TableError(
            f"The service cost {odd[0]!r} has no share in saved, which names {', '.join(saved)}."
        )
    shares = {"charged": charged, "leaving": leaving, **{f"saved[{name!r}]": s for name, s in saved.items()}}
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise TableError(f"{name} must be a share from 0 to 1, got {share!r}.")
    if not isinstance(losers, pd.Series) or not losers.index.equals(costs.index) or losers.dtype != bool:
        raise TableError("losers must be a column of true and false with the index of costs.")
    table = costs[losers]
    margin, now = math.fsum(table["gross_margin"]), math.fsum(costs["profit"])
    avoided = math.fsum(share * math.fsum(table[name]) for name, share in saved.items())
    paid = charged * math.fsum(table[list(service)].to_numpy().ravel())
    rows = [
        ("keep", 0.0, 0.0),
        ("strike off, on paper", margin, margin - math.fsum(table["profit"])),
        ("strike off", margin, avoided),
        ("change terms", leaving * margin, leaving * avoided + (1 - leaving) * paid),
    ]
    made = pd.DataFrame(rows, columns=["remedy", "revenue_side", "cost_side"])
    change = made["cost_side"] - made["revenue_side"]
    made.insert(1, "accounts", [0, *[int(losers.sum())] * 3])
    return made.assign(profit=now + change, change=change)
