"""The pictures of the data cards: one for each group, fresh, small, and told in words."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from casebook import company as co
from casebook.company import pictures as drawn
from casebook.contracts import TABLES

DATASETS = Path(__file__).resolve().parents[1] / "datasets"
NAMES = [picture.name for picture in drawn.pictures()]


@pytest.fixture(scope="module")
def tables():
    return {name: co.load(name) for name in co.tables()}


@pytest.fixture(scope="module")
def sister():
    return co.simulate(31, customers=400)


def test_every_table_belongs_to_one_picture_and_every_file_is_one():
    shown = [name for picture in drawn.pictures() for name in picture.tables]
    assert sorted(shown) == sorted(TABLES)
    assert {path.name for path in (DATASETS / "images").iterdir()} == {f"{name}.png" for name in NAMES}


@pytest.mark.parametrize("picture", drawn.pictures(), ids=NAMES)
def test_a_picture_was_drawn_from_the_tables_as_they_are_and_is_small(picture, tables):
    path = DATASETS / "images" / f"{picture.name}.png"
    with Image.open(path) as image:
        assert image.info["Tables"] == drawn.checksum(tables, picture), (
            "run python -m casebook.company.pictures"
        )
        assert image.width >= 800
    assert 8_000 < path.stat().st_size < 40_000


@pytest.mark.parametrize("picture", drawn.pictures(), ids=NAMES)
def test_the_cards_of_a_group_show_its_picture_and_say_it_in_words(picture, tables):
    words = picture.words(tables)
    assert re.match(r"Left: .* Right: .*\.$", words)
    assert re.search(r"\d", words)
    assert "nan" not in words
    for name in picture.tables:
        assert f"![{words}](images/{picture.name}.png)" in (DATASETS / f"{name}.md").read_text(
            encoding="utf-8"
        )


@pytest.mark.parametrize("picture", drawn.pictures(), ids=NAMES)
def test_a_sister_can_be_drawn_too_and_shows_other_numbers(picture, tables, sister):
    with Image.open(io.BytesIO(drawn.draw_png(sister, picture))) as image:
        assert image.info["Tables"] == drawn.checksum(sister, picture) != drawn.checksum(tables, picture)
    assert re.match(r"Left: .* Right: .*\.$", picture.words(sister))
