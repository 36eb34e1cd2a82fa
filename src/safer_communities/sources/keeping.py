"""What an import keeps: no row of a release that it has not read is lost.

A table whose key holds the release has the rows of several, and new ones come beside them. The
other tables that are one file hold one rolling release, which the next replaces as a whole: that
one has to have every month, area and offence that is there. A table with a file for every release
needs nothing of this.
"""

from pathlib import Path

import pandas as pd

from safer_communities.datasets import load
from safer_communities.datasets.periods import months_in_words
from safer_communities.datasets.schemas import TABLES, TableSchema
from safer_communities.errors import ErrorCollector, InputError, leaves


def with_rows_kept(
    name: str, new: pd.DataFrame, data_folder: Path, releases: pd.DataFrame, place: str
) -> tuple[pd.DataFrame, list[str]]:
    """The table to write where `new` was read, and what to say of releases that were not.

    `name` is the table's, `releases` the table of releases, `place` what a message names. Raises
    InputError, or a group of them, where something would be lost.
    """
    table = TABLES[name]
    if not table.is_one_file or not (data_folder / table.path).is_file():
        return new, []
    try:
        old = load.read_anew(name, data_folder)
    except (InputError, ExceptionGroup) as error:
        fault = next(leaf for leaf in leaves(error) if isinstance(leaf, InputError))
        _check_repair(table, new, releases, place, fault)
        return new, []
    rest = old[~old["release"].isin(new["release"].unique())]
    if rest.empty:
        return new, []
    if not table.keeps_releases:
        problems = ErrorCollector(place)
        _note_lost(table, new, rest, problems)
        problems.raise_any()
        return new, [f"data/{table.path}: {_listed(new)} replaces {_listed(rest)}"]
    said = [
        f"data/{table.path}: {rows:,} row{'' if rows == 1 else 's'} of release {release} kept"
        for release, rows in rest.groupby("release").size().items()
    ]
    both = pd.concat([rest, new]).sort_values(table.key, ignore_index=True)
    # What comes with the new release, such as its months, is compared too (see `comparing`).
    both.attrs = new.attrs
    return both, said


def _note_lost(
    table: TableSchema, new: pd.DataFrame, rest: pd.DataFrame, problems: ErrorCollector
) -> None:
    """Notes the months, areas and offences in `rest` of which `new` has no row."""
    for column in table.key:
        lost = pd.Index(rest[column].unique()).difference(new[column].unique())
        if lost.empty:
            continue
        if column == "month":
            problems.add(
                f"the table would lose {months_in_words(list(lost))}",
                "get the publisher's file that has every month, or leave this one out: the table "
                "stays as it is",
            )
        else:
            problems.add(
                f"the table would lose every row of {', '.join(map(str, lost))}",
                "compare the file with the publisher's page; if the publisher has dropped them, "
                f"delete data/{table.path} first",
                column=column,
            )


def _check_repair(
    table: TableSchema, new: pd.DataFrame, releases: pd.DataFrame, place: str, fault: InputError
) -> None:
    """Raises InputError where a table that cannot be read may hold what `new` does not.

    A broken table must not keep its own repair out, but a part is not a repair.
    """
    known = releases[releases["publication"] == table.source]
    is_read = known["release"].isin(new["release"].unique())
    read, unread = known[is_read], known[~is_read]
    if not table.keeps_releases:
        inside = (unread["first_month"] >= read["first_month"].min()) & (
            unread["last_month"] <= read["last_month"].max()
        )
        unread = unread[~inside]
    if len(unread):
        raise InputError(
            place,
            f"the table there cannot be read ({fault.place}: {fault.problem}) and may hold "
            f"{_listed(unread)}, for which there is no file here",
            f"restore data/{table.path} from the last commit, and import again",
        )


def _listed(rows: pd.DataFrame) -> str:
    """The releases of the rows: "release mid-2020", or "releases mid-2020, mid-2023"."""
    names = sorted(rows["release"].unique())
    return f"release{'' if len(names) == 1 else 's'} {', '.join(names)}"
