"""`make bench`: how long the book takes to build, and to build again after each kind of change.

Every time is a ratio to a plain `jupyter-book build` of the same chapters from clean, taken in the
same run on the same machine: before the other builds and after them, since a machine's speed may
drift. Pages made from templates are in neither. Prints the figures and keeps them in
`docs/benchmarks.md`. With `--bars`, only the times that have a limit are taken, and none is kept.
"""

import csv
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean, median
from time import perf_counter

import psutil
import yaml
from measuring import Measured, measured
from watching import Watching

from safer_communities.datasets import description
from safer_communities.datasets.atomic import replace_files
from safer_communities.project import ROOT
from safer_communities.site.run.inputs import SOURCES
from safer_communities.site.run.template_pages import is_template
from safer_communities.site.run.text_notebooks import read_chapters

REPORT = ROOT / "docs" / "benchmarks.md"
COMMAND = [sys.executable, "-m", "safer_communities"]
BOOK = [*COMMAND, "book", "--without-templates"]
# The first has nothing to share with; each of the others is one further.
BOROUGHS = ("Enfield", "Hillingdon", "Sutton", "Brent")
FURTHER = [
    *(*COMMAND, "boroughs", "--without-templates", "--edition", "2022", "--jobs", "2"),
    *("--only", ",".join(BOROUGHS)),
]
PLAIN = [str(Path(sys.executable).with_name("jupyter-book")), "build", "."]
# The quick ones vary more from run to run: the median of a few is quoted.
REPEATS = 3
TIMES_THE_CHAPTERS = 4
PACKAGE = "src/safer_communities"


@dataclass(frozen=True)
class Step:
    """A change, the most that building after it may take of a plain build, and how it is made.

    It is built by `make book`, or where `watched` by a `make watch` that runs: then the time is
    that from saving to the page that a browser gets.
    """

    name: str
    most: float | None
    change: Callable[[Path, int], None]
    repeats: int = REPEATS
    edition: str = ""
    watched: bool = False


def change_cell(path: Path, kind: str, number: int) -> None:
    """Adds a line to the last cell of `kind` that is no HTML block of its own."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = [cell for cell in notebook["cells"] if cell["cell_type"] == kind][-1]
    # Told apart by letters: prose may hold no number that is typed.
    words = f"\n\nMore{' and more' * number}." if kind == "markdown" else f"\n# {number}"
    cell["source"] = "".join(cell["source"]) + words
    path.write_text(json.dumps(notebook), encoding="utf-8")


def add_comment(path: Path, number: int) -> None:
    """Adds a comment to a module."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n# {number}\n")


def change_table(path: Path, number: int) -> None:
    """Changes the last cell of a table and describes the table anew, both at once."""
    data = path.parents[1]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[-1][-1] += f" {number}"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    contents = {path.relative_to(data).as_posix(): text.getvalue().encode()}
    replace_files(data, contents | {description.FILE: description.render(data, contents)})


def change_prose(project: Path, number: int) -> None:
    """Changes a sentence of a chapter."""
    change_cell(project / "notebooks/residential_burglary.ipynb", "markdown", number)


def change_code(project: Path, number: int) -> None:
    """Changes the code of a chapter."""
    change_cell(project / "notebooks/residential_burglary.ipynb", "code", number)


def change_corrections(project: Path, number: int) -> None:
    """Changes a table that one chapter uses."""
    change_table(project / "data/reference/corrections.csv", number)


def change_nothing(project: Path, number: int) -> None:
    """Leaves everything as it is."""


# The times that have a limit, and others that are told.
BARS = [
    Step("Nothing changed", 0.01, change_nothing),
    Step("One prose cell, saved, to its page", 0.03, change_prose, watched=True),
    Step("One code cell, saved, to its page", 0.06, change_code, watched=True),
    Step("One table that one chapter uses, saved", 0.08, change_corrections, watched=True),
    Step("A second edition, the first one built", 0.15, change_nothing, 1, edition="2023"),
]
OTHERS = [
    Step("One prose cell, `make book`", None, change_prose),
    Step("One code cell, `make book`", None, change_code),
    Step("One table that one chapter uses, `make book`", None, change_corrections),
    Step(
        "One module that one chapter uses, `make book`",
        None,
        lambda project, number: add_comment(project / PACKAGE / "charts/boroughs/tiles.py", number),
    ),
    Step(
        "One module that every chapter uses, `make book`",
        None,
        lambda project, number: add_comment(project / PACKAGE / "chapter/chapter.py", number),
        repeats=1,
    ),
]


