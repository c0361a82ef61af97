"""The words of the trade in English and Chinese, each with one line on what it means."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import pandas as pd

from casebook.course.content import lesson, lessons
from casebook.text import FormattedTable, format_table

__all__ = ["glossary", "terms"]


@cache
def _entries() -> dict[str, dict[str, str]]:
    text = files("casebook.course").joinpath("content/glossary.toml").read_text("utf-8")
    entries: dict[str, dict[str, str]] = tomllib.loads(text)
    return entries


def glossary() -> pd.DataFrame:
    """Return every term, in the order of the English words.

    Returns
    -------
    DataFrame of shape (n_terms, 4)
        Columns english, chinese, pinyin, meaning.

    Examples
    --------
    >>> glossary().query("english == 'customer'")["chinese"].item()
    '客户'
    """
    rows = [{"english": name, **facts} for name, facts in _entries().items()]
    table = pd.DataFrame(rows, columns=["english", "chinese", "pinyin", "meaning"])
    return table.sort_values("english", key=lambda names: names.str.casefold(), ignore_index=True)


def terms(*names: str) -> FormattedTable:
    """Show the terms of a lesson, or those named.

    Parameters
    ----------
    *names : str
        A lesson's number (``"09"``) or terms (``"customer", "prospect"``); none for all.

    Raises
    ------
    LookupError
        If a term or lesson is unknown; the message names the nearest.

    Examples
    --------
    >>> terms("customer")  # doctest: +ELLIPSIS
     English  中文 pinyin meaning
    customer  客户  kèhù ...
    """
    table = glossary()
    wanted = [word for name in names for word in (lesson(name).terms if name in lessons() else (name,))]
    for word in wanted:
        if word not in set(table["english"]):
            near = get_close_matches(word, [*table["english"], *lessons()], n=1, cutoff=0.0)[0]
            raise LookupError(f"The glossary has no term {word!r}; the nearest is {near!r}.")
    if names:
        table = table.set_index("english").loc[list(dict.fromkeys(wanted))].reset_index()
    return format_table(table, names={"english": "English", "chinese": "中文"})
