"""The explorer in a real JupyterLab in a real browser: moved by the keyboard, it shows what its twin says."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from lab_driver import PICTURE, SHOW_CELL, TIME_A_MOVE, Lab, until

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

LESSON = "notebooks/09_abc_classification.ipynb"
MOVES = 12

#: 5,000 customers, more than the sample company has; every run draws the same.
LARGE = """
import numpy as np, pandas as pd
from casebook.widgets import explore_abc
rng = np.random.default_rng(9)
revenue = rng.lognormal(9, 1.6, 5_000).round(2)
margin = (revenue * rng.normal(0.3, 0.08, 5_000)).round(2)
measures = pd.DataFrame({
    "customer_id": [f"C{i:05d}" for i in range(5_000)],
    "name": [f"Firm {i}" for i in range(5_000)],
    "revenue": revenue, "gross_margin": margin, "profit": (margin - 900).round(2),
})
"""

#: Asks the notebook's kernel what an explorer shows that no browser has touched.
TWIN = """
import hashlib, json
from casebook.widgets import explore_abc
_twin = explore_abc(measures)
for _name, _value in {controls!r}.items():
    _twin.controls[_name].value = _value
print(json.dumps([hashlib.sha256(_twin.picture.value).hexdigest(), _twin.words.value, _twin.sentence]))
"""


class Shown:
    """The explorer on the page."""

    def __init__(self, lab: Lab) -> None:
        lab.page.evaluate(SHOW_CELL, "explore_abc(measures")
        self.lab, page = lab, lab.page
        self.box = page.locator(".jp-OutputArea-output", has=page.locator(".noUi-handle")).first
        self.box.wait_for()
        self.image = self.box.locator("img.widget-image")
        self.image.wait_for()
        self.cut_a, self.cut_b = (self.box.locator(".noUi-handle").nth(i) for i in (0, 1))
        self.boundary, self.measure = (self.box.locator(".widget-radio").nth(i) for i in (0, 1))

    def press(self, control: Locator, key: str, times: int = 1) -> None:
        control.focus()
        for _ in range(times):
            self.lab.page.keyboard.press(key)

    def choose(self, buttons: Locator, further: int) -> None:
        self.press(buttons.locator("input:checked"), "Tab", further)
        self.lab.page.keyboard.press("Space")

    def picture(self) -> str:
        return str(self.image.evaluate(PICTURE))

    def cells(self) -> list[str]:
        return [text.strip() for text in self.box.locator("td").all_inner_texts()]

    def must_show(self, **controls: Any) -> str:
        """Wait for the picture that the twin draws for these values, then compare the words; give these."""
        picture, words, sentence = json.loads(self.lab.ask(TWIN.format(controls=controls)))
        until(lambda: self.picture() == picture, f"the picture of {controls}")
        self.box.get_by_text(sentence, exact=True).wait_for(timeout=5_000)
        assert self.cells() == [_plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", words)]
        return str(sentence)


def _plain(html: str) -> str:
    return " ".join(html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split())


@pytest.fixture(scope="session")
def large(lab_root: Path) -> str:
    """Write a notebook with 5,000 customers and the explorer, and give its path under the root."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(LARGE), nbformat.v4.new_code_cell("explore_abc(measures)")],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, lab_root / "large.ipynb")
    return "large.ipynb"


@pytest.fixture(autouse=True)
def _its_kernel_ends_with_a_test(page: Page) -> Iterator[None]:
    yield
    page.evaluate("() => window.jupyterapp?.serviceManager.sessions.shutdownAll()")


def _drive(shown: Shown) -> None:
    """Move every control with the keyboard; after each move picture and tables must be the twin's."""
    controls: dict[str, Any] = {}
    sentences, seen = [shown.must_show()], [shown.picture()]
    steps: list[tuple[Callable[[], None], dict[str, Any]]] = [
        (lambda: shown.press(shown.cut_a, "ArrowLeft", 5), {"cut_a": 75}),
        (lambda: shown.press(shown.cut_b, "ArrowLeft", 3), {"cut_b": 92}),
        (lambda: shown.choose(shown.boundary, 1), {"boundary": "inclusive"}),
        (lambda: shown.choose(shown.measure, 2), {"measure": "profit"}),
    ]
    for move, changed in steps:
        controls |= changed
        move()
        sentences.append(shown.must_show(**controls))
        seen.append(shown.picture())
    assert len(set(seen)) == len(seen)  # five positions, five pictures
    assert "profit after cost to serve" in sentences[-1]


def test_the_lessons_explorer_shows_what_its_twin_says(lab_url: str, page: Page) -> None:
    lab = Lab(page, lab_url, LESSON)
    assert lab.complaints() == []
    _drive(Shown(lab))
    assert lab.elsewhere == []  # nothing was asked of another machine


def test_with_5000_customers_it_still_follows_the_keyboard(
    lab_url: str, page: Page, large: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = Lab(page, lab_url, large)
    assert lab.complaints() == []
    shown = Shown(lab)
    _drive(shown)
    took = []
    for move in range(MOVES):
        shown.image.evaluate(TIME_A_MOVE)
        shown.press(shown.cut_a, "ArrowLeft" if move % 2 else "ArrowRight")
        took.append(float(page.evaluate("() => window.tookMs")))
        page.wait_for_timeout(150)
    with capsys.disabled():
        print(
            f"\nExplorer, 5,000 customers: a move shows after {statistics.median(took):.0f} ms "
            f"(median of {MOVES}; {min(took):.0f} to {max(took):.0f})"
        )
    assert lab.elsewhere == []


def test_cut_b_follows_cut_a_in_the_browser_too(lab_url: str, page: Page, large: str) -> None:
    shown = Shown(Lab(page, lab_url, large))
    shown.press(shown.cut_a, "End")
    shown.must_show(cut_a=98)
    assert shown.cut_b.get_attribute("aria-valuenow") == "99.0"
