"""Which counts of people a printed percentage may stand for."""

import numpy as np

from safer_communities.statistics import validation

# With more, the whole numbers of exact rounding would not fit in 64 bits.
MOST_DECIMALS = 6


def printed_steps(name: str, printed: np.ndarray, decimals: int) -> np.ndarray:
    """What is printed in whole units of its last decimal, so that rounding is exact arithmetic.

    Raises ValueError, naming the argument, for more decimals than `decimals`.
    """
    if validation.whole("decimals", decimals) > MOST_DECIMALS:
        raise ValueError(f"decimals: {decimals!r} is above {MOST_DECIMALS}")
    scaled = printed * 10 ** int(decimals)
    steps = np.rint(scaled)
    problem = f"has more decimals than decimals={decimals}"
    validation.reject(name, printed, np.abs(scaled - steps) > 1e-6, problem)
    return steps.astype(np.int64)


def counts_rounding_to(
    steps: np.ndarray, base: np.ndarray, decimals: int
) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and largest count that rounds half up to `steps`; none where low > high."""
    # 100 * count / base rounds to s / 10**d where 2s - 1 <= 200 * 10**d * count / base < 2s + 1.
    base = base.astype(np.int64)
    scale = 200 * 10**decimals
    low = -((-(2 * steps - 1) * base) // scale)
    high = -((-(2 * steps + 1) * base) // scale) - 1
    return np.maximum(low, 0), np.minimum(high, base)


def possible_counts(
    name: str, percent: np.ndarray, base_name: str, base: np.ndarray, decimals: int
) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and largest count of each base that rounds to its percentage.

    Raises ValueError, naming the arguments, where there is none.
    """
    low, high = counts_rounding_to(printed_steps(name, percent, decimals), base, decimals)
    empty = low > high
    if empty.any():
        raise ValueError(
            f"{name}: no count of {base_name} {base[empty].ravel()[0]:g} rounds to "
            f"{percent[empty].ravel()[0]:g}%"
        )
    return low, high


def possible_bases(
    side: str, percent: float, ends: tuple[float, float], decimals: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The bases of a range that allow the percentage, with their smallest and largest counts.

    `side` is the wave, "1" or "2", by which an error names the percentage. Raises ValueError where
    no base of the range allows it.
    """
    bases = np.arange(ends[0], ends[1] + 1)
    steps = printed_steps(f"percent_{side}", np.array(percent), decimals)
    low, high = counts_rounding_to(steps, bases, decimals)
    possible = low <= high
    if not possible.any():
        raise ValueError(
            f"percent_{side}: no count of a base from {ends[0]:g} to {ends[1]:g} "
            f"rounds to {percent:g}%"
        )
    return bases[possible], low[possible], high[possible]
