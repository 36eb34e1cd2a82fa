"""A build that is killed at any moment leaves the site wholly old or wholly new."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat

from safer_communities.project import ROOT

MOMENTS = int(os.environ.get("KILLED_BUILDS", "20"))

# Runs on its own: each build is a process group forked from a parent that has imported and read
# everything, and is killed as a whole, Jupyter Book's own process with it. It dies at each change
# that it makes beside the site, which are the moments that matter and the shortest, and at times
# drawn at random.
KILLING = """
import json, os, random, shutil, signal, sys, time
from pathlib import Path

import pyarrow
pyarrow.set_cpu_count(1)
pyarrow.set_io_thread_count(1)
from safer_communities.settings import Settings
from safer_communities.site.build import build_book, tree_digest

root, place = Path(sys.argv[1]), Path(sys.argv[2])
moments = int(sys.argv[3])
folder, kept = place / "_build", place / "kept"
output = folder / "html"
CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.symlink", "shutil.rmtree"}
page = root / "book" / "page.md"


def write(words):
    page.write_text(f"# A page\\n\\n{words}\\n", encoding="utf-8")


def make():
    build_book(Settings(), output=output, root=root, jobs=1, report=lambda line: None)


def state():
    if not (output / "index.html").is_file():
        return "missing"
    return {old: "old", new: "new"}.get(tree_digest(output), "mixed")


def names():
    return sorted(path.name for path in folder.iterdir())


def fresh():
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder, symlinks=True)


def watched(moment):
    \"\"\"What is seen of a build that ends at the moment: a time, or the number of a change.\"\"\"
    fresh()
    child = os.fork()
    if child == 0:
        os.setsid()
        if isinstance(moment, int):
            sys.addaudithook(killing(moment))
        make()
        os._exit(0)
    seen = set()
    end = time.monotonic() + (600 if isinstance(moment, int) else moment)
    ended = 0
    while time.monotonic() < end and not ended:
        # A reader who comes at any time finds a first page.
        seen.add((output / "index.html").is_file())
        time.sleep(0.002)
        ended, _ = os.waitpid(child, os.WNOHANG)
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    if not ended:
        os.waitpid(child, 0)
    return {"moment": moment, "state": state(), "gone": False in seen}


def changes(event, arguments):
    \"\"\"Whether an event changes what stands beside the site or is the site.\"\"\"
    if event not in CHANGES:
        return False
    paths = [Path(os.path.abspath(a)) for a in arguments if isinstance(a, (str, os.PathLike))]
    return any(path == output or path.parent == folder for path in paths)


def killing(number):
    count = [0]

    def hook(event, arguments):
        if changes(event, arguments):
            count[0] += 1
            if count[0] == number:
                os.killpg(0, signal.SIGKILL)

    return hook


def counted():
    \"\"\"The number of changes beside the site in a whole build.\"\"\"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        count = [0]
        sys.addaudithook(
            lambda event, arguments: count.__setitem__(0, count[0] + changes(event, arguments))
        )
        make()
        os.write(writing, str(count[0]).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(reading, 20))


old = new = ""
write("The old words.")
make()
old = tree_digest(output)
shutil.copytree(folder, kept, symlinks=True)
write("The new words.")
start = time.monotonic()
every_change = counted()
taken = time.monotonic() - start
new = tree_digest(output)
usual = names()
assert old != new and every_change >= 2
at_changes = list(range(1, every_change + 1))

random.seed(7)
times = [taken * random.uniform(0.0, 1.1) for _ in range(max(5, moments - len(at_changes)))]
found = []
for number, moment in enumerate([*at_changes, *times]):
    seen = watched(moment)
    # The next build works, whatever was left behind, and clears it away.
    if number % 5 == 0 or seen["state"] not in ("old", "new"):
        make()
        seen["next"] = state()
        seen["left over"] = sorted(set(names()) - set(usual))
    found.append(seen)
print(json.dumps({"taken": taken, "changes": every_change, "found": found}))
"""


def made_project(root: Path) -> None:
    """A project of one chapter and one page, made for this test."""
    for folder in ("book", "data", "notebooks", "src"):
        (root / folder).mkdir(parents=True)
    (root / "_config.yml").write_bytes((ROOT / "_config.yml").read_bytes())
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: notebooks/summary\nchapters:\n- file: book/page\n"
    )
    (root / "requirements.lock").write_text("made==1\n")
    (root / "book" / "_static").mkdir()
    for file in (ROOT / "book" / "_static").iterdir():
        (root / "book" / "_static" / file.name).write_bytes(file.read_bytes())
    cells = [nbformat.v4.new_markdown_cell("# Made"), nbformat.v4.new_code_cell("1 + 1")]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook = nbformat.v4.new_notebook(
        cells=cells, metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    )
    nbformat.write(notebook, root / "notebooks" / "summary.ipynb")


def test_a_killed_build_leaves_all_old_or_all_new(tmp_path: Path) -> None:
    made_project(tmp_path / "project")
    run = subprocess.run(
        [sys.executable, "-c", KILLING, str(tmp_path / "project"), str(tmp_path), str(MOMENTS)],
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
