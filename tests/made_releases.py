"""Made releases: files in the publishers' layouts, filled from `data/`, for tests to spoil.

The publishers' own files are not in the repository. These hold the same counts under the
publishers' headings and names, so that what is spoilt is a release as it really is.
"""

import json
import shutil
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import shapefile
import shapely

import made_partnerships
import made_police_uk
import made_public_attitudes
import made_youth_justice
from safer_communities.datasets import load
from safer_communities.datasets.schemas import TABLES
from safer_communities.datasets.small_numbers import withheld
from safer_communities.project import DATA

RELEASE = "2026-07"
ASB_RELEASE = "2024-04"
CRIME = "mps_recorded_crime_borough"
# One offence is published in several rows: its counts are divided over two of them.
DIVIDED = ("BURGLARY", "RES BURGLARY OF A HOME", "RES BURGLARY OF UNCONNECTED BUILDING")


def data_copy(folder: Path, without: tuple[str, ...] = ()) -> Path:
    """A copy of `data/` in `folder`, without the files named and with few large tables.

    Its calls are those of the release that is made here.
    """
    kept = {"2026-01.parquet", "2026-07.parquet", "2026-04.parquet"}
    data = folder / "data"

    def left_out(_: str, names: list[str]) -> set[str]:
        return {n for n in names if n.endswith(".parquet") and n not in kept} | set(without)

    shutil.copytree(DATA, data, ignore=left_out)
    calls = data / TABLES["london_asb_calls"].path
    if calls.is_file() and len(asb_calls()) < len(load.table("london_asb_calls")):
        asb_calls().to_csv(calls, index=False, lineterminator="\n", date_format="%Y-%m-%d")
    return data


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@cache
def crime_rows() -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a borough file of release 2026-07."""
    frame = load.recorded_crime(RELEASE)
    wide = frame.pivot(index=["offence", "area_code"], columns="month", values="count")
    known = load.table("offences")
    known = known[(known["classification"] == "2024")].drop_duplicates("offence", keep="last")
    names = known.set_index("offence")[["published_group", "published_offence"]]
    areas = load.table("area_names").query("publication == 'mps_borough_crime'")
    areas = areas.drop_duplicates("area_code").set_index("area_code")["published_name"]
    rows = []
    for (offence, area), counts in zip(wide.index, wide.to_numpy(), strict=True):
        if offence == "Residential burglary":
            group, home, shed = DIVIDED
            parts = [(group, home, counts - counts // 4), (group, shed, counts // 4)]
        else:
            parts = [(*names.loc[offence], counts)]
        for group, published, part in parts:
            rows.append([group, published, areas[area], *map(str, part)])
    header = ["Group", "SubGroup", "BOCU", *(f"{month:%Y%m}" for month in wide.columns)]
    return header, rows


def csv_text(header: list[str], rows: list[list[str]]) -> str:
    """A table as comma-separated text; no cell here needs quotation marks but those with commas."""
    lines = [header, *rows]
    return "".join(
        ",".join(f'"{cell}"' if "," in cell else cell for cell in line) + "\n" for line in lines
    )


def crime_text() -> str:
    """The borough file of release 2026-07."""
    return csv_text(*crime_rows())


def asb_calls() -> pd.DataFrame:
    """The calls about anti-social behaviour of release 2024-04, whatever came since."""
    calls = load.table("london_asb_calls")
    return calls[calls["month"] < ASB_RELEASE].assign(release=ASB_RELEASE)


def asb_text() -> str:
    """The file of calls about anti-social behaviour."""
    rows = asb_calls()
    return csv_text(
        ["dataset", "month", "value", "series"],
        [["sol_asb", f"{r.month:%Y-%m-%d}", str(r.calls), "ASB Calls"] for r in rows.itertuples()],
    )


def households_text() -> str:
    """The file of households."""
    rows = load.table("households")
    return csv_text(
        ["area_code", "households"], [[r.area_code, str(r.households)] for r in rows.itertuples()]
    )


@cache
def ward_text() -> str:
    """The ward file of release 2026-04, without its stray first column.

    What is not told of wards is all in the first ward of its borough.
    """
    frame = load.ward_crime("2026-04")
    whole = load.recorded_crime("2026-04")
    whole = whole[whole["offence"].isin(withheld(load.table("offences"), "2024"))]
    first = frame.sort_values("ward_code").drop_duplicates("area_code")
    whole = whole[whole["month"] >= frame["month"].min()].drop(columns="release")
    frame = pd.concat([frame, whole.merge(first[["area_code", "ward_code", "ward_name"]])])
    keys = ["offence", "ward_name", "ward_code", "area_code"]
    wide = frame.pivot(index=keys, columns="month", values="count")
    known = load.table("offences")
    known = known[known["classification"] == "2024"].drop_duplicates("offence", keep="last")
    names = known.set_index("offence")[["published_group", "published_offence"]]
    pairs = dict(zip(names.index, names.itertuples(index=False, name=None), strict=True))
    areas = load.table("area_names").query("publication == 'mps_ward_crime'")
    areas = dict(zip(areas["area_code"], areas["published_name"], strict=True))
    rows = [
        [*pairs[offence], ward, code, areas[area], *map(str, counts)]
        for (offence, ward, code, area), counts in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    months = [f"{month:%Y%m}" for month in wide.columns]
    return csv_text(
        ["MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName", *months], rows
    )


def outcomes_rows() -> list[list[object]]:
    """The rows of the dashboard's workbook, its header first."""
    frame = load.table("positive_outcomes")
    areas = load.table("area_names").query("publication == 'mps_positive_outcomes'")
    areas = dict(zip(areas["area_code"], areas["published_name"], strict=True))
    groups = load.table("offences").query("classification == '2024'")
    groups = groups.drop_duplicates("offence_group").set_index("offence_group")["published_group"]
    groups = dict(groups) | {"Total notifiable offences": "Total"}
    header = "Month_Year Area_name Offence_Group Offences Positive_Outcomes Success_Ratio"
    rows: list[list[object]] = [list(header.split())]
    for r in frame.itertuples():
        ratio = r.positive_outcomes / r.offences if r.offences else "inf"
        month = f"{r.month:%Y-%m-%d}"
        rows.append(
            [month, areas[r.area_code], groups[r.offence], r.offences, r.positive_outcomes, ratio]
        )
    return rows


