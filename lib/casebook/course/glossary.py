"""The words of the trade in English and Chinese, each with one line on what it means."""

from __future__ import annotations

import html
import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import pandas as pd

from casebook.course.content import lesson, lessons

__all__ = ["Terms", "glossary", "terms"]

_HEADINGS = {"english": "English", "chinese": "中文", "pinyin": "pinyin", "meaning": "meaning"}
_LANGUAGES = {"chinese": ' lang="zh-Hans"', "pinyin": ' lang="zh-Latn"'}


@cache
def _entries() -> dict[str, dict[str, str]]:
    folder = files("casebook.course").joinpath("content/glossary")
    entries: dict[str, dict[str, str]] = {}
    for page in sorted(folder.iterdir(), key=lambda page: page.name):
        added = tomllib.loads(page.read_text("utf-8"))
        if twice := sorted(entries.keys() & added.keys()):
            raise ValueError(f"{page.name} explains {twice[0]!r}; an earlier file does so already.")
        entries |= added
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


class Terms:
    """Terms for people to read. The Chinese is marked as Chinese, so that it is spoken and drawn as such."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table

    def __repr__(self) -> str:
        return self.table.rename(columns=_HEADINGS).to_string(index=False)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col" style="text-align: left">{name}</th>' for name in _HEADINGS.values())
        body = "\n".join(
            "<tr>" + "".join(_cell(name, row[name]) for name in _HEADINGS) + "</tr>"
            for row in self.table.to_dict("records")
        )
        return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"


def _cell(column: str, text: str) -> str:
    wrap = "" if column in ("english", "meaning") else "; white-space: nowrap"
    return f'<td style="text-align: left{wrap}"{_LANGUAGES.get(column, "")}>{html.escape(text)}</td>'


def terms(*names: str) -> Terms:
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
    return Terms(table)
