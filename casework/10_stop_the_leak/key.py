"""Key of case 10, stop the leak. Everything is worked out from the company that is handed in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from casebook import churn, evaluation, uplift
from casebook.course.cases.key import Graded, Slip
from casebook.course.kinds import Mapped, Names, Number

TABLES = (
    "churn_snapshots", "complaints", "customers", "exit_interviews", "competitor_offers", "orders",
    "products", "regions", "retention_test", "sales_reps", "scans",
)  # fmt: skip

Tables = Mapping[str, pd.DataFrame]
JUNE, END = pd.Timestamp("2024-06-30"), pd.Timestamp("2024-12-31")
HALF_YEARS = pd.to_datetime(["2022-12-31", "2023-06-30", "2023-12-31", "2024-06-30"])
FEATURES = ["silence", "csat", "offer", "auto", "csat*offer", "csat*auto"]

# 1: the label ---------------------------------------------------------------------------------------------


def _label_counts(
    company: Tables, *, after: pd.Timestamp = JUNE, until: pd.Timestamp = END
) -> dict[str, int]:
    june = company["churn_snapshots"].query("as_of == @JUNE")
    orders = company["orders"]
    ordered = orders.loc[(orders["date"] > after) & (orders["date"] <= until), "customer_id"]
    none = ~june["customer_id"].isin(ordered)
    return {
        "rule": int(june["label_6m"].sum()),
        "no_order": int(none.sum()),
        "both": int((june["label_6m"] & none).sum()),
    }


def _label_of_everybody(company: Tables) -> dict[str, int]:
    """All businesses, those already silent in June among them."""
    business = company["customers"].query("nature != 'individual'")
    orders = company["orders"].merge(business[["customer_id", "channel_role"]], on="customer_id")
    label = churn.churn_label(orders, END, segment="channel_role").set_index("customer_id")
    lost = label["churned"].reindex(business["customer_id"], fill_value=False).to_numpy()
    ordered = orders.loc[(orders["date"] > JUNE) & (orders["date"] <= END), "customer_id"]
    none = ~business["customer_id"].isin(ordered).to_numpy()
    return {"rule": int(lost.sum()), "no_order": int(none.sum()), "both": int((lost & none).sum())}


def _either(company: Tables) -> dict[str, int]:
    right = _label_counts(company)
    return right | {"both": right["rule"] + right["no_order"] - right["both"]}


def _training(company: Tables, until: str = "2023-12-31", *, lost_customers: bool = False) -> dict[str, int]:
    seen = company["churn_snapshots"]
    train = seen[seen["as_of"] <= until]
    lost = train[train["label_6m"]]
    return {
        "rows": len(train),
        "customers": train["customer_id"].nunique(),
        "lost": lost["customer_id"].nunique() if lost_customers else len(lost),
        "left_out": int(((seen["as_of"] > until) & (seen["as_of"] < JUNE)).sum()),
    }


# 2: the model ---------------------------------------------------------------------------------------------


def _split(company: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    return churn.time_split(company["churn_snapshots"], train_until="2023-12-31", test_on="2024-06-30")


def _risk(train: pd.DataFrame, of: pd.DataFrame) -> Any:
    return churn.fit_churn(train, C=1.0, tol=1e-8, max_iter=5000).predict_proba(of)[:, 1]


def _refreshed(company: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    newest = rows["customer_id"].map(company["orders"].groupby("customer_id")["date"].max())
    return rows.assign(days_since_last=(END - newest).dt.days)


def _consultant(company: Tables, *, fit_too: bool = True) -> float:
    train, test = _split(company)
    learned_from = _refreshed(company, train) if fit_too else train
    return evaluation.auc(test["label_6m"], _risk(learned_from, _refreshed(company, test)))


def _honest_auc(company: Tables) -> float:
    train, test = _split(company)
    return evaluation.auc(test["label_6m"], _risk(train, test))


def _measured(rows: pd.DataFrame, score: Any) -> dict[str, float]:
    low, high = evaluation.auc_interval(
        rows["label_6m"], score, groups=rows["customer_id"], draws=1000, seed=10
    )
    return {"auc": evaluation.auc(rows["label_6m"], score), "low": low, "high": high}


def _june_auc(company: Tables) -> dict[str, float]:
    train, test = _split(company)
    return _measured(test, _risk(train, test))


def _training_auc(company: Tables) -> dict[str, float]:
    train, _ = _split(company)
    return _measured(train, _risk(train, train))


def _auc_of_silence(company: Tables) -> dict[str, float]:
    _, test = _split(company)
    return _measured(test, test["days_since_last"] / test["t_mean"])


def _june_lift(company: Tables, *, depth: float = 0.1, as_share: bool = False) -> dict[str, float]:
    train, test = _split(company)
    scores = {"model": _risk(train, test), "silence": test["days_since_last"] / test["t_mean"]}
    times = depth if as_share else 1.0
    return {
        name: times * evaluation.lift_at(test["label_6m"], score, depth=depth)
        for name, score in scores.items()
    }


def _lift_of_days(company: Tables) -> dict[str, float]:
    _, test = _split(company)
    return _june_lift(company) | {
        "silence": evaluation.lift_at(test["label_6m"], test["days_since_last"], depth=0.1)
    }


# 4: whom to call ------------------------------------------------------------------------------------------


def _scored(company: Tables) -> pd.DataFrame:
    trial = company["retention_test"]
    scored = trial.join(uplift.fit_uplift(trial, FEATURES, folds=5, seed=10).scores)
    psi = uplift.aipw(scored["churned"], scored["treated"], scored["m0"], scored["m1"], e=0.5)
    return scored.assign(psi=psi)


def _forty(company: Tables, column: str, *, turned: bool = False, money: bool = False) -> list[str]:
    scored = _scored(company)
    by = scored[column] * (scored["value"] if money else 1)
    first = by.nsmallest(40) if turned else by.nlargest(40)
    return scored.loc[first.index, "unit_id"].tolist()


def _saved(
    company: Tables, *, measure: str = "psi", per_call: bool = False, n: int = 720
) -> dict[str, float]:
    scored = _scored(company)
    lists = {"by risk": "m0", "by uplift": "tau"}
    total = {
        name: float(scored.loc[scored[by].nlargest(n).index, measure].sum()) for name, by in lists.items()
    }
    return {name: value / n for name, value in total.items()} if per_call else total


def _swapped(pair: dict[str, float]) -> dict[str, float]:
    first, second = pair
    return {first: pair[second], second: pair[first]}


def _profit(
    company: Tables, *, cost: float = 64, mean_value: bool = False, measure: str = "psi"
) -> dict[str, float]:
    scored = _scored(company)
    value = scored["value"].mean() if mean_value else scored["value"]
    worth = scored[measure] * value
    return {
        name: float(worth[scored[by].nlargest(720).index].sum()) - 720 * cost
        for name, by in {"by risk": "m0", "by uplift": "tau"}.items()
    }


# 3 and 5: causes ------------------------------------------------------------------------------------------


def _half_years(company: Tables, *, all_months: bool = False) -> pd.DataFrame:
    """The snapshots whose labels do not overlap, with the state of the complaints of 90 days."""
    seen = company["churn_snapshots"]
    rows = (seen if all_months else seen[seen["as_of"].isin(HALF_YEARS)]).reset_index(drop=True)
    told = rows[["customer_id", "as_of"]].reset_index().merge(company["complaints"], on="customer_id")
    age = (told["as_of"] - told["date"]).dt.days
    well = told[(age >= 0) & (age < 90)].groupby("index")["handled_well"].all()
    return rows.assign(complaint=well.map({True: "well", False: "badly"}).reindex(rows.index).fillna("none"))


def _loss_rates(company: Tables, *, all_months: bool = False) -> dict[str, float]:
    rows = _half_years(company, all_months=all_months)
    rep, offer, told = rows["rep_left_6m"], rows["offer_active"], rows["complaint"]
    groups = {
        "rep_left": rep, "rival_offer": offer, "handled_badly": told == "badly",
        "handled_well": told == "well", "none_of_these": ~rep & ~offer & (told == "none"),
    }  # fmt: skip
    return {name: float(rows.loc[group, "label_6m"].mean()) for name, group in groups.items()}


def _shares_of_lost(company: Tables) -> dict[str, float]:
    rows = _half_years(company)
    lost = rows[rows["label_6m"]]
    rep, offer, told = lost["rep_left_6m"], lost["offer_active"], lost["complaint"]
    return {
        "rep_left": float(rep.mean()), "rival_offer": float(offer.mean()),
        "handled_badly": float((told == "badly").mean()), "handled_well": float((told == "well").mean()),
        "none_of_these": float((~rep & ~offer & (told == "none")).mean()),
    }  # fmt: skip


def _rates_against_all(company: Tables) -> dict[str, float]:
    return _loss_rates(company) | {"none_of_these": float(_half_years(company)["label_6m"].mean())}


def _named_it(company: Tables, *, most: int = 245, everybody: bool = False) -> dict[str, int]:
    told = company["exit_interviews"]
    rep = told["customer_id"].map(company["customers"].set_index("customer_id")["rep_id"])
    left = rep.map(company["sales_reps"].set_index("rep_id")["left"])
    near = (told["date"] - left).dt.days.between(1, most)
    said = told["cause"] == "staff_left"
    return {"after_rep": int(near.sum()), "named": int((said if everybody else said & near).sum())}


def _all_interviews(company: Tables) -> dict[str, int]:
    told = company["exit_interviews"]
    return {"after_rep": len(told), "named": int((told["cause"] == "staff_left").sum())}


def _scans(company: Tables) -> pd.DataFrame:
    scans = company["scans"].merge(company["products"][["sku", "list_price"]], on="sku")
    region = scans["scanned_territory"].str.rstrip("0123456789")
    index = region.map(company["regions"].set_index("region_id")["price_index"])
    outside = scans["scanned_territory"] != scans["sold_territory"]
    served = scans["scanned_territory"].isin(scans["sold_territory"])
    cheap = scans["retail_price"] < 0.95 * scans["list_price"] * index
    return scans.assign(outside=outside, cut=outside & served & cheap)


def _dealers(company: Tables, kind: str) -> list[str]:
    by = _scans(company).groupby("dealer_id")[["outside", "cut"]].sum()
    share = by["outside"] / _scans(company).groupby("dealer_id").size()
    cut = by["cut"] / by["outside"].where(by["outside"] > 0)
    chosen = {
        "malicious": (share > 0.10) & (cut > 0.5), "flagged": share > 0.10,
        "benign": (share > 0.10) & ~(cut > 0.5), "spill": share > 0.03,
    }[kind]  # fmt: skip
    return by.index[chosen].tolist()


def _excess(company: Tables, *, served_only: bool = True, how: str = "excess") -> dict[str, float]:
    rows = _half_years(company).reset_index(names="row")
    scans = _scans(company)
    where = rows["customer_id"].map(company["customers"].set_index("customer_id")["territory"])
    rows = rows.assign(scanned_territory=where)
    cut = scans.loc[scans["cut"], ["scanned_territory", "date"]]
    met = rows[["row", "as_of", "scanned_territory"]].merge(cut, on="scanned_territory")
    met = met[(met["date"] <= met["as_of"]) & (met["date"] > met["as_of"] - pd.DateOffset(years=1))]
    rows = rows.assign(hit=rows["row"].isin(met["row"]))
    there = rows[rows["scanned_territory"].isin(scans["sold_territory"])] if served_only else rows
    return {
        name: _more(part[flag], part["label_6m"], how)
        for name, part, flag in (("reps", rows, "rep_left_6m"), ("diversion", there, "hit"))
    }


def _more(exposed: pd.Series, lost: pd.Series, how: str) -> float:
    if how == "all":
        return float(lost[exposed].sum())
    gap = lost[exposed].mean() - lost[~exposed].mean()
    return float(gap if how == "rate" else exposed.sum() * gap)


# 6: the test ----------------------------------------------------------------------------------------------


def _per_arm(company: Tables, *, keep: float = 0.7, factor: float = 7.85, arms: int = 1) -> float:
    p0 = float(company["churn_snapshots"].query("as_of == @JUNE")["label_6m"].mean())
    p1 = keep * p0
    return float(arms * math.ceil(factor * (p0 * (1 - p0) + p1 * (1 - p1)) / (p0 - p1) ** 2))


KEY = (
    Graded(
        "label_counts",
        Mapped("counts of customers"),
        5,
        _label_counts,
        (
            Slip(
                _label_of_everybody,
                "You counted every business customer. Whoever was already silent on 30 June stands in no "
                "snapshot of that day: start from the snapshots.",
                1,
            ),
            Slip(
                _either,
                "The first two are right; the third counts those lost by either label. Both are asked for.",
                3,
            ),
            Slip(
                lambda company: _label_counts(company, after=JUNE - pd.DateOffset(months=6), until=JUNE),
                "You looked for orders before the day. The label looks at the six months after it.",
                1,
            ),
        ),
        "Start from the snapshots of 30 June; who of them has an order dated 1 July to 31 December?",
    ),
    Graded(
        "training",
        Mapped("counts of training rows"),
        4,
        _training,
        (
            Slip(
                lambda company: _training(company, "2024-05-31"),
                "You train on every month before the test day. On which day is the label of May known?",
            ),
            Slip(
                lambda company: _training(company, "2024-06-30"),
                "The test day is among your training rows.",
            ),
            Slip(
                lambda company: _training(company, lost_customers=True),
                "The number lost counts customers. Rows are asked for there: one customer may be lost in "
                "several.",
                3,
            ),
        ),
        "A label looks six months ahead. Which month ends had their labels complete on 30 June 2024?",
    ),
    Graded(
        "consultant_auc",
        Number(tolerance=0.0061, share=True),
        5,
        _consultant,
        (
            Slip(
                _honest_auc,
                "That is the honest model. The consultant takes the newest order of the whole export.",
                1,
            ),
            Slip(
                lambda company: _consultant(company, fit_too=False),
                "You renewed the silence of the test rows only. The consultant did so in both tables.",
                3,
            ),
        ),
        "One column changes, in both tables: days from the newest order in the export to 31 December 2024.",
    ),
    Graded(
        "june_auc",
        Mapped("figures of the AUC", tolerance=0.011),
        7,
        _june_auc,
        (
            Slip(
                _training_auc,
                "You judge the model on the rows it learned from. Judge it on 30 June 2024.",
                2,
            ),
            Slip(
                _auc_of_silence,
                "That is the rule without a model, silence in own cycles. The fitted model is asked for.",
                2,
            ),
        ),
        "Fit on the training rows, predict the test rows, then `evaluation.auc` and `auc_interval`, seed 10.",
    ),
    Graded(
        "june_lift",
        Mapped("lifts", tolerance=0.051),
        5,
        _june_lift,
        (
            Slip(
                lambda company: _june_lift(company, depth=0.3),
                "That is the lift of the first three tenths. The first tenth is asked for.",
                2,
            ),
            Slip(
                lambda company: _june_lift(company, as_share=True),
                "That is the share of all lost customers that the first tenth holds. How many times the "
                "average is it?",
                2,
            ),
            Slip(
                _lift_of_days,
                "The model's is right. The other list goes by silence in the customer's own cycles, and not "
                "in days.",
                3,
            ),
        ),
        "`evaluation.lift_at` on the test rows, depth 0.1, once for each list.",
    ),
    Graded(
        "riskiest",
        Names("subscribers"),
        4,
        lambda company: _forty(company, "m0"),
        (
            Slip(
                lambda company: _forty(company, "tau"),
                "That is the list by uplift. Risk is the chance of leaving when nobody calls.",
            ),
            Slip(
                lambda company: _forty(company, "m1"),
                "You ranked by the chance of leaving after a call. Risk is the chance without one.",
                1,
            ),
            Slip(
                lambda company: _forty(company, "m0", turned=True),
                "Those are the forty least likely to leave: the order is turned.",
                1,
            ),
        ),
        "Which column is the chance of leaving if nobody calls? Take its forty largest.",
    ),
    Graded(
        "to_call",
        Names("subscribers"),
        5,
        lambda company: _forty(company, "tau"),
        (
            Slip(
                lambda company: _forty(company, "m0"),
                "Those are the likeliest to leave. The list asked for goes by what a call changes.",
            ),
            Slip(
                lambda company: _forty(company, "psi"),
                "You ranked by psi, which holds what happened: nobody knows it before the call. It may judge "
                "a list, never make one.",
            ),
            Slip(
                lambda company: _forty(company, "tau", turned=True),
                "Those are the forty whom a call harms most: the order is turned.",
                1,
            ),
            Slip(
                lambda company: _forty(company, "tau", money=True),
                "You ranked by money. The list asked for is the one that keeps most people.",
                3,
            ),
        ),
        "Which column says what a call changes, and was made without the subscriber's own outcome?",
    ),
    Graded(
        "saved_by_720",
        Mapped("numbers of subscribers saved", tolerance=1.5),
        5,
        _saved,
        (
            Slip(
                lambda company: _saved(company, measure="tau"),
                "You added up what the models predict. Psi corrects the prediction by what happened: judge "
                "by that.",
                2,
            ),
            Slip(
                lambda company: _saved(company, n=40),
                "That is for forty calls. 720 are asked for.",
                2,
            ),
            Slip(
                lambda company: _swapped(_saved(company)),
                "The two are the wrong way round: which list goes by m0?",
                2,
            ),
        ),
        "The first 720 of each list; add up psi over them.",
    ),
    Graded(
        "profit_of_720",
        Mapped("profits", tolerance=1000),
        4,
        _profit,
        (
            Slip(
                lambda company: _profit(company, cost=0),
                "The calls are not paid for. What does one cost with its gift?",
                1,
            ),
            Slip(
                lambda company: _profit(company, cost=40),
                "The gift is missing from the cost: eight in ten take it.",
                2,
            ),
            Slip(
                lambda company: _profit(company, cost=70),
                "You gave the gift to everybody who is called. Eight in ten take it.",
                3,
            ),
            Slip(
                lambda company: _profit(company, measure="tau"),
                "You used the predicted uplift. Judge the list by psi.",
                2,
            ),
        ),
        "For each of the 720: psi times its own value; add up, and take 720 calls away.",
    ),
    Graded(
        "loss_rates",
        Mapped("loss rates", tolerance=0.0006),
        4,
        _loss_rates,
        (
            Slip(
                lambda company: _loss_rates(company, all_months=True),
                "You used every month end, so one customer's loss is counted up to six times. Four days are "
                "asked for.",
                2,
            ),
            Slip(
                _shares_of_lost,
                "You took the share of the lost that belong to each group. What share of each group is lost?",
                1,
            ),
            Slip(
                _rates_against_all,
                "The last group holds everybody. It should hold those who stand in none of the other four.",
                3,
            ),
        ),
        "For each group: the mean of the label among its rows.",
    ),
    Graded(
        "named_it",
        Mapped("counts of interviews"),
        3,
        _named_it,
        (
            Slip(
                lambda company: _named_it(company, everybody=True),
                "The second number counts all who named it. How many of the first number did?",
                1.5,
            ),
            Slip(
                lambda company: _named_it(company, most=10_000),
                "You counted everybody whose rep has ever left before. There is an upper limit of days.",
                1.5,
            ),
            Slip(
                _all_interviews,
                "You counted all interviews. Only those soon after the rep's leaving are asked for.",
            ),
        ),
        "Interview date less the rep's last day, in days, for each interview; then two counts.",
    ),
    Graded(
        "diverters",
        Names("dealers"),
        4,
        lambda company: _dealers(company, "malicious"),
        (
            Slip(
                lambda company: _dealers(company, "flagged"),
                "You name every dealer with many pieces outside. At what price are they sold, and does a "
                "dealer sit there?",
                1,
            ),
            Slip(
                lambda company: _dealers(company, "benign"),
                "Those take goods to where nobody sells, at the list price. The other kind is asked for.",
            ),
            Slip(
                lambda company: _dealers(company, "spill"),
                "Your limit is the spill that every dealer has. The definition has a higher one, and a "
                "second part.",
            ),
        ),
        "Two conditions for each dealer: the share of its scans outside, and the part of these that are cut.",
    ),
    Graded(
        "excess_losses",
        Mapped("excess losses", tolerance=0.051),
        4,
        _excess,
        (
            Slip(
                lambda company: _excess(company, how="all"),
                "You counted all losses among those exposed. Some would have been lost anyway.",
                1,
            ),
            Slip(
                lambda company: _excess(company, how="rate"),
                "That is the difference of the two rates. Times how many exposed rows?",
                2,
            ),
            Slip(
                lambda company: _excess(company, served_only=False),
                "For diversion you compare with territories that have no dealer, where it cannot happen.",
                2.5,
            ),
        ),
        "Rows exposed, times the loss rate of these less the loss rate of the others.",
    ),
    Graded(
        "per_arm",
        Number(counted="customers", tolerance=1),
        4,
        _per_arm,
        (
            Slip(
                lambda company: _per_arm(company, arms=2),
                "That is for both arms together. One arm is asked for.",
                2,
            ),
            Slip(
                lambda company: _per_arm(company, keep=0.3),
                "You let a visit keep seven in ten. It keeps three in ten of those who would leave.",
                1,
            ),
            Slip(
                lambda company: _per_arm(company, factor=3.84),
                "You left out the power of the test: the factor is 7.85.",
                1,
            ),
        ),
        "p0 is the loss rate of 30 June 2024, p1 is seven tenths of it; round up.",
    ),
)
