"""One year's book: its period, classification and releases, how these are cited, what each gave."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from safer_communities.analysis.profile import citation_key
from safer_communities.datasets.periods import Period
from safer_communities.datasets.schemas.indicators.profile import TABLES as PROFILE_TABLES
from safer_communities.errors import InputError, did_you_mean
from safer_communities.facts import wording

SAME_SIZE_POINTS = 1.0
POPULATION = "Office for National Statistics, mid-year population estimates"
RECORDED_CRIME = "Metropolitan Police Service, recorded crime by borough"
DASHBOARDS = {
    "mps_flagged_offences": "Metropolitan Police Service, monthly crime dashboard data",
    "mps_women_and_girls": (
        "Metropolitan Police Service, violence against women and girls dashboard"
    ),
}


@dataclass(frozen=True)
class Edition:
    """The settings of one year's book, a row of `data/editions.csv`.

    `strategy_borough` is the borough whose strategy this edition checks; empty for other years.
    """

    year: int
    period: Period
    classification: str
    borough_crime_releases: tuple[str, ...]
    ward_crime_release: str
    population_release: str
    population_year: int
    household_release: str
    survey_waves: tuple[str, ...]
    strategy_borough: str
    stands_for: pd.Timestamp
    note: str


def edition_of(year: int, editions: pd.DataFrame) -> Edition:
    """The edition of `year` from the table of editions.

    Raises InputError where the table has no such year.
    """
    rows = editions[editions["edition"] == year]
    if rows.empty:
        raise InputError(
            place="EDITION",
            problem=f"there is no edition {year}",
            remedy=f"{did_you_mean(year, editions['edition'])}, or add a row to data/editions.csv",
        )
    own = rows.drop(columns="label").to_dict("records")[0]
    row = {str(name): value for name, value in own.items()}
    return Edition(
        year=row.pop("edition"),
        period=Period.year_to(row.pop("period_end")),
        borough_crime_releases=tuple(row.pop("borough_crime_releases").split()),
        survey_waves=tuple(row.pop("survey_waves").split()),
        **row,
    )


def combine_releases(releases: list[pd.DataFrame]) -> pd.DataFrame:
    """One series of several releases of a classification: each month from the first that has it.

    `releases` come in order of preference, the newest first. Returns their rows with the columns
    they have; raises ValueError where the releases differ in classification.
    """
    classifications = sorted({c for frame in releases for c in frame["classification"].unique()})
    if len(classifications) != 1:
        raise ValueError(
            "releases: they mix the classifications "
            f"{', '.join(classifications)}, which cannot be compared"
        )
    parts, months = [], pd.DatetimeIndex([])
    for frame in releases:
        parts.append(frame[~frame["month"].isin(months)])
        months = months.union(pd.DatetimeIndex(frame["month"].unique()))
    return pd.concat(parts, ignore_index=True)


def with_areas_joined(counts: pd.DataFrame, apart: pd.DataFrame) -> pd.DataFrame:
    """Counts of one classification, offences in areas listed apart given to their borough.

    `counts` has the columns area_code and classification, `apart` those of
    `data/reference/areas_apart.csv`. An area that is listed apart in some months only would
    otherwise make its borough fall and rise.
    """
    rows = apart[apart["classification"].isin(counts["classification"].unique())]
    borough = rows.set_index("area_code")["counted_in"].to_dict()
    return counts.assign(area_code=counts["area_code"].replace(borough))


def counts_by_release(
    releases: dict[str, pd.DataFrame], area_code: str, period: Period
) -> pd.DataFrame:
    """All recorded offences of one area in `period` and in the year before, release by release.

    `releases` maps a release to its table (month, area_code, count, classification). Columns:
    classification, release, base_count, count, change_percent; a count that the release does not
    hold in full is missing. Releases that hold neither year are left out.
    """
    rows = []
    for release, table in sorted(releases.items()):
        monthly = table[table["area_code"] == area_code].groupby("month")["count"].sum()
        count = _in_full(monthly, period)
        base = _in_full(monthly, period.previous())
        if count is None and base is None:
            continue
        change = None if count is None or base is None else 100 * (count - base) / base
        rows.append(
            {
                "classification": table["classification"].iloc[0],
                "release": release,
                "base_count": base,
                "count": count,
                "change_percent": change,
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values(["classification", "release"], ignore_index=True)


def headline_revisions(published: pd.Series, newest: pd.Series) -> list[str]:
    """What a headline change did between print and the newest release, in words.

    Both are in per cent. A change counts as the same size within one percentage point.
    """
    before, after = published.to_numpy(), newest.to_numpy()
    moved = [before * after < 0, np.abs(after - before) > SAME_SIZE_POINTS]
    return np.select(moved, ["direction", "size"], default="nothing").tolist()


def _in_full(monthly: pd.Series, period: Period) -> int | None:
    months = monthly[monthly.index.isin(period.months())]
    return int(months.sum()) if len(months) == 12 else None


@dataclass(frozen=True)
class Citation:
    """The publications that a figure comes from, each with its release ("" where it has none)."""

    publications: tuple[tuple[str, str], ...]

    def __add__(self, other: "Citation") -> "Citation":
        return Citation(tuple(dict.fromkeys(self.publications + other.publications)))

    def of_releases(self, publication: str, releases: tuple[str, ...]) -> "Citation":
        """With the releases of a publication that the figure's own rows come from."""
        named = wording.listed([month_release(release) for release in releases])
        return Citation(
            tuple((name, named if name == publication else of) for name, of in self.publications)
        )

    @property
    def source(self) -> str:
        """The names of the publications."""
        return "; ".join(name for name, _ in self.publications)

    @property
    def release(self) -> str:
        """Their releases, in the same order."""
        return "; ".join(release for _, release in self.publications if release)

    @property
    def line(self) -> str:
        """The line under a chart."""
        named = [f"{name}, {release}" if release else name for name, release in self.publications]
        return f"Source: {'; '.join(named)}."


