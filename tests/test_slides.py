"""Slides: each deck follows the form, shows stored outputs, opens without a network, and fits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from casebook.course.content import lesson, lessons
from casebook.course.slides import build, deck, plan, planned
from casebook.course.slides.__main__ import main
from casebook.course.slides.pages import CDN, find_reveal
from casebook.course.slides.plan import parse_pick
from casebook.errors import TableError

if TYPE_CHECKING:
    from playwright.sync_api import Page

NO_REVEAL = "There is no reveal.js in build/reveal. Fetch it once: python3 bootstrap.py slides"
#: What stands in each row is what a browser says of one slide.
MEASURE = """() => {
  const slide = Reveal.getCurrentSlide(), frame = document.querySelector(".slides").getBoundingClientRect();
  let low = 0, right = 0;
  for (const part of slide.querySelectorAll("*:not(aside):not(aside *)")) {
    const box = part.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    low = Math.max(low, box.bottom - frame.top); right = Math.max(right, box.right - frame.left);
  }
  const pictures = [...slide.querySelectorAll("img")].map((i) => [i.naturalWidth, i.alt]);
  return {size: Number(slide.dataset.size), low, right, high: frame.height, wide: frame.width,
          title: slide.querySelector("h1, h2").innerText, pictures};
}"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build every deck once, with the copy of reveal.js."""
    reveal = find_reveal()
    if reveal is None:
        pytest.fail(NO_REVEAL, pytrace=False)
    out = tmp_path_factory.mktemp("slides")
    for number in planned():
        build(number, out, reveal=reveal)
    return out


# Plans ----------------------------------------------------------------------------------------------


def test_every_lesson_has_slides():
    assert planned() == lessons()


@pytest.mark.parametrize("number", planned())
def test_a_deck_has_the_form_of_a_class(number: str):
    slides = plan(number).slides
    assert plan(number).minutes == 45
    assert 12 <= len(slides) <= 20
    assert all(len(slide.notes) >= 10 and slide.minutes >= 1 for slide in slides)
    shown = [parse_pick(pick)[0] for slide in slides for pick in (*slide.cells, *slide.then)]
    parts = {part_of(number)[cell] for cell in shown}
    assert {
        "question",
        "predict",
        "by_hand",
        "company",
        "mislead",
        "decide",
        "really_true",
        "exercises",
    } <= parts
    assert "key-points" in shown
    assert len({slide.quiz for slide in slides} - {0}) == 2
    assert sum(slide.title.startswith("Misled: ") for slide in slides) >= 3


def part_of(number: str) -> dict[str, str]:
    """Which part of the lesson each cell belongs to."""
    import nbformat

    file = next(Path("notebooks/solutions").glob(f"{number}_*.ipynb"))
    part, found = "", {}
    for cell in nbformat.read(file, as_version=4).cells:
        part = cell.metadata.get("casebook", {}).get("part", part)
        found[cell.id] = part
    return found


@pytest.mark.parametrize("number", planned())
def test_a_deck_is_told_to_nbconvert_and_has_notes(number: str):
    cells = deck(number).cells
    kinds = [cell.metadata["slideshow"]["slide_type"] for cell in cells]
    slides = plan(number).slides
    assert kinds.count("slide") == kinds.count("notes") == len(slides)
    notes = [cell.source for cell, kind in zip(cells, kinds, strict=True) if kind == "notes"]
    assert notes[0].startswith("**Minutes 0–2.**")
    assert notes[-1].startswith(f"**Minutes {45 - slides[-1].minutes}–45.**")
    assert any(cell.get("outputs") for cell in cells), "a deck shows what the lesson found"
    shown = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert "<details" not in shown
    assert "BEGIN SOLUTION" not in shown


def test_answers_of_a_quiz_come_with_the_next_click():
    item = lesson("09").quiz[0]
    cells = deck("09").cells
    question = next(i for i, cell in enumerate(cells) if "78 % to 83 %" in cell.source)
    assert item.options[1].because not in cells[question].source
    assert "Whoever crosses it" in cells[question + 1].source
    assert cells[question + 1].metadata["slideshow"]["slide_type"] == "fragment"


def test_a_plan_that_names_what_is_not_there(monkeypatch: pytest.MonkeyPatch):
    from casebook.course.slides.plan import Plan, Slide

    for pick, says in (
        ("nowhere", "no cell 'nowhere'"),
        ("title:9", "'title:9' shows nothing"),
        (":", "names no cell"),
    ):
        wrong = Plan("09", (Slide("A", 1, "say", cells=(pick,)),))
        monkeypatch.setattr("casebook.course.slides.pages.plan", lambda _number, wrong=wrong: wrong)
        with pytest.raises(TableError, match=says):
            deck("09")
    with pytest.raises(TableError, match="no slides of lesson '99'"):
        plan("99")


# Pages ----------------------------------------------------------------------------------------------


def test_a_page_needs_nothing_from_the_network(decks: Path):
    for page in decks.glob("*.html"):
        text = page.read_text("utf-8")
        loaded = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="([^"]*)"', text)
        assert {name for name in loaded if not name.startswith("data:")} == {
            "reveal/dist/reveal.css",
            "reveal/dist/reveal.js",
            "reveal/plugin/notes/notes.js",
        }
        assert all((page.parent / name).is_file() for name in loaded if not name.startswith("data:"))


def test_a_deck_is_the_same_each_time(decks: Path, tmp_path: Path):
    again = build("09", tmp_path, reveal=find_reveal())
    assert again.read_bytes() == (decks / "09.html").read_bytes()


def test_code_is_shown_only_where_it_teaches(decks: Path):
    for number in planned():
        shown = (decks / f"{number}.html").read_text("utf-8").count('class="highlight')
        assert shown == sum(slide.code for slide in plan(number).slides), number


def test_without_a_copy_the_page_names_the_network(tmp_path: Path):
    assert f"{CDN}/dist/reveal.js" in build("09", tmp_path).read_text("utf-8")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["09", "--out", str(tmp_path)]) == 0
    assert "09.html: 17 slides, 45 minutes" in capsys.readouterr().out
    assert main(["09", "--out", str(tmp_path), "--reveal", str(tmp_path / "none")]) == 2
    assert "no copy of reveal.js" in capsys.readouterr().err


# In a real browser ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", planned())
def test_every_slide_fits(number: str, decks: Path, page: Page):
    page.set_viewport_size({"width": 1280, "height": 720})
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.goto((decks / f"{number}.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    for place, slide in enumerate(plan(number).slides):
        page.evaluate(f"Reveal.slide({place}, 0, 99)")
        seen: dict[str, Any] = page.evaluate(MEASURE)
        assert seen["title"] == slide.title.replace("`", "")
        assert seen["low"] <= seen["high"] + 1, (slide.title, seen)
        assert seen["right"] <= seen["wide"] + 1, (slide.title, seen)
        assert seen["size"] >= 0.7, f"{slide.title}: letters are too small; show less"
        assert all(width and alt for width, alt in seen["pictures"]), slide.title
    assert faults == []


def test_a_slide_with_too_much_is_found(decks: Path, page: Page):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto((decks / "09.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.evaluate(
        "Reveal.getCurrentSlide().innerHTML += '<p>too much</p>'.repeat(200); fit(Reveal.getCurrentSlide())"
    )
    seen = page.evaluate(MEASURE)
    assert seen["low"] > seen["high"]
    assert seen["size"] < 0.7
