"""What residents think of the police, by borough and quarter (MOPAC Public Attitude Survey)."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from safer_communities.datasets.codes import LONDON
from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication, Release

NAME = "mopac_public_attitude_survey"
COLUMNS = ["Date", "Survey", "Borough", "Measure", "Proportion", "MPS"]
SURVEY = "PAS"
MEASURES = {
    '"Good Job" local': "good_job",
    "Trust MPS": "trust",
    "Relied on to be there": "relied_on",
    "Treat everyone fairly": "treats_fairly",
    "Listen to concerns": "listens",
    "Understand issues": "understands",
    "Informed local": "informed",
    "Contact ward officer": "ward_officer",
}
# Each quarter's figure is of the twelve months that end with it, so that it holds three quarters of
# the figure before: the largest step of a borough so far is 14 points.
LARGEST_STEP = 20
# All London changes by 3 points at most, or 6 of the share who can contact the ward officer: no
# step of a measure was more than this many times its largest of other quarters, or of 3 points.
LARGEST_STEP_OF_LONDON, USUAL_STEP = 1.5, 3
# The mean of the boroughs was never further from London's figure than 1.5 points.
FURTHEST_FROM_LONDON = 3


def tidy_table(
    table: pd.DataFrame, crosswalks: Crosswalks, problems: ErrorCollector
) -> pd.DataFrame:
    """The share of each measure, area and quarter: month (the quarter's last), area_code, measure

    and percent, in whole per cent; London stands as an area of its own. Raises InputError, or a
    group of them, for every cell that is not as expected, every borough or quarter that is missing,
    steps too large for figures that overlap, and a London that its boroughs do not give.
    """
    reading.require_columns(table, COLUMNS, problems)
    reading.unique_rows(table, ["Date", "Borough", "Measure"], problems)
    remedy = "delete the row, or fetch the file again"
    reading.note_cells(table["Survey"], table["Survey"] != SURVEY, SURVEY, problems, remedy)
    measures = table["Measure"].map(MEASURES)
    expected = f"one of {', '.join(MEASURES)}"
    remedy = "find out what it asks and add it to the import, or correct the name"
    reading.note_cells(table["Measure"], measures.isna(), expected, problems, remedy)
    rows = pd.DataFrame(
        {
            "month": _quarters(table["Date"], problems),
            "area_code": crosswalks.area_codes(table["Borough"], NAME, problems),
            "measure": measures,
            "percent": _percents(table["Proportion"], problems),
            "london": _percents(table["MPS"], problems),
        }
    )
    problems.raise_any()
    _note_unlike_london(rows, problems)
    problems.raise_any()
    london = rows.drop_duplicates(["measure", "month"])
    london = london.assign(area_code=LONDON, percent=london["london"])
    rows = pd.concat([rows, london]).drop(columns="london")
    _note_steps(rows, crosswalks, problems)
    _note_steps_of_london(london, problems)
    problems.raise_any()
    return rows.sort_values(["measure", "area_code", "month"], ignore_index=True)


def _quarters(cells: pd.Series, problems: ErrorCollector) -> pd.Series:
    """The last month of each quarter, as its first day; notes what is no last day of a quarter."""
    days = pd.to_datetime(cells, format="%m/%d/%Y", errors="coerce")
    wrong = days.isna() | (days != days + pd.offsets.QuarterEnd(0))
    wrong &= ~cells.duplicated()
    expected = "the last day of a quarter, such as 3/31/2022"
    reading.note_cells(cells, wrong, expected, problems)
    return days - pd.offsets.MonthBegin(1)


def _percents(cells: pd.Series, problems: ErrorCollector) -> pd.Series:
    """Shares of one, in two decimals, as whole per cent."""
    good = cells.str.fullmatch(r"0(\.[0-9]{1,2})?|1(\.00?)?")
    reading.note_cells(cells, ~good, "a share from 0 to 1 with two decimals", problems)
    return (cells.where(good, "0").astype(float) * 100).round().astype("int64")


def _note_unlike_london(rows: pd.DataFrame, problems: ErrorCollector) -> None:
    """Notes the quarters with several figures of London, or one unlike that of the boroughs."""
    for (measure, month), own in rows.groupby(["measure", "month"]):
        place = f"{measure}, {month:%B %Y}"
        said = own["london"].unique()
        if len(said) > 1:
            problems.add(
                f"{place}: {len(said)} figures of all London ({', '.join(map(str, said))})",
                reading.FETCH_AGAIN,
                column="MPS",
            )
        elif abs(own["percent"].mean() - said[0]) > FURTHEST_FROM_LONDON:
            problems.add(
                f"{place}: the boroughs have {own['percent'].mean():.1f}% in the mean, and London "
                f"{said[0]}%",
                "compare the file with the publisher's page, and fetch it again",
                column="MPS",
            )


def _note_steps(rows: pd.DataFrame, crosswalks: Crosswalks, problems: ErrorCollector) -> None:
    """Notes figures too far from the one a quarter before."""
    names = crosswalks.published_areas(NAME) | {LONDON: "all London"}
    in_order = rows.sort_values("month")
    steps = in_order.groupby(["measure", "area_code"])["percent"].diff().abs()
    for row in in_order[steps > LARGEST_STEP].to_dict("records"):
        problems.add(
            f"{row['measure']}, {names[row['area_code']]}, {row['month']:%B %Y}: {row['percent']}% "
            f"is more than {LARGEST_STEP} points from the figure before, which it overlaps",
            "compare it with the publisher's page, and fetch the file again",
        )


def _note_steps_of_london(london: pd.DataFrame, problems: ErrorCollector) -> None:
    """Notes the largest step of a measure in all London where no other comes near it."""
    for measure, own in london.sort_values("month").set_index("month").groupby("measure"):
        steps = own["percent"].diff().abs()
        largest, second = steps.nlargest(2)
        if largest > LARGEST_STEP_OF_LONDON * max(second, USUAL_STEP):
            problems.add(
                f"{measure}, all London, {steps.idxmax():%B %Y}: {largest:.0f} points from the "
                f"figure before, where no other step has more than {second:.0f}",
                "compare it with the publisher's page, and fetch the file again",
            )


def _read(path: Path, crosswalks: Crosswalks) -> pd.DataFrame:
    problems = ErrorCollector(path.name)
    # Notes of the publisher's stand beside the table, under no heading.
    return tidy_table(reading.read_csv(path, problems, headed_only=True), crosswalks, problems)


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path."""
    path = reading.only_file(files)
    table = _read(path, crosswalks)
    release = crosswalks.release_of(NAME, table["month"], path.name)
    table = table.assign(release=release)
    return {"public_attitudes/public_attitudes.csv": table}


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that each file is."""
    for path in files:
        yield Release.of_months(NAME, _read(path, crosswalks)["month"], path.name)


PUBLICATION = Publication(
    NAME,
    files=("mopac_public_attitude_survey/*.csv",),
    tidy=tidy,
    releases=releases,
    awaited="the Public Attitude Survey",
)
