"""Small counts withheld from tables, so that no published total gives them away.

A count of a few people can identify one of them: hate crime or domestic abuse in a ward, an answer
of a few respondents. `withhold` takes a table of counts by rows and columns whose row totals,
column totals and grand total are published too, withholds the small counts (primary suppression)
and as many others as it takes (secondary suppression) for nobody to work a small one out from the
totals, not even roughly. `what_can_be_told` is the attack: the least and the most that a withheld
cell can be, by linear programming over everything published. `withhold_small_parts` is
the same for the parts of one total.

Source: Government Statistical Service (2014), Disclosure control guidance for tables produced from
surveys; Hundepool et al. (2012), Statistical Disclosure Control, chapter 4: interval protection.
"""

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from safer_communities.statistics import validation

SMALLEST_COUNT_SHOWN = 5


def withhold(counts: pd.DataFrame, *, minimum: int = SMALLEST_COUNT_SHOWN) -> pd.DataFrame:
    """The counts (Int64), with `<NA>` for those that must not be shown beside the table's totals.

    `counts` has whole numbers, rows by columns, whose sums are published. Withheld are counts from
    1 to below `minimum`, and others until, from everything published, each of those may be 0 and
    may be `minimum` or more. A zero is shown: it says nothing of anybody; where it has to hide
    another count it is withheld. Where the totals themselves leave no such doubt (a total below
    `minimum` is a small count, too), the totals must not be published: ValueError says which.

    Raises ValueError for counts that are negative or not whole and a `minimum` below 2.
    """
    minimum = validation.whole("minimum", minimum, at_least=2)
    values = np.asarray(validation.counts("counts", counts.to_numpy()), dtype=np.int64)
    for axis, labels in ((1, counts.index), (0, counts.columns)):
        sums = values.sum(axis=axis)
        small = labels[(sums > 0) & (sums < minimum)]
        if len(small):
            raise ValueError(
                f"counts: the total of {', '.join(map(str, small))} is below {minimum}, and would "
                "be published: combine it with another"
            )
    primary = (values > 0) & (values < minimum)
    hidden = primary.copy()
    while True:
        exposed = _exposed(values, hidden, primary, minimum)
        if exposed is None:
            break
        hidden[_cheapest_cover(values, hidden, exposed, counts)] = True
    shown = pd.DataFrame(values, index=counts.index, columns=counts.columns).astype("Int64")
    return shown.mask(hidden)


def withhold_small_parts(counts: pd.Series, *, minimum: int = SMALLEST_COUNT_SHOWN) -> pd.Series:
    """The counts of the parts of one total (Int64), with `<NA>` for those that must not be shown.

    Counts below `minimum`, zero included, are withheld. Their total is published, so
    that a single gap could be worked out from the rest: while only one cell is withheld, or those
    withheld add up to less than `minimum`, the smallest one shown is withheld too.

    Raises ValueError for counts that are negative or not whole and a `minimum` below 2.

    Source: Government Statistical Service (2014), Disclosure control guidance for tables produced
    from surveys: primary and secondary suppression.
    """
    minimum = validation.whole("minimum", minimum, at_least=2)
    values = pd.Series(validation.counts("counts", counts), index=counts.index)
    withheld = values < minimum
    while withheld.any() and not withheld.all():
        if withheld.sum() > 1 and values[withheld].sum() >= minimum:
            break
        withheld |= values.index == values[~withheld].idxmin()
    return values.astype("Int64").mask(withheld)


def what_can_be_told(
    shown: pd.DataFrame, row_totals: pd.Series, column_totals: pd.Series
) -> pd.DataFrame:
    """The least and the most that each withheld cell can be, from all that is published.

    `shown` is a table with `<NA>` for withheld cells. One row a withheld cell: row, column, least,
    most. A reader who knows no more than the table can say nothing closer of any one cell. The
    constraints are those of a transport problem, whose ends are whole numbers.
    """
    hidden = shown.isna().to_numpy()
    published = shown.fillna(0).to_numpy(dtype=np.int64)
    left_rows = row_totals.to_numpy(dtype=np.int64) - published.sum(axis=1)
    left_columns = column_totals.to_numpy(dtype=np.int64) - published.sum(axis=0)
    places = np.argwhere(hidden)
    found = [
        (shown.index[row], shown.columns[column], *_range(places, n, left_rows, left_columns))
        for n, (row, column) in enumerate(places)
    ]
    return pd.DataFrame(found, columns=["row", "column", "least", "most"])


def _exposed(
    values: np.ndarray, hidden: np.ndarray, primary: np.ndarray, minimum: int
) -> tuple[int, int] | None:
    """The first small cell that can be told too closely; none where every one is safe."""
    left = np.where(hidden, values, 0)
    places = np.argwhere(hidden)
    for number, (row, column) in enumerate(places):
        if primary[row, column]:
            least, most = _range(places, number, left.sum(axis=1), left.sum(axis=0))
            if least > 0 or most < minimum:
                return int(row), int(column)
    return None


def _cheapest_cover(
    values: np.ndarray, hidden: np.ndarray, exposed: tuple[int, int], counts: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """The cells to withhold with an exposed one: the corners of a rectangle of most help.

    A rectangle of withheld cells can pass counts round: what one corner gains its neighbours lose.
    The rectangle with the least published so far at its other corners is taken, of those that
    leave the exposed cell in more doubt.
    """
    row, column = exposed
    rectangles = [
        (np.array([row, other_row, other_row]), np.array([other_column, column, other_column]))
        for other_row in range(values.shape[0])
        for other_column in range(values.shape[1])
        if other_row != row and other_column != column
    ]
    fresh = [corners for corners in rectangles if not hidden[corners].all()]
    if not fresh:
        raise ValueError(
            f"counts: {counts.iloc[:, column].iloc[row]} in {counts.index[row]}, "
            f"{counts.columns[column]} can be worked out from the totals whatever is withheld: do "
            "not publish the totals"
        )

    def cost(corners: tuple[np.ndarray, np.ndarray]) -> float:
        # A zero can give nothing away, and gain all the same: it helps less than a count.
        published = values[corners][~hidden[corners]]
        return (published + 1).sum() + 1000 * (values[corners] == 0).sum()

    return min(fresh, key=cost)


def _range(
    places: np.ndarray, number: int, left_rows: np.ndarray, left_columns: np.ndarray
) -> tuple[int, int]:
    """The least and the most of one withheld cell, given what is left of each total."""
    constraints = np.zeros((len(left_rows) + len(left_columns), len(places)))
    constraints[places[:, 0], np.arange(len(places))] = 1
    constraints[len(left_rows) + places[:, 1], np.arange(len(places))] = 1
    totals = np.concatenate([left_rows, left_columns])
    goal = np.zeros(len(places))
    goal[number] = 1
    ends = []
    for sign in (1, -1):
        found = linprog(sign * goal, A_eq=constraints, b_eq=totals, bounds=(0, None))
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]
