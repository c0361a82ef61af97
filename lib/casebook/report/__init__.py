"""Own data: read a sales file that someone else wrote, check it, analyse it, write the results.

`abc` does all of it for an ABC analysis; ``casebook report abc`` is the same on the command line.
"""

from casebook.report.abc_report import FILES, AbcReport, abc
from casebook.report.lines import ROLES, How, Lines, parse_mapping, read_lines
from casebook.report.messages import CannotRead

__all__ = ["FILES", "ROLES", "AbcReport", "CannotRead", "How", "Lines", "abc", "parse_mapping", "read_lines"]
