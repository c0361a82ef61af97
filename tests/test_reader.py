"""The reader of own files: what it reads, what it refuses, and that it never guesses."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.report import CannotRead, read_lines
from casebook.report.dates import dates
from casebook.report.numbers import numbers
from casebook.report.parse import NO_CUSTOMER, customers

NET = {"customer_id": "who", "amount": "net"}
DATED = {**NET, "date": "day"}


@pytest.fixture
def save(tmp_path):
    """Write bytes or text to a file and give its path."""

    def write(content, name="sales.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def damaged() -> bytes:
    packed = bytearray(zipped({"a.csv": b"who,net\n" + b"".join(b"Ada,%d\n" % n for n in range(999))}))
    packed[200] ^= 0xFF
    return bytes(packed)


def locked() -> bytes:
    """A zip file whose headers say that its member is encrypted."""
    packed = bytearray(zipped({"a.csv": b"who,net\nAda,7\n"}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def workbook(path, sheets: dict[str, list[list]]):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def column(*cells) -> pd.Series:
    return pd.Series(cells, index=range(2, len(cells) + 2), dtype=object)


# What is read ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_with_which_the_header_holds_the_columns(save, delimiter):
    lines = read_lines(save(f"who{delimiter}net\nAda{delimiter}7\n"), NET)
    assert lines.table.loc[2].tolist() == ["Ada", 7.0]


def test_another_delimiter_can_be_told_by_the_caller_or_by_the_file(save):
    assert read_lines(save("who~net\nAda~7\n"), NET, {"delimiter": "~"}).table["amount"].tolist() == [7.0]
    assert read_lines(save("sep=^\nwho^net\nAda^7\n"), NET).table["amount"].tolist() == [7.0]
    assert read_lines(save("who\tnet\nAda\t7\n"), NET, {"delimiter": "tab"}).table["amount"].tolist() == [7.0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_encoding_that_the_file_declares_is_read_without_being_told(save, encoding):
    lines = read_lines(
        save("who,净额\n上海,7\n", encoding=encoding), {"customer_id": "who", "amount": "净额"}
    )
    assert lines.table["customer_id"].tolist() == ["上海"]


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "cp1252", "utf-8"])
def test_an_encoding_that_is_told_is_used(save, encoding):
    who = "Müller" if encoding == "cp1252" else "上海"
    lines = read_lines(save(f"who,net\n{who},7\n", encoding=encoding), NET, {"encoding": encoding})
    assert lines.table["customer_id"].tolist() == [who]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_numbers_are_those_of_the_file(save, ends):
    text = ends.join(["Sales 2024", "", "who,net,note", 'Ada,7,"two', 'lines"', "", ",,", "Bo,8,", ""])
    lines = read_lines(save(text), NET)
    assert lines.table.index.tolist() == [4, 8]
    assert lines.reading.set_index("what")["how"]["blank lines"] == "2 passed over"


def test_quoted_cells_may_hold_delimiters_and_quotation_marks(save):
    lines = read_lines(save('who,net\n"Ada, ""the first""",7\n'), NET)
    assert lines.table["customer_id"].tolist() == ['Ada, "the first"']


def test_a_zip_file_with_one_csv_is_read_whatever_a_mac_adds(save):
    packed = zipped({"sales.csv": b"who,net\nAda,7\n", "__MACOSX/._sales.csv": b"x"})
    assert read_lines(save(packed, "sales.zip"), NET).table["amount"].tolist() == [7.0]


def test_a_file_is_known_by_its_content_not_by_its_name(tmp_path):
    path = workbook(tmp_path / "sales.csv", {"Data": [["who", "net"], ["Ada", 7]]})
    assert read_lines(path, NET).table["amount"].tolist() == [7.0]