@cache
def population_sheets(release: str = "mid-2023") -> dict[str, list[list[str]]]:
    """The sheets of a release of the estimates; women and men are made of halves."""
    yearly = load.table("mid_year_population").query("release == @release")
    ages = load.table("population_by_age").query("release == @release")
    areas = load.table("area_names").query("publication == 'ons_mid_year_population'")
    names = dict(zip(areas["area_code"], areas["published_name"], strict=True))
    sheets = {}
    for sheet, column in (("MYE4", "population"), ("MYE6", "median_age")):
        wide = yearly.pivot(index="area_code", columns="mid_year", values=column)
        header = ["Code", "Name", "Geography", *(f"Mid-{year}" for year in wide.columns)]
        rows = [[a, names[a], "Area", *map(str, wide.loc[a])] for a in wide.index]
        sheets[sheet] = [header, *rows]
    wide = ages.pivot(index="area_code", columns="age", values="population")
    header = ["Code", "Name", "Geography", *map(str, range(90)), "90+"]
    for sheet, part in (("Persons", wide), ("Females", wide // 2), ("Males", wide - wide // 2)):
        rows = [[area, names[area], "Area", *map(str, part.loc[area])] for area in part.index]
        sheets[f"MYE2 - {sheet}"] = [header, *rows]
    return sheets


def ward_population_text() -> str:
    """The file of residents by ward; a tenth is made to live in communal establishments."""
    ward, residence = "Electoral wards and divisions", "Residence type (2 categories)"
    rows = []
    for row in load.table("ward_population").itertuples():
        shared = row.residents // 10
        kinds = (("Lives in a household", row.residents - shared),)
        kinds += (("Lives in a communal establishment", shared),)
        for number, (kind, people) in enumerate(kinds, start=1):
            rows.append([row.ward_code, row.ward_name, str(number), kind, str(people)])
    return csv_text([f"{ward} Code", ward, f"{residence} Code", residence, "Observation"], rows)


def boundaries(change: Callable[[list[list[object]]], object] = list) -> bytes:
    """The dBASE table of the boroughs' boundaries, after `change` to its rows."""
    areas = load.table("borough_areas")
    known = load.table("area_names").query("publication == 'borough_areas'")
    names = dict(zip(known["area_code"], known["published_name"], strict=True))
    rows: list[list[object]] = [
        [names[row.area_code], row.area_code, row.hectares] for row in areas.itertuples()
    ]
    change(rows)
    dbf = BytesIO()
    with shapefile.Writer(dbf=dbf) as writer:
        writer.field("NAME", "C", 60)
        writer.field("GSS_CODE", "C", 60)
        writer.field("HECTARES", "N", 12, 3)
        for row in rows:
            writer.record(*row)
    return dbf.getvalue()


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """A small Excel file: each sheet's rows of text and numbers."""
    names = list(sheets)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
        'main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        "<sheets>"
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
            for n, name in enumerate(names, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(names) + 1)}
        ),
    }
    for number, rows in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def _sheet(rows: list[list[object]]) -> str:
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for column, cell in enumerate(row):
            place = f'r="{_letters(column)}{number}"'
            if isinstance(cell, str):
                cells.append(f'<c {place} t="inlineStr"><is><t>{escape(cell)}</t></is></c>')
            else:
                cells.append(f"<c {place}><v>{cell!r}</v></c>")
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + "".join(lines)
        + "</sheetData></worksheet>"
    )


