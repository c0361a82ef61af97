"""One function a picture: each takes a computed table and returns Axes; `alt_…` says the same in words."""

from casebook.plots.classes import plot_abc_potential, plot_class_stability
from casebook.plots.concentration import plot_lorenz, plot_tiers
from casebook.plots.credit import plot_credit_line, plot_default_rates, plot_grades_seen, plot_woe
from casebook.plots.evaluation import plot_calibration, plot_gains
from casebook.plots.pareto import plot_pareto
from casebook.plots.parties import lesson_map, plot_counts, plot_sources
from casebook.plots.words import alt_pareto
from casebook.plots.words_classes import alt_abc_potential, alt_class_stability
from casebook.plots.words_concentration import alt_lorenz, alt_tiers
from casebook.plots.words_credit import alt_credit_line, alt_default_rates, alt_grades_seen, alt_woe
from casebook.plots.words_evaluation import alt_calibration, alt_gains
from casebook.plots.words_parties import alt_counts, alt_lesson_map, alt_sources

__all__ = [
    "alt_abc_potential",
    "alt_calibration",
    "alt_class_stability",
    "alt_counts",
    "alt_credit_line",
    "alt_default_rates",
    "alt_gains",
    "alt_grades_seen",
    "alt_lesson_map",
    "alt_lorenz",
    "alt_pareto",
    "alt_sources",
    "alt_tiers",
    "alt_woe",
    "lesson_map",
    "plot_abc_potential",
    "plot_calibration",
    "plot_class_stability",
    "plot_counts",
    "plot_credit_line",
    "plot_default_rates",
    "plot_gains",
    "plot_grades_seen",
    "plot_lorenz",
    "plot_pareto",
    "plot_sources",
    "plot_tiers",
    "plot_woe",
]
