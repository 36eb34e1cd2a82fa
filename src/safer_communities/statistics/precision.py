"""Numbers cut to the ten significant digits that every processor agrees on.

Processors have vector units of their own, and libraries use them: the same logarithm may differ in
its sixteenth digit. So a number is cut before it leaves the code: before it is worded, written,
drawn or compared with what was committed.
"""

import pandas as pd

SIGNIFICANT_DIGITS = 10


def significant(value: float) -> float:
    """`value` to ten significant digits; whole numbers, infinities and NaN stay as they are."""
    value = float(value)
    return value if value.is_integer() else float(f"{value:.{SIGNIFICANT_DIGITS - 1}e}")


def with_significant_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with every float cut to ten significant digits, also where text stands beside it."""
    cut = frame.copy(deep=False)
    for position, dtype in enumerate(frame.dtypes):
        if pd.api.types.is_float_dtype(dtype) or pd.api.types.is_object_dtype(dtype):
            column = frame.iloc[:, position]
            cut.isetitem(position, column.map(_significant_if_float).array)
    return cut


def _significant_if_float(value: object) -> object:
    return significant(value) if isinstance(value, float) else value
