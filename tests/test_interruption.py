"""An import that is killed at any step leaves `data/` wholly old or wholly new.

Where KILLED_BUILDS is set, as `make fuzz` does, it is killed at every change that it makes to
files; else at some of them, spread over the whole import.
"""

import json
import os
import subprocess
import sys

import pytest

import made_releases as made
from safer_communities.project import ROOT

pytestmark = pytest.mark.slow

# Of the steps of each kind; of changes to files twice as many, or all.
MOMENTS = 2
CHANGES = 1000 if "KILLED_BUILDS" in os.environ else 2 * MOMENTS

# Runs on its own, so that a child can be forked cheaply from a process that has no threads: the
# parent has imported everything, and each child is killed at another step of its import. A step is
# an audit event of Python (a file opened, a folder made), and, while files are being replaced, a
# call of a function written in C as well: what is written, flushed, renamed.
KILLING = """
import json, os, shutil, signal, sys
from pathlib import Path

import pyarrow
pyarrow.set_cpu_count(1)
pyarrow.set_io_thread_count(1)
from safer_communities.sources import import_publications, importing
from safer_communities.datasets.atomic import finish_replacing

sys.path.insert(0, {tests!r})
import made_releases as made
from described_once import described_once
from safer_communities.datasets import description

# Before the first fork: every child knows what its parent has described.
description._resource = described_once(description._resource)

releases, original, work = (Path(path) for path in sys.argv[1:4])
moments, changes = int(sys.argv[4]), int(sys.argv[5])
CHANGES = {{"os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree"}}
replace_files = importing.replace_files


def fresh():
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(original, work)


def change():
    import_publications(releases, work, report=lambda line: None)


def stepping(step):
    '''Calls `step` with the kind of each step that this process takes from now on.'''

    def heard(event, arguments):
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        step("change" if event in CHANGES or writes else "event")

    def called(frame, event, argument):
        if event == "c_call":
            step("call")

    def replacing(*arguments):
        sys.setprofile(called)
        try:
            return replace_files(*arguments)
        finally:
            sys.setprofile(None)

    importing.replace_files = replacing
    sys.addaudithook(heard)


def steps():
    '''The kinds of all steps of an import, in order.'''
    fresh()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        taken = []
        stepping(taken.append)
        change()
        whole = json.dumps(taken)
        with open(writing, "w") as file:
            file.write(whole)
        os._exit(0)
    os.close(writing)
    with open(reading) as file:
        taken = json.load(file)
    os.waitpid(child, 0)
    return taken


def killed_at(number):
    '''Whether an import was killed at the step of that number.'''
    fresh()
    child = os.fork()
    if child == 0:
        earlier = []

        def step(kind):
            earlier.append(kind)
            # Killing is a step too.
            if len(earlier) == number + 1:
                os.kill(os.getpid(), signal.SIGKILL)

        stepping(step)
        change()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


fresh()
before = made.contents(work)
change()
after = made.contents(work)
assert len([path for path in after if after[path] != before.get(path)]) >= 3

chosen = []
taken = steps()
for kind in ("event", "change", "call"):
    of_kind = [number for number, each in enumerate(taken) if each == kind]
    assert len(of_kind) >= moments, kind
    if kind == "change":
        chosen += [*of_kind[: -1 : max(1, len(of_kind) // changes)], of_kind[-1]]
    else:
        chosen += of_kind[:: len(of_kind) // moments]
found = []
for place, number in enumerate(sorted(chosen)):
    killed = killed_at(number)
    finish_replacing(work)
    left = {{p: c for p, c in made.contents(work).items() if not p.startswith(".new/")}}
    state = "old" if left == before else "new" if left == after else "mixed"
    found.append([taken[number], killed, state])
    # The next import does not stumble over what was left behind.
    if place % 5 == 0:
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
            *map(str, (releases, data, tmp_path / "work", MOMENTS, CHANGES)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout)
    assert len(found) >= 3 * MOMENTS
    assert all(killed for _, killed, _ in found), found
    # Moments before and after the change were met, or the test has looked at nothing.
    assert {state for _, _, state in found} == {"old", "new"}, found
