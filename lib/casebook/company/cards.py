"""Print the contract: a data card for each table, the front page of `datasets/`, and schema.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from casebook.contracts import TABLES, TRUTH, Column, Table
from casebook.contracts.words import LAST_DAY

if TYPE_CHECKING:
    import pandas as pd

    from casebook.company.simulate import Company

__all__ = ["card", "front_page", "schema", "truth_page"]

LICENCE = "CC BY 4.0, The Casebook authors."


def _fictional(company: Company) -> str:
    return (
        f"Simulated. {company.name_en} ({company.name_zh}, Hangzhou) does not exist; any likeness to a real "
        f"firm or person is chance. Seed {company.parameters['seed']}, last day {LAST_DAY}."
    )


def _origin(table: Table, company: Company) -> str:
    """Whose table it is, and whether anything in it is real."""
    if table.simulated:
        return _fictional(company)
    return (
        "Written by hand, the same in every company: see below what is quoted and what is made up. It "
        f"belongs to the data of {company.name_en} ({company.name_zh}), which does not exist."
    )


def _values(column: Column) -> str:
    """What may stand in a column, in words."""
    parts = []
    if column.allowed:
        parts.append(", ".join(f"`{value}`" for value in column.allowed))
    if column.low is not None or column.high is not None:
        low, high = (v if isinstance(v, str) or v is None else f"{v:g}" for v in (column.low, column.high))
        parts.append(f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}")
    if column.refers_to:
        parts.append(f"→ `{column.refers_to}`")
    if column.unique:
        parts.append("no value twice")
    parts.append("may be missing" if column.nullable else "")
    return "; ".join(part for part in parts if part)


def _column_table(table: Table) -> str:
    lines = ["| column | type | unit | values | meaning |", "|---|---|---|---|---|"]
    for c in table.columns:
        name = f"**`{c.name}`**" if c.name in table.key else f"`{c.name}`"
        lines.append(f"| {name} | {c.kind} (`{c.dtype}`) | {c.unit} | {_values(c)} | {c.meaning} |")
    return "\n".join(lines)


def card(table: Table, company: Company, *, told: bool = True) -> str:
    """The data card of one public table, as Markdown.

    Parameters
    ----------
    table : Table
        Its contract.
    company : Company
        Says how many rows there are and whose they are.
    told : bool
        False for students who have to find out: nothing of the seed, of how a simulated table was made and of
        what is planted in it.

    Returns
    -------
    str
        Columns, units, how it was made, what is planted, limits, licence.
    """
    origin, made = _origin(table, company), f"## How it was made\n\n{table.made}\n\n"
    planted = f"## What is planted\n\n{table.planted}\n\n"
    if not told:
        origin = origin.replace(f" Seed {company.parameters['seed']}, last day", " Last day")
        planted = ""
        made = "" if table.simulated else made
    rules = "".join(f"- {rule.says}\n" for rule in table.rules)
    return (
        f"# {table.name}\n\n{origin}\n\n"
        f"One row is one {table.grain}: {_rows(company.tables[table.name])}. Key: {_codes(table.key)}. "
        f"Used in {_lessons(table)}.\n\n"
        f"## Columns\n\n{_column_table(table)}\n\n"
        + (f"Also true of every row:\n\n{rules}\n" if rules else "")
        + f"{made}{planted}## Limits and misuse\n\n{table.limits} Never use it as evidence about real firms, "
        f"people or markets.\n\n## Licence\n\n{LICENCE}\n"
    )


def _rows(df: pd.DataFrame) -> str:
    return f"{len(df):,} row{'s' * (len(df) != 1)}"


def _codes(names: tuple[str, ...]) -> str:
    return " + ".join(f"`{name}`" for name in names)


def _lessons(table: Table) -> str:
    if len(table.lessons) > 12:
        return "every lesson"
    return f"lesson{'s' * (len(table.lessons) != 1)} {', '.join(table.lessons)}"


#: How the files are written, by form.
FORMS = {
    "csv": "The files are CSV: UTF-8, commas, line feeds, dates as YYYY-MM-DD, money with two decimals, an "
           "empty cell for what is missing, `true` and `false`.",
    "parquet": "The files are Parquet, in row groups of some 20,000 rows: read them by parts, or with "
               "`casebook.database(folder)`.",
}  # fmt: skip


def front_page(company: Company, form: str = "csv") -> str:
    """The README of the folder: what the company is, and which tables there are; `form` is csv or parquet."""
    rows = "\n".join(
        f"| [`{name}`]({name}.md) | {table.grain} | {len(company.tables[name]):,} | {_refers(table)} |"
        for name, table in TABLES.items()
    )
    return (
        f"# The sample company\n\n{_fictional(company)}\n\n"
        "It makes household water purifiers, filter cartridges and commercial units, and sells them through "
        "distributors and retailers, to organisations (hotels, schools, hospitals), and to households. "
        "Prices and amounts are in RMB. Every table comes from one documented process, so the same customer "
        "is late in one table and gone in another for one reason.\n\n"
        f"| table | one row is one | rows | refers to |\n|---|---|---|---|\n{rows}\n\n"
        f"{FORMS[form]} `casebook.load('orders')` reads them with the "
        "right types, `casebook.database()` opens them in SQL; `schema.json` says the same for other "
        "programs. `casebook company --seed N --out DIR` makes a sister company: another name, other "
        "numbers, the same patterns. The texts on these pages are printed "
        "from the contract in `lib/casebook/contracts`; `make data` writes every file again, to the byte.\n\n"
        "`truth/` holds what was really true: the hidden traits and every parameter. It is there for the "
        "last section of a lesson. An analysis that reads it has looked up the answer.\n\n"
        f"Licence: {LICENCE}\n"
    )  # fmt: skip


def _refers(table: Table) -> str:
    names = [c.refers_to.split(".")[0] for c in table.columns if c.refers_to]
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def truth_page(company: Company) -> str:
    """The README of the hidden folder."""
    parts = "\n\n".join(
        f"## {name}\n\nOne row is one {table.grain}: {_rows(company.truth[name])}. {table.made}\n\n"
        f"{_column_table(table)}"
        for name, table in TRUTH.items()
    )
    return (
        f"# What was really true\n\n{_fictional(company)}\n\nHidden from every analysis; "
        "`casebook.company.truth(name)` reads it. `parameters.json` holds the numbers of the true "
        f"process.\n\n{parts}\n\nLicence: {LICENCE}\n"
    )


def schema(company: Company) -> str:
    """The contract and the row counts as JSON text, for programs that are not Python."""
    whole = {
        "company": {"name_en": company.name_en, "name_zh": company.name_zh, "fictional": True},
        "seed": company.parameters["seed"], "last_day": LAST_DAY, "currency": "RMB", "licence": LICENCE,
        "tables": {name: _table_schema(table, len(company.tables[name])) for name, table in TABLES.items()},
    }  # fmt: skip
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _table_schema(table: Table, rows: int) -> dict[str, Any]:
    columns = [
        {
            "name": c.name, "type": c.kind, "meaning": c.meaning, "unit": c.unit, "nullable": c.nullable,
            "low": c.low, "high": c.high, "allowed": list(c.allowed), "refers_to": c.refers_to,
        }
        for c in table.columns
    ]  # fmt: skip
    kept = [{name: v for name, v in column.items() if v not in ("", None, [], False)} for column in columns]
    return {
        "rows": rows,
        "grain": table.grain,
        "key": list(table.key),
        "lessons": list(table.lessons),
        "columns": kept,
    }
