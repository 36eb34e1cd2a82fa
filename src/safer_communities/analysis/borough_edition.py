"""One borough in one edition: nouns that are read when first used and do their own work."""

from dataclasses import fields, replace
from functools import cached_property

import pandas as pd
from pandas.tseries.offsets import MonthEnd

from safer_communities.analysis.asb import AsbCalls, AsbIncidents, asb_incidents
from safer_communities.analysis.breaks import Breaks
from safer_communities.analysis.crime import BoroughCrime
from safer_communities.analysis.editions import (
    POPULATION,
    RECORDED_CRIME,
    Citation,
    Edition,
    citations,
    edition_of,
)
from safer_communities.analysis.flagged.offences import FlaggedOffences, flagged_offences
from safer_communities.analysis.indicators.england_and_wales import (
    EnglandAndWales,
    england_and_wales,
)
from safer_communities.analysis.indicators.public_attitudes import (
    PublicAttitudes,
    public_attitudes,
)
from safer_communities.analysis.indicators.youth_justice import YouthJustice, youth_justice
from safer_communities.analysis.monthly_counts import counts_of
from safer_communities.analysis.moved.contribution import Contribution, contribution
from safer_communities.analysis.moved.messages import Messages, messages
from safer_communities.analysis.moved.rests_on import rests_on
from safer_communities.analysis.offence import Offence, offences_with_pages
from safer_communities.analysis.once import once
from safer_communities.analysis.outcomes import Outcomes
from safer_communities.analysis.over_time.monthly_pattern import ordinary_span
from safer_communities.analysis.over_time.outlook import YearOutlook, scored_outlooks, year_outlook
from safer_communities.analysis.over_time.revisions import Revisions
from safer_communities.analysis.people import People
from safer_communities.analysis.priorities.figures import figures_of
from safer_communities.analysis.priorities.progress import AllCrime, Progress, all_crime, progress
from safer_communities.analysis.profile import AreaProfile
from safer_communities.analysis.recorded_crime import (
    LONDON_AREA,
    TOTAL,
    RecordedCrime,
    recorded_crime,
)
from safer_communities.analysis.wards.edition_wards import EditionWards
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period, when_in_words
from safer_communities.errors import InputError, check_known, did_you_mean
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.wording import in_sentence, number
from safer_communities.settings import Settings, plain_name
from safer_communities.surveys.findings import SurveyData

BOROUGH_CRIME = "mps_borough_crime"
# Before the id of a published figure, in the key of its source.
PUBLISHED = "published "
# What some would write for all of them.
ALL_BOROUGHS = ("london", "greater london")
# The area of a correction that concerns all of them.
EVERY_BOROUGH = "every borough"


