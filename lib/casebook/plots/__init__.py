"""One function a picture: each takes a computed table and returns Axes; `alt_…` says the same in words."""

from casebook.plots.classes import plot_abc_potential, plot_class_stability
from casebook.plots.composition import plot_cross, plot_drop_lists, plot_margin_steps, plot_mix
from casebook.plots.concentration import plot_lorenz, plot_tiers
from casebook.plots.evaluation import plot_calibration, plot_gains
from casebook.plots.pareto import plot_pareto
from casebook.plots.parties import lesson_map, plot_counts, plot_sources
from casebook.plots.selection import plot_loss_by_size, plot_weight_stability
from casebook.plots.whale import plot_whale, plot_whales
from casebook.plots.words import alt_pareto
from casebook.plots.words_classes import alt_abc_potential, alt_class_stability
from casebook.plots.words_composition import alt_cross, alt_drop_lists, alt_margin_steps, alt_mix
from casebook.plots.words_concentration import alt_lorenz, alt_tiers
from casebook.plots.words_evaluation import alt_calibration, alt_gains
from casebook.plots.words_parties import alt_counts, alt_lesson_map, alt_sources
from casebook.plots.words_selection import alt_loss_by_size, alt_weight_stability, alt_whale, alt_whales

__all__ = [
    "alt_abc_potential",
    "alt_calibration",
    "alt_class_stability",
    "alt_counts",
    "alt_cross",
    "alt_drop_lists",
    "alt_gains",
    "alt_lesson_map",
    "alt_lorenz",
    "alt_loss_by_size",
    "alt_margin_steps",
    "alt_mix",
    "alt_pareto",
    "alt_sources",
    "alt_tiers",
    "alt_weight_stability",
    "alt_whale",
    "alt_whales",
    "lesson_map",
    "plot_abc_potential",
    "plot_calibration",
    "plot_class_stability",
    "plot_counts",
    "plot_cross",
    "plot_drop_lists",
    "plot_gains",
    "plot_lorenz",
    "plot_loss_by_size",
    "plot_margin_steps",
    "plot_mix",
    "plot_pareto",
    "plot_sources",
    "plot_tiers",
    "plot_weight_stability",
    "plot_whale",
    "plot_whales",
]
