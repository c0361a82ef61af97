"""A credit scorecard: weights of evidence, a logistic regression, and points that a clerk can add up.

Score = offset + factor x ln(odds), where odds are good : bad, (1 - PD) / PD.
`pdo` points double the odds: factor = pdo / ln 2, and offset = base - factor x ln(base odds).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from casebook.errors import TableError
from casebook.frames import need_pandas
from casebook.woe import Sign, bin_of, outcomes, propose_breaks, woe_table

__all__ = [
    "Scaling",
    "Scorecard",
    "WeightsOfEvidence",
    "information_values",
    "pd_of_score",
    "propose_breaks",
    "reason_codes",
    "scaling",
    "scorecard",
    "woe_table",
]


class Scaling(NamedTuple):
    """Points for one unit of ln(odds), and the points at odds 1 : 1."""

    factor: float
    offset: float


def scaling(base: float = 600, odds: float = 30, pdo: float = 20) -> Scaling:
    """Turn (score, odds, points to double the odds) into factor and offset.

    Parameters
    ----------
    base : float
        The score that stands for `odds`.
    odds : float
        Good : bad at that score, above zero. A program that counts bad : good wants 1 / odds.
    pdo : float
        Points that double the odds, above zero.

    Returns
    -------
    Scaling
        `factor` = pdo / ln 2 and `offset` = base - factor x ln(odds).

    Raises
    ------
    TableError
        If odds or pdo are not above zero.

    Examples
    --------
    >>> tuple(round(x, 4) for x in scaling(600, 30, 20))
    (28.8539, 501.8622)
    """
    for name, value in (("odds", odds), ("pdo", pdo)):
        if not value > 0:
            raise TableError(f"{name} must be above zero; got {value!r}.")
    factor = pdo / np.log(2)
    return Scaling(float(factor), float(base - factor * np.log(odds)))


def scorecard(pd_12m: Any, base: float = 600, odds: float = 30, pdo: float = 20) -> Any:
    """Turn probabilities of default into scores: higher is safer.

    Parameters
    ----------
    pd_12m : number or array, between 0 and 1
    base, odds, pdo
        As in `scaling`.

    Returns
    -------
    number, array or Series, points

    Raises
    ------
    TableError
        If a probability is missing, 0 or less, or 1 or more.

    See Also
    --------
    pd_of_score : the way back.

    Examples
    --------
    >>> round(scorecard(0.02), 2), round(scorecard(1 / 31), 2), round(scorecard(1 / 61), 2)
    (614.16, 600.0, 620.0)
    """
    p = np.asarray(pd_12m, dtype=float)
    if not ((p > 0) & (p < 1)).all():
        raise TableError(
            "A score needs probabilities between 0 and 1, without the ends: ln(odds) is infinite there."
        )
    factor, offset = scaling(base, odds, pdo)
    score = offset + factor * np.log((1 - pd_12m) / pd_12m)
    return score if np.ndim(score) else float(np.asarray(score))


def pd_of_score(score: Any, base: float = 600, odds: float = 30, pdo: float = 20) -> Any:
    """Turn scores back into probabilities of default.

    Parameters
    ----------
    score : number or array, points
    base, odds, pdo
        As in `scaling`.

    Returns
    -------
    number, array or Series, 0-1

    Examples
    --------
    >>> round(pd_of_score(scorecard(0.02)), 6)
    0.02
    """
    factor, offset = scaling(base, odds, pdo)
    p = 1 / (1 + np.exp((score - offset) / factor))
    return p if np.ndim(p) else float(np.asarray(p))


class WeightsOfEvidence(TransformerMixin, BaseEstimator):
    """Replace each value by the weight of evidence of its bin; a scikit-learn transformer for tables.

    Parameters
    ----------
    breaks : mapping of column to breaks, optional
        As in `woe_table`; a plain dict that a person can read and change. Columns that it does not name get
        `propose_breaks` from the rows that `fit` sees.
    special : mapping of column to special values, optional
    bins, least
        As in `propose_breaks`.
    smoothing : float
        As in `woe_table`.
    sign : {"good", "bad"}
        As in `woe_table`.

    Attributes
    ----------
    tables_ : dict of column to DataFrame
        `woe_table` of each column.
    breaks_ : dict of column to breaks
        Those used: hand them in again to freeze the bins.
    iv_ : Series, information value by column
    feature_names_in_ : array of str
    n_features_in_ : int

    Notes
    -----
    A value in a bin that `fit` never saw (a missing one, where none was missing) is no evidence: 0.
    Source: Siddiqi (2006), Credit Risk Scorecards.

    Examples
    --------
    >>> x = pd.DataFrame({"sued": [True, True, False, False, False, False]})
    >>> weigh = WeightsOfEvidence().fit(x, [1, 0, 0, 0, 0, 1])
    >>> weigh.transform(x)["sued"].round(2).tolist()
    [-0.69, -0.69, 0.41, 0.41, 0.41, 0.41]
    """

    def __init__(
        self,
        breaks: Mapping[str, Any] | None = None,
        special: Mapping[str, Sequence[Any]] | None = None,
        bins: int = 5,
        least: float = 0.05,
        smoothing: float = 0.0,
        sign: Sign = "good",
    ) -> None:
        self.breaks = breaks
        self.special = special
        self.bins = bins
        self.least = least
        self.smoothing = smoothing
        self.sign = sign

    def fit(self, X: pd.DataFrame, y: Any) -> WeightsOfEvidence:
        """Bin each column and weigh its bins.

        Parameters
        ----------
        X : pandas DataFrame of shape (n_rows, n_columns)
        y : array of shape (n_rows,), 0 good or 1 bad

        Returns
        -------
        WeightsOfEvidence
            Itself.

        Raises
        ------
        TableError
            As `woe_table`; or if `breaks` or `special` name a column that is not there.
        """
        need_pandas(X, list(X.columns) if isinstance(X, pd.DataFrame) else [])
        for name in [*(self.breaks or {}), *(self.special or {})]:
            if name not in X.columns:
                raise TableError(
                    f"Breaks name {name!r}, which is no column; there are {', '.join(X.columns)}."
                )
        y = outcomes(y, len(X))
        self.breaks_ = {name: self._breaks(X[name], y) for name in X.columns}
        self.tables_ = {
            name: woe_table(
                X[name], y, breaks=self.breaks_[name], special=self._special(name),
                smoothing=self.smoothing, sign=self.sign,
            )
            for name in X.columns
        }  # fmt: skip
        self.iv_ = pd.Series(
            {name: float(table["iv"].sum()) for name, table in self.tables_.items()}, name="iv"
        )
        self.feature_names_in_ = np.array(X.columns, dtype=object)
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Give the weights of evidence, one column for each.

        Parameters
        ----------
        X : pandas DataFrame with the columns of `fit`

        Returns
        -------
        DataFrame of shape (n_rows, n_columns)

        Raises
        ------
        TableError
            If a column is missing.
        """
        weights = {n: t.set_index("bin")["woe"] for n, t in self._fitted(X).items()}
        return self.bins_of(X).apply(lambda bins: bins.map(weights[bins.name]).astype(float).fillna(0.0))

    def bins_of(self, X: pd.DataFrame) -> pd.DataFrame:
        """Name the bin of every value.

        Parameters
        ----------
        X : pandas DataFrame with the columns of `fit`

        Returns
        -------
        DataFrame of str, of the same shape

        Raises
        ------
        TableError
            If a column is missing.
        """
        made = {}
        for name in self._fitted(X):
            codes, labels = bin_of(X[name], self.breaks_[name], self._special(name))
            made[name] = np.array(labels, dtype=object)[codes]
        return pd.DataFrame(made, index=X.index)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:  # noqa: ARG002 - sklearn's
        """The names of the columns, as they came in."""
        check_is_fitted(self)
        return self.feature_names_in_

    def _fitted(self, X: pd.DataFrame) -> dict[str, pd.DataFrame]:
        check_is_fitted(self)
        need_pandas(X, list(self.tables_))
        return self.tables_

    def _special(self, name: str) -> Sequence[Any]:
        return (self.special or {}).get(name, ())

    def _breaks(self, column: pd.Series, y: np.ndarray) -> Any:
        given = (self.breaks or {}).get(str(column.name))
        if given is not None:
            return given
        return propose_breaks(
            column, y, bins=self.bins, least=self.least, special=self._special(str(column.name))
        )


