"""The import: every publication read and checked, and only then anything written."""

import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.parquet

from safer_communities.datasets import description, load
from safer_communities.datasets.atomic import finish_replacing, replace_files, writing_to
from safer_communities.datasets.small_numbers import as_written
from safer_communities.errors import ErrorCollector, InputError, did_you_mean
from safer_communities.sources.comparing import ConsistencyChecker, table_at
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.keeping import with_rows_kept
from safer_communities.sources.publication import Publication, not_read
from safer_communities.sources.publications import PUBLICATIONS


def import_publications(
    source_folder: Path,
    data_folder: Path,
    only: str | None = None,
    report: Callable[[str], None] = print,
) -> list[str]:
    """The paths below `data_folder` that changed, `description.yaml` among them.

    Imports every publication that has files in `source_folder`, or `only` the one named. Rows of
    releases that have no file there stay, and `report` is told of them. Raises InputError, or an
    ExceptionGroup of them, for all that is wrong; then nothing is written.
    """
    with writing_to(data_folder):
        return _imported(source_folder, data_folder, only, report)


def _imported(
    source_folder: Path, data_folder: Path, only: str | None, report: Callable[[str], None]
) -> list[str]:
    finish_replacing(data_folder)
    kept: list[str] = []
    tables = checked_tables(source_folder, data_folder, only, report, kept.append)
    contents = {path: content for path, (_, content) in tables.items()}
    contents |= {description.FILE: description.render(data_folder, contents)}
    changed = replace_files(data_folder, contents)
    for line in kept:
        report(line)
    report(f"{len(contents)} files checked, {len(changed)} changed in {data_folder}")
    return changed


def checked_tables(
    source_folder: Path,
    data_folder: Path,
    only: str | None = None,
    report: Callable[[str], None] = print,
    report_kept: Callable[[str], None] = print,
) -> dict[str, tuple[pd.DataFrame, bytes]]:
    """The tables that an import would write, with their bytes, by path below the data folder.

    It writes nothing. `report_kept` is told of the releases that stay or are replaced. Raises what
    an import raises.
    """
    crosswalks = Crosswalks.of(data_folder)
    frames: dict[str, pd.DataFrame] = {}
    written: dict[str, tuple[pd.DataFrame, bytes]] = {}
    errors = ErrorCollector("the import found problems; nothing was written")
    places: dict[str, str] = {}
    found = _found(source_folder, only)
    if only is None:
        for line in not_read(source_folder, PUBLICATIONS.values()):
            report(line)
    for publication, files in found:
        report(f"{publication.name}: {len(files)} file{'s' if len(files) > 1 else ''}")
        with errors.collecting():
            for path, read in publication.tidy(files, crosswalks).items():
                with errors.collecting():
                    name, table = table_at(path)
                    place = f"{read.attrs.get('files', _names(files))}, for data/{path}"
                    frame, said = with_rows_kept(
                        name, read, data_folder, crosswalks.releases, place
                    )
                    for line in said:
                        report_kept(line)
                    load.check(table, frame, place)
                    kept = as_written(name, frame, crosswalks.offences)
                    written[path] = kept, _content(path, kept)
                    frames[path], places[path] = frame, place
    errors.raise_any()
    # Once all are read: a borough's offences are compared with those of its wards, too.
    checker = ConsistencyChecker(data_folder, crosswalks, frames)
    for path, frame in frames.items():
        if not _is_written(data_folder / path, written[path][1]):
            with errors.collecting():
                checker.check(table_at(path)[0], path, frame, places[path])
    errors.raise_any()
    return written


def _found(source_folder: Path, only: str | None) -> list[tuple[Publication, list[Path]]]:
    """The publications to import, each with its files."""
    if only is not None and only not in PUBLICATIONS:
        remedy = did_you_mean(only, PUBLICATIONS, listed_in="data/reference/sources.csv")
        raise InputError("publication", f"there is no {only!r}", remedy)
    wanted = [PUBLICATIONS[name] for name in ([only] if only else PUBLICATIONS)]
    found = [(publication, publication.find(source_folder)) for publication in wanted]
    found = [(publication, files) for publication, files in found if files]
    if not found:
        patterns = ", ".join(pattern for publication in wanted for pattern in publication.files)
        left = not_read(source_folder, wanted)
        raise InputError(
            str(source_folder),
            "; ".join([f"no file to import: none is named {patterns}", *left]),
            "give the folder of the releases with --from",
        )
    return found


def _names(files: list[Path]) -> str:
    return " and ".join(path.name for path in files)


def _is_written(path: Path, content: bytes) -> bool:
    """Whether the file has this content already: then it was compared when it came."""
    return path.is_file() and path.read_bytes() == content


def _content(path: str, frame: pd.DataFrame) -> bytes:
    """The bytes of a table's file: the same for the same table, whatever the day."""
    if not path.endswith(".parquet"):
        frame = frame.copy(deep=False)
        for name in frame.select_dtypes(bool):
            frame[name] = frame[name].map({True: "true", False: "false"})
        text = frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
        return text.encode("utf-8")
    buffer = io.BytesIO()
    plain = pyarrow.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pyarrow.parquet.write_table(plain, buffer, compression="zstd", compression_level=9)
    return buffer.getvalue()
