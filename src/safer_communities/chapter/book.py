"""The nouns of a chapter: one borough in one edition, and the strategy beside it."""

from functools import cached_property

import pandas as pd

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.chapter.strategy import Strategy
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.errors import did_you_mean


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
        """A figure that another public paper gives (`data/reference/published_figures.csv`).

        Raises ValueError where there is no such figure.
        """
        figures = load.table("published_figures")
        rows = figures[figures["figure_id"] == figure_id]
        if rows.empty:
            remedy = did_you_mean(figure_id, figures["figure_id"])
            raise ValueError(f"figure_id: there is no {figure_id!r}; {remedy}")
        return rows.iloc[0]
