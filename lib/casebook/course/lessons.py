"""Make the workbooks from the solutions: ``python -m casebook.course.lessons [NN …] [--check]``.

``notebooks/solutions/NN_slug.ipynb`` is the source of a lesson. Its workbook ``notebooks/NN_slug.ipynb`` is
the same, with stubs in place of solutions. Both are run from top to bottom in a fresh kernel and stored so
that the same source always gives the same bytes: no random ids, no times, no widget state. A notebook
without a source (a start page, or any path given) is run and stored in place.
"""

from __future__ import annotations

import argparse
import base64
import copy
import posixpath
import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from casebook.course.content import root

__all__ = ["differences", "main", "pictures", "run", "tidy", "workbook"]

BEGIN, END, STUB = "# BEGIN SOLUTION", "# END SOLUTION", "# STUB:"
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_LINK = re.compile(r"(\]\(|\b(?:src|href)=\")([^)\s\"]+)")

_RANDOM_ID = re.compile(r"|[0-9a-f]{8}(-[0-9a-f-]+)?|[0-9a-f-]{36}")

Notebook = dict[str, Any]


def workbook(source: Notebook) -> Notebook:
    """Make the workbook of a solutions notebook: stubs for solutions, links seen from one folder up.

    Raises
    ------
    ValueError
        If the markers of a cell do not pair, or a solution has no stub; the message names the cell.
    """
    made = copy.deepcopy(source)
    made["cells"] = [c for c in made["cells"] if "solution" not in c["metadata"].get("tags", [])]
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = _stubbed(cell["source"], cell["id"])
            cell["outputs"], cell["execution_count"] = [], None
        else:
            cell["source"] = _LINK.sub(_one_folder_up, cell["source"])
    return made


def _stubbed(code: str, cell: str) -> str:
    r"""Replace each marked solution by its stub lines.

    >>> print(_stubbed("x = 1\n# BEGIN SOLUTION\n# STUB: y = ...\ny = x + 1\n# END SOLUTION", "cell"))
    x = 1
    y = ...
    """
    kept: list[str] = []
    inside, stubs = False, 0
    for line in code.split("\n"):
        bare = line.strip()
        if bare in (BEGIN, END) and inside is (bare == BEGIN):
            raise ValueError(f"cell {cell}: {bare!r} without its partner")
        if bare == BEGIN:
            inside, stubs = True, 0
        elif bare == END:
            if not stubs:
                raise ValueError(
                    f"cell {cell}: a solution needs a line '{STUB} answer = ...' for the workbook"
                )
            inside = False
        elif inside and bare.startswith(STUB):
            kept.append(line[: len(line) - len(line.lstrip())] + bare.removeprefix(STUB).strip())
            stubs += 1
        elif not inside:
            kept.append(line)
    if inside:
        raise ValueError(f"cell {cell}: {BEGIN!r} without its partner")
    return "\n".join(kept)


def _one_folder_up(found: re.Match[str]) -> str:
    """Rewrite a relative link in ``notebooks/solutions`` for a page in ``notebooks``."""
    before, target = found.groups()
    link = urlsplit(target)
    if link.scheme or not link.path or link.path.startswith("/"):
        return found.group()
    path = posixpath.normpath(posixpath.join("solutions", link.path))
    return before + target.replace(link.path, path, 1)


