"""Adds a year: new releases imported beside last year's tables, checked, and an edition written.

Everything happens in a copy of the data folder. Only when all of it is valid do the files that
changed take their places, together.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from safer_communities import datapackage, load
from safer_communities.editions import Edition, edition_of, stitch
from safer_communities.errors import InputError, Problems
from safer_communities.periods import Period, months_in_words
from safer_communities.recorded_crime import LONDON, TOTAL, RecordedCrime
from safer_communities.schemas import TABLES
from safer_communities.sources import import_publications
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.new_releases import Release, releases_in, with_releases
from safer_communities.swap import replace_files

CRIME = "mps_borough_crime"
WARDS = "mps_ward_crime"
# Below this a group's change from year to year is chance.
ENOUGH_OFFENCES = 1000
NAMED_AT_MOST = 6


@dataclass(frozen=True)
class NewEdition:
    """What was added: the edition, the files that changed, and what a person has to decide."""

    edition: Edition
    changed: list[str]
    decisions: list[str]


def add_edition(
    year: int,
    source_folder: Path,
    data_folder: Path,
    report: Callable[[str], None] = print,
) -> NewEdition:
    """Adds the edition of `year` to `data_folder` from the releases in `source_folder`.

    The folder needs only what is new: tables in `data_folder` stay. Raises InputError, or an
    ExceptionGroup of them, for all that is wrong; then nothing is written.
    """
    with tempfile.TemporaryDirectory(prefix="new-edition-") as temporary:
        copy = Path(temporary) / "data"
        shutil.copytree(data_folder, copy)
        last = _last_edition(year, load.read_table("editions", copy))
        new = _add_releases(source_folder, copy)
        import_publications(source_folder, copy, report=report)
        _add_row(year, last, copy)
        edition = edition_of(year, load.read_anew("editions", copy))
        decisions = _checked(edition, last, new, copy)
        datapackage.write(copy)
        contents = {path: (copy / path).read_bytes() for path in datapackage.files(copy)}
        contents[datapackage.FILE] = (copy / datapackage.FILE).read_bytes()
        changed = replace_files(data_folder, contents)
    return NewEdition(edition, changed, decisions)


def crime_releases(releases: pd.DataFrame, period: Period) -> tuple[str, list[str]]:
    """The classification and the releases of it for an edition, preferred first.

    `releases` has the rows of recorded crime by borough. The newest classification whose releases
    hold every month of `period` and of the year before is taken, so that both years compare. Of
    its releases the newest comes first, then each that adds earlier months. Raises InputError
    where no classification holds both years.
    """
    wanted = set(_months(period.previous().start, period.end))
    missing: dict[str, list[pd.Period]] = {}
    for classification in sorted(releases["classification"].unique(), reverse=True):
        rows = releases[releases["classification"] == classification]
        chosen: list[str] = []
        covered: set[pd.Period] = set()
        for row in rows.sort_values("release", ascending=False).itertuples():
            months = set(_months(row.first_month, row.last_month))
            if months - covered:
                chosen.append(row.release)
                covered |= months
        if wanted <= covered:
            return classification, chosen
        missing[classification] = sorted(wanted - covered)
    lacks = "; ".join(f"{name} lacks {months_in_words(months)}" for name, months in missing.items())
    raise InputError(
        "recorded crime by borough",
        f"no classification has every month of the {period.label} and of the year before: {lacks}",
        "put the files of every release that is needed into mps_recorded_crime_borough/",
    )


def ward_release(releases: pd.DataFrame, classification: str, period: Period) -> str:
    """The newest release by ward, of the classification, that holds the period.

    Raises InputError where there is none.
    """
    wanted = set(_months(period.start, period.end))
    for row in releases.sort_values("release", ascending=False).itertuples():
        months = set(_months(row.first_month, row.last_month))
        if row.classification == classification and wanted <= months:
            return row.release
    raise InputError(
        "recorded crime by ward",
        f"no release of the {classification} classification has the {period.label}",
        "put the file that has into mps_recorded_crime_ward/",
    )


def unseen_jumps(
    crime: RecordedCrime, names: dict[str, str], *, is_explained: bool
) -> tuple[list[str], list[str]]:
    """Changes of all offences that no year has seen, in words: those to stop at, those to look at.

    To stop at: a month or a year that changed more on the year before than any borough did in any
    earlier year. To look at: a year that changed more than the same borough, or the same group of
    offences in London, ever did. `is_explained` makes the first kind the second: a break that is
    written down may move figures as nothing did before.
    """
    monthly = crime.monthly_by_area(TOTAL)[[*names]]
    stop: list[str] = []
    look: list[str] = []
    by_month = _changes(monthly, crime.period.start)
    for area, month, change in _outside(by_month, pooled=True):
        stop.append(
            f"{names[area]}, {month:%B %Y}: {change:+.0f}% on the same month a year before, more "
            "than any borough saw in any earlier year"
        )
    by_year = _changes(_years(monthly, crime.period), crime.period.end)
    beyond_all = {area for area, _, _ in _outside(by_year, pooled=True)}
    for area, _, change in _outside(by_year, pooled=False):
        seen = "any borough" if area in beyond_all else "it"
        (stop if area in beyond_all else look).append(
            f"{names[area]}: {change:+.1f}% in the {crime.period.label}, more than {seen} saw in "
            "any earlier year"
        )
    groups = pd.DataFrame(
        {
            group: crime.monthly(group, LONDON)
            for group in sorted(crime.offences["offence_group"].unique())
            if crime.count(group, LONDON, crime.period.previous()) >= ENOUGH_OFFENCES
        }
    )
    by_group = _changes(_years(groups, crime.period), crime.period.end)
    look += [
        f"{group} in London: {change:+.1f}%, more than in any earlier year"
        for group, _, change in _outside(by_group, pooled=False)
    ]
    return ([], [*stop, *look]) if is_explained else (stop, look)


def _last_edition(year: int, editions: pd.DataFrame) -> Edition:
    newest = int(editions["edition"].max())
    if year != newest + 1:
        raise InputError(
            "new-edition",
            f"the newest edition is {newest}, and {year} is not the next",
            f"add {newest + 1}"
            if year > newest
            else "old editions stay as they are: build one with `make book EDITION=...`",
        )
    return edition_of(newest, editions)


def _add_releases(source_folder: Path, copy: Path) -> list[Release]:
    """Writes a row for every release in the folder that the copy does not know; returns those."""
    crosswalks = Crosswalks.of(copy)
    known = set(crosswalks.releases[["publication", "release"]].itertuples(index=False, name=None))
    new = [
        each
        for each in releases_in(source_folder, crosswalks)
        if (each.publication, each.release) not in known
    ]
    if new:
        _write(copy, "releases", with_releases(crosswalks.releases, new))
    return new


def _add_row(year: int, last: Edition, copy: Path) -> None:
    editions = load.read_anew("editions", copy)
    releases = load.read_anew("releases", copy)
    period = last.period.shift_years(1)
    by_name = releases.groupby("publication")
    classification, chosen = crime_releases(by_name.get_group(CRIME), period)
    people = load.read_anew("mid_year_population", copy)
    newest = people[people["release"] == people["release"].max()]
    note = (
        "Months that the newest release no longer holds come from the releases before it, all of "
        f"the {classification} classification."
        if len(chosen) > 1
        else "Both years compared come from one release."
    )
    row = {
        "edition": year,
        "label": str(year),
        "period_end": period.end,
        "classification": classification,
        "borough_crime_releases": " ".join(chosen),
        "ward_crime_release": ward_release(by_name.get_group(WARDS), classification, period),
        "population_release": newest["release"].iloc[0],
        # The middle of the twelve months, or the latest before it.
        "population_year": min(int(newest["mid_year"].max()), period.start.year),
        "household_release": load.read_anew("households", copy)["release"].max(),
        "survey_waves": "",
        "strategy_borough": "",
        "stands_for": last.stands_for + pd.DateOffset(years=1),
        "note": note,
    }
    _write(copy, "editions", pd.concat([editions, pd.DataFrame([row])], ignore_index=True))


def _checked(edition: Edition, last: Edition, new: list[Release], copy: Path) -> list[str]:
    """What a person has to decide; raises InputError, or a group, for a jump that nothing explains.

    The import has compared each release with the one before it already.
    """
    boroughs = load.read_table("boroughs", copy)
    releases = {
        name: load.read_anew("recorded_crime_borough", copy, name)
        for name in {*edition.borough_crime_releases, *last.borough_crime_releases}
    }
    crime = _crime(edition, releases, boroughs, copy)
    breaks = load.read_table("series_breaks", copy)
    names = {**boroughs.set_index("area_code")["borough"], LONDON: "London"}
    stop, look = unseen_jumps(crime, names, is_explained=_has_break(breaks, edition))
    problems = Problems("recorded crime by borough")
    for jump in stop:
        problems.add(
            jump,
            "compare it with the publisher's page; if it is real, add what changed and its date to "
            "data/reference/series_breaks.csv (measures: every measure) and run this again",
        )
    problems.raise_any()
    return [
        *_about_offences(edition, last, releases),
        *([f"Look at changes beyond what was seen before: {_listed(look)}."] if look else []),
        *_about_releases(edition, last, new),
    ]


def _crime(
    edition: Edition, releases: dict[str, pd.DataFrame], boroughs: pd.DataFrame, copy: Path
) -> RecordedCrime:
    offences = load.read_table("offences", copy)
    return RecordedCrime(
        counts=stitch([releases[name] for name in edition.borough_crime_releases]),
        offences=offences[offences["classification"] == edition.classification],
        boroughs=boroughs,
        area_code=boroughs["area_code"].iloc[0],
        period=edition.period,
    )


def _about_offences(
    edition: Edition, last: Edition, releases: dict[str, pd.DataFrame]
) -> list[str]:
    """Decisions that rows of offences ask for: new ones, lost ones, and releases that differ."""
    decisions = []
    lists = {name: set(frame["offence"].unique()) for name, frame in releases.items()}
    before, now = lists[last.borough_crime_releases[0]], lists[edition.borough_crime_releases[0]]
    if now - before or before - now:
        found = [
            f"{word} {_listed(sorted(some))}"
            for word, some in (("new rows:", now - before), ("rows no longer there:", before - now))
            if some
        ]
        decisions.append(
            f"Offences differ from last year's release ({'; '.join(found)}). If something counts "
            "differently, add the date to data/reference/series_breaks.csv."
        )
    unlike = [name for name in edition.borough_crime_releases[1:] if lists[name] != now]
    if unlike:
        decisions.append(
            f"Earlier months come from releases with other rows ({', '.join(unlike)}): within a "
            "group, compare single offences only after reading data/reference/series_breaks.csv."
        )
    return decisions


def _about_releases(edition: Edition, last: Edition, new: list[Release]) -> list[str]:
    """Decisions about what was and was not in the folder."""
    came = {each.publication for each in new}
    decisions = []
    if edition.classification != last.classification:
        decisions.append(
            f"The classification changes from {last.classification} to {edition.classification}: "
            "last year's figures are not this year's base. Say so in the edition's note."
        )
    if edition.population_year < edition.period.start.year:
        decisions.append(
            f"Rates use residents of mid-{edition.population_year}. If the ONS has a later "
            "estimate, import it and name it in the edition's row of data/editions.csv."
        )
    names = {"mps_positive_outcomes": "positive outcomes", "gla_asb_calls": "ASB calls"}
    old = [words for name, words in names.items() if name not in came]
    if old:
        decisions.append(
            f"The folder has no new release of {' or '.join(old)}: their pages stop where they "
            "did. Look whether one is out."
        )
    decisions.append(
        "If a survey was published this year, add it to data/surveys and name its waves in the "
        "edition's row of data/editions.csv."
    )
    if new:
        listed = _listed([f"{each.publication} {each.release}" for each in new])
        decisions.append(
            f"Say in data/reference/releases.csv what a reader should know of the new releases: "
            f"{listed}. Then run `make describe`."
        )
    return decisions


def _has_break(breaks: pd.DataFrame, edition: Edition) -> bool:
    """Whether a break of every measure or of the total lies in the two years compared."""
    start, end = edition.period.previous().start, edition.period.end
    of_classification = (
        breaks["classification"].str.split(";").map(lambda names: edition.classification in names)
    )
    of_total = (
        breaks["measures"]
        .str.split(";")
        .map(lambda names: not {"every measure", TOTAL}.isdisjoint(names))
    )
    return bool((of_classification & of_total & breaks["date"].between(start, end)).any())


def _years(monthly: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Sums of complete twelve months that end in the period's month, by their last month."""
    sums = monthly.rolling(12).sum().dropna()
    return sums[sums.index.month == period.end.month]


