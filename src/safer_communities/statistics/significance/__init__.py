"""Survey shifts: how large, how sure, and what whole percentages can and cannot say.

Every function takes scalars, arrays or Series (matched by label; the index is kept) and gives back
a small frozen dataclass whose fields have the same shape. Nothing returns NaN: where nobody, or
everybody, said yes in both waves, the difference is 0, z is 0 and p is 1. Bad input raises
ValueError naming the argument and its value.
"""

from safer_communities.statistics.significance.multiple_testing import adjust_p_values
from safer_communities.statistics.significance.power import (
    DetectableShift,
    smallest_detectable_shift,
)
from safer_communities.statistics.significance.printed_percentages import (
    CANNOT_TELL,
    LARGEST_BASE_SEARCHED,
    NOT_SIGNIFICANT,
    SIGNIFICANT,
    BaseRangeComparison,
    PercentageComparison,
    compare_percentages,
    compare_percentages_over_bases,
    verdict_of_range,
)
from safer_communities.statistics.significance.shares import (
    Comparison,
    ProportionInterval,
    compare_proportions,
    compare_shares,
    wilson_interval,
)
from safer_communities.statistics.significance.shift_levels import (
    levels_at_which_shift_is_significant,
)

__all__ = [
    "CANNOT_TELL",
    "LARGEST_BASE_SEARCHED",
    "NOT_SIGNIFICANT",
    "SIGNIFICANT",
    "BaseRangeComparison",
    "Comparison",
    "DetectableShift",
    "PercentageComparison",
    "ProportionInterval",
    "adjust_p_values",
    "compare_percentages",
    "compare_percentages_over_bases",
    "compare_proportions",
    "compare_shares",
    "levels_at_which_shift_is_significant",
    "smallest_detectable_shift",
    "verdict_of_range",
    "wilson_interval",
]
