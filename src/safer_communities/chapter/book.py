"""The nouns of a chapter: one borough in one edition, and the strategy beside it."""

from dataclasses import replace
from functools import cached_property
from typing import Any

import pandas as pd

from safer_communities.analysis.borough_edition import PUBLISHED, BoroughEdition
from safer_communities.analysis.moved.contribution import Contribution
from safer_communities.analysis.moved.messages import Messages
from safer_communities.analysis.moved.questions import Question, questions
from safer_communities.analysis.offence import Offence, beside, offence_table
from safer_communities.analysis.priorities.progress import Progress
from safer_communities.analysis.recorded_crime import TOTAL
from safer_communities.analysis.wards.wards import FEWEST
from safer_communities.chapter.front.imprint import Imprint
from safer_communities.chapter.strategy import Strategy
from safer_communities.datasets import load
from safer_communities.datasets.kept import shared
from safer_communities.datasets.periods import Period
from safer_communities.errors import check_known
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries
from safer_communities.publisher import publisher_of
from safer_communities.settings import Page, Settings


class Book(BoroughEdition):
    """One borough in one edition, with what the strategy printed.

    What several chapters ask for and is long in the making is shared (see `datasets.kept`).
    """

    def moved(self, base: Period | None = None) -> Contribution:
        """As in `BoroughEdition`."""
        return _shared("moved", self.settings, base)

    def messages(self) -> Messages:
        """As in `BoroughEdition`."""
        return _shared("messages", self.settings)

    def progress(self, priority: int | None = None) -> Progress:
        """As in `BoroughEdition`: it is the same in every edition."""
        return _shared("progress", self.newest.settings, priority)

    @cached_property
    def strategy(self) -> Strategy:
        """What the strategy printed, and what the data make of it."""
        return Strategy(self)

    @cached_property
    def imprint(self) -> Imprint:
        """Who publishes the book, and when (`publisher.yml`)."""
        return Imprint(publisher_of(self.borough), self.edition, self.newest_edition.year)

    @property
    def always_newest(self) -> str:
        """What to say on a page that is the same in every edition; empty in the newest."""
        newest = self.newest_edition.period
        if newest == self.edition.period:
            return ""
        return (
            f"This edition covers the {self.edition.period.label}, but this page has the newest "
            f"figures held in every edition, up to the {newest.label}."
        )

    def charts_go_on(self, *lines: TimeSeries | pd.DataFrame) -> str:
        """What to say where one of the lines of a page runs past the edition's period; or nothing.

        A line that is no `TimeSeries` has a column month.
        """
        tables = [each.table if isinstance(each, TimeSeries) else each for each in lines]
        dates = [table["month" if "month" in table else "period_end"].max() for table in tables]
        if max(dates) <= self.edition.period.end:
            return ""
        return f"Some lines here run past this edition's {self.edition.period.label}."

    def apart_told(self, measure: str = TOTAL) -> str:
        """As `apart_note`, of all years that a chart of the measure shows."""
        ends = self.crime.annual(measure)["period_end"]
        return self.apart_note(measure, *map(Period.year_to, ends))

    def moved_since(self) -> Contribution:
        """Which offences made the change from the strategy's year to the newest one."""
        moved = Book(self.newest.settings).moved(self.strategy_edition.period)
        return replace(moved, source="latest_crime")

    def offence_table(self, near: Offence | None = None) -> pd.DataFrame:
        """The offences that have a page, a row each (see `analysis.offence.offence_table`).

        All of them, or those in the group of the one that is given.
        """
        return offence_table(beside(self.offences, near) if near else self.offences)

    def told_by_ward(self, offence: Offence) -> str:
        """Which wards stand out for an offence, or why that is not told."""
        wards, measure = self.wards, offence.measure
        if measure != TOTAL and measure not in wards.members:
            return (
                "There are no figures by ward: so few offences could point to a person, or the "
                "police publish none."
            )
        if wards.borough_count(measure) < FEWEST * len(wards.table):
            return "There were too few of these offences to compare wards."
        facts = wards.rates(measure).facts()
        highest = str(facts["headline"]) if "the highest" in str(facts["headline"]) else ""
        highest += f" in the {self.edition.period.label}. " if highest else ""
        return f"{highest}{facts['verdicts']}"

    def boroughs_by_offence(self) -> dict[str, tuple[float, pd.DataFrame]]:
        """London's rate and `Offence.boroughs` of each of `offences`: of all boroughs the same."""
        return _boroughs_by_offence(Settings(self.boroughs["borough"].iloc[0], self.edition.year))

    def offence_rates(self) -> pd.DataFrame:
        """The borough's rate of each offence that has a page, and London's, a row each."""
        return pd.DataFrame(
            {
                "measure": offence.title,
                "rate": offence.rates.own["rate"],
                "ci_low": offence.rates.own["ci_low"],
                "ci_high": offence.rates.own["ci_high"],
                "london_rate": offence.rates.london.rate,
                "page": f"offence_{key}",
            }
            for key, offence in self.offences.items()
        )

    def offence_pages(self) -> list[Page]:
        """The page of each offence in `offences`."""
        return [
            Page(key, offence.title, f"{offence.title} in {self.borough}")
            for key, offence in self.offences.items()
        ]

    def ward_pages(self) -> list[Page]:
        """The page of each ward of the borough."""
        names = self.wards.table["area"]
        return [
            Page(key, names[code], f"Crime in {names[code]}, {self.borough}")
            for key, code in self.wards.keys.items()
        ]

    def ward_map_pages(self) -> list[Page]:
        """The map of each kind of crime that wards tell of."""
        return [
            Page(key, f"{measure} by ward", f"{measure} by ward of {self.borough}")
            for key, measure in self.wards.mapped.items()
        ]

    def questions(self) -> tuple[Question, ...]:
        """What to ask about the year, by its figures."""
        return questions(self.messages(), self.wards.rates(), self.progress())

    def releases_by_edition(self) -> pd.DataFrame:
        """The releases that each edition is made from; columns named as the page heads them."""
        editions = load.table("editions")
        headings = {
            "label": "Edition",
            "classification": "Classification",
            "borough_crime_releases": "Recorded crime, borough",
            "ward_crime_release": "Recorded crime, wards",
            "population_release": "Residents",
            "household_release": "Households",
            "note": "Note",
        }
        releases = editions["borough_crime_releases"].str.replace(" ", ", ")
        table = editions.assign(borough_crime_releases=releases)
        return table[list(headings)].rename(columns=headings)

    def published_figure(self, figure_id: str, **about: Any) -> Quantity:
        """A figure that a paper or page gives (`data/reference/published_figures.csv`).

        `about` are fields of the quantity that are not to be as in that table. Raises ValueError
        where there is no such figure.
        """
        figures = load.table("published_figures").set_index("figure_id")
        check_known("figure_id", figure_id, figures.index)
        columns = ["value", "unit", "label", "period", "area"]
        known: dict[Any, Any] = figures.loc[[figure_id], columns].to_dict("records")[0]
        return Quantity(**known | {"source": f"{PUBLISHED}{figure_id}"} | about)


@shared
def _shared(verb: str, settings: Settings, *given: object) -> Any:
    """What a verb of `BoroughEdition` gives, of a book that has read nothing yet."""
    return getattr(BoroughEdition, verb)(Book(settings), *given)


@shared
def _boroughs_by_offence(settings: Settings) -> dict[str, tuple[float, pd.DataFrame]]:
    offences = Book(settings).offences
    return {key: (each.rates.london.rate, each.boroughs()) for key, each in offences.items()}
