"""Survey answers of single respondents: weighted, compared, and small cells withheld.

The format is that of `respondents`. Results have one row an answer and hold nothing about cells of
fewer than `minimum` respondents.
"""

from dataclasses import dataclass

import pandas as pd

from safer_communities.datasets.small_cells import withhold_small_parts
from safer_communities.statistics import validation
from safer_communities.statistics.significance import compare_shares
from safer_communities.statistics.validation import Numbers

SMALLEST_CELL_SHOWN = 10


@dataclass(frozen=True)
class WeightedBase:
    """Respondents, how many a simple random sample would need to say as much, and their ratio."""

    base: int
    effective_base: float
    design_effect: float


def weighted_base(weights: Numbers) -> WeightedBase:
    """What weights leave of a sample: its base, its effective base and its design effect.

    `weights` above 0, one a respondent. The effective base is the square of their sum over the sum
    of their squares, equal to the base where all weights are equal; the design effect is base over
    effective base. It counts unequal weighting alone, not quotas or clusters.

    Raises ValueError for no weights, and weights that are not above 0.

    Source: Kish (1965), Survey Sampling, section 11.7; Kish (1992), Journal of Official Statistics
    8:183.
    """
    values = validation.positive("weights", weights).ravel()
    # Scaling first keeps the squares of very large or very small weights in range.
    values = values / values.max()
    effective = float(values.sum() ** 2 / (values**2).sum())
    return WeightedBase(len(values), effective, len(values) / effective)


@dataclass(frozen=True)
class Tally:
    """One question's answers in one wave, by answer: counts with `<NA>` where withheld, shares.

    `base` counts all who answered, whatever they said.
    """

    counts: pd.Series
    shares: pd.Series
    base: WeightedBase
    minimum: int

    @property
    def shown_base(self) -> WeightedBase | None:
        """The base; None where it is of too few."""
        return self.base if self.base.base >= self.minimum else None


def tally(
    rows: pd.DataFrame,
    question: str,
    answers: list[str],
    *,
    minimum: int = SMALLEST_CELL_SHOWN,
) -> Tally:
    """One wave's answers to one question; `rows` are those who answered it, one of `answers`."""
    counts = rows[question].value_counts().reindex(answers, fill_value=0)
    sums = rows.groupby(question)["weight"].sum().reindex(answers, fill_value=0.0)
    # Rounding may carry the share of a unanimous wave past 1.
    shares = (sums / sums.sum()).clip(0, 1)
    shown = withhold_small_parts(counts, minimum=minimum)
    return Tally(shown, shares, weighted_base(rows["weight"]), minimum)


def compare_tallies(first: Tally, second: Tally, *, alpha: float = 0.05) -> pd.DataFrame:
    """Two waves' tallies of the same answers, compared: a row an answer, small cells withheld.

    Indexed by answer: count_1, count_2 (respondents), percent_1, percent_2 (weighted),
    difference_points, ci_low, ci_high (percentage points, second minus first), p_value,
    significant, withheld. The test is `significance.compare_shares` with the effective bases. Where
    a cell of either wave is withheld, so is the answer's change; what must not be shown is missing
    (`<NA>`).
    """
    found = compare_shares(
        first.shares,
        first.base.effective_base,
        second.shares,
        second.base.effective_base,
        alpha=alpha,
    )
    table = pd.DataFrame(
        {
            "count_1": first.counts,
            "count_2": second.counts,
            "percent_1": (100 * first.shares).astype("Float64").mask(first.counts.isna()),
            "percent_2": (100 * second.shares).astype("Float64").mask(second.counts.isna()),
            "difference_points": (100 * found.difference).astype("Float64"),
            "ci_low": (100 * found.ci_low).astype("Float64"),
            "ci_high": (100 * found.ci_high).astype("Float64"),
            "p_value": found.p_value.astype("Float64"),
            "significant": found.significant.astype("boolean"),
        }
    ).rename_axis("answer")
    withheld = first.counts.isna() | second.counts.isna()
    change = ["difference_points", "ci_low", "ci_high", "p_value", "significant"]
    table[change] = table[change].mask(withheld)
    return table.assign(withheld=withheld)
