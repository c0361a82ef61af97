"""How long a reader waits after moving a slider: every explorer, in a real JupyterLab in a real browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    test = "tests/test_explorers.py::test_each_explorer_follows_the_keyboard_in_a_real_browser"
    command = [sys.executable, "-m", "pytest", "-q", test]
    raise SystemExit(subprocess.call(command, cwd=ROOT, env={**os.environ, "CASEBOOK_MOVES": "20"}))