def test_excel_cells_come_typed_and_ids_without_a_decimal(tmp_path):
    rows = [
        ["Report"],
        [],
        ["who", "day", "net"],
        [17850.0, dt.datetime(2024, 4, 3), 7.5],
        ["007", None, "n/a"],
    ]
    lines = read_lines(workbook(tmp_path / "s.xlsx", {"Data": rows}), DATED)
    assert lines.table.index.tolist() == [4, 5]  # as Excel shows them
    assert lines.table["customer_id"].tolist() == ["17850", "007"]
    assert lines.table.loc[4, "date"] == pd.Timestamp("2024-04-03")
    assert lines.table.loc[4, "amount"] == 7.5
    assert lines.unreadable[5] == "amount is not a number; date is blank"


def test_a_sheet_that_states_a_wrong_size_is_read_whole(tmp_path):
    path = workbook(tmp_path / "right.xlsx", {"Data": [["who", "net"], ["Ada", 7], ["Bo", 8]]})
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sheet = files["xl/worksheets/sheet1.xml"]
    assert b'<dimension ref="A1:B3"' in sheet
    files["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:B3"', b'ref="A1"')
    (tmp_path / "wrong.xlsx").write_bytes(zipped(files))
    assert read_lines(tmp_path / "wrong.xlsx", NET).table["amount"].tolist() == [7.0, 8.0]


def test_the_only_sheet_with_the_columns_is_read(tmp_path):
    sheets = {"Notes": [["hello"]], "Data": [["who", "net"], ["Ada", 7]]}
    lines = read_lines(workbook(tmp_path / "s.xlsx", sheets), NET)
    assert ("sheet", "Data") in lines.reading.itertuples(index=False, name=None)


def test_parquet_is_read_with_its_types(tmp_path):
    frame = pd.DataFrame(
        {
            "who": pd.array([17850, None], "Int64"),
            "day": pd.to_datetime(["2024-04-03"] * 2),
            "net": [0.1, np.nan],
        }
    )
    frame.to_parquet(tmp_path / "s.parquet")
    lines = read_lines(tmp_path / "s.parquet", DATED)
    assert lines.table["customer_id"].tolist()[0] == "17850"
    assert lines.table["customer_id"].isna().tolist() == [False, True]
    assert lines.unreadable.tolist() == ["", "amount is blank"]


def test_a_list_or_a_truth_value_in_parquet_is_no_number(tmp_path):
    pd.DataFrame({"who": ["Ada", "Bo"], "net": [[1], [2]]}).to_parquet(tmp_path / "s.parquet")
    assert read_lines(tmp_path / "s.parquet", NET).unreadable.tolist() == ["amount is not a number"] * 2
    pd.DataFrame({"who": ["Ada", "Bo"], "net": [True, False]}).to_parquet(tmp_path / "s.parquet")
    assert read_lines(tmp_path / "s.parquet", NET).unreadable.tolist() == ["amount is not a number"] * 2


# Customers ------------------------------------------------------------------------------------------


def test_ids_keep_their_leading_zeros_and_lose_the_blanks_around_them():
    assert customers(column("007", " 7 ", "A 1")).values.tolist() == ["007", "7", "A 1"]


def test_an_id_that_passed_through_a_decimal_is_the_same_customer():
    assert customers(column("17850.0", "17850")).values.nunique() == 1


def test_ids_with_true_decimals_are_left_alone():
    assert customers(column("3.0", "3.1")).values.tolist() == ["3.0", "3.1"]


@pytest.mark.parametrize("cell", sorted(NO_CUSTOMER))
def test_a_word_for_nothing_is_no_customer(cell):
    assert customers(column(cell, f" {cell} ")).values.isna().all()


def test_a_customer_may_be_called_null():
    assert customers(column("Null", "none", "Nan")).values.tolist() == ["Null", "none", "Nan"]


def test_ids_that_a_spreadsheet_has_shortened_are_not_taken_for_one_customer():
    assert customers(column("1.23457E+11", "ok")).problems.tolist() == [
        "a number shortened by a spreadsheet",
        "",
    ]


# Numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("1,234.50", None, 1234.5),
        ("1.234,50", None, 1234.5),
        ("1 234,5", None, 1234.5),
        ("1\u202f234,5", None, 1234.5),
        ("1'234.50", None, 1234.5),
        ("1,234,567", None, 1234567),
        ("1.234.567", None, 1234567),
        ("0,125", None, 0.125),  # no one writes 125 so
        (".5", None, 0.5),
        ("1,234", ".", 1234),
        ("1,234", ",", 1.234),
        ("1.234", ",", 1234),
        ("¥1,234.50", None, 1234.5),
        ("￥１２．５", None, 12.5),
        ("12.50 €", None, 12.5),
        ("RMB 12.50", None, 12.5),
        ("12.50元", None, 12.5),
        ("-$12.50", None, -12.5),
        ("$-12.50", None, -12.5),
        ("(12.50)", None, -12.5),
        ("($12.50)", None, -12.5),
        ("12.50-", None, -12.5),
        ("\u221212.50", None, -12.5),
        ("+12.50", None, 12.5),
        ("1e-05", None, 1e-05),
        ("1.5E+3", None, 1500),
        ("007", None, 7),
    ],
)
def test_a_number_is_read_as_people_write_it(cell, decimal, number):
    read = numbers(column(cell), "net", decimal)
    assert read.problems.tolist() == [""]
    assert read.values.tolist() == [number]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "blank"),
        ("  ", "blank"),
        ("n/a", "not a number"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("-Infinity", "not a number"),
        (float("inf"), "too large a number"),
        (float("nan"), "not a number"),
        ("12 %", "a percentage"),
        ("--5", "not a number"),
        ("(-5)", "not a number"),
        ("(5", "not a number"),
        ("1_000", "not a number"),
        ("0x10", "not a number"),
        ("1,23,4", "not a number"),
        ("12.50 each", "not a number"),
        ("1.2.3", "not a number"),
        ("²", "not a number"),
        ("٣", "not a number"),
        ("9" * 400, "too large a number"),
        ("1e99", "too large a number"),
        ("TRUE", "not a number"),
        (dt.datetime(2024, 1, 1), "not a number"),
        ("#REF!", "not a number"),
    ],
)
def test_what_is_no_number_is_said_to_be_none(cell, reason):
    read = numbers(column(cell, "1.5"), "net")
    assert read.problems.tolist() == [reason, ""]
    assert np.isnan(read.values.iloc[0])


