"""The survey tables and what they can say, in the shape that the chapters show."""

from functools import cached_property

import pandas as pd

from safer_communities import load, surveys
from safer_communities.significance import wilson_interval


class SurveyData:
    """The printed percentages of the surveys, compared and tested."""

    @cached_property
    def tables(self) -> surveys.SurveyTables:
        """The waves, percentages and comparisons of `data/surveys`."""
        return surveys.SurveyTables(
            waves=load.table("waves"),
            percentages=load.table("percentages"),
            comparisons=load.table("comparisons"),
        )

    def shifts(self) -> pd.DataFrame:
        """Every comparison that can be tested (see `surveys.compare_shifts`), for a chart.

        The two levels are called before and after, their difference in points difference, and
        `claimed` says whether the strategy calls the shift significant.
        """
        table = surveys.compare_shifts(self.tables)
        table = table.rename(
            columns={
                "percent_1": "before",
                "percent_2": "after",
                "difference_points": "difference",
                "verdict": "verdict_at_base",
            }
        )
        return table.assign(
            verdict=table["verdict_any_base"],
            claimed=table["strategy_says"].isin(surveys.SIGNIFICANCE_CLAIMS),
        )

    def starred_shifts(self) -> pd.DataFrame:
        """The shifts printed without a level (see `surveys.shifts_without_level`)."""
        return surveys.shifts_without_level(self.tables)

    def concerns(self, survey: str, wave: str, questions: list[str]) -> pd.DataFrame:
        """Printed shares of one wave with their 95% interval (Wilson), largest first.

        Columns: question, label, value, ci_low, ci_high, all in per cent.
        """
        waves = self.tables.waves
        base = int(waves[(waves["survey"] == survey) & (waves["wave"] == wave)]["base"].iloc[0])
        printed = self.tables.percentages
        rows = printed[
            (printed["survey"] == survey)
            & (printed["wave"] == wave)
            & printed["question"].isin(questions)
        ]
        count = (rows["percent"] / 100 * base).round().astype(int)
        interval = wilson_interval(count, base)
        table = rows[["question", "label"]].assign(
            value=rows["percent"], ci_low=100 * interval.ci_low, ci_high=100 * interval.ci_high
        )
        return table.sort_values("value", ascending=False, ignore_index=True)
