"""Real data from its public home: `fetch` finds it, verifies it by content, and says whom to cite."""

from __future__ import annotations

from casebook.public.fetching import NotHereError, fetch, public_data
from casebook.public.model import Fact, Source, WrongDataError

__all__ = ["Fact", "NotHereError", "Source", "WrongDataError", "fetch", "public_data"]
