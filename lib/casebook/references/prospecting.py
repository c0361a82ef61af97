"""Published intervals of a count and of a difference of shares."""

from __future__ import annotations

from casebook import prospecting as pro
from casebook.references.model import Published

__all__ = ["VALUES"]

_COUNTS = "Garwood (1936), Biometrika 28, 95 % limits of a Poisson mean, as tabled"
_SHARES = "Newcombe (1998), Statistics in Medicine 17, method 10, example (a)"


def _mean(customers: int, end: int) -> float:
    """A limit of the true mean behind a count: 1 over the limit of the cost of one."""
    return 1 / float(pro.cac_interval(1.0, customers)[1 - end])


VALUES = (
    Published("count 0, most", "3.689", lambda: _mean(0, 1), _COUNTS),
    Published("count 1, least", "0.025", lambda: _mean(1, 0), _COUNTS),
    Published("count 1, most", "5.572", lambda: _mean(1, 1), _COUNTS),
    Published("count 10, least", "4.795", lambda: _mean(10, 0), _COUNTS),
    Published("count 10, most", "18.390", lambda: _mean(10, 1), _COUNTS),
    Published("56/70 less 48/80, low", "0.0524", lambda: pro.ad_effect((56, 70), (48, 80)).low, _SHARES),
    Published("56/70 less 48/80, high", "0.3339", lambda: pro.ad_effect((56, 70), (48, 80)).high, _SHARES),
)
