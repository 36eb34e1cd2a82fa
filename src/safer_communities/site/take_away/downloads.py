"""The files of the whole book that a reader can take away."""

import json
import shutil
import zipfile
from functools import partial
from pathlib import Path

import pandas as pd

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.chapter.data_sources import offered_as
from safer_communities.charts.table import Column, csv_text
from safer_communities.claims import DOWNLOAD_COLUMNS, checked_claims
from safer_communities.datasets.as_described import FILE
from safer_communities.datasets.kept import digest
from safer_communities.facts import fact
from safer_communities.facts.output_types import FACT_MIME, GLUE_PREFIX, records_in
from safer_communities.facts.word_check import check_words
from safer_communities.settings import Settings
from safer_communities.site.run.build_cache import BuildCache
from safer_communities.site.run.template_pages import PAGE
from safer_communities.site.take_away.workbook import (
    Sheet,
    plain_columns,
    sheets_of,
    write_workbook,
)


def indicators(notebooks: list[dict]) -> pd.DataFrame:
    """A row for every fact of the executed notebooks, in the order given."""
    rows = [
        fact
        for notebook in notebooks
        for records in records_in(notebook, f"{GLUE_PREFIX}{FACT_MIME}")
        for fact in records
    ]
    # Objects, so that counts stay whole numbers beside rates in one column.
    return pd.DataFrame(rows, columns=fact.COLUMNS, dtype=object)


def offences_by_month(book: BoroughEdition) -> Sheet:
    """The offences of each month in each borough, up to the edition's last: a column an offence.

    They are the total, and the groups and offences with enough for a rank (`BoroughCrime.ranked`).
    A month that the police's table lacks is empty.
    """
    crime = book.crime
    names = crime.boroughs.set_index("area_code")["borough"].sort_values()
    counts = {name: crime.monthly_by_area(name)[names.index] for name in crime.ranked}
    table = pd.DataFrame({name: each.stack() for name, each in counts.items()})
    table = table.rename_axis(["month", "borough"]).reset_index()
    table = table[table["month"] <= book.edition.period.end]
    table["borough"] = table["borough"].map(names)
    table = table.sort_values(["borough", "month"])[["borough", *table.columns.drop("borough")]]
    return Sheet(
        "Offences by month",
        "Recorded offences by month in every borough",
        book.citation("crime").line,
        table,
        [
            Column("borough", "Borough", kind="text", row_header=True),
            Column("month", "Month", kind="month", row_header=True),
            *(Column(name, name, decimals=0) for name in counts),
        ],
    )


def copy_tables(data: Path, folder: Path, made_before: BuildCache) -> None:
    """Copies the tidy tables of `data` into `folder`, CSV with a byte order mark for Excel.

    The largest are zipped, unless `made_before` has them. The description of the tables, where
    there is one, says which, and has the size and the digest of each file as it is in `folder`.
    """
    described = data / FILE
    description = described.read_text(encoding="utf-8") if described.is_file() else ""
    for path in sorted(p for p in data.rglob("*") if p.suffix in (".csv", ".parquet")):
        own = path.relative_to(data).as_posix()
        offered = offered_as(own, path.stat().st_size)
        to = folder / offered
        to.parent.mkdir(parents=True, exist_ok=True)
        kept = path.read_bytes()
        content = (b"\xef\xbb\xbf" if path.suffix == ".csv" else b"") + kept
        if offered == own:
            to.write_bytes(content)
        else:
            zipped = made_before.get_or_make(
                ["zip", to.name, digest(content)],
                partial(_zip, content=content, name=path.name, archive=to.name),
            )
            shutil.copy(zipped / to.name, to)
            description = description.replace(
                f"  path: {own}\n", f"  path: {offered}\n  compression: zip\n"
            )
        description = description.replace(_described(kept), _described(to.read_bytes()))
    if description:
        (folder / FILE).write_text(description, encoding="utf-8")


def _described(content: bytes) -> str:
    """The digest and the size of a file, as the description of the tables has them."""
    return f"  hash: sha256:{digest(content)}\n  bytes: {len(content)}\n"


def _zip(folder: Path, *, content: bytes, name: str, archive: str) -> None:
    """Writes `archive` into `folder`, which holds `content` as the file `name`."""
    with zipfile.ZipFile(folder / archive, "w") as into:
        # Without the time of day, so that the same table is the same file.
        into.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)


def write_downloads(
    folder: Path,
    notebooks: list[dict],
    exhibits: dict[str, str],
    settings: Settings | None = None,
) -> None:
    """Writes the files of each chart and table (`exhibits`, by name) and those of the whole book.

    These are `indicators.csv` and `.json` (every fact), `claims.csv` (every number that the
    strategy printed, with its verdict) and `safer_communities.xlsx` (all of it, with every table
    and, where the book's `settings` are given, the offences of every month and borough).
    Raises InputError, or an ExceptionGroup of them, where a fact's words are not true of its value;
    then nothing is written.
    """
    check_words(notebooks)
    facts_table = indicators(notebooks)
    claims = checked_claims()[DOWNLOAD_COLUMNS]
    texts = {
        **exhibits,
        "indicators.csv": csv_text(facts_table),
        "indicators.json": json.dumps(
            facts_table.to_dict("records"), ensure_ascii=False, separators=(",", ":")
        ),
        "claims.csv": csv_text(claims),
    }
    for name, text in sorted(texts.items()):
        # With a byte order mark, a double click in Excel shows more than English letters.
        encoding = "utf-8-sig" if name.endswith(".csv") else "utf-8"
        (folder / name).write_text(text, encoding=encoding)
    whole_book = [
        Sheet(name, title, source, table, plain_columns(table))
        for name, title, source, table in [
            ("Indicators", "Every figure of the book", "Source: see each row.", facts_table),
            ("Claims", "Every figure that the strategy printed", "Source: the strategy.", claims),
        ]
    ]
    write_workbook(
        folder / "safer_communities.xlsx",
        "Safer Communities book: all figures and tables",
        [
            *([offences_by_month(BoroughEdition(settings))] if settings else []),
            *whole_book,
            # A sheet for each table of each page of a template would be hundreds.
            *sheets_of([each for each in notebooks if PAGE not in each["metadata"]]),
        ],
    )
