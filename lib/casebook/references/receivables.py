"""Published figures of cash discounts and of days sales outstanding."""

from __future__ import annotations

from casebook import receivables as rec
from casebook.references.model import Published
from casebook.terms import discount_cost

__all__ = ["VALUES"]

_CUSTOMARY = "customary textbook example (Brigham & Houston and others)"
_CFA = "worked answers in a public forum of CFA candidates"
_R = "worked out from the published formula"
_PAGE = "worked example on a public page"


def _rate(d: float, n1: int, n2: int, *, basis: int = 365, compound: bool = False) -> float:
    return 100 * discount_cost(d, n1, n2, basis, compound)


VALUES = (
    Published(
        "2/10 n/30, simple, 365 days, %",
        "37.245",
        lambda: _rate(0.02, 10, 30),
        _CUSTOMARY,
        "36.7 and 37.2 are both the simple rate: 360 and 365 days",
    ),
    Published("2/10 n/30, simple, 360 days, %", "36.73", lambda: _rate(0.02, 10, 30, basis=360), _CUSTOMARY),
    Published("2/10 n/30, effective, 365 days, %", "44.585", lambda: _rate(0.02, 10, 30, compound=True), _R),
    Published(
        "2/10 n/30, effective, 360 days, %",
        "43.857",
        lambda: _rate(0.02, 10, 30, basis=360, compound=True),
        _R,
    ),
    Published("1/10 n/30, simple, %", "18.434", lambda: _rate(0.01, 10, 30), _R),
    Published("1/10 n/30, effective, %", "20.132", lambda: _rate(0.01, 10, 30, compound=True), _R),
    Published("3/10 n/30, simple, %", "56.443", lambda: _rate(0.03, 10, 30), _R),
    Published("3/10 n/30, effective, %", "74.348", lambda: _rate(0.03, 10, 30, compound=True), _R),
    Published("1.5/10 n/30, simple, %", "27.792", lambda: _rate(0.015, 10, 30), _R),
    Published("1.5/10 n/30, effective, %", "31.762", lambda: _rate(0.015, 10, 30, compound=True), _R),
    Published("2/10 n/45, simple, %", "21.283", lambda: _rate(0.02, 10, 45), _R),
    Published("2/10 n/45, effective, %", "23.45", lambda: _rate(0.02, 10, 45, compound=True), _CFA),
    Published("2/10 n/60, simple, %", "14.898", lambda: _rate(0.02, 10, 60), _R),
    Published("2/10 n/60, effective, %", "15.891", lambda: _rate(0.02, 10, 60, compound=True), _R),
    Published("2/20 n/30, simple, %", "74.49", lambda: _rate(0.02, 20, 30), _R),
    Published("2/20 n/30, effective, %", "109.05", lambda: _rate(0.02, 20, 30, compound=True), _CFA),
    Published(
        "DSO of 600,000 on 2,400,000 in 90 days", "22.5", lambda: rec.dso(600_000, 2_400_000, 90), _PAGE
    ),
    Published(
        "DSO of 275,000 on 5,000,000 in 365 days", "20.075", lambda: rec.dso(275_000, 5_000_000, 365), _PAGE
    ),
    Published(
        "DSO counted back: 212,000 on 70,000, 80,000, 100,000",
        "73.714",
        lambda: rec.dso(212_000, [70_000, 80_000, 100_000], [30, 30, 30], method="count_back"),
        _PAGE,
        "inputs published, result worked out; months of 30 days",
    ),
    Published(
        "DSO simple: 212,000 on 70,000, 80,000, 100,000",
        "76.32",
        lambda: rec.dso(212_000, [70_000, 80_000, 100_000], [30, 30, 30]),
        _PAGE,
    ),
)
