"""`data/datapackage.yaml`: every table described, in the words of `schemas` and the source table.

The description is made by code and never edited: what a column means stands in `schemas/`, who
published a table in `data/reference/sources.csv`. Follows the Data Package standard
(https://datapackage.org).

Parquet tables are described as files: frictionless reads them at 4,000 rows a second, a quarter of
an hour for all of them, so it checks their hash and size only. `load` checks their rows.
"""

import io
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.parquet
import yaml

from safer_communities.datasets.as_described import FILE, changes
from safer_communities.datasets.atomic import WRITING, replace_files, writing_to
from safer_communities.datasets.kept import digest
from safer_communities.datasets.schemas import TABLES, TableSchema
from safer_communities.errors import InputError

PERIOD_COLUMNS = ["month", "period_end", "mid_year", "census_year"]
DATES = ("month", "period_end")
# No other columns are read to describe a table.
COLUMNS_READ = ["release", *PERIOD_COLUMNS]


def describe(data_folder: Path, new: dict[str, bytes] | None = None) -> dict:
    """The description of every table in a data folder, with its hash, size and coverage.

    `new` holds contents, by path, that are about to be written and count as if they were there.
    """
    contents = {path: (data_folder / path).read_bytes() for path in files(data_folder)}
    contents |= new or {}
    sources = pd.read_csv(
        io.BytesIO(contents[TABLES["sources"].path]), dtype=str, keep_default_na=False
    ).set_index("source")
    return {
        "name": "safer-communities",
        "title": "Tables of the Safer Communities book",
        "description": "Recorded crime, population, surveys and a strategy's claims, one "
        "observation a row. Made by python -m safer_communities import; do not edit by hand.",
        "licenses": [
            {
                "name": "OGL-UK-3.0",
                "title": "Open Government Licence v3.0, except where a table says otherwise",
                "path": sources.loc["mps_borough_crime", "licence_page"],
            }
        ],
        "resources": [
            _resource(name, path, content, sources.loc[[TABLES[name].source]].iloc[0])
            for path, content in sorted(contents.items())
            if (name := _name_of(path))
        ],
    }


def render(data_folder: Path, new: dict[str, bytes] | None = None) -> bytes:
    """The text of `datapackage.yaml` for a data folder."""
    text = yaml.dump(
        describe(data_folder, new),
        Dumper=_PlainDumper,
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )
    return text.encode("utf-8")


def write(data_folder: Path) -> tuple[bool, dict[str, str]]:
    """Brings `datapackage.yaml` up to date with the tables.

    Tells whether it changed, and what changed in each table that it had described, by its path.
    """
    with writing_to(data_folder):
        digests = {path: digest((data_folder / path).read_bytes()) for path in files(data_folder)}
        told: dict[str, str] = {}
        # A damaged description tells nothing of what was, and is written anew.
        with suppress(InputError):
            told = changes(data_folder, digests)
        return bool(replace_files(data_folder, {FILE: render(data_folder)})), told


def files(data_folder: Path) -> list[str]:
    """The paths of all files in a data folder but the description itself.

    What an import that was interrupted left half written is not part of the folder.
    """
    paths = (
        path.relative_to(data_folder)
        for path in data_folder.rglob("*")
        if path.is_file() and path.name != FILE
    )
    return sorted(path.as_posix() for path in paths if path.parts[0] != WRITING)


def _name_of(path: str) -> str:
    return next((name for name, table in TABLES.items() if table.holds(path)), "")


def _resource(name: str, path: str, content: bytes, source: pd.Series) -> dict:
    table = TABLES[name]
    frame = _frame(path, content)
    release = table.release_of(path)
    releases = frame["release"].unique().tolist() if "release" in frame else []
    resource = {
        "name": name.replace("_", "-") + (f"-{release}" if release else ""),
        "path": path,
        "title": table.title + (f", release {release}" if release else ""),
        "description": source["retrieval"],
        "type": "table" if path.endswith(".csv") else "file",
        "format": path.rsplit(".", 1)[1],
        "mediatype": "text/csv" if path.endswith(".csv") else "application/vnd.apache.parquet",
        "publisher": source["publisher"],
        "sources": [{"title": source["title"]} | _with_path(source["page"])],
        "licenses": [
            {"title": source["licence"], "name": _licence_name(source["licence"])}
            | _with_path(source["licence_page"])
        ],
        "attribution": source["attribution"],
        "releases": sorted(map(str, releases)),
        "coverage": {"spatial": source["spatial"]} | _temporal(frame),
        "hash": f"sha256:{digest(content)}",
        "bytes": len(content),
        "rowCount": len(frame),
        "schema": _schema(table),
    }
    if path.endswith(".csv"):
        resource["encoding"] = "utf-8"
    return resource


def _schema(table: TableSchema) -> dict:
    fields = []
    for name, column in table.schema.columns.items():
        field = {
            "name": name,
            "type": column.metadata["type"],
            "description": column.description,
        }
        if column.metadata["unit"]:
            field["unit"] = column.metadata["unit"]
        if not column.nullable and field["type"] != "string":
            field["constraints"] = {"required": True}
        fields.append(field)
    return {"fields": fields, "primaryKey": table.key}


def _frame(path: str, content: bytes) -> pd.DataFrame:
    """All rows of a table, with those of its columns that tell what it is about."""
    if path.endswith(".parquet"):
        try:
            file = pyarrow.parquet.ParquetFile(io.BytesIO(content))
            columns = [name for name in file.schema_arrow.names if name in COLUMNS_READ]
            return file.read(columns=columns).to_pandas()
        except pyarrow.ArrowException as error:
            raise InputError(
                f"data/{path}", "not a complete Parquet file", "import the publication again"
            ) from error
    header = pd.read_csv(io.BytesIO(content), dtype=str, nrows=0).columns
    columns = [name for name in header if name in COLUMNS_READ] or [header[0]]
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, usecols=columns)


def _temporal(frame: pd.DataFrame) -> dict:
    """The first and last month or year that the rows are about."""
    column = next((name for name in PERIOD_COLUMNS if name in frame), None)
    if column is None:
        return {}
    ends = frame[column].min(), frame[column].max()
    first, last = (str(end)[:7] if column in DATES else str(end) for end in ends)
    return {"temporal": f"{first}/{last}"}


def _with_path(page: str) -> dict:
    return {"path": page} if page else {}


def _licence_name(licence: str) -> str:
    if licence.startswith("Open Government Licence"):
        return "OGL-UK-3.0"
    return licence if licence == "MIT" else "other-closed"


class _PlainDumper(yaml.CSafeDumper):
    """Writes every value in full: no anchors, which few readers know."""

    def ignore_aliases(self, data: object) -> bool:
        return True
