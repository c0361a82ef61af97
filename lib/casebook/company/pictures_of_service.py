"""What the pictures of the answers, the channel and the leaving show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from casebook.company.pictures import BLUE, GREY, ORANGE, Picture, Tables, bars, dress
from casebook.contracts.channel_tables import CHANNEL_TABLES, RIVAL_TABLES
from casebook.contracts.churn_tables import CHURN_TABLES
from casebook.contracts.voice_tables import VOICE_TABLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from casebook.contracts import Table

__all__ = ["SERVICE_PICTURES"]


def _names(tables: tuple[Table, ...]) -> tuple[str, ...]:
    return tuple(table.name for table in tables)


# What customers say ------------------------------------------------------------------------------------


def _marks(t: Tables) -> pd.Series:
    return t["surveys"]["csat"].value_counts().sort_index(ascending=False)


def _draw_voice(t: Tables, left: Axes, right: Axes) -> None:
    marks = _marks(t)
    bars(left, marks.rename({5: "5 very satisfied", 1: "1 very dissatisfied"}))
    dress(left, "Satisfaction in the half-yearly surveys, answers")
    right.hist(t["tickets"]["hours"].dropna().clip(upper=96), bins=48, color=BLUE)
    right.axvline(24, color=ORANGE, linewidth=1.4)
    right.text(25, 0.98, "one day", transform=right.get_xaxis_transform(), va="top", fontsize=9, color=ORANGE)
    dress(right, "Hours until a ticket is done", "hours (96 and more in the last bar)", "tickets")


def _say_voice(t: Tables) -> str:
    marks, hours = _marks(t), t["tickets"]["hours"].dropna()
    counts = ", ".join(f"{count} gave {mark}" for mark, count in marks.items())
    return (
        f"Left: satisfaction from 5 to 1: {counts}. Right: hours until a service ticket is done; "
        f"{100 * (hours <= 24).mean():.0f}% within one day."
    )


# The channel -------------------------------------------------------------------------------------------


def _elsewhere(t: Tables) -> pd.Series:
    """Per cent of each distributor's scans made outside its territory, most first."""
    scans = t["scans"]
    away = (scans["sold_territory"] != scans["scanned_territory"]).groupby(scans["dealer_id"]).mean()
    return 100 * away.sort_values(ascending=False, ignore_index=True)


def _ahead(t: Tables) -> pd.Series:
    """Weighted total of each rival less ours."""
    scores = t["competitor_scores"]
    total = (scores["weight"] * scores["score"]).groupby(scores["party"]).sum()
    return (total - total["us"]).drop("us").sort_values(ascending=False)


def _draw_channel(t: Tables, left: Axes, right: Axes) -> None:
    away = _elsewhere(t)
    left.bar(away.index + 1, away, color=np.where(away > 15, ORANGE, GREY), width=0.9)
    dress(
        left,
        "Pieces scanned outside the distributor's territory",
        "distributors, most first",
        "% of its scans",
    )
    ahead = _ahead(t)
    right.barh(ahead.index, ahead.to_numpy(), color=np.where(ahead > 0, ORANGE, BLUE))
    right.axvline(0, color=GREY, linewidth=1)
    right.invert_yaxis()
    dress(right, "Rivals' weighted scores, less ours", "points")


def _say_channel(t: Tables) -> str:
    away, ahead = _elsewhere(t), _ahead(t)
    return (
        f"Left: the share of pieces scanned outside the distributor's territory: {(away > 15).sum()} of "
        f"{len(away)} distributors stand out with {away[away > 15].min():.0f}% to {away.max():.0f}%, the "
        f"others have {away[away <= 15].max():.0f}% at most. Right: the weighted scores of {len(ahead)} "
        f"rivals less ours, from {ahead.max():+.1f} to {ahead.min():+.1f} points."
    )


# Leaving -----------------------------------------------------------------------------------------------


def _lost(t: Tables) -> pd.Series:
    """Per cent of snapshots followed by a loss, by what had happened."""
    now = t["churn_snapshots"]
    groups = {
        "representative left": now["rep_left_6m"].astype(bool),
        "rival's offer": now["offer_active"].astype(bool),
        "complaint in 90 days": now["complaints_90d"] > 0,
    }  # fmt: skip
    none = ~(groups["representative left"] | groups["rival's offer"] | groups["complaint in 90 days"])
    lost = now["label_6m"].astype("float64")
    return pd.Series(
        {name: 100 * lost[rows].mean() for name, rows in (groups | {"none of these": none}).items()}
    )


def _tested(t: Tables) -> pd.DataFrame:
    """Per cent of subscribers who ended, by group and by whether they were called."""
    test = t["retention_test"]
    offer, auto = test["offer"] == 1, test["auto"] == 1
    group = np.select([offer & auto, offer, auto], ["both", "rival's offer", "card on file"], "neither")
    ended = test["churned"].astype("float64").groupby([group, test["treated"] == 1]).mean().unstack()
    return 100 * ended.loc[["neither", "card on file", "rival's offer", "both"]]


def _draw_churn(t: Tables, left: Axes, right: Axes) -> None:
    bars(left, _lost(t), "{:.0f}%")
    dress(left, "Businesses silent six months later")
    ended = _tested(t)
    place = np.arange(len(ended))
    right.bar(place - 0.2, ended[False], width=0.38, color=BLUE, label="not called")
    right.bar(place + 0.2, ended[True], width=0.38, color=ORANGE, label="called")
    right.set_xticks(place, ended.index)
    right.legend(frameon=False, fontsize=9, loc="upper left")
    dress(right, "Retention test: subscriptions ended", ylabel="%")


def _say_churn(t: Tables) -> str:
    lost, ended = _lost(t), _tested(t)
    each = "; ".join(f"{name} {row[False]:.0f}% and {row[True]:.0f}%" for name, row in ended.iterrows())
    why = ", ".join(f"{value:.0f}% ({name})" for name, value in lost.items())
    return (
        f"Left: the share of business snapshots that count as lost six months later: {why}. Right: "
        f"subscriptions ended in the retention test, not called and called: {each}."
    )


SERVICE_PICTURES = [
    Picture("voice", _names(VOICE_TABLES), ("surveys", "tickets"), _draw_voice, _say_voice),
    Picture("channel", _names((*RIVAL_TABLES, *CHANNEL_TABLES)), ("scans", "competitor_scores"),
            _draw_channel,
            _say_channel),
    Picture("churn", _names(CHURN_TABLES), ("churn_snapshots", "retention_test"), _draw_churn, _say_churn),
]  # fmt: skip
