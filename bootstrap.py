#!/usr/bin/env python3
"""Prepare Casebook and run its commands with nothing but the standard library.

    python3 bootstrap.py lab        # on Linux and macOS also: make lab
    py bootstrap.py lab             # on Windows

Every command first makes sure that the folder .venv holds what it needs, at pinned versions whose
checksums are verified; a second run sees from a stamp that nothing changed and starts at once. This file
is kept readable for old Pythons, so that it can tell you in a sentence that yours is one.
"""

import argparse
import collections
import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST, NEWEST = (3, 11), (3, 13)
LOCKS = {"lab": ROOT / "requirements/lab.txt", "all": ROOT / "requirements/all.txt"}
START = "notebooks/00_start_here.ipynb"
#: JupyterLab's own news and update pop-ups stay away: the first thing a reader sees is the lesson.
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}
NO_TESTS = 5  # what pytest says when a choice such as -k leaves none
LINTED = ["lib", "tests", "casework", "bootstrap.py"]
#: Cases are tested beside the notebooks: the two processes then take about as long as each other.
CASES = ["casework", "tests/test_cases.py", "tests/test_case_grading.py"]
#: Every stored output is compared as it stands: nothing is sanitised, and stored warnings are not allowed.
NBVAL = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"]


class SetupError(Exception):
    """Something that the reader can put right, in one sentence."""


# The environment ----------------------------------------------------------------------------------


