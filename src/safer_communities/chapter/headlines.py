"""The year's change in each kind of crime that the strategy's headlines name."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import pandas as pd

from safer_communities.analysis.changes.year_on_year import (
    ABOVE,
    ALPHA,
    AS_OTHERS,
    BELOW,
    NOT_COMPARABLE,
    TOO_FEW,
)
from safer_communities.analysis.crime import BoroughCrime
from safer_communities.claims.table import read_arguments
from safer_communities.facts import wording
from safer_communities.facts.fact import fact_name
from safer_communities.facts.quantity import Quantity, quantities

HEADLINES = "borough_headlines"
# Of fewer offences a year, the interval of the change would fill the chart.
FEWEST_CHARTED = 30
CHARTED_COLUMNS = [
    *("measure", "count", "base_count", "change_percent", "ci_low", "ci_high", "p_value"),
    *("others_percent", "against_others_percent", "against_others_low", "against_others_high"),
    *("against_others_p", "published"),
]
DIAMOND = "A diamond is the figure that the strategy printed."


def headline_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """The year's changes that the strategy's headlines print.

    Columns: claim, measure, area (its code, empty for the borough itself) and published (%).
    `claims` is the table of claims.
    """
    rows = claims[(claims["chapter"] == HEADLINES) & (claims["check"] == "change_percent")]
    arguments = [read_arguments(text) for text in rows["arguments"]]
    table = rows[["claim", "published"]].reset_index(drop=True)
    return table.assign(
        measure=[pairs["measure"] for pairs in arguments],
        area=[pairs.get("area", "") for pairs in arguments],
    )


@dataclass(frozen=True)
class HeadlineChanges:
    """The year's changes that the strategy's headlines are about, a row each.

    `table` has the columns of `RecordedCrime.changes`; `pandemic_change_percent` and
    `pandemic_verdict`, the change on the last year before the pandemic; `usual_low` and
    `usual_high`, the range of changes before it, and whether the year's lies within it (`usual`:
    "yes", "no" or missing); `published`, what the strategy printed in per cent, where the book
    `with_printed` is of its borough and year; and `key`, a name for the fact. Of a count that
    cannot be compared, or is of few, the numbers are missing. `apart` names those with a change
    that hold no other of them, so that none of their offences is counted twice.
    """

    table: pd.DataFrame
    with_printed: bool
    period: str
    apart: list[str]
    # Facts in braces, as in every heading that a chapter gives.
    usual_headings: ClassVar[dict[str, str]] = {
        "change_percent": "Change on the year before",
        "usual_low": "Lowest yearly change until {before_pandemic_year} (%)",
        "usual_high": "Highest yearly change until {before_pandemic_year} (%)",
        "usual": "Within that range?",
        "pandemic_change_percent": "Change since {before_pandemic_year}",
        "pandemic_verdict": "That later change is",
    }

    @property
    def charted(self) -> pd.DataFrame:
        """The rows whose interval does not fill a chart, with its columns."""
        rows = self.table[self.table["base_count"] >= FEWEST_CHARTED]
        return rows.dropna(subset="change_percent")[CHARTED_COLUMNS]

    @property
    def against_year_before(self) -> pd.DataFrame:
        """The columns that set the year beside the one before, and beside what was printed."""
        printed = ["published"] if self.with_printed else []
        columns = ["base_count", "count", *printed, "change_percent", "ci_low", "ci_high"]
        return self.table[["measure", *columns, "own_past"]]

    @property
    def beside_others(self) -> pd.DataFrame:
        """The columns that set the year's change beside that of the other boroughs."""
        against = [f"against_others_{end}" for end in ("percent", "low", "high")]
        columns = ["measure", "change_percent", "others_percent", *against, "beside_others"]
        return self.table[columns]

    @property
    def against_usual(self) -> pd.DataFrame:
        """The columns that set the year beside the years before the pandemic."""
        usual = ["usual_low", "usual_high", "usual"]
        return self.table[
            ["measure", "change_percent", *usual, "pandemic_change_percent", "pandemic_verdict"]
        ]

    def facts(self) -> dict[str, Quantity | str | list[str]]:
        """Each change by its key, and how many that share no offence moved unlike other boroughs.

        The text `moved` counts those `above` and `below` the others, and those `alike` that moved
        by more than usual as the others did; `by_chance` of the `apart` counts would be found to
        move unlike the others if none did. `above_names` and `below_names` name all. `diamond`
        says what the strategy's mark in the chart is, or nothing.
        """
        count = partial(Quantity, unit="counts")
        verdicts = {"above": ABOVE, "below": BELOW, "alike": AS_OTHERS}
        found = {
            name: self.table.loc[self.table["verdict"] == verdict, "measure"]
            for name, verdict in verdicts.items()
        }
        names = {
            f"{name}_names": [*map(wording.in_sentence, measures)] or "none"
            for name, measures in found.items()
        }
        many = {name: int(measures.isin(self.apart).sum()) for name, measures in found.items()}
        return {
            "headlines": count(len(self.table), label="Counts in the headlines"),
            "unlike": count(many["above"] + many["below"], label="Moved unlike the others"),
            "above": count(many["above"], label="Moved above the other boroughs"),
            "below": count(many["below"], label="Moved below the other boroughs"),
            "alike": count(many["alike"], label="Moved as the others, by more than usual"),
            "moved": wording.moved_unlike(**many),
            "apart": count(len(self.apart), label="Counts that share no offence"),
            "by_chance": wording.by_chance(ALPHA * len(self.apart)),
            "diamond": DIAMOND if self.with_printed else "",
            "fewest": Quantity(
                FEWEST_CHARTED,
                unit="offences",
                label="Fewest offences a year shown in the chart",
            ),
            **names,
            **quantities(
                self.table.dropna(subset="change_percent").assign(
                    in_sentence=lambda rows: rows["measure"].map(wording.in_sentence)
                ),
                "change_percent",
                key="key",
                label="Change in {in_sentence}",
                unit="%",
                period=self.period,
            ),
        }


def headline_changes(
    crime: BoroughCrime, printed: pd.DataFrame, *, with_printed: bool
) -> HeadlineChanges:
    """The year's changes in the measures of `printed`, that of `headline_claims`."""
    printed = printed[printed["measure"].isin(crime.members) & (printed["area"] == "")]
    measures = list(printed["measure"])
    before = crime.before_pandemic()
    changes = crime.changes(measures)
    since = crime.changes(measures, base=before)
    usual = crime.usual_changes(measures)
    table = changes.assign(
        pandemic_change_percent=since["change_percent"],
        pandemic_verdict=since["verdict"],
        usual_low=usual["usual_low"],
        usual_high=usual["usual_high"],
        usual=changes["change_percent"]
        .between(usual["usual_low"], usual["usual_high"])
        .map({True: "yes", False: "no"})
        .where(usual["usual_low"].notna() & changes["change_percent"].notna()),
        published=printed["published"].to_numpy() if with_printed else None,
        key=[fact_name(measure) for measure in changes["measure"]],
    )
    judged = set(changes.loc[~changes["verdict"].isin([NOT_COMPARABLE, TOO_FEW]), "measure"])
    apart = [measure for measure in crime.sharing_nothing(measures) if measure in judged]
    period = f"{crime.period.label}, against {crime.period.previous().label}"
    return HeadlineChanges(table, with_printed, period, apart)
