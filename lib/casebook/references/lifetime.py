"""Published numbers of the lifetime models: parameters, log-likelihoods, single customers, projections.

Those on CDNOW (a tenth of the cohort, 2,357 customers, calibration in weeks 1 to 39) need the public data set
``cdnow`` and stand in `VALUES_REAL`.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from casebook.lifetime import BetaGeoNBD, GammaGamma, ParetoNBD, ShiftedBetaGeometric, clv, rfm_summary
from casebook.references.model import Published

__all__ = ["VALUES", "VALUES_REAL", "cdnow_summary"]

_FHL = "Fader, Hardie and Lee 2005, Marketing Science 24(2)"
_FH7 = "Fader and Hardie 2007, Journal of Interactive Marketing 21(1)"
_GG = "Fader and Hardie 2013, note 025"
_CLV = "CLVTools 0.12.1, tests"
_BTYD = "BTYD 2.4.3, manual and walkthrough"
_LIFE = "lifetimes 0.11.3"
_HARDIE = "B. Hardie's spreadsheet, in the tests of lifetimes 0.11.3"

_REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
_HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]


def _bgnbd(r: float = 0.243, alpha: float = 4.414, a: float = 0.793, b: float = 2.426) -> BetaGeoNBD:
    model = BetaGeoNBD()
    model.r_, model.alpha_, model.a_, model.b_ = r, alpha, a, b
    return model


def _pareto(r: float = 0.553, alpha: float = 10.578, s: float = 0.606, beta: float = 11.669) -> ParetoNBD:
    model = ParetoNBD()
    model.r_, model.alpha_, model.s_, model.beta_ = r, alpha, s, beta
    return model


def _one(frequency: float, recency: float, T: float) -> pd.DataFrame:
    return pd.DataFrame({"frequency": [frequency], "recency": [recency], "T": [T]})


@cache
def _sbg(kind: str, years: int = 7) -> ShiftedBetaGeometric:
    return ShiftedBetaGeometric().fit({"Regular": _REGULAR, "High End": _HIGH_END}[kind][: years + 1])


@cache
def cdnow_summary() -> pd.DataFrame:
    """Sum up CDNOW's first 39 weeks, in weeks; `casebook.fetch` must find the data.

    >>> cdnow_summary.__name__
    'cdnow_summary'
    """
    from casebook.public.fetching import fetch

    log = fetch("cdnow")
    seen = log[log["date"] <= "1997-09-30"]
    return rfm_summary(seen, "sample_id", "date", "dollars", end="1997-09-30", unit="W")


@cache
def _shipped_summary() -> pd.DataFrame:
    """The same summary as lifetimes ships it: two decimals, halves rounded up."""
    table = cdnow_summary().copy()
    for column in ("recency", "T", "monetary_value"):
        table[column] = np.floor((table[column] * 100).round(6) + 0.5) / 100
    return table


@cache
def _fitted(kind: str, *, shipped: bool = False) -> Any:
    model: Any = {"bgnbd": BetaGeoNBD, "pareto": ParetoNBD, "gammagamma": GammaGamma}[kind]()
    return model.fit(_shipped_summary() if shipped else cdnow_summary())


@cache
def _worth(weeks: float) -> pd.Series:
    """Twelve periods of so many weeks, one per cent each, as lifetimes' Quickstart discounts them."""
    models = {
        "transactions": _fitted("bgnbd", shipped=True),
        "spend": _fitted("gammagamma", shipped=True),
    }
    yearly = 1.01 ** (365.25 / (7 * weeks)) - 1
    rule = {"horizon": 12 * weeks, "step": weeks, "discount": yearly, "margin": 1.0, "unit": "W"}
    table = clv(_shipped_summary(), **models, **rule)
    return table["clv"].set_axis(_shipped_summary()["sample_id"].astype(int))


@cache
def _spends(shipped: bool) -> pd.Series:
    table = _shipped_summary() if shipped else cdnow_summary()
    found = pd.Series(_fitted("gammagamma", shipped=shipped).expected_spend(table))
    return found.set_axis(table["sample_id"].astype(int))


def _value_of(customer: int, weeks: float) -> float:
    return float(_worth(weeks)[customer])


def _spend_of(customer: int, shipped: bool) -> float:
    return float(_spends(shipped)[customer])


def _mean_spend(*, observed: bool = False) -> float:
    again = _shipped_summary()["monetary_value"]
    return float(again[again > 0].mean() if observed else _spends(True).mean())


_MY = _one(2, 30.43, 38.86)
_FULL = (0.2425945, 4.4136019, 0.7929199, 2.4258881)  # the maximum on CDNOW with all its digits
_WALK = (0.5533971, 10.5801985, 0.6060625, 11.6562237)  # the parameters of BTYD's walkthrough


def _loglik(kind: str, name: str, years: int = 7) -> float:
    return float(getattr(_sbg(kind, years), f"{name}_"))


def _survival(kind: str, year: int) -> float:
    return 100 * float(_sbg(kind).survival(year))


def _retention(kind: str, renewal: int) -> float:
    return float(_sbg(kind).retention(renewal))


