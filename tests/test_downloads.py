"""The downloads: whole numbers stay whole, values keep ten digits, no cell acts as a formula."""

import csv
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import yaml

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.claims import DOWNLOAD_COLUMNS
from safer_communities.datasets import load
from safer_communities.facts.fact import COLUMNS
from safer_communities.facts.output_types import FACT_MIME, GLUE_PREFIX, TABLE_MIME
from safer_communities.settings import Settings
from safer_communities.site.run.build_cache import BuildCache
from safer_communities.site.take_away.downloads import (
    copy_tables,
    indicators,
    offences_by_month,
    write_downloads,
)
from safer_communities.site.take_away.workbook import (
    Sheet,
    plain_columns,
    sheet_name,
    sheets_of,
    write_workbook,
)

pytestmark = pytest.mark.slow


def made_notebook(*facts: dict) -> dict:
    """A notebook made for these tests, each fact stated by an output of its own."""
    rows = [dict.fromkeys(COLUMNS, "x") | fact for fact in facts]
    outputs = [{"data": {f"{GLUE_PREFIX}{FACT_MIME}": json.dumps([row])}} for row in rows]
    glue_without_fact = {"data": {f"{GLUE_PREFIX}text/plain": "'Barnet'"}}
    table = {
        "name": "made_table",
        "caption": "A made table",
        "source": "Source: made for a test.",
        "csv": 'area,rate\n"=1+1",\nBarnet,69.7\n',
    }
    shown = {"data": {TABLE_MIME: table, "text/html": "<table></table>"}}
    cells = [{"outputs": [glue_without_fact, *outputs, shown]}, {"cell_type": "markdown"}]
    return {"metadata": {}, "cells": cells}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("downloads")
    notebooks = [
        made_notebook({"id": "b.one", "value": 27826}, {"id": "b.two", "value": 6.670244576}),
    ]
    labelled = made_notebook({"label": '=HYPERLINK("http://x")', "note": "-5", "value": -5.5})
    labelled["cells"][0]["outputs"].pop()
    write_downloads(tmp_path, [*notebooks, labelled], {"x.csv": "a\n1\n"})
    return tmp_path


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_counts_stay_whole_beside_rates(folder: Path) -> None:
    rows = rows_of(folder / "indicators.csv")
    assert list(rows[0]) == COLUMNS
    assert [row["value"] for row in rows] == ["27826", "6.670244576", "-5.5"]


def test_the_json_says_the_same_with_numbers_as_numbers(folder: Path) -> None:
    rows = json.loads((folder / "indicators.json").read_text(encoding="utf-8"))
    assert [row["value"] for row in rows] == [27826, 6.670244576, -5.5]
    assert [row["id"] for row in rows][:2] == ["b.one", "b.two"]


def test_text_that_a_spreadsheet_would_run_is_made_safe(folder: Path) -> None:
    row = rows_of(folder / "indicators.csv")[-1]
    assert row["label"] == '\'=HYPERLINK("http://x")'
    assert row["note"] == "-5"


def test_no_facts_are_a_table_without_rows() -> None:
    assert list(indicators([made_notebook()]).columns) == COLUMNS
    assert indicators([made_notebook()]).empty


def test_claims_have_their_columns_and_leave_unknown_numbers_empty(folder: Path) -> None:
    rows = {row["id"]: row for row in rows_of(folder / "claims.csv")}
    assert list(rows) == list(load.table("claims")["id"])
    assert {tuple(row) for row in rows.values()} == {tuple(DOWNLOAD_COLUMNS)}
    assert float(rows["asb_london_change"]["published"]) == -79
    assert {row["computed"] for row in rows.values() if row["verdict"] == "not checkable"} == {""}


def test_exhibits_are_written_as_they_are(folder: Path) -> None:
    assert (folder / "x.csv").read_text(encoding="utf-8-sig") == "a\n1\n"


def test_every_csv_begins_with_the_mark_that_excel_knows_utf_8_by(folder: Path) -> None:
    marked = {path.name for path in folder.iterdir() if path.read_bytes()[:3] == b"\xef\xbb\xbf"}
    assert marked == {"claims.csv", "indicators.csv", "x.csv"}