def information_values(X: pd.DataFrame, y: Any, **options: Any) -> pd.DataFrame:
    """Rank variables by information value (信息值).

    Parameters
    ----------
    X : pandas DataFrame
    y : array, 0 good or 1 bad
    **options
        Those of `WeightsOfEvidence`.

    Returns
    -------
    DataFrame, highest first
        `variable`, `iv`, `bins` and `says`: under .02 nothing, under .1 little, under .3 something, under .5
        much, above: too good, look for leakage (Siddiqi's rule of thumb).

    Raises
    ------
    TableError
        As `WeightsOfEvidence.fit`.

    Examples
    --------
    >>> x = pd.DataFrame({"sued": [True, True, False, False, False, False]})
    >>> information_values(x, [1, 0, 0, 0, 0, 1]).round(2).values.tolist()
    [['sued', 0.27, 2, 'something']]
    """
    weigh = WeightsOfEvidence(**options).fit(X, y)
    table = pd.DataFrame({
        "variable": weigh.iv_.index, "iv": weigh.iv_.to_numpy(),
        "bins": [len(weigh.tables_[name]) for name in weigh.iv_.index],
    })  # fmt: skip
    says = np.select(
        [table["iv"] < 0.02, table["iv"] < 0.1, table["iv"] < 0.3, table["iv"] < 0.5],
        ["nothing", "little", "something", "much"], "too good?",
    )  # fmt: skip
    return table.assign(says=says).sort_values("iv", ascending=False, kind="stable", ignore_index=True)


