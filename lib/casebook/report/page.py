"""The page of a report: one HTML file that needs nothing else, readable on a phone, everything escaped."""

from __future__ import annotations

import base64
import html
import io
from typing import TYPE_CHECKING

import pandas as pd

from casebook.text import fill, format_table

if TYPE_CHECKING:
    from casebook.report.abc_report import AbcReport

__all__ = ["abc_fragment", "abc_page"]

FIRST_CUSTOMERS = 10  #: shown on the page; all are in abc.csv
FIRST_ASIDE, EACH_REASON = 10, 3  #: lines shown; all are in set_aside.csv
MOST_REASONS = 12  #: shown
LONGEST = 40  #: letters of a cell on the page
_FIRST_CJK = 0x2E80  #: letters from here on are not in the font of the pictures
_WIDE, _NARROW = (7.4, 4.3), (4.3, 4.6)  #: inches: the picture on a screen, and on a phone

_WORDS = {
    "title": "ABC analysis of {file}",
    "finding": "What was found",
    "classes": "The three classes",
    "rule": (
        "Customers are sorted by value, best first. Class A holds those who come before {a:.0%} of all value "
        "is reached, the one who crosses it included; class B those up to {b:.0%}; class C the rest. Shares "
        "are of the value of the {n:,} classified customers; where others have a balance below zero, that is "
        "not taken off."
    ),
    "first": "The first {n:,} of {all:,} customers",
    "all_in": "All of them are in {file}.",
    "no_balance": "Customers without a positive balance",
    "no_balance_none": "None.",
    "aside": "Lines that were set aside, and why",
    "aside_none": "None: every line of the file was used.",
    "aside_first": "{n:,} of the {all:,}, at most {each} for each reason",
    "aside_kinds": "… and {n:,} other reasons.",
    "reading": "How the file was read",
    "command": "The same on the command line",
    "foot": "Made by Casebook. This page loads nothing from elsewhere and sends nothing.",
    "no_unit": "the file's currency",
    "measure": "sales",
}
_NAMES = {
    "abc_value": "class",
    "customers": "customers",
    "customer_share": "share of customers",
    "value_share": "share of value",
    "customer_id": "customer",
    "share": "share of value",
    "cum_share": "running share",
}
_FORMATS = {
    "customer_share": "{:.1%}",
    "value_share": "{:.1%}",
    "share": "{:.1%}",
    "cum_share": "{:.1%}",
    "value": "{:,.2f}",
    "lines": "{:,}",
}
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  #: nothing from elsewhere
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
:root {{ color-scheme: light; }}
body {{ margin: 0 auto; max-width: 46rem; padding: 1.25rem 1rem 3rem; background: #fff; color: #1f2429;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif;
  }}
