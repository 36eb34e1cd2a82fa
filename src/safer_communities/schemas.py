"""Every table in `data/`: where it is, what its columns mean, and what must be true of it.

One place for types, units, allowed values, keys and completeness: the import, `load` and the data
package all read it from here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from safer_communities import cross_checks

CLASSIFICATIONS = ["2019", "2024"]
AREA = r"E09000(0[0-2][0-9]|03[0-3])|E12000007|MPS-(AIRPORTS|AVIATION-SECURITY|UNKNOWN|OTHER)"
BOROUGH = r"E09000(00[2-9]|0[12][0-9]|03[0-3])"
BOROUGHS = [f"E090000{number:02d}" for number in range(2, 34)]
WARD = r"E05[0-9]{6}|E09000001"
MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"
MONTH_NAME = r"[0-9]{4}-[0-9]{2}"
TOTAL_OFFENCES = "Total notifiable offences"
IDENTIFIER = r"[a-z0-9_.]+"
# The Data Package standard's names of types, and how pandas holds each.
PANDAS_TYPES = {
    "string": str,
    "integer": "int64",
    "number": "float64",
    "boolean": bool,
    "date": "datetime64[ns]",
}


@dataclass(frozen=True)
class Table:
    """One table: its file below `data/`, title, columns, source, and how completeness shows.

    `path` holds `{release}` where every release has a file of its own. `source` is its row in
    `reference/sources.csv`. `gaps` lists what a table lacks, in words.
    """

    path: str
    title: str
    schema: pa.DataFrameSchema
    source: str
    gaps: Callable[[pd.DataFrame], list[str]]

    @property
    def key(self) -> list[str]:
        """The columns that tell rows apart."""
        return list(self.schema.unique)

    @property
    def is_one_file(self) -> bool:
        """Whether one file holds all its rows, whatever release they are of."""
        return "{release}" not in self.path

    @property
    def keeps_releases(self) -> bool:
        """Whether that one file holds several releases, which its key tells apart."""
        return self.is_one_file and "release" in self.key

    def holds(self, path: str) -> bool:
        """Whether the file at `path`, below the data folder, is one of this table's."""
        return bool(self._pattern.fullmatch(path))

    def release_of(self, path: str) -> str:
        """The release in the name of the file; empty where the table is in one file."""
        return "".join(self._pattern.fullmatch(path).groups())

    @property
    def _pattern(self) -> re.Pattern:
        before, braces, after = self.path.partition("{release}")
        release = f"({MONTH_NAME})" if braces else ""
        return re.compile(re.escape(before) + release + re.escape(after))


def month_gaps(table: pd.DataFrame) -> list[str]:
    """The months missing between the first and the last."""
    months = pd.DatetimeIndex(table["month"].unique())
    missing = pd.date_range(months.min(), months.max(), freq="MS").difference(months)
    return [f"no rows for {month:%B %Y}" for month in missing]


def area_gaps(table: pd.DataFrame) -> list[str]:
    """The boroughs missing, and the offences that lack an area in a month they are counted in."""
    missing = sorted(set(BOROUGHS) - set(table["area_code"].unique()))
    gaps = [f"no rows for {', '.join(missing)}"] if missing else []
    boroughs = table[table["area_code"].isin(BOROUGHS)]
    areas = boroughs.groupby(["offence", "month"], sort=True).size().unstack()
    short = areas.lt(len(BOROUGHS)) & areas.notna()
    for offence in areas.index[short.any(axis=1)]:
        month = areas.columns[short.loc[offence]][0]
        gaps.append(f"{offence!r} lacks boroughs from {month:%B %Y}")
    return month_gaps(table) + gaps


def borough_gaps(*by: str) -> Callable[[pd.DataFrame], list[str]]:
    """What finds the boroughs that lack a row, for each value of the columns `by`."""

    def gaps(table: pd.DataFrame) -> list[str]:
        problems = []
        for key, areas in table.groupby(list(by))["area_code"]:
            missing = sorted(set(BOROUGHS) - set(areas.unique()))
            if missing:
                problems.append(f"no rows for {', '.join(missing)} in {', '.join(map(str, key))}")
        return problems

    return gaps


