"""The nouns of a chapter: one borough in one edition, and the strategy beside it."""

from functools import cached_property

import pandas as pd

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.chapter.strategy import Strategy
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period


class Book(BoroughEdition):
    """One borough in one edition, with what the strategy printed."""

    @cached_property
    def strategy(self) -> Strategy:
        """What the strategy printed, and what the data make of it."""
        return Strategy(self)

    def year_to(self, month: str) -> Period:
        """The twelve months that end with `month`, for example "2018-03"."""
        return Period.year_to(month)

    def published_figure(self, figure_id: str) -> pd.Series:
        """A figure that another public paper gives (`data/reference/published_figures.csv`)."""
        figures = load.table("published_figures")
        return figures[figures["figure_id"] == figure_id].iloc[0]