def main() -> int:
    """The exit status: 0, or 1 where a figure is above what it may be."""
    only_bars = sys.argv[1:] == ["--bars"]
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        rows, peak = time_steps(Path(folder), BARS if only_bars else [*BARS, *OTHERS])
        if only_bars:
            print("\n".join(["", *table(rows)]))
            return int(any(map(is_above, rows)))
        # Imported late: they need a browser and the publishers' files.
        import speeds
        from phases import phases

        growth = time_growth(Path(folder), rows)
        built = Path(folder) / "book" / "_build"
        parts = phases(built / "cache", Path(folder) / "phases")
        work, chart = speeds.speeds(), speeds.first_chart_seconds(built / "html")
    text = report(rows, growth, peak, parts) + "\n".join(["", *speeds.section(work, chart)])
    print(text)
    REPORT.write_text(text, encoding="utf-8")
    return int(any(map(is_above, [*rows, *growth])) or speeds.above(work, chart))


def is_above(row: dict) -> bool:
    """Whether a figure is above what it may be."""
    return bool(row["most"]) and row["ratio"] > row["most"]


def time_steps(folder: Path, steps: list[Step]) -> tuple[list[dict], float]:
    """A row for each step, with its seconds and its ratio to the plain build; the peak memory."""
    plain = [time_plain(folder / "before")]
    project = copied(folder / "book")
    built = [("From clean", 0.25, timed("this book, from clean", BOOK, project))]
    for step in (step for step in steps if not step.watched):
        times = []
        for number in range(step.repeats):
            step.change(project, number)
            times.append(timed(step.name, BOOK, project, edition=step.edition))
        built.append((step.name, step.most, usual(times)))
    together = timed(f"{len(BOROUGHS)} boroughs, two at once", FURTHER, project)
    each = Measured(together.seconds / len(BOROUGHS), together.peak_megabytes)
    built.append(("Each further borough, two at once", 0.10, each))
    with Watching([*COMMAND, "watch", "--without-templates"], project) as watching:
        for step in (step for step in steps if step.watched):
            times = []
            # The first of its kind is not one of many: it fills what later ones find.
            for number in range(step.repeats + 1):
                change = partial(step.change, project, 100 + number)
                times.append(watching.time(step.name, change))
            built.append((step.name, step.most, usual(times[1:])))
    plain.append(time_plain(folder / "after"))
    middle = Measured(
        mean(time.seconds for time in plain), max(time.peak_megabytes for time in plain)
    )
    rows = [
        {"name": name, "most": most, **of(taken, middle)}
        for name, most, taken in [("Plain Jupyter Book, from clean", None, middle), *built]
    ]
    return [*rows, *estimated(rows)], max(taken.peak_megabytes for _, _, taken in built)


def usual(times: list[Measured]) -> Measured:
    """The median of a few times, and the most memory of any."""
    return Measured(
        median(time.seconds for time in times), max(time.peak_megabytes for time in times)
    )


def estimated(rows: list[dict]) -> list[dict]:
    """What is too long to be built here, as the first one and as many further ones."""
    known = {row["name"]: row for row in rows}
    first = known["From clean"]
    of_many = {
        "Five editions (estimated)": (4, known["A second edition, the first one built"]),
        "32 boroughs, two at once (estimated)": (31, known["Each further borough, two at once"]),
    }
    return [
        {"name": name, "most": None}
        | {key: first[key] + count * further[key] for key in ("seconds", "ratio")}
        | {"megabytes": further["megabytes"]}
        for name, (count, further) in of_many.items()
    ]


def time_plain(project: Path) -> Measured:
    """A plain build of a copy of the book."""
    return timed("plain Jupyter Book, from clean", PLAIN, as_plain(copied(project)))


def time_growth(folder: Path, rows: list[dict]) -> list[dict]:
    """The same with copies of the chapters: ratios to the times without the copies."""
    project = with_more_chapters(copied(folder / "larger"), TIMES_THE_CHAPTERS)
    before = {row["name"]: row["seconds"] for row in rows}
    grown = []
    for name, most in (("From clean", 4.2), ("Nothing changed", 4.0)):
        taken = timed(f"{TIMES_THE_CHAPTERS} times the chapters: {name}", BOOK, project)
        ratio = taken.seconds / before[name]
        grown.append({"name": name, "most": most, "seconds": taken.seconds, "ratio": ratio})
    return grown


def copied(project: Path) -> Path:
    """A copy of the sources of the book, without anything built."""
    project.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, project)
        else:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, project / name, ignore=ignored)
    return project


def as_plain(project: Path) -> Path:
    """The project, set to let Jupyter Book run the notebooks; without templates."""
    for notebook in (path for path, each in read_chapters(project).items() if is_template(each)):
        notebook.unlink()
    path = project / "_config.yml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    config["execute"]["execute_notebooks"] = "force"
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return project