h1 {{ font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }}
h2 {{ font-size: 1.1rem; margin: 2.25rem 0 .5rem; }}
p {{ margin: .5rem 0; }}
.finding {{ border-left: .3rem solid #123b63; margin: 0; padding: .1rem 0 .1rem 1rem; }}
.finding p:first-child {{ font-weight: 600; font-size: 1.1rem; }}
figure {{ margin: 1.5rem 0; }}
img {{ display: block; width: 100%; height: auto; }}
.scroll {{ overflow-x: auto; margin: .75rem 0; }}
table {{ border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }}
caption {{ color: #59636e; padding: .25rem 0; }}
th, td {{ padding: .35rem .9rem .35rem 0; border-bottom: 1px solid #dfe3e7; vertical-align: top; }}
th {{ color: #59636e; font-weight: 600; }}
td[style*=right], .cells td {{ white-space: nowrap; }}
.cells td:nth-child(2) {{ white-space: normal; min-width: 8rem; }}
.names td:first-child {{ overflow-wrap: anywhere; min-width: 5rem; }}
code {{ display: block; background: #f3f5f7; padding: .75rem; white-space: pre-wrap; overflow-wrap:
anywhere; }} .small, footer {{ color: #59636e; font-size: .88rem; }}
footer {{ margin-top: 2.5rem; }}
@media (max-width: 560px) {{ h1 {{ font-size: 1.35rem; }} table {{ font-size: .82rem; }}
  th, td {{ padding-right: .55rem; }} }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
<footer>{foot}</footer>
</body>
</html>
"""


def abc_page(report: AbcReport) -> str:
    """The whole page of an ABC report, pictures inside.

    Parameters
    ----------
    report : AbcReport

    Returns
    -------
    str
        HTML in which all text that comes from data is escaped.

    Examples
    --------
    See `casebook.report.AbcReport.write`.
    r
    """
    parts = [
        _finding(report),
        _figure(report),
        _classes(report),
        _first_customers(report),
        _no_balance(report),
        _aside(report),
        _section("reading", _table(report.reading)),
        _section("command", f"<code>{html.escape(report.options)}</code>"),
    ]
    return _PAGE.format(
        title=fill(_WORDS["title"], file=report.file),
        body="\n".join(parts),
        policy=_POLICY,
        foot=_WORDS["foot"],
    )


def abc_fragment(report: AbcReport) -> str:
    """The finding, the classes and what was set aside, for a notebook.

    Parameters
    ----------
    report : AbcReport

    Returns
    -------
    str
        HTML in which all text that comes from data is escaped.

    Examples
    --------
    A notebook calls this by itself when a report is the last line of a cell.
    r
    """
    return "\n".join([_finding(report), _table(report.classes, report.unit), _aside_counts(report.set_aside)])


def _finding(report: AbcReport) -> str:
    said = "".join(f"<p>{sentence}</p>" for sentence in report.sentences)  # filled, so escaped already
    return f'<div class="finding">{said}</div>'


def _figure(report: AbcReport) -> str:
    from casebook.plots import alt_pareto

    drawable = report.unit and all(ord(letter) < _FIRST_CJK for letter in report.unit)
    unit = report.unit if drawable else _WORDS["no_unit"]
    wide, narrow = _picture(report, _WIDE, unit), _picture(report, _NARROW, unit)
    alt = html.escape(alt_pareto(report.customers, "value", unit=unit, measure=_WORDS["measure"]))
    source = f'<source media="(max-width: 560px)" srcset="{narrow}">'
    return f'<figure><picture>{source}<img src="{wide}" alt="{alt}"></picture></figure>'


def _picture(report: AbcReport, size: tuple[float, float], unit: str) -> str:
    """The Pareto chart as a data address."""
    from matplotlib.figure import Figure

    from casebook.plots import plot_pareto

    figure = Figure(figsize=size, layout="constrained")
    plot_pareto(report.customers, "value", unit=unit, measure=_WORDS["measure"], ax=figure.subplots())
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=170, metadata={"Software": None})
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _classes(report: AbcReport) -> str:
    rule = fill(_WORDS["rule"], a=0.80, b=0.95, n=len(report.customers))
    return _section("classes", _table(report.classes, report.unit) + f'<p class="small">{rule}</p>')


def _first_customers(report: AbcReport) -> str:
    shown = report.customers.head(FIRST_CUSTOMERS).drop(columns="reason")
    shown = shown.assign(customer_id=shown["customer_id"].map(_short))
    heading = fill(_WORDS["first"], n=len(shown), all=len(report.customers))
    return f"<h2>{heading}</h2>" + _table(shown, report.unit, "names") + _all_in("abc.csv")


def _no_balance(report: AbcReport) -> str:
    if report.no_balance.empty:
        return _section("no_balance", f"<p>{_WORDS['no_balance_none']}</p>")
    counts = report.no_balance["reason"].value_counts().rename_axis("reason").reset_index(name="customers")
    return _section("no_balance", _table(counts) + _all_in("no_balance.csv"))


def _aside(report: AbcReport) -> str:
    if report.set_aside.empty:
        return _section("aside", f"<p>{_WORDS['aside_none']}</p>")
    each = report.set_aside.groupby("reason", sort=False).head(EACH_REASON).head(FIRST_ASIDE)
    shown = each.astype("str").map(_short).assign(reason=each["reason"])
    caption = fill(_WORDS["aside_first"], n=len(shown), all=len(report.set_aside), each=EACH_REASON)
    first = _scroll(format_table(shown, caption=caption)._repr_html_(), "cells")
    return _section("aside", _aside_counts(report.set_aside) + first + _all_in("set_aside.csv"))


def _aside_counts(set_aside: pd.DataFrame) -> str:
    if set_aside.empty:
        return ""
    counts = set_aside["reason"].value_counts().rename_axis("reason").reset_index(name="lines")
    shown = counts.rename(columns={"reason": "why set aside"}).head(MOST_REASONS)
    rest = len(counts) - len(shown)
    more = f'<p class="small">{fill(_WORDS["aside_kinds"], n=rest)}</p>' if rest else ""
    return _table(shown) + more


def _all_in(file: str) -> str:
    return f'<p class="small">{fill(_WORDS["all_in"], file=file)}</p>'


def _section(name: str, body: str) -> str:
    return f"<h2>{_WORDS[name]}</h2>\n{body}"


def _table(table: pd.DataFrame, unit: str = "", kind: str = "") -> str:
    names = {column: name for column, name in _NAMES.items() if column in table}
    if unit and "value" in table:
        names["value"] = f"value ({unit})"
    formats = {column: spec for column, spec in _FORMATS.items() if column in table}
    return _scroll(format_table(table, formats, names=names)._repr_html_(), kind)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _scroll(table: str, kind: str = "") -> str:
    """A table that is wider than the screen scrolls by itself, with the keyboard too."""
    return f'<div class="scroll {kind}" tabindex="0">{table}</div>'
