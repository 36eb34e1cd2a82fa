"""Builds the web book of one edition and one borough, and swaps it in when it is whole."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat

from safer_communities.errors import InputError
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site.chapter_cache import executed_notebooks

# Everything a page can depend on. A change in none of it leaves nothing to build.
SOURCES = ("_config.yml", "_toc.yml", "requirements.lock", "book", "data", "notebooks", "src")


def build_book(
    settings: Settings,
    *,
    output: Path,
    root: Path = ROOT,
    cache: Path | None = None,
    jobs: int | None = None,
    report: Callable[[str], None] = print,
) -> Path:
    """The address of the book's first page, in `output`, built from the sources in `root`.

    `cache` is the folder of the chapters' outputs; beside `output` unless given. Nothing is built
    where nothing changed since the last good build. A build that fails leaves the last good one
    as it was. Raises InputError, or an ExceptionGroup of them, saying what to mend.
    """
    stamp = output.with_name(f"{output.name}.json")
    digest = source_digest(root, SOURCES, settings)
    if (output / "index.html").exists() and stamped(stamp) == digest:
        report("Nothing changed since the last build.")
        return output / "index.html"
    output.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="building-", dir=output.parent))
    try:
        notebooks = executed_notebooks(
            settings, root=root, cache=cache or output.parent / "cache", jobs=jobs, report=report
        )
        report(f"Building the pages of {len(notebooks)} chapters")
        html = make_pages(notebooks, settings, root=root, work=work)
        report(f"Site digest: {tree_digest(html)[:16]}")
        swap_in(html, output)
        write_stamp(stamp, digest)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return output / "index.html"


def make_pages(
    notebooks: dict[str, nbformat.NotebookNode],
    settings: Settings,
    *,
    root: Path,
    work: Path,
    config: str | None = None,
) -> Path:
    """The folder of the finished pages of executed chapters, somewhere below the folder `work`.

    `config` is the text of `_config.yml`; that of `root` unless given. Raises InputError where
    Jupyter Book stops or warns.
    """
    # Imported late: a build that finds nothing to do should not wait for them.
    from safer_communities.site.staging import stage, write_site_files

    files = stage(notebooks, settings, root=root, source=work / "source", config=config)
    html = _sphinx(work / "source", work)
    write_site_files(html, files, notebooks)
    return html


def tree_digest(folder: Path) -> str:
    """A digest of every file below `folder`: its name and its bytes."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def source_digest(root: Path, names: tuple[str, ...], settings: Settings) -> str:
    """A digest of the files and folders `names` below `root`, and of the settings."""
    digest = hashlib.sha256(json.dumps(settings.as_environment()).encode())
    for name in names:
        top = root / name
        paths = [top] if top.is_file() else sorted(top.rglob("*"))
        for path in paths:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _sphinx(source: Path, work: Path) -> Path:
    """The folder of pages that Jupyter Book makes of `source`, with warnings as errors."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(source)]
    command += ["--path-output", str(work), "-W", "--keep-going", "--quiet"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise InputError(
            place="the pages of the book",
            problem=f"Jupyter Book stopped:\n{result.stdout[-4000:]}\n{result.stderr[-4000:]}",
            remedy="mend each warning above; the last good site was left as it was",
        )
    return work / "_build" / "html"


def swap_in(new: Path, output: Path) -> None:
    """Puts `new` where `output` was; the old pages go only when the new ones are in place."""
    old = output.with_name(f"{output.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if output.exists():
        output.rename(old)
    try:
        new.rename(output)
    except BaseException:
        if old.exists():
            old.rename(output)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_stamp(stamp: Path, digest: str) -> None:
    """Notes what the pages beside `stamp` were built from."""
    stamp.write_text(json.dumps({"digest": digest}), encoding="utf-8")


def stamped(stamp: Path) -> str:
    """The digest that `write_stamp` noted; empty where there is none."""
    try:
        return json.loads(stamp.read_text(encoding="utf-8"))["digest"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
