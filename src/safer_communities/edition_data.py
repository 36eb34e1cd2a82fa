"""The data of one edition for one borough, read when first used, and what is made of them."""

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from safer_communities import load, wording
from safer_communities.borough_rates import (
    RANK_COLUMNS,
    BoroughRates,
    borough_rates,
    ranks_by_measure,
)
from safer_communities.citations import Citation, citations
from safer_communities.denominators import Denominator, households, residents
from safer_communities.editions import Edition, edition_of, stitch
from safer_communities.errors import InputError
from safer_communities.facts import fact_name
from safer_communities.periods import Period
from safer_communities.recorded_crime import (
    LONDON,
    PANDEMIC_START,
    TOTAL,
    RecordedCrime,
    YearOnYear,
)
from safer_communities.settings import Settings

# What only some chapters need is imported where it is used, so that a change to it concerns those
# chapters alone.
if TYPE_CHECKING:
    from safer_communities.monthly_pattern import MonthlyPattern
    from safer_communities.profile import Profile
    from safer_communities.progress import Progress
    from safer_communities.strategy_data import StrategyData
    from safer_communities.survey_data import SurveyData
    from safer_communities.wards import WardRates


class EditionData:
    """Everything a chapter can be made from, for the borough and edition of `settings`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def edition(self) -> Edition:
        """The edition: its period, classification and releases."""
        return edition_of(self.settings.edition, load.table("editions"))

    @cached_property
    def sources(self) -> dict[str, Citation]:
        """The citations of this edition by their short key."""
        return citations(self.edition, self.strategy_edition, self.newest_edition)

    @cached_property
    def boroughs(self) -> pd.DataFrame:
        """The 32 boroughs: area_code, borough, inner_outer, tile_column, tile_row."""
        return load.table("boroughs")

    @cached_property
    def area_code(self) -> str:
        """The ONS code of the borough. Raises InputError where there is no such borough."""
        names = self.boroughs["borough"]
        rows = self.boroughs[names.str.casefold() == self.settings.borough.casefold()]
        if rows.empty:
            raise InputError(
                place="BOROUGH",
                problem=f"there is no London borough called {self.settings.borough!r}",
                remedy=f"choose one of {', '.join(sorted(names))}",
            )
        return rows["area_code"].iloc[0]

    @cached_property
    def borough(self) -> str:
        """The name of the borough."""
        return self.boroughs.set_index("area_code").loc[self.area_code, "borough"]

    @cached_property
    def crime(self) -> RecordedCrime:
        """Recorded offences in the edition's classification, from its releases, newest first."""
        return self._crime_of(self.edition)

    @cached_property
    def breaks(self) -> pd.DataFrame:
        """The dated breaks across which figures do not compare (`data/reference`)."""
        return load.table("series_breaks")

    def before_pandemic(self) -> Period:
        """The last twelve months before the pandemic that end in the edition's month."""
        return self.edition.period.last_before(PANDEMIC_START)

    def breaks_of(self, *measures: str, classification: str = "") -> list[tuple]:
        """The date and name of each break of these measures, where a chart leaves a gap."""
        breaks = self.breaks
        classification = classification or self.edition.classification
        found = breaks["classification"].str.split(";").map(lambda names: classification in names)
        found &= (
            breaks["measures"]
            .str.split(";")
            .map(lambda names: not set(names).isdisjoint({*measures, "every measure"}))
        )
        return list(breaks.loc[found, ["date", "name"]].itertuples(index=False, name=None))

    def cautions(self, measure: str, base: Period, period: Period) -> list[str]:
        """What to say of each break that lies between two years of a measure.

        A break without measures of its own makes its year an unusual base, and no more than that.
        """
        about = self._breaks_about(measure)
        last = about["measures"].map(lambda measures: period.end if measures else base.end)
        between = about[(about["date"] >= base.start) & (about["date"] <= last)]
        return list(between["caution"])

    @cached_property
    def residents(self) -> Denominator:
        """Residents of every borough, from the estimate that the edition uses."""
        return residents(
            load.table("mid_year_population"),
            self.boroughs,
            release=self.edition.population_release,
            year=self.edition.population_year,
        )

    @cached_property
    def households(self) -> Denominator:
        """Households of every borough on Census day 2021."""
        return households(
            load.table("households"), self.boroughs, release=self.edition.household_release
        )

    @cached_property
    def strategy(self) -> "StrategyData":
        """What the strategy printed, and what the data make of it."""
        from safer_communities.strategy_data import StrategyData

        return StrategyData(self.strategy_edition.strategy_borough)

    @cached_property
    def surveys(self) -> "SurveyData":
        """The surveys that the strategy quotes."""
        from safer_communities.survey_data import SurveyData

        return SurveyData()

    @cached_property
    def newest_crime(self) -> RecordedCrime:
        """Recorded offences as in `crime`, in the newest edition's classification and period."""
        return self._crime_of(self.newest_edition)

    @cached_property
    def strategy_edition(self) -> Edition:
        """The edition of the strategy's own year."""
        editions = load.table("editions")
        own = editions.loc[editions["strategy_borough"] != "", "edition"]
        return edition_of(int(own.iloc[0]), editions)

    @property
    def is_of_the_strategy(self) -> bool:
        """Whether this book is of the borough and the year that the strategy speaks of."""
        own = self.strategy_edition
        return self.borough == own.strategy_borough and self.edition.year == own.year

    def notice(self, subject: str, period: str) -> str:
        """What to say where `subject` (such as "survey of young people") is of another book.

        `period` is when the strategy's own one was made. Empty for its own borough and year.
        """
        own = self.strategy_edition
        where = f"{own.strategy_borough}, {period}"
        if self.borough != own.strategy_borough:
            return (
                f"No {subject} was found for {self.borough}. What follows is of {where}. "
                f"To show {self.borough} here, its own figures would be needed."
            )
        if self.edition.year != own.year:
            year = self.edition.period.label
            return f"No {subject} is published for the {year}. The last known one is of {where}."
        return ""

    def survey_notice(self) -> str:
        """What to say where this edition has no survey of its own; else empty.

        Its row of `data/editions.csv` names the waves that it has.
        """
        is_own = self.borough == self.strategy_edition.strategy_borough
        if is_own and self.edition.survey_waves:
            return ""
        return self.notice("survey of young people", self.surveys.fieldwork())

    def row_of_edition(self, years: pd.DataFrame) -> pd.Series:
        """The edition's own row of a table of years, or the last before it.

        A table that only begins later gives its first row, which no later release moves on.
        `years` has the column period_end, oldest first.
        """
        known = years[years["period_end"] <= self.edition.period.end]
        return years.iloc[0] if known.empty else known.iloc[-1]

    def missing_year(self, years: pd.DataFrame) -> str:
        """What to say where a table of years lacks this edition's own; else empty.

        `years` has the columns period_end and label, oldest first.
        """
        period = self.edition.period
        if (years["period_end"] == period.end).any():
            return ""
        begins_later = years["period_end"].iloc[0] > period.end
        known = "first" if begins_later else "last"
        label = self.row_of_edition(years)["label"]
        return f"No full figure for the {period.label} was found: the {known} is of {label}."

    @cached_property
    def newest_edition(self) -> Edition:
        """The edition of the latest year."""
        editions = load.table("editions")
        return edition_of(int(editions["edition"].max()), editions)

    def rates(
        self, measure: str = TOTAL, per: str = "residents", period: Period | None = None
    ) -> BoroughRates:
        """Every borough's rate of `measure` per 1,000 residents, or `per="households"`."""
        return borough_rates(self.crime, self._denominator(per), measure, period)

    def ranks(self, measures: list[str], per: str = "residents") -> pd.DataFrame:
        """The borough's rate and rank for each measure (see `borough_rates.ranks_by_measure`)."""
        return ranks_by_measure(self.crime, self._denominator(per), measures)

    def ranks_by_denominator(self, measure: str = TOTAL) -> pd.DataFrame:
        """The borough's rate and rank as the denominator changes, one row each.

        The edition's own estimate of residents, the newest release's estimate for the period
        itself where that is another, and households. Columns: denominator, key (for facts), unit,
        rate, rank, rank_low, rank_high, rank_low_months, rank_high_months, and place: the rank in
        words ("eighth lowest").
        """
        population = load.table("mid_year_population")
        release = population.iloc[-1]["release"]
        newest = int(population.loc[population["release"] == release, "mid_year"].max())
        rebased = residents(
            population,
            self.boroughs,
            release=release,
            year=min(self.edition.period.start.year, newest),
        )
        denominators = {"own": self.residents, "rebased": rebased, "households": self.households}
        if rebased.label == self.residents.label:
            del denominators["rebased"]
        rows = []
        for key, denominator in denominators.items():
            own = borough_rates(self.crime, denominator, measure).own
            place = own[["rate", *RANK_COLUMNS]].to_dict()
            described = {
                "denominator": denominator.label,
                "unit": denominator.rate_unit,
                "place": wording.rank_from_lowest(own["rank"], len(self.boroughs)),
            }
            rows.append({"key": key, **described, **place})
        return pd.DataFrame(rows)

    def ward_rates(self) -> "WardRates":
        """Offences per 1,000 residents in each ward of the borough, in the edition's period."""
        from safer_communities.wards import ward_rates

        return ward_rates(
            load.ward_crime(self.edition.ward_crime_release),
            load.table("ward_population"),
            self.area_code,
            self.edition.period,
            borough_count=self.crime.count(),
        )

    def positive_outcomes(self, offence: str, area: str | None = None) -> pd.DataFrame:
        """The share of offences with a positive outcome, year by year (see `outcomes`)."""
        from safer_communities.outcomes import positive_outcomes

        return positive_outcomes(
            load.table("positive_outcomes"),
            self.boroughs,
            area or self.area_code,
            offence,
            self.edition.period,
        )

    def printed_detections(self, claims: dict[str, tuple[str, str, str]]) -> pd.DataFrame:
        """Detection rates that the strategy printed for two years, and whether they differ.

        `claims` gives for each label the ids of both claims and the measure; a label that ends in
        "London" is of London. The offences are those of the newest release for the strategy's
        years. Columns: label, key, before, after, offences_before, offences, and those of
        `outcomes.detection_changes`.
        """
        from safer_communities.outcomes import detection_changes

        own = self.strategy_edition
        crime = self._crime_of(own)
        names = self.boroughs.set_index("borough")["area_code"]
        rows = self.strategy.pairs({label: ids[:2] for label, ids in claims.items()})
        for column, period in (
            ("offences_before", own.period.previous()),
            ("offences", own.period),
        ):
            rows[column] = [
                crime.count(
                    claims[label][2],
                    LONDON if label.endswith("London") else names[own.strategy_borough],
                    period,
                )
                for label in rows["label"]
            ]
        return detection_changes(rows)

    def london_asb_calls_by_month(self) -> pd.DataFrame:
        """Calls to the Metropolitan Police about anti-social behaviour, all London, by month."""
        from safer_communities.asb_calls import calls_by_month

        return calls_by_month(load.table("london_asb_calls"))

    def london_asb_calls_by_year(self) -> pd.DataFrame:
        """The same in twelve-month totals, with the change on the year before."""
        from safer_communities.asb_calls import calls_by_year

        return calls_by_year(load.table("london_asb_calls"), self.edition.period)

    def profile(self) -> "Profile":
        """The borough's residents, ages, households and area."""
        from safer_communities.profile import profile

        return profile(
            self.area_code,
            population=load.table("mid_year_population"),
            by_age=load.table("population_by_age"),
            households=self.households.size,
            areas=load.table("borough_areas"),
            borough_codes=list(self.boroughs["area_code"]),
            release=self.edition.population_release,
            year=self.edition.population_year,
        )

    def residents_by_year(self) -> pd.DataFrame:
        """Residents at each mid-year in each release of the estimates (see `profile`)."""
        from safer_communities.profile import residents_by_year

        return residents_by_year(load.table("mid_year_population"), self.area_code)

    def rebasing(self) -> tuple[str, float]:
        """How the newest estimates changed the residents of a year (see `profile`)."""
        from safer_communities.profile import rebasing_percent

        return rebasing_percent(self.residents_by_year())

    def headline_changes(self) -> pd.DataFrame:
        """The year's change in each kind of crime that the strategy's headlines name.

        The columns of `RecordedCrime.changes`; `pandemic_change_percent` and `pandemic_verdict`,
        the change on the last year before the pandemic; `usual_low` and `usual_high`, the range of
        changes before it, and whether the year's lies within it (`usual`: "yes", "no" or missing);
        `published`, what the strategy printed in per cent (missing in other books); and `key`, a
        name for the fact.
        """
        from safer_communities.strategy_data import headline_claims

        claims = headline_claims(load.table("claims"))
        claims = claims[claims["measure"].isin(self.crime.members)]
        measures = list(claims["measure"])
        before = self.before_pandemic()
        changes = self.crime.changes(measures)
        since = self.crime.changes(measures, base=before)
        usual = self.crime.usual_changes(measures, until=before)
        ends = usual[["usual_low", "usual_high"]].astype(float)
        published = claims["published"] if self.is_of_the_strategy else None
        return changes.assign(
            pandemic_change_percent=since["change_percent"],
            pandemic_verdict=since["verdict"],
            usual_low=usual["usual_low"],
            usual_high=usual["usual_high"],
            usual=changes["change_percent"]
            .between(ends["usual_low"], ends["usual_high"])
            .map({True: "yes", False: "no"})
            .where(ends["usual_low"].notna()),
            published=None if published is None else published.to_numpy(),
            key=[fact_name(measure) for measure in changes["measure"]],
        )

    def tiles(self, rates: BoroughRates) -> pd.DataFrame:
        """The boroughs on the tile grid: their rank as label, the ranks within chance as span."""
        places = self.boroughs.set_index("area_code")[["tile_column", "tile_row"]]
        table = rates.table.join(places, on="area_code")
        spans = [
            "" if low == high else f"{low}\N{EN DASH}{high}"
            for low, high in zip(table["rank_low"], table["rank_high"], strict=True)
        ]
        return table.assign(label=table["rank"].astype(str), span=spans)

    def year_to(self, month: str) -> Period:
        """The twelve months that end with `month`, for example "2018-03"."""
        return Period.year_to(month)

    def placed_percent(self, year: YearOnYear) -> float:
        """A change in per cent had the offences without a borough been placed like the rest."""
        from safer_communities.progress import placed_change

        change = placed_change(self.crime, year.measure, year.base_period, year.period)
        return change.percent_change

    def progress(self) -> "Progress":
        """How the priorities' indicators moved from the strategy's year to the newest."""
        from safer_communities.progress import progress

        first = self.strategy_edition.period
        return progress(self.newest_crime, load.table("indicators"), first)

    def published_figure(self, figure_id: str) -> pd.Series:
        """A figure that another public paper gives (`data/reference/published_figures.csv`)."""
        return load.table("published_figures").set_index("figure_id").loc[figure_id]

    def monthly_pattern(self, measure: str = TOTAL) -> "MonthlyPattern":
        """The borough's months up to the end of the edition's period (see `monthly_pattern`)."""
        from safer_communities.monthly_pattern import monthly_pattern

        monthly = self.crime.monthly(measure).loc[: self.edition.period.end]
        return monthly_pattern(monthly, list(self._breaks_about(measure)["date"]))

    def _breaks_about(self, measure: str) -> pd.DataFrame:
        """The breaks in the edition's classification that touch a measure, or any comparison."""
        known = self.breaks["classification"].str.split(";")
        about = self.breaks["measures"].str.split(";")
        touches = about.map(
            lambda names: names == [""] or not {measure, "every measure"}.isdisjoint(names)
        )
        return self.breaks[known.map(lambda names: self.edition.classification in names) & touches]

    def _crime_of(self, edition: Edition) -> RecordedCrime:
        offences = load.table("offences")
        return RecordedCrime(
            counts=stitch([load.recorded_crime(name) for name in edition.borough_crime_releases]),
            offences=offences[offences["classification"] == edition.classification],
            boroughs=self.boroughs,
            area_code=self.area_code,
            period=edition.period,
        )

    def _denominator(self, per: str) -> Denominator:
        known = {"residents": self.residents, "households": self.households}
        if per not in known:
            raise ValueError(f"per: {per!r} is none of {', '.join(known)}")
        return known[per]