def outcome_gaps(table: pd.DataFrame) -> list[str]:
    """The months missing, the boroughs without a row in a month, and totals that are no sums."""
    return (
        month_gaps(table)
        or borough_gaps("month")(table)
        or cross_checks.outcomes_against_totals(table, TOTAL_OFFENCES)
    )


def population_gaps(table: pd.DataFrame) -> list[str]:
    """The boroughs missing in a year, and the years in which they do not add up to London."""
    missing = borough_gaps("release", "mid_year")(table)
    return missing or cross_checks.boroughs_against_london(table)


def _every(holds: Callable[[str], object], error: str) -> pa.Check:
    """Every value passes; each distinct value is tried once, as there are few."""
    return pa.Check(
        lambda values: ~values.isin([value for value in values.unique() if not holds(value)]),
        error=error,
    )


def _matches(pattern: str) -> pa.Check:
    return _every(lambda value: re.fullmatch(pattern, value), f"text of the form {pattern}")


def _one_of(*allowed: str) -> pa.Check:
    return pa.Check.isin(list(allowed), error=f"one of {', '.join(allowed)}")


def _between(low: float, high: float) -> pa.Check:
    return pa.Check.in_range(low, high, error=f"a number from {low} to {high}")


# A mark of direction can turn the digits round that follow it on a page: 27,826 reads 628,72.
VISIBLE = _every(
    str.isprintable, "text on one line, without control characters and marks that cannot be seen"
)
NOT_BLANK = _every(str.strip, "text that is not blank")
NOT_NEGATIVE = pa.Check.ge(0, error="0 or more")
FIRST_OF_MONTH = pa.Check(lambda values: values.dt.day == 1, error="the first of a month")


def _column(
    kind: str, description: str, *checks: pa.Check, unit: str = "", blank: bool = False
) -> pa.Column:
    return pa.Column(
        PANDAS_TYPES[kind],
        checks=list(checks),
        description=description,
        metadata={"type": kind, "unit": unit},
        nullable=blank,
    )


def _text(description: str, *checks: pa.Check) -> pa.Column:
    return _column("string", description, *(checks or (NOT_BLANK, VISIBLE)))


def _free_text(description: str) -> pa.Column:
    return _column("string", description, VISIBLE)


def _whole(description: str, *checks: pa.Check, unit: str) -> pa.Column:
    return _column("integer", description, *(checks or (NOT_NEGATIVE,)), unit=unit)


def _number(description: str, *checks: pa.Check, unit: str, blank: bool = False) -> pa.Column:
    return _column("number", description, *checks, unit=unit, blank=blank)


def _flag(description: str) -> pa.Column:
    return _column("boolean", description)


def _date(description: str, *checks: pa.Check, blank: bool = False) -> pa.Column:
    return _column("date", description, *checks, blank=blank)


def _table(
    path: str,
    title: str,
    columns: dict[str, pa.Column],
    key: list[str],
    source: str,
    gaps: Callable[[pd.DataFrame], list[str]] = lambda table: [],
) -> Table:
    schema = pa.DataFrameSchema(columns, unique=key, strict=True, ordered=True)
    return Table(path, title, schema, source, gaps)


MONTH_COLUMN = _date(
    "Month in which the police recorded the offences, as its first day", FIRST_OF_MONTH
)
AREA_COLUMN = _text(
    "ONS code of the area; MPS- codes are places that are no borough", _matches(AREA)
)
BOROUGH_COLUMN = _text("ONS code of the borough", _matches(BOROUGH))
OFFENCE_COLUMN = _text("Offence, by the name in reference/offences.csv")
# Twice the largest count of an offence in a borough and month that any release has had.
COUNT_COLUMN = _whole("Recorded offences", _between(0, 10_000), unit="offences")
CLASSIFICATION_COLUMN = _text(
    "List of offence types in use: 2019, or 2024 since the CONNECT records system",
    _one_of(*CLASSIFICATIONS),
)
RELEASE_COLUMN = _text(
    "Release of the publication: the month after its last month", _matches(MONTH)
)
RELEASE_NAME_COLUMN = _text("Release of the publication", _matches(r"[a-z0-9-]+"))
NOTE_COLUMN = _free_text("What a reader should know")

