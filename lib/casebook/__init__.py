"""Casebook: know your customers. Tables in, tables out; every lesson's functions by topic."""

from casebook.text import say, show, show_figure

__version__ = "0.1.0"
__all__ = ["__version__", "say", "show", "show_figure"]
