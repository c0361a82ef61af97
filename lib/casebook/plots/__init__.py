"""One function a picture: each takes a computed table and returns Axes; `alt_…` says the same in words."""

from casebook.plots.alive import plot_alive_grid, plot_alive_path, plot_value
from casebook.plots.budget import plot_budget
from casebook.plots.churn import (
    plot_effect_by_risk,
    plot_profit_by_depth,
    plot_survival,
    plot_uplift_by_depth,
)
from casebook.plots.classes import plot_abc_potential, plot_class_stability
from casebook.plots.composition import plot_cross, plot_drop_lists, plot_margin_steps, plot_mix
from casebook.plots.concentration import plot_lorenz, plot_tiers
from casebook.plots.credit import plot_credit_line, plot_default_rates, plot_grades_seen, plot_woe
from casebook.plots.discounts import plot_days_earlier, plot_take_up
from casebook.plots.distributors import plot_two_weightings
from casebook.plots.evaluation import plot_calibration, plot_gains
from casebook.plots.identification import plot_evaluation, plot_migration, plot_six_c
from casebook.plots.lifetime import plot_conditional, plot_retention, plot_tracking
from casebook.plots.pareto import plot_pareto
from casebook.plots.parties import lesson_map, plot_counts, plot_sources
from casebook.plots.positioning import plot_perceptual_map
from casebook.plots.prospecting import plot_cac, plot_fairs, plot_method_rates
from casebook.plots.qualification import plot_calls, plot_rates, plot_signals
from casebook.plots.receivables import plot_aging, plot_roll_rates
from casebook.plots.selection import plot_loss_by_size, plot_weight_stability
from casebook.plots.whale import plot_whale, plot_whales
from casebook.plots.words import alt_pareto
from casebook.plots.words_churn import (
    alt_effect_by_risk,
    alt_profit_by_depth,
    alt_survival,
    alt_uplift_by_depth,
)
from casebook.plots.words_classes import alt_abc_potential, alt_class_stability
from casebook.plots.words_composition import alt_cross, alt_drop_lists, alt_margin_steps, alt_mix
from casebook.plots.words_concentration import alt_lorenz, alt_tiers
from casebook.plots.words_credit import alt_credit_line, alt_default_rates, alt_grades_seen, alt_woe
from casebook.plots.words_discounts import alt_days_earlier, alt_take_up
from casebook.plots.words_distributors import alt_two_weightings
from casebook.plots.words_evaluation import alt_calibration, alt_gains
from casebook.plots.words_identification import alt_evaluation, alt_migration, alt_six_c
from casebook.plots.words_lifetime import (
    alt_alive_grid,
    alt_alive_path,
    alt_conditional,
    alt_retention,
    alt_tracking,
    alt_value,
)
from casebook.plots.words_parties import alt_counts, alt_lesson_map, alt_sources
from casebook.plots.words_positioning import alt_perceptual_map
from casebook.plots.words_prospecting import alt_budget, alt_cac, alt_fairs, alt_method_rates
from casebook.plots.words_qualification import alt_calls, alt_rates, alt_signals
from casebook.plots.words_receivables import alt_aging, alt_roll_rates
from casebook.plots.words_selection import alt_loss_by_size, alt_weight_stability, alt_whale, alt_whales

__all__ = [
    "alt_abc_potential",
    "alt_aging",
    "alt_alive_grid",
    "alt_alive_path",
    "alt_budget",
    "alt_cac",
    "alt_calibration",
    "alt_calls",
    "alt_class_stability",
    "alt_conditional",
    "alt_counts",
    "alt_credit_line",
    "alt_cross",
    "alt_days_earlier",
    "alt_default_rates",
    "alt_drop_lists",
    "alt_effect_by_risk",
    "alt_evaluation",
    "alt_fairs",
    "alt_gains",
    "alt_grades_seen",
    "alt_lesson_map",
    "alt_lorenz",
    "alt_loss_by_size",
    "alt_margin_steps",
    "alt_method_rates",
    "alt_migration",
    "alt_mix",
    "alt_pareto",
    "alt_perceptual_map",
    "alt_profit_by_depth",
    "alt_rates",
    "alt_retention",
    "alt_roll_rates",
    "alt_signals",
    "alt_six_c",
    "alt_sources",
    "alt_survival",
    "alt_take_up",
    "alt_tiers",
    "alt_tracking",
    "alt_two_weightings",
    "alt_uplift_by_depth",
    "alt_value",
    "alt_weight_stability",
    "alt_whale",
    "alt_whales",
    "alt_woe",
    "lesson_map",
    "plot_abc_potential",
    "plot_aging",
    "plot_alive_grid",
    "plot_alive_path",
    "plot_budget",
    "plot_cac",
    "plot_calibration",
    "plot_calls",
    "plot_class_stability",
    "plot_conditional",
    "plot_counts",
    "plot_credit_line",
    "plot_cross",
    "plot_days_earlier",
    "plot_default_rates",
    "plot_drop_lists",
    "plot_effect_by_risk",
    "plot_evaluation",
    "plot_fairs",
    "plot_gains",
    "plot_grades_seen",
    "plot_lorenz",
    "plot_loss_by_size",
    "plot_margin_steps",
    "plot_method_rates",
    "plot_migration",
    "plot_mix",
    "plot_pareto",
    "plot_perceptual_map",
    "plot_profit_by_depth",
    "plot_rates",
    "plot_retention",
    "plot_roll_rates",
    "plot_signals",
    "plot_six_c",
    "plot_sources",
    "plot_survival",
    "plot_take_up",
    "plot_tiers",
    "plot_tracking",
    "plot_two_weightings",
    "plot_uplift_by_depth",
    "plot_value",
    "plot_weight_stability",
    "plot_whale",
    "plot_whales",
    "plot_woe",
]
