"""A locked room for a submission: another user, no network, only a small scratch folder to write to.

bubblewrap (Debian's `bubblewrap`) gives the room: its own processes, no network, a read-only view of Python
and of the student's company. `prlimit` bounds each process, a watch here bounds them together. What comes
out is one stream of answers, cut where it grows too long.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import site
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import casebook
from casebook.errors import TableError

__all__ = ["Limits", "Outcome", "Room", "open_room"]

_HOME = "/scratch"
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives")
_MB = 2**20


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    Parameters
    ----------
    seconds : float
        Of the clock, for the whole notebook.
    cell_seconds : int
        For one cell; the next one runs all the same.
    memory_mb : int
        All its processes together.
    processes : int
        Processes and threads.
    file_mb, scratch_mb : int
        One file; all files together.
    output_mb : int
        What it prints; its answers have as much again.
    """

    seconds: float = 180
    cell_seconds: int = 60
    memory_mb: int = 2_000
    processes: int = 64
    file_mb: int = 64
    scratch_mb: int = 128
    output_mb: int = 4


@dataclass
class Outcome:
    """What came of a run: `state` is "done", or in words why it ended early.

    `answers` are lines of JSON by the question's name, `failed` the errors by cell, `printed` the first of
    what it printed (anything at all may stand there).
    """

    state: str = "done"
    answers: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    printed: str = ""


@dataclass(frozen=True)
class Room:
    """A way to run submissions: locked (bubblewrap), or ``trusted``, which only bounds and bins."""

    trusted: bool = False
    limits: Limits = field(default_factory=Limits)

    def run(self, cells: Sequence[dict[str, str]], names: Sequence[str], company: Path) -> Outcome:
        """Run the cells and collect the answers.

        Parameters
        ----------
        cells : sequence of dict
            `id` and `source` of each code cell.
        names : sequence of str
            Of the answers.
        company : Path
            Folder with the company's tables: the notebook sees it as `company`.

        Returns
        -------
        Outcome
        """
        job = {
            "lib": str(_library()), "cells": list(cells), "names": list(names),
            "seconds": self.limits.cell_seconds,
        }  # fmt: skip
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="casebook-room-") as scratch:
            outcome = self._watch(job, Path(scratch), company.resolve())
        outcome.seconds = time.monotonic() - started
        return outcome

    def _watch(self, job: dict[str, Any], scratch: Path, company: Path) -> Outcome:
        answers_out, answers_in = os.pipe()
        inner = [_python(), "-I", "-X", "utf8", str(Path(__file__).with_name("runner.py")), str(answers_in)]
        if self.trusted:
            (scratch / "company").symlink_to(company)
            command, where = [*_limited(self.limits), *inner], scratch
        else:
            command, where = [*_bubblewrap(self.limits, company), *inner], Path("/")
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            pass_fds=(answers_in,), cwd=where, env=_environment(str(scratch) if self.trusted else _HOME),
            start_new_session=True,
        )  # fmt: skip
        os.close(answers_in)
        assert process.stdin
        assert process.stdout
        said = _Reader(answers_out, self.limits.output_mb)
        printed = _Reader(process.stdout.fileno(), self.limits.output_mb, keep=4_000)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(job).encode())
            process.stdin.close()
        state = _wait(process, self.limits, (said, printed))
        said.join()
        printed.join()
        os.close(answers_out)
        outcome = _read(bytes(said.kept))
        outcome.printed = bytes(printed.kept).decode("utf-8", "replace")
        if state != "done" or outcome.state != "done":
            outcome.state = state if state != "done" else outcome.state
        return outcome


def open_room(*, trusted: bool = False, limits: Limits | None = None) -> Room:
    """Make sure that the locked room can be had, and open it.

    Parameters
    ----------
    trusted : bool
        Run submissions without the room, with limits only: for a container that is thrown away afterwards.
    limits : Limits, optional

    Returns
    -------
    Room

    Raises
    ------
    TableError
        If bubblewrap is missing or may not work here, and nobody said `trusted`.
    """
    room = Room(trusted, limits or Limits())
    if trusted:
        return room
    if not shutil.which("bwrap") or not shutil.which("prlimit"):
        raise TableError(
            "Submissions run only in a locked room, and bubblewrap is not installed. Remedy: apt install "
            "bubblewrap; or grade inside a container that you throw away, and say --trusted."
        )
    with tempfile.TemporaryDirectory() as empty:
        tried = subprocess.run(
            [*_bubblewrap(room.limits, Path(empty)), "true"],
            capture_output=True, text=True, check=False, env=_environment(_HOME), timeout=60,
        )  # fmt: skip
    if tried.returncode:
        why = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise TableError(
            f"Submissions run only in a locked room, and bubblewrap may not make one here ({why}). Remedy: "
            "allow user namespaces; or grade inside a container that you throw away, and say --trusted."
        )
    return room


def _python() -> str:
    return sys.executable


def _library() -> Path:
    return Path(casebook.__file__).resolve().parents[1]


