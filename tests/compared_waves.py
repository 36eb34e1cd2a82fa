"""Two waves of made respondents, read, tallied and compared as the command `survey` does it."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.surveys.microdata import WeightedBase, compare_tallies, tally
from safer_communities.surveys.respondents import read_respondents


@dataclass(frozen=True)
class ComparedWaves:
    answers: pd.DataFrame
    base_1: WeightedBase | None
    base_2: WeightedBase | None


def compared_waves(
    responses: pd.DataFrame, question: str, wave_1: object, wave_2: object
) -> ComparedWaves:
    table = read_respondents(responses).table
    table = table[table["wave"].isin([wave_1, wave_2]) & table[question].notna()]
    answers = sorted(set(table[question]))
    first, second = (
        tally(table[table["wave"] == wave], question, answers) for wave in (wave_1, wave_2)
    )
    return ComparedWaves(compare_tallies(first, second), first.shown_base, second.shown_base)
