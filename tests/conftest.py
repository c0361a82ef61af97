"""What all tests share: order, real data where it is, a browser, and a JupyterLab for it to visit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import matplotlib as mpl
import pytest
from lab_driver import running_lab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]

mpl.use("agg")  # in this process only: notebooks keep their own way of showing pictures
hypothesis.settings.register_profile("everyday", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "everyday")

# Real data ------------------------------------------------------------------------------------------

os.environ.pop("CASEBOOK_HOME", None)  # the tests are about the shipped company
_beside = ROOT.parent / "shared" / "data"
if _beside.is_dir():
    os.environ.setdefault("CASEBOOK_DATA", str(_beside))  # the notebooks' kernels see it too
REAL_DATA = Path(os.environ["CASEBOOK_DATA"]) if os.environ.get("CASEBOOK_DATA") else None
HAVE_REAL_DATA = REAL_DATA is not None and REAL_DATA.is_dir()
collect_ignore_glob = [
    "benchmarks/*",
    "explorers/*",
    "peers/*",
    "support/*",
]  # scripts, run by tests and by make peers
if not HAVE_REAL_DATA:
    collect_ignore_glob.append("test_real_data*.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, then notebooks, then the browser; real-data notebooks only where the data is."""
    companions = ROOT / "notebooks" / "real_data"
    if not HAVE_REAL_DATA:
        items[:] = [item for item in items if companions not in item.path.parents]
    items.sort(key=_slowness)


def _slowness(item: pytest.Item) -> int:
    if item.path.suffix == ".ipynb":
        return 2
    if {"page", "browser"} & set(getattr(item, "fixturenames", ())):
        return 3
    return 1 if item.path.name.startswith("test_real_data") else 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line whether the real data took part."""
    if HAVE_REAL_DATA:
        terminalreporter.write_line(
            f"Real data: found in {REAL_DATA}; its tests and notebooks are part of this."
        )
    else:
        terminalreporter.write_line(
            "Real data: not here, so its tests and notebooks were not collected; "
            "CASEBOOK_DATA names the folder that holds it."
        )


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Give the folder whose subfolders hold the real data sets."""
    assert REAL_DATA is not None
    return REAL_DATA


# A real browser on a real JupyterLab ----------------------------------------------------------------

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_BROWSER = (
    "The browser tests need Chromium, and none was found. Debian: sudo apt-get install chromium. "
    "Elsewhere: install Chrome or Chromium, or run .venv/bin/playwright install chromium, "
    "or let CASEBOOK_CHROMIUM name the program."
)


def find_chromium(playwrights_own: str = "") -> str:
    """Give the path of a Chromium, or fail with the ways to get one."""
    named = os.environ.get("CASEBOOK_CHROMIUM", "")
    found = [named] if named else [*(shutil.which(name) or "" for name in BROWSERS), playwrights_own]
    for path in found:
        if path and Path(path).exists():
            return path
    pytest.fail(NO_BROWSER, pytrace=False)


@pytest.fixture(scope="session")
def find_browser() -> Callable[[str], str]:
    """Give `find_chromium` itself, for the test of what it says."""
    return find_chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run one headless Chromium for the whole session."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = find_chromium(playwright.chromium.executable_path)
        running = playwright.chromium.launch(executable_path=program, headless=True, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a fresh page, 1200 pixels wide, that shares nothing with the last test's."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="en-GB")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def lab_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy notebooks/ and datasets/ to a folder that the browser may change."""
    root = tmp_path_factory.mktemp("lab")
    for name in ("notebooks", "datasets"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return root


@pytest.fixture(scope="session")
def lab_url(lab_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a JupyterLab on `lab_root`, without a token, and give its base URL (no slash at the end)."""
    with running_lab(lab_root, tmp_path_factory.mktemp("jupyter")) as url:
        yield url
