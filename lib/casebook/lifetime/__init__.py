"""What is a customer worth over the years (客户生命周期价值)? The course's formula, and the models behind it.

>>> from casebook.lifetime import clv_simple
>>> clv_simple(1_200, 3, 60)
24000.0
"""

from casebook.lifetime.bgnbd import BetaGeoNBD
from casebook.lifetime.fitting import IdentificationWarning
from casebook.lifetime.gammagamma import GammaGamma
from casebook.lifetime.pareto import ParetoNBD
from casebook.lifetime.sbg import ShiftedBetaGeometric
from casebook.lifetime.simple import DAYS_PER, clv_discounted, clv_simple, estimate_stT, lifetime
from casebook.lifetime.summary import rfm_summary
from casebook.lifetime.value import clv, source_equity

__all__ = [
    "DAYS_PER",
    "BetaGeoNBD",
    "GammaGamma",
    "IdentificationWarning",
    "ParetoNBD",
    "ShiftedBetaGeometric",
    "clv",
    "clv_discounted",
    "clv_simple",
    "estimate_stT",
    "lifetime",
    "rfm_summary",
    "source_equity",
]
