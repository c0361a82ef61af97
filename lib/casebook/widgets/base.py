"""What all explorers share: controls above, a picture and its tables below, every error as a sentence.

An explorer holds no meaning of its own. A *twin*, an ordinary function, answers for the values of the
controls; the explorer shows that answer. The picture is a PNG of one figure whose artists are changed, not
made anew: that is quick, leaves no figure open, and works on a server without a screen.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets

from casebook.errors import TableError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Explorer", "percent_slider", "picker", "to_png"]

_ROW: dict[str, Any] = {
    "style": {"description_width": "90px"},
    "layout": {"width": "340px", "max_width": "96%"},
}
_WORDS = "font-size:13px;line-height:1.4;width:0;min-width:100%;overflow-x:auto"  # wide tables scroll
_CELLS = "<style>.casebook-words :is(td, th) {padding: 2px 7px 2px 0; vertical-align: top}</style>"
_HIDDEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"


def percent_slider(label: str, value: int, low: int, high: int, hint: str = "") -> ipywidgets.IntSlider:
    """Make a slider in whole per cent: arrow keys move it by one, and its number can be typed.

    It reports while it is dragged. Nothing piles up: a widget sends a value only when the kernel has dealt
    with the one before, so a slow answer skips values instead of queueing them.

    >>> percent_slider("A up to (%)", 80, 5, 98).value
    80
    """
    return ipywidgets.IntSlider(
        value,
        min=low,
        max=high,
        description=label,
        tooltip=hint or label,
        **_ROW,
    )


def picker(label: str, options: Mapping[str, Any], hint: str = "") -> ipywidgets.RadioButtons:
    """Make a choice of few; `options` maps what is read to what is meant, the first is chosen.

    Buttons and not a drop-down list: in JupyterLab the arrow keys leave such a list for the next cell. Tab
    goes from button to button, and the space bar chooses.

    >>> picker("Rank by", {"revenue": "revenue", "gross margin": "gross_margin"}).value
    'revenue'
    """
    return ipywidgets.RadioButtons(
        options=list(options.items()), description=label, tooltip=hint or label, **_ROW
    )


def to_png(figure: Figure) -> bytes:
    """Draw a figure; the same figure gives the same bytes.

    >>> from matplotlib.figure import Figure
    >>> to_png(Figure(figsize=(1, 1)))[1:4]
    b'PNG'
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 1})
    return buffer.getvalue()


class Explorer(ipywidgets.VBox):
    """Controls, a picture, and words: whatever the twin answers for the values of the controls.

    Parameters
    ----------
    controls : mapping of argument of the twin to widget
    answer : callable
        The twin; it is called with the controls' values by name. What it raises is shown as text.
    figure : Figure
        A figure that belongs to no window, such as ``matplotlib.figure.Figure(...)``.
    draw : callable
        Takes the answer and changes the artists of `figure`.
    tell : callable
        Takes the answer and returns a sentence, the tables as HTML (escaped), and the picture in words.
    keep : callable, optional
        Called with the name of the control that was moved, before the twin: may move others to keep a rule
        such as *B above A*.

    Attributes
    ----------
    controls : dict of widgets
    answered : object or None
        The last answer; None when the twin refused.
    picture : ipywidgets.Image
    words : ipywidgets.HTML
        The sentence and the tables, or the error.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> explorer = Explorer(
    ...     {"share": percent_slider("Share (%)", 50, 1, 99)},
    ...     answer=lambda share: share / 100,
    ...     figure=Figure(figsize=(1, 1)),
    ...     draw=lambda answer: None,
    ...     tell=lambda answer: (f"{answer:.0%} it is.", "", "An empty picture."),
    ... )
    >>> explorer.controls["share"].value = 60
    >>> explorer
    Explorer: 60% it is.
    """

    def __init__(
        self,
        controls: Mapping[str, ipywidgets.ValueWidget],
        *,
        answer: Callable[..., Any],
        figure: Figure,
        draw: Callable[[Any], None],
        tell: Callable[[Any], tuple[str, str, str]],
        keep: Callable[[str], None] | None = None,
    ) -> None:
        self.controls = dict(controls)
        self.answered: Any = None
        self.sentence = ""
        self._answer, self._figure, self._draw, self._tell, self._keep = answer, figure, draw, tell, keep
        self._busy = False
        # No tooltip: JupyterLab cannot show an Image that has one. `words` holds the alternative text.
        self.picture = ipywidgets.Image(format="png", layout={"width": "100%", "max_width": "644px"})
        self.words = ipywidgets.HTML(layout={"margin": "0", "width": "100%", "min_width": "0"})
        wrap = {"display": "flex", "flex_flow": "row wrap", "width": "100%"}
        knobs = ipywidgets.Box(list(self.controls.values()), layout=wrap)
        picture = ipywidgets.Box(
            [self.picture], layout={"flex": "1 1 380px", "min_width": "0", "max_width": "644px"}
        )
        words = ipywidgets.Box(
            [self.words], layout={"flex": "1 1 320px", "min_width": "0", "padding": "0 0 0 8px"}
        )
        shown = ipywidgets.Box([picture, words], layout={**wrap, "align_items": "flex-start"})
        for name, control in self.controls.items():
            control.observe(lambda _change, name=name: self.refresh(name), "value")
        self.refresh()
        super().__init__([knobs, shown])

    def refresh(self, moved: str | None = None) -> None:
        """Ask the twin and show its answer; called whenever a control moves."""
        if self._busy:  # a control that `keep` moved: the call that is under way will see it
            return
        self._busy = True
        try:
            if self._keep is not None and moved is not None:
                self._keep(moved)
            values = {name: control.value for name, control in self.controls.items()}
            self.answered = self._answer(**values)
            self._draw(self.answered)
            self.sentence, tables, alt = self._tell(self.answered)
            self._show(to_png(self._figure), tables, alt)
        except Exception as error:  # whatever went wrong, the reader is told instead of seeing an old picture
            self.answered = None
            known = isinstance(error, TableError)
            self.sentence = str(error) if known else f"This failed: {type(error).__name__}: {error}"
            self._show(b"", "", "")
        finally:
            self._busy = False

    def _show(self, png: bytes, tables: str, alt: str) -> None:
        said = html.escape(self.sentence)
        self.words.value = (
            f'{_CELLS}<div class="casebook-words" style="{_WORDS}">'
            f'<p role="status" style="margin:4px 0 8px">{said}</p>'
            f'{tables}<p style="{_HIDDEN}">{html.escape(alt)}</p></div>'
        )
        self.picture.layout.display = "" if png else "none"
        self.picture.value = png

    def __repr__(self) -> str:
        return f"Explorer: {self.sentence}"
