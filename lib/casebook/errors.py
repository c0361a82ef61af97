"""The errors that people see: each says what is wrong, where, and what to do."""

__all__ = ["TableError"]


class TableError(ValueError):
    """A table (or an argument about it) that cannot be used; the message names column, row and remedy."""
