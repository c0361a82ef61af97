"""The ABC report on an own file: what counts, what stands apart, what stops, and what is written."""

from __future__ import annotations

import csv
import html.parser
import random
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.classification import abc as classify
from casebook.report import FILES, CannotRead, abc
from casebook.report.write import spreadsheet_safe, write_all

NET = {"customer_id": "who", "amount": "net"}
PIECES = {"customer_id": "who", "qty": "n", "unit_price": "price"}
EVIL = [
    '=HYPERLINK("http://example.invalid","x")',
    "<script>alert(1)</script>",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "a&b",
]


@pytest.fixture
def save(tmp_path):
    def write(text, name="sales.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def messy(save):
    """Seven lines: two of Ada, a return that leaves Bo with nothing, one of Cy below zero, one of no one."""
    return save("who,net\nAda,70\nAda,10.10\nBo,0.30\nBo,-0.10\nBo,-0.20\nCy,-5\n,9\n")


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


class Page(html.parser.HTMLParser):
    """The tags, the addresses and the visible text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.text = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"src", "href", "srcset"}]
        if tag == "img":
            self.alt = dict(attrs)["alt"]

    def handle_data(self, data):
        self.text.append(data)


# What counts ----------------------------------------------------------------------------------------


def test_customers_are_classified_by_what_their_lines_add_up_to(messy):
    report = abc(messy, NET, returns="net")
    assert report.customers[["customer_id", "value", "abc_value"]].to_numpy().tolist() == [["Ada", 80.1, "A"]]
    assert report.classes["customers"].tolist() == [1, 0, 0]


def test_money_is_added_exactly_so_that_a_balance_of_zero_is_zero(messy):
    report = abc(messy, NET, returns="net")
    assert report.no_balance["customer_id"].tolist() == ["Bo", "Cy"]
    assert report.no_balance["value"].tolist() == [0, -5]


def test_lines_without_a_customer_are_set_aside_and_counted(messy):
    report = abc(messy, NET, returns="net")
    assert report.set_aside.to_numpy().tolist() == [[8, "no customer", "", "9"]]
    assert "lines set aside: 1 of 7 (those without a customer add up to 9.00)" in report.sentences[2]


def test_negative_lines_of_no_one_are_not_said_to_be_added_up(save):
    report = abc(save("who,net\nAda,70\nAda,-1\n,-2\n"), NET, returns="net")
    assert report.sentences[2].endswith("negative lines added up with the rest: 1.")
    assert "add up to -2.00" in report.sentences[2]


def test_returns_can_be_left_out_instead(messy):
    report = abc(messy, NET, returns="exclude")
    assert report.customers["value"].tolist() == [80.1, 0.3]
    assert report.set_aside["reason"].tolist() == ["negative amount"] * 3 + ["no customer"]


def test_pieces_times_price_is_the_amount(save):
    report = abc(save("who,n,price\nAda,3,0.10\nAda,-1,0.10\nBo,1,0.05\n"), PIECES, returns="net")
    assert dict(zip(report.customers["customer_id"], report.customers["value"], strict=True)) == {
        "Ada": 0.2,
        "Bo": 0.05,
    }


def test_a_minus_before_pieces_and_price_is_not_taken_for_a_sale(save):
    path = save("who,n,price\nAda,3,0.10\nBo,-2,-7\n")
    with pytest.raises(CannotRead, match="1 x qty and unit_price are both negative"):
        abc(path, PIECES, returns="net")
    assert abc(path, PIECES, set_aside="unreadable").customers["customer_id"].tolist() == ["Ada"]


def test_a_negative_price_makes_a_negative_amount(save):
    with pytest.raises(
        CannotRead, match=r"1 of 2 lines of sales\.csv have a negative amount: say --returns net"
    ):
        abc(save("who,n,price\nAda,3,0.10\nBo,2,-7\n"), PIECES)


@settings(max_examples=25, deadline=None)
@given(
    lines=st.lists(
        st.tuples(st.sampled_from(["Ada", "Bo", "Cy", "Di", ""]), st.integers(-999, 9999)),
        min_size=1,
        max_size=30,
    ).filter(lambda lines: any(who == "Ada" and net > 0 for who, net in lines)),
    seed=st.randoms(use_true_random=False),
)
def test_the_order_of_the_lines_changes_nothing(tmp_path_factory, lines, seed: random.Random):
    path = tmp_path_factory.getbasetemp() / "shuffled.csv"
    lines = [*lines, ("Ada", 10_000_000)]
    tables = []
    for _ in range(2):
        path.write_text(
            "who,net\n" + "".join(f"{who},{net / 100:.2f}\n" for who, net in lines), encoding="utf-8"
        )
        report = abc(path, NET, returns="net")
        tables.append((report.customers, report.classes, report.no_balance, report.sentences))
        seed.shuffle(lines)
    for first, second in zip(tables[0][:3], tables[1][:3], strict=True):
        pd.testing.assert_frame_equal(first, second)
    assert tables[0][3] == tables[1][3]


def test_the_report_says_what_the_library_says(save):
    values = {f"C{i:02}": 1000 // i for i in range(1, 41)}
    report = abc(save("who,net\n" + "".join(f"{who},{net}\n" for who, net in values.items())), NET)
    table = pd.DataFrame({"customer_id": values.keys(), "value": values.values()})
    pd.testing.assert_frame_equal(
        report.customers, classify(table, "value", "customer_id"), check_dtype=False, check_index_type=False
    )


def test_the_finding_has_three_sentences_with_its_numbers(save):
    report = abc(save("who,net\n" + "".join(f"C{i:02},{1000 // i}\n" for i in range(1, 41))), NET, unit="EUR")
    best, total = report.classes.iloc[0], report.classes["value"].sum()
    assert report.sentences[0] == (
        f"Class A is {best['customers']} of 40 customers ({best['customer_share']:.1%}): they bring "
        f"{best['value_share']:.1%} of {total:,.2f} EUR in all."
    )
    tenth = report.customers["value"].head(4).sum() / total
    assert f"The best tenth (4) brings {tenth:.1%}" in report.sentences[1]
    assert report.sentences[2].startswith("Be careful: all 40 lines were used")


def test_the_untidy_export_that_we_ship_gives_up_its_planted_flaws():
    """The counts are those of its card, datasets/messy_sales_export.md."""
    file = Path(__file__).parents[1] / "datasets" / "messy_sales_export.csv"
    columns = {
        "customer_id": "Client code",
        "date": "Invoice date",
        "qty": "Pieces",
        "unit_price": "Net price",
    }
    with pytest.raises(
        CannotRead, match=r"3 of 491 lines .* cannot be read .*; and 9 of 491 lines .* negative"
    ):
        abc(file, columns)
    report = abc(file, columns, returns="net", set_aside="unreadable")
    assert report.set_aside["reason"].value_counts().to_dict() == {
        "no customer": 12,
        "date is not a date": 1,
        "unit_price is not a number": 1,
        "no customer; date is blank; unit_price is blank": 1,
    }
    assert report.no_balance["reason"].tolist() == ["value exactly zero", "value below zero"]
    assert (report.customers["customer_id"].str.len() == 5).all()  # leading zeros are kept


# What stops -----------------------------------------------------------------------------------------


def test_unreadable_cells_stop_with_the_count_and_the_first_lines(save):
    path = save("who,net\nAda,70\nBo,n/a\nCy,\n,12 %\n")
    with pytest.raises(CannotRead) as caught:
        abc(path, NET)
    assert caught.value.sentence.startswith(
        "3 of 4 lines of sales.csv cannot be read (1 x amount is not a number, 1 x amount is blank, "
        "1 x amount is a percentage)"
    )
    assert "--set-aside unreadable" in caught.value.sentence
    assert caught.value.rows[0] == "line 3, customer_id='Bo' amount='n/a': amount is not a number"


def test_unreadable_lines_are_set_aside_when_that_is_said(save):
    report = abc(save("who,net\nAda,70\nBo,n/a\n,12 %\n,5\n"), NET, set_aside="unreadable")
    assert report.set_aside[["line", "reason"]].to_numpy().tolist() == [
        [3, "amount is not a number"],
        [4, "no customer; amount is a percentage"],
        [5, "no customer"],
    ]


def test_a_line_whose_cells_may_have_moved_is_set_aside_for_that_alone(save):
    report = abc(save("who,net,note\nAda,70,\nTotal,70\nBo,1,000,50\n"), NET, set_aside="unreadable")
    assert report.customers["customer_id"].tolist() == ["Ada"]
    assert report.set_aside["reason"].tolist() == ["2 cells, the header has 3", "4 cells, the header has 3"]


def test_negative_amounts_stop_even_where_no_one_is_the_customer(save):
    with pytest.raises(CannotRead, match=r"1 of 2 lines of sales.csv have a negative amount"):
        abc(save("who,net\nAda,70\n,-1\n"), NET)


def test_negative_amounts_are_not_unreadable(save):
    with pytest.raises(CannotRead, match=r"--returns net .* --returns exclude"):
        abc(save("who,net\nAda,70\nBo,-1\n"), NET, set_aside="unreadable")


def test_all_that_stops_is_said_at_once(save):
    with pytest.raises(
        CannotRead, match=r"1 of 3 lines .* cannot be read .*; and 1 of 3 lines .* negative amount"
    ):
        abc(save("who,net\nAda,70\nBo,x\nCy,-1\n"), NET)


def test_a_column_that_is_mapped_is_checked_needed_or_not(save):
    with pytest.raises(CannotRead, match="date is not a date"):
        abc(save("who,net,day\nAda,70,soon\n"), {**NET, "date": "day"})


@pytest.mark.parametrize(
    ("mapping", "options", "said"),
    [
        ({"amount": "net"}, {}, "customer_id is not mapped"),
        ({"customer_id": "who"}, {}, "No column with money is mapped"),
        ({"customer_id": "who", "qty": "net"}, {}, "No column with money is mapped"),
        ({**NET, "qty": "n", "unit_price": "price"}, {}, "leave out one way"),
        (NET, {"returns": "ignore"}, "--returns must be net or exclude, not 'ignore'"),
        (NET, {"date_ordr": "dmy"}, "no option 'date_ordr'. Did you mean 'date_order'?"),
        (NET, {"set_aside": "all"}, "--set-aside must be unreadable, not 'all'"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_the_file_is_opened(mapping, options, said):
    with pytest.raises(CannotRead) as caught:
        abc("there_is_no_such_file.csv", mapping, **options)
    assert said in caught.value.sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("who,net\n,70\nnan,5\n", "None of the 2 lines of sales.csv can be used (2 x no customer)"),
        ("who,net\nAda,-70\nBo,0\n", "None of the 2 customers in sales.csv has a value above zero"),
    ],
)
def test_nothing_to_classify_is_said(save, text, said):
    with pytest.raises(CannotRead) as caught:
        abc(save(text), NET, returns="net")
    assert said in caught.value.sentence


# What is written ------------------------------------------------------------------------------------


def test_the_four_files_hold_what_the_report_holds(messy, tmp_path):
    abc(messy, NET, returns="net").write(tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)
    assert rows(tmp_path / "out/abc.csv") == [
        ["customer_id", "value", "share", "cum_share", "abc_value"],
        ["Ada", "80.1", "1.0", "1.0", "A"],
    ]
    assert rows(tmp_path / "out/no_balance.csv") == [
        ["customer_id", "value", "reason"],
        ["Bo", "0.0", "value exactly zero"],
        ["Cy", "-5.0", "value below zero"],
    ]
    assert rows(tmp_path / "out/set_aside.csv") == [
        ["line", "reason", "customer_id", "amount"],
        ["8", "no customer", "", "9"],
    ]


def test_the_same_file_gives_the_same_bytes(messy, tmp_path):
    for out in ("one", "two"):
        abc(messy, NET, returns="net").write(tmp_path / out)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_other_files_in_the_folder_are_left_alone_and_old_results_replaced(messy, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("keep")
    (out / "abc.csv").write_text("old")
    abc(messy, NET, returns="net").write(out)
    assert (out / "mine.txt").read_text() == "keep"
    assert rows(out / "abc.csv")[1][0] == "Ada"
    assert sorted(path.name for path in out.iterdir()) == sorted([*FILES, "mine.txt"])


def test_if_one_file_cannot_be_written_all_old_ones_stay(tmp_path):
    (tmp_path / "one.csv").write_text("old")
    with pytest.raises(CannotRead, match="Nothing can be written"):
        write_all(tmp_path, {"zero.csv": "new", "one.csv": "new", "no/such/folder.csv": "new"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"one.csv": "old"}


def test_a_replacement_that_fails_half_way_is_taken_back(tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    (out / "one.csv").write_text("old one")
    (out / "two.csv").write_text("old two")
    replace = Path.replace

    def open_in_a_spreadsheet(self, target):
        if self.parent.name == "new" and self.name == "two.csv":
            raise PermissionError(13, "open elsewhere")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", open_in_a_spreadsheet)
    with pytest.raises(CannotRead, match="open elsewhere"):
        write_all(out, {"zero.csv": "new", "one.csv": "new", "two.csv": "new"})
    assert {path.name: path.read_text() for path in out.iterdir()} == {
        "one.csv": "old one",
        "two.csv": "old two",
    }


def test_a_folder_that_was_made_for_nothing_is_taken_away(tmp_path):
    with pytest.raises(CannotRead):
        write_all(tmp_path / "a" / "b", {"no/such/folder.csv": "new"})
    assert list(tmp_path.iterdir()) == []


def test_csv_with_other_than_ascii_letters_opens_right_in_a_spreadsheet(save, tmp_path):
    abc(save("who,net\n上海,7\n"), NET).write(tmp_path / "out")
    assert (tmp_path / "out/abc.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert not (tmp_path / "out/no_balance.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", ["=1", "+a", "-a", "@a", "\ta", "\ra", "-", "-1-1", "+49 170"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert spreadsheet_safe(text) == "'" + text


@pytest.mark.parametrize("text", ["-1", "+1.5", "-1,5", "1=1", "a@b", "", "007"])
def test_plain_numbers_and_harmless_text_stay(text):
    assert spreadsheet_safe(text) == text


@pytest.fixture
def evil(tmp_path):
    path = tmp_path / "a & <b>.csv"
    table = pd.DataFrame({"who <i>": [*EVIL, "Ada", "=1+1"], "net": [9, 8, 7, 6, 5, 4, 3, -1]}, dtype=object)
    table.loc[len(table)] = ["", "=cmd"]
    table.to_csv(path, index=False)
    mapping = {"customer_id": "who <i>", "amount": "net"}
    return abc(path, mapping, returns="net", set_aside="unreadable", unit='"><u>R&B</u>')


def test_no_cell_of_the_data_runs_in_a_spreadsheet(evil, tmp_path):
    evil.write(tmp_path / "out")
    cells = [cell for name in FILES[:3] for row in rows(tmp_path / "out" / name) for cell in row]
    assert "'" + EVIL[0] in cells
    assert "'=cmd" in cells
    starts = [
        cell for cell in cells if cell[:1] in set("=+-@\t\r") and not re.fullmatch(r"-?\d+(\.\d+)?", cell)
    ]
    assert starts == []


def test_no_cell_of_the_data_runs_in_a_page(evil, tmp_path):
    evil.write(tmp_path / "out")
    page = Page((tmp_path / "out/report.html").read_text(encoding="utf-8"))
    assert not {"script", "i", "b", "u", "a", "iframe", "link"} & set(page.tags)
    text = "".join(page.text)
    for name in EVIL:
        assert name in text
    assert "ABC analysis of a & <b>.csv" in text
    assert '"><u>R&B</u>' in text
    assert not {"script", "i", "b", "u", "a"} & set(Page(evil._repr_html_()).tags)


def test_the_page_needs_nothing_from_elsewhere(messy, tmp_path):
    abc(messy, NET, returns="net").write(tmp_path / "out")
    text = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert len(page.links) == 2
    assert all(link.startswith("data:image/png;base64,") for link in page.links)
    assert "://" not in text
    assert "@import" not in text


def test_the_page_says_what_was_found_set_aside_and_how_it_was_read(messy, tmp_path):
    report = abc(messy, NET, returns="net", unit="EUR", decimal=".")
    report.write(tmp_path / "out")
    page = Page((tmp_path / "out/report.html").read_text(encoding="utf-8"))
    text = "".join(page.text)
    for said in [*report.sentences, "no customer", "value exactly zero", "decimal point, as told", "comma"]:
        assert said in text
    assert "casebook report abc sales.csv --map customer_id=who --map amount=net --returns net" in text
    assert len(page.alt) > 40


@pytest.mark.parametrize("unit", ["$", "€", "元", "R&B", "{x}", ""])
def test_any_currency_can_be_written(unit, messy, tmp_path, recwarn):
    report = abc(messy, NET, returns="net", unit=unit)
    report.write(tmp_path / "out")
    assert f"of 80.10{' ' * bool(unit)}{unit} in all." in repr(report)
    assert not [warning for warning in recwarn if "missing from font" in str(warning.message)]


def test_a_notebook_shows_the_finding_and_the_classes(messy):
    report = abc(messy, NET, returns="net")
    shown = Page(report._repr_html_())
    assert "table" in shown.tags
    assert report.sentences[0] in "".join(shown.text)
    assert repr(report) == " ".join(report.sentences)
