"""Published Gini coefficients, population form."""

from __future__ import annotations

from casebook import classification as cls
from casebook.references.model import Published

__all__ = ["VALUES"]

_PAGE = "worked examples on public course pages"

VALUES = (
    Published("Gini of 1, 2, 3", "0.2222", lambda: cls.gini([1, 2, 3]), _PAGE),
    Published("Gini of 1.5, 1.5, 3", "0.1667", lambda: cls.gini([1.5, 1.5, 3]), _PAGE),
    Published("Gini of 1, 2, 2, 3", "0.1875", lambda: cls.gini([1, 2, 2, 3]), _PAGE),
    Published("Gini of 1, 2, 3, 4", "0.25", lambda: cls.gini([1, 2, 3, 4]), _PAGE),
    Published("Gini of 0, 0, 0, 1", "0.75", lambda: cls.gini([0, 0, 0, 1]), _PAGE),
    Published("Gini of four equal", "0", lambda: cls.gini([5, 5, 5, 5]), _PAGE),
    Published(
        "Gini of incomes 100/200/300/400 of 50/25/100/25 people",
        "0.2125",
        lambda: cls.gini([100] * 50 + [200] * 25 + [300] * 100 + [400] * 25),
        _PAGE,
    ),
    Published(
        "Gini of incomes 100/200/300/400 of 50/25/75/25 people",
        "0.23529",
        lambda: cls.gini([100] * 50 + [200] * 25 + [300] * 75 + [400] * 25),
        _PAGE,
    ),
)
