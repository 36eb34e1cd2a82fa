"""What is published of small places and of few people, attacked: nothing points to a person."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from compared_waves import compared_waves
from safer_communities.analysis.editions import edition_of
from safer_communities.datasets import load
from safer_communities.datasets.small_cells import SMALLEST_COUNT_SHOWN
from safer_communities.project import ROOT
from safer_communities.surveys.microdata import SMALLEST_CELL_SHOWN

WARD_NAMES = set(
    load.table("ward_population")["ward_name"].str.replace(r" \(.+\)$", "", regex=True)
)
# Names that are a ward's and a borough's, or a word of the book.
BOROUGHS = set(load.table("boroughs")["borough"])


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_every_download_opens_right_in_excel(site: Path) -> None:
    """With the mark that it knows UTF-8 by, numbers as numbers, and no text taken for a day."""
    misread = re.compile(r"[−+][\d.,]+%?|-?\d{1,3}(,\d{3})+(\.\d+)?|[=@].*|\d{1,4}[-/]\d{1,2}")
    paths = list((site / "downloads").glob("*.csv"))
    assert len(paths) > 50
    for path in paths:
        assert path.read_bytes().startswith(b"\xef\xbb\xbf"), path.name
        cells = {cell for row in rows_of(path) for cell in row}
        assert [cell for cell in cells if misread.fullmatch(cell)] == [], path.name


@pytest.fixture(scope="module")
def of_wards(site: Path) -> dict[str, list[dict[str, str]]]:
    """The rows about a ward of every download that has any, by file."""
    found = {}
    for path in sorted((site / "downloads").glob("*.csv")):
        header, *rows = rows_of(path)
        of_ward = [row for row in rows if (WARD_NAMES - BOROUGHS) & set(row)]
        if of_ward:
            found[path.name] = [dict(zip(header, row, strict=True)) for row in of_ward]
    return found


def test_the_wards_are_found(of_wards) -> None:
    assert {"wards_rates.csv", "wards_rates_table.csv"} <= set(of_wards)


def test_no_download_tells_of_a_sensitive_offence_in_a_ward(of_wards) -> None:
    """Nor of a group that holds one, nor of what is counted in one row with one."""
    offences = load.table("offences")
    told = offences["offence"].eq(offences["ward_offence"])
    hidden = set(offences.loc[~told, "offence"])
    hidden |= set(offences.loc[offences["ward_offence"].eq(""), "offence_group"])
    assert {"Rape", "Sexual offences", "Stalking and harassment"} <= hidden
    hidden -= set(offences["ward_offence"])
    for name, rows in of_wards.items():
        for row in rows:
            assert not hidden & {*row, *row.values()}, name


def test_no_total_of_a_ward_is_small(of_wards) -> None:
    rows = of_wards["wards_rates.csv"]
    assert len(rows) >= 24
    assert min(int(row["count"]) for row in rows) >= SMALLEST_COUNT_SHOWN


@pytest.mark.parametrize("year", load.table("editions")["edition"])
def test_no_ward_of_london_has_a_small_count_in_any_edition(year: int) -> None:
    """The one number of each ward, for every borough whose book could be built."""
    edition = edition_of(year, load.table("editions"))
    crime = load.ward_crime(edition.ward_crime_release)
    rows = crime[crime["month"].isin(edition.period.months())]
    rows = rows[rows["area_code"].isin(load.table("boroughs")["area_code"])]
    counts = rows.groupby("ward_code")["count"].sum()
    assert counts[counts > 0].min() >= SMALLEST_COUNT_SHOWN


def test_no_page_or_download_of_the_site_names_a_respondent(site: Path) -> None:
    """No table of single answers is in the data, so none can be published."""
    columns = {name for path in (ROOT / "data").rglob("*.csv") for name in rows_of(path)[0]}
    assert not {"respondent", "weight"} & columns
    for path in (site / "downloads").glob("*.csv"):
        assert not {"respondent", "weight"} & set(rows_of(path)[0]), path.name


def responses(seed: int) -> pd.DataFrame:
    """Answers of 400 people in two waves; nobody gave them."""
    generator = np.random.default_rng(seed)
    answers = ["agree", "disagree", "neither", "not known", "refused", "strongly agree"]
    shares = [0.5, 0.3, 0.12, 0.05, 0.01, 0.02]
    return pd.DataFrame(
        {
            "respondent": range(400),
            "wave": np.repeat([2021, 2022], 200),
            "weight": 1.0,
            "safe": generator.choice(answers, 400, p=shares),
        }
    )


@pytest.mark.parametrize("seed", range(8))
def test_no_small_answer_of_a_survey_can_be_recovered(seed: int) -> None:
    """From the counts and the percentages of both waves and their bases together."""
    table = responses(seed)
    compared = compared_waves(table, "safe", 2021, 2022)
    withheld = 0
    for number, base in ((1, compared.base_1), (2, compared.base_2)):
        truth = table[table["wave"] == 2020 + number]["safe"].value_counts()
        truth = truth.reindex(compared.answers.index, fill_value=0)
        shown = compared.answers[f"count_{number}"]
        # A percentage is a count by another name where the weights are equal.
        percents = compared.answers[f"percent_{number}"]
        assert (percents.isna() == shown.isna()).all()
        gaps = shown.isna()
        withheld += int(gaps.sum())
        assert not ((truth < SMALLEST_CELL_SHOWN) & ~gaps).any()
        left = base.base - int(shown.fillna(0).sum())
        # One equation is left: the withheld answers add up to the rest of the base.
        for answer in truth.index[gaps]:
            others = int(gaps.sum()) - 1
            assert others >= 1, answer
            assert left >= SMALLEST_CELL_SHOWN, answer
        # No change between the waves gives the withheld number of either.
        change = compared.answers.loc[gaps, ["difference_points", "ci_low", "ci_high", "p_value"]]
        assert change.isna().to_numpy().all()
    assert withheld >= 2
