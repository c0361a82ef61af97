"""One function a picture: each takes a computed table and returns Axes; `alt_…` says the same in words."""

from casebook.plots.pareto import plot_pareto
from casebook.plots.words import alt_pareto

__all__ = ["alt_pareto", "plot_pareto"]
