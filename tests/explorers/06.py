"""Open the explorer of lesson 06 on the eight lists of the sample company."""

import numpy as np
import pandas as pd

import casebook
from casebook import qualification as qlf
from casebook.widgets import explore_calls

closed = casebook.load("prospects").query("status != 'open'")
mornings = pd.date_range("2022-04-01", "2024-01-01", freq="QS")
lists = pd.concat(qlf.heat(qlf.open_on(closed, day), day) for day in mornings)
lists["chance"] = qlf.conversion_chance(qlf.fit_conversion(closed), lists)
lists["worth"] = np.where(lists["industry"] == "household", 1_000.0, 35_000.0)
lists["brought"] = lists["worth"].where(lists["ordered_later"], 0.0)
explorer = explore_calls(lists)
