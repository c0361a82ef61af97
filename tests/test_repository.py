"""The house rules: pins that agree, commands that exist, documents that point somewhere, notebooks as run."""

from __future__ import annotations

import ast
import datetime
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from casebook.course.lessons import pictures

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11.0", "3.11.9", "3.12.0", "3.13.0")
#: What `make lab` installs; the tests' tools and the engines come with `make env`.
LAB_EXTRAS = ("lab", "excel", "data")
CONDA_NAMES = {"matplotlib": "matplotlib-base", "duckdb": "python-duckdb"}


def direct(*extras: str) -> list[Requirement]:
    """Every requirement that pyproject.toml itself states: the core and these extras."""
    project = PYPROJECT["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


def pins(lock: str) -> list[tuple[Requirement, list[str]]]:
    """Every pin of a lock file, with its hashes."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    found = []
    for block in re.split(r"\n(?=\S)", text.strip()):
        first, *rest = [line.rstrip("\\ ") for line in block.splitlines()]
        found.append((Requirement(first), re.findall(r"--hash=(\S+)", " ".join(rest))))
    return found


def version_of(pin: Requirement) -> str:
    (only,) = pin.specifier
    assert only.operator == "==", f"{pin} is not an exact version"
    return only.version


def extras_of_everything() -> list[str]:
    return [name for name in PYPROJECT["project"]["optional-dependencies"] if name != "all"]


# Requirements ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["lab.txt", "all.txt"])
def test_a_lock_stores_checksums_and_no_download_address(lock):
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?://|file:|--index|--find-links|git\+| @ ", text)
    for pin, hashes in pins(lock):
        assert hashes, f"{pin.name} has no checksum"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(("lock", "extras"), [("lab.txt", LAB_EXTRAS), ("all.txt", None)])
def test_every_direct_dependency_is_pinned_once_within_its_bounds(lock, extras, python):
    short = ".".join(python.split(".")[:2])
    here = {"python_version": short, "python_full_version": python}
    wanted = direct(*(extras or extras_of_everything()))
    wanted += [Requirement(line) for line in PYPROJECT["build-system"]["requires"]]
    for requirement in wanted:
        same = [p for p, _ in pins(lock) if canonicalize_name(p.name) == canonicalize_name(requirement.name)]
        held = [version_of(p) for p in same if p.marker is None or p.marker.evaluate(here)]
        assert len(held) == 1, f"{requirement.name} has {len(held)} pins in {lock} for Python {python}"
        assert requirement.specifier.contains(held[0]), f"{requirement} but {lock} pins {held[0]}"


def test_the_two_locks_agree():
    everything = {str(pin): hashes for pin, hashes in pins("all.txt")}
    for pin, hashes in pins("lab.txt"):
        assert everything.get(str(pin)) == hashes, f"{pin} differs between lab.txt and all.txt"


def test_every_direct_dependency_has_a_lower_and_an_upper_bound():
    for requirement in direct(*(name for name in extras_of_everything() if name != "test")):
        kinds = {part.operator for part in requirement.specifier}
        assert kinds == {">=", "<"}, f"{requirement} should have both bounds"


def test_the_extra_all_holds_every_other_extra():
    (line,) = PYPROJECT["project"]["optional-dependencies"]["all"]
    assert Requirement(line).extras == set(extras_of_everything())


def test_the_conda_environment_states_the_same_names_and_bounds():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    stated = {r.name: r.specifier for r in (Requirement(line) for line in conda if isinstance(line, str))}
    assert stated.pop("pip") == SpecifierSet()
    assert stated.pop("python") == SpecifierSet(PYPROJECT["project"]["requires-python"])
    ours = {CONDA_NAMES.get(r.name, r.name): r.specifier for r in direct("lab", "engines", "excel", "data")}
    assert stated == ours
    assert [line for line in conda if isinstance(line, dict)] == [{"pip": ["-e ."]}]


# Commands -------------------------------------------------------------------------------------------


@pytest.fixture
def bootstrap() -> ModuleType:
    """Load bootstrap.py afresh, so that a test may point it elsewhere."""
    spec = spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_make_and_bootstrap_have_the_same_commands(bootstrap):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: help (.*)$", makefile, re.MULTILINE)
    (rule,) = re.findall(r"^(.*):\n\t@\$\(PYTHON\) bootstrap.py \$@", makefile, re.MULTILINE)
    assert phony.split() == rule.split() == list(bootstrap.COMMANDS)


def test_help_explains_every_command(bootstrap):
    shown = subprocess.run(
        [sys.executable, ROOT / "bootstrap.py", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for name, function in bootstrap.COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(function.__doc__)}$", shown, re.MULTILINE)


def test_an_unknown_command_ends_with_code_2_and_a_usage_line():
    ended = subprocess.run(
        [sys.executable, ROOT / "bootstrap.py", "dance"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "dance" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("version", [(3, 8, 10), (3, 10, 13), (3, 14, 0)])
def test_a_python_out_of_range_is_told_which_one_to_use(bootstrap, version):
    with pytest.raises(bootstrap.SetupError, match=r"needs Python 3.11 to 3.13.*make env PYTHON=python3.12"):
        bootstrap.check_python(version, which=lambda name: name == "python3.12")
    with pytest.raises(bootstrap.SetupError, match="install one"):
        bootstrap.check_python(version, which=lambda name: None)


@pytest.mark.parametrize("absent", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_debian_package(bootstrap, absent):
    with pytest.raises(bootstrap.SetupError, match="apt-get install python3-venv"):
        bootstrap.check_python((3, 11, 2), find_spec=lambda name: name != absent)


def test_the_oldest_and_newest_python_are_those_of_the_package(bootstrap):
    allowed = SpecifierSet(PYPROJECT["project"]["requires-python"])
    (low, high) = (bootstrap.OLDEST, bootstrap.NEWEST)
    assert [f"3.{n}.1" in allowed for n in (low[1] - 1, low[1], high[1], high[1] + 1)] == [
        False,
        True,
        True,
        False,
    ]


def test_bootstrap_can_be_read_by_an_old_python():
    ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.fixture
def house(bootstrap, tmp_path, monkeypatch):
    """A bootstrap whose environment is an empty folder with its own lock files."""
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    locks = {name: tmp_path / f"{name}.txt" for name in ("lab", "all")}
    for path in locks.values():
        path.write_text("one==1")
    monkeypatch.setattr(bootstrap, "LOCKS", locks)
    return bootstrap


def test_an_unchanged_environment_is_not_installed_again(house, monkeypatch):
    house.stamp("all").write_text(house.digest("all"))
    monkeypatch.setattr(house, "run", lambda *_, **__: pytest.fail("something was run"))
    house.prepare("all")
    house.prepare("lab")  # "all" holds "lab"


@pytest.mark.parametrize(("installed", "wanted"), [("lab", "all"), (None, "lab"), (None, "all")])
def test_a_smaller_environment_is_not_taken_for_the_larger(house, installed, wanted):
    if installed:
        house.stamp(installed).write_text(house.digest(installed))
    assert not house.is_ready(wanted)


def test_new_pins_make_the_environment_stale(house):
    house.stamp("all").write_text(house.digest("all"))
    assert house.is_ready("all")
    house.LOCKS["all"].write_text("one==2")
    assert not house.is_ready("all")


def test_the_continuous_integration_runs_make_test():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111, ".ci/run is not executable"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert lines[-1] == "make test"
    packages = (ROOT / ".ci" / "apt.txt").read_text(encoding="utf-8").split("\n")
    assert {"python3-venv", "make", "git", "chromium"} <= set(packages)


def test_without_chromium_the_browser_tests_say_how_to_get_it(find_browser, monkeypatch):
    monkeypatch.delenv("CASEBOOK_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        find_browser("")
    monkeypatch.setenv("CASEBOOK_CHROMIUM", sys.executable)
    assert find_browser("") == sys.executable


# Documents ------------------------------------------------------------------------------------------


def tracked() -> list[Path]:
    """Every file that belongs to the project, committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def texts() -> list[tuple[Path, str]]:
    binary = {".png", ".xlsx", ".parquet", ".zip", ".gz", ".woff2"}
    return [(path, path.read_text(encoding="utf-8")) for path in tracked() if path.suffix not in binary]


#: Tests whose own examples are such places.
LOOK_FOR_PLACES = ("tests/test_repository.py", "tests/test_lessons.py", "tests/support/hostile.py")


def test_no_file_names_a_place_on_somebodys_machine():
    own_place = re.compile(r"(?<![\w.])/(home|root|Users|work|tmp/[a-z])\b[/\w]*|\bC:\\Users\b")
    found = [(str(p.relative_to(ROOT)), m[0]) for p, text in texts() for m in own_place.finditer(text)]
    found = [(path, place) for path, place in found if path not in LOOK_FOR_PLACES]
    assert found == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_and_commands_of_the_documents_exist(bootstrap, name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (ROOT / target).exists(), f"{name} links to {target}, which does not exist"
    for command in re.findall(r"`make ([a-z]+)|^make ([a-z]+)", text, re.MULTILINE):
        assert "".join(command) in bootstrap.COMMANDS, f"{name} speaks of make {''.join(command)}"
    for alt in re.findall(r"!\[([^\]]*)\]", text):
        assert len(alt) > 40, f"{name} has a picture without words for those who cannot see it"


def fenced(kind: str) -> list[str]:
    return re.findall(
        rf"^```{kind}\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )


def test_the_python_of_the_readme_runs_as_it_stands():
    (code,) = fenced("python")
    names: dict[str, object] = {}
    exec(code, names)
    assert set(names["classes"]["abc_value"]) == {"A", "B", "C"}


def test_the_command_of_the_readme_runs_as_it_stands(tmp_path):
    (command,) = [block for block in fenced("") if "casebook report" in block]
    program, *rest = shlex.split(command.replace("\\\n", " "))
    assert program == ".venv/bin/casebook"
    beside = str(Path(sys.executable).with_name("casebook"))
    shutil.copytree(ROOT / "datasets", tmp_path / "datasets")
    ended = subprocess.run([beside, *rest], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    written = {path.name for path in (tmp_path / "report").iterdir()}
    assert written == {"abc.csv", "no_balance.csv", "set_aside.csv", "report.html"}


def test_the_citation_has_the_fields_that_the_format_asks_for():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "type"} <= citation.keys()
    assert citation["type"] == "software"
    assert citation["authors"] == [{"name": "The Casebook authors"}]
    assert citation["version"] == PYPROJECT["project"]["version"]
    assert isinstance(citation["date-released"], datetime.date)


def test_the_licences_name_their_holder_and_travel_with_the_package():
    assert "The Casebook authors" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    content = (ROOT / "LICENSE-CONTENT").read_text(encoding="utf-8")
    assert "The Casebook authors" in content
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in content
    assert PYPROJECT["project"]["license-files"] == ["LICENSE", "LICENSE-CONTENT"]


def test_the_package_has_one_version():
    import casebook

    assert casebook.__version__ == PYPROJECT["project"]["version"]


def test_importing_casebook_loads_no_plotting_no_widgets_and_no_engine():
    heavy = ["matplotlib", "sklearn", "ipywidgets", "IPython", "polars", "duckdb", "openpyxl", "pooch"]
    code = f"import sys, casebook; print([m for m in {heavy!r} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


# Notebooks ------------------------------------------------------------------------------------------

NOTEBOOKS = sorted(p for p in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
#: Cells whose stored output is not compared with a fresh one: notebook, cell id, why.
IGNORED_OUTPUTS: dict[tuple[str, str], str] = {}


def code_cells(path: Path) -> list[dict]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: str(p.relative_to(ROOT / "notebooks")))
def test_a_notebook_is_stored_as_one_run_from_top_to_bottom(path):
    counts = [cell["execution_count"] for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1)), "run it whole in a fresh kernel and store it"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: str(p.relative_to(ROOT / "notebooks")))
def test_a_notebook_stores_no_error_and_no_warning(path):
    for cell in code_cells(path):
        for output in cell["outputs"]:
            assert output["output_type"] != "error", f"{cell['id']}: {output.get('evalue')}"
            assert output.get("name") != "stderr", f"{cell['id']}: {output.get('text')}"


def test_the_cells_whose_output_is_not_compared_are_known_and_few():
    waived = {
        (str(path.relative_to(ROOT)), cell["id"])
        for path in NOTEBOOKS
        for cell in code_cells(path)
        if set(cell["metadata"].get("tags", ())) & {"nbval-ignore-output", "nbval-skip", "raises-exception"}
        or re.search(r"^\s*#\s*(NBVAL|PYTEST_VALIDATE)_", "".join(cell["source"]), re.MULTILINE)
    }
    assert waived == set(IGNORED_OUTPUTS)
    assert len(waived) <= 5


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: str(p.relative_to(ROOT / "notebooks")))
def test_a_lesson_imports_only_what_make_lab_installs(path):
    engines = {r.name for r in direct("engines", "test")} - {r.name for r in direct(*LAB_EXTRAS)}
    imported = set()
    for cell in code_cells(path):
        lines = "".join(cell["source"]).splitlines()
        plain = "\n".join(line for line in lines if not line.lstrip().startswith(("!", "%")))
        for node in ast.walk(ast.parse(plain)):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
    assert not imported & engines


def test_the_pictures_that_the_documents_show_are_the_lessons_own():
    shown = re.findall(r"\]\(notebooks/images/([^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    made = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        made |= pictures(json.loads(path.read_text("utf-8")))
    assert shown
    for name in shown:
        stored = (ROOT / "notebooks" / "images" / name).read_bytes()
        assert stored == made[name], f"notebooks/images/{name} is old: run make lessons"


def test_the_readme_lists_every_lesson_with_its_question():
    from casebook.course.content import lesson, lessons

    page = (ROOT / "README.md").read_text(encoding="utf-8")
    for number in lessons():
        facts = lesson(number)
        assert f"| [{number} {facts.title}](notebooks/{number}_" in page
        assert f") | {facts.question} |" in page
