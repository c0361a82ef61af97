"""Numbers published elsewhere that this library must reproduce: who printed them, and what we get."""

from casebook.references.model import Published, all_published, references_table

__all__ = ["Published", "all_published", "references_table"]
