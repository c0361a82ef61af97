"""The training sheets as a form: a box for each cell, and what is still blank below."""

from __future__ import annotations

import html

import ipywidgets

from casebook.worksheets import LAYOUTS, Worksheet

__all__ = ["WorksheetForm", "fill_in"]

DONE = "Every cell is filled."
OPEN = "{filled} of {cells} cells filled ({share:.0%}). Still to be found out: {blanks}"


class WorksheetForm(ipywidgets.VBox):
    """A form for a worksheet; `.sheet` is the sheet as it is filled in now.

    Parameters
    ----------
    sheet : Worksheet
        What is filled in already; it is left as it is.

    Attributes
    ----------
    boxes : dict of (row, column) to Text
    words : ipywidgets.HTML
        How much is filled, and the questions that are open.

    Examples
    --------
    >>> form = WorksheetForm(Worksheet("2-5", [{"group": "schools"}]))
    >>> form.boxes[0, "size"].value = "28"
    >>> form
    WorksheetForm: sheet 2-5, 2 of 9 cells filled
    """

    def __init__(self, sheet: Worksheet) -> None:
        self._name, self._rows = sheet.name, len(sheet.rows)
        self.words = ipywidgets.HTML()
        self.boxes = {
            (at, column): ipywidgets.Text(
                row.get(column, ""), placeholder=question, description=column, tooltip=question,
                style={"description_width": "160px"}, layout={"width": "560px", "max_width": "96%"},
            )
            for at, row in enumerate(sheet.rows)
            for column, question in LAYOUTS[sheet.name].items()
        }  # fmt: skip
        for box in self.boxes.values():
            box.observe(self._tell, "value")
        self._tell()
        super().__init__([*self.boxes.values(), self.words])

    @property
    def sheet(self) -> Worksheet:
        """The sheet as it is filled in now."""
        rows: list[dict[str, str]] = [{} for _ in range(self._rows)]
        for (at, column), box in self.boxes.items():
            rows[at][column] = box.value
        return Worksheet(self._name, rows)

    def _tell(self, _change: object = None) -> None:
        sheet = self.sheet
        blanks = [f"{row['column']} ({row['row'] + 1})" for _, row in sheet.validate().iterrows()]
        said = OPEN.format(
            filled=len(self.boxes) - len(blanks),
            cells=len(self.boxes),
            share=sheet.completeness,
            blanks=", ".join(blanks),
        )
        self.words.value = f'<p role="status">{html.escape(said if blanks else DONE)}</p>'

    def __repr__(self) -> str:
        filled = len(self.boxes) - len(self.sheet.validate())
        return f"WorksheetForm: sheet {self._name}, {filled} of {len(self.boxes)} cells filled"


def fill_in(sheet: Worksheet) -> WorksheetForm:
    """Open a worksheet as a form.

    Parameters
    ----------
    sheet : Worksheet
        With as many rows as shall be filled in: an empty row is ``{}``.

    Returns
    -------
    WorksheetForm
        A widget for a notebook; ``.sheet.to_json()`` is what to save.

    Examples
    --------
    >>> fill_in(Worksheet("2-15", [{}, {}]))
    WorksheetForm: sheet 2-15, 0 of 18 cells filled
    """
    return WorksheetForm(sheet)
