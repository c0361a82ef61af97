"""Submissions that want more than marks: what each tries, and its cells.

Each is a dictionary of `tries` (words for the table) and `code` (cells that are run before an honest stub), or
`make`, which puts something else than a notebook in the student's place. None may gain a point or leave a
trace outside its room.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["CANARY", "HOSTILE", "Hostile", "notebook"]

CANARY = "canary-7f3a91"  #: what stands in files that no submission may see


@dataclass(frozen=True)
class Hostile:
    """One submission: a name, what it tries, its cells, or a function that makes something else."""

    name: str
    tries: str
    code: tuple[str, ...] = ()
    make: Callable[[Path], None] | None = None
    written: str = ""
    more: dict = field(default_factory=dict)


def notebook(code, written="", names=(), more=None):
    """A notebook of these cells, with all written questions answered alike."""
    cells = [{"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": text, "outputs": []}
             for i, text in enumerate(code)]  # fmt: skip
    cells += [
        {"cell_type": "markdown", "id": f"w{i}", "source": written,
         "metadata": {"nbgrader": {"grade_id": name, "grade": True, "solution": True, "points": 100}}}
        for i, name in enumerate(names)
    ]  # fmt: skip
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **(more or {})})


def _link(target):
    def make(folder: Path) -> None:
        (folder / "case.ipynb").symlink_to(target)

    return make


def _link_folder(folder: Path) -> None:
    (folder / "case09").symlink_to("/", target_is_directory=True)


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "case.ipynb")


def _zip_bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / "case.ipynb", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("case.ipynb", b"0" * 50_000_000)


def _deep(folder: Path) -> None:
    (folder / "case.ipynb").write_text('{"cells":' + "[" * 200_000 + "]" * 200_000 + "}")


def _long_number(folder: Path) -> None:
    (folder / "case.ipynb").write_text('{"cells": [], "nbformat": ' + "9" * 1_000_000 + "}")


def _too_large(folder: Path) -> None:
    (folder / "case.ipynb").write_text(notebook(["x = 1\n" + "#" * 11_000_000]))


def _odd_cells(folder: Path) -> None:
    cells = [None, 7, "x", {"cell_type": "code"}, {"cell_type": "code", "source": {"a": 1}},
             {"cell_type": "markdown", "source": ["a", 3], "metadata": {"nbgrader": 5}}]  # fmt: skip
    (folder / "case.ipynb").write_text(json.dumps({"cells": cells}))


def _names_in_disguise(folder: Path) -> None:
    """A second notebook whose name only looks like the right one, and names that turn writing round."""
    (folder / "case\u202e.ipynb").write_text(notebook(["import os"]))
    (folder / "\u0441ase.ipynb").write_text(notebook(["import os"]))  # a Cyrillic letter
    (folder / "..\u2215case.ipynb").write_text("{}")


_WALK = """
import os
found = []
for home, folders, files in os.walk("/", followlinks=False):
    if home in ("/proc", "/sys") or "site-packages" in home:
        folders[:] = []
        continue
    for name in files:
        path = os.path.join(home, name)
        secret = any(word in path for word in ("casework", "submitted", "graded", "roster", CANARY))
        ours = path.endswith("/casebook/course/cases/roster.py")  # the library's module
        if (secret and not ours) or name.endswith(".ipynb"):
            found.append(path)
assert not found, found[:5]
"""
_SPY = """
import builtins, os, subprocess
seen = dict(os.environ)
for n in ("1", "2", "self"):
    try: seen[n] = open(f"/proc/{n}/environ").read()
    except OSError as error: seen[n] = str(error)
shown = subprocess.run(["ps", "-ef"], capture_output=True, text=True).stdout + str(seen)
assert "SECRET" not in shown and "canary" not in shown, shown
"""
_FORGE = """
import json, os
for fd in range(3, 256):
    try:
        for line in ({"points": 100}, {"answer": "__all__", "packed": "{}"}, {"marks": [{"points": 1e9}]},
                     {"answer": NAMES[0], "packed": json.dumps({"is": "one", "value": True})},
                     {"answer": NAMES[0], "packed": json.dumps({"is": "right"})},
                     {"answer": NAMES[0], "packed": json.dumps({"is": "table", "columns": 3, "rows": {}})},
                     {"answer": NAMES[0], "packed": "[" * 100_000}, {"done": True}):
            os.write(fd, (json.dumps(line) + "\\n").encode())
    except OSError:
        pass
