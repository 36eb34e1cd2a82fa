"""Youth justice and Attainment 8: known figures, and spoilt files refused by place and remedy."""

import pandas as pd
import pytest

import made_youth_justice as made
from safer_communities.datasets import load
from safer_communities.errors import ErrorCollector, InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.dfe.local_authority_tool import kept_rows, release_of, tables

PLACE = "tool.parquet"


@pytest.fixture(scope="module")
def tool() -> pd.DataFrame:
    return made.tool_table()


@pytest.fixture(scope="module")
def kept(tool: pd.DataFrame) -> pd.DataFrame:
    return kept_rows(tool, ErrorCollector(PLACE))


def test_a_made_file_becomes_the_committed_tables(kept: pd.DataFrame) -> None:
    release = release_of(made.dictionary(), kept, ErrorCollector("dictionary.csv")).release
    made_tables = tables(kept, Crosswalks.of(DATA), release)
    for name in ("youth_justice", "attainment_8"):
        pd.testing.assert_frame_equal(made_tables[f"youth_justice/{name}.csv"], load.table(name))


def test_the_publishers_figures_of_the_release_of_february_2026() -> None:
    """As the catalogue of the publishers' files has them, and the strategy: second in England."""
    youth = load.table("youth_justice").set_index(["indicator", "area_code", "year"])["value"]
    entrants = youth["first_time_entrants"]["E09000003"]
    assert (entrants[2021], entrants[2024]) == (160, 146)
    assert youth["reoffending_15_17"]["E12000007"][2024] == 30.09
    schools = load.table("attainment_8").query("kind == 'authority'")
    ranks = schools.groupby("year")["score"].rank(ascending=False, method="min")
    barnet = ranks[schools["area"] == "Barnet"].groupby(schools["year"]).first()
    assert barnet.loc[[2019, 2020, 2021]].tolist() == [2, 2, 3]


def test_the_sum_of_the_regions_is_no_rate_of_england() -> None:
    assert "E92000001" not in set(load.table("youth_justice")["area_code"])


def cell(column: str, value: str, **where: str):
    """One cell of the tool's table (or several), changed."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        rows = pd.Series(True, table.index)
        for name, wanted in ({"Short Desc": "FirstYJS"} | _places(where)).items():
            rows &= table[name] == wanted
        assert rows.any()
        return table.assign(**{column: table[column].mask(rows, value)})

    return spoil


def _places(where: dict[str, str]) -> dict[str, str]:
    names = {"item": "Short Desc", "year": "Years", "area": "LA and Regions"}
    return {names[name]: value for name, value in where.items()}


def dropped(**where: str):
    """The table without some rows."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        rows = pd.Series(True, table.index)
        for name, wanted in _places(where).items():
            rows &= table[name] == wanted
        assert rows.any()
        return table[~rows]

    return spoil


BARNET = {"area": "Barnet", "year": "2021"}
SPOILT = {
    "no item": (lambda table: table.assign(**{"Short Desc": "Other"}), "no rows of the item"),
    "a letter O for a nought": (cell("Values", "16O", **BARNET), "'16O' is not a number"),
    "a negative rate": (cell("Values", "-160", **BARNET), "'-160' is not a number"),
    "an empty cell": (cell("Values", "", **BARNET), "'' is not a number"),
    "a thousands comma": (cell("Values", "1,60", **BARNET), "'1,60' is not a number"),
    "a decimal comma": (cell("Values", "16,0", **BARNET), "'16,0' is not a number"),
    "a percentage sign": (cell("Values", "160%", **BARNET), "'160%' is not a number"),
    "a mark of a note": (cell("Values", "[c]", **BARNET), "'[c]' is not a number"),
    "not a number": (cell("Values", "nan", **BARNET), "'nan' is not a number"),
    "infinity": (cell("Values", "inf", **BARNET), "'inf' is not a number"),
    "an error of a sheet": (cell("Values", "#N/A", **BARNET), "'#N/A' is not a number"),
    "a rate ten times as high": (cell("Values", "1600", **BARNET), "is not 1,500 or less"),
    "a share above all": (
        cell("Values", "320.5", item="ReoffYO15-17", **BARNET),
        "is not 100 or less",
    ),
    "a score above all": (
        cell("Values", "608", item="AVG_Attain8_Score", **BARNET),
        "is not 90 or less",
    ),
    "London in another unit": (
        cell("Values", "18.8", area="London", year="2021"),
        "FirstYJS in 2021: London's 18.8 is not between those of its boroughs",
    ),
    "two areas exchanged": (
        cell("Values", "1333", area="London", year="2021"),
        "is not between those of its boroughs",
    ),
    "a year that is none": (cell("Years", "2O21", **BARNET), "'2O21' is not a year"),
    "a financial year": (cell("Years", "2021/22", **BARNET), "'2021/22' is not a year"),
    "no year": (cell("Years", "", **BARNET), "'' is not a year"),
    "a year twice": (cell("Years", "2020", **BARNET), "a second row for FirstYJS, 2020, Barnet"),
    "an area twice": (
        cell("LA and Regions", "Brent", **BARNET),
        "a second row for FirstYJS, 2021, Brent",
    ),
    "an area renamed in a year": (
        cell("LA and Regions", "Barnett", **BARNET),
        "FirstYJS in 2021: no row for Barnet",
    ),
    "an area lost in a year": (dropped(**BARNET), "in 2021: no row for Barnet"),
    "a year lost": (dropped(year="2020"), "in 2020: no row for "),
    "no London": (dropped(area="London"), "no row for London"),
    "no England": (dropped(area="England"), "no row for England"),
    "an item lost": (dropped(item="FirstYJS"), "no rows of the item FirstYJS"),
    "an item renamed": (cell("Short Desc", "FTE"), "no rows of the item FirstYJS"),
    "a column lost": (lambda table: table.drop(columns="Region"), "no column Region"),
    "a column renamed": (
        lambda table: table.rename(columns={"Values": "Value"}),
        "no column Values; column Value is not known",
    ),
    "every row twice": (
        lambda table: pd.concat([table, table], ignore_index=True),
        "a second row for",
    ),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_spoilt_table_is_refused(tool: pd.DataFrame, kind: str) -> None:
    spoil, said = SPOILT[kind]
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        kept_rows(spoil(tool), ErrorCollector(PLACE))
    errors = leaves(caught.value)
    assert any(said in str(error) for error in errors), errors
    assert all(str(error).startswith(PLACE) and error.remedy for error in errors)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.iloc[1:], "0 rows of FirstYJS, where one is expected"),
        (lambda t: pd.concat([t, t.iloc[:1]]), "2 rows of FirstYJS, where one is expected"),
        (lambda t: t.drop(columns="y_axis_name"), "no column y_axis_name"),
        (
            lambda t: t.assign(y_axis_name="Rate per 10,000 of 10-17 population"),
            "'Rate per 10,000 of 10-17 population' is not 'Rate per 100,000 of 10-17 population'",
        ),
        (lambda t: t.assign(**{"Last Update": "New data"}), "is not a day as a spreadsheet counts"),
        (lambda t: t.assign(**{"Last Update": "26"}), "is not a day as a spreadsheet counts"),
    ],
)
def test_a_spoilt_dictionary_is_refused(kept: pd.DataFrame, change, said: str) -> None:
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        release_of(change(made.dictionary()), kept, ErrorCollector("dictionary.csv"))
    assert any(said in str(error) for error in leaves(caught.value))
