"""What comes from outside: actions pinned by commit, few permissions, packages with hashes."""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from safer_communities.project import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
BY_COMMIT = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def workflow(path: Path) -> dict:
    # YAML takes the key "on" for a truth value.
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(path: Path) -> list[dict]:
    jobs = workflow(path)["jobs"].values()
    return [step for job in jobs for step in job.get("steps", [])]


def texts(part: object, *place: object) -> Iterator[tuple[tuple, str]]:
    """Every text of a workflow, with the keys that lead to it."""
    if isinstance(part, dict | list):
        for key, value in part.items() if isinstance(part, dict) else enumerate(part):
            yield from texts(value, *place, key)
    elif isinstance(part, str):
        yield place, part


def test_there_are_workflows() -> None:
    assert {"book.yml", "boroughs.yml"} <= {path.name for path in WORKFLOWS}


@every_workflow
def test_every_action_is_pinned_by_its_commit(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert [name for name in used if not BY_COMMIT.fullmatch(name)] == []


@every_workflow
def test_a_commit_is_named_beside_its_release(path: Path) -> None:
    """So that Dependabot can renew it, and a person can read it."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert [line for line in lines if not re.search(r"# v\d+(\.\d+)+$", line)] == []


@every_workflow
def test_a_workflow_may_read_and_its_jobs_say_what_more(path: Path) -> None:
    found = workflow(path)
    assert found["permissions"] == {"contents": "read"}
    for name, job in found["jobs"].items():
        more = job.get("permissions", {})
        # What writes has no code of the project in it: one step, or an action.
        if "write" in more.values():
            assert len(job["steps"]) == 1, name
            assert set(more) <= {"issues", "pages", "id-token"}, name
        assert job["timeout-minutes"] <= 60, name


@every_workflow
def test_a_checkout_leaves_no_token_behind(path: Path) -> None:
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@every_workflow
def test_no_command_holds_text_from_outside(path: Path) -> None:
    """An expression in a command would let a branch's name or an input run as code."""
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


@every_workflow
def test_what_somebody_typed_is_handed_over_in_the_environment_alone(path: Path) -> None:
    typed = [
        place
        for place, text in texts(workflow(path))
        if re.search(r"\$\{\{[^}]*\b(inputs|event|head_ref)\b", text)
    ]
    assert [place for place in typed if "env" not in place] == []
    assert bool(typed) == ("workflow_dispatch" in str(workflow(path)))


def test_each_week_the_packages_are_audited_and_a_failure_is_told() -> None:
    path = ROOT / ".github" / "workflows" / "book.yml"
    found = workflow(path)
    schedule = found[True]["schedule"][0]["cron"].split()
    assert schedule[2:4] == ["*", "*"]
    assert schedule[4] in "0123456"
    (audit,) = [step for step in steps(path) if step.get("run") == "make audit"]
    assert audit["if"] == "github.event_name == 'schedule'"
    tell = found["jobs"]["tell"]
    assert tell["if"] == "failure() && github.event_name == 'schedule'"
    assert "gh issue create" in tell["steps"][0]["run"]


def test_what_is_missing_fails_but_for_the_publishers_files() -> None:
    """CI is set on every runner: a workflow that blanked it would skip tests without a word."""
    found = [step for path in WORKFLOWS for step in steps(path)]
    tested = [step for step in found if step.get("run") in ("make test", "make fuzz")]
    assert {step["run"] for step in tested} == {"make test", "make fuzz"}
    assert all({"CHROME", "PUBLISHERS_FILES"} <= step["env"].keys() for step in tested)
    assert not any("CI" in step.get("env", {}) for step in found)


def test_every_python_that_the_book_allows_is_tested() -> None:
    test = workflow(ROOT / ".github" / "workflows" / "book.yml")["jobs"]["test"]
    pythons = test["strategy"]["matrix"]["python"]
    assert f'requires-python = ">={pythons[0]}"' in (ROOT / "pyproject.toml").read_text()
    assert pythons == ["3.11", "3.12", "3.13"]
    (setup,) = [s for s in test["steps"] if s.get("uses", "").startswith("actions/setup-python@")]
    assert setup["with"]["python-version"] == "${{ matrix.python }}"


def test_a_runner_without_a_browser_fails_before_the_tests() -> None:
    runs = [
        step.get("run")
        for step in workflow(ROOT / ".github" / "workflows" / "book.yml")["jobs"]["test"]["steps"]
    ]
    assert runs.index("google-chrome --version") < runs.index("make test")


def test_every_host_in_the_guide_is_told_the_same_headers() -> None:
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([\w-]+): ([^`]+)`", text, re.MULTILINE))
    assert "frame-ancestors" in listed["Content-Security-Policy"]
    assert dict(re.findall(r"^  ([\w-]+): (.+)$", text, re.MULTILINE)) == listed
    assert dict(re.findall(r'add_header ([\w-]+) "(.+)" always;', text)) == listed


def test_each_week_the_long_tests_run() -> None:
    jobs = workflow(ROOT / ".github" / "workflows" / "book.yml")["jobs"]
    assert jobs["long"]["if"] == "github.event_name == 'schedule'"
    assert "make fuzz" in [step.get("run") for step in jobs["long"]["steps"]]
    assert {"test", "site", "paper", "long"} <= set(jobs["tell"]["needs"])
    assert set(jobs["publish"]["needs"]) == {"test", "site", "paper"}


def test_what_is_published_has_the_pdfs_and_another_job_builds_without_a_browser() -> None:
    jobs = workflow(ROOT / ".github" / "workflows" / "book.yml")["jobs"]
    browsers = {
        name: step["env"]["CHROME"]
        for name in ("site", "paper")
        for step in jobs[name]["steps"]
        if step.get("run") == "make site"
    }
    assert browsers == {"site": "none", "paper": "/usr/bin/google-chrome"}
    uploads = [
        name
        for name, job in jobs.items()
        for step in job["steps"]
        if "upload-pages-artifact" in step.get("uses", "")
    ]
    assert uploads == ["paper"]


def test_dependabot_looks_after_actions_and_packages() -> None:
    text = (ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8")
    assert {update["package-ecosystem"] for update in yaml.safe_load(text)["updates"]} == {
        "github-actions",
        "pip",
    }


def test_every_package_in_the_lock_file_has_one_version_and_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", "\n" + text.replace("\\\n", " "))[1:]
    assert len(entries) > 100
    for entry in entries:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.!+]+ ", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


@pytest.fixture
def audit():
    """The script of `make audit`."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_database_out_of_reach_is_said_and_stops_nothing(audit, monkeypatch, capsys) -> None:
    # No computer listens there.
    address = "http://127.0.0.1:9/"
    reason = audit.reason_it_is_out_of_reach(address)
    assert reason
    monkeypatch.setattr(audit, "reason_it_is_out_of_reach", lambda: reason)
    assert audit.main() == 0
    assert "cannot be reached" in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["{}", "[]", "<html>", '{"info": {}}'])
def test_a_mirror_that_knows_nothing_of_faults_is_no_database(audit, tmp_path, answer) -> None:
    (tmp_path / "answer").write_text(answer)
    assert audit.reason_it_is_out_of_reach((tmp_path / "answer").as_uri())
    (tmp_path / "answer").write_text('{"vulnerabilities": []}')
    assert audit.reason_it_is_out_of_reach((tmp_path / "answer").as_uri()) == ""


@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_audit_of_the_lock_file_decides(audit, monkeypatch, status) -> None:
    asked = []
    monkeypatch.setattr(audit, "reason_it_is_out_of_reach", lambda: "")
    monkeypatch.setattr(audit, "AUDIT", [sys.executable, "-c", f"raise SystemExit({status})"])
    run = subprocess.run
    monkeypatch.setattr(
        audit.subprocess, "run", lambda command, **how: asked.append(command) or run(command, **how)
    )
    assert audit.main() == (1 if status else 0)
    assert str(ROOT / "requirements.lock") in asked[0]
    # A package that could not be looked up is no good package.
    assert {"--require-hashes", "--strict"} <= set(asked[0])
