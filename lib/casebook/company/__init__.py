"""The sample company: simulate it or a sister, write it, load its tables, look up what was really true."""

from __future__ import annotations

from casebook.company.messy import messy_export
from casebook.company.simulate import Company, simulate
from casebook.company.store import UnknownTableError, load, sales_lines, tables, truth, write

__all__ = [
    "Company",
    "UnknownTableError",
    "load",
    "messy_export",
    "sales_lines",
    "simulate",
    "tables",
    "truth",
    "write",
]
