"""Predict the churn label in order of time: features, split, fit, a watch against leakage, the ceiling."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.evaluation import auc
from casebook.frames import need_pandas

__all__ = [
    "LONG_RUN_AUC", "OUTCOMES", "assert_no_leakage", "auc_ceiling", "churn_features", "fit_churn",
    "time_split",
]  # fmt: skip

#: How well anyone can rank in the sample company's world, measured on 40 sister companies: true leaving by
#: the true risk (sd .03 between companies, .04 on one day); the label by the public columns, on a large
#: sample; leaving of those not called in the retention test by the true risk (sd .015).
LONG_RUN_AUC = {"dropped_within_6m": 0.77, "label_6m": 0.71, "retention_test": 0.79}

#: Columns that are known only afterwards: no feature may be one of them.
OUTCOMES = (
    "label_6m", "churned", "churn", "dropped_already", "dropped_within_6m", "dropout_month", "hazard",
    "satisfaction", "p0_true", "p1_true",
)  # fmt: skip
_NEEDS = (
    "days_since_last", "freq_12m", "spend_12m", "t_mean", "complaints_90d", "late_share_12m", "csat_last",
    "rep_left_6m", "offer_active", "tenure_years", "source_method",
)  # fmt: skip
Day = str | dt.date


def churn_features(snapshots: pd.DataFrame) -> pd.DataFrame:
    """Turn snapshots into numbers that a model can weigh.

    Parameters
    ----------
    snapshots : DataFrame
        Columns as `make_snapshots` gives them. Other columns, the label among them, are not looked at.

    Returns
    -------
    DataFrame of shape (n_snapshots, 14), with the index of the snapshots
        `cycles_silent` (days since the last order over the own mean gap, at most 10), `days_since_last`,
        `freq_12m`, `log_spend` (of RMB + 1), `t_mean` (days), `complaints_90d`, `late_share_12m`, `csat`
        (1-5, 3 where nobody answered) with `csat_missing`, the flags `rep_left`, `offer`, `referral`,
        `mass_media` (advertising or universal search), and `tenure_years`.

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    House rule: columns that have a reason in the trade, none chosen by how well it did on the test date.

    Examples
    --------
    >>> import casebook
    >>> made = churn_features(casebook.load("churn_snapshots").head(3))
    >>> made.shape, bool(made.notna().all(axis=None))
    ((3, 14), True)
    """
    table = need_pandas(snapshots, _NEEDS)
    csat = table["csat_last"].astype("Float64").astype(float)
    cycle = table["t_mean"].astype(float).clip(lower=1)
    made = {
        "cycles_silent": (table["days_since_last"] / cycle).clip(upper=10),
        "days_since_last": table["days_since_last"], "freq_12m": table["freq_12m"],
        "log_spend": np.log1p(table["spend_12m"].clip(lower=0)), "t_mean": table["t_mean"],
        "complaints_90d": table["complaints_90d"], "late_share_12m": table["late_share_12m"],
        "csat": csat.fillna(3), "csat_missing": csat.isna(), "rep_left": table["rep_left_6m"],
        "offer": table["offer_active"], "referral": table["source_method"] == "referral",
        "mass_media": table["source_method"].isin(["advertising", "universal"]),
        "tenure_years": table["tenure_years"],
    }  # fmt: skip
    return pd.DataFrame(made).astype(float)


def time_split(
    snapshots: pd.DataFrame, *, train_until: Day, test_on: Day, months: int = 6
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split snapshots by time, and refuse a training day whose label runs beyond the test day.

    Parameters
    ----------
    snapshots : DataFrame
        With `as_of` (dates) and `label_6m`.
    train_until, test_on : date or "YYYY-MM-DD"
        The last training day and the one test day.
    months : int
        How far ahead the label looks.

    Returns
    -------
    train, test : DataFrame
        Rows up to `train_until`, and rows of `test_on`. What lies between is left out.

    Raises
    ------
    TableError
        If a label of the training days ends after the test day, a day has no rows, or a label is missing.

    Examples
    --------
    >>> import casebook
    >>> seen = casebook.load("churn_snapshots")
    >>> train, test = time_split(seen, train_until="2023-12-31", test_on="2024-06-30")
    >>> test["as_of"].nunique(), train["as_of"].max() < test["as_of"].min()
    (1, True)
    >>> time_split(seen, train_until="2024-05-31", test_on="2024-06-30")
    Traceback (most recent call last):
    casebook.errors.TableError: The labels of 2024-05-31 are known on 2024-11-30, after the test day
    2024-06-30: on that day nobody could have trained on them. Train until 2023-12-31 or earlier.
    """
    table = need_pandas(snapshots, ["as_of", "label_6m"])
    last, day = pd.Timestamp(train_until), pd.Timestamp(test_on)
    known = _months_on(last, months)
    if known > day:
        latest = _months_on(day, -months)
        raise TableError(
            f"The labels of {last:%Y-%m-%d} are known on {known:%Y-%m-%d}, after the test day "
            f"{day:%Y-%m-%d}: on that day nobody could have trained on them. Train until "
            f"{latest:%Y-%m-%d} or earlier."
        )
    train, test = table[table["as_of"] <= last], table[table["as_of"] == day]
    for name, part in (("train_until", train), ("test_on", test)):
        if part.empty:
            raise TableError(f"{name}: the snapshots have no row there; look at the days in as_of.")
        if part["label_6m"].isna().any():
            raise TableError(
                f"{name}: {int(part['label_6m'].isna().sum())} labels are still open on these days."
            )
    return train, test


