"""Data for the benchmark of the lifetime models: arrays in .npz files, which every environment can read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from casebook.lifetime.simulate import simulate_bgnbd

__all__ = ["write_log", "write_people"]


def write_log(path: Path, lines: int, seed: int = 11) -> None:
    """Write a log of order lines in cents: two years, a customer for every twenty lines."""
    rng = np.random.default_rng(seed)
    np.savez(
        path,
        customer=rng.integers(0, lines // 20, lines),
        day=rng.integers(0, 730, lines),
        amount=np.round(rng.gamma(2.0, 30.0, lines) + 0.01, 2),
    )


def write_people(path: Path, customers: int, seed: int = 12) -> None:
    """Write a summary in weeks, counted in whole days, of customers like CDNOW's: 27 to 39 weeks observed."""
    rng = np.random.default_rng(seed)
    days = rng.integers(190, 274, customers)
    people = simulate_bgnbd(customers, r=0.243, alpha=4.414, a=0.793, b=2.426, T=days / 7, seed=seed)
    recency = np.minimum(np.ceil(people["recency"].to_numpy() * 7), days) / 7
    np.savez(path, frequency=people["frequency"].to_numpy(dtype=float), recency=recency, T=days / 7)
