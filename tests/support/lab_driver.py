"""Drives a notebook in a real JupyterLab in a real browser; shared by the browser tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

RUN = """
async () => {
  await jupyterapp.restored;
  const panel = jupyterapp.shell.currentWidget;
  await panel.context.ready;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  await jupyterapp.commands.execute('notebook:run-all-cells');
}
"""
OUTPUTS = """
() => [...jupyterapp.shell.currentWidget.content.model.cells]
  .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())
"""
SHOW_CELL = """
async (word) => {
  const notebook = jupyterapp.shell.currentWidget.content;
  const at = [...notebook.model.cells].findIndex(cell => cell.sharedModel.getSource().includes(word));
  notebook.activeCellIndex = at;
  await notebook.scrollToItem(at);
}
"""
ASK = """
async (code) => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const asked = kernel.requestExecute({ code, silent: false, store_history: false });
  let said = '';
  asked.onIOPub = (message) => {
    if (message.header.msg_type === 'stream') said += message.content.text;
    if (message.header.msg_type === 'error') said += message.content.traceback.join('\\n');
  };
  await asked.done;
  return said;
}
"""
PICTURE = """
async (image) => {
  const bytes = await (await fetch(image.src)).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
"""
#: From the key going down to the first frame with another picture, in milliseconds.
TIME_A_MOVE = """
(image) => { window.tookMs = new Promise(resolve => {
  document.addEventListener('keydown', () => {
    const start = performance.now(), before = image.src;
    const done = () => resolve(performance.now() - start);
    const look = () => image.src !== before ? image.decode().then(done, done) : requestAnimationFrame(look);
    look();
  }, { capture: true, once: true });
}); }
"""


class Lab:
    """A notebook that has been opened and run in JupyterLab."""

    def __init__(self, page: Page, url: str, path: str) -> None:
        self.page, self.elsewhere = page, []
        page.on("request", self._note)
        page.goto(f"{url}/lab/tree/{path}?reset")
        page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.content?.model?.cells?.length")
        page.evaluate(RUN)

    def _note(self, request: Any) -> None:
        place = urlsplit(request.url)
        if place.scheme not in ("blob", "data") and place.hostname not in ("127.0.0.1", "localhost"):
            self.elsewhere.append(request.url)

    def ask(self, code: str) -> str:
        """Run code in the notebook's kernel, beside its cells, and give what it prints."""
        return str(self.page.evaluate(ASK, code))

    def complaints(self) -> list[Any]:
        """Outputs that are errors or warnings."""
        outputs = self.page.evaluate(OUTPUTS)
        return [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]


def until(holds: Callable[[], bool], what: str, seconds: float = 20) -> None:
    last = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < last, f"{what} did not come within {seconds} seconds"
        time.sleep(0.05)


@contextmanager
def running_lab(root: Path, own: Path) -> Iterator[str]:
    """Start a JupyterLab on `root`, without a token, its own files in `own`; gives its base URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}",
        "--IdentityProvider.token=",
        "--KernelManager.transport_encryption=auto",
        "--expose-app-in-browser",
    ]
    private = {f"JUPYTER_{kind}_DIR": str(own / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    private |= {"IPYTHONDIR": str(own / "ipython"), "JUPYTER_PREFER_ENV_PATH": "1"}
    log = own / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env={**os.environ, **private},
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=root,
        )
        try:
            _wait_until_it_answers(f"http://127.0.0.1:{port}/api", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_until_it_answers(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    last = time.monotonic() + 90
    while time.monotonic() < last and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"JupyterLab did not start; its log says:\n{log.read_text()[-3000:]}")
