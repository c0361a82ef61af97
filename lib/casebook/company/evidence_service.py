"""Counts and planted facts of answers, complaints, tickets, scans and leaving; the call found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import binom, chi2_contingency, false_discovery_control

from casebook.company.leaving import retention_test
from casebook.company.recovery import beside_truth, trials_of_dropout
from casebook.company.settings import PARAMETERS
from casebook.company.simulate import Company
from casebook.company.voice import kano_categories
from casebook.uplift import aipw, compare_policies, fit_uplift, uplift_at

__all__ = [
    "EXPECTED_SERVICE",
    "recover_retention",
    "service_facts",
    "uplift_against_risk",
    "wrong_service_formulas",
]

TEST_DAY, LAST_TRAINING_DAY = "2024-06-30", "2023-12-31"
#: Expected value and tolerance (four standard deviations between companies; 1 and 0: must be so).
EXPECTED_SERVICE: dict[str, tuple[float, float]] = {
    "surveys": (1320, 160), "complaint_log": (7700, 1620), "tickets": (3000, 720),
    "tickets closed within 24 hours": (0.72, 0.04), "exit interviews": (105, 33),
    "snapshots": (5940, 800), "snapshots up to 2023": (3900, 580), "snapshots on the test day": (347, 45),
    "labelled in training": (473, 150), "customers labelled in training": (160, 41),
    "labelled on the test day": (39, 24), "leaving within six months of the test day": (18, 17),
    "gone unseen on the test day": (19, 19), "labelled who have left (PPV)": (0.55, 0.16),
    "left who are labelled (recall)": (0.60, 0.15), "training rows with a representative gone": (213, 127),
    "training rows with a rival's offer": (185, 112), "called in the retention test": (1202, 96),
    "churn of those not called": (0.351, 0.052), "churn of those called": (0.284, 0.048),
    "uplift saves more than risk (z > 1.645)": (1, 0), "valid complaints that skip step 6": (0.08, 0.03),
    "valid complaints with swapped steps": (0.05, 0.03), "Kano features right": (9.5, 0.5),
    "service moves csat more than price": (1, 0), "exit causes independent of the drivers": (1, 0),
    "diverting dealers found": (5, 0), "diverting dealers told apart": (5, 0),
    "dealers flagged wrongly": (0, 1), "lift of promotions": (0.6, 0.1),
    "of the lift pulled forward": (0.4, 0.03), "rivals off their gap": (0, 0),
}  # fmt: skip


def service_facts(company: Company) -> dict[str, float]:
    """Measure every quantity of `EXPECTED_SERVICE` on one company of 1,000 customers and three years.

    Parameters
    ----------
    company : Company
        From `simulate`.

    Returns
    -------
    dict of str to float
    """
    groups = (_counts, _label, _call, _answers, _causes, _dealers, _rivals)
    return {name: float(value) for group in groups for name, value in group(company).items()}


def _counts(company: Company) -> dict[str, float]:
    desk = company["tickets"]["hours"].dropna()
    return {
        "surveys": len(company["surveys"]), "complaint_log": len(company["complaint_log"]),
        "tickets": len(company["tickets"]), "tickets closed within 24 hours": (desk <= 24).mean(),
        "exit interviews": len(company["exit_interviews"]), "snapshots": len(company["churn_snapshots"]),
    }  # fmt: skip


def _label(company: Company) -> dict[str, float]:
    """The churn label beside what was true, and how often the two drivers show."""
    seen = company["churn_snapshots"].merge(company.truth["snapshots_truth"], on=["customer_id", "as_of"])
    left = seen["dropped_already"] | seen["dropped_within_6m"]
    training, test = seen[seen["as_of"] <= LAST_TRAINING_DAY], seen[seen["as_of"] == TEST_DAY]
    labelled = training[training["label_6m"]]
    return {
        "snapshots up to 2023": len(training), "snapshots on the test day": len(test),
        "labelled in training": len(labelled),
        "customers labelled in training": labelled["customer_id"].nunique(),
        "labelled on the test day": test["label_6m"].sum(),
        "leaving within six months of the test day": test["dropped_within_6m"].sum(),
        "gone unseen on the test day": test["dropped_already"].sum(),
        "labelled who have left (PPV)": left[seen["label_6m"]].mean(),
        "left who are labelled (recall)": seen["label_6m"][left].mean(),
        "training rows with a representative gone": training["rep_left_6m"].sum(),
        "training rows with a rival's offer": training["offer_active"].sum(),
    }  # fmt: skip


def _call(company: Company) -> dict[str, float]:
    test = company["retention_test"]
    churn = test.groupby("treated")["churned"].mean()
    return {
        "called in the retention test": test["treated"].sum(), "churn of those not called": churn[0],
        "churn of those called": churn[1],
        "uplift saves more than risk (z > 1.645)": uplift_against_risk(test)[2] > 1.645,
    }  # fmt: skip


def uplift_against_risk(test: pd.DataFrame, depth: float = 0.3) -> tuple[float, float, float]:
    """Compare two lists of whom to call, by predicted uplift and by predicted risk, on a randomised test.

    Parameters
    ----------
    test : DataFrame
        `retention_test`.
    depth : float
        Share of the subscribers that is called.

    Returns
    -------
    by_uplift, by_risk, z : float
        Customers saved per subscriber called by either list, and the difference over its standard error.

    Notes
    -----
    One logistic model of churn for each arm, each subscriber predicted from four fifths without it; effects
    by AIPW with the known share of calls, one half.
    """
    known = ["silence", "csat", "offer", "auto", "csat*offer", "csat*auto"]
    scores = fit_uplift(test, known).scores
    psi = aipw(test["churned"], test["treated"], scores["m0"], scores["m1"])
    by_uplift, by_risk = (uplift_at(scores[name], psi, depth) for name in ("tau", "m0"))
    return by_uplift, by_risk, compare_policies(scores["tau"], scores["m0"], psi, depth).z


def _answers(company: Company) -> dict[str, float]:
    """Steps of complaints, categories of features, and what moves satisfaction."""
    told, log = company["complaints"], company["complaint_log"]
    finished = told.loc[told["valid"] & told["closed"].notna(), "complaint_id"]
    steps = log[log["complaint_id"].isin(finished)].sort_values(["complaint_id", "seq"])
    skipped = ~steps["step"].eq(6).groupby(steps["complaint_id"]).any()
    swapped = (steps.groupby("complaint_id")["step"].diff() < 0).groupby(steps["complaint_id"]).any()
    category = kano_categories(company["kano_answers"]).set_index("feature")["category"]
    true = company.truth["kano_truth"].set_index("feature")["category_true"]
    csat = company["surveys"]["csat"]
    price, service = (company["surveys"][name].corr(csat) for name in ("performance_3", "performance_4"))
    return {
        "valid complaints that skip step 6": skipped.mean(),
        "valid complaints with swapped steps": swapped.mean(),
        "Kano features right": (category.reindex(true.index) == true).sum(),
        "service moves csat more than price": service > price,
    }  # fmt: skip


def _causes(company: Company) -> dict[str, float]:
    """Whether the cause named depends on a representative who left or on a rival's offer."""
    asked = company["exit_interviews"].merge(company.truth["customers_truth"], on="customer_id")
    asked = asked.merge(company["customers"][["customer_id", "rep_id"]], on="customer_id")
    left = asked["rep_id"].map(company["sales_reps"].set_index("rep_id")["left"]).dt
    month = asked["dropout_month"].dt
    since = 12 * (month.year - left.year) + month.month - left.month
    offers = asked[["customer_id", "dropout_month"]].merge(company["competitor_offers"], on="customer_id")
    runs = offers["dropout_month"].between(offers["start_month"], offers["end_month"])
    drivers = (since.between(0, 5), asked["customer_id"].isin(offers.loc[runs, "customer_id"]))
    p = [chi2_contingency(pd.crosstab(asked["cause"], driver)).pvalue for driver in drivers]
    return {"exit causes independent of the drivers": min(p) > 0.001}


