"""An import that is killed at any moment leaves `data/` wholly old or wholly new."""

import json
import subprocess
import sys

import made_releases as made
from safer_communities.project import ROOT

MOMENTS = 20

# Runs on its own, so that a child can be forked cheaply from a process that has no threads: the
# parent has imported everything, and each child is killed at another moment of its import.
KILLING = """
import json, os, random, shutil, signal, sys, time
from pathlib import Path

import pyarrow
pyarrow.set_cpu_count(1)
pyarrow.set_io_thread_count(1)
from safer_communities.sources import import_publications
from safer_communities.swap import finish_replacing

sys.path.insert(0, {tests!r})
import made_releases as made

releases, original, work = (Path(path) for path in sys.argv[1:4])
moments = int(sys.argv[4])


def fresh():
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(original, work)


def change():
    import_publications(releases, work, report=lambda line: None)


fresh()
before = made.contents(work)
start = time.perf_counter()
change()
taken = time.perf_counter() - start
after = made.contents(work)
assert len([path for path in after if after[path] != before.get(path)]) >= 3

random.seed(7)
found = []
for number in range(moments):
    fresh()
    # One in two dies late, when files are being replaced: that takes the least of the time.
    low = 0.0 if number % 2 else 0.7
    delay = taken * random.uniform(low, 1.1)
    child = os.fork()
    if child == 0:
        change()
        os._exit(0)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    finish_replacing(work)
    left = {{p: c for p, c in made.contents(work).items() if not p.startswith(".new/")}}
    found.append("old" if left == before else "new" if left == after else "mixed")
    # The next import does not stumble over what was left behind.
    if number % 5 == 0:
        change()
        assert made.contents(work) == after
print(json.dumps(found))
"""


def test_a_killed_import_leaves_all_old_or_all_new(tmp_path):
    names = ("london_asb_calls.csv", "households.csv", "2026-07.parquet", "2026-01.parquet")
    data = made.data_copy(tmp_path, without=(*names, "2026-04.parquet", "positive_outcomes.csv"))
    releases = tmp_path / "releases"
    for path, text in {
        "asb/calls.csv": made.asb_text(),
        "population/census2021_households_london.csv": made.households_text(),
    }.items():
        (releases / path).parent.mkdir(parents=True)
        (releases / path).write_text(text)
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            KILLING.format(tests=str(ROOT / "tests")),
            *map(str, (releases, data, tmp_path / "work", MOMENTS)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout)
    assert len(found) == MOMENTS
    assert set(found) <= {"old", "new"}, found
