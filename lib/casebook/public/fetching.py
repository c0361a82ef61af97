"""`fetch` a public data set: from the cache, from the folder that CASEBOOK_DATA names, or from its home."""

from __future__ import annotations

import difflib
import gzip
import io
import os
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pandas as pd

from casebook.company.store import UnknownTableError, cache_folder
from casebook.public.content import canonical, checksum, typed, verify
from casebook.public.files import find_file, read_cells
from casebook.public.model import Source, WrongDataError
from casebook.public.others import CDNOW, LEAD_SCORING, RECEIVABLES, SUPERSTORE, TELCO_CHURN
from casebook.public.uci import BANK_MARKETING, GERMAN_CREDIT, ONLINE_RETAIL, WHOLESALE

__all__ = ["SOURCES", "NotHereError", "fetch", "public_data"]

#: What the course knows, in the order of `public_data`.
SOURCES: Mapping[str, Source] = {
    source.name: source
    for source in (
        ONLINE_RETAIL, BANK_MARKETING, GERMAN_CREDIT, WHOLESALE, CDNOW, TELCO_CHURN, RECEIVABLES, SUPERSTORE,
        LEAD_SCORING,
    )
}  # fmt: skip


class NotHereError(FileNotFoundError):
    """The data is not here and cannot be downloaded; the message says where to get it and where to put it."""


def fetch(name: str) -> pd.DataFrame:
    """Load a public data set, typed and verified by its content; it is never part of the course itself.

    It is looked for in the user's cache, then under any of its known names in the folder that the environment
    variable CASEBOOK_DATA names (and the folders directly inside), and is downloaded from its public home
    where it is in neither. What was read and verified once is kept in the cache.

    Parameters
    ----------
    name : str
        One of `public_data()["name"]`.

    Returns
    -------
    DataFrame
        Columns as the source names them; `datasets/PUBLIC.md` says what they hold. Its `attrs` hold
        "citation", "licence", "kind" (as in `public_data`) and "page", the public home.

    Raises
    ------
    UnknownTableError
        If the course knows no such data set (a KeyError).
    NotHereError
        If the data is not here and could not be downloaded; the message says where to get it and where to
        put it (a FileNotFoundError).
    WrongDataError
        If there is a file, but not with the right data; the message says what differs (a ValueError).

    Examples
    --------
    >>> fetch("online_retial")
    Traceback (most recent call last):
        ...
    casebook.company.store.UnknownTableError: There is no public data set 'online_retial'; did you mean \
'online_retail'? There are: online_retail, bank_marketing, german_credit, wholesale, cdnow, telco_churn, \
receivables, superstore, lead_scoring.
    """
    if name not in SOURCES:
        near = difflib.get_close_matches(str(name), SOURCES, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        raise UnknownTableError(
            f"There is no public data set {name!r}{hint} There are: {', '.join(SOURCES)}."
        )
    source = SOURCES[name]
    table = _cached(source)
    if table is None:
        folder = _named_folder()
        path = find_file(folder, source.files) if folder else None
        table = _read(source, path, str(path)) if path else _download(source, folder)
    table.attrs = {word: getattr(source, word) for word in ("citation", "licence", "kind", "page")}
    return table


def public_data() -> pd.DataFrame:
    """List the public data sets that `fetch` knows.

    Returns
    -------
    DataFrame of shape (n_sets, 6)
        name, title, kind ("real", "vendor sample" or "teaching case"), rows, columns (numbers), licence.

    Examples
    --------
    >>> public_data().query("kind == 'real'")[["name", "rows"]]
                 name    rows
    0   online_retail  541909
    1  bank_marketing   45211
    2   german_credit    1000
    3       wholesale     440
    4           cdnow    6919
    """
    return pd.DataFrame(
        {
            "name": source.name,
            "title": source.title,
            "kind": source.kind,
            "rows": source.rows,
            "columns": len(source.columns),
            "licence": source.licence,
        }
        for source in SOURCES.values()
    )


def _named_folder() -> Path | None:
    named = os.environ.get("CASEBOOK_DATA")
    if not named:
        return None
    if not Path(named).is_dir():
        raise NotHereError(f"CASEBOOK_DATA names {named}, and that is no folder; correct it or unset it.")
    return Path(named)


# The cache ------------------------------------------------------------------------------------------


def _cache_file(source: Source) -> Path:
    """Where the verified table is kept; its name changes with what the course knows of the content."""
    return cache_folder() / "public" / f"{source.name}-{source.sha256[:12]}.csv.gz"


def _cached(source: Source) -> pd.DataFrame | None:
    """The table as it was kept, if it is there and whole."""
    try:
        content = gzip.decompress(_cache_file(source).read_bytes())
    except (OSError, EOFError, ValueError):
        return None
    if checksum(content) != source.sha256:
        return None
    return typed(source, pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False))


def _keep(source: Source, content: bytes) -> None:
    """Write the verified table to the cache, whole or not at all; without it, the next call is slower."""
    path = _cache_file(source)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=path.parent) as made:
            new = Path(made) / path.name
            new.write_bytes(gzip.compress(content, 6, mtime=0))
            new.replace(path)
    except OSError:
        return


# Reading and downloading ----------------------------------------------------------------------------


def _read(source: Source, path: Path, called: str) -> pd.DataFrame:
    """Read a file, verify what it holds, and keep it."""
    try:
        table = typed(source, read_cells(source, path))
        content = canonical(source, table)
        verify(source, table, content)
    except WrongDataError as error:
        raise WrongDataError(f"{called} is not the data set {source.title}: {error}.") from None
    _keep(source, content)
    return table


def _download(source: Source, folder: Path | None) -> pd.DataFrame:
    """Download from the first address that answers with the right data; nothing else is left behind."""
    reasons: list[str] = []
    wrong: WrongDataError | None = None
    if not source.addresses:
        reasons = ["no address gives it away without a login"]
    elif find_spec("pooch") is None:
        reasons = ["downloading needs the extra 'data': pip install 'crm-casebook[data]'"]
    for address in source.addresses if not reasons else ():
        with tempfile.TemporaryDirectory(prefix="casebook-") as made:
            try:
                path = _retrieve(address, Path(made))
            except (OSError, ValueError) as error:  # every failure of the network is one of these
                reasons.append(f"{urlsplit(address).hostname} gave nothing ({type(error).__name__})")
                continue
            try:
                return _read(source, path, f"What {address} gave")
            except WrongDataError as error:
                wrong = error
    if wrong:
        raise wrong
    raise NotHereError(_how_to_get(source, folder, "; ".join(dict.fromkeys(reasons))))


def _retrieve(address: str, folder: Path) -> Path:
    import pooch

    pooch.get_logger().setLevel("WARNING")  # it would announce a hash that nobody needs
    fetcher = pooch.HTTPDownloader(progressbar=sys.stderr.isatty(), timeout=30)
    name = unquote(urlsplit(address).path).rpartition("/")[2]
    return Path(pooch.retrieve(address, known_hash=None, fname=name, path=folder, downloader=fetcher))


def _how_to_get(source: Source, folder: Path | None, reason: str) -> str:
    into = str(folder) if folder else "a folder, and let the environment variable CASEBOOK_DATA name it"
    file = f"{source.files[0]!r} from {source.page}"
    return f"{source.title} is not here ({reason}): get {file} and put it into {into}."
