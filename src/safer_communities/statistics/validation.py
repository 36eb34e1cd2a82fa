"""Arguments of the statistical functions: checked once, and results in the shape they came in.

Every statistical function takes scalars, arrays and Series alike. `aligned` checks the arguments
and hands back plain arrays of one shape with the function that turns a result back into a float,
an array or a Series with the callers' index.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from numbers import Number
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

Numbers: TypeAlias = float | int | np.ndarray | pd.Series | list
# A result in the shape that the arguments came in: a float (or a truth value, or a word), an array
# or a Series. All the arguments together decide which, so a type checker cannot tell.
Shaped: TypeAlias = Any

# Beyond these, products and squares leave the range of a float.
LARGEST, SMALLEST_POSITIVE = 1e200, 1e-50
# Above this, not every whole number has a float of its own.
LARGEST_COUNT = 2**53
PEOPLE_ON_EARTH = 10**10


def numbers(name: str, value: Numbers) -> np.ndarray:
    """`value` as an array of finite floats.

    Raises ValueError, naming the argument and the value, where it is empty, not a number (a date, a
    truth value or text), missing, infinite or larger than 1e200.
    """
    try:
        # As objects, since a truth value among numbers would become one of them.
        array = np.asarray(value, dtype=object if isinstance(value, list | tuple) else None)
    except ValueError as error:
        raise ValueError(f"{name}: {value!r} has rows of different lengths") from error
    if array.size == 0:
        raise ValueError(f"{name}: {value!r} is empty")
    if array.dtype.kind not in "iuf":
        # A list of dates would hold whole numbers.
        for item in array.ravel().tolist() if array.dtype.kind in "bUSO" else array.ravel():
            if not isinstance(item, Number) or isinstance(item, bool | complex | np.timedelta64):
                raise ValueError(f"{name}: {item!r} is not a number")
    try:
        array = array.astype(float)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name}: {value!r} is too large to compute with") from error
    reject(name, array, ~np.isfinite(array), "is not a finite number")
    reject(name, array, np.abs(array) > LARGEST, f"is beyond {LARGEST:g}")
    return array


def counts(name: str, value: Numbers) -> np.ndarray:
    """`value` as an array of whole numbers, none below zero; raises ValueError otherwise."""
    array = numbers(name, value)
    reject(name, array, array < 0, "is negative")
    reject(name, array, array != np.floor(array), "is not a whole number")
    reject(name, array, array > LARGEST_COUNT, f"is above {LARGEST_COUNT}, too large to be exact")
    return array


def bases(name: str, value: Numbers) -> np.ndarray:
    """`value` as an array of whole numbers of at least one; raises ValueError otherwise."""
    array = counts(name, value)
    reject(name, array, array < 1, "is below 1")
    reject(name, array, array > PEOPLE_ON_EARTH, "is more people than there are")
    return array


def positive(name: str, value: Numbers) -> np.ndarray:
    """`value` as an array of numbers above zero; raises ValueError otherwise."""
    array = numbers(name, value)
    reject(name, array, array <= 0, "is not above 0")
    reject(name, array, array < SMALLEST_POSITIVE, f"is below {SMALLEST_POSITIVE:g}")
    return array


def percentages(name: str, value: Numbers) -> np.ndarray:
    """`value` as an array of numbers from 0 to 100; raises ValueError otherwise."""
    array = numbers(name, value)
    reject(name, array, (array < 0) | (array > 100), "is not between 0 and 100")
    return array


def probabilities(name: str, value: Numbers) -> np.ndarray:
    """`value` as an array of numbers from 0 to 1; raises ValueError otherwise."""
    array = numbers(name, value)
    reject(name, array, (array < 0) | (array > 1), "is not between 0 and 1")
    return array


def open_probability(name: str, value: float) -> float:
    """`value` as one float above 0 and below 1; raises ValueError otherwise."""
    number = single(name, value)
    if not 0 < number < 1:
        raise ValueError(f"{name}: {value!r} is not between 0 and 1, ends excluded")
    return number


def single(name: str, value: float) -> float:
    """`value` as one finite float; raises ValueError for an array or a Series."""
    array = numbers(name, value)
    if array.ndim:
        raise ValueError(f"{name}: {value!r} is not a single number")
    return float(array)


def single_positive(name: str, value: float) -> float:
    """`value` as one finite float above zero; raises ValueError otherwise."""
    return float(positive(name, single(name, value)))


def whole(name: str, value: int, *, at_least: int = 0) -> int:
    """`value` as one int of at least `at_least`; raises ValueError otherwise."""
    number = single(name, value)
    if number != int(number) or number < at_least:
        raise ValueError(f"{name}: {value!r} is not a whole number of at least {at_least}")
    return int(number)


def consecutive_months(name: str, index: pd.Index) -> pd.DatetimeIndex:
    """`index`, if it holds dates of months that follow each other; raises ValueError otherwise."""
    if not isinstance(index, pd.DatetimeIndex):
        raise ValueError(f"{name}: its index holds {index.dtype}, not dates of months")
    gaps = np.flatnonzero(np.diff(index.year * 12 + index.month) != 1)
    if len(gaps):
        raise ValueError(
            f"{name}: {index[gaps[0]]:%B %Y} is not followed by the next month "
            f"but by {index[gaps[0] + 1]:%B %Y}"
        )
    return index


def segments(name: str, starts: Sequence[int], length: int) -> list[tuple[int, int]]:
    """The first position of each part of a series and the one behind its last.

    `starts` are the positions (from 0) at which a new part begins. Raises ValueError where they are
    not whole, not in order or leave a part without values.
    """
    edges = [0, *(whole(name, position) for position in starts), length]
    if length and min(np.diff(edges)) < 1:
        raise ValueError(f"{name}: {tuple(starts)!r} leaves a part of {length} values empty")
    return list(pairwise(edges))


def reject(name: str, array: np.ndarray, wrong: np.ndarray, problem: str) -> None:
    """Raises ValueError naming the argument and its first wrong value, if there is one."""
    if np.any(wrong):
        first = np.broadcast_to(array, np.shape(wrong))[wrong].ravel()[0]
        raise ValueError(f"{name}: {first:g} {problem}")


def reject_above(name: str, count: np.ndarray, base_name: str, base: np.ndarray) -> None:
    """Raises ValueError where a count is above its base."""
    count, base = np.broadcast_arrays(count, base)
    wrong = count > base
    if wrong.any():
        raise ValueError(
            f"{name}: {count[wrong].ravel()[0]:g} is above {base_name} {base[wrong].ravel()[0]:g}"
        )


def aligned(
    **arguments: tuple[Callable[[str, Numbers], np.ndarray], Numbers],
) -> tuple[list[np.ndarray], Callable[[np.ndarray], Shaped]]:
    """The arguments as arrays of one shape, and what turns a result into the shape they came in.

    Each argument is given as (check, value). Series are matched by label and must have the same
    labels. Raises ValueError where a check fails, labels differ or lengths do not fit.
    """
    index = None
    arrays = []
    for name, (check, value) in arguments.items():
        if isinstance(value, pd.Series):
            index = value.index if index is None else index
            value = _matched(name, value, index).to_numpy()
        arrays.append(check(name, value))
    try:
        arrays = [np.array(array) for array in np.broadcast_arrays(*arrays)]
    except ValueError as error:
        sizes = ", ".join(
            f"{name} {array.shape}" for name, array in zip(arguments, arrays, strict=True)
        )
        raise ValueError(f"{sizes}: these lengths do not fit together") from error
    shape = arrays[0].shape
    if index is not None and shape != (len(index),):
        raise ValueError(
            f"{', '.join(arguments)}: arrays of shape {shape} do not fit a Series of {len(index)}"
        )

    def restore(result: np.ndarray) -> Shaped:
        if index is not None:
            return pd.Series(result, index=index)
        return np.asarray(result) if shape else np.asarray(result).item()

    return arrays, restore


def _matched(name: str, series: pd.Series, index: pd.Index) -> pd.Series:
    if series.index.equals(index):
        return series
    same = series.index.is_unique and index.is_unique and len(series) == len(index)
    if not same or not series.index.isin(index).all():
        odd = series.index.symmetric_difference(index)
        raise ValueError(f"{name}: its labels differ from the other Series', first {odd[:1]}")
    return series.reindex(index)