def _dealers(company: Company) -> dict[str, float]:
    """Flag dealers whose scans lie elsewhere too often, say how they divert, and look up who did."""
    scans, customers = company["scans"], company["customers"]
    scans = scans.merge(company.truth["scans_truth"], on="scan_id")
    away = scans["sold_territory"] != scans["scanned_territory"]
    count = away.groupby(scans["dealer_id"]).agg(["sum", "size"])
    p = binom.sf(count["sum"] - 1, count["size"], PARAMETERS["scans"]["spill"])
    flagged = set(count.index[false_discovery_control(p) <= 0.01])
    near = company["regions"].set_index("region_id")["neighbours"].str.split(";")
    home, region = (scans[name].str.rstrip("0123456789") for name in ("sold_territory", "scanned_territory"))
    adjacent = np.array([b == a or b in near[a] for a, b in zip(home, region, strict=True)])
    listed = scans["sku"].map(company["products"].set_index("sku")["list_price"])
    listed = listed * region.map(company["regions"].set_index("region_id")["price_index"])
    dealers = customers.loc[customers["channel_role"] == "distributor", "territory"]
    served, fair = scans["scanned_territory"].isin(dealers), scans["retail_price"] >= listed - 0.01
    said = pd.Series("unclear", index=scans.index).mask(scans["retail_price"] <= 0.9 * listed, "malicious")
    said = said.mask(~served, "benign").mask(adjacent & fair, "natural")
    diverted = away & (said != "natural")
    verdict = said[diverted].groupby(scans["dealer_id"]).agg(lambda kinds: kinds.mode()[0])
    guilty = scans[scans["kind_true"].isin(["malicious", "benign"])].groupby("dealer_id")["kind_true"].first()
    return {
        "diverting dealers found": len(flagged & set(guilty.index)),
        "diverting dealers told apart": (verdict.reindex(guilty.index) == guilty).sum(),
        "dealers flagged wrongly": len(flagged - set(guilty.index)),
    }  # fmt: skip


