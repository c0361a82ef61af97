"""Print `datasets/PUBLIC.md`: every public data set that `fetch` knows, from the same registry."""

from __future__ import annotations

from casebook.public.fetching import SOURCES
from casebook.public.model import Source

__all__ = ["public_page"]

FRONT = """# Public data

Data of others, to try the course's methods on. **None of it is part of Casebook**, and no lesson needs it: the notebooks in `notebooks/real_data/` do. Each set has its own licence and its own authors; cite them.

```python
import casebook

lines = casebook.fetch("online_retail")
lines.attrs["citation"]
```

The first call downloads the file from its public home, verifies what it holds (rows, totals, and a hash of every cell) and keeps it in your user cache; later calls need no network. Where the home cannot be reached, get the file by hand, put it into a folder, and let the environment variable `CASEBOOK_DATA` name the folder. It is found there, or one folder deeper, under any of the names below, zipped or not; upper and lower case, blanks, plus signs and underscores do not matter. The same data from another file format passes, other data does not, and the message says what differs.

*Real* means: observed at a real firm. A *vendor sample* was written by a software firm to show a product: it shows a method at work and proves nothing. A *teaching case* is of a firm that is disguised; nobody outside can check it.

Columns have the sources' own names. Blanks at the ends of a text are taken off; an empty cell is missing.
"""  # noqa: E501  (a paragraph is one line in Markdown)


def public_page() -> str:
    """The page of all public data sets, as Markdown.

    Returns
    -------
    str
        For each: what it is, limits, licence, citation, where to get it, columns, and how it is verified.

    Examples
    --------
    >>> "## wholesale: Wholesale customers" in public_page()
    True
    """
    rows = "\n".join(
        f"| [`{s.name}`](#{_anchor(s)}) | {s.kind} | {s.grain} | {s.rows:,} | {s.licence} |"
        for s in SOURCES.values()
    )
    table = f"| name | kind | one row is one | rows | licence |\n|---|---|---|---|---|\n{rows}"
    hint = "This page is printed from `lib/casebook/public`; `make data` writes it again."
    return "\n\n".join([FRONT.rstrip(), table, *map(_section, SOURCES.values()), hint]) + "\n"


def _heading(source: Source) -> str:
    return f"{source.name}: {source.title}"


def _anchor(source: Source) -> str:
    """The place that GitHub gives a heading.

    >>> _anchor(SOURCES["german_credit"])
    'german_credit-statlog-german-credit-data'
    """
    kept = "".join(c for c in _heading(source).lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


def _section(source: Source) -> str:
    columns = "\n".join(
        f"| `{c.name}` | {c.kind} (`{c.dtype}`) | {c.unit} | {c.meaning}{' May be missing.' * c.nullable} |"
        for c in source.columns
    )
    facts = "; ".join(f"{fact.says}: {fact.value:,}" for fact in source.facts)
    direct = "".join(f", <{address}>" for address in source.addresses)
    return f"""## {_heading(source)}

{source.kind.capitalize()}. {source.about} One row is one {source.grain}.

**Beware.** {source.limits}

- **Licence:** {source.licence}
- **Cite:** {source.citation}
- **Home:** <{source.page}>{direct or " (asks for a login or gives no direct address: get it by hand)"}
- **Names of the file:** {", ".join(f"`{name}`" for name in source.files)}
- **Verified by:** {source.rows:,} rows; {facts}; SHA-256 of the cells `{source.sha256}`

| column | type | unit | meaning |
|---|---|---|---|
{columns}"""
