"""What a reader sees: computed sentences, formatted tables, figures with alt text.

Every sentence that holds a number goes through `say` (or `fill`), with a template and named values, so
that the words can be translated and the number can never be typed by hand.
"""

from __future__ import annotations

import html
import io
import string
import sys
from collections.abc import Mapping
from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["FormattedTable", "Sentence", "fill", "format_table", "say", "show", "show_figure"]


#: Characters that Markdown reads as more than themselves.
_MARKDOWN = str.maketrans({c: "\\" + c for c in "\\`*_[]()#~|$!"} | {"\n": " "})


class _Escaping(string.Formatter):
    """`str.format`, with everything that is not a number escaped after formatting."""

    def __init__(self, *, markdown: bool) -> None:
        self.markdown = markdown

    def format_field(self, value: Any, format_spec: str) -> str:
        """Format one value; numbers stay, all else is escaped."""
        shown = format(value, format_spec)
        if isinstance(value, Number):
            return shown
        shown = html.escape(shown, quote=False) if self.markdown else html.escape(shown)
        return shown.translate(_MARKDOWN) if self.markdown else shown


def fill(template: str, **values: Any) -> str:
    """Put named values into a template for HTML; what is not a number is escaped.

    >>> fill("The top {share:.0%} bring {part:.0%} of revenue.", share=0.2, part=0.81)
    'The top 20% bring 81% of revenue.'
    >>> fill("{name} leads.", name="<b>Ada</b>")
    '&lt;b&gt;Ada&lt;/b&gt; leads.'
    """
    return _Escaping(markdown=False).format(template, **values)


