"""The side cases: a bank, a broker, a telephone company, a survey. Small, and with every edge planted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.company.settings import PARAMETERS
from casebook.company.showroom import showroom
from casebook.company.side_written import written_tables
from casebook.company.streams import stream
from casebook.contracts.finance_tables import ASSET_BANDS, BUSINESSES
from casebook.contracts.side_tables import SHOPPER_TYPES
from casebook.contracts.words import LAST_DAY

__all__ = ["DORMANT_DAY", "side_tables"]

#: One cent under each edge, and just on it; see `fee_schedule`.
FEE_EDGES = (("Citibank", "ordinary", 80_000), ("HSBC", "ordinary", 100_000), ("HSBC", "premier", 500_000))
DORMANT_DAY = np.datetime64("2004-10-08")  #: three years before the rule took effect
#: securities, cash, days from the last dormant day: the first three are dormant
DORMANCY_EDGES = ((0, 100, 0), (0, 0, 0), (0, 99.99, -1), (0, 100.01, 0), (0, 0, 1), (0.01, 0, -1000),
                  (0, 100.01, -300), (0, 100, 1))  # fmt: skip


def side_tables(seed: int) -> dict[str, pd.DataFrame]:
    """Every table of the side cases, public and hidden; their size does not depend on the company's.

    Parameters
    ----------
    seed : int
        Of the company.

    Returns
    -------
    dict of str to DataFrame
        By the names of `contracts.FINANCE_TABLES` and `contracts.SIDE_TABLES`, and the two hidden tables.

    Examples
    --------
    >>> len(side_tables(7)["brokerage_accounts"])
    300
    """
    users, calls = _support(seed)
    visits, visitors = showroom(seed)
    shoppers, types = _shopper_survey(seed)
    return {
        **written_tables(),
        "bank_accounts": _bank_accounts(seed), "brokerage_accounts": _brokerage_accounts(seed),
        "bank_lobby": _bank_lobby(seed), "securities_firm": _securities_firm(seed),
        "support_users": users, "support_calls": calls, "shopper_survey": shoppers, "shopper_truth": types,
        "showroom_visits": visits, "showroom_truth": visitors,
    }  # fmt: skip


def _bank_accounts(seed: int) -> pd.DataFrame:
    """500 balances, a fifth of them below 100; the edges replace six ordinary ones."""
    p, rng = PARAMETERS["bank_accounts"], stream(seed, "bank_accounts")
    tiny = np.floor(rng.uniform(0, 100, p["below_100"]) * 100) / 100
    rest = np.maximum(
        np.round(rng.lognormal(np.log(p["median"]), p["sigma"], p["accounts"] - len(tiny)), 2), 100
    )
    table = pd.DataFrame({"avg_balance": rng.permutation(np.concatenate([tiny, rest]))})
    size = len(table)
    table["bank"] = rng.choice(list(p["bank_shares"]), size=size, p=list(p["bank_shares"].values()))
    table["tier"] = "ordinary"
    high = rng.choice(table.index[table["avg_balance"] >= 100_000], size=p["premier"], replace=False)
    table.loc[high, ["bank", "tier"]] = ["HSBC", "premier"]
    table["txns"] = rng.negative_binomial(2, 2 / (2 + p["transactions"]), size=size)
    table["cost"] = np.round(p["cost"] * np.exp(rng.normal(0, 0.2, size)), 2)
    small = table.index[table["avg_balance"].between(100, 5_000)]
    busy = rng.choice(small, size=p["small_but_busy"], replace=False)
    table.loc[small, "txns"] = np.minimum(table.loc[small, "txns"], 119)
    table.loc[busy, "txns"] = rng.integers(120, 300, size=len(busy))
    plain = table.index[table["avg_balance"].between(5_001, 70_000) & (table["tier"] == "ordinary")]
    edges = [(bank, tier, at - under) for bank, tier, at in FEE_EDGES for under in (0.01, 0)]
    table.loc[plain[: len(edges)], ["bank", "tier", "avg_balance"]] = edges
    return table.assign(account_id=[f"B{n + 1:04d}" for n in range(size)])


def _brokerage_accounts(seed: int) -> pd.DataFrame:
    """Accounts that sleep, those that miss the rule by one condition, and those that are awake."""
    p, rng = PARAMETERS["brokerage_accounts"], stream(seed, "brokerage_accounts")
    edges = pd.DataFrame(DORMANCY_EDGES, columns=["securities_value", "cash", "day"])
    asleep = (edges["securities_value"] == 0) & (edges["cash"] <= 100) & (edges["day"] <= 0)
    missed = {
        "cash": int((edges["cash"] > 100).sum()),
        "securities": int((edges["securities_value"] > 0).sum()),
    }
    missed["day"] = len(edges) - int(asleep.sum()) - sum(missed.values())
    counts = [
        p["dormant"] - int(asleep.sum()),
        *(p["missed_by"][name] - missed[name] for name in p["missed_by"]),
    ]
    kind = np.repeat(
        ["dormant", *p["missed_by"], "awake"], [*counts, p["accounts"] - len(edges) - sum(counts)]
    )
    size, rich = len(kind), np.isin(kind, ["cash", "awake"])
    worth = np.round(rng.lognormal(10, 1.2, size), 2)
    cash = np.where(
        rich, 100.02 + np.round(rng.lognormal(7, 1.2, size), 2), np.round(rng.uniform(0, 100, size), 2)
    )
    late = np.isin(kind, ["day", "awake"])
    days = np.where(late, rng.integers(2, 1090, size=size), -rng.integers(1, 3000, size=size))
    drawn = pd.DataFrame({
        "securities_value": np.where(np.isin(kind, ["securities", "awake"]), worth, 0.0),
        "cash": cash, "day": days,
    })  # fmt: skip
    table = pd.concat([edges, drawn]).iloc[rng.permutation(p["accounts"])].reset_index(drop=True)
    return table.assign(
        account_id=[f"S{n + 1:04d}" for n in range(len(table))],
        last_trade=(DORMANT_DAY + table["day"].to_numpy()).astype("datetime64[us]"),
    )


def _support(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The users of a telephone company and a year of their calls for help."""
    p, rng = PARAMETERS["support"], stream(seed, "support_users")
    heavy = rng.choice(p["users"], size=p["heavy"], replace=False)
    pays = np.round(rng.lognormal(np.log(p["revenue_median"]), p["revenue_sigma"], p["users"]), 2)
    pays[heavy] = np.where(
        np.arange(len(heavy)) < p["heavy_at_a_loss"], p["revenue_median"], p["heavy_revenue"]
    )
    calls = _calls(heavy, stream(seed, "support_calls"))
    users = pd.DataFrame({"user_id": [f"U{n + 1:03d}" for n in range(p["users"])], "revenue_pm": pays})
    return users, calls.assign(user_id=users["user_id"].to_numpy()[calls["who"]])


