"""The words of the picture of two weightings; see `words` for the rules."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from casebook.errors import TableError
from casebook.plots.words import require

__all__ = ["alt_two_weightings"]

FAR = 3  #: places from which on a move counts as far
WEIGHTINGS_TITLE = "{leader}; {far} of {n} move {places} places or more"
ONE_LEADER = "{first} leads under both sets of weights"
TWO_LEADERS = "{first} leads under {one}, {second} under {other}"
WEIGHTINGS_ALT = (
    "Two columns of {n} candidates by rank, best on top, and a line for each candidate. On the left, under "
    "{one}: {order_one}. On the right, under {other}: {order_other}. {leaders} {moves} {far} of {n} move "
    "{places} places or more."
)
WEIGHTINGS_LEADER = "First under {name}: {who} with {total:.1f} points."
WEIGHTINGS_MOVE = "The longest move is that of {who}, from place {before} to place {after}."
NO_MOVE = "Nobody moves."


class WeightingFacts(NamedTuple):
    """The candidates with both ranks and totals, the leaders, how many move far, and who moves furthest."""

    both: pd.DataFrame
    first: str
    second: str
    far: int
    furthest: str


def weighting_facts(one: pd.DataFrame, other: pd.DataFrame, key: str, far: int = FAR) -> WeightingFacts:
    """Put two rankings of the same candidates side by side.

    >>> one = pd.DataFrame({"candidate_id": ["D1", "D3"], "total": [79.0, 78.0], "rank": [1, 2]})
    >>> other = pd.DataFrame({"candidate_id": ["D3", "D1"], "total": [80.0, 78.0], "rank": [1, 2]})
    >>> weighting_facts(one, other, "candidate_id")[1:]
    ('D1', 'D3', 0, 'D1')
    """
    for table in (one, other):
        require(table, [key, "total", "rank"], "distributors.score_dealers")
        if table.empty:
            raise TableError("The table has no candidates, so there is nothing to draw.")
    alone = sorted(set(map(str, one[key])) ^ set(map(str, other[key])))
    if alone:
        raise TableError(f"Both tables must hold the same candidates; {alone[0]} stands in one only.")
    columns = [key, "total", "rank"]
    both = one[columns].merge(other[columns], on=key, suffixes=("_one", "_other"), validate="one_to_one")
    both = both.sort_values("rank_one", ignore_index=True)
    moved = (both["rank_one"] - both["rank_other"]).abs()
    names = both[key].astype(str).tolist()
    first, second = names[0], names[int(both["rank_other"].to_numpy().argmin())]
    return WeightingFacts(
        both, first, second, int((moved >= far).sum()), names[int(moved.to_numpy().argmax())]
    )


def weighting_title(facts: WeightingFacts, names: tuple[str, str], far: int = FAR) -> str:
    """Who leads under each set of weights, and how many move far.

    >>> one = pd.DataFrame({"candidate_id": ["D1", "D3"], "total": [79.0, 78.0], "rank": [1, 2]})
    >>> weighting_title(weighting_facts(one, one, "candidate_id"), ("ours", "theirs"))
    'D1 leads under both sets of weights; 0 of 2 move 3 places or more'
    """
    leader = (ONE_LEADER if facts.first == facts.second else TWO_LEADERS).format(
        first=facts.first, second=facts.second, one=names[0], other=names[1]
    )
    return WEIGHTINGS_TITLE.format(leader=leader, far=facts.far, n=len(facts.both), places=far)


def alt_two_weightings(
    one: pd.DataFrame,
    other: pd.DataFrame,
    *,
    names: tuple[str, str] = ("the first weights", "the second weights"),
    key: str = "candidate_id",
) -> str:
    """Say in words what `plot_two_weightings` draws; the arguments are the same.

    Returns
    -------
    str

    Raises
    ------
    TableError
        As `plot_two_weightings`.

    Examples
    --------
    >>> one = pd.DataFrame({"candidate_id": ["D1", "D3"], "total": [79.0, 78.0], "rank": [1, 2]})
    >>> other = pd.DataFrame({"candidate_id": ["D3", "D1"], "total": [80.0, 78.0], "rank": [1, 2]})
    >>> print(alt_two_weightings(one, other, names=("ours", "theirs"))[81:149])
    On the left, under ours: D1, D3. On the right, under theirs: D3, D1.
    """
    facts = weighting_facts(one, other, key)
    both = facts.both.set_index(facts.both[key].astype(str))
    leaders = " ".join(
        WEIGHTINGS_LEADER.format(name=name, who=who, total=both.loc[who, f"total_{side}"])
        for name, who, side in zip(names, (facts.first, facts.second), ("one", "other"), strict=True)
    )
    before, after = both.loc[facts.furthest, ["rank_one", "rank_other"]].astype(int)
    moves = WEIGHTINGS_MOVE.format(who=facts.furthest, before=before, after=after)
    return WEIGHTINGS_ALT.format(
        n=len(both),
        one=names[0],
        other=names[1],
        order_one=", ".join(both.index),
        order_other=", ".join(both.sort_values("rank_other").index),
        leaders=leaders,
        moves=moves if before != after else NO_MOVE,
        far=facts.far,
        places=FAR,
    )
