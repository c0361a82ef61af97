"""What may be lost, in probabilities and in money: Altman's Z, default probability, expected loss.

PD is the probability of default within 12 months; EAD the exposure at default, in RMB: open receivables and
committed orders; LGD the share of it that is lost after the cost of recovery. Expected loss = PD x EAD x LGD.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from casebook.errors import TableError
from casebook.exact import check_values
from casebook.frames import need_pandas, start

__all__ = [
    "PREDICTORS",
    "altman_z",
    "altman_z_prime",
    "breakeven_pd",
    "credit_decision",
    "credit_net",
    "default_rates",
    "expected_loss",
    "fit_pd",
    "pd_features",
]

Z_1968 = (1.2, 1.4, 3.3, 0.6, 1.0)  #: Altman (1968), listed manufacturers; X4 by market value of equity
Z_PRIME = (0.717, 0.847, 3.107, 0.420, 0.998)  #: Altman (1983, 2000), private firms; X4 by book value
RATIOS = ("X1", "X2", "X3", "X4", "X5")
SCORES = ("character", "capacity", "capital", "collateral", "condition", "continuity")
PREDICTORS = ("score_mean", "sued", "rival_above_half", "log_debt_ratio")  #: of the default model


def altman_z(
    ratios: pd.DataFrame,
    *,
    coefficients: tuple[float, ...] = Z_1968,
    cuts: tuple[float, float] = (1.81, 2.99),
) -> pd.DataFrame:
    """Altman's Z of 1968, for listed manufacturers: how near is bankruptcy?

    Parameters
    ----------
    ratios : pandas DataFrame
        X1 working capital, X2 retained earnings, X3 earnings before interest and tax (each over total
        assets), X4 equity at market value over total debts, X5 sales over total assets. One row per firm.
    coefficients : five numbers
    cuts : two rising numbers
        Below the first: distress; above the second: safe; from one to the other: grey.

    Returns
    -------
    DataFrame, rows as given
        With `z`, `zone` ("distress", "grey", "safe") and `reason`.

    Raises
    ------
    TableError
        If a ratio is missing, or coefficients or cuts do not fit.

    See Also
    --------
    altman_z_prime : for private firms, where nobody quotes the equity.

    Notes
    -----
    Source: Altman (1968), Journal of Finance 23. Some print .999 for the last coefficient.

    Examples
    --------
    >>> firm = pd.DataFrame({"X1": [0.2], "X2": [0.0], "X3": [0.2], "X4": [0.1], "X5": [2.0]})
    >>> altman_z(firm)[["z", "zone"]].round(2).values.tolist()
    [[2.96, 'grey']]
    """
    need_pandas(ratios, list(RATIOS))
    frame = start(ratios, list(RATIOS), makes=("z", "zone", "reason"))
    for name in RATIOS:
        check_values(frame, name)
        _finite(ratios, name)
    if len(coefficients) != len(RATIOS):
        raise TableError(f"Five coefficients are needed, one for each of X1 to X5; got {len(coefficients)}.")
    if not all(isinstance(c, (int, float, np.number)) and np.isfinite(c) for c in coefficients):
        raise TableError(f"coefficients must be five numbers, got {tuple(coefficients)}.")
    low, high = cuts
    if not low < high:
        raise TableError(f"cuts must rise, got {tuple(cuts)}.")
    z = np.round(ratios[list(RATIOS)].to_numpy(dtype=float) @ np.asarray(coefficients), 10)
    zone = np.select([z < low, z > high], ["distress", "safe"], "grey")
    words = {"distress": f"below {low:g}", "grey": f"from {low:g} to {high:g}", "safe": f"above {high:g}"}
    return ratios.assign(z=z, zone=zone, reason=[words[name] for name in zone])


def altman_z_prime(
    ratios: pd.DataFrame,
    *,
    coefficients: tuple[float, ...] = Z_PRIME,
    cuts: tuple[float, float] = (1.23, 2.90),
) -> pd.DataFrame:
    """Altman's Z' for private firms: X4 is the *book* value of equity over total debts.

    Parameters
    ----------
    ratios, coefficients, cuts
        As in `altman_z`.

    Returns
    -------
    DataFrame, rows as given
        As `altman_z`.

    Raises
    ------
    TableError
        As `altman_z`.

    Notes
    -----
    Source: Altman (1983; 2000, Predicting Financial Distress of Companies).

    Examples
    --------
    >>> firm = pd.DataFrame({"X1": [0.2], "X2": [0.1], "X3": [0.1], "X4": [0.5], "X5": [1.2]})
    >>> altman_z_prime(firm)[["z", "zone"]].values.tolist()
    [[1.9464, 'grey']]
    """
    return altman_z(ratios, coefficients=coefficients, cuts=cuts)


def expected_loss(pd_12m: Any, ead: Any, lgd: Any = 0.6) -> Any:
    """Expected loss of the next 12 months: PD x EAD x LGD (预期损失).

    Parameters
    ----------
    pd_12m : number or array, 0-1
        Probability of default within 12 months.
    ead : number or array, RMB, 0 or more
        Exposure at default: open receivables and committed orders.
    lgd : number or array, 0-1
        Share of the exposure that is lost, after the cost of recovery. Our convention: .6.

    Returns
    -------
    number, array or Series, RMB

    Raises
    ------
    TableError
        If a number is missing or out of its range.

    Examples
    --------
    >>> expected_loss(0.02, 100_000, 0.6)
    1200.0
    """
    pd_12m, ead, lgd = _together(PD=pd_12m, EAD=ead, LGD=lgd)
    _within(pd_12m, "PD", 0, 1)
    _within(ead, "EAD", 0, np.inf)
    _within(lgd, "LGD", 0, 1)
    return pd_12m * ead * lgd


def credit_net(
    margin: Any, pd_12m: Any, ead: Any, lgd: Any = 0.6, *, at_stake: float = 0.5, capital: Any = 0.0
) -> Any:
    """What a year of credit to a customer brings: margin that would be lost without it, less what it costs.

    net = at_stake x margin - PD x EAD x LGD - capital

    Parameters
    ----------
    margin : number or array, RMB a year
        What the customer's trade leaves after goods and selling.
    pd_12m, ead, lgd
        As in `expected_loss`.
    at_stake : float, 0-1
        The share of this trade that would go elsewhere if we asked for cash first. Our convention: one half;
        nobody knows it until somebody tries.
    capital : number or array, RMB a year
        Interest on the money that stands out.

    Returns
    -------
    number, array or Series, RMB a year

    Raises
    ------
    TableError
        If a number is missing or out of its range.

    Examples
    --------
    >>> credit_net(10_000, 0.02, 100_000, 0.6, at_stake=0.5, capital=800)
    3000.0
    """
    margin, pd_12m, ead, lgd, at_stake, capital = _together(
        margin=margin, PD=pd_12m, EAD=ead, LGD=lgd, at_stake=at_stake, capital=capital
    )
    _within(margin, "margin", -np.inf, np.inf)
    _within(at_stake, "at_stake", 0, 1)
    _within(capital, "capital", 0, np.inf)
    return at_stake * margin - expected_loss(pd_12m, ead, lgd) - capital


def breakeven_pd(margin: Any, ead: Any, lgd: Any = 0.6, *, at_stake: float = 0.5, capital: Any = 0.0) -> Any:
    """The probability of default at which a year of credit brings nothing: above it, credit stops paying.

    Parameters
    ----------
    margin, ead, lgd, at_stake, capital
        As in `credit_net`; `ead` and `lgd` above zero.

    Returns
    -------
    number, array or Series
        Limited to 0-1: 0 means that credit never pays, 1 that it always does.

    Raises
    ------
    TableError
        If a number is missing or out of its range.

    Examples
    --------
    >>> round(breakeven_pd(10_000, 100_000, 0.6, at_stake=0.5, capital=800), 3)
    0.07
    """
    margin, ead, lgd, capital = _together(margin=margin, EAD=ead, LGD=lgd, capital=capital)
    for name, value in (("EAD", ead), ("LGD", lgd)):
        if (np.asarray(value) <= 0).any():
            raise TableError(
                f"{name} must be a number above zero: where nothing can be lost there is no break-even."
            )
    level = credit_net(margin, 0.0, ead, lgd, at_stake=at_stake, capital=capital) / (ead * lgd)
    limited = np.clip(level, 0.0, 1.0)
    return limited if np.ndim(limited) else float(np.asarray(limited))


def credit_decision(
    book: pd.DataFrame, *, at_stake: float = 0.5, lgd: float = 0.6, interest: float = 0.08
) -> pd.DataFrame:
    """Who may pay later? Compare each customer's PD with the one at which credit to it stops paying.

    Parameters
    ----------
    book : pandas DataFrame, one row per customer
        `pd` (0-1, within 12 months), `margin` (RMB a year), `open` (RMB, open receivables) and `ead` (RMB,
        `open` and committed orders; above zero).
    at_stake, lgd
        As in `credit_net`.
    interest : float
        A year's interest on one RMB that stands out. Our convention: .08.

    Returns
    -------
    DataFrame, rows as given
        With `expected_loss`, `capital`, `net` (RMB a year), `breakeven_pd` (0-1), `decision` ("credit" or
        "cash first") and `reason`. At exactly the break-even it is credit.

    Raises
    ------
    TableError
        If a column or value is missing or out of its range.

    Examples
    --------
    >>> book = pd.DataFrame({"pd": [0.02, 0.20], "margin": [10_000, 10_000], "open": [1e4, 1e4],
    ...                      "ead": [5e4, 5e4]})
    >>> credit_decision(book)[["net", "breakeven_pd", "decision"]].round(3)
          net  breakeven_pd    decision
    0  3600.0          0.14      credit
    1 -1800.0          0.14  cash first
    """
    columns = ["pd", "margin", "open", "ead"]
    need_pandas(book, columns)
    made = ("expected_loss", "capital", "net", "breakeven_pd", "decision", "reason")
    frame = start(book, columns, makes=made)
    for name in columns:
        check_values(frame, name)
        _finite(book, name)
    _refuse(book, "pd", ~book["pd"].between(0, 1), "must lie from 0 to 1")
    _refuse(book, "open", book["open"] < 0, "must not be negative")
    _refuse(book, "ead", book["ead"] <= 0, "must be above zero")
    _refuse(book, "ead", book["ead"] < book["open"], "holds what is open, so it cannot be less")
    _within(interest, "interest", 0, 1)
    capital = interest * book["open"]
    limit = breakeven_pd(book["margin"], book["ead"], lgd, at_stake=at_stake, capital=capital)
    net = credit_net(book["margin"], book["pd"], book["ead"], lgd, at_stake=at_stake, capital=capital)
    first = net < 0
    reason = [
        "the margin at stake does not even cover the interest"
        if b == 0
        else f"PD {p:.1%} {'above' if out else 'up to'} the break-even of {b:.1%}"
        for p, b, out in zip(book["pd"], limit, first, strict=True)
    ]
    return book.assign(
        expected_loss=expected_loss(book["pd"], book["ead"], lgd),
        capital=capital,
        net=net,
        breakeven_pd=limit,
        decision=np.where(first, "cash first", "credit"),
        reason=reason,
    )


def default_rates(groups: pd.Series, defaulted: Any, *, level: float = 0.95) -> pd.DataFrame:
    """Share of defaults in each group, with Wilson's interval: few defaults make wide ones.

    Parameters
    ----------
    groups : Series of shape (n_files,)
        Grades, zones or bands.
    defaulted : array of shape (n_files,), 0 or 1
    level : float
        Of the interval, 0-1.

    Returns
    -------
    DataFrame, one row per group, sorted
        `group`, `n`, `defaults` (counts); `rate`, `low`, `high` (0-1).

    Raises
    ------
    TableError
        If lengths differ or a group is missing.

    Notes
    -----
    Source: Wilson (1927), Journal of the American Statistical Association 22.

    Examples
    --------
    >>> default_rates(pd.Series(list("AAAADD")), [0, 0, 0, 1, 1, 0]).round(2).values.tolist()
    [['A', 4, 1, 0.25, 0.05, 0.7], ['D', 2, 1, 0.5, 0.09, 0.91]]
    """
    from casebook.evaluation import wilson_interval

    y, groups = _outcomes(defaulted), pd.Series(groups)
    if len(y) != len(groups):
        raise TableError(f"{len(groups):,} groups, but {len(y):,} outcomes.")
    if groups.isna().any():
        raise TableError(f"{int(groups.isna().sum()):,} rows have no group: name it, such as 'unrated'.")
    count = pd.DataFrame({"group": groups.to_numpy(), "y": y}).groupby("group")["y"].agg(["size", "sum"])
    low, high = wilson_interval(count["sum"].to_numpy(), count["size"].to_numpy(), level=level)
    return pd.DataFrame({
        "group": count.index, "n": count["size"].to_numpy(), "defaults": count["sum"].to_numpy(),
        "rate": (count["sum"] / count["size"]).to_numpy(), "low": low, "high": high,
    })  # fmt: skip


def pd_features(files: pd.DataFrame, *, rival: float = 0.5) -> pd.DataFrame:
    """Make the four predictors of the default model; more would be too many for some 70 defaults.

    Parameters
    ----------
    files : pandas DataFrame
        `credit_files`: the six scores (0-100), `sued`, `competitor_share` (0-1), `other_debts` and
        `net_worth` (RMB, above zero).
    rival : float
        Above this share rivals count.

    Returns
    -------
    DataFrame of shape (n_files, 4), index as given
        `score_mean` (0-100: the six share one factor, so their mean says what they say), `sued` and
        `rival_above_half` (0 or 1), `log_debt_ratio` (ln of debts over net worth).

    Raises
    ------
    TableError
        If a column or value is missing, or debts or net worth are not above zero.

    Examples
    --------
    >>> file = pd.DataFrame({c: [70.0] for c in SCORES} | {"sued": [True], "competitor_share": [0.6],
    ...                     "other_debts": [1e6], "net_worth": [1e6]})
    >>> pd_features(file).iloc[0].to_dict()
    {'score_mean': 70.0, 'sued': 1.0, 'rival_above_half': 1.0, 'log_debt_ratio': 0.0}
    """
    numbers = [*SCORES, "competitor_share", "other_debts", "net_worth"]
    need_pandas(files, [*numbers, "sued"])
    frame = start(files, [*numbers, "sued"])
    for name in numbers:
        check_values(frame, name)
    for name in ("other_debts", "net_worth"):
        if (files[name] <= 0).any():
            at = files.index[files[name] <= 0][0]
            raise TableError(
                f"Column {name!r} must be above zero for a logarithm; row {at} holds {files.loc[at, name]}."
            )
    return pd.DataFrame({
        "score_mean": files[list(SCORES)].mean(axis=1).astype(float),
        "sued": files["sued"].astype(float),
        "rival_above_half": (files["competitor_share"] > rival).astype(float),
        "log_debt_ratio": np.log(files["other_debts"] / files["net_worth"]),
    })  # fmt: skip


def fit_pd(features: pd.DataFrame, defaulted: Any, *, C: float = 1.0) -> Any:
    """Fit a penalised logistic regression of default on a few predictors (违约概率).

    Parameters
    ----------
    features : DataFrame of shape (n_files, n_predictors)
        From `pd_features`; numbers without gaps.
    defaulted : array of shape (n_files,), 0 or 1
    C : float
        Smaller is a stronger penalty, as in scikit-learn.

    Returns
    -------
    sklearn Pipeline
        StandardScaler, then LogisticRegression; `.predict_proba(features)[:, 1]` is the PD. It can be cloned
        and cross-validated.

    Raises
    ------
    TableError
        If lengths differ, a value is missing, or all or none defaulted.

    Examples
    --------
    >>> x = pd.DataFrame({"score_mean": [40.0, 50, 60, 70, 80, 90]})
    >>> model = fit_pd(x, [1, 1, 0, 1, 0, 0])
    >>> bool(model.predict_proba(x)[0, 1] > model.predict_proba(x)[-1, 1])
    True
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    names = list(getattr(features, "columns", []))
    frame = start(need_pandas(features, names), names)
    if not names or not C > 0:
        raise TableError("At least one column of features is needed, and a C above zero.")
    y = _outcomes(defaulted)
    if len(y) != len(features):
        raise TableError(f"{len(features):,} rows of features, but {len(y):,} outcomes.")
    if features.isna().any().any():
        name = features.columns[features.isna().any()][0]
        raise TableError(f"Column {name!r} has gaps: fill them in, or give them a bin of their own.")
    for name in names:
        if features[name].dtype != bool:
            check_values(frame, name)
            _finite(features, name)
    if len(set(y)) < 2:
        raise TableError("All outcomes are alike: nothing can be learnt about who defaults.")
    return make_pipeline(StandardScaler(), LogisticRegression(C=C, tol=1e-8, max_iter=1000)).fit(features, y)