def tidy(notebook: Notebook) -> Notebook:
    """Return the notebook without anything that differs from run to run or from machine to machine.

    A random cell id becomes the part and a running number, an author's own stays. Widget views go, so that a
    page without a kernel shows the text or HTML that stands for them. Pieces of one stream are joined.
    """
    clean = copy.deepcopy(notebook)
    clean["metadata"] = {
        **({"casebook": clean["metadata"]["casebook"]} if "casebook" in clean["metadata"] else {}),
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    clean["nbformat"], clean["nbformat_minor"] = 4, 5
    part, number = "start", 0
    for cell in clean["cells"]:
        cell["metadata"] = {
            k: v for k, v in cell["metadata"].items() if k in ("casebook", "nbgrader", "tags") and v
        }
        if "part" in cell["metadata"].get("casebook", {}):
            part, number = cell["metadata"]["casebook"]["part"], 0
        number += 1
        if _RANDOM_ID.fullmatch(cell["id"]):
            cell["id"] = f"{part.replace('_', '-')}-{number:02d}"
        cell.pop("attachments", None)
        if cell["cell_type"] == "code":
            cell["outputs"] = _tidy_outputs(cell["outputs"])
    return clean


def _tidy_outputs(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for output in outputs:
        if output["output_type"] == "stream" and kept and kept[-1].get("name") == output["name"]:
            kept[-1]["text"] += output["text"]
            continue
        output.get("data", {}).pop(_WIDGET_VIEW, None)
        output.pop("transient", None)
        kept.append(output)
    return kept


def differences(source: Notebook, stored: Notebook) -> list[str]:
    """Say where a stored workbook is not what its source gives; outputs are not looked at."""
    made = workbook(tidy(source))
    if made["metadata"] != stored["metadata"]:
        return ["the notebook's metadata differ"]
    ours, theirs = ([_essence(c) for c in n["cells"]] for n in (made, stored))
    if len(ours) != len(theirs):
        return [f"{len(ours)} cells come from the source, {len(theirs)} are stored"]
    return [f"cell {a['id']} differs" for a, b in zip(ours, theirs, strict=True) if a != b]


def _essence(cell: dict[str, Any]) -> dict[str, Any]:
    return {name: cell[name] for name in ("cell_type", "id", "metadata", "source")}


def run(notebook: Notebook, folder: Path) -> Notebook:
    """Run every cell in a fresh kernel that stands in `folder`, and return the tidied notebook.

    Raises
    ------
    RuntimeError
        If a cell fails; the message names the cell and the error.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    running = nbformat.from_dict(copy.deepcopy(notebook))
    client = NotebookClient(
        running,
        timeout=120,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        failed = next(c["id"] for c in running["cells"] if _has_error(c))
        raise RuntimeError(f"cell {failed} fails with {error.ename}: {error.evalue}") from None
    return tidy(running)


def _has_error(cell: Notebook) -> bool:
    return any(output["output_type"] == "error" for output in cell.get("outputs", ()))


def read(path: Path) -> Notebook:
    """Read a notebook as plain dictionaries, every cell with an id."""
    import nbformat

    notebook: Notebook = nbformat.read(path, as_version=4)
    return notebook


def write(notebook: Notebook, path: Path) -> None:
    """Write a notebook at once or not at all."""
    import nbformat

    text = nbformat.writes(nbformat.from_dict(notebook)) + "\n"
    beside = path.with_suffix(".ipynb.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _make(source: Path, say: Callable[[str], None]) -> None:
    """Run a source and its workbook, then write both."""
    target = source.parent.parent / source.name
    say(f"{source.name}: running the solutions")
    solved = run(tidy(read(source)), source.parent)
    say(f"{source.name}: running the workbook")
    stubs = run(workbook(solved), target.parent)
    write(solved, source)
    write(stubs, target)
    for name, png in pictures(stubs).items():
        (target.parent / "images").mkdir(exist_ok=True)
        (target.parent / "images" / name).write_bytes(png)


def pictures(notebook: Notebook) -> dict[str, bytes]:
    """The pictures that documents show: of cells whose metadata name a file under ``casebook.picture``."""
    found = {}
    for cell in notebook["cells"]:
        name = cell["metadata"].get("casebook", {}).get("picture")
        for output in cell.get("outputs", []) if name else []:
            png = output.get("data", {}).get("image/png")
            if png:
                found[Path(name).name] = base64.b64decode(png)
    return found


def _check(source: Path) -> list[str]:
    target = source.parent.parent / source.name
    if not target.exists():
        return [f"{target.name}: no workbook; make lessons writes it"]
    found = differences(read(source), read(target))
    return [f"{target.name}: {line}; make lessons renews it" for line in found]


def _choose(home: Path, wanted: list[str]) -> tuple[list[Path], list[Path]]:
    """The sources, and the notebooks without one, that the command line names; all if it names none."""
    book = home / "notebooks"
    sources = sorted((book / "solutions").glob("*.ipynb"))
    alone = [p for p in sorted(book.glob("*.ipynb")) if p.name not in {s.name for s in sources}]
    if not wanted:
        return sources, alone
    chosen = {word: [p for p in (*sources, *alone) if p.name.startswith(f"{word}_")] for word in wanted}
    for word in wanted:
        if not chosen[word] and Path(word).suffix == ".ipynb" and Path(word).exists():
            path = Path(word).resolve()
            twin = book / "solutions" / path.name
            chosen[word] = [twin if twin.exists() and path.parent in (book, twin.parent) else path]
        if not chosen[word]:
            raise ValueError(f"no lesson {word!r} in {book.name}; give its two digits")
    picked = list(dict.fromkeys(path for word in wanted for path in chosen[word]))
    made = [p for p in picked if p in sources]
    start = [p for p in (*sources, *alone) if p.name.startswith("00_") and made]  # its map shows all minutes
    wanted_too = list(dict.fromkeys([*picked, *start]))
    return [p for p in wanted_too if p in sources], [p for p in wanted_too if p not in sources]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit code is 1 if a notebook fails or differs, 2 if the command makes no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m casebook.course.lessons", description=str(__doc__).split("\n")[0]
    )
    parser.add_argument(
        "lesson", nargs="*", help="two digits, or the path of a notebook; all lessons if left out"
    )
    parser.add_argument("--check", action="store_true", help="only compare the workbooks with their sources")
    asked = parser.parse_args(arguments)
    home = root()
    try:
        if not (find_spec("nbclient") and find_spec("nbformat")):
            raise ValueError("this needs the extra 'lab': pip install 'crm-casebook[lab]'")
        if home is None:
            raise ValueError("no folder notebooks/solutions here or above")
        sources, alone = _choose(home, asked.lesson)
    except ValueError as error:
        print(f"lessons: {error}", file=sys.stderr)
        return 2
    if asked.check:
        found = [line for source in sources for line in _check(source)]
        print("\n".join(found) or f"{len(sources)} workbooks are as their sources make them")
        return 1 if found else 0
    return _make_all(sources, alone)


def _make_all(sources: list[Path], alone: list[Path]) -> int:
    for path in (*sources, *alone):
        try:
            if path in sources:
                _make(path, print)
            else:
                print(f"{path.name}: running in place")
                write(run(tidy(read(path)), path.parent), path)
        except (RuntimeError, ValueError) as error:
            print(f"lessons: {path.name}: {error}. Nothing of it was written.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
