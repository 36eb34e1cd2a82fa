"""Builds a site again only where its sources changed, and swaps it in when it is whole."""

import compileall
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from filelock import FileLock, Timeout

from safer_communities.datasets.atomic import finish_replacing_folder, replace_folder
from safer_communities.settings import Settings
from safer_communities.site.run.inputs import digest_of, inputs_of

# In the site itself, so that a site and what it says of its sources are swapped in together. It has
# a line for each book: the digest of the sources, the edition, the borough.
STAMP = ".built-from"


def rebuild(
    output: Path,
    settings: list[Settings],
    make: Callable[[dict[str, str], Path], Path],
    *,
    root: Path,
    report: Callable[[str], None],
) -> Path:
    """The address of the first page of the site in `output`, built unless nothing changed.

    `make` gets the digests of the sources in `root` and an empty folder to work in, and returns
    the folder of the finished site of the books of `settings`.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    work = output.with_name(f"{output.name}.building")
    with _alone(output, report):
        # What a build that was killed has left.
        finish_replacing_folder(output)
        shutil.rmtree(work, ignore_errors=True)
        inputs = inputs_of(root)
        digest = digest_of(json.dumps(inputs).encode())
        stamp = "".join(f"{digest} {each.edition} {each.borough}\n" for each in settings)
        if (output / "index.html").is_file() and _stamp_of(output) == stamp:
            report("Nothing changed since the last build.")
            # It is the last one built all the same, which `make serve` shows.
            os.utime(output / STAMP)
            return output / "index.html"
        work.mkdir()
        # Where Python is told to write no bytecode, every process would compile all of it again.
        compileall.compile_dir(root / "src", quiet=2)
        try:
            site = make(inputs, work)
            report(f"Site digest: {tree_digest(site)[:16]}")
            (site / STAMP).write_text(stamp, encoding="utf-8")
            replace_folder(site, output)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return output / "index.html"


def tree_digest(folder: Path) -> str:
    """A digest of every file of the site in `folder`: its name and its bytes."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != STAMP):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _alone(output: Path, report: Callable[[str], None]) -> AbstractContextManager:
    """Holds the lock on the site in `output`; it is free again when the process ends."""
    lock = FileLock(output.with_name(f"{output.name}.lock"))
    try:
        return lock.acquire(timeout=0)
    except Timeout:
        report(f"Another build of {output} is running. Waiting for it to finish.")
        return lock.acquire()


def _stamp_of(output: Path) -> str:
    """What the site in `output` was built from; empty where it does not say."""
    stamp = output / STAMP
    return stamp.read_text(encoding="utf-8", errors="replace") if stamp.is_file() else ""