def check_python(version=sys.version_info, which=shutil.which, find_spec=importlib.util.find_spec):
    """Stop with a remedy when this Python cannot hold Casebook."""
    have = tuple(version[:2])
    if not OLDEST <= have <= NEWEST:
        names = ["python%d.%d" % (3, minor) for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
        found = [name for name in names if which(name)]
        remedy = "make env PYTHON=%s" % found[0] if found else "install one from python.org or your system"
        raise SetupError(
            "Casebook needs Python 3.11 to 3.13, and this is %d.%d. Remedy: %s" % (*have, remedy)
        )
    if not (find_spec("venv") and find_spec("ensurepip")):
        raise SetupError(
            "This Python has no venv module. Remedy on Debian and Ubuntu: sudo apt-get install python3-venv"
        )


def digest(extra):
    """Everything that decides what the environment holds: the pins, the package's own file, the Python."""
    parts = [LOCKS[extra].read_bytes(), (ROOT / "pyproject.toml").read_bytes(), Path(__file__).read_bytes()]
    parts += [sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp(extra):
    """Where the digest of the last complete installation is kept."""
    return VENV / ("casebook-%s.sha256" % extra)


def is_ready(extra):
    """Tell whether `extra` ("lab" or "all") is installed as the files of today ask; "all" holds "lab" too."""
    wanted = ["all"] if extra == "all" else [extra, "all"]
    return PYTHON.exists() and any(
        stamp(name).exists() and stamp(name).read_text() == digest(name) for name in wanted
    )


def prepare(extra):
    """Make .venv hold `extra`, unless it does already."""
    if is_ready(extra):
        return
    check_python()
    if not same_python():
        print("1/4  Making the environment .venv", flush=True)
        run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    print("2/4  Installing the pinned packages, checksums verified", flush=True)
    for old in LOCKS:
        if stamp(old).exists():
            stamp(old).unlink()
    uv = find_uv()
    if uv:
        quiet = [] if sys.stdout.isatty() else ["--quiet"]
        run([*uv, *quiet, "--require-hashes", "-r", str(LOCKS[extra])])
    else:
        watch_pip(["install", "--require-hashes", "--no-deps", "-r", str(LOCKS[extra])], LOCKS[extra])
    print("3/4  Installing Casebook itself, editable", flush=True)
    installer = [*uv, "--quiet"] if uv else [str(PYTHON), "-m", "pip", "--quiet", "install"]
    run([*installer, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    print("4/4  Registering the kernel", flush=True)
    kernel = ["--sys-prefix", "--name", "python3", "--display-name", "Casebook"]
    run([str(PYTHON), "-m", "ipykernel", "install", *kernel], stdout=subprocess.DEVNULL)
    settings = VENV / "share/jupyter/lab/settings/overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps(LAB_SETTINGS, indent=2), encoding="utf-8")
    stamp(extra).write_text(digest(extra))
    print("     Ready.", flush=True)


def same_python():
    """Tell whether .venv exists, works, and was made with this very Python."""
    need = "sys" if find_uv() else "sys, pip"
    ask = [str(PYTHON), "-c", "import %s; print(sys.version)" % need]
    try:
        said = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return False
    return said == sys.version


def find_uv():
    """Return the start of a `uv pip install` command where uv works, else nothing; pip is enough."""
    try:
        subprocess.run(["uv", "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return ["uv", "pip", "install", "--python", str(PYTHON)]


def watch_pip(arguments, lock):
    """Run pip, show one line of progress instead of hundreds, and all that it said if it fails."""
    total = sum(line[:1].isalnum() for line in lock.read_text(encoding="utf-8").splitlines())
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments, "--progress-bar=off"]
    last, seen = collections.deque(maxlen=40), 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout:
            last.append(line)
            total -= line.startswith("Ignoring ")  # a package for another platform
            if line.startswith(("Collecting ", "Processing ")):
                seen += 1
                name = re.split("==|-", line.split()[1].split("/")[-1])[0]
                if sys.stdout.isatty() or seen % 25 == 0:
                    print("     %3d of %d: %-32s" % (seen, total, name), end=line_end(), flush=True)
            elif line.startswith("Installing collected"):
                print("     unpacking %d packages, half a minute or so %-12s" % (seen, ""), flush=True)
    if pip.returncode:
        print("".join(last), file=sys.stderr)
        raise SetupError(
            "pip could not install the packages; its last lines stand above. Is the network there?"
        )


def line_end():
    """Overwrite the line on a terminal, start a new one in a log."""
    return "\r" if sys.stdout.isatty() else "\n"


# The commands -------------------------------------------------------------------------------------


def env(rest):
    """Prepare .venv with everything that the tests and the extras need."""
    prepare("all")
    print("The environment is ready: %s" % PYTHON.relative_to(ROOT))


def lab(rest):
    """Open the workbook in JupyterLab; further options go to JupyterLab."""
    prepare("lab")
    options = ["--ServerApp.root_dir=" + str(ROOT), "--LabApp.default_url=/lab/tree/" + START]
    options.append("--log-level=WARN")  # its address and real troubles, not two screens of extensions
    options.append("--KernelManager.transport_encryption=auto")  # nobody else on this machine listens in
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    print("JupyterLab opens in your browser. To stop it, press Control-C here, twice.", flush=True)
    with subprocess.Popen([str(PYTHON), "-m", "jupyterlab", *options, *rest], env=environment()) as server:
        while server.poll() is None:
            with contextlib.suppress(KeyboardInterrupt):  # JupyterLab hears it too, and ends its kernels
                server.wait()


def test(rest):
    """Lint, type-check and test everything, a real browser included; further options go to pytest."""
    prepare("all")
    steps = [["ruff", "check", *LINTED], ["ruff", "format", "--check", *LINTED], ["mypy"]]
    for step in steps:
        print("\n== " + " ".join(step[:3]), flush=True)
        run([str(PYTHON), "-m", *step], cwd=ROOT)
    fetch_reveal()
    print("\n== pytest: notebooks and cases beside the rest; what they say follows below", flush=True)
    pytest = [str(PYTHON), "-m", "pytest"]
    with tempfile.TemporaryFile() as said:
        notebooks = [
            *pytest,
            "notebooks",
            *CASES,
            "tests/conftest.py",
            "-p",
            "no:cacheprovider",
            *NBVAL,
            *rest,
        ]
        beside = subprocess.Popen(
            notebooks, cwd=ROOT, env=environment(), stdout=said, stderr=subprocess.STDOUT
        )
        try:
            others = [*pytest, "lib", "tests", *("--ignore=" + path for path in CASES), *rest]
            code = subprocess.call(others, cwd=ROOT, env=environment())
            notebooks_code = beside.wait()
        finally:
            beside.kill()
        print("\n== pytest notebooks and cases", flush=True)
        said.seek(0)
        sys.stdout.write(said.read().decode("utf-8", "replace"))
    codes = {code, notebooks_code}
    if codes - {0, NO_TESTS} or codes == {NO_TESTS}:
        raise SystemExit(max(codes - {NO_TESTS}, default=NO_TESTS))


def slides(rest):
    """Make slides of the lessons in build/slides/; give numbers to do only these, --reveal DIR for a copy."""
    prepare("all")
    fetch_reveal()
    run([str(PYTHON), "-m", "casebook.course.slides", *rest], cwd=ROOT)


def fetch_reveal():
    """Put reveal.js into build/reveal, once: slides and their tests then need no network."""
    wanted, place = ROOT / "requirements/slides.txt", ROOT / "build/reveal"
    done = place / "done.txt"
    if done.is_file() and done.read_bytes() == wanted.read_bytes():
        return
    shutil.rmtree(str(place), ignore_errors=True)
    installer = find_uv() or [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install"]
    apart = ["--quiet", "--no-deps", "--require-hashes", "--target", str(place), "-r", str(wanted)]
    run([*installer, *apart])
    done.write_bytes(wanted.read_bytes())


def lessons(rest):
    """Generate the lessons from notebooks/solutions and run both; give numbers to do only these."""
    prepare("all")
    run([str(PYTHON), "-m", "casebook.course.lessons", *rest], cwd=ROOT)


def data(rest):
    """Regenerate the sample company in datasets/, byte for byte; --check only compares."""
    prepare("all")
    run([str(PYTHON), "-m", "casebook.company", *rest], cwd=ROOT)


def evidence(rest):
    """Measure simulated companies, published numbers beside ours, graded classes; tables: tests/evidence/."""
    prepare("all")
    run([str(PYTHON), "-m", "casebook.references"], cwd=ROOT)
    run([str(PYTHON), "-m", "casebook.company.evidence", *rest], cwd=ROOT)
    run([str(PYTHON), "-m", "casebook.lifetime.evidence", *rest], cwd=ROOT)
    run([str(PYTHON), "tests/support/case_evidence.py"], cwd=ROOT)


def peers(rest):
    """Run peer libraries, each in an environment of its own; renews tests/peers/*/results.json."""
    prepare("all")
    for wanted in sorted((ROOT / "tests/peers").glob("*/requirements.txt")):
        peer = wanted.parent
        if rest and peer.name not in rest:
            continue
        own = ROOT / ".peers" / peer.name
        python = own / PYTHON.relative_to(VENV)
        asked = wanted.read_text(encoding="utf-8")
        if not (own / "stamp").is_file() or (own / "stamp").read_text(encoding="utf-8") != asked:
            print("== " + peer.name + ": its own environment", flush=True)
            run([sys.executable, "-m", "venv", "--clear", str(own)])
            pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
            run([*pip, "-r", str(wanted)])
            (own / "stamp").write_text(asked, encoding="utf-8")
        print("== " + peer.name + ": running", flush=True)
        run([str(python), str(peer / "run.py")], cwd=ROOT)


def bench(rest):
    """Time what a reader waits for, with the scripts in tests/benchmarks/; prints, asserts nothing."""
    prepare("all")
    for script in sorted((ROOT / "tests/benchmarks").glob("bench_*.py")):
        run([str(PYTHON), str(script), *rest], cwd=ROOT)


def lock(rest):
    """Renew the pinned requirements within the bounds of pyproject.toml (needs uv)."""
    import tomllib

    if not shutil.which("uv"):
        raise SetupError(
            "Renewing the pins needs uv, which reads wheels of every platform. Remedy: pip install uv"
        )
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    shape = ["--universal", "--generate-hashes", "--no-annotate", "--no-header"]
    shape += ["--no-emit-index-url", "--no-emit-find-links", "--python-version", "3.11"]
    extras = {
        "all": ["--all-extras"],
        "lab": ["--extra=lab", "--extra=excel", "--extra=data", "-c", str(LOCKS["all"])],
    }
    for extra, options in extras.items():
        command = ["uv", "pip", "compile", "--quiet", *shape, "pyproject.toml", "-", *options, *rest]
        run([*command, "-o", str(LOCKS[extra])], cwd=ROOT, input="\n".join(backend), text=True)


COMMANDS = {f.__name__: f for f in (lab, test, env, lessons, slides, data, evidence, peers, bench, lock)}


def environment():
    """What an activated environment would set: its programs come first."""
    path = str(PYTHON.parent) + os.pathsep + os.environ.get("PATH", "")
    return {**os.environ, "PATH": path, "JUPYTER_PREFER_ENV_PATH": "1", "PYTHONUTF8": "1"}


def run(command, **options):
    """Run one step; when it fails, end with its own exit code."""
    code = subprocess.run(command, check=False, env=environment(), **options).returncode
    if code:
        raise SystemExit(code)


def main(arguments):
    """Read the command line and do what it says."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="bootstrap.py", formatter_class=layout)
    parser.description = "Casebook's commands:\n\n" + "\n".join(
        "  %-8s %s" % (name, function.__doc__) for name, function in COMMANDS.items()
    )
    parser.add_argument("command", choices=COMMANDS, metavar="command", help="one of the above")
    parser.add_argument("options", nargs="*", help="handed on to JupyterLab, pytest or the generator")
    chosen = parser.parse_args(arguments[:1])
    try:
        COMMANDS[chosen.command](arguments[1:])
    except SetupError as reason:
        print("Casebook: %s" % reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
