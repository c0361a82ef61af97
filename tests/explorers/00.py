"""The explorer of lesson 00 on the sample company."""

import casebook
from casebook.widgets import explore_sources

explorer = explore_sources(casebook.load("info_sources"))
