"""A shift printed without its level: the levels at which it would be significant."""

import numpy as np
import pandas as pd

from safer_communities.statistics import validation
from safer_communities.statistics.significance.printed_percentages import compare_percentages
from safer_communities.statistics.significance.rounding import counts_rounding_to, printed_steps


def levels_at_which_shift_is_significant(
    shift_points: float, base_1: int, base_2: int, *, decimals: int = 0
) -> pd.DataFrame:
    """The levels that a shift printed without one can have, and whether it is significant there.

    `shift_points` is the printed shift in percentage points (a fall is negative), for one shift at
    a time. Every first percentage that can be printed with `decimals` places, such that the second
    stays within 0 to 100, is tested with `compare_percentages`. Each has a row, in order; columns:
    percent_1, percent_2, p_value, p_low, p_high, significant (at face value), verdict. A shift is
    easier to tell from chance near 0% and 100% than near 50%.

    Raises ValueError for a shift of more than 100 points or with more decimals than `decimals`.
    """
    shift = validation.single("shift_points", shift_points)
    step = 10 ** validation.whole("decimals", decimals)
    shift_steps = printed_steps("shift_points", np.array(shift), decimals)
    if abs(shift) > 100:
        raise ValueError(f"shift_points: {shift:g} is not between -100 and 100")
    n_1 = validation.whole("base_1", base_1, at_least=1)
    n_2 = validation.whole("base_2", base_2, at_least=1)
    steps = np.arange(100 * step + 1)
    # No count rounds to a second percentage below 0 or above 100.
    possible = np.ones(len(steps), bool)
    for moved, base in ((steps, n_1), (steps + shift_steps, n_2)):
        low, high = counts_rounding_to(moved, np.array(base), decimals)
        possible &= low <= high
    steps = steps[possible]
    if not len(steps):
        raise ValueError(f"shift_points: {shift:g} is impossible with bases {n_1} and {n_2}")
    percent_1, percent_2 = steps / step, (steps + shift_steps) / step
    found = vars(compare_percentages(percent_1, n_1, percent_2, n_2, decimals=decimals))
    columns = ["p_value", "p_low", "p_high", "significant", "verdict"]
    levels = pd.DataFrame({"percent_1": percent_1, "percent_2": percent_2})
    return levels.assign(**{name: found[name] for name in columns})
