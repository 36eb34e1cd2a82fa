"""A build that is killed at any change it makes leaves the site wholly old or wholly new.

Jupyter Book's own process, which changes nothing but a folder that no reader sees, runs once for
each state of the site; a killed build has its pages from there. Where KILLED_BUILDS sets their
number, as `make fuzz` does, it runs in every build and is killed with it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from made_project import COUNTED_CHANGES, made_project

pytestmark = pytest.mark.slow

MOMENTS = int(os.environ.get("KILLED_BUILDS", "5"))
JUPYTER_BOOK = "again" if "KILLED_BUILDS" in os.environ else "kept"

# Runs on its own: each build is a process group forked from a parent that has imported and read
# everything, and is killed as a whole, Jupyter Book's own process with it. It dies at each change
# that it makes to the site and beside it, which are the moments that matter, and at some of the
# other changes that its processes make to files, spread over the whole build.
KILLING = """
import json, os, shutil, sys
from pathlib import Path

import pyarrow
pyarrow.set_cpu_count(1)
pyarrow.set_io_thread_count(1)
from safer_communities.settings import Settings
from safer_communities.site import build, making
from safer_communities.site.pages.jupyter_book import in_fork
from safer_communities.site.preview.builder import JUPYTER_BOOK
from safer_communities.site.rebuilding import tree_digest
from safer_communities.site.run.processes import start_importing

root, place = Path(sys.argv[1]), Path(sys.argv[2])
moments, jupyter_book = int(sys.argv[3]), sys.argv[4]
folder, kept, log = place / "_build", place / "kept", place / "log"
output = folder / "html"
page = root / "book" / "page.md"


def write(words):
    page.write_text(f"# A page\\n\\n{words}\\n", encoding="utf-8")


def make():
    build.build_book(Settings(), output=output, root=root, jobs=1, report=lambda line: None)


make_html, pages = making.make_html, {}
write_downloads = making.write_downloads
# The largest sheet is not what is looked at: the real offences of every month.
making.write_downloads = lambda folder, notebooks, files, _: write_downloads(
    folder, notebooks, files
)


def kept_pages(source, work, _):
    \"\"\"What Jupyter Book wrote when the words of the page were these.\"\"\"
    words = page.read_text(encoding="utf-8")
    if words not in pages:
        made = make_html(source, work, in_fork)
        pages[words] = shutil.copytree(made, place / f"pages {len(pages)}")
    return shutil.copytree(pages[words], work / "html", dirs_exist_ok=True)


if jupyter_book == "kept":
    start_importing(*JUPYTER_BOOK)
    making.make_html = kept_pages


def state():
    if not (output / "index.html").is_file():
        return "missing"
    return {old: "old", new: "new"}.get(tree_digest(output), "mixed")


def names():
    return sorted(path.name for path in folder.iterdir())


def fresh():
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder, symlinks=True)


def changes(killed_at=""):
    \"\"\"What a build that is killed at a change has changed until then, a letter each.\"\"\"
    fresh()
    log.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        os.setsid()
        os.environ |= {
            "CHANGES_LOG": str(log), "CHANGED_SITE": str(output), "KILLED_AT": killed_at
        }
        make()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) == bool(killed_at), killed_at
    return log.read_text()


old = new = ""
write("The old words.")
make()
old = tree_digest(output)
shutil.copytree(folder, kept, symlinks=True)
write("The new words.")
make()
whole = changes()
new = tree_digest(output)
usual = names()
assert old != new
beside, others = (whole.lower().count(kind) for kind in "sc")
# The last of the others are few and the order of the processes is their own: not to the very end.
others = int(0.9 * others)
spread = max(3, moments - beside)
assert beside >= 2 and others >= spread
at = [f"s {number}" for number in range(1, beside + 1)]
at += [f"c {1 + others * number // spread}" for number in range(spread)]

found = []
for number, moment in enumerate(at):
    # A reader who comes at any time finds a first page.
    seen = {"moment": moment, "gone": changes(moment) != log.read_text().lower(), "state": state()}
    # The next build works, whatever was left behind, and clears it away.
    if number % 5 == 0 or seen["state"] not in ("old", "new"):
        make()
        seen["next"] = state()
        seen["left over"] = sorted(set(names()) - set(usual))
    found.append(seen)
print(json.dumps({"whole": whole, "found": found}))
"""


def test_a_killed_build_leaves_all_old_or_all_new(tmp_path: Path) -> None:
    made_project(tmp_path / "project")
    path = os.pathsep.join(filter(None, [str(COUNTED_CHANGES), os.environ.get("PYTHONPATH")]))
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            KILLING,
            str(tmp_path / "project"),
            str(tmp_path),
            str(MOMENTS),
            JUPYTER_BOOK,
        ],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    result = json.loads(run.stdout)
    found = result["found"]
    assert len(found) >= MOMENTS
    wrong = [
        seen
        for seen in found
        if seen["state"] not in ("old", "new")
        or seen["gone"]
        or seen.get("next", "new") != "new"
        or seen.get("left over")
    ]
    assert wrong == [], json.dumps(wrong)
    # Moments of both kinds were met, or the test has looked at nothing.
    assert {seen["state"] for seen in found} == {"old", "new"}
