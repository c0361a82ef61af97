"""Read delimited text: settle the encoding and the delimiter, then bring the mapped cells of every line.

Neither is guessed. The encoding is the one that the file's first bytes declare, or UTF-8 if every line is;
the delimiter is the one with which a line near the top holds all the mapped columns.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import IO

import pandas as pd
from tqdm import tqdm

from casebook.report.cells import HEADER_WITHIN, Cells, header_line, need_columns, progress
from casebook.report.messages import printable, stop

__all__ = ["Source", "read_text"]

#: Tried when none is given.
DELIMITERS = (",", ";", "\t", "|")
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte-order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32, by its byte-order mark"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32, by its byte-order mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16, by its byte-order mark"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16, by its byte-order mark"),
)
#: Offered, never chosen, when a file is not UTF-8.
CANDIDATES = ("gb18030", "big5", "shift_jis", "cp1251", "cp1252")
_SEP_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_WIDE = ("utf-16", "utf-32")


@dataclass(frozen=True)
class Source:
    """A text file, or the one in a zip file; it can be opened any number of times.

    >>> Source(Path("sales.csv")).name
    'sales.csv'
    """

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """The file's name, without its folder."""
        return self.path.name

    @property
    def size(self) -> int:
        """Bytes, unpacked."""
        if self.member is None:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(self.member).file_size

    def open(self) -> IO[bytes]:
        """A stream of bytes from the start."""
        if self.member is None:
            return self.path.open("rb")
        with zipfile.ZipFile(self.path) as archive:
            return archive.open(self.member)


def read_text(
    source: Source, mapping: Mapping[str, str], delimiter: str | None, encoding: str | None
) -> Cells:
    r"""Bring the mapped cells of delimited text.

    Parameters
    ----------
    source : Source
    mapping : mapping of role to column
    delimiter, encoding : str, optional
        Settled from the file if not given.

    Returns
    -------
    Cells

    Raises
    ------
    CannotRead
        If the text cannot be decoded, a column is missing, a quoted cell does not end, or more than one
        delimiter is possible.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "sales.txt")
    ...     _ = path.write_text("who|net\n\nAda|3\nBo|4|5\n", encoding="utf-8")
    ...     read_text(Source(path), {"customer_id": "who", "amount": "net"}, None, None).table
       line customer_id amount                       ragged
    0     3         Ada      3
    1     4          Bo      4  3 cells, the header has 2
    """
    codec, in_words = _find_encoding(source, encoding)
    delimiter, header, names = _find_header(source, codec, list(mapping.values()), delimiter)
    take = [names.index(column) for column in mapping.values()]
    rows, blank = _collect(source, codec, delimiter, header, take, len(names))
    if not rows:
        raise stop("no_lines", file=source.name)
    notes = [("encoding", in_words), ("delimiter", _DELIMITER_NAMES.get(delimiter, repr(delimiter)))]
    if header > 1:
        notes.append(("header", f"line {header}; what stands above it is not read"))
    if blank:
        notes.append(("blank lines", f"{blank:,} passed over"))
    return Cells(pd.DataFrame(rows, columns=["line", *mapping, "ragged"], dtype=object), notes)


def _find_encoding(source: Source, given: str | None) -> tuple[str, str]:
    """The codec, and how it was settled, in words."""
    with source.open() as stream:
        head = stream.read(4)
    if given is not None:
        codec, words = _known_codec(given), f"{given}, as told"
    else:
        codec, words = next(
            ((codec, words) for mark, codec, words in _MARKS if head.startswith(mark)), ("utf-8", "UTF-8")
        )
    bad = _first_bad_line(source, codec)
    if bad is None:
        return codec, words
    line, text = bad
    if b"\0" in text and not codec.startswith(_WIDE):
        raise stop("nul", file=source.name, line=line)
    if given is not None or codec != "utf-8":
        raise stop("not_encoding", file=source.name, line=line, encoding=given or words)
    fitting = [name for name in CANDIDATES if _first_bad_line(source, name) is None]
    rows = [
        f"--encoding {name} reads line {line} as: {printable(text.decode(name).strip()[:80])}"
        for name in fitting
    ]
    offered = f" ({', '.join(fitting)} can read it)" if fitting else ""
    raise stop("not_utf8", rows, file=source.name, line=line, candidates=offered)


def _known_codec(given: str) -> str:
    try:
        "".encode(given)
    except (LookupError, UnicodeError, ValueError) as error:
        raise stop("unknown_encoding", encoding=given) from error
    name = codecs.lookup(given).name
    return "utf-8-sig" if name == "utf-8" else name


