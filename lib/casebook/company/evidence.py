"""Does the simulator do what its specification says? Counts and planted facts over many companies.

`python -m casebook.company.evidence` measures the shipped company and 20 sisters against the expected values
and fits the hidden models on companies ten and forty times larger, with the right formula, which must be
found, and with wrong ones, which must not; the tables go to `tests/evidence/`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from casebook.company.costs import triple
from casebook.company.evidence_credit import EXPECTED_CREDIT, credit_facts
from casebook.company.evidence_finding import EXPECTED_FINDING, finding_facts
from casebook.company.evidence_service import (
    EXPECTED_SERVICE,
    recover_retention,
    service_facts,
    wrong_service_formulas,
)
from casebook.company.evidence_side import EXPECTED_SIDE, measure_side, recover_showroom
from casebook.company.recovery import recover, trials_of_dropout
from casebook.company.recovery_many import (
    fit_default_and_conversion,
    fit_wrong_formulas,
    trials_of_default_and_conversion,
)
from casebook.company.settings import SEED
from casebook.company.simulate import Company, simulate

__all__ = ["EXPECTED", "compare", "main", "measure"]

#: Expected value and tolerance (four standard deviations between companies) of each quantity.
EXPECTED: dict[str, tuple[float, float]] = {
    "orders": (13270, 2430), "orders of households": (1530, 275),
    "households that never buy again": (0.317, 0.08), "order lines": (31850, 5800),
    "orders of businesses on credit": (10750, 2400), "orders for cash after a default": (985, 775),
    "credit files": (909, 107), "defaults": (74, 36), "competing share above half": (0.23, 0.08),
    "businesses that drop out": (159, 40), "dropouts per business and month": (0.0129, 0.0044),
    "dropouts before the last quarter": (150, 36), "competitor offers": (103, 40), "complaints": (1030, 215),
    "cost_to_serve rows": (1880, 100), "businesses with an order in the last year": (394, 40),
    "top 20% of gross profit": (0.80, 0.02), "destroyed by the bottom 30%": (0.50, 0.005),
    "top 20% of net profit": (1.35, 0.15), "accounts at a loss": (0.37, 0.21), "kappa": (1.5, 1.0),
    "F": (13500, 13500), "orders of households in the last half-year": (240, 97),
    "late outside Northeast's last year": (0.12, 0.02), "late in Northeast's last year": (0.30, 0.08),
    "quantity of fair customers": (1.2, 0.1), "turnover household": (8, 0.8), "turnover commercial": (5, 0.5),
    "turnover cartridge": (12, 1.2), "turnover accessory": (3, 0.3), "routes on which arbitrage pays": (2, 0),
    "names given twice": (0, 0), **EXPECTED_CREDIT, **EXPECTED_FINDING, **EXPECTED_SERVICE,
    **EXPECTED_SIDE,
}  # fmt: skip


def measure(company: Company) -> dict[str, float]:
    """Measure every quantity of `EXPECTED` on one company of 1,000 customers and three years.

    Parameters
    ----------
    company : Company
        From `simulate`.

    Returns
    -------
    dict of str to float
        In the order of `EXPECTED`.
    """
    groups = (
        _order_counts,
        _credit_counts,
        _dropout_counts,
        _profit_shares,
        _planted_facts,
        credit_facts,
        finding_facts,
        service_facts,
        measure_side,
    )
    found = {name: float(value) for group in groups for name, value in group(company).items()}
    return {name: found[name] for name in EXPECTED}


def _at_home(company: Company) -> set[str]:
    customers = company["customers"]
    return set(customers.loc[customers["industry"] == "household", "customer_id"])


def _order_counts(company: Company) -> dict[str, float]:
    orders, home = company["orders"], _at_home(company)
    of_homes = orders[orders["customer_id"].isin(home)]
    business = orders.drop(of_homes.index)
    half = pd.Timestamp("2024-06-30")
    return {
        "orders": len(orders), "orders of households": len(of_homes),
        "order lines": len(company["order_lines"]),
        "households that never buy again": (of_homes["customer_id"].value_counts() == 1).sum() / len(home),
        "orders of households in the last half-year": (of_homes["date"] > half).sum()
        - (of_homes.groupby("customer_id")["date"].min() > half).sum(),
        "orders of businesses on credit": (business["terms"] != "cash").sum(),
        "orders for cash after a default": (business["terms"] == "cash").sum(),
        "competitor offers": len(company["competitor_offers"]), "complaints": len(company["complaints"]),
    }  # fmt: skip


def _credit_counts(company: Company) -> dict[str, float]:
    files = company["credit_files"]
    return {"credit files": len(files), "defaults": files["defaulted_next_12m"].sum(),
            "competing share above half": (files["competitor_share"] > 0.5).mean()}  # fmt: skip


def _dropout_counts(company: Company) -> dict[str, float]:
    months = trials_of_dropout(company)
    hidden = company.truth["customers_truth"]
    left = hidden.loc[~hidden["customer_id"].isin(_at_home(company)), "dropout_month"]
    return {
        "businesses that drop out": left.notna().sum(),
        "dropouts per business and month": months["left"].mean(),
        "dropouts before the last quarter": (left < pd.Timestamp("2024-10-01")).sum(),
    }


def _profit_shares(company: Company) -> dict[str, float]:
    costs, truth = company["cost_to_serve"], company.truth["cost_truth"]
    last = costs[(costs["year"] == 2024) & ~costs["customer_id"].isin(_at_home(company))]
    profit = last["profit"].to_numpy()
    top, destroyed = triple(profit)
    best = np.sort(profit)[::-1][: int(np.ceil(0.2 * len(profit) - 1e-9))]
    return {
        "cost_to_serve rows": len(costs), "businesses with an order in the last year": len(last),
        "top 20% of gross profit": top, "destroyed by the bottom 30%": destroyed,
        "top 20% of net profit": best.sum() / profit.sum(), "accounts at a loss": (profit < 0).mean(),
        "kappa": truth["kappa"].iloc[0], "F": truth["account_cost_unit"].iloc[0],
    }  # fmt: skip


def _planted_facts(company: Company) -> dict[str, float]:
    orders, lines, products = company["orders"], company["order_lines"], company["products"]
    due = orders[orders["delivered_date"].notna()]
    late = due["delivered_date"] > due["promised_date"]
    drifted = (due["region_shipped"] == "NE") & (due["date"] >= "2024-01-01")
    sold = lines.merge(orders[["order_id", "customer_id"]]).merge(company["customers"])
    sold = sold[sold["industry"] != "household"]  # a household buys one piece, which rounding cannot raise
    quantity = (
        sold.groupby(["nature", "channel_role", sold["source_method"] == "fairs"])["qty"].mean().unstack()
    )
    stock = company["inventory_monthly"].assign(mean=lambda t: (t["open_units"] + t["close_units"]) / 2)
    yearly = lines.groupby("sku")["qty"].sum() / stock.groupby("sku")["month"].count() * 12
    turnover = (
        (yearly / stock.groupby("sku")["mean"].mean()).groupby(products.set_index("sku")["family"]).mean()
    )
    index = company["regions"].set_index("region_id")["price_index"]
    routes = company["freight"]
    pays = routes["to_region"].map(index) - routes["from_region"].map(index) - routes["rate_of_list"] > 1e-9
    return {
        "late outside Northeast's last year": late[~drifted].mean(),
        "late in Northeast's last year": late[drifted].mean(),
        "quantity of fair customers": (quantity[True] / quantity[False]).mean(),
        **{f"turnover {family}": value for family, value in turnover.items()},
        "routes on which arbitrage pays": pays.sum(),
        "names given twice": company["customers"]["name_zh"].duplicated().sum(),
    }  # fmt: skip


def compare(measured: Iterable[dict[str, float]]) -> pd.DataFrame:
    """Set what was measured beside what is expected.

    Parameters
    ----------
    measured : iterable of dict
        From `measure`; the first one is the shipped company.

    Returns
    -------
    DataFrame of shape (n_quantities, 9)
        quantity, expected, tolerance, shipped, mean, sd, lowest, highest, within (companies in tolerance).

    Examples
    --------
    >>> compare([{"orders": 13000.0}, {"orders": 99.0}])[["quantity", "shipped", "within"]].values.tolist()
    [['orders', 13000.0, 1]]
    """
    table = pd.DataFrame(list(measured))
    expected = pd.DataFrame(EXPECTED, index=["expected", "tolerance"]).T.loc[table.columns]
    inside = (table - expected["expected"]).abs() <= expected["tolerance"] + 1e-9
    return expected.assign(
        shipped=table.iloc[0], mean=table.mean(), sd=table.std(), lowest=table.min(), highest=table.max(),
        within=inside.sum(),
    ).rename_axis("quantity").reset_index()  # fmt: skip


def main(arguments: list[str] | None = None, say: Callable[[str], object] = print) -> int:
    """Run both studies and write their tables; exit code 1 if anything lies outside its tolerance."""
    parser = argparse.ArgumentParser(prog="python -m casebook.company.evidence", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=Path(__file__).resolve().parents[3] / "tests" / "evidence"
    )
    asked = parser.parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    counts = compare(measure(simulate(seed)) for seed in [SEED, *range(1, 21)])
    ten, many = simulate(SEED, customers=10_000), trials_of_default_and_conversion(SEED, 40)
    fits = pd.concat([
        recover(ten), fit_default_and_conversion(*many), recover_retention(SEED), recover_showroom(SEED),
    ])  # fmt: skip
    wrong = pd.concat([fit_wrong_formulas(*many), wrong_service_formulas(ten)])
    tables = {"company_counts": counts, "company_recovery": fits, "company_wrong_formulas": wrong}
    for name, table in tables.items():
        table.round(4).to_csv(asked.folder / f"{name}.csv", index=False, lineterminator="\n")
        say(table.round(3).to_string(index=False))
    good = (counts["within"] >= 19).all() and (fits["z"].abs() < 4).all() and (fits["p"] > 1e-4).all()
    good = good and (wrong["p"] < 1e-4).all()
    say("All within their tolerances." if good else "Something lies outside its tolerance.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
