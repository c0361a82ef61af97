"""Casebook: know your customers. Tables in, tables out; every lesson's functions by topic.

>>> import casebook
>>> casebook.load("regions").shape
(6, 5)
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from casebook.text import say, show, show_figure

if TYPE_CHECKING:
    from casebook.company.database import database
    from casebook.company.store import load, tables
    from casebook.public.fetching import fetch, public_data

__version__ = "0.1.0"
__all__ = ["__version__", "database", "fetch", "load", "public_data", "say", "show", "show_figure", "tables"]

_HOMES = {
    "database": "casebook.company.database",
    "load": "casebook.company.store",
    "tables": "casebook.company.store",
    "fetch": "casebook.public.fetching",
    "public_data": "casebook.public.fetching",
}


def __getattr__(name: str) -> Any:
    """Import a table reader or a topic when it is first asked for, so that `import casebook` stays light."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if not name.startswith("_") and find_spec(f"casebook.{name}"):
        return import_module(f"casebook.{name}")
    raise AttributeError(f"casebook has no {name!r}")
