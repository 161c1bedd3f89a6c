"""Random numbers of the kernel: its own stream, so that nothing else can disturb a plan.

SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2714064.2660195).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.compiled import spliced

Rng = NDArray[np.uint64]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


def new_rng(seed: int) -> Rng:
    """Start a stream."""
    return np.array([seed % 2**64], dtype=np.uint64)


@spliced
def draw(rng: Rng) -> float:
    """Uniform in [0, 1)."""
    rng[0] += _GOLDEN
    z = rng[0]
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    z ^= z >> _31
    return float(z >> _11) * 1.1102230246251565e-16


@spliced
def below(rng: Rng, n: int) -> int:
    """Uniform among 0 to n - 1."""
    return int(draw(rng) * n)
