"""What customers say: half-yearly surveys, and the answers about what a purifier should have."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from casebook.company.settings import PARAMETERS, Calendar
from casebook.company.streams import stream
from casebook.contracts.voice_tables import ASPECTS, KANO_ANSWERS, KANO_FEATURES, LAYERS

__all__ = ["kano_answers", "kano_categories", "surveys"]

HALF = 6  #: months between two surveys
#: The category of a pair of answers: rows functional, columns dysfunctional, in the order of KANO_ANSWERS.
KANO_TABLE = np.array([list("QAAAO"), list("RIIIM"), list("RIIIM"), list("RIIIM"), list("RRRRQ")])


def surveys(
    people: pd.DataFrame, orders: pd.DataFrame, complaints: pd.DataFrame, seed: int, block: int,
    calendar: Calendar,
) -> pd.DataFrame:  # fmt: skip
    """Draw the answers of the customers who ordered in a half-year, asked on its last day.

    Parameters
    ----------
    people : DataFrame
        The block's customers, public and hidden columns.
    orders, complaints : DataFrame
        What was placed and told: `who` (row of the customer), and `date`; of an order also `promised_date`
        and `late`.
    seed, block : int
        Of the company, and the number of the block.
    calendar : Calendar
        Of the company.

    Returns
    -------
    DataFrame of shape (n_answers, 31)
        The columns of `surveys`, by day.
    """
    p, rng = PARAMETERS["surveys"], stream(seed, "surveys", block)
    shape = (len(people), calendar.months // HALF)
    bought = _in_half(orders["who"], orders["date"], shape, calendar)
    slow = orders[orders["late"]]
    late = _in_half(slow["who"], slow["promised_date"], shape, calendar)
    told = _in_half(complaints["who"], complaints["date"], shape, calendar)
    half, who = np.nonzero((bought & (rng.random(shape) < p["answer_rate"])).T)
    mood = people["satisfaction"].to_numpy()[who] + rng.normal(0, p["noise_sd"], len(who))
    mood = mood + p["late"] * late[who, half] + p["complaint"] * told[who, half]
    day = calendar.first_days[HALF * (half + 1)] - np.timedelta64(1, "D")
    return pd.DataFrame({
        "survey_id": [f"S{block * 10_000 + n + 1:07d}" for n in range(len(who))],
        "customer_id": people["customer_id"].to_numpy()[who], "date": day.astype("datetime64[us]"),
        **_shares(mood, rng), **_scores(mood, rng), **_habits(mood, rng),
    })  # fmt: skip


def _in_half(who: pd.Series, days: pd.Series, shape: tuple[int, int], calendar: Calendar) -> np.ndarray:
    """True for each customer and half-year in which something falls."""
    half = calendar.index(days.to_numpy()) // HALF
    inside = (half >= 0) & (half < shape[1])
    seen = np.zeros(shape, dtype=bool)
    seen[who.to_numpy()[inside], half[inside]] = True
    return seen


def _marks(mean: np.ndarray, sd: float, rng: np.random.Generator) -> np.ndarray:
    """Whole marks from 1 to 5 around a mean."""
    return np.clip(np.round(mean + rng.normal(0, sd, len(mean))), 1, 5).astype("int64")


def _shares(mood: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The yes-no answers; only those who know the firm can praise it."""
    p, size = PARAMETERS["surveys"], len(mood)
    yes = {"knows": rng.random(size) < p["knows"]}
    for name in ("praises", "asks_by_name", "would_return"):
        yes[name] = rng.random(size) < expit(p[name][0] + p[name][1] * mood)
    return yes | {"praises": yes["praises"] & yes["knows"]}