class Scorecard(ClassifierMixin, BaseEstimator):
    """Weights of evidence, logistic regression, points: a classifier in scikit-learn's interface.

    Parameters
    ----------
    breaks, special, bins, least, smoothing
        As in `WeightsOfEvidence`.
    C : float
        Inverse strength of the penalty of the regression.
    scale : (base, odds, pdo)
        As in `scaling`.

    Attributes
    ----------
    woe_ : WeightsOfEvidence
    model_ : LogisticRegression
        ln(bad : good) on the weights of evidence; its coefficients should be below zero.
    card_ : DataFrame
        The card: `variable`, `bin`, `n`, `bad_rate`, `woe`, `points`; the first row holds the base points.
    classes_ : array
    n_features_in_ : int

    Examples
    --------
    >>> x = pd.DataFrame({"sued": [True] * 4 + [False] * 12})
    >>> card = Scorecard().fit(x, [1, 1, 0, 0] + [1] + [0] * 11)
    >>> card.card_[["variable", "bin", "points"]].round(0)
      variable  bin  points
    0     base        542.0
    1     sued   no    20.0
    2     sued  yes   -32.0
    >>> card.score_points(x).round(0).unique().tolist()
    [511.0, 562.0]
    """

    def __init__(
        self,
        breaks: Mapping[str, Any] | None = None,
        special: Mapping[str, Sequence[Any]] | None = None,
        bins: int = 5,
        least: float = 0.05,
        smoothing: float = 0.0,
        C: float = 1.0,
        scale: tuple[float, float, float] = (600, 30, 20),
    ) -> None:
        self.breaks = breaks
        self.special = special
        self.bins = bins
        self.least = least
        self.smoothing = smoothing
        self.C = C
        self.scale = scale

    def fit(self, X: pd.DataFrame, y: Any) -> Scorecard:
        """Bin, weigh, regress and write the card.

        Parameters
        ----------
        X : pandas DataFrame of shape (n_rows, n_columns)
        y : array of shape (n_rows,), 0 good or 1 bad

        Returns
        -------
        Scorecard
            Itself.

        Raises
        ------
        TableError
            As `WeightsOfEvidence.fit`.
        """
        self.woe_ = WeightsOfEvidence(self.breaks, self.special, self.bins, self.least, self.smoothing)
        weights = self.woe_.fit(X, y).transform(X)
        self.model_ = LogisticRegression(C=self.C, tol=1e-8, max_iter=1000).fit(
            weights, np.asarray(y).astype(int)
        )
        self.classes_, self.n_features_in_ = self.model_.classes_, X.shape[1]
        self.card_ = self._card()
        return self

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Probabilities of good and of bad, shape (n_rows, 2)."""
        check_is_fitted(self)
        return self.model_.predict_proba(self.woe_.transform(X))

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """1 where bad is the likelier; choose a cut by money instead."""
        return (self.predict_proba(X)[:, 1] > 0.5).astype(int)

    def points(self, X: pd.DataFrame) -> pd.DataFrame:
        """The points of each variable on each row, without the base points.

        Parameters
        ----------
        X : pandas DataFrame with the columns of `fit`

        Returns
        -------
        DataFrame of shape (n_rows, n_columns)
        """
        check_is_fitted(self)
        factor = scaling(*self.scale).factor
        return self.woe_.transform(X) * (-factor * self.model_.coef_[0])

    def score_points(self, X: pd.DataFrame) -> pd.Series:
        """The score of each row: base points and the points of its bins.

        Parameters
        ----------
        X : pandas DataFrame with the columns of `fit`

        Returns
        -------
        Series of shape (n_rows,)
        """
        return (self.points(X).sum(axis=1) + self.card_["points"].iloc[0]).rename("score")

    def reasons(self, X: pd.DataFrame, *, most: int = 2) -> pd.Series:
        """In words, what cost each row most points against the best bins: see `reason_codes`.

        Parameters
        ----------
        X : pandas DataFrame with the columns of `fit`
        most : int
            So many reasons at most.

        Returns
        -------
        Series of str
        """
        card = self.card_.iloc[1:]
        best = card.groupby("variable", sort=False)["points"].max()
        return reason_codes(self.points(X), best, bins=self.woe_.bins_of(X), most=most)

    def _card(self) -> pd.DataFrame:
        factor, offset = scaling(*self.scale)
        names = ["variable", "bin", "n", "bad_rate", "woe"]
        rows = [
            table[names].assign(points=-factor * coefficient * table["woe"])
            for table, coefficient in zip(self.woe_.tables_.values(), self.model_.coef_[0], strict=True)
        ]
        first = {"variable": "base", "bin": "", "points": offset - factor * float(self.model_.intercept_[0])}
        return pd.concat([pd.DataFrame([first]), *rows], ignore_index=True)[[*names, "points"]]


def reason_codes(
    points: pd.DataFrame,
    reference: Mapping[str, float] | pd.Series | Literal["mean"],
    *,
    bins: pd.DataFrame | None = None,
    most: int = 2,
) -> pd.Series:
    """Say what cost each applicant most points: the reasons that a refusal owes.

    Parameters
    ----------
    points : DataFrame of shape (n_rows, n_variables)
        Points of each variable, such as `Scorecard.points`.
    reference : mapping of variable to points, or "mean"
        What to compare with: the best that a variable can give, or the mean of the rows.
    bins : DataFrame of the same shape, optional
        The bin of each value, named in the reason.
    most : int
        So many reasons at most; only variables that cost points are named.

    Returns
    -------
    Series of str, index as given
        Such as "sued yes (-22); score_mean < 60 (-18)"; ties in the order of the columns.

    Raises
    ------
    TableError
        If a variable has no reference, or `most` is below 1.

    Examples
    --------
    >>> points = pd.DataFrame({"sued": [-15.0, 7], "debts": [-3.0, 2]})
    >>> reason_codes(points, {"sued": 7, "debts": 4}).tolist()
    ['sued (-22); debts (-7)', 'debts (-2)']
    """
    if most < 1:
        raise TableError(f"most must be 1 or more reasons; got {most}.")
    against = points.mean() if isinstance(reference, str) else pd.Series(dict(reference))
    lacking = [name for name in points.columns if name not in against.index]
    if lacking:
        raise TableError(f"No reference points for {lacking[0]!r}.")
    lost = (against[points.columns].to_numpy() - points.to_numpy()).round(9)
    order = np.argsort(-lost, axis=1, kind="stable")[:, :most]
    named = [str(name) for name in points.columns]
    said = []
    for row, first in enumerate(order):
        words = [
            f"{named[at]}{'' if bins is None else f' {bins.iloc[row, at]!s}'} (-{lost[row, at]:.0f})"
            for at in first
            if lost[row, at] > 0
        ]
        said.append("; ".join(words) or "nothing")
    return pd.Series(said, index=points.index, name="reasons")
