"""Builds the web book of one edition and one borough, and swaps it in when it is whole."""

import compileall
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import nbformat
from filelock import FileLock, Timeout

from safer_communities.errors import InputError
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site.chapter_cache import Executed, executed_notebooks
from safer_communities.site.hardening import harden_site
from safer_communities.site.inputs import inputs_digest, inputs_of
from safer_communities.site.kept import Kept
from safer_communities.site.staging import add_first_page, stage
from safer_communities.swap import finish_replacing_folder, replace_folder

# In the site itself, so that a site and what it says of its sources are swapped in together. It has
# a line for each book: the digest of the sources, the edition, the borough.
STAMP = ".built-from"
# The command `jupyter-book`, quicker to start (see `safer_communities.site`) and to run: looking
# for garbage takes a sixth of its time, and it ends before there is much.
JUPYTER_BOOK = (
    "import gc; gc.disable(); import safer_communities.site; "
    "from jupyter_book.cli.main import main; main()"
)


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

    `cache` is the folder of what earlier builds made; beside `output` unless given. Nothing is
    built where nothing changed since the last good build. A build that fails leaves the last good
    one as it was, and a second build of the same folder waits for the first. Raises InputError, or
    an ExceptionGroup of them, saying what to mend.
    """
    cache = cache or output.parent / "cache"

    def make(inputs: dict[str, str], work: Path) -> Path:
        executed = executed_notebooks(
            settings, root=root, inputs=inputs, cache=cache, jobs=jobs, report=report
        )
        report(f"Building the pages of {len(executed.chapters)} chapters")
        return make_pages(executed, inputs, root=root, work=work, cache=cache, jobs=jobs)

    return rebuild(output, [settings], make, root=root, report=report)


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
        stamp = "".join(
            f"{inputs_digest(inputs, each)} {each.edition} {each.borough}\n" for each in settings
        )
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


def make_pages(
    executed: Executed,
    inputs: dict[str, str],
    *,
    root: Path,
    work: Path,
    cache: Path,
    jobs: int | None,
    config: str | None = None,
) -> Path:
    """The folder of the finished pages of executed chapters, somewhere below the folder `work`.

    `inputs` are the digests of the sources in `root`, `config` is the text of `_config.yml`; that
    of `root` unless given. Raises InputError where Jupyter Book stops or warns.
    """
    files = stage(executed, root=root, source=work / "source", config=config)
    code = {path: inputs[path] for path in inputs if path.startswith(("src/", "requirements.lock"))}
    kept = Kept(cache / "made", made_by=code)
    with ThreadPoolExecutor(max_workers=1) as beside:
        downloads = beside.submit(_downloads, executed.chapters, files, inputs, kept)
        html = _sphinx(work / "source", work)
        shutil.copytree(downloads.result(), html / "downloads")
    add_first_page(html)
    harden_site(html, kept, jobs=jobs)
    kept.forget_unused()
    return html


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
        report(f"Another build is at work on {output}. Waiting for it to end.")
        return lock.acquire()


def _stamp_of(output: Path) -> str:
    """What the site in `output` was built from; empty where it does not say."""
    stamp = output / STAMP
    return stamp.read_text(encoding="utf-8", errors="replace") if stamp.is_file() else ""


def _downloads(
    notebooks: dict[str, nbformat.NotebookNode],
    files: dict[str, str],
    inputs: dict[str, str],
    kept: Kept,
) -> Path:
    """The folder of the downloads of executed chapters; `files` are those of charts and tables."""

    def write(folder: Path) -> None:
        # Imported late: a build that finds the downloads kept should not wait for pandas.
        from safer_communities.site.downloads import write_downloads

        write_downloads(folder, list(notebooks.values()), files)

    data = {path: inputs[path] for path in inputs if path.startswith("data/")}
    outputs = [[cell.get("outputs") for cell in notebook.cells] for notebook in notebooks.values()]
    return kept.made(["downloads", data, outputs, files], write)


def _sphinx(source: Path, work: Path) -> Path:
    """The folder of pages that Jupyter Book makes of `source`, with warnings as errors."""
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(source)]
    command += ["--path-output", str(work), "-W", "--keep-going", "--quiet"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise InputError(
            place="the pages of the book",
            problem=f"Jupyter Book stopped:\n{result.stdout[-4000:]}\n{result.stderr[-4000:]}",
            remedy="mend each warning above; the last good site was left as it was",
        )
    return work / "_build" / "html"