def _scores(mood: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The marks from 1 to 5: expected and perceived, six layers, importance and performance, attitude."""
    p, flat = PARAMETERS["surveys"], np.zeros(len(mood))
    csat = 1 + np.searchsorted(p["csat_cuts"], mood)
    layer, doing, weight = p["layers"], p["performance"], p["importance"]
    mean, sd = p["expected"]
    marks = {"expected": _marks(flat + mean, sd, rng), "perceived": csat, "csat": csat}
    for name in (*LAYERS, "attitude"):
        marks[name] = _marks(layer["base"] + layer["slope"] * mood, layer["sd"], rng)
    for number in range(len(ASPECTS)):
        marks[f"importance_{number + 1}"] = _marks(flat + weight["means"][number], weight["sd"], rng)
    for number in range(len(ASPECTS)):
        felt = doing["base"] + doing["slopes"][number] * mood
        marks[f"performance_{number + 1}"] = _marks(felt, doing["sd"], rng)
    return marks


def _habits(mood: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """How they choose: the main reason, other suppliers, minutes, sensitivity to price, tolerance."""
    p, size = PARAMETERS["surveys"], len(mood)
    reasons, time = p["main_reason"], p["choose_minutes"]
    minutes = time["base"] + time["slope"] * mood + rng.normal(0, time["sd"], size)
    habits = {
        "main_reason": rng.choice(list(reasons), size=size, p=list(reasons.values())),
        "alternatives": rng.poisson(p["alternatives_poisson"], size),
        "choose_minutes": np.maximum(time["least"], np.round(minutes)).astype("int64"),
    }
    for name in ("price_sensitivity", "tolerance"):
        habits[name] = _marks(p[name]["base"] + p[name]["slope"] * mood, p[name]["sd"], rng)
    return habits


def kano_answers(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw what each respondent answers about each feature, and the true category of each feature.

    Parameters
    ----------
    seed : int
        Of the company.

    Returns
    -------
    answers : DataFrame of shape (600, 4)
        The columns of `kano_answers`.
    truth : DataFrame of shape (10, 2)
        `feature`, `category_true`.
    """
    p, rng = PARAMETERS["kano_answers"], stream(seed, "kano_answers")
    category = rng.permutation(np.repeat(list(p["categories"]), list(p["categories"].values())))
    functional, dysfunctional = np.empty((2, p["respondents"], len(category)), dtype="int64")
    for number, name in enumerate(category):
        cells = np.argwhere(name == KANO_TABLE)
        cells = cells[rng.integers(len(cells), size=p["respondents"])]
        anything = rng.integers(5, size=cells.shape)
        noisy = rng.random((p["respondents"], 1)) < p["noise"]
        functional[:, number], dysfunctional[:, number] = np.where(noisy, anything, cells).T
    words = np.array(KANO_ANSWERS)
    answers = pd.DataFrame({
        "respondent": [f"K{n + 1:02d}" for n in range(p["respondents"]) for _ in category],
        "feature": list(KANO_FEATURES) * p["respondents"],
        "functional": words[functional.ravel()], "dysfunctional": words[dysfunctional.ravel()],
    })  # fmt: skip
    return answers, pd.DataFrame({"feature": KANO_FEATURES, "category_true": category})


def kano_categories(answers: pd.DataFrame) -> pd.DataFrame:
    """The category that most respondents give each feature; ties go to M, then O, A, I.

    Parameters
    ----------
    answers : DataFrame
        `kano_answers`.

    Returns
    -------
    DataFrame of shape (n_features, 2)
        `feature`, `category`: M must-be, O one-dimensional, A attractive, I indifferent.

    Examples
    --------
    >>> one = {"feature": ["pump"], "functional": ["live-with"], "dysfunctional": ["dislike"]}
    >>> kano_categories(pd.DataFrame(one))["category"].tolist()
    ['M']
    """
    place = {word: number for number, word in enumerate(KANO_ANSWERS)}
    rows, columns = (answers[name].map(place).to_numpy() for name in ("functional", "dysfunctional"))
    votes = pd.crosstab(answers["feature"], KANO_TABLE[rows, columns])
    votes = votes.reindex(columns=list("MOAI"), fill_value=0)
    return pd.DataFrame({"feature": votes.index, "category": votes.idxmax(axis=1).to_numpy()})
