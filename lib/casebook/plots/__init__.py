"""One function a picture: each takes a computed table and returns Axes; `alt_…` says the same in words."""

from casebook.plots.classes import plot_abc_potential, plot_class_stability
from casebook.plots.composition import plot_cross, plot_drop_lists, plot_margin_steps, plot_mix
from casebook.plots.concentration import plot_lorenz, plot_tiers
from casebook.plots.discounts import plot_days_earlier, plot_take_up
from casebook.plots.evaluation import plot_calibration, plot_gains
from casebook.plots.pareto import plot_pareto
from casebook.plots.parties import lesson_map, plot_counts, plot_sources
from casebook.plots.receivables import plot_aging, plot_roll_rates
from casebook.plots.words import alt_pareto
from casebook.plots.words_classes import alt_abc_potential, alt_class_stability
from casebook.plots.words_composition import alt_cross, alt_drop_lists, alt_margin_steps, alt_mix
from casebook.plots.words_concentration import alt_lorenz, alt_tiers
from casebook.plots.words_discounts import alt_days_earlier, alt_take_up
from casebook.plots.words_evaluation import alt_calibration, alt_gains
from casebook.plots.words_parties import alt_counts, alt_lesson_map, alt_sources
from casebook.plots.words_receivables import alt_aging, alt_roll_rates

__all__ = [
    "alt_abc_potential",
    "alt_aging",
    "alt_calibration",
    "alt_class_stability",
    "alt_counts",
    "alt_cross",
    "alt_days_earlier",
    "alt_drop_lists",
    "alt_gains",
    "alt_lesson_map",
    "alt_lorenz",
    "alt_margin_steps",
    "alt_mix",
    "alt_pareto",
    "alt_roll_rates",
    "alt_sources",
    "alt_take_up",
    "alt_tiers",
    "lesson_map",
    "plot_abc_potential",
    "plot_aging",
    "plot_calibration",
    "plot_class_stability",
    "plot_counts",
    "plot_cross",
    "plot_days_earlier",
    "plot_drop_lists",
    "plot_gains",
    "plot_lorenz",
    "plot_margin_steps",
    "plot_mix",
    "plot_pareto",
    "plot_roll_rates",
    "plot_sources",
    "plot_take_up",
    "plot_tiers",
]
