"""The command line: `python -m safer_communities COMMAND`."""

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from safer_communities.errors import CANNOT_WRITE, InputError, leaves, shown
from safer_communities.project import DATA, ROOT
from safer_communities.settings import Settings, jobs_from_environment, port_from_environment

EXIT_BAD_INPUT = 2


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0, or 2 where something must be corrected first; what, is printed."""
    # A minus sign that a terminal's encoding lacks is spelt out, and stops no command.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    status = 0
    try:
        with _system_refusals():
            options.run(options)
    except* InputError as errors:
        for error in leaves(errors):
            print(f"\n{error}", file=sys.stderr)
        status = EXIT_BAD_INPUT
    return status


@contextmanager
def _system_refusals() -> Iterator[None]:
    """Tells a full disk and a folder that may not be written as what somebody can correct."""
    try:
        yield
    except OSError as error:
        if error.errno not in CANNOT_WRITE:
            raise
        raise InputError(
            str(error.filename or "the disk"),
            f"cannot be written ({error.strerror})",
            "make room, or make the folder writable, and run this again",
        ) from error


def _book(options: argparse.Namespace) -> None:
    from safer_communities.site.build import build_book

    page = build_book(
        Settings.from_environment(),
        output=ROOT / "_build" / "html",
        jobs=options.jobs,
        templates=options.templates,
    )
    print(f"The book is at {page}")


def _pdf(options: argparse.Namespace) -> None:
    from safer_communities.site.pages.staging import LANDING_PAGE
    from safer_communities.site.take_away.paper import WHOLE_BOOK, cover_of
    from safer_communities.site.take_away.pdf import write_pdf

    _book(options)
    cover, output = cover_of(Settings.from_environment()), ROOT / "_build" / WHOLE_BOOK
    count = write_pdf(ROOT / "_build" / "html", cover, output, first_page=LANDING_PAGE)
    print(f"The book for paper is at {output} ({count} pages)")


def _briefing(options: argparse.Namespace) -> None:
    from safer_communities.site.take_away.paper import BRIEFING, cover_of
    from safer_communities.site.take_away.pdf import BRIEFING_PAGES, write_briefing

    _book(options)
    output = ROOT / "_build" / BRIEFING
    write_briefing(ROOT / "_build" / "html", cover_of(Settings.from_environment()), output)
    print(f"The briefing is at {output} ({BRIEFING_PAGES} pages)")


def _site(options: argparse.Namespace) -> None:
    from safer_communities.site.all_editions import build_site, chosen_years

    page = build_site(
        chosen_years(options.only),
        Settings.from_environment().borough,
        output=options.output,
        build_folder=ROOT / "_build",
        jobs=options.jobs,
        templates=options.templates,
        paper=options.paper,
    )
    print(f"The site of all editions is at {page}")


def _boroughs(options: argparse.Namespace) -> None:
    from safer_communities.site.london.boroughs import build_boroughs

    edition = options.edition
    edition = Settings.from_environment().edition if edition is None else edition
    _build_many(options, partial(build_boroughs, edition))


def _london(options: argparse.Namespace) -> None:
    from safer_communities.site.all_editions import chosen_years
    from safer_communities.site.london.boroughs import build_london

    page = _build_many(options, partial(build_london, chosen_years(options.editions)))
    print(f"The site of London is at {page}")


def _build_many(options: argparse.Namespace, build: Callable[..., Any]) -> Any:
    """What `build` gives for the boroughs, built on this machine or by the workers of a cluster."""
    from safer_communities.site.london.boroughs import chosen_boroughs
    from safer_communities.site.london.executors import executor_of

    # `make` gives no options: text from outside comes in the environment alone.
    only, jobs, scheduler = options.only, options.jobs, os.environ.get("SCHEDULER", "")
    names = chosen_boroughs(os.environ.get("ONLY", "") if only is None else only)
    jobs = jobs_from_environment(os.cpu_count() or 1) if jobs is None else jobs
    # Many books fill the processors by themselves; a few leave room for chapters side by side.
    side_by_side = 1 if scheduler else max(1, jobs // len(names))
    with executor_of(scheduler, jobs) as executor:
        how = {"jobs": side_by_side, "templates": options.templates}
        return build(names, executor, output=options.output, **how)


def _serve(options: argparse.Namespace) -> None:
    from safer_communities.site.serving import built_last, serve

    port = port_from_environment(default=8000)
    folder = built_last(ROOT)
    if folder is None:
        _book(options)
        folder = ROOT / "_build" / "html"
    serve(folder, port)


def _watch(options: argparse.Namespace) -> None:
    from safer_communities.site.preview.watching import watch_book

    port = port_from_environment(default=8000)
    settings = Settings.from_environment()
    folder = ROOT / "_build" / "preview"
    watch_book(settings, port, root=ROOT, folder=folder, templates=options.templates)


def _notebooks(options: argparse.Namespace) -> None:
    import nbformat

    from safer_communities.datasets.atomic import replace_file
    from safer_communities.site.rules import check_before_running
    from safer_communities.site.run.execution import ExecutedNotebook, execute_all, write_notebook
    from safer_communities.site.run.text_notebooks import SAVED, read_chapters, what_they_say

    pages: dict[str, nbformat.NotebookNode] = {}

    def save(path: Path, executed: ExecutedNotebook) -> None:
        if path.suffix == ".md":
            pages[path.stem] = executed.notebook
        else:
            write_notebook(executed.notebook, path)

    chapters = read_chapters(ROOT)
    check_before_running(chapters, ROOT)
    execute_all(chapters, Settings(), jobs=options.jobs, report=print, done=save)
    replace_file(ROOT / SAVED, what_they_say(pages).encode())


def _chapter(options: argparse.Namespace) -> None:
    from safer_communities.site.run.one_chapter import run_chapter

    run_chapter(options.name, Settings.from_environment(), root=ROOT, report=print)


def _rules(options: argparse.Namespace) -> None:
    from safer_communities.site.rules import check_before_running, check_keys
    from safer_communities.site.run.text_notebooks import read_chapters

    chapters = read_chapters(ROOT)
    check_before_running(chapters, ROOT)
    # A page of text holds no outputs: its keys are checked when it runs, and by the tests.
    check_keys({path: each for path, each in chapters.items() if path.suffix == ".ipynb"})
    print(f"The rules of prose hold in {len(chapters)} chapters")


def _import(options: argparse.Namespace) -> None:
    from safer_communities.sources import import_publications

    import_publications(options.source_folder, DATA, only=options.publication)


def _new_edition(options: argparse.Namespace) -> None:
    from safer_communities.yearly.new_edition import add_edition

    added = add_edition(options.year, options.source_folder, DATA)
    print(f"\nEdition {options.year} is written: {len(added.changed)} files changed in data/.")
    print(f"It uses the {added.edition.classification} classification, recorded crime of")
    print(f"{', '.join(added.edition.borough_crime_releases)}.\n\nFor you to decide:")
    for number, decision in enumerate(added.decisions, start=1):
        print(f"{number}. {decision}")
    print(f"\nThen run `make book EDITION={options.year}` and read every page.")


def _survey(options: argparse.Namespace) -> None:
    from safer_communities.surveys import from_microdata

    path: Path = options.source_file
    respondents = from_microdata.read_file(path)
    waves = [wave.strip() for wave in options.waves.split(",")] if options.waves else None
    rows = from_microdata.survey_rows(
        respondents, options.survey or path.stem, place=path.name, waves=waves
    )
    written = rows.write(options.output)
    print(f"{path.name}: {len(respondents.table):,} respondents")
    for line in rows.changed + from_microdata.told(rows):
        print(f"  {line}")
    print(f"{', '.join(written) or 'Nothing new'} in {options.output}")


def _describe(options: argparse.Namespace) -> None:
    from safer_communities.datasets import description

    changed, told = description.write(DATA)
    for path, rows in told.items():
        print(f"data/{path}: {rows}")
    print("data/datapackage.yaml is up to date" + (" now" if changed else ""))


def _calibration(options: argparse.Namespace) -> None:
    from safer_communities.analysis.borough_edition import BoroughEdition
    from safer_communities.analysis.changes.calibration import calibrate
    from safer_communities.analysis.over_time.monthly_pattern import ordinary_months
    from safer_communities.analysis.over_time.outlook import forecast_scores
    from safer_communities.analysis.recorded_crime import TOTAL
    from safer_communities.datasets import description
    from safer_communities.datasets.atomic import replace_files, writing_to
    from safer_communities.datasets.schemas import TABLES

    crime = BoroughEdition(Settings()).newest_crime
    tables = calibrate(crime, crime.ranked_measures(smallest_count=1))
    tables["forecasts"] = forecast_scores(crime)
    groups = {TOTAL, *crime.offences["offence_group"]}
    tables["ordinary_months"] = ordinary_months(crime, [m for m in crime.ranked if m in groups])
    contents = {
        TABLES[name].path: table.to_csv(index=False, lineterminator="\n").encode()
        for name, table in tables.items()
    }
    with writing_to(DATA):
        contents |= {description.FILE: description.render(DATA, contents)}
        changed = replace_files(DATA, contents)
    print(f"data/calibration/ is up to date{' now' if changed else ''}")


def _from_one(text: str) -> int:
    """The whole number of an option that counts from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{shown(text)} is not a whole number of at least 1")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m safer_communities", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    book = commands.add_parser("book", help="build the web book into _build/html")
    book.set_defaults(run=_book)
    pdf = commands.add_parser("pdf", help="build the web book, and make one PDF of it")
    pdf.set_defaults(run=_pdf, templates=True)
    briefing = commands.add_parser("briefing", help="build the web book, and print its briefing")
    briefing.set_defaults(run=_briefing, templates=True)
    site = commands.add_parser("site", help="build the site of all editions into _site")
    site.set_defaults(run=_site, output=ROOT / "_site")
    site.add_argument("--only", default="", help="these years alone, with commas between")
    site.add_argument(
        "--without-paper", dest="paper", action="store_false", help="leave out the PDFs"
    )
    boroughs = commands.add_parser("boroughs", help="build every borough's book into _boroughs")
    boroughs.set_defaults(run=_boroughs, output=ROOT / "_boroughs")
    boroughs.add_argument("--edition", type=int, help="the year of the books (or EDITION)")
    london = commands.add_parser(
        "london", help="build every borough's site of all editions into _london, with a map"
    )
    london.set_defaults(run=_london, output=ROOT / "_london")
    london.add_argument("--editions", default="", help="these years alone, with commas between")
    for command in (boroughs, london):
        command.add_argument("--only", help="these boroughs alone, with commas between (or ONLY)")
    for command in (site, boroughs, london):
        command.add_argument("--output", type=Path, help="the folder to build into")
    watch = commands.add_parser("watch", help="show the book, and every change that is saved")
    watch.set_defaults(run=_watch)
    for command in (book, site, boroughs, london, watch):
        command.add_argument(
            "--without-templates",
            dest="templates",
            action="store_false",
            help="leave out the pages made from templates, which is quicker",
        )
    serve = commands.add_parser("serve", help="show on this machine what was built last")
    serve.set_defaults(run=_serve, templates=True)
    notebooks = commands.add_parser(
        "notebooks", help="run every notebook and page with code, and save their outputs"
    )
    notebooks.set_defaults(run=_notebooks)
    chapter = commands.add_parser("chapter", help="run and check one chapter")
    chapter.add_argument("name", nargs="?", default=os.environ.get("NAME", ""), help="(or NAME)")
    chapter.set_defaults(run=_chapter)
    rules = commands.add_parser("rules", help="check what the chapters hold, and run none")
    rules.set_defaults(run=_rules)
    for command in (book, pdf, briefing, site, boroughs, london, serve, notebooks):
        command.add_argument(
            "--jobs", type=_from_one, default=os.cpu_count() or 1, help="chapters run at once"
        )
    boroughs.set_defaults(jobs=None)
    london.set_defaults(jobs=None)

    importing = commands.add_parser("import", help="import the publishers' releases into data/")
    named = os.environ.get("SOURCES")
    importing.add_argument(
        "--from",
        dest="source_folder",
        type=Path,
        default=named,
        required=not named,
        help="folder of the releases (or SOURCES)",
    )
    importing.add_argument("publication", nargs="?", help="one publication alone")
    importing.set_defaults(run=_import)

    new_edition = commands.add_parser(
        "new-edition", help="add a year: import its releases, check them, write its edition"
    )
    new_edition.add_argument("year", type=int, help="the year that the twelve months end in")
    new_edition.add_argument(
        "--from", dest="source_folder", type=Path, required=True, help="folder of the new releases"
    )
    new_edition.set_defaults(run=_new_edition)

    survey = commands.add_parser(
        "survey", help="test the shifts in a table of respondents, and write what may be published"
    )
    survey.add_argument(
        "--from", dest="source_file", type=Path, required=True, help="CSV file, a row a respondent"
    )
    survey.add_argument("--survey", help="identifier of the survey (or the name of the file)")
    survey.add_argument("--waves", help="these waves alone, with commas between")
    survey.add_argument(
        "--to", dest="output", type=Path, default=ROOT / "_build" / "survey", help="folder to write"
    )
    survey.set_defaults(run=_survey)

    describe = commands.add_parser(
        "describe", help="bring data/datapackage.yaml up to date after an edit of a table"
    )
    describe.set_defaults(run=_describe)
    calibration = commands.add_parser(
        "calibration", help="measure how often the tests of changes are right: data/calibration/"
    )
    calibration.set_defaults(run=_calibration)
    return parser


if __name__ == "__main__":
    sys.exit(main())
