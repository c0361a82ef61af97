"""Put together the tables of answers, complaints, tickets, scans and leaving."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from casebook.company.aftersale import complaint_log, tickets
from casebook.company.channel import competitors, promotions, scans
from casebook.company.leaving import churn_snapshots, exit_interviews, retention_test
from casebook.company.parties import regions
from casebook.company.settings import Calendar
from casebook.company.voice import kano_answers, surveys

__all__ = ["service_block", "service_tables"]


def service_tables(seed: int) -> dict[str, pd.DataFrame]:
    """The tables that know no customer: Kano answers, rivals, the randomised call, and their truth.

    >>> sorted(service_tables(1))
    ['competitor_scores', 'competitors', 'kano_answers', 'kano_truth', 'retention_test', 'retention_truth']
    """
    (answers, category), (rivals, scores), (test, chances) = (
        kano_answers(seed), competitors(seed), retention_test(seed),
    )  # fmt: skip
    return {
        "kano_answers": answers, "kano_truth": category, "competitors": rivals, "competitor_scores": scores,
        "retention_test": test, "retention_truth": chances,
    }  # fmt: skip


def service_block(
    people: pd.DataFrame, made: Mapping[str, pd.DataFrame], skus: pd.DataFrame, reps: pd.DataFrame,
    leaving: tuple[np.ndarray, np.ndarray, int], at: tuple[int, int, Calendar],
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """What the customers of a block say, need, and do before and after leaving.

    Parameters
    ----------
    people : DataFrame
        The block's customers, public and hidden columns.
    made : mapping of str to DataFrame
        The block's customers, orders, order_lines, complaints and competitor_offers, helper columns too.
    skus, reps : DataFrame
        Products and representatives.
    leaving : tuple
        Month of dropout of each customer, hazard by customer and month, and how many complaints were drawn.
    at : tuple
        Seed, number of the block, calendar.

    Returns
    -------
    dict of str to DataFrame
        By the name of the table, public and hidden.
    """
    (left, hazard, drawn), calendar = leaving, at[2]
    orders, told = made["orders"], made["complaints"]
    index = regions().set_index("region_id")["price_index"]
    scanned = scans(people, skus, index, left, *at)
    known = {**made, "surveys": surveys(people, orders, told, *at), "sales_reps": reps}
    snapshots, truth = churn_snapshots(known, left, hazard, calendar)
    return {
        "surveys": known["surveys"], "complaint_log": complaint_log(told, drawn, *at),
        "tickets": tickets(orders, people, *at), "scans": scanned,
        "scans_truth": scanned[["scan_id", "kind_true"]],
        "promotions": promotions(people, orders, made["order_lines"], left, *at),
        "exit_interviews": exit_interviews(people, left, *at),
        "churn_snapshots": snapshots, "snapshots_truth": truth,
    }  # fmt: skip