def with_more_chapters(project: Path, times: int) -> Path:
    """The project with each chapter `times` times, under names of their own."""
    contents = yaml.safe_load((project / "_toc.yml").read_text(encoding="utf-8"))
    copies = []
    chapters = read_chapters(project).items()
    for path in (path for path, each in chapters if not is_template(each)):
        if path.suffix == ".md":
            continue
        for number in range(2, times + 1):
            name = f"c{number}_{path.stem}"
            text = path.read_text(encoding="utf-8")
            text = text.replace(f'open_chapter(\\"{path.stem}\\")', f'open_chapter(\\"{name}\\")')
            # The copy has no claims of its own: it checks those of its original.
            checked = f'checked = chapter.strategy.checked_of(\\"{path.stem}\\")'
            text = text.replace("chapter.show_check()", checked)
            # A label can stand once in a book.
            text = re.sub(r"\(([a-z-]+)\)=", rf"({name}-\1)=", text)
            path.with_name(f"{name}.ipynb").write_text(text, encoding="utf-8")
            copies.append({"file": f"notebooks/{name}"})
    contents["parts"].append({"caption": "Copies", "chapters": copies})
    (project / "_toc.yml").write_text(yaml.safe_dump(contents, sort_keys=False), encoding="utf-8")
    return project


def timed(name: str, command: list[str], project: Path, *, edition: str = "") -> Measured:
    """The command run on a copy of the project, with a line that says how long it took."""
    environment = {**os.environ, "PYTHONPATH": str(project / "src"), "EDITION": edition}
    environment.pop("BOROUGH", None)
    # Otherwise every kernel of a plain build would compile this package again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        taken = measured(command, folder=project, environment=environment)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{name} failed:\n{error.output[-3000:]}") from error
    print(f"{taken.seconds:7.1f} s  {taken.peak_megabytes:6.0f} MB  {name}", flush=True)
    return taken


def of(taken: Measured, plain: Measured) -> dict:
    """The figures of a row of the report."""
    return {
        "seconds": taken.seconds,
        "ratio": taken.seconds / plain.seconds,
        "megabytes": taken.peak_megabytes,
    }


def report(rows: list[dict], growth: list[dict], peak: float, parts: dict[str, float]) -> str:
    """The page of results."""
    whole = sum(parts.values())
    return "\n".join(
        [
            "# How long the book takes to build",
            "",
            "`make bench` writes this page. Times depend on the machine; what to compare are the",
            "ratios, which are to a plain `jupyter-book build` of the same chapters from clean in",
            "the same run: the mean of one before the others and one after. Pages made from",
            f"templates are in neither. Quick steps are the median of {REPEATS} runs; what is",
            "saved is timed until `make watch`, which runs, has put the new page in its place.",
            "",
            f"Machine: {machine()}.",
            "",
            *table(rows),
            "",
            f"Peak memory of all builds of this book: {peak:.0f} MB (at most 1,200 MB). Memory",
            "that several processes share counts once.",
            "",
            f"## With {TIMES_THE_CHAPTERS} times the chapters (copies)",
            "",
            "| Build | Seconds | Times as long | At most |",
            "|---|--:|--:|--:|",
            *(
                f"| {row['name']} | {row['seconds']:.1f} | {row['ratio']:.1f} | {row['most']:.1f} |"
                for row in growth
            ),
            "",
            "## Where the time of a build from clean goes",
            "",
            "Every part run by itself, one after the other: on one processor, but for the last,",
            "which uses all. In a build the chapters run side by side, and importing is paid once.",
            "",
            "| Part | Seconds | Share |",
            "|---|--:|--:|",
            *(
                f"| {name} | {seconds:.1f} | {seconds / whole:.0%} |"
                for name, seconds in parts.items()
            ),
            "",
        ]
    )


def table(rows: list[dict]) -> list[str]:
    """The lines of a table of builds."""
    return [
        "| Build | Seconds | Ratio | At most | Peak memory (MB) |",
        "|---|--:|--:|--:|--:|",
        *(
            f"| {row['name']} | {row['seconds']:.1f} | {row['ratio']:.3f} | "
            f"{limit(row)} | {row['megabytes']:.0f} |"
            for row in rows
        ),
    ]


def limit(row: dict) -> str:
    """What the ratio may be, or nothing where there is no limit."""
    return f"{row['most']:.2f}" if row["most"] else ""


def machine() -> str:
    """The machine, as far as it tells."""
    names = [
        line.partition(":")[2].strip()
        for line in cpu_lines()
        if line.startswith(("model name", "Model"))
    ]
    cpu = names[0] if names else platform.machine()
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} processors ({cpu}), {memory:.0f} GiB of memory, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def cpu_lines() -> list[str]:
    """What Linux says of the processors; nothing on another system."""
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


if __name__ == "__main__":
    started = perf_counter()
    status = main()
    print(f"The benchmark took {perf_counter() - started:.0f} s")
    sys.exit(status)
