"""Build a deck: from a lesson's stored notebook and its plan a notebook of slides, from that one page."""

from __future__ import annotations

import copy
import html
import importlib.util
import re
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

from casebook.course.bank_gift import to_html
from casebook.course.content import lesson, root
from casebook.course.slides.plan import Slide, parse_pick, plan
from casebook.errors import TableError

__all__ = ["CDN", "build", "deck", "find_reveal"]

#: Where reveal.js comes from when no copy of it is at hand; such slides need a network.
CDN = "https://unpkg.com/reveal.js@5.2.1"


def build(number: str, out: Path, *, reveal: Path | None = None) -> Path:
    """Write the deck of a lesson as one HTML page.

    Parameters
    ----------
    number : str
        The lesson: ``"09"``.
    out : pathlib.Path
        A folder; the page is called ``NN.html``.
    reveal : pathlib.Path, optional
        A copy of reveal.js, the folder with ``dist`` in it: copied beside the pages, for use without network.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    TableError
        If the plan names a cell that the lesson does not have, or `reveal` is no copy of reveal.js.
    """
    from nbconvert import SlidesExporter
    from traitlets.config import Config

    out.mkdir(parents=True, exist_ok=True)
    here = files("casebook.course.slides")
    settings = Config()
    settings.SlidesExporter.reveal_url_prefix = _copy_reveal(reveal, out)
    exporter = SlidesExporter(
        config=settings,
        template_name="casebook",
        extra_template_basedirs=[str(here.joinpath("template"))],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    style = {f"casebook_{kind}": here.joinpath(f"slides.{kind}").read_text("utf-8") for kind in ("css", "js")}
    body, _ = exporter.from_notebook_node(deck(number), resources=style)
    page = out / f"{number}.html"
    body = re.sub(r"<link[^>]*dist/theme/[^>]*>", "", body)  # our own style is all that a slide needs
    page.write_text(body, "utf-8", newline="\n")
    return page


def deck(number: str) -> Any:
    """Return the notebook of slides: cells of the lesson, each told by nbconvert's metadata what it becomes.

    Parameters
    ----------
    number : str

    Returns
    -------
    nbformat.NotebookNode

    Examples
    --------
    >>> cells = deck("09").cells
    >>> cells[0].metadata.slideshow.slide_type
    'slide'
    """
    import nbformat

    source = _notebook(number)
    known = {cell.id: cell for cell in source.cells}
    before = _prose_before(source)
    made = nbformat.v4.new_notebook(metadata={**source.metadata, "title": lesson(number).title})
    minute = 0
    for place, slide in enumerate(plan(number).slides):
        kicker = f"Lesson {number} · {lesson(number).title}"
        level = "h1" if place == 0 else "h2"
        head = f'<p class="kicker">{kicker}</p>\n\n<{level}>{to_html(slide.title)}</{level}>'
        made.cells.append(_cell(head, "slide"))
        for pick in slide.cells:
            made.cells.append(_shown(pick, known, "-", slide))
        if slide.quiz:
            made.cells += _quiz(number, slide.quiz)
        for pick in slide.then:
            made.cells.append(_shown(pick, known, "fragment", slide))
        made.cells.append(_cell(_notes(slide, minute, before), "notes"))
        minute += slide.minutes
    for place, cell in enumerate(made.cells):
        cell.id = f"slide-cell-{place}"  # the same page each time
    return made


def find_reveal(named: Path | None = None) -> Path | None:
    """Find a copy of reveal.js: the one named, the one that ``make slides`` keeps, or an installed one."""
    package = importlib.util.find_spec("sphinx_revealjs")
    home = root()
    places = [named] if named else []
    if not named and home:
        places.append(home / "build/reveal/sphinx_revealjs/_static/revealjs")
    if not named and package and package.origin:
        places.append(Path(package.origin).parent / "_static/revealjs")
    found = next((place for place in places if (place / "dist/reveal.js").is_file()), None)
    if named and not found:
        raise TableError(f"{named} is no copy of reveal.js: there is no dist/reveal.js in it.")
    return found


def _copy_reveal(reveal: Path | None, out: Path) -> str:
    if reveal is None:
        return CDN
    for part in ("dist/reveal.js", "dist/reveal.css", "plugin/notes"):
        source, target = reveal / part, out / "reveal" / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target)
    return "reveal"


def _notebook(number: str) -> Any:
    import nbformat

    home = root()
    found = sorted((home / "notebooks/solutions").glob(f"{number}_*.ipynb")) if home else []
    if not found:
        raise TableError(f"There is no notebook of lesson {number} here. Go to the course's folder.")
    return nbformat.read(found[0], as_version=4)


