"""Rows a second and peak memory of companies of 1, 10 and 100 thousand customers; `--thousand` for a million.

`python tests/benchmarks/bench_company.py` prints one line for each size. Run it on a quiet machine.
"""

from __future__ import annotations

import sys

from casebook.company.bench import main

if __name__ == "__main__":
    sys.exit(main())