def test_another_cell_of_the_column_settles_the_decimal_mark():
    assert numbers(column("1,234", "0.50"), "net").values.tolist() == [1234, 0.5]
    assert numbers(column("1,234", "0,5"), "net").values.tolist() == [1.234, 0.5]


def test_a_decimal_mark_that_nothing_settles_is_asked_for():
    with pytest.raises(CannotRead, match=r"'1,234' \(line 3\), which is 1234 .* and 1.234 .*--decimal"):
        numbers(column("7", "1,234"), "net")


def test_both_decimal_marks_in_one_column_are_refused_unless_one_is_told():
    with pytest.raises(CannotRead, match=r"'12.5' in line 2, '12,55' in line 3"):
        numbers(column("12.5", "12,55"), "net")
    assert numbers(column("12.5", "12,55"), "net", ".").problems.tolist() == ["", "not a number"]


# Dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("2024-03-05", None),
        ("2024/3/5", None),
        ("2024.03.05", None),
        ("20240305", None),
        (20240305, None),
        ("2024年3月5日", None),
        ("5 March 2024", None),
        ("March 5, 2024", None),
        ("05-Mar-2024", None),
        ("5-Mar-24", "dmy"),
        ("5/3/2024", "dmy"),
        ("3/5/2024", "mdy"),
        ("05.03.24", "dmy"),
        ("24-03-05", "ymd"),
        (dt.date(2024, 3, 5), None),
    ],
)
def test_a_date_is_read_as_people_write_it(cell, order):
    read = dates(column(cell), "day", order)
    assert read.problems.tolist() == [""]
    assert read.values.tolist() == [pd.Timestamp("2024-03-05")]


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2024-03-05 08:26", "08:26"),
        ("2024-03-05T08:26:09", "08:26:09"),
        ("2024-03-05T08:26:09.123Z", "08:26:09"),
        ("2024-03-05 08:26:09+02:00", "08:26:09"),
        ("5 Mar 2024 8:26 pm", "20:26"),
        ("5 Mar 2024 12:26 AM", "00:26"),
    ],
)
def test_a_time_may_follow_the_day(cell, time):
    assert dates(column(cell), "day").values.tolist() == [pd.Timestamp(f"2024-03-05 {time}")]


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/2024",
        "2023-02-29",
        "13/13/2024",
        "0000-00-00",
        "9999-12-31",
        "1024-01-01",
        "n/a",
        "45000",
        45000.5,
        "5 Brumaire 2024",
        "2024-03",
        "08:26",
        "2024-03-05 25:00",
        "2024-03-05 13:00 pm",
        "5-3/2024",
        "2024-03-05x",
    ],
)
def test_what_is_no_date_is_said_to_be_none(cell):
    read = dates(column(cell, "2024-03-05"), "day")
    assert read.problems.tolist() == ["not a date", ""]