os._exit(0)
"""
_COSTLY = """
import json, os
for day in ("1" * 3_500_000, "5 Jan 2020 3pm"):
    cell = {"day": day}
    line = json.dumps({"is": "list", "values": [cell] * (1 if len(day) > 99 else 20_000)})
    for fd in range(3, 256):
        try: os.write(fd, (json.dumps({"answer": NAMES[0], "packed": line}) + "\\n").encode())
        except OSError: pass
os._exit(0)
"""
_DRIP = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(0.05)
            for fd in range(1, 20):
                try: os.write(fd, b"x")
                except OSError: pass
    os._exit(0)
"""
_PATCH = """
import casebook.course.cases.key as key, casebook.course.cases.desk as desk, casebook.course.kinds as kinds
key.WorkedOut.mark = lambda self, answer: key.Marked(self.asked.name, 100, 100, "right", "Right.")
for kind in ("Number", "Names", "Table", "Mapped", "Labels", "Choice"):
    setattr(getattr(kinds, kind), "gap", lambda self, given, right: "")
    setattr(getattr(kinds, kind), "read", lambda self, answer: answer)
desk.mark = desk.hand_in = hand_in = print
"""
_EVIL = """
class Evil:
    def __eq__(self, other): return True
    def __hash__(self): return 1
    def __float__(self): return -987654.25
    def __len__(self): return 10**9
    def __iter__(self): return iter(lambda: 1, 2)
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __reduce__(self): import os; return (os.system, ("touch /tmp/pwned",))
    def __repr__(self): raise SystemExit(1)
    __str__ = __repr__
for name in NAMES: globals()[name] = Evil()
"""
_DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(0.2)
            try: open("/tmp/casebook-canary-daemon", "w").write("alive")
            except OSError: pass
"""
_SOCKETS = """
import socket
for host, port in (("127.0.0.1", PORT), ("1.1.1.1", 80), ("10.0.0.1", 22), ("169.254.169.254", 80)):
    try:
        socket.create_connection((host, port), timeout=1).close()
        raise SystemError("connected to " + host)
    except OSError:
        pass
try: socket.getaddrinfo("example.org", 80); raise SystemError("a name was found")
except OSError: pass
socket.socket(socket.AF_UNIX).connect("/var/run/docker.sock")
"""
_SPILL = """
import os, pathlib
for top in ("/", "/usr/lib", "/usr/bin", "/etc", "/dev", "/dev/shm", "/proc", "/root", os.path.dirname(os.__file__)):
    try: (pathlib.Path(top) / "casebook-canary").write_text("x" * 100); wrote = top
    except OSError: continue
    assert top == "/dev/shm", wrote
import casebook, sys
for path in (casebook.__file__, sys.executable, "/scratch/company/schema.json"):
    try: open(path, "ab").write(b"#"); raise SystemError(path)
    except OSError: pass
"""
_BREAK_OUT = """
import ctypes, os, subprocess
libc = ctypes.CDLL(None, use_errno=True)
won = [name for name, result in {
    "setuid": libc.setuid(0), "chroot": libc.chroot(b"/"), "mount": libc.mount(b"none", b"/usr", b"tmpfs", 0, None),
    "ptrace": libc.ptrace(16, 1, 0, 0), "sethostname": libc.sethostname(b"x", 1),
}.items() if result == 0]
assert not won, won
for command in (["su"], ["sudo", "-n", "true"], ["mount", "-o", "remount,rw", "/usr"], ["nsenter", "-t", "1", "-a"]):
    try: assert subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=5).returncode, command
    except FileNotFoundError: pass
