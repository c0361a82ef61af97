"""Public data is found, downloaded, verified by content and kept, or refused in one sentence (no network)."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import io
import re
import sys
import tempfile
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import casebook
from casebook.company.store import UnknownTableError
from casebook.contracts import Column
from casebook.public import Fact, NotHereError, Source, WrongDataError, fetching
from casebook.public.content import canonical, typed
from casebook.public.page import public_page

ROOT = Path(__file__).resolve().parents[1]

#: The teashop's sales as they are kept: written by hand, so that the hash is not the library's own word.
KEPT = b"code,tea,day,pieces,price\n007,Gr\xc3\xbcner Tee,2024-03-01,2,4.50\n010,,2024-12-31,-1,12.00\n"
#: The same, as the teashop publishes it.
PUBLISHED = (
    b"code;tea;day;pieces;price\r\n007; Gr\xc3\xbcner Tee ;3/1/2024;2;4.5\r\n010;;12/31/2024;-1;12\r\n"
)

TEASHOP = Source(
    name="teashop",
    title="Sales of a teashop",
    kind="real",
    about="Two sales.",
    limits="Made up for these tests.",
    licence="CC0",
    citation="Nobody (2024), Tea.",
    page="https://teashop.invalid/data",
    addresses=(),
    files=("tea sales.csv", "tea+sales.zip", "tea sales.xlsx"),
    grain="sale",
    columns=(
        Column("code", "text", "Article."),
        Column("tea", "text", "Its name.", nullable=True),
        Column("day", "date", "Day of the sale."),
        Column("pieces", "integer", "How many."),
        Column("price", "money", "Of one.", unit="EUR"),
    ),
    rows=2,
    facts=(Fact("sum of pieces", 1, lambda t: int(t["pieces"].sum())),),
    sha256=hashlib.sha256(KEPT).hexdigest(),
    separator=";",
)


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return made.getvalue()


def workbook() -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["code", "tea", "day", "pieces", "price"])
    book.active.append(["007", "Grüner Tee ", pd.Timestamp("2024-03-01").to_pydatetime(), 2, 4.5])
    book.active.append(["010", None, pd.Timestamp("2024-12-31").to_pydatetime(), -1, 12])
    book.save(made)
    return made.getvalue()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache of its own, and no folder named."""
    monkeypatch.setattr(fetching, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.delenv("CASEBOOK_DATA", raising=False)
    return tmp_path / "cache"


@pytest.fixture
def shop(cache, monkeypatch):
    """Make the teashop known, with these changes."""

    def know(**changes):
        source = replace(TEASHOP, **changes)
        monkeypatch.setattr(fetching, "SOURCES", {**fetching.SOURCES, "teashop": source})
        return source

    know()
    return know


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder that CASEBOOK_DATA names."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("CASEBOOK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


class Home:
    """A web server on this machine; `asked` lists what was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked, self.closed = folder, [], False
        handler = functools.partial(_Handler, self, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/{name}"

    def close(self) -> None:
        if not self.closed:
            self.server.shutdown()
            self.server.server_close()
        self.closed = True


class _Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, home, *args, **kwargs):
        self.home = home
        super().__init__(*args, **kwargs)

    def do_GET(self):
        self.home.asked.append(self.path)
        if self.path == "/half.csv":  # breaks off in the middle, as a line that drops does
            self.send_response(200)
            self.send_header("Content-Length", str(len(PUBLISHED)))
            self.end_headers()
            self.wfile.write(PUBLISHED[: len(PUBLISHED) // 2])
            self.close_connection = True
        else:
            super().do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def home(tmp_path, monkeypatch):
    (tmp_path / "www").mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Home(tmp_path / "www")
    yield server
    server.close()
    assert list((tmp_path / "temporary").iterdir()) == [], "a download left something behind"


def check_teashop(table: pd.DataFrame) -> None:
    assert table.columns.tolist() == ["code", "tea", "day", "pieces", "price"]
    assert table["code"].tolist() == ["007", "010"]
    assert table["tea"].tolist()[0] == "Grüner Tee"
    assert table["tea"].isna().tolist() == [False, True]
    assert table["day"].tolist() == [pd.Timestamp("2024-03-01"), pd.Timestamp("2024-12-31")]
    assert table["pieces"].tolist() == [2, -1]
    assert table["price"].tolist() == [4.5, 12.0]
    assert table.dtypes.astype(str).tolist() == ["str", "str", "datetime64[us]", "int64", "float64"]


def kept_files(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


# Download, verify, keep -----------------------------------------------------------------------------


def test_a_download_is_verified_typed_and_says_whom_to_cite(shop, home):
    (home.folder / "tea+sales.zip").write_bytes(zipped(tea_sales__csv=PUBLISHED))
    shop(addresses=(home.address("tea+sales.zip"),))
    table = casebook.fetch("teashop")
    check_teashop(table)
    assert table.attrs == {
        "citation": "Nobody (2024), Tea.",
        "licence": "CC0",
        "kind": "real",
        "page": "https://teashop.invalid/data",
    }


def test_a_second_call_needs_no_network(shop, home, cache):
    (home.folder / "tea.csv").write_bytes(PUBLISHED)
    shop(addresses=(home.address("tea.csv"),))
    first = casebook.fetch("teashop")
    (home.folder / "tea.csv").unlink()
    second = casebook.fetch("teashop")
    assert home.asked == ["/tea.csv"]
    pd.testing.assert_frame_equal(first, second)
    assert second.attrs == first.attrs
    (kept,) = kept_files(cache)
    assert gzip.decompress(kept.read_bytes()) == KEPT


def test_each_call_gives_a_table_of_its_own(shop, folder):
    (folder / "tea sales.csv").write_bytes(PUBLISHED)
    first = casebook.fetch("teashop")
    first.loc[0, "pieces"] = 99
    first.attrs["kind"] = "changed"
    again = casebook.fetch("teashop")
    check_teashop(again)
    assert again.attrs["kind"] == "real"


def test_a_download_with_wrong_content_is_refused_and_not_kept(shop, home, cache):
    (home.folder / "tea.csv").write_bytes(PUBLISHED.replace(b";-1;", b";-2;"))
    shop(addresses=(home.address("tea.csv"),))
    with pytest.raises(
        WrongDataError, match=r"/tea.csv gave is not .* teashop: sum of pieces: 0 instead of 1"
    ):
        casebook.fetch("teashop")
    assert kept_files(cache) == []


def test_a_page_in_place_of_the_file_is_refused_in_a_sentence(shop, home, cache):
    (home.folder / "tea.zip").write_bytes(b"<html>Please log in</html>")
    shop(addresses=(home.address("tea.zip"),))
    with pytest.raises(WrongDataError, match=r"it is no readable zip with a file 'tea sales.csv' in it"):
        casebook.fetch("teashop")
    assert kept_files(cache) == []


def test_when_one_address_fails_the_next_is_tried(shop, home):
    (home.folder / "tea.csv").write_bytes(PUBLISHED)
    (home.folder / "old.csv").write_bytes(b"nothing of use")
    addresses = [home.address(name) for name in ("gone.csv", "old.csv", "tea.csv")]
    shop(addresses=tuple(addresses))
    check_teashop(casebook.fetch("teashop"))
    assert home.asked == ["/gone.csv", "/old.csv", "/tea.csv"]


WHERE_TO = (
    r"Sales of a teashop is not here \(.*\): get 'tea sales.csv' from https://teashop.invalid/data and put "
    r"it into a folder, and let the environment variable CASEBOOK_DATA name it\."
)


def test_without_a_network_one_sentence_says_where_to_get_it_and_where_to_put_it(shop, home):
    shop(addresses=(home.address("tea.csv"),))
    home.close()
    with pytest.raises(NotHereError, match=f"^{WHERE_TO}$") as stop:
        casebook.fetch("teashop")
    assert "ConnectionError" in str(stop.value)
    assert stop.value.__context__ is None  # no traceback of the network in front of the sentence


def test_a_missing_page_gives_the_same_sentence(shop, home):
    shop(addresses=(home.address("tea.csv"),))
    with pytest.raises(NotHereError, match=f"^{WHERE_TO}$"):
        casebook.fetch("teashop")


def test_a_download_that_breaks_off_leaves_nothing_behind(shop, home, cache):
    shop(addresses=(home.address("half.csv"),))
    with pytest.raises(NotHereError, match=f"^{WHERE_TO}$"):
        casebook.fetch("teashop")
    assert home.asked == ["/half.csv"]
    assert kept_files(cache) == []


def test_where_there_is_no_address_the_sentence_says_so(shop, folder):
    with pytest.raises(
        NotHereError, match=r"no address gives it away without a login.* put it into .*data\.$"
    ):
        casebook.fetch("teashop")


def test_a_folder_that_is_not_there_is_named(shop, tmp_path, monkeypatch):
    monkeypatch.setenv("CASEBOOK_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(NotHereError, match=r"nowhere, and that is no folder; correct it or unset it\.$"):
        casebook.fetch("teashop")


def test_a_damaged_copy_in_the_cache_is_replaced(shop, folder, cache):
    (folder / "tea sales.csv").write_bytes(PUBLISHED)
    casebook.fetch("teashop")
    (kept,) = kept_files(cache)
    for damaged in (b"", b"no gzip", gzip.compress(KEPT[:-9]), kept.read_bytes()[:-9]):
        kept.write_bytes(damaged)
        check_teashop(casebook.fetch("teashop"))
        assert gzip.decompress(kept.read_bytes()) == KEPT


def test_a_cache_that_cannot_be_written_stops_nobody_and_keeps_nothing_half(shop, folder, cache, monkeypatch):
    def broken(self, target):
        raise OSError("disk full")

    (folder / "tea sales.csv").write_bytes(PUBLISHED)
    monkeypatch.setattr(Path, "replace", broken)
    check_teashop(casebook.fetch("teashop"))
    assert kept_files(cache) == []


# Files of a reader's own ----------------------------------------------------------------------------

CELLS = [line.split(b";") for line in PUBLISHED.replace(b"\r\n", b"\n").splitlines()]
TABS = b"\xef\xbb\xbf" + b"\n".join(b"\t".join(row) for row in CELLS)
AS_FLOATS = KEPT.replace(b",2,", b",2.0,").replace(b"4.50", b"4.5000").replace(b"-03-01", b"-03-01 00:00")
INNER = zipped(**{"folder/tea sales.csv": KEPT})
FORMS = {
    "tea sales.csv": PUBLISHED,
    "TEA_SALES.CSV": PUBLISHED.replace(b"\r\n", b"\n"),
    "deeper/tea+sales.csv": KEPT,
    "tea_sales.csv": TABS,
    "tea-sales.csv": PUBLISHED.decode().encode("cp1252"),
    "Tea Sales.csv": AS_FLOATS,
    "tea sales.xlsx": workbook(),
    "tea+sales.zip": zipped(other__csv=b"a,b", tea_sales__csv=PUBLISHED),
    "deeper/tea sales.zip": zipped(readme__txt=b"", notes__zip=zipped(a__txt=b""), inner__zip=INNER),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_same_data_passes_in_any_form(name, shop, folder):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(FORMS[name])
    check_teashop(casebook.fetch("teashop"))


def test_a_file_two_folders_deep_is_not_looked_for(shop, folder):
    (folder / "one" / "two").mkdir(parents=True)
    (folder / "one" / "two" / "tea sales.csv").write_bytes(PUBLISHED)
    with pytest.raises(NotHereError):
        casebook.fetch("teashop")


def hashed(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


@pytest.mark.parametrize("header", [b"", b"day pieces price\n"])
def test_a_file_without_a_header_is_read_by_place_even_if_somebody_added_one(header, shop, folder):
    known = hashed(b"day,pieces,price\n2024-03-01,2,4.50\n")
    shop(header=False, separator=r"\s+", columns=TEASHOP.columns[2:], sha256=known)
    (folder / "tea sales.csv").write_bytes(header + b" 20240301  2   4.5\r\n")
    assert casebook.fetch("teashop")["price"].tolist() == [4.5]
    assert casebook.fetch("teashop")["price"].tolist() == [4.5]  # now from the cache


def test_minutes_survive_where_the_source_has_them(shop, folder):
    known = hashed(b"day\n2010-12-01 08:26\n")
    shop(clock=True, columns=(Column("day", "date", "When."),), sha256=known)
    (folder / "tea sales.csv").write_bytes(b"day\n2010-12-01 08:25:59.999\n")
    assert casebook.fetch("teashop")["day"].tolist() == [pd.Timestamp("2010-12-01 08:26")]


FIRST = PUBLISHED.split(b"\r\n")[1] + b"\r\n"
WRONG = [
    (PUBLISHED + FIRST, "3 rows instead of 2; sum of pieces: 3 instead of 1"),
    (PUBLISHED.replace(b"pieces", b"qty"), r"it has no column 'pieces' \(1 of 5 are missing\)"),
    (PUBLISHED.replace(b";2;", b";two;"), "row 1 of its column pieces holds 'two', not a whole number"),
    (PUBLISHED.replace(b";2;", b";;"), "row 1 of its column pieces holds '', not a whole number"),
    (PUBLISHED.replace(b"3/1/", b"2/31/"), "row 1 of its column day holds '2/31/2024', not a date"),
    (PUBLISHED.replace(b"010", b"011"), "rows and totals agree, but single cells or their order differ"),
    (b"", "it is not a table of columns and rows"),
    (b"\x00\xff\xfe\x00", "it has no column 'code'"),
]


@pytest.mark.parametrize(("content", "says"), WRONG, ids=lambda value: str(value)[-25:])
def test_a_file_with_other_data_is_told_what_differs(content, says, shop, folder, cache):
    (folder / "tea sales.csv").write_bytes(content)
    with pytest.raises(
        WrongDataError, match=rf"tea sales.csv is not the data set Sales of a teashop: {says}"
    ):
        casebook.fetch("teashop")
    assert kept_files(cache) == []


@pytest.mark.parametrize("content", [PUBLISHED, b"", workbook()[:-99], zipped(a__txt=b"b")])
def test_an_excel_file_that_is_none_is_told_so(content, shop, folder):
    (folder / "tea sales.xlsx").write_bytes(content)
    with pytest.raises(WrongDataError, match="it is not an Excel workbook with a table in it"):
        casebook.fetch("teashop")


def damaged(archive: bytes) -> bytes:
    """The zip with one byte of its content changed."""
    at = archive.index(b"csv") + 9
    return archive[:at] + bytes([archive[at] ^ 255]) + archive[at + 1 :]


@pytest.mark.parametrize(
    "content", [PUBLISHED, b"", damaged(zipped(tea_sales__csv=PUBLISHED)), zipped(a__csv=KEPT)]
)
def test_a_zip_that_is_damaged_or_without_the_file_is_told_so(content, shop, folder):
    (folder / "tea+sales.zip").write_bytes(content)
    with pytest.raises(WrongDataError, match=r"it is no readable zip with a file 'tea sales.csv' in it"):
        casebook.fetch("teashop")


# Extras that are not installed ----------------------------------------------------------------------


def test_without_pooch_the_sentence_names_the_extra(shop, home, monkeypatch):
    shop(addresses=(home.address("tea.csv"),))
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(NotHereError, match=re.escape("pip install 'crm-casebook[data]'")) as stop:
        casebook.fetch("teashop")
    assert re.fullmatch(WHERE_TO, str(stop.value))
    assert home.asked == []


def test_without_pooch_a_file_that_is_there_is_read(shop, folder, monkeypatch):
    (folder / "tea sales.csv").write_bytes(PUBLISHED)
    monkeypatch.setitem(sys.modules, "pooch", None)
    check_teashop(casebook.fetch("teashop"))


def test_without_openpyxl_an_excel_file_names_the_extra(shop, folder, monkeypatch):
    (folder / "tea sales.xlsx").write_bytes(workbook())
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ModuleNotFoundError, match=re.escape("pip install 'crm-casebook[excel]'")):
        casebook.fetch("teashop")


def test_without_openpyxl_a_downloaded_workbook_names_the_extra_and_nothing_else(shop, home, monkeypatch):
    (home.folder / "tea.xlsx").write_bytes(workbook())
    shop(addresses=(home.address("tea.xlsx"),))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ModuleNotFoundError, match=r"^Reading tea.xlsx needs the extra 'excel': pip install"):
        casebook.fetch("teashop")


# The registry and its page --------------------------------------------------------------------------


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(
        UnknownTableError, match=r"did you mean 'wholesale'.* There are: online_retail, bank_"
    ):
        casebook.fetch("whole_sale")


def test_the_list_has_every_set_once():
    listed = casebook.public_data()
    assert listed.columns.tolist() == ["name", "title", "kind", "rows", "columns", "licence"]
    assert listed["name"].tolist() == list(fetching.SOURCES)
    assert set(listed["kind"]) == {"real", "vendor sample", "teaching case"}
    assert listed["name"].is_unique


@pytest.mark.parametrize("source", fetching.SOURCES.values(), ids=lambda s: s.name)
def test_what_is_known_of_a_set_is_complete(source):
    assert re.fullmatch("[0-9a-f]{64}", source.sha256)
    assert len(set(source.column_names)) == len(source.columns)
    assert source.facts
    assert all(fact.value for fact in source.facts)
    assert source.page.startswith("https://")
    assert all(address.startswith("https://") for address in source.addresses[:1])
    for text in (source.about, source.limits, source.licence, source.citation, source.grain):
        assert text.strip()
    assert source.kind == "real" or re.search("Nobody|Probably generated|Fictional", source.limits)


@pytest.mark.parametrize("source", fetching.SOURCES.values(), ids=lambda s: s.name)
def test_a_file_of_each_set_without_rows_is_told_so(source, cache, folder):
    empty = typed(source, pd.DataFrame({name: pd.Series(dtype="str") for name in source.column_names}))
    name = next(name for name in source.files if name.endswith((".csv", ".txt", ".data")))
    (folder / name).write_bytes(canonical(source, empty))
    told = re.escape(f"{source.title}: 0 rows instead of {source.rows:,}; ")
    with pytest.raises(WrongDataError, match=told):
        casebook.fetch(source.name)


def test_the_page_of_public_data_is_printed_from_the_registry():
    stored = (ROOT / "datasets" / "PUBLIC.md").read_text(encoding="utf-8")
    assert stored == public_page(), "make data writes it again"


@pytest.mark.parametrize("source", fetching.SOURCES.values(), ids=lambda s: s.name)
def test_the_page_says_of_each_set_where_it_is_how_to_cite_it_and_what_it_holds(source):
    page = public_page()
    (section,) = re.findall(rf"^## {source.name}: .*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    for text in (source.licence, source.citation, source.page, source.limits, *source.addresses):
        assert text in section
    for column in source.columns:
        assert f"| `{column.name}` | {column.kind}" in section
    (link,) = re.findall(rf"\[`{source.name}`\]\(#(.*?)\)", page)
    heading = section.splitlines()[0].removeprefix("## ")
    assert link == re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
