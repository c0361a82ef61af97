"""Learn from closed prospects who will order: a lead score, by what was known on the day (线索评分).

A *score* here is an estimated probability of an order within a set time (180 days at Qingyuan). Whoever
builds one stands on a day and may use only what was known that day; `mature` and `open_on` rebuild that view.
Tables of prospects stay small: pandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casebook.days import as_day
from casebook.errors import TableError
from casebook.evaluation import wilson_interval
from casebook.frames import need_pandas
from casebook.prospect_cells import check_flags

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

__all__ = [
    "CATEGORIES",
    "FLAGS",
    "KNOWN_LATER",
    "conversion_chance",
    "conversion_weights",
    "cross_chance",
    "fit_conversion",
    "mature",
    "open_on",
    "rates_by",
]

FLAGS = ("need", "money", "authority", "eligible")  #: yes or no, known when the prospect is written down
CATEGORIES = ("source_method",)  #: words, known when the prospect is written down
#: Columns of `prospects` that are filled in, or can only be read right, when the outcome is known.
KNOWN_LATER = ("status", "ordered_180d", "order_date", "customer_id", "fair_id")


def mature(
    prospects: pd.DataFrame, as_of: str | pd.Timestamp, *, days: int = 180, created: str = "created"
) -> pd.DataFrame:
    """Keep the prospects whose outcome can be known on a day: those created at least so many days before.

    Parameters
    ----------
    prospects : DataFrame, one row per prospect
    as_of : date or "YYYY-MM-DD"
        The last day of which the records of orders are complete.
    days : int
        How long a prospect may take to order.
    created : str
        Column with the day on which the prospect was written down.

    Returns
    -------
    DataFrame
        Some of the rows, in their order.

    Raises
    ------
    TableError
        If the column is missing, or the number of days is below 1.

    Examples
    --------
    A prospect of 5 January has until 3 July; on 30 June a missing order is not yet a lost one:

    >>> two = pd.DataFrame({"created": pd.to_datetime(["2024-01-02", "2024-01-05"])})
    >>> len(mature(two, "2024-06-30"))
    1
    """
    need_pandas(prospects, [created])
    if days < 1:
        raise TableError(f"days must be a number of days of at least 1, got {days}.")
    return prospects[prospects[created] <= pd.Timestamp(as_day(as_of, "as_of")) - pd.Timedelta(days=days)]


def open_on(
    prospects: pd.DataFrame,
    day: str | pd.Timestamp,
    *,
    months: int = 3,
    created: str = "created",
    ordered: str = "order_date",
) -> pd.DataFrame:
    """Rebuild the list of open prospects as it lay on the desk on an earlier day.

    Parameters
    ----------
    prospects : DataFrame, one row per prospect
    day : date or "YYYY-MM-DD"
        The morning of the list.
    months : int
        Prospects created within so many calendar months before it are still worked on.
    created, ordered : str
        Columns with the day of creation, and of the order (missing where there was none).

    Returns
    -------
    DataFrame
        Those created before `day`, within the months, who had not ordered before it; with `as_of` (the day)
        and `ordered_later` (True where an order is known today).

    Raises
    ------
    TableError
        If a column is missing or `months` is below 1.

    Notes
    -----
    Who ordered quickly is on no list: a list of open prospects is a list of survivors.

    Examples
    --------
    >>> made = pd.to_datetime(["2023-01-05", "2023-05-05", "2023-05-05", "2023-06-05"])
    >>> bought = pd.to_datetime([None, "2023-05-30", "2023-08-01", None])
    >>> four = pd.DataFrame({"created": made, "order_date": bought})
    >>> open_on(four, "2023-07-01")["ordered_later"].tolist()
    [True, False]
    """
    need_pandas(prospects, [created, ordered])
    if months < 1:
        raise TableError(f"months must be at least 1, got {months}.")
    morning = pd.Timestamp(as_day(day, "day"))
    here = (prospects[created] < morning) & (prospects[created] >= morning - pd.DateOffset(months=months))
    still = prospects[here & ~(prospects[ordered] < morning)]
    return still.assign(as_of=morning, ordered_later=still[ordered].notna())


def fit_conversion(
    prospects: pd.DataFrame,
    *,
    flags: Sequence[str] = FLAGS,
    categories: Sequence[str] = CATEGORIES,
    numbers: Sequence[str] = (),
    outcome: str = "ordered_180d",
    C: float = 1.0,
    allow_leaks: bool = False,
) -> Pipeline:
    """Fit a logistic regression of the order on what was known before: the lead score (转化概率).

    Parameters
    ----------
    prospects : DataFrame, one row per closed prospect
    flags : sequence of str
        Columns of yes and no, or of 0 and 1.
    categories : sequence of str
        Columns of words; each word gets a weight of its own, a word never seen gets none.
    numbers : sequence of str
        Columns of numbers; they enter in standard deviations from their mean.
    outcome : str
        Column of yes and no, without gaps: leave the open prospects out.
    C : float
        Inverse strength of the ridge penalty of scikit-learn; small values pull all weights towards 0.
    allow_leaks : bool
        Let columns of `KNOWN_LATER` in, to show what happens.

    Returns
    -------
    Pipeline of scikit-learn
        Fitted; use `conversion_chance` and `conversion_weights`.

    Raises
    ------
    TableError
        If a column is missing or has gaps, is known only after the outcome, or all outcomes are the same.

    Notes
    -----
    Source: our convention; logistic regression is the standard of scoring. Probabilities come from the
    likelihood and are not rescaled.

    See Also
    --------
    conversion_chance, conversion_weights, casebook.evaluation.calibration_table

    Examples
    --------
    >>> eight = pd.DataFrame({"need": [1, 1, 1, 0, 0, 0, 1, 0], "ordered_180d": [1, 1, 1, 0, 0, 0, 0, 1]})
    >>> model = fit_conversion(eight, flags=["need"], categories=[])
    >>> conversion_chance(model, pd.DataFrame({"need": [1, 0]})).round(2).tolist()
    [0.58, 0.42]
    """
    from sklearn.compose import ColumnTransformer  # late: only those who fit need it
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    columns = [*flags, *categories, *numbers]
    late = [name for name in columns if name in (*KNOWN_LATER, outcome)]
    if late and not allow_leaks:
        raise TableError(
            f"Column {late[0]!r} is known only after the outcome: a score that uses it looks into the "
            "future. Leave it out."
        )
    need_pandas(prospects, columns)
    _no_gaps(prospects, columns)
    ordered = check_flags(prospects, outcome)
    if ordered.all() or not ordered.any():
        raise TableError(f"Column {outcome!r} says the same of everybody: orders and losses are both needed.")
    words = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    parts = ColumnTransformer(
        [
            ("flag", "passthrough", list(flags)),
            ("word", words, list(categories)),
            ("number", StandardScaler(), list(numbers)),
        ],
        verbose_feature_names_out=False,
    )
    model = Pipeline([("columns", parts), ("logit", LogisticRegression(C=C, max_iter=1000))])
    return model.fit(prospects[columns], ordered)


def conversion_chance(model: Pipeline, prospects: pd.DataFrame) -> pd.Series:
    """Give each prospect the probability of an order that the fitted score says.

    Parameters
    ----------
    model : Pipeline that `fit_conversion` returned
    prospects : DataFrame, one row per prospect, with the same columns

    Returns
    -------
    Series of shape (n_prospects,), named "chance", from 0 to 1, with the index of the table
        Rounded to nine decimals: prospects with the same facts tie on every machine.

    Raises
    ------
    TableError
        If a column is missing or has gaps.

    Examples
    --------
    >>> four = pd.DataFrame({"need": [1, 1, 0, 0], "ordered_180d": [1, 1, 0, 0]})
    >>> model = fit_conversion(four, flags=["need"], categories=[])
    >>> conversion_chance(model, four.head(1)).round(2).tolist()
    [0.6]
    """
    columns = list(model.feature_names_in_)
    need_pandas(prospects, columns)
    _no_gaps(prospects, columns)
    if not len(prospects):
        return pd.Series([], index=prospects.index, name="chance", dtype=float)
    chance = model.predict_proba(prospects[columns])[:, 1].round(9)
    return pd.Series(chance, index=prospects.index, name="chance")


def conversion_weights(model: Pipeline) -> pd.DataFrame:
    """List what the score adds and takes away, on the scale of log-odds.

    Parameters
    ----------
    model : Pipeline that `fit_conversion` returned

    Returns
    -------
    DataFrame of shape (n_features + 1, 3)
        `feature` ("start" is the intercept), `weight` (log-odds; of a number: for one standard deviation),
        `odds_ratio` (e to the weight). The words of one category are pulled towards their common level:
        read their differences.

    Examples
    --------
    >>> four = pd.DataFrame({"need": [1, 1, 0, 0], "ordered_180d": [1, 1, 0, 0]})
    >>> conversion_weights(fit_conversion(four, flags=["need"], categories=[])).round(1)
      feature  weight  odds_ratio
    0   start    -0.4         0.7
    1    need     0.8         2.2
    """
    logit = model.named_steps["logit"]
    names = ["start", *(str(n) for n in model.named_steps["columns"].get_feature_names_out())]
    weights = np.r_[logit.intercept_, logit.coef_[0]]
    return pd.DataFrame({"feature": names, "weight": weights, "odds_ratio": np.exp(weights)})


def cross_chance(
    prospects: pd.DataFrame,
    *,
    folds: int = 5,
    seed: int = 0,
    outcome: str = "ordered_180d",
    **fitting: Any,
) -> pd.Series:
    """Score each closed prospect by a model that has not seen it: fitted on the other folds.

    Parameters
    ----------
    prospects : DataFrame, one row per closed prospect
    folds : int
        Parts of about equal size, each with its share of orders.
    seed : int
        Of the drawing of the parts.
    outcome : str
        As in `fit_conversion`.
    **fitting
        Other arguments of `fit_conversion`.

    Returns
    -------
    Series of shape (n_prospects,), named "chance", from 0 to 1, with the index of the table

    Raises
    ------
    TableError
        As `fit_conversion`, or if a part would hold no order.

    Notes
    -----
    It shows what the score does for others *of the same time*. Whether it holds later, only later
    prospects tell.

    Examples
    --------
    >>> eight = pd.DataFrame({"need": [1, 1, 1, 0, 0, 0, 1, 0], "ordered_180d": [1, 1, 1, 0, 0, 0, 0, 1]})
    >>> len(cross_chance(eight, folds=4, flags=["need"], categories=[]))
    8
    """
    from sklearn.model_selection import StratifiedKFold

    ordered = check_flags(prospects, outcome)
    if not 2 <= folds <= min(ordered.sum(), (~ordered).sum()):
        raise TableError(f"folds must be a whole number from 2 to the rarer outcome's count, got {folds}.")
    chance = np.full(len(prospects), np.nan)
    parts = StratifiedKFold(folds, shuffle=True, random_state=seed).split(prospects, ordered)
    for others, part in parts:
        model = fit_conversion(prospects.iloc[others], outcome=outcome, **fitting)
        chance[part] = conversion_chance(model, prospects.iloc[part])
    return pd.Series(chance, index=prospects.index, name="chance")


def rates_by(
    table: pd.DataFrame, label: str, outcome: str, *, order: Sequence[Any] | None = None
) -> pd.DataFrame:
    """Count how often the outcome came under each label, with the interval of each share.

    Parameters
    ----------
    table : DataFrame, one row per prospect or visitor
    label : str
        Column with the label; rows without one are left out.
    outcome : str
        Column of yes and no.
    order : sequence, optional
        The labels in the order wanted; those that nobody has are left out.

    Returns
    -------
    DataFrame, one row per label
        `label`, `n`, `positives`, `rate` (0-1), `low`, `high` (95% Wilson interval).

    Raises
    ------
    TableError
        If a column is missing or the outcome holds anything but yes and no.

    Examples
    --------
    >>> four = pd.DataFrame({"heat": ["hot", "hot", "cold", "cold"], "ordered": [1, 0, 0, 0]})
    >>> rates_by(four, "heat", "ordered", order=["hot", "cold"]).round(2)
      label  n  positives  rate   low  high
    0   hot  2          1   0.5  0.09  0.91
    1  cold  2          0   0.0  0.00  0.66
    """
    need_pandas(table, [label])
    counted = table.assign(__yes=check_flags(table, outcome)).groupby(label, observed=True)["__yes"]
    made = counted.agg(n="size", positives="sum")
    made = made.loc[[name for name in order if name in made.index]] if order is not None else made
    low, high = wilson_interval(made["positives"].to_numpy(), made["n"].to_numpy())
    made = made.assign(rate=made["positives"] / made["n"], low=low, high=high)
    return made.rename_axis("label").reset_index()


def _no_gaps(table: pd.DataFrame, columns: Sequence[str]) -> None:
    for column in columns:
        gaps = table[column].isna()
        if gaps.any():
            raise TableError(
                f"Column {column!r} is missing in row {table.index[gaps].tolist()[0]!r} "
                f"(such rows: {gaps.sum():,}): fill it in, or leave those rows out."
            )
