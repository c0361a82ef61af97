"""Raw records of the same customers from several offices: a hundred duplicates in each thousand customers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.company.names import SYLLABLES, number_codes
from casebook.company.settings import PARAMETERS
from casebook.company.streams import stream

__all__ = ["OFFICES", "raw_records"]

OFFICES = ("accounting", "sales", "service", "web_shop")
OTHER_PHONES = 50_000_000  #: from this number on telephones belong to nobody in `customers`


def raw_records(people: pd.DataFrame, seed: int, block: int) -> pd.DataFrame:
    """Mix one record of each customer with duplicates: same tax number, same telephone, or misspelt.

    Parameters
    ----------
    people : DataFrame
        The block's customers.
    seed, block : int
        Of the company, and the number of the block.

    Returns
    -------
    DataFrame of shape (n_customers + n_duplicates, 6)
        The table `customer_records_raw`. The first duplicate by telephone has the new telephone of the first
        duplicate by tax number: the three records are one customer only by way of the middle one.
    """
    rng = stream(seed, "customer_records_raw", block)
    names = {"name_zh": "name", "tax_id": "tax_id", "phone": "phone", "region_id": "region"}
    true = people[[*names, "name_en", "kind"]].rename(columns=names).reset_index(drop=True)
    true = true.assign(source=rng.choice(OFFICES, size=len(true)))
    copies = _duplicates(true, seed, block, rng)
    all_rows = pd.concat([true, copies], ignore_index=True)
    mixed = all_rows.iloc[rng.permutation(len(all_rows))].reset_index(drop=True)
    per_block = round(len(true) * (1 + sum(PARAMETERS["records"].values())))
    start = block * max(per_block, 1100)
    return mixed.assign(record_id=[f"E{start + n + 1:07d}" for n in range(len(mixed))])


def _duplicates(true: pd.DataFrame, seed: int, block: int, rng: np.random.Generator) -> pd.DataFrame:
    """The second (and for one customer third) records, each from another office than the first."""
    by_tax, by_phone, typo = (round(share * len(true)) for share in PARAMETERS["records"].values())
    firms = rng.permutation(np.flatnonzero(true["kind"] != "household"))[:by_tax]
    others = rng.permutation(np.setdiff1d(np.arange(len(true)), firms))[: by_phone - 1 + typo]
    phone = number_codes(OTHER_PHONES + block * 1000 + np.arange(by_tax), stream(seed, "names", 0))[0]
    same_tax = true.iloc[firms]
    new_phone = pd.Series(phone, index=same_tax.index, dtype="str")
    unknown = np.append(False, rng.random(by_tax - 1) < 0.5)  # the first one's is needed for the chain
    same_tax = same_tax.assign(name=same_tax["name_en"], phone=new_phone.mask(unknown))
    chain = same_tax.head(1).assign(name=true["name"].iloc[firms[0]] + "(总店)")
    rest = true.iloc[others[: by_phone - 1]]
    same_phone = pd.concat([chain, rest.assign(name=rest["name_en"].str.upper())]).assign(tax_id=None)
    slips = true.iloc[others[by_phone - 1 :]]
    slips = slips.assign(name=_misspelt(slips["name"], set(true["name"]), rng), tax_id=None, phone=None)
    copies = pd.concat([same_tax, same_phone, slips])
    place = copies["source"].map(OFFICES.index) + rng.integers(1, len(OFFICES), size=len(copies))
    return copies.assign(source=[OFFICES[n % len(OFFICES)] for n in place])


def _misspelt(names: pd.Series, known: set[str], rng: np.random.Generator) -> list[str]:
    """Put another character in one place of each name, so that it is nobody's."""
    wrong = []
    for name in names:
        new = name
        while new in known:
            at, sign = rng.integers(2), SYLLABLES[rng.integers(len(SYLLABLES))][0]
            new = name[:at] + sign + name[at + 1 :]
        wrong.append(new)
        known = known | {new}
    return wrong