def test_the_spreadsheet_has_a_cover_notes_and_one_table_a_sheet(folder: Path) -> None:
    book = pd.read_excel(
        folder / "safer_communities.xlsx", sheet_name=None, header=None, engine="calamine"
    )
    assert list(book) == ["Cover", "Contents", "Notes", "Indicators", "Claims", "Made"]
    cells = book["Made"].to_numpy().ravel().tolist()
    assert "=1+1" in cells  # text, not a formula that was worked out
    assert "[x]" in cells
    assert 69.7 in cells
    digits = re.compile(r"-?[\d,]+(\.\d+)?")
    for name, sheet in book.items():
        texts = [cell for cell in sheet.to_numpy().ravel() if isinstance(cell, str)]
        assert [text for text in texts if digits.fullmatch(text)] == [], name


def test_contents_lead_to_every_sheet_and_its_heading_stays_in_sight(folder: Path) -> None:
    with zipfile.ZipFile(folder / "safer_communities.xlsx") as archive:
        contents, *_, made = [
            archive.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (2, 6)
        ]
    for name in ("Indicators", "Claims", "Made"):
        assert f"location=\"'{name}'!A1\"" in contents
    assert 'xSplit="1" ySplit="4" topLeftCell="B5"' in made


def test_a_sheet_keeps_as_much_of_its_name_as_it_may_have() -> None:
    assert sheet_name("wards_rates_table") == "Wards Rates"
    assert sheet_name("anti_social_behaviour_calls_by_year") == "Social Behaviour Calls By Year"


def test_one_sheet_has_the_offences_of_every_month_and_borough() -> None:
    book = BoroughEdition(Settings())
    table = offences_by_month(book).table
    assert not table.duplicated(["borough", "month"]).any()
    assert table["borough"].nunique() == len(book.boroughs)
    assert table["month"].max() == book.edition.period.end
    year = table[table["month"].isin(book.edition.period.months())]
    for area in ("Barnet", "Westminster"):
        own = year[year["borough"] == area]
        code = book.boroughs.set_index("borough")["area_code"][area]
        for name in ("Total notifiable offences", "Residential burglary"):
            assert own[name].sum() == book.crime.counts_by_borough(name)[code]


def test_two_spreadsheets_of_the_same_tables_are_the_same_bytes(tmp_path: Path) -> None:
    sheets = sheets_of([made_notebook()])
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        write_workbook(path, "Made", sheets)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_two_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    table = pd.DataFrame({"a": [1]})
    sheet = Sheet("same", "Title", "Source", table, plain_columns(table))
    with pytest.raises(ValueError, match="same"):
        write_workbook(tmp_path / "x.xlsx", "Made", [sheet, sheet])


def test_the_tables_are_described_as_they_are_copied(tmp_path: Path) -> None:
    """With the mark for Excel and, the large ones, zipped: a validator compares size and digest."""
    data, folder = tmp_path / "data", tmp_path / "copied"
    data.mkdir()
    resources = []
    for name, text in {"small.csv": "a\n1\n", "large.csv": "a\n" + "1\n" * 500_000}.items():
        (data / name).write_text(text, encoding="utf-8")
        hashed = hashlib.sha256(text.encode()).hexdigest()
        resources.append({"path": name, "hash": f"sha256:{hashed}", "bytes": len(text)})
    described = yaml.safe_dump({"resources": resources}, sort_keys=False).replace(
        "- path", "-\n  path"
    )
    (data / "datapackage.yaml").write_text(described, encoding="utf-8")
    copy_tables(data, folder, BuildCache(tmp_path / "cache", {}))
    copied = yaml.safe_load((folder / "datapackage.yaml").read_text(encoding="utf-8"))
    assert [each["path"] for each in copied["resources"]] == ["small.csv", "large.csv.zip"]
    for each in copied["resources"]:
        content = (folder / each["path"]).read_bytes()
        assert each["bytes"] == len(content)
        assert each["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