def _rivals(company: Company) -> dict[str, float]:
    promos, scores = company["promotions"], company["competitor_scores"]
    lift = promos["during"] - promos["base"]
    total = (scores["weight"] * scores["score"]).groupby(scores["party"]).sum()
    gaps = sorted((total.drop("us") - total["us"]).round(6))
    return {
        "lift of promotions": (lift / promos["base"]).mean(),
        "of the lift pulled forward": (promos["base"] - promos["after"]).sum() / lift.sum(),
        "rivals off their gap": sum(a != b for a, b in zip(gaps, (-12, -8, -2, 2, 10), strict=True)),
    }  # fmt: skip


def _trials_of_call(seed: int, units: int) -> tuple[dict[str, float], pd.DataFrame, pd.Series]:
    """The true coefficients of churn with and without a call, the drivers, and who churned."""
    p, (test, _) = PARAMETERS["retention_test"], retention_test(seed, units)
    reached, card = test["treated"] * (1 - test["offer"]), test["auto"]
    persuadable = reached * (1 - card)
    drivers = test[["silence", "csat", "offer", "auto"]].assign(
        persuadable=persuadable,
        persuadable_dissatisfied=persuadable * (-test["csat"]).clip(*p["dissatisfied_clip"]),
        auto_only=reached * card, called_with_offer=test["treated"] * test["offer"], called=test["treated"],
    )  # fmt: skip
    call = {name if name != "offer" else "called_with_offer": value for name, value in p["call"].items()}
    return p["control"] | call, drivers, test["churned"]


def recover_retention(seed: int, units: int = 96_000) -> pd.DataFrame:
    """Fit the model of the retention test and set it beside the truth.

    Parameters
    ----------
    seed : int
        Of the company.
    units : int
        40 times the shipped table, so that a wrong formula shows.

    Returns
    -------
    DataFrame of shape (9, 8)
        As from `recovery.recover`.
    """
    truth, drivers, churned = _trials_of_call(seed, units)
    return beside_truth("retention test", truth, drivers, churned)


def wrong_service_formulas(big: Company, units: int = 96_000) -> pd.DataFrame:
    """Fit dropout without satisfaction, and the call with one effect for all; neither may find the truth.

    Parameters
    ----------
    big : Company
        Ten times the usual size or more.
    units : int
        Subscribers of the retention test.

    Returns
    -------
    DataFrame of shape (13, 8)
        As from `recovery.recover`; the joint p of each model says how surely the formula is wrong.
    """
    hidden = ("satisfaction", "late_share_without_orders")
    dropout = {name: value for name, value in PARAMETERS["dropout"].items() if name not in hidden}
    months = trials_of_dropout(big)
    truth, drivers, churned = _trials_of_call(big.parameters["seed"], units)
    one = {name: truth[name] for name in ("intercept", "silence", "csat", "offer", "auto", "persuadable")}
    alike = drivers.assign(persuadable=drivers["called"])
    return pd.concat([
        beside_truth("dropout without satisfaction", dropout, months, months["left"]),
        beside_truth("retention test with one effect", one, alike, churned),
    ], ignore_index=True)  # fmt: skip