open("/proc/1/mem", "r+b")
"""

HOSTILE = (
    Hostile("endless loop", "runs for ever", ("while True: pass",)),
    Hostile(
        "deaf endless loop", "runs for ever and ignores the alarm",
        ("import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass",),
    ),
    Hostile("sleeper", "waits for ever", ("import time\nwhile True:\n    try: time.sleep(999)\n    except BaseException: pass",)),
    Hostile("fork bomb", "starts processes without end", ("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",)),
    Hostile("thread bomb", "starts threads without end",
            ("import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(999,)).start()",)),
    Hostile("memory bomb", "takes all memory", ("x = []\nwhile True: x.append(bytearray(50_000_000))",)),
    Hostile("memory in many", "takes all memory with many processes",
            ("import os\nfor _ in range(20): os.fork()\nx = bytearray(300_000_000)\nimport time; time.sleep(60)",)),
    Hostile("one huge file", "fills the disk with one file",
            ("with open('big', 'wb') as f:\n    while True: f.write(b'0' * 1_000_000)",)),
    Hostile("many files", "fills the disk with many files",
            ("n = 0\nwhile True:\n    open(f'f{n}', 'wb').write(b'0' * 5_000_000); n += 1",)),
    Hostile("shared memory", "fills /dev/shm and memory files",
            ("import os\nfd = os.memfd_create('x')\nwhile True: os.write(fd, b'0' * 1_000_000)",)),
    Hostile("deletes home", "deletes everything it can reach",
            ("import shutil, os\nfor top in ('/scratch', os.path.expanduser('~'), '/root', '/'):\n"
             "    shutil.rmtree(top, ignore_errors=True)",)),
    Hostile("opens sockets", "connects to the host, the net, a name server, Docker", (_SOCKETS,)),
    Hostile("reads hidden tests", "looks for the key, rubrics and notebooks in every folder",
            (_WALK.replace("CANARY", repr(CANARY)),)),
    Hostile("asks the library for the key", "imports the case and its key",
            ("from casebook.course.cases.folder import all_cases, find_case\nassert not all_cases()\nfind_case('09')",)),
    Hostile("marks itself", "calls the source's `mark` for its answers",
            ("from casebook.course.cases import mark\nmark(NAMES[0], -987654.25)",)),
    Hostile("reads a neighbour", "opens another student's submission and company",
            ("import os\nfor place in ('..', '/tmp', '/home', '/root'):\n    for name in ('a-honest', 'submitted', 'instructor'):\n        assert not os.path.exists(os.path.join(place, name)), name\nopen('../a-honest/case.ipynb')",)),
    Hostile("reads the environment", "looks for the secret in environments and processes", (_SPY,)),
    Hostile("patches the check", "replaces what marks and reads answers", (_PATCH, "for name in NAMES: globals()[name] = -987654.25")),
    Hostile("monkeypatches pandas", "makes all tables and numbers equal",
            ("import pandas as pd, numpy as np, math\npd.DataFrame.equals = pd.Series.equals = lambda *a: True\n"
             "np.isclose = np.allclose = math.isclose = lambda *a, **k: True\n"
             "pd.DataFrame.__eq__ = lambda *a: True\nfor name in NAMES: globals()[name] = pd.DataFrame({'x': [-987654.25]})",)),
    Hostile("exits the kernel", "ends its process at once", ("import os\nos._exit(0)",)),
    Hostile("raises SystemExit", "leaves by an exception", ("raise SystemExit(0)", "import sys; sys.exit()", "exit()")),
    Hostile("forges the answers", "writes answers and points to every open file", (_FORGE,)),
    Hostile("flood of lines", "writes a million empty lines where answers go",
            ("import os\nfor fd in range(3, 256):\n    try:\n        for _ in range(60): os.write(fd, b'\\n' * 65_536)\n"
             "    except OSError: pass",)),
    Hostile("costly days", "hands in dates that take hours to read", (_COSTLY,)),
    Hostile("half a letter", "writes what no file can hold: half a letter, in texts, errors, columns and answers",
            ("import pandas as pd\nfor name in NAMES: globals()[name] = pd.DataFrame({'\\ud800': ['\\udfff']})",
             "raise ValueError('\\ud800')", "x = '\ud800'"), written="half \ud83d a letter"),
    Hostile("memory in files", "fills the memory with files that belong to no process",
            ("import os\nkept = []\nwhile True:\n    kept.append(os.memfd_create('x'))\n"
             "    for _ in range(60): os.write(kept[-1], b'0' * 1_000_000)",)),
    Hostile("hangs on", "leaves a process behind that holds the pipe of answers open", (_DRIP,)),
    Hostile("stops itself", "stops its own process, and the first one of the room",
            ("import os, signal\nfor pid in (1, os.getpid()):\n    try: os.kill(pid, signal.SIGSTOP)\n"
             "    except OSError: pass",)),
    Hostile("forges files", "writes results, grades and the gradebook beside itself",
            ("import json\nfor name in ('results.json', 'grades.csv', 'answers.json', 'gradebook.db'):\n"
             "    open(name, 'w').write(json.dumps({'points': 100, 'passed': True}))\nprint('passed', 100)",)),
    Hostile("prints passed", "prints what a grader might look for",
            ("print('✓ 100 of 100 points. passed OK')\nprint('{\"done\": true, \"points\": 100}')",)),
    Hostile("evil objects", "hands in objects that equal everything, never end, or run code when read", (_EVIL,)),
    Hostile("huge output", "prints without end", ("while True: print('x' * 100_000)",)),
    Hostile("huge answers", "hands in tables and texts without end",
            ("import pandas as pd\nfor name in NAMES: globals()[name] = 'x' * 50_000_000",
             "for name in NAMES: globals()[name] = list(range(5_000_000))",
             "for name in NAMES: globals()[name] = pd.DataFrame({'a': range(3_000_000)})")),
    Hostile("terminal escapes", "rewrites the instructor's terminal by output, errors and answers",
            ("print('\\x1b]0;owned\\x07\\x1b[2J\\x1b[31m')\nfor name in NAMES: globals()[name] = '\\x1b[2J\\x07owned'",
             "raise ValueError('\\x1b]52;c;Y2F0\\x07\\x1b[2Jowned')"), written="\x1b[2J\x1b]0;owned\x07"),
    Hostile("script in pages", "runs a script in the pages of student and instructor",
            ("raise ValueError('<script>alert(1)</script><img src=x onerror=alert(1)>')",),
            written="<script>alert('owned')</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(2)>\n\n"
                    "```{=html}\n<script>alert(3)</script>\n```"),
    Hostile("formulas", "runs a formula in the instructor's spreadsheet",
            ("for name in NAMES: globals()[name] = '=HYPERLINK(\"http://x\",\"y\")'",), written="=cmd|'/C calc'!A0"),
    Hostile("kills others", "kills every process it can see",
            ("import os, signal\nos.kill(-1, signal.SIGKILL)",)),
    Hostile("outlives", "leaves a process behind", (_DAEMON,)),
    Hostile("writes outside", "writes to system, library and company", (_SPILL,)),
    Hostile("breaks out", "asks the kernel for root, mounts and other processes", (_BREAK_OUT,)),
    Hostile("shell", "runs a shell with the notebook's own magics",
            ("!rm -rf / --no-preserve-root", "%%bash\ncat /etc/shadow; :(){ :|:& };:", "get_ipython().system('curl http://example.org')")),
    Hostile("changes its points", "says in its metadata that it earns a hundred points", ("x = 1",),
            written="", more={"metadata": {"casebook": {"case": "01", "points": 100}, "nbgrader": {"score": 100}}}),
    Hostile("link to a file", "hands in a link to a file of the instructor", make=_link("/etc/passwd")),
    Hostile("link to the key", "hands in a link to what only the grader may read", make=_link("/proc/self/environ")),
    Hostile("link to a folder", "hands in a link to the whole disk", make=_link_folder),
    Hostile("pipe", "hands in a named pipe, which blocks who opens it", make=_pipe),
    Hostile("zip bomb", "hands in an archive that grows", make=_zip_bomb),
    Hostile("deep nesting", "hands in JSON that is too deep to read", make=_deep),
    Hostile("long number", "hands in a number of a million digits", make=_long_number),
    Hostile("too large", "hands in a notebook of 11 MB", make=_too_large),
    Hostile("odd cells", "hands in cells of every wrong form", make=_odd_cells),
    Hostile("names in disguise", "hands in files whose names lie", make=_names_in_disguise),
)  # fmt: skip