TABLES: dict[str, Table] = {
    "recorded_crime_borough": _table(
        "recorded_crime_borough/{release}.parquet",
        "Recorded offences by borough, offence and month",
        {
            "month": MONTH_COLUMN,
            "area_code": AREA_COLUMN,
            "offence": OFFENCE_COLUMN,
            "count": COUNT_COLUMN,
            "classification": CLASSIFICATION_COLUMN,
            "release": RELEASE_COLUMN,
        },
        ["offence", "area_code", "month"],
        "mps_borough_crime",
        area_gaps,
    ),
    "recorded_crime_ward": _table(
        "recorded_crime_ward/{release}.parquet",
        "Recorded offences by ward, offence and month",
        {
            "month": MONTH_COLUMN,
            "ward_code": _text("ONS code of the ward", _matches(WARD)),
            "ward_name": _text("Name of the ward"),
            "area_code": AREA_COLUMN,
            "offence": OFFENCE_COLUMN,
            "count": COUNT_COLUMN,
            "classification": CLASSIFICATION_COLUMN,
            "release": RELEASE_COLUMN,
        },
        ["offence", "area_code", "ward_code", "month"],
        "mps_ward_crime",
        month_gaps,
    ),
    "positive_outcomes": _table(
        "positive_outcomes.csv",
        "Recorded offences and positive outcomes by borough, group of offences and month",
        {
            "month": _date("Month, as its first day", FIRST_OF_MONTH),
            "area_code": AREA_COLUMN,
            "offence": _text("Group of offences, or Total notifiable offences"),
            "offences": _whole("Offences recorded in the month", unit="offences"),
            "positive_outcomes": _whole(
                "Positive outcomes given in the month, often for offences of earlier months",
                unit="positive outcomes",
            ),
            "release": RELEASE_COLUMN,
        },
        ["offence", "area_code", "month"],
        "mps_positive_outcomes",
        outcome_gaps,
    ),
    "mid_year_population": _table(
        "population/mid_year_population.csv",
        "Residents and median age by borough, at the middle of each year",
        {
            "area_code": AREA_COLUMN,
            "mid_year": _whole("Year, at 30 June", _between(2001, 2100), unit="year"),
            "population": _whole("Usual residents", unit="people"),
            "median_age": _number("Median age of residents", _between(10, 90), unit="years"),
            "release": _text("Release of the estimates", _matches(r"mid-[0-9]{4}")),
        },
        ["release", "area_code", "mid_year"],
        "ons_mid_year_population",
        population_gaps,
    ),
    "population_by_age": _table(
        "population/population_by_age.csv",
        "Residents by single year of age and borough, at the middle of the newest year",
        {
            "area_code": AREA_COLUMN,
            "mid_year": _whole("Year, at 30 June", _between(2001, 2100), unit="year"),
            "age": _whole("Age; 90 is 90 and over", _between(0, 90), unit="years"),
            "population": _whole("Usual residents", unit="people"),
            "release": _text("Release of the estimates", _matches(r"mid-[0-9]{4}")),
        },
        ["release", "area_code", "age"],
        "ons_mid_year_population",
        borough_gaps("release", "age"),
    ),
    "households": _table(
        "population/households.csv",
        "Households by borough on Census day",
        {
            "area_code": AREA_COLUMN,
            "census_year": _whole("Year of the Census", _between(1801, 2100), unit="year"),
            "households": _whole("Households with a usual resident", unit="households"),
            "release": RELEASE_NAME_COLUMN,
        },
        ["release", "area_code"],
        "census_households",
        borough_gaps("release"),
    ),
    "ward_population": _table(
        "population/ward_population.csv",
        "Residents by ward on Census day, 2022 wards",
        {
            "ward_code": _text(
                "ONS code of the ward; the City of London is one row", _matches(WARD)
            ),
            "ward_name": _text("Name of the ward"),
            "residents": _whole("Usual residents", unit="people"),
            "release": RELEASE_NAME_COLUMN,
        },
        ["release", "ward_code"],
        "census_ward_population",
    ),
    "london_asb_calls": _table(
        "asb/london_asb_calls.csv",
        "Calls to the Metropolitan Police about anti-social behaviour, all London, by month",
        {
            "month": _date("Month, as its first day", FIRST_OF_MONTH),
            "area_code": AREA_COLUMN,
            "calls": _whole("Calls", unit="calls"),
            "release": RELEASE_COLUMN,
        },
        ["area_code", "month"],
        "gla_asb_calls",
        month_gaps,
    ),
    "borough_areas": _table(
        "borough_areas.csv",
        "Area of each borough",
        {
            "area_code": AREA_COLUMN,
            "hectares": _number(
                "Area, to mean high water", _between(100, 100_000), unit="hectares"
            ),
            "release": RELEASE_COLUMN,
        },
        ["area_code"],
        "borough_areas",
        borough_gaps("release"),
    ),
    "boroughs": _table(
        "reference/boroughs.csv",
        "The 32 London boroughs",
        {
            "area_code": BOROUGH_COLUMN,
            "borough": _text("Name of the borough"),
            "inner_outer": _text(
                "Inner or outer London, as the Office for National Statistics divides it",
                _one_of("Inner London", "Outer London"),
            ),
            "tile_column": _whole(
                "Column in the London Squared tile map, from the west", _between(0, 7), unit="tiles"
            ),
            "tile_row": _whole(
                "Row in the London Squared tile map, from the north", _between(0, 6), unit="tiles"
            ),
        },
        ["area_code"],
        "boroughs",
    ),
    "area_names": _table(
        "reference/area_names.csv",
        "Areas as each publication names them",
        {
            "publication": _text("Publication, by its name in the import", _matches(IDENTIFIER)),
            "published_name": _text("Name of the area in the publication"),
            "area_code": AREA_COLUMN,
        },
        ["publication", "published_name"],
        "this_book",
    ),
    "offences": _table(
        "reference/offences.csv",
        "Offences as the police publish them, and what each counts towards",
        {
            "classification": CLASSIFICATION_COLUMN,
            "published_group": _text("Group of offences in the publication"),
            "published_offence": _text("Offence in the publication"),
            "offence": _text("Offence in this book; rows of one name are added together"),
            "offence_group": _text("Group of offences in this book"),
            "counted_in_total": _flag("Whether it counts towards total notifiable offences"),
            "note": NOTE_COLUMN,
        },
        ["classification", "published_group", "published_offence"],
        "this_book",
    ),
    "releases": _table(
        "reference/releases.csv",
        "Releases that the tables are made from",
        {
            "publication": _text("Publication, by its name in the import", _matches(IDENTIFIER)),
            "release": RELEASE_NAME_COLUMN,
            "classification": _text(
                "Classification of offences; empty where there are none",
                _one_of("", *CLASSIFICATIONS),
            ),
            "first_month": _text("First month, or year, that the release covers"),
            "last_month": _text("Last month, or year, that the release covers"),
            "note": NOTE_COLUMN,
        },
        ["publication", "release"],
        "this_book",
    ),
    "sources": _table(
        "reference/sources.csv",
        "Where the tables come from, and on what terms",
        {
            "source": _text("Name of the source in the import", _matches(IDENTIFIER)),
            "title": _text("Title of the publication"),
            "publisher": _text("Publisher"),
            "page": _free_text("The publisher's page; empty where there is none"),
            "licence": _text("Licence"),
            "licence_page": _free_text("Page of the licence; empty where there is none"),
            "attribution": _text("What to print beside the data"),
            "retrieval": _text("How the files came here and what was left out"),
            "spatial": _text("Area that the publication is used for"),
        },
        ["source"],
        "this_book",
    ),
    "series_breaks": _table(
        "reference/series_breaks.csv",
        "Dates across which figures do not compare",
        {
            "break_id": _text("Identifier", _matches(IDENTIFIER)),
            "date": _date("First day to which the new state applies"),
            "name": _text("Name of the break"),
            "what_changed": _text("What changed"),
            "affects": _text("Figures that may not be compared across the date"),
            "classification": _free_text("Classifications in which a chart leaves a gap"),
            "measures": _free_text("Measures whose charts leave a gap, or every measure"),
            "valid_comparison": _text("What may be compared instead"),
            "caution": _free_text("What to say beside a change that goes across the date"),
            "source": _text("Where this is known from"),
        },
        ["break_id"],
        "this_book",
    ),
    "published_figures": _table(
        "reference/published_figures.csv",
        "Figures published elsewhere, quoted as they stand",
        {
            "figure_id": _text("Identifier", _matches(IDENTIFIER)),
            "label": _text("What the figure counts"),
            "value": _number("The figure as published", unit="as in column unit"),
            "unit": _text("Unit of the value"),
            "period": _text("Period that it covers"),
            "area": _text("Area that it covers"),
            "source": _text("Where it was published"),
            "note": NOTE_COLUMN,
        },
        ["figure_id"],
        "published_figures",
    ),
    "editions": _table(
        "editions.csv",
        "Editions of the book and the releases that each uses",
        {
            "edition": _whole("Year of the edition", _between(2000, 2100), unit="year"),
            "label": _text("Name of the edition"),
            "period_end": _date("Last month of the edition's twelve months", FIRST_OF_MONTH),
            "classification": CLASSIFICATION_COLUMN,
            "borough_crime_releases": _text(
                "Releases of recorded crime by borough, preferred first",
                _matches(f"{MONTH}( {MONTH})*"),
            ),
            "ward_crime_release": _text("Release of recorded crime by ward", _matches(MONTH)),
            "population_release": _text("Release of the population estimates"),
            "population_year": _whole("Year of the population", _between(2001, 2100), unit="year"),
            "household_release": _text("Release of the number of households"),
            "survey_waves": _free_text("Survey waves shown, by survey and wave"),
            "strategy_borough": _free_text("Borough whose strategy the edition checks"),
            "stands_for": _date("Date for which the edition speaks"),
            "note": NOTE_COLUMN,
        },
        ["edition"],
        "this_book",
    ),
    "waves": _table(
        "surveys/waves.csv",
        "Survey waves: who was asked, when, and how many",
        {
            "survey": _text("Identifier of the survey", _matches(IDENTIFIER)),
            "wave": _text("Identifier of the wave"),
            "label": _text("Name of the wave"),
            "fieldwork_start": _date("First day of fieldwork, as far as known", blank=True),
            "fieldwork_end": _date("Last day of fieldwork, as far as known", blank=True),
            "people": _text("Who was asked"),
            "base": _number("People interviewed", NOT_NEGATIVE, unit="people", blank=True),
            "base_status": _text(
                "Whether the base is published or assumed", _one_of("published", "assumed")
            ),
            "base_low": _number(
                "Smallest base that is likely", NOT_NEGATIVE, unit="people", blank=True
            ),
            "base_high": _number(
                "Largest base that is likely", NOT_NEGATIVE, unit="people", blank=True
            ),
            "note": NOTE_COLUMN,
        },
        ["survey", "wave"],
        "strategy_surveys",
    ),
    "percentages": _table(
        "surveys/percentages.csv",
        "Percentages of survey answers as printed",
        {
            "survey": _text("Identifier of the survey", _matches(IDENTIFIER)),
            "wave": _text("Identifier of the wave"),
            "question": _text("Identifier of the question", _matches(IDENTIFIER)),
            "label": _text("What the percentage says, in words"),
            "percent": _number("Percentage of the base", _between(0, 100), unit="%"),
            "decimals": _whole("Decimals printed", _between(0, 3), unit="digits"),
        },
        ["survey", "wave", "question"],
        "strategy_surveys",
    ),
    "comparisons": _table(
        "surveys/comparisons.csv",
        "Comparisons between waves that the strategy printed",
        {
            "comparison": _text("Identifier", _matches(IDENTIFIER)),
            "label": _text("What is compared"),
            "question": _text("Identifier of the question"),
            "survey_1": _free_text("Survey compared with"),
            "wave_1": _free_text("Wave compared with"),
            "survey_2": _text("Survey compared"),
            "wave_2": _text("Wave compared"),
            "printed_shift_points": _number(
                "Shift printed where no level is", _between(-100, 100), unit="points", blank=True
            ),
            "strategy_says": _text(
                "What the strategy says of it", _one_of("significant", "starred", "stated", "none")
            ),
            "headline": _flag("Whether the chapter's first chart shows it"),
        },
        ["comparison"],
        "strategy_surveys",
    ),
    "claims": _table(
        "strategy/claims.csv",
        "Every number and statement of fact that the strategy printed, and how it is checked",
        {
            "id": _text("Identifier", _matches(IDENTIFIER)),
            "section": _text("Section of the strategy"),
            "chapter": _text("Chapter of the book that checks it", _matches(IDENTIFIER)),
            "claim": _text("What the strategy says, in this book's words"),
            "published": _number(
                "The number printed; a fall is negative", unit="as in column unit", blank=True
            ),
            "unit": _free_text("Unit of the number; empty where there is no number"),
            "decimals": _number(
                "Decimals printed; -2 means rounded to hundreds",
                _between(-6, 3),
                unit="digits",
                blank=True,
            ),
            "approximate": _flag("Whether the strategy says that the number is rough"),
            "period": _free_text("Period that it is about"),
            "check": _text("How it is checked", _matches(IDENTIFIER)),
            "arguments": _free_text("What the check is told, as name=value; name=value"),
            "note": NOTE_COLUMN,
        },
        ["id"],
        "strategy",
    ),
    "priorities": _table(
        "strategy/priorities.csv",
        "The strategy's priorities",
        {
            "priority": _whole("Number of the priority", _between(1, 9), unit="number"),
            "title": _text("Title of the priority"),
        },
        ["priority"],
        "strategy",
    ),
    "indicators": _table(
        "strategy/indicators.csv",
        "The indicators that can follow each priority, and those that are not published",
        {
            "priority": _whole("Number of the priority", _between(1, 9), unit="number"),
            "indicator": _text("What is followed"),
            "measure": _free_text("Measure of recorded crime; empty where nothing is published"),
            "better": _free_text("Direction that is better: lower or either"),
            "note": NOTE_COLUMN,
        },
        ["priority", "indicator"],
        "strategy",
    ),
    "actions": _table(
        "strategy/actions.csv",
        "The actions that the strategy promises and the evidence found for each",
        {
            "part": _text("Part of the strategy"),
            "promise": _text("What is promised, in this book's words"),
            "would_show": _text("What would show that it was kept"),
            "evidence": _text("Evidence found, or no evidence published"),
            "source": _free_text("Where the evidence was found"),
            "date": _free_text("Date of the evidence"),
        },
        ["promise"],
        "strategy",
    ),
    "outcomes": _table(
        "strategy/outcomes.csv",
        "The outcomes that each priority promises, in this book's words",
        {
            "priority": _whole("Number of the priority", _between(1, 9), unit="number"),
            "outcome": _whole("Number of the outcome", _between(1, 99), unit="number"),
            "summary": _text("What is promised"),
            "indicators": _free_text("Indicators that can follow it"),
            "note": NOTE_COLUMN,
        },
        ["priority", "outcome"],
        "strategy",
    ),
}
