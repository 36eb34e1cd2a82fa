"""How the count of a year grows from release to release, and what a change would be with it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import pandas as pd

from safer_communities.analysis.breaks import Breaks
from safer_communities.analysis.editions import Edition, edition_of
from safer_communities.analysis.once import once
from safer_communities.analysis.recorded_crime import LONDON, LONDON_AREA, TOTAL, RecordedCrime
from safer_communities.datasets.periods import Period
from safer_communities.facts.fact import texts
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.wording import in_sentence
from safer_communities.statistics.changes import revisions

# A borough with fewer offences of a kind in a year grows by steps too large to compare.
ENOUGH = 100
# A count older than this, in months, when a release first holds it has grown most of its way.
YOUNG = 6
# The ages that the triangle tells of, in months after the year's end: up to each.
AGES = (6, 12, 24, 36)

TOLD = (
    "Counts still change after they are published. That of the {year} {moved} in the 32 boroughs "
    "together between the releases of {earlier} and {later}. "
    "Borough by borough, the change ranged from {range}."
)
MOVED = (
    "The change of the {edition} edition was {then} in the first release that held both years, "
    "that of {then_release}. In the newest, that of {now_release}, it is {now}."
)
ONE_RELEASE = (
    "The change of the {edition} edition is {now} in the release of {now_release}. No other "
    "release that compares with it holds both years."
)


@dataclass(frozen=True)
class Growth:
    """How much a year's count of `measure` grew within a year, when it was as old as one is now.

    `percent` is that of the 32 boroughs together and `own` that of the borough; `low` and `high`
    are the least and the most that any borough's with 100 offences or more grew, all in per cent.
    They compare the count of `year` in the releases `earlier` and `later`.
    """

    measure: str
    year: Period
    earlier: str
    later: str
    percent: float
    low: float
    high: float
    own: float

    @property
    def told(self) -> str:
        """A sentence of it: what the boroughs' count did, together and each."""
        said = texts("it", Quantity(self.percent, "%", "", self.low, self.high))
        return TOLD.format(
            earlier=month_name(self.earlier),
            later=month_name(self.later),
            year=self.year.label,
            moved=said["it_words"],
            range=said["it_interval"],
        )

    def facts(self) -> dict[str, Quantity | str]:
        """The growth "", that of the borough, `own`, and the `low` and `high` of the boroughs.

        The text `told` is a sentence of all but `own`.
        """
        label = f"Growth of the count of {in_sentence(self.measure)} between two releases"
        both = (self.later, self.earlier)
        about = partial(Quantity, unit="%", period=self.year, releases=both)
        least_and_most = partial(about, area=LONDON_AREA)
        return {
            "": about(self.percent, label=label, area=LONDON_AREA),
            "own": about(self.own, label=label),
            "low": least_and_most(self.low, label=f"{label}, least of any borough"),
            "high": least_and_most(self.high, label=f"{label}, most of any borough"),
            "told": self.told,
        }


@dataclass(frozen=True)
class EditionHeadlines:
    """All recorded offences and their change, as each edition had them first and has them now.

    `table` has a row an edition: edition, then_release, then_count, then_change_percent (those of
    the first release that holds both years), now_release, now_count, now_change_percent (of the
    newest), newest_release and newest_count (of the newest that holds the later year).
    """

    table: pd.DataFrame
    edition: Edition

    def facts(self) -> dict[str, Quantity | str]:
        """The change of the book's own edition `then` and `now`, and the `newest` count.

        The text `told` is a sentence of the two, `newest_release` names the release of the count.
        """
        rows = self.table[self.table["edition"] == str(self.edition.year)]
        own = rows.to_dict("records")[0]
        year, base = self.edition.period, self.edition.period.previous()
        release = {name: own[f"{name}_release"] for name in ("then", "now", "newest")}

        def of(name: str, part: str, **about: Any) -> Quantity:
            return Quantity(own[f"{name}_{part}"], releases=(f"{release[name]:%Y-%m}",), **about)

        change = {"unit": "%", "period": f"{year.label}, against {base.label}"}
        count = {"unit": "offences", "period": year}
        told = MOVED if release["then"] != release["now"] else ONE_RELEASE
        then = of("then", "change_percent", label="Change as first counted", **change)
        now = of("now", "change_percent", label="Change as counted now", **change)
        return {
            "then": then,
            "now": now,
            "newest": of("newest", "count", label="Offences in the newest release", **count),
            "told": told.format(
                edition=own["edition"],
                then=texts("it", then)["it_noun"],
                now=texts("it", now)["it_noun"],
                **{f"{name}_release": month_name(date) for name, date in release.items()},
            ),
            "newest_release": month_name(release["newest"]),
        }


