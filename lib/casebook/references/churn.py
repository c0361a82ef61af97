"""Published values of profit measures for churn lists, and a benchmark on the Telco sample."""

from __future__ import annotations

from functools import cache

import numpy as np

from casebook import evaluation
from casebook.churn import ExpectedMaximumProfit, expected_maximum_profit, profit_by_depth
from casebook.references.model import Published

__all__ = ["VALUES", "VALUES_REAL", "telco_predictions"]

_EIGHT = ([0, 1, 0, 1, 0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9])
_TEN = ([1, 1, 0, 1, 0, 1, 0, 0, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1])
_DEAR = {"clv": 100, "d": 30, "f": 5}
_DOC = "empulse, documentation of empc_score; the R package EMP gives the same"
_PORT = "EMP-PY 2.0.4, run by us"
_LOGIT = "logistic regression of scikit-learn, run by us; ten folds, pooled"


def _most(y: object, score: object, **money: float) -> float:
    """The profit of the best depth for each customer, at a save rate of 0.3."""
    return float(profit_by_depth(y, score, save=0.3, **money)["profit_each"].max())  # type: ignore[arg-type]


VALUES = (
    Published(
        "EMP of eight customers", "23.8755934183481", lambda: expected_maximum_profit(*_EIGHT).emp, _DOC
    ),
    Published("EMP of eight: fraction", ".8743701", lambda: expected_maximum_profit(*_EIGHT).fraction, _DOC),
    Published("MP of eight customers", "23.875", lambda: _most(*_EIGHT), _DOC),
    Published("EMP of ten customers", "20.2003164897961", lambda: expected_maximum_profit(*_TEN).emp, _PORT),
    Published("EMP of ten: fraction", ".5996640", lambda: expected_maximum_profit(*_TEN).fraction, _PORT),
    Published("MP of ten customers", "20.2", lambda: _most(*_TEN), _PORT),
    Published(
        "EMP of ten, clv 100, d 30, f 5",
        "3.20348286",
        lambda: expected_maximum_profit(*_TEN, **_DEAR).emp,
        _PORT,
    ),
    Published(
        "EMP of ten, clv 100, d 30, f 5: fraction",
        ".2022860",
        lambda: expected_maximum_profit(*_TEN, **_DEAR).fraction,
        _PORT,
    ),
    Published("MP of ten, clv 100, d 30, f 5", "3.2", lambda: _most(*_TEN, **_DEAR), _PORT),
)


@cache
def telco_predictions() -> tuple[np.ndarray, np.ndarray]:
    """Predict churn on the Telco sample by logistic regression, each customer from nine tenths without it.

    Returns
    -------
    y, p : ndarray of shape (7043,)
        Whether the customer left (0, 1), and the predicted probability.

    Notes
    -----
    Numbers standardised, words one-hot; an empty TotalCharges (nothing billed yet) is 0;
    ``StratifiedKFold(10, shuffle=True, random_state=0)``. `casebook.fetch` must find the file.
    """
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    from casebook.public.fetching import fetch

    table = fetch("telco_churn")
    y = (table["Churn"] == "Yes").to_numpy().astype(int)
    x = table.drop(columns=["customerID", "Churn"]).fillna({"TotalCharges": 0})
    numbers = list(x.select_dtypes("number").columns)
    turned = make_column_transformer(
        (StandardScaler(), numbers),
        (OneHotEncoder(handle_unknown="ignore"), [column for column in x.columns if column not in numbers]),
    )
    model = make_pipeline(turned, LogisticRegression(max_iter=1000))
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    return y, cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]


def _telco() -> ExpectedMaximumProfit:
    return expected_maximum_profit(*telco_predictions())


VALUES_REAL = (
    Published("AUC on Telco", ".8455", lambda: evaluation.auc(*telco_predictions()), _LOGIT),
    Published("Gini on Telco", ".6909", lambda: 2 * evaluation.auc(*telco_predictions()) - 1, _LOGIT),
    Published("KS on Telco", ".5350", lambda: evaluation.ks(*telco_predictions()), _LOGIT),
    Published(
        "Lift of the first tenth on Telco", "2.86", lambda: evaluation.lift_at(*telco_predictions()), _LOGIT
    ),
    Published("EMP on Telco", "10.309", lambda: _telco().emp, _LOGIT),
    Published("MP on Telco", "10.2347", lambda: _most(*telco_predictions()), _LOGIT),
    Published("EMP on Telco: fraction", ".5175", lambda: _telco().fraction, _LOGIT),
)
