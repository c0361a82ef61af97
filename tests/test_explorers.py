"""Every lesson's explorer in one real JupyterLab: a key moves it, and the page shows what the kernel answers.

`tests/explorers/NN.py` builds the explorer of lesson NN on the sample company. CASEBOOK_MOVES=20 makes the
same test a measurement, as `make bench` does: it prints the median time from key to picture of each explorer.
"""

from __future__ import annotations

import json
import os
import runpy
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from lab_driver import PICTURE, SHOW_CELL, TIME_A_MOVE, Lab, until

from casebook.course.content import lesson, lessons
from casebook.widgets.base import Explorer

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Path(__file__).parent / "explorers"
SCRIPTS = sorted(HERE.glob("*.py"))
MOVES = int(os.environ.get("CASEBOOK_MOVES", "0"))


def test_every_lesson_with_a_play_part_has_its_explorer_here():
    assert {path.stem for path in SCRIPTS} == {n for n in lessons() if "play" in lesson(n).minutes}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_an_explorer_answers_at_once_and_each_control_changes_what_it_says(path):
    explorer = runpy.run_path(str(path))["explorer"]
    assert isinstance(explorer, Explorer)
    assert explorer.answered is not None, explorer.sentence
    assert repr(explorer) == f"Explorer: {explorer.sentence}"
    idle = []
    for name, control in explorer.controls.items():
        before, start = (explorer.picture.value, explorer.words.value), control.value
        for value in _other_values(control):
            control.value = value
            assert "This failed" not in explorer.sentence, f"{name}={value!r}: {explorer.sentence}"
            if (explorer.picture.value, explorer.words.value) != before:
                break
        else:
            idle.append(name)
        control.value = start
    assert not idle, f"no effect of {idle}"


def _other_values(control: Any) -> list[Any]:
    if hasattr(control, "options"):
        options = [o[1] if isinstance(o, tuple) else o for o in control.options]
        return [o for o in options if o != control.value]
    if isinstance(control.value, bool):
        return [not control.value]
    if isinstance(control.value, tuple):
        return [(control.min, control.value[1]), (control.value[0], control.max)]
    return [v for v in (control.max, control.min) if v != control.value]


@pytest.fixture(scope="module")
def all_explorers(tmp_path_factory, lab_root):
    """Write one notebook that holds them all, a cell each, and give its path under the root."""
    cells = [
        nbformat.v4.new_code_cell(f"{path.read_text('utf-8')}\nexplorer_{path.stem} = explorer\nexplorer")
        for path in SCRIPTS
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), lab_root / "explorers.ipynb")
    return "explorers.ipynb"


def test_each_explorer_follows_the_keyboard_in_a_real_browser(
    lab_url: str, page: Page, all_explorers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = Lab(page, lab_url, all_explorers)
    assert lab.complaints() == []
    lines = [_follow(lab, path.stem) for path in SCRIPTS]
    assert lab.elsewhere == []  # nothing was asked of another machine
    page.evaluate("() => window.jupyterapp?.serviceManager.sessions.shutdownAll()")
    if MOVES:
        with capsys.disabled():
            print(f"\nFrom the key to the new picture, median of {MOVES} moves of a slider (goal 100 ms)")
            print("\n".join(lines))


def _follow(lab: Lab, name: str) -> str:
    """Move the first control that moves the picture; the page must show what the kernel has."""
    page = lab.page
    page.evaluate(SHOW_CELL, f"explorer_{name} = explorer")
    box = (
        page.locator(".jp-CodeCell", has_text=f"explorer_{name} = explorer")
        .locator(".jp-OutputArea-output")
        .last
    )
    image = box.locator("img.widget-image")
    image.wait_for()
    handles = box.locator(".noUi-handle")
    assert handles.count(), f"explorer {name} has no slider"
    for i in range(handles.count()):
        before = str(image.evaluate(PICTURE))
        handles.nth(i).focus()
        for key in ("ArrowRight", "ArrowLeft", "ArrowLeft", "Home", "End"):
            page.keyboard.press(key)
            page.wait_for_timeout(300)
            if image.evaluate(PICTURE) != before:
                break
        else:
            continue
        break
    asking = f"{_ASK}print(json.dumps([_hash(explorer_{name}.picture.value), explorer_{name}.sentence]))"
    shown: list[str] = []

    def they_agree() -> bool:  # the kernel is asked anew: a key may still be on its way to it
        shown[:] = json.loads(lab.ask(asking))
        return bool(image.evaluate(PICTURE) == shown[0])

    until(they_agree, f"the picture of explorer {name}")
    assert shown[0] != before, f"no slider of explorer {name} changes its picture"
    box.get_by_text(shown[1], exact=True).first.wait_for(timeout=5_000)
    return f"  {name}  {_latency(lab, image, handles.nth(i))}" if MOVES else ""


_ASK = "import hashlib, json\n_hash = lambda b: hashlib.sha256(b).hexdigest()\n"


def _latency(lab: Lab, image: Any, handle: Any) -> str:
    took = []
    handle.focus()
    for move in range(MOVES):
        image.evaluate(TIME_A_MOVE)
        lab.page.keyboard.press("ArrowLeft" if move % 2 else "ArrowRight")
        try:
            took.append(float(lab.page.evaluate(
                "() => Promise.race([window.tookMs, new Promise((_, no) => setTimeout(no, 3000))])"
            )))  # fmt: skip
        except Exception:  # a move that leaves the picture as it was has no time
            continue
        lab.page.wait_for_timeout(150)
    if not took:
        return "no move changed the picture"
    return f"{statistics.median(took):4.0f} ms ({min(took):.0f} to {max(took):.0f}; {len(took)} moves)"