def _mean_churn(kind: str) -> float:
    model = _sbg(kind)
    return model.alpha_ / (model.alpha_ + model.beta_)


def _payments(kind: str, renewals: int) -> float:
    return _sbg(kind).expected_payments(0.1, renewals=renewals)


def _ahead(model: Any, t: float, X: pd.DataFrame) -> float:
    return float(model.expected_purchases(t, X).iloc[0])


def _new_customer(t: float) -> float:
    model: Any = _bgnbd(*_FULL)
    return float(model.expected_purchases(t))


def _spend(x: float, m: float) -> float:
    model = GammaGamma()
    model.p_, model.q_, model.gamma_ = 6.25, 3.74, 15.44
    one = pd.DataFrame({"frequency": [x], "monetary_value": [m]})
    return float(pd.Series(model.expected_spend(one)).iloc[0])


def _on_cdnow(kind: str, name: str) -> float:
    return float(getattr(_fitted(kind), f"{name}_"))


def _error(name: str) -> float:
    return float(_fitted("pareto").standard_errors_[name])


def _row(what: str, printed: str, source: str, ours: Any, *arguments: Any, **more: str) -> Published:
    return Published(what, printed, partial(ours, *arguments), source, **more)


_TRUNCATED = "150 terms of the series add up to 1.8576, all of them to 1.8580"
_SAME = "Fader and Hardie 2010, on the same fits"
_AGAIN = "estimated again from the same table with two programs"
_YEARS = {
    "Regular": "62.67 47.38 38.80 33.21 29.23 26.25 23.90 22.01 20.44 19.12 17.99 17.00",
    "High End": "85.07 74.69 66.98 60.99 56.18 52.22 48.89 46.04 43.58 41.42 39.51 37.80",
}

#: Parameters and log-likelihoods (n = 1,000) from seven years.
_SBG = {
    ("Regular", "alpha"): "0.704",
    ("Regular", "beta"): "1.182",
    ("Regular", "loglik"): "-1680.265",
    ("High End", "alpha"): "0.668",
    ("High End", "beta"): "3.806",
    ("High End", "loglik"): "-1611.158",
}
#: Parameters from fewer years.
_SBG_FEWER = {
    ("Regular", 4): ("0.76367", "1.29583"),
    ("Regular", 5): ("0.73701", "1.24534"),
    ("Regular", 6): ("0.71751", "1.20798"),
    ("High End", 4): ("1.28098", "7.7904"),
    ("High End", 5): ("0.87538", "5.1617"),
    ("High End", 6): ("0.74864", "4.33475"),
}
_PAYMENTS = {
    "Regular": "3.6949 2.9644 4.1031 4.8698 5.4421 5.8941",
    "High End": "5.9223 5.4145 5.9014 6.2939 6.6199 6.8967",
}

VALUES = (
    _row(
        "BG/NBD: E[Y(39)] of x=2, tx=30.43, T=38.86", "1.226", _FHL,
        lambda: _ahead(_bgnbd(), 39, _MY),
    ),
    _row("BG/NBD: P(alive) of the same", "0.7266", _FHL, lambda: _bgnbd().p_alive(_MY)[0]),
    _row("BG/NBD: E[X(0.1429)]", "0.0078", _HARDIE, _new_customer, 0.1429),
    _row("BG/NBD: E[X(1)]", "0.0532", _HARDIE, _new_customer, 1),
    _row("BG/NBD: E[X(3)]", "0.1506", _HARDIE, _new_customer, 3),
    _row("BG/NBD: E[X(31.8571)]", "1.0405", _HARDIE, _new_customer, 31.8571),
    _row("BG/NBD: E[X(32)]", "1.0437", _HARDIE, _new_customer, 32),
    _row("BG/NBD: E[X(78)]", "1.8576", _HARDIE, _new_customer, 78, misprint=_TRUNCATED),
    _row("BG/NBD: P(X(39) = 0)", "0.5737864", _BTYD, lambda: _bgnbd().probability_of(0, 39)),
    _row(
        "Pareto/NBD: P(alive) of x=0, tx=0, T=39", "0.2941633", _BTYD,
        lambda: _pareto(*_WALK).p_alive(_one(0, 0, 39))[0],
    ),
    _row(
        "Pareto/NBD: P(alive) of x=26, tx=30.86, T=31", "0.9979", _BTYD,
        lambda: _pareto(*_WALK).p_alive(_one(26, 30.86, 31))[0],
    ),
    _row(
        "Pareto/NBD: E[Y(52)] of the same", "25.46", _BTYD,
        lambda: _ahead(_pareto(*_WALK), 52, _one(26, 30.86, 31)),
    ),
    _row("gamma-gamma: E[M] of x=2, m=22.35 at p=6.25, q=3.74, gamma=15.44", "24.66", _GG, _spend, 2, 22.35),
    *(_row(f"sBG {kind}: {name}", text, _FH7, _loglik, kind, name) for (kind, name), text in _SBG.items()),
    Published(
        "sBG Regular: alpha, as the preprint's text has it", "0.688", partial(_loglik, "Regular", "alpha"),
        "preprint of Fader and Hardie 2007",
        misprint="the paper's table has 0.704; 0.688 mixes it with the 0.668 of High End",
    ),
    *(
        _row(f"sBG {kind} from {years} years: {name}", text, _AGAIN, _loglik, kind, name, years)
        for (kind, years), both in _SBG_FEWER.items()
        for name, text in zip(("alpha", "beta"), both, strict=True)
    ),
    *(
        _row(f"sBG {kind}: survival in % after year {year}", text, _FH7, _survival, kind, year)
        for kind, series in _YEARS.items()
        for year, text in enumerate(series.split(), 1)
    ),
    _row("sBG Regular: retention rate 1", "0.6267", _FH7, _retention, "Regular", 1),
    _row("sBG High End: retention rate 1", "0.8507", _FH7, _retention, "High End", 1),
    _row("sBG Regular: retention rate 12", "0.9454", _FH7, _retention, "Regular", 12),
    _row("sBG High End: retention rate 12", "0.9568", _FH7, _retention, "High End", 12),
    _row("sBG Regular: E(theta)", "0.3733", _FH7, _mean_churn, "Regular"),
    _row("sBG High End: E(theta)", "0.1493", _FH7, _mean_churn, "High End"),
    *(
        _row(f"sBG {kind}: payments at 10 %, renewal {n} (0: now)", text, _SAME, _payments, kind, n)
        for kind, series in _PAYMENTS.items()
        for n, text in enumerate(series.split())
    ),
)  # fmt: skip