def _calls(heavy: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Ordinary calls of everybody, and the repeated calls of the heavy users about one issue each."""
    p = PARAMETERS["support"]
    count = rng.negative_binomial(p["calls_shape"], p["calls_shape"] / (p["calls_shape"] + p["calls_mean"]),
                                  size=(p["users"], 12))  # fmt: skip
    who, month = (np.repeat(axis, count.ravel()) for axis in np.indices(count.shape).reshape(2, -1))
    new = rng.random(len(who)) < p["new_issue"]
    plain = pd.DataFrame(
        {"who": who, "month": month, "issue": new, "resolved": rng.random(len(who)) < p["resolved"]}
    )
    plain["issue"] = plain.groupby("who")["issue"].cumsum() + 1
    months = [np.sort(rng.choice(12, size=rng.integers(6, 8), replace=False)) for _ in heavy]
    busy = pd.DataFrame({"who": np.repeat(heavy, [len(m) for m in months]), "month": np.concatenate(months)})
    times = p["repeats_from"] + 1 + rng.poisson(p["more_repeats_poisson"], len(busy))
    times[0] = p["most_repeats"] + 1
    spell = busy.loc[np.repeat(busy.index, times)].assign(issue=0)
    ours = heavy[::2][: p["heavy_unresolved"]]
    calls = pd.concat([plain, spell.assign(resolved=~spell["who"].isin(ours))], ignore_index=True)
    calls = calls.sort_values(["month", "who", "issue"], kind="stable", ignore_index=True)
    return calls.assign(
        call_id=[f"T{n + 1:05d}" for n in range(len(calls))],
        issue_id=[f"U{w + 1:03d}-{i:02d}" for w, i in zip(calls["who"], calls["issue"], strict=True)],
        month=(np.datetime64(LAST_DAY[:4], "M") + calls["month"].to_numpy()).astype("datetime64[us]"),
        cost=np.round(p["cost"] * np.exp(rng.normal(0, 0.2, len(calls))), 2),
    )


def _bank_lobby(seed: int) -> pd.DataFrame:
    """Visitors with business, assets and readiness dealt in fixed shares."""
    p, rng = PARAMETERS["bank_lobby"], stream(seed, "bank_lobby")
    size = sum(p["business"])
    return pd.DataFrame({
        "visitor_id": [f"L{n + 1:03d}" for n in range(size)],
        "business": rng.permutation(np.repeat(BUSINESSES, p["business"])),
        "assets_band": rng.permutation(np.repeat(ASSET_BANDS, p["assets_band"])),
        "digital_ready": rng.permutation(np.arange(size) < p["digital_ready"]),
        "wait": np.floor(rng.exponential(p["mean_wait"], size)).astype("int64"),
    })  # fmt: skip


def _shopper_survey(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers on two statements a type; the statements of one's own type get more agreement."""
    p, rng = PARAMETERS["shopper_survey"], stream(seed, "shopper_survey")
    kind = rng.permutation(np.repeat(np.arange(len(SHOPPER_TYPES)), p["type_counts"]))
    own = kind[:, None] == np.repeat(np.arange(len(SHOPPER_TYPES)), 2)
    answers = np.clip(np.round(rng.normal(np.where(own, p["own"], p["other"]), p["sd"])), 1, 5).astype(
        "int64"
    )
    person = [f"Q{n + 1:03d}" for n in range(len(kind))]
    table = pd.DataFrame(answers, columns=[f"{letter}{i}" for letter in "empc" for i in (1, 2)])
    truth = pd.DataFrame({"respondent_id": person, "type": np.array(SHOPPER_TYPES)[kind]})
    return table.assign(respondent_id=person), truth


def _securities_firm(seed: int) -> pd.DataFrame:
    """Lognormal profits whose spread is solved so that the best fifth brings 90%, to the cent."""
    p, rng = PARAMETERS["securities_firm"], stream(seed, "securities_firm")
    score = np.sort(rng.normal(size=p["clients"]))[::-1]
    best = round(0.2 * p["clients"])
    low, high = 0.0, 10.0
    for _ in range(60):
        sigma = (low + high) / 2
        profit = np.exp(sigma * score)
        low, high = (sigma, high) if profit[:best].sum() < p["top_share"] * profit.sum() else (low, sigma)
    cents = np.maximum(np.round(p["total"] * 100 * profit / profit.sum()), 1).astype("int64")
    rest = cents[best:].sum()
    cents[0] += round(rest * p["top_share"] / (1 - p["top_share"])) - cents[:best].sum()
    order = rng.permutation(len(cents))
    return pd.DataFrame({
        "client_id": [f"K{n + 1:03d}" for n in range(len(cents))], "profit": cents[order] / 100,
    })  # fmt: skip
