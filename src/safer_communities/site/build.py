"""Builds the web book of one edition and one borough: runs its chapters and makes its pages."""

from collections.abc import Callable
from pathlib import Path

from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site.rebuilding import rebuild


def build_book(
    settings: Settings,
    *,
    output: Path,
    root: Path = ROOT,
    cache: Path | None = None,
    jobs: int | None = None,
    report: Callable[[str], None] = print,
    templates: bool = True,
) -> Path:
    """The address of the book's first page, in `output`, built from the sources in `root`.

    Without `templates` it lacks the pages that are made from them, which is quicker. `cache` is the
    folder of what earlier builds made; beside `output` unless given. Nothing is
    built where nothing changed since the last good build. A build that fails leaves the last good
    one as it was, and a second build of the same folder waits for the first. Raises InputError, or
    an ExceptionGroup of them, saying what to correct.
    """
    cache = cache or output.parent / "cache"

    def make(inputs: dict[str, str], work: Path) -> Path:
        # Imported late: a build where nothing changed should not wait for it, nor the chapters for
        # what makes their pages.
        from safer_communities.site.run.book import executed_book

        executed = executed_book(
            settings,
            root=root,
            inputs=inputs,
            cache=cache,
            jobs=jobs,
            report=report,
            templates=templates,
        )
        from safer_communities.site.making import make_pages

        report(f"Building the pages of {len(executed)} chapters")
        return make_pages(executed, inputs, settings, root=root, work=work, cache=cache, jobs=jobs)

    return rebuild(output, [settings], make, root=root, report=report, templates=templates)
