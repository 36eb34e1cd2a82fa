"""Whether the description of the tables and the files in a data folder agree."""

from pathlib import Path

import yaml

from safer_communities.datasets import atomic, description
from safer_communities.datasets.schemas import TABLES


def problems(data_folder: Path) -> list[str]:
    """Where the description and the files disagree, in either direction; empty where they agree."""
    atomic.finish_replacing(data_folder)
    if not (data_folder / description.FILE).is_file():
        return [f"{description.FILE} is missing"]
    written = yaml.safe_load((data_folder / description.FILE).read_text(encoding="utf-8"))
    described = {resource["path"]: resource for resource in written.pop("resources")}
    expected = description.describe(data_folder)
    actual = {resource["path"]: resource for resource in expected.pop("resources")}
    found = [
        f"{path} is of no known table"
        for path in description.files(data_folder)
        if not _is_known(path)
    ]
    found += [f"{path} is described and missing" for path in sorted(described.keys() - actual)]
    found += [f"{path} is not described" for path in sorted(actual.keys() - described)]
    for path in sorted(actual.keys() & described):
        keys = sorted(actual[path].keys() | described[path])
        wrong = [key for key in keys if actual[path].get(key) != described[path].get(key)]
        found += [f"{path}: the description has another {key}" for key in wrong]
    if written != expected:
        found.append("the package's own title or licence differs")
    return found


def _is_known(path: str) -> bool:
    return any(table.holds(path) for table in TABLES.values())
