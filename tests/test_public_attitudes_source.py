"""The Public Attitude Survey: known figures, and spoilt tables refused by place and remedy."""

from collections.abc import Callable

import pandas as pd
import pytest

import made_public_attitudes as made
from safer_communities.datasets import load
from safer_communities.datasets.schemas import TABLES
from safer_communities.errors import ErrorCollector, InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.mopac.public_attitude_survey import PUBLICATION, tidy_table

PLACE = "pas.csv"
TRUST = "Trust MPS"
Spoil = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    """Two of the measures, from 2021 on."""
    table = made.survey_table()
    late = table["Date"].str.endswith(("2021", "2022", "2023"))
    return table[late & table["Measure"].isin([TRUST, '"Good Job" local'])]


@pytest.fixture(scope="module")
def crosswalks() -> Crosswalks:
    return Crosswalks.of(DATA)


def test_a_made_file_becomes_the_committed_table(tmp_path, crosswalks: Crosswalks) -> None:
    """Columns without a heading stay out, and a note that stands in them."""
    path = tmp_path / PLACE
    path.write_text(made.survey_text())
    (table,) = PUBLICATION.tidy([path], crosswalks).values()
    pd.testing.assert_frame_equal(table, load.table("public_attitudes"))


def test_the_publishers_figures_of_the_release_of_january_2024() -> None:
    """As the catalogue of the publishers' files has them: 12 months to March 2021 and 2022."""
    table = load.table("public_attitudes").set_index(["measure", "area_code", "month"])["percent"]
    found = [
        table[measure, area].loc[["2021-03-01", "2022-03-01"]].tolist()
        for measure in ("good_job", "trust")
        for area in ("E09000003", "E12000007")
    ]
    assert found == [[51, 51], [55, 49], [80, 77], [80, 73]]


def rows_of(table: pd.DataFrame, borough: str = "", measure: str = "", date: str = "") -> pd.Series:
    rows = pd.Series(True, table.index)
    for column, wanted in (("Borough", borough), ("Measure", measure), ("Date", date)):
        rows &= table[column].eq(wanted) if wanted else True
    assert rows.any()
    return rows


def cell(column: str, value: str, borough="Barnet", measure=TRUST, date="03/31/2022") -> Spoil:
    """The cells of some rows, changed."""
    return lambda table: table.assign(
        **{column: table[column].mask(rows_of(table, borough, measure, date), value)}
    )


def dropped(**where: str) -> Spoil:
    return lambda table: table[~rows_of(table, **where)]


def shifted(column: str) -> Spoil:
    """A column moved down by a borough's worth of rows."""
    return lambda table: table.assign(**{column: table[column].shift(300, fill_value="0.99")})


def at_80_percent(table: pd.DataFrame) -> pd.DataFrame:
    """The last quarter of one measure, in all boroughs and in London."""
    own = rows_of(table, measure=TRUST, date="12/31/2023")
    less = (table[["Proportion", "MPS"]].astype(float) * 0.8).round(2).astype(str)
    return table.assign(**{name: table[name].mask(own, less[name]) for name in less})


SPOILT: dict[str, tuple[Spoil, str]] = {
    "a letter O": (cell("Proportion", "0.7O"), "column Proportion: '0.7O' is not a share"),
    "a percentage": (cell("Proportion", "77%"), "'77%' is not a share"),
    "a share in per cent": (cell("Proportion", "77"), "'77' is not a share"),
    "a negative share": (cell("Proportion", "-0.77"), "'-0.77' is not a share"),
    "a third decimal": (cell("Proportion", "0.774"), "'0.774' is not a share"),
    "a decimal comma": (cell("Proportion", "0,77"), "'0,77' is not a share"),
    "an empty cell": (cell("Proportion", ""), "'' is not a share"),
    "a mark": (cell("Proportion", "*"), "'*' is not a share"),
    "not available": (cell("Proportion", "NA"), "'NA' is not a share"),
    "London empty": (cell("MPS", ""), "column MPS: '' is not a share"),
    "a second London": (cell("MPS", "0.74"), "2 figures of all London"),
    "another London": (
        cell("MPS", "0.85", borough=""),
        "in the mean, and London 85%",
    ),
    "a tenth of the share": (cell("Proportion", "0.07"), "is more than 20 points from the figure"),
    "a quarter at 80%": (
        at_80_percent,
        "trust, all London, December 2023: 15 points from the figure before, where no other step "
        "has more than 3",
    ),
    "a column shifted": (shifted("Proportion"), "in the mean, and London"),
    "London's column shifted": (shifted("MPS"), "figures of all London"),
    "a day and month exchanged": (cell("Date", "31/03/2022"), "is not the last day of a quarter"),
    "an ISO date": (cell("Date", "2022-03-31"), "is not the last day of a quarter"),
    "a day within the quarter": (cell("Date", "03/30/2022"), "is not the last day of a quarter"),
    "a month within the quarter": (cell("Date", "02/28/2022"), "is not the last day of a quarter"),
    "no date": (cell("Date", ""), "'' is not the last day of a quarter"),
    "another survey": (cell("Survey", "USS"), "column Survey: 'USS' is not PAS"),
    "an unknown measure": (cell("Measure", "Victim trust"), "'Victim trust' is not one of"),
    "an unknown borough": (cell("Borough", "Barnett"), "'Barnett' is not an area"),
    "London as a borough": (cell("Borough", "MPS"), "'MPS' is not an area"),
    "a borough twice": (cell("Borough", "Brent"), "a second row for 03/31/2022, Brent, Trust MPS"),
    "a quarter twice": (cell("Date", "12/31/2021"), "a second row for 12/31/2021, Barnet"),
    "every row twice": (lambda t: pd.concat([t, t], ignore_index=True), "a second row for"),
    "a column lost": (lambda t: t.drop(columns="MPS"), "no column MPS"),
    "a column renamed": (lambda t: t.rename(columns={"Proportion": "Percent"}), "no column Prop"),
    "a column more": (lambda t: t.assign(Base="100"), "column Base is not known"),
    # What the table's own schema finds, after the import has read it.
    "a borough lost in a quarter": (
        dropped(borough="Barnet", measure=TRUST, date="03/31/2022"),
        "no rows for E09000003 in trust, March 2022",
    ),
    "a borough lost": (dropped(borough="Barnet"), "no rows for E09000003"),
    "a quarter lost": (dropped(date="03/31/2022"), "good_job has no rows for March 2022"),
    "a quarter of a measure lost": (
        dropped(measure=TRUST, date="03/31/2022"),
        "trust has no rows for March 2022",
    ),
}


def read_and_check(spoilt: pd.DataFrame, crosswalks: Crosswalks) -> None:
    """As the import does."""
    table = tidy_table(spoilt, crosswalks, ErrorCollector(PLACE)).assign(release="2024-01")
    load.check(TABLES["public_attitudes"], table[list(load.table("public_attitudes"))], PLACE)


@pytest.mark.parametrize("kind", SPOILT)
def test_a_spoilt_table_is_refused(
    published: pd.DataFrame, crosswalks: Crosswalks, kind: str
) -> None:
    spoil, said = SPOILT[kind]
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        read_and_check(spoil(published), crosswalks)
    errors = leaves(caught.value)
    assert any(said in str(error) for error in errors), errors
    assert all(str(error).startswith(PLACE) and error.remedy for error in errors)
