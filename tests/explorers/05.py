"""The explorer of lesson 05, on the sample company."""

import casebook
from casebook import prospecting as pro
from casebook.widgets import explore_budget

methods = pro.method_economics(casebook.load("campaigns"))
explorer = explore_budget(methods, 240_000, years=2.25, least=4000)