def _outcomes(defaulted: Any) -> np.ndarray:
    """Outcomes as 0 and 1; a gap or a third kind is refused, not rounded."""
    given = pd.Series(np.asarray(defaulted, dtype=object).ravel())
    odd = ~given.isin([0, 1])
    if odd.any():
        at = int(np.flatnonzero(odd)[0])
        raise TableError(f"An outcome is 0 or 1 (or false, true); number {at + 1} is {given[at]!r}.")
    return given.astype(int).to_numpy()


def _finite(table: pd.DataFrame, name: str) -> None:
    _refuse(table, name, ~np.isfinite(table[name].to_numpy(dtype=float)), "is infinite")


def _refuse(table: pd.DataFrame, name: str, bad: Any, why: str) -> None:
    """Name the first bad row of a column, whatever the index."""
    if np.any(bad):
        at = int(np.flatnonzero(bad)[0])
        raise TableError(f"Column {name!r} {why}; row {table.index[at]} holds {table[name].iloc[at]}.")


def _together(**given: Any) -> list[Any]:
    """Lists as arrays; columns must have one index and all one length, else numbers would meet strangers."""
    made = [np.asarray(v) if isinstance(v, (list, tuple)) else v for v in given.values()]
    columns = [v for v in made if isinstance(v, pd.Series)]
    if len({np.shape(v) for v in made if np.ndim(v)}) > 1 or any(
        not v.index.equals(columns[0].index) for v in columns
    ):
        raise TableError(f"{', '.join(given)}: columns must have the same rows, with the same index.")
    return made


def _within(value: Any, name: str, low: float, high: float) -> None:
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise TableError(f"{name} must be a number; got {value!r}.") from None
    odd = ~np.isfinite(numbers) | (numbers < low) | (numbers > high)
    if odd.any():
        bad = numbers[odd].flat[0]
        ends = f"from {low:g} to {high:g}" if np.isfinite(high) else f"{low:g} or more"
        ends = ends if np.isfinite(low) else "that is not infinite"
        raise TableError(f"{name} must be a number {ends}; got {bad:g}.")
