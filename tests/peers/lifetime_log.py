"""Make `lifetime_log.csv`, the purchases that the peers and Casebook fit alike.

`python tests/peers/lifetime_log.py`: 900 customers of the BG/NBD model (r=0.6, alpha=4, a=0.8, b=2.5, weeks).
They come in 2023 and are seen until the end of 2024. An order is worth gamma-gamma money (p=6, q=4,
gamma=150), in whole cents.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SEED, CUSTOMERS, END = 505, 900, pd.Timestamp("2024-12-31")


def lifetime_log() -> pd.DataFrame:
    """Draw every customer's purchases, the first one on a day of 2023."""
    rng = np.random.default_rng(SEED)
    rows = []
    for who in range(1, CUSTOMERS + 1):
        rate, leave, nu = rng.gamma(0.6, 1 / 4), rng.beta(0.8, 2.5), rng.gamma(4.0, 1 / 150)
        first = int(rng.integers(0, 365))
        last, clock, alive = 730 - first, 0.0, True
        while alive and clock <= last:
            day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=first + int(clock))
            rows.append((f"C{who:04d}", day, round(max(rng.gamma(6.0) / nu, 0.01), 2)))
            alive = clock == 0 or rng.random() >= leave
            clock += 7 * rng.exponential() / max(rate, 1e-9)
    return pd.DataFrame(rows, columns=["customer", "date", "amount"])


if __name__ == "__main__":
    path = Path(__file__).with_name("lifetime_log.csv")
    lifetime_log().to_csv(path, index=False, date_format="%Y-%m-%d", lineterminator="\n")