def _first_bad_line(source: Source, codec: str) -> tuple[int, bytes] | None:
    """The first line that cannot be decoded or holds a NUL byte; None if there is none."""
    with source.open() as stream:
        if codec.startswith(_WIDE):  # its line ends are no single bytes: try it whole
            try:
                deque(codecs.iterdecode(stream, codec), maxlen=0)
            except UnicodeError:
                return 1, b""
            return None
        for number, line in enumerate(stream, 1):
            try:
                line.decode(codec)
            except UnicodeDecodeError:
                return number, line
            if b"\0" in line:
                return number, line
    return None


def _find_header(
    source: Source, codec: str, columns: list[str], given: str | None
) -> tuple[str, int, list[str]]:
    """The delimiter, the number of the header's last line, and the names in it."""
    with source.open() as stream, io.TextIOWrapper(stream, encoding=codec, newline="") as lines:
        top = list(islice(lines, 10 * HEADER_WITHIN))
    told = _SEP_LINE.fullmatch(top[0].strip()) if top else None
    if given is None and told:
        given = told[1]
    tried = DELIMITERS if given is None else (_one_character(given),)
    records = {delimiter: list(_records(top, delimiter)) for delimiter in tried}
    found = {d: header_line(rows, columns) for d, rows in records.items()}
    settled = {d: hit for d, hit in found.items() if hit is not None}
    if len(settled) > 1:
        raise stop(
            "which_delimiter", file=source.name, found=" and ".join(_DELIMITER_NAMES[d] for d in settled)
        )
    if not settled:
        best = max(records.values(), key=lambda rows: _best_match(rows, columns)[0], default=[])
        need_columns(_best_match(best, columns)[1], columns, source.name)
    (delimiter, (line, names)), *_ = settled.items()
    need_columns(names, columns, source.name)
    return delimiter, line, names


def _one_character(delimiter: str) -> str:
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter.lower(), delimiter)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise stop("bad_delimiter", delimiter=delimiter)
    return delimiter


def _records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The first records that are not blank, each with the number of its last line."""
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for record in islice(reader, HEADER_WITHIN):
            yield reader.line_num, [cell.strip() for cell in record]
    except csv.Error:  # with another delimiter, or reported when the lines are collected
        return


def _best_match(
    rows: Sequence[tuple[int, list[str]]], columns: Sequence[str]
) -> tuple[tuple[int, int], list[str]]:
    """How well the best row would do for a header: the columns in it, then its width."""
    scored = [((len(set(columns) & set(names)), len([n for n in names if n])), names) for _, names in rows]
    best: tuple[tuple[int, int], list[str]] = max(scored, key=itemgetter(0), default=((0, 0), []))
    return best


def _collect(
    source: Source, codec: str, delimiter: str, header: int, take: Sequence[int], width: int
) -> tuple[list[tuple[object, ...]], int]:
    """One row per line that is not blank: its number, the cells wanted, what is wrong with their number."""
    rows: list[tuple[object, ...]] = []
    blank = 0
    pick = itemgetter(*take) if len(take) > 1 else lambda record: (record[take[0]],)
    with source.open() as stream, progress(f"Reading {source.name}", source.size, "B") as bar:
        lines = io.TextIOWrapper(stream, encoding=codec, newline="")
        for _ in range(header):
            next(lines)
        reader = csv.reader(_watched(lines, stream, bar), delimiter=delimiter, strict=True)
        line = 1
        try:
            for record in reader:
                if len(record) == width and record[0].strip():
                    rows.append((header + line, *pick(record), ""))
                elif not "".join(record).strip():
                    blank += 1
                else:
                    rows.append((header + line, *pick(record + [""] * width), _ragged(record, width)))
                line = reader.line_num + 1
        except csv.Error as error:
            raise stop("quotes", file=source.name, line=header + line) from error
    return rows, blank


def _watched(lines: Iterable[str], stream: IO[bytes], bar: tqdm) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number % 20_000 == 0:
            bar.update(stream.tell() - bar.n)
        yield line


def _ragged(record: Sequence[str], width: int) -> str:
    """Empty cells at the end of a line do no harm; any other difference may have moved the cells."""
    if len(record) == width or (len(record) > width and not "".join(record[width:]).strip()):
        return ""
    return f"{len(record)} cell{'s' * (len(record) > 1)}, the header has {width}"