def _changes(table: pd.DataFrame, new_from: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Changes on the year before, per cent: those before `new_from`, and those from then on."""
    earlier = table.reindex(table.index - pd.DateOffset(years=1)).set_axis(table.index)
    changes = (100 * (table / earlier - 1)).dropna(how="all")
    return changes[changes.index < new_from], changes[changes.index >= new_from]


def _outside(
    changes: tuple[pd.DataFrame, pd.DataFrame], *, pooled: bool
) -> list[tuple[str, pd.Timestamp, float]]:
    """The new changes outside the range of the earlier ones: column, date, change.

    The range is each column's own, or that of all columns together (`pooled`).
    """
    before, now = changes
    low, high = before.min(), before.max()
    if pooled:
        low, high = low.min(), high.max()
    found = now[(now < low) | (now > high)].stack().dropna()
    return [(column, date, change) for (date, column), change in found.items()]


def _write(copy: Path, name: str, table: pd.DataFrame) -> None:
    text = table.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
    (copy / TABLES[name].path).write_text(text, encoding="utf-8", newline="")


def _months(first: str | pd.Timestamp, last: str | pd.Timestamp) -> pd.PeriodIndex:
    return pd.period_range(first, last, freq="M")


def _listed(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - NAMED_AT_MOST
    return "; ".join(names[:NAMED_AT_MOST]) + (f"; and {more} more" if more > 0 else "")
