"""What is known of a table in `data/`: its file, title, columns, key, source and completeness."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from safer_communities.datasets.schemas.columns import MONTH_NAME


@dataclass(frozen=True)
class TableSchema:
    """One table: its file below `data/`, title, columns, source, and how completeness shows.

    `path` holds `{release}` where every release has a file of its own. `source` is its row in
    `reference/sources.csv`. `gaps` lists what a table lacks, in words.
    """

    path: str
    title: str
    schema: pa.DataFrameSchema
    source: str
    gaps: Callable[[pd.DataFrame], list[str]]

    @property
    def key(self) -> list[str]:
        """The columns that tell rows apart."""
        return list(self.schema.unique)

    @property
    def is_one_file(self) -> bool:
        """Whether one file holds all its rows, whatever release they are of."""
        return "{release}" not in self.path

    @property
    def keeps_releases(self) -> bool:
        """Whether that one file holds several releases, which its key tells apart."""
        return self.is_one_file and "release" in self.key

    def holds(self, path: str) -> bool:
        """Whether the file at `path`, below the data folder, is one of this table's."""
        return bool(self._pattern.fullmatch(path))

    def release_of(self, path: str) -> str:
        """The release in the name of the file; empty where the table is in one file.

        Raises ValueError where the file is not one of this table's.
        """
        found = self._pattern.fullmatch(path)
        if found is None:
            raise ValueError(f"path: {path!r} is not a file of the table in {self.path}")
        return "".join(found.groups())

    @property
    def _pattern(self) -> re.Pattern:
        before, braces, after = self.path.partition("{release}")
        release = f"({MONTH_NAME})" if braces else ""
        return re.compile(re.escape(before) + release + re.escape(after))


def table_schema(
    path: str,
    title: str,
    key: list[str],
    source: str,
    gaps: Callable[[pd.DataFrame], list[str]] = lambda table: [],
    /,
    **columns: pa.Column,
) -> TableSchema:
    """The schema of a table with these columns, in this order, and no others.

    `key` names the columns that tell rows apart.
    """
    schema = pa.DataFrameSchema(columns, unique=key, strict=True, ordered=True)
    return TableSchema(path, title, schema, source, gaps)