def test_one_date_settles_the_order_of_the_column():
    assert dates(column("3/4/2024", "25/12/2024"), "day").values.iloc[0] == pd.Timestamp("2024-04-03")
    assert dates(column("3/4/2024", "12/25/2024"), "day").values.iloc[0] == pd.Timestamp("2024-03-04")
    assert dates(column("3/4/24", "99/12/25"), "day", None).values.iloc[0] == pd.Timestamp("2003-04-24")


def test_an_order_that_nothing_settles_is_asked_for():
    with pytest.raises(CannotRead, match=r"3 April 2024 or 4 March 2024: say --date-order dmy or mdy"):
        dates(column("5/5/2024", "3/4/2024"), "day")


def test_a_typed_date_is_a_day_in_any_order_and_text_among_typed_ones_is_told():
    cells = column(dt.datetime(2024, 3, 5), dt.date(2024, 3, 5), "25/12/2024")
    read = dates(cells, "day", "dmy")
    assert read.problems.tolist() == ["", "", ""]
    assert "may have swapped day and month" in read.note
    assert "swapped" not in dates(cells[:2], "day").note


def test_days_that_are_the_same_in_any_order_need_no_settling():
    assert dates(column("5/5/2024"), "day").problems.tolist() == [""]


@pytest.mark.parametrize("second", ["12/25/2024", "2024-12-25"])
def test_a_mixture_that_no_order_reads_is_refused_unless_one_is_told(second):
    cells = column("25/12/2024", second)
    with pytest.raises(CannotRead, match="No single order reads all dates in column 'day'"):
        dates(cells, "day")
    assert dates(cells, "day", "dmy").problems.tolist() == ["", "not a date in the order dmy"]


# Whole files that are refused -----------------------------------------------------------------------