def _cell(text: str, kind: str) -> Any:
    import nbformat

    return nbformat.v4.new_markdown_cell(text, metadata={"slideshow": {"slide_type": kind}})


def _shown(pick: str, known: dict[str, Any], kind: str, slide: Slide) -> Any:
    """The part of a cell that a slide shows."""
    name, part = parse_pick(pick)
    if name not in known:
        raise TableError(f"Slide {slide.title!r}: the lesson has no cell {name!r}. Look for its new id.")
    cell = copy.deepcopy(known[name])
    cell.metadata = {"slideshow": {"slide_type": kind}}
    guesses = re.findall(r"#\s*(.+)$", cell.source, re.MULTILINE)
    if cell.cell_type == "code" and not cell.outputs and not slide.code:
        return _cell("\n".join(f"- {guess}" for guess in guesses), kind)
    if cell.cell_type == "markdown":
        cell.source = _without_echo("\n\n".join(paragraphs(cell.source)[part]), slide.title)
        shown = bool(cell.source)
    else:
        cell.outputs = [_tidy(output, slide.title) for output in _seen(cell.outputs)[part]]
        cell.metadata["tags"] = []
        cell.metadata["transient"] = {"remove_source": not slide.code}
        shown = bool(cell.outputs) or slide.code
    if not shown:
        raise TableError(f"Slide {slide.title!r}: {pick!r} shows nothing.")
    return cell


def paragraphs(text: str) -> list[str]:
    r"""Cut a text of a lesson into paragraphs, without headings, folded hints and links.

    >>> paragraphs("## A · 3 min\n\nSee [b](b.md).\n\n- c\n- d")
    ['See b.', '- c\n- d']
    """
    text = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip() and not part.startswith("#")]


def _seen(outputs: list[Any]) -> list[Any]:
    """What a page shows: no streams, and of rich outputs no widget."""
    return [output for output in outputs if output.output_type in ("display_data", "execute_result")]


def _tidy(output: Any, title: str) -> Any:
    data = output.get("data", {})
    data.pop("application/vnd.jupyter.widget-view+json", None)
    for kind in ("text/markdown", "text/html"):
        if kind in data:
            data[kind] = re.sub(r"<details.*?</details>", "", data[kind], flags=re.DOTALL)
    if "text/markdown" in data:
        text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", data["text/markdown"])
        data["text/markdown"] = _without_echo(text, title)
    return output


def _without_echo(text: str, title: str) -> str:
    """Leave out a bold beginning that says what the title says.

    >>> _without_echo("**The bag.** One page.", "Misled: the bag")
    'One page.'
    """
    found = re.match(r"\*\*(.+?)\.?\*\*\s*", text)
    echo = found and found[1].rstrip(".?").casefold() in title.casefold()
    return text[found.end() :] if found and echo else text


def _quiz(number: str, place: int) -> list[Any]:
    """A question of the lesson's quiz; its answers come with the next click."""
    item = lesson(number).quiz[place - 1]
    choices = "\n".join(f"<li>{to_html(option.text)}</li>" for option in item.options)
    answers = "\n".join(
        f'<p class="{"right" if option.right else "wrong"}">{"ABCDEFGH"[i]} {"✓" if option.right else "✗"} '
        f"{to_html(option.because)}</p>"
        for i, option in enumerate(item.options)
    )
    return [
        _cell(f'<p>{to_html(item.question)}</p>\n<ol class="choices">\n{choices}\n</ol>', "-"),
        _cell(f'<div class="answers">\n{answers}\n</div>', "fragment"),
    ]


def _prose_before(notebook: Any) -> dict[str, str]:
    """For each cell the last text before it."""
    last, found = "", {}
    for cell in notebook.cells:
        found[cell.id] = last
        if cell.cell_type == "markdown":
            last = "\n\n".join(paragraphs(cell.source))
    return found


def _notes(slide: Slide, minute: int, before: dict[str, str]) -> str:
    """What the speaker sees: the clock, what to say, and what the lesson says before these cells."""
    clock = f"**Minutes {minute}–{minute + slide.minutes}.** {slide.notes}"
    told = [before.get(parse_pick(pick)[0], "") for pick in (*slide.cells, *slide.then)]
    told = [text for i, text in enumerate(told) if text and text not in told[:i]]
    return "\n\n".join([clock, *(["*The lesson says:*"] if told else []), *(html.unescape(t) for t in told)])