def _environment(home: str) -> dict[str, str]:
    """All that the student's code sees of the environment."""
    return {
        "HOME": home, "TMPDIR": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MPLBACKEND": "agg",
        "MPLCONFIGDIR": f"{home}/.matplotlib", "IPYTHONDIR": f"{home}/.ipython", "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip


def _limited(limits: Limits) -> list[str]:
    """Bounds of each process."""
    return [
        "prlimit", f"--as={2 * limits.memory_mb * _MB}", f"--fsize={limits.file_mb * _MB}",
        f"--cpu={int(limits.seconds)}", "--nofile=256", "--core=0", f"--nproc={limits.processes}", "--",
    ]  # fmt: skip


def _bubblewrap(limits: Limits, company: Path) -> list[str]:
    """The room. Root leaves for a user that owns nothing; anybody else becomes nobody in a namespace."""
    root = os.geteuid() == 0
    command = ["bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net",
               "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "room"]  # fmt: skip
    if root:
        command += [arg for cap in ("SETUID", "SETGID", "SETPCAP") for arg in ("--cap-add", f"CAP_{cap}")]
    else:
        command += ["--unshare-user", "--uid", "65534", "--gid", "65534", "--disable-userns"]
    command += ["--proc", "/proc", "--dev", "/dev"]
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            command += ["--symlink", str(path.readlink()), str(path)]
        elif path.exists():
            command += ["--ro-bind", str(path), str(path)]
    for needed in _needed():
        for parent in [*Path(needed).parents][-2::-1]:
            command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--ro-bind", os.path.realpath(needed), needed]
    user = str(random.SystemRandom().randrange(61_000, 65_000)) if root else "65534"
    command += ["--perms", "1777", "--size", str(limits.scratch_mb * _MB), "--tmpfs", _HOME]
    command += ["--perms", "0755", "--size", str(_MB), "--tmpfs", "/dev/shm"]
    command += ["--perms", "1777", "--dir", f"{_HOME}/.matplotlib"]
    for fonts in _fonts():
        command += ["--ro-bind", str(fonts), f"{_HOME}/.matplotlib/{fonts.name}"]
    command += ["--ro-bind", str(company), f"{_HOME}/company", "--remount-ro", "/dev", "--remount-ro", "/"]
    command += ["--chdir", _HOME, "--"]
    if root:
        command += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs",
                    "--inh-caps=-all", "--bounding-set=-all"]  # fmt: skip
    return [*command, *_limited(limits)]


def _needed() -> list[str]:
    """What Python itself needs to see, but for what stands under /usr."""
    paths = [sys.prefix, sys.base_prefix, str(Path(casebook.__file__).parent), *site.getsitepackages()]
    kept: list[str] = []
    for path in sorted(dict.fromkeys(paths), key=len):
        inside = any(path == other or path.startswith(f"{other}/") for other in ["/usr", *kept])
        if not inside and Path(path).is_dir():
            kept.append(path)
    return kept


def _fonts() -> list[Path]:
    """Matplotlib's list of fonts, so that no submission has to make it again."""
    import matplotlib
    import matplotlib.font_manager

    return list(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))


class _Reader(threading.Thread):
    """Reads a pipe to its end, keeps the first part, and says when there was too much."""

    def __init__(self, pipe: int, most_mb: int, keep: int | None = None) -> None:
        super().__init__(daemon=True)
        self.pipe, self.most, self.keep = pipe, most_mb * _MB, keep
        self.kept, self.seen = bytearray(), 0
        self.start()

    @property
    def full(self) -> bool:
        return self.seen > self.most

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while block := os.read(self.pipe, 65_536):
                self.seen += len(block)
                room = (self.most if self.keep is None else self.keep) - len(self.kept)
                self.kept += block[: max(room, 0)]
                if self.seen > 4 * self.most:
                    return


def _wait(process: subprocess.Popen[bytes], limits: Limits, readers: tuple[_Reader, ...]) -> str:
    """Wait for the end, or make one: too long, too much memory, too much output."""
    ends = time.monotonic() + limits.seconds
    state = "done"
    while state == "done":
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            break
        if time.monotonic() > ends:
            state = f"stopped after {limits.seconds:g} seconds"
        elif any(reader.full for reader in readers):
            state = f"stopped: more than {limits.output_mb} MB of output"
        elif (used := sum(_memory(process.pid))) > limits.memory_mb * _MB or _short_of_memory():
            state = (
                f"stopped: more than {limits.memory_mb} MB of memory" if used else "stopped: memory ran short"
            )
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return state


def _memory(pid: int) -> Iterator[int]:
    import psutil

    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                yield child.memory_info().rss


def _short_of_memory() -> bool:
    import psutil

    memory = psutil.virtual_memory()
    return bool(memory.available < min(500 * _MB, memory.total * 0.05))


def _read(said: bytes) -> Outcome:
    """Read the lines of the runner, or of whoever wrote in its place; all else is passed over."""
    outcome, done = Outcome(), False
    for raw in said.splitlines():
        try:
            line = json.loads(raw)
            if "answer" in line:
                outcome.answers[str(line["answer"])[:100]] = str(line["packed"])
            elif "failed" in line and len(outcome.failed) < 200:
                outcome.failed[str(line["failed"])[:100]] = str(line["error"])[:400]
            done = done or line.get("done") is True
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
    if not done:
        outcome.state = "stopped before its end"
    return outcome
