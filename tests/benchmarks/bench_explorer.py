"""How long a move of the ABC explorer takes in Python: the twin, the picture, the whole.

`python tests/benchmarks/bench_explorer.py` prints one line for each number of customers. Run it on a quiet
machine. What the browser adds is printed by tests/test_browser.py: from the key to the new picture.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from casebook.plots.pareto import ParetoPicture
from casebook.widgets import abc_answer, explore_abc
from casebook.widgets.abc import usual_classes
from casebook.widgets.base import to_png

MOVES = 20
SIZES = (400, 5_000, 50_000)


def sales(n: int) -> pd.DataFrame:
    """Make n customers with a long tail of revenue."""
    rng = np.random.default_rng(9)
    revenue = rng.lognormal(9, 1.6, n).round(2)
    margin = (revenue * rng.normal(0.3, 0.08, n)).round(2)
    key = [f"C{i:06d}" for i in range(n)]
    table = {"customer_id": key, "name": key, "revenue": revenue, "gross_margin": margin}
    return pd.DataFrame({**table, "profit": (margin - 900).round(2)})


def median_ms(move: Callable[[int], object]) -> float:
    """Time `move` for alternating cuts, and give the median in milliseconds."""
    took = []
    for turn in range(MOVES):
        start = time.perf_counter()
        move(70 + turn % 2)
        took.append(1000 * (time.perf_counter() - start))
    return statistics.median(took)


def line(n: int) -> str:
    """Measure one number of customers."""
    measures = sales(n)
    usual, explorer = usual_classes(measures), explore_abc(measures)
    answers = {cut: abc_answer(measures, cuts=(cut / 100, 0.95), compare=usual) for cut in (70, 71)}
    picture = ParetoPicture(Figure(figsize=(5.6, 4.0), dpi=115).subplots())
    picture.pin()

    def twin(cut: int) -> None:
        abc_answer(measures, cuts=(cut / 100, 0.95), compare=usual)

    def draw(cut: int) -> None:
        picture.update(answers[cut].classified, "revenue", **answers[cut].drawing)
        to_png(picture.ax.figure)  # type: ignore[arg-type]

    def whole(cut: int) -> None:
        explorer.controls["cut_a"].value = cut

    times = {"twin": median_ms(twin), "picture": median_ms(draw), "whole move": median_ms(whole)}
    return f"{n:>7,} customers: " + ", ".join(f"{name} {took:.0f} ms" for name, took in times.items())


if __name__ == "__main__":
    print(f"ABC explorer, median of {MOVES} moves")
    for size in SIZES:
        print(line(size))