class Sentence(str):
    """Text that a terminal prints as it is and a notebook renders as Markdown.

    `markdown` is the form for the notebook, if it differs: there, what comes from data is escaped.
    """

    __slots__ = ("markdown",)
    markdown: str

    def __new__(cls, text: str, markdown: str | None = None) -> Sentence:
        """Make it of its plain text, and of its Markdown if that differs."""
        made = super().__new__(cls, text)
        made.markdown = text if markdown is None else markdown
        return made

    def _repr_markdown_(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return str(self)


def say(template: str, **values: Any) -> None:
    """Show a sentence whose numbers come from code.

    Parameters
    ----------
    template : str
        A sentence in Markdown with named places: ``"The top {share:.0%} bring {part:.0%}."``
    **values
        One value for each name in the template. Text among them is shown as it is, whatever signs it holds.

    Raises
    ------
    KeyError
        If the template names a value that was not given.

    Examples
    --------
    >>> say("{n} customers bring {part:.0%} of revenue.", n=18, part=0.8)
    18 customers bring 80% of revenue.
    >>> say("{who} leads.", who="A & B")
    A & B leads.
    """
    markdown = _Escaping(markdown=True).format(template, **values)
    _display(Sentence(template.format(**values), markdown))


class FormattedTable:
    """A table ready for people: every cell already text, numbers right-aligned, HTML escaped."""

    def __init__(self, cells: pd.DataFrame, numeric: list[bool], caption: str = "") -> None:
        self.cells, self.numeric, self.caption = cells, numeric, caption

    def __repr__(self) -> str:
        text = self.cells.to_string(index=False)
        return f"{self.caption}\n{text}" if self.caption else text

    def _repr_html_(self) -> str:
        align = ["right" if n else "left" for n in self.numeric]
        head = "".join(
            f'<th scope="col" style="text-align:{a}">{html.escape(str(c))}</th>'
            for a, c in zip(align, self.cells.columns, strict=True)
        )
        body = "\n".join(
            "<tr>"
            + "".join(
                f'<td style="text-align:{a}">{html.escape(v)}</td>' for a, v in zip(align, row, strict=True)
            )
            + "</tr>"
            for row in self.cells.itertuples(index=False)
        )
        caption = (
            f'<caption style="caption-side:top;text-align:left">{html.escape(self.caption)}</caption>'
            if self.caption
            else ""
        )
        return f"<table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"


def format_table(
    table: pd.DataFrame,
    formats: Mapping[str, str] | None = None,
    *,
    names: Mapping[str, str] | None = None,
    caption: str = "",
    rows: int | None = None,
) -> FormattedTable:
    """Format a table for people: thousands, shares, units in the headings, no false digits.

    Parameters
    ----------
    table : DataFrame of shape (n_rows, n_columns)
        Left as it is. Its index is not shown: call ``reset_index()`` first if it says something.
    formats : mapping of column to format, optional
        As for `str.format`, for instance ``{"value": "{:,.0f}", "share": "{:.1%}"}``. Without one, whole
        numbers get thousands separators and other numbers two decimals. Missing cells are shown as "–".
    names : mapping of column to heading, optional
        The heading that people read, with its unit: ``{"value": "revenue (RMB)"}``.
    caption : str, optional
        One line above the table.
    rows : int, optional
        Show only the first so many rows.

    Returns
    -------
    FormattedTable
        Displays itself in a notebook; its text is in ``.cells``.

    Raises
    ------
    KeyError
        If `formats` or `names` speak of a column that the table does not have.

    Examples
    --------
    >>> one = pd.DataFrame({"who": ["Ada"], "value": [1234.5]})
    >>> format_table(one, {"value": "{:,.0f}"}, names={"value": "RMB"})
    who   RMB
    Ada 1,234
    """
    formats, names = dict(formats or {}), dict(names or {})
    unknown = [c for c in [*formats, *names] if c not in table.columns]
    if unknown:
        raise KeyError(f"no column {unknown[0]!r} in the table; it has {list(table.columns)}")
    shown = table if rows is None else table.head(rows)
    columns = [(name, shown.iloc[:, at]) for at, name in enumerate(shown.columns)]
    cells = pd.DataFrame({at: [_cell(v, formats.get(c)) for v in x] for at, (c, x) in enumerate(columns)})
    cells.columns = pd.Index([str(names.get(c, c)) for c, _ in columns])
    return FormattedTable(cells, [pd.api.types.is_numeric_dtype(x) for _, x in columns], caption)


def show(
    table: pd.DataFrame,
    formats: Mapping[str, str] | None = None,
    *,
    names: Mapping[str, str] | None = None,
    caption: str = "",
    rows: int | None = None,
) -> None:
    """Show a table as people read it: `format_table`, displayed at once.

    Parameters
    ----------
    table, formats, names, caption, rows
        As for `format_table`.

    Raises
    ------
    KeyError
        If `formats` or `names` speak of a column that the table does not have.

    Examples
    --------
    >>> one = pd.DataFrame({"who": ["Ada"], "value": [1234.5]})
    >>> show(one, {"value": "{:,.0f}"}, names={"value": "RMB"})
    who   RMB
    Ada 1,234
    """
    _display(format_table(table, formats, names=names, caption=caption, rows=rows))


def _cell(value: Any, spec: str | None) -> str:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "–"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (Number, np.number, pd.Timestamp)):
        return str(value)
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    number = float(value)  # type: ignore[arg-type]
    text = spec.format(value) if spec else f"{number:,.0f}" if number.is_integer() else f"{number:,.2f}"
    return text if any(digit in text for digit in "123456789") else text.lstrip("-")  # no minus zero


def show_figure(drawn: Axes | Figure, alt: str, *, dpi: int = 110) -> None:
    """Show a figure with its alternative text, and close it.

    The picture is a PNG; `alt` is what a screen reader says and what a reader without pictures gets.
    Raises a ValueError if `alt` is empty.

    >>> import matplotlib; matplotlib.use("agg")
    >>> from matplotlib import pyplot as plt
    >>> show_figure(plt.subplots()[1], "An empty frame.")
    An empty frame.
    """
    if not alt.strip():
        raise ValueError("show_figure: alt is empty; say what the picture shows, so that one could draw it")
    from matplotlib import pyplot as plt

    figure: Any = drawn if hasattr(drawn, "savefig") else drawn.get_figure(root=True)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
    _display(Picture(buffer.getvalue(), alt))


class Picture:
    """A PNG and the words that stand for it."""

    def __init__(self, png: bytes, alt: str) -> None:
        self.png, self.alt = png, alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        return self.png, {"alt": self.alt}


def _display(thing: object) -> None:
    """Through the notebook if there is one, else to the terminal."""
    if "IPython" in sys.modules:
        from IPython.core.getipython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(thing)
            return
    print(repr(thing))
