"""Crime of every partnership: known figures, and spoilt sheets refused by place and remedy."""

from collections.abc import Callable

import pandas as pd
import pytest

import made_partnerships as made
import made_releases
from safer_communities.datasets import load
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.ons.police_force_area_tables import (
    CODE,
    FORCE,
    NAMED,
    PER_HOUSEHOLD,
    PUBLICATION,
    TOTAL,
    tables,
)

pytestmark = pytest.mark.slow

FILE = "tables.xlsx"
BARNET = "E22000187"
Spoil = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def sheets() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sheets of three forces."""
    forces = ["Avon and Somerset", "Essex", "Metropolitan Police"]
    counts, rates = made.counts(), made.rates()
    return counts[counts[FORCE].isin(forces)], rates[rates[FORCE].isin(forces)]


@pytest.fixture(scope="module")
def crosswalks() -> Crosswalks:
    return Crosswalks.of(DATA)


def test_a_made_workbook_becomes_the_committed_tables(tmp_path, crosswalks: Crosswalks) -> None:
    path = tmp_path / FILE
    path.write_bytes(made_releases.workbook(made.sheets()))
    places, crime = PUBLICATION.tidy([path], crosswalks).values()
    pd.testing.assert_frame_equal(places, load.table("partnerships"))
    pd.testing.assert_frame_equal(crime, load.table("partnership_crime"))


def test_the_publishers_figures_of_the_year_ending_december_2024() -> None:
    """As the catalogue of the publishers' files has them."""
    crime = load.table("partnership_crime")
    rates = crime[crime["offence"] == TOTAL].set_index("csp_code")["rate"]
    assert (len(rates), rates.notna().sum()) == (314, 313)
    assert rates[BARNET] == pytest.approx(71.8, abs=0.05)
    assert rates.rank()[BARNET] == 147
    places = load.table("partnerships")
    assert list(places.loc[places["csp_code"].isin(rates.index[rates.isna()]), "partnership"]) == [
        "City of London"
    ]
    shares = places.drop_duplicates("force").set_index("force")["unassigned_percent"]
    assert list(shares.nlargest(4).index) == [
        "Humberside",
        "Leicestershire",
        "Dyfed-Powys",
        "Derbyshire",
    ]


def cell(column: str, value: str, code: str = BARNET) -> Spoil:
    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        rows = table[CODE] == code
        assert rows.any()
        return table.assign(**{column: table[column].mask(rows, value)})

    return spoil


def dropped(code: str) -> Spoil:
    return lambda table: table[table[CODE] != code]