_FITS = {
    "bgnbd": {"r": "0.243", "alpha": "4.414", "a": "0.793", "b": "2.426", "loglik": "-9582.4"},
    "pareto": {"r": "0.553", "alpha": "10.578", "s": "0.606", "beta": "11.669", "loglik": "-9595.0"},
    "gammagamma": {"p": "6.25", "q": "3.74", "gamma": "15.44", "loglik": "-4055.918"},
}
_QUICK = "lifetimes 0.11.3, Quickstart"
_SPENT = "24.65 18.91 35.17 35.17 35.17 71.46 18.91 35.17 27.28 35.17"
_SPENT_QUICK = {1: "24.659", 2: "18.911", 3: "35.171", 6: "71.463", 9: "27.282"}
_LAST_DIGITS = "the page prints three decimals more, which hang on where its optimiser stopped"
_TWELVE = {1: "140.096", 2: "18.943", 3: "38.181", 6: "1003.868"}
_MONTHS = {1: "36.278", 2: "4.637", 3: "8.344", 6: "283.524"}
_WEEKS_AS_DAYS = (
    "the page says twelve months, but the table is in weeks and read as days: 12 x 30 weeks, nearly 7 years"
)
_WHO = {"bgnbd": _FHL, "pareto": _CLV, "gammagamma": _GG}

VALUES_REAL = (
    *(
        _row(f"{kind} on CDNOW: {name}", text, _WHO[kind], _on_cdnow, kind, name)
        for kind, numbers in _FITS.items()
        for name, text in numbers.items()
    ),
    *(
        _row(f"pareto on CDNOW: standard error of {name}", text, _CLV, _error, name)
        for name, text in {"r": "0.0476", "alpha": "0.843", "s": "0.187", "beta": "6.21"}.items()
    ),
    _row(
        "bgnbd on CDNOW: E[Y(39)] of x=2, tx=30.43, T=38.86", "1.2259", _FHL,
        lambda: _ahead(_fitted("bgnbd"), 39, _MY),
    ),
    _row(
        "pareto on CDNOW: E[Y(39)] of the same", "1.4551", _LIFE,
        lambda: _ahead(_fitted("pareto"), 39, _MY),
    ),
    _row("pareto on CDNOW: P(alive) of the same", "0.8691", _LIFE, lambda: _fitted("pareto").p_alive(_MY)[0]),
    *(
        _row(f"gamma-gamma on CDNOW: E[M] of customer {who}", text, _GG, _spend_of, who, False)
        for who, text in enumerate(_SPENT.split(), 1)
    ),
    *(
        _row(
            f"gamma-gamma on CDNOW: E[M] of customer {who}, two decimals read in", text, _QUICK,
            _spend_of, who, True, remark=_LAST_DIGITS,
        )
        for who, text in _SPENT_QUICK.items()
    ),
    _row("gamma-gamma on CDNOW: mean of E[M]", "35.2530", _QUICK, _mean_spend),
    Published(
        "gamma-gamma on CDNOW: mean value observed", "35.0786", partial(_mean_spend, observed=True), _QUICK
    ),
    *(
        _row(f"clv on CDNOW: customer {who}, 12 x 30 weeks", text, _QUICK, _value_of, who, 30.0,
             remark=_WEEKS_AS_DAYS)
        for who, text in _TWELVE.items()
    ),
    *(
        _row(f"clv on CDNOW: customer {who}, 12 months of 4.345 weeks", text, f"{_LIFE}, freq='W'",
             _value_of, who, 4.345)
        for who, text in _MONTHS.items()
    ),
)  # fmt: skip