def month_release(release: str) -> str:
    """ "2024-02" as readers see it: "release of February 2024"."""
    return f"release of {pd.Timestamp(release):%B %Y}"


# What the licence of the boundaries asks to be said beside a map.
BOUNDARIES = (
    "Office for National Statistics, wards of December 2022 (contains OS data \N{COPYRIGHT SIGN} "
    "Crown copyright and database right)"
)


def citations(
    edition: Edition, of_strategy: Edition, releases: pd.DataFrame, sources: pd.DataFrame
) -> dict[str, Citation]:
    """The citation of each kind of figure in an edition, by a short key.

    Recorded crime by borough stands in them without a release: that is in the rows of each figure.
    `of_strategy` is the edition of the strategy's year, `releases` the table of releases
    (publication, release, last_month), `sources` that of sources (source, title, publisher).
    """
    of_source = sources.set_index("source")
    titles = of_source["title"]
    named = of_source["publisher"] + ", " + titles
    crime = _cite(RECORDED_CRIME)
    population = _cite(POPULATION, f"{edition.population_release} release")
    known = releases.groupby("publication")
    until = pd.to_datetime(known["last_month"].max(), format="mixed").map("to {:%B %Y}".format)
    estimates = list(known.get_group("ons_mid_year_population")["release"])
    in_wards = edition.population_release in set(
        known.get_group("ons_ward_mid_year_population")["release"]
    )
    by_ward = "Metropolitan Police Service, recorded crime by ward"
    of_wards = (
        _cite(f"{POPULATION} for wards", f"{edition.population_release} release")
        if in_wards
        else _cite("Office for National Statistics, residents of wards in Census 2021")
    )
    wards = _cite(by_ward, month_release(edition.ward_crime_release)) + of_wards
    crime_months = pd.to_datetime(known.get_group("mps_borough_crime")["release"])
    of_crime = f"releases of {crime_months.min():%B %Y} to {crime_months.max():%B %Y}"
    households = _cite("Office for National Statistics, households in Census 2021")
    projected = _cite("Office for National Statistics, 2018-based household projections")
    incidents, incidents_by_ward = (
        _cite(f"data.police.uk, anti-social behaviour incidents{by}", until["police_uk_asb"])
        for by in ("", " by ward")
    )
    return {
        "crime": crime,
        "crime_per_resident": crime + population,
        "crime_per_household": crime + households,
        "crime_per_projected_household": crime + projected,
        "population": population,
        "population_series": _cite(POPULATION, f"{wording.listed(estimates)} releases"),
        "households": households,
        "latest_crime": crime,
        "crime_releases": _cite(RECORDED_CRIME, of_crime),
        "wards": wards,
        "ward_map": wards + _cite(BOUNDARIES),
        "ward_years": _cite(by_ward) + of_wards,
        "ward_residents": of_wards,
        "outcomes": _cite(
            "Metropolitan Police Service, monthly crime dashboard data",
            until["mps_positive_outcomes"],
        ),
        **_of_dashboards(releases, population),
        **_of_profile(releases, named),
        "profile": _cite("the publications named in each row"),
        "asb": _cite(
            "Greater London Authority, anti-social behaviour calls to the Metropolitan Police",
            until["gla_asb_calls"],
        ),
        "attitudes": _cite(
            "Mayor's Office for Policing and Crime, Public Attitude Survey",
            until["mopac_public_attitude_survey"],
        ),
        "youth_justice": _cite(
            "Department for Education, Local Authority Interactive Tool (Youth Justice Board)",
            month_release(known.get_group("dfe_local_authority_tool")["release"].max()),
        ),
        "partnerships": _cite(
            "Office for National Statistics, police force area data tables",
            until["ons_police_force_areas"],
        ),
        "asb_incidents": incidents,
        "asb_incidents_per_resident": incidents + population,
        "asb_incidents_wards": incidents_by_ward + of_wards,
        "burglary_outcomes": _cite(
            "data.police.uk, outcomes of burglary as known in 2025",
            until["police_uk_burglary_outcomes"],
        ),
        "areas": _cite("Greater London Authority, London borough boundaries"),
        "strategy": _cite(named["strategy"]),
        "survey": _cite(f"{named['strategy_surveys']}; tests by this book"),
        "check": _cite(f"This book's check of the {titles['strategy']}") + crime,
    }


def _of_dashboards(releases: pd.DataFrame, population: Citation) -> dict[str, Citation]:
    """The citation of each release of the police's dashboards, alone and with the residents."""
    found: dict[str, Citation] = {}
    for publication, name in DASHBOARDS.items():
        for release in releases.loc[releases["publication"] == publication, "release"]:
            key, cited = citation_key(publication, release), _cite(name, month_release(release))
            found |= {key: cited, f"{key}_per_resident": cited + population}
    return found


def _of_profile(releases: pd.DataFrame, named: pd.Series) -> dict[str, Citation]:
    """The citation of each release of the profile's publications, by `citation_key`."""
    published = {"dfe_local_authority_tool", *(t.source for t in PROFILE_TABLES.values())}
    rows = releases[releases["publication"].isin(published)]
    return {
        citation_key(publication, release): _cite(named[publication], f"release {release}")
        for publication, release in zip(rows["publication"], rows["release"], strict=True)
    }


def _cite(name: str, release: str = "") -> Citation:
    return Citation(((name, release),))