def _letters(column: int) -> str:
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="{name}" Type="{kind}/{sort}" Target="{target}"/>'
            for name, (sort, target) in targets.items()
        )
        + "</Relationships>"
    )


def population_cells() -> dict[str, list[list[object]]]:
    """The sheets of `population_sheets` with numbers in the place of digits."""

    def cell(text: str) -> object:
        return float(text) if text.replace(".", "", 1).isdecimal() else text

    return {name: [[*map(cell, row)] for row in rows] for name, rows in population_sheets().items()}


def projections_workbook() -> bytes:
    """The workbook of household projections."""
    rows = load.table("household_projections")
    wide = rows.pivot(index="area_code", columns="mid_year", values="households")
    header = ["Area code", "Area name", *map(str, wide.columns)]
    areas = [[area, "Area", *map(int, wide.loc[area])] for area in wide.index]
    return workbook({"406": [["Made for tests"], header, *areas]})


def ward_residents_text() -> str:
    """The file of residents by ward at the middle of a year."""
    rows = load.table("ward_mid_year_population")
    boroughs = load.table("boroughs").set_index("area_code")["borough"]
    (release,) = set(rows["release"])
    column = f"population_{release.replace('-', '')}"
    return csv_text(
        ["ward_code", "ward_name", "borough", column, "basis"],
        [
            [r.ward_code, r.ward_name, boroughs[r.area_code], str(r.residents), "made"]
            for r in rows.itertuples()
        ],
    )


def ward_shapes_text() -> str:
    """The file of the wards' shapes."""
    rows = load.table("ward_shapes")
    boroughs = load.table("boroughs").set_index("area_code")["borough"]
    shapes = map(json.loads, shapely.to_geojson(shapely.from_wkt(rows["shape"].to_numpy())))
    features = [
        {
            "type": "Feature",
            "properties": {
                "WD22CD": r.ward_code,
                "WD22NM": r.ward_name,
                "LAD22CD": r.area_code,
                "LAD22NM": boroughs[r.area_code],
            },
            "geometry": shape,
        }
        for r, shape in zip(rows.itertuples(), shapes, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def release_set(folder: Path, more: dict[str, bytes | str] | None = None) -> Path:
    """The folder, with a made release of every publication of crime and population, and `more`."""
    files: dict[str, bytes | str] = {
        f"{CRIME}/crime.csv": crime_text(),
        "mps_recorded_crime_ward/wards.csv": ward_text(),
        "mps_outcomes/outcomes.xlsx": workbook({"Sheet1": outcomes_rows()}),
        "population/ons_mye_mid2023.xlsx": workbook(population_cells()),
        "population/census2021_households_london.csv": households_text(),
        "population/ons_census2021_ward_population.csv": ward_population_text(),
        "population/ons_household_projections_2018.xlsx": projections_workbook(),
        "population/extract_ons_ward_mid2024_london.csv": ward_residents_text(),
        "asb/calls.csv": asb_text(),
        "boundaries/london_boroughs/boroughs.dbf": boundaries(),
        "boundaries/derived_london_wards_2022.geojson": ward_shapes_text(),
        **made_youth_justice.files(),
        **made_police_uk.files(),
        "mopac_public_attitude_survey/pas.csv": made_public_attitudes.survey_text(),
        "england_and_wales/ons_policeforceareatables_yedec2024.xlsx": workbook(
            made_partnerships.sheets()
        ),
        **(more or {}),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
