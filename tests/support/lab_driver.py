"""Drives a notebook in a real JupyterLab in a real browser; shared by the browser tests."""

from __future__ import annotations

import time
from collections.abc import Callable
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