def exchanged(column: str, one: str = BARNET, other: str = "E22000189") -> Spoil:
    """The cells of two partnerships of one force, exchanged: all sums still hold."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        cells = table.set_index(CODE)[column]
        return cell(column, cells[other], one)(cell(column, cells[one], other)(table))

    return spoil


def named(column: str, new: str) -> Spoil:
    return lambda table: table.rename(columns={column: new})


POPULATION = "Population figures (mid-2022) - rounded to 100"
COUNTS: dict[str, tuple[Spoil, str]] = {
    "a letter O": (cell("Robbery", "82O"), "'82O' is not a whole number"),
    "a negative count": (cell("Robbery", "-822"), "'-822' is not a whole number"),
    "half an offence": (cell("Robbery", "822.5"), "'822.5' is not a whole number"),
    "an empty cell": (cell("Robbery", ""), "'' is not a whole number"),
    "a mark": (cell("Robbery", "[x]"), "'[x]' is not a whole number"),
    "a thousands comma": (cell(TOTAL, "27,951"), "'27,951' is not a whole number"),
    "a count changed": (cell("Robbery", "823"), f"27,951 is 1 fewer than the parts of {TOTAL}"),
    "a total changed": (cell(TOTAL, "27952"), f"27,952 is 1 more than the parts of {TOTAL}"),
    "a part of a part changed": (cell("Burglary", "2426"), "than the parts of Burglary add up to"),
    "a homicide more": (cell("Homicide", "3"), "the parts of Violence against the person"),
    "two cells exchanged": (exchanged("Robbery"), "than the parts of"),
    "a partnership lost": (dropped(BARNET), "Metropolitan Police: Robbery is"),
    "a partnership twice": (
        lambda t: pd.concat([t, t[t[CODE] == BARNET]], ignore_index=True),
        "Metropolitan Police: Robbery is",
    ),
    "a force in another": (
        cell("Police Force Area name", "Essex"),
        "Essex: Total recorded crime (excluding fraud) is",
    ),
    "a force lost": (
        lambda t: t[~(t["Police Force Area name"].eq("Essex") & t[NAMED].ne(""))],
        "Essex has no partnerships",
    ),
    "a force twice": (
        lambda t: pd.concat([t, t[t[NAMED] == ""]], ignore_index=True),
        "a second row for Avon and Somerset",
    ),
    "a code that is none": (cell(CODE, "E2200187"), "'E2200187' is not a Community Safety"),
    "the code of another": (cell(CODE, "E22000189"), "a second row for E22000189"),
    "the name of another": (cell(NAMED, "Brent"), "a second row for Brent"),
    "a borough renamed": (cell(NAMED, "Barnett"), "no row for Barnet (E09000003)"),
    "a local authority that is none": (
        cell("Local Authority code", "Barnet"),
        "'Barnet' is not a Local Authority code",
    ),
    "a column lost": (lambda t: t.drop(columns="Robbery"), "no column Robbery"),
    "a column renamed": (named("Robbery", "Robberies"), "no column Robbery; column Robberies"),
    "a column more": (lambda t: t.assign(Fraud="1"), "column Fraud is not known"),
}
RATES: dict[str, tuple[Spoil, str]] = {
    "another rate": (cell(TOTAL, "72.8"), "do not give a rate of 72.8"),
    "a rate per 10,000": (cell(TOTAL, "718.348"), "do not give a rate of 718.348"),
    "two rates exchanged": (exchanged(TOTAL), "27,951 offences and 389,100 residents do not give"),
    "a rate of households": (cell(PER_HOUSEHOLD, "4.7186"), "149,000 households do not give"),
    "residents of another": (exchanged(POPULATION), "do not give a rate of"),
    "residents in thousands": (cell(POPULATION, "389.1"), "'389.1' is not a whole number"),
    "no rate": (cell("Robbery", "[x]"), "'[x]' is not a number"),
    "no residents": (cell(POPULATION, "[x]"), "'[x]' is not a whole number"),
    "a partnership lost": (dropped(BARNET), "E22000187 stands in one of"),
    "a code renamed": (cell(CODE, "E22000999"), "E22000999 stands in one of"),
    "a partnership twice": (
        lambda t: pd.concat([t, t[t[CODE] == BARNET]], ignore_index=True),
        "a second row for E22000187",
    ),
    "residents renamed": (named(POPULATION, "Population"), "no column of residents"),
    "a column lost": (lambda t: t.drop(columns="Robbery"), "no column Robbery"),
}


@pytest.mark.parametrize("kind", COUNTS)
def test_spoilt_counts_are_refused(sheets, crosswalks: Crosswalks, kind: str) -> None:
    spoil, said = COUNTS[kind]
    _refused(spoil(sheets[0]), sheets[1], crosswalks, said, f"{FILE}, sheet Table C2")


@pytest.mark.parametrize("kind", RATES)
def test_spoilt_rates_are_refused(sheets, crosswalks: Crosswalks, kind: str) -> None:
    spoil, said = RATES[kind]
    _refused(sheets[0], spoil(sheets[1]), crosswalks, said, f"{FILE}, sheet Table C4")


def _refused(counts, rates, crosswalks: Crosswalks, said: str, place: str) -> None:
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        tables(counts, rates, crosswalks, FILE)
    errors = leaves(caught.value)
    assert any(said in str(error) for error in errors), errors
    assert all(str(error).startswith(place) and error.remedy for error in errors)


@pytest.mark.parametrize(
    ("cover", "said"),
    [
        ("Crime in England and Wales", "it names 0 years (none)"),
        ("year ending June 2024; year ending", "is not known"),
    ],
)
def test_a_workbook_of_another_year_is_refused(
    tmp_path, crosswalks: Crosswalks, cover: str, said: str
) -> None:
    path = tmp_path / FILE
    pages = {"Cover_sheet": [["Information"], [cover]], "Table C2": [[""]], "Table C4": [[""]]}
    path.write_bytes(made_releases.workbook(pages))
    with pytest.raises(InputError) as caught:
        PUBLICATION.tidy([path], crosswalks)
    assert said in str(caught.value)
