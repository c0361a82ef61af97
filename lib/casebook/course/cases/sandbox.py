"""A locked room for a submission: another user, no network, only a small scratch folder to write to.

bubblewrap (Debian's `bubblewrap`) gives the room: its own processes, no network, a read-only view of Python
and of the student's company. `prlimit` bounds each process, a watch here bounds them together. What comes
out is one stream of answers, cut where it grows too long.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import random
import select
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
from casebook.course.cases.answers import clean
from casebook.errors import TableError

__all__ = ["Limits", "Outcome", "Room", "ended_by_machine", "open_room"]

_HOME = "/scratch"
_SYSTEM = ("/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives")
_PARTS = ("bin", "sbin", "lib", "lib32", "lib64", "libexec", "share", "etc", "ssl", "include", "pyvenv.cfg",
          "local/bin", "local/lib", "local/share")  # fmt: skip
_MB = 2**20
_MOST_LINES = 5_000
_SHORT_OF_MEMORY = "stopped: memory ran short"  #: of this machine; no fault of the submission's, perhaps


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
    """A way to run submissions: locked (bubblewrap), or ``trusted``, which only bounds and bins.

    `hidden` are files and folders that no submission may see, wherever they lie: in the room they are empty.
    """

    trusted: bool = False
    limits: Limits = field(default_factory=Limits)
    hidden: tuple[Path, ...] = ()

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
            "lib": _library(), "cells": list(cells), "names": list(names),
            "seconds": self.limits.cell_seconds,
        }  # fmt: skip
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="casebook-room-", ignore_cleanup_errors=True) as scratch:
            outcome = self._watch(job, Path(scratch), company.resolve())
        outcome.seconds = time.monotonic() - started
        return outcome

    def _watch(self, job: dict[str, Any], scratch: Path, company: Path) -> Outcome:
        answers_out, answers_in = os.pipe()
        inner = [_python(), "-I", "-X", "utf8", str(Path(__file__).with_name("runner.py")), str(answers_in)]
        if self.trusted:
            (scratch / "company").symlink_to(company)
            command, where = [*_limited(self.limits, _running()), *inner], scratch
        else:
            command, where = [*_bubblewrap(self.limits, company, self.hidden), *inner], Path("/")
        with _adopting(self.trusted):
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
        said.end()
        printed.end()
        os.close(answers_out)
        process.stdout.close()
        outcome = _read(bytes(said.kept))
        outcome.printed = bytes(printed.kept).decode("utf-8", "replace")
        if state != "done" or outcome.state != "done":
            outcome.state = state if state != "done" else outcome.state
        return outcome


def open_room(*, trusted: bool = False, limits: Limits | None = None, hidden: Sequence[Path] = ()) -> Room:
    """Make sure that the locked room can be had, and open it.

    Parameters
    ----------
    trusted : bool
        Run submissions without the room, with limits only: for a container that is thrown away afterwards.
    limits : Limits, optional
    hidden : sequence of Path
        What no submission may see: see `Room`.

    Returns
    -------
    Room

    Raises
    ------
    TableError
        If bubblewrap is missing or may not work here, and nobody said `trusted`.
    """
    room = Room(trusted, limits or Limits(), tuple(hidden))
    if not 1 <= room.limits.seconds <= 86_400 or room.limits.memory_mb < 200:
        raise TableError(
            "A submission needs a second or more, a day at most, and 200 MB or more: Python takes as much."
        )
    if trusted:
        return room
    if not shutil.which("bwrap") or not shutil.which("prlimit"):
        raise TableError(
            "Submissions run only in a locked room, and bubblewrap is not installed. Remedy: apt install "
            "bubblewrap; or grade inside a container that you throw away, and say --trusted."
        )
    why = _tried(room)
    if why:
        raise TableError(
            f"Submissions run only in a locked room, and bubblewrap may not make one here ({why}). Remedy: "
            "bubblewrap 0.8 or later, and user namespaces allowed; or grade inside a container that you "
            "throw away, and say --trusted."
        )
    return room


def ended_by_machine(state: str) -> bool:
    """Tell whether a run ended for want of memory here, so that it deserves another try."""
    return state == _SHORT_OF_MEMORY


def _tried(room: Room) -> str:
    """Start the library in the room; the empty text, or why that does not work."""
    code = f"import sys; sys.path[:0] = {_library()!r}; import IPython, casebook.course.cases.answers"
    with tempfile.TemporaryDirectory() as empty:
        try:
            tried = subprocess.run(
                [*_bubblewrap(room.limits, Path(empty), room.hidden), _python(), "-I", "-c", code],
                capture_output=True, text=True, errors="replace", check=False, env=_environment(_HOME),
                stdin=subprocess.DEVNULL, timeout=120,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{type(error).__name__}: {error}"
    return (tried.stderr.strip().splitlines() or ["no reason given"])[-1] if tried.returncode else ""


def _python() -> str:
    return sys.executable


def _library() -> list[str]:
    """Where the library is found, and what the user installed for herself alone."""
    return [str(Path(casebook.__file__).resolve().parents[1]), *_own_packages()]


def _own_packages() -> list[str]:
    own = site.getusersitepackages() if site.ENABLE_USER_SITE else ""
    return [own] if own and Path(own).is_dir() else []


def _environment(home: str) -> dict[str, str]:
    """All that the student's code sees of the environment."""
    return {
        "HOME": home, "TMPDIR": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MPLBACKEND": "agg",
        "MPLCONFIGDIR": f"{home}/.matplotlib", "IPYTHONDIR": f"{home}/.ipython", "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "4",
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip


def _limited(limits: Limits, running: int = 0) -> list[str]:
    """Bounds of each process; `running` of the same user count among the processes too."""
    return [
        "prlimit", f"--as={2 * limits.memory_mb * _MB}", f"--fsize={limits.file_mb * _MB}",
        f"--cpu={int(limits.seconds)}", "--nofile=256", "--core=0",
        f"--nproc={limits.processes + running}", "--",
    ]  # fmt: skip


def _running() -> int:
    """Threads of this user, outside the room."""
    import psutil

    mine = (p for p in psutil.process_iter(["uids", "num_threads"]) if p.info["uids"])
    return sum(p.info["num_threads"] or 1 for p in mine if p.info["uids"].real == os.getuid())


def _bubblewrap(limits: Limits, company: Path, hidden: Sequence[Path] = ()) -> list[str]:
    """The room. Root leaves for a user that owns nothing; anybody else becomes nobody in a namespace."""
    root = os.geteuid() == 0
    command = [shutil.which("bwrap") or "bwrap", "--die-with-parent", "--new-session", "--unshare-pid",
               "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
               "--hostname", "room"]  # fmt: skip
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
    command += _view(_needed(), hidden)
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
    """What Python itself needs to see: of each prefix only the usual parts, for a checkout may lie in it."""
    executable = Path(sys.executable).resolve()
    prefixes = dict.fromkeys(["/usr", sys.prefix, sys.base_prefix, str(executable.parents[1])])
    paths = [f"{prefix}/{part}" for prefix in prefixes for part in _PARTS]
    paths += [str(Path(casebook.__file__).parent), *site.getsitepackages(), *_own_packages()]
    return [path for path in dict.fromkeys(paths) if Path(path).exists()]


def _view(needed: Sequence[str], hidden: Sequence[Path]) -> list[str]:
    """Bind what is needed, and lay something empty over what is hidden, from the root downwards."""
    veils = {
        path + secret.removeprefix(real): secret
        for path in needed
        for secret in map(os.path.realpath, hidden)
        if _inside(secret, real := os.path.realpath(path)) and Path(secret).exists()
    }
    command: list[str] = []
    done: list[str] = []
    for path in sorted({*needed, *veils}, key=lambda path: path.count("/")):
        around = next((other for other in reversed(done) if _inside(path, other)), None)
        if path in veils:
            plain = Path(veils[path]).is_file()
            command += ["--ro-bind", "/dev/null", path] if plain else ["--perms", "0755", "--tmpfs", path]
        elif around is None or around in veils:
            for parent in [*Path(path).parents][-2::-1]:
                command += ["--perms", "0755", "--dir", str(parent)]
            command += ["--ro-bind", os.path.realpath(path), path]
        else:
            continue
        done.append(path)
    for path, secret in veils.items():
        command += [] if Path(secret).is_file() else ["--remount-ro", path]
    return command


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


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
        self.kept, self.seen, self.last = bytearray(), 0, float("inf")
        self.start()

    @property
    def full(self) -> bool:
        return self.seen > self.most

    def run(self) -> None:
        ready = select.poll()
        ready.register(self.pipe, select.POLLIN)
        while time.monotonic() < self.last and self.seen <= 4 * self.most:
            if not ready.poll(100):
                continue
            block = os.read(self.pipe, 65_536)
            if not block:
                return
            self.seen += len(block)
            room = (self.most if self.keep is None else self.keep) - len(self.kept)
            self.kept += block[: max(room, 0)]

    def end(self) -> None:
        """Wait for the end, but not for a process that was left behind and holds the pipe open."""
        self.last = time.monotonic() + 1
        self.join()


@contextlib.contextmanager
def _adopting(wanted: bool) -> Iterator[None]:
    """Without a room's own processes, adopt what a submission leaves behind, and end it."""
    import psutil

    if not wanted:
        yield
        return
    adopt = ctypes.CDLL(None).prctl
    before = set(psutil.Process().children())
    adopt(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    try:
        yield
        for _ in range(100):
            left = [child for child in psutil.Process().children(recursive=True) if child not in before]
            for child in left:
                with contextlib.suppress(psutil.Error):
                    child.kill()
            for child in left:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(child.pid, os.WNOHANG)
            if not left:
                break
            time.sleep(0.02)
    finally:
        adopt(36, 0, 0, 0, 0)


def _wait(process: subprocess.Popen[bytes], limits: Limits, readers: tuple[_Reader, ...]) -> str:
    """Wait for the end, or make one: too long, too much memory, too much output."""
    import psutil

    ends = time.monotonic() + limits.seconds
    state, shared = "done", psutil.virtual_memory().shared
    seen: set[psutil.Process] = set()
    try:
        while state == "done":
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
                break
            if time.monotonic() > ends:
                state = f"stopped after {limits.seconds:g} seconds"
            elif any(reader.full for reader in readers):
                state = f"stopped: more than {limits.output_mb} MB of output"
            elif sum(_memory(process.pid, seen)) > limits.memory_mb * _MB:
                state = f"stopped: more than {limits.memory_mb} MB of memory"
            elif _short_of_memory(shared + limits.memory_mb * _MB):
                state = _SHORT_OF_MEMORY
    finally:
        for child in seen:  # the room's first process too, should it no longer die with its parent
            with contextlib.suppress(psutil.Error):
                child.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return state


def _memory(pid: int, seen: set[Any]) -> Iterator[int]:
    import psutil

    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(pid).children(recursive=True):
            seen.add(child)
            with contextlib.suppress(psutil.Error):
                yield child.memory_info().rss


def _short_of_memory(shared: int) -> bool:
    """Little is left; or files in memory, which belong to no process, grew beyond what one may use."""
    import psutil

    memory = psutil.virtual_memory()
    return bool(memory.available < min(500 * _MB, memory.total * 0.05) or memory.shared > shared)


def _read(said: bytes) -> Outcome:
    """Read the lines of the runner, or of whoever wrote in its place; all else is passed over."""
    outcome, done = Outcome(), False
    for raw in [line for line in said.split(b"\n") if line.startswith(b"{")][:_MOST_LINES]:
        try:
            line = json.loads(raw)
            if "answer" in line:
                outcome.answers[str(line["answer"])[:100]] = str(line["packed"])
            elif "failed" in line and len(outcome.failed) < 200:
                outcome.failed[clean(str(line["failed"])[:100])] = clean(str(line["error"])[:400])
            done = done or line.get("done") is True
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
    if not done:
        outcome.state = "stopped before its end"
    return outcome