def fit_churn(
    train: pd.DataFrame,
    *,
    label: str = "label_6m",
    kind: Literal["logistic", "boosting"] = "logistic",
    seed: int = 0,
    **settings: Any,
) -> Any:
    """Fit a model of the churn label; it takes snapshots and gives probabilities.

    Parameters
    ----------
    train : DataFrame
        Snapshots with `label`.
    label : str
        Column of true and false.
    kind : {"logistic", "boosting"}
        Logistic regression on standardised features, or gradient-boosted trees.
    seed : int
        Of the trees; logistic regression draws nothing.
    **settings
        Of the scikit-learn model, such as ``max_depth=2``.

    Returns
    -------
    sklearn.pipeline.Pipeline, fitted
        ``.predict_proba(snapshots)[:, 1]`` is the probability; of a logistic fit ``[-1].coef_`` are the
        weights, each for one standard deviation, in the order of `churn_features`.

    Raises
    ------
    TableError
        If a column is missing, the label is open or holds one outcome only, or `kind` is another.

    Examples
    --------
    >>> import casebook
    >>> train, test = time_split(
    ...     casebook.load("churn_snapshots"), train_until="2023-12-31", test_on="2024-06-30")
    >>> fit_churn(train).predict_proba(test).shape == (len(test), 2)
    True
    """
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    need_pandas(train, [label])
    if train[label].isna().any() or train[label].nunique() < 2:
        raise TableError(f"{label}: it must be known for each row, and true for some and false for others.")
    if kind == "logistic":
        steps = [StandardScaler(), LogisticRegression(**{"max_iter": 1000} | settings)]
    elif kind == "boosting":
        steps = [GradientBoostingClassifier(random_state=seed, **settings)]
    else:
        raise TableError(f"kind must be 'logistic' or 'boosting', got {kind!r}.")
    pipeline = make_pipeline(FunctionTransformer(churn_features), *steps)
    return pipeline.fit(train, train[label].astype(bool))


def auc_ceiling(
    truth: pd.DataFrame, *, outcome: str = "dropped_within_6m", probability: str = "hazard"
) -> float:
    """Say how well one who knew the true probabilities would rank; only luck does better.

    Parameters
    ----------
    truth : DataFrame
        What a simulated company hides: the outcome (true, false) and its true probability. Of
        `snapshots_truth` the rows that had not left already are used.
    outcome, probability : str
        Its columns.

    Returns
    -------
    float
        AUC of the true probability, 0 to 1.

    Raises
    ------
    TableError
        If a column is missing or only one outcome is there.

    Examples
    --------
    >>> from casebook.company import truth
    >>> round(auc_ceiling(truth("snapshots_truth")), 2)
    0.78
    """
    table = need_pandas(truth, [outcome, probability])
    if "dropped_already" in table.columns:
        table = table[~table["dropped_already"].astype(bool)]
    return auc(table[outcome], table[probability])


def assert_no_leakage(features: pd.DataFrame, as_of: Day) -> None:
    """Stop if a table holds what could not be known on the day of the prediction.

    Parameters
    ----------
    features : DataFrame
        Events or features, with at least one column of dates. A date may be missing: it has not come yet.
    as_of : date, "YYYY-MM-DD", or the name of a column of dates
        The day of the prediction, one for all or each row's own.

    Returns
    -------
    None
        When the table holds nothing that came later.

    Raises
    ------
    TableError
        If a date lies after the day, a column is an outcome (`OUTCOMES`) or a truth, or nothing is dated: of
        an undated file nobody can say what was known when.

    Notes
    -----
    Dates are all that a program can see. That an answer exists only because the customer stayed (a survey),
    or that a figure was corrected later, only people know.

    Examples
    --------
    >>> complaints = pd.DataFrame({"customer_id": ["C1"], "date": pd.to_datetime(["2024-07-02"])})
    >>> assert_no_leakage(complaints, "2024-06-30")
    Traceback (most recent call last):
    casebook.errors.TableError: date: row 0 is of 2024-07-02, after 2024-06-30, the day of the prediction
    (1 in all). Keep only what was known by then.
    """
    need_pandas(features, [])
    own = isinstance(as_of, str) and as_of in features.columns
    day = features[as_of] if own else pd.Timestamp(as_of)
    for column in features.columns:
        if str(column) in OUTCOMES or str(column).endswith("_true"):
            raise TableError(f"{column}: this is the outcome, or known only with it; take it out.")
    dated = [c for c in features.columns if pd.api.types.is_datetime64_any_dtype(features[c]) and c != as_of]
    if not dated and not own:
        raise TableError(
            "No column holds dates, so nobody can say what was known when: bring the dates along."
        )
    for column in dated:
        late = (features[column] > day).to_numpy()
        if late.any():
            row = features[late].iloc[0]
            limit = row[as_of] if own else day
            raise TableError(
                f"{column}: row {features.index[late][0]} is of {row[column]:%Y-%m-%d}, after "
                f"{limit:%Y-%m-%d}, the day of the prediction ({int(late.sum())} in all). Keep only "
                "what was known by then."
            )


def _months_on(day: pd.Timestamp, months: int) -> pd.Timestamp:
    return day + (pd.offsets.MonthEnd(months) if day.is_month_end else pd.DateOffset(months=months))