@dataclass(frozen=True)
class Revisions:
    """What the releases of recorded crime say of the same months.

    `releases` has a row a release: release, classification, first_month and last_month; `read`
    gives the recorded crime of some of them, for an edition's classification and period. `edition`
    is that of the book, `editions` the table of all of them, `breaks` what does not compare.
    """

    read: Callable[[Edition, tuple[str, ...]], RecordedCrime]
    releases: pd.DataFrame
    edition: Edition
    editions: pd.DataFrame
    breaks: Breaks

    @once
    def growth(self, measure: str = TOTAL, period: Period | None = None) -> Growth | None:
        """How much a count as old as that of `period` (the edition's) usually grows in a year.

        What the newest two releases say that are about a year apart, none newer than the edition's
        own, of a year that was then as old. None where no two releases compare or fewer than half
        of the boroughs had 100 offences.
        """
        period = period or self.edition.period
        newest = pd.Timestamp(self.edition.borough_crime_releases[0])
        for step in self._steps_of(_months_between(period.end, newest)):
            year = Period.year_to(step["end"])
            earlier, later = (f"{step[name]:%Y-%m}" for name in ("earlier", "later"))
            if not self.breaks.releases_compare(measure, step["earlier"], step["later"]):
                continue
            first, second = (self.read(self.edition, (name,)) for name in (earlier, later))
            if not (first.covers(measure, year) and second.covers(measure, year)):
                continue
            counts = first.counts_by_borough(measure, year)
            grown = revisions.growth_percent(counts, second.counts_by_borough(measure, year))
            enough = grown[counts >= ENOUGH]
            if len(enough) < len(counts) / 2:
                return None
            together = second.count(measure, LONDON, year) / first.count(measure, LONDON, year)
            own = float(grown[first.area_code])
            low, high = float(enough.min()), float(enough.max())
            return Growth(measure, year, earlier, later, 100 * together - 100, low, high, own)
        return None

    @once
    def _steps_of(self, age: int) -> list[dict[Any, Any]]:
        """The steps of counts of that age between the releases up to the edition's, likest first.

        The months earlier, later and end.
        """
        found = revisions.likest(self._steps, age)[["earlier", "later", "end"]]
        return found.to_dict("records")

    @cached_property
    def _steps(self) -> pd.DataFrame:
        steps = revisions.steps(self._spans(self.edition.classification))
        return steps[steps["later"] <= pd.Timestamp(self.edition.borough_crime_releases[0])]

    def facts(self) -> dict[str, Quantity | str]:
        """The growth of the total, as `Growth.facts`; the text `told` says so where none is known.

        It tells of the borough's own too.
        """
        growth = self.growth()
        if growth is None:
            return {"told": "No two releases that compare hold a year as new as this one."}
        facts = growth.facts()
        own = self.read(self.edition, self.edition.borough_crime_releases).borough
        moved = texts("it", Quantity(growth.own, "%", ""))["it_words"]
        return facts | {"told": f"{growth.told} In {own} it {moved}."}

    def growths(self) -> pd.DataFrame:
        """`growth` of the total and of each group in the same two releases, largest first.

        Columns: measure, own_percent, percent, low_percent, high_percent.
        """
        offences = self.read(self.edition, self.edition.borough_crime_releases).offences
        total, *groups = map(self.growth, [TOTAL, *sorted(offences["offence_group"].unique())])
        found = [total, *(each for each in groups if each and total and each.year == total.year)]
        rows = [
            {
                "measure": each.measure,
                "own_percent": each.own,
                "percent": each.percent,
                "low_percent": each.low,
                "high_percent": each.high,
            }
            for each in found
            if each
        ]
        columns = ["measure", "own_percent", "percent", "low_percent", "high_percent"]
        table = pd.DataFrame(rows, columns=columns)
        return table.sort_values("percent", ascending=False, ignore_index=True)

    def triangle(self) -> pd.DataFrame:
        """How much the total of each year had grown at each age since it was first held, per cent.

        A row for each year, to the edition's month, that a release held while it was young, of each
        classification; a column for each age in months ("4 to 6"): what the last release of that
        age says, missing where there is none.
        """
        rows = {}
        for classification in self.releases["classification"].unique():
            steps = revisions.steps(self._spans(classification))
            steps = steps[steps["end"].dt.month == self.edition.period.end.month]
            for end, later in steps.groupby("end"):
                first = later["age"].min()
                if first > YOUNG:
                    continue
                year = Period.year_to(end)
                since = later[later["age"] == first]
                label = f"{year.financial_year}, list of {classification}"
                rows[label] = self._grown(since, year, classification)
        return pd.DataFrame(rows).T.rename_axis("year")

    def headlines(self) -> EditionHeadlines:
        """The total and its change of each edition in the first release of it and in the newest.

        The releases are of the edition's classification, in which they compare.
        """
        rows = []
        for number in self.editions["edition"]:
            edition = edition_of(int(number), self.editions)
            year, base = edition.period, edition.period.previous()
            spans = self._spans(edition.classification)
            spans = spans[spans["last"] >= year.end]
            both = spans.index[spans["first"] <= base.start]
            row: dict[str, object] = {"edition": str(number)}
            for name, release in {"then": both[0], "now": both[-1]}.items():
                change = self._of(edition, release).year_on_year(period=year, base=base)
                row[f"{name}_release"] = release
                row[f"{name}_count"] = change.count
                row[f"{name}_change_percent"] = change.change_percent
            newest = spans.index[spans["first"] <= year.start][-1]
            row["newest_release"] = newest
            row["newest_count"] = self._of(edition, newest).count(period=year)
            rows.append(row)
        return EditionHeadlines(pd.DataFrame(rows), self.edition)

    def _grown(self, since: pd.DataFrame, year: Period, classification: str) -> dict[str, float]:
        """The growth since the first release of a year, by the age in the last release of each."""
        rows = self.editions["classification"] == classification
        edition = edition_of(int(self.editions.loc[rows, "edition"].iloc[0]), self.editions)
        first = self._of(edition, since["earlier"].iloc[0]).count(period=year)
        found = {}
        for least, most in zip((0, *AGES), AGES, strict=False):
            steps = since[(since["later_age"] > least) & (since["later_age"] <= most)]
            count = (
                self._of(edition, steps["later"].iloc[-1]).count(period=year)
                if len(steps)
                else float("nan")
            )
            found[f"{least + 1} to {most}"] = 100 * count / first - 100
        return found

    def _of(self, edition: Edition, release: pd.Timestamp) -> RecordedCrime:
        return self.read(edition, (f"{release:%Y-%m}",))

    def _spans(self, classification: str) -> pd.DataFrame:
        """The first and the last month of each release of a classification, by its month."""
        rows = self.releases[self.releases["classification"] == classification]
        months = {name: pd.to_datetime(rows[f"{name}_month"]) for name in ("first", "last")}
        return pd.DataFrame(months).set_axis(pd.to_datetime(rows["release"])).sort_index()


def month_name(release: str | pd.Timestamp) -> str:
    """ "2024-02" as "February 2024"."""
    return f"{pd.Timestamp(release):%B %Y}"


def _months_between(first: pd.Timestamp, last: pd.Timestamp) -> int:
    return last.to_period("M").ordinal - first.to_period("M").ordinal