HOSTILE = {
    "an empty file": (b"", {}, "sales.csv is empty"),
    "a header alone": (b"who,net\n", {}, "a header but no line below it"),
    "blank lines alone": (b"\n\n\n", {}, "has no column 'who'"),
    "a missing column": (
        b"Who,netto\nAda,7\n",
        {},
        "no column 'who'. Did you mean 'Who'? It has: Who, netto",
    ),
    "prose": (b"Dear all,\nplease find below\n", {}, "has no column 'who'"),
    "a name twice": (b"who,net,net\nAda,7,8\n", {}, "'net' stands 2 times in the header"),
    "two delimiters": (b"who,net,a;who;net\nAda,7\n", {}, "say which with --delimiter"),
    "a long delimiter": (b"who,net\n", {"delimiter": "::"}, "is not one character"),
    "the wrong delimiter": (b"who,net\nAda,7\n", {"delimiter": ";"}, "It has: who,net"),
    "NUL bytes": (b"who,net\nA\0da,7\n", {}, "NUL bytes (line 2)"),
    "UTF-16 without a mark": ("who,net\nAda,7\n".encode("utf-16-le"), {}, "--encoding utf-16-le"),
    "a Chinese encoding": ("who,net\n上海,7\n".encode("gb18030"), {}, "not UTF-8 (line 2)"),
    "a wrong encoding": ("who,net\n上海,7\n".encode(), {"encoding": "ascii"}, "is not ascii (line 2)"),
    "an unknown encoding": (b"who,net\n", {"encoding": "klingon"}, "There is no encoding 'klingon'"),
    "no text encoding": (b"who,net\n", {"encoding": "base64"}, "There is no encoding 'base64'"),
    "half a UTF-16 letter": ("who,net\n".encode("utf-16") + b"x", {}, "UTF-16"),
    "an open quotation mark": (b'who,net\nAda,7\n"Bo,8\nCy,9\n', {}, "does not end well (line 3)"),
    "text after a quoted cell": (b'who,net\n"A"da,7\n', {}, "does not end well (line 2)"),
    "two files in a zip": (zipped({"a.csv": b"x", "b.csv": b"x"}), {}, "holds 2 files (a.csv, b.csv)"),
    "nothing in a zip": (zipped({}), {}, "a zip file with nothing in it"),
    "an empty file in a zip": (zipped({"a.csv": b""}), {}, "a.csv in sales.csv is empty"),
    "Excel in a zip": (zipped({"a.xlsx": b"x"}), {}, "holds a.xlsx, which is not text"),
    "a damaged zip": (zipped({"a.csv": b"who,net\n" + b"Ada,7\n" * 99})[:60], {}, "is damaged"),
    "a zip with a wrong byte": (damaged(), {}, "is damaged"),
    "a locked zip": (locked(), {}, "is locked with a password"),
    "a header called PK": (b"PK,net\n1,2\n", {}, "no column 'who'"),
    "a damaged Excel file": (zipped({"xl/workbook.xml": b"<"}), {}, "is damaged"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", {}, "save it as .xlsx"),
    "gzip": (b"\x1f\x8b\x08\x00", {}, "unpack it first"),
    "a damaged Parquet file": (b"PAR1 not really", {}, "is damaged"),
    "a sheet of a CSV": (b"who,net\nAda,7\n", {"sheet": "Data"}, "--sheet says how to read an Excel file"),
    "an order that is none": (
        b"who,net\nAda,7\n",
        {"date_order": "dym"},
        "--date-order must be dmy or mdy or ymd",
    ),
    "a decimal that is none": (b"who,net\nAda,7\n", {"decimal": ";"}, "--decimal must be . or ,"),
}


@pytest.mark.parametrize(("content", "how", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(save, content, how, said):
    with pytest.raises(CannotRead) as caught:
        read_lines(save(content), NET, how)
    assert said in caught.value.sentence
    assert "\n" not in caught.value.sentence


def test_candidates_for_an_encoding_are_shown_as_they_would_read(save):
    with pytest.raises(CannotRead) as caught:
        read_lines(save("who,net\n上海,7\n", encoding="gb18030"), NET)
    assert "--encoding gb18030 reads line 2 as: 上海,7" in caught.value.rows


def test_a_file_that_is_not_there_is_refused_with_the_nearest_name(save):
    path = save("who,net\n")
    with pytest.raises(CannotRead, match=r"no file sale.csv. Did you mean 'sales.csv'\?"):
        read_lines(path.with_name("sale.csv"), NET)
    with pytest.raises(CannotRead, match="is a folder"):
        read_lines(path.parent, NET)


def test_several_sheets_with_the_columns_are_asked_for(tmp_path):
    rows = [["who", "net"], ["Ada", 7]]
    path = workbook(tmp_path / "s.xlsx", {"2023": rows, "2024": rows})
    with pytest.raises(CannotRead, match=r"on 2 sheets \(2023, 2024\): say which with --sheet"):
        read_lines(path, NET)
    assert len(read_lines(path, NET, {"sheet": "2024"}).table) == 1
    with pytest.raises(CannotRead, match="no sheet '2025'"):
        read_lines(path, NET, {"sheet": "2025"})
    with pytest.raises(CannotRead, match="--encoding says how to read text"):
        read_lines(path, NET, {"encoding": "utf-8"})


def test_two_columns_that_cannot_be_settled_are_named_together(save):
    with pytest.raises(CannotRead, match=r"'net' .*--decimal.* Also: .*'day' .*--date-order"):
        read_lines(save('who,net,day\nAda,"1,234",3/4/2024\n'), DATED)


# Lines that are not as they should be ---------------------------------------------------------------


def test_a_line_with_another_number_of_cells_is_not_trusted(save):
    lines = read_lines(save("who,net,day\nAda,7,2024-01-01,\nBo,8,2024-01-01,oops\nTotal,15\n"), DATED)
    assert lines.unreadable.tolist() == ["", "4 cells, the header has 3", "2 cells, the header has 3"]


def test_a_line_with_several_reasons_has_all_of_them(save):
    lines = read_lines(save("who,net,day\n,n/a,31/2/2024\nAda,1,2024-01-01\n"), DATED)
    assert lines.unreadable[2] == "amount is not a number; date is not a date"


def test_every_mapped_column_is_checked_even_without_a_customer(save):
    assert read_lines(save("who,net\n,n/a\n"), NET).unreadable.tolist() == ["amount is not a number"]


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"customer": "who"}, "no field 'customer' to map. Did you mean 'customer_id'"),
        ({"customer_id": ""}, "customer_id is mapped to nothing"),
        ({"customer_id": "net", "amount": "net"}, "'net' is mapped to customer_id and amount"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(save, mapping, said):
    with pytest.raises(CannotRead) as caught:
        read_lines(save("who,net\nAda,7\n"), mapping)
    assert said in caught.value.sentence


# There and back -------------------------------------------------------------------------------------

MONEY = st.decimals(min_value=-99_999_999, max_value=99_999_999, places=2)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8).filter(
    lambda name: name not in NO_CUSTOMER and not any(letter.isdigit() for letter in name)
)


def in_words(money, decimal: str, thousands: str) -> str:
    return f"{money:,.2f}".replace(",", "~").replace(".", decimal).replace("~", thousands)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(NAMES, DAYS, MONEY), min_size=1, max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    decimal=st.sampled_from([".", ","]),
    thousands=st.sampled_from(["", " ", "'", "other"]),
    order=st.sampled_from(["dmy", "mdy", "ymd"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
def test_a_clean_table_comes_back_from_any_way_of_writing_it(
    tmp_path_factory, rows, delimiter, decimal, thousands, order, encoding
):
    thousands = {"other": "," if decimal == "." else "."}.get(thousands, thousands)
    pattern = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%Y-%m-%d"}[order]
    frame = pd.DataFrame(rows, columns=["who", "day", "net"])
    written = frame.assign(
        day=[day.strftime(pattern) for day in frame["day"]],
        net=[in_words(money, decimal, thousands) for money in frame["net"]],
    )
    path = tmp_path_factory.getbasetemp() / "there_and_back.csv"
    written.to_csv(path, sep=delimiter, index=False, encoding=encoding)
    how = {"delimiter": delimiter, "decimal": decimal, "date_order": order, "encoding": encoding}
    lines = read_lines(path, DATED, how)
    assert lines.unreadable.eq("").all()
    assert lines.table["customer_id"].tolist() == frame["who"].tolist()
    assert lines.table["amount"].tolist() == [float(money) for money in frame["net"]]
    assert lines.table["date"].dt.date.tolist() == frame["day"].tolist()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_the_reader_fail_otherwise_than_by_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any_bytes.csv"
    for start in (b"", b"who,net\n", b"PK\x03\x04", b"PAR1", b"\xff\xfe"):
        path.write_bytes(start + content)
        try:
            read_lines(path, NET)
        except CannotRead as error:
            assert "\n" not in error.sentence  # noqa: PT017 - some bytes are a table, and then nothing is raised


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=12))
def test_no_text_at_all_is_read_as_a_number_or_date_by_surprise(text):
    read = numbers(column(text), "net", ".")
    assert (read.problems.iloc[0] == "") == bool(np.isfinite(read.values.iloc[0]))
    day = dates(column(text), "day", "dmy")
    assert (day.problems.iloc[0] == "") == bool(day.values.notna().iloc[0])