class BoroughEdition:
    """What the tables of `data/` say of the borough and edition of `settings`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def edition(self) -> Edition:
        """The edition: its period, classification and releases."""
        return edition_of(self.settings.edition, load.table("editions"))

    @cached_property
    def strategy_edition(self) -> Edition:
        """The edition of the strategy's own year."""
        editions = load.table("editions")
        own = editions.loc[editions["strategy_borough"] != "", "edition"]
        return edition_of(int(own.iloc[0]), editions)

    @cached_property
    def newest_edition(self) -> Edition:
        """The edition of the latest year."""
        editions = load.table("editions")
        return edition_of(int(editions["edition"].max()), editions)

    @cached_property
    def newest(self) -> "BoroughEdition":
        """The borough in the newest edition."""
        return BoroughEdition(replace(self.settings, edition=self.newest_edition.year))

    @cached_property
    def sources(self) -> dict[str, Citation]:
        """The citations of this edition by their short key."""
        found = citations(
            self.edition, self.strategy_edition, load.table("releases"), load.table("sources")
        )
        newest = Citation(((POPULATION, f"{self.people.other_estimate[0]} release"),))
        return found | {"crime_per_other_resident": found["crime"] + newest}

    def citation(
        self, source: str, period: Period | None = None, releases: tuple[str, ...] = ()
    ) -> Citation:
        """The citation of a key of `sources`, of a figure for `period`, or for all that is held.

        "crime + asb" cites two, "published asb_calls_barnet_2019" the source of a published figure.
        The releases of recorded crime are those given, else those that the rows of the period come
        from. Raises ValueError where there is no such key.
        """
        if " + " in source:
            first, others = source.split(" + ", 1)
            cited = self.citation(first, period, releases)
            return cited + self.citation(others, period, releases)
        if source.startswith(PUBLISHED):
            figures = load.table("published_figures").set_index("figure_id")["source"]
            return Citation(((figures[source.removeprefix(PUBLISHED)], ""),))
        check_known("source", source, self.sources, listed_in="chapter.sources")
        citation = self.sources[source]
        if (RECORDED_CRIME, "") not in citation.publications:
            return citation
        return citation.of_releases(
            RECORDED_CRIME, releases or self._cited_crime(source).releases(period)
        )

    def _cited_crime(self, source: str) -> RecordedCrime:
        """The series that the figures of a source are of."""
        if source == "latest_crime":
            return self.newest_crime
        if source == "check":
            own = self.strategy_edition
            return self.crime_of(own, own.borough_crime_releases)
        return self.crime

    @cached_property
    def boroughs(self) -> pd.DataFrame:
        """The 32 boroughs: area_code, borough, inner_outer, tile_column, tile_row."""
        return load.table("boroughs")

    @cached_property
    def area_code(self) -> str:
        """The ONS code of the borough. Raises InputError where there is no such borough."""
        names = self.boroughs["borough"]
        if self.settings.borough.casefold() in ALL_BOROUGHS:
            raise InputError(
                place="BOROUGH",
                problem=f"{self.settings.borough} is all boroughs together, and a book is of one",
                remedy="write the name of a borough (all of them: data/reference/boroughs.csv)",
            )
        asked_for = plain_name(self.settings.borough).casefold()
        rows = self.boroughs[names.map(plain_name).str.casefold() == asked_for]
        if rows.empty:
            raise InputError(
                place="BOROUGH",
                problem=f"there is no London borough called {self.settings.borough!r}",
                remedy=did_you_mean(
                    self.settings.borough, names, listed_in="data/reference/boroughs.csv"
                ),
            )
        return rows["area_code"].iloc[0]

    @cached_property
    def borough(self) -> str:
        """The name of the borough."""
        return self.boroughs.set_index("area_code")["borough"].loc[self.area_code]

    @cached_property
    def breaks(self) -> Breaks:
        """The dated breaks across which figures do not compare."""
        return Breaks(load.table("series_breaks"), self.edition.classification)

    @cached_property
    def people(self) -> People:
        """Residents, households and the place, as the edition has them."""
        return People(self.edition, self.boroughs, self.area_code)

    @cached_property
    def profile(self) -> AreaProfile:
        """Work, homes, health, schools and the like, as known at the end of the period."""
        return AreaProfile(self.area_code, self.borough, self.edition.period.end + MonthEnd(0))

    @cached_property
    def crime(self) -> BoroughCrime:
        """Recorded offences in the edition's classification, from its releases, newest first."""
        return self._borough_crime(self.edition)

    @cached_property
    def newest_crime(self) -> BoroughCrime:
        """Recorded offences as in `crime`, in the newest edition's classification and period."""
        return self._borough_crime(self.newest_edition)

    def _borough_crime(self, edition: Edition) -> BoroughCrime:
        series = self.crime_of(edition, edition.borough_crime_releases)
        own = {field.name: getattr(series, field.name) for field in fields(RecordedCrime)}
        revisions = self.revisions_of(edition)
        own["breaks"] = revisions.breaks
        return BoroughCrime(**own, people=self.people, revisions=revisions)

    def apart_note(self, measure: str, *years: Period) -> str:
        """What to say of offences in some years that the police list apart from the boroughs.

        Empty where none of them belong to the borough.
        """
        shown = {month for year in years for month in year.months()}
        apart = load.table("areas_apart").query("classification == @self.edition.classification")
        for area in apart.to_dict("records"):
            if self.area_code not in (area["counted_in"], *area["partly_in"].split()):
                continue
            table = load.recorded_crime(self.edition.borough_crime_releases[0])
            rows = table[
                (table["area_code"] == area["area_code"])
                & table["offence"].isin(self.crime.members[measure])
                & table["month"].isin(shown)
            ]
            months = rows.groupby("month")["count"].sum()
            months = months[months > 0]
            if months.empty:
                continue
            of = "" if measure == TOTAL else f"({in_sentence(measure)}) "
            listed = f"{when_in_words(pd.DatetimeIndex(months.index))} the police list "
            listed += (
                f"{number(months.sum())} offences {of}{area['called']}, apart from the boroughs."
            )
            if area["counted_in"] == area["area_code"]:
                return f"{listed} No borough's figures have them here."
            if self.area_code == area["counted_in"]:
                return f"{listed} They are added back to {self.borough} here."
            other = self.boroughs.set_index("area_code")["borough"].loc[area["counted_in"]]
            return f"{listed} A few belong to {self.borough}; all are counted in {other}."
        return ""

    @once
    def crime_of(self, edition: Edition, releases: tuple[str, ...]) -> RecordedCrime:
        """Recorded offences of some releases, preferred first, for another edition's period."""
        return recorded_crime(
            edition,
            counts_of(releases),
            offences=load.table("offences"),
            boroughs=self.boroughs,
            area_code=self.area_code,
        )

    @cached_property
    def revisions(self) -> Revisions:
        """How the counts of recorded crime moved from release to release."""
        return self.revisions_of(self.edition)

    def revisions_of(self, edition: Edition) -> Revisions:
        """As `revisions`, seen from another edition."""
        releases = load.table("releases")
        return Revisions(
            read=self.crime_of,
            releases=releases[releases["publication"] == BOROUGH_CRIME],
            edition=edition,
            editions=load.table("editions"),
            breaks=Breaks(load.table("series_breaks"), edition.classification),
        )

    def outlook(self) -> YearOutlook:
        """What the count of the next twelve months may be."""
        return year_outlook(self.crime, self.crime.trend(), load.table("forecasts"))

    def calibration(self, name: str) -> pd.DataFrame:
        """A table of `data/calibration/`: how often a method is right."""
        return load.table(name)

    def months_marked(self) -> Quantity:
        """The share of ordinary months of all boroughs that lay outside the limits of a chart."""
        rows = load.table("ordinary_months").set_index("measure")["outside"]
        return Quantity(
            rows[TOTAL],
            unit="%",
            label="Ordinary months outside the limits of a control chart",
            period=ordinary_span(self.newest_edition.period),
            area=LONDON_AREA,
            source="latest_crime",
        )

    def scored_outlooks(self) -> pd.DataFrame:
        """The outlook of each edition beside what came (see the function of that name)."""
        table = load.table("editions")
        editions = [edition_of(int(year), table) for year in table["edition"]]
        own = {str(e.year): self.crime_of(e, e.borough_crime_releases) for e in editions}
        return scored_outlooks(own, self.newest_crime)

    @cached_property
    def wards(self) -> EditionWards:
        """The borough's wards in the edition's period."""
        return EditionWards.of(self.edition, self.crime)

    def moved(self, base: Period | None = None) -> Contribution:
        """Which offences made the change from `base` (the year before), and what it rests on.

        The newest release of the classification may hold months after the period.
        """
        crime, edition = self.crime, self.edition
        listed = load.table("releases")
        listed = listed[listed["classification"] == edition.classification]
        newest = listed.loc[listed["publication"] == BOROUGH_CRIME, "release"].max()
        wards = load.ward_crime(edition.ward_crime_release)
        resting = rests_on(
            crime,
            wards[wards["area_code"] == self.area_code],
            later=[crime, self.crime_of(edition, (newest,))],
            base=base or crime.period.previous(),
        )
        return contribution(crime, base, resting)

    def messages(self) -> Messages:
        """What a first page says of the year: what moved clearly, and the rest."""
        return messages(self.crime, self.moved())

    @cached_property
    def outcomes(self) -> Outcomes:
        """Positive outcomes of recorded offences."""
        table = load.table("positive_outcomes")
        return Outcomes(table, self.boroughs, self.area_code, self.edition.period)

    @once
    def flagged(self, subject: str) -> FlaggedOffences:
        """Offences with a flag: "Domestic abuse", "Guns", "Hate crime", "Knives", "Mobile phones".

        Also "All offences" and "Violence against women and girls". Raises ValueError for others.
        """
        period = self.edition.period
        return flagged_offences(subject, period, self.boroughs, self.area_code, self.people)

    @cached_property
    def asb(self) -> AsbCalls:
        """Calls to the police about anti-social behaviour, all London."""
        return AsbCalls(load.table("london_asb_calls"), self.edition.period)

    @cached_property
    def trust(self) -> PublicAttitudes:
        """What residents think of the police, by the Public Attitude Survey."""
        period, own = self.edition.period, self.strategy_edition.period
        return public_attitudes(self.area_code, period, own)

    @cached_property
    def england_and_wales(self) -> EnglandAndWales:
        """All partnerships of England and Wales, in the newest year within the period."""
        return england_and_wales(self.area_code, self.edition.period)

    @cached_property
    def youth_justice(self) -> YouthJustice:
        """Children new to the youth justice system, and those who offend again."""
        of = self.edition.period, self.edition.population_release
        return youth_justice(self.area_code, self.borough, *of, self.boroughs)

    @cached_property
    def asb_incidents(self) -> AsbIncidents:
        """Incidents of anti-social behaviour by borough and ward, in whole months."""
        return asb_incidents(self.area_code, self.edition.period, self.people, self.wards)

    @cached_property
    def surveys(self) -> SurveyData:
        """The surveys that the strategy quotes."""
        own = self.strategy_edition
        return SurveyData(own.strategy_borough, own.survey_waves, own.year, self.edition.year)

    def corrections(self) -> pd.DataFrame:
        """What this borough's editions said and say now, newest edition first.

        Columns: edition, date, figure (with its area), was_said, is_said, why.
        """
        table = load.table("corrections")
        own = table[table["area"].isin([self.borough, "London", EVERY_BOROUGH])]
        own = own.assign(
            edition=own["edition"].astype(str), date=own["date"].dt.strftime("%d %B %Y")
        )
        own = own.sort_values("edition", ascending=False, kind="stable", ignore_index=True)
        return own.drop(columns="area")

    @cached_property
    def offences(self) -> dict[str, Offence]:
        """The offences that have a page of their own and that the edition counts, by their key."""
        pages = load.table("offence_pages")
        return offences_with_pages(self.crime, pages, self.strategy_edition.period)

    @once
    def progress(self, priority: int | None = None) -> Progress:
        """How the indicators of all priorities, or of one, moved from the strategy's year on."""
        table = load.table("indicators")
        rows = table if priority is None else table[table["priority"] == priority]
        crime = self.newest_crime
        first, nouns = self.strategy_edition.period, figures_of(crime, self.newest)
        return progress(rows, nouns, first, crime.sharing_nothing)

    def all_crime(self) -> AllCrime:
        """The change in all recorded crime from the strategy's year to the newest."""
        return all_crime(self.newest_crime, self.strategy_edition.period)
